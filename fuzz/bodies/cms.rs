//! The fuzzer's bytes as /Contents: read as every kind of signature, against two contents. Whatever comes out, it comes to an end, it takes
//! no more bytes than there are, and nothing is a signature over both.

use thrivosign::cms::{BareSignature, CmsFacts, Expect, SignedData};
use thrivosign::crypto::DigestAlgorithm;

const CONTENTS: [&[u8]; 2] = [b"the signed ranges of a document", b"another document"];

/// The facts say no, or say who signed with what.
fn accepted(facts: &CmsFacts) -> bool {
    assert!(facts.signature_value.len() <= 64 << 20);
    if facts.failure.is_some() {
        return false;
    }
    assert!(facts.signer.is_some() && facts.signature_algorithm.is_some() && facts.digest_algorithm.is_some(), "accepted without a signer");
    assert!(facts.content_digest.is_some(), "accepted without a look at the content");
    true
}

pub(crate) fn check(data: &[u8]) {
    if let Ok(signed) = SignedData::parse(data) {
        assert!(signed.consumed() <= data.len());
        // What follows is no part of it.
        let again = SignedData::parse(&data[..signed.consumed()]);
        assert!(again.is_ok_and(|again| again.consumed() == signed.consumed() && again.was_ber() == signed.was_ber()));
        for kind in [Expect::CadesDetached, Expect::Pkcs7Detached, Expect::Pkcs7Sha1, Expect::TimeStamp, Expect::X509RsaSha1] {
            let over = CONTENTS.map(|content| {
                let digest = |algorithm: DigestAlgorithm| Ok(algorithm.digest(content));
                accepted(&signed.check(kind, &digest).expect("the content can be read"))
            });
            assert!(over != [true, true], "{kind:?}: one signature over two documents");
        }
    }
    if let Ok(bare) = BareSignature::parse(data) {
        assert!(bare.consumed() <= data.len());
        // What stands behind the value, as certificates of every length there is.
        let certificates: Vec<Vec<u8>> = data[bare.consumed()..].split(|b| *b == 0xfe).map(<[u8]>::to_vec).collect();
        let over = CONTENTS.map(|content| {
            let digest = |algorithm: DigestAlgorithm| Ok(algorithm.digest(content));
            accepted(&bare.check(&certificates, &digest).expect("the content can be read"))
        });
        assert!(over != [true, true], "one value over two documents");
    }
}
