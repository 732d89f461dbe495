#!/bin/bash
# Measures what the border costs, optimised as a release is. Called by inside.sh.
set -euo pipefail
cd "$(dirname "$0")"
options=(--configuration release --scratch-path /mnt/build/release -Xlinker -L/mnt/native)
swift build --quiet --product VerifyRate "${options[@]}"
/mnt/build/release/release/VerifyRate "$@"
