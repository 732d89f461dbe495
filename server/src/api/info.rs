//! `GET /rssp/info` and `POST /csc/v1/info`: what the service is.

use super::{No, Service, Visit};
use crate::web::Reply;
use thrivosign::remote::info::Info;

/// Says what the service is and what time it has.
pub(super) fn info(_: &Service, visit: Visit) -> Result<Reply, No> {
    let info = Info {
        name: "ThrivoSign demo Server-Signer".to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        build: "demo".to_owned(),
        time: visit.now,
    };
    Ok(info.encode().into())
}
