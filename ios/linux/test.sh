#!/bin/bash
# Builds the packages, runs both kinds of tests and the sample, then the key store of Apple devices and the sample app on a false phone.
# Called by inside.sh.
set -euo pipefail
cd "$(dirname "$0")"
options=(--scratch-path /mnt/build/debug -Xlinker -L/mnt/native)
swift build --quiet --build-tests "${options[@]}"
swift test --skip-build "${options[@]}"
/mnt/build/debug/debug/Sample
# The package for apps is one that Swift can read; it builds where Apple's frameworks are.
swift package --package-path .. --scratch-path /mnt/build/app dump-package >/mnt/build/app.json
grep -q '"ThrivoSignFFI.xcframework"' /mnt/build/app.json
options=(--package-path apple --scratch-path /mnt/build/apple -Xlinker -L/mnt/native)
swift build --quiet --build-tests "${options[@]}"
swift test --skip-build "${options[@]}"
# The app's views build where SwiftUI is; here they are at least Swift.
cd ../Sample/ThrivoSignSample.swiftpm
swiftc -parse -target arm64-apple-ios16.0 App/*.swift Flow/*.swift
swiftc -parse -target arm64-apple-ios16.0 Package.swift
