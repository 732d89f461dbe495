//! The C border: the guard that stands in every function. Takes the body of a function, gives its error to the C side. A panic ends here: it
//! becomes an error and poisons the object that the function was called on; the library stays usable.

use crate::error::thrivosign_error;
use crate::token::{self, Noun};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use thrivosign::{Error, ErrorKind, Result};

/// For functions that are not called on an object.
pub(crate) const NO_SELF: *const thrivosign_error = ptr::null();

/// Deepest nesting of calls from within callbacks. A callback that calls what called it must not end in a stack overflow.
const MAX_DEPTH: u32 = 4;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// One call deeper; one less deep when dropped. A thread that is ending has no depth any more, and counts none.
struct Deeper;

impl Deeper {
    fn enter() -> Result<Deeper> {
        let depth = DEPTH.try_with(|depth| depth.replace(depth.get().saturating_add(1))).unwrap_or(0);
        let entered = Deeper;
        if depth >= MAX_DEPTH { Err(Error::new(ErrorKind::Reentrant)) } else { Ok(entered) }
    }
}

impl Drop for Deeper {
    fn drop(&mut self) {
        let _ = DEPTH.try_with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}

/// How deep in callbacks a thread is, for work that goes on on others.
#[derive(Clone, Copy)]
pub(crate) struct Depth(u32);

impl Depth {
    /// That of this thread.
    pub(crate) fn here() -> Depth {
        Depth(DEPTH.try_with(Cell::get).unwrap_or(0))
    }

    /// Calls the host from another thread, which is so deep meanwhile.
    pub(crate) fn within<T>(self, call: impl FnOnce() -> T) -> T {
        let before = DEPTH.try_with(|depth| depth.replace(self.0)).unwrap_or(0);
        let outcome = call();
        let _ = DEPTH.try_with(|depth| depth.set(before));
        outcome
    }
}

/// Runs the body of a function. NULL if it went well, otherwise an error that the C side owns.
pub(crate) fn guard<N: Noun, F: FnOnce() -> Result<()>>(this: *const N, body: F) -> *mut thrivosign_error {
    let outcome = caught(
        this,
        || {
            let _deeper = Deeper::enter()?;
            body()
        },
        std::any::type_name::<F>(),
    );
    match outcome {
        Ok(Ok(())) => ptr::null_mut(),
        Ok(Err(error)) => thrivosign_error::hand_out(error),
        Err(Panicked) => thrivosign_error::hand_out(Error::new(ErrorKind::Panicked)),
    }
}

/// Runs the body of a function that gives no error; `otherwise` is what it gives after a panic.
pub(crate) fn guard_or<N: Noun, T, F: FnOnce() -> T>(this: *const N, otherwise: T, body: F) -> T {
    caught(this, body, std::any::type_name::<F>()).unwrap_or(otherwise)
}

struct Panicked;

/// `_name` is the type name of the closure that is the body, which names the function.
fn caught<N: Noun, T>(this: *const N, body: impl FnOnce() -> T, _name: &'static str) -> Result<T, Panicked> {
    // What a panic leaves half done is the object's, and nobody sees it again: it is poisoned below.
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        #[cfg(feature = "inject")]
        crate::inject::trip(_name);
        body()
    }));
    outcome.map_err(|payload| {
        // Dropping what was thrown could throw again.
        std::mem::forget(payload);
        token::poison(this);
        Panicked
    })
}
