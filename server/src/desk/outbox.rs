//! The demo's SMS and e-mail outbox: takes messages, gives the latest; kept in memory, and if the operator wants it, codes in a file that
//! scripts read.

use crate::failure::Failure;
use std::collections::VecDeque;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use thrivosign::Time;
use zeroize::Zeroizing;

const KEPT: usize = 100;

/// A message that a gateway would have sent.
pub(crate) struct Message {
    /// When.
    pub(crate) at: Time,
    /// `sms` or `email`.
    pub(crate) channel: &'static str,
    /// The number or address.
    pub(crate) to: String,
    /// What it is for, in words.
    pub(crate) purpose: &'static str,
    /// The one-time code.
    pub(crate) code: Zeroizing<String>,
}

/// The last messages.
#[derive(Default)]
pub struct Outbox {
    messages: Mutex<VecDeque<Message>>,
    file: Option<File>,
}

impl Outbox {
    /// An outbox that also appends each code as a line to that file, which nobody else may read.
    ///
    /// # Errors
    /// [`Failure`] if the file cannot be opened.
    pub(crate) fn with_file(path: &Path) -> Result<Outbox, Failure> {
        let mut options = OpenOptions::new();
        options.append(true).create(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(Failure::at("cannot open the file for one-time codes"))?;
        Ok(Outbox { messages: Mutex::default(), file: Some(file) })
    }

    /// After the call the message is in the outbox and in its file: whoever waits for the call's answer finds the code there.
    pub(crate) fn send(&self, message: Message) {
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(mut file) = self.file.as_ref()
            && let Err(error) = file.write_all(Zeroizing::new(format!("{}\n", *message.code)).as_bytes())
        {
            tracing::warn!(%error, "a one-time code could not be written to the outbox's file");
        }
        if messages.len() >= KEPT {
            messages.pop_front();
        }
        messages.push_back(message);
    }

    /// The code of the newest message to that number or address.
    #[must_use]
    pub fn latest_code(&self, to: &str) -> Option<Zeroizing<String>> {
        let messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.iter().rev().find(|message| message.to == to).map(|message| message.code.clone())
    }

    /// How many messages are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether there is no message.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Goes through the messages, newest first.
    pub(crate) fn each(&self, mut see: impl FnMut(&Message)) {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner).iter().rev().for_each(&mut see);
    }
}
