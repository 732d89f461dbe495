//! The room `net`: the one private runtime. Started at the first use of the network, never at load.
//!
//! Multi-thread with one worker, because a current-thread runtime moves only while somebody waits in it. Not usable in a child
//! after `fork`.

use crate::cancel::CancelToken;
use crate::error::{Error, ErrorKind, Result};
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Handle, Runtime};

static NETWORK: Mutex<Option<Arc<Network>>> = Mutex::new(None);
/// How often a waiting call looks whether it was cancelled.
const LOOK: Duration = Duration::from_millis(20);

/// The runtime. Each call in flight holds it too, so that it is never taken from under a call: tokio's timers would panic.
struct Network {
    runtime: Option<Runtime>,
    stopping: AtomicBool,
}

impl Drop for Network {
    fn drop(&mut self) {
        // Does not wait for a name lookup that hangs.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Writing to a connection that the other side closed raises SIGPIPE, which ends a process that did not expect it, such as a host that is
/// written in C. All that is written to the network is written by the network's threads, and to them it is never delivered; the write
/// itself fails as it should. The host's own handling of the signal is left alone.
fn keep_broken_pipes_quiet() {
    #[cfg(unix)]
    {
        use nix::sys::signal::{SigSet, Signal};
        let mut quiet = SigSet::empty();
        quiet.add(Signal::SIGPIPE);
        // Cannot fail with a valid set; if it did, the thread would be as any other.
        let _ = quiet.thread_block();
    }
}

fn network() -> Result<Arc<Network>> {
    let mut network = NETWORK.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(network) = &*network {
        return Ok(network.clone());
    }
    let started = Builder::new_multi_thread()
        .worker_threads(1)
        .max_blocking_threads(4)
        .thread_name("thrivosign-net")
        .on_thread_start(keep_broken_pipes_quiet)
        .enable_all()
        .build()
        .map_err(|cause| Error::new(ErrorKind::Internal).context("the network thread could not be started").caused_by(cause))?;
    let started = Arc::new(Network { runtime: Some(started), stopping: AtomicBool::new(false) });
    *network = Some(started.clone());
    Ok(started)
}

/// Ends every call in flight with [`ErrorKind::Cancelled`], and the network thread with the last of them; the next call starts
/// a new one. For tests and for hosts that unload the library.
pub fn shutdown() {
    let network = NETWORK.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(network) = network {
        network.stopping.store(true, Ordering::SeqCst);
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
    // On a busy machine the answer could be there before the first look at the clock; nothing is sent when the time is over.
    if Instant::now() >= deadline {
        return Err(Error::new(ErrorKind::TimedOut));
    }
    let network = network()?;
    let Some(runtime) = &network.runtime else {
        return Err(Error::new(ErrorKind::Internal));
    };
    runtime.block_on(async {
        let mut future = pin!(future);
        let mut look = tokio::time::interval(LOOK);
        poll_fn(|context| {
            if let Poll::Ready(done) = future.as_mut().poll(context) {
                return Poll::Ready(done);
            }
            while look.poll_tick(context).is_ready() {
                if cancel.is_cancelled() || network.stopping.load(Ordering::SeqCst) {
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
