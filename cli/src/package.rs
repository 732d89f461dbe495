//! `thrivosign package`: agreements that several people sign in order. The owner's side is `create`, `add`, `assign`, `fill`, `share`, `cancel`; a recipient's
//! is `fetch`, `decline`, and `sign --remote --package`; both ask by `list` and `status`.

use crate::appearance;
use crate::output::{self, Exit};
use crate::place::visible;
use crate::progress::Bar;
use crate::state::{State, StateArgs};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use std::path::PathBuf;
use thrivosign::journey::packages::{self, Asked, Package, PackageDocument, Place, Recipient, Show};
use thrivosign::journey::{Input, Limits, Session, Target, signature_image};
use thrivosign::remote::signature_image::MAX_IMAGE;
use thrivosign::sign::Placement;
use thrivosign::{Error, ErrorKind, Result};

/// Agreements that several people sign in order.
#[derive(Args)]
#[command(after_help = "Examples:
  thrivosign package create 'Loan 4711'                       # pkg-..
  thrivosign package add pkg-.. loan.pdf                      # doc-..
  thrivosign package assign pkg-.. doc-.. ben@bank.example --order 1 --visible 1,72,72,200,60
  thrivosign package share pkg-..

  thrivosign package list --show waiting                      # as Ben
  thrivosign package fetch pkg-.. doc-.. loan.pdf
  thrivosign sign --remote --package pkg-.. loan.pdf signed.pdf")]
pub(crate) struct Packages {
    #[command(flatten)]
    state: StateArgs,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Makes an empty package.
    Create {
        /// What people are shown.
        #[arg(value_name = "NAME")]
        name: String,
        /// After how many days it ends by itself; otherwise after 30.
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(1..=366))]
        days: Option<u64>,
    },
    /// Sends a document and puts it into the package.
    Add {
        /// The package.
        #[arg(value_name = "PACKAGE")]
        package: String,
        /// The document.
        #[arg(value_name = "IN")]
        input: PathBuf,
    },
    /// Asks somebody for a signature in a document of the package.
    Assign {
        /// The package.
        #[arg(value_name = "PACKAGE")]
        package: String,
        /// The document, as `add` named it.
        #[arg(value_name = "DOCUMENT")]
        document: String,
        /// The name that the person logs in with.
        #[arg(value_name = "USER")]
        user: String,
        /// Whoever has a lower one signs before.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
        order: u32,
        /// Name of the signature field; otherwise the person's choice.
        #[arg(long)]
        field: Option<String>,
        /// The box: page from 1, then left, bottom, width and height in points on the page as it is shown; otherwise the person's choice.
        #[arg(long, value_name = "PAGE,X,Y,W,H", value_parser = visible, allow_hyphen_values = true)]
        visible: Option<Placement>,
    },
    /// Fills text fields of a document of the package, before it is shared: all of them or none.
    Fill {
        /// The package.
        #[arg(value_name = "PACKAGE")]
        package: String,
        /// The document, as `add` or `template use` named it.
        #[arg(value_name = "DOCUMENT")]
        document: String,
        /// A field by its full name, and its value; once for each.
        #[arg(long = "field", value_name = "NAME=VALUE", required = true, value_parser = filled)]
        fields: Vec<(String, String)>,
    },
    /// Shares the package: it can no longer be changed, and the first have their turn.
    Share {
        /// The package.
        #[arg(value_name = "PACKAGE")]
        package: String,
    },
    /// Says where the package stands.
    Status {
        /// The package.
        #[arg(value_name = "PACKAGE")]
        package: String,
    },
    /// Lists packages, the newest first.
    List {
        /// The user's own, those received, or of these those that wait for the user.
        #[arg(long, default_value = "owned", value_parser = Show::TEXTS.to_vec())]
        show: String,
    },
    /// Brings a document of the package as it now stands.
    Fetch {
        /// The package.
        #[arg(value_name = "PACKAGE")]
        package: String,
        /// The document, as `status` names it.
        #[arg(value_name = "DOCUMENT")]
        document: String,
        /// The file; it appears whole or not at all.
        #[arg(value_name = "OUT")]
        output: PathBuf,
    },
    /// Sends the picture, PNG or JPEG, that `sign --remote --image` shows; without one, the service keeps none.
    Image {
        /// The picture.
        #[arg(value_name = "IN")]
        input: Option<PathBuf>,
    },
    /// Says no in the user's turn, which ends the package for everybody.
    Decline {
        /// The package.
        #[arg(value_name = "PACKAGE")]
        package: String,
        /// Why; everybody reads it.
        #[arg(long)]
        reason: String,
    },
    /// Takes the user's own package back.
    Cancel {
        /// The package.
        #[arg(value_name = "PACKAGE")]
        package: String,
        /// Why; everybody reads it.
        #[arg(long)]
        reason: String,
    },
}

pub(crate) fn run(task: &Packages, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let (session, limits) = state.session()?;
    let package = match &task.task {
        Task::List { show } => {
            let show = Show::from_text(show).ok_or(ErrorKind::InvalidArgument)?;
            packages::list(&session, show, &limits)?.iter().for_each(|package| tell(package, json));
            return Ok(Exit::Clean);
        }
        Task::Fetch { package, document, output } => return fetch(&session, package, document, output, &limits, json),
        Task::Image { input } => {
            match input {
                Some(path) => signature_image::set(&session, &appearance::read(path, MAX_IMAGE, "IN")?, &limits).map(|_| ())?,
                None => signature_image::remove(&session, &limits)?,
            }
            let sent = input.is_some();
            output::line(&if json {
                json!({"signature_image": sent}).to_string()
            } else {
                format!("signature image: {}", if sent { "sent" } else { "none" })
            });
            return Ok(Exit::Clean);
        }
        Task::Create { name, days } => packages::create(&session, name, days.map(|days| days.saturating_mul(86_400)), &limits)?,
        Task::Add { package, input } => {
            let name = file_name(input);
            let bar = Bar::new("sending");
            let report = |done, total| bar.show(done, total);
            let outcome = packages::add_document(&session, package, &Input::open(input)?, &name, &limits, Some(&report));
            bar.clear();
            outcome?
        }
        Task::Assign { package, document, user, order, field, visible } => {
            let asked = Asked { user, order: *order, document_id: document, place: place(field.as_deref(), visible.as_ref()) };
            packages::assign(&session, package, &asked, &limits)?
        }
        Task::Fill { package, document, fields } => {
            let values: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            packages::fill(&session, package, document, &values, &limits)?
        }
        Task::Share { package } => packages::share(&session, package, &limits)?,
        Task::Status { package } => packages::status(&session, package, &limits)?,
        Task::Decline { package, reason } => packages::decline(&session, package, reason, &limits)?,
        Task::Cancel { package, reason } => packages::cancel(&session, package, reason, &limits)?,
    };
    tell(&package, json);
    Ok(Exit::Clean)
}

/// `NAME=VALUE`.
fn filled(text: &str) -> std::result::Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("a field is NAME=VALUE".to_owned()),
    }
}

/// What the service is told that a file is called.
pub(crate) fn file_name(input: &std::path::Path) -> String {
    input.file_name().map_or_else(|| "document.pdf".into(), |name| name.to_string_lossy().into_owned())
}

pub(crate) fn place(field: Option<&str>, visible: Option<&Placement>) -> Place {
    let place = Place { field: field.map(str::to_owned), ..Place::default() };
    match visible {
        Some(Placement::Visible { page, rect }) => {
            Place { page: Some(*page), rect: Some([rect.x0, rect.y0, rect.x1 - rect.x0, rect.y1 - rect.y0]), ..place }
        }
        _ => place,
    }
}

fn fetch(session: &Session, package: &str, document: &str, output: &std::path::Path, limits: &Limits, json: bool) -> Result<Exit> {
    let found = packages::status(session, package, limits)?;
    let document = document_of(&found, document)?;
    let bar = Bar::new("fetching");
    let report = |done, total| bar.show(done, total);
    let outcome = packages::fetch_to(session, document, Target::file(output), limits, Some(&report));
    bar.clear();
    outcome?;
    let text = format!("fetched: {}, {} bytes", output::printable(&output.to_string_lossy()), document.size);
    output::line(&if json { described(document).to_string() } else { text });
    Ok(Exit::Clean)
}

fn document_of<'p>(package: &'p Package, document: &str) -> Result<&'p PackageDocument> {
    let found = package.documents.iter().find(|one| one.document_id == document);
    found.ok_or_else(|| Error::new(ErrorKind::RecordNotFound).context("the package has no such document"))
}

/// What waits for the user in the package, and nothing else: the first signature that it is the user's turn to make.
pub(crate) fn next(session: &Session, package: &str, limits: &Limits) -> Result<Recipient> {
    packages::next(&packages::status(session, package, limits)?).cloned()
}

fn described(document: &PackageDocument) -> Value {
    json!({
        "document": document.document_id,
        "file_name": document.file_name,
        "sha256": document.sha256.iter().map(|b| format!("{b:02x}")).collect::<String>(),
        "size": document.size,
        "pages": document.pages,
        "signatures": document.signatures,
    })
}

pub(crate) fn tell(package: &Package, json: bool) {
    if json {
        let recipient = |one: &Recipient| {
            json!({
                "recipient": one.recipient_id, "user": one.user, "order": one.order, "document": one.document_id, "field": one.place.field,
                "page": one.place.page, "rect": one.place.rect, "state": one.state.as_str(), "turn": one.turn, "you": one.you,
            })
        };
        let value = json!({
            "package": package.package_id,
            "name": package.name,
            "state": package.state.as_str(),
            "version": package.version,
            "owner": package.owner,
            "owned": package.owned,
            "expires": package.expires.to_string(),
            "reason": package.reason,
            "documents": package.documents.iter().map(described).collect::<Vec<_>>(),
            "recipients": package.recipients.iter().map(recipient).collect::<Vec<_>>(),
        });
        return output::line(&value.to_string());
    }
    // What others wrote goes to a terminal.
    let line = |text: String| output::line(&output::printable(&text));
    let reason = package.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    line(format!(
        "{}  {}{reason}  {}  of {}, until {}",
        package.package_id,
        package.state.as_str(),
        package.name,
        package.owner,
        package.expires
    ));
    for one in &package.documents {
        line(format!("  {}  {}, {} pages, {} signatures", one.document_id, one.file_name, one.pages, one.signatures));
    }
    for one in &package.recipients {
        let turn = if one.turn { ", whose turn it is" } else { "" };
        line(format!("  {}. {}  {}  in {}{turn}", one.order, one.user, one.state.as_str(), one.document_id));
    }
}
