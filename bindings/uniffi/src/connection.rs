//! The library's own connections, as an environment asks for them. Its counterpart for a build without `net` is `no_connection`, with the same
//! functions.

use crate::call::Call;
use crate::environment::{ClientCertificate, Environment, Pins, Proxy};
use crate::extend::Reach;
use crate::host_keys::HostKeys;
use std::sync::Arc;
use thrivosign::crypto::PublicKey;
use thrivosign::journey::{Transport, client_certificate};
use thrivosign::net::{self, HttpsTransport, Options, PinEvent, PinSet, PinUpdates, Roots, WebFetcher};
use thrivosign::remote;
use thrivosign::remote::fetch::Fetcher;
use thrivosign::{Error, Result, Time};

/// The connection to an environment's service.
///
/// # Errors
/// What cannot be used of the environment.
pub(crate) fn transport(environment: &Environment) -> Result<Arc<dyn Transport>> {
    let mut options = Options::new(environment.base_address.as_str());
    if let Some(pem) = &environment.tls_roots {
        options.roots = Roots::from_pem(pem)?;
    }
    if let Some(pins) = &environment.pins {
        pin(&mut options, pins)?;
    }
    options.client_certificate = environment.client_certificate.as_ref().map(shown).transpose()?;
    options.proxy = environment.proxy.as_ref().map(proxy).transpose()?;
    options.dangerous_allow_plain_http = environment.dangerous_allow_plain_http;
    Ok(Arc::new(HttpsTransport::new(&options)?))
}

fn pin(options: &mut Options, pins: &Pins) -> Result<()> {
    let texts: Vec<&str> = pins.pins.iter().map(String::as_str).collect();
    let set = PinSet::new(&texts, pins.not_after.map(Time::from_unix))?;
    options.pins = Some(if pins.report_only { set.report_only() } else { set });
    if !pins.update_keys.is_empty() {
        let keys = pins.update_keys.iter().map(|pem| PublicKey::from_pem(pem)).collect::<Result<_, Error>>()?;
        options.pin_updates = Some(PinUpdates { keys, kept: pins.document.clone() });
    }
    options.pin_observer = pins.observer.clone().map(|observer| -> net::PinObserver {
        Arc::new(move |event| {
            // What an observer throws changes nothing.
            drop(match event {
                PinEvent::Mismatch { refused } => observer.mismatch(refused),
                PinEvent::Updated { serial } => observer.updated(i64::try_from(serial).unwrap_or(i64::MAX)),
                PinEvent::UpdateRefused => observer.update_refused(),
                _ => observer.expired(),
            });
        })
    });
    Ok(())
}

fn shown(shown: &ClientCertificate) -> Result<remote::client_certificate::ClientCertificate> {
    // The store is asked for as long as there are connections, in a call of its own that nobody cancels.
    let store = Arc::new(HostKeys::new(shown.store.clone(), &Call::begin(None)?));
    client_certificate::of_key(store, &shown.authentication_key, &shown.chain)
}

fn proxy(proxy: &Proxy) -> Result<net::Proxy> {
    let password = proxy.password.as_ref().map(|secret| secret.to_core()).transpose()?;
    Ok(net::Proxy { address: proxy.address.clone(), login: proxy.user.clone().zip(password) })
}

/// What fetches evidence within that reach.
///
/// # Errors
/// As [`WebFetcher::new`].
pub(crate) fn fetcher(reach: Reach) -> Result<Option<Arc<dyn Fetcher>>> {
    let reach = match reach {
        Reach::Off => return Ok(None),
        Reach::PublicNetwork => net::Reach::Public,
        Reach::Anywhere => net::Reach::Anywhere,
    };
    Ok(Some(Arc::new(WebFetcher::new(reach)?)))
}

/// Ends what is under way.
pub(crate) fn shutdown() {
    net::shutdown();
}
