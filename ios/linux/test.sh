#!/bin/bash
# Builds the package, runs both kinds of tests and the sample. Called by inside.sh.
set -euo pipefail
cd "$(dirname "$0")"
options=(--scratch-path /mnt/build/debug -Xlinker -L/mnt/native)
swift build --quiet --build-tests "${options[@]}"
swift test --skip-build "${options[@]}"
/mnt/build/debug/debug/Sample
