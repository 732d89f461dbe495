//! The room `journey`, tests only: orders that are interrupted, doubled, refused and taken up again.

use super::super::sign::{SignOptions, SigningKey};
use super::super::sign_tests::{Person, person, visible};
use super::*;
use crate::crypto::SignatureAlgorithm;
use crate::key::{Attestation, DeviceKeyStore, KeyInfo, KeySpec};
use crate::sign::testing::{Style, plain};
use crate::sign::{PreflightPolicy, SignatureRequest};
use serde_json::Value;
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

#[cfg(target_os = "linux")]
mod killed;
mod successor;

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
        let order = SigningOrder { unanswered, ..SigningOrder::new(id, &self.input, &target, &self.request, key) };
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

/// A store whose person says yes or no as told, and yes from then on.
struct Moody<'s> {
    inner: &'s dyn DeviceKeyStore,
    says: Mutex<VecDeque<bool>>,
    asked: AtomicUsize,
}

impl Moody<'_> {
    fn new(inner: &dyn DeviceKeyStore, says: impl IntoIterator<Item = bool>) -> Moody<'_> {
        Moody { inner, says: Mutex::new(says.into_iter().collect()), asked: AtomicUsize::new(0) }
    }
}

impl DeviceKeyStore for Moody<'_> {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        self.inner.create(name, spec)
    }
    fn info(&self, name: &str) -> Result<KeyInfo> {
        self.inner.info(name)
    }
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let yes = self.says.lock().unwrap().pop_front().unwrap_or(true);
        if yes { self.inner.sign(name, message, algorithm) } else { Err(ErrorKind::KeyCancelled.into()) }
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
    let store = Moody::new(&place.person.store, [false, false]);
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

    store.says.lock().unwrap().push_back(false);
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
    let order = SigningOrder::new("a", &place.input, &target, &place.request, place.person.key());
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

/// Three documents that were shown together.
struct List {
    place: Place,
    inputs: Vec<Input>,
    targets: Vec<PathBuf>,
    shown: Vec<[u8; 32]>,
}

impl List {
    fn new() -> List {
        let place = Place::new();
        let files = [plain(Style::Table), plain(Style::Stream), [plain(Style::Table), b"\n".to_vec()].concat()];
        let shown = files.iter().map(|file| sha256(file)).collect();
        let targets = (0..3).map(|n| place.folder.path().join(format!("{n}.pdf"))).collect();
        List { place, inputs: files.into_iter().map(Input::memory).collect(), targets, shown }
    }

    fn sign(&self, orders: &Orders, picked: &[usize], key: SigningKey<'_>) -> Result<Vec<Result<Order>>> {
        let policy = PreflightPolicy::report();
        let all: Vec<SigningOrder<'_>> = picked
            .iter()
            .map(|n| {
                let order = SigningOrder::new("loan", &self.inputs[*n], &self.targets[*n], &self.place.request, key);
                let options = SignOptions { shown: Some(self.shown[*n]), preflight: Some(&policy), ..SignOptions::default() };
                SigningOrder { options, consent: Some("I agree to all of it."), ..order }
            })
            .collect();
        orders.sign_all(&all, &Limits::default(), None)
    }

    fn evidence(&self, orders: &Orders, name: &str) -> Value {
        let evidence = serde_json::from_str(&orders.evidence(name).unwrap()).unwrap();
        let schema = serde_json::from_str(include_str!("../../../docs/schema/evidence-1.json")).unwrap();
        let errors: Vec<String> = jsonschema::validator_for(&schema).unwrap().iter_errors(&evidence).map(|e| e.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{evidence:#}");
        evidence
    }
}

#[test]
fn several_documents_are_approved_once_and_each_is_valid_alone() {
    let list = List::new();
    let orders = list.place.orders();
    let done: Vec<Order> = list.sign(&orders, &[2, 0, 1], list.place.person.key()).unwrap().into_iter().map(Result::unwrap).collect();
    let digest = list_digest(&[list.shown[2], list.shown[0], list.shown[1]]);
    for (position, order) in done.iter().enumerate() {
        let approval = order.approval.unwrap();
        assert_eq!((approval.list, approval.position as usize, approval.count), (digest, position, 3));
        list.place.person.clean(&std::fs::read(&order.target).unwrap(), 1);
    }
    assert_eq!(list.place.person.uses(), 3);
    // The same list again asks for nothing, also from another process; another list of the same documents is refused.
    drop(orders);
    let orders = list.place.orders();
    let again = list.sign(&orders, &[2, 0, 1], list.place.person.key()).unwrap();
    assert_eq!((again.len(), list.place.person.uses()), (3, 3));
    let refused = list.sign(&orders, &[0, 1], list.place.person.key()).unwrap_err();
    assert_eq!((refused.kind(), refused.context_text()), (ErrorKind::WrongOrder, Some("document 1 of 2")));

    let evidence = list.evidence(&orders, &done[1].name);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let documents: Vec<String> = [2, 0, 1].map(|n: usize| hex(&list.shown[n])).to_vec();
    assert_eq!(evidence["approval"]["documents"], serde_json::json!(documents));
    assert_eq!(evidence["approval"]["list_sha256"], hex(&digest));
    assert_eq!(evidence["document"]["sha256"], hex(&list.shown[0]));
    assert_eq!((&evidence["document"]["shown"], &evidence["consent"]), (&true.into(), &"I agree to all of it.".into()));
    assert_eq!(evidence["preflight"]["policy"], "report");
    assert_eq!(evidence["signed"]["sha256"], hex(&sha256(&std::fs::read(&list.targets[0]).unwrap())));
    assert_eq!((&evidence["key"]["protection"], &evidence["receipt"]), (&"software".into(), &Value::Null));
}

#[test]
fn a_list_of_which_one_document_is_refused_asks_no_key() {
    let mut list = List::new();
    let orders = list.place.orders();
    list.inputs[1] = Input::memory(b"no PDF".to_vec());
    let refused = list.sign(&orders, &[0, 1, 2], list.place.person.key()).unwrap_err();
    assert_eq!((refused.kind(), refused.context_text()), (ErrorKind::DocumentChanged, Some("document 2 of 3")));
    list.shown[1] = sha256(b"no PDF");
    assert_eq!(list.sign(&orders, &[0, 1, 2], list.place.person.key()).unwrap_err().kind(), ErrorKind::NotPdf);
    assert_eq!(list.sign(&orders, &[], list.place.person.key()).unwrap_err().kind(), ErrorKind::InvalidArgument);
    let doubled = list.sign(&orders, &[0, 0], list.place.person.key()).unwrap_err();
    assert_eq!((doubled.kind(), doubled.context_text()), (ErrorKind::WrongOrder, Some("document 2 of 2")));
    assert_eq!(list.place.person.uses(), 0);
    // What was prepared for a list that came to nothing is prepared anew for the next one.
    let done = list.sign(&orders, &[2, 0], list.place.person.key()).unwrap();
    assert!(done.iter().all(Result::is_ok));
    assert_eq!(list.place.person.uses(), 2);
    // A document that was not shown is on no list.
    let order = SigningOrder::new("x", &list.inputs[0], &list.targets[0], &list.place.request, list.place.person.key());
    assert_eq!(orders.sign_all(&[order], &Limits::default(), None).unwrap_err().kind(), ErrorKind::InvalidArgument);
}

#[test]
fn a_key_that_says_no_ends_the_list_and_keeps_what_it_gave() {
    let list = List::new();
    let orders = list.place.orders();
    let store = Moody::new(&list.place.person.store, [true, false]);
    let key = SigningKey { store: &store, ..list.place.person.key() };
    let done = list.sign(&orders, &[0, 1, 2], key).unwrap();
    let kinds: Vec<Option<ErrorKind>> = done.iter().map(|one| one.as_ref().err().map(Error::kind)).collect();
    assert_eq!(kinds, [None, Some(ErrorKind::KeyCancelled), Some(ErrorKind::KeyCancelled)]);
    assert_eq!(store.asked.load(Ordering::SeqCst), 2, "the third is not asked for");
    assert!(list.sign(&orders, &[0, 1, 2], key).unwrap().iter().all(Result::is_ok));
    assert_eq!(list.place.person.uses(), 3);
}

/// A journal of before evidence was kept opens, and its orders go on.
#[test]
fn a_journal_of_an_earlier_version_is_read() {
    let head = |step: &str| format!(r#"{{"order":"ab","step":"{step}"}}"#);
    let record = |head: &str, bytes: &[u8]| [&u32::try_from(head.len()).unwrap().to_be_bytes()[..], head.as_bytes(), bytes].concat();
    let mut held = BTreeMap::new();
    apply(&mut held, &record(r#"{"order":"ab","step":"prepared","id":"loan","target":"/x.pdf","at":1}"#, b"blob")).unwrap();
    apply(&mut held, &record(&head("asked"), b"")).unwrap();
    apply(&mut held, &record(&head("answered"), b"value")).unwrap();
    assert_eq!((&held["ab"].order.mode, held["ab"].value.as_deref()), (&OrderMode::Device, Some(&b"value"[..])));
    let completed = format!(r#"{{"order":"ab","step":"completed","sha256":{:?}}}"#, [7_u8; 32]);
    apply(&mut held, &record(&completed, b"")).unwrap();
    apply(&mut held, &record(r#"{"order":"ab","step":"filed","document_id":"doc-1"}"#, b"")).unwrap();
    assert!(matches!(held["ab"].order.state, OrderState::Filed { .. }));
}
