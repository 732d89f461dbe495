//! The fuzzer's bytes as an OCSP response: read, held against a request, and asked for the end entity. It says something only if the CA or its
//! responder signed it.

use crate::issued::{CA, LEAF, certificate, holds, judged, signed_part};
use thrivosign::pki::revocation::{OcspRequest, OcspResponse, Revocation, RevocationData};
use thrivosign::pki::{PathFailure, Role};

/// By the CA itself, good and revoked; by its responder.
const GOOD: [&[u8]; 3] =
    [include_bytes!("../corpus/ocsp/good-0"), include_bytes!("../corpus/ocsp/good-1"), include_bytes!("../corpus/ocsp/good-2")];

pub(crate) fn check(data: &[u8]) {
    let Ok(response) = OcspResponse::from_der(data) else { return };
    assert_eq!(response.der(), data, "bytes were lost");
    let (leaf, ca) = (certificate(LEAF), certificate(CA));
    for nonce in [None, Some(&[1; 16][..])] {
        let request = OcspRequest::new(&[(&leaf, &ca)], nonce).expect("a request");
        if request.check_answer(&response).is_ok() {
            assert!(response.is_about(&leaf, &ca), "an answer about another certificate");
        }
    }
    let basic = |der: &[u8]| OcspResponse::from_der(der).expect("it is in the corpus").basic_der().expect("it answers").to_vec();
    let signed = || GOOD.iter().any(|good| holds(data, signed_part(&basic(good))));
    let stored = RevocationData { ocsp: vec![response], ..RevocationData::default() };
    match judged(&leaf, &[ca], Role::Signer, Some(&stored)) {
        Ok(Some(Revocation::Good(_))) | Err(PathFailure::Revoked { .. }) => assert!(signed(), "an answer of nobody's"),
        Ok(_) => {}
        Err(other) => panic!("the path itself failed: {other:?}"),
    }
}
