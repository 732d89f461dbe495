//! The room `net`: TLS 1.2 and 1.3 by rustls over ring, with the roots of the caller or the bundled ones, then pins.

use super::client_key::Shown;
use super::options::{Options, Roots};
use super::pins::{PinMismatch, PinObserver, PinSet};
use crate::error::{Error, ErrorKind, Result};
use crate::time::Time;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::version::{TLS12, TLS13};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, OtherError, RootCertStore, SignatureScheme};
use std::fmt;
use std::sync::Arc;

/// What every connection of a transport has in common.
pub(super) struct Recipe {
    provider: Arc<CryptoProvider>,
    webpki: Arc<WebPkiServerVerifier>,
    given: Vec<Vec<u8>>,
    observer: Option<PinObserver>,
    shown: Option<Arc<Shown>>,
}

impl Recipe {
    /// For these options.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigMalformed`] if a root is none or there is none.
    pub(super) fn new(options: &Options) -> Result<Recipe> {
        let wrong = |what: &'static str| Error::new(ErrorKind::ConfigMalformed).context(what);
        let mut store = RootCertStore::empty();
        let mut given = Vec::new();
        match &options.roots {
            Roots::Bundled => store.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned()),
            Roots::Given(roots) => {
                for root in roots {
                    store.add(CertificateDer::from(root.clone())).map_err(|_| wrong("a root is not a certificate"))?;
                    given.push(root.clone());
                }
            }
        }
        if store.is_empty() {
            return Err(wrong("there is no root"));
        }
        let provider = Arc::new(default_provider());
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider.clone())
            .build()
            .map_err(|_| wrong("the roots cannot be used"))?;
        let shown = options.client_certificate.as_ref().map(|certificate| Arc::new(Shown::new(certificate)));
        Ok(Recipe { provider, webpki, given, observer: options.pin_observer.clone(), shown })
    }

    /// Whether the client shows a certificate.
    pub(super) const fn shows(&self) -> bool {
        self.shown.is_some()
    }

    /// Connections to a service that has one of these keys, if any are named, and to which the client shows its certificate. Sessions of other pins
    /// are not resumed: a resumed one shows no certificate.
    pub(super) fn pinned(&self, pins: Option<PinSet>) -> Result<ClientConfig> {
        self.config(pins, self.shown.clone())
    }

    /// Connections that prove less than the others, for what is believed for its own signature alone. Nothing of the client's may go over one.
    pub(super) fn unpinned(&self) -> Result<ClientConfig> {
        self.config(None, None)
    }

    fn config(&self, pins: Option<PinSet>, shown: Option<Arc<Shown>>) -> Result<ClientConfig> {
        let verifier = Verifier { webpki: self.webpki.clone(), given: self.given.clone(), pins, observer: self.observer.clone() };
        let builder = ClientConfig::builder_with_provider(self.provider.clone())
            .with_protocol_versions(&[&TLS13, &TLS12])
            .map_err(|_| Error::new(ErrorKind::Internal).context("the TLS versions"))?;
        // "dangerous" is rustls's word for any verifier of one's own; this one validates first and then asks for more.
        let builder = builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier));
        Ok(match shown {
            Some(certificate) => builder.with_client_cert_resolver(certificate),
            None => builder.with_no_client_auth(),
        })
    }
}

/// Validates as rustls does, then compares the leaf's key with the pins.
struct Verifier {
    webpki: Arc<WebPkiServerVerifier>,
    given: Vec<Vec<u8>>,
    pins: Option<PinSet>,
    observer: Option<PinObserver>,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verifier")
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> std::result::Result<ServerCertVerified, TlsError> {
        let verified = self
            .webpki
            .verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
            .map_err(|error| self.say_unknown(error, end_entity))?;
        if let Some(pins) = &self.pins {
            let leaf = ParsedCertificate::try_from(end_entity)?;
            let now = Time::from_unix(i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
            let (event, go_on) = pins.check(&leaf.subject_public_key_info(), now);
            if let (Some(event), Some(observer)) = (event, &self.observer) {
                observer(event);
            }
            if !go_on {
                return Err(TlsError::InvalidCertificate(CertificateError::Other(OtherError(Arc::new(PinMismatch)))));
            }
        }
        Ok(verified)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        self.webpki.verify_tls12_signature(message, cert, dss).map_err(of_handshake)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, TlsError> {
        self.webpki.verify_tls13_signature(message, cert, dss).map_err(of_handshake)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}

impl Verifier {
    /// A self-signed certificate with the CA flag is refused for that flag before its issuer is looked for. Unless it is one of
    /// the roots itself, what is wrong with it is that nobody vouches for it. The reason is only there as text.
    fn say_unknown(&self, error: TlsError, end_entity: &CertificateDer<'_>) -> TlsError {
        let flag = matches!(&error, TlsError::InvalidCertificate(CertificateError::Other(_)))
            && format!("{error:?}").contains("CaUsedAsEndEntity");
        if flag && !self.given.iter().any(|root| root.as_slice() == end_entity.as_ref()) {
            return TlsError::InvalidCertificate(CertificateError::UnknownIssuer);
        }
        error
    }
}

/// A wrong signature over the handshake says nothing of who vouches for the certificate, and must not be told as an unknown authority: the other side
/// does not hold the certificate's key, or the key is too weak to count.
fn of_handshake(error: TlsError) -> TlsError {
    match error {
        TlsError::InvalidCertificate(CertificateError::BadSignature) => TlsError::General("the handshake's signature".to_owned()),
        other => other,
    }
}
