//! What the server does by itself, once a second until it ends: packages whose time has run out are ended. One round is done before the next begins.

use crate::api::{Service, end_due_packages};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long between rounds.
const PAUSE: Duration = Duration::from_secs(1);

/// Makes rounds until the server ends.
pub(crate) async fn rounds(service: Arc<Service>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        let on = Arc::clone(&service);
        match tokio::task::spawn_blocking(move || end_due_packages(&on)).await {
            Ok(Ok(())) => {}
            Ok(Err(failure)) => tracing::error!(%failure, "a round failed"),
            Err(_) => tracing::error!("a round panicked"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }
}
