/* Levels, from C, beside the trust services of a demo server: signatures are raised to B-LTA and hold by what the document carries; an authority that
   is down, evidence at hand, trust for one use, a call that is cancelled. */
#include "fixture.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct fixture F;

static int contains(const thrivosign_buffer *buffer, const char *words) {
    /* One NUL stands behind every buffer. */
    return strstr((const char *)thrivosign_buffer_data(buffer), words) != NULL;
}

static thrivosign_document *of(const thrivosign_buffer *bytes) {
    thrivosign_document *document;
    must("document", thrivosign_document_new_from_memory(thrivosign_buffer_data(bytes), thrivosign_buffer_size(bytes), &document));
    return document;
}

/* The address of a service of the server's; good until the next. */
static const char *service(const char *path) {
    static char url[512];
    snprintf(url, sizeof url, "%s%s", setting("THRIVOSIGN_TRUST_SERVICES"), path);
    return url;
}

static thrivosign_extension *goal(int32_t level, int32_t reach) {
    thrivosign_extension *extension;
    must("extension", thrivosign_extension_new(level, F.trust, &extension));
    must("reach", thrivosign_extension_set_reach(extension, reach));
    return extension;
}

/* What the document carries proves it, without a network. */
static void holds(const thrivosign_document *document, int32_t expected) {
    const int64_t soon = (int64_t)time(NULL) + 2;
    thrivosign_verify_options options;
    thrivosign_report *report;
    int32_t clean, level;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.unix_time = &soon;
    options.revocation = expected == THRIVOSIGN_LEVEL_BT ? THRIVOSIGN_REVOCATION_IF_AVAILABLE : THRIVOSIGN_REVOCATION_REQUIRE;
    must("verify", thrivosign_document_verify(document, F.trust, &options, NULL, &report));
    must("clean", thrivosign_report_clean(report, &clean));
    must("level", thrivosign_report_signature_level(report, 0, &level));
    hold(clean == 1, "raised, and clean");
    hold(level == expected, "at the level that was asked for");
    thrivosign_report_free(report);
}

static thrivosign_document *raised(const thrivosign_document *document, int32_t wanted) {
    thrivosign_extension *extension = goal(wanted, THRIVOSIGN_REACH_ANYWHERE);
    thrivosign_extended *extended;
    thrivosign_report *report;
    thrivosign_buffer *pdf;
    thrivosign_document *whole;
    uint64_t added, before, after;
    size_t missing, unanswered;
    int32_t reached, level, clean;
    must("authority", thrivosign_extension_add_authority(extension, service("/tsa"), NULL, 0, 0));
    must("extend", thrivosign_document_extend(document, extension, F.output, NULL, 0, NULL, &extended));
    must("reached", thrivosign_extended_reached(extended, &reached));
    must("level", thrivosign_extended_level(extended, &level));
    must("missing", thrivosign_extended_missing_count(extended, &missing));
    must("unanswered", thrivosign_extended_unanswered_count(extended, &unanswered));
    hold(reached == 1 && level == wanted && missing == 0 && unanswered == 0, "the level is reached");
    must("report", thrivosign_extended_report(extended, &report));
    must("clean", thrivosign_report_clean(report, &clean));
    hold(clean == 1, "and the report says so");
    must("added", thrivosign_extended_added_size(extended, &added));
    must("take", thrivosign_output_take(F.output, &pdf));
    whole = of(pdf);
    must("size", thrivosign_document_size(document, &before));
    must("size", thrivosign_document_size(whole, &after));
    hold(added > 0 && after == before + added, "what was there is there, and so much more");
    holds(whole, wanted);
    thrivosign_buffer_free(pdf);
    thrivosign_report_free(report);
    thrivosign_extended_free(extended);
    thrivosign_extension_free(extension);
    return whole;
}

static void each_level(const thrivosign_document *signed_) {
    thrivosign_document *stamped = raised(signed_, THRIVOSIGN_LEVEL_BT);
    thrivosign_document *lasting = raised(stamped, THRIVOSIGN_LEVEL_BLT);
    thrivosign_document *archived = raised(lasting, THRIVOSIGN_LEVEL_BLTA);
    thrivosign_document *renewed = raised(archived, THRIVOSIGN_LEVEL_BLTA);
    thrivosign_document *at_once = raised(signed_, THRIVOSIGN_LEVEL_BLTA);
    thrivosign_document_free(stamped);
    thrivosign_document_free(lasting);
    thrivosign_document_free(archived);
    thrivosign_document_free(renewed);
    thrivosign_document_free(at_once);
}

/* A port where nobody listens. */
static void an_authority_that_is_down(const thrivosign_document *signed_) {
    thrivosign_extension *extension = goal(THRIVOSIGN_LEVEL_BLTA, THRIVOSIGN_REACH_ANYWHERE);
    thrivosign_extended *extended;
    thrivosign_buffer *pdf, *text;
    thrivosign_document *whole;
    thrivosign_report *report;
    size_t unanswered;
    int32_t reached, level, clean;
    must("authority", thrivosign_extension_add_authority(extension, "http://127.0.0.1:1/tsa", "1.2.3.4", 1, 2000));
    must("extend", thrivosign_document_extend(signed_, extension, F.output, NULL, 0, NULL, &extended));
    must("reached", thrivosign_extended_reached(extended, &reached));
    must("level", thrivosign_extended_level(extended, &level));
    hold(reached == 0 && level == 0, "no time stamp, no level");
    must("unanswered", thrivosign_extended_unanswered_count(extended, &unanswered));
    must("url", thrivosign_extended_unanswered_url(extended, unanswered - 1, &text));
    hold(unanswered > 0 && contains(text, "http://127.0.0.1:1/tsa"), "who did not answer");
    thrivosign_buffer_free(text);
    must("code", thrivosign_extended_unanswered_code(extended, 0, &text));
    hold(contains(text, "connect_failed"), "and why");
    thrivosign_buffer_free(text);
    thrivosign_extended_free(extended);
    must("take", thrivosign_output_take(F.output, &pdf));
    whole = of(pdf);
    must("verify", thrivosign_document_verify(whole, F.trust, NULL, NULL, &report));
    must("clean", thrivosign_report_clean(report, &clean));
    hold(clean == 1, "nothing is lost");
    thrivosign_report_free(report);
    thrivosign_document_free(whole);
    thrivosign_buffer_free(pdf);

    /* The next one is asked. */
    must("authority", thrivosign_extension_add_authority(extension, service("/tsa"), NULL, 0, 0));
    must("extend", thrivosign_document_extend(signed_, extension, F.output, NULL, 0, NULL, &extended));
    must("level", thrivosign_extended_level(extended, &level));
    must("unanswered", thrivosign_extended_unanswered_count(extended, &unanswered));
    hold(level == THRIVOSIGN_LEVEL_BLTA && unanswered > 0, "another one answers");
    thrivosign_extended_free(extended);
    thrivosign_extension_free(extension);
}

static void without_a_network(const thrivosign_document *signed_) {
    thrivosign_extension *extension = goal(THRIVOSIGN_LEVEL_BLT, THRIVOSIGN_REACH_OFF);
    thrivosign_extended *extended;
    thrivosign_buffer *text, *der;
    size_t missing, asked;
    int32_t lack, level;
    must("authority", thrivosign_extension_add_authority(extension, service("/tsa"), NULL, 0, 0));
    must("extend", thrivosign_document_extend(signed_, extension, F.output, NULL, 0, NULL, &extended));
    must("code", thrivosign_extended_unanswered_code(extended, 0, &text));
    hold(contains(text, "fetching_is_off"), "nobody is asked unless it is allowed");
    thrivosign_buffer_free(text);
    must("level", thrivosign_extended_level(extended, &level));
    must("missing", thrivosign_extended_missing_count(extended, &missing));
    must("lack", thrivosign_extended_missing_lack(extended, 0, &lack));
    hold(level == 0 && missing > 0 && lack == THRIVOSIGN_LACK_STATUS, "nothing says whether it is revoked");
    must("subject", thrivosign_extended_missing_subject(extended, 0, &text));
    hold(contains(text, "Anna Schmidt"), "whose certificate");
    thrivosign_buffer_free(text);
    must("certificate", thrivosign_extended_missing_certificate(extended, 0, &der));
    hold(thrivosign_buffer_size(der) > 200, "the certificate itself");
    thrivosign_buffer_free(der);
    must("failure", thrivosign_extended_missing_failure(extended, 0, &text));
    hold(text == NULL, "its chain is well");
    must("asked", thrivosign_extended_asked_count(extended, 0, &asked));
    must("url", thrivosign_extended_asked_url(extended, 0, 0, &text));
    hold(asked > 0 && contains(text, service("")), "where it could be asked for");
    thrivosign_buffer_free(text);
    must("code", thrivosign_extended_asked_code(extended, 0, 0, &text));
    hold(contains(text, "not_asked"), "and was not");
    thrivosign_buffer_free(text);
    thrivosign_extended_free(extended);
    thrivosign_extension_free(extension);
}

static void stop(void *context, uint64_t done, uint64_t total) {
    (void)done, (void)total;
    must("cancel", thrivosign_cancel_cancel((const thrivosign_cancel *)context));
}

static void cancelled(const thrivosign_document *signed_) {
    thrivosign_extension *extension = goal(THRIVOSIGN_LEVEL_BLTA, THRIVOSIGN_REACH_ANYWHERE);
    thrivosign_extended *extended = NULL;
    thrivosign_buffer *pdf;
    thrivosign_cancel *token;
    thrivosign_call call;
    must("authority", thrivosign_extension_add_authority(extension, service("/tsa"), NULL, 0, 0));
    if (code_of(thrivosign_output_take(F.output, &pdf)) == 0) {
        thrivosign_buffer_free(pdf);
    }
    must("token", thrivosign_cancel_new(&token));
    memset(&call, 0, sizeof call);
    call.struct_size = sizeof call;
    call.cancel = token;
    call.progress = stop;
    call.context = token;
    hold(code_of(thrivosign_document_extend(signed_, extension, F.output, NULL, 0, &call, &extended)) == THRIVOSIGN_ERROR_KIND_CANCELLED,
         "cancelled");
    hold(extended == NULL && code_of(thrivosign_output_take(F.output, &pdf)) == THRIVOSIGN_ERROR_KIND_WRONG_ORDER, "and nothing came out");
    thrivosign_cancel_free(token);
    thrivosign_extension_free(extension);
}

/* Made and raised in one go; a level that is not reached takes nothing from the signature. */
static void as_it_is_signed(void) {
    thrivosign_extension *extension = goal(THRIVOSIGN_LEVEL_BLTA, THRIVOSIGN_REACH_ANYWHERE);
    thrivosign_sign_options options;
    thrivosign_signed *made;
    thrivosign_submitted *submitted;
    thrivosign_extended *extended;
    thrivosign_report *report;
    thrivosign_document *whole;
    thrivosign_buffer *pdf, *credential;
    uint64_t added, size;
    size_t unanswered;
    int32_t reached, level, stopped;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.extension = extension;
    must("down", thrivosign_extension_add_authority(extension, "http://127.0.0.1:1/tsa", NULL, 1, 2000));
    must("sign", thrivosign_signer_sign(F.signer, F.document, F.output, F.signature_request, &options, NULL, &made));
    must("extended", thrivosign_signed_extended(made, &extended));
    must("reached", thrivosign_extended_reached(extended, &reached));
    must("level", thrivosign_extended_level(extended, &level));
    must("unanswered", thrivosign_extended_unanswered_count(extended, &unanswered));
    hold(reached == 0 && level == 0 && unanswered == 1, "signed, and not raised");
    thrivosign_extended_free(extended);
    thrivosign_signed_free(made);

    must("authority", thrivosign_extension_add_authority(extension, service("/tsa"), NULL, 0, 0));
    must("sign", thrivosign_signer_sign(F.signer, F.document, F.output, F.signature_request, &options, NULL, &made));
    must("extended", thrivosign_signed_extended(made, &extended));
    must("reached", thrivosign_extended_reached(extended, &reached));
    must("level", thrivosign_extended_level(extended, &level));
    must("added", thrivosign_extended_added_size(extended, &added));
    must("report", thrivosign_extended_report(extended, &report));
    must("stopped", thrivosign_extended_stopped(extended, &stopped));
    hold(reached == 1 && level == THRIVOSIGN_LEVEL_BLTA && added > 0 && report == NULL && stopped == 0, "signed, and raised");
    must("size", thrivosign_signed_size(made, &size));
    must("take", thrivosign_output_take(F.output, &pdf));
    hold(size == thrivosign_buffer_size(pdf), "its size is that of all of it");
    whole = of(pdf);
    holds(whole, THRIVOSIGN_LEVEL_BLTA);
    thrivosign_document_free(whole);
    thrivosign_buffer_free(pdf);
    thrivosign_extended_free(extended);
    thrivosign_signed_free(made);

    /* The service raises what it files; this device judges it. */
    must("credential", thrivosign_identity_credential_id(F.identity, &credential));
    must("submit", thrivosign_client_submit(F.client, F.signer, (const char *)thrivosign_buffer_data(credential), F.document, F.output,
                                            "agreement.pdf", F.signature_request, &options, NULL, &submitted));
    must("extended", thrivosign_submitted_extended(submitted, &extended));
    must("level", thrivosign_extended_level(extended, &level));
    hold(level == THRIVOSIGN_LEVEL_BLTA, "raised by the service");
    must("take", thrivosign_output_take(F.output, &pdf));
    whole = of(pdf);
    holds(whole, THRIVOSIGN_LEVEL_BLTA);
    thrivosign_document_free(whole);
    thrivosign_buffer_free(pdf);
    thrivosign_buffer_free(credential);
    thrivosign_extended_free(extended);
    thrivosign_submitted_free(submitted);

    /* A program that was compiled against an older header knows nothing of levels. */
    options.struct_size = offsetof(thrivosign_sign_options, extension);
    options.extension = (thrivosign_extension *)7;
    must("sign", thrivosign_signer_sign(F.signer, F.document, F.output, F.signature_request, &options, NULL, &made));
    must("extended", thrivosign_signed_extended(made, &extended));
    hold(extended == NULL, "no level was asked for");
    thrivosign_signed_free(made);
    thrivosign_extension_free(extension);
}

static uint8_t *chain_file(const char *name, size_t *size) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", setting("THRIVOSIGN_CHAIN"), name);
    return file_of(path, size);
}

/* Whether the document is clean where every certificate needs a statement. */
static int proven(const thrivosign_document *document, const thrivosign_trust *trust, const thrivosign_evidence *evidence) {
    thrivosign_verify_options options;
    thrivosign_report *report;
    int32_t clean;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.revocation = THRIVOSIGN_REVOCATION_REQUIRE;
    options.evidence = evidence;
    must("verify", thrivosign_document_verify(document, trust, &options, NULL, &report));
    must("clean", thrivosign_report_clean(report, &clean));
    thrivosign_report_free(report);
    return clean;
}

/* Of a chain that names no address: what is at hand counts. */
static void evidence_at_hand(void) {
    struct fixture G;
    size_t size, count;
    uint8_t *list, *response, *root;
    thrivosign_output *output;
    thrivosign_buffer *pdf;
    thrivosign_document *document;
    thrivosign_evidence *evidence, *other;
    thrivosign_extension *extension;
    thrivosign_extended *extended;
    thrivosign_trust *nobody, *stamps, *signers;
    size_t missing;
    fixture_make_offline(&G);
    must("output", thrivosign_output_new_to_memory(&output));
    must("sign", thrivosign_signer_sign(G.signer, G.document, output, G.signature_request, NULL, NULL, NULL));
    must("take", thrivosign_output_take(output, &pdf));
    document = of(pdf);
    thrivosign_buffer_free(pdf);

    must("evidence", thrivosign_evidence_new(&evidence));
    hold(!proven(document, G.trust, evidence), "nothing at hand");
    list = chain_file("signer.crl", &size);
    must("list", thrivosign_evidence_add_crls(evidence, list, size));
    must("again", thrivosign_evidence_add_crls(evidence, list, size));
    must("count", thrivosign_evidence_count(evidence, &count));
    hold(count == 1 && proven(document, G.trust, evidence), "a list");
    must("evidence", thrivosign_evidence_new(&other));
    response = chain_file("signer.ocsp", &size);
    must("response", thrivosign_evidence_add_ocsp(other, response, size));
    hold(code_of(thrivosign_evidence_add_ocsp(other, list, 100)) == THRIVOSIGN_ERROR_KIND_DER_MALFORMED, "no response");
    hold(proven(document, G.trust, other), "a response");
    root = chain_file("root.pem", &size);
    must("certificate", thrivosign_evidence_add_certificates(other, root, size));
    must("count", thrivosign_evidence_count(other, &count));
    hold(count == 2, "a certificate");

    /* What is missing without it is there with it, and what is added later is not. */
    must("extension", thrivosign_extension_new(THRIVOSIGN_LEVEL_BLT, G.trust, &extension));
    must("extend", thrivosign_document_extend(document, extension, output, NULL, 0, NULL, &extended));
    must("missing", thrivosign_extended_missing_count(extended, &missing));
    hold(missing == 1, "one statement");
    thrivosign_extended_free(extended);
    must("evidence", thrivosign_extension_set_evidence(extension, evidence));
    must("extend", thrivosign_document_extend(document, extension, output, NULL, 0, NULL, &extended));
    must("missing", thrivosign_extended_missing_count(extended, &missing));
    hold(missing == 0, "is there");
    thrivosign_extended_free(extended);
    must("time", thrivosign_extension_set_time(extension, 0));
    must("extend", thrivosign_document_extend(document, extension, output, NULL, 0, NULL, &extended));
    must("missing", thrivosign_extended_missing_count(extended, &missing));
    hold(missing > 0, "in 1970 nothing was valid");
    thrivosign_extended_free(extended);
    thrivosign_extension_free(extension);

    /* Trust for one use. */
    must("nobody", thrivosign_trust_new_from_pem(NULL, 0, &nobody));
    must("stamps", thrivosign_trust_new_with_role(nobody, THRIVOSIGN_ROLE_TIME_STAMPING, root, size, &stamps));
    must("signers", thrivosign_trust_new_with_role(nobody, THRIVOSIGN_ROLE_SIGNER, root, size, &signers));
    hold(!proven(document, stamps, evidence) && proven(document, signers, evidence), "who stamps is no signer");
    must("count", thrivosign_trust_count(nobody, &count));
    hold(count == 0, "the trust that was begun with is as it was");

    hold(code_of(thrivosign_extension_new(THRIVOSIGN_LEVEL_BB, G.trust, &extension)) == THRIVOSIGN_ERROR_KIND_INVALID_ARGUMENT, "no goal");
    thrivosign_trust_free(nobody);
    thrivosign_trust_free(stamps);
    thrivosign_trust_free(signers);
    thrivosign_evidence_free(evidence);
    thrivosign_evidence_free(other);
    thrivosign_document_free(document);
    thrivosign_output_free(output);
    free(list);
    free(response);
    free(root);
    fixture_free(&G);
}

int main(void) {
    const size_t before = thrivosign_objects_alive();
    thrivosign_document *signed_;
    evidence_at_hand();
    fixture_make(&F, "levels-device");
    signed_ = of(F.buffer);
    each_level(signed_);
    an_authority_that_is_down(signed_);
    without_a_network(signed_);
    cancelled(signed_);
    as_it_is_signed();
    thrivosign_document_free(signed_);
    fixture_free(&F);
    thrivosign_shutdown();
    hold(thrivosign_objects_alive() == before, "nothing is left over");
    return EXIT_SUCCESS;
}
