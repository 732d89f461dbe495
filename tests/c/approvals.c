/* A key that the service holds and a device opens, from C: one thread signs and waits, the device's shows the person what is asked and sends the answer. */
#include "fixture.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct fixture F;
static const char DEVICE[] = "c-approvals";
static thrivosign_buffer *CREDENTIAL;
static thrivosign_key_store *REMOTE;

static void check(thrivosign_error *error) { must("approvals", error); }

/* Nobody is asked for a PIN where a device says yes. */
static int32_t ask(void *context, const char *credential_id, int32_t pin_wanted, int32_t code_wanted, thrivosign_sink *pin, thrivosign_sink *code) {
    (void)context, (void)credential_id, (void)pin_wanted, (void)code_wanted, (void)pin, (void)code;
    hold(0, "nobody is to be asked");
    return THRIVOSIGN_ERROR_KIND_KEY_CANCELLED;
}

static thrivosign_key_store *remote_keys(void) {
    thrivosign_factor_callbacks table;
    thrivosign_key_store *store;
    memset(&table, 0, sizeof table);
    table.struct_size = sizeof table;
    table.ask = ask;
    check(thrivosign_key_store_new_remote(F.client, &table, "a loan", "loan.pdf", NULL, &store));
    return store;
}

/* Whoever would sign: the code is what comes of it. */
static void *signs(void *code) {
    static const uint8_t message[] = "message";
    thrivosign_buffer *value = NULL;
    *(int32_t *)code = code_of(
        thrivosign_key_store_sign(REMOTE, text_of(CREDENTIAL), message, sizeof message, THRIVOSIGN_SIGNATURE_ALGORITHM_ECDSA_SHA256, &value));
    hold(*(int32_t *)code != 0 || thrivosign_buffer_size(value) > 60, "a value, or a reason why not");
    thrivosign_buffer_free(value);
    return NULL;
}

static pthread_t begin(int32_t *code) {
    pthread_t thread;
    hold(pthread_create(&thread, NULL, signs, code) == 0, "a thread");
    return thread;
}

static int says(thrivosign_buffer *taken, const char *expected) {
    const int same = strcmp(text_of(taken), expected) == 0;
    thrivosign_buffer_free(taken);
    return same;
}

/* What the person would see. */
static void shown(const thrivosign_authorization_list *waiting, size_t index) {
    thrivosign_buffer *text, *hash;
    size_t hashes;
    uint64_t seconds;
    check(thrivosign_authorization_list_id(waiting, index, &text));
    hold(thrivosign_buffer_size(text) > 0, "an id");
    thrivosign_buffer_free(text);
    check(thrivosign_authorization_list_credential_id(waiting, index, &text));
    hold(says(text, text_of(CREDENTIAL)), "of that credential");
    check(thrivosign_authorization_list_description(waiting, index, &text));
    hold(says(text, "a loan"), "what it is about");
    check(thrivosign_authorization_list_hash_count(waiting, index, &hashes));
    check(thrivosign_authorization_list_hash(waiting, index, 0, &hash));
    hold(hashes == 1 && thrivosign_buffer_size(hash) == 32, "one hash");
    thrivosign_buffer_free(hash);
    check(thrivosign_authorization_list_document_name(waiting, index, 0, &text));
    hold(says(text, "loan.pdf"), "its document");
    check(thrivosign_authorization_list_expires_in(waiting, index, &seconds));
    hold(seconds > 30 && seconds < 3600, "time to look");
    hold(code_of(thrivosign_authorization_list_hash(waiting, index, 1, &hash)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT &&
             code_of(thrivosign_authorization_list_document_name(waiting, index, 1, &text)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT,
         "there is one");
}

static int AGREES;

static int agreed(const thrivosign_authorization_list *waiting, size_t index) {
    shown(waiting, index);
    return AGREES;
}

/* As the page has it. Gives the list, which has been answered. */
static thrivosign_authorization_list *approve(const thrivosign_client *client, const thrivosign_key_store *keys, const char *device) {
    thrivosign_authorization_list *waiting;
    size_t count, i;
    check(thrivosign_client_waiting_authorizations(client, device, 60, NULL, &waiting));
    check(thrivosign_authorization_list_count(waiting, &count));
    hold(count == 1, "one signature waits");
    for (i = 0; i < count; i++) {
        const int32_t said = agreed(waiting, i) ? THRIVOSIGN_DECISION_APPROVE : THRIVOSIGN_DECISION_DECLINE;
        check(thrivosign_client_answer_authorization(client, keys, "authentication", waiting, i, said, NULL));
    }
    return waiting;
}

/* Whoever no longer wants to know: the call is held back by the service, and ends at once all the same. */
static void *gives_up(void *cancel) {
    const struct timespec moment = {0, 300000000};
    nanosleep(&moment, NULL);
    check(thrivosign_cancel_cancel((thrivosign_cancel *)cancel));
    return NULL;
}

static void given_up(void) {
    thrivosign_authorization_list *none;
    thrivosign_call call;
    thrivosign_cancel *cancel;
    pthread_t thread;
    const time_t begun = time(NULL);
    check(thrivosign_cancel_new(&cancel));
    memset(&call, 0, sizeof call);
    call.struct_size = sizeof call;
    call.cancel = cancel;
    hold(pthread_create(&thread, NULL, gives_up, cancel) == 0, "a thread");
    hold(code_of(thrivosign_client_waiting_authorizations(F.client, DEVICE, 60, &call, &none)) == THRIVOSIGN_ERROR_KIND_CANCELLED, "given up");
    hold(pthread_join(thread, NULL) == 0 && time(NULL) - begun < 20, "at once");
    thrivosign_cancel_free(cancel);
}

static int32_t answered(const thrivosign_authorization_list *waiting, const char *key, int32_t decision) {
    return code_of(thrivosign_client_answer_authorization(F.client, F.key_store, key, waiting, 0, decision, NULL));
}

int main(void) {
    const int32_t otp = THRIVOSIGN_AUTHENTICATION_METHOD_OTP;
    thrivosign_authorization_list *waiting, *same;
    thrivosign_challenge *challenge;
    thrivosign_buffer *generator;
    pthread_t thread;
    int32_t code;
    size_t count;

    fixture_make(&F, DEVICE);
    check(thrivosign_client_ask_challenge(F.client, DEVICE, otp, NULL, &challenge));
    check(thrivosign_client_request_remote_credential(F.client, DEVICE, challenge, otp, one_time_code(), NULL, THRIVOSIGN_SECOND_FACTOR_NOTHING, NULL,
                                                      &CREDENTIAL, &generator));
    hold(generator == NULL, "no generator was asked for");
    thrivosign_challenge_free(challenge);
    REMOTE = remote_keys();
    check(thrivosign_client_waiting_authorizations(F.client, DEVICE, 0, NULL, &waiting));
    check(thrivosign_authorization_list_count(waiting, &count));
    hold(count == 0, "nothing waits yet");
    hold(answered(waiting, "authentication", THRIVOSIGN_DECISION_APPROVE) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "and nothing is answered");
    thrivosign_authorization_list_free(waiting);
    hold(code_of(thrivosign_client_waiting_authorizations(F.client, "another-device", 0, NULL, &waiting)) == THRIVOSIGN_ERROR_KIND_DEVICE_REFUSED,
         "nobody else's device");

    /* A yes, by the device's own key alone; said again, it stands; the other way round, it is too late. */
    AGREES = 1;
    thread = begin(&code);
    check(thrivosign_client_waiting_authorizations(F.client, DEVICE, 60, NULL, &waiting));
    hold(answered(waiting, "none", THRIVOSIGN_DECISION_APPROVE) == THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND, "by the device's key");
    hold(answered(waiting, "signing", THRIVOSIGN_DECISION_APPROVE) == THRIVOSIGN_ERROR_KIND_KEY_NOT_PERMITTED, "by no signing key");
    thrivosign_authorization_list_free(waiting);
    waiting = approve(F.client, F.key_store, DEVICE);
    hold(pthread_join(thread, NULL) == 0 && code == 0, "signed after a yes");
    hold(answered(waiting, "authentication", THRIVOSIGN_DECISION_APPROVE) == 0, "the answer may have been lost");
    hold(answered(waiting, "authentication", THRIVOSIGN_DECISION_DECLINE) == THRIVOSIGN_ERROR_KIND_SIGNING_CONFLICT, "a yes stands");
    check(thrivosign_authorization_list_ref(waiting, &same));
    thrivosign_authorization_list_free(waiting);
    hold(answered(same, "authentication", THRIVOSIGN_DECISION_APPROVE) == 0, "another handle");
    thrivosign_authorization_list_free(same);

    /* A no. */
    AGREES = 0;
    thread = begin(&code);
    thrivosign_authorization_list_free(approve(F.client, F.key_store, DEVICE));
    hold(pthread_join(thread, NULL) == 0 && code == THRIVOSIGN_ERROR_KIND_KEY_CANCELLED, "not signed after a no");

    given_up();
    thrivosign_key_store_free(REMOTE);
    thrivosign_buffer_free(CREDENTIAL);
    fixture_free(&F);
    hold(thrivosign_objects_alive() == 0, "everything was freed");
    return 0;
}
