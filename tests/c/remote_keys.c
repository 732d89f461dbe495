/* A key that the service holds, from C: the person shows a PIN and the code that was sent, and the document never leaves this place. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static struct fixture F;
static int ASKED, DESTROYED;

/* `context` is what the person types for a PIN; without one they would not. */
static int32_t ask(void *context, const char *credential_id, int32_t pin_wanted, int32_t code_wanted, thrivosign_sink *pin, thrivosign_sink *code) {
    const char *typed = (const char *)context;
    const char *sent = one_time_code();
    ASKED++;
    hold(strlen(credential_id) > 0 && pin_wanted == 1 && code_wanted == THRIVOSIGN_WANTED_CODE_SENT, "what is wanted");
    if (typed == NULL) {
        return THRIVOSIGN_ERROR_KIND_KEY_CANCELLED;
    }
    must("PIN", thrivosign_sink_append(pin, (const uint8_t *)typed, strlen(typed)));
    must("code", thrivosign_sink_append(code, (const uint8_t *)sent, strlen(sent)));
    return 0;
}

static void destroy(void *context) {
    (void)context;
    DESTROYED++;
}

static thrivosign_key_store *keys(const char *pin) {
    static char typed[16];
    thrivosign_factor_callbacks table;
    thrivosign_key_store *store;
    memset(&table, 0, sizeof table);
    table.struct_size = sizeof table;
    table.destroy = destroy;
    table.ask = ask;
    table.context = pin != NULL ? strcpy(typed, pin) : NULL;
    must("store", thrivosign_key_store_new_remote(F.client, &table, "a loan", "loan.pdf", NULL, &store));
    return store;
}

static int32_t sign(const thrivosign_key_store *store, const char *key) {
    thrivosign_buffer *value;
    thrivosign_error *error = thrivosign_key_store_sign(store, key, (const uint8_t *)"message", 7, THRIVOSIGN_SIGNATURE_ALGORITHM_ECDSA_SHA256, &value);
    if (error == NULL) {
        thrivosign_buffer_free(value);
    }
    return code_of(error);
}

int main(void) {
    thrivosign_challenge *challenge;
    thrivosign_buffer *id, *totp;
    thrivosign_key_store *store;
    thrivosign_certificates *chain;
    thrivosign_signer *signer;
    thrivosign_key_list *list;
    size_t count;
    const int32_t otp = THRIVOSIGN_AUTHENTICATION_METHOD_OTP;

    fixture_make(&F, "c-remote");
    must("challenge", thrivosign_client_ask_challenge(F.client, "c-remote", otp, NULL, &challenge));
    hold(code_of(thrivosign_client_request_remote_credential(F.client, "c-remote", challenge, otp, one_time_code(), NULL, THRIVOSIGN_SECOND_FACTOR_SMS,
                                                             NULL, &id, &totp)) == 101, "no second factor without a PIN");
    must("credential", thrivosign_client_request_remote_credential(F.client, "c-remote", challenge, otp, one_time_code(), "271828",
                                                                   THRIVOSIGN_SECOND_FACTOR_SMS, NULL, &id, &totp));
    hold(totp == NULL, "no generator was asked for");

    store = keys("271828");
    must("list", thrivosign_key_store_list(store, &list));
    must("count", thrivosign_key_list_count(list, &count));
    hold(count == 1 && ASKED == 0, "one remote key, and nobody was asked");
    must("certificates", thrivosign_key_store_certificates(store, text_of(id), &chain));
    must("signer", thrivosign_signer_new_from_certificates(chain, store, text_of(id), 0, &signer));
    thrivosign_certificates_free(chain);
    hold(code_of(thrivosign_key_store_certificates(F.key_store, "signing", &chain)) == THRIVOSIGN_ERROR_KIND_WRONG_ORDER, "no other store knows them");
    hold(code_of(thrivosign_key_store_delete(store, text_of(id))) == THRIVOSIGN_ERROR_KIND_KEY_NOT_PERMITTED, "the service's");
    thrivosign_signer_free(F.signer);
    F.signer = signer;
    sign_and_verify(&F);
    hold(ASKED == 1, "asked once for a signature");
    hold(sign(store, "none") == THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND && ASKED == 1, "no such key");
    thrivosign_key_store_free(store);

    store = keys(NULL);
    hold(sign(store, text_of(id)) == THRIVOSIGN_ERROR_KIND_KEY_CANCELLED, "whoever would not");
    thrivosign_key_store_free(store);
    hold(DESTROYED == 1, "once, and not while a signer holds the store");
    store = keys("314159");
    hold(sign(store, text_of(id)) != 0 && ASKED == 3, "another PIN");
    thrivosign_key_store_free(store);

    thrivosign_key_list_free(list);
    thrivosign_challenge_free(challenge);
    thrivosign_buffer_free(id);
    fixture_free(&F);
    hold(DESTROYED == 3 && thrivosign_objects_alive() == 0, "everything was freed");
    return 0;
}
