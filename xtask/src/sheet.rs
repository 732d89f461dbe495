//! `cargo xtask appearance-sheet`: looks of a visible signature, signed with the command, judged, and put on one picture in `docs/appearance/`.

use crate::borders::target;
use crate::{place, steps};
use std::process::Command;

/// Builds the command, then runs `tests/appearance/sheet.py` with it.
pub(crate) fn draw() -> Result<(), String> {
    steps::run(&mut place::cargo(&["build", "--package", "thrivosign-cli", "--quiet"]))?;
    let tests = place::root().join("tests");
    let authority = Command::new(place::python()).arg(tests.join("interop/make_ca.py")).output().map_err(|error| error.to_string())?;
    let told = String::from_utf8_lossy(&authority.stdout).into_owned();
    let authority = told.lines().last().ok_or("make_ca.py named no folder; `cargo xtask test` installs what it needs")?;
    let mut sheet = Command::new(place::python());
    sheet.arg(tests.join("appearance/sheet.py")).arg(target().join("debug/thrivosign")).arg(authority);
    steps::run(sheet.arg(place::root().join("docs/appearance/sheet.png")))
}
