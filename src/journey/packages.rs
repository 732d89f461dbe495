//! The room `journey`: packages, that is agreements that several people sign in order. Takes a session; for the owner makes, fills and shares one, for
//! a recipient tells what waits, brings the document and signs it as [`submit`](super::submit) does: the service prepares, the device checks and
//! signs. What the service says of a package is shown to people and decides nothing here but what is asked for next.

use super::filed::fetch_part;
use super::input::Input;
use super::output::Target;
use super::pace::fresh_id;
use super::retry::{Limits, Watch};
use super::session::Session;
use super::submit::{Attempt, Submission, Submitted, submit_again};
use super::upload;
use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::error::{Error, ErrorKind, Result};
use crate::host::file::FileSink;
use crate::pdf::Rect;
use crate::remote::http::Request;
use crate::remote::package::add_document::AddDocument;
use crate::remote::package::add_recipient::AddRecipient;
use crate::remote::package::cancel::CancelPackage;
use crate::remote::package::create::CreatePackage;
use crate::remote::package::decline::DeclinePackage;
use crate::remote::package::fill_fields::FillFields;
use crate::remote::package::list::{ListPackages, Packages};
use crate::remote::package::share::SharePackage;
use crate::remote::package::{MAX_ANSWER, status as status_call};
use crate::remote::schema::Access;
use crate::sign::{Placement, SignatureRequest};

pub use crate::remote::package::list::Show;
pub use crate::remote::package::{Package, PackageDocument, PackageState, Place, Recipient, RecipientState};

/// Who is asked for a signature, and for which.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The name that the person logs in with.
    pub user: &'a str,
    /// From 1; whoever has a lower one signs before, and those of the same in any order.
    pub order: u32,
    /// The document of the package.
    pub document_id: &'a str,
    /// Where.
    pub place: Place,
}

fn send(session: &Session, request: Request, limits: &Limits) -> Result<Package> {
    Package::decode(&session.send(Access::Token, request, MAX_ANSWER as u64, limits)?)
}

/// After the call there is an empty package that ends by itself after so many seconds, or after a month.
///
/// # Errors
/// What the service or the network says; so for every function here.
pub fn create(session: &Session, name: &str, expires_in: Option<u64>, limits: &Limits) -> Result<Package> {
    let call = CreatePackage { idempotency_key: fresh_id(session.pace())?, name: name.to_owned(), expires_in };
    send(session, call.encode(), limits)
}

/// Sends a document and puts it into the package, the last of those in the answer.
///
/// # Errors
/// [`ErrorKind::DocumentChanged`] if the service stored something else than was sent; [`ErrorKind::DocumentRefused`].
pub fn add_document(
    session: &Session,
    package_id: &str,
    input: &Input,
    file_name: &str,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Package> {
    let document_id = upload::submit(session, input, file_name, limits, watch)?;
    send(session, AddDocument { package_id: package_id.to_owned(), document_id }.encode()?, limits)
}

/// Asks a person for a signature.
///
/// # Errors
/// [`ErrorKind::ServiceRefused`] once the package was shared.
pub fn assign(session: &Session, package_id: &str, asked: &Asked<'_>, limits: &Limits) -> Result<Package> {
    let call = AddRecipient {
        idempotency_key: fresh_id(session.pace())?,
        package_id: package_id.to_owned(),
        user: asked.user.to_owned(),
        order: asked.order,
        document_id: asked.document_id.to_owned(),
        place: asked.place.clone(),
    };
    send(session, call.encode()?, limits)
}

/// Fills text fields of a document of the package, by their fully qualified names, before it is shared: all of them or none.
///
/// # Errors
/// [`ErrorKind::DocumentRefused`] if one of them does not take its value, or somebody has signed: [`Error::problem`] says why;
/// [`ErrorKind::ServiceRefused`] once the package was shared.
pub fn fill(session: &Session, package_id: &str, document_id: &str, values: &[(&str, &str)], limits: &Limits) -> Result<Package> {
    let call = FillFields {
        idempotency_key: fresh_id(session.pace())?,
        package_id: package_id.to_owned(),
        document_id: document_id.to_owned(),
        values: values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
    };
    send(session, call.encode()?, limits)
}

/// After the call the package can no longer be changed, and the first recipients have their turn.
///
/// # Errors
/// [`ErrorKind::ServiceRefused`] if a document of it has nobody to sign it.
pub fn share(session: &Session, package_id: &str, limits: &Limits) -> Result<Package> {
    send(session, SharePackage { idempotency_key: fresh_id(session.pace())?, package_id: package_id.to_owned() }.encode()?, limits)
}

/// Where a package stands.
///
/// # Errors
/// [`ErrorKind::RecordNotFound`] for one that is not the user's to see.
pub fn status(session: &Session, package_id: &str, limits: &Limits) -> Result<Package> {
    send(session, status_call::request(package_id)?, limits)
}

/// The user's packages, newest first.
///
/// # Errors
/// What the service or the network says.
pub fn list(session: &Session, show: Show, limits: &Limits) -> Result<Vec<Package>> {
    Ok(Packages::decode(&session.send(Access::Token, ListPackages { show }.encode(), MAX_ANSWER as u64, limits)?)?.0)
}

/// Says no in the user's turn, which ends the package for everybody.
///
/// # Errors
/// [`ErrorKind::ServiceRefused`] if it is not the user's turn.
pub fn decline(session: &Session, package_id: &str, reason: &str, limits: &Limits) -> Result<Package> {
    let (package_id, reason) = (package_id.to_owned(), reason.to_owned());
    send(session, DeclinePackage { idempotency_key: fresh_id(session.pace())?, package_id, reason }.encode()?, limits)
}

/// Takes the user's own package back.
///
/// # Errors
/// [`ErrorKind::ServiceRefused`] if everybody has signed.
pub fn cancel(session: &Session, package_id: &str, reason: &str, limits: &Limits) -> Result<Package> {
    let (package_id, reason) = (package_id.to_owned(), reason.to_owned());
    send(session, CancelPackage { idempotency_key: fresh_id(session.pace())?, package_id, reason }.encode()?, limits)
}

/// Brings a document of a package, piece by piece. After the call `write` has had the very bytes whose SHA-256 the package named.
///
/// # Errors
/// [`ErrorKind::DocumentChanged`] if it is no longer that document: somebody signed it meanwhile; what `write` got is then to be thrown away.
pub fn fetch(
    session: &Session,
    document: &PackageDocument,
    write: &mut dyn FnMut(&[u8]) -> Result<()>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<()> {
    let changed = || Error::new(ErrorKind::DocumentChanged).context("not the document that the package named");
    limits.run(session.pace(), watch, |progress| {
        let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
        let mut etag: Option<String> = None;
        let mut at = 0_u64;
        while at < document.size {
            let part = fetch_part(session, &document.document_id, at, etag.as_deref(), limits)?;
            if part.total != document.size || etag.get_or_insert_with(|| part.etag.clone()) != &part.etag {
                return Err(changed());
            }
            progress.advance(at, document.size)?;
            write(&part.bytes)?;
            hasher.update(&part.bytes);
            at = at.saturating_add(part.bytes.len() as u64);
        }
        if hasher.finish() == document.sha256 { Ok(()) } else { Err(changed()) }
    })
}

/// The same to a target. After the call the very document that the package named is there.
///
/// # Errors
/// As [`fetch`], and [`ErrorKind::OutputUnwritable`]: a file or memory is then as it was.
pub fn fetch_to(session: &Session, document: &PackageDocument, target: Target<'_>, limits: &Limits, watch: Watch<'_>) -> Result<()> {
    match target {
        Target::File { path, durability } => {
            let mut sink = FileSink::create(path, durability)?;
            fetch(session, document, &mut |part| sink.write(part), limits, watch)?;
            sink.finish()
        }
        Target::Memory(bytes) => {
            let mut whole = Vec::new();
            let mut keep = |part: &[u8]| {
                whole.try_reserve(part.len()).map_err(|_| Error::new(ErrorKind::OutputUnwritable).context("memory"))?;
                whole.extend_from_slice(part);
                Ok(())
            };
            fetch(session, document, &mut keep, limits, watch)?;
            *bytes = whole;
            Ok(())
        }
        Target::Stream(write) => fetch(session, document, write, limits, watch),
    }
}

/// The next signature that the package asks of the user, who has the turn.
///
/// # Errors
/// [`ErrorKind::WrongOrder`] if nothing in it waits for the user.
pub fn next(package: &Package) -> Result<&Recipient> {
    let next = package.recipients.iter().find(|one| one.you && one.turn);
    next.ok_or_else(|| Error::new(ErrorKind::WrongOrder).context("nothing in the package waits for this user"))
}

/// The request with field and box where the recipient is asked to sign, as far as that was said.
#[must_use]
pub fn placed(request: SignatureRequest, place: &Place) -> SignatureRequest {
    let field = place.field.clone().or_else(|| request.field.clone());
    let placement = match (place.page, place.rect) {
        (Some(page), Some([x, y, width, height])) => {
            Placement::Visible { page, rect: Rect { x0: x, y0: y, x1: x + width, y1: y + height } }
        }
        _ => request.placement.clone(),
    };
    SignatureRequest { field, placement, ..request }
}

/// Signs a document of a package in the user's turn: as [`submit`](super::submit::submit()), but of a document that the service holds and `input` has
/// the bytes of. The device checks what the service prepared against those bytes, so that what is signed is what was shown.
///
/// # Errors
/// As [`submit`](super::submit::submit()); [`ErrorKind::ServiceRefused`] out of turn, [`ErrorKind::DocumentRefused`] in another place than was asked.
pub fn sign(
    session: &Session,
    document_id: &str,
    input: &Input,
    target: Target<'_>,
    submission: &Submission<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Submitted> {
    submit_again(session, input, target, submission, &mut Attempt::of_agreement(session, document_id)?, limits, watch)
}

/// As [`sign`], of what somebody is asked for, where it is asked.
///
/// # Errors
/// As [`sign`].
pub fn sign_asked(
    session: &Session,
    asked: &Recipient,
    input: &Input,
    target: Target<'_>,
    submission: &Submission<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Submitted> {
    let request = placed(submission.request.clone(), &asked.place);
    sign(session, &asked.document_id, input, target, &Submission { request: &request, ..*submission }, limits, watch)
}
