//! Keys of the service that change under devices that pin them: a rotation rehearsed twice, with one device that listens and one that sleeps through it
//! all, the operator's tasks as commands, and a document that OpenSSL judges.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own processes, sockets and files")]

mod client;

use base64ct::{Base64UrlUnpadded, Encoding};
use client::{Desk, PASSWORD, USER};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use thrivosign::ErrorKind;
use thrivosign::crypto::PublicKey;
use thrivosign::journey::{Environment, Limits, Session};
use thrivosign::net::{HttpsTransport, Options, PinEvent, PinSet, PinUpdates, Roots};
use thrivosign::remote::secret::Secret;

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The operator's tasks on a server that is not running, with the key `name.pem` of the folder.
struct Operator<'a> {
    data: &'a Path,
    safe: &'a Path,
}

impl Operator<'_> {
    fn task(&self, arguments: &[&str]) -> Result<String, String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thrivosign-server"));
        let output = command.arg("--data").arg(self.data).args(arguments).current_dir(self.safe).output().unwrap();
        let said = |bytes| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(said(output.stdout)) } else { Err(said(output.stderr)) }
    }

    fn publish(&self) -> String {
        self.task(&["publish-pins", "--key", "update.pem", "--host", "LocalHost"]).unwrap()
    }

    fn rotate(&self) -> Result<String, String> {
        self.task(&["rotate-tls-key", "--key", "update.pub"])
    }

    /// The pins of the key in use and of the next one.
    fn pins(&self) -> [String; 2] {
        let said = self.task(&["pins"]).unwrap();
        let pins: Vec<String> = said.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
        pins.try_into().unwrap()
    }
}

/// A device of an app that was built with these pins and the update key.
struct Device {
    session: Session,
    events: Arc<Mutex<Vec<PinEvent>>>,
}

impl Device {
    fn new(desk: &Desk, safe: &Path, built_in: &[String; 2], kept: Option<String>) -> Device {
        let events: Arc<Mutex<Vec<PinEvent>>> = Arc::default();
        let told = Arc::clone(&events);
        let mut options = Options::new(format!("https://localhost:{}", desk.address().port()));
        options.roots = Roots::from_pem(desk.running.as_ref().unwrap().tls_root_pem().as_bytes()).unwrap();
        options.pins = Some(PinSet::new(&[&built_in[0], &built_in[1]], None).unwrap());
        let key = PublicKey::from_pem(&std::fs::read(safe.join("update.pub")).unwrap()).unwrap();
        options.pin_updates = Some(PinUpdates { keys: vec![key], kept });
        options.pin_observer = Some(Arc::new(move |event| told.lock().unwrap().push(event)));
        let transport = Arc::new(HttpsTransport::new(&options).unwrap());
        Device { session: Session::new(transport, Environment::new(Secret::new(desk.key.as_str()))).unwrap(), events }
    }

    fn works(&self) -> Result<(), ErrorKind> {
        self.session.login(USER, Secret::new(PASSWORD), &Limits::default()).map_err(|error| error.kind())
    }

    fn updates(&self) -> Result<bool, ErrorKind> {
        self.session.update_pins(&Limits::default()).map_err(|error| error.kind())
    }

    fn told(&self) -> Vec<PinEvent> {
        std::mem::take(&mut self.events.lock().unwrap())
    }
}

/// Ends the server, lets the operator work, starts it again on the same port: devices keep their sessions.
fn while_down(mut desk: Desk, safe: &Path, act: impl FnOnce(&Operator<'_>)) -> Desk {
    let address = desk.address();
    desk.running.take().unwrap().shutdown();
    act(&Operator { data: desk.folder.path(), safe });
    desk.with(|config| config.listen = address)
}

#[test]
fn two_rotations_lock_nobody_out() {
    let safe = tempfile::tempdir().unwrap();
    openssl(safe.path(), "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out update.pem");
    openssl(safe.path(), "pkey -in update.pem -pubout -out update.pub");
    let mut first = None;
    let desk = while_down(Desk::open(), safe.path(), |operator| {
        first = Some(operator.pins());
        let said = operator.rotate().unwrap_err();
        assert!(said.contains("publish them first"), "{said}");
    });
    // The app is built: with the pin of the key in use and of the one that comes next.
    let first = first.unwrap();
    let awake = Device::new(&desk, safe.path(), &first, None);
    let asleep = Device::new(&desk, safe.path(), &first, None);
    assert_eq!((awake.works(), asleep.works()), (Ok(()), Ok(())));
    assert_eq!(awake.updates(), Err(ErrorKind::RecordNotFound), "nothing is published yet");

    let desk = while_down(desk, safe.path(), |operator| {
        let said = operator.publish();
        assert!(said.starts_with("published pins 1 for localhost, until "), "{said}");
        operator.rotate().unwrap();
        assert!(operator.rotate().unwrap_err().contains("do not name the next key"), "not twice on one document");
        assert!(operator.publish().contains("pins 2 "));
        assert_eq!(operator.pins()[0], first[1], "the next key is in use");
    });
    // Both know the new key; the one that listens learns of the one after it.
    assert_eq!((awake.works(), asleep.works()), (Ok(()), Ok(())));
    assert_eq!((awake.updates(), awake.updates()), (Ok(true), Ok(false)));

    let desk = while_down(desk, safe.path(), |operator| {
        operator.rotate().unwrap();
        operator.publish();
    });
    assert_eq!((awake.works(), awake.told()), (Ok(()), vec![PinEvent::Updated { serial: 2 }]), "it never noticed");
    // Neither of the pins that the sleeping one has is the server's; the call that finds that out is answered all the same.
    assert_eq!(asleep.works(), Ok(()));
    assert_eq!(asleep.told(), [PinEvent::Mismatch { refused: true }, PinEvent::Updated { serial: 3 }]);
    // An app that was not opened since it was installed, too; and one that kept what it learned need not ask.
    let fresh = Device::new(&desk, safe.path(), &first, None);
    assert_eq!(fresh.works(), Ok(()));
    let kept = Device::new(&desk, safe.path(), &first, asleep.session.pin_document());
    assert_eq!((kept.works(), kept.told()), (Ok(()), vec![]));

    // A server that was taken over can publish what it likes: without the key in the safe no device believes it.
    let desk = while_down(desk, safe.path(), |operator| {
        openssl(operator.data, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out stolen.pem");
        let stolen = operator.data.join("stolen.pem");
        let stolen = stolen.to_str().unwrap();
        let said = operator.task(&["publish-pins", "--key", stolen, "--host", "localhost"]).unwrap_err();
        assert!(said.contains("another key"), "{said}");
        operator.task(&["publish-pins", "--key", stolen, "--host", "localhost", "--serial", "9"]).unwrap();
    });
    let before = kept.session.pin_document();
    assert_eq!(kept.updates(), Err(ErrorKind::PinUpdateRefused));
    assert_eq!((kept.works(), kept.session.pin_document()), (Ok(()), before));
    drop(desk);
}

#[test]
fn openssl_takes_the_document_for_what_it_is() {
    let safe = tempfile::tempdir().unwrap();
    openssl(safe.path(), "genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -aes256 -pass pass:word -out update.pem");
    openssl(safe.path(), "pkey -in update.pem -passin pass:word -pubout -out update.pub");
    let data = safe.path().join("data");
    let command = |passphrase: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thrivosign-server"));
        let spare = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
        command.arg("--data").arg(&data).args([
            "publish-pins",
            "--key",
            "update.pem",
            "--host",
            "sign.example",
            "--days",
            "30",
            "--also",
            spare,
        ]);
        command.env("THRIVOSIGN_PIN_KEY_PASSPHRASE", passphrase).current_dir(safe.path()).output().unwrap()
    };
    assert!(!command("wrong").status.success());
    assert!(command("word").status.success());
    let text = std::fs::read_to_string(data.join("pins.jws")).unwrap();
    let (input, value) = text.rsplit_once('.').unwrap();
    std::fs::write(safe.path().join("input"), input).unwrap();
    std::fs::write(safe.path().join("value"), Base64UrlUnpadded::decode_vec(value).unwrap()).unwrap();
    openssl(safe.path(), "dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -verify update.pub -signature value input");
    let payload = Base64UrlUnpadded::decode_vec(input.split_once('.').unwrap().1).unwrap();
    let payload: serde_json::Value = serde_json::from_slice(&payload).unwrap();
    assert_eq!((payload["host"].as_str(), payload["serial"].as_u64()), (Some("sign.example"), Some(1)));
    assert_eq!(payload["exp"].as_i64().unwrap() - payload["iat"].as_i64().unwrap(), 30 * 86_400);
    assert_eq!(payload["pins"].as_array().unwrap().len(), 3);
}
