//! The sign room: a document and an identity become a signed document, in stages that are types.
//!
//! ```text
//! Document --plan--> Plan --hash | copy--> Prepared --to_be_signed--> ToBeSigned --accept--> SignatureValue --complete | patch--> SignedPdf
//! ```
//!
//! Takes documents, certificates, the time and random bytes as arguments, gives bytes. Each type can only be made by the arrow before
//! it, so whoever holds a [`ToBeSigned`] has prepared and hashed a document: no function here takes a bare hash. The private key is
//! never seen: it answers the message of [`ToBeSigned`], and its answer is checked before it is used. Between [`Prepared`] and
//! [`SignatureValue`] days may pass: [`Prepared::to_blob`]. Where somebody else prepared the revision, [`rebuilt`] decides whether it
//! is what was asked for.

mod acro_form;
mod attachment;
mod blob;
mod complete;
mod conformance;
mod contents;
mod dss;
mod field;
mod fields;
mod form;
mod free_place;
mod hollow;
mod identity;
mod look;
mod new_field;
mod output;
mod permission;
mod placement;
mod plan;
mod preflight;
mod prepared;
pub mod rebuilt;
mod request;
mod restriction;
mod seed;
mod seed_certificate;
mod stamp;
mod tags;
mod text_fields;
mod token;

pub use attachment::Attachment;
pub use blob::Unproven;
pub use complete::SignedPdf;
pub use dss::{Additions, add_evidence};
pub use fields::{EmptyField, add_fields};
pub use identity::SigningIdentity;
pub use output::Output;
pub use placement::{Anchor, Placement, Size};
pub use plan::{Plan, plan, plan_with, prepare};
pub use preflight::{Preflight, PreflightPolicy, preflight};
pub use prepared::{Prepared, SignatureValue, ToBeSigned};
pub use request::SignatureRequest;
pub use restriction::{DocMdp, FieldLock};
pub use stamp::{PreparedStamp, StampPlan, StampRequest, StampedPdf, plan_stamp};
pub use text_fields::{Unfilled, Unfit, fill_texts};

#[cfg(test)]
mod attachment_tests;
#[cfg(test)]
mod fields_tests;
#[cfg(test)]
mod huge_tests;
#[cfg(test)]
mod placement_tests;
#[cfg(test)]
mod rebuilt_tests;
#[cfg(test)]
mod restriction_tests;
#[cfg(test)]
mod tags_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod text_fields_tests;
