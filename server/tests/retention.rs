//! Retention: an agreement goes when its time is over, its audit records stay; what is on its way through a package stays until that has ended.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::Desk;
use client::pdf::small;
use sha2::{Digest, Sha256};
use std::time::{Duration, Instant};
use thrivosign::remote::audit::Audit;
use thrivosign::remote::content_digest;
use thrivosign::remote::package::add_document::AddDocument;
use thrivosign::remote::package::create::CreatePackage;
use thrivosign_server::audit::Trail;

const DAY: i64 = 86_400;

fn upload(desk: &Desk, token: &str, key: &str) -> String {
    let pdf = small(1);
    let (authorization, digest) = (format!("Bearer {token}"), content_digest::encode(&Sha256::digest(&pdf).into()));
    let headers = [
        ("X-API-Key", desk.key.as_str()),
        ("Authorization", authorization.as_str()),
        ("Content-Type", "application/pdf"),
        ("X-File-Name", "loan.pdf"),
        ("Idempotency-Key", key),
        ("Content-Digest", digest.as_str()),
    ];
    let answer = desk.call("POST", "/rssp/agreements", &headers, &pdf);
    assert_eq!(answer.status, 201, "{answer:?}");
    answer.text("documentID")
}

fn status(desk: &Desk, token: &str, path: &str) -> u16 {
    desk.authed(token, "GET", path, &serde_json::Value::Null).status
}

fn agreement(id: &str) -> String {
    format!("/rssp/agreements/{id}")
}

/// Rounds are made each second.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < end, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn an_agreement_goes_when_its_time_is_over_and_its_records_stay() {
    let mut desk = Desk::open_with(|config| config.keep_agreements = Some(30));
    let (token, _) = desk.login();
    let (old, packed) = (upload(&desk, &token, "a"), upload(&desk, &token, "b"));
    let package = CreatePackage { idempotency_key: "p".to_owned(), name: "Loan".to_owned(), expires_in: Some(40 * 86_400) };
    let package = desk.send(&token, &package.encode()).text("packageID");
    let add = AddDocument { package_id: package.clone(), document_id: packed.clone() };
    assert!([200, 201].contains(&desk.send(&token, &add.encode().unwrap()).status));
    let files = |desk: &Desk| std::fs::read_dir(desk.folder.path().join("documents")).unwrap().count();

    desk.pass(29 * DAY);
    let (token, _) = desk.login();
    let young = upload(&desk, &token, "c");
    std::thread::sleep(Duration::from_millis(2500));
    assert_eq!((status(&desk, &token, &agreement(&old)), files(&desk)), (200, 3), "rounds were made, and its time is not over");

    desk.pass(2 * DAY);
    let (token, _) = desk.login();
    until("it is removed", || status(&desk, &token, &agreement(&old)) == 404);
    until("its file, too", || files(&desk) == 2);
    assert_eq!(status(&desk, &token, &agreement(&packed)), 200, "a package waits for it");
    assert_eq!(status(&desk, &token, &agreement(&young)), 200);
    let listed = desk.authed(&token, "GET", &format!("{}/audit", agreement(&old)), &serde_json::Value::Null);
    let Audit(records) = Audit::decode(&listed.wire()).unwrap();
    assert_eq!(records.iter().map(|record| record.action.as_str()).collect::<Vec<_>>(), ["submitted", "removed"]);
    assert_eq!(records[1].detail.as_deref(), Some("kept 30 days"));
    assert_eq!(Trail::read(&desk.folder.path().join("store.db")).unwrap().check(), []);

    // The package ends on its fortieth day; what was in it is then as old as the rest.
    desk.pass(10 * DAY);
    let (token, _) = desk.login();
    until("the package has ended, and its document went", || status(&desk, &token, &agreement(&packed)) == 404);
    let seen = desk.authed(&token, "GET", &format!("/rssp/packages/{package}"), &serde_json::Value::Null);
    assert_eq!((seen.text("state").as_str(), seen.json()["documents"].as_array().map(Vec::len)), ("expired", Some(0)), "{seen:?}");
    desk.running.take().unwrap().shutdown();
    assert_eq!(thrivosign_server::backup::check(desk.folder.path()).unwrap(), Vec::<String>::new());
}

#[test]
fn without_a_policy_agreements_are_kept() {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let id = upload(&desk, &token, "a");
    desk.pass(3650 * DAY);
    let (token, _) = desk.login();
    std::thread::sleep(Duration::from_millis(1500));
    assert_eq!(status(&desk, &token, &agreement(&id)), 200);
}
