//! The C border: the enumerations of packages, as numbers for the header. Values never move.

use crate::enums::unknown;
use thrivosign::Result;
use thrivosign::journey::packages::{PackageState, RecipientState, Show};

/// Which packages.
#[repr(C)]
pub enum thrivosign_package_view {
    /// Those that the user made.
    Owned = 1,
    /// Those that the user is a recipient of.
    Received = 2,
    /// Of these, those in which it is the user's turn.
    Waiting = 3,
}

pub(crate) fn package_view_in(value: i32) -> Result<Show> {
    use thrivosign_package_view as In;
    Ok(match value {
        x if x == In::Owned as i32 => Show::Owned,
        x if x == In::Received as i32 => Show::Received,
        x if x == In::Waiting as i32 => Show::Waiting,
        _ => return Err(unknown("package_view")),
    })
}

/// Where a package stands. The last four are final.
#[repr(C)]
pub enum thrivosign_package_status {
    /// The owner is putting it together; nobody else sees it.
    Draft = 1,
    /// It goes from recipient to recipient.
    Shared = 2,
    /// Everybody has signed.
    Completed = 3,
    /// A recipient said no.
    Declined = 4,
    /// The owner took it back.
    Cancelled = 5,
    /// Its time ran out before everybody had signed.
    Expired = 6,
}

pub(crate) fn package_state_out(value: PackageState) -> i32 {
    use thrivosign_package_status as Out;
    let known = match value {
        PackageState::Draft => Out::Draft,
        PackageState::Shared => Out::Shared,
        PackageState::Completed => Out::Completed,
        PackageState::Declined => Out::Declined,
        PackageState::Cancelled => Out::Cancelled,
        PackageState::Expired => Out::Expired,
    };
    known as i32
}

/// Where a recipient's signature stands.
#[repr(C)]
pub enum thrivosign_recipient_state {
    /// It is still to be made.
    Pending = 1,
    /// It was made.
    Signed = 2,
    /// It was refused.
    Declined = 3,
}

pub(crate) fn recipient_state_out(value: RecipientState) -> i32 {
    use thrivosign_recipient_state as Out;
    let known = match value {
        RecipientState::Pending => Out::Pending,
        RecipientState::Signed => Out::Signed,
        RecipientState::Declined => Out::Declined,
    };
    known as i32
}
