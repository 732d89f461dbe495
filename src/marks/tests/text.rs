//! Where text begins and ends, by every number of the text state.

use super::*;

/// Text of /C (Courier: 0.6 wide) leans out of its advance by a quarter, from -0.3 below to 1 above the line, all in font sizes.
#[test]
fn text_stands_where_its_state_puts_it() {
    for (text, expected) in [
        ("/C 10 Tf 50 100 Td (x) Tj", [47.5, 97.0, 58.5, 110.0]),
        ("/C 10 Tf 50 100 Td (x) Tj (x) Tj", [47.5, 97.0, 64.5, 110.0]),
        // Both spacings and the scale: 12 for a letter, 16.5 for a space; 15 is the size along the line.
        ("/C 10 Tf 2 Tc 3 Tw 150 Tz 4 Ts 50 100 Td (x x) Tj", [46.25, 101.0, 91.25, 114.0]),
        ("/C 10 Tf 2 Tc 3 Tw 150 Tz -4 Ts 50 100 Td (xx) Tj", [46.25, 93.0, 74.75, 106.0]),
        ("/C 10 Tf 50 100 Td [(x) -1000 (x)] TJ", [47.5, 97.0, 74.5, 110.0]),
        ("/C 10 Tf 150 Tz 50 100 Td [(x) -1000 (x)] TJ", [46.25, 97.0, 86.75, 110.0]),
        ("/C 10 Tf 50 100 Td [(xx) 3000 (x)] TJ", [29.5, 97.0, 64.5, 110.0]),
        ("/C 10 Tf 50 100 Td [-2000 (x)] TJ", [67.5, 97.0, 78.5, 110.0]),
        ("/C 10 Tf 50 100 Td (xx) Tj 5 -20 Td (x) Tj", [47.5, 77.0, 64.5, 110.0]),
        ("/C 10 Tf 50 100 Td 0 -20 TD T* (x) Tj", [47.5, 57.0, 58.5, 70.0]),
        ("/C 10 Tf 50 100 Td 4 -20 TD (x) Tj", [51.5, 77.0, 62.5, 90.0]),
        ("/C 10 Tf 50 100 Td 15 TL T* (x) Tj", [47.5, 82.0, 58.5, 95.0]),
        ("/C 10 Tf 50 100 Td 15 TL (x) '", [47.5, 82.0, 58.5, 95.0]),
        ("/C 10 Tf 50 100 Td 15 TL 3 2 (x x) \"", [47.5, 82.0, 77.5, 95.0]),
        ("/C 10 Tf 50 100 Td 15 TL 3 2 (x x) \" (x x) Tj", [47.5, 82.0, 104.5, 95.0]),
        ("/C 10 Tf 2 0 0 3 50 100 Tm (x) Tj", [45.0, 91.0, 67.0, 130.0]),
        ("/C 10 Tf 1 0 0 1 50 100 Tm (xxxx) Tj 1 0 0 1 50 60 Tm (x) Tj", [47.5, 57.0, 76.5, 110.0]),
        ("/C 10 Tf 0 1 -1 0 50 100 Tm (x) Tj", [40.0, 97.5, 53.0, 108.5]),
        ("/C 10 Tf 2 0 0 2 10 20 Tm 5 7 Td (x) Tj", [15.0, 28.0, 37.0, 54.0]),
        ("/C 10 Tf 50 100 Td ET BT 10 20 Td (x) Tj", [7.5, 17.0, 18.5, 30.0]),
        ("/C 10 Tf 50 100 Td (x) Tj ET BT 30 0 Td 1 TL (x) '", [27.5, -4.0, 58.5, 110.0]),
        ("ET 2 0 0 2 0 0 cm BT /C 10 Tf 25 50 Td (x) Tj", [45.0, 94.0, 67.0, 120.0]),
        // A negative size turns text around.
        ("/C -10 Tf 50 100 Td (xx) Tj", [35.5, 90.0, 52.5, 103.0]),
        ("/F -10 Tf 50 100 Td (WW) Tj", [27.5, 90.0, 52.5, 103.0]),
        ("/F -10 Tf 50 100 Td [(W) 3000 (W)] TJ", [37.5, 90.0, 74.17, 103.0]),
        // Letters whose width is only known within bounds: W is from 0.833 to 1 wide, then come more.
        ("/F 10 Tf 50 100 Td (WW) Tj", [47.5, 97.0, 72.5, 110.0]),
        ("/F 10 Tf 50 100 Td [(WW) 2500 (W)] TJ", [39.16, 97.0, 72.5, 110.0]),
    ] {
        reaches(&page(format!("BT {text} ET").as_bytes(), "", "", &[]), text, expected);
    }
    reaches(
        &page(b"/G gs BT 50 100 Td (x) Tj ET", "", "/ExtGState<</G<</Font[5 0 R 10]>>>>", &[b"<</Subtype/Type1/BaseFont/Courier>>"]),
        "gs",
        [47.5, 97.0, 58.5, 110.0],
    );
    for wrong in ["/Font[5 0 R]", "/Font[5 0 R /x]", "/Font[4 0 R 10]", "/Font[9 0 R 10]"] {
        let bytes = page(b"/G gs", "", &format!("/ExtGState<</G<<{wrong}>>>>"), &[b"<</Subtype/Type1/BaseFont/Courier>>"]);
        assert_eq!(marks(bytes).0, Marks::Undecidable, "{wrong}");
    }
    for wrong in [
        "/C (x) Tf",
        "(C) 1 Tf",
        "/C 1 Tf (x) TJ",
        "/C 1 Tf [/x] TJ",
        "/C 1 Tf 1 2 3 (x) \"",
        "/C 1 Tf /a 2 (x) \"",
        "/C 1 Tf 8 Tr (x) Tj",
        "/C 1 Tf -1 Tr (x) Tj",
        "1 Td",
        "1 2 3 Tm",
        "/x Tc",
    ] {
        assert_eq!(content(&format!("BT {wrong} ET")), Marks::Undecidable, "{wrong}");
    }
    assert_eq!(content("BT /Missing 12 Tf ET"), Marks::Clear);
    assert_eq!(content("BT /C 12 Tf /Missing 12 Tf (x) Tj ET"), Marks::Undecidable);
}

#[test]
fn text_is_seen_by_its_mode_and_colours() {
    for mode in 0..8 {
        let (fills, strokes) = (matches!(mode, 0 | 2 | 4 | 6), matches!(mode, 1 | 2 | 5 | 6));
        for (colours, filled, stroked) in
            [("0 g 0 G", true, true), ("1 g 0 G", false, true), ("0 g 1 G", true, false), ("1 g 1 G", false, false)]
        {
            let bytes = page(format!("{colours} 4 w BT /C 10 Tf {mode} Tr 50 100 Td (x) Tj ET").as_bytes(), "", "", &[]);
            if !(fills && filled || strokes && stroked) {
                assert_eq!(edges(&bytes), None, "{mode} {colours}");
                continue;
            }
            // Half the width, by the same bound as for any stroke.
            let by = if strokes { 2.0 * std::f64::consts::SQRT_2 } else { 0.0 };
            reaches(&bytes, &format!("{mode} {colours}"), [47.5 - by, 97.0 - by, 58.5 + by, 110.0 + by]);
        }
    }
}
