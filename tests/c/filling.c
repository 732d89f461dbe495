/* What the service adds before anybody signs, from C: values of a draft's text fields, and the user's signature image. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static struct fixture F;

static void check(thrivosign_error *error) { must("filling", error); }

static int holds(const thrivosign_buffer *bytes, const char *text) {
    const uint8_t *data = thrivosign_buffer_data(bytes);
    const size_t size = thrivosign_buffer_size(bytes), length = strlen(text);
    size_t i;
    for (i = 0; i + length <= size; i++) {
        if (memcmp(data + i, text, length) == 0) {
            return 1;
        }
    }
    return 0;
}

static int same(thrivosign_buffer *one, thrivosign_buffer *other) {
    const size_t size = thrivosign_buffer_size(one);
    const int equal = size == thrivosign_buffer_size(other) && memcmp(thrivosign_buffer_data(one), thrivosign_buffer_data(other), size) == 0;
    thrivosign_buffer_free(one);
    thrivosign_buffer_free(other);
    return equal;
}

/* Whether the document of both is the same. */
static int unchanged(const thrivosign_package *before, const thrivosign_package *after) {
    thrivosign_buffer *was, *is;
    check(thrivosign_package_document_sha256(before, 0, &was));
    check(thrivosign_package_document_sha256(after, 0, &is));
    return same(was, is);
}

static thrivosign_buffer *fetched(const thrivosign_package *package) {
    thrivosign_output *output;
    thrivosign_buffer *pdf;
    check(thrivosign_output_new_to_memory(&output));
    check(thrivosign_client_fetch_from_package(F.client, package, 0, output, NULL));
    check(thrivosign_output_take(output, &pdf));
    thrivosign_output_free(output);
    return pdf;
}

static thrivosign_field_values *one_value(const char *field, const char *text) {
    thrivosign_field_values *values;
    check(thrivosign_field_values_new(&values));
    check(thrivosign_field_values_set(values, "tenant", "Eve"));
    check(thrivosign_field_values_set(values, field, text));
    return values;
}

static void refused(const char *package_id, const char *document_id, const char *field, const char *text, const char *why) {
    thrivosign_field_values *values = one_value(field, text);
    thrivosign_package *none;
    thrivosign_error *error = thrivosign_client_fill_in_package(F.client, package_id, document_id, values, NULL, &none);
    hold(thrivosign_error_code(error) == THRIVOSIGN_ERROR_KIND_DOCUMENT_REFUSED && strcmp(thrivosign_error_problem(error), why) == 0, why);
    thrivosign_error_free(error);
    thrivosign_field_values_free(values);
}

static void fields(void) {
    const thrivosign_client *client = F.client;
    thrivosign_package *made, *draft, *filled, *asked, *after;
    thrivosign_field_values *values, *again;
    thrivosign_buffer *package, *document, *pdf;
    thrivosign_document *form;

    check(thrivosign_client_create_package(client, "Lease 4711", 0, NULL, &made));
    check(thrivosign_package_id(made, &package));
    check(thrivosign_document_new_from_path(setting("THRIVOSIGN_FORM"), &form));
    check(thrivosign_client_add_to_package(client, text_of(package), form, "lease.pdf", NULL, &draft));
    check(thrivosign_package_document_id(draft, 0, &document));

    check(thrivosign_field_values_new(&values));
    check(thrivosign_field_values_set(values, "tenant", "Ben Example"));
    check(thrivosign_field_values_set(values, "rent", "12 500.00"));
    check(thrivosign_client_fill_in_package(client, text_of(package), text_of(document), values, NULL, &filled));

    pdf = fetched(filled);
    hold(!unchanged(draft, filled) && holds(pdf, "(Ben Example)") && holds(pdf, "(12 500.00)"), "filled");
    thrivosign_buffer_free(pdf);
    refused(text_of(package), text_of(document), "landlord", "1", "form-field-unknown");
    refused(text_of(package), text_of(document), "number", "1", "form-field-read-only");
    refused(text_of(package), text_of(document), "rent", "1234567890", "form-value-too-long");
    check(thrivosign_client_package_status(client, text_of(package), NULL, &after));
    hold(unchanged(filled, after), "none of them");
    thrivosign_package_free(after);

    /* The last value of a name counts. */
    check(thrivosign_field_values_ref(values, &again));
    check(thrivosign_field_values_set(again, "tenant", "Carla Example"));
    thrivosign_field_values_free(again);
    check(thrivosign_client_fill_in_package(client, text_of(package), text_of(document), values, NULL, &after));
    pdf = fetched(after);
    hold(holds(pdf, "(Carla Example)"), "filled again");
    thrivosign_buffer_free(pdf);
    thrivosign_package_free(after);

    check(thrivosign_client_assign_in_package(client, text_of(package), text_of(document), setting("THRIVOSIGN_USER"), 1, NULL, 0, 0, 0, 0, 0, NULL,
                                              &asked));
    thrivosign_package_free(asked);
    check(thrivosign_client_share_package(client, text_of(package), NULL, &after));
    thrivosign_package_free(after);
    hold(code_of(thrivosign_client_fill_in_package(client, text_of(package), text_of(document), values, NULL, &after)) ==
             THRIVOSIGN_ERROR_KIND_SERVICE_REFUSED,
         "it is shared");

    thrivosign_field_values_free(values);
    thrivosign_document_free(form);
    thrivosign_buffer_free(document);
    thrivosign_buffer_free(package);
    thrivosign_package_free(filled);
    thrivosign_package_free(draft);
    thrivosign_package_free(made);
}

/* Signs in a package of its own, and looks for a picture in what came of it. */
static int32_t signs(const thrivosign_signature_request *request, int shown) {
    thrivosign_package *package = shared_package(&F);
    thrivosign_document *seen;
    thrivosign_output *output;
    thrivosign_submitted *done;
    thrivosign_buffer *credential, *pdf;
    size_t next;
    int32_t code;
    check(thrivosign_document_new_from_path(setting("THRIVOSIGN_DOCUMENT"), &seen));
    check(thrivosign_output_new_to_memory(&output));
    check(thrivosign_identity_credential_id(F.identity, &credential));
    check(thrivosign_package_next(package, &next));
    code = code_of(thrivosign_client_sign_in_package(F.client, F.signer, text_of(credential), package, next, seen, output, request, NULL, NULL, &done));
    if (code == 0) {
        check(thrivosign_output_take(output, &pdf));
        hold(holds(pdf, "/Image") == shown, "the picture");
        thrivosign_buffer_free(pdf);
        thrivosign_submitted_free(done);
    }
    thrivosign_buffer_free(credential);
    thrivosign_output_free(output);
    thrivosign_document_free(seen);
    thrivosign_package_free(package);
    return code;
}

static void image(void) {
    const thrivosign_client *client = F.client;
    const uint8_t *picture = PICTURE, *other = OTHER_PICTURE;
    const size_t picture_size = PICTURE_SIZE, other_size = OTHER_PICTURE_SIZE;
    thrivosign_signature_request *request, *plain;
    thrivosign_buffer *seal;

    hold(code_of(thrivosign_client_signature_image(client, NULL, &seal)) == THRIVOSIGN_ERROR_KIND_RECORD_NOT_FOUND, "none yet");
    hold(code_of(thrivosign_client_set_signature_image(client, picture, 20, NULL)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "half a picture");
    check(thrivosign_client_set_signature_image(client, other, other_size, NULL));
    check(thrivosign_signature_request_new(&plain));
    check(thrivosign_signature_request_new(&request));

    check(thrivosign_client_set_signature_image(client, picture, picture_size, NULL));  /* once, a PNG or JPEG file */
    check(thrivosign_client_signature_image(client, NULL, &seal));                      /* on the device that signs; shown to the person */
    check(thrivosign_signature_request_set_image(request, thrivosign_buffer_data(seal), thrivosign_buffer_size(seal)));

    hold(thrivosign_buffer_size(seal) == picture_size && memcmp(thrivosign_buffer_data(seal), picture, picture_size) == 0, "the later one");
    hold(signs(request, 1) == 0 && signs(plain, 0) == 0, "shown where it was asked");
    check(thrivosign_signature_request_set_image(request, other, other_size));
    hold(signs(request, 1) == THRIVOSIGN_ERROR_KIND_PREPARED_REVISION_REFUSED, "another picture is not signed");
    check(thrivosign_client_remove_signature_image(client, NULL));
    check(thrivosign_client_remove_signature_image(client, NULL));
    hold(signs(request, 1) == THRIVOSIGN_ERROR_KIND_RECORD_NOT_FOUND, "there is none any more");

    thrivosign_buffer_free(seal);
    thrivosign_signature_request_free(request);
    thrivosign_signature_request_free(plain);
}

int main(void) {
    fixture_make(&F, "c-filling");
    fields();
    image();
    fixture_free(&F);
    hold(thrivosign_objects_alive() == 0, "everything was freed");
    return 0;
}
