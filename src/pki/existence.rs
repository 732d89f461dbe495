//! The pki room: proofs of existence (EN 319 102-1 5.6.2.3).
//!
//! Takes what a verified time stamp is over, and its time; gives since when a thing is known to exist. A time that somebody claims is none, and a
//! thing that no time stamp covers exists since now. Who verifies the time stamps fills it in; here nothing is verified.

use crate::time::Time;
use std::collections::HashMap;

/// Since when things are known to exist, by the SHA-256 of their DER.
#[derive(Clone, Debug)]
pub struct Existence {
    now: Time,
    since: HashMap<[u8; 32], Time>,
}

impl Existence {
    /// Nothing is known but that it exists now.
    #[must_use]
    pub fn at(now: Time) -> Existence {
        Existence { now, since: HashMap::new() }
    }

    /// The time at which everything at hand exists.
    #[must_use]
    pub const fn now(&self) -> Time {
        self.now
    }

    /// A thing is proven to have existed at that time. Of two proofs the earlier counts.
    pub fn prove(&mut self, sha256: [u8; 32], at: Time) {
        let known = self.since.entry(sha256).or_insert(at);
        *known = (*known).min(at);
    }

    /// Since when it is proven to exist; `None` if it is only known to be there now.
    #[must_use]
    pub fn proven(&self, sha256: &[u8; 32]) -> Option<Time> {
        self.since.get(sha256).copied()
    }

    /// Since when it is known to exist.
    #[must_use]
    pub fn of(&self, sha256: &[u8; 32]) -> Time {
        self.since.get(sha256).copied().unwrap_or(self.now).min(self.now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_earlier_proof_counts_and_none_lies_ahead() {
        let at = Time::from_unix;
        let mut existence = Existence::at(at(100));
        for time in [150, 50, 70] {
            existence.prove([1; 32], at(time));
        }
        existence.prove([2; 32], at(150));
        assert_eq!([[1; 32], [3; 32]].map(|thing| existence.proven(&thing)), [Some(at(50)), None]);
        assert_eq!([[1; 32], [2; 32], [3; 32]].map(|thing| existence.of(&thing)), [at(50), at(100), at(100)]);
    }
}
