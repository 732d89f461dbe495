//! The room `journey`: a new remote credential: the service makes a key and certifies it. Takes a session and the user's proof of who they are; gives
//! the credential's id, and for a generator of codes its secret.

use crate::error::{Error, ErrorKind, Result};
use crate::journey::pace::fresh_id;
use crate::journey::retry::Limits;
use crate::journey::session::Session;
use crate::pki::Certificate;
use crate::remote::certificate_challenge::AuthenticationMethod;
pub use crate::remote::remote_credential::{Control, SecondFactor};
use crate::remote::remote_credential::{RemoteCredential, RequestRemoteCredential};
use crate::remote::schema::Access;
use crate::remote::secret::Secret;
use crate::sign::SigningIdentity;

/// Most bytes of an answer.
const MAX_ANSWER: u64 = 1 << 20;

/// Who asks, and how the key is to be used.
pub struct RemoteOrder<'k> {
    /// The registered device, which approves signatures under [`Control::Device`].
    pub device_uuid: &'k str,
    /// The challenge of [`ask_challenge`](crate::journey::enrol::ask_challenge).
    pub challenge: &'k str,
    /// How the person proves who they are.
    pub method: AuthenticationMethod,
    /// The proof: the one-time code, the passphrase.
    pub value: Secret,
    /// What each signature will take.
    pub control: Control,
}

/// After the call the service has a new key of the user's, with a certificate that leads to an issuer.
///
/// # Errors
/// [`ErrorKind::IssuedCertificateRefused`] if what came back is no chain; otherwise what the service or the network says.
pub fn request(session: &Session, order: RemoteOrder<'_>, limits: &Limits) -> Result<RemoteCredential> {
    let call = RequestRemoteCredential {
        idempotency_key: fresh_id(session.pace())?,
        device_uuid: order.device_uuid.to_owned(),
        challenge: order.challenge.to_owned(),
        method: order.method,
        value: order.value,
        control: order.control,
    };
    let made = RemoteCredential::decode(&session.send(Access::Token, call.encode(), MAX_ANSWER, limits)?)?;
    let refused = || Error::new(ErrorKind::IssuedCertificateRefused);
    let chain: Vec<Certificate> =
        made.certificates.iter().map(|der| Certificate::from_der(der)).collect::<Result<_>>().map_err(|_| refused())?;
    let leaf = chain.first().ok_or_else(refused)?;
    SigningIdentity::for_key(leaf.public_key(), &chain, None).map_err(|_| refused())?;
    Ok(made)
}
