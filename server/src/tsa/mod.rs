//! Time stamps (RFC 3161, RFC 5816): takes a request's bytes and the time, gives the response's bytes. The authority's key signs time stamps
//! and nothing else. Knows neither HTTP nor the store.

mod request;
mod response;
mod stamp;

pub(crate) use stamp::TimeStampAuthority;
