//! The matrix: every document of the corpus, signed here in every way, before every judge.
//!
//! Takes the corpus and the two signers; signs with P-256 and RSA (PKCS#1 v1.5, and PSS as the second signature), invisible
//! and visible, once and twice in a row; asks pdfsig, pyHanko, OpenSSL, qpdf and the library's own verifier about each
//! output, and poppler's renderer about what can be seen. Prints the matrix. Every disagreement that is not a defect of ours
//! stands in `LEDGER` with its reason.

use crate::case::Case;
use crate::corpus::{Bench, Source, bench};
use crate::judges::{self, Hanko};
use crate::ours::{self, Trust};
use crate::workers::each;
use std::io::Write;
use std::path::{Path, PathBuf};

/// Document, judge and the beginning of what it says, and why that does not count there. An entry that no verdict needs any
/// more fails the test.
const LEDGER: &[(&str, &str, &str)] = &[
    (
        "gs-20",
        "pyHanko: signature 1: INTACT:TRUSTED,EXTENDED_WITH_OTHER,ILLEGAL_MODIFICATIONS",
        "Ghostscript 10.0 writes XMP for PDF 2.0 that is not well-formed XML (an attribute without quotes); pyHanko compares \
         revisions through the parsed metadata, cannot parse these, and calls every later revision of such a file illegal, its own too",
    ),
    (
        "lo-pdfua",
        "pyHanko: signature 1: INTACT:TRUSTED,EXTENDED_WITH_OTHER,ILLEGAL_MODIFICATIONS",
        "PDF/UA wants a second visible widget tagged, and pyHanko allows no change of the tags after a signature: see `conformance.rs`",
    ),
    ("lo-form", UNSEEN, NEED_APPEARANCES),
    ("pike-form-17", UNSEEN, NEED_APPEARANCES),
    ("qpdf-encrypted-aes128-clear-metadata", UNSEEN, NEED_APPEARANCES),
    ("qpdf-object-streams", UNSEEN, NEED_APPEARANCES),
    ("tex-form", UNSEEN, NEED_APPEARANCES),
];

pub(crate) const UNSEEN: &str = "renderer: 0 dark pixels";
pub(crate) const NEED_APPEARANCES: &str = "the form says /NeedAppearances true: poppler draws every field anew and has no look of its own for a \
     signature. Taking the entry out would show it, and change how poppler draws the other fields (16 pixels of a check box): \
     signing does not change what is shown. `inspect` names the trap";

struct Way {
    key: &'static str,
    other: &'static str,
    visible: bool,
}

const WAYS: [Way; 4] = [
    Way { key: "p256", other: "rsa-pss", visible: false },
    Way { key: "p256", other: "rsa-pss", visible: true },
    Way { key: "rsa", other: "p256", visible: false },
    Way { key: "rsa", other: "p256", visible: true },
];

/// What came of one document: for each way the complaints after the first and after the second signature.
struct Row {
    name: String,
    told: Vec<[Vec<String>; 2]>,
    /// Places in the ledger that were needed.
    excused: Vec<usize>,
}

#[test]
fn every_document_signed_in_every_way_convinces_every_judge() {
    let Some(bench) = bench() else { return };
    let sources = bench.sources();
    let trust = ours::trust(&bench.root());
    let mut rows = each(bench, &sources, |source, hanko, scratch| try_document(bench, source, &trust, hanko, scratch));
    rows.sort_by(|a, b| a.name.cmp(&b.name));
    print(&rows);
    let complaints: Vec<String> =
        rows.iter().flat_map(|row| row.told.iter().flatten().flatten().map(|told| format!("{}: {told}", row.name))).collect();
    assert_eq!(rows.len(), sources.len());
    for (entry, (document, judge, _)) in LEDGER.iter().enumerate() {
        assert!(rows.iter().any(|row| row.excused.contains(&entry)), "the ledger excuses what nobody says any more: {document}, {judge}");
    }
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
}

/// Past the capture of test output: this table is for people.
fn print(rows: &[Row]) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "\n{:40} P-256          RSA-3072", "signed once, twice; ok or complaints");
    let _ = writeln!(out, "{:40} invis. visible invis. visible", "");
    for row in rows {
        let word = |told: &[Vec<String>; 2]| {
            let one = |list: &Vec<String>| if list.is_empty() { "ok".to_owned() } else { format!("{}!", list.len()) };
            format!("{:6}", format!("{} {}", one(&told[0]), one(&told[1])))
        };
        let cells: Vec<String> = row.told.iter().map(word).collect();
        let _ = writeln!(out, "{:40} {}", row.name, cells.join(" "));
    }
    let signed: usize = rows.iter().map(|row| row.told.len() * 2).sum();
    let _ = writeln!(out, "{} documents, {signed} signed files; disagreements in the ledger:", rows.len());
    for (document, judge, reason) in LEDGER {
        let _ = writeln!(out, "  {document}: {judge}: {reason}");
    }
}

fn try_document(bench: &Bench, source: &Source, trust: &Trust, hanko: &mut Hanko, scratch: &Path) -> Row {
    let before = judges::render(&source.file, 1, &source.password).unwrap();
    let sound = judges::qpdf(&source.file, &source.password).unwrap();
    let (mut told, mut excused) = (Vec::new(), Vec::new());
    for way in &WAYS {
        let mut round = [Vec::new(), Vec::new()];
        let mut input = source.file.clone();
        for (turn, complaints) in round.iter_mut().enumerate() {
            let output: PathBuf = scratch.join(format!("{turn}.pdf"));
            let key = if turn == 0 { way.key } else { way.other };
            let place = way.visible.then_some(source.boxes[turn]);
            if let Err(error) = ours::sign(bench, key, Some(&format!("Signature{}", turn + 1)), place, &source.password, &input, &output) {
                complaints.push(format!("{key}, visible {}: not signed: {error}", way.visible));
                break;
            }
            let case = Case { bench, source, input: &input, output: &output, signatures: turn + 1, sound };
            let mut verdicts = case.judge(trust, hanko);
            verdicts.extend(case.look(&before, if way.visible { &source.boxes[..=turn] } else { &[] }));
            let label = format!("{key}, {}, signature {}", if way.visible { "visible" } else { "invisible" }, turn + 1);
            for told in verdicts {
                match LEDGER.iter().position(|(document, judge, _)| *document == source.name() && told.starts_with(judge)) {
                    Some(entry) => excused.push(entry),
                    None => complaints.push(format!("{label}: {told}")),
                }
            }
            input = output;
        }
        told.push(round);
    }
    Row { name: source.name(), told, excused }
}
