// swift-tools-version: 6.0
// The sample app: Xcode opens this folder as it is. `cargo xtask ios` has made the framework that the library's package names.

import AppleProductTypes
import PackageDescription

let package = Package(
    name: "ThrivoSignSample",
    defaultLocalization: "en",
    platforms: [.iOS(.v16)],
    products: [
        .iOSApplication(
            name: "ThrivoSign sample",
            targets: ["AppModule"],
            bundleIdentifier: "com.thrivosign.sample",
            displayVersion: "1.0",
            bundleVersion: "1",
            supportedDeviceFamilies: [.phone, .pad],
            supportedInterfaceOrientations: [
                .portrait, .landscapeLeft, .landscapeRight, .portraitUpsideDown(.when(deviceFamilies: [.pad])),
            ],
            additionalInfoPlistContentFilePath: "AdditionalInfo.plist")
    ],
    dependencies: [.package(path: "../..")],
    targets: [
        // All that the app does; compiled and tested on Linux too, by ios/linux/apple.
        .target(
            name: "SampleFlow",
            dependencies: [.product(name: "ThrivoSign", package: "ios")],
            path: "Flow",
            resources: [.process("Resources")],
            swiftSettings: [.swiftLanguageMode(.v5)]),
        // What it looks like.
        .executableTarget(name: "AppModule", dependencies: ["SampleFlow"], path: "App", swiftSettings: [.swiftLanguageMode(.v5)]),
    ]
)
