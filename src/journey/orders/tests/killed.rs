//! The room `journey`, tests only: the device's process is killed between any two system calls of an order, from the opening of the journal to the last record
//! of its filing. No order is lost, none is signed twice without leave, none is filed twice.

use super::*;
use crate::crypto::digest::hex;
use crate::journey::killed::{Kept, at_every_call, folder, lives, mark, marks};
use crate::journey::sign_tests::identity_of;
use crate::journey::{Call, Environment, Transport};
use crate::key::software::SoftwareKey;
use crate::pki::KeyAlgorithm;
use crate::remote::http::{CONTENT_DIGEST, IDEMPOTENCY_KEY, Method, Request, Response};
use crate::remote::login::{self, Tokens};
use crate::remote::submit_agreement::PATH_FILED;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The service: whatever is filed is put down under its idempotency key, as often as it comes.
struct Bank(PathBuf);

impl Transport for Bank {
    fn send(&self, request: Request, _: &Call) -> Result<Response> {
        match (request.method, request.path.as_str()) {
            (Method::Post, login::PATH) => {
                Ok(Tokens { access_token: "a".into(), token_type: "bearer".into(), expires_in: 9999, refresh_token: None }.encode())
            }
            (Method::Post, PATH_FILED) => {
                let sha256 = crate::remote::content_digest::decode(request.headers.get(CONTENT_DIGEST).unwrap()).unwrap();
                mark(&self.0, "filed", &format!("{}\n", request.headers.get(IDEMPOTENCY_KEY).unwrap()));
                let size = request.body.size();
                Ok(crate::remote::submit_agreement::Agreement { document_id: "doc-1".into(), sha256, size, pages: 1, signatures: 1 }
                    .encode())
            }
            other => panic!("{other:?}"),
        }
    }

    fn url(&self, request: &Request) -> Result<String> {
        Ok(format!("https://sign.example{}", request.path))
    }
}

fn device() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    Kept(folder.path()).put("sign", &SoftwareKey::generate(KeyAlgorithm::P256).unwrap());
    folder
}

/// The device's process: one order, signed and filed; where nobody knows what the key did, the person is asked and agrees.
#[test]
fn child() {
    let Some(folder) = folder() else { return };
    let store = Kept(&folder);
    let identity = identity_of(&store.info("sign").unwrap().public_key);
    let orders = Orders::open(&folder, &KEY).unwrap();
    let (input, target, request) = (Input::memory(plain(Style::Table)), folder.join("signed.pdf"), visible());
    let order = SigningOrder::new("loan", &input, &target, &request, SigningKey { store: &store, name: "sign", identity: &identity });
    let signed = match orders.sign(&order, &Limits::default(), None) {
        Err(error) if error.kind() == ErrorKind::OrderUnanswered => {
            mark(&folder, "leave", "x");
            orders.sign(&SigningOrder { unanswered: Unanswered::AskAgain, ..order }, &Limits::default(), None).unwrap()
        }
        other => other.unwrap(),
    };
    let session = Session::new(Arc::new(Bank(folder.clone())), Environment::new("k".into())).unwrap();
    session.login("u", "p".into(), &Limits::default()).unwrap();
    let filed = orders.file(&session, &signed.name, "signed.pdf", &Limits::default(), None).unwrap();
    assert!(matches!(filed.state, OrderState::Filed { .. }));
}

#[test]
fn killed_between_any_two_system_calls_an_order_is_signed_and_filed_once() {
    let name = "journey::orders::tests::killed::child";
    let mut seen = BTreeSet::new();
    let anna = person();
    let killed = at_every_call(name, "orders.lock", device, |folder, what| {
        let there = folder.join(JOURNAL).exists();
        let open = if there { Orders::open(folder, &KEY).unwrap().list() } else { Vec::new() };
        let (before, state) = (marks(folder, "sign.uses").len(), open.first().map(|order| order.state.clone()));
        lives(name, folder, what);
        let [uses, leave] = ["sign.uses", "leave"].map(|name| marks(folder, name).len());
        let unanswered = state == Some(OrderState::Unanswered);
        assert_eq!(leave, usize::from(unanswered), "{what}: the person is asked where nobody knows, and only there");
        assert_eq!(uses, if unanswered { before + 1 } else { 1 }, "{what}: {state:?}");
        let file = std::fs::read(folder.join("signed.pdf")).unwrap();
        anna.clean(&file, 1);
        let filed: BTreeSet<String> = marks(folder, "filed").lines().map(str::to_owned).collect();
        assert_eq!(filed.into_iter().collect::<Vec<_>>(), [hex(&sha256(&file))], "{what}: one agreement, under one key");
        let orders = Orders::open(folder, &KEY).unwrap().list();
        assert!(matches!(&orders[..], [one] if matches!(one.state, OrderState::Filed { .. })), "{what}: {orders:?}");
        seen.insert(state.map(|state| format!("{state:?}").split(' ').next().unwrap().to_owned()));
    });
    if let Some(killed) = killed {
        println!("{killed} kills, at {seen:?}");
        assert!(killed > 25 && seen.len() == 6, "{killed} {seen:?}: no order yet, and each state");
    }
}
