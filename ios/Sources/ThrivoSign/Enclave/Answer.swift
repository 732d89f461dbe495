//! An answer that a framework gives on a thread of its own, waited for by a thread of the library. Never on the main thread, where it would
//! be waited for for ever.

import Foundation

final class Answer<T: Sendable>: @unchecked Sendable {
    private let given = DispatchSemaphore(value: 0)
    private let lock = NSLock()
    private var result: Result<T, any Error>?

    /// The first answer counts.
    func give(_ result: Result<T, any Error>) {
        lock.withLock { self.result = self.result ?? result }
        given.signal()
    }

    /// What a completion handler of Objective-C is told: a value, or an error, or against all promises neither.
    func give(_ value: T?, _ error: (any Error)?) {
        if let value, error == nil { return give(.success(value)) }
        give(.failure(error ?? Silence()))
    }

    func wait() throws -> T {
        given.wait()
        guard let result = lock.withLock({ self.result }) else { throw Silence() }
        return try result.get()
    }

    private struct Silence: Error {}
}
