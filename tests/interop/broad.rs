//! The broad corpus: every file of `broad.py`, signed twice in a way of its own, before every judge.
//!
//! Takes a fixed sample of the files, or all of them with `THRIVOSIGN_LONG=1` (`cargo xtask test --long`). The two signatures of a file differ
//! in key, field and visibility; which file gets which way is fixed by its place. Expected: no file that qpdf finds sound is refused, the
//! original is always a prefix, and no judge complains, except as `LEDGER` says and why.

use crate::case::Case;
use crate::corpus::{Bench, Source, bench};
use crate::judges::{self, Hanko};
use crate::matrix::{NEED_APPEARANCES, UNSEEN};
use crate::ours::{self, Trust};
use crate::reading::{as_lopdf_reads, as_qpdf_reads, unchanged};
use crate::workers::each;
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

/// What the file's name contains, what is said of it, and why that does not count there. An entry that nothing needs any more fails the whole run.
const LEDGER: &[(&str, &str, &str)] = &[
    ("lo-form", UNSEEN, NEED_APPEARANCES),
    ("tex-form", UNSEEN, NEED_APPEARANCES),
    (
        "gs-20",
        "pyHanko: signature 1: INTACT:TRUSTED,EXTENDED_WITH_OTHER,ILLEGAL_MODIFICATIONS",
        "Ghostscript's XMP for PDF 2.0 is not well-formed, and pyHanko calls every later revision of such a file illegal (see the matrix)",
    ),
    (
        "lo-pdfua",
        "pyHanko: signature 1: INTACT:TRUSTED,EXTENDED_WITH_OTHER,ILLEGAL_MODIFICATIONS",
        "PDF/UA wants a second visible widget tagged, and pyHanko allows no change of the tags after a signature (see the matrix)",
    ),
    (
        "-junk-from-",
        "pyHanko: PdfReadError: Illegal PDF header",
        "pyHanko wants the header in the first bytes; ISO 32000-2 7.5.2 lets it follow others",
    ),
    (
        "-aes-256-r5",
        "pyHanko: PdfKeyNotAvailableError: Authentication failed",
        "pyHanko knows revision 6, not its forerunner 5 (Adobe's extension level 3)",
    ),
    (
        "-nulls",
        "pyHanko: KeyError: Reference(idnum=8000000",
        "a reference to an object that is not there is null (ISO 32000-2 7.3.10); pyHanko compares through it",
    ),
    (
        "form-indirect-packed",
        "pyHanko: PdfReadError: Names must be strings",
        "/T may be an indirect object (ISO 32000-2 7.3.10); pyHanko wants it direct",
    ),
    (
        "lo-form-unite",
        "pyHanko: PdfReadError: Duplicate field name",
        "pdfunite puts two fields of one name side by side, as the file before the signature has them",
    ),
    ("-empty-field-apart", "pdfsig: ", "poppler looks for /V in the widget alone, not in the field whose kid it is (ISO 32000-2 12.7.4.1)"),
    ("gs-cairo-14-13", OVER_CONTENT, PICTURE),
    ("gs-cairo-mixed-sizes-13", OVER_CONTENT, PICTURE),
    ("gs-cr-picture-13", OVER_CONTENT, PICTURE),
];

const OVER_CONTENT: &str = "[later_change (a visible signature was drawn over content of the signed page";
const PICTURE: &str = "PDF 1.3 has no transparency, and Ghostscript makes the page one picture: a second box that no empty field was prepared for \
     lies on content that was signed, and the verifier says so of the first signature. `fields add` before the first signature is the remedy";

/// Every so many files are in the sample, from the first of these on.
const SAMPLE: (usize, usize) = (2, 5);

/// Field, key and whether it shows, for the first and for the second signature.
const WAYS: [[(Option<&str>, &str, bool); 2]; 6] = [
    [(Some("loan.parties.Borrower"), "p256", false), (Some("Signature2"), "rsa-pss", true)],
    [(Some("loan.Käufer"), "rsa", true), (Some("Verkäufer"), "p256", false)],
    [(None, "p256", true), (None, "rsa", true)],
    [(Some("署名"), "rsa-pss", false), (Some("Signature1"), "p256", true)],
    [(Some("a.b"), "p256", true), (Some("b.c"), "p256", true)],
    [(None, "rsa", false), (None, "rsa-pss", false)],
];

/// What came of one file.
struct Told {
    complaints: Vec<String>,
    excused: Vec<usize>,
    refused: Option<String>,
}

#[test]
fn every_file_of_the_broad_corpus_convinces_every_judge() {
    let Some(bench) = bench() else { return };
    let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
    let all = bench.broad();
    assert!(all.len() >= 250, "only {} files", all.len());
    let wanted = std::env::var("THRIVOSIGN_BROAD").ok();
    let chosen: Vec<(usize, &Source)> = all
        .iter()
        .enumerate()
        .filter(|(place, source)| match &wanted {
            Some(part) => source.name().contains(part.as_str()),
            None => long || place % SAMPLE.1 == SAMPLE.0,
        })
        .collect();
    let trust = ours::trust(&bench.root());
    let rows: BTreeMap<_, _> = each(bench, &chosen, |(place, source), hanko, scratch| {
        (source.name(), try_file(bench, source, &WAYS[place % WAYS.len()], &trust, hanko, scratch))
    })
    .into_iter()
    .collect();
    let complaints: Vec<String> =
        rows.iter().flat_map(|(name, told)| told.complaints.iter().map(move |what| format!("{name}: {what}"))).collect();
    let refused: Vec<String> = rows.iter().filter_map(|(name, told)| told.refused.as_ref().map(|why| format!("{name}: {why}"))).collect();
    let mut out = std::io::stdout().lock();
    let excused = rows.values().filter(|told| !told.excused.is_empty()).count();
    let _ = writeln!(
        out,
        "\nbroad corpus: {} of {} files, {} signed files judged, {} complaints, {excused} files in the ledger; refused though no judge \
         calls them sound: {refused:?}",
        rows.len(),
        all.len(),
        2 * (rows.len() - refused.len()),
        complaints.len(),
    );
    for (entry, (name, told, _)) in LEDGER.iter().enumerate() {
        let files = rows.values().filter(|row| row.excused.contains(&entry)).count();
        let _ = writeln!(out, "  in the ledger: {files} files: {name}: {told}");
    }
    drop(out);
    assert!(complaints.is_empty(), "{} complaints:\n{}", complaints.len(), complaints.join("\n"));
    if long && wanted.is_none() {
        for (entry, (name, told, _)) in LEDGER.iter().enumerate() {
            assert!(rows.values().any(|row| row.excused.contains(&entry)), "the ledger excuses what nobody says any more: {name}, {told}");
        }
    }
}

fn try_file(
    bench: &Bench,
    source: &Source,
    way: &[(Option<&str>, &str, bool); 2],
    trust: &Trust,
    hanko: &mut Hanko,
    scratch: &Path,
) -> Told {
    let mut row = Told { complaints: Vec::new(), excused: Vec::new(), refused: None };
    let before = judges::render(&source.file, 1, &source.password).unwrap();
    let sound = judges::qpdf(&source.file, &source.password).unwrap();
    let mut input = source.file.clone();
    let mut shown = Vec::new();
    for (turn, (field, key, visible)) in way.iter().enumerate() {
        let output = scratch.join(format!("{turn}.pdf"));
        // An empty field is filled first; it keeps the box it has.
        let (field, visible) = match (&source.field, turn) {
            (Some(field), 0) => (Some(field.as_str()), false),
            _ => (*field, *visible && source.has_boxes),
        };
        let place = visible.then_some(source.boxes[turn]);
        if let Err(error) = ours::sign(bench, key, field, place, &source.password, &input, &output) {
            match (sound, turn) {
                (0, _) | (_, 1) => row.complaints.push(format!("{key}, visible {visible}, signature {}: not signed: {error}", turn + 1)),
                _ => row.refused = Some(error.to_string()),
            }
            break;
        }
        shown.extend(place);
        let case = Case { bench, source, input: &input, output: &output, signatures: turn + 1, sound };
        let mut verdicts = case.judge(trust, hanko);
        verdicts.extend(case.look(&before, &shown));
        verdicts.extend(touched(&input, &output, &source.password));
        for told in verdicts {
            match LEDGER.iter().position(|(name, judge, _)| source.name().contains(name) && told.contains(judge)) {
                Some(entry) => row.excused.push(entry),
                None => row.complaints.push(format!("{field:?}, {key}, visible {visible}, signature {}: {told}", turn + 1)),
            }
        }
        if let Ok(folder) = std::env::var("THRIVOSIGN_BROAD_KEEP") {
            std::fs::copy(&output, Path::new(&folder).join(format!("{}-{}.pdf", source.name(), turn + 1))).unwrap();
        }
        input = output;
    }
    row
}

/// What lopdf and qpdf read otherwise than before, beside what a signature is there to change.
fn touched(before: &Path, after: &Path, password: &str) -> Vec<String> {
    let run = || {
        let bytes = |path: &Path| std::fs::read(path).map_err(|error| error.to_string());
        let mut told = unchanged(&as_lopdf_reads(&bytes(before)?, password)?, &as_lopdf_reads(&bytes(after)?, password)?);
        told.extend(unchanged(&as_qpdf_reads(before, password)?, &as_qpdf_reads(after, password)?));
        Ok(told.into_iter().map(|what| format!("object by object: {what}")).collect())
    };
    run().unwrap_or_else(|error: String| vec![format!("object by object: {error}")])
}

/// A second signer in a group that the first one made: right for all but pyHanko, which admits new fields at the root of the form alone, and
/// new groups, but no kid more in one that was signed. Should this test fail, pyHanko has learnt it, and the way belongs into `WAYS`.
#[test]
fn a_second_field_in_the_same_group_convinces_all_but_pyhanko() {
    let Some(bench) = bench() else { return };
    let sources = bench.sources();
    let source = sources.iter().find(|source| source.name() == "rl-plain").unwrap();
    let scratch = tempfile::tempdir().unwrap();
    let (once, twice) = (scratch.path().join("1.pdf"), scratch.path().join("2.pdf"));
    ours::sign(bench, "p256", Some("loan.Lender"), None, "", &source.file, &once).unwrap();
    ours::sign(bench, "rsa", Some("loan.Borrower"), None, "", &once, &twice).unwrap();
    let case = Case { bench, source, input: &once, output: &twice, signatures: 2, sound: judges::qpdf(&once, "").unwrap() };
    let told = case.judge(&ours::trust(&bench.root()), &mut Hanko::start(bench));
    let expected = "pyHanko: signature 1: INTACT:TRUSTED,EXTENDED_WITH_OTHER,ILLEGAL_MODIFICATIONS";
    assert!(told.len() == 1 && told[0].starts_with(expected), "{told:?}");
    assert_eq!(touched(&once, &twice, ""), Vec::<String>::new());
}
