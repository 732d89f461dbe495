//! Agreements: PDFs coming in, to be prepared here or signed by the device already, and going out again, whole or by ranges; and their audit
//! records. Documents stand in files; nothing here holds one in memory.

use super::once::Once;
use super::{No, Service, Visit};
use crate::failure::Failure;
use crate::random;
use crate::store::{audit as records, credentials, documents};
use crate::web::{FileBody, Reply};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use thrivosign::host::file::FileSource;
use thrivosign::pdf::Document;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::remote::audit::{Audit, AuditAgreement};
use thrivosign::remote::content_digest;
use thrivosign::remote::fetch_agreement::FetchAgreement;
use thrivosign::remote::http::{CONTENT_DIGEST, CONTENT_RANGE, CONTENT_TYPE, ETAG, PDF, Request, Response};
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::submit_agreement::{Agreement, SubmitAgreement, Upload as Kind};
use thrivosign::verify::{Policy, Report, VerifyOptions, verify_document};
use thrivosign::{Error, ErrorKind, Progress, Time};

/// Refuses an upload by its head alone.
pub(super) fn head(request: &Request) -> Result<(), No> {
    Ok(SubmitAgreement::decode_head(request).map(|_| ())?)
}

/// Takes a PDF in, once per idempotency key.
pub(super) fn submit(service: &Service, mut visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?.to_owned();
    let asked = SubmitAgreement::decode_head(&visit.request)?;
    let upload = visit.upload.take().ok_or_else(|| Failure::new("an upload came without its file"))?;
    let now = visit.now;
    if upload.sha256 != asked.sha256 {
        return Err(ProblemType::DigestMismatch.into());
    }
    let mut call = asked.sha256.to_vec();
    call.extend_from_slice(asked.file_name.as_bytes());
    let (operation, action) = match asked.upload {
        Kind::Submit => ("submitAgreement", "submitted"),
        Kind::File => ("fileAgreement", "filed"),
    };
    let once = Once::of(service, (&user, operation, &asked.idempotency_key), &call, now)?;
    if let Some(answer) = service.store.transact(|tx| once.answered(tx))? {
        return Ok(answer);
    }
    let facts = look(service, upload.path(), asked.upload, &user, now)?;
    let id = random::id("doc-")?;
    let agreement = documents::Agreement {
        file: format!("{id}.pdf"),
        id,
        sha256: upload.sha256,
        size: upload.size,
        pages: u64::from(facts.pages),
        signatures: u64::from(facts.signatures),
    };
    service.store.transact(|tx| {
        if let Some(answer) = once.answered(tx)? {
            return Ok(answer);
        }
        documents::add(tx, &agreement, &user, &asked.file_name, now)?;
        let detail = format!("sha256 {}", random::hex(&agreement.sha256));
        records::append(tx, &agreement.id, &user, action, Some(&detail), now)?;
        let response = Agreement {
            document_id: agreement.id.clone(),
            sha256: agreement.sha256,
            size: agreement.size,
            pages: facts.pages,
            signatures: facts.signatures,
        }
        .encode();
        once.keep(tx, &response)?;
        // The file gets its name before the record is committed: a crash in between leaves a file that no record names, which the
        // next start removes, and never a record without its file.
        upload.keep(&agreement.file)?;
        Ok::<_, No>(response.into())
    })
}

/// What is known of a PDF once it was looked at.
struct Facts {
    pages: u32,
    signatures: u32,
}

fn look(service: &Service, path: &Path, kind: Kind, user: &str, now: Time) -> Result<Facts, No> {
    let source = FileSource::open(path).map_err(Failure::at("cannot read an upload"))?;
    let document = Document::open(&source).map_err(unreadable)?;
    let pages = document.latest().page_count().map_err(unreadable)?;
    if pages == 0 {
        let mut problem = Problem::new(ProblemType::DocumentRefused);
        problem.findings = vec!["no_pages".to_owned()];
        return Err(problem.into());
    }
    let trust = trust(service)?;
    let options = VerifyOptions { trust: &trust, time: now, policy: Policy::default(), password: None, evidence: None };
    let report = verify_document(&document, &options, &Progress::default()).map_err(unreadable)?;
    if kind == Kind::File {
        filed_by_user(service, &report, user)?;
    }
    Ok(Facts {
        pages: u32::try_from(pages).unwrap_or(u32::MAX),
        signatures: u32::try_from(report.document.signed_fields.len()).unwrap_or(u32::MAX),
    })
}

/// Our own root is all that is trusted here.
pub(super) fn trust(service: &Service) -> Result<TrustAnchors, Failure> {
    TrustAnchors::from_pem(service.authority.root_pem().as_bytes()).map_err(Failure::at("the root cannot be read"))
}

/// Every signature of a filed document must be intact, and the last one clean and by a credential of this user that is in use. Earlier
/// signers may be ones that our root does not know: the other party of an agreement has its own.
fn filed_by_user(service: &Service, report: &Report, user: &str) -> Result<(), No> {
    let refused = |finding: &str| {
        let mut problem = Problem::new(ProblemType::FiledSignatureRefused);
        problem.findings = vec![finding.to_owned()];
        No::from(problem)
    };
    let last = report.signatures.iter().max_by_key(|signature| signature.revision);
    let wrong = report.signatures.iter().find(|signature| !signature.intact).or(last.filter(|signature| !signature.clean));
    if wrong.is_some() || last.is_none() {
        let reason = wrong.and_then(|signature| signature.reasons.first()).map(|reason| reason.code);
        return Err(refused(reason.unwrap_or("not_clean")));
    }
    let serial = last.and_then(|signature| signature.signer.as_ref()).map(|signer| signer.serial.clone()).unwrap_or_default();
    service.store.transact(|tx| {
        // The chain led to our own root, so the serial number names the certificate.
        let held = credentials::list(tx, user)?.into_iter().any(|held| held.serial == serial && held.state == credentials::ACTIVATED);
        if held { Ok(()) } else { Err(refused("signer_not_this_user")) }
    })
}

/// What the core said of the PDF, as the client is told.
pub(super) fn unreadable(error: Error) -> No {
    let kind = match error.kind() {
        ErrorKind::NotPdf => ProblemType::NotPdf,
        ErrorKind::PasswordRequired | ErrorKind::PasswordWrong | ErrorKind::EncryptionUnsupported => ProblemType::DocumentEncrypted,
        ErrorKind::SourceUnreadable => return Failure::new("cannot read an upload").because(error).into(),
        _ => ProblemType::DocumentRefused,
    };
    let mut problem = Problem::new(kind);
    if kind == ProblemType::DocumentRefused {
        problem.findings = vec![error.kind().name().to_owned()];
    }
    problem.into()
}

/// Gives the PDF, whole or the range asked for (RFC 9110 14).
pub(super) fn fetch(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = FetchAgreement::decode(&visit.request)?;
    let (agreement, mut file) = stored(service, &asked.document_id, user)?;
    let etag = format!("\"{}\"", random::hex(&agreement.sha256));
    // RFC 9110 13.1.5: with another tag than the current one, the range is not honoured and the whole is sent.
    let current = asked.if_range.as_ref().is_none_or(|tag| *tag == etag);
    let mut response = Response::new(200);
    let (start, len, sha256) = match asked.range.filter(|_| current) {
        None => (0, agreement.size, agreement.sha256),
        Some((first, _)) if first >= agreement.size => {
            let mut refusal = Problem::new(ProblemType::RangeNotSatisfiable).encode();
            refusal.headers.set(CONTENT_RANGE, format!("bytes */{}", agreement.size));
            return Ok(refusal.into());
        }
        Some((first, last)) => {
            let last = last.unwrap_or(u64::MAX).min(agreement.size.saturating_sub(1));
            let len = last.saturating_sub(first).saturating_add(1);
            response.status = 206;
            response.headers.set(CONTENT_RANGE, format!("bytes {first}-{last}/{}", agreement.size));
            (first, len, hash_part(&mut file, first, len)?)
        }
    };
    response.headers.set(CONTENT_TYPE, PDF);
    response.headers.set(ETAG, etag);
    response.headers.set("Accept-Ranges", "bytes");
    response.headers.set("Cache-Control", "no-store");
    // RFC 9530 2: the digest of what this answer carries.
    response.headers.set(CONTENT_DIGEST, content_digest::encode(&sha256));
    Ok(Reply { response, file: Some(FileBody { file, start, len }) })
}

/// The agreement and its open file. Once more if the file is gone: a signature was completed between the two.
fn stored(service: &Service, id: &str, user: &str) -> Result<(documents::Agreement, File), No> {
    let find = || service.store.transact(|tx| documents::seen_by(tx, id, user)?.ok_or(No::from(ProblemType::DocumentUnknown)));
    let first = find()?;
    if let Ok(file) = File::open(service.documents().join(&first.file)) {
        return Ok((first, file));
    }
    let second = find()?;
    let file = File::open(service.documents().join(&second.file)).map_err(Failure::at("a document is missing"))?;
    Ok((second, file))
}

fn hash_part(file: &mut File, start: u64, len: u64) -> Result<[u8; 32], Failure> {
    let doing = "cannot read a document";
    file.seek(SeekFrom::Start(start)).map_err(Failure::at(doing))?;
    let mut part = file.take(len);
    let mut hasher = Sha256::new();
    let mut piece = vec![0_u8; 128 << 10];
    loop {
        match part.read(&mut piece).map_err(Failure::at(doing))? {
            0 => return Ok(hasher.finalize().into()),
            n => hasher.update(piece.get(..n).unwrap_or_default()),
        }
    }
}

/// Gives the agreement's audit records.
pub(super) fn audit(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = AuditAgreement::decode(&visit.request)?;
    service.store.transact(|tx| {
        if !documents::was_seen_by(tx, &asked.document_id, user)? {
            return Err(ProblemType::DocumentUnknown.into());
        }
        Ok::<_, No>(Audit(records::list(tx, &asked.document_id)?).encode().into())
    })
}
