#!/bin/sh
# Makes a root, a signer's key and certificate, a list and a response that say that it is not revoked, with OpenSSL: what signs without any service.
# usage: chain.sh FOLDER
set -eu
mkdir -p "$1"
cd "$1"
[ -s chain.pem ] && [ -s signer.key ] && [ -s signer.ocsp ] && exit 0
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 3650 -subj "/C=DE/O=Test/CN=Test root" \
  -addext "keyUsage=critical,keyCertSign,cRLSign" 2>/dev/null
openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout signer.key -out signer.csr -subj "/C=DE/O=Test/CN=Anna Schmidt" 2>/dev/null
printf 'basicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature,nonRepudiation\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' > signer.ext
openssl x509 -req -in signer.csr -CA root.pem -CAkey root.key -CAcreateserial -days 3650 -extfile signer.ext -out signer.pem 2>/dev/null
cat signer.pem root.pem > chain.pem
: > issued
printf '[ca]\ndefault_ca=root\n[root]\ndatabase=issued\ndefault_md=sha256\n' > ca.cnf
openssl ca -config ca.cnf -cert root.pem -keyfile root.key -valid signer.pem 2>/dev/null
openssl ca -config ca.cnf -cert root.pem -keyfile root.key -gencrl -crldays 3650 -out signer.crl 2>/dev/null
openssl ocsp -index issued -CA root.pem -rsigner root.pem -rkey root.key -issuer root.pem -cert signer.pem -ndays 3650 -respout signer.ocsp >/dev/null 2>&1
