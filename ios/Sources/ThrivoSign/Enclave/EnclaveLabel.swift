//! What a key's keychain item remembers beside the key, as text in its label, since no attribute tells it: purpose, prompt, and the
//! biometry it is bound to. Nothing secret. What was not written here is refused.

#if canImport(Security) && canImport(LocalAuthentication)
import Foundation
import ThrivoSignBindings

struct EnclaveLabel: Equatable {
    let purpose: KeyPurpose
    let prompt: Prompt
    /// Which fingers and faces were enrolled, as the system tells it; absent where a key is not bound to them.
    let biometry: Data?

    private static let mark = "thrivosign-1"
    private static let purposes: [(KeyPurpose, String)] = [(.authentication, "authentication"), (.signing, "signing")]
    private static let prompts: [(Prompt, String)] = [(.perUse, "per-use"), (.window, "window"), (.none, "none")]

    init(purpose: KeyPurpose, prompt: Prompt, biometry: Data?) {
        self.purpose = purpose
        self.prompt = prompt
        self.biometry = biometry
    }

    init?(_ text: String) {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        guard words.count == 4, words[0] == EnclaveLabel.mark,
            let purpose = EnclaveLabel.purposes.first(where: { $0.1 == words[1] })?.0,
            let prompt = EnclaveLabel.prompts.first(where: { $0.1 == words[2] })?.0,
            let biometry = Data(base64Encoded: words[3])
        else { return nil }
        self.init(purpose: purpose, prompt: prompt, biometry: biometry.isEmpty ? nil : biometry)
    }

    var text: String {
        let purpose = EnclaveLabel.purposes.first { $0.0 == self.purpose }?.1 ?? ""
        let prompt = EnclaveLabel.prompts.first { $0.0 == self.prompt }?.1 ?? ""
        return [EnclaveLabel.mark, purpose, prompt, (biometry ?? Data()).base64EncodedString()].joined(separator: " ")
    }
}
#endif
