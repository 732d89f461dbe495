//! The sign room: seed values of an empty signature field (ISO 32000-2 12.7.5.5, tables 237 and 238). What the document's author requires
//! is met or refused, before any key is asked; what he merely suggests is left to the caller.

use super::identity::SigningIdentity;
use super::request::SignatureRequest;
use super::restriction::DocMdp;
use super::seed_certificate;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::text_string::text;
use crate::pdf::{Dictionary, Object, View};

/// The bits of `/Ff`: each makes one constraint binding.
const FILTER: i64 = 1;
const SUB_FILTER: i64 = 1 << 1;
const VERSION: i64 = 1 << 2;
const REASONS: i64 = 1 << 3;
const ADD_REV_INFO: i64 = 1 << 5;
const DIGEST_METHOD: i64 = 1 << 6;
const LOCK_DOCUMENT: i64 = 1 << 7;

pub(super) fn unmet(what: &'static str) -> Error {
    Error::new(ErrorKind::FieldUnusable).context(what)
}

/// Gives what the signature has to certify: as asked for, or as the field demands.
///
/// # Errors
/// [`ErrorKind::FieldUnusable`], naming the requirement.
pub(super) fn check(view: View<'_>, field: &Dictionary, request: &SignatureRequest, identity: &SigningIdentity) -> Result<Option<DocMdp>> {
    let seed = match view.get(field, b"SV")? {
        Object::Null => return Ok(request.certification),
        Object::Dictionary(seed) => seed,
        _ => return Err(unmet("its seed values cannot be read")),
    };
    let flags = match view.get(&seed, b"Ff")? {
        Object::Null => 0,
        flags => flags.as_i64().ok_or_else(|| unmet("its seed values cannot be read"))?,
    };
    let known = FILTER | SUB_FILTER | VERSION | REASONS | ADD_REV_INFO | DIGEST_METHOD | LOCK_DOCUMENT;
    if flags & !known != 0 {
        return Err(unmet("its seed values require something that is not supported"));
    }
    let required = |bit: i64| flags & bit != 0;
    let names = |key: &[u8]| -> Result<Option<Vec<Vec<u8>>>> {
        let Some(items) = view.get_array(&seed, key)? else { return Ok(None) };
        let mut names = Vec::new();
        for item in items {
            let item = view.resolve(&item)?;
            names.extend(item.as_name().or_else(|| item.as_string()).map(<[u8]>::to_vec));
        }
        Ok(Some(names))
    };
    if required(FILTER) && view.get(&seed, b"Filter")?.as_name().is_some_and(|name| name != b"Adobe.PPKLite") {
        return Err(unmet("it requires another signature handler"));
    }
    if required(SUB_FILTER) && names(b"SubFilter")?.is_some_and(|list| !list.iter().any(|name| name == b"ETSI.CAdES.detached")) {
        return Err(unmet("it requires another signature format"));
    }
    if required(VERSION) && view.get(&seed, b"V")?.as_f64().is_some_and(|version| version > 3.0) {
        return Err(unmet("its seed values require something that is not supported"));
    }
    if required(DIGEST_METHOD)
        && let Some(list) = names(b"DigestMethod")?
        && !list.iter().any(|name| name.eq_ignore_ascii_case(identity.digest().name().as_bytes()))
    {
        return Err(unmet("it requires another digest algorithm"));
    }
    if required(ADD_REV_INFO) && view.get(&seed, b"AddRevInfo")?.as_bool() == Some(true) {
        return Err(unmet("it requires revocation data in the signature"));
    }
    if required(LOCK_DOCUMENT) && view.get(&seed, b"LockDocument")?.as_name() == Some(b"true") {
        return Err(unmet("it requires the document to be locked"));
    }
    if required(REASONS)
        && let Some(reasons) = names(b"Reasons")?
    {
        let given = request.reason.as_deref();
        // A single full stop, or an empty list, means that no reason may be given.
        let none = reasons.is_empty() || (reasons.len() == 1 && reasons[0] == b".");
        let fits = if none { given.is_none() } else { given.is_some_and(|given| reasons.iter().any(|reason| text(reason) == given)) };
        if !fits {
            return Err(unmet("it requires another reason"));
        }
    }
    // These bind without a flag; a time stamp may be required by its own.
    let certification = certification(view, &seed, request)?;
    if let Some(stamp) = view.get_dict(&seed, b"TimeStamp")?
        && view.get(&stamp, b"Ff")?.as_i64().unwrap_or(0) & 1 != 0
    {
        return Err(unmet("it requires a time stamp"));
    }
    seed_certificate::check(view, &seed, identity)?;
    Ok(certification)
}

/// What the `/MDP` of the seed values demands (table 237): 0 an approval signature, 1 to 3 a certification of that level.
fn certification(view: View<'_>, seed: &Dictionary, request: &SignatureRequest) -> Result<Option<DocMdp>> {
    let Some(mdp) = view.get_dict(seed, b"MDP")? else { return Ok(request.certification) };
    let level = view.get(&mdp, b"P")?.as_i64().ok_or_else(|| unmet("its seed values cannot be read"))?;
    match (DocMdp::from_level(level), request.certification) {
        (None, _) if level != 0 => Err(unmet("its seed values cannot be read")),
        (None, None) => Ok(None),
        (None, Some(_)) => Err(unmet("it requires an approval signature")),
        (Some(level), asked) if asked.is_none_or(|asked| asked == level) => Ok(Some(level)),
        (Some(_), _) => Err(unmet("it requires another certification")),
    }
}
