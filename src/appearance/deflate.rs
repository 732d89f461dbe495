//! The appearance room: compression. Takes bytes, gives them as FlateDecode has them (ISO 32000-2 7.4.4).

use crate::error::{Error, ErrorKind, Result};
use std::io::Write;

pub(super) fn deflated(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    // Memory does not fail to be written to.
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|error| Error::new(ErrorKind::Internal).caused_by(error))
}
