//! The base: one table of error kinds.
//!
//! Takes nothing, gives [`Error`] and [`ErrorKind`]. Codes and names never move once released: C, Kotlin, Swift, the
//! command line and the docs read this one table. Texts hold no user input, key id, subject name or token.

use std::borrow::Cow;
use std::fmt;

/// Whose turn it is after an error: who can do something about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Turn {
    /// The programmer who calls the library.
    Caller,
    /// Whoever made or chose the document.
    Document,
    /// Whoever made the certificate or the signature bytes.
    Peer,
    /// The person or the device that holds the key.
    User,
    /// The Server-Signer or its operator.
    Service,
    /// The network; later may be better.
    Network,
    /// This library.
    Library,
}

macro_rules! error_kinds {
    ($( $name:ident = $code:literal, $snake:literal, $turn:ident, $retry:literal, $text:literal, $next:literal; )*) => {
        /// What went wrong, as a stable code. Bands: 1xx misuse, 2xx the document, 3xx DER, CMS or certificate bytes,
        /// 4xx the key, 5xx the service refused, 6xx the edge, 9xx internal.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorKind { $( #[doc = concat!($text, ". ", $next)] $name, )* }

        impl ErrorKind {
            /// Every kind, in the order of the codes.
            pub const ALL: &'static [ErrorKind] = &[ $( ErrorKind::$name, )* ];

            /// The stable number.
            #[must_use]
            pub const fn code(self) -> i32 { match self { $( ErrorKind::$name => $code, )* } }

            /// The stable name, `snake_case`.
            #[must_use]
            pub const fn name(self) -> &'static str { match self { $( ErrorKind::$name => $snake, )* } }

            /// Whose turn it is.
            #[must_use]
            pub const fn turn(self) -> Turn { match self { $( ErrorKind::$name => Turn::$turn, )* } }

            /// Whether the same call may succeed later without anything being changed.
            #[must_use]
            pub const fn retryable(self) -> bool { match self { $( ErrorKind::$name => $retry, )* } }

            /// What happened, in one sentence without a full stop.
            #[must_use]
            pub const fn text(self) -> &'static str { match self { $( ErrorKind::$name => $text, )* } }

            /// What to do next, in one sentence.
            #[must_use]
            pub const fn next_step(self) -> &'static str { match self { $( ErrorKind::$name => $next, )* } }
        }
    };
}

/// The one table of error kinds, handed to a macro of yours: `name = code, "snake_name", turn, retryable, "text", "next step";` for each
/// kind. Whoever needs a case per kind in another language makes it from here, so that none is missing.
///
/// ```
/// macro_rules! names { ($( $name:ident = $code:literal, $snake:literal, $turn:ident, $retry:literal, $text:literal, $next:literal; )*) => {
///     const NAMES: &[&str] = &[ $( $snake, )* ];
/// } }
/// thrivosign::for_each_error_kind!(names);
/// assert_eq!(NAMES.len(), thrivosign::ErrorKind::ALL.len());
/// ```
#[macro_export]
macro_rules! for_each_error_kind {
    ($($callback:tt)+) => { $($callback)+! {
        InvalidArgument = 101, "invalid_argument", Caller, false, "an argument is outside its allowed values", "Check the call against its documentation.";
        NullArgument = 102, "null_argument", Caller, false, "a required argument is missing", "Pass the argument.";
        InvalidUtf8 = 103, "invalid_utf8", Caller, false, "text is not valid UTF-8", "Pass UTF-8.";
        WrongOrder = 104, "wrong_order", Caller, false, "this call does not fit the state of the object", "Call the earlier step first.";
        AlreadyUsed = 105, "already_used", Caller, false, "this object was already used up", "Make a new one.";
        Reentrant = 106, "reentrant", Caller, false, "a blocking call was made from inside a callback", "Return from the callback first.";
        Cancelled = 107, "cancelled", Caller, false, "the call was cancelled", "Call again when wanted; nothing was left half done.";
        PreparedMalformed = 108, "prepared_malformed", Caller, false, "the prepared blob is damaged, of an unknown version, or its integrity value does not match", "Prepare the document again.";
        ConfigMalformed = 109, "config_malformed", Caller, false, "a configuration value or file cannot be used", "Correct the configuration.";
        JournalDamaged = 110, "journal_damaged", Caller, false, "the journal of signing orders is damaged, or was made with another key", "Open it with the key it was made with, or put it aside; its open orders have to be approved again.";
        JournalBusy = 111, "journal_busy", Caller, false, "another process has the journal of signing orders open", "Close it there first.";
        FeatureMissing = 112, "feature_missing", Caller, false, "this build of the library was made without what the call needs", "Link a library that has it; a client can also be made over HTTP of your own.";

        NotPdf = 201, "not_pdf", Document, false, "the document is not a PDF", "Choose a PDF file.";
        PdfDamaged = 202, "pdf_damaged", Document, false, "the PDF's structure is damaged", "Have the document written again by its producer.";
        PdfUnsupported = 203, "pdf_unsupported", Document, false, "the PDF uses a feature that is not supported", "Have the document written without it.";
        LimitReached = 204, "limit_reached", Document, false, "the document exceeds a safety limit", "Check where the document comes from; raise the limit only if it is trusted.";
        NoPages = 205, "no_pages", Document, false, "the PDF has no page", "Choose a document with at least one page.";
        PasswordRequired = 206, "password_required", Document, false, "the PDF is encrypted and needs a password", "Pass the document's password; an empty one is a password too.";
        PasswordWrong = 207, "password_wrong", Document, false, "the password does not open the PDF", "Pass the right password.";
        EncryptionUnsupported = 208, "encryption_unsupported", Document, false, "the PDF's encryption method is not supported", "Have the document encrypted with the standard security handler or not at all.";
        PageNotFound = 209, "page_not_found", Document, false, "the document has no such page", "Pages count from 1.";
        FieldUnusable = 210, "field_unusable", Document, false, "the form field exists and cannot take a signature", "Choose another field name.";
        SigningForbidden = 211, "signing_forbidden", Document, false, "the document's certification or lock forbids another signature", "Ask the document's author for a version that allows it.";
        DocumentChanged = 212, "document_changed", Document, false, "the document is not the one that was prepared", "Prepare the document again.";
        SourceUnreadable = 213, "source_unreadable", Document, false, "the document cannot be read", "Check that the file exists and may be read.";
        OutputUnwritable = 214, "output_unwritable", Document, false, "the output cannot be written; nothing was left behind", "Check the folder, its permissions and the free space.";
        OutputIsInput = 215, "output_is_input", Caller, false, "the output is the same file as the input", "Choose another output file.";
        SignatureRoomExceeded = 216, "signature_room_exceeded", Document, false, "the signature would not fit the room reserved for it; no key was asked", "Reserve more room.";
        PreflightRefused = 217, "preflight_refused", Document, false, "the policy refuses to sign this document", "Read the findings of inspect.";
        BoxUnusable = 218, "box_unusable", Document, false, "the visible box is empty or outside the page", "Choose a box inside the page.";
        TextUnrepresentable = 219, "text_unrepresentable", Document, false, "the appearance text has a character that its font lacks", "Use other characters or an invisible signature.";
        CheckFailed = 220, "check_failed", Library, false, "the finished file did not pass the library's own verifier; nothing was written", "Report the document to us.";
        ConformanceForbids = 221, "conformance_forbids", Document, false, "the standard that the document claims to keep (PDF/A) does not allow this", "Leave it out, or take a version of the document without the claim.";

        DerMalformed = 301, "der_malformed", Peer, false, "a DER structure is malformed", "Ask for correct bytes.";
        CertificateMalformed = 302, "certificate_malformed", Peer, false, "a certificate is malformed", "Ask for a correct certificate.";
        AlgorithmUnsupported = 303, "algorithm_unsupported", Peer, false, "the algorithm is unknown or not allowed", "Use ECDSA P-256 or RSA-3072 with SHA-256.";
        CmsMalformed = 304, "cms_malformed", Peer, false, "the CMS structure is malformed", "Ask for a correct signature.";
        CsrMalformed = 305, "csr_malformed", Peer, false, "the certification request is malformed or its signature is wrong", "Make the request again.";
        PemMalformed = 306, "pem_malformed", Peer, false, "the PEM text is malformed or holds nothing of the expected kind", "Check the file.";
        Pkcs12Malformed = 307, "pkcs12_malformed", Peer, false, "the PKCS#12 file is malformed or uses an old encryption", "Export it again with AES (PBES2).";
        CertificateExpired = 308, "certificate_expired", Peer, false, "the signing certificate is expired or not yet valid", "Renew the certificate.";
        CertificateUnsuitable = 309, "certificate_unsuitable", Peer, false, "the certificate's key usage does not allow document signatures", "Use a certificate for signing.";
        CertificateForeign = 310, "certificate_foreign", Peer, false, "the certificate does not belong to this key", "Use the certificate issued for this key.";
        ChainBroken = 311, "chain_broken", Peer, false, "the certificates given do not form a chain", "Give the signer's certificate first, then its issuers.";

        KeyNotFound = 401, "key_not_found", User, false, "there is no such key", "Create a key first.";
        KeyCancelled = 402, "key_cancelled", User, false, "the person cancelled the use of the key", "Ask again when the person is ready.";
        KeyLocked = 403, "key_locked", User, true, "the key is locked", "Unlock the device or wait.";
        KeyInvalidated = 404, "key_invalidated", User, false, "the key was invalidated by a change of the device's protection", "Enrol again with a new key.";
        KeySignatureWrong = 405, "key_signature_wrong", User, false, "the key store returned a signature that does not match the key", "Check the key store; nothing was signed.";
        KeyNotPermitted = 406, "key_not_permitted", User, false, "the key may not be used for this", "Use the key made for this purpose.";
        KeyExists = 407, "key_exists", Caller, false, "a key of that name exists already", "Choose another name or delete the old key.";
        PassphraseWrong = 408, "passphrase_wrong", User, false, "the passphrase is wrong", "Enter the right passphrase.";
        KeyFileDamaged = 409, "key_file_damaged", User, false, "the key file is damaged or of an unknown version", "Restore the key file from its backup.";
        KeyStoreUnavailable = 410, "key_store_unavailable", User, true, "the key store cannot be reached", "Check the device or the file's permissions.";
        KeyAlgorithmUnsupported = 411, "key_algorithm_unsupported", Caller, false, "the key store cannot do this algorithm", "Choose one that the key store lists.";
        AttestationUnavailable = 412, "attestation_unavailable", User, false, "the key store cannot attest this key", "Enrol under a policy that does not require attestation.";

        ApiKeyRefused = 501, "api_key_refused", Service, false, "the service refused the API key", "Check the API key.";
        LoginRefused = 502, "login_refused", User, false, "the service refused the user name or password", "Enter them again.";
        LoginRequired = 503, "login_required", User, false, "there is no valid session", "Log in again.";
        AuthorizationDenied = 504, "authorization_denied", User, false, "the service denied the authorisation", "Check what was entered and whether this user may do it.";
        UserAuthenticationFailed = 505, "user_authentication_failed", User, false, "the one-time code or passphrase was wrong", "Enter it again; the number of tries is limited.";
        UserAuthenticationLocked = 506, "user_authentication_locked", User, false, "too many wrong tries", "Ask the service's operator to unlock.";
        ChallengeRefused = 507, "challenge_refused", Service, false, "the challenge is unknown, used or expired", "Ask for a new challenge.";
        CertificateRefused = 508, "certificate_refused", Service, false, "the service refused to issue a certificate", "Read the problem type; correct the request.";
        DeviceRefused = 509, "device_refused", Service, false, "the service does not know this device or refused it", "Register the device again.";
        RecordNotFound = 510, "record_not_found", Service, false, "the service has no such record", "Check the identifier.";
        DocumentRefused = 511, "document_refused", Document, false, "the service refused the document", "Read the problem type; correct the document.";
        SigningConflict = 512, "signing_conflict", Service, false, "the signing session is in another state or was completed with another value", "Start a new signature.";
        PreparedRevisionRefused = 513, "prepared_revision_refused", Service, false, "what the service prepared is not what was asked; the key was not used", "Do not sign; report the service.";
        FiledDocumentRefused = 514, "filed_document_refused", Service, false, "what the service filed is not the document that was signed", "Keep your own copy; report the service.";
        IssuedCertificateRefused = 515, "issued_certificate_refused", Service, false, "the service issued a certificate that does not match the request", "Report the service.";
        EnrolmentPending = 516, "enrolment_pending", Service, true, "a registration officer has yet to approve the request", "Ask again later.";
        ServiceRefused = 517, "service_refused", Service, false, "the service refused the call", "Read the problem type.";
        OrderUnanswered = 518, "order_unanswered", User, false, "the key was asked for this order before, and what it answered is not known", "Show the document again, and ask the key again only if the person agrees.";

        ConnectFailed = 601, "connect_failed", Network, true, "the service cannot be reached", "Check the address and the network; try again.";
        TlsFailed = 602, "tls_failed", Network, false, "the secure connection could not be made", "Check that the service speaks TLS 1.2 or 1.3.";
        TlsUnknownCa = 603, "tls_unknown_ca", Network, false, "the service's certificate comes from an unknown authority", "Give the right roots; never switch the check off.";
        TlsWrongHost = 604, "tls_wrong_host", Network, false, "the service's certificate is for another host", "Check the address.";
        TlsPinMismatch = 605, "tls_pin_mismatch", Network, false, "the service's key is not among the pinned ones", "Update the pins from a trusted source.";
        PlainHttpRefused = 606, "plain_http_refused", Caller, false, "plain http is refused", "Use an https address.";
        TimedOut = 607, "timed_out", Network, true, "the call did not end in time", "Try again.";
        RateLimited = 608, "rate_limited", Network, true, "the service asks to wait", "Wait for the time given.";
        ConnectionCut = 609, "connection_cut", Network, true, "the connection broke in the middle of an exchange", "Try again.";
        BadAnswer = 610, "bad_answer", Service, false, "the service's answer cannot be understood", "Check that the address is that of a Server-Signer.";
        ServiceUnavailable = 611, "service_unavailable", Network, true, "the service is unavailable", "Try again later.";
        AnswerTooLarge = 612, "answer_too_large", Service, false, "the service's answer exceeds the size limit", "Check the address.";
        TlsCertificateExpired = 613, "tls_certificate_expired", Network, false, "the service's certificate is expired or not yet valid", "Check the device's clock; report the service.";
        PinUpdateRefused = 614, "pin_update_refused", Service, false, "the update of the pins cannot be used", "Keep the pins at hand; ask the service for a newer update.";
        TlsClientRefused = 615, "tls_client_refused", Peer, false, "the service does not accept the client's certificate, or wants one", "Renew the certificate, or have the service trust its issuer.";

        Panicked = 901, "panicked", Library, false, "an internal error was caught; the object can no longer be used", "Report it to us.";
        Internal = 902, "internal", Library, false, "an internal state that should not exist was met", "Report it to us.";
        RandomUnavailable = 903, "random_unavailable", Library, true, "the system gave no random bytes", "Try again; check the system.";
    } };
}

for_each_error_kind!(error_kinds);

/// The library's error: a kind, where it happened, and typed facts that some kinds carry.
///
/// Fields are opaque; what a kind does not carry is answered with `None`.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    kind: ErrorKind,
    context: Option<Cow<'static, str>>,
    position: Option<u64>,
    http_status: Option<u16>,
    retry_after: Option<u64>,
    tries_left: Option<u32>,
    problem: Option<String>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The library's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of that kind with nothing added.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Error {
        Error(Box::new(Inner {
            kind,
            context: None,
            position: None,
            http_status: None,
            retry_after: None,
            tries_left: None,
            problem: None,
            source: None,
        }))
    }

    /// Adds what was being done or which part is meant. Never put user input, names, ids or tokens here.
    #[must_use]
    pub fn context(mut self, context: impl Into<Cow<'static, str>>) -> Error {
        self.0.context = Some(context.into());
        self
    }

    /// Adds the byte position in the document or structure.
    #[must_use]
    pub fn at(mut self, position: u64) -> Error {
        self.0.position = Some(position);
        self
    }

    /// Adds the HTTP status of the answer.
    #[must_use]
    pub fn with_http_status(mut self, status: u16) -> Error {
        self.0.http_status = Some(status);
        self
    }

    /// Adds the seconds the service asks to wait.
    #[must_use]
    pub fn with_retry_after(mut self, seconds: u64) -> Error {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Adds how many tries are left before a lock.
    #[must_use]
    pub fn with_tries_left(mut self, tries: u32) -> Error {
        self.0.tries_left = Some(tries);
        self
    }

    /// Adds the service's problem type (RFC 9457 `type`) or OAuth error code.
    #[must_use]
    pub fn with_problem(mut self, problem: impl Into<String>) -> Error {
        self.0.problem = Some(problem.into());
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        self.0.source = Some(source.into());
        self
    }

    /// The kind.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The stable number of the kind.
    #[must_use]
    pub fn code(&self) -> i32 {
        self.0.kind.code()
    }

    /// Byte position, if the kind has one.
    #[must_use]
    pub fn position(&self) -> Option<u64> {
        self.0.position
    }

    /// HTTP status, if a service answered.
    #[must_use]
    pub fn http_status(&self) -> Option<u16> {
        self.0.http_status
    }

    /// Seconds to wait before the next try, if the service said so.
    #[must_use]
    pub fn retry_after(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// Tries left before a lock, if the service said so.
    #[must_use]
    pub fn tries_left(&self) -> Option<u32> {
        self.0.tries_left
    }

    /// The service's problem type or OAuth error code, if it gave one.
    #[must_use]
    pub fn problem(&self) -> Option<&str> {
        self.0.problem.as_deref()
    }

    /// What was being done, if it was noted.
    #[must_use]
    pub fn context_text(&self) -> Option<&str> {
        self.0.context.as_deref()
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Error {
        Error::new(kind)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &*self.0;
        write!(f, "{}", inner.kind.text())?;
        if let Some(context) = &inner.context {
            write!(f, " ({context})")?;
        }
        if let Some(position) = inner.position {
            write!(f, " at byte {position}")?;
        }
        if let Some(status) = inner.http_status {
            write!(f, " [HTTP {status}]")?;
        }
        if let Some(problem) = &inner.problem {
            write!(f, " [{problem}]")?;
        }
        if let Some(tries) = inner.tries_left {
            write!(f, "; {tries} tries left")?;
        }
        if let Some(seconds) = inner.retry_after {
            write!(f, "; wait {seconds} s")?;
        }
        write!(f, ". {}", inner.kind.next_step())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn codes_and_names_are_unique_and_in_their_band() {
        let mut codes = HashSet::new();
        let mut names = HashSet::new();
        for kind in ErrorKind::ALL {
            assert!(codes.insert(kind.code()), "{kind:?} repeats a code");
            assert!(names.insert(kind.name()), "{kind:?} repeats a name");
            assert!(matches!(kind.code() / 100, 1..=6 | 9), "{kind:?} is outside the bands");
            if kind.retryable() {
                assert!(matches!(kind.code() / 100, 4..=6 | 9), "{kind:?} cannot get better by waiting");
            }
        }
    }
}
