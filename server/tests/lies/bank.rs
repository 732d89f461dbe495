//! A device of the library's own making, enrolled with a real demo server, and a transport in between that may lie or fail.

use crate::client::enrolled::enrol;
use crate::client::keys::Watched;
use crate::client::{Desk, PASSWORD, USER};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use thrivosign::enroll::Identity;
use thrivosign::evidence::Goal;
use thrivosign::journey::extend::Extending;
use thrivosign::journey::sign::{SignOptions, SigningKey};
use thrivosign::journey::submit::{Submission, Submitted, submit};
use thrivosign::journey::{Call, Environment, Limits, RetryPolicy, Session, Transport};
use thrivosign::journey::{Input, Target};
use thrivosign::key::DeviceKeyStore;
use thrivosign::key::software::SoftwareKeyStore;
use thrivosign::net::{HttpsTransport, Options, Roots};
use thrivosign::pdf::Rect;
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::remote::http::{Request, Response};
use thrivosign::remote::secret::Secret;
use thrivosign::sign::{Placement, SignatureRequest, SigningIdentity};
use thrivosign::{Error, Result};

/// What happens to an exchange: the request and the real transport in, an answer or a failure out.
pub(crate) type Wire = Box<dyn Fn(&dyn Transport, Request, &Call) -> Result<Response> + Send + Sync>;

/// Stands between the device and the server.
pub(crate) struct Between {
    real: HttpsTransport,
    wire: Mutex<Option<Arc<Wire>>>,
}

impl Transport for Between {
    fn send(&self, request: Request, call: &Call) -> Result<Response> {
        let wire = self.wire.lock().unwrap().clone();
        match wire {
            Some(wire) => wire(&self.real, request, call),
            None => self.real.send(request, call),
        }
    }

    fn url(&self, request: &Request) -> Result<String> {
        self.real.url(request)
    }
}

/// A bank's customer with a phone.
pub(crate) struct Bank {
    _desk: Desk,
    pub(crate) between: Arc<Between>,
    pub(crate) session: Session,
    pub(crate) store: Watched<Box<SoftwareKeyStore>>,
    pub(crate) identity: Identity,
    pub(crate) signer: SigningIdentity,
    pub(crate) input: PathBuf,
    pub(crate) output: PathBuf,
    /// The lies told to this customer, by name.
    pub(crate) lies: Mutex<BTreeSet<String>>,
    _folder: tempfile::TempDir,
}

/// How one try ended.
pub(crate) struct Outcome {
    pub(crate) result: Result<Submitted, Error>,
    pub(crate) key_uses: usize,
}

impl Bank {
    /// An activated credential and a document of two pages.
    pub(crate) fn open() -> Bank {
        Bank::trying(1)
    }

    /// The same, but a call that failed is sent again.
    pub(crate) fn patient() -> Bank {
        Bank::trying(3)
    }

    fn trying(tries: u32) -> Bank {
        let desk = Desk::open();
        let running = desk.running.as_ref().unwrap();
        let mut options = Options::new(running.base());
        options.roots = Roots::from_pem(running.tls_root_pem().as_bytes()).unwrap();
        let between = Arc::new(Between { real: HttpsTransport::new(&options).unwrap(), wire: Mutex::default() });
        let mut environment = Environment::new(Secret::new(&desk.key));
        environment.retry = RetryPolicy { tries, base: std::time::Duration::from_millis(5), ..RetryPolicy::default() };
        let session = Session::new(between.clone(), environment).unwrap();
        let limits = Limits::default();
        session.login(USER, Secret::new(PASSWORD), &limits).unwrap();
        let store = Watched::new(Box::new(SoftwareKeyStore::new()));
        let identity = enrol(&desk, &session, &store);
        let public = store.info("signing").unwrap().public_key;
        let signer = SigningIdentity::for_key(&public, identity.chain(), None).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (input, output) = (folder.path().join("agreement.pdf"), folder.path().join("signed.pdf"));
        std::fs::write(&input, crate::client::pdf::small(2)).unwrap();
        Bank { _desk: desk, between, session, store, identity, signer, input, output, lies: Mutex::default(), _folder: folder }
    }

    /// A visible signature on page 1, with a reason.
    pub(crate) fn request(&self) -> SignatureRequest {
        SignatureRequest {
            placement: Placement::Visible { page: 1, rect: Rect::new(72.0, 72.0, 272.0, 132.0) },
            reason: Some("I agree".to_owned()),
            ..SignatureRequest::new(thrivosign::host::clock::now())
        }
    }

    pub(crate) fn key(&self) -> SigningKey<'_> {
        SigningKey { store: &self.store, name: "signing", identity: &self.signer }
    }

    /// The output file; no power cut is waited for.
    pub(crate) fn target(&self) -> Target<'_> {
        Target::File { path: &self.output, durability: thrivosign::host::file::Durability::None }
    }

    pub(crate) fn options(&self) -> SignOptions<'static> {
        SignOptions::default()
    }

    /// Puts something between device and server, until the next call.
    pub(crate) fn on_the_wire(&self, wire: Option<Wire>) {
        *self.between.wire.lock().unwrap() = wire.map(Arc::new);
    }

    /// One submission over that wire. The output file is removed before.
    pub(crate) fn submit_over(&self, wire: Option<Wire>, limits: &Limits) -> Outcome {
        self.submit_with(wire, self.options(), limits)
    }

    /// One that asks for a level; this server's root is trusted.
    pub(crate) fn submit_at(&self, goal: Goal, wire: Option<Wire>) -> Outcome {
        let trust: TrustAnchors = self.signer.chain().last().cloned().into_iter().collect();
        let raise = Extending { goal, trust: &trust, authorities: &[], fetcher: None, evidence: None, time: None };
        self.submit_with(wire, SignOptions { raise: Some(&raise), ..self.options() }, &Limits::default())
    }

    fn submit_with(&self, wire: Option<Wire>, options: SignOptions<'_>, limits: &Limits) -> Outcome {
        self.on_the_wire(wire);
        let _ = std::fs::remove_file(&self.output);
        let before = self.uses();
        let request = self.request();
        let submission = Submission {
            credential_id: self.identity.credential_id(),
            file_name: "agreement.pdf",
            request: &request,
            key: self.key(),
            options,
        };
        let input = Input::open(&self.input).unwrap();
        let result = submit(&self.session, &input, self.target(), &submission, limits, None);
        self.on_the_wire(None);
        Outcome { result, key_uses: self.uses() - before }
    }

    pub(crate) fn uses(&self) -> usize {
        self.store.asked("signing")
    }

    /// The names in the device's folder.
    pub(crate) fn names(&self) -> Vec<String> {
        let folder = self.input.parent().unwrap();
        let mut names: Vec<String> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}
