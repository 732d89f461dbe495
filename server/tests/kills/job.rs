//! One signing session as its client sees it: a document sent, prepared, signed. What was answered is kept; what was not is asked again, under the same key.

use crate::client::pdf::small;
use crate::client::phone::plain_signature;
use crate::client::phone::{Phone, sign};
use crate::client::{Answer, Desk};
use serde_json::Value;
use thrivosign::Progress;
use thrivosign::crypto::digest::sha256;
use thrivosign::host::clock;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::remote::audit::Audit;
use thrivosign::remote::complete_signature::CompleteSignature;
use thrivosign::remote::content_digest;
use thrivosign::remote::start_signature::{PreparedSignature, StartSignature};
use thrivosign::verify::{Policy, VerifyOptions, verify};

/// Who signs, and with what.
pub(crate) struct Signer {
    pub(crate) token: String,
    pub(crate) phone: Phone,
    pub(crate) credential: String,
}

/// A session: its answers so far, each a success.
pub(crate) struct Job {
    /// Its name, and the idempotency key of both its calls.
    pub(crate) name: String,
    answers: Vec<Answer>,
}

const CALLS: usize = 3;

impl Job {
    pub(crate) fn new(name: String) -> Job {
        Job { name, answers: Vec::new() }
    }

    pub(crate) fn done(&self) -> bool {
        self.answers.len() == CALLS
    }

    /// How many of its calls were answered.
    pub(crate) fn answered(&self) -> usize {
        self.answers.len()
    }

    /// Makes the next call. False if the server was gone before it had answered.
    pub(crate) fn step(&mut self, desk: &Desk, signer: &Signer) -> bool {
        let Some(answer) = self.call(self.answers.len(), desk, signer) else { return false };
        assert!([200, 201].contains(&answer.status), "{} call {}: {answer:?}", self.name, self.answers.len());
        self.answers.push(answer);
        true
    }

    fn call(&self, number: usize, desk: &Desk, signer: &Signer) -> Option<Answer> {
        match number {
            0 => self.submit(desk, signer),
            1 => desk.try_send(&signer.token, &self.wanted(signer).encode().unwrap()),
            _ => {
                let prepared = PreparedSignature::decode(&self.answers[1].wire()).unwrap();
                let call = CompleteSignature {
                    document_id: self.document(),
                    signature_id: prepared.signature_id,
                    // Deterministic: the same value each time.
                    signature: sign(&signer.phone.signing, &prepared.signed_attributes),
                    sign_algo: "ecdsa-sha256".to_owned(),
                };
                desk.try_send(&signer.token, &call.encode().unwrap())
            }
        }
    }

    pub(crate) fn document(&self) -> String {
        self.answers[0].text("documentID")
    }

    fn submit(&self, desk: &Desk, signer: &Signer) -> Option<Answer> {
        let pdf = small(1);
        let (authorization, digest) = (format!("Bearer {}", signer.token), content_digest::encode(&sha256(&pdf)));
        let headers = [
            ("X-API-Key", desk.key.as_str()),
            ("Authorization", &authorization),
            ("Content-Type", "application/pdf"),
            ("X-File-Name", "a.pdf"),
            ("Idempotency-Key", &self.name),
            ("Content-Digest", &digest),
        ];
        desk.try_call("POST", "/rssp/agreements", &headers, &pdf)
    }

    fn wanted(&self, signer: &Signer) -> StartSignature {
        plain_signature(self.name.clone(), self.document(), signer.credential.clone())
    }

    /// Whatever was answered stands: asked again, each call has the same answer, byte for byte.
    pub(crate) fn stands(&self, desk: &Desk, signer: &Signer) {
        for (number, first) in self.answers.iter().enumerate() {
            let again = self.call(number, desk, signer).expect("an answer");
            assert_eq!((again.status, &again.body), (first.status, &first.body), "{} call {number} asked again", self.name);
        }
    }

    /// A session that is done: one signature, clean, three records, the file the one that the record names.
    pub(crate) fn is_whole(&self, desk: &Desk, signer: &Signer, root_pem: &str) {
        let get = |what: &str| desk.authed(&signer.token, "GET", &format!("/rssp/agreements/{}{what}", self.document()), &Value::Null);
        let file = get("").body;
        let trust = TrustAnchors::from_pem(root_pem.as_bytes()).unwrap();
        let options =
            VerifyOptions { trust: &trust, time: clock::now().plus(5), policy: Policy::default(), password: None, evidence: None };
        let report = verify(&file, &options, &Progress::default()).unwrap();
        assert!(report.clean && report.signatures.len() == 1, "{}: {report:?}", self.name);
        let records = Audit::decode(&get("/audit").wire()).unwrap().0;
        let actions: Vec<&str> = records.iter().map(|record| record.action.as_str()).collect();
        assert_eq!(actions, ["submitted", "prepared", "signed"], "{}", self.name);
        let hash: String = sha256(&file).iter().map(|byte| format!("{byte:02x}")).collect();
        assert!(records[2].detail.as_ref().is_some_and(|detail| detail.contains(&hash)), "{}", self.name);
    }
}
