//! Linux on ARM: the C library as it is shipped for it, and the whole job in C, run by an emulator of the processor beside a demo server.

use super::{target, with_server};
use crate::dist::{self, SHIPPED};
use crate::place;
use crate::steps::run;
use crate::tools;
use std::fs;
use std::process::Command;

const TRIPLE: &str = "aarch64-unknown-linux-gnu";
const COMPILER: &str = "aarch64-linux-gnu-gcc";
const EMULATOR: &str = "qemu-aarch64-static";
/// Where Debian's cross compiler has the other machine's C library.
const SYSTEM: &str = "/usr/aarch64-linux-gnu";

/// Builds, links the sample against it, and runs it; says the sizes.
pub(crate) fn arm() -> Result<(), String> {
    tools::packages(&[("gcc-aarch64-linux-gnu", COMPILER), ("libc6-dev-arm64-cross", COMPILER), ("qemu-user-static", EMULATOR)])?;
    let installed = dist::install(None, SHIPPED, Some(TRIPLE))?;
    let here = target().join("borders-c/arm");
    fs::create_dir_all(&here).map_err(|error| format!("{}: {error}", here.display()))?;
    let (program, lib) = (here.join("whole_job"), installed.prefix.join("lib"));
    let mut compile = Command::new(COMPILER);
    compile.args(["-std=c99", "-Wall", "-Werror", "-I"]).arg(installed.prefix.join("include"));
    compile.arg(place::root().join("samples/c/whole_job.c")).arg("-L").arg(&lib).args(["-lthrivosign", "-o"]).arg(&program);
    run(&mut compile)?;
    let mut job = with_server(EMULATOR);
    job.args(["-L", SYSTEM, "-E", &format!("LD_LIBRARY_PATH={}", lib.display())]).arg(&program);
    run(&mut job)?;
    // What is too large is told; the step for this machine is what fails.
    if let Err(larger) = dist::within_budget(&installed, SHIPPED) {
        println!("{TRIPLE}: {larger}");
    }
    Ok(())
}
