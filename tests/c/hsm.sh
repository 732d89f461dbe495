#!/bin/sh
# The sample for HSMs, on SoftHSM: a key made on a token, certified by OpenSSL, and used; then a token with a pad, which faults.c plays, from C and
# from C++. usage: hsm.sh SAMPLE SKIN FAULTS.c
set -eu
command -v softhsm2-util >/dev/null || {
  [ "${CI:-}" = true ] && { echo "no SoftHSM 2"; exit 1; }
  echo "skipped: no SoftHSM 2"
  exit 0
}
for module in /usr/lib/softhsm/libsofthsm2.so /usr/lib64/softhsm/libsofthsm.so /usr/local/lib/softhsm/libsofthsm2.so; do
  [ -e "$module" ] && break
done
cd "$THRIVOSIGN_SCRATCH"
mkdir tokens
printf 'directories.tokendir = %s/tokens\nobjectstore.backend = file\nlog.level = ERROR\n' "$PWD" >softhsm2.conf
export SOFTHSM2_CONF="$PWD/softhsm2.conf" PIN=1357
softhsm2-util --init-token --free --label office --pin "$PIN" --so-pin 97531

"$1" key "$module" office seal >public.der
"$1" key "$module" office seal >again.der 2>keys
cmp public.der again.der
grep -q '^on the token: seal$' keys

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 30 -subj '/CN=Root'
openssl pkey -pubin -inform DER -in public.der -out public.pem
printf 'basicConstraints = critical, CA:FALSE\nkeyUsage = critical, nonRepudiation\n' >leaf.cnf
openssl x509 -new -force_pubkey public.pem -subj '/CN=Seal' -CA root.pem -CAkey root.key -days 30 -extfile leaf.cnf -out leaf.pem
"$1" sign "$module" office seal leaf.pem root.pem "$THRIVOSIGN_DOCUMENT" signed.pdf

# One try with a wrong PIN is one message, and no signature.
if PIN=0000 "$1" sign "$module" office seal leaf.pem root.pem "$THRIVOSIGN_DOCUMENT" other.pdf 2>said; then exit 1; fi
grep -q CKR_PIN_INCORRECT said
test ! -e other.pdf

# A token with a pad: the PIN is typed there, and no program gives one. What it was called with stands in `calls`.
gcc -std=gnu99 -shared -fPIC -o pad.so "$3" -ldl -lpthread
export THRIVOSIGN_TEST_MODULE="$module" THRIVOSIGN_TEST_HSM="$PWD"
unset PIN
if "$1" key "$PWD/pad.so" office seal 2>said; then exit 1; fi
grep -q "no pad" said
printf 1357 >pad
: >calls
"$1" key "$PWD/pad.so" office seal >typed.der
cmp public.der typed.der
"$1" sign "$PWD/pad.so" office seal leaf.pem root.pem "$THRIVOSIGN_DOCUMENT" typed.pdf
"$2" "$PWD/pad.so" office seal
test "$(grep -c '^C_Login$' calls)" = 3
if grep given calls; then exit 1; fi
# What was typed wrong is not asked for again.
printf 0000 >pad
: >calls
if "$1" sign "$PWD/pad.so" office seal leaf.pem root.pem "$THRIVOSIGN_DOCUMENT" other.pdf 2>said; then exit 1; fi
grep -q passphrase_wrong said
test "$(grep -c '^C_Login$' calls)" = 1
test ! -e other.pdf
