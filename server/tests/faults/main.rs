//! The whole job over a network that fails: information, login, device, certificate, activation, a document signed as the service prepared it, one
//! signed here as an order and filed, both fetched, logout. One fault each time, at any byte of the traffic: a cut, a pause, a stall until the
//! time-out, a duplicate, a byte corrupted. Afterwards client and server are where they are without a fault, and no key was asked twice.
//!
//! Over TLS the faults meet records: a corrupted or repeated piece must be found by TLS. In the clear, behind a proxy that ends TLS, they meet HTTP:
//! a request is cut at that very byte, or delivered twice, and the client is given the answer to the first or to the second copy. With proofs of
//! possession the server refuses every copy, and where the client is given that refusal the app calls again, as after any lost answer; the runs
//! without them show that what may be sent twice is done once. Bytes corrupted in the clear are
//! not tried: who can change them there can change everything, and no promise is made without TLS.
//!
//! Where the person has to do something again, the driver does it, and counts codes (a login, entered again, counts as an error): a code typed anew where two were sent and the answer to the first
//! came, or where the answer to an activation was lost and the service says that it is not activated; a password entered again where the answer to a
//! login was lost. A logout whose answer was lost is not repeated: the tokens are gone from the device all the same.

#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

#[path = "../client/mod.rs"]
mod client;
mod job;
mod proxy;

use job::{Bench, Ended, Mode};
use proxy::Fault;
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How many runs of each fault in each mode: in the ordinary run, and in the long one.
const PLAN: [(Mode, Fault, usize, usize); 15] = [
    (Mode::Tls, Fault::Cut, 8, 1_000),
    (Mode::Tls, Fault::Pause, 2, 200),
    (Mode::Tls, Fault::Stall, 1, 50),
    (Mode::Tls, Fault::Duplicate, 2, 100),
    (Mode::Tls, Fault::Corrupt, 5, 500),
    (Mode::Proven, Fault::Cut, 4, 500),
    (Mode::Proven, Fault::Pause, 1, 100),
    (Mode::Proven, Fault::Stall, 1, 25),
    (Mode::Proven, Fault::Duplicate, 2, 100),
    (Mode::Bearer, Fault::Cut, 4, 500),
    (Mode::Bearer, Fault::Pause, 1, 100),
    (Mode::Bearer, Fault::Stall, 1, 25),
    (Mode::Bearer, Fault::Duplicate, 6, 300),
    (Mode::Tls, Fault::None, 1, 4),
    (Mode::Bearer, Fault::None, 1, 4),
];
const SEED: u64 = 0x7468_7269_766f;
const WORKERS: usize = 4;

/// A number that looks random and is the same in every run (splitmix64).
fn drawn(from: u64) -> u64 {
    let mut z = from.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(SEED);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Every run: mode, fault, and its place among the bytes of a run without one.
fn runs(long: bool, totals: &BTreeMap<Mode, u64>) -> Vec<(Mode, Fault, u64)> {
    let mut all = Vec::new();
    for (mode, fault, few, many) in PLAN {
        let count = if long { many } else { few } as u64;
        // One in each of as many stretches, so that together they meet every exchange.
        let place = |n: u64| (totals[&mode] * n + drawn(all.len() as u64 + n) % totals[&mode]) / count;
        let places: Vec<u64> = (0..count).map(place).collect();
        all.extend(places.into_iter().map(|at| (mode, fault, at)));
    }
    // Mixed, so that a run that is ended early has a bit of everything.
    all.sort_by_key(|(mode, fault, at)| drawn(at ^ ((*mode as u64) << 32) ^ ((*fault as u64) << 40)));
    all
}

#[test]
fn whatever_the_network_does_the_end_is_the_same() {
    let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
    // The long run can be taken up where it was ended, and ended after a time.
    let number = |name: &str| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok());
    let from = number("THRIVOSIGN_FAULTS_FROM").unwrap_or(0);
    let until = number("THRIVOSIGN_FAULTS_SECONDS").map(|seconds| Instant::now() + Duration::from_secs(seconds as u64));

    let bench = Bench::open();
    let mut totals = BTreeMap::new();
    let mut worker = bench.worker();
    for mode in [Mode::Tls, Mode::Proven, Mode::Bearer] {
        let ended = worker.run(mode, Fault::None, 0);
        assert!(ended.errors.is_empty() && ended.again == 0, "without a fault: {ended:?}");
        totals.insert(mode, ended.bytes);
    }
    let runs = runs(long, &totals);
    let (next, done) = (AtomicUsize::new(from), Mutex::new(Vec::<(Mode, Fault, Ended)>::new()));
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                let mut worker = bench.worker();
                while until.is_none_or(|until| Instant::now() < until) {
                    let number = next.fetch_add(1, Ordering::SeqCst);
                    let Some((mode, fault, at)) = runs.get(number).copied() else { return };
                    let ended = worker.run(mode, fault, at);
                    done.lock().unwrap().push((mode, fault, ended));
                    if number % 100 == 99 {
                        println!("{} of {} runs", number + 1, runs.len());
                    }
                }
            });
        }
    });
    let done = done.into_inner().unwrap();
    let mut table: BTreeMap<(Mode, Fault), [usize; 4]> = BTreeMap::new();
    let (mut kinds, mut exchanges) = (BTreeMap::<String, usize>::new(), BTreeMap::<String, usize>::new());
    for (mode, fault, ended) in &done {
        let row = table.entry((*mode, *fault)).or_default();
        row[0] += 1;
        row[1] += usize::from(ended.met);
        row[2] += usize::from(!ended.errors.is_empty());
        row[3] += ended.again;
        ended.errors.iter().for_each(|(_, kind)| *kinds.entry(format!("{kind:?}")).or_default() += 1);
        ended.exchange.iter().for_each(|name| *exchanges.entry(name.clone()).or_default() += 1);
    }
    println!("traffic without a fault: {totals:?} bytes");
    for ((mode, fault), [count, met, told, again]) in &table {
        println!(
            "{mode:?} {fault:?}: {count} runs, {met} met, {told} told the app of an error, {again} times a person did something again"
        );
    }
    println!("errors: {kinds:?}\nexchanges met in the clear: {exchanges:?}");
    let faulty = done.iter().filter(|(_, fault, _)| *fault != Fault::None).count();
    let met = done.iter().filter(|(.., ended)| ended.met).count();
    assert!(met * 100 >= faulty * 95, "{met} of {faulty} faults were met");
    if long && until.is_none() && from == 0 {
        assert_eq!(exchanges.len(), job::EXCHANGES, "{exchanges:?}");
    }
}
