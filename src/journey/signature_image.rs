//! The room `journey`: the user's signature image, kept by the service for the visible signatures that it prepares. Takes a session and a picture's file.
//! A device signs with it only if it has the same picture: what the service prepared must be, byte for byte, what the device would draw.

use super::retry::Limits;
use super::session::Session;
use crate::appearance::Image;
use crate::error::{Error, ErrorKind, Result};
use crate::remote::json::MAX_JSON;
use crate::remote::schema::Access;
use crate::remote::signature_image::{MAX_IMAGE, get as get_call, remove as remove_call, set as set_call};

/// After the call the service has that picture, a PNG or JPEG file of at most 512 KiB, in place of any other.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] if it is none; what the service or the network says, so for every function here.
pub fn set(session: &Session, file: &[u8], limits: &Limits) -> Result<Image> {
    if file.len() > MAX_IMAGE {
        return Err(Error::new(ErrorKind::InvalidArgument).context("a signature image has at most 512 KiB"));
    }
    let image = Image::read(file)?;
    let call = set_call::SetSignatureImage { image: file.to_vec() };
    set_call::decode_done(&session.send(Access::Token, call.encode(), MAX_JSON as u64, limits)?)?;
    Ok(image)
}

/// The picture that the service has, decoded and checked: for [`Appearance::image`](crate::appearance::Appearance::image), once the user has seen it.
///
/// # Errors
/// [`ErrorKind::RecordNotFound`] if there is none; [`ErrorKind::BadAnswer`] if what it has is no picture.
pub fn get(session: &Session, limits: &Limits) -> Result<Image> {
    fetched(session, limits).map(|(_, image)| image)
}

/// The file of that picture, the very bytes that were sent, checked likewise: for whoever shows it, and keeps it to sign with.
///
/// # Errors
/// As [`get`].
pub fn file(session: &Session, limits: &Limits) -> Result<Vec<u8>> {
    fetched(session, limits).map(|(file, _)| file)
}

fn fetched(session: &Session, limits: &Limits) -> Result<(Vec<u8>, Image)> {
    let file = get_call::decode(&session.send(Access::Token, get_call::request(), MAX_JSON as u64, limits)?)?;
    let image = Image::read(&file)
        .map_err(|error| Error::new(ErrorKind::BadAnswer).context("the signature image is no picture").caused_by(error))?;
    Ok((file, image))
}

/// After the call the service has none.
///
/// # Errors
/// What the service or the network says.
pub fn remove(session: &Session, limits: &Limits) -> Result<()> {
    remove_call::decode_done(&session.send(Access::Token, remove_call::request(), MAX_JSON as u64, limits)?)
}
