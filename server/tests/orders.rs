//! Signing orders against this server, by a process that is killed: none is lost, none is signed twice, none is filed twice.

#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod client;

use client::enrolled::{Enrolled, KEY};
use client::keys::Watched;
use client::pdf::small;
use client::phone::Phone;
use client::{PASSWORD, USER};
use p256::pkcs8::EncodePrivateKey;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use thrivosign::cancel::Progress;
use thrivosign::journey::orders::{OrderMode, OrderState, Orders, SigningOrder, SubmitTo, Unanswered};
use thrivosign::journey::sign::SigningKey;
use thrivosign::journey::{Environment, Input, Limits, Session};
use thrivosign::key::KeyPurpose;
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::pki::{Certificate, TrustAnchors, certificates_from_pem};
use thrivosign::remote::secret::Secret;
use thrivosign::sign::{SignatureRequest, SigningIdentity};
use thrivosign::verify::{Policy, VerifyOptions, verify};
use thrivosign::{ErrorKind, host::clock};

const JOURNAL_KEY: [u8; 32] = [5; 32];
/// Where the child finds what it works with; without it the child is no child.
const FOLDER: &str = "THRIVOSIGN_ORDERS_FOLDER";
const ID: &str = "THRIVOSIGN_ORDERS_ID";
const AGAIN: &str = "THRIVOSIGN_ORDERS_AGAIN";
/// The credential, where the service is to prepare the document.
const CREDENTIAL: &str = "THRIVOSIGN_ORDERS_CREDENTIAL";
/// The child's exit status where the person has to be asked.
const UNANSWERED: i32 = 3;

/// A key store that leaves a mark on the disk for each signature that it gave.
fn marking(inner: SoftwareKeyStore, marks: PathBuf) -> Watched<Box<SoftwareKeyStore>> {
    Watched::new(Box::new(inner)).around(Box::new(move |answer| {
        let value = answer()?;
        OpenOptions::new().create(true).append(true).open(&marks).unwrap().write_all(b"x").unwrap();
        // A person takes longer than a processor: here the process is most likely to be killed.
        std::thread::sleep(Duration::from_millis(5));
        Ok(value)
    }))
}

fn text(folder: &Path, name: &str) -> String {
    fs::read_to_string(folder.join(name)).unwrap()
}

/// The device's process: one order, signed and filed. Run by the tests below, as a process of its own.
#[test]
fn child() {
    let Some(folder) = std::env::var_os(FOLDER).map(PathBuf::from) else { return };
    let id = std::env::var(ID).unwrap();
    let again = if std::env::var_os(AGAIN).is_some() { Unanswered::AskAgain } else { Unanswered::Refuse };
    let chain = certificates_from_pem(&fs::read(folder.join("chain.pem")).unwrap()).unwrap();
    let key = SoftwareKey::from_file(&fs::read(folder.join("key.der")).unwrap(), None).unwrap();
    let identity = SigningIdentity::for_key(key.public_key(), &chain, None).unwrap();
    let inner = SoftwareKeyStore::with_key(KEY, KeyPurpose::Signing, key).unwrap();
    let store = marking(inner, folder.join(format!("{id}.marks")));
    let orders = Orders::open(&folder, &JOURNAL_KEY).unwrap();
    let input = Input::open(&folder.join("agreement.pdf")).unwrap();
    let target = folder.join(format!("{id}.pdf"));
    let request = SignatureRequest { reason: Some(id.clone()), ..SignatureRequest::new(clock::now()) };
    let limits = Limits::default();
    let key = SigningKey { store: &store, name: KEY, identity: &identity };
    let order = SigningOrder { unanswered: again, ..SigningOrder::new(&id, &input, &target, &request, key) };
    let credential = std::env::var(CREDENTIAL).ok();
    let outcome = match &credential {
        None => orders.sign(&order, &limits, None),
        Some(credential_id) => {
            let session = session(&folder);
            let submit_to = Some(SubmitTo { session: &session, credential_id, file_name: "agreement.pdf" });
            orders.sign(&SigningOrder { submit_to, ..order }, &limits, None)
        }
    };
    let signed = match outcome {
        Err(error) if error.kind() == ErrorKind::OrderUnanswered => std::process::exit(UNANSWERED),
        other => other.unwrap(),
    };
    let filed = match credential {
        None => orders.file(&session(&folder), &signed.name, "agreement.pdf", &limits, None).unwrap(),
        Some(_) => signed,
    };
    assert!(matches!(filed.state, OrderState::Filed { .. }));
    // Not by the test's own end, so that a child that is let live ends like one that is killed.
    std::process::exit(0);
}

fn session(folder: &Path) -> Session {
    let mut options = Options::new(text(folder, "service"));
    options.roots = Roots::from_pem(text(folder, "tls.pem").as_bytes()).unwrap();
    let environment = Environment::new(Secret::new(text(folder, "api-key")));
    let session = Session::new(Arc::new(HttpsTransport::new(&options).unwrap()), environment).unwrap();
    session.login(USER, PASSWORD.into(), &Limits::default()).unwrap();
    session
}

fn pem(der: &[u8]) -> String {
    use base64ct::Encoding;
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", base64ct::Base64::encode_string(der))
}

struct Device {
    anna: Enrolled,
    folder: tempfile::TempDir,
    mode: OrderMode,
}

impl Device {
    fn new(mode: OrderMode) -> Device {
        let (anna, signing) = Enrolled::with_key();
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        let running = anna.desk.running.as_ref().unwrap();
        put("agreement.pdf", &small(2));
        put("key.der", signing.to_pkcs8_der().unwrap().as_bytes());
        put("chain.pem", anna.identity.chain().iter().map(|certificate| pem(certificate.der())).collect::<String>().as_bytes());
        put("service", running.base().as_bytes());
        put("tls.pem", running.tls_root_pem().as_bytes());
        put("api-key", anna.desk.key.as_bytes());
        Device { anna, folder, mode }
    }

    fn start(&self, id: &str, again: bool) -> Child {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "child", "--nocapture"]).env(FOLDER, self.folder.path()).env(ID, id);
        if again {
            command.env(AGAIN, "1");
        }
        if self.mode == OrderMode::Submit {
            command.env(CREDENTIAL, &self.anna.credential);
        }
        command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// Lets it run to its end: whether the order was filed, or the person has to be asked.
    fn finish(&self, id: &str, again: bool) -> bool {
        let done = self.start(id, again).wait_with_output().unwrap();
        match done.status.code() {
            Some(0) => true,
            Some(UNANSWERED) => false,
            _ => panic!("{}", String::from_utf8_lossy(&done.stderr)),
        }
    }

    fn marks(&self, id: &str) -> usize {
        fs::read(self.folder.path().join(format!("{id}.marks"))).map_or(0, |marks| marks.len())
    }

    fn count(&self, what: &str) -> usize {
        let store = rusqlite::Connection::open(self.anna.desk.folder.path().join("store.db")).unwrap();
        let count: u32 = store.query_row(&format!("SELECT count(*) FROM {what}"), [], |row| row.get(0)).unwrap();
        count as usize
    }

    fn agreements(&self) -> usize {
        self.count("documents")
    }

    fn clean(&self, id: &str) {
        let file = fs::read(self.folder.path().join(format!("{id}.pdf"))).unwrap();
        let trust: &TrustAnchors = &self.anna.trust;
        let options = VerifyOptions { trust, time: clock::now().plus(5), policy: Policy::default(), password: None, evidence: None };
        let report = verify(&file, &options, &Progress::default()).unwrap();
        assert!(report.clean && report.signatures.len() == 1, "{}", report.to_json().unwrap());
    }
}

/// How often the process is killed; many more in the long runs.
fn rounds() -> usize {
    if std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1") { 500 } else { 40 }
}

#[test]
fn a_process_that_is_killed_loses_nothing_and_doubles_nothing() {
    killed_at_any_moment(OrderMode::Device);
}

/// The same where the service prepares and files.
#[test]
fn a_process_that_is_killed_submits_once() {
    let device = killed_at_any_moment(OrderMode::Submit);
    assert_eq!(device.count("signatures WHERE state = 'completed'"), rounds() + 1);
}

fn killed_at_any_moment(mode: OrderMode) -> Device {
    let device = Device::new(mode);
    // How long one takes that is let live.
    let began = Instant::now();
    assert!(device.finish("first", false));
    let whole = began.elapsed();
    let (mut killed, mut asked) = (0, 0);
    let rounds = rounds();
    for round in 0..rounds {
        let id = format!("order-{round}");
        let mut child = device.start(&id, false);
        // Spread over its life, from before the first step to after the last.
        std::thread::sleep(whole.mul_f64(1.1 * round as f64 / rounds as f64));
        killed += usize::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(device.marks(&id) <= 1, "{id}");
        if !device.finish(&id, false) {
            asked += 1;
            assert!(device.marks(&id) <= 1, "{id}: nobody was asked yet");
            assert!(device.finish(&id, true), "{id}");
        }
        assert_eq!(device.agreements(), round + 2, "{id}: filed once");
        device.clean(&id);
    }
    let uses: usize = (0..rounds).map(|round| device.marks(&format!("order-{round}"))).sum();
    println!("{rounds} orders, {killed} killed, {asked} asked again with leave, {uses} signatures of the key");
    assert!(killed * 2 > rounds, "{killed} of {rounds} were killed alive");
    assert!(uses <= rounds + asked);
    // And every one of them again: nothing is done twice.
    for round in 0..rounds {
        assert!(device.finish(&format!("order-{round}"), false));
    }
    assert_eq!((device.agreements(), (0..rounds).map(|round| device.marks(&format!("order-{round}"))).sum::<usize>()), (rounds + 1, uses));
    device
}

/// What lies at the target is filed only if it is what was signed, and is made again from the same answer if it is not.
#[test]
fn nothing_else_is_filed_in_its_place() {
    let device = Device::new(OrderMode::Device);
    let folder = device.folder.path();
    let (orders, session) = (Orders::open(folder, &JOURNAL_KEY).unwrap(), session(folder));
    let (input, target) = (Input::open(&folder.join("agreement.pdf")).unwrap(), folder.join("signed.pdf"));
    let request = SignatureRequest::new(clock::now());
    let limits = Limits::default();
    let order = SigningOrder::new("a", &input, &target, &request, device.anna.key());
    let file = |name: &str| orders.file(&session, name, "agreement.pdf", &limits, None);
    assert_eq!(file("no such order").unwrap_err().kind(), ErrorKind::RecordNotFound);
    let signed = orders.sign(&order, &limits, None).unwrap();
    fs::copy(folder.join("agreement.pdf"), &target).unwrap();
    assert_eq!(file(&signed.name).unwrap_err().kind(), ErrorKind::DocumentChanged);
    fs::remove_file(&target).unwrap();
    assert_eq!(file(&signed.name).unwrap_err().kind(), ErrorKind::SourceUnreadable);
    assert_eq!((device.agreements(), orders.sign(&order, &limits, None).unwrap()), (0, signed.clone()));
    let filed = file(&signed.name).unwrap();
    assert!(matches!(filed.state, OrderState::Filed { .. }));
    assert_eq!((file(&signed.name).unwrap(), device.agreements()), (filed, 1));
}

/// An order that the service prepares: its receipt is in the evidence, it is not filed a second time, and the other mode is another thing.
#[test]
fn an_order_that_the_service_prepares_is_filed_by_it() {
    let device = Device::new(OrderMode::Submit);
    let folder = device.folder.path();
    let (orders, session) = (Orders::open(folder, &JOURNAL_KEY).unwrap(), session(folder));
    let (input, target) = (Input::open(&folder.join("agreement.pdf")).unwrap(), folder.join("signed.pdf"));
    let request = SignatureRequest::new(clock::now());
    let limits = Limits::default();
    let here = SigningOrder::new("a", &input, &target, &request, device.anna.key());
    let submit_to = Some(SubmitTo { session: &session, credential_id: &device.anna.credential, file_name: "agreement.pdf" });
    let there = SigningOrder { submit_to, ..here };
    let done = orders.sign(&there, &limits, None).unwrap();
    let OrderState::Filed { sha256, document_id } = &done.state else { panic!("{:?}", done.state) };
    let file = fs::read(&target).unwrap();
    assert_eq!((*sha256, done.mode), (thrivosign::crypto::digest::sha256(&file), OrderMode::Submit));
    assert_eq!(orders.sign(&there, &limits, None).unwrap(), done);
    assert_eq!(orders.file(&session, &done.name, "agreement.pdf", &limits, None).unwrap(), done, "filed already");
    assert_eq!(orders.sign(&here, &limits, None).unwrap_err().kind(), ErrorKind::WrongOrder);
    let evidence: serde_json::Value = serde_json::from_str(&orders.evidence(&done.name).unwrap()).unwrap();
    let schema = serde_json::from_str(include_str!("../../docs/schema/evidence-1.json")).unwrap();
    assert!(jsonschema::is_valid(&schema, &evidence), "{evidence:#}");
    assert_eq!((&evidence["order"]["mode"], &evidence["receipt"]["document_id"]), (&"submit".into(), &document_id.as_str().into()));
    assert_eq!(evidence["receipt"]["size"], file.len());
    assert!(evidence["receipt"]["at"].is_string() && evidence["receipt"]["signature_id"].is_string(), "{evidence}");
    assert_eq!((device.agreements(), device.count("signatures")), (1, 1));
}

/// The key of an order that waits is no more: the person enrols anew, and the order is signed and filed under the new credential, once, in either mode.
#[test]
fn an_order_survives_a_new_enrolment() {
    for mode in [OrderMode::Device, OrderMode::Submit] {
        let device = Device::new(mode);
        let (desk, folder, limits) = (&device.anna.desk, device.folder.path(), Limits::default());
        let session = session(folder);
        let (input, target) = (Input::open(&folder.join("agreement.pdf")).unwrap(), folder.join("a.pdf"));
        let request = SignatureRequest::new(clock::now());
        let submit_to = |credential_id| {
            (mode == OrderMode::Submit).then_some(SubmitTo { session: &session, credential_id, file_name: "agreement.pdf" })
        };
        let gone = Watched::new(&device.anna.store).around(Box::new(|_| Err(ErrorKind::KeyInvalidated.into())));
        let orders = Orders::open(folder, &JOURNAL_KEY).unwrap();
        let old = SigningOrder::new("a", &input, &target, &request, SigningKey { store: &gone, ..device.anna.key() });
        assert!(orders.sign(&SigningOrder { submit_to: submit_to(&device.anna.credential), ..old }, &limits, None).is_err());
        drop(orders);

        let phone = Phone::new("phone-2");
        let (token, _) = desk.login();
        assert_eq!(phone.register(desk, &token).status, 201);
        let (credential, chain) = phone.enrol(desk, &token);
        assert_eq!(phone.activate(desk, &token, &credential).status, 200);
        let chain: Vec<Certificate> = chain.iter().map(|der| Certificate::from_der(der).unwrap()).collect();
        let key = SoftwareKey::from_pkcs8_der(phone.signing.to_pkcs8_der().unwrap().as_bytes()).unwrap();
        let identity = SigningIdentity::for_key(key.public_key(), &chain, None).unwrap();
        let store = SoftwareKeyStore::with_key(KEY, KeyPurpose::Signing, key).unwrap();

        let orders = Orders::open(folder, &JOURNAL_KEY).unwrap();
        let waits = orders.list();
        assert!(waits.len() == 1 && waits[0].state == OrderState::Prepared, "{waits:?}");
        let new = SigningOrder::new("a", &input, &target, &request, SigningKey { store: &store, name: KEY, identity: &identity });
        let new = SigningOrder { submit_to: submit_to(&credential), in_place_of: Some(&waits[0].name), ..new };
        let done = orders.sign(&new, &limits, None).unwrap();
        let filed = orders.file(&session, &done.name, "agreement.pdf", &limits, None).unwrap();
        assert!(matches!(filed.state, OrderState::Filed { .. }) && orders.list().len() == 1);
        assert_eq!(orders.sign(&new, &limits, None).unwrap(), filed);
        device.clean("a");
        assert_eq!(device.count("signatures WHERE state = 'completed'"), usize::from(mode == OrderMode::Submit));
    }
}
