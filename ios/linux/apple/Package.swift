// swift-tools-version: 6.0
// The wrapper with what it has for Apple devices alone, on Linux: beside modules of the names of Apple's frameworks, which are enough for it
// to compile, and behave like a phone that tests can do anything to. A package of its own, so that no other one finds a false `Security`.
//
// It proves the store's own logic. Whether Apple's frameworks have these signatures and act like this is known where they are alone.

import PackageDescription

let package = Package(
    name: "ThrivoSignApple",
    defaultLocalization: "en",
    targets: [
        .systemLibrary(name: "ThrivoSignFFI"),
        .systemLibrary(name: "Libcrypto"),
        .target(
            name: "ThrivoSignBindings",
            dependencies: ["ThrivoSignFFI"],
            exclude: ["ThrivoSignFFI.h", "ThrivoSignFFI.modulemap"],
            sources: ["ThrivoSign.swift"],
            swiftSettings: [.swiftLanguageMode(.v5)]),
        .target(name: "FakePhone", dependencies: ["ThrivoSignBindings"]),
        .target(name: "Security", dependencies: ["FakePhone"]),
        .target(name: "LocalAuthentication", dependencies: ["FakePhone", "Security"]),
        .target(name: "DeviceCheck", dependencies: ["FakePhone"]),
        .target(name: "CryptoKit", dependencies: ["Libcrypto"]),
        // In the language mode of ios/Package.swift.
        .target(
            name: "ThrivoSign",
            dependencies: ["ThrivoSignBindings", "Security", "LocalAuthentication", "DeviceCheck", "CryptoKit"],
            exclude: ["PrivacyInfo.xcprivacy"],
            swiftSettings: [.swiftLanguageMode(.v5)]),
        .target(name: "SoftwareKeys", dependencies: ["ThrivoSign", "Libcrypto"]),
        .target(name: "BordersSupport", dependencies: ["ThrivoSign", "SoftwareKeys"]),
        // The sample app without its views.
        .target(
            name: "SampleFlow",
            dependencies: ["ThrivoSign", "CryptoKit"],
            resources: [.process("Resources")],
            swiftSettings: [.swiftLanguageMode(.v5)]),
        .testTarget(name: "SampleTests", dependencies: ["SampleFlow", "ThrivoSign", "FakePhone", "BordersSupport"]),
        .testTarget(name: "EnclaveTests", dependencies: ["ThrivoSign", "FakePhone", "BordersSupport", "Security", "DeviceCheck", "CryptoKit"]),
    ]
)
