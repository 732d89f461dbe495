//! A package: agreements that several people sign in order, as its owner and its recipients see it. What the service says of it is shown to people.

use crate::placement::Placement;
use thrivosign::journey::packages::{self as core, Place};
use thrivosign::pdf::Rect;
use thrivosign::{Error, ErrorKind, Time};

/// Which packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PackageView {
    /// Those that the user made.
    Owned,
    /// Those that the user is a recipient of.
    Received,
    /// Of these, those in which it is the user's turn.
    Waiting,
}

impl From<PackageView> for core::Show {
    fn from(view: PackageView) -> core::Show {
        match view {
            PackageView::Owned => core::Show::Owned,
            PackageView::Received => core::Show::Received,
            PackageView::Waiting => core::Show::Waiting,
        }
    }
}

/// Where a package stands. The last four are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PackageState {
    /// The owner is putting it together; nobody else sees it.
    Draft,
    /// It goes from recipient to recipient.
    Shared,
    /// Everybody has signed.
    Completed,
    /// A recipient said no.
    Declined,
    /// The owner took it back.
    Cancelled,
    /// Its time ran out before everybody had signed.
    Expired,
}

impl From<core::PackageState> for PackageState {
    fn from(state: core::PackageState) -> PackageState {
        match state {
            core::PackageState::Draft => PackageState::Draft,
            core::PackageState::Shared => PackageState::Shared,
            core::PackageState::Completed => PackageState::Completed,
            core::PackageState::Declined => PackageState::Declined,
            core::PackageState::Cancelled => PackageState::Cancelled,
            core::PackageState::Expired => PackageState::Expired,
        }
    }
}

/// Where a recipient's signature stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum RecipientState {
    /// It is still to be made.
    Pending,
    /// It was made.
    Signed,
    /// It was refused.
    Declined,
}

/// An agreement in a package, as it now stands.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PackageDocument {
    /// The agreement's id.
    pub document_id: String,
    /// Its file's name.
    pub file_name: String,
    /// SHA-256 of the PDF.
    pub sha256: Vec<u8>,
    /// Its size in bytes.
    pub size: i64,
    /// Its pages.
    pub pages: i64,
    /// Signatures in it.
    pub signatures: i64,
}

impl PackageDocument {
    pub(crate) fn into_core(self) -> Result<core::PackageDocument, Error> {
        let wrong = |what: &'static str| Error::new(ErrorKind::InvalidArgument).context(what);
        Ok(core::PackageDocument {
            document_id: self.document_id,
            file_name: self.file_name,
            sha256: self.sha256.try_into().map_err(|_| wrong("a SHA-256 has 32 bytes"))?,
            size: self.size.try_into().map_err(|_| wrong("size"))?,
            pages: self.pages.try_into().map_err(|_| wrong("pages"))?,
            signatures: self.signatures.try_into().map_err(|_| wrong("signatures"))?,
        })
    }
}

impl From<core::PackageDocument> for PackageDocument {
    fn from(document: core::PackageDocument) -> PackageDocument {
        PackageDocument {
            document_id: document.document_id,
            file_name: document.file_name,
            sha256: document.sha256.to_vec(),
            size: i64::try_from(document.size).unwrap_or(i64::MAX),
            pages: document.pages.into(),
            signatures: document.signatures.into(),
        }
    }
}

/// One signature that is asked of somebody.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct PackageRecipient {
    /// Its id.
    pub recipient_id: String,
    /// The name that the person logs in with.
    pub user: String,
    /// Whoever has a lower one signs before.
    pub order: i32,
    /// What is signed.
    pub document_id: String,
    /// The form field; the recipient's choice if absent.
    pub field: Option<String>,
    /// The box, always `Visible`; the recipient's choice if absent.
    pub placement: Option<Placement>,
    /// Whether it was.
    pub state: RecipientState,
    /// Whether it is this one's turn.
    pub turn: bool,
    /// Whether that is who asks.
    pub you: bool,
}

impl PackageRecipient {
    pub(crate) fn into_core(self) -> Result<core::Recipient, Error> {
        Ok(core::Recipient {
            recipient_id: self.recipient_id,
            user: self.user,
            order: order_in(self.order)?,
            document_id: self.document_id,
            place: place_in(self.field, self.placement)?,
            state: match self.state {
                RecipientState::Pending => core::RecipientState::Pending,
                RecipientState::Signed => core::RecipientState::Signed,
                RecipientState::Declined => core::RecipientState::Declined,
            },
            turn: self.turn,
            you: self.you,
        })
    }
}

impl From<core::Recipient> for PackageRecipient {
    fn from(recipient: core::Recipient) -> PackageRecipient {
        let place = recipient.place;
        PackageRecipient {
            recipient_id: recipient.recipient_id,
            user: recipient.user,
            order: i32::try_from(recipient.order).unwrap_or(i32::MAX),
            document_id: recipient.document_id,
            field: place.field,
            placement: place.page.zip(place.rect).map(|(page, [x0, y0, width, height])| Placement::Visible {
                page: i32::try_from(page).unwrap_or(i32::MAX),
                x0,
                y0,
                x1: x0 + width,
                y1: y0 + height,
            }),
            state: match recipient.state {
                core::RecipientState::Pending => RecipientState::Pending,
                core::RecipientState::Signed => RecipientState::Signed,
                core::RecipientState::Declined => RecipientState::Declined,
            },
            turn: recipient.turn,
            you: recipient.you,
        }
    }
}

pub(crate) fn order_in(order: i32) -> Result<u32, Error> {
    u32::try_from(order).map_err(|_| Error::new(ErrorKind::InvalidArgument).context("order"))
}

pub(crate) fn place_in(field: Option<String>, placement: Option<Placement>) -> Result<Place, Error> {
    let Some(placement) = placement else { return Ok(Place { field, ..Place::default() }) };
    match placement.into_core()? {
        thrivosign::sign::Placement::Visible { page, rect: Rect { x0, y0, x1, y1 } } => {
            Ok(Place { field, page: Some(page), rect: Some([x0, y0, x1 - x0, y1 - y0]) })
        }
        _ => Err(Error::new(ErrorKind::InvalidArgument).context("a recipient signs in a box on a page")),
    }
}

/// A package.
#[derive(Clone, Debug, PartialEq, uniffi::Record)]
pub struct SigningPackage {
    /// Its id.
    pub package_id: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: PackageState,
    /// Counts its changes, from 1.
    pub version: i64,
    /// The user name of whoever made it.
    pub owner: String,
    /// Whether that is who asks.
    pub owned: bool,
    /// When it was made, in seconds since 1970-01-01T00:00:00Z.
    pub created: i64,
    /// When it ends by itself, likewise.
    pub expires: i64,
    /// Why it was declined or cancelled.
    pub reason: Option<String>,
    /// Its documents.
    pub documents: Vec<PackageDocument>,
    /// Who signs, in their order. What waits for the user is the first of `you` and `turn`.
    pub recipients: Vec<PackageRecipient>,
}

impl From<core::Package> for SigningPackage {
    fn from(package: core::Package) -> SigningPackage {
        SigningPackage {
            package_id: package.package_id,
            name: package.name,
            state: package.state.into(),
            version: i64::try_from(package.version).unwrap_or(i64::MAX),
            owner: package.owner,
            owned: package.owned,
            created: Time::unix(package.created),
            expires: Time::unix(package.expires),
            reason: package.reason,
            documents: package.documents.into_iter().map(PackageDocument::from).collect(),
            recipients: package.recipients.into_iter().map(PackageRecipient::from).collect(),
        }
    }
}
