//! What all calls share: the store, the authority, the outbox, the clock, the limits.

use super::once::InFlight;
use super::proofs::Proofs;
use super::webhooks::Events;
use crate::ca::Authority;
use crate::config::{Binding, Clock, Limits, time_of};
use crate::desk::{Message, Outbox};
use crate::store::Store;
use crate::store::throttle::Rule;
use crate::store::tokens::{Lifetimes, Possession};
use crate::store::users::User;
use crate::trust::Trust;
use crate::vault::Vault;
use crate::web::Places;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use thrivosign::Time;
use thrivosign::appearance::Font;
use thrivosign::key::attestation::AttestationPolicy;
use tokio::sync::watch;
use zeroize::Zeroizing;

/// The service behind the calls.
pub(crate) struct Service {
    pub(crate) store: Arc<Store>,
    pub(crate) authority: Arc<Authority>,
    /// What raises a signature above B-B.
    pub(crate) trust: Arc<Trust>,
    /// Protects prepared documents at rest.
    pub(crate) blob_key: Zeroizing<Vec<u8>>,
    /// Proofs of possession, and the nonces for them.
    pub(crate) proofs: Proofs,
    /// The keys of remote credentials.
    pub(crate) vault: Vault,
    /// What signs events and sends them.
    pub(super) events: Events,
    /// Calls with an idempotency key that are being worked on.
    pub(super) in_flight: InFlight,
    places: Places,
    /// Counted up when what a call may wait for has changed.
    changes: watch::Sender<u64>,
    outbox: Option<Arc<Outbox>>,
    rules: Rules,
}

/// What the operator decided, as far as the calls ask.
pub(crate) struct Rules {
    /// The folder of documents.
    pub(crate) documents: PathBuf,
    /// Whether a registration officer approves certificates.
    pub(crate) officer_approves: bool,
    /// The document of pins, if one is published.
    pub(crate) pins: Option<String>,
    /// What keys must prove.
    pub(crate) attestation: AttestationPolicy,
    /// Whose tokens are bound to the connection's certificate.
    pub(crate) binding: Binding,
    /// How many days an agreement is kept; for ever without.
    pub(crate) kept_days: Option<u32>,
    /// For values of text fields that the standard font cannot show.
    pub(crate) field_font: Font,
    /// What is admitted.
    pub(crate) limits: Limits,
    /// The time.
    pub(crate) clock: Clock,
}

impl Service {
    pub(crate) fn new(
        trust: Arc<Trust>,
        blob_key: Zeroizing<Vec<u8>>,
        vault: Vault,
        events: Events,
        outbox: Option<Arc<Outbox>>,
        rules: Rules,
    ) -> Service {
        let (store, authority) = (Arc::clone(&trust.store), Arc::clone(&trust.authority));
        Service {
            store,
            authority,
            trust,
            blob_key,
            proofs: Proofs::default(),
            vault,
            events,
            in_flight: InFlight::default(),
            places: Places::new(rules.limits.calls),
            changes: watch::Sender::new(0),
            outbox,
            rules,
        }
    }

    /// Where calls are worked on.
    pub(crate) fn places(&self) -> &Places {
        &self.places
    }

    /// Tells calls that wait to look again. Call it once the change is committed.
    pub(super) fn tell_waiting(&self) {
        self.changes.send_modify(|count| *count = count.wrapping_add(1));
    }

    /// Hears of changes from now on.
    pub(crate) fn hear_changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    /// The time.
    pub(crate) fn now(&self) -> Time {
        time_of((self.rules.clock)())
    }

    /// The demo's outbox.
    pub(crate) fn outbox(&self) -> Option<&Outbox> {
        self.outbox.as_deref()
    }

    /// The folder of documents.
    pub(crate) fn documents(&self) -> &Path {
        &self.rules.documents
    }

    /// How many days an agreement is kept, if there is an end.
    pub(super) fn field_font(&self) -> &Font {
        &self.rules.field_font
    }

    pub(super) fn kept_days(&self) -> Option<u32> {
        self.rules.kept_days
    }

    /// The document of pins, if one is published.
    pub(super) fn pins(&self) -> Option<&str> {
        self.rules.pins.as_deref()
    }

    /// Whether a registration officer approves certificates.
    pub(super) fn officer_approves(&self) -> bool {
        self.rules.officer_approves
    }

    /// What keys must prove.
    pub(super) fn attestation(&self) -> &AttestationPolicy {
        &self.rules.attestation
    }

    /// What is admitted.
    pub(crate) fn limits(&self) -> &Limits {
        &self.rules.limits
    }

    /// What the tokens of a user are bound to, of what was shown: a certificate only where the operator says so, as a user's app may go on with another.
    pub(super) fn binds<'p>(&self, shown: Possession<'p>) -> Possession<'p> {
        match self.rules.binding {
            Binding::Everybody => shown,
            Binding::Clients => Possession { certificate: None, ..shown },
        }
    }

    /// How long tokens live: a day, as published, and two months of refreshing.
    pub(crate) const LIFETIMES: Lifetimes = Lifetimes { access: 86_399, refresh: 60 * 86_400 };
    /// Wrong passwords per user name.
    pub(crate) const LOGIN_RULE: Rule = Rule { tries: 10, lock_seconds: 300 };
    /// Wrong one-time codes per user and purpose.
    pub(crate) const CODE_RULE: Rule = Rule { tries: 5, lock_seconds: 900 };
    /// How long a one-time code is good.
    pub(crate) const CODE_SECONDS: i64 = 300;
    /// The time within which a user's one-time codes are counted, in seconds.
    pub(crate) const CODE_WINDOW: i64 = 3600;
    /// How long a device may take to approve a remote signature.
    pub(crate) const APPROVAL_SECONDS: i64 = 180;
    /// How many remote signatures may wait for one device.
    pub(crate) const APPROVALS: u32 = 20;
    /// How long signature activation data are good.
    pub(crate) const ACTIVATION_SECONDS: i64 = 300;
    /// Most signatures of one authorisation.
    pub(crate) const MULTISIGN: u64 = 25;
    /// How long a challenge is good.
    pub(crate) const CHALLENGE_SECONDS: i64 = 300;

    /// Sends a one-time code to the user's phone; false where no gateway exists to do so. Call it once the code is stored for good.
    pub(crate) fn send_code(&self, user: &User, purpose: &'static str, code: Zeroizing<String>, now: Time) -> bool {
        let Some(outbox) = &self.outbox else { return false };
        outbox.send(Message { at: now, channel: "sms", to: user.mobile.clone(), purpose, code });
        true
    }
}

/// A number or address of which only the last three characters are shown.
pub(crate) fn masked(address: &str) -> String {
    let count = address.chars().count();
    let shown = if count >= 6 { 3 } else { 0 };
    address.chars().enumerate().map(|(at, c)| if at + shown >= count { c } else { '*' }).collect()
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn only_the_end_of_an_address_is_shown() {
        assert_eq!(masked("+491701234567"), "**********567");
        assert_eq!(masked("12345"), "*****");
        assert_eq!(masked(""), "");
    }
}
