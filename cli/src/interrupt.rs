//! Ctrl-C: the first one cancels, so that nothing is left half done; the second one ends the process.

use thrivosign::CancelToken;

/// A token that Ctrl-C (or a request to terminate) cancels from now on. Called after secrets were asked for: a prompt simply ends.
pub(crate) fn token() -> CancelToken {
    let token = CancelToken::new();
    let cancelled = token.clone();
    let spawned = std::thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        runtime.block_on(async {
            while wait().await {
                if cancelled.is_cancelled() {
                    std::process::exit(130);
                }
                cancelled.cancel();
            }
        });
    });
    // Without the thread Ctrl-C ends the process as it always does.
    drop(spawned);
    token
}

#[cfg(unix)]
async fn wait() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else { return false };
    tokio::select! {
        _ = interrupt.recv() => true,
        _ = terminate.recv() => true,
    }
}

#[cfg(not(unix))]
async fn wait() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}
