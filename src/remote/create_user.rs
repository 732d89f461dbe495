//! Room `remote`: `POST /rssp/users` `[ours]`, a function that the vendor names. Both directions of one call.

use super::http::{Method, Request, Response};
use super::json::{MAX_JSON, Malformed, Members, known, wire_enum};
use super::package::line;
use super::problem::{Problem, ProblemType, Refusal};
use super::schema::{Access, Answer, Content, Field, Kind, Mark, Operation};
use crate::error::Result;

/// `[ours]`
pub const PATH: &str = "/rssp/users";
const NAME: Field = Field::new("name", Kind::Text, Mark::Ours);
const EMAIL: Field = Field::new("email", Kind::Text, Mark::Ours);
const MOBILE: Field = Field::new("mobile", Kind::Text, Mark::Ours);
const KIND: Field = Field::new("kind", Kind::OneOf(UserKind::TEXTS), Mark::Ours);
const COMPANY: Field = Field::new("company", Kind::Text, Mark::Ours).optional();
const REQUEST: &[Field] = &[NAME, EMAIL, MOBILE, KIND, COMPANY];
const USER_ID: Field = Field::new("userID", Kind::Id, Mark::Ours);
pub(super) const STATUS: Field = Field::new("status", Kind::OneOf(UserStatus::TEXTS), Mark::Ours);
const ANSWER: &[Field] = &[USER_ID, STATUS];

/// Most characters of a name.
const MAX_NAME: usize = 200;
/// RFC 5321 4.5.3.1.3, without the angle brackets.
const MAX_EMAIL: usize = 254;
/// A country code and a number (ITU-T E.164: 15 digits), with room for what people write between them.
const MAX_MOBILE: usize = 32;

wire_enum! {
    /// What kind of user.
    UserKind {
        /// A person.
        Individual = "individual",
        /// Who looks after a company's users.
        CompanyAdmin = "company_admin",
        /// Somebody of a company.
        CompanyUser = "company_user",
    }
}

wire_enum! {
    /// How far a user has come.
    UserStatus {
        /// A code was sent, and is waited for.
        PendingActivation = "pending_activation",
        /// May log in.
        Active = "active",
    }
}

/// The call as data.
pub const OPERATION: Operation = Operation {
    access: Access::ApiKey,
    request: Content::Json(REQUEST),
    answers: &[Answer { status: 201, when: "a code was sent to the mobile number", content: Content::Json(ANSWER), headers: &[] }],
    ..Operation::new(
        "createUser",
        Method::Post,
        PATH,
        Mark::Ours,
        "Registers a user, who is asked for a code. Whether there is an account for the address is not told.",
    )
};

/// The request.
#[derive(Clone, PartialEq, Eq)]
pub struct CreateUser {
    /// As it shall stand in certificates.
    pub name: String,
    /// What the user logs in with.
    pub email: String,
    /// Where codes go: `+` and digits, spaces between them.
    pub mobile: String,
    /// What kind of user.
    pub kind: UserKind,
    /// The company's name, for its users; none for a person.
    pub company: Option<String>,
}

impl CreateUser {
    /// The client's request.
    #[must_use]
    pub fn encode(&self) -> Request {
        let members = Members::new()
            .with(&NAME, self.name.as_str())
            .with(&EMAIL, self.email.as_str())
            .with(&MOBILE, self.mobile.as_str())
            .with(&KIND, self.kind.as_str());
        let members = match &self.company {
            Some(company) => members.with(&COMPANY, company.as_str()),
            None => members,
        };
        Request::new(Method::Post, PATH).with_json(&members)
    }

    /// The server's reading.
    ///
    /// # Errors
    /// A problem of the kind malformed-request.
    pub fn decode(request: &Request) -> Result<CreateUser, Refusal> {
        let members = Members::parse(request.body.bytes(), MAX_JSON)?;
        let kind = known(&KIND, UserKind::from_text(&members.text(&KIND)?))?;
        let company = members.text_opt(&COMPANY)?.map(|text| line(&COMPANY, text, MAX_NAME)).transpose()?;
        if (kind == UserKind::Individual) != company.is_none() {
            return Err(Problem::new(ProblemType::MalformedRequest).detail("company: for its users, and for nobody else").into());
        }
        let email = line(&EMAIL, members.text(&EMAIL)?, MAX_EMAIL)?;
        let (local, host) = email.rsplit_once('@').unwrap_or_default();
        if local.is_empty() || host.is_empty() || email.contains(char::is_whitespace) {
            return Err(Malformed::of(&EMAIL, "no address").into());
        }
        let mobile = line(&MOBILE, members.text(&MOBILE)?, MAX_MOBILE)?;
        let digits = mobile.strip_prefix('+').unwrap_or_default();
        let count = digits.chars().filter(char::is_ascii_digit).count();
        if !(7..=15).contains(&count) || !digits.chars().all(|c| c.is_ascii_digit() || c == ' ') {
            return Err(Malformed::of(&MOBILE, "no number such as +230 5000 0001").into());
        }
        Ok(CreateUser { name: line(&NAME, members.text(&NAME)?, MAX_NAME)?, email, mobile, kind, company })
    }
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CreatedUser {
    /// The user's id, which the code activates.
    pub user_id: String,
    /// How far the user has come.
    pub status: UserStatus,
}

impl CreatedUser {
    /// The server's answer.
    #[must_use]
    pub fn encode(&self) -> Response {
        Response::json(201, &Members::new().with(&USER_ID, self.user_id.as_str()).with(&STATUS, self.status.as_str()))
    }

    /// The client's reading.
    ///
    /// # Errors
    /// What the service said, or [`crate::ErrorKind::BadAnswer`].
    pub fn decode(response: &Response) -> Result<CreatedUser> {
        response.expect(&[201, 200])?;
        let members = Members::parse(&response.body, MAX_JSON)?;
        let status = known(&STATUS, UserStatus::from_text(&members.text(&STATUS)?))?;
        Ok(CreatedUser { user_id: members.text(&USER_ID)?, status })
    }
}
