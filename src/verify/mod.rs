//! The verify room.
pub mod changes;
