//! `thrivosign sign`: one document, one signature, by a key at hand.

use crate::appearance::AppearanceArgs;
use crate::batch::{self, BatchArgs};
use crate::carry::CarryArgs;
use crate::output::{self, Exit};
use crate::place::PlaceArgs;
use crate::preflight::{self, PreflightArgs};
use crate::progress::Bar;
use crate::raise::{self, Aim, Means, RaiseArgs};
use crate::restrict::RestrictArgs;
use crate::signer::SignerArgs;
use crate::state::StateArgs;
use crate::{credential, interrupt, remote};
use clap::{ArgGroup, Args};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use thrivosign::crypto::algorithm::SignatureAlgorithm;
use thrivosign::crypto::digest::DigestAlgorithm;
use thrivosign::evidence::Goal;
use thrivosign::host::clock;
use thrivosign::host::file::Durability;
use thrivosign::journey::damage::Damage;
use thrivosign::journey::in_place::{Recovery, recover, sign_in_place};
use thrivosign::journey::sign::{SignOptions, SigningKey, sign};
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::pdf::recover::Repair;
use thrivosign::sign::{PreflightPolicy, SignatureRequest, SignedPdf, SigningIdentity};
use thrivosign::{Error, ErrorKind, Result};

/// Signs a document (PAdES B-B, or as far as --level asks).
///
/// With --level the signature gets a time stamp and what proves it later right away. The key is asked once; a level that cannot be reached leaves
/// the document signed at the one that was, says what was missing, and `thrivosign extend` can go on from there without the signer.
#[derive(Args)]
#[command(after_help = "Examples:
  thrivosign sign --pkcs11 /usr/lib/softhsm/libsofthsm2.so --token office --key seal --cert chain.pem --pin-file pin agreement.pdf signed.pdf
  thrivosign sign --key key.pem --cert chain.pem --level b-lta --tsa http://tsa.example/tsa --fetch public --tsa-trust roots/ agreement.pdf signed.pdf

Exit codes: 0 signed; 1 signed, but not at the level of --level, or not every document of many; 2 could not run.")]
#[command(group(ArgGroup::new("signer").required(true).args(["key", "p12", "remote", "remote_credential"])))]
pub(crate) struct Sign {
    #[command(flatten)]
    pub(crate) signer: SignerArgs,
    /// With the enrolled key of the state folder and the service: submit (the service prepares and files the document, this device checks and
    /// signs) or device (this device does everything and files the result).
    #[arg(long, value_name = "MODE", num_args = 0..=1, require_equals = true, default_missing_value = "submit", value_parser = ["submit", "device"])]
    pub(crate) remote: Option<String>,
    /// The credential to sign with; the newest one if not given.
    #[arg(long, value_name = "ID", requires = "remote")]
    pub(crate) credential: Option<String>,
    /// With --remote: the next signature that waits for the user in this package (`package list --show waiting`), where it was asked. IN is the document
    /// as `package fetch` brought it: it is what the service's revision is checked against.
    #[arg(long, value_name = "ID", requires = "remote", conflicts_with_all = ["field", "place"])]
    pub(crate) package: Option<String>,
    /// With a key that the service of the state folder holds (`new-credential`): the document stays here, its hash is signed there. A credential that
    /// the device approves waits for `thrivosign approve`.
    #[arg(long, value_name = "ID")]
    pub(crate) remote_credential: Option<String>,
    /// File with the PIN of the remote credential; otherwise THRIVOSIGN_PIN, or it is asked for.
    #[arg(long, value_name = "FILE", requires = "remote_credential")]
    pub(crate) credential_pin_file: Option<PathBuf>,
    /// File or pipe with the one-time code for the remote credential; otherwise it is asked for, or read from stdin.
    #[arg(long, value_name = "FILE", requires = "remote_credential")]
    pub(crate) code_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) state: StateArgs,
    /// File with the passphrase of the key; otherwise THRIVOSIGN_PASSPHRASE, or it is asked for.
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// ecdsa, rsa-pkcs1 or rsa-pss, with -sha256, -sha384 or -sha512 if wanted.
    #[arg(long, value_parser = algorithm)]
    pub(crate) algorithm: Option<SignatureAlgorithm>,
    /// Name of the signature field; a dot separates the levels. An empty one is signed in place.
    #[arg(long)]
    pub(crate) field: Option<String>,
    /// Why it is signed.
    #[arg(long)]
    reason: Option<String>,
    /// Where it is signed.
    #[arg(long)]
    location: Option<String>,
    /// How to reach the signer.
    #[arg(long)]
    contact: Option<String>,
    /// The signer's name, if another than the certificate's is to be shown.
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    place: PlaceArgs,
    #[command(flatten)]
    appearance: AppearanceArgs,
    /// The document's user or owner password; '' is the empty user password.
    #[arg(long, value_name = "PW")]
    password: Option<String>,
    /// How far the signature is raised once it is made; it stays at B-B without. Without --trust the root of the signer's own chain is trusted.
    /// With --remote=submit the service raises it, by its own means.
    #[arg(long, value_enum)]
    level: Option<Aim>,
    #[command(flatten)]
    means: RaiseArgs,
    #[command(flatten)]
    restrict: RestrictArgs,
    #[command(flatten)]
    pub(crate) preflight: PreflightArgs,
    #[command(flatten)]
    pub(crate) carry: CarryArgs,
    #[command(flatten)]
    pub(crate) batch: BatchArgs,
    /// Signs IN where it is: what it was stays its beginning. A process that is killed leaves the old file or the signed one.
    #[arg(long, conflicts_with_all = ["output", "remote"])]
    in_place: bool,
    /// Signs a damaged document that cannot be signed as it stands by writing it anew; other bytes are signed then than were given. Never
    /// done to a signed or encrypted document, or to one above 64 MiB.
    #[arg(long, conflicts_with_all = ["in_place", "remote"])]
    repair: bool,
    /// Does not wait until the disk has the file.
    #[arg(long)]
    pub(crate) no_fsync: bool,
    /// Reads the whole finished file again to check it.
    #[arg(long)]
    full_recheck: bool,
    /// The document.
    #[arg(value_name = "IN")]
    pub(crate) input: PathBuf,
    /// The signed document; it appears whole or not at all.
    #[arg(value_name = "OUT", required_unless_present = "in_place")]
    pub(crate) output: Option<PathBuf>,
}

fn algorithm(text: &str) -> Result<SignatureAlgorithm, String> {
    let digests = [("-sha256", DigestAlgorithm::Sha256), ("-sha384", DigestAlgorithm::Sha384), ("-sha512", DigestAlgorithm::Sha512)];
    let found = digests.iter().find_map(|(suffix, digest)| text.strip_suffix(suffix).map(|kind| (kind, *digest)));
    let (kind, digest) = found.unwrap_or((text, DigestAlgorithm::Sha256));
    match kind {
        "ecdsa" => Ok(SignatureAlgorithm::Ecdsa(digest)),
        "rsa-pkcs1" => Ok(SignatureAlgorithm::RsaPkcs1(digest)),
        "rsa-pss" => Ok(SignatureAlgorithm::RsaPss { digest, salt_len: u32::try_from(digest.len()).unwrap_or(32) }),
        "ed25519" if found.is_none() => Ok(SignatureAlgorithm::Ed25519),
        _ => Err("expected ecdsa, rsa-pkcs1 or rsa-pss, and -sha256, -sha384 or -sha512 if wanted".to_owned()),
    }
}

impl Sign {
    /// Why it is signed.
    pub(crate) fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// What is asked for, now.
    pub(crate) fn request(&self) -> Result<SignatureRequest> {
        Ok(SignatureRequest {
            field: self.field.clone(),
            placement: self.place.placement(),
            reason: self.reason.clone(),
            location: self.location.clone(),
            contact: self.contact.clone(),
            name: self.name.clone(),
            certification: self.restrict.certify,
            lock: self.restrict.lock.clone(),
            appearance: self.appearance.read()?,
            ..SignatureRequest::new(clock::now())
        })
    }

    /// Where the signed document goes.
    pub(crate) fn target(&self) -> Result<Target<'_>> {
        let path = self.output.as_deref().ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("OUT"))?;
        Ok(Target::File { path, durability: self.durability() })
    }

    fn durability(&self) -> Durability {
        if self.no_fsync { Durability::None } else { Durability::Fsync }
    }

    /// What the signature is raised with, if it is to be.
    pub(crate) fn raising(&self, identity: &SigningIdentity, json: bool) -> Result<Option<(Goal, Means)>> {
        match self.level {
            None if self.means.is_given() => {
                Err(Error::new(ErrorKind::InvalidArgument).context("--tsa, --fetch, --trust and evidence raise a signature: add --level"))
            }
            None => Ok(None),
            Some(level) => Ok(Some((level.into(), self.means.means(Some(identity.chain()), json)?))),
        }
    }

    pub(crate) fn options(&self) -> SignOptions<'_> {
        let damage = if self.repair { Damage::Rewrite { limit: Damage::LIMIT } } else { Damage::default() };
        let password = self.password.as_ref().map(String::as_bytes);
        SignOptions { password, full_recheck: self.full_recheck, damage, ..SignOptions::default() }
    }

    /// The policy by which the document is looked over for the record that the signature carries.
    pub(crate) fn recorded(&self) -> Result<Option<PreflightPolicy>> {
        self.carry.wanted().then(|| self.preflight.policy()).transpose()
    }

    /// Says what was made, and whether it is what was asked for; `remote` is what the service has of it, `findings` what speaks against the document.
    #[expect(clippy::too_many_arguments, reason = "each is another part of the answer")]
    pub(crate) fn tell(
        &self,
        signed: &SignedPdf,
        size: u64,
        request: &SignatureRequest,
        identity: &SigningIdentity,
        remote: Option<Value>,
        findings: Value,
        json: bool,
    ) -> Exit {
        let path = self.output.as_ref().unwrap_or(&self.input).to_string_lossy();
        let name = output::printable(&path);
        let raised = signed.raised();
        let level = raise::level(raised.and_then(|raised| raised.level));
        let exit = if raised.is_none_or(|raised| raised.reached()) { Exit::Clean } else { Exit::NotClean };
        if !json {
            output::line(&format!("signed: {name}, field {}, {size} bytes, {level}", output::printable(signed.field())));
            if let Some(raised) = raised {
                raise::hints(&raised.missing, &raised.unanswered, json);
                if let Some(stopped) = raised.stopped {
                    output::hint(&format!("raising the signature ended early: {}", stopped.name()), json);
                }
                if !raised.reached() {
                    let wanted = raise::level(Some(raised.goal));
                    output::hint(
                        &format!("the signature stands, but {wanted} is not reached; raise it later with `thrivosign extend`"),
                        json,
                    );
                }
            }
            match signed.repair() {
                Repair::Appended => {
                    output::line("the document was damaged; what was appended puts that right, and its own bytes are as they were")
                }
                Repair::Rewritten => {
                    output::line("the document was damaged; it was written anew, and other bytes are signed than were given")
                }
                _ => {}
            }
            return exit;
        }
        let (digest, value) = signed.content_digest();
        let mut answer = json!({
            "schema": "thrivosign-sign-1",
            "input": self.input.to_string_lossy(),
            "output": path,
            "field": signed.field(),
            "repair": signed.repair().name(),
            "level": level,
            "time": request.time.to_string(),
            "source_size": signed.source_len(),
            "size": size,
            "signature_algorithm": identity.algorithm().name(),
            "digest_algorithm": digest.name(),
            "digest": value.iter().map(|b| format!("{b:02x}")).collect::<String>(),
        });
        if let (Some(map), Some(remote)) = (answer.as_object_mut(), remote) {
            map.insert("remote".to_owned(), remote);
        }
        if let (Some(map), Some(raised)) = (answer.as_object_mut(), raised) {
            map.insert("wanted".to_owned(), raise::level(Some(raised.goal)).into());
            map.insert("missing".to_owned(), raise::missing(&raised.missing).into());
            map.insert("unanswered".to_owned(), raise::unanswered(&raised.unanswered).into());
            if let Some(stopped) = raised.stopped {
                map.insert("stopped".to_owned(), stopped.name().into());
            }
        }
        preflight::insert(&mut answer, findings);
        output::line(&answer.to_string());
        exit
    }
}

pub(crate) fn run(task: &Sign, json: bool) -> Result<Exit> {
    if let Some(mode) = &task.remote {
        return remote::run(task, mode, json);
    }
    let passphrase_file = task.passphrase_file.as_deref();
    task.signer.spare_files(task.output.as_ref().unwrap_or(&task.input), passphrase_file)?;
    let signer = match &task.remote_credential {
        Some(id) => credential::signer(task, id)?,
        None => task.signer.open(passphrase_file, json)?,
    };
    let public_key = signer.store.info(&signer.name)?.public_key;
    let identity = SigningIdentity::for_key(&public_key, &signer.certificates, task.algorithm.clone())?;
    let signing = SigningKey { store: &*signer.store, name: &signer.name, identity: &identity };
    let raising = task.raising(&identity, json)?;
    let raise = raising.as_ref().map(|(goal, means)| means.extending(*goal));
    let (consent, policy) = (task.carry.consent()?, task.recorded()?);
    let carry = task.carry.carried(consent.as_deref());
    let options = SignOptions { raise: raise.as_ref(), carry, preflight: policy.as_ref(), ..task.options() };
    if task.batch.wanted(&task.input) {
        return batch::run(task, signing, options, json);
    }
    let limits = Limits { cancel: interrupt::token(), ..Limits::default() };
    let request = task.request()?;
    let bar = Bar::new("signing");
    let report = |done, total| bar.show(done, total);
    let (signed, findings) = if task.in_place {
        // Settled first: what is looked over must be what is signed.
        settle(&task.input, json)?;
        let findings = task.preflight.look(&Input::open(&task.input)?, &request, options, &limits, json)?;
        let outcome = sign_in_place(&task.input, task.durability(), &request, signing, options, &limits, Some(&report));
        bar.clear();
        (outcome?, findings)
    } else {
        let input = Input::open(&task.input)?;
        let findings = task.preflight.look(&input, &request, options, &limits, json)?;
        let outcome = sign(&input, task.target()?, &request, signing, options, &limits, Some(&report));
        bar.clear();
        (outcome.inspect_err(|error| preflight::remedy(error, options, json))?, findings)
    };
    Ok(task.tell(&signed, signed.file_len(), &request, &identity, None, findings, json))
}

/// Settles what an interrupted call had left, and says so. A file that it had signed is not signed twice without a word.
fn settle(path: &Path, json: bool) -> Result<()> {
    match recover(path)? {
        Recovery::Nothing => {}
        Recovery::NotBegun => output::hint("an interrupted call had not changed the file yet", json),
        Recovery::TakenBack => output::hint("what an interrupted call had half written was taken back", json),
        Recovery::Completed => {
            return Err(Error::new(ErrorKind::WrongOrder)
                .context("an interrupted call had signed the file already; call again for another signature"));
        }
    }
    Ok(())
}
