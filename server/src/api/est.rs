//! Enrolment over Secure Transport (RFC 7030): a standard door to the same house. Takes a request for a certificate from a client that knows nothing but the
//! standard, and demands of it what the service's own call demands: a challenge of this service in the request, the user's own authentication, a device that
//! is registered, an attestation where the operator's policy wants one, a key and a subject that may be certified. What comes of it is `New`, as there:
//! nothing is signed with it before the device's authentication key has activated it.
//!
//! What the standard has no field for stands where it has one. The challenge is the request's `challengePassword` (RFC 2985 5.4.1), which names user, device
//! and method. The authentication is the password of HTTP Basic for the method `passphrase`; whoever comes with a token instead has been sent a code, and
//! writes it behind the challenge and a colon. There is no field for an attestation: a policy that wants one lets nobody in by this door.
//!
//! No line of `openapi.yaml`: that document is made of field tables, and DER has none. The access matrix names these calls beside it.

use super::admit::{Approach, Caller, admit};
use super::authentication::{Entered, PURPOSE};
use super::certificates::{checked, issue, key_may_be_certified, subject_is_users};
use super::codes;
use super::login::with_password;
use super::officer;
use super::{No, Service, attest};
use crate::asn1::{INTEGER, OBJECT_IDENTIFIER, SEQUENCE, SET, write};
use crate::store::{challenges, credentials, devices, throttle, users};
use thrivosign::Time;
use thrivosign::key::Attestation;
use thrivosign::pki::protection::KeyProtection;
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::http::{AUTHORIZATION, Method, Request};
use thrivosign::remote::login::{Grant, Login};
use thrivosign::remote::problem::{INCORRECT_CREDENTIALS, Problem, ProblemType, Refusal};
use thrivosign::remote::request_certificate::StatedIdentity;
use thrivosign::remote::schema::{Access, Mark, Operation};
use thrivosign::remote::secret::Secret;

/// `[ours]` RFC 7030 4.2.1.
pub(crate) const ENROLL: &str = "/.well-known/est/simpleenroll";
/// `[ours]` RFC 7030 4.2.2.
pub(crate) const REENROLL: &str = "/.well-known/est/simplereenroll";
/// What wrong passwords are counted under, by the name that was given, so that it does not tell whether there is such a user.
const THROTTLE: &str = "est";

/// The door's two calls, as far as admission goes: with the API key and a token, or with the API key alone where HTTP Basic does the rest.
const BY_TOKEN: Operation = Operation::new("estEnroll", Method::Post, ENROLL, Mark::Ours, "Enrols by RFC 7030.");
const BY_PASSWORD: Operation = Operation { access: Access::ApiKey, ..BY_TOKEN };

/// Who asks, and by what.
pub(crate) enum Asker {
    /// By a token.
    Token(Caller),
    /// By user name and password, not weighed yet.
    Password(String, Secret),
}

/// The API key first, as everywhere; then HTTP Basic is read, or a token checked.
pub(crate) fn admit_asker(service: &Service, approach: &Approach) -> Result<Asker, No> {
    let shown = approach.headers.get(AUTHORIZATION).unwrap_or_default();
    if !shown.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("Basic ")) {
        return Ok(Asker::Token(admit(service, &BY_TOKEN, approach)?));
    }
    admit(service, &BY_PASSWORD, approach)?;
    // A login of the same header and nothing else.
    let mut request = Request::new(Method::Post, ENROLL);
    request.headers.set(AUTHORIZATION, shown);
    match Login::decode(&request).map(|login| login.grant) {
        Ok(Grant::Password { username, password }) => Ok(Asker::Password(username, password)),
        _ => Err(wrong_password()),
    }
}

fn wrong_password() -> No {
    Refusal::Coded { status: 401, error: INCORRECT_CREDENTIALS, description: None }.into()
}

/// Weighs the password: as few tries as for any certificate, and whether there is such a user is not told.
fn user_of(service: &Service, username: &str, password: &Secret, now: Time) -> Result<String, No> {
    service.store.transact(|tx| codes::unlocked(tx, username, THROTTLE, now))?;
    let found = with_password(service, username, password, now, |_, user| Ok(user.id.clone()));
    let right = match found {
        Ok(_) => true,
        Err(No::Refused(ref refusal)) if **refusal == Refusal::INCORRECT_CREDENTIALS => false,
        Err(other) => return Err(other),
    };
    service.store.transact(|tx| {
        // Looked at again: others may have been tried while this one was hashed.
        codes::unlocked(tx, username, THROTTLE, now)?;
        if right {
            throttle::right(tx, THROTTLE, username)?;
        } else {
            throttle::wrong(tx, THROTTLE, username, Service::CODE_RULE, now)?;
        }
        Ok::<_, No>(())
    })?;
    found.map_err(|_| wrong_password())
}

/// Issues the certificate that the request (PKCS#10, DER) asks for; `again` where the device must have one already and gets one under a new key.
pub(crate) fn enroll(service: &Service, asker: Asker, pkcs10: &[u8], again: bool, now: Time) -> Result<Vec<u8>, No> {
    if !again {
        officer::no_way_around(service)?;
    }
    let csr = checked(pkcs10)?;
    let said = csr.challenge_password().unwrap_or_default();
    let (user, text, entered) = match &asker {
        Asker::Password(username, password) => (user_of(service, username, password, now)?, said, None),
        Asker::Token(caller) => {
            let (text, code) = said.rsplit_once(':').ok_or(ProblemType::ChallengeRefused)?;
            (caller.user()?.to_owned(), text, Some(Secret::new(code)))
        }
    };
    service.store.transact(|tx| {
        let refused = || No::from(ProblemType::ChallengeRefused);
        let challenge = challenges::open(tx, text.as_bytes(), &user, PURPOSE, now)?.ok_or_else(refused)?;
        let method = AuthenticationMethod::from_text(&challenge.method).ok_or_else(refused)?;
        let entered = match &entered {
            None if method == AuthenticationMethod::Passphrase => Entered::weighed(),
            // A password has no place in a request that is not encrypted to anybody.
            Some(code) if method != AuthenticationMethod::Passphrase => Entered::code(method, code),
            _ => return Err(refused()),
        };
        let person = users::by_id(tx, &user)?.ok_or(ProblemType::Forbidden)?;
        let device = devices::of_user(tx, &challenge.device, &user)?.ok_or(ProblemType::DeviceUnknown)?;
        let app = devices::app_key(tx, &device.uuid)?;
        let none = Attestation::new("none", Vec::new(), Vec::new());
        let attested = attest::judge(service, &none, text.as_bytes(), csr.public_key(), app.as_ref(), now)?;
        key_may_be_certified(tx, &csr, &user)?;
        if again {
            let held = credentials::list(tx, &user)?.into_iter().filter(|held| held.device == device.uuid);
            if !held.into_iter().any(|held| held.state != credentials::CANCELLED && held.not_after >= now) {
                return Err(Problem::new(ProblemType::CredentialUnknown).detail("the device has no certificate to be renewed").into());
            }
            if !credentials::users_of_key(tx, &csr.public_key().sha256())?.is_empty() {
                return Err(Problem::new(ProblemType::KeyTaken).detail("a renewal takes a new key").into());
            }
        }
        subject_is_users(&csr, StatedIdentity::default(), &person)?;
        if let Err(no) = entered.judge(tx, &user, &challenge, now)? {
            // Inside `Ok`: the count of wrong tries is committed.
            return Ok(Err(no));
        }
        let protection = KeyProtection { level: attested.level, attestation: attested.digest };
        let (_, mut certificates) = issue(service, tx, (person, &device.uuid), &csr, protection, now)?;
        Ok::<_, No>(Ok(certificates.swap_remove(0)))
    })?
}

/// The CA certificates, for [`certs_only`].
pub(crate) fn authorities(service: &Service) -> Vec<u8> {
    certs_only(&service.authority.chain())
}

/// A CMS message that carries certificates and signs nothing (RFC 5272 4.1, "certs-only").
pub(crate) fn certs_only(certificates: &[&[u8]]) -> Vec<u8> {
    /// 1.2.840.113549.1.7.1 and 1.2.840.113549.1.7.2 (RFC 5652 4, 5.1).
    const DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x01];
    const SIGNED_DATA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x07, 0x02];
    const CONTEXT_0: u8 = 0xa0;
    // The members of a set stand in the order of their encodings (X.690 11.6).
    let mut sorted = certificates.to_vec();
    sorted.sort_unstable();
    let nothing = write(SET, &[]);
    let content = write(SEQUENCE, &[&write(OBJECT_IDENTIFIER, &[DATA])]);
    let signed = write(SEQUENCE, &[&write(INTEGER, &[&[1]]), &nothing, &content, &write(CONTEXT_0, &sorted), &nothing]);
    write(SEQUENCE, &[&write(OBJECT_IDENTIFIER, &[SIGNED_DATA]), &write(CONTEXT_0, &[&signed])])
}

/// What a request should have (RFC 7030 4.5.2): the challenge, and a key on P-256 that signs with SHA-256.
pub(crate) fn wanted_attributes() -> Vec<u8> {
    /// 1.2.840.113549.1.9.7 (RFC 2985), 1.2.840.10045.2.1 and 1.2.840.10045.3.1.7 (RFC 5480), 1.2.840.10045.4.3.2 (RFC 5758).
    const CHALLENGE_PASSWORD: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x07];
    const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
    const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
    const ECDSA_SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
    let oid = |bytes: &[u8]| write(OBJECT_IDENTIFIER, &[bytes]);
    let curve = write(SEQUENCE, &[&oid(EC_PUBLIC_KEY), &write(SET, &[&oid(P256)])]);
    write(SEQUENCE, &[&oid(CHALLENGE_PASSWORD), &curve, &oid(ECDSA_SHA256)])
}
