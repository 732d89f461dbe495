//! The desk: the outbox of one-time codes, which exists only in a demo: takes messages, shows them to
//! this machine alone. Nothing of it is written to disk.

mod outbox;
mod page;

pub(crate) use outbox::Message;
pub use outbox::Outbox;
pub(crate) use page::outbox_page;
