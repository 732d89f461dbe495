/* A certificate is renewed under a new key, beside a demo server whose certificates are in their last month from the start. */
#include "fixture.h"

#include <string.h>
#include <time.h>

static struct fixture F;

static thrivosign_error *renew(const char *key, const thrivosign_challenge *challenge, thrivosign_identity **renewed) {
    thrivosign_pending_request *pending;
    thrivosign_error *error = thrivosign_client_renew_certificate(F.client, F.key_store, F.identity, key, challenge, NULL, renewed, &pending);
    hold(error != NULL || pending == NULL, "nobody has to approve");
    return error;
}

int main(void) {
    thrivosign_challenge *challenge;
    thrivosign_identity *renewed = NULL;
    thrivosign_credential_list *list;
    thrivosign_buffer *text, *key;
    thrivosign_signer *signer;
    int64_t from, end;
    int32_t present, state;
    char before[64];

    fixture_make(&F, "c-renewal");
    must("list", thrivosign_client_list_credentials(F.client, NULL, &list));
    must("from", thrivosign_credential_list_renew_from(list, 0, &present, &from));
    must("until", thrivosign_identity_not_after(F.identity, &end));
    hold(present && from < (int64_t)time(NULL) && end > (int64_t)time(NULL), "it is time");

    strncpy(before, one_time_code(), sizeof before - 1);
    must("challenge", thrivosign_client_ask_renewal_challenge(F.client, F.identity, NULL, &challenge));
    must("text", thrivosign_challenge_text(challenge, &text));
    must("key", thrivosign_key_store_create(F.key_store, "signing-2", THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_SIGNING,
                                            THRIVOSIGN_PROMPT_NONE, thrivosign_buffer_data(text), thrivosign_buffer_size(text), NULL));
    hold(code_of(renew("signing", challenge, &renewed)) == THRIVOSIGN_ERROR_KIND_KEY_NOT_PERMITTED, "not under the key that is to be replaced");
    hold(code_of(renew("signing-3", challenge, &renewed)) == THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND && renewed == NULL, "nor under none");
    must("renew", renew("signing-2", challenge, &renewed));
    hold(strcmp(before, one_time_code()) == 0, "no code was sent");
    must("state", thrivosign_identity_state(renewed, &state));
    must("key", thrivosign_identity_signing_key(renewed, &key));
    hold(state == THRIVOSIGN_CERTIFICATE_STATE_ACTIVATED && strcmp(text_of(key), "signing-2") == 0, "it may sign at once");

    must("signer", thrivosign_signer_new_from_identity(renewed, F.key_store, 0, &signer));
    thrivosign_signer_free(F.signer);
    F.signer = signer;
    sign_and_verify(&F);
    hold(code_of(renew("signing-2", challenge, &renewed)) != 0, "a challenge is good once");

    thrivosign_buffer_free(key);
    thrivosign_buffer_free(text);
    thrivosign_challenge_free(challenge);
    thrivosign_identity_free(renewed);
    thrivosign_credential_list_free(list);
    fixture_free(&F);
    hold(thrivosign_objects_alive() == 0, "everything was freed");
    return 0;
}
