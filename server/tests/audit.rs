//! Audit records against whoever owns the database: at each of a thousand places a record is edited, deleted, put in, swapped, the end cut off and the chain
//! made anew, and each of it is found; by the checkpoint what no chain can show.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own processes, files and sockets")]

mod client;

use base64ct::{Base64, Encoding};
use client::Desk;
use client::pdf::small;
use client::trust::{Bench, base, call, get};
use p256::ecdsa::SigningKey;
use p256::pkcs8::DecodePrivateKey;
use rusqlite::{Connection, params};
use serde_json::Value;
use std::path::Path;
use std::process::Command;
use thrivosign::Time;
use thrivosign::crypto::digest::{DigestAlgorithm, sha256};
use thrivosign::evidence::TokenRequest;
use thrivosign::remote::audit::{Audit, AuditRecord};
use thrivosign::remote::content_digest;
use thrivosign_server::audit::{Checkpoints, Finding, Kind, Trail};

/// Chains beside the server's own, and records in each.
const CHAINS: usize = 129;
const RECORDS: usize = 6;
/// When the server's own records are not yet.
const BEGAN: i64 = 1_700_000_000;

/// Makes the chain anew from that place on, as who owns the database can: nothing in it is secret.
fn stamp(records: &mut [AuditRecord], from: usize) {
    for at in from..records.len() {
        records[at].previous = at.checked_sub(1).map_or([0; 32], |before| records[before].hash);
        records[at].sequence = at as u64 + 1;
        records[at].hash = sha256(&records[at].to_be_hashed());
    }
}

fn record(seconds: i64) -> AuditRecord {
    let (actor, action) = ("user-1".to_owned(), "prepared".to_owned());
    let time = Time::from_unix(BEGAN + seconds);
    AuditRecord { sequence: 0, time, actor, action, detail: Some(format!("sig-{seconds}")), previous: [0; 32], hash: [0; 32] }
}

/// The server after an upload, and its store filled up to a thousand records.
fn filled() -> Desk {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let pdf = small(1);
    let (authorization, digest) = (format!("Bearer {token}"), content_digest::encode(&sha256(&pdf)));
    let headers = [
        ("X-API-Key", desk.key.as_str()),
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/pdf"),
        ("X-File-Name", "loan.pdf"),
        ("Idempotency-Key", "k"),
        ("Content-Digest", digest.as_str()),
    ];
    let id = desk.call("POST", "/rssp/agreements", &headers, &pdf).text("documentID");
    let mut store = Connection::open(desk.folder.path().join("store.db")).unwrap();
    let tx = store.transaction().unwrap();
    for chain in 0..CHAINS {
        let agreement = format!("doc-{chain}");
        let columns = "user_id, file_name, sha256, size, pages, signatures, file, created, changed, removed";
        tx.execute(&format!("INSERT INTO documents SELECT ?1, {columns} FROM documents WHERE id = ?2"), [&agreement, &id]).unwrap();
        // Of different lengths, a chain of one record among them.
        let length = if chain == 0 { 1 } else { RECORDS + chain % 5 };
        let mut records: Vec<AuditRecord> = (0..length).map(|at| record((chain * 100 + at) as i64)).collect();
        stamp(&mut records, 0);
        for r in records {
            let row = params![agreement, r.sequence as i64, r.time.unix(), r.actor, r.action, r.detail, r.previous, r.hash];
            tx.execute("INSERT INTO audit VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", row).unwrap();
        }
    }
    tx.commit().unwrap();
    let answer = desk.authed(&token, "GET", &format!("/rssp/agreements/{id}/audit"), &Value::Null);
    let own = Audit::decode(&answer.wire()).unwrap().0;
    let trail = Trail::read(&desk.folder.path().join("store.db")).unwrap();
    assert!(trail.0[&id] == own && own.len() == 1, "the store is read as the server tells it");
    desk
}

/// Kinds and places.
fn brief(findings: &[Finding]) -> Vec<(Kind, Option<usize>)> {
    findings.iter().map(|finding| (finding.kind, finding.record)).collect()
}

fn checked(agreement: &str, records: &[AuditRecord]) -> Vec<(Kind, Option<usize>)> {
    brief(&Trail([(agreement.to_owned(), records.to_vec())].into()).check())
}

fn edit(record: &mut AuditRecord, what: usize) {
    match what {
        0 => record.actor.push('x'),
        1 => record.action = "signed".to_owned(),
        2 => record.detail = None,
        3 => record.time = record.time.plus(1),
        4 => record.sequence += 1,
        5 => record.previous[31] ^= 1,
        _ => record.hash[0] ^= 0x80,
    }
}

#[test]
fn at_every_place_whatever_is_done_is_found() {
    let desk = filled();
    let mut trail = Trail::read(&desk.folder.path().join("store.db")).unwrap();
    assert!(trail.records() > 1000 && trail.agreements() == CHAINS + 1);
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let line = Checkpoints::default().next(&trail, Time::from_unix(BEGAN + 1_000_000), &key, |_| Ok(None)).unwrap();
    let checkpoints = Checkpoints::read(line.as_bytes(), key.verifying_key(), None);
    assert!(trail.check().is_empty() && checkpoints.compare(&trail).is_empty(), "whole");

    for (agreement, records) in trail.0.clone() {
        let length = records.len();
        let mut compared = |changed: &[AuditRecord]| {
            trail.0.insert(agreement.clone(), changed.to_vec());
            let findings = checkpoints.compare(&trail);
            assert!(findings.iter().all(|finding| finding.agreement.as_ref() == Some(&agreement)), "no other is blamed");
            trail.0.insert(agreement.clone(), records.clone());
            brief(&findings)
        };
        for at in 0..length {
            let place = Some(at + 1);
            let changed = |change: &dyn Fn(&mut Vec<AuditRecord>)| {
                let mut changed = records.clone();
                change(&mut changed);
                changed
            };
            // Each place by one field, and in one chain by all.
            let fields = if agreement == "doc-1" { 0..7 } else { at % 7..at % 7 + 1 };
            for what in fields {
                let found = checked(&agreement, &changed(&|all| edit(&mut all[at], what)));
                assert_eq!(found.first().map(|(_, place)| *place), Some(place), "edited {what}");
                assert!(found.contains(&(Kind::Edited, place)));
            }
            let deleted = changed(&|all| drop(all.remove(at)));
            match checked(&agreement, &deleted).first() {
                Some(first) if at + 1 < length => assert_eq!(*first, (Kind::Misnumbered, place)),
                Some(first) => assert!(*first == (Kind::Empty, None) && length == 1),
                None => assert!(at + 1 == length, "only an end can be cut off so that the chain does not show it"),
            }
            // A forged record with the best hashes there are, and the numbers after it put right.
            let inserted = changed(&|all| {
                all.insert(at, record(5));
                stamp(&mut all[..=at], at);
                all[at + 1..].iter_mut().for_each(|record| record.sequence += 1);
            });
            assert_eq!(checked(&agreement, &inserted)[..2], [(Kind::Unlinked, Some(at + 2)), (Kind::Edited, Some(at + 2))]);
            if at + 1 < length {
                let swapped = changed(&|all| {
                    all.swap(at, at + 1);
                    all[at].sequence -= 1;
                    all[at + 1].sequence += 1;
                });
                assert_eq!(checked(&agreement, &swapped)[..2], [(Kind::Unlinked, place), (Kind::Edited, place)]);
            }
            // What no chain shows, and the checkpoint does.
            let cut = changed(&|all| all.truncate(at));
            let (alone, against) = if at == 0 { (vec![(Kind::Empty, None)], (Kind::Gone, None)) } else { (vec![], (Kind::Cut, Some(at))) };
            assert_eq!((checked(&agreement, &cut), compared(&cut)), (alone, vec![against]));
            let remade = changed(&|all| {
                edit(&mut all[at], at % 4);
                stamp(all, at);
            });
            assert_eq!((checked(&agreement, &remade), compared(&remade)), (vec![], vec![(Kind::Remade, Some(length))]));
        }
        // What comes later is the chain's honest growth; what is dated back is not.
        for (seconds, expected) in [(1_000_000, vec![]), (999_999, vec![(Kind::Backdated, Some(length + 1))])] {
            let mut grown = records.clone();
            grown.push(record(seconds));
            stamp(&mut grown, length);
            assert_eq!((checked(&agreement, &grown), compared(&grown)), (vec![], expected));
        }
    }
    // Whole chains exchanged between agreements: no hash names the agreement, the checkpoint does.
    let (one, two) = (trail.0["doc-1"].clone(), trail.0["doc-6"].clone());
    assert_eq!(one.len(), two.len());
    trail.0.extend([("doc-1".to_owned(), two), ("doc-6".to_owned(), one)]);
    assert!(trail.check().is_empty());
    let place = Some(trail.0["doc-1"].len());
    assert_eq!(brief(&checkpoints.compare(&trail)), [(Kind::Remade, place), (Kind::Remade, place)]);
    // An agreement taken out together with its chain, and one that is said to have been there long ago.
    let other = trail.0.remove("doc-2").unwrap();
    trail.0.insert("doc-new".to_owned(), other[..1].to_vec());
    assert!(trail.check().is_empty());
    let found = brief(&checkpoints.compare(&trail));
    assert!(found.contains(&(Kind::Gone, None)) && found.contains(&(Kind::Backdated, Some(1))), "{found:?}");
}

/// Checkpoints that somebody else made, changed, left out or tore.
#[test]
fn checkpoints_are_believed_for_their_key_and_their_order() {
    let key = SigningKey::from_slice(&[7; 32]).unwrap();
    let mut trail = Trail::default();
    let mut file = String::new();
    for at in 0..3 {
        let records = trail.0.entry("doc-1".to_owned()).or_default();
        records.push(record(at));
        stamp(records, 0);
        let before = Checkpoints::read(file.as_bytes(), key.verifying_key(), None);
        file += &before.next(&trail, Time::from_unix(BEGAN + at), &key, |_| Ok(None)).unwrap();
    }
    let lines: Vec<&str> = file.split_inclusive('\n').collect();
    let refused = |text: &str, key: &SigningKey| {
        let findings = Checkpoints::read(text.as_bytes(), key.verifying_key(), None).compare(&trail);
        assert!(findings.iter().all(|finding| finding.kind == Kind::Refused), "{findings:?}");
        findings.iter().filter_map(|finding| finding.checkpoint).collect::<Vec<_>>()
    };
    assert_eq!(refused(&file, &key), [0_usize; 0]);
    assert_eq!(refused(&file, &SigningKey::from_slice(&[8; 32]).unwrap()), [1, 2, 3]);
    assert_eq!(refused(&(lines[0].to_owned() + lines[2]), &key), [2], "a line left out");
    assert_eq!(refused(&(lines[1].to_owned() + lines[0]), &key), [1, 2], "lines exchanged");
    assert_eq!(refused(file.trim_end(), &key), [3], "a torn end");
    let value: Value = serde_json::from_str(lines[0]).unwrap();
    let changes: [(&str, Value); 6] = [
        ("/version", 2.into()),
        ("/time", "2023-11-14T22:13:21Z".into()),
        ("/previous", "11".repeat(32).into()),
        ("/chains/0/records", 2.into()),
        ("/chains/0/agreement", "doc-2".into()),
        ("/chains/0/hash", "00".repeat(32).into()),
    ];
    for (place, to) in changes {
        let mut changed = value.clone();
        *changed.pointer_mut(place).unwrap() = to;
        assert_eq!(refused(&format!("{changed}\n"), &key), [1], "{place}");
    }
    assert_eq!(refused("{}\n", &key), [1]);
}

fn task(data: &Path, arguments: &[&str]) -> (bool, String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_thrivosign-server")).arg("--data").arg(data).args(arguments).output().unwrap();
    (output.status.success(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_operator_makes_checkpoints_and_finds_what_was_done_since() {
    let mut desk = filled();
    let data = desk.folder.path().to_path_buf();
    let place = tempfile::tempdir().unwrap();
    let name = |file: &str| place.path().join(file).to_str().unwrap().to_owned();
    let (good, said, _) = task(&data, &["audit", "verify"]);
    assert!(good && said.contains("of 130 agreements, 0 checkpoints: 0 findings"), "beside the running server: {said}");
    let (good, _, said) = task(&data, &["audit", "checkpoint", &name("heads")]);
    assert!(!good && said.contains("another server uses"), "{said}");
    desk.running.take().unwrap().shutdown();

    let (good, key, _) = task(&data, &["audit", "key"]);
    assert!(good && key.starts_with("-----BEGIN PUBLIC KEY-----"));
    std::fs::write(name("audit.pem"), &key).unwrap();
    for line in 1..=2 {
        let (good, said, why) = task(&data, &["audit", "checkpoint", &name("heads")]);
        assert!(good && said.contains(&format!("checkpoint {line} made: 130 agreements")), "{said}{why}");
    }
    assert_eq!(task(&data, &["audit", "key"]).1, key, "the key stays");
    let heads = ["--checkpoint", &name("heads"), "--key", &name("audit.pem")].map(str::to_owned);
    let verify = |store: Option<&str>, more: &[&str]| {
        let mut arguments = vec!["audit", "verify"];
        arguments.extend(store);
        arguments.extend(more);
        task(&data, &arguments)
    };
    let heads: Vec<&str> = heads.iter().map(String::as_str).collect();
    let (good, said, why) = verify(None, &heads);
    assert!(good && said.contains("2 checkpoints: 0 findings"), "{said}{why}");

    // A copy is what is tampered with: a store of its own, as a backup would have it.
    let tampered = |sql: &str| {
        std::fs::copy(data.join("store.db"), name("copy.db")).unwrap();
        let store = Connection::open(name("copy.db")).unwrap();
        store.execute_batch(&format!("DROP TRIGGER audit_stays; DROP TRIGGER audit_stands; {sql}")).unwrap();
        drop(store);
        name("copy.db")
    };
    for (sql, alone, against) in [
        ("UPDATE audit SET actor = 'x' WHERE document_id = 'doc-3' AND seq = 4", "doc-3 record 4 edited", ""),
        ("UPDATE audit SET previous = x'00' WHERE document_id = 'doc-3' AND seq = 1", "doc-3 record 1 unlinked", ""),
        ("UPDATE audit SET seq = -seq WHERE document_id = 'doc-0'", "doc-0 record 1 misnumbered", ""),
        ("DELETE FROM audit WHERE document_id = 'doc-3' AND seq = 4", "doc-3 record 4 misnumbered", ""),
        ("DELETE FROM audit WHERE document_id = 'doc-0'", "doc-0 empty", "doc-0 (checkpoint 2) gone"),
        ("DELETE FROM audit WHERE document_id = 'doc-3' AND seq > 4", "", "doc-3 record 4 (checkpoint 1) cut"),
        ("DELETE FROM audit WHERE document_id = 'doc-0'; DELETE FROM documents WHERE id = 'doc-0'", "", "doc-0 (checkpoint 1) gone"),
    ] {
        let store = tampered(sql);
        let (good, said, _) = verify(Some(&store), &[]);
        assert!(good == alone.is_empty() && said.contains(alone), "{sql}: {said}");
        let (good, said, why) = verify(Some(&store), &heads);
        assert!(!good && said.contains(against) && why.contains("not whole"), "{sql}: {said}");
        let (good, said, _) = verify(Some(&store), &[&heads[..], &["--json"]].concat());
        let report: Value = serde_json::from_str(&said).unwrap();
        assert!(!good && report["whole"] == false && !report["findings"].as_array().unwrap().is_empty(), "{report}");
    }
    let (good, said, _) = verify(None, &["--json"]);
    assert!(good && serde_json::from_str::<Value>(&said).unwrap()["whole"] == true);

    // Nothing broken is ever signed for, and what cannot be read is no clean bill.
    let store = tampered("DELETE FROM audit WHERE document_id = 'doc-3' AND seq > 4");
    let before = std::fs::read(name("heads")).unwrap();
    std::fs::copy(&store, data.join("store.db")).unwrap();
    let (good, _, said) = task(&data, &["audit", "checkpoint", &name("heads")]);
    assert!(!good && said.contains("no checkpoint is made"), "{said}");
    assert_eq!(std::fs::read(name("heads")).unwrap(), before);
    for nothing in [name("none.db"), name("audit.pem")] {
        assert!(!verify(Some(&nothing), &[]).0, "{nothing}");
    }
    std::fs::write(name("empty"), "").unwrap();
    let (good, _, said) = verify(None, &["--checkpoint", &name("empty"), "--key", &name("audit.pem")]);
    assert!(!good && said.contains("has none"), "{said}");
    assert!(!verify(None, &heads[..2]).0, "checkpoints need a key to be believed");
    assert!(!task(&place.path().join("new"), &["audit", "checkpoint", &name("heads")]).0);
    assert!(!place.path().join("new").exists(), "no folder is made for it");
}

/// Another server's authority stamps; whoever has this server's folder, its audit key with it, cannot date back what that one has stamped.
#[test]
fn stamped_checkpoints_cannot_be_made_anew() {
    let mut desk = filled();
    desk.running.take().unwrap().shutdown();
    let data = desk.folder.path().to_path_buf();
    let (other, bench) = (Desk::open(), Bench::new());
    let root = bench.pem("root.pem", "CERTIFICATE", &get(&other, "/ca/root.cer").body);
    let url = format!("{}/tsa", base(&other));
    let heads = bench.name("heads");
    let stamp = |url: &str, root: &str| task(&data, &["audit", "checkpoint", &heads, "--tsa", url, "--tsa-trust", root]);
    for _ in 0..2 {
        let (good, _, why) = stamp(&url, &root);
        assert!(good, "{why}");
    }
    let written = std::fs::read_to_string(&heads).unwrap();
    // Nobody there, or somebody who is not trusted: nothing is written.
    let own = bench.put("own.pem", &std::fs::read(data.join("ca-root.pem")).unwrap());
    for (url, root, why) in [("http://127.0.0.1:1/tsa", &root, "no time stamp came"), (&url, &own, "path_bad_signature")] {
        let (good, _, said) = stamp(url, root);
        assert!(!good && said.contains(why), "{said}");
    }
    assert_eq!(std::fs::read_to_string(&heads).unwrap(), written);
    let key = bench.put("audit.pem", task(&data, &["audit", "key"]).1.as_bytes());
    let verify = |file: &str, trust: &[&str]| {
        let (good, said, _) = task(&data, &[&["audit", "verify", "--checkpoint", file, "--key", &key][..], trust].concat());
        (good, said)
    };
    let trusting = ["--tsa-trust", root.as_str()];
    for trust in [&[][..], &trusting] {
        let (good, said) = verify(&heads, trust);
        assert!(good && said.contains("2 checkpoints: 0 findings"), "{said}");
    }
    let (good, said) = verify(&heads, &["--tsa-trust", &own]);
    assert!(
        !good && said.contains("(checkpoint 1) checkpoint_unstamped") && said.contains("(checkpoint 2) checkpoint_unstamped"),
        "{said}"
    );

    // Signed again with the right key, but without a stamp, with that of the line before, or with the time changed.
    let signer = SigningKey::from_pkcs8_pem(&std::fs::read_to_string(data.join("audit.key.pem")).unwrap()).unwrap();
    let trail = Trail::read(&data.join("store.db")).unwrap();
    let lines: Vec<&str> = written.split_inclusive('\n').collect();
    let first: Value = serde_json::from_str(lines[0]).unwrap();
    let token = Base64::decode_vec(first["timeStamp"].as_str().unwrap()).unwrap();
    let time = Time::from_rfc3339(first["time"].as_str().unwrap()).unwrap();
    let forged = |seconds: i64, token: Option<&[u8]>| {
        let before = Checkpoints::read(lines[0].as_bytes(), signer.verifying_key(), None);
        let line = before.next(&trail, time.plus(seconds), &signer, |_| Ok(token.map(<[u8]>::to_vec))).unwrap();
        bench.put("forged", format!("{}{line}", lines[0]).as_bytes())
    };
    let (good, said) = verify(&forged(1, None), &trusting);
    assert!(!good && said.contains("(checkpoint 2) checkpoint_unstamped"), "{said}");
    for file in [forged(0, Some(&token)), forged(1, Some(b"no token"))] {
        let (good, said) = verify(&file, &[]);
        assert!(!good && said.contains("(checkpoint 2) checkpoint_refused"), "{said}");
    }
    // Stamped honestly, and of another time than it says.
    let late = forged(-3_600, None);
    let line: Value = serde_json::from_str(std::fs::read_to_string(late).unwrap().lines().nth(1).unwrap()).unwrap();
    let signature = Base64::decode_vec(line["signature"].as_str().unwrap()).unwrap();
    let request = TokenRequest::new(DigestAlgorithm::Sha256, &sha256(&signature), [7; 16], None);
    let answer = call(&other, "POST", "/tsa", "application/timestamp-query", &request.der()).body;
    let mut stamped = line.clone();
    stamped["timeStamp"] = Base64::encode_string(&request.answer(&answer).unwrap().der).into();
    let file = bench.put("late", format!("{}{stamped}\n", lines[0]).as_bytes());
    assert!(verify(&file, &[]).0, "its key signed it");
    let (good, said) = verify(&file, &trusting);
    assert!(!good && said.contains("(checkpoint 2) checkpoint_unstamped"), "{said}");
}
