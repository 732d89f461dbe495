//! A file that the person picked in another app's folder. Takes its address, gives its bytes, and holds the right to read it no longer.

import Foundation

func bytes(of picked: URL) throws -> Data {
    let isGranted = picked.startAccessingSecurityScopedResource()
    defer { if isGranted { picked.stopAccessingSecurityScopedResource() } }
    return try Data(contentsOf: picked)
}
