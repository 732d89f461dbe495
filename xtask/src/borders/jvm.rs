//! Kotlin and Java on the JVM: built and tested by Maven, beside a demo server. The Android part among them, over a keystore that plays a device's.

use super::{target, with_server};
use crate::jar;
use crate::place;
use crate::steps::{Outcome, run};
use std::path::Path;
use std::process::Command;

/// The library, its Kotlin bindings, the tests in Kotlin and the samples.
pub(crate) fn jvm(strict: bool, long: bool) -> Outcome {
    if ["mvn", "javac"].iter().any(|name| place::program(name).is_none()) && !strict {
        return Outcome::Skipped("no Maven or no Java compiler".to_owned());
    }
    // Nothing here runs Gradle.
    if place::python().is_file() {
        let gradle = run(Command::new(place::python()).arg("android/check.py").current_dir(place::root()));
        if let Err(error) = gradle {
            return Outcome::Failed(format!("android/check.py: {error}"));
        }
    }
    // What the jar for servers takes in; the whole workspace was built by the step of the tests, or is now.
    let native = run(&mut place::cargo(&["build", "--quiet", "--package", "thrivosign-uniffi"]))
        .and_then(|()| jar::development(&target().join("debug")));
    if let Err(error) = native {
        return Outcome::Failed(error);
    }
    let mut maven = with_server("mvn");
    maven.args(["-B", "-ntp", "-f", "android/pom.xml"]);
    maven.arg(format!("-Dbuild.dir={}", target().join("jvm").display()));
    maven.arg(format!("-Dnative.dir={}", target().join("debug").display()));
    if long {
        maven.arg("-Dlong=true");
    }
    if place::program("aapt2").is_none() && !strict {
        println!("no aapt2: the sample app for Android is left out");
        maven.args(["-pl", "!sample"]);
    }
    maven.arg("verify");
    let tested = run(&mut maven).map_err(|error| format!("{error}{}", failures(&target().join("jvm"))));
    tested.and_then(|()| run(Command::new("python3").arg("android/called.py").arg(target().join("jvm")).current_dir(place::root()))).into()
}

/// What the tests that failed say of themselves, a line each: the closing summary names them.
fn failures(built: &Path) -> String {
    let mut told = String::new();
    let folders = ["thrivosign", "thrivosign-keystore", "sample-android", "jvm-test"]
        .map(|module| std::fs::read_dir(built.join(module).join("surefire-reports")));
    let reports = folders.into_iter().flatten().flatten().flatten();
    for report in reports.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|is| is == "txt")) {
        let text = std::fs::read_to_string(report).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        for pair in lines.windows(2).filter(|pair| pair[0].contains("<<< FAILURE!") || pair[0].contains("<<< ERROR!")).skip(1).take(10) {
            told.push_str(&format!("\n           {} {}", pair[0], pair[1]));
        }
    }
    told
}
