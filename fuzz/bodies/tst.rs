//! The fuzzer's bytes as the answer of an authority for time stamps, as a token, and as what a token says. Nothing answers the request but what the
//! authority signed for it.

use crate::issued::holds;
use thrivosign::cms::{Expect, SignedData};
use thrivosign::crypto::DigestAlgorithm;
use thrivosign::evidence::TokenRequest;
use thrivosign::pki::TstInfo;

const CONTENT: &[u8] = b"the signed ranges of a document";
/// A good answer, and what its token says.
const GOOD: &[u8] = include_bytes!("../corpus/tst/good-0");
const SAYS: &[u8] = include_bytes!("../corpus/tst/good-info");

pub(crate) fn check(data: &[u8]) {
    assert!(holds(GOOD, SAYS));
    if let Ok(info) = TstInfo::from_der(data) {
        assert!(info.imprint.len() + info.serial.len() <= data.len());
        assert_eq!(Ok(info), TstInfo::from_der(data).map_err(|error| error.kind()));
    }
    let request = TokenRequest::new(DigestAlgorithm::Sha256, &DigestAlgorithm::Sha256.digest(CONTENT), [0x47; 16], None);
    if let Ok(token) = request.answer(data) {
        assert!(holds(&token.der, SAYS), "a time that nobody stamped");
        assert!(holds(data, &token.der), "bytes were changed");
    }
    if let Ok(signed) = SignedData::parse(data) {
        let over = |algorithm: DigestAlgorithm| Ok(algorithm.digest(CONTENT));
        let facts = signed.check(Expect::TimeStamp, &over).expect("the content can be read");
        let Some(info) = facts.time_stamp.filter(|_| facts.failure.is_none()) else { return };
        let imprint = info.imprint_algorithm.map(|algorithm| algorithm.digest(CONTENT));
        assert_eq!(imprint, Some(info.imprint), "a token over something else");
        assert!(facts.signer.is_some_and(|signer| signer.suits_time_stamping()), "a token of no authority");
    }
}
