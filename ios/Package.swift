// swift-tools-version: 6.0
// The package for apps. `cargo xtask ios` (on macOS) makes the binary framework that it names; on Linux there is ios/linux.

import PackageDescription

let package = Package(
    name: "ThrivoSign",
    // The wrapper takes `Duration`, which iOS has from 16 on.
    platforms: [.iOS(.v16)],
    products: [.library(name: "ThrivoSign", targets: ["ThrivoSign"])],
    targets: [
        .binaryTarget(name: "ThrivoSignFFI", path: "ThrivoSignFFI.xcframework"),
        .target(
            name: "ThrivoSignBindings",
            dependencies: ["ThrivoSignFFI"],
            exclude: ["ThrivoSignFFI.h", "ThrivoSignFFI.modulemap"],
            sources: ["ThrivoSign.swift"],
            // Generated: what a newer compiler may find in it stays a warning.
            swiftSettings: [.swiftLanguageMode(.v5)]),
        .target(
            name: "ThrivoSign",
            dependencies: ["ThrivoSignBindings"],
            resources: [.process("PrivacyInfo.xcprivacy")],
            // Apple's frameworks are annotated otherwise in each version: what one of them finds stays a warning.
            swiftSettings: [.swiftLanguageMode(.v5)]),
    ]
)
