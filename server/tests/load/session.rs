//! One whole session over one connection: a document sent, prepared, signed and fetched. Takes who signs, gives how it ended.

use crate::client::phone::plain_signature;
use crate::client::phone::{Phone, sign};
use crate::client::{Answer, Desk, Stream, pdf, read_answer};
use std::io::Write;
use std::sync::Arc;
use std::time::{Duration, Instant};
use thrivosign::crypto::digest::sha256;
use thrivosign::remote::complete_signature::CompleteSignature;
use thrivosign::remote::content_digest;
use thrivosign::remote::start_signature::PreparedSignature;

pub(crate) enum Ended {
    Done,
    /// Told to come back, after that time.
    Rejected(Duration),
    Failed(String),
}

/// Who signs, and what.
pub(crate) struct Signer {
    desk: Arc<Desk>,
    token: String,
    phone: Phone,
    credential: String,
    document: Vec<u8>,
    digest: String,
}

impl Signer {
    pub(crate) fn new(desk: Arc<Desk>, token: String, phone: Phone, credential: String, size: usize) -> Signer {
        let document = pdf::filled(size);
        let digest = content_digest::encode(&sha256(&document));
        Signer { desk, token, phone, credential, document, digest }
    }

    pub(crate) fn session(&self, name: &str) -> Ended {
        self.steps(name).map_or_else(|ended| ended, |()| Ended::Done)
    }

    fn steps(&self, name: &str) -> Result<(), Ended> {
        let mut stream = self.desk.try_connect().ok_or_else(|| Ended::Failed(format!("{name}: no connection")))?;
        let headers = [
            ("Content-Type", "application/pdf"),
            ("X-File-Name", "a.pdf"),
            ("Idempotency-Key", name),
            ("Content-Digest", self.digest.as_str()),
        ];
        let document_id = self.ask(&mut stream, "POST", "/rssp/agreements", &headers, &self.document)?.text("documentID");
        let wanted = plain_signature(name.to_owned(), document_id.clone(), self.credential.clone());
        let begun = self.send(&mut stream, &wanted.encode().unwrap())?;
        let prepared = PreparedSignature::decode(&begun.wire()).unwrap();
        let call = CompleteSignature {
            document_id: document_id.clone(),
            signature_id: prepared.signature_id,
            signature: sign(&self.phone.signing, &prepared.signed_attributes),
            sign_algo: "ecdsa-sha256".to_owned(),
        };
        self.send(&mut stream, &call.encode().unwrap())?;
        let signed = self.ask(&mut stream, "GET", &format!("/rssp/agreements/{document_id}"), &[], b"")?.body;
        if signed.starts_with(&self.document) && signed.len() > self.document.len() {
            Ok(())
        } else {
            Err(Ended::Failed(format!("{name}: another document")))
        }
    }

    fn send(&self, stream: &mut Stream, request: &thrivosign::remote::http::Request) -> Result<Answer, Ended> {
        let headers: Vec<(&str, &str)> = request.headers.iter().collect();
        self.ask(stream, request.method.as_str(), &request.path, &headers, request.body.bytes())
    }

    fn ask(&self, stream: &mut Stream, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, Ended> {
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {}\r\n", self.desk.key);
        head += &format!("Authorization: Bearer {}\r\n", self.token);
        for (name, value) in headers {
            head += &format!("{name}: {value}\r\n");
        }
        if method != "GET" {
            head += &format!("Content-Length: {}\r\n", body.len());
        }
        let began = Instant::now();
        // A server that has answered may stop reading.
        let _ = stream.write_all(&[head.as_bytes(), b"\r\n", body].concat()).and_then(|()| stream.flush());
        match read_answer(stream) {
            Some(answer) if matches!(answer.status, 200 | 201) => Ok(answer),
            Some(answer) if answer.status == 503 && answer.header("retry-after").is_some() => Err(Ended::Rejected(began.elapsed())),
            other => Err(Ended::Failed(format!("{method} {path}: {other:?} after {:?}", began.elapsed()))),
        }
    }
}
