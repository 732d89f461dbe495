//! The trust services as the server itself asks them: by the addresses that its certificates name, without going over the network. Takes a fetch, gives
//! what the listener would answer.

use super::Trust;
use crate::ca::path;
use thrivosign::remote::fetch::{Fetch, Fetcher};
use thrivosign::{Error, ErrorKind, Result};

impl Trust {
    /// The address of its time-stamping authority.
    pub(crate) fn tsa(&self) -> String {
        self.authority.services().at(path::TSA)
    }
}

/// Knows its own addresses and no other.
impl Fetcher for Trust {
    fn fetch(&self, fetch: &Fetch<'_>) -> Result<Vec<u8>> {
        fetch.cancel.check()?;
        let elsewhere = || Error::new(ErrorKind::InvalidArgument).context("an address of somebody else");
        let place = fetch.url.strip_prefix(&self.authority.services().base).ok_or_else(elsewhere)?;
        let failed = |cause| Error::new(ErrorKind::BadAnswer).caused_by(cause);
        match (place, fetch.body) {
            (path::TSA, Some((_, query))) => Ok(self.stamp(query)),
            (path::OCSP, Some((_, query))) => Ok(self.ocsp(query).der),
            (path::ROOT_CRL, None) => Ok(self.root_list().map_err(failed)?.der),
            (path::ISSUING_CRL, None) => Ok(self.issuing_list(false).map_err(failed)?.der),
            (path::DELTA_CRL, None) => Ok(self.issuing_list(true).map_err(failed)?.der),
            (path::ISSUING, None) => Ok(self.authorities()[0].to_vec()),
            (path::ROOT, None) => Ok(self.authorities()[1].to_vec()),
            _ => Err(elsewhere()),
        }
    }
}
