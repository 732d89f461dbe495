//! The errors of every call: their facts, and short names for those that an app's own key store, source or sink throws.

import ThrivoSignBindings

extension ThrivoSignError {
    /// The facts. A kind that is missing here does not compile.
    public var detail: ErrorDetail {
        switch self {
        case .InvalidArgument(let detail), .NullArgument(let detail), .InvalidUtf8(let detail), .WrongOrder(let detail),
            .AlreadyUsed(let detail), .Reentrant(let detail), .Cancelled(let detail), .PreparedMalformed(let detail),
            .ConfigMalformed(let detail), .JournalDamaged(let detail), .JournalBusy(let detail),
            .FeatureMissing(let detail),
            .NotPdf(let detail), .PdfDamaged(let detail), .PdfUnsupported(let detail),
            .LimitReached(let detail), .NoPages(let detail), .PasswordRequired(let detail), .PasswordWrong(let detail),
            .EncryptionUnsupported(let detail), .PageNotFound(let detail), .FieldUnusable(let detail), .SigningForbidden(let detail),
            .DocumentChanged(let detail), .SourceUnreadable(let detail), .OutputUnwritable(let detail), .OutputIsInput(let detail),
            .SignatureRoomExceeded(let detail), .PreflightRefused(let detail), .BoxUnusable(let detail),
            .TextUnrepresentable(let detail), .CheckFailed(let detail), .ConformanceForbids(let detail), .DerMalformed(let detail), .CertificateMalformed(let detail),
            .AlgorithmUnsupported(let detail), .CmsMalformed(let detail), .CsrMalformed(let detail), .PemMalformed(let detail),
            .Pkcs12Malformed(let detail), .CertificateExpired(let detail), .CertificateUnsuitable(let detail),
            .CertificateForeign(let detail), .ChainBroken(let detail), .KeyNotFound(let detail), .KeyCancelled(let detail),
            .KeyLocked(let detail), .KeyInvalidated(let detail), .KeySignatureWrong(let detail), .KeyNotPermitted(let detail),
            .KeyExists(let detail), .PassphraseWrong(let detail), .KeyFileDamaged(let detail), .KeyStoreUnavailable(let detail),
            .KeyAlgorithmUnsupported(let detail), .AttestationUnavailable(let detail), .ApiKeyRefused(let detail),
            .LoginRefused(let detail), .LoginRequired(let detail), .AuthorizationDenied(let detail),
            .UserAuthenticationFailed(let detail), .UserAuthenticationLocked(let detail), .ChallengeRefused(let detail),
            .CertificateRefused(let detail), .DeviceRefused(let detail), .RecordNotFound(let detail), .DocumentRefused(let detail),
            .SigningConflict(let detail), .PreparedRevisionRefused(let detail), .FiledDocumentRefused(let detail),
            .IssuedCertificateRefused(let detail), .EnrolmentPending(let detail), .ServiceRefused(let detail),
            .OrderUnanswered(let detail),
            .ConnectFailed(let detail), .TlsFailed(let detail), .TlsUnknownCa(let detail), .TlsWrongHost(let detail),
            .TlsPinMismatch(let detail), .PlainHttpRefused(let detail), .TimedOut(let detail), .RateLimited(let detail),
            .ConnectionCut(let detail), .BadAnswer(let detail), .ServiceUnavailable(let detail), .AnswerTooLarge(let detail),
            .TlsCertificateExpired(let detail), .PinUpdateRefused(let detail), .TlsClientRefused(let detail), .Panicked(let detail), .Internal(let detail), .RandomUnavailable(let detail):
            return detail
        }
    }

    /// The stable number of the kind: docs/codes.md.
    public var code: Int { Int(detail.code) }

    /// Whether the same call may succeed later without anything being changed.
    public var isRetryable: Bool { detail.retryable }
}

/// What an app throws leaves all facts out: the library adds its own.
extension ThrivoSignError {
    /// There is no such key.
    public static var keyNotFound: ThrivoSignError { .KeyNotFound(detail: ErrorDetail()) }
    /// A key of that name exists already; it is untouched.
    public static var keyExists: ThrivoSignError { .KeyExists(detail: ErrorDetail()) }
    /// The person cancelled the use of the key.
    public static var keyCancelled: ThrivoSignError { .KeyCancelled(detail: ErrorDetail()) }
    /// The key is locked.
    public static var keyLocked: ThrivoSignError { .KeyLocked(detail: ErrorDetail()) }
    /// A change of the device's protection made the key unusable.
    public static var keyInvalidated: ThrivoSignError { .KeyInvalidated(detail: ErrorDetail()) }
    /// The key may not be used for this.
    public static var keyNotPermitted: ThrivoSignError { .KeyNotPermitted(detail: ErrorDetail()) }
    /// The key cannot do the algorithm.
    public static var keyAlgorithmUnsupported: ThrivoSignError { .KeyAlgorithmUnsupported(detail: ErrorDetail()) }
    /// The store cannot be reached.
    public static var keyStoreUnavailable: ThrivoSignError { .KeyStoreUnavailable(detail: ErrorDetail()) }
    /// The platform has no proof of where its keys live.
    public static var attestationUnavailable: ThrivoSignError { .AttestationUnavailable(detail: ErrorDetail()) }
    /// The document cannot be read.
    public static var sourceUnreadable: ThrivoSignError { .SourceUnreadable(detail: ErrorDetail()) }
    /// The output cannot be written.
    public static var outputUnwritable: ThrivoSignError { .OutputUnwritable(detail: ErrorDetail()) }
}
