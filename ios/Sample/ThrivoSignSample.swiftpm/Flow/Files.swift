//! The app's files. Takes bytes, leaves them whole or not at all, encrypted while the device is locked.

import Foundation

/// The bytes of a file; nothing if there is none. One that cannot be read is an error and not a missing one.
func kept(_ file: URL) throws -> Data? {
    FileManager.default.fileExists(atPath: file.path) ? try Data(contentsOf: file) : nil
}

func keep(_ data: Data, _ file: URL) throws {
    try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    #if os(iOS)
    try data.write(to: file, options: [.atomic, .completeFileProtection])
    #else
    try data.write(to: file, options: .atomic)
    #endif
}

func remove(_ file: URL) throws {
    if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
}
