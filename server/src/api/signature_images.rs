//! The user's signature image: set, given back and removed by the user alone. It is decoded before it is kept, so that what is kept can be drawn.

use super::{No, Service, Visit};
use crate::failure::Failure;
use crate::store::signature_images as images;
use crate::web::Reply;
use thrivosign::appearance::Image;
use thrivosign::remote::problem::{Problem, ProblemType};
use thrivosign::remote::signature_image::set::SetSignatureImage;
use thrivosign::remote::signature_image::{get as get_call, remove as remove_call, set as set_call};

/// Sets or replaces it.
pub(super) fn set(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    let asked = SetSignatureImage::decode(&visit.request)?;
    Image::read(&asked.image).map_err(|error| {
        let why = error.context_text().unwrap_or_default().to_owned();
        No::from(Problem::new(ProblemType::SignatureImageRefused).detail(why))
    })?;
    service.store.transact(|tx| Ok::<_, No>(images::set(tx, user, &asked.image, visit.now)?))?;
    Ok(set_call::done().into())
}

/// Gives it back.
pub(super) fn get(service: &Service, visit: Visit) -> Result<Reply, No> {
    let image = service.store.transact(|tx| images::find(tx, visit.caller.user()?)?.ok_or(No::from(ProblemType::SignatureImageUnknown)))?;
    Ok(get_call::encode(&image).into())
}

/// Removes it.
pub(super) fn remove(service: &Service, visit: Visit) -> Result<Reply, No> {
    let user = visit.caller.user()?;
    service.store.transact(|tx| Ok::<_, No>(images::remove(tx, user)?))?;
    Ok(remove_call::done().into())
}

/// The user's picture, to be drawn.
pub(super) fn drawn(service: &Service, user: &str) -> Result<Image, No> {
    let file = service.store.transact(|tx| images::find(tx, user)?.ok_or(No::from(ProblemType::SignatureImageUnknown)))?;
    Ok(Image::read(&file).map_err(Failure::at("a stored signature image is damaged"))?)
}
