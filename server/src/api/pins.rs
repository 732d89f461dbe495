//! `GET /rssp/pins`: what the operator has published.

use super::{No, Service, Visit};
use crate::web::Reply;
use thrivosign::remote::pins as call;
use thrivosign::remote::problem::ProblemType;

/// Gives the document of pins.
pub(super) fn pins(service: &Service, _: Visit) -> Result<Reply, No> {
    match service.pins() {
        Some(document) => Ok(call::encode(document.trim()).into()),
        None => Err(ProblemType::NotFound.into()),
    }
}
