//! The commands that talk to the service: `login`, `logout`, `keygen`, `device`, `list`, `revoke`. Each is one step of the
//! enrolment journey; what is in between is in the state folder. Certificates come by `enrolment.rs`.

use crate::office::{Office, OfficeArgs};
use crate::output::{self, Exit};
use crate::secret;
use crate::state::{self, AUTHENTICATION_KEY, Device, KeyArgs, SIGNING_KEY, Settings, State, StateArgs};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use thrivosign::crypto::algorithm::KeyAlgorithm;
use thrivosign::host::{file, random};
use thrivosign::journey::Limits;
use thrivosign::journey::enrol;
use thrivosign::key::{DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec};
use thrivosign::remote::revoke_certificate::RevocationReason;
use thrivosign::{Error, ErrorKind, Result};

/// Largest file of TLS roots.
const MAX_CA: usize = 1 << 20;

/// Logs in to a Server-Signer and remembers it.
#[derive(Args)]
pub(crate) struct Login {
    #[command(flatten)]
    state: StateArgs,
    /// Address of the service, https://host:port; the remembered one if not given.
    #[arg(long, value_name = "URL")]
    service: Option<String>,
    /// Certificates (PEM) that may vouch for the service instead of the public authorities.
    #[arg(long, value_name = "PEM")]
    ca: Option<PathBuf>,
    /// SHA-256 of a key the service may have, base64; given at least twice.
    #[arg(long = "pin", value_name = "BASE64")]
    pins: Vec<String>,
    /// The user's name; the remembered one if not given.
    #[arg(long)]
    user: Option<String>,
    /// File with the API key; otherwise THRIVOSIGN_API_KEY, or it is asked for.
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,
    /// File with the user's password; otherwise THRIVOSIGN_PASSWORD, or it is asked for.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
    #[command(flatten)]
    office: OfficeArgs,
}

pub(crate) fn login(task: &Login, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let mut settings = match state.settings() {
        Ok(settings) => settings,
        Err(error) if error.kind() == ErrorKind::LoginRequired && task.service.is_some() => Settings::default(),
        Err(error) => return Err(error),
    };
    if let Some(service) = &task.service {
        // Another service knows nothing of this device.
        if *service != settings.service {
            settings = Settings { service: service.clone(), user: settings.user, ..Settings::default() };
        }
    }
    if let Some(path) = &task.ca {
        let pem = String::from_utf8(file::read_small(path, MAX_CA)?).map_err(|_| Error::new(ErrorKind::PemMalformed))?;
        settings.ca = Some(pem);
    }
    if !task.pins.is_empty() {
        settings.pins.clone_from(&task.pins);
    }
    if let Some(user) = &task.user {
        settings.user.clone_from(user);
        settings.office = settings.office.map(Office::of_a_user);
    }
    if let Some(office) = task.office.office()? {
        settings.office = Some(office);
    }
    let client = settings.office.as_ref().and_then(Office::client);
    if settings.user.is_empty() && client.is_none() {
        return Err(Error::new(ErrorKind::InvalidArgument).context("--user is missing"));
    }
    let api_key = secret::needed(task.api_key_file.as_deref(), "THRIVOSIGN_API_KEY", "API key")?;
    let session = state::connect(&settings, api_key.duplicate())?;
    match &client {
        Some(_) => session.login_client(&limits())?,
        None => {
            session.login(&settings.user, secret::needed(task.password_file.as_deref(), "THRIVOSIGN_PASSWORD", "Password")?, &limits())?
        }
    }
    state.keep_api_key(&api_key)?;
    state.keep_settings(&settings)?;
    state.keep_session(&session)?;
    let value = match client {
        Some(client) => json!({ "client": client.id, "service": settings.service }),
        None => json!({ "user": settings.user, "service": settings.service }),
    };
    done(json, &value, "logged in");
    Ok(Exit::Clean)
}

fn limits() -> Limits {
    Limits { cancel: crate::interrupt::token(), ..Limits::default() }
}

pub(crate) fn done(json: bool, value: &Value, text: &str) {
    output::line(&if json { value.to_string() } else { text.to_owned() });
}

/// Ends the session; the service forgets its tokens.
#[derive(Args)]
pub(crate) struct Logout {
    #[command(flatten)]
    state: StateArgs,
}

pub(crate) fn logout(task: &Logout, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let outcome = state.session().and_then(|(session, limits)| session.logout(&limits));
    state.forget_session()?;
    match outcome {
        Err(error) if error.kind() != ErrorKind::LoginRequired => Err(error),
        _ => {
            done(json, &json!({ "logged_out": true }), "logged out");
            Ok(Exit::Clean)
        }
    }
}

/// Makes the device's keys in the encrypted store: one that proves the device, one that signs.
#[derive(Args)]
pub(crate) struct Keygen {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    keys: KeyArgs,
    /// Kind of the signing key.
    #[arg(long, default_value = "p256", value_parser = ["p256", "rsa-3072"])]
    algorithm: String,
    /// Name of the signing key.
    #[arg(long, default_value = SIGNING_KEY)]
    name: String,
}

fn key_value(info: &KeyInfo) -> Value {
    json!({
        "name": info.name,
        "algorithm": info.public_key.algorithm().to_string(),
        "purpose": info.purpose.name(),
        "protection": info.protection.name(),
        "spki_sha256": info.public_key.sha256().iter().map(|b| format!("{b:02x}")).collect::<String>(),
    })
}

pub(crate) fn keygen(task: &Keygen, json: bool) -> Result<Exit> {
    let store = State::open(&task.state)?.keys(&task.keys)?;
    let authentication = match store.create(AUTHENTICATION_KEY, &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Authentication)) {
        Err(error) if error.kind() == ErrorKind::KeyExists => store.info(AUTHENTICATION_KEY)?,
        other => other?,
    };
    let algorithm = if task.algorithm == "p256" { KeyAlgorithm::P256 } else { KeyAlgorithm::Rsa { bits: 3072 } };
    let signing = store.create(&task.name, &KeySpec::new(algorithm, KeyPurpose::Signing))?;
    let text = format!(
        "keys: {} ({}), {} ({})",
        authentication.name,
        authentication.public_key.algorithm(),
        signing.name,
        signing.public_key.algorithm()
    );
    done(json, &json!({ "keys": [key_value(&authentication), key_value(&signing)] }), &text);
    Ok(Exit::Clean)
}

/// Registers this device with the service; a code is sent to the user.
#[derive(Args)]
pub(crate) struct Register {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    keys: KeyArgs,
    /// A name of the device for people.
    #[arg(long, default_value = "command line")]
    name: String,
    /// File or pipe with the code; otherwise it is asked for, or read from stdin.
    #[arg(long, value_name = "FILE")]
    code_file: Option<PathBuf>,
}

pub(crate) fn device(task: &Register, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let store = state.keys(&task.keys)?;
    let key = store.info(AUTHENTICATION_KEY)?;
    let (session, limits) = state.session()?;
    enrol::send_device_code(&session, &limits)?;
    let code = secret::code(task.code_file.as_deref(), "Activation code that was sent to you")?;
    let mut settings = state.settings()?;
    let uuid = match &settings.device {
        Some(device) => device.uuid.clone(),
        None => new_uuid()?,
    };
    let device = enrol::Device { uuid, name: task.name.clone(), platform: std::env::consts::OS.to_owned() };
    let registered = enrol::register_device(&session, &store, &key, &device, code, &limits)?;
    settings.device = Some(Device { uuid: registered.device_uuid.clone(), name: task.name.clone() });
    state.keep_settings(&settings)?;
    state.keep_session(&session)?;
    done(json, &json!({ "device": registered.device_uuid }), &format!("device registered: {}", registered.device_uuid));
    Ok(Exit::Clean)
}

/// A random UUID (RFC 9562 5.4).
fn new_uuid() -> Result<String> {
    let mut b = random::bytes::<16>()?;
    b[6] = b[6] & 0x0F | 0x40;
    b[8] = b[8] & 0x3F | 0x80;
    let hex: String = b.iter().map(|b| format!("{b:02x}")).collect();
    let part = |range: std::ops::Range<usize>| hex.get(range).unwrap_or_default();
    Ok(format!("{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)))
}

/// Lists the user's certificates at the service.
#[derive(Args)]
pub(crate) struct List {
    #[command(flatten)]
    state: StateArgs,
}

pub(crate) fn list(task: &List, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let (session, limits) = state.session()?;
    let found = enrol::list_credentials(&session, &limits)?;
    state.keep_session(&session)?;
    for credential in &found {
        let value = json!({
            "credential": credential.credential_id,
            "state": credential.status.as_str(),
            "subject": credential.subject,
            "serial_number": credential.serial_number,
            "not_before": credential.not_before.to_string(),
            "not_after": credential.not_after.to_string(),
            "device": credential.device_uuid,
        });
        let text =
            format!("{}  {}  {}  until {}", credential.credential_id, credential.status.as_str(), credential.subject, credential.not_after);
        done(json, &value, &output::printable(&text));
    }
    Ok(Exit::Clean)
}

/// Revokes a certificate for good.
#[derive(Args)]
pub(crate) struct Revoke {
    #[command(flatten)]
    state: StateArgs,
    /// The credential.
    #[arg(value_name = "ID")]
    credential: String,
    /// Why.
    #[arg(long, default_value = "unspecified", value_parser = RevocationReason::TEXTS.to_vec())]
    reason: String,
}

pub(crate) fn revoke(task: &Revoke, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let (session, limits) = state.session()?;
    let reason = RevocationReason::from_text(&task.reason).ok_or(ErrorKind::InvalidArgument)?;
    enrol::revoke(&session, &task.credential, reason, &limits)?;
    state.keep_session(&session)?;
    if let Ok(identity) = state.identity(Some(&task.credential)) {
        state.keep_identity(&identity.in_state(thrivosign::enroll::IdentityState::Cancelled)?)?;
    }
    done(json, &json!({ "credential": task.credential, "state": "Cancelled" }), "revoked");
    Ok(Exit::Clean)
}
