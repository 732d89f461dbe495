#!/bin/sh
# Runs a command with a scratch folder of its own. usage: fresh.sh COMMAND ARGS
set -eu
THRIVOSIGN_SCRATCH=$(mktemp -d "${THRIVOSIGN_SCRATCH:?run ctest with cargo xtask with-server}/test.XXXXXX")
export THRIVOSIGN_SCRATCH
exec "$@"
