//! Pictures as people have them, and as an attacker would.

use super::*;

/// A PNG file of that header, with that pixel data.
fn png(width: u32, height: u32, kind: ::png::ColorType, pixels: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut out, width, height);
    encoder.set_color(kind);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(pixels).unwrap();
    out
}

fn jpeg(segments: &[(u8, &[u8])]) -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8];
    for (marker, data) in segments {
        out.extend_from_slice(&[0xFF, *marker]);
        out.extend_from_slice(&u16::try_from(data.len() + 2).unwrap().to_be_bytes());
        out.extend_from_slice(data);
        if *marker == 0xDA {
            out.extend_from_slice(&[1, 2, 0xFF, 0, 3, 0xFF, 0xD0, 4]);
        }
    }
    out.extend_from_slice(&[0xFF, 0xD9]);
    out
}

fn frame(width: u16, height: u16, count: u8) -> Vec<u8> {
    let mut frame = vec![8];
    frame.extend_from_slice(&height.to_be_bytes());
    frame.extend_from_slice(&width.to_be_bytes());
    frame.push(count);
    frame.extend((1..=count).flat_map(|id| [id, 0x11, 0]));
    frame
}

const SCAN: (u8, &[u8]) = (0xDA, &[1, 1, 0, 0, 63, 0]);
const ADOBE: (u8, &[u8]) = (0xEE, b"Adobe\0\x64\0\0\0\0\x02");

fn refused(file: &[u8]) {
    assert_eq!(Image::read(file).unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn alpha_is_parted_and_dropped_where_it_hides_nothing() {
    let image = Image::read(&png(2, 1, ::png::ColorType::Rgba, &[1, 2, 3, 255, 4, 5, 6, 0])).unwrap();
    assert_eq!(image.0.samples, Samples::Plain { colours: vec![1, 2, 3, 4, 5, 6], alpha: Some(vec![255, 0]) });
    let image = Image::read(&png(2, 1, ::png::ColorType::GrayscaleAlpha, &[7, 255, 8, 255])).unwrap();
    assert_eq!((image.0.space, &image.0.samples), (Space::Gray, &Samples::Plain { colours: vec![7, 8], alpha: None }));
    assert_eq!(on_white(&[0, 100, 200, 9, 9, 9], &[255, 0]), [0, 100, 200, 255, 255, 255]);
    assert_eq!(on_white(&[0, 255], &[128, 128]), [127, 255]);
}

#[test]
fn a_bomb_is_refused_by_what_it_claims() {
    let mut bomb = png(1, 1, ::png::ColorType::Grayscale, &[0]);
    // The header's width and height, and its checksum as the decoder asks for it.
    for (width, height) in [(2_000_000_000_u32, 2_000_000_000_u32), (8_193, 1), (2_001, 2_000), (0, 1)] {
        bomb[16..20].copy_from_slice(&width.to_be_bytes());
        bomb[20..24].copy_from_slice(&height.to_be_bytes());
        let crc = crc32(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&crc.to_be_bytes());
        refused(&bomb);
    }
    refused(&[0x89; 5]);
    refused(&vec![0xFF; MAX_FILE + 1]);
    let whole = png(3, 3, ::png::ColorType::Rgb, &[9; 27]);
    for len in 0..whole.len() - 12 {
        refused(&whole[..len]);
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[test]
fn a_jpeg_keeps_its_picture_and_nothing_else() {
    let frame = frame(640, 480, 3);
    let plain = jpeg(&[(0xDB, &[0; 65]), (0xC0, &frame), (0xC4, &[0; 17]), SCAN]);
    let mut told =
        jpeg(&[(0xE1, b"Exif\0\0 where and when"), (0xDB, &[0; 65]), (0xFE, b"a comment"), (0xC0, &frame), (0xC4, &[0; 17]), SCAN]);
    told.extend_from_slice(b"a second picture");
    for file in [&plain, &told] {
        let image = Image::read(file).unwrap();
        assert_eq!((image.0.width, image.0.height, image.0.space), (640, 480, Space::Rgb));
        assert_eq!(image.0.samples, Samples::Jpeg { file: plain.clone(), inverted: false });
    }
}

#[test]
fn cmyk_of_adobe_is_inverted_and_wants_a_document_that_has_it() {
    let frame = frame(4, 4, 4);
    let inverted = |file: &[u8]| matches!(Image::read(file).unwrap().0.samples, Samples::Jpeg { inverted: true, .. });
    assert!(inverted(&jpeg(&[ADOBE, (0xC2, &frame), SCAN, SCAN])));
    assert!(!inverted(&jpeg(&[(0xC1, &frame), SCAN])));
    let image = Image::read(&jpeg(&[ADOBE, (0xC0, &frame), SCAN])).unwrap();
    for (colours, shown) in [(Colours::Any, true), (Colours::Cmyk, true), (Colours::Rgb, false), (Colours::Calibrated, false)] {
        let refused = image.check(&Constraints { colours, ..Constraints::default() }).err().map(|error| error.kind());
        assert_eq!(refused, (!shown).then_some(ErrorKind::ConformanceForbids));
    }
}

#[test]
fn strange_jpegs_are_refused() {
    let sound = frame(4, 4, 3);
    for kind in [0xC3, 0xC5, 0xC9, 0xCA, 0xCF] {
        refused(&jpeg(&[(kind, &sound), SCAN]));
    }
    refused(&jpeg(&[(0xC0, &sound)]));
    refused(&jpeg(&[SCAN, (0xC0, &sound)]));
    refused(&jpeg(&[(0xC0, &sound), (0xC0, &sound), SCAN]));
    refused(&jpeg(&[(0xC0, &frame(4, 4, 2)), SCAN]));
    refused(&jpeg(&[(0xC0, &frame(0, 4, 3)), SCAN]));
    refused(&jpeg(&[(0xC0, &frame(9_000, 4, 3)), SCAN]));
    refused(&jpeg(&[(0xC0, &sound[..9]), SCAN]));
    let twelve_bits: Vec<u8> = std::iter::once(12).chain(sound[1..].iter().copied()).collect();
    refused(&jpeg(&[(0xC1, &twelve_bits), SCAN]));
    let whole = jpeg(&[(0xC0, &sound), SCAN]);
    for len in 0..whole.len() {
        refused(&whole[..len]);
    }
}
