//! The host room: where log events go. Takes typed events, gives them to the host's one sink; keeps and writes nothing itself.

use crate::log::{Event, Level};
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

/// Told of each event, on the thread where it happens, never under a lock; must not block.
pub type Sink = Arc<dyn Fn(&Event) + Send + Sync>;

static SINK: RwLock<Option<Sink>> = RwLock::new(None);
/// The least telling level wanted; 0 while nobody listens, so that a silent library pays one load for each event.
static WANTED: AtomicU8 = AtomicU8::new(0);

/// After the call events up to `level` go to `sink`, and no longer to the one before; `None` switches the log off. One for the whole process. An
/// event that is being told meanwhile may still reach the old sink.
pub fn set(level: Level, sink: Option<Sink>) {
    let wanted = if sink.is_some() { level as u8 } else { 0 };
    let mut place = SINK.write().unwrap_or_else(PoisonError::into_inner);
    let before = std::mem::replace(&mut *place, sink);
    WANTED.store(wanted, Ordering::SeqCst);
    drop(place);
    // Whatever the old sink does when it goes, it does outside the lock.
    drop(before);
}

/// Tells the sink, if it wants events of that level.
pub(crate) fn tell(level: Level, event: impl FnOnce() -> Event) {
    if level as u8 > WANTED.load(Ordering::Relaxed) {
        return;
    }
    let sink = SINK.read().unwrap_or_else(PoisonError::into_inner).clone();
    if let Some(sink) = sink {
        sink(&event());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;

    #[test]
    fn a_sink_is_told_what_it_wants_and_may_set_another() {
        let told: Arc<Mutex<Vec<&'static str>>> = Arc::default();
        let sink = told.clone();
        set(
            Level::Info,
            Some(Arc::new(move |event| {
                // Tests of other rooms run beside this one.
                if event.name.starts_with("log-test") {
                    sink.lock().unwrap().push(event.name);
                }
                if event.name == "log-test-last" {
                    set(Level::Debug, None);
                }
            })),
        );
        for (level, name) in
            [(Level::Error, "log-test-1"), (Level::Debug, "log-test-2"), (Level::Info, "log-test-last"), (Level::Error, "log-test-4")]
        {
            tell(level, || Event::new(level, name));
        }
        assert_eq!(*told.lock().unwrap(), ["log-test-1", "log-test-last"]);
    }
}
