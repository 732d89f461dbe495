//! The key room, attestations, tests only: statements as App Attest makes them, and one thing wrong at a time.

use super::*;
use crate::crypto::digest::sha256;
use crate::pki::certificate::oid;
use crate::pki::der;
use crate::pki::oid::ObjectIdentifier;
use crate::pki::testing::{Draft, Key, at};
use AttestationFailure as F;

const NONCE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113635.100.8.2");
const APP: &str = "ABCDE12345.com.example.bank";
const CHALLENGE: &[u8] = b"challenge of this request";
/// Seeds of keys: the app's credential, the key in the enclave, somebody else's.
const CREDENTIAL: u8 = 4;
const ENCLAVE: u8 = 5;
const FOREIGN: u8 = 9;

fn head(major: u8, n: usize) -> Vec<u8> {
    match n {
        0..24 => vec![major << 5 | n as u8],
        24..256 => vec![major << 5 | 24, n as u8],
        _ => vec![major << 5 | 25, (n >> 8) as u8, n as u8],
    }
}

fn bytes(value: &[u8]) -> Vec<u8> {
    [head(2, value.len()), value.to_vec()].concat()
}

fn text(value: &str) -> Vec<u8> {
    [head(3, value.len()), value.as_bytes().to_vec()].concat()
}

fn map(members: &[(Vec<u8>, Vec<u8>)]) -> Vec<u8> {
    members.iter().fold(head(5, members.len()), |out, (name, value)| [out, name.clone(), value.clone()].concat())
}

fn cose(point: &[u8]) -> Vec<u8> {
    map(&[
        (vec![1], vec![2]),
        (vec![3], vec![0x26]),
        (vec![0x20], vec![1]),
        (vec![0x21], bytes(&point[1..33])),
        (vec![0x22], bytes(&point[33..65])),
    ])
}

/// Authenticator data in its parts.
struct Data {
    app: Vec<u8>,
    flags: u8,
    counter: u32,
    /// AAGUID, credential id and key; empty for assertions.
    credential: Vec<Vec<u8>>,
    trailing: Vec<u8>,
}

impl Data {
    fn bytes(&self) -> Vec<u8> {
        let mut out = [self.app.clone(), vec![self.flags], self.counter.to_be_bytes().to_vec()].concat();
        if let [aaguid, id, key] = self.credential.as_slice() {
            out.extend([aaguid, &(id.len() as u16).to_be_bytes()[..], id, key].concat());
        }
        [out, self.trailing.clone()].concat()
    }
}

/// A phone, the server's question and its policy; each free to be wrong.
struct Bench {
    data: Data,
    format: &'static str,
    /// What the statement speaks for.
    spoken: (Vec<u8>, Vec<u8>),
    leaf: Draft,
    leaf_signer: u8,
    intermediate: Draft,
    intermediate_signer: u8,
    nonce: fn(&[u8]) -> Option<Vec<u8>>,
    certificates: fn(&mut Vec<Vec<u8>>),
    statement: fn(&mut Vec<u8>),
    attestation: fn(&mut Attestation),
    /// Of assertions: who signs, and what the server knows.
    asserter: u8,
    known: Option<AppAttestKey>,
    policy: AttestationPolicy,
    asked: &'static [u8],
    keys: Vec<u8>,
    now: &'static str,
}

fn wrapped(nonce: &[u8]) -> Vec<u8> {
    der::write(der::SEQUENCE, &[&der::write(0xa1, &[&der::write(der::OCTET_STRING, &[nonce])])])
}

fn bench() -> Bench {
    let [root, intermediate, credential, enclave] = [1, 2, CREDENTIAL, ENCLAVE].map(Key::new);
    let public = credential.public();
    let point = public.key_bytes().to_vec();
    let apple = ApplePolicy {
        roots: vec![Draft::ca("root", &root, "root", None).issue(&root)],
        apps: vec![APP.to_owned()],
        environments: vec![AppleEnvironment::Production],
    };
    let id = sha256(&point).to_vec();
    Bench {
        data: Data {
            app: sha256(APP.as_bytes()).to_vec(),
            flags: 0x40,
            counter: 0,
            credential: vec![b"appattest\0\0\0\0\0\0\0".to_vec(), id, cose(&point)],
            trailing: Vec::new(),
        },
        format: "apple-appattest",
        spoken: (CHALLENGE.to_vec(), enclave.public().spki_der().to_vec()),
        leaf: Draft::leaf("credential", &credential, "intermediate").valid("20260531000000Z", "20260603000000Z"),
        leaf_signer: 2,
        intermediate: Draft::ca("intermediate", &intermediate, "root", Some(0)),
        intermediate_signer: 1,
        nonce: |nonce| Some(wrapped(nonce)),
        certificates: |_| {},
        statement: |_| {},
        attestation: |_| {},
        asserter: CREDENTIAL,
        known: None,
        policy: AttestationPolicy::strict(AndroidPolicy::default(), apple),
        asked: CHALLENGE,
        keys: vec![ENCLAVE],
        now: "2026-06-01T00:00:00Z",
    }
}

/// A later statement of the same phone, about another key.
fn later() -> Bench {
    let mut bench = bench();
    bench.data.credential.clear();
    bench.data.counter = 8;
    bench.known = Some(AppAttestKey { public_key: Key::new(CREDENTIAL).public(), counter: 7 });
    bench
}

impl Bench {
    fn hash(&self) -> [u8; 32] {
        let parts = [&self.spoken.0, &self.spoken.1].map(|part| [&(part.len() as u32).to_be_bytes()[..], part].concat());
        sha256(&[b"thrivosign-app-attest-1".to_vec(), parts.concat()].concat())
    }

    fn first(&self) -> Vec<u8> {
        let data = self.data.bytes();
        let nonce = sha256(&[data.clone(), self.hash().to_vec()].concat());
        let leaf = match (self.nonce)(&nonce) {
            Some(value) => self.leaf.clone().with(NONCE, false, value),
            None => self.leaf.clone(),
        };
        let signers = [self.leaf_signer, self.intermediate_signer].map(Key::new);
        let mut chain = vec![leaf.issue_der(&signers[0]), self.intermediate.issue_der(&signers[1])];
        (self.certificates)(&mut chain);
        let x5c = chain.iter().fold(head(4, chain.len()), |out, der| [out, bytes(der)].concat());
        let body = map(&[(text("x5c"), x5c), (text("receipt"), bytes(b"receipt"))]);
        map(&[(text("fmt"), text(self.format)), (text("attStmt"), body), (text("authData"), bytes(&data))])
    }

    fn assertion(&self) -> Vec<u8> {
        let data = self.data.bytes();
        let signature = Key::new(self.asserter).sign(&sha256(&[data.clone(), self.hash().to_vec()].concat()));
        map(&[(text("signature"), bytes(&signature)), (text("authenticatorData"), bytes(&data))])
    }

    fn verdict(&self) -> Result<AttestedKey, F> {
        let first = !self.data.credential.is_empty();
        let mut statement = if first { self.first() } else { self.assertion() };
        (self.statement)(&mut statement);
        let mut attestation = Attestation::new("apple-appattest", Vec::new(), statement);
        (self.attestation)(&mut attestation);
        let keys: Vec<PublicKey> = self.keys.iter().map(|seed| Key::new(*seed).public()).collect();
        let question = Question { challenge: self.asked, keys: &keys, app: self.known.as_ref(), time: at(self.now) };
        verify(&attestation, &question, &self.policy)
    }

    fn key_of(&mut self, seed: u8) {
        self.data.credential[2] = cose(Key::new(seed).public().key_bytes());
    }
}

/// Changes one byte run of the statement to another of the same length.
fn swap(statement: &mut [u8], from: &[u8], to: &[u8]) {
    let at = statement.windows(from.len()).position(|window| window == from).unwrap();
    statement[at..at + to.len()].copy_from_slice(to);
}

type Mutation = (&'static str, F, fn(&mut Bench));

const FIRST: &[Mutation] = &[
    ("no statement", F::StatementMalformed, |b| b.statement = Vec::clear),
    ("a byte behind the statement", F::StatementMalformed, |b| b.statement = |s| s.push(0)),
    ("a statement cut short", F::StatementMalformed, |b| b.statement = |s| s.truncate(s.len() - 1)),
    ("a member too many", F::StatementMalformed, |b| {
        b.statement = |s| {
            s[0] += 1;
            s.extend([0x61, b'x', 1]);
        }
    }),
    ("a member twice", F::StatementMalformed, |b| {
        b.statement = |s| {
            s[0] += 1;
            s.extend([text("fmt"), text("apple-appattest")].concat());
        }
    }),
    ("a map of indefinite length", F::StatementMalformed, |b| {
        b.statement = |s| {
            s[0] = 0xbf;
            s.push(0xff);
        }
    }),
    ("no receipt", F::StatementMalformed, |b| b.statement = |s| swap(s, b"receipt", b"receipe")),
    ("no chain", F::StatementMalformed, |b| b.statement = |s| swap(s, b"x5c", b"x5d")),
    ("a statement and certificates", F::PartsUnexpected, |b| b.attestation = |a| a.certificates = vec![vec![0x30, 0]]),
    ("a huge statement", F::TooLarge, |b| b.statement = |s| *s = vec![0; 40_000]),
    ("another authenticator's format", F::StatementFormat, |b| b.format = "packed"),
    ("an empty chain", F::ChainEmpty, |b| b.certificates = Vec::clear),
    ("eleven certificates", F::ChainTooLong, |b| b.certificates = |c| c.extend(vec![c[1].clone(); 9])),
    ("a certificate that is none", F::CertificateMalformed, |b| b.certificates = |c| c[1] = vec![0x30, 0]),
    ("no intermediate", F::RootUntrusted, |b| b.certificates = |c| drop(c.pop())),
    ("the wrong order", F::ChainAuthority, |b| b.certificates = |c| c.swap(0, 1)),
    ("a leaf signed by somebody else", F::ChainSignature, |b| b.leaf_signer = FOREIGN),
    ("an intermediate signed by somebody else", F::ChainSignature, |b| b.intermediate_signer = FOREIGN),
    ("another maker's root", F::RootUntrusted, |b| b.policy.apple.roots = roots::apple()),
    ("an intermediate that is no CA", F::ChainAuthority, |b| b.intermediate = b.intermediate.clone().without(oid::BASIC_CONSTRAINTS)),
    ("an intermediate of another name", F::ChainNames, |b| b.leaf = b.leaf.clone().with_issuer("other")),
    ("a leaf of last week", F::ChainExpired, |b| b.now = "2026-06-08T00:00:00Z"),
    ("a leaf of next week", F::ChainNotYetValid, |b| b.now = "2026-05-24T00:00:00Z"),
    ("no nonce", F::NonceMissing, |b| b.nonce = |_| None),
    ("a nonce without its wrapping", F::ExtensionMalformed, |b| b.nonce = |n| Some(der::write(der::OCTET_STRING, &[n]))),
    ("a nonce with something behind", F::ExtensionMalformed, |b| b.nonce = |n| Some([wrapped(n), vec![5, 0]].concat())),
    ("the beginning of the nonce", F::NonceWrong, |b| b.nonce = |n| Some(wrapped(&n[..16]))),
    ("another nonce", F::NonceWrong, |b| b.nonce = |_| Some(wrapped(&[7; 32]))),
    ("another challenge", F::NonceWrong, |b| b.spoken.0 = b"challenge of yesterday".to_vec()),
    ("another key in the enclave", F::NonceWrong, |b| b.spoken.1 = Key::new(FOREIGN).public().spki_der().to_vec()),
    ("a question about another key", F::NonceWrong, |b| b.keys = vec![FOREIGN]),
    ("a question about one key more", F::NonceWrong, |b| b.keys = vec![ENCLAVE, FOREIGN]),
    ("the app's credential itself", F::NonceWrong, |b| b.keys = vec![CREDENTIAL]),
    ("authenticator data changed afterwards", F::NonceWrong, |b| b.statement = |s| swap(s, b"appattest\0", b"appattest\x01")),
    ("another app", F::AppWrong, |b| b.data.app = sha256(b"ABCDE12345.com.example.evil").to_vec()),
    ("the same bundle of another team", F::AppWrong, |b| b.data.app = sha256(b"FGHIJ67890.com.example.bank").to_vec()),
    ("no app that the policy names", F::AppWrong, |b| b.policy.apple.apps.clear()),
    ("a credential used before", F::CounterNotZero, |b| b.data.counter = 1),
    ("an app under development", F::EnvironmentWrong, |b| b.data.credential[0] = b"appattestdevelop".to_vec()),
    ("an environment that does not exist", F::EnvironmentWrong, |b| b.data.credential[0] = vec![0; 16]),
    ("another credential's id", F::CredentialWrong, |b| b.data.credential[1] = vec![7; 32]),
    ("no credential's id", F::CredentialWrong, |b| b.data.credential[1].clear()),
    ("another credential's key", F::CredentialWrong, |b| b.key_of(FOREIGN)),
    ("a certificate for another key", F::CredentialWrong, |b| b.leaf.key = Key::new(FOREIGN).public()),
    ("extensions", F::AuthenticatorDataMalformed, |b| b.data.flags = 0xc0),
    ("a credential without its flag", F::AuthenticatorDataMalformed, |b| b.data.flags = 0),
    ("bytes behind the credential", F::AuthenticatorDataMalformed, |b| b.data.trailing = vec![0]),
    ("a key of another curve", F::AuthenticatorDataMalformed, |b| b.data.credential[2][6] = 2),
    ("a key of another algorithm", F::AuthenticatorDataMalformed, |b| b.data.credential[2][4] = 0x27),
    ("a key that is cut short", F::AuthenticatorDataMalformed, |b| b.data.credential[2].truncate(76)),
];

const LATER: &[Mutation] = &[
    ("a credential that was never attested", F::CredentialUnknown, |b| b.known = None),
    ("another credential", F::AssertionSignature, |b| b.asserter = FOREIGN),
    ("the enclave's key instead of the app's", F::AssertionSignature, |b| b.asserter = ENCLAVE),
    ("another challenge", F::AssertionSignature, |b| b.spoken.0 = b"challenge of yesterday".to_vec()),
    ("another key", F::AssertionSignature, |b| b.keys = vec![FOREIGN]),
    ("data changed afterwards", F::AssertionSignature, |b| b.statement = |s| *s.last_mut().unwrap() ^= 1),
    ("another app", F::AppWrong, |b| b.data.app = vec![7; 32]),
    ("the same counter", F::CounterNotIncreased, |b| b.data.counter = 7),
    ("an older counter", F::CounterNotIncreased, |b| b.data.counter = 1),
    ("data cut short", F::AuthenticatorDataMalformed, |b| b.data.app.truncate(31)),
    ("a member too many", F::StatementMalformed, |b| {
        b.statement = |s| {
            s[0] += 1;
            s.extend([0x61, b'x', 1]);
        }
    }),
];

fn each(all: &[Mutation], bench: fn() -> Bench) {
    let mut wrong = Vec::new();
    for (name, reason, change) in all {
        let mut bench = bench();
        change(&mut bench);
        let verdict = bench.verdict().map(|key| key.level);
        if verdict != Err(*reason) {
            wrong.push((name, verdict));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_good_ones_are_believed() {
    let key = bench().verdict().unwrap();
    assert_eq!((key.level, key.public_key), (ProtectionLevel::SecureEnclaveAppAttested, Key::new(ENCLAVE).public()));
    let app = key.app.unwrap();
    assert_eq!((app.counter, &app.public_key), (0, &Key::new(CREDENTIAL).public()));
    let key = later().verdict().unwrap();
    assert_eq!((key.level, key.app.unwrap().counter), (ProtectionLevel::SecureEnclaveAppAttested, 8));
    let mut develops = bench();
    develops.policy.apple.environments = vec![AppleEnvironment::Development];
    develops.data.credential[0] = b"appattestdevelop".to_vec();
    assert!(develops.verdict().is_ok());
}

#[test]
fn one_thing_wrong_is_one_reason() {
    assert!(FIRST.len() >= 45 && LATER.len() >= 10, "{} {}", FIRST.len(), LATER.len());
    each(FIRST, bench);
    each(LATER, later);
}

#[test]
fn every_shortening_and_every_byte_is_survived() {
    for statement in [bench().first(), later().assertion()] {
        for end in 0..statement.len() {
            assert!(apple::Statement::read(&statement[..end]).is_err());
            let mut changed = statement.clone();
            changed[end] ^= 0xff;
            let _ = apple::Statement::read(&changed);
        }
    }
}
