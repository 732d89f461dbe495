//! The PDF room, tests only: rows read through windows are the rows that decoding everything gives, and what lies is refused alike.

use super::*;
use crate::pdf::Object;
use std::io::Write;

const ROW: usize = 7;

/// Rows of a table in the order of the file, with a disorder at every so many.
fn rows(count: u32) -> Vec<u8> {
    let row = |n: u32| {
        let offset = if n.is_multiple_of(37) { n.wrapping_mul(2_654_435_761) } else { n * 190 + n % 13 };
        let mut row = [1, 0, 0, 0, 0, 0, (n % 3) as u8];
        row[1..5].copy_from_slice(&offset.to_be_bytes());
        row
    };
    (0..count).flat_map(row).collect()
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Every line with the next of the tags of PNG.
fn predicted(bytes: &[u8], line: usize) -> Vec<u8> {
    let mut out = Vec::new();
    let mut above = vec![0; line];
    for (n, current) in bytes.chunks(line).enumerate() {
        let kind = [2, 0, 1, 2, 4, 3][n % 6];
        out.push(kind);
        for i in 0..current.len() {
            let (left, up) = (if i > 0 { current[i - 1] } else { 0 }, above[i]);
            let corner = if i > 0 { above[i - 1] } else { 0 };
            let guess = match kind {
                0 => 0,
                1 => left,
                2 => up,
                3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                _ => filter::paeth(left, up, corner),
            };
            out.push(current[i].wrapping_sub(guess));
        }
        above = current.to_vec();
    }
    out
}

fn flate() -> Dictionary {
    Dictionary::new().with(b"Filter", Object::name(b"FlateDecode"))
}

fn png(columns: i64) -> Dictionary {
    flate().with(b"DecodeParms", Dictionary::new().with(b"Predictor", 12).with(b"Columns", columns))
}

/// Among other bytes, as in a file.
fn stored(bytes: &[u8]) -> (Vec<u8>, Span) {
    let mut file = b"in front".to_vec();
    file.extend_from_slice(bytes);
    file.extend_from_slice(b"\nendstream");
    (file, Span { start: 8, end: 8 + bytes.len() as u64 })
}

fn read(dict: &Dictionary, bytes: &[u8], expected: u64) -> Result<(Vec<u8>, Rows)> {
    let (file, span) = stored(bytes);
    let rows = Rows::read(&file, dict, span, ROW, expected, &Budget::for_len(1 << 30))?;
    Ok((file, rows))
}

#[test]
fn windows_give_what_decoding_gives() {
    // More than there is between two places, so that there are two of them.
    let plain = rows(320_000);
    let cases = [
        ("stored", Dictionary::new(), plain.clone()),
        ("Flate", flate(), deflated(&plain)),
        ("a line a row", png(7), deflated(&predicted(&plain, 7))),
        ("lines across rows", png(50), deflated(&predicted(&plain, 50))),
    ];
    let budget = Budget::for_len(1 << 30);
    for (name, dict, bytes) in cases {
        let (file, rows) = read(&dict, &bytes, plain.len() as u64).unwrap();
        assert_eq!(rows.jumps(), Some((0, false)), "{name}: it is large enough for windows");
        let check = |at: usize| {
            let row = rows.at(&file, at as u64, &budget).unwrap().map(|row| row[..ROW].to_vec());
            assert_eq!(row.as_deref(), plain.get(at..at + ROW), "{name}, {at}");
        };
        // One after the other, as a listing reads them: no jump but the first.
        (0..plain.len()).step_by(ROW * 11).for_each(check);
        assert_eq!(rows.jumps(), Some((1, false)), "{name}");
        // Here and there, and past the end.
        let mut at = 1_u64;
        for n in 1..if name == "Flate" { 2_000 } else { 20 } {
            at = at.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            check(at as usize % 320_000 * ROW);
            assert!(n > 5 || rows.jumps().is_some_and(|(jumps, all)| jumps > 1 && !all), "{name}");
        }
        assert!(name != "Flate" || rows.jumps() == Some((0, true)), "it gave up windows");
        assert_eq!(rows.at(&file, plain.len() as u64, &budget).unwrap(), None);
        assert_eq!(rows.at(&file, u64::MAX / ROW as u64 * ROW as u64, &budget).unwrap(), None);
    }
}

#[test]
fn small_ones_are_held() {
    let plain = rows(100);
    let (file, rows) = read(&flate(), &deflated(&plain), plain.len() as u64).unwrap();
    assert_eq!(rows.jumps(), None);
    assert_eq!(rows.at(&file, 693, &Budget::for_len(0)).unwrap().unwrap()[..ROW], plain[693..]);
    assert_eq!(rows.at(&file, 700, &Budget::for_len(0)).unwrap(), None);
}

#[test]
fn what_breaks_off_gives_what_it_has_and_what_is_damaged_gives_nothing() {
    let plain = rows(100_000);
    let whole = deflated(&predicted(&plain, 7));
    for cut in [0, 1, 4, whole.len() / 2] {
        let (held, windows) = (read(&png(7), &whole[..whole.len() - cut], 1), read(&png(7), &whole[..whole.len() - cut], u64::MAX));
        let ((file, held), (_, windows)) = (held.unwrap(), windows.unwrap());
        for at in (0..plain.len() as u64).step_by(ROW * 331) {
            let budget = Budget::for_len(1 << 30);
            assert_eq!(held.at(&file, at, &budget).unwrap(), windows.at(&file, at, &budget).unwrap(), "{cut}, {at}");
        }
    }
    let mut broken = whole.clone();
    let mut refused = 0;
    for at in (2..whole.len()).step_by(whole.len() / 40) {
        broken[at] ^= 0x55;
        let (held, windows) = (read(&png(7), &broken, 1), read(&png(7), &broken, u64::MAX));
        let kinds = [held, windows].map(|read| read.err().map(|error| error.kind()));
        assert_eq!(kinds[0], kinds[1], "{at}");
        refused += usize::from(kinds[0] == Some(ErrorKind::PdfDamaged));
        broken[at] ^= 0x55;
    }
    assert!(refused > 10, "{refused}");
    for wrong in [&b"no deflate"[..], b"x"] {
        assert_eq!(read(&flate(), wrong, u64::MAX).unwrap_err().kind(), ErrorKind::PdfDamaged);
    }
    let (file, empty) = read(&flate(), b"", u64::MAX).unwrap();
    assert_eq!(empty.at(&file, 0, &Budget::for_len(0)).unwrap(), None);
}

/// A stream of a billion rows is refused before it takes memory, by what one stream may inflate to or by what all may.
#[test]
fn a_bomb_is_refused() {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    (0..70).for_each(|_| encoder.write_all(&vec![0; 1 << 20]).unwrap());
    let bomb = encoder.finish().unwrap();
    assert_eq!(read(&flate(), &bomb, 7_000_000_000).unwrap_err().kind(), ErrorKind::LimitReached);
    // Rows that are looked up here and there draw on the steps of the document's size.
    let plain = rows(600_000);
    let (file, span) = stored(&deflated(&plain));
    let budget = Budget::for_len(0);
    let rows = Rows::read(&file, &flate(), span, ROW, plain.len() as u64, &budget).unwrap();
    let jumping = (0..100_000_u64).map(|n| rows.at(&file, n * 611_953 % 600_000 * ROW as u64, &Budget::for_len(0)));
    assert!(jumping.take(400).all(|found| found.is_ok()), "a budget of its own for each is enough");
    let (file, span) = stored(&deflated(&plain));
    let rows = Rows::read(&file, &flate(), span, ROW, plain.len() as u64, &budget).unwrap();
    budget.step(3_500_000).unwrap();
    let stopped = (0..1_000_u64).filter_map(|n| rows.at(&file, n * 611_953 % 600_000 * ROW as u64, &budget).err()).next();
    assert_eq!(stopped.unwrap().kind(), ErrorKind::LimitReached);
}
