//! The policy as a file: what the options mean, written down, judges the same; and the same document and policy give the same bytes, wherever and
//! however they are judged.

use crate::authority::authority;
use crate::bench::Bench;
use crate::documents::agreement;
use crate::schema;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Output;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};
use thrivosign::Time;

/// An hour from now: the authority's certificates begin with the test.
fn at(more: i64) -> String {
    static NOW: OnceLock<i64> = OnceLock::new();
    let now = NOW.get_or_init(|| SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs().try_into().unwrap());
    Time::from_unix(now + 3_600 + more).to_string()
}

fn bench() -> Bench {
    let bench = Bench::with(&[("in.pdf", &agreement())]);
    bench.sign(&["in.pdf", "out.pdf"]).answered(0, 1);
    bench
}

fn root() -> String {
    authority().at("root.pem").to_str().unwrap().to_owned()
}

/// What `--print-policy` writes with these arguments, in a file of that name.
fn policy(bench: &Bench, name: &str, arguments: &[&str]) -> String {
    let output = bench.command().args(["verify", "--print-policy"]).args(arguments).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
    let text = String::from_utf8(output.stdout).unwrap();
    schema::hold("policy", &serde_json::from_str(&text).unwrap());
    fs::write(bench.at(name), &text).unwrap();
    text
}

#[test]
fn options_written_down_judge_the_same() {
    let bench = bench();
    let root = root();
    let time = at(0);
    let options = ["--trust", &root, "--revocation", "none", "--time", &time];
    let text = policy(&bench, "policy.json", &options);
    // It comes back as it was, byte for byte.
    assert_eq!(policy(&bench, "again.json", &["--policy", "policy.json"]), text);
    let by_options = bench.run([&["verify"][..], &options, &["out.pdf"]].concat());
    let by_file = bench.run(["verify", "--policy", "policy.json", "out.pdf"]);
    assert_eq!(by_file.lines, by_options.lines);
    let report = &by_file.answered(0, 1).lines[0];
    let found = (&report["policy"]["revocation"], &report["policy"]["time"], &report["policy"]["trust_anchors"]);
    assert_eq!(found, (&json!("off"), &json!(at(0)), &json!(1)));
    // The name of the rules is the digest of that file without its time.
    let timeless = policy(&bench, "timeless.json", &["--trust", &root, "--revocation", "none"]);
    let digest = |text: &str| {
        let file = bench.at("digested");
        fs::write(&file, text).unwrap();
        let said = std::process::Command::new("sha256sum").arg(file).output().unwrap();
        String::from_utf8(said.stdout).unwrap()[..64].to_owned()
    };
    assert_eq!(report["policy"]["sha256"], digest(&timeless));
    let lines: String = text.lines().filter(|line| !line.starts_with("\"time\":")).map(|line| format!("{line}\n")).collect();
    assert_eq!(lines, timeless);
}

#[test]
fn the_file_decides() {
    let bench = bench();
    let root = root();
    let mut rules: Value = serde_json::from_str(&policy(&bench, "policy.json", &["--trust", &root, "--time", &at(0)])).unwrap();
    let judged = |rules: &Value| {
        fs::write(bench.at("changed.json"), rules.to_string()).unwrap();
        let said = bench.run(["verify", "--policy", "changed.json", "out.pdf"]);
        (said.exit, said.lines[0]["signatures"][0]["reasons"][0]["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(judged(&rules), (0, String::new()));
    // The signer's key and digest come to an end a second before.
    for (row, reason) in [(json!({ "key": "p256" }), "weak_algorithm"), (json!({ "digest": "sha256" }), "weak_algorithm")] {
        let mut changed = rules.clone();
        let mut ended = row;
        ended["until"] = json!(at(-1));
        changed["algorithms"] = json!([ended]);
        assert_eq!(judged(&changed), (1, reason.to_owned()));
        changed["algorithms"][0]["until"] = json!(at(1));
        assert_eq!(judged(&changed), (0, String::new()));
    }
    // Trusted, but not for this.
    rules["trust"][0]["for"] = json!(["time_stamp"]);
    assert_eq!(judged(&rules), (1, "no_certificate_chain".to_owned()));
    rules["trust"] = json!([]);
    assert_eq!(judged(&rules), (1, "no_certificate_chain".to_owned()));
}

#[test]
fn a_file_and_options_that_contradict_are_refused() {
    let bench = bench();
    let root = root();
    policy(&bench, "policy.json", &["--trust", &root, "--time", &at(0)]);
    policy(&bench, "timeless.json", &["--trust", &root]);
    for more in [["--trust", root.as_str()], ["--tsa-trust", root.as_str()], ["--revocation", "require"]] {
        let said = bench.run([&["verify", "--policy", "policy.json"][..], &more, &["out.pdf"]].concat());
        assert_eq!((said.exit, said.lines.len()), (2, 0), "{more:?}");
    }
    bench.run(["verify", "--policy", "policy.json", "--time", &at(0), "out.pdf"]).refused_without_answer(101, "invalid_argument");
    bench.run(["verify", "--policy", "timeless.json", "--time", &at(0), "out.pdf"]).answered(0, 1);
    fs::write(bench.at("wrong.json"), fs::read_to_string(bench.at("policy.json")).unwrap().replace("\"name\"", "\"nome\"")).unwrap();
    let said = bench.run(["verify", "--policy", "wrong.json", "out.pdf"]);
    let told = said.errors[0]["error"]["context"].as_str().unwrap().to_owned();
    assert!(told.starts_with("--policy: /nome: is not known"), "{told}");
    bench.run(["verify", "--policy", "wrong.json", "--print-policy"]).refused_without_answer(101, "invalid_argument");
    // Two reports do not go to one place.
    bench.run(["verify", "--html", "one", "--xml", "one", "out.pdf"]).refused_without_answer(101, "invalid_argument");
    assert!(!bench.at("one").exists());
}

/// The documents and the policy in a folder below.
fn lay_out(folder: &Path, bench: &Bench) {
    fs::create_dir_all(folder).unwrap();
    for (name, bytes) in [
        ("clean.pdf", fs::read(bench.at("out.pdf")).unwrap()),
        ("unsigned.pdf", fs::read(bench.at("in.pdf")).unwrap()),
        ("changed.pdf", [fs::read(bench.at("out.pdf")).unwrap(), b"% more".to_vec()].concat()),
        ("none.pdf", b"no PDF".to_vec()),
        ("policy.json", fs::read(bench.at("policy.json")).unwrap()),
    ] {
        fs::write(folder.join(name), bytes).unwrap();
    }
}

#[test]
fn the_same_document_and_policy_give_the_same_bytes() {
    let bench = bench();
    let root = root();
    policy(&bench, "policy.json", &["--trust", &root, "--time", &at(0)]);
    let folders = ["one", "two/deeper/with a space"].map(|name| bench.at(name));
    folders.iter().for_each(|folder| lay_out(folder, &bench));
    let documents = ["clean.pdf", "unsigned.pdf", "changed.pdf", "none.pdf"];
    let run = |folder: &Path, jobs: &str, zone: &str, language: &str, json: bool| -> (Output, Vec<Vec<u8>>) {
        let mut command = bench.command();
        command.current_dir(folder).envs([("TZ", zone), ("LANG", language), ("LC_ALL", language)]);
        if json {
            command.arg("--json");
        }
        command.args(["verify", "--policy", "policy.json", "--jobs", jobs, "--html", "pages/", "--xml", "xml/"]).args(documents);
        let output = command.output().unwrap();
        let written = documents.iter().flat_map(|name| [format!("pages/{name}.html"), format!("xml/{name}.xml")]);
        let written = written.map(|name| fs::read(folder.join(name)).unwrap()).collect();
        ["pages", "xml"].iter().for_each(|name| fs::remove_dir_all(folder.join(name)).unwrap());
        (output, written)
    };
    for json in [true, false] {
        let (first, pages) = run(&folders[0], "1", "UTC", "C", json);
        assert_eq!(first.status.code(), Some(2));
        assert!(first.stdout.len() > 2_000 && pages.iter().all(|page| page.len() > 500));
        for (folder, jobs, zone, language) in [
            (0, "1", "UTC", "C"),
            (0, "4", "Asia/Kolkata", "de_DE.UTF-8"),
            (1, "1", "America/St_Johns", "hi_IN.UTF-8"),
            (1, "4", "UTC", "tr_TR.UTF-8"),
        ] {
            let (again, same) = run(&folders[folder], jobs, zone, language, json);
            assert_eq!(again.stdout, first.stdout, "{jobs} {zone}");
            assert!(same == pages, "{jobs} {zone}");
        }
    }
}
