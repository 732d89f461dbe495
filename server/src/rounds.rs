//! What the server does by itself until it ends: packages whose time has run out are ended, agreements that were kept long enough are removed, and events are sent to their webhooks. Looks each second, and
//! when something has changed. No call waits for any of it, and no address that keeps its sender waiting holds up more than its own user's events.

use crate::api::{Service, end_due_packages, next_event, remove_due_agreements, send_event};
use crate::failure::Failure;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How long between looks where nothing changes.
const PAUSE: Duration = Duration::from_secs(1);
/// Most events on their way at once: threads that calls would have.
const ON_THEIR_WAY: usize = 4;

/// Goes round until the server ends; an event that is on its way then is tried again by the next one.
pub(crate) async fn rounds(service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    let mut changes = service.hear_changes();
    let mut sending = JoinSet::new();
    while !*stop.borrow() {
        changes.borrow_and_update();
        told(aside(&service, end_due_packages).await);
        told(aside(&service, remove_due_agreements).await);
        while sending.len() < ON_THEIR_WAY {
            let Some(delivery) = told(aside(&service, next_event).await).flatten() else { break };
            let on = Arc::clone(&service);
            sending.spawn_blocking(move || send_event(&on, &delivery));
        }
        tokio::select! {
            _ = changes.changed() => {}
            Some(sent) = sending.join_next() => { told(sent.unwrap_or_else(|_| Err(Failure::new("an event's sending panicked")))); }
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}

async fn aside<T: Send + 'static>(service: &Arc<Service>, work: fn(&Service) -> Result<T, Failure>) -> Result<T, Failure> {
    let on = Arc::clone(service);
    tokio::task::spawn_blocking(move || work(&on)).await.unwrap_or_else(|_| Err(Failure::new("a round panicked")))
}

fn told<T>(outcome: Result<T, Failure>) -> Option<T> {
    outcome.inspect_err(|failure| tracing::error!(%failure, "a round failed")).ok()
}
