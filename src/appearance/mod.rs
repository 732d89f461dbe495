//! The appearance room.
