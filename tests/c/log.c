/*
 * The log: what a whole journey tells is typed, and none of its texts holds anything that came from outside. Runs beside a demo server.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    size_t events, calls, failures, destroyed;
} seen;

/* A name of the library's own: short, and of the letters of identifiers. */
static void hold_name(const char *text) {
    static const char *const secrets[] = {"THRIVOSIGN_PASSWORD", "THRIVOSIGN_API_KEY", "THRIVOSIGN_USER", "THRIVOSIGN_SERVICE"};
    size_t i;
    hold(strlen(text) > 0 && strlen(text) <= 48, "a short name");
    hold(strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.-") == strlen(text), "letters only");
    for (i = 0; i < sizeof secrets / sizeof *secrets; i++) {
        hold(strstr(text, setting(secrets[i])) == NULL, "no secret");
    }
}

static void event(void *context, const thrivosign_log_event *event) {
    (void)context;
    seen.events++;
    seen.calls += event->operation != NULL;
    seen.failures += event->error_code > 0 || event->http_status >= 400;
    hold(event->struct_size >= sizeof *event, "its size");
    hold(event->level >= THRIVOSIGN_LOG_LEVEL_ERROR && event->level <= THRIVOSIGN_LOG_LEVEL_DEBUG, "a level");
    hold_name(event->name);
    if (event->operation != NULL) {
        hold_name(event->operation);
    }
    hold(event->http_status == -1 || (event->http_status >= 100 && event->http_status < 600), "a status or none");
    hold(event->error_code <= 0 || thrivosign_error_code_name((int32_t)event->error_code) != NULL, "a code or none");
}

static void destroy(void *context) {
    (void)context;
    seen.destroyed++;
}

int main(void) {
    struct fixture fixture;
    thrivosign_log_callbacks table;
    size_t events;
    memset(&table, 0, sizeof table);
    table.struct_size = sizeof table;
    table.event = event;
    table.destroy = destroy;
    must("log", thrivosign_log_set(THRIVOSIGN_LOG_LEVEL_DEBUG, &table));
    fixture_make(&fixture, "log-device");
    hold(code_of(thrivosign_client_login(fixture.client, setting("THRIVOSIGN_USER"), "not the password", NULL)) ==
             THRIVOSIGN_ERROR_KIND_LOGIN_REFUSED,
         "a wrong password is refused");
    hold(seen.calls > 5 && seen.failures > 0, "exchanges were told, and the failure");
    must("log off", thrivosign_log_set(THRIVOSIGN_LOG_LEVEL_DEBUG, NULL));
    hold(seen.destroyed == 1, "the callbacks' context is given back once");
    events = seen.events;
    sign_and_verify(&fixture);
    hold(seen.events == events, "a log that is off tells nothing");
    fixture_free(&fixture);
    thrivosign_shutdown();
    printf("%lu events, %lu of exchanges, %lu failures; letters and numbers only\n", (unsigned long)seen.events, (unsigned long)seen.calls,
           (unsigned long)seen.failures);
    return EXIT_SUCCESS;
}
