//! The verify room, changes: the document security store (ISO 32000-2 12.8.4.3). It may grow; nothing else may ride along.

use super::claims::Claims;
use super::{ChangeKind, Found};
use crate::error::Result;
use crate::pdf::{Dictionary, Object, ObjectId};
use std::collections::BTreeSet;

const DSS_KEYS: [&[u8]; 5] = [b"Type", b"VRI", b"Certs", b"OCSPs", b"CRLs"];
const VRI_KEYS: [&[u8]; 6] = [b"Type", b"Cert", b"CRL", b"OCSP", b"TU", b"TS"];

pub(super) fn compare(claims: &mut Claims<'_, '_>, root: ObjectId, a: &Dictionary, b: &Dictionary) -> Result<()> {
    let Some(after) = b.get(b"DSS") else {
        if a.get(b"DSS").is_some() {
            claims.other("the document security store was removed", vec!["/Root/DSS".into()]);
        }
        return Ok(());
    };
    let before = claims.unclaimed().len();
    let mut sound = claims.claim_closure(after, &[root.number], &BTreeSet::from([root.number]))?;
    let view = claims.new;
    let store = view.get_dict(b, b"DSS")?.unwrap_or_default();
    sound &= store.iter().all(|(key, _)| DSS_KEYS.contains(&key));
    for key in ["Certs", "OCSPs", "CRLs"] {
        for item in view.get_array(&store, key)?.unwrap_or_default() {
            view.document().budget().step(1)?;
            // A store holds streams; anything else there has another purpose.
            if let Some(id) = item.as_reference()
                && claims.delta(id.number).is_some()
                && view.object(id)?.object.as_stream().is_none()
            {
                sound = false;
            }
        }
    }
    if let Some(vri) = view.get_dict(&store, b"VRI")? {
        for (_, entry) in vri.iter() {
            if let Object::Dictionary(entry) = view.resolve(entry)? {
                sound &= entry.iter().all(|(key, _)| VRI_KEYS.contains(&key));
            }
        }
    }
    if claims.unclaimed().len() != before || a.get(b"DSS") != b.get(b"DSS") {
        let kind = if sound { ChangeKind::Ltv } else { ChangeKind::Other };
        claims.found.push(Found::new(kind, "validation data were added", vec!["/Root/DSS".into()]));
    }
    Ok(())
}
