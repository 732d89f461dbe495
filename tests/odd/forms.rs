//! Forms and fields (ISO 32000-2 12.7).

use crate::paper::{Style, catalog_with, page_with};
use crate::{Case, all, case};

const WIDGET: &str = "<</Type/Annot/Subtype/Widget/FT/Tx/T(amount)/V(100)/Rect[300 400 400 420]/F 4>>";

#[test]
fn forms() {
    let form = |name, form: &str, more: &[(u32, &str)]| case(name, catalog_with(&format!("/AcroForm {form}"), more).write());
    let cases: Vec<Case> = vec![
        form("an empty form in the catalog", "<<>>", &[]),
        form("an empty form of its own", "6 0 R", &[(6, "<<>>")]),
        form("no fields", "<</Fields[]>>", &[]),
        form("no fields, of its own", "6 0 R", &[(6, "<</Fields[]/DA(/Helv 0 Tf 0 g)>>")]),
        form("fields null", "<</Fields null>>", &[]),
        form("fields behind a reference", "<</Fields 6 0 R>>", &[(6, "[]")]),
        form("fields behind a reference, null", "<</Fields 6 0 R>>", &[(6, "null")]),
        form("fields behind a reference to nothing", "<</Fields 66 0 R>>", &[]),
        form("a form that is null", "6 0 R", &[(6, "null")]),
        form("a form that is not there", "66 0 R", &[]),
        form("flags behind a reference", "<</Fields[]/SigFlags 6 0 R>>", &[(6, "0")]),
        form("flags set already", "<</Fields[]/SigFlags 3>>", &[]),
        form("NeedAppearances and calculation order", "<</Fields[6 0 R]/NeedAppearances true/CO[6 0 R]>>", &[(6, "<</FT/Tx/T(a)/V(1)>>")]),
        form("one null and one missing field", "<</Fields[null 66 0 R]>>", &[]),
        form("the default names taken", "<</Fields[6 0 R 7 0 R]>>", &[(6, "<</FT/Tx/T(Signature1)>>"), (7, "<</FT/Sig/T(Signature3)>>")]),
        form("a field without a type", "<</Fields[6 0 R]>>", &[(6, "<</T(a)>>")]),
        form("a name in UTF-16", "<</Fields[6 0 R]>>", &[(6, "<</FT/Tx/T<FEFF0042006500740072006100670020>>>")]),
        form("a form in an object stream", "6 0 R", &[(6, "<</Fields[]>>")]),
    ];
    all(&cases, 18);
}

#[test]
fn fields() {
    let page = |keys: &str, form: &str, more: &[(u32, &str)]| {
        let mut p = page_with(keys, more);
        p.put(1, &format!("<</Type/Catalog/Pages 2 0 R/AcroForm {form}>>"));
        p
    };
    let signature = |more: &str| format!("<</Type/Annot/Subtype/Widget/FT/Sig/T(sig)/Rect[300 600 480 660]/F 4/P 3 0 R{more}>>");
    let one = |name, more: &str| case(name, page("/Annots[6 0 R]", "<</Fields[6 0 R]>>", &[(6, &signature(more))]).write()).field("sig");
    let nested = &[
        (6, "<</T(loan)/FT/Tx/Kids[7 0 R 8 0 R]>>"),
        (7, "<</Parent 6 0 R/T(a)/V(1)/Kids[9 0 R]>>"),
        (8, "<</Parent 6 0 R/T(b)/V(2)/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>"),
        (9, "<</Parent 7 0 R/Type/Annot/Subtype/Widget/Rect[0 0 9 9]/P 3 0 R>>"),
    ];
    let cases: Vec<Case> = vec![
        case("a text field merged with its widget", page("/Annots[6 0 R]", "<</Fields[6 0 R]>>", &[(6, WIDGET)]).write()),
        case("a widget that two fields' lists name", page("/Annots[6 0 R 6 0 R]", "<</Fields[6 0 R 6 0 R]>>", &[(6, WIDGET)]).write()),
        case(
            "a field with two widgets",
            page(
                "/Annots[7 0 R 8 0 R]",
                "<</Fields[6 0 R]>>",
                &[
                    (6, "<</FT/Tx/T(a)/V(1)/Kids[7 0 R 8 0 R]>>"),
                    (7, "<</Type/Annot/Subtype/Widget/Parent 6 0 R/Rect[0 0 9 9]>>"),
                    (8, "<</Type/Annot/Subtype/Widget/Parent 6 0 R/Rect[9 0 18 9]>>"),
                ],
            )
            .write(),
        ),
        case("a hierarchy", page("/Annots[8 0 R 9 0 R]", "<</Fields[6 0 R]>>", nested).write()),
        case("a new field below a group", page("/Annots[8 0 R 9 0 R]", "<</Fields[6 0 R]>>", nested).write())
            .field("loan.customer.signature"),
        case(
            "kids behind a reference",
            page(
                "/Annots[7 0 R]",
                "<</Fields[6 0 R]>>",
                &[
                    (6, "<</T(loan)/Kids 8 0 R>>"),
                    (7, "<</Parent 6 0 R/T(a)/FT/Tx/Type/Annot/Subtype/Widget/Rect[0 0 9 9]>>"),
                    (8, "[7 0 R]"),
                ],
            )
            .write(),
        )
        .field("loan.signature"),
        one("an empty signature field", ""),
        one("a lock of no field", "/Lock<</Type/SigFieldLock/Action/Include/Fields[]>>"),
        one("a lock of one field", "/Lock<</Type/SigFieldLock/Action/Include/Fields[(amount)]>>"),
        one("a lock of all but one field", "/Lock<</Type/SigFieldLock/Action/Exclude/Fields[(Signature1)]>>"),
        one("an appearance that is there", "/AP<<>>/MK<</BG[1 1 1]>>"),
        case(
            "a lock behind a reference",
            page(
                "/Annots[6 0 R]",
                "<</Fields[6 0 R]>>",
                &[
                    (6, &signature("/Lock 7 0 R")),
                    (7, "<</Type/SigFieldLock/Action 8 0 R/Fields 9 0 R>>"),
                    (8, "/Include"),
                    (9, "[(amount)]"),
                ],
            )
            .write(),
        )
        .field("sig"),
        case(
            "a signature field behind references",
            page(
                "/Annots[6 0 R]",
                "<</Fields[6 0 R]>>",
                &[
                    (6, "<</Type/Annot/Subtype 10 0 R/FT 7 0 R/T 8 0 R/Rect 9 0 R/F 4/P 3 0 R>>"),
                    (7, "/Sig"),
                    (8, "(sig)"),
                    (9, "[11 0 R 11 0 R 12 0 R 12 0 R]"),
                    (10, "/Widget"),
                    (11, "300"),
                    (12, "500"),
                ],
            )
            .write(),
        )
        .field("sig"),
        case(
            "a signature field with its widget apart",
            page(
                "/Annots[7 0 R]",
                "<</Fields[6 0 R]>>",
                &[
                    (6, "<</FT/Sig/T(sig)/Kids[7 0 R]>>"),
                    (7, "<</Type/Annot/Subtype/Widget/Parent 6 0 R/Rect[300 600 480 660]/F 4/P 3 0 R>>"),
                ],
            )
            .write(),
        )
        .field("sig"),
        case("a signature field without a widget", page("", "<</Fields[6 0 R]>>", &[(6, "<</FT/Sig/T(sig)>>")]).write()).field("sig"),
        case(
            "an invisible signature field",
            page(
                "/Annots[6 0 R]",
                "<</Fields[6 0 R]>>",
                &[(6, "<</Type/Annot/Subtype/Widget/FT/Sig/T(sig)/Rect[0 0 0 0]/F 132/P 3 0 R>>")],
            )
            .write(),
        )
        .field("sig"),
        case(
            "a signature field that inherits its type",
            page(
                "/Annots[7 0 R]",
                "<</Fields[6 0 R]>>",
                &[
                    (6, "<</FT/Sig/T(group)/Kids[7 0 R]>>"),
                    (7, "<</T(sig)/Type/Annot/Subtype/Widget/Parent 6 0 R/Rect[300 600 480 660]/F 4/P 3 0 R>>"),
                ],
            )
            .write(),
        )
        .field("group.sig"),
        case("a signature field in an object stream", {
            let mut p = page("/Annots[6 0 R]", "7 0 R", &[(6, &signature("")), (7, "<</Fields[6 0 R]>>")]);
            p.style = Style::Stream;
            p.packed = vec![vec![1, 6, 7, 3]];
            p.write()
        })
        .field("sig"),
        case("a signature field of generation 3", {
            let mut p = page("/Annots[6 3 R]", "<</Fields[6 3 R]>>", &[(6, &signature(""))]);
            p.objects.get_mut(&6).expect("a field").0 = 3;
            p.write()
        })
        .field("sig"),
        case("a form of generation 2 on a page of generation 5", {
            let mut p = page(
                "/Annots 7 4 R",
                "8 2 R",
                &[(6, WIDGET), (7, "[6 0 R]"), (8, "<</Fields[6 0 R]>>"), (2, "<</Type/Pages/Kids[3 5 R]/Count 1>>")],
            );
            for (number, generation) in [(3, 5), (7, 4), (8, 2)] {
                p.objects.get_mut(&number).expect("there").0 = generation;
            }
            p.write()
        }),
    ];
    all(&cases, 20);
}
