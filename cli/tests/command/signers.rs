//! Keys and certificates that cannot sign, each refused by name before the document is touched; and those that can.

use crate::authority::authority;
use crate::bench::{Bench, Said, signer_arguments};
use crate::documents::agreement;
use std::ffi::OsString;
use std::fs;

fn bench() -> Bench {
    Bench::with(&[("in.pdf", &agreement())])
}

fn file(name: &str) -> OsString {
    authority().at(name).into()
}

/// Signs with these options, nothing else given.
fn sign_with(bench: &Bench, options: &[OsString]) -> Said {
    let arguments = [OsString::from("sign")].into_iter().chain(options.iter().cloned());
    bench.run(arguments.chain(["in.pdf".into(), "out.pdf".into()]))
}

fn refused(options: &[OsString], code: i64, name: &str) -> Said {
    eprintln!("{options:?}");
    let bench = bench();
    let before = bench.snapshot();
    let said = sign_with(&bench, options);
    said.refused_without_answer(code, name);
    assert!(bench.snapshot() == before);
    said
}

fn pair(key: &str, certificate: &str) -> Vec<OsString> {
    vec!["--key".into(), file(key), "--cert".into(), file(certificate)]
}

#[test]
fn certificates_that_do_not_fit() {
    for (key, certificate, code, name) in [
        ("expired.key", "expired.pem", 308, "certificate_expired"),
        ("future.key", "future.pem", 308, "certificate_expired"),
        ("seal.key", "seal.pem", 309, "certificate_unsuitable"),
        ("ec.key", "rsa.pem", 310, "certificate_foreign"),
        ("rsa.key", "ec.pem", 310, "certificate_foreign"),
        ("ec.key", "chained.pem", 310, "certificate_foreign"),
        ("ec.key", "other-root.pem", 310, "certificate_foreign"),
        // A certificate that may sign certificates only.
        ("root.key", "root.pem", 309, "certificate_unsuitable"),
    ] {
        refused(&pair(key, certificate), code, name);
    }
}

#[test]
fn files_that_are_something_else() {
    let bench = bench();
    for (name, bytes) in
        [("empty", &b""[..]), ("text", b"no key here\n"), ("broken", b"-----BEGIN CERTIFICATE-----\nMIIB!!\n-----END CERTIFICATE-----\n")]
    {
        fs::write(bench.at(name), bytes).unwrap();
    }
    let own = |name: &str| -> OsString { bench.at(name).into() };
    for certificate in [file("ec.key"), own("empty"), own("text"), own("broken")] {
        let said = refused(&["--key".into(), file("ec.key"), "--cert".into(), certificate], 306, "pem_malformed");
        assert!(!said.stderr.contains("MII"));
    }
    for key in [file("ec.pem"), own("empty"), own("text"), own("broken")] {
        refused(&["--key".into(), key, "--cert".into(), file("ec.pem")], 306, "pem_malformed");
    }
    for p12 in [file("ec.pem"), own("empty"), own("text")] {
        refused(&["--p12".into(), p12, "--passphrase-file".into(), file("right.txt")], 307, "pkcs12_malformed");
    }
    for missing in [own("missing"), bench.path().into()] {
        for (options, which) in [
            (vec!["--key".into(), missing.clone(), "--cert".into(), file("ec.pem")], "--key"),
            (vec!["--key".into(), file("ec.key"), "--cert".into(), missing.clone()], "--cert"),
            (vec!["--p12".into(), missing.clone()], "--p12"),
            (vec!["--p12".into(), file("ec.p12"), "--passphrase-file".into(), missing.clone()], "--passphrase-file"),
        ] {
            let said = refused(&options, 213, "source_unreadable");
            assert!(said.context().starts_with(which), "which of the files is not told: {}", said.stderr);
        }
    }
}

#[test]
fn passphrases() {
    let options = |locked: &str| match locked.strip_suffix(".p12") {
        Some(_) => vec!["--p12".into(), file(locked)],
        None => pair(locked, &locked.replace("-locked.key", ".pem")),
    };
    for locked in ["ec-locked.key", "rsa-locked.key", "ec.p12", "rsa.p12"] {
        let with = |passphrase: &str| [options(locked), vec!["--passphrase-file".into(), file(passphrase)]].concat();
        let said = refused(&with("wrong.txt"), 408, "passphrase_wrong");
        assert!(!said.stderr.contains("Xyzzy"), "the passphrase is told: {}", said.stderr);
        let said = refused(&options(locked), 101, "invalid_argument");
        assert!(said.context().contains("THRIVOSIGN_PASSPHRASE"), "what to do is not told: {}", said.stderr);
        let bench = bench();
        sign_with(&bench, &with("right.txt")).answered(0, 1);
        bench.report(0, &["out.pdf"]);
        // From the environment as well, and an empty one there is one that is wrong.
        for (value, exit) in [("right", 0), ("", 2)] {
            let mut command = bench.command();
            command.args(["--json", "sign"]).args(options(locked)).args(["in.pdf", "out.pdf"]).env("THRIVOSIGN_PASSPHRASE", value);
            assert_eq!(Said::of(&command.output().unwrap()).exit, exit, "{locked} {value:?}");
        }
    }
    let bench = bench();
    fs::write(bench.at("latin1.txt"), b"gr\xfc\xdfe").unwrap();
    refused(&["--p12".into(), file("ec.p12"), "--passphrase-file".into(), bench.at("latin1.txt").into()], 103, "invalid_utf8");
}

#[test]
fn other_pkcs12_files() {
    for p12 in ["old.p12", "keyless.p12"] {
        refused(&["--p12".into(), file(p12), "--passphrase-file".into(), file("right.txt")], 307, "pkcs12_malformed");
    }
}

#[test]
fn algorithms() {
    for (key, certificate, algorithm, shown) in [
        ("ec.key", "ec.pem", "ecdsa", "ecdsa-sha256"),
        ("rsa.key", "rsa.pem", "rsa-pkcs1", "rsa-pkcs1-sha256"),
        ("rsa.key", "rsa.pem", "rsa-pss-sha384", "rsa-pss-sha384"),
        ("chained.key", "chained.pem", "ecdsa-sha256", "ecdsa-sha256"),
    ] {
        let bench = bench();
        let said = bench.run(signer_arguments(key, certificate, &["--algorithm", algorithm, "in.pdf", "out.pdf"]));
        assert_eq!(said.answered(0, 1).lines[0]["signature_algorithm"], shown);
        assert_eq!(bench.report(0, &["out.pdf"])["signatures"][0]["overall"]["indication"], "TOTAL_PASSED");
    }
    for (key, certificate, algorithm) in [("ec.key", "ec.pem", "rsa-pss"), ("rsa.key", "rsa.pem", "ecdsa"), ("ec.key", "ec.pem", "ed25519")]
    {
        refused(&[pair(key, certificate), vec!["--algorithm".into(), algorithm.into()]].concat(), 411, "key_algorithm_unsupported");
    }
    for unknown in ["rsa", "md5", "ecdsa-sha1", ""] {
        let said = refused(&[pair("ec.key", "ec.pem"), vec!["--algorithm".into(), unknown.into()]].concat(), 101, "invalid_argument");
        assert!(said.context().contains("--algorithm"), "{}", said.stderr);
    }
}
