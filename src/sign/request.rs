//! The sign room: what is asked for. Plain input, checked before anything is read.

use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Page, Rect};
use crate::time::Time;

/// Longest partial field name, and longest reason, location, contact or name, in characters.
const MAX_TEXT: usize = 1_000;
/// Deepest field name.
const MAX_PARTS: usize = 16;
/// Most room asked for beyond the estimate.
const MAX_EXTRA_ROOM: usize = 1 << 20;

/// Where the signature shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Placement {
    /// Nowhere. A field that exists keeps the box it has.
    Invisible,
    /// In a box on a page. A field that exists keeps the box it has.
    Visible {
        /// The page, counted from 1.
        page: u32,
        /// The box on the page as a reader sees it, `/Rotate` applied: in units of user space from the lower left corner of the crop box.
        rect: Rect,
    },
}

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
    /// The lines of a visible signature; `None`: signer, time, and what is given of reason and location.
    pub lines: Option<Vec<String>>,
    /// Bytes of `/Contents` beyond what certificates and signature need.
    pub extra_room: usize,
}

impl SignatureRequest {
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
            lines: None,
            extra_room: 0,
        }
    }

    /// Refuses what no document could take.
    pub(super) fn check(&self) -> Result<()> {
        let wrong = |what: &'static str| Err(Error::new(ErrorKind::InvalidArgument).context(what));
        if let Some(name) = &self.field {
            let parts = || name.split('.');
            if parts().count() > MAX_PARTS || parts().any(|part| part.is_empty() || part.chars().count() > MAX_TEXT) {
                return wrong("a field name has 1 to 16 parts, none of them empty");
            }
            if name.chars().any(char::is_control) {
                return wrong("a field name has no control characters");
            }
        }
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
        if let Placement::Visible { page: 0, .. } = self.placement {
            return Err(Error::new(ErrorKind::PageNotFound));
        }
        Ok(())
    }

    /// The lines of a visible signature; `signer` stands in for a name.
    pub(super) fn shown(&self, signer: Option<String>) -> Vec<String> {
        if let Some(lines) = &self.lines {
            return lines.clone();
        }
        let (year, month, day, hour, minute, second) = self.time.fields();
        let mut lines = Vec::new();
        if let Some(name) = self.name.clone().or(signer) {
            lines.push(format!("Signed by {name}"));
        }
        lines.push(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC"));
        lines.extend(self.reason.iter().map(|reason| format!("Reason: {reason}")));
        lines.extend(self.location.iter().map(|location| format!("Location: {location}")));
        lines
    }
}

/// The box in default user space that a reader sees at `seen`.
///
/// # Errors
/// [`ErrorKind::BoxUnusable`] if it is empty or reaches beyond the crop box.
pub(super) fn in_user_space(seen: Rect, page: &Page) -> Result<Rect> {
    let (w, h) = (page.crop_box.width(), page.crop_box.height());
    let finite = [seen.x0, seen.y0, seen.x1, seen.y1].iter().all(|n| n.is_finite());
    let flip = page.rotate == 90 || page.rotate == 270;
    let shown = if flip { Rect::new(0.0, 0.0, h, w) } else { Rect::new(0.0, 0.0, w, h) };
    if !finite || seen.is_empty() || !shown.contains(seen) {
        return Err(Error::new(ErrorKind::BoxUnusable));
    }
    // A corner as seen, turned back. A page shown turned clockwise has its lower left corner at the upper left.
    let corner = |x: f64, y: f64| match page.rotate {
        90 => (w - y, x),
        180 => (w - x, h - y),
        270 => (y, h - x),
        _ => (x, y),
    };
    let ((xa, ya), (xb, yb)) = (corner(seen.x0, seen.y0), corner(seen.x1, seen.y1));
    let (left, bottom) = (page.crop_box.x0, page.crop_box.y0);
    // A thousandth of a unit is finer than anything shown and keeps floating-point noise out of the file.
    let round = |n: f64| (n * 1000.0).round() / 1000.0;
    Ok(Rect::new(round(xa + left), round(ya + bottom), round(xb + left), round(yb + bottom)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::{Dictionary, ObjectId};

    #[test]
    fn boxes_turn_with_the_page() {
        let page = |rotate| Page {
            id: ObjectId::new(1, 0),
            dict: Dictionary::new(),
            media_box: Rect::new(0.0, 0.0, 700.0, 900.0),
            crop_box: Rect::new(10.0, 20.0, 610.0, 820.0),
            rotate,
            resources: Dictionary::new(),
            user_unit: 1.0,
        };
        let seen = Rect::new(50.0, 60.0, 250.0, 100.0);
        let turned = |rotate| in_user_space(seen, &page(rotate)).unwrap();
        assert_eq!(turned(0), Rect::new(60.0, 80.0, 260.0, 120.0));
        assert_eq!(turned(90), Rect::new(510.0, 70.0, 550.0, 270.0));
        assert_eq!(turned(180), Rect::new(360.0, 720.0, 560.0, 760.0));
        assert_eq!(turned(270), Rect::new(70.0, 570.0, 110.0, 770.0));
        // 700 wide fits a page of 600 x 800 only when it lies on its side.
        let wide = Rect::new(0.0, 0.0, 700.0, 10.0);
        assert!(in_user_space(wide, &page(90)).is_ok());
        for bad in [wide, Rect::new(-1.0, 0.0, 5.0, 5.0), Rect::new(5.0, 5.0, 5.0, 9.0), Rect::new(0.0, 0.0, f64::INFINITY, 1.0)] {
            assert_eq!(in_user_space(bad, &page(0)).unwrap_err().kind(), ErrorKind::BoxUnusable);
        }
    }

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
        assert_eq!(request(&|r| r.placement = nowhere), Some(ErrorKind::PageNotFound));
    }
}
