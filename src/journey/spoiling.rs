//! The room `journey`: what speaks against a signature, its box included. Takes an open document and a request, gives the findings of the sign
//! room, and two more about a new box: that the verifier would no longer call earlier signatures clean, and that other verifiers would not
//! after a certification. The two rooms do not know each other; this is where they are asked together, before anybody's approval is spent.

use crate::error::Result;
use crate::inspect::{Inspection, Risk};
use crate::pdf::{Document, Rect};
use crate::sign::{Preflight, PreflightPolicy, SignatureRequest, preflight};
use crate::verify::box_is_harmless;

/// What speaks against signing the document as `request` says.
///
/// # Errors
/// As [`preflight`], and as [`Placement::resolve`](crate::sign::Placement::resolve) where a new box is looked at.
pub(super) fn spoiling(document: &Document<'_>, request: &SignatureRequest, policy: &PreflightPolicy) -> Result<Preflight> {
    let mut found = preflight(document, request.field.as_deref(), policy)?;
    let Some((page, rect)) = new_box(document, request, &found.inspection)? else { return Ok(found) };
    if found.inspection.certification.is_some() {
        found.add(Risk::NewBoxUnderCertification, page, policy);
    }
    if !box_is_harmless(document, page, rect)?.is_harmless() {
        found.add(Risk::SpoilsEarlierSignature, page, policy);
    }
    Ok(found)
}

/// The page and place of a new visible field, where somebody has signed before.
fn new_box(document: &Document<'_>, request: &SignatureRequest, known: &Inspection) -> Result<Option<(u64, Rect)>> {
    let fields = &known.signature_fields;
    // A field that is there keeps its box, which whoever signed before has seen.
    let exists = fields.iter().any(|field| Some(&field.name) == request.field.as_ref());
    if exists || !fields.iter().any(|field| field.signed) {
        return Ok(None);
    }
    request.placement.in_user_space(document.latest())
}
