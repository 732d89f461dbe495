#!/bin/bash
# Runs one script of this folder inside the Debian that has Swift, as root: `inside.sh test.sh`.
#
# The work tree is seen there read-only. Nothing is left behind: the mounts belong to this process, and what is built goes to the cache
# folder.
#
#   THRIVOSIGN_SWIFT   folder of that Debian
#   THRIVOSIGN_BUILD   folder for what is built
#   THRIVOSIGN_NATIVE  folder of libthrivosign_uniffi.so
#   and those of `cargo xtask with-server`
set -euo pipefail

# In mounts of its own, which are gone with it.
if [ -z "${THRIVOSIGN_INSIDE:-}" ]; then
    exec env THRIVOSIGN_INSIDE=1 unshare --mount bash "$0" "$@"
fi

repository=$(realpath "$(dirname "$0")/../..")
root=$THRIVOSIGN_SWIFT
server=$(dirname "${THRIVOSIGN_TLS_ROOT:?is set by cargo xtask with-server}")
mkdir -p "$THRIVOSIGN_BUILD"

# Swift's tools find their libraries through /proc.
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/mnt"
shown() {
    mkdir "$root/mnt/$2"
    mount --bind "$1" "$root/mnt/$2"
}
shown "$repository" repository
mount -o remount,bind,ro "$root/mnt/repository"
shown "$THRIVOSIGN_NATIVE" native
shown "$THRIVOSIGN_BUILD" build
shown "$server" server

variables=()
for name in SERVICE TRUST_SERVICES TLS_ROOT TRUST API_KEY USER PASSWORD OUTBOX DOCUMENT FORM OFFICE_SERVICE OFFICE_TLS_ROOT OFFICE_API_KEY OFFICE_PASSWORD OFFICE_OUTBOX SCRATCH LONG RATE_FILE; do
    full=THRIVOSIGN_$name
    # Paths of the host become paths of the inside.
    variables+=("$full=$(printf %s "${!full:-}" | sed "s|^$server|/mnt/server|")")
done
exec chroot "$root" env -i PATH=/usr/bin:/bin LANG=C.UTF-8 HOME=/mnt/build LD_LIBRARY_PATH=/mnt/native "${variables[@]}" \
    bash "/mnt/repository/ios/linux/$1" "${@:2}"
