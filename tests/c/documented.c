/* The lines that docs/howto/c.md shows, as they stand there, in a program that runs: tests/documented.rs holds the page to this file. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture F;

static void check(thrivosign_error *error) {
    must("what the page shows", error);
}

/* A document that is signed, to read. */
static thrivosign_document *signed_document(void) {
    thrivosign_document *made;
    thrivosign_output *output;
    thrivosign_buffer *pdf;
    check(thrivosign_output_new_to_memory(&output));
    check(thrivosign_signer_sign(F.signer, F.document, output, F.signature_request, NULL, NULL, NULL));
    check(thrivosign_output_take(output, &pdf));
    check(thrivosign_document_new_from_memory(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf), &made));
    thrivosign_buffer_free(pdf);
    thrivosign_output_free(output);
    return made;
}

static void calls(const thrivosign_document *document) {
    const thrivosign_trust *trust = F.trust;

    thrivosign_report *report;
    thrivosign_error *error = thrivosign_document_verify(document, trust, NULL, NULL, &report);
    if (error != NULL) {
        fprintf(stderr, "%s\n", thrivosign_error_message(error));    /* no secret in it */
        if (thrivosign_error_retryable(error)) { /* the same call may succeed later */ }
        thrivosign_error_free(error);
    }

    hold(error == NULL, "it was verified");
    thrivosign_report_free(report);
}

static void looks(thrivosign_signature_request *request) {
    static const uint8_t png[] = {0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00,
                                  0x00, 0x02, 0x00, 0x00, 0x00, 0x01, 0x08, 0x06, 0x00, 0x00, 0x00, 0xf4, 0x22, 0x7f, 0x8a, 0x00, 0x00, 0x00,
                                  0x0e, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xf8, 0xcf, 0xc0, 0x00, 0x42, 0x0d, 0x00, 0x0f, 0x7a, 0x03,
                                  0x7e, 0x6a, 0x81, 0x31, 0xe1, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};
    static const double points[] = {10, 10, 50, 40, 90, 10};
    const size_t png_size = sizeof png;

    check(thrivosign_signature_request_set_anchor(request, "14. Signatures", 0, 1, 0, -60, 200, 50));   /* or _set_box, _set_next_free, _set_field */
    check(thrivosign_signature_request_set_certification(request, THRIVOSIGN_DOC_MDP_FORM_FILLING));
    check(thrivosign_signature_request_set_lock(request, THRIVOSIGN_FIELD_LOCK_INCLUDE));
    check(thrivosign_signature_request_add_locked_field(request, "amount"));
    check(thrivosign_signature_request_add_template(request, "Signed by {name}, {date}"));
    check(thrivosign_signature_request_set_image(request, png, png_size));                          /* PNG or JPEG */
    check(thrivosign_signature_request_set_ink_pad(request, 300, 100, 3));
    check(thrivosign_signature_request_add_ink_stroke(request, points, 3));                         /* x, y from the upper left corner */
    check(thrivosign_signature_request_set_link(request, "https://bank.example/verify/4711"));
    check(thrivosign_signature_request_set_frame(request, THRIVOSIGN_FRAME_NONE));
}

static int32_t ended(void *context, size_t index, const thrivosign_signed *made, const thrivosign_error *error) {
    fprintf(stderr, "%zu: %s\n", index, made != NULL ? "signed" : thrivosign_error_message(error));
    (void)context;
    return 0;                                                        /* go on */
}

static int32_t judged(void *context, size_t index, const thrivosign_report *report, const thrivosign_error *error) {
    hold(report != NULL && error == NULL && index == 0, "the one file is judged");
    (void)context;
    return 0;
}

static void signing(void) {
    const thrivosign_signer *signer = F.signer;
    thrivosign_signature_request *request = F.signature_request;
    const char *input = setting("THRIVOSIGN_DOCUMENT");
    const char *result = scratch("documented.pdf");
    thrivosign_batch *batch;
    size_t good, failed, left;
    thrivosign_error *stopped;

    thrivosign_preflight_policy *policy;
    thrivosign_sign_options options = {0};
    check(thrivosign_preflight_policy_new("bank", &policy));
    check(thrivosign_preflight_policy_allow(policy, "font_not_embedded"));
    options.struct_size = sizeof options;
    options.preflight = policy;                     /* stops with 217 and the codes; thrivosign_signed_preflight has what was found */
    options.damage = THRIVOSIGN_DAMAGE_REWRITE;     /* thrivosign_signed_repair says what was done */

    looks(request);
    check(thrivosign_batch_new(&batch));

    thrivosign_batch_listener listener = {0};
    listener.struct_size = sizeof listener;
    listener.ended = ended;                                          /* told of each document; what it returns but 0 stops the batch */
    check(thrivosign_batch_add(batch, input, result));
    check(thrivosign_signer_sign_batch(signer, batch, request, &options, &listener, NULL, &good, &failed, &left, &stopped));

    hold(good == 1 && failed == 0 && left == 0 && stopped == NULL, "the one document is signed");
    thrivosign_batch_free(batch);
    thrivosign_preflight_policy_free(policy);
}

static void reading(const thrivosign_document *document) {
    const thrivosign_trust *trust = F.trust;
    thrivosign_words *german;
    thrivosign_report *report;
    thrivosign_diff *diff;
    thrivosign_output *output;
    thrivosign_signature_list *list;
    thrivosign_batch *batch;
    thrivosign_verify_listener listener = {0};
    thrivosign_buffer *page;
    thrivosign_error *stopped;
    size_t clean, not_clean, without, failed, left;
    listener.struct_size = sizeof listener;
    listener.ended = judged;
    check(thrivosign_document_verify(document, trust, NULL, NULL, &report));
    check(thrivosign_output_new_to_memory(&output));
    check(thrivosign_batch_new(&batch));
    check(thrivosign_batch_add(batch, scratch("documented.pdf"), NULL));

    check(thrivosign_words_new("de", &german));                                 /* NULL is English */
    check(thrivosign_report_to_html(report, "contract.pdf", german, &page));
    check(thrivosign_document_diff(document, 0, NULL, 0, NULL, &diff));         /* what changed since the first signature */
    check(thrivosign_document_extract_signed_revision(document, 0, NULL, 0, output, NULL, NULL, NULL));   /* what its signer saw */
    check(thrivosign_document_signatures(document, NULL, 0, NULL, &list));      /* what is claimed, nothing verified */
    check(thrivosign_batch_verify(batch, trust, THRIVOSIGN_ORDER_LISTED, NULL, &listener, NULL, &clean, &not_clean, &without, &failed, &left, &stopped));

    hold(clean == 1 && not_clean + without + failed + left == 0, "what was signed is clean");
    thrivosign_batch_free(batch);
    thrivosign_signature_list_free(list);
    thrivosign_diff_free(diff);
    thrivosign_output_free(output);
    thrivosign_buffer_free(page);
    thrivosign_report_free(report);
    thrivosign_words_free(german);
}

static void levels(const thrivosign_document *document) {
    const thrivosign_trust *trust = F.trust;
    char tsa[512];
    thrivosign_extension *extension;
    thrivosign_extended *extended;
    thrivosign_output *output;
    int32_t level = -1;
    snprintf(tsa, sizeof tsa, "%s/tsa", setting("THRIVOSIGN_TRUST_SERVICES"));
    check(thrivosign_output_new_to_memory(&output));

    check(thrivosign_extension_new(THRIVOSIGN_LEVEL_BLTA, trust, &extension));             /* trust for signers, responders and authorities */
    check(thrivosign_extension_add_authority(extension, tsa, NULL, 0, 0));                 /* asked in turn */
    check(thrivosign_extension_set_reach(extension, THRIVOSIGN_REACH_PUBLIC));             /* nothing is fetched without */
    check(thrivosign_document_extend(document, extension, output, NULL, 0, NULL, &extended));
    check(thrivosign_extended_level(extended, &level));    /* _missing_.., _asked_.. and _unanswered_.. tell what stood in the way */

    hold(level != -1 && level != THRIVOSIGN_LEVEL_BLTA, "this machine is no public network");
    thrivosign_extended_free(extended);
    thrivosign_extension_free(extension);
    thrivosign_output_free(output);
}

int main(void) {
    thrivosign_document *document;
    fixture_make_offline(&F);
    document = signed_document();
    calls(document);
    signing();
    reading(document);
    levels(document);
    thrivosign_document_free(document);
    fixture_free(&F);
    hold(thrivosign_objects_alive() == 0, "nothing is left");
    return 0;
}
