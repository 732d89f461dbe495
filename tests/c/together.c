/* Several documents that are shown together and approved once, from C. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct fixture F;
static uint8_t SHOWN[32];

/* The digest of what a viewer would show. */
static void look(void) {
    thrivosign_prepared *prepared;
    thrivosign_buffer *digest;
    must("prepared", thrivosign_signer_prepare(F.signer, F.document, F.signature_request, NULL, NULL, &prepared));
    must("digest", thrivosign_prepared_source_digest(prepared, &digest));
    hold(thrivosign_buffer_size(digest) == sizeof SHOWN, "SHA-256");
    memcpy(SHOWN, thrivosign_buffer_data(digest), sizeof SHOWN);
    thrivosign_buffer_free(digest);
    thrivosign_prepared_free(prepared);
}

static thrivosign_error *add(thrivosign_order_list *list, const char *id, const char *target, const uint8_t *shown) {
    thrivosign_sign_options options;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.shown_sha256 = shown;
    return thrivosign_order_list_add(list, id, F.document, target, F.signature_request, F.signer, NULL, NULL, NULL, "I agree to all of it.", 0,
                                     &options);
}

/* Whether the evidence record of the order holds the words. */
static int tells(const thrivosign_signing_order *order, const char *words) {
    thrivosign_buffer *name, *record;
    int found;
    must("name", thrivosign_signing_order_name(order, &name));
    must("evidence", thrivosign_orders_evidence(F.orders, (const char *)thrivosign_buffer_data(name), &record));
    found = strstr((const char *)thrivosign_buffer_data(record), words) != NULL;
    thrivosign_buffer_free(name);
    thrivosign_buffer_free(record);
    return found;
}

static void sign(void) {
    thrivosign_order_list *list;
    size_t index;
    must("list", thrivosign_order_list_new(&list));
    hold(code_of(add(list, "none", "nowhere.pdf", NULL)) == 102, "what was shown has to be said");
    must("loan", add(list, "loan", scratch("together-1.pdf"), SHOWN));
    must("insurance", add(list, "insurance", scratch("together-2.pdf"), SHOWN));
    hold(code_of(thrivosign_order_list_outcome(list, 0, &F.signing_order)) == 101, "no outcome before");
    must("sign", thrivosign_orders_sign_all(F.orders, list, NULL));
    for (index = 0; index < 2; index++) {
        thrivosign_signing_order *order;
        must("outcome", thrivosign_order_list_outcome(list, index, &order));
        hold(tells(order, "I agree to all of it.") && tells(order, "list_sha256"), "what was agreed to, and with what else");
        thrivosign_signing_order_free(order);
        hold(code_of(thrivosign_order_list_outcome(list, index, &order)) == 105, "told once");
    }
    {
        thrivosign_signing_order *none;
        hold(code_of(thrivosign_order_list_outcome(list, 2, &none)) == 101, "there are two");
    }
    thrivosign_order_list_free(list);
}

/* A document that is not the one that was shown ends all of it, before a key is asked. */
static void swapped(void) {
    thrivosign_order_list *list;
    size_t before, after;
    uint8_t other[32];
    memcpy(other, SHOWN, sizeof other);
    other[31] ^= 1;
    must("list", thrivosign_order_list_new(&list));
    must("one", add(list, "third", scratch("together-3.pdf"), SHOWN));
    must("another", add(list, "fourth", scratch("together-4.pdf"), other));
    must("count", thrivosign_orders_count(F.orders, &before));
    hold(code_of(thrivosign_orders_sign_all(F.orders, list, NULL)) == 212, "not what was shown");
    must("count", thrivosign_orders_count(F.orders, &after));
    {
        FILE *file = fopen(scratch("together-3.pdf"), "rb");
        hold(file == NULL, "nothing was signed");
        if (file != NULL) {
            fclose(file);
        }
    }
    hold(after <= before + 1, "the one that was prepared may go on");
    thrivosign_order_list_free(list);
}

int main(void) {
    const size_t before = thrivosign_objects_alive();
    fixture_make(&F, "together-device");
    look();
    sign();
    swapped();
    fixture_free(&F);
    thrivosign_shutdown();
    hold(thrivosign_objects_alive() == before, "no handle left");
    return EXIT_SUCCESS;
}
