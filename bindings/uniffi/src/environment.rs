//! Where a service is, what vouches for it, and what is shown to it. Takes an app's settings, gives a session that is not logged in.

use crate::connection::transport;
use crate::error::{Result, ThrivoSignError};
use crate::http_transport::{Carrying, HttpTransport};
use crate::key::DeviceKeyStore;
use crate::secret::Secret;
use std::sync::Arc;
use std::time::Duration;
use thrivosign::journey::host_http::HostTransport;
use thrivosign::journey::{self, Session};
use thrivosign::remote::login;
use thrivosign::{Error, ErrorKind};

/// Told when a pin does not fit, the pins have run out or were replaced, on the network thread: it must not block or call the library.
#[uniffi::export(with_foreign)]
pub trait PinObserver: Send + Sync {
    /// The service's key is not among the pins; `refused` says whether that ended the connection.
    ///
    /// # Errors
    /// Whatever the app throws; it changes nothing.
    fn mismatch(&self, refused: bool) -> Result<(), ThrivoSignError>;

    /// The pins are past their date and no longer enforced.
    ///
    /// # Errors
    /// Whatever the app throws; it changes nothing.
    fn expired(&self) -> Result<(), ThrivoSignError>;

    /// Newer pins took their place, those of the document of that serial; `Client.pinDocument` is worth keeping.
    ///
    /// # Errors
    /// Whatever the app throws; it changes nothing.
    fn updated(&self, serial: i64) -> Result<(), ThrivoSignError>;

    /// A document of pins was refused, fetched or kept; the pins are as they were.
    ///
    /// # Errors
    /// Whatever the app throws; it changes nothing.
    fn update_refused(&self) -> Result<(), ThrivoSignError>;
}

/// Which keys the service may have, beside what the roots say.
#[derive(Clone, uniffi::Record)]
pub struct Pins {
    /// SHA-256 over the SubjectPublicKeyInfo (RFC 7469 2.4), base64; at least two different ones.
    pub pins: Vec<String>,
    /// Past this time, in seconds since 1970-01-01T00:00:00Z, they are reported and not enforced.
    #[uniffi(default = None)]
    pub not_after: Option<i64>,
    /// Only reported, to try pins out before they can lock anybody out.
    #[uniffi(default = false)]
    pub report_only: bool,
    /// Told of what does not fit.
    #[uniffi(default = None)]
    pub observer: Option<Arc<dyn PinObserver>>,
    /// Keys (PEM, `PUBLIC KEY`) whose word takes the place of the pins when they change: documents that the service publishes are believed for their
    /// signature. One, and better a second that is kept elsewhere.
    #[uniffi(default = [])]
    pub update_keys: Vec<Vec<u8>>,
    /// The last document that was taken up (`Client.pinDocument`), from where the app keeps it.
    #[uniffi(default = None)]
    pub document: Option<String>,
}

/// What a back office shows of itself when it connects (mutual TLS, RFC 8705): `Client.loginClient` logs in by it.
#[derive(Clone, uniffi::Record)]
pub struct ClientCertificate {
    /// Where its key is.
    pub store: Arc<dyn DeviceKeyStore>,
    /// The name of its key: an authentication key that does not ask the person.
    pub authentication_key: String,
    /// Its certificate, then its issuers (PEM).
    pub chain: Vec<u8>,
}

/// An HTTP proxy that is asked to CONNECT; TLS stays end to end.
#[derive(Clone, uniffi::Record)]
pub struct Proxy {
    /// `http://host:port`
    pub address: String,
    /// Name, if the proxy asks for one.
    #[uniffi(default = None)]
    pub user: Option<String>,
    /// Password, if the proxy asks for one.
    #[uniffi(default = None)]
    pub password: Option<Arc<Secret>>,
}

/// When calls are sent again.
#[derive(Clone, Copy, uniffi::Record)]
pub struct RetryPolicy {
    /// Tries in all; 1 means no retries.
    pub tries: i32,
    /// The first pause is drawn from 0 to this many milliseconds, the next from 0 to twice this, and so on.
    pub base_ms: i64,
    /// No drawn pause is longer, in milliseconds.
    pub cap_ms: i64,
}

/// Where the service is and how it is reached.
#[derive(Clone, uniffi::Record)]
pub struct Environment {
    /// `https://host[:port][/prefix]`
    pub base_address: String,
    /// The API key.
    pub api_key: Arc<Secret>,
    /// Header that carries the API key; the usual one if absent.
    #[uniffi(default = None)]
    pub api_key_header: Option<String>,
    /// Certificates (PEM) that may vouch for the service, and no others; the public authorities if absent.
    #[uniffi(default = None)]
    pub tls_roots: Option<Vec<u8>>,
    /// Which keys the service may have, beside that.
    #[uniffi(default = None)]
    pub pins: Option<Pins>,
    /// What a back office shows of itself when it connects.
    #[uniffi(default = None)]
    pub client_certificate: Option<ClientCertificate>,
    /// The proxy; none is taken from the system.
    #[uniffi(default = None)]
    pub proxy: Option<Proxy>,
    /// The client's id, if the service knows clients.
    #[uniffi(default = None)]
    pub client_id: Option<String>,
    /// The client's secret.
    #[uniffi(default = None)]
    pub client_secret: Option<Arc<Secret>>,
    /// What the app adds to the user agent.
    #[uniffi(default = None)]
    pub user_agent_suffix: Option<String>,
    /// When calls are sent again; four tries if absent.
    #[uniffi(default = None)]
    pub retry: Option<RetryPolicy>,
    /// Lets passwords, tokens and documents cross the network in the clear. Never outside a test.
    #[uniffi(default = false)]
    pub dangerous_allow_plain_http: bool,
}

impl Environment {
    /// A session over the library's own connections.
    ///
    /// # Errors
    /// What cannot be used of the environment; `FeatureMissing` in a build without `net`.
    pub(crate) fn session(self) -> Result<Session> {
        let transport = transport(&self)?;
        Ok(Session::new(transport, self.core()?)?)
    }

    /// A session over HTTP of the app's own.
    ///
    /// # Errors
    /// `ConfigMalformed` if roots, pins, a proxy or a client certificate are named: nobody would heed them.
    pub(crate) fn session_over(self, http: Arc<dyn HttpTransport>) -> Result<Session> {
        if self.tls_roots.is_some() || self.pins.is_some() || self.proxy.is_some() || self.client_certificate.is_some() {
            let what = "roots, pins, proxy and client certificate are the app's own HTTP's to heed";
            return Err(Error::new(ErrorKind::ConfigMalformed).context(what).into());
        }
        let client = Arc::new(Carrying(http));
        let transport = HostTransport::new(&self.base_address, client, self.dangerous_allow_plain_http)?;
        Ok(Session::new(Arc::new(transport), self.core()?)?)
    }

    fn core(self) -> Result<journey::Environment, Error> {
        let mut environment = journey::Environment::new(self.api_key.to_core()?);
        if let Some(header) = self.api_key_header {
            environment.api_key_header = header;
        }
        environment.user_agent_suffix = self.user_agent_suffix;
        let secret = self.client_secret.map(|secret| secret.to_core()).transpose()?;
        environment.client = self.client_id.map(|id| login::Client { id, secret });
        if let Some(retry) = self.retry {
            environment.retry = retry.core()?;
        }
        Ok(environment)
    }
}

impl RetryPolicy {
    fn core(self) -> Result<journey::RetryPolicy, Error> {
        let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("the retry policy has a negative number");
        Ok(journey::RetryPolicy {
            tries: u32::try_from(self.tries).map_err(wrong)?,
            base: Duration::from_millis(u64::try_from(self.base_ms).map_err(wrong)?),
            cap: Duration::from_millis(u64::try_from(self.cap_ms).map_err(wrong)?),
        })
    }
}
