//! The verify room: one set of rules for many documents. Takes options once and documents one after the other, from any number of threads;
//! what two documents share, as a signer's chain, is worked out once. The reports are those of `verify`.

use super::chains::Chains;
use super::{Report, RiskSearch, VerifyOptions, changes, embedded, facts, judge, locate, risks, stated, stray};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::{Document, Object, Source};

/// Verifies documents by the same trust, time and policy. Shared by reference among threads.
///
/// ```
/// use thrivosign::pki::trust::TrustAnchors;
/// use thrivosign::verify::{Policy, Verifier, VerifyOptions};
/// use thrivosign::{ErrorKind, Progress, Time};
///
/// let trust = TrustAnchors::new();
/// let options = VerifyOptions { trust: &trust, time: Time::from_unix(1_780_000_000), policy: Policy::default(), password: None, evidence: None };
/// let verifier = Verifier::new(options);
/// let outcome = verifier.verify(&b"no PDF".to_vec(), &Progress::default());
/// assert_eq!(outcome.unwrap_err().kind(), ErrorKind::NotPdf);
/// ```
pub struct Verifier<'a> {
    options: VerifyOptions<'a>,
    chains: Chains,
    /// SHA-256 of the policy: the same for every document.
    named: String,
}

impl<'a> Verifier<'a> {
    /// With nothing known yet.
    #[must_use]
    pub fn new(options: VerifyOptions<'a>) -> Verifier<'a> {
        Verifier { named: options.policy_sha256(), options, chains: Chains::default() }
    }

    /// As [`verify`](super::verify()).
    ///
    /// # Errors
    /// As [`verify`](super::verify()).
    pub fn verify(&self, source: &dyn Source, progress: &Progress<'_>) -> Result<Report> {
        let document = Document::open_with_password(source, self.options.password)?;
        self.verify_document(&document, progress)
    }

    /// As [`verify_document`](super::verify_document()); the document may have been opened with a password of its own.
    ///
    /// # Errors
    /// As [`verify`](super::verify()).
    pub fn verify_document(&self, document: &Document<'_>, progress: &Progress<'_>) -> Result<Report> {
        every(document, &self.options, &self.chains, &self.named, progress)
    }

    /// How many chains were validated so far; the others were known.
    #[must_use]
    pub fn chains_validated(&self) -> usize {
        self.chains.computed()
    }
}

/// Facts, changes, statements, judgement; the risk markers last, so that nothing they use up is missing before.
pub(super) fn every(
    document: &Document<'_>,
    options: &VerifyOptions<'_>,
    chains: &Chains,
    named: &str,
    progress: &Progress<'_>,
) -> Result<Report> {
    let mut located = locate::locate(document)?;
    stray::add(document, &mut located)?;
    // A signature may stand in a last update that leads nowhere, and a viewer that repairs shows it: "no signature" would be a guess.
    if located.candidates.is_empty() && document.has_dead_tail() && document.has_lost_objects()? {
        return Err(Error::new(ErrorKind::PdfDamaged).context("objects stand behind the last revision that can be read"));
    }
    // What no revision shows a viewer that rebuilds the file shows all the same, with whatever it finds: the fields and pages of sections that no /Prev leads to.
    // An attacker would have his own signature listed alone while people see a document with other people's.
    if !located.candidates.is_empty() && !has_pages(document)? {
        return Err(Error::new(ErrorKind::PdfDamaged).context("no revision has a page tree"));
    }
    let mut facts = facts::gather(document, &located, None, progress)?;
    changes::find(document, &mut facts)?;
    let stated = stated::read(document, &located.candidates, &facts.signatures)?;
    embedded::find(document, &mut facts)?;
    let mut report = judge::judge(located, facts, stated, options, chains, named)?;
    progress.check()?;
    if options.policy.risks == RiskSearch::Look {
        report.document.risks = risks::look(document);
    }
    Ok(report)
}

/// Whether some revision has a page tree; the last first, so that one look is enough for all but a few.
fn has_pages(document: &Document<'_>) -> Result<bool> {
    for index in (0..document.revisions().len()).rev() {
        document.budget().step(1)?;
        let view = document.at(index);
        let found = view.catalog().and_then(|catalog| view.get(&catalog, b"Pages"));
        match found {
            Ok(Object::Dictionary(_)) => return Ok(true),
            Ok(_) => {}
            // What cannot be read is damaged elsewhere, and is told there.
            Err(error) if error.kind() == ErrorKind::PdfDamaged => return Ok(true),
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}
