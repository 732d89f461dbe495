/*
 * Keys that stay where the program keeps them: here in OpenSSL, elsewhere in a card, a module or a service. The library asks through a table of
 * callbacks, and checks every signature against the public key before it is used.
 */
#include "own_keys.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>
#include <string.h>

#define KEYS 4

struct key {
    char name[32];
    EVP_PKEY *pair;
    int32_t purpose;
};

struct keys {
    struct key all[KEYS];
    size_t count;
};

static struct key *found(void *context, const char *name) {
    struct keys *keys = context;
    size_t i;
    for (i = 0; i < keys->count; i++) {
        if (strcmp(keys->all[i].name, name) == 0) {
            return &keys->all[i];
        }
    }
    return NULL;
}

/* Gives bytes to the library; what it does not take is no answer. */
static int32_t given(thrivosign_sink *sink, const uint8_t *bytes, size_t size) {
    thrivosign_error *error = thrivosign_sink_append(sink, bytes, size);
    int32_t code = thrivosign_error_code(error);
    thrivosign_error_free(error);
    return code;
}

static int32_t create(void *context, const char *name, int32_t algorithm, int32_t purpose, int32_t prompt, const uint8_t *challenge,
                      size_t challenge_size) {
    struct keys *keys = context;
    struct key *key;
    (void)prompt, (void)challenge, (void)challenge_size;
    if (algorithm != THRIVOSIGN_KEY_ALGORITHM_P256 || keys->count == KEYS || strlen(name) >= sizeof keys->all[0].name) {
        return THRIVOSIGN_ERROR_KIND_KEY_ALGORITHM_UNSUPPORTED;
    }
    if (found(context, name) != NULL) {
        return THRIVOSIGN_ERROR_KIND_KEY_EXISTS;
    }
    key = &keys->all[keys->count];
    key->pair = EVP_EC_gen("P-256");
    if (key->pair == NULL) {
        return THRIVOSIGN_ERROR_KIND_KEY_STORE_UNAVAILABLE;
    }
    strcpy(key->name, name);
    key->purpose = purpose;
    keys->count++;
    return 0;
}

static int32_t info(void *context, const char *name, thrivosign_sink *public_key, int32_t *protection, int32_t *purpose, int32_t *prompt) {
    struct key *key = found(context, name);
    uint8_t *der = NULL;
    int size;
    int32_t code;
    if (key == NULL) {
        return THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND;
    }
    *protection = THRIVOSIGN_PROTECTION_SOFTWARE;
    *purpose = key->purpose;
    *prompt = THRIVOSIGN_PROMPT_NONE;
    size = i2d_PUBKEY(key->pair, &der);
    code = size > 0 ? given(public_key, der, (size_t)size) : THRIVOSIGN_ERROR_KIND_KEY_STORE_UNAVAILABLE;
    OPENSSL_free(der);
    return code;
}

static int32_t sign(void *context, const char *name, const uint8_t *message, size_t message_size, int32_t algorithm, thrivosign_sink *signature) {
    struct key *key = found(context, name);
    uint8_t value[128];
    size_t size = sizeof value;
    EVP_MD_CTX *digest;
    int done;
    if (key == NULL) {
        return THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND;
    }
    if (algorithm != THRIVOSIGN_SIGNATURE_ALGORITHM_ECDSA_SHA256) {
        return THRIVOSIGN_ERROR_KIND_KEY_ALGORITHM_UNSUPPORTED;
    }
    digest = EVP_MD_CTX_new();
    done = digest != NULL && EVP_DigestSignInit(digest, NULL, EVP_sha256(), NULL, key->pair) == 1 &&
           EVP_DigestSign(digest, value, &size, message, message_size) == 1;
    EVP_MD_CTX_free(digest);
    return done ? given(signature, value, size) : THRIVOSIGN_ERROR_KIND_KEY_STORE_UNAVAILABLE;
}

static void destroy(void *context) {
    struct keys *keys = context;
    size_t i;
    for (i = 0; i < keys->count; i++) {
        EVP_PKEY_free(keys->all[i].pair);
    }
    free(keys);
}

thrivosign_error *own_key_store(thrivosign_key_store **store) {
    thrivosign_key_store_callbacks table = {0};
    thrivosign_error *error;
    table.struct_size = sizeof table;
    table.context = calloc(1, sizeof(struct keys));
    table.destroy = destroy;
    table.create = create;
    table.info = info;
    table.sign = sign;
    error = thrivosign_key_store_new_from_callbacks(&table, store);
    if (error != NULL) {
        /* The context is still ours. */
        free(table.context);
    }
    return error;
}
