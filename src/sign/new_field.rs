//! The sign room: a signature field that was not there (ISO 32000-2 12.7.4, 12.7.5.5), signed or empty. Takes its name, place and content, puts
//! it into the update under its ancestors, as far as they are missing, and its widget on a page (12.5.6.19).

use super::acro_form::{Form, Made, append};
use super::conformance::{Conformance, NewWidget};
use super::field::current;
use super::form::{self, Survey};
use super::identity::SigningIdentity;
use super::look;
use super::placement::Placement;
use super::request::SignatureRequest;
use super::restriction::FieldLock;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId, Page, Rect};

/// Printed and locked (ISO 32000-2 table 167).
const WIDGET_FLAGS: i64 = 4 | 128;

/// What is in the field.
pub(super) enum Content<'c> {
    /// A signature, and who signs, for its look.
    Signature { id: ObjectId, request: &'c SignatureRequest, identity: &'c SigningIdentity },
    /// A document time stamp, which nobody signs and nothing shows.
    Stamp { id: ObjectId },
    /// Nothing yet; what is asked of whoever signs it.
    Empty { seed: Dictionary },
}

/// A field to be made.
pub(super) struct NewField<'n> {
    /// Fully qualified name.
    pub(super) name: &'n str,
    pub(super) placement: &'n Placement,
    pub(super) lock: Option<&'n FieldLock>,
    pub(super) content: Content<'n>,
}

fn unusable(what: &'static str) -> Error {
    Error::new(ErrorKind::FieldUnusable).context(what)
}

/// The field that a new one goes under, and how much of the new name it is.
struct Above {
    id: ObjectId,
    len: usize,
}

impl NewField<'_> {
    /// After the call the update holds field and widget. Gives the `/Lock` that it has.
    ///
    /// # Errors
    /// [`ErrorKind::FieldUnusable`] if what stands above cannot have fields below it; [`ErrorKind::NoPages`], [`ErrorKind::PageNotFound`],
    /// [`ErrorKind::BoxUnusable`], [`ErrorKind::TextUnrepresentable`], [`ErrorKind::PdfDamaged`].
    pub(super) fn make(&self, update: &mut Update<'_>, survey: &Survey, form: &mut Form) -> Result<Option<Dictionary>> {
        let view = update.view();
        let above = self.above(update, survey, form)?;
        let below = self.name.get(above.as_ref().map_or(0, |above| above.len + 1)..).unwrap_or_default();
        let parts: Vec<&str> = below.split('.').collect();
        let (page, rect) = self.placement.on_page(view)?;
        let conformance = Conformance::of(view)?;
        let field_id = update.reserve();
        let mut field = Dictionary::new()
            .with(b"Type", Object::name("Annot"))
            .with(b"Subtype", Object::name("Widget"))
            .with(b"FT", Object::name("Sig"))
            .with(b"T", Object::text(parts.last().copied().unwrap_or_default()));
        if let Content::Signature { id, .. } | Content::Stamp { id } = &self.content {
            field.set(b"V", Object::Reference(*id));
        }
        field.set(b"F", WIDGET_FLAGS);
        field.set(b"Rect", rect.to_array());
        field.set(b"P", Object::Reference(page.id));
        if !rect.is_empty() {
            let normal = match &self.content {
                Content::Signature { request, identity, .. } => {
                    look::drawn(update, request, identity, &page, rect, &conformance.constraints)?
                }
                // ISO 19005-2 6.3.3: a box with an area has an appearance, though nothing is in it.
                Content::Empty { .. } | Content::Stamp { .. } => blank(update, rect),
            };
            field.set(b"AP", Dictionary::new().with(b"N", Object::Reference(normal)));
        }
        let lock = self.lock.map(FieldLock::to_dictionary);
        if let Some(lock) = &lock {
            field.set(b"Lock", Object::Reference(update.add(lock.clone())));
        }
        if let Content::Empty { seed } = &self.content
            && !seed.is_empty()
        {
            field.set(b"SV", Object::Reference(update.add(seed.clone())));
        }
        let widget = NewWidget { id: field_id, page: &page, rect, name: self.name, permissions: &survey.permissions };
        conformance.dress(update, &widget, &mut field)?;
        form.remember(self.name, field_id, Made::Terminal);
        // From the field upwards: each missing ancestor holds the one below it.
        let (mut child, mut child_dict, mut name) = (field_id, field, self.name);
        for part in parts.iter().rev().skip(1) {
            let id = update.reserve();
            child_dict.set(b"Parent", Object::Reference(id));
            update.replace(child, child_dict);
            // Its kind is inherited below (ISO 32000-2 table 226). Without it pyHanko counts the group as a new field that is no signature's.
            child_dict = Dictionary::new()
                .with(b"FT", Object::name("Sig"))
                .with(b"T", Object::text(part))
                .with(b"Kids", vec![Object::Reference(child)]);
            child = id;
            name = name.rsplit_once('.').map_or("", |(above, _)| above);
            form.remember(name, id, Made::Group);
        }
        match above {
            Some(above) => {
                child_dict.set(b"Parent", Object::Reference(above.id));
                let mut parent = current(update, above.id)?;
                if append(update, &mut parent, b"Kids", child)? {
                    update.replace(above.id, parent);
                }
            }
            None => form.append(update, child)?,
        }
        update.replace(child, child_dict);
        annotate(update, page, field_id, &conformance)?;
        Ok(lock)
    }

    /// Where it goes: under a field of the document or one that this update makes, whichever is deeper.
    fn above(&self, update: &Update<'_>, survey: &Survey, form: &Form) -> Result<Option<Above>> {
        let there = survey.ancestor.as_ref();
        match form.made_above(self.name) {
            Some((made, id, kind)) if there.is_none_or(|node| node.name.len() < made.len()) => {
                if made.len() == self.name.len() || kind == Made::Terminal {
                    return Err(unusable("two of the new fields stand in each other's place"));
                }
                return Ok(Some(Above { id, len: made.len() }));
            }
            _ => {}
        }
        let Some(node) = there else { return Ok(None) };
        if node.kind.is_some() && !form::is_group(update.view(), &node.dict)? {
            return Err(unusable("a field above it is no group"));
        }
        Ok(Some(Above { id: node.id, len: node.name.len() }))
    }
}

/// An appearance that shows nothing.
fn blank(update: &mut Update<'_>, rect: Rect) -> ObjectId {
    let form = Dictionary::new()
        .with(b"Type", Object::name("XObject"))
        .with(b"Subtype", Object::name("Form"))
        .with(b"BBox", Rect::new(0.0, 0.0, rect.width(), rect.height()).to_array())
        .with(b"Resources", Dictionary::new());
    update.add_stream(form, Vec::new())
}

/// The page gets an array of its own: one behind a reference may be another page's too, and the widget would show there as well.
fn annotate(update: &mut Update<'_>, page: Page, widget: ObjectId, conformance: &Conformance) -> Result<()> {
    let mut dict = current(update, page.id)?;
    if dict.get(b"Annots").is_some_and(|annots| annots.as_reference().is_some()) {
        match update.view().get(&dict, b"Annots")? {
            Object::Null => dict.remove(b"Annots"),
            annots => dict.set(b"Annots", annots),
        }
    }
    append(update, &mut dict, b"Annots", widget)?;
    conformance.order(&mut dict);
    update.replace(page.id, dict);
    Ok(())
}
