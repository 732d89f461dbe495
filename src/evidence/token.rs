//! The evidence room: asking for a time-stamp token (RFC 3161 2.4). Takes a digest and a nonce, gives the request; takes the answer, gives a token that
//! answers it, or why it does not. Whether its authority is trusted is judged elsewhere.

use crate::cms::{CmsReason, Expect, SignedData};
use crate::crypto::digest::DigestAlgorithm;
use crate::pki::algorithm;
use crate::pki::certificate::Certificate;
use crate::pki::der::{self, DerFault};
use crate::pki::timestamp::TstInfo;
use crate::switch::{Check, on};
use crate::time::Time;
use const_oid::ObjectIdentifier;

/// The content type of a request.
pub const QUERY_TYPE: &str = "application/timestamp-query";
/// Most bytes of an answer.
pub const MAX_ANSWER: usize = 256 << 10;

/// What is asked for.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    algorithm: DigestAlgorithm,
    imprint: Vec<u8>,
    nonce: Vec<u8>,
    policy: Option<ObjectIdentifier>,
}

/// A token that answers a request. Its signature holds; nobody has been asked to trust its authority yet.
#[derive(Clone, Debug)]
pub struct Token {
    /// The ContentInfo in DER.
    pub der: Vec<u8>,
    /// The time that it states.
    pub time: Time,
    /// Who signed it.
    pub signer: Certificate,
    /// The certificates that came along.
    pub certificates: Vec<Certificate>,
}

/// Why an answer is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFault {
    /// It is no TimeStampResp.
    Malformed,
    /// The authority refuses; with the number of PKIFailureInfo, if it says one (RFC 3161 2.4.2).
    Refused(Option<u8>),
    /// It answers another request: the nonce differs or is missing.
    Nonce,
    /// The authority stamped by another policy.
    Policy,
    /// The token does not hold: its imprint, its signature, or the certificate's purpose.
    Token(CmsReason),
}

impl TokenFault {
    /// The stable code; of a refusal with the name that RFC 3161 2.4.2 gives the reason.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            TokenFault::Malformed => "time_stamp_answer_malformed".to_owned(),
            TokenFault::Refused(info) => format!("time_stamp_refused_by_authority ({})", info.map_or("no reason", failure_info)),
            TokenFault::Nonce => "time_stamp_nonce".to_owned(),
            TokenFault::Policy => "time_stamp_policy".to_owned(),
            TokenFault::Token(reason) => reason.code().to_owned(),
        }
    }

    /// Whether the authority may answer otherwise a moment later: timeNotAvailable, systemFailure.
    #[must_use]
    pub const fn passes(self) -> bool {
        matches!(self, TokenFault::Refused(Some(14 | 25)))
    }
}

impl TokenRequest {
    /// For a digest; the nonce is random and never used again.
    #[must_use]
    pub fn new(algorithm: DigestAlgorithm, imprint: &[u8], nonce: [u8; 16], policy: Option<ObjectIdentifier>) -> TokenRequest {
        // A positive INTEGER in its shortest form: the first byte neither zero nor negative.
        let mut nonce = nonce.to_vec();
        if let Some(first) = nonce.first_mut() {
            *first = (*first & 0x7f) | 0x40;
        }
        TokenRequest { algorithm, imprint: imprint.to_vec(), nonce, policy }
    }

    /// TimeStampReq in DER; the certificates are asked for.
    #[must_use]
    pub fn der(&self) -> Vec<u8> {
        let imprint =
            der::write(der::SEQUENCE, &[&algorithm::digest_to_der(self.algorithm), &der::write(der::OCTET_STRING, &[&self.imprint])]);
        let policy = self.policy.as_ref().map(der::write_oid).unwrap_or_default();
        let nonce = der::write(der::INTEGER, &[&self.nonce]);
        der::write(der::SEQUENCE, &[&[2, 1, 1], &imprint, &policy, &nonce, &[1, 1, 0xff]])
    }

    /// The token of an answer (TimeStampResp in DER), if it answers this request.
    ///
    /// # Errors
    /// [`TokenFault`].
    pub fn answer(&self, bytes: &[u8]) -> Result<Token, TokenFault> {
        if bytes.len() > MAX_ANSWER {
            return Err(TokenFault::Malformed);
        }
        let (token, info) = held(token(bytes)?, self.algorithm, &self.imprint)?;
        if info.nonce.as_deref() != Some(&self.nonce[..]) && on(Check::TokenNonce) {
            return Err(TokenFault::Nonce);
        }
        if self.policy.is_some_and(|policy| policy != info.policy) && on(Check::TokenPolicy) {
            return Err(TokenFault::Policy);
        }
        Ok(token)
    }
}

impl Token {
    /// A TimeStampToken (RFC 3161 2.4.2, the ContentInfo in DER) that was kept, if it is over that imprint and holds.
    ///
    /// # Errors
    /// [`TokenFault::Token`], [`TokenFault::Malformed`].
    pub fn over(der: &[u8], algorithm: DigestAlgorithm, imprint: &[u8]) -> Result<Token, TokenFault> {
        if der.len() > MAX_ANSWER {
            return Err(TokenFault::Malformed);
        }
        Ok(held(der.to_vec(), algorithm, imprint)?.0)
    }
}

/// The token, and what it states, if its signature holds and it is over that imprint.
fn held(token: Vec<u8>, wanted: DigestAlgorithm, imprint: &[u8]) -> Result<(Token, TstInfo), TokenFault> {
    let data = SignedData::parse(&token).map_err(|failure| TokenFault::Token(failure.reason))?;
    // Of another algorithm than was asked for nothing is known; it is refused below, too.
    let known = |algorithm| Ok(if algorithm == wanted { imprint.to_vec() } else { Vec::new() });
    let facts = data.check(Expect::TimeStamp, &known).map_err(|_| TokenFault::Malformed)?;
    if let Some(failure) = facts.failure {
        return Err(TokenFault::Token(failure.reason));
    }
    let (Some(info), Some(signer)) = (facts.time_stamp, facts.signer) else { return Err(TokenFault::Malformed) };
    if info.imprint_algorithm != Some(wanted) {
        return Err(TokenFault::Token(CmsReason::ImprintMismatch));
    }
    Ok((Token { time: info.time, signer, certificates: facts.pool, der: token }, info))
}

/// The TimeStampToken of a TimeStampResp that grants one.
fn token(bytes: &[u8]) -> Result<Vec<u8>, TokenFault> {
    let (status, failure, token) = response(bytes).map_err(|_| TokenFault::Malformed)?;
    match (status, token) {
        // granted, grantedWithMods
        (0 | 1, Some(token)) => Ok(token),
        (0 | 1, None) => Err(TokenFault::Malformed),
        _ => Err(TokenFault::Refused(failure)),
    }
}

/// Status, failure and token.
type Response = (u32, Option<u8>, Option<Vec<u8>>);

fn response(bytes: &[u8]) -> Result<Response, DerFault> {
    let mut reader = der::whole(bytes, der::SEQUENCE, "TimeStampResp")?.inside();
    let mut info = reader.expect(der::SEQUENCE, "PKIStatusInfo")?.inside();
    let status = info.expect(der::INTEGER, "PKIStatus")?.small()?;
    info.optional(der::SEQUENCE)?;
    let failure = info.optional(der::BIT_STRING)?.and_then(|bits| first_bit(bits.value));
    info.finish("PKIStatusInfo")?;
    let token = reader.optional(der::SEQUENCE)?.map(|token| token.raw.to_vec());
    reader.finish("TimeStampResp")?;
    Ok((status, failure, token))
}

/// PKIFailureInfo (RFC 3161 2.4.2).
const fn failure_info(bit: u8) -> &'static str {
    match bit {
        0 => "badAlg",
        2 => "badRequest",
        5 => "badDataFormat",
        14 => "timeNotAvailable",
        15 => "unacceptedPolicy",
        16 => "unacceptedExtension",
        17 => "addInfoNotAvailable",
        25 => "systemFailure",
        _ => "unknown reason",
    }
}

/// The number of the first bit that is set, of the content of a BIT STRING.
fn first_bit(content: &[u8]) -> Option<u8> {
    let (at, byte) = content.iter().skip(1).take(4).enumerate().find(|(_, byte)| **byte != 0)?;
    u8::try_from(at).ok()?.checked_mul(8)?.checked_add(u8::try_from(byte.leading_zeros()).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::testing::{openssl, put};

    /// An authority of openssl's.
    fn authority() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let config = "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\ncrypto_device = builtin\nsigner_cert = tsa.pem\nsigner_key = tsa.key\n\
            signer_digest = sha256\ndefault_policy = 1.2.3.4\nother_policies = 1.2.3.5\ndigests = sha256\naccuracy = secs:1\ness_cert_id_chain = no\ness_cert_id_alg = sha256\n\
            [req]\ndistinguished_name = dn\nx509_extensions = ext\n[dn]\n[ext]\nextendedKeyUsage = critical,timeStamping\n";
        put(folder.path(), "config", config.as_bytes());
        put(folder.path(), "serial", b"01\n");
        let make = [
            "req", "-new", "-x509", "-config", "config", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=TSA", "-keyout", "tsa.key", "-out",
            "tsa.pem",
        ];
        let (ok, text) = openssl(folder.path(), &make);
        assert!(ok, "{text}");
        folder
    }

    fn reply(folder: &tempfile::TempDir, query: &[u8]) -> Vec<u8> {
        put(folder.path(), "query", query);
        let (ok, text) = openssl(folder.path(), &["ts", "-reply", "-config", "config", "-queryfile", "query", "-out", "answer"]);
        assert!(ok, "{text}");
        #[expect(clippy::disallowed_methods, reason = "an outside judge writes files")]
        std::fs::read(folder.path().join("answer")).unwrap()
    }

    fn request(text: &[u8], nonce: u8, policy: Option<&str>) -> TokenRequest {
        let policy = policy.map(|text| ObjectIdentifier::new(text).unwrap());
        TokenRequest::new(DigestAlgorithm::Sha256, &DigestAlgorithm::Sha256.digest(text), [nonce; 16], policy)
    }

    #[test]
    fn openssl_answers_and_only_to_what_was_asked() {
        let folder = authority();
        let asked = request(b"a document", 7, None);
        let answer = reply(&folder, &asked.der());
        let token = asked.answer(&answer).unwrap();
        assert_eq!((token.signer.common_name().as_deref(), token.certificates.len()), (Some("TSA"), 1));
        assert_eq!(request(b"a document", 7, Some("1.2.3.5")).answer(&answer).unwrap_err(), TokenFault::Policy);
        assert_eq!(request(b"a document", 8, None).answer(&answer).unwrap_err(), TokenFault::Nonce);
        // Each of the two is what refuses it, and nothing else.
        let off = |check, asked: &TokenRequest| crate::switch::without(&[check], || asked.answer(&answer).is_ok());
        let wrong = [request(b"a document", 8, None), request(b"a document", 7, Some("1.2.3.5"))];
        assert_eq!(Check::TOKEN.len(), wrong.len());
        assert!(Check::TOKEN.iter().zip(&wrong).all(|(check, asked)| off(*check, asked)));
        assert_eq!(request(b"another", 7, None).answer(&answer).unwrap_err(), TokenFault::Token(CmsReason::ImprintMismatch));
        let chosen = request(b"a document", 9, Some("1.2.3.5"));
        assert!(chosen.answer(&reply(&folder, &chosen.der())).is_ok());
        for cut in 0..answer.len() {
            assert!(asked.answer(&answer[..cut]).is_err(), "{cut}");
        }
        for at in (0..answer.len()).step_by(11) {
            let mut flipped = answer.clone();
            flipped[at] ^= 1;
            // Certificates that came along are not signed; everything else is.
            let found = asked.answer(&flipped);
            assert!(found.as_ref().is_err() || found.is_ok_and(|found| found.time == token.time), "{at}");
        }
    }

    #[test]
    fn a_refusal_says_why() {
        let folder = authority();
        let refused = reply(&folder, &request(b"a document", 7, Some("1.2.9.9")).der());
        // unacceptedPolicy
        assert_eq!(request(b"a document", 7, Some("1.2.9.9")).answer(&refused).unwrap_err(), TokenFault::Refused(Some(15)));
        let weak = TokenRequest::new(DigestAlgorithm::Sha512, &DigestAlgorithm::Sha512.digest(b"a document"), [7; 16], None);
        // badAlg
        assert_eq!(weak.answer(&reply(&folder, &weak.der())).unwrap_err(), TokenFault::Refused(Some(0)));
        assert_eq!(weak.answer(b"").unwrap_err(), TokenFault::Malformed);
        assert_eq!(weak.answer(&vec![0x30; MAX_ANSWER + 1]).unwrap_err(), TokenFault::Malformed);
    }
}
