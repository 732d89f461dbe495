//! The room `journey`: what the service filed. Takes the file that was signed here and the service's, range by range; lets pass the same bytes,
//! the signature in another CMS of the same signature value, and behind them validation data.

use super::input::Input;
use super::output::Draft;
use super::retry::Limits;
use super::session::Session;
use crate::cancel::Progress;
use crate::cms::attributes::TIME_STAMP_TOKEN;
use crate::cms::parse::SignedData;
use crate::crypto::digest::{DigestAlgorithm, Hasher, hex, sha256};
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Source};
use crate::pki::trust::TrustAnchors;
use crate::remote::fetch_agreement::{FetchAgreement, FetchedAgreement};
use crate::remote::schema::Access;
use crate::sign::{Output, SignedPdf, SigningIdentity};
use crate::time::Time;
use crate::verify::{ChangeEntry, ChangeKind, Coverage, CryptoStatus, Kind, Policy, Report, VerifyOptions, verify_document};

/// Bytes fetched at a time.
const CHUNK: u64 = 4 << 20;
/// Most bytes of validation data behind the signed revision.
const MAX_BEHIND: u64 = 64 << 20;

/// What was signed here.
pub(super) struct Expected<'e> {
    /// The finished file.
    pub(super) file: Input,
    pub(super) signed: &'e SignedPdf,
    /// DER of the signed attributes.
    pub(super) message: &'e [u8],
    /// The signature value.
    pub(super) value: &'e [u8],
    pub(super) identity: &'e SigningIdentity,
    /// Whether the service may have put a time stamp beside the signature.
    pub(super) stamped: bool,
}

/// What was fetched; `sink` holds it.
pub(super) struct Filed {
    pub(super) size: u64,
    pub(super) sha256: [u8; 32],
    /// It is not the very file that was made here, and has to be verified anew.
    pub(super) differs: bool,
}

fn refused(what: &'static str) -> Error {
    Error::new(ErrorKind::FiledDocumentRefused).context(what)
}

/// Fetches the document and compares it with `expected`, which `sink` holds already. After the call `sink` holds what the service filed.
pub(super) fn fetch(
    session: &Session,
    document_id: &str,
    expected: &Expected<'_>,
    sink: &mut Draft<'_>,
    limits: &Limits,
    progress: &Progress<'_>,
) -> Result<Filed> {
    let own_len = expected.signed.total_len();
    let gap = expected.signed.contents();
    // Between the angle brackets.
    let (gap_start, gap_end) = (gap.start.saturating_add(1), gap.end.saturating_sub(1));
    let mut digits = Vec::new();
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    let mut version: Option<(String, u64)> = None;
    let mut at = 0_u64;
    while version.as_ref().is_none_or(|(_, total)| at < *total) {
        let part = fetch_part(session, document_id, at, version.as_ref().map(|(etag, _)| etag.as_str()), limits)?;
        if version.get_or_insert((part.etag.clone(), part.total)) != &(part.etag, part.total) {
            return Err(refused("it changed while it was fetched"));
        }
        if part.total < own_len {
            return Err(refused("it is shorter than the file that was signed"));
        }
        if part.total > own_len.saturating_add(MAX_BEHIND) {
            return Err(refused("there is more behind the signature than validation data"));
        }
        progress.advance(at, part.total)?;
        let own = expected.file.read_range(at, part.bytes.len())?;
        for ((place, theirs), own) in (at..).zip(part.bytes.iter()).zip(&own) {
            if (gap_start..gap_end).contains(&place) {
                digits.push(*theirs);
            } else if theirs != own {
                return Err(refused("a byte of it is not that of the file that was signed").at(place));
            }
        }
        sink.write(part.bytes.get(own.len()..).unwrap_or_default())?;
        hasher.update(&part.bytes);
        at = at.saturating_add(part.bytes.len() as u64);
    }
    let own_digits = expected.file.read_range(gap_start, digits.len())?;
    let other_cms = digits != own_digits;
    if other_cms {
        same_signature(&digits, expected)?;
        sink.write_at(gap_start, &digits)?;
    }
    Ok(Filed { size: at, sha256: hasher.finish().try_into().map_err(|_| ErrorKind::Internal)?, differs: other_cms || at != own_len })
}

/// One range of the document: whole, and as its digest says.
pub(super) fn fetch_part(session: &Session, document_id: &str, at: u64, etag: Option<&str>, limits: &Limits) -> Result<FetchedAgreement> {
    let call = FetchAgreement {
        document_id: document_id.to_owned(),
        range: Some((at, Some(at.saturating_add(CHUNK - 1)))),
        if_range: etag.map(str::to_owned),
    };
    let part = FetchedAgreement::decode(session.send(Access::Token, call.encode()?, CHUNK, limits)?)?;
    if part.sha256.is_some_and(|digest| digest != sha256(&part.bytes)) {
        return Err(refused("an answer is not what its digest says"));
    }
    // Whole ranges alone: who sends one byte at a time keeps the device waiting for ever.
    if part.offset != at || part.bytes.len() as u64 != part.total.saturating_sub(at).min(CHUNK) || part.bytes.is_empty() {
        return Err(refused("another range than was asked for"));
    }
    Ok(part)
}

/// Another program may put the same signature into another CMS. It is this signature if it has one signer, these signed attributes and this
/// value, and nothing unsigned rides along but certificates of the signer's chain.
fn same_signature(digits: &[u8], expected: &Expected<'_>) -> Result<()> {
    let nibble = |digit: u8| char::from(digit).to_digit(16).and_then(|n| u8::try_from(n).ok());
    let (pairs, rest) = digits.as_chunks::<2>();
    let bytes: Option<Vec<u8>> = pairs.iter().map(|[high, low]| Some(nibble(*high)? << 4 | nibble(*low)?)).collect();
    let bytes = bytes.filter(|_| rest.is_empty()).ok_or_else(|| refused("/Contents is no hexadecimal string"))?;
    let data = SignedData::parse(&bytes).map_err(|_| refused("/Contents holds no CMS"))?;
    let [signer] = data.signer_infos() else { return Err(refused("the CMS has not one signer")) };
    if bytes.iter().skip(data.consumed()).any(|byte| *byte != 0) || data.was_ber() {
        return Err(refused("the CMS has another form"));
    }
    if data.signed_attributes_message().as_deref() != Some(expected.message) || data.signature_value() != expected.value {
        return Err(refused("the CMS is not over what was signed"));
    }
    let chain = expected.identity.chain();
    let known = |c| chain.contains(c) || chain.last().is_some_and(|last| last.names_issuer(c));
    let foreign = data.skipped_certificates() > 0 || !data.certificates().iter().all(known);
    // A time stamp that was asked for may ride along; whether it is one is found out when the file is verified.
    let rides = match &signer.unsigned_attributes {
        None => false,
        Some(_) if !expected.stamped => true,
        Some(list) => {
            let list = data.attributes(list).map_err(|_| refused("the CMS has another form"))?;
            !matches!(list.as_slice(), [one] if one.oid == TIME_STAMP_TOKEN && one.values.len() == 1)
        }
    };
    if rides || data.crls().next().is_some() || data.content().is_some() || foreign {
        return Err(refused("the CMS carries more than the signature"));
    }
    Ok(())
}

/// Verifies a filed document that is not the very file made here: the signature holds, and what follows is validation data and nothing else.
///
/// # Errors
/// [`ErrorKind::FiledDocumentRefused`]; [`ErrorKind::SourceUnreadable`]; [`ErrorKind::Cancelled`].
pub(super) fn recheck(
    file: &Input,
    signed: &SignedPdf,
    time: Time,
    identity: &SigningIdentity,
    password: Option<&[u8]>,
    progress: &Progress<'_>,
) -> Result<()> {
    let anchors: TrustAnchors = identity.chain().last().cloned().into_iter().collect();
    let options = VerifyOptions { trust: &anchors, time, policy: Policy::default(), password, evidence: None };
    let report = Document::open_with_password(file, password).and_then(|document| verify_document(&document, &options, progress));
    match report {
        Ok(report) => judge(&report, signed, identity).map_err(refused),
        Err(error) if matches!(error.kind(), ErrorKind::Cancelled | ErrorKind::TimedOut | ErrorKind::SourceUnreadable) => Err(error),
        Err(error) => Err(refused("the verifier cannot read it").caused_by(error)),
    }
}

fn judge(report: &Report, signed: &SignedPdf, identity: &SigningIdentity) -> Result<(), &'static str> {
    let gap = signed.contents();
    let range = [0, gap.start, gap.end, signed.total_len().saturating_sub(gap.end)];
    let own = report.signatures.iter().find(|s| s.field == signed.field() && s.byte_range == Some(range));
    let own = own.ok_or("the signature is not in it")?;
    let signer = own.signer.as_ref().is_some_and(|s| identity.chain().first().is_some_and(|c| s.sha256 == hex(&c.sha256())));
    if own.crypto.status != CryptoStatus::Ok || own.coverage == Coverage::Broken || !signer {
        return Err("the signature does not hold in it");
    }
    // Who adds validation data declares the extension that it is of (EN 319 142-1 5.4.2).
    let declared = |change: &ChangeEntry| change.kind == ChangeKind::Metadata && change.path.as_deref() == Some("/Root/Extensions");
    let foreign = own.changes.iter().any(|change| !matches!(change, ChangeKind::None | ChangeKind::Ltv | ChangeKind::Metadata));
    if foreign || own.change_details.iter().any(|change| change.kind != ChangeKind::Ltv && !declared(change)) {
        return Err("something else than validation data follows the signature");
    }
    if !own.intact {
        return Err("the document forbids what follows the signature");
    }
    let later = report.signatures.iter().filter(|s| s.revision > own.revision);
    if later.into_iter().any(|s| s.kind != Kind::DocumentTimestamp || s.crypto.status != CryptoStatus::Ok) {
        return Err("what follows the signature does not verify");
    }
    Ok(())
}
