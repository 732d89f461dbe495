/*
 * The whole job in C99: log in, register this device, have a certificate issued and activated, sign an agreement in three ways, verify,
 * raise one for the archive, revoke.
 *
 * Settings come from the environment; `cargo xtask with-server -- PROGRAM` sets them for a demo server:
 * THRIVOSIGN_SERVICE, _API_KEY, _TLS_ROOT (file), _TRUST (file), _USER, _PASSWORD, _DOCUMENT (file), _SCRATCH (folder), _TRUST_SERVICES
 * (address of a time-stamping authority, if there is one), and _OUTBOX, the file whose last line is the newest one-time code; without it the
 * codes are asked for on the terminal.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <thrivosign.h>

#ifdef SAMPLE_OWN_KEYS
#include "own_keys.h"
#define DEVICE "sample-device-c-own-keys"
#elif defined(SAMPLE_OWN_HTTP)
#include "own_http.h"
#define DEVICE "sample-device-c-own-http"
#else
#define DEVICE "sample-device-c"
#endif
#define NAME "Anna Schmidt"

/* Every function that can fail gives NULL or an error. This program ends at the first one; another would look at its code and go on. */
static void must(const char *what, thrivosign_error *error) {
    if (error != NULL) {
        fprintf(stderr, "%s: %s (%s)\n", what, thrivosign_error_message(error), thrivosign_error_name(error));
        thrivosign_error_free(error);
        exit(EXIT_FAILURE);
    }
}

static const char *setting(const char *name) {
    const char *value = getenv(name);
    if (value == NULL) {
        fprintf(stderr, "%s is not set\n", name);
        exit(EXIT_FAILURE);
    }
    return value;
}

/* A small file, with a NUL behind it. */
static char *file_of(const char *path, size_t *size) {
    char *bytes = calloc(1, 1 << 16);
    FILE *file = fopen(path, "rb");
    if (bytes == NULL || file == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(EXIT_FAILURE);
    }
    *size = fread(bytes, 1, (1 << 16) - 1, file);
    fclose(file);
    return bytes;
}

/* The one-time code that was just sent. */
static const char *one_time_code(void) {
    static char code[64];
    const char *outbox = getenv("THRIVOSIGN_OUTBOX");
    FILE *file = outbox != NULL ? fopen(outbox, "r") : stdin;
    if (outbox == NULL) {
        printf("one-time code: ");
        fflush(stdout);
    }
    /* The outbox is read to its last line, the terminal only to its next. */
    while (file != NULL && fgets(code, sizeof code, file) != NULL && outbox != NULL) {
    }
    if (outbox != NULL && file != NULL) {
        fclose(file);
    }
    code[strcspn(code, "\r\n")] = '\0';
    return code;
}

/* A path in the scratch folder, good until the next call. */
static const char *scratch(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/c-%s", setting("THRIVOSIGN_SCRATCH"), name);
    return path;
}

/* A session whose tokens are bound to the device's authentication key, which is made here. */
static thrivosign_client *logged_in(thrivosign_key_store *store) {
    thrivosign_environment *environment;
    thrivosign_client *client;
    size_t size;
    char *root = file_of(setting("THRIVOSIGN_TLS_ROOT"), &size);
    must("environment", thrivosign_environment_new(setting("THRIVOSIGN_SERVICE"), &environment));
    must("API key", thrivosign_environment_set_api_key(environment, setting("THRIVOSIGN_API_KEY")));
#ifdef SAMPLE_OWN_HTTP
    must("client", own_http_client(environment, root, &client));
#else
    must("roots", thrivosign_environment_set_roots_pem(environment, (const uint8_t *)root, size));
    must("client", thrivosign_client_new(environment, &client));
#endif
    must("authentication key", thrivosign_key_store_create(store, "authentication", THRIVOSIGN_KEY_ALGORITHM_P256,
                                                           THRIVOSIGN_KEY_PURPOSE_AUTHENTICATION, THRIVOSIGN_PROMPT_NONE, NULL, 0, NULL));
    must("proofs", thrivosign_client_prove_with(client, store, "authentication"));
    must("login", thrivosign_client_login(client, setting("THRIVOSIGN_USER"), setting("THRIVOSIGN_PASSWORD"), NULL));
    thrivosign_environment_free(environment);
    free(root);
    return client;
}

/* Makes the signing key, registers the device, and has a certificate issued and activated. */
static thrivosign_identity *enrolled(thrivosign_client *client, thrivosign_key_store *store) {
    thrivosign_identity *issued, *activated;
    thrivosign_pending_request *pending;
    thrivosign_challenge *challenge;
    thrivosign_activation *activation;
    thrivosign_certificate_order order = {0};

    must("signing key", thrivosign_key_store_create(store, "signing", THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_SIGNING,
                                                    THRIVOSIGN_PROMPT_NONE, NULL, 0, NULL));
    must("device code", thrivosign_client_send_device_code(client, NULL));
    must("device", thrivosign_client_register_device(client, store, "authentication", DEVICE, "Anna's machine", "linux", one_time_code(), NULL, NULL));

    must("challenge", thrivosign_client_ask_challenge(client, DEVICE, THRIVOSIGN_AUTHENTICATION_METHOD_OTP, NULL, &challenge));
    order.struct_size = sizeof order;
    order.device_uuid = DEVICE;
    order.authentication_key = "authentication";
    order.signing_key = "signing";
    order.challenge = challenge;
    order.subject_name = NAME;
    order.country = "DE";
    must("certificate", thrivosign_client_order_certificate(client, store, &order, THRIVOSIGN_AUTHENTICATION_METHOD_OTP, one_time_code(), NULL,
                                                            &issued, &pending));
    thrivosign_challenge_free(challenge);
    if (issued == NULL) {
        /* Keep thrivosign_pending_request_to_json, and ask again later with thrivosign_client_ask_again. */
        fprintf(stderr, "a registration officer has yet to approve\n");
        exit(EXIT_FAILURE);
    }
    must("activation", thrivosign_client_begin_activation(client, issued, NULL, &activation));
    must("activation", thrivosign_client_finish_activation(client, store, issued, activation, one_time_code(), NULL, &activated));
    thrivosign_activation_free(activation);
    thrivosign_identity_free(issued);
    return activated;
}

/* Prints what the library's verifier says of a document; ends the program unless it is clean. */
static void verified(const char *what, thrivosign_document *document) {
    thrivosign_trust *trust;
    thrivosign_report *report;
    thrivosign_buffer *signer;
    size_t size;
    int32_t clean;
    char *root = file_of(setting("THRIVOSIGN_TRUST"), &size);
    must("trust", thrivosign_trust_new_from_pem((const uint8_t *)root, size, &trust));
    must("verify", thrivosign_document_verify(document, trust, NULL, NULL, &report));
    must("clean", thrivosign_report_clean(report, &clean));
    must("signer", thrivosign_report_signature_signer_name(report, 0, &signer));
    printf("%s: %s, signed by %s\n", what, clean ? "clean" : "NOT CLEAN", (const char *)thrivosign_buffer_data(signer));
    thrivosign_buffer_free(signer);
    thrivosign_report_free(report);
    thrivosign_trust_free(trust);
    thrivosign_document_free(document);
    free(root);
    if (!clean) {
        exit(EXIT_FAILURE);
    }
}

static void verified_file(const char *what, const char *name) {
    thrivosign_document *document;
    must("open", thrivosign_document_new_from_path(scratch(name), &document));
    verified(what, document);
}

/* The service prepares and files; this device checks everything and signs. */
static void sign_mode_submit(thrivosign_client *client, thrivosign_identity *identity, thrivosign_signer *signer, thrivosign_document *document,
                             thrivosign_signature_request *request) {
    thrivosign_output *output;
    thrivosign_submitted *submitted;
    thrivosign_buffer *credential_id;
    must("credential", thrivosign_identity_credential_id(identity, &credential_id));
    must("output", thrivosign_output_new_to_path(scratch("submit.pdf"), THRIVOSIGN_DURABILITY_FSYNC, &output));
    must("submit", thrivosign_client_submit(client, signer, (const char *)thrivosign_buffer_data(credential_id), document, output, "agreement.pdf",
                                            request, NULL, NULL, &submitted));
    thrivosign_submitted_free(submitted);
    thrivosign_output_free(output);
    thrivosign_buffer_free(credential_id);
    verified_file("mode submit", "submit.pdf");
}

/* This device does it all, and files the result. */
static void sign_mode_device(thrivosign_client *client, thrivosign_signer *signer, thrivosign_document *document,
                             thrivosign_signature_request *request) {
    thrivosign_output *output;
    thrivosign_signed *made;
    thrivosign_agreement *agreement;
    thrivosign_error *filing_error;
    must("output", thrivosign_output_new_to_path(scratch("device.pdf"), THRIVOSIGN_DURABILITY_FSYNC, &output));
    must("sign", thrivosign_client_sign_and_file(client, signer, document, output, "agreement.pdf", request, NULL, NULL, &made, &agreement,
                                                 &filing_error));
    must("filing", filing_error);
    thrivosign_agreement_free(agreement);
    thrivosign_signed_free(made);
    thrivosign_output_free(output);
    verified_file("mode device", "device.pdf");
}

/* One order, given twice as after a crash: signed once, filed once. */
static void sign_as_an_order(thrivosign_client *client, thrivosign_signer *signer, thrivosign_document *document,
                             thrivosign_signature_request *request) {
    /* 32 random bytes, kept where the host keeps secrets; these stand for them here. */
    const uint8_t journal_key[32] = {4, 7, 1, 1};
    thrivosign_orders *orders;
    thrivosign_signing_order *order;
    thrivosign_buffer *name, *filed_as, *evidence;
    int round;
    for (round = 0; round < 2; round++) {
        must("journal", thrivosign_orders_new_in_folder(scratch("orders"), journal_key, sizeof journal_key, &orders));
        must("order", thrivosign_orders_sign(orders, "loan-4711", document, scratch("order.pdf"), request, signer, "I agree.", 0, NULL, NULL,
                                             &order));
        must("name", thrivosign_signing_order_name(order, &name));
        thrivosign_signing_order_free(order);
        must("file", thrivosign_orders_file(orders, client, (const char *)thrivosign_buffer_data(name), "order.pdf", NULL, &order));
        must("filed as", thrivosign_signing_order_document_id(order, &filed_as));
        printf("order filed as %s\n", (const char *)thrivosign_buffer_data(filed_as));
        /* To be kept: what was shown and agreed to, by what key it was signed, what the service stored. */
        must("evidence", thrivosign_orders_evidence(orders, (const char *)thrivosign_buffer_data(name), &evidence));
        thrivosign_buffer_free(evidence);
        thrivosign_buffer_free(filed_as);
        thrivosign_buffer_free(name);
        thrivosign_signing_order_free(order);
        thrivosign_orders_free(orders);
    }
    verified_file("order", "order.pdf");
}

/* The key may be elsewhere, and the answer days away: what waits is a blob. */
static void sign_with_a_pause(thrivosign_key_store *store, thrivosign_signer *signer, thrivosign_document *document,
                              thrivosign_signature_request *request) {
    thrivosign_prepared *prepared;
    thrivosign_buffer *blob, *message, *value, *pdf;
    thrivosign_output *output;
    thrivosign_signed *made;
    thrivosign_document *finished;
    int32_t algorithm;
    must("prepare", thrivosign_signer_prepare(signer, document, request, NULL, NULL, &prepared));
    must("message", thrivosign_prepared_message(prepared, &message));
    must("algorithm", thrivosign_prepared_algorithm(prepared, &algorithm));
    must("blob", thrivosign_prepared_to_blob(prepared, NULL, 0, &blob));
    thrivosign_prepared_free(prepared);

    /* Wherever the key is: it signs the message, not a digest of it. */
    must("key", thrivosign_key_store_sign(store, "signing", thrivosign_buffer_data(message), thrivosign_buffer_size(message), algorithm, &value));

    must("blob", thrivosign_prepared_new_from_blob(thrivosign_buffer_data(blob), thrivosign_buffer_size(blob), NULL, 0, &prepared));
    must("output", thrivosign_output_new_to_memory(&output));
    must("complete", thrivosign_prepared_complete(prepared, thrivosign_buffer_data(value), thrivosign_buffer_size(value), document, output, NULL,
                                                  NULL, &made));
    must("take", thrivosign_output_take(output, &pdf));
    must("open", thrivosign_document_new_from_memory(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf), &finished));
    thrivosign_buffer_free(pdf);
    thrivosign_buffer_free(value);
    thrivosign_buffer_free(message);
    thrivosign_buffer_free(blob);
    thrivosign_signed_free(made);
    thrivosign_output_free(output);
    thrivosign_prepared_free(prepared);
    verified("with a pause", finished);
}

/* Raised for the archive, without the signer: a time stamp, what proves the certificates, and a time stamp over it. */
static void archive(const char *services) {
    char url[512];
    size_t size;
    char *root = file_of(setting("THRIVOSIGN_TRUST"), &size);
    thrivosign_trust *trust;
    thrivosign_extension *extension;
    thrivosign_document *document;
    thrivosign_output *output;
    thrivosign_extended *extended;
    uint64_t added;
    int32_t reached;
    snprintf(url, sizeof url, "%s/tsa", services);
    must("trust", thrivosign_trust_new_from_pem((const uint8_t *)root, size, &trust));
    must("extension", thrivosign_extension_new(THRIVOSIGN_LEVEL_BLTA, trust, &extension));
    must("authority", thrivosign_extension_add_authority(extension, url, NULL, 0, 0));
    must("reach", thrivosign_extension_set_reach(extension, THRIVOSIGN_REACH_ANYWHERE));
    must("open", thrivosign_document_new_from_path(scratch("device.pdf"), &document));
    must("output", thrivosign_output_new_to_path(scratch("archived.pdf"), THRIVOSIGN_DURABILITY_FSYNC, &output));
    must("extend", thrivosign_document_extend(document, extension, output, NULL, 0, NULL, &extended));
    must("reached", thrivosign_extended_reached(extended, &reached));
    must("added", thrivosign_extended_added_size(extended, &added));
    printf("raised to B-LTA: %s, %lu bytes added\n", reached ? "yes" : "NO", (unsigned long)added);
    if (!reached) {
        exit(EXIT_FAILURE); /* thrivosign_extended_missing_.. and _unanswered_.. say why */
    }
    thrivosign_extended_free(extended);
    thrivosign_output_free(output);
    thrivosign_document_free(document);
    thrivosign_extension_free(extension);
    thrivosign_trust_free(trust);
    free(root);
}

int main(void) {
    thrivosign_client *client;
    thrivosign_key_store *store;
    thrivosign_identity *identity;
    thrivosign_signer *signer;
    thrivosign_document *document;
    thrivosign_inspection *inspection;
    thrivosign_signature_request *request;
    thrivosign_buffer *credential_id;
    size_t risks;

#ifdef SAMPLE_OWN_KEYS
    must("key store", own_key_store(&store));
#else
    must("key store", thrivosign_key_store_new_in_folder(scratch("keys"), &store));
    must("unlock", thrivosign_key_store_unlock(store, "a passphrase that only this sample uses"));
#endif
    client = logged_in(store);
    printf("thrivosign %s, logged in\n", thrivosign_version());
    identity = enrolled(client, store);
    must("signer", thrivosign_signer_new_from_identity(identity, store, 0, &signer));

    must("document", thrivosign_document_new_from_path(setting("THRIVOSIGN_DOCUMENT"), &document));
    must("inspect", thrivosign_document_inspect(document, NULL, 0, NULL, &inspection));
    must("risks", thrivosign_inspection_risk_count(inspection, &risks));
    printf("document: %lu risk markers\n", (unsigned long)risks);
    thrivosign_inspection_free(inspection);

    must("request", thrivosign_signature_request_new(&request));
    must("reason", thrivosign_signature_request_set_reason(request, "I have read and agree"));
    must("box", thrivosign_signature_request_set_box(request, 1, 72, 72, 272, 132));
    sign_mode_submit(client, identity, signer, document, request);
    sign_mode_device(client, signer, document, request);
    sign_as_an_order(client, signer, document, request);
    sign_with_a_pause(store, signer, document, request);

    if (getenv("THRIVOSIGN_TRUST_SERVICES") != NULL) {
        archive(getenv("THRIVOSIGN_TRUST_SERVICES"));
    }

    must("credential", thrivosign_identity_credential_id(identity, &credential_id));
    must("revoke", thrivosign_client_revoke(client, (const char *)thrivosign_buffer_data(credential_id), THRIVOSIGN_REVOCATION_REASON_SUPERSEDED,
                                            NULL));
    must("logout", thrivosign_client_logout(client, NULL));
    printf("revoked, logged out\n");

    thrivosign_buffer_free(credential_id);
    thrivosign_signature_request_free(request);
    thrivosign_document_free(document);
    thrivosign_signer_free(signer);
    thrivosign_identity_free(identity);
    thrivosign_key_store_free(store);
    thrivosign_client_free(client);
    thrivosign_shutdown();
    return thrivosign_objects_alive() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
