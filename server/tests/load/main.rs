//! Load: whole sessions in mode `submit` (sent, prepared, signed, fetched; a document of 104 KB, a connection each) begin at a steady rate, whether or not those
//! before them have ended. How long one took counts from when it was due, so that a server that stops is not asked less. Then four times as many: who is not
//! served is told so at once, the server stays, and soon all is as before.
//!
//! In every run a few seconds at what any build can do: no errors, no crash. `THRIVOSIGN_LOAD_SERVER` names an optimised server: then figures count, at
//! `THRIVOSIGN_LOAD_RATE` sessions a second (60) for `THRIVOSIGN_LOAD_SECONDS` (300) with the client on the same machine (`docs/evidence/load.md`).

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own processes, sockets, threads, files and time")]

#[path = "../client/mod.rs"]
mod client;
mod session;

use client::Desk;
use client::phone::Phone;
use client::process::{demo, hear};
use session::{Ended, Signer};
use std::fs::File;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const P99: Duration = Duration::from_millis(500);
const REJECTED_IN: Duration = Duration::from_millis(50);
const NORMAL_AFTER: Duration = Duration::from_secs(5);
/// Bytes of a document.
const SIZE: usize = 104 << 10;

/// What came of a time under load.
#[derive(Default)]
struct Seen {
    done: Vec<Duration>,
    rejected: Vec<Duration>,
    errors: Vec<String>,
}

fn at(part: usize, sorted: &[Duration]) -> Duration {
    sorted.get((sorted.len() * part / 1_000).min(sorted.len().saturating_sub(1))).copied().unwrap_or_default()
}

impl Seen {
    fn tell(&mut self, what: &str, took: Duration) {
        self.done.sort_unstable();
        self.rejected.sort_unstable();
        println!(
            "{what}: {} done in {took:.1?}, {:.1} a second; half in {:?}, 99 of 100 in {:?}, all in {:?}; {} rejected, half in {:?}, 99 of 100 in {:?}; {} errors",
            self.done.len(),
            self.done.len() as f64 / took.as_secs_f64(),
            at(500, &self.done),
            at(990, &self.done),
            at(1_000, &self.done),
            self.rejected.len(),
            at(500, &self.rejected),
            at(990, &self.rejected),
            self.errors.len()
        );
    }
}

/// Begins sessions at that rate for so long; `workers` is how many may be under way.
fn load(signer: &Signer, names: &AtomicUsize, (rate, seconds, workers): (f64, f64, usize)) -> (Seen, Duration) {
    let seen = Mutex::new(Seen::default());
    let next = AtomicUsize::new(0);
    let began = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let due = began + Duration::from_secs_f64(next.fetch_add(1, Ordering::SeqCst) as f64 / rate);
                    if due >= began + Duration::from_secs_f64(seconds) {
                        return;
                    }
                    std::thread::sleep(due.saturating_duration_since(Instant::now()));
                    let ended = signer.session(&format!("session-{}", names.fetch_add(1, Ordering::SeqCst)));
                    let mut seen = seen.lock().unwrap();
                    match ended {
                        Ended::Done => seen.done.push(due.elapsed()),
                        Ended::Rejected(took) => seen.rejected.push(took),
                        Ended::Failed(why) => seen.errors.push(why),
                    }
                }
            });
        }
    });
    (seen.into_inner().unwrap(), began.elapsed())
}

#[test]
fn sessions_at_a_steady_rate_and_at_four_times_that() {
    let optimised = std::env::var_os("THRIVOSIGN_LOAD_SERVER");
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<f64>().ok());
    let figures = optimised.is_some();
    let rate = number("THRIVOSIGN_LOAD_RATE").unwrap_or(if figures { 60.0 } else { 4.0 });
    let seconds = number("THRIVOSIGN_LOAD_SECONDS").unwrap_or(if figures { 300.0 } else { 5.0 });
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let mut command = match &optimised {
        None => demo(&data),
        Some(server) => {
            let usual = demo(&data);
            let mut command = Command::new(server);
            command.args(usual.get_args()).env("THRIVOSIGN_SEED_PASSWORD", client::PASSWORD);
            command.stdin(Stdio::null()).stdout(Stdio::piped());
            command
        }
    };
    command.stderr(Stdio::from(File::create(place.path().join("log")).unwrap()));
    let mut process = hear(command);
    let key = process.said("API key (shown once): ").unwrap();
    let tls = std::fs::read_to_string(data.join("tls-root.pem")).unwrap();
    let desk = Desk::of_process(tempfile::tempdir().unwrap(), process.address, &tls, &key);
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    let codes = || std::fs::read_to_string(data.with_extension("codes")).unwrap().lines().last().unwrap().to_owned();
    let credential = phone.enrol_by(&desk, &token, "Demo User", &codes);
    let signer = Signer::new(Arc::new(desk), token, phone, credential, SIZE);
    let names = AtomicUsize::new(0);

    let (mut steady, took) = load(&signer, &names, (rate, seconds, 64));
    steady.tell(&format!("{rate} a second"), took);
    assert!(steady.errors.is_empty(), "{:?}", &steady.errors[..steady.errors.len().min(5)]);
    assert!(!steady.done.is_empty());

    let hard = if figures { (rate * 4.0, (seconds / 5.0).min(60.0), 240) } else { (rate * 20.0, 3.0, 160) };
    let (mut much, took) = load(&signer, &names, hard);
    much.tell(&format!("{} a second", hard.0), took);
    let over = Instant::now();
    let normal = loop {
        let began = Instant::now();
        if matches!(signer.session(&format!("after-{}", names.fetch_add(1, Ordering::SeqCst))), Ended::Done) && began.elapsed() < P99 * 4 {
            break over.elapsed();
        }
        assert!(over.elapsed() < Duration::from_secs(60), "it does not come back");
    };
    println!("served as before {normal:?} after the last of them had ended");
    assert!(process.child.try_wait().unwrap().is_none(), "the server is still there");
    process.kill();
    let log = std::fs::read_to_string(place.path().join("log")).unwrap();
    assert!(!log.contains("panicked") && !log.contains("\"level\":\"ERROR\""));
    assert!(much.errors.is_empty(), "{:?}", &much.errors[..much.errors.len().min(5)]);
    assert!(normal < NORMAL_AFTER * if figures { 1 } else { 4 }, "{normal:?}");
    if figures {
        assert!(steady.rejected.is_empty() && steady.done.len() as f64 >= rate * seconds * 0.99, "{} done", steady.done.len());
        assert!(at(990, &steady.done) < P99, "99 of 100 in {:?}", at(990, &steady.done));
        assert!(at(500, &much.rejected) < REJECTED_IN, "half of the rejected in {:?}", at(500, &much.rejected));
    }
}
