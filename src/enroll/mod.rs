//! The enroll room.
