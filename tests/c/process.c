/*
 * How the library behaves in a process: threads, SIGPIPE, fork. usage: process threads | sigpipe | fork
 */
#include "fixture.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static size_t threads(void) {
    DIR *tasks = opendir("/proc/self/task");
    struct dirent *entry;
    size_t count = 0;
    hold(tasks != NULL, "there is a /proc");
    while ((entry = readdir(tasks)) != NULL) {
        count += entry->d_name[0] != '.';
    }
    closedir(tasks);
    return count;
}

static void client_for(const char *address, thrivosign_client **client) {
    thrivosign_environment *environment;
    must("environment", thrivosign_environment_new(address, &environment));
    must("API key", thrivosign_environment_set_api_key(environment, "key"));
    must("retries", thrivosign_environment_set_retry_tries(environment, 1));
    must("client", thrivosign_client_new(environment, client));
    thrivosign_environment_free(environment);
}

/* No thread before the first use of the network, and none after a shutdown. */
static void about_threads(void) {
    struct fixture fixture;
    thrivosign_client *client;
    int tries;
    hold(threads() == 1, "loading starts no thread");
    fixture_make_offline(&fixture);
    sign_and_verify(&fixture);
    hold(threads() == 1, "signing and verifying start no thread");
    client_for("https://127.0.0.1:9", &client);
    hold(threads() == 1, "making a client starts no thread");
    hold(code_of(thrivosign_client_login(client, "user", "password", NULL)) == THRIVOSIGN_ERROR_KIND_CONNECT_FAILED, "nobody listens there");
    hold(threads() > 1, "the first use of the network starts one");
    thrivosign_client_free(client);
    fixture_free(&fixture);
    thrivosign_shutdown();
    for (tries = 0; threads() > 1 && tries < 500; tries++) {
        usleep(10000);
    }
    hold(threads() == 1, "after a shutdown it is gone");
}

/* A service that closes every connection at once, some of them by force. */
static void *rude_service(void *listener) {
    int number = 0, connection;
    while ((connection = accept(*(int *)listener, NULL, NULL)) >= 0) {
        const struct linger by_force = {1, 0};
        char byte;
        if (number % 3 == 1) {
            (void)!read(connection, &byte, 1);
        }
        if (number++ % 2 == 0) {
            setsockopt(connection, SOL_SOCKET, SO_LINGER, &by_force, sizeof by_force);
        }
        close(connection);
    }
    return NULL;
}

static void about_sigpipe(void) {
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct sockaddr_in address;
    socklen_t size = sizeof address;
    struct sigaction action;
    thrivosign_client *client;
    char base[64];
    pthread_t service;
    int i;
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    hold(listener >= 0 && bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 16) == 0, "a service");
    hold(getsockname(listener, (struct sockaddr *)&address, &size) == 0, "its port");
    hold(pthread_create(&service, NULL, rude_service, &listener) == 0, "its thread");
    snprintf(base, sizeof base, "https://127.0.0.1:%u", (unsigned)ntohs(address.sin_port));
    client_for(base, &client);
    for (i = 0; i < 60; i++) {
        const int32_t code = code_of(thrivosign_client_login(client, "user", "password", NULL));
        hold(code >= 600 && code < 700, "a network's error");
    }
    hold(sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL, "the program's SIGPIPE is as it was");
    thrivosign_client_free(client);
    thrivosign_shutdown();
    shutdown(listener, SHUT_RDWR);
    pthread_join(service, NULL);
    close(listener);
}

static void child_does(void (*work)(void *), void *with) {
    int status = 0;
    pid_t child = fork();
    hold(child >= 0, "a child");
    if (child == 0) {
        work(with);
        _exit(EXIT_SUCCESS);
    }
    hold(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS, "the child did its work");
}

static void signs(void *fixture) { sign_and_verify(fixture); }

static void connects(void *client) {
    hold(code_of(thrivosign_client_login(client, "user", "password", NULL)) == THRIVOSIGN_ERROR_KIND_CONNECT_FAILED, "nobody listens there");
}

/* A child may do what needs no network, whether or not its parent used the network before; and use the network if its parent never did. */
static void about_fork(void) {
    struct fixture fixture;
    thrivosign_client *client;
    fixture_make_offline(&fixture);
    child_does(signs, &fixture);
    client_for("https://127.0.0.1:9", &client);
    child_does(connects, client);
    connects(client);
    child_does(signs, &fixture);
    sign_and_verify(&fixture);
    connects(client);
    thrivosign_client_free(client);
    fixture_free(&fixture);
    thrivosign_shutdown();
}

int main(int count, char **words) {
    const char *what = count == 2 ? words[1] : "";
    if (strcmp(what, "threads") == 0) {
        about_threads();
    } else if (strcmp(what, "sigpipe") == 0) {
        about_sigpipe();
    } else if (strcmp(what, "fork") == 0) {
        about_fork();
    } else {
        fprintf(stderr, "usage: process threads | sigpipe | fork\n");
        return EXIT_FAILURE;
    }
    hold(thrivosign_objects_alive() == 0, "nothing is left over");
    return EXIT_SUCCESS;
}
