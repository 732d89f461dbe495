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

static thrivosign_error *give(const thrivosign_signer *signer, const char *in_place_of, thrivosign_signing_order **made) {
    thrivosign_sign_options options;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.in_place_of = in_place_of;
    return thrivosign_orders_sign(F.orders, "lost", F.document, scratch("lost.pdf"), F.signature_request, signer, NULL, 0, &options, NULL, made);
}

/* The order of that id. The fixture has made another one, maybe within the same second. */
static thrivosign_signing_order *lost(size_t count) {
    for (size_t at = 0; at < count; at++) {
        thrivosign_signing_order *order;
        thrivosign_buffer *id;
        must("order", thrivosign_orders_at(F.orders, at, &order));
        must("id", thrivosign_signing_order_id(order, &id));
        if (strcmp(text_of(id), "lost") == 0) {
            thrivosign_buffer_free(id);
            return order;
        }
        thrivosign_buffer_free(id);
        thrivosign_signing_order_free(order);
    }
    hold(0, "the order is in the journal");
    return NULL;
}

/* The fixture's store, after a new fingerprint: what it knows it still knows, and no key signs. */
static int32_t known(void *context, const char *name, thrivosign_sink *public_key, int32_t *protection, int32_t *purpose, int32_t *prompt) {
    thrivosign_key_info *info;
    thrivosign_buffer *key;
    (void)context;
    must("info", thrivosign_key_store_info(F.key_store, name, &info));
    must("key", thrivosign_key_info_public_key(info, &key));
    must("give", thrivosign_sink_append(public_key, thrivosign_buffer_data(key), thrivosign_buffer_size(key)));
    *protection = THRIVOSIGN_PROTECTION_SOFTWARE;
    *purpose = THRIVOSIGN_KEY_PURPOSE_SIGNING;
    *prompt = THRIVOSIGN_PROMPT_NONE;
    thrivosign_buffer_free(key);
    thrivosign_key_info_free(info);
    return 0;
}

static int32_t invalidated(void *context, const char *name, const uint8_t *message, size_t size, int32_t algorithm, thrivosign_sink *value) {
    (void)context, (void)name, (void)message, (void)size, (void)algorithm, (void)value;
    return THRIVOSIGN_ERROR_KIND_KEY_INVALIDATED;
}

/* An order whose key was invalidated before it could answer is signed by the new one, in its place. */
static void succeed(const thrivosign_signer *new_one) {
    thrivosign_key_store_callbacks table;
    thrivosign_key_store *store;
    thrivosign_signer *old;
    thrivosign_signing_order *order;
    thrivosign_buffer *name, *key, *before, *other;
    thrivosign_sign_options options;
    thrivosign_signed *made;
    size_t count, place, of;
    memset(&table, 0, sizeof table);
    table.struct_size = sizeof table;
    table.info = known;
    table.sign = invalidated;
    must("store", thrivosign_key_store_new_from_callbacks(&table, &store));
    must("signer", thrivosign_signer_new_from_identity(F.identity, store, 0, &old));
    hold(code_of(give(old, NULL, NULL)) == THRIVOSIGN_ERROR_KIND_KEY_INVALIDATED, "the key is no more");
    thrivosign_signer_free(old);
    thrivosign_key_store_free(store);
    must("count", thrivosign_orders_count(F.orders, &count));
    order = lost(count);
    must("name", thrivosign_signing_order_name(order, &name));
    must("key", thrivosign_signing_order_public_key(order, &key));
    thrivosign_signing_order_free(order);

    hold(code_of(give(new_one, "no-such-order", NULL)) == THRIVOSIGN_ERROR_KIND_RECORD_NOT_FOUND, "an order that is there");
    must("in its place", give(new_one, text_of(name), &order));
    must("count", thrivosign_signing_order_in_place_of_count(order, &of));
    must("before", thrivosign_signing_order_in_place_of(order, 0, &before));
    must("key", thrivosign_signing_order_public_key(order, &other));
    hold(of == 1 && strcmp(text_of(before), text_of(name)) == 0, "whose place it took");
    hold(thrivosign_buffer_size(key) == 32 && thrivosign_buffer_size(other) == 32 && memcmp(text_of(key), text_of(other), 32) != 0, "another key");
    must("count", thrivosign_orders_count(F.orders, &place));
    hold(place == count, "one for the other");

    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.in_place_of = text_of(name);
    hold(code_of(thrivosign_signer_sign(new_one, F.document, F.output, F.signature_request, &options, NULL, &made)) == 101, "for orders alone");
    thrivosign_signing_order_free(order);
    thrivosign_buffer_free(name);
    thrivosign_buffer_free(key);
    thrivosign_buffer_free(before);
    thrivosign_buffer_free(other);
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
    succeed(signer);
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
