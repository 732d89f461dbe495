//! Signatures that are made and raised in one go, with certificates, time stamps and revocation data of this server, over real sockets; the key is asked
//! once, whatever becomes of the level.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::enrolled::{Enrolled, KEY};
use client::keys::Watched;
use client::pdf::small;
use std::time::{Duration, Instant};
use thrivosign::cancel::{CancelToken, Progress};
use thrivosign::host::clock;
use thrivosign::host::file::Durability;
use thrivosign::journey::batch::{BatchItem, BatchOptions, sign_batch};
use thrivosign::journey::deferred::{complete, prepare};
use thrivosign::journey::extend::{Extending, Goal};
use thrivosign::journey::in_place::sign_in_place;
use thrivosign::journey::sign::{SignOptions, SigningKey, sign};
use thrivosign::journey::stamp::TimeStampAuthority;
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::net::{Reach, WebFetcher};
use thrivosign::sign::{SignatureRequest, SignedPdf};
use thrivosign::verify::{Coverage, Kind, Level, Policy, Report, Revocation, VerifyOptions, verify};
use thrivosign::{ErrorKind, Result};

fn raising<'a>(all: &'a Enrolled, goal: Goal, authorities: &'a [TimeStampAuthority], fetcher: &'a WebFetcher) -> Extending<'a> {
    Extending { goal, trust: &all.trust, authorities, fetcher: Some(fetcher), evidence: None, time: None }
}

/// Signs in memory; how often the key was asked comes last.
fn signed(all: &Enrolled, input: &[u8], task: &Extending<'_>, limits: &Limits) -> (Result<SignedPdf>, Vec<u8>, usize) {
    let store = Watched::new(&all.store);
    let key = SigningKey { store: &store, ..all.key() };
    let options = SignOptions { raise: Some(task), ..SignOptions::default() };
    let mut file = b"as it was".to_vec();
    let (input, request) = (Input::memory(input.to_vec()), SignatureRequest::new(clock::now()));
    let outcome = sign(&input, Target::Memory(&mut file), &request, key, options, limits, None);
    (outcome, file, store.asked(KEY))
}

fn verified(all: &Enrolled, file: &[u8], revocation: Revocation) -> Report {
    let policy = Policy { revocation, ..Policy::default() };
    let options = VerifyOptions { trust: &all.trust, time: clock::now().plus(1), policy, password: None, evidence: None };
    verify(&file.to_vec(), &options, &Progress::default()).unwrap()
}

fn level(goal: Goal) -> Level {
    match goal {
        Goal::BT => Level::BT,
        Goal::BLT => Level::BLT,
        Goal::BLTA => Level::BLTA,
    }
}

#[test]
fn every_level_in_one_go_and_the_key_is_asked_once() {
    let all = Enrolled::new();
    let (fetcher, authorities) = (WebFetcher::new(Reach::Anywhere).unwrap(), [all.tsa()]);
    for (goal, fields) in [(Goal::BT, 1), (Goal::BLT, 1), (Goal::BLTA, 2)] {
        let task = raising(&all, goal, &authorities, &fetcher);
        let (outcome, file, asked) = signed(&all, &small(1), &task, &Limits::default());
        let outcome = outcome.unwrap();
        let raised = outcome.raised().unwrap();
        assert!(raised.reached() && raised.level == Some(goal), "{goal:?}: {raised:?}");
        assert!(raised.missing.is_empty() && raised.unanswered.is_empty() && raised.stopped.is_none());
        assert_eq!((asked, file.len() as u64), (1, outcome.file_len()), "{goal:?}");
        let report = verified(&all, &file, if goal == Goal::BT { Revocation::IfAvailable } else { Revocation::Require });
        // The time stamp stands in the signature: a field of its own is for what seals the evidence alone.
        assert!(report.clean && report.signatures.len() == fields && report.signatures[0].level == level(goal), "{goal:?}");
        assert_eq!(report.signatures[0].byte_range.unwrap()[2..].iter().sum::<u64>(), outcome.total_len());
    }
}

#[test]
fn every_way_to_sign_raises() {
    let all = Enrolled::new();
    let (fetcher, authorities) = (WebFetcher::new(Reach::Anywhere).unwrap(), [all.tsa()]);
    let task = raising(&all, Goal::BLTA, &authorities, &fetcher);
    let options = SignOptions { raise: Some(&task), ..SignOptions::default() };
    let (request, limits) = (SignatureRequest::new(clock::now()), Limits::default());
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let checked = |signed: &SignedPdf, file: &[u8], what: &str| {
        assert!(signed.raised().unwrap().reached(), "{what}: {:?}", signed.raised());
        assert_eq!(signed.file_len(), file.len() as u64, "{what}");
        let report = verified(&all, file, Revocation::Require);
        assert!(report.clean && report.signatures[0].level == Level::BLTA, "{what}");
    };

    // A file, over one that is there.
    std::fs::write(place("in.pdf"), small(1)).unwrap();
    std::fs::write(place("out.pdf"), b"old").unwrap();
    let input = Input::open(&place("in.pdf")).unwrap();
    let done = sign(&input, Target::file(&place("out.pdf")), &request, all.key(), options, &limits, None).unwrap();
    checked(&done, &std::fs::read(place("out.pdf")).unwrap(), "file");

    // A stream of the host's, from a file that is read again.
    let mut streamed = Vec::new();
    let mut write = |bytes: &[u8]| {
        streamed.extend_from_slice(bytes);
        Ok(())
    };
    let done = sign(&input, Target::Stream(&mut write), &request, all.key(), options, &limits, None).unwrap();
    checked(&done, &streamed, "stream");

    let done = sign_in_place(&place("in.pdf"), Durability::None, &request, all.key(), options, &limits, None).unwrap();
    checked(&done, &std::fs::read(place("in.pdf")).unwrap(), "in place");

    // In two parts, the blob authenticated and not.
    let input = Input::memory(small(2));
    let paused = prepare(&input, &request, &all.identity, options, &limits, None).unwrap();
    let value = paused.answer(all.key(), &limits).unwrap();
    for key in [Some(&b"0123456789abcdef0123456789abcdef"[..]), None] {
        let blob = paused.to_blob(key).unwrap();
        let paused = thrivosign::journey::deferred::Paused::from_blob(&blob, key).unwrap();
        let mut file = Vec::new();
        let done = complete(&paused, &value, &input, Target::Memory(&mut file), options, &limits, None).unwrap();
        checked(&done, &file, "two parts");
    }

    let items: Vec<BatchItem> = (0..5)
        .map(|n| {
            std::fs::write(place(&format!("{n}.pdf")), small(1)).unwrap();
            BatchItem { input: place(&format!("{n}.pdf")), output: place(&format!("{n}-signed.pdf")) }
        })
        .collect();
    let batch = BatchOptions { sign: options, durability: Durability::None, jobs: None };
    let summary = sign_batch(&items, &request, all.key(), batch, &limits, &mut |at, outcome| {
        checked(&outcome?, &std::fs::read(&items[at].output).unwrap(), "batch");
        Ok(())
    });
    let summary = summary.unwrap();
    assert_eq!((summary.signed, summary.failed, summary.left), (5, 0, 0), "{:?}", summary.stopped);
}

#[test]
fn only_the_new_signature_is_raised() {
    let all = Enrolled::new();
    let (fetcher, authorities) = (WebFetcher::new(Reach::Anywhere).unwrap(), [all.tsa()]);
    let (input, request) = (Input::memory(small(1)), SignatureRequest::new(clock::now()));
    let mut first = Vec::new();
    sign(&input, Target::Memory(&mut first), &request, all.key(), SignOptions::default(), &Limits::default(), None).unwrap();
    let task = raising(&all, Goal::BLT, &authorities, &fetcher);
    let (outcome, file, _) = signed(&all, &first, &task, &Limits::default());
    assert!(outcome.unwrap().raised().unwrap().reached());
    let report = verified(&all, &file, Revocation::IfAvailable);
    let levels: Vec<Level> = report.signatures.iter().map(|signature| signature.level).collect();
    // The other party's is as it came, and nobody paid for a time stamp over it.
    assert_eq!(levels, [Level::BB, Level::BLT]);
    assert!(report.clean);
}

#[test]
fn a_token_that_does_not_fit_stamps_the_document() {
    let all = Enrolled::new();
    let (fetcher, authorities) = (WebFetcher::new(Reach::Anywhere).unwrap(), [all.tsa()]);
    let (input, request, limits) = (Input::memory(small(1)), SignatureRequest::new(clock::now()), Limits::default());
    // Prepared by somebody who did not think of a time stamp.
    let paused = prepare(&input, &request, &all.identity, SignOptions::default(), &limits, None).unwrap();
    let value = paused.answer(all.key(), &limits).unwrap();
    let task = raising(&all, Goal::BT, &authorities, &fetcher);
    let options = SignOptions { raise: Some(&task), ..SignOptions::default() };
    let mut file = Vec::new();
    let done = complete(&paused, &value, &input, Target::Memory(&mut file), options, &limits, None).unwrap();
    let raised = done.raised().unwrap();
    assert_eq!((raised.level, raised.unanswered[0].code.as_str()), (Some(Goal::BT), "signature_room_exceeded"));
    let report = verified(&all, &file, Revocation::IfAvailable);
    assert!(report.clean && report.signatures[0].level == Level::BT && report.signatures[1].kind == Kind::DocumentTimestamp);
}

#[test]
fn a_signature_is_never_lost_for_want_of_a_level() {
    let all = Enrolled::new();
    let fetcher = WebFetcher::new(Reach::Anywhere).unwrap();
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        TimeStampAuthority::new(format!("http://{}/", listener.local_addr().unwrap()))
    };
    let slow = || [Enrolled::slow_tsa(Duration::from_secs(60))];
    let soon = || Limits { until: Some(Instant::now() + Duration::from_millis(1_500)), ..Limits::default() };
    let cases = [
        ("down", vec![gone.clone()], Limits::default(), vec!["connect_failed"], None),
        ("out of time", slow().into(), soon(), vec!["timed_out"], Some(ErrorKind::TimedOut)),
        ("none asked", Vec::new(), Limits::default(), Vec::new(), None),
    ];
    for (what, authorities, limits, codes, stopped) in cases {
        let task = raising(&all, Goal::BLTA, &authorities, &fetcher);
        let (outcome, file, asked) = signed(&all, &small(1), &task, &limits);
        let outcome = outcome.unwrap_or_else(|error| panic!("{what}: {error}"));
        let raised = outcome.raised().unwrap();
        assert_eq!((raised.reached(), raised.level, asked), (false, None, 1), "{what}");
        let told: Vec<&str> = raised.unanswered.iter().map(|one| one.code.as_str()).collect();
        assert_eq!((told, raised.stopped), (codes, stopped), "{what}");
        let report = verified(&all, &file, Revocation::IfAvailable);
        assert!(report.clean && report.signatures[0].level == Level::BB && report.signatures[0].coverage != Coverage::Broken, "{what}");
        assert_eq!(outcome.file_len(), file.len() as u64, "{what}");
    }
    // The next one that answers counts, and the first is named.
    let (authorities, limits) = ([gone, all.tsa()], Limits::default());
    let task = raising(&all, Goal::BLTA, &authorities, &fetcher);
    let raised = signed(&all, &small(1), &task, &limits).0.unwrap();
    let raised = raised.raised().unwrap();
    // Once for the signature's own time stamp, once for the document's.
    assert_eq!((raised.reached(), raised.unanswered.len()), (true, 2), "{raised:?}");
}

#[test]
fn who_cancels_gets_no_document() {
    let all = Enrolled::new();
    let (fetcher, authorities) = (WebFetcher::new(Reach::Anywhere).unwrap(), [Enrolled::slow_tsa(Duration::from_secs(60))]);
    let task = raising(&all, Goal::BT, &authorities, &fetcher);
    let limits = Limits { cancel: CancelToken::new(), ..Limits::default() };
    let cancel = limits.cancel.clone();
    let (outcome, file, _) = std::thread::scope(|scope| {
        scope.spawn(move || {
            std::thread::sleep(Duration::from_millis(700));
            cancel.cancel();
        });
        signed(&all, &small(1), &task, &limits)
    });
    assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(file, b"as it was");
    assert_eq!(all.key().name, KEY);
}
