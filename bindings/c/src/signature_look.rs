//! The C border: what a visible signature looks like: its text, picture, handwriting, link, font and frame. Setters of a signature request.

use crate::caller::Caller;
use crate::enums::unknown;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::signature_request::{Pad, thrivosign_signature_request};

use std::ffi::c_char;
use thrivosign::appearance::{Arrangement, Font, Frame, Image, Ink, Link, Text};
use thrivosign::{Error, ErrorKind};

/// How picture or handwriting and text share the box.
#[repr(C)]
pub enum thrivosign_arrangement {
    /// Side by side, or one above the other where that leaves the text larger.
    Beside = 1,
    /// The text over the picture, which fills the box.
    Over = 2,
}

/// What stands around a visible signature.
#[repr(C)]
pub enum thrivosign_frame {
    /// A line of half a point along the edge of the box.
    Thin = 1,
    /// Nothing.
    None = 2,
}

/// After the call a visible signature shows this line below those added before, in place of the usual ones, with its
/// placeholders filled: `{name}`, `{reason}`, `{date}`, `{location}`, `{serial}`; `{{` is a brace. A line whose
/// placeholders are all empty is left out. An unknown placeholder ends the call that signs with code 101. Lines added
/// by `thrivosign_signature_request_add_line` are forgotten, and the other way round.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_add_template(
    self_: *mut thrivosign_signature_request,
    text: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let text = caller.text(text)?.to_owned();
        this.change(|asked| match &mut asked.request.appearance.text {
            Text::Templates(lines) => lines.push(text),
            other => *other = Text::Templates(vec![text]),
        });
        Ok(())
    })
}

/// After the call a visible signature shows no text, until a line or a template is added.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_clear_text(self_: *mut thrivosign_signature_request) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.change(|asked| asked.request.appearance.text = Text::Lines(Vec::new()));
        Ok(())
    })
}

/// After the call a visible signature shows this picture in its proportions: a PNG file, with alpha too, or a JPEG
/// file, of at most 4 MiB, 8,192 pixels a side and 4,000,000 pixels. It is read at once; what is no such picture is
/// code 101. No bytes: no picture, as in a new request.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `file` may be NULL if `file_size` is 0; `self` may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_image(
    self_: *mut thrivosign_signature_request,
    file: *const u8,
    file_size: usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let image = match caller.bytes(file, file_size)? {
            [] => None,
            file => Some(Image::read(file)?),
        };
        this.change(|asked| asked.request.appearance.image = image);
        Ok(())
    })
}

/// After the call a visible signature shows handwriting from a pad of that size, with a pen of that width, all in one
/// unit of the caller's; strokes follow by `thrivosign_signature_request_add_ink_stroke`, and those added before are
/// forgotten. Code 101 for a pad without an area and for a pen wider than the pad is high. 0 for all three: no
/// handwriting, as in a new request.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_ink_pad(
    self_: *mut thrivosign_signature_request,
    width: f64,
    height: f64,
    pen: f64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let pad = if [width, height, pen].iter().all(|size| *size == 0.0) {
            None
        } else {
            // A dot in the middle stands in for the strokes to come, so that a pad of no use is told now.
            Ink::new(width, height, pen, vec![vec![(width / 2.0, height / 2.0)]])?;
            Some(Pad { width, height, pen, strokes: Vec::new() })
        };
        this.change(|asked| {
            asked.request.appearance.ink = None;
            asked.pad = pad;
        });
        Ok(())
    })
}

/// After the call the handwriting has one stroke more. `points` are `point_count` pairs of x to the right and y
/// downwards from the pad's upper left corner, as touch screens count; a single point is a dot. Code 104 without a pad;
/// code 101 for a point outside of it, an empty stroke, more than 1,000 strokes or 20,000 points, and then the
/// handwriting is as it was.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `points` may be NULL if `point_count` is 0, which is code 101; `self` may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_add_ink_stroke(
    self_: *mut thrivosign_signature_request,
    points: *const f64,
    point_count: usize,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let points = caller.points(points, point_count)?;
        this.change(|asked| {
            let pad = asked.pad.as_mut().ok_or_else(|| Error::new(ErrorKind::WrongOrder).context("a stroke needs a pad"))?;
            pad.strokes.push(points);
            match Ink::new(pad.width, pad.height, pad.pen, pad.strokes.clone()) {
                Ok(ink) => {
                    asked.request.appearance.ink = Some(ink);
                    Ok(())
                }
                Err(error) => {
                    pad.strokes.pop();
                    Err(error)
                }
            }
        })
    })
}

/// After the call a visible signature shows a QR code (ISO/IEC 18004) with this link, on white at the right or the
/// foot: an http or https URL of at most 300 ASCII characters; anything else is code 101. NULL: no link, as in a new
/// request.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `url` may be NULL; `self` may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_link(
    self_: *mut thrivosign_signature_request,
    url: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let link = caller.text_opt(url)?.map(Link::new).transpose()?;
        this.change(|asked| asked.request.appearance.link = link);
        Ok(())
    })
}

/// After the call the text is set in this font, shaped, and embedded as a subset: the one of number `index`, counted
/// from 0, in a TrueType or OpenType file or collection of at most 48 MiB. No bytes: the bundled font, which has Latin,
/// Greek, Cyrillic, Hebrew and Vietnamese. Without this call it is Helvetica, for the languages of western Europe. Code
/// 101 for what is no such font, and for one whose maker forbids embedding it; code 219 in a build without the feature
/// `appearance-full`. A character that the font lacks ends the call that signs with code 219 before the key is asked.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `file` may be NULL if `file_size` is 0; `self` may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_font(
    self_: *mut thrivosign_signature_request,
    file: *const u8,
    file_size: usize,
    index: u32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let font = match caller.bytes(file, file_size)? {
            [] => Font::bundled()?,
            file => Font::read(file, index)?,
        };
        this.change(|asked| asked.request.appearance.font = font);
        Ok(())
    })
}

/// After the call picture or handwriting and text share the box so: `arrangement` is one of `thrivosign_arrangement`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_arrangement(
    self_: *mut thrivosign_signature_request,
    arrangement: i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        use thrivosign_arrangement as In;
        let arrangement = match arrangement {
            x if x == In::Beside as i32 => Arrangement::Beside,
            x if x == In::Over as i32 => Arrangement::Over,
            _ => return Err(unknown("arrangement")),
        };
        this.change(|asked| asked.request.appearance.arrangement = arrangement);
        Ok(())
    })
}

/// After the call that stands around a visible signature: `frame` is one of `thrivosign_frame`.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_frame(
    self_: *mut thrivosign_signature_request,
    frame: i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        use thrivosign_frame as In;
        let frame = match frame {
            x if x == In::Thin as i32 => Frame::Thin,
            x if x == In::None as i32 => Frame::None,
            _ => return Err(unknown("frame")),
        };
        this.change(|asked| asked.request.appearance.frame = frame);
        Ok(())
    })
}
