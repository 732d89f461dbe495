//! The appearance room: PNG (ISO/IEC 15948). Takes a file, gives grey or RGB samples of eight bits and the alpha apart. The size is judged
//! from the header, before a buffer is made for it: a bomb of a few bytes may claim billions of pixels.

use super::{Picture, Samples, Space, unusable, within_limits};
use crate::error::Result;
use png::{BitDepth, ColorType, DecodeOptions, Decoder, Limits, Transformations};
use std::io::Cursor;

/// Most that the decoder may hold beside the samples.
const MAX_HELD: usize = 16 << 20;

pub(super) fn read(file: &[u8]) -> Result<Picture> {
    let damaged = |error: png::DecodingError| unusable("the PNG file is damaged or too large").caused_by(error);
    let mut options = DecodeOptions::default();
    // Texts and profiles are compressed too, and nothing here asks for them.
    options.set_ignore_text_chunk(true);
    options.set_ignore_iccp_chunk(true);
    let mut decoder = Decoder::new_with_options(Cursor::new(file), options);
    decoder.set_limits(Limits { bytes: MAX_HELD });
    decoder.set_transformations(Transformations::EXPAND | Transformations::STRIP_16);
    let (width, height) = decoder.read_header_info().map_err(damaged)?.size();
    within_limits(width, height)?;
    let mut reader = decoder.read_info().map_err(damaged)?;
    let (kind, depth) = reader.output_color_type();
    let samples = match (kind, depth) {
        (ColorType::Grayscale, BitDepth::Eight) => 1,
        (ColorType::GrayscaleAlpha, BitDepth::Eight) => 2,
        (ColorType::Rgb, BitDepth::Eight) => 3,
        (ColorType::Rgba, BitDepth::Eight) => 4,
        _ => return Err(unusable("a PNG file of an unknown kind")),
    };
    let size = usize::try_from(u64::from(width) * u64::from(height) * samples).unwrap_or(usize::MAX);
    if reader.output_buffer_size() != Some(size) {
        return Err(unusable("a PNG file of an unknown kind"));
    }
    let mut pixels = vec![0; size];
    let shown = reader.next_frame(&mut pixels).map_err(damaged)?;
    if (shown.width, shown.height) != (width, height) {
        return Err(unusable("the PNG file is damaged or too large"));
    }
    let (space, colours) = if samples < 3 { (Space::Gray, 1) } else { (Space::Rgb, 3) };
    let samples = if samples % 2 == 1 {
        Samples::Plain { colours: pixels, alpha: None }
    } else {
        let pixel = colours + 1;
        let alpha: Vec<u8> = pixels.iter().skip(colours).step_by(pixel).copied().collect();
        let colours = pixels.chunks_exact(pixel).flat_map(|pixel| pixel.iter().take(colours).copied()).collect();
        // A mask that hides nothing is left out.
        let alpha = if alpha.iter().all(|a| *a == u8::MAX) { None } else { Some(alpha) };
        Samples::Plain { colours, alpha }
    };
    Ok(Picture { width, height, space, samples })
}
