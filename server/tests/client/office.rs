//! A back office of the tests: openssl makes its authority and its certificates, and curl speaks for it as no code of ours does.

use super::trust::{Bench, openssl};
use super::{Desk, encode};
use std::process::Command;
use std::sync::Arc;
use thrivosign::journey::{Environment, RetryPolicy, Session, client_certificate};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::remote::client_certificate::ClientCertificate;
use thrivosign::remote::login::Client;
use thrivosign::remote::secret::Secret;
use thrivosign_server::{Binding, ClientAuthorities, ClientName, client};

pub const CLIENT: &str = "loan-desk";
pub const SUBJECT: &str = "/C=DE/O=Example Bank/CN=Loan desk";
pub const P256: &[&str] = &["ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
pub const DAY: i64 = 86_400;

/// What curl made of an exchange.
pub struct Said {
    /// 0 where there was an answer at all.
    pub exit: i32,
    pub status: u16,
    pub head: String,
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Said {
    pub fn text(&self, name: &str) -> String {
        let value: serde_json::Value = serde_json::from_str(&self.body).unwrap_or_default();
        value[name].as_str().unwrap_or_default().to_owned()
    }
}

pub struct Office {
    pub bench: Bench,
    pub desk: Desk,
}

fn done(arguments: &[&str]) {
    let (good, said) = openssl(arguments);
    assert!(good, "openssl {arguments:?}: {said}");
}

/// A root of that name.
pub fn authority(bench: &Bench, name: &str) {
    let (key, certificate) = (bench.name(&format!("{name}.key")), bench.name(&format!("{name}.pem")));
    let subject = format!("/O=Example Bank/CN={name}");
    let fixed = ["req", "-x509", "-nodes", "-days", "400", "-subj", &subject, "-keyout", &key, "-out", &certificate, "-newkey"];
    done(&[&fixed, P256].concat());
}

/// A certificate of that root with a new key of that kind.
pub fn issue(bench: &Bench, name: &str, authority: &str, subject: &str, kind: &[&str], days: &str, extensions: &str) {
    let file = |name: &str, end: &str| bench.name(&format!("{name}.{end}"));
    let (key, request, certificate) = (file(name, "key"), file(name, "csr"), file(name, "pem"));
    done(&[&["req", "-nodes", "-subj", subject, "-keyout", &key, "-out", &request, "-newkey"], kind].concat());
    let extensions = bench.put("extensions.cnf", extensions.as_bytes());
    let (root, root_key) = (file(authority, "pem"), file(authority, "key"));
    let signed = ["x509", "-req", "-in", &request, "-CA", &root, "-CAkey", &root_key, "-CAcreateserial", "-out", &certificate];
    done(&[&signed[..], &["-days", days, "-extfile", &extensions]].concat());
}

pub const FOR_CLIENTS: &str = "extendedKeyUsage=clientAuth\n";

impl Office {
    /// A server that takes the office's certificates, and knows it by the subject.
    pub fn open(binding: Binding) -> Office {
        let bench = Bench::new();
        authority(&bench, "ca");
        issue(&bench, "desk", "ca", SUBJECT, P256, "30", FOR_CLIENTS);
        let name = client::subject_of(&bench.path("desk.pem")).unwrap();
        Office { bench, desk: Desk::open() }.registered(&name, binding)
    }

    /// The same office known by another name.
    pub fn registered(self, name: &ClientName, binding: Binding) -> Office {
        let Office { bench, mut desk } = self;
        desk.running.take().unwrap().shutdown();
        client::register(desk.folder.path(), CLIENT, super::USER, name).unwrap();
        let roots_pem = bench.read("ca.pem");
        let desk = desk.with(|config| {
            config.client_authorities = Some(ClientAuthorities { roots_pem: roots_pem.clone(), binding });
        });
        Office { bench, desk }
    }

    pub fn issue(&self, name: &str, subject: &str) {
        issue(&self.bench, name, "ca", subject, P256, "30", FOR_CLIENTS);
    }

    pub fn certificate(&self, name: &str) -> ClientCertificate {
        let (chain, key) = (self.bench.read(&format!("{name}.pem")), self.bench.read(&format!("{name}.key")));
        client_certificate::of_file(&chain, &key, None).unwrap()
    }

    /// A session of the library's over connections with that certificate.
    pub fn session(&self, certificate: Option<ClientCertificate>) -> Session {
        let running = self.desk.running.as_ref().unwrap();
        let mut options = Options::new(running.base());
        options.roots = Roots::from_pem(running.tls_root_pem().as_bytes()).unwrap();
        options.client_certificate = certificate;
        let mut environment = Environment::new(Secret::new(&self.desk.key));
        environment.client = Some(Client { id: CLIENT.to_owned(), secret: None });
        environment.retry = RetryPolicy { tries: 1, ..RetryPolicy::default() };
        Session::new(Arc::new(HttpsTransport::new(&options).unwrap()), environment).unwrap()
    }

    /// curl over a connection with that certificate.
    pub fn curl(&self, certificate: Option<&str>, path: &str, more: &[&str]) -> Said {
        let running = self.desk.running.as_ref().unwrap();
        let root = self.bench.put("tls-root.pem", running.tls_root_pem().as_bytes());
        let mut command = Command::new("curl");
        command.args(["--silent", "--include", "--max-time", "20", "--cacert", &root, "-H", &format!("X-API-Key: {}", self.desk.key)]);
        if let Some(name) = certificate {
            command.args(["--cert", &self.bench.name(&format!("{name}.pem")), "--key", &self.bench.name(&format!("{name}.key"))]);
        }
        let output = command.args(more).arg(format!("{}{path}", running.base())).output().expect("curl is installed");
        let all = output.stdout;
        let end = all.windows(4).position(|window| window == b"\r\n\r\n").map_or(all.len(), |at| at + 4);
        let (head, bytes) = (String::from_utf8_lossy(&all[..end]).into_owned(), all[end..].to_vec());
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
        Said { exit: output.status.code().unwrap_or(-1), status, head, body: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    pub fn curl_login(&self, certificate: Option<&str>, form: &str) -> Said {
        self.curl(certificate, "/rssp/auth/login", &["--data", form])
    }

    /// The token that curl is given for the certificate alone.
    pub fn token(&self, certificate: &str) -> String {
        let said = self.curl_login(Some(certificate), &client_form(CLIENT));
        assert_eq!((said.status, said.text("token_type").as_str()), (200, "bearer"), "{}", said.body);
        assert_eq!(said.text("refresh_token"), "", "RFC 6749 4.4.3");
        said.text("access_token")
    }

    pub fn list(&self, certificate: Option<&str>, token: &str) -> Said {
        self.curl(certificate, "/rssp/certificates", &["-H", &format!("Authorization: Bearer {token}")])
    }
}

pub fn client_form(id: &str) -> String {
    format!("grant_type=client_credentials&client_id={}", encode(id))
}

pub fn password_form() -> String {
    format!("grant_type=password&username={}&password={}&scope=password", encode(super::USER), encode(super::PASSWORD))
}
