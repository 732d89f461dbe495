//! The render room: a report for people. Takes the verifier's report and a table of words, gives text for a terminal or one HTML page. Every
//! line of either comes from the same rows, and none of them judges: what is shown is what the report says.
//!
//! Whoever writes a document chooses names, reasons and field names in it, and would like to write into the page as well: all of that passes
//! through `plain` before it is shown.

mod english;
mod etsi;
mod failure;
mod german;
mod html;
mod plain;
mod rows;
mod text;
mod verdict;
mod words;
mod xml;

pub use etsi::{etsi, etsi_failure};
pub use failure::html_failure;
pub use html::html;
pub use plain::plain;
pub use text::{text, text_diff};
pub use words::{ENGLISH, GERMAN, LANGUAGES, Table, Words, all_words, built_in, word};

#[cfg(test)]
mod tests;
