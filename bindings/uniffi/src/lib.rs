//! What Kotlin and Swift bindings of thrivosign are generated from.
uniffi::setup_scaffolding!("thrivosign");
