/* A registration officer, from C, beside a server whose certificates wait for one: what waits is looked at, rejected, approved; a lost device is revoked. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char DEVICE[] = "c-officer";

static void check(thrivosign_error *error) { must("officer", error); }

static const char *code(void) { return newest_line(setting("THRIVOSIGN_OFFICE_OUTBOX")); }

static thrivosign_key_store *registered(const thrivosign_client *anna) {
    thrivosign_key_store *keys;
    check(thrivosign_key_store_new_in_memory(&keys));
    check(thrivosign_key_store_create(keys, "authentication", THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_AUTHENTICATION,
                                      THRIVOSIGN_PROMPT_NONE, NULL, 0, NULL));
    check(thrivosign_client_send_device_code(anna, NULL));
    check(thrivosign_client_register_device(anna, keys, "authentication", DEVICE, "Anna's machine", "linux", code(), NULL, NULL));
    return keys;
}

/* What Anna asks for, under a new key of that name. */
static thrivosign_pending_request *asked(const thrivosign_client *anna, const thrivosign_key_store *keys, const char *key) {
    const int32_t otp = THRIVOSIGN_AUTHENTICATION_METHOD_OTP;
    thrivosign_certificate_order order;
    thrivosign_challenge *challenge;
    thrivosign_identity *issued;
    thrivosign_pending_request *pending;
    check(thrivosign_key_store_create(keys, key, THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_SIGNING, THRIVOSIGN_PROMPT_NONE, NULL, 0, NULL));
    check(thrivosign_client_ask_challenge(anna, DEVICE, otp, NULL, &challenge));
    memset(&order, 0, sizeof order);
    order.struct_size = sizeof order;
    order.device_uuid = DEVICE;
    order.authentication_key = "authentication";
    order.signing_key = key;
    order.challenge = challenge;
    order.subject_name = "Anna Schmidt";
    check(thrivosign_client_order_certificate(anna, keys, &order, otp, code(), NULL, &issued, &pending));
    hold(issued == NULL && pending != NULL, "it waits");
    thrivosign_challenge_free(challenge);
    return pending;
}

static int says(thrivosign_buffer *taken, const char *expected) {
    const int same = strcmp(text_of(taken), expected) == 0;
    thrivosign_buffer_free(taken);
    return same;
}

/* The id of the one request that waits, once it was looked at. */
static thrivosign_buffer *looked_at(const thrivosign_client *officer) {
    thrivosign_waiting_request_list *list, *same;
    thrivosign_buffer *id, *text;
    size_t count;
    int64_t when;
    int32_t level;
    check(thrivosign_client_waiting_requests(officer, NULL, &list));
    check(thrivosign_waiting_request_list_ref(list, &same));
    thrivosign_waiting_request_list_free(list);
    check(thrivosign_waiting_request_list_count(same, &count));
    hold(count == 1, "one waits");
    check(thrivosign_waiting_request_list_id(same, 0, &id));
    check(thrivosign_waiting_request_list_name(same, 0, &text));
    hold(says(text, "Anna Schmidt"), "who asks");
    check(thrivosign_waiting_request_list_email(same, 0, &text));
    hold(says(text, setting("THRIVOSIGN_USER")), "where messages go");
    check(thrivosign_waiting_request_list_user_id(same, 0, &text));
    hold(!says(text, ""), "an id");
    check(thrivosign_waiting_request_list_company(same, 0, &text));
    hold(text == NULL, "no company");
    check(thrivosign_waiting_request_list_device_uuid(same, 0, &text));
    hold(says(text, DEVICE), "on which device");
    check(thrivosign_waiting_request_list_device_name(same, 0, &text));
    hold(says(text, "Anna's machine"), "its name");
    check(thrivosign_waiting_request_list_platform(same, 0, &text));
    hold(says(text, "linux"), "its platform");
    check(thrivosign_waiting_request_list_security_level(same, 0, &level));
    check(thrivosign_waiting_request_list_asked(same, 0, &when));
    hold(level == THRIVOSIGN_SECURITY_LEVEL_SOFTWARE && when > (int64_t)time(NULL) - 600 && when < (int64_t)time(NULL) + 60, "of what, and when");
    hold(code_of(thrivosign_waiting_request_list_id(same, 1, &text)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "no other");
    thrivosign_waiting_request_list_free(same);
    return id;
}

/* How many devices there are, once Anna's was looked at. */
static size_t devices(const thrivosign_client *officer) {
    thrivosign_users_device_list *list, *same;
    thrivosign_buffer *text;
    size_t count, credentials;
    int64_t until;
    int32_t level, state;
    check(thrivosign_client_users_devices(officer, NULL, &list));
    check(thrivosign_users_device_list_ref(list, &same));
    thrivosign_users_device_list_free(list);
    check(thrivosign_users_device_list_count(same, &count));
    if (count > 0) {
        check(thrivosign_users_device_list_uuid(same, 0, &text));
        hold(says(text, DEVICE), "Anna's device");
        check(thrivosign_users_device_list_user_id(same, 0, &text));
        hold(!says(text, ""), "whose it is");
        check(thrivosign_users_device_list_name(same, 0, &text));
        hold(says(text, "Anna Schmidt"), "her name");
        check(thrivosign_users_device_list_email(same, 0, &text));
        hold(says(text, setting("THRIVOSIGN_USER")), "her address");
        check(thrivosign_users_device_list_company(same, 0, &text));
        hold(text == NULL, "no company");
        check(thrivosign_users_device_list_device_name(same, 0, &text));
        hold(says(text, "Anna's machine"), "its name");
        check(thrivosign_users_device_list_platform(same, 0, &text));
        hold(says(text, "linux"), "its platform");
        check(thrivosign_users_device_list_security_level(same, 0, &level));
        check(thrivosign_users_device_list_credential_count(same, 0, &credentials));
        hold(level == THRIVOSIGN_SECURITY_LEVEL_SOFTWARE && credentials == 1, "what was certified on it");
        check(thrivosign_users_device_list_credential_id(same, 0, 0, &text));
        hold(!says(text, ""), "a credential");
        check(thrivosign_users_device_list_credential_state(same, 0, 0, &state));
        check(thrivosign_users_device_list_credential_not_after(same, 0, 0, &until));
        hold(state == THRIVOSIGN_CERTIFICATE_STATE_NEW && until > (int64_t)time(NULL), "not activated yet");
        hold(code_of(thrivosign_users_device_list_credential_id(same, 0, 1, &text)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "one");
    }
    thrivosign_users_device_list_free(same);
    return count;
}

int main(void) {
    thrivosign_client *officer = office_client("officer"), *anna = office_client(setting("THRIVOSIGN_USER"));
    thrivosign_key_store *keys = registered(anna);
    thrivosign_pending_request *request, *still;
    thrivosign_waiting_request_list *nobodys;
    thrivosign_identity *issued;
    thrivosign_buffer *id;

    hold(code_of(thrivosign_client_waiting_requests(anna, NULL, &nobodys)) == THRIVOSIGN_ERROR_KIND_AUTHORIZATION_DENIED, "Anna is no officer");

    /* Rejected, with a reason; that stands. */
    request = asked(anna, keys, "first");
    id = looked_at(officer);
    check(thrivosign_client_reject_request(officer, text_of(id), "Come to the counter with your passport.", NULL));
    hold(code_of(thrivosign_client_approve_request(officer, text_of(id), NULL)) == THRIVOSIGN_ERROR_KIND_SERVICE_REFUSED, "a decision stands");
    hold(code_of(thrivosign_client_ask_again(anna, request, NULL, &issued, &still)) == THRIVOSIGN_ERROR_KIND_CERTIFICATE_REFUSED, "Anna is told");
    thrivosign_buffer_free(id);
    thrivosign_pending_request_free(request);

    /* Approved. */
    request = asked(anna, keys, "second");
    id = looked_at(officer);
    check(thrivosign_client_approve_request(officer, text_of(id), NULL));
    check(thrivosign_client_approve_request(officer, text_of(id), NULL));
    hold(code_of(thrivosign_client_reject_request(officer, text_of(id), "Too late.", NULL)) == THRIVOSIGN_ERROR_KIND_SERVICE_REFUSED, "it is issued");
    check(thrivosign_client_ask_again(anna, request, NULL, &issued, &still));
    hold(issued != NULL && still == NULL, "Anna has it");
    thrivosign_identity_free(issued);
    thrivosign_buffer_free(id);
    thrivosign_pending_request_free(request);

    /* Lost. */
    hold(devices(officer) == 1, "one device");
    hold(code_of(thrivosign_client_revoke_users_device(officer, "nobodys", THRIVOSIGN_REVOCATION_REASON_KEY_COMPROMISE, NULL)) ==
             THRIVOSIGN_ERROR_KIND_DEVICE_REFUSED,
         "no such device");
    check(thrivosign_client_revoke_users_device(officer, DEVICE, THRIVOSIGN_REVOCATION_REASON_KEY_COMPROMISE, NULL));
    hold(devices(officer) == 0, "it is revoked");

    thrivosign_key_store_free(keys);
    thrivosign_client_free(officer);
    thrivosign_client_free(anna);
    hold(thrivosign_objects_alive() == 0, "everything was freed");
    return 0;
}
