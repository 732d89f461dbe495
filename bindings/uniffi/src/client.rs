//! A session with one Server-Signer: where it is, what vouches for it, who logs in.

use crate::call::{Call, guard};
use crate::cancel::CallOptions;
use crate::error::{Result, ThrivoSignError};
use crate::host_keys::HostKeys;
use crate::key::DeviceKeyStore;
use crate::secret::Secret;
use crate::waiting::wait;
use std::sync::Arc;
use std::time::Duration;
use thrivosign::journey::{self, Session};
use thrivosign::net::{self, HttpsTransport, PinEvent, PinSet, Roots};
use thrivosign::remote::login;
use thrivosign::{Error, ErrorKind, Time};

/// Told when a pin does not fit or the pins have run out, on the network thread: it must not block or call the library.
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
    fn session(self) -> Result<Session> {
        let mut options = net::Options::new(self.base_address);
        if let Some(pem) = &self.tls_roots {
            options.roots = Roots::from_pem(pem)?;
        }
        if let Some(pins) = self.pins {
            let texts: Vec<&str> = pins.pins.iter().map(String::as_str).collect();
            let set = PinSet::new(&texts, pins.not_after.map(Time::from_unix))?;
            options.pins = Some(if pins.report_only { set.report_only() } else { set });
            options.pin_observer = pins.observer.map(|observer| -> net::PinObserver {
                Arc::new(move |event| {
                    // What an observer throws changes nothing.
                    drop(match event {
                        PinEvent::Mismatch { refused } => observer.mismatch(refused),
                        _ => observer.expired(),
                    });
                })
            });
        }
        if let Some(proxy) = self.proxy {
            let password = proxy.password.map(|secret| secret.to_core()).transpose()?;
            options.proxy = Some(net::Proxy { address: proxy.address, login: proxy.user.zip(password) });
        }
        options.dangerous_allow_plain_http = self.dangerous_allow_plain_http;
        let transport = HttpsTransport::new(&options)?;
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
        Ok(Session::new(Arc::new(transport), environment)?)
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

/// A session. May be used by any number of calls at once; tokens are renewed ahead of time, and are wiped when it goes.
#[derive(uniffi::Object)]
pub struct Client(Arc<Session>);

impl Client {
    /// For the length of a call, which may be longer than the app holds its client.
    pub(crate) fn session(&self) -> Arc<Session> {
        self.0.clone()
    }
}

#[uniffi::export]
impl Client {
    /// A session that is not logged in; nothing is sent.
    ///
    /// # Errors
    /// `ConfigMalformed`, `PlainHttpRefused`, `PemMalformed`, `InvalidUtf8`, `InvalidArgument` for what cannot be used of the environment.
    #[uniffi::constructor]
    pub fn new(environment: Environment) -> Result<Arc<Client>> {
        guard(|| Ok(Arc::new(Client(Arc::new(environment.session()?)))))
    }

    /// After the call tokens are asked for with proofs of that authentication key (DPoP, RFC 9449): what the service then gives is of no use to
    /// whoever steals it. Tokens that are held already are bound at their next refresh. The key signs once for each call and each login, so it must
    /// be one that does not ask the person; its store must not block. Better called before the login.
    ///
    /// # Errors
    /// `KeyNotPermitted` for a key of another purpose or one that asks the person; `KeyAlgorithmUnsupported`; what the store says of the key.
    pub async fn prove_with(&self, store: Arc<dyn DeviceKeyStore>, authentication_key: String) -> Result<()> {
        let session = self.session();
        // The store outlives this call, which is cancelled once nobody waits for it: it is asked in one of its own that nobody cancels.
        let for_ever = Call::begin(None)?;
        wait(None, move |_| session.prove_with(Arc::new(HostKeys::new(store, &for_ever)), &authentication_key)).await
    }

    /// Whether there are tokens that only the session's own key can use.
    #[must_use]
    pub fn is_bound(&self) -> bool {
        self.0.is_bound()
    }

    /// After the call the session has tokens of that user. Sent once: a wrong password counts as a try.
    ///
    /// # Errors
    /// `LoginRefused`, `ApiKeyRefused`, or what the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn login(&self, username: String, password: Arc<Secret>, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| session.login(&username, password.to_core()?, call.limits())).await
    }

    /// After the call the session has tokens of the client itself.
    ///
    /// # Errors
    /// `InvalidArgument` where the environment names no client; otherwise as `login`.
    #[uniffi::method(default(options = None))]
    pub async fn login_client(&self, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| session.login_client(call.limits())).await
    }

    /// After the call the session has tokens that came of an earlier refresh token.
    ///
    /// # Errors
    /// `LoginRequired` if it is no longer good, or what the service or the network says.
    #[uniffi::method(default(options = None))]
    pub async fn resume(&self, refresh_token: Arc<Secret>, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| session.resume(refresh_token.to_core()?, call.limits())).await
    }

    /// The refresh token, to be kept in the platform's secret storage for `resume`.
    #[must_use]
    pub fn refresh_token(&self) -> Option<Arc<Secret>> {
        self.0.refresh_token().map(|token| Secret::wrap(token.expose()))
    }

    /// After the call the session has no tokens, and the service was asked to forget them.
    ///
    /// # Errors
    /// What the service or the network says; the tokens are gone from here all the same.
    #[uniffi::method(default(options = None))]
    pub async fn logout(&self, options: Option<CallOptions>) -> Result<()> {
        let session = self.session();
        wait(options, move |call| session.logout(call.limits())).await
    }

    /// Whether there are tokens; they may have been revoked since.
    #[must_use]
    pub fn is_logged_in(&self) -> bool {
        self.0.is_logged_in()
    }

    /// The service's own time now, in seconds since 1970-01-01T00:00:00Z, by its last answer and the time gone by since; absent before that.
    #[must_use]
    pub fn service_time(&self) -> Option<i64> {
        self.0.service_time().map(Time::unix)
    }
}
