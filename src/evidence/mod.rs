//! The evidence room: what proves a signature later: certificates, OCSP responses, lists of revoked certificates.
//!
//! Takes chains and answers, gives what is missing, what is held, and how a PDF stores it (the document security store). Sees `pdf`, `pki` and
//! `cms`. Fetches nothing, asks no clock, and never judges a signature: what it holds is untrusted until somebody does.

pub mod bundle;
pub mod dss;
pub mod gather;
pub mod need;
pub mod raised;
pub mod token;

pub use bundle::{Bundle, Item, Kind};
pub use dss::{Dss, Vri, VriKey};
pub use gather::{Gathered, Gathering};
pub use need::{Need, Subject, need};
pub use raised::{Goal, Raised, Unanswered};
pub use token::{Token, TokenFault, TokenRequest};
