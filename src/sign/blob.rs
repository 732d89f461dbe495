//! The sign room: a prepared document as bytes, so that signing may pause for days, survive the death of its process and go on elsewhere.
//!
//! The form, version 1, which never changes (numbers are big-endian; *bytes* is a length in 4 bytes, then so many bytes):
//!
//! | Part | |
//! |---|---|
//! | `thrivosign-prepared` | 19 bytes of ASCII |
//! | version | 1 byte: 1 |
//! | protection | 1 byte: 1 = HMAC-SHA-256 under the caller's key, 0 = SHA-256, which proves nothing but that the blob is whole |
//! | length of the document | 8 bytes |
//! | time of the request | 8 bytes, seconds since 1970-01-01T00:00:00Z, signed |
//! | algorithm | *bytes*: AlgorithmIdentifier DER |
//! | certificates | count in 4 bytes, then each as *bytes*: DER, the signer's first |
//! | field | *bytes*: its fully qualified name in UTF-8 |
//! | start and end of `/Contents` | 8 bytes each: offsets in the file of `<` and of the byte behind `>` |
//! | revision | *bytes*: what is appended, `/Contents` all zeros |
//! | digest of the document | *bytes*, by the algorithm's digest (SHA-512 for Ed25519) |
//! | digest of the signed ranges | *bytes*, likewise |
//! | integrity value | 32 bytes over everything before |
//!
//! A version that is not known is refused; a later version of the form will have another number.
//!
//! A blob without a key may have been changed by anyone. It gives an [`Unproven`], which cannot be signed, only completed: then everything
//! is computed again from the document, and the signature value, made over the true message, is what proves the rest.

use super::hollow::{Digests, Hollow};
use super::plan::Plan;
use super::prepared::{Prepared, SignatureValue};
use crate::cancel::Progress;
use crate::crypto::algorithm::SignatureAlgorithm;
use crate::crypto::digest::sha256;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Source, Span};
use crate::pki::certificate::Certificate;
use crate::sign::{Output, SignedPdf, SigningIdentity};
use crate::time::Time;
use hmac::{Hmac, KeyInit, Mac};

const MAGIC: &[u8] = b"thrivosign-prepared";
const VERSION: u8 = 1;
const CHECKSUM: u8 = 0;
const HMAC: u8 = 1;
const MAX_CERTIFICATES: usize = 64;

type HmacSha256 = Hmac<sha2::Sha256>;

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::PreparedMalformed).context(what)
}

fn mac(key: &[u8]) -> Result<HmacSha256> {
    if key.is_empty() {
        return Err(Error::new(ErrorKind::InvalidArgument).context("an empty key protects nothing"));
    }
    HmacSha256::new_from_slice(key).map_err(|_| Error::new(ErrorKind::InvalidArgument))
}

impl Prepared {
    /// As bytes that only a holder of `key` can change unnoticed. The key should be 32 random bytes.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for an empty key; [`ErrorKind::LimitReached`] for a revision of 4 GiB.
    pub fn to_blob(&self, key: &[u8]) -> Result<Vec<u8>> {
        let mut mac = mac(key)?;
        let mut out = self.body(HMAC)?;
        mac.update(&out);
        out.extend_from_slice(&mac.finalize().into_bytes());
        Ok(out)
    }

    /// As bytes that anybody can change. What is read back can be completed, not signed.
    ///
    /// # Errors
    /// [`ErrorKind::LimitReached`] for a revision of 4 GiB.
    pub fn to_blob_unauthenticated(&self) -> Result<Vec<u8>> {
        let mut out = self.body(CHECKSUM)?;
        out.extend_from_slice(&sha256(&out));
        Ok(out)
    }

    /// What [`Prepared::to_blob`] wrote under the same key.
    ///
    /// # Errors
    /// [`ErrorKind::PreparedMalformed`] if it is not that, byte for byte; [`ErrorKind::InvalidArgument`] for an empty key.
    pub fn from_blob(bytes: &[u8], key: &[u8]) -> Result<Prepared> {
        let mut mac = mac(key)?;
        let (body, value) = split(bytes, HMAC)?;
        mac.update(body);
        mac.verify_slice(value).map_err(|_| malformed("the integrity value does not match"))?;
        read(body)
    }

    /// What [`Prepared::to_blob_unauthenticated`] wrote, or somebody else.
    ///
    /// # Errors
    /// [`ErrorKind::PreparedMalformed`].
    pub fn from_blob_unauthenticated(bytes: &[u8]) -> Result<Unproven> {
        let (body, value) = split(bytes, CHECKSUM)?;
        if sha256(body) != value {
            return Err(malformed("the check sum does not match"));
        }
        read(body).map(Unproven)
    }

    fn body(&self, protection: u8) -> Result<Vec<u8>> {
        let plan = &self.plan;
        let mut out = Vec::with_capacity(plan.hollow.update.len().saturating_add(8192));
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&[VERSION, protection]);
        out.extend_from_slice(&plan.hollow.source_len.to_be_bytes());
        out.extend_from_slice(&plan.time.unix().to_be_bytes());
        bytes(&mut out, &plan.identity.algorithm().to_der())?;
        out.extend_from_slice(&length(plan.identity.chain().len())?);
        for certificate in plan.identity.chain() {
            bytes(&mut out, certificate.der())?;
        }
        bytes(&mut out, plan.field.as_bytes())?;
        out.extend_from_slice(&plan.hollow.contents.start.to_be_bytes());
        out.extend_from_slice(&plan.hollow.contents.end.to_be_bytes());
        bytes(&mut out, &plan.hollow.update)?;
        bytes(&mut out, &self.digests.document)?;
        bytes(&mut out, &self.digests.message)?;
        Ok(out)
    }
}

/// A prepared document that anybody may have written.
#[derive(Clone)]
pub struct Unproven(Prepared);

impl Unproven {
    /// The identity that the blob names.
    #[must_use]
    pub const fn identity(&self) -> &SigningIdentity {
        self.0.identity()
    }

    /// The field that the blob names.
    #[must_use]
    pub fn field(&self) -> &str {
        self.0.field()
    }

    /// The claimed time that the blob names.
    #[must_use]
    pub const fn claimed_time(&self) -> Time {
        self.0.claimed_time()
    }

    /// Computes everything again from `source`. What comes out is no more proven than the blob: whoever completes it checks the value against the
    /// certificate's key and the message as computed here, and had the blob been changed, no value would fit.
    ///
    /// # Errors
    /// [`ErrorKind::DocumentChanged`] if `source` has another length; [`ErrorKind::KeySignatureWrong`] if blob, document and value do not belong
    /// together; [`ErrorKind::SourceUnreadable`]; [`ErrorKind::Cancelled`].
    pub fn accept(self, value: &[u8], source: &dyn Source, progress: &Progress<'_>) -> Result<(Prepared, SignatureValue)> {
        let prepared = self.0.plan.hash(source, progress)?;
        let value = prepared.to_be_signed()?.accept(value)?;
        Ok((prepared, value))
    }

    /// The same, and writes the signed file.
    ///
    /// # Errors
    /// As [`Unproven::accept`] and [`Prepared::complete`].
    pub fn complete(self, value: &[u8], source: &dyn Source, output: &mut dyn Output, progress: &Progress<'_>) -> Result<SignedPdf> {
        let (prepared, value) = self.accept(value, source, progress)?;
        prepared.complete(&value, source, output, progress)
    }
}

fn length(len: usize) -> Result<[u8; 4]> {
    u32::try_from(len).map(u32::to_be_bytes).map_err(|_| Error::new(ErrorKind::LimitReached).context("a blob"))
}

fn bytes(out: &mut Vec<u8>, value: &[u8]) -> Result<()> {
    out.extend_from_slice(&length(value.len())?);
    out.extend_from_slice(value);
    Ok(())
}

/// Body and integrity value, once magic, version and kind of protection are as expected.
fn split(blob: &[u8], protection: u8) -> Result<(&[u8], &[u8])> {
    let rest = blob.strip_prefix(MAGIC).ok_or_else(|| malformed("not a prepared document"))?;
    match rest {
        [VERSION, kind, ..] if *kind == protection => {}
        [VERSION, ..] => return Err(malformed("protected in another way")),
        _ => return Err(malformed("an unknown version")),
    }
    let at = blob.len().checked_sub(32).filter(|at| *at >= MAGIC.len() + 2).ok_or_else(|| malformed("cut short"))?;
    Ok(blob.split_at(at))
}

struct Reader<'b>(&'b [u8]);

impl<'b> Reader<'b> {
    fn take(&mut self, len: usize) -> Result<&'b [u8]> {
        let (head, rest) = self.0.split_at_checked(len).ok_or_else(|| malformed("cut short"))?;
        self.0 = rest;
        Ok(head)
    }

    fn number<const N: usize>(&mut self) -> Result<[u8; N]> {
        self.take(N)?.try_into().map_err(|_| malformed("cut short"))
    }

    fn length(&mut self) -> Result<usize> {
        usize::try_from(u32::from_be_bytes(self.number()?)).map_err(|_| malformed("a length"))
    }

    fn bytes(&mut self) -> Result<&'b [u8]> {
        let len = self.length()?;
        self.take(len)
    }
}

fn read(body: &[u8]) -> Result<Prepared> {
    let mut reader = Reader(body.get(MAGIC.len() + 2..).unwrap_or_default());
    let source_len = u64::from_be_bytes(reader.number()?);
    let time = Time::from_unix(i64::from_be_bytes(reader.number()?));
    let algorithm = SignatureAlgorithm::from_der(reader.bytes()?).map_err(|error| malformed("the algorithm").caused_by(error))?;
    let count = reader.length()?;
    if count > MAX_CERTIFICATES {
        return Err(malformed("too many certificates"));
    }
    let mut chain = Vec::new();
    for _ in 0..count {
        chain.push(Certificate::from_der(reader.bytes()?).map_err(|error| malformed("a certificate").caused_by(error))?);
    }
    let identity = SigningIdentity::new(chain, algorithm).map_err(|error| malformed("the identity").caused_by(error))?;
    let field = std::str::from_utf8(reader.bytes()?).map_err(|_| malformed("the field's name"))?.to_owned();
    let contents = Span { start: u64::from_be_bytes(reader.number()?), end: u64::from_be_bytes(reader.number()?) };
    let update = reader.bytes()?.to_vec();
    let digests = Digests { document: reader.bytes()?.to_vec(), message: reader.bytes()?.to_vec() };
    let len = identity.digest().len();
    if !reader.0.is_empty() || digests.document.len() != len || digests.message.len() != len {
        return Err(malformed("a length"));
    }
    let repair = crate::pdf::recover::Repair::None;
    let hollow = Hollow { source_len, update, contents };
    let plan = Plan { hollow, field, identity, time, repair, preflight: None };
    let inside = |at: u64| at.checked_sub(source_len).and_then(|at| usize::try_from(at).ok());
    let room = match (inside(contents.start), inside(contents.end)) {
        (Some(start), Some(end)) => plan.hollow.update.get(start..end),
        _ => None,
    };
    match room {
        Some([b'<', zeros @ .., b'>']) if !zeros.is_empty() && zeros.len() % 2 == 0 && zeros.iter().all(|c| *c == b'0') => {}
        _ => return Err(malformed("the room for the signature")),
    }
    if source_len.checked_add(plan.hollow.update.len() as u64).is_none() {
        return Err(malformed("a length"));
    }
    Ok(Prepared::new(plan, digests))
}
