//! Mutual TLS for back offices (RFC 8705): they log in by the certificate of the connection, and the token that they get is of no use over another.
//! curl is the outside judge of the server, openssl that of the client; openssl makes all authorities and certificates.

#![allow(missing_docs, clippy::disallowed_methods, clippy::disallowed_types)]

mod client;

use client::enrolled::enrol;
use client::keys::Watched;
use client::office::{CLIENT, DAY, FOR_CLIENTS, Office, P256, SUBJECT, Said, authority, client_form, issue, password_form};
use client::trust::Bench;
use client::{PASSWORD, USER};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use thrivosign::cancel::Progress;
use thrivosign::crypto::KeyAlgorithm;
use thrivosign::host::clock;
use thrivosign::journey::enrol::list_credentials;
use thrivosign::journey::sign::{SignOptions, SigningKey};
use thrivosign::journey::submit::{Submission, submit};
use thrivosign::journey::{Input, Limits, Session, Target, client_certificate};
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::key::{DeviceKeyStore, KeyPurpose, KeySpec, Prompt};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::pki::TrustAnchors;
use thrivosign::remote::http::{Method, Request};
use thrivosign::remote::transport::{Call, Transport};
use thrivosign::sign::{SignatureRequest, SigningIdentity};
use thrivosign::verify::{Policy, VerifyOptions, verify};
use thrivosign::{ErrorKind, Result};
use thrivosign_server::{Binding, ClientName};

fn listed(session: &Session) -> Result<()> {
    list_credentials(session, &Limits::default()).map(drop)
}

fn refused(said: &Said) {
    assert_eq!((said.status, said.text("type").as_str()), (401, "urn:thrivosign:problem:token-refused"), "{}\n{}", said.head, said.body);
    assert!(said.head.to_ascii_lowercase().contains("www-authenticate: bearer error=\"invalid_token\""), "{}", said.head);
}

fn no_connection(said: &Said) {
    assert!(said.exit != 0 && said.status == 0, "{} {}", said.exit, said.head);
}

#[test]
fn curl_finds_a_stolen_token_of_no_use() {
    let office = Office::open(Binding::Clients);
    let token = office.token("desk");
    assert_eq!(office.list(Some("desk"), &token).status, 200);

    refused(&office.list(None, &token));
    office.issue("other", "/C=DE/O=Example Bank/CN=Archive");
    refused(&office.list(Some("other"), &token));
    authority(&office.bench, "foreign");
    issue(&office.bench, "stranger", "foreign", SUBJECT, P256, "30", FOR_CLIENTS);
    no_connection(&office.list(Some("stranger"), &token));
    // A certificate for servers is none for clients, whoever issued it.
    issue(&office.bench, "server", "ca", SUBJECT, P256, "30", "extendedKeyUsage=serverAuth\n");
    no_connection(&office.list(Some("server"), &token));
    assert_eq!(office.list(Some("desk"), &token).status, 200, "the attempts ended nothing");
    // To whoever shows no token there is nothing to say of it.
    let said = office.curl(Some("desk"), "/rssp/certificates", &[]);
    assert!(said.status == 401 && !said.head.contains("invalid_token"), "{}", said.head);
}

#[test]
fn a_renewed_certificate_is_the_same_client_and_not_the_same_token() {
    let office = Office::open(Binding::Clients);
    let token = office.token("desk");
    office.issue("renewed", SUBJECT);
    refused(&office.list(Some("renewed"), &token));
    let fresh = office.token("renewed");
    assert_eq!(office.list(Some("renewed"), &fresh).status, 200);
    refused(&office.list(Some("desk"), &fresh));
    // Both go on side by side until the old one is no longer shown.
    assert_eq!(office.list(Some("desk"), &token).status, 200);
    office.desk.pass(31 * DAY);
    no_connection(&office.curl_login(Some("desk"), &client_form(CLIENT)));
    assert_eq!(office.curl(None, "/rssp/info", &[]).status, 200, "nobody has to show one");
}

#[test]
fn who_has_not_the_registered_name_is_not_the_client() {
    let office = Office::open(Binding::Clients);
    office.issue("other", "/C=DE/O=Example Bank/CN=Archive");
    let cases = [
        (None, client_form(CLIENT)),
        (Some("other"), client_form(CLIENT)),
        (Some("desk"), client_form("archive")),
        (Some("desk"), format!("{}&client_secret=guess", client_form(CLIENT))),
    ];
    for (certificate, form) in cases {
        let said = office.curl_login(certificate, &form);
        assert_eq!((said.status, said.text("error").as_str()), (400, "invalid_client"), "{certificate:?} {form}");
    }
    let said = office.curl_login(Some("desk"), "grant_type=client_credentials");
    assert_eq!((said.status, said.text("error").as_str()), (400, "invalid_request"));

    // By the other names of RFC 8705 2.1.2; the subject then says nothing.
    let names = "extendedKeyUsage=clientAuth\nsubjectAltName=DNS:desk.bank.example,URI:urn:bank:desk\n";
    issue(&office.bench, "named", "ca", "/CN=whoever", P256, "30", names);
    let office = office.registered(&ClientName::SanDns("Desk.Bank.example".to_owned()), Binding::Clients);
    assert_eq!(office.list(Some("named"), &office.token("named")).status, 200);
    assert_eq!(office.curl_login(Some("desk"), &client_form(CLIENT)).status, 400);
    let office = office.registered(&ClientName::SanUri("urn:bank:desk".to_owned()), Binding::Clients);
    let token = office.token("named");
    assert_eq!(office.list(Some("named"), &token).status, 200);
    // Registered anew, the client has to log in anew.
    let office = office.registered(&ClientName::SanUri("urn:bank:other".to_owned()), Binding::Clients);
    assert_eq!(office.curl_login(Some("named"), &client_form(CLIENT)).status, 400);
    refused(&office.list(Some("named"), &token));
}

#[test]
fn a_client_that_was_removed_has_no_tokens() {
    let mut office = Office::open(Binding::Clients);
    let token = office.token("desk");
    office.desk.running.take().unwrap().shutdown();
    thrivosign_server::client::remove(office.desk.folder.path(), CLIENT).unwrap();
    assert!(thrivosign_server::client::remove(office.desk.folder.path(), CLIENT).is_err());
    let nobody = thrivosign_server::client::register(office.desk.folder.path(), CLIENT, "nobody", &ClientName::SanDns("a".to_owned()));
    assert!(nobody.is_err());
    let office = Office { desk: office.desk.again(), ..office };
    refused(&office.list(None, &token));
    // Without authorities the server asks for no certificate, so none is shown.
    assert_eq!(office.curl_login(Some("desk"), &client_form(CLIENT)).text("error"), "invalid_client");
}

#[test]
fn tokens_of_users_are_bound_where_the_operator_says_so() {
    let office = Office::open(Binding::Everybody);
    let said = office.curl_login(Some("desk"), &password_form());
    assert_eq!((said.status, said.text("token_type").as_str()), (200, "bearer"));
    let (token, refresh) = (said.text("access_token"), said.text("refresh_token"));
    assert_eq!(office.list(Some("desk"), &token).status, 200);
    refused(&office.list(None, &token));
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    office.issue("other", "/CN=other");
    for certificate in [None, Some("other")] {
        let said = office.curl_login(certificate, &form);
        assert_eq!((said.status, said.text("error").as_str()), (400, "invalid_grant"));
    }
    let said = office.curl_login(Some("desk"), &form);
    assert_eq!(said.status, 200);
    refused(&office.list(None, &said.text("access_token")));
    assert_eq!(office.list(Some("desk"), &said.text("access_token")).status, 200);
    // A logout over another connection ends nothing.
    let revoke = |certificate| {
        let body = format!("{{\"token\":\"{refresh}\"}}");
        let authorization = format!("Authorization: Bearer {token}");
        office.curl(certificate, "/rssp/auth/revoke", &["-H", &authorization, "-H", "Content-Type: application/json", "--data", &body])
    };
    let said = revoke(None);
    assert_eq!(said.status, 401, "{}", said.body);
    assert_eq!(office.list(Some("desk"), &token).status, 200);
    assert_eq!(revoke(Some("desk")).status, 204);
    refused(&office.list(Some("desk"), &token));
    // Whoever shows none gets tokens of the published kind.
    let plain = office.curl_login(None, &password_form()).text("access_token");
    assert_eq!((office.list(None, &plain).status, office.list(Some("desk"), &plain).status), (200, 200));

    let office = Office::open(Binding::Clients);
    let plain = office.curl_login(Some("desk"), &password_form()).text("access_token");
    assert_eq!(office.list(None, &plain).status, 200);
}

#[test]
fn a_token_may_be_bound_to_a_key_and_a_certificate() {
    let office = Office::open(Binding::Everybody);
    let limits = Limits::default();
    let store = Arc::new(SoftwareKeyStore::new());
    store.create("login", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Authentication)).unwrap();
    let with = |certificate: bool, key: bool| {
        let session = office.session(certificate.then(|| office.certificate("desk")));
        if key {
            session.prove_with(store.clone(), "login").unwrap();
        }
        session
    };
    let both = with(true, true);
    both.login(USER, PASSWORD.into(), &limits).unwrap();
    assert!(both.is_bound());
    listed(&both).unwrap();
    for (certificate, key) in [(false, false), (true, false), (false, true)] {
        let error = with(certificate, key).resume(both.refresh_token().unwrap(), &limits).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::LoginRequired, "{certificate} {key}");
    }
    with(true, true).resume(both.refresh_token().unwrap(), &limits).unwrap();
    // A client's own tokens too.
    let client = with(true, true);
    client.login_client(&limits).unwrap();
    assert!(client.is_bound() && client.refresh_token().is_none());
    listed(&client).unwrap();
}

#[test]
fn every_kind_of_key_makes_connections() {
    let office = Office::open(Binding::Clients);
    let kinds: [&[&str]; 4] = [P256, &["ec", "-pkeyopt", "ec_paramgen_curve:P-384"], &["rsa:2048"], &["ed25519"]];
    for kind in kinds {
        issue(&office.bench, "kind", "ca", SUBJECT, kind, "30", FOR_CLIENTS);
        let session = office.session(Some(office.certificate("kind")));
        session.login_client(&Limits::default()).unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        listed(&session).unwrap();
        // The token's day is over: the client logs in again by itself.
        office.desk.pass(DAY);
        listed(&session).unwrap();
        session.logout(&Limits::default()).unwrap();
        assert_eq!(listed(&session).unwrap_err().kind(), ErrorKind::LoginRequired);
    }
}

#[test]
fn a_certificate_that_the_service_refuses_is_told_as_refused() {
    let office = Office::open(Binding::Clients);
    authority(&office.bench, "foreign");
    issue(&office.bench, "stranger", "foreign", SUBJECT, P256, "30", FOR_CLIENTS);
    let login = |name: &str| office.session(Some(office.certificate(name))).login_client(&Limits::default());
    // With TLS 1.3 the refusal comes after the client's handshake, and may overtake the request: it is told as a refusal each time.
    let refused = |name: &str| {
        for _ in 0..20 {
            assert_eq!(login(name).unwrap_err().kind(), ErrorKind::TlsClientRefused, "{name}");
        }
    };
    refused("stranger");
    login("desk").unwrap();
    let held = office.session(Some(office.certificate("desk")));
    held.login_client(&Limits::default()).unwrap();
    office.desk.pass(31 * DAY);
    // Expired.
    refused("desk");
    assert_eq!(office.session(None).login_client(&Limits::default()).unwrap_err().kind(), ErrorKind::LoginRefused);
}

#[test]
fn a_key_stays_in_its_store_and_what_it_says_is_heard() {
    let office = Office::open(Binding::Clients);
    office.issue("other", SUBJECT);
    let chain = office.bench.read("desk.pem");
    let token = |says: Option<ErrorKind>, prompt, purpose| {
        let key = SoftwareKey::from_file(&office.bench.read("desk.key"), None).unwrap();
        let store = Watched::new(Box::new(SoftwareKeyStore::with_key("desk", purpose, key).unwrap())).prompting(prompt);
        Arc::new(match says {
            Some(kind) => store.around(Box::new(move |_| Err(ErrorKind::into(kind)))),
            None => store,
        })
    };
    let login = |says| {
        let store = token(says, Prompt::None, KeyPurpose::Authentication);
        let certificate = client_certificate::of_key(store, "desk", &chain).unwrap();
        office.session(Some(certificate)).login_client(&Limits::default())
    };
    login(None).unwrap();
    for kind in [ErrorKind::KeyLocked, ErrorKind::KeyStoreUnavailable, ErrorKind::KeyNotFound] {
        assert_eq!(login(Some(kind)).unwrap_err().kind(), kind);
    }
    let kind = |store: Arc<Watched<Box<SoftwareKeyStore>>>, name: &str, chain: &[u8]| {
        client_certificate::of_key(store, name, chain).err().map(|error| error.kind())
    };
    let good = || token(None, Prompt::None, KeyPurpose::Authentication);
    assert_eq!(kind(token(None, Prompt::None, KeyPurpose::Signing), "desk", &chain), Some(ErrorKind::KeyNotPermitted));
    assert_eq!(kind(token(None, Prompt::PerUse, KeyPurpose::Authentication), "desk", &chain), Some(ErrorKind::KeyNotPermitted));
    assert_eq!(kind(good(), "desk", &office.bench.read("other.pem")), Some(ErrorKind::CertificateForeign));
    assert_eq!(kind(good(), "else", &chain), Some(ErrorKind::KeyNotFound));
    assert_eq!(kind(good(), "desk", b""), Some(ErrorKind::PemMalformed));
    assert_eq!(kind(good(), "desk", &[&chain[..], &office.bench.read("other.pem")].concat()), Some(ErrorKind::ChainBroken));
    assert_eq!(kind(good(), "desk", &[&chain[..], &office.bench.read("ca.pem")].concat()), None);
}

/// openssl as the server: what it demands of clients, it gets, by both versions of TLS.
#[test]
fn openssl_takes_the_certificate_and_the_proof_of_its_key() {
    let bench = Bench::new();
    authority(&bench, "ca");
    issue(&bench, "server", "ca", "/CN=localhost", P256, "30", "subjectAltName=DNS:localhost\n");
    for (kind, version) in
        [(P256, "-tls1_3"), (P256, "-tls1_2"), (&["rsa:2048"], "-tls1_3"), (&["rsa:2048"], "-tls1_2"), (&["ed25519"], "-tls1_2")]
    {
        issue(&bench, "desk", "ca", SUBJECT, kind, "30", FOR_CLIENTS);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let [root, certificate, key] = ["ca.pem", "server.pem", "server.key"].map(|name| bench.name(name));
        let mut server = Command::new("openssl")
            .args(["s_server", "-accept", &port, "-cert", &certificate, "-key", &key, "-CAfile", &root, "-Verify", "2"])
            .args(["-verify_return_error", "-www", version])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let ask = |shown: bool| {
            let certificate = client_certificate::of_file(&bench.read("desk.pem"), &bench.read("desk.key"), None).unwrap();
            let mut options = Options::new(format!("https://localhost:{port}"));
            options.roots = Roots::from_pem(&bench.read("ca.pem")).unwrap();
            options.client_certificate = shown.then_some(certificate);
            let call = Call {
                deadline: Instant::now() + Duration::from_secs(20),
                cancel: thrivosign::CancelToken::new(),
                idempotent: true,
                max_answer: 1 << 20,
            };
            HttpsTransport::new(&options).unwrap().send(Request::new(Method::Get, "/"), &call)
        };
        let began = Instant::now();
        let answer = loop {
            match ask(true) {
                Err(error) if error.kind() == ErrorKind::ConnectFailed && began.elapsed() < Duration::from_secs(20) => {
                    std::thread::sleep(Duration::from_millis(50));
                }
                other => break other,
            }
        };
        let without = ask(false);
        let _ = server.kill();
        server.wait().unwrap();
        let page = String::from_utf8_lossy(&answer.unwrap().body).into_owned();
        assert!(page.contains("Client certificate") && page.contains("Loan desk"), "{kind:?} {version}: {page}");
        assert!(without.is_err(), "{version}");
    }
}

#[test]
fn the_whole_job_of_a_back_office() {
    let office = Office::open(Binding::Clients);
    let limits = Limits::default();
    let session = office.session(Some(office.certificate("desk")));
    session.login_client(&limits).unwrap();
    let store = SoftwareKeyStore::new();
    let identity = enrol(&office.desk, &session, &store);
    let signing = store.info("signing").unwrap();

    let (input, output) = (office.bench.put("agreement.pdf", &client::pdf::small(2)), office.bench.path("signed.pdf"));
    let signer = SigningIdentity::for_key(&signing.public_key, identity.chain(), None).unwrap();
    let request = SignatureRequest::new(clock::now());
    let submission = Submission {
        credential_id: identity.credential_id(),
        file_name: "agreement.pdf",
        request: &request,
        key: SigningKey { store: &store, name: "signing", identity: &signer },
        options: SignOptions::default(),
    };
    let target = Target::File { path: &output, durability: thrivosign::host::file::Durability::None };
    let done = submit(&session, &Input::open(input.as_ref()).unwrap(), target, &submission, &limits, None).unwrap();
    let signed = office.bench.read("signed.pdf");
    let trust: TrustAnchors = identity.chain().last().cloned().into_iter().collect();
    let options = VerifyOptions { trust: &trust, time: clock::now().plus(5), policy: Policy::default(), password: None, evidence: None };
    let report = verify(&signed, &options, &Progress::default()).unwrap();
    assert!(report.clean && report.signatures.len() == 1, "{}", report.to_json().unwrap());
    // curl fetches the same document with a token of its own, and with no other than over its own connection.
    let token = office.token("desk");
    let path = format!("/rssp/agreements/{}", done.document_id);
    let fetch = |certificate| office.curl(certificate, &path, &["-H", &format!("Authorization: Bearer {token}")]);
    assert!(fetch(Some("desk")).bytes == signed);
    refused(&fetch(None));
}
