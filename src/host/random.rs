//! The host room: random bytes of the operating system, fit for keys, salts and nonces.

use crate::error::{Error, ErrorKind, Result};

/// Fills `buf` with random bytes of the operating system; after an error its content must not be used.
///
/// # Errors
/// [`ErrorKind::RandomUnavailable`] when the system has none to give.
pub fn fill(buf: &mut [u8]) -> Result<()> {
    getrandom::fill(buf).map_err(|cause| Error::new(ErrorKind::RandomUnavailable).caused_by(cause))
}

/// `N` random bytes.
///
/// # Errors
/// [`ErrorKind::RandomUnavailable`] when the system has none to give.
pub fn bytes<const N: usize>() -> Result<[u8; N]> {
    let mut out = [0_u8; N];
    fill(&mut out)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_draws_differ() {
        let (a, b) = (super::bytes::<32>().unwrap(), super::bytes::<32>().unwrap());
        assert_ne!(a, b);
        assert_ne!(a, [0; 32]);
    }
}
