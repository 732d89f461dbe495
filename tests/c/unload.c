/* Loads the library, uses it to the network and back, shuts it down and unloads it, several times. usage: unload LIBRARY */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <thrivosign.h>

/* A function of the library by name, into a pointer of the right type. */
#define FIND(library, function)                                                                                                                      \
    do {                                                                                                                                             \
        void *found = dlsym(library, "thrivosign_" #function);                                                                                       \
        if (found == NULL) {                                                                                                                         \
            fprintf(stderr, "%s\n", dlerror());                                                                                                      \
            exit(EXIT_FAILURE);                                                                                                                      \
        }                                                                                                                                            \
        memcpy(&function, &found, sizeof found);                                                                                                     \
    } while (0)

static int mapped(const char *name) {
    char line[4096];
    int found = 0;
    FILE *maps = fopen("/proc/self/maps", "r");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        found = found || strstr(line, name) != NULL;
    }
    if (maps != NULL) {
        fclose(maps);
    }
    return found;
}

static int once(const char *path) {
    thrivosign_error *(*environment_new)(const char *, thrivosign_environment **);
    thrivosign_error *(*environment_set_api_key)(thrivosign_environment *, const char *);
    void (*environment_free)(thrivosign_environment *);
    thrivosign_error *(*client_new)(const thrivosign_environment *, thrivosign_client **);
    thrivosign_error *(*client_login)(const thrivosign_client *, const char *, const char *, const thrivosign_call *);
    void (*client_free)(thrivosign_client *);
    int32_t (*error_code)(const thrivosign_error *);
    void (*error_free)(thrivosign_error *);
    size_t (*objects_alive)(void);
    void (*shutdown)(void);
    thrivosign_environment *environment;
    thrivosign_client *client;
    thrivosign_error *error;
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        fprintf(stderr, "%s\n", dlerror());
        return 0;
    }
    FIND(library, environment_new);
    FIND(library, environment_set_api_key);
    FIND(library, environment_free);
    FIND(library, client_new);
    FIND(library, client_login);
    FIND(library, client_free);
    FIND(library, error_code);
    FIND(library, error_free);
    FIND(library, objects_alive);
    FIND(library, shutdown);
    if (environment_new("https://127.0.0.1:9", &environment) != NULL || environment_set_api_key(environment, "key") != NULL ||
        client_new(environment, &client) != NULL) {
        return 0;
    }
    error = client_login(client, "user", "password", NULL);
    if (error_code(error) != THRIVOSIGN_ERROR_KIND_CONNECT_FAILED) {
        return 0;
    }
    error_free(error);
    client_free(client);
    environment_free(environment);
    if (objects_alive() != 0) {
        return 0;
    }
    shutdown();
    return dlclose(library) == 0;
}

int main(int count, char **words) {
    int i;
    if (count != 2) {
        fprintf(stderr, "usage: unload LIBRARY\n");
        return EXIT_FAILURE;
    }
    for (i = 0; i < 20; i++) {
        if (!once(words[1])) {
            fprintf(stderr, "round %d failed\n", i);
            return EXIT_FAILURE;
        }
    }
    printf("20 rounds; the library is %s mapped\n", mapped("libthrivosign") ? "still" : "no longer");
    return EXIT_SUCCESS;
}
