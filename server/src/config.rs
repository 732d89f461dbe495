//! What the operator decides: where data lies, where to listen, what is admitted. Takes nothing from the environment itself.

use crate::vault::VaultChoice;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use thrivosign::Time;
use thrivosign::appearance::Font;
use thrivosign::key::attestation::AttestationPolicy;
use zeroize::Zeroizing;

/// Where the server takes the time from: the time since 1970, in UTC and without leap seconds.
pub type Clock = Arc<dyn Fn() -> Duration + Send + Sync>;

/// The system's clock.
#[must_use]
pub fn system_clock() -> Clock {
    // A clock before 1970 stands still there: nothing is valid then.
    Arc::new(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
}

/// In whole seconds.
pub(crate) fn time_of(since: Duration) -> Time {
    Time::from_unix(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

/// A user who exists from the first start on.
pub struct SeedUser {
    /// What the user logs in with.
    pub username: String,
    /// The password.
    pub password: Zeroizing<String>,
    /// The name that enters certificates.
    pub name: String,
    /// Where one-time codes go.
    pub mobile: String,
    /// Where other messages go.
    pub email: String,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

/// How much the server takes from its clients.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Most bytes of a PDF.
    pub document: u64,
    /// Most calls that are worked on or wait for a thread at once; a further one is refused with 503. The trust services have as many of their own.
    pub calls: usize,
    /// Most connections at once; further ones wait in the system's queue.
    pub connections: usize,
    /// How long a client may take for the TLS handshake.
    pub handshake: Duration,
    /// How long a client may take for a request's headers, and how long it may keep an idle connection.
    pub headers: Duration,
    /// How long a client may pause within a body.
    pub body_pause: Duration,
    /// How long a client may take for a body that is not a PDF.
    pub body: Duration,
    /// How long a connection may last, however busy: who reads an answer byte by byte must not hold a place for ever.
    pub connection: Duration,
    /// How many one-time codes a user is sent per purpose in an hour, and how many registrations one telephone is told of.
    pub codes: u32,
    /// How long open calls may take to end after a shutdown began.
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            document: 2 << 30,
            calls: 64,
            connections: 256,
            handshake: Duration::from_secs(10),
            headers: Duration::from_secs(15),
            body_pause: Duration::from_secs(30),
            body: Duration::from_secs(60),
            connection: Duration::from_secs(3600),
            codes: 20,
            shutdown: Duration::from_secs(10),
        }
    }
}

/// Whose tokens are bound to the certificate that their connection was made with (RFC 8705 3).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Binding {
    /// Those of clients that logged in by it.
    #[default]
    Clients,
    /// Those of users too, where their connection showed one.
    Everybody,
}

/// Whose certificates clients may show when they connect (mutual TLS). Nobody has to show one.
#[derive(Clone)]
pub struct ClientAuthorities {
    /// The authorities, PEM.
    pub roots_pem: Vec<u8>,
    /// Whose tokens are bound.
    pub binding: Binding,
}

/// How many days a user's certificate lives, unless it was said otherwise.
pub const CERTIFICATE_DAYS: u16 = 365;

/// How the server is set up.
pub struct Config {
    /// The data folder; made on the first start.
    pub data: PathBuf,
    /// The address to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Names and addresses the TLS certificate is for, beside `localhost`, `127.0.0.1` and `::1`.
    pub host_names: Vec<String>,
    /// Shows pages for a browser and the outbox of one-time codes, to this machine alone, and listens on it alone. Without it no message leaves the server, as there is no gateway.
    pub demo: bool,
    /// This machine's address in a local network, for a demo that phones are to reach: it listens there as well, on the same port, and the seed user gets
    /// the password of this start.
    pub lan: Option<IpAddr>,
    /// In a demo, a file that each one-time code is appended to as a line, before the call that sent it is answered: for scripts.
    pub outbox_file: Option<PathBuf>,
    /// A user to be made if there is none of that user name.
    pub seed: Option<SeedUser>,
    /// The address the trust services listen on, without TLS: OCSP, lists, CA certificates, time stamps. Port 0 takes the port of last time
    /// if it is free, else any.
    pub trust_listen: SocketAddr,
    /// Base address (`http://..`) of the trust services as certificates name it, where it is not the one they listen on.
    pub trust_services: Option<String>,
    /// What keys must prove. Under the policy `development` keys without attestation are let in, and their certificates say so.
    pub attestation: AttestationPolicy,
    /// Whose certificates clients may show; without it none is asked for.
    pub client_authorities: Option<ClientAuthorities>,
    /// The address that health, readiness and metrics are told at, without TLS and to whoever reaches it; without it they are not.
    pub operator_listen: Option<SocketAddr>,
    /// Where the keys of remote credentials live.
    pub vault: VaultChoice,
    /// How many days an agreement is kept after its last change; for ever without. Its audit records stay.
    pub keep_agreements: Option<u32>,
    /// For values of text fields that Helvetica in WinAnsiEncoding cannot show; without it the bundled font (Latin, Greek, Cyrillic, Hebrew, Vietnamese).
    pub field_font: Option<Font>,
    /// How many days the certificates of users live; they may be renewed in the last thirty.
    pub certificate_days: u16,
    /// Whether a registration officer approves each first certificate of a key. Renewals need none: the key that was approved vouches for the next.
    pub officer_approves: bool,
    /// An officer for everybody's certificates, to be made if there is no user of that name.
    pub officer: Option<SeedUser>,
    /// What is admitted.
    pub limits: Limits,
    /// The time.
    pub clock: Clock,
}

impl Config {
    /// A server on a free loopback port with its data in that folder.
    #[must_use]
    pub fn new(data: impl Into<PathBuf>) -> Config {
        Config {
            data: data.into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            host_names: Vec::new(),
            demo: false,
            lan: None,
            outbox_file: None,
            seed: None,
            trust_listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            trust_services: None,
            attestation: AttestationPolicy::development(),
            client_authorities: None,
            operator_listen: None,
            vault: VaultChoice::default(),
            keep_agreements: None,
            field_font: None,
            certificate_days: CERTIFICATE_DAYS,
            officer_approves: false,
            officer: None,
            limits: Limits::default(),
            clock: system_clock(),
        }
    }
}
