//! Certified documents and locked fields (ISO 32000-2 12.8.2.2, 12.8.2.4, 12.7.5.5): the signed revision says what may change, and
//! nothing later weakens it.

use crate::document::{CONTENT, body, signed, signed_visibly, updated, write};
use crate::seal::{countersigned, seal, signature};
use crate::{assert_clean, assert_refused, report};
use thrivosign::verify::{ChangeKind, Permitted, SubIndication};

const LOOK: &str = "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 25>>\nstream\nBT /Helv 9 Tf (999) Tj ET\nendstream";

fn doc_mdp(level: i64) -> String {
    format!("/Reference[<</Type/SigRef/TransformMethod/DocMDP/TransformParams<</Type/TransformParams/P {level}/V/1.2>>>>]")
}

fn field_mdp(action: &str, fields: &str) -> String {
    format!(
        "/Reference[<</Type/SigRef/TransformMethod/FieldMDP/TransformParams<</Type/TransformParams/V/1.2/Action/{action}/Fields[{fields}]>>>>]"
    )
}

/// Two text fields, `loan.amount` (7) and `note` (8), one of them below a parent (9), signed in field 10 by dictionary 11.
fn sealed(perms: bool, dictionary: &str, field: &str) -> Vec<u8> {
    let catalog = format!("<</Type/Catalog/Pages 2 0 R/AcroForm 6 0 R{}>>", if perms { "/Perms<</DocMDP 11 0 R>>" } else { "" });
    let objects = [
        (1, catalog.as_str()),
        (2, "<</Type/Pages/Kids[3 0 R]/Count 1>>"),
        (3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>/Annots[7 0 R 8 0 R 10 0 R]>>"),
        (4, CONTENT),
        (5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"),
        (6, "<</Fields[9 0 R 8 0 R 10 0 R]/SigFlags 3/DA(/Helv 0 Tf 0 g)/DR<</Font<</Helv 5 0 R>>>>>>"),
        (7, "<</Type/Annot/Subtype/Widget/Parent 9 0 R/FT/Tx/T(amount)/V(100)/Rect[300 400 400 420]/F 4/AP<</N 12 0 R>>>>"),
        (8, "<</Type/Annot/Subtype/Widget/FT/Tx/T(note)/V(none)/Rect[300 300 400 320]/F 4/AP<</N 13 0 R>>>>"),
        (9, "<</T(loan)/Kids[7 0 R]>>"),
        (10, &format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(Bank)/V 11 0 R/Rect[0 0 0 0]/F 132/P 3 0 R{field}>>")),
        (11, &signature(dictionary)),
        (12, "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 25>>\nstream\nBT /Helv 9 Tf (100) Tj ET\nendstream"),
        (13, "<</Type/XObject/Subtype/Form/BBox[0 0 100 20]/Length 26>>\nstream\nBT /Helv 9 Tf (none) Tj ET\nendstream"),
    ];
    seal(write(&objects, ""))
}

fn filled_amount(base: &[u8]) -> Vec<u8> {
    updated(base, &[(7, &body(base, 7).replace("(100)", "(999)")), (12, LOOK)], "")
}

fn filled_note(base: &[u8]) -> Vec<u8> {
    updated(base, &[(8, &body(base, 8).replace("(none)", "(999)")), (13, LOOK)], "")
}

fn annotated(base: &[u8]) -> Vec<u8> {
    let page = body(base, 3).replace("10 0 R]", "10 0 R 30 0 R]");
    updated(base, &[(3, &page), (30, "<</Type/Annot/Subtype/FreeText/Rect[72 100 300 140]/Contents(paid)/DA(/Helv 12 Tf)>>")], "")
}

fn repainted(base: &[u8]) -> Vec<u8> {
    updated(base, &[(4, &CONTENT.replace("100 rupees", "999 rupees"))], "")
}

#[test]
fn certified_documents() {
    for level in 1..=3 {
        let base = sealed(true, &doc_mdp(level), "");
        assert_clean("certified", &base);
        let info = updated(&base, &[(30, "<</Title(Loan)>>")], "/Info 30 0 R");
        assert_clean("certified, information added", &info);
        let catalog = format!("{}/DSS<</Certs[30 0 R]>>>>", body(&base, 1).strip_suffix(">>").expect("a dictionary"));
        let store = updated(&base, &[(1, &catalog), (30, "<</Length 3>>\nstream\nabc\nendstream")], "");
        assert_clean("certified, validation data added", &store);
        if level == 1 {
            for (name, forged) in [("filled", filled_amount(&base)), ("signed", countersigned(&base, "", "", &[]))] {
                let report = assert_refused(name, &forged, "forbidden_change");
                assert_eq!(report.signatures[0].overall.sub_indication, Some(SubIndication::FormatFailure));
                assert_eq!(report.signatures[0].permitted, Permitted::No);
            }
        } else {
            let report = assert_clean("certified, filled", &filled_amount(&base));
            assert_eq!(report.signatures[0].changes, [ChangeKind::FormFilled]);
            assert_eq!(report.signatures[0].permitted, Permitted::Yes);
            assert_clean("certified, filled and signed", &signed(&filled_amount(&base)));
            assert_refused("a signature over text", &signed_visibly(&base, 1, [72.0, 700.0, 200.0, 60.0]), "forbidden_change");
        }
        if level == 3 {
            let report = assert_refused("annotated where that is permitted", &annotated(&base), "later_change");
            assert_eq!(report.signatures[0].permitted, Permitted::Yes);
        } else {
            assert_refused("annotated", &annotated(&base), "forbidden_change");
        }
        assert_refused("repainted", &repainted(&base), "forbidden_change");
    }
}

#[test]
fn permissions_are_those_of_the_signed_revision() {
    let base = sealed(true, &doc_mdp(1), "");
    let weaker = |old: &str, new: &str| (body(&base, 11).replace(old, new), body(&base, 7).replace("(100)", "(999)"));
    let (dictionary, field) = weaker("/P 1", "/P 2");
    assert_refused("the level raised", &updated(&base, &[(11, &dictionary), (7, &field), (12, LOOK)], ""), "forbidden_change");
    let catalog = body(&base, 1);
    for (name, perms) in [("taken out", String::new()), ("swapped", "/Perms<</DocMDP 40 0 R>>".to_owned())] {
        let catalog = catalog.replace("/Perms<</DocMDP 11 0 R>>", &perms);
        let other = body(&base, 11).replace("/P 1", "/P 3");
        let forged = updated(&base, &[(1, &catalog), (40, &other)], "");
        assert_refused(name, &forged, "forbidden_change");
        assert_refused(name, &filled_amount(&forged), "forbidden_change");
    }
    // An unknown level is the strictest one.
    for level in [0, 4, -1] {
        let base = sealed(true, &doc_mdp(level), "");
        assert_clean("an unknown level", &base);
        assert_refused("an unknown level, filled", &filled_amount(&base), "forbidden_change");
    }
}

#[test]
fn locked_fields() {
    let lock = |action: &str, fields: &str| format!("/Lock<</Type/SigFieldLock/Action/{action}/Fields[{fields}]>>");
    for (action, fields, amount, note) in [
        ("Include", "(loan)", false, true),
        ("Include", "(loan.amount)", false, true),
        ("Include", "(loan.amoun)", true, true),
        ("Include", "(note)", true, false),
        ("Exclude", "(loan.amount)", true, false),
        ("Exclude", "(note)", false, true),
        ("All", "", false, false),
        ("Unknown", "", false, false),
    ] {
        for (place, base) in
            [("FieldMDP", sealed(false, &field_mdp(action, fields), "")), ("Lock", sealed(false, "", &lock(action, fields)))]
        {
            let name = format!("{place} {action} {fields}");
            assert_clean(&name, &base);
            for (allowed, forged) in [(amount, filled_amount(&base)), (note, filled_note(&base))] {
                if allowed {
                    assert_clean(&name, &forged);
                } else {
                    assert_refused(&name, &forged, "forbidden_change");
                }
            }
        }
    }
    let base = sealed(false, "", &lock("All", ""));
    let weaker = body(&base, 10).replace("/Action/All", "/Action/Include/Fields[]");
    let forged = updated(&base, &[(10, &weaker), (8, &body(&base, 8).replace("(none)", "(999)")), (13, LOOK)], "");
    assert_refused("a lock weakened later", &forged, "forbidden_change");
    // A lock with a level forbids everything else, too.
    let base = sealed(false, "", "/Lock<</Type/SigFieldLock/Action/Include/Fields[(note)]/P 1>>");
    assert_refused("a lock of level 1", &filled_amount(&base), "forbidden_change");
    let base = sealed(false, "", "/Lock<</Type/SigFieldLock/Action/Include/Fields[(note)]/P 2>>");
    assert_clean("a lock of level 2", &filled_amount(&base));
    assert_refused("a lock of level 2, its field", &filled_note(&base), "forbidden_change");
}

/// Under a lock no field is made that it covers, to be signed: pyHanko says the same.
#[test]
fn signatures_under_a_lock() {
    for (action, fields, allowed) in [
        ("All", "", false),
        ("Include", "(Second)", false),
        ("Include", "(note)", true),
        ("Exclude", "(Second)", true),
        ("Exclude", "(note)", false),
    ] {
        let lock = format!("/Lock<</Type/SigFieldLock/Action/{action}/Fields[{fields}]>>");
        for base in [sealed(false, &field_mdp(action, fields), ""), sealed(false, "", &lock)] {
            let name = format!("signed under {action} {fields}");
            let twice = countersigned(&base, "", "", &[]);
            if allowed {
                assert_clean(&name, &twice);
            } else {
                assert_refused(&name, &twice, "forbidden_change");
            }
        }
    }
}

/// Under a signature that states nothing, what is locked later binds only from then on.
#[test]
fn a_later_lock_does_not_reach_back() {
    let base = sealed(false, "", "");
    let report = report("filled", &filled_amount(&base));
    assert_eq!(report.signatures[0].permitted, Permitted::NotStated);
    assert!(!report.clean);
    let locked = updated(&base, &[(8, &body(&base, 8).replace("/FT/Tx", "/FT/Tx/Ff 1"))], "");
    assert_refused("read-only without a signature", &locked, "later_change");
}
