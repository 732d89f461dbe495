/* A key that was made for it is backed up and taken back; every other key stays where it is. */
#include "fixture.h"

#include <stdlib.h>
#include <string.h>

static thrivosign_key_store *opened(const char *name) {
    thrivosign_key_store *store;
    must("store", thrivosign_key_store_new_in_folder(scratch(name), &store));
    must("unlock", thrivosign_key_store_unlock(store, "passphrase"));
    return store;
}

static thrivosign_buffer *signs(const thrivosign_key_store *store, const char *name) {
    thrivosign_buffer *value;
    must("sign", thrivosign_key_store_sign(store, name, (const uint8_t *)"message", 7, 0, &value));
    return value;
}

int main(void) {
    thrivosign_key_store *store = opened("c-key-backup"), *other = opened("c-key-backup-2"), *memory;
    thrivosign_key_info *made, *restored = NULL;
    thrivosign_buffer *backup = NULL, *key, *again;
    must("make", thrivosign_key_store_create_exportable(store, "seal", THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_SIGNING, &made));
    must("make", thrivosign_key_store_create(store, "own", THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_SIGNING, THRIVOSIGN_PROMPT_NONE, NULL,
                                             0, NULL));
    hold(code_of(thrivosign_key_store_backup(store, "own", "copy", &backup)) == THRIVOSIGN_ERROR_KIND_KEY_NOT_PERMITTED && backup == NULL,
         "a key that was not made for it");
    hold(code_of(thrivosign_key_store_backup(store, "none", "copy", &backup)) == THRIVOSIGN_ERROR_KIND_KEY_NOT_FOUND, "no key");
    must("back up", thrivosign_key_store_backup(store, "seal", "copy", &backup));
    hold(code_of(thrivosign_key_store_restore(other, thrivosign_buffer_data(backup), thrivosign_buffer_size(backup), "passphrase", &restored)) ==
             THRIVOSIGN_ERROR_KIND_PASSPHRASE_WRONG && restored == NULL,
         "under a passphrase of its own");
    must("restore", thrivosign_key_store_restore(other, thrivosign_buffer_data(backup), thrivosign_buffer_size(backup), "copy", &restored));
    must("key", thrivosign_key_info_public_key(made, &key));
    must("key", thrivosign_key_info_public_key(restored, &again));
    hold(thrivosign_buffer_size(key) == thrivosign_buffer_size(again) &&
             memcmp(thrivosign_buffer_data(key), thrivosign_buffer_data(again), thrivosign_buffer_size(key)) == 0,
         "the same key");
    thrivosign_buffer_free(signs(other, "seal"));
    hold(code_of(thrivosign_key_store_restore(other, thrivosign_buffer_data(backup), thrivosign_buffer_size(backup), "copy", NULL)) ==
             THRIVOSIGN_ERROR_KIND_KEY_EXISTS,
         "once");

    must("memory", thrivosign_key_store_new_in_memory(&memory));
    hold(code_of(thrivosign_key_store_create_exportable(memory, "seal", THRIVOSIGN_KEY_ALGORITHM_P256, THRIVOSIGN_KEY_PURPOSE_SIGNING, NULL)) ==
             THRIVOSIGN_ERROR_KIND_WRONG_ORDER,
         "only in a folder");
    thrivosign_key_store_free(memory);
    thrivosign_buffer_free(again);
    thrivosign_buffer_free(key);
    thrivosign_buffer_free(backup);
    thrivosign_key_info_free(restored);
    thrivosign_key_info_free(made);
    thrivosign_key_store_free(other);
    thrivosign_key_store_free(store);
    hold(thrivosign_objects_alive() == 0, "everything was freed");
    return EXIT_SUCCESS;
}
