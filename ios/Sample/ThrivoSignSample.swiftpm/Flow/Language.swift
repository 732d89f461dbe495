//! The app's texts. Takes a phrase, gives it in a language that the app has; a phrase that is not in this list cannot be said.

import Foundation

/// Everything that the app says. The names are the keys in Localizable.strings.
public enum Phrase: String, CaseIterable, Sendable {
    case appName, open, sign, share, setUp, done, ok
    case nothingOpen, notSetUp, ready, cannotShow, working, signedClean, signedNotClean
    case findings, noFindings, pageOf, pagesOfDocument, verdict
    case reason, promptSign, promptCertificate, cancel, resume
    case service, apiKey, user, password, yourName, country, chooseTls, chooseTrust, tlsChosen, trustChosen, enrol
    case enrolled, waitsForOfficer, code, files
    case errorCancelled, errorLocked, errorInvalidated, errorGone, errorHardware, errorUnavailable, errorOther
}

/// One of the app's languages.
public struct Language: Sendable {
    /// `en` or `de`.
    public let code: String

    /// The one that the person prefers.
    public init() { self.init(Bundle.module.preferredLocalizations.first ?? "en") }

    init(_ code: String) {
        self.code = code
    }

    public subscript(_ phrase: Phrase) -> String {
        let folder = Bundle.module.path(forResource: code, ofType: "lproj").flatMap(Bundle.init(path:)) ?? Bundle.module
        return folder.localizedString(forKey: phrase.rawValue, value: nil, table: nil)
    }

    func page(_ page: Int64, of pages: Int64) -> String { String(format: self[.pageOf], page, pages) }
}
