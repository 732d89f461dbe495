//! Places for work that may block: takes work, gives what came of it, or a refusal at once.
//!
//! What an attacker, or everybody at the end of a month, would try: more calls than the machine can do. Without a bound they would wait for a thread unseen,
//! each longer than the one before it, until all run into their time-outs. So many have a place, at work or waiting for a thread; the next one is told to
//! come back. Who has a place keeps it until the work is done, not until the client has gone.

use crate::api::No;
use crate::failure::Failure;
use std::sync::Arc;
use thrivosign::remote::problem::{Problem, ProblemType};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Seconds after which whoever found no place comes back.
const AGAIN: u64 = 1;

/// The places.
pub(crate) struct Places(Arc<Semaphore>);

impl Places {
    /// So many.
    pub(crate) fn new(count: usize) -> Places {
        Places(Arc::new(Semaphore::new(count)))
    }

    /// Does the work of whoever comes newly, if there is a place.
    pub(super) async fn enter<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T, No> + Send + 'static) -> Result<T, No> {
        match Arc::clone(&self.0).try_acquire_owned() {
            Ok(place) => done(place, work).await,
            Err(_) => Err(Problem { retry_after: Some(AGAIN), ..Problem::new(ProblemType::Unavailable) }.into()),
        }
    }

    /// Does more work for whoever was let in: it waits for its turn, and a body that was sent was not sent in vain.
    pub(super) async fn go_on<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T, No> + Send + 'static) -> Result<T, No> {
        match Arc::clone(&self.0).acquire_owned().await {
            Ok(place) => done(place, work).await,
            Err(_) => Err(Failure::new("the server is ending").into()),
        }
    }
}

async fn done<T: Send + 'static>(place: OwnedSemaphorePermit, work: impl FnOnce() -> Result<T, No> + Send + 'static) -> Result<T, No> {
    let held = move || {
        let _place = place;
        work()
    };
    tokio::task::spawn_blocking(held).await.unwrap_or_else(|_| Err(Failure::new("a call panicked").into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn who_finds_no_place_is_told_so_at_once_and_who_was_let_in_goes_on() {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let places = Arc::new(Places::new(1));
        let (end, ended) = mpsc::channel::<()>();
        let first = {
            let places = Arc::clone(&places);
            runtime.spawn(async move { places.enter(move || Ok(ended.recv().is_ok())).await })
        };
        runtime.block_on(async {
            while places.0.available_permits() > 0 {
                tokio::task::yield_now().await;
            }
            let refused = places.enter(|| Ok(())).await;
            let Err(No::Refused(refusal)) = refused else { panic!("let in") };
            let response = refusal.encode();
            assert_eq!((response.status, response.retry_after()), (503, Some(AGAIN)));
            let later = places.go_on(|| Ok(7));
            end.send(()).unwrap();
            assert!(matches!(later.await, Ok(7)));
            assert!(matches!(first.await.unwrap(), Ok(true)));
            assert!(places.enter(|| Ok(())).await.is_ok());
            // A panic gives its place back.
            assert!(matches!(places.enter(|| -> Result<(), No> { panic!("on purpose") }).await, Err(No::Failed(_))));
            assert!(places.enter(|| Ok(())).await.is_ok());
        });
    }
}
