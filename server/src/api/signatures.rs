//! Signatures of submit mode: the server prepares, the device checks everything and signs, the server completes. What is
//! prepared and completed is the core's `sign` room's work; here stand who may ask, and the order of store and file.

use super::agreements::{trust, unreadable};
use super::keys;
use super::once::Once;
use super::packages::turn;
use super::signature_images::drawn;
use super::{No, Service, Visit};
use crate::failure::Failure;
use crate::random;
use crate::store::audit as records;
use crate::store::credentials::{self, Credential};
use crate::store::documents::{self, Agreement};
use crate::store::signatures::{self, Session};
use crate::web::Reply;
use sha2::{Digest, Sha256};
use std::path::Path;
use thrivosign::appearance::Appearance;
use thrivosign::crypto::digest::{DigestAlgorithm, Hasher};
use thrivosign::host::file::{Durability, FileSink, FileSource};
use thrivosign::journey::deferred::{Paused, complete as complete_signature};
use thrivosign::journey::extend::Extending;
use thrivosign::journey::sign::SignOptions;
use thrivosign::journey::stamp::TimeStampAuthority;
use thrivosign::journey::submit::{goal_of, level_of};
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::pdf::{Document, Rect};
use thrivosign::pki::algorithm::SignatureAlgorithm;
use thrivosign::pki::certificate::Certificate;
use thrivosign::remote::activate_credential_response::ShaAlgo;
use thrivosign::remote::complete_signature::{CompleteSignature, CompletedSignature};
use thrivosign::remote::http::Response;
use thrivosign::remote::package::Place;
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::start_signature::{Level, PreparedSignature, StartSignature};
use thrivosign::sign::{Placement, Prepared, SignatureRequest, SigningIdentity, prepare};
use thrivosign::verify::{Policy, VerifyOptions, verify};
use thrivosign::{Error, ErrorKind, Progress, Time};
use zeroize::Zeroizing;

/// How long raising a signature may take, in seconds.
const RAISING_SECONDS: i64 = 30;

/// Prepares a signature, once per idempotency key.
pub(super) fn start(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = StartSignature::decode(&visit.request)?;
    let now = visit.now;
    let call = [asked.document_id.as_bytes(), b"\0", visit.request.body.bytes()].concat();
    let once = Once::of(service, (user, "startSignature", &asked.idempotency_key), &call, now)?;
    if let Some(answer) = service.store.transact(|tx| once.answered(tx))? {
        return Ok(answer);
    }
    let mut request = wanted(&asked, now)?;
    if asked.appearance_image {
        request.appearance.image = Some(drawn(service, user)?);
    }
    if asked.level != Level::BB {
        request.extra_room = SignatureRequest::TOKEN_ROOM;
    }
    let (agreement, credential, recipient) = service.store.transact(|tx| {
        let agreement = documents::seen_by(tx, &asked.document_id, user)?.ok_or(ProblemType::DocumentUnknown)?;
        let credential = credentials::of_user(tx, &asked.credential_id, user)?.ok_or(ProblemType::CredentialUnknown)?;
        usable(&credential)?;
        let place = Place { field: asked.field.clone(), page: asked.page, rect: asked.rect };
        let recipient = turn::begin(tx, &agreement.id, user, &place, now)?;
        Ok::<_, No>((agreement, credential, recipient))
    })?;
    let identity = identity(service, &credential)?;
    let source = FileSource::open(&service.documents().join(&agreement.file)).map_err(Failure::at("a document cannot be read"))?;
    let document = Document::open(&source).map_err(unreadable)?;
    let prepared = prepare(&document, &request, &identity, random::bytes::<16>()?, &Progress::default()).map_err(refused)?;
    let digest_algo = match prepared.digest_algorithm() {
        DigestAlgorithm::Sha256 => ShaAlgo::Sha256,
        DigestAlgorithm::Sha512 => ShaAlgo::Sha512,
        _ => return Err(malformed("credentialID: this call signs with SHA-256 and SHA-512 alone; sign on the device")),
    };
    let id = random::id("sig-")?;
    let answer = PreparedSignature {
        signature_id: id.clone(),
        revision_offset: prepared.source_len(),
        revision: prepared.revision().to_vec(),
        byte_range: prepared.byte_range(),
        signed_attributes: prepared.to_be_signed().map_err(refused)?.message().to_vec(),
        digest_algo,
    }
    .encode();
    let session = Session {
        id,
        credential: credential.id,
        state: signatures::AWAITING.to_owned(),
        base: agreement.sha256,
        level: asked.level,
        recipient,
        prepared: prepared.to_blob(&service.blob_key).map_err(Failure::at("cannot keep a prepared document"))?,
        value: None,
        answer: None,
    };
    service.store.transact(|tx| {
        if let Some(answer) = once.answered(tx)? {
            return Ok(answer);
        }
        signatures::add(tx, &session, &agreement.id, now)?;
        let detail = format!("signature {}, credential {}", session.id, session.credential);
        records::append(tx, &agreement.id, user, "prepared", Some(&detail), now)?;
        once.keep(tx, &answer)?;
        Ok::<_, No>(answer.into())
    })
}

fn malformed(what: &'static str) -> No {
    Problem::new(ProblemType::MalformedRequest).detail(what).into()
}

/// What was asked for, as the core takes it.
fn wanted(asked: &StartSignature, now: Time) -> Result<SignatureRequest, No> {
    let mut request = SignatureRequest::new(now);
    request.placement = match (asked.page, asked.rect) {
        (None, None) => Placement::Invisible,
        (Some(page), Some([x, y, width, height])) => {
            Placement::Visible { page, rect: Rect { x0: x, y0: y, x1: x + width, y1: y + height } }
        }
        _ => return Err(malformed("page, rect: both or neither")),
    };
    request.field.clone_from(&asked.field);
    request.reason.clone_from(&asked.reason);
    request.location.clone_from(&asked.location);
    request.contact.clone_from(&asked.contact);
    if let Some(text) = &asked.appearance_text {
        request.appearance = Appearance::lines(text.lines());
    }
    Ok(request)
}

fn usable(credential: &Credential) -> Result<(), No> {
    if credential.state == credentials::ACTIVATED { Ok(()) } else { Err(ProblemType::CredentialState.into()) }
}

/// The credential's chain with the algorithm that the library signs with for its kind of key.
fn identity(service: &Service, credential: &Credential) -> Result<SigningIdentity, No> {
    let [issuing, root] = service.authority.chain();
    let chain = [&credential.der, issuing, root].into_iter().map(Certificate::from_der).collect::<Result<Vec<_>, _>>();
    let chain = chain.map_err(Failure::at("a stored certificate is damaged"))?;
    let key = chain.first().map(|leaf| leaf.public_key().algorithm());
    let algorithm = key.and_then(SignatureAlgorithm::preferred_for).ok_or(ProblemType::CredentialState)?;
    Ok(SigningIdentity::new(chain, algorithm).map_err(Failure::at("a stored chain cannot sign"))?)
}

/// Why the core does not prepare this, as the client is told.
fn refused(error: Error) -> No {
    match error.kind() {
        ErrorKind::InvalidArgument
        | ErrorKind::FieldUnusable
        | ErrorKind::PageNotFound
        | ErrorKind::BoxUnusable
        | ErrorKind::TextUnrepresentable
        | ErrorKind::SignatureRoomExceeded => {
            let mut problem = Problem::new(ProblemType::FieldRefused);
            problem.findings = vec![error.kind().name().to_owned()];
            problem.into()
        }
        ErrorKind::CertificateExpired | ErrorKind::CertificateUnsuitable => ProblemType::CredentialState.into(),
        _ => unreadable(error),
    }
}

/// Completes a signature with the device's value. The same value again gets the same answer, another value is refused.
pub(super) fn complete(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = CompleteSignature::decode(&visit.request)?;
    let now = visit.now;
    let value_hash: [u8; 32] =
        Sha256::new().chain_update(&asked.sign_algo).chain_update(b"\0").chain_update(&asked.signature).finalize().into();
    let open = |tx: &crate::store::Transaction<'_>| {
        let agreement = documents::seen_by(tx, &asked.document_id, user)?.ok_or(ProblemType::DocumentUnknown)?;
        let session = signatures::find(tx, &asked.signature_id, &agreement.id)?.ok_or(ProblemType::SignatureUnknown)?;
        if session.state == signatures::COMPLETED {
            return if session.value == Some(value_hash) { Ok(Step::Done(session)) } else { Err(ProblemType::SigningConflict.into()) };
        }
        // Another signature was completed meanwhile: what was prepared no longer follows the document.
        if session.base != agreement.sha256 {
            return Err(ProblemType::SigningConflict.into());
        }
        usable(&credentials::of_user(tx, &session.credential, user)?.ok_or(ProblemType::CredentialUnknown)?)?;
        turn::hold(tx, &agreement.id, user, session.recipient.as_deref(), now)?;
        Ok::<_, No>(Step::Open(agreement, session))
    };
    let (agreement, session) = match service.store.transact(open)? {
        Step::Done(session) => return Ok(same_again(session).into()),
        Step::Open(agreement, session) => (agreement, session),
    };
    let prepared = Prepared::from_blob(&session.prepared, &service.blob_key).map_err(Failure::at("a prepared document is damaged"))?;
    let algorithm = keys::algorithm_named(&asked.sign_algo).ok_or(ProblemType::SignatureWrong)?;
    if algorithm != *prepared.identity().algorithm() {
        return Err(Problem::new(ProblemType::SignatureWrong).detail("signAlgo: not the algorithm this was prepared for").into());
    }
    let target = format!("{}-{}.pdf", agreement.id, session.id);
    let (finished, level, sink) = finish(service, &agreement, prepared, session.level, &asked.signature, &target, now)?;
    let answer = CompletedSignature { level }.encode();
    let mut sink = Some(sink);
    let reply = service.store.transact(|tx| {
        if let Step::Done(session) = open(tx)? {
            return Ok(same_again(session).into());
        }
        if !signatures::complete(tx, &session.id, value_hash, &answer.body)? {
            return Err(ProblemType::SigningConflict.into());
        }
        documents::replace(tx, &finished, now)?;
        let detail = format!("signature {}, level {}, sha256 {}", session.id, level.as_str(), random::hex(&finished.sha256));
        records::append(tx, &agreement.id, user, "signed", Some(&detail), now)?;
        if let Some(recipient) = &session.recipient {
            turn::signed(tx, &agreement.id, user, recipient, now)?;
        }
        if let Some(sink) = sink.take() {
            // As with uploads: the file stands before the record that names it.
            sink.finish().map_err(Failure::at("cannot file a signed document"))?;
        }
        Ok::<_, No>(answer.clone().into())
    })?;
    if session.recipient.is_some() {
        service.tell_waiting();
    }
    if sink.is_none() {
        // The version before is part of the new one. What cannot be removed now is removed at the next start.
        let _ = std::fs::remove_file(service.documents().join(&agreement.file));
    }
    Ok(reply)
}

/// How a completing call finds its session.
enum Step {
    Open(Agreement, Session),
    Done(Session),
}

fn same_again(session: Session) -> Response {
    let mut response = CompletedSignature { level: Level::BB }.encode();
    if let Some(answer) = session.answer {
        response.body = Zeroizing::new(answer);
    }
    response
}

/// Writes the signed file beside the document, raised as far as was asked and possible, and checks it with the library's own verifier; it gets its name
/// when the sink is finished.
fn finish(
    service: &Service,
    agreement: &Agreement,
    prepared: Prepared,
    asked: Level,
    value: &[u8],
    target: &str,
    now: Time,
) -> Result<(Agreement, Level, FileSink), No> {
    let folder: &Path = service.documents();
    let source = Input::open(&folder.join(&agreement.file)).map_err(Failure::at("a document cannot be read"))?;
    let mut sink = FileSink::create(&folder.join(target), Durability::Fsync).map_err(Failure::at("cannot write a signed document"))?;
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    let mut write = |bytes: &[u8]| {
        hasher.update(bytes);
        sink.write(bytes)
    };
    let trust = trust(service)?;
    let authorities = [TimeStampAuthority::new(service.trust.tsa())];
    let raise = goal_of(asked).map(|goal| Extending {
        goal,
        trust: &trust,
        authorities: &authorities,
        fetcher: Some(&*service.trust),
        evidence: None,
        // What the services say while this goes on is of a moment after this one.
        time: Some(now.plus(RAISING_SECONDS)),
    });
    let (paused, options) = (Paused::Proven(prepared), SignOptions { raise: raise.as_ref(), ..SignOptions::default() });
    let signed = complete_signature(&paused, value, &source, Target::Stream(&mut write), options, &Limits::default(), None);
    let signed = signed.map_err(|error| match error.kind() {
        ErrorKind::KeySignatureWrong => No::from(ProblemType::SignatureWrong),
        ErrorKind::DocumentChanged => ProblemType::SigningConflict.into(),
        _ => Failure::new("cannot complete a signature").because(error).into(),
    })?;
    let back = sink.read_back().map_err(Failure::at("cannot read a signed document back"))?;
    let options =
        VerifyOptions { trust: &trust, time: now.plus(RAISING_SECONDS), policy: Policy::default(), password: None, evidence: None };
    let report = verify(&back, &options, &Progress::default()).map_err(Failure::at("a signed document cannot be verified"))?;
    if !report.signatures.iter().any(|signature| signature.field == signed.field() && signature.clean) {
        return Err(Failure::new("a signed document did not pass the verifier").into());
    }
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(&hasher.finish());
    let finished = Agreement {
        id: agreement.id.clone(),
        sha256,
        size: signed.file_len(),
        pages: agreement.pages,
        signatures: report.document.signed_fields.len() as u64,
        file: target.to_owned(),
    };
    Ok((finished, level_of(signed.raised().and_then(|raised| raised.level)), sink))
}
