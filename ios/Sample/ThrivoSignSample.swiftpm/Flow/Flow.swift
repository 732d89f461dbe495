//! What a view needs of whatever it shows, without SwiftUI: to be told before it changes.

@MainActor public protocol Flow: AnyObject {
    /// Told before anything that is shown changes.
    var willChange: (() -> Void)? { get set }
}
