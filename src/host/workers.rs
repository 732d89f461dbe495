//! The host room: the same work on several threads. Takes a number and the work, gives back when the last has ended.

use std::num::NonZeroUsize;

/// How many threads the machine runs at once; 1 if it does not say.
#[must_use]
pub fn available() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// Runs `work` on that many threads, the caller's own among them, and returns when all have ended. A thread that the system refuses is
/// left out: the others do its share. A panic of one is passed on.
pub fn run(threads: NonZeroUsize, work: &(dyn Fn() + Sync)) {
    std::thread::scope(|scope| {
        for _ in 1..threads.get() {
            // No handle is kept: the scope waits, and passes a panic on.
            let _ = std::thread::Builder::new().name("thrivosign".to_owned()).spawn_scoped(scope, work);
        }
        work();
    });
}
