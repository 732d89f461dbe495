//! The process ends before each statement that writes, and right behind each, commits among them: what was answered stands, what was not goes on to its end
//! after the next start, and nothing is there twice.

use super::{Bank, data, logged};
use crate::client::Desk;
use crate::client::phone::Phone;
use crate::client::process::{command, try_hear};
use crate::job::Job;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::process::Command;
use thrivosign_server::audit;

/// More than any of these jobs has statements: a fault that is never met ends the test.
const MOST: u64 = 400;

fn copy(from: &Path, to: &Path) {
    let done = Command::new("cp").arg("-a").args([from, to]).status().unwrap();
    assert!(done.success());
}

impl Bank {
    /// The server anew, with that fault or without. False if it ended before it was there.
    fn again(&mut self, fault: Option<String>) -> bool {
        let _ended_already = self.process.child.kill();
        let _ended_already = self.process.child.wait();
        let mut command = logged(self.place.path());
        if let Some(fault) = fault {
            command.env("THRIVOSIGN_STORE_FAULT", fault);
        }
        let Some(process) = try_hear(command) else { return false };
        self.process = process;
        self.desk.move_to(self.process.address);
        true
    }

    fn is_gone(&mut self) -> bool {
        // What ends while it answers is not at once a process that has ended.
        (0..100).any(|_| {
            let gone = self.process.child.try_wait().unwrap().is_some();
            if !gone {
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
            gone
        })
    }
}

/// Every N of the fault, until one is not met; `before` each, while no server runs, something may be done to its folder.
fn at_every_statement(bank: &mut Bank, when: &str, before: impl Fn(&Bank), mut work: impl FnMut(&mut Bank, bool)) -> u64 {
    for number in 1..MOST {
        bank.process.child.kill().unwrap();
        bank.process.child.wait().unwrap();
        before(bank);
        let is_there = bank.again(Some(format!("{when}:{number}")));
        work(bank, is_there);
        if is_there && !bank.is_gone() {
            return number - 1;
        }
    }
    panic!("more than {MOST} statements");
}

#[test]
fn a_session_that_ends_at_any_statement_is_signed_once() {
    for when in ["before", "after"] {
        let mut bank = Bank::open();
        let mut seen = super::Seen::default();
        let statements = at_every_statement(
            &mut bank,
            when,
            |_| {},
            |bank, is_there| {
                let name = bank.names.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let mut job = Job::new(format!("session-{name}"));
                while is_there && !job.done() && job.step(&bank.desk, &bank.signer) {}
                if !(is_there && job.done() && !bank.is_gone()) {
                    assert!(bank.again(None), "the next start is whole");
                    bank.look(vec![job], &mut seen);
                    bank.process.child.kill().unwrap();
                }
            },
        );
        println!("{when}: {statements} statements, {seen:?}");
        assert!(statements >= 12 && seen.sessions as u64 >= statements, "{when}: {statements}, {seen:?}");
        bank.end();
    }
}

#[test]
fn an_enrolment_that_ends_at_any_statement_leaves_a_store_that_goes_on() {
    for when in ["before", "after"] {
        let mut bank = Bank::open();
        let codes = data(bank.place.path()).with_extension("codes");
        let latest = move || std::fs::read_to_string(&codes).unwrap().lines().last().unwrap().to_owned();
        let enrol = |desk: &Desk, name: &str| {
            let (token, _) = desk.login();
            Phone::new(name).enrol_by(desk, &token, "Demo User", &latest)
        };
        let base = bank.place.path().join("base");
        bank.process.child.kill().unwrap();
        bank.process.child.wait().unwrap();
        copy(&data(bank.place.path()), &base);
        // Nobody may have so many codes sent.
        let before = |bank: &Bank| {
            std::fs::remove_dir_all(data(bank.place.path())).unwrap();
            copy(&base, &data(bank.place.path()));
        };
        let statements = at_every_statement(&mut bank, when, before, |bank, is_there| {
            let ended = catch_unwind(AssertUnwindSafe(|| is_there.then(|| enrol(&bank.desk, "phone-2"))));
            if matches!(ended, Ok(Some(_))) && !bank.is_gone() {
                return;
            }
            if let Err(said) = ended
                && !bank.is_gone()
            {
                resume_unwind(said);
            }
            assert!(bank.again(None), "the next start is whole");
            let report = audit::verify(&data(bank.place.path()).join("store.db"), None, None).unwrap();
            assert!(report.findings.is_empty(), "{:?}", report.findings);
            // Codes and throttles of what was cut off are no one's obstacle.
            let credential = enrol(&bank.desk, "phone-3");
            assert!(!credential.is_empty());
            bank.process.child.kill().unwrap();
        });
        println!("{when}: {statements} statements");
        assert!(statements >= 20, "{when}: {statements}");
        bank.process.child.kill().unwrap();
        let said = command(&data(bank.place.path())).arg("check").output().unwrap();
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    }
}
