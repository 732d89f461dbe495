//! A time-stamping authority (RFC 3161) that openssl plays, without a network between. Takes the folder of `levels.py` and one to work in; answers what is
//! asked at any address that ends with `/tsa`, and knows no other.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use thrivosign::remote::fetch::{Fetch, Fetcher};
use thrivosign::{Error, ErrorKind, Result};

pub(crate) const TSA: &str = "http://pki.example/tsa";

pub(crate) struct Clock(PathBuf);

impl Clock {
    pub(crate) fn new(pki: &Path, work: &Path) -> std::io::Result<Clock> {
        let config = format!(
            "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_cert = {pki}/tsa.pem\nsigner_key = {pki}/tsa.key.pem\ncerts = {pki}/authority.pem\n\
             signer_digest = sha256\ndefault_policy = 1.2.3.4\ndigests = sha256\naccuracy = secs:1\ness_cert_id_alg = sha256\n",
            pki = pki.display()
        );
        fs::write(work.join("config"), config)?;
        fs::write(work.join("serial"), "01\n")?;
        Ok(Clock(work.to_owned()))
    }
}

impl Fetcher for Clock {
    fn fetch(&self, fetch: &Fetch<'_>) -> Result<Vec<u8>> {
        let failed = |_| Error::new(ErrorKind::ConnectFailed);
        let Some((_, query)) = fetch.body.filter(|_| fetch.url.ends_with("/tsa")) else { return Err(Error::new(ErrorKind::ConnectFailed)) };
        fs::write(self.0.join("query"), query).map_err(failed)?;
        let arguments = ["ts", "-reply", "-config", "config", "-queryfile", "query", "-out", "answer"];
        let done = Command::new("openssl").current_dir(&self.0).args(arguments).output().map_err(failed)?;
        if done.status.success() { fs::read(self.0.join("answer")).map_err(failed) } else { Err(Error::new(ErrorKind::ConnectFailed)) }
    }
}
