//! The room `net`: what went wrong on the way, each with its own kind. Texts of the libraries below are not passed on: they
//! name hosts and addresses.

use super::client_key::KeySaid;
use super::pins::PinMismatch;
use crate::error::{Error, ErrorKind};
use rustls::{AlertDescription, CertificateError, Error as TlsError};
use std::error::Error as StdError;
use std::io;

/// The error for a failed exchange.
pub(super) fn error_of(failure: &reqwest::Error) -> Error {
    let mut kind = None;
    let mut next: Option<&(dyn StdError + 'static)> = Some(failure);
    // The chain is as long as the libraries make it; the most telling link is the innermost one that is known.
    for _ in 0..32 {
        let Some(link) = next else { break };
        if let Some(known) = kind_of(link) {
            kind = Some(known);
        }
        // `io::Error` answers `source` with the source of what it wraps, and so passes over it.
        next = match link.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => link.source(),
        };
    }
    let fallback = if failure.is_connect() {
        ErrorKind::ConnectFailed
    } else if failure.is_timeout() {
        ErrorKind::TimedOut
    } else if failure.is_decode() {
        ErrorKind::BadAnswer
    } else {
        ErrorKind::ConnectionCut
    };
    Error::new(kind.unwrap_or(fallback))
}

fn kind_of(link: &(dyn StdError + 'static)) -> Option<ErrorKind> {
    if let Some(tls) = link.downcast_ref::<TlsError>() {
        return Some(kind_of_tls(tls));
    }
    if let Some(http) = link.downcast_ref::<hyper::Error>() {
        return if http.is_parse() {
            Some(ErrorKind::BadAnswer)
        } else if http.is_incomplete_message() || http.is_canceled() || http.is_closed() {
            Some(ErrorKind::ConnectionCut)
        } else {
            None
        };
    }
    let io = link.downcast_ref::<io::Error>()?;
    match io.kind() {
        io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted | io::ErrorKind::BrokenPipe => {
            Some(ErrorKind::ConnectionCut)
        }
        io::ErrorKind::ConnectionRefused => Some(ErrorKind::ConnectFailed),
        io::ErrorKind::TimedOut => Some(ErrorKind::TimedOut),
        // What a broken chunked body is told as (RFC 9112 7.1).
        io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Some(ErrorKind::BadAnswer),
        _ => None,
    }
}

/// Whether the service says by its alert (RFC 8446 6.2) that the client's certificate will not do, or that it wants one.
pub(super) fn says_refused(error: &TlsError) -> bool {
    use AlertDescription as Says;
    let TlsError::AlertReceived(alert) = error else { return false };
    matches!(
        alert,
        Says::BadCertificate
            | Says::UnsupportedCertificate
            | Says::CertificateRevoked
            | Says::CertificateExpired
            | Says::CertificateUnknown
            | Says::UnknownCA
            | Says::AccessDenied
            | Says::CertificateRequired
    )
}

fn kind_of_tls(error: &TlsError) -> ErrorKind {
    if says_refused(error) {
        return ErrorKind::TlsClientRefused;
    }
    if let TlsError::Other(other) = error
        && let Some(KeySaid(kind)) = other.0.downcast_ref()
    {
        return *kind;
    }
    let TlsError::InvalidCertificate(certificate) = error else {
        return ErrorKind::TlsFailed;
    };
    match certificate {
        CertificateError::UnknownIssuer | CertificateError::BadSignature => ErrorKind::TlsUnknownCa,
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => ErrorKind::TlsWrongHost,
        CertificateError::Expired
        | CertificateError::ExpiredContext { .. }
        | CertificateError::NotValidYet
        | CertificateError::NotValidYetContext { .. } => ErrorKind::TlsCertificateExpired,
        CertificateError::Other(other) if other.0.downcast_ref::<PinMismatch>().is_some() => ErrorKind::TlsPinMismatch,
        _ => ErrorKind::TlsFailed,
    }
}
