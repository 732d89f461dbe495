//! What a look does where the document's claims forbid the usual way; and what it leaves out where nothing asks for it.

use super::tests::{loan, page, with_look};
use super::*;
use crate::pdf::{Document, Object, Rect, Stream};

/// A conforming part of PDF/A-1 without an output intent: the strictest that there is.
const STRICT: Constraints =
    Constraints { transparency: Transparency::Forbidden, fonts: FontEmbedding::Required, colours: Colours::Calibrated };

/// Every stream that the look added, with its content.
fn streams(appearance: &Appearance, constraints: Constraints) -> Vec<(Stream, Vec<u8>)> {
    let bytes = with_look(0, Rect::new(20.0, 20.0, 220.0, 90.0), appearance, constraints);
    let document = Document::open(&bytes).unwrap();
    let view = document.latest();
    let before = Document::open(&page(0)).unwrap().latest().trailer().get(b"Size").and_then(Object::as_i64).unwrap();
    let mut found = Vec::new();
    for number in u32::try_from(before).unwrap().. {
        match view.object(crate::pdf::ObjectId::new(number, 0)).unwrap().object.clone() {
            Object::Null => return found,
            Object::Stream(stream) => {
                let data = if stream.dict.get(b"Subtype").and_then(Object::as_name) == Some(b"Image") {
                    Vec::new()
                } else {
                    view.stream_data(&stream).unwrap()
                };
                found.push((*stream, data));
            }
            _ => {}
        }
    }
    found
}

fn form(streams: &[(Stream, Vec<u8>)]) -> &(Stream, Vec<u8>) {
    streams.iter().find(|(stream, _)| stream.dict.get(b"Subtype").and_then(Object::as_name) == Some(b"Form")).unwrap()
}

/// Half of it is half transparent.
fn picture() -> Image {
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, 2, 1);
    encoder.set_color(png::ColorType::Rgba);
    encoder.write_header().unwrap().write_image_data(&[200, 0, 0, 128, 0, 0, 200, 255]).unwrap();
    Image::read(&out).unwrap()
}

fn everything() -> Appearance {
    Appearance {
        image: Some(picture()),
        ink: Some(Ink::new(10.0, 10.0, 1.0, vec![vec![(1.0, 1.0), (9.0, 9.0)]]).unwrap()),
        link: Some(Link::new("https://v.example/1").unwrap()),
        ..loan()
    }
}

#[test]
fn a_claim_of_pdf_a_1_gets_no_transparency_no_device_colour_and_every_font() {
    let free = streams(&everything(), Constraints::default());
    assert!(free.iter().any(|(stream, _)| stream.dict.get(b"SMask").is_some()));
    let strict = streams(&everything(), STRICT);
    assert!(strict.iter().all(|(stream, _)| stream.dict.get(b"SMask").is_none()));
    let spaces = strict.iter().filter_map(|(stream, _)| stream.dict.get(b"ColorSpace"));
    assert!(spaces.clone().count() > 0);
    for space in spaces {
        assert!(matches!(space, Object::Array(items) if items[0].as_name().unwrap().starts_with(b"Cal")), "{space:?}");
    }
    let (_, content) = form(&strict);
    for line in content.split(|c| *c == b'\n') {
        assert!(!matches!(line.rsplit(|c| *c == b' ').next(), Some(b"g" | b"G" | b"rg" | b"RG" | b"k" | b"K")));
    }
    assert!(strict.iter().any(|(stream, data)| stream.dict.get(b"Length1").and_then(Object::as_i64) == i64::try_from(data.len()).ok()));
    // With an output intent of RGB the plain operators are right again, and a grey one has no RGB.
    let with = |colours| streams(&everything(), Constraints { colours, ..STRICT });
    let image = |streams: &[(Stream, Vec<u8>)]| streams.iter().find_map(|(stream, _)| stream.dict.get(b"ColorSpace").cloned()).unwrap();
    assert_eq!(image(&with(Colours::Rgb)), Object::name("DeviceRGB"));
    assert!(matches!(image(&with(Colours::Gray)), Object::Array(_)));
}

#[test]
fn a_look_without_text_brings_no_font() {
    let bare = Appearance { text: Text::Lines(Vec::new()), ..everything() };
    for constraints in [Constraints::default(), STRICT] {
        let streams = streams(&bare, constraints);
        let (form, _) = form(&streams);
        assert!(form.dict.get(b"Resources").and_then(Object::as_dict).unwrap().get(b"Font").is_none());
        assert!(streams.iter().all(|(stream, _)| stream.dict.get(b"Length1").is_none()));
    }
}

#[test]
fn text_comes_back_from_an_embedded_font() {
    let bytes = with_look(0, Rect::new(20.0, 20.0, 280.0, 90.0), &loan(), STRICT);
    let told = super::tests::outside("pdftotext", &["-layout"], &bytes);
    for line in ["Zo\u{EB} \u{160}imkov\u{E1}-Ba\u{F1}uelos", "(\u{20AC} 5,000)", "Z\u{FC}rich"] {
        assert!(told.contains(line), "{told}");
    }
    let fonts = super::tests::outside("pdffonts", &[], &bytes);
    let row: Vec<&str> = fonts.lines().last().unwrap().split_whitespace().collect();
    assert!(row[0].ends_with("+ThrivoSignLatin") && row.contains(&"WinAnsi") && row[3..6] == ["yes", "yes", "yes"], "{fonts}");
}
