//! The site of the demo: driven by a real browser with the tests of `tests/web`, beside a demo server.
//!
//! Takes the work tree and the cache folder, gives an outcome. The tests run beside their packages, outside of the work tree.

use super::with_server;
use crate::place;
use crate::steps::{Outcome, run};
use std::fs;
use std::io;

/// Programs that the tests call.
const TOOLS: &[&str] = &["node", "chromium"];
/// What they share, and the tests.
const SHARED: &str = "browser.mjs";
const TESTS: [&str; 2] = ["site.test.mjs", "device.test.mjs"];
/// Beside a server of its own, on which certificates wait for an officer.
const OFFICER: &str = "officer.test.mjs";

/// Clicks, keyboard, a phone's width, light and dark, a hostile file.
pub(crate) fn web(strict: bool) -> Outcome {
    let mut missing: Vec<&str> = TOOLS.iter().copied().filter(|name| place::program(name).is_none()).collect();
    if !place::node().join("node_modules/playwright-core").is_dir() {
        missing.push("the packages of tests/web/package-lock.json");
    }
    if !missing.is_empty() {
        let reason = format!("missing: {}", missing.join(", "));
        return if strict { Outcome::Failed(reason) } else { Outcome::Skipped(reason) };
    }
    driven().into()
}

fn driven() -> Result<(), String> {
    let (from, to) = (place::root().join("tests/web"), place::node());
    let copied =
        TESTS.iter().chain([&SHARED, &OFFICER]).map(|name| fs::copy(from.join(name), to.join(name))).collect::<io::Result<Vec<_>>>();
    copied.map_err(|error| format!("the tests of tests/web could not be copied: {error}"))?;
    let node = |tests: &[&str]| {
        let mut node = with_server("node");
        node.arg("--test").args(tests.iter().map(|name| to.join(name)));
        if let Some(chromium) = place::program("chromium") {
            node.env("THRIVOSIGN_CHROMIUM", chromium);
        }
        node
    };
    run(&mut node(&TESTS))?;
    run(node(&[OFFICER]).env("THRIVOSIGN_OFFICER", "1"))
}
