//! Our client through certomancer's CSC server: another author's reading of the same specification, SCAL 1 and SCAL 2, P-256 and RSA.

use crate::client::pdf::small;
use crate::client::trust::{Bench, openssl, python};
use crate::{Person, is_clean, missing};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use thrivosign::host::file::Durability;
use thrivosign::journey::csc::{About, CscKeyStore};
use thrivosign::journey::sign::{SignOptions, SigningKey, sign};
use thrivosign::journey::{Environment, Input, Limits, Session, Target, TokenProvider};
use thrivosign::key::DeviceKeyStore;
use thrivosign::net::{HttpsTransport, Options};
use thrivosign::remote::login::Tokens;
use thrivosign::remote::secret::Secret;
use thrivosign::sign::SignatureRequest;

const CONFIGURATION: &str = r#"
external-url-prefix: "http://localhost"
keysets:
  main:
    path-prefix: .
    keys:
      root: {path: root.key}
      p256: {path: p256.key}
      rsa: {path: rsa.key}
pki-architectures:
  demo:
    keyset: main
    entities:
      root: {organization-name: Other, common-name: Other Root}
      p256: {organization-name: Other, common-name: Alice}
      rsa: {organization-name: Other, common-name: Bob}
    certs:
      root:
        subject: root
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2090-01-01T00:00:00+0000"}
        profiles: [{id: simple-ca, params: {max-path-len: 0}}]
      p256:
        subject: p256
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2090-01-01T00:00:00+0000"}
        extensions: [{id: key_usage, critical: true, smart-value: {schema: key-usage, params: [non_repudiation]}}]
      rsa:
        subject: rsa
        issuer: root
        validity: {valid-from: "2020-01-01T00:00:00+0000", valid-to: "2090-01-01T00:00:00+0000"}
        extensions: [{id: key_usage, critical: true, smart-value: {schema: key-usage, params: [non_repudiation]}}]
"#;

/// The service of somebody else: it asks for no token, so that any will do.
struct Anything;

impl TokenProvider for Anything {
    fn tokens(&self, _: &Limits) -> thrivosign::Result<Tokens> {
        Ok(Tokens { access_token: Secret::new("anything"), token_type: "bearer".to_owned(), expires_in: 3600, refresh_token: None })
    }
}

/// Ends when it is dropped.
struct Dummy(Child, String);

impl Dummy {
    fn start(python: &Path, bench: &Bench, scal: &str) -> Dummy {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/csc_judges/dummy.py");
        let mut child = Command::new(python)
            .arg(script)
            .args([&bench.name("certomancer.yml"), scal])
            .current_dir(bench.0.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        assert!(port.trim().parse::<u16>().is_ok(), "the dummy does not start");
        Dummy(child, format!("http://127.0.0.1:{}", port.trim()))
    }
}

impl Drop for Dummy {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn our_client_signs_through_certomancers_server() {
    let Some(python) = python() else { return missing("the Python of the judges") };
    let there = Command::new(&python).args(["-c", "import csc_dummy, certomancer"]).output().unwrap().status.success();
    if !there {
        return missing("certomancer-csc-dummy");
    }
    let bench = Bench::new();
    bench.put("certomancer.yml", CONFIGURATION.as_bytes());
    for (name, kind) in [("root", "EC"), ("p256", "EC"), ("rsa", "RSA")] {
        let option = if kind == "EC" { "ec_paramgen_curve:P-256" } else { "rsa_keygen_bits:2048" };
        let (made, said) = openssl(&["genpkey", "-algorithm", kind, "-pkeyopt", option, "-out", &bench.name(&format!("{name}.key"))]);
        assert!(made, "{said}");
    }
    std::fs::write(bench.path("a.pdf"), small(1)).unwrap();
    for scal in ["1", "2"] {
        let dummy = Dummy::start(&python, &bench, scal);
        let mut options = Options::new(dummy.1.clone());
        options.dangerous_allow_plain_http = true;
        let transport = Arc::new(HttpsTransport::new(&options).unwrap());
        let session = Arc::new(Session::new(transport, Environment::new(Secret::new("none"))).unwrap());
        session.provide_with(Arc::new(Anything), &Limits::default()).unwrap();
        let store = CscKeyStore::new(session, Arc::new(Person::default()), About::default(), Limits::default());
        let names: Vec<String> = store.list().unwrap().into_iter().map(|key| key.name).collect();
        assert_eq!(names, ["demo/p256", "demo/root", "demo/rsa"]);
        let root = store.certificates("demo/root").unwrap().remove(0);
        let root = crate::client::trust::pem("CERTIFICATE", root.der());
        for name in ["demo/p256", "demo/rsa"] {
            let output = bench.path("b.pdf");
            let identity = store.identity(name, None).unwrap();
            let key = SigningKey { store: &store, name, identity: &identity };
            let target = Target::File { path: &output, durability: Durability::None };
            let request = SignatureRequest::new(thrivosign::host::clock::now());
            let input = Input::open(&bench.path("a.pdf")).unwrap();
            sign(&input, target, &request, key, SignOptions::default(), &Limits::default(), None).unwrap();
            is_clean(&output, &root);
        }
    }
}
