//! HTTP: takes connections, gives the calls of [`crate::api`] whole requests and carries their answers back. TLS, time-outs, body
//! caps, request ids and logs live here; what a call means does not.

mod body;
mod est;
mod front;
mod listener;
mod log;
mod operator;
mod places;
mod site;
mod trust;

pub(crate) use body::Upload;
pub(crate) use front::{FileBody, Reply, router};
pub(crate) use listener::{Listening, Wire, serve};
pub(crate) use operator::operator_router;
pub(crate) use places::Places;
pub(crate) use trust::trust_router;
