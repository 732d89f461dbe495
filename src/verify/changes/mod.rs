//! The verify room: what changed after signing.

pub mod marks;
