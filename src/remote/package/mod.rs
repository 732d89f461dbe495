//! Room `remote`: packages `[hub]`: agreements that several people sign in order. Here stands what every call about one answers: the package as its
//! owner and its recipients see it. One file per call beside this one.

pub mod add_document;
pub mod add_recipient;
pub mod cancel;
pub mod create;
pub mod decline;
pub mod fill_fields;
pub mod list;
pub mod share;
pub mod status;

use super::http::{Request, Response, match_path};
use super::json::{Malformed, Members, known, wire_enum};
use super::problem::{ProblemType, Refusal};
use super::schema::{Answer, Content, Field, Kind, Mark};
use super::submit_agreement::{hex, unhex};
use crate::error::Result;
use crate::time::Time;

/// Most bytes of an answer: a list of packages.
pub const MAX_ANSWER: usize = 8 << 20;
/// Most characters of a package's name.
pub const MAX_NAME: usize = 200;
/// Most characters of a reason.
pub const MAX_REASON: usize = 500;
/// Most characters of a user name.
pub const MAX_USER: usize = 254;
/// `[hub]`
pub(super) const PACKAGE_ID: Field = Field::new("packageID", Kind::Id, Mark::Hub);
pub(super) const NAME: Field = Field::new("name", Kind::Text, Mark::Hub);
const STATE: Field = Field::new("state", Kind::OneOf(PackageState::TEXTS), Mark::Ours);
const VERSION: Field = Field::new("version", Kind::Integer, Mark::Ours);
const OWNER: Field = Field::new("owner", Kind::Text, Mark::Ours);
const OWNED: Field = Field::new("owned", Kind::Flag, Mark::Ours);
const CREATED: Field = Field::new("created", Kind::Time, Mark::Ours);
const EXPIRES: Field = Field::new("expires", Kind::Time, Mark::Ours);
pub(super) const REASON: Field = Field::new("reason", Kind::Text, Mark::Hub);
const WHY: Field = REASON.optional();
const DOCUMENTS: Field = Field::new("documents", Kind::Objects(DOCUMENT), Mark::Hub);
pub(super) const DOCUMENT_ID: Field = Field::new("documentID", Kind::Id, Mark::Hub);
const FILE_NAME: Field = Field::new("fileName", Kind::Text, Mark::Ours);
const SHA256: Field = Field::new("sha256", Kind::Text, Mark::Ours);
const SIZE: Field = Field::new("size", Kind::Integer, Mark::Ours);
const PAGES: Field = Field::new("pages", Kind::Integer, Mark::Ours);
const SIGNATURES: Field = Field::new("signatures", Kind::Integer, Mark::Ours);
const DOCUMENT: &[Field] = &[DOCUMENT_ID, FILE_NAME, SHA256, SIZE, PAGES, SIGNATURES];
const RECIPIENTS: Field = Field::new("recipients", Kind::Objects(RECIPIENT), Mark::Hub);
pub(super) const RECIPIENT_ID: Field = Field::new("recipientID", Kind::Id, Mark::Ours);
pub(super) const USER: Field = Field::new("user", Kind::Text, Mark::Ours);
pub(super) const ORDER: Field = Field::new("order", Kind::Integer, Mark::Hub);
pub(super) const FIELD: Field = Field::new("field", Kind::Text, Mark::Ours).optional();
pub(super) const PAGE: Field = Field::new("page", Kind::Integer, Mark::Ours).optional();
pub(super) const RECT: Field = Field::new("rect", Kind::Numbers(4), Mark::Ours).optional();
const RECIPIENT_STATE: Field = Field::new("state", Kind::OneOf(RecipientState::TEXTS), Mark::Ours);
const TURN: Field = Field::new("turn", Kind::Flag, Mark::Ours);
const YOU: Field = Field::new("you", Kind::Flag, Mark::Ours);
const RECIPIENT: &[Field] = &[RECIPIENT_ID, USER, ORDER, DOCUMENT_ID, FIELD, PAGE, RECT, RECIPIENT_STATE, TURN, YOU];
/// A package on the wire.
pub const PACKAGE: &[Field] = &[PACKAGE_ID, NAME, STATE, VERSION, OWNER, OWNED, CREATED, EXPIRES, WHY, DOCUMENTS, RECIPIENTS];

/// What a call that changes a package answers.
pub(super) const CHANGED: &[Answer] =
    &[Answer { status: 200, when: "it is done: the package as it now stands", content: Content::Json(PACKAGE), headers: &[] }];
/// What a call that makes something answers.
pub(super) const MADE: &[Answer] =
    &[Answer { status: 201, when: "it is made: the package as it now stands", content: Content::Json(PACKAGE), headers: &[] }];

wire_enum! {
    /// Where a package stands.
    PackageState {
        /// The owner is putting it together; nobody else sees it.
        Draft = "draft",
        /// It goes from recipient to recipient.
        Shared = "shared",
        /// Everybody has signed.
        Completed = "completed",
        /// A recipient said no.
        Declined = "declined",
        /// The owner took it back.
        Cancelled = "cancelled",
        /// Its time ran out before everybody had signed.
        Expired = "expired",
    }
}

wire_enum! {
    /// Where a recipient's signature stands.
    RecipientState {
        /// It is still to be made.
        Pending = "pending",
        /// It was made.
        Signed = "signed",
        /// It was refused.
        Declined = "declined",
    }
}

/// A package.
#[derive(Clone, Debug, PartialEq)]
pub struct Package {
    /// Its id.
    pub package_id: String,
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub state: PackageState,
    /// Counts its changes, from 1.
    pub version: u64,
    /// The user name of whoever made it.
    pub owner: String,
    /// Whether that is who asks.
    pub owned: bool,
    /// When it was made.
    pub created: Time,
    /// When it ends by itself.
    pub expires: Time,
    /// Why it was declined or cancelled.
    pub reason: Option<String>,
    /// Its documents.
    pub documents: Vec<PackageDocument>,
    /// Who signs, in their order.
    pub recipients: Vec<Recipient>,
}

/// An agreement in a package, as it now stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageDocument {
    /// The agreement's id.
    pub document_id: String,
    /// Its file's name.
    pub file_name: String,
    /// SHA-256 of the PDF.
    pub sha256: [u8; 32],
    /// Its size in bytes.
    pub size: u64,
    /// Its pages.
    pub pages: u32,
    /// Signatures in it.
    pub signatures: u32,
}

/// Where a recipient's signature is to stand; nothing said is the recipient's choice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    /// The form field.
    pub field: Option<String>,
    /// The page of a visible signature, from 1.
    pub page: Option<u32>,
    /// Its box as the page is shown: left, bottom, width, height in points.
    pub rect: Option<[f64; 4]>,
}

impl Place {
    pub(super) fn put(&self, members: Members) -> Members {
        members.with_some(&FIELD, self.field.as_deref()).with_some(&PAGE, self.page).with_some(&RECT, self.rect.map(|rect| rect.to_vec()))
    }

    pub(super) fn take(members: &Members) -> Result<Place, Malformed> {
        Ok(Place { field: members.text_opt(&FIELD)?, page: members.small_opt(&PAGE)?, rect: members.numbers_opt(&RECT)? })
    }
}

/// One signature that is asked of somebody.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipient {
    /// Its id.
    pub recipient_id: String,
    /// The user name.
    pub user: String,
    /// Whoever has a lower one signs before.
    pub order: u32,
    /// What is signed.
    pub document_id: String,
    /// Where.
    pub place: Place,
    /// Whether it was.
    pub state: RecipientState,
    /// Whether it is this one's turn.
    pub turn: bool,
    /// Whether that is who asks.
    pub you: bool,
}

impl Package {
    fn members(&self) -> Members {
        let documents = self.documents.iter().map(|document| {
            Members::new()
                .with(&DOCUMENT_ID, document.document_id.as_str())
                .with(&FILE_NAME, document.file_name.as_str())
                .with(&SHA256, hex(&document.sha256))
                .with(&SIZE, document.size)
                .with(&PAGES, document.pages)
                .with(&SIGNATURES, document.signatures)
        });
        let recipients = self.recipients.iter().map(|recipient| {
            let members = Members::new()
                .with(&RECIPIENT_ID, recipient.recipient_id.as_str())
                .with(&USER, recipient.user.as_str())
                .with(&ORDER, recipient.order)
                .with(&DOCUMENT_ID, recipient.document_id.as_str());
            let members = recipient.place.put(members);
            members.with(&RECIPIENT_STATE, recipient.state.as_str()).with(&TURN, recipient.turn).with(&YOU, recipient.you)
        });
        Members::new()
            .with(&PACKAGE_ID, self.package_id.as_str())
            .with(&NAME, self.name.as_str())
            .with(&STATE, self.state.as_str())
            .with(&VERSION, self.version)
            .with(&OWNER, self.owner.as_str())
            .with(&OWNED, self.owned)
            .with(&CREATED, self.created.to_string())
            .with(&EXPIRES, self.expires.to_string())
            .with_some(&WHY, self.reason.as_deref())
            .with_objects(&DOCUMENTS, documents)
            .with_objects(&RECIPIENTS, recipients)
    }

    fn read(members: &Members) -> Result<Package, Malformed> {
        let document = |entry: Members| {
            Ok(PackageDocument {
                document_id: entry.text(&DOCUMENT_ID)?,
                file_name: entry.text(&FILE_NAME)?,
                sha256: unhex(&entry.text(&SHA256)?).ok_or(Malformed::of(&SHA256, "not a SHA-256 in hex"))?,
                size: entry.integer(&SIZE)?,
                pages: entry.small(&PAGES)?,
                signatures: entry.small(&SIGNATURES)?,
            })
        };
        let recipient = |entry: Members| {
            Ok(Recipient {
                recipient_id: entry.text(&RECIPIENT_ID)?,
                user: entry.text(&USER)?,
                order: entry.small(&ORDER)?,
                document_id: entry.text(&DOCUMENT_ID)?,
                place: Place::take(&entry)?,
                state: known(&RECIPIENT_STATE, RecipientState::from_text(&entry.text(&RECIPIENT_STATE)?))?,
                turn: entry.flag_opt(&TURN)?.unwrap_or(false),
                you: entry.flag_opt(&YOU)?.unwrap_or(false),
            })
        };
        Ok(Package {
            package_id: members.text(&PACKAGE_ID)?,
            name: members.text(&NAME)?,
            state: known(&STATE, PackageState::from_text(&members.text(&STATE)?))?,
            version: members.integer(&VERSION)?,
            owner: members.text(&OWNER)?,
            owned: members.flag_opt(&OWNED)?.unwrap_or(false),
            created: members.time(&CREATED)?,
            expires: members.time(&EXPIRES)?,
            reason: members.text_opt(&WHY)?,
            documents: members.objects(&DOCUMENTS)?.into_iter().map(document).collect::<Result<_, Malformed>>()?,
            recipients: members.objects(&RECIPIENTS)?.into_iter().map(recipient).collect::<Result<_, Malformed>>()?,
        })
    }

    /// The server's answer: 201 where something was made, else 200.
    #[must_use]
    pub fn encode(&self, status: u16) -> Response {
        Response::json(status, &self.members())
    }

    /// The client's reading, of any call that answers with a package.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Package> {
        response.expect(&[200, 201])?;
        Ok(Package::read(&Members::parse(&response.body, MAX_ANSWER)?)?)
    }
}

/// The server's reading of a path that names a package and nothing else.
pub(super) fn package_of_path(template: &str, request: &Request) -> Result<String, Refusal> {
    match match_path(template, &request.path).map(|mut ids| (ids.pop(), ids.pop())) {
        Some((Some(id), None)) => Ok(id),
        _ => Err(ProblemType::PackageUnknown.into()),
    }
}

/// A text of one line for people, with a bound.
pub(super) fn line(field: &Field, text: String, most: usize) -> Result<String, Malformed> {
    // Control characters could forge a line of a log or of a terminal.
    let fits = (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits { Ok(text) } else { Err(Malformed::of(field, "empty, too long or not one line of text")) }
}
