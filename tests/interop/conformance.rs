//! A document that keeps PDF/A or PDF/UA keeps it when it is signed: invisibly and visibly, once and twice.
//!
//! Takes the documents of `conformant.py`; veraPDF confirms each before anyone signs, and again after. The other judges are asked as well.

use crate::corpus::bench;
use crate::judges::{self, Hanko};
use crate::ours;
use crate::verapdf::VeraPdf;

/// PDF/UA wants a second visible widget tagged (ISO 14289-1 7.18.4) and pyHanko 0.38 allows no change of the tags after a signature, not
/// even the element, the reference and the number that belong to the new widget. No file can satisfy both; a field that was prepared,
/// with its tags, before the first signature does. Elsewhere the tags of a signed document are left alone.
const TAGS_ARE_A_CHANGE: &str = "INTACT:TRUSTED,EXTENDED_WITH_OTHER,ILLEGAL_MODIFICATIONS";

#[test]
fn signed_documents_keep_their_standards() {
    let Some(bench) = bench() else { return };
    let Some(mut judge) = VeraPdf::start(&bench.cache) else { return };
    let trust = ours::trust(&bench.root());
    let mut hanko = Hanko::start(bench);
    let scratch = tempfile::tempdir().unwrap();
    let mut complaints = Vec::new();
    let documents = bench.conformant();
    for (source, keeps) in &documents {
        for flavour in keeps {
            let before = judge.judge(flavour, &source.file).unwrap();
            assert!(before.is_empty(), "{} is no {flavour} to begin with: {before:#?}", source.name());
        }
        for visible in [false, true] {
            let mut input = source.file.clone();
            for turn in 0..2 {
                let output = scratch.path().join(format!("{}-{turn}.pdf", source.name()));
                let label = format!("{}, visible {visible}, signature {}", source.name(), turn + 1);
                let key = if turn == 0 { "p256" } else { "rsa" };
                let place = visible.then_some(source.boxes[turn]);
                if let Err(error) = ours::sign(bench, key, Some(&format!("Signature{}", turn + 1)), place, "", &input, &output) {
                    complaints.push(format!("{label}: not signed: {error}"));
                    break;
                }
                for flavour in keeps {
                    let rules = judge.judge(flavour, &output).unwrap();
                    complaints.extend(rules.iter().map(|rule| format!("{label}: {flavour}: {rule}")));
                }
                let report = ours::verify(&output, &trust, "").unwrap();
                if !report.clean {
                    complaints.push(format!("{label}: our own verifier: {}", ours::reasons(&report)));
                }
                let pdfsig = judges::pdfsig(&output, "").unwrap();
                if pdfsig.len() != turn + 1 || !pdfsig.iter().all(|verdict| verdict.valid) {
                    complaints.push(format!("{label}: pdfsig: {pdfsig:?}"));
                }
                let signatures = hanko.judge(&output, &bench.root(), "").unwrap();
                for (number, verdict) in signatures.iter().enumerate() {
                    let retagged = !source.name().ends_with("-prepared")
                        && keeps.iter().any(|flavour| flavour.starts_with("ua"))
                        && visible
                        && turn == 1
                        && number == 0;
                    if retagged {
                        assert_eq!(verdict.summary, TAGS_ARE_A_CHANGE, "{label}: the exception is not needed any more");
                    } else if !verdict.bottom_line {
                        complaints.push(format!("{label}: pyHanko: {}", verdict.summary));
                    }
                }
                assert_eq!(signatures.len(), turn + 1, "{label}");
                if judges::qpdf(&output, "").unwrap() != judges::qpdf(&source.file, "").unwrap() {
                    complaints.push(format!("{label}: qpdf"));
                }
                input = output;
            }
        }
    }
    assert!(documents.len() >= 13);
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// A judge that passes everything proves nothing.
#[test]
fn vera_pdf_sees_what_is_wrong() {
    let Some(bench) = bench() else { return };
    let Some(mut judge) = VeraPdf::start(&bench.cache) else { return };
    let plain = bench.corpus.join("gs-17.pdf");
    let says = |rules: &[String], begin: &str| assert!(rules.iter().any(|rule| rule.starts_with(begin)), "{begin}: {rules:#?}");
    says(&judge.judge("2b", &plain).unwrap(), "6.2.4.3-4 DeviceGray");
    says(&judge.judge("ua1", &plain).unwrap(), "5-1 ");
    assert!(judge.judge("2b", &bench.corpus.join("nothing.pdf")).is_err());
    assert!(judge.judge("9z", &plain).is_err());
}
