//! The room `journey`, tests only: the key of an open order is no more. Its orders are listed, and taken up under another key: signed once.

use super::*;
use crate::journey::deferred::Paused;
use crate::sign::SigningIdentity;

/// The same device after a new enrolment: another key, another certificate.
struct Again {
    place: Place,
    new: Person,
}

impl Again {
    fn new() -> Again {
        Again { place: Place::new(), new: person() }
    }

    fn sign_in_place_of(&self, orders: &Orders, before: &str, key: SigningKey<'_>, unanswered: Unanswered) -> Result<Order> {
        let target = self.place.target();
        let order = SigningOrder::new("loan", &self.place.input, &target, &self.place.request, key);
        orders.sign(&SigningOrder { unanswered, in_place_of: Some(before), ..order }, &Limits::default(), None)
    }

    fn old(&self, orders: &Orders, key: SigningKey<'_>) -> Result<Order> {
        self.place.sign_with(orders, "loan", key, Unanswered::Refuse)
    }

    /// An order that the old key said no to; then it was invalidated.
    fn refused(&self, orders: &Orders) -> Order {
        let store = Moody::new(&self.place.person.store, [false]);
        let refused = self.old(orders, SigningKey { store: &store, ..self.place.person.key() });
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::KeyCancelled);
        orders.list().into_iter().next().unwrap()
    }

    fn uses(&self) -> [usize; 2] {
        [self.place.person.uses(), self.new.uses()]
    }

    fn signed_by(&self, key: &SigningIdentity) {
        let file = std::fs::read(self.place.target()).unwrap();
        self.new.clean(&file, 1);
        let der = key.chain().first().unwrap().der();
        assert!(contents(&file).windows(der.len()).any(|part| part == der), "signed by another key");
    }
}

/// What stands in hexadecimal in the document: the signature.
fn contents(file: &[u8]) -> Vec<u8> {
    let at = file.windows(10).rposition(|part| part == b"/Contents<").unwrap() + 10;
    let hex: Vec<u8> = file[at..].iter().copied().take_while(|byte| *byte != b'>').collect();
    hex.chunks(2).map(|two| u8::from_str_radix(std::str::from_utf8(two).unwrap(), 16).unwrap()).collect()
}

#[test]
fn an_order_whose_key_is_no_more_is_listed_and_signed_by_the_new_one() {
    let again = Again::new();
    let orders = again.place.orders();
    let old = again.refused(&orders);
    drop(orders);
    // The app comes back with a new key, and finds what waits for the old one.
    let orders = again.place.orders();
    let own = again.new.identity.chain().first().unwrap().public_key().sha256();
    let waits: Vec<Order> = orders.list().into_iter().filter(|order| order.public_key != Some(own)).collect();
    assert_eq!(waits, std::slice::from_ref(&old));
    let done = again.sign_in_place_of(&orders, &old.name, again.new.key(), Unanswered::Refuse).unwrap();
    assert_eq!((done.public_key, done.in_place_of.clone()), (Some(own), vec![old.name.clone()]));
    again.signed_by(&again.new.identity);
    assert_eq!((again.uses(), orders.list().len()), ([0, 1], 1));
    // Given again, by either key, from whatever process, it is not signed a second time.
    drop(orders);
    let orders = again.place.orders();
    assert_eq!(again.sign_in_place_of(&orders, &old.name, again.new.key(), Unanswered::AskAgain).unwrap(), done);
    assert_eq!(again.place.sign_with(&orders, "loan", again.new.key(), Unanswered::Refuse).unwrap(), done);
    assert_eq!(again.old(&orders, again.place.person.key()).unwrap_err().kind(), ErrorKind::WrongOrder);
    assert_eq!(again.uses(), [0, 1]);
    // Also when the journal was written anew, and the place is taken once more.
    let state = orders.state();
    let mut tidied = BTreeMap::new();
    state.held.values().flat_map(|held| records(held).unwrap()).for_each(|record| apply(&mut tidied, &record).unwrap());
    assert_eq!(tidied[&done.name].order, done);
}

#[test]
fn a_key_that_has_answered_is_the_one_that_signs() {
    let again = Again::new();
    let orders = again.place.orders();
    let old = again.old(&orders, again.place.person.key()).unwrap();
    std::fs::remove_file(again.place.target()).unwrap();
    drop(orders);
    // From answered, and from completed.
    let ends = again.place.ends();
    for end in [ends[3], ends[4]] {
        let whole = std::fs::read(again.place.folder.path().join(JOURNAL)).unwrap();
        again.place.cut(end);
        let orders = again.place.orders();
        let done = again.sign_in_place_of(&orders, &old.name, again.new.key(), Unanswered::Refuse).unwrap();
        assert_eq!(done, old);
        again.signed_by(&again.place.person.identity);
        assert_eq!((again.uses(), orders.list().len()), ([1, 0], 1));
        drop(orders);
        std::fs::remove_file(again.place.target()).unwrap();
        std::fs::write(again.place.folder.path().join(JOURNAL), whole).unwrap();
    }
}

#[test]
fn a_key_that_may_have_answered_is_followed_with_leave_alone() {
    let again = Again::new();
    let orders = again.place.orders();
    let old = again.old(&orders, again.place.person.key()).unwrap();
    std::fs::remove_file(again.place.target()).unwrap();
    drop(orders);
    again.place.cut(again.place.ends()[2]);
    let orders = again.place.orders();
    let refused = again.sign_in_place_of(&orders, &old.name, again.new.key(), Unanswered::Refuse);
    assert_eq!((refused.unwrap_err().kind(), again.uses()), (ErrorKind::OrderUnanswered, [1, 0]));
    assert_eq!(orders.list()[0].state, OrderState::Unanswered);
    again.sign_in_place_of(&orders, &old.name, again.new.key(), Unanswered::AskAgain).unwrap();
    again.signed_by(&again.new.identity);
    assert_eq!((again.uses(), orders.list().len()), ([1, 1], 1), "the one contract that there is");
}

#[test]
fn only_the_same_order_is_taken_the_place_of() {
    let mut again = Again::new();
    let orders = again.place.orders();
    let old = again.refused(&orders);
    let place_of = |again: &Again, name: &str, id: &str| {
        let target = again.place.target();
        let order = SigningOrder::new(id, &again.place.input, &target, &again.place.request, again.new.key());
        orders.sign(&SigningOrder { in_place_of: Some(name), ..order }, &Limits::default(), None).map_err(|error| error.kind())
    };
    assert_eq!(place_of(&again, "none", "loan"), Err(ErrorKind::RecordNotFound));
    assert_eq!(place_of(&again, &old.name, "another loan"), Err(ErrorKind::WrongOrder));
    again.place.input = Input::memory([plain(Style::Table), b"\n".to_vec()].concat());
    assert_eq!(place_of(&again, &old.name, "loan"), Err(ErrorKind::WrongOrder), "another document");
    again.place.input = Input::memory(plain(Style::Table));
    assert_eq!((again.uses(), orders.list()), ([0, 0], vec![old.clone()]));
    // Two that are open, each by itself, are not made one.
    let store = Moody::new(&again.new.store, [false]);
    assert!(again.old(&orders, SigningKey { store: &store, ..again.new.key() }).is_err());
    assert_eq!(place_of(&again, &old.name, "loan"), Err(ErrorKind::WrongOrder));
    orders.withdraw(&old.name).unwrap();
    assert_eq!(place_of(&again, &old.name, "loan"), Err(ErrorKind::RecordNotFound));
    again.old(&orders, again.new.key()).unwrap();
    assert_eq!(again.uses(), [0, 1]);
}

/// A third key takes the place of the second, which had taken that of the first.
#[test]
fn the_first_order_does_not_come_back() {
    let (again, third) = (Again::new(), person());
    let orders = again.place.orders();
    let first = again.refused(&orders);
    let store = Moody::new(&again.new.store, [false]);
    let second = again.sign_in_place_of(&orders, &first.name, SigningKey { store: &store, ..again.new.key() }, Unanswered::Refuse);
    assert_eq!(second.unwrap_err().kind(), ErrorKind::KeyCancelled);
    let second = orders.list().into_iter().next().unwrap();
    // What was prepared is prepared for that key.
    let held = orders.held(&second.name).unwrap();
    let Paused::Proven(prepared) = Paused::from_blob(held.blob.as_ref().unwrap(), Some(&*orders.blob_key)).unwrap() else { panic!() };
    assert_eq!(prepared.identity().chain(), again.new.identity.chain());
    let done = again.sign_in_place_of(&orders, &second.name, third.key(), Unanswered::Refuse).unwrap();
    assert_eq!(done.in_place_of, [first.name, second.name]);
    for key in [again.place.person.key(), again.new.key()] {
        assert_eq!(again.old(&orders, key).unwrap_err().kind(), ErrorKind::WrongOrder);
    }
    assert_eq!((again.uses(), third.uses()), ([0, 0], 1));
}
