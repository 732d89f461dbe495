//! Signing orders that survive the death of the process: a journal in a folder of the app's.

use crate::call::{Call, guard};
use crate::cancel::CallOptions;
use crate::client::Client;
use crate::document::Document;
use crate::error::{ErrorDetail, Result, ThrivoSignError};
use crate::host_keys::KeptKeys;
use crate::secret::Secret;
use crate::sign::{Opening, SignOptions, SignatureRequest, SigningKey};
use crate::waiting::wait;
use std::path::Path;
use std::sync::Arc;
use thrivosign::journey::{Input, Session, orders, sign};
use thrivosign::sign::SignatureRequest as CoreRequest;
use thrivosign::{Error, ErrorKind};

/// How far a signing order has come.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum OrderState {
    /// Prepared; the key was not asked, or said no.
    Prepared,
    /// The key was asked, and nobody knows what it answered: the process ended meanwhile.
    Unanswered,
    /// The key has answered; the document is still to be completed. No key is asked any more.
    Answered,
    /// The signed document is where it should be, and still to be filed.
    Completed {
        /// SHA-256 of the signed document.
        sha256: Vec<u8>,
    },
    /// The service has it.
    Filed {
        /// SHA-256 of the signed document.
        sha256: Vec<u8>,
        /// The service's id of the agreement.
        document_id: String,
    },
}

/// Who prepares and files an order's document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum OrderMode {
    /// This device.
    Device,
    /// The service.
    Submit,
}

/// The list of documents that an order was approved with.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Approval {
    /// Names the list by the SHA-256 digests of its documents.
    pub list: Vec<u8>,
    /// The document's place in it, from 0.
    pub position: i32,
    /// How many documents the list has.
    pub count: i32,
}

/// Where an order goes whose document the service prepares and files.
#[derive(Clone, uniffi::Record)]
pub struct SubmitTo {
    /// Logged in as the person.
    pub client: Arc<Client>,
    /// The credential at the service that belongs to the key.
    pub credential_id: String,
    /// The file's name for the service; no folders.
    pub file_name: String,
}

/// What is to be signed, once.
#[derive(Clone, uniffi::Record)]
pub struct OrderRequest {
    /// The app's own id: document, id and key together name the order for ever.
    pub id: String,
    /// The document.
    pub document: Arc<Document>,
    /// The path where the signed document goes; not the document's own.
    pub target: String,
    /// What is asked for.
    pub request: SignatureRequest,
    /// Whose key signs.
    pub key: SigningKey,
    /// The text that the person agreed to, for the order's evidence record.
    #[uniffi(default = None)]
    pub consent: Option<String>,
    /// Who prepares the document; this device if nobody else is named.
    #[uniffi(default = None)]
    pub submit_to: Option<SubmitTo>,
    /// The person was asked and agrees that the key signs the same bytes once more.
    #[uniffi(default = false)]
    pub ask_again: bool,
    /// The name of an order of the same id and document that was prepared for a key which is no more: this order takes its place. Where that key has
    /// answered, its answer counts, and this order's key is not asked.
    #[uniffi(default = None)]
    pub in_place_of: Option<String>,
    /// How the document is opened, checked and raised.
    #[uniffi(default = None)]
    pub sign_options: Option<SignOptions>,
}

/// An order with all that its borrowed form needs.
struct Opened {
    id: String,
    input: Input,
    target: String,
    request: CoreRequest,
    keys: KeptKeys,
    key: SigningKey,
    sign_options: SignOptions,
    consent: Option<String>,
    submit_to: Option<(Arc<Session>, SubmitTo)>,
    unanswered: orders::Unanswered,
    in_place_of: Option<String>,
}

impl OrderRequest {
    fn opened(self, call: &Arc<Call>) -> Result<Opened, Error> {
        Ok(Opened {
            id: self.id,
            input: self.document.input(call),
            target: self.target,
            request: self.request.into_core()?,
            keys: KeptKeys::new(self.key.store.clone(), call),
            key: self.key,
            sign_options: self.sign_options.unwrap_or_default(),
            consent: self.consent,
            submit_to: self.submit_to.map(|to| (to.client.session(), to)),
            unanswered: if self.ask_again { orders::Unanswered::AskAgain } else { orders::Unanswered::Refuse },
            in_place_of: self.in_place_of,
        })
    }
}

impl Opened {
    fn core<'o>(&'o self, options: sign::SignOptions<'o>) -> orders::SigningOrder<'o> {
        let key = sign::SigningKey { store: &self.keys, name: &self.key.name, identity: self.key.identity.core() };
        let order = orders::SigningOrder::new(&self.id, &self.input, Path::new(&self.target), &self.request, key);
        let submit_to = self.submit_to.as_ref().map(|(session, to)| orders::SubmitTo {
            session,
            credential_id: &to.credential_id,
            file_name: &to.file_name,
        });
        let (unanswered, in_place_of) = (self.unanswered, self.in_place_of.as_deref());
        orders::SigningOrder { options, consent: self.consent.as_deref(), submit_to, unanswered, in_place_of, ..order }
    }
}

/// How one order of a list ended.
#[derive(Clone, Debug, uniffi::Enum)]
pub enum OrderOutcome {
    /// It is signed.
    Signed {
        /// The order.
        order: SigningOrder,
    },
    /// It is not; a later call goes on with it.
    Failed {
        /// Why.
        detail: ErrorDetail,
    },
}

/// A signing order.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SigningOrder {
    /// Its name in the journal.
    pub name: String,
    /// The app's own id.
    pub id: String,
    /// The path where the signed document goes.
    pub target: String,
    /// When it was prepared, in seconds since 1970-01-01T00:00:00Z.
    pub prepared_at: i64,
    /// Who prepares and files it.
    pub mode: OrderMode,
    /// What it was approved with, if that was more than one document.
    pub approval: Option<Approval>,
    /// SHA-256 of the public key that it was prepared for; none in a journal of a version that did not keep it.
    pub public_key: Option<Vec<u8>>,
    /// The names of orders of keys that are no more, whose place this one has taken.
    pub in_place_of: Vec<String>,
    /// How far it has come.
    pub state: OrderState,
}

impl TryFrom<orders::Order> for SigningOrder {
    type Error = Error;

    fn try_from(order: orders::Order) -> Result<SigningOrder, Error> {
        let state = match order.state {
            orders::OrderState::Prepared => OrderState::Prepared,
            orders::OrderState::Unanswered => OrderState::Unanswered,
            orders::OrderState::Answered => OrderState::Answered,
            orders::OrderState::Completed { sha256 } => OrderState::Completed { sha256: sha256.to_vec() },
            orders::OrderState::Filed { sha256, document_id } => OrderState::Filed { sha256: sha256.to_vec(), document_id },
            _ => return Err(Error::new(ErrorKind::Internal)),
        };
        let mode = match order.mode {
            orders::OrderMode::Device => OrderMode::Device,
            orders::OrderMode::Submit => OrderMode::Submit,
            _ => return Err(Error::new(ErrorKind::Internal)),
        };
        let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
        let approval =
            order.approval.map(|one| Approval { list: one.list.to_vec(), position: count(one.position), count: count(one.count) });
        let target = order.target.to_str().ok_or_else(|| Error::new(ErrorKind::Internal))?.to_owned();
        Ok(SigningOrder {
            name: order.name,
            id: order.id,
            target,
            prepared_at: order.prepared_at.unix(),
            mode,
            approval,
            public_key: order.public_key.map(|digest| digest.to_vec()),
            in_place_of: order.in_place_of,
            state,
        })
    }
}

/// The signing orders of a device, in a journal that one process has open at a time. Closing it lets go of the journal once its last call has ended.
#[derive(uniffi::Object)]
pub struct Orders(Arc<orders::Orders>);

#[uniffi::export]
impl Orders {
    /// After the call the journal in that folder is open; what was missing is there, for its owner alone. `key`: 32 random bytes that are kept in the platform's secret storage.
    ///
    /// # Errors
    /// `InvalidArgument` for a key of another length; `JournalDamaged`, also for another key; `JournalBusy`; `SourceUnreadable`,
    /// `OutputUnwritable`.
    #[uniffi::constructor]
    pub fn open(folder: &str, key: Arc<Secret>) -> Result<Arc<Orders>> {
        guard(|| Ok(Arc::new(Orders(Arc::new(orders::Orders::open(Path::new(folder), key.journal_key()?)?)))))
    }

    /// Every order, in the order in which they were prepared.
    ///
    /// # Errors
    /// None that an app could cause.
    pub fn list(&self) -> Result<Vec<SigningOrder>> {
        guard(|| self.0.list().into_iter().map(|order| Ok(order.try_into()?)).collect())
    }

    /// Signs, or goes on where an earlier call, of whatever process, stopped. After the call the signed document is at its target, checked, and filed
    /// where the service prepared it. The key is asked at most once, and not at all if it has answered before; once it was asked its answer is
    /// kept, even if this call is cancelled.
    ///
    /// # Errors
    /// `OrderUnanswered` where the key was asked before and nobody knows its answer; `WrongOrder` while another call is at work on it; otherwise as
    /// `sign` or `submit`: the order stays where it is and the next call goes on.
    #[uniffi::method(default(options = None))]
    pub async fn sign(&self, order: OrderRequest, options: Option<CallOptions>) -> Result<SigningOrder> {
        let orders = self.0.clone();
        wait(options, move |call: &Arc<Call>| {
            let order = order.opened(call)?;
            let opening = order.sign_options.opening()?;
            let raise = opening.raise();
            call.watched(|watch| orders.sign(&order.core(opening.core(&raise)), call.limits(), watch))?.try_into()
        })
        .await
    }

    /// Signs several documents that the person was shown together and said yes to once: one prompt, where the key's store opens a window. Each order
    /// says by `shown` of its sign options what was shown; the list is those digests, in this order. Every document is prepared before the key is
    /// asked. After the call there is an outcome for each; each document is valid alone, and each order names the list. Once a key says no, the
    /// rest is not asked for.
    ///
    /// # Errors
    /// No key was asked: `InvalidArgument` for an empty or too long list, or an order that does not say what was shown; otherwise as `sign`, with
    /// the number of the document in the text.
    #[uniffi::method(default(options = None))]
    pub async fn sign_all(&self, list: Vec<OrderRequest>, options: Option<CallOptions>) -> Result<Vec<OrderOutcome>> {
        let orders = self.0.clone();
        wait(options, move |call: &Arc<Call>| {
            let list = list.into_iter().map(|order| order.opened(call)).collect::<Result<Vec<_>, Error>>()?;
            let openings = list.iter().map(|order| order.sign_options.opening()).collect::<Result<Vec<_>, Error>>()?;
            let raises: Vec<_> = openings.iter().map(Opening::raise).collect();
            let all = list.iter().zip(openings.iter().zip(&raises));
            let all: Vec<_> = all.map(|(order, (opening, raise))| order.core(opening.core(raise))).collect();
            let outcomes = call.watched(|watch| orders.sign_all(&all, call.limits(), watch))?;
            let outcome = |outcome: Result<orders::Order, Error>| match outcome {
                Ok(order) => Ok(OrderOutcome::Signed { order: order.try_into()? }),
                Err(error) => Ok(OrderOutcome::Failed { detail: ThrivoSignError::from(error).detail().clone() }),
            };
            outcomes.into_iter().map(outcome).collect()
        })
        .await
    }

    /// The order's evidence record as it stands, in JSON by `docs/schema/evidence-1.json`: what was shown, found and agreed to, by what key it was
    /// signed, what the service said that it stored.
    ///
    /// # Errors
    /// `RecordNotFound` for a name that the journal does not have.
    pub fn evidence(&self, name: &str) -> Result<String> {
        guard(|| Ok(self.0.evidence(name)?))
    }

    /// Files a completed order. After the call the service has said that it stored the very bytes of the signed document; one that is filed already
    /// is not filed again.
    ///
    /// # Errors
    /// `RecordNotFound` for a name that the journal does not have; `WrongOrder` for an order that is not completed; `DocumentChanged` if another
    /// document is at its place; otherwise as `file_document`.
    #[uniffi::method(default(options = None))]
    pub async fn file(&self, client: Arc<Client>, name: String, file_name: String, options: Option<CallOptions>) -> Result<SigningOrder> {
        let (orders, session) = (self.0.clone(), client.session());
        wait(options, move |call: &Arc<Call>| {
            call.watched(|watch| orders.file(&session, &name, &file_name, call.limits(), watch))?.try_into()
        })
        .await
    }

    /// After the call the journal no longer has that order, whose key has not answered.
    ///
    /// # Errors
    /// `RecordNotFound`; `WrongOrder` once the key has answered; `OutputUnwritable`.
    pub fn withdraw(&self, name: &str) -> Result<()> {
        guard(|| Ok(self.0.withdraw(name)?))
    }
}
