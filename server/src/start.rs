//! Start and end of the server: takes a configuration, gives a running server that can be embedded and shut down.

use crate::api::{Events, Rules, Service};
use crate::ca::{Authority, ServerIdentity};
use crate::config::{Config, SeedUser, time_of};
use crate::desk::Outbox;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::lan;
use crate::metrics::Metrics;
use crate::officer;
use crate::pins;
use crate::random;
use crate::rounds::rounds;
use crate::store::tidy::tidy;
use crate::store::users::{self, NewUser};
use crate::store::{Store, api_keys, documents};
use crate::trust::{Place, Trust};
use crate::vault::Vault;
use crate::web::{self, Listening, Wire};
use std::collections::HashSet;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use thrivosign::Time;
use thrivosign::appearance::Font;
use tokio::runtime::Runtime;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

/// The demo Server-Signer.
pub struct Server;

/// A server that runs until it is shut down or dropped.
pub struct Running {
    address: SocketAddr,
    trust_base: String,
    tls_root_pem: String,
    root_pem: String,
    api_key: Option<Zeroizing<String>>,
    made_seed_user: bool,
    made_officer: bool,
    outbox: Option<Arc<Outbox>>,
    stop: watch::Sender<bool>,
    operator_address: Option<SocketAddr>,
    lan_address: Option<SocketAddr>,
    serving: Vec<JoinHandle<()>>,
    runtime: Option<Runtime>,
    /// The last to go: the data folder's lock.
    _folder: Arc<Folder>,
}

impl Server {
    /// Starts the server: afterwards it listens, and the data folder holds its authorities, keys and store.
    ///
    /// # Errors
    /// [`Failure`] if the folder is in use, damaged or cannot be written, the address cannot be listened on, or a demo is to listen
    /// elsewhere than on this machine.
    pub fn start(mut config: Config) -> Result<Running, Failure> {
        lan::settle(&mut config)?;
        let now = time_of((config.clock)());
        if config.demo && !config.listen.ip().is_loopback() {
            // Codes that a phone should get are shown to whoever asks, and the pages let in whoever knows a password.
            return Err(Failure::new(
                "a demo listens on this machine alone: name a loopback address, let phones in by --lan, or leave out --demo",
            ));
        }
        let folder = Arc::new(Folder::open(&config.data)?);
        let place = Place::open(&folder, &config)?;
        let trust_base = place.services.base.clone();
        let store = Store::open(&folder.file("store.db"))?;
        store.transact(|tx| tidy(tx, now))?;
        let authority = Authority::open(&folder, place.services, now)?.certifying_for(config.certificate_days);
        let mut hosts = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
        hosts.extend(config.lan.map(|address| address.to_string()));
        hosts.extend(config.host_names.iter().filter(|name| !name.is_empty()).cloned());
        let identity = ServerIdentity::open(&folder, &hosts, config.client_authorities.as_ref(), &config.clock)?;
        let documents = folder.inner("documents")?;
        sweep(&store, &documents)?;
        let made_seed_user = match &config.seed {
            Some(seed) => add_seed(&store, seed, config.lan.is_some(), now)?,
            None => false,
        };
        let made_officer = match &config.officer {
            Some(seed) => officer::seed(&store, seed, now)?,
            None => false,
        };
        let api_key = first_api_key(&store, now)?;
        let root_pem = authority.root_pem().to_owned();
        let outbox = match &config.outbox_file {
            Some(file) if config.demo => Some(Outbox::with_file(file)?),
            _ => config.demo.then(Outbox::default),
        };
        let outbox = outbox.map(Arc::new);
        let (limits, clock) = (config.limits.clone(), Arc::clone(&config.clock));
        let trust = Arc::new(Trust::open(&folder, Arc::new(store), Arc::new(authority), limits, clock, now)?);
        let rules = Rules {
            documents,
            officer_approves: config.officer_approves,
            pins: pins::published(&folder)?,
            attestation: config.attestation,
            binding: config.client_authorities.map(|authorities| authorities.binding).unwrap_or_default(),
            kept_days: config.keep_agreements,
            field_font: config.field_font.map_or_else(Font::bundled, Ok).map_err(Failure::at("cannot read the bundled font"))?,
            limits: config.limits.clone(),
            clock: config.clock,
        };
        let events = Events::open(&folder, config.demo && config.lan.is_none())?;
        let vault = Vault::open(&folder, &config.vault)?;
        let service = Arc::new(Service::new(Arc::clone(&trust), blob_key(&folder)?, vault, events, outbox.clone(), rules));

        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(16)
            .thread_name("thrivosign-server")
            .enable_all()
            .build()
            .map_err(Failure::at("cannot start the runtime"))?;
        let socket = runtime.block_on(tokio::net::TcpListener::bind(config.listen)).map_err(Failure::at("cannot listen on the address"))?;
        let address = socket.local_addr().map_err(Failure::at("cannot listen on the address"))?;
        let (stop, stopped) = watch::channel(false);
        let metrics = Arc::new(Metrics::default());
        let router = web::router(&service, &metrics, stopped.clone());
        let plain = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(place.socket).map_err(Failure::at("cannot listen on the trust services' address"))?
        };
        let wire = Wire::Tls(TlsAcceptor::from(identity.config));
        let door = |socket, wire: &Wire| Listening { socket, wire: wire.clone(), limits: config.limits.clone(), stop: stopped.clone() };
        let beside = |socket| door(socket, &Wire::Plain);
        let mut serving = Vec::new();
        let lan_address = config.lan.map(|ip| SocketAddr::new(ip, address.port()));
        if let Some(address) = lan_address {
            let doing = Failure::at("cannot listen on the address in the local network");
            let socket = runtime.block_on(tokio::net::TcpListener::bind(address)).map_err(doing)?;
            serving.push(runtime.spawn(web::serve(door(socket, &wire), router.clone())));
        }
        serving.push(runtime.spawn(web::serve(door(socket, &wire), router)));
        serving.push(runtime.spawn(web::serve(beside(plain), web::trust_router(&trust, &metrics))));
        serving.push(runtime.spawn(rounds(Arc::clone(&service), stopped.clone())));
        let mut operator_address = None;
        if let Some(address) = config.operator_listen {
            let doing = "cannot listen on the operator's address";
            let socket = runtime.block_on(tokio::net::TcpListener::bind(address)).map_err(Failure::at(doing))?;
            operator_address = Some(socket.local_addr().map_err(Failure::at(doing))?);
            serving.push(runtime.spawn(web::serve(beside(socket), web::operator_router(&service, &metrics, stopped.clone()))));
        }
        tracing::info!(%address, trust = trust_base, demo = config.demo, "listening");
        Ok(Running {
            address,
            trust_base,
            tls_root_pem: identity.root_pem,
            root_pem,
            api_key,
            made_seed_user,
            made_officer,
            outbox,
            stop,
            operator_address,
            lan_address,
            serving,
            runtime: Some(runtime),
            _folder: folder,
        })
    }
}

impl Running {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Where phones of the local network find it, if they may.
    #[must_use]
    pub fn lan_address(&self) -> Option<SocketAddr> {
        self.lan_address
    }

    /// Where health, readiness and metrics are told, if they are.
    #[must_use]
    pub fn operator_address(&self) -> Option<SocketAddr> {
        self.operator_address
    }

    /// The base address for a client on this machine.
    #[must_use]
    pub fn base(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// The base address of the trust services, as certificates name it.
    #[must_use]
    pub fn trust_base(&self) -> &str {
        &self.trust_base
    }

    /// PEM of the root that the server's TLS certificate leads to: what a client needs for HTTPS.
    #[must_use]
    pub fn tls_root_pem(&self) -> &str {
        &self.tls_root_pem
    }

    /// PEM of the root that signers' certificates lead to: what a verifier needs as trust.
    #[must_use]
    pub fn root_pem(&self) -> &str {
        &self.root_pem
    }

    /// The API key, in clear, if this start made it.
    #[must_use]
    pub fn api_key(&self) -> Option<&str> {
        self.api_key.as_ref().map(|key| key.as_str())
    }

    /// Whether the seed user has the password of this start; otherwise that user stood already, with the password of then.
    #[must_use]
    pub fn made_seed_user(&self) -> bool {
        self.made_seed_user
    }

    /// Whether this start made the officer, who then has the password of this start.
    #[must_use]
    pub fn made_officer(&self) -> bool {
        self.made_officer
    }

    /// What would have been sent by SMS; only in a demo.
    #[must_use]
    pub fn outbox(&self) -> Option<&Outbox> {
        self.outbox.as_deref()
    }

    /// From now on the system's request to end (Ctrl-C or SIGTERM) is heard, and [`Running::run_until`] ends by it. Better called before anybody is told
    /// that the server is there.
    ///
    /// # Errors
    /// [`Failure`] if the system does not tell of it.
    pub fn heed_requests_to_end(&self) -> Result<Asked, Failure> {
        let _inside = self.runtime.as_ref().map(Runtime::enter);
        Asked::new().map_err(Failure::at("cannot hear when to end"))
    }

    /// Waits until it is asked to end, then shuts down.
    pub fn run_until(self, mut asked: Asked) {
        if let Some(runtime) = &self.runtime {
            runtime.block_on(asked.come());
        }
        self.shutdown();
    }

    /// Stops listening, lets open calls end for a while, then ends. Blocks; not to be called from within an async runtime.
    pub fn shutdown(mut self) {
        self.end(true);
    }

    fn end(&mut self, wait: bool) {
        // No receiver means that serving has ended already.
        let _ = self.stop.send(true);
        if let Some(runtime) = self.runtime.take() {
            if wait {
                for serving in self.serving.drain(..) {
                    let _ = runtime.block_on(serving);
                }
                runtime.shutdown_timeout(Duration::from_secs(5));
            } else {
                runtime.shutdown_background();
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end(false);
    }
}

/// Hears the system's request to end.
pub struct Asked {
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
}

impl Asked {
    #[cfg(unix)]
    fn new() -> std::io::Result<Asked> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Asked { terminate: signal(SignalKind::terminate())?, interrupt: signal(SignalKind::interrupt())? })
    }

    #[cfg(not(unix))]
    fn new() -> std::io::Result<Asked> {
        Ok(Asked {})
    }

    #[cfg(unix)]
    async fn come(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    async fn come(&mut self) {
        let _ = tokio::signal::ctrl_c().await;
    }
}

fn blob_key(folder: &Folder) -> Result<Zeroizing<Vec<u8>>, Failure> {
    const NAME: &str = "prepared.key";
    if let Some(key) = folder.read(NAME)? {
        let key = Zeroizing::new(key);
        return if key.len() == 32 { Ok(key) } else { Err(Failure::new("a key file in the data folder is damaged")) };
    }
    let key = Zeroizing::new(random::bytes::<32>()?.to_vec());
    folder.write(NAME, &key)?;
    Ok(key)
}

fn first_api_key(store: &Store, now: Time) -> Result<Option<Zeroizing<String>>, Failure> {
    store.transact(|tx| if api_keys::any(tx)? { Ok(None) } else { api_keys::issue(tx, now).map(Some) })
}

/// A user who stood already keeps the password, unless it is to be `renewed`. Says whether it is the seed's.
pub(crate) fn add_seed(store: &Store, seed: &SeedUser, renewed: bool, now: Time) -> Result<bool, Failure> {
    let known = store.transact(|tx| users::by_username(tx, &seed.username))?;
    if known.is_some() && !renewed {
        return Ok(false);
    }
    let hash = users::hash_password(&seed.password)?;
    if let Some((user, _)) = known {
        return store.transact(|tx| users::set_password(tx, &user.id, &hash)).map(|()| true);
    }
    let new = NewUser {
        username: &seed.username,
        password_hash: &hash,
        name: &seed.name,
        email: &seed.email,
        mobile: &seed.mobile,
        kind: "individual",
        company: None,
        country: seed.country.as_deref(),
        status: users::ACTIVE,
    };
    store.transact(|tx| users::add(tx, &new, now).map(|added| added.is_some()))
}

/// Removes files that no agreement stands in: uploads that a crash cut short.
fn sweep(store: &Store, folder: &Path) -> Result<(), Failure> {
    let doing = "cannot tidy the folder of documents";
    let known: HashSet<String> = store.transact(documents::files)?.into_iter().collect();
    for entry in std::fs::read_dir(folder).map_err(Failure::at(doing))? {
        let entry = entry.map_err(Failure::at(doing))?;
        if !entry.file_name().to_str().is_some_and(|name| known.contains(name)) {
            std::fs::remove_file(entry.path()).map_err(Failure::at(doing))?;
        }
    }
    Ok(())
}
