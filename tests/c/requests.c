/* Certificate requests and renewals that were begun by another process, beside a demo server whose certificates are in their last month from the start. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t SECRET[32] = {7};
static const int32_t OTP = THRIVOSIGN_AUTHENTICATION_METHOD_OTP;
static struct fixture F;
static thrivosign_requests *journal;

/* Lets go of the journal and opens it again, as the next process does. */
static void next_process(void) {
    thrivosign_requests *other;
    thrivosign_requests_free(journal);
    must("journal", thrivosign_requests_new_in_folder(scratch("c-requests"), SECRET, sizeof SECRET, &journal));
    hold(code_of(thrivosign_requests_new_in_folder(scratch("c-requests"), SECRET, sizeof SECRET, &other)) == THRIVOSIGN_ERROR_KIND_JOURNAL_BUSY,
         "one has it open");
}

/* What stands in the journal: one request, of that key, so far. */
static void stands(const char *signing_key, int32_t wanted) {
    thrivosign_buffer *name;
    size_t count;
    int32_t state;
    must("count", thrivosign_requests_count(journal, &count));
    hold(count == 1, "one request is open");
    must("at", thrivosign_requests_at(journal, 0, &name, &state));
    hold(strcmp(text_of(name), signing_key) == 0 && state == wanted, "of that key, as far as it came");
    hold(code_of(thrivosign_requests_at(journal, 1, &name, &state)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "and no other");
    thrivosign_buffer_free(name);
}

static thrivosign_buffer *make_key(const char *name, const thrivosign_challenge *challenge) {
    thrivosign_buffer *text, *key;
    thrivosign_key_info *info;
    must("text", thrivosign_challenge_text(challenge, &text));
    must("key", thrivosign_requests_key(journal, F.key_store, name, THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_SIGNING,
                                        THRIVOSIGN_PROMPT_NONE, thrivosign_buffer_data(text), thrivosign_buffer_size(text), &info));
    must("public", thrivosign_key_info_public_key(info, &key));
    thrivosign_key_info_free(info);
    thrivosign_buffer_free(text);
    return key;
}

static int same(thrivosign_buffer *left, thrivosign_buffer *right) {
    const int equal = thrivosign_buffer_size(left) == thrivosign_buffer_size(right) &&
                      memcmp(thrivosign_buffer_data(left), thrivosign_buffer_data(right), thrivosign_buffer_size(left)) == 0;
    thrivosign_buffer_free(left);
    thrivosign_buffer_free(right);
    return equal;
}

static thrivosign_buffer *text_in(const thrivosign_challenge *challenge) {
    thrivosign_buffer *text;
    must("text", thrivosign_challenge_text(challenge, &text));
    return text;
}

/* What an earlier process left of the request: an identity of that key. */
static void resumes(const char *signing_key) {
    thrivosign_identity *identity;
    thrivosign_pending_request *pending;
    thrivosign_buffer *key;
    must("resume", thrivosign_requests_resume(journal, F.client, signing_key, NULL, &identity, &pending));
    hold(identity != NULL && pending == NULL, "the certificate is there");
    must("key", thrivosign_identity_signing_key(identity, &key));
    hold(strcmp(text_of(key), signing_key) == 0, "of that key");
    thrivosign_buffer_free(key);
    thrivosign_identity_free(identity);
}

static void renewal(void) {
    thrivosign_challenge *challenge, *again;
    thrivosign_identity *identity;
    thrivosign_pending_request *pending;
    thrivosign_buffer *key;
    int32_t state;
    must("resume", thrivosign_requests_resume(journal, F.client, "signing-2", NULL, &identity, &pending));
    hold(identity == NULL && pending == NULL, "nothing was signed yet");
    must("challenge", thrivosign_requests_renewal_challenge(journal, F.client, "signing-2", F.identity, NULL, &challenge));
    key = make_key("signing-2", challenge);
    next_process();
    stands("signing-2", THRIVOSIGN_REQUEST_STATE_BEGUN);
    must("challenge", thrivosign_requests_renewal_challenge(journal, F.client, "signing-2", F.identity, NULL, &again));
    hold(same(text_in(challenge), text_in(again)), "the challenge that is still good");
    hold(same(key, make_key("signing-2", again)), "the key that was made");
    must("renew", thrivosign_requests_renew(journal, F.client, F.key_store, F.identity, "signing-2", again, NULL, &identity, &pending));
    hold(identity != NULL && pending == NULL, "nobody has to approve");
    must("state", thrivosign_identity_state(identity, &state));
    hold(state == THRIVOSIGN_CERTIFICATE_STATE_ACTIVATED, "it may sign at once");
    next_process();
    stands("signing-2", THRIVOSIGN_REQUEST_STATE_ISSUED);
    resumes("signing-2");
    hold(code_of(thrivosign_requests_renewal_challenge(journal, F.client, "signing-2", F.identity, NULL, &again)) ==
             THRIVOSIGN_ERROR_KIND_WRONG_ORDER,
         "the key has signed its request");
    must("close", thrivosign_requests_close(journal, "signing-2"));
    hold(code_of(thrivosign_requests_close(journal, "signing-2")) == THRIVOSIGN_ERROR_KIND_RECORD_NOT_FOUND, "once");
    thrivosign_identity_free(identity);
    thrivosign_challenge_free(again);
    thrivosign_challenge_free(challenge);
}

static void first(void) {
    thrivosign_challenge *challenge, *again;
    thrivosign_certificate_order order;
    thrivosign_identity *identity;
    thrivosign_pending_request *pending;
    char code[64] = "";
    must("challenge", thrivosign_requests_challenge(journal, F.client, "signing-3", "c-requests", OTP, NULL, &challenge));
    strncpy(code, one_time_code(), sizeof code - 1);
    next_process();
    must("challenge", thrivosign_requests_challenge(journal, F.client, "signing-3", "c-requests", OTP, NULL, &again));
    hold(same(text_in(challenge), text_in(again)) && strcmp(code, one_time_code()) == 0, "no second code is sent");
    thrivosign_buffer_free(make_key("signing-3", again));
    hold(code_of(thrivosign_requests_key(journal, F.key_store, "signing", THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_SIGNING,
                                         THRIVOSIGN_PROMPT_NONE, NULL, 0, NULL)) == THRIVOSIGN_ERROR_KIND_KEY_EXISTS,
         "a key that was not made here stays");
    memset(&order, 0, sizeof order);
    order.struct_size = sizeof order;
    order.device_uuid = "c-requests";
    order.authentication_key = "authentication";
    order.signing_key = "signing-3";
    order.challenge = again;
    order.subject_name = "Anna Schmidt";
    hold(code_of(thrivosign_requests_order(journal, F.client, F.key_store, &order, OTP, "000000x", NULL, &identity, &pending)) != 0, "a wrong code");
    stands("signing-3", THRIVOSIGN_REQUEST_STATE_BEGUN);
    must("order", thrivosign_requests_order(journal, F.client, F.key_store, &order, OTP, code, NULL, &identity, &pending));
    hold(identity != NULL && pending == NULL, "nobody has to approve");
    next_process();
    resumes("signing-3");
    must("close", thrivosign_requests_close(journal, "signing-3"));
    thrivosign_identity_free(identity);
    thrivosign_challenge_free(again);
    thrivosign_challenge_free(challenge);
}

int main(void) {
    fixture_make(&F, "c-requests");
    next_process();
    renewal();
    first();
    thrivosign_requests_free(journal);
    fixture_free(&F);
    hold(thrivosign_objects_alive() == 0, "everything was freed");
    return EXIT_SUCCESS;
}
