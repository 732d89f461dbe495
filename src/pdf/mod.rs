//! The PDF room: bytes in, objects, revisions and byte ranges out; edits in, appended bytes out.
//!
//! Takes a [`Source`] (never a whole file) and gives a [`Document`] with one [`View`] per revision. It knows no certificate, no
//! CMS and no policy. Reading is lazy: only the objects on the way to what is asked are parsed, each against one budget.
//! What ISO 32000-2 does not allow is reported, never guessed; [`recover`] is for whoever is about to sign a damaged document.

pub mod append;
mod blocks;
pub mod content;
pub mod crypt;
mod document;
pub mod filter;
mod lexer;
mod matrix;
pub mod name_tree;
mod naming;
pub mod number_tree;
mod object;
mod page;
mod parser;
pub mod recover;
mod revision;
mod rows;
mod runs;
mod source;
pub(crate) mod text_string;
pub mod write;
mod xref;

#[cfg(test)]
mod append_tests;
#[cfg(test)]
mod document_tests;
#[cfg(test)]
mod page_tests;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod xref_tests;

pub use document::{Document, Indirect, View};
pub use lexer::{Lexer, Token};
pub use matrix::{Matrix, Point, bounds};
pub use object::{Dictionary, Entry, Name, Object, ObjectId, PdfString, Span, Stream, StreamData};
pub use page::{Page, Rect};
pub use parser::Parser;
pub use revision::Revision;
pub use source::Source;
pub use xref::{Section, SectionKind, XrefEntry};
