//! The borders of the library: generated files held to their source, and programs in other languages that do the whole job; and a browser before the site of
//! the demo.
//!
//! Takes the work tree, gives outcomes of steps. Each language has a file here and its own build beside; what a test checks is the test's own.

mod arm;
mod c;
mod jvm;
mod rates;
mod swift;
mod web;

use crate::place;
use crate::steps::{Outcome, run};
use std::path::PathBuf;
use std::process::Command;

pub(crate) use arm::arm;
pub(crate) use c::{c_and_cpp, instrumented, shipped};
pub(crate) use jvm::jvm;
pub(crate) use rates::rates;
pub(crate) use swift::swift;
pub(crate) use web::web;

/// Where cargo puts what it builds.
pub(crate) fn target() -> PathBuf {
    let set = std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from);
    set.map_or_else(|| place::root().join("target"), |folder| place::root().join(folder))
}

/// Generates the header and the bindings, or with `check` compares them with what stands in the tree.
pub(crate) fn generate(check: bool) -> Result<(), String> {
    // What the generator reads must not be stripped: the development build.
    run(&mut place::cargo(&["build", "--quiet", "--package", "thrivosign-uniffi"]))?;
    let library = target().join("debug").join(dynamic("thrivosign_uniffi"));
    let bindgen = |arguments: &[&str]| {
        let mut command = place::cargo(&["run", "--quiet", "--package", "thrivosign-bindgen", "--"]);
        command.args(arguments);
        if check {
            command.arg("--check");
        }
        command
    };
    run(&mut bindgen(&["header"]))?;
    run(bindgen(&["bindings"]).arg(library))
}

/// The file name of a dynamic library.
pub(crate) fn dynamic(name: &str) -> String {
    format!("{}{name}{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

/// Generated files are those of the source.
pub(crate) fn drift() -> Outcome {
    generate(true).map_err(|error| format!("{error}; `cargo xtask bindings` writes them anew")).into()
}

/// The command beside a demo server, which tells it by environment variables what it needs.
pub(crate) fn with_server(program: &str) -> Command {
    let mut command = place::cargo(&["run", "--quiet", "--package", "xtask", "--features", "demo", "--", "with-server", "--", program]);
    command.current_dir(place::root());
    command
}
