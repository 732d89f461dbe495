//! The library's own client against this server: HTTPS, sessions, refresh, big bodies, and every refusal with its own error.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, threads and time")]

mod client;

use client::pdf::small;
use client::{Desk, PASSWORD, USER};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use std::time::Duration;
use thrivosign::journey::{Environment, Limits, RetryPolicy, Session};
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::remote::fetch_agreement::{FetchAgreement, FetchedAgreement};
use thrivosign::remote::list_certificates::{self, Credentials};
use thrivosign::remote::schema::Access;
use thrivosign::remote::secret::Secret;
use thrivosign::remote::submit_agreement::{Agreement, SubmitAgreement, Upload};
use thrivosign::{Error, ErrorKind};

const MOST: u64 = 64 << 20;

fn options(desk: &Desk, host: &str) -> Options {
    let mut options = Options::new(format!("https://{host}:{}", desk.address().port()));
    options.roots = Roots::from_pem(desk.running.as_ref().unwrap().tls_root_pem().as_bytes()).unwrap();
    options
}

fn session_over(options: &Options, key: &str) -> Session {
    let mut environment = Environment::new(Secret::new(key));
    environment.retry = RetryPolicy { tries: 2, base: Duration::from_millis(10), cap: Duration::from_millis(20) };
    Session::new(Arc::new(HttpsTransport::new(options).unwrap()), environment).unwrap()
}

fn session(desk: &Desk) -> Session {
    session_over(&options(desk, "localhost"), &desk.key)
}

fn login(session: &Session, password: &str) -> Result<(), Error> {
    session.login(USER, Secret::new(password), &Limits::default())
}

fn list(session: &Session) -> Result<usize, Error> {
    let response = session.send(Access::Token, list_certificates::request(), MOST, &Limits::default())?;
    Credentials::decode(&response).map(|found| found.0.len())
}

#[test]
fn a_session_logs_in_refreshes_once_and_logs_out() {
    let desk = Desk::open();
    let session = Arc::new(session(&desk));
    assert_eq!(list(&session).unwrap_err().kind(), ErrorKind::LoginRequired);
    login(&session, PASSWORD).unwrap();
    assert_eq!(list(&session).unwrap(), 0);
    // The server's clock runs ahead, so that the client learns of the expiry by a 401.
    desk.pass(86_400);
    let callers: Vec<_> = (0..8).map(|_| Arc::clone(&session)).map(|s| std::thread::spawn(move || list(&s).unwrap())).collect();
    callers.into_iter().for_each(|caller| assert_eq!(caller.join().unwrap(), 0));
    let store = rusqlite::Connection::open(desk.folder.path().join("store.db")).unwrap();
    let pairs: u32 = store.query_row("SELECT count(*) FROM refresh_tokens", [], |row| row.get(0)).unwrap();
    assert_eq!(pairs, 2, "one login and one refresh for eight callers");
    let kept = session.refresh_token().unwrap();
    session.logout(&Limits::default()).unwrap();
    let again = self::session(&desk);
    assert_eq!(again.resume(kept, &Limits::default()).unwrap_err().kind(), ErrorKind::LoginRequired, "logged out for good");
}

#[test]
fn each_refusal_has_its_own_error() {
    // 127.0.0.2 is to lead to it too, where no demo listens.
    let desk = Desk::open_with(|config| (config.demo, config.listen) = (false, ([0, 0, 0, 0], 0).into()));
    let refused = |session: &Session, password: &str| login(session, password).unwrap_err().kind();
    assert_eq!(refused(&session(&desk), "wrong"), ErrorKind::LoginRefused);
    assert_eq!(refused(&session_over(&options(&desk, "localhost"), "tsk_0_x"), PASSWORD), ErrorKind::ApiKeyRefused);
    assert_eq!(refused(&session_over(&options(&desk, "127.0.0.2"), &desk.key), PASSWORD), ErrorKind::TlsWrongHost);
    let other = Desk::open();
    let mut strange = options(&desk, "localhost");
    strange.roots = options(&other, "localhost").roots;
    assert_eq!(refused(&session_over(&strange, &desk.key), PASSWORD), ErrorKind::TlsUnknownCa);
    // The signers' root vouches for no server.
    strange.roots = Roots::from_pem(desk.running.as_ref().unwrap().root_pem().as_bytes()).unwrap();
    assert_eq!(refused(&session_over(&strange, &desk.key), PASSWORD), ErrorKind::TlsUnknownCa);
    let plain = Options::new(format!("http://localhost:{}", desk.address().port()));
    assert_eq!(HttpsTransport::new(&plain).err().unwrap().kind(), ErrorKind::PlainHttpRefused);
    for host in ["localhost", "127.0.0.1"] {
        login(&session_over(&options(&desk, host), &desk.key), PASSWORD).unwrap();
    }
    let mut desk = desk;
    let session = session(&desk);
    desk.running.take().unwrap().shutdown();
    assert_eq!(refused(&session, PASSWORD), ErrorKind::ConnectFailed);
}

#[test]
fn big_agreements_go_up_and_come_down_by_ranges() {
    let desk = Desk::open();
    let session = session(&desk);
    login(&session, PASSWORD).unwrap();
    let mut pdf = small(1);
    // White space after the end of a PDF is allowed and makes it big.
    let end = pdf.windows(9).rposition(|w| w == b"startxref").unwrap();
    let tail = pdf.split_off(end);
    pdf.extend(std::iter::repeat_n(b'\n', 20 << 20));
    pdf.extend_from_slice(&tail);
    let sha256: [u8; 32] = Sha256::digest(&pdf).into();
    let head =
        SubmitAgreement { upload: Upload::Submit, file_name: "Vertrag \u{fc}ber.pdf".to_owned(), idempotency_key: "k".to_owned(), sha256 };
    let request = head.encode(Arc::new(pdf.clone()));
    let answer = session.send(Access::Token, request, MOST, &Limits::default()).unwrap();
    let stored = Agreement::decode(&answer).unwrap();
    assert_eq!((stored.size, stored.sha256), (pdf.len() as u64, sha256));
    let (mut whole, mut tag) = (Vec::new(), None);
    while (whole.len() as u64) < stored.size {
        let first = whole.len() as u64;
        let call = FetchAgreement {
            document_id: stored.document_id.clone(),
            range: Some((first, Some(first + (4 << 20) - 1))),
            if_range: tag.clone(),
        };
        let answer = session.send(Access::Token, call.encode().unwrap(), MOST, &Limits::default()).unwrap();
        let part = FetchedAgreement::decode(answer).unwrap();
        assert_eq!((part.offset, part.total), (first, stored.size));
        assert_eq!(part.sha256, Some(Sha256::digest(&part.bytes[..]).into()));
        whole.extend_from_slice(&part.bytes);
        tag = Some(part.etag);
    }
    assert!(whole == pdf);
}
