//! The person's approval of a key's use. Takes a key, gives a context in which the person has approved it: a new one for each signature, or
//! one that is kept for a while. Shows one prompt at a time.

#if canImport(Security) && canImport(LocalAuthentication)
import Foundation
import LocalAuthentication
import Security
import ThrivoSignBindings

final class Approvals: @unchecked Sendable {
    private struct Kept {
        let context: LAContext
        let until: TimeInterval
    }

    private let policy: EnclavePolicy
    /// Held while the person is asked: whoever comes meanwhile may find an approval that serves them as well.
    private let asking = NSLock()
    private let lock = NSLock()
    private var asked: LAContext?
    /// By public key, so that a key made anew under an old name finds nothing.
    private var kept: [Data: Kept] = [:]

    init(policy: EnclavePolicy) {
        self.policy = policy
    }

    /// A context in which the person has approved that key.
    func approval(of item: EnclaveItem) throws -> LAContext {
        // The prompt is drawn by the thread that would wait for it here.
        guard !Thread.isMainThread else {
            throw ThrivoSignError.storeUnavailable("a key that asks the person cannot be used on the main thread")
        }
        return try asking.withLock {
            if let context = open(item) { return context }
            let context = LAContext()
            // An unlock of the device is no approval of a document.
            context.touchIDAuthenticationAllowableReuseDuration = 0
            try ask(context, item)
            if item.label.prompt == .window {
                let until = Approvals.now + policy.boundedWindow
                lock.withLock { kept[item.publicKey] = Kept(context: context, until: until) }
            }
            return context
        }
    }

    /// After the call no approval of that key is kept.
    func end(_ publicKey: Data) {
        lock.withLock { kept.removeValue(forKey: publicKey) }?.context.invalidate()
    }

    /// After the call no approval is kept, and a prompt that is shown is taken away.
    func endAll() {
        let (open, shown) = lock.withLock {
            defer { kept = [:] }
            return (kept.values.map(\.context), asked)
        }
        open.forEach { $0.invalidate() }
        shown?.invalidate()
    }

    private func open(_ item: EnclaveItem) -> LAContext? {
        guard let found = lock.withLock({ kept[item.publicKey] }) else { return nil }
        if item.label.prompt == .window && Approvals.now < found.until { return found.context }
        end(item.publicKey)
        return nil
    }

    private func ask(_ context: LAContext, _ item: EnclaveItem) throws {
        guard let access = item.access else { throw ThrivoSignError.keyStoreUnavailable }
        lock.withLock { asked = context }
        defer { lock.withLock { asked = nil } }
        let answer = Answer<Bool>()
        context.evaluateAccessControl(access, operation: .useKeySign, localizedReason: policy.reason) { approved, error in
            answer.give(approved ? true : nil, error)
        }
        do {
            _ = try answer.wait()
        } catch {
            throw KeyFailure.of(error, .asking(boundToBiometry: item.label.biometry != nil, changed: Approvals.isChanged(item.label)))
        }
    }

    // MARK: Biometry

    /// Which fingers and faces are enrolled now, without asking anybody; absent if there are none, or if they are locked out.
    static func biometry() -> Data? {
        let context = LAContext()
        guard context.canEvaluatePolicy(.deviceOwnerAuthenticationWithBiometrics, error: nil) else { return nil }
        return context.evaluatedPolicyDomainState
    }

    private static func isChanged(_ label: EnclaveLabel) -> Bool {
        guard let then = label.biometry, let now = biometry() else { return false }
        return then != now
    }

    /// Seconds, by a clock that nobody sets and that runs while the device sleeps.
    private static var now: TimeInterval {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return TimeInterval(time.tv_sec) + TimeInterval(time.tv_nsec) / 1e9
    }
}
#endif
