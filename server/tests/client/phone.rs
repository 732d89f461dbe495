//! A phone of the tests: two P-256 keys and the calls of an enrolment, each of which a test may spoil before it is sent.

use super::{Answer, Desk};
use p256::ecdsa::signature::Signer;
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::EncodePublicKey;
use std::path::Path;
use std::process::Command;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::pki::algorithm::{PublicKey, SignatureAlgorithm};
use thrivosign::pki::csr::{CsrSubject, CsrToBeSigned};
use thrivosign::remote::activate_credential::{ActivateCredential, ActivationChallenge};
use thrivosign::remote::activate_credential_response::{ActivateCredentialResponse, ShaAlgo, SignAlgo};
use thrivosign::remote::certificate_challenge::{AuthenticationMethod, CertificateChallenge};
use thrivosign::remote::delete_device::DeleteDevice;
use thrivosign::remote::register_device::{AttestationFormat, RegisterDevice};
use thrivosign::remote::request_certificate::{Issuance, RequestCertificate};
use thrivosign::remote::secret::Secret;
use thrivosign::remote::start_signature::{Level, StartSignature};

/// What is asked for where nothing but the signature matters.
pub fn plain_signature(idempotency_key: String, document_id: String, credential_id: String) -> StartSignature {
    StartSignature {
        idempotency_key,
        document_id,
        credential_id,
        field: None,
        page: None,
        rect: None,
        reason: None,
        location: None,
        contact: None,
        appearance_text: None,
        appearance_image: false,
        level: Level::BB,
    }
}

pub const NAME: &str = "Anna Schmidt";

pub struct Phone {
    pub uuid: String,
    pub authentication: SigningKey,
    pub signing: SigningKey,
}

pub fn new_key() -> SigningKey {
    loop {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).unwrap();
        if let Ok(key) = SigningKey::from_slice(&bytes) {
            return key;
        }
    }
}

pub fn spki(key: &SigningKey) -> Vec<u8> {
    key.verifying_key().to_public_key_der().unwrap().into_vec()
}

pub fn sign(key: &SigningKey, message: &[u8]) -> Vec<u8> {
    let signature: DerSignature = key.sign(message);
    signature.as_bytes().to_vec()
}

/// A certification request for that key, subject and challenge.
pub fn csr(key: &SigningKey, name: &str, challenge: Option<&str>) -> Vec<u8> {
    let public = PublicKey::from_spki_der(&spki(key)).unwrap();
    let unsigned = CsrToBeSigned::new(&CsrSubject::new(name), &public, challenge).unwrap();
    let signature = sign(key, unsigned.to_be_signed());
    unsigned.assemble(&SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256), &signature).unwrap().der().to_vec()
}

/// A certification request made by openssl; the key stays in the folder as `key.pem`.
pub fn openssl_csr(folder: &Path, key: &[&str], challenge: &str) -> Vec<u8> {
    let config = folder.join("req.cnf");
    let text = format!("[req]\nprompt=no\ndistinguished_name=dn\nattributes=at\n[dn]\nCN={NAME}\n[at]\nchallengePassword={challenge}\n");
    std::fs::write(&config, text).unwrap();
    let out = folder.join("req.der");
    let status = Command::new("openssl")
        .args(["req", "-new", "-nodes", "-outform", "DER", "-keyout"])
        .arg(folder.join("key.pem"))
        .arg("-config")
        .arg(&config)
        .arg("-out")
        .arg(&out)
        .args(key)
        .output()
        .expect("openssl is installed");
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    std::fs::read(out).unwrap()
}

impl Phone {
    pub fn new(uuid: &str) -> Phone {
        Phone { uuid: uuid.to_owned(), authentication: new_key(), signing: new_key() }
    }

    /// The registration, signed.
    pub fn registration(&self, code: &str) -> RegisterDevice {
        let mut call = RegisterDevice {
            activation_code: Secret::new(code),
            device_uuid: self.uuid.clone(),
            name: "Anna's phone".to_owned(),
            platform: "test".to_owned(),
            public_key: spki(&self.authentication),
            attestation_format: AttestationFormat::None,
            attestation_statement: None,
            sign_algo: "ecdsa-sha256".to_owned(),
            proof: Vec::new(),
        };
        call.proof = sign(&self.authentication, &call.to_be_signed());
        call
    }

    pub fn register(&self, desk: &Desk, token: &str) -> Answer {
        let sent = desk.authed(token, "POST", "/rssp/devices/activation-code", &serde_json::Value::Null);
        assert_eq!(sent.status, 204, "{sent:?}");
        desk.send(token, &self.registration(&desk.code()).encode())
    }

    pub fn delete(&self, desk: &Desk, token: &str) -> Answer {
        desk.send(token, &DeleteDevice { device_uuid: self.uuid.clone() }.encode().unwrap())
    }

    pub fn challenge(&self, desk: &Desk, token: &str) -> String {
        let answer = self.ask_challenge(desk, token, AuthenticationMethod::Otp);
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text("challenge")
    }

    pub fn ask_challenge(&self, desk: &Desk, token: &str, method: AuthenticationMethod) -> Answer {
        desk.send(token, &CertificateChallenge { device_uuid: self.uuid.clone(), method }.encode())
    }

    /// The request for a certificate with that CSR and code.
    pub fn request(&self, key: &str, csr: Vec<u8>, code: &str) -> RequestCertificate {
        RequestCertificate {
            idempotency_key: key.to_owned(),
            device_uuid: self.uuid.clone(),
            csr,
            method: AuthenticationMethod::Otp,
            value: Secret::new(code),
            identity: None,
            attestation_format: AttestationFormat::None,
            attestation_certificates: Vec::new(),
            attestation_statement: None,
            profile: None,
        }
    }

    /// Challenge, CSR, code, certificate: gives the credential's id and chain.
    pub fn enrol(&self, desk: &Desk, token: &str) -> (String, Vec<Vec<u8>>) {
        let challenge = self.challenge(desk, token);
        let csr = csr(&self.signing, NAME, Some(&challenge));
        let answer = desk.send(token, &self.request(&format!("key-{challenge}"), csr, &desk.code()).encode());
        match Issuance::decode(&answer.wire()) {
            Ok(Issuance::Issued { credential_id, certificates, .. }) => (credential_id, certificates),
            other => panic!("not issued: {other:?} {answer:?}"),
        }
    }

    /// Device, certificate, activation, for somebody of that name and with codes from elsewhere than the server's own memory.
    pub fn enrol_by(&self, desk: &Desk, token: &str, name: &str, code: &dyn Fn() -> String) -> String {
        assert_eq!(desk.authed(token, "POST", "/rssp/devices/activation-code", &serde_json::Value::Null).status, 204);
        assert_eq!(desk.send(token, &self.registration(&code()).encode()).status, 201);
        let challenge = self.challenge(desk, token);
        let csr = csr(&self.signing, name, Some(&challenge));
        let issued = desk.send(token, &self.request(&format!("key-{challenge}"), csr, &code()).encode());
        let Ok(Issuance::Issued { credential_id, .. }) = Issuance::decode(&issued.wire()) else { panic!("{issued:?}") };
        let begun = ActivationChallenge::decode(&self.begin_activation(desk, token, &credential_id).wire()).unwrap();
        let answer = self.activation(&credential_id, &begun.challenge, &code(), &self.authentication);
        assert_eq!(desk.send(token, &answer.encode()).status, 200);
        credential_id
    }

    pub fn begin_activation(&self, desk: &Desk, token: &str, credential: &str) -> Answer {
        let call = ActivateCredential { credential_id: credential.to_owned(), device_uuid: self.uuid.clone() };
        desk.send(token, &call.encode())
    }

    /// The activation's answer, signed by that key.
    pub fn activation(&self, credential: &str, challenge: &str, code: &str, key: &SigningKey) -> ActivateCredentialResponse {
        let mut call = ActivateCredentialResponse {
            credential_id: credential.to_owned(),
            device_uuid: self.uuid.clone(),
            sign_algo: SignAlgo::Ecdsa,
            authorize_signature: Vec::new(),
            otp_decrypted: Secret::new(code),
            sha_algo: ShaAlgo::Sha256,
        };
        call.authorize_signature = sign(key, &call.to_be_signed(challenge));
        call
    }

    pub fn activate(&self, desk: &Desk, token: &str, credential: &str) -> Answer {
        let begun = self.begin_activation(desk, token, credential);
        let challenge = ActivationChallenge::decode(&begun.wire()).unwrap().challenge;
        desk.send(token, &self.activation(credential, &challenge, &desk.code(), &self.authentication).encode())
    }

    /// The state of a credential as the list tells it.
    pub fn state(desk: &Desk, token: &str, credential: &str) -> String {
        let list = desk.authed(token, "GET", "/rssp/certificates", &serde_json::Value::Null).json();
        let entries = list["credentials"].as_array().unwrap().clone();
        let found = entries.iter().find(|entry| entry["credentialID"] == credential);
        found.map(|entry| entry["status"].as_str().unwrap().to_owned()).unwrap_or_default()
    }
}
