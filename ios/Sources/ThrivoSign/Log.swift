//! The library's log as a stream of typed events.

import ThrivoSignBindings

/// Events up to `level`, from now until `stopLog`; of events that nobody took yet the newest 256 are kept. One log for the whole process: a
/// later call takes the place of this one, whose stream ends then.
public func logEvents(upTo level: LogLevel) -> AsyncStream<LogEvent> {
    let (stream, continuation) = AsyncStream.makeStream(of: LogEvent.self, bufferingPolicy: .bufferingNewest(256))
    setLog(level: level, sink: LogPipe(continuation))
    return stream
}

/// After the call the log is off, as at first.
public func stopLog() {
    setLog(level: .error, sink: nil)
}

private final class LogPipe: LogSink {
    let continuation: AsyncStream<LogEvent>.Continuation

    init(_ continuation: AsyncStream<LogEvent>.Continuation) {
        self.continuation = continuation
    }

    // The library lets go of the sink when another takes its place, or none.
    deinit {
        continuation.finish()
    }

    func log(event: LogEvent) {
        continuation.yield(event)
    }
}
