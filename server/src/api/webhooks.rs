//! Webhooks: where a user has events sent; what happened to a package, put down for its owner; and the sending, one try of one event. The address was
//! written by a customer: where it may lead is `thrivosign::net`'s to say, at each try.

use super::{No, Service, Visit};
use crate::ca::key;
use crate::failure::Failure;
use crate::folder::Folder;
use crate::random;
use crate::store::Transaction;
use crate::store::packages::Package;
use crate::store::webhooks::{self, Delivery};
use crate::web::Reply;
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use p256::pkcs8::EncodePublicKey;
use std::time::{Duration, Instant};
use thrivosign::cancel::CancelToken;
use thrivosign::crypto::PublicKey;
use thrivosign::net::{Reach, WebPusher};
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::webhook::event::{Event, EventKind, MEDIA_TYPE};
use thrivosign::remote::webhook::set::SetWebhook;
use thrivosign::remote::webhook::{self as wire, keys as keys_call, remove as remove_call};
use thrivosign::{ErrorKind, Time};

/// The key that signs events, and nothing else: no certificate names it.
const KEY: &str = "events.key.pem";
/// How long one try may take: less than the pause before the next one.
const TRY: Duration = Duration::from_secs(10);

/// What signs events and sends them.
pub(crate) struct Events {
    key: SigningKey,
    public: PublicKey,
    pusher: WebPusher,
}

impl Events {
    /// With the folder's key, to the public network alone or anywhere: where nobody but this machine's own people can say where to.
    pub(crate) fn open(folder: &Folder, anywhere: bool) -> Result<Events, Failure> {
        let doing = "cannot set up the events' key";
        let key = key::open_or_make(folder, KEY)?;
        let spki = key.verifying_key().to_public_key_der().map_err(Failure::at(doing))?;
        let public = PublicKey::from_spki_der(spki.as_bytes()).map_err(Failure::at(doing))?;
        let pusher =
            WebPusher::new(if anywhere { Reach::Anywhere } else { Reach::Public }).map_err(Failure::at("cannot set up webhooks"))?;
        Ok(Events { key, public, pusher })
    }

    fn signed(&self, delivery: &Delivery) -> thrivosign::Result<String> {
        let unsigned = delivery.event.unsigned(&delivery.url, &self.public)?;
        let value: p256::ecdsa::DerSignature = self.key.sign(unsigned.message().0);
        unsigned.with_signature(value.as_bytes())
    }
}

/// The keys that events are signed with.
pub(super) fn keys(service: &Service, _: Visit) -> Result<Reply, No> {
    let response = keys_call::encode(std::slice::from_ref(&service.events.public)).map_err(Failure::at("cannot name the events' key"))?;
    Ok(response.into())
}

/// Sets where the user's events go.
pub(super) fn set(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = SetWebhook::decode(&visit.request)?;
    service.events.pusher.check(&asked.url).map_err(|error| {
        let mut problem = Problem::new(ProblemType::WebhookRefused);
        problem.findings = vec![error.kind().name().to_owned()];
        No::from(problem)
    })?;
    let reply = service.store.transact(|tx| {
        webhooks::set(tx, user, &asked.url, visit.now)?;
        shown(tx, user)
    })?;
    service.tell_waiting();
    Ok(reply)
}

/// Where the user's events go.
pub(super) fn status(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    service.store.transact(|tx| shown(tx, user))
}

fn shown(tx: &Transaction<'_>, user: &str) -> Result<Reply, No> {
    let found = webhooks::find(tx, user)?.ok_or(ProblemType::WebhookUnknown)?;
    Ok(wire::Webhook { url: found.url, pending: found.pending, failed: found.tries }.encode().into())
}

/// Has nothing sent any more.
pub(super) fn remove(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    service.store.transact(|tx| webhooks::remove(tx, user).map_err(No::from))?;
    Ok(remove_call::done().into())
}

/// Puts down what happened to the package, for its owner, in the transaction in which it happened.
pub(super) fn happened(tx: &Transaction<'_>, package: &Package, kind: EventKind, recipient: Option<&str>, now: Time) -> Result<(), No> {
    let event = Event {
        id: random::id("evt-")?,
        time: now,
        kind,
        package_id: package.id.clone(),
        state: package.state,
        version: package.version,
        recipient_id: recipient.map(str::to_owned),
    };
    Ok(webhooks::put(tx, &package.owner, &event)?)
}

/// The next event that is due, if there is one.
pub(crate) fn next_event(service: &Service) -> Result<Option<Delivery>, Failure> {
    service.store.transact(|tx| webhooks::claim(tx, service.now()))
}

/// Tries an event once. Taken is what is answered with a status of success (RFC 8935 2.2); a redirect is none.
pub(crate) fn send_event(service: &Service, delivery: &Delivery) -> Result<(), Failure> {
    let token = service.events.signed(delivery).map_err(Failure::at("cannot sign an event"))?;
    let push = || service.events.pusher.push(&delivery.url, MEDIA_TYPE, token.as_bytes(), Instant::now() + TRY, &CancelToken::new());
    // The library's network is not used from inside a runtime, and the server's threads are inside of one.
    let sent = std::thread::scope(|scope| scope.spawn(push).join()).unwrap_or_else(|_| Err(ErrorKind::Internal.into()));
    match sent {
        Ok(200..=299) => {}
        // The customer's address is no matter of the operator's log.
        Ok(status) => {
            tracing::info!(event = delivery.event.id, status, "an event was not taken");
            return Ok(());
        }
        Err(error) => {
            tracing::info!(event = delivery.event.id, error = error.kind().name(), "an event was not taken");
            return Ok(());
        }
    }
    service.store.transact(|tx| webhooks::taken(tx, delivery, service.now()))?;
    service.tell_waiting();
    Ok(())
}
