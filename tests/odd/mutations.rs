//! Seeded mutations of small documents, half of them signed: everything returns, nothing panics, nothing mutated is clean.
//!
//! Every reading runs on a thread with a stack of 128 KiB, as a host may have it. The seed is fixed, but
//! the keys are made anew each time: a failure prints its bytes. `THRIVOSIGN_LONG=1` (`cargo xtask test --long`) makes 200,000 mutations of the 3,000.

use crate::authority::{authority, now};
use crate::document::{find, signed, signed_visibly, updated};
use crate::judged;
use crate::paper::{Paper, Style, catalog_with, page_with, paper, with};
use std::collections::BTreeMap;
use thrivosign::Progress;
use thrivosign::pdf::{Document, ObjectId, Parser, XrefEntry};
use thrivosign::sign::{SignatureRequest, SigningIdentity, plan};

/// xorshift64*: the same numbers on every machine.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.roll() >> 11).unwrap_or(0) % n.max(1)
    }
}

fn styled(style: Style, packed: &[&[u32]], change: impl Fn(&mut Paper)) -> Vec<u8> {
    let mut p = with(&[(6, "<</Kind(hidden)>>")]);
    p.style = style;
    p.packed = packed.iter().map(|list| list.to_vec()).collect();
    change(&mut p);
    p.write()
}

fn originals() -> Vec<Vec<u8>> {
    let field = "<</Type/Annot/Subtype/Widget/FT/Sig/T(sig)/Rect[300 600 480 660]/F 4/P 3 0 R/Lock<</Action/Include/Fields[(a)]>>>>";
    let form = {
        let mut p = page_with("/Annots[6 0 R]/Rotate 90", &[(6, field)]);
        p.put(1, "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R]>>>>");
        p.write()
    };
    let packed = styled(Style::Stream, &[&[1, 2, 3, 5], &[6]], |p| p.filter = "Predictor");
    vec![
        paper().write(),
        styled(Style::Stream, &[], |p| p.filter = "Flate"),
        styled(Style::Hybrid, &[&[6]], |_| {}),
        packed.clone(),
        updated(&paper().write(), &[(6, "<</Title(A)>>")], "/Info 6 0 R"),
        form.clone(),
        signed(&paper().write()),
        signed(&signed(&catalog_with("/AcroForm 6 0 R", &[(6, "<</Fields[]>>")]).write())),
        signed(&packed),
        signed(&styled(Style::Hybrid, &[&[6]], |_| {})),
        signed_visibly(&signed(&form), 1, [10.0, 10.0, 160.0, 50.0]),
        updated(&signed(&paper().write()), &[(40, "<</Title(A)>>")], "/Info 40 0 R"),
    ]
}

/// The bytes with the digits of every /Contents in one case: they stand for the same value.
fn canonical(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    let mut at = 0;
    while let Some(found) = find(&out[at..], b"/Contents<") {
        let start = at + found + 10;
        let end = start + out[start..].iter().position(|c| !c.is_ascii_hexdigit()).unwrap_or(0);
        out[start..end].make_ascii_lowercase();
        at = start;
    }
    out
}

const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "-1",
    "65535",
    "65536",
    "4000000000",
    "4294967296",
    "9223372036854775807",
    "-9223372036854775808",
    "99999999999999999999",
    "8388607",
    "8388608",
    "1e9",
    "0.5",
];
const WORDS: [&str; 20] = [
    "obj",
    "endobj",
    "stream\n",
    "endstream",
    "xref\n0 1\n",
    "trailer",
    "startxref\n",
    "%%EOF",
    "null",
    "<<",
    ">>",
    "[",
    "]",
    "(",
    ")",
    "<",
    ">",
    "1 0 R",
    "/Length 9 0 R",
    "%",
];

fn mutated(dice: &mut Dice, originals: &[Vec<u8>], which: usize) -> Vec<u8> {
    let mut bytes = originals[which].clone();
    for _ in 0..=dice.below(5) / 3 {
        if bytes.is_empty() {
            break;
        }
        let at = dice.below(bytes.len());
        match dice.below(9) {
            0 | 1 => bytes[at] ^= 1 << dice.below(8),
            2 => bytes[at] = (dice.roll() >> 40) as u8,
            3 => bytes.truncate(at),
            4 => {
                let end = (at + 1 + dice.below(40)).min(bytes.len());
                bytes.drain(at..end);
            }
            5 => {
                let other = &originals[dice.below(originals.len())];
                let from = dice.below(other.len());
                let chunk = &other[from..(from + 1 + dice.below(300)).min(other.len())];
                let end = if dice.below(2) == 0 { at } else { (at + chunk.len()).min(bytes.len()) };
                bytes.splice(at..end, chunk.iter().copied());
            }
            6 | 7 => {
                // A number becomes another; digits of a table or of /ByteRange keep their width half of the time.
                let start = at + bytes[at..].iter().position(u8::is_ascii_digit).unwrap_or(0);
                let end = start + bytes[start..].iter().position(|c| !c.is_ascii_digit()).unwrap_or(0);
                let mut text = NUMBERS[dice.below(NUMBERS.len())].to_owned();
                if dice.below(2) == 0 {
                    text = format!("{:0width$}", dice.below(5000), width = end - start);
                }
                bytes.splice(start..end, text.bytes());
            }
            _ => {
                let word = WORDS[dice.below(WORDS.len())];
                bytes.splice(at..at, word.bytes());
            }
        }
    }
    bytes
}

/// Whether every object of the signed document is in the other as it was, and nothing leads to another catalog.
fn only_information_differs(signed: &[u8], bytes: &[u8]) -> bool {
    let signed = signed.to_vec();
    let (before, after) = (Document::open(&signed).expect("opens"), Document::open(&bytes).expect("opens"));
    let (old, new) = (before.latest(), after.latest());
    let same = |n| old.object(ObjectId::new(n, 0)).expect("there").object == new.object(ObjectId::new(n, 0)).expect("there").object;
    old.trailer().get("Root") == new.trailer().get("Root") && (1..20).all(same)
}

/// Reads whatever there is: every object, every stream, some pages.
fn walk(bytes: &[u8]) {
    let Ok(document) = Document::open(&bytes) else { return };
    let _ = thrivosign::inspect::inspect(&document);
    for revision in 0..document.revisions().len().min(4) {
        let view = document.at(revision);
        let numbers = document.sections(revision).iter().map(thrivosign::pdf::Section::numbers_end).max().unwrap_or(0);
        for number in 0..u32::try_from(numbers.min(64)).unwrap_or(0) {
            let id = match view.entry(number) {
                Ok(Some(XrefEntry::Offset { generation, .. })) => ObjectId::new(number, generation),
                _ => ObjectId::new(number, 0),
            };
            if let Ok(found) = view.object(id)
                && let Some(stream) = found.object.as_stream()
            {
                let _ = view.stream_data(stream).map(|data| Parser::new(&data, 0, document.budget()).object());
            }
            let _ = view.page_number(id);
        }
        for index in 0..3 {
            let _ = view.page(index).and_then(|page| view.page_of(page.id));
        }
        let _ = view.page_count();
    }
}

/// What signing says; the revision that it would add is thrown away.
fn planned(bytes: &[u8], field: Option<&str>) -> bool {
    let identity = SigningIdentity::for_key(authority().key.public_key(), &authority().chain, None).expect("an identity");
    let Ok(document) = Document::open(&bytes) else { return false };
    let request = SignatureRequest { field: field.map(ToOwned::to_owned), ..SignatureRequest::new(now()) };
    plan(&document, &request, &identity, [7; 16]).and_then(|plan| plan.hash(&bytes, &Progress::default())).is_ok()
}

#[derive(Default)]
struct Tally {
    opened: usize,
    judged: usize,
    signable: usize,
    reasons: BTreeMap<&'static str, usize>,
}

fn run(seed: u64, count: usize) -> Tally {
    let originals = originals();
    // What may be clean: a signed document as it is, and as it was when its first signature was its last.
    let mut clean: Vec<Vec<u8>> = Vec::new();
    for bytes in &originals {
        for revision in Document::open(bytes).expect("opens").revisions() {
            let end = usize::try_from(revision.tail.expect("a tail").end).expect("small");
            clean.extend(judged(&bytes[..end]).is_ok_and(|r| r.clean).then(|| canonical(&bytes[..end])));
        }
    }
    assert_eq!(clean.len(), 9, "the controls");
    let mut dice = Dice(seed);
    let mut tally = Tally::default();
    for round in 0..count {
        let which = round % originals.len();
        let bytes = mutated(&mut dice, &originals, which);
        walk(&bytes);
        tally.signable += usize::from(planned(&bytes, [None, Some("sig"), Some("a.b")][round % 3]));
        tally.opened += usize::from(Document::open(&bytes).is_ok());
        let Ok(report) = judged(&bytes) else { continue };
        tally.judged += usize::from(!report.signatures.is_empty());
        for reason in report.signatures.iter().flat_map(|s| &s.reasons) {
            *tally.reasons.entry(reason.code).or_default() += 1;
        }
        if report.clean {
            let text = canonical(&bytes);
            let known = |text: &[u8]| clean.iter().any(|c| c == text);
            let trimmed = text.strip_suffix(b"\n").or_else(|| text.strip_suffix(b"\r")).unwrap_or(&text);
            // The last document ends in an unsigned update of its information, which may say anything: no signed object may be touched.
            let informed = which + 1 == originals.len() && clean.iter().any(|c| text.starts_with(c) && only_information_differs(c, &bytes));
            assert!(
                known(&text) || known(trimmed) || informed,
                "round {round} of seed {seed:#x}, document {which}: clean\n{report}\n{}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }
    tally
}

#[test]
fn nothing_mutated_is_clean_and_everything_returns() {
    let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
    let count = if long { 200_000 } else { 3_000 };
    // The authority is made on the usual stack: it runs openssl.
    let _ = authority();
    let small = std::thread::Builder::new().stack_size(128 << 10);
    let tally = small.spawn(move || run(0x7468_7269_766F_7369, count)).expect("a thread").join().expect("no panic");
    println!(
        "{count} mutations: {} open, {} with signatures, {} could be signed; reasons: {:?}",
        tally.opened, tally.judged, tally.signable, tally.reasons
    );
    // The mutations must not be so crude that nothing behind the first check is ever reached.
    assert!(tally.opened > count / 3 && tally.judged > count / 6 && tally.signable > count / 6, "mutations too crude");
    assert!(tally.reasons.len() >= 10, "{:?}", tally.reasons);
}
