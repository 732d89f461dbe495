/*
 * HTTP of the program's own, with libcurl, in place of the library's: for a program that has its proxies, roots and pins set up already, and for a
 * library that was built without a network. What is sent, when and how often stays the library's.
 */
#include "own_http.h"

#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>

/* One exchange on its way through libcurl. */
struct carried {
    thrivosign_http_exchange *exchange;
    /* Where the next piece of the request's body begins. */
    uint64_t at;
};

/* Frees an error, and says whether there was one. */
static int failed(thrivosign_error *error) {
    thrivosign_error_free(error);
    return error != NULL;
}

/* A text of the exchange's, to be freed; NULL if there is none. */
static char *text(thrivosign_error *(*read)(const thrivosign_http_exchange *, thrivosign_buffer **), const thrivosign_http_exchange *exchange) {
    thrivosign_buffer *buffer;
    char *copy;
    if (failed(read(exchange, &buffer))) {
        return NULL;
    }
    copy = calloc(1, thrivosign_buffer_size(buffer) + 1);
    if (copy != NULL) {
        memcpy(copy, thrivosign_buffer_data(buffer), thrivosign_buffer_size(buffer));
    }
    thrivosign_buffer_free(buffer);
    return copy;
}

/* The header fields as libcurl takes them. They hold the token: libcurl's copies are freed, not wiped. */
static struct curl_slist *fields(const thrivosign_http_exchange *exchange) {
    /* libcurl would wait for a `100 Continue` before a large body. */
    struct curl_slist *all = curl_slist_append(NULL, "Expect:");
    size_t count = 0, index;
    (void)failed(thrivosign_http_exchange_header_count(exchange, &count));
    for (index = 0; index < count && all != NULL; index++) {
        thrivosign_buffer *name, *value;
        size_t size;
        char *line;
        if (failed(thrivosign_http_exchange_header(exchange, index, &name, &value))) {
            break;
        }
        size = thrivosign_buffer_size(name) + thrivosign_buffer_size(value) + 3;
        line = malloc(size);
        if (line != NULL) {
            struct curl_slist *longer;
            strcpy(line, (const char *)thrivosign_buffer_data(name));
            /* A field without a value is told by a semicolon. */
            strcat(line, thrivosign_buffer_size(value) == 0 ? ";" : ": ");
            strcat(line, (const char *)thrivosign_buffer_data(value));
            longer = curl_slist_append(all, line);
            if (longer == NULL) {
                curl_slist_free_all(all);
            }
            all = longer;
            memset(line, 0, size);
            free(line);
        }
        thrivosign_buffer_free(name);
        thrivosign_buffer_free(value);
    }
    return all;
}

/* Gives libcurl the next bytes of the request's body. */
static size_t body(char *to, size_t size, size_t count, void *context) {
    struct carried *carried = context;
    thrivosign_buffer *piece;
    size_t given;
    if (failed(thrivosign_http_exchange_body(carried->exchange, carried->at, &piece))) {
        return CURL_READFUNC_ABORT;
    }
    given = thrivosign_buffer_size(piece);
    given = given < size * count ? given : size * count;
    memcpy(to, thrivosign_buffer_data(piece), given);
    carried->at += given;
    thrivosign_buffer_free(piece);
    return given;
}

/* One line of the answer's head. An answer before the last one (1xx) is forgotten with the next status. */
static size_t head(char *line, size_t size, size_t count, void *context) {
    struct carried *carried = context;
    size_t length = size * count;
    char *copy = calloc(1, length + 1), *value, *end;
    int bad = copy == NULL;
    if (!bad) {
        memcpy(copy, line, length);
        copy[strcspn(copy, "\r\n")] = '\0';
        value = strchr(copy, strncmp(copy, "HTTP/", 5) == 0 ? ' ' : ':');
        if (strncmp(copy, "HTTP/", 5) == 0) {
            bad = value == NULL || failed(thrivosign_http_exchange_set_status(carried->exchange, (uint32_t)strtoul(value, NULL, 10)));
        } else if (value != NULL) {
            *value++ = '\0';
            value += strspn(value, " \t");
            for (end = value + strlen(value); end > value && (end[-1] == ' ' || end[-1] == '\t'); end--) {
                end[-1] = '\0';
            }
            bad = failed(thrivosign_http_exchange_add_header(carried->exchange, copy, value));
        }
        free(copy);
    }
    return bad ? 0 : length;
}

/* More of the answer's body. */
static size_t more(char *data, size_t size, size_t count, void *context) {
    struct carried *carried = context;
    return failed(thrivosign_http_exchange_append(carried->exchange, (const uint8_t *)data, size * count)) ? 0 : size * count;
}

/* Ends an exchange that nobody waits for any more. */
static int look(void *context, curl_off_t down, curl_off_t downloaded, curl_off_t up, curl_off_t uploaded) {
    struct carried *carried = context;
    int32_t cancelled = 0;
    (void)down, (void)downloaded, (void)up, (void)uploaded;
    return failed(thrivosign_http_exchange_is_cancelled(carried->exchange, &cancelled)) || cancelled;
}

/* What became of an exchange, by the library's codes: they decide whether it is tried again. */
static int32_t outcome(CURLcode code) {
    switch (code) {
    case CURLE_OK:
        return 0;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
        return THRIVOSIGN_ERROR_KIND_CONNECT_FAILED;
    case CURLE_OPERATION_TIMEDOUT:
        return THRIVOSIGN_ERROR_KIND_TIMED_OUT;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
        return THRIVOSIGN_ERROR_KIND_TLS_FAILED;
    case CURLE_WRITE_ERROR:
        return THRIVOSIGN_ERROR_KIND_ANSWER_TOO_LARGE;
    default:
        return THRIVOSIGN_ERROR_KIND_CONNECTION_CUT;
    }
}

static int32_t send_(void *context, thrivosign_http_exchange *exchange) {
    struct curl_blob roots = {context, strlen(context), CURL_BLOB_NOCOPY};
    struct carried carried = {exchange, 0};
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = fields(exchange);
    char *url = text(thrivosign_http_exchange_url, exchange), *method = text(thrivosign_http_exchange_method, exchange);
    uint64_t size = 0, left = 0;
    CURLcode code = CURLE_OUT_OF_MEMORY;

    (void)failed(thrivosign_http_exchange_body_size(exchange, &size));
    (void)failed(thrivosign_http_exchange_time_left(exchange, &left));
    if (curl != NULL && headers != NULL && url != NULL && method != NULL) {
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https");
        curl_easy_setopt(curl, CURLOPT_CAINFO_BLOB, &roots);
        curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
        /* None of what the machine's environment says. */
        curl_easy_setopt(curl, CURLOPT_PROXY, "");
        /* A redirect would carry the token to wherever it points. */
        curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)(left < 3600000 ? left : 3600000));
        /* Signals are the process's; there are several threads. */
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        if (strcmp(method, "GET") != 0) {
            curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
            curl_easy_setopt(curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
            curl_easy_setopt(curl, CURLOPT_READFUNCTION, body);
            curl_easy_setopt(curl, CURLOPT_READDATA, &carried);
        }
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, method);
        curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, head);
        curl_easy_setopt(curl, CURLOPT_HEADERDATA, &carried);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, more);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &carried);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, look);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &carried);
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        code = curl_easy_perform(curl);
    }
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    free(url);
    free(method);
    return outcome(code);
}

static void destroy(void *context) { free(context); }

thrivosign_error *own_http_client(const thrivosign_environment *environment, const char *roots, thrivosign_client **client) {
    thrivosign_http_callbacks table = {0};
    thrivosign_error *error;
    char *copy = malloc(strlen(roots) + 1);
    if (copy == NULL) {
        abort();
    }
    strcpy(copy, roots);
    /* Once, before there are threads. */
    curl_global_init(CURL_GLOBAL_DEFAULT);
    table.struct_size = sizeof table;
    table.destroy = destroy;
    table.context = copy;
    table.send = send_;
    error = thrivosign_client_new_over(environment, &table, client);
    if (error != NULL) {
        free(copy);
    }
    return error;
}
