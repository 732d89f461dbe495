//! The room `journey`, tests only: certificate requests that are interrupted, refused, doubled and taken up again, before a bank that outlives the
//! device's processes as its keys do.

use super::super::environment::Environment;
use super::super::killed::{Kept as Keys, at_every_call, folder, lives, mark, marks};
use super::super::transport::{Call as Sending, Transport};
use super::*;
use crate::key::KeyPurpose;
use crate::pki::testing::{Draft, Key};
use crate::pki::{Csr, KeyAlgorithm};
use crate::remote::certificate_challenge as challenge;
use crate::remote::http::{Method, Response};
use crate::remote::list_certificates::{Credential, Credentials};
use crate::remote::login::{self, Tokens};
use crate::remote::problem::{ProblemType, Refusal};
use crate::remote::renew_certificate::RenewCertificate;
use crate::remote::request_certificate::{self, CredentialStatus, RequestCertificate};
use crate::time::Time;
use base64ct::{Base64, Encoding};
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

const KEY: [u8; 32] = [3; 32];
const SIGN: &str = "sign";

/// What happens to one answer of the bank's.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Luck {
    #[default]
    Good,
    /// The request never arrives.
    Lost,
    /// It does, and its answer does not.
    Unheard,
    /// It does, and what answers is something in between.
    Garbled,
    /// An officer has to approve.
    Waits,
}

/// The service. `codes` has a letter for each challenge that was given, `asked` one for each request that arrived, `issued` a line for each certificate.
struct Bank {
    folder: PathBuf,
    luck: Luck,
}

impl Bank {
    fn issued(&self) -> Vec<(String, Vec<u8>)> {
        let lines = marks(&self.folder, "issued");
        let line = |line: &str| line.split_once(' ').map(|(key, der)| (key.to_owned(), Base64::decode_vec(der).unwrap())).unwrap();
        lines.lines().map(line).collect()
    }

    fn challenge(&self) -> Challenge {
        mark(&self.folder, "codes", "c");
        let challenge = format!("challenge-{}", marks(&self.folder, "codes").len());
        Challenge { challenge, expires_in: 300, sent_to: None }
    }

    fn issue(&self, idempotency_key: &str, csr: &[u8], code: Option<&str>) -> std::result::Result<Response, Refusal> {
        mark(&self.folder, "asked", "a");
        let chain = |der: Vec<u8>| vec![der, Draft::ca("Root", &Key::new(1), "Root", None).issue_der(&Key::new(1))];
        let answer = |der: Vec<u8>| {
            let answer = Issuance::Issued { credential_id: "c-1".into(), status: CredentialStatus::New, certificates: chain(der) };
            Ok(answer.encode())
        };
        if let Some((_, der)) = self.issued().into_iter().find(|(key, _)| key == idempotency_key) {
            return answer(der);
        }
        let csr = Csr::from_der(csr).map_err(|_| ProblemType::CsrSignatureWrong)?;
        let given = csr.challenge_password().unwrap_or_default().to_owned();
        if given != format!("challenge-{}", marks(&self.folder, "codes").len()) || marks(&self.folder, "spent").contains(&given) {
            return Err(ProblemType::ChallengeRefused.into());
        }
        if code.is_some_and(|code| !given.ends_with(code)) {
            return Err(ProblemType::UserAuthenticationFailed.into());
        }
        if self.luck == Luck::Waits {
            return Ok(Issuance::Pending { request_id: "r-1".into(), retry_after: 5 }.encode());
        }
        let mut draft = Draft::leaf("Person", &Key::new(9), "Root");
        draft.key = csr.public_key().clone();
        let der = draft.issue_der(&Key::new(1));
        mark(&self.folder, "issued", &format!("{idempotency_key} {}\n", Base64::encode_string(&der)));
        mark(&self.folder, "spent", &given);
        answer(der)
    }

    fn answer(&self, request: &Request) -> std::result::Result<Response, Refusal> {
        match (request.method, request.path.as_str()) {
            (Method::Post, login::PATH) => {
                Ok(Tokens { access_token: "a".into(), token_type: "bearer".into(), expires_in: 9999, refresh_token: None }.encode())
            }
            (Method::Post, challenge::PATH | "/rssp/certificates/c-0/renew/challenge") => Ok(self.challenge().encode()),
            (Method::Post, request_certificate::PATH) => {
                let call = RequestCertificate::decode(request)?;
                self.issue(&call.idempotency_key, &call.csr, Some(call.value.expose()))
            }
            (Method::Post, "/rssp/certificates/c-0/renew") => {
                let call = RenewCertificate::decode(request)?;
                self.issue(&call.idempotency_key, &call.csr, None)
            }
            (Method::Get, "/rssp/certificates/requests/r-1") => {
                mark(&self.folder, "spent", "challenge-1");
                Err(ProblemType::NotFound.into())
            }
            (Method::Get, "/rssp/certificates") => {
                let one = |(_, der): (String, Vec<u8>)| Credential {
                    credential_id: "c-1".into(),
                    status: CredentialStatus::New,
                    device_uuid: None,
                    subject: String::new(),
                    serial_number: "01".into(),
                    not_before: Time::from_unix(0),
                    not_after: clock::now().plus(1000),
                    renew_from: None,
                    certificates: vec![der],
                };
                Ok(Credentials(self.issued().into_iter().map(one).collect()).encode())
            }
            _ => Err(ProblemType::NotFound.into()),
        }
    }
}

impl Transport for Bank {
    fn send(&self, request: Request, _: &Sending) -> Result<Response> {
        let asks = request.headers.get(crate::remote::http::IDEMPOTENCY_KEY).is_some();
        if asks && self.luck == Luck::Lost {
            return Err(ErrorKind::ConnectFailed.into());
        }
        let response = self.answer(&request).unwrap_or_else(|refusal| refusal.encode());
        match self.luck {
            Luck::Unheard if asks => Err(ErrorKind::ConnectionCut.into()),
            Luck::Garbled if asks => Ok(Refusal::from(ProblemType::NotFound).encode()),
            _ => Ok(response),
        }
    }

    fn url(&self, request: &Request) -> Result<String> {
        Ok(format!("https://sign.example{}", request.path))
    }
}

/// A device and its person, in a folder; the app is begun anew for each call.
struct App<'f> {
    folder: &'f Path,
    session: Session,
    requests: Requests,
}

impl<'f> App<'f> {
    fn start(folder: &'f Path, luck: Luck) -> App<'f> {
        let requests = Requests::open(folder, &KEY).unwrap();
        let mut environment = Environment::new("k".into());
        environment.retry = crate::journey::RetryPolicy { tries: 1, ..environment.retry };
        let session = Session::new(Arc::new(Bank { folder: folder.to_owned(), luck }), environment).unwrap();
        session.login("u", "p".into(), &Limits::default()).unwrap();
        App { folder, session, requests }
    }

    fn keys(&self) -> Keys<'f> {
        Keys(self.folder)
    }

    /// The certificate that is to be renewed.
    fn old(&self) -> Identity {
        let leaf = Draft::leaf("Person", &Key::new(4), "Root").issue(&Key::new(1));
        Identity::new("c-0", "d-1", "old", "authentication", vec![leaf]).unwrap()
    }

    fn challenge(&self, renews: bool) -> Result<Challenge> {
        if renews {
            self.requests.renewal_challenge(&self.session, SIGN, &self.old(), &Limits::default())
        } else {
            self.requests.challenge(&self.session, SIGN, "d-1", AuthenticationMethod::Otp, &Limits::default())
        }
    }

    fn key(&self, challenge: &Challenge) -> Result<KeyInfo> {
        let attestation_challenge = Some(challenge.challenge.as_bytes().to_vec());
        let spec = KeySpec { attestation_challenge, ..KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing) };
        self.requests.key(&self.keys(), SIGN, &spec)
    }

    fn order(&self, challenge: &Challenge, signing_key: &KeyInfo, code: &str) -> Result<Requested> {
        let order = CertificateOrder {
            device_uuid: "d-1",
            authentication_key: &self.keys().info("authentication")?,
            signing_key,
            subject: &enrol::Subject { name: "Person".into(), country: None, serial_number: None },
            challenge: &challenge.challenge,
            method: AuthenticationMethod::Otp,
            value: code.into(),
            profile: None,
        };
        self.requests.order(&self.session, &self.keys(), order, &Limits::default())
    }

    fn resume(&self) -> Result<Option<Requested>> {
        self.requests.resume(&self.session, SIGN, &Limits::default())
    }

    /// From wherever an earlier process stopped to an identity that is kept.
    fn certify(&self, renews: bool) -> Result<Identity> {
        let kept = self.folder.join("identity.json");
        if !kept.exists() {
            let done = match self.resume()? {
                Some(done) => done,
                None => {
                    let challenge = self.challenge(renews)?;
                    let key = self.key(&challenge)?;
                    if renews {
                        let (old, limits) = (self.old(), Limits::default());
                        self.requests.renew(&self.session, &self.keys(), &old, &key, &challenge.challenge, &limits)?
                    } else {
                        mark(self.folder, "typed", "t");
                        self.order(&challenge, &key, challenge.challenge.trim_start_matches("challenge-"))?
                    }
                }
            };
            let Requested::Issued(identity) = done else { return Err(ErrorKind::EnrolmentPending.into()) };
            fs::write(self.folder.join("identity.new"), identity.to_json()?).unwrap();
            fs::rename(self.folder.join("identity.new"), &kept).unwrap();
        }
        if !self.requests.list().is_empty() {
            self.requests.close(SIGN)?;
        }
        Identity::from_json(&fs::read(kept).unwrap())
    }

    fn state(&self) -> Vec<RequestState> {
        self.requests.list().into_iter().map(|open| open.state).collect()
    }
}

fn device() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let key = crate::key::software::SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    Keys(folder.path()).put("authentication", &key);
    folder
}

/// How many codes were sent, keys made, signatures given by the new key, and certificates issued.
fn counts(folder: &Path) -> [usize; 4] {
    let marked = |name: &str| marks(folder, name).len();
    [marked("codes"), marked("sign.made"), marked("sign.uses"), marks(folder, "issued").lines().count()]
}

/// The device's process, of which strace makes an end.
#[test]
fn child() {
    let Some(folder) = folder() else { return };
    App::start(&folder, Luck::Good).certify(folder.join("renews").exists()).unwrap();
}

fn killed_anywhere(renews: bool) {
    let fresh = || {
        let folder = device();
        if renews {
            mark(folder.path(), "renews", "");
        }
        folder
    };
    let name = "journey::requests::tests::child";
    let mut seen = std::collections::BTreeSet::new();
    let killed = at_every_call(name, "requests.lock", fresh, |folder, what| {
        let before = counts(folder);
        let journal = folder.join(JOURNAL);
        let open = if journal.exists() { App::start(folder, Luck::Good).state() } else { Vec::new() };
        lives(name, folder, what);
        let [codes, made, uses, issued] = counts(folder);
        assert_eq!(issued, 1, "{what}: certificates");
        let identity = Identity::from_json(&fs::read(folder.join("identity.json")).unwrap()).unwrap();
        let key = Keys(folder).info(SIGN).unwrap().public_key;
        assert_eq!(*identity.certificate().unwrap().public_key(), key, "{what}");
        assert!(App::start(folder, Luck::Good).state().is_empty(), "{what}: nothing stays open");
        // What was done and could not be written down is done once more, and nothing else.
        let lost = |before: usize| before + 1;
        match open.first() {
            Some(RequestState::Made | RequestState::Issued | RequestState::Pending) => {
                assert_eq!([codes, made, uses], before[..3], "{what}: no code, no key, no prompt");
                assert!(renews || marks(folder, "typed").len() == 1, "{what}");
            }
            Some(RequestState::Begun) => assert!(codes == before[0] && uses <= lost(before[2]) && made <= lost(before[1]), "{what}"),
            None if folder.join("identity.json").exists() && before[3] == 1 => assert_eq!([codes, made, uses], before[..3], "{what}"),
            None => assert!(codes <= lost(before[0]) && made == 1 && uses == 1, "{what}"),
        }
        // A key that was in the store stays the key.
        assert!(made <= 2 && (before[1] == 0 || made == before[1] || uses == 1), "{what}: {made} keys");
        seen.insert(open.first().map(|state| format!("{state:?}")));
    });
    if let Some(killed) = killed {
        println!("{killed} kills, at {seen:?}");
        assert!(killed > 20 && seen.len() == 4, "{killed} {seen:?}: none, begun, made and issued");
    }
}

#[test]
fn killed_between_any_two_system_calls_a_request_comes_to_one_certificate() {
    killed_anywhere(false);
}

#[test]
fn killed_between_any_two_system_calls_a_renewal_comes_to_one_certificate() {
    killed_anywhere(true);
}

#[test]
fn what_was_not_heard_is_heard_by_the_next_process() {
    for luck in [Luck::Lost, Luck::Unheard] {
        let device = device();
        let error = App::start(device.path(), luck).certify(false).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::ConnectFailed | ErrorKind::ConnectionCut));
        let app = App::start(device.path(), Luck::Good);
        assert_eq!(app.state(), [RequestState::Made]);
        // It is not begun anew: there is a signature of the key under way.
        assert_eq!(app.challenge(false).unwrap_err().kind(), ErrorKind::WrongOrder);
        app.certify(false).unwrap();
        assert_eq!(counts(device.path()), [1, 1, 1, 1]);
        assert_eq!(marks(device.path(), "asked").len(), 1, "what was issued unheard is fetched, not asked for");
    }
}

#[test]
fn a_certificate_that_was_issued_is_not_given_up_for_a_refusal() {
    let device = device();
    App::start(device.path(), Luck::Garbled).certify(false).unwrap();
    assert_eq!(counts(device.path()), [1, 1, 1, 1]);
}

/// The code that was typed is in the journal for as long as it may have to be sent, and is not there for whoever reads the folder.
#[test]
fn what_was_typed_is_sealed_and_goes() {
    let device = device();
    let app = App::start(device.path(), Luck::Lost);
    let challenge = app.challenge(false).unwrap();
    let key = app.key(&challenge).unwrap();
    let word = "canary-5b1f7c";
    assert!(app.order(&challenge, &key, word).is_err());
    let holds = |app: &App<'_>| {
        let (journal, sealed) = (app.folder.join(JOURNAL), fs::read(app.folder.join(JOURNAL)).unwrap());
        assert!(!sealed.windows(word.len()).any(|part| part == word.as_bytes()));
        (journal, app.requests.state().held.values().any(|held| matches!(&held.stage, Stage::Made { call, .. } if !call.body.is_empty())))
    };
    assert!(holds(&app).1);
    drop(app);
    let app = App::start(device.path(), Luck::Good);
    // The code is wrong: the service says so, and the same challenge is good for the right one.
    assert_eq!(app.resume().err().unwrap().kind(), ErrorKind::UserAuthenticationFailed);
    let (journal, held) = holds(&app);
    assert!(!held && app.state() == [RequestState::Begun]);
    drop(app);
    let (_, written) = Records::open(&journal, &KEY).unwrap();
    assert!(!written.iter().any(|record| String::from_utf8_lossy(record).contains(word)), "no longer in it, opened or not");
    drop(written);
    App::start(device.path(), Luck::Good).certify(false).unwrap();
    assert_eq!(counts(device.path()), [1, 1, 2, 1]);
}

#[test]
fn a_request_that_came_too_late_is_made_anew_by_the_same_key() {
    let device = device();
    App::start(device.path(), Luck::Lost).certify(false).unwrap_err();
    mark(device.path(), "spent", "challenge-1");
    let app = App::start(device.path(), Luck::Good);
    assert_eq!(app.certify(false).unwrap_err().kind(), ErrorKind::ChallengeRefused);
    assert_eq!(app.state(), [RequestState::Begun]);
    let key = app.keys().info(SIGN).unwrap();
    let challenge = app.challenge(false).unwrap();
    assert_eq!(challenge.challenge, "challenge-2", "the first is spent");
    let Requested::Issued(identity) = app.order(&challenge, &key, "2").unwrap() else { panic!("pending") };
    assert_eq!(*identity.certificate().unwrap().public_key(), key.public_key);
    assert_eq!(counts(device.path()), [2, 1, 2, 1]);
    // The same key again is the same certificate, and another of its name is none of it.
    let Requested::Issued(again) = app.order(&challenge, &key, "2").unwrap() else { panic!("pending") };
    assert_eq!((again.credential_id(), counts(device.path())), (identity.credential_id(), [2, 1, 2, 1]));
    app.keys().delete(SIGN).unwrap();
    let other = app.keys().create(SIGN, &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)).unwrap();
    assert_eq!(app.order(&challenge, &other, "2").err().unwrap().kind(), ErrorKind::WrongOrder);
}

#[test]
fn keys_that_were_not_made_here_are_left_alone() {
    let device = device();
    let app = App::start(device.path(), Luck::Good);
    let made = app.keys().create(SIGN, &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)).unwrap();
    let challenge = app.challenge(false).unwrap();
    assert_eq!(app.key(&challenge).unwrap_err().kind(), ErrorKind::KeyExists);
    assert_eq!(app.keys().info(SIGN).unwrap(), made);
    app.keys().delete(SIGN).unwrap();
    let first = app.key(&challenge).unwrap();
    assert_eq!(app.key(&challenge).unwrap(), first, "the same challenge, the same key");
    // It attests its first challenge, and has signed nothing.
    let later = Challenge { challenge: "challenge-9".into(), ..challenge.clone() };
    let second = app.key(&later).unwrap();
    assert_ne!(second.public_key, first.public_key);
    drop(app);
    let app = App::start(device.path(), Luck::Good);
    assert_eq!(app.key(&later).unwrap(), second);
    assert_eq!(app.challenge(false).unwrap().challenge, challenge.challenge, "no second code");
    assert_eq!(app.challenge(true).unwrap().challenge, "challenge-2", "that of something else is none");
    app.requests.close(SIGN).unwrap();
    assert_eq!(app.requests.close(SIGN).unwrap_err().kind(), ErrorKind::RecordNotFound);
    assert_eq!(app.key(&later).unwrap_err().kind(), ErrorKind::KeyExists);
}

#[test]
fn a_request_that_waits_is_asked_for_and_its_refusal_ends_it() {
    let device = device();
    assert_eq!(App::start(device.path(), Luck::Waits).certify(false).unwrap_err().kind(), ErrorKind::EnrolmentPending);
    let app = App::start(device.path(), Luck::Good);
    assert_eq!(app.state(), [RequestState::Pending]);
    assert_eq!(app.resume().err().unwrap().kind(), ErrorKind::RecordNotFound);
    assert_eq!(app.state(), [RequestState::Begun]);
    app.certify(false).unwrap();
    assert_eq!(counts(device.path()), [2, 2, 2, 1], "a key attests one challenge");
}

#[test]
fn a_damaged_journal_and_another_key_are_told() {
    let device = device();
    App::start(device.path(), Luck::Lost).certify(false).unwrap_err();
    assert_eq!(Requests::open(device.path(), &[4; 32]).err().unwrap().kind(), ErrorKind::JournalDamaged);
    let app = App::start(device.path(), Luck::Good);
    assert_eq!(Requests::open(device.path(), &KEY).err().unwrap().kind(), ErrorKind::JournalBusy);
    let held = app.requests.held(SIGN).unwrap();
    let sound = record(SIGN, Some(&held)).unwrap();
    for cut in 0..sound.len() {
        let mut all = BTreeMap::new();
        // The body is what stands behind: a shorter one is another one, which the service refuses.
        if let Err(error) = apply(&mut all, &sound[..cut]) {
            assert_eq!(error.kind(), ErrorKind::JournalDamaged);
        } else {
            assert!(
                matches!(&all[SIGN].stage, Stage::Made { call, .. } if !held.is_of(&app.keys().info("authentication").unwrap()) && call.path == request_certificate::PATH)
            );
        }
    }
}

/// As docs/howto/renew.md shows it.
#[test]
fn what_the_page_shows() {
    let device = device();
    let app = App::start(device.path(), Luck::Unheard);
    let (folder, journal_key, limits) = (device.path(), KEY, Limits::default());
    let certified = |app: App<'_>| -> Result<Identity> {
        let App { session, requests, .. } = app;
        drop(requests);
        let (identity, store) = (App::start(&folder.join("other"), Luck::Good).old(), Keys(folder));
        let mut spec = KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing);
        let mut kept = Vec::new();
        let mut keep = |json: Vec<u8>| kept = json;
        let requests = Requests::open(folder, &journal_key)?;
        let done = match requests.resume(&session, "signing-2027", &limits)? {
            Some(done) => done,
            None => {
                let challenge = requests.renewal_challenge(&session, "signing-2027", &identity, &limits)?;
                spec.attestation_challenge = Some(challenge.challenge.clone().into_bytes());
                let key = requests.key(&store, "signing-2027", &spec)?;
                requests.renew(&session, &store, &identity, &key, &challenge.challenge, &limits)?
            }
        };
        if let Requested::Issued(renewed) = done {
            keep(renewed.to_json()?);
            requests.close("signing-2027")?;
        }
        Identity::from_json(&kept)
    };
    assert_eq!(certified(app).unwrap_err().kind(), ErrorKind::ConnectionCut);
    let identity = certified(App::start(folder, Luck::Good)).unwrap();
    assert_eq!((identity.signing_key(), marks(folder, "signing-2027.uses").as_str()), ("signing-2027", "x"));
    assert!(Requests::open(folder, &journal_key).unwrap().list().is_empty());
}
