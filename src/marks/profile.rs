//! The marks room: whether an ICC profile leaves white white (ISO 15076-1). Takes an ICCBased stream, gives the device space whose white it
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
            // The last of n values of two bytes each.
            n => curve.get(n.checked_sub(1)?.checked_mul(2)?.checked_add(12)?..)?.starts_with(&[0xFF, 0xFF]),
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

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A display profile of these tags.
    fn profile(space: &[u8], tags: &[(&[u8], Vec<u8>)]) -> Vec<u8> {
        let mut bytes = vec![0; 128];
        bytes[16..20].copy_from_slice(space);
        bytes.extend_from_slice(&(tags.len() as u32).to_be_bytes());
        let mut at = 132 + 12 * tags.len();
        for (name, data) in tags {
            bytes.extend_from_slice(name);
            bytes.extend_from_slice(&(at as u32).to_be_bytes());
            bytes.extend_from_slice(&(data.len() as u32).to_be_bytes());
            at += data.len();
        }
        tags.iter().for_each(|(_, data)| bytes.extend_from_slice(data));
        bytes
    }

    fn fixed(values: &[f64]) -> Vec<u8> {
        values.iter().flat_map(|v| ((v * 65536.0).round() as i32).to_be_bytes()).collect()
    }

    fn curve(values: &[u16]) -> Vec<u8> {
        [b"curv\0\0\0\0".to_vec(), (values.len() as u32).to_be_bytes().to_vec(), values.iter().flat_map(|v| v.to_be_bytes()).collect()]
            .concat()
    }

    fn parametric(kind: u8, values: &[f64]) -> Vec<u8> {
        [b"para\0\0\0\0\0".to_vec(), vec![kind, 0, 0], fixed(values)].concat()
    }

    fn xyz(values: [f64; 3]) -> Vec<u8> {
        [b"XYZ \0\0\0\0".to_vec(), fixed(&values)].concat()
    }

    const BLUE: [f64; 3] = [0.1431, 0.0606, 0.7141];

    pub(in super::super) fn gray() -> Vec<u8> {
        profile(b"GRAY", &[(b"kTRC", curve(&[0x0233]))])
    }

    pub(in super::super) fn srgb() -> Vec<u8> {
        display(&parametric(3, &[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045]), BLUE, &[])
    }

    /// The colorants of sRGB, with changes.
    fn display(trc: &[u8], blue: [f64; 3], more: &[(&[u8], Vec<u8>)]) -> Vec<u8> {
        let mut tags: Vec<(&[u8], Vec<u8>)> = vec![
            (b"rXYZ", xyz([0.4360, 0.2225, 0.0139])),
            (b"gXYZ", xyz([0.3851, 0.7169, 0.0971])),
            (b"bXYZ", xyz(blue)),
            (b"rTRC", trc.to_vec()),
            (b"gTRC", trc.to_vec()),
            (b"bTRC", trc.to_vec()),
        ];
        tags.extend_from_slice(more);
        profile(b"RGB ", &tags)
    }

    fn rgb(trc: &[u8], blue: [f64; 3], more: &[(&[u8], Vec<u8>)]) -> bool {
        keeps_white(&display(trc, blue, more), b"RGB ", &[b"rTRC", b"gTRC", b"bTRC"], &[b"rXYZ", b"gXYZ", b"bXYZ"])
    }

    #[test]
    fn honest_profiles_keep_white_and_others_do_not() {
        let blue = BLUE;
        let srgb = parametric(3, &[2.4, 1.0 / 1.055, 0.055 / 1.055, 1.0 / 12.92, 0.04045]);
        for honest in [
            srgb.clone(),
            curve(&[]),
            curve(&[0x0233]),
            curve(&[0, 0x8000, 0xFFFF]),
            parametric(0, &[2.2]),
            parametric(1, &[2.0, 0.8, 0.2]),
            // An offset is the fourth number of one kind and the sixth of the other.
            parametric(2, &[2.0, 0.9, 0.0, 0.19]),
            parametric(4, &[2.0, 0.9, 0.0, 5.0, 6.0, 0.19, 7.0]),
        ] {
            assert!(rgb(&honest, blue, &[]));
        }
        for dark in [
            curve(&[0xFFFF, 0x8000, 0]),
            parametric(3, &[2.4, 0.5, 0.0, 1.0, 0.0]),
            parametric(9, &[1.0]),
            parametric(3, &[1.0]),
            parametric(1, &[2.0, 0.8, 0.0]),
            parametric(2, &[1.0, 1.0, 0.0, -1.0]),
            parametric(4, &[1.0, 1.0, 0.0, 0.0, 0.0, -1.0, 0.0]),
            parametric(4, &[1.0, 1.0, 0.0, 0.0, 0.0]),
            b"none".to_vec(),
        ] {
            assert!(!rgb(&dark, blue, &[]));
        }
        assert!(!rgb(&srgb, [0.0, 0.0, 0.0], &[]), "white is yellow");
        assert!(!rgb(&srgb, blue, &[(b"A2B0", vec![0; 8])]), "a lookup table decides");
        let gray = gray();
        assert!(keeps_white(&gray, b"GRAY", &[b"kTRC"], &[]));
        assert!(!keeps_white(&gray, b"RGB ", &[b"kTRC"], &[]));
        for cut in 0..gray.len() {
            assert!(!keeps_white(&gray[..cut], b"GRAY", &[b"kTRC"], &[]));
        }
        let mut huge = gray;
        huge[128..132].copy_from_slice(&[0xFF; 4]);
        huge[136..144].copy_from_slice(&[0xFF; 8]);
        assert!(!keeps_white(&huge, b"GRAY", &[b"kTRC"], &[]));
    }
}
