//! The appearance room: JPEG (ITU-T T.81, T.872). Takes a file, gives the same picture without metadata and what its header says. Strict:
//! one frame, of a kind that ISO 32000-2 7.4.8 promises, every segment whole, nothing behind the end. Nothing is decoded.

use super::{Picture, Samples, Space, unusable, within_limits};
use crate::error::Result;

/// Start and end of the picture, start of a scan, and Adobe's segment, which says how colours are kept.
const START: u8 = 0xD8;
const END: u8 = 0xD9;
const SCAN: u8 = 0xDA;
const ADOBE: u8 = 0xEE;
/// Most segments that are looked at; a progressive picture has some dozens.
const MAX_SEGMENTS: usize = 4_096;

struct Frame {
    width: u32,
    height: u32,
    space: Space,
}

pub(super) fn read(file: &[u8]) -> Result<Picture> {
    let damaged = || unusable("the JPEG file is damaged");
    let mut out = vec![0xFF, START];
    let mut rest = file.strip_prefix(&[0xFF, START]).ok_or_else(damaged)?;
    let mut frame: Option<Frame> = None;
    let (mut adobe, mut scans) = (false, 0);
    for _ in 0..MAX_SEGMENTS {
        let [0xFF, marker, behind @ ..] = rest else { return Err(damaged()) };
        // Fill bytes before a marker (T.81 B.1.1.2).
        if *marker == 0xFF {
            rest = rest.get(1..).unwrap_or_default();
            continue;
        }
        if *marker == END {
            let (Some(Frame { width, height, space }), 1..) = (frame, scans) else { return Err(damaged()) };
            out.extend_from_slice(&[0xFF, END]);
            let inverted = adobe && space == Space::Cmyk;
            return Ok(Picture { width, height, space, samples: Samples::Jpeg { file: out, inverted } });
        }
        let [high, low, ..] = behind else { return Err(damaged()) };
        let length = usize::from(u16::from_be_bytes([*high, *low]));
        let segment = behind.get(2..length).ok_or_else(damaged)?;
        rest = behind.get(length..).unwrap_or_default();
        match *marker {
            0xC0..=0xC2 if frame.is_none() => frame = Some(header(segment)?),
            // Tables, restart interval.
            0xC4 | 0xDB | 0xDD => {}
            SCAN if frame.is_some() => scans += 1,
            ADOBE if segment.starts_with(b"Adobe") && segment.len() == 12 => adobe = true,
            // Place, camera, preview, comments.
            0xE0..=0xEF | 0xFE => continue,
            _ => return Err(unusable("a JPEG file of a kind that PDF does not know")),
        }
        out.extend_from_slice(&[0xFF, *marker, *high, *low]);
        out.extend_from_slice(segment);
        if *marker == SCAN {
            let coded = coded(rest);
            out.extend_from_slice(rest.get(..coded).unwrap_or_default());
            rest = rest.get(coded..).unwrap_or_default();
        }
    }
    Err(damaged())
}

/// T.81 B.2.2.
fn header(segment: &[u8]) -> Result<Frame> {
    let damaged = || unusable("the JPEG file is damaged");
    let [8, h1, h0, w1, w0, count, components @ ..] = segment else {
        return Err(unusable("a JPEG file of a kind that PDF does not know"));
    };
    let (width, height) = (u32::from(u16::from_be_bytes([*w1, *w0])), u32::from(u16::from_be_bytes([*h1, *h0])));
    within_limits(width, height)?;
    let space = match count {
        1 => Space::Gray,
        3 => Space::Rgb,
        4 => Space::Cmyk,
        _ => return Err(unusable("a JPEG picture has one, three or four components")),
    };
    if components.len() != usize::from(*count) * 3 {
        return Err(damaged());
    }
    Ok(Frame { width, height, space })
}

/// Length of entropy-coded data: up to a marker that is no restart and no stuffed byte.
fn coded(data: &[u8]) -> usize {
    data.windows(2).position(|pair| matches!(pair, [0xFF, second] if !matches!(second, 0x00 | 0xD0..=0xD7 | 0xFF))).unwrap_or(data.len())
}
