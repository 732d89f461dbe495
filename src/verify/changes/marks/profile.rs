//! The verify room: whether an ICC profile leaves white white (ISO 15076-1). Takes an ICCBased stream, gives the device space whose white it
//! shares, or none. A profile is data of the document's author: one that turns (1, 1, 1) to black would hide text from the
//! search for marks, so that only the plain kind is taken at its word: matrix and curves whose ends map to the ends.

use super::Stop;
use super::paint::Space;
use crate::pdf::{Object, View};

pub(super) fn space(view: View<'_>, profile: Option<&Object>) -> Result<Space, Stop> {
    let Some(Object::Stream(stream)) = profile.map(|object| view.resolve(object)).transpose()? else { return Ok(Space::Other) };
    Ok(match view.get(&stream.dict, b"N")?.as_i64() {
        Some(1) if keeps_white(&view.stream_data(&stream)?, b"GRAY", &[b"kTRC"], &[]) => Space::Gray,
        Some(3) if keeps_white(&view.stream_data(&stream)?, b"RGB ", &[b"rTRC", b"gTRC", b"bTRC"], &[b"rXYZ", b"gXYZ", b"bXYZ"]) => {
            Space::Rgb
        }
        _ => Space::Other,
    })
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn tag<'a>(profile: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let count = word(profile, 128)?.min(200) as usize;
    let entry = (0..count).map(|i| 132 + 12 * i).find(|at| profile.get(*at..at + 4) == Some(name))?;
    let (offset, length) = (word(profile, entry + 4)? as usize, word(profile, entry + 8)? as usize);
    profile.get(offset..offset.checked_add(length)?)
}

fn keeps_white(profile: &[u8], space: &[u8], curves: &[&[u8]], colorants: &[&[u8]]) -> bool {
    // Lookup tables take precedence over matrix and curves.
    let plain = profile.get(16..20) == Some(space) && [b"A2B0", b"A2B1", b"A2B2", b"D2B0"].iter().all(|name| tag(profile, *name).is_none());
    let curve = |name: &&[u8]| tag(profile, name).is_some_and(|curve| ends_at_one(curve) == Some(true));
    plain && curves.iter().all(curve) && (colorants.is_empty() || sums_to_white(profile, colorants) == Some(true))
}

/// Whether the tone curve maps 1 to 1.
fn ends_at_one(curve: &[u8]) -> Option<bool> {
    let fixed = |at: usize| Some(f64::from(word(curve, at)? as i32) / 65536.0);
    Some(match curve.get(..4)? {
        // Nothing is the identity, one value a gamma, more a table.
        b"curv" => match word(curve, 8)? as usize {
            0 | 1 => true,
            n => curve.get(12 + 2 * (n - 1)..)?.starts_with(&[0xFF, 0xFF]),
        },
        b"para" => match curve.get(8..10)? {
            [0, 0] => true,
            // (a x + b) ^ g, with offsets in some kinds.
            [0, kind @ 1..=4] => {
                let (g, a, b) = (fixed(12)?, fixed(16)?, fixed(20)?);
                let offset = match kind {
                    2 => fixed(24)?,
                    4 => fixed(32)?,
                    _ => 0.0,
                };
                ((a + b).powf(g) + offset - 1.0).abs() < 0.01
            }
            _ => false,
        },
        _ => false,
    })
}

/// Whether full red, green and blue add up to the white of the connection space, D50.
fn sums_to_white(profile: &[u8], colorants: &[&[u8]]) -> Option<bool> {
    let mut sum = [0.0; 3];
    for name in colorants {
        let xyz = tag(profile, name)?;
        for (i, part) in sum.iter_mut().enumerate() {
            *part += f64::from(word(xyz, 8 + 4 * i)? as i32) / 65536.0;
        }
    }
    Some(sum.iter().zip([0.9642, 1.0, 0.8249]).all(|(part, white)| (part - white).abs() < 0.02))
}
