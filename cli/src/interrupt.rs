//! Ctrl-C: the first one cancels, so that nothing is left half done; the second one ends the process.

use std::sync::mpsc;
use thrivosign::CancelToken;

/// A token that Ctrl-C (or a request to terminate) cancels from now on. Called after secrets were asked for: a prompt simply ends.
pub(crate) fn token() -> CancelToken {
    let token = CancelToken::new();
    let cancelled = token.clone();
    let (ready, listening) = mpsc::channel();
    let spawned = std::thread::Builder::new().name("interrupt".to_owned()).spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_io().build() else { return };
        runtime.block_on(listen(&ready, || {
            if cancelled.is_cancelled() {
                std::process::exit(130);
            }
            cancelled.cancel();
        }));
    });
    // A signal before the thread listens would end the process at once, and leave what it had begun to write. Without the thread
    // Ctrl-C ends the process as it always does: the other end of the channel is gone then.
    drop(spawned);
    let _ = listening.recv();
    token
}

#[cfg(unix)]
async fn listen(ready: &mpsc::Sender<()>, mut each: impl FnMut()) {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut interrupt), Ok(mut terminate)) = (signal(SignalKind::interrupt()), signal(SignalKind::terminate())) else { return };
    let _ = ready.send(());
    loop {
        tokio::select! {
            _ = interrupt.recv() => each(),
            _ = terminate.recv() => each(),
        }
    }
}

#[cfg(windows)]
async fn listen(ready: &mpsc::Sender<()>, mut each: impl FnMut()) {
    let Ok(mut interrupt) = tokio::signal::windows::ctrl_c() else { return };
    let _ = ready.send(());
    while interrupt.recv().await.is_some() {
        each();
    }
}
