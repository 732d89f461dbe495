//! Apple's errors in the words of the trait. Takes a status or an error, gives one of the library's kinds; the system's own text is left out.

#if canImport(Security) && canImport(LocalAuthentication)
import Foundation
import LocalAuthentication
import Security
import ThrivoSignBindings

enum KeyFailure {
    /// What was being done; the same code means another thing at another time.
    enum Doing {
        /// Key or keychain, without the person.
        case keeping
        /// Asking the person. `changed`: other fingers or faces are enrolled than when the key was made.
        case asking(boundToBiometry: Bool, changed: Bool)
        /// Signing, with the person's approval where one is needed.
        case signing
    }

    static func of(_ status: OSStatus, _ doing: Doing) -> ThrivoSignError {
        switch status {
        case errSecItemNotFound: return .keyNotFound
        case errSecDuplicateItem: return .keyExists
        case errSecUserCanceled: return .keyCancelled
        case errSecInteractionNotAllowed: return .keyLocked
        case errSecAuthFailed: return refused(doing)
        default: return .keyStoreUnavailable
        }
    }

    static func of(_ error: any Error, _ doing: Doing) -> ThrivoSignError {
        let code = error._code
        switch error._domain {
        case "NSOSStatusErrorDomain": return of(OSStatus(truncatingIfNeeded: code), doing)
        case "com.apple.LocalAuthentication": return ofPerson(code, doing)
        case "CryptoTokenKit": return ofToken(code, doing)
        default: return .keyStoreUnavailable
        }
    }

    private static func ofPerson(_ code: Int, _ doing: Doing) -> ThrivoSignError {
        switch LAError.Code(rawValue: code) {
        case .userCancel, .userFallback, .systemCancel, .appCancel, .invalidContext: return .keyCancelled
        case .biometryLockout, .passcodeNotSet, .biometryNotAvailable, .notInteractive: return .keyLocked
        case .biometryNotEnrolled:
            // Nobody is left of those whom the key is bound to.
            if case .asking(boundToBiometry: true, _) = doing { return .keyInvalidated }
            return .keyLocked
        case .authenticationFailed: return refused(doing)
        default: return .keyStoreUnavailable
        }
    }

    /// `TKError`: what the enclave itself says.
    private static func ofToken(_ code: Int, _ doing: Doing) -> ThrivoSignError {
        switch code {
        case -4: return .keyCancelled  // canceledByUser
        case -5: return refused(doing)  // authenticationFailed
        case -9: return .keyLocked  // authenticationNeeded
        // corruptedData, objectNotFound: the item is there, the enclave no longer takes its key.
        case -3, -6: return .keyInvalidated
        default: return .keyStoreUnavailable
        }
    }

    /// The system did not accept the person: it was nobody it knows, or the key is bound to others than are enrolled now.
    private static func refused(_ doing: Doing) -> ThrivoSignError {
        switch doing {
        case .keeping: return .keyStoreUnavailable
        case .asking(_, let changed): return changed ? .keyInvalidated : .keyCancelled
        case .signing: return .keyInvalidated
        }
    }
}

extension ThrivoSignError {
    /// The store cannot do it, and why; the text holds nothing that came from elsewhere.
    static func storeUnavailable(_ message: String) -> ThrivoSignError { .KeyStoreUnavailable(detail: ErrorDetail(message: message)) }
}
#endif
