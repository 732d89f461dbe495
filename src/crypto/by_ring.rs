//! The crypto room: digests by ring, in the form of RustCrypto's.
//!
//! Takes bytes, gives digest values. A context can be cloned: nested signed ranges share their prefix.

use ring::digest;

macro_rules! by_ring {
    ($($name:ident = $algorithm:ident;)*) => { $(
        #[derive(Clone)]
        pub(super) struct $name(digest::Context);

        impl $name {
            pub(super) fn new() -> $name {
                $name(digest::Context::new(&digest::$algorithm))
            }

            pub(super) fn update(&mut self, bytes: &[u8]) {
                self.0.update(bytes);
            }

            pub(super) fn finalize(self) -> digest::Digest {
                self.0.finish()
            }

            pub(super) fn digest(message: &[u8]) -> digest::Digest {
                digest::digest(&digest::$algorithm, message)
            }
        }
    )* };
}

by_ring! {
    Sha256 = SHA256;
    Sha384 = SHA384;
    Sha512 = SHA512;
}
