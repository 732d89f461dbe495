/*
 * thrivosign: device-bound PDF signing and verification. Generated from bindings/c; do not edit.
 *
 * A function gives NULL if it went well, otherwise an error that the caller frees; outputs are then as they were. Every handle is freed with the
 * function of its type. Texts are UTF-8 and end with NUL. Each item says, in this order, what is true after the call, and then Ownership,
 * Lifetime, Threads and NULL. What holds for all of them is in docs/abi.md.
 */

#ifndef THRIVOSIGN_H
#define THRIVOSIGN_H

#include <stddef.h>
#include <stdint.h>

/** The version of this header; that of the library is told by thrivosign_version(). */
#define THRIVOSIGN_VERSION "0.1.0"
#define THRIVOSIGN_VERSION_MAJOR 0
#define THRIVOSIGN_VERSION_MINOR 1
#define THRIVOSIGN_VERSION_PATCH 0
/** The ABI number of this header; that of the library is told by thrivosign_abi_version(). */
#define THRIVOSIGN_ABI_VERSION 0

/** An error that is not looked at is a mistake; compilers that can, say so. */
#ifndef THRIVOSIGN_NODISCARD
#if defined(__cplusplus) && __cplusplus >= 201703L
#define THRIVOSIGN_NODISCARD [[nodiscard]]
#elif defined(__GNUC__) || defined(__clang__)
#define THRIVOSIGN_NODISCARD __attribute__((warn_unused_result))
#else
#define THRIVOSIGN_NODISCARD
#endif
#endif


/**
 * What the person says to a remote signature.
 */
typedef enum thrivosign_decision {
  /**
   * Yes, to all of it.
   */
  THRIVOSIGN_DECISION_APPROVE = 1,
  /**
   * No.
   */
  THRIVOSIGN_DECISION_DECLINE = 2
} thrivosign_decision;

/**
 * In what order the outcomes of a batch are told.
 */
typedef enum thrivosign_order {
  /**
   * That of the list.
   */
  THRIVOSIGN_ORDER_LISTED = 1,
  /**
   * As they come.
   */
  THRIVOSIGN_ORDER_AS_THEY_COME = 2
} thrivosign_order;

/**
 * Whose turn it is after an error.
 */
typedef enum thrivosign_turn {
  /**
   * The programmer who calls the library.
   */
  THRIVOSIGN_TURN_CALLER = 1,
  /**
   * Whoever made or chose the document.
   */
  THRIVOSIGN_TURN_DOCUMENT = 2,
  /**
   * Whoever made the certificate or the signature bytes.
   */
  THRIVOSIGN_TURN_PEER = 3,
  /**
   * The person or the device that holds the key.
   */
  THRIVOSIGN_TURN_USER = 4,
  /**
   * The Server-Signer or its operator.
   */
  THRIVOSIGN_TURN_SERVICE = 5,
  /**
   * The network; later may be better.
   */
  THRIVOSIGN_TURN_NETWORK = 6,
  /**
   * This library.
   */
  THRIVOSIGN_TURN_LIBRARY = 7
} thrivosign_turn;

/**
 * How the person proves who they are.
 */
typedef enum thrivosign_authentication_method {
  /**
   * A one-time code by SMS or e-mail.
   */
  THRIVOSIGN_AUTHENTICATION_METHOD_OTP = 1,
  /**
   * The passphrase chosen at activation.
   */
  THRIVOSIGN_AUTHENTICATION_METHOD_PASSPHRASE = 2,
  /**
   * A time-based code (RFC 6238).
   */
  THRIVOSIGN_AUTHENTICATION_METHOD_TOTP = 3,
  /**
   * A reference to an identification made elsewhere.
   */
  THRIVOSIGN_AUTHENTICATION_METHOD_EKYC_REFERENCE = 4
} thrivosign_authentication_method;

/**
 * Why a certificate is revoked (RFC 5280 5.3.1).
 */
typedef enum thrivosign_revocation_reason {
  /**
   * None given.
   */
  THRIVOSIGN_REVOCATION_REASON_UNSPECIFIED = 1,
  /**
   * The key may be in other hands.
   */
  THRIVOSIGN_REVOCATION_REASON_KEY_COMPROMISE = 2,
  /**
   * The person left.
   */
  THRIVOSIGN_REVOCATION_REASON_AFFILIATION_CHANGED = 3,
  /**
   * Another certificate took its place.
   */
  THRIVOSIGN_REVOCATION_REASON_SUPERSEDED = 4,
  /**
   * No longer needed.
   */
  THRIVOSIGN_REVOCATION_REASON_CESSATION_OF_OPERATION = 5
} thrivosign_revocation_reason;

/**
 * Where a certificate stands at the service.
 */
typedef enum thrivosign_certificate_state {
  /**
   * Issued, not yet activated; also after its device was deleted.
   */
  THRIVOSIGN_CERTIFICATE_STATE_NEW = 1,
  /**
   * May sign.
   */
  THRIVOSIGN_CERTIFICATE_STATE_ACTIVATED = 2,
  /**
   * Revoked for good.
   */
  THRIVOSIGN_CERTIFICATE_STATE_CANCELLED = 3
} thrivosign_certificate_state;

/**
 * What the service could verify of a key's protection; never what was claimed.
 */
typedef enum thrivosign_security_level {
  /**
   * A StrongBox secure element.
   */
  THRIVOSIGN_SECURITY_LEVEL_STRONGBOX = 1,
  /**
   * A trusted execution environment.
   */
  THRIVOSIGN_SECURITY_LEVEL_TEE = 2,
  /**
   * App Attest vouches for the app, which vouches for the key.
   */
  THRIVOSIGN_SECURITY_LEVEL_SECURE_ENCLAVE_APP_ATTESTED = 3,
  /**
   * A hardware security module.
   */
  THRIVOSIGN_SECURITY_LEVEL_HSM = 4,
  /**
   * Nothing could be verified.
   */
  THRIVOSIGN_SECURITY_LEVEL_SOFTWARE = 5
} thrivosign_security_level;

/**
 * What went wrong. Codes never move. 1xx misuse, 2xx the document, 3xx bytes of a peer, 4xx the key, 5xx the service, 6xx the network,
 * 9xx internal. A later version may know more codes than this list.
 */
typedef enum thrivosign_error_kind {
  /**
   * Nothing: the call went well.
   */
  THRIVOSIGN_ERROR_KIND_OK = 0,
  /**
   * An argument is outside its allowed values. Check the call against its documentation.
   */
  THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT = 101,
  /**
   * A required argument is missing. Pass the argument.
   */
  THRIVOSIGN_ERROR_KIND_NULL_ARGUMENT = 102,
  /**
   * Text is not valid UTF-8. Pass UTF-8.
   */
  THRIVOSIGN_ERROR_KIND_INVALID_UTF8 = 103,
  /**
   * This call does not fit the state of the object. Call the earlier step first.
   */
  THRIVOSIGN_ERROR_KIND_WRONG_ORDER = 104,
  /**
   * This object was already used up. Make a new one.
   */
  THRIVOSIGN_ERROR_KIND_ALREADY_USED = 105,
  /**
   * A blocking call was made from inside a callback. Return from the callback first.
   */
  THRIVOSIGN_ERROR_KIND_REENTRANT = 106,
  /**
   * The call was cancelled. Call again when wanted; nothing was left half done.
   */
  THRIVOSIGN_ERROR_KIND_CANCELLED = 107,
  /**
   * The prepared blob is damaged, of an unknown version, or its integrity value does not match. Prepare the document again.
   */
  THRIVOSIGN_ERROR_KIND_PREPARED_MALFORMED = 108,
  /**
   * A configuration value or file cannot be used. Correct the configuration.
   */
  THRIVOSIGN_ERROR_KIND_CONFIG_MALFORMED = 109,
  /**
   * The journal of signing orders is damaged, or was made with another key. Open it with the key it was made with, or put it aside; its open orders have to be approved again.
   */
  THRIVOSIGN_ERROR_KIND_JOURNAL_DAMAGED = 110,
  /**
   * Another process has the journal of signing orders open. Close it there first.
   */
  THRIVOSIGN_ERROR_KIND_JOURNAL_BUSY = 111,
  /**
   * This build of the library was made without what the call needs. Link a library that has it; a client can also be made over HTTP of your own.
   */
  THRIVOSIGN_ERROR_KIND_FEATURE_MISSING = 112,
  /**
   * The document is not a PDF. Choose a PDF file.
   */
  THRIVOSIGN_ERROR_KIND_NOT_PDF = 201,
  /**
   * The PDF's structure is damaged. Have the document written again by its producer.
   */
  THRIVOSIGN_ERROR_KIND_PDF_DAMAGED = 202,
  /**
   * The PDF uses a feature that is not supported. Have the document written without it.
   */
  THRIVOSIGN_ERROR_KIND_PDF_UNSUPPORTED = 203,
  /**
   * The document exceeds a safety limit. Check where the document comes from; raise the limit only if it is trusted.
   */
  THRIVOSIGN_ERROR_KIND_LIMIT_REACHED = 204,
  /**
   * The PDF has no page. Choose a document with at least one page.
   */
  THRIVOSIGN_ERROR_KIND_NO_PAGES = 205,
  /**
   * The PDF is encrypted and needs a password. Pass the document's password; an empty one is a password too.
   */
  THRIVOSIGN_ERROR_KIND_PASSWORD_REQUIRED = 206,
  /**
   * The password does not open the PDF. Pass the right password.
   */
  THRIVOSIGN_ERROR_KIND_PASSWORD_WRONG = 207,
  /**
   * The PDF's encryption method is not supported. Have the document encrypted with the standard security handler or not at all.
   */
  THRIVOSIGN_ERROR_KIND_ENCRYPTION_UNSUPPORTED = 208,
  /**
   * The document has no such page. Pages count from 1.
   */
  THRIVOSIGN_ERROR_KIND_PAGE_NOT_FOUND = 209,
  /**
   * The form field exists and cannot take a signature. Choose another field name.
   */
  THRIVOSIGN_ERROR_KIND_FIELD_UNUSABLE = 210,
  /**
   * The document's certification or lock forbids another signature. Ask the document's author for a version that allows it.
   */
  THRIVOSIGN_ERROR_KIND_SIGNING_FORBIDDEN = 211,
  /**
   * The document is not the one that was prepared. Prepare the document again.
   */
  THRIVOSIGN_ERROR_KIND_DOCUMENT_CHANGED = 212,
  /**
   * The document cannot be read. Check that the file exists and may be read.
   */
  THRIVOSIGN_ERROR_KIND_SOURCE_UNREADABLE = 213,
  /**
   * The output cannot be written; nothing was left behind. Check the folder, its permissions and the free space.
   */
  THRIVOSIGN_ERROR_KIND_OUTPUT_UNWRITABLE = 214,
  /**
   * The output is the same file as the input. Choose another output file.
   */
  THRIVOSIGN_ERROR_KIND_OUTPUT_IS_INPUT = 215,
  /**
   * The signature would not fit the room reserved for it; no key was asked. Reserve more room.
   */
  THRIVOSIGN_ERROR_KIND_SIGNATURE_ROOM_EXCEEDED = 216,
  /**
   * The policy refuses to sign this document. Read the findings of inspect.
   */
  THRIVOSIGN_ERROR_KIND_PREFLIGHT_REFUSED = 217,
  /**
   * The visible box is empty or outside the page. Choose a box inside the page.
   */
  THRIVOSIGN_ERROR_KIND_BOX_UNUSABLE = 218,
  /**
   * The appearance text has a character that its font lacks. Use other characters or an invisible signature.
   */
  THRIVOSIGN_ERROR_KIND_TEXT_UNREPRESENTABLE = 219,
  /**
   * The finished file did not pass the library's own verifier; nothing was written. Report the document to us.
   */
  THRIVOSIGN_ERROR_KIND_CHECK_FAILED = 220,
  /**
   * The standard that the document claims to keep (PDF/A) does not allow this. Leave it out, or take a version of the document without the claim.
   */
  THRIVOSIGN_ERROR_KIND_CONFORMANCE_FORBIDS = 221,
  /**
   * A DER structure is malformed. Ask for correct bytes.
   */
  THRIVOSIGN_ERROR_KIND_DER_MALFORMED = 301,
  /**
   * A certificate is malformed. Ask for a correct certificate.
   */
  THRIVOSIGN_ERROR_KIND_CERTIFICATE_MALFORMED = 302,
  /**
   * The algorithm is unknown or not allowed. Use ECDSA P-256 or RSA-3072 with SHA-256.
   */
  THRIVOSIGN_ERROR_KIND_ALGORITHM_UNSUPPORTED = 303,
  /**
   * The CMS structure is malformed. Ask for a correct signature.
   */
  THRIVOSIGN_ERROR_KIND_CMS_MALFORMED = 304,
  /**
   * The certification request is malformed or its signature is wrong. Make the request again.
   */
  THRIVOSIGN_ERROR_KIND_CSR_MALFORMED = 305,
  /**
   * The PEM text is malformed or holds nothing of the expected kind. Check the file.
   */
  THRIVOSIGN_ERROR_KIND_PEM_MALFORMED = 306,
  /**
   * The PKCS#12 file is malformed or uses an old encryption. Export it again with AES (PBES2).
   */
  THRIVOSIGN_ERROR_KIND_PKCS12_MALFORMED = 307,
  /**
   * The signing certificate is expired or not yet valid. Renew the certificate.
   */
  THRIVOSIGN_ERROR_KIND_CERTIFICATE_EXPIRED = 308,
  /**
   * The certificate's key usage does not allow document signatures. Use a certificate for signing.
   */
  THRIVOSIGN_ERROR_KIND_CERTIFICATE_UNSUITABLE = 309,
  /**
   * The certificate does not belong to this key. Use the certificate issued for this key.
   */
  THRIVOSIGN_ERROR_KIND_CERTIFICATE_FOREIGN = 310,
  /**
   * The certificates given do not form a chain. Give the signer's certificate first, then its issuers.
   */
  THRIVOSIGN_ERROR_KIND_CHAIN_BROKEN = 311,
  /**
   * There is no such key. Create a key first.
   */
  THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND = 401,
  /**
   * The person cancelled the use of the key. Ask again when the person is ready.
   */
  THRIVOSIGN_ERROR_KIND_KEY_CANCELLED = 402,
  /**
   * The key is locked. Unlock the device or wait.
   */
  THRIVOSIGN_ERROR_KIND_KEY_LOCKED = 403,
  /**
   * The key was invalidated by a change of the device's protection. Enrol again with a new key.
   */
  THRIVOSIGN_ERROR_KIND_KEY_INVALIDATED = 404,
  /**
   * The key store returned a signature that does not match the key. Check the key store; nothing was signed.
   */
  THRIVOSIGN_ERROR_KIND_KEY_SIGNATURE_WRONG = 405,
  /**
   * The key may not be used for this. Use the key made for this purpose.
   */
  THRIVOSIGN_ERROR_KIND_KEY_NOT_PERMITTED = 406,
  /**
   * A key of that name exists already. Choose another name or delete the old key.
   */
  THRIVOSIGN_ERROR_KIND_KEY_EXISTS = 407,
  /**
   * The passphrase is wrong. Enter the right passphrase.
   */
  THRIVOSIGN_ERROR_KIND_PASSPHRASE_WRONG = 408,
  /**
   * The key file is damaged or of an unknown version. Restore the key file from its backup.
   */
  THRIVOSIGN_ERROR_KIND_KEY_FILE_DAMAGED = 409,
  /**
   * The key store cannot be reached. Check the device or the file's permissions.
   */
  THRIVOSIGN_ERROR_KIND_KEY_STORE_UNAVAILABLE = 410,
  /**
   * The key store cannot do this algorithm. Choose one that the key store lists.
   */
  THRIVOSIGN_ERROR_KIND_KEY_ALGORITHM_UNSUPPORTED = 411,
  /**
   * The key store cannot attest this key. Enrol under a policy that does not require attestation.
   */
  THRIVOSIGN_ERROR_KIND_ATTESTATION_UNAVAILABLE = 412,
  /**
   * The service refused the API key. Check the API key.
   */
  THRIVOSIGN_ERROR_KIND_API_KEY_REFUSED = 501,
  /**
   * The service refused the user name or password. Enter them again.
   */
  THRIVOSIGN_ERROR_KIND_LOGIN_REFUSED = 502,
  /**
   * There is no valid session. Log in again.
   */
  THRIVOSIGN_ERROR_KIND_LOGIN_REQUIRED = 503,
  /**
   * The service denied the authorisation. Check what was entered and whether this user may do it.
   */
  THRIVOSIGN_ERROR_KIND_AUTHORIZATION_DENIED = 504,
  /**
   * The one-time code or passphrase was wrong. Enter it again; the number of tries is limited.
   */
  THRIVOSIGN_ERROR_KIND_USER_AUTHENTICATION_FAILED = 505,
  /**
   * Too many wrong tries. Ask the service's operator to unlock.
   */
  THRIVOSIGN_ERROR_KIND_USER_AUTHENTICATION_LOCKED = 506,
  /**
   * The challenge is unknown, used or expired. Ask for a new challenge.
   */
  THRIVOSIGN_ERROR_KIND_CHALLENGE_REFUSED = 507,
  /**
   * The service refused to issue a certificate. Read the problem type; correct the request.
   */
  THRIVOSIGN_ERROR_KIND_CERTIFICATE_REFUSED = 508,
  /**
   * The service does not know this device or refused it. Register the device again.
   */
  THRIVOSIGN_ERROR_KIND_DEVICE_REFUSED = 509,
  /**
   * The service has no such record. Check the identifier.
   */
  THRIVOSIGN_ERROR_KIND_RECORD_NOT_FOUND = 510,
  /**
   * The service refused the document. Read the problem type; correct the document.
   */
  THRIVOSIGN_ERROR_KIND_DOCUMENT_REFUSED = 511,
  /**
   * The signing session is in another state or was completed with another value. Start a new signature.
   */
  THRIVOSIGN_ERROR_KIND_SIGNING_CONFLICT = 512,
  /**
   * What the service prepared is not what was asked; the key was not used. Do not sign; report the service.
   */
  THRIVOSIGN_ERROR_KIND_PREPARED_REVISION_REFUSED = 513,
  /**
   * What the service filed is not the document that was signed. Keep your own copy; report the service.
   */
  THRIVOSIGN_ERROR_KIND_FILED_DOCUMENT_REFUSED = 514,
  /**
   * The service issued a certificate that does not match the request. Report the service.
   */
  THRIVOSIGN_ERROR_KIND_ISSUED_CERTIFICATE_REFUSED = 515,
  /**
   * A registration officer has yet to approve the request. Ask again later.
   */
  THRIVOSIGN_ERROR_KIND_ENROLMENT_PENDING = 516,
  /**
   * The service refused the call. Read the problem type.
   */
  THRIVOSIGN_ERROR_KIND_SERVICE_REFUSED = 517,
  /**
   * The key was asked for this order before, and what it answered is not known. Show the document again, and ask the key again only if the person agrees.
   */
  THRIVOSIGN_ERROR_KIND_ORDER_UNANSWERED = 518,
  /**
   * The service cannot be reached. Check the address and the network; try again.
   */
  THRIVOSIGN_ERROR_KIND_CONNECT_FAILED = 601,
  /**
   * The secure connection could not be made. Check that the service speaks TLS 1.2 or 1.3.
   */
  THRIVOSIGN_ERROR_KIND_TLS_FAILED = 602,
  /**
   * The service's certificate comes from an unknown authority. Give the right roots; never switch the check off.
   */
  THRIVOSIGN_ERROR_KIND_TLS_UNKNOWN_CA = 603,
  /**
   * The service's certificate is for another host. Check the address.
   */
  THRIVOSIGN_ERROR_KIND_TLS_WRONG_HOST = 604,
  /**
   * The service's key is not among the pinned ones. Update the pins from a trusted source.
   */
  THRIVOSIGN_ERROR_KIND_TLS_PIN_MISMATCH = 605,
  /**
   * Plain http is refused. Use an https address.
   */
  THRIVOSIGN_ERROR_KIND_PLAIN_HTTP_REFUSED = 606,
  /**
   * The call did not end in time. Try again.
   */
  THRIVOSIGN_ERROR_KIND_TIMED_OUT = 607,
  /**
   * The service asks to wait. Wait for the time given.
   */
  THRIVOSIGN_ERROR_KIND_RATE_LIMITED = 608,
  /**
   * The connection broke in the middle of an exchange. Try again.
   */
  THRIVOSIGN_ERROR_KIND_CONNECTION_CUT = 609,
  /**
   * The service's answer cannot be understood. Check that the address is that of a Server-Signer.
   */
  THRIVOSIGN_ERROR_KIND_BAD_ANSWER = 610,
  /**
   * The service is unavailable. Try again later.
   */
  THRIVOSIGN_ERROR_KIND_SERVICE_UNAVAILABLE = 611,
  /**
   * The service's answer exceeds the size limit. Check the address.
   */
  THRIVOSIGN_ERROR_KIND_ANSWER_TOO_LARGE = 612,
  /**
   * The service's certificate is expired or not yet valid. Check the device's clock; report the service.
   */
  THRIVOSIGN_ERROR_KIND_TLS_CERTIFICATE_EXPIRED = 613,
  /**
   * The update of the pins cannot be used. [service, not retryable]
   */
  THRIVOSIGN_ERROR_KIND_PIN_UPDATE_REFUSED = 614,
  /**
   * The service does not accept the client's certificate, or wants one. Renew the certificate, or have the service trust its issuer.
   */
  THRIVOSIGN_ERROR_KIND_TLS_CLIENT_REFUSED = 615,
  /**
   * An internal error was caught; the object can no longer be used. Report it to us.
   */
  THRIVOSIGN_ERROR_KIND_PANICKED = 901,
  /**
   * An internal state that should not exist was met. Report it to us.
   */
  THRIVOSIGN_ERROR_KIND_INTERNAL = 902,
  /**
   * The system gave no random bytes. Try again; check the system.
   */
  THRIVOSIGN_ERROR_KIND_RANDOM_UNAVAILABLE = 903
} thrivosign_error_kind;

/**
 * What is lacking for a certificate.
 */
typedef enum thrivosign_lack {
  /**
   * Its issuer's certificate.
   */
  THRIVOSIGN_LACK_ISSUER = 1,
  /**
   * A statement about its revocation.
   */
  THRIVOSIGN_LACK_STATUS = 2,
  /**
   * A valid chain: `thrivosign_extended_missing_failure` says why.
   */
  THRIVOSIGN_LACK_CHAIN = 3
} thrivosign_lack;

/**
 * Which addresses may be asked for time stamps and evidence.
 */
typedef enum thrivosign_reach {
  /**
   * None: nothing is fetched, and no authority is asked.
   */
  THRIVOSIGN_REACH_OFF = 0,
  /**
   * Of those that certificates name, those of the public network; an authority, which the caller names, may be anywhere.
   */
  THRIVOSIGN_REACH_PUBLIC = 1,
  /**
   * Private ones and this machine as well.
   */
  THRIVOSIGN_REACH_ANYWHERE = 2
} thrivosign_reach;

/**
 * The one-time code that the service wants beside a PIN.
 */
typedef enum thrivosign_wanted_code {
  /**
   * None.
   */
  THRIVOSIGN_WANTED_CODE_NOTHING = 0,
  /**
   * One that has just been sent.
   */
  THRIVOSIGN_WANTED_CODE_SENT = 1,
  /**
   * One that the person's generator makes.
   */
  THRIVOSIGN_WANTED_CODE_GENERATED = 2
} thrivosign_wanted_code;

/**
 * What an interrupted signature in place had left, and what became of it.
 */
typedef enum thrivosign_recovery {
  /**
   * There was nothing.
   */
  THRIVOSIGN_RECOVERY_NOTHING = 1,
  /**
   * The file had not been changed yet.
   */
  THRIVOSIGN_RECOVERY_NOT_BEGUN = 2,
  /**
   * What was half written was taken back: the file is the old one.
   */
  THRIVOSIGN_RECOVERY_TAKEN_BACK = 3,
  /**
   * Everything had been written: the file is the signed one.
   */
  THRIVOSIGN_RECOVERY_COMPLETED = 4
} thrivosign_recovery;

/**
 * What a key is for. The two are never mixed.
 */
typedef enum thrivosign_key_purpose {
  /**
   * Registered with the device; answers the service.
   */
  THRIVOSIGN_KEY_PURPOSE_AUTHENTICATION = 1,
  /**
   * Certified; signs documents.
   */
  THRIVOSIGN_KEY_PURPOSE_SIGNING = 2
} thrivosign_key_purpose;

/**
 * Where a private key lives, as its store found it.
 */
typedef enum thrivosign_protection {
  /**
   * A secure element beside the processor.
   */
  THRIVOSIGN_PROTECTION_STRONGBOX = 1,
  /**
   * A trusted execution environment.
   */
  THRIVOSIGN_PROTECTION_TEE = 2,
  /**
   * Apple's Secure Enclave.
   */
  THRIVOSIGN_PROTECTION_SECURE_ENCLAVE = 3,
  /**
   * A hardware security module or smart card.
   */
  THRIVOSIGN_PROTECTION_HSM = 4,
  /**
   * The process's own memory or an encrypted file.
   */
  THRIVOSIGN_PROTECTION_SOFTWARE = 5
} thrivosign_protection;

/**
 * How often the person is asked when a key is used.
 */
typedef enum thrivosign_prompt {
  /**
   * For each signature.
   */
  THRIVOSIGN_PROMPT_PER_USE = 1,
  /**
   * Once for a while, so that several documents can share one approval.
   */
  THRIVOSIGN_PROMPT_WINDOW = 2,
  /**
   * Never.
   */
  THRIVOSIGN_PROMPT_NONE = 3
} thrivosign_prompt;

/**
 * The kind of a key.
 */
typedef enum thrivosign_key_algorithm {
  /**
   * NIST P-256.
   */
  THRIVOSIGN_KEY_ALGORITHM_P256 = 1,
  /**
   * NIST P-384.
   */
  THRIVOSIGN_KEY_ALGORITHM_P384 = 2,
  /**
   * NIST P-521.
   */
  THRIVOSIGN_KEY_ALGORITHM_P521 = 3,
  /**
   * RSA with 2048 bits.
   */
  THRIVOSIGN_KEY_ALGORITHM_RSA2048 = 4,
  /**
   * RSA with 3072 bits.
   */
  THRIVOSIGN_KEY_ALGORITHM_RSA3072 = 5,
  /**
   * RSA with 4096 bits.
   */
  THRIVOSIGN_KEY_ALGORITHM_RSA4096 = 6,
  /**
   * Ed25519.
   */
  THRIVOSIGN_KEY_ALGORITHM_ED25519 = 7
} thrivosign_key_algorithm;

/**
 * A signature algorithm with all its parameters. ECDSA values are DER (RFC 3279); RSASSA-PSS has the same digest in MGF1 and a salt as long
 * as the digest.
 */
typedef enum thrivosign_signature_algorithm {
  /**
   * ECDSA with SHA-256.
   */
  THRIVOSIGN_SIGNATURE_ALGORITHM_ECDSA_SHA256 = 1,
  /**
   * ECDSA with SHA-384.
   */
  THRIVOSIGN_SIGNATURE_ALGORITHM_ECDSA_SHA384 = 2,
  /**
   * ECDSA with SHA-512.
   */
  THRIVOSIGN_SIGNATURE_ALGORITHM_ECDSA_SHA512 = 3,
  /**
   * RSASSA-PKCS1-v1_5 with SHA-256.
   */
  THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PKCS1_SHA256 = 4,
  /**
   * RSASSA-PKCS1-v1_5 with SHA-384.
   */
  THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PKCS1_SHA384 = 5,
  /**
   * RSASSA-PKCS1-v1_5 with SHA-512.
   */
  THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PKCS1_SHA512 = 6,
  /**
   * RSASSA-PSS with SHA-256.
   */
  THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PSS_SHA256 = 7,
  /**
   * RSASSA-PSS with SHA-384.
   */
  THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PSS_SHA384 = 8,
  /**
   * RSASSA-PSS with SHA-512.
   */
  THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PSS_SHA512 = 9,
  /**
   * Pure Ed25519.
   */
  THRIVOSIGN_SIGNATURE_ALGORITHM_ED25519 = 10
} thrivosign_signature_algorithm;

/**
 * How telling an event of the log is.
 */
typedef enum thrivosign_log_level {
  /**
   * Something failed that the caller is told of as well.
   */
  THRIVOSIGN_LOG_LEVEL_ERROR = 1,
  /**
   * Something went wrong and was mended, or may go wrong later.
   */
  THRIVOSIGN_LOG_LEVEL_WARN = 2,
  /**
   * A journey ended.
   */
  THRIVOSIGN_LOG_LEVEL_INFO = 3,
  /**
   * One exchange with the service.
   */
  THRIVOSIGN_LOG_LEVEL_DEBUG = 4
} thrivosign_log_level;

/**
 * Whether a finished file is flushed to the disk.
 */
typedef enum thrivosign_durability {
  /**
   * File and folder are flushed: what was finished survives a power cut.
   */
  THRIVOSIGN_DURABILITY_FSYNC = 0,
  /**
   * The system writes when it likes; still all or nothing for every other process.
   */
  THRIVOSIGN_DURABILITY_NONE = 1
} thrivosign_durability;

/**
 * Which packages.
 */
typedef enum thrivosign_package_view {
  /**
   * Those that the user made.
   */
  THRIVOSIGN_PACKAGE_VIEW_OWNED = 1,
  /**
   * Those that the user is a recipient of.
   */
  THRIVOSIGN_PACKAGE_VIEW_RECEIVED = 2,
  /**
   * Of these, those in which it is the user's turn.
   */
  THRIVOSIGN_PACKAGE_VIEW_WAITING = 3
} thrivosign_package_view;

/**
 * Where a package stands. The last four are final.
 */
typedef enum thrivosign_package_status {
  /**
   * The owner is putting it together; nobody else sees it.
   */
  THRIVOSIGN_PACKAGE_STATUS_DRAFT = 1,
  /**
   * It goes from recipient to recipient.
   */
  THRIVOSIGN_PACKAGE_STATUS_SHARED = 2,
  /**
   * Everybody has signed.
   */
  THRIVOSIGN_PACKAGE_STATUS_COMPLETED = 3,
  /**
   * A recipient said no.
   */
  THRIVOSIGN_PACKAGE_STATUS_DECLINED = 4,
  /**
   * The owner took it back.
   */
  THRIVOSIGN_PACKAGE_STATUS_CANCELLED = 5,
  /**
   * Its time ran out before everybody had signed.
   */
  THRIVOSIGN_PACKAGE_STATUS_EXPIRED = 6
} thrivosign_package_status;

/**
 * Where a recipient's signature stands.
 */
typedef enum thrivosign_recipient_state {
  /**
   * It is still to be made.
   */
  THRIVOSIGN_RECIPIENT_STATE_PENDING = 1,
  /**
   * It was made.
   */
  THRIVOSIGN_RECIPIENT_STATE_SIGNED = 2,
  /**
   * It was refused.
   */
  THRIVOSIGN_RECIPIENT_STATE_DECLINED = 3
} thrivosign_recipient_state;

/**
 * What there is to tell about pins.
 */
typedef enum thrivosign_pin_event {
  /**
   * The service's key is not among the pins, and the connection was refused.
   */
  THRIVOSIGN_PIN_EVENT_MISMATCH_REFUSED = 1,
  /**
   * The service's key is not among the pins; the pins are only reported.
   */
  THRIVOSIGN_PIN_EVENT_MISMATCH_REPORTED = 2,
  /**
   * The pins are past their date and no longer enforced.
   */
  THRIVOSIGN_PIN_EVENT_EXPIRED = 3,
  /**
   * Newer pins took their place; `thrivosign_client_pin_document` is worth keeping.
   */
  THRIVOSIGN_PIN_EVENT_UPDATED = 4,
  /**
   * A document of pins was refused, fetched or kept; the pins are as they were.
   */
  THRIVOSIGN_PIN_EVENT_UPDATE_REFUSED = 5
} thrivosign_pin_event;

/**
 * What each signature with a remote credential takes beside its PIN.
 */
typedef enum thrivosign_second_factor {
  /**
   * Nothing.
   */
  THRIVOSIGN_SECOND_FACTOR_NOTHING = 0,
  /**
   * A code that is sent to the person's phone.
   */
  THRIVOSIGN_SECOND_FACTOR_SMS = 1,
  /**
   * A code that the person's generator makes (RFC 6238).
   */
  THRIVOSIGN_SECOND_FACTOR_TOTP = 2
} thrivosign_second_factor;

/**
 * Signature or time stamp.
 */
typedef enum thrivosign_signature_kind {
  /**
   * A signature.
   */
  THRIVOSIGN_SIGNATURE_KIND_SIGNATURE = 1,
  /**
   * A document time stamp.
   */
  THRIVOSIGN_SIGNATURE_KIND_DOCUMENT_TIMESTAMP = 2
} thrivosign_signature_kind;

/**
 * How the mathematics and the structure of a signature came out.
 */
typedef enum thrivosign_crypto_status {
  /**
   * Both hold.
   */
  THRIVOSIGN_CRYPTO_STATUS_OK = 1,
  /**
   * One fails.
   */
  THRIVOSIGN_CRYPTO_STATUS_FAILED = 2,
  /**
   * The algorithm or format is not supported.
   */
  THRIVOSIGN_CRYPTO_STATUS_UNSUPPORTED = 3
} thrivosign_crypto_status;

/**
 * What the signed range covers.
 */
typedef enum thrivosign_coverage {
  /**
   * The whole file.
   */
  THRIVOSIGN_COVERAGE_WHOLE_FILE = 1,
  /**
   * The whole of its revision; later ones follow.
   */
  THRIVOSIGN_COVERAGE_WHOLE_REVISION = 2,
  /**
   * Anything else.
   */
  THRIVOSIGN_COVERAGE_BROKEN = 3
} thrivosign_coverage;

/**
 * What kind of change followed a signature.
 */
typedef enum thrivosign_change_kind {
  /**
   * Nothing changed.
   */
  THRIVOSIGN_CHANGE_KIND_NONE = 1,
  /**
   * Validation data or a document time stamp.
   */
  THRIVOSIGN_CHANGE_KIND_LTV = 2,
  /**
   * Info, XMP, version, extensions.
   */
  THRIVOSIGN_CHANGE_KIND_METADATA = 3,
  /**
   * A signature.
   */
  THRIVOSIGN_CHANGE_KIND_SIGNATURE_ADDED = 4,
  /**
   * A form field's value.
   */
  THRIVOSIGN_CHANGE_KIND_FORM_FILLED = 5,
  /**
   * Annotations.
   */
  THRIVOSIGN_CHANGE_KIND_ANNOTATED = 6,
  /**
   * Anything else.
   */
  THRIVOSIGN_CHANGE_KIND_OTHER = 7,
  /**
   * Bytes that belong to no revision.
   */
  THRIVOSIGN_CHANGE_KIND_TRAILING_BYTES = 8
} thrivosign_change_kind;

/**
 * What the signed revision says about later changes.
 */
typedef enum thrivosign_permitted {
  /**
   * It states that they may be made.
   */
  THRIVOSIGN_PERMITTED_YES = 1,
  /**
   * It states that they may not.
   */
  THRIVOSIGN_PERMITTED_NO = 2,
  /**
   * It states nothing.
   */
  THRIVOSIGN_PERMITTED_NOT_STATED = 3
} thrivosign_permitted;

/**
 * The main indication (EN 319 102-1 table 5).
 */
typedef enum thrivosign_indication {
  /**
   * All checks of the policy passed.
   */
  THRIVOSIGN_INDICATION_TOTAL_PASSED = 1,
  /**
   * What is at hand does not decide.
   */
  THRIVOSIGN_INDICATION_INDETERMINATE = 2,
  /**
   * The signature is broken.
   */
  THRIVOSIGN_INDICATION_TOTAL_FAILED = 3
} thrivosign_indication;

/**
 * The sub-indication (EN 319 102-1 table 6); the names are that table's.
 */
typedef enum thrivosign_sub_indication {
  /**
   * `FORMAT_FAILURE`
   */
  THRIVOSIGN_SUB_INDICATION_FORMAT_FAILURE = 1,
  /**
   * `HASH_FAILURE`
   */
  THRIVOSIGN_SUB_INDICATION_HASH_FAILURE = 2,
  /**
   * `SIG_CRYPTO_FAILURE`
   */
  THRIVOSIGN_SUB_INDICATION_SIG_CRYPTO_FAILURE = 3,
  /**
   * `NO_SIGNING_CERTIFICATE_FOUND`
   */
  THRIVOSIGN_SUB_INDICATION_NO_SIGNING_CERTIFICATE_FOUND = 4,
  /**
   * `NO_CERTIFICATE_CHAIN_FOUND`
   */
  THRIVOSIGN_SUB_INDICATION_NO_CERTIFICATE_CHAIN_FOUND = 5,
  /**
   * `CERTIFICATE_CHAIN_GENERAL_FAILURE`
   */
  THRIVOSIGN_SUB_INDICATION_CERTIFICATE_CHAIN_GENERAL_FAILURE = 6,
  /**
   * `SIG_CONSTRAINTS_FAILURE`
   */
  THRIVOSIGN_SUB_INDICATION_SIG_CONSTRAINTS_FAILURE = 7,
  /**
   * `CRYPTO_CONSTRAINTS_FAILURE`
   */
  THRIVOSIGN_SUB_INDICATION_CRYPTO_CONSTRAINTS_FAILURE = 8,
  /**
   * `CRYPTO_CONSTRAINTS_FAILURE_NO_POE`
   */
  THRIVOSIGN_SUB_INDICATION_CRYPTO_CONSTRAINTS_FAILURE_NO_POE = 9,
  /**
   * `REVOKED_NO_POE`
   */
  THRIVOSIGN_SUB_INDICATION_REVOKED_NO_POE = 10,
  /**
   * `REVOKED_CA_NO_POE`
   */
  THRIVOSIGN_SUB_INDICATION_REVOKED_CA_NO_POE = 11,
  /**
   * `OUT_OF_BOUNDS_NO_POE`
   */
  THRIVOSIGN_SUB_INDICATION_OUT_OF_BOUNDS_NO_POE = 12,
  /**
   * `NOT_YET_VALID`
   */
  THRIVOSIGN_SUB_INDICATION_NOT_YET_VALID = 13,
  /**
   * `TRY_LATER`
   */
  THRIVOSIGN_SUB_INDICATION_TRY_LATER = 14
} thrivosign_sub_indication;

/**
 * The level that a signature really reached (EN 319 142-1).
 */
typedef enum thrivosign_level {
  /**
   * B-B.
   */
  THRIVOSIGN_LEVEL_BB = 1,
  /**
   * CMS without the attributes of a PAdES level.
   */
  THRIVOSIGN_LEVEL_PLAIN_CMS = 2,
  /**
   * A document time stamp.
   */
  THRIVOSIGN_LEVEL_DOCUMENT_TIMESTAMP = 3,
  /**
   * B-T: a time stamp that holds proves when it existed.
   */
  THRIVOSIGN_LEVEL_BT = 4,
  /**
   * B-LT: what the document carries proves it without a network, ten years later.
   */
  THRIVOSIGN_LEVEL_BLT = 5,
  /**
   * B-LTA: a document time stamp keeps that so.
   */
  THRIVOSIGN_LEVEL_BLTA = 6
} thrivosign_level;

/**
 * Whether revocation data are asked for. 0 is the same as IF_AVAILABLE.
 */
typedef enum thrivosign_revocation {
  /**
   * Not required.
   */
  THRIVOSIGN_REVOCATION_OFF = 1,
  /**
   * An answer at hand is judged, none is needed.
   */
  THRIVOSIGN_REVOCATION_IF_AVAILABLE = 2,
  /**
   * Every certificate below the anchor needs a fresh answer.
   */
  THRIVOSIGN_REVOCATION_REQUIRE = 3
} thrivosign_revocation;

/**
 * How far a certificate request has come.
 */
typedef enum thrivosign_request_state {
  /**
   * A challenge was asked for, or the key was made; nothing was signed, or the service refused what was.
   */
  THRIVOSIGN_REQUEST_STATE_BEGUN = 1,
  /**
   * Signed by the key; whether the service has it is not known.
   */
  THRIVOSIGN_REQUEST_STATE_MADE = 2,
  /**
   * A registration officer must approve.
   */
  THRIVOSIGN_REQUEST_STATE_PENDING = 3,
  /**
   * The certificate is there.
   */
  THRIVOSIGN_REQUEST_STATE_ISSUED = 4
} thrivosign_request_state;

/**
 * What becomes of a damaged document that is to be signed. Damage is what would make readers look for the objects by themselves; a signed
 * document is never repaired.
 */
typedef enum thrivosign_damage {
  /**
   * Where it is beyond doubt what the document is, the signature's update undoes the damage, and the document's bytes stay; otherwise it is
   * refused.
   */
  THRIVOSIGN_DAMAGE_APPEND = 0,
  /**
   * It is refused once the damage is in the way of the signature.
   */
  THRIVOSIGN_DAMAGE_REFUSE = 1,
  /**
   * As `Append`; where there is doubt, the document is written anew and that is signed: `thrivosign_signed_repair` says so. Not in place, not in
   * two parts, not by the service.
   */
  THRIVOSIGN_DAMAGE_REWRITE = 2
} thrivosign_damage;

/**
 * How picture or handwriting and text share the box.
 */
typedef enum thrivosign_arrangement {
  /**
   * Side by side, or one above the other where that leaves the text larger.
   */
  THRIVOSIGN_ARRANGEMENT_BESIDE = 1,
  /**
   * The text over the picture, which fills the box.
   */
  THRIVOSIGN_ARRANGEMENT_OVER = 2
} thrivosign_arrangement;

/**
 * What stands around a visible signature.
 */
typedef enum thrivosign_frame {
  /**
   * A line of half a point along the edge of the box.
   */
  THRIVOSIGN_FRAME_THIN = 1,
  /**
   * Nothing.
   */
  THRIVOSIGN_FRAME_NONE = 2
} thrivosign_frame;

/**
 * What a certification signature allows afterwards: `/P` of the DocMDP transform (ISO 32000-2 table 257).
 */
typedef enum thrivosign_doc_mdp {
  /**
   * Nothing but validation data; no further signature either.
   */
  THRIVOSIGN_DOC_MDP_NO_CHANGES = 1,
  /**
   * Forms are filled in and signed.
   */
  THRIVOSIGN_DOC_MDP_FORM_FILLING = 2,
  /**
   * Annotations too.
   */
  THRIVOSIGN_DOC_MDP_ANNOTATING = 3
} thrivosign_doc_mdp;

/**
 * Form fields that may no longer change once a signature is there: FieldMDP and `/Lock` (ISO 32000-2 table 236, 258).
 */
typedef enum thrivosign_field_lock {
  /**
   * All of them.
   */
  THRIVOSIGN_FIELD_LOCK_ALL = 1,
  /**
   * Those that are named, and what is below them.
   */
  THRIVOSIGN_FIELD_LOCK_INCLUDE = 2,
  /**
   * All but those that are named.
   */
  THRIVOSIGN_FIELD_LOCK_EXCLUDE = 3
} thrivosign_field_lock;

/**
 * What was done about a document's damage before it was signed.
 */
typedef enum thrivosign_repair {
  /**
   * Nothing: there was none that a reader meets.
   */
  THRIVOSIGN_REPAIR_NONE = 1,
  /**
   * The update undoes it; the bytes of the document are those that were given.
   */
  THRIVOSIGN_REPAIR_APPENDED = 2,
  /**
   * The document was written anew; its bytes are others than those that were given.
   */
  THRIVOSIGN_REPAIR_REWRITTEN = 3
} thrivosign_repair;

/**
 * How far a signing order has come.
 */
typedef enum thrivosign_signing_order_step {
  /**
   * Prepared; the key was not asked, or said no.
   */
  THRIVOSIGN_SIGNING_ORDER_STEP_PREPARED = 1,
  /**
   * The key was asked, and nobody knows what it answered: the process ended meanwhile.
   */
  THRIVOSIGN_SIGNING_ORDER_STEP_UNANSWERED = 2,
  /**
   * The key has answered; the document is still to be completed. No key is asked any more.
   */
  THRIVOSIGN_SIGNING_ORDER_STEP_ANSWERED = 3,
  /**
   * The signed document is where it should be, and still to be filed.
   */
  THRIVOSIGN_SIGNING_ORDER_STEP_COMPLETED = 4,
  /**
   * The service has it.
   */
  THRIVOSIGN_SIGNING_ORDER_STEP_FILED = 5
} thrivosign_signing_order_step;

/**
 * Who prepares and files an order's document.
 */
typedef enum thrivosign_signing_order_way {
  /**
   * This device.
   */
  THRIVOSIGN_SIGNING_ORDER_WAY_DEVICE = 1,
  /**
   * The service.
   */
  THRIVOSIGN_SIGNING_ORDER_WAY_SUBMIT = 2
} thrivosign_signing_order_way;

/**
 * What the certificate at the end of a path is used for.
 */
typedef enum thrivosign_role {
  /**
   * Signs documents.
   */
  THRIVOSIGN_ROLE_SIGNER = 1,
  /**
   * Makes time stamps (RFC 3161).
   */
  THRIVOSIGN_ROLE_TIME_STAMPING = 2,
  /**
   * Answers about revocation (RFC 6960).
   */
  THRIVOSIGN_ROLE_OCSP_RESPONDER = 3,
  /**
   * Issues lists of revoked certificates.
   */
  THRIVOSIGN_ROLE_CRL_ISSUER = 4
} thrivosign_role;

/**
 * The challenge of an activation.
 */
typedef struct thrivosign_activation thrivosign_activation;

/**
 * A document as the service stored it, compared with what was sent.
 */
typedef struct thrivosign_agreement thrivosign_agreement;

/**
 * What a platform says to a third party about a key.
 */
typedef struct thrivosign_attestation thrivosign_attestation;

/**
 * Remote signatures that wait for a device's approval, the oldest first. What the service says of them is shown to people.
 */
typedef struct thrivosign_authorization_list thrivosign_authorization_list;

/**
 * Documents to be signed with one key, or verified, and how they are worked.
 */
typedef struct thrivosign_batch thrivosign_batch;

/**
 * Bytes that the library made: a document, a text, a signature value. Wiped when they go.
 */
typedef struct thrivosign_buffer thrivosign_buffer;

/**
 * Says stop to calls that it was given to, from any thread.
 */
typedef struct thrivosign_cancel thrivosign_cancel;

/**
 * Certificates in order.
 */
typedef struct thrivosign_certificates thrivosign_certificates;

/**
 * A service's challenge for one request of a certificate.
 */
typedef struct thrivosign_challenge thrivosign_challenge;

/**
 * A session with one service. Its tokens live in memory only and are wiped.
 */
typedef struct thrivosign_client thrivosign_client;

/**
 * Credentials of a user at the service.
 */
typedef struct thrivosign_credential_list thrivosign_credential_list;

/**
 * What changed since one signature.
 */
typedef struct thrivosign_diff thrivosign_diff;

/**
 * A document to be signed or verified. Nothing of it is read before it is used.
 */
typedef struct thrivosign_document thrivosign_document;

/**
 * Signature fields that a document shall get.
 */
typedef struct thrivosign_empty_fields thrivosign_empty_fields;

/**
 * What a client is made from. Settings are copied when the client is made; later ones do not reach it.
 */
typedef struct thrivosign_environment thrivosign_environment;

/**
 * An error. A function that went well gives NULL instead of one.
 */
typedef struct thrivosign_error thrivosign_error;

/**
 * Certificates and revocation data, each once.
 */
typedef struct thrivosign_evidence thrivosign_evidence;

/**
 * How far signatures were raised, and what stood in the way.
 */
typedef struct thrivosign_extended thrivosign_extended;

/**
 * How far signatures are to be raised, and with what: trust, time-stamping authorities, evidence, and what may be fetched.
 */
typedef struct thrivosign_extension thrivosign_extension;

/**
 * Text fields of a document and the values that they shall have.
 */
typedef struct thrivosign_field_values thrivosign_field_values;

/**
 * A request on its way through the host's own HTTP, and its answer. The library makes it, hands it to the callback, and takes it back when the
 * callback returns.
 */
typedef struct thrivosign_http_exchange thrivosign_http_exchange;

/**
 * A certificate of this device, with the names of its keys. To be kept as JSON.
 */
typedef struct thrivosign_identity thrivosign_identity;

/**
 * Facts about a document, and risk markers.
 */
typedef struct thrivosign_inspection thrivosign_inspection;

/**
 * What a store says about a key.
 */
typedef struct thrivosign_key_info thrivosign_key_info;

/**
 * Keys of a store, sorted by name.
 */
typedef struct thrivosign_key_list thrivosign_key_list;

/**
 * Private keys of a device: in an encrypted folder, in memory, on a token with a PKCS#11 module, at the service, or wherever the host
 * keeps them.
 */
typedef struct thrivosign_key_store thrivosign_key_store;

/**
 * Documents that are shown together and approved once.
 */
typedef struct thrivosign_order_list thrivosign_order_list;

/**
 * The signing orders of a device, in a journal that one process has open at a time.
 */
typedef struct thrivosign_orders thrivosign_orders;

/**
 * Where a signed document goes.
 */
typedef struct thrivosign_output thrivosign_output;

/**
 * Agreements that several people sign in order, as they stood when the service was asked.
 */
typedef struct thrivosign_package thrivosign_package;

/**
 * Packages of a user at the service, the newest first.
 */
typedef struct thrivosign_package_list thrivosign_package_list;

/**
 * A request for a certificate that waits for approval. To be kept as JSON; nothing in it is secret.
 */
typedef struct thrivosign_pending_request thrivosign_pending_request;

/**
 * What was found in a document that is to be signed, and what of it stops.
 */
typedef struct thrivosign_preflight thrivosign_preflight;

/**
 * Which findings stop a signature.
 */
typedef struct thrivosign_preflight_policy thrivosign_preflight_policy;

/**
 * A prepared document that waits for its signature value.
 */
typedef struct thrivosign_prepared thrivosign_prepared;

/**
 * What was found out about a document and its signatures. Never one yes or no.
 */
typedef struct thrivosign_report thrivosign_report;

/**
 * The certificate requests of a device, in a journal that one process has open at a time. A request is named by its
 * signing key.
 */
typedef struct thrivosign_requests thrivosign_requests;

/**
 * What somebody wrote into a document; nobody has checked it.
 */
typedef struct thrivosign_signature_list thrivosign_signature_list;

/**
 * One signature to be made. It is checked when it is used, and may be used again.
 */
typedef struct thrivosign_signature_request thrivosign_signature_request;

/**
 * A signature that was made.
 */
typedef struct thrivosign_signed thrivosign_signed;

/**
 * Who signs: certificates, the algorithm, and the key, unless that is elsewhere.
 */
typedef struct thrivosign_signer thrivosign_signer;

/**
 * A signing order as it stood when it was asked for.
 */
typedef struct thrivosign_signing_order thrivosign_signing_order;

/**
 * Where a callback of the host puts its answer. The library makes it, hands it to the callback, and takes it back when the callback returns.
 */
typedef struct thrivosign_sink thrivosign_sink;

/**
 * A document that the service prepared and filed, and that the device signed and checked.
 */
typedef struct thrivosign_submitted thrivosign_submitted;

/**
 * Certificates that are trusted, for everything or for one use. Of an anchor only name and key count (RFC 5280 6.1.1).
 */
typedef struct thrivosign_trust thrivosign_trust;

/**
 * Devices of an officer's people that are not revoked. All but ids, level and credentials is what the user or the device said.
 */
typedef struct thrivosign_users_device_list thrivosign_users_device_list;

/**
 * Requests for certificates that wait for an officer, the oldest first. All but ids and level is what the user or the device said.
 */
typedef struct thrivosign_waiting_request_list thrivosign_waiting_request_list;

/**
 * The words that a report is told in.
 */
typedef struct thrivosign_words thrivosign_words;

/**
 * What a call may take, and whom it tells. All zeros but `struct_size` are the defaults; NULL in place of the struct means the same.
 *
 * Ownership: everything stays the caller's.
 * Lifetime: the struct is read when the call begins; `context` is used until it returns.
 * Threads: `progress` is called on the thread of the call, for a batch on threads of the call's own, one at a time; never under a lock.
 * NULL: `cancel` and `progress` may be NULL.
 */
typedef struct thrivosign_call {
  /**
   * `sizeof(thrivosign_call)`.
   */
  size_t struct_size;
  /**
   * Ends the call; the handle may be freed meanwhile.
   */
  const struct thrivosign_cancel *cancel;
  /**
   * Most milliseconds for the whole; 0: no limit.
   */
  uint64_t timeout_ms;
  /**
   * Most milliseconds for one try of one exchange with the service; 0: 30 000.
   */
  uint64_t per_call_timeout_ms;
  /**
   * Told bytes done of bytes in all, pass by pass; for a batch documents done of documents in all.
   */
  void (*progress)(void *context, uint64_t done, uint64_t total);
  /**
   * Handed to `progress`.
   */
  void *context;
} thrivosign_call;

/**
 * How a document is opened and checked when it is signed. All zeros but `struct_size` are the defaults; NULL in place of the struct means the same.
 *
 * Ownership: everything stays the caller's.
 * Lifetime: needed until the function returns.
 * Threads: any.
 * NULL: `password`, `shown_sha256`, `preflight`, `extension`, `consent` and `in_place_of` may be NULL.
 */
typedef struct thrivosign_sign_options {
  /**
   * `sizeof(thrivosign_sign_options)`.
   */
  size_t struct_size;
  /**
   * The document's user or owner password; an empty one is given by a pointer that is not NULL and size 0.
   */
  const uint8_t *password;
  /**
   * Bytes of the password.
   */
  size_t password_size;
  /**
   * SHA-256, 32 bytes, of what the person was shown: another document is not signed (code 212).
   */
  const uint8_t *shown_sha256;
  /**
   * Unless 0, the whole finished document is read again to check it, earlier signatures included, instead of the new revision alone.
   */
  int64_t full_recheck;
  /**
   * Looks the document over first, and stops with code 217 where this policy does; NULL: no such look. What was found is in
   * `thrivosign_signed_preflight`.
   */
  const struct thrivosign_preflight_policy *preflight;
  /**
   * One of `thrivosign_damage`.
   */
  int64_t damage;
  /**
   * The most bytes of a document that is written anew; 0: 64 MiB.
   */
  uint64_t rewrite_limit;
  /**
   * How far the signature is raised once it is made, and with what; NULL: it stays at B-B. A level that is not reached is no error:
   * `thrivosign_signed_extended` tells it, and `thrivosign_document_extend` can raise it later. Where the service files what it prepared, it
   * raises the signature itself, and `trust` of this is what the level is judged by.
   */
  const struct thrivosign_extension *extension;
  /**
   * Unless 0, a record of the signing is embedded in the document before it is signed, so that the signature covers it: digest, what the preflight
   * found, `consent`, the key. Code 211 for a document that is signed already, 221 where its standard has no room for one (PDF/A-1, PDF/A-2), 101
   * for one that the service prepares.
   */
  int64_t carry_evidence;
  /**
   * The text that the person agreed to, for that record; whoever has the document can read it.
   */
  const char *consent;
  /**
   * For a signing order: the name of an order of the same id and document that was prepared for a key which is no more, and whose place this one
   * takes. Where that key has answered, its answer counts, and no key is asked. Code 101 for what is no order.
   */
  const char *in_place_of;
} thrivosign_sign_options;

/**
 * Told what became of each document of a batch.
 *
 * Ownership: everything stays the caller's. The handles that `ended` gets are the library's and end when it returns; another handle (`_ref`) of
 * what was signed may be kept.
 * Lifetime: the struct is read when the call begins; `context` is used until it returns.
 * Threads: `ended` is called on threads of the call's own, on one at a time, and never under a lock of a handle.
 * NULL: `ended` may not be NULL.
 */
typedef struct thrivosign_batch_listener {
  /**
   * `sizeof(thrivosign_batch_listener)`.
   */
  size_t struct_size;
  /**
   * Handed to the callback.
   */
  void *context;
  /**
   * A document ended. `index` is its place in the list, counted from 0; `made` is the signature, or NULL, and then `error` says why there is
   * none. Answers 0, or a code of `thrivosign_error_kind`, which stops the whole; any other number counts as 107.
   */
  int32_t (*ended)(void *context,
                   size_t index,
                   const struct thrivosign_signed *made,
                   const struct thrivosign_error *error);
} thrivosign_batch_listener;

/**
 * How a document is judged. All zeros but `struct_size` are the defaults; NULL in place of the struct means the same.
 *
 * Ownership: everything stays the caller's.
 * Lifetime: needed until the function returns.
 * Threads: any.
 * NULL: `password`, `unix_time` and `evidence` may be NULL.
 */
typedef struct thrivosign_verify_options {
  /**
   * `sizeof(thrivosign_verify_options)`.
   */
  size_t struct_size;
  /**
   * The document's user or owner password; an empty one is given by a pointer that is not NULL and size 0.
   */
  const uint8_t *password;
  /**
   * Bytes of the password.
   */
  size_t password_size;
  /**
   * The time at which certificates are judged, in seconds since 1970-01-01T00:00:00Z; NULL: now, by the machine's clock.
   */
  const int64_t *unix_time;
  /**
   * One of `thrivosign_revocation`; 0 is the same as IF_AVAILABLE.
   */
  int64_t revocation;
  /**
   * Evidence at hand, beside what the document carries; NULL: none.
   */
  const struct thrivosign_evidence *evidence;
} thrivosign_verify_options;

/**
 * Told what came out for each document of a batch.
 *
 * Ownership: everything stays the caller's. The handles that `ended` gets are the library's and end when it returns; another handle (`_ref`) of
 * the report may be kept.
 * Lifetime: the struct is read when the call begins; `context` is used until it returns.
 * Threads: `ended` is called on threads of the call's own, on one at a time, and never under a lock of a handle.
 * NULL: `ended` may not be NULL.
 */
typedef struct thrivosign_verify_listener {
  /**
   * `sizeof(thrivosign_verify_listener)`.
   */
  size_t struct_size;
  /**
   * Handed to the callback.
   */
  void *context;
  /**
   * A document was judged. `index` is its place in the list, counted from 0; `report` is what came out, or NULL, and then `error` says why the
   * verifier could not run. Answers 0, or a code of `thrivosign_error_kind`, which stops the whole; any other number counts as 107.
   */
  int32_t (*ended)(void *context,
                   size_t index,
                   const struct thrivosign_report *report,
                   const struct thrivosign_error *error);
} thrivosign_verify_listener;

/**
 * Gives tokens of the host's own back end, which knows the client's secret and logs the person in. The callback answers 0, or a code of
 * `thrivosign_error_kind`: 503 if the person must log in anew; any other number counts as 611.
 *
 * Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
 * Lifetime: the struct is copied; what is passed to a callback is good until it returns.
 * Threads: `tokens` is called on the thread of whichever call needs them, by one at a time, and never under a lock.
 * NULL: `destroy` may be NULL; `tokens` may not.
 */
typedef struct thrivosign_token_callbacks {
  /**
   * `sizeof(thrivosign_token_callbacks)`.
   */
  size_t struct_size;
  /**
   * Called once, when `context` is no longer needed.
   */
  void (*destroy)(void *context);
  /**
   * Handed to every callback.
   */
  void *context;
  /**
   * Appends an access token that is good now to `access_token`, and says for how many seconds it is. `dpop`, which is 0 before, is set to 1 for a
   * token that is bound to the key of `thrivosign_client_prove_with`.
   */
  int32_t (*tokens)(void *context, struct thrivosign_sink *access_token, int32_t *dpop, int64_t *expires_in);
} thrivosign_token_callbacks;

/**
 * A document of the host's. Each callback answers 0, or a code of `thrivosign_error_kind`; any other number counts as 213.
 *
 * Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
 * Lifetime: the struct is copied; a buffer passed to a callback is good until it returns.
 * Threads: `read_at` is called on the thread of the call that needs it, on several at once if the document is used so, and never under a lock. It must
 * not make blocking calls of a client (code 106).
 * NULL: `destroy` may be NULL; the other callbacks may not.
 */
typedef struct thrivosign_source_callbacks {
  /**
   * `sizeof(thrivosign_source_callbacks)`.
   */
  size_t struct_size;
  /**
   * Called once, when `context` is no longer needed.
   */
  void (*destroy)(void *context);
  /**
   * Handed to every callback.
   */
  void *context;
  /**
   * Says how many bytes the document has; asked once.
   */
  int32_t (*len)(void *context, uint64_t *len);
  /**
   * Puts up to `capacity` bytes from `offset` on into `buffer` and says in `read` how many; 0 only at the end. The same place must give
   * the same bytes each time.
   */
  int32_t (*read_at)(void *context, uint64_t offset, uint8_t *buffer, size_t capacity, size_t *read);
} thrivosign_source_callbacks;

/**
 * What a certificate is asked for with. Unused members are NULL.
 *
 * Ownership: everything stays the caller's; texts are copied.
 * Lifetime: needed only until the function returns.
 * Threads: any.
 * NULL: `country`, `serial_number` and `profile` may be NULL.
 */
typedef struct thrivosign_certificate_order {
  /**
   * `sizeof(thrivosign_certificate_order)`.
   */
  size_t struct_size;
  /**
   * The registered device.
   */
  const char *device_uuid;
  /**
   * Name of the key that proves and answers.
   */
  const char *authentication_key;
  /**
   * Name of the key to be certified.
   */
  const char *signing_key;
  /**
   * The challenge of `thrivosign_client_ask_challenge`.
   */
  const struct thrivosign_challenge *challenge;
  /**
   * The person's name; the service has the last word on the subject.
   */
  const char *subject_name;
  /**
   * ISO 3166 two-letter country.
   */
  const char *country;
  /**
   * An opaque customer id, never a national one.
   */
  const char *serial_number;
  /**
   * The certificate profile wanted.
   */
  const char *profile;
} thrivosign_certificate_order;

/**
 * The host's observer of pins.
 *
 * Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
 * Lifetime: the struct is copied.
 * Threads: `observed` is called on the network thread, never under a lock, and must not block.
 * NULL: `destroy` may be NULL; `observed` may not.
 */
typedef struct thrivosign_pin_callbacks {
  /**
   * `sizeof(thrivosign_pin_callbacks)`.
   */
  size_t struct_size;
  /**
   * Called once, when `context` is no longer needed.
   */
  void (*destroy)(void *context);
  /**
   * Handed to every callback.
   */
  void *context;
  /**
   * Told one of `thrivosign_pin_event`.
   */
  void (*observed)(void *context, int32_t event);
} thrivosign_pin_callbacks;

/**
 * HTTP of the host's own. The connection is the host's: it checks the service's certificate and name, heeds pins and proxies, follows no redirect
 * (that would carry the token to wherever it points), keeps no cookies and caches nothing. `send` answers 0 once it has set a status, whichever it
 * is, or a code of `thrivosign_error_kind` if no answer came: 601, 602, 607 or 609, by which the library decides whether it calls again; any other
 * number counts as 609.
 *
 * Ownership: the library has `context` from the call that takes the struct until it calls `destroy`; the exchange stays the library's.
 * Lifetime: the struct is copied; the exchange is good until the callback returns.
 * Threads: `send` is called on the thread of whichever call needs it, on several at once if the client is used so, and never under a lock.
 * NULL: `destroy` may be NULL; `send` may not.
 */
typedef struct thrivosign_http_callbacks {
  /**
   * `sizeof(thrivosign_http_callbacks)`.
   */
  size_t struct_size;
  /**
   * Called once, when `context` is no longer needed.
   */
  void (*destroy)(void *context);
  /**
   * Handed to every callback.
   */
  void *context;
  /**
   * Sends the request once and puts the answer into `exchange`; blocks until then, and no longer than the exchange has time.
   */
  int32_t (*send)(void *context, struct thrivosign_http_exchange *exchange);
} thrivosign_http_callbacks;

/**
 * A key store of the host's. Each callback answers 0, or a code of `thrivosign_error_kind` that says what went wrong (401 to 412); any other
 * number counts as 410. Bytes are given by `thrivosign_sink_append`, which cannot be overflowed. What comes back is checked: a wrong signature
 * is refused before it is used. A callback may call the library, but it must not throw through it.
 *
 * Ownership: the library has `context` from the call that takes the struct until it calls `destroy`; texts and bytes passed to a callback stay the
 * library's.
 * Lifetime: the struct is copied; what is passed to a callback is good until it returns.
 * Threads: callbacks are called on the thread of the call that needs them, on several at once if the store is used so, and never under a lock.
 * NULL: `destroy`, `create`, `remove`, `list` and `attest` may be NULL: they are not supported then. `info` and `sign` may not.
 */
typedef struct thrivosign_key_store_callbacks {
  /**
   * `sizeof(thrivosign_key_store_callbacks)`.
   */
  size_t struct_size;
  /**
   * Called once, when `context` is no longer needed.
   */
  void (*destroy)(void *context);
  /**
   * Handed to every callback.
   */
  void *context;
  /**
   * Says what there is to know of a key, without asking the person. `public_key` takes the SubjectPublicKeyInfo (DER); `protection`, `purpose`
   * and `prompt` take values of the enumerations of these names, and are 0 before.
   */
  int32_t (*info)(void *context,
                  const char *name,
                  struct thrivosign_sink *public_key,
                  int32_t *protection,
                  int32_t *purpose,
                  int32_t *prompt);
  /**
   * Signs the message, not a digest of it, with one of `thrivosign_signature_algorithm`. May wait for the person; never makes a key.
   */
  int32_t (*sign)(void *context,
                  const char *name,
                  const uint8_t *message,
                  size_t message_size,
                  int32_t algorithm,
                  struct thrivosign_sink *signature);
  /**
   * Makes a key that cannot be exported; `algorithm`, `purpose` and `prompt` are of `thrivosign_key_algorithm`, `thrivosign_key_purpose` and
   * `thrivosign_prompt`. `challenge`, if it is not NULL, is to be bound into the key's attestation.
   */
  int32_t (*create)(void *context,
                    const char *name,
                    int32_t algorithm,
                    int32_t purpose,
                    int32_t prompt,
                    const uint8_t *challenge,
                    size_t challenge_size);
  /**
   * Deletes a key.
   */
  int32_t (*remove)(void *context, const char *name);
  /**
   * Lists the keys: appends each name, in UTF-8 without a NUL, to `names`.
   */
  int32_t (*list)(void *context, struct thrivosign_sink *names);
  /**
   * Attests a key: appends the format's name to `format`, each certificate (DER), the key's own first, to `certificates`, and the platform's
   * own statement, if there is one, to `statement`.
   */
  int32_t (*attest)(void *context,
                    const char *name,
                    const uint8_t *challenge,
                    size_t challenge_size,
                    struct thrivosign_sink *format,
                    struct thrivosign_sink *certificates,
                    struct thrivosign_sink *statement);
} thrivosign_key_store_callbacks;

/**
 * One event. Its members are all that a log may hold: no token, key, name or text of a document is among them. A number that does not apply
 * is -1.
 *
 * Ownership: the library's.
 * Lifetime: until the callback returns, texts included.
 * Threads: that of the callback.
 * NULL: `operation` is NULL where it does not apply.
 */
typedef struct thrivosign_log_event {
  /**
   * Bytes of the struct as the library knows it; a later version may have more members at the end.
   */
  size_t struct_size;
  /**
   * One of `thrivosign_log_level`.
   */
  int64_t level;
  /**
   * What happened: `call`, `sign`, `verify` and so on.
   */
  const char *name;
  /**
   * The service's operation, by its id in the service's API description.
   */
  const char *operation;
  /**
   * One of `thrivosign_error_kind`.
   */
  int64_t error_code;
  /**
   * The HTTP status of the answer.
   */
  int64_t http_status;
  /**
   * How long it took.
   */
  int64_t milliseconds;
  /**
   * Bytes of the document.
   */
  int64_t bytes;
  /**
   * Which try of a call it was, from 1.
   */
  int64_t attempt;
} thrivosign_log_event;

/**
 * The host's log.
 *
 * Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
 * Lifetime: the struct is copied.
 * Threads: `event` is called on the thread where the event happens, on several at once, never under a lock, and must not block.
 * NULL: `destroy` may be NULL; `event` may not.
 */
typedef struct thrivosign_log_callbacks {
  /**
   * `sizeof(thrivosign_log_callbacks)`.
   */
  size_t struct_size;
  /**
   * Called once, when `context` is no longer needed.
   */
  void (*destroy)(void *context);
  /**
   * Handed to every callback.
   */
  void *context;
  /**
   * Told an event.
   */
  void (*event)(void *context, const struct thrivosign_log_event *event);
} thrivosign_log_callbacks;

/**
 * An output of the host's. `write` answers 0, or a code of `thrivosign_error_kind`; any other number counts as 214.
 *
 * Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
 * Lifetime: the struct is copied; bytes passed to `write` are good until it returns.
 * Threads: `write` is called on the thread of the call that signs, never under a lock.
 * NULL: `destroy` may be NULL; `write` may not.
 */
typedef struct thrivosign_output_callbacks {
  /**
   * `sizeof(thrivosign_output_callbacks)`.
   */
  size_t struct_size;
  /**
   * Called once, when `context` is no longer needed.
   */
  void (*destroy)(void *context);
  /**
   * Handed to every callback.
   */
  void *context;
  /**
   * Takes the next bytes of the document. It is first called when the signature was made and checked; if the call that signs fails all the
   * same, what was written is to be thrown away.
   */
  int32_t (*write)(void *context, const uint8_t *data, size_t size);
} thrivosign_output_callbacks;

/**
 * Asks the person for what the service wants to be shown before it uses a key. The callback answers 0, or a code of `thrivosign_error_kind`: 402 if
 * the person would not; any other number counts as 410.
 *
 * Ownership: the library has `context` from the call that takes the struct until it calls `destroy`.
 * Lifetime: the struct is copied; what is passed to a callback is good until it returns.
 * Threads: `ask` is called on the thread of whichever call signs, on several at once if the store is used so, and never under a lock.
 * NULL: `destroy` may be NULL; `ask` may not.
 */
typedef struct thrivosign_factor_callbacks {
  /**
   * `sizeof(thrivosign_factor_callbacks)`.
   */
  size_t struct_size;
  /**
   * Called once, when `context` is no longer needed.
   */
  void (*destroy)(void *context);
  /**
   * Handed to every callback.
   */
  void *context;
  /**
   * Appends the PIN to `pin` where `pin_wanted` is 1, and the one-time code to `code` unless `code_wanted`, one of `thrivosign_wanted_code`, is 0.
   * Called once for each signature, and not at all for a credential that a device approves.
   */
  int32_t (*ask)(void *context,
                 const char *credential_id,
                 int32_t pin_wanted,
                 int32_t code_wanted,
                 struct thrivosign_sink *pin,
                 struct thrivosign_sink *code);
} thrivosign_factor_callbacks;

#ifdef __cplusplus
extern "C" {
#endif /* __cplusplus */

/**
 * After the call `seconds` is how long the challenge is good for, from when it was given.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_activation_expires_in(const struct thrivosign_activation *self,
                                                          uint64_t *seconds);

/**
 * After the call `out` is another handle for the same challenge.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_activation_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_activation_ref(const struct thrivosign_activation *self,
                                                   struct thrivosign_activation **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_activation_free(struct thrivosign_activation *self);

/**
 * After the call `out` holds the document's id at the service.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_agreement_document_id(const struct thrivosign_agreement *self,
                                                          struct thrivosign_buffer **out);

/**
 * After the call `out` holds the SHA-256 of what was stored, 32 bytes.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_agreement_sha256(const struct thrivosign_agreement *self,
                                                     struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of bytes.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_agreement_size(const struct thrivosign_agreement *self,
                                                   uint64_t *out);

/**
 * After the call `out` is the number of pages that the service counted.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_agreement_pages(const struct thrivosign_agreement *self,
                                                    uint32_t *out);

/**
 * After the call `out` is the number of signatures that the service counted.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_agreement_signatures(const struct thrivosign_agreement *self,
                                                         uint32_t *out);

/**
 * After the call `out` is another handle for the same agreement.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_agreement_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_agreement_ref(const struct thrivosign_agreement *self,
                                                  struct thrivosign_agreement **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_agreement_free(struct thrivosign_agreement *self);

/**
 * After the call `out` holds the format's name: `android-key` or `apple-appattest`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_attestation_format(const struct thrivosign_attestation *self,
                                                       struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of certificates.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_attestation_certificate_count(const struct thrivosign_attestation *self,
                                                                  size_t *out);

/**
 * After the call `out` holds a certificate, DER, counted from 0; the attested key's is the first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_attestation_certificate(const struct thrivosign_attestation *self,
                                                            size_t index,
                                                            struct thrivosign_buffer **out);

/**
 * After the call `out` holds the platform's own statement, empty if there is none beside the certificates.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_attestation_statement(const struct thrivosign_attestation *self,
                                                          struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same attestation.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_attestation_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_attestation_ref(const struct thrivosign_attestation *self,
                                                    struct thrivosign_attestation **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_attestation_free(struct thrivosign_attestation *self);

/**
 * After the call `out` is the number of signatures that wait.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_authorization_list_count(const struct thrivosign_authorization_list *self,
                                                             size_t *out);

/**
 * After the call `out` holds the id of that authorization. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_authorization_list_id(const struct thrivosign_authorization_list *self,
                                                          size_t index,
                                                          struct thrivosign_buffer **out);

/**
 * After the call `out` holds the id of the credential that would sign. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_authorization_list_credential_id(const struct thrivosign_authorization_list *self,
                                                                     size_t index,
                                                                     struct thrivosign_buffer **out);

/**
 * After the call `out` holds what it is about, in the words of whoever asks; NULL if they gave none. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_authorization_list_description(const struct thrivosign_authorization_list *self,
                                                                   size_t index,
                                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` is how many hashes would be signed, one for each document. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_authorization_list_hash_count(const struct thrivosign_authorization_list *self,
                                                                  size_t index,
                                                                  size_t *out);

/**
 * After the call `out` holds that hash: what the yes is to. `index` and `position` count from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_authorization_list_hash(const struct thrivosign_authorization_list *self,
                                                            size_t index,
                                                            size_t position,
                                                            struct thrivosign_buffer **out);

/**
 * After the call `out` holds the name of the document of that hash, in the words of whoever asks; NULL if they named none. `index` and
 * `position` count from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_authorization_list_document_name(const struct thrivosign_authorization_list *self,
                                                                     size_t index,
                                                                     size_t position,
                                                                     struct thrivosign_buffer **out);

/**
 * After the call `seconds` is how long an answer is taken, counted from when the list was told. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_authorization_list_expires_in(const struct thrivosign_authorization_list *self,
                                                                  size_t index,
                                                                  uint64_t *seconds);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_authorization_list_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_authorization_list_ref(const struct thrivosign_authorization_list *self,
                                                           struct thrivosign_authorization_list **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_authorization_list_free(struct thrivosign_authorization_list *self);

/**
 * After the call `out` holds the remote signatures that wait for that device, the user's own. Where nothing waits, the service holds the call back
 * for up to `wait_seconds`, at most 60, whatever `call` says of one exchange.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_authorization_list_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_waiting_authorizations(const struct thrivosign_client *self,
                                                                  const char *device_uuid,
                                                                  uint64_t wait_seconds,
                                                                  const struct thrivosign_call *call,
                                                                  struct thrivosign_authorization_list **out);

/**
 * After the call the service has the person's `decision`, one of `thrivosign_decision`, about the authorization at that index: signed by the device's
 * authentication key, which is asked once, over the very hashes of the list. To be called once the person has seen what the list says of it. Code
 * 512 if it was decided otherwise, or too late. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
 * the host's is asked on this very thread. Not for a main thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_answer_authorization(const struct thrivosign_client *self,
                                                                const struct thrivosign_key_store *store,
                                                                const char *authentication_key,
                                                                const struct thrivosign_authorization_list *authorizations,
                                                                size_t index,
                                                                int32_t decision,
                                                                const struct thrivosign_call *call);

/**
 * After the call `out` is an empty list. Each finished file is flushed to the disk, and as many documents are signed
 * at the same time as the machine has processors.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_batch_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `out` may not be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_batch_new(struct thrivosign_batch **out);

/**
 * After the call the list has one document more: that at `input`, and where the signed document goes, in a folder that
 * is there already. Both are paths in UTF-8, and not the same file. `output` is for signing alone: what is verified
 * needs none, and a signature without one fails with code 214.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `output` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_batch_add(struct thrivosign_batch *self,
                                              const char *input,
                                              const char *output);

/**
 * After the call so many documents are signed at the same time; 0: as many as the machine has processors. A key store
 * of the host's is asked on so many threads at once.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_batch_set_jobs(struct thrivosign_batch *self, uint32_t jobs);

/**
 * After the call finished files are flushed to the disk or not: `durability` is one of `thrivosign_durability`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_batch_set_durability(struct thrivosign_batch *self,
                                                         int32_t durability);

/**
 * After the call every document that was told as signed is in place and has passed the library's own verifier;
 * `signed_count`, `failed_count` and `left_count` are how many of the list were signed, failed each for a reason of
 * its own, or were left because the whole was stopped; `stopped` is what stopped it, or NULL. A document that fails
 * does not stop the others; what would fail for every one of them does: a refusal of the key, a certificate that is of
 * no use, cancelling, the time of `call`, an answer of `ended`. Progress is told in documents done of documents in
 * all. Code 310 and the key's own before anything is read.
 *
 * Ownership: `stopped` is the caller's, to be freed with `thrivosign_error_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; `listener`,
 * the progress report and a key store of the host's are called on threads that last as long as the call. Not for a
 * main thread.
 * NULL: `options`, `listener`, `call`, `signed_count`, `failed_count`, `left_count` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signer_sign_batch(const struct thrivosign_signer *self,
                                                      const struct thrivosign_batch *batch,
                                                      const struct thrivosign_signature_request *request,
                                                      const struct thrivosign_sign_options *options,
                                                      const struct thrivosign_batch_listener *listener,
                                                      const struct thrivosign_call *call,
                                                      size_t *signed_count,
                                                      size_t *failed_count,
                                                      size_t *left_count,
                                                      struct thrivosign_error **stopped);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_batch_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_batch_ref(const struct thrivosign_batch *self,
                                              struct thrivosign_batch **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_batch_free(struct thrivosign_batch *self);

/**
 * After the call every document of the list, at its `input`, was judged and told; `clean_count`, `not_clean_count`,
 * `unsigned_count` and `failed_count` are how many had signatures that were all clean, had one that was not, had none,
 * or could not be judged, and `left_count` how many were left because the whole was stopped; `stopped` is what stopped
 * it, or NULL: cancelling, the time of `call`, an answer of `ended`. A document that cannot be read never stops the
 * others. What one signer signed shares one validation of the chain. `order` is one of `thrivosign_order`. Trust,
 * time, policy and password hold for all of them. Progress is told in documents done of documents in all.
 *
 * Ownership: `stopped` is the caller's, to be freed with `thrivosign_error_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; `listener` and
 * the progress report are called on threads that last as long as the call. Not for a main thread.
 * NULL: `options`, `listener`, `call`, `clean_count`, `not_clean_count`, `unsigned_count`, `failed_count`,
 * `left_count` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_batch_verify(const struct thrivosign_batch *self,
                                                 const struct thrivosign_trust *trust,
                                                 int32_t order,
                                                 const struct thrivosign_verify_options *options,
                                                 const struct thrivosign_verify_listener *listener,
                                                 const struct thrivosign_call *call,
                                                 size_t *clean_count,
                                                 size_t *not_clean_count,
                                                 size_t *unsigned_count,
                                                 size_t *failed_count,
                                                 size_t *left_count,
                                                 struct thrivosign_error **stopped);

/**
 * The bytes. One NUL stands behind them, so that a text can be used as a C string.
 *
 * Ownership: the bytes stay the buffer's.
 * Lifetime: good until the last handle of the buffer is freed.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL: the answer is NULL, as for what is no buffer.
 */
const uint8_t *thrivosign_buffer_data(const struct thrivosign_buffer *self);

/**
 * How many bytes there are, without the NUL behind them.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is returned is a copy.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL: the answer is 0, as for what is no buffer.
 */
size_t thrivosign_buffer_size(const struct thrivosign_buffer *self);

/**
 * After the call `out` is another handle for the same buffer.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_buffer_ref(const struct thrivosign_buffer *self,
                                               struct thrivosign_buffer **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: the bytes are gone with the last handle.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_buffer_free(struct thrivosign_buffer *self);

/**
 * After the call `out` is a token that nobody has cancelled.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_cancel_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `out` may not be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_cancel_new(struct thrivosign_cancel **out);

/**
 * After the call every call with this token ends soon, with code 107; it cannot be taken back. A key callback that waits
 * for a person is asked nothing: it ends when the host ends it.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may not be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_cancel_cancel(const struct thrivosign_cancel *self);

/**
 * After the call `out` is 1 if the token was cancelled, otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_cancel_is_cancelled(const struct thrivosign_cancel *self,
                                                        int32_t *out);

/**
 * After the call `out` is another handle for the same token.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_cancel_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_cancel_ref(const struct thrivosign_cancel *self,
                                               struct thrivosign_cancel **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_cancel_free(struct thrivosign_cancel *self);

/**
 * After the call `out` holds every certificate of a PEM text, or one DER certificate.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_certificates_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_certificates_new_from_pem(const uint8_t *pem,
                                                              size_t pem_size,
                                                              struct thrivosign_certificates **out);

/**
 * After the call `out` is the number of certificates.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_certificates_count(const struct thrivosign_certificates *self,
                                                       size_t *out);

/**
 * After the call `out` holds that certificate, DER, counted from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_certificates_der(const struct thrivosign_certificates *self,
                                                     size_t index,
                                                     struct thrivosign_buffer **out);

/**
 * After the call `out` holds that certificate's subject (RFC 4514), counted from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_certificates_subject(const struct thrivosign_certificates *self,
                                                         size_t index,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_certificates_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_certificates_ref(const struct thrivosign_certificates *self,
                                                     struct thrivosign_certificates **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_certificates_free(struct thrivosign_certificates *self);

/**
 * After the call `out` holds the challenge itself; good once.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_challenge_text(const struct thrivosign_challenge *self,
                                                   struct thrivosign_buffer **out);

/**
 * After the call `seconds` is how long the challenge is good for, from when it was given.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_challenge_expires_in(const struct thrivosign_challenge *self,
                                                         uint64_t *seconds);

/**
 * After the call `out` holds where the one-time code went, masked, for people; NULL if none was sent.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_challenge_sent_to(const struct thrivosign_challenge *self,
                                                      struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same challenge.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_challenge_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_challenge_ref(const struct thrivosign_challenge *self,
                                                  struct thrivosign_challenge **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_challenge_free(struct thrivosign_challenge *self);

/**
 * After the call `out` is a client that is not logged in. Nothing is sent and no thread is started yet.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_client_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_new(const struct thrivosign_environment *environment,
                                               struct thrivosign_client **out);

/**
 * After the call tokens are asked for with proofs of that authentication key (DPoP, RFC 9449): what the service then gives
 * is of no use to whoever steals it. Tokens that are held already are bound at their next refresh. The key signs once for
 * each call and each login, so it must be one that does not ask the person (code 406). Better called before the login.
 *
 * Ownership: the client keeps the store, until it goes or is told another; the name is copied.
 * Lifetime: arguments are needed only until the function returns; the handle of the store may be freed after it.
 * Threads: any, also several at once on one `self`; a store of the host's is asked on the threads of later calls.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_prove_with(const struct thrivosign_client *self,
                                                      const struct thrivosign_key_store *store,
                                                      const char *authentication_key);

/**
 * After the call `out` is 1 if the client has tokens that only its own key can use, otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_is_bound(const struct thrivosign_client *self,
                                                    int32_t *out);

/**
 * After the call the client has tokens of the host's own back end, and asks it again shortly before they end and after the service refused one.
 *
 * Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's. The
 * struct is copied.
 * Lifetime: `destroy` is called once, when the client is gone, logs out or is told another way to log in.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_provide_with(const struct thrivosign_client *self,
                                                        const struct thrivosign_token_callbacks *callbacks,
                                                        const struct thrivosign_call *call);

/**
 * After the call the newest pins that the service has published are in force if an update key of the environment says so. `out` is 1 if they are
 * newer than those before, and then `thrivosign_client_pin_document` is worth keeping; otherwise 0. Worth a call now and then; where the service's
 * key is not among the pins, the library asks by itself. Code 510 if the service has published none, 614 for a document that must not be believed.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_update_pins(const struct thrivosign_client *self,
                                                       const struct thrivosign_call *call,
                                                       int32_t *out);

/**
 * After the call `out` is the document (text) that the pins in force came from, to be given to `thrivosign_environment_set_pin_document` at the next
 * start; NULL for the pins of the environment itself.
 *
 * Ownership: `out`, if not NULL, is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_pin_document(const struct thrivosign_client *self,
                                                        struct thrivosign_buffer **out);

/**
 * After the call the client has tokens of that user. Sent once: a wrong password counts as a try.
 *
 * Ownership: arguments are copied; the copy of the password is wiped.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_login(const struct thrivosign_client *self,
                                                 const char *username,
                                                 const char *password,
                                                 const struct thrivosign_call *call);

/**
 * After the call the client has tokens of the OAuth client itself, whose secret the environment holds.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_login_client(const struct thrivosign_client *self,
                                                        const struct thrivosign_call *call);

/**
 * After the call the client has tokens that came of an earlier refresh token.
 *
 * Ownership: the token is copied; the copy is wiped.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_resume(const struct thrivosign_client *self,
                                                  const char *refresh_token,
                                                  const struct thrivosign_call *call);

/**
 * After the call `out` holds the refresh token, to be kept in the platform's secret storage for
 * `thrivosign_client_resume`; or NULL if there is none.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`, which wipes it.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_refresh_token(const struct thrivosign_client *self,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` is 1 if the client has tokens, otherwise 0. The service may have revoked them since.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_is_logged_in(const struct thrivosign_client *self,
                                                        int32_t *out);

/**
 * After the call the client has no tokens, and the service was asked to forget them; after an error too, the tokens are
 * gone from here.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_logout(const struct thrivosign_client *self,
                                                  const struct thrivosign_call *call);

/**
 * After the call `present` is 1 and `unix_time` the service's time now, by its last answer: seconds since
 * 1970-01-01T00:00:00Z, for a device whose clock may be wrong. Before the first answer `present` is 0 and `unix_time` 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_service_time(const struct thrivosign_client *self,
                                                        int32_t *present,
                                                        int64_t *unix_time);

/**
 * After the call `out` is another handle for the same client.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_client_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_ref(const struct thrivosign_client *self,
                                               struct thrivosign_client **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_client_free(struct thrivosign_client *self);

/**
 * After the call `out` is the number of credentials.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_count(const struct thrivosign_credential_list *self,
                                                          size_t *out);

/**
 * After the call `out` holds that credential's id. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_id(const struct thrivosign_credential_list *self,
                                                       size_t index,
                                                       struct thrivosign_buffer **out);

/**
 * After the call `out` is one of `thrivosign_certificate_state`. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_state(const struct thrivosign_credential_list *self,
                                                          size_t index,
                                                          int32_t *out);

/**
 * After the call `out` holds the device that the credential is activated on; NULL if it is on none. `index` counts from
 * 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_device_uuid(const struct thrivosign_credential_list *self,
                                                                size_t index,
                                                                struct thrivosign_buffer **out);

/**
 * After the call `out` holds the certificate's subject (RFC 4514), for people. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_subject(const struct thrivosign_credential_list *self,
                                                            size_t index,
                                                            struct thrivosign_buffer **out);

/**
 * After the call `out` holds the certificate's serial number, hexadecimal. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_serial_number(const struct thrivosign_credential_list *self,
                                                                  size_t index,
                                                                  struct thrivosign_buffer **out);

/**
 * After the call `unix_time` is when the certificate's validity begins: seconds since 1970-01-01T00:00:00Z. `index`
 * counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_not_before(const struct thrivosign_credential_list *self,
                                                               size_t index,
                                                               int64_t *unix_time);

/**
 * After the call `unix_time` is when the certificate's validity ends: seconds since 1970-01-01T00:00:00Z. `index` counts
 * from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_not_after(const struct thrivosign_credential_list *self,
                                                              size_t index,
                                                              int64_t *unix_time);

/**
 * After the call `present` is 1 and `unix_time` is from when a renewal is accepted; or both are 0, as the service did
 * not say. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_renew_from(const struct thrivosign_credential_list *self,
                                                               size_t index,
                                                               int32_t *present,
                                                               int64_t *unix_time);

/**
 * After the call `out` is the number of certificates of that credential. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_certificate_count(const struct thrivosign_credential_list *self,
                                                                      size_t index,
                                                                      size_t *out);

/**
 * After the call `out` holds a certificate of that credential, DER; `position` counts from 0, and the signer's own is
 * the first. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_certificate(const struct thrivosign_credential_list *self,
                                                                size_t index,
                                                                size_t position,
                                                                struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_credential_list_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_credential_list_ref(const struct thrivosign_credential_list *self,
                                                        struct thrivosign_credential_list **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_credential_list_free(struct thrivosign_credential_list *self);

/**
 * After the call `out` holds what changed since a signature, counted from 0 in the order of the report: the same
 * findings, by the same rules. The signature itself is not verified. Code 101 if there is no such signature; code 202
 * with the verifier's reason if it covers no revision.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_diff_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `password`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_diff(const struct thrivosign_document *self,
                                                  size_t index,
                                                  const uint8_t *password,
                                                  size_t password_size,
                                                  const struct thrivosign_call *call,
                                                  struct thrivosign_diff **out);

/**
 * After the call `out` holds the changes as one line of JSON, after the schema `thrivosign-diff-1`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_diff_to_json(const struct thrivosign_diff *self,
                                                 struct thrivosign_buffer **out);

/**
 * After the call `out` holds the changes as text for people in the language of `words`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: `words` may be NULL: English; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_diff_to_text(const struct thrivosign_diff *self,
                                                 const struct thrivosign_words *words,
                                                 struct thrivosign_buffer **out);

/**
 * After the call `out` holds the fully qualified name of the signature's field.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_diff_field(const struct thrivosign_diff *self,
                                               struct thrivosign_buffer **out);

/**
 * After the call `revision` is the one that the signature covers, counted from 1, and `revisions` how many the
 * document has.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_diff_revision(const struct thrivosign_diff *self,
                                                  size_t *revision,
                                                  size_t *revisions);

/**
 * After the call `out` is 1 if the changes could not be read to the end, so that there may be more, otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_diff_undecided(const struct thrivosign_diff *self,
                                                   int32_t *out);

/**
 * After the call `out` is the number of changes.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_diff_change_count(const struct thrivosign_diff *self,
                                                      size_t *out);

/**
 * After the call `out` is the kind of a change, counted from 0, one of `thrivosign_change_kind`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_diff_change_kind(const struct thrivosign_diff *self,
                                                     size_t index,
                                                     int32_t *out);

/**
 * After the call `out` is whether the signed revision states that a change, counted from 0, may be made: one of
 * `thrivosign_permitted`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_diff_change_permitted(const struct thrivosign_diff *self,
                                                          size_t index,
                                                          int32_t *out);

/**
 * After the call `out` holds what a change is, in English, counted from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_diff_change_detail(const struct thrivosign_diff *self,
                                                       size_t index,
                                                       struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same changes.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_diff_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_diff_ref(const struct thrivosign_diff *self,
                                             struct thrivosign_diff **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_diff_free(struct thrivosign_diff *self);

/**
 * After the call the document as the signer of a signature saw it is where `output` says: exactly the bytes up to the
 * end of the revision that the signature covers, which are `size`; `revision` counts from 1. `index` counts from 0 in
 * the order of the report. Whether the signature is worth anything is not said. Code 101 if there is no such
 * signature; code 202 with the verifier's reason if it covers no revision.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `password`, `call`, `revision`, `size` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_extract_signed_revision(const struct thrivosign_document *self,
                                                                     size_t index,
                                                                     const uint8_t *password,
                                                                     size_t password_size,
                                                                     const struct thrivosign_output *output,
                                                                     const struct thrivosign_call *call,
                                                                     size_t *revision,
                                                                     uint64_t *size);

/**
 * After the call `out` is the regular file at that path, in UTF-8, opened now: whoever replaces it under its name does
 * not change what is read.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_document_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_new_from_path(const char *path,
                                                           struct thrivosign_document **out);

/**
 * After the call `out` is a copy of these bytes.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_document_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_new_from_memory(const uint8_t *data,
                                                             size_t data_size,
                                                             struct thrivosign_document **out);

/**
 * After the call `out` is a document that is read from the host.
 *
 * Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's.
 * The struct is copied. `out` is the caller's, to be freed with `thrivosign_document_free`.
 * Lifetime: `destroy` is called once, when the last handle is freed and the last call on the document has ended.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_new_from_callbacks(const struct thrivosign_source_callbacks *callbacks,
                                                                struct thrivosign_document **out);

/**
 * After the call `out` is the number of bytes.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_size(const struct thrivosign_document *self,
                                                  uint64_t *out);

/**
 * After the call `out` is another handle for the same document.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_document_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_ref(const struct thrivosign_document *self,
                                                 struct thrivosign_document **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_document_free(struct thrivosign_document *self);

/**
 * After the call `out` is an empty list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_empty_fields_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `out` may not be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_empty_fields_new(struct thrivosign_empty_fields **out);

/**
 * After the call the list has one field more, for such a signature to come: of the name, in the place and with the
 * lock of `request`. The rest of the request does not count. Code 101 if it names no field.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_empty_fields_add(struct thrivosign_empty_fields *self,
                                                     const struct thrivosign_signature_request *request);

/**
 * After the call the signer of the field that was added last may give this reason, and must give one of those that
 * were added to it. Code 104 without a field.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_empty_fields_add_reason(struct thrivosign_empty_fields *self,
                                                            const char *text);

/**
 * After the call the whole document with those fields is where `output` says, appended as one revision; the bytes of
 * `document` are its first, and `size` is its length. Code 210 if a field of such a name is there or cannot be; code
 * 211 if the document is signed: a new field would be a change of what was signed. `thrivosign_document_inspect` lists
 * the fields of a document.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `password`, `call`, `size` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_add_fields(const struct thrivosign_document *self,
                                                        const struct thrivosign_empty_fields *fields,
                                                        const struct thrivosign_output *output,
                                                        const uint8_t *password,
                                                        size_t password_size,
                                                        const struct thrivosign_call *call,
                                                        uint64_t *size);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_empty_fields_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_empty_fields_ref(const struct thrivosign_empty_fields *self,
                                                     struct thrivosign_empty_fields **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_empty_fields_free(struct thrivosign_empty_fields *self);

/**
 * After the call a device activation code is on its way to the user.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_send_device_code(const struct thrivosign_client *self,
                                                            const struct thrivosign_call *call);

/**
 * After the call `out` is what the attestation of an authentication key is bound to (32 bytes): the device and the activation code that was sent to the
 * person. For `thrivosign_key_store_create`, where the service takes only devices whose key is proven.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`; the copy of the code is wiped.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_device_attestation_challenge(const char *device_uuid,
                                                                 const char *activation_code,
                                                                 struct thrivosign_buffer **out);

/**
 * After the call the device is registered with its authentication key, which was asked once. `device_uuid` is made once
 * by the host and kept; `platform` is `android`, `ios`, `linux` and so on. `security_level` is one of
 * `thrivosign_security_level`: what the service could verify.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call`, `security_level` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_register_device(const struct thrivosign_client *self,
                                                           const struct thrivosign_key_store *store,
                                                           const char *authentication_key,
                                                           const char *device_uuid,
                                                           const char *name,
                                                           const char *platform,
                                                           const char *activation_code,
                                                           const struct thrivosign_call *call,
                                                           int32_t *security_level);

/**
 * After the call the service no longer knows the device, and its certificates are back at `New`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_delete_device(const struct thrivosign_client *self,
                                                         const char *device_uuid,
                                                         const struct thrivosign_call *call);

/**
 * After the call `out` is a challenge for one request; where the method is a one-time code, the code is on its way.
 * `method` is one of `thrivosign_authentication_method`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_challenge_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_ask_challenge(const struct thrivosign_client *self,
                                                         const char *device_uuid,
                                                         int32_t method,
                                                         const struct thrivosign_call *call,
                                                         struct thrivosign_challenge **out);

/**
 * After the call one of the two outputs is NULL. `identity` is there when the certificate was issued and checked against
 * the request; `pending` is there when a registration officer must approve first. `value` is the one-time code,
 * passphrase or reference that `method`, one of `thrivosign_authentication_method`, asks for. The signing key was asked
 * once. If the answer was lost, the same request is asked for again, and no second certificate is issued.
 *
 * Ownership: `identity` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
 * `thrivosign_pending_request_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_order_certificate(const struct thrivosign_client *self,
                                                             const struct thrivosign_key_store *store,
                                                             const struct thrivosign_certificate_order *order,
                                                             int32_t method,
                                                             const char *value,
                                                             const struct thrivosign_call *call,
                                                             struct thrivosign_identity **identity,
                                                             struct thrivosign_pending_request **pending);

/**
 * After the call one of the two outputs is NULL: `identity` is there when the request was approved, `pending` while it
 * waits still.
 *
 * Ownership: `identity` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
 * `thrivosign_pending_request_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_ask_again(const struct thrivosign_client *self,
                                                     const struct thrivosign_pending_request *request,
                                                     const struct thrivosign_call *call,
                                                     struct thrivosign_identity **identity,
                                                     struct thrivosign_pending_request **pending);

/**
 * After the call `out` is the challenge of the activation, and a one-time code is on its way to the person.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_activation_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_begin_activation(const struct thrivosign_client *self,
                                                            const struct thrivosign_identity *identity,
                                                            const struct thrivosign_call *call,
                                                            struct thrivosign_activation **out);

/**
 * After the call `out` is the identity in the state that the service told: it may sign. The authentication key was asked
 * once. If the answer was lost, `thrivosign_client_learn_state` says how it ended.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_identity_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_finish_activation(const struct thrivosign_client *self,
                                                             const struct thrivosign_key_store *store,
                                                             const struct thrivosign_identity *identity,
                                                             const struct thrivosign_activation *activation,
                                                             const char *code,
                                                             const struct thrivosign_call *call,
                                                             struct thrivosign_identity **out);

/**
 * After the call `out` holds all credentials of the user.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_credential_list_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_list_credentials(const struct thrivosign_client *self,
                                                            const struct thrivosign_call *call,
                                                            struct thrivosign_credential_list **out);

/**
 * After the call `out` is the identity in the state that the service tells now.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_identity_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_learn_state(const struct thrivosign_client *self,
                                                       const struct thrivosign_identity *identity,
                                                       const struct thrivosign_call *call,
                                                       struct thrivosign_identity **out);

/**
 * After the call the certificate is revoked for good; revoking it again is no error. `reason` is one of
 * `thrivosign_revocation_reason`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_revoke(const struct thrivosign_client *self,
                                                  const char *credential_id,
                                                  int32_t reason,
                                                  const struct thrivosign_call *call);

/**
 * After the call `out` is an environment for the service at `base_address`, such as `https://sign.example.org`: the
 * bundled roots, no pins, no proxy. Its API key is still to be set: without one no client is made (code 109). Nothing
 * is looked up or connected, and the address is checked when a client is made.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_environment_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_new(const char *base_address,
                                                    struct thrivosign_environment **out);

/**
 * After the call calls carry this API key.
 *
 * Ownership: the key is copied; the copy is wiped when it goes.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_api_key(struct thrivosign_environment *self,
                                                            const char *api_key);

/**
 * After the call the API key travels in the header of that name in place of the usual one.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_api_key_header(struct thrivosign_environment *self,
                                                                   const char *name);

/**
 * After the call the certificates of this PEM text, and no others, may vouch for the service.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_roots_pem(struct thrivosign_environment *self,
                                                              const uint8_t *pem,
                                                              size_t pem_size);

/**
 * After the call the public authorities that Mozilla trusts, as bundled when the library was built, may vouch for the
 * service. This is so at first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `self` may not be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_bundled_roots(struct thrivosign_environment *self);

/**
 * After the call connections go through the HTTP proxy at `address`, `http://host:port`, which is asked to CONNECT; TLS
 * stays end to end. With `user` and `password` it is shown both.
 *
 * Ownership: arguments are copied; the copy of the password is wiped when it goes.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `user`, `password` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_proxy(struct thrivosign_environment *self,
                                                          const char *address,
                                                          const char *user,
                                                          const char *password);

/**
 * After the call the user agent ends with this text.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_user_agent_suffix(struct thrivosign_environment *self,
                                                                      const char *suffix);

/**
 * After the call logins name this OAuth client, and show its secret if there is one.
 *
 * Ownership: arguments are copied; the copy of the secret is wiped when it goes.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `secret` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_client(struct thrivosign_environment *self,
                                                           const char *id,
                                                           const char *secret);

/**
 * After the call a call that may be sent again is sent at most so often in all; 1 means never again. 4 at first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_retry_tries(struct thrivosign_environment *self,
                                                                uint32_t tries);

/**
 * After the call an address with `http` is taken: passwords, tokens and documents then cross the network in the clear.
 * Never outside a test.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `self` may not be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_dangerous_allow_plain_http(struct thrivosign_environment *self);

/**
 * After the call `out` is another handle for the same environment.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_environment_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_ref(const struct thrivosign_environment *self,
                                                    struct thrivosign_environment **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_environment_free(struct thrivosign_environment *self);

/**
 * After the call connections show this certificate if the service asks for one, and `thrivosign_client_login_client` logs in by it. `chain` is
 * PEM, the client's own certificate first, then its issuers; `authentication_key` is its key in the store, an authentication key that does not ask
 * the person (code 406).
 *
 * Ownership: the environment and clients made from it keep the store; the rest is copied.
 * Lifetime: arguments are needed only until the function returns; the handle of the store may be freed after it.
 * Threads: any; calls that change one object had better not meet, as the last one wins. A store of the host's is asked on the network thread.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_client_certificate(struct thrivosign_environment *self,
                                                                       const struct thrivosign_key_store *store,
                                                                       const char *authentication_key,
                                                                       const uint8_t *chain,
                                                                       size_t chain_size);

/**
 * The same with the first private key of a file (PEM or DER, PKCS#8, encrypted or not). The key stays in memory and is wiped when the environment
 * and every client made from it are gone.
 *
 * Ownership: nothing changes hands; arguments are copied, and the copy of the passphrase is wiped.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `passphrase` may be NULL for a key that has none; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_client_certificate_file(struct thrivosign_environment *self,
                                                                            const uint8_t *chain,
                                                                            size_t chain_size,
                                                                            const uint8_t *key_file,
                                                                            size_t key_file_size,
                                                                            const char *passphrase);

/**
 * After the call the service's key must be this one or another pinned one, beside what the roots say. A pin is the
 * SHA-256 of the SubjectPublicKeyInfo in base64 (RFC 7469 2.4); a client is made only with none or with at least two.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_add_pin(struct thrivosign_environment *self,
                                                        const char *pin);

/**
 * After the call the pins are only reported, not enforced, once that time is over. Seconds since 1970-01-01T00:00:00Z.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_pins_not_after(struct thrivosign_environment *self,
                                                                   int64_t unix_time);

/**
 * After the call, unless `report_only` is 0, a pin that does not fit is told to the observer and ends no connection.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_pins_report_only(struct thrivosign_environment *self,
                                                                     int32_t report_only);

/**
 * After the call documents of pins that this key signed are believed (PEM, `PUBLIC KEY`): what the service publishes takes the place of the pins
 * when its key changes, and no newer app is needed. One, and better a second that is kept elsewhere. A client with such keys needs pins to begin
 * with (code 109).
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_add_pin_update_key(struct thrivosign_environment *self,
                                                                   const uint8_t *pem,
                                                                   size_t pem_size);

/**
 * After the call clients begin with the pins of that document, which `thrivosign_client_pin_document` gave and the app kept. It need not be secret:
 * one that no update key signed is told to the observer and left alone.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_pin_document(struct thrivosign_environment *self,
                                                                 const char *document);

/**
 * After the call the observer is told when a pin does not fit, the pins have run out or were replaced.
 *
 * Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's.
 * The struct is copied.
 * Lifetime: `destroy` is called once, when the environment and every client made from it are gone.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_environment_set_pin_observer(struct thrivosign_environment *self,
                                                                 const struct thrivosign_pin_callbacks *callbacks);

/**
 * The code of an error, one of `thrivosign_error_kind`; 0 for NULL. For what is no error at all, the code that says so.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is returned is a copy.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL: the answer is 0.
 */
int32_t thrivosign_error_code(const struct thrivosign_error *self);

/**
 * The stable name of the code, such as `key_locked`.
 *
 * Ownership: the text stays the library's.
 * Lifetime: good for as long as the library is loaded.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL: the answer is `ok`.
 */
const char *thrivosign_error_name(const struct thrivosign_error *self);

/**
 * One line for a log or a developer, in English: what happened, where, and what to do next. Holds no user input, key,
 * name or token.
 *
 * Ownership: the text stays the error's.
 * Lifetime: good until `self` is freed.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL, and the answer is NULL then.
 */
const char *thrivosign_error_message(const struct thrivosign_error *self);

/**
 * What to do next, in one sentence.
 *
 * Ownership: the text stays the library's.
 * Lifetime: good for as long as the library is loaded.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL: the answer is `Go on.`.
 */
const char *thrivosign_error_next_step(const struct thrivosign_error *self);

/**
 * Whose turn it is, one of `thrivosign_turn`; 0 for NULL.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is returned is a copy.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL: the answer is 0.
 */
int32_t thrivosign_error_turn(const struct thrivosign_error *self);

/**
 * 1 if the same call may succeed later without anything being changed, otherwise 0.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is returned is a copy.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL: the answer is 0.
 */
int32_t thrivosign_error_retryable(const struct thrivosign_error *self);

/**
 * After the call `value` holds the byte position in the document or structure and the answer is 1; or the error carries
 * no such fact, the answer is 0 and `value` is as it was.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is told is a copy.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL, and so may `value`: the answer is 0 then.
 */
int32_t thrivosign_error_position(const struct thrivosign_error *self, uint64_t *value);

/**
 * After the call `value` holds the HTTP status that a service answered and the answer is 1; or the error carries no such
 * fact, the answer is 0 and `value` is as it was.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is told is a copy.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL, and so may `value`: the answer is 0 then.
 */
int32_t thrivosign_error_http_status(const struct thrivosign_error *self,
                                     int32_t *value);

/**
 * After the call `value` holds the seconds that a service asks to wait and the answer is 1; or the error carries no such
 * fact, the answer is 0 and `value` is as it was.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is told is a copy.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL, and so may `value`: the answer is 0 then.
 */
int32_t thrivosign_error_retry_after(const struct thrivosign_error *self,
                                     uint64_t *value);

/**
 * After the call `value` holds the tries left before a lock and the answer is 1; or the error carries no such fact, the
 * answer is 0 and `value` is as it was.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is told is a copy.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL, and so may `value`: the answer is 0 then.
 */
int32_t thrivosign_error_tries_left(const struct thrivosign_error *self, uint32_t *value);

/**
 * The service's problem type (RFC 9457) or OAuth error code; NULL if the error carries none.
 *
 * Ownership: the text stays the error's.
 * Lifetime: good until `self` is freed.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may be NULL, and the answer is NULL then.
 */
const char *thrivosign_error_problem(const struct thrivosign_error *self);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: texts of the error are gone after the call.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_error_free(struct thrivosign_error *self);

/**
 * The stable name of a code, such as `key_locked`; NULL for a code that this version does not know.
 *
 * Ownership: the text stays the library's.
 * Lifetime: good for as long as the library is loaded.
 * Threads: any, also several at once.
 * NULL: there is no pointer.
 */
const char *thrivosign_error_code_name(int32_t code);

/**
 * What a code means, in one sentence without a full stop; NULL for a code that this version does not know.
 *
 * Ownership: the text stays the library's.
 * Lifetime: good for as long as the library is loaded.
 * Threads: any, also several at once.
 * NULL: there is no pointer.
 */
const char *thrivosign_error_code_text(int32_t code);

/**
 * What to do next after a code, in one sentence; NULL for a code that this version does not know.
 *
 * Ownership: the text stays the library's.
 * Lifetime: good for as long as the library is loaded.
 * Threads: any, also several at once.
 * NULL: there is no pointer.
 */
const char *thrivosign_error_code_next_step(int32_t code);

/**
 * After the call `out` is empty.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_evidence_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `out` may not be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_evidence_new(struct thrivosign_evidence **out);

/**
 * After the call every certificate of a PEM text, or one DER certificate, is there, or after an error none of them.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_evidence_add_certificates(struct thrivosign_evidence *self,
                                                              const uint8_t *pem,
                                                              size_t pem_size);

/**
 * After the call every list of revoked certificates (RFC 5280) of a PEM text, or one in DER, is there, or after an
 * error none of them. Code 204 for a list of more than 16 MiB, and for more than 64 MiB of evidence in all.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_evidence_add_crls(struct thrivosign_evidence *self,
                                                      const uint8_t *crl,
                                                      size_t crl_size);

/**
 * After the call that OCSP response (RFC 6960), DER, is there.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_evidence_add_ocsp(struct thrivosign_evidence *self,
                                                      const uint8_t *ocsp,
                                                      size_t ocsp_size);

/**
 * After the call `out` is the number of certificates, lists and responses; what was added twice counts once.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_evidence_count(const struct thrivosign_evidence *self,
                                                   size_t *out);

/**
 * After the call `out` is another handle for the same evidence.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_evidence_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_evidence_ref(const struct thrivosign_evidence *self,
                                                 struct thrivosign_evidence **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_evidence_free(struct thrivosign_evidence *self);

/**
 * After the call the document is where `output` says, with what `extension` asks for appended, as far as it could be had;
 * the bytes of `self` are its first, and the library's own verifier finds nothing worse than before. No person and no key
 * takes part. A level that is not reached, an authority that does not answer, evidence that is missing are no errors: `out`
 * tells them, and the same call can be made again later. After an error a file or memory is as it was. Code 104 for a
 * document without a signature.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_extended_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `password`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_extend(const struct thrivosign_document *self,
                                                    const struct thrivosign_extension *extension,
                                                    const struct thrivosign_output *output,
                                                    const uint8_t *password,
                                                    size_t password_size,
                                                    const struct thrivosign_call *call,
                                                    struct thrivosign_extended **out);

/**
 * After the call `out` is the level that all signatures have reached, or the one that was raised as it was made, one of
 * `thrivosign_level`: BT, BLT or BLTA; 0 if one of them is below BT.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_level(const struct thrivosign_extended *self,
                                                   int32_t *out);

/**
 * After the call `out` is 1 if that is the level that was asked for, or above, otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_reached(const struct thrivosign_extended *self,
                                                     int32_t *out);

/**
 * After the call `out` is what the verifier says of the result; NULL for a signature that was raised as it was made.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_report_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_report(const struct thrivosign_extended *self,
                                                    struct thrivosign_report **out);

/**
 * After the call `out` is the number of bytes that were appended; 0 if there was nothing to do.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_added_size(const struct thrivosign_extended *self,
                                                        uint64_t *out);

/**
 * After the call `out` is what ended the raising before its end, one of `thrivosign_error_kind`, such as the time of the
 * call that signed; 0: nothing did.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_stopped(const struct thrivosign_extended *self,
                                                     int32_t *out);

/**
 * After the call `out` is another handle for the same outcome.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_extended_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_ref(const struct thrivosign_extended *self,
                                                 struct thrivosign_extended **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_extended_free(struct thrivosign_extended *self);

/**
 * After the call `out` is the number of certificates for which evidence could not be had.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_missing_count(const struct thrivosign_extended *self,
                                                           size_t *out);

/**
 * After the call `out` holds the subject of that certificate (RFC 4514). `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_missing_subject(const struct thrivosign_extended *self,
                                                             size_t index,
                                                             struct thrivosign_buffer **out);

/**
 * After the call `out` holds that certificate, DER. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_missing_certificate(const struct thrivosign_extended *self,
                                                                 size_t index,
                                                                 struct thrivosign_buffer **out);

/**
 * After the call `out` is what is lacking for that certificate, one of `thrivosign_lack`. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_missing_lack(const struct thrivosign_extended *self,
                                                          size_t index,
                                                          int32_t *out);

/**
 * After the call `out` holds the code of what is wrong with that certificate's chain, such as `expired`; NULL where it is not
 * the chain that is lacking. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_missing_failure(const struct thrivosign_extended *self,
                                                             size_t index,
                                                             struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of addresses that could have helped with that certificate; 0: it names none. `index`
 * counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_asked_count(const struct thrivosign_extended *self,
                                                         size_t index,
                                                         size_t *out);

/**
 * After the call `out` holds one of the addresses of that certificate. `index` and `position` count from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_asked_url(const struct thrivosign_extended *self,
                                                       size_t index,
                                                       size_t position,
                                                       struct thrivosign_buffer **out);

/**
 * After the call `out` holds what came of that address: `malformed`, `status_unknown`, `stale`, `proves_nothing`, `not_asked`, what an OCSP responder
 * refused with (`try_later`, `unauthorized`, ..), or the name of an error of the network. `index` and `position` count from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_asked_code(const struct thrivosign_extended *self,
                                                        size_t index,
                                                        size_t position,
                                                        struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of authorities that were asked in vain.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_unanswered_count(const struct thrivosign_extended *self,
                                                              size_t *out);

/**
 * After the call `out` holds the address of that authority. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_unanswered_url(const struct thrivosign_extended *self,
                                                            size_t index,
                                                            struct thrivosign_buffer **out);

/**
 * After the call `out` holds what was wrong: the name of an error of the network, or the code of an answer of no use. `index`
 * counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extended_unanswered_code(const struct thrivosign_extended *self,
                                                             size_t index,
                                                             struct thrivosign_buffer **out);

/**
 * After the call `out` raises signatures to `level`, one of `thrivosign_level`: BT, BLT or BLTA. `trust` is whom to trust,
 * for signers, responders and time-stamping authorities. Nobody is asked and nothing is fetched unless
 * `thrivosign_extension_set_reach` allows it.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_extension_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extension_new(int32_t level,
                                                  const struct thrivosign_trust *trust,
                                                  struct thrivosign_extension **out);

/**
 * After the call there is one time-stamping authority (RFC 3161) more, at `url`, http or https; it is asked if those before
 * it gave nothing of use. `policy` is the policy that is asked for, as dotted numbers; NULL: any. It is asked `tries`
 * times at most, where asking again may help; 0: twice. One answer may take `timeout_ms` milliseconds; 0: 10 000.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `policy` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extension_add_authority(struct thrivosign_extension *self,
                                                            const char *url,
                                                            const char *policy,
                                                            uint32_t tries,
                                                            uint64_t timeout_ms);

/**
 * After the call those addresses may be asked: `reach` is one of `thrivosign_reach`. Nothing is connected yet.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extension_set_reach(struct thrivosign_extension *self,
                                                        int32_t reach);

/**
 * After the call that evidence is used as it is now, before anything is fetched; NULL: none.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `evidence` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extension_set_evidence(struct thrivosign_extension *self,
                                                           const struct thrivosign_evidence *evidence);

/**
 * After the call everything is judged at that time, in seconds since 1970-01-01T00:00:00Z, instead of now by the machine's
 * clock.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extension_set_time(struct thrivosign_extension *self,
                                                       int64_t unix_time);

/**
 * After the call `out` is another handle for the same extension.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_extension_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_extension_ref(const struct thrivosign_extension *self,
                                                  struct thrivosign_extension **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_extension_free(struct thrivosign_extension *self);

/**
 * After the call `out` has no values.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_field_values_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `out` may not be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_field_values_new(struct thrivosign_field_values **out);

/**
 * After the call the field of that name, fully qualified, shall have this value, in place of one that it was to have before. Line ends are `\n`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_field_values_set(struct thrivosign_field_values *self,
                                                     const char *field,
                                                     const char *text);

/**
 * After the call `out` is another handle for the same values.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_field_values_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_field_values_ref(const struct thrivosign_field_values *self,
                                                     struct thrivosign_field_values **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_field_values_free(struct thrivosign_field_values *self);

/**
 * After the call `out` is a client that is not logged in, whose calls are carried by the host's own HTTP. Nothing is sent yet. What the environment
 * says of roots, pins, proxy and client certificate nobody would heed, so it must say nothing (code 109).
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_client_free`. On success `context` is the library's until it calls `destroy`; after
 * an error it is still the caller's. The struct is copied.
 * Lifetime: `destroy` is called once, when the client is gone. Outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_new_over(const struct thrivosign_environment *environment,
                                                    const struct thrivosign_http_callbacks *callbacks,
                                                    struct thrivosign_client **out);

/**
 * After the call `out` holds the method, such as `POST`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: the exchange is good until the callback returns; outputs stay good until they are freed.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_method(const struct thrivosign_http_exchange *self,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` holds the address, its query included.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: the exchange is good until the callback returns; outputs stay good until they are freed.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_url(const struct thrivosign_http_exchange *self,
                                                      struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of header fields that have to be sent, beside those of the connection itself (`Host`, `Content-Length`).
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: the exchange is good until the callback returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_header_count(const struct thrivosign_http_exchange *self,
                                                               size_t *out);

/**
 * After the call `name` and `value` hold the header field at that index, counted from 0. Values are secrets: they hold the token and the API key.
 *
 * Ownership: outputs are the caller's, to be freed with `thrivosign_buffer_free`, which wipes them.
 * Lifetime: the exchange is good until the callback returns; outputs stay good until they are freed.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_header(const struct thrivosign_http_exchange *self,
                                                         size_t index,
                                                         struct thrivosign_buffer **name,
                                                         struct thrivosign_buffer **value);

/**
 * After the call `out` is the size of the body in bytes, which is the `Content-Length`; 0 for a request without one.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: the exchange is good until the callback returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_body_size(const struct thrivosign_http_exchange *self,
                                                            uint64_t *out);

/**
 * After the call `out` holds the next bytes of the body from `offset`, at most 64 KiB; none only at its end. The body may be read more than once. An
 * error says that the document cannot be read: the exchange has to end then.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`, which wipes it.
 * Lifetime: the exchange is good until the callback returns; outputs stay good until they are freed.
 * Threads: any, also several at once on one `self`; a document of the host's is read on the thread that calls.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_body(const struct thrivosign_http_exchange *self,
                                                       uint64_t offset,
                                                       struct thrivosign_buffer **out);

/**
 * After the call `out` is the time, in milliseconds, after which the exchange has to have ended; 0 when it is over.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: the exchange is good until the callback returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_time_left(const struct thrivosign_http_exchange *self,
                                                            uint64_t *out);

/**
 * After the call `out` is 1 if the call was cancelled: the exchange had better end, what it brings is not used. Otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: the exchange is good until the callback returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_is_cancelled(const struct thrivosign_http_exchange *self,
                                                               int32_t *out);

/**
 * After the call the answer has that status, such as 200. Its header fields and body so far are gone: they were of an answer before (1xx).
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: the exchange is good until the callback returns.
 * Threads: that of the callback.
 * NULL: `self` may not be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_set_status(struct thrivosign_http_exchange *self,
                                                             uint32_t status);

/**
 * After the call the answer has this header field too. The status is set before.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: the exchange is good until the callback returns.
 * Threads: that of the callback.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_add_header(struct thrivosign_http_exchange *self,
                                                             const char *name,
                                                             const char *value);

/**
 * After the call the answer's body ends with these bytes. Code 612 for more than this answer may have: reading had better stop there.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: the exchange is good until the callback returns.
 * Threads: that of the callback.
 * NULL: `data` may be NULL if `data_size` is 0; `self` may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_http_exchange_append(struct thrivosign_http_exchange *self,
                                                         const uint8_t *data,
                                                         size_t data_size);

/**
 * After the call `out` is the identity that `thrivosign_identity_to_json` wrote.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_identity_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_new_from_json(const uint8_t *json,
                                                           size_t json_size,
                                                           struct thrivosign_identity **out);

/**
 * After the call `out` holds the identity as JSON, version 1, which every later version reads. Nothing in it is secret.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_to_json(const struct thrivosign_identity *self,
                                                     struct thrivosign_buffer **out);

/**
 * After the call `out` holds the certificate's identifier at the service.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_credential_id(const struct thrivosign_identity *self,
                                                           struct thrivosign_buffer **out);

/**
 * After the call `out` holds the id of the device that holds the keys.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_device_uuid(const struct thrivosign_identity *self,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` is one of `thrivosign_certificate_state`, as last told.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_state(const struct thrivosign_identity *self,
                                                   int32_t *out);

/**
 * After the call `out` holds the name of the signing key in its store.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_signing_key(const struct thrivosign_identity *self,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` holds the name of the authentication key in its store.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_authentication_key(const struct thrivosign_identity *self,
                                                                struct thrivosign_buffer **out);

/**
 * After the call `out` holds the certificate's subject (RFC 4514).
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_subject(const struct thrivosign_identity *self,
                                                     struct thrivosign_buffer **out);

/**
 * After the call `unix_time` is when the certificate's validity begins: seconds since 1970-01-01T00:00:00Z.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_not_before(const struct thrivosign_identity *self,
                                                        int64_t *unix_time);

/**
 * After the call `unix_time` is when the certificate's validity ends: seconds since 1970-01-01T00:00:00Z.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_not_after(const struct thrivosign_identity *self,
                                                       int64_t *unix_time);

/**
 * After the call `out` is the number of certificates in the chain.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_certificate_count(const struct thrivosign_identity *self,
                                                               size_t *out);

/**
 * After the call `out` holds a certificate of the chain, DER, counted from 0; the signer's own is the first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_certificate(const struct thrivosign_identity *self,
                                                         size_t index,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same identity.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_identity_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_identity_ref(const struct thrivosign_identity *self,
                                                 struct thrivosign_identity **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_identity_free(struct thrivosign_identity *self);

/**
 * After the call the file at that path, in UTF-8, is its old bytes and one more revision, which the library's own
 * verifier has accepted. Until the last step it is not touched; a process that ends at any moment leaves the old file
 * or the signed one, and at most a journal beside it, which the next call or `thrivosign_in_place_recover` settles.
 * The key was asked once, last. `durability` is one of `thrivosign_durability`. Code 212 also if somebody wrote to the
 * file meanwhile; code 214 if the file or its folder may not be written, or another process is signing it; code 104
 * once, if an interrupted call turns out to have signed it.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signed_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
 * the host's is asked on this very thread. Not for a main thread.
 * NULL: `options`, `call`, `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signer_sign_in_place(const struct thrivosign_signer *self,
                                                         const char *path,
                                                         int32_t durability,
                                                         const struct thrivosign_signature_request *request,
                                                         const struct thrivosign_sign_options *options,
                                                         const struct thrivosign_call *call,
                                                         struct thrivosign_signed **out);

/**
 * After the call the file at that path is the old one or the signed one, there is no journal beside it, and `out` is
 * what became of it, one of `thrivosign_recovery`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_in_place_recover(const char *path, int32_t *out);

/**
 * After the call `out` holds facts and risk markers of the document's newest revision. What could not be looked at is
 * listed as unchecked.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_inspection_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `password`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_inspect(const struct thrivosign_document *self,
                                                     const uint8_t *password,
                                                     size_t password_size,
                                                     const struct thrivosign_call *call,
                                                     struct thrivosign_inspection **out);

/**
 * After the call `out` holds everything that was found, as one line of JSON.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_to_json(const struct thrivosign_inspection *self,
                                                       struct thrivosign_buffer **out);

/**
 * After the call `out` holds the PDF version, such as `1.7`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_version(const struct thrivosign_inspection *self,
                                                       struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of pages.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_pages(const struct thrivosign_inspection *self,
                                                     uint64_t *out);

/**
 * After the call `out` is the number of bytes.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_size(const struct thrivosign_inspection *self,
                                                    uint64_t *out);

/**
 * After the call `out` is 1 if the document is encrypted, otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_encrypted(const struct thrivosign_inspection *self,
                                                         int32_t *out);

/**
 * After the call `out` is the number of revisions.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_revision_count(const struct thrivosign_inspection *self,
                                                              size_t *out);

/**
 * After the call `out` is the number of signature fields, signed and empty.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_field_count(const struct thrivosign_inspection *self,
                                                           size_t *out);

/**
 * After the call `out` holds the fully qualified name of a signature field, counted from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_field_name(const struct thrivosign_inspection *self,
                                                          size_t index,
                                                          struct thrivosign_buffer **out);

/**
 * After the call `out` is 1 if that signature field, counted from 0, is signed, otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_field_signed(const struct thrivosign_inspection *self,
                                                            size_t index,
                                                            int32_t *out);

/**
 * After the call `out` is 1 if that signature field, counted from 0, has a box that can be seen, otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_field_visible(const struct thrivosign_inspection *self,
                                                             size_t index,
                                                             int32_t *out);

/**
 * After the call `present` is 1 and `page` the page of that signature field's widget, counted from 1; or both are 0,
 * as it was not found. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_field_page(const struct thrivosign_inspection *self,
                                                          size_t index,
                                                          int32_t *present,
                                                          uint64_t *page);

/**
 * After the call `out` is another handle for the same inspection.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_inspection_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_ref(const struct thrivosign_inspection *self,
                                                   struct thrivosign_inspection **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_inspection_free(struct thrivosign_inspection *self);

/**
 * After the call `out` is the number of risk markers that are listed.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_risk_count(const struct thrivosign_inspection *self,
                                                          size_t *out);

/**
 * After the call `out` holds the stable code of a risk marker, such as `script`, counted from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_risk_code(const struct thrivosign_inspection *self,
                                                         size_t index,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` holds what a risk marker, counted from 0, means.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_risk_text(const struct thrivosign_inspection *self,
                                                         size_t index,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` holds what to do about a risk marker, counted from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_risk_remedy(const struct thrivosign_inspection *self,
                                                           size_t index,
                                                           struct thrivosign_buffer **out);

/**
 * After the call `present` is 1 and `page` the page of a risk marker, counted from 1; or both are 0, as it is on none.
 * `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_risk_page(const struct thrivosign_inspection *self,
                                                         size_t index,
                                                         int32_t *present,
                                                         uint64_t *page);

/**
 * After the call `out` holds the object that a risk marker, counted from 0, is about; NULL if it is about none.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_risk_object(const struct thrivosign_inspection *self,
                                                           size_t index,
                                                           struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of parts that were not looked at, or only in part.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_unchecked_count(const struct thrivosign_inspection *self,
                                                               size_t *out);

/**
 * After the call `out` holds the name of a part that was not looked at, counted from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_unchecked_part(const struct thrivosign_inspection *self,
                                                              size_t index,
                                                              struct thrivosign_buffer **out);

/**
 * After the call `out` holds why a part, counted from 0, was not looked at.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_inspection_unchecked_why(const struct thrivosign_inspection *self,
                                                             size_t index,
                                                             struct thrivosign_buffer **out);

/**
 * As `thrivosign_key_store_create` in a store in a folder, of a key that `thrivosign_key_store_backup` gives: for a key
 * whose loss would be worse than a copy of it, as that of a seal. Never for a person's signing key. `algorithm` and
 * `purpose` are of `thrivosign_key_algorithm` and `thrivosign_key_purpose`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_create_exportable(const struct thrivosign_key_store *self,
                                                                const char *name,
                                                                int32_t algorithm,
                                                                int32_t purpose,
                                                                struct thrivosign_key_info **out);

/**
 * After the call `out` holds that key of a store in a folder as a file, encrypted under a passphrase of its own; the key
 * stays as it is. Code 406 for a key that was not made by `thrivosign_key_store_create_exportable`.
 *
 * Ownership: the passphrase is copied; the copy is wiped. `out` is the caller's, to be freed with
 * `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_backup(const struct thrivosign_key_store *self,
                                                     const char *name,
                                                     const char *passphrase,
                                                     struct thrivosign_buffer **out);

/**
 * After the call a store in a folder holds the key of that backup, under its own name; it can be backed up again. Code
 * 406 for the file of a key that was not made to be backed up: it may be a stolen one.
 *
 * Ownership: the passphrase is copied; the copy is wiped. `out` is the caller's, to be freed with
 * `thrivosign_key_info_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_restore(const struct thrivosign_key_store *self,
                                                      const uint8_t *file,
                                                      size_t file_size,
                                                      const char *passphrase,
                                                      struct thrivosign_key_info **out);

/**
 * After the call `out` holds the name the key was created under.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_info_name(const struct thrivosign_key_info *self,
                                                  struct thrivosign_buffer **out);

/**
 * After the call `out` holds the public key: SubjectPublicKeyInfo, DER.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_info_public_key(const struct thrivosign_key_info *self,
                                                        struct thrivosign_buffer **out);

/**
 * After the call `out` is one of `thrivosign_key_algorithm`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_info_algorithm(const struct thrivosign_key_info *self,
                                                       int32_t *out);

/**
 * After the call `out` is one of `thrivosign_protection`: the protection really obtained.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_info_protection(const struct thrivosign_key_info *self,
                                                        int32_t *out);

/**
 * After the call `out` is one of `thrivosign_key_purpose`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_info_purpose(const struct thrivosign_key_info *self,
                                                     int32_t *out);

/**
 * After the call `out` is one of `thrivosign_prompt`: how often the key's use asks the person.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_info_prompt(const struct thrivosign_key_info *self,
                                                    int32_t *out);

/**
 * After the call `out` is another handle for the same facts.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_info_ref(const struct thrivosign_key_info *self,
                                                 struct thrivosign_key_info **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_key_info_free(struct thrivosign_key_info *self);

/**
 * After the call `out` is the number of keys.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_list_count(const struct thrivosign_key_list *self,
                                                   size_t *out);

/**
 * After the call `out` holds the facts of that key, counted from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_list_get(const struct thrivosign_key_list *self,
                                                 size_t index,
                                                 struct thrivosign_key_info **out);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_list_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_list_ref(const struct thrivosign_key_list *self,
                                                 struct thrivosign_key_list **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_key_list_free(struct thrivosign_key_list *self);

/**
 * After the call `out` is the key store in that folder, locked; a folder that was missing is there, for its owner alone
 * (0700). Keys lie in files encrypted with AES-256-GCM under Argon2id.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_store_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_new_in_folder(const char *folder,
                                                            struct thrivosign_key_store **out);

/**
 * After the call `out` is an empty key store in memory, whose keys go with it.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_store_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `out` may not be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_key_store_new_in_memory(struct thrivosign_key_store **out);

/**
 * After the call `out` is the key store on a token (HSM, smart card) with a PKCS#11 module, which is loaded if this process
 * has not got it. The token is the one of that label, of that serial number, or of both. It is logged in to with the PIN,
 * once; stores of one token share that login. A wrong PIN is tried once and never again: tokens lock after a few. Keys are
 * named by their label (CKA_LABEL) and never leave the token; those made by other programs can be used.
 *
 * Ownership: the PIN is copied; the copy is wiped with the store. `out` is the caller's, to be freed with
 * `thrivosign_key_store_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments. The module stays loaded.
 * Threads: any, also several at once.
 * NULL: one of `label` and `serial` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_new_on_token(const char *module,
                                                           const char *label,
                                                           const char *serial,
                                                           const char *pin,
                                                           struct thrivosign_key_store **out);

/**
 * As `thrivosign_key_store_new_on_token`, for a token on which the person types the PIN, on its reader's pad or at its sensor: the PIN is never in
 * this process. The call waits until it is typed. The person is asked again after a reset of the token, and at each use of a key that wants that;
 * after a wrong PIN (code 408) only by opening the store anew. Code 410 for a token without such a pad.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_store_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments. The module stays loaded.
 * Threads: any, also several at once. Blocks until the person has typed; not for a main thread.
 * NULL: one of `label` and `serial` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_new_on_token_with_pad(const char *module,
                                                                    const char *label,
                                                                    const char *serial,
                                                                    struct thrivosign_key_store **out);

/**
 * After the call `out` is a key store that asks the host. What the host answers is checked: a signature against the
 * public key, a size against its limit.
 *
 * Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's.
 * The struct is copied. `out` is the caller's, to be freed with `thrivosign_key_store_free`.
 * Lifetime: `destroy` is called once, when the last handle is freed and the last call on the store has ended.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_new_from_callbacks(const struct thrivosign_key_store_callbacks *callbacks,
                                                                 struct thrivosign_key_store **out);

/**
 * After the call a new key of that name exists and is durable; it cannot be exported. `algorithm`, `purpose` and
 * `prompt` are of `thrivosign_key_algorithm`, `thrivosign_key_purpose` and `thrivosign_prompt`; `challenge` is bound
 * into the key's attestation on platforms that attest at creation.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
 * a person.
 * NULL: `challenge`, `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_create(const struct thrivosign_key_store *self,
                                                     const char *name,
                                                     int32_t algorithm,
                                                     int32_t purpose,
                                                     int32_t prompt,
                                                     const uint8_t *challenge,
                                                     size_t challenge_size,
                                                     struct thrivosign_key_info **out);

/**
 * After the call `out` holds what the store says about that key.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
 * a person.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_info(const struct thrivosign_key_store *self,
                                                   const char *name,
                                                   struct thrivosign_key_info **out);

/**
 * After the call `out` holds that key's signature over the message, which was checked against the public key.
 * `algorithm` is of `thrivosign_signature_algorithm`, or 0 for the usual one. Documents are signed with
 * `thrivosign_signer_sign`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
 * a person.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_sign(const struct thrivosign_key_store *self,
                                                   const char *name,
                                                   const uint8_t *message,
                                                   size_t message_size,
                                                   int32_t algorithm,
                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` holds the platform's proof, over that challenge, of where the key lives.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_attestation_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
 * a person.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_attest(const struct thrivosign_key_store *self,
                                                     const char *name,
                                                     const uint8_t *challenge,
                                                     size_t challenge_size,
                                                     struct thrivosign_attestation **out);

/**
 * After the call no key of that name exists.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
 * a person.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_delete(const struct thrivosign_key_store *self,
                                                     const char *name);

/**
 * After the call `out` holds all keys, sorted by name.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_list_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. A store of the host's is called on this very thread and may wait for
 * a person.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_list(const struct thrivosign_key_store *self,
                                                   struct thrivosign_key_list **out);

/**
 * After the call `out` is another handle for the same key store.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_store_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_ref(const struct thrivosign_key_store *self,
                                                  struct thrivosign_key_store **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_key_store_free(struct thrivosign_key_store *self);

/**
 * The version of the library, such as `0.1.0`; that of the header is `THRIVOSIGN_VERSION`.
 *
 * Ownership: the text stays the library's.
 * Lifetime: good for as long as the library is loaded.
 * Threads: any, also several at once.
 * NULL: there is no pointer.
 */
const char *thrivosign_version(void);

/**
 * The ABI number, which is also that of the SONAME. It is 0 until version 1.0.0, and changes only when a program built
 * for another would break; that of the header is `THRIVOSIGN_ABI_VERSION`.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is returned is a copy.
 * Threads: any, also several at once.
 * NULL: there is no pointer.
 */
uint32_t thrivosign_abi_version(void);

/**
 * 1 if the library was built with that feature (`net`, `ring`, `encrypted-pdf`, `pkcs11`, `pkcs12`, `appearance-full`), otherwise 0.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is returned is a copy.
 * Threads: any, also several at once.
 * NULL: `name` may be NULL: the answer is 0.
 */
int32_t thrivosign_has_feature(const char *name);

/**
 * How many handles there are that were not freed: 0 if nothing leaks.
 *
 * Ownership: nothing changes hands.
 * Lifetime: what is returned is a copy.
 * Threads: any, also several at once.
 * NULL: there is no pointer.
 */
size_t thrivosign_objects_alive(void);

/**
 * After the call every exchange with a service that was under way ends with code 107, and the network thread ends with
 * the last of them; the next exchange starts a new one. For hosts that unload the library: free everything, call this,
 * and see `docs/abi.md` first.
 *
 * Ownership: nothing changes hands.
 * Lifetime: handles stay good.
 * Threads: any but from within a callback.
 * NULL: there is no pointer.
 */
void thrivosign_shutdown(void);

/**
 * After the call events up to `level`, one of `thrivosign_log_level`, go to these callbacks and no longer to those
 * before; NULL switches the log off. There is one log for the whole process. An event that is being told meanwhile may
 * still reach the callbacks before.
 *
 * Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's.
 * The struct is copied.
 * Lifetime: `destroy` is called once, when other callbacks took the place and the last event was told.
 * Threads: any, also several at once.
 * NULL: `callbacks` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_log_set(int32_t level,
                                            const struct thrivosign_log_callbacks *callbacks);

/**
 * After the call `out` holds the requests for certificates that wait for this officer. Code 504 for whoever is no officer.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_waiting_request_list_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_waiting_requests(const struct thrivosign_client *self,
                                                            const struct thrivosign_call *call,
                                                            struct thrivosign_waiting_request_list **out);

/**
 * After the call the certificate is issued; the same again is no error. Code 517 if the request was rejected before.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_approve_request(const struct thrivosign_client *self,
                                                           const char *request_id,
                                                           const struct thrivosign_call *call);

/**
 * After the call the request is refused for good, and whoever asked is told `why`; the same again is no error. Code 517 if the request was approved
 * before, or without a reason.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_reject_request(const struct thrivosign_client *self,
                                                          const char *request_id,
                                                          const char *why,
                                                          const struct thrivosign_call *call);

/**
 * After the call `out` holds the devices of this officer's people that are not revoked. Code 504 for whoever is no officer.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_users_device_list_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_users_devices(const struct thrivosign_client *self,
                                                         const struct thrivosign_call *call,
                                                         struct thrivosign_users_device_list **out);

/**
 * After the call the device is revoked, for good what was certified on it, and its owner has to log in anew; the same again is no error. `reason` is one
 * of `thrivosign_revocation_reason`. Code 509 for a device of nobody this officer answers for.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_revoke_users_device(const struct thrivosign_client *self,
                                                               const char *device_uuid,
                                                               int32_t reason,
                                                               const struct thrivosign_call *call);

/**
 * After the call `out` is a list without documents.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_order_list_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `out` may not be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_order_list_new(struct thrivosign_order_list **out);

/**
 * After the call the list ends with this document; arguments are those of `thrivosign_orders_sign`. Its options say what was shown
 * (`shown_sha256`). Where `client` is there the service prepares and files it, as in `thrivosign_orders_submit`, and `credential_id` and `file_name`
 * are needed.
 *
 * Ownership: the list keeps document, signer and client; the rest is copied, and the copy of the password is wiped.
 * Lifetime: arguments are needed only until the function returns; handles may be freed after it.
 * Threads: any; calls that change one object had better not meet.
 * NULL: `client`, `credential_id`, `file_name`, `consent` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_order_list_add(struct thrivosign_order_list *self,
                                                   const char *id,
                                                   const struct thrivosign_document *document,
                                                   const char *target,
                                                   const struct thrivosign_signature_request *request,
                                                   const struct thrivosign_signer *signer,
                                                   const struct thrivosign_client *client,
                                                   const char *credential_id,
                                                   const char *file_name,
                                                   const char *consent,
                                                   int32_t ask_again,
                                                   const struct thrivosign_sign_options *options);

/**
 * Signs all documents of the list, which were shown together and are approved once: every one is prepared before the first key is asked, a key that
 * opens a window is asked within one prompt, and each order carries the digest of the list. After the call each document has an outcome, told by
 * `thrivosign_order_list_outcome`; where a key refuses, those after it are not asked. An error means that a document could not be prepared, and then
 * no key was asked. Called again with the same list it goes on where it stopped.
 *
 * Ownership: nothing changes hands; the list keeps the outcomes.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`; code 104 for a second call on one order. Blocks until it is done,
 * cancelled or out of time; a key store of the host's is asked on this very thread. Not for a main thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_orders_sign_all(const struct thrivosign_orders *self,
                                                    struct thrivosign_order_list *list,
                                                    const struct thrivosign_call *call);

/**
 * After the call `out` is the order of the document at that index, signed. The document's own error if it was not signed: its order, if it has one,
 * stays in the journal and may go on. Told once: afterwards code 105. Code 101 before `thrivosign_orders_sign_all`, and behind the last document.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any; calls that change one object had better not meet.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_order_list_outcome(struct thrivosign_order_list *self,
                                                       size_t index,
                                                       struct thrivosign_signing_order **out);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_order_list_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_order_list_ref(const struct thrivosign_order_list *self,
                                                   struct thrivosign_order_list **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_order_list_free(struct thrivosign_order_list *self);

/**
 * After the call `out` is the journal of orders in that folder; what was missing is there, for its owner alone. `key` has
 * 32 random bytes and is the host's to keep. Code 110 for a damaged journal or another key, 111 while another process has
 * it open.
 *
 * Ownership: the key is copied; the copy is wiped. `out` is the caller's, to be freed with `thrivosign_orders_free`,
 * which lets go of the journal.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_orders_new_in_folder(const char *folder,
                                                         const uint8_t *key,
                                                         size_t key_size,
                                                         struct thrivosign_orders **out);

/**
 * After the call `out` is the number of orders in the journal.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_orders_count(const struct thrivosign_orders *self,
                                                 size_t *out);

/**
 * After the call `out` is that order as it stands now, the one prepared first at 0. Orders that are made or withdrawn
 * meanwhile move the others.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_orders_at(const struct thrivosign_orders *self,
                                              size_t index,
                                              struct thrivosign_signing_order **out);

/**
 * Signs, or goes on where an earlier call, of whatever process, stopped. `id` is the host's own: document, id and key
 * together name the order. After the call the signed document is at the path `target`, checked. The key was asked at most
 * once, and not at all if it has answered before. `ask_again` is 1 where the person agreed that the key signs the same
 * bytes once more, otherwise 0: then code 518 says that it was asked before and that nobody knows its answer. `consent` is the
 * text that the person agreed to, for the order's evidence record. After any error the order stays where it is, and the
 * next call goes on.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`; code 104 for a second call on one order. Blocks until it is done,
 * cancelled or out of time; a key store of the host's is asked on this very thread. Not for a main thread.
 * NULL: `consent`, `options`, `call`, `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_orders_sign(const struct thrivosign_orders *self,
                                                const char *id,
                                                const struct thrivosign_document *document,
                                                const char *target,
                                                const struct thrivosign_signature_request *request,
                                                const struct thrivosign_signer *signer,
                                                const char *consent,
                                                int32_t ask_again,
                                                const struct thrivosign_sign_options *options,
                                                const struct thrivosign_call *call,
                                                struct thrivosign_signing_order **out);

/**
 * As `thrivosign_orders_sign`, of an order whose document the service prepares and files: afterwards it is filed, under
 * `file_name`, which has no folders. `credential_id` is that of the signer's key at the service.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`; code 104 for a second call on one order. Blocks until it is done,
 * cancelled or out of time; a key store of the host's is asked on this very thread. Not for a main thread.
 * NULL: `consent`, `options`, `call`, `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_orders_submit(const struct thrivosign_orders *self,
                                                  const struct thrivosign_client *client,
                                                  const char *credential_id,
                                                  const char *file_name,
                                                  const char *id,
                                                  const struct thrivosign_document *document,
                                                  const char *target,
                                                  const struct thrivosign_signature_request *request,
                                                  const struct thrivosign_signer *signer,
                                                  const char *consent,
                                                  int32_t ask_again,
                                                  const struct thrivosign_sign_options *options,
                                                  const struct thrivosign_call *call,
                                                  struct thrivosign_signing_order **out);

/**
 * After the call `out` holds the evidence record of that order as it stands, in JSON by docs/schema/evidence-1.json: what
 * was shown, found and agreed to, by what key it was signed, what the service said that it stored. Code 510 for a name that
 * the journal does not have.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_orders_evidence(const struct thrivosign_orders *self,
                                                    const char *name,
                                                    struct thrivosign_buffer **out);

/**
 * Files a completed order under `file_name`, which has no folders. After the call the service has said that it stored the
 * very bytes of the signed document; an order that is filed already is not filed again. Code 510 for a name that the
 * journal does not have, 104 for an order that is not completed, 212 if another document is at its place.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call`, `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_orders_file(const struct thrivosign_orders *self,
                                                const struct thrivosign_client *client,
                                                const char *name,
                                                const char *file_name,
                                                const struct thrivosign_call *call,
                                                struct thrivosign_signing_order **out);

/**
 * After the call the journal no longer has that order, whose key has not answered. Code 510 for a name that the journal
 * does not have, 104 once the key has answered.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_orders_withdraw(const struct thrivosign_orders *self,
                                                    const char *name);

/**
 * After the call `out` is another handle for the same journal.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_orders_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_orders_ref(const struct thrivosign_orders *self,
                                               struct thrivosign_orders **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_orders_free(struct thrivosign_orders *self);

/**
 * After the call `out` is an output that replaces the file at that path, in UTF-8, as a whole or not at all.
 * `durability` is one of `thrivosign_durability`. Nothing is written yet.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_output_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_output_new_to_path(const char *path,
                                                       int32_t durability,
                                                       struct thrivosign_output **out);

/**
 * After the call `out` is an output whose document is taken with `thrivosign_output_take`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_output_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `out` may not be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_output_new_to_memory(struct thrivosign_output **out);

/**
 * After the call `out` is an output that is written to the host.
 *
 * Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's.
 * The struct is copied. `out` is the caller's, to be freed with `thrivosign_output_free`.
 * Lifetime: `destroy` is called once, when the last handle is freed and the last call on the output has ended.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_output_new_to_callbacks(const struct thrivosign_output_callbacks *callbacks,
                                                            struct thrivosign_output **out);

/**
 * After the call `out` holds the document that last went to an output in memory, and the output is empty. Code 104 if
 * there is none.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_output_take(const struct thrivosign_output *self,
                                                struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same output.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_output_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_output_ref(const struct thrivosign_output *self,
                                               struct thrivosign_output **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_output_free(struct thrivosign_output *self);

/**
 * After the call `out` holds the package's id at the service.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_id(const struct thrivosign_package *self,
                                               struct thrivosign_buffer **out);

/**
 * After the call `out` holds its name, for people.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_name(const struct thrivosign_package *self,
                                                 struct thrivosign_buffer **out);

/**
 * After the call `out` is one of `thrivosign_package_status`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_state(const struct thrivosign_package *self,
                                                  int32_t *out);

/**
 * After the call `out` counts the package's changes, from 1.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_version(const struct thrivosign_package *self,
                                                    uint64_t *out);

/**
 * After the call `out` holds the user name of whoever made it.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_owner(const struct thrivosign_package *self,
                                                  struct thrivosign_buffer **out);

/**
 * After the call `out` is 1 if that is who asked, otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_is_owned(const struct thrivosign_package *self,
                                                     int32_t *out);

/**
 * After the call `unix_time` is when it was made: seconds since 1970-01-01T00:00:00Z.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_created(const struct thrivosign_package *self,
                                                    int64_t *unix_time);

/**
 * After the call `unix_time` is when it ends by itself: seconds since 1970-01-01T00:00:00Z.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_expires(const struct thrivosign_package *self,
                                                    int64_t *unix_time);

/**
 * After the call `out` holds why it was declined or cancelled; NULL if it was not.
 *
 * Ownership: `out`, if not NULL, is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_reason(const struct thrivosign_package *self,
                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same package.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_ref(const struct thrivosign_package *self,
                                                struct thrivosign_package **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_package_free(struct thrivosign_package *self);

/**
 * After the call `out` is the number of documents.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_document_count(const struct thrivosign_package *self,
                                                           size_t *out);

/**
 * After the call `out` holds that document's id at the service. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_document_id(const struct thrivosign_package *self,
                                                        size_t index,
                                                        struct thrivosign_buffer **out);

/**
 * After the call `out` holds its file's name, for people. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_document_file_name(const struct thrivosign_package *self,
                                                               size_t index,
                                                               struct thrivosign_buffer **out);

/**
 * After the call `out` holds the SHA-256 of the PDF, 32 bytes. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_document_sha256(const struct thrivosign_package *self,
                                                            size_t index,
                                                            struct thrivosign_buffer **out);

/**
 * After the call `out` is its size in bytes. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_document_size(const struct thrivosign_package *self,
                                                          size_t index,
                                                          uint64_t *out);

/**
 * After the call `out` is the number of its pages. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_document_pages(const struct thrivosign_package *self,
                                                           size_t index,
                                                           uint32_t *out);

/**
 * After the call `out` is the number of signatures in it. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_document_signatures(const struct thrivosign_package *self,
                                                                size_t index,
                                                                uint32_t *out);

/**
 * After the call `out` is the number of packages.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_list_count(const struct thrivosign_package_list *self,
                                                       size_t *out);

/**
 * After the call `out` is that package. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_list_at(const struct thrivosign_package_list *self,
                                                    size_t index,
                                                    struct thrivosign_package **out);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_list_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_list_ref(const struct thrivosign_package_list *self,
                                                     struct thrivosign_package_list **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_package_list_free(struct thrivosign_package_list *self);

/**
 * After the call `out` is an empty package that ends by itself after `expires_in` seconds, or after a month if that is 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_create_package(const struct thrivosign_client *self,
                                                          const char *name,
                                                          uint64_t expires_in,
                                                          const struct thrivosign_call *call,
                                                          struct thrivosign_package **out);

/**
 * After the call the document was sent and is the last of the package's. `file_name` has no folders.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_add_to_package(const struct thrivosign_client *self,
                                                          const char *package_id,
                                                          const struct thrivosign_document *document,
                                                          const char *file_name,
                                                          const struct thrivosign_call *call,
                                                          struct thrivosign_package **out);

/**
 * After the call that user is asked for a signature in the document of that id. Whoever has a lower `place` in the order, from 1,
 * signs before, those of the same in any order. The box is on `page`, from 1, in points as a reader sees the page; 0 leaves it to the
 * person, and so does NULL the form field.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `field`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_assign_in_package(const struct thrivosign_client *self,
                                                             const char *package_id,
                                                             const char *document_id,
                                                             const char *user,
                                                             uint32_t place,
                                                             const char *field,
                                                             uint32_t page,
                                                             double x0,
                                                             double y0,
                                                             double x1,
                                                             double y1,
                                                             const struct thrivosign_call *call,
                                                             struct thrivosign_package **out);

/**
 * After the call all of those text fields of the document have their values, or after an error none: appended to it as an update, each drawn. It is the
 * user's own draft's, and nobody has signed it. Code 511 if a field does not take its value, or somebody has signed: `thrivosign_error_problem` says why.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_fill_in_package(const struct thrivosign_client *self,
                                                           const char *package_id,
                                                           const char *document_id,
                                                           const struct thrivosign_field_values *values,
                                                           const struct thrivosign_call *call,
                                                           struct thrivosign_package **out);

/**
 * After the call the package can no longer be changed, and the first recipients have their turn.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_share_package(const struct thrivosign_client *self,
                                                         const char *package_id,
                                                         const struct thrivosign_call *call,
                                                         struct thrivosign_package **out);

/**
 * After the call the user's own package is taken back; everybody reads `why`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_cancel_package(const struct thrivosign_client *self,
                                                          const char *package_id,
                                                          const char *why,
                                                          const struct thrivosign_call *call,
                                                          struct thrivosign_package **out);

/**
 * After the call `out` is the number of signatures that are asked for.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_recipient_count(const struct thrivosign_package *self,
                                                            size_t *out);

/**
 * After the call `out` holds the id of that asking. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_recipient_id(const struct thrivosign_package *self,
                                                         size_t index,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` holds the name that the person logs in with. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_recipient_user(const struct thrivosign_package *self,
                                                           size_t index,
                                                           struct thrivosign_buffer **out);

/**
 * After the call `out` is the person's place in the order: whoever has a lower one signs before. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_recipient_order(const struct thrivosign_package *self,
                                                            size_t index,
                                                            uint32_t *out);

/**
 * After the call `out` holds the id of the document that is signed. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_recipient_document_id(const struct thrivosign_package *self,
                                                                  size_t index,
                                                                  struct thrivosign_buffer **out);

/**
 * After the call `out` holds the form field; NULL if that is the person's choice. `index` counts from 0.
 *
 * Ownership: `out`, if not NULL, is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_recipient_field(const struct thrivosign_package *self,
                                                            size_t index,
                                                            struct thrivosign_buffer **out);

/**
 * After the call `page` is the page of the box, counted from 1, and the edges are in points as a reader sees the page; or all are 0,
 * as that is the person's choice. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_recipient_box(const struct thrivosign_package *self,
                                                          size_t index,
                                                          uint32_t *page,
                                                          double *x0,
                                                          double *y0,
                                                          double *x1,
                                                          double *y1);

/**
 * After the call `out` is one of `thrivosign_recipient_state`. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_recipient_state(const struct thrivosign_package *self,
                                                            size_t index,
                                                            int32_t *out);

/**
 * After the call `out` is 1 if it is that person's turn, otherwise 0. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_recipient_has_turn(const struct thrivosign_package *self,
                                                               size_t index,
                                                               int32_t *out);

/**
 * After the call `out` is 1 if that is who asked, otherwise 0. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_recipient_is_you(const struct thrivosign_package *self,
                                                             size_t index,
                                                             int32_t *out);

/**
 * After the call `index` is the first recipient who is whoever asked and has the turn. Code 104 if nothing in the package waits for that
 * person.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_package_next(const struct thrivosign_package *self,
                                                 size_t *index);

/**
 * After the call `out` holds the user's packages of that view, one of `thrivosign_package_view`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_list_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_list_packages(const struct thrivosign_client *self,
                                                         int32_t view,
                                                         const struct thrivosign_call *call,
                                                         struct thrivosign_package_list **out);

/**
 * After the call `out` is the package as it now stands. Code 510 for one that is not the user's to see.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_package_status(const struct thrivosign_client *self,
                                                          const char *package_id,
                                                          const struct thrivosign_call *call,
                                                          struct thrivosign_package **out);

/**
 * After the call the document of the package at that index is where `output` says: the very bytes whose SHA-256 the package named.
 * Code 212 if it is no longer that document, as somebody signed it meanwhile. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_fetch_from_package(const struct thrivosign_client *self,
                                                              const struct thrivosign_package *package,
                                                              size_t index,
                                                              const struct thrivosign_output *output,
                                                              const struct thrivosign_call *call);

/**
 * After the call the service has prepared and filed the signature that the recipient at that index is asked for, where it was asked,
 * as by `thrivosign_client_submit`. `document` has the bytes that the person saw: what the service prepared was checked against them.
 * `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_submitted_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
 * the host's is asked on this very thread. Not for a main thread.
 * NULL: `options`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_sign_in_package(const struct thrivosign_client *self,
                                                           const struct thrivosign_signer *signer,
                                                           const char *credential_id,
                                                           const struct thrivosign_package *package,
                                                           size_t index,
                                                           const struct thrivosign_document *document,
                                                           const struct thrivosign_output *output,
                                                           const struct thrivosign_signature_request *request,
                                                           const struct thrivosign_sign_options *options,
                                                           const struct thrivosign_call *call,
                                                           struct thrivosign_submitted **out);

/**
 * After the call the user has said no, which ended the package for everybody; everybody reads `why`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_decline_package(const struct thrivosign_client *self,
                                                           const char *package_id,
                                                           const char *why,
                                                           const struct thrivosign_call *call,
                                                           struct thrivosign_package **out);

/**
 * After the call `out` is the request that `thrivosign_pending_request_to_json` wrote.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_pending_request_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_pending_request_new_from_json(const uint8_t *json,
                                                                  size_t json_size,
                                                                  struct thrivosign_pending_request **out);

/**
 * After the call `out` holds the request as JSON, which every later version reads.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_pending_request_to_json(const struct thrivosign_pending_request *self,
                                                            struct thrivosign_buffer **out);

/**
 * After the call `out` holds the request's id at the service.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_pending_request_id(const struct thrivosign_pending_request *self,
                                                       struct thrivosign_buffer **out);

/**
 * After the call `seconds` is how long the service asks to wait before it is asked again.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_pending_request_retry_after(const struct thrivosign_pending_request *self,
                                                                uint64_t *seconds);

/**
 * After the call `out` is another handle for the same request.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_pending_request_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_pending_request_ref(const struct thrivosign_pending_request *self,
                                                        struct thrivosign_pending_request **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_pending_request_free(struct thrivosign_pending_request *self);

/**
 * After the call `out` is the policy of that name. `report` finds everything and stops at nothing but a certification
 * that forbids the signature (`signing_forbidden`). `bank` stops at every finding but mere size, and at a part of the
 * document that could not be looked at (`not_checked`). Code 101 for another name.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_preflight_policy_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_preflight_policy_new(const char *name,
                                                         struct thrivosign_preflight_policy **out);

/**
 * After the call the policy lets findings of that code pass, such as `font_not_embedded`; docs/codes.md has them all.
 * `signing_forbidden` never passes, nor does `not_checked`, which is no finding. Code 101 for a code that is none.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_preflight_policy_allow(struct thrivosign_preflight_policy *self,
                                                           const char *code);

/**
 * After the call `out` is another handle for the same policy.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_preflight_policy_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_preflight_policy_ref(const struct thrivosign_preflight_policy *self,
                                                         struct thrivosign_preflight_policy **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_preflight_policy_free(struct thrivosign_preflight_policy *self);

/**
 * After the call `out` holds what speaks against a signature in the field of that name, or in a new one; nothing is
 * refused. Of `options` the password, the policy (`report` if there is none) and what becomes of damage count: a
 * damaged document is looked over as it would be signed.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_preflight_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `field`, `options`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_preflight(const struct thrivosign_document *self,
                                                       const char *field,
                                                       const struct thrivosign_sign_options *options,
                                                       const struct thrivosign_call *call,
                                                       struct thrivosign_preflight **out);

/**
 * After the call `out` is the number of reasons not to sign under the policy; 0: go ahead.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_preflight_stop_count(const struct thrivosign_preflight *self,
                                                         size_t *out);

/**
 * After the call `out` holds the code of a reason not to sign, counted from 0: that of a finding, or `not_checked`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_preflight_stop(const struct thrivosign_preflight *self,
                                                   size_t index,
                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` holds all facts and findings, each with its code, object, page and remedy, and the parts that
 * were not looked at.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_inspection_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_preflight_inspection(const struct thrivosign_preflight *self,
                                                         struct thrivosign_inspection **out);

/**
 * After the call `out` is another handle for the same findings.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_preflight_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_preflight_ref(const struct thrivosign_preflight *self,
                                                  struct thrivosign_preflight **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_preflight_free(struct thrivosign_preflight *self);

/**
 * After the call `out` is what `thrivosign_prepared_to_blob` wrote under the same key. Without a key anybody may have
 * written it: it can be completed, as everything is computed again then, but not signed.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_prepared_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `key` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_prepared_new_from_blob(const uint8_t *blob,
                                                           size_t blob_size,
                                                           const uint8_t *key,
                                                           size_t key_size,
                                                           struct thrivosign_prepared **out);

/**
 * After the call `out` holds the prepared document as bytes that every later version reads. With a key, of 32 random
 * bytes at best, only its holders can change them unnoticed.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: `key` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_prepared_to_blob(const struct thrivosign_prepared *self,
                                                     const uint8_t *key,
                                                     size_t key_size,
                                                     struct thrivosign_buffer **out);

/**
 * After the call `out` holds the message for the key: DER of the signed attributes. The key's side digests it. Code 104
 * for a document from a blob without a key.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_prepared_message(const struct thrivosign_prepared *self,
                                                     struct thrivosign_buffer **out);

/**
 * After the call `out` is the algorithm to sign with, one of `thrivosign_signature_algorithm`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_prepared_algorithm(const struct thrivosign_prepared *self,
                                                       int32_t *out);

/**
 * After the call `out` holds the fully qualified name of the signature's field.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_prepared_field(const struct thrivosign_prepared *self,
                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` holds the digest, by the algorithm's digest, of the document as it was before: to be compared
 * with that of what was shown. Code 104 for a document from a blob without a key.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_prepared_source_digest(const struct thrivosign_prepared *self,
                                                           struct thrivosign_buffer **out);

/**
 * After the call `out` holds the signature value of the signer's key, which was asked once, and whose answer was
 * checked.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
 * the host's is asked on this very thread. Not for a main thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_prepared_answer(const struct thrivosign_prepared *self,
                                                    const struct thrivosign_signer *signer,
                                                    const struct thrivosign_call *call,
                                                    struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same prepared document.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_prepared_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_prepared_ref(const struct thrivosign_prepared *self,
                                                 struct thrivosign_prepared **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_prepared_free(struct thrivosign_prepared *self);

/**
 * After the call `out` is the key store over the person's credentials at the service, whose client must be logged in when a key is used; a key's name
 * is the credential's id. What is signed is hashed here, the service gets the hash, and its value is checked before it is given. The person is
 * asked by `factors`, and where a device approves it shows `description` and `document_name`. Cancel token and times of `call` hold for everything that
 * the store asks the service: its time for each call is for how long a person is waited for, and its time for the whole counts from now.
 *
 * Ownership: on success `context` is the library's until it calls `destroy`; after an error it is still the caller's. The struct is copied, the store
 * keeps the client. `out` is the caller's, to be freed with `thrivosign_key_store_free`.
 * Lifetime: `destroy` is called once, when the last handle is freed and the last call on the store has ended.
 * Threads: any, also several at once. What is called on the store blocks; not for a main thread.
 * NULL: `description`, `document_name` and `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_new_remote(const struct thrivosign_client *client,
                                                         const struct thrivosign_factor_callbacks *factors,
                                                         const char *description,
                                                         const char *document_name,
                                                         const struct thrivosign_call *call,
                                                         struct thrivosign_key_store **out);

/**
 * After the call `out` holds the certificates of a credential, its own first: what `thrivosign_signer_new_from_certificates` takes. Code 104 for a key
 * store of another kind, which knows no certificates; 401 for no such credential.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_certificates_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until the service has answered; not for a main thread.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_certificates(const struct thrivosign_key_store *self,
                                                           const char *name,
                                                           struct thrivosign_certificates **out);

/**
 * After the call the service has a new key of the person's, which it keeps, with a certificate that leads to an issuer. `value` is the one-time code,
 * passphrase or reference that `method`, one of `thrivosign_authentication_method`, asks for. Each signature takes `pin`, at least six characters, and
 * what `second_factor`, one of `thrivosign_second_factor`, says; without a PIN the device approves each signature. `credential_id` is the key's name in
 * the store of `thrivosign_key_store_new_remote`. `generator`, told this once, is what the person's generator of codes is set up with; NULL unless one is wanted.
 *
 * Ownership: copies of PIN and value are wiped. The outputs are the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main thread.
 * NULL: `pin` and `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_request_remote_credential(const struct thrivosign_client *self,
                                                                     const char *device_uuid,
                                                                     const struct thrivosign_challenge *challenge,
                                                                     int32_t method,
                                                                     const char *value,
                                                                     const char *pin,
                                                                     int32_t second_factor,
                                                                     const struct thrivosign_call *call,
                                                                     struct thrivosign_buffer **credential_id,
                                                                     struct thrivosign_buffer **generator);

/**
 * After the call `out` is a challenge for one renewal of the identity's certificate; no code is sent. For
 * `thrivosign_key_store_create`, and then `thrivosign_client_renew_certificate`. Code 517 before the last month of the
 * certificate's life and after its end: `thrivosign_credential_list_renew_from` says from when,
 * `thrivosign_identity_not_after` until when.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_challenge_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_ask_renewal_challenge(const struct thrivosign_client *self,
                                                                 const struct thrivosign_identity *identity,
                                                                 const struct thrivosign_call *call,
                                                                 struct thrivosign_challenge **out);

/**
 * After the call one of the two outputs is NULL. `renewed` is there when the certificate of the key named `signing_key`
 * was issued and checked: it may sign at once, and the certificate of `identity` goes on until its end. `pending` is
 * there when a registration officer must approve first. The key must be another than the identity's. Both keys were
 * asked once.
 *
 * Ownership: `renewed` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
 * `thrivosign_pending_request_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_renew_certificate(const struct thrivosign_client *self,
                                                             const struct thrivosign_key_store *store,
                                                             const struct thrivosign_identity *identity,
                                                             const char *signing_key,
                                                             const struct thrivosign_challenge *challenge,
                                                             const struct thrivosign_call *call,
                                                             struct thrivosign_identity **renewed,
                                                             struct thrivosign_pending_request **pending);

/**
 * After the call `out` says what was checked and what came out, for each signature. It is an error only if the verifier
 * could not run.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_report_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `options`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_verify(const struct thrivosign_document *self,
                                                    const struct thrivosign_trust *trust,
                                                    const struct thrivosign_verify_options *options,
                                                    const struct thrivosign_call *call,
                                                    struct thrivosign_report **out);

/**
 * After the call `out` says what was checked and what came out, by the rules of a policy file alone: whom to trust, revocation, algorithms, times
 * and evidence, as JSON after the schema `thrivosign-policy-1`. Of `options` the password counts, evidence is added to the file's, and the time is for a
 * file that states none; `revocation` says nothing here.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_report_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `options`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_verify_by(const struct thrivosign_document *self,
                                                       const uint8_t *policy,
                                                       size_t policy_size,
                                                       const struct thrivosign_verify_options *options,
                                                       const struct thrivosign_call *call,
                                                       struct thrivosign_report **out);

/**
 * After the call `out` is 1 if there is a signature and every one is clean, otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_clean(const struct thrivosign_report *self,
                                                 int32_t *out);

/**
 * After the call `out` holds the report as one line of JSON, after the schema `thrivosign-report-1`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_to_json(const struct thrivosign_report *self,
                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` holds the report as XML by ETSI TS 119 102-2.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_to_etsi(const struct thrivosign_report *self,
                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` holds the report as text for a terminal, in English.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_to_text(const struct thrivosign_report *self,
                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of revisions of the document.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_revision_count(const struct thrivosign_report *self,
                                                          size_t *out);

/**
 * After the call `out` is the number of bytes of the document.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_document_size(const struct thrivosign_report *self,
                                                         uint64_t *out);

/**
 * After the call `out` is 1 if the document is encrypted, otherwise 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_encrypted(const struct thrivosign_report *self,
                                                     int32_t *out);

/**
 * After the call `out` is the number of signatures and document time stamps.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_count(const struct thrivosign_report *self,
                                                           size_t *out);

/**
 * After the call `out` is another handle for the same report.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_report_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_ref(const struct thrivosign_report *self,
                                               struct thrivosign_report **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_report_free(struct thrivosign_report *self);

/**
 * After the call `out` is the number of kinds of changes that followed; one, `NONE`, if nothing changed. `index` counts
 * from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_change_count(const struct thrivosign_report *self,
                                                                  size_t index,
                                                                  size_t *out);

/**
 * After the call `out` is one of `thrivosign_change_kind`; `position` counts from 0. `index` counts from 0, oldest
 * first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_change(const struct thrivosign_report *self,
                                                            size_t index,
                                                            size_t position,
                                                            int32_t *out);

/**
 * After the call `out` is the number of reasons why the signature is not clean. `index` counts from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_reason_count(const struct thrivosign_report *self,
                                                                  size_t index,
                                                                  size_t *out);

/**
 * After the call `out` holds the stable code of a reason, such as `message_digest_mismatch`; `position` counts from 0,
 * most telling first. `index` counts from 0, oldest first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_reason_code(const struct thrivosign_report *self,
                                                                 size_t index,
                                                                 size_t position,
                                                                 struct thrivosign_buffer **out);

/**
 * After the call `out` holds what a reason means; `position` counts from 0. `index` counts from 0, oldest first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_reason_text(const struct thrivosign_report *self,
                                                                 size_t index,
                                                                 size_t position,
                                                                 struct thrivosign_buffer **out);

/**
 * After the call `out` holds the report as text for people in the language of `words`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: `words` may be NULL: English; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_to_text_in(const struct thrivosign_report *self,
                                                      const struct thrivosign_words *words,
                                                      struct thrivosign_buffer **out);

/**
 * After the call `out` holds the report as one HTML page in the language of `words`, which stands alone and opens
 * nothing, whatever is written in the document: verdict, who, when and what changed in front, the rest folded. `name`
 * is what the document is called; it is shown as somebody's text.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: `name` may be NULL, `words` may be NULL: English; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_to_html(const struct thrivosign_report *self,
                                                   const char *name,
                                                   const struct thrivosign_words *words,
                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` holds one HTML page that says that the document of that name could not be checked, why, and
 * what to do; it cannot be taken for a report.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: `name` may be NULL, `words` may be NULL: English; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_error_to_html(const struct thrivosign_error *self,
                                                  const char *name,
                                                  const struct thrivosign_words *words,
                                                  struct thrivosign_buffer **out);

/**
 * After the call `out` holds the fully qualified name of the signature's field. `index` counts from 0, oldest first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_field(const struct thrivosign_report *self,
                                                           size_t index,
                                                           struct thrivosign_buffer **out);

/**
 * After the call `out` is one of `thrivosign_signature_kind`. `index` counts from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_kind(const struct thrivosign_report *self,
                                                          size_t index,
                                                          int32_t *out);

/**
 * After the call `out` is 1 if the signature is clean: the word a clerk needs; otherwise 0, and the reasons say why.
 * `index` counts from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_clean(const struct thrivosign_report *self,
                                                           size_t index,
                                                           int32_t *out);

/**
 * After the call `out` is 1 if the mathematics hold, at least the whole revision is covered, and every later change is
 * harmless or stated as permitted, whoever signed; otherwise 0. `index` counts from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_intact(const struct thrivosign_report *self,
                                                            size_t index,
                                                            int32_t *out);

/**
 * After the call `out` is one of `thrivosign_crypto_status`. `index` counts from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_crypto_status(const struct thrivosign_report *self,
                                                                   size_t index,
                                                                   int32_t *out);

/**
 * After the call `out` is one of `thrivosign_coverage`. `index` counts from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_coverage(const struct thrivosign_report *self,
                                                              size_t index,
                                                              int32_t *out);

/**
 * After the call `out` is one of `thrivosign_permitted`: what the signed revision says about later changes. `index`
 * counts from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_permitted(const struct thrivosign_report *self,
                                                               size_t index,
                                                               int32_t *out);

/**
 * After the call `out` is one of `thrivosign_indication`. `index` counts from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_indication(const struct thrivosign_report *self,
                                                                size_t index,
                                                                int32_t *out);

/**
 * After the call `out` is one of `thrivosign_sub_indication`, or 0 if there is none. `index` counts from 0, oldest
 * first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_sub_indication(const struct thrivosign_report *self,
                                                                    size_t index,
                                                                    int32_t *out);

/**
 * After the call `out` is one of `thrivosign_level`. `index` counts from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_level(const struct thrivosign_report *self,
                                                           size_t index,
                                                           int32_t *out);

/**
 * After the call `out` is the revision that the signature belongs to, counted from 1. `index` counts from 0, oldest
 * first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_revision(const struct thrivosign_report *self,
                                                              size_t index,
                                                              size_t *out);

/**
 * After the call `out` holds the common name of the signer's certificate, for people; NULL if there is none. `index`
 * counts from 0, oldest first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_signer_name(const struct thrivosign_report *self,
                                                                 size_t index,
                                                                 struct thrivosign_buffer **out);

/**
 * After the call `out` holds the subject of the signer's certificate (RFC 4514); NULL if there is none. `index` counts
 * from 0, oldest first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_signer_subject(const struct thrivosign_report *self,
                                                                    size_t index,
                                                                    struct thrivosign_buffer **out);

/**
 * After the call `out` holds the issuer of the signer's certificate (RFC 4514); NULL if there is none. `index` counts
 * from 0, oldest first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_signer_issuer(const struct thrivosign_report *self,
                                                                   size_t index,
                                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` holds the serial number of the signer's certificate, hexadecimal; NULL if there is none. `index`
 * counts from 0, oldest first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_signer_serial(const struct thrivosign_report *self,
                                                                   size_t index,
                                                                   struct thrivosign_buffer **out);

/**
 * After the call `out` holds the SHA-256 of the signer's certificate, hexadecimal; NULL if there is none. `index` counts
 * from 0, oldest first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_signer_sha256(const struct thrivosign_report *self,
                                                                   size_t index,
                                                                   struct thrivosign_buffer **out);

/**
 * After the call `present` is 1 and `unix_time` the time in `/M`, as claimed, in seconds since 1970-01-01T00:00:00Z; or
 * both are 0, as there is none. `index` counts from 0, oldest first.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_claimed_time(const struct thrivosign_report *self,
                                                                  size_t index,
                                                                  int32_t *present,
                                                                  int64_t *unix_time);

/**
 * After the call `out` holds `/Reason`, as claimed; NULL if there is none. `index` counts from 0, oldest first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_reason(const struct thrivosign_report *self,
                                                            size_t index,
                                                            struct thrivosign_buffer **out);

/**
 * After the call `out` holds `/Location`, as claimed; NULL if there is none. `index` counts from 0, oldest first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_report_signature_location(const struct thrivosign_report *self,
                                                              size_t index,
                                                              struct thrivosign_buffer **out);

/**
 * After the call `out` is a challenge for the request of that key: the one that an earlier process was given, if it is good
 * for a while yet, so that no second code is sent. `method` is one of `thrivosign_authentication_method`. Code 104 if the
 * key has signed its request: `thrivosign_requests_resume`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_challenge_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`; code 104 while another call is at work. Blocks until it is done,
 * cancelled or out of time; not for a main thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_challenge(const struct thrivosign_requests *self,
                                                       const struct thrivosign_client *client,
                                                       const char *signing_key,
                                                       const char *device_uuid,
                                                       int32_t method,
                                                       const struct thrivosign_call *call,
                                                       struct thrivosign_challenge **out);

/**
 * As `thrivosign_requests_challenge`, for a renewal of the identity's certificate: no code is sent.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_challenge_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`; code 104 while another call is at work. Blocks until it is done,
 * cancelled or out of time; not for a main thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_renewal_challenge(const struct thrivosign_requests *self,
                                                               const struct thrivosign_client *client,
                                                               const char *signing_key,
                                                               const struct thrivosign_identity *identity,
                                                               const struct thrivosign_call *call,
                                                               struct thrivosign_challenge **out);

/**
 * After the call the signing key of that request is in the store: made now, as by `thrivosign_key_store_create`, or by an
 * earlier process that got no further. One that was made to attest another challenge, and has no certificate, makes room
 * for a new one. Code 407 for a key that was not made here, or is certified.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`; code 104 while another call is at work. A store of the host's is
 * called on this very thread and may wait for a person.
 * NULL: `challenge`, `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_key(const struct thrivosign_requests *self,
                                                 const struct thrivosign_key_store *store,
                                                 const char *name,
                                                 int32_t algorithm,
                                                 int32_t purpose,
                                                 int32_t prompt,
                                                 const uint8_t *challenge,
                                                 size_t challenge_size,
                                                 struct thrivosign_key_info **out);

/**
 * As `thrivosign_client_order_certificate`, or goes on with an earlier request of the same key. `value` is in the journal,
 * sealed, until the service has answered. After an error of the network or the login the request stays, and
 * `thrivosign_requests_resume` goes on; a refusal ends it, and the next one is by the same key.
 *
 * Ownership: `identity` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
 * `thrivosign_pending_request_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`; code 104 while another call is at work. Blocks until it is done,
 * cancelled or out of time; a key store of the host's is asked on this very thread. Not for a main thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_order(const struct thrivosign_requests *self,
                                                   const struct thrivosign_client *client,
                                                   const struct thrivosign_key_store *store,
                                                   const struct thrivosign_certificate_order *order,
                                                   int32_t method,
                                                   const char *value,
                                                   const struct thrivosign_call *call,
                                                   struct thrivosign_identity **identity,
                                                   struct thrivosign_pending_request **pending);

/**
 * As `thrivosign_client_renew_certificate`, or goes on with an earlier renewal under the same key. What becomes of the
 * request after an error is as in `thrivosign_requests_order`.
 *
 * Ownership: `renewed` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
 * `thrivosign_pending_request_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`; code 104 while another call is at work. Blocks until it is done,
 * cancelled or out of time; a key store of the host's is asked on this very thread. Not for a main thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_renew(const struct thrivosign_requests *self,
                                                   const struct thrivosign_client *client,
                                                   const struct thrivosign_key_store *store,
                                                   const struct thrivosign_identity *identity,
                                                   const char *signing_key,
                                                   const struct thrivosign_challenge *challenge,
                                                   const struct thrivosign_call *call,
                                                   struct thrivosign_identity **renewed,
                                                   struct thrivosign_pending_request **pending);

/**
 * Goes on where an earlier process stopped; no key is asked, and nothing is typed. After the call `identity` or `pending` is
 * there, as after `thrivosign_requests_order`, or both are NULL: nothing was signed yet. Once the host has kept the
 * identity, it closes the request.
 *
 * Ownership: `identity` and `pending` are the caller's, to be freed with `thrivosign_identity_free` and
 * `thrivosign_pending_request_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`; code 104 while another call is at work. Blocks until it is done,
 * cancelled or out of time; not for a main thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_resume(const struct thrivosign_requests *self,
                                                    const struct thrivosign_client *client,
                                                    const char *signing_key,
                                                    const struct thrivosign_call *call,
                                                    struct thrivosign_identity **identity,
                                                    struct thrivosign_pending_request **pending);

/**
 * After the call `out` is the journal of certificate requests in that folder; what was missing is there, for its owner
 * alone. `key` has 32 random bytes and is the host's to keep; folder and key may be those of `thrivosign_orders`. Code 110
 * for a damaged journal or another key, 111 while another process has it open.
 *
 * Ownership: the key is copied; the copy is wiped. `out` is the caller's, to be freed with `thrivosign_requests_free`,
 * which lets go of the journal.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_new_in_folder(const char *folder,
                                                           const uint8_t *key,
                                                           size_t key_size,
                                                           struct thrivosign_requests **out);

/**
 * After the call `out` is the number of requests in the journal that were not closed.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_count(const struct thrivosign_requests *self,
                                                   size_t *out);

/**
 * After the call `signing_key` holds the name of the key of that request and `state` is one of
 * `thrivosign_request_state`; by the names of their keys. Requests that are begun or closed meanwhile move the others.
 *
 * Ownership: `signing_key` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_at(const struct thrivosign_requests *self,
                                                size_t index,
                                                struct thrivosign_buffer **signing_key,
                                                int32_t *state);

/**
 * After the call the journal no longer has that request: the host has kept the identity, or gave up. What the service has
 * issued it has issued: whoever gives up a request that was made resumes it first, and revokes what comes of it. Code
 * 510 for a key that has no request in the journal.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`; code 104 while another call is at work.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_close(const struct thrivosign_requests *self,
                                                   const char *signing_key);

/**
 * After the call `out` is another handle for the same journal.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_requests_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_requests_ref(const struct thrivosign_requests *self,
                                                 struct thrivosign_requests **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_requests_free(struct thrivosign_requests *self);

/**
 * After the call the whole signed document is where `output` says; the bytes of `document` are its first, and the
 * library's own verifier has accepted it. The key was asked once, last. After an error a file or memory is as it was.
 * The input and the output may not be the same file.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signed_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
 * the host's is asked on this very thread. Not for a main thread.
 * NULL: `options`, `call`, `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signer_sign(const struct thrivosign_signer *self,
                                                const struct thrivosign_document *document,
                                                const struct thrivosign_output *output,
                                                const struct thrivosign_signature_request *request,
                                                const struct thrivosign_sign_options *options,
                                                const struct thrivosign_call *call,
                                                struct thrivosign_signed **out);

/**
 * After the call `out` waits for the signature value of a key that may be elsewhere. No key was asked. It may be kept as
 * a blob, for days and for another process.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_prepared_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `options`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signer_prepare(const struct thrivosign_signer *self,
                                                   const struct thrivosign_document *document,
                                                   const struct thrivosign_signature_request *request,
                                                   const struct thrivosign_sign_options *options,
                                                   const struct thrivosign_call *call,
                                                   struct thrivosign_prepared **out);

/**
 * After the call the document is signed as by `thrivosign_signer_sign`, and was filed with the service under
 * `file_name`, which has no folders. If the filing failed, the signature stands all the same: then `agreement` is NULL,
 * `filing_error` says why, and `thrivosign_client_file_document` may be called with the signed document. Otherwise
 * `filing_error` is NULL.
 *
 * Ownership: `signed` and `agreement` and `filing_error` are the caller's, to be freed with `thrivosign_signed_free` and
 * `thrivosign_agreement_free` and `thrivosign_error_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
 * the host's is asked on this very thread. Not for a main thread.
 * NULL: `options`, `call`, `signed` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_sign_and_file(const struct thrivosign_client *self,
                                                         const struct thrivosign_signer *signer,
                                                         const struct thrivosign_document *document,
                                                         const struct thrivosign_output *output,
                                                         const char *file_name,
                                                         const struct thrivosign_signature_request *request,
                                                         const struct thrivosign_sign_options *options,
                                                         const struct thrivosign_call *call,
                                                         struct thrivosign_signed **signed_,
                                                         struct thrivosign_agreement **agreement,
                                                         struct thrivosign_error **filing_error);

/**
 * After the call the service has said that it stored these very bytes; filing the same bytes again is answered as the
 * first time.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_agreement_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_file_document(const struct thrivosign_client *self,
                                                         const struct thrivosign_document *document,
                                                         const char *file_name,
                                                         const struct thrivosign_call *call,
                                                         struct thrivosign_agreement **out);

/**
 * After the call the service has prepared and filed the signature, and the filed document is where `output` says: the
 * bytes of `document`, the revision that was asked for and nothing else, this device's signature. Everything was checked
 * here before the key was asked, once, and the filed document after that. `credential_id` is the credential of the
 * signer's key.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_submitted_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; a key store of
 * the host's is asked on this very thread. Not for a main thread.
 * NULL: `options`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_submit(const struct thrivosign_client *self,
                                                  const struct thrivosign_signer *signer,
                                                  const char *credential_id,
                                                  const struct thrivosign_document *document,
                                                  const struct thrivosign_output *output,
                                                  const char *file_name,
                                                  const struct thrivosign_signature_request *request,
                                                  const struct thrivosign_sign_options *options,
                                                  const struct thrivosign_call *call,
                                                  struct thrivosign_submitted **out);

/**
 * After the call the signed document is where `output` says, as by `thrivosign_signer_sign`; `value` is the key's answer
 * to the message. `self` stays as it was: if the document could not be written, it can be completed elsewhere with the
 * same value.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signed_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `options`, `call`, `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_prepared_complete(const struct thrivosign_prepared *self,
                                                      const uint8_t *value,
                                                      size_t value_size,
                                                      const struct thrivosign_document *document,
                                                      const struct thrivosign_output *output,
                                                      const struct thrivosign_sign_options *options,
                                                      const struct thrivosign_call *call,
                                                      struct thrivosign_signed **out);

/**
 * After the call the service has that picture of the user's, a PNG or JPEG file of at most 512 KiB and 4,000,000 pixels, in place of any other. What
 * is no such picture is code 101, and nothing is sent. `thrivosign_client_submit` and `thrivosign_client_sign_in_package` show it where the request
 * has the same file by `thrivosign_signature_request_set_image`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_set_signature_image(const struct thrivosign_client *self,
                                                               const uint8_t *file,
                                                               size_t file_size,
                                                               const struct thrivosign_call *call);

/**
 * After the call `out` holds the file of the picture that the service has of the user's, checked to be one: for
 * `thrivosign_signature_request_set_image`, once the person has seen it. Code 510 if there is none, 610 if what there is is no picture.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_signature_image(const struct thrivosign_client *self,
                                                           const struct thrivosign_call *call,
                                                           struct thrivosign_buffer **out);

/**
 * After the call the service has no picture of the user's; it is no error if it had none.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_client_remove_signature_image(const struct thrivosign_client *self,
                                                                  const struct thrivosign_call *call);

/**
 * After the call `out` lists every signature, in the order of the report, without any cryptography: for programs whose
 * viewer hides them.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signature_list_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`. Blocks until it is done, cancelled or out of time; not for a main
 * thread.
 * NULL: `password`, `call` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_document_signatures(const struct thrivosign_document *self,
                                                        const uint8_t *password,
                                                        size_t password_size,
                                                        const struct thrivosign_call *call,
                                                        struct thrivosign_signature_list **out);

/**
 * After the call `out` holds the list as one line of JSON: the member `signatures` of the schema
 * `thrivosign-signatures-1`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_list_to_json(const struct thrivosign_signature_list *self,
                                                           struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of signatures.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_list_count(const struct thrivosign_signature_list *self,
                                                         size_t *out);

/**
 * After the call `out` holds the fully qualified name of a signature's field, counted from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_list_field(const struct thrivosign_signature_list *self,
                                                         size_t index,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` holds who a signature, counted from 0, says made it; NULL if it does not say. Anybody can write
 * any name.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_list_claimed_signer(const struct thrivosign_signature_list *self,
                                                                  size_t index,
                                                                  struct thrivosign_buffer **out);

/**
 * After the call `present` is 1 and `unix_time` when a signature, counted from 0, says that it was made, in seconds
 * since 1970-01-01T00:00:00Z; or both are 0, as it does not say.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_list_claimed_time(const struct thrivosign_signature_list *self,
                                                                size_t index,
                                                                int32_t *present,
                                                                int64_t *unix_time);

/**
 * After the call `out` is the revision that brought a signature, counted from 1; `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_list_revision(const struct thrivosign_signature_list *self,
                                                            size_t index,
                                                            size_t *out);

/**
 * After the call `present` is 1 and `page` the page of a signature's widget, counted from 1; or both are 0, as none
 * was found. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_list_page(const struct thrivosign_signature_list *self,
                                                        size_t index,
                                                        int32_t *present,
                                                        uint64_t *page);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signature_list_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_list_ref(const struct thrivosign_signature_list *self,
                                                       struct thrivosign_signature_list **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_signature_list_free(struct thrivosign_signature_list *self);

/**
 * After the call a visible signature shows this line below those added before, in place of the usual ones, with its
 * placeholders filled: `{name}`, `{reason}`, `{date}`, `{location}`, `{serial}`; `{{` is a brace. A line whose
 * placeholders are all empty is left out. An unknown placeholder ends the call that signs with code 101. Lines added
 * by `thrivosign_signature_request_add_line` are forgotten, and the other way round.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_add_template(struct thrivosign_signature_request *self,
                                                                   const char *text);

/**
 * After the call a visible signature shows no text, until a line or a template is added.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_clear_text(struct thrivosign_signature_request *self);

/**
 * After the call a visible signature shows this picture in its proportions: a PNG file, with alpha too, or a JPEG
 * file, of at most 4 MiB, 8,192 pixels a side and 4,000,000 pixels. It is read at once; what is no such picture is
 * code 101. No bytes: no picture, as in a new request.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `file` may be NULL if `file_size` is 0; `self` may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_image(struct thrivosign_signature_request *self,
                                                                const uint8_t *file,
                                                                size_t file_size);

/**
 * After the call a visible signature shows handwriting from a pad of that size, with a pen of that width, all in one
 * unit of the caller's; strokes follow by `thrivosign_signature_request_add_ink_stroke`, and those added before are
 * forgotten. Code 101 for a pad without an area and for a pen wider than the pad is high. 0 for all three: no
 * handwriting, as in a new request.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_ink_pad(struct thrivosign_signature_request *self,
                                                                  double width,
                                                                  double height,
                                                                  double pen);

/**
 * After the call the handwriting has one stroke more. `points` are `point_count` pairs of x to the right and y
 * downwards from the pad's upper left corner, as touch screens count; a single point is a dot. Code 104 without a pad;
 * code 101 for a point outside of it, an empty stroke, more than 1,000 strokes or 20,000 points, and then the
 * handwriting is as it was.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `points` may be NULL if `point_count` is 0, which is code 101; `self` may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_add_ink_stroke(struct thrivosign_signature_request *self,
                                                                     const double *points,
                                                                     size_t point_count);

/**
 * After the call a visible signature shows a QR code (ISO/IEC 18004) with this link, on white at the right or the
 * foot: an http or https URL of at most 300 ASCII characters; anything else is code 101. NULL: no link, as in a new
 * request.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `url` may be NULL; `self` may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_link(struct thrivosign_signature_request *self,
                                                               const char *url);

/**
 * After the call the text is set in this font, shaped, and embedded as a subset: the one of number `index`, counted
 * from 0, in a TrueType or OpenType file or collection of at most 48 MiB. No bytes: the bundled font, which has Latin,
 * Greek, Cyrillic, Hebrew and Vietnamese. Without this call it is Helvetica, for the languages of western Europe. Code
 * 101 for what is no such font, and for one whose maker forbids embedding it; code 219 in a build without the feature
 * `appearance-full`. A character that the font lacks ends the call that signs with code 219 before the key is asked.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: `file` may be NULL if `file_size` is 0; `self` may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_font(struct thrivosign_signature_request *self,
                                                               const uint8_t *file,
                                                               size_t file_size,
                                                               uint32_t index);

/**
 * After the call picture or handwriting and text share the box so: `arrangement` is one of `thrivosign_arrangement`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_arrangement(struct thrivosign_signature_request *self,
                                                                      int32_t arrangement);

/**
 * After the call that stands around a visible signature: `frame` is one of `thrivosign_frame`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_frame(struct thrivosign_signature_request *self,
                                                                int32_t frame);

/**
 * After the call the signature shows nowhere, as in a new request. A field that exists keeps the box it has.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_invisible(struct thrivosign_signature_request *self);

/**
 * After the call the signature shows in the next free place of that page: below the last signature box and
 * left-aligned with it, then at the top of a column to its right; on a page without one, below everything written. It
 * covers no annotation and no text, and nothing that is painted unless pictures and drawings leave no such place; where
 * no place is left at all, the call that signs ends with code 218. `page` counts from 1, 0 is the last page; `width` and `height` are in units of user space (1/72 inch unless the page says otherwise).
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_next_free(struct thrivosign_signature_request *self,
                                                                    uint32_t page,
                                                                    double width,
                                                                    double height);

/**
 * After the call the signature shows beside a text of the document, which stands within one line; runs of white space
 * count as one space, letter case matters. The box of `width` and `height` has its lower left corner `offset_x` to the
 * right of and `offset_y` above that of the text, as a reader sees the page, in units of user space. `page` counts
 * from 1, 0 is all pages; `occurrence` counts the places from 1 in the order of pages, on each from the top and then
 * from the left, and with 0 there must be exactly one. A text that is not found so ends the call that signs with code
 * 218.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_anchor(struct thrivosign_signature_request *self,
                                                                 const char *text,
                                                                 uint32_t page,
                                                                 uint32_t occurrence,
                                                                 double offset_x,
                                                                 double offset_y,
                                                                 double width,
                                                                 double height);

/**
 * After the call the signature certifies the document, and `level`, one of `thrivosign_doc_mdp`, says what is allowed
 * afterwards; 0 asks for an approval signature, as in a new request. A certification is the first signature of a
 * document: over another the call that signs ends with code 211.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_certification(struct thrivosign_signature_request *self,
                                                                        int32_t level);

/**
 * After the call the signature locks form fields: `action` is one of `thrivosign_field_lock`, and names follow by
 * `thrivosign_signature_request_add_locked_field`; those named before are forgotten. 0: it locks none, as in a new
 * request. A field that exists keeps the lock it has.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_lock(struct thrivosign_signature_request *self,
                                                               int32_t action);

/**
 * After the call the lock names this field too, fully qualified. Code 104 unless the lock includes or excludes.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_add_locked_field(struct thrivosign_signature_request *self,
                                                                       const char *name);

/**
 * After the call `out` asks for an invisible signature in a new field, at the time of the machine's clock.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signature_request_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `out` may not be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_new(struct thrivosign_signature_request **out);

/**
 * After the call the signature claims this time (`/M`), at which its certificate must be valid: seconds since
 * 1970-01-01T00:00:00Z.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_time(struct thrivosign_signature_request *self,
                                                               int64_t unix_time);

/**
 * After the call the signature goes into the field of that name, fully qualified; a signature field of that name is
 * signed in place, otherwise a new one is made.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_field(struct thrivosign_signature_request *self,
                                                                const char *name);

/**
 * After the call the signature shows on that page, counted from 1, in the box from (`x0`, `y0`) to (`x1`, `y1`): in
 * units of user space from the lower left corner of the page as a reader sees it.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_box(struct thrivosign_signature_request *self,
                                                              uint32_t page,
                                                              double x0,
                                                              double y0,
                                                              double x1,
                                                              double y1);

/**
 * After the call the signature gives this reason (`/Reason`).
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_reason(struct thrivosign_signature_request *self,
                                                                 const char *text);

/**
 * After the call the signature names this place (`/Location`).
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_location(struct thrivosign_signature_request *self,
                                                                   const char *text);

/**
 * After the call the signature gives this contact (`/ContactInfo`).
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_contact(struct thrivosign_signature_request *self,
                                                                  const char *text);

/**
 * After the call the signature states this name (`/Name`) beside the certificate's.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_name(struct thrivosign_signature_request *self,
                                                               const char *text);

/**
 * After the call a visible signature shows this line below those added before, in place of the usual lines: signer,
 * time, reason and location.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_add_line(struct thrivosign_signature_request *self,
                                                               const char *text);

/**
 * After the call so many bytes are reserved in `/Contents` beyond what certificates and signature need.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any; calls that change one object had better not meet, as the last one wins.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_set_extra_room(struct thrivosign_signature_request *self,
                                                                     size_t bytes);

/**
 * After the call `out` is another handle for the same request.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signature_request_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signature_request_ref(const struct thrivosign_signature_request *self,
                                                          struct thrivosign_signature_request **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_signature_request_free(struct thrivosign_signature_request *self);

/**
 * After the call `out` holds the fully qualified name of the signature's field.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signed_field(const struct thrivosign_signed *self,
                                                 struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of bytes of the document before.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signed_source_size(const struct thrivosign_signed *self,
                                                       uint64_t *out);

/**
 * After the call `out` is the number of bytes of the signed document.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signed_size(const struct thrivosign_signed *self,
                                                uint64_t *out);

/**
 * After the call `out` is the number of bytes of the signature's own revision; what raised it above BB is behind it.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signed_revision_size(const struct thrivosign_signed *self,
                                                         uint64_t *out);

/**
 * After the call `start` and `end` are where `/Contents` begins and ends in the signed document: the offsets of `<` and
 * of the byte behind `>`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signed_contents(const struct thrivosign_signed *self,
                                                    uint64_t *start,
                                                    uint64_t *end);

/**
 * After the call `out` holds the digest of the signed ranges, by the digest of the signature's algorithm.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signed_content_digest(const struct thrivosign_signed *self,
                                                          struct thrivosign_buffer **out);

/**
 * After the call `out` is what was done about the document's damage, one of `thrivosign_repair`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signed_repair(const struct thrivosign_signed *self,
                                                  int32_t *out);

/**
 * After the call `out` holds what was found when the document was looked over before it was signed; NULL if the
 * options named no policy, and for a document that was completed from a blob.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_preflight_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signed_preflight(const struct thrivosign_signed *self,
                                                     struct thrivosign_preflight **out);

/**
 * After the call `out` says how far the signature was raised once it was made, and what stood in the way; NULL if the
 * options asked for no level. Its report is NULL. What a service raised tells level and bytes alone.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_extended_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signed_extended(const struct thrivosign_signed *self,
                                                    struct thrivosign_extended **out);

/**
 * After the call `out` is another handle for the same signature.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signed_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signed_ref(const struct thrivosign_signed *self,
                                               struct thrivosign_signed **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_signed_free(struct thrivosign_signed *self);

/**
 * After the call `out` signs as that identity. `store` holds its signing key; without a store the signer only prepares
 * documents for a key elsewhere. `algorithm` is one of `thrivosign_signature_algorithm`, or 0 for the usual one.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `store` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signer_new_from_identity(const struct thrivosign_identity *identity,
                                                             const struct thrivosign_key_store *store,
                                                             int32_t algorithm,
                                                             struct thrivosign_signer **out);

/**
 * After the call `out` signs with the key of that name, whose certificate is among those given, in any order. Without
 * store and name it only prepares documents for a key elsewhere, and the signer's certificate is the first. `algorithm`
 * is one of `thrivosign_signature_algorithm`, or 0 for the usual one.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `store`, `key` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signer_new_from_certificates(const struct thrivosign_certificates *certificates,
                                                                 const struct thrivosign_key_store *store,
                                                                 const char *key,
                                                                 int32_t algorithm,
                                                                 struct thrivosign_signer **out);

/**
 * After the call `out` is one of `thrivosign_signature_algorithm`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signer_algorithm(const struct thrivosign_signer *self,
                                                     int32_t *out);

/**
 * After the call `out` is the number of certificates that go into a signature.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signer_certificate_count(const struct thrivosign_signer *self,
                                                             size_t *out);

/**
 * After the call `out` holds a certificate that goes into a signature, DER, counted from 0; the signer's own is the
 * first.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signer_certificate(const struct thrivosign_signer *self,
                                                       size_t index,
                                                       struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same signer.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signer_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signer_ref(const struct thrivosign_signer *self,
                                               struct thrivosign_signer **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_signer_free(struct thrivosign_signer *self);

/**
 * After the call `out` holds the order's name in the journal: what the calls of `thrivosign_orders` take.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_name(const struct thrivosign_signing_order *self,
                                                       struct thrivosign_buffer **out);

/**
 * After the call `out` holds the host's own id.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_id(const struct thrivosign_signing_order *self,
                                                     struct thrivosign_buffer **out);

/**
 * After the call `out` holds the path where the signed document goes.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_target(const struct thrivosign_signing_order *self,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `unix_time` is when it was prepared: seconds since 1970-01-01T00:00:00Z.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_prepared_at(const struct thrivosign_signing_order *self,
                                                              int64_t *unix_time);

/**
 * After the call `out` is one of `thrivosign_signing_order_way`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_mode(const struct thrivosign_signing_order *self,
                                                       int32_t *out);

/**
 * After the call `out` is one of `thrivosign_signing_order_step`.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_state(const struct thrivosign_signing_order *self,
                                                        int32_t *out);

/**
 * After the call `out` holds SHA-256 of the signed document, 32 bytes; NULL before it is completed.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_sha256(const struct thrivosign_signing_order *self,
                                                         struct thrivosign_buffer **out);

/**
 * After the call `out` holds the service's id of the agreement; NULL before it is filed.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_document_id(const struct thrivosign_signing_order *self,
                                                              struct thrivosign_buffer **out);

/**
 * After the call `out` holds SHA-256 of the public key that it was prepared for, 32 bytes; NULL in a journal of a version that did not keep it.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_public_key(const struct thrivosign_signing_order *self,
                                                             struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of orders whose place this one has taken (`in_place_of` of `thrivosign_sign_options`).
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_in_place_of_count(const struct thrivosign_signing_order *self,
                                                                    size_t *out);

/**
 * After the call `out` holds the name of that order, the earliest at 0; the journal no longer has it.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_in_place_of(const struct thrivosign_signing_order *self,
                                                              size_t index,
                                                              struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same order.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_signing_order_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_signing_order_ref(const struct thrivosign_signing_order *self,
                                                      struct thrivosign_signing_order **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_signing_order_free(struct thrivosign_signing_order *self);

/**
 * After the call the callback's answer holds these bytes too. Where one value is asked for, pieces are joined; where
 * several are, each call appends one of them. A callback gives at most 1 MiB.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: the sink is good until the callback returns; afterwards the call is an error.
 * Threads: that of the callback.
 * NULL: `data` may be NULL if `data_size` is 0; `self` may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_sink_append(struct thrivosign_sink *self,
                                                const uint8_t *data,
                                                size_t data_size);

/**
 * After the call the keys of a store in a folder can be used and made. If there are keys already, the passphrase has
 * opened one of them. Costs about a second and 64 MiB for a moment.
 *
 * Ownership: the passphrase is copied; the copy is wiped.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_unlock(const struct thrivosign_key_store *self,
                                                     const char *passphrase);

/**
 * After the call passphrase and opened keys of a store in a folder are wiped from memory.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: `self` may not be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_key_store_lock(const struct thrivosign_key_store *self);

/**
 * After the call every key of an unlocked store in a folder is under the new passphrase. Cut off in the middle, calling
 * again finishes the work.
 *
 * Ownership: the passphrase is copied; the copy is wiped.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_change_passphrase(const struct thrivosign_key_store *self,
                                                                const char *passphrase);

/**
 * After the call a store in a folder or in memory holds the first private key of that file, PEM or DER, under that name.
 * `purpose` is one of `thrivosign_key_purpose`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_key_info_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: `passphrase`, `out` may be NULL; the rest may not.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_import(const struct thrivosign_key_store *self,
                                                     const char *name,
                                                     int32_t purpose,
                                                     const uint8_t *file,
                                                     size_t file_size,
                                                     const char *passphrase,
                                                     struct thrivosign_key_info **out);

/**
 * After the call a store in a folder or in memory holds the private key of that PKCS#12 file (PBES2) as a signing key
 * under that name, and `certificates` holds the file's certificates.
 *
 * Ownership: `certificates` is the caller's, to be freed with `thrivosign_certificates_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_key_store_import_pkcs12(const struct thrivosign_key_store *self,
                                                            const char *name,
                                                            const uint8_t *file,
                                                            size_t file_size,
                                                            const char *password,
                                                            struct thrivosign_certificates **certificates);

/**
 * After the call `out` holds the document's id at the service.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_submitted_document_id(const struct thrivosign_submitted *self,
                                                          struct thrivosign_buffer **out);

/**
 * After the call `out` holds the signature's id at the service.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_submitted_signature_id(const struct thrivosign_submitted *self,
                                                           struct thrivosign_buffer **out);

/**
 * After the call `out` holds the fully qualified name of the signature's field.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_submitted_field(const struct thrivosign_submitted *self,
                                                    struct thrivosign_buffer **out);

/**
 * After the call `out` is the number of bytes of the output: the signed document, and validation data that the service
 * added behind.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_submitted_size(const struct thrivosign_submitted *self,
                                                   uint64_t *out);

/**
 * After the call `out` is the number of bytes up to the end of the signed document.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_submitted_signed_size(const struct thrivosign_submitted *self,
                                                          uint64_t *out);

/**
 * After the call `out` holds the SHA-256 of the output, 32 bytes.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_submitted_sha256(const struct thrivosign_submitted *self,
                                                     struct thrivosign_buffer **out);

/**
 * After the call `out` says how far the service raised the signature, as this device finds it, and how many bytes it
 * added; NULL if the options asked for no level. Its report is NULL.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_extended_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_submitted_extended(const struct thrivosign_submitted *self,
                                                       struct thrivosign_extended **out);

/**
 * After the call `out` is another handle for the same submission.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_submitted_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_submitted_ref(const struct thrivosign_submitted *self,
                                                  struct thrivosign_submitted **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_submitted_free(struct thrivosign_submitted *self);

/**
 * After the call `out` trusts every certificate of a PEM text, or one DER certificate; of an empty text, none.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_trust_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_trust_new_from_pem(const uint8_t *pem,
                                                       size_t pem_size,
                                                       struct thrivosign_trust **out);

/**
 * After the call `out` trusts what `trust` trusts, and every certificate of a PEM text, or one DER certificate, for that use
 * alone: `role` is one of `thrivosign_role`.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_trust_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_trust_new_with_role(const struct thrivosign_trust *trust,
                                                        int32_t role,
                                                        const uint8_t *pem,
                                                        size_t pem_size,
                                                        struct thrivosign_trust **out);

/**
 * After the call `out` is the number of anchors.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_trust_count(const struct thrivosign_trust *self, size_t *out);

/**
 * After the call `out` is another handle for the same anchors.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_trust_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_trust_ref(const struct thrivosign_trust *self,
                                              struct thrivosign_trust **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_trust_free(struct thrivosign_trust *self);

/**
 * After the call `out` is the number of devices.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_count(const struct thrivosign_users_device_list *self,
                                                            size_t *out);

/**
 * After the call `out` holds that device's id. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_uuid(const struct thrivosign_users_device_list *self,
                                                           size_t index,
                                                           struct thrivosign_buffer **out);

/**
 * After the call `out` holds the id of the user whose it is. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_user_id(const struct thrivosign_users_device_list *self,
                                                              size_t index,
                                                              struct thrivosign_buffer **out);

/**
 * After the call `out` holds that user's name, which enters certificates. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_name(const struct thrivosign_users_device_list *self,
                                                           size_t index,
                                                           struct thrivosign_buffer **out);

/**
 * After the call `out` holds where messages to that user go. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_email(const struct thrivosign_users_device_list *self,
                                                            size_t index,
                                                            struct thrivosign_buffer **out);

/**
 * After the call `out` holds that user's company; NULL if the user named none. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_company(const struct thrivosign_users_device_list *self,
                                                              size_t index,
                                                              struct thrivosign_buffer **out);

/**
 * After the call `out` holds the device's name, which the user gave it. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_device_name(const struct thrivosign_users_device_list *self,
                                                                  size_t index,
                                                                  struct thrivosign_buffer **out);

/**
 * After the call `out` holds the device's platform, as it said itself. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_platform(const struct thrivosign_users_device_list *self,
                                                               size_t index,
                                                               struct thrivosign_buffer **out);

/**
 * After the call `out` is one of `thrivosign_security_level`: where its key lives, as far as was verified. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_security_level(const struct thrivosign_users_device_list *self,
                                                                     size_t index,
                                                                     int32_t *out);

/**
 * After the call `out` is how many credentials that device has. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_credential_count(const struct thrivosign_users_device_list *self,
                                                                       size_t index,
                                                                       size_t *out);

/**
 * After the call `out` holds that credential's id. `index` and `position` count from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_credential_id(const struct thrivosign_users_device_list *self,
                                                                    size_t index,
                                                                    size_t position,
                                                                    struct thrivosign_buffer **out);

/**
 * After the call `out` is one of `thrivosign_certificate_state`. `index` and `position` count from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_credential_state(const struct thrivosign_users_device_list *self,
                                                                       size_t index,
                                                                       size_t position,
                                                                       int32_t *out);

/**
 * After the call `unix_time` is when the certificate's validity ends: seconds since 1970-01-01T00:00:00Z. `index` and
 * `position` count from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_credential_not_after(const struct thrivosign_users_device_list *self,
                                                                           size_t index,
                                                                           size_t position,
                                                                           int64_t *unix_time);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_users_device_list_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_users_device_list_ref(const struct thrivosign_users_device_list *self,
                                                          struct thrivosign_users_device_list **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_users_device_list_free(struct thrivosign_users_device_list *self);

/**
 * After the call `out` is the number of requests.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_count(const struct thrivosign_waiting_request_list *self,
                                                               size_t *out);

/**
 * After the call `out` holds that request's id. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_id(const struct thrivosign_waiting_request_list *self,
                                                            size_t index,
                                                            struct thrivosign_buffer **out);

/**
 * After the call `out` holds the id of the user who asks. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_user_id(const struct thrivosign_waiting_request_list *self,
                                                                 size_t index,
                                                                 struct thrivosign_buffer **out);

/**
 * After the call `out` holds that user's name, which enters certificates. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_name(const struct thrivosign_waiting_request_list *self,
                                                              size_t index,
                                                              struct thrivosign_buffer **out);

/**
 * After the call `out` holds where messages to that user go. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_email(const struct thrivosign_waiting_request_list *self,
                                                               size_t index,
                                                               struct thrivosign_buffer **out);

/**
 * After the call `out` holds that user's company; NULL if the user named none. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_company(const struct thrivosign_waiting_request_list *self,
                                                                 size_t index,
                                                                 struct thrivosign_buffer **out);

/**
 * After the call `out` holds the id of the device that the key is on. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_device_uuid(const struct thrivosign_waiting_request_list *self,
                                                                     size_t index,
                                                                     struct thrivosign_buffer **out);

/**
 * After the call `out` holds the device's name, which the user gave it. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_device_name(const struct thrivosign_waiting_request_list *self,
                                                                     size_t index,
                                                                     struct thrivosign_buffer **out);

/**
 * After the call `out` holds the device's platform, as it said itself. `index` counts from 0.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_platform(const struct thrivosign_waiting_request_list *self,
                                                                  size_t index,
                                                                  struct thrivosign_buffer **out);

/**
 * After the call `out` is one of `thrivosign_security_level`: where its key lives, as far as was verified. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_security_level(const struct thrivosign_waiting_request_list *self,
                                                                        size_t index,
                                                                        int32_t *out);

/**
 * After the call `unix_time` is when the request came: seconds since 1970-01-01T00:00:00Z. `index` counts from 0.
 *
 * Ownership: nothing changes hands; arguments are copied.
 * Lifetime: arguments are needed only until the function returns.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_asked(const struct thrivosign_waiting_request_list *self,
                                                               size_t index,
                                                               int64_t *unix_time);

/**
 * After the call `out` is another handle for the same list.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_waiting_request_list_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_waiting_request_list_ref(const struct thrivosign_waiting_request_list *self,
                                                             struct thrivosign_waiting_request_list **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_waiting_request_list_free(struct thrivosign_waiting_request_list *self);

/**
 * After the call `out` are the built-in words of that language, told by its tag (BCP 47): `en` or `de`; a region does
 * not matter. Code 101 for another language: give its words as a table.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_words_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_words_new(const char *language, struct thrivosign_words **out);

/**
 * After the call `out` are the words of a table of the host's: a JSON object of codes and words, as
 * `thrivosign_words_english` has them. What it lacks is said in English. Code 101 for what is no such object, and for
 * a language that is no tag of letters, digits and hyphens.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_words_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_words_new_from_json(const char *language,
                                                        const uint8_t *json,
                                                        size_t json_size,
                                                        struct thrivosign_words **out);

/**
 * After the call `out` holds every code with its English word, as a JSON object: what a translator needs.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_buffer_free`.
 * Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
 * Threads: any, also several at once.
 * NULL: `out` may not be NULL.
 */
THRIVOSIGN_NODISCARD struct thrivosign_error *thrivosign_words_english(struct thrivosign_buffer **out);

/**
 * After the call `out` is another handle for the same words.
 *
 * Ownership: `out` is the caller's, to be freed with `thrivosign_words_free`, apart from `self`.
 * Lifetime: the object lives until its last handle is freed and its last call has ended.
 * Threads: any, also several at once on one `self`.
 * NULL: no argument may be NULL.
 */
THRIVOSIGN_NODISCARD
struct thrivosign_error *thrivosign_words_ref(const struct thrivosign_words *self,
                                              struct thrivosign_words **out);

/**
 * After the call the handle stands for nothing; a handle that was freed already does no harm.
 *
 * Ownership: takes the handle back.
 * Lifetime: calls in flight on another thread end as if nothing had happened.
 * Threads: any, also during calls on the same handle.
 * NULL: `self` may be NULL; then nothing is done.
 */
void thrivosign_words_free(struct thrivosign_words *self);

#ifdef __cplusplus
} /* extern "C" */
#endif /* __cplusplus */

#endif  /* THRIVOSIGN_H */
