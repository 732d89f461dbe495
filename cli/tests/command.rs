//! The command as people and scripts run it: its fixed forms, exit codes, JSON against the published schemas, and what it leaves behind.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, missing_docs, reason = "tests run programs and look at files")]

use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

struct Place {
    folder: tempfile::TempDir,
}

fn run(program: &str, folder: &Path, arguments: &[&str]) -> Output {
    let command = Command::new(program).args(arguments).current_dir(folder).output();
    let output = command.unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

impl Place {
    /// A folder with a document, a root, a key with its certificate, and the same as PKCS#12.
    fn new() -> Place {
        let place = Place { folder: tempfile::tempdir().unwrap() };
        let folder = place.folder.path();
        let p256 = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
        let root = ["req", "-x509", "-keyout", "root.key", "-out", "root.pem", "-subj", "/CN=Root", "-days", "30"];
        run("openssl", folder, &[&root[..], &p256].concat());
        run("openssl", folder, &[&["req", "-keyout", "key.pem", "-out", "key.csr", "-subj", "/CN=Anna Example"][..], &p256].concat());
        std::fs::write(folder.join("ext"), "keyUsage=critical,digitalSignature,nonRepudiation\n").unwrap();
        let issue = [
            "x509",
            "-req",
            "-in",
            "key.csr",
            "-CA",
            "root.pem",
            "-CAkey",
            "root.key",
            "-CAcreateserial",
            "-days",
            "20",
            "-extfile",
            "ext",
        ];
        run("openssl", folder, &[&issue[..], &["-out", "leaf.pem"]].concat());
        let chain = ["leaf.pem", "root.pem"].map(|name| std::fs::read(folder.join(name)).unwrap()).concat();
        std::fs::write(folder.join("chain.pem"), chain).unwrap();
        let export = [
            "pkcs12",
            "-export",
            "-inkey",
            "key.pem",
            "-in",
            "leaf.pem",
            "-certfile",
            "root.pem",
            "-passout",
            "pass:abc",
            "-out",
            "key.p12",
        ];
        run("openssl", folder, &export);
        std::fs::write(folder.join("in.pdf"), document()).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thrivosign"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        for variable in ["THRIVOSIGN_PASSPHRASE", "THRIVOSIGN_PASSWORD", "THRIVOSIGN_API_KEY", "THRIVOSIGN_STATE"] {
            command.env_remove(variable);
        }
        command
    }

    /// Exit code, stdout, stderr.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        text(self.command(arguments).output().unwrap())
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            std::fs::read_dir(self.folder.path()).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

fn text(output: Output) -> (i32, String, String) {
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn document() -> Vec<u8> {
    let content = "BT /F1 24 Tf 72 700 Td (A loan agreement) Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Count 1/Kids[3 0 R]>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>".to_owned(),
        format!("<</Length {}>>\nstream\n{content}\nendstream", content.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut out = b"%PDF-1.7\n".to_vec();
    let mut xref = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (i, object) in objects.iter().enumerate() {
        xref.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", i + 1).as_bytes());
    }
    let end = format!("{xref}trailer\n<</Size {}/Root 1 0 R>>\nstartxref\n{}\n%%EOF\n", objects.len() + 1, out.len());
    out.extend_from_slice(end.as_bytes());
    out
}

/// One line of JSON that the schema accepts.
fn valid(schema: &str, line: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema").join(schema);
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let value: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}: {line}");
    value
}

#[test]
fn the_fixed_forms_sign_and_verify() {
    let place = Place::new();
    let signer = ["sign", "--key", "key.pem", "--cert", "chain.pem"];
    let (code, out, err) = place.run(
        &[&signer[..], &["--field", "loan.debtor", "--reason", "I agree", "--visible", "1,50,50,200,60", "in.pdf", "out.pdf"]].concat(),
    );
    assert_eq!(code, 0, "{err}");
    assert!(out.contains("loan.debtor") && err.contains("test and migration aid"), "{out} {err}");
    let (code, out, err) = place.run(&["verify", "--json", "--trust", "root.pem", "out.pdf"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let report = valid("report-1.json", out.trim());
    assert_eq!((&report["clean"], &report["file"]), (&Value::Bool(true), &Value::from("out.pdf")));
    // Without trust it is not clean; long before the certificate it is not either.
    assert_eq!(place.run(&["verify", "out.pdf"]).0, 1);
    assert_eq!(place.run(&["verify", "--trust", "root.pem", "--time", "2001-01-01T00:00:00Z", "out.pdf"]).0, 1);
    // The same from PKCS#12, twice in a row, as JSON.
    let mut command = place.command(&[
        "sign",
        "--json",
        "--p12",
        "key.p12",
        "--location",
        "Budapest",
        "--contact",
        "a@example.org",
        "out.pdf",
        "two.pdf",
    ]);
    let (code, out, err) = text(command.env("THRIVOSIGN_PASSPHRASE", "abc").output().unwrap());
    assert_eq!(code, 0, "{err}");
    let signed = valid("signed-1.json", out.trim());
    assert_eq!(signed["field"], "Signature1");
    assert_eq!(std::fs::metadata(place.path("two.pdf")).unwrap().len(), signed["size"].as_u64().unwrap());
    assert!(std::fs::read(place.path("two.pdf")).unwrap().starts_with(&std::fs::read(place.path("out.pdf")).unwrap()));
    let (code, out, _) = place.run(&["verify", "--trust", "root.pem", "two.pdf"]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn the_worst_of_several_files_decides_and_each_has_its_line() {
    let place = Place::new();
    assert_eq!(place.run(&["sign", "--key", "key.pem", "--cert", "chain.pem", "in.pdf", "out.pdf"]).0, 0);
    let mut bad = std::fs::read(place.path("out.pdf")).unwrap();
    let at = bad.windows(4).position(|w| w == b"loan").unwrap();
    bad[at] = b'L';
    std::fs::write(place.path("bad.pdf"), bad).unwrap();
    std::fs::write(place.path("text.pdf"), "hello").unwrap();
    std::fs::write(place.path("empty.pdf"), "").unwrap();
    let verify = |files: &[&str]| place.run(&[&["verify", "--json", "--trust", "root.pem"][..], files].concat());
    for (files, expected) in [
        (&["out.pdf"][..], 0),
        (&["in.pdf"], 3),
        (&["bad.pdf"], 1),
        (&["text.pdf"], 2),
        (&["empty.pdf"], 2),
        (&["missing.pdf"], 2),
        (&["out.pdf", "in.pdf"], 3),
        (&["in.pdf", "bad.pdf", "out.pdf"], 1),
        (&["bad.pdf", "missing.pdf", "out.pdf"], 2),
    ] {
        let (code, out, err) = verify(files);
        assert_eq!(code, expected, "{files:?} {err}");
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(lines.len(), files.len());
        for (line, file) in lines.into_iter().zip(files) {
            let failed = line.contains("\"error\":{");
            let value = valid(if failed { "error-1.json" } else { "report-1.json" }, line);
            assert_eq!(value["file"], *file);
        }
        for line in err.lines() {
            valid("error-1.json", line);
        }
    }
    let (code, out, _) = place.run(&["inspect", "out.pdf"]);
    assert!(code == 0 && out.contains("Signature1"), "{out}");
    let (code, out, _) = place.run(&["inspect", "--json", "in.pdf", "text.pdf"]);
    assert_eq!((code, out.lines().count()), (2, 2));
}

#[test]
fn what_fails_says_why_and_leaves_nothing() {
    let place = Place::new();
    std::fs::write(place.path("out.pdf"), "old").unwrap();
    std::fs::write(place.path("text.pdf"), "hello").unwrap();
    run("openssl", place.folder.path(), &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", "other.pem"]);
    let before = place.names();
    let key = ["--key", "key.pem", "--cert", "chain.pem"];
    for (arguments, name) in [
        ([&key[..], &["text.pdf", "out.pdf"]].concat(), "not_pdf"),
        ([&key[..], &["missing.pdf", "out.pdf"]].concat(), "source_unreadable"),
        ([&key[..], &["in.pdf", "in.pdf"]].concat(), "output_is_input"),
        ([&key[..], &["in.pdf", "nowhere/out.pdf"]].concat(), "output_unwritable"),
        ([&key[..], &["--visible", "9,1,1,50,50", "in.pdf", "out.pdf"]].concat(), "page_not_found"),
        ([&key[..], &["--visible", "1,600,1,50,50", "in.pdf", "out.pdf"]].concat(), "box_unusable"),
        ([&key[..], &["--field", "a..b", "in.pdf", "out.pdf"]].concat(), "invalid_argument"),
        ([&key[..], &["--algorithm", "rsa-pss", "in.pdf", "out.pdf"]].concat(), "key_algorithm_unsupported"),
        (vec!["--key", "other.pem", "--cert", "chain.pem", "in.pdf", "out.pdf"], "certificate_foreign"),
        (vec!["--key", "root.pem", "--cert", "chain.pem", "in.pdf", "out.pdf"], "pem_malformed"),
        (vec!["--p12", "key.p12", "in.pdf", "out.pdf"], "invalid_argument"),
    ] {
        let (code, out, err) = place.run(&[&["sign", "--json"][..], &arguments].concat());
        let line = err.lines().last().unwrap_or_default();
        assert_eq!((code, out.as_str()), (2, ""), "{arguments:?} {err}");
        assert_eq!(valid("error-1.json", line)["error"]["name"], name, "{arguments:?}");
        assert_eq!(std::fs::read(place.path("out.pdf")).unwrap(), b"old");
        assert_eq!(place.names(), before);
    }
    let mut wrong = place.command(&["sign", "--p12", "key.p12", "in.pdf", "out.pdf"]);
    let (code, _, err) = text(wrong.env("THRIVOSIGN_PASSPHRASE", "wrong").output().unwrap());
    assert!(code == 2 && err.contains("408 passphrase_wrong"), "{err}");
    // No secret is an argument; a form that does not exist is a usage error.
    for arguments in [
        &["sign", "in.pdf", "out.pdf"][..],
        &["sign", "--key", "key.pem", "in.pdf", "out.pdf"],
        &["sign", "--passphrase", "x"],
        &["frobnicate"],
        &[],
    ] {
        assert_eq!(place.run(arguments).0, 2, "{arguments:?}");
    }
    // Without a service the commands that need one say so.
    let state = ["--state", "state"];
    let (code, _, err) = place.run(&[&["list", "--json"][..], &state].concat());
    assert_eq!((code, &valid("error-1.json", err.trim())["error"]["name"]), (2, &Value::from("login_required")));
    let login = ["login", "--service", "http://127.0.0.1:1", "--user", "anna", "--json"];
    let mut command = place.command(&[&login[..], &state].concat());
    let (code, _, err) = text(command.env("THRIVOSIGN_API_KEY", "k").env("THRIVOSIGN_PASSWORD", "p").output().unwrap());
    assert_eq!((code, &valid("error-1.json", err.trim())["error"]["name"]), (2, &Value::from("plain_http_refused")));
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(place.path("state")).unwrap().permissions()) & 0o777, 0o700);
}
