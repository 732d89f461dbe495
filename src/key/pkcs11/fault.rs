//! The key room, PKCS#11: what a module's return value means for us.
//!
//! Takes the module's word, gives one of our errors with that word in its context, or what was lost and can be made again.
//! A vendor's own code stays visible as a number; no text here holds a name, a label or a PIN.

use crate::error::{Error, ErrorKind};
use cryptoki::context::Function;
use cryptoki::error::{Error as ModuleError, RvError};

/// Why a piece of work did not end well.
pub(super) enum Fault {
    /// Found by us: the token would say the same again.
    Ours(Error),
    /// The module's word, with nothing done yet that may not be done twice.
    Module(ModuleError),
    /// The module's word once a signature that somebody was asked for may have been made.
    Late(ModuleError),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Ours(error)
    }
}

impl From<ModuleError> for Fault {
    fn from(error: ModuleError) -> Fault {
        Fault::Module(error)
    }
}

/// What a process loses when a token is reset, removed, logged out or its module finalised by somebody else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// The session is good for nothing: an operation that failed before is still under way in it.
    Session,
    /// Object handles only.
    Handles,
    /// The login; sessions are still there.
    Login,
    /// Every session, and with them everything.
    Sessions,
}

/// What the module's word says was lost, `None` if it is not about that.
pub(super) fn loss(error: &ModuleError) -> Option<Loss> {
    let ModuleError::Pkcs11(value, _) = error else { return None };
    match value {
        RvError::OperationActive => Some(Loss::Session),
        RvError::KeyHandleInvalid | RvError::ObjectHandleInvalid => Some(Loss::Handles),
        RvError::UserNotLoggedIn => Some(Loss::Login),
        RvError::SessionHandleInvalid
        | RvError::SessionClosed
        | RvError::DeviceRemoved
        | RvError::TokenNotPresent
        | RvError::TokenNotRecognized
        | RvError::SlotIdInvalid
        | RvError::CryptokiNotInitialized => Some(Loss::Sessions),
        _ => None,
    }
}

/// Whether the module refused the PIN, so that trying the same one again would only count towards its lock.
pub(super) fn refuses_pin(error: &ModuleError) -> bool {
    matches!(
        error,
        ModuleError::Pkcs11(
            RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange | RvError::PinExpired | RvError::PinLocked,
            _
        )
    )
}

/// Our error for the module's word.
pub(super) fn explain(error: ModuleError) -> Error {
    let (value, function) = match error {
        ModuleError::Pkcs11(value, function) => (value, function),
        // The loader's text names files and missing libraries, which is what one needs to know.
        ModuleError::LibraryLoading(cause) => {
            let context = "the PKCS#11 module cannot be loaded; check its path, and that it is built for this system and processor";
            return Error::new(ErrorKind::KeyStoreUnavailable).context(context).caused_by(cause);
        }
        ModuleError::MissingSymbol(_) => {
            return Error::new(ErrorKind::KeyStoreUnavailable).context("the file is no PKCS#11 module; choose the vendor's module");
        }
        ModuleError::NullFunctionPointer => {
            return Error::new(ErrorKind::KeyStoreUnavailable).context("the PKCS#11 module lacks a function that is needed");
        }
        other => return Error::new(ErrorKind::KeyStoreUnavailable).context("the PKCS#11 module's answer is malformed").caused_by(other),
    };
    let (kind, remedy) = match (value, function) {
        // What is begun, answered with a PIN and then done is done in pieces, which these mechanisms may not be.
        (RvError::OperationNotInitialized | RvError::FunctionNotSupported, Function::SignUpdate) => {
            (ErrorKind::KeyAlgorithmUnsupported, "; with a PIN for each use the token has to hash by itself for this algorithm")
        }
        _ => meaning(value),
    };
    Error::new(kind).context(format!("C_{function:?}: {}{remedy}", name(value)))
}

fn meaning(value: RvError) -> (ErrorKind, &'static str) {
    match value {
        RvError::PinIncorrect | RvError::PinInvalid | RvError::PinLenRange => (ErrorKind::PassphraseWrong, ""),
        RvError::PinLocked => {
            (ErrorKind::KeyLocked, "; too many wrong PINs: unlock it with the security officer's PIN or the PUK, by the token's own tool")
        }
        RvError::PinExpired => (ErrorKind::KeyLocked, "; change the PIN with the token's own tool"),
        RvError::UserPinNotInitialized => (ErrorKind::KeyLocked, "; the token has no user PIN yet: set it with the token's own tool"),
        RvError::Cancel | RvError::FunctionCanceled | RvError::FunctionRejected => (ErrorKind::KeyCancelled, ""),
        RvError::KeyFunctionNotPermitted | RvError::ActionProhibited => (ErrorKind::KeyNotPermitted, ""),
        RvError::KeyHandleInvalid | RvError::ObjectHandleInvalid => (ErrorKind::KeyNotFound, ""),
        RvError::MechanismInvalid
        | RvError::MechanismParamInvalid
        | RvError::CurveNotSupported
        | RvError::DomainParamsInvalid
        | RvError::KeySizeRange
        | RvError::KeyTypeInconsistent => (ErrorKind::KeyAlgorithmUnsupported, ""),
        RvError::DeviceRemoved | RvError::TokenNotPresent => (ErrorKind::KeyStoreUnavailable, "; put the token in and call again"),
        RvError::TokenNotRecognized => (ErrorKind::KeyStoreUnavailable, "; the module does not know this kind of token"),
        RvError::TokenWriteProtected | RvError::SessionReadOnly => {
            (ErrorKind::KeyStoreUnavailable, "; the token can be read and not changed")
        }
        RvError::DeviceMemory => (ErrorKind::KeyStoreUnavailable, "; the token is full"),
        RvError::SessionCount => (ErrorKind::KeyStoreUnavailable, "; other programs have all the token's sessions"),
        RvError::UserAnotherAlreadyLoggedIn => {
            (ErrorKind::KeyStoreUnavailable, "; this process has logged in as somebody else: log that out first")
        }
        RvError::CantLock => (ErrorKind::KeyStoreUnavailable, "; the module cannot be used by several threads"),
        _ => (ErrorKind::KeyStoreUnavailable, ""),
    }
}

/// The standard's name, as it stands in the vendor's manual and log.
fn name(value: RvError) -> String {
    match value {
        RvError::VendorDefined(code) => format!("CKR_VENDOR_DEFINED + {:#x}", code & 0x7fff_ffff),
        RvError::UnknownErrorCode(code) => format!("return value {code:#x}"),
        // `PinIncorrect` is CKR_PIN_INCORRECT.
        known => format!("{known:?}").chars().fold(String::from("CKR"), |mut name, letter| {
            if letter.is_ascii_uppercase() {
                name.push('_');
            }
            name.push(letter.to_ascii_uppercase());
            name
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(value: RvError) -> (ErrorKind, String) {
        let error = explain(ModuleError::Pkcs11(value, Function::Sign));
        (error.kind(), error.context_text().unwrap_or_default().to_owned())
    }

    #[test]
    fn the_modules_word_is_kept() {
        assert_eq!(told(RvError::DeviceError), (ErrorKind::KeyStoreUnavailable, "C_Sign: CKR_DEVICE_ERROR".to_owned()));
        assert_eq!(told(RvError::HostMemory).1, "C_Sign: CKR_HOST_MEMORY");
        assert_eq!(told(RvError::VendorDefined(0x8000_0107)).1, "C_Sign: CKR_VENDOR_DEFINED + 0x107");
        assert_eq!(told(RvError::UnknownErrorCode(0x7777)).1, "C_Sign: return value 0x7777");
        assert_eq!(told(RvError::PinIncorrect), (ErrorKind::PassphraseWrong, "C_Sign: CKR_PIN_INCORRECT".to_owned()));
    }

    #[test]
    fn what_a_person_can_do_is_said() {
        let (kind, text) = told(RvError::PinLocked);
        assert_eq!(kind, ErrorKind::KeyLocked);
        assert!(text.starts_with("C_Sign: CKR_PIN_LOCKED; ") && text.contains("PUK"), "{text}");
        assert_eq!(told(RvError::FunctionCanceled).0, ErrorKind::KeyCancelled);
        assert_eq!(told(RvError::KeyFunctionNotPermitted).0, ErrorKind::KeyNotPermitted);
        assert_eq!(told(RvError::MechanismInvalid).0, ErrorKind::KeyAlgorithmUnsupported);
    }

    #[test]
    fn only_what_was_lost_is_made_again() {
        let lost = |value| loss(&ModuleError::Pkcs11(value, Function::Sign));
        assert_eq!(lost(RvError::KeyHandleInvalid), Some(Loss::Handles));
        assert_eq!(lost(RvError::UserNotLoggedIn), Some(Loss::Login));
        assert_eq!(lost(RvError::CryptokiNotInitialized), Some(Loss::Sessions));
        for value in
            [RvError::PinIncorrect, RvError::PinLocked, RvError::DeviceError, RvError::GeneralError, RvError::VendorDefined(1 << 31)]
        {
            assert_eq!(lost(value), None, "{value:?}");
        }
        assert!(refuses_pin(&ModuleError::Pkcs11(RvError::PinLocked, Function::Login)));
        assert!(!refuses_pin(&ModuleError::Pkcs11(RvError::DeviceRemoved, Function::Login)));
    }
}
