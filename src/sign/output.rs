//! The sign room: where finished bytes go. Takes bytes in order, and once more the bytes of the signature at their place.

use crate::error::{Error, ErrorKind, Result};

/// A place to write a document to: a file that appears whole or not at all, or memory.
pub trait Output {
    /// Appends `bytes`.
    ///
    /// # Errors
    /// [`ErrorKind::OutputUnwritable`].
    fn write(&mut self, bytes: &[u8]) -> Result<()>;

    /// Replaces bytes that were written before.
    ///
    /// # Errors
    /// [`ErrorKind::OutputUnwritable`]; [`ErrorKind::InvalidArgument`] if they were not all written yet.
    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()>;
}

impl Output for Vec<u8> {
    fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.try_reserve(bytes.len()).map_err(|_| Error::new(ErrorKind::OutputUnwritable).context("memory"))?;
        self.extend_from_slice(bytes);
        Ok(())
    }

    fn write_at(&mut self, offset: u64, bytes: &[u8]) -> Result<()> {
        let start = usize::try_from(offset).ok();
        let place = start.and_then(|start| self.get_mut(start..start.checked_add(bytes.len())?));
        place
            .ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("only what was written can be replaced"))?
            .copy_from_slice(bytes);
        Ok(())
    }
}
