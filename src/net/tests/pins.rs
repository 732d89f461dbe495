//! Pins that a signed document replaces: a service whose key changed is reached again, one that nobody signed for is not, and nothing old comes back.

use super::server::{ROOT, SERVER, Server, answer, call, close, get, pin, read_request, root};
use crate::crypto::KeyAlgorithm;
use crate::error::ErrorKind;
use crate::host::clock::now;
use crate::key::software::SoftwareKey;
use crate::net::{HttpsTransport, Options, PinEvent, PinSet, PinUpdates, Roots};
use crate::remote::pin_document::PinDocument;
use crate::remote::pins;
use crate::remote::transport::Transport;
use base64ct::{Base64, Encoding};
use std::io::Write;
use std::sync::{Arc, LazyLock, Mutex};

static UPDATE_KEY: LazyLock<SoftwareKey> = LazyLock::new(|| SoftwareKey::generate(KeyAlgorithm::P256).unwrap());

/// A service whose key is that of the seed and that publishes what the test puts there.
struct Service {
    server: Server,
    published: Arc<Mutex<Option<String>>>,
    /// Heads of the requests that came.
    heads: Arc<Mutex<Vec<String>>>,
}

impl Service {
    fn with_key(seed: u8) -> Service {
        let (published, heads) = (Arc::new(Mutex::new(None::<String>)), Arc::new(Mutex::new(Vec::new())));
        let (publishes, keeps) = (published.clone(), heads.clone());
        let server = Server::with_key(seed, move |tls| {
            let Some((head, _)) = read_request(tls) else { return };
            let said = match (head.starts_with("GET /rssp/pins "), publishes.lock().unwrap().clone()) {
                (true, Some(document)) => answer("200 OK", &pins::encode(&document).body),
                (true, None) => answer("404 Not Found", b"{}"),
                _ => answer("200 OK", b""),
            };
            keeps.lock().unwrap().push(head);
            let _ = tls.write_all(&said);
            close(tls);
        });
        Service { server, published, heads }
    }

    fn publish(&self, document: Option<String>) {
        *self.published.lock().unwrap() = document;
    }

    /// A device that was built with the pins of these keys.
    fn device(&self, built_in: [u8; 2], kept: Option<String>) -> Device {
        let events: Arc<Mutex<Vec<PinEvent>>> = Arc::default();
        let told = events.clone();
        let pins = PinSet::new(&[&pin(built_in[0]), &pin(built_in[1])], None).unwrap();
        let options = Options {
            roots: Roots::Given(vec![root(ROOT)]),
            pins: Some(pins),
            pin_updates: Some(PinUpdates { keys: vec![UPDATE_KEY.public_key().clone()], kept }),
            pin_observer: Some(Arc::new(move |event| told.lock().unwrap().push(event))),
            ..Options::new(format!("https://localhost:{}", self.server.port))
        };
        Device { transport: HttpsTransport::new(&options).unwrap(), events }
    }
}

struct Device {
    transport: HttpsTransport,
    events: Arc<Mutex<Vec<PinEvent>>>,
}

impl Device {
    fn reaches(&self) -> Result<u16, ErrorKind> {
        self.transport.send(get(), &call()).map(|answer| answer.status).map_err(|error| error.kind())
    }

    fn updates(&self) -> Result<bool, ErrorKind> {
        self.transport.update_pins(&call()).map_err(|error| error.kind())
    }

    fn told(&self) -> Vec<PinEvent> {
        std::mem::take(&mut self.events.lock().unwrap())
    }
}

fn signed_by(key: &SoftwareKey, serial: u64, host: &str, seeds: [u8; 2], days: (i64, i64)) -> String {
    let pinned = |seed| Base64::decode_vec(&pin(seed)).unwrap().try_into().unwrap();
    let at = |day: i64| now().plus(day * 86_400);
    let document = PinDocument { serial, host: host.to_owned(), pins: seeds.map(pinned).to_vec(), issued: at(days.0), expires: at(days.1) };
    let unsigned = document.unsigned(key.public_key()).unwrap();
    let (message, algorithm) = unsigned.message();
    let value = key.sign(message, algorithm).unwrap();
    unsigned.with_signature(&value).unwrap()
}

fn document(serial: u64, seeds: [u8; 2]) -> String {
    signed_by(&UPDATE_KEY, serial, "localhost", seeds, (0, 90))
}

#[test]
fn a_device_that_slept_while_the_key_changed_finds_back_by_itself() {
    let service = Service::with_key(41);
    service.publish(Some(document(3, [41, 42])));
    let device = service.device([SERVER, 40], None);
    assert_eq!(device.reaches(), Ok(200));
    assert_eq!(device.told(), [PinEvent::Mismatch { refused: true }, PinEvent::Updated { serial: 3 }]);
    let kept = device.transport.pin_document().unwrap();
    assert_eq!(kept, document_text(&service));
    // What it asked for newer pins with carried nothing but the question.
    let heads = service.heads.lock().unwrap().clone();
    assert_eq!(heads.len(), 2);
    assert!(heads[0].starts_with("GET /rssp/pins ") && !heads[0].to_ascii_lowercase().contains("authorization"), "{heads:?}");
    // Started anew with the kept document it need not ask again, and without it it has to.
    let again = service.device([SERVER, 40], Some(kept));
    assert_eq!((again.reaches(), again.told()), (Ok(200), vec![]));
}

fn document_text(service: &Service) -> String {
    service.published.lock().unwrap().clone().unwrap()
}

#[test]
fn what_must_not_be_believed_changes_nothing() {
    let stranger = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    let forged = [
        ("another key's", signed_by(&stranger, 9, "localhost", [41, 42], (0, 90))),
        ("another host's", signed_by(&UPDATE_KEY, 9, "bank.example", [41, 42], (0, 90))),
        ("one whose time is over", signed_by(&UPDATE_KEY, 9, "localhost", [41, 42], (-90, -1))),
        ("rubbish", "a.b.c".to_owned()),
    ];
    for (what, text) in forged {
        let service = Service::with_key(41);
        service.publish(Some(text.clone()));
        let device = service.device([SERVER, 40], None);
        assert_eq!(device.reaches(), Err(ErrorKind::TlsPinMismatch), "{what}");
        assert_eq!(device.told(), [PinEvent::Mismatch { refused: true }, PinEvent::UpdateRefused], "{what}");
        assert_eq!(device.updates(), Err(ErrorKind::PinUpdateRefused), "{what}");
        assert!(device.transport.pin_document().is_none());
        assert!(service.heads.lock().unwrap().iter().all(|head| head.starts_with("GET /rssp/pins ")), "{what}: no other call got through");
        // Nor is it believed from where the app keeps it; but one whose time is over was believed once, and is then only reported.
        let kept = service.device([SERVER, 40], Some(text));
        let over = what == "one whose time is over";
        assert_eq!(kept.reaches().is_ok(), over, "{what}");
        assert_eq!(kept.told().contains(&PinEvent::Expired), over, "{what}");
    }
}

#[test]
fn an_older_document_brings_nothing_back() {
    let service = Service::with_key(SERVER);
    let device = service.device([SERVER, 40], None);
    assert_eq!(device.updates(), Err(ErrorKind::RecordNotFound), "none is published");
    service.publish(Some(document(5, [SERVER, 41])));
    assert_eq!((device.updates(), device.updates()), (Ok(true), Ok(false)));
    let newest = device.transport.pin_document();
    // The same serial with other pins, and an older one: whoever can replay or was careless with a serial gets nowhere.
    for text in [document(5, [SERVER, 42]), document(4, [SERVER, 41]), document(1, [40, 41])] {
        service.publish(Some(text));
        assert_eq!(device.updates(), Err(ErrorKind::PinUpdateRefused));
        assert_eq!((device.reaches(), device.transport.pin_document()), (Ok(200), newest.clone()));
    }
    service.publish(Some(document(6, [41, 42])));
    assert_eq!(device.updates(), Ok(true));
    // The key that the service still has was given up with that: connections that stood under the old pins are gone too.
    assert_eq!(device.reaches(), Err(ErrorKind::TlsPinMismatch));
    // An app whose own pins are newer takes no notice of what an older one kept.
    let pins = PinSet::new(&[&pin(SERVER), &pin(42)], None).unwrap().of_serial(7);
    let updates = PinUpdates { keys: vec![UPDATE_KEY.public_key().clone()], kept: newest };
    let options = Options { pins: Some(pins), pin_updates: Some(updates), ..service.server.options() };
    assert!(HttpsTransport::new(&options).unwrap().pin_document().is_none());
}

#[test]
fn a_mismatch_asks_once_in_a_while_and_the_roots_must_vouch() {
    let service = Service::with_key(41);
    let device = service.device([SERVER, 40], None);
    for _ in 0..5 {
        assert_eq!(device.reaches(), Err(ErrorKind::TlsPinMismatch));
    }
    assert_eq!(service.heads.lock().unwrap().len(), 1, "once");
    // Somebody with a certificate of another authority is not even asked for pins.
    let transport = |roots| {
        let pins = PinSet::new(&[&pin(SERVER), &pin(40)], None).unwrap();
        let updates = PinUpdates { keys: vec![UPDATE_KEY.public_key().clone()], kept: None };
        let options = Options { roots, pins: Some(pins), pin_updates: Some(updates), ..service.server.options() };
        HttpsTransport::new(&options).unwrap()
    };
    let strange = transport(Roots::Given(vec![root(super::server::OTHER_ROOT)]));
    assert_eq!(strange.update_pins(&call()).unwrap_err().kind(), ErrorKind::TlsUnknownCa);
    assert_eq!(service.heads.lock().unwrap().len(), 1);
}

#[test]
fn pins_whose_time_is_over_are_renewed_by_the_next_call() {
    let service = Service::with_key(41);
    let over = signed_by(&UPDATE_KEY, 2, "localhost", [SERVER, 40], (-90, -1));
    service.publish(Some(document(3, [41, 42])));
    let device = service.device([SERVER, 40], Some(over));
    assert_eq!(device.reaches(), Ok(200));
    assert_eq!(device.told(), [PinEvent::Updated { serial: 3 }], "before anything went over a connection that no pin held");
}

#[test]
fn updates_need_pins_and_a_key() {
    let kind = |options: &Options| HttpsTransport::new(options).err().unwrap().kind();
    let keys = vec![UPDATE_KEY.public_key().clone()];
    let without_pins = Options { pin_updates: Some(PinUpdates { keys, kept: None }), ..Options::new("https://localhost") };
    assert_eq!(kind(&without_pins), ErrorKind::ConfigMalformed);
    let pins = PinSet::new(&[&pin(1), &pin(2)], None).unwrap();
    let without_key =
        Options { pins: Some(pins), pin_updates: Some(PinUpdates { keys: vec![], kept: None }), ..Options::new("https://localhost") };
    assert_eq!(kind(&without_key), ErrorKind::ConfigMalformed);
    let none = HttpsTransport::new(&Options::new("https://localhost")).unwrap();
    assert_eq!(none.update_pins(&call()).unwrap_err().kind(), ErrorKind::PinUpdateRefused);
}
