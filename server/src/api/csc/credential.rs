//! `credentials/list` and `credentials/info`: which remote credentials the caller has, and what their use takes.

use crate::api::{No, Service, Visit};
use crate::failure::Failure;
use crate::random;
use crate::store::credentials;
use crate::store::remote_credentials::{self, Remote};
use crate::web::Reply;
use thrivosign::Time;
use thrivosign::pki::certificate::Certificate;
use thrivosign::remote::csc::algorithm::{P256, signature_oid};
use thrivosign::remote::csc::credential_info::{
    AskCredential, AuthMode, CertificateFacts, CertificateState, CredentialInfo, OtpFacts, OtpType, Presence, WantedCertificates,
};
use thrivosign::remote::csc::list_credentials::{CredentialIds, ListCredentials};
use thrivosign::remote::csc::refusal;
use thrivosign::remote::remote_credential::SecondFactor;

use super::sign::ALGORITHMS;

/// Most ids of a page.
const PAGE: u64 = 100;

/// A page of the user's remote credentials. A user may not name a user (CSC API 11.4).
pub(in crate::api) fn list(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = ListCredentials::decode(&visit.request)?;
    if asked.user_id.is_some() {
        return Err(refusal::USER_ID.into());
    }
    let most = asked.max_results.unwrap_or(PAGE).clamp(1, PAGE);
    let after = asked.page_token.unwrap_or_default();
    let mut ids = service.store.transact(|tx| {
        if !after.is_empty() && remote_credentials::of_user(tx, &after, user)?.is_none() {
            return Err(No::from(refusal::PAGE_TOKEN));
        }
        Ok(remote_credentials::ids(tx, user, &after, most.saturating_add(1))?)
    })?;
    let more = ids.len() as u64 > most;
    ids.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(CredentialIds { next_page: ids.last().filter(|_| more).cloned(), ids }.encode().into())
}

/// Describes one of them.
pub(in crate::api) fn info(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = AskCredential::decode(&visit.request)?;
    let remote = service.store.transact(|tx| remote_credentials::of_user(tx, &asked.credential_id, user).map_err(No::from))?;
    let remote = remote.ok_or(refusal::CREDENTIAL)?;
    let certificate = Certificate::from_der(&remote.credential.der).map_err(Failure::at("a stored certificate is damaged"))?;
    let state = state(&remote, visit.now);
    let own = remote.credential.der.clone();
    let [issuing, root] = service.authority.chain();
    let facts = || CertificateFacts {
        issuer: certificate.issuer_text(),
        serial_number: random::hex(certificate.serial()),
        subject: certificate.subject_text(),
        valid_from: generalized(certificate.not_before()),
        valid_to: generalized(certificate.not_after()),
    };
    let otp = SecondFactor::from_text(&remote.otp).unwrap_or(SecondFactor::None);
    let info = CredentialInfo {
        description: Some(if remote.scal == 2 { "approved on the device" } else { "opened by a PIN" }.to_owned()),
        enabled: state == CertificateState::Valid && remote.credential.state == credentials::ACTIVATED,
        algorithms: ALGORITHMS.iter().filter_map(|algorithm| Some(signature_oid(algorithm)?.0.to_owned())).collect(),
        key_bits: 256,
        curve: Some(P256.to_owned()),
        certificate_state: (asked.cert_info || asked.certificates != WantedCertificates::None).then_some(state),
        certificates: match asked.certificates {
            WantedCertificates::None => Vec::new(),
            WantedCertificates::Single => vec![own],
            WantedCertificates::Chain => vec![own, issuing.to_vec(), root.to_vec()],
        },
        facts: asked.cert_info.then(facts),
        // What a device approves is the service's own way.
        auth_mode: if remote.scal == 2 { AuthMode::Implicit } else { AuthMode::Explicit },
        scal: remote.scal,
        pin: (asked.auth_info && remote.scal == 1).then_some(Presence::True),
        otp: (asked.auth_info && remote.scal == 1).then_some(match otp {
            SecondFactor::Sms => OtpFacts { presence: Presence::True, kind: Some(OtpType::Online) },
            SecondFactor::Totp => OtpFacts { presence: Presence::True, kind: Some(OtpType::Offline) },
            SecondFactor::None => OtpFacts { presence: Presence::False, kind: None },
        }),
        multisign: Service::MULTISIGN,
    };
    Ok(info.encode().into())
}

fn state(remote: &Remote, now: Time) -> CertificateState {
    if remote.credential.state == credentials::CANCELLED {
        CertificateState::Revoked
    } else if remote.credential.not_after <= now {
        CertificateState::Expired
    } else {
        CertificateState::Valid
    }
}

/// `YYYYMMDDHHMMSSZ` (CSC API 11.5: GeneralizedTime of RFC 5280).
fn generalized(time: Time) -> String {
    let digits: String = time.to_string().chars().filter(char::is_ascii_digit).take(14).collect();
    format!("{digits}Z")
}
