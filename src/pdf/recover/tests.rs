//! What is recovered, what is refused, and why: each rule by the smallest file that breaks it.

use super::*;
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object};
use std::fmt::Write as _;

const BODY: [&str; 4] = [
    "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n",
    "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
    "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources<<>>>>\nendobj\n",
    "4 0 obj\n<</Length 11>>\nstream\n0 0 1 1 re\n\nendstream\nendobj\n",
];

fn body() -> String {
    format!("%PDF-1.7\n{}", BODY.concat())
}

/// A table with every offset `off` too far, and its trailer.
fn table(text: &str, off: usize, trailer: &str) -> String {
    let mut out = text.to_owned();
    out.push_str("xref\n0 5\n0000000000 65535 f \n");
    for number in 1..5 {
        let at = text.find(&format!("\n{number} 0 obj")).unwrap() + 1;
        let _ = writeln!(out, "{:010} 00000 n ", at + off);
    }
    let _ = write!(out, "trailer\n<</Size 5/Root 1 0 R{trailer}>>\nstartxref\n{}\n%%EOF\n", text.len() + off);
    out
}

fn recovered(text: &str) -> Result<Repair> {
    let bytes = text.as_bytes().to_vec();
    let document = recover(&bytes, None)?;
    let page = document.latest().page(0)?;
    let content = document.latest().get(&page.dict, b"Contents")?;
    assert_eq!(document.latest().stream_data(content.as_stream().unwrap()).unwrap().trim_ascii(), b"0 0 1 1 re");
    let mut update = Update::new(document.latest()).unwrap();
    let added = update.add(Dictionary::new().with(b"Kind", Object::name("Added")));
    let bytes = [bytes.as_slice(), &update.finish([7; 16]).unwrap().bytes].concat();
    // Read as it stands, by who knows of no repair.
    let after = Document::open(&bytes).unwrap();
    assert_eq!(after.repair(), Repair::None);
    assert_eq!(fault(&after, 1000).unwrap(), None, "{}", String::from_utf8_lossy(&bytes));
    assert!(after.latest().object(added).unwrap().object.as_dict().is_some());
    let content = after.latest().get(&after.latest().page(0).unwrap().dict, b"Contents").unwrap();
    assert_eq!(after.latest().stream_data(content.as_stream().unwrap()).unwrap().trim_ascii(), b"0 0 1 1 re");
    Ok(document.repair())
}

fn doubt(text: &str) -> String {
    match recovered(text) {
        Ok(_) => "recovered".to_owned(),
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::PdfDamaged, "{error}");
            error.context_text().unwrap_or_default().to_owned()
        }
    }
}

#[test]
fn what_is_beyond_doubt_is_recovered() {
    let body = body();
    let whole = table(&body, 0, "");
    let (xref, trailer) = (whole.find("xref").unwrap(), whole.find("trailer").unwrap());
    let cases = [
        ("wrong offsets", table(&body, 3, "")),
        ("a wrong startxref", whole.replace(&format!("startxref\n{xref}"), "startxref\n7")),
        ("a startxref without a number", whole.replace(&format!("startxref\n{xref}"), "startxref\n")),
        ("no table", body.clone()),
        ("cut in the table", whole[..xref + 60].to_owned()),
        ("cut in the trailer", whole[..trailer + 17].to_owned()),
        ("cut behind the trailer", whole[..whole.find("startxref").unwrap()].to_owned()),
        ("a length too short", whole.replace("/Length 11", "/Length 3 ")),
        ("a length too long", whole.replace("/Length 11", "/Length 99")),
        ("a length beyond the file", whole.replace("/Length 11>>", "/Length 9999999>>")),
        ("no length", body.replace("/Length 11", "")),
        (
            "a length that is an object behind",
            table(&body.replace("/Length 11", "/Length 9 0 R"), 3, "").replace("xref\n0 5", "9 0 obj\n11\nendobj\nxref\n0 5"),
        ),
        ("a length that is no object", body.replace("/Length 11", "/Length 9 0 R")),
        ("lengths and offsets", table(&body.replace("/Length 11", "/Length 3"), 3, "")),
        ("every line end is two bytes", table(&body, 0, "").replace('\n', "\r\n")),
        ("words in strings and streams", body.replace("/Pages 2 0 R>>", "/Pages 2 0 R/Lang(endobj\n8 0 obj\n<</Type/Catalog>>)>>")),
        ("comments between objects", body.replace("\n2 0 obj", "\n% 9 0 obj <<>> endobj\n2 0 obj")),
        ("a gap in the numbers", format!("{body}90 0 obj\n(unused)\nendobj\n")),
    ];
    for (name, text) in cases {
        assert_eq!(recovered(&text).map_err(|e| format!("{e} {:?}", e.context_text())), Ok(Repair::Appended), "{name}");
    }
}

#[test]
fn an_update_is_explained_by_its_sections() {
    let first = table(&body(), 3, "");
    let second = |entries: &str, objects: &str| {
        format!("{first}{objects}xref\n{entries}trailer\n<</Size 5/Root 1 0 R/Prev 9>>\nstartxref\n99\n%%EOF\n")
    };
    let page = BODY[2].replace("[0 0 9 9]", "[0 0 8 8]");
    let listed = second("3 1\n0000000077 00000 n \n", &page);
    assert_eq!(doubt(&listed), "recovered");
    let bytes = listed.clone().into_bytes();
    let document = recover(&bytes, None).unwrap();
    let bounds = document.latest().page(0).unwrap().dict.get(b"MediaBox").unwrap().as_array().unwrap()[2].as_i64();
    assert_eq!(bounds, Some(8), "the last copy counts");
    assert_eq!(doubt(&second("4 1\n0000000077 00000 n \n", &page)), "an object is there twice", "its section does not name it");
    assert_eq!(doubt(&second("3 1\n0000000077 00001 n \n", &page)), "an object is there twice", "nor in that generation");
    assert_eq!(doubt(&second("3 1\n0000000077 00000 n \n", &[page.clone(), page.clone()].concat())), "an object is there twice");
    assert_eq!(doubt(&second("3 2\n0000000077 00000 n \n0000000000 00001 f \n", &page)), "an object that was deleted is there");
    assert_eq!(doubt(&second("3 1\n0000000077 00000 n \n30 1\n0000000077 00000 n \n", &page)), "an object that a section names is missing");
    assert_eq!(doubt(&listed.replace("0000000077 00000 n", "77 0 n")), "an object is there twice");
    assert_eq!(doubt(&listed.replace("/Root 1 0 R/Prev", "/Root 2 0 R/Prev")), "the trailers name different catalogs or encryptions");
    assert_eq!(doubt(&format!("{listed}{page}")), "objects stand behind the last revision; the file was cut or added to");
}

#[test]
fn doubt_is_named() {
    let body = body();
    let whole = table(&body, 3, "");
    let cases = [
        ("an object is there twice", format!("{body}{}", BODY[2])),
        ("an object is there twice", whole.replace("xref\n0 5", &format!("{}xref\n0 5", BODY[3]))),
        ("something stands between the objects, or one of them cannot be read", body.replace("\n3 0 obj", "\nhello\n3 0 obj")),
        ("something stands between the objects, or one of them cannot be read", format!("{body}5 0 obj\n<</A")),
        ("something stands between the objects, or one of them cannot be read", format!("{body}5 0 obj\n(no end)\n")),
        ("something stands between the objects, or one of them cannot be read", format!("{body}5 0 obj\n<</Length 3>>\nstream\nabc\n")),
        ("objects stand behind the last revision; the file was cut or added to", format!("{whole}7 0 obj\n(added)\nendobj\n")),
        ("the end of a stream cannot be told", format!("{body}5 0 obj\n<</Length 1>>\nstream\n6 0 obj\n(x)\nendobj\nendstream\nendobj\n")),
        ("there are several catalogs", whole.replace("xref\n0 5", "9 0 obj\n<</Type/Catalog>>\nendobj\nxref\n0 5")),
        ("no trailer names the catalog, and there is not just one", format!("{body}9 0 obj\n<</Type/Catalog>>\nendobj\n")),
        ("no trailer names the catalog, and there is not just one", body.replace("/Type/Catalog", "/Type/Cabinet")),
        ("it has two cross-reference systems", table(&body, 3, "/XRefStm 9")),
        ("a trailer has a key twice", table(&body, 3, "/Size 6")),
        ("a dictionary has a key twice", body.replace("/Count 1", "/Count 1/Count 2")),
        ("it seems to be encrypted, and no trailer says how", format!("{body}9 0 obj\n<</Filter/Standard/O(1)/U(2)>>\nendobj\n")),
        ("it seems to be encrypted, and no trailer says how", body.replace("/Length 11", "/Length 11/Filter/FlateDecode")),
        ("its object numbers are too far apart", format!("{body}8000000 0 obj\n1\nendobj\n")),
        (
            "an object that a section names is missing",
            table(&body, 3, "").replace("0 5\n", "0 6\n").replace("trailer", "0000000077 00000 n \ntrailer"),
        ),
    ];
    for (reason, text) in cases {
        assert_eq!(doubt(&text), reason, "{text}");
    }
}

#[test]
fn what_was_signed_is_never_repaired() {
    let signed = "it is or was signed; a signed document is never repaired";
    let body = body();
    let field = "9 0 obj\n<</FT/Sig/V<</Type/Sig/ByteRange[0 1 2 3]/Contents<00>>>>>\nendobj\n";
    for text in [
        format!("{body}{field}"),
        format!("{body}{}", field.replace("/ByteRange", "/Byte#52ange")),
        format!("{body}9 0 obj\n[[<</A[<</ByteRange 7>>]>>]]\nendobj\n"),
        // What is left of a signature that was cut.
        format!("{body}9 0 obj\n<</Type/Sig/ByteRange[0 "),
        // A packed one.
        format!("{body}9 0 obj\n<</Type/ObjStm/N 1/First 4/Length 31>>\nstream\n8 0 <</Byte#52ange[0 1 2 3]   >>\nendstream\nendobj\n"),
    ] {
        assert_eq!(doubt(&text), signed, "{text}");
        let error = rewrite(&text.as_bytes().to_vec(), 1 << 20).unwrap_err();
        assert!(error.context_text().unwrap_or_default().contains("signed"), "{error}");
    }
}

#[test]
fn a_rewrite_keeps_what_is_needed_and_says_what_it_cannot() {
    let body = body();
    let rewritten = |text: &str| rewrite(&text.as_bytes().to_vec(), 1 << 20);
    let doubtful = format!(
        "{body}hello\n{}9 0 obj\n<</Title(Loan)>>\nendobj\ntrailer\n<</Root 1 0 R/Info 9 0 R/ID[<01><02>]>>\n",
        BODY[2].replace("9 9]", "7 7]")
    );
    let bytes = rewritten(&doubtful).unwrap();
    let document = Document::open(&bytes).unwrap();
    assert_eq!(fault(&document, 1000).unwrap(), None);
    let view = document.latest();
    assert_eq!(view.page(0).unwrap().dict.get(b"MediaBox").unwrap().as_array().unwrap()[2].as_i64(), Some(7), "the last copy");
    assert_eq!(view.get_dict(view.trailer(), b"Info").unwrap().unwrap().get(b"Title").unwrap().as_string(), Some(&b"Loan"[..]));
    assert_eq!(view.get_array(view.trailer(), b"ID").unwrap().unwrap()[0].as_string(), Some(&[1][..]));
    // Twice the same bytes.
    assert_eq!(rewritten(&doubtful).unwrap(), bytes);

    let kind = |text: &str| rewritten(text).unwrap_err().kind();
    assert_eq!(rewrite(&body.as_bytes().to_vec(), 100).unwrap_err().kind(), ErrorKind::LimitReached);
    assert_eq!(kind(&body.replace("\nendstream", "")), ErrorKind::PdfDamaged, "a page lost its content");
    assert_eq!(kind(&body.replace("/Type/Catalog", "/Type/Cabinet")), ErrorKind::PdfDamaged);
    assert_eq!(kind(&format!("{body}trailer\n<</Root 1 0 R/Encrypt<</Filter/Other>>>>")), ErrorKind::EncryptionUnsupported);
    assert_eq!(kind("hello"), ErrorKind::NotPdf);
}

#[test]
fn nothing_here_panics_or_takes_long() {
    let body = body();
    let mut texts: Vec<String> = (0..body.len()).map(|at| body[..at].to_owned()).collect();
    texts.extend((0..body.len()).map(|at| format!("{}#{}", &body[..at], &body[at..])));
    texts.push(format!("{body}{}", "5 0 obj\n<</Length 1>>\nstream\n".repeat(2000)));
    texts.push(format!("{body}{}", "5 0 obj ".repeat(5000)));
    texts.push(format!("{body}xref\n0 4000000000\n{}", "0000000000 00000 n \n".repeat(50)));
    texts.push(format!("{body}{}", "xref\n".repeat(3000)));
    for text in texts {
        let bytes = text.into_bytes();
        let _ = recover(&bytes, None).map(drop);
        let _ = rewrite(&bytes, 1 << 20);
    }
}
