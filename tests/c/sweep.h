/* What the generated calls of the bad-argument sweep use. */
#ifndef SWEEP_H
#define SWEEP_H

#include "fixture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Beside the codes: anything but a crash; any error. */
enum { ANY = -1, FAILS = -2 };

struct sweep {
    void (*run)(int which);
    int cases;
};

/* Generated; each list ends with NULL. The second and the third run inside callbacks. */
extern const struct sweep SWEEPS[];
extern const struct sweep SWEEPS_IN_CALLBACK[];
extern const struct sweep SWEEPS_IN_EXCHANGE[];
extern const size_t FUNCTIONS;

/* One object of each type, and arguments of each kind. */
extern struct fixture F;
extern const char *NO_UTF8;
extern char *HUGE_TEXT;
extern const int64_t LONG_AGO;
extern const uint8_t *POLICY;
extern const size_t POLICY_SIZE;
extern const uint8_t *PEM, *PDF, *KEY, *IDENTITY, *PENDING, *CRL, *OCSP, *NONCE, *BLOB, *GARBAGE;
/* Of a stroke, and none. */
extern const double POINTS[], NOWHERE[];
extern const size_t POINTS_COUNT;
extern size_t PEM_SIZE, PDF_SIZE, KEY_SIZE, IDENTITY_SIZE, PENDING_SIZE, CRL_SIZE, OCSP_SIZE, NONCE_SIZE, BLOB_SIZE, GARBAGE_SIZE;

/* Where the sweep is, for whoever reads of a crash. */
extern char WHERE[256];
extern size_t CALLS;
/* Keeps what has no other use. */
extern size_t TOUCHED;

/* Judges an answer and frees it. Gives 1 if it was an error. */
int verdict(thrivosign_error *error, int32_t expected);
/* After an error outputs must be as they were. */
void untouched(int truth);

thrivosign_error *valid_error(void);
thrivosign_prepared *valid_prepared(void);
thrivosign_sink *valid_sink(void);
thrivosign_http_exchange *valid_http_exchange(void);

void fill_call(thrivosign_call *table);
void fill_sign_options(thrivosign_sign_options *table);
void fill_batch_listener(thrivosign_batch_listener *table);
void fill_verify_listener(thrivosign_verify_listener *table);
void fill_verify_options(thrivosign_verify_options *table);
void fill_certificate_order(thrivosign_certificate_order *table);
void fill_source_callbacks(thrivosign_source_callbacks *table);
void fill_output_callbacks(thrivosign_output_callbacks *table);
void fill_pin_callbacks(thrivosign_pin_callbacks *table);
void fill_factor_callbacks(thrivosign_factor_callbacks *table);
void fill_token_callbacks(thrivosign_token_callbacks *table);
void fill_http_callbacks(thrivosign_http_callbacks *table);
void fill_log_callbacks(thrivosign_log_callbacks *table);
void fill_key_store_callbacks(thrivosign_key_store_callbacks *table);

/* A handle of that type that may be freed, and one that was. */
#define VALID(noun, member)                                                                                                                          \
    static thrivosign_##noun *valid_##noun(void) {                                                                                                   \
        thrivosign_##noun *handle = NULL;                                                                                                            \
        must("another handle", thrivosign_##noun##_ref(F.member, &handle));                                                                          \
        return handle;                                                                                                                               \
    }
#define FREED(noun)                                                                                                                                  \
    static thrivosign_##noun *freed_##noun(void) {                                                                                                   \
        thrivosign_##noun *handle = valid_##noun();                                                                                                  \
        thrivosign_##noun##_free(handle);                                                                                                            \
        return handle;                                                                                                                               \
    }

#endif
