//! Room `remote`: what a registration officer does `[ours]`: looks at the requests for certificates that wait, approves or rejects them, and revokes lost
//! devices with all that was certified on them. One file per call beside this one.

pub mod decide;
pub mod devices;
pub mod requests;
pub mod revoke_device;

use super::http::{Request, match_path};
use super::problem::{ProblemType, Refusal};
use super::register_device::SecurityLevel;
use super::schema::{Field, Kind, Mark};

/// Most characters of the reason of a rejection.
pub const MAX_REASON: usize = 500;
const REQUEST_ID: Field = Field::new("requestID", Kind::Id, Mark::Ours);
const DEVICE_UUID: Field = Field::new("deviceUUID", Kind::Id, Mark::Ours);
const USER_ID: Field = Field::new("userID", Kind::Id, Mark::Ours);
const NAME: Field = Field::new("name", Kind::Text, Mark::Ours);
const EMAIL: Field = Field::new("email", Kind::Text, Mark::Ours);
const COMPANY: Field = Field::new("company", Kind::Text, Mark::Ours).optional();
const DEVICE_NAME: Field = Field::new("deviceName", Kind::Text, Mark::Ours);
const PLATFORM: Field = Field::new("platform", Kind::Text, Mark::Ours);
const SECURITY_LEVEL: Field = Field::new("securityLevel", Kind::OneOf(SecurityLevel::TEXTS), Mark::Ours);

/// A user as an officer sees one. All but the id is what the user said at registration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applicant {
    /// The user's id.
    pub user_id: String,
    /// The name that enters certificates.
    pub name: String,
    /// Where messages go.
    pub email: String,
    /// The company, if the user named one.
    pub company: Option<String>,
}

/// The one id of a path.
fn id_of_path(template: &str, request: &Request) -> Result<String, Refusal> {
    match match_path(template, &request.path).map(|mut ids| (ids.pop(), ids.pop())) {
        Some((Some(id), None)) => Ok(id),
        _ => Err(ProblemType::NotFound.into()),
    }
}
