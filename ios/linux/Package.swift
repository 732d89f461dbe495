// swift-tools-version: 6.0
// The package for Linux: what Swift programs there link, and the tests of the border. `cargo xtask test` builds it inside a Debian that has
// Swift.

import PackageDescription

let package = Package(
    name: "ThrivoSignLinux",
    products: [.library(name: "ThrivoSign", targets: ["ThrivoSign"])],
    targets: [
        .systemLibrary(name: "ThrivoSignFFI"),
        .systemLibrary(name: "Libcrypto"),
        .target(
            name: "ThrivoSignBindings",
            dependencies: ["ThrivoSignFFI"],
            exclude: ["ThrivoSignFFI.h", "ThrivoSignFFI.modulemap"],
            sources: ["ThrivoSign.swift"],
            // Generated: what a newer compiler may find in it stays a warning.
            swiftSettings: [.swiftLanguageMode(.v5)]),
        .target(name: "ThrivoSign", dependencies: ["ThrivoSignBindings"], exclude: ["PrivacyInfo.xcprivacy"]),
        .target(name: "SoftwareKeys", dependencies: ["ThrivoSign", "Libcrypto"]),
        .executableTarget(name: "Sample", dependencies: ["ThrivoSign", "SoftwareKeys"]),
        .executableTarget(name: "VerifyRate", dependencies: ["ThrivoSign", "BordersSupport"]),
        .target(name: "BordersSupport", dependencies: ["ThrivoSign", "SoftwareKeys"]),
        .testTarget(name: "BordersTests", dependencies: ["ThrivoSign", "BordersSupport", "SoftwareKeys"]),
        .testTarget(name: "BordersTesting", dependencies: ["ThrivoSign", "BordersSupport", "SoftwareKeys"]),
    ]
)
