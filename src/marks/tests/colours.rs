//! What is white on white paper, and what only says so.

use super::profile::tests::{gray, srgb};
use super::*;

/// Whether that paints something, over all of the page.
fn seen(state: &str, resources: &str, objects: &[&[u8]]) -> bool {
    edges(&page(format!("{state} 0 0 300 200 re f").as_bytes(), "", resources, objects)).is_some()
}

#[test]
fn only_full_values_of_a_known_space_are_white() {
    for (state, expected) in [
        ("1 g", false),
        ("0.9995 g", false),
        ("0.998 g", true),
        ("1 1 g", true),
        ("g", true),
        ("(1) g", true),
        ("1 1 1 rg", false),
        ("1 1 0.99 rg", true),
        ("1 1 rg", true),
        ("0 0 0 0 k", false),
        ("0 0.0005 0 0 k", false),
        ("0 0 0.002 0 k", true),
        ("0 0 0 k", true),
        ("1 1 1 1 k", true),
        // A space begins black, or nobody knows how.
        ("1 g /DeviceGray cs", true),
        ("/DeviceGray cs 1 sc", false),
        ("/DeviceGray cs 1 scn", false),
        ("/G cs 1 sc", false),
        ("/DeviceRGB cs 1 1 1 sc", false),
        ("/DeviceRGB cs 1 sc", true),
        ("/DeviceCMYK cs 0 0 0 0 scn", false),
        ("1 g /Pattern cs", true),
        ("/Pattern cs 1 1 1 /P scn", true),
        ("/Nothing cs 1 sc", true),
        // The other colour is for lines.
        ("1 g 0 G", false),
        ("0 g 1 G", true),
        ("1 g 0 0 0 RG", false),
        ("1 g 1 1 1 1 K", false),
        ("1 g /DeviceGray CS", false),
        ("1 g /DeviceGray CS 0 SC", false),
        ("1 g /DeviceGray CS 0 SCN", false),
        ("q 1 g Q", true),
    ] {
        assert_eq!(seen(state, "", &[]), expected, "{state}");
    }
    for wrong in ["cs", "1 cs", "/DeviceGray /DeviceRGB cs", "(DeviceGray) CS"] {
        assert_eq!(content(wrong), Marks::Undecidable, "{wrong}");
    }
}

/// ISO 32000-2 8.6.5.6: a page may say what a device's space is, and so what its white is.
#[test]
fn a_redefined_space_has_no_white_and_the_others_keep_theirs() {
    let states = [("DefaultGray", "1 g"), ("DefaultRGB", "1 1 1 rg"), ("DefaultCMYK", "0 0 0 0 k")];
    for redefined in states {
        for state in states {
            let resources = format!("/ColorSpace<</{}[/CalGray<<>>]/A/DeviceGray/B/DeviceRGB>>", redefined.0);
            assert_eq!(seen(state.1, &resources, &[]), redefined == state, "{redefined:?} {state:?}");
        }
        let resources = format!("/ColorSpace<</{}[/CalGray<<>>]/A/DeviceGray/B/DeviceRGB/C/DeviceCMYK/D[/DeviceGray]>>", redefined.0);
        let named = ["/A cs 1 sc", "/B cs 1 1 1 sc", "/C cs 0 0 0 0 sc"].map(|state| seen(state, &resources, &[]));
        assert_eq!(named, states.map(|state| state == redefined), "{redefined:?}");
        assert!(seen("/D cs 1 sc", &resources, &[]));
    }
}

#[test]
fn a_profile_is_white_where_it_says_so_for_as_many_components() {
    let resources = "/ColorSpace<</S[/ICCBased 5 0 R]>>";
    let one = "/S cs 1 sc";
    let three = "/S cs 1 1 1 sc";
    for (n, data, state, expected) in [
        ("/N 1", gray(), one, false),
        ("/N 1", gray(), "/S cs 0.5 sc", true),
        ("/N 1", gray(), "/S cs", true),
        ("/N 3", srgb(), three, false),
        ("/N 3", srgb(), "/S cs 1 0 1 sc", true),
        ("/N 3", srgb(), one, true),
        ("/N 3", gray(), three, true),
        ("/N 1", srgb(), one, true),
        ("/N 1", b"no profile".to_vec(), one, true),
        ("/N 3", b"no profile".to_vec(), three, true),
        ("/N 4", gray(), "/S cs 0 0 0 0 sc", true),
        ("", gray(), one, true),
    ] {
        assert_eq!(seen(state, resources, &[&stream(n, &data)]), expected, "{n} {state}");
    }
    for other in ["[/ICCBased]", "[/ICCBased 7]", "[/Other 5 0 R]", "[5 0 R]", "7"] {
        assert!(seen(one, &format!("/ColorSpace<</S {other}>>"), &[&stream("/N 1", &gray())]), "{other}");
    }
}

/// White may come out as black by how it is mixed with the paper, or by a function of the device; a name is no function.
#[test]
fn graphics_states_that_may_turn_white_into_ink_are_told() {
    let separable = ["Normal", "Compatible", "Multiply", "Screen", "Overlay", "Darken", "Lighten", "ColorDodge", "ColorBurn", "HardLight"];
    for mode in separable.into_iter().chain(["SoftLight", "Hue", "Saturation", "Color", "Luminosity"]) {
        assert!(!seen("1 g /G gs", &format!("/ExtGState<</G<</BM/{mode}>>>>"), &[]), "{mode}");
        assert!(!seen("1 g /G gs", &format!("/ExtGState<</G<</BM[/{mode}/Normal]>>>>"), &[]), "{mode}");
    }
    let function = stream("/FunctionType 4/Domain[0 1]/Range[0 1]", b"{1 exch sub}");
    for (entries, expected) in [
        ("/BM/Difference", true),
        ("/BM/Exclusion", true),
        ("/BM/Unheard", true),
        ("/BM[/Normal/Difference]", true),
        ("/BM[7]", true),
        ("/TR 5 0 R", true),
        ("/TR2 5 0 R", true),
        ("/TR[5 0 R 5 0 R 5 0 R 5 0 R]", true),
        ("/BG 5 0 R", true),
        ("/BG2 5 0 R", true),
        ("/UCR 5 0 R", true),
        ("/UCR2 5 0 R", true),
        ("/TR/Identity/TR2/Default/BG2/Default/UCR2/Default", false),
        ("/ca 0.5/SMask/None", false),
    ] {
        let resources = format!("/ExtGState<</G<<{entries}>>/N<</BM/Normal/TR/Identity>>>>");
        assert_eq!(seen("1 g /G gs", &resources, &[&function]), expected, "{entries}");
        assert_eq!(seen("1 g /G gs /N gs", &resources, &[&function]), expected, "{entries}, and then not");
        assert!(!seen("1 g q /G gs Q", &resources, &[&function]), "{entries}");
        let stroke = page(b"1 G /G gs 10 20 30 40 re S", "", &resources, &[&function]);
        assert_eq!(edges(&stroke).is_some(), expected, "{entries}");
    }
    assert_eq!(marks(page(b"/G gs", "", "/ExtGState<</G<</BM 7>>>>", &[])).0, Marks::Undecidable);
}
