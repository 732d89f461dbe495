//! What the how-to pages show of Rust, run before a real server (`tests/documented.rs` holds the pages to these lines).

#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod client;

use client::enrolled::Enrolled;
use client::office::{CLIENT, Office};
use client::pdf::small;
use client::remote::{PIN, Remote};
use client::{Desk, PASSWORD, USER};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use thrivosign::appearance::{Appearance, Image, Link, Text};
use thrivosign::crypto::PublicKey;
use thrivosign::host::clock;
use thrivosign::journey::csc::{About, CscKeyStore, Factors, Shown, Wanted};
use thrivosign::journey::enrol::list_credentials;
use thrivosign::journey::orders::{OrderState, Orders, SigningOrder};
use thrivosign::journey::read::Judging;
use thrivosign::journey::sign::{SignOptions, SigningKey, sign};
use thrivosign::journey::verify::{BatchOptions, verify_batch};
use thrivosign::journey::{Environment, Input, Limits, Session, Target, client_certificate};
use thrivosign::net::{HttpsTransport, Options, PinSet, PinUpdates, Roots};
use thrivosign::pdf::Rect;
use thrivosign::pki::TrustAnchors;
use thrivosign::remote::login::Client;
use thrivosign::remote::remote_credential::SecondFactor;
use thrivosign::remote::secret::Secret;
use thrivosign::render::{ENGLISH, html};
use thrivosign::sign::{Placement, SignatureRequest};
use thrivosign::verify::Policy;

type Shows = Result<(), Box<dyn std::error::Error>>;

fn options(desk: &Desk) -> Options {
    let mut options = Options::new(format!("https://localhost:{}", desk.address().port()));
    options.roots = Roots::from_pem(desk.running.as_ref().unwrap().tls_root_pem().as_bytes()).unwrap();
    options
}

fn session(desk: &Desk) -> Session {
    let environment = Environment::new(Secret::new(&desk.key));
    let session = Session::new(Arc::new(HttpsTransport::new(&options(desk)).unwrap()), environment).unwrap();
    session.login(USER, Secret::new(PASSWORD), &Limits::default()).unwrap();
    session
}

/// docs/howto/appearance.md
#[test]
fn a_visible_signature() -> Shows {
    let customer = Enrolled::new();
    let seal = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/verify/page.png"))?;
    let mut request = SignatureRequest::new(clock::now());
    request.placement = Placement::Visible { page: 1, rect: Rect::new(50.0, 50.0, 290.0, 130.0) };
    request.appearance = Appearance {
        text: Text::Templates(vec!["Signed by {name}".into(), "{date}".into()]),
        image: Some(Image::read(&seal)?),
        link: Some(Link::new("https://bank.example/verify/4711")?),
        ..Appearance::default()
    };
    let mut out = Vec::new();
    let limits = Limits::default();
    sign(&Input::memory(small(1)), Target::Memory(&mut out), &request, customer.key(), SignOptions::default(), &limits, None)?;
    let said = Command::new("pdftotext").args(["-", "-"]).stdin(file_of(&out)).output()?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains("Signed by") && said.contains("Anna Schmidt"), "{said}");
    Ok(())
}

fn file_of(bytes: &[u8]) -> std::fs::File {
    use std::io::{Seek, Write};
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(bytes).unwrap();
    file.rewind().unwrap();
    file
}

/// docs/howto/sign.md
#[test]
fn an_order_that_is_not_lost() -> Shows {
    let customer = Enrolled::new();
    let session = session(&customer.desk);
    let folder = customer.desk.folder.path();
    let (input, target) = (Input::memory(small(1)), folder.join("signed.pdf"));
    let (request, key, limits, journal_key) = (SignatureRequest::new(clock::now()), customer.key(), Limits::default(), [7; 32]);

    let orders = Orders::open(folder, &journal_key)?;
    let order = SigningOrder { consent: Some("I agree."), ..SigningOrder::new("loan-4711", &input, &target, &request, key) };
    let signed = orders.sign(&order, &limits, None)?;
    orders.file(&session, &signed.name, "loan.pdf", &limits, None)?;

    assert!(matches!(orders.list().as_slice(), [order] if matches!(order.state, OrderState::Filed { .. })));
    assert!(target.is_file());
    Ok(())
}

/// docs/howto/verify.md
#[test]
fn many_documents_judged() -> Shows {
    let customer = Enrolled::new();
    let folder = customer.desk.folder.path();
    let (a, b) = (folder.join("a.pdf"), folder.join("b.pdf"));
    let limits = Limits::default();
    let request = SignatureRequest::new(clock::now());
    let mut out = Vec::new();
    sign(&Input::memory(small(1)), Target::Memory(&mut out), &request, customer.key(), SignOptions::default(), &limits, None)?;
    std::fs::write(&a, &out)?;
    std::fs::write(&b, small(1))?;
    let pem = customer.trust.iter().map(|root| client::trust::pem("CERTIFICATE", root.der())).collect::<String>().into_bytes();
    let mut pages = Vec::new();

    let trust = TrustAnchors::from_pem(&pem)?;
    let judging = Judging { trust: &trust, time: None, policy: Policy::default(), password: None, evidence: None };
    let files = vec![a, b];
    let summary = verify_batch(&files, &judging, BatchOptions::default(), &Limits::default(), &mut |index, outcome| {
        if let Ok(report) = outcome {
            pages.push(html(&report, files[index].to_str(), &ENGLISH));
        }
        Ok(())
    });
    assert_eq!(summary.left, 0);

    assert_eq!((summary.clean, summary.unsigned, pages.len()), (1, 1, 2));
    assert!(pages[0].contains("Anna Schmidt"));
    Ok(())
}

struct Person;

impl Factors for Person {
    fn ask(&self, wanted: &Wanted) -> thrivosign::Result<Shown> {
        Ok(Shown { pin: wanted.pin.then(|| Secret::new(PIN)), otp: None })
    }
}

/// docs/howto/remote.md
#[test]
fn a_key_that_the_service_holds() -> Shows {
    let all = Remote::new();
    let credential = all.with_pin(SecondFactor::None);
    let credential_id = credential.credential_id.as_str();
    let (session, factors, limits) = (Arc::new(session(&all.desk)), Arc::new(Person), Limits::default());
    let (input, mut out) = (Input::memory(small(1)), Vec::new());
    let (target, request, options) = (Target::Memory(&mut out), SignatureRequest::new(clock::now()), SignOptions::default());

    let about = About { document_name: Some("loan.pdf".into()), ..About::default() };
    let store = CscKeyStore::new(session, factors, about, limits.clone());
    let identity = store.identity(credential_id, None)?;
    sign(&input, target, &request, SigningKey { store: &store, name: credential_id, identity: &identity }, options, &limits, None)?;

    assert!(out.len() > small(1).len());
    Ok(())
}

/// docs/howto/back-office.md
#[test]
fn a_back_office_logs_in() -> Shows {
    let office = Office::open(thrivosign_server::Binding::Clients);
    let (chain_pem, key_pem) = (office.bench.read("desk.pem"), office.bench.read("desk.key"));
    let mut options = options(&office.desk);
    let mut environment = Environment::new(Secret::new(&office.desk.key));
    let limits = Limits::default();

    options.client_certificate = Some(client_certificate::of_file(&chain_pem, &key_pem, None)?);
    environment.client = Some(Client { id: "loan-desk".to_owned(), secret: None });
    let session = Session::new(Arc::new(HttpsTransport::new(&options)?), environment)?;
    session.login_client(&limits)?;

    assert_eq!(CLIENT, "loan-desk");
    list_credentials(&session, &limits)?;
    Ok(())
}

/// docs/howto/pins.md
#[test]
fn a_device_that_pins() -> Shows {
    let mut desk = Desk::open();
    // The operator's task is for a server that is not running.
    desk.running.take().unwrap().shutdown();
    let said = desk_pins(&desk);
    let desk = desk.again();
    let (in_use, next) = (said[0].as_str(), said[1].as_str());
    let safe = tempfile::tempdir()?;
    for task in ["genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out update.pem", "pkey -in update.pem -pubout -out update.pub"] {
        assert!(Command::new("openssl").args(task.split(' ')).current_dir(safe.path()).status()?.success());
    }
    let update_pub = &std::fs::read(safe.path().join("update.pub"))?;
    let read_where_the_app_keeps_it = || None;
    let mut options = options(&desk);

    options.pins = Some(PinSet::new(&[in_use, next], None)?.of_serial(1));
    options.pin_updates = Some(PinUpdates { keys: vec![PublicKey::from_pem(update_pub)?], kept: read_where_the_app_keeps_it() });

    let login = |options: &Options| -> thrivosign::Result<()> {
        let session = Session::new(Arc::new(HttpsTransport::new(options)?), Environment::new(Secret::new(&desk.key)))?;
        session.login(USER, Secret::new(PASSWORD), &Limits::default())
    };
    login(&options)?;
    options.pins = Some(PinSet::new(&[next, &said[2]], None)?);
    assert_eq!(login(&options).unwrap_err().kind(), thrivosign::ErrorKind::TlsPinMismatch);
    Ok(())
}

/// The pin of the key in use, that of the next one, and one of nobody's.
fn desk_pins(desk: &Desk) -> Vec<String> {
    let task = Command::new(env!("CARGO_BIN_EXE_thrivosign-server")).arg("--data").arg(desk.folder.path()).arg("pins").output().unwrap();
    let said = String::from_utf8(task.stdout).unwrap();
    let mut pins: Vec<String> = said.lines().map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    assert_eq!(pins.len(), 2, "{said}{}", String::from_utf8_lossy(&task.stderr));
    pins.push("A".repeat(43) + "=");
    pins
}
