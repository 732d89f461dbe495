//! The sign room: what a document keeps and a signature must not break: PDF/A (ISO 19005), PDF/UA (ISO 14289), tags. Takes a view, gives
//! what the new widget owes. The claim decides, not whether it is true: who signs a document that claims nothing owes nothing.

use super::tags;
use crate::error::{ErrorKind, Result};
use crate::inspect::{self, Claims};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId, Page, Rect, View};

/// What a document keeps.
pub(super) struct Conformance {
    claims: Claims,
    tagged: bool,
}

impl Conformance {
    /// Reads it. Metadata that cannot be read claim nothing.
    pub(super) fn of(view: View<'_>) -> Result<Conformance> {
        let unreadable =
            |kind: ErrorKind| matches!(kind, ErrorKind::PdfDamaged | ErrorKind::PdfUnsupported | ErrorKind::LimitReached);
        let claims = match inspect::claims(view) {
            Err(error) if unreadable(error.kind()) => Claims::default(),
            other => other?,
        };
        Ok(Conformance { claims, tagged: inspect::is_tagged(view)? })
    }

    /// Gives a new widget, object `id` with that box on that page, what the document's standards ask of it. `name` is what the field is
    /// called in full.
    pub(super) fn dress(
        &self,
        update: &mut Update<'_>,
        page: &Page,
        id: ObjectId,
        rect: Rect,
        name: &str,
        widget: &mut Dictionary,
    ) -> Result<()> {
        if self.claims.pdfua.is_some() {
            // ISO 14289-1 7.18.1 and 7.18.4, ISO 14289-2 8.9.2.4: what stands for the field when it is read aloud.
            widget.set(b"TU", Object::text(name));
            widget.set(b"Contents", Object::text(name));
        }
        // ISO 19005-1 6.9: every field has an appearance; the later parts spare a box without an area.
        if rect.is_empty() && self.claims.pdfa.as_ref().is_some_and(|pdfa| pdfa.part == 1) {
            let empty = Dictionary::new()
                .with(b"Type", Object::name("XObject"))
                .with(b"Subtype", Object::name("Form"))
                .with(b"BBox", Rect::new(0.0, 0.0, 0.0, 0.0).to_array())
                .with(b"Resources", Dictionary::new());
            let empty = update.add_stream(empty, Vec::new());
            widget.set(b"AP", Dictionary::new().with(b"N", Object::Reference(empty)));
        }
        if self.tagged {
            tags::tag(update, page.id, id, widget)?;
        }
        Ok(())
    }

    /// The order of the tab key, which PDF/UA asks of a page with a widget (ISO 14289-1 7.18.3).
    pub(super) fn order(&self, page: &mut Dictionary) {
        if self.claims.pdfua.is_some() && page.get(b"Tabs").is_none() {
            page.set(b"Tabs", Object::name("S"));
        }
    }
}
