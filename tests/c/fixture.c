#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A request that waits, as it was kept; its key is nobody's. */
static const char PENDING[] =
    "{\"version\":1,\"requestID\":\"r-1\",\"retryAfter\":60,\"csr\":\""
    "MIHIMHECAQAwDzENMAsGA1UEAwwEVGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFOYQzrNFxLTqwnN528H6VJIIfYZ9cjmmqPP3Ars6wtS3UC0EbRP"
    "gJNew7Jq53KSi9EUNqJs6hH9H5a/Z5Q4N0GgADAKBggqhkjOPQQDAgNHADBEAiBf78RBD+dh/dBze0+CtX+5s9tFsr5KOB1aq9zBmQFnMQIgBZ451b0Y4kJo"
    "2GByrzGFfMGiJrOt1U9MOaCLrv7/oY0="
    "\",\"deviceUUID\":\"d-1\",\"signingKey\":\"signing\",\"authenticationKey\":\"authentication\"}";

void must(const char *what, thrivosign_error *error) {
    if (error != NULL) {
        fprintf(stderr, "%s: %s (%s)\n", what, thrivosign_error_message(error), thrivosign_error_name(error));
        thrivosign_error_free(error);
        exit(EXIT_FAILURE);
    }
}

void hold(int truth, const char *what) {
    if (!truth) {
        fprintf(stderr, "does not hold: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

int32_t code_of(thrivosign_error *error) {
    int32_t code = thrivosign_error_code(error);
    thrivosign_error_free(error);
    return code;
}

const char *setting(const char *name) {
    const char *value = getenv(name);
    if (value == NULL) {
        fprintf(stderr, "%s is not set\n", name);
        exit(EXIT_FAILURE);
    }
    return value;
}

uint8_t *file_of(const char *path, size_t *size) {
    FILE *file = fopen(path, "rb");
    size_t room = 1 << 24;
    uint8_t *bytes = (uint8_t *)calloc(1, room);
    if (file == NULL || bytes == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(EXIT_FAILURE);
    }
    *size = fread(bytes, 1, room - 1, file);
    fclose(file);
    return bytes;
}

const char *scratch(const char *name) {
    static char paths[4][4096];
    static size_t next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", setting("THRIVOSIGN_SCRATCH"), name);
    return path;
}

const uint8_t PICTURE[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01,
    0x08, 0x02, 0x00, 0x00, 0x00, 0x7b, 0x40, 0xe8, 0xdd, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xb8, 0x23, 0x22, 0x07,
    0x44, 0x00, 0x08, 0xe5, 0x02, 0x1d, 0x2a, 0x70, 0x9e, 0x2c, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};
const size_t PICTURE_SIZE = sizeof PICTURE;
const uint8_t OTHER_PICTURE[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01,
    0x08, 0x02, 0x00, 0x00, 0x00, 0x7b, 0x40, 0xe8, 0xdd, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x10, 0x91, 0xbb, 0x03,
    0x44, 0x00, 0x05, 0xd9, 0x02, 0x1d, 0xed, 0xf6, 0x73, 0xf2, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};
const size_t OTHER_PICTURE_SIZE = sizeof OTHER_PICTURE;

const char *newest_line(const char *path) {
    static char line[64];
    FILE *file = fopen(path, "r");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    }
    if (file != NULL) {
        fclose(file);
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

const char *one_time_code(void) { return newest_line(setting("THRIVOSIGN_OUTBOX")); }

static thrivosign_client *logged_in(const char *service, const char *roots, const char *api_key, const char *user, const char *password,
                                    thrivosign_environment **environment) {
    thrivosign_client *client;
    size_t size;
    uint8_t *root = file_of(roots, &size);
    must("environment", thrivosign_environment_new(service, environment));
    must("roots", thrivosign_environment_set_roots_pem(*environment, root, size));
    must("API key", thrivosign_environment_set_api_key(*environment, api_key));
    must("client", thrivosign_client_new(*environment, &client));
    must("login", thrivosign_client_login(client, user, password, NULL));
    free(root);
    return client;
}

static void make_client(struct fixture *f) {
    f->client = logged_in(setting("THRIVOSIGN_SERVICE"), setting("THRIVOSIGN_TLS_ROOT"), setting("THRIVOSIGN_API_KEY"), setting("THRIVOSIGN_USER"),
                          setting("THRIVOSIGN_PASSWORD"), &f->environment);
}

thrivosign_client *office_client(const char *user) {
    thrivosign_environment *environment;
    thrivosign_client *client = logged_in(setting("THRIVOSIGN_OFFICE_SERVICE"), setting("THRIVOSIGN_OFFICE_TLS_ROOT"),
                                          setting("THRIVOSIGN_OFFICE_API_KEY"), user, setting("THRIVOSIGN_OFFICE_PASSWORD"), &environment);
    thrivosign_environment_free(environment);
    return client;
}

static void enrol(struct fixture *f, const char *device) {
    thrivosign_certificate_order order;
    thrivosign_pending_request *none;
    thrivosign_identity *issued;
    const int32_t otp = THRIVOSIGN_AUTHENTICATION_METHOD_OTP;

    must("key store", thrivosign_key_store_new_in_memory(&f->key_store));
    must("key", thrivosign_key_store_create(f->key_store, "authentication", THRIVOSIGN_KEY_ALGORITHM_P256,
                                            THRIVOSIGN_KEY_PURPOSE_AUTHENTICATION, THRIVOSIGN_PROMPT_NONE, NULL, 0, NULL));
    must("key", thrivosign_key_store_create(f->key_store, "signing", THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_SIGNING,
                                            THRIVOSIGN_PROMPT_NONE, NULL, 0, &f->key_info));
    must("list", thrivosign_key_store_list(f->key_store, &f->key_list));
    must("device code", thrivosign_client_send_device_code(f->client, NULL));
    must("device", thrivosign_client_register_device(f->client, f->key_store, "authentication", device, "Anna's machine", "linux",
                                                     one_time_code(), NULL, NULL));
    must("challenge", thrivosign_client_ask_challenge(f->client, device, otp, NULL, &f->challenge));
    memset(&order, 0, sizeof order);
    order.struct_size = sizeof order;
    order.device_uuid = device;
    order.authentication_key = "authentication";
    order.signing_key = "signing";
    order.challenge = f->challenge;
    order.subject_name = "Anna Schmidt";
    must("certificate",
         thrivosign_client_order_certificate(f->client, f->key_store, &order, otp, one_time_code(), NULL, &issued, &none));
    must("activation", thrivosign_client_begin_activation(f->client, issued, NULL, &f->activation));
    must("activation", thrivosign_client_finish_activation(f->client, f->key_store, issued, f->activation, one_time_code(), NULL,
                                                           &f->identity));
    thrivosign_identity_free(issued);
    must("pending", thrivosign_pending_request_new_from_json((const uint8_t *)PENDING, sizeof PENDING - 1, &f->pending_request));
    must("credentials", thrivosign_client_list_credentials(f->client, NULL, &f->credential_list));
}

/* A key store of the host's that only attests. */
static int32_t no_info(void *context, const char *name, thrivosign_sink *key, int32_t *protection, int32_t *purpose, int32_t *prompt) {
    (void)context, (void)name, (void)key, (void)protection, (void)purpose, (void)prompt;
    return THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND;
}

static int32_t no_sign(void *context, const char *name, const uint8_t *message, size_t size, int32_t algorithm, thrivosign_sink *value) {
    (void)context, (void)name, (void)message, (void)size, (void)algorithm, (void)value;
    return THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND;
}

static int32_t attest(void *context, const char *name, const uint8_t *challenge, size_t size, thrivosign_sink *format,
                      thrivosign_sink *certificates, thrivosign_sink *statement) {
    (void)context, (void)name;
    must("format", thrivosign_sink_append(format, (const uint8_t *)"test", 4));
    must("certificate", thrivosign_sink_append(certificates, (const uint8_t *)"der", 3));
    must("statement", thrivosign_sink_append(statement, challenge, size));
    return 0;
}

static void make_attestation(struct fixture *f) {
    thrivosign_key_store_callbacks table;
    thrivosign_key_store *store;
    memset(&table, 0, sizeof table);
    table.struct_size = sizeof table;
    table.info = no_info;
    table.sign = no_sign;
    table.attest = attest;
    must("host's store", thrivosign_key_store_new_from_callbacks(&table, &store));
    must("attestation", thrivosign_key_store_attest(store, "any", (const uint8_t *)"nonce", 5, &f->attestation));
    thrivosign_key_store_free(store);
}

static void make_order(struct fixture *f, const char *device) {
    static const uint8_t key[32] = {9};
    char folder[256], target[256];
    snprintf(folder, sizeof folder, "orders-%s", device);
    snprintf(target, sizeof target, "order-%s.pdf", device);
    must("orders", thrivosign_orders_new_in_folder(scratch(folder), key, sizeof key, &f->orders));
    must("requests", thrivosign_requests_new_in_folder(scratch(folder), key, sizeof key, &f->requests));
    must("order", thrivosign_orders_sign(f->orders, "fixture", f->document, scratch(target), f->signature_request, f->signer, NULL, 0, NULL, NULL,
                                         &f->signing_order));
    must("list", thrivosign_order_list_new(&f->order_list));
}

/* What an officer sees, at the server that has one. */
static void make_office(struct fixture *f) {
    thrivosign_client *officer = office_client("officer");
    must("requests", thrivosign_client_waiting_requests(officer, NULL, &f->waiting_request_list));
    must("devices", thrivosign_client_users_devices(officer, NULL, &f->users_device_list));
    thrivosign_client_free(officer);
}

const char *text_of(const thrivosign_buffer *buffer) { return (const char *)thrivosign_buffer_data(buffer); }

thrivosign_package *shared_package(const struct fixture *f) {
    thrivosign_package *made, *filled, *asked, *shared;
    thrivosign_buffer *package, *document;
    must("package", thrivosign_client_create_package(f->client, "Loan 4711", 0, NULL, &made));
    must("id", thrivosign_package_id(made, &package));
    must("fill", thrivosign_client_add_to_package(f->client, text_of(package), f->document, "loan.pdf", NULL, &filled));
    must("id", thrivosign_package_document_id(filled, 0, &document));
    must("ask", thrivosign_client_assign_in_package(f->client, text_of(package), text_of(document), setting("THRIVOSIGN_USER"), 1, NULL, 1, 72, 72,
                                                    272, 132, NULL, &asked));
    must("share", thrivosign_client_share_package(f->client, text_of(package), NULL, &shared));
    thrivosign_buffer_free(package);
    thrivosign_buffer_free(document);
    thrivosign_package_free(made);
    thrivosign_package_free(filled);
    thrivosign_package_free(asked);
    return shared;
}

void fixture_make(struct fixture *f, const char *device) {
    size_t size;
    uint8_t *root = file_of(setting("THRIVOSIGN_TRUST"), &size);
    thrivosign_buffer *credential;
    thrivosign_error *filing_error;
    memset(f, 0, sizeof *f);
    make_client(f);
    enrol(f, device);
    make_attestation(f);
    must("trust", thrivosign_trust_new_from_pem(root, size, &f->trust));
    must("certificates", thrivosign_certificates_new_from_pem(root, size, &f->certificates));
    free(root);
    must("cancel", thrivosign_cancel_new(&f->cancel));
    must("signer", thrivosign_signer_new_from_identity(f->identity, f->key_store, 0, &f->signer));
    must("document", thrivosign_document_new_from_path(setting("THRIVOSIGN_DOCUMENT"), &f->document));
    must("output", thrivosign_output_new_to_memory(&f->output));
    must("request", thrivosign_signature_request_new(&f->signature_request));
    must("inspection", thrivosign_document_inspect(f->document, NULL, 0, NULL, &f->inspection));
    must("policy", thrivosign_preflight_policy_new("bank", &f->preflight_policy));
    must("preflight", thrivosign_document_preflight(f->document, NULL, NULL, NULL, &f->preflight));
    must("batch", thrivosign_batch_new(&f->batch));
    must("batch", thrivosign_batch_add(f->batch, setting("THRIVOSIGN_DOCUMENT"), scratch("fixture-batch.pdf")));
    must("fields", thrivosign_empty_fields_new(&f->empty_fields));
    must("pad", thrivosign_signature_request_set_ink_pad(f->signature_request, 100, 100, 2));
    must("prepare", thrivosign_signer_prepare(f->signer, f->document, f->signature_request, NULL, NULL, &f->prepared));
    must("blob", thrivosign_prepared_to_blob(f->prepared, NULL, 0, &f->blob));
    must("credential", thrivosign_identity_credential_id(f->identity, &credential));
    must("submit", thrivosign_client_submit(f->client, f->signer, (const char *)thrivosign_buffer_data(credential), f->document, f->output,
                                            "agreement.pdf", f->signature_request, NULL, NULL, &f->submitted));
    thrivosign_buffer_free(credential);
    must("sign", thrivosign_client_sign_and_file(f->client, f->signer, f->document, f->output, "agreement.pdf", f->signature_request, NULL,
                                                 NULL, &f->signed_, &f->agreement, &filing_error));
    must("filing", filing_error);
    must("take", thrivosign_output_take(f->output, &f->buffer));
    thrivosign_document_free(f->document);
    must("document", thrivosign_document_new_from_memory(thrivosign_buffer_data(f->buffer), thrivosign_buffer_size(f->buffer), &f->document));
    must("verify", thrivosign_document_verify(f->document, f->trust, NULL, NULL, &f->report));
    must("words", thrivosign_words_new("de", &f->words));
    must("diff", thrivosign_document_diff(f->document, 0, NULL, 0, NULL, &f->diff));
    must("signatures", thrivosign_document_signatures(f->document, NULL, 0, NULL, &f->signature_list));
    must("evidence", thrivosign_evidence_new(&f->evidence));
    must("extension", thrivosign_extension_new(THRIVOSIGN_LEVEL_BLTA, f->trust, &f->extension));
    must("authority", thrivosign_extension_add_authority(f->extension, "http://127.0.0.1:9/tsa", NULL, 1, 1000));
    must("extend", thrivosign_document_extend(f->document, f->extension, f->output, NULL, 0, NULL, &f->extended));
    make_order(f, device);
    thrivosign_document_free(f->document);
    must("document", thrivosign_document_new_from_path(setting("THRIVOSIGN_DOCUMENT"), &f->document));
    make_office(f);
    must("values", thrivosign_field_values_new(&f->field_values));
    f->package = shared_package(f);
    must("packages", thrivosign_client_list_packages(f->client, THRIVOSIGN_PACKAGE_VIEW_WAITING, NULL, &f->package_list));
    must("authorizations", thrivosign_client_waiting_authorizations(f->client, device, 0, NULL, &f->authorization_list));
}

/* A file of chain.sh. */
static uint8_t *chain_file(const char *name, size_t *size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", setting("THRIVOSIGN_CHAIN"), name);
    return file_of(path, size);
}

void fixture_make_offline(struct fixture *f) {
    size_t size;
    uint8_t *key, *chain, *root;
    memset(f, 0, sizeof *f);
    must("key store", thrivosign_key_store_new_in_memory(&f->key_store));
    key = chain_file("signer.key", &size);
    must("key", thrivosign_key_store_import(f->key_store, "signing", THRIVOSIGN_KEY_PURPOSE_SIGNING, key, size, NULL, &f->key_info));
    chain = chain_file("chain.pem", &size);
    must("certificates", thrivosign_certificates_new_from_pem(chain, size, &f->certificates));
    root = chain_file("root.pem", &size);
    must("trust", thrivosign_trust_new_from_pem(root, size, &f->trust));
    must("signer", thrivosign_signer_new_from_certificates(f->certificates, f->key_store, "signing", 0, &f->signer));
    must("document", thrivosign_document_new_from_path(setting("THRIVOSIGN_DOCUMENT"), &f->document));
    must("request", thrivosign_signature_request_new(&f->signature_request));
    free(key);
    free(chain);
    free(root);
}

void fixture_free(struct fixture *f) {
    thrivosign_buffer_free(f->buffer);
    thrivosign_cancel_free(f->cancel);
    thrivosign_environment_free(f->environment);
    thrivosign_client_free(f->client);
    thrivosign_key_store_free(f->key_store);
    thrivosign_key_info_free(f->key_info);
    thrivosign_key_list_free(f->key_list);
    thrivosign_attestation_free(f->attestation);
    thrivosign_challenge_free(f->challenge);
    thrivosign_pending_request_free(f->pending_request);
    thrivosign_activation_free(f->activation);
    thrivosign_identity_free(f->identity);
    thrivosign_credential_list_free(f->credential_list);
    thrivosign_certificates_free(f->certificates);
    thrivosign_signer_free(f->signer);
    thrivosign_document_free(f->document);
    thrivosign_output_free(f->output);
    thrivosign_signature_request_free(f->signature_request);
    thrivosign_signed_free(f->signed_);
    thrivosign_agreement_free(f->agreement);
    thrivosign_submitted_free(f->submitted);
    thrivosign_prepared_free(f->prepared);
    thrivosign_trust_free(f->trust);
    thrivosign_report_free(f->report);
    thrivosign_inspection_free(f->inspection);
    thrivosign_preflight_policy_free(f->preflight_policy);
    thrivosign_preflight_free(f->preflight);
    thrivosign_batch_free(f->batch);
    thrivosign_empty_fields_free(f->empty_fields);
    thrivosign_words_free(f->words);
    thrivosign_diff_free(f->diff);
    thrivosign_signature_list_free(f->signature_list);
    thrivosign_evidence_free(f->evidence);
    thrivosign_extension_free(f->extension);
    thrivosign_extended_free(f->extended);
    thrivosign_signing_order_free(f->signing_order);
    thrivosign_orders_free(f->orders);
    thrivosign_requests_free(f->requests);
    thrivosign_order_list_free(f->order_list);
    thrivosign_package_free(f->package);
    thrivosign_package_list_free(f->package_list);
    thrivosign_waiting_request_list_free(f->waiting_request_list);
    thrivosign_users_device_list_free(f->users_device_list);
    thrivosign_field_values_free(f->field_values);
    thrivosign_authorization_list_free(f->authorization_list);
    thrivosign_buffer_free(f->blob);
}

void sign_and_verify(const struct fixture *f) {
    thrivosign_output *output;
    thrivosign_signed *made;
    thrivosign_buffer *pdf, *signer;
    thrivosign_document *document;
    thrivosign_report *report;
    int32_t clean;
    must("output", thrivosign_output_new_to_memory(&output));
    must("sign", thrivosign_signer_sign(f->signer, f->document, output, f->signature_request, NULL, NULL, &made));
    must("take", thrivosign_output_take(output, &pdf));
    must("document", thrivosign_document_new_from_memory(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf), &document));
    must("verify", thrivosign_document_verify(document, f->trust, NULL, NULL, &report));
    must("clean", thrivosign_report_clean(report, &clean));
    hold(clean == 1, "what was just signed is clean");
    must("signer", thrivosign_report_signature_signer_name(report, 0, &signer));
    hold(thrivosign_buffer_size(signer) > 0, "the signer has a name");
    thrivosign_buffer_free(signer);
    thrivosign_report_free(report);
    thrivosign_document_free(document);
    thrivosign_buffer_free(pdf);
    thrivosign_signed_free(made);
    thrivosign_output_free(output);
}
