//! Random sound documents: structure, page keys, forms, annotations, encryption, each within what ISO 32000-2 gives a writer.

use crate::mutations::Dice;
use crate::paper::{CONTENT, Paper, Runs, Style, paper};
use crate::saved;
use std::process::Command;

/// One of these.
pub(crate) fn one<'a, T>(dice: &mut Dice, list: &'a [T]) -> &'a T {
    &list[dice.below(list.len())]
}

pub(crate) fn odds(dice: &mut Dice, one_in: usize) -> bool {
    dice.below(one_in) == 0
}

/// A document, and the empty signature fields in it.
pub(crate) struct Made {
    pub(crate) bytes: Vec<u8>,
    pub(crate) fields: Vec<&'static str>,
    pub(crate) password: &'static str,
    /// Signing `waiting` locks every other field.
    pub(crate) locks: bool,
}

pub(crate) fn document(dice: &mut Dice) -> Made {
    let mut p: Paper = paper();
    p.style = *one(dice, &[Style::Table, Style::Stream, Style::Hybrid]);
    let (eol, entry_end) = *one(dice, &[("\n", " \n"), ("\r", " \r"), ("\r\n", "\r\n"), ("\n", "\r\n")]);
    p.eol = eol;
    p.entry_end = entry_end;
    p.after_trailer = *one(dice, &["\n", " ", "\r\n", ""]);
    p.end = *one(dice, &["\n", "", "\r\n", "\r", "\n\n \n"]);
    p.between = *one(dice, &["", "\n", "% 9 0 obj\n", "   \n\n"]);
    p.filter = *one(dice, &["", "Flate", "Predictor", "Hex"]);
    p.widths = *one(dice, &[[1, 4, 2], [1, 3, 2], [2, 8, 3], [1, 5, 4]]);
    p.backwards = odds(dice, 3);
    p.id = !odds(dice, 6);
    p.head = one(dice, &[&b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n"[..], b"%PDF-1.4\n", b"%PDF-2.0\n%\xFF\xFF\xFF\xFF\n", b"%PDF-1.0\n"]).to_vec();
    if p.style != Style::Table && p.head.starts_with(b"%PDF-1.0") {
        p.head = b"%PDF-1.5\n".to_vec();
    }

    // Where the page's keys are: in it, above it, apart.
    let rotate = 90 * dice.below(4);
    let first = *one(dice, &["/MediaBox[0 0 595 842]", "/MediaBox[10 20 612.5 802]", "/MediaBox[595 842 0 0]", "/MediaBox 20 0 R"]);
    let crop = *one(dice, &["", "/CropBox[15 25 580 790]", "/CropBox[-50 -50 9000 9000]"]);
    let unit = *one(dice, &["", "", "/UserUnit 1.5"]);
    let (above, own) = if odds(dice, 2) {
        (format!("{first}/Rotate {rotate}"), format!("{crop}{unit}"))
    } else {
        (String::new(), format!("{first}{crop}{unit}/Rotate {rotate}"))
    };
    p.put(20, "[0 0 600 800]");
    let contents = *one(dice, &["4 0 R", "[4 0 R]", "[4 0 R 19 0 R]", "21 0 R"]);
    p.put(19, "<</Length 1>>\nstream\n \nendstream");
    p.put(21, "[4 0 R]");
    p.put(4, CONTENT);

    // Annotations and form.
    let mut locks = false;
    let mut fields = Vec::new();
    let (mut annotations, mut roots) = (Vec::new(), Vec::new());
    if odds(dice, 3) {
        p.put(30, "<</Type/Annot/Subtype/Link/Rect[1 1 9 9]/Border[0 0 0]/Dest[3 0 R/Fit]>>");
        annotations.push("30 0 R");
    }
    if odds(dice, 3) {
        p.put(
            31,
            "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[300 400 400 420]/F 4/DA(/F1 9 Tf 0 g)/AP<</N 32 0 R>>/P 3 0 R>>",
        );
        p.put(32, "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F1 5 0 R>>>>/Length 24>>\nstream\nBT /F1 9 Tf (100) Tj ET \nendstream");
        annotations.push("31 0 R");
        roots.push("31 0 R");
    }
    if odds(dice, 2) {
        let more = *one(
            dice,
            &["", "/Lock<</Type/SigFieldLock/Action/All>>", "/F 4/MK<<>>", "/SV<</Type/SV/SubFilter[/ETSI.CAdES.detached]/Ff 2>>"],
        );
        locks = more.starts_with("/Lock");
        let rect = *one(dice, &["0 0 0 0", "300 600 480 660"]);
        p.put(33, &format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(waiting)/Rect[{rect}]/P 3 0 R{more}>>"));
        annotations.push("33 0 R");
        roots.push("33 0 R");
        fields.push("waiting");
    }
    if odds(dice, 4) {
        p.put(34, "<</T(a)/Kids[35 0 R]>>");
        p.put(35, "<</Type/Annot/Subtype/Widget/Parent 34 0 R/FT/Sig/T(b)/Rect[0 0 0 0]/F 132/P 3 0 R>>");
        annotations.push("35 0 R");
        roots.push("34 0 R");
        fields.push("a.b");
    }
    let mut page = format!("<</Type/Page/Parent 2 0 R/Contents {contents}/Resources<</Font<</F1 5 0 R>>>>{own}");
    if !annotations.is_empty() || odds(dice, 4) {
        let list = annotations.join(" ");
        if odds(dice, 2) {
            p.put(36, &format!("[{list}]"));
            page.push_str("/Annots 36 0 R");
        } else {
            page.push_str(&format!("/Annots[{list}]"));
        }
    }
    page.push_str(one::<&str>(dice, &["", "/Trans null", "/StructParents 7", "/PieceInfo<<>>"]));
    p.put(3, &format!("{page}>>"));
    let mut catalog = "<</Type/Catalog/Pages 2 0 R".to_owned();
    if !roots.is_empty() || odds(dice, 4) {
        let list = roots.join(" ");
        let held = match dice.below(3) {
            0 => format!("<</Fields[{list}]>>"),
            1 => {
                p.put(37, &format!("[{list}]"));
                "<</Fields 37 0 R/DA(/F1 0 Tf 0 g)/DR<</Font<</F1 5 0 R>>>>>>".to_owned()
            }
            _ => format!("<</Fields[{list}]/SigFlags 0/DA(/F1 0 Tf 0 g)>>"),
        };
        if odds(dice, 2) {
            p.put(38, &held);
            catalog.push_str("/AcroForm 38 0 R");
        } else {
            catalog.push_str(&format!("/AcroForm{held}"));
        }
    }
    catalog.push_str(one::<&str>(
        dice,
        &["", "/Lang(fr)", "/PageMode/UseNone/ViewerPreferences<</DisplayDocTitle true>>", "/Outlines 9999 0 R", "/Version/1.7"],
    ));
    p.put(1, &format!("{catalog}>>"));

    // The tree, and pages without content beside the one.
    let more = dice.below(4);
    for n in 0..more {
        let number = 50 + u32::try_from(n).expect("small");
        p.put(number, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Resources<<>>>>");
    }
    let kids: String = (0..more).map(|n| format!(" {} 0 R", 50 + n)).collect();
    p.put(2, &format!("<</Type/Pages/Kids[3 0 R{kids}]/Count {}{above}>>", more + 1));
    if odds(dice, 2) {
        p.put(40, "<</Title(\\376\\377\\000A)/Producer(A \\(random\\) writer)/CreationDate(D:20260101000000Z)>>");
        p.trailer.push_str("/Info 40 0 R");
    }
    if p.style != Style::Table {
        // In a hybrid old readers must find the pages.
        let needed: &[u32] = if p.style == Style::Hybrid { &[1, 2, 3, 5, 20, 21] } else { &[] };
        let movable: Vec<u32> = p
            .objects
            .iter()
            .filter(|(n, (_, body))| !needed.contains(n) && !body.windows(6).any(|w| w == b"stream"))
            .map(|(n, _)| *n)
            .collect();
        let share = dice.below(movable.len() + 1);
        p.packed = movable[..share].chunks(1 + dice.below(12)).map(<[u32]>::to_vec).collect();
    }
    p.runs = *one(dice, &[Runs::Whole, Runs::Gaps]);
    Made { bytes: p.write(), fields, password: "", locks }
}

/// The document, encrypted by qpdf in one of its ways.
pub(crate) fn encrypted(dice: &mut Dice, made: Made) -> Made {
    let (options, password): (&[&str], &str) = *one(
        dice,
        &[
            (&["", "owner", "40"][..], ""),
            (&["user", "owner", "128", "--use-aes=n"][..], "user"),
            (&["user", "owner", "128", "--use-aes=y"][..], "owner"),
            (&["", "owner", "256"][..], ""),
            (&["user", "owner", "256", "--cleartext-metadata"][..], "user"),
        ],
    );
    let (from, to) = (saved(&made.bytes), saved(b""));
    let packed = *one(dice, &["--object-streams=generate", "--object-streams=disable"]);
    let out = Command::new("qpdf")
        .args(["--warning-exit-0", "--allow-weak-crypto", packed, "--encrypt"])
        .args(options)
        .arg("--")
        .args([from.path(), to.path()])
        .output()
        .expect("qpdf runs");
    assert!(out.status.success(), "qpdf: {}", String::from_utf8_lossy(&out.stderr));
    Made { bytes: std::fs::read(to.path()).expect("qpdf wrote it"), password, ..made }
}
