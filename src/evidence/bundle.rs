//! The evidence room: what is held. Takes certificates, responses and lists one by one, gives a bundle in which each stands once. Bounded: a
//! service, or a document, that sends without end is stopped. Nothing in a bundle is trusted because it is in there.

use crate::error::{Error, ErrorKind, Result};
use crate::pki::Certificate;
use crate::pki::revocation::{Crl, OcspResponse, RevocationData};

/// Most items of one bundle.
pub const MAX_ITEMS: usize = 2_000;
/// Most bytes of DER of one item. Lists larger than this are not embedded by anybody who wants to be read.
pub const MAX_ITEM_BYTES: usize = 16 << 20;
/// Most bytes of DER of one bundle.
pub const MAX_BYTES: usize = 64 << 20;

/// Certificates and revocation data, each once.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// In the order they came.
    pub certificates: Vec<Certificate>,
    /// Responses and lists in the order they came.
    pub revocation: RevocationData,
}

/// What a piece of evidence is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A certificate.
    Certificate,
    /// An OCSP response.
    Ocsp,
    /// A list of revoked certificates.
    Crl,
}

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// A certificate.
    Certificate(Certificate),
    /// An OCSP response.
    Ocsp(OcspResponse),
    /// A list of revoked certificates.
    Crl(Crl),
}

impl Item {
    /// From DER of that kind.
    ///
    /// # Errors
    /// [`ErrorKind::CertificateMalformed`], [`ErrorKind::DerMalformed`]; [`ErrorKind::LimitReached`] for one that is too large.
    pub fn from_der(kind: Kind, der: &[u8]) -> Result<Item> {
        if der.len() > MAX_ITEM_BYTES {
            return Err(Error::new(ErrorKind::LimitReached).context("bytes of one piece of evidence"));
        }
        Ok(match kind {
            Kind::Certificate => Item::Certificate(Certificate::from_der(der)?),
            Kind::Ocsp => Item::Ocsp(OcspResponse::from_der(der)?),
            Kind::Crl => Item::Crl(Crl::from_der(der)?),
        })
    }

    /// Its DER; empty for a list that was read as a stream and is not held.
    #[must_use]
    pub fn der(&self) -> &[u8] {
        match self {
            Item::Certificate(certificate) => certificate.der(),
            Item::Ocsp(response) => response.der(),
            Item::Crl(list) => list.der(),
        }
    }

    /// SHA-256 of the DER: what a proof names it by.
    #[must_use]
    pub fn sha256(&self) -> [u8; 32] {
        match self {
            Item::Certificate(certificate) => certificate.sha256(),
            Item::Ocsp(response) => response.sha256(),
            Item::Crl(list) => list.sha256(),
        }
    }

    /// What it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Item::Certificate(_) => Kind::Certificate,
            Item::Ocsp(_) => Kind::Ocsp,
            Item::Crl(_) => Kind::Crl,
        }
    }
}

impl Bundle {
    /// Takes one more. Gives back whether it is new.
    ///
    /// # Errors
    /// [`ErrorKind::LimitReached`] if the bundle is full, [`ErrorKind::InvalidArgument`] for a list that was read as a stream: its bytes are not
    /// there to be kept.
    pub fn add(&mut self, item: Item) -> Result<bool> {
        if self.contains(&item) {
            return Ok(false);
        }
        if item.der().is_empty() {
            return Err(Error::new(ErrorKind::InvalidArgument).context("a list that was read as a stream"));
        }
        let bytes = self.bytes().saturating_add(item.der().len());
        if self.len() >= MAX_ITEMS || item.der().len() > MAX_ITEM_BYTES || bytes > MAX_BYTES {
            return Err(Error::new(ErrorKind::LimitReached).context("evidence"));
        }
        match item {
            Item::Certificate(certificate) => self.certificates.push(certificate),
            Item::Ocsp(response) => self.revocation.ocsp.push(response),
            Item::Crl(list) => self.revocation.crls.push(list),
        }
        Ok(true)
    }

    /// Takes everything of another bundle that is not there yet.
    ///
    /// # Errors
    /// As [`Bundle::add`].
    pub fn merge(&mut self, other: &Bundle) -> Result<()> {
        other.items().try_for_each(|item| self.add(item).map(drop))
    }

    /// Whether exactly this is there.
    #[must_use]
    pub fn contains(&self, item: &Item) -> bool {
        match item {
            Item::Certificate(certificate) => self.certificates.contains(certificate),
            Item::Ocsp(response) => self.revocation.ocsp.contains(response),
            Item::Crl(list) => self.revocation.crls.contains(list),
        }
    }

    /// Everything: certificates, responses, lists.
    pub fn items(&self) -> impl Iterator<Item = Item> + '_ {
        let certificates = self.certificates.iter().cloned().map(Item::Certificate);
        let responses = self.revocation.ocsp.iter().cloned().map(Item::Ocsp);
        certificates.chain(responses).chain(self.revocation.crls.iter().cloned().map(Item::Crl))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.certificates.len().saturating_add(self.revocation.ocsp.len()).saturating_add(self.revocation.crls.len())
    }

    /// Whether there is nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of DER of all together.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let certificates = self.certificates.iter().map(|one| one.der().len());
        let responses = self.revocation.ocsp.iter().map(|one| one.der().len());
        certificates.chain(responses).chain(self.revocation.crls.iter().map(|one| one.der().len())).fold(0, usize::saturating_add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::revocation::testing::{AnswerDraft, ListDraft};
    use crate::pki::testing::{Draft, Key};

    fn items(serial: u8) -> [Item; 3] {
        let key = Key::new(1);
        let ca = Draft::ca("CA", &key, "CA", None).issue(&key);
        let leaf = Draft::leaf("Leaf", &Key::new(2), "CA").serial(serial).issue(&key);
        let answer = AnswerDraft::new(&leaf, &ca).issue(&key);
        [Item::Certificate(leaf), Item::Ocsp(answer), Item::Crl(ListDraft::new("CA").number(serial).issue(&key))]
    }

    #[test]
    fn each_stands_once_and_comes_back_as_it_was() {
        let mut bundle = Bundle::default();
        for item in items(1).into_iter().chain(items(1)).chain(items(2)) {
            let before = bundle.contains(&item);
            assert_eq!(bundle.add(item.clone()).unwrap(), !before);
            assert_eq!(Item::from_der(item.kind(), item.der()).unwrap(), item);
        }
        assert_eq!((bundle.len(), bundle.certificates.len(), bundle.revocation.ocsp.len(), bundle.revocation.crls.len()), (6, 2, 2, 2));
        let mut other = Bundle::default();
        items(3).into_iter().chain(items(1)).for_each(|item| assert!(other.add(item).unwrap()));
        bundle.merge(&other).unwrap();
        assert_eq!(bundle.len(), 9);
        assert_eq!(bundle.bytes(), bundle.items().map(|item| item.der().len()).sum::<usize>());
    }

    #[test]
    fn a_bundle_is_bounded_and_keeps_no_list_without_bytes() {
        let key = Key::new(1);
        let mut bundle = Bundle::default();
        let leaf = Draft::leaf("Leaf", &Key::new(2), "CA");
        for n in 0..MAX_ITEMS {
            let certificate = Draft { serial: vec![1, (n >> 8) as u8, n as u8], ..leaf.clone() }.issue(&key);
            assert!(bundle.add(Item::Certificate(certificate)).unwrap());
        }
        let one_more = Item::Certificate(leaf.serial(7).issue(&key));
        assert_eq!(bundle.add(one_more).unwrap_err().kind(), ErrorKind::LimitReached);

        let der = ListDraft::new("CA").der(&key);
        let huge = vec![0; MAX_ITEM_BYTES + 1];
        assert_eq!(Item::from_der(Kind::Crl, &huge).unwrap_err().kind(), ErrorKind::LimitReached);
        assert!(Item::from_der(Kind::Ocsp, &der).is_err() && Item::from_der(Kind::Crl, &der).is_ok());
    }
}
