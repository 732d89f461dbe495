//! The appearance room: a link that a camera reads. Takes a URL, gives a QR code (ISO/IEC 18004) as one path.

use super::canvas::{Area, Canvas, Tone};
use crate::error::{Error, ErrorKind, Result};
use qrcodegen::{QrCode, QrCodeEcc};

/// Longest link; more makes a code that no telephone reads off a page.
const MAX_LINK: usize = 300;
/// Modules of white around a code (ISO/IEC 18004 5.3.8).
const QUIET: i32 = 4;
/// Smallest side of a module in points, a sixth of a millimetre: what a laser printer and a telephone's camera still part.
const SMALLEST: f64 = 0.5;

/// A verification link, shown as a QR code on white.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link(String);

impl Link {
    /// A link of at most 300 characters.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if it is no `https:` or `http:` URL in printable ASCII, or too long.
    pub fn new(url: impl Into<String>) -> Result<Link> {
        let url = url.into();
        let named = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")).is_some_and(|rest| !rest.is_empty());
        if !named || url.len() > MAX_LINK || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Error::new(ErrorKind::InvalidArgument).context("a link is an https URL of at most 300 characters"));
        }
        Ok(Link(url))
    }

    /// Draws into a square.
    ///
    /// # Errors
    /// [`ErrorKind::BoxUnusable`] if the square is too small to be read.
    pub(super) fn draw(&self, canvas: &mut Canvas, area: Area) -> Result<()> {
        let code = QrCode::encode_text(&self.0, QrCodeEcc::Medium).map_err(|error| Error::new(ErrorKind::Internal).caused_by(error))?;
        let size = code.size();
        let module = area.width.min(area.height) / f64::from(size + 2 * QUIET);
        if module < SMALLEST {
            return Err(Error::new(ErrorKind::BoxUnusable).context("the box is too small for the QR code"));
        }
        canvas.operator(&[], b"q");
        canvas.fill(Tone::White);
        canvas.numbers(&[area.x, area.y, area.width, area.height], b"re");
        canvas.operator(&[], b"f");
        canvas.fill(Tone::Black);
        // From here a unit is a module; y counts upwards.
        let quiet = f64::from(QUIET) * module;
        canvas.numbers(&[module, 0.0, 0.0, module, area.x + quiet, area.y + quiet], b"cm");
        for y in 0..size {
            let mut x = 0;
            while x < size {
                let run = (x..size).take_while(|x| code.get_module(*x, y)).count();
                let run = i32::try_from(run).unwrap_or(0);
                if run > 0 {
                    canvas.numbers(&[f64::from(x), f64::from(size - 1 - y), f64::from(run), 1.0], b"re");
                }
                x += run + 1;
            }
        }
        canvas.operator(&[], b"f");
        canvas.operator(&[], b"Q");
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_urls_of_a_bearable_length() {
        assert!(Link::new("https://verify.example/d/7f3a?x=1#y").is_ok());
        let long = format!("https://{}", "x".repeat(300));
        for wrong in ["", "https://", "javascript:alert(1)", "https://a b", "https://b\u{fc}hne.example", "file:///etc", long.as_str()] {
            assert_eq!(Link::new(wrong).unwrap_err().kind(), ErrorKind::InvalidArgument, "{wrong}");
        }
    }

    #[test]
    fn a_square_too_small_for_a_camera_is_refused() {
        let link = Link::new("https://verify.example/d/7f3a").unwrap();
        let square = |side| link.draw(&mut Canvas::default(), Area { x: 0.0, y: 0.0, width: side, height: side });
        assert!(square(60.0).is_ok());
        assert_eq!(square(15.0).unwrap_err().kind(), ErrorKind::BoxUnusable);
    }
}
