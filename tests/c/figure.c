/*
 * What it costs to load the library and verify a small file: CPU time of a fresh process from its start to its end, the median of 21.
 * usage: figure [MILLISECONDS] fails above that many; figure --once FILE ROOT does it once.
 */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUNS 21

static int once(const char *file, const char *root) {
    thrivosign_trust *trust;
    thrivosign_document *document;
    thrivosign_report *report;
    size_t size;
    int32_t clean;
    uint8_t *pem = file_of(root, &size);
    must("trust", thrivosign_trust_new_from_pem(pem, size, &trust));
    must("document", thrivosign_document_new_from_path(file, &document));
    must("verify", thrivosign_document_verify(document, trust, NULL, NULL, &report));
    must("clean", thrivosign_report_clean(report, &clean));
    thrivosign_report_free(report);
    thrivosign_document_free(document);
    thrivosign_trust_free(trust);
    free(pem);
    return clean ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* A small signed file in the scratch folder. */
static void sign(const char *path) {
    struct fixture fixture;
    thrivosign_output *output;
    fixture_make_offline(&fixture);
    must("output", thrivosign_output_new_to_path(path, THRIVOSIGN_DURABILITY_NONE, &output));
    must("sign", thrivosign_signer_sign(fixture.signer, fixture.document, output, fixture.signature_request, NULL, NULL, NULL));
    thrivosign_output_free(output);
    fixture_free(&fixture);
}

static double milliseconds(struct timeval time) { return (double)time.tv_sec * 1e3 + (double)time.tv_usec / 1e3; }

static int by_size(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int count, char **words) {
    char file[4096], root[4096];
    double cost[RUNS], bar = count == 2 ? atof(words[1]) : 0;
    int i;
    if (count == 4 && strcmp(words[1], "--once") == 0) {
        return once(words[2], words[3]);
    }
    snprintf(file, sizeof file, "%s/figure.pdf", setting("THRIVOSIGN_SCRATCH"));
    snprintf(root, sizeof root, "%s/root.pem", setting("THRIVOSIGN_CHAIN"));
    sign(file);
    for (i = 0; i < RUNS; i++) {
        struct rusage used;
        int status = 0;
        const pid_t child = fork();
        hold(child >= 0, "a child");
        if (child == 0) {
            execl("/proc/self/exe", words[0], "--once", file, root, (char *)NULL);
            _exit(EXIT_FAILURE);
        }
        hold(wait4(child, &status, 0, &used) == child && WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS, "verified and clean");
        cost[i] = milliseconds(used.ru_utime) + milliseconds(used.ru_stime);
    }
    qsort(cost, RUNS, sizeof *cost, by_size);
    printf("load and verify a small file: %.2f ms of CPU, median of %d (%.2f to %.2f)\n", cost[RUNS / 2], RUNS, cost[0], cost[RUNS - 1]);
    return bar > 0 && cost[RUNS / 2] > bar ? EXIT_FAILURE : EXIT_SUCCESS;
}
