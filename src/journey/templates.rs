//! The room `journey`: templates of packages. Takes a session; makes, lists, uses and removes them. What comes of using one is a package as any other.

use super::input::Input;
use super::pace::fresh_id;
use super::retry::{Limits, Watch};
use super::session::Session;
use super::upload;
use crate::error::Result;
use crate::remote::package::{MAX_ANSWER, Package};
use crate::remote::schema::Access;
use crate::remote::template::apply::ApplyTemplate;
use crate::remote::template::create::CreateTemplate;
use crate::remote::template::list::{Templates, request};
use crate::remote::template::remove as remove_call;

pub use crate::remote::template::{RolePlace, Template};

/// Makes a template of an agreement that the service holds. While there is one, the agreement is nothing else.
///
/// # Errors
/// [`ErrorKind::ServiceRefused`](crate::ErrorKind::ServiceRefused) if it is in a package or a template already; what the service or the network says, so
/// for every function here.
pub fn create(session: &Session, name: &str, document_id: &str, places: Vec<RolePlace>, limits: &Limits) -> Result<Template> {
    let (name, document_id) = (name.to_owned(), document_id.to_owned());
    let call = CreateTemplate { idempotency_key: fresh_id(session.pace())?, name, document_id, places };
    Template::decode(&session.send(Access::Token, call.encode(), MAX_ANSWER as u64, limits)?)
}

/// Sends a document and makes a template of it.
///
/// # Errors
/// [`ErrorKind::DocumentChanged`](crate::ErrorKind::DocumentChanged) if the service stored something else than was sent;
/// [`ErrorKind::DocumentRefused`](crate::ErrorKind::DocumentRefused); as [`create`].
pub fn create_of(
    session: &Session,
    name: &str,
    (input, file_name): (&Input, &str),
    places: Vec<RolePlace>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Template> {
    let document_id = upload::submit(session, input, file_name, limits, watch)?;
    create(session, name, &document_id, places, limits)
}

/// The user's templates, newest first.
///
/// # Errors
/// What the service or the network says.
pub fn list(session: &Session, limits: &Limits) -> Result<Vec<Template>> {
    Ok(Templates::decode(&session.send(Access::Token, request(), MAX_ANSWER as u64, limits)?)?.0)
}

/// Makes a package, a draft, of a template, with a user name for each role of it.
///
/// # Errors
/// [`ErrorKind::ServiceRefused`](crate::ErrorKind::ServiceRefused) if a role has nobody, or somebody has a role that there is not.
pub fn apply(session: &Session, template_id: &str, cast: &[(&str, &str)], expires_in: Option<u64>, limits: &Limits) -> Result<Package> {
    let recipients = cast.iter().map(|(role, user)| ((*role).to_owned(), (*user).to_owned())).collect();
    let call = ApplyTemplate { idempotency_key: fresh_id(session.pace())?, template_id: template_id.to_owned(), recipients, expires_in };
    Package::decode(&session.send(Access::Token, call.encode()?, MAX_ANSWER as u64, limits)?)
}

/// After the call there is no such template. Packages that were made of it stay.
///
/// # Errors
/// [`ErrorKind::RecordNotFound`](crate::ErrorKind::RecordNotFound).
pub fn remove(session: &Session, template_id: &str, limits: &Limits) -> Result<()> {
    remove_call::decode_done(&session.send(Access::Token, remove_call::request(template_id)?, MAX_ANSWER as u64, limits)?)
}
