//! The verify room: the evidence that the document itself carries. Takes a document and the facts about its signatures, gives the certificates and
//! revocation data of its document security store and of the signatures themselves, and for each document time stamp what of them stood there when it was
//! made. All of it untrusted.

use super::facts::{Facts, SignatureFacts};
use super::stamps;
use crate::cms::{Carried, Expect};
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::{Bundle, Item, Kind, dss};
use crate::pdf::{Document, View};
use std::borrow::Cow;
use std::collections::HashSet;

/// Most document time stamps that are asked what they cover, the newest first.
const MAX_STAMPS: usize = 64;
/// Most earlier stores that are read: so many of the first ones, which whoever appends cannot push out, and as many of the last ones.
const MAX_STORES: usize = 16;

/// Fills in what time stamps there are and what they are over. What cannot be read is not there; the document itself could be.
pub(super) fn find(document: &Document<'_>, facts: &mut Facts) -> Result<()> {
    find_stamps(facts)?;
    facts.embedded = store(document.latest())?;
    signed_along(document, facts)?;
    let end = |signature: &SignatureFacts| signature.covered.as_ref().map_or(0, |covered| covered.end);
    let carried: Vec<(u64, Item)> =
        facts.signatures.iter().flat_map(|signature| carried(signature).map(move |item| (end(signature), item))).collect();
    for (_, item) in &carried {
        // A store that is full has room for no more; what came along is then not there.
        let _ = facts.embedded.add(item.clone());
    }
    if facts.embedded.is_empty() {
        return Ok(());
    }
    let mut seals: Vec<&mut SignatureFacts> = facts.signatures.iter_mut().filter(|signature| seals(signature)).collect();
    seals.sort_by_key(|signature| std::cmp::Reverse(signature.covered.as_ref().map_or(0, |covered| covered.end)));
    for signature in seals.into_iter().take(MAX_STAMPS) {
        let Ok(covered) = &signature.covered else { continue };
        let then = store(document.at(covered.revision))?;
        let covered = covered.end;
        let before = carried.iter().filter(|(end, _)| *end < covered).map(|(_, item)| item.sha256());
        signature.seals = then.items().map(|item: Item| item.sha256()).chain(before).collect();
    }
    Ok(())
}

/// What stood in the store when something was signed still counts. An attacker would append another store, without the list that revokes him: a
/// revocation is for ever, and single lists may be replaced. It makes no level, which is of the store as it is.
fn signed_along(document: &Document<'_>, facts: &mut Facts) -> Result<()> {
    let latest = document.latest().revision();
    let mut revisions: Vec<usize> = facts.signatures.iter().filter_map(|s| Some(s.covered.as_ref().ok()?.revision)).collect();
    revisions.retain(|revision| *revision < latest);
    revisions.sort_unstable();
    revisions.dedup();
    let mut known: HashSet<[u8; 32]> = facts.embedded.items().map(|item| item.sha256()).collect();
    let last = revisions.len().saturating_sub(MAX_STORES);
    let read = revisions.iter().enumerate().filter(|(at, _)| *at < MAX_STORES || *at >= last).map(|(_, revision)| *revision);
    for revision in read {
        for item in store(document.at(revision))?.items().filter(|item| item.kind() != Kind::Certificate) {
            if known.insert(item.sha256()) {
                let _full = facts.earlier.add(item);
            }
        }
    }
    Ok(())
}

/// Fills in the time stamps alone.
pub(super) fn find_stamps(facts: &mut Facts) -> Result<()> {
    for signature in &mut facts.signatures {
        if let Some(cms) = signature.cms.as_ref().filter(|_| signature.fault.is_none()) {
            signature.stamps = stamps::of(cms)?;
        }
    }
    Ok(())
}

/// What came along in a signature that holds, and in its time stamps.
fn carried(signature: &SignatureFacts) -> impl Iterator<Item = Item> {
    let stamps = signature.stamps.iter().filter_map(|stamp| stamp.cms.as_ref());
    let holds = signature.cms.iter().chain(stamps).filter(|cms| signature.fault.is_none() && cms.failure.is_none());
    holds.flat_map(|cms| &cms.carried).filter_map(|piece| match piece {
        Carried::List(der) => Item::from_der(Kind::Crl, der).ok(),
        Carried::Response(der) => Item::from_der(Kind::Ocsp, der).ok(),
    })
}

/// Whether it is a document time stamp whose own CMS holds.
fn seals(signature: &SignatureFacts) -> bool {
    let holds = signature.fault.is_none() && signature.cms.as_ref().is_some_and(|cms| cms.failure.is_none());
    holds && signature.expect == Some(Expect::TimeStamp)
}

/// What the document security store holds.
pub(super) fn store(view: View<'_>) -> Result<Bundle> {
    match dss::read(view) {
        Ok(store) => Ok(store.map(|store| store.bundle).unwrap_or_default()),
        Err(error) if error.kind() == ErrorKind::SourceUnreadable => Err(Error::new(ErrorKind::SourceUnreadable)),
        Err(_) => Ok(Bundle::default()),
    }
}

/// What was given, what the document once carried, and what it carries. What was given stays as it is: an attacker would fill a store with certificates until
/// there is no room for the list that revokes his own; and a list that was read as a stream can be kept, but not be added to others.
pub(super) fn at_hand<'a>(facts: &'a Facts, given: Option<&'a Bundle>) -> Cow<'a, Bundle> {
    let mut bundles = given.into_iter().chain([&facts.earlier, &facts.embedded]).filter(|bundle| !bundle.is_empty());
    let mut all = Cow::Borrowed(bundles.next().unwrap_or(&facts.embedded));
    for item in bundles.flat_map(Bundle::items) {
        let _full = all.to_mut().add(item);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::Certificate;
    use crate::pki::revocation::Crl;
    use crate::pki::revocation::testing::ListDraft;
    use crate::pki::testing::{Draft, Key};

    fn facts(embedded: &Bundle, earlier: &Bundle) -> Facts {
        Facts { signatures: Vec::new(), embedded: embedded.clone(), earlier: earlier.clone() }
    }

    #[test]
    fn what_was_given_is_there_whatever_a_document_carries() {
        let key = Key::new(1);
        let one = |n: usize| Draft::leaf(&format!("Junk {n}"), &key, "Nobody").issue(&key);
        let root = Draft::ca("Root", &key, "Root", None).issue(&key);
        let list = ListDraft::new("Root").times("20260601000000Z", Some("20260701000000Z")).issue(&key);
        let der = list.der().to_vec();
        let mut rest = der.as_slice();
        let mut source = |buffer: &mut [u8]| {
            let n = rest.len().min(buffer.len());
            buffer[..n].copy_from_slice(&rest[..n]);
            rest = &rest[n..];
            Ok(n)
        };
        let streamed = Crl::from_stream(&mut source, std::slice::from_ref(&root)).unwrap();
        assert!(streamed.der().is_empty());
        let certificate = Item::Certificate(one(0));
        let mut little = Bundle::default();
        little.add(certificate.clone()).unwrap();
        let mut full = Bundle { certificates: vec![one(1); 2_000], ..Bundle::default() };
        assert!(full.add(certificate).is_err(), "it is full");
        for embedded in [&little, &full] {
            for given in [list.clone(), streamed.clone()] {
                let mut bundle = Bundle::default();
                bundle.revocation.crls.push(given.clone());
                let facts = facts(embedded, &Bundle::default());
                let all = at_hand(&facts, Some(&bundle));
                assert_eq!(all.revocation.crls, [given]);
                let first: &Certificate = &embedded.certificates[0];
                assert!(all.certificates.contains(first), "and what the document carries, as far as there is room");
            }
        }
        let mut lists = Bundle::default();
        lists.revocation.crls.push(list.clone());
        // What once stood in the store is not pushed out by what fills it now.
        for embedded in [&little, &full] {
            let facts = facts(embedded, &lists);
            let all = at_hand(&facts, None);
            assert_eq!(all.revocation.crls, std::slice::from_ref(&list));
            assert!(all.certificates.contains(&embedded.certificates[0]));
        }
        let (of_little, of_nothing) = (facts(&little, &Bundle::default()), facts(&Bundle::default(), &Bundle::default()));
        assert_eq!(at_hand(&of_little, None).len(), 1);
        assert_eq!((at_hand(&of_nothing, Some(&little)).len(), at_hand(&of_nothing, None).len()), (1, 0));
    }
}
