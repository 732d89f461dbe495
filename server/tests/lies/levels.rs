//! Levels that the service raises what it files to: the true ones are found, and what it says of them counts for nothing.

use crate::bank::{Bank, Wire};
use crate::filed::{filed, with_cms};
use thrivosign::cms::build::{signed_data, time_stamp_attribute};
use thrivosign::crypto::SignatureAlgorithm;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::evidence::Goal;
use thrivosign::host::clock;
use thrivosign::journey::{Call, Transport};
use thrivosign::remote::complete_signature::CompletedSignature;
use thrivosign::remote::http::{Method, Request};
use thrivosign::remote::start_signature::Level as Told;
use thrivosign::verify::{Level, Policy, Revocation, VerifyOptions, verify};
use thrivosign::{ErrorKind, Progress};

const ECDSA: SignatureAlgorithm = SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256);

#[test]
fn the_service_raises_what_it_files() {
    let bank = Bank::open();
    let trust = bank.signer.chain().last().cloned().into_iter().collect();
    for (goal, level) in [(Goal::BT, Level::BT), (Goal::BLT, Level::BLT), (Goal::BLTA, Level::BLTA)] {
        let outcome = bank.submit_at(goal, None);
        let done = outcome.result.unwrap_or_else(|error| panic!("{goal:?}: {error}"));
        let file = std::fs::read(&bank.output).unwrap();
        assert_eq!((outcome.key_uses, done.size, done.signed.file_len()), (1, file.len() as u64, file.len() as u64));
        assert_eq!(done.signed.raised().unwrap().level, Some(goal), "{goal:?}");
        let revocation = if goal == Goal::BT { Revocation::IfAvailable } else { Revocation::Require };
        let policy = Policy { revocation, ..Policy::default() };
        let options = VerifyOptions { trust: &trust, time: clock::now().plus(1), policy, password: None, evidence: None };
        let report = verify(&file, &options, &Progress::default()).unwrap();
        assert!(report.clean && report.signatures[0].level == level, "{goal:?}: {:?}", report.signatures[0].reasons);
    }
    // Nobody asked: nothing is added.
    let done = bank.submit_over(None, &thrivosign::journey::Limits::default()).result.unwrap();
    assert!(done.signed.raised().is_none() && done.size == done.signed.total_len());
}

fn level(outcome: crate::bank::Outcome, name: &str) -> Option<Goal> {
    outcome.result.unwrap_or_else(|error| panic!("{name}: {error}")).signed.raised().unwrap().level
}

#[test]
fn a_level_is_what_is_found() {
    let bank = Bank::open();
    let (signer, chain) = (bank.signer.chain()[0].clone(), bank.signer.chain().to_vec());
    let bare = {
        let chain = chain.clone();
        with_cms(move |attributes, value| signed_data(attributes, &ECDSA, value, &chain, &[]).unwrap(), signer.clone())
    };
    assert_eq!(level(bank.submit_at(Goal::BT, Some(bare)), "the time stamp taken out"), None);
    let fake = {
        let chain = chain.clone();
        let stamp = time_stamp_attribute(&[0x30, 0]);
        with_cms(
            move |attributes, value| signed_data(attributes, &ECDSA, value, &chain, std::slice::from_ref(&stamp)).unwrap(),
            signer.clone(),
        )
    };
    assert_eq!(level(bank.submit_at(Goal::BT, Some(fake)), "no time stamp at all"), None);
    let cut: Wire = Box::new(|real: &dyn Transport, request: Request, call: &Call| {
        let is_put = request.method == Method::Put;
        let response = real.send(request, call)?;
        Ok(if is_put { CompletedSignature { level: Told::BB }.encode() } else { response })
    });
    assert_eq!(level(bank.submit_at(Goal::BLTA, Some(cut)), "told too low"), Some(Goal::BLTA));
}

#[test]
fn more_than_a_time_stamp_is_refused() {
    let bank = Bank::open();
    let (signer, chain) = (bank.signer.chain()[0].clone(), bank.signer.chain().to_vec());
    let stamp = || time_stamp_attribute(&[0x30, 0]);
    let mut other = stamp();
    // Another object identifier, one arc further.
    other[14] ^= 1;
    for (name, unsigned) in [("another attribute", vec![other]), ("two time stamps", vec![stamp(), stamp()])] {
        let chain = chain.clone();
        let wire = with_cms(move |a, value| signed_data(a, &ECDSA, value, &chain, &unsigned).unwrap(), signer.clone());
        let error = bank.submit_at(Goal::BT, Some(wire)).result.err().unwrap_or_else(|| panic!("{name}: passed"));
        assert_eq!(
            (error.kind(), error.context_text()),
            (ErrorKind::FiledDocumentRefused, Some("the CMS carries more than the signature")),
            "{name}"
        );
        assert_eq!(bank.names(), ["agreement.pdf"], "{name}");
    }
    let behind = filed(|whole| [&whole[..], b"x"].concat());
    let error = bank.submit_at(Goal::BLTA, Some(behind)).result.err().unwrap();
    assert_eq!(error.kind(), ErrorKind::FiledDocumentRefused);
}
