//! One table of errors: every kind of docs/codes.md has its case in Swift, with that code and name, and the other way round.

import BordersSupport
import Foundation
import SoftwareKeys
import Testing
import ThrivoSign

private struct Row: Hashable {
    let code: Int
    let name: String
    let nextStep: String
}

/// The rows of the table in docs/codes.md.
private func documented() throws -> [Row] {
    let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../../docs/codes.md").standardized
    let text = try String(contentsOf: file, encoding: .utf8)
    let errors = text.components(separatedBy: "\n## ").first { $0.hasPrefix("Errors") } ?? ""
    return errors.split(separator: "\n").compactMap { line in
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        guard cells.count == 6, let code = Int(cells[0]) else { return nil }
        return Row(code: code, name: cells[1].trimmingCharacters(in: CharacterSet(charactersIn: "`")), nextStep: cells[5])
    }
}

/// Every case. One that is missing here is missed by the comparison; one that is missing in `ThrivoSignError.detail` does not compile.
private let kinds: [@Sendable (ErrorDetail) -> ThrivoSignError] = [
    ThrivoSignError.InvalidArgument, ThrivoSignError.NullArgument, ThrivoSignError.InvalidUtf8, ThrivoSignError.WrongOrder,
    ThrivoSignError.AlreadyUsed, ThrivoSignError.Reentrant, ThrivoSignError.Cancelled, ThrivoSignError.PreparedMalformed,
    ThrivoSignError.ConfigMalformed, ThrivoSignError.JournalDamaged, ThrivoSignError.JournalBusy, ThrivoSignError.FeatureMissing,
    ThrivoSignError.NotPdf, ThrivoSignError.PdfDamaged, ThrivoSignError.PdfUnsupported,
    ThrivoSignError.LimitReached, ThrivoSignError.NoPages, ThrivoSignError.PasswordRequired, ThrivoSignError.PasswordWrong,
    ThrivoSignError.EncryptionUnsupported, ThrivoSignError.PageNotFound, ThrivoSignError.FieldUnusable,
    ThrivoSignError.SigningForbidden, ThrivoSignError.DocumentChanged, ThrivoSignError.SourceUnreadable,
    ThrivoSignError.OutputUnwritable, ThrivoSignError.OutputIsInput, ThrivoSignError.SignatureRoomExceeded,
    ThrivoSignError.PreflightRefused, ThrivoSignError.BoxUnusable, ThrivoSignError.TextUnrepresentable, ThrivoSignError.CheckFailed,
    ThrivoSignError.ConformanceForbids,
    ThrivoSignError.DerMalformed, ThrivoSignError.CertificateMalformed, ThrivoSignError.AlgorithmUnsupported,
    ThrivoSignError.CmsMalformed, ThrivoSignError.CsrMalformed, ThrivoSignError.PemMalformed, ThrivoSignError.Pkcs12Malformed,
    ThrivoSignError.CertificateExpired, ThrivoSignError.CertificateUnsuitable, ThrivoSignError.CertificateForeign,
    ThrivoSignError.ChainBroken, ThrivoSignError.KeyNotFound, ThrivoSignError.KeyCancelled, ThrivoSignError.KeyLocked,
    ThrivoSignError.KeyInvalidated, ThrivoSignError.KeySignatureWrong, ThrivoSignError.KeyNotPermitted, ThrivoSignError.KeyExists,
    ThrivoSignError.PassphraseWrong, ThrivoSignError.KeyFileDamaged, ThrivoSignError.KeyStoreUnavailable,
    ThrivoSignError.KeyAlgorithmUnsupported, ThrivoSignError.AttestationUnavailable, ThrivoSignError.ApiKeyRefused,
    ThrivoSignError.LoginRefused, ThrivoSignError.LoginRequired, ThrivoSignError.AuthorizationDenied,
    ThrivoSignError.UserAuthenticationFailed, ThrivoSignError.UserAuthenticationLocked, ThrivoSignError.ChallengeRefused,
    ThrivoSignError.CertificateRefused, ThrivoSignError.DeviceRefused, ThrivoSignError.RecordNotFound, ThrivoSignError.DocumentRefused,
    ThrivoSignError.SigningConflict, ThrivoSignError.PreparedRevisionRefused, ThrivoSignError.FiledDocumentRefused,
    ThrivoSignError.IssuedCertificateRefused, ThrivoSignError.EnrolmentPending, ThrivoSignError.ServiceRefused,
    ThrivoSignError.OrderUnanswered,
    ThrivoSignError.ConnectFailed, ThrivoSignError.TlsFailed, ThrivoSignError.TlsUnknownCa, ThrivoSignError.TlsWrongHost,
    ThrivoSignError.TlsPinMismatch, ThrivoSignError.PlainHttpRefused, ThrivoSignError.TimedOut, ThrivoSignError.RateLimited,
    ThrivoSignError.ConnectionCut, ThrivoSignError.BadAnswer, ThrivoSignError.ServiceUnavailable, ThrivoSignError.AnswerTooLarge,
    ThrivoSignError.TlsCertificateExpired, ThrivoSignError.PinUpdateRefused, ThrivoSignError.TlsClientRefused, ThrivoSignError.Panicked, ThrivoSignError.Internal, ThrivoSignError.RandomUnavailable,
]

@Test func everyKindHasItsCaseAndItsCode() async throws {
    let customer = try await Customer.shared.value
    let prepared = try await Demo.document().prepare(SignatureRequest(), identity: customer.key.identity)
    var told: [Row] = []
    for kind in kinds {
        // Thrown by a store without any facts, it comes back with those of the table.
        let key = try customer.key(in: OddKeys(behind: customer.keys) { _, _, _, _ in throw kind(ErrorDetail()) })
        let error = await refusal { try await prepared.answer(by: key) }
        let detail = try #require(error?.detail)
        #expect(error == kind(detail))
        #expect(!detail.message.isEmpty && detail.turn != nil)
        told.append(Row(code: Int(detail.code), name: detail.name, nextStep: detail.nextStep))
    }
    #expect(try documented() == told)
}
