//! What the owner of a package does: makes it, fills it, shares it, takes it back. To everybody else, recipients included, these calls answer as if
//! there were no such package.

use super::super::{No, Service, Visit};
use super::{once, open, step, view};
use crate::random;
use crate::store::Transaction;
use crate::store::packages::{self, Package};
use crate::store::recipients::{self, Recipient};
use crate::store::{audit as records, documents, templates};
use crate::web::Reply;
use thrivosign::Time;
use thrivosign::remote::package::add_document::AddDocument;
use thrivosign::remote::package::add_recipient::AddRecipient;
use thrivosign::remote::package::cancel::CancelPackage;
use thrivosign::remote::package::create::CreatePackage;
use thrivosign::remote::package::share::SharePackage;
use thrivosign::remote::package::{PackageState, RecipientState};
use thrivosign::remote::problem::{Problem, ProblemType};

/// How long a package waits if nothing is said, in seconds.
const EXPIRES_IN: u64 = 30 * 86_400;
/// Most documents of a package.
const DOCUMENTS: usize = 20;
/// Most signatures that a package asks for.
const RECIPIENTS: usize = 50;

/// Makes an empty package.
pub(in crate::api) fn create(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = CreatePackage::decode(&visit.request)?;
    let now = visit.now;
    once(service, &visit, ("createPackage", &asked.idempotency_key), |tx, user| {
        let package = new_package(user, &asked.name, asked.expires_in, now)?;
        packages::add(tx, &package)?;
        Ok(view(tx, &package, user)?.encode(201))
    })
}

/// A package of that user in which there is nothing yet.
pub(in crate::api) fn new_package(user: &str, name: &str, expires_in: Option<u64>, now: Time) -> Result<Package, No> {
    let seconds = i64::try_from(expires_in.unwrap_or(EXPIRES_IN)).unwrap_or(i64::MAX);
    Ok(Package {
        id: random::id("pkg-")?,
        owner: user.to_owned(),
        name: name.to_owned(),
        state: PackageState::Draft,
        version: 1,
        reason: None,
        created: now,
        expires: now.plus(seconds),
    })
}

/// The user's own package.
fn own(tx: &Transaction<'_>, id: &str, user: &str, now: Time) -> Result<Package, No> {
    let package = open(tx, id, user, now)?;
    if package.owner == user { Ok(package) } else { Err(ProblemType::PackageUnknown.into()) }
}

/// The user's own package while it can still be changed.
pub(super) fn draft(tx: &Transaction<'_>, id: &str, user: &str, now: Time) -> Result<Package, No> {
    let package = own(tx, id, user, now)?;
    if package.state == PackageState::Draft { Ok(package) } else { Err(ProblemType::PackageState.into()) }
}

/// Puts an agreement into a package. One that is in it already stays there.
pub(in crate::api) fn add_document(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = AddDocument::decode(&visit.request)?;
    let now = visit.now;
    service.store.transact(|tx| {
        let mut package = own(tx, &asked.package_id, user, now)?;
        let document = documents::of_user(tx, &asked.document_id, user)?.ok_or(ProblemType::DocumentUnknown)?;
        if packages::of_document(tx, &document.id)?.is_some_and(|other| other.id == package.id) {
            return Ok(view(tx, &package, user)?.encode(200).into());
        }
        package = draft(tx, &asked.package_id, user, now)?;
        if packages::of_document(tx, &document.id)?.is_some() || templates::holds(tx, &document.id)? {
            return Err(Problem::new(ProblemType::PackageState).detail("documentID: it is in another package or a template").into());
        }
        if packages::documents(tx, &package.id)?.len() >= DOCUMENTS {
            return Err(ProblemType::PackageFull.into());
        }
        packages::put(tx, &package.id, &document.id)?;
        touch(tx, &mut package, now)?;
        let detail = format!("package {}", package.id);
        records::append(tx, &document.id, user, "package added", Some(&detail), now)?;
        Ok::<_, No>(view(tx, &package, user)?.encode(200).into())
    })
}

/// Counts a change that leaves the state as it is.
pub(super) fn touch(tx: &Transaction<'_>, package: &mut Package, now: Time) -> Result<(), No> {
    let state = package.state;
    if packages::change(tx, package, state, None, now)? { Ok(()) } else { Err(ProblemType::PackageState.into()) }
}

/// Asks somebody for a signature.
pub(in crate::api) fn add_recipient(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = AddRecipient::decode(&visit.request)?;
    let now = visit.now;
    once(service, &visit, ("addRecipient", &asked.idempotency_key), |tx, user| {
        let mut package = draft(tx, &asked.package_id, user, now)?;
        let inside = packages::documents(tx, &package.id)?;
        let document = inside.iter().find(|document| document.id == asked.document_id).ok_or(ProblemType::DocumentUnknown)?;
        if asked.place.page.is_some_and(|page| page == 0 || u64::from(page) > document.pages) {
            let mut problem = Problem::new(ProblemType::FieldRefused);
            problem.findings = vec!["page_not_found".to_owned()];
            return Err(problem.into());
        }
        if recipients::list(tx, &package.id)?.len() >= RECIPIENTS {
            return Err(ProblemType::PackageFull.into());
        }
        let new = Recipient {
            id: random::id("rcp-")?,
            document: document.id.clone(),
            user: asked.user.clone(),
            account: None,
            order: asked.order,
            place: asked.place.clone(),
            state: RecipientState::Pending,
        };
        recipients::add(tx, &package.id, &new, now)?;
        touch(tx, &mut package, now)?;
        let detail = format!("package {}, recipient {}, order {}", package.id, new.id, new.order);
        records::append(tx, &document.id, user, "recipient added", Some(&detail), now)?;
        Ok(view(tx, &package, user)?.encode(201))
    })
}

/// Gives the first recipients their turn.
pub(in crate::api) fn share(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = SharePackage::decode(&visit.request)?;
    let now = visit.now;
    once(service, &visit, ("sharePackage", &asked.idempotency_key), |tx, user| {
        let mut package = draft(tx, &asked.package_id, user, now)?;
        let asked_for = recipients::list(tx, &package.id)?;
        let idle = packages::documents(tx, &package.id)?.iter().any(|inside| asked_for.iter().all(|one| one.document != inside.id));
        if asked_for.is_empty() || idle {
            return Err(ProblemType::PackageIncomplete.into());
        }
        step(tx, &mut package, PackageState::Shared, (user, None), now)?;
        Ok(view(tx, &package, user)?.encode(200))
    })
}

/// Takes a package back that not everybody has signed.
pub(in crate::api) fn cancel(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = CancelPackage::decode(&visit.request)?;
    let now = visit.now;
    once(service, &visit, ("cancelPackage", &asked.idempotency_key), |tx, user| {
        let mut package = own(tx, &asked.package_id, user, now)?;
        if !matches!(package.state, PackageState::Draft | PackageState::Shared) {
            return Err(ProblemType::PackageState.into());
        }
        step(tx, &mut package, PackageState::Cancelled, (user, Some(&asked.reason)), now)?;
        Ok(view(tx, &package, user)?.encode(200))
    })
}
