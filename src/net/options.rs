//! The room `net`: what a transport is made from: the half of an environment that is about the connection.

use super::pins::{PinObserver, PinSet};
use crate::crypto::PublicKey;
use crate::error::{Error, ErrorKind, Result};
use crate::remote::client_certificate::ClientCertificate;
use crate::remote::secret::Secret;
use reqwest::Url;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Who may vouch for the service's certificate.
#[derive(Clone, Default)]
pub enum Roots {
    /// The public authorities that Mozilla trusts, as bundled at build time.
    #[default]
    Bundled,
    /// These certificates (DER) and no others.
    Given(Vec<Vec<u8>>),
}

impl Roots {
    /// The certificates of a PEM file and no others.
    ///
    /// # Errors
    /// [`ErrorKind::PemMalformed`] if there is none or one is broken.
    pub fn from_pem(pem: &[u8]) -> Result<Roots> {
        let wrong = || Error::new(ErrorKind::PemMalformed);
        let roots: Vec<Vec<u8>> = CertificateDer::pem_slice_iter(pem)
            .map(|certificate| certificate.map(|der| der.to_vec()).map_err(|_| wrong()))
            .collect::<Result<_>>()?;
        if roots.is_empty() { Err(wrong()) } else { Ok(Roots::Given(roots)) }
    }
}

/// By what documents of pins are believed ([`crate::remote::pin_document`]), and the last one.
#[derive(Clone)]
pub struct PinUpdates {
    /// The keys that sign them: one, and better a second that is kept elsewhere.
    pub keys: Vec<PublicKey>,
    /// The last document that was taken up ([`crate::journey::Session::pin_document`]), from where the app keeps it. It need not be secret: it is
    /// checked like any other, except that its pins count until a newer one comes even if its time is over, and then only reported.
    pub kept: Option<String>,
}

/// An HTTP proxy that is asked to CONNECT (RFC 9110 9.3.6); TLS stays end to end.
pub struct Proxy {
    /// `http://host:port`
    pub address: String,
    /// Name and password, if the proxy asks for them.
    pub login: Option<(String, Secret)>,
}

/// What a transport is made from.
pub struct Options {
    /// `https://host[:port][/prefix]`; a host that is not ASCII in its `xn--` form.
    pub base_address: String,
    /// Who may vouch for the service.
    pub roots: Roots,
    /// Which keys the service may have, beside that.
    pub pins: Option<PinSet>,
    /// Whose word takes the place of the pins, when they change.
    pub pin_updates: Option<PinUpdates>,
    /// Told when a pin does not fit, the pins have run out or were replaced.
    pub pin_observer: Option<PinObserver>,
    /// What a back office shows of itself if the service asks (RFC 8705 2): [`crate::journey::client_certificate`] makes it. The service's tokens are
    /// then of no use over any other connection.
    pub client_certificate: Option<ClientCertificate>,
    /// The proxy; none is taken from the environment.
    pub proxy: Option<Proxy>,
    /// Lets passwords, tokens and documents cross the network in the clear. Never outside a test.
    pub dangerous_allow_plain_http: bool,
}

impl Options {
    /// For that address, with bundled roots and nothing else.
    #[must_use]
    pub fn new(base_address: impl Into<String>) -> Options {
        Options {
            base_address: base_address.into(),
            roots: Roots::Bundled,
            pins: None,
            pin_updates: None,
            pin_observer: None,
            client_certificate: None,
            proxy: None,
            dangerous_allow_plain_http: false,
        }
    }

    /// The checked base address.
    ///
    /// # Errors
    /// [`ErrorKind::PlainHttpRefused`]; [`ErrorKind::ConfigMalformed`] for anything else that is no base address.
    pub(super) fn base(&self) -> Result<Url> {
        let wrong = |what: &'static str| Error::new(ErrorKind::ConfigMalformed).context(what);
        let url = Url::parse(self.base_address.trim()).map_err(|_| wrong("the base address is not a URL"))?;
        match url.scheme() {
            "https" => {}
            "http" if self.dangerous_allow_plain_http => {}
            "http" => return Err(Error::new(ErrorKind::PlainHttpRefused)),
            _ => return Err(wrong("the base address must begin with https://")),
        }
        // Credentials in an address end up in logs; a query or fragment would swallow the path of every call.
        if !url.username().is_empty() || url.password().is_some() {
            return Err(wrong("the base address must not hold a user name or password"));
        }
        if url.query().is_some() || url.fragment().is_some() || url.host_str().is_none_or(str::is_empty) {
            return Err(wrong("the base address is a host and at most a path"));
        }
        Ok(url)
    }
}
