//! What one call may take, and who is told how far it is.

import Foundation
@_exported import ThrivoSignBindings

/// How far a call is: bytes done of bytes in all, pass by pass.
public struct CallProgress: Sendable, Hashable {
    /// Bytes that are done in this pass.
    public let done: Int64
    /// Bytes of this pass in all.
    public let total: Int64

    /// From 0 to 1.
    public var fraction: Double { total > 0 ? Double(done) / Double(total) : 0 }
}

/// The limits of one call. Without any it takes as long as it takes.
public struct Limits: Sendable {
    /// Most time for the whole call.
    public var timeout: Duration?
    /// Most time for one try of one call on the wire; 30 seconds if absent.
    public var perTry: Duration?
    /// Told how far the call is, and finished when the call ends.
    public var progress: AsyncStream<CallProgress>.Continuation?

    /// Limits of that much; see `observed` for progress as a stream.
    public init(timeout: Duration? = nil, perTry: Duration? = nil, progress: AsyncStream<CallProgress>.Continuation? = nil) {
        self.timeout = timeout
        self.perTry = perTry
        self.progress = progress
    }

    /// Limits whose progress arrives in a stream; of steps that nobody took yet only the newest is kept.
    public static func observed(
        timeout: Duration? = nil, perTry: Duration? = nil
    ) -> (limits: Limits, progress: AsyncStream<CallProgress>) {
        let (stream, continuation) = AsyncStream.makeStream(of: CallProgress.self, bufferingPolicy: .bufferingNewest(1))
        return (Limits(timeout: timeout, perTry: perTry, progress: continuation), stream)
    }

    fileprivate func options(_ token: CancelToken) -> CallOptions {
        CallOptions(
            cancel: token, timeoutMs: timeout?.milliseconds, perCallTimeoutMs: perTry?.milliseconds,
            progress: progress.map(ProgressPipe.init))
    }
}

/// Runs one call of the library. After `Task.cancel()` it ends with `ThrivoSignError.Cancelled`, even if a key store does not come back:
/// the cancellation of a task does not reach the library by itself, so that it is handed over through a token of the call's own.
public func withLimits<T: Sendable>(_ limits: Limits, _ call: @Sendable (CallOptions) async throws -> T) async throws -> T {
    let token = CancelToken()
    defer { limits.progress?.finish() }
    return try await withTaskCancellationHandler {
        try await call(limits.options(token))
    } onCancel: {
        token.cancel()
    }
}

/// The same for calls that work on the caller's thread: they get one that no task waits for.
func offTasks<T: Sendable>(_ limits: Limits, _ call: @escaping @Sendable (CallOptions) throws -> T) async throws -> T {
    try await withLimits(limits) { options in
        try await withCheckedThrowingContinuation { continuation in
            workers.async { continuation.resume(with: Result { try call(options) }) }
        }
    }
}

private let workers = DispatchQueue(label: "thrivosign.workers", attributes: .concurrent)

private final class ProgressPipe: ProgressListener {
    let continuation: AsyncStream<CallProgress>.Continuation

    init(_ continuation: AsyncStream<CallProgress>.Continuation) {
        self.continuation = continuation
    }

    func progress(done: Int64, total: Int64) {
        continuation.yield(CallProgress(done: done, total: total))
    }
}

extension Duration {
    fileprivate var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, tooLong) = seconds.multipliedReportingOverflow(by: 1000)
        return tooLong ? .max : whole.addingReportingOverflow(attoseconds / 1_000_000_000_000_000).partialValue
    }
}
