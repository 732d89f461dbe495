//! `cargo xtask demo`: the whole job against a demo Server-Signer in this very process, each step told in one line with its time.
//!
//! Takes a PDF or makes one, gives signed PDFs in a folder. Uses what any app would use: the library's journeys over HTTPS.

mod agreement;
mod customer;
mod lease;
mod pdf;
mod with_server;

use crate::place;
use customer::{Customer, Failed, PASSWORD_OF_STORE};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;
use thrivosign::host::clock;
use thrivosign::journey::device::sign_and_file;
use thrivosign::journey::enrol;
use thrivosign::journey::sign::SignOptions;
use thrivosign::journey::submit::{Submission, submit};
use thrivosign::journey::{Input, Target};
use thrivosign::pdf::{Document, Rect};
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::remote::revoke_certificate::RevocationReason;
use thrivosign::sign::{Placement, SignatureRequest};
use thrivosign::verify::{Policy, VerifyOptions, verify};
use thrivosign::{Error, ErrorKind, Progress};
use thrivosign_server::{CERTIFICATE_DAYS, Config, Running, SeedUser, Server};
pub(crate) use with_server::with_server;

/// What the command line says.
#[derive(Default)]
pub(crate) struct Options {
    pdf: Option<PathBuf>,
    keep: bool,
}

/// Reads the arguments; `None` if they are not understood.
pub(crate) fn options(words: &[&str]) -> Option<Options> {
    let mut options = Options::default();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match *word {
            "--keep" => options.keep = true,
            "--pdf" => options.pdf = Some(PathBuf::from(words.next()?)),
            other => options.pdf = Some(PathBuf::from(other.strip_prefix("--pdf=")?)),
        }
    }
    Some(options)
}

/// Tells the steps.
struct Story {
    begun: Instant,
    last: Instant,
}

impl Story {
    fn told(&mut self, what: &str) {
        let now = Instant::now();
        println!("{:>7.3} s  {what}", (now - self.last).as_secs_f64());
        self.last = now;
    }
}

/// The demo's folder for one run; removed at the end unless it is to be kept.
struct Scratch {
    folder: PathBuf,
    keep: bool,
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if !self.keep {
            // What cannot be removed is named, as it holds keys.
            if let Err(error) = std::fs::remove_dir_all(&self.folder) {
                eprintln!("cannot remove {}: {error}", self.folder.display());
            }
        }
    }
}

pub(crate) fn run(options: &Options) -> ExitCode {
    let now = Instant::now();
    match whole_job(options, &mut Story { begun: now, last: now }) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("the demo failed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn whole_job(options: &Options, story: &mut Story) -> Result<(), Failed> {
    let output = place::root().join("target").join("demo");
    std::fs::create_dir_all(&output)?;
    let (input, stem) = match &options.pdf {
        Some(pdf) => (pdf.clone(), pdf.file_stem().unwrap_or_default().to_string_lossy().into_owned()),
        None => {
            let pdf = output.join("loan-agreement.pdf");
            std::fs::write(&pdf, agreement::loan_agreement())?;
            (pdf, "loan-agreement".to_owned())
        }
    };
    let document = Input::open(&input)?;
    let placement = visible(&document, options.pdf.is_none())?;
    story.told(&format!("document: {}", input.display()));

    let scratch = Scratch { folder: private_folder()?, keep: options.keep };
    let (server, password) = start(&scratch.folder, None, CERTIFICATE_DAYS, false)?;
    std::fs::write(output.join("root.pem"), server.root_pem())?;
    story.told(&format!("server: {}, its data in {}", server.base(), scratch.folder.display()));

    let anna = Customer::new(&server, &scratch.folder.join("device"))?;
    anna.session.login(customer::USER, password, &anna.limits)?;
    story.told("login over HTTPS with the server's own root: an API key, a password, a token");
    let authentication = anna.register()?;
    story.told("device registered: an authentication key in a file encrypted under Argon2id, a code from the outbox");
    let order = anna.certificate("signing", &authentication)?;
    story.told("certificate issued: a signing key in the same store, a challenge, a one-time code, a CSR that answers both");
    let identity = anna.activate(&order)?;
    story.told("certificate activated: another one-time code, the answer signed by the authentication key");

    let (submitted, filed) = (output.join(format!("{stem}-submit.pdf")), output.join(format!("{stem}-device.pdf")));
    let signer = anna.signer(&identity)?;
    let key = anna.key(&identity, &signer);
    let request =
        |placement| SignatureRequest { placement, reason: Some("I have read and agree".to_owned()), ..SignatureRequest::new(clock::now()) };
    let file_name = format!("{stem}.pdf");
    let visible = request(placement);
    let submission = Submission {
        credential_id: identity.credential_id(),
        file_name: &file_name,
        request: &visible,
        key,
        options: SignOptions::default(),
    };
    let done = submit(&anna.session, &document, Target::file(&submitted), &submission, &anna.limits, None)?;
    story.told(&format!("mode submit: prepared by the server, rebuilt, checked and signed here, filed as {}", done.document_id));
    let invisible = request(Placement::Invisible);
    let options = SignOptions::default();
    let done = sign_and_file(&anna.session, &document, Target::file(&filed), &file_name, &invisible, key, options, &anna.limits, None)?;
    story.told(&format!("mode device: prepared, signed and checked here, filed as {}", done.filed?.document_id));

    for file in [&submitted, &filed] {
        verified(file, &server)?;
        story.told(&format!("verified against the server's root, clean: {}", file.display()));
    }
    let spare = anna.certificate("spare", &authentication)?;
    enrol::revoke(&anna.session, spare.credential_id(), RevocationReason::Superseded, &anna.limits)?;
    story.told("a second certificate issued and revoked");
    let states = enrol::list_credentials(&anna.session, &anna.limits)?;
    let states: Vec<String> = states.iter().map(|held| format!("{} {}", held.credential_id, held.status.as_str())).collect();
    story.told(&format!("certificates: {}", states.join(", ")));
    anna.session.logout(&anna.limits)?;
    server.shutdown();
    story.told("logged out, server shut down");
    if scratch.keep {
        let folder = scratch.folder.display();
        println!(
            "kept: {folder}; the key store's passphrase is `{PASSWORD_OF_STORE}`, the user {} (password made anew per run)",
            customer::USER
        );
    }
    println!("{:>7.3} s  in all; check with: pdfsig {}", story.begun.elapsed().as_secs_f64(), submitted.display());
    println!("signed: {}", submitted.display());
    Ok(())
}

/// A server with one user, and that user's password. Certificates live that many days; where an `officer` approves them, that is another user with the same
/// password.
fn start(
    folder: &Path,
    outbox: Option<PathBuf>,
    certificate_days: u16,
    officer: bool,
) -> Result<(Running, thrivosign::remote::secret::Secret), Failed> {
    let password = thrivosign_server::random_password()?;
    let secret = thrivosign::remote::secret::Secret::new(password.as_str());
    let mut config = Config::new(folder.join("server"));
    config.demo = true;
    config.certificate_days = certificate_days;
    config.outbox_file = outbox;
    // All that is tested beside one server is one person's.
    config.limits.codes = 1_000;
    config.officer_approves = officer;
    config.officer = officer.then(|| SeedUser {
        username: "officer".to_owned(),
        password: password.clone(),
        name: "Olga Officer".to_owned(),
        mobile: "+10000000001".to_owned(),
        email: "officer@example.org".to_owned(),
        country: None,
    });
    config.seed = Some(SeedUser {
        username: customer::USER.to_owned(),
        password,
        name: customer::NAME.to_owned(),
        mobile: customer::MOBILE.to_owned(),
        email: customer::USER.to_owned(),
        country: Some("DE".to_owned()),
    });
    Ok((Server::start(config)?, secret))
}

/// A new folder that nobody else can look into.
fn private_folder() -> Result<PathBuf, Failed> {
    let id: String = thrivosign::host::random::bytes::<8>()?.iter().map(|byte| format!("{byte:02x}")).collect();
    let folder = std::env::temp_dir().join(format!("thrivosign-demo-{id}"));
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&folder)?;
    Ok(folder)
}

/// The signature's box: above the borrower's line, or in the lower right corner of the last page of a document that we do not know.
fn visible(document: &Input, ours: bool) -> Result<Placement, Failed> {
    if ours {
        return Ok(Placement::Visible { page: agreement::SIGNATURE_PAGE, rect: agreement::signature_box() });
    }
    let document = Document::open(document)?;
    let count = document.latest().page_count()?;
    let last = count.checked_sub(1).ok_or_else(|| Error::new(ErrorKind::NoPages))?;
    let page = document.latest().page(last)?;
    let (wide, high) = (page.crop_box.width(), page.crop_box.height());
    let (wide, high) = if page.rotate % 180 == 90 { (high, wide) } else { (wide, high) };
    let (right, bottom) = (wide - 36.0, 36.0);
    let rect = Rect::new(right - 208.0, bottom, right, bottom + 60.0);
    let fits = rect.x0 >= 0.0 && rect.y1 <= high;
    let page = u32::try_from(count).map_err(|_| Error::new(ErrorKind::LimitReached))?;
    Ok(if fits { Placement::Visible { page, rect } } else { Placement::Invisible })
}

fn verified(file: &Path, server: &Running) -> Result<(), Failed> {
    let trust = TrustAnchors::from_pem(server.root_pem().as_bytes())?;
    let options = VerifyOptions { trust: &trust, time: clock::now(), policy: Policy::default(), password: None, evidence: None };
    let report = verify(&Input::open(file)?, &options, &Progress::default())?;
    let newest = report.signatures.iter().max_by_key(|signature| signature.revision);
    // A given document may bring older signatures, whose signers this root does not know.
    if newest.is_some_and(|signature| signature.clean) { Ok(()) } else { Err(Failed::told("a signature of the demo is not clean")) }
}
