//! The evidence room: what is missing. Takes the certificates that have to be provable later and what is held, gives for each gap where it may be
//! asked for: the issuer's certificate, or a statement that a certificate is not revoked. Pure: fetches nothing, and trusts nothing but the anchors.
//! Work is budgeted: who answers decides what is asked next, and would like to be asked without end.

use super::bundle::{Bundle, Item};
use crate::error::{Error, ErrorKind, Result};
use crate::pki::path::{self, MAX_CHAIN};
use crate::pki::revocation::{self, CertificateStatus, Finding, OcspRequest, Proof, ProofKind};
use crate::pki::signatures::Signatures;
use crate::pki::{Certificate, PathFailure, PathInputs, Role, TrustAnchors, oid};
use crate::time::Time;
use std::collections::{HashSet, VecDeque};

/// Most certificates whose chains are looked at, those of responders included.
pub const MAX_SUBJECTS: usize = 32;
/// Most addresses of one kind that are taken from a certificate.
const MAX_URLS: usize = 4;
/// Signature checks for all chains together.
const SIGNATURE_CHECKS: u32 = 400;

/// A certificate whose chain has to be provable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The end entity.
    pub certificate: Certificate,
    /// What it was used for.
    pub role: Role,
}

/// One gap.
#[derive(Clone, Debug)]
pub enum Need {
    /// Nobody at hand issued this certificate.
    Issuer {
        /// Which certificate.
        of: Certificate,
        /// Where it says that its issuer's certificate is.
        urls: Vec<String>,
    },
    /// Nothing at hand tells whether this certificate is revoked.
    Status {
        /// Which certificate.
        of: Certificate,
        /// The request to its responders; `None` where only lists count, since a responder would answer for itself (RFC 6960 4.2.2.2.1).
        ocsp: Option<OcspRequest>,
        /// Its responders.
        ocsp_urls: Vec<String>,
        /// Where it says that lists are.
        crl_urls: Vec<String>,
    },
    /// It has no valid chain, and nothing that could be fetched would help.
    Chain {
        /// Which certificate.
        of: Certificate,
        /// What is wrong.
        failure: PathFailure,
    },
}

impl Need {
    /// The certificate that it is about.
    #[must_use]
    pub const fn of(&self) -> &Certificate {
        match self {
            Need::Issuer { of, .. } | Need::Status { of, .. } | Need::Chain { of, .. } => of,
        }
    }
}

/// What is missing, and what is there.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    /// The gaps, those of the first subject first.
    pub missing: Vec<Need>,
    /// What the chains rest on: certificates from end entity to anchor, and the statements that count. This is what a document should hold.
    pub used: Bundle,
}

/// What is missing for these certificates at that time.
///
/// # Errors
/// [`ErrorKind::LimitReached`] if the chains take more work, or more room, than any honest ones.
pub fn need(subjects: &[Subject], held: &Bundle, anchors: &TrustAnchors, time: Time) -> Result<Needs> {
    let along = held.revocation.ocsp.iter().flat_map(|response| response.certificates());
    let pool = held.certificates.iter().chain(along).cloned().collect();
    let mut search = Search {
        held,
        pool,
        anchors,
        time,
        signatures: Signatures::new(SIGNATURE_CHECKS, None),
        open: VecDeque::new(),
        seen: HashSet::new(),
        needs: Needs::default(),
    };
    for subject in subjects {
        search.chain_of(subject)?;
    }
    let mut looked_at = 0;
    while let Some(chain) = search.open.pop_front() {
        looked_at += 1;
        if looked_at > MAX_SUBJECTS {
            return Err(budget());
        }
        search.statuses(&chain)?;
    }
    Ok(search.needs)
}

fn budget() -> Error {
    Error::new(ErrorKind::LimitReached).context("chains of evidence")
}

/// From an end entity to its anchor.
struct Chain {
    certificates: Vec<Certificate>,
    role: Role,
}

struct Search<'a> {
    held: &'a Bundle,
    pool: Vec<Certificate>,
    anchors: &'a TrustAnchors,
    time: Time,
    signatures: Signatures<'a>,
    open: VecDeque<Chain>,
    /// Certificates whose revocation was looked at, and by whose issuer.
    seen: HashSet<([u8; 32], [u8; 32])>,
    needs: Needs,
}

impl Search<'_> {
    fn use_all(&mut self, certificates: &[Certificate]) -> Result<()> {
        certificates.iter().try_for_each(|one| self.needs.used.add(Item::Certificate(one.clone())).map(drop))
    }

    fn chain_of(&mut self, subject: &Subject) -> Result<()> {
        let inputs = PathInputs::at(self.time, subject.role);
        match path::validate_within(&subject.certificate, &self.pool, self.anchors, &inputs, &mut self.signatures) {
            Ok(found) => {
                self.use_all(&found.chain)?;
                self.open.push_back(Chain { certificates: found.chain, role: subject.role });
            }
            Err(PathFailure::Budget) => return Err(budget()),
            Err(failure) => {
                let missing = match self.topmost(&subject.certificate)? {
                    Some(top) => Need::Issuer { urls: few(top.ca_issuer_urls()), of: top },
                    None => Need::Chain { of: subject.certificate.clone(), failure },
                };
                self.needs.missing.push(missing);
            }
        }
        Ok(())
    }

    /// The certificate at which the chain ends for want of an issuer; `None` if it does not.
    fn topmost(&mut self, leaf: &Certificate) -> Result<Option<Certificate>> {
        let mut top = leaf.clone();
        for _ in 0..MAX_CHAIN {
            if self.anchors.contains(&top) || top.is_self_issued() {
                return Ok(None);
            }
            let mut above = None;
            for candidate in self.anchors.iter().chain(&self.pool).filter(|candidate| top.names_issuer(candidate)) {
                let Some(algorithm) = top.signature_algorithm() else { break };
                let by_it = self.signatures.verify(candidate.public_key(), algorithm, top.tbs_der(), top.signature());
                if by_it.map_err(|_| budget())?.is_ok() {
                    above = Some(candidate.clone());
                    break;
                }
            }
            match above {
                Some(issuer) => top = issuer,
                None => return Ok(Some(top)),
            }
        }
        Ok(None)
    }

    fn statuses(&mut self, chain: &Chain) -> Result<()> {
        for at in 0..chain.certificates.len().saturating_sub(1) {
            let Some((of, above)) = chain.certificates.get(at..).and_then(<[Certificate]>::split_first) else { break };
            let Some(issuer) = above.first() else { break };
            let leaf = at == 0;
            if !self.seen.insert((of.sha256(), issuer.sha256())) || (leaf && exempt(of, chain.role)) {
                continue;
            }
            match self.statement(of, above)? {
                Some(proof) => self.take(&proof, issuer)?,
                None => self.miss(of, issuer, leaf && chain.role == Role::OcspResponder)?,
            }
        }
        Ok(())
    }

    /// The statement that counts: a revocation, or the most recent fresh one.
    fn statement(&mut self, of: &Certificate, above: &[Certificate]) -> Result<Option<Proof>> {
        let now = self.time;
        let found = revocation::findings(of, above, &self.pool, &self.held.revocation, &|_| now, &mut self.signatures);
        let mut found = match found {
            Err(PathFailure::Budget) => return Err(budget()),
            Err(_) => Vec::new(),
            Ok(found) => found,
        };
        let counts = |one: &Finding| one.status != CertificateStatus::Good || one.proof.is_fresh_at(now);
        Ok(found.iter().position(counts).map(|at| found.swap_remove(at).proof))
    }

    /// What a statement rests on is evidence too, and who made it needs proof as well.
    fn take(&mut self, proof: &Proof, issuer: &Certificate) -> Result<()> {
        let held = self.held;
        let of_proof = |sha256: &[u8; 32]| *sha256 == proof.sha256 || proof.further.contains(sha256);
        for item in held.items().filter(|item| of_proof(&item.sha256())) {
            self.needs.used.add(item)?;
        }
        self.use_all(&proof.signer)?;
        if proof.signer.first().is_some_and(|signer| signer != issuer) {
            let role = if proof.kind == ProofKind::Ocsp { Role::OcspResponder } else { Role::CrlIssuer };
            self.open.push_back(Chain { certificates: proof.signer.clone(), role });
        }
        Ok(())
    }

    fn miss(&mut self, of: &Certificate, issuer: &Certificate, by_lists: bool) -> Result<()> {
        let ocsp_urls = if by_lists { Vec::new() } else { few(of.ocsp_urls()) };
        let ocsp = if ocsp_urls.is_empty() { None } else { Some(OcspRequest::new(&[(of, issuer)], None)?) };
        self.needs.missing.push(Need::Status { of: of.clone(), ocsp, ocsp_urls, crl_urls: few(of.crl_urls()) });
        // An answer at hand may count for nothing only because nobody vouches for who gave it.
        let answers = self.held.revocation.ocsp.iter().filter(|response| response.is_about(of, issuer));
        let responders: Vec<Certificate> = answers.flat_map(|response| response.certificates()).take(MAX_URLS).cloned().collect();
        for responder in responders {
            let unproven =
                Role::OcspResponder.suits(&responder) && responder.names_issuer(issuer) && !exempt(&responder, Role::OcspResponder);
            if unproven && self.seen.insert((responder.sha256(), issuer.sha256())) {
                let crl_urls = few(responder.crl_urls());
                self.needs.missing.push(Need::Status { of: responder, ocsp: None, ocsp_urls: Vec::new(), crl_urls });
            }
        }
        Ok(())
    }
}

/// Whether nobody is asked about such an end entity (RFC 6960 4.2.2.2.1, EN 319 412-1).
fn exempt(of: &Certificate, role: Role) -> bool {
    (role == Role::OcspResponder && of.extension(&oid::OCSP_NOCHECK).is_some()) || of.extension(&oid::VALIDITY_ASSURED_SHORT_TERM).is_some()
}

fn few(mut urls: Vec<String>) -> Vec<String> {
    urls.truncate(MAX_URLS);
    urls
}

#[cfg(test)]
pub(crate) mod tests;
