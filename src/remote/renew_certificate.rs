//! Room `remote`: `POST /rssp/certificates/{credentialID}/renew` `[ours]`: a certificate under a new signing key, which the authentication key vouches
//! for in the person's place. Both directions of one call, and the bytes that key signs; the answer is that of [`super::request_certificate`].

use super::activate_credential_response::{SHA_ALGO, SIGN_ALGO, ShaAlgo, SignAlgo};
use super::canonical::canonical;
use super::http::{IDEMPOTENCY_KEY, Method, Request, fill_path};
use super::json::{MAX_JSON, Members, known};
use super::problem::Refusal;
use super::renewal_challenge::credential_of;
use super::request_certificate::{ANSWERS, CERTIFICATES, CSR, FORMAT, KEY_ATTESTATION, KEY_HEADER, STATEMENT, idempotency_key};
use super::schema::{Content, Field, Kind, Mark, Operation};
use crate::error::Result;
use crate::key::Attestation;
use zeroize::Zeroizing;

/// `[ours]`
pub const PATH: &str = "/rssp/certificates/{credentialID}/renew";
const CREDENTIAL_ID: Field = Field::new("credentialID", Kind::Id, Mark::Ours); // signed, and sent in the path
const PROOF: Field = Field::new("proof", Kind::Bytes, Mark::Ours);
const REQUEST: &[Field] = &[CSR, KEY_ATTESTATION, SIGN_ALGO, SHA_ALGO, PROOF];

/// The call as data.
pub const OPERATION: Operation = Operation {
    headers: &[KEY_HEADER],
    request: Content::Json(REQUEST),
    answers: ANSWERS,
    ..Operation::new(
        "renewCertificate",
        Method::Post,
        PATH,
        Mark::Ours,
        "Asks for a certificate in place of one that ends soon, for a new signing key; the device's authentication key signs the request.",
    )
};

/// The request.
pub struct RenewCertificate {
    /// Makes the call safe to repeat.
    pub idempotency_key: String,
    /// Which credential is renewed.
    pub credential_id: String,
    /// PKCS#10 DER under the new key; its `challengePassword` is the challenge of [`super::renewal_challenge`].
    pub csr: Vec<u8>,
    /// The new key's attestation.
    pub attestation: Attestation,
    /// The proof's algorithm.
    pub sign_algo: SignAlgo,
    /// The proof's hash.
    pub sha_algo: ShaAlgo,
    /// A signature of the authentication key over [`RenewCertificate::to_be_signed`].
    pub proof: Vec<u8>,
}

impl RenewCertificate {
    fn members(&self) -> Members {
        let mut attestation =
            Members::new().with(&FORMAT, self.attestation.format.as_str()).with_all_bytes(&CERTIFICATES, &self.attestation.certificates);
        if !self.attestation.statement.is_empty() {
            attestation = attestation.with_bytes(&STATEMENT, &self.attestation.statement);
        }
        Members::new()
            .with_bytes(&CSR, &self.csr)
            .with_object(&KEY_ATTESTATION, attestation)
            .with(&SIGN_ALGO, self.sign_algo.as_str())
            .with(&SHA_ALGO, self.sha_algo.as_str())
    }

    /// The message of the proof: the canonical JSON (RFC 8785) of the request, with `credentialID` and without `proof`. It holds the challenge, in
    /// the certification request, so that a proof is good once.
    #[must_use]
    pub fn to_be_signed(&self) -> Zeroizing<Vec<u8>> {
        canonical(self.members().with(&CREDENTIAL_ID, self.credential_id.as_str()))
    }

    /// The client's request.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidArgument`] if the id is none.
    pub fn encode(&self) -> Result<Request> {
        let path = fill_path(PATH, &[&self.credential_id])?;
        let mut request = Request::new(Method::Post, path).with_json(&self.members().with_bytes(&PROOF, &self.proof));
        request.headers.set(IDEMPOTENCY_KEY, self.idempotency_key.as_str());
        Ok(request)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// Not found, or a problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<RenewCertificate, Refusal> {
        let credential_id = credential_of(PATH, request)?;
        let idempotency_key = idempotency_key(request)?;
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let sent = members.object(&KEY_ATTESTATION)?;
        let certificates = sent.all_bytes_opt(&CERTIFICATES)?.unwrap_or_default();
        Ok(RenewCertificate {
            idempotency_key,
            credential_id,
            csr: members.bytes(&CSR)?,
            attestation: Attestation::new(&sent.text(&FORMAT)?, certificates, sent.bytes_opt(&STATEMENT)?.unwrap_or_default()),
            sign_algo: known(&SIGN_ALGO, SignAlgo::from_text(&members.text(&SIGN_ALGO)?))?,
            sha_algo: known(&SHA_ALGO, ShaAlgo::from_text(&members.text(&SHA_ALGO)?))?,
            proof: members.bytes(&PROOF)?,
        })
    }
}
