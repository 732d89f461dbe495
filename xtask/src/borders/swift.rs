//! Swift on Linux: the tests of the border and the sample, inside a folder with a Debian that has Swift, beside a demo server.
//!
//! Takes the work tree and the cache folder, gives an outcome. Only root can mount and enter that folder: for anybody else this is a skip.

use super::rates::told;
use super::{target, with_server};
use crate::place;
use crate::steps::{Outcome, run};
use std::path::Path;
use std::process::Command;

/// `ios/linux/test.sh`: both kinds of tests, then the sample, on the library as it is built for development.
pub(crate) fn swift(long: bool) -> Outcome {
    if let Some(reason) = absent() {
        return Outcome::Skipped(reason);
    }
    let library = run(&mut place::cargo(&["build", "--quiet", "--package", "thrivosign-uniffi"]));
    let script = || run(inside("debug", "test.sh").env("THRIVOSIGN_LONG", if long { "1" } else { "0" }));
    library.and_then(|()| script()).into()
}

/// `ios/linux/bench.sh`: how fast the border verifies, on the library as it is released. Already beside a demo server.
pub(super) fn rate(file: &Path) -> Result<f64, String> {
    let mut script = Command::new("bash");
    script.current_dir(place::root());
    told(settings(&mut script, "release", "bench.sh").env("THRIVOSIGN_RATE_FILE", file))
}

/// Why it cannot be done here.
pub(super) fn absent() -> Option<String> {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    if !root {
        return Some("Swift is in a folder that only root can enter".to_owned());
    }
    if !place::has_swift() {
        return Some("no Swift (as root on Debian it is unpacked into the cache folder)".to_owned());
    }
    // What a key store in Swift signs with on Linux.
    (!place::swift().join("usr/include/openssl/evp.h").exists()).then(|| "no libssl-dev in the folder with Swift".to_owned())
}

/// A script of `ios/linux`, inside, beside a demo server.
fn inside(profile: &str, script: &str) -> Command {
    let mut command = with_server("bash");
    settings(&mut command, profile, script);
    command
}

fn settings<'c>(command: &'c mut Command, profile: &str, script: &str) -> &'c mut Command {
    command.args(["ios/linux/inside.sh", script]);
    command.env("THRIVOSIGN_SWIFT", place::swift());
    command.env("THRIVOSIGN_BUILD", place::cache().join("swift-build"));
    command.env("THRIVOSIGN_NATIVE", target().join(profile))
}
