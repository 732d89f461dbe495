//! Whose turn it is: what the calls that sign ask before they sign in a package's document, and what they tell afterwards; and the no of a recipient.

use super::super::webhooks::happened;
use super::super::{No, Service, Visit};
use super::{lapse, once, open, step, view};
use crate::store::Transaction;
use crate::store::packages::{self, Package};
use crate::store::recipients::{self, Recipient};
use crate::store::templates;
use crate::web::Reply;
use thrivosign::Time;
use thrivosign::remote::package::decline::DeclinePackage;
use thrivosign::remote::package::{PackageState, Place, RecipientState};
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::webhook::event::EventKind;

/// How far a box may be from the one asked for, in points: what rounding makes of it, and nothing that is seen.
const NEAR: f64 = 0.01;

/// Which asked-for signature the user is about to make in the document, there; none where it is in no package.
pub(in crate::api) fn begin(tx: &Transaction<'_>, document: &str, user: &str, place: &Place, now: Time) -> Result<Option<String>, No> {
    let Some((_, theirs)) = theirs(tx, document, user, now)? else { return Ok(None) };
    match theirs.into_iter().find(|one| fits(&one.place, place)) {
        Some(recipient) => Ok(Some(recipient.id)),
        None => {
            let mut problem = Problem::new(ProblemType::FieldRefused);
            problem.findings = vec!["another_place".to_owned()];
            Err(problem.into())
        }
    }
}

/// Refuses to complete what was prepared before the document came into a package, or before the package ended or the signature was made.
pub(in crate::api) fn hold(tx: &Transaction<'_>, document: &str, user: &str, recipient: Option<&str>, now: Time) -> Result<(), No> {
    match (theirs(tx, document, user, now)?, recipient) {
        (None, None) => Ok(()),
        (Some((_, theirs)), Some(id)) if theirs.iter().any(|one| one.id == id) => Ok(()),
        _ => Err(ProblemType::NotYourTurn.into()),
    }
}

/// The signatures that the user has the turn to make in that document; none at all where it is in no package.
fn theirs(tx: &Transaction<'_>, document: &str, user: &str, now: Time) -> Result<Option<(Package, Vec<Recipient>)>, No> {
    let Some(mut package) = packages::of_document(tx, document)? else {
        // What stands in a template is copied, and never signed itself.
        return if templates::holds(tx, document)? { Err(ProblemType::PackageState.into()) } else { Ok(None) };
    };
    lapse(tx, &mut package, now)?;
    if package.state != PackageState::Shared {
        return Err(ProblemType::PackageState.into());
    }
    let mut theirs = in_turn(tx, &package, user)?;
    theirs.retain(|one| one.document == document);
    if theirs.is_empty() { Err(ProblemType::NotYourTurn.into()) } else { Ok(Some((package, theirs))) }
}

fn in_turn(tx: &Transaction<'_>, package: &Package, user: &str) -> Result<Vec<Recipient>, No> {
    let mut all = recipients::list(tx, &package.id)?;
    let turn = recipients::turn(&all);
    all.retain(|one| one.state == RecipientState::Pending && Some(one.order) == turn && one.account.as_deref() == Some(user));
    Ok(all)
}

/// Whether a signature there is the one asked for: who is told a place may not choose another.
fn fits(asked: &Place, given: &Place) -> bool {
    let boxes = match (asked.rect, given.rect) {
        (Some(asked), Some(given)) => asked.iter().zip(given).all(|(a, b)| (a - b).abs() <= NEAR),
        (asked, _) => asked.is_none(),
    };
    boxes && (asked.page.is_none() || asked.page == given.page) && (asked.field.is_none() || asked.field == given.field)
}

/// The signature was made: the next ones have their turn, or the package is complete.
pub(in crate::api) fn signed(tx: &Transaction<'_>, document: &str, user: &str, recipient: &str, now: Time) -> Result<(), No> {
    let mut package = packages::of_document(tx, document)?.ok_or(ProblemType::PackageState)?;
    if !recipients::answer(tx, recipient, RecipientState::Signed, now)? {
        return Err(ProblemType::SigningConflict.into());
    }
    if !packages::change(tx, &mut package, PackageState::Shared, None, now)? {
        return Err(ProblemType::SigningConflict.into());
    }
    happened(tx, &package, EventKind::Signed, Some(recipient), now)?;
    if recipients::turn(&recipients::list(tx, &package.id)?).is_none() {
        step(tx, &mut package, PackageState::Completed, (user, None), now)?;
    }
    Ok(())
}

/// A recipient whose turn it is says no, which ends the package.
pub(in crate::api) fn decline(service: &Service, visit: Visit) -> Result<Reply, No> {
    let asked = DeclinePackage::decode(&visit.request)?;
    let now = visit.now;
    once(service, &visit, ("declinePackage", &asked.idempotency_key), |tx, user| {
        let mut package = open(tx, &asked.package_id, user, now)?;
        if package.state != PackageState::Shared {
            return Err(ProblemType::PackageState.into());
        }
        let theirs = in_turn(tx, &package, user)?;
        if theirs.is_empty() {
            return Err(ProblemType::NotYourTurn.into());
        }
        for one in theirs {
            recipients::answer(tx, &one.id, RecipientState::Declined, now)?;
        }
        step(tx, &mut package, PackageState::Declined, (user, Some(&asked.reason)), now)?;
        Ok(view(tx, &package, user)?.encode(200))
    })
}
