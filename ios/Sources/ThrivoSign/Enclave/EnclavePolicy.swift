//! What an app chooses about the keys of a `SecureEnclaveStore`. Takes and holds choices; touches no key.

#if canImport(Security) && canImport(LocalAuthentication)
import Foundation

/// How a `SecureEnclaveStore` guards the keys it makes, and how it asks the person.
public struct EnclavePolicy: Sendable {
    /// Who may approve the use of a signing key.
    public enum Approver: Sendable {
        /// The finger or face that was enrolled when the key was made. Whoever enrols another one later makes the key unusable for good.
        case biometry
        /// Biometry of that day, or the device's passcode. Whoever knows the passcode can sign.
        case presence
    }

    /// When a key is at hand. It never leaves the device, in no backup.
    public enum Availability: Sendable {
        /// While the device is unlocked.
        case unlocked
        /// The same, on a device that has a passcode; the keys are gone when the passcode is taken off.
        case unlockedWithPasscode
    }

    /// What the prompt says, in the person's language: which document is signed for whom.
    public var reason: String
    /// Who approves a signature of a key that asks.
    public var approver = Approver.biometry
    /// When the keys can be used at all.
    public var availability = Availability.unlockedWithPasscode
    /// Seconds from an approval in which keys made with `Prompt.window` sign without another one; at most `longestWindow`.
    public var window: TimeInterval = 60
    /// The keychain access group, where an extension shares the keys.
    public var accessGroup: String?
    /// Keys that anybody with the simulator's files can read; `KeyInfo` and the service then say `software`. Does nothing on a device.
    public var dangerousSoftwareKeysInSimulator = false

    /// Five minutes: as long as Apple lets one unlock be reused.
    public static let longestWindow: TimeInterval = 300

    /// The strictest policy, with that prompt.
    public init(reason: String) {
        self.reason = reason
    }

    /// The window as it is kept.
    var boundedWindow: TimeInterval { window.isNaN ? 0 : min(max(window, 0), EnclavePolicy.longestWindow) }
}
#endif
