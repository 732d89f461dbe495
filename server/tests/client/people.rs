//! Several customers of one server, each with a session of the library's client, a phone and a certificate.

use super::enrolled::KEY;
use super::phone::Phone;
use super::{Answer, Desk, PASSWORD};
use p256::pkcs8::EncodePrivateKey;
use std::sync::Arc;
use std::time::Duration;
use thrivosign::Result;
use thrivosign::appearance::Appearance;
use thrivosign::host::clock;
use thrivosign::journey::packages::{self, Package, PackageDocument, Place, placed};
use thrivosign::journey::sign::{SignOptions, SigningKey};
use thrivosign::journey::submit::{Submission, Submitted};
use thrivosign::journey::{Environment, Input, Limits, RetryPolicy, Session, Target};
use thrivosign::key::KeyPurpose;
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::pki::{Certificate, DigestAlgorithm, SignatureAlgorithm};
use thrivosign::remote::http::Request;
use thrivosign::remote::secret::Secret;
use thrivosign::sign::{SignatureRequest, SigningIdentity};

pub struct Person {
    pub name: String,
    pub token: String,
    pub session: Session,
    pub phone: Phone,
    pub credential: String,
    identity: SigningIdentity,
    store: SoftwareKeyStore,
}

/// A server with these users, and the users. Each has the seed user's password and number.
pub fn people(names: &[&str]) -> (Desk, Vec<Person>) {
    let mut desk = Desk::open();
    for name in names {
        desk = desk.with(|config| {
            if let Some(seed) = &mut config.seed {
                seed.username = (*name).to_owned();
            }
        });
    }
    let people = names.iter().map(|name| Person::new(&desk, name)).collect();
    (desk, people)
}

impl Person {
    fn new(desk: &Desk, name: &str) -> Person {
        let (token, _) = desk.login_as(name, PASSWORD);
        let phone = Phone::new(&format!("phone-of-{name}"));
        assert_eq!(phone.register(desk, &token).status, 201);
        let (credential, chain) = phone.enrol(desk, &token);
        assert_eq!(phone.activate(desk, &token, &credential).status, 200);
        let chain: Vec<Certificate> = chain.iter().map(|der| Certificate::from_der(der).unwrap()).collect();
        let identity = SigningIdentity::new(chain, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)).unwrap();
        let key = SoftwareKey::from_pkcs8_der(phone.signing.to_pkcs8_der().unwrap().as_bytes()).unwrap();
        let store = SoftwareKeyStore::with_key(KEY, KeyPurpose::Signing, key).unwrap();
        let mut options = Options::new(format!("https://localhost:{}", desk.address().port()));
        options.roots = Roots::from_pem(desk.running.as_ref().unwrap().tls_root_pem().as_bytes()).unwrap();
        let mut environment = Environment::new(Secret::new(desk.key.as_str()));
        environment.retry = RetryPolicy { tries: 2, base: Duration::from_millis(10), cap: Duration::from_millis(20) };
        let session = Session::new(Arc::new(HttpsTransport::new(&options).unwrap()), environment).unwrap();
        session.login(name, Secret::new(PASSWORD), &Limits::default()).unwrap();
        Person { name: name.to_owned(), token, session, phone, credential, identity, store }
    }

    /// Sends what the codecs made, as this person.
    pub fn send(&self, desk: &Desk, request: &Request) -> Answer {
        desk.send(&self.token, request)
    }

    /// The document as the service has it.
    pub fn fetched(&self, document: &PackageDocument) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        let mut write = |part: &[u8]| {
            bytes.extend_from_slice(part);
            Ok(())
        };
        packages::fetch(&self.session, document, &mut write, &Limits::default(), None)?;
        Ok(bytes)
    }

    /// Signs a document of the package, at that place.
    pub fn signs(&self, document: &PackageDocument, place: &Place) -> Result<(Submitted, Vec<u8>)> {
        self.signs_showing(document, place, Appearance::default())
    }

    /// The same, in that look.
    pub fn signs_showing(&self, document: &PackageDocument, place: &Place, appearance: Appearance) -> Result<(Submitted, Vec<u8>)> {
        let input = Input::memory(self.fetched(document)?);
        let request = placed(SignatureRequest { appearance, ..SignatureRequest::new(clock::now()) }, place);
        let key = SigningKey { store: &self.store, name: KEY, identity: &self.identity };
        let submission = Submission {
            credential_id: &self.credential,
            file_name: "ignored.pdf",
            request: &request,
            key,
            options: SignOptions::default(),
        };
        let mut out = Vec::new();
        let target = Target::Memory(&mut out);
        let submitted = packages::sign(&self.session, &document.document_id, &input, target, &submission, &Limits::default(), None)?;
        Ok((submitted, out))
    }

    /// Signs what waits for this person in the package, wherever it was asked.
    pub fn signs_next(&self, package: &Package) -> Result<Vec<u8>> {
        let package = packages::status(&self.session, &package.package_id, &Limits::default())?;
        let next = package.recipients.iter().find(|one| one.you && one.turn).expect("it is this person's turn");
        let document = package.documents.iter().find(|document| document.document_id == next.document_id).unwrap();
        Ok(self.signs(document, &next.place)?.1)
    }
}
