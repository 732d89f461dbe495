//! A build without `net`: it connects to nobody, and says so. The same functions as `connection`.

use crate::environment::Environment;
use crate::extend::Reach;
use std::sync::Arc;
use thrivosign::journey::Transport;
use thrivosign::remote::fetch::Fetcher;
use thrivosign::{Error, ErrorKind, Result};

fn missing<T>() -> Result<T> {
    Err(Error::new(ErrorKind::FeatureMissing).context("a build without a network of its own"))
}

pub(crate) fn transport(_: &Environment) -> Result<Arc<dyn Transport>> {
    missing()
}

pub(crate) fn fetcher(reach: Reach) -> Result<Option<Arc<dyn Fetcher>>> {
    if matches!(reach, Reach::Off) { Ok(None) } else { missing() }
}

pub(crate) const fn shutdown() {}
