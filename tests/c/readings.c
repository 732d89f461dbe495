/* What the verifier tells beside its verdict, from C: words, pages, changes, lists, what a signer saw, many documents at once. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture F;
/* Signed twice; the file that it stands in. */
static thrivosign_document *twice;
static char path[4096];

static int contains(const thrivosign_buffer *buffer, const char *words) {
    /* One NUL stands behind every buffer. */
    return strstr((const char *)thrivosign_buffer_data(buffer), words) != NULL;
}

static void sign_twice(void) {
    thrivosign_output *output;
    thrivosign_document *once;
    thrivosign_buffer *pdf;
    snprintf(path, sizeof path, "%s", scratch("twice.pdf"));
    must("output", thrivosign_output_new_to_memory(&output));
    must("sign", thrivosign_signer_sign(F.signer, F.document, output, F.signature_request, NULL, NULL, NULL));
    must("take", thrivosign_output_take(output, &pdf));
    must("document", thrivosign_document_new_from_memory(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf), &once));
    thrivosign_buffer_free(pdf);
    thrivosign_output_free(output);
    must("output", thrivosign_output_new_to_path(path, THRIVOSIGN_DURABILITY_NONE, &output));
    must("reason", thrivosign_signature_request_set_name(F.signature_request, "Somebody <b>else</b>"));
    must("sign", thrivosign_signer_sign(F.signer, once, output, F.signature_request, NULL, NULL, NULL));
    thrivosign_output_free(output);
    thrivosign_document_free(once);
    must("document", thrivosign_document_new_from_path(path, &twice));
}

static void words(void) {
    static const char TABLE[] = "{\"heading.document\": \"Le document\"}";
    thrivosign_words *german, *french;
    thrivosign_report *report;
    thrivosign_buffer *text;
    thrivosign_error *refused;
    must("verify", thrivosign_document_verify(twice, F.trust, NULL, NULL, &report));
    must("german", thrivosign_words_new("de-AT", &german));
    hold(code_of(thrivosign_words_new("fr", &french)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "not built in");
    must("french", thrivosign_words_new_from_json("fr", (const uint8_t *)TABLE, sizeof TABLE - 1, &french));
    must("codes", thrivosign_words_english(&text));
    hold(contains(text, "\"heading.document\":"), "the codes");
    thrivosign_buffer_free(text);
    must("german", thrivosign_report_to_text_in(report, german, &text));
    hold(contains(text, "Dokument"), "in German");
    thrivosign_buffer_free(text);
    must("french", thrivosign_report_to_text_in(report, french, &text));
    hold(contains(text, "Le document") && contains(text, "Anna Schmidt"), "in French, and in English where French lacks the word");
    thrivosign_buffer_free(text);
    must("page", thrivosign_report_to_html(report, "<script>contract.pdf", german, &text));
    hold(contains(text, "<html") && contains(text, "Anna Schmidt"), "a page");
    hold(!contains(text, "<script>") && !contains(text, "<b>else"), "nobody writes into the page");
    thrivosign_buffer_free(text);
    refused = thrivosign_document_new_from_path("no such file", &F.document);
    must("page", thrivosign_error_to_html(refused, NULL, NULL, &text));
    hold(contains(text, "213"), "a page that says why there is none");
    thrivosign_buffer_free(text);
    thrivosign_error_free(refused);
    thrivosign_words_free(german);
    thrivosign_words_free(french);
    thrivosign_report_free(report);
}

/* Judged by a policy file, which says whom to trust; the report names it, and is XML by ETSI TS 119 102-2, too. */
static void rules(void) {
    static char policy[65536], trust[32768], path[4096];
    const int64_t then = 1900000000;
    thrivosign_verify_options options;
    thrivosign_report *report;
    thrivosign_buffer *text;
    size_t size, at = 0, n;
    int32_t clean;
    uint8_t *root;
    snprintf(path, sizeof path, "%s/root.pem", setting("THRIVOSIGN_CHAIN"));
    root = file_of(path, &size);
    for (n = 0; n < size && at + 3 < sizeof trust; n++) {
        if (root[n] == '\n') {
            trust[at++] = '\\';
            trust[at++] = 'n';
        } else if (root[n] != '\r') {
            trust[at++] = (char)root[n];
        }
    }
    free(root);
    for (n = 0; n < 2; n++) {
        snprintf(policy, sizeof policy,
                 "{\"schema\":\"thrivosign-policy-1\",\"name\":\"the bank's\",\"revocation\":\"off\",\"times\":{\"clock_skew\":0,\"ocsp_age\":0},"
                 "\"algorithms\":[],\"risks\":\"leave\",\"trust\":[%s%s%s]}",
                 n == 0 ? "{\"certificate\":\"" : "", n == 0 ? trust : "", n == 0 ? "\"}" : "");
        must("by rules", thrivosign_document_verify_by(twice, (const uint8_t *)policy, strlen(policy), NULL, NULL, &report));
        must("clean", thrivosign_report_clean(report, &clean));
        hold(clean == (n == 0), "trusted as the file says");
        must("JSON", thrivosign_report_to_json(report, &text));
        hold(contains(text, "the bank's"), "the policy's name");
        thrivosign_buffer_free(text);
        must("XML", thrivosign_report_to_etsi(report, &text));
        hold(contains(text, "ValidationReport") && contains(text, "urn:etsi:019102:mainindication"), "XML");
        thrivosign_buffer_free(text);
        thrivosign_report_free(report);
    }
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.unix_time = &then;
    must("at a time", thrivosign_document_verify_by(twice, (const uint8_t *)policy, strlen(policy), &options, NULL, &report));
    thrivosign_report_free(report);
    snprintf(policy, sizeof policy,
             "{\"schema\":\"thrivosign-policy-1\",\"name\":\"x\",\"time\":\"2030-01-01T00:00:00Z\",\"revocation\":\"off\","
             "\"times\":{\"clock_skew\":0,\"ocsp_age\":0},\"algorithms\":[],\"risks\":\"leave\",\"trust\":[]}");
    hold(code_of(thrivosign_document_verify_by(twice, (const uint8_t *)policy, strlen(policy), &options, NULL, &report)) ==
             THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT,
         "one time too many");
    hold(code_of(thrivosign_document_verify_by(twice, (const uint8_t *)"{}", 2, NULL, NULL, &report)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT,
         "no policy");
}

static void changes(void) {
    thrivosign_diff *diff;
    thrivosign_buffer *text;
    size_t revision, revisions, count;
    int32_t undecided, kind, permitted;
    must("diff", thrivosign_document_diff(twice, 0, NULL, 0, NULL, &diff));
    must("revision", thrivosign_diff_revision(diff, &revision, &revisions));
    must("undecided", thrivosign_diff_undecided(diff, &undecided));
    must("count", thrivosign_diff_change_count(diff, &count));
    must("kind", thrivosign_diff_change_kind(diff, 0, &kind));
    must("permitted", thrivosign_diff_change_permitted(diff, 0, &permitted));
    hold(revision + 1 == revisions && undecided == 0 && count == 1, "one revision later, one change");
    hold(kind == THRIVOSIGN_CHANGE_KIND_SIGNATURE_ADDED && permitted != THRIVOSIGN_PERMITTED_NO, "a signature, which nobody forbade");
    must("detail", thrivosign_diff_change_detail(diff, 0, &text));
    hold(thrivosign_buffer_size(text) > 0, "in words");
    thrivosign_buffer_free(text);
    must("field", thrivosign_diff_field(diff, &text));
    hold(contains(text, "Signature1"), "since the first");
    thrivosign_buffer_free(text);
    must("text", thrivosign_diff_to_text(diff, NULL, &text));
    hold(contains(text, "Signature1"), "as text");
    thrivosign_buffer_free(text);
    must("JSON", thrivosign_diff_to_json(diff, &text));
    hold(contains(text, "thrivosign-diff-1"), "as JSON");
    thrivosign_buffer_free(text);
    thrivosign_diff_free(diff);
    must("diff", thrivosign_document_diff(twice, 1, NULL, 0, NULL, &diff));
    must("count", thrivosign_diff_change_count(diff, &count));
    hold(count == 0, "nothing changed since the last");
    thrivosign_diff_free(diff);
    hold(code_of(thrivosign_document_diff(twice, 2, NULL, 0, NULL, &diff)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "no third");
}

static void seen(void) {
    thrivosign_output *output;
    thrivosign_buffer *pdf;
    thrivosign_document *then;
    thrivosign_report *report;
    size_t revision, signatures;
    uint64_t size;
    must("output", thrivosign_output_new_to_memory(&output));
    must("extract", thrivosign_document_extract_signed_revision(twice, 0, NULL, 0, output, NULL, &revision, &size));
    must("take", thrivosign_output_take(output, &pdf));
    hold(size == thrivosign_buffer_size(pdf) && revision > 0, "its bytes");
    must("document", thrivosign_document_new_from_memory(thrivosign_buffer_data(pdf), thrivosign_buffer_size(pdf), &then));
    must("verify", thrivosign_document_verify(then, F.trust, NULL, NULL, &report));
    must("count", thrivosign_report_signature_count(report, &signatures));
    hold(signatures == 1, "as the first signer saw it");
    hold(code_of(thrivosign_document_extract_signed_revision(twice, 9, NULL, 0, output, NULL, NULL, NULL)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT,
         "no such signature");
    thrivosign_report_free(report);
    thrivosign_document_free(then);
    thrivosign_buffer_free(pdf);
    thrivosign_output_free(output);
}

static void list(void) {
    thrivosign_signature_list *found;
    thrivosign_buffer *text;
    size_t count, revision;
    int32_t present;
    int64_t time;
    uint64_t page;
    must("list", thrivosign_document_signatures(twice, NULL, 0, NULL, &found));
    must("count", thrivosign_signature_list_count(found, &count));
    must("field", thrivosign_signature_list_field(found, 0, &text));
    hold(count == 2 && contains(text, "Signature1"), "two of them");
    thrivosign_buffer_free(text);
    must("signer", thrivosign_signature_list_claimed_signer(found, 1, &text));
    hold(contains(text, "Somebody <b>else</b>"), "who it claims");
    thrivosign_buffer_free(text);
    must("time", thrivosign_signature_list_claimed_time(found, 0, &present, &time));
    hold(present == 1 && time > 1700000000, "when it claims");
    must("page", thrivosign_signature_list_page(found, 0, &present, &page));
    must("revision", thrivosign_signature_list_revision(found, 1, &revision));
    hold(revision > 1, "brought by a later revision");
    must("JSON", thrivosign_signature_list_to_json(found, &text));
    hold(contains(text, "claimed_signer"), "as JSON");
    thrivosign_buffer_free(text);
    thrivosign_signature_list_free(found);
}

struct heard {
    size_t next, reports, errors, progress;
    int32_t answer, ordered;
    thrivosign_report *kept;
};

static int32_t ended(void *context, size_t index, const thrivosign_report *report, const thrivosign_error *error) {
    struct heard *heard = (struct heard *)context;
    hold((report == NULL) != (error == NULL), "a report or an error");
    heard->ordered = heard->ordered && index == heard->next;
    heard->next++;
    if (report != NULL) {
        heard->reports++;
        thrivosign_report_free(heard->kept);
        must("kept", thrivosign_report_ref(report, &heard->kept));
    } else {
        heard->errors++;
        hold(thrivosign_error_code(error) == THRIVOSIGN_ERROR_KIND_SOURCE_UNREADABLE, "why not");
    }
    return heard->answer;
}

static void progress(void *context, uint64_t done, uint64_t total) {
    struct heard *heard = (struct heard *)context;
    hold(done == ++heard->progress && total == 4, "documents, one by one");
}

static void many(void) {
    thrivosign_verify_listener listener;
    thrivosign_call call;
    thrivosign_batch *batch;
    thrivosign_error *stopped;
    thrivosign_buffer *text;
    struct heard heard;
    size_t clean, not_clean, bare, failed, left;
    must("batch", thrivosign_batch_new(&batch));
    must("jobs", thrivosign_batch_set_jobs(batch, 2));
    must("add", thrivosign_batch_add(batch, path, NULL));
    must("add", thrivosign_batch_add(batch, "no such file", NULL));
    must("add", thrivosign_batch_add(batch, setting("THRIVOSIGN_DOCUMENT"), NULL));
    must("add", thrivosign_batch_add(batch, path, NULL));
    memset(&heard, 0, sizeof heard);
    heard.ordered = 1;
    memset(&listener, 0, sizeof listener);
    listener.struct_size = sizeof listener;
    listener.context = &heard;
    listener.ended = ended;
    memset(&call, 0, sizeof call);
    call.struct_size = sizeof call;
    call.progress = progress;
    call.context = &heard;
    must("verify", thrivosign_batch_verify(batch, F.trust, THRIVOSIGN_ORDER_LISTED, NULL, &listener, &call, &clean, &not_clean, &bare, &failed, &left,
                                           &stopped));
    hold(clean == 2 && not_clean == 0 && bare == 1 && failed == 1 && left == 0 && stopped == NULL, "what came out");
    hold(heard.reports == 3 && heard.errors == 1 && heard.ordered == 1 && heard.progress == 4, "each was told in its turn");
    must("JSON", thrivosign_report_to_json(heard.kept, &text));
    hold(contains(text, "Anna Schmidt"), "a report that was kept is still one");
    thrivosign_buffer_free(text);
    thrivosign_report_free(heard.kept);

    memset(&heard, 0, sizeof heard);
    heard.answer = THRIVOSIGN_ERROR_KIND_OUTPUT_UNWRITABLE;
    must("jobs", thrivosign_batch_set_jobs(batch, 1));
    must("verify", thrivosign_batch_verify(batch, F.trust, THRIVOSIGN_ORDER_AS_THEY_COME, NULL, &listener, NULL, NULL, NULL, NULL, NULL, &left,
                                           &stopped));
    hold(left == 3 && code_of(stopped) == THRIVOSIGN_ERROR_KIND_OUTPUT_UNWRITABLE, "stopped by whoever listens");
    thrivosign_report_free(heard.kept);

    /* The list was for reading: it says nowhere where a signed document would go. */
    must("sign", thrivosign_signer_sign_batch(F.signer, batch, F.signature_request, NULL, NULL, NULL, &clean, &failed, &left, &stopped));
    hold(clean == 0 && failed == 4 && stopped == NULL, "nothing is signed without an output");
    thrivosign_batch_free(batch);
}

int main(void) {
    const size_t before = thrivosign_objects_alive();
    fixture_make_offline(&F);
    sign_twice();
    words();
    rules();
    changes();
    seen();
    list();
    many();
    thrivosign_document_free(twice);
    fixture_free(&F);
    hold(thrivosign_objects_alive() == before, "nothing is left over");
    return EXIT_SUCCESS;
}
