//! `thrivosign sign --remote`: with the enrolled key of the state folder, and the service. The modes are those of the service: submit, where it
//! prepares and files the document and this device checks and signs, and device, where this device does everything and files the result.

use crate::output::{self, Exit};
use crate::package;
use crate::progress::Bar;
use crate::sign::Sign;
use crate::state::{KeyArgs, State};
use serde_json::{Value, json};
use thrivosign::enroll::{Identity, IdentityState};
use thrivosign::journey::Input;
use thrivosign::journey::device::sign_and_file;
use thrivosign::journey::packages::{self, placed};
use thrivosign::journey::sign::{SignOptions, SigningKey};
use thrivosign::journey::submit::{Submission, submit};
use thrivosign::key::DeviceKeyStore;
use thrivosign::sign::SigningIdentity;
use thrivosign::{Error, ErrorKind, Result};

pub(crate) fn run(task: &Sign, mode: &str, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let identity = state.identity(task.credential.as_deref())?;
    if identity.state() != IdentityState::Activated {
        return Err(Error::new(ErrorKind::WrongOrder).context("the credential is not activated"));
    }
    let input = Input::open(&task.input)?;
    let store = state.keys(&KeyArgs { passphrase_file: task.passphrase_file.clone() })?;
    let public = store.info(identity.signing_key())?.public_key;
    let signing = SigningIdentity::for_key(&public, identity.chain(), task.algorithm.clone())?;
    let key = SigningKey { store: &store, name: identity.signing_key(), identity: &signing };
    let raising = task.raising(&signing, json)?;
    let raise = raising.as_ref().map(|(goal, means)| means.extending(*goal));
    let (consent, policy) = (task.carry.consent()?, task.recorded()?);
    let carry = task.carry.carried(consent.as_deref());
    let options = SignOptions { raise: raise.as_ref(), carry, preflight: policy.as_ref(), ..task.options() };
    let (session, limits) = state.session()?;
    let next = match &task.package {
        Some(_) if mode == "device" => return Err(Error::new(ErrorKind::InvalidArgument).context("--package goes with --remote=submit")),
        Some(package) => Some(package::next(&session, package, &limits)?),
        None => None,
    };
    let request = task.request()?;
    let request = next.as_ref().map(|next| placed(request.clone(), &next.place)).unwrap_or(request);
    let findings = task.preflight.look(&input, &request, task.options(), &limits, json)?;
    let file_name = task.input.file_name().map_or_else(|| "document.pdf".into(), |name| name.to_string_lossy().into_owned());
    let bar = Bar::new("signing");
    let report = |done, total| bar.show(done, total);
    let about =
        |document: Option<&str>, signature: Option<&str>, sha256: Option<[u8; 32]>| about(mode, &identity, document, signature, sha256);
    if mode == "device" {
        let outcome = sign_and_file(&session, &input, task.target()?, &file_name, &request, key, options, &limits, Some(&report));
        bar.clear();
        let done = outcome?;
        let document = done.filed.as_ref().ok().map(|agreement| agreement.document_id.as_str());
        let exit = task.tell(&done.signed, done.signed.file_len(), &request, &signing, Some(about(document, None, None)), findings, json);
        state.keep_session(&session)?;
        // The output is in place; only the service does not have it.
        return done.filed.map(|_| exit);
    }
    let submission = Submission { credential_id: identity.credential_id(), file_name: &file_name, request: &request, key, options };
    let outcome = match &next {
        Some(next) => packages::sign(&session, &next.document_id, &input, task.target()?, &submission, &limits, Some(&report)),
        None => submit(&session, &input, task.target()?, &submission, &limits, Some(&report)),
    };
    bar.clear();
    let done = outcome?;
    let remote = about(Some(&done.document_id), Some(&done.signature_id), Some(done.sha256));
    let exit = task.tell(&done.signed, done.size, &request, &signing, Some(remote), findings, json);
    if !json {
        output::line(&format!("filed: {}", output::printable(&done.document_id)));
    }
    state.keep_session(&session)?;
    Ok(exit)
}

fn about(mode: &str, identity: &Identity, document: Option<&str>, signature: Option<&str>, sha256: Option<[u8; 32]>) -> Value {
    let mut value = json!({ "mode": mode, "credential": identity.credential_id() });
    if let Some(map) = value.as_object_mut() {
        let hex = sha256.map(|digest| digest.iter().map(|b| format!("{b:02x}")).collect::<String>());
        for (key, fact) in [("document", document), ("signature", signature), ("sha256", hex.as_deref())] {
            if let Some(fact) = fact {
                map.insert(key.to_owned(), fact.into());
            }
        }
    }
    value
}
