//! The PDF room: small reads of a document that is not in memory. Takes a source, gives the same bytes from the few blocks that were read last:
//! an object has fifty bytes and its table entry twenty, and each would be a call to the system, or through a host's own reader.
//!
//! What is read in greater pieces passes through. For parsing alone: what is hashed or copied is read from the source itself, or a document that is
//! exchanged meanwhile would go unnoticed.

use super::source::Source;
use crate::error::Result;
use std::cell::RefCell;
use std::rc::Rc;

const BLOCK: usize = 16 << 10;
/// Tables and objects, of two revisions, gone through side by side, and what they lead to.
const MOST: usize = 12;

pub(super) struct Blocks<'s> {
    source: &'s dyn Source,
    /// By their place, the one used last in front.
    held: RefCell<Vec<(u64, Rc<[u8]>)>>,
}

impl<'s> Blocks<'s> {
    pub(super) fn of(source: &'s dyn Source) -> Blocks<'s> {
        Blocks { source, held: RefCell::default() }
    }

    /// What it reads from.
    pub(super) fn given(&self) -> &'s dyn Source {
        self.source
    }

    /// The block at `start`, cut at the document's end.
    fn block(&self, start: u64) -> Result<Rc<[u8]>> {
        let mut held = self.held.borrow_mut();
        let block = match held.iter().position(|(at, _)| *at == start) {
            Some(0) => return Ok(held.first().map_or_else(|| [].into(), |(_, block)| Rc::clone(block))),
            Some(at) => held.remove(at),
            None => {
                held.truncate(MOST - 1);
                (start, self.source.read_range(start, BLOCK)?.into())
            }
        };
        held.insert(0, block.clone());
        Ok(block.1)
    }
}

impl Source for Blocks<'_> {
    fn len(&self) -> u64 {
        self.source.len()
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        if let Some(held) = self.source.held(offset, buf.len()) {
            buf[..held.len()].copy_from_slice(held);
            return Ok(held.len());
        }
        if buf.len() >= BLOCK {
            return self.source.read_at(offset, buf);
        }
        let within = (offset % BLOCK as u64) as usize;
        let block = self.block(offset - within as u64)?;
        let rest = block.get(within..).unwrap_or(&[]);
        let read = rest.len().min(buf.len());
        buf[..read].copy_from_slice(&rest[..read]);
        Ok(read)
    }

    fn held(&self, offset: u64, len: usize) -> Option<&[u8]> {
        self.source.held(offset, len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    /// Bytes that are not in memory, and how often they were asked for.
    struct Counted(Vec<u8>, Cell<u32>);

    impl Source for Counted {
        fn len(&self) -> u64 {
            Source::len(&self.0)
        }

        fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
            self.1.set(self.1.get() + 1);
            self.0.read_at(offset, buf)
        }
    }

    #[test]
    fn the_same_bytes_with_fewer_calls() {
        let bytes: Vec<u8> = (0..5 * BLOCK + 7).map(|n| (n * 31 % 251) as u8).collect();
        let counted = Counted(bytes.clone(), Cell::new(0));
        let blocks = Blocks::of(&counted);
        for len in [0, 1, 20, 1024, BLOCK - 1, BLOCK, 2 * BLOCK] {
            for at in (0..bytes.len() + 3).step_by(997) {
                let wanted = bytes.get(at..bytes.len().min(at + len)).unwrap_or(&[]);
                assert_eq!(blocks.read_range(at as u64, len).unwrap(), wanted, "{at} {len}");
            }
        }
        counted.1.set(0);
        for at in 0..bytes.len() as u64 {
            blocks.read_range(at, 20).unwrap();
        }
        assert!(counted.1.get() <= 6, "{}", counted.1.get());
    }

    #[test]
    fn a_source_that_fails_is_asked_again() {
        struct Once(Cell<bool>);
        impl Source for Once {
            fn len(&self) -> u64 {
                40_000
            }

            fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
                if self.0.replace(true) {
                    buf.fill(7);
                    return Ok(buf.len());
                }
                Err(crate::error::Error::new(crate::ErrorKind::SourceUnreadable).at(offset))
            }
        }
        let once = Once(Cell::new(false));
        let blocks = Blocks::of(&once);
        assert!(blocks.read_range(0, 10).is_err());
        assert_eq!(blocks.read_range(0, 10).unwrap(), [7; 10]);
    }
}
