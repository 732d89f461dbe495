//! Room `remote`: the user's signature image `[hub]`: a picture that the service shows in the visible signatures that it prepares for the user, where
//! that is asked. One file per call beside this one.

pub mod get;
pub mod remove;
pub mod set;

use super::schema::{Field, Kind, Mark};

/// `[ours]`
pub const PATH: &str = "/rssp/users/me/signature-image";
/// Most bytes of the picture's file.
pub const MAX_IMAGE: usize = 512 << 10;
const IMAGE: Field = Field::new("image", Kind::Bytes, Mark::Ours);
