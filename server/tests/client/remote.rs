//! A customer of the tests whose key the server holds: the calls of the CSC API, each of which a test may spoil, and the phone that approves.

use super::phone::{Phone, sign};
use super::{Answer, Desk};
use base64ct::{Base64, Encoding};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use thrivosign::pki::Certificate;
use thrivosign::remote::activate_credential_response::{ShaAlgo, SignAlgo};
use thrivosign::remote::authorization_response::{AnswerAuthorization, Decision};
use thrivosign::remote::authorizations::{Authorizations, PendingAuthorization};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::remote_credential::{Control, RemoteCredential, RequestRemoteCredential, SecondFactor};
use thrivosign::remote::secret::Secret;

pub const PIN: &str = "2468 pin";
pub const SHA256_ECDSA: &str = "1.2.840.10045.4.3.2";

pub struct Remote {
    pub desk: Desk,
    pub token: String,
    pub phone: Phone,
}

impl Remote {
    pub fn new() -> Remote {
        Remote::of(Desk::open())
    }

    pub fn of(desk: Desk) -> Remote {
        let (token, _) = desk.login();
        let phone = Phone::new("phone-1");
        assert_eq!(phone.register(&desk, &token).status, 201);
        Remote { desk, token, phone }
    }

    pub fn order(&self, key: &str, control: Control) -> RequestRemoteCredential {
        let challenge = self.phone.challenge(&self.desk, &self.token);
        RequestRemoteCredential {
            idempotency_key: key.to_owned(),
            device_uuid: self.phone.uuid.clone(),
            challenge,
            method: AuthenticationMethod::Otp,
            value: Secret::new(self.desk.code()),
            control,
        }
    }

    pub fn credential(&self, control: Control) -> RemoteCredential {
        let order = self.order("once", control);
        let order = RequestRemoteCredential { idempotency_key: order.challenge.clone(), ..order };
        let answer = self.desk.send(&self.token, &order.encode());
        assert_eq!(answer.status, 201, "{answer:?}");
        RemoteCredential::decode(&answer.wire()).unwrap()
    }

    /// A credential that a PIN opens, and that code with it.
    pub fn with_pin(&self, otp: SecondFactor) -> RemoteCredential {
        self.credential(Control::Sent { pin: Secret::new(PIN), otp })
    }

    /// A credential that the phone approves.
    pub fn with_phone(&self) -> RemoteCredential {
        self.credential(Control::Device)
    }

    pub fn csc(&self, call: &str, body: &Value) -> Answer {
        self.desk.authed(&self.token, "POST", &format!("/csc/v1/{call}"), body)
    }

    /// Activation data for that hash, by PIN.
    pub fn opened(&self, credential: &str, hashes: &[[u8; 32]]) -> String {
        let answer = self.csc("credentials/authorize", &authorization(credential, hashes, json!({"PIN": PIN})));
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.text("SAD")
    }

    pub fn signed(&self, credential: &str, sad: &str, hashes: &[[u8; 32]]) -> Answer {
        let hashes: Vec<String> = hashes.iter().map(|hash| Base64::encode_string(hash)).collect();
        self.csc("signatures/signHash", &json!({"credentialID": credential, "SAD": sad, "hash": hashes, "signAlgo": SHA256_ECDSA}))
    }

    pub fn waiting(&self, wait: u64) -> Vec<PendingAuthorization> {
        let path = format!("/rssp/authorizations?deviceUUID={}&wait={wait}", self.phone.uuid);
        let answer = self.desk.authed(&self.token, "GET", &path, &Value::Null);
        assert_eq!(answer.status, 200, "{answer:?}");
        Authorizations::decode(&answer.wire()).unwrap().0
    }

    /// The phone's answer, signed by that key.
    pub fn answer(&self, pending: &PendingAuthorization, decision: Decision, key: &p256::ecdsa::SigningKey) -> Answer {
        let mut call = AnswerAuthorization {
            authorization_id: pending.authorization_id.clone(),
            decision,
            sign_algo: SignAlgo::Ecdsa,
            sha_algo: ShaAlgo::Sha256,
            authorize_signature: Vec::new(),
        };
        call.authorize_signature = sign(key, &call.to_be_signed(pending));
        self.desk.send(&self.token, &call.encode().unwrap())
    }

    pub fn says(&self, pending: &PendingAuthorization, decision: Decision) -> Answer {
        self.answer(pending, decision, &self.phone.authentication)
    }
}

pub fn hash(message: &[u8]) -> [u8; 32] {
    Sha256::digest(message).into()
}

/// The body of an `authorize` for those hashes, and what else it is to have.
pub fn authorization(credential: &str, hashes: &[[u8; 32]], more: Value) -> Value {
    let hashes: Vec<String> = hashes.iter().map(|hash| Base64::encode_string(hash)).collect();
    let mut body = json!({"credentialID": credential, "numSignatures": hashes.len(), "hash": hashes});
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

/// The signature values of an answer, each checked under the credential's certificate.
pub fn values(answer: &Answer, credential: &RemoteCredential, hashes: &[[u8; 32]]) -> Vec<Vec<u8>> {
    use thrivosign::pki::{DigestAlgorithm, SignatureAlgorithm};
    assert_eq!(answer.status, 200, "{answer:?}");
    let leaf = Certificate::from_der(&credential.certificates[0]).unwrap();
    let values: Vec<Vec<u8>> =
        answer.json()["signatures"].as_array().unwrap().iter().map(|text| Base64::decode_vec(text.as_str().unwrap()).unwrap()).collect();
    assert_eq!(values.len(), hashes.len());
    for (value, hash) in values.iter().zip(hashes) {
        let algorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);
        thrivosign::crypto::verify_prehash(leaf.public_key(), &algorithm, hash, value).unwrap();
    }
    values
}
