//! Signing orders that survive the death of the process: a journal in a folder of the app's.

use crate::call::{Call, guard};
use crate::cancel::CallOptions;
use crate::client::Client;
use crate::document::Document;
use crate::error::Result;
use crate::host_keys::KeptKeys;
use crate::secret::Secret;
use crate::sign::{SignOptions, SignatureRequest, SigningKey};
use crate::waiting::wait;
use std::path::Path;
use std::sync::Arc;
use thrivosign::journey::{orders, sign};
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
        let target = order.target.to_str().ok_or_else(|| Error::new(ErrorKind::Internal))?.to_owned();
        Ok(SigningOrder { name: order.name, id: order.id, target, prepared_at: order.prepared_at.unix(), state })
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
        guard(|| {
            let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("the journal's key has 32 bytes");
            let key: &[u8; 32] = key.bytes().try_into().map_err(wrong)?;
            Ok(Arc::new(Orders(Arc::new(orders::Orders::open(Path::new(folder), key)?))))
        })
    }

    /// Every order, in the order in which they were prepared.
    ///
    /// # Errors
    /// None that an app could cause.
    pub fn list(&self) -> Result<Vec<SigningOrder>> {
        guard(|| self.0.list().into_iter().map(|order| Ok(order.try_into()?)).collect())
    }

    /// Signs, or goes on where an earlier call, of whatever process, stopped. After the call the signed document is at the path `target`, checked.
    /// The key is asked at most once, and not at all if it has answered before; once it was asked its answer is kept, even if this call is
    /// cancelled. `ask_again`: the person was asked and agrees that the key signs the same bytes once more.
    ///
    /// # Errors
    /// `OrderUnanswered` where the key was asked before and nobody knows its answer; `WrongOrder` while another call is at work on it; otherwise as
    /// `sign`: the order stays where it is and the next call goes on.
    #[uniffi::method(default(ask_again = false, sign_options = None, options = None))]
    #[expect(clippy::too_many_arguments, reason = "as the core's, whose struct would be one more record")]
    pub async fn sign(
        &self,
        id: String,
        document: Arc<Document>,
        target: String,
        request: SignatureRequest,
        key: SigningKey,
        ask_again: bool,
        sign_options: Option<SignOptions>,
        options: Option<CallOptions>,
    ) -> Result<SigningOrder> {
        let orders = self.0.clone();
        wait(options, move |call: &Arc<Call>| {
            let (opening, request, keys) = (sign_options.unwrap_or_default(), request.into_core()?, KeptKeys::new(key.store.clone(), call));
            let opening = opening.opening()?;
            let raise = opening.raise();
            let order = orders::SigningOrder {
                id: &id,
                input: &document.input(call),
                target: Path::new(&target),
                request: &request,
                key: sign::SigningKey { store: &keys, name: &key.name, identity: key.identity.core() },
                options: opening.core(&raise),
                unanswered: if ask_again { orders::Unanswered::AskAgain } else { orders::Unanswered::Refuse },
            };
            call.watched(|watch| orders.sign(&order, call.limits(), watch))?.try_into()
        })
        .await
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
