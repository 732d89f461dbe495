/* What a key store in Swift needs of OpenSSL 3: on Linux there is no CryptoKit. */
#include <openssl/bn.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#include <openssl/x509.h>
