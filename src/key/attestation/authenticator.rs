//! The key room, attestations: authenticator data (WebAuthn 6.1), of which App Attest has two shapes: with a new credential, or without.
//!
//! Takes bytes, gives their parts. Judges nothing; what does not fill the bytes exactly is refused.

use super::cbor::Item;
use super::failure::AttestationFailure;

/// Flag: a credential follows.
const CREDENTIAL: u8 = 0x40;
/// Flag: extensions follow. Apple writes none.
const EXTENSIONS: u8 = 0x80;

pub(super) struct AuthenticatorData<'a> {
    /// rpIdHash: SHA-256 of the app's id.
    pub(super) app: &'a [u8],
    pub(super) counter: u32,
    pub(super) credential: Option<Credential<'a>>,
}

pub(super) struct Credential<'a> {
    pub(super) aaguid: &'a [u8],
    pub(super) id: &'a [u8],
    /// The P-256 key, uncompressed (X9.62).
    pub(super) point: Vec<u8>,
}

impl AuthenticatorData<'_> {
    pub(super) fn read(bytes: &[u8]) -> Result<AuthenticatorData<'_>, AttestationFailure> {
        parts(bytes).ok_or(AttestationFailure::AuthenticatorDataMalformed)
    }
}

fn parts(bytes: &[u8]) -> Option<AuthenticatorData<'_>> {
    let (app, rest) = bytes.split_at_checked(32)?;
    let ([flags, counter @ ..], rest) = rest.split_first_chunk::<5>()?;
    if flags & EXTENSIONS != 0 {
        return None;
    }
    // Assertions set the flag of a credential as well, and have none.
    let credential = if rest.is_empty() { None } else { Some(credential(rest).filter(|_| flags & CREDENTIAL != 0)?) };
    Some(AuthenticatorData { app, counter: u32::from_be_bytes(*counter), credential })
}

fn credential(bytes: &[u8]) -> Option<Credential<'_>> {
    let (aaguid, rest) = bytes.split_at_checked(16)?;
    let (len, rest) = rest.split_first_chunk::<2>()?;
    let (id, key) = rest.split_at_checked(usize::from(u16::from_be_bytes(*len)))?;
    Some(Credential { aaguid, id, point: point(&Item::whole(key)?)? })
}

/// A COSE key (RFC 9052 7, RFC 9053 7.1): type 2 (EC2), algorithm -7 (ES256), curve 1 (P-256), both coordinates.
fn point(key: &Item<'_>) -> Option<Vec<u8>> {
    let fixed = [(1, 2), (3, -7), (-1, 1)];
    let right = key.has_members(5) && fixed.iter().all(|(label, value)| key.numbered(*label) == Some(&Item::Integer(*value)));
    let coordinate = |label| key.numbered(label).and_then(Item::bytes).filter(|bytes| bytes.len() == 32);
    let (x, y) = (coordinate(-2)?, coordinate(-3)?);
    right.then(|| [&[4], x, y].concat())
}
