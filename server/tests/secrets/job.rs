//! Secrets that are canaries: after a device has logged in, proven, asked for a certificate, activated it, signed, filed, renewed its tokens and logged out, none
//! of them is left in its memory, on its disk, in its log, in an error's text, or in an address. The device is a process of its own with the allocator of a
//! library for hosts; its whole memory is read from outside.
//!
//! What was given is a password, which is the passphrase of the request as well, an API key, the passphrase of the key store; what the service gave is an access and a
//! refresh token. Two more show that the search is worth something: one that the process keeps is found, and one that it frees unwiped, by its own hands, is not.

#[path = "memory.rs"]
mod memory;

use crate::client::pdf::small;
use crate::client::{Desk, MOBILE};
use crate::proxy::{Fault, Proxy};
use memory::{Needles, search};
use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use thrivosign::crypto::KeyAlgorithm;
use thrivosign::journey::enrol::{self, CertificateOrder, Device, Requested, Subject, list_credentials};
use thrivosign::journey::orders::{Orders, SigningOrder};
use thrivosign::journey::requests::Requests;
use thrivosign::journey::sign::SigningKey;
use thrivosign::journey::{Environment, Input, Limits, Session};
use thrivosign::key::file::FileKeyStore;
use thrivosign::key::{DeviceKeyStore, KeyPurpose, KeySpec, Passphrase};
use thrivosign::log::Level;
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::remote::certificate_challenge::AuthenticationMethod;
use thrivosign::remote::secret::Secret;
use thrivosign::sign::{SignatureRequest, SigningIdentity};
use thrivosign::{Error, host};
use zeroize::Zeroizing;

const CHILD: &str = "THRIVOSIGN_SECRETS_CHILD";
/// In what the device writes down.
const SAID: &str = "said.txt";

fn random() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The code that was sent to the person, who types it.
fn code(folder: &Path) -> Secret {
    OpenOptions::new().write(true).open("/proc/self/fd/1").unwrap().write_all(b"\ncode\n").unwrap();
    let (typed, until) = (folder.join("code"), Instant::now() + Duration::from_secs(60));
    while !typed.exists() {
        assert!(Instant::now() < until, "nobody types a code");
        std::thread::sleep(Duration::from_millis(20));
    }
    let code = fs::read_to_string(&typed).unwrap();
    fs::remove_file(typed).unwrap();
    Secret::new(code)
}

/// From the registration of the device to a signed document that is filed.
fn whole_job(session: &Session, store: &FileKeyStore, folder: &Path, passphrase: &str) {
    let limits = Limits::default();
    let authentication = store.info("authentication").unwrap();
    let device = Device { uuid: "phone".to_owned(), name: "Phone".to_owned(), platform: "test".to_owned() };
    enrol::send_device_code(session, &limits).unwrap();
    enrol::register_device(session, store, &authentication, &device, code(folder), &limits).unwrap();
    let requests = Requests::open(folder, &[5; 32]).unwrap();
    let method = AuthenticationMethod::Passphrase;
    let order = |signing: &thrivosign::key::KeyInfo, challenge: &str, value: &str| {
        let order = CertificateOrder {
            device_uuid: &device.uuid,
            authentication_key: &authentication,
            signing_key: signing,
            subject: &Subject { name: "Anna Schmidt".to_owned(), ..Subject::default() },
            challenge,
            method,
            value: Secret::new(value),
            profile: None,
        };
        requests.order(session, store, order, &limits)
    };
    let challenge = requests.challenge(session, "signing", &device.uuid, method, &limits).unwrap();
    let spec = KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing);
    let signing = requests.key(store, "signing", &spec).unwrap();
    let wrong = order(&signing, &challenge.challenge, &format!("{passphrase}wrong")).err().unwrap();
    assert_eq!(wrong.kind(), thrivosign::ErrorKind::UserAuthenticationFailed);
    let Requested::Issued(identity) = order(&signing, &challenge.challenge, passphrase).unwrap() else { panic!("pending") };
    requests.close("signing").unwrap();
    let challenge = enrol::begin_activation(session, &identity, &limits).unwrap();
    let identity = enrol::finish_activation(session, store, &identity, &challenge, code(folder), &limits).unwrap();
    let signer = SigningIdentity::for_key(&signing.public_key, identity.chain(), None).unwrap();
    let orders = Orders::open(folder, &[5; 32]).unwrap();
    let (input, target, request) = (Input::memory(small(2)), folder.join("signed.pdf"), SignatureRequest::new(host::clock::now()));
    let key = SigningKey { store, name: "signing", identity: &signer };
    let signed = orders.sign(&SigningOrder::new("loan", &input, &target, &request, key), &limits, None).unwrap();
    orders.file(session, &signed.name, "loan.pdf", &limits, None).unwrap();
    assert_eq!(list_credentials(session, &limits).unwrap().len(), 1);
}

/// The device. Secrets come by the pipe and go into no buffer of the standard library's.
#[test]
fn child() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    let mut told = Zeroizing::new(Vec::with_capacity(4096));
    File::open("/proc/self/fd/0").unwrap().read_to_end(&mut told).unwrap();
    let text = std::str::from_utf8(&told).unwrap();
    let [address, root, folder, user, api_key, password, passphrase, held, freed] = text.lines().collect::<Vec<_>>()[..] else {
        panic!("another number of lines")
    };
    let folder = std::path::PathBuf::from(folder);
    Box::leak(held.to_owned().into_boxed_str());
    drop(freed.to_owned());

    let said = Arc::new(Mutex::new(File::create(folder.join(SAID)).unwrap()));
    let log = Arc::clone(&said);
    host::log::set(Level::Debug, Some(Arc::new(move |event| writeln!(log.lock().unwrap(), "{event:?}").unwrap())));
    let failed = |error: Error| writeln!(said.lock().unwrap(), "{error} {error:?}").unwrap();
    let limits = Limits::default();

    let store = Arc::new(FileKeyStore::open(&folder.join("keys")).unwrap());
    store.unlock(Passphrase::new(passphrase)).unwrap();
    store.create("authentication", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Authentication)).unwrap();
    store.lock();
    failed(store.unlock(Passphrase::new(&format!("{passphrase}wrong"))).unwrap_err());
    store.unlock(Passphrase::new(passphrase)).unwrap();

    let mut options = Options::new(address);
    options.roots = Roots::from_pem(&fs::read(root).unwrap()).unwrap();
    options.dangerous_allow_plain_http = true;
    let open =
        |options: &Options, key: &str| Session::new(Arc::new(HttpsTransport::new(options).unwrap()), Environment::new(Secret::new(key)));
    let session = open(&options, api_key).unwrap();
    // The proxy in the clear has another address than is proven.
    if address.starts_with("https") {
        session.prove_with(store.clone(), "authentication").unwrap();
    }
    failed(session.login(user, Secret::new(format!("{password}wrong")), &limits).unwrap_err());
    failed(open(&options, &format!("{api_key}wrong")).unwrap().login(user, Secret::new(password), &limits).unwrap_err());
    failed(open(&Options::new("https://127.0.0.1:1"), api_key).unwrap().login(user, Secret::new(password), &limits).unwrap_err());
    session.login(user, Secret::new(password), &limits).unwrap();
    whole_job(&session, &store, &folder, password);
    let refresh = session.refresh_token().unwrap();
    session.resume(refresh, &limits).unwrap();
    list_credentials(&session, &limits).unwrap();
    let mut out = OpenOptions::new().write(true).open("/proc/self/fd/1").unwrap();
    let refresh = session.refresh_token().unwrap();
    for piece in [b"\nrefresh ", refresh.expose().as_bytes(), b"\n"] {
        out.write_all(piece).unwrap();
    }
    drop(refresh);
    session.logout(&limits).unwrap();
    store.lock();
    host::log::set(Level::Error, None);
    drop((session, store, options, told));
    thrivosign::net::shutdown();
    out.write_all(b"closed\n").unwrap();
    // Until it is ended.
    std::thread::sleep(Duration::from_secs(120));
}

fn nothing_is_left(clear: bool) {
    // Each has a character that a form or an address writes in another way.
    let (word, phrase, held, freed) = (random(), random(), random(), random());
    let (user, password) = ("canary@example.org", format!("pass +/%\u{e4}{word}"));
    let desk = Desk::open_with(|config| {
        let seed = config.seed.as_mut().unwrap();
        (seed.username, seed.password) = (user.to_owned(), Zeroizing::new(password.clone()));
    });
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().join("tls.pem");
    fs::write(&root, desk.running.as_ref().unwrap().tls_root_pem()).unwrap();
    let proxy = if clear { Proxy::of_messages(&desk) } else { Proxy::of_records(&desk) };
    let run = proxy.begin(Fault::None, 0);
    run.keep();
    let scheme = if clear { "http" } else { "https" };

    let mut device = Command::new(std::env::current_exe().unwrap());
    device.args(["--exact", "job::child", "--nocapture"]).env(CHILD, "1").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut device = device.spawn().unwrap();
    let lines = [
        &format!("{scheme}://localhost:{}", proxy.port),
        root.to_str().unwrap(),
        folder.path().to_str().unwrap(),
        user,
        &desk.key,
        &password,
        &format!("phrase {phrase}"),
        &held,
        &freed,
    ];
    device.stdin.take().unwrap().write_all(lines.join("\n").as_bytes()).unwrap();
    let mut refresh = String::new();
    let mut closed = false;
    for line in BufReader::new(device.stdout.take().unwrap()).lines().map_while(std::io::Result::ok) {
        if let Some(token) = line.strip_prefix("refresh ") {
            refresh = token.to_owned();
        }
        if line == "code" {
            fs::write(folder.path().join("code.new"), desk.code_of(MOBILE)).unwrap();
            fs::rename(folder.path().join("code.new"), folder.path().join("code")).unwrap();
        }
        if line == "closed" {
            closed = true;
            break;
        }
    }
    assert!(closed && refresh.len() > 20, "the device did not come to its end");
    // The random part of the API key is its last: 256 bits in base64url, of which an underline is a digit.
    let api_key = &desk.key[desk.key.len() - 43..];
    let mut secrets = vec![("password", word), ("passphrase", phrase), ("API key", api_key.to_owned()), ("refresh token", refresh)];
    if clear {
        for message in run.kept() {
            let text = String::from_utf8_lossy(&message).into_owned();
            if let Some((_, rest)) = text.split_once("\"access_token\":\"") {
                secrets.push(("access token", rest.split('"').next().unwrap().to_owned()));
            }
        }
        assert_eq!(secrets.len(), 6, "two access tokens were seen");
    }
    let wanted: Vec<(&str, &str)> = secrets.iter().map(|(name, secret)| (*name, secret.as_str())).collect();
    let needles = Needles::new(&[&wanted[..], &[("held", &held), ("freed", &freed)]].concat());
    // The network's thread takes leave of its connections, and of what is in their buffers, by itself: in a moment, not at once.
    let patience = Instant::now() + Duration::from_secs(10);
    let left = loop {
        let (kept, left): (Vec<_>, Vec<_>) = search(device.id(), &needles).into_iter().partition(|hit| hit.starts_with("held"));
        assert!(!kept.is_empty(), "a secret that is held is found");
        if left.is_empty() || Instant::now() > patience {
            break left;
        }
        std::thread::sleep(Duration::from_millis(50));
    };
    device.kill().unwrap();
    device.wait().unwrap();
    assert!(left.is_empty(), "left in memory: {left:#?}");

    let said = fs::read(folder.path().join(SAID)).unwrap();
    assert!(said.len() > 500, "the log has something to be searched");
    assert_eq!(needles.among(&said), Vec::<&str>::new(), "in the log or in an error's text");
    let mut files = 0;
    for place in [folder.path().to_owned(), folder.path().join("keys")] {
        for file in fs::read_dir(place).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file()) {
            assert_eq!(needles.among(&fs::read(&file).unwrap()), Vec::<&str>::new(), "in {}", file.display());
            files += 1;
        }
    }
    assert!(files >= 7, "{files} files: two keys, two journals, a document, a log and the root");
    for message in run.kept() {
        let line = message.split(|byte| *byte == b'\r').next().unwrap_or_default();
        assert_eq!(needles.among(line), Vec::<&str>::new(), "in an address");
    }
}

#[test]
fn nothing_is_left_after_a_session_over_tls() {
    nothing_is_left(false);
}

#[test]
fn nothing_is_left_after_a_session_whose_addresses_are_seen() {
    nothing_is_left(true);
}
