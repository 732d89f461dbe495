//! The room `journey`: orders are prepared, asked for and completed. Takes orders as the host gives them; gives them as far as they came. Several may
//! be given at once, for one approval: all are prepared before the first key is asked.

use super::entry::{Approval, Held, Order, OrderMode, OrderState, Step};
use super::facts::{DocumentFacts, Facts, KeyFacts, Looked, Receipt, ServiceFacts};
use super::{Orders, Turn};
use crate::cancel::Progress;
use crate::crypto::PublicKey;
use crate::crypto::digest::{DigestAlgorithm, Hasher, hex, sha256};
use crate::error::{Error, ErrorKind, Result};
use crate::host::clock;
use crate::journey::carried::{Carried, MAX_CONSENT, described, naming};
use crate::journey::deferred::{Paused, complete, prepare};
use crate::journey::input::Input;
use crate::journey::output::{Draft, Target};
use crate::journey::pace::HostPace;
use crate::journey::proposal::{AtService, Keys, Proposal, Wanted};
use crate::journey::retry::{Limits, Watch};
use crate::journey::session::Session;
use crate::journey::sign::{SignOptions, SigningKey};
use crate::journey::submit::{Submission, finish};
use crate::journey::upload::fingerprint;
use crate::pdf::Source;
use crate::sign::SignatureRequest;
use std::path::Path;

/// Most documents of one approval: more than a person can have looked at.
const MAX_LIST: usize = 1000;

/// What to do about a key that was asked for this order before without its answer being known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unanswered {
    /// Ends with [`ErrorKind::OrderUnanswered`].
    #[default]
    Refuse,
    /// The person was asked and agrees: the key is asked once more, over the same bytes.
    AskAgain,
}

/// The service that prepares and files an order's document.
#[derive(Clone, Copy)]
pub struct SubmitTo<'s> {
    /// The person's session.
    pub session: &'s Session,
    /// The credential at the service that belongs to the key.
    pub credential_id: &'s str,
    /// The file's name for the service; no folders.
    pub file_name: &'s str,
}

/// What is to be signed, once.
#[derive(Clone, Copy)]
pub struct SigningOrder<'o> {
    /// The host's own id: document, id and key together name the order for ever.
    pub id: &'o str,
    /// The document.
    pub input: &'o Input,
    /// Where the signed document goes; not the input's own file.
    pub target: &'o Path,
    /// What is asked for.
    pub request: &'o SignatureRequest,
    /// Whose key signs.
    pub key: SigningKey<'o>,
    /// How the document is opened, checked and raised.
    pub options: SignOptions<'o>,
    /// The text that the person agreed to, for the order's evidence record.
    pub consent: Option<&'o str>,
    /// Who prepares the document; `None`: this device.
    pub submit_to: Option<SubmitTo<'o>>,
    /// Whether the key may be asked where it was asked before.
    pub unanswered: Unanswered,
}

impl<'o> SigningOrder<'o> {
    /// An order for this device to prepare, of a key that may be asked once.
    #[must_use]
    pub fn new(id: &'o str, input: &'o Input, target: &'o Path, request: &'o SignatureRequest, key: SigningKey<'o>) -> SigningOrder<'o> {
        let (options, unanswered) = (SignOptions::default(), Unanswered::Refuse);
        SigningOrder { id, input, target, request, key, options, consent: None, submit_to: None, unanswered }
    }

    fn mode(&self) -> OrderMode {
        if self.submit_to.is_some() { OrderMode::Submit } else { OrderMode::Device }
    }
}

/// Names an ordered list of documents by their SHA-256 digests: SHA-256 over `thrivosign list 1`, a zero byte, and the digests one after the other.
#[must_use]
pub fn list_digest(documents: &[[u8; 32]]) -> [u8; 32] {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    hasher.update(b"thrivosign list 1\0");
    for document in documents {
        hasher.update(document);
    }
    hasher.finish().try_into().unwrap_or_default()
}

/// An order whose turn it is, in the journal.
struct Running<'o> {
    order: &'o SigningOrder<'o>,
    held: Held,
    _turn: Turn<'o>,
}

impl Orders {
    /// Signs, or goes on where an earlier call, of whatever process, stopped. After the call the signed document is at `target`, checked; the order is
    /// [`OrderState::Completed`], or filed, as it is where the service prepared it. The key is asked at most once, and not at all if it has answered
    /// before.
    ///
    /// # Errors
    /// [`ErrorKind::OrderUnanswered`]; [`ErrorKind::WrongOrder`] while another thread is at work on it, or if the key was asked for it in the other mode or
    /// with another list; as [`prepare`], [`submit`](crate::journey::submit::submit()), the key's own and [`complete`]: the order stays where it is and
    /// the next call goes on; [`ErrorKind::OutputUnwritable`] if the journal cannot be written.
    pub fn sign(&self, order: &SigningOrder<'_>, limits: &Limits, watch: Watch<'_>) -> Result<Order> {
        let digest = digest_of(order.input, limits, watch)?;
        let mut running = self.take(order, digest, None, limits, watch)?;
        self.answer(&mut running, limits)?;
        self.end(running, limits, watch)
    }

    /// Signs several documents that the person was shown together and said yes to once: one prompt, where the key's store opens a window. Each order
    /// says by [`SignOptions::shown`] what was shown; the list is those digests, in this order. Every document is prepared before the key is
    /// asked, so that nobody approves a list of which half is refused. After the call each document is as after [`Orders::sign`], or its error is
    /// there; each is valid alone, and each order names the list ([`Order::approval`]). Once a key says no, the rest is not asked for.
    ///
    /// # Errors
    /// No key was asked: [`ErrorKind::InvalidArgument`] for an empty or too long list, or an order that does not say what was shown; otherwise as
    /// [`Orders::sign`], with the number of the document in the text.
    pub fn sign_all(&self, orders: &[SigningOrder<'_>], limits: &Limits, watch: Watch<'_>) -> Result<Vec<Result<Order>>> {
        let wrong = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        if orders.is_empty() || orders.len() > MAX_LIST {
            return Err(wrong("a list has 1 to 1,000 documents"));
        }
        let shown = orders.iter().map(|order| order.options.shown).collect::<Option<Vec<_>>>();
        let shown = shown.ok_or_else(|| wrong("an order does not say what was shown"))?;
        let (list, count) = (list_digest(&shown), u32::try_from(orders.len()).unwrap_or(u32::MAX));
        let mut all = Vec::new();
        for (order, position) in orders.iter().zip(0_u32..) {
            let approval = Approval { list, position, count };
            let taken = digest_of(order.input, limits, watch).and_then(|digest| self.take(order, digest, Some(approval), limits, watch));
            let number = position.saturating_add(1);
            all.push(taken.map_err(|error| Error::new(error.kind()).context(format!("document {number} of {count}")).caused_by(error))?);
        }
        let mut refusal: Option<ErrorKind> = None;
        let mut outcomes = Vec::new();
        for running in &mut all {
            outcomes.push(match refusal {
                Some(kind) => Err(Error::new(kind).context("a document before this one in the list was refused")),
                None => self.answer(running, limits).inspect_err(|error| refusal = Some(error.kind())),
            });
        }
        let ended = all.into_iter().zip(outcomes).map(|(running, answered)| answered.and_then(|()| self.end(running, limits, watch)));
        Ok(ended.collect())
    }

    /// The order's turn, and the order in the journal: as it stands, or prepared now. A key that may not be asked again is found out here.
    fn take<'o>(
        &'o self,
        order: &'o SigningOrder<'o>,
        digest: [u8; 32],
        approval: Option<Approval>,
        limits: &Limits,
        watch: Watch<'_>,
    ) -> Result<Running<'o>> {
        let wrong = |what: &'static str| Error::new(ErrorKind::WrongOrder).context(what);
        if order.options.shown.is_some_and(|shown| shown != digest) {
            return Err(Error::new(ErrorKind::DocumentChanged).context("not the document that was shown"));
        }
        let leaf = order.key.identity.chain().first().ok_or_else(|| Error::new(ErrorKind::ChainBroken))?;
        let name = name_of(&digest, order.id, leaf.public_key());
        let turn = self.turn(&name)?;
        let held = match self.held(&name) {
            Some(held) if held.order.mode == order.mode() && held.order.approval == approval => held,
            Some(held) if held.order.state != OrderState::Prepared => {
                return Err(wrong("the order was signed in the other mode, or with another list of documents"));
            }
            there => {
                // Nobody has signed what was prepared otherwise.
                if there.is_some() {
                    self.append(&name, Step::Withdrawn, &[])?;
                }
                self.prepare(order, &name, digest, approval, limits, watch)?
            }
        };
        if held.order.state == OrderState::Unanswered && order.unanswered == Unanswered::Refuse {
            return Err(Error::new(ErrorKind::OrderUnanswered));
        }
        Ok(Running { order, held, _turn: turn })
    }

    fn prepare(
        &self,
        order: &SigningOrder<'_>,
        name: &str,
        digest: [u8; 32],
        approval: Option<Approval>,
        limits: &Limits,
        watch: Watch<'_>,
    ) -> Result<Held> {
        let wrong = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        if order.consent.is_some_and(|text| text.len() > MAX_CONSENT) {
            return Err(wrong("the consent's text is longer than 64 KiB"));
        }
        order.key.ready()?;
        order.input.refuse_as_output(order.target)?;
        let target = order.target.to_str().ok_or_else(|| wrong("the target's path is not UTF-8"))?.to_owned();
        let (paused, found, service) = match order.submit_to {
            None => {
                let carry = order.options.carry.map(|carry| Carried { consent: carry.consent.or(order.consent), ..carry });
                let info = described(order.key, order.options)?;
                let options = naming(SignOptions { carry, ..order.options }, info.as_ref());
                let paused = prepare(order.input, order.request, order.key.identity, options, limits, watch)?;
                let found = paused.preflight().cloned();
                (paused, found, None)
            }
            Some(to) => {
                let proposal = propose(order, to, name, limits, watch)?;
                let service = ServiceFacts { document_id: proposal.document_id, signature_id: proposal.signature_id };
                (Paused::Proven(proposal.prepared), proposal.found, Some(service))
            }
        };
        let info = order.key.store.info(order.key.name)?;
        let leaf = order.key.identity.chain().first().ok_or_else(|| Error::new(ErrorKind::ChainBroken))?;
        let facts = Box::new(Facts {
            document: Some(DocumentFacts { sha256: digest, size: Source::len(order.input), shown: order.options.shown.is_some() }),
            approval,
            preflight: order.options.preflight.zip(found).map(|(policy, found)| Looked::new(policy, &found)),
            consent: order.consent.map(str::to_owned),
            key: Some(KeyFacts::new(&info, leaf, order.key.identity.algorithm().name())),
            service,
            ..Facts::default()
        });
        let step = Step::Prepared { id: order.id.to_owned(), target, at: clock::now().unix(), facts };
        self.append(name, step, &paused.to_blob(Some(&*self.blob_key))?)?;
        self.held(name).ok_or_else(|| Error::new(ErrorKind::Internal))
    }

    fn paused(&self, held: &Held) -> Result<Paused> {
        let blob = held.blob.as_ref().ok_or_else(|| Error::new(ErrorKind::Internal).context("an open order without its document"))?;
        Paused::from_blob(blob, Some(&*self.blob_key))
    }

    /// Has the key's answer in the journal, asking if nobody has yet. Once the key was asked, its answer is taken and kept, whoever gave up
    /// meanwhile: it may have cost a fingerprint.
    fn answer(&self, running: &mut Running<'_>, limits: &Limits) -> Result<()> {
        let (order, held) = (running.order, &mut running.held);
        if !matches!(held.order.state, OrderState::Prepared | OrderState::Unanswered) {
            return Ok(());
        }
        let paused = self.paused(held)?;
        order.key.ready()?;
        limits.check(&HostPace)?;
        let name = held.order.name.clone();
        self.append(&name, Step::Asked, &[])?;
        match paused.answer(order.key, &Limits::default()) {
            Ok(value) => {
                self.append(&name, Step::Answered { at: Some(clock::now().unix()) }, &value)?;
                *held = self.held(&name).ok_or_else(|| Error::new(ErrorKind::Internal))?;
                Ok(())
            }
            Err(error) => {
                // The store said no, so that it has given nothing away. If that cannot be written down, the order counts as unanswered.
                let _ = self.append(&name, Step::Released, &[]);
                Err(error)
            }
        }
    }

    /// Brings an answered order to its end, as far as signing goes.
    fn end(&self, running: Running<'_>, limits: &Limits, watch: Watch<'_>) -> Result<Order> {
        let Running { order, held, _turn } = running;
        let settled = match &held.order.state {
            // The document may have been moved or lost since: it is made again from the same answer.
            OrderState::Completed { sha256 } => held.order.mode == OrderMode::Device && is_at(&held.order.target, sha256, limits),
            OrderState::Filed { .. } => true,
            _ => false,
        };
        match order.submit_to {
            _ if settled => Ok(held.order),
            None => self.complete(order, &held, limits, watch),
            Some(to) => self.complete_there(order, to, &held, limits, watch),
        }
    }

    fn complete(&self, order: &SigningOrder<'_>, held: &Held, limits: &Limits, watch: Watch<'_>) -> Result<Order> {
        let (target, value) = (&held.order.target, held.value.as_deref().unwrap_or_default());
        complete(&self.paused(held)?, value, order.input, Target::file(target), order.options, limits, watch)?;
        let sha256 = digest_of(&Input::open(target)?, limits, None)?;
        self.step(&held.order.name, Step::Completed { sha256 }, &[])
    }

    /// The service answers the same value with the same document, however often it gets it.
    fn complete_there(&self, order: &SigningOrder<'_>, to: SubmitTo<'_>, held: &Held, limits: &Limits, watch: Watch<'_>) -> Result<Order> {
        let internal = || Error::new(ErrorKind::Internal).context("an order of submit mode without its ids");
        let ServiceFacts { document_id, signature_id } = held.facts.service.clone().ok_or_else(internal)?;
        let Paused::Proven(prepared) = self.paused(held)? else { return Err(internal()) };
        let done = limits.run(to.session.pace(), watch, |progress| {
            let value = prepared.to_be_signed()?.accept(held.value.as_deref().unwrap_or_default())?;
            let proposal = Proposal { prepared, document_id, signature_id, found: None };
            let draft = Draft::open(order.input, Target::file(&held.order.target))?;
            finish(to.session, order.input, draft, &proposal, &value, &submission(order, to), limits, progress)
        })?;
        let name = &held.order.name;
        self.append(name, Step::Completed { sha256: done.sha256 }, &[])?;
        let receipt = Receipt { sha256: done.sha256, size: done.size, at: to.session.service_time().map(|time| time.unix()) };
        self.step(name, Step::Filed { document_id: done.document_id, receipt: Some(receipt) }, &[])
    }
}

fn submission<'o>(order: &SigningOrder<'o>, to: SubmitTo<'o>) -> Submission<'o> {
    let (request, key, options) = (order.request, order.key, order.options);
    Submission { credential_id: to.credential_id, file_name: to.file_name, request, key, options }
}

/// Has the service prepare the order. The upload is named after the order, so that a process that died meanwhile uploads no second time; the
/// preparation also after its time, because the service's claimed time must not be an old one.
fn propose(order: &SigningOrder<'_>, to: SubmitTo<'_>, name: &str, limits: &Limits, watch: Watch<'_>) -> Result<Proposal> {
    let submission = submission(order, to);
    let key = |parts: [&str; 3]| hex(&sha256(parts.join("\0").as_bytes()));
    let time = order.request.time.to_string();
    let keys = Keys { document: AtService::Sent(key([name, "upload", to.file_name])), start: key([name, "start", &time]) };
    let run = |progress: &Progress<'_>| {
        let wanted = Wanted::new(order.input, &submission)?;
        // An output that cannot be written is found out before anything is sent.
        drop(Draft::open(order.input, Target::file(order.target))?);
        wanted.propose(to.session, order.input, &submission, keys, limits, progress)
    };
    limits.run(to.session.pace(), watch, run)
}

fn digest_of(input: &Input, limits: &Limits, watch: Watch<'_>) -> Result<[u8; 32]> {
    limits.run(&HostPace, watch, |progress| Ok(fingerprint(input, DigestAlgorithm::Sha256, progress)?.sha256))
}

/// Whether the document of that digest is there.
fn is_at(path: &Path, sha256: &[u8; 32], limits: &Limits) -> bool {
    Input::open(path).and_then(|input| digest_of(&input, limits, None)).is_ok_and(|found| found == *sha256)
}

/// The order's name, each part of a length that is known or last.
fn name_of(document: &[u8; 32], id: &str, key: &PublicKey) -> String {
    let mut hasher = Hasher::new(DigestAlgorithm::Sha256);
    for part in [&b"thrivosign order 1\0"[..], document, &key.sha256(), id.as_bytes()] {
        hasher.update(part);
    }
    hex(&hasher.finish())
}
