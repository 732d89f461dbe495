#!/bin/sh
# Sign and verify, and every bad argument, with AddressSanitizer in the library too; clang's runtime serves both sides. Runs beside a demo server.
# usage: instrumented.sh LIBRARY INCLUDE_FOLDER SCRATCH
set -eu
sources=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$3"
cp "$1" "$3/libthrivosign.so.0"
ln -sf libthrivosign.so.0 "$3/libthrivosign.so"
sh "$sources/chain.sh" "$3/chain"
python3 "$sources/sweep.py" "$2/thrivosign.h" "$3/sweep_cases.c"
cd "$sources"
with="-std=c11 -D_DEFAULT_SOURCE -g -fsanitize=address -Wl,--unresolved-symbols=ignore-in-shared-libs"
for program in cycles sweep; do
  more=
  [ $program = sweep ] && more="$3/sweep_cases.c -lm"
  clang-19 $with -I "$2" -I . $program.c fixture.c -L "$3" -Wl,-rpath,"$3" -lthrivosign $more -o "$3/$program"
  THRIVOSIGN_CHAIN="$3/chain" sh fresh.sh "$3/$program"
done
