/*
 * A back office with its keys in an HSM or on a smart card, in C99.
 *
 *   hsm key  MODULE LABEL KEY                                   lists the token's keys, makes KEY if it is not there, writes its public key
 *   hsm sign MODULE LABEL KEY CHAIN.pem ROOT.pem IN.pdf OUT.pdf signs with KEY, then verifies what was signed
 *
 * In between a certification authority issues a certificate for the public key. LABEL is the token's, KEY its private key's (CKA_LABEL). The PIN
 * comes from the environment variable PIN: an argument can be read by every other process. A wrong PIN is tried once; tokens lock after a few. Without
 * PIN it is typed on the token's own pad.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <thrivosign.h>

static void must(const char *what, thrivosign_error *error) {
    if (error != NULL) {
        fprintf(stderr, "%s: %s (%s)\n", what, thrivosign_error_message(error), thrivosign_error_name(error));
        thrivosign_error_free(error);
        exit(EXIT_FAILURE);
    }
}

/* A small file. */
static uint8_t *file_of(const char *path, size_t *size) {
    static uint8_t bytes[1 << 16];
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        fprintf(stderr, "%s cannot be read\n", path);
        exit(EXIT_FAILURE);
    }
    *size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    return bytes;
}

static thrivosign_key_store *token(const char *module, const char *label) {
    thrivosign_key_store *store;
    const char *pin = getenv("PIN");
    must("token", pin != NULL ? thrivosign_key_store_new_on_token(module, label, NULL, pin, &store)
                              : thrivosign_key_store_new_on_token_with_pad(module, label, NULL, &store));
    return store;
}

/* Every key that can sign, whoever made it. */
static void list(thrivosign_key_store *store) {
    thrivosign_key_list *keys;
    size_t count, at;
    must("list", thrivosign_key_store_list(store, &keys));
    must("count", thrivosign_key_list_count(keys, &count));
    for (at = 0; at < count; at++) {
        thrivosign_key_info *info;
        thrivosign_buffer *name;
        must("key", thrivosign_key_list_get(keys, at, &info));
        must("name", thrivosign_key_info_name(info, &name));
        fprintf(stderr, "on the token: %s\n", (const char *)thrivosign_buffer_data(name));
        thrivosign_buffer_free(name);
        thrivosign_key_info_free(info);
    }
    thrivosign_key_list_free(keys);
}

/* Makes the key where it is not there, and writes its public key (SubjectPublicKeyInfo, DER) to standard output. */
static void make_key(thrivosign_key_store *store, const char *key) {
    thrivosign_key_info *info;
    thrivosign_buffer *public_key;
    thrivosign_error *error;
    int32_t protection;
    list(store);
    error = thrivosign_key_store_info(store, key, &info);
    if (thrivosign_error_code(error) == THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND) {
        thrivosign_error_free(error);
        error = thrivosign_key_store_create(store, key, THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_SIGNING, THRIVOSIGN_PROMPT_NONE,
                                            NULL, 0, &info);
    }
    must("key", error);
    must("protection", thrivosign_key_info_protection(info, &protection));
    if (protection != THRIVOSIGN_PROTECTION_HSM) {
        fprintf(stderr, "the key is not on a token\n");
        exit(EXIT_FAILURE);
    }
    must("public key", thrivosign_key_info_public_key(info, &public_key));
    fwrite(thrivosign_buffer_data(public_key), 1, thrivosign_buffer_size(public_key), stdout);
    thrivosign_buffer_free(public_key);
    thrivosign_key_info_free(info);
}

static void sign(thrivosign_key_store *store, const char *key, const char *chain, const char *in, const char *out) {
    thrivosign_certificates *certificates;
    thrivosign_signer *signer;
    thrivosign_document *document;
    thrivosign_output *output;
    thrivosign_signature_request *request;
    thrivosign_signed *made;
    size_t size;
    const uint8_t *pem = file_of(chain, &size);
    must("chain", thrivosign_certificates_new_from_pem(pem, size, &certificates));
    must("signer", thrivosign_signer_new_from_certificates(certificates, store, key, 0, &signer));
    must("document", thrivosign_document_new_from_path(in, &document));
    must("output", thrivosign_output_new_to_path(out, THRIVOSIGN_DURABILITY_FSYNC, &output));
    must("request", thrivosign_signature_request_new(&request));
    must("sign", thrivosign_signer_sign(signer, document, output, request, NULL, NULL, &made));
    thrivosign_signed_free(made);
    thrivosign_signature_request_free(request);
    thrivosign_output_free(output);
    thrivosign_document_free(document);
    thrivosign_signer_free(signer);
    thrivosign_certificates_free(certificates);
}

static void verify(const char *root, const char *path) {
    thrivosign_trust *trust;
    thrivosign_document *document;
    thrivosign_report *report;
    size_t size;
    int32_t clean;
    const uint8_t *pem = file_of(root, &size);
    must("trust", thrivosign_trust_new_from_pem(pem, size, &trust));
    must("document", thrivosign_document_new_from_path(path, &document));
    must("verify", thrivosign_document_verify(document, trust, NULL, NULL, &report));
    must("clean", thrivosign_report_clean(report, &clean));
    printf("%s: %s\n", path, clean ? "clean" : "NOT CLEAN");
    thrivosign_report_free(report);
    thrivosign_document_free(document);
    thrivosign_trust_free(trust);
    if (!clean) {
        exit(EXIT_FAILURE);
    }
}

int main(int count, char **arguments) {
    thrivosign_key_store *store;
    const int makes = count == 5 && strcmp(arguments[1], "key") == 0, signs = count == 9 && strcmp(arguments[1], "sign") == 0;
    if (!(makes || signs)) {
        fprintf(stderr, "usage: [PIN=..] hsm key MODULE LABEL KEY > public.der\n       [PIN=..] hsm sign MODULE LABEL KEY CHAIN.pem ROOT.pem IN.pdf OUT.pdf\n");
        return 2;
    }
    store = token(arguments[2], arguments[3]);
    if (makes) {
        make_key(store, arguments[4]);
    } else {
        sign(store, arguments[4], arguments[5], arguments[7], arguments[8]);
        verify(arguments[6], arguments[8]);
    }
    thrivosign_key_store_free(store);
    thrivosign_shutdown();
    return thrivosign_objects_alive() == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
