//! Keys on a token with a PKCS#11 module: takes a credential's id as the keys' CKA_LABEL. A key is made on the token, sensitive and not
//! extractable, as read back from it; one logged-in session serves one call at a time, and is opened anew after the token was reset.

use crate::failure::Failure;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as TokenError, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::{Attribute, AttributeType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use p256::PublicKey;
use p256::ecdsa::Signature;
use p256::pkcs8::EncodePublicKey;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use zeroize::Zeroizing;

/// prime256v1, as CKA_EC_PARAMS has it.
const P256: &[u8] = &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
/// The size of a digest that the curve takes; a longer one is cut (FIPS 186-5 6.4.1).
const ORDER: usize = 32;

pub(super) struct Token {
    context: Pkcs11,
    label: String,
    pin: Zeroizing<String>,
    session: Mutex<Option<Session>>,
}

impl Token {
    pub(super) fn open(module: &Path, label: &str, pin: &Zeroizing<String>) -> Result<Token, Failure> {
        let doing = "cannot load the PKCS#11 module";
        let context = Pkcs11::new(module).map_err(Failure::at(doing))?;
        match context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Ok(()) | Err(TokenError::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(Failure::at(doing)(error)),
        }
        let token = Token { context, label: label.to_owned(), pin: pin.clone(), session: Mutex::default() };
        token.with(|_| Ok(()))?;
        Ok(token)
    }

    fn log_in(&self) -> Result<Session, Failure> {
        let doing = "cannot log in to the token of the vault";
        let slots = self.context.get_slots_with_initialized_token().map_err(Failure::at(doing))?;
        let is_ours = |slot: &cryptoki::slot::Slot| self.context.get_token_info(*slot).is_ok_and(|token| token.label() == self.label);
        let slot = slots.into_iter().find(is_ours).ok_or_else(|| Failure::new("the vault's token is not there"))?;
        let session = self.context.open_rw_session(slot).map_err(Failure::at(doing))?;
        match session.login(UserType::User, Some(&AuthPin::from(self.pin.as_str()))) {
            Ok(()) | Err(TokenError::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(session),
            Err(error) => Err(Failure::at(doing)(error)),
        }
    }

    /// Does the work with a session; a session of before a reset is replaced once.
    fn with<T>(&self, work: impl Fn(&Session) -> Result<T, TokenError>) -> Result<T, Failure> {
        let mut held = self.session.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(session) = held.as_ref() {
            match work(session) {
                Ok(value) => return Ok(value),
                Err(TokenError::Pkcs11(
                    RvError::SessionHandleInvalid | RvError::SessionClosed | RvError::DeviceRemoved | RvError::UserNotLoggedIn,
                    _,
                )) => *held = None,
                Err(error) => return Err(Failure::at("the vault's token refuses")(error)),
            }
        }
        let session = self.log_in()?;
        let value = work(&session).map_err(Failure::at("the vault's token refuses"))?;
        *held = Some(session);
        Ok(value)
    }

    pub(super) fn make(&self, credential: &str) -> Result<Vec<u8>, Failure> {
        let label = Attribute::Label(credential.as_bytes().to_vec());
        let id = Attribute::Id(crate::random::bytes::<16>()?.to_vec());
        let of_both = [Attribute::Token(true), label, id];
        let public = [&of_both[..], &[Attribute::EcParams(P256.to_vec()), Attribute::Verify(true), Attribute::Private(false)]].concat();
        let inside = [
            Attribute::Private(true),
            Attribute::Sensitive(true),
            Attribute::Extractable(false),
            Attribute::Sign(true),
            Attribute::Decrypt(false),
            Attribute::Unwrap(false),
        ];
        let private = [&of_both[..], &inside].concat();
        if !self.find(credential, ObjectClass::PRIVATE_KEY)?.is_empty() {
            return Err(Failure::new("the token has a key of that credential"));
        }
        let point = self.with(|session| {
            let (public, private) = session.generate_key_pair(&Mechanism::EccKeyPairGen, &public, &private)?;
            let made = session.get_attributes(private, &[AttributeType::Sensitive, AttributeType::Extractable])?;
            if !(made.contains(&Attribute::Sensitive(true)) && made.contains(&Attribute::Extractable(false))) {
                session.destroy_object(private)?;
                session.destroy_object(public)?;
                return Ok(None);
            }
            Ok(session.get_attributes(public, &[AttributeType::EcPoint])?.into_iter().find_map(|attribute| match attribute {
                Attribute::EcPoint(point) => Some(point),
                _ => None,
            }))
        })?;
        let point = point.ok_or_else(|| Failure::new("the token made a key that can be taken out of it; it was destroyed"))?;
        // CKA_EC_POINT is the point within an OCTET STRING (PKCS#11 v2.40 mechanisms 2.3.3).
        let wrong = || Failure::new("the token tells no public key of P-256");
        let point = point.strip_prefix(&[0x04, 65]).ok_or_else(wrong)?;
        let key = PublicKey::from_sec1_bytes(point).map_err(|_| wrong())?;
        Ok(key.to_public_key_der().map_err(|_| wrong())?.into_vec())
    }

    fn find(&self, credential: &str, class: ObjectClass) -> Result<Vec<ObjectHandle>, Failure> {
        let wanted = [Attribute::Token(true), Attribute::Class(class), Attribute::Label(credential.as_bytes().to_vec())];
        self.with(|session| session.find_objects(&wanted))
    }

    pub(super) fn forget(&self, credential: &str) -> Result<(), Failure> {
        for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
            for object in self.find(credential, class)? {
                self.with(|session| session.destroy_object(object))?;
            }
        }
        Ok(())
    }

    pub(super) fn sign(&self, credential: &str, digest: &[u8]) -> Result<Vec<u8>, Failure> {
        let found = self.find(credential, ObjectClass::PRIVATE_KEY)?;
        let [key] = found[..] else { return Err(Failure::new("the token does not have the one key of that credential")) };
        let digest = digest.get(..ORDER).unwrap_or(digest);
        let value = self.with(|session| session.sign(&Mechanism::Ecdsa, key, digest))?;
        let value = Signature::from_slice(&value).map_err(|_| Failure::new("the token gives no signature of P-256"))?;
        Ok(value.to_der().as_bytes().to_vec())
    }
}
