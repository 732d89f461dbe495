//! The whole job as an app does it: what ended with an error of the network is called again, with the same attempt, request and order. And what client
//! and server must have come to at its end.

use crate::client::keys::Watched;
use crate::client::pdf::small;
use crate::client::{Desk, PASSWORD, USER};
use crate::proxy::{Fault, Proxy, Run};
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use thrivosign::crypto::KeyAlgorithm;
use thrivosign::enroll::{Identity, IdentityState};
use thrivosign::host::{clock, file::Durability};
use thrivosign::journey::enrol::{self, CertificateOrder, Device, Requested, Subject};
use thrivosign::journey::orders::{OrderState, Orders, SigningOrder};
use thrivosign::journey::sign::{SignOptions, SigningKey};
use thrivosign::journey::submit::{Attempt, Submission, submit_again};
use thrivosign::journey::{Call, Environment, Input, Limits, RetryPolicy, Session, Target, Transport};
use thrivosign::key::software::SoftwareKeyStore;
use thrivosign::key::{DeviceKeyStore, KeyInfo, KeyPurpose, KeySpec};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::pki::TrustAnchors;
use thrivosign::remote::audit::{Audit, AuditAgreement};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::fetch_agreement::{FetchAgreement, FetchedAgreement};
use thrivosign::remote::http::{Request, Response};
use thrivosign::remote::info;
use thrivosign::remote::schema::Access;
use thrivosign::remote::secret::Secret;
use thrivosign::sign::{SignatureRequest, SigningIdentity};
use thrivosign::verify::{Policy, VerifyOptions, verify};
use thrivosign::{Error, ErrorKind, Progress, Result};

/// Exchanges of the job that differ by method and path: what a long run must meet.
pub(crate) const EXCHANGES: usize = 15;

/// What the audit says of the document that the service prepared, and of the one that was filed.
const EXPECTED: [&[&str]; 2] = [&["submitted", "prepared", "signed"], &["filed"]];

/// How the job goes over the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mode {
    /// TLS from end to end, tokens bound to the key.
    Tls,
    /// The proxy sees HTTP; tokens bound to the key.
    Proven,
    /// The proxy sees HTTP; plain tokens, good for whoever has them.
    Bearer,
}

/// The transport behind a proxy that ends TLS: what is proven is the address that the server has.
struct Behind(HttpsTransport);

impl Transport for Behind {
    fn send(&self, request: Request, call: &Call) -> Result<Response> {
        self.0.send(request, call)
    }
    fn url(&self, request: &Request) -> Result<String> {
        Ok(self.0.url(request)?.replacen("http://", "https://", 1))
    }
}

/// One server for all runs; each run has a user of its own.
pub(crate) struct Bench {
    desk: Desk,
    users: AtomicUsize,
    trust: TrustAnchors,
    agreement: PathBuf,
    folder: tempfile::TempDir,
}

/// Proxies of its own, so that several runs may go on beside each other.
pub(crate) struct Worker<'b> {
    bench: &'b Bench,
    records: Proxy,
    messages: Proxy,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) bytes: u64,
    pub(crate) met: bool,
    pub(crate) exchange: Option<String>,
    /// What the app was told, by step.
    pub(crate) errors: Vec<(&'static str, ErrorKind)>,
    /// How often the person had to type something again.
    pub(crate) again: usize,
}

impl Bench {
    pub(crate) fn open() -> Bench {
        let desk = Desk::open_with(|config| config.limits.headers = Duration::from_secs(5));
        let folder = tempfile::tempdir().unwrap();
        let agreement = folder.path().join("agreement.pdf");
        std::fs::write(&agreement, small(2)).unwrap();
        let root = desk.running.as_ref().unwrap().root_pem().as_bytes().to_vec();
        let trust = thrivosign::pki::certificates_from_pem(&root).unwrap().into_iter().collect();
        Bench { desk, users: AtomicUsize::new(0), trust, agreement, folder }
    }

    pub(crate) fn worker(&self) -> Worker<'_> {
        Worker { bench: self, records: Proxy::of_records(&self.desk), messages: Proxy::of_messages(&self.desk) }
    }

    fn store(&self) -> rusqlite::Connection {
        let store = rusqlite::Connection::open(self.desk.folder.path().join("store.db")).unwrap();
        store.busy_timeout(Duration::from_secs(20)).unwrap();
        store
    }

    /// Another user like the first: id, user name and mobile.
    fn user(&self) -> (String, String, String) {
        let number = self.users.fetch_add(1, Ordering::SeqCst);
        let (id, name, mobile) = (format!("usr-{number}"), format!("u{number}@example.org"), format!("+49170{number:08}"));
        let copy = "INSERT INTO users (id, username, password, name, email, mobile, kind, company, country, customer, status, created)
             SELECT ?1, ?2, password, name, email, ?3, kind, company, country, ?1, status, created FROM users WHERE username = ?4";
        assert_eq!(self.store().execute(copy, [&id, &name, &mobile, &USER.to_owned()]).unwrap(), 1);
        (id, name, mobile)
    }
}

impl Worker<'_> {
    /// The job once, with that fault.
    pub(crate) fn run(&mut self, mode: Mode, fault: Fault, at: u64) -> Ended {
        let (proxy, scheme) = if mode == Mode::Tls { (&self.records, "https") } else { (&self.messages, "http") };
        let mut options = Options::new(format!("{scheme}://localhost:{}", proxy.port));
        options.roots = Roots::from_pem(self.bench.desk.running.as_ref().unwrap().tls_root_pem().as_bytes()).unwrap();
        options.dangerous_allow_plain_http = mode != Mode::Tls;
        let run = proxy.begin(fault, at);
        let mut environment = Environment::new(Secret::new(&self.bench.desk.key));
        environment.retry = RetryPolicy { tries: 3, base: Duration::from_millis(5), cap: Duration::from_millis(20) };
        let session = Session::new(Arc::new(Behind(HttpsTransport::new(&options).unwrap())), environment).unwrap();
        let (user, name, mobile) = self.bench.user();
        let folder = self.bench.folder.path().join(&user);
        std::fs::create_dir(&folder).unwrap();
        let app = App {
            bench: self.bench,
            session,
            store: Arc::new(Watched::new(Box::new(SoftwareKeyStore::new()))),
            limits: Limits { per_call: Duration::from_secs(2), ..Limits::default() },
            what: format!("{mode:?} {fault:?} at {at}"),
            user,
            mobile,
            folder,
            errors: RefCell::default(),
            again: RefCell::default(),
        };
        app.job(&name, mode, &run);
        std::fs::remove_dir_all(&app.folder).unwrap();
        let met = fault != Fault::None && run.met();
        Ended { bytes: run.bytes(), met, exchange: run.exchange(), errors: app.errors.into_inner(), again: app.again.into_inner() }
    }
}

/// The refusal of a second copy of a call, given to the client in place of the answer to the first: an answer that was lost.
fn of_a_copy(error: &Error) -> bool {
    let told = error.to_string();
    told.contains("invalid_dpop_proof") || told.contains("proof-refused")
}

/// An app and the person before it.
struct App<'b> {
    bench: &'b Bench,
    session: Session,
    store: Arc<Watched<Box<SoftwareKeyStore>>>,
    limits: Limits,
    what: String,
    user: String,
    mobile: String,
    folder: PathBuf,
    errors: RefCell<Vec<(&'static str, ErrorKind)>>,
    again: RefCell<usize>,
}

impl App<'_> {
    /// Calls until it is not the network that fails, or whoever delivered the call twice.
    fn step<T>(&self, name: &'static str, mut call: impl FnMut() -> Result<T>) -> Result<T> {
        for _ in 0..4 {
            match call() {
                Err(error) if (600..700).contains(&error.kind().code()) || of_a_copy(&error) => {
                    self.errors.borrow_mut().push((name, error.kind()))
                }
                done => return done,
            }
        }
        panic!("{}: {name} never ends: {:?}", self.what, self.errors.borrow())
    }

    fn sure<T>(&self, name: &'static str, call: impl FnMut() -> Result<T>) -> T {
        self.step(name, call).unwrap_or_else(|error| panic!("{}: {name}: {error} after {:?}", self.what, self.errors.borrow()))
    }

    /// The person does something again, after that.
    fn again(&self, name: &'static str, error: &Error) {
        self.errors.borrow_mut().push((name, error.kind()));
        *self.again.borrow_mut() += 1;
        assert!(*self.again.borrow() < 3, "{}: {:?}", self.what, self.errors.borrow());
    }

    /// The newest code on the person's phone.
    fn code(&self) -> Secret {
        Secret::new(self.bench.desk.code_of(&self.mobile))
    }

    fn job(&self, name: &str, mode: Mode, run: &Run) {
        let (session, limits) = (&self.session, &self.limits);
        self.sure("info", || session.send(Access::Open, info::request(), 1 << 20, limits));
        let authentication = self.store.create("authentication", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Authentication)).unwrap();
        let signing = self.store.create("signing", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)).unwrap();
        if mode != Mode::Bearer {
            session.prove_with(self.store.clone(), "authentication").unwrap();
        }
        self.sure("login", || session.login(name, PASSWORD.into(), limits));
        assert_eq!(session.is_bound(), mode != Mode::Bearer);

        let device = Device { uuid: format!("phone-{}", self.user), name: "Anna's phone".to_owned(), platform: "test".to_owned() };
        self.sure("send_device_code", || enrol::send_device_code(session, limits));
        self.sure("register_device", || enrol::register_device(session, &*self.store, &authentication, &device, self.code(), limits));
        let (identity, requests) = self.certificate(&device, &authentication, &signing);
        let identity = self.activated(identity);
        let signer = SigningIdentity::for_key(&signing.public_key, identity.chain(), None).unwrap();
        let before = self.store.asked("signing");
        assert_eq!(before, requests, "{}: the key signs each request that was made", self.what);
        let key = SigningKey { store: &*self.store, name: "signing", identity: &signer };
        let input = Input::open(&self.bench.agreement).unwrap();
        let request = SignatureRequest { reason: Some("I agree".to_owned()), ..SignatureRequest::new(clock::now()) };

        let submitted = self.folder.join("submitted.pdf");
        let submission = Submission {
            credential_id: identity.credential_id(),
            file_name: "agreement.pdf",
            request: &request,
            key,
            options: SignOptions::default(),
        };
        let mut attempt = Attempt::new(session).unwrap();
        let done = self.sure("submit", || {
            let target = Target::File { path: &submitted, durability: Durability::None };
            submit_again(session, &input, target, &submission, &mut attempt, limits, None)
        });

        let ordered = self.folder.join("ordered.pdf");
        let orders = Orders::open(&self.folder, &[5; 32]).unwrap();
        let order = SigningOrder::new("order", &input, &ordered, &request, key);
        let signed = self.sure("order", || orders.sign(&order, limits, None));
        let filed = self.sure("file", || orders.file(session, &signed.name, "agreement.pdf", limits, None));
        let OrderState::Filed { document_id: filed, .. } = filed.state else { panic!("{}: not filed", self.what) };

        for (document, file) in [(&done.document_id, &submitted), (&filed, &ordered)] {
            self.fetched(document, file);
            self.clean(file);
        }
        let audits = [&done.document_id, &filed].map(|document| self.audited(document));
        // A logout is not repeated: the tokens are gone from here.
        if let Err(error) = session.logout(limits) {
            assert!(run.met(), "{}: {error}", self.what);
            self.errors.borrow_mut().push(("logout", error.kind()));
        }
        assert!(!session.is_logged_in());
        assert_eq!(self.store.asked("signing") - before, 2, "{}: once for each document", self.what);
        self.stored(&audits);
    }

    /// The certificate, and how many requests it took.
    fn certificate(&self, device: &Device, authentication: &KeyInfo, signing: &KeyInfo) -> (Identity, usize) {
        let (session, limits) = (&self.session, &self.limits);
        let subject = Subject { name: "Anna Schmidt".to_owned(), country: Some("DE".to_owned()), serial_number: None };
        for requests in 1.. {
            let challenge =
                self.sure("ask_challenge", || enrol::ask_challenge(session, &device.uuid, AuthenticationMethod::Otp, limits)).challenge;
            let order = CertificateOrder {
                device_uuid: &device.uuid,
                authentication_key: authentication,
                signing_key: signing,
                subject: &subject,
                challenge: &challenge,
                method: AuthenticationMethod::Otp,
                value: self.code(),
                profile: None,
            };
            let request = enrol::make_request(session, &*self.store, order).unwrap();
            match self.step("send_request", || enrol::send_request(session, &request, limits)) {
                Ok(Requested::Issued(identity)) => return (identity, requests),
                Ok(Requested::Pending(_)) => panic!("pending"),
                // Two codes were sent, and the one typed is not that of the challenge at hand.
                Err(error) if error.kind() == ErrorKind::UserAuthenticationFailed => self.again("send_request", &error),
                Err(error) => panic!("{}: {error}", self.what),
            }
        }
        unreachable!()
    }

    fn activated(&self, identity: Identity) -> Identity {
        let (session, limits) = (&self.session, &self.limits);
        loop {
            let challenge = self.sure("begin_activation", || enrol::begin_activation(session, &identity, limits));
            let finished = enrol::finish_activation(session, &*self.store, &identity, &challenge, self.code(), limits);
            let error = match finished {
                Ok(identity) => return identity,
                Err(error) => error,
            };
            let now = self.sure("learn_state", || enrol::learn_state(session, &identity, limits));
            if now.state() == IdentityState::Activated {
                self.errors.borrow_mut().push(("finish_activation", error.kind()));
                return now;
            }
            self.again("finish_activation", &error);
        }
    }

    /// What the service has is what lies here.
    fn fetched(&self, document: &str, file: &Path) {
        let call = FetchAgreement { document_id: document.to_owned(), range: None, if_range: None };
        let part =
            self.sure("fetch", || FetchedAgreement::decode(self.session.send(Access::Token, call.encode()?, 1 << 20, &self.limits)?));
        assert!(part.bytes[..] == std::fs::read(file).unwrap()[..], "{}: {document}", self.what);
    }

    fn clean(&self, file: &Path) {
        let options = VerifyOptions {
            trust: &self.bench.trust,
            time: clock::now().plus(5),
            policy: Policy::default(),
            password: None,
            evidence: None,
        };
        let report = verify(&std::fs::read(file).unwrap(), &options, &Progress::default()).unwrap();
        assert!(report.clean && report.signatures.len() == 1, "{}: {}", self.what, report.to_json().unwrap());
    }

    /// The actions in an agreement's audit, whose chain holds.
    fn audited(&self, document: &str) -> Vec<String> {
        let call = AuditAgreement { document_id: document.to_owned() };
        let Audit(records) =
            self.sure("audit", || Audit::decode(&self.session.send(Access::Token, call.encode()?, 1 << 20, &self.limits)?));
        let mut before = [0; 32];
        for record in &records {
            let hash: [u8; 32] = Sha256::digest(record.to_be_hashed()).into();
            assert_eq!((record.previous, record.hash), (before, hash), "{}", self.what);
            before = hash;
        }
        records.into_iter().map(|record| record.action).collect()
    }

    /// What the server holds of this user.
    fn stored(&self, audits: &[Vec<String>; 2]) {
        let store = self.bench.store();
        let count = |from: &str| -> u32 {
            let ask = format!("SELECT count(*) FROM {from}");
            store.query_row(&ask, [&self.user], |row| row.get(0)).unwrap()
        };
        let documents = "documents WHERE user_id = ?1";
        let signatures = "signatures s JOIN documents d ON d.id = s.document_id WHERE d.user_id = ?1";
        let found = [
            count("devices WHERE user_id = ?1"),
            count("devices WHERE user_id = ?1 AND revoked IS NULL"),
            count("credentials WHERE user_id = ?1"),
            count("credentials WHERE user_id = ?1 AND state = 'activated'"),
            count(documents),
            count(signatures),
            count(&format!("{signatures} AND s.value IS NOT NULL")),
        ];
        assert_eq!(found, [1, 1, 1, 1, 2, 1, 1], "{}: devices, credentials, documents, signatures", self.what);
        assert_eq!(audits, &EXPECTED.map(|actions| actions.iter().map(|action| (*action).to_owned()).collect::<Vec<_>>()), "{}", self.what);
    }
}
