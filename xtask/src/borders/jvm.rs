//! Kotlin and Java on the JVM: built and tested by Maven, beside a demo server.

use super::{target, with_server};
use crate::place;
use crate::steps::{Outcome, run};

/// The library, its Kotlin bindings, the tests in Kotlin and the samples.
pub(crate) fn jvm(strict: bool, long: bool) -> Outcome {
    if ["mvn", "javac"].iter().any(|name| place::program(name).is_none()) && !strict {
        return Outcome::Skipped("no Maven or no Java compiler".to_owned());
    }
    let mut maven = with_server("mvn");
    maven.args(["-B", "-ntp", "-f", "android/pom.xml"]);
    maven.arg(format!("-Dbuild.dir={}", target().join("jvm").display()));
    maven.arg(format!("-Dnative.dir={}", target().join("debug").display()));
    if long {
        maven.arg("-Dlong=true");
    }
    maven.arg("verify");
    run(&mut maven).into()
}
