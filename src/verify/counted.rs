//! The verify room: what the stages counted, before anything is judged. Takes the number of signatures that each stage has seen and what it found,
//! gives nothing; where the numbers differ there is no report. A check that was passed over, by whatever mistake, must not look like one that
//! passed.

use super::facts::SignatureFacts;
use crate::error::{Error, ErrorKind, Result};
use crate::switch::{Check, on};

/// Every stage has dealt with every signature, and none is taken for checked that a stage has passed over.
///
/// # Errors
/// [`ErrorKind::Internal`]: there is no report then.
pub(super) fn counted(located: usize, facts: &[SignatureFacts], stated: usize) -> Result<()> {
    let wrong = |what: &'static str| Err(Error::new(ErrorKind::Internal).context(what));
    if located != facts.len() || located != stated {
        return wrong("the stages have not seen the same signatures");
    }
    for facts in facts {
        // The structure is refused, or the CMS is checked; one of the two, and never both.
        let refused = facts.covered.is_err() || facts.fault.is_some();
        if refused == facts.cms.is_some() {
            return wrong("a signature was neither refused nor checked");
        }
        if facts.covered.is_ok() != facts.changes.is_some() {
            return wrong("what followed a signature was not compared");
        }
        let Some(cms) = &facts.cms else { continue };
        let one = cms.signers_seen == 1 || !on(Check::CmsOneSigner);
        let once = one && cms.signers_verified == 1 && cms.signer.is_some();
        // The last steps after the mathematics may fail a signature that is right; nothing else passes without it.
        if cms.signers_verified > cms.signers_seen || (cms.failure.is_none() && !once) {
            return wrong("signers seen and signers verified differ");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::facts::gather;
    use super::super::{changes, locate};
    use super::*;
    use crate::cancel::Progress;
    use crate::cms::CmsFacts;
    use crate::pdf::Document;
    use crate::sign::SignatureRequest;
    use crate::sign::testing::{Signer, Style, now, plain};

    #[test]
    fn what_a_stage_passed_over_is_no_report() {
        let file = Signer::p256().sign(&plain(Style::Table), &SignatureRequest::new(now())).unwrap();
        let document = Document::open(&file).unwrap();
        let located = locate::locate(&document).unwrap();
        let found = || {
            let mut facts = gather(&document, &located, None, &Progress::default()).unwrap();
            changes::find(&document, &mut facts).unwrap();
            facts.signatures
        };
        counted(1, &found(), 1).unwrap();
        let refused = |spoil: &dyn Fn(&mut SignatureFacts), located: usize, stated: usize| {
            let mut facts = found();
            spoil(&mut facts[0]);
            assert_eq!(counted(located, &facts, stated).unwrap_err().kind(), ErrorKind::Internal);
        };
        refused(&|_| {}, 2, 1);
        refused(&|_| {}, 1, 0);
        refused(&|facts| facts.cms = None, 1, 1);
        refused(&|facts| facts.changes = None, 1, 1);
        let cms = |spoil: &dyn Fn(&mut CmsFacts)| refused(&|facts| spoil(facts.cms.as_mut().unwrap()), 1, 1);
        for (seen, verified) in [(0, 0), (0, 1), (1, 0), (2, 1), (2, 2), (1, 2)] {
            cms(&|cms| (cms.signers_seen, cms.signers_verified) = (seen, verified));
        }
        cms(&|cms| cms.signer = None);
    }
}
