/*
 * A PKCS#11 module that is SoftHSM, but for what a test asks of it: it writes down which functions are called, and fails where it is told to.
 *
 * THRIVOSIGN_TEST_MODULE is SoftHSM; THRIVOSIGN_TEST_HSM a folder: `calls` gets a line for each call; `fault` has a function's name, its return value and
 * how often it returns that instead of doing its work (or `exportable`: the token says that every private key is). With a file `pad` the token has a
 * pad, and its word is what the person types; a PIN that comes to it from outside is written down as `given`.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long ulong;
typedef ulong (*call)();
struct list { unsigned char version[2]; call functions[68]; };
struct attribute { ulong type; void *value; ulong size; };

/* Places in CK_FUNCTION_LIST (PKCS#11 2.40). */
enum { GET_TOKEN_INFO = 6, OPEN_SESSION = 12, LOGIN = 18, GENERATE_KEY_PAIR = 59, GET_ATTRIBUTE_VALUE = 24, FIND_OBJECTS_INIT = 26, SIGN_INIT = 42, SIGN = 43,
       SIGN_UPDATE = 44, SIGN_FINAL = 45 };
enum { CKA_EXTRACTABLE = 0x162, CKF_PROTECTED_AUTHENTICATION_PATH = 0x100, CKR_ARGUMENTS_BAD = 7 };
/* CK_TOKEN_INFO as far as it is read here. */
struct token_info { char names[96]; ulong flags; };

static struct list real, ours;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static FILE *opened(const char *name, const char *mode) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", getenv("THRIVOSIGN_TEST_HSM"), name);
    return fopen(path, mode);
}

/* The return value that was asked for, 0 if the function is to do its work. */
static ulong called(const char *name) {
    char function[64] = "";
    ulong value = 0, times = 0;
    FILE *file;
    pthread_mutex_lock(&lock);
    if ((file = opened("calls", "a")) != NULL) {
        fprintf(file, "%s\n", name);
        fclose(file);
    }
    if ((file = opened("fault", "r")) != NULL) {
        if (fscanf(file, "%63s %lx %lu", function, &value, &times) < 3 || strcmp(function, name) != 0 || times == 0) {
            value = 0;
        }
        fclose(file);
        if (value != 0 && (file = opened("fault", "w")) != NULL) {
            fprintf(file, "%s %lx %lu", function, value, times - 1);
            fclose(file);
        }
    }
    pthread_mutex_unlock(&lock);
    return value;
}

#define INSTEAD(name) do { ulong value = called(name); if (value != 0) return value; } while (0)

/* What the person types on the pad; whether there is one. */
static int pad(char typed[64]) {
    FILE *file = opened("pad", "r");
    if (file == NULL) {
        return 0;
    }
    if (fscanf(file, "%63s", typed) != 1) {
        typed[0] = 0;
    }
    fclose(file);
    return 1;
}

static ulong get_token_info(ulong slot, struct token_info *info) {
    char typed[64];
    ulong value = real.functions[GET_TOKEN_INFO](slot, info);
    if (value == 0 && pad(typed)) {
        info->flags |= CKF_PROTECTED_AUTHENTICATION_PATH;
    }
    return value;
}

static ulong login(ulong session, ulong user, void *pin, ulong size) {
    char typed[64];
    INSTEAD("C_Login");
    if (pin != NULL) {
        called("given");
        return real.functions[LOGIN](session, user, pin, size);
    }
    if (size != 0 || !pad(typed)) {
        called("no pad");
        return CKR_ARGUMENTS_BAD;
    }
    return real.functions[LOGIN](session, user, typed, (ulong)strlen(typed));
}

static ulong open_session(ulong slot, ulong flags, void *a, void *b, void *out) { INSTEAD("C_OpenSession"); return real.functions[OPEN_SESSION](slot, flags, a, b, out); }
static ulong find_objects_init(ulong session, void *template, ulong count) { INSTEAD("C_FindObjectsInit"); return real.functions[FIND_OBJECTS_INIT](session, template, count); }
static ulong sign_init(ulong session, void *mechanism, ulong key) { INSTEAD("C_SignInit"); return real.functions[SIGN_INIT](session, mechanism, key); }
/* A failure ends what was begun, as the standard has it. */
static ulong ended(ulong session, ulong value) {
    unsigned char bytes[1024];
    ulong size = sizeof bytes;
    if (real.functions[SIGN](session, bytes, (ulong)32, bytes, &size) != 0) {
        size = sizeof bytes;
        real.functions[SIGN_FINAL](session, bytes, &size);
    }
    return value;
}

static ulong sign(ulong session, void *data, ulong size, void *value, void *value_size) {
    ulong instead = called("C_Sign");
    return instead != 0 ? ended(session, instead) : real.functions[SIGN](session, data, size, value, value_size);
}

static ulong sign_update(ulong session, void *data, ulong size) {
    ulong instead = called("C_SignUpdate");
    return instead != 0 ? ended(session, instead) : real.functions[SIGN_UPDATE](session, data, size);
}

static ulong sign_final(ulong session, void *value, void *size) {
    ulong instead = called("C_SignFinal");
    return instead != 0 ? ended(session, instead) : real.functions[SIGN_FINAL](session, value, size);
}

static ulong generate(ulong session, void *mechanism, void *a, ulong a_count, void *b, ulong b_count, void *c, void *d) {
    INSTEAD("C_GenerateKeyPair");
    return real.functions[GENERATE_KEY_PAIR](session, mechanism, a, a_count, b, b_count, c, d);
}

static ulong get_attribute_value(ulong session, ulong object, struct attribute *attributes, ulong count) {
    ulong value, at;
    FILE *file;
    char word[16] = "";
    INSTEAD("C_GetAttributeValue");
    value = real.functions[GET_ATTRIBUTE_VALUE](session, object, attributes, count);
    if ((file = opened("fault", "r")) != NULL) {
        if (fscanf(file, "%15s", word) == 1 && strcmp(word, "exportable") == 0) {
            for (at = 0; at < count; at++) {
                if (attributes[at].type == CKA_EXTRACTABLE && attributes[at].value != NULL) {
                    *(unsigned char *)attributes[at].value = 1;
                }
            }
        }
        fclose(file);
    }
    return value;
}

ulong C_GetFunctionList(struct list **out) {
    void *module = dlopen(getenv("THRIVOSIGN_TEST_MODULE"), RTLD_NOW | RTLD_LOCAL);
    struct list *found;
    if (module == NULL || ((call)dlsym(module, "C_GetFunctionList"))(&found) != 0) {
        return 5;
    }
    real = ours = *found;
    ours.functions[OPEN_SESSION] = (call)open_session;
    ours.functions[LOGIN] = (call)login;
    ours.functions[GET_TOKEN_INFO] = (call)get_token_info;
    ours.functions[GENERATE_KEY_PAIR] = (call)generate;
    ours.functions[GET_ATTRIBUTE_VALUE] = (call)get_attribute_value;
    ours.functions[FIND_OBJECTS_INIT] = (call)find_objects_init;
    ours.functions[SIGN_INIT] = (call)sign_init;
    ours.functions[SIGN] = (call)sign;
    ours.functions[SIGN_UPDATE] = (call)sign_update;
    ours.functions[SIGN_FINAL] = (call)sign_final;
    *out = &ours;
    return 0;
}
