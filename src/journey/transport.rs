//! The room `journey`: the door to the network that every journey with a service takes as an argument.

pub use crate::remote::transport::{Call, Transport};
