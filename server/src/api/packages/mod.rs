//! Packages: agreements that several people sign in order. The owner puts one together and shares it; each recipient signs in turn, by the calls that
//! sign any agreement; somebody declines, the owner takes it back, or its time runs out. Here: what all of these share, and what only looks.

mod fields;
mod owner;
pub(super) mod turn;

pub(super) use fields::fill_fields;
pub(super) use owner::{add_document, add_recipient, cancel, create, new_package, share};
pub(super) use turn::decline;

use super::once::Once;
use super::webhooks::happened;
use super::{No, Service, Visit};
use crate::failure::Failure;
use crate::store::Transaction;
use crate::store::packages::{self, Package};
use crate::store::{audit as records, recipients, users};
use crate::web::Reply;
use thrivosign::Time;
use thrivosign::remote::http::Response;
use thrivosign::remote::package::list::{ListPackages, MOST, Packages};
use thrivosign::remote::package::{self as wire, PackageState, RecipientState, status as status_call};
use thrivosign::remote::problem::ProblemType;
use thrivosign::remote::webhook::event::EventKind;

/// How many packages end in one round.
const DUE: u32 = 100;

/// Where a package stands.
pub(super) fn status(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let id = status_call::decode_request(&visit.request)?;
    service.store.transact(|tx| {
        let package = open(tx, &id, user, visit.now)?;
        Ok(view(tx, &package, user)?.encode(200).into())
    })
}

/// What the user made, received, or is waited for with.
pub(super) fn list(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = ListPackages::decode(&visit.request)?;
    service.store.transact(|tx| {
        let found = packages::list(tx, user, asked.show, MOST, visit.now)?;
        let all = found.into_iter().map(|mut package| {
            lapse(tx, &mut package, visit.now)?;
            view(tx, &package, user)
        });
        Ok(Packages(all.collect::<Result<_, No>>()?).encode().into())
    })
}

/// The package as it stands now, for its owner or a recipient: one whose time has run out ends here.
fn open(tx: &Transaction<'_>, id: &str, user: &str, now: Time) -> Result<Package, No> {
    let mut package = packages::seen_by(tx, id, user)?.ok_or(ProblemType::PackageUnknown)?;
    lapse(tx, &mut package, now)?;
    Ok(package)
}

fn lapse(tx: &Transaction<'_>, package: &mut Package, now: Time) -> Result<(), No> {
    let open = matches!(package.state, PackageState::Draft | PackageState::Shared);
    if open && package.expires <= now { step(tx, package, PackageState::Expired, (records::NOBODY, None), now) } else { Ok(()) }
}

/// Ends what nobody looked at when its time ran out.
pub(crate) fn end_due(service: &Service) -> Result<(), Failure> {
    let now = service.now();
    let ended = service.store.transact(|tx| {
        let due = packages::due(tx, now, DUE)?;
        let count = due.len();
        due.into_iter().try_for_each(|mut package| lapse(tx, &mut package, now))?;
        Ok::<_, No>(count)
    });
    match ended {
        Ok(0) => Ok(()),
        Ok(_) => {
            service.tell_waiting();
            Ok(())
        }
        Err(No::Failed(failure)) => Err(failure),
        Err(_) => Err(Failure::new("a package could not be ended")),
    }
}

/// Moves the package on, with a record in each of its documents' chains, by that actor and for that reason.
fn step(tx: &Transaction<'_>, package: &mut Package, to: PackageState, (actor, reason): (&str, Option<&str>), now: Time) -> Result<(), No> {
    if !packages::change(tx, package, to, reason, now)? {
        return Err(ProblemType::PackageState.into());
    }
    // The reason is a person's words, which records do not repeat.
    let detail = format!("package {}, version {}", package.id, package.version);
    for document in packages::documents(tx, &package.id)? {
        records::append(tx, &document.id, actor, &format!("package {}", to.as_str()), Some(&detail), now)?;
    }
    let kind = match to {
        PackageState::Draft => return Ok(()),
        PackageState::Shared => EventKind::Shared,
        PackageState::Completed => EventKind::Completed,
        PackageState::Declined => EventKind::Declined,
        PackageState::Cancelled => EventKind::Cancelled,
        PackageState::Expired => EventKind::Expired,
    };
    happened(tx, package, kind, None, now)
}

/// The package as that user is shown it.
pub(super) fn view(tx: &Transaction<'_>, package: &Package, user: &str) -> Result<wire::Package, No> {
    let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let documents = packages::documents(tx, &package.id)?.into_iter().map(|document| wire::PackageDocument {
        document_id: document.id,
        file_name: document.file_name,
        sha256: document.sha256,
        size: document.size,
        pages: small(document.pages),
        signatures: small(document.signatures),
    });
    let asked = recipients::list(tx, &package.id)?;
    let turn = recipients::turn(&asked).filter(|_| package.state == PackageState::Shared);
    let recipients = asked.into_iter().map(|one| wire::Recipient {
        turn: one.state == RecipientState::Pending && turn == Some(one.order),
        you: one.account.as_deref() == Some(user),
        recipient_id: one.id,
        user: one.user,
        order: one.order,
        document_id: one.document,
        place: one.place,
        state: one.state,
    });
    Ok(wire::Package {
        package_id: package.id.clone(),
        name: package.name.clone(),
        state: package.state,
        version: package.version,
        owner: users::username_of(tx, &package.owner)?,
        owned: package.owner == user,
        created: package.created,
        expires: package.expires,
        reason: package.reason.clone(),
        documents: documents.collect(),
        recipients: recipients.collect(),
    })
}

/// Does a call once per idempotency key: its change, the records and the kept answer are one transaction.
pub(super) fn once(
    service: &Service,
    visit: &Visit,
    key: (&str, &str),
    work: impl FnOnce(&Transaction<'_>, &str) -> Result<Response, No>,
) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let (operation, key) = key;
    let call = [visit.request.path.as_bytes(), b"\0", visit.request.body.bytes()].concat();
    let once = Once::of(service, (user, operation, key), &call, visit.now)?;
    let reply = service.store.transact(|tx| {
        if let Some(answer) = once.answered(tx)? {
            return Ok(answer);
        }
        let response = work(tx, user)?;
        once.keep(tx, &response)?;
        Ok::<_, No>(response.into())
    })?;
    service.tell_waiting();
    Ok(reply)
}
