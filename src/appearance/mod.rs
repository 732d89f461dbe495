//! The appearance room: what a visible signature looks like. Takes an appearance and a box, gives a form XObject in an update
//! (ISO 32000-2 12.5.5, 12.7.5.5). Knows no certificate: whoever calls decides what the lines say, and what the document's claims allow.
//!
//! How the three boxes relate (12.5.5): a viewer maps the form's `/BBox` through its `/Matrix`, takes the upright box around the
//! result, and stretches that onto the widget's `/Rect`. Here the `/BBox` is the box as the *reader* sees it, `[0 0 w h]` with w along
//! the text; the `/Matrix` turns it by the page's `/Rotate` and shifts it back to the origin, so that the upright box has exactly
//! the size of the `/Rect` and nothing is stretched. On a page shown turned clockwise, text turned counter-clockwise reads upright.

mod canvas;
mod constraints;
mod deflate;
mod field_text;
mod fit;
mod font;
mod image;
mod ink;
mod link;
mod look;
mod template;

pub use constraints::{Colours, Constraints, FontEmbedding, Transparency};
pub use field_text::{Align, FieldText, Flow};
pub use font::Font;
#[cfg(feature = "appearance-full")]
pub use font::OpenType;
pub use image::Image;
pub use ink::Ink;
pub use link::Link;
pub use look::Look;
pub use template::{Values, fill};

/// What a visible signature is asked to look like. The default: the usual lines in a thin frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Appearance {
    /// Its text.
    pub text: Text,
    /// The text's font. Where no text is shown no font gets into the file.
    pub font: Font,
    /// A picture, in its proportions.
    pub image: Option<Image>,
    /// Handwriting; over the picture if there is one.
    pub ink: Option<Ink>,
    /// How picture or handwriting and text share the box.
    pub arrangement: Arrangement,
    /// A link that a camera reads, on white at the right or the foot.
    pub link: Option<Link>,
    /// What stands around it.
    pub frame: Frame,
}

impl Appearance {
    /// Those lines, word by word, in a thin frame.
    #[must_use]
    pub fn lines<T: Into<String>>(lines: impl IntoIterator<Item = T>) -> Appearance {
        Appearance { text: Text::Lines(lines.into_iter().map(Into::into).collect()), ..Appearance::default() }
    }

    /// Whether it is text in a thin frame with or without a picture beside it: what a service that has the picture, too, can draw.
    #[must_use]
    pub fn is_text_and_image(&self) -> bool {
        *self == Appearance { text: self.text.clone(), image: self.image.clone(), ..Appearance::default() }
    }

    /// Whether it is text in a thin frame, in the standard font: what a service that is told the lines alone can draw.
    #[must_use]
    pub fn is_text_alone(&self) -> bool {
        *self == Appearance { text: self.text.clone(), ..Appearance::default() }
    }
}

/// The text of a visible signature.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Text {
    /// Signer, time, and what is given of reason and location.
    #[default]
    Usual,
    /// These lines as they are; none of them: no text.
    Lines(Vec<String>),
    /// These lines with their placeholders filled: see [`fill`].
    Templates(Vec<String>),
}

/// How picture or handwriting and text share the box.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Arrangement {
    /// Side by side, or one above the other where that leaves the text larger.
    #[default]
    Beside,
    /// The text over the picture, which fills the box.
    Over,
}

/// What stands around a look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Frame {
    /// A line of half a point along the edge of the box.
    #[default]
    Thin,
    /// Nothing.
    None,
}

#[cfg(test)]
mod claims_tests;
#[cfg(all(test, feature = "appearance-full"))]
mod script_tests;
#[cfg(test)]
mod tests;
