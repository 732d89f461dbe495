/* One living object of every type, made by doing the whole job once beside a demo server. For tests; what fails ends the program. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include <stddef.h>
#include <stdint.h>

#include <thrivosign.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Ends the program with what the library says, unless `error` is NULL. */
void must(const char *what, thrivosign_error *error);
/* Ends the program unless it is true. */
void hold(int truth, const char *what);
/* Frees the error and gives its code; 0 for none. */
int32_t code_of(thrivosign_error *error);
/* An environment variable that must be there. */
const char *setting(const char *name);
/* The bytes of a file, with a NUL behind them; to be freed. */
uint8_t *file_of(const char *path, size_t *size);
/* A path in the scratch folder, good until the next but three. */
const char *scratch(const char *name);
/* Two pictures, red and blue: PNG files. */
extern const uint8_t PICTURE[], OTHER_PICTURE[];
extern const size_t PICTURE_SIZE, OTHER_PICTURE_SIZE;
/* The last line of a file. */
const char *newest_line(const char *path);
/* The newest one-time code. */
const char *one_time_code(void);

struct fixture {
    thrivosign_buffer *buffer;
    thrivosign_cancel *cancel;
    thrivosign_environment *environment;
    thrivosign_client *client;
    thrivosign_key_store *key_store;
    thrivosign_key_info *key_info;
    thrivosign_key_list *key_list;
    thrivosign_attestation *attestation;
    thrivosign_challenge *challenge;
    thrivosign_pending_request *pending_request;
    thrivosign_activation *activation;
    thrivosign_identity *identity;
    thrivosign_credential_list *credential_list;
    thrivosign_certificates *certificates;
    thrivosign_signer *signer;
    thrivosign_document *document;
    thrivosign_output *output;
    thrivosign_signature_request *signature_request;
    thrivosign_signed *signed_;
    thrivosign_agreement *agreement;
    thrivosign_submitted *submitted;
    thrivosign_prepared *prepared;
    thrivosign_trust *trust;
    thrivosign_report *report;
    thrivosign_inspection *inspection;
    thrivosign_preflight_policy *preflight_policy;
    thrivosign_preflight *preflight;
    thrivosign_batch *batch;
    thrivosign_empty_fields *empty_fields;
    thrivosign_words *words;
    thrivosign_diff *diff;
    thrivosign_signature_list *signature_list;
    thrivosign_evidence *evidence;
    thrivosign_extension *extension;
    /* Nothing was asked: everything is missing. */
    thrivosign_extended *extended;
    thrivosign_orders *orders;
    /* Nothing is on it. */
    thrivosign_order_list *order_list;
    /* Nothing is in it. */
    thrivosign_requests *requests;
    /* Shared; what it asks for waits for the fixture's own user. */
    thrivosign_package *package;
    thrivosign_package_list *package_list;
    /* Of the office's server. */
    thrivosign_waiting_request_list *waiting_request_list;
    thrivosign_users_device_list *users_device_list;
    /* Nothing is filled. */
    thrivosign_field_values *field_values;
    /* Nothing waits. */
    thrivosign_authorization_list *authorization_list;
    /* Of a signing order that is completed and not filed. */
    thrivosign_signing_order *signing_order;
    /* What `prepared` was. */
    thrivosign_buffer *blob;
};

/* After the call every member is there. The key store is in memory. */
void fixture_make(struct fixture *fixture, const char *device);
void fixture_free(struct fixture *fixture);

/* A client of that user's at the server whose certificates wait for an officer, logged in. */
thrivosign_client *office_client(const char *user);
/* The text of a buffer, which ends with NUL. */
const char *text_of(const thrivosign_buffer *buffer);
/* A new package of the client's: the document, and a signature in it that its own user is asked for. */
thrivosign_package *shared_package(const struct fixture *fixture);

/* What signs and verifies without a service: key store, signer, document, request and trust. The rest is NULL, which may be freed. Key and
   certificate are those of chain.sh in the folder THRIVOSIGN_CHAIN. No network, no thread. */
void fixture_make_offline(struct fixture *fixture);

/* Signs the document into memory, verifies what came out and looks at the report. */
void sign_and_verify(const struct fixture *fixture);

#ifdef __cplusplus
}
#endif

#endif
