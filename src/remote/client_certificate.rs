//! Room `remote`: what a client shows of itself when a connection is made: mutual TLS (RFC 8446 4.4.2), by which a back office authenticates and
//! to which its tokens are bound (RFC 8705). Only the shape, between whoever has the key (`journey`) and whoever makes connections (`net`).

use crate::crypto::{PublicKey, SignatureAlgorithm};
use crate::error::Result;
use std::sync::Arc;

/// A private key that lends its signatures to a connection and never leaves where it is.
pub trait ConnectionKey: Send + Sync {
    /// Its public key.
    fn public_key(&self) -> &PublicKey;

    /// Signs the message, not a digest of it; ECDSA values are DER. Called on the network's thread each time a connection is made.
    ///
    /// # Errors
    /// What the key says; the connection is not made then, and the call that wanted it ends with the same kind.
    fn sign(&self, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>>;
}

/// A certificate with its chain and its key.
#[derive(Clone)]
pub struct ClientCertificate {
    chain: Vec<Vec<u8>>,
    key: Arc<dyn ConnectionKey>,
}

impl ClientCertificate {
    /// Certificates (DER), the client's own first, each further one the issuer of the one before (RFC 8446 4.4.2). That the key is the first one's
    /// is for the caller to see to: [`crate::journey::client_certificate`] does.
    #[must_use]
    pub fn new(chain: Vec<Vec<u8>>, key: Arc<dyn ConnectionKey>) -> ClientCertificate {
        ClientCertificate { chain, key }
    }

    /// The certificates (DER).
    #[must_use]
    pub fn chain(&self) -> &[Vec<u8>] {
        &self.chain
    }

    /// The key.
    #[must_use]
    pub fn key(&self) -> &Arc<dyn ConnectionKey> {
        &self.key
    }
}
