//! The PDF room: where bytes come from. Takes offsets, gives bytes; never holds the document.

use crate::error::{Error, ErrorKind, Result};

/// Random access to a document's bytes: a file, memory, or a host's callback.
pub trait Source {
    /// The length in bytes; fixed for the life of the value.
    fn len(&self) -> u64;

    /// Reads up to `buf.len()` bytes at `offset` and says how many; 0 only at or past the end or for an empty `buf`.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`] when the medium fails.
    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize>;

    /// The bytes of `[offset, offset + len)`, cut at the end of the document, where they lie in memory in one piece: what is read often need
    /// then not be copied.
    fn held(&self, _offset: u64, _len: usize) -> Option<&[u8]> {
        None
    }

    /// Whether there is nothing to read.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills `buf` from `offset`.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`] when the medium fails or ends early.
    fn read_exact_at(&self, mut offset: u64, mut buf: &mut [u8]) -> Result<()> {
        while !buf.is_empty() {
            let n = self.read_at(offset, buf)?.min(buf.len());
            if n == 0 {
                return Err(Error::new(ErrorKind::SourceUnreadable).at(offset));
            }
            offset += n as u64;
            buf = &mut buf[n..];
        }
        Ok(())
    }

    /// The bytes of `[offset, offset + len)`, cut at the end of the document. The caller bounds `len`.
    ///
    /// # Errors
    /// [`ErrorKind::SourceUnreadable`] when the medium fails.
    fn read_range(&self, offset: u64, len: usize) -> Result<Vec<u8>> {
        let left = self.len().saturating_sub(offset);
        let len = usize::try_from(left).unwrap_or(usize::MAX).min(len);
        let mut bytes = vec![0; len];
        self.read_exact_at(offset, &mut bytes)?;
        Ok(bytes)
    }
}

impl Source for [u8] {
    fn len(&self) -> u64 {
        <[u8]>::len(self) as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(<[u8]>::len(self));
        let rest = &self[start..];
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }

    fn held(&self, offset: u64, len: usize) -> Option<&[u8]> {
        let rest = self.get(usize::try_from(offset).ok()?..)?;
        rest.get(..rest.len().min(len))
    }
}

impl Source for Vec<u8> {
    fn len(&self) -> u64 {
        Vec::len(self) as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        self.as_slice().read_at(offset, buf)
    }

    fn held(&self, offset: u64, len: usize) -> Option<&[u8]> {
        self.as_slice().held(offset, len)
    }
}

impl<S: Source + ?Sized> Source for &S {
    fn len(&self) -> u64 {
        (**self).len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        (**self).read_at(offset, buf)
    }

    fn held(&self, offset: u64, len: usize) -> Option<&[u8]> {
        (**self).held(offset, len)
    }
}
