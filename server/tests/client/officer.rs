//! A server on which certificates wait for a registration officer.

use super::PASSWORD;
use thrivosign_server::{Config, SeedUser};
use zeroize::Zeroizing;

pub const OFFICER: &str = "officer";

/// Certificates wait, and there is an officer for everybody's.
pub fn approving(config: &mut Config) {
    config.officer_approves = true;
    config.officer = Some(SeedUser {
        username: OFFICER.to_owned(),
        password: Zeroizing::new(PASSWORD.to_owned()),
        name: "Olga Officer".to_owned(),
        mobile: "+491700000000".to_owned(),
        email: OFFICER.to_owned(),
        country: None,
    });
}
