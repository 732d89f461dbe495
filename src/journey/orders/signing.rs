//! The room `journey`: orders are prepared, asked for and completed. Takes orders as the host gives them; gives them as far as they came. Several may
//! be given at once, for one approval: all are prepared before the first key is asked.

use super::entry::{Approval, Held, Order, OrderMode, OrderState, Step};
use super::facts::{DocumentFacts, Facts, KeyFacts, Looked, Receipt, ServiceFacts};
use super::given::{MAX_LIST, SigningOrder, SubmitTo, Unanswered, list_digest, name_of};
use super::successor::Before;
use super::{Orders, Turn};
use crate::cancel::Progress;
use crate::crypto::digest::{DigestAlgorithm, hex, sha256};
use crate::error::{Error, ErrorKind, Result};
use crate::host::clock;
use crate::journey::carried::{Carried, MAX_CONSENT, described, naming};
use crate::journey::deferred::{Paused, complete, prepare};
use crate::journey::input::Input;
use crate::journey::output::{Draft, Target};
use crate::journey::pace::HostPace;
use crate::journey::proposal::{AtService, Keys, Proposal, Wanted};
use crate::journey::retry::{Limits, Watch};
use crate::journey::sign::SignOptions;
use crate::journey::submit::{Submission, finish};
use crate::journey::upload::fingerprint;
use crate::pdf::Source;
use std::path::Path;

/// How an order stands among others.
struct Standing {
    approval: Option<Approval>,
    in_place_of: Vec<String>,
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
        let own = name_of(&digest, order.id, leaf.public_key());
        let (name, before) = match self.before(order, &own, &digest)? {
            // The key before has answered: that order goes on, whoever's key this is.
            Before::Answered(name) => (name, None),
            Before::Open(open) => (own, Some(open)),
            Before::Nothing => (own, None),
        };
        let turn = self.turn(&name)?;
        let held = match (self.held(&name), &before) {
            (Some(held), None) if held.order.mode == order.mode() && held.order.approval == approval => held,
            (Some(held), _) if held.order.state != OrderState::Prepared => {
                return Err(wrong("the order was signed in the other mode, or with another list of documents"));
            }
            (Some(_), Some(_)) => return Err(wrong("both orders are open: withdraw the one that is not to be signed")),
            (there, before) => {
                let in_place_of = match (&there, before) {
                    (Some(held), _) => held.order.in_place_of.clone(),
                    (None, Some(open)) => open.names.clone(),
                    (None, None) => Vec::new(),
                };
                // Nobody has signed what was prepared otherwise.
                if there.is_some() {
                    self.append(&name, Step::Withdrawn, &[])?;
                }
                self.prepare(order, &name, digest, Standing { approval, in_place_of }, limits, watch)?
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
        standing: Standing,
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
            approval: standing.approval,
            preflight: order.options.preflight.zip(found).map(|(policy, found)| Looked::new(policy, &found)),
            consent: order.consent.map(str::to_owned),
            key: Some(KeyFacts::new(&info, leaf, order.key.identity.algorithm().name())),
            service,
            ..Facts::default()
        });
        let step = Step::Prepared { id: order.id.to_owned(), target, at: clock::now().unix(), facts, in_place_of: standing.in_place_of };
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
