/*
 * A connection that breaks in the middle of an upload, with the program's SIGPIPE as it was: the call fails, the program lives. Between the program
 * and the demo server stands a relay that cuts each connection once a megabyte went up.
 */
#include "fixture.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { LIMIT = 1 << 20, DOCUMENT = 24 << 20, ROUNDS = 12 };

static struct sockaddr_in loopback(unsigned port) {
    struct sockaddr_in address;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)port);
    return address;
}

struct pair {
    int client, server, number;
};

/* Carries bytes both ways until one side ends or the limit is reached. Every second cut is by force. */
static void *carry(void *argument) {
    struct pair pair = *(struct pair *)argument;
    struct pollfd ends[2] = {{pair.client, POLLIN, 0}, {pair.server, POLLIN, 0}};
    const struct linger by_force = {1, 0};
    char buffer[16384];
    size_t up = 0;
    free(argument);
    while (up < LIMIT && poll(ends, 2, 10000) > 0) {
        int from;
        for (from = 0; from < 2; from++) {
            if (ends[from].revents != 0) {
                const ssize_t count = read(ends[from].fd, buffer, sizeof buffer);
                if (count <= 0 || send(ends[1 - from].fd, buffer, (size_t)count, MSG_NOSIGNAL) != count) {
                    up = LIMIT;
                } else if (from == 0) {
                    up += (size_t)count;
                }
            }
        }
    }
    if (pair.number % 2 == 0) {
        setsockopt(pair.client, SOL_SOCKET, SO_LINGER, &by_force, sizeof by_force);
    }
    close(pair.client);
    close(pair.server);
    return NULL;
}

static void *relay(void *listener) {
    const char *service = setting("THRIVOSIGN_SERVICE");
    struct sockaddr_in to = loopback((unsigned)atoi(strrchr(service, ':') + 1));
    int number = 0, client;
    while ((client = accept(*(int *)listener, NULL, NULL)) >= 0) {
        struct pair *pair = malloc(sizeof *pair);
        pthread_t thread;
        hold(pair != NULL, "memory");
        pair->client = client;
        pair->number = number++;
        pair->server = socket(AF_INET, SOCK_STREAM, 0);
        hold(connect(pair->server, (struct sockaddr *)&to, sizeof to) == 0, "the server");
        hold(pthread_create(&thread, NULL, carry, pair) == 0, "a thread");
        pthread_detach(thread);
    }
    return NULL;
}

int main(void) {
    int listener = socket(AF_INET, SOCK_STREAM, 0), i;
    struct sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    struct sigaction action;
    thrivosign_environment *environment;
    thrivosign_client *client;
    thrivosign_document *document;
    pthread_t thread;
    char base[64];
    size_t root_size;
    uint8_t *root = file_of(setting("THRIVOSIGN_TLS_ROOT"), &root_size), *bytes = calloc(1, DOCUMENT);

    hold(listener >= 0 && bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 16) == 0, "a relay");
    hold(getsockname(listener, (struct sockaddr *)&address, &size) == 0, "its port");
    hold(pthread_create(&thread, NULL, relay, &listener) == 0, "its thread");
    hold(sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL, "SIGPIPE would end this program");

    snprintf(base, sizeof base, "https://localhost:%u", (unsigned)ntohs(address.sin_port));
    must("environment", thrivosign_environment_new(base, &environment));
    must("roots", thrivosign_environment_set_roots_pem(environment, root, root_size));
    must("API key", thrivosign_environment_set_api_key(environment, setting("THRIVOSIGN_API_KEY")));
    must("retries", thrivosign_environment_set_retry_tries(environment, 1));
    must("client", thrivosign_client_new(environment, &client));
    must("login", thrivosign_client_login(client, setting("THRIVOSIGN_USER"), setting("THRIVOSIGN_PASSWORD"), NULL));
    hold(bytes != NULL, "memory");
    memcpy(bytes, "%PDF-1.7\n", 9);
    must("document", thrivosign_document_new_from_memory(bytes, DOCUMENT, &document));
    for (i = 0; i < ROUNDS; i++) {
        thrivosign_agreement *agreement;
        const int32_t code = code_of(thrivosign_client_file_document(client, document, "large.pdf", NULL, &agreement));
        hold(code >= 600 && code < 700, "a network's error");
    }
    hold(sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL, "the program's SIGPIPE is as it was");

    thrivosign_document_free(document);
    thrivosign_client_free(client);
    thrivosign_environment_free(environment);
    thrivosign_shutdown();
    shutdown(listener, SHUT_RDWR);
    pthread_join(thread, NULL);
    close(listener);
    free(root);
    free(bytes);
    hold(thrivosign_objects_alive() == 0, "nothing is left over");
    return EXIT_SUCCESS;
}
