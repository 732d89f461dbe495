/* HTTP of the program's own. */
#ifndef OWN_HTTP_H
#define OWN_HTTP_H

#include <thrivosign.h>

/* After the call `client` reaches the environment's service through libcurl; `roots` (PEM, ends with NUL) are the only certificates that may vouch
 * for the service. */
thrivosign_error *own_http_client(const thrivosign_environment *environment, const char *roots, thrivosign_client **client);

#endif
