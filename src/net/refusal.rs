//! The room `net`: whether a service refuses the client's certificate. With TLS 1.3 its alert comes once the client has begun to send (RFC 8446 4.4.2.4):
//! the request meets a closed connection, and the alert is lost with it. Takes what connections are made with; makes one on which nothing is sent, and
//! hears what comes.

use super::failure::says_refused;
use crate::remote::transport::Call;
use reqwest::Url;
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, Error as TlsError, Stream};
use std::io::{self, Read};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long an alert is waited for; a service that takes the certificate waits for a request meanwhile.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether the service at that address says that it does not take the certificate. What cannot be found out is no.
pub(super) fn is_refused(config: ClientConfig, address: &Url, call: &Call) -> bool {
    if call.cancel.is_cancelled() {
        return false;
    }
    let wait = PATIENCE.min(call.deadline.saturating_duration_since(Instant::now()));
    let failure = heard(config, address, wait).err();
    failure.as_ref().and_then(io::Error::get_ref).and_then(|inner| inner.downcast_ref::<TlsError>()).is_some_and(says_refused)
}

/// Makes the connection and reads what the service says by itself.
fn heard(config: ClientConfig, address: &Url, wait: Duration) -> io::Result<()> {
    let unusable = || io::Error::from(io::ErrorKind::InvalidInput);
    let host = address.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
    let name = ServerName::try_from(host).map_err(|_| unusable())?;
    let place = address.socket_addrs(|| None)?.into_iter().next().ok_or_else(unusable)?;
    let mut socket = TcpStream::connect_timeout(&place, wait)?;
    socket.set_read_timeout(Some(wait))?;
    socket.set_write_timeout(Some(wait))?;
    let mut connection = ClientConnection::new(Arc::new(config), name).map_err(io::Error::other)?;
    Stream::new(&mut connection, &mut socket).read(&mut [0]).map(drop)
}
