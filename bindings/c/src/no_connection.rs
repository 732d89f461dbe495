//! The C border: a build without `net`: it connects to nobody, and says so. The same functions as `connection`.

use crate::extension::thrivosign_reach;
use crate::pin_observer::thrivosign_pin_callbacks;
use std::sync::Arc;
use thrivosign::crypto::PublicKey;
use thrivosign::journey::Transport;
use thrivosign::remote::client_certificate::ClientCertificate;
use thrivosign::remote::fetch::Fetcher;
use thrivosign::remote::secret::Secret;
use thrivosign::{Error, ErrorKind, Result, Time};

fn missing<T>() -> Result<T> {
    Err(Error::new(ErrorKind::FeatureMissing).context("a build without a network of its own"))
}

/// No observer was set before.
pub(crate) struct Nobody;

/// Nothing can be set.
#[derive(Default)]
pub(crate) struct Connection;

#[expect(clippy::unused_self, reason = "the functions are those of a build with `net`")]
impl Connection {
    pub(crate) const fn is_chosen(&self) -> bool {
        false
    }

    pub(crate) fn set_roots(&mut self, _: &[u8]) -> Result<()> {
        missing()
    }

    pub(crate) fn set_bundled_roots(&mut self) -> Result<()> {
        missing()
    }

    pub(crate) fn set_proxy(&mut self, _: &str, _: Option<(String, Secret)>) -> Result<()> {
        missing()
    }

    pub(crate) fn add_pin(&mut self, _: &str) -> Result<()> {
        missing()
    }

    pub(crate) fn set_pins_not_after(&mut self, _: Time) -> Result<()> {
        missing()
    }

    pub(crate) fn set_pins_report_only(&mut self, _: bool) -> Result<()> {
        missing()
    }

    pub(crate) fn add_pin_update_key(&mut self, _: PublicKey) -> Result<()> {
        missing()
    }

    pub(crate) fn set_pin_document(&mut self, _: &str) -> Result<()> {
        missing()
    }

    pub(crate) fn set_pin_observer(&mut self, _: thrivosign_pin_callbacks) -> Result<Option<Nobody>> {
        missing()
    }

    pub(crate) fn set_client_certificate(&mut self, _: ClientCertificate) -> Result<()> {
        missing()
    }

    pub(crate) fn transport(&self, _: &str, _: bool) -> Result<Arc<dyn Transport>> {
        missing()
    }
}

pub(crate) fn fetcher(reach: &thrivosign_reach) -> Result<Option<Arc<dyn Fetcher>>> {
    if matches!(reach, thrivosign_reach::Off) { Ok(None) } else { missing() }
}

pub(crate) const fn shutdown() {}
