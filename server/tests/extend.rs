//! Signatures made with certificates of this server, raised to B-LTA by its own trust services, over real sockets; and what becomes of them when a
//! service does not answer as it should.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::enrolled::{Enrolled, answers};
use client::pdf::small;
use client::trust;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};
use thrivosign::cancel::{CancelToken, Progress};
use thrivosign::host::clock;
use thrivosign::journey::extend::{Extended, Extending, Goal, extend};
use thrivosign::journey::sign::{SignOptions, sign};
use thrivosign::journey::stamp::TimeStampAuthority;
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::net::{Reach, WebFetcher};
use thrivosign::pki::DigestAlgorithm;
use thrivosign::remote::fetch::{Fetch, Fetcher, NamedBy};
use thrivosign::sign::SignatureRequest;
use thrivosign::verify::{Level, Policy, Report, Revocation, VerifyOptions, verify};

/// A server, and a document signed with a certificate of it.
struct Signed {
    all: Enrolled,
    file: Vec<u8>,
}

fn signed() -> Signed {
    let all = Enrolled::new();
    let (input, request) = (Input::memory(small(1)), SignatureRequest::new(clock::now()));
    let mut file = Vec::new();
    sign(&input, Target::Memory(&mut file), &request, all.key(), SignOptions::default(), &Limits::default(), None).unwrap();
    Signed { all, file }
}

impl Signed {
    fn tsa(&self) -> TimeStampAuthority {
        self.all.tsa()
    }

    fn extend(&self, goal: Goal, authorities: &[TimeStampAuthority], file: &[u8], fetches: bool) -> (Extended, Vec<u8>) {
        let fetcher = WebFetcher::new(Reach::Anywhere).unwrap();
        let task =
            Extending { goal, trust: &self.all.trust, authorities, fetcher: fetches.then_some(&fetcher), evidence: None, time: None };
        let extended = extend(&Input::memory(file.to_vec()), None, &task, &Limits::default(), None).unwrap();
        let whole = [file, &extended.revisions].concat();
        (extended, whole)
    }

    fn verify(&self, file: &[u8], revocation: Revocation) -> Report {
        let policy = Policy { revocation, ..Policy::default() };
        let options = VerifyOptions { trust: &self.all.trust, time: clock::now().plus(1), policy, password: None, evidence: None };
        verify(&file.to_vec(), &options, &Progress::default()).unwrap()
    }
}

fn codes(extended: &Extended) -> Vec<&str> {
    extended.unanswered.iter().map(|one| one.code.as_str()).collect()
}

#[test]
fn each_level_is_reached_and_holds_without_the_network() {
    let all = signed();
    for (goal, level, require) in [(Goal::BT, Level::BT, false), (Goal::BLT, Level::BLT, true), (Goal::BLTA, Level::BLTA, true)] {
        let (extended, file) = all.extend(goal, &[all.tsa()], &all.file, true);
        assert!(extended.reached && extended.missing.is_empty() && extended.unanswered.is_empty(), "{goal:?}: {:?}", extended.missing);
        let report = all.verify(&file, if require { Revocation::Require } else { Revocation::IfAvailable });
        assert!(
            report.clean && report.signatures[0].level == level,
            "{goal:?}: {:?} {:?}",
            report.signatures[0].level,
            report.signatures[0].reasons
        );
    }
    // Step by step, and once more: nothing that is there is added again but a time stamp.
    let (_, stamped) = all.extend(Goal::BT, &[all.tsa()], &all.file, true);
    let (_, long) = all.extend(Goal::BLT, &[all.tsa()], &stamped, true);
    let (again, _) = all.extend(Goal::BLT, &[all.tsa()], &long, true);
    assert!(again.reached && again.revisions.is_empty(), "{} bytes", again.revisions.len());
    let (_, archived) = all.extend(Goal::BLTA, &[all.tsa()], &long, true);
    let (renewed, twice) = all.extend(Goal::BLTA, &[all.tsa()], &archived, true);
    assert!(renewed.reached && !renewed.revisions.is_empty());
    let report = all.verify(&twice, Revocation::Require);
    assert!(report.clean && report.signatures[0].level == Level::BLTA && report.signatures.len() == 4);
}

#[test]
fn a_revocation_after_the_time_stamp_does_no_harm() {
    let all = signed();
    let (_, stamped) = all.extend(Goal::BT, &[all.tsa()], &all.file, true);
    std::thread::sleep(Duration::from_millis(1_100));
    let path = format!("/rssp/certificates/{}/revoke", all.all.credential);
    assert_eq!(all.all.desk.authed(&all.all.token, "POST", &path, &serde_json::json!({"reason": "keyCompromise"})).status, 200);
    std::thread::sleep(Duration::from_millis(4_500));
    let (late, file) = all.extend(Goal::BLT, &[all.tsa()], &stamped, true);
    // What can be had now says that it is revoked: the level is out of reach, and what was signed before stays good.
    assert!(!late.reached && late.report.clean, "{:?}", late.report.signatures[0].reasons);
    assert!(all.verify(&file, Revocation::IfAvailable).clean);
}

/// An authority that asks the true one what it was asked, but for the last byte of the nonce.
fn with_another_nonce(tsa: &str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (url, tsa) = (format!("http://{}/", listener.local_addr().unwrap()), tsa.to_owned());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (mut asked, mut chunk) = (Vec::new(), [0; 4_096]);
            // `certReq TRUE` ends the request.
            while !asked.ends_with(&[1, 1, 0xff]) {
                let n = stream.read(&mut chunk).unwrap();
                asked.extend_from_slice(&chunk[..n]);
            }
            let head = asked.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
            let mut query = asked.split_off(head);
            let nonce = query.len() - 4;
            query[nonce] ^= 1;
            let fetcher = WebFetcher::new(Reach::Anywhere).unwrap();
            let answer = fetcher.fetch(&Fetch {
                url: &tsa,
                named_by: NamedBy::Caller,
                body: Some(("application/timestamp-query", &query)),
                max_answer: 1 << 20,
                deadline: Instant::now() + Duration::from_secs(10),
                cancel: CancelToken::new(),
            });
            let answer = answer.unwrap();
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", answer.len());
            stream.write_all(&[head.as_bytes(), &answer].concat()).unwrap();
        }
    });
    url
}

#[test]
fn an_authority_that_is_of_no_use_is_named_and_the_next_one_asked() {
    let all = signed();
    let gone = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/", listener.local_addr().unwrap())
    };
    // A token of another server, whose root nobody here trusts.
    let other = signed();
    let now = Duration::ZERO;
    // An answer to somebody else's request.
    let (algorithm, imprint) = (DigestAlgorithm::Sha256, [1; 32]);
    let request = thrivosign::evidence::TokenRequest::new(algorithm, &imprint, [5; 16], None);
    let stale = trust::call(&all.all.desk, "POST", "/tsa", "application/timestamp-query", &request.der()).body;
    let mut policy = all.tsa();
    policy.policy = Some("1.2.3.4.5".parse().unwrap());
    let cases = [
        ("down", TimeStampAuthority::new(gone), "connect_failed"),
        ("broken", TimeStampAuthority::new(answers("500 Oops", Vec::new(), now)), "bad_answer"),
        ("garbage", TimeStampAuthority::new(answers("200 OK", b"hello".to_vec(), now)), "time_stamp_answer_malformed"),
        ("huge", TimeStampAuthority::new(answers("200 OK", vec![0x30; 300_000], now)), "answer_too_large"),
        ("another nonce", TimeStampAuthority::new(with_another_nonce(&all.tsa().url)), "time_stamp_nonce"),
        ("another document's", TimeStampAuthority::new(answers("200 OK", stale, now)), "cms_imprint_mismatch"),
        ("a policy that it has not", policy, "time_stamp_refused_by_authority (unacceptedPolicy)"),
        ("untrusted, of the same name", other.tsa(), "path_bad_signature"),
        ("no address", TimeStampAuthority::new("ldap://tsa.example/"), "invalid_argument"),
    ];
    for (what, authority, code) in cases {
        let (extended, file) = all.extend(Goal::BT, &[authority, all.tsa()], &all.file, true);
        assert_eq!((extended.reached, codes(&extended)), (true, vec![code]), "{what}");
        assert!(all.verify(&file, Revocation::IfAvailable).clean, "{what}");
    }
    let slow = Enrolled::slow_tsa(Duration::from_millis(300));
    let (extended, file) = all.extend(Goal::BLTA, &[slow], &all.file, true);
    assert!(!extended.reached && codes(&extended).contains(&"timed_out"), "{:?}", codes(&extended));
    // Without a time stamp it stays what it was, and no worse.
    assert!(all.verify(&file, Revocation::Require).clean);
    let (extended, _) = all.extend(Goal::BT, &[all.tsa()], &all.file, false);
    assert_eq!((extended.reached, extended.revisions.len(), codes(&extended)), (false, 0, vec!["fetching_is_off"]));
}
