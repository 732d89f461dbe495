//! Room `remote`: templates `[hub]`: an agreement, and who in which role signs it where and in which order. Used with a person for each role, a template
//! makes a package. One file per call beside this one.

pub mod apply;
pub mod create;
pub mod list;
pub mod remove;

use super::http::{Request, Response, match_path};
use super::json::{MAX_JSON, Malformed, Members};
use super::package::{DOCUMENT_ID, FIELD, NAME, ORDER, PAGE, Place, RECT, line};
use super::problem::{ProblemType, Refusal};
use super::schema::{Field, Kind, Mark};
use crate::error::Result;

/// Most signatures of a template.
pub const MAX_PLACES: usize = 50;
/// Most characters of a role.
pub const MAX_ROLE: usize = 60;
/// `[hub]`
const TEMPLATE_ID: Field = Field::new("templateID", Kind::Id, Mark::Hub);
const ROLE: Field = Field::new("role", Kind::Text, Mark::Hub);
const PLACES: Field = Field::new("places", Kind::Objects(&[ROLE, ORDER, FIELD, PAGE, RECT]), Mark::Ours);
const TEMPLATE: &[Field] = &[TEMPLATE_ID, NAME, DOCUMENT_ID, PLACES];

/// A template.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// Its id.
    pub template_id: String,
    /// Its name, which is that of packages made of it.
    pub name: String,
    /// The agreement that is copied; nobody signs it itself.
    pub document_id: String,
    /// Who signs it where.
    pub places: Vec<RolePlace>,
}

/// A signature that a role is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct RolePlace {
    /// What the person is in it: borrower, bank.
    pub role: String,
    /// Whoever has a lower one signs before.
    pub order: u32,
    /// Where.
    pub place: Place,
}

fn put(places: &[RolePlace]) -> impl Iterator<Item = Members> {
    places.iter().map(|one| one.place.put(Members::new().with(&ROLE, one.role.as_str()).with(&ORDER, one.order)))
}

fn take(members: &Members) -> Result<Vec<RolePlace>, Malformed> {
    let one = |entry: Members| {
        let place = Place::take(&entry)?;
        if place.page.is_some() != place.rect.is_some() {
            return Err(Malformed::of(&RECT, "page and rect: both or neither"));
        }
        let order = entry.small(&ORDER)?;
        if !(1..=super::package::add_recipient::MAX_ORDER).contains(&order) {
            return Err(Malformed::of(&ORDER, "not from 1 to 1000"));
        }
        Ok(RolePlace { role: line(&ROLE, entry.text(&ROLE)?, MAX_ROLE)?, order, place })
    };
    let places: Vec<RolePlace> = members.objects(&PLACES)?.into_iter().map(one).collect::<Result<_, _>>()?;
    if (1..=MAX_PLACES).contains(&places.len()) { Ok(places) } else { Err(Malformed::of(&PLACES, "not from 1 to 50")) }
}

impl Template {
    fn members(&self) -> Members {
        Members::new()
            .with(&TEMPLATE_ID, self.template_id.as_str())
            .with(&NAME, self.name.as_str())
            .with(&DOCUMENT_ID, self.document_id.as_str())
            .with_objects(&PLACES, put(&self.places))
    }

    fn read(members: &Members) -> Result<Template, Malformed> {
        Ok(Template {
            template_id: members.text(&TEMPLATE_ID)?,
            name: members.text(&NAME)?,
            document_id: members.text(&DOCUMENT_ID)?,
            places: take(members)?,
        })
    }

    /// The server's answer to whoever made it.
    #[must_use]
    pub fn encode(&self) -> Response {
        Response::json(201, &self.members())
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<Template> {
        response.expect(&[201, 200])?;
        Ok(Template::read(&Members::parse(&response.body, MAX_JSON)?)?)
    }
}

fn template_of_path(template: &str, request: &Request) -> Result<String, Refusal> {
    match match_path(template, &request.path).map(|mut ids| (ids.pop(), ids.pop())) {
        Some((Some(id), None)) => Ok(id),
        _ => Err(ProblemType::TemplateUnknown.into()),
    }
}
