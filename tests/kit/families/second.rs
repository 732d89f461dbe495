//! A second signature as different writers make it, below other fields and with parts in other places, and what looks like it. And what they
//! leave behind: validation data that nothing names, extensions, looks below looks.

use super::super::document::updated;
use super::super::seal::{digits, seal, signature};
use super::super::{Family, authority::authority, cms_draft::Draft};
use super::deed::{INFO, Objects, deed, doc_mdp, look, more, objects, set, stream, swap, update, with_objects};

const LATER: &str = "later_change";
/// A widget that shows nothing.
const WIDGET: &str = "/Type/Annot/Subtype/Widget/Rect[0 0 0 0]/F 132/P 3 0 R";

pub(crate) fn families() -> Vec<Family> {
    vec![parts(), form_of_the_page(), looks_below(), left_behind(), entries(), extensions(), passwords()]
}

/// Object 53 signs.
fn signed(base: &[u8], objects: &Objects) -> Vec<u8> {
    let value = signature("");
    let mut all: Vec<(u32, &str)> = objects.iter().map(|(n, o)| (*n, o.as_str())).collect();
    if all.iter().all(|(number, _)| *number != 53) {
        all.push((53, &value));
    }
    seal(updated(base, &all, INFO))
}

/// The field that signs, its widget, and what stands above them.
fn parts() -> Family {
    let base = deed();
    let fields = |names: &str, others: Objects| {
        let mut all = vec![swap(&base, 6, "10 0 R]", &format!("10 0 R {names}]"))];
        all.extend(others);
        signed(&base, &all)
    };
    let field_of = |number: u32, text: &str| (number, text.replace("WIDGET", WIDGET));
    let field = &field_of;
    let merged = "<<WIDGET/FT/Sig/T(Second)/V 53 0 R>>";
    let split = "<</FT/Sig/T(Second)/V 53 0 R/Kids[54 0 R]>>";
    let kid = "<<WIDGET/FT/Sig/T(Second)/V 53 0 R/Parent 52 0 R>>";
    let states = |look: &str| {
        let shown = merged.replace("WIDGET", &WIDGET.replace("[0 0 0 0]/F 132", "[300 60 400 100]/F 4/AS/On/AP<</N<</On 54 0 R>>>>"));
        let page = swap(&base, 3, "38 0 R 10 0 R]", "38 0 R 10 0 R 52 0 R]");
        fields("52 0 R", vec![(52, shown), set(54, look), page])
    };
    let witness = swap(&base, 19, "/T(Witness)", "/T(Witness)/V 53 0 R");
    Family::new("signature_parts", "a second signature's field takes a place, a list or a look that something else waits for")
        .control("one with its widget", fields("52 0 R", vec![field(52, merged)]))
        .control("a widget of its own", fields("52 0 R", vec![field(52, split), field(54, "<<WIDGET/Parent 52 0 R>>")]))
        .control(
            "a list of its widgets",
            fields(
                "52 0 R",
                vec![field(52, &split.replace("[54 0 R]", " 55 0 R")), set(55, "[54 0 R]"), field(54, "<<WIDGET/Parent 52 0 R>>")],
            ),
        )
        .control("its widget beside it", fields("52 0 R 54 0 R", vec![field(52, split), field(54, "<<WIDGET/FT/Sig/Parent 52 0 R>>")]))
        .control("below a group", fields("52 0 R", vec![set(52, "<</T(Group)/Kids[54 0 R]>>"), field(54, kid)]))
        .control("below a group that says its kind", fields("52 0 R", vec![set(52, "<</FT/Sig/T(Group)/Kids[54 0 R]>>"), field(54, kid)]))
        .control(
            "below two groups",
            fields(
                "55 0 R",
                vec![set(55, "<</T(All)/Kids[52 0 R]>>"), set(52, "<</T(Group)/Parent 55 0 R/Kids[54 0 R]>>"), field(54, kid)],
            ),
        )
        .control("below a group, naming no parent", fields("52 0 R", vec![set(52, "<</T(Group)/Kids[54 0 R]>>"), field(54, merged)]))
        .control("the empty field", signed(&base, &vec![witness.clone()]))
        .control("the empty field, and a widget of it beside", {
            fields("54 0 R", vec![witness.clone(), field(54, "<<WIDGET/FT/Sig/Parent 19 0 R>>")])
        })
        .control("the empty field, and a widget of its own", {
            let field = witness.1.replacen("/V 53 0 R", "/V 53 0 R/Kids[54 0 R]", 1);
            signed(&base, &vec![(19, field), field_of(54, "<<WIDGET/Parent 19 0 R>>")])
        })
        .control("shown, on a page whose annotations are a list of their own", {
            let annotations = "[7 0 R 8 0 R 9 0 R 17 0 R 18 0 R 19 0 R 38 0 R 10 0 R]";
            let page = super::super::document::body(&base, 3).replacen(annotations, " 54 0 R", 1);
            let base = with_objects(objects("", "", ""), &[(3, &page), (54, annotations)]);
            let list = annotations.replace("10 0 R]", "10 0 R 52 0 R]");
            let shown = merged.replace("WIDGET", &WIDGET.replace("[0 0 0 0]/F 132", "[300 60 400 100]/F 4"));
            signed(&base, &vec![swap(&base, 6, "10 0 R]", "10 0 R 52 0 R]"), (54, list), (52, shown)])
        })
        .control("the empty field, hidden and without an area, shown", {
            let hidden = (19, format!("<<{}/FT/Sig/T(Witness)>>", WIDGET.replace("/F 132", "/F 2")));
            let base = with_objects(objects("", "", ""), &[(hidden.0, &hidden.1)]);
            signed(&base, &vec![(19, hidden.1.replace("/F 2", "/F 132/V 53 0 R"))])
        })
        .control("a field is locked along with it", signed(&base, &vec![witness.clone(), more(&base, 7, "/Ff 1")]))
        .refused(
            "a locked field is opened along with it",
            {
                let amount = super::super::document::body(&base, 7);
                let locked = format!("{}/Ff 1>>", amount.strip_suffix(">>").expect("a dictionary"));
                let opened = locked.replace("/Ff 1", "/Ff 0");
                signed(&with_objects(objects("", "", ""), &[(7, &locked)]), &vec![witness.clone(), (7, opened)])
            },
            LATER,
        )
        .refused("a field is made optional along with it", signed(&base, &vec![witness.clone(), more(&base, 7, "/Ff 2")]), LATER)
        .refused("a field is locked and made a password", signed(&base, &vec![witness.clone(), more(&base, 7, "/Ff 8193")]), LATER)
        .control("looks by state", states(&look("signed")))
        .refused("looks by state, one without a box", states(&stream("/Type/XObject/Subtype/Form", "q Q")), LATER)
        .refused(
            "its widgets in a list that the page waits for",
            fields(
                "52 0 R",
                vec![field(52, &split.replace("[54 0 R]", " 33 0 R")), set(33, "[54 0 R]"), field(54, "<<WIDGET/Parent 52 0 R>>")],
            ),
            LATER,
        )
        .refused("a widget of another parent", fields("52 0 R", vec![field(52, split), field(54, "<<WIDGET/Parent 10 0 R>>")]), LATER)
        .refused("a widget of another kind", fields("52 0 R", vec![field(52, split), field(54, "<<WIDGET/FT/Tx/Parent 52 0 R>>")]), LATER)
        .refused("a widget with an action", fields("52 0 R", vec![field(52, split), field(54, "<<WIDGET/A 39 0 R/Parent 52 0 R>>")]), LATER)
        .refused("a widget in place", fields("52 0 R", vec![field(52, &split.replace("54 0 R", "<</Parent 52 0 R>>"))]), LATER)
        .refused(
            "below a group, of another parent",
            fields("52 0 R", vec![set(52, "<</T(Group)/Kids[54 0 R]>>"), field(54, &kid.replace("52 0 R", "19 0 R"))]),
            LATER,
        )
        .refused("below a group of texts", fields("52 0 R", vec![set(52, "<</FT/Tx/T(Group)/Kids[54 0 R]>>"), field(54, kid)]), LATER)
        .refused(
            "below a group with a text beside it",
            fields(
                "52 0 R",
                vec![set(52, "<</T(Group)/Kids[54 0 R 55 0 R]>>"), field(54, kid), field(55, "<<WIDGET/FT/Tx/T(a)/V(9)/Parent 52 0 R>>")],
            ),
            LATER,
        )
        .refused("a widget of the signature that is there", fields("54 0 R", vec![field(54, "<<WIDGET/FT/Sig/Parent 10 0 R>>")]), LATER)
        .refused(
            "a look that the page waits for",
            fields("52 0 R", vec![field(52, &merged.replace("/V", "/AP<</N 50 0 R>>/V")), set(50, &look("999"))]),
            LATER,
        )
}

/// The page draws with what stands in the form.
fn form_of_the_page() -> Family {
    let page = |resources: &str| {
        let mut all = objects("", "", "");
        all.retain(|(number, _)| *number != 28);
        all.push((28, format!("<</Font<</F1 5 0 R>>/ExtGState{resources}>>")));
        with_objects(all, &[])
    };
    let second = |base: &[u8]| {
        let widget = format!("<<{WIDGET}/FT/Sig/T(Second)/V 53 0 R>>");
        signed(base, &vec![swap(base, 6, "10 0 R]", "10 0 R 52 0 R]"), (52, widget)])
    };
    let (plain, drawn) = (page("<</GS 37 0 R>>"), page(" 6 0 R"));
    Family::new("twofold_form", "the page uses the form as a list of its resources, and signing changes the list")
        .control("a form that is nothing else", second(&plain))
        .control("as it was", update(&drawn, &vec![swap(&drawn, 27, "(Deed)", "(Deed 2)")], INFO))
        .refused("signed again", second(&drawn), LATER)
        .refused(
            "with a default look",
            update(&drawn, &vec![swap(&drawn, 6, "/SigFlags 3", "/SigFlags 3/DA(/Helv 0 Tf 0 g)")], INFO),
            LATER,
        )
}

/// A value is filled in; what its look draws is an object further down.
fn looks_below() -> Family {
    let form = |text: &str| {
        stream("/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</Helv 48 0 R>>>>", &format!("BT /Helv 9 Tf ({text}) Tj ET"))
    };
    let outer = stream("/Type/XObject/Subtype/Form/BBox[0 0 100 20]/Resources<</XObject<</In 59 0 R>>>>", "/In Do");
    let base = |others: &[(u32, &str)]| {
        let first = form("100");
        let mut all = vec![(12, outer.as_str()), (59, first.as_str())];
        all.extend_from_slice(others);
        with_objects(objects("/Perms<</DocMDP 11 0 R>>", &doc_mdp("2"), ""), &all)
    };
    let filled = |base: &[u8], others: Objects| {
        let mut all = vec![swap(base, 7, "(100)", "(999)"), (59, form("999"))];
        all.extend(others);
        update(base, &all, INFO)
    };
    let plain = base(&[]);
    let (content, twice) = (stream("", "q 1 0 0 1 72 540 cm /Fm Do Q"), "<</XObject<</Fm 12 0 R>>>>");
    let (inner, resources) = (stream("", "q 1 0 0 1 72 540 cm /Fm Do Q"), "<</XObject<</Fm 59 0 R>>>>");
    Family::new("looks_below", "what a field's look draws is drawn by the page, too")
        .control("the look's own part", filled(&plain, vec![]))
        .control("the look, and its part", filled(&plain, vec![(12, outer.replace("/In Do", "/In  Do").replace("Length 6", "Length 7"))]))
        .refused("a look that the page draws", filled(&base(&[(4, &content), (28, twice)]), vec![]), "forbidden_change")
        .refused("a part that the page draws", filled(&base(&[(4, &inner), (28, resources)]), vec![]), "forbidden_change")
        .refused(
            "the part of another field's look",
            update(&plain, &vec![swap(&plain, 8, "(none)", "(void)"), (59, form("999"))], INFO),
            "forbidden_change",
        )
}

/// Validation data that no store names (any more).
fn left_behind() -> Family {
    let base = deed();
    let hex = |dict: &str, data: &[u8]| stream(&format!("{dict}/Filter/ASCIIHexDecode"), &format!("{}>", digits(data)));
    let certificate = authority().chain[0].der();
    let name = "0123456789ABCDEF0123456789ABCDEF01234567";
    let left = |objects: Objects| update(&base, &objects, INFO);
    let long = |data: &[u8]| format!("<</Filter/ASCIIHexDecode/Length 53 0 R>>\nstream\n{}>\nendstream", digits(data));
    let number = |data: &[u8]| (2 * data.len() + 1).to_string();
    let store = |entry: &str| left(vec![(52, hex("", certificate)), (54, format!("<</Type/DSS/Certs[52 0 R]/VRI<<{entry}>>>>"))]);
    Family::new("validation_data_left", "page content lies ready as validation data that no store names")
        .control("a certificate", left(vec![(52, hex("", certificate))]))
        .control("a token", left(vec![(52, hex("", &Draft::good(b"").der()))]))
        .control("an answer about revocation", left(vec![(52, hex("", &[0x30, 3, 10, 1, 6]))]))
        .control("a list of certificates", left(vec![(52, hex("", certificate)), set(54, "[52 0 R]")]))
        .control("a store", store(&format!("/{name}<</Type/VRI/Cert[52 0 R]/TU(D:20260101)>>")))
        .control("a certificate, its length a number of its own", left(vec![(52, long(certificate)), set(53, &number(certificate))]))
        .refused("a content, its length a number of its own", left(vec![(52, long(b"0 0 9 9 re f")), set(53, "25")]), LATER)
        .refused(
            "a number that an array names as well",
            left(vec![(52, long(certificate)), set(53, &number(certificate)), set(54, "[53 0 R]")]),
            LATER,
        )
        .refused("a name of 39 digits", store(&format!("/{}<</Cert[52 0 R]>>", &name[1..])), LATER)
        .refused("a name of 41 digits", store(&format!("/{name}0<</Cert[52 0 R]>>")), LATER)
        .refused("a name of other letters", store(&format!("/{}<</Cert[52 0 R]>>", name.replace('F', "G"))), LATER)
        .refused("an entry with a font", store(&format!("/{name}<</Cert[52 0 R 5 0 R]>>")), LATER)
        .refused("an entry with a text", store(&format!("/{name}<</Cert(x)>>")), LATER)
        .refused("an unknown key", left(vec![(52, hex("", certificate)), set(54, "<</Certs[52 0 R]/Font[52 0 R]>>")]), LATER)
        .refused("another type", left(vec![(52, hex("", certificate)), set(54, "<</Type/Page/Certs[52 0 R]>>")]), LATER)
        .refused("nothing", left(vec![set(54, "<<>>")]), LATER)
        .refused("a store that holds itself", left(vec![set(54, "<</Type/DSS/Certs[54 0 R]>>")]), LATER)
        .refused("a list with content", left(vec![(52, hex("", certificate)), set(54, "[52 0 R 44 0 R]")]), LATER)
        .refused("a certificate that is a picture", left(vec![(52, hex("/Subtype/Image", certificate))]), LATER)
        .refused("half a certificate", left(vec![(52, hex("", &certificate[..99]))]), LATER)
}

/// Entries of a store that is named.
fn entries() -> Family {
    let base = deed();
    let name = "0123456789ABCDEF0123456789ABCDEF01234567";
    let entry = |entry: &str| {
        update(
            &base,
            &vec![more(&base, 1, &format!("/DSS<</Certs[52 0 R]/VRI<</{name}<<{entry}>>>>>>")), set(52, &stream("", "abc"))],
            INFO,
        )
    };
    Family::new("store_entries", "an entry of the store holds something else than its kind")
        .control("a time stamp", entry("/Cert[52 0 R]/TS 52 0 R"))
        .control("a store that no longer says what it is", {
            let base = with_objects(objects("/DSS 52 0 R", "", ""), &[(52, "<</Type/DSS/Certs[53 0 R]>>"), (53, &stream("", "abc"))]);
            update(&base, &vec![swap(&base, 52, "/Type/DSS", "")], INFO)
        })
        .control("all", entry("/Type/VRI/Cert[52 0 R]/CRL[52 0 R]/OCSP[52 0 R]/TU(D:20260101)/TS 52 0 R"))
        .refused("a time stamp in a list", entry("/TS[52 0 R]"), LATER)
        .refused("a time stamp that is a text", entry("/TS(x)"), LATER)
        .refused("an unknown list", entry("/Certs[52 0 R]"), LATER)
        .refused("a list of texts", entry("/Cert[(x)]"), LATER)
        .refused("a list that is none", entry("/OCSP 52 0 R"), LATER)
        .refused("a type that is none", entry("/Type(VRI)"), LATER)
        .refused("a time that is none", entry("/TU 20260101"), LATER)
}

/// Developers' extensions (ISO 32000-2 7.12), which come with some signatures.
fn extensions() -> Family {
    let base = deed();
    let with = |value: &str| update(&base, &vec![more(&base, 1, &format!("/Extensions{value}"))], INFO);
    Family::new("extensions_smuggled", "an entry of the developers' extensions holds something else")
        .control("one", with("<</ESIC<</BaseVersion/1.7/ExtensionLevel 2>>>>"))
        .control(
            "one that says what it is",
            with("<</Type/Extensions/ESIC<</Type/DeveloperExtensions/BaseVersion/1.7/ExtensionLevel 2>>>>"),
        )
        .control(
            "two of one developer",
            with("<</ISO_[<</BaseVersion/2.0/ExtensionLevel 32001>><</BaseVersion/2.0/ExtensionLevel 32002>>]>>"),
        )
        .refused("a level that is a dictionary", with("<</X<</BaseVersion/1.7/ExtensionLevel<<>>>>>>"), LATER)
        .refused("a level that is a list", with("<</X<</BaseVersion/1.7/ExtensionLevel[39 0 R]>>>>"), LATER)
        .refused("an unknown entry", with("<</X<</BaseVersion/1.7/ExtensionLevel 2/Next 3>>>>"), LATER)
        .refused("a name for an extension", with("<</X/Y>>"), LATER)
        .refused("a name among extensions", with("<</X[<</BaseVersion/1.7>>/Y]>>"), LATER)
        .refused("a number for an extension", with("<</X 1>>"), LATER)
}

/// A password field is locked along with a signature, and its text is shown.
fn passwords() -> Family {
    let field = "/Type/Annot/Subtype/Widget/F 4/P 3 0 R/T(amount)/V(100)/DA(/Helv 9 Tf 0 g)/Rect[300 400 400 420]/AP<</N 12 0 R>>";
    let locked = |own: &str, others: &[(u32, &str)], flags: &str| {
        let before = format!("<<{field}{own}>>");
        let base = with_objects(objects("", "", ""), &[&[(7, before.as_str())], others].concat());
        let witness = more(&base, 19, "/V 53 0 R");
        let unlocked = before.replace("/Ff 8192", "").replace("/Ff 55 0 R", "");
        signed(&base, &vec![witness, (7, unlocked.replace("/T(amount)", &format!("/T(amount)/Ff {flags}")))])
    };
    let apart: &[(u32, &str)] = &[(55, "8192")];
    Family::new("password_shown", "a password field is locked along with a signature, and is no password field any more")
        .control("locked", locked("/FT/Tx/Ff 8192", &[], "8193"))
        .control("locked, its flags a number of their own", locked("/FT/Tx/Ff 55 0 R", apart, "8193"))
        .refused("shown", locked("/FT/Tx/Ff 8192", &[], "1"), LATER)
        .refused("shown, its flags a number of their own", locked("/FT/Tx/Ff 55 0 R", apart, "1"), LATER)
}
