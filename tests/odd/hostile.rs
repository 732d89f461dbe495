//! Documents made to wear a verifier out, of up to 10 MiB: nesting, bombs, loops, token soup, ten thousand certificates, a hundred
//! thousand revisions. Each gets a named outcome, in at most 64 MiB; how long it takes is measured, and tested where `THRIVOSIGN_BUDGET_MS` says
//! how many milliseconds of processor time a build may have: `docs/evidence/budgets.md`.
//!
//! Every case is judged by a process of its own, whose high-water mark is read (Linux). `THRIVOSIGN_HOSTILE=NAME` names the case to it.

use crate::authority::{authority, now};
use crate::document::{find, signed, signed_as, updated};
use crate::judged;
use crate::paper::{Paper, Style, catalog_with, deflate, page_with, paper};
use crate::seal::{seal, signature};
use std::process::Command;
use thrivosign::ErrorKind;
use thrivosign::pdf::Rect;
use thrivosign::sign::{Placement, SignatureRequest};

/// What must come of it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Outcome {
    /// The verifier says by this kind why it stopped.
    Stopped(ErrorKind),
    /// The first signature is not clean for this reason.
    Refused(&'static str),
    /// Nothing is wrong with it but its size.
    Clean,
    /// There is no signature, and the verifier says so.
    Unsigned,
}

struct Case {
    name: &'static str,
    outcome: Outcome,
    make: fn() -> Vec<u8>,
}

const MIB: usize = 1 << 20;

/// Objects in a table, closed.
fn file(objects: &[(u32, Vec<u8>)], trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut entries = String::new();
    for (number, body) in objects {
        entries.push_str(&format!("{number} 1\n{:010} 00000 n \n", out.len()));
        out.extend_from_slice(format!("{number} 0 obj\n").as_bytes());
        out.extend_from_slice(body);
        out.extend_from_slice(b"\nendobj\n");
    }
    let at = out.len();
    out.extend_from_slice(
        format!("xref\n0 1\n0000000000 65535 f \n{entries}trailer\n<</Size 900000/Root 1 0 R{trailer}>>\nstartxref\n{at}\n%%EOF\n")
            .as_bytes(),
    );
    out
}

/// A document whose catalog has this in it, unsigned.
fn catalog(inside: &[u8]) -> Vec<u8> {
    let catalog = [b"<</Type/Catalog/Pages 2 0 R ", inside, b">>"].concat();
    file(&[(1, catalog), (2, b"<</Type/Pages/Kids[]/Count 0>>".to_vec())], "")
}

/// A signed page whose content paints `forms`, signed again in a box that the painting decides about.
fn painted(content: &str, forms: &[(u32, String)]) -> Vec<u8> {
    let names: String = forms.iter().map(|(n, _)| format!("/X{n} {n} 0 R")).collect();
    let stream = format!("<</Length {}>>\nstream\n{content}\nendstream", content.len());
    let objects: Vec<(u32, &str)> = forms.iter().map(|(n, body)| (*n, body.as_str())).collect();
    let mut p = page_with("", &objects);
    p.put(
        3,
        &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>/XObject<<{names}>>>>>>"),
    );
    p.put(4, &stream);
    let placement = Placement::Visible { page: 1, rect: Rect::new(60.0, 60.0, 200.0, 120.0) };
    signed_as(&signed(&p.write()), &SignatureRequest { placement, ..SignatureRequest::new(now()) })
}

fn form(number: u32, content: &str) -> (u32, String) {
    let below = number + 1;
    let dict = format!("/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X{below} {below} 0 R>>>>");
    (number, format!("<<{dict}/Length {}>>\nstream\n{content}\nendstream", content.len()))
}

/// A signature whose `/Contents` is this.
fn with_contents(contents: &[u8]) -> Vec<u8> {
    let hex: String = contents.iter().map(|b| format!("{b:02x}")).collect();
    let bare = signature("");
    let head = bare.split("/Contents").next().expect("a head").to_owned();
    let dict = format!("{head}/Contents<{hex}>>>");
    let objects = [
        (6, "<</Fields[7 0 R]/SigFlags 3>>"),
        (7, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Bank)/V 8 0 R/Rect[0 0 0 0]/F 132/P 3 0 R>>"),
        (8, dict.as_str()),
    ];
    let mut bytes = catalog_with("/AcroForm 6 0 R", &objects).write();
    // The range is right, so that the verifier gets as far as the CMS.
    let a =
        find(&bytes, b"/Contents<30").or_else(|| find(&bytes, b"/Contents<a")).or_else(|| find(&bytes, b"/Contents<2")).expect("contents")
            + 9;
    let b = a + hex.len() + 2;
    let range = find(&bytes, b"/ByteRange[").expect("a range");
    let text = format!("/ByteRange[0 {a} {b} {}", bytes.len() - b);
    let width = b"/ByteRange[0 1111111111 1111111111 1111111111".len();
    bytes[range..range + width].copy_from_slice(format!("{text:width$}").as_bytes());
    bytes
}

/// DER of that tag around the content.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let n = content.len();
    let mut out = vec![tag];
    if n < 0x80 {
        out.push(n as u8);
    } else {
        let bytes = (n as u32).to_be_bytes();
        let skip = bytes.iter().take_while(|b| **b == 0).count();
        out.push(0x80 | (4 - skip) as u8);
        out.extend_from_slice(&bytes[skip..]);
    }
    out.extend_from_slice(content);
    out
}

/// The CMS of a real signature, with these certificates behind the signer's.
fn stuffed(more: &[Vec<u8>]) -> Vec<u8> {
    let base = seal(
        catalog_with(
            "/AcroForm 6 0 R",
            &[
                (6, "<</Fields[7 0 R]/SigFlags 3>>"),
                (7, "<</Type/Annot/Subtype/Widget/FT/Sig/T(Bank)/V 8 0 R/Rect[0 0 0 0]/F 132/P 3 0 R>>"),
                (8, &signature("")),
            ],
        )
        .write(),
    );
    let at = find(&base, b"/Contents<").expect("contents") + 10;
    let digits = &base[at..at + base[at..].iter().position(|c| *c == b'>').expect("an end")];
    let cms: Vec<u8> = digits.chunks(2).map(|d| u8::from_str_radix(std::str::from_utf8(d).expect("hex"), 16).expect("hex")).collect();
    let leaf = authority().chain[0].der().to_vec();
    let leaf_at = find(&cms, &leaf).expect("the certificate");
    // ContentInfo { oid, [0] { SignedData { version, digests, content, [0] certificates, signers } } }: all lengths anew.
    let certificates_at = leaf_at + leaf.len() - tlv(0xA0, &leaf).len();
    let inner_at = {
        let mut at = 0;
        // Into ContentInfo, past its OID, into [0], into SignedData.
        at += header(&cms[at..]).0;
        let (h, n) = header(&cms[at..]);
        at += h + n;
        at += header(&cms[at..]).0;
        at + header(&cms[at..]).0
    };
    let end = {
        let (h, n) = header(&cms);
        h + n
    };
    let mut all = leaf.clone();
    more.iter().for_each(|c| all.extend_from_slice(c));
    let inner = [&cms[inner_at..certificates_at], &tlv(0xA0, &all), &cms[leaf_at + leaf.len()..end]].concat();
    let oid = &cms[header(&cms).0..][..11];
    tlv(0x30, &[oid, &tlv(0xA0, &tlv(0x30, &inner))].concat())
}

/// Length of the header, and of the content.
fn header(der: &[u8]) -> (usize, usize) {
    match der[1] {
        n if n < 0x80 => (2, usize::from(n)),
        n => {
            let k = usize::from(n & 0x7F);
            (2 + k, der[2..2 + k].iter().fold(0, |sum, b| sum << 8 | usize::from(*b)))
        }
    }
}

/// So many certificates, each with another serial number; every one claims to be issued by whoever issued the leaf.
fn certificates(count: usize) -> Vec<Vec<u8>> {
    let leaf = authority().chain[0].der().to_vec();
    let serial = authority().chain[0].serial().to_vec();
    let at = find(&leaf, &serial).expect("the serial");
    (0..count)
        .map(|n| {
            let mut copy = leaf.clone();
            let tail = at + serial.len();
            copy[tail - 3..tail].copy_from_slice(&(n as u32).to_be_bytes()[1..]);
            copy
        })
        .collect()
}

/// Every certificate issued by every other: one subject, the issuer's, and the root's key over nothing.
fn loops(count: usize) -> Vec<Vec<u8>> {
    let pem = String::from_utf8(authority().root.clone()).expect("PEM");
    let root = thrivosign::pki::certificate::certificates_from_pem(pem.as_bytes()).expect("a root")[0].clone();
    let (der, serial) = (root.der().to_vec(), root.serial().to_vec());
    let at = find(&der, &serial).expect("the serial");
    (0..count)
        .map(|n| {
            let mut copy = der.clone();
            let tail = at + serial.len();
            copy[tail - 3..tail].copy_from_slice(&(n as u32).to_be_bytes()[1..]);
            copy
        })
        .collect()
}

fn styled(style: Style, change: impl Fn(&mut Paper)) -> Paper {
    let mut p = paper();
    p.style = style;
    change(&mut p);
    p
}

/// A cross-reference stream of this dictionary and data, alone in a file.
fn xref_stream(dict: &str, data: &[u8]) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n".to_vec();
    let at = out.len();
    out.extend_from_slice(format!("9 0 obj\n<</Type/XRef/Root 1 0 R{dict}/Length {}>>\nstream\n", data.len()).as_bytes());
    out.extend_from_slice(data);
    out.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{at}\n%%EOF\n").as_bytes());
    out
}

/// A signature whose `/ByteRange` has so many numbers.
fn ranged(count: usize) -> Vec<u8> {
    let range = "0 ".repeat(count);
    let value = format!("<</Type/Sig/SubFilter/ETSI.CAdES.detached/ByteRange[{range}]/Contents<00>>>");
    file(
        &[
            (1, b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>".to_vec()),
            (2, b"<</Type/Pages/Kids[]/Count 0>>".to_vec()),
            (3, value.into_bytes()),
            (4, b"<</FT/Sig/T(a)/V 3 0 R>>".to_vec()),
        ],
        "",
    )
}

/// Milliseconds of processor time that this process has taken (proc(5): user and system ticks, a hundredth of a second each).
fn processor_time() -> u64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10
}

fn cases() -> Vec<Case> {
    use ErrorKind::{LimitReached, PdfDamaged};
    use Outcome::{Clean, Refused, Stopped, Unsigned};
    let case = |name, outcome, make| Case { name, outcome, make };
    vec![
        case("arrays in arrays", Stopped(LimitReached), || catalog(&[b"/A ".to_vec(), vec![b'['; 9 * MIB]].concat())),
        case("dictionaries in dictionaries", Stopped(LimitReached), || catalog(&b"/A<<".repeat(2 * MIB))),
        case("strings in strings", Stopped(PdfDamaged), || catalog(&[b"/A ".to_vec(), vec![b'('; 9 * MIB]].concat())),
        case("a string that never ends", Stopped(PdfDamaged), || catalog(&[b"/A(".to_vec(), b"\\".repeat(9 * MIB)].concat())),
        case("hexadecimal that never ends", Stopped(PdfDamaged), || catalog(&[b"/A<".to_vec(), b"4".repeat(9 * MIB)].concat())),
        case("names without number", Stopped(LimitReached), || {
            catalog(&[b"/A[".to_vec(), b"/#41".repeat(2 * MIB), b"]".to_vec()].concat())
        }),
        case("numbers without number", Stopped(LimitReached), || {
            catalog(&[b"/A[".to_vec(), b"1 0 R ".repeat(MIB), b"]".to_vec()].concat())
        }),
        case("comments", Unsigned, || catalog(&b"%\n".repeat(4 * MIB))),
        case("a number of many digits", Unsigned, || catalog(&[b"/A ".to_vec(), b"9".repeat(9 * MIB)].concat())),
        case("keys without number", Stopped(LimitReached), || {
            catalog(&(0..500_000).flat_map(|n| format!("/K{n} {n} ").into_bytes()).collect::<Vec<u8>>())
        }),
        case("100,000 revisions", Stopped(LimitReached), || {
            let mut out = catalog(b"");
            for _ in 0..100_000 {
                let prev = crate::document::last_xref(&out[out.len().saturating_sub(60)..]);
                let at = out.len();
                out.extend_from_slice(
                    format!("xref\n0 0\ntrailer\n<</Size 3/Root 1 0 R/Prev {prev}>>\nstartxref\n{at}\n%%EOF\n").as_bytes(),
                );
            }
            out
        }),
        case("a loop of sections", Stopped(PdfDamaged), || {
            let out = catalog(b"");
            let at = crate::document::last_xref(&out);
            let text = format!("xref\n0 0\ntrailer\n<</Size 3/Root 1 0 R/Prev {at}>>\nstartxref\n");
            let second = out.len();
            let mut out = [out, text.into_bytes(), format!("{second}\n%%EOF\n").into_bytes()].concat();
            // The first section leads to the second.
            let trailer = find(&out, b"/Size 900000/Root 1 0 R").expect("a trailer");
            let word = format!("/Prev {second}/Root 1 0 R");
            out[trailer..trailer + 23].copy_from_slice(format!("{word:23}").as_bytes());
            out
        }),
        case("half a million subsections", Unsigned, || {
            let mut out =
                b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n2 0 obj\n<</Type/Pages/Kids[]/Count 0>>\nendobj\n".to_vec();
            let at = out.len();
            out.extend_from_slice(b"xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n");
            out.extend_from_slice(&b"7 0\n".repeat(500_000));
            out.extend_from_slice(format!("trailer\n<</Size 9/Root 1 0 R>>\nstartxref\n{at}\n%%EOF\n").as_bytes());
            out
        }),
        case("a subsection of 2^31", Stopped(PdfDamaged), || {
            let out = String::from_utf8_lossy(&catalog(b"")[15..]).into_owned();
            let out = out.replace("0 1\n0000000000 65535 f", "0 2147483647\n0000000000 65535 f");
            let at = 9 + find(out.as_bytes(), b"xref\n").expect("a table");
            let start = out.rfind("startxref").expect("an end");
            format!("%PDF-1.7\n{}startxref\n{at}\n%%EOF\n", &out[..start]).into_bytes()
        }),
        case("a bomb for a cross-reference stream", Stopped(LimitReached), || {
            xref_stream("/Size 2147483647/W[1 4 2]/Filter/FlateDecode", &deflate(&vec![0; 600 * MIB]))
        }),
        case("a bomb in a bomb", Stopped(LimitReached), || {
            xref_stream("/Size 2147483647/W[1 4 2]/Filter[/FlateDecode/FlateDecode]", &deflate(&deflate(&vec![0; 600 * MIB])))
        }),
        case("fields of eight bytes", Stopped(PdfDamaged), || {
            let row = [&[0, 0, 0, 0, 0, 0, 0, 1][..], &[0xFF; 16]].concat();
            xref_stream("/Size 400000/W[8 8 8]", &row.repeat(400_000))
        }),
        case("an index of half a million pairs", Stopped(LimitReached), || {
            let index = "0 1 ".repeat(500_000);
            xref_stream(&format!("/Size 9/W[1 4 2]/Index[{index}]"), &[0, 0, 0, 0, 0, 0, 0].repeat(500_000))
        }),
        case("an object stream of a billion", Stopped(PdfDamaged), || {
            let mut p = styled(Style::Stream, |_| {});
            p.packed = vec![vec![1]];
            let text = String::from_utf8_lossy(&p.write()).into_owned();
            text.replace("/N 1/", "/N 999999999/").into_bytes()
        }),
        case("a chain of a hundred thousand references", Stopped(LimitReached), || {
            let mut objects: Vec<(u32, Vec<u8>)> =
                vec![(1, b"<</Type/Catalog/Pages 2 0 R/AcroForm 3 0 R>>".to_vec()), (2, b"<</Kids[]>>".to_vec())];
            objects.extend((3..100_000).map(|n| (n, format!("{} 0 R", n + 1).into_bytes())));
            file(&objects, "")
        }),
        case("a hundred thousand fields in one another", Stopped(LimitReached), || {
            let mut objects: Vec<(u32, Vec<u8>)> = vec![
                (1, b"<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[3 0 R]>>>>".to_vec()),
                (2, b"<</Type/Pages/Kids[]/Count 0>>".to_vec()),
            ];
            objects.extend((3..100_000).map(|n| (n, format!("<</T(a)/Kids[{} 0 R]>>", n + 1).into_bytes())));
            file(&objects, "")
        }),
        case("a hundred thousand fields beside one another", Unsigned, || {
            let kids: String = (3..100_000).map(|n| format!("{n} 0 R ")).collect();
            let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{kids}]>>>>").into_bytes();
            let mut objects: Vec<(u32, Vec<u8>)> = vec![(1, catalog), (2, b"<</Type/Pages/Kids[]/Count 0>>".to_vec())];
            objects.extend((3..100_000).map(|n| (n, format!("<</FT/Sig/T({n})>>").into_bytes())));
            file(&objects, "")
        }),
        case("one dictionary in ten thousand fields", Refused("byte_range_malformed"), || {
            let kids: String = (4..10_004).map(|n| format!("{n} 0 R ")).collect();
            let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[{kids}]>>>>").into_bytes();
            let mut objects: Vec<(u32, Vec<u8>)> = vec![
                (1, catalog),
                (2, b"<</Type/Pages/Kids[]/Count 0>>".to_vec()),
                (3, b"<</Type/Sig/ByteRange[1 2]/Contents<00>>>".to_vec()),
            ];
            objects.extend((4..10_004).map(|n| (n, format!("<</FT/Sig/T({n})/V 3 0 R>>").into_bytes())));
            file(&objects, "")
        }),
        case("a range of a million numbers", Stopped(LimitReached), || ranged(MIB)),
        case("a range of a hundred thousand numbers", Refused("byte_range_malformed"), || ranged(100_000)),
        case("DER in DER", Refused("cms_malformed"), || {
            let mut der = vec![0x30, 0x80];
            der = der.repeat(MIB);
            with_contents(&der)
        }),
        case("definite DER in DER", Refused("cms_malformed"), || {
            let mut der = Vec::new();
            for _ in 0..2_000 {
                der = tlv(0x30, &der);
            }
            with_contents(&der)
        }),
        case("a string in a million pieces", Refused("cms_malformed"), || {
            with_contents(&[&[0x24, 0x80][..], &[0x04, 0x01, 0x41].repeat(MIB), &[0, 0]].concat())
        }),
        case("ten thousand certificates", Refused("message_digest_mismatch"), || with_contents(&stuffed(&certificates(8_000)))),
        case("certificates that issue each other", Refused("message_digest_mismatch"), || with_contents(&stuffed(&loops(8_000)))),
        case("forms that paint forms, 2^40 times", Refused("later_change"), || {
            let forms: Vec<(u32, String)> = (10..50).map(|n| form(n, &format!("/X{0} Do /X{0} Do", n + 1))).collect();
            painted("/X10 Do", &forms)
        }),
        case("a form that paints itself", Refused("later_change"), || {
            let own = "<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X10 10 0 R>>>>/Length 7>>\nstream\n/X10 Do\nendstream";
            painted("/X10 Do", &[(10, own.to_owned())])
        }),
        case("a million states saved", Refused("later_change"), || painted(&"q ".repeat(4 * MIB), &[])),
        case("a million lines painted", Clean, || painted(&"1 800 m 9 801 l S ".repeat(400_000), &[])),
        case("fifty thousand annotations added", Refused("later_change"), || {
            let base = signed(&paper().write());
            let kids: String = (100..50_100).map(|n| format!("{n} 0 R ")).collect();
            let page =
                format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[{kids}]>>");
            let bodies: Vec<(u32, String)> =
                (100..50_100).map(|n| (n, format!("<</Type/Annot/Subtype/Text/Rect[{n} 0 9 9]/Contents(a)>>"))).collect();
            let mut objects: Vec<(u32, &str)> = vec![(3, page.as_str())];
            objects.extend(bodies.iter().map(|(n, body)| (*n, body.as_str())));
            updated(&base, &objects, "")
        }),
        case("forty thousand fields filled", Refused("later_change"), || {
            let named = |value: &str| (100..40_100).map(|n| (n, format!("<</FT/Tx/T({n}){value}>>"))).collect::<Vec<(u32, String)>>();
            let (empty, filled) = (named(""), named("/V(x)"));
            let kids: String = empty.iter().map(|(n, _)| format!("{n} 0 R ")).collect();
            let form = format!("<</Fields[{kids}]>>");
            let mut objects: Vec<(u32, &str)> = vec![(6, form.as_str())];
            objects.extend(empty.iter().map(|(n, body)| (*n, body.as_str())));
            let base = signed(&catalog_with("/AcroForm 6 0 R", &objects).write());
            let filled: Vec<(u32, &str)> = filled.iter().map(|(n, body)| (*n, body.as_str())).collect();
            updated(&base, &filled, "")
        }),
    ]
}

/// In the child: the outcome and what it took.
#[test]
#[ignore = "run by the test below, one process a case"]
fn one() {
    let Ok(wanted) = std::env::var("THRIVOSIGN_HOSTILE") else { return };
    let (name, path) = wanted.split_once('\n').expect("a name and a file");
    let case = cases().into_iter().find(|case| case.name == name).expect("a case");
    let source = thrivosign::host::file::FileSource::open(std::path::Path::new(path)).expect("opens");
    let root = std::fs::read(format!("{path}.trust")).expect("a root");
    let trust = thrivosign::pki::trust::TrustAnchors::from_pem(&root).expect("a root");
    let time = thrivosign::host::clock::now();
    let options = thrivosign::verify::VerifyOptions {
        trust: &trust,
        time,
        policy: thrivosign::verify::Policy::default(),
        password: None,
        evidence: None,
    };
    let start = processor_time();
    let report = thrivosign::verify::verify(&source, &options, &thrivosign::Progress::default());
    let took = processor_time() - start;
    let got = match &report {
        Err(error) => Outcome::Stopped(error.kind()),
        Ok(report) if report.clean => Outcome::Clean,
        Ok(report) => match report.signatures.first() {
            None => Outcome::Unsigned,
            Some(first) => {
                let expected = match case.outcome {
                    Outcome::Refused(code) => first.reasons.iter().find(|r| r.code == code).map(|r| r.code),
                    _ => None,
                };
                Outcome::Refused(expected.or_else(|| first.reasons.first().map(|r| r.code)).unwrap_or("nothing"))
            }
        },
    };
    assert_eq!(got, case.outcome, "{name}");
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map_or("", str::trim);
    println!("TOOK {took} ms, {peak}");
}

#[test]
fn every_one_has_a_named_outcome_in_64_mib() {
    let only = std::env::var("THRIVOSIGN_ONLY").ok();
    let most_ms: Option<u64> =
        std::env::var("THRIVOSIGN_BUDGET_MS").ok().map(|text| text.parse().expect("THRIVOSIGN_BUDGET_MS is a number"));
    let (mut wrong, mut table) = (Vec::new(), String::new());
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hostile.pdf");
    let trust = folder.path().join("hostile.pdf.trust");
    std::fs::write(&trust, &authority().root).expect("written");
    for case in cases().iter().filter(|case| only.as_deref().is_none_or(|only| case.name.contains(only))) {
        let bytes = (case.make)();
        assert!(bytes.len() <= 10 * MIB, "{}: {} bytes", case.name, bytes.len());
        std::fs::write(&path, &bytes).expect("written");
        let out = Command::new(std::env::current_exe().expect("a program"))
            .args(["--exact", "hostile::one", "--ignored", "--nocapture"])
            .env("THRIVOSIGN_HOSTILE", format!("{}\n{}", case.name, path.display()))
            .output()
            .expect("runs");
        let text = String::from_utf8_lossy(&[out.stdout, out.stderr].concat()).into_owned();
        let took = text.lines().find_map(|line| line.split_once("TOOK ")).map(|(_, took)| took.to_owned());
        let Some(took) = took.filter(|_| out.status.success()) else {
            wrong.push(format!("{}: {text}", case.name));
            continue;
        };
        let kib: u64 = took.split(", ").nth(1).and_then(|peak| peak.split(' ').next()).and_then(|n| n.parse().ok()).unwrap_or(0);
        let ms: u64 = took.split(' ').next().and_then(|n| n.parse().ok()).expect("milliseconds");
        if kib > 64 << 10 || most_ms.is_some_and(|most| ms > most) {
            wrong.push(format!("{}: {took}", case.name));
        }
        table.push_str(&format!("| {} | {:?} | {} | {took} |\n", case.name, case.outcome, bytes.len()));
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
    let _ = judged(b"");
}
