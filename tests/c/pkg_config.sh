#!/bin/sh
# Builds a program with what pkg-config says, shared and static, from a prefix that was moved. usage: pkg_config.sh PREFIX SOURCES SCRATCH
set -eu
moved=$3/moved-prefix
rm -f "$moved"
ln -s "$1" "$moved"
export PKG_CONFIG_PATH="$moved/lib/pkgconfig"
flags=$(pkg-config --cflags --libs thrivosign)
case $flags in *moved-prefix*) ;; *) echo "not relocatable: $flags" >&2; exit 1 ;; esac
[ "$(pkg-config --modversion thrivosign)" = "$(sed -n 's/^#define THRIVOSIGN_VERSION "\(.*\)"/\1/p' "$moved/include/thrivosign.h")" ]
cd "$2"
gcc -std=c99 cycles.c fixture.c -o "$3/by_pkg_config" $flags -Wl,-rpath,"$moved/lib"
readelf -d "$3/by_pkg_config" | grep -q 'NEEDED.*libthrivosign\.so\.[0-9]*\]'
"$3/by_pkg_config" 3
gcc -std=c99 $(pkg-config --cflags thrivosign) cycles.c fixture.c -o "$3/by_pkg_config_static" "$moved/lib/libthrivosign.a" \
  $(pkg-config --static --libs thrivosign | sed 's/-lthrivosign//')
if readelf -d "$3/by_pkg_config_static" | grep libthrivosign; then exit 1; fi
"$3/by_pkg_config_static" 3
