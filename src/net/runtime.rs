//! The room `net`: the one private runtime. Started at the first use of the network, never at load.
//!
//! Multi-thread with one worker, because a current-thread runtime moves only while somebody waits in it. Not usable in a child
//! after `fork`.

use crate::cancel::CancelToken;
use crate::error::{Error, ErrorKind, Result};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Handle, Runtime};

static RUNTIME: Mutex<Option<Runtime>> = Mutex::new(None);
/// How often a waiting call looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(20);

fn handle() -> Result<Handle> {
    let mut runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(runtime) = &*runtime {
        return Ok(runtime.handle().clone());
    }
    let started = Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(4)
        .thread_name("thrivosign-net")
        .enable_all()
        .build()
        .map_err(|cause| Error::new(ErrorKind::Internal).context("the network thread could not be started").caused_by(cause))?;
    let handle = started.handle().clone();
    *runtime = Some(started);
    Ok(handle)
}

/// Ends the network thread and with it every call in flight; the next call starts a new one. For tests and for hosts that
/// unload the library.
pub fn shutdown() {
    let runtime = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(runtime) = runtime {
        runtime.shutdown_background();
    }
}

/// Waits for the future on the caller's own thread.
///
/// # Errors
/// [`ErrorKind::Reentrant`] if the caller's thread is inside a runtime, such as a callback of this library's own call;
/// [`ErrorKind::Cancelled`] and [`ErrorKind::TimedOut`] within about 20 ms.
pub(super) fn block_on<T>(future: impl Future<Output = Result<T>>, cancel: &CancelToken, deadline: Instant) -> Result<T> {
    if Handle::try_current().is_ok() {
        return Err(Error::new(ErrorKind::Reentrant));
    }
    cancel.check()?;
    handle()?.block_on(async {
        let mut future = pin!(future);
        let mut look = tokio::time::interval(LOOK);
        poll_fn(|context| {
            if let Poll::Ready(done) = future.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            while look.poll_tick(context).is_ready() {
                if cancel.is_cancelled() {
                    return Poll::Ready(Err(Error::new(ErrorKind::Cancelled)));
                }
                if Instant::now() >= deadline {
                    return Poll::Ready(Err(Error::new(ErrorKind::TimedOut)));
                }
            }
            Poll::Pending
        })
        .await
    })
}
