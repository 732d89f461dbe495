//! Calls that wait for the network or a person: each on a thread of its own, out of a small set that is kept for a while. Takes blocking work,
//! gives a future that any executor may poll. A key store that never comes back keeps its own thread and nobody else.
//!
//! Plain threads and no runtime: the core refuses to be called from inside one, and a key store may call the library again.

use crate::call::Call;
use crate::cancel::CallOptions;
use crate::error::{Result, ThrivoSignError};
use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;
use thrivosign::{Error, ErrorKind};

/// Most threads; further calls wait for one.
const MOST: usize = 256;
/// How long a thread without work is kept.
const IDLE: Duration = Duration::from_secs(10);

type Job = Box<dyn FnOnce() + Send>;

#[derive(Default)]
struct Crew {
    jobs: VecDeque<Job>,
    threads: usize,
    idle: usize,
    /// Counts the times that idle threads were sent home.
    shift: u64,
}

static CREW: Mutex<Crew> = Mutex::new(Crew { jobs: VecDeque::new(), threads: 0, idle: 0, shift: 0 });
static WORK: Condvar = Condvar::new();

fn crew() -> MutexGuard<'static, Crew> {
    CREW.lock().unwrap_or_else(PoisonError::into_inner)
}

/// After the call threads without work end.
pub(crate) fn send_home() {
    let mut crew = crew();
    crew.shift = crew.shift.wrapping_add(1);
    drop(crew);
    WORK.notify_all();
}

/// Has the job done by a thread that has nothing to do, or a new one.
fn hand_out(job: Job) -> Result<(), Error> {
    let mut crew = crew();
    crew.jobs.push_back(job);
    if crew.idle >= crew.jobs.len() || crew.threads >= MOST {
        drop(crew);
        WORK.notify_one();
        return Ok(());
    }
    crew.threads = crew.threads.saturating_add(1);
    drop(crew);
    if let Err(cause) = std::thread::Builder::new().name("thrivosign-call".to_owned()).spawn(work) {
        let mut crew = self::crew();
        crew.threads = crew.threads.saturating_sub(1);
        if crew.threads == 0 {
            crew.jobs.pop_back();
            return Err(Error::new(ErrorKind::Internal).context("no thread could be started").caused_by(cause));
        }
        // Another thread takes it when it has time.
    }
    Ok(())
}

/// What a thread does.
fn work() {
    let mut crew = crew();
    loop {
        if let Some(job) = crew.jobs.pop_front() {
            drop(crew);
            job();
            crew = self::crew();
            continue;
        }
        let shift = crew.shift;
        crew.idle = crew.idle.saturating_add(1);
        let (woken, waited) = WORK.wait_timeout(crew, IDLE).unwrap_or_else(PoisonError::into_inner);
        crew = woken;
        crew.idle = crew.idle.saturating_sub(1);
        if crew.jobs.is_empty() && (waited.timed_out() || crew.shift != shift) {
            crew.threads = crew.threads.saturating_sub(1);
            return;
        }
    }
}

/// How the work ended, and who waits for that.
struct Outcome<T> {
    result: Option<Result<T>>,
    waker: Option<Waker>,
}

/// Ends the call when nobody waits for it any more.
struct Wait<T> {
    call: Arc<Call>,
    outcome: Arc<Mutex<Outcome<T>>>,
}

impl<T> Drop for Wait<T> {
    fn drop(&mut self) {
        self.call.cancel();
    }
}

/// Runs the work on another thread and waits for it. Dropping the future cancels the call.
///
/// # Errors
/// What the work says; `Cancelled`, promptly, even if code of the app's that the work called does not come back; as [`Call::begin`].
pub(crate) async fn wait<T: Send + 'static>(
    options: Option<CallOptions>,
    work: impl FnOnce(&Arc<Call>) -> Result<T, Error> + Send + 'static,
) -> Result<T> {
    let call = Call::begin(options)?;
    let wait = Wait { call: call.clone(), outcome: Arc::new(Mutex::new(Outcome { result: None, waker: None })) };
    let outcome = wait.outcome.clone();
    // Until a thread takes it, the call can be given up as if it were in the app's own code.
    let queued = call.leave()?;
    hand_out(Box::new(move || {
        drop(queued);
        let result = call.run(|call| work(call).map_err(ThrivoSignError::from));
        let mut outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner);
        outcome.result = Some(result);
        let waker = outcome.waker.take();
        drop(outcome);
        if let Some(waker) = waker {
            waker.wake();
        }
    }))?;
    poll_fn(|context| {
        let mut outcome = wait.outcome.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(result) = outcome.result.take() {
            return Poll::Ready(result);
        }
        outcome.waker = Some(context.waker().clone());
        drop(outcome);
        if wait.call.is_lost(context.waker()) { Poll::Ready(Err(ErrorKind::Cancelled.into())) } else { Poll::Pending }
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cancel::CancelToken;
    use std::future::Future;
    use std::sync::mpsc::channel;
    use std::task::{Context, Wake};
    use std::thread::{self, Thread};
    use std::time::Instant;

    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        let mut future = std::pin::pin!(future);
        let waker = Arc::new(Unpark(thread::current())).into();
        loop {
            match future.as_mut().poll(&mut Context::from_waker(&waker)) {
                Poll::Ready(done) => return done,
                Poll::Pending => thread::park(),
            }
        }
    }

    fn options(token: &Arc<CancelToken>) -> Option<CallOptions> {
        Some(CallOptions { cancel: Some(token.clone()), ..CallOptions::default() })
    }

    #[test]
    fn work_that_is_outside_is_given_up_and_brings_nothing_back() {
        let token = CancelToken::new();
        let (release, blocked) = channel::<()>();
        let (tell, told) = channel();
        let begun = Instant::now();
        let canceller = token.clone();
        let cancelling = thread::spawn(move || {
            thread::sleep(Duration::from_millis(100));
            canceller.cancel();
        });
        let outcome = run(wait(options(&token), move |call| {
            let back = call.outside(|| Ok(blocked.recv().is_ok()));
            let again = call.outside(|| Ok(()));
            let _ = tell.send((back.map_err(|e| e.kind()), again.map_err(|e| e.kind())));
            Ok(())
        }));
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Cancelled);
        assert!(begun.elapsed() < Duration::from_secs(5), "it did not wait for the app's code");
        cancelling.join().unwrap();
        release.send(()).unwrap();
        assert_eq!(told.recv().unwrap(), (Err(ErrorKind::Cancelled), Err(ErrorKind::Cancelled)));
    }

    #[test]
    fn work_that_is_inside_is_waited_for() {
        let token = CancelToken::new();
        let canceller = token.clone();
        let outcome = run(wait(options(&token), move |call| {
            canceller.cancel();
            thread::sleep(Duration::from_millis(50));
            assert!(call.limits().cancel.is_cancelled());
            Ok("done")
        }));
        assert_eq!(outcome.unwrap(), "done", "what cannot be taken back is told");
        let after = run(wait(options(&token), |_| Ok(())));
        assert_eq!(after.unwrap_err().kind(), ErrorKind::Cancelled);
    }

    #[test]
    fn a_dropped_future_cancels_its_call_alone() {
        let token = CancelToken::new();
        let (tell, told) = channel();
        {
            let mut future = Box::pin(wait(options(&token), move |call| {
                while !call.limits().cancel.is_cancelled() {
                    thread::sleep(Duration::from_millis(1));
                }
                let _ = tell.send(());
                Ok(())
            }));
            let waker = Arc::new(Unpark(thread::current())).into();
            assert!(future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        told.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(!token.is_cancelled(), "the token is the app's and may end other calls");
    }

    #[test]
    fn a_panic_is_an_error_and_the_thread_goes_on() {
        let panicked = run(wait::<()>(None, |_| panic!("a test's own panic")));
        assert_eq!(panicked.unwrap_err().kind(), ErrorKind::Panicked);
        assert_eq!(run(wait(None, |_| Ok(7))).unwrap(), 7);
    }

    #[test]
    fn more_calls_than_threads_all_end() {
        let outcomes: Vec<_> = (0..MOST + 50)
            .map(|n| {
                thread::spawn(move || {
                    run(wait(None, move |_| {
                        thread::sleep(Duration::from_millis(20));
                        Ok(n)
                    }))
                })
            })
            .collect();
        for (n, outcome) in outcomes.into_iter().enumerate() {
            assert_eq!(outcome.join().unwrap().unwrap(), n);
        }
        assert!(crew().threads <= MOST);
    }
}
