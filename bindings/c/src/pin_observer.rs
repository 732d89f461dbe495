//! The C border: the host's observer of pins.

use crate::table::Table;
use std::ffi::c_void;
#[cfg(feature = "net")]
use std::sync::Arc;
#[cfg(feature = "net")]
use thrivosign::net::{PinEvent, PinObserver};
#[cfg(feature = "net")]
use thrivosign::{Error, ErrorKind, Result};

/// What there is to tell about pins.
#[repr(C)]
pub enum thrivosign_pin_event {
    /// The service's key is not among the pins, and the connection was refused.
    MismatchRefused = 1,
    /// The service's key is not among the pins; the pins are only reported.
    MismatchReported = 2,
    /// The pins are past their date and no longer enforced.
    Expired = 3,
    /// Newer pins took their place; `thrivosign_client_pin_document` is worth keeping.
    Updated = 4,
    /// A document of pins was refused, fetched or kept; the pins are as they were.
    UpdateRefused = 5,
}

/// The host's observer of pins.
///
/// Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
/// Lifetime: the struct is copied.
/// Threads: `observed` is called on the network thread, never under a lock, and must not block.
/// NULL: `destroy` may be NULL; `observed` may not.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_pin_callbacks {
    /// `sizeof(thrivosign_pin_callbacks)`.
    pub struct_size: usize,
    /// Called once, when `context` is no longer needed.
    pub destroy: Option<extern "C" fn(context: *mut c_void)>,
    /// Handed to every callback.
    pub context: *mut c_void,
    /// Told one of `thrivosign_pin_event`.
    pub observed: Option<extern "C" fn(context: *mut c_void, event: i32)>,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and no callback.
unsafe impl Table for thrivosign_pin_callbacks {
    const OPTIONAL: &'static [usize] = &[];
}

#[cfg(feature = "net")]
struct Observer(thrivosign_pin_callbacks);

#[cfg(feature = "net")]
// SAFETY: the header asks for callbacks that bear being called on any thread; `context` goes nowhere but back to them.
unsafe impl Send for Observer {}
#[cfg(feature = "net")]
// SAFETY: as above.
unsafe impl Sync for Observer {}

#[cfg(feature = "net")]
impl Drop for Observer {
    fn drop(&mut self) {
        if let Some(destroy) = self.0.destroy {
            destroy(self.0.context);
        }
    }
}

#[cfg(feature = "net")]
impl Observer {
    fn tell(&self, event: PinEvent) {
        let number = match event {
            PinEvent::Mismatch { refused: true } => thrivosign_pin_event::MismatchRefused,
            PinEvent::Mismatch { refused: false } => thrivosign_pin_event::MismatchReported,
            PinEvent::Expired => thrivosign_pin_event::Expired,
            PinEvent::Updated { .. } => thrivosign_pin_event::Updated,
            PinEvent::UpdateRefused => thrivosign_pin_event::UpdateRefused,
            _ => return,
        };
        if let Some(observed) = self.0.observed {
            observed(self.0.context, number as i32);
        }
    }
}

#[cfg(feature = "net")]
impl thrivosign_pin_callbacks {
    /// The core's observer; `destroy` is called when it goes.
    ///
    /// # Errors
    /// [`ErrorKind::NullArgument`] without `observed`; `context` is still the host's then.
    pub(crate) fn observer(self) -> Result<PinObserver> {
        if self.observed.is_none() {
            return Err(Error::new(ErrorKind::NullArgument).context("a required callback"));
        }
        let observer = Observer(self);
        Ok(Arc::new(move |event| observer.tell(event)))
    }
}
