//! How many verifications a second there are without a border: the figure that those of Kotlin and Swift are held to.
//!
//! Takes a signed PDF and the trust anchors (PEM) as arguments, gives documents per second on one thread. Copies the document once for
//! each time, as the border does.

#![allow(clippy::disallowed_methods, reason = "a benchmark is an edge")]

use std::time::{Duration, Instant};
use thrivosign::journey::read::{Judging, verify};
use thrivosign::journey::{Input, Limits};
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::verify::Policy;

const WARM: Duration = Duration::from_secs(1);
const MEASURED: Duration = Duration::from_secs(5);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let paths: Vec<String> = std::env::args().skip(1).collect();
    let [document, trust] = paths.as_slice() else {
        return Err("usage: verify_rate DOCUMENT TRUST".into());
    };
    let document = std::fs::read(document)?;
    let trust = TrustAnchors::from_pem(&std::fs::read(trust)?)?;
    let mut rate = 0.0;
    for span in [WARM, MEASURED] {
        let (begun, mut count) = (Instant::now(), 0_u32);
        while begun.elapsed() < span {
            let input = Input::memory(&*document);
            let judging = Judging { trust: &trust, time: None, policy: Policy::default(), password: None, evidence: None };
            let report = verify(&input, &judging, &Limits::default(), None)?;
            if !report.clean {
                return Err("the document is not clean".into());
            }
            count += 1;
        }
        rate = f64::from(count) / begun.elapsed().as_secs_f64();
    }
    println!("verify: {} bytes, {rate:.0} documents/s without a border", document.len());
    Ok(())
}
