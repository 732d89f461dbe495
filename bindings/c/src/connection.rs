//! The C border: how the library itself connects to a service, setting by setting. Its counterpart for a build without `net` is
//! `no_connection`, with the same functions.

use crate::extension::thrivosign_reach;
use crate::pin_observer::thrivosign_pin_callbacks;
use std::sync::Arc;
use thrivosign::crypto::PublicKey;
use thrivosign::journey::Transport;
use thrivosign::net::{self, HttpsTransport, Options, PinObserver, PinSet, PinUpdates, Proxy, Reach, Roots, WebFetcher};
use thrivosign::remote::client_certificate::ClientCertificate;
use thrivosign::remote::fetch::Fetcher;
use thrivosign::remote::secret::Secret;
use thrivosign::{Result, Time};

/// The settings so far.
#[derive(Default)]
pub(crate) struct Connection {
    /// Whether anything was set.
    chosen: bool,
    roots: Roots,
    pins: Vec<String>,
    pins_not_after: Option<Time>,
    pins_report_only: bool,
    pin_update_keys: Vec<PublicKey>,
    pin_document: Option<String>,
    pin_observer: Option<PinObserver>,
    client_certificate: Option<ClientCertificate>,
    proxy: Option<(String, Option<(String, Secret)>)>,
}

impl Connection {
    /// Whether anything was set that only the library's own connections heed.
    pub(crate) const fn is_chosen(&self) -> bool {
        self.chosen
    }

    /// # Errors
    /// As [`Roots::from_pem`].
    pub(crate) fn set_roots(&mut self, pem: &[u8]) -> Result<()> {
        self.roots = Roots::from_pem(pem)?;
        self.chosen = true;
        Ok(())
    }

    pub(crate) fn set_bundled_roots(&mut self) -> Result<()> {
        self.roots = Roots::Bundled;
        Ok(())
    }

    pub(crate) fn set_proxy(&mut self, address: &str, login: Option<(String, Secret)>) -> Result<()> {
        self.proxy = Some((address.to_owned(), login));
        self.chosen = true;
        Ok(())
    }

    pub(crate) fn add_pin(&mut self, pin: &str) -> Result<()> {
        self.pins.push(pin.to_owned());
        self.chosen = true;
        Ok(())
    }

    pub(crate) fn set_pins_not_after(&mut self, time: Time) -> Result<()> {
        self.pins_not_after = Some(time);
        self.chosen = true;
        Ok(())
    }

    pub(crate) fn set_pins_report_only(&mut self, report_only: bool) -> Result<()> {
        self.pins_report_only = report_only;
        self.chosen = true;
        Ok(())
    }

    pub(crate) fn add_pin_update_key(&mut self, key: PublicKey) -> Result<()> {
        self.pin_update_keys.push(key);
        self.chosen = true;
        Ok(())
    }

    pub(crate) fn set_pin_document(&mut self, document: &str) -> Result<()> {
        self.pin_document = Some(document.to_owned());
        self.chosen = true;
        Ok(())
    }

    /// Gives the observer before, to be dropped when no lock is held: it calls the host.
    ///
    /// # Errors
    /// [`thrivosign::ErrorKind::NullArgument`]; `context` is still the host's then.
    pub(crate) fn set_pin_observer(&mut self, callbacks: thrivosign_pin_callbacks) -> Result<Option<PinObserver>> {
        let before = self.pin_observer.replace(callbacks.observer()?);
        self.chosen = true;
        Ok(before)
    }

    pub(crate) fn set_client_certificate(&mut self, certificate: ClientCertificate) -> Result<()> {
        self.client_certificate = Some(certificate);
        self.chosen = true;
        Ok(())
    }

    /// The connection to the service at that address.
    ///
    /// # Errors
    /// As [`PinSet::new`] and [`HttpsTransport::new`].
    pub(crate) fn transport(&self, base_address: &str, plain_http: bool) -> Result<Arc<dyn Transport>> {
        let mut options = Options::new(base_address);
        options.roots = self.roots.clone();
        options.pin_observer = self.pin_observer.clone();
        if !self.pins.is_empty() {
            let pins: Vec<&str> = self.pins.iter().map(String::as_str).collect();
            let set = PinSet::new(&pins, self.pins_not_after)?;
            options.pins = Some(if self.pins_report_only { set.report_only() } else { set });
        }
        if !self.pin_update_keys.is_empty() {
            options.pin_updates = Some(PinUpdates { keys: self.pin_update_keys.clone(), kept: self.pin_document.clone() });
        }
        options.client_certificate = self.client_certificate.clone();
        options.proxy = self.proxy.as_ref().map(|(address, login)| Proxy {
            address: address.clone(),
            login: login.as_ref().map(|(name, password)| (name.clone(), password.duplicate())),
        });
        options.dangerous_allow_plain_http = plain_http;
        Ok(Arc::new(HttpsTransport::new(&options)?))
    }
}

/// What fetches evidence within that reach.
///
/// # Errors
/// As [`WebFetcher::new`].
pub(crate) fn fetcher(reach: &thrivosign_reach) -> Result<Option<Arc<dyn Fetcher>>> {
    let reach = match reach {
        thrivosign_reach::Off => return Ok(None),
        thrivosign_reach::Public => Reach::Public,
        thrivosign_reach::Anywhere => Reach::Anywhere,
    };
    Ok(Some(Arc::new(WebFetcher::new(reach)?)))
}

/// Ends what is under way.
pub(crate) fn shutdown() {
    net::shutdown();
}
