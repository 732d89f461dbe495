//! What to tell the person of a failure: of the key in their language, of the rest in the library's words.

import ThrivoSign

extension Language {
    func wording(_ error: any Error) -> String {
        // The text of anything else could hold a path or more.
        guard let error = error as? ThrivoSignError else { return self[.errorOther] }
        switch error {
        case .KeyCancelled: return self[.errorCancelled]
        case .KeyLocked: return self[.errorLocked]
        case .KeyInvalidated: return self[.errorInvalidated]
        case .KeyNotFound: return self[.errorGone]
        case .KeyNotPermitted: return self[.errorHardware]
        case .KeyStoreUnavailable: return self[.errorUnavailable]
        // Ends with what to do next.
        default: return error.detail.message
        }
    }
}
