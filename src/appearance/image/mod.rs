//! The appearance room: pictures. Takes a PNG or JPEG file, gives an image XObject (ISO 32000-2 8.9.5) in the colour spaces that the
//! document allows. May not believe a header: what a file claims is refused by its numbers before anything is allocated.
//!
//! A PNG is decoded to eight bits a sample and written with Flate; its alpha becomes a soft mask (11.6.5.2), or the picture is laid onto
//! white where transparency is forbidden. A JPEG passes through as it is (7.4.8) but for its metadata: a photograph's place and camera are
//! no part of a contract. Its EXIF orientation goes with them: the picture shows as its pixels are stored.

mod jpeg;
mod png;

use super::constraints::{Colours, Constraints, Transparency};
use super::deflate::deflated;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId};
use std::sync::Arc;

/// Largest file of a picture.
const MAX_FILE: usize = 4 << 20;
/// Most pixels, and longest side.
const MAX_PIXELS: u64 = 4_000_000;
const MAX_SIDE: u32 = 8_192;

/// A picture, decoded and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image(Arc<Picture>);

#[derive(Debug, PartialEq, Eq)]
struct Picture {
    width: u32,
    height: u32,
    space: Space,
    samples: Samples,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    Gray,
    Rgb,
    Cmyk,
}

#[derive(Debug, PartialEq, Eq)]
enum Samples {
    /// Eight bits a sample, and eight bits of alpha a pixel.
    Plain { colours: Vec<u8>, alpha: Option<Vec<u8>> },
    /// A JPEG file without metadata; Adobe's way of writing CMYK is inverted.
    Jpeg { file: Vec<u8>, inverted: bool },
}

fn unusable(what: &'static str) -> Error {
    Error::new(ErrorKind::InvalidArgument).context(what)
}

/// Checks the size that a header claims.
fn within_limits(width: u32, height: u32) -> Result<()> {
    let sound = (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height) && u64::from(width) * u64::from(height) <= MAX_PIXELS;
    if sound { Ok(()) } else { Err(unusable("a picture has 1 to 8,192 pixels a side and at most 4,000,000")) }
}

impl Image {
    /// Reads a PNG file, or a JPEG file of one, three or four components, baseline or progressive.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it is neither, damaged, over 4 MiB, or over 4,000,000 pixels.
    pub fn read(file: &[u8]) -> Result<Image> {
        if file.len() > MAX_FILE {
            return Err(unusable("a picture file has at most 4 MiB"));
        }
        let picture = match file {
            [0x89, b'P', b'N', b'G', ..] => png::read(file)?,
            [0xFF, 0xD8, ..] => jpeg::read(file)?,
            _ => return Err(unusable("a picture is a PNG or JPEG file")),
        };
        Ok(Image(Arc::new(picture)))
    }

    /// Width by height.
    pub(super) fn aspect(&self) -> f64 {
        f64::from(self.0.width) / f64::from(self.0.height)
    }

    /// Refuses what the document's colours cannot show.
    pub(super) fn check(&self, constraints: &Constraints) -> Result<()> {
        if self.0.space == Space::Cmyk && !constraints.colours.device_cmyk() {
            return Err(Error::new(ErrorKind::ConformanceForbids)
                .context("a CMYK picture cannot be shown where the document's output intent is none of CMYK"));
        }
        Ok(())
    }

    /// Adds the image XObject.
    pub(super) fn add(&self, update: &mut Update<'_>, constraints: &Constraints) -> Result<ObjectId> {
        self.check(constraints)?;
        let picture = &*self.0;
        let head = || {
            Dictionary::new()
                .with(b"Type", Object::name("XObject"))
                .with(b"Subtype", Object::name("Image"))
                .with(b"Width", i64::from(picture.width))
                .with(b"Height", i64::from(picture.height))
                .with(b"BitsPerComponent", 8)
        };
        let mut dict = head().with(b"ColorSpace", space(picture.space, constraints.colours));
        let (stored, filter) = match &picture.samples {
            Samples::Jpeg { file, inverted } => {
                if *inverted {
                    dict.set(b"Decode", [1, 0, 1, 0, 1, 0, 1, 0].map(Object::Integer).to_vec());
                }
                (file.clone(), "DCTDecode")
            }
            Samples::Plain { colours, alpha: None } => (deflated(colours)?, "FlateDecode"),
            // Without an output intent nothing says in which colours a page blends (ISO 19005-2 6.2.10).
            Samples::Plain { colours, alpha: Some(alpha) }
                if constraints.transparency == Transparency::Forbidden || constraints.colours == Colours::Calibrated =>
            {
                (deflated(&on_white(colours, alpha))?, "FlateDecode")
            }
            Samples::Plain { colours, alpha: Some(alpha) } => {
                let mask = head().with(b"ColorSpace", Object::name("DeviceGray")).with(b"Filter", Object::name("FlateDecode"));
                let mask = update.add_stream(mask, deflated(alpha)?);
                dict.set(b"SMask", Object::reference(mask));
                (deflated(colours)?, "FlateDecode")
            }
        };
        Ok(update.add_stream(dict.with(b"Filter", Object::name(filter)), stored))
    }
}

/// What is seen of a picture on white paper.
fn on_white(colours: &[u8], alpha: &[u8]) -> Vec<u8> {
    let components = colours.len() / alpha.len().max(1);
    let mixed = |colour: u8, alpha: u8| {
        let (colour, alpha) = (u32::from(colour), u32::from(alpha));
        u8::try_from((colour * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
    };
    let pixels = colours.chunks_exact(components.max(1)).zip(alpha);
    pixels.flat_map(|(pixel, alpha)| pixel.iter().map(|colour| mixed(*colour, *alpha))).collect()
}

fn space(space: Space, colours: Colours) -> Object {
    match space {
        Space::Gray if colours.device_gray() => Object::name("DeviceGray"),
        Space::Gray => calibrated_gray(),
        Space::Rgb if colours.device_rgb() => Object::name("DeviceRGB"),
        Space::Rgb => calibrated_rgb(),
        Space::Cmyk => Object::name("DeviceCMYK"),
    }
}

fn reals(numbers: &[f64]) -> Vec<Object> {
    numbers.iter().map(|n| Object::Real(*n)).collect()
}

/// The white of sRGB, D65.
const WHITE: [f64; 3] = [0.9505, 1.0, 1.089];

/// Grey without a device (ISO 32000-2 8.6.5.2).
pub(super) fn calibrated_gray() -> Object {
    let parameters = Dictionary::new().with(b"WhitePoint", reals(&WHITE)).with(b"Gamma", Object::Real(2.2));
    Object::Array(vec![Object::name("CalGray"), Object::Dictionary(parameters)])
}

/// The primaries of sRGB with its curve as a power (ISO 32000-2 8.6.5.3).
fn calibrated_rgb() -> Object {
    let primaries = [0.4124, 0.2126, 0.0193, 0.3576, 0.7152, 0.1192, 0.1805, 0.0722, 0.9505];
    let parameters =
        Dictionary::new().with(b"WhitePoint", reals(&WHITE)).with(b"Gamma", reals(&[2.2, 2.2, 2.2])).with(b"Matrix", reals(&primaries));
    Object::Array(vec![Object::name("CalRGB"), Object::Dictionary(parameters)])
}

#[cfg(test)]
mod tests;
