//! The pdf room.
