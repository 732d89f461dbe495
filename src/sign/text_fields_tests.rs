//! The sign room: filled text fields, judged by qpdf and pdftotext, and by pdfsig once they are signed.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run the outside judges")]

use super::testing::{Signer, Style, document, judged_by_pdfsig, judged_by_qpdf, now, plain};
use super::{DocMdp, SignatureRequest, Unfilled, Unfit, fill_texts};
use crate::appearance::Font;
use crate::error::ErrorKind;
use crate::pdf::Document;
use std::process::Command;

fn filled(file: &[u8], values: &[(&str, &str)]) -> Result<Vec<u8>, Unfilled> {
    let values: Vec<(String, String)> = values.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let revision = fill_texts(&Document::open(&file)?, &values, &Font::default(), [4; 16])?;
    Ok([file, &revision].concat())
}

fn unfit(file: &[u8], name: &str, value: &str) -> Option<Unfit> {
    match filled(file, &[(name, value)]) {
        Ok(_) => None,
        Err(Unfilled::Field { name: told, why }) => {
            assert_eq!(told, name);
            Some(why)
        }
        Err(Unfilled::Document(error)) => panic!("{error}"),
    }
}

fn forbidden(file: &[u8], values: &[(&str, &str)]) -> ErrorKind {
    match filled(file, values) {
        Err(Unfilled::Document(error)) => error.kind(),
        other => panic!("{other:?}"),
    }
}

/// What pdftotext reads off the pages, appearances among it.
fn shown(file: &[u8]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, file).unwrap();
    let out = Command::new("pdftotext").arg("-layout").arg(&path).arg("-").output().unwrap();
    assert!(out.status.success());
    String::from_utf8(out.stdout).unwrap()
}

/// A name in one line, a note in several, an amount at the right, a code in cells, a name in two places, and what is no text to fill.
fn form(style: Style) -> Vec<u8> {
    let widget = |name: &str, y: u32, more: &str| {
        format!("<</Type/Annot/Subtype/Widget/FT/Tx/T({name})/F 4/P 3 0 R/Rect[72 {y} 272 {}]{more}>>", y + 20)
    };
    let objects = [
        widget("name", 640, "/DA(/Helv 11 Tf 0 0 1 rg)/MK<</BC[0.5]/BG[0.9 0.9 1]>>"),
        "<</Type/Annot/Subtype/Widget/FT/Tx/T(note)/Ff 4096/F 4/P 3 0 R/Rect[72 560 272 620]/DA(/Helv 0 Tf 0 g)>>".to_owned(),
        widget("amount", 520, "/Q 2/MaxLen 9"),
        widget("code", 490, "/Ff 16777216/MaxLen 8/DA(/Helv 0 Tf 0 g)"),
        "<</T(party)/FT/Tx/DA(/Helv 9 Tf)/Kids[12 0 R]>>".to_owned(),
        "<</T(seat)/Parent 11 0 R/Kids[13 0 R 14 0 R]>>".to_owned(),
        "<</Type/Annot/Subtype/Widget/Parent 12 0 R/F 4/P 3 0 R/Rect[72 440 172 460]>>".to_owned(),
        "<</Type/Annot/Subtype/Widget/Parent 12 0 R/F 4/P 3 0 R/Rect[300 400 320 500]/MK<</R 90>>>>".to_owned(),
        widget("fixed", 380, "/Ff 1/V(4711)"),
        widget("secret", 350, "/Ff 8192"),
        "<</Type/Annot/Subtype/Widget/FT/Btn/T(agree)/F 4/P 3 0 R/Rect[72 320 92 340]>>".to_owned(),
    ];
    let more: Vec<&str> = objects.iter().map(String::as_str).collect();
    let fields = "/AcroForm<</Fields[7 0 R 8 0 R 9 0 R 10 0 R 11 0 R 15 0 R 16 0 R 17 0 R]/DA(/Helv 10 Tf 0 g)>>";
    let annotations = "/Annots[7 0 R 8 0 R 9 0 R 10 0 R 13 0 R 14 0 R 15 0 R 16 0 R 17 0 R]";
    document(style, fields, annotations, &more)
}

#[test]
fn values_are_shown_by_another_reader_and_can_be_signed() {
    for style in [Style::Table, Style::Stream] {
        let values = [
            ("name", "Zo\u{eb} M\u{fc}ller (\u{20ac})"),
            ("note", "The deposit is returned at the end of the lease.\nWithout interest."),
            ("amount", "12 500.00"),
            ("code", "MUR4711"),
            ("party.seat", "Port Louis"),
        ];
        let file = filled(&form(style), &values).unwrap();
        assert!(file.starts_with(&form(style)));
        judged_by_qpdf(&file);
        let text = shown(&file);
        for piece in ["Zo\u{eb} M\u{fc}ller (\u{20ac})", "The deposit is returned", "Without interest.", "12 500.00", "Port Louis"] {
            assert!(text.contains(piece), "{piece}: {text}");
        }
        let letters: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(letters.contains("MUR4711"), "{text}");
        // Once more, and emptied again: the newest value holds.
        let again = filled(&file, &[("name", "Anna"), ("note", "")]).unwrap();
        judged_by_qpdf(&again);
        let text = shown(&again);
        assert!(
            text.contains("Anna") && !text.contains("M\u{fc}ller") && !text.contains("deposit") && text.contains("12 500.00"),
            "{text}"
        );
        let signed = Signer::p256().sign(&again, &SignatureRequest::new(now())).unwrap();
        judged_by_pdfsig(&signed, 1);
        assert_eq!(forbidden(&signed, &[("name", "Berta")]), ErrorKind::SigningForbidden);
    }
}

#[cfg(feature = "appearance-full")]
#[test]
fn what_the_standard_font_lacks_is_shown_in_the_other() {
    let fill = |file: &[u8], values: &[(&str, &str)]| {
        let values: Vec<(String, String)> = values.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let revision = fill_texts(&Document::open(&file)?, &values, &Font::bundled().unwrap(), [4; 16])?;
        Ok::<_, Unfilled>([file, &revision].concat())
    };
    let (name, amount) = ("\u{141}ukasz \u{15A}wi\u{119}tek", "\u{17C}\u{F3}\u{142}\u{107}");
    let note = "\u{414}\u{43E}\u{433}\u{43E}\u{432}\u{43E}\u{440} \u{430}\u{440}\u{435}\u{43D}\u{434}\u{44B} with an annex that runs over a second line\n\u{3A0}\u{3B5}\u{3B9}\u{3C1}\u{3B1}\u{3B9}\u{3AC}\u{3C2}";
    let values = [("name", name), ("note", note), ("amount", amount), ("code", "\u{17B}\u{10C}7"), ("party.seat", "Gda\u{144}sk")];
    for style in [Style::Table, Style::Stream] {
        let file = fill(&form(style), &values).unwrap();
        judged_by_qpdf(&file);
        let text = shown(&file);
        for piece in [
            name,
            amount,
            "Gda\u{144}sk",
            "\u{414}\u{43E}\u{433}\u{43E}\u{432}\u{43E}\u{440}",
            "\u{3A0}\u{3B5}\u{3B9}\u{3C1}\u{3B1}\u{3B9}\u{3AC}\u{3C2}",
        ] {
            assert!(text.contains(piece), "{piece}: {text}");
        }
        let letters: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        assert!(letters.contains("\u{17B}\u{10C}7"), "{text}");
        let signed = Signer::p256().sign(&file, &SignatureRequest::new(now())).unwrap();
        judged_by_pdfsig(&signed, 1);
        if let Ok(folder) = std::env::var("THRIVOSIGN_LOOK") {
            std::fs::write(std::path::Path::new(&folder).join("filled.pdf"), &signed).unwrap();
        }
    }
    let refused = |value: &str| match fill(&form(Style::Table), &[("name", value)]) {
        Err(Unfilled::Field { why, .. }) => Some(why),
        _ => None,
    };
    assert_eq!(refused("\u{5C0F}\u{6797}"), Some(Unfit::Unrepresentable));
    assert_eq!(refused("\u{141}\n"), Some(Unfit::Unrepresentable));
    // Turns letters around: what is shown would not be what is in the value.
    assert_eq!(refused("\u{141} \u{202E}0001"), Some(Unfit::Unrepresentable));
    assert_eq!(refused(&"\u{141}".repeat(60)), Some(Unfit::NoRoom));
}

#[test]
fn a_value_that_its_field_does_not_take_is_named() {
    let file = form(Style::Table);
    let cases = [
        ("nobody", "x", Unfit::Unknown),
        ("party", "x", Unfit::NotText),
        ("agree", "x", Unfit::NotText),
        ("secret", "x", Unfit::NotText),
        ("fixed", "4712", Unfit::ReadOnly),
        ("amount", "1234567890", Unfit::TooLong),
        ("name", "\u{141}ukasz", Unfit::Unrepresentable),
        ("name", "two\nlines", Unfit::Unrepresentable),
        ("name", "a\u{7}", Unfit::Unrepresentable),
        // At 11 points 200 points hold about 30 letters, and one that is cut off would be signed unseen.
        ("name", "A person with a name that is longer than its box", Unfit::NoRoom),
    ];
    for (name, value, why) in cases {
        assert_eq!(unfit(&file, name, value), Some(why), "{name}: {value}");
    }
    assert_eq!(unfit(&file, "note", &"word ".repeat(400)), Some(Unfit::NoRoom));
    assert_eq!(unfit(&file, "note", &"x".repeat(4_001)), Some(Unfit::TooLong));
    // One that fits does not go in where another does not.
    assert!(matches!(filled(&file, &[("name", "Anna"), ("nobody", "x")]), Err(Unfilled::Field { why: Unfit::Unknown, .. })));
    assert_eq!(unfit(&plain(Style::Table), "name", "x"), Some(Unfit::Unknown));
}

#[test]
fn what_is_no_document_to_fill_is_left_alone() {
    let file = form(Style::Table);
    assert_eq!(forbidden(&file, &[]), ErrorKind::InvalidArgument);
    assert_eq!(forbidden(&file, &[("name", "a"), ("name", "b")]), ErrorKind::InvalidArgument);
    let certified = SignatureRequest { certification: Some(DocMdp::FormFilling), ..SignatureRequest::new(now()) };
    let certified = Signer::p256().sign(&file, &certified).unwrap();
    assert_eq!(forbidden(&certified, &[("name", "Anna")]), ErrorKind::SigningForbidden);
    let xfa = document(Style::Table, "/AcroForm<</Fields[7 0 R]/XFA(x)>>", "", &["<</FT/Tx/T(name)>>"]);
    assert_eq!(forbidden(&xfa, &[("name", "Anna")]), ErrorKind::PdfUnsupported);
}

/// Whoever wrote the document wrote its default appearances: what is no size and no colour in one does not get into the page.
#[test]
fn a_hostile_default_appearance_says_size_and_colour_alone() {
    for wrong in
        ["(Q Q /Helv 10 Tf /Evil Do)", "(BI ID EI 7 Tf)", "(/Helv 1e99 Tf)", "(/Helv -10 Tf]])", "17", "(10 Tf 0.1 0.2 rg 1 g 2 2 2 2 2 k)"]
    {
        let field = format!("<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/F 4/P 3 0 R/Rect[72 500 272 520]/DA {wrong}>>");
        let file = document(Style::Table, "/AcroForm<</Fields[7 0 R]>>", "/Annots[7 0 R]", &[&field]);
        if let Ok(out) = filled(&file, &[("name", "Anna")]) {
            judged_by_qpdf(&out);
            let added = String::from_utf8_lossy(&out[file.len()..]).into_owned();
            let content = added.split("stream\n").nth(1).unwrap();
            assert!(!content.contains("Evil") && content.matches('Q').count() == 1, "{content}");
            assert!(shown(&out).contains("Anna"));
        }
    }
}
