//! `thrivosign extend`: levels with a time-stamping authority of openssl's beside, and what is told where one is not reached.

use crate::bench::Bench;
use crate::documents::agreement;
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

const CONFIG: &str = "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\nsigner_cert = tsa.pem\nsigner_key = tsa.key\nsigner_digest = sha256\n\
    default_policy = 1.2.3.4\ndigests = sha256\naccuracy = secs:1\ness_cert_id_alg = sha256\n\
    [req]\ndistinguished_name = dn\nx509_extensions = ext\n[dn]\n[ext]\nextendedKeyUsage = critical,timeStamping\n";

fn openssl(folder: &Path, arguments: &[&str]) {
    let done = Command::new("openssl").current_dir(folder).args(arguments).output().unwrap();
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
}

/// The body of a request: all that its length announces.
fn body(stream: &mut TcpStream) -> Vec<u8> {
    let (mut asked, mut chunk) = (Vec::new(), [0; 4_096]);
    loop {
        let n = stream.read(&mut chunk).unwrap();
        asked.extend_from_slice(&chunk[..n]);
        let head = asked.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        let Some(head) = head else { continue };
        let text = String::from_utf8_lossy(&asked[..head]).to_ascii_lowercase();
        let length: usize = text.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().trim().parse().unwrap();
        if asked.len() >= head + length {
            return asked.split_off(head);
        }
    }
}

/// An authority that openssl plays; gives its address and the file of its certificate.
pub(crate) fn authority(bench: &Bench) -> (String, String) {
    let folder = bench.at("tsa");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("config"), CONFIG).unwrap();
    std::fs::write(folder.join("serial"), "01\n").unwrap();
    let made = ["-subj", "/CN=Clock", "-keyout", "tsa.key", "-out", "tsa.pem"];
    openssl(&folder, &[&["req", "-new", "-x509", "-config", "config", "-newkey", "rsa:2048", "-nodes"][..], &made].concat());
    let certificate = folder.join("tsa.pem").to_str().unwrap().to_owned();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            std::fs::write(folder.join("query"), body(&mut stream)).unwrap();
            openssl(&folder, &["ts", "-reply", "-config", "config", "-queryfile", "query", "-out", "answer"]);
            let answer = std::fs::read(folder.join("answer")).unwrap();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
            stream.write_all(&[head.as_bytes(), &answer].concat()).unwrap();
        }
    });
    (url, certificate)
}

fn extend(bench: &Bench, options: &[&str]) -> crate::bench::Said {
    let root = crate::authority::authority().at("root.pem").to_str().unwrap().to_owned();
    bench.run([&["extend", "--trust", &root][..], options].concat())
}

fn levels(line: &Value) -> Vec<&str> {
    line["levels"].as_array().unwrap().iter().map(|one| one["level"].as_str().unwrap()).collect()
}

#[test]
fn a_time_stamp_and_what_is_missing_after_it() {
    let bench = Bench::with(&[("in.pdf", &agreement())]);
    bench.sign(&["in.pdf", "signed.pdf"]).answered(0, 1);
    let (url, tsa) = authority(&bench);
    let with = ["--tsa", &url, "--tsa-trust", &tsa, "--fetch", "public"];
    let said = extend(&bench, &[&["--level", "b-t"][..], &with, &["signed.pdf", "stamped.pdf"]].concat());
    let line = &said.answered(0, 1).lines[0];
    assert_eq!((&line["reached"], levels(line)), (&Value::from(true), vec!["B-T", "document time stamp"]));
    assert!(bench.read("stamped.pdf").starts_with(&bench.read("signed.pdf")));
    // The test's certificates name no responder.
    let said = extend(&bench, &[&["--level", "b-lt"][..], &with, &["stamped.pdf", "long.pdf"]].concat());
    let line = &said.answered(1, 1).lines[0];
    assert_eq!((&line["reached"], levels(line)), (&Value::from(false), vec!["B-T", "document time stamp"]));
    assert_eq!((&line["missing"][0]["lack"], &line["missing"][0]["asked"]), (&Value::from("revocation"), &Value::Array(Vec::new())));
}

#[test]
fn where_nobody_is_asked() {
    let bench = Bench::with(&[("in.pdf", &agreement())]);
    bench.sign(&["in.pdf", "signed.pdf"]).answered(0, 1);
    let said = extend(&bench, &["--level", "b-t", "--tsa", "http://127.0.0.1:9/", "signed.pdf", "out.pdf"]);
    let line = &said.answered(1, 1).lines[0];
    assert_eq!(
        (&line["unanswered"][0]["code"], &line["added"], levels(line)),
        (&Value::from("fetching_is_off"), &Value::from(0), vec!["B-B"])
    );
    assert!(bench.read("out.pdf") == bench.read("signed.pdf"));
    extend(&bench, &["--level", "b-t", "in.pdf", "none.pdf"]).refused_without_answer(104, "wrong_order");
    extend(&bench, &["--level", "b-t", "signed.pdf", "signed.pdf"]).refused_without_answer(215, "output_is_input");
}

#[test]
fn signing_at_a_level_and_what_is_told_where_it_is_not_reached() {
    let bench = Bench::with(&[("in.pdf", &agreement())]);
    let (url, tsa) = authority(&bench);
    let root = crate::authority::authority().at("root.pem").to_str().unwrap().to_owned();
    let with = ["--trust", &root, "--tsa", &url, "--tsa-trust", &tsa, "--fetch", "public"];
    let said = bench.sign(&[&["--level", "b-t"][..], &with, &["in.pdf", "stamped.pdf"]].concat());
    let line = &said.answered(0, 1).lines[0];
    assert_eq!((&line["level"], &line["wanted"], &line["unanswered"]), (&"B-T".into(), &"B-T".into(), &Value::Array(vec![])));
    assert_eq!(line["size"], bench.read("stamped.pdf").len());
    // The test's certificates name no responder: signed, one level below.
    let said = bench.sign(&[&["--level", "b-lt"][..], &with, &["in.pdf", "long.pdf"]].concat());
    let line = &said.answered(1, 1).lines[0];
    assert_eq!((&line["level"], &line["wanted"]), (&"B-T".into(), &"B-LT".into()));
    assert!(line["missing"].as_array().unwrap().iter().any(|one| one["lack"] == "revocation"));
    // Nobody answers: signed all the same.
    let said =
        bench.sign(&["--level", "b-t", "--trust", &root, "--tsa", "http://127.0.0.1:9/", "--fetch", "public", "in.pdf", "plain.pdf"]);
    let line = &said.answered(1, 1).lines[0];
    assert_eq!((&line["level"], &line["unanswered"][0]["code"]), (&"B-B".into(), &"connect_failed".into()));
    // What raises a signature does nothing without a level: somebody meant something else.
    bench.sign_refused(&["--tsa", &url, "in.pdf", "none.pdf"], 101, "invalid_argument");
    // Nor is the signer's own certificate what proves it.
    bench.sign_refused(&[&["--level", "b-t"][..], &with[2..], &["in.pdf", "none.pdf"]].concat(), 101, "invalid_argument");
    assert!(!bench.at("none.pdf").exists());
    // Many at once: the table and the summary say how far they came.
    std::fs::create_dir(bench.at("many")).unwrap();
    std::fs::copy(bench.at("in.pdf"), bench.at("many/one.pdf")).unwrap();
    let said = bench.sign(&[&["--jobs", "2", "--level", "b-lt"][..], &with, &["many", "done"]].concat());
    assert_eq!((&said.answered(1, 1).lines[0]["signed"], &said.lines[0]["below_level"]), (&1.into(), &1.into()));
    let table = String::from_utf8(bench.read("done/results.csv")).unwrap();
    assert!(table.lines().nth(1).unwrap().ends_with(",B-T"), "{table}");
}

#[test]
fn what_needs_a_time_stamp_is_told_and_nothing_is_changed() {
    let bench = Bench::with(&[("in.pdf", &agreement())]);
    let (url, tsa) = authority(&bench);
    let root = crate::authority::authority().at("root.pem").to_str().unwrap().to_owned();
    std::fs::create_dir(bench.at("archive")).unwrap();
    bench.sign(&["in.pdf", "archive/signed.pdf"]).answered(0, 1);
    bench.sign(&[
        "--level",
        "b-t",
        "--trust",
        &root,
        "--tsa",
        &url,
        "--tsa-trust",
        &tsa,
        "--fetch",
        "public",
        "in.pdf",
        "archive/stamped.pdf",
    ]);
    std::fs::copy(bench.at("in.pdf"), bench.at("archive/unsigned.pdf")).unwrap();
    let due = |days: &str| extend(&bench, &["--tsa-trust", &tsa, "--within", days, "--due", "archive"]);
    let said = due("1");
    let of = |name: &str| said.lines.iter().find(|line| line["file"].as_str().unwrap().ends_with(name)).unwrap().clone();
    let (signed, stamped) = (of("signed.pdf"), of("stamped.pdf"));
    assert_eq!((said.answered(0, 2).lines.len(), &signed["level"], &stamped["level"]), (2, &"B-B".into(), &"B-T".into()));
    assert!(signed["provable_until"].is_string() && stamped["provable_until"] != signed["provable_until"]);
    // Neither of the two certificates is made for a century.
    let said = due("36500");
    let ends: Vec<&str> = said.answered(1, 2).lines.iter().map(|line| line["provable_until"].as_str().unwrap()).collect();
    assert!(ends[0] < ends[1] && said.lines.iter().all(|line| line["due"] == true), "the most urgent first: {ends:?}");
    // Nobody is trusted: not provable now, whatever the days.
    let said = bench.run(["extend", "--within", "1", "--due", "archive"]);
    assert!(said.answered(1, 2).lines.iter().all(|line| line["provable_until"].is_null() && line["due"] == true));
    std::fs::write(bench.at("archive/broken.pdf"), b"no PDF").unwrap();
    let said = due("1");
    assert_eq!((said.exit, said.lines.len(), said.errors.len()), (1, 2, 1));
    bench.run_untouched(["extend", "--within", "1", "--due", "archive"]);
}
