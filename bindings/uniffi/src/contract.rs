//! What every key store must do, as a suite for whoever writes one.

use crate::cancel::CallOptions;
use crate::error::Result;
use crate::host_keys::HostKeys;
use crate::key::{DeviceKeyStore, Protection};
use crate::waiting::wait;
use std::sync::Arc;
use thrivosign::key::contract::{Abilities, run};

/// Runs the suite against a store that makes P-256 keys and has none of the names it uses. Gives the first breach of the contract, in words, or
/// nothing if it is kept; then no key of the suite is left. Asks the person about 20 times if the store asks per use.
///
/// # Errors
/// `Cancelled`.
#[uniffi::export(default(options = None))]
pub async fn key_store_breach(
    store: Arc<dyn DeviceKeyStore>,
    protection: Protection,
    attests: bool,
    options: Option<CallOptions>,
) -> Result<Option<String>> {
    wait(options, move |call| {
        let mut abilities = Abilities::software();
        abilities.protection = protection.into();
        abilities.attests = attests;
        Ok(run(&HostKeys::new(store, call), &abilities).err())
    })
    .await
}
