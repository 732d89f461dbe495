//! The C border: the error codes, as numbers for the header. The core's one table says the same, and a test holds the two against each other.

/// What went wrong. Codes never move. 1xx misuse, 2xx the document, 3xx bytes of a peer, 4xx the key, 5xx the service, 6xx the network,
/// 9xx internal. A later version may know more codes than this list.
#[repr(C)]
pub enum thrivosign_error_kind {
    /// Nothing: the call went well.
    Ok = 0,
    /// An argument is outside its allowed values. Check the call against its documentation.
    InvalidArgument = 101,
    /// A required argument is missing. Pass the argument.
    NullArgument = 102,
    /// Text is not valid UTF-8. Pass UTF-8.
    InvalidUtf8 = 103,
    /// This call does not fit the state of the object. Call the earlier step first.
    WrongOrder = 104,
    /// This object was already used up. Make a new one.
    AlreadyUsed = 105,
    /// A blocking call was made from inside a callback. Return from the callback first.
    Reentrant = 106,
    /// The call was cancelled. Call again when wanted; nothing was left half done.
    Cancelled = 107,
    /// The prepared blob is damaged, of an unknown version, or its integrity value does not match. Prepare the document again.
    PreparedMalformed = 108,
    /// A configuration value or file cannot be used. Correct the configuration.
    ConfigMalformed = 109,
    /// The journal of signing orders is damaged, or was made with another key. Open it with the key it was made with, or put it aside; its open orders have to be approved again.
    JournalDamaged = 110,
    /// Another process has the journal of signing orders open. Close it there first.
    JournalBusy = 111,
    /// This build of the library was made without what the call needs. Link a library that has it; a client can also be made over HTTP of your own.
    FeatureMissing = 112,
    /// The document is not a PDF. Choose a PDF file.
    NotPdf = 201,
    /// The PDF's structure is damaged. Have the document written again by its producer.
    PdfDamaged = 202,
    /// The PDF uses a feature that is not supported. Have the document written without it.
    PdfUnsupported = 203,
    /// The document exceeds a safety limit. Check where the document comes from; raise the limit only if it is trusted.
    LimitReached = 204,
    /// The PDF has no page. Choose a document with at least one page.
    NoPages = 205,
    /// The PDF is encrypted and needs a password. Pass the document's password; an empty one is a password too.
    PasswordRequired = 206,
    /// The password does not open the PDF. Pass the right password.
    PasswordWrong = 207,
    /// The PDF's encryption method is not supported. Have the document encrypted with the standard security handler or not at all.
    EncryptionUnsupported = 208,
    /// The document has no such page. Pages count from 1.
    PageNotFound = 209,
    /// The form field exists and cannot take a signature. Choose another field name.
    FieldUnusable = 210,
    /// The document's certification or lock forbids another signature. Ask the document's author for a version that allows it.
    SigningForbidden = 211,
    /// The document is not the one that was prepared. Prepare the document again.
    DocumentChanged = 212,
    /// The document cannot be read. Check that the file exists and may be read.
    SourceUnreadable = 213,
    /// The output cannot be written; nothing was left behind. Check the folder, its permissions and the free space.
    OutputUnwritable = 214,
    /// The output is the same file as the input. Choose another output file.
    OutputIsInput = 215,
    /// The signature would not fit the room reserved for it; no key was asked. Reserve more room.
    SignatureRoomExceeded = 216,
    /// The policy refuses to sign this document. Read the findings of inspect.
    PreflightRefused = 217,
    /// The visible box is empty or outside the page. Choose a box inside the page.
    BoxUnusable = 218,
    /// The appearance text has a character that its font lacks. Use other characters or an invisible signature.
    TextUnrepresentable = 219,
    /// The finished file did not pass the library's own verifier; nothing was written. Report the document to us.
    CheckFailed = 220,
    /// The standard that the document claims to keep (PDF/A) does not allow this. Leave it out, or take a version of the document without the claim.
    ConformanceForbids = 221,
    /// A DER structure is malformed. Ask for correct bytes.
    DerMalformed = 301,
    /// A certificate is malformed. Ask for a correct certificate.
    CertificateMalformed = 302,
    /// The algorithm is unknown or not allowed. Use ECDSA P-256 or RSA-3072 with SHA-256.
    AlgorithmUnsupported = 303,
    /// The CMS structure is malformed. Ask for a correct signature.
    CmsMalformed = 304,
    /// The certification request is malformed or its signature is wrong. Make the request again.
    CsrMalformed = 305,
    /// The PEM text is malformed or holds nothing of the expected kind. Check the file.
    PemMalformed = 306,
    /// The PKCS#12 file is malformed or uses an old encryption. Export it again with AES (PBES2).
    Pkcs12Malformed = 307,
    /// The signing certificate is expired or not yet valid. Renew the certificate.
    CertificateExpired = 308,
    /// The certificate's key usage does not allow document signatures. Use a certificate for signing.
    CertificateUnsuitable = 309,
    /// The certificate does not belong to this key. Use the certificate issued for this key.
    CertificateForeign = 310,
    /// The certificates given do not form a chain. Give the signer's certificate first, then its issuers.
    ChainBroken = 311,
    /// There is no such key. Create a key first.
    KeyNotFound = 401,
    /// The person cancelled the use of the key. Ask again when the person is ready.
    KeyCancelled = 402,
    /// The key is locked. Unlock the device or wait.
    KeyLocked = 403,
    /// The key was invalidated by a change of the device's protection. Enrol again with a new key.
    KeyInvalidated = 404,
    /// The key store returned a signature that does not match the key. Check the key store; nothing was signed.
    KeySignatureWrong = 405,
    /// The key may not be used for this. Use the key made for this purpose.
    KeyNotPermitted = 406,
    /// A key of that name exists already. Choose another name or delete the old key.
    KeyExists = 407,
    /// The passphrase is wrong. Enter the right passphrase.
    PassphraseWrong = 408,
    /// The key file is damaged or of an unknown version. Restore the key file from its backup.
    KeyFileDamaged = 409,
    /// The key store cannot be reached. Check the device or the file's permissions.
    KeyStoreUnavailable = 410,
    /// The key store cannot do this algorithm. Choose one that the key store lists.
    KeyAlgorithmUnsupported = 411,
    /// The key store cannot attest this key. Enrol under a policy that does not require attestation.
    AttestationUnavailable = 412,
    /// The service refused the API key. Check the API key.
    ApiKeyRefused = 501,
    /// The service refused the user name or password. Enter them again.
    LoginRefused = 502,
    /// There is no valid session. Log in again.
    LoginRequired = 503,
    /// The service denied the authorisation. Check what was entered and whether this user may do it.
    AuthorizationDenied = 504,
    /// The one-time code or passphrase was wrong. Enter it again; the number of tries is limited.
    UserAuthenticationFailed = 505,
    /// Too many wrong tries. Ask the service's operator to unlock.
    UserAuthenticationLocked = 506,
    /// The challenge is unknown, used or expired. Ask for a new challenge.
    ChallengeRefused = 507,
    /// The service refused to issue a certificate. Read the problem type; correct the request.
    CertificateRefused = 508,
    /// The service does not know this device or refused it. Register the device again.
    DeviceRefused = 509,
    /// The service has no such record. Check the identifier.
    RecordNotFound = 510,
    /// The service refused the document. Read the problem type; correct the document.
    DocumentRefused = 511,
    /// The signing session is in another state or was completed with another value. Start a new signature.
    SigningConflict = 512,
    /// What the service prepared is not what was asked; the key was not used. Do not sign; report the service.
    PreparedRevisionRefused = 513,
    /// What the service filed is not the document that was signed. Keep your own copy; report the service.
    FiledDocumentRefused = 514,
    /// The service issued a certificate that does not match the request. Report the service.
    IssuedCertificateRefused = 515,
    /// A registration officer has yet to approve the request. Ask again later.
    EnrolmentPending = 516,
    /// The service refused the call. Read the problem type.
    ServiceRefused = 517,
    /// The key was asked for this order before, and what it answered is not known. Show the document again, and ask the key again only if the person agrees.
    OrderUnanswered = 518,
    /// The service cannot be reached. Check the address and the network; try again.
    ConnectFailed = 601,
    /// The secure connection could not be made. Check that the service speaks TLS 1.2 or 1.3.
    TlsFailed = 602,
    /// The service's certificate comes from an unknown authority. Give the right roots; never switch the check off.
    TlsUnknownCa = 603,
    /// The service's certificate is for another host. Check the address.
    TlsWrongHost = 604,
    /// The service's key is not among the pinned ones. Update the pins from a trusted source.
    TlsPinMismatch = 605,
    /// Plain http is refused. Use an https address.
    PlainHttpRefused = 606,
    /// The call did not end in time. Try again.
    TimedOut = 607,
    /// The service asks to wait. Wait for the time given.
    RateLimited = 608,
    /// The connection broke in the middle of an exchange. Try again.
    ConnectionCut = 609,
    /// The service's answer cannot be understood. Check that the address is that of a Server-Signer.
    BadAnswer = 610,
    /// The service is unavailable. Try again later.
    ServiceUnavailable = 611,
    /// The service's answer exceeds the size limit. Check the address.
    AnswerTooLarge = 612,
    /// The service's certificate is expired or not yet valid. Check the device's clock; report the service.
    TlsCertificateExpired = 613,
    /// The update of the pins cannot be used. [service, not retryable]
    PinUpdateRefused = 614,
    /// The service does not accept the client's certificate, or wants one. Renew the certificate, or have the service trust its issuer.
    TlsClientRefused = 615,
    /// An internal error was caught; the object can no longer be used. Report it to us.
    Panicked = 901,
    /// An internal state that should not exist was met. Report it to us.
    Internal = 902,
    /// The system gave no random bytes. Try again; check the system.
    RandomUnavailable = 903,
}
