//! The marks room: what graphics state marks depend on (ISO 32000-2 8.4, 8.6). Takes colour and state operators, gives whether what is
//! painted next could be seen on white paper.

use super::Stop;
use super::font::Font;
use super::geometry::Matrix;
use super::resources::Resources;
use crate::pdf::{Object, Rect};
use std::rc::Rc;

/// Colour spaces in which white has one unmistakable value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Gray,
    Rgb,
    Cmyk,
    Other,
}

/// The current colour for filling or for stroking.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ink {
    pub(super) space: Space,
    pub(super) white: bool,
}

impl Ink {
    const BLACK: Ink = Ink { space: Space::Gray, white: false };

    /// With these components; anything that is not plainly white is ink.
    pub(super) fn with(self, components: &[Object]) -> Ink {
        let all = |n: usize, test: fn(f64) -> bool| components.len() == n && components.iter().all(|c| c.as_f64().is_some_and(test));
        let full = |c: f64| c >= 0.999;
        let white = match self.space {
            Space::Gray => all(1, full),
            Space::Rgb => all(3, full),
            Space::Cmyk => all(4, |c| c <= 0.001),
            Space::Other => false,
        };
        Ink { white, ..self }
    }
}

/// The graphics state.
#[derive(Clone)]
pub(super) struct State {
    pub(super) ctm: Matrix,
    /// Nothing is painted outside; shrinks only.
    pub(super) clip: Rect,
    pub(super) fill: Ink,
    pub(super) stroke: Ink,
    /// Whether white on white stays white: not under a blend mode or a transfer function that inverts.
    pub(super) blends: bool,
    /// Whether within a glyph that is a shape alone, whose colours do not count (ISO 32000-2 9.6.4, `d1`).
    pub(super) shape: bool,
    pub(super) line_width: f64,
    pub(super) miter_join: bool,
    pub(super) miter_limit: f64,
    pub(super) font: Option<Rc<Font>>,
    pub(super) size: f64,
    pub(super) character_spacing: f64,
    pub(super) word_spacing: f64,
    pub(super) scale: f64,
    pub(super) leading: f64,
    pub(super) rise: f64,
    pub(super) mode: i64,
}

impl State {
    pub(super) const fn new(ctm: Matrix, clip: Rect) -> State {
        State {
            ctm,
            clip,
            fill: Ink::BLACK,
            stroke: Ink::BLACK,
            blends: true,
            shape: false,
            line_width: 1.0,
            miter_join: true,
            miter_limit: 10.0,
            font: None,
            size: 0.0,
            character_spacing: 0.0,
            word_spacing: 0.0,
            scale: 1.0,
            leading: 0.0,
            rise: 0.0,
            mode: 0,
        }
    }

    /// Whether filling leaves something to see.
    pub(super) const fn fills(&self) -> bool {
        !(self.fill.white && self.blends)
    }

    /// Whether stroking leaves something to see.
    pub(super) const fn strokes(&self) -> bool {
        !(self.stroke.white && self.blends)
    }

    /// Half the line width on the page; the thinnest line is still a device pixel, for which the grown target stands.
    pub(super) fn half_width(&self) -> f64 {
        self.line_width.abs() * self.ctm.stretch() / 2.0
    }

    /// `gs` (ISO 32000-2 8.4.5), but for the font.
    pub(super) fn apply(&mut self, resources: &Resources<'_>, parameters: &crate::pdf::Dictionary) -> Result<(), Stop> {
        let view = resources.view();
        let number = |key: &str| -> Result<Option<f64>, Stop> { Ok(view.get(parameters, key)?.as_f64()) };
        if let Some(width) = number("LW")? {
            self.line_width = width;
        }
        if let Some(join) = number("LJ")? {
            self.miter_join = join == 0.0;
        }
        if let Some(limit) = number("ML")? {
            self.miter_limit = limit;
        }
        let mode = view.get(parameters, b"BM")?;
        let modes: Vec<&[u8]> = match &mode {
            Object::Null => Vec::new(),
            Object::Name(name) => vec![&**name],
            // A viewer takes the first that it knows.
            Object::Array(names) => names.iter().map(|name| name.as_name().unwrap_or_default()).collect(),
            _ => return Err(Stop::Unclear("a malformed blend mode")),
        };
        // Difference and Exclusion turn white on white to black. Once met they stay, since what follows may be one group with it.
        let known: [&[u8]; 15] = [
            b"Normal",
            b"Compatible",
            b"Multiply",
            b"Screen",
            b"Overlay",
            b"Darken",
            b"Lighten",
            b"ColorDodge",
            b"ColorBurn",
            b"HardLight",
            b"SoftLight",
            b"Hue",
            b"Saturation",
            b"Color",
            b"Luminosity",
        ];
        if modes.iter().any(|mode| !known.contains(mode)) {
            self.blends = false;
        }
        // Functions that turn what was painted into another colour; a name stands for the device's own.
        for key in ["TR", "TR2", "BG", "BG2", "UCR", "UCR2"] {
            self.blends &= matches!(view.get(parameters, key)?, Object::Null | Object::Name(_));
        }
        Ok(())
    }
}

/// The colour space that `name` selects.
pub(super) fn space(resources: &Resources<'_>, name: &[u8]) -> Result<Space, Stop> {
    let device = |name: &[u8]| match name {
        b"DeviceGray" | b"G" if !resources.redefines(b"DefaultGray") => Space::Gray,
        b"DeviceRGB" | b"RGB" if !resources.redefines(b"DefaultRGB") => Space::Rgb,
        b"DeviceCMYK" | b"CMYK" if !resources.redefines(b"DefaultCMYK") => Space::Cmyk,
        _ => Space::Other,
    };
    let found = device(name);
    if found != Space::Other {
        return Ok(found);
    }
    Ok(match resources.get(b"ColorSpace", name)? {
        Object::Name(name) => device(&name),
        Object::Array(items) => match items.first().and_then(Object::as_name) {
            Some(b"ICCBased") => super::profile::space(resources.view(), items.get(1))?,
            _ => Space::Other,
        },
        _ => Space::Other,
    })
}
