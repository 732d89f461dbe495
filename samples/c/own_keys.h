/* A key store of the program's own. */
#ifndef OWN_KEYS_H
#define OWN_KEYS_H

#include <thrivosign.h>

/* After the call `store` makes and uses keys in this process's OpenSSL; they go with it. */
thrivosign_error *own_key_store(thrivosign_key_store **store);

#endif
