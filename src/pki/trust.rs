//! The pki room: trust anchors.
//!
//! Takes certificates that the caller trusts, and what for; gives their names and keys to path building. Of an anchor only name and key
//! count, and the constraints it carries (RFC 5280 6.1.1 d, RFC 5937); its own signature and validity are not checked.

use crate::error::Result;
use crate::pki::certificate::Certificate;
use crate::pki::pem::certificates_from_pem;
use crate::pki::role::Role;
use crate::switch::{Check, on};

/// The certificates the caller trusts. Empty means that nothing is trusted.
#[derive(Clone, Debug, Default)]
pub struct TrustAnchors(Vec<Anchor>);

#[derive(Clone, Debug)]
struct Anchor {
    certificate: Certificate,
    /// `None`: for everything.
    roles: Option<Vec<Role>>,
}

impl Anchor {
    fn counts(&self, role: Role) -> bool {
        self.roles.as_ref().is_none_or(|roles| roles.contains(&role) || roles.contains(&Role::Any)) || !on(Check::PathAnchorRole)
    }
}

impl TrustAnchors {
    /// No anchors.
    #[must_use]
    pub fn new() -> TrustAnchors {
        TrustAnchors::default()
    }

    /// Every certificate of a PEM text, or one DER certificate; trusted for everything.
    ///
    /// # Errors
    /// As [`certificates_from_pem`].
    pub fn from_pem(bytes: &[u8]) -> Result<TrustAnchors> {
        Ok(certificates_from_pem(bytes)?.into_iter().collect())
    }

    /// Trusts a certificate for everything. One that is there already is not added again.
    pub fn add(&mut self, certificate: Certificate) {
        match self.0.iter_mut().find(|anchor| anchor.certificate == certificate) {
            Some(anchor) => anchor.roles = None,
            None => self.0.push(Anchor { certificate, roles: None }),
        }
    }

    /// Trusts a certificate for those uses alone: a path for another use, and one for [`Role::Any`], does not end at it. The uses of one that
    /// is there already are added to.
    pub fn add_for(&mut self, certificate: Certificate, roles: &[Role]) {
        match self.0.iter_mut().find(|anchor| anchor.certificate == certificate) {
            Some(Anchor { roles: Some(known), .. }) => known.extend_from_slice(roles),
            Some(_) => {}
            None => self.0.push(Anchor { certificate, roles: Some(roles.to_vec()) }),
        }
    }

    /// Whether exactly this certificate is an anchor, for whatever use.
    #[must_use]
    pub fn contains(&self, certificate: &Certificate) -> bool {
        self.0.iter().any(|anchor| anchor.certificate == *certificate)
    }

    /// Whether exactly this certificate is an anchor for that use.
    #[must_use]
    pub fn counts(&self, certificate: &Certificate, role: Role) -> bool {
        self.of_role(role).any(|anchor| anchor == certificate)
    }

    /// The anchors for that use, in the order they were added.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = &Certificate> {
        self.0.iter().filter(move |anchor| anchor.counts(role)).map(|anchor| &anchor.certificate)
    }

    /// The anchors in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = &Certificate> {
        self.0.iter().map(|anchor| &anchor.certificate)
    }

    /// The anchors in the order they were added, with the uses they are for; `None` is for everything.
    pub fn uses(&self) -> impl Iterator<Item = (&Certificate, Option<&[Role]>)> {
        self.0.iter().map(|anchor| (&anchor.certificate, anchor.roles.as_deref()))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<Certificate> for TrustAnchors {
    fn from_iter<I: IntoIterator<Item = Certificate>>(certificates: I) -> TrustAnchors {
        let mut anchors = TrustAnchors::new();
        certificates.into_iter().for_each(|c| anchors.add(c));
        anchors
    }
}
