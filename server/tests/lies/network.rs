//! Bad networks: the server down, slow, cutting, answering garbage, at each exchange of both journeys; and cancelled in each wait. Every
//! failure has its name, the key is asked only where everything before it went well, and no output appears.

use crate::bank::{Bank, Wire};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use thrivosign::cancel::CancelToken;
use thrivosign::journey::Input;
use thrivosign::journey::device::sign_and_file;
use thrivosign::journey::submit::{Attempt, Submission, submit_again};
use thrivosign::journey::{Call, Limits, Transport};
use thrivosign::net::{HttpsTransport, Options};
use thrivosign::remote::http::{Request, Response};
use thrivosign::{ErrorKind, Result};

/// Exchanges of a submission in their order: upload, start, complete, fetch.
const EXCHANGES: usize = 4;

/// What a broken server does with a connection.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Broken {
    /// Nobody listens.
    Down,
    /// Takes the request and says nothing.
    Silent,
    /// Ends the connection at once.
    CutBefore,
    /// Ends it in the middle of the answer's headers.
    CutInHeaders,
    /// Ends it in the middle of the answer's body.
    CutInBody,
    /// Answers something that is no HTTP.
    NoHttp,
    /// Answers 200 with a body that is nothing.
    Garbage,
    /// Answers 201 with JSON of another shape.
    OtherJson,
    /// Answers more than may be.
    Endless,
    /// Is overloaded.
    Unavailable,
}

/// A server of that kind, in plain http on the loopback, and a transport to it.
fn broken(how: Broken) -> HttpsTransport {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    if how != Broken::Down {
        thread::spawn(move || {
            for stream in listener.incoming().map_while(std::io::Result::ok) {
                thread::spawn(move || serve(stream, how));
            }
        });
    }
    let mut options = Options::new(format!("http://{address}"));
    options.dangerous_allow_plain_http = true;
    HttpsTransport::new(&options).unwrap()
}

fn serve(mut stream: TcpStream, how: Broken) {
    let mut piece = [0_u8; 16 << 10];
    let _ = stream.set_read_timeout(Some(Duration::from_millis(50)));
    if how != Broken::CutBefore {
        while matches!(stream.read(&mut piece), Ok(n) if n > 0) {}
    }
    let json = |status: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}", body.len())
    };
    let answer = match how {
        Broken::Down | Broken::CutBefore => return,
        Broken::Silent => {
            thread::sleep(Duration::from_secs(20));
            return;
        }
        Broken::CutInHeaders => "HTTP/1.1 201 Created\r\nContent-Ty".to_owned(),
        Broken::CutInBody => {
            "HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{\"documentID\":".to_owned()
        }
        Broken::NoHttp => "\u{0}\u{1}SSH-2.0-other\r\n\r\n".to_owned(),
        Broken::Garbage => json("200 OK", "<html>It works!</html>"),
        Broken::OtherJson => json("201 Created", "{\"documentID\":[1,2],\"size\":-1,\"state\":null}"),
        Broken::Endless => "HTTP/1.1 201 Created\r\nContent-Length: 99999999999\r\n\r\n{".to_owned(),
        Broken::Unavailable => json("503 Service Unavailable", "{}"),
    };
    let _ = stream.write_all(answer.as_bytes());
    let _ = stream.flush();
}

/// The exchange of that number goes to the broken server, the others to the real one.
fn at_exchange(number: usize, how: Broken) -> Wire {
    let (broken, seen) = (broken(how), AtomicUsize::new(0));
    Box::new(move |real: &dyn Transport, request: Request, call: &Call| -> Result<Response> {
        if seen.fetch_add(1, Ordering::SeqCst) == number { broken.send(request, call) } else { real.send(request, call) }
    })
}

/// Short where nothing ever comes, long where a loaded machine may take its time.
fn patience(how: Broken) -> Limits {
    let per_call = Duration::from_secs(if how == Broken::Silent { 2 } else { 30 });
    Limits { per_call, ..Limits::default() }
}

fn expected(how: Broken) -> &'static [ErrorKind] {
    match how {
        Broken::Down => &[ErrorKind::ConnectFailed],
        Broken::Silent => &[ErrorKind::TimedOut],
        Broken::CutBefore | Broken::CutInHeaders | Broken::CutInBody => &[ErrorKind::ConnectionCut],
        Broken::NoHttp | Broken::Garbage | Broken::OtherJson => &[ErrorKind::BadAnswer],
        Broken::Endless => &[ErrorKind::AnswerTooLarge],
        Broken::Unavailable => &[ErrorKind::ServiceUnavailable],
    }
}

const ALL: [Broken; 10] = [
    Broken::Down,
    Broken::Silent,
    Broken::CutBefore,
    Broken::CutInHeaders,
    Broken::CutInBody,
    Broken::NoHttp,
    Broken::Garbage,
    Broken::OtherJson,
    Broken::Endless,
    Broken::Unavailable,
];

#[test]
fn each_exchange_of_a_submission_may_fail_and_is_named() {
    let bank = Bank::open();
    for number in 0..EXCHANGES {
        for how in ALL {
            let limits = patience(how);
            let outcome = bank.submit_over(Some(at_exchange(number, how)), &limits);
            let Err(error) = outcome.result else { panic!("exchange {number}, {how:?}: passed") };
            // The fetched document is no JSON: what is no PDF has one name.
            assert!(expected(how).contains(&error.kind()), "exchange {number}, {how:?}: {error}");
            // The last two exchanges come after the signature.
            assert_eq!(outcome.key_uses, usize::from(number >= 2), "exchange {number}, {how:?}");
            assert_eq!(bank.names(), ["agreement.pdf"], "exchange {number}, {how:?}");
        }
    }
    bank.submit_over(None, &Limits::default()).result.unwrap();
}

#[test]
fn each_wait_can_be_cancelled_and_ends_at_the_deadline() {
    let bank = Bank::open();
    for number in 0..EXCHANGES {
        for deadline in [false, true] {
            let cancel = CancelToken::new();
            let mut limits = Limits { cancel: cancel.clone(), ..Limits::default() };
            let begun = Instant::now();
            if deadline {
                limits.until = Some(begun + Duration::from_millis(600));
            }
            let canceller = thread::spawn(move || {
                thread::sleep(Duration::from_millis(600));
                if !deadline {
                    cancel.cancel();
                }
            });
            let outcome = bank.submit_over(Some(at_exchange(number, Broken::Silent)), &limits);
            let kind = outcome.result.err().map(|error| error.kind());
            assert_eq!(kind, Some(if deadline { ErrorKind::TimedOut } else { ErrorKind::Cancelled }), "exchange {number}");
            assert!(begun.elapsed() < Duration::from_secs(5), "exchange {number}: {:?}", begun.elapsed());
            assert_eq!(bank.names(), ["agreement.pdf"]);
            canceller.join().unwrap();
        }
    }
    let cancel = CancelToken::new();
    cancel.cancel();
    let outcome = bank.submit_over(None, &Limits { cancel, ..Limits::default() });
    assert_eq!((outcome.result.err().map(|e| e.kind()), outcome.key_uses), (Some(ErrorKind::Cancelled), 0));
}

#[test]
fn a_lost_answer_is_asked_for_again_and_the_key_is_not() {
    let bank = Bank::patient();
    for number in 0..EXCHANGES {
        let seen = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&seen);
        // The server does its work; the answer is lost.
        let losing: Wire = Box::new(move |real: &dyn Transport, request: Request, call: &Call| {
            let answer = real.send(request, call)?;
            if counter.fetch_add(1, Ordering::SeqCst) == number { Err(ErrorKind::ConnectionCut.into()) } else { Ok(answer) }
        });
        let outcome = bank.submit_over(Some(losing), &Limits::default());
        outcome.result.unwrap_or_else(|error| panic!("exchange {number}: {error}"));
        assert_eq!((outcome.key_uses, seen.load(Ordering::SeqCst)), (1, EXCHANGES + 1));
    }
}

/// An attempt that is given again asks the key for nothing, whatever the service prepares then.
#[test]
fn an_attempt_is_one_signature() {
    let bank = Bank::open();
    let (input, request) = (Input::open(&bank.input).unwrap(), bank.request());
    let submission = Submission {
        credential_id: bank.identity.credential_id(),
        file_name: "agreement.pdf",
        request: &request,
        key: bank.key(),
        options: bank.options(),
    };
    let mut attempt = Attempt::new(&bank.session).unwrap();
    let before = bank.uses();
    let mut again = |wire: Option<Wire>| {
        bank.on_the_wire(wire);
        submit_again(&bank.session, &input, bank.target(), &submission, &mut attempt, &Limits::default(), None)
    };
    // The value does not get through.
    assert_eq!(again(Some(at_exchange(2, Broken::CutBefore))).err().map(|e| e.kind()), Some(ErrorKind::ConnectionCut));
    assert_eq!(bank.uses(), before + 1);
    // Another revision, of another second: a second signature is what a lying service would be after.
    thread::sleep(Duration::from_millis(1_100));
    let other: Wire = Box::new(|real: &dyn Transport, mut request: Request, call: &Call| {
        if request.path.ends_with("/signatures") {
            request.headers.set("Idempotency-Key", "another");
        }
        real.send(request, call)
    });
    assert_eq!(again(Some(other)).err().map(|e| e.kind()), Some(ErrorKind::SigningConflict));
    assert_eq!((bank.uses(), bank.names()), (before + 1, vec!["agreement.pdf".to_owned()]));
    let done = again(None).unwrap();
    assert_eq!((bank.uses(), std::fs::metadata(&bank.output).unwrap().len()), (before + 1, done.size));
}

#[test]
fn filing_may_fail_and_the_signed_document_stays() {
    let bank = Bank::open();
    let input = Input::open(&bank.input).unwrap();
    for how in ALL {
        bank.on_the_wire(Some(at_exchange(0, how)));
        let _ = std::fs::remove_file(&bank.output);
        let limits = patience(how);
        let request = bank.request();
        let done =
            sign_and_file(&bank.session, &input, bank.target(), "a.pdf", &request, bank.key(), bank.options(), &limits, None).unwrap();
        let error = done.filed.err().unwrap();
        assert!(expected(how).contains(&error.kind()), "{how:?}: {error}");
        assert_eq!(std::fs::metadata(&bank.output).unwrap().len(), done.signed.total_len());
    }
}
