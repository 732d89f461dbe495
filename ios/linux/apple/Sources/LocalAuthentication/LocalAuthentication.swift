//! A false module of this name for Linux: the context in which a person approves the use of a key, over `FakePhone`.

import FakePhone
import Foundation
import Security

public let LAErrorDomain = "com.apple.LocalAuthentication"

public struct LAError {
    public enum Code: Int {
        case authenticationFailed = -1
        case userCancel = -2
        case userFallback = -3
        case systemCancel = -4
        case passcodeNotSet = -5
        case biometryNotAvailable = -6
        case biometryNotEnrolled = -7
        case biometryLockout = -8
        case appCancel = -9
        case invalidContext = -10
        case notInteractive = -1004
    }
}

public enum LAAccessControlOperation {
    case useKeySign
}

public enum LAPolicy {
    case deviceOwnerAuthenticationWithBiometrics
}

public final class LAContext: FakeContext, @unchecked Sendable {
    public var touchIDAuthenticationAllowableReuseDuration: TimeInterval = 0
    private let over = DispatchSemaphore(value: 0)

    public override func invalidate() {
        super.invalidate()
        over.signal()
    }

    public func canEvaluatePolicy(_ policy: LAPolicy, error: UnsafeMutablePointer<NSError?>?) -> Bool {
        FakePhone.shared.biometry != 0 && !FakePhone.shared.isLockedOut
    }

    public var evaluatedPolicyDomainState: Data? { Data("enrolled: \(FakePhone.shared.biometry)".utf8) }

    public func evaluateAccessControl(
        _ accessControl: SecAccessControl, operation: LAAccessControlOperation, localizedReason: String,
        reply: @escaping @Sendable (Bool, (any Error)?) -> Void
    ) {
        precondition(!localizedReason.isEmpty, "Apple's throws an exception")
        let rule = accessControl.rule
        DispatchQueue.global().async { [self] in
            if let code = refusal(rule) { return reply(false, NSError(domain: LAErrorDomain, code: code.rawValue)) }
            approve(rule)
            reply(true, nil)
        }
    }

    private func refusal(_ rule: FakePhone.Rule) -> LAError.Code? {
        let phone = FakePhone.shared
        let needsBiometry = SecAccessControlCreateFlags(rawValue: rule.flags).contains(.biometryCurrentSet)
        if isInvalid { return .invalidContext }
        if phone.isLocked { return .notInteractive }
        if !phone.hasPasscode { return .passcodeNotSet }
        if needsBiometry {
            if phone.biometry == 0 { return .biometryNotEnrolled }
            if phone.isLockedOut { return .biometryLockout }
        }
        phone.timesAsked += 1
        switch phone.person {
        case .cancels: return .userCancel
        case .isNotRecognised: return .authenticationFailed
        case .waits:
            over.wait()
            return .appCancel
        case .approves: return needsBiometry && rule.biometry != phone.biometry ? .authenticationFailed : nil
        }
    }
}
