//! The inspect room.
