//! Scripts of the world through the bundled font: what is shown can be read back, and what cannot be shown is named.

use super::tests::{outside, with_look};
use super::*;
use crate::error::ErrorKind;
use crate::pdf::Rect;

fn bundled(lines: &[&str]) -> Appearance {
    Appearance { font: Font::OpenType(OpenType::bundled().unwrap()), ..Appearance::lines(lines.iter().copied()) }
}

fn check(appearance: &Appearance) -> crate::error::Result<()> {
    let Text::Lines(lines) = &appearance.text else { panic!("the words are decided") };
    Look::new(appearance, lines.clone(), Constraints::default()).check(250.0, 120.0, 0)
}

/// Without what pdftotext adds to mark directions, and without line ends.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')).collect()
}

#[test]
fn every_line_is_read_back_in_the_order_of_writing() {
    let lines = [
        "Nguy\u{1EC5}n Th\u{1ECB} \u{C1}nh Tuy\u{1EBF}t",
        "\u{41F}\u{43E}\u{434}\u{43F}\u{438}\u{441}\u{44C} \u{391}\u{3BB}\u{3AD}\u{3BE}\u{3B1}",
        "\u{5E0}\u{5D7}\u{5EA}\u{5DD} \u{5D9}\u{5E2}\u{5DC} \u{5DB}\u{5D4}\u{5DF}",
        "Loan 4711 \u{5DB}\u{5D4}\u{5DF} end",
        // A mark of its own, and two characters that share a glyph.
        "e\u{301}clair A\u{A0}B",
    ];
    let bytes = with_look(0, Rect::new(10.0, 10.0, 290.0, 190.0), &bundled(&lines), Constraints::default());
    let told = plain(&outside("pdftotext", &["-layout"], &bytes));
    for line in &lines[..4] {
        assert!(told.contains(&plain(line)), "{line}: {told}");
    }
    assert!(told.contains("e\u{301}clair") || told.contains("\u{E9}clair"), "{told}");
    assert!(bytes.len() < 20_000, "a subset of {} bytes", bytes.len());
    let fonts = outside("pdffonts", &[], &bytes);
    let row: Vec<&str> = fonts.lines().last().unwrap().split_whitespace().collect();
    assert!(row.contains(&"Identity-H") && row.iter().filter(|word| **word == "yes").count() == 3, "{fonts}");
}

#[test]
fn a_character_that_the_font_lacks_is_named_by_its_number() {
    for (text, number) in [
        ("ok \u{738B}", "U+738B"),
        ("\u{623}\u{62D}\u{645}\u{62F}", "U+0623"),
        ("\u{1F600}", "U+1F600"),
        ("tab\there", "U+0009"),
        ("\u{202E}evil", "U+202E"),
        ("two\u{2029}paragraphs", "U+2029"),
    ] {
        let error = check(&bundled(&[text])).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TextUnrepresentable);
        let told = error.to_string();
        assert!(told.contains(number) && !told.contains(text), "{told}");
    }
    assert!(check(&bundled(&["soft\u{AD}ly, a\u{200D}b, \u{2067}\u{5D0}\u{2069}"])).is_ok());
}

#[test]
fn no_file_is_a_font_unless_it_is_one_that_may_be_embedded() {
    let refused = |file: Vec<u8>, index| assert_eq!(OpenType::read(file, index).unwrap_err().kind(), ErrorKind::InvalidArgument);
    refused(Vec::new(), 0);
    refused(b"%PDF-1.7".to_vec(), 0);
    let file = include_bytes!("font/bundled/wide.ttf");
    refused(file.to_vec(), 1);
    let mut forbidden = file.to_vec();
    let at = forbidden.windows(4).position(|w| w == b"OS/2").unwrap() + 8;
    let table = usize::try_from(u32::from_be_bytes(forbidden[at..at + 4].try_into().unwrap())).unwrap();
    forbidden[table + 9] = 2;
    refused(forbidden, 0);
}

/// A damaged font is an error or is shown as well as it can be; it ends nothing.
#[test]
fn damaged_fonts_break_nothing() {
    let file = include_bytes!("font/bundled/wide.ttf");
    let step = file.len() / 97;
    for at in (0..file.len()).step_by(step) {
        for value in [0x00, 0xFF] {
            let mut damaged = file.to_vec();
            damaged[at..(at + 9).min(file.len())].fill(value);
            let Ok(font) = OpenType::read(damaged, 0) else { continue };
            let appearance = Appearance { font: Font::OpenType(font), ..Appearance::lines(["\u{5D0}bc \u{1EC5} \u{416}"]) };
            let Text::Lines(lines) = &appearance.text else { panic!("the words are decided") };
            let original = super::tests::page(0);
            let document = crate::pdf::Document::open(&original).unwrap();
            let mut update = crate::pdf::append::Update::new(document.latest()).unwrap();
            _ = Look::new(&appearance, lines.clone(), Constraints::default()).build(&mut update, 200.0, 50.0, 0);
        }
    }
}
