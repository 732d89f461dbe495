//! The commands by which certificates come: `enroll`, `activate`, `renew`. Takes the state folder, in which a journal holds what is under way: a run that is
//! killed is gone on with by the next, with one key, one code and one certificate.

use crate::output::{self, Exit};
use crate::secret;
use crate::service::done;
use crate::state::{AUTHENTICATION_KEY, KeyArgs, SIGNING_KEY, State, StateArgs};
use clap::Args;
use serde_json::json;
use std::path::PathBuf;
use std::time::{Duration, Instant};
use thrivosign::enroll::Identity;
use thrivosign::host::clock;
use thrivosign::journey::Limits;
use thrivosign::journey::enrol::{self, CertificateOrder, Requested, Subject};
use thrivosign::journey::requests::{RequestState, Requests};
use thrivosign::key::{DeviceKeyStore, KeyPurpose, KeySpec};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::{Error, ErrorKind, Result};

/// Requests a certificate for the signing key; a code is sent to the user. A run that was ended, or waits for an officer, is gone on with by the same
/// command: no second code is sent, no second certificate issued.
#[derive(Args)]
pub(crate) struct Enroll {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    keys: KeyArgs,
    /// The name in the certificate.
    #[arg(long)]
    name: String,
    /// Two-letter country in the certificate.
    #[arg(long)]
    country: Option<String>,
    /// An opaque customer id in the certificate.
    #[arg(long)]
    serial_number: Option<String>,
    /// How the user proves who they are.
    #[arg(long, default_value = "otp", value_parser = AuthenticationMethod::TEXTS.to_vec())]
    method: String,
    /// Name of the signing key.
    #[arg(long, default_value = SIGNING_KEY)]
    key: String,
    /// Seconds to wait where a registration officer must approve. Without, the command ends at once, and the same command goes on later.
    #[arg(long, default_value_t = 0, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(0..=31 * 86_400))]
    wait: u64,
    /// File or pipe with the code or passphrase; otherwise it is asked for, or read from stdin.
    #[arg(long, value_name = "FILE")]
    code_file: Option<PathBuf>,
}

pub(crate) fn enroll(task: &Enroll, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let settings = state.settings()?;
    let device = settings.device.ok_or_else(|| Error::new(ErrorKind::WrongOrder).context("register the device first"))?;
    let requests = state.requests()?;
    let under_way = requests.list().iter().any(|open| open.signing_key == task.key && open.state != RequestState::Begun);
    let asking = || -> Result<_> {
        let store = state.keys(&task.keys)?;
        let (authentication_key, signing_key) = (store.info(AUTHENTICATION_KEY)?, store.info(&task.key)?);
        Ok((store, authentication_key, signing_key))
    };
    // A mistyped passphrase is told before a code is sent. What an earlier run has signed needs neither.
    let keys = if under_way { None } else { Some(asking()?) };
    let (session, limits) = state.session()?;
    let requested = match requests.resume(&session, &task.key, &limits)? {
        Some(requested) => requested,
        None => {
            let (store, authentication_key, signing_key) = match keys {
                Some(keys) => keys,
                None => asking()?,
            };
            let method = AuthenticationMethod::from_text(&task.method).ok_or(ErrorKind::InvalidArgument)?;
            let challenge = requests.challenge(&session, &task.key, &device.uuid, method, &limits)?;
            let value = secret::code(task.code_file.as_deref(), "Code that was sent to you, or passphrase")?;
            let subject = Subject { name: task.name.clone(), country: task.country.clone(), serial_number: task.serial_number.clone() };
            let order = CertificateOrder {
                device_uuid: &device.uuid,
                authentication_key: &authentication_key,
                signing_key: &signing_key,
                subject: &subject,
                challenge: &challenge.challenge,
                method,
                value,
                profile: None,
            };
            requests.order(&session, &store, order, &limits)?
        }
    };
    state.keep_session(&session)?;
    let waited = match requested {
        Requested::Pending(pending) if task.wait > 0 => {
            let until = Instant::now().checked_add(Duration::from_secs(task.wait));
            match requests.wait(&session, &task.key, &Limits { until, ..limits }) {
                Ok(Some(identity)) => Requested::Issued(identity),
                // Nobody decided meanwhile.
                Ok(None) => Requested::Pending(pending),
                Err(error) if error.kind() == ErrorKind::TimedOut => Requested::Pending(pending),
                Err(error) => return Err(error),
            }
        }
        other => other,
    };
    state.keep_session(&session)?;
    received(&state, &requests, &task.key, waited, json, "certificate issued")
}

/// Keeps what came of a request; the journal lets go of it when the state folder has the identity, not before.
fn received(state: &State, requests: &Requests, key: &str, requested: Requested, json: bool, what: &str) -> Result<Exit> {
    match requested {
        Requested::Issued(identity) => {
            state.keep_identity(&identity)?;
            requests.close(key)?;
            tell(json, &identity, what);
            Ok(Exit::Clean)
        }
        Requested::Pending(pending) => {
            let context = "the same command goes on with the request: nothing is typed again";
            Err(Error::new(ErrorKind::EnrolmentPending).context(context).with_retry_after(pending.retry_after))
        }
    }
}

fn tell(json: bool, identity: &Identity, what: &str) {
    let certificate = identity.certificate();
    let value = json!({
        "credential": identity.credential_id(),
        "state": identity.state().name(),
        "subject": certificate.map(|c| c.subject_text()),
        "not_after": certificate.map(|c| c.not_after().to_string()),
    });
    done(json, &value, &format!("{what}: {} ({})", output::printable(identity.credential_id()), identity.state().name()));
}

/// Activates a certificate; a code is sent to the user.
#[derive(Args)]
pub(crate) struct Activate {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    keys: KeyArgs,
    /// The credential; the newest one if not given.
    #[arg(long, value_name = "ID")]
    credential: Option<String>,
    /// File or pipe with the code; otherwise it is asked for, or read from stdin.
    #[arg(long, value_name = "FILE")]
    code_file: Option<PathBuf>,
}

pub(crate) fn activate(task: &Activate, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let identity = state.identity(task.credential.as_deref())?;
    let store = state.keys(&task.keys)?;
    let (session, limits) = state.session()?;
    let challenge = enrol::begin_activation(&session, &identity, &limits)?;
    let code = secret::code(task.code_file.as_deref(), "Code that was sent to you")?;
    let identity = match enrol::finish_activation(&session, &store, &identity, &challenge, code, &limits) {
        // The answer may be what was lost: the service knows how it ended.
        Err(error) if error.kind() == ErrorKind::ConnectionCut => enrol::learn_state(&session, &identity, &limits)?,
        other => other?,
    };
    state.keep_identity(&identity)?;
    state.keep_session(&session)?;
    tell(json, &identity, "activated");
    Ok(Exit::Clean)
}

/// Renews a certificate that ends soon, under a new signing key that is made for it; nobody is sent a code. A run that was ended is gone on with by the
/// same command.
#[derive(Args)]
pub(crate) struct Renew {
    #[command(flatten)]
    state: StateArgs,
    #[command(flatten)]
    keys: KeyArgs,
    /// The credential; the newest one if not given.
    #[arg(long, value_name = "ID")]
    credential: Option<String>,
    /// Name of the new signing key; the old one's with the year behind it if not given.
    #[arg(long)]
    key: Option<String>,
}

/// The key's name with the year of that time behind it, in place of an earlier one.
fn successor(name: &str, time: &str) -> String {
    let stem = match name.rsplit_once('-') {
        Some((stem, year)) if year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit()) => stem,
        _ => name,
    };
    format!("{stem}-{}", time.get(..4).unwrap_or_default())
}

pub(crate) fn renew(task: &Renew, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let identity = state.identity(task.credential.as_deref())?;
    let store = state.keys(&task.keys)?;
    let requests = state.requests()?;
    let (session, limits) = state.session()?;
    let old = store.info(identity.signing_key())?;
    let name = task.key.clone().unwrap_or_else(|| successor(identity.signing_key(), &clock::now().to_string()));
    let requested = match requests.resume(&session, &name, &limits)? {
        Some(requested) => requested,
        None => {
            let challenge = requests.renewal_challenge(&session, &name, &identity, &limits)?;
            let key = requests.key(&store, &name, &KeySpec::new(old.public_key.algorithm(), KeyPurpose::Signing))?;
            requests.renew(&session, &store, &identity, &key, &challenge.challenge, &limits)?
        }
    };
    state.keep_session(&session)?;
    received(&state, &requests, &name, requested, json, "certificate renewed")
}

#[cfg(test)]
mod tests {
    use super::successor;

    #[test]
    fn the_year_stands_once_in_a_name() {
        let of = |name: &str| successor(name, "2027-11-01T00:00:00Z");
        assert_eq!([of("signing"), of("signing-2026"), of("a-b"), of("k-20")], ["signing-2027", "signing-2027", "a-b-2027", "k-20-2027"]);
    }
}
