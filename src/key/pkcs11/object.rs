//! The key room, PKCS#11: the objects on a token that are a key.
//!
//! Takes a session and a name (CKA_LABEL of the private key), gives handles and public facts. What a key of ours is for
//! stands in its CKA_ID (decision 19); a key made by other means signs. Its public key is what the private key itself says,
//! else the public key object of the same CKA_ID, else a certificate of that CKA_ID.

use super::fault::Fault;
use super::lent::Lent;
use super::mechanism::unsupported;
use super::public::from_attributes;
use crate::crypto::PublicKey;
use crate::error::{Error, ErrorKind};
use crate::host::random;
use crate::key::{KeyInfo, KeyPurpose, Prompt, Protection, check_name};
use crate::pki::certificate::Certificate;
use cryptoki::context::Function;
use cryptoki::error::{Error as ModuleError, RvError};
use cryptoki::object::{Attribute, AttributeType, CertificateType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::Session;

/// A key on the token. Its handle is good until the sessions are lost.
pub(super) struct Found {
    pub(super) private: ObjectHandle,
    pub(super) public: PublicKey,
    pub(super) purpose: KeyPurpose,
    /// CKA_ALWAYS_AUTHENTICATE: each use is a PIN of its own.
    pub(super) per_use: bool,
    id: Vec<u8>,
}

impl Found {
    pub(super) fn info(&self, name: &str, by_pad: bool) -> KeyInfo {
        // A prompt for each use the store answers by itself, with the PIN it holds; without one the person is asked.
        let prompt = if by_pad && self.per_use { Prompt::PerUse } else { Prompt::None };
        KeyInfo::new(name, self.public.clone(), Protection::Hsm, self.purpose, prompt)
    }
}

/// How a CKA_ID of ours begins; a purpose and 16 random bytes follow. As long as a SHA-1 key identifier, which every token takes.
const OURS: &[u8] = b"TS\x01";

/// A new CKA_ID for a key of that purpose.
pub(super) fn new_id(purpose: KeyPurpose) -> Result<Vec<u8>, Error> {
    let letter = match purpose {
        KeyPurpose::Signing => b'S',
        KeyPurpose::Authentication => b'A',
    };
    Ok([OURS, &[letter], &random::bytes::<16>()?].concat())
}

/// What the key of that CKA_ID is for.
fn purpose_of(id: &[u8]) -> KeyPurpose {
    match id.strip_prefix(OURS) {
        Some([b'A', random @ ..]) if random.len() == 16 => KeyPurpose::Authentication,
        _ => KeyPurpose::Signing,
    }
}

/// The key of that name.
///
/// # Errors
/// [`ErrorKind::KeyNotFound`]; [`ErrorKind::KeyNotPermitted`] if the name is not one key's, or the key is not for signing.
pub(super) fn by_name(lent: &Lent, name: &str) -> Result<Found, Fault> {
    let wanted = [Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Token(true), Attribute::Label(name.as_bytes().to_vec())];
    match lent.session.find_objects(&wanted)?.as_slice() {
        [] if !lent.sees_private() => Err(logged_out()),
        [] => Err(Error::new(ErrorKind::KeyNotFound).into()),
        [private] => read(&lent.session, *private).map(|(_, found)| found),
        _ => Err(not_permitted("several private keys of the token have that label").into()),
    }
}

/// All keys that can sign and have a name of their own, sorted by name.
pub(super) fn all(lent: &Lent, by_pad: bool) -> Result<Vec<KeyInfo>, Fault> {
    if !lent.sees_private() {
        return Err(logged_out());
    }
    let session = &lent.session;
    let mut keys = Vec::new();
    for private in session.find_objects(&[Attribute::Class(ObjectClass::PRIVATE_KEY), Attribute::Token(true)])? {
        match read(session, private) {
            Ok((name, found)) => keys.push(found.info(&name, by_pad)),
            // No key of ours: of another kind, for something else, or without a public key.
            Err(Fault::Ours(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    keys.sort_by(|a, b| a.name.cmp(&b.name));
    let twice: Vec<String> = keys
        .windows(2)
        .filter_map(|pair| pair.first().filter(|a| Some(&a.name) == pair.get(1).map(|b| &b.name)))
        .map(|key| key.name.clone())
        .collect();
    keys.retain(|key| !twice.contains(&key.name));
    Ok(keys)
}

/// After the call the private key and its public key object are gone; a certificate stays, it is no key.
pub(super) fn destroy(lent: &Lent, name: &str) -> Result<(), Fault> {
    let found = by_name(lent, name)?;
    let session = &lent.session;
    session.destroy_object(found.private)?;
    for public in session.find_objects(&beside(&found.id, name, ObjectClass::PUBLIC_KEY))? {
        session.destroy_object(public)?;
    }
    Ok(())
}

fn read(session: &Session, private: ObjectHandle) -> Result<(String, Found), Fault> {
    let wanted = [
        AttributeType::Label,
        AttributeType::Id,
        AttributeType::KeyType,
        AttributeType::Sign,
        AttributeType::AlwaysAuthenticate,
        AttributeType::PublicKeyInfo,
        AttributeType::Modulus,
        AttributeType::PublicExponent,
    ];
    let attributes = match session.get_attributes(private, &wanted) {
        Err(ModuleError::InvalidValue) => return Err(unsupported("the token's key is of a kind that is not known here").into()),
        other => other?,
    };
    let (mut name, mut id, mut per_use) = (String::new(), Vec::new(), false);
    for attribute in &attributes {
        match attribute {
            Attribute::Label(label) => name = String::from_utf8(label.clone()).unwrap_or_default(),
            Attribute::Id(value) => id.clone_from(value),
            Attribute::KeyType(KeyType::RSA | KeyType::EC | KeyType::EC_EDWARDS) => {}
            Attribute::KeyType(_) => return Err(unsupported("the token's key is neither RSA nor on a curve").into()),
            Attribute::Sign(false) => return Err(not_permitted("the token's key is not for signing (CKA_SIGN)").into()),
            Attribute::AlwaysAuthenticate(value) => per_use = *value,
            _ => {}
        }
    }
    check_name(&name)?;
    let public = match from_attributes(&attributes)? {
        Some(key) => key,
        None => public_beside(session, &id, &name)?,
    };
    let purpose = purpose_of(&id);
    Ok((name, Found { private, public, purpose, per_use, id }))
}

fn public_beside(session: &Session, id: &[u8], name: &str) -> Result<PublicKey, Fault> {
    let wanted = [
        AttributeType::PublicKeyInfo,
        AttributeType::Modulus,
        AttributeType::PublicExponent,
        AttributeType::EcParams,
        AttributeType::EcPoint,
    ];
    for object in session.find_objects(&beside(id, name, ObjectClass::PUBLIC_KEY))? {
        if let Some(key) = from_attributes(&session.get_attributes(object, &wanted)?)? {
            return Ok(key);
        }
    }
    let mut certificate = beside(id, name, ObjectClass::CERTIFICATE);
    certificate.push(Attribute::CertificateType(CertificateType::X_509));
    for object in session.find_objects(&certificate)? {
        for attribute in session.get_attributes(object, &[AttributeType::Value])? {
            if let Attribute::Value(der) = attribute {
                return Ok(Certificate::from_der(&der)?.public_key().clone());
            }
        }
    }
    Err(not_permitted("the token has neither public key nor certificate of the key's CKA_ID; import one of them").into())
}

/// What finds the objects that belong to a private key: those of its CKA_ID, or of its label where it has none.
fn beside(id: &[u8], name: &str, class: ObjectClass) -> Vec<Attribute> {
    let same = if id.is_empty() { Attribute::Label(name.as_bytes().to_vec()) } else { Attribute::Id(id.to_vec()) };
    vec![Attribute::Class(class), Attribute::Token(true), same]
}

fn not_permitted(what: &'static str) -> Error {
    Error::new(ErrorKind::KeyNotPermitted).context(what)
}

fn logged_out() -> Fault {
    Fault::Module(ModuleError::Pkcs11(RvError::UserNotLoggedIn, Function::FindObjects))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_stands_in_the_id() {
        for purpose in [KeyPurpose::Signing, KeyPurpose::Authentication] {
            let (one, other) = (new_id(purpose).unwrap(), new_id(purpose).unwrap());
            assert_ne!(one, other);
            assert_eq!((purpose_of(&one), one.len()), (purpose, 20));
        }
        // Other people's.
        for id in [&b""[..], b"\x01", b"TS\x01A", &[b'T'; 20]] {
            assert_eq!(purpose_of(id), KeyPurpose::Signing);
        }
    }
}
