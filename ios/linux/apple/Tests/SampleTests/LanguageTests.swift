//! The sample's texts and views, as text: each language says every phrase, each phrase is said somewhere, and no view has words or sizes of its
//! own. The views themselves compile where Apple's frameworks are.

import Foundation
import XCTest

@testable import SampleFlow

final class LanguageTests: XCTestCase {
    private let app = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../../Sample/ThrivoSignSample.swiftpm").standardizedFileURL

    private func sources(_ folder: String) throws -> [String: String] {
        let names = try FileManager.default.contentsOfDirectory(atPath: app.appendingPathComponent(folder).path).filter { $0.hasSuffix(".swift") }
        XCTAssertFalse(names.isEmpty)
        let read = { (name: String) in try String(contentsOf: self.app.appendingPathComponent("\(folder)/\(name)"), encoding: .utf8) }
        return try Dictionary(uniqueKeysWithValues: names.map { ($0, try read($0)) })
    }

    private func strings(_ language: String) throws -> [String: String] {
        let text = try String(
            contentsOf: app.appendingPathComponent("Flow/Resources/\(language).lproj/Localizable.strings"), encoding: .utf8)
        var found: [String: String] = [:]
        for line in text.split(separator: "\n") {
            let match = try XCTUnwrap(String(line).wholeMatch(of: /"(\w+)" = "([^"]+)";/), "\(language): \(line)")
            XCTAssertNil(found.updateValue(String(match.2), forKey: String(match.1)), "\(language) says \(match.1) twice")
        }
        return found
    }

    func testEachLanguageSaysEveryPhraseAndNoOther() throws {
        let phrases = Set(Phrase.allCases.map(\.rawValue))
        for code in ["en", "de"] {
            let strings = try strings(code)
            XCTAssertEqual(Set(strings.keys).symmetricDifference(phrases), [], code)
            for phrase in Phrase.allCases { XCTAssertEqual(Language(code)[phrase], strings[phrase.rawValue], "as the app finds it") }
        }
        XCTAssertEqual(Language("de").page(2, of: 3), "Seite 2 von 3")
        XCTAssertEqual(Language("en").page(2, of: 3), "Page 2 of 3")
        for phrase in Phrase.allCases where ![.ok].contains(phrase) {
            XCTAssertNotEqual(Language("de")[phrase], Language("en")[phrase], "not translated")
        }
    }

    func testEachPhraseIsSaidSomewhere() throws {
        let flow = try sources("Flow").filter { $0.key != "Language.swift" }
        let all = flow.values.joined() + (try sources("App").values.joined()) + "self[.pageOf]"
        for phrase in Phrase.allCases {
            XCTAssertTrue(all.contains(try Regex("\\.\(phrase.rawValue)\\b")), "\(phrase) is never said")
        }
    }

    func testNoViewHasWordsOrSizesOfItsOwn() throws {
        for (name, text) in try sources("App") {
            for line in text.split(separator: "\n") where !line.drop(while: { $0 == " " }).hasPrefix("//") {
                // Names of symbols are no words.
                let words = line.replacing(/systemImage: "[^"]*"/, with: "")
                XCTAssertFalse(words.contains("\""), "\(name): \(line)")
                XCTAssertFalse(words.contains(/\.system\(size|font\(\.custom|UIFont|lineLimit|\.frame\((width|height):/), "\(name): \(line)")
            }
        }
    }

    func testTheLogicDrawsNothing() throws {
        for (name, text) in try sources("Flow") {
            XCTAssertFalse(text.contains(/import (SwiftUI|UIKit|PDFKit|Combine)/), name)
        }
    }

    func testTheSystemIsToldWhatTheAppAsksFor() throws {
        let data = try Data(contentsOf: app.appendingPathComponent("AdditionalInfo.plist"))
        let plist = try XCTUnwrap(try PropertyListSerialization.propertyList(from: data, format: nil) as? [String: Any])
        for key in ["NSFaceIDUsageDescription", "NSLocalNetworkUsageDescription"] {
            XCTAssertFalse((plist[key] as? String ?? "").isEmpty, key)
        }
        XCTAssertEqual(plist["CFBundleLocalizations"] as? [String], ["en", "de"])
        let manifest = try String(contentsOf: app.appendingPathComponent("Package.swift"), encoding: .utf8)
        XCTAssertTrue(manifest.contains("additionalInfoPlistContentFilePath: \"AdditionalInfo.plist\""))
    }
}
