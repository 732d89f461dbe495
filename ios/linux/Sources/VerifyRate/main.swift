//! How many documents a second the border verifies: ten pages, 104 KB, one signature, the whole report with its chain check. A document
//! like that of docs/performance.md, where the native rate from a file stands.

import BordersSupport
import Foundation
import ThrivoSign

/// Ten pages of plain text, 104 KB.
func agreement() -> Data {
    var bytes = Data("%PDF-1.7\n".utf8)
    var offsets: [Int] = []
    func object(_ body: String) {
        offsets.append(bytes.count)
        bytes.append(Data("\(offsets.count) 0 obj\n\(body)\nendobj\n".utf8))
    }
    object("<< /Type /Catalog /Pages 2 0 R >>")
    object("<< /Type /Pages /Count 10 /Kids [\((0..<10).map { "\(4 + 2 * $0) 0 R" }.joined(separator: " "))] >>")
    object("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>")
    for page in 0..<10 {
        let resources = "/Resources << /Font << /F1 3 0 R >> >>"
        object("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] \(resources) /Contents \(5 + 2 * page) 0 R >>")
        var text = "BT /F1 9 Tf 10 TL 57 790 Td (Loan agreement, page \(page + 1) of 10) '\n"
        while text.utf8.count < 10_300 {
            text += "(The Borrower repays each instalment on the fifth day of the month, with the interest accrued until then.) '\n"
        }
        text += "ET"
        object("<< /Length \(text.utf8.count) >>\nstream\n\(text)\nendstream")
    }
    let table = bytes.count
    let rows = offsets.map { String(format: "%010d 00000 n \n", $0) }.joined()
    let trailer = "<< /Size \(offsets.count + 1) /Root 1 0 R >>"
    bytes.append(Data("xref\n0 \(offsets.count + 1)\n0000000000 65535 f \n\(rows)trailer\n\(trailer)\nstartxref\n\(table)\n%%EOF\n".utf8))
    return bytes
}

let customer = try await Customer.shared.value
let file = Demo.scratch()
let signed = try await customer.key.sign(Document.fromBytes(bytes: agreement()), to: .file(file))
let bytes = try Data(contentsOf: file)
let trust = try Demo.trust()

/// Documents a second of processor time, and of the wall clock; the best of three rounds.
func measure(_ what: String, _ document: () throws -> Document) throws {
    func rate(rounds: Int) throws -> (processor: Double, wall: Double) {
        let (begun, used) = (ContinuousClock.now, clock())
        for _ in 0..<rounds {
            let report = try verify(document: document(), trust: trust)
            // The verdict comes back as records, as an app would read it.
            guard report.clean(), report.signatures().count == 1 else { fatalError("not clean") }
        }
        let wall = (ContinuousClock.now - begun) / .seconds(1)
        return (Double(rounds) / (Double(clock() - used) / Double(CLOCKS_PER_SEC)), Double(rounds) / wall)
    }
    _ = try rate(rounds: 100)
    let best = try (0..<3).map { _ in try rate(rounds: 2000) }.max { $0.processor < $1.processor }!
    let (processor, wall) = (Int(best.processor), Int(best.wall))
    print("verify \(what), \(bytes.count) bytes: \(processor) documents a second of processor time, \(wall) by the wall clock")
}

if !Demo.variable("RATE_FILE").isEmpty {
    // For the same measurement in another language.
    try bytes.write(to: Demo.file("RATE_FILE"))
}
// The bytes cross the border each time.
try measure("from memory") { Document.fromBytes(bytes: bytes) }
try measure("from a file") { try Document.file(file) }
