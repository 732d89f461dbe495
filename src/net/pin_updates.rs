//! The room `net`: pins that a signed document replaces. Takes what the app was built with, the keys that sign documents and the last one of them;
//! gives the pins in force, and takes up a newer document. An old one, or one of another host, changes nothing.

use super::options::Options;
use super::pins::{PinEvent, PinObserver, PinSet};
use crate::crypto::PublicKey;
use crate::error::{Error, ErrorKind, Result};
use crate::host;
use crate::remote::pin_document::PinDocument;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long nobody asks again by himself after an update that brought nothing: a mismatch may come with every call.
const PAUSE: Duration = Duration::from_secs(60);

/// The pins of a transport that has keys for updates.
pub(super) struct UpdatedPins {
    keys: Vec<PublicKey>,
    host: String,
    observer: Option<PinObserver>,
    state: Mutex<State>,
}

struct State {
    pins: PinSet,
    document: Option<String>,
    quiet_since: Option<Instant>,
}

impl UpdatedPins {
    /// With the pins of the kept document if it is newer than those that the app was built with; `None` without keys for updates.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigMalformed`] for keys without pins to begin with, or an empty list of keys.
    pub(super) fn new(options: &Options, host: &str) -> Result<Option<UpdatedPins>> {
        let Some(updates) = &options.pin_updates else { return Ok(None) };
        let wrong = |what: &'static str| Err(Error::new(ErrorKind::ConfigMalformed).context(what));
        let Some(built_in) = &options.pins else { return wrong("updates of pins need pins to begin with") };
        if updates.keys.is_empty() {
            return wrong("updates of pins need a key that signs them");
        }
        let state = State { pins: built_in.clone(), document: None, quiet_since: None };
        let made = UpdatedPins {
            keys: updates.keys.clone(),
            host: host.to_ascii_lowercase(),
            observer: options.pin_observer.clone(),
            state: Mutex::new(state),
        };
        if let Some(kept) = &updates.kept {
            made.restore(kept, built_in);
        }
        Ok(Some(made))
    }

    /// A kept document that cannot be read leaves the app with what it was built with, and able to ask for a new one.
    fn restore(&self, kept: &str, built_in: &PinSet) {
        match self.read(kept) {
            Ok(document) if document.serial > built_in.serial() => {
                let mut state = self.state();
                state.pins = built_in.replaced_by(&document);
                state.document = Some(kept.to_owned());
            }
            // The app itself is newer.
            Ok(_) => {}
            Err(_) => self.tell(PinEvent::UpdateRefused),
        }
    }

    /// The pins in force.
    pub(super) fn now(&self) -> PinSet {
        self.state().pins.clone()
    }

    /// The serial of the pins in force.
    pub(super) fn serial(&self) -> u64 {
        self.state().pins.serial()
    }

    /// The document that they came from.
    pub(super) fn document(&self) -> Option<String> {
        self.state().document.clone()
    }

    /// Whether they are past their date, so that nothing is enforced until others come.
    pub(super) fn are_over(&self) -> bool {
        self.state().pins.are_over(host::clock::now())
    }

    /// Whether it is time to ask by oneself; from then on it is not, for a while.
    pub(super) fn may_try(&self) -> bool {
        let mut state = self.state();
        let may = state.quiet_since.is_none_or(|since| since.elapsed() >= PAUSE);
        if may {
            state.quiet_since = Some(Instant::now());
        }
        may
    }

    /// Takes up what the service published; `apply` makes its pins those of all further connections. True if they are newer than those before.
    ///
    /// # Errors
    /// [`ErrorKind::PinUpdateRefused`]; what `apply` says, and then nothing has changed.
    pub(super) fn take_up(&self, text: &str, apply: impl FnOnce(PinSet) -> Result<()>) -> Result<bool> {
        let taken = self.replace(text, apply);
        match &taken {
            Ok(true) => self.tell(PinEvent::Updated { serial: self.serial() }),
            Ok(false) => {}
            Err(_) => self.tell(PinEvent::UpdateRefused),
        }
        taken
    }

    fn replace(&self, text: &str, apply: impl FnOnce(PinSet) -> Result<()>) -> Result<bool> {
        let document = self.read(text)?;
        if document.expires < host::clock::now() {
            return Err(refused("its time is over"));
        }
        // Held while the connections are replaced: two documents that come at once must not leave the older one in force.
        let mut state = self.state();
        if state.pins.are_of(&document) {
            return Ok(false);
        }
        if document.serial <= state.pins.serial() {
            return Err(refused("it is older than the pins in force, or another one of their serial"));
        }
        let pins = state.pins.replaced_by(&document);
        apply(pins.clone())?;
        *state = State { pins, document: Some(text.to_owned()), quiet_since: None };
        Ok(true)
    }

    fn read(&self, text: &str) -> Result<PinDocument> {
        let document = PinDocument::read(text, &self.keys)?;
        if document.host == self.host { Ok(document) } else { Err(refused("it is for another host")) }
    }

    /// Never under the lock.
    fn tell(&self, event: PinEvent) {
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whole after each assignment.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn refused(what: &'static str) -> Error {
    Error::new(ErrorKind::PinUpdateRefused).context(what)
}
