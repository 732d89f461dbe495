/* Everything that a signature can be asked for, from C: places, restrictions, looks, findings, damage, in place, many at once, empty fields. */
#include "fixture.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Two pixels: red, and half a blue. */
static const uint8_t PNG[] = {
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x01,
    0x08, 0x06, 0x00, 0x00, 0x00, 0xf4, 0x22, 0x7f, 0x8a, 0x00, 0x00, 0x00, 0x0e, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xf8, 0xcf, 0xc0, 0x00,
    0x42, 0x0d, 0x00, 0x0f, 0x7a, 0x03, 0x7e, 0x6a, 0x81, 0x31, 0xe1, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82};

static struct fixture F;

static thrivosign_signature_request *asked(void) {
    thrivosign_signature_request *request;
    must("request", thrivosign_signature_request_new(&request));
    return request;
}

static thrivosign_sign_options options(void) {
    thrivosign_sign_options table;
    memset(&table, 0, sizeof table);
    table.struct_size = sizeof table;
    return table;
}

/* Signs into memory. Gives the code; what came out is there only if that is 0, and then it is clean. */
static int32_t signs(const thrivosign_document *document, const thrivosign_signature_request *request, const thrivosign_sign_options *how,
                     thrivosign_signed **made, thrivosign_buffer **pdf) {
    thrivosign_output *output;
    thrivosign_document *finished;
    thrivosign_report *report;
    int32_t clean = 0;
    int32_t code;
    must("output", thrivosign_output_new_to_memory(&output));
    code = code_of(thrivosign_signer_sign(F.signer, document, output, request, how, NULL, made));
    if (code == 0) {
        must("take", thrivosign_output_take(output, pdf));
        must("document", thrivosign_document_new_from_memory(thrivosign_buffer_data(*pdf), thrivosign_buffer_size(*pdf), &finished));
        must("verify", thrivosign_document_verify(finished, F.trust, NULL, NULL, &report));
        must("clean", thrivosign_report_clean(report, &clean));
        hold(clean == 1, "what was just signed is clean");
        thrivosign_report_free(report);
        thrivosign_document_free(finished);
    }
    thrivosign_output_free(output);
    return code;
}

/* The same where nothing of it is wanted but the code. */
static int32_t signs_so(const thrivosign_signature_request *request, const thrivosign_sign_options *how) {
    thrivosign_signed *made = NULL;
    thrivosign_buffer *pdf = NULL;
    const int32_t code = signs(F.document, request, how, &made, &pdf);
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);
    return code;
}

static int says(const uint8_t *bytes, size_t size, const char *words) {
    const size_t length = strlen(words);
    size_t at;
    for (at = 0; at + length <= size; at++) {
        if (memcmp(bytes + at, words, length) == 0) {
            return 1;
        }
    }
    return 0;
}

static int contains(const thrivosign_buffer *buffer, const char *words) {
    return says(thrivosign_buffer_data(buffer), thrivosign_buffer_size(buffer), words);
}

static void places(void) {
    thrivosign_signature_request *request = asked();
    thrivosign_inspection *seen;
    thrivosign_document *finished;
    thrivosign_signed *made;
    thrivosign_buffer *pdf;
    int32_t visible, present;
    uint64_t page;

    must("next free", thrivosign_signature_request_set_next_free(request, 0, 180, 50));
    hold(signs(F.document, request, NULL, &made, &pdf) == 0, "in the next free place");
    must("document", thrivosign_document_new_from_memory(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf), &finished));
    must("inspect", thrivosign_document_inspect(finished, NULL, 0, NULL, &seen));
    must("visible", thrivosign_inspection_field_visible(seen, 0, &visible));
    must("page", thrivosign_inspection_field_page(seen, 0, &present, &page));
    hold(visible == 1 && present == 1 && page == 3, "the box is on the last page");
    thrivosign_inspection_free(seen);
    thrivosign_document_free(finished);
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);
    must("next free", thrivosign_signature_request_set_next_free(request, 99, 180, 50));
    hold(signs_so(request, NULL) == THRIVOSIGN_ERROR_KIND_PAGE_NOT_FOUND, "no such page");

    must("anchor", thrivosign_signature_request_set_anchor(request, "EUR 24,000.00", 1, 1, 0, -40, 120, 30));
    hold(signs_so(request, NULL) == 0, "beside a text");
    must("anchor", thrivosign_signature_request_set_anchor(request, "nowhere to be found", 0, 0, 0, 0, 120, 30));
    hold(signs_so(request, NULL) == THRIVOSIGN_ERROR_KIND_BOX_UNUSABLE, "a text that is not there");
    must("anchor", thrivosign_signature_request_set_anchor(request, "EUR 24,000.00", 1, 1, 0, 0, 0, 30));
    hold(signs_so(request, NULL) == THRIVOSIGN_ERROR_KIND_BOX_UNUSABLE, "a box without an area");
    must("invisible", thrivosign_signature_request_set_invisible(request));
    hold(signs_so(request, NULL) == 0, "nowhere again");
    thrivosign_signature_request_free(request);
}

static void restrictions(void) {
    thrivosign_signature_request *request = asked(), *second = asked();
    thrivosign_document *finished;
    thrivosign_signed *made;
    thrivosign_buffer *pdf;

    hold(code_of(thrivosign_signature_request_add_locked_field(request, "amount")) == THRIVOSIGN_ERROR_KIND_WRONG_ORDER, "a name without a lock");
    must("all", thrivosign_signature_request_set_lock(request, THRIVOSIGN_FIELD_LOCK_ALL));
    hold(code_of(thrivosign_signature_request_add_locked_field(request, "amount")) == THRIVOSIGN_ERROR_KIND_WRONG_ORDER, "all have no names");
    must("include", thrivosign_signature_request_set_lock(request, THRIVOSIGN_FIELD_LOCK_INCLUDE));
    must("name", thrivosign_signature_request_add_locked_field(request, "amount"));
    must("certify", thrivosign_signature_request_set_certification(request, THRIVOSIGN_DOC_MDP_NO_CHANGES));
    hold(signs(F.document, request, NULL, &made, &pdf) == 0, "certified");
    hold(contains(pdf, "/DocMDP") && contains(pdf, "/FieldMDP") && contains(pdf, "(amount)"), "both stand in the document");
    must("document", thrivosign_document_new_from_memory(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf), &finished));
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);
    hold(signs(finished, second, NULL, &made, &pdf) == THRIVOSIGN_ERROR_KIND_SIGNING_FORBIDDEN, "no changes, no signature");
    must("approval", thrivosign_signature_request_set_certification(request, 0));
    must("no lock", thrivosign_signature_request_set_lock(request, 0));
    hold(signs(F.document, request, NULL, &made, &pdf) == 0 && !contains(pdf, "MDP"), "an approval forbids nothing");
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);
    thrivosign_document_free(finished);
    thrivosign_signature_request_free(request);
    thrivosign_signature_request_free(second);
}

static void looks(void) {
    const double stroke[] = {10, 10, 50, 40, 90, 10}, dot[] = {50, 45}, outside[] = {10, 10, 101, 10};
    thrivosign_signature_request *request = asked();
    thrivosign_signed *made;
    thrivosign_buffer *pdf;
    int32_t code;

    must("box", thrivosign_signature_request_set_box(request, 3, 60, 60, 300, 160));
    must("reason", thrivosign_signature_request_set_reason(request, "I agree"));
    must("template", thrivosign_signature_request_add_template(request, "Signed by {name}"));
    must("template", thrivosign_signature_request_add_template(request, "{location}"));
    must("template", thrivosign_signature_request_add_template(request, "Reason: {reason}"));
    must("image", thrivosign_signature_request_set_image(request, PNG, sizeof PNG));
    hold(code_of(thrivosign_signature_request_add_ink_stroke(request, stroke, 3)) == THRIVOSIGN_ERROR_KIND_WRONG_ORDER, "a stroke needs a pad");
    hold(code_of(thrivosign_signature_request_set_ink_pad(request, 100, 50, 51)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "a pen too wide");
    must("pad", thrivosign_signature_request_set_ink_pad(request, 100, 50, 2));
    must("stroke", thrivosign_signature_request_add_ink_stroke(request, stroke, 3));
    must("stroke", thrivosign_signature_request_add_ink_stroke(request, dot, 1));
    hold(code_of(thrivosign_signature_request_add_ink_stroke(request, outside, 2)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "off the pad");
    must("link", thrivosign_signature_request_set_link(request, "https://bank.example/verify/4711"));
    must("over", thrivosign_signature_request_set_arrangement(request, THRIVOSIGN_ARRANGEMENT_OVER));
    must("frame", thrivosign_signature_request_set_frame(request, THRIVOSIGN_FRAME_NONE));
    hold(signs(F.document, request, NULL, &made, &pdf) == 0, "with all of it");
    hold(contains(pdf, "/Subtype/Image") || contains(pdf, "/Subtype /Image"), "the picture is there");
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);

    /* Each goes away again. */
    must("no image", thrivosign_signature_request_set_image(request, NULL, 0));
    must("no ink", thrivosign_signature_request_set_ink_pad(request, 0, 0, 0));
    must("no link", thrivosign_signature_request_set_link(request, NULL));
    must("no text", thrivosign_signature_request_clear_text(request));
    hold(signs(F.document, request, NULL, &made, &pdf) == 0 && !contains(pdf, "/Image"), "with none of it");
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);

    hold(code_of(thrivosign_signature_request_set_image(request, PNG, 20)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "half a picture");
    hold(code_of(thrivosign_signature_request_set_link(request, "javascript:alert(1)")) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "no link");
    must("template", thrivosign_signature_request_add_template(request, "{nobody}"));
    hold(signs_so(request, NULL) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "an unknown placeholder");

    /* A font: its own where the build can set it, an error with a name where not. */
    must("no text", thrivosign_signature_request_clear_text(request));
    must("line", thrivosign_signature_request_add_line(request, "\xce\x91\xce\xbd\xce\xbd\xce\xb1"));
    hold(signs_so(request, NULL) == THRIVOSIGN_ERROR_KIND_TEXT_UNREPRESENTABLE, "Helvetica has no Greek");
    code = code_of(thrivosign_signature_request_set_font(request, NULL, 0, 0));
    if (thrivosign_has_feature("appearance-full") != 0) {
        hold(code == 0 && signs_so(request, NULL) == 0, "the bundled font has Greek");
        code = code_of(thrivosign_signature_request_set_font(request, PNG, sizeof PNG, 0));
        hold(code == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "a picture is no font");
    } else {
        hold(code == THRIVOSIGN_ERROR_KIND_TEXT_UNREPRESENTABLE, "a build that sets no fonts says so");
    }
    thrivosign_signature_request_free(request);
}

static void findings(void) {
    thrivosign_signature_request *request = asked();
    thrivosign_sign_options how = options();
    thrivosign_preflight_policy *bank, *report;
    thrivosign_preflight *found;
    thrivosign_inspection *facts;
    thrivosign_signed *made;
    thrivosign_buffer *pdf, *code;
    thrivosign_error *refused;
    size_t stops, risks;
    int32_t repair;

    must("report", thrivosign_preflight_policy_new("report", &report));
    must("bank", thrivosign_preflight_policy_new("bank", &bank));
    hold(code_of(thrivosign_preflight_policy_new("none", &bank)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "no such policy");
    hold(code_of(thrivosign_preflight_policy_allow(bank, "anything")) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "no such finding");

    /* Nothing is looked for unless a policy asks. */
    hold(signs(F.document, request, &how, &made, &pdf) == 0, "without a policy");
    must("preflight", thrivosign_signed_preflight(made, &found));
    must("repair", thrivosign_signed_repair(made, &repair));
    hold(found == NULL && repair == THRIVOSIGN_REPAIR_NONE, "no look, no repair");
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);

    how.preflight = report;
    hold(signs(F.document, request, &how, &made, &pdf) == 0, "reported");
    must("preflight", thrivosign_signed_preflight(made, &found));
    must("stops", thrivosign_preflight_stop_count(found, &stops));
    must("facts", thrivosign_preflight_inspection(found, &facts));
    must("risks", thrivosign_inspection_risk_count(facts, &risks));
    must("code", thrivosign_inspection_risk_code(facts, 0, &code));
    hold(stops == 0 && risks > 0 && contains(code, "font_not_embedded"), "the findings come with the signature");
    thrivosign_buffer_free(code);
    thrivosign_inspection_free(facts);
    thrivosign_preflight_free(found);
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);

    how.preflight = bank;
    must("preflight", thrivosign_document_preflight(F.document, NULL, &how, NULL, &found));
    must("stops", thrivosign_preflight_stop_count(found, &stops));
    must("stop", thrivosign_preflight_stop(found, 0, &code));
    hold(stops == 1 && contains(code, "font_not_embedded"), "what stops is told before");
    hold(code_of(thrivosign_preflight_stop(found, 1, &code)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "and nothing else");
    thrivosign_buffer_free(code);
    thrivosign_preflight_free(found);
    refused = thrivosign_signer_prepare(F.signer, F.document, request, &how, NULL, &F.prepared);
    hold(thrivosign_error_code(refused) == THRIVOSIGN_ERROR_KIND_PREFLIGHT_REFUSED, "the bank's policy stops");
    hold(strstr(thrivosign_error_message(refused), "font_not_embedded") != NULL, "and says at what");
    thrivosign_error_free(refused);
    must("allow", thrivosign_preflight_policy_allow(bank, "font_not_embedded"));
    hold(signs_so(request, &how) == 0, "what is allowed passes");

    /* A program that was compiled against an older header knows nothing of policies. */
    how.struct_size = offsetof(thrivosign_sign_options, preflight);
    how.preflight = (thrivosign_preflight_policy *)7;
    hold(signs_so(request, &how) == 0, "a shorter struct");
    thrivosign_preflight_policy_free(bank);
    thrivosign_preflight_policy_free(report);
    thrivosign_signature_request_free(request);
}

static thrivosign_document *of(const uint8_t *bytes, size_t size) {
    thrivosign_document *document;
    must("document", thrivosign_document_new_from_memory(bytes, size, &document));
    return document;
}

/* The signature of a damaged document, by what becomes of damage. */
static int32_t damaged(const thrivosign_document *document, int64_t damage, uint64_t limit) {
    thrivosign_signature_request *request = asked();
    thrivosign_sign_options how = options();
    thrivosign_signed *made = NULL;
    thrivosign_buffer *pdf = NULL;
    int32_t repair = 0;
    int32_t code;
    how.damage = damage;
    how.rewrite_limit = limit;
    code = signs(document, request, &how, &made, &pdf);
    if (code == 0) {
        must("repair", thrivosign_signed_repair(made, &repair));
    }
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);
    thrivosign_signature_request_free(request);
    return code == 0 ? repair : code;
}

/* A record of the signing goes into the document and is signed along. */
static void carried(void) {
    static const char CONSENT[] = "I agree to all of it.";
    thrivosign_signature_request *request = asked();
    thrivosign_sign_options how = options();
    thrivosign_buffer *pdf = NULL, *twice = NULL;
    thrivosign_document *once;
    const uint8_t *bytes;
    size_t at, size;
    how.carry_evidence = 1;
    how.consent = CONSENT;
    hold(signs(F.document, request, &how, NULL, &pdf) == 0, "carried");
    bytes = thrivosign_buffer_data(pdf);
    size = thrivosign_buffer_size(pdf);
    for (at = 0; at + sizeof CONSENT < size && memcmp(bytes + at, CONSENT, sizeof CONSENT - 1) != 0; at++) {
    }
    hold(at + sizeof CONSENT < size, "the consent is in the document");
    once = of(bytes, size);
    hold(signs(once, request, &how, NULL, &twice) == THRIVOSIGN_ERROR_KIND_SIGNING_FORBIDDEN, "not into a signed document");
    thrivosign_document_free(once);
    thrivosign_buffer_free(pdf);
    thrivosign_signature_request_free(request);
}

static void damage(void) {
    static const char DOUBT[] = "words that belong to nothing\n";
    size_t size, table;
    uint8_t *bytes = file_of(setting("THRIVOSIGN_DOCUMENT"), &size);
    thrivosign_document *cut, *doubtful;
    for (table = size - 5; table > 0 && memcmp(bytes + table, "\nxref", 5) != 0; table--) {
    }
    hold(table > 0, "the document ends with a table");
    table++;
    cut = of(bytes, table);
    memcpy(bytes + table, DOUBT, sizeof DOUBT - 1);
    doubtful = of(bytes, table + sizeof DOUBT - 1);
    hold(damaged(cut, THRIVOSIGN_DAMAGE_REFUSE, 0) == THRIVOSIGN_ERROR_KIND_PDF_DAMAGED, "refused");
    hold(damaged(cut, THRIVOSIGN_DAMAGE_APPEND, 0) == THRIVOSIGN_REPAIR_APPENDED, "undone by the update");
    hold(damaged(doubtful, THRIVOSIGN_DAMAGE_APPEND, 0) == THRIVOSIGN_ERROR_KIND_PDF_DAMAGED, "in doubt refused");
    hold(damaged(doubtful, THRIVOSIGN_DAMAGE_REWRITE, 0) == THRIVOSIGN_REPAIR_REWRITTEN, "in doubt written anew");
    hold(damaged(doubtful, THRIVOSIGN_DAMAGE_REWRITE, 10) == THRIVOSIGN_ERROR_KIND_LIMIT_REACHED, "but not if it is large");
    hold(damaged(cut, 3, 0) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "a number of nothing");
    thrivosign_document_free(cut);
    thrivosign_document_free(doubtful);
    free(bytes);
}

static void copy(const char *to) {
    size_t size;
    uint8_t *bytes = file_of(setting("THRIVOSIGN_DOCUMENT"), &size);
    FILE *file = fopen(to, "wb");
    hold(file != NULL && fwrite(bytes, 1, size, file) == size && fclose(file) == 0, "a copy of the document");
    free(bytes);
}

static void in_place(void) {
    char path[4096];
    thrivosign_signature_request *request = asked();
    thrivosign_document *finished;
    thrivosign_report *report;
    thrivosign_signed *made;
    size_t signatures;
    uint64_t size, before;
    int32_t recovery, clean;
    snprintf(path, sizeof path, "%s", scratch("in-place.pdf"));
    copy(path);
    must("in place", thrivosign_signer_sign_in_place(F.signer, path, THRIVOSIGN_DURABILITY_FSYNC, request, NULL, NULL, &made));
    must("before", thrivosign_signed_source_size(made, &before));
    must("size", thrivosign_signed_size(made, &size));
    thrivosign_signed_free(made);
    must("in place", thrivosign_signer_sign_in_place(F.signer, path, THRIVOSIGN_DURABILITY_NONE, request, NULL, NULL, &made));
    must("before", thrivosign_signed_source_size(made, &before));
    hold(before == size, "the second stands behind the first");
    thrivosign_signed_free(made);
    must("recover", thrivosign_in_place_recover(path, &recovery));
    hold(recovery == THRIVOSIGN_RECOVERY_NOTHING, "nothing was interrupted");
    must("document", thrivosign_document_new_from_path(path, &finished));
    must("verify", thrivosign_document_verify(finished, F.trust, NULL, NULL, &report));
    must("clean", thrivosign_report_clean(report, &clean));
    must("count", thrivosign_report_signature_count(report, &signatures));
    hold(clean == 1 && signatures == 2, "two signatures, clean");
    hold(code_of(thrivosign_signer_sign_in_place(F.signer, "no such file", 0, request, NULL, NULL, NULL)) == THRIVOSIGN_ERROR_KIND_SOURCE_UNREADABLE,
         "no file");
    thrivosign_report_free(report);
    thrivosign_document_free(finished);
    thrivosign_signature_request_free(request);
}

struct heard {
    size_t signed_count, failed_count, progress;
    int32_t failure, answer;
    uint64_t bytes;
    thrivosign_signed *kept;
};

static int32_t ended(void *context, size_t index, const thrivosign_signed *made, const thrivosign_error *error) {
    struct heard *heard = (struct heard *)context;
    uint64_t size = 0;
    if (made != NULL) {
        heard->signed_count++;
        must("size", thrivosign_signed_size(made, &size));
        heard->bytes += size;
        thrivosign_signed_free(heard->kept);
        must("kept", thrivosign_signed_ref(made, &heard->kept));
    } else {
        heard->failed_count++;
        heard->failure = thrivosign_error_code(error);
        hold(index == 1, "the document that is not there is the second");
    }
    return heard->answer;
}

static void progress(void *context, uint64_t done, uint64_t total) {
    struct heard *heard = (struct heard *)context;
    hold(done == ++heard->progress && total == 5, "documents, one by one");
}

static void many(void) {
    thrivosign_signature_request *request = asked();
    thrivosign_batch_listener listener;
    thrivosign_cancel *token;
    thrivosign_call call;
    thrivosign_batch *batch;
    thrivosign_document *finished;
    thrivosign_signed *made;
    thrivosign_buffer *pdf;
    thrivosign_error *stopped;
    struct heard heard;
    size_t good, bad, left;
    uint64_t size;
    int i;
    must("batch", thrivosign_batch_new(&batch));
    must("jobs", thrivosign_batch_set_jobs(batch, 2));
    must("durability", thrivosign_batch_set_durability(batch, THRIVOSIGN_DURABILITY_NONE));
    for (i = 0; i < 5; i++) {
        char output[4096], name[32];
        snprintf(name, sizeof name, "batch-%d.pdf", i);
        snprintf(output, sizeof output, "%s", scratch(name));
        must("add", thrivosign_batch_add(batch, i == 1 ? "no such file" : setting("THRIVOSIGN_DOCUMENT"), output));
    }
    memset(&heard, 0, sizeof heard);
    memset(&listener, 0, sizeof listener);
    listener.struct_size = sizeof listener;
    listener.context = &heard;
    listener.ended = ended;
    memset(&call, 0, sizeof call);
    call.struct_size = sizeof call;
    call.progress = progress;
    call.context = &heard;
    must("batch", thrivosign_signer_sign_batch(F.signer, batch, request, NULL, &listener, &call, &good, &bad, &left, &stopped));
    hold(good == 4 && bad == 1 && left == 0 && stopped == NULL, "four of five");
    hold(heard.signed_count == 4 && heard.failed_count == 1 && heard.progress == 5, "all were told");
    hold(heard.failure == THRIVOSIGN_ERROR_KIND_SOURCE_UNREADABLE, "and why there is none");
    must("size", thrivosign_signed_size(heard.kept, &size));
    hold(heard.bytes == 4 * size, "a signature that was kept is still one");
    thrivosign_signed_free(heard.kept);
    must("document", thrivosign_document_new_from_path(scratch("batch-4.pdf"), &finished));
    hold(signs(finished, request, NULL, &made, &pdf) == 0, "what the batch signed can be signed again");
    thrivosign_document_free(finished);
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);

    /* Whoever is told may stop it, and so may a token. */
    must("jobs", thrivosign_batch_set_jobs(batch, 1));
    memset(&heard, 0, sizeof heard);
    heard.answer = THRIVOSIGN_ERROR_KIND_OUTPUT_UNWRITABLE;
    must("batch", thrivosign_signer_sign_batch(F.signer, batch, request, NULL, &listener, NULL, &good, &bad, &left, &stopped));
    hold(good == 1 && left == 4 && code_of(stopped) == THRIVOSIGN_ERROR_KIND_OUTPUT_UNWRITABLE, "stopped by whoever listens");
    thrivosign_signed_free(heard.kept);
    must("token", thrivosign_cancel_new(&token));
    must("cancel", thrivosign_cancel_cancel(token));
    memset(&call, 0, sizeof call);
    call.struct_size = sizeof call;
    call.cancel = token;
    must("batch", thrivosign_signer_sign_batch(F.signer, batch, request, NULL, NULL, &call, &good, NULL, &left, &stopped));
    hold(good == 0 && left == 5 && code_of(stopped) == THRIVOSIGN_ERROR_KIND_CANCELLED, "cancelled");
    thrivosign_cancel_free(token);
    thrivosign_batch_free(batch);
    thrivosign_signature_request_free(request);
}

static void fields(void) {
    thrivosign_signature_request *borrower = asked(), *bank = asked();
    thrivosign_empty_fields *fields;
    thrivosign_inspection *seen;
    thrivosign_document *prepared, *finished;
    thrivosign_output *output;
    thrivosign_signed *made;
    thrivosign_buffer *pdf, *name;
    size_t count;
    uint64_t size;
    int32_t is_signed, visible;
    must("fields", thrivosign_empty_fields_new(&fields));
    hold(code_of(thrivosign_empty_fields_add(fields, borrower)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "a field has a name");
    hold(code_of(thrivosign_empty_fields_add_reason(fields, "I borrow")) == THRIVOSIGN_ERROR_KIND_WRONG_ORDER, "a reason needs a field");
    must("name", thrivosign_signature_request_set_field(borrower, "loan.borrower"));
    must("box", thrivosign_signature_request_set_box(borrower, 3, 60, 60, 240, 110));
    must("name", thrivosign_signature_request_set_field(bank, "loan.bank"));
    must("lock", thrivosign_signature_request_set_lock(bank, THRIVOSIGN_FIELD_LOCK_ALL));
    must("field", thrivosign_empty_fields_add(fields, borrower));
    must("reason", thrivosign_empty_fields_add_reason(fields, "I borrow"));
    must("field", thrivosign_empty_fields_add(fields, bank));
    must("output", thrivosign_output_new_to_memory(&output));
    must("add", thrivosign_document_add_fields(F.document, fields, output, NULL, 0, NULL, &size));
    must("take", thrivosign_output_take(output, &pdf));
    hold(size == thrivosign_buffer_size(pdf), "its length");
    prepared = of(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf));
    thrivosign_buffer_free(pdf);
    must("inspect", thrivosign_document_inspect(prepared, NULL, 0, NULL, &seen));
    must("count", thrivosign_inspection_field_count(seen, &count));
    must("name", thrivosign_inspection_field_name(seen, 0, &name));
    must("signed", thrivosign_inspection_field_signed(seen, 0, &is_signed));
    must("visible", thrivosign_inspection_field_visible(seen, 0, &visible));
    hold(count == 2 && contains(name, "loan.borrower") && is_signed == 0 && visible == 1, "two fields, empty");
    thrivosign_buffer_free(name);
    thrivosign_inspection_free(seen);

    /* The request that the field was made for signs it. */
    hold(signs(prepared, borrower, NULL, &made, &pdf) == THRIVOSIGN_ERROR_KIND_FIELD_UNUSABLE, "the field asks for a reason");
    must("reason", thrivosign_signature_request_set_reason(borrower, "I borrow"));
    hold(signs(prepared, borrower, NULL, &made, &pdf) == 0, "signed in its field");
    finished = of(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf));
    hold(code_of(thrivosign_document_add_fields(finished, fields, output, NULL, 0, NULL, NULL)) == THRIVOSIGN_ERROR_KIND_SIGNING_FORBIDDEN,
         "no fields behind a signature");
    thrivosign_document_free(finished);
    thrivosign_signed_free(made);
    thrivosign_buffer_free(pdf);
    thrivosign_document_free(prepared);
    thrivosign_output_free(output);
    thrivosign_empty_fields_free(fields);
    thrivosign_signature_request_free(borrower);
    thrivosign_signature_request_free(bank);
}

int main(void) {
    const size_t before = thrivosign_objects_alive();
    fixture_make_offline(&F);
    places();
    restrictions();
    looks();
    findings();
    carried();
    damage();
    in_place();
    many();
    fields();
    fixture_free(&F);
    hold(thrivosign_objects_alive() == before, "nothing is left over");
    return EXIT_SUCCESS;
}
