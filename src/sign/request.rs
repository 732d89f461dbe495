//! The sign room: what is asked for. Plain input, checked before anything is read.

use super::identity::SigningIdentity;
use super::look;
use super::placement::Placement;
use super::restriction::{DocMdp, FieldLock};
use super::stamp::ROOM;
use crate::appearance::{Appearance, Text};
use crate::error::{Error, ErrorKind, Result};
use crate::time::Time;

/// Longest partial field name, and longest reason, location, contact or name, in characters.
const MAX_TEXT: usize = 1_000;
/// Deepest field name.
const MAX_PARTS: usize = 16;
/// Most fields that one signature locks by name.
const MAX_LOCKED: usize = 10_000;
/// Most room asked for beyond the estimate.
const MAX_EXTRA_ROOM: usize = 1 << 20;

/// One signature to be made.
#[derive(Clone, Debug, PartialEq)]
pub struct SignatureRequest {
    /// Fully qualified name of the field; a dot separates the levels (ISO 32000-2 12.7.4.2). A signature field of that name is signed
    /// in place, otherwise a new one is made. `None`: a new field, `Signature1` or the next free number.
    pub field: Option<String>,
    /// Where it shows.
    pub placement: Placement,
    /// `/Reason`
    pub reason: Option<String>,
    /// `/Location`
    pub location: Option<String>,
    /// `/ContactInfo`
    pub contact: Option<String>,
    /// `/Name`; viewers read the signer's name from the certificate when it is absent.
    pub name: Option<String>,
    /// `/M`, the time the signer claims; the certificate must be valid then.
    pub time: Time,
    /// Makes it a certification signature, which has to be the first one, and says what is allowed after it. `None`: an approval
    /// signature, unless the field's seed values demand a certification.
    pub certification: Option<DocMdp>,
    /// Fields that this signature locks. A field that exists keeps the lock it has.
    pub lock: Option<FieldLock>,
    /// What a visible signature looks like.
    pub appearance: Appearance,
    /// Bytes of `/Contents` beyond what certificates and signature need: [`SignatureRequest::TOKEN_ROOM`] for a time stamp.
    pub extra_room: usize,
}

impl SignatureRequest {
    /// Room for a time-stamp token with its authority's chain.
    pub const TOKEN_ROOM: usize = ROOM;

    /// An invisible signature in a new field at that time.
    #[must_use]
    pub fn new(time: Time) -> SignatureRequest {
        SignatureRequest {
            field: None,
            placement: Placement::Invisible,
            reason: None,
            location: None,
            contact: None,
            name: None,
            time,
            certification: None,
            lock: None,
            appearance: Appearance::default(),
            extra_room: 0,
        }
    }

    /// The same with the appearance's templates filled, for whoever has it drawn elsewhere.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for an unknown placeholder.
    pub fn worded(&self, identity: &SigningIdentity) -> Result<SignatureRequest> {
        let mut worded = self.clone();
        if let Text::Templates(_) = worded.appearance.text {
            worded.appearance.text = Text::Lines(look::lines(self, identity)?);
        }
        Ok(worded)
    }

    /// Refuses what no document could take.
    pub(super) fn check(&self) -> Result<()> {
        let wrong = |what: &'static str| Err(Error::new(ErrorKind::InvalidArgument).context(what));
        self.field.as_deref().map_or(Ok(()), check_name)?;
        check_lock(self.lock.as_ref())?;
        let texts = [&self.reason, &self.location, &self.contact, &self.name];
        if texts.into_iter().flatten().any(|text| text.chars().count() > MAX_TEXT || text.contains('\0')) {
            return wrong("a text of the signature is too long");
        }
        // Four digits of the year are all a PDF date has (ISO 32000-2 7.9.4).
        if !(0..=9999).contains(&self.time.fields().0) {
            return wrong("the time is outside the years 0 to 9999");
        }
        if self.extra_room > MAX_EXTRA_ROOM {
            return wrong("too much room asked for");
        }
        self.placement.check()
    }
}

/// Refuses a name that no field can have.
pub(super) fn check_name(name: &str) -> Result<()> {
    let wrong = |what: &'static str| Err(Error::new(ErrorKind::InvalidArgument).context(what));
    let parts = || name.split('.');
    if parts().count() > MAX_PARTS || parts().any(|part| part.is_empty() || part.chars().count() > MAX_TEXT) {
        return wrong("a field name has 1 to 16 parts, none of them empty");
    }
    if name.chars().any(char::is_control) {
        return wrong("a field name has no control characters");
    }
    Ok(())
}

/// Refuses a lock of too many fields, or of such that cannot be.
pub(super) fn check_lock(lock: Option<&FieldLock>) -> Result<()> {
    let locked = lock.map(FieldLock::names).unwrap_or_default();
    if locked.len() > MAX_LOCKED {
        return Err(Error::new(ErrorKind::InvalidArgument).context("too many fields to lock"));
    }
    locked.iter().try_for_each(|name| check_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::Rect;

    #[test]
    fn what_no_document_could_take_is_refused() {
        let request = |change: &dyn Fn(&mut SignatureRequest)| {
            let mut request = SignatureRequest::new(Time::from_unix(0));
            change(&mut request);
            request.check().err().map(|e| e.kind())
        };
        assert_eq!(request(&|r| r.field = Some("a.b".into())), None);
        for name in ["", ".", "a.", ".a", "a..b", "a\nb", &"a.".repeat(20), &"x".repeat(1001)] {
            assert_eq!(request(&|r| r.field = Some(name.into())), Some(ErrorKind::InvalidArgument), "{name}");
        }
        assert_eq!(request(&|r| r.reason = Some("x".repeat(1001))), Some(ErrorKind::InvalidArgument));
        assert_eq!(request(&|r| r.time = Time::from_unix(i64::MAX / 4)), Some(ErrorKind::InvalidArgument));
        assert_eq!(request(&|r| r.extra_room = usize::MAX), Some(ErrorKind::InvalidArgument));
        let nowhere = Placement::Visible { page: 0, rect: Rect::new(0.0, 0.0, 9.0, 9.0) };
        assert_eq!(request(&|r| r.placement = nowhere.clone()), Some(ErrorKind::PageNotFound));
    }
}
