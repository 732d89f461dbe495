/* SPDX-License-Identifier: MIT OR Apache-2.0 */

/*
 * thrivosign for C++17 and later: a thin skin over thrivosign.h, which is the manual. Header only, and one file, so that a program can carry it
 * beside the C header.
 *
 * Objects own their handles, can be moved and not copied; `share()` gives another owner of the same object. What fails throws
 * `thrivosign::error`; where THRIVOSIGN_NO_EXCEPTIONS is defined, nothing throws, and every such function gives a `thrivosign::result<T>` that
 * holds the value or the error. Key stores, documents and outputs of the program's own are classes to derive from; whatever they throw is
 * caught at the border and becomes a code. Functions marked const in thrivosign.h may be called from several threads at once, and so may theirs here.
 */

#ifndef THRIVOSIGN_HPP
#define THRIVOSIGN_HPP

#include "thrivosign.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#if __cplusplus >= 202002L && defined(__has_include)
#if __has_include(<span>)
#include <span>
#define THRIVOSIGN_HAS_SPAN 1
#endif
#endif

namespace thrivosign {

/* Files of one program may be compiled in either way. */
#ifdef THRIVOSIGN_NO_EXCEPTIONS
inline namespace returning {
#else
inline namespace throwing {
#endif

/* ---- Numbers of the header, as types. A later library may give numbers that are none of these. ---- */

enum class turn : std::int32_t {
    caller = THRIVOSIGN_TURN_CALLER,
    document = THRIVOSIGN_TURN_DOCUMENT,
    peer = THRIVOSIGN_TURN_PEER,
    user = THRIVOSIGN_TURN_USER,
    service = THRIVOSIGN_TURN_SERVICE,
    network = THRIVOSIGN_TURN_NETWORK,
    library = THRIVOSIGN_TURN_LIBRARY,
};
enum class authentication_method : std::int32_t {
    otp = THRIVOSIGN_AUTHENTICATION_METHOD_OTP,
    passphrase = THRIVOSIGN_AUTHENTICATION_METHOD_PASSPHRASE,
    totp = THRIVOSIGN_AUTHENTICATION_METHOD_TOTP,
    ekyc_reference = THRIVOSIGN_AUTHENTICATION_METHOD_EKYC_REFERENCE,
};
enum class revocation_reason : std::int32_t {
    unspecified = THRIVOSIGN_REVOCATION_REASON_UNSPECIFIED,
    key_compromise = THRIVOSIGN_REVOCATION_REASON_KEY_COMPROMISE,
    affiliation_changed = THRIVOSIGN_REVOCATION_REASON_AFFILIATION_CHANGED,
    superseded = THRIVOSIGN_REVOCATION_REASON_SUPERSEDED,
    cessation_of_operation = THRIVOSIGN_REVOCATION_REASON_CESSATION_OF_OPERATION,
};
enum class certificate_state : std::int32_t {
    new_ = THRIVOSIGN_CERTIFICATE_STATE_NEW,
    activated = THRIVOSIGN_CERTIFICATE_STATE_ACTIVATED,
    cancelled = THRIVOSIGN_CERTIFICATE_STATE_CANCELLED,
};
/** Which packages. */
enum class package_view : std::int32_t {
    owned = THRIVOSIGN_PACKAGE_VIEW_OWNED,
    received = THRIVOSIGN_PACKAGE_VIEW_RECEIVED,
    waiting = THRIVOSIGN_PACKAGE_VIEW_WAITING,
};
enum class package_state : std::int32_t {
    draft = THRIVOSIGN_PACKAGE_STATUS_DRAFT,
    shared = THRIVOSIGN_PACKAGE_STATUS_SHARED,
    completed = THRIVOSIGN_PACKAGE_STATUS_COMPLETED,
    declined = THRIVOSIGN_PACKAGE_STATUS_DECLINED,
    cancelled = THRIVOSIGN_PACKAGE_STATUS_CANCELLED,
    expired = THRIVOSIGN_PACKAGE_STATUS_EXPIRED,
};
enum class recipient_state : std::int32_t {
    pending = THRIVOSIGN_RECIPIENT_STATE_PENDING,
    signed_ = THRIVOSIGN_RECIPIENT_STATE_SIGNED,
    declined = THRIVOSIGN_RECIPIENT_STATE_DECLINED,
};
enum class security_level : std::int32_t {
    strongbox = THRIVOSIGN_SECURITY_LEVEL_STRONGBOX,
    tee = THRIVOSIGN_SECURITY_LEVEL_TEE,
    secure_enclave_app_attested = THRIVOSIGN_SECURITY_LEVEL_SECURE_ENCLAVE_APP_ATTESTED,
    hsm = THRIVOSIGN_SECURITY_LEVEL_HSM,
    software = THRIVOSIGN_SECURITY_LEVEL_SOFTWARE,
};
enum class error_kind : std::int32_t {
    ok = THRIVOSIGN_ERROR_KIND_OK,
    invalid_argument = THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT,
    null_argument = THRIVOSIGN_ERROR_KIND_NULL_ARGUMENT,
    invalid_utf8 = THRIVOSIGN_ERROR_KIND_INVALID_UTF8,
    wrong_order = THRIVOSIGN_ERROR_KIND_WRONG_ORDER,
    already_used = THRIVOSIGN_ERROR_KIND_ALREADY_USED,
    reentrant = THRIVOSIGN_ERROR_KIND_REENTRANT,
    cancelled = THRIVOSIGN_ERROR_KIND_CANCELLED,
    prepared_malformed = THRIVOSIGN_ERROR_KIND_PREPARED_MALFORMED,
    config_malformed = THRIVOSIGN_ERROR_KIND_CONFIG_MALFORMED,
    journal_damaged = THRIVOSIGN_ERROR_KIND_JOURNAL_DAMAGED,
    journal_busy = THRIVOSIGN_ERROR_KIND_JOURNAL_BUSY,
    feature_missing = THRIVOSIGN_ERROR_KIND_FEATURE_MISSING,
    not_pdf = THRIVOSIGN_ERROR_KIND_NOT_PDF,
    pdf_damaged = THRIVOSIGN_ERROR_KIND_PDF_DAMAGED,
    pdf_unsupported = THRIVOSIGN_ERROR_KIND_PDF_UNSUPPORTED,
    limit_reached = THRIVOSIGN_ERROR_KIND_LIMIT_REACHED,
    no_pages = THRIVOSIGN_ERROR_KIND_NO_PAGES,
    password_required = THRIVOSIGN_ERROR_KIND_PASSWORD_REQUIRED,
    password_wrong = THRIVOSIGN_ERROR_KIND_PASSWORD_WRONG,
    encryption_unsupported = THRIVOSIGN_ERROR_KIND_ENCRYPTION_UNSUPPORTED,
    page_not_found = THRIVOSIGN_ERROR_KIND_PAGE_NOT_FOUND,
    field_unusable = THRIVOSIGN_ERROR_KIND_FIELD_UNUSABLE,
    signing_forbidden = THRIVOSIGN_ERROR_KIND_SIGNING_FORBIDDEN,
    document_changed = THRIVOSIGN_ERROR_KIND_DOCUMENT_CHANGED,
    source_unreadable = THRIVOSIGN_ERROR_KIND_SOURCE_UNREADABLE,
    output_unwritable = THRIVOSIGN_ERROR_KIND_OUTPUT_UNWRITABLE,
    output_is_input = THRIVOSIGN_ERROR_KIND_OUTPUT_IS_INPUT,
    signature_room_exceeded = THRIVOSIGN_ERROR_KIND_SIGNATURE_ROOM_EXCEEDED,
    preflight_refused = THRIVOSIGN_ERROR_KIND_PREFLIGHT_REFUSED,
    box_unusable = THRIVOSIGN_ERROR_KIND_BOX_UNUSABLE,
    text_unrepresentable = THRIVOSIGN_ERROR_KIND_TEXT_UNREPRESENTABLE,
    check_failed = THRIVOSIGN_ERROR_KIND_CHECK_FAILED,
    conformance_forbids = THRIVOSIGN_ERROR_KIND_CONFORMANCE_FORBIDS,
    der_malformed = THRIVOSIGN_ERROR_KIND_DER_MALFORMED,
    certificate_malformed = THRIVOSIGN_ERROR_KIND_CERTIFICATE_MALFORMED,
    algorithm_unsupported = THRIVOSIGN_ERROR_KIND_ALGORITHM_UNSUPPORTED,
    cms_malformed = THRIVOSIGN_ERROR_KIND_CMS_MALFORMED,
    csr_malformed = THRIVOSIGN_ERROR_KIND_CSR_MALFORMED,
    pem_malformed = THRIVOSIGN_ERROR_KIND_PEM_MALFORMED,
    pkcs12_malformed = THRIVOSIGN_ERROR_KIND_PKCS12_MALFORMED,
    certificate_expired = THRIVOSIGN_ERROR_KIND_CERTIFICATE_EXPIRED,
    certificate_unsuitable = THRIVOSIGN_ERROR_KIND_CERTIFICATE_UNSUITABLE,
    certificate_foreign = THRIVOSIGN_ERROR_KIND_CERTIFICATE_FOREIGN,
    chain_broken = THRIVOSIGN_ERROR_KIND_CHAIN_BROKEN,
    key_not_found = THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND,
    key_cancelled = THRIVOSIGN_ERROR_KIND_KEY_CANCELLED,
    key_locked = THRIVOSIGN_ERROR_KIND_KEY_LOCKED,
    key_invalidated = THRIVOSIGN_ERROR_KIND_KEY_INVALIDATED,
    key_signature_wrong = THRIVOSIGN_ERROR_KIND_KEY_SIGNATURE_WRONG,
    key_not_permitted = THRIVOSIGN_ERROR_KIND_KEY_NOT_PERMITTED,
    key_exists = THRIVOSIGN_ERROR_KIND_KEY_EXISTS,
    passphrase_wrong = THRIVOSIGN_ERROR_KIND_PASSPHRASE_WRONG,
    key_file_damaged = THRIVOSIGN_ERROR_KIND_KEY_FILE_DAMAGED,
    key_store_unavailable = THRIVOSIGN_ERROR_KIND_KEY_STORE_UNAVAILABLE,
    key_algorithm_unsupported = THRIVOSIGN_ERROR_KIND_KEY_ALGORITHM_UNSUPPORTED,
    attestation_unavailable = THRIVOSIGN_ERROR_KIND_ATTESTATION_UNAVAILABLE,
    api_key_refused = THRIVOSIGN_ERROR_KIND_API_KEY_REFUSED,
    login_refused = THRIVOSIGN_ERROR_KIND_LOGIN_REFUSED,
    login_required = THRIVOSIGN_ERROR_KIND_LOGIN_REQUIRED,
    authorization_denied = THRIVOSIGN_ERROR_KIND_AUTHORIZATION_DENIED,
    user_authentication_failed = THRIVOSIGN_ERROR_KIND_USER_AUTHENTICATION_FAILED,
    user_authentication_locked = THRIVOSIGN_ERROR_KIND_USER_AUTHENTICATION_LOCKED,
    challenge_refused = THRIVOSIGN_ERROR_KIND_CHALLENGE_REFUSED,
    certificate_refused = THRIVOSIGN_ERROR_KIND_CERTIFICATE_REFUSED,
    device_refused = THRIVOSIGN_ERROR_KIND_DEVICE_REFUSED,
    record_not_found = THRIVOSIGN_ERROR_KIND_RECORD_NOT_FOUND,
    document_refused = THRIVOSIGN_ERROR_KIND_DOCUMENT_REFUSED,
    signing_conflict = THRIVOSIGN_ERROR_KIND_SIGNING_CONFLICT,
    prepared_revision_refused = THRIVOSIGN_ERROR_KIND_PREPARED_REVISION_REFUSED,
    filed_document_refused = THRIVOSIGN_ERROR_KIND_FILED_DOCUMENT_REFUSED,
    issued_certificate_refused = THRIVOSIGN_ERROR_KIND_ISSUED_CERTIFICATE_REFUSED,
    enrolment_pending = THRIVOSIGN_ERROR_KIND_ENROLMENT_PENDING,
    service_refused = THRIVOSIGN_ERROR_KIND_SERVICE_REFUSED,
    order_unanswered = THRIVOSIGN_ERROR_KIND_ORDER_UNANSWERED,
    connect_failed = THRIVOSIGN_ERROR_KIND_CONNECT_FAILED,
    tls_failed = THRIVOSIGN_ERROR_KIND_TLS_FAILED,
    tls_unknown_ca = THRIVOSIGN_ERROR_KIND_TLS_UNKNOWN_CA,
    tls_wrong_host = THRIVOSIGN_ERROR_KIND_TLS_WRONG_HOST,
    tls_pin_mismatch = THRIVOSIGN_ERROR_KIND_TLS_PIN_MISMATCH,
    plain_http_refused = THRIVOSIGN_ERROR_KIND_PLAIN_HTTP_REFUSED,
    timed_out = THRIVOSIGN_ERROR_KIND_TIMED_OUT,
    rate_limited = THRIVOSIGN_ERROR_KIND_RATE_LIMITED,
    connection_cut = THRIVOSIGN_ERROR_KIND_CONNECTION_CUT,
    bad_answer = THRIVOSIGN_ERROR_KIND_BAD_ANSWER,
    service_unavailable = THRIVOSIGN_ERROR_KIND_SERVICE_UNAVAILABLE,
    answer_too_large = THRIVOSIGN_ERROR_KIND_ANSWER_TOO_LARGE,
    tls_certificate_expired = THRIVOSIGN_ERROR_KIND_TLS_CERTIFICATE_EXPIRED,
    pin_update_refused = THRIVOSIGN_ERROR_KIND_PIN_UPDATE_REFUSED,
    tls_client_refused = THRIVOSIGN_ERROR_KIND_TLS_CLIENT_REFUSED,
    panicked = THRIVOSIGN_ERROR_KIND_PANICKED,
    internal = THRIVOSIGN_ERROR_KIND_INTERNAL,
    random_unavailable = THRIVOSIGN_ERROR_KIND_RANDOM_UNAVAILABLE,
};
enum class key_purpose : std::int32_t {
    authentication = THRIVOSIGN_KEY_PURPOSE_AUTHENTICATION,
    signing = THRIVOSIGN_KEY_PURPOSE_SIGNING,
};
enum class protection : std::int32_t {
    strongbox = THRIVOSIGN_PROTECTION_STRONGBOX,
    tee = THRIVOSIGN_PROTECTION_TEE,
    secure_enclave = THRIVOSIGN_PROTECTION_SECURE_ENCLAVE,
    hsm = THRIVOSIGN_PROTECTION_HSM,
    software = THRIVOSIGN_PROTECTION_SOFTWARE,
};
enum class prompt : std::int32_t {
    per_use = THRIVOSIGN_PROMPT_PER_USE,
    window = THRIVOSIGN_PROMPT_WINDOW,
    none = THRIVOSIGN_PROMPT_NONE,
};
enum class key_algorithm : std::int32_t {
    p256 = THRIVOSIGN_KEY_ALGORITHM_P256,
    p384 = THRIVOSIGN_KEY_ALGORITHM_P384,
    p521 = THRIVOSIGN_KEY_ALGORITHM_P521,
    rsa2048 = THRIVOSIGN_KEY_ALGORITHM_RSA2048,
    rsa3072 = THRIVOSIGN_KEY_ALGORITHM_RSA3072,
    rsa4096 = THRIVOSIGN_KEY_ALGORITHM_RSA4096,
    ed25519 = THRIVOSIGN_KEY_ALGORITHM_ED25519,
};
enum class signature_algorithm : std::int32_t {
    ecdsa_sha256 = THRIVOSIGN_SIGNATURE_ALGORITHM_ECDSA_SHA256,
    ecdsa_sha384 = THRIVOSIGN_SIGNATURE_ALGORITHM_ECDSA_SHA384,
    ecdsa_sha512 = THRIVOSIGN_SIGNATURE_ALGORITHM_ECDSA_SHA512,
    rsa_pkcs1_sha256 = THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PKCS1_SHA256,
    rsa_pkcs1_sha384 = THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PKCS1_SHA384,
    rsa_pkcs1_sha512 = THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PKCS1_SHA512,
    rsa_pss_sha256 = THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PSS_SHA256,
    rsa_pss_sha384 = THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PSS_SHA384,
    rsa_pss_sha512 = THRIVOSIGN_SIGNATURE_ALGORITHM_RSA_PSS_SHA512,
    ed25519 = THRIVOSIGN_SIGNATURE_ALGORITHM_ED25519,
};
enum class log_level : std::int32_t {
    error = THRIVOSIGN_LOG_LEVEL_ERROR,
    warn = THRIVOSIGN_LOG_LEVEL_WARN,
    info = THRIVOSIGN_LOG_LEVEL_INFO,
    debug = THRIVOSIGN_LOG_LEVEL_DEBUG,
};
enum class durability : std::int32_t {
    fsync = THRIVOSIGN_DURABILITY_FSYNC,
    none = THRIVOSIGN_DURABILITY_NONE,
};
enum class pin_event : std::int32_t {
    mismatch_refused = THRIVOSIGN_PIN_EVENT_MISMATCH_REFUSED,
    mismatch_reported = THRIVOSIGN_PIN_EVENT_MISMATCH_REPORTED,
    expired = THRIVOSIGN_PIN_EVENT_EXPIRED,
    updated = THRIVOSIGN_PIN_EVENT_UPDATED,
    update_refused = THRIVOSIGN_PIN_EVENT_UPDATE_REFUSED,
};
enum class signature_kind : std::int32_t {
    signature = THRIVOSIGN_SIGNATURE_KIND_SIGNATURE,
    document_timestamp = THRIVOSIGN_SIGNATURE_KIND_DOCUMENT_TIMESTAMP,
};
enum class crypto_status : std::int32_t {
    ok = THRIVOSIGN_CRYPTO_STATUS_OK,
    failed = THRIVOSIGN_CRYPTO_STATUS_FAILED,
    unsupported = THRIVOSIGN_CRYPTO_STATUS_UNSUPPORTED,
};
enum class coverage : std::int32_t {
    whole_file = THRIVOSIGN_COVERAGE_WHOLE_FILE,
    whole_revision = THRIVOSIGN_COVERAGE_WHOLE_REVISION,
    broken = THRIVOSIGN_COVERAGE_BROKEN,
};
enum class change_kind : std::int32_t {
    none = THRIVOSIGN_CHANGE_KIND_NONE,
    ltv = THRIVOSIGN_CHANGE_KIND_LTV,
    metadata = THRIVOSIGN_CHANGE_KIND_METADATA,
    signature_added = THRIVOSIGN_CHANGE_KIND_SIGNATURE_ADDED,
    form_filled = THRIVOSIGN_CHANGE_KIND_FORM_FILLED,
    annotated = THRIVOSIGN_CHANGE_KIND_ANNOTATED,
    other = THRIVOSIGN_CHANGE_KIND_OTHER,
    trailing_bytes = THRIVOSIGN_CHANGE_KIND_TRAILING_BYTES,
};
enum class permitted : std::int32_t {
    yes = THRIVOSIGN_PERMITTED_YES,
    no = THRIVOSIGN_PERMITTED_NO,
    not_stated = THRIVOSIGN_PERMITTED_NOT_STATED,
};
enum class indication : std::int32_t {
    total_passed = THRIVOSIGN_INDICATION_TOTAL_PASSED,
    indeterminate = THRIVOSIGN_INDICATION_INDETERMINATE,
    total_failed = THRIVOSIGN_INDICATION_TOTAL_FAILED,
};
enum class sub_indication : std::int32_t {
    format_failure = THRIVOSIGN_SUB_INDICATION_FORMAT_FAILURE,
    hash_failure = THRIVOSIGN_SUB_INDICATION_HASH_FAILURE,
    sig_crypto_failure = THRIVOSIGN_SUB_INDICATION_SIG_CRYPTO_FAILURE,
    no_signing_certificate_found = THRIVOSIGN_SUB_INDICATION_NO_SIGNING_CERTIFICATE_FOUND,
    no_certificate_chain_found = THRIVOSIGN_SUB_INDICATION_NO_CERTIFICATE_CHAIN_FOUND,
    certificate_chain_general_failure = THRIVOSIGN_SUB_INDICATION_CERTIFICATE_CHAIN_GENERAL_FAILURE,
    sig_constraints_failure = THRIVOSIGN_SUB_INDICATION_SIG_CONSTRAINTS_FAILURE,
    crypto_constraints_failure = THRIVOSIGN_SUB_INDICATION_CRYPTO_CONSTRAINTS_FAILURE,
    crypto_constraints_failure_no_poe = THRIVOSIGN_SUB_INDICATION_CRYPTO_CONSTRAINTS_FAILURE_NO_POE,
    revoked_no_poe = THRIVOSIGN_SUB_INDICATION_REVOKED_NO_POE,
    revoked_ca_no_poe = THRIVOSIGN_SUB_INDICATION_REVOKED_CA_NO_POE,
    out_of_bounds_no_poe = THRIVOSIGN_SUB_INDICATION_OUT_OF_BOUNDS_NO_POE,
    not_yet_valid = THRIVOSIGN_SUB_INDICATION_NOT_YET_VALID,
    try_later = THRIVOSIGN_SUB_INDICATION_TRY_LATER,
};
enum class level : std::int32_t {
    bb = THRIVOSIGN_LEVEL_BB,
    plain_cms = THRIVOSIGN_LEVEL_PLAIN_CMS,
    document_timestamp = THRIVOSIGN_LEVEL_DOCUMENT_TIMESTAMP,
    bt = THRIVOSIGN_LEVEL_BT,
    blt = THRIVOSIGN_LEVEL_BLT,
    blta = THRIVOSIGN_LEVEL_BLTA,
};
enum class revocation : std::int32_t {
    off = THRIVOSIGN_REVOCATION_OFF,
    if_available = THRIVOSIGN_REVOCATION_IF_AVAILABLE,
    require = THRIVOSIGN_REVOCATION_REQUIRE,
};

/** What the certificate at the end of a path is used for. */
enum class role : std::int32_t {
    signer = THRIVOSIGN_ROLE_SIGNER,
    time_stamping = THRIVOSIGN_ROLE_TIME_STAMPING,
    ocsp_responder = THRIVOSIGN_ROLE_OCSP_RESPONDER,
    crl_issuer = THRIVOSIGN_ROLE_CRL_ISSUER,
};
/** Which addresses may be asked for time stamps and evidence. */
enum class reach : std::int32_t {
    off = THRIVOSIGN_REACH_OFF,
    /** Of those that certificates name, those of the public network. */
    public_ = THRIVOSIGN_REACH_PUBLIC,
    /** Private ones and this machine as well. */
    anywhere = THRIVOSIGN_REACH_ANYWHERE,
};
/** What is lacking for a certificate. */
enum class lack : std::int32_t {
    issuer = THRIVOSIGN_LACK_ISSUER,
    status = THRIVOSIGN_LACK_STATUS,
    chain = THRIVOSIGN_LACK_CHAIN,
};

/** What a certification signature allows afterwards. */
enum class doc_mdp : std::int32_t {
    no_changes = THRIVOSIGN_DOC_MDP_NO_CHANGES,
    form_filling = THRIVOSIGN_DOC_MDP_FORM_FILLING,
    annotating = THRIVOSIGN_DOC_MDP_ANNOTATING,
};
/** Form fields that may no longer change once a signature is there. */
enum class field_lock : std::int32_t {
    all = THRIVOSIGN_FIELD_LOCK_ALL,
    include = THRIVOSIGN_FIELD_LOCK_INCLUDE,
    exclude = THRIVOSIGN_FIELD_LOCK_EXCLUDE,
};
/** How picture or handwriting and text share the box. */
enum class arrangement : std::int32_t {
    beside = THRIVOSIGN_ARRANGEMENT_BESIDE,
    over = THRIVOSIGN_ARRANGEMENT_OVER,
};
/** What stands around a visible signature. */
enum class frame : std::int32_t {
    thin = THRIVOSIGN_FRAME_THIN,
    none = THRIVOSIGN_FRAME_NONE,
};
/** What becomes of a damaged document that is to be signed. */
enum class damage : std::int32_t {
    append = THRIVOSIGN_DAMAGE_APPEND,
    refuse = THRIVOSIGN_DAMAGE_REFUSE,
    rewrite = THRIVOSIGN_DAMAGE_REWRITE,
};
/** What was done about a document's damage before it was signed. */
enum class repair : std::int32_t {
    none = THRIVOSIGN_REPAIR_NONE,
    appended = THRIVOSIGN_REPAIR_APPENDED,
    rewritten = THRIVOSIGN_REPAIR_REWRITTEN,
};
/** What an interrupted signature in place had left, and what became of it. */
enum class recovery : std::int32_t {
    nothing = THRIVOSIGN_RECOVERY_NOTHING,
    not_begun = THRIVOSIGN_RECOVERY_NOT_BEGUN,
    taken_back = THRIVOSIGN_RECOVERY_TAKEN_BACK,
    completed = THRIVOSIGN_RECOVERY_COMPLETED,
};

/** In what order the outcomes of a batch are told. */
enum class order : std::int32_t {
    listed = THRIVOSIGN_ORDER_LISTED,
    as_they_come = THRIVOSIGN_ORDER_AS_THEY_COME,
};

/* ---- Bytes and texts going in ---- */

#ifdef THRIVOSIGN_HAS_SPAN
using bytes_view = std::span<const std::uint8_t>;
#else
/** Bytes of somebody else's. */
class bytes_view {
public:
    constexpr bytes_view() noexcept = default;
    constexpr bytes_view(const std::uint8_t *data, std::size_t size) noexcept : data_(data), size_(size) {}
    bytes_view(const std::vector<std::uint8_t> &bytes) noexcept : data_(bytes.data()), size_(bytes.size()) {}
    constexpr const std::uint8_t *data() const noexcept { return data_; }
    constexpr std::size_t size() const noexcept { return size_; }
    constexpr bool empty() const noexcept { return size_ == 0; }
    constexpr const std::uint8_t *begin() const noexcept { return data_; }
    constexpr const std::uint8_t *end() const noexcept { return data_ + size_; }

private:
    const std::uint8_t *data_ = nullptr;
    std::size_t size_ = 0;
};
#endif

/** The bytes of a text: PEM, JSON, a password. */
inline bytes_view bytes_of(std::string_view text) noexcept {
    return bytes_view(reinterpret_cast<const std::uint8_t *>(text.data()), text.size());
}

/** A text going in, UTF-8. */
class text {
public:
    text(const char *chars) noexcept : chars_(chars) {}
    /* A NUL in the middle would cut the text short unseen; what is no UTF-8 is refused by the library. */
    text(const std::string &chars) noexcept : chars_(chars.find('\0') == std::string::npos ? chars.c_str() : "\xff") {}
    const char *c_str() const noexcept { return chars_; }

private:
    const char *chars_;
};

/** Seconds since 1970-01-01T00:00:00Z. */
using time_point = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;

/* ---- Errors ---- */

/** What went wrong. Made by the library, or from a code by a key store, a document or an output of the program's own. */
class error : public std::exception {
public:
    explicit error(error_kind code) noexcept : code_(code) {}
    /** Takes the handle. */
    explicit error(thrivosign_error *taken) : code_(static_cast<error_kind>(thrivosign_error_code(taken))), told_(taken, thrivosign_error_free) {}

    /** Looks at an error that is the library's: good until the callback that got it returns. */
    static error lent(const thrivosign_error *theirs) {
        error looked(static_cast<error_kind>(thrivosign_error_code(theirs)));
        looked.told_ = std::shared_ptr<thrivosign_error>(const_cast<thrivosign_error *>(theirs), [](thrivosign_error *) {});
        return looked;
    }

    /** For functions of thrivosign.h; stays this object's. NULL for an error made from a code. */
    const thrivosign_error *get() const noexcept { return told_.get(); }
    error_kind code() const noexcept { return code_; }
    /** The stable name, such as `key_locked`. */
    const char *name() const noexcept { return said(told_ ? thrivosign_error_name(told_.get()) : thrivosign_error_code_name(number())); }
    /** One line for a log or a developer, without secrets. */
    const char *what() const noexcept override { return said(told_ ? thrivosign_error_message(told_.get()) : thrivosign_error_code_text(number())); }
    /** What to do next, in one sentence. */
    const char *next_step() const noexcept {
        return said(told_ ? thrivosign_error_next_step(told_.get()) : thrivosign_error_code_next_step(number()));
    }
    /** Whose turn it is; nothing for an error made from a code. */
    std::optional<thrivosign::turn> turn() const noexcept {
        const auto whose = thrivosign_error_turn(told_.get());
        return whose == 0 ? std::nullopt : std::optional(static_cast<thrivosign::turn>(whose));
    }
    /** Whether the same call may succeed later without anything being changed. */
    bool retryable() const noexcept { return thrivosign_error_retryable(told_.get()) != 0; }
    /** The byte position in the document or structure. */
    std::optional<std::uint64_t> position() const noexcept { return fact<std::uint64_t>(thrivosign_error_position); }
    /** The HTTP status that the service answered. */
    std::optional<int> http_status() const noexcept { return fact<std::int32_t>(thrivosign_error_http_status); }
    /** The seconds that the service asks to wait. */
    std::optional<std::uint64_t> retry_after() const noexcept { return fact<std::uint64_t>(thrivosign_error_retry_after); }
    /** The tries left before a lock. */
    std::optional<std::uint32_t> tries_left() const noexcept { return fact<std::uint32_t>(thrivosign_error_tries_left); }
    /** The service's problem type (RFC 9457) or OAuth error code; NULL if there is none. */
    const char *problem() const noexcept { return thrivosign_error_problem(told_.get()); }

private:
    std::int32_t number() const noexcept { return static_cast<std::int32_t>(code_); }
    static const char *said(const char *chars) noexcept { return chars == nullptr ? "unknown" : chars; }
    template <class T> std::optional<T> fact(std::int32_t (*getter)(const thrivosign_error *, T *)) const noexcept {
        T value{};
        return getter(told_.get(), &value) != 0 ? std::optional<T>(value) : std::nullopt;
    }

    error_kind code_;
    std::shared_ptr<thrivosign_error> told_;
};

#ifdef THRIVOSIGN_NO_EXCEPTIONS

/** A value, or why there is none. Taking the value where there is none ends the program. */
template <class T> class [[nodiscard]] result {
public:
    result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    result(thrivosign::error failure) : held_(std::in_place_index<1>, std::move(failure)) {}
    bool has_value() const noexcept { return held_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    T &value() & { return has_value() ? *std::get_if<0>(&held_) : (std::terminate(), *std::get_if<0>(&held_)); }
    const T &value() const & { return has_value() ? *std::get_if<0>(&held_) : (std::terminate(), *std::get_if<0>(&held_)); }
    T &&value() && { return std::move(value()); }
    T &operator*() & { return value(); }
    const T &operator*() const & { return value(); }
    T &&operator*() && { return std::move(value()); }
    T *operator->() { return &value(); }
    const T *operator->() const { return &value(); }
    const thrivosign::error &error() const {
        return has_value() ? (std::terminate(), *std::get_if<1>(&held_)) : *std::get_if<1>(&held_);
    }

private:
    std::variant<T, thrivosign::error> held_;
};

/** Nothing, or why it failed. */
template <> class [[nodiscard]] result<void> {
public:
    result() = default;
    result(thrivosign::error failure) : failure_(std::move(failure)) {}
    bool has_value() const noexcept { return !failure_; }
    explicit operator bool() const noexcept { return has_value(); }
    const thrivosign::error &error() const { return failure_ ? *failure_ : (std::terminate(), *failure_); }

private:
    std::optional<thrivosign::error> failure_;
};

#else

/** What a function gives that may fail; it throws `error` then. */
template <class T> using result = T;

#endif

namespace detail {

/* Fails in the way that this file was compiled for. */
template <class T> result<T> failed(error failure) {
#ifdef THRIVOSIGN_NO_EXCEPTIONS
    return result<T>(std::move(failure));
#else
    throw failure;
#endif
}

/* The end of every call: the error that the library gave, or what `make` makes. */
template <class T, class Make> result<T> ended(thrivosign_error *told, Make make) {
    if (told != nullptr) {
        return failed<T>(error(told));
    }
    return result<T>(make());
}

inline result<void> ended(thrivosign_error *told) {
    if (told != nullptr) {
        return failed<void>(error(told));
    }
    return result<void>();
}

/* The helpers below call one function of the header, whose last parameter is the output. */

template <class T, class F, class... A> result<T> number(F function, A... arguments) {
    T value{};
    auto *told = function(arguments..., &value);
    return ended<T>(told, [&] { return value; });
}

template <class F, class... A> result<bool> flag(F function, A... arguments) {
    std::int32_t value = 0;
    auto *told = function(arguments..., &value);
    return ended<bool>(told, [&] { return value != 0; });
}

template <class E, class F, class... A> result<E> choice(F function, A... arguments) {
    std::int32_t value = 0;
    auto *told = function(arguments..., &value);
    return ended<E>(told, [&] { return static_cast<E>(value); });
}

template <class F, class... A> result<time_point> time(F function, A... arguments) {
    std::int64_t value = 0;
    auto *told = function(arguments..., &value);
    return ended<time_point>(told, [&] { return time_point(std::chrono::seconds(value)); });
}

template <class F, class... A> result<std::optional<time_point>> maybe_time(F function, A... arguments) {
    std::int32_t present = 0;
    std::int64_t value = 0;
    auto *told = function(arguments..., &present, &value);
    return ended<std::optional<time_point>>(
        told, [&] { return present != 0 ? std::optional(time_point(std::chrono::seconds(value))) : std::nullopt; });
}

/* For outputs that are handles: `T` takes the handle. */
template <class T, class F, class... A> result<T> object(F function, A... arguments) {
    typename T::handle_type *handle = nullptr;
    auto *told = function(arguments..., &handle);
    return ended<T>(told, [&] { return T(handle); });
}

inline std::string copied(thrivosign_buffer *taken) {
    const std::unique_ptr<thrivosign_buffer, void (*)(thrivosign_buffer *)> held(taken, thrivosign_buffer_free);
    return std::string(reinterpret_cast<const char *>(thrivosign_buffer_data(taken)), thrivosign_buffer_size(taken));
}

template <class F, class... A> result<std::string> words(F function, A... arguments) {
    thrivosign_buffer *handle = nullptr;
    auto *told = function(arguments..., &handle);
    return ended<std::string>(told, [&] { return copied(handle); });
}

template <class F, class... A> result<std::optional<std::string>> maybe_words(F function, A... arguments) {
    thrivosign_buffer *handle = nullptr;
    auto *told = function(arguments..., &handle);
    return ended<std::optional<std::string>>(
        told, [&] { return handle != nullptr ? std::optional(copied(handle)) : std::nullopt; });
}

/* What all owners of a handle have in common. A moved-from one holds none, and every call on it fails with null_argument. */
template <class Self, class H, thrivosign_error *(*Ref)(const H *, H **), void (*Free)(H *)> class owner {
public:
    using handle_type = H;

    /** Takes the handle. */
    explicit owner(H *taken) noexcept : handle_(taken) {}
    owner(owner &&other) noexcept : handle_(other.release()) {}
    owner &operator=(owner &&other) noexcept {
        if (this != &other) {
            Free(handle_);
            handle_ = other.release();
        }
        return *this;
    }
    owner(const owner &) = delete;
    owner &operator=(const owner &) = delete;
    ~owner() { Free(handle_); }

    /** For functions of thrivosign.h; stays this object's. */
    H *get() const noexcept { return handle_; }
    /** For functions of thrivosign.h; the caller's from now on. */
    H *release() noexcept { return std::exchange(handle_, nullptr); }
    /** Whether there is a handle. */
    explicit operator bool() const noexcept { return handle_ != nullptr; }
    /** Another owner of the same object. */
    result<Self> share() const { return object<Self>(Ref, static_cast<const H *>(handle_)); }

private:
    H *handle_;
};

/* Runs what an object of the program's own answers to a callback, and gives the code for it. Nothing gets past this. */
template <class Call> std::int32_t answer(Call call) noexcept {
    constexpr std::int32_t other = -1; /* Any number that is no code: the library's usual code for that callback. */
#ifdef THRIVOSIGN_NO_EXCEPTIONS
    const result<void> told = call();
    const auto code = told ? 0 : static_cast<std::int32_t>(told.error().code());
    return told || code != 0 ? code : other;
#else
    try {
        call();
        return 0;
    } catch (const error &failure) {
        const auto code = static_cast<std::int32_t>(failure.code());
        return code != 0 ? code : other;
    } catch (...) {
        return other;
    }
#endif
}

/* Goes on with a value if there is one. */
template <class T, class Next> result<void> then(result<T> value, Next next) {
#ifdef THRIVOSIGN_NO_EXCEPTIONS
    if (!value) {
        return value.error();
    }
    return next(std::move(*value));
#else
    return next(std::move(value));
#endif
}

inline result<void> give(thrivosign_sink *sink, bytes_view bytes) { return ended(thrivosign_sink_append(sink, bytes.data(), bytes.size())); }

/* `destroy` of every table of callbacks. */
template <class T> void destroyed(void *context) noexcept { delete static_cast<T *>(context); }

/* Hands an object to the library, which has it from success on. */
template <class T, class Table, class Take> thrivosign_error *handed_over(std::unique_ptr<T> &object, Table &table, Take take) {
    table.struct_size = sizeof(Table);
    table.destroy = destroyed<T>;
    table.context = object.get();
    /* Without an object there is nothing to call: the library says so. */
    auto *told = take(object ? &table : static_cast<Table *>(nullptr));
    if (told == nullptr) {
        static_cast<void>(object.release());
    }
    return told;
}

} /* namespace detail */

/* ---- The library ---- */

/** The version of the library, such as `0.1.0`; that of the header is THRIVOSIGN_VERSION. */
inline const char *version() noexcept { return thrivosign_version(); }
inline std::uint32_t abi_version() noexcept { return thrivosign_abi_version(); }
inline bool has_feature(text name) noexcept { return thrivosign_has_feature(name.c_str()) != 0; }
/** How many handles there are that were not freed. */
inline std::size_t objects_alive() noexcept { return thrivosign_objects_alive(); }
/** Ends what is under way with services, and the network thread. */
inline void shutdown() noexcept { thrivosign_shutdown(); }

/** The program's log. Called on any thread, on several at once; must not block. What it throws is dropped. */
class log_sink {
public:
    virtual ~log_sink() = default;
    virtual void event(const thrivosign_log_event &event) = 0;
};

/** After the call events up to that level go there; an empty pointer switches the log off. */
inline result<void> set_log(log_level level, std::unique_ptr<log_sink> sink) {
    const auto number = static_cast<std::int32_t>(level);
    if (!sink) {
        return detail::ended(thrivosign_log_set(number, nullptr));
    }
    thrivosign_log_callbacks table = {};
    table.event = [](void *context, const thrivosign_log_event *event) {
        static_cast<void>(detail::answer([&]() -> result<void> {
            static_cast<log_sink *>(context)->event(*event);
            return result<void>();
        }));
    };
    return detail::ended(detail::handed_over(sink, table, [&](auto *callbacks) { return thrivosign_log_set(number, callbacks); }));
}

/** Bytes of the library's. */
class buffer : public detail::owner<buffer, thrivosign_buffer, thrivosign_buffer_ref, thrivosign_buffer_free> {
public:
    using owner::owner;
    const std::uint8_t *data() const noexcept { return thrivosign_buffer_data(get()); }
    std::size_t size() const noexcept { return thrivosign_buffer_size(get()); }
    bytes_view view() const noexcept { return bytes_view(data(), size()); }
    std::string_view words() const noexcept { return std::string_view(reinterpret_cast<const char *>(data()), size()); }
    operator bytes_view() const noexcept { return view(); }
};

/** Ends calls from another thread. */
class cancel : public detail::owner<cancel, thrivosign_cancel, thrivosign_cancel_ref, thrivosign_cancel_free> {
public:
    using owner::owner;
    static result<cancel> create() { return detail::object<cancel>(thrivosign_cancel_new); }
    /** After the call every call with this token ends soon, with error_kind::cancelled. */
    result<void> now() const { return detail::ended(thrivosign_cancel_cancel(get())); }
    result<bool> is_cancelled() const { return detail::flag(thrivosign_cancel_is_cancelled, get()); }
};

/** What a call may take, and whom it tells. */
struct call {
    const thrivosign::cancel *token = nullptr;
    /** For the whole; zero: no limit. */
    std::chrono::milliseconds timeout{0};
    /** For one try of one exchange with the service; zero: 30 seconds. */
    std::chrono::milliseconds per_call_timeout{0};
    /** Told bytes done of bytes in all, on the thread of the call; of a batch, documents, on threads of the call's own. What it throws is dropped. */
    std::function<void(std::uint64_t, std::uint64_t)> progress{};
};

/** Which findings stop a signature. */
class preflight_policy : public detail::owner<preflight_policy, thrivosign_preflight_policy, thrivosign_preflight_policy_ref, thrivosign_preflight_policy_free> {
public:
    using owner::owner;
    /** `report`: stops at nothing but a certification that forbids the signature. `bank`: stops at every finding but mere size, and at what was not
     *  looked at. */
    static result<preflight_policy> named(text name) { return detail::object<preflight_policy>(thrivosign_preflight_policy_new, name.c_str()); }
    /** Lets findings of that code pass. */
    result<void> allow(text code) { return detail::ended(thrivosign_preflight_policy_allow(get(), code.c_str())); }
};

namespace detail {

inline std::uint64_t milliseconds(std::chrono::milliseconds time) noexcept {
    return time.count() > 0 ? static_cast<std::uint64_t>(time.count()) : 0;
}

} /* namespace detail */

/** Whom to believe. */
class trust : public detail::owner<trust, thrivosign_trust, thrivosign_trust_ref, thrivosign_trust_free> {
public:
    using owner::owner;
    /** Every certificate of a PEM text, or one DER certificate; of an empty text, none. */
    static result<trust> from_pem(bytes_view pem) { return detail::object<trust>(thrivosign_trust_new_from_pem, pem.data(), pem.size()); }
    /** The same, and beside it every certificate of a PEM text, or one DER certificate, for that use alone. */
    result<trust> with(role used_for, bytes_view pem) const {
        return detail::object<trust>(thrivosign_trust_new_with_role, static_cast<const thrivosign_trust *>(get()),
                                     static_cast<std::int32_t>(used_for), pem.data(), pem.size());
    }
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_trust_count, get()); }
};

/** Certificates, lists of revoked ones and OCSP responses at hand. Nothing in it is trusted because it is there. */
class evidence : public detail::owner<evidence, thrivosign_evidence, thrivosign_evidence_ref, thrivosign_evidence_free> {
public:
    using owner::owner;
    static result<evidence> create() { return detail::object<evidence>(thrivosign_evidence_new); }
    /** Every certificate of a PEM text, or one DER certificate; all of them or none. */
    result<void> add_certificates(bytes_view pem) { return detail::ended(thrivosign_evidence_add_certificates(get(), pem.data(), pem.size())); }
    /** Every list of a PEM text, or one in DER; all of them or none. */
    result<void> add_crls(bytes_view crl) { return detail::ended(thrivosign_evidence_add_crls(get(), crl.data(), crl.size())); }
    /** One response, DER. */
    result<void> add_ocsp(bytes_view response) { return detail::ended(thrivosign_evidence_add_ocsp(get(), response.data(), response.size())); }
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_evidence_count, get()); }
};

/** A time-stamping authority (RFC 3161), with what it may take. */
struct time_stamp_authority {
    /** http or https. */
    std::string url{};
    /** The policy that is asked for, as dotted numbers; nothing: any. */
    std::optional<std::string> policy{};
    /** How often it is asked at most, where asking again may help; 0: twice. */
    std::uint32_t tries = 0;
    /** How long one answer may take; zero: ten seconds. */
    std::chrono::milliseconds timeout{0};
};

/** How far signatures are to be raised, and with what. */
class extension : public detail::owner<extension, thrivosign_extension, thrivosign_extension_ref, thrivosign_extension_free> {
public:
    using owner::owner;
    /** To level::bt, blt or blta; `anchors` is whom to trust, for signers, responders and time-stamping authorities. Nobody is asked yet. */
    static result<extension> create(level goal, const trust &anchors) {
        return detail::object<extension>(thrivosign_extension_new, static_cast<std::int32_t>(goal), static_cast<const thrivosign_trust *>(anchors.get()));
    }
    /** One more, asked if those before it gave nothing of use. */
    result<void> add_authority(const time_stamp_authority &authority) {
        return detail::ended(thrivosign_extension_add_authority(get(), text(authority.url).c_str(),
                                                                authority.policy ? text(*authority.policy).c_str() : nullptr, authority.tries,
                                                                detail::milliseconds(authority.timeout)));
    }
    /** Which addresses may be asked; none at first. */
    result<void> set_reach(reach allowed) { return detail::ended(thrivosign_extension_set_reach(get(), static_cast<std::int32_t>(allowed))); }
    /** Used as it is now, before anything is fetched; NULL: none. */
    result<void> set_evidence(const evidence *at_hand) {
        return detail::ended(thrivosign_extension_set_evidence(get(), at_hand != nullptr ? at_hand->get() : nullptr));
    }
    /** Judges at that time instead of now. */
    result<void> set_time(time_point time) { return detail::ended(thrivosign_extension_set_time(get(), time.time_since_epoch().count())); }
};

/** How a document is opened and checked when it is signed. */
struct sign_options {
    std::optional<std::string> password{};
    /** SHA-256, 32 bytes, of what the person was shown: another document is not signed. */
    std::vector<std::uint8_t> shown_sha256{};
    bool full_recheck = false;
    /** Looks the document over first and stops where this policy does; needed until the call ends. */
    const preflight_policy *preflight = nullptr;
    thrivosign::damage damage = thrivosign::damage::append;
    /** The most bytes of a document that is written anew; zero: 64 MiB. */
    std::uint64_t rewrite_limit = 0;
    /** How far the signature is raised once it is made, and with what; NULL: it stays at B-B. Needed until the call ends. */
    const thrivosign::extension *extension = nullptr;
    /** Embeds a record of the signing in the document, before it is signed, so that the signature covers it. */
    bool carry_evidence = false;
    /** The text that the person agreed to, for that record; whoever has the document can read it. */
    std::optional<std::string> consent{};
    /** For orders alone: the name of an order of the same id and document, of a key that is no more, whose place this one takes. */
    std::optional<std::string> in_place_of{};
};

/** How a document is judged. */
struct verify_options {
    std::optional<std::string> password{};
    /** When certificates are judged; nothing: now. */
    std::optional<time_point> time{};
    thrivosign::revocation revocation = thrivosign::revocation::if_available;
    /** Evidence beside what the document carries; needed until the call ends. */
    const thrivosign::evidence *evidence = nullptr;
};

namespace detail {

/* The header's struct for a call; lives as long as the call. */
class c_call {
public:
    explicit c_call(const call &from) noexcept : table_{} {
        table_.struct_size = sizeof(table_);
        table_.cancel = from.token != nullptr ? from.token->get() : nullptr;
        table_.timeout_ms = milliseconds(from.timeout);
        table_.per_call_timeout_ms = milliseconds(from.per_call_timeout);
        if (from.progress) {
            table_.context = const_cast<call *>(&from);
            table_.progress = [](void *context, std::uint64_t done, std::uint64_t total) {
                static_cast<void>(answer([&]() -> result<void> {
                    static_cast<const call *>(context)->progress(done, total);
                    return result<void>();
                }));
            };
        }
    }
    operator const thrivosign_call *() const noexcept { return &table_; }

private:
    thrivosign_call table_;
};

class c_sign_options {
public:
    explicit c_sign_options(const sign_options &from) noexcept : table_{} {
        table_.struct_size = sizeof(table_);
        if (from.password) {
            table_.password = bytes_of(*from.password).data();
            table_.password_size = from.password->size();
        }
        /* What is no SHA-256 is the digest of no document. */
        table_.shown_sha256 = from.shown_sha256.empty() ? nullptr : from.shown_sha256.size() == 32 ? from.shown_sha256.data() : none_;
        table_.full_recheck = from.full_recheck ? 1 : 0;
        table_.preflight = from.preflight != nullptr ? from.preflight->get() : nullptr;
        table_.damage = static_cast<std::int64_t>(from.damage);
        table_.rewrite_limit = from.rewrite_limit;
        table_.extension = from.extension != nullptr ? from.extension->get() : nullptr;
        table_.carry_evidence = from.carry_evidence ? 1 : 0;
        table_.consent = from.consent ? from.consent->c_str() : nullptr;
        table_.in_place_of = from.in_place_of ? from.in_place_of->c_str() : nullptr;
    }
    operator const thrivosign_sign_options *() const noexcept { return &table_; }

private:
    static constexpr std::uint8_t none_[32] = {};
    thrivosign_sign_options table_;
};

class c_verify_options {
public:
    explicit c_verify_options(const verify_options &from) noexcept : table_{} {
        table_.struct_size = sizeof(table_);
        if (from.password) {
            table_.password = bytes_of(*from.password).data();
            table_.password_size = from.password->size();
        }
        if (from.time) {
            time_ = from.time->time_since_epoch().count();
            table_.unix_time = &time_;
        }
        table_.revocation = static_cast<std::int32_t>(from.revocation);
        table_.evidence = from.evidence != nullptr ? from.evidence->get() : nullptr;
    }
    c_verify_options(const c_verify_options &) = delete;
    c_verify_options &operator=(const c_verify_options &) = delete;
    operator const thrivosign_verify_options *() const noexcept { return &table_; }

private:
    thrivosign_verify_options table_;
    std::int64_t time_ = 0;
};

} /* namespace detail */

/* ---- Keys ---- */

/** Certificates, in the order given. */
class certificates : public detail::owner<certificates, thrivosign_certificates, thrivosign_certificates_ref, thrivosign_certificates_free> {
public:
    using owner::owner;
    /** Of a PEM text, or one DER certificate. */
    static result<certificates> from_pem(bytes_view pem) {
        return detail::object<certificates>(thrivosign_certificates_new_from_pem, pem.data(), pem.size());
    }
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_certificates_count, get()); }
    result<buffer> der(std::size_t index) const { return detail::object<buffer>(thrivosign_certificates_der, get(), index); }
    result<std::string> subject(std::size_t index) const { return detail::words(thrivosign_certificates_subject, get(), index); }
};

/** What there is to know of a key. */
class key_info : public detail::owner<key_info, thrivosign_key_info, thrivosign_key_info_ref, thrivosign_key_info_free> {
public:
    using owner::owner;
    result<std::string> name() const { return detail::words(thrivosign_key_info_name, get()); }
    /** SubjectPublicKeyInfo, DER. */
    result<buffer> public_key() const { return detail::object<buffer>(thrivosign_key_info_public_key, get()); }
    result<key_algorithm> algorithm() const { return detail::choice<key_algorithm>(thrivosign_key_info_algorithm, get()); }
    result<thrivosign::protection> protection() const { return detail::choice<thrivosign::protection>(thrivosign_key_info_protection, get()); }
    result<key_purpose> purpose() const { return detail::choice<key_purpose>(thrivosign_key_info_purpose, get()); }
    result<thrivosign::prompt> prompt() const { return detail::choice<thrivosign::prompt>(thrivosign_key_info_prompt, get()); }
};

class key_list : public detail::owner<key_list, thrivosign_key_list, thrivosign_key_list_ref, thrivosign_key_list_free> {
public:
    using owner::owner;
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_key_list_count, get()); }
    result<key_info> key(std::size_t index) const { return detail::object<key_info>(thrivosign_key_list_get, get(), index); }
};

/** What a key store's platform says of a key. */
class attestation : public detail::owner<attestation, thrivosign_attestation, thrivosign_attestation_ref, thrivosign_attestation_free> {
public:
    using owner::owner;
    result<std::string> format() const { return detail::words(thrivosign_attestation_format, get()); }
    result<std::size_t> certificate_count() const { return detail::number<std::size_t>(thrivosign_attestation_certificate_count, get()); }
    result<buffer> certificate(std::size_t index) const { return detail::object<buffer>(thrivosign_attestation_certificate, get(), index); }
    result<buffer> statement() const { return detail::object<buffer>(thrivosign_attestation_statement, get()); }
};

/** What a key store of the program's own tells of a key. */
struct key_facts {
    /** SubjectPublicKeyInfo, DER. */
    std::vector<std::uint8_t> public_key{};
    thrivosign::protection protection = thrivosign::protection::software;
    key_purpose purpose = key_purpose::signing;
    thrivosign::prompt prompt = thrivosign::prompt::per_use;
};

/** What a key store of the program's own attests. */
struct key_statement {
    std::string format{};
    /** DER, the key's own first. */
    std::vector<std::vector<std::uint8_t>> certificates{};
    std::vector<std::uint8_t> statement{};
};

/**
 * A key store of the program's own. Called on the thread of the call that needs it, on several at once if it is used so. To refuse, fail with
 * `error(error_kind::key_..)`; anything else that is thrown counts as key_store_unavailable. What is answered is checked.
 */
class device_key_store {
public:
    virtual ~device_key_store() = default;
    /** Without asking the person. */
    virtual result<key_facts> info(const std::string &name) = 0;
    /** Signs the message, not a digest of it; may wait for the person; never makes a key. ECDSA values are DER. */
    virtual result<std::vector<std::uint8_t>> sign(const std::string &name, bytes_view message, signature_algorithm algorithm) = 0;
    /** Makes a key that cannot be exported. `challenge`, unless empty, is bound into its attestation. */
    virtual result<void> create(const std::string &, key_algorithm, key_purpose, prompt, bytes_view) {
        return detail::failed<void>(error(error_kind::key_algorithm_unsupported));
    }
    virtual result<void> remove(const std::string &) { return detail::failed<void>(error(error_kind::key_not_permitted)); }
    virtual result<std::vector<std::string>> list() {
        return detail::failed<std::vector<std::string>>(error(error_kind::key_store_unavailable));
    }
    virtual result<key_statement> attest(const std::string &, bytes_view) {
        return detail::failed<key_statement>(error(error_kind::attestation_unavailable));
    }
};

/** Private keys: in an encrypted folder, in memory, on a token with a PKCS#11 module, at the service, or wherever the program keeps them. */
class key_store : public detail::owner<key_store, thrivosign_key_store, thrivosign_key_store_ref, thrivosign_key_store_free> {
public:
    using owner::owner;
    /** Locked at first; the folder is made if it is missing. */
    static result<key_store> in_folder(text folder) { return detail::object<key_store>(thrivosign_key_store_new_in_folder, folder.c_str()); }
    static result<key_store> in_memory() { return detail::object<key_store>(thrivosign_key_store_new_in_memory); }
    /** On the token of that label or serial number, or both; one of them may be NULL. Logs in once, and tries a wrong PIN once. */
    static result<key_store> on_token(text module, text label, text serial, text pin) {
        return detail::object<key_store>(thrivosign_key_store_new_on_token, module.c_str(), label.c_str(), serial.c_str(), pin.c_str());
    }
    /** The same for a token on which the person types the PIN, on its reader's pad or at its sensor; waits until it is typed. */
    static result<key_store> on_token_with_pad(text module, text label, text serial) {
        return detail::object<key_store>(thrivosign_key_store_new_on_token_with_pad, module.c_str(), label.c_str(), serial.c_str());
    }
    static result<key_store> from(std::unique_ptr<device_key_store> store);

    result<void> unlock(text passphrase) const { return detail::ended(thrivosign_key_store_unlock(get(), passphrase.c_str())); }
    result<void> lock() const { return detail::ended(thrivosign_key_store_lock(get())); }
    result<void> change_passphrase(text passphrase) const {
        return detail::ended(thrivosign_key_store_change_passphrase(get(), passphrase.c_str()));
    }
    /** Takes the first private key of a file, PEM or DER. `passphrase` may be NULL. */
    result<key_info> import(text name, key_purpose purpose, bytes_view file, text passphrase = nullptr) const {
        return detail::object<key_info>(thrivosign_key_store_import, get(), name.c_str(), static_cast<std::int32_t>(purpose), file.data(),
                                        file.size(), passphrase.c_str());
    }
    /** Takes the private key of a PKCS#12 file as a signing key, and gives its certificates. */
    result<certificates> import_pkcs12(text name, bytes_view file, text password) const {
        return detail::object<certificates>(thrivosign_key_store_import_pkcs12, get(), name.c_str(), file.data(), file.size(), password.c_str());
    }
    result<key_info> create(text name, key_algorithm algorithm, key_purpose purpose, prompt asks = prompt::none, bytes_view challenge = {}) const {
        return detail::object<key_info>(thrivosign_key_store_create, get(), name.c_str(), static_cast<std::int32_t>(algorithm),
                                        static_cast<std::int32_t>(purpose), static_cast<std::int32_t>(asks), challenge.data(), challenge.size());
    }
    /** In a folder, of a key that `backup` gives: for a seal, never for a person's signing key. */
    result<key_info> create_exportable(text name, key_algorithm algorithm, key_purpose purpose) const {
        return detail::object<key_info>(thrivosign_key_store_create_exportable, get(), name.c_str(), static_cast<std::int32_t>(algorithm),
                                        static_cast<std::int32_t>(purpose));
    }
    /** The key as an encrypted file, under a passphrase of its own; refused for every key that was not made for it. */
    result<buffer> backup(text name, text passphrase) const {
        return detail::object<buffer>(thrivosign_key_store_backup, get(), name.c_str(), passphrase.c_str());
    }
    result<key_info> restore(bytes_view file, text passphrase) const {
        return detail::object<key_info>(thrivosign_key_store_restore, get(), file.data(), file.size(), passphrase.c_str());
    }
    result<key_info> info(text name) const { return detail::object<key_info>(thrivosign_key_store_info, get(), name.c_str()); }
    /** Signs the message, not a digest of it. */
    result<buffer> sign(text name, bytes_view message, signature_algorithm algorithm) const {
        return detail::object<buffer>(thrivosign_key_store_sign, get(), name.c_str(), message.data(), message.size(),
                                      static_cast<std::int32_t>(algorithm));
    }
    /** The certificates of a credential at the service, for `signer::from_certificates`; other stores know none. */
    result<certificates> certificates_of(text name) const {
        return detail::object<certificates>(thrivosign_key_store_certificates, get(), name.c_str());
    }
    result<attestation> attest(text name, bytes_view challenge) const {
        return detail::object<attestation>(thrivosign_key_store_attest, get(), name.c_str(), challenge.data(), challenge.size());
    }
    result<void> remove(text name) const { return detail::ended(thrivosign_key_store_delete(get(), name.c_str())); }
    result<key_list> list() const { return detail::object<key_list>(thrivosign_key_store_list, get()); }
};

inline result<key_store> key_store::from(std::unique_ptr<device_key_store> store) {
    using host = device_key_store;
    thrivosign_key_store_callbacks table = {};
    table.info = [](void *context, const char *name, thrivosign_sink *public_key, std::int32_t *protection, std::int32_t *purpose,
                    std::int32_t *prompt) {
        return detail::answer([&] {
            return detail::then<key_facts>(static_cast<host *>(context)->info(name), [&](key_facts facts) {
                *protection = static_cast<std::int32_t>(facts.protection);
                *purpose = static_cast<std::int32_t>(facts.purpose);
                *prompt = static_cast<std::int32_t>(facts.prompt);
                return detail::give(public_key, facts.public_key);
            });
        });
    };
    table.sign = [](void *context, const char *name, const std::uint8_t *message, std::size_t size, std::int32_t algorithm, thrivosign_sink *value) {
        return detail::answer([&] {
            return detail::then<std::vector<std::uint8_t>>(
                static_cast<host *>(context)->sign(name, bytes_view(message, size), static_cast<signature_algorithm>(algorithm)),
                [&](const std::vector<std::uint8_t> &bytes) { return detail::give(value, bytes); });
        });
    };
    table.create = [](void *context, const char *name, std::int32_t algorithm, std::int32_t purpose, std::int32_t asks,
                      const std::uint8_t *challenge, std::size_t size) {
        return detail::answer([&] {
            return static_cast<host *>(context)->create(name, static_cast<key_algorithm>(algorithm), static_cast<key_purpose>(purpose),
                                                        static_cast<prompt>(asks), bytes_view(challenge, size));
        });
    };
    table.remove = [](void *context, const char *name) {
        return detail::answer([&] { return static_cast<host *>(context)->remove(name); });
    };
    table.list = [](void *context, thrivosign_sink *names) {
        return detail::answer([&] {
            return detail::then<std::vector<std::string>>(static_cast<host *>(context)->list(), [&](const std::vector<std::string> &all) {
                for (const auto &name : all) {
                    if (auto *told = thrivosign_sink_append(names, bytes_of(name).data(), name.size())) {
                        return detail::ended(told);
                    }
                }
                return result<void>();
            });
        });
    };
    table.attest = [](void *context, const char *name, const std::uint8_t *challenge, std::size_t size, thrivosign_sink *format,
                      thrivosign_sink *certificates, thrivosign_sink *statement) {
        return detail::answer([&] {
            return detail::then<key_statement>(
                static_cast<host *>(context)->attest(name, bytes_view(challenge, size)), [&](const key_statement &said) {
                    auto *told = thrivosign_sink_append(format, bytes_of(said.format).data(), said.format.size());
                    for (const auto &der : said.certificates) {
                        told = told == nullptr ? thrivosign_sink_append(certificates, der.data(), der.size()) : told;
                    }
                    told = told == nullptr ? thrivosign_sink_append(statement, said.statement.data(), said.statement.size()) : told;
                    return detail::ended(told);
                });
        });
    };
    return detail::object<key_store>([&](thrivosign_key_store **out) {
        return detail::handed_over(store, table, [&](auto *callbacks) { return thrivosign_key_store_new_from_callbacks(callbacks, out); });
    });
}

/* ---- Documents ---- */

/** A document of the program's own. Called on the thread of the call that needs it, on several at once if it is used so. */
class document_source {
public:
    virtual ~document_source() = default;
    /** Bytes of the document; asked once. */
    virtual result<std::uint64_t> size() = 0;
    /** Puts up to `capacity` bytes from `offset` on into `into` and says how many; 0 only at the end. The same place gives the same bytes. */
    virtual result<std::size_t> read_at(std::uint64_t offset, std::uint8_t *into, std::size_t capacity) = 0;
};

/** Where signed documents go in the program's own way. */
class document_sink {
public:
    virtual ~document_sink() = default;
    /** Takes the next bytes. First called when the signature was made and checked; if the call that signs fails all the same, they are void. */
    virtual result<void> write(bytes_view bytes) = 0;
};

/** One signature of a report; good for as long as the report. `document_timestamp`s are among them. */
class report_signature {
public:
    report_signature(const thrivosign_report *report, std::size_t index) noexcept : report_(report), index_(index) {}
    result<std::string> field() const { return detail::words(thrivosign_report_signature_field, report_, index_); }
    result<signature_kind> kind() const { return detail::choice<signature_kind>(thrivosign_report_signature_kind, report_, index_); }
    /** The word a clerk needs. */
    result<bool> clean() const { return detail::flag(thrivosign_report_signature_clean, report_, index_); }
    result<bool> intact() const { return detail::flag(thrivosign_report_signature_intact, report_, index_); }
    result<thrivosign::crypto_status> crypto_status() const {
        return detail::choice<thrivosign::crypto_status>(thrivosign_report_signature_crypto_status, report_, index_);
    }
    result<thrivosign::coverage> coverage() const {
        return detail::choice<thrivosign::coverage>(thrivosign_report_signature_coverage, report_, index_);
    }
    result<thrivosign::permitted> permitted() const {
        return detail::choice<thrivosign::permitted>(thrivosign_report_signature_permitted, report_, index_);
    }
    result<thrivosign::indication> indication() const {
        return detail::choice<thrivosign::indication>(thrivosign_report_signature_indication, report_, index_);
    }
    /** 0 if there is none. */
    result<thrivosign::sub_indication> sub_indication() const {
        return detail::choice<thrivosign::sub_indication>(thrivosign_report_signature_sub_indication, report_, index_);
    }
    result<thrivosign::level> level() const { return detail::choice<thrivosign::level>(thrivosign_report_signature_level, report_, index_); }
    /** Counted from 1. */
    result<std::size_t> revision() const { return detail::number<std::size_t>(thrivosign_report_signature_revision, report_, index_); }
    result<std::size_t> change_count() const { return detail::number<std::size_t>(thrivosign_report_signature_change_count, report_, index_); }
    result<change_kind> change(std::size_t position) const {
        return detail::choice<change_kind>(thrivosign_report_signature_change, report_, index_, position);
    }
    /** Why the signature is not clean, most telling first. */
    result<std::size_t> reason_count() const { return detail::number<std::size_t>(thrivosign_report_signature_reason_count, report_, index_); }
    result<std::string> reason_code(std::size_t position) const {
        return detail::words(thrivosign_report_signature_reason_code, report_, index_, position);
    }
    result<std::string> reason_text(std::size_t position) const {
        return detail::words(thrivosign_report_signature_reason_text, report_, index_, position);
    }
    /** Of the signer's certificate, if there is one. */
    result<std::optional<std::string>> signer_name() const { return detail::maybe_words(thrivosign_report_signature_signer_name, report_, index_); }
    result<std::optional<std::string>> signer_subject() const {
        return detail::maybe_words(thrivosign_report_signature_signer_subject, report_, index_);
    }
    result<std::optional<std::string>> signer_issuer() const {
        return detail::maybe_words(thrivosign_report_signature_signer_issuer, report_, index_);
    }
    result<std::optional<std::string>> signer_serial() const {
        return detail::maybe_words(thrivosign_report_signature_signer_serial, report_, index_);
    }
    result<std::optional<std::string>> signer_sha256() const {
        return detail::maybe_words(thrivosign_report_signature_signer_sha256, report_, index_);
    }
    /** What the signature says of itself. */
    result<std::optional<time_point>> claimed_time() const {
        return detail::maybe_time(thrivosign_report_signature_claimed_time, report_, index_);
    }
    result<std::optional<std::string>> reason() const { return detail::maybe_words(thrivosign_report_signature_reason, report_, index_); }
    result<std::optional<std::string>> location() const { return detail::maybe_words(thrivosign_report_signature_location, report_, index_); }

private:
    const thrivosign_report *report_;
    std::size_t index_;
};

/** The words that a report is told in. Where none are given it is English. */
class words : public detail::owner<words, thrivosign_words, thrivosign_words_ref, thrivosign_words_free> {
public:
    using owner::owner;
    /** Those of the library: `en`, `de`. */
    static result<words> built_in(text language) { return detail::object<words>(thrivosign_words_new, language.c_str()); }
    /** A table of the program's: a JSON object of codes and words. */
    static result<words> from_json(text language, std::string_view json) {
        return detail::object<words>(thrivosign_words_new_from_json, language.c_str(), bytes_of(json).data(), json.size());
    }
    /** Every code with its English word, as JSON. */
    static result<std::string> english() { return detail::words(thrivosign_words_english); }
    static const thrivosign_words *handle(const words *these) noexcept { return these != nullptr ? these->get() : nullptr; }
};

/** What verifying a document found. A forged document is a report, not an error. */
class report : public detail::owner<report, thrivosign_report, thrivosign_report_ref, thrivosign_report_free> {
public:
    using owner::owner;
    /** Whether there is a signature and each one is clean. */
    result<bool> clean() const { return detail::flag(thrivosign_report_clean, get()); }
    result<std::string> to_json() const { return detail::words(thrivosign_report_to_json, get()); }
    result<std::string> to_text() const { return detail::words(thrivosign_report_to_text, get()); }
    /** XML by ETSI TS 119 102-2. */
    result<std::string> to_etsi() const { return detail::words(thrivosign_report_to_etsi, get()); }
    result<std::size_t> revision_count() const { return detail::number<std::size_t>(thrivosign_report_revision_count, get()); }
    result<std::uint64_t> document_size() const { return detail::number<std::uint64_t>(thrivosign_report_document_size, get()); }
    result<bool> encrypted() const { return detail::flag(thrivosign_report_encrypted, get()); }
    result<std::string> to_text(const words &language) const {
        return detail::words(thrivosign_report_to_text_in, static_cast<const thrivosign_report *>(get()), words::handle(&language));
    }
    /** One page that stands alone and opens nothing. */
    result<std::string> to_html(const std::optional<std::string> &name = {}, const words *language = nullptr) const {
        return detail::words(thrivosign_report_to_html, static_cast<const thrivosign_report *>(get()), name ? text(*name).c_str() : nullptr,
                             words::handle(language));
    }
    result<std::size_t> signature_count() const { return detail::number<std::size_t>(thrivosign_report_signature_count, get()); }
    /** Counted from 0, oldest first. */
    report_signature signature(std::size_t index) const noexcept { return report_signature(get(), index); }
};

/** Evidence that could not be had; good for as long as the outcome. */
class missing_evidence {
public:
    missing_evidence(const thrivosign_extended *outcome, std::size_t index) noexcept : outcome_(outcome), index_(index) {}
    /** The certificate that it is about (RFC 4514). */
    result<std::string> subject() const { return detail::words(thrivosign_extended_missing_subject, outcome_, index_); }
    /** That certificate, DER. */
    result<buffer> certificate() const { return detail::object<buffer>(thrivosign_extended_missing_certificate, outcome_, index_); }
    result<thrivosign::lack> lack() const { return detail::choice<thrivosign::lack>(thrivosign_extended_missing_lack, outcome_, index_); }
    /** What is wrong with the chain; nothing where it is not the chain that is lacking. */
    result<std::optional<std::string>> failure() const { return detail::maybe_words(thrivosign_extended_missing_failure, outcome_, index_); }
    /** Addresses that could have helped; 0: the certificate names none. */
    result<std::size_t> asked_count() const { return detail::number<std::size_t>(thrivosign_extended_asked_count, outcome_, index_); }
    result<std::string> asked_url(std::size_t position) const { return detail::words(thrivosign_extended_asked_url, outcome_, index_, position); }
    /** What came of it. */
    result<std::string> asked_code(std::size_t position) const { return detail::words(thrivosign_extended_asked_code, outcome_, index_, position); }

private:
    const thrivosign_extended *outcome_;
    std::size_t index_;
};

/** How far signatures were raised, and what stood in the way. */
class extended : public detail::owner<extended, thrivosign_extended, thrivosign_extended_ref, thrivosign_extended_free> {
public:
    using owner::owner;
    /** The level that all signatures have reached; nothing if one of them is below level::bt. */
    result<std::optional<thrivosign::level>> level() const {
        std::int32_t value = 0;
        auto *told = thrivosign_extended_level(get(), &value);
        return detail::ended<std::optional<thrivosign::level>>(
            told, [&] { return value != 0 ? std::optional(static_cast<thrivosign::level>(value)) : std::nullopt; });
    }
    /** Whether that is what was asked for, or above. */
    result<bool> reached() const { return detail::flag(thrivosign_extended_reached, get()); }
    /** What the verifier says of the result; empty for a signature that was raised as it was made. */
    result<thrivosign::report> report() const { return detail::object<thrivosign::report>(thrivosign_extended_report, get()); }
    /** What ended the raising before its end; error_kind::ok: nothing did. */
    result<error_kind> stopped() const { return detail::choice<error_kind>(thrivosign_extended_stopped, get()); }
    /** Bytes that were appended; 0 if there was nothing to do. */
    result<std::uint64_t> added_size() const { return detail::number<std::uint64_t>(thrivosign_extended_added_size, get()); }
    result<std::size_t> missing_count() const { return detail::number<std::size_t>(thrivosign_extended_missing_count, get()); }
    missing_evidence missing(std::size_t index) const noexcept { return missing_evidence(get(), index); }
    /** Authorities that were asked in vain. */
    result<std::size_t> unanswered_count() const { return detail::number<std::size_t>(thrivosign_extended_unanswered_count, get()); }
    result<std::string> unanswered_url(std::size_t index) const { return detail::words(thrivosign_extended_unanswered_url, get(), index); }
    result<std::string> unanswered_code(std::size_t index) const { return detail::words(thrivosign_extended_unanswered_code, get(), index); }
};

/** Facts and risk markers of a document's newest revision. */
class inspection : public detail::owner<inspection, thrivosign_inspection, thrivosign_inspection_ref, thrivosign_inspection_free> {
public:
    using owner::owner;
    result<std::string> to_json() const { return detail::words(thrivosign_inspection_to_json, get()); }
    /** The PDF version, such as `1.7`. */
    result<std::string> version() const { return detail::words(thrivosign_inspection_version, get()); }
    result<std::uint64_t> pages() const { return detail::number<std::uint64_t>(thrivosign_inspection_pages, get()); }
    result<std::uint64_t> size() const { return detail::number<std::uint64_t>(thrivosign_inspection_size, get()); }
    result<bool> encrypted() const { return detail::flag(thrivosign_inspection_encrypted, get()); }
    result<std::size_t> revision_count() const { return detail::number<std::size_t>(thrivosign_inspection_revision_count, get()); }
    result<std::size_t> field_count() const { return detail::number<std::size_t>(thrivosign_inspection_field_count, get()); }
    result<std::string> field_name(std::size_t index) const { return detail::words(thrivosign_inspection_field_name, get(), index); }
    result<bool> field_signed(std::size_t index) const { return detail::flag(thrivosign_inspection_field_signed, get(), index); }
    result<bool> field_visible(std::size_t index) const { return detail::flag(thrivosign_inspection_field_visible, get(), index); }
    /** Of its widget, counted from 1; nothing if it was not found. */
    result<std::optional<std::uint64_t>> field_page(std::size_t index) const { return page(thrivosign_inspection_field_page, index); }
    result<std::size_t> risk_count() const { return detail::number<std::size_t>(thrivosign_inspection_risk_count, get()); }
    /** The stable code of a risk marker, such as `script`. */
    result<std::string> risk_code(std::size_t index) const { return detail::words(thrivosign_inspection_risk_code, get(), index); }
    result<std::string> risk_text(std::size_t index) const { return detail::words(thrivosign_inspection_risk_text, get(), index); }
    result<std::string> risk_remedy(std::size_t index) const { return detail::words(thrivosign_inspection_risk_remedy, get(), index); }
    /** Counted from 1; nothing if it is on none. */
    result<std::optional<std::uint64_t>> risk_page(std::size_t index) const { return page(thrivosign_inspection_risk_page, index); }
    result<std::optional<std::string>> risk_object(std::size_t index) const {
        return detail::maybe_words(thrivosign_inspection_risk_object, get(), index);
    }
    /** Parts that were not looked at, or only in part. */
    result<std::size_t> unchecked_count() const { return detail::number<std::size_t>(thrivosign_inspection_unchecked_count, get()); }
    result<std::string> unchecked_part(std::size_t index) const { return detail::words(thrivosign_inspection_unchecked_part, get(), index); }
    result<std::string> unchecked_why(std::size_t index) const { return detail::words(thrivosign_inspection_unchecked_why, get(), index); }

private:
    template <class F> result<std::optional<std::uint64_t>> page(F function, std::size_t index) const {
        std::int32_t present = 0;
        std::uint64_t found = 0;
        auto *told = function(get(), index, &present, &found);
        return detail::ended<std::optional<std::uint64_t>>(told, [&] { return present != 0 ? std::optional(found) : std::nullopt; });
    }
};

/** What was found in a document that is to be signed, and what of it stops. */
class preflight : public detail::owner<preflight, thrivosign_preflight, thrivosign_preflight_ref, thrivosign_preflight_free> {
public:
    using owner::owner;
    /** Reasons not to sign under the policy; none: go ahead. */
    result<std::size_t> stop_count() const { return detail::number<std::size_t>(thrivosign_preflight_stop_count, get()); }
    /** The code of one: that of a finding, or `not_checked`. */
    result<std::string> stop(std::size_t index) const { return detail::words(thrivosign_preflight_stop, get(), index); }
    /** All facts and findings, and the parts that were not looked at. */
    result<thrivosign::inspection> inspection() const {
        return detail::object<thrivosign::inspection>(thrivosign_preflight_inspection, static_cast<const thrivosign_preflight *>(get()));
    }
};

/** One page that says that the document of that name could not be checked. */
inline result<std::string> html_failure(const error &failure, const std::optional<std::string> &name = {}, const words *language = nullptr) {
    return detail::words(thrivosign_error_to_html, failure.get(), name ? text(*name).c_str() : nullptr, words::handle(language));
}

/** What changed since one signature. */
class diff : public detail::owner<diff, thrivosign_diff, thrivosign_diff_ref, thrivosign_diff_free> {
public:
    using owner::owner;
    result<std::string> to_json() const { return detail::words(thrivosign_diff_to_json, get()); }
    result<std::string> to_text(const thrivosign::words *language = nullptr) const {
        return detail::words(thrivosign_diff_to_text, get(), thrivosign::words::handle(language));
    }
    result<std::string> field() const { return detail::words(thrivosign_diff_field, get()); }
    /** The revision that the signature covers, counted from 1, and how many there are. */
    result<std::pair<std::size_t, std::size_t>> revision() const {
        std::pair<std::size_t, std::size_t> both{};
        auto *told = thrivosign_diff_revision(get(), &both.first, &both.second);
        return detail::ended<std::pair<std::size_t, std::size_t>>(told, [&] { return both; });
    }
    /** The changes could not be read to the end: there may be more. */
    result<bool> undecided() const { return detail::flag(thrivosign_diff_undecided, get()); }
    result<std::size_t> change_count() const { return detail::number<std::size_t>(thrivosign_diff_change_count, get()); }
    result<thrivosign::change_kind> change_kind(std::size_t index) const {
        return detail::choice<thrivosign::change_kind>(thrivosign_diff_change_kind, get(), index);
    }
    result<thrivosign::permitted> change_permitted(std::size_t index) const {
        return detail::choice<thrivosign::permitted>(thrivosign_diff_change_permitted, get(), index);
    }
    result<std::string> change_detail(std::size_t index) const { return detail::words(thrivosign_diff_change_detail, get(), index); }
};

/** Signatures as they present themselves; nobody has checked them. */
class signature_list
    : public detail::owner<signature_list, thrivosign_signature_list, thrivosign_signature_list_ref, thrivosign_signature_list_free> {
public:
    using owner::owner;
    result<std::string> to_json() const { return detail::words(thrivosign_signature_list_to_json, get()); }
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_signature_list_count, get()); }
    result<std::string> field(std::size_t index) const { return detail::words(thrivosign_signature_list_field, get(), index); }
    /** Anybody can write any name. */
    result<std::optional<std::string>> claimed_signer(std::size_t index) const {
        return detail::maybe_words(thrivosign_signature_list_claimed_signer, get(), index);
    }
    result<std::optional<time_point>> claimed_time(std::size_t index) const {
        return detail::maybe_time(thrivosign_signature_list_claimed_time, get(), index);
    }
    result<std::size_t> revision(std::size_t index) const { return detail::number<std::size_t>(thrivosign_signature_list_revision, get(), index); }
    result<std::optional<std::uint64_t>> page(std::size_t index) const {
        std::int32_t present = 0;
        std::uint64_t found = 0;
        auto *told = thrivosign_signature_list_page(get(), index, &present, &found);
        return detail::ended<std::optional<std::uint64_t>>(told, [&] { return present != 0 ? std::optional(found) : std::nullopt; });
    }
};

/** What was handed over: the revision, counted from 1, and its bytes. */
struct extracted {
    std::size_t revision = 0;
    std::uint64_t size = 0;
};

class output;
class empty_fields;

/** A document to be signed or verified. */
class document : public detail::owner<document, thrivosign_document, thrivosign_document_ref, thrivosign_document_free> {
public:
    using owner::owner;
    /** The regular file at that path, opened now. */
    static result<document> from_path(text path) { return detail::object<document>(thrivosign_document_new_from_path, path.c_str()); }
    /** A copy of these bytes. */
    static result<document> from_memory(bytes_view bytes) {
        return detail::object<document>(thrivosign_document_new_from_memory, bytes.data(), bytes.size());
    }
    static result<document> from(std::unique_ptr<document_source> source) {
        thrivosign_source_callbacks table = {};
        table.len = [](void *context, std::uint64_t *size) {
            return detail::answer([&] {
                return detail::then<std::uint64_t>(static_cast<document_source *>(context)->size(), [&](std::uint64_t told) {
                    *size = told;
                    return result<void>();
                });
            });
        };
        table.read_at = [](void *context, std::uint64_t offset, std::uint8_t *into, std::size_t capacity, std::size_t *read) {
            return detail::answer([&] {
                return detail::then<std::size_t>(static_cast<document_source *>(context)->read_at(offset, into, capacity), [&](std::size_t told) {
                    *read = told;
                    return result<void>();
                });
            });
        };
        return detail::object<document>([&](thrivosign_document **out) {
            return detail::handed_over(source, table, [&](auto *callbacks) { return thrivosign_document_new_from_callbacks(callbacks, out); });
        });
    }

    result<std::uint64_t> size() const { return detail::number<std::uint64_t>(thrivosign_document_size, get()); }
    result<report> verify(const trust &anchors, const verify_options &options = {}, const call &limits = {}) const {
        const detail::c_verify_options judged(options);
        const detail::c_call told(limits);
        return detail::object<report>([&](thrivosign_report **out) { return thrivosign_document_verify(get(), anchors.get(), judged, told, out); });
    }
    /** The same by the rules of a policy file alone (JSON, schema thrivosign-policy-1), which says whom to trust, too. Of the options the password counts,
     *  evidence is added to the file's, and the time is for a file that states none. */
    result<report> verify_by(bytes_view policy, const verify_options &options = {}, const call &limits = {}) const {
        const detail::c_verify_options beside(options);
        const detail::c_call told(limits);
        return detail::object<report>([&](thrivosign_report **out) {
            return thrivosign_document_verify_by(get(), policy.data(), policy.size(), beside, told, out);
        });
    }
    result<inspection> inspect(const std::optional<std::string> &password = {}, const call &limits = {}) const {
        const auto bytes = password ? bytes_of(*password) : bytes_view();
        const detail::c_call told(limits);
        return detail::object<inspection>(
            [&](thrivosign_inspection **out) { return thrivosign_document_inspect(get(), bytes.data(), bytes.size(), told, out); });
    }
    /** What speaks against a signature in the field of that name, or in a new one. Nothing is refused; without a policy it is `report`. */
    result<thrivosign::preflight> preflight(const sign_options &options = {}, const std::optional<std::string> &field = {},
                                            const call &limits = {}) const {
        const detail::c_sign_options opened(options);
        const detail::c_call told(limits);
        return detail::object<thrivosign::preflight>([&](thrivosign_preflight **out) {
            return thrivosign_document_preflight(get(), field ? text(*field).c_str() : nullptr, opened, told, out);
        });
    }
    /** What changed since a signature, counted from 0 in the order of the report. */
    result<thrivosign::diff> diff(std::size_t index, const std::optional<std::string> &password = {}, const call &limits = {}) const {
        const auto bytes = password ? bytes_of(*password) : bytes_view();
        const detail::c_call told(limits);
        return detail::object<thrivosign::diff>(
            [&](thrivosign_diff **out) { return thrivosign_document_diff(get(), index, bytes.data(), bytes.size(), told, out); });
    }
    /** Every signature as it presents itself. */
    result<signature_list> signatures(const std::optional<std::string> &password = {}, const call &limits = {}) const {
        const auto bytes = password ? bytes_of(*password) : bytes_view();
        const detail::c_call told(limits);
        return detail::object<signature_list>(
            [&](thrivosign_signature_list **out) { return thrivosign_document_signatures(get(), bytes.data(), bytes.size(), told, out); });
    }
    /** The document as the signer of a signature saw it goes where `to` says. */
    result<extracted> extract_signed_revision(std::size_t index, const output &to, const std::optional<std::string> &password = {},
                                              const call &limits = {}) const;
    /** The document with what `how` asks for appended, as far as it could be had, is where `to` says. A level that is not reached is no error. */
    result<extended> extend(const extension &how, const output &to, const std::optional<std::string> &password = {}, const call &limits = {}) const;
    /** The document with those fields is where `to` says; gives its length. */
    result<std::uint64_t> add_fields(const empty_fields &fields, const output &to, const std::optional<std::string> &password = {},
                                     const call &limits = {}) const;
};

/** Where a signed document goes. */
class output : public detail::owner<output, thrivosign_output, thrivosign_output_ref, thrivosign_output_free> {
public:
    using owner::owner;
    /** Replaces the file as a whole or not at all. */
    static result<output> to_path(text path, durability kept = durability::fsync) {
        return detail::object<output>(thrivosign_output_new_to_path, path.c_str(), static_cast<std::int32_t>(kept));
    }
    static result<output> to_memory() { return detail::object<output>(thrivosign_output_new_to_memory); }
    static result<output> to(std::unique_ptr<document_sink> sink) {
        thrivosign_output_callbacks table = {};
        table.write = [](void *context, const std::uint8_t *data, std::size_t size) {
            return detail::answer([&] { return static_cast<document_sink *>(context)->write(bytes_view(data, size)); });
        };
        return detail::object<output>([&](thrivosign_output **out) {
            return detail::handed_over(sink, table, [&](auto *callbacks) { return thrivosign_output_new_to_callbacks(callbacks, out); });
        });
    }

    /** The document that last went to memory, once. */
    result<buffer> take() const { return detail::object<buffer>(thrivosign_output_take, get()); }
};

inline result<extracted> document::extract_signed_revision(std::size_t index, const output &to, const std::optional<std::string> &password,
                                                           const call &limits) const {
    const auto bytes = password ? bytes_of(*password) : bytes_view();
    const detail::c_call told(limits);
    extracted handed;
    auto *failure = thrivosign_document_extract_signed_revision(get(), index, bytes.data(), bytes.size(), to.get(), told, &handed.revision,
                                                                &handed.size);
    return detail::ended<extracted>(failure, [&] { return handed; });
}

inline result<extended> document::extend(const extension &how, const output &to, const std::optional<std::string> &password,
                                         const call &limits) const {
    const auto bytes = password ? bytes_of(*password) : bytes_view();
    const detail::c_call told(limits);
    return detail::object<extended>([&](thrivosign_extended **out) {
        return thrivosign_document_extend(get(), how.get(), to.get(), bytes.data(), bytes.size(), told, out);
    });
}

/* ---- Who signs ---- */

/** A certificate of the service's, and the names of its keys. Nothing in it is secret. */
class identity : public detail::owner<identity, thrivosign_identity, thrivosign_identity_ref, thrivosign_identity_free> {
public:
    using owner::owner;
    static result<identity> from_json(std::string_view json) {
        return detail::object<identity>(thrivosign_identity_new_from_json, bytes_of(json).data(), json.size());
    }
    result<std::string> to_json() const { return detail::words(thrivosign_identity_to_json, get()); }
    result<std::string> credential_id() const { return detail::words(thrivosign_identity_credential_id, get()); }
    result<std::string> device_uuid() const { return detail::words(thrivosign_identity_device_uuid, get()); }
    result<certificate_state> state() const { return detail::choice<certificate_state>(thrivosign_identity_state, get()); }
    result<std::string> signing_key() const { return detail::words(thrivosign_identity_signing_key, get()); }
    result<std::string> authentication_key() const { return detail::words(thrivosign_identity_authentication_key, get()); }
    result<std::string> subject() const { return detail::words(thrivosign_identity_subject, get()); }
    result<time_point> not_before() const { return detail::time(thrivosign_identity_not_before, get()); }
    result<time_point> not_after() const { return detail::time(thrivosign_identity_not_after, get()); }
    result<std::size_t> certificate_count() const { return detail::number<std::size_t>(thrivosign_identity_certificate_count, get()); }
    /** DER, the signer's own first. */
    result<buffer> certificate(std::size_t index) const { return detail::object<buffer>(thrivosign_identity_certificate, get(), index); }
};

/** A place told by a text on the page. */
struct anchor {
    std::string text{};
    /** Counted from 1; 0: all pages. */
    std::uint32_t page = 0;
    /** Which place of the text, counted from 1; 0: there must be exactly one. */
    std::uint32_t occurrence = 0;
    /** From the lower left corner of the text to that of the box, to the right and up. */
    double offset_x = 0;
    double offset_y = 0;
    double width = 0;
    double height = 0;
};

/** Of a stroke on a pad. */
struct ink_point {
    double x = 0;
    double y = 0;
};

/** What a signature looks like and says. */
class signature_request
    : public detail::owner<signature_request, thrivosign_signature_request, thrivosign_signature_request_ref, thrivosign_signature_request_free> {
public:
    using owner::owner;
    /** An invisible signature in a new field, now. */
    static result<signature_request> create() { return detail::object<signature_request>(thrivosign_signature_request_new); }
    result<void> set_time(time_point time) {
        return detail::ended(thrivosign_signature_request_set_time(get(), time.time_since_epoch().count()));
    }
    result<void> set_field(text name) { return detail::ended(thrivosign_signature_request_set_field(get(), name.c_str())); }
    /** Page counted from 1; units of user space from the lower left corner of the page as a reader sees it. */
    result<void> set_box(std::uint32_t page, double x0, double y0, double x1, double y1) {
        return detail::ended(thrivosign_signature_request_set_box(get(), page, x0, y0, x1, y1));
    }
    result<void> set_reason(text reason) { return detail::ended(thrivosign_signature_request_set_reason(get(), reason.c_str())); }
    result<void> set_location(text location) { return detail::ended(thrivosign_signature_request_set_location(get(), location.c_str())); }
    result<void> set_contact(text contact) { return detail::ended(thrivosign_signature_request_set_contact(get(), contact.c_str())); }
    result<void> set_name(text name) { return detail::ended(thrivosign_signature_request_set_name(get(), name.c_str())); }
    result<void> add_line(text line) { return detail::ended(thrivosign_signature_request_add_line(get(), line.c_str())); }
    result<void> set_extra_room(std::size_t bytes) { return detail::ended(thrivosign_signature_request_set_extra_room(get(), bytes)); }

    /* Where it shows. */
    result<void> set_invisible() { return detail::ended(thrivosign_signature_request_set_invisible(get())); }
    /** In the next free place of that page; 0: the last one. */
    result<void> set_next_free(double width, double height, std::uint32_t page = 0) {
        return detail::ended(thrivosign_signature_request_set_next_free(get(), page, width, height));
    }
    /** Beside a text. */
    result<void> set_anchor(const anchor &place) {
        return detail::ended(thrivosign_signature_request_set_anchor(get(), place.text.c_str(), place.page, place.occurrence, place.offset_x,
                                                                     place.offset_y, place.width, place.height));
    }

    /* What it forbids. */
    /** Makes it a certification; nothing: an approval signature. */
    result<void> set_certification(std::optional<doc_mdp> level) {
        return detail::ended(thrivosign_signature_request_set_certification(get(), level ? static_cast<std::int32_t>(*level) : 0));
    }
    /** Locks form fields: all, those that `add_locked_field` names, or all but those; nothing: none. */
    result<void> set_lock(std::optional<field_lock> action) {
        return detail::ended(thrivosign_signature_request_set_lock(get(), action ? static_cast<std::int32_t>(*action) : 0));
    }
    result<void> add_locked_field(text name) { return detail::ended(thrivosign_signature_request_add_locked_field(get(), name.c_str())); }

    /* What it looks like. */
    /** A line with `{name} {reason} {date} {location} {serial}` to be filled. */
    result<void> add_template(text line) { return detail::ended(thrivosign_signature_request_add_template(get(), line.c_str())); }
    result<void> clear_text() { return detail::ended(thrivosign_signature_request_clear_text(get())); }
    /** A PNG or JPEG file; empty: no picture. */
    result<void> set_image(bytes_view file) { return detail::ended(thrivosign_signature_request_set_image(get(), file.data(), file.size())); }
    /** Handwriting: the size of the pad and the width of the pen, and then the strokes. */
    result<void> set_ink_pad(double width, double height, double pen) {
        return detail::ended(thrivosign_signature_request_set_ink_pad(get(), width, height, pen));
    }
    /** x to the right, y downwards from the pad's upper left corner. */
    result<void> add_ink_stroke(const std::vector<ink_point> &points) {
        std::vector<double> pairs;
        pairs.reserve(points.size() * 2);
        for (const auto &point : points) {
            pairs.push_back(point.x);
            pairs.push_back(point.y);
        }
        return detail::ended(thrivosign_signature_request_add_ink_stroke(get(), pairs.data(), points.size()));
    }
    /** A link that a camera reads; nothing: none. */
    result<void> set_link(const std::optional<std::string> &url) {
        return detail::ended(thrivosign_signature_request_set_link(get(), url ? text(*url).c_str() : nullptr));
    }
    /** A font file; empty: the bundled font. */
    result<void> set_font(bytes_view file, std::uint32_t index = 0) {
        return detail::ended(thrivosign_signature_request_set_font(get(), file.data(), file.size(), index));
    }
    result<void> set_arrangement(thrivosign::arrangement shared) {
        return detail::ended(thrivosign_signature_request_set_arrangement(get(), static_cast<std::int32_t>(shared)));
    }
    result<void> set_frame(thrivosign::frame around) {
        return detail::ended(thrivosign_signature_request_set_frame(get(), static_cast<std::int32_t>(around)));
    }
};

/** Signature fields that a document shall get. */
class empty_fields : public detail::owner<empty_fields, thrivosign_empty_fields, thrivosign_empty_fields_ref, thrivosign_empty_fields_free> {
public:
    using owner::owner;
    static result<empty_fields> create() { return detail::object<empty_fields>(thrivosign_empty_fields_new); }
    /** A field for such a signature to come: of its name, in its place, with its lock. */
    result<void> add(const signature_request &request) { return detail::ended(thrivosign_empty_fields_add(get(), request.get())); }
    /** A reason that the signer of the field added last may give. */
    result<void> add_reason(text reason) { return detail::ended(thrivosign_empty_fields_add_reason(get(), reason.c_str())); }
};

inline result<std::uint64_t> document::add_fields(const empty_fields &fields, const output &to, const std::optional<std::string> &password,
                                                  const call &limits) const {
    const auto bytes = password ? bytes_of(*password) : bytes_view();
    const detail::c_call told(limits);
    std::uint64_t size = 0;
    auto *failure = thrivosign_document_add_fields(get(), fields.get(), to.get(), bytes.data(), bytes.size(), told, &size);
    return detail::ended<std::uint64_t>(failure, [&] { return size; });
}

/** A signature that was made and checked. */
class signed_document : public detail::owner<signed_document, thrivosign_signed, thrivosign_signed_ref, thrivosign_signed_free> {
public:
    using owner::owner;
    result<std::string> field() const { return detail::words(thrivosign_signed_field, get()); }
    result<std::uint64_t> source_size() const { return detail::number<std::uint64_t>(thrivosign_signed_source_size, get()); }
    result<std::uint64_t> size() const { return detail::number<std::uint64_t>(thrivosign_signed_size, get()); }
    result<std::uint64_t> revision_size() const { return detail::number<std::uint64_t>(thrivosign_signed_revision_size, get()); }
    /** Where `/Contents` begins and ends: the offsets of `<` and of the byte behind `>`. */
    result<std::pair<std::uint64_t, std::uint64_t>> contents() const {
        std::pair<std::uint64_t, std::uint64_t> range{};
        auto *told = thrivosign_signed_contents(get(), &range.first, &range.second);
        return detail::ended<std::pair<std::uint64_t, std::uint64_t>>(told, [&] { return range; });
    }
    result<buffer> content_digest() const { return detail::object<buffer>(thrivosign_signed_content_digest, get()); }
    /** What was done about the document's damage. */
    result<thrivosign::repair> repair() const { return detail::choice<thrivosign::repair>(thrivosign_signed_repair, get()); }
    /** What was found before it was signed; nothing if the options named no policy. */
    result<std::optional<thrivosign::preflight>> preflight() const {
        thrivosign_preflight *found = nullptr;
        auto *told = thrivosign_signed_preflight(get(), &found);
        return detail::ended<std::optional<thrivosign::preflight>>(
            told, [&] { return found != nullptr ? std::optional<thrivosign::preflight>(std::in_place, found) : std::nullopt; });
    }
    /** How far it was raised once it was made; empty if the options asked for no level. */
    result<thrivosign::extended> extended() const { return detail::object<thrivosign::extended>(thrivosign_signed_extended, get()); }
};

/** Told what came out for each document of a batch: a report, or why there is none. Called on threads of the call's own, on one at a time. What it
 *  throws stops the whole. */
using verify_listener = std::function<void(std::size_t index, const report *judged, const error *failure)>;

/** What came out for all of them. */
struct verify_summary {
    std::size_t clean_count = 0;
    std::size_t not_clean_count = 0;
    std::size_t unsigned_count = 0;
    std::size_t failed_count = 0;
    /** Not looked at, because the whole was stopped. */
    std::size_t left_count = 0;
    /** What stopped the whole. */
    std::optional<error> stopped{};
};

/** Documents to be signed with one key, or verified. */
class batch : public detail::owner<batch, thrivosign_batch, thrivosign_batch_ref, thrivosign_batch_free> {
public:
    using owner::owner;
    static result<batch> create() { return detail::object<batch>(thrivosign_batch_new); }
    /** The document at `input`, and where the signed one goes. */
    result<void> add(text input, text output) { return detail::ended(thrivosign_batch_add(get(), input.c_str(), output.c_str())); }
    /** A document to be verified. */
    result<void> add(text input) { return detail::ended(thrivosign_batch_add(get(), input.c_str(), nullptr)); }
    /** Documents worked at the same time; 0: as many as the machine has processors. */
    result<void> set_jobs(std::uint32_t jobs) { return detail::ended(thrivosign_batch_set_jobs(get(), jobs)); }
    result<void> set_durability(durability kept) {
        return detail::ended(thrivosign_batch_set_durability(get(), static_cast<std::int32_t>(kept)));
    }
    /** Judges every document; one that cannot be read never stops the others. */
    result<verify_summary> verify(const trust &anchors, const verify_listener &listener = {}, order told_in = order::listed,
                                  const verify_options &options = {}, const call &limits = {}) const {
        const detail::c_verify_options judged(options);
        const detail::c_call told(limits);
        thrivosign_verify_listener table = {};
        table.struct_size = sizeof(table);
        table.context = const_cast<verify_listener *>(&listener);
        table.ended = [](void *context, std::size_t index, const thrivosign_report *out, const thrivosign_error *failure) {
            return detail::answer([&]() -> result<void> {
                const auto &hears = *static_cast<const verify_listener *>(context);
                if (out == nullptr) {
                    const auto why = error::lent(failure);
                    hears(index, nullptr, &why);
                    return result<void>();
                }
                thrivosign_report *own = nullptr;
                if (auto *refused = thrivosign_report_ref(out, &own)) {
                    return detail::ended(refused);
                }
                const report shown(own);
                hears(index, &shown, nullptr);
                return result<void>();
            });
        };
        verify_summary summary;
        thrivosign_error *stopped = nullptr;
        auto *failure = thrivosign_batch_verify(get(), anchors.get(), static_cast<std::int32_t>(told_in), judged, listener ? &table : nullptr, told,
                                                &summary.clean_count, &summary.not_clean_count, &summary.unsigned_count, &summary.failed_count,
                                                &summary.left_count, &stopped);
        return detail::ended<verify_summary>(failure, [&] {
            if (stopped != nullptr) {
                summary.stopped.emplace(stopped);
            }
            return std::move(summary);
        });
    }
};

/** Told what became of each document of a batch: `made`, or why there is none. Called on threads of the call's own, on one at a time. What it
 *  throws stops the whole. */
using batch_listener = std::function<void(std::size_t index, const signed_document *made, const error *failure)>;

/** What became of all of them. */
struct batch_summary {
    std::size_t signed_count = 0;
    std::size_t failed_count = 0;
    /** Not signed, because the whole was stopped. */
    std::size_t left_count = 0;
    /** What stopped the whole. */
    std::optional<error> stopped{};
};

class signer;

/** A document that waits for the signature value of a key that may be elsewhere. */
class prepared : public detail::owner<prepared, thrivosign_prepared, thrivosign_prepared_ref, thrivosign_prepared_free> {
public:
    using owner::owner;
    /** `key` is the one that `to_blob` was given. */
    static result<prepared> from_blob(bytes_view blob, bytes_view key = {}) {
        return detail::object<prepared>(thrivosign_prepared_new_from_blob, blob.data(), blob.size(), key.data(), key.size());
    }
    /** For later, and for another process. Without a key `complete` trusts nothing in it. */
    result<buffer> to_blob(bytes_view key = {}) const { return detail::object<buffer>(thrivosign_prepared_to_blob, get(), key.data(), key.size()); }
    /** What the key signs: not a digest. */
    result<buffer> message() const { return detail::object<buffer>(thrivosign_prepared_message, get()); }
    result<signature_algorithm> algorithm() const { return detail::choice<signature_algorithm>(thrivosign_prepared_algorithm, get()); }
    result<std::string> field() const { return detail::words(thrivosign_prepared_field, get()); }
    result<buffer> source_digest() const { return detail::object<buffer>(thrivosign_prepared_source_digest, get()); }
    /** Asks the signer's key; the value is checked. */
    result<buffer> answer(const signer &who, const call &limits = {}) const;
    /** The signed document is where `to` says; this object stays, and can be completed again with the same value. */
    result<signed_document> complete(bytes_view value, const document &from, const output &to, const sign_options &options = {},
                                     const call &limits = {}) const {
        const detail::c_sign_options opened(options);
        const detail::c_call told(limits);
        return detail::object<signed_document>([&](thrivosign_signed **out) {
            return thrivosign_prepared_complete(get(), value.data(), value.size(), from.get(), to.get(), opened, told, out);
        });
    }
};

/** Certificates, the algorithm, and the key where it is at hand. */
class signer : public detail::owner<signer, thrivosign_signer, thrivosign_signer_ref, thrivosign_signer_free> {
public:
    using owner::owner;
    /** Without a store it only prepares documents for a key elsewhere. */
    static result<signer> from_identity(const identity &who, const key_store *store, std::optional<signature_algorithm> algorithm = {}) {
        return detail::object<signer>(thrivosign_signer_new_from_identity, who.get(), handle(store), number(algorithm));
    }
    static result<signer> from_identity(const identity &who, const key_store &store, std::optional<signature_algorithm> algorithm = {}) {
        return from_identity(who, &store, algorithm);
    }
    /** The key's certificate is among those given. */
    static result<signer> from_certificates(const certificates &chain, const key_store &store, text key,
                                            std::optional<signature_algorithm> algorithm = {}) {
        return detail::object<signer>(thrivosign_signer_new_from_certificates, chain.get(), handle(&store), key.c_str(), number(algorithm));
    }
    /** For a key elsewhere, whose certificate is the first. */
    static result<signer> from_certificates(const certificates &chain, std::optional<signature_algorithm> algorithm = {}) {
        return detail::object<signer>(thrivosign_signer_new_from_certificates, chain.get(), handle(nullptr), static_cast<const char *>(nullptr),
                                      number(algorithm));
    }

    result<signature_algorithm> algorithm() const { return detail::choice<signature_algorithm>(thrivosign_signer_algorithm, get()); }
    result<std::size_t> certificate_count() const { return detail::number<std::size_t>(thrivosign_signer_certificate_count, get()); }
    result<buffer> certificate(std::size_t index) const { return detail::object<buffer>(thrivosign_signer_certificate, get(), index); }

    /** The whole signed document is where `to` says, checked by the library's own verifier. The key was asked once, last. */
    result<signed_document> sign(const document &from, const output &to, const signature_request &request, const sign_options &options = {},
                                 const call &limits = {}) const {
        const detail::c_sign_options opened(options);
        const detail::c_call told(limits);
        return detail::object<signed_document>([&](thrivosign_signed **out) {
            return thrivosign_signer_sign(get(), from.get(), to.get(), request.get(), opened, told, out);
        });
    }
    /** The file gets one more revision, or stays as it is. */
    result<signed_document> sign_in_place(text path, const signature_request &request, durability kept = durability::fsync,
                                          const sign_options &options = {}, const call &limits = {}) const {
        const detail::c_sign_options opened(options);
        const detail::c_call told(limits);
        return detail::object<signed_document>([&](thrivosign_signed **out) {
            return thrivosign_signer_sign_in_place(get(), path.c_str(), static_cast<std::int32_t>(kept), request.get(), opened, told, out);
        });
    }
    /** Every document that was told as signed is in place and checked. */
    result<batch_summary> sign_batch(const batch &documents, const signature_request &request, const batch_listener &listener = {},
                                     const sign_options &options = {}, const call &limits = {}) const {
        const detail::c_sign_options opened(options);
        const detail::c_call told(limits);
        thrivosign_batch_listener table = {};
        table.struct_size = sizeof(table);
        table.context = const_cast<batch_listener *>(&listener);
        table.ended = [](void *context, std::size_t index, const thrivosign_signed *made, const thrivosign_error *failure) {
            return detail::answer([&]() -> result<void> {
                const auto &listener = *static_cast<const batch_listener *>(context);
                if (made != nullptr) {
                    thrivosign_signed *own = nullptr;
                    if (auto *refused = thrivosign_signed_ref(made, &own)) {
                        return detail::ended(refused);
                    }
                    const signed_document document(own);
                    listener(index, &document, nullptr);
                } else {
                    const auto why = error::lent(failure);
                    listener(index, nullptr, &why);
                }
                return result<void>();
            });
        };
        batch_summary summary;
        thrivosign_error *stopped = nullptr;
        auto *failure = thrivosign_signer_sign_batch(get(), documents.get(), request.get(), opened, listener ? &table : nullptr, told,
                                                     &summary.signed_count, &summary.failed_count, &summary.left_count, &stopped);
        return detail::ended<batch_summary>(failure, [&] {
            if (stopped != nullptr) {
                summary.stopped.emplace(stopped);
            }
            return std::move(summary);
        });
    }
    /** Asks no key. */
    result<prepared> prepare(const document &from, const signature_request &request, const sign_options &options = {},
                             const call &limits = {}) const {
        const detail::c_sign_options opened(options);
        const detail::c_call told(limits);
        return detail::object<prepared>(
            [&](thrivosign_prepared **out) { return thrivosign_signer_prepare(get(), from.get(), request.get(), opened, told, out); });
    }

private:
    static const thrivosign_key_store *handle(const key_store *store) noexcept { return store != nullptr ? store->get() : nullptr; }
    static std::int32_t number(std::optional<signature_algorithm> algorithm) noexcept {
        return algorithm ? static_cast<std::int32_t>(*algorithm) : 0;
    }
};

/** Settles what an interrupted signature in place left beside the file: it is the old one or the signed one then. */
inline result<recovery> recover_in_place(text path) { return detail::choice<recovery>(thrivosign_in_place_recover, path.c_str()); }

inline result<buffer> prepared::answer(const signer &who, const call &limits) const {
    const detail::c_call told(limits);
    return detail::object<buffer>([&](thrivosign_buffer **out) { return thrivosign_prepared_answer(get(), who.get(), told, out); });
}

/* ---- The service ---- */

/** Told what there is to tell about pins, on the network thread; must not block. What it throws is dropped. */
class pin_observer {
public:
    virtual ~pin_observer() = default;
    virtual void observed(pin_event event) = 0;
};

/** Where the service is and how to reach it. */
class environment : public detail::owner<environment, thrivosign_environment, thrivosign_environment_ref, thrivosign_environment_free> {
public:
    using owner::owner;
    /** The bundled roots, no pins, no proxy, no API key. */
    static result<environment> create(text base_address) {
        return detail::object<environment>(thrivosign_environment_new, base_address.c_str());
    }
    result<void> set_api_key(text key) { return detail::ended(thrivosign_environment_set_api_key(get(), key.c_str())); }
    result<void> set_api_key_header(text name) { return detail::ended(thrivosign_environment_set_api_key_header(get(), name.c_str())); }
    /** The certificates of this PEM text, and no others, may vouch for the service. */
    result<void> set_roots_pem(bytes_view pem) { return detail::ended(thrivosign_environment_set_roots_pem(get(), pem.data(), pem.size())); }
    result<void> set_bundled_roots() { return detail::ended(thrivosign_environment_set_bundled_roots(get())); }
    /** SHA-256 of the SubjectPublicKeyInfo in base64; none, or at least two. */
    result<void> add_pin(text pin) { return detail::ended(thrivosign_environment_add_pin(get(), pin.c_str())); }
    result<void> set_pins_not_after(time_point time) {
        return detail::ended(thrivosign_environment_set_pins_not_after(get(), time.time_since_epoch().count()));
    }
    result<void> set_pins_report_only(bool only) { return detail::ended(thrivosign_environment_set_pins_report_only(get(), only ? 1 : 0)); }
    result<void> set_pin_observer(std::unique_ptr<pin_observer> observer) {
        thrivosign_pin_callbacks table = {};
        table.observed = [](void *context, std::int32_t event) {
            static_cast<void>(detail::answer([&]() -> result<void> {
                static_cast<pin_observer *>(context)->observed(static_cast<pin_event>(event));
                return result<void>();
            }));
        };
        return detail::ended(
            detail::handed_over(observer, table, [&](auto *callbacks) { return thrivosign_environment_set_pin_observer(get(), callbacks); }));
    }
    /** A key (PEM) whose word takes the place of the pins when they change; may be called for several. */
    result<void> add_pin_update_key(bytes_view pem) { return detail::ended(thrivosign_environment_add_pin_update_key(get(), pem.data(), pem.size())); }
    /** The document that `client::pin_document` gave and the program kept. */
    result<void> set_pin_document(text document) { return detail::ended(thrivosign_environment_set_pin_document(get(), document.c_str())); }
    /** What a back office shows of itself when it connects (RFC 8705): a key that does not ask the person, and its chain (PEM). */
    result<void> set_client_certificate(const key_store &store, text authentication_key, bytes_view chain) {
        return detail::ended(
            thrivosign_environment_set_client_certificate(get(), store.get(), authentication_key.c_str(), chain.data(), chain.size()));
    }
    /** The same with a key from a file; `passphrase` may be NULL. */
    result<void> set_client_certificate_file(bytes_view chain, bytes_view key_file, text passphrase = nullptr) {
        return detail::ended(thrivosign_environment_set_client_certificate_file(get(), chain.data(), chain.size(), key_file.data(), key_file.size(),
                                                                                passphrase.c_str()));
    }
    /** `user` and `password` may be NULL. */
    result<void> set_proxy(text address, text user = nullptr, text password = nullptr) {
        return detail::ended(thrivosign_environment_set_proxy(get(), address.c_str(), user.c_str(), password.c_str()));
    }
    result<void> set_user_agent_suffix(text suffix) { return detail::ended(thrivosign_environment_set_user_agent_suffix(get(), suffix.c_str())); }
    /** The OAuth client; `secret` may be NULL. */
    result<void> set_client(text id, text secret = nullptr) {
        return detail::ended(thrivosign_environment_set_client(get(), id.c_str(), secret.c_str()));
    }
    result<void> set_retry_tries(std::uint32_t tries) { return detail::ended(thrivosign_environment_set_retry_tries(get(), tries)); }
    /** Never outside a test. */
    result<void> dangerous_allow_plain_http() { return detail::ended(thrivosign_environment_dangerous_allow_plain_http(get())); }
};

class challenge : public detail::owner<challenge, thrivosign_challenge, thrivosign_challenge_ref, thrivosign_challenge_free> {
public:
    using owner::owner;
    /** The challenge itself; good once. */
    result<std::string> words() const { return detail::words(thrivosign_challenge_text, get()); }
    result<std::chrono::seconds> expires_in() const {
        std::uint64_t seconds = 0;
        auto *told = thrivosign_challenge_expires_in(get(), &seconds);
        return detail::ended<std::chrono::seconds>(told, [&] { return std::chrono::seconds(seconds); });
    }
    /** Where the one-time code went, masked; nothing if none was sent. */
    result<std::optional<std::string>> sent_to() const { return detail::maybe_words(thrivosign_challenge_sent_to, get()); }
};

/** A request that a registration officer must approve. */
class pending_request
    : public detail::owner<pending_request, thrivosign_pending_request, thrivosign_pending_request_ref, thrivosign_pending_request_free> {
public:
    using owner::owner;
    static result<pending_request> from_json(std::string_view json) {
        return detail::object<pending_request>(thrivosign_pending_request_new_from_json, bytes_of(json).data(), json.size());
    }
    result<std::string> to_json() const { return detail::words(thrivosign_pending_request_to_json, get()); }
    result<std::string> id() const { return detail::words(thrivosign_pending_request_id, get()); }
    result<std::chrono::seconds> retry_after() const {
        std::uint64_t seconds = 0;
        auto *told = thrivosign_pending_request_retry_after(get(), &seconds);
        return detail::ended<std::chrono::seconds>(told, [&] { return std::chrono::seconds(seconds); });
    }
};

/** The challenge of an activation. */
class activation : public detail::owner<activation, thrivosign_activation, thrivosign_activation_ref, thrivosign_activation_free> {
public:
    using owner::owner;
    result<std::chrono::seconds> expires_in() const {
        std::uint64_t seconds = 0;
        auto *told = thrivosign_activation_expires_in(get(), &seconds);
        return detail::ended<std::chrono::seconds>(told, [&] { return std::chrono::seconds(seconds); });
    }
};

/** One credential of a list; good for as long as the list. */
class credential {
public:
    credential(const thrivosign_credential_list *list, std::size_t index) noexcept : list_(list), index_(index) {}
    result<std::string> id() const { return detail::words(thrivosign_credential_list_id, list_, index_); }
    result<certificate_state> state() const { return detail::choice<certificate_state>(thrivosign_credential_list_state, list_, index_); }
    /** Nothing if it is activated on no device. */
    result<std::optional<std::string>> device_uuid() const { return detail::maybe_words(thrivosign_credential_list_device_uuid, list_, index_); }
    result<std::string> subject() const { return detail::words(thrivosign_credential_list_subject, list_, index_); }
    result<std::string> serial_number() const { return detail::words(thrivosign_credential_list_serial_number, list_, index_); }
    result<time_point> not_before() const { return detail::time(thrivosign_credential_list_not_before, list_, index_); }
    result<time_point> not_after() const { return detail::time(thrivosign_credential_list_not_after, list_, index_); }
    result<std::optional<time_point>> renew_from() const { return detail::maybe_time(thrivosign_credential_list_renew_from, list_, index_); }
    result<std::size_t> certificate_count() const {
        return detail::number<std::size_t>(thrivosign_credential_list_certificate_count, list_, index_);
    }
    result<buffer> certificate(std::size_t position) const {
        return detail::object<buffer>(thrivosign_credential_list_certificate, list_, index_, position);
    }

private:
    const thrivosign_credential_list *list_;
    std::size_t index_;
};

class credential_list
    : public detail::owner<credential_list, thrivosign_credential_list, thrivosign_credential_list_ref, thrivosign_credential_list_free> {
public:
    using owner::owner;
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_credential_list_count, get()); }
    thrivosign::credential credential(std::size_t index) const noexcept { return thrivosign::credential(get(), index); }
};

/** A remote signature that waits for a device's yes or no, as the person is to see it. Good as long as its list is. */
class pending_authorization {
public:
    pending_authorization(const thrivosign_authorization_list *list, std::size_t index) noexcept : list_(list), index_(index) {}
    result<std::string> id() const { return detail::words(thrivosign_authorization_list_id, list_, index_); }
    result<std::string> credential_id() const { return detail::words(thrivosign_authorization_list_credential_id, list_, index_); }
    /** In the words of whoever asks. */
    result<std::optional<std::string>> description() const { return detail::maybe_words(thrivosign_authorization_list_description, list_, index_); }
    /** One for each document. */
    result<std::size_t> hash_count() const { return detail::number<std::size_t>(thrivosign_authorization_list_hash_count, list_, index_); }
    /** What the yes is to. */
    result<buffer> hash(std::size_t position) const { return detail::object<buffer>(thrivosign_authorization_list_hash, list_, index_, position); }
    /** The name of that hash's document; nothing if whoever asks named none. */
    result<std::optional<std::string>> document_name(std::size_t position) const {
        return detail::maybe_words(thrivosign_authorization_list_document_name, list_, index_, position);
    }
    /** How long an answer is taken, counted from when the list was told. */
    result<std::chrono::seconds> expires_in() const {
        std::uint64_t seconds = 0;
        auto *told = thrivosign_authorization_list_expires_in(list_, index_, &seconds);
        return detail::ended<std::chrono::seconds>(told, [&] { return std::chrono::seconds(seconds); });
    }

private:
    const thrivosign_authorization_list *list_;
    std::size_t index_;
};

/** The oldest first. */
class authorization_list
    : public detail::owner<authorization_list, thrivosign_authorization_list, thrivosign_authorization_list_ref, thrivosign_authorization_list_free> {
public:
    using owner::owner;
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_authorization_list_count, get()); }
    pending_authorization at(std::size_t index) const noexcept { return pending_authorization(get(), index); }
};

/** What the person says to a remote signature. */
enum class decision : std::int32_t {
    /** To all of it. */
    approve = THRIVOSIGN_DECISION_APPROVE,
    decline = THRIVOSIGN_DECISION_DECLINE,
};

/** A request for a certificate that waits for an officer. Good as long as its list is. */
class waiting_request {
public:
    waiting_request(const thrivosign_waiting_request_list *list, std::size_t index) noexcept : list_(list), index_(index) {}
    result<std::string> id() const { return detail::words(thrivosign_waiting_request_list_id, list_, index_); }
    /** Of whoever asks. */
    result<std::string> user_id() const { return detail::words(thrivosign_waiting_request_list_user_id, list_, index_); }
    /** Which enters certificates. */
    result<std::string> name() const { return detail::words(thrivosign_waiting_request_list_name, list_, index_); }
    result<std::string> email() const { return detail::words(thrivosign_waiting_request_list_email, list_, index_); }
    result<std::optional<std::string>> company() const { return detail::maybe_words(thrivosign_waiting_request_list_company, list_, index_); }
    /** That the key is on. */
    result<std::string> device_uuid() const { return detail::words(thrivosign_waiting_request_list_device_uuid, list_, index_); }
    result<std::string> device_name() const { return detail::words(thrivosign_waiting_request_list_device_name, list_, index_); }
    result<std::string> platform() const { return detail::words(thrivosign_waiting_request_list_platform, list_, index_); }
    /** As far as was verified. */
    result<thrivosign::security_level> security_level() const {
        return detail::choice<thrivosign::security_level>(thrivosign_waiting_request_list_security_level, list_, index_);
    }
    result<time_point> asked() const { return detail::time(thrivosign_waiting_request_list_asked, list_, index_); }

private:
    const thrivosign_waiting_request_list *list_;
    std::size_t index_;
};

/** The oldest first. */
class waiting_request_list : public detail::owner<waiting_request_list, thrivosign_waiting_request_list, thrivosign_waiting_request_list_ref, thrivosign_waiting_request_list_free> {
public:
    using owner::owner;
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_waiting_request_list_count, get()); }
    waiting_request at(std::size_t index) const noexcept { return waiting_request(get(), index); }
};

/** A device of somebody this officer answers for. Good as long as its list is. */
class users_device {
public:
    users_device(const thrivosign_users_device_list *list, std::size_t index) noexcept : list_(list), index_(index) {}
    result<std::string> uuid() const { return detail::words(thrivosign_users_device_list_uuid, list_, index_); }
    /** Of its owner. */
    result<std::string> user_id() const { return detail::words(thrivosign_users_device_list_user_id, list_, index_); }
    /** Which enters certificates. */
    result<std::string> name() const { return detail::words(thrivosign_users_device_list_name, list_, index_); }
    result<std::string> email() const { return detail::words(thrivosign_users_device_list_email, list_, index_); }
    result<std::optional<std::string>> company() const { return detail::maybe_words(thrivosign_users_device_list_company, list_, index_); }
    result<std::string> device_name() const { return detail::words(thrivosign_users_device_list_device_name, list_, index_); }
    result<std::string> platform() const { return detail::words(thrivosign_users_device_list_platform, list_, index_); }
    /** As far as was verified. */
    result<thrivosign::security_level> security_level() const {
        return detail::choice<thrivosign::security_level>(thrivosign_users_device_list_security_level, list_, index_);
    }
    result<std::size_t> credential_count() const { return detail::number<std::size_t>(thrivosign_users_device_list_credential_count, list_, index_); }
    result<std::string> credential_id(std::size_t position) const { return detail::words(thrivosign_users_device_list_credential_id, list_, index_, position); }
    result<certificate_state> credential_state(std::size_t position) const {
        return detail::choice<certificate_state>(thrivosign_users_device_list_credential_state, list_, index_, position);
    }
    result<time_point> credential_not_after(std::size_t position) const {
        return detail::time(thrivosign_users_device_list_credential_not_after, list_, index_, position);
    }

private:
    const thrivosign_users_device_list *list_;
    std::size_t index_;
};

/** Those that are not revoked. */
class users_device_list : public detail::owner<users_device_list, thrivosign_users_device_list, thrivosign_users_device_list_ref, thrivosign_users_device_list_free> {
public:
    using owner::owner;
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_users_device_list_count, get()); }
    users_device at(std::size_t index) const noexcept { return users_device(get(), index); }
};

/** What the service stored. */
class agreement : public detail::owner<agreement, thrivosign_agreement, thrivosign_agreement_ref, thrivosign_agreement_free> {
public:
    using owner::owner;
    result<std::string> document_id() const { return detail::words(thrivosign_agreement_document_id, get()); }
    result<buffer> sha256() const { return detail::object<buffer>(thrivosign_agreement_sha256, get()); }
    result<std::uint64_t> size() const { return detail::number<std::uint64_t>(thrivosign_agreement_size, get()); }
    result<std::uint32_t> pages() const { return detail::number<std::uint32_t>(thrivosign_agreement_pages, get()); }
    result<std::uint32_t> signatures() const { return detail::number<std::uint32_t>(thrivosign_agreement_signatures, get()); }
};

/** What the service prepared and filed, and this device signed. */
class submitted : public detail::owner<submitted, thrivosign_submitted, thrivosign_submitted_ref, thrivosign_submitted_free> {
public:
    using owner::owner;
    result<std::string> document_id() const { return detail::words(thrivosign_submitted_document_id, get()); }
    result<std::string> signature_id() const { return detail::words(thrivosign_submitted_signature_id, get()); }
    result<std::string> field() const { return detail::words(thrivosign_submitted_field, get()); }
    result<std::uint64_t> size() const { return detail::number<std::uint64_t>(thrivosign_submitted_size, get()); }
    result<std::uint64_t> signed_size() const { return detail::number<std::uint64_t>(thrivosign_submitted_signed_size, get()); }
    result<buffer> sha256() const { return detail::object<buffer>(thrivosign_submitted_sha256, get()); }
    /** How far the service raised the signature, as this device finds it; empty if the options asked for no level. */
    result<thrivosign::extended> extended() const { return detail::object<thrivosign::extended>(thrivosign_submitted_extended, get()); }
};

/** A box on a page, in points as a reader sees it. */
struct page_box {
    /** From 1. */
    std::uint32_t page = 1;
    double x0 = 0;
    double y0 = 0;
    double x1 = 0;
    double y1 = 0;
};

/** Agreements that several people sign in order, as they stood when the service was asked. Documents and recipients count from 0. */
class package : public detail::owner<package, thrivosign_package, thrivosign_package_ref, thrivosign_package_free> {
public:
    using owner::owner;
    result<std::string> id() const { return detail::words(thrivosign_package_id, get()); }
    result<std::string> name() const { return detail::words(thrivosign_package_name, get()); }
    result<package_state> state() const { return detail::choice<package_state>(thrivosign_package_state, get()); }
    /** Counts its changes. */
    result<std::uint64_t> version() const { return detail::number<std::uint64_t>(thrivosign_package_version, get()); }
    /** User name of whoever made it. */
    result<std::string> owner_name() const { return detail::words(thrivosign_package_owner, get()); }
    /** Whether that is who asked. */
    result<bool> is_owned() const { return detail::flag(thrivosign_package_is_owned, get()); }
    result<time_point> created() const { return detail::time(thrivosign_package_created, get()); }
    result<time_point> expires() const { return detail::time(thrivosign_package_expires, get()); }
    /** Why it was declined or cancelled. */
    result<std::optional<std::string>> reason() const { return detail::maybe_words(thrivosign_package_reason, get()); }

    result<std::size_t> document_count() const { return detail::number<std::size_t>(thrivosign_package_document_count, get()); }
    result<std::string> document_id(std::size_t index) const { return detail::words(thrivosign_package_document_id, get(), index); }
    result<std::string> document_file_name(std::size_t index) const { return detail::words(thrivosign_package_document_file_name, get(), index); }
    result<buffer> document_sha256(std::size_t index) const { return detail::object<buffer>(thrivosign_package_document_sha256, get(), index); }
    result<std::uint64_t> document_size(std::size_t index) const {
        return detail::number<std::uint64_t>(thrivosign_package_document_size, get(), index);
    }
    result<std::uint32_t> document_pages(std::size_t index) const {
        return detail::number<std::uint32_t>(thrivosign_package_document_pages, get(), index);
    }
    result<std::uint32_t> document_signatures(std::size_t index) const {
        return detail::number<std::uint32_t>(thrivosign_package_document_signatures, get(), index);
    }

    result<std::size_t> recipient_count() const { return detail::number<std::size_t>(thrivosign_package_recipient_count, get()); }
    result<std::string> recipient_id(std::size_t index) const { return detail::words(thrivosign_package_recipient_id, get(), index); }
    result<std::string> recipient_user(std::size_t index) const { return detail::words(thrivosign_package_recipient_user, get(), index); }
    result<std::uint32_t> recipient_order(std::size_t index) const {
        return detail::number<std::uint32_t>(thrivosign_package_recipient_order, get(), index);
    }
    result<std::string> recipient_document_id(std::size_t index) const {
        return detail::words(thrivosign_package_recipient_document_id, get(), index);
    }
    /** Nothing if that is the person's choice. */
    result<std::optional<std::string>> recipient_field(std::size_t index) const {
        return detail::maybe_words(thrivosign_package_recipient_field, get(), index);
    }
    /** On page 0 if that is the person's choice. */
    result<page_box> recipient_box(std::size_t index) const {
        page_box box;
        auto *told = thrivosign_package_recipient_box(get(), index, &box.page, &box.x0, &box.y0, &box.x1, &box.y1);
        return detail::ended<page_box>(told, [&] { return box; });
    }
    result<thrivosign::recipient_state> recipient_state(std::size_t index) const {
        return detail::choice<thrivosign::recipient_state>(thrivosign_package_recipient_state, get(), index);
    }
    result<bool> recipient_has_turn(std::size_t index) const { return detail::flag(thrivosign_package_recipient_has_turn, get(), index); }
    /** Whether that is who asked. */
    result<bool> recipient_is_you(std::size_t index) const { return detail::flag(thrivosign_package_recipient_is_you, get(), index); }
    /** The first recipient who is whoever asked and has the turn; `wrong_order` if nothing waits for that person. */
    result<std::size_t> next() const { return detail::number<std::size_t>(thrivosign_package_next, get()); }
};

/** The newest first. */
class package_list : public detail::owner<package_list, thrivosign_package_list, thrivosign_package_list_ref, thrivosign_package_list_free> {
public:
    using owner::owner;
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_package_list_count, get()); }
    result<package> at(std::size_t index) const { return detail::object<package>(thrivosign_package_list_at, get(), index); }
};

/** Text fields of a package's document, and the values that they shall have. */
class field_values
    : public detail::owner<field_values, thrivosign_field_values, thrivosign_field_values_ref, thrivosign_field_values_free> {
public:
    using owner::owner;
    static result<field_values> create() { return detail::object<field_values>(thrivosign_field_values_new); }
    /** In place of a value that the field of that name was to have before. */
    result<void> set(text field, text value) { return detail::ended(thrivosign_field_values_set(get(), field.c_str(), value.c_str())); }
};

/** Who is asked for a signature in a package, and for which. */
struct asked_signature {
    std::string user{};
    std::string document_id{};
    /** From 1; whoever has a lower one signs before, those of the same in any order. */
    std::uint32_t order = 1;
    /** The form field; left to the person if it is not there. */
    std::optional<std::string> field{};
    /** Likewise. */
    std::optional<page_box> box{};
};

/** What a certificate is asked for with. */
struct certificate_order {
    std::string device_uuid{};
    std::string authentication_key{};
    std::string signing_key{};
    std::string subject_name{};
    /** ISO 3166, two letters. */
    std::optional<std::string> country{};
    /** An opaque customer id, never a national one. */
    std::optional<std::string> serial_number{};
    std::optional<std::string> profile{};

    /** The header's struct; good for as long as this and the challenge. */
    thrivosign_certificate_order table(const challenge &asked) const noexcept {
        const auto maybe = [](const std::optional<std::string> &words) { return words ? text(*words).c_str() : nullptr; };
        thrivosign_certificate_order told = {};
        told.struct_size = sizeof(told);
        told.device_uuid = text(device_uuid).c_str();
        told.authentication_key = text(authentication_key).c_str();
        told.signing_key = text(signing_key).c_str();
        told.challenge = asked.get();
        told.subject_name = text(subject_name).c_str();
        told.country = maybe(country);
        told.serial_number = maybe(serial_number);
        told.profile = maybe(profile);
        return told;
    }
};

/** One of the two is there. */
struct requested {
    std::optional<thrivosign::identity> identity{};
    std::optional<pending_request> pending{};
};

/** A document that was signed; `agreement` is missing if filing it failed, and `filing_error` says why. */
struct filed {
    signed_document made;
    std::optional<thrivosign::agreement> agreement{};
    std::optional<error> filing_error{};
};

/** What the attestation of a device's authentication key is bound to: for `key_store::create`, where the service takes only proven keys. */
inline result<buffer> device_attestation_challenge(text device_uuid, text activation_code) {
    return detail::object<buffer>(thrivosign_device_attestation_challenge, device_uuid.c_str(), activation_code.c_str());
}

/** Tokens that somebody else has asked for. */
struct provided_tokens {
    std::string access_token;
    /** Whether they are bound to the key of `client::prove_with`. */
    bool dpop = false;
    std::chrono::seconds expires_in{0};
};

/** Gives tokens: the program's own back end knows the client's secret and logs the person in. Called on the thread of the call that needs them. */
class token_provider {
public:
    virtual ~token_provider() = default;
    /** Tokens that are good now; `error(error_kind::login_required)` if the person must log in anew. */
    virtual result<provided_tokens> tokens() = 0;
};

/** The one-time code that the service wants beside a PIN. */
enum class wanted_code : std::int32_t {
    nothing = THRIVOSIGN_WANTED_CODE_NOTHING,
    /** One that has just been sent. */
    sent = THRIVOSIGN_WANTED_CODE_SENT,
    /** One that the person's generator makes. */
    generated = THRIVOSIGN_WANTED_CODE_GENERATED,
};

/** What the service wants to be shown before it uses a key. */
struct wanted_factors {
    std::string credential_id{};
    bool pin = false;
    wanted_code code = wanted_code::nothing;
};

/** What the person shows. */
struct shown_factors {
    std::string pin{};
    std::string code{};
};

/** Asks the person. Called on the thread of the call that signs, once for each signature, and not at all for a credential that a device approves. */
class factor_source {
public:
    virtual ~factor_source() = default;
    /** `error(error_kind::key_cancelled)` if the person would not. */
    virtual result<shown_factors> ask(const wanted_factors &wanted) = 0;
};

/** What each signature with a remote credential takes beside its PIN. */
enum class second_factor : std::int32_t {
    nothing = THRIVOSIGN_SECOND_FACTOR_NOTHING,
    /** A code that is sent to the person's phone. */
    sms = THRIVOSIGN_SECOND_FACTOR_SMS,
    /** A code that the person's generator makes. */
    totp = THRIVOSIGN_SECOND_FACTOR_TOTP,
};

/** A remote credential that was made. */
struct remote_credential {
    /** The key's name in the store of `client::remote_keys`. */
    std::string credential_id{};
    /** The secret of the person's generator, told this once, under `totp`. */
    std::optional<std::string> totp_secret{};
};

/** A request on its way through HTTP of the program's own, and the answer that it brings. Good until `send` returns. */
class http_exchange {
public:
    explicit http_exchange(thrivosign_http_exchange *exchange) noexcept : exchange_(exchange) {}

    /** Such as `POST`. */
    result<std::string> method() const { return detail::words(thrivosign_http_exchange_method, exchange_); }
    /** The address, its query included. */
    result<std::string> url() const { return detail::words(thrivosign_http_exchange_url, exchange_); }
    /** How many header fields have to be sent, beside those of the connection itself (`Host`, `Content-Length`). */
    result<std::size_t> header_count() const { return detail::number<std::size_t>(thrivosign_http_exchange_header_count, exchange_); }
    /** The field at that index: its name and its value, which may be a secret. */
    result<std::pair<std::string, std::string>> header(std::size_t index) const {
        thrivosign_buffer *name = nullptr, *value = nullptr;
        return detail::ended<std::pair<std::string, std::string>>(thrivosign_http_exchange_header(exchange_, index, &name, &value),
                                                                  [&] { return std::make_pair(detail::copied(name), detail::copied(value)); });
    }
    /** Bytes of the body, which is the `Content-Length`. */
    result<std::uint64_t> body_size() const { return detail::number<std::uint64_t>(thrivosign_http_exchange_body_size, exchange_); }
    /** The next bytes of the body, at most 64 KiB; none only at its end. */
    result<buffer> body(std::uint64_t offset) const { return detail::object<buffer>(thrivosign_http_exchange_body, exchange_, offset); }
    /** After which the exchange has to have ended. */
    result<std::chrono::milliseconds> time_left() const {
        std::uint64_t left = 0;
        return detail::ended<std::chrono::milliseconds>(thrivosign_http_exchange_time_left(exchange_, &left), [&] {
            const auto longest = static_cast<std::uint64_t>((std::chrono::milliseconds::max)().count());
            return std::chrono::milliseconds(static_cast<std::int64_t>(left < longest ? left : longest));
        });
    }
    /** Whether it had better end: what it brings is not used. */
    result<bool> is_cancelled() const { return detail::flag(thrivosign_http_exchange_is_cancelled, exchange_); }

    /** Begins the answer, whatever its status; once for each answer, before its fields and its body. */
    result<void> set_status(std::uint32_t status) { return detail::ended(thrivosign_http_exchange_set_status(exchange_, status)); }
    result<void> add_header(text name, text value) {
        return detail::ended(thrivosign_http_exchange_add_header(exchange_, name.c_str(), value.c_str()));
    }
    /** `error_kind::answer_too_large` for more than the answer may have: reading had better stop there. */
    result<void> append(bytes_view data) { return detail::ended(thrivosign_http_exchange_append(exchange_, data.data(), data.size())); }

private:
    thrivosign_http_exchange *exchange_;
};

/**
 * HTTP of the program's own, in place of the library's. The connection is the program's: it checks the service's certificate and name, heeds pins
 * and proxies, follows no redirect, keeps no cookies and caches nothing. Called on several threads at once if the client is used so.
 */
class http_transport {
public:
    virtual ~http_transport() = default;
    /** Sends the request once and puts the answer into the exchange; an error, best `error_kind::connect_failed`, `tls_failed`, `timed_out` or
     * `connection_cut`, if none came. */
    virtual result<void> send(http_exchange exchange) = 0;
};

/** A user's session with the service. */
class client : public detail::owner<client, thrivosign_client, thrivosign_client_ref, thrivosign_client_free> {
public:
    using owner::owner;
    /** Sends nothing yet. */
    static result<client> create(const environment &where) { return detail::object<client>(thrivosign_client_new, where.get()); }

    /** The same over HTTP of the program's own. The environment must say nothing of roots, pins, proxy and client certificate. */
    static result<client> create(const environment &where, std::unique_ptr<http_transport> http) {
        thrivosign_http_callbacks table = {};
        table.send = [](void *context, thrivosign_http_exchange *exchange) {
            return detail::answer([&] { return static_cast<http_transport *>(context)->send(http_exchange(exchange)); });
        };
        return detail::object<client>([&](thrivosign_client **out) {
            return detail::handed_over(http, table, [&](auto *callbacks) { return thrivosign_client_new_over(where.get(), callbacks, out); });
        });
    }

    /** Tokens are asked for with proofs of that key (DPoP, RFC 9449), and are of no use to whoever steals them. Better before the login. */
    result<void> prove_with(const key_store &store, text authentication_key) const {
        return detail::ended(thrivosign_client_prove_with(get(), store.get(), authentication_key.c_str()));
    }
    result<bool> is_bound() const { return detail::flag(thrivosign_client_is_bound, get()); }
    result<void> login(text username, text password, const call &limits = {}) const {
        return detail::ended(thrivosign_client_login(get(), username.c_str(), password.c_str(), detail::c_call(limits)));
    }
    /** With tokens of the program's own back end, asked for now and whenever they end. */
    result<void> provide_with(std::unique_ptr<token_provider> provider, const call &limits = {}) const {
        thrivosign_token_callbacks table = {};
        table.tokens = [](void *context, thrivosign_sink *access_token, std::int32_t *dpop, std::int64_t *expires_in) {
            return detail::answer([&] {
                return detail::then<provided_tokens>(static_cast<token_provider *>(context)->tokens(), [&](const provided_tokens &given) {
                    *dpop = given.dpop ? 1 : 0;
                    *expires_in = given.expires_in.count();
                    return detail::ended(thrivosign_sink_append(access_token, bytes_of(given.access_token).data(), given.access_token.size()));
                });
            });
        };
        const detail::c_call told(limits);
        return detail::ended(
            detail::handed_over(provider, table, [&](auto *callbacks) { return thrivosign_client_provide_with(get(), callbacks, told); }));
    }
    /** Takes up the newest pins that the service published; true if they are newer. Then `pin_document` is worth keeping. */
    result<bool> update_pins(const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::flag([&](std::int32_t *out) { return thrivosign_client_update_pins(get(), told, out); });
    }
    /** What the pins in force came from; nothing for those of the environment. */
    result<std::optional<std::string>> pin_document() const { return detail::maybe_words(thrivosign_client_pin_document, get()); }
    /** As the OAuth client itself. */
    result<void> login_client(const call &limits = {}) const { return detail::ended(thrivosign_client_login_client(get(), detail::c_call(limits))); }
    result<void> resume(text refresh_token, const call &limits = {}) const {
        return detail::ended(thrivosign_client_resume(get(), refresh_token.c_str(), detail::c_call(limits)));
    }
    /** For the platform's secret storage; nothing if there is none. */
    result<std::optional<std::string>> refresh_token() const { return detail::maybe_words(thrivosign_client_refresh_token, get()); }
    result<bool> is_logged_in() const { return detail::flag(thrivosign_client_is_logged_in, get()); }
    result<void> logout(const call &limits = {}) const { return detail::ended(thrivosign_client_logout(get(), detail::c_call(limits))); }
    /** The service's time now, once it answered. */
    result<std::optional<time_point>> service_time() const { return detail::maybe_time(thrivosign_client_service_time, get()); }

    result<void> send_device_code(const call &limits = {}) const {
        return detail::ended(thrivosign_client_send_device_code(get(), detail::c_call(limits)));
    }
    /** What the service could verify of the key. */
    result<security_level> register_device(const key_store &store, text authentication_key, text device_uuid, text name, text platform,
                                           text activation_code, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::choice<security_level>([&](std::int32_t *out) {
            return thrivosign_client_register_device(get(), store.get(), authentication_key.c_str(), device_uuid.c_str(), name.c_str(),
                                                     platform.c_str(), activation_code.c_str(), told, out);
        });
    }
    result<void> delete_device(text device_uuid, const call &limits = {}) const {
        return detail::ended(thrivosign_client_delete_device(get(), device_uuid.c_str(), detail::c_call(limits)));
    }
    result<challenge> ask_challenge(text device_uuid, authentication_method method, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<challenge>([&](thrivosign_challenge **out) {
            return thrivosign_client_ask_challenge(get(), device_uuid.c_str(), static_cast<std::int32_t>(method), told, out);
        });
    }
    /** A new key that the service keeps. Each signature takes `pin` and the second factor; with NULL for the PIN the device approves each. */
    result<remote_credential> request_remote_credential(text device_uuid, const challenge &asked, authentication_method method, text value,
                                                        text pin, second_factor beside = second_factor::nothing, const call &limits = {}) const {
        const detail::c_call told(limits);
        thrivosign_buffer *id = nullptr;
        thrivosign_buffer *totp = nullptr;
        auto *failed = thrivosign_client_request_remote_credential(get(), device_uuid.c_str(), asked.get(), static_cast<std::int32_t>(method),
                                                                   value.c_str(), pin.c_str(), static_cast<std::int32_t>(beside), told, &id, &totp);
        return detail::ended<remote_credential>(failed, [&] {
            remote_credential made;
            made.credential_id = detail::copied(id);
            if (totp != nullptr) {
                made.totp_secret = detail::copied(totp);
            }
            return made;
        });
    }
    /** The key store over the person's credentials at the service. What a device that is asked for its approval shows may be left out; `limits` hold
     *  for everything that the store asks the service. */
    result<key_store> remote_keys(std::unique_ptr<factor_source> source, text description = nullptr, text document_name = nullptr,
                                  const call &limits = {}) const {
        thrivosign_factor_callbacks table = {};
        table.ask = [](void *context, const char *credential_id, std::int32_t pin_wanted, std::int32_t code_wanted, thrivosign_sink *pin,
                       thrivosign_sink *code) {
            return detail::answer([&] {
                wanted_factors wanted;
                wanted.credential_id = credential_id;
                wanted.pin = pin_wanted != 0;
                wanted.code = static_cast<wanted_code>(code_wanted);
                return detail::then<shown_factors>(static_cast<factor_source *>(context)->ask(wanted), [&](const shown_factors &shown) {
                    auto *failed = thrivosign_sink_append(pin, bytes_of(shown.pin).data(), shown.pin.size());
                    if (failed == nullptr) {
                        failed = thrivosign_sink_append(code, bytes_of(shown.code).data(), shown.code.size());
                    }
                    return detail::ended(failed);
                });
            });
        };
        const detail::c_call told(limits);
        return detail::object<key_store>([&](thrivosign_key_store **out) {
            return detail::handed_over(source, table, [&](auto *callbacks) {
                return thrivosign_key_store_new_remote(get(), callbacks, description.c_str(), document_name.c_str(), told, out);
            });
        });
    }
    /** The remote signatures that wait for that device; where there are none, the service holds the call back for up to `wait`, at most a minute. */
    result<authorization_list> waiting_authorizations(text device_uuid, std::chrono::seconds wait = {}, const call &limits = {}) const {
        const detail::c_call told(limits);
        const auto seconds = static_cast<std::uint64_t>(wait.count() > 0 ? wait.count() : 0);
        return detail::object<authorization_list>([&](thrivosign_authorization_list **out) {
            return thrivosign_client_waiting_authorizations(get(), device_uuid.c_str(), seconds, told, out);
        });
    }
    /** What the person says to the one at that index, once they have seen it: signed by the device's authentication key over its hashes. */
    result<void> answer_authorization(const key_store &store, text authentication_key, const authorization_list &of, std::size_t index,
                                      decision said, const call &limits = {}) const {
        return detail::ended(thrivosign_client_answer_authorization(get(), store.get(), authentication_key.c_str(), of.get(), index,
                                                                    static_cast<std::int32_t>(said), detail::c_call(limits)));
    }
    /** `value` is the one-time code, passphrase or reference that the method asks for. */
    result<requested> order_certificate(const key_store &store, const certificate_order &order, const challenge &asked,
                                        authentication_method method, text value, const call &limits = {}) const {
        const auto table = order.table(asked);
        const detail::c_call told(limits);
        return outcome([&](thrivosign_identity **issued, thrivosign_pending_request **waiting) {
            return thrivosign_client_order_certificate(get(), store.get(), &table, static_cast<std::int32_t>(method), value.c_str(), told, issued,
                                                       waiting);
        });
    }
    result<requested> ask_again(const pending_request &request, const call &limits = {}) const {
        const detail::c_call told(limits);
        return outcome([&](thrivosign_identity **issued, thrivosign_pending_request **waiting) {
            return thrivosign_client_ask_again(get(), request.get(), told, issued, waiting);
        });
    }
    result<activation> begin_activation(const identity &who, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<activation>(
            [&](thrivosign_activation **out) { return thrivosign_client_begin_activation(get(), who.get(), told, out); });
    }
    /** The identity that may sign. */
    result<identity> finish_activation(const key_store &store, const identity &who, const activation &begun, text code,
                                       const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<identity>([&](thrivosign_identity **out) {
            return thrivosign_client_finish_activation(get(), store.get(), who.get(), begun.get(), code.c_str(), told, out);
        });
    }
    result<credential_list> list_credentials(const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<credential_list>(
            [&](thrivosign_credential_list **out) { return thrivosign_client_list_credentials(get(), told, out); });
    }
    result<identity> learn_state(const identity &who, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<identity>([&](thrivosign_identity **out) { return thrivosign_client_learn_state(get(), who.get(), told, out); });
    }
    /** A challenge for one renewal; no code is sent. `service_refused` before the last month of the certificate's life and after its end. */
    result<challenge> ask_renewal_challenge(const identity &who, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<challenge>(
            [&](thrivosign_challenge **out) { return thrivosign_client_ask_renewal_challenge(get(), who.get(), told, out); });
    }
    /** The certificate's successor under another key, which may sign at once; the old one goes on until its end. */
    result<requested> renew_certificate(const key_store &store, const identity &who, text signing_key, const challenge &asked,
                                        const call &limits = {}) const {
        const detail::c_call told(limits);
        return outcome([&](thrivosign_identity **issued, thrivosign_pending_request **waiting) {
            return thrivosign_client_renew_certificate(get(), store.get(), who.get(), signing_key.c_str(), asked.get(), told, issued, waiting);
        });
    }
    result<void> revoke(text credential_id, revocation_reason reason, const call &limits = {}) const {
        return detail::ended(
            thrivosign_client_revoke(get(), credential_id.c_str(), static_cast<std::int32_t>(reason), detail::c_call(limits)));
    }

    result<package_list> list_packages(package_view view, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<package_list>([&](thrivosign_package_list **out) {
            return thrivosign_client_list_packages(get(), static_cast<std::int32_t>(view), told, out);
        });
    }
    result<package> package_status(text package_id, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<package>(
            [&](thrivosign_package **out) { return thrivosign_client_package_status(get(), package_id.c_str(), told, out); });
    }
    /** The document at that index, as it was named. */
    result<void> fetch_from_package(const package &from, std::size_t index, const output &to, const call &limits = {}) const {
        return detail::ended(thrivosign_client_fetch_from_package(get(), from.get(), index, to.get(), detail::c_call(limits)));
    }
    /** What the recipient at that index is asked for, where it was asked. `seen` has the bytes that the person saw. */
    result<submitted> sign_in_package(const signer &who, text credential_id, const package &in, std::size_t index, const document &seen,
                                      const output &to, const signature_request &request, const sign_options &options = {},
                                      const call &limits = {}) const {
        const detail::c_sign_options opened(options);
        const detail::c_call told(limits);
        return detail::object<submitted>([&](thrivosign_submitted **out) {
            return thrivosign_client_sign_in_package(get(), who.get(), credential_id.c_str(), in.get(), index, seen.get(), to.get(), request.get(),
                                                     opened, told, out);
        });
    }
    /** Ends it for everybody, who all read why. */
    result<package> decline_package(text package_id, text why, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<package>([&](thrivosign_package **out) {
            return thrivosign_client_decline_package(get(), package_id.c_str(), why.c_str(), told, out);
        });
    }
    /** It ends by itself after that time, or after a month. */
    result<package> create_package(text name, std::optional<std::chrono::seconds> life = {}, const call &limits = {}) const {
        const detail::c_call told(limits);
        const auto seconds = static_cast<std::uint64_t>(life ? life->count() : 0);
        return detail::object<package>(
            [&](thrivosign_package **out) { return thrivosign_client_create_package(get(), name.c_str(), seconds, told, out); });
    }
    /** The document is the last of the package's. */
    result<package> add_to_package(text package_id, const document &from, text file_name, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<package>([&](thrivosign_package **out) {
            return thrivosign_client_add_to_package(get(), package_id.c_str(), from.get(), file_name.c_str(), told, out);
        });
    }
    result<package> assign_in_package(text package_id, const asked_signature &asked, const call &limits = {}) const {
        const detail::c_call told(limits);
        const auto box = asked.box.value_or(page_box{0, 0, 0, 0, 0});
        const char *field = asked.field ? text(*asked.field).c_str() : nullptr;
        return detail::object<package>([&](thrivosign_package **out) {
            return thrivosign_client_assign_in_package(get(), package_id.c_str(), text(asked.document_id).c_str(), text(asked.user).c_str(),
                                                       asked.order, field, box.page, box.x0, box.y0, box.x1, box.y1, told, out);
        });
    }
    /** All of these text fields of the draft's document get their values, or none. */
    result<package> fill_in_package(text package_id, text document_id, const field_values &values, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<package>([&](thrivosign_package **out) {
            return thrivosign_client_fill_in_package(get(), package_id.c_str(), document_id.c_str(), values.get(), told, out);
        });
    }
    /** It can no longer be changed, and the first recipients have their turn. */
    result<package> share_package(text package_id, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<package>(
            [&](thrivosign_package **out) { return thrivosign_client_share_package(get(), package_id.c_str(), told, out); });
    }
    /** Takes it back; everybody reads why. */
    result<package> cancel_package(text package_id, text why, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<package>([&](thrivosign_package **out) {
            return thrivosign_client_cancel_package(get(), package_id.c_str(), why.c_str(), told, out);
        });
    }

    /** The service has that picture of the user's, a PNG or JPEG file of at most 512 KiB, for the signatures that it prepares with the same file. */
    result<void> set_signature_image(bytes_view file, const call &limits = {}) const {
        return detail::ended(thrivosign_client_set_signature_image(get(), file.data(), file.size(), detail::c_call(limits)));
    }
    /** The file of that picture, for `signature_request::set_image` once the person has seen it; `record_not_found` if there is none. */
    result<buffer> signature_image(const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<buffer>([&](thrivosign_buffer **out) { return thrivosign_client_signature_image(get(), told, out); });
    }
    /** The service has none. */
    result<void> remove_signature_image(const call &limits = {}) const {
        return detail::ended(thrivosign_client_remove_signature_image(get(), detail::c_call(limits)));
    }

    /** For an officer: what waits. */
    result<waiting_request_list> waiting_requests(const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<waiting_request_list>(
            [&](thrivosign_waiting_request_list **out) { return thrivosign_client_waiting_requests(get(), told, out); });
    }
    /** The certificate is issued. */
    result<void> approve_request(text request_id, const call &limits = {}) const {
        return detail::ended(thrivosign_client_approve_request(get(), request_id.c_str(), detail::c_call(limits)));
    }
    /** It is refused for good, and whoever asked is told why. */
    result<void> reject_request(text request_id, text why, const call &limits = {}) const {
        return detail::ended(thrivosign_client_reject_request(get(), request_id.c_str(), why.c_str(), detail::c_call(limits)));
    }
    /** The devices of the officer's people. */
    result<users_device_list> users_devices(const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<users_device_list>(
            [&](thrivosign_users_device_list **out) { return thrivosign_client_users_devices(get(), told, out); });
    }
    /** It is revoked, for good what was certified on it, and its owner has to log in anew. */
    result<void> revoke_users_device(text device_uuid, revocation_reason reason, const call &limits = {}) const {
        return detail::ended(
            thrivosign_client_revoke_users_device(get(), device_uuid.c_str(), static_cast<std::int32_t>(reason), detail::c_call(limits)));
    }

    /** Mode device: signs here, then files the signed document with the service. */
    result<filed> sign_and_file(const signer &who, const document &from, const output &to, text file_name, const signature_request &request,
                                const sign_options &options = {}, const call &limits = {}) const {
        thrivosign_signed *made = nullptr;
        thrivosign_agreement *stored = nullptr;
        thrivosign_error *why_not = nullptr;
        auto *told = thrivosign_client_sign_and_file(get(), who.get(), from.get(), to.get(), file_name.c_str(), request.get(),
                                                     detail::c_sign_options(options), detail::c_call(limits), &made, &stored, &why_not);
        return detail::ended<filed>(told, [&] {
            filed done{signed_document(made), {}, {}};
            if (stored != nullptr) {
                done.agreement.emplace(stored);
            }
            if (why_not != nullptr) {
                done.filing_error.emplace(why_not);
            }
            return done;
        });
    }
    result<agreement> file_document(const document &from, text file_name, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<agreement>(
            [&](thrivosign_agreement **out) { return thrivosign_client_file_document(get(), from.get(), file_name.c_str(), told, out); });
    }
    /** Mode submit: the service prepares, this device checks everything and signs. */
    result<submitted> submit(const signer &who, text credential_id, const document &from, const output &to, text file_name,
                             const signature_request &request, const sign_options &options = {}, const call &limits = {}) const {
        const detail::c_sign_options opened(options);
        const detail::c_call told(limits);
        return detail::object<submitted>([&](thrivosign_submitted **out) {
            return thrivosign_client_submit(get(), who.get(), credential_id.c_str(), from.get(), to.get(), file_name.c_str(), request.get(), opened,
                                            told, out);
        });
    }

private:
    friend class requests;
    template <class Ask> static result<requested> outcome(Ask ask) {
        thrivosign_identity *issued = nullptr;
        thrivosign_pending_request *waiting = nullptr;
        auto *told = ask(&issued, &waiting);
        return detail::ended<requested>(told, [&] {
            requested answered;
            if (issued != nullptr) {
                answered.identity.emplace(issued);
            }
            if (waiting != nullptr) {
                answered.pending.emplace(waiting);
            }
            return answered;
        });
    }
};

enum class signing_order_step : std::int32_t {
    prepared = THRIVOSIGN_SIGNING_ORDER_STEP_PREPARED,
    unanswered = THRIVOSIGN_SIGNING_ORDER_STEP_UNANSWERED,
    answered = THRIVOSIGN_SIGNING_ORDER_STEP_ANSWERED,
    completed = THRIVOSIGN_SIGNING_ORDER_STEP_COMPLETED,
    filed = THRIVOSIGN_SIGNING_ORDER_STEP_FILED,
};

/** Who prepares and files an order's document. */
enum class signing_order_way {
    /** This device. */
    device = THRIVOSIGN_SIGNING_ORDER_WAY_DEVICE,
    /** The service. */
    submit = THRIVOSIGN_SIGNING_ORDER_WAY_SUBMIT,
};

/** A signing order as it stood when it was asked for. */
class signing_order : public detail::owner<signing_order, thrivosign_signing_order, thrivosign_signing_order_ref, thrivosign_signing_order_free> {
public:
    using owner::owner;
    /** Its name in the journal. */
    result<std::string> name() const { return detail::words(thrivosign_signing_order_name, get()); }
    /** The host's own id. */
    result<std::string> id() const { return detail::words(thrivosign_signing_order_id, get()); }
    result<std::string> target() const { return detail::words(thrivosign_signing_order_target, get()); }
    result<time_point> prepared_at() const { return detail::time(thrivosign_signing_order_prepared_at, get()); }
    result<signing_order_way> mode() const { return detail::choice<signing_order_way>(thrivosign_signing_order_mode, get()); }
    result<signing_order_step> state() const { return detail::choice<signing_order_step>(thrivosign_signing_order_state, get()); }
    /** The 32 bytes of the signed document's digest; nothing before it is completed. */
    result<std::optional<std::string>> sha256() const { return detail::maybe_words(thrivosign_signing_order_sha256, get()); }
    /** The service's id of the agreement; nothing before it is filed. */
    result<std::optional<std::string>> document_id() const { return detail::maybe_words(thrivosign_signing_order_document_id, get()); }
    /** The 32 bytes of the digest of the public key that it was prepared for; nothing in a journal that did not keep it yet. */
    result<std::optional<std::string>> public_key() const { return detail::maybe_words(thrivosign_signing_order_public_key, get()); }
    /** How many orders of keys that are no more it has taken the place of, and their names. */
    result<std::size_t> in_place_of_count() const { return detail::number<std::size_t>(thrivosign_signing_order_in_place_of_count, get()); }
    result<std::string> in_place_of(std::size_t index) const { return detail::words(thrivosign_signing_order_in_place_of, get(), index); }
};

/** Documents that are shown together and approved once. */
class order_list : public detail::owner<order_list, thrivosign_order_list, thrivosign_order_list_ref, thrivosign_order_list_free> {
public:
    using owner::owner;
    static result<order_list> create() { return detail::object<order_list>(thrivosign_order_list_new); }
    /** One document more; the options say what was shown. `consent` may be left out. */
    result<void> add(text id, const document &from, text target, const signature_request &request, const signer &who, const sign_options &options,
                     text consent = nullptr, bool ask_again = false) {
        const detail::c_sign_options opened(options);
        return detail::ended(thrivosign_order_list_add(get(), id.c_str(), from.get(), target.c_str(), request.get(), who.get(), nullptr, nullptr,
                                                       nullptr, consent.c_str(), ask_again ? 1 : 0, opened));
    }
    /** One more that the service prepares and files. */
    result<void> add_to_submit(const client &service, text credential_id, text file_name, text id, const document &from, text target,
                               const signature_request &request, const signer &who, const sign_options &options, text consent = nullptr,
                               bool ask_again = false) {
        const detail::c_sign_options opened(options);
        return detail::ended(thrivosign_order_list_add(get(), id.c_str(), from.get(), target.c_str(), request.get(), who.get(), service.get(),
                                                       credential_id.c_str(), file_name.c_str(), consent.c_str(), ask_again ? 1 : 0, opened));
    }
    /** After `orders::sign_all`: the signed order of the document at that index, or its own error. Told once. */
    result<signing_order> outcome(std::size_t index) { return detail::object<signing_order>(thrivosign_order_list_outcome, get(), index); }
};

/** The signing orders of a device, in a journal that one process has open at a time. */
class orders : public detail::owner<orders, thrivosign_orders, thrivosign_orders_ref, thrivosign_orders_free> {
public:
    using owner::owner;
    /** `key` has 32 random bytes and is the host's to keep. */
    static result<orders> in_folder(text folder, bytes_view key) {
        return detail::object<orders>([&](thrivosign_orders **out) {
            return thrivosign_orders_new_in_folder(folder.c_str(), key.data(), key.size(), out);
        });
    }
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_orders_count, get()); }
    result<signing_order> at(std::size_t index) const { return detail::object<signing_order>(thrivosign_orders_at, get(), index); }
    /** Goes on where an earlier call, of whatever process, stopped. The key is asked at most once; once more with `ask_again`, if the person agreed.
     *  `consent` is the text that the person agreed to, for the evidence record; it may be left out. */
    result<signing_order> sign(text id, const document &from, text target, const signature_request &request, const signer &who,
                               text consent = nullptr, bool ask_again = false, const sign_options &options = {}, const call &limits = {}) const {
        const detail::c_sign_options opened(options);
        const detail::c_call told(limits);
        return detail::object<signing_order>([&](thrivosign_signing_order **out) {
            return thrivosign_orders_sign(get(), id.c_str(), from.get(), target.c_str(), request.get(), who.get(), consent.c_str(), ask_again ? 1 : 0,
                                          opened, told, out);
        });
    }
    /** As `sign`, of a document that the service prepares and files. */
    result<signing_order> submit(const client &service, text credential_id, text file_name, text id, const document &from, text target,
                                 const signature_request &request, const signer &who, text consent = nullptr, bool ask_again = false,
                                 const sign_options &options = {}, const call &limits = {}) const {
        const detail::c_sign_options opened(options);
        const detail::c_call told(limits);
        return detail::object<signing_order>([&](thrivosign_signing_order **out) {
            return thrivosign_orders_submit(get(), service.get(), credential_id.c_str(), file_name.c_str(), id.c_str(), from.get(), target.c_str(),
                                            request.get(), who.get(), consent.c_str(), ask_again ? 1 : 0, opened, told, out);
        });
    }
    /** Every document is prepared before the first key is asked; each then has an outcome of its own. An error: one could not be prepared. */
    result<void> sign_all(order_list &list, const call &limits = {}) const {
        return detail::ended(thrivosign_orders_sign_all(get(), list.get(), detail::c_call(limits)));
    }
    /** The evidence record in JSON, by docs/schema/evidence-1.json. */
    result<std::string> evidence(text name) const { return detail::words(thrivosign_orders_evidence, get(), name.c_str()); }
    /** Of an order that is filed already this does nothing. */
    result<signing_order> file(const client &service, text name, text file_name, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<signing_order>([&](thrivosign_signing_order **out) {
            return thrivosign_orders_file(get(), service.get(), name.c_str(), file_name.c_str(), told, out);
        });
    }
    /** Of an order whose key has not answered. */
    result<void> withdraw(text name) const { return detail::ended(thrivosign_orders_withdraw(get(), name.c_str())); }
};

/** How far a certificate request has come. */
enum class request_state : std::int32_t {
    /** A challenge was asked for, or the key was made; nothing was signed, or the service refused what was. */
    begun = THRIVOSIGN_REQUEST_STATE_BEGUN,
    /** Signed by the key; whether the service has it is not known. */
    made = THRIVOSIGN_REQUEST_STATE_MADE,
    /** A registration officer must approve. */
    pending = THRIVOSIGN_REQUEST_STATE_PENDING,
    /** The certificate is there. */
    issued = THRIVOSIGN_REQUEST_STATE_ISSUED,
};

/** A certificate request that is open. */
struct open_request {
    std::string signing_key{};
    request_state state = request_state::begun;
};

/** The certificate requests of a device, in a journal that one process has open at a time. A request is named by its signing key. */
class requests : public detail::owner<requests, thrivosign_requests, thrivosign_requests_ref, thrivosign_requests_free> {
public:
    using owner::owner;
    /** `key` has 32 random bytes and is the host's to keep; folder and key may be those of `orders`. */
    static result<requests> in_folder(text folder, bytes_view key) {
        return detail::object<requests>([&](thrivosign_requests **out) {
            return thrivosign_requests_new_in_folder(folder.c_str(), key.data(), key.size(), out);
        });
    }
    result<std::size_t> count() const { return detail::number<std::size_t>(thrivosign_requests_count, get()); }
    /** By the names of their keys: to be looked at when the program starts. */
    result<open_request> at(std::size_t index) const {
        thrivosign_buffer *name = nullptr;
        std::int32_t state = 0;
        auto *told = thrivosign_requests_at(get(), index, &name, &state);
        return detail::ended<open_request>(told, [&] { return open_request{std::string(buffer(name).words()), static_cast<request_state>(state)}; });
    }
    /** The one that an earlier process was given, if it is good for a while yet, so that no second code is sent. */
    result<thrivosign::challenge> challenge(const client &service, text signing_key, text device_uuid, authentication_method method,
                                            const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<thrivosign::challenge>([&](thrivosign_challenge **out) {
            return thrivosign_requests_challenge(get(), service.get(), signing_key.c_str(), device_uuid.c_str(), static_cast<std::int32_t>(method),
                                                 told, out);
        });
    }
    result<thrivosign::challenge> renewal_challenge(const client &service, text signing_key, const identity &who, const call &limits = {}) const {
        const detail::c_call told(limits);
        return detail::object<thrivosign::challenge>([&](thrivosign_challenge **out) {
            return thrivosign_requests_renewal_challenge(get(), service.get(), signing_key.c_str(), who.get(), told, out);
        });
    }
    /** The key of a request: made now, or by an earlier process that got no further. */
    result<key_info> key(const key_store &store, text name, key_algorithm algorithm, key_purpose purpose, prompt asks = prompt::none,
                         bytes_view challenge = {}) const {
        return detail::object<key_info>(thrivosign_requests_key, get(), store.get(), name.c_str(), static_cast<std::int32_t>(algorithm),
                                        static_cast<std::int32_t>(purpose), static_cast<std::int32_t>(asks), challenge.data(), challenge.size());
    }
    /** As `client::order_certificate`, or goes on with an earlier request of the same key. */
    result<requested> order(const client &service, const key_store &store, const certificate_order &what, const thrivosign::challenge &asked,
                            authentication_method method, text value, const call &limits = {}) const {
        const auto table = what.table(asked);
        const detail::c_call told(limits);
        return client::outcome([&](thrivosign_identity **issued, thrivosign_pending_request **waiting) {
            return thrivosign_requests_order(get(), service.get(), store.get(), &table, static_cast<std::int32_t>(method), value.c_str(), told,
                                             issued, waiting);
        });
    }
    /** As `client::renew_certificate`, or goes on with an earlier renewal under the same key. */
    result<requested> renew(const client &service, const key_store &store, const identity &who, text signing_key,
                            const thrivosign::challenge &asked, const call &limits = {}) const {
        const detail::c_call told(limits);
        return client::outcome([&](thrivosign_identity **issued, thrivosign_pending_request **waiting) {
            return thrivosign_requests_renew(get(), service.get(), store.get(), who.get(), signing_key.c_str(), asked.get(), told, issued, waiting);
        });
    }
    /** Goes on where an earlier process stopped; no key is asked, and nothing is typed. Neither is there if nothing was signed yet. */
    result<requested> resume(const client &service, text signing_key, const call &limits = {}) const {
        const detail::c_call told(limits);
        return client::outcome([&](thrivosign_identity **issued, thrivosign_pending_request **waiting) {
            return thrivosign_requests_resume(get(), service.get(), signing_key.c_str(), told, issued, waiting);
        });
    }
    /** Once the program has kept the identity, or given up. */
    result<void> close(text signing_key) const { return detail::ended(thrivosign_requests_close(get(), signing_key.c_str())); }
};

} /* inline namespace */

} /* namespace thrivosign */

#endif /* THRIVOSIGN_HPP */
