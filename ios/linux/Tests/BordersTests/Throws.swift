//! Assertions about which error was thrown.

import Foundation
import ThrivoSign
import XCTest

/// A kind of error, as the case is written without its facts.
typealias Kind = (ErrorDetail) -> ThrivoSignError

private func compare(_ error: any Error, _ kind: Kind, _ file: StaticString, _ line: UInt) {
    guard let error = error as? ThrivoSignError else { return XCTFail("\(error) is none of the library's", file: file, line: line) }
    XCTAssertEqual(error, kind(error.detail), file: file, line: line)
}

func XCTAssertThrowsError<T>(
    _ call: @autoclosure () throws -> T, kind: Kind, file: StaticString = #filePath, line: UInt = #line
) {
    XCTAssertThrowsError(try call(), file: file, line: line) { compare($0, kind, file, line) }
}

func XCTAssertThrows<T>(
    kind: Kind, file: StaticString = #filePath, line: UInt = #line, _ call: () async throws -> T
) async {
    do {
        _ = try await call()
        XCTFail("nothing was thrown", file: file, line: line)
    } catch {
        compare(error, kind, file, line)
    }
}
