//! The pki room.
