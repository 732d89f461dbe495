//! The state folder (mode 0700): which service, which device, the encrypted keys, the identities, the tokens. Files are private and appear
//! whole or not at all.

use crate::interrupt;
use crate::office::Office;
use crate::secret;
use clap::Args;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thrivosign::enroll::{Identity, IdentityState};
use thrivosign::host::file::{self, Durability, FileSink};
use thrivosign::host::random;
use thrivosign::journey::requests::Requests;
use thrivosign::journey::{Environment, Limits, Session};
use thrivosign::key::file::FileKeyStore;
use thrivosign::net::{HttpsTransport, Options, PinSet, Roots};
use thrivosign::remote::secret::Secret;
use thrivosign::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

const VERSION: u32 = 1;
const MAX_FILE: usize = 1 << 20;
/// Name of the key that proves the device.
pub(crate) const AUTHENTICATION_KEY: &str = "authentication";
/// Name of the key that signs, unless another is given.
pub(crate) const SIGNING_KEY: &str = "signing";

/// Where the state is.
#[derive(Args, Clone)]
pub(crate) struct StateArgs {
    /// The state folder; $XDG_DATA_HOME/thrivosign if not given.
    #[arg(long, value_name = "DIR", env = "THRIVOSIGN_STATE")]
    state: Option<PathBuf>,
}

/// What unlocks the keys.
#[derive(Args, Clone)]
pub(crate) struct KeyArgs {
    /// File with the passphrase of the keys; otherwise THRIVOSIGN_PASSPHRASE, or it is asked for.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// The service and the device, as kept.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) version: u32,
    pub(crate) service: String,
    /// PEM of the authorities that may vouch for the service.
    pub(crate) ca: Option<String>,
    pub(crate) pins: Vec<String>,
    pub(crate) user: String,
    pub(crate) device: Option<Device>,
    /// What connections show of a back office.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) office: Option<Office>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Device {
    pub(crate) uuid: String,
    pub(crate) name: String,
}

pub(crate) struct State {
    folder: PathBuf,
}

fn unwritable(error: std::io::Error) -> Error {
    Error::new(ErrorKind::OutputUnwritable).context("the state folder").caused_by(error)
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::ConfigMalformed).context(what)
}

impl State {
    /// After the call the folder exists and nobody else may look into it.
    pub(crate) fn open(arguments: &StateArgs) -> Result<State> {
        let folder = match &arguments.state {
            Some(folder) => folder.clone(),
            None => default_folder().ok_or_else(|| malformed("no home for the state: give --state"))?,
        };
        make_private(&folder).map_err(unwritable)?;
        Ok(State { folder })
    }

    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let mut sink = FileSink::create(&self.folder.join(name), Durability::Fsync)?.private();
        sink.write(bytes)?;
        sink.finish()
    }

    pub(crate) fn settings(&self) -> Result<Settings> {
        let bytes = match file::read_small(&self.folder.join("service.json"), MAX_FILE) {
            Err(error) if error.kind() == ErrorKind::SourceUnreadable => {
                return Err(Error::new(ErrorKind::LoginRequired).context("there is no service yet").caused_by(error));
            }
            other => other?,
        };
        let settings: Settings = serde_json::from_slice(&bytes).map_err(|_| malformed("service.json of the state folder"))?;
        if settings.version == VERSION { Ok(settings) } else { Err(malformed("another version of service.json")) }
    }

    pub(crate) fn keep_settings(&self, settings: &Settings) -> Result<()> {
        let settings = Settings { version: VERSION, ..settings.clone() };
        let text = serde_json::to_vec_pretty(&settings).map_err(|error| Error::new(ErrorKind::Internal).caused_by(error))?;
        self.write("service.json", &text)
    }

    pub(crate) fn keep_api_key(&self, key: &Secret) -> Result<()> {
        self.write("api-key", key.expose().as_bytes())
    }

    /// Keeps the refresh token, which is what a session survives the process by.
    pub(crate) fn keep_session(&self, session: &Session) -> Result<()> {
        match session.refresh_token() {
            Some(token) => self.write("refresh-token", token.expose().as_bytes()),
            None => self.forget_session(),
        }
    }

    pub(crate) fn forget_session(&self) -> Result<()> {
        match std::fs::remove_file(self.folder.join("refresh-token")) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unwritable(error)),
            _ => Ok(()),
        }
    }

    fn secret(&self, name: &str) -> Result<Secret> {
        let bytes =
            file::read_secret_file(&self.folder.join(name)).map_err(|error| Error::new(ErrorKind::LoginRequired).caused_by(error))?;
        std::str::from_utf8(&bytes).map(Secret::new).map_err(|_| malformed("a secret of the state folder"))
    }

    /// A session that goes on where the last command stopped.
    pub(crate) fn session(&self) -> Result<(Session, Limits)> {
        let limits = Limits { cancel: interrupt::token(), ..Limits::default() };
        let settings = self.settings()?;
        let session = connect(&settings, self.secret("api-key")?)?;
        if settings.office.is_some_and(|office| office.client().is_some()) {
            // Its certificate is what it logs in by, each time.
            session.login_client(&limits)?;
            return Ok((session, limits));
        }
        session.resume(self.secret("refresh-token")?, &limits)?;
        // Refresh tokens rotate: the one just used is soon worth nothing.
        self.keep_session(&session)?;
        Ok((session, limits))
    }

    /// The encrypted keys, unlocked.
    pub(crate) fn keys(&self, arguments: &KeyArgs) -> Result<FileKeyStore> {
        let store = FileKeyStore::open(&self.folder.join("keys"))?;
        store.unlock(secret::passphrase(arguments.passphrase_file.as_deref(), "Passphrase of the keys")?)?;
        Ok(store)
    }

    /// The journal of requests for certificates. The key to it is in the folder, as the refresh token is: what it seals is a code at most.
    pub(crate) fn requests(&self) -> Result<Requests> {
        let path = self.folder.join("journal-key");
        let key = match file::read_secret_file(&path) {
            Ok(key) => key,
            Err(error) if error.kind() == ErrorKind::SourceUnreadable && !path.exists() => {
                // Of two commands at once both must come to one key: a name is given to it once.
                let made = format!("journal-key.{}", std::process::id());
                self.write(&made, Zeroizing::new(random::bytes::<32>()?).as_slice())?;
                let linked = std::fs::hard_link(self.folder.join(&made), &path);
                let removed = std::fs::remove_file(self.folder.join(&made));
                match linked {
                    Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(unwritable(error)),
                    _ => removed.map_err(unwritable)?,
                }
                file::read_secret_file(&path)?
            }
            Err(error) => return Err(error),
        };
        let key = <&[u8; 32]>::try_from(key.as_slice()).map_err(|_| malformed("journal-key of the state folder"))?;
        Requests::open(&self.folder, key)
    }

    pub(crate) fn keep_identity(&self, identity: &Identity) -> Result<()> {
        self.write(&identity_file(identity.credential_id()), &identity.to_json()?)
    }

    fn identities(&self) -> Result<Vec<Identity>> {
        let unreadable = |error| Error::new(ErrorKind::SourceUnreadable).context("the state folder").caused_by(error);
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&self.folder).map_err(unreadable)? {
            let name = entry.map_err(unreadable)?.file_name();
            if name.to_str().is_some_and(|name| name.starts_with("identity-") && name.ends_with(".json")) {
                found.push(Identity::from_json(&file::read_small(&self.folder.join(name), MAX_FILE)?)?);
            }
        }
        found.sort_by_key(|identity| identity.certificate().map(|certificate| certificate.not_before()));
        Ok(found)
    }

    /// The identity of that credential; without an id the newest that was not cancelled.
    pub(crate) fn identity(&self, credential: Option<&str>) -> Result<Identity> {
        let fits = |identity: &Identity| match credential {
            Some(id) => identity.credential_id() == id,
            None => identity.state() != IdentityState::Cancelled,
        };
        let found = self.identities()?.into_iter().rfind(fits);
        found.ok_or_else(|| Error::new(ErrorKind::RecordNotFound).context("no such credential in the state folder"))
    }
}

/// A session that is not logged in.
pub(crate) fn connect(settings: &Settings, api_key: Secret) -> Result<Session> {
    let mut options = Options::new(settings.service.clone());
    if let Some(pem) = &settings.ca {
        options.roots = Roots::from_pem(pem.as_bytes())?;
    }
    if !settings.pins.is_empty() {
        let pins: Vec<&str> = settings.pins.iter().map(String::as_str).collect();
        options.pins = Some(PinSet::new(&pins, None)?);
    }
    let mut environment = Environment::new(api_key);
    if let Some(office) = &settings.office {
        options.client_certificate = Some(office.certificate()?);
        environment.client = office.client();
    }
    Session::new(Arc::new(HttpsTransport::new(&options)?), environment)
}

/// A credential's id may hold anything; a file's name is its hexadecimal form, shortened by a digest where it is long.
fn identity_file(credential: &str) -> String {
    let digest = thrivosign::crypto::digest::sha256(credential.as_bytes());
    let hex: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
    format!("identity-{hex}.json")
}

fn default_folder() -> Option<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base =
        variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share"))).or_else(|| variable("APPDATA"))?;
    Some(base.join("thrivosign"))
}

fn make_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        builder.mode(0o700);
        builder.create(folder)?;
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700))
    }
    #[cfg(not(unix))]
    builder.create(folder)
}
