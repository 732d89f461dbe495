/*
 * The bad-argument sweep: every function of the header, every argument made bad in turn, the others valid. Only codes may come of it: no crash, no
 * panic (9xx), no output touched after an error, nothing left over. Runs beside a demo server; sweep.py writes the calls.
 */
#include "sweep.h"

#include <signal.h>
#include <unistd.h>

struct fixture F;
const char *NO_UTF8 = "\xff\xfe\x80";
char *HUGE_TEXT;
const int64_t LONG_AGO = INT64_MIN;
static const uint8_t ZEROS[32];
static uint8_t NOISE[4096];
/* Rules by which nobody is trusted. */
static const char RULES[] = "{\"schema\":\"thrivosign-policy-1\",\"name\":\"sweep\",\"revocation\":\"off\",\"times\":{\"clock_skew\":0,\"ocsp_age\":0},"
                            "\"algorithms\":[],\"risks\":\"leave\",\"trust\":[]}";
const uint8_t *POLICY = (const uint8_t *)RULES;
const size_t POLICY_SIZE = sizeof RULES - 1;
const uint8_t *PEM, *PDF, *KEY, *IDENTITY, *PENDING, *CRL, *OCSP, *NONCE = ZEROS, *BLOB, *GARBAGE = NOISE;
size_t PEM_SIZE, PDF_SIZE, KEY_SIZE, IDENTITY_SIZE, PENDING_SIZE, CRL_SIZE, OCSP_SIZE, NONCE_SIZE = sizeof ZEROS, BLOB_SIZE, GARBAGE_SIZE = sizeof NOISE;
const double POINTS[] = {10, 20, 30, 40}, NOWHERE[] = {NAN, INFINITY, -1e308, 1e308};
const size_t POINTS_COUNT = 2;
char WHERE[256];
size_t CALLS, TOUCHED;
static size_t wrong;
static thrivosign_sink *lent;
static thrivosign_http_exchange *carried;

static void told(const char *what, int32_t got, int32_t expected) {
    wrong++;
    fprintf(stderr, "%s: %s: %d, expected %d\n", WHERE, what, (int)got, (int)expected);
}

int verdict(thrivosign_error *error, int32_t expected) {
    int32_t code = thrivosign_error_code(error);
    if (expected >= 0 && code != expected) {
        told("code", code, expected);
    } else if (expected == FAILS && code == 0) {
        told("went well", code, expected);
    } else if (code != 0 && (thrivosign_error_code_name(code) == NULL || code >= 900)) {
        told("a code that must not come", code, expected);
    }
    thrivosign_error_free(error);
    return error != NULL;
}

void untouched(int truth) {
    if (!truth) {
        told("an output was touched in spite of an error", 1, 0);
    }
}

thrivosign_error *valid_error(void) {
    thrivosign_error *error = thrivosign_cancel_new(NULL);
    hold(error != NULL, "no output, no object");
    return error;
}

thrivosign_prepared *valid_prepared(void) {
    thrivosign_prepared *prepared = NULL;
    must("prepared", thrivosign_prepared_new_from_blob(BLOB, BLOB_SIZE, NULL, 0, &prepared));
    return prepared;
}

thrivosign_sink *valid_sink(void) { return lent; }
thrivosign_http_exchange *valid_http_exchange(void) { return carried; }

/* Callbacks that give the least that is an answer. */
static void destroy(void *context) { (void)context; }
static int32_t len(void *context, uint64_t *size) {
    (void)context;
    *size = PDF_SIZE;
    return 0;
}
static int32_t read_at(void *context, uint64_t offset, uint8_t *buffer, size_t capacity, size_t *read) {
    size_t left = offset < PDF_SIZE ? PDF_SIZE - (size_t)offset : 0;
    (void)context;
    *read = left < capacity ? left : capacity;
    memcpy(buffer, PDF + (offset < PDF_SIZE ? offset : 0), *read);
    return 0;
}
static int32_t write_(void *context, const uint8_t *data, size_t size) {
    (void)context, (void)data, (void)size;
    return 0;
}
static void observed(void *context, int32_t event) { (void)context, (void)event; }
/* Says that the person must log in anew. */
static int32_t tokens(void *context, thrivosign_sink *access_token, int32_t *dpop, int64_t *expires_in) {
    (void)context, (void)access_token, (void)dpop, (void)expires_in;
    return THRIVOSIGN_ERROR_KIND_LOGIN_REQUIRED;
}
/* Nobody who would. */
static int32_t ask(void *context, const char *credential_id, int32_t pin_wanted, int32_t code_wanted, thrivosign_sink *pin, thrivosign_sink *code) {
    (void)context, (void)credential_id, (void)pin_wanted, (void)code_wanted, (void)pin, (void)code;
    return THRIVOSIGN_ERROR_KIND_KEY_CANCELLED;
}
/* Reaches nobody, and must not be tried again. */
static int32_t unreachable(void *context, thrivosign_http_exchange *exchange) {
    (void)context, (void)exchange;
    return THRIVOSIGN_ERROR_KIND_TLS_FAILED;
}
static void event(void *context, const thrivosign_log_event *event) { (void)context, (void)event; }
static int32_t ended(void *context, size_t index, const thrivosign_signed *made, const thrivosign_error *failure) {
    (void)context, (void)index;
    return made == NULL && failure == NULL ? 900 : 0;
}
static int32_t judged(void *context, size_t index, const thrivosign_report *report, const thrivosign_error *failure) {
    (void)context, (void)index;
    return report == NULL && failure == NULL ? 900 : 0;
}
static int32_t sign(void *context, const char *name, const uint8_t *message, size_t size, int32_t algorithm, thrivosign_sink *value) {
    (void)context, (void)name, (void)message, (void)size, (void)algorithm, (void)value;
    return 0;
}
static int32_t info(void *context, const char *name, thrivosign_sink *key, int32_t *protection, int32_t *purpose, int32_t *prompt) {
    (void)context, (void)name, (void)key, (void)protection, (void)purpose, (void)prompt;
    return THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND;
}

void fill_call(thrivosign_call *table) {
    table->struct_size = sizeof *table;
    table->timeout_ms = 4000;
    table->per_call_timeout_ms = 2000;
}
void fill_sign_options(thrivosign_sign_options *table) { table->struct_size = sizeof *table; }
void fill_batch_listener(thrivosign_batch_listener *table) {
    table->struct_size = sizeof *table;
    table->ended = ended;
}
void fill_verify_listener(thrivosign_verify_listener *table) {
    table->struct_size = sizeof *table;
    table->ended = judged;
}
void fill_verify_options(thrivosign_verify_options *table) { table->struct_size = sizeof *table; }
void fill_certificate_order(thrivosign_certificate_order *table) {
    table->struct_size = sizeof *table;
    table->device_uuid = "no-such-device";
    table->authentication_key = "authentication";
    table->signing_key = "signing";
    table->challenge = F.challenge;
    table->subject_name = "Anna Schmidt";
}
void fill_source_callbacks(thrivosign_source_callbacks *table) {
    table->struct_size = sizeof *table;
    table->destroy = destroy;
    table->len = len;
    table->read_at = read_at;
}
void fill_output_callbacks(thrivosign_output_callbacks *table) {
    table->struct_size = sizeof *table;
    table->destroy = destroy;
    table->write = write_;
}
void fill_pin_callbacks(thrivosign_pin_callbacks *table) {
    table->struct_size = sizeof *table;
    table->destroy = destroy;
    table->observed = observed;
}
void fill_token_callbacks(thrivosign_token_callbacks *table) {
    table->struct_size = sizeof *table;
    table->destroy = destroy;
    table->tokens = tokens;
}
void fill_factor_callbacks(thrivosign_factor_callbacks *table) {
    table->struct_size = sizeof *table;
    table->destroy = destroy;
    table->ask = ask;
}
void fill_http_callbacks(thrivosign_http_callbacks *table) {
    table->struct_size = sizeof *table;
    table->destroy = destroy;
    table->send = unreachable;
}
void fill_log_callbacks(thrivosign_log_callbacks *table) {
    table->struct_size = sizeof *table;
    table->destroy = destroy;
    table->event = event;
}
void fill_key_store_callbacks(thrivosign_key_store_callbacks *table) {
    table->struct_size = sizeof *table;
    table->destroy = destroy;
    table->info = info;
    table->sign = sign;
}

static void run(const struct sweep *sweeps) {
    int which;
    for (; sweeps->run != NULL; sweeps++) {
        for (which = 0; which < sweeps->cases; which++) {
            sweeps->run(which);
        }
    }
}

/* A sink lives only in a callback. */
static int32_t in_callback(void *context, const char *name, thrivosign_sink *key, int32_t *protection, int32_t *purpose, int32_t *prompt) {
    (void)context, (void)name, (void)protection, (void)purpose, (void)prompt;
    lent = key;
    run(SWEEPS_IN_CALLBACK);
    return THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND;
}

static void run_in_callback(void) {
    thrivosign_key_store_callbacks table = {0};
    thrivosign_key_store *store;
    fill_key_store_callbacks(&table);
    table.info = in_callback;
    must("store", thrivosign_key_store_new_from_callbacks(&table, &store));
    hold(code_of(thrivosign_key_store_info(store, "any", NULL)) == 102, "no output");
    {
        thrivosign_key_info *none;
        hold(code_of(thrivosign_key_store_info(store, "any", &none)) == 401, "the callback's code");
    }
    /* The callback has returned: the sink is gone. */
    hold(code_of(thrivosign_sink_append(lent, ZEROS, 1)) == 105, "a sink ends with its callback");
    thrivosign_key_store_free(store);
}

/* So does an exchange. */
static int32_t in_exchange(void *context, thrivosign_http_exchange *exchange) {
    carried = exchange;
    run(SWEEPS_IN_EXCHANGE);
    return unreachable(context, exchange);
}

static void run_in_exchange(void) {
    thrivosign_http_callbacks table = {0};
    thrivosign_environment *environment;
    thrivosign_client *client;
    fill_http_callbacks(&table);
    table.send = in_exchange;
    must("environment", thrivosign_environment_new("https://localhost", &environment));
    must("API key", thrivosign_environment_set_api_key(environment, "key"));
    must("client", thrivosign_client_new_over(environment, &table, &client));
    hold(code_of(thrivosign_client_login(client, "nobody", "password", NULL)) == 602, "the callback's code");
    hold(code_of(thrivosign_http_exchange_set_status(carried, 200)) == 105, "an exchange ends with its callback");
    thrivosign_client_free(client);
    thrivosign_environment_free(environment);
}

#if !defined(__SANITIZE_ADDRESS__)
static void crashed(int number) {
    ssize_t ignored = write(STDERR_FILENO, WHERE, strlen(WHERE));
    ignored += write(STDERR_FILENO, ": a crash\n", 10);
    (void)ignored;
    signal(number, SIG_DFL);
    raise(number);
}
#endif

int main(void) {
    size_t size, i;
    thrivosign_buffer *identity, *pending;
    char path[4096];
    uint8_t *pem, *pdf, *key, *crl, *ocsp;
    size_t before = thrivosign_objects_alive();
#if !defined(__SANITIZE_ADDRESS__)
    const int deadly[] = {SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE};
    for (i = 0; i < sizeof deadly / sizeof *deadly; i++) {
        signal(deadly[i], crashed);
    }
#endif
    HUGE_TEXT = calloc(1, (1 << 20) + 1);
    hold(HUGE_TEXT != NULL, "memory");
    memset(HUGE_TEXT, 'a', 1 << 20);
    for (i = 0; i < sizeof NOISE; i++) {
        NOISE[i] = (uint8_t)(i * 167 + i / 256 * 13 + 1);
    }
    fixture_make(&F, "sweep-device");
    PEM = pem = file_of(setting("THRIVOSIGN_TRUST"), &PEM_SIZE);
    PDF = pdf = file_of(setting("THRIVOSIGN_DOCUMENT"), &size);
    PDF_SIZE = size;
    snprintf(path, sizeof path, "%s/signer.key", setting("THRIVOSIGN_CHAIN"));
    KEY = key = file_of(path, &KEY_SIZE);
    snprintf(path, sizeof path, "%s/signer.crl", setting("THRIVOSIGN_CHAIN"));
    CRL = crl = file_of(path, &CRL_SIZE);
    snprintf(path, sizeof path, "%s/signer.ocsp", setting("THRIVOSIGN_CHAIN"));
    OCSP = ocsp = file_of(path, &OCSP_SIZE);
    must("identity", thrivosign_identity_to_json(F.identity, &identity));
    must("pending", thrivosign_pending_request_to_json(F.pending_request, &pending));
    IDENTITY = thrivosign_buffer_data(identity), IDENTITY_SIZE = thrivosign_buffer_size(identity);
    PENDING = thrivosign_buffer_data(pending), PENDING_SIZE = thrivosign_buffer_size(pending);
    BLOB = thrivosign_buffer_data(F.blob), BLOB_SIZE = thrivosign_buffer_size(F.blob);

    run(SWEEPS);
    run_in_callback();
    run_in_exchange();
    must("log off", thrivosign_log_set(THRIVOSIGN_LOG_LEVEL_ERROR, NULL));

    thrivosign_buffer_free(identity);
    thrivosign_buffer_free(pending);
    fixture_free(&F);
    free(pem);
    free(pdf);
    free(key);
    free(crl);
    free(ocsp);
    free(HUGE_TEXT);
    thrivosign_shutdown();
    if (thrivosign_objects_alive() != before) {
        snprintf(WHERE, sizeof WHERE, "at the end");
        told("handles left over", (int32_t)thrivosign_objects_alive(), (int32_t)before);
    }
    printf("%lu functions, %lu calls, %lu wrong answers\n", (unsigned long)FUNCTIONS, (unsigned long)CALLS, (unsigned long)wrong);
    return wrong == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
