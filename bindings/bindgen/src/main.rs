//! Writes the C header and the Kotlin and Swift bindings.
fn main() {}
