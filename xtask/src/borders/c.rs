//! C and C++: the library installed as a program finds it, and the tests of `tests/c` against it, beside a demo server.

use super::{target, with_server};
use crate::dist::{self, Installed, SHIPPED};
use crate::place;
use crate::steps::{Outcome, run};
use std::path::Path;
use std::process::Command;

/// Programs that the tests call.
const TOOLS: &[&str] =
    &["gcc", "g++", "clang-19", "clang++-19", "cmake", "ninja", "valgrind", "pkg-config", "openssl", "readelf", "python3"];

/// Headers in every version of C and C++, samples, bad arguments, memory, threads, with a development build.
pub(crate) fn c_and_cpp(strict: bool) -> Outcome {
    with_tools(strict, || {
        let here = target().join("borders-c");
        let installed = dist::install(Some(here.join("prefix")), "dev", None)?;
        tested(&installed, &here.join("build"), &[])
    })
}

/// The library as it is shipped: small enough, and the same tests. valgrind is left out: its one remark is known by names, which are stripped.
pub(crate) fn shipped(strict: bool) -> Outcome {
    with_tools(strict, || {
        let installed = dist::install(None, SHIPPED, None)?;
        tested(&installed, &target().join("borders-c/build-shipped"), &["--exclude-regex", "valgrind"])?;
        dist::within_budget(&installed, SHIPPED)
    })
}

/// The library itself under AddressSanitizer, which the stable compiler can do when it is told to: cycles of sign and verify, and bad arguments.
pub(crate) fn instrumented(strict: bool) -> Outcome {
    const TRIPLE: &str = "x86_64-unknown-linux-gnu";
    if !cfg!(all(target_os = "linux", target_arch = "x86_64")) {
        return Outcome::Skipped("on Linux on x86-64 only".to_owned());
    }
    with_tools(strict, || {
        let here = target().join("borders-c");
        let arguments = ["rustc", "--quiet", "--package", "thrivosign-c", "--lib", "--crate-type", "cdylib", "--target", TRIPLE];
        let mut build = place::cargo(&arguments);
        build.env("RUSTC_BOOTSTRAP", "1").env("RUSTFLAGS", "-Zsanitizer=address").env("CARGO_TARGET_DIR", here.join("address"));
        run(&mut build)?;
        let mut tests = with_server("sh");
        tests.arg(place::root().join("tests/c/instrumented.sh"));
        tests.arg(here.join("address").join(TRIPLE).join("debug/libthrivosign_c.so"));
        tests.arg(place::root().join("include")).arg(here.join("instrumented"));
        run(&mut tests)
    })
}

fn with_tools(strict: bool, work: impl FnOnce() -> Result<(), String>) -> Outcome {
    let missing: Vec<&str> = TOOLS.iter().copied().filter(|name| place::program(name).is_none()).collect();
    if missing.is_empty() {
        return work().into();
    }
    let reason = format!("missing: {}", missing.join(", "));
    if strict { Outcome::Failed(reason) } else { Outcome::Skipped(reason) }
}

/// Builds the tests against the installed library and runs them.
fn tested(installed: &Installed, build: &Path, options: &[&str]) -> Result<(), String> {
    of_this_checkout(build)?;
    let mut configure = Command::new("cmake");
    configure.args(["-G", "Ninja", "-S"]).arg(place::root().join("tests/c")).arg("-B").arg(build);
    configure.arg(format!("-DCMAKE_PREFIX_PATH={}", installed.prefix.display())).arg("--log-level=WARNING");
    run(&mut configure)?;
    run(Command::new("cmake").arg("--build").arg(build))?;
    let mut tests = with_server("ctest");
    tests.arg("--test-dir").arg(build).args(["--parallel", "2", "--output-on-failure", "--no-tests=error"]).args(options);
    run(&mut tests)
}

/// Removes a build tree that another checkout left in a shared target folder: `CMake` refuses a tree of other sources.
fn of_this_checkout(build: &Path) -> Result<(), String> {
    let Ok(cache) = std::fs::read_to_string(build.join("CMakeCache.txt")) else { return Ok(()) };
    let sources = format!("CMAKE_HOME_DIRECTORY:INTERNAL={}", place::root().join("tests/c").display());
    if cache.lines().any(|line| line == sources) {
        return Ok(());
    }
    std::fs::remove_dir_all(build).map_err(|problem| format!("{}: {problem}", build.display()))
}
