//! The fuzzer's bytes as a list of revoked certificates, read whole and as a stream: both say the same, and something only if the CA signed it.

use crate::issued::{CA, LEAF, certificate, holds, judged, signed_part};
use thrivosign::pki::revocation::{Crl, Revocation, RevocationData};
use thrivosign::pki::{PathFailure, Role};

const GOOD: [&[u8]; 2] = [include_bytes!("../corpus/crl/good-0"), include_bytes!("../corpus/crl/good-1")];

/// What the list says of the end entity.
fn said(list: Option<Crl>) -> &'static str {
    let data = RevocationData { crls: list.into_iter().collect(), ..RevocationData::default() };
    match judged(&certificate(LEAF), &[certificate(CA)], Role::Signer, Some(&data)) {
        Ok(Some(Revocation::Good(_))) => "good",
        Ok(_) => "nothing",
        Err(PathFailure::Revoked { .. }) => "revoked",
        Err(other) => panic!("the path itself failed: {other:?}"),
    }
}

pub(crate) fn check(data: &[u8]) {
    let whole = Crl::from_der(data);
    let mut rest = data;
    // In pieces of an odd size, as a network gives them.
    let mut source = |to: &mut [u8]| {
        let (now, later) = rest.split_at(rest.len().min(to.len()).min(77));
        to[..now.len()].copy_from_slice(now);
        rest = later;
        Ok(now.len())
    };
    let streamed = Crl::from_stream(&mut source, &[certificate(LEAF), certificate(CA)]);
    if let (Ok(whole), Ok(streamed)) = (&whole, &streamed) {
        assert_eq!(whole.der(), data, "bytes were lost");
        let head = |list: &Crl| (list.issuer_der().to_vec(), list.this_update(), list.next_update(), list.number().map(<[u8]>::to_vec));
        assert_eq!((head(whole), whole.is_delta(), whole.is_usable()), (head(streamed), streamed.is_delta(), streamed.is_usable()));
        assert_eq!(whole.sha256(), streamed.sha256());
    }
    let found = said(whole.ok());
    assert_eq!(found, said(streamed.ok()), "whole and as a stream it says different things");
    assert!(found == "nothing" || GOOD.iter().any(|good| holds(data, signed_part(good))), "{found}, says nobody");
}
