//! HTTP: takes connections, gives the calls of [`crate::api`] whole requests and carries their answers back. TLS, time-outs, body
//! caps, request ids and logs live here; what a call means does not.

mod body;
mod front;
mod listener;
mod log;

pub(crate) use body::Upload;
pub(crate) use front::{FileBody, Reply, router};
pub(crate) use listener::{Listening, serve};
