//! The C border: where a signature shows, and what it forbids from then on. Setters of a signature request.

use crate::caller::Caller;
use crate::enums::unknown;
use crate::error::thrivosign_error;
use crate::guard::guard;
use crate::signature_request::thrivosign_signature_request;

use std::ffi::c_char;
use thrivosign::sign::{Anchor, DocMdp, FieldLock, Placement, Size};
use thrivosign::{Error, ErrorKind};

/// What a certification signature allows afterwards: `/P` of the DocMDP transform (ISO 32000-2 table 257).
#[repr(C)]
pub enum thrivosign_doc_mdp {
    /// Nothing but validation data; no further signature either.
    NoChanges = 1,
    /// Forms are filled in and signed.
    FormFilling = 2,
    /// Annotations too.
    Annotating = 3,
}

/// Form fields that may no longer change once a signature is there: FieldMDP and `/Lock` (ISO 32000-2 table 236, 258).
#[repr(C)]
pub enum thrivosign_field_lock {
    /// All of them.
    All = 1,
    /// Those that are named, and what is below them.
    Include = 2,
    /// All but those that are named.
    Exclude = 3,
}

/// 0 is every page, the last page, or the one place: nothing that counts from 1.
fn counted(number: u32) -> Option<u32> {
    (number > 0).then_some(number)
}

/// After the call the signature shows nowhere, as in a new request. A field that exists keeps the box it has.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_invisible(self_: *mut thrivosign_signature_request) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.change(|asked| asked.request.placement = Placement::Invisible);
        Ok(())
    })
}

/// After the call the signature shows in the next free place of that page: below the last signature box and
/// left-aligned with it, then at the top of a column to its right; on a page without one, below everything written. It
/// covers no annotation and no text, and nothing that is painted unless pictures and drawings leave no such place; where
/// no place is left at all, the call that signs ends with code 218. `page` counts from 1, 0 is the last page; `width` and `height` are in units of user space (1/72 inch unless the page says otherwise).
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_next_free(
    self_: *mut thrivosign_signature_request,
    page: u32,
    width: f64,
    height: f64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.change(|asked| asked.request.placement = Placement::NextFree { page: counted(page), size: Size { width, height } });
        Ok(())
    })
}

/// After the call the signature shows beside a text of the document, which stands within one line; runs of white space
/// count as one space, letter case matters. The box of `width` and `height` has its lower left corner `offset_x` to the
/// right of and `offset_y` above that of the text, as a reader sees the page, in units of user space. `page` counts
/// from 1, 0 is all pages; `occurrence` counts the places from 1 in the order of pages, on each from the top and then
/// from the left, and with 0 there must be exactly one. A text that is not found so ends the call that signs with code
/// 218.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_anchor(
    self_: *mut thrivosign_signature_request,
    text: *const c_char,
    page: u32,
    occurrence: u32,
    offset_x: f64,
    offset_y: f64,
    width: f64,
    height: f64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let text = caller.text(text)?.to_owned();
        let anchor = Anchor {
            text,
            page: counted(page),
            occurrence: counted(occurrence),
            offset: (offset_x, offset_y),
            size: Size { width, height },
        };
        this.change(|asked| asked.request.placement = Placement::Anchor(anchor));
        Ok(())
    })
}

/// After the call the signature certifies the document, and `level`, one of `thrivosign_doc_mdp`, says what is allowed
/// afterwards; 0 asks for an approval signature, as in a new request. A certification is the first signature of a
/// document: over another the call that signs ends with code 211.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_certification(
    self_: *mut thrivosign_signature_request,
    level: i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let certification = match level {
            0 => None,
            level => Some(DocMdp::from_level(level.into()).ok_or_else(|| unknown("doc_mdp"))?),
        };
        this.change(|asked| asked.request.certification = certification);
        Ok(())
    })
}

/// After the call the signature locks form fields: `action` is one of `thrivosign_field_lock`, and names follow by
/// `thrivosign_signature_request_add_locked_field`; those named before are forgotten. 0: it locks none, as in a new
/// request. A field that exists keeps the lock it has.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_set_lock(
    self_: *mut thrivosign_signature_request,
    action: i32,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        use thrivosign_field_lock as In;
        let lock = match action {
            0 => None,
            x if x == In::All as i32 => Some(FieldLock::All),
            x if x == In::Include as i32 => Some(FieldLock::Include(Vec::new())),
            x if x == In::Exclude as i32 => Some(FieldLock::Exclude(Vec::new())),
            _ => return Err(unknown("field_lock")),
        };
        this.change(|asked| asked.request.lock = lock);
        Ok(())
    })
}

/// After the call the lock names this field too, fully qualified. Code 104 unless the lock includes or excludes.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_signature_request_add_locked_field(
    self_: *mut thrivosign_signature_request,
    name: *const c_char,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let name = caller.text(name)?.to_owned();
        this.change(|asked| match &mut asked.request.lock {
            Some(FieldLock::Include(names) | FieldLock::Exclude(names)) => {
                names.push(name);
                Ok(())
            }
            Some(FieldLock::All) | None => Err(Error::new(ErrorKind::WrongOrder).context("the lock names no fields")),
        })
    })
}
