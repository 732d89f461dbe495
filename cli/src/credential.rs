//! The commands of remote credentials, whose keys the service holds: `new-credential`, `approvals`, `approve`, and the signer of `sign
//! --remote-credential`. What is signed is hashed here; the service gets the hash.

use crate::output::{self, Exit};
use crate::secret;
use crate::sign::Sign;
use crate::signer::Signer;
use crate::state::{AUTHENTICATION_KEY, KeyArgs, State, StateArgs};
use clap::Args;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use thrivosign::journey::csc::approvals::{self, Decision, PendingAuthorization};
use thrivosign::journey::csc::credential::{self, Control, RemoteOrder, SecondFactor};
use thrivosign::journey::csc::{About, CscKeyStore, Factors, Shown, Wanted};
use thrivosign::journey::{Limits, enrol};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::{Error, ErrorKind, Result};

/// How long a call may take that waits for a person.
const PATIENCE: Duration = Duration::from_secs(240);

fn done(json: bool, value: &Value, text: &str) {
    output::line(&if json { value.to_string() } else { text.to_owned() });
}

/// Has the service make a key and certify it; a code is sent to the user.
#[derive(Args)]
pub(crate) struct NewCredential {
    #[command(flatten)]
    state: StateArgs,
    /// What opens the key: pin (at each signature a PIN is sent) or device (this device approves each signature).
    #[arg(long, default_value = "pin", value_parser = ["pin", "device"])]
    opened_by: String,
    /// What is sent beside the PIN.
    #[arg(long, default_value = "none", value_parser = SecondFactor::TEXTS.to_vec())]
    otp: String,
    /// File with the new PIN, at least six characters; otherwise THRIVOSIGN_PIN, or it is asked for.
    #[arg(long, value_name = "FILE")]
    pin_file: Option<PathBuf>,
    /// How the user proves who they are.
    #[arg(long, default_value = "otp", value_parser = AuthenticationMethod::TEXTS.to_vec())]
    method: String,
    /// File or pipe with the code or passphrase; otherwise it is asked for, or read from stdin.
    #[arg(long, value_name = "FILE")]
    code_file: Option<PathBuf>,
}

pub(crate) fn new(task: &NewCredential, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let device = state.settings()?.device.ok_or_else(|| Error::new(ErrorKind::WrongOrder).context("register the device first"))?;
    let method = AuthenticationMethod::from_text(&task.method).ok_or(ErrorKind::InvalidArgument)?;
    let otp = SecondFactor::from_text(&task.otp).ok_or(ErrorKind::InvalidArgument)?;
    let control = match task.opened_by.as_str() {
        "device" => Control::of(None, otp).map_err(output::about("--otp"))?,
        _ => Control::Sent { pin: secret::needed(task.pin_file.as_deref(), "THRIVOSIGN_PIN", "New PIN")?, otp },
    };
    let (session, limits) = state.session()?;
    let challenge = enrol::ask_challenge(&session, &device.uuid, method, &limits)?;
    let value = secret::code(task.code_file.as_deref(), "Code that was sent to you, or passphrase")?;
    let order = RemoteOrder { device_uuid: &device.uuid, challenge: &challenge.challenge, method, value, control };
    let made = credential::request(&session, order, &limits)?;
    state.keep_session(&session)?;
    let totp = made.totp_secret.as_ref().map(|secret| secret.expose().to_owned());
    let mut text = format!("remote credential: {}", output::printable(&made.credential_id));
    if let Some(secret) = &totp {
        text += &format!("\nsecret for the generator of codes, shown once: {}", output::printable(secret));
    }
    done(json, &json!({ "credential": made.credential_id, "totp_secret": totp }), &text);
    Ok(Exit::Clean)
}

/// Lists the remote signatures that wait for this device's approval.
#[derive(Args)]
pub(crate) struct Approvals {
    #[command(flatten)]
    state: StateArgs,
    /// Seconds to wait for one.
    #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u64).range(0..=60))]
    wait: u64,
}

fn waiting(state: &State, session: &thrivosign::journey::Session, wait: u64, limits: &Limits) -> Result<Vec<PendingAuthorization>> {
    let device = state.settings()?.device.ok_or_else(|| Error::new(ErrorKind::WrongOrder).context("register the device first"))?;
    approvals::waiting(session, &device.uuid, Duration::from_secs(wait), limits)
}

pub(crate) fn approvals(task: &Approvals, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let (session, limits) = state.session()?;
    for pending in waiting(&state, &session, task.wait, &limits)? {
        let hashes: Vec<String> = pending.hashes.iter().map(|hash| hash.iter().map(|b| format!("{b:02x}")).collect()).collect();
        let value = json!({
            "approval": pending.authorization_id,
            "credential": pending.credential_id,
            "description": pending.description,
            "documents": pending.document_names,
            "hashes": hashes,
            "expires_in": pending.expires_in,
        });
        let names = if pending.document_names.is_empty() { hashes.join(", ") } else { pending.document_names.join(", ") };
        let about = pending.description.as_deref().unwrap_or("no description");
        done(json, &value, &output::printable(&format!("{}  {about}: {names}", pending.authorization_id)));
    }
    Ok(Exit::Clean)
}

/// Approves a remote signature with this device's key, or declines it.
#[derive(Args)]
pub(crate) struct Approve {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    keys: KeyArgs,
    /// Says no.
    #[arg(long)]
    decline: bool,
    /// The approval, as `approvals` lists it.
    #[arg(value_name = "ID")]
    approval: String,
}

pub(crate) fn approve(task: &Approve, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let store = state.keys(&task.keys)?;
    let (session, limits) = state.session()?;
    let found = waiting(&state, &session, 0, &limits)?.into_iter().find(|pending| pending.authorization_id == task.approval);
    let pending = found.ok_or_else(|| Error::new(ErrorKind::RecordNotFound).context("nothing of that id waits for this device"))?;
    let decision = if task.decline { Decision::Decline } else { Decision::Approve };
    approvals::answer(&session, &store, AUTHENTICATION_KEY, &pending, decision, &limits)?;
    done(json, &json!({ "approval": task.approval, "state": decision.state() }), decision.state());
    Ok(Exit::Clean)
}

/// The person at the terminal.
struct AtTerminal {
    pin_file: Option<PathBuf>,
    code_file: Option<PathBuf>,
}

impl Factors for AtTerminal {
    fn ask(&self, wanted: &Wanted) -> Result<Shown> {
        let pin = match wanted.pin {
            true => Some(secret::needed(self.pin_file.as_deref(), "THRIVOSIGN_PIN", "PIN of the credential")?),
            false => None,
        };
        let otp = match wanted.otp {
            Some(_) => Some(secret::code(self.code_file.as_deref(), "One-time code")?),
            None => None,
        };
        Ok(Shown { pin, otp })
    }
}

/// The signer of `sign --remote-credential`.
pub(crate) fn signer(task: &Sign, id: &str) -> Result<Signer> {
    let state = State::open(&task.state)?;
    let (session, limits) = state.session()?;
    let factors = AtTerminal { pin_file: task.credential_pin_file.clone(), code_file: task.code_file.clone() };
    let name = task.input.file_name().map(|name| name.to_string_lossy().into_owned());
    let about = About { description: task.reason().map(str::to_owned), document_name: name };
    let limits = Limits { per_call: PATIENCE, ..limits };
    let store = CscKeyStore::new(Arc::new(session), Arc::new(factors), about, limits);
    let certificates = store.certificates(id)?;
    Ok(Signer { store: Box::new(store), name: id.to_owned(), certificates })
}
