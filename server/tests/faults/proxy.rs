//! Between client and server: carries bytes, counts them over both directions and all connections, and does one thing wrong at one of them.

#![allow(dead_code, reason = "each test of it uses a part")]

use crate::client::Desk;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    None,
    Cut,
    /// For a moment.
    Pause,
    /// For ever: what comes after is swallowed.
    Stall,
    Duplicate,
    Corrupt,
}

/// One run of the job: how many bytes have passed, what is to go wrong and where, and where it did.
#[derive(Default)]
pub(crate) struct Run {
    passed: AtomicU64,
    plan: Mutex<Option<(u64, Fault)>>,
    /// Method and path of the exchange that it happened to, where that can be seen.
    exchange: Mutex<Option<String>>,
    /// Every message, where they can be seen and somebody wants them.
    kept: Mutex<Option<Vec<Vec<u8>>>>,
}

impl Run {
    pub(crate) fn bytes(&self) -> u64 {
        self.passed.load(Ordering::SeqCst)
    }

    /// Whether it went wrong.
    pub(crate) fn met(&self) -> bool {
        self.plan.lock().unwrap().is_none()
    }

    pub(crate) fn exchange(&self) -> Option<String> {
        self.exchange.lock().unwrap().clone()
    }

    /// From here on messages are kept.
    pub(crate) fn keep(&self) {
        *self.kept.lock().unwrap() = Some(Vec::new());
    }

    pub(crate) fn kept(&self) -> Vec<Vec<u8>> {
        self.kept.lock().unwrap().clone().unwrap_or_default()
    }

    fn see(&self, message: &[u8]) {
        if let Some(kept) = &mut *self.kept.lock().unwrap() {
            kept.push(message.to_vec());
        }
    }

    /// So many bytes pass: what goes wrong among them, and at which.
    fn pass(&self, count: usize) -> (Fault, usize) {
        let start = self.passed.fetch_add(count as u64, Ordering::SeqCst);
        let mut plan = self.plan.lock().unwrap();
        match *plan {
            Some((at, fault)) if (start..start + count as u64).contains(&at) => {
                *plan = None;
                (fault, usize::try_from(at - start).unwrap())
            }
            _ => (Fault::None, 0),
        }
    }
}

/// How it carries.
#[derive(Clone)]
enum Carries {
    /// TLS from end to end.
    Records,
    /// Plain HTTP on the client's side, TLS on the server's.
    Messages(Arc<ClientConfig>),
}

/// A proxy until the process ends.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    run: Arc<Mutex<Arc<Run>>>,
}

impl Proxy {
    pub(crate) fn of_records(desk: &Desk) -> Proxy {
        Proxy::new(desk.address(), Carries::Records)
    }

    pub(crate) fn of_messages(desk: &Desk) -> Proxy {
        let mut roots = RootCertStore::empty();
        let pem = desk.running.as_ref().unwrap().tls_root_pem();
        roots.add(CertificateDer::from_pem_slice(pem.as_bytes()).unwrap()).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
        Proxy::new(desk.address(), Carries::Messages(Arc::new(config.with_root_certificates(roots).with_no_client_auth())))
    }

    fn new(server: SocketAddr, carries: Carries) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let run: Arc<Mutex<Arc<Run>>> = Arc::default();
        let current = Arc::clone(&run);
        thread::spawn(move || {
            for client in listener.incoming().map_while(std::io::Result::ok) {
                // A connection that is left over from the run before counts there.
                let (run, carries) = (Arc::clone(&current.lock().unwrap()), carries.clone());
                thread::spawn(move || match carries {
                    Carries::Records => tunnel(&client, server, &run),
                    Carries::Messages(tls) => relay(client, &Server { address: server, tls }, &run),
                });
            }
        });
        Proxy { port, run }
    }

    /// Begins a run with one fault.
    pub(crate) fn begin(&self, fault: Fault, at: u64) -> Arc<Run> {
        let run = Arc::new(Run::default());
        *run.plan.lock().unwrap() = (fault != Fault::None).then_some((at, fault));
        *self.run.lock().unwrap() = Arc::clone(&run);
        run
    }
}

const MOMENT: Duration = Duration::from_millis(300);

fn tunnel(client: &TcpStream, server: SocketAddr, run: &Run) {
    let Ok(server) = TcpStream::connect(server) else { return };
    thread::scope(|scope| {
        scope.spawn(|| pump(client, &server, run));
        pump(&server, client, run);
    });
}

fn pump(mut from: &TcpStream, mut to: &TcpStream, run: &Run) {
    let mut buffer = [0_u8; 16 << 10];
    let mut deaf = false;
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if deaf {
            continue;
        }
        let piece = &mut buffer[..count];
        let (fault, at) = run.pass(count);
        let carried = match fault {
            Fault::None => to.write_all(piece),
            Fault::Duplicate => to.write_all(piece).and_then(|()| to.write_all(piece)),
            Fault::Corrupt => {
                piece[at] ^= 1 << (at % 8);
                to.write_all(piece)
            }
            Fault::Cut | Fault::Pause | Fault::Stall => to.write_all(&piece[..at]),
        };
        match fault {
            Fault::Cut => {
                let _ = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
                return;
            }
            Fault::Stall => deaf = true,
            Fault::Pause => {
                thread::sleep(MOMENT);
                if to.write_all(&piece[at..]).is_err() {
                    break;
                }
            }
            _ if carried.is_err() => break,
            _ => {}
        }
    }
    let _ = (to.shutdown(Shutdown::Write), from.shutdown(Shutdown::Read));
}

struct Server {
    address: SocketAddr,
    tls: Arc<ClientConfig>,
}

type Stream = StreamOwned<ClientConnection, TcpStream>;

impl Server {
    fn connect(&self) -> Option<Stream> {
        let tcp = TcpStream::connect(self.address).ok()?;
        tcp.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        let name = ServerName::try_from("localhost").ok()?;
        Some(StreamOwned::new(ClientConnection::new(Arc::clone(&self.tls), name).ok()?, tcp))
    }

    fn ask(&self, request: &[u8]) -> Option<Vec<u8>> {
        let mut stream = self.connect()?;
        stream.write_all(request).and_then(|()| stream.flush()).ok()?;
        message(&mut stream)
    }
}

/// Exchange by exchange, each over a connection of its own to the server.
fn relay(mut client: TcpStream, server: &Server, run: &Run) {
    while let Some(request) = message(&mut client) {
        let went_well = run.met();
        run.see(&request);
        let answer = asked(&mut client, server, run, &request);
        answer.iter().for_each(|answer| run.see(answer));
        let given = answer.is_some_and(|answer| answered(&mut client, server, run, &request, &answer));
        if went_well != run.met() {
            let line = String::from_utf8_lossy(&request).lines().next().unwrap_or_default().to_owned();
            *run.exchange.lock().unwrap() = Some(shape(&line));
        }
        if !given {
            let _ = client.shutdown(Shutdown::Both);
            return;
        }
    }
}

/// Method and path without the ids in it.
fn shape(line: &str) -> String {
    let mut words = line.split(' ');
    let method = words.next().unwrap_or_default();
    let path = words.next().unwrap_or_default();
    let part = |part: &str| if part.contains(|c: char| c.is_ascii_digit()) { "{id}" } else { part }.to_owned();
    format!("{method} {}", path.split('/').map(part).collect::<Vec<_>>().join("/"))
}

/// The server's answer; `None` if the client gets none.
fn asked(client: &mut TcpStream, server: &Server, run: &Run, request: &[u8]) -> Option<Vec<u8>> {
    let (fault, at) = run.pass(request.len());
    match fault {
        Fault::None => return server.ask(request),
        // What the client hears of is the second copy.
        Fault::Duplicate => {
            server.ask(request)?;
            return server.ask(request);
        }
        Fault::Corrupt => unreachable!("nothing is corrupted in the clear"),
        Fault::Cut | Fault::Pause | Fault::Stall => {}
    }
    let mut stream = server.connect()?;
    let _ = stream.write_all(&request[..at]).and_then(|()| stream.flush());
    match fault {
        Fault::Pause => {
            thread::sleep(MOMENT);
            stream.write_all(&request[at..]).and_then(|()| stream.flush()).ok()?;
            message(&mut stream)
        }
        Fault::Stall => {
            until_gone(client);
            None
        }
        _ => None,
    }
}

/// Whether the client was given the answer.
fn answered(client: &mut TcpStream, server: &Server, run: &Run, request: &[u8], answer: &[u8]) -> bool {
    let (fault, at) = run.pass(answer.len());
    match fault {
        Fault::None => return client.write_all(answer).is_ok(),
        // What the client hears of is the first copy.
        Fault::Duplicate => {
            let _ = server.ask(request);
            return client.write_all(answer).is_ok();
        }
        Fault::Corrupt => unreachable!("nothing is corrupted in the clear"),
        Fault::Cut | Fault::Pause | Fault::Stall => {}
    }
    let _ = client.write_all(&answer[..at]);
    match fault {
        Fault::Pause => {
            thread::sleep(MOMENT);
            client.write_all(&answer[at..]).is_ok()
        }
        Fault::Stall => {
            until_gone(client);
            false
        }
        _ => false,
    }
}

fn until_gone(client: &mut TcpStream) {
    while matches!(client.read(&mut [0; 1024]), Ok(1..)) {}
}

/// One whole HTTP message as it came.
fn message(stream: &mut impl Read) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    let mut buffer = [0_u8; 16 << 10];
    loop {
        if let Some(end) = all.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&all[..end]).to_ascii_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
            let chunked = head.contains("\r\ntransfer-encoding: chunked");
            if if chunked { all.ends_with(b"0\r\n\r\n") } else { all.len() >= end + 4 + length.unwrap_or(0) } {
                return Some(all);
            }
        }
        match stream.read(&mut buffer) {
            Ok(count @ 1..) => all.extend_from_slice(&buffer[..count]),
            _ => return None,
        }
    }
}
