//! What a visible signature looks like.

use thrivosign::{Error, appearance as core};

/// The text of a visible signature.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum AppearanceText {
    /// Signer, time, and what is given of reason and location.
    Usual,
    /// These lines as they are; none of them: no text.
    Lines {
        /// The lines.
        lines: Vec<String>,
    },
    /// These lines with their placeholders filled: `{name} {reason} {date} {location} {serial}`; `{{` is a brace. A line whose placeholders are
    /// all empty is left out.
    Templates {
        /// The lines.
        lines: Vec<String>,
    },
}

/// The font of a visible signature's text.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum AppearanceFont {
    /// Helvetica, for the languages of western Europe.
    Standard,
    /// The bundled font: Latin, Greek, Cyrillic, Hebrew, Vietnamese. `TextUnrepresentable` in a library without the feature `appearance-full`.
    Bundled,
    /// A font of the app's, shaped and embedded as a subset. `TextUnrepresentable` in a library without the feature `appearance-full`.
    OpenType {
        /// A TrueType or OpenType file or collection of at most 48 MiB, whose maker allows embedding.
        file: Vec<u8>,
        /// Which font of it, counted from 0.
        #[uniffi(default = 0)]
        index: i32,
    },
}

/// A point on a pad: x to the right, y downwards from the upper left corner, as touch screens count.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct InkPoint {
    /// To the right.
    pub x: f64,
    /// Downwards.
    pub y: f64,
}

/// Handwriting: the strokes of a pen on a pad, all in one unit of the app's.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct Ink {
    /// Width of the pad.
    pub width: f64,
    /// Height of the pad.
    pub height: f64,
    /// Width of the pen; not wider than the pad is high.
    pub pen: f64,
    /// 1 to 1,000 strokes, at most 20,000 points; a single point is a dot.
    pub strokes: Vec<Vec<InkPoint>>,
}

/// How picture or handwriting and text share the box.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Arrangement {
    /// Side by side, or one above the other where that leaves the text larger.
    Beside,
    /// The text over the picture, which fills the box.
    Over,
}

/// What stands around a visible signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Frame {
    /// A line of half a point along the edge of the box.
    Thin,
    /// Nothing; called `None` in Rust, which Swift would read as absent.
    Nothing,
}

/// What a visible signature looks like; with nothing given, the usual lines in a thin frame.
#[derive(Clone, Debug, Default, PartialEq, uniffi::Record)]
pub struct Appearance {
    /// Its text; the usual if absent.
    #[uniffi(default = None)]
    pub text: Option<AppearanceText>,
    /// The text's font; the standard one if absent.
    #[uniffi(default = None)]
    pub font: Option<AppearanceFont>,
    /// A picture, in its proportions: a PNG file, with alpha too, or a JPEG file, of at most 4 MiB, 8,192 pixels a side and 4,000,000 pixels.
    #[uniffi(default = None)]
    pub image: Option<Vec<u8>>,
    /// Handwriting; over the picture if there is one.
    #[uniffi(default = None)]
    pub ink: Option<Ink>,
    /// How picture or handwriting and text share the box; beside each other if absent.
    #[uniffi(default = None)]
    pub arrangement: Option<Arrangement>,
    /// A link that a camera reads, as a QR code: an http or https URL of at most 300 ASCII characters.
    #[uniffi(default = None)]
    pub link: Option<String>,
    /// What stands around it; a thin line if absent.
    #[uniffi(default = None)]
    pub frame: Option<Frame>,
}

impl Appearance {
    /// # Errors
    /// `InvalidArgument` for what is no such picture, drawing, link or font; `TextUnrepresentable` for a font that this build cannot set.
    pub(crate) fn into_core(self) -> Result<core::Appearance, Error> {
        let font = match self.font {
            None | Some(AppearanceFont::Standard) => core::Font::Standard,
            Some(AppearanceFont::Bundled) => core::Font::bundled()?,
            // A number that no file has fonts of is refused as any other.
            Some(AppearanceFont::OpenType { file, index }) => core::Font::read(&file, u32::try_from(index).unwrap_or(u32::MAX))?,
        };
        let strokes = |strokes: Vec<Vec<InkPoint>>| strokes.into_iter().map(|stroke| stroke.iter().map(|p| (p.x, p.y)).collect()).collect();
        Ok(core::Appearance {
            text: match self.text {
                None | Some(AppearanceText::Usual) => core::Text::Usual,
                Some(AppearanceText::Lines { lines }) => core::Text::Lines(lines),
                Some(AppearanceText::Templates { lines }) => core::Text::Templates(lines),
            },
            font,
            image: self.image.as_deref().map(core::Image::read).transpose()?,
            ink: self.ink.map(|ink| core::Ink::new(ink.width, ink.height, ink.pen, strokes(ink.strokes))).transpose()?,
            arrangement: match self.arrangement {
                None | Some(Arrangement::Beside) => core::Arrangement::Beside,
                Some(Arrangement::Over) => core::Arrangement::Over,
            },
            link: self.link.map(core::Link::new).transpose()?,
            frame: match self.frame {
                None | Some(Frame::Thin) => core::Frame::Thin,
                Some(Frame::Nothing) => core::Frame::None,
            },
        })
    }
}
