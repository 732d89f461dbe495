//! The enrol room: what a device keeps about a certificate of its own.
//!
//! Takes the issued chain and the names of the two keys, gives a value with a versioned JSON form; nothing in it is secret.
//!
//! ```text
//! {"version":1,"credentialID":"..","deviceUUID":"..","state":"New","signingKey":"..","authenticationKey":"..",
//!  "certificates":["base64 DER, leaf first", ..]}
//! ```

use crate::error::{Error, ErrorKind, Result};
use crate::key::check_name;
use crate::pki::Certificate;
use crate::time::Time;
use base64ct::{Base64, Encoding};
use serde::{Deserialize, Serialize};

const VERSION: u32 = 1;
/// Longest form that is read.
const MAX_JSON: usize = 1 << 20;
/// Most certificates in a chain.
const MAX_CHAIN: usize = 16;
/// Longest identifier of the service.
const MAX_ID: usize = 256;

/// Where a certificate stands at the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum IdentityState {
    /// Issued, not yet activated; also after its device was revoked.
    New,
    /// May sign; the service also prints it as `In use`.
    #[serde(alias = "In use")]
    Activated,
    /// Revoked for good.
    Cancelled,
}

impl IdentityState {
    /// The service's word: `New`, `Activated`, `Cancelled`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            IdentityState::New => "New",
            IdentityState::Activated => "Activated",
            IdentityState::Cancelled => "Cancelled",
        }
    }

    /// From the service's word, `In use` included.
    #[must_use]
    pub fn from_name(name: &str) -> Option<IdentityState> {
        match name {
            "New" => Some(IdentityState::New),
            "Activated" | "In use" => Some(IdentityState::Activated),
            "Cancelled" => Some(IdentityState::Cancelled),
            _ => None,
        }
    }
}

/// A certificate of this device, with the names of its keys.
#[derive(Clone, Debug)]
pub struct Identity {
    credential_id: String,
    device_uuid: String,
    state: IdentityState,
    signing_key: String,
    authentication_key: String,
    chain: Vec<Certificate>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    version: u32,
    #[serde(rename = "credentialID")]
    credential_id: String,
    #[serde(rename = "deviceUUID")]
    device_uuid: String,
    state: IdentityState,
    #[serde(rename = "signingKey")]
    signing_key: String,
    #[serde(rename = "authenticationKey")]
    authentication_key: String,
    certificates: Vec<String>,
}

impl Identity {
    /// A newly issued identity, state `New`. The chain is one that [`super::check_issued`] let pass, leaf first.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for an empty or too long chain or identifier, for a key name that
    /// [`check_name`] refuses, and for one key in both roles.
    pub fn new(
        credential_id: &str,
        device_uuid: &str,
        signing_key: &str,
        authentication_key: &str,
        chain: Vec<Certificate>,
    ) -> Result<Identity> {
        let refuse = |what: &'static str| Err(Error::new(ErrorKind::InvalidArgument).context(what));
        if chain.is_empty() || chain.len() > MAX_CHAIN {
            return refuse("an identity has 1 to 16 certificates");
        }
        for id in [credential_id, device_uuid] {
            if id.is_empty() || id.len() > MAX_ID || id.chars().any(char::is_control) {
                return refuse("an identifier of the service has 1 to 256 bytes and no control characters");
            }
        }
        check_name(signing_key)?;
        check_name(authentication_key)?;
        if signing_key == authentication_key {
            return refuse("signing key and authentication key are two keys");
        }
        Ok(Identity {
            credential_id: credential_id.to_owned(),
            device_uuid: device_uuid.to_owned(),
            state: IdentityState::New,
            signing_key: signing_key.to_owned(),
            authentication_key: authentication_key.to_owned(),
            chain,
        })
    }

    /// The same identity in the state the service told.
    ///
    /// # Errors
    /// [`ErrorKind::WrongOrder`] if it was cancelled: nothing comes after that.
    pub fn in_state(self, state: IdentityState) -> Result<Identity> {
        if self.state == IdentityState::Cancelled && state != IdentityState::Cancelled {
            return Err(ErrorKind::WrongOrder.into());
        }
        Ok(Identity { state, ..self })
    }

    /// The certificate's identifier at the service.
    #[must_use]
    pub fn credential_id(&self) -> &str {
        &self.credential_id
    }

    /// The device that holds the keys.
    #[must_use]
    pub fn device_uuid(&self) -> &str {
        &self.device_uuid
    }

    /// The state as last told.
    #[must_use]
    pub fn state(&self) -> IdentityState {
        self.state
    }

    /// Name of the signing key in its store.
    #[must_use]
    pub fn signing_key(&self) -> &str {
        &self.signing_key
    }

    /// Name of the authentication key in its store.
    #[must_use]
    pub fn authentication_key(&self) -> &str {
        &self.authentication_key
    }

    /// The signer's certificate.
    #[must_use]
    pub fn certificate(&self) -> Option<&Certificate> {
        self.chain.first()
    }

    /// When the signer's certificate ends: a month before it is time to renew.
    #[must_use]
    pub fn not_after(&self) -> Option<Time> {
        self.certificate().map(Certificate::not_after)
    }

    /// The chain, leaf first; never empty.
    #[must_use]
    pub fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    /// The JSON form, version 1.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`], which should not occur.
    pub fn to_json(&self) -> Result<Vec<u8>> {
        let stored = Stored {
            version: VERSION,
            credential_id: self.credential_id.clone(),
            device_uuid: self.device_uuid.clone(),
            state: self.state,
            signing_key: self.signing_key.clone(),
            authentication_key: self.authentication_key.clone(),
            certificates: self.chain.iter().map(|certificate| Base64::encode_string(certificate.der())).collect(),
        };
        serde_json::to_vec_pretty(&stored).map_err(|cause| Error::new(ErrorKind::Internal).caused_by(cause))
    }

    /// From the JSON form.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigMalformed`] for anything that [`Identity::to_json`] does not write, another version included.
    pub fn from_json(json: &[u8]) -> Result<Identity> {
        let wrong = |what: &'static str| Error::new(ErrorKind::ConfigMalformed).context(what);
        if json.len() > MAX_JSON {
            return Err(wrong("the identity is too long"));
        }
        // The parser's own message could quote the content; only the place is passed on.
        let stored: Stored =
            serde_json::from_slice(json).map_err(|cause| wrong("the identity is no JSON of version 1").at(cause.column() as u64))?;
        if stored.version != VERSION {
            return Err(wrong("another version of the identity"));
        }
        if stored.certificates.len() > MAX_CHAIN {
            return Err(wrong("the identity has too many certificates"));
        }
        let chain = stored
            .certificates
            .iter()
            .map(|text| Certificate::from_der(&Base64::decode_vec(text).map_err(|_| wrong("a certificate is not base64"))?))
            .collect::<Result<Vec<_>>>()
            .map_err(|cause| wrong("a certificate of the identity").caused_by(cause))?;
        Identity::new(&stored.credential_id, &stored.device_uuid, &stored.signing_key, &stored.authentication_key, chain)
            .and_then(|identity| identity.in_state(stored.state))
            .map_err(|cause| wrong("a member of the identity").caused_by(cause))
    }
}
