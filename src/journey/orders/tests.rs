//! The room `journey`, tests only: orders that are interrupted, doubled, refused and taken up again.

use super::super::sign_tests::{Person, person, visible};
use super::*;
use crate::crypto::SignatureAlgorithm;
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeySpec};
use crate::sign::testing::{Style, plain};
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

const KEY: [u8; 32] = [3; 32];

struct Place {
    folder: tempfile::TempDir,
    person: Person,
    input: Input,
    request: SignatureRequest,
}

impl Place {
    fn new() -> Place {
        let input = Input::memory(plain(Style::Table));
        Place { folder: tempfile::tempdir().unwrap(), person: person(), input, request: visible() }
    }

    fn target(&self) -> PathBuf {
        self.folder.path().join("signed.pdf")
    }

    fn orders(&self) -> Orders {
        Orders::open(self.folder.path(), &KEY).unwrap()
    }

    fn sign_with(&self, orders: &Orders, id: &str, key: SigningKey<'_>, unanswered: Unanswered) -> Result<Order> {
        let target = self.target();
        let options = SignOptions::default();
        let order = SigningOrder { id, input: &self.input, target: &target, request: &self.request, key, options, unanswered };
        orders.sign(&order, &Limits::default(), None)
    }

    fn sign(&self, orders: &Orders) -> Result<Order> {
        self.sign_with(orders, "loan-4711", self.person.key(), Unanswered::Refuse)
    }

    /// Where each record of the journal ends.
    fn ends(&self) -> Vec<usize> {
        let bytes = std::fs::read(self.folder.path().join(JOURNAL)).unwrap();
        let (mut at, mut ends) = (21 + 16, Vec::new());
        while at < bytes.len() {
            at += 8 + u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
            ends.push(at);
        }
        ends
    }

    fn cut(&self, end: usize) {
        let path = self.folder.path().join(JOURNAL);
        let bytes = std::fs::read(&path).unwrap();
        std::fs::write(path, &bytes[..end]).unwrap();
    }
}

#[test]
fn an_order_is_signed_once_however_often_it_is_given() {
    let place = Place::new();
    let orders = place.orders();
    let first = place.sign(&orders).unwrap();
    assert!(matches!(first.state, OrderState::Completed { .. }));
    let signed = std::fs::read(place.target()).unwrap();
    place.person.clean(&signed, 1);
    assert_eq!(place.sign(&orders).unwrap(), first);
    drop(orders);
    let orders = place.orders();
    assert_eq!(place.sign(&orders).unwrap(), first);
    assert_eq!(orders.list(), std::slice::from_ref(&first));
    // A document that was lost is made again from the same answer.
    std::fs::remove_file(place.target()).unwrap();
    place.sign(&orders).unwrap();
    assert_eq!((std::fs::read(place.target()).unwrap(), place.person.uses()), (signed, 1));
    // Another order of the same document is another order.
    let other = place.sign_with(&orders, "loan-4712", place.person.key(), Unanswered::Refuse).unwrap();
    assert_ne!(other.name, first.name);
    assert_eq!(place.person.uses(), 2);
}

/// The process ends after each step that was written down.
#[test]
fn an_order_goes_on_from_every_step() {
    let place = Place::new();
    place.sign(&place.orders()).unwrap();
    let ends = place.ends();
    assert_eq!(ends.len(), 5, "the beginning, prepared, asked, answered, completed");
    let whole = std::fs::read(place.folder.path().join(JOURNAL)).unwrap();
    let signed = std::fs::read(place.target()).unwrap();
    for (steps, end) in ends.iter().enumerate() {
        for there in [true, false] {
            std::fs::write(place.folder.path().join(JOURNAL), &whole).unwrap();
            place.cut(*end);
            if there {
                std::fs::write(place.target(), &signed).unwrap();
            } else {
                let _ = std::fs::remove_file(place.target());
            }
            let orders = place.orders();
            let before = place.person.uses();
            let outcome = place.sign(&orders);
            let asked = place.person.uses() - before;
            match steps {
                0 | 1 => assert!(outcome.is_ok() && asked == 1, "{steps}"),
                2 => {
                    assert_eq!((outcome.unwrap_err().kind(), asked), (ErrorKind::OrderUnanswered, 0));
                    assert_eq!(orders.list()[0].state, OrderState::Unanswered);
                    place.sign_with(&orders, "loan-4711", place.person.key(), Unanswered::AskAgain).unwrap();
                    assert_eq!(place.person.uses() - before, 1);
                }
                _ => assert!(outcome.is_ok() && asked == 0, "{steps}"),
            }
            place.person.clean(&std::fs::read(place.target()).unwrap(), 1);
            assert_eq!(orders.list().len(), 1);
        }
    }
}

/// A store that says no for as long as it is told to.
struct Moody<'s> {
    inner: &'s dyn DeviceKeyStore,
    refusals: AtomicUsize,
}

impl DeviceKeyStore for Moody<'_> {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        self.inner.create(name, spec)
    }
    fn info(&self, name: &str) -> Result<KeyInfo> {
        self.inner.info(name)
    }
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        if self.refusals.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok() {
            return Err(ErrorKind::KeyCancelled.into());
        }
        self.inner.sign(name, message, algorithm)
    }
    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation> {
        self.inner.attest(name, challenge)
    }
    fn delete(&self, name: &str) -> Result<()> {
        self.inner.delete(name)
    }
    fn list(&self) -> Result<Vec<KeyInfo>> {
        self.inner.list()
    }
}

#[test]
fn a_person_who_said_no_is_asked_again_and_may_withdraw() {
    let place = Place::new();
    let orders = place.orders();
    let store = Moody { inner: &place.person.store, refusals: AtomicUsize::new(2) };
    let key = SigningKey { store: &store, ..place.person.key() };
    for _ in 0..2 {
        assert_eq!(place.sign_with(&orders, "a", key, Unanswered::Refuse).unwrap_err().kind(), ErrorKind::KeyCancelled);
        assert_eq!(orders.list()[0].state, OrderState::Prepared);
    }
    assert!(!place.target().exists());
    let name = orders.list()[0].name.clone();
    drop(orders);
    let orders = place.orders();
    let done = place.sign_with(&orders, "a", key, Unanswered::Refuse).unwrap();
    assert_eq!((done.name.as_str(), place.person.uses()), (name.as_str(), 1));
    assert_eq!(orders.withdraw(&name).unwrap_err().kind(), ErrorKind::WrongOrder, "the key has answered");

    store.refusals.store(1, Ordering::SeqCst);
    assert!(place.sign_with(&orders, "b", key, Unanswered::Refuse).is_err());
    let second = orders.list().into_iter().find(|order| order.id == "b").unwrap();
    orders.withdraw(&second.name).unwrap();
    assert_eq!(orders.withdraw(&second.name).unwrap_err().kind(), ErrorKind::RecordNotFound);
    drop(orders);
    assert_eq!(place.orders().list().len(), 1);
}

/// Whoever gives up while the prompt stands loses the wait, not the answer.
#[test]
fn an_answer_is_kept_whoever_gave_up_meanwhile() {
    let mut place = Place::new();
    let token = crate::cancel::CancelToken::new();
    place.person.store.gives_up = Some(token.clone());
    let orders = place.orders();
    let target = place.target();
    let limits = Limits { cancel: token, ..Limits::default() };
    let order = SigningOrder {
        id: "a",
        input: &place.input,
        target: &target,
        request: &place.request,
        key: place.person.key(),
        options: SignOptions::default(),
        unanswered: Unanswered::Refuse,
    };
    assert_eq!(orders.sign(&order, &limits, None).unwrap_err().kind(), ErrorKind::Cancelled);
    assert_eq!(orders.list()[0].state, OrderState::Answered);
    orders.sign(&order, &Limits::default(), None).unwrap();
    assert_eq!(place.person.uses(), 1);
    place.person.clean(&std::fs::read(target).unwrap(), 1);
}

#[test]
fn what_cannot_be_signed_leaves_no_order() {
    let mut place = Place::new();
    let orders = place.orders();
    place.input = Input::memory(b"no PDF".to_vec());
    assert_eq!(place.sign(&orders).unwrap_err().kind(), ErrorKind::NotPdf);
    assert!(orders.list().is_empty());
    assert_eq!(Orders::open(place.folder.path(), &KEY).err().unwrap().kind(), ErrorKind::JournalBusy);
    drop(orders);
    assert_eq!(Orders::open(place.folder.path(), &[4; 32]).err().unwrap().kind(), ErrorKind::JournalDamaged);
}

/// What the journal would be if it were written anew says the same.
#[test]
fn a_tidied_journal_says_the_same() {
    let place = Place::new();
    let orders = place.orders();
    place.sign(&orders).unwrap();
    let state = orders.state();
    let mut again = BTreeMap::new();
    for held in state.held.values() {
        for record in records(held).unwrap() {
            apply(&mut again, &record).unwrap();
        }
    }
    let told = |held: &BTreeMap<String, Held>| held.values().map(|one| (one.order.clone(), one.value.clone())).collect::<Vec<_>>();
    assert_eq!(told(&again), told(&state.held));
}
