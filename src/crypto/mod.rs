//! The crypto room.
