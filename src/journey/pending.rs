//! The room `journey`: a request for a certificate that waits for approval, as a value that outlives the process. Takes what was asked for, gives a
//! versioned JSON form; nothing in it is secret.
//!
//! ```text
//! {"version":1,"requestID":"..","retryAfter":3600,"csr":"base64 DER","deviceUUID":"..","signingKey":"..","authenticationKey":".."}
//! ```

use crate::error::{Error, ErrorKind, Result};
use crate::key::check_name;
use crate::pki::Csr;
use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;
/// Longest form that is read.
const MAX_JSON: usize = 256 << 10;

/// A request that waits for approval, to be kept by whoever waits.
#[derive(Clone, Debug)]
pub struct PendingRequest {
    /// The request's id at the service.
    pub request_id: String,
    /// Seconds after which to ask again.
    pub retry_after: u64,
    /// The request itself, to check the answer against.
    pub csr: Csr,
    /// The registered device.
    pub device_uuid: String,
    /// Name of the key to be certified.
    pub signing_key: String,
    /// Name of the key that answers.
    pub authentication_key: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    #[serde(rename = "requestID")]
    request_id: String,
    #[serde(rename = "retryAfter")]
    retry_after: u64,
    csr: String,
    #[serde(rename = "deviceUUID")]
    device_uuid: String,
    #[serde(rename = "signingKey")]
    signing_key: String,
    #[serde(rename = "authenticationKey")]
    authentication_key: String,
}

impl PendingRequest {
    /// The JSON form, version 1.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`], which should not occur.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        let stored = Stored {
            version: VERSION,
            request_id: self.request_id.clone(),
            retry_after: self.retry_after,
            csr: Base64::encode_string(self.csr.der()),
            device_uuid: self.device_uuid.clone(),
            signing_key: self.signing_key.clone(),
            authentication_key: self.authentication_key.clone(),
        };
        serde_json::to_vec_pretty(&stored).map_err(|cause| Error::new(ErrorKind::Internal).caused_by(cause))
    }

    /// From the JSON form. The request in it was signed by the key that it names, or it is refused.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigMalformed`] for anything that [`PendingRequest::to_json`] does not write, another version included.
    pub fn from_json(json: &[u8]) -> Result<PendingRequest> {
        let wrong = |what: &'static str| Error::new(ErrorKind::ConfigMalformed).context(what);
        if json.len() > MAX_JSON {
            return Err(wrong("the pending request is too long"));
        }
        // The parser's own message could quote the content; only the place is passed on.
        let place = |cause: serde_json::Error| wrong("the pending request is no JSON of version 1").at(cause.column() as u64);
        let stored: Stored = serde_json::from_slice(json).map_err(place)?;
        if stored.version != VERSION {
            return Err(wrong("another version of the pending request"));
        }
        for name in [&stored.signing_key, &stored.authentication_key] {
            check_name(name).map_err(|cause| wrong("a key's name").caused_by(cause))?;
        }
        let der = Base64::decode_vec(&stored.csr).map_err(|_| wrong("the request is not base64"))?;
        let csr = Csr::from_der(&der).map_err(|cause| wrong("the request").caused_by(cause))?;
        Ok(PendingRequest {
            request_id: stored.request_id,
            retry_after: stored.retry_after,
            csr,
            device_uuid: stored.device_uuid,
            signing_key: stored.signing_key,
            authentication_key: stored.authentication_key,
        })
    }
}
