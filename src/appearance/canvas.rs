//! The appearance room: content streams (ISO 32000-2 7.8.2). Takes numbers and names, gives operators, in the one grey that the document's
//! colours allow.

use super::constraints::Colours;
use crate::pdf::Object;
use crate::pdf::write::write_object;

/// A part of the box, from its lower left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

impl Area {
    /// The largest area of that proportion in the middle of this one.
    pub(super) fn fitted(self, aspect: f64) -> Area {
        let (width, height) =
            if self.width > aspect * self.height { (aspect * self.height, self.height) } else { (self.width, self.width / aspect) };
        Area { x: self.x + (self.width - width) / 2.0, y: self.y + (self.height - height) / 2.0, width, height }
    }

    /// Those many points less on each side.
    pub(super) fn inset(self, by: f64) -> Area {
        Area { x: self.x + by, y: self.y + by, width: self.width - 2.0 * by, height: self.height - 2.0 * by }
    }
}

/// Black or white.
#[derive(Clone, Copy)]
pub(super) enum Tone {
    Black,
    White,
}

/// A content stream being written.
#[derive(Default)]
pub(super) struct Canvas {
    out: Vec<u8>,
    colours: Colours,
}

impl Canvas {
    pub(super) const fn new(colours: Colours) -> Canvas {
        Canvas { out: Vec::new(), colours }
    }

    pub(super) fn operator(&mut self, operands: &[Object], name: &[u8]) {
        for operand in operands {
            write_object(&mut self.out, operand);
            self.out.push(b' ');
        }
        self.out.extend_from_slice(name);
        self.out.push(b'\n');
    }

    pub(super) fn numbers(&mut self, operands: &[f64], name: &[u8]) {
        let operands: Vec<Object> = operands.iter().copied().map(number).collect();
        self.operator(&operands, name);
    }

    /// What is filled from here on.
    pub(super) fn fill(&mut self, tone: Tone) {
        self.tone(tone, [b"g", b"cs", b"sc"]);
    }

    /// Black lines of that width with round ends and corners.
    pub(super) fn pen(&mut self, width: f64) {
        self.line(width);
        self.numbers(&[1.0], b"J");
        self.numbers(&[1.0], b"j");
    }

    /// Black lines of that width.
    pub(super) fn line(&mut self, width: f64) {
        self.numbers(&[width], b"w");
        self.tone(Tone::Black, [b"G", b"CS", b"SC"]);
    }

    fn tone(&mut self, tone: Tone, [device, space, value]: [&[u8]; 3]) {
        let level = match tone {
            Tone::Black => 0.0,
            Tone::White => 1.0,
        };
        if self.colours.device_gray() {
            self.numbers(&[level], device);
        } else {
            self.operator(&[Object::name(GRAY)], space);
            self.numbers(&[level], value);
        }
    }

    pub(super) fn finish(self) -> Vec<u8> {
        self.out
    }
}

/// The resource name of calibrated grey.
pub(super) const GRAY: &str = "Gray";

/// A thousandth of a unit is finer than anything shown.
pub(super) fn number(n: f64) -> Object {
    let n = (n * 1000.0).round() / 1000.0;
    if n.fract() == 0.0 { Object::Integer(n as i64) } else { Object::Real(n) }
}
