//! Mode `remote` from both sides: our client signs through this server and through certomancer's, pyHanko's signs through ours, and each result is
//! clean for us and for pdfsig.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files, programs, threads and time")]

#[path = "../client/mod.rs"]
mod client;
mod dummy;
mod ours;
mod pyhanko;

use client::Desk;
use client::remote::PIN;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use thrivosign::journey::csc::{Factors, Shown, Wanted};
use thrivosign::journey::{Environment, Limits, RetryPolicy, Session};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::remote::secret::Secret;
use thrivosign::verify::{Policy, VerifyOptions, verify};

/// A person who knows the PIN and reads the codes.
#[derive(Default)]
struct Person {
    codes: Option<Arc<Desk>>,
    asked: AtomicU32,
    last: Mutex<Option<Wanted>>,
}

impl Factors for Person {
    fn ask(&self, wanted: &Wanted) -> thrivosign::Result<Shown> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        *self.last.lock().unwrap() = Some(wanted.clone());
        let otp = wanted.otp.and(self.codes.as_ref()).map(|desk| Secret::new(desk.code()));
        Ok(Shown { pin: wanted.pin.then(|| Secret::new(PIN)), otp })
    }
}

fn session(desk: &Desk) -> Arc<Session> {
    let running = desk.running.as_ref().unwrap();
    let mut options = Options::new(running.base());
    options.roots = Roots::from_pem(running.tls_root_pem().as_bytes()).unwrap();
    let mut environment = Environment::new(Secret::new(&desk.key));
    environment.retry = RetryPolicy { tries: 2, base: Duration::from_millis(10), cap: Duration::from_millis(20) };
    let session = Session::new(Arc::new(HttpsTransport::new(&options).unwrap()), environment).unwrap();
    session.login(client::USER, Secret::new(client::PASSWORD), &Limits::default()).unwrap();
    Arc::new(session)
}

/// The file is cleanly signed, once, for our verifier and for pdfsig.
fn is_clean(file: &Path, root_pem: &str) {
    let trust = TrustAnchors::from_pem(root_pem.as_bytes()).unwrap();
    let options =
        VerifyOptions { trust: &trust, time: thrivosign::host::clock::now(), policy: Policy::default(), password: None, evidence: None };
    let bytes = std::fs::read(file).unwrap();
    let report = verify(&bytes, &options, &thrivosign::Progress::default()).unwrap();
    assert!(report.clean && report.signatures.len() == 1, "{report:?}");
    let output = Command::new("pdfsig").arg("-nocert").arg(file).output().expect("pdfsig is installed");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("Signature is Valid.") && said.contains("Total document signed"), "{said}");
}

fn missing(what: &str) {
    assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "{what} is not there");
    println!("skipped: {what} is not there");
}
