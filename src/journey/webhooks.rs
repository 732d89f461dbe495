//! The room `journey`: where a user has the events of the own packages sent. Takes a session; sets, tells and removes the one address. What is sent there
//! is opened by [`Event::open`](crate::remote::webhook::event::Event::open).

use super::retry::Limits;
use super::session::Session;
use crate::error::Result;
use crate::remote::json::MAX_JSON;
use crate::remote::schema::Access;
use crate::remote::webhook::set::SetWebhook;
use crate::remote::webhook::{remove as remove_call, status as status_call};

pub use crate::remote::webhook::Webhook;

/// From now on events go there; what waits goes there too.
///
/// # Errors
/// [`ErrorKind::ServiceRefused`](crate::ErrorKind::ServiceRefused) if the service sends nothing to such an address; what the service or the network says, so
/// for every function here.
pub fn set(session: &Session, url: &str, limits: &Limits) -> Result<Webhook> {
    Webhook::decode(&session.send(Access::Token, SetWebhook { url: url.to_owned() }.encode(), MAX_JSON as u64, limits)?)
}

/// Where events go, and how many wait.
///
/// # Errors
/// [`ErrorKind::RecordNotFound`](crate::ErrorKind::RecordNotFound) if they go nowhere.
pub fn status(session: &Session, limits: &Limits) -> Result<Webhook> {
    Webhook::decode(&session.send(Access::Token, status_call::request(), MAX_JSON as u64, limits)?)
}

/// Events go nowhere any more; what waits is not sent.
///
/// # Errors
/// What the service or the network says.
pub fn remove(session: &Session, limits: &Limits) -> Result<()> {
    remove_call::decode_done(&session.send(Access::Token, remove_call::request(), MAX_JSON as u64, limits)?)
}
