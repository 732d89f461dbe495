//! A customer of the tests with a certificate of a server, and the key for it at hand.

use super::phone::Phone;
use super::{Desk, trust};
use p256::pkcs8::EncodePrivateKey;
use std::time::Duration;
use thrivosign::crypto::KeyAlgorithm;
use thrivosign::enroll::Identity;
use thrivosign::journey::enrol::{self, CertificateOrder, Device, Requested, Subject};
use thrivosign::journey::sign::SigningKey;
use thrivosign::journey::stamp::TimeStampAuthority;
use thrivosign::journey::{Limits, Session};
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::key::{DeviceKeyStore, KeyPurpose, KeySpec};
use thrivosign::pki::{Certificate, DigestAlgorithm, SignatureAlgorithm, TrustAnchors};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::secret::Secret;
use thrivosign::sign::SigningIdentity;

pub const KEY: &str = "anna";

pub struct Enrolled {
    pub desk: Desk,
    pub token: String,
    pub credential: String,
    /// The server's root.
    pub trust: TrustAnchors,
    pub identity: SigningIdentity,
    pub store: SoftwareKeyStore,
}

impl Enrolled {
    pub fn new() -> Enrolled {
        Enrolled::with_key().0
    }

    /// The same, with the key itself.
    pub fn with_key() -> (Enrolled, p256::ecdsa::SigningKey) {
        let desk = Desk::open();
        let (token, _) = desk.login();
        let phone = Phone::new("phone-1");
        assert_eq!(phone.register(&desk, &token).status, 201);
        let (credential, chain) = phone.enrol(&desk, &token);
        assert_eq!(phone.activate(&desk, &token, &credential).status, 200);
        let chain: Vec<Certificate> = chain.iter().map(|der| Certificate::from_der(der).unwrap()).collect();
        let trust = chain.last().cloned().into_iter().collect();
        let identity = SigningIdentity::new(chain, SignatureAlgorithm::Ecdsa(DigestAlgorithm::Sha256)).unwrap();
        let key = SoftwareKey::from_pkcs8_der(phone.signing.to_pkcs8_der().unwrap().as_bytes()).unwrap();
        let store = SoftwareKeyStore::with_key(KEY, KeyPurpose::Signing, key).unwrap();
        (Enrolled { desk, token, credential, trust, identity, store }, phone.signing)
    }

    pub fn key(&self) -> SigningKey<'_> {
        SigningKey { store: &self.store, name: KEY, identity: &self.identity }
    }

    /// The server's time-stamping authority.
    pub fn tsa(&self) -> TimeStampAuthority {
        TimeStampAuthority::new(format!("{}/tsa", trust::base(&self.desk)))
    }

    /// One that takes its time and says nothing.
    pub fn slow_tsa(patience: Duration) -> TimeStampAuthority {
        TimeStampAuthority { patience, tries: 1, ..TimeStampAuthority::new(answers("200 OK", Vec::new(), Duration::from_secs(5))) }
    }
}

/// A device's way to an activated credential for its key `signing`, over that session.
pub fn enrol(desk: &Desk, session: &Session, store: &dyn DeviceKeyStore) -> Identity {
    let limits = Limits::default();
    let code = || Secret::new(desk.code());
    let authentication = store.create("authentication", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Authentication)).unwrap();
    let signing = store.create("signing", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)).unwrap();
    let device = Device { uuid: "device-1".to_owned(), name: "Anna's phone".to_owned(), platform: "test".to_owned() };
    enrol::send_device_code(session, &limits).unwrap();
    enrol::register_device(session, store, &authentication, &device, code(), &limits).unwrap();
    let challenge = enrol::ask_challenge(session, &device.uuid, AuthenticationMethod::Otp, &limits).unwrap();
    let order = CertificateOrder {
        device_uuid: &device.uuid,
        authentication_key: &authentication,
        signing_key: &signing,
        subject: &Subject { name: "Anna Schmidt".to_owned(), country: Some("DE".to_owned()), serial_number: None },
        challenge: &challenge.challenge,
        method: AuthenticationMethod::Otp,
        value: code(),
        profile: None,
    };
    let Requested::Issued(identity) = enrol::order_certificate(session, store, order, &limits).unwrap() else {
        panic!("the certificate is pending")
    };
    let challenge = enrol::begin_activation(session, &identity, &limits).unwrap();
    enrol::finish_activation(session, store, &identity, &challenge, code(), &limits).unwrap()
}

/// A service that answers everything with that.
pub fn answers(status: &'static str, body: Vec<u8>, after: Duration) -> String {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let (mut stream, body) = (stream.unwrap(), body.clone());
            std::thread::spawn(move || {
                let mut asked = [0; 4_096];
                let _ = stream.read(&mut asked);
                std::thread::sleep(after);
                let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
                let _ = stream.write_all(&[head.as_bytes(), &body].concat());
            });
        }
    });
    url
}
