//! The same work on many documents, on all processors, each thread with a pyHanko and a scratch folder of its own.
//!
//! Takes the documents and the work, gives what came of each, in their order.

use crate::corpus::Bench;
use crate::judges::Hanko;
use std::path::Path;
use std::sync::Mutex;

pub(crate) fn each<T: Sync, R: Send>(bench: &Bench, items: &[T], work: impl Fn(&T, &mut Hanko, &Path) -> R + Sync) -> Vec<R> {
    let queue = Mutex::new(items.iter().enumerate());
    let done = Mutex::new(Vec::new());
    let workers = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                let mut hanko = Hanko::start(bench);
                let scratch = tempfile::tempdir().unwrap();
                loop {
                    let Some((place, item)) = queue.lock().unwrap().next() else { break };
                    let result = work(item, &mut hanko, scratch.path());
                    done.lock().unwrap().push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap();
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}
