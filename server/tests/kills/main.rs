//! kill -9 under load: clients sign one document after the other while the server, a process of its own, is killed at a seeded moment, also while it
//! starts, and started again on the same folder. Whatever it had answered is there, nothing was signed twice, every chain of audit records is whole, and
//! two seconds after its start it answers again.
//!
//! A kill of the process, not of the machine: what the system was given it keeps. That what is answered was synced before is SQLite's
//! (`synchronous=FULL`) and the file sink's work.

#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own processes, sockets, files and time")]

#[path = "../client/mod.rs"]
mod client;
mod job;
#[cfg(feature = "faults")]
mod statements;

use client::Desk;
use client::phone::Phone;
use client::process::{Process, command, demo, hear};
use job::{Job, Signer};
use rusqlite::{Connection, OpenFlags};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use thrivosign_server::audit;

const CLIENTS: usize = 4;
/// How many kills a data folder lives through.
const LIVES: usize = 50;
/// The longest time under load before a kill, in milliseconds.
const LONGEST: u64 = 400;
const RECOVERY: Duration = Duration::from_secs(2);
const SEED: u64 = 0x6b69_6c6c;

/// A number that looks random and is the same in every run (splitmix64).
fn drawn(from: u64) -> u64 {
    let mut z = from.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(SEED);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What a run has seen.
#[derive(Debug, Default)]
struct Seen {
    kills: usize,
    while_starting: usize,
    answered: usize,
    sessions: usize,
    doubtful: usize,
    recovery: Duration,
}

/// A data folder, the server on it, and who signs there.
struct Bank {
    place: tempfile::TempDir,
    desk: Desk,
    process: Process,
    signer: Signer,
    root: String,
    names: AtomicUsize,
}

fn data(place: &Path) -> PathBuf {
    place.join("data")
}

/// The demo, whose log nobody has to read while it runs.
fn logged(place: &Path) -> Command {
    let mut command = demo(&data(place));
    let log = File::options().create(true).append(true).open(place.join("log")).unwrap();
    command.stderr(Stdio::from(log));
    command
}

impl Bank {
    fn open() -> Bank {
        let place = tempfile::tempdir().unwrap();
        let process = hear(logged(place.path()));
        let key = process.said("API key (shown once): ").unwrap();
        let tls = std::fs::read_to_string(data(place.path()).join("tls-root.pem")).unwrap();
        let desk = Desk::of_process(tempfile::tempdir().unwrap(), process.address, &tls, &key);
        let (token, _) = desk.login();
        let phone = Phone::new("phone-1");
        let codes = || std::fs::read_to_string(data(place.path()).with_extension("codes")).unwrap().lines().last().unwrap().to_owned();
        let credential = phone.enrol_by(&desk, &token, "Demo User", &codes);
        let root = std::fs::read_to_string(data(place.path()).join("ca-root.pem")).unwrap();
        Bank { place, desk, process, signer: Signer { token, phone, credential }, root, names: AtomicUsize::new(0) }
    }

    /// Part of a folder's life: load, a kill, perhaps a second one in the middle of the start, and what is there afterwards.
    fn live(&mut self, trial: u64, seen: &mut Seen) {
        let until = Duration::from_micros(drawn(trial) % (LONGEST * 1_000));
        let (desk, signer, names) = (&self.desk, &self.signer, &self.names);
        let child = &mut self.process.child;
        let jobs: Vec<Job> = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(|| sign_until_it_is_gone(desk, signer, names))).collect();
            std::thread::sleep(until);
            child.kill().unwrap();
            child.wait().unwrap();
            clients.into_iter().flat_map(|client| client.join().unwrap()).collect()
        });
        seen.kills += 1;
        seen.answered += jobs.iter().map(Job::answered).sum::<usize>();
        seen.doubtful += jobs.iter().filter(|job| !job.done()).count();
        if trial % 4 == 3 {
            let mut child = logged(self.place.path()).spawn().unwrap();
            std::thread::sleep(Duration::from_micros(drawn(trial ^ 0xff) % 100_000));
            child.kill().unwrap();
            child.wait().unwrap();
            seen.kills += 1;
            seen.while_starting += 1;
        }
        let began = Instant::now();
        self.process = hear(logged(self.place.path()));
        assert!(self.process.said("API key").is_none(), "nothing is made anew");
        self.desk.move_to(self.process.address);
        let list = self.desk.authed(&self.signer.token, "GET", "/rssp/certificates", &serde_json::Value::Null);
        assert_eq!(list.status, 200, "{list:?}");
        let recovery = began.elapsed();
        assert!(recovery < RECOVERY, "trial {trial}: {recovery:?} until it answered");
        seen.recovery = seen.recovery.max(recovery);
        self.look(jobs, seen);
    }

    /// What was answered stands, what was not goes on to its end, and there is nothing else.
    fn look(&self, jobs: Vec<Job>, seen: &mut Seen) {
        for mut job in jobs {
            job.stands(&self.desk, &self.signer);
            while !job.done() {
                assert!(job.step(&self.desk, &self.signer), "it is there again");
            }
            job.is_whole(&self.desk, &self.signer, &self.root);
            seen.sessions += 1;
        }
        let store = data(self.place.path()).join("store.db");
        let report = audit::verify(&store, None, None).unwrap();
        assert!(report.findings.is_empty(), "{:?}", report.findings);
        let store = Connection::open_with_flags(&store, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let count = |sql: &str| store.query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap() as usize;
        let sessions = self.names.load(Ordering::SeqCst);
        assert_eq!(count("SELECT count(*) FROM documents"), sessions, "each document stands once");
        assert_eq!(count("SELECT count(*) FROM signatures WHERE state = 'completed'"), sessions, "each is signed once");
        assert_eq!(count("SELECT count(*) FROM signatures"), sessions, "and was prepared once");
        let files = std::fs::read_dir(data(self.place.path()).join("documents")).unwrap().count();
        assert_eq!(files, sessions, "no file without its record, no record without its file");
    }

    /// The last kill, and the operator's own look at what is left.
    fn end(self) {
        self.process.kill();
        let said = command(&data(self.place.path())).arg("check").output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    }
}

/// Sessions, one after the other, until a call has no answer: the last may be at any step.
fn sign_until_it_is_gone(desk: &Desk, signer: &Signer, names: &AtomicUsize) -> Vec<Job> {
    let mut jobs = Vec::new();
    loop {
        let mut job = Job::new(format!("session-{}", names.fetch_add(1, Ordering::SeqCst)));
        let gone = loop {
            if job.done() {
                break false;
            }
            if !job.step(desk, signer) {
                break true;
            }
        };
        jobs.push(job);
        if gone {
            return jobs;
        }
    }
}

#[test]
fn a_kill_at_any_moment_loses_nothing_and_doubles_nothing() {
    let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
    // The long run can be taken up where it was ended, and ended after a time.
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let until = number("THRIVOSIGN_KILLS_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds as u64));
    let wanted = number("THRIVOSIGN_KILLS").unwrap_or(if long { 1_000 } else { 100 });
    let mut seen = Seen::default();
    let mut trial = number("THRIVOSIGN_KILLS_FROM").unwrap_or(0);
    while seen.kills < wanted && until.is_none_or(|until| Instant::now() < until) {
        let mut bank = Bank::open();
        let last = seen.kills + LIVES;
        while seen.kills < last.min(wanted) {
            bank.live(trial as u64, &mut seen);
            trial += 1;
        }
        bank.end();
        println!("{} of {wanted} kills, next trial {trial}", seen.kills);
    }
    println!("{seen:?}");
    assert!(seen.answered > seen.kills, "there was load: {seen:?}");
}

/// A start that makes keys, certificates and store is killed on its way: the next one ends it, and no folder is beyond use.
#[test]
fn a_first_start_that_is_killed_is_ended_by_the_next() {
    let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
    for trial in 0..if long { 200 } else { 12 } {
        let place = tempfile::tempdir().unwrap();
        let mut child = logged(place.path()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(drawn(trial ^ 0xfff) % 300_000));
        child.kill().unwrap();
        child.wait().unwrap();
        let process = hear(logged(place.path()));
        // Printed to nobody: the operator makes another.
        let key = process.said("API key (shown once): ");
        process.kill();
        let made = command(&data(place.path())).arg("new-api-key").output().unwrap();
        assert!(made.status.success(), "trial {trial}");
        let key = key.unwrap_or_else(|| String::from_utf8(made.stdout).unwrap().trim().to_owned());
        let process = hear(logged(place.path()));
        let tls = std::fs::read_to_string(data(place.path()).join("tls-root.pem")).unwrap();
        let desk = Desk::of_process(tempfile::tempdir().unwrap(), process.address, &tls, &key);
        assert!(!desk.login().0.is_empty());
        process.kill();
        assert!(command(&data(place.path())).arg("check").output().unwrap().status.success(), "trial {trial}");
    }
}
