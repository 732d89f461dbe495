//! Encrypted documents: each state of the password is named, and with the right one everything works.

use crate::bench::{Bench, skip};
use crate::documents::encrypted;

const LOCKED: &str = "in.pdf";

fn bench(user: &str) -> Option<Bench> {
    let Some(bytes) = encrypted(user) else {
        skip("qpdf is not installed");
        return None;
    };
    Some(Bench::with(&[(LOCKED, &bytes)]))
}

#[test]
fn without_a_password_or_with_a_wrong_one() {
    let Some(bench) = bench("user") else { return };
    bench.sign_refused(&[LOCKED, "out.pdf"], 206, "password_required");
    for wrong in ["", "User", "user ", "пароль"] {
        bench.sign_refused(&["--password", wrong, LOCKED, "out.pdf"], 207, "password_wrong");
    }
    for command in ["verify", "inspect"] {
        bench.run_untouched([command, LOCKED]).refused_in_its_line(206, "password_required");
        let said = bench.run_untouched([command, "--password", "Xyzzy", LOCKED]);
        said.refused_in_its_line(207, "password_wrong");
        assert!(!said.stderr.contains("Xyzzy"), "the password is told: {}", said.stderr);
    }
}

#[test]
fn with_either_password() {
    for password in ["user", "owner"] {
        let Some(bench) = bench("user") else { return };
        bench.sign(&["--password", password, LOCKED, "out.pdf"]).answered(0, 1);
        assert!(bench.read("out.pdf").starts_with(&bench.read(LOCKED)));
        bench.verify(&["out.pdf"]).refused_in_its_line(206, "password_required");
        bench.verify(&["--password", "wrong", "out.pdf"]).refused_in_its_line(207, "password_wrong");
        for opens in ["user", "owner"] {
            let report = bench.report(0, &["--password", opens, "out.pdf"]);
            assert_eq!((&report["clean"], &report["document"]["encrypted"]), (&true.into(), &true.into()));
        }
        let said = bench.run_untouched(["inspect", "--password", password, "out.pdf"]);
        assert_eq!(said.answered(0, 1).lines[0]["encryption"]["owner"], password == "owner");
    }
}

#[test]
fn with_an_empty_user_password() {
    let Some(bench) = bench("") else { return };
    bench.sign_refused(&["--password", "Xyzzy", LOCKED, "out.pdf"], 207, "password_wrong");
    // Every viewer opens such a document without asking, and so does this command.
    for password in [&["--password", ""][..], &[]] {
        bench.sign(&[password, &[LOCKED, "out.pdf"]].concat()).answered(0, 1);
        bench.report(0, &["--password", "", "out.pdf"]);
        bench.report(0, &["out.pdf"]);
    }
}
