//! The C border: HTTP of the host's own, behind a callback, in place of the library's. Takes what the host answers, believes no number of it, and
//! gives the core's trait.

use crate::caller::Caller;
use crate::client::thrivosign_client;
use crate::environment::thrivosign_environment;
use crate::error::thrivosign_error;
use crate::guard::{NO_SELF, guard};
use crate::http_exchange::{Lent, thrivosign_http_exchange};
use crate::table::{Table, answered};
use std::ffi::c_void;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use thrivosign::journey::host_http::{Exchange, HttpClient};
use thrivosign::remote::http::Response;
use thrivosign::{Error, ErrorKind, Result};

/// HTTP of the host's own. The connection is the host's: it checks the service's certificate and name, heeds pins and proxies, follows no redirect
/// (that would carry the token to wherever it points), keeps no cookies and caches nothing. `send` answers 0 once it has set a status, whichever it
/// is, or a code of `thrivosign_error_kind` if no answer came: 601, 602, 607 or 609, by which the library decides whether it calls again; any other
/// number counts as 609.
///
/// Ownership: the library has `context` from the call that takes the struct until it calls `destroy`; the exchange stays the library's.
/// Lifetime: the struct is copied; the exchange is good until the callback returns.
/// Threads: `send` is called on the thread of whichever call needs it, on several at once if the client is used so, and never under a lock.
/// NULL: `destroy` may be NULL; `send` may not.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_http_callbacks {
    /// `sizeof(thrivosign_http_callbacks)`.
    pub struct_size: usize,
    /// Called once, when `context` is no longer needed.
    pub destroy: Option<extern "C" fn(context: *mut c_void)>,
    /// Handed to every callback.
    pub context: *mut c_void,
    /// Sends the request once and puts the answer into `exchange`; blocks until then, and no longer than the exchange has time.
    pub send: Option<extern "C" fn(context: *mut c_void, exchange: *mut thrivosign_http_exchange) -> i32>,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and no callback.
unsafe impl Table for thrivosign_http_callbacks {
    const OPTIONAL: &'static [usize] = &[];
}

/// The host behind its callback.
struct HostHttp {
    table: thrivosign_http_callbacks,
    /// Whether `context` is still to be destroyed by us.
    ours: AtomicBool,
}

// SAFETY: the header asks for a callback that bears being called on any thread and on several; `context` goes nowhere but back to it.
unsafe impl Send for HostHttp {}
// SAFETY: as above.
unsafe impl Sync for HostHttp {}

impl Drop for HostHttp {
    fn drop(&mut self) {
        if let (Some(destroy), true) = (self.table.destroy, self.ours.load(Ordering::Relaxed)) {
            destroy(self.table.context);
        }
    }
}

impl HttpClient for HostHttp {
    fn send(&self, exchange: &Arc<Exchange>) -> Result<Response> {
        let send = self.table.send.ok_or_else(|| Error::new(ErrorKind::NullArgument))?;
        let lent = Lent::new(exchange.clone());
        answered(send(self.table.context, lent.handle()), ErrorKind::ConnectionCut)?;
        lent.answer()
    }
}

/// After the call `out` is a client that is not logged in, whose calls are carried by the host's own HTTP. Nothing is sent yet. What the environment
/// says of roots, pins, proxy and client certificate nobody would heed, so it must say nothing (code 109).
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_client_free`. On success `context` is the library's until it calls `destroy`; after
/// an error it is still the caller's. The struct is copied.
/// Lifetime: `destroy` is called once, when the client is gone. Outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_client_new_over(
    environment: *const thrivosign_environment,
    callbacks: *const thrivosign_http_callbacks,
    out: *mut *mut thrivosign_client,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let environment = caller.handle(environment)?;
        let table = caller.table(callbacks)?;
        let out = caller.out(out)?;
        if table.send.is_none() {
            return Err(Error::new(ErrorKind::NullArgument).context("a required callback"));
        }
        let host = Arc::new(HostHttp { table, ours: AtomicBool::new(false) });
        let session = environment.session_over(host.clone())?;
        host.ours.store(true, Ordering::Relaxed);
        out.give(session)
    })
}
