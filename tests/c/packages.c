/* A package from both sides, by one user who is its owner and its recipient: made, fetched, signed where it was asked, declined, taken back. */
#include "fixture.h"

#include <math.h>
#include <string.h>

static struct fixture F;

static int32_t state_of(const thrivosign_package *package) {
    int32_t state;
    must("state", thrivosign_package_state(package, &state));
    return state;
}

static void signed_in_turn(void) {
    thrivosign_package *package = shared_package(&F), *after;
    thrivosign_output *output;
    thrivosign_buffer *pdf, *named, *credential, *id, *user;
    thrivosign_document *document;
    thrivosign_submitted *done;
    thrivosign_signature_request *request;
    thrivosign_report *report;
    double x0, y0, x1, y1;
    uint64_t size;
    uint32_t page;
    size_t next;
    int32_t clean, you, state;

    must("output", thrivosign_output_new_to_memory(&output));
    must("fetch", thrivosign_client_fetch_from_package(F.client, package, 0, output, NULL));
    must("take", thrivosign_output_take(output, &pdf));
    must("size", thrivosign_package_document_size(package, 0, &size));
    must("name", thrivosign_package_document_file_name(package, 0, &named));
    hold(size == thrivosign_buffer_size(pdf) && strcmp(text_of(named), "loan.pdf") == 0, "the document as it was named");
    must("document", thrivosign_document_new_from_memory(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf), &document));

    must("next", thrivosign_package_next(package, &next));
    must("you", thrivosign_package_recipient_is_you(package, next, &you));
    must("user", thrivosign_package_recipient_user(package, next, &user));
    must("box", thrivosign_package_recipient_box(package, next, &page, &x0, &y0, &x1, &y1));
    hold(you == 1 && strcmp(text_of(user), setting("THRIVOSIGN_USER")) == 0, "whose turn it is");
    hold(page == 1 && fabs(x1 - x0 - 200) < 0.01 && fabs(y1 - y0 - 60) < 0.01, "where");

    must("request", thrivosign_signature_request_new(&request));
    must("credential", thrivosign_identity_credential_id(F.identity, &credential));
    must("sign", thrivosign_client_sign_in_package(F.client, F.signer, text_of(credential), package, next, document, output, request, NULL, NULL,
                                                   &done));
    thrivosign_submitted_free(done);
    hold(code_of(thrivosign_client_sign_in_package(F.client, F.signer, text_of(credential), package, next, document, output, request, NULL, NULL,
                                                   &done)) == THRIVOSIGN_ERROR_KIND_SERVICE_REFUSED,
         "its turn is over");
    thrivosign_buffer_free(pdf);
    must("take", thrivosign_output_take(output, &pdf));
    thrivosign_document_free(document);
    must("document", thrivosign_document_new_from_memory(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf), &document));
    must("verify", thrivosign_document_verify(document, F.trust, NULL, NULL, &report));
    must("clean", thrivosign_report_clean(report, &clean));
    must("id", thrivosign_package_id(package, &id));
    must("status", thrivosign_client_package_status(F.client, text_of(id), NULL, &after));
    must("state", thrivosign_package_recipient_state(after, 0, &state));
    hold(clean && state == THRIVOSIGN_RECIPIENT_STATE_SIGNED && state_of(after) == THRIVOSIGN_PACKAGE_STATUS_COMPLETED, "everybody has signed");
    hold(code_of(thrivosign_package_next(after, &next)) == THRIVOSIGN_ERROR_KIND_WRONG_ORDER, "nothing waits any more");
    hold(code_of(thrivosign_client_fetch_from_package(F.client, package, 0, output, NULL)) == THRIVOSIGN_ERROR_KIND_DOCUMENT_CHANGED,
         "it is no longer the document that was named");

    thrivosign_report_free(report);
    thrivosign_signature_request_free(request);
    thrivosign_document_free(document);
    thrivosign_output_free(output);
    thrivosign_buffer_free(pdf);
    thrivosign_buffer_free(named);
    thrivosign_buffer_free(credential);
    thrivosign_buffer_free(id);
    thrivosign_buffer_free(user);
    thrivosign_package_free(after);
    thrivosign_package_free(package);
}

/* By that call, with a reason that both then read. */
static void ended(thrivosign_error *(*call)(const thrivosign_client *, const char *, const char *, const thrivosign_call *, thrivosign_package **),
                  int32_t state) {
    thrivosign_package *package = shared_package(&F), *after;
    thrivosign_buffer *id, *why;
    must("id", thrivosign_package_id(package, &id));
    must("end", call(F.client, text_of(id), "The rate is wrong", NULL, &after));
    must("reason", thrivosign_package_reason(after, &why));
    hold(state_of(after) == state && strcmp(text_of(why), "The rate is wrong") == 0, "why it ended");
    thrivosign_package_free(after);
    hold(code_of(call(F.client, text_of(id), "Again", NULL, &after)) == THRIVOSIGN_ERROR_KIND_SERVICE_REFUSED, "it ends once");
    thrivosign_buffer_free(id);
    thrivosign_buffer_free(why);
    thrivosign_package_free(package);
}

int main(void) {
    thrivosign_package_list *list;
    thrivosign_package *nobodys;
    size_t waiting, owned;
    fixture_make(&F, "c-packages");
    must("list", thrivosign_client_list_packages(F.client, THRIVOSIGN_PACKAGE_VIEW_OWNED, NULL, &list));
    must("count", thrivosign_package_list_count(list, &owned));
    must("count", thrivosign_package_list_count(F.package_list, &waiting));
    hold(owned >= waiting && waiting >= 1, "the fixture's own waits");
    thrivosign_package_list_free(list);
    hold(code_of(thrivosign_client_package_status(F.client, "pkg-0", NULL, &nobodys)) == THRIVOSIGN_ERROR_KIND_RECORD_NOT_FOUND, "no such package");
    signed_in_turn();
    ended(thrivosign_client_decline_package, THRIVOSIGN_PACKAGE_STATUS_DECLINED);
    ended(thrivosign_client_cancel_package, THRIVOSIGN_PACKAGE_STATUS_CANCELLED);
    fixture_free(&F);
    hold(thrivosign_objects_alive() == 0, "everything was freed");
    return 0;
}
