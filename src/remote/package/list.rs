//! Room `remote`: `GET /rssp/packages` `[hub]`: what the user made, and what waits for the user. Both directions of one call.

use super::super::http::{Method, Request, Response};
use super::super::json::{Malformed, Members, wire_enum};
use super::super::problem::Refusal;
use super::super::schema::{Answer, Content, Field, Kind, Mark, Operation};
use super::{MAX_ANSWER, PACKAGE, Package};
use crate::error::Result;

/// `[hub]`
pub const PATH: &str = "/rssp/packages";
/// Most packages of an answer: the newest.
pub const MOST: u32 = 100;
const SHOW: Field = Field::new("show", Kind::OneOf(Show::TEXTS), Mark::Ours).optional();
const PACKAGES: Field = Field::new("packages", Kind::Objects(PACKAGE), Mark::Hub);
const ANSWER: &[Field] = &[PACKAGES];

wire_enum! {
    /// Which packages.
    Show {
        /// Those that the user made.
        Owned = "owned",
        /// Those that the user is a recipient of.
        Received = "received",
        /// Of these, those in which it is the user's turn.
        Waiting = "waiting",
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    query: &[SHOW],
    answers: &[Answer { status: 200, when: "always: the newest, at most 100", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new("listPackages", Method::Get, PATH, Mark::Hub, "Lists packages: the user's own, those received, or those that wait.")
};

/// The request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListPackages {
    /// Which; the user's own if nothing is said.
    pub show: Show,
}

impl ListPackages {
    /// The client's request.
    #[must_use]
    pub fn encode(self) -> Request {
        let mut request = Request::new(Method::Get, PATH);
        request.query.push((SHOW.name.to_owned(), self.show.as_str().to_owned()));
        request
    }

    /// The server's reading.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<ListPackages, Refusal> {
        let named = request.query.iter().any(|(name, _)| name == SHOW.name);
        let show = match request.query(SHOW.name) {
            None if !named => Some(Show::Owned),
            text => text.and_then(Show::from_text),
        };
        Ok(ListPackages { show: show.ok_or(Malformed::of(&SHOW, "not one of the known values"))? })
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Packages(pub Vec<Package>);

impl Packages {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        Response::json(200, &Members::new().with_objects(&PACKAGES, self.0.iter().map(Package::members)))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Packages> {
        response.expect(&[200])?;
        let members = Members::parse(&response.body, MAX_ANSWER)?;
        let all = members.objects(&PACKAGES)?;
        Ok(Packages(all.iter().map(Package::read).collect::<Result<_, Malformed>>()?))
    }
}
