//! The fuzzer's bytes as a certificate: read, asked everything it can be asked, and put at each place of a path. A path holds only with what its
//! issuer signed.

use crate::issued::{CA, LEAF, ROOT, certificate, judged, signed_part};
use thrivosign::pki::{Certificate, PathInputs, Role, TrustAnchors, path};

const ROLES: [Role; 5] = [Role::Any, Role::Signer, Role::TimeStamping, Role::OcspResponder, Role::CrlIssuer];

/// Everything that is told of a certificate; it is the same each time.
fn told(certificate: &Certificate) -> String {
    let names = (certificate.subject_text(), certificate.issuer_text(), certificate.common_name());
    let urls = (certificate.ocsp_urls(), certificate.ca_issuer_urls(), certificate.crl_urls());
    let uses = (certificate.is_ca(), certificate.path_len(), certificate.key_usage(), certificate.extended_key_usage());
    let rest =
        (certificate.policies(), certificate.unknown_critical_extensions(), certificate.suits_signing(), certificate.suits_time_stamping());
    format!("{names:?} {urls:?} {uses:?} {rest:?} {:?}", (certificate.not_before(), certificate.not_after(), certificate.serial()))
}

pub(crate) fn check(data: &[u8]) {
    let Ok(found) = Certificate::from_der(data) else { return };
    assert_eq!(found.der(), data, "bytes were lost");
    assert_eq!(Some(told(&found)), Certificate::from_der(data).ok().as_ref().map(told));
    let (ca, leaf) = (certificate(CA), certificate(LEAF));
    let is = |der: &[u8]| found.tbs_der() == signed_part(der);
    for role in ROLES {
        if judged(&found, &[ca.clone(), leaf.clone()], role, None).is_ok() {
            assert!(is(LEAF) || is(CA) || is(ROOT), "a path to what nobody issued");
        }
    }
    if judged(&leaf, std::slice::from_ref(&found), Role::Signer, None).is_ok() {
        assert!(is(CA), "a path through what nobody issued");
    }
    // As an anchor it may be what it likes; there is an end.
    let anchors = TrustAnchors::from_iter([found.clone()]);
    let _ = path::validate(&leaf, &[ca, found], &anchors, &PathInputs::at(crate::issued::now(), Role::Signer));
}
