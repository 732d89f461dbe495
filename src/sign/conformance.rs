//! The sign room: what a document keeps and a signature must not break: PDF/A (ISO 19005), PDF/UA (ISO 14289), tags. Takes a view, gives
//! what may be drawn and what the new widget owes. The claim decides, not whether it is true: who signs a document that claims nothing
//! owes nothing.

use super::permission::Permissions;
use super::tags;
use crate::appearance::{Colours, Constraints, FontEmbedding, Transparency};
use crate::error::{ErrorKind, Result};
use crate::inspect::{self, Claims};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId, Page, Rect, View};

/// Most output intents that are looked at.
const MAX_INTENTS: usize = 16;

/// What a document keeps.
pub(super) struct Conformance {
    claims: Claims,
    tagged: bool,
    /// What may be drawn into the document.
    pub(super) constraints: Constraints,
}

/// A widget that a signature brings.
pub(super) struct NewWidget<'a> {
    pub(super) id: ObjectId,
    pub(super) page: &'a Page,
    pub(super) rect: Rect,
    /// The field's name in full.
    pub(super) name: &'a str,
    /// What earlier signatures say, if there are any.
    pub(super) permissions: &'a Permissions,
}

impl Conformance {
    /// Reads it. Metadata that cannot be read claim nothing.
    pub(super) fn of(view: View<'_>) -> Result<Conformance> {
        let claims = match inspect::claims(view) {
            Err(error) if matches!(error.kind(), ErrorKind::PdfDamaged | ErrorKind::PdfUnsupported | ErrorKind::LimitReached) => {
                Claims::default()
            }
            other => other?,
        };
        let mut constraints = Constraints::default();
        if let Some(pdfa) = &claims.pdfa {
            constraints.colours = intent(view)?;
            if pdfa.part == 1 {
                constraints.transparency = Transparency::Forbidden;
            }
        }
        if claims.pdfa.is_some() || claims.pdfua.is_some() {
            constraints.fonts = FontEmbedding::Required;
        }
        Ok(Conformance { tagged: inspect::is_tagged(view)?, claims, constraints })
    }

    /// The part and level of PDF/A that it claims.
    pub(super) fn pdfa(&self) -> Option<(u8, Option<char>)> {
        self.claims.pdfa.as_ref().map(|claim| (claim.part, claim.level))
    }

    /// Gives a new widget what the document's standards ask of it.
    pub(super) fn dress(&self, update: &mut Update<'_>, new: &NewWidget<'_>, widget: &mut Dictionary) -> Result<()> {
        if self.claims.pdfua.is_some() {
            // ISO 14289-1 7.18.1, ISO 14289-2 8.9.2: what stands for the field when it is read aloud.
            widget.set(b"TU", Object::text(new.name));
            widget.set(b"Contents", Object::text(new.name));
        }
        // ISO 19005-1 6.9: every field has an appearance; the later parts spare a box without an area.
        if new.rect.is_empty() && self.claims.pdfa.as_ref().is_some_and(|pdfa| pdfa.part == 1) {
            let empty = Dictionary::new()
                .with(b"Type", Object::name("XObject"))
                .with(b"Subtype", Object::name("Form"))
                .with(b"BBox", Rect::new(0.0, 0.0, 0.0, 0.0).to_array())
                .with(b"Resources", Dictionary::new());
            let empty = update.add_stream(empty, Vec::new());
            widget.set(b"AP", Dictionary::new().with(b"N", Object::Reference(empty)));
        }
        if self.tagged && self.tags_owed(new) {
            tags::tag(update, new.page.id, new.id, widget)?;
        }
        Ok(())
    }

    /// The tags of a document that is signed are left alone unless PDF/UA demands the contrary: there are verifiers that take every
    /// change of the tags for a forgery. A box without an area is outside the page, and PDF/UA asks nothing of it (ISO 14289-1 7.18.1).
    fn tags_owed(&self, new: &NewWidget<'_>) -> bool {
        // ISO 14289-2 8.9.2.4.13: what has no area is an artifact, and an element of its own would make it content.
        if new.rect.is_empty() && self.claims.pdfua.as_ref().is_some_and(|claim| claim.part > 1) {
            return false;
        }
        !new.permissions.is_signed() || (self.claims.pdfua.is_some() && !new.rect.is_empty())
    }

    /// The order of the tab key, which PDF/UA asks of a page with a widget (ISO 14289-1 7.18.3).
    pub(super) fn order(&self, page: &mut Dictionary) {
        if self.claims.pdfua.is_some() && page.get(b"Tabs").is_none() {
            page.set(b"Tabs", Object::name("S"));
        }
    }
}

/// The colours of the one output intent of PDF/A (ISO 19005-1 6.2.2). What cannot be told allows none but calibrated ones.
fn intent(view: View<'_>) -> Result<Colours> {
    let intents = view.get_array(&view.catalog()?, b"OutputIntents")?.unwrap_or_default();
    for intent in intents.iter().take(MAX_INTENTS) {
        let Object::Dictionary(intent) = view.resolve(intent)? else { continue };
        if view.get(&intent, b"S")?.as_name() != Some(b"GTS_PDFA1") {
            continue;
        }
        let Object::Stream(profile) = view.get(&intent, b"DestOutputProfile")? else { continue };
        return Ok(match view.get(&profile.dict, b"N")?.as_i64() {
            Some(1) => Colours::Gray,
            Some(3) => Colours::Rgb,
            Some(4) => Colours::Cmyk,
            _ => Colours::Calibrated,
        });
    }
    Ok(Colours::Calibrated)
}
