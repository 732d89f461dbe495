//! The journey room.
