//! The verify room: until when what is proven now stays provable, by what is known today: the certificates' ends and the dates of the algorithm table.
//! Takes a valid path and the policy, gives a time. Nobody foresees a revocation or a break.

use super::policy::Policy;
use crate::cms::CmsFacts;
use crate::pki::certificate::Certificate;
use crate::time::Time;

/// The earliest end of what a signature rests on: its algorithms, and the certificates of its path below the anchor.
pub(super) fn end(cms: &CmsFacts, path: &[Certificate], policy: &Policy) -> Option<Time> {
    let key = path.first().map(|signer| signer.public_key().algorithm());
    let own = [cms.digest_algorithm, cms.content_digest_algorithm].into_iter().filter_map(|digest| policy.end(digest, key));
    // An anchor is trusted, whatever it says of itself; one that signs by itself ends when it says.
    let below = path.len().saturating_sub(1).max(1);
    let certificates = path.iter().take(below).flat_map(|certificate| {
        let digest = certificate.signature_algorithm().and_then(|algorithm| algorithm.digest());
        let algorithms = policy.end(digest, Some(certificate.public_key().algorithm()));
        std::iter::once(certificate.not_after()).chain(algorithms)
    });
    own.chain(certificates).min()
}
