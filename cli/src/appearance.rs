//! `thrivosign sign`: what a visible signature looks like. Takes options and the files they name, gives an appearance.

use crate::output;
use clap::Args;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use thrivosign::appearance::{Appearance, Arrangement, Font, Frame, Image, Ink, Link, OpenType, Text};
use thrivosign::host::file;
use thrivosign::{Error, ErrorKind, Result};

/// Largest files that are read; the library has limits of its own below these.
const MAX_IMAGE: usize = 8 << 20;
const MAX_INK: usize = 2 << 20;
const MAX_FONT: usize = 64 << 20;

/// The look of the box.
#[derive(Args)]
pub(crate) struct AppearanceArgs {
    /// A line of the box instead of the usual ones (signer, time, reason, location); may be repeated. {name}, {reason}, {date}, {location} and
    /// {serial} stand for what they say, {{ for a brace; a line whose placeholders are all empty is left out.
    #[arg(long, value_name = "TEMPLATE")]
    text: Vec<String>,
    /// No text: picture, handwriting or QR code alone.
    #[arg(long, conflicts_with = "text")]
    no_text: bool,
    /// A picture: PNG (with alpha if it likes) or JPEG, at most 4 MiB and 4,000,000 pixels. Metadata of a JPEG is left out.
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
    /// Handwriting, as {"width": W, "height": H, "pen": P, "strokes": [[[x, y], ...], ...]}: the size of the pad, the pen's width, and for
    /// each stroke its points, counted from the upper left corner of the pad.
    #[arg(long, value_name = "FILE.json")]
    ink: Option<PathBuf>,
    /// Lays the text over the picture, which fills the box, instead of beside it.
    #[arg(long)]
    over: bool,
    /// A verification link, shown as a QR code.
    #[arg(long, value_name = "URL")]
    qr: Option<String>,
    /// The font of the text (.ttf, .otf, .ttc; the part that is used gets into the file), or "bundled": Latin, Greek, Cyrillic, Hebrew and
    /// Vietnamese. Without it, Helvetica.
    #[arg(long, value_name = "FILE")]
    font: Option<PathBuf>,
    /// Which font of a .ttc file.
    #[arg(long, value_name = "N", default_value_t = 0, requires = "font")]
    font_index: u32,
    /// No frame around the box.
    #[arg(long)]
    no_border: bool,
}

/// The file of `--ink`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pad {
    width: f64,
    height: f64,
    pen: f64,
    strokes: Vec<Vec<(f64, f64)>>,
}

pub(crate) fn read(path: &Path, cap: usize, option: &'static str) -> Result<Vec<u8>> {
    file::read_small(path, cap).map_err(output::about(option))
}

impl AppearanceArgs {
    pub(crate) fn read(&self) -> Result<Appearance> {
        let text = match self.text.as_slice() {
            _ if self.no_text => Text::Lines(Vec::new()),
            [] => Text::Usual,
            lines => Text::Templates(lines.to_vec()),
        };
        let image = |path: &PathBuf| Image::read(&read(path, MAX_IMAGE, "--image")?).map_err(output::about("--image"));
        Ok(Appearance {
            text,
            font: self.font()?,
            image: self.image.as_ref().map(image).transpose()?,
            ink: self.ink.as_deref().map(ink).transpose()?,
            arrangement: if self.over { Arrangement::Over } else { Arrangement::Beside },
            link: self.qr.as_ref().map(Link::new).transpose().map_err(output::about("--qr"))?,
            frame: if self.no_border { Frame::None } else { Frame::Thin },
        })
    }

    fn font(&self) -> Result<Font> {
        let font = match &self.font {
            None => return Ok(Font::Standard),
            Some(path) if path.as_os_str() == "bundled" => OpenType::bundled(),
            Some(path) => OpenType::read(read(path, MAX_FONT, "--font")?, self.font_index),
        };
        Ok(Font::OpenType(font.map_err(output::about("--font"))?))
    }
}

fn ink(path: &Path) -> Result<Ink> {
    let bytes = read(path, MAX_INK, "--ink")?;
    let pad: Pad =
        serde_json::from_slice(&bytes).map_err(|error| Error::new(ErrorKind::InvalidArgument).context("--ink").caused_by(error))?;
    Ink::new(pad.width, pad.height, pad.pen, pad.strokes).map_err(output::about("--ink"))
}
