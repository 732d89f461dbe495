//! The text fields of a package's document: filled by the owner while the package is a draft, by an update of the document that is its own and that
//! every recipient is shown and signs over. Reading and writing the PDF is the core's `sign` room's work; here stand who may, and the order of store and file.

use super::super::agreements::unreadable;
use super::super::once::Once;
use super::super::{No, Service, Visit};
use super::owner::{draft, touch};
use super::view;
use crate::failure::Failure;
use crate::random;
use crate::store::Transaction;
use crate::store::audit as records;
use crate::store::documents::{self, Agreement};
use crate::store::packages::{self, Package};
use crate::web::Reply;
use std::path::Path;
use thrivosign::appearance::Font;
use thrivosign::crypto::digest::{DigestAlgorithm, Hasher};
use thrivosign::host::file::{Durability, FileSink, FileSource};
use thrivosign::pdf::Document;
use thrivosign::pdf::Source;
use thrivosign::remote::package::fill_fields::FillFields;
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::sign::{Unfilled, Unfit, fill_texts};
use thrivosign::{Error, ErrorKind};

/// How much of a document is copied at a time.
const PIECE: usize = 128 << 10;

/// Fills the fields, once per idempotency key.
pub(in crate::api) fn fill_fields(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = FillFields::decode(&visit.request)?;
    let now = visit.now;
    let call = [visit.request.path.as_bytes(), b"\0", visit.request.body.bytes()].concat();
    let once = Once::of(service, (user, "fillPackageFields", &asked.idempotency_key), &call, now)?;
    let open = |tx: &Transaction<'_>| -> Result<(Package, Agreement), No> {
        let package = draft(tx, &asked.package_id, user, now)?;
        let inside = packages::documents(tx, &package.id)?.iter().any(|document| document.id == asked.document_id);
        let agreement = documents::of_user(tx, &asked.document_id, user)?.filter(|_| inside).ok_or(ProblemType::DocumentUnknown)?;
        Ok((package, agreement))
    };
    let answered = service.store.transact(|tx| match once.answered(tx)? {
        Some(answer) => Ok::<_, No>(Err(answer)),
        None => Ok(Ok(open(tx)?.1)),
    })?;
    let agreement = match answered {
        Ok(agreement) => agreement,
        Err(answer) => return Ok(answer),
    };
    let (filled, sink) = filled(service.documents(), &agreement, &asked.values, service.field_font())?;
    let mut sink = Some(sink);
    let reply = service.store.transact(|tx| {
        if let Some(answer) = once.answered(tx)? {
            return Ok(answer);
        }
        let (mut package, stands) = open(tx)?;
        // Filled by another call meanwhile: what was written here lacks its values.
        if stands.sha256 != agreement.sha256 {
            return Err(ProblemType::PackageState.into());
        }
        documents::replace(tx, &filled, now)?;
        touch(tx, &mut package, now)?;
        // The values are the agreement's own, which records do not repeat.
        let detail = format!("package {}, {} fields, sha256 {}", package.id, asked.values.len(), random::hex(&filled.sha256));
        records::append(tx, &agreement.id, user, "fields filled", Some(&detail), now)?;
        let response = view(tx, &package, user)?.encode(200);
        once.keep(tx, &response)?;
        if let Some(sink) = sink.take() {
            // As with uploads: the file stands before the record that names it.
            sink.finish().map_err(Failure::at("cannot file a filled document"))?;
        }
        Ok::<_, No>(response.into())
    })?;
    if sink.is_none() {
        // What cannot be removed now is removed at the next start.
        let _ = std::fs::remove_file(service.documents().join(&agreement.file));
    }
    Ok(reply)
}

/// Writes the filled document beside the one that stands; it gets its name when the sink is finished.
fn filled(folder: &Path, agreement: &Agreement, values: &[(String, String)], font: &Font) -> Result<(Agreement, FileSink), No> {
    let source = FileSource::open(&folder.join(&agreement.file)).map_err(Failure::at("a document cannot be read"))?;
    let document = Document::open(&source).map_err(unreadable)?;
    let revision = fill_texts(&document, values, font, random::bytes::<16>()?).map_err(refused)?;
    let file = format!("{}-{}.pdf", agreement.id, random::id("fil-")?);
    let doing = "cannot write a filled document";
    let mut sink = FileSink::create(&folder.join(&file), Durability::Fsync).map_err(Failure::at(doing))?;
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    let mut write = |bytes: &[u8]| {
        hasher.update(bytes);
        sink.write(bytes).map_err(Failure::at(doing))
    };
    let mut piece = vec![0; PIECE];
    let mut at = 0;
    while at < agreement.size {
        let len = usize::try_from(agreement.size - at).unwrap_or(PIECE).min(PIECE);
        let part = piece.get_mut(..len).unwrap_or_default();
        source.read_exact_at(at, part).map_err(Failure::at("a document cannot be read"))?;
        write(part)?;
        at += len as u64;
    }
    write(&revision)?;
    let mut sha256 = [0; 32];
    sha256.copy_from_slice(&hasher.finish());
    let (id, pages, signatures) = (agreement.id.clone(), agreement.pages, agreement.signatures);
    Ok((Agreement { id, sha256, size: agreement.size + revision.len() as u64, pages, signatures, file }, sink))
}

fn refused(no: Unfilled) -> No {
    let (name, why) = match no {
        Unfilled::Field { name, why } => (name, why),
        Unfilled::Document(error) => return unfillable(error),
    };
    let kind = match why {
        Unfit::Unknown => ProblemType::FormFieldUnknown,
        Unfit::ReadOnly => ProblemType::FormFieldReadOnly,
        Unfit::TooLong => ProblemType::FormValueTooLong,
        Unfit::Unrepresentable => ProblemType::FormValueUnrepresentable,
        Unfit::NoRoom => ProblemType::FormValueHasNoRoom,
        _ => ProblemType::FormFieldNotText,
    };
    Problem::new(kind).detail(format!("field {name}")).into()
}

fn unfillable(error: Error) -> No {
    match error.kind() {
        ErrorKind::SigningForbidden => ProblemType::DocumentSigned.into(),
        _ => unreadable(error),
    }
}
