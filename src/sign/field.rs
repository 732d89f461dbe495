//! The sign room: field and widget (ISO 32000-2 12.7.4, 12.7.5.5, 12.5.6.19). Takes the form as surveyed and the request, puts into the
//! update what makes the signature dictionary the field's value: a new field under its ancestors and on a page, or the one that exists.

use super::form::{self, Node, Survey};
use super::identity::SigningIdentity;
use super::look;
use super::placement::{Placement, in_user_space};
use super::request::SignatureRequest;
use super::restriction::{DocMdp, FieldLock, certify};
use super::seed;
use crate::appearance::Constraints;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId, Page, Rect, View};

/// Printed and locked (ISO 32000-2 table 167).
const WIDGET_FLAGS: i64 = 4 | 128;

/// What the signature dictionary takes over from the field.
pub(super) struct Placed {
    /// Fully qualified name.
    pub(super) name: String,
    /// The field's `/Lock`, resolved; it becomes a FieldMDP reference.
    pub(super) lock: Option<Dictionary>,
    /// Whether it certifies the document, and what it allows then: as asked for, or as the field's seed values demand.
    pub(super) certification: Option<DocMdp>,
}

pub(super) fn damaged(what: &'static str) -> Error {
    Error::new(ErrorKind::PdfDamaged).context(what)
}

/// An object that is edited, its newest value first.
pub(super) fn current(update: &Update<'_>, id: ObjectId) -> Result<Dictionary> {
    let object = match update.pending(id) {
        Some(object) => object.clone(),
        None => update.view().object(id)?.object.clone(),
    };
    let Object::Dictionary(dict) = object else { return Err(damaged("an object that must be a dictionary is none")) };
    // Of two keys each viewer takes another; what is signed must not depend on the viewer.
    if dict.duplicate().is_some() {
        return Err(damaged("a dictionary has one key twice"));
    }
    Ok(dict)
}

/// The object number behind references to references.
pub(super) fn target(view: View<'_>, mut id: ObjectId) -> Result<ObjectId> {
    for _ in 0..16 {
        match view.object(id)?.object {
            Object::Reference(next) => id = next,
            _ => return Ok(id),
        }
    }
    Err(Error::new(ErrorKind::LimitReached).context("a chain of references"))
}

/// Appends a reference to the array under `key`, where it stands: in `holder`, or in an object of its own.
///
/// Gives back whether `holder` itself changed.
fn append(update: &mut Update<'_>, holder: &mut Dictionary, key: &'static [u8], item: ObjectId) -> Result<bool> {
    let view = update.view();
    if let Some(Object::Reference(id)) = holder.get(key) {
        let id = target(view, *id)?;
        let value = update.pending(id).cloned().map_or_else(|| view.object(id).map(|found| found.object.clone()), Ok)?;
        match value {
            Object::Array(mut items) => {
                items.push(Object::Reference(item));
                update.replace(id, items);
                return Ok(false);
            }
            Object::Null => {}
            _ => return Err(damaged("an array of references is none")),
        }
        holder.set(key, vec![Object::Reference(item)]);
        return Ok(true);
    }
    let mut items = match holder.get(key) {
        None | Some(Object::Null) => Vec::new(),
        Some(Object::Array(items)) => items.clone(),
        Some(_) => return Err(damaged("an array of references is none")),
    };
    items.push(Object::Reference(item));
    holder.set(key, items);
    Ok(true)
}

/// After the call the update holds the form, the field and its widget, with `signature` as the field's value.
///
/// # Errors
/// [`ErrorKind::FieldUnusable`], [`ErrorKind::SigningForbidden`], [`ErrorKind::NoPages`], [`ErrorKind::PageNotFound`],
/// [`ErrorKind::BoxUnusable`], [`ErrorKind::TextUnrepresentable`], [`ErrorKind::PdfDamaged`].
pub(super) fn place(
    update: &mut Update<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    signature: ObjectId,
) -> Result<Placed> {
    let view = update.view();
    let root = view.trailer().get(b"Root").and_then(Object::as_reference).ok_or_else(|| damaged("the trailer names no catalog"))?;
    let catalog_id = target(view, root)?;
    let mut catalog = current(update, catalog_id)?;
    let mut form = Form::of(update, catalog_id, &catalog)?;
    let mut survey = form::survey(view, &form.dict, request.field.as_deref())?;
    survey.permissions.read_catalog(view, &catalog)?;
    survey.permissions.check(survey.existing.as_ref().map(|node| node.name.as_str()))?;
    let placed = match survey.existing.take() {
        Some(node) => existing(update, request, identity, signature, &node)?,
        None => created(update, request, identity, signature, &survey, &mut form)?,
    };
    let mut touched = false;
    if placed.certification.is_some() {
        survey.permissions.check_first()?;
        touched |= certify(update, &mut catalog, signature)?;
    }
    touched |= form.finish(update, &mut catalog)?;
    if touched {
        update.replace(catalog_id, catalog);
    }
    Ok(placed)
}

/// The interactive form, wherever it stands (ISO 32000-2 12.7.3).
struct Form {
    dict: Dictionary,
    place: Place,
    changed: bool,
}

enum Place {
    Indirect(ObjectId),
    InCatalog,
    Absent,
}

impl Form {
    fn of(update: &Update<'_>, catalog_id: ObjectId, catalog: &Dictionary) -> Result<Form> {
        let form = |dict: Dictionary, place| Ok(Form { dict, place, changed: false });
        match catalog.get(b"AcroForm") {
            None | Some(Object::Null) => form(Dictionary::new(), Place::Absent),
            Some(Object::Dictionary(dict)) if dict.duplicate().is_none() => form(dict.clone(), Place::InCatalog),
            Some(Object::Reference(id)) => {
                let id = target(update.view(), *id)?;
                if id == catalog_id {
                    return Err(damaged("the form is the catalog"));
                }
                match update.view().object(id)?.object {
                    Object::Null => form(Dictionary::new(), Place::Absent),
                    _ => form(current(update, id)?, Place::Indirect(id)),
                }
            }
            Some(_) => Err(damaged("/AcroForm is no sound dictionary")),
        }
    }

    /// Puts the form where it stands. Gives back whether the catalog itself changed.
    fn finish(mut self, update: &mut Update<'_>, catalog: &mut Dictionary) -> Result<bool> {
        // Signatures exist, and the file is only to be appended to (ISO 32000-2 table 225).
        let flags = update.view().get(&self.dict, b"SigFlags")?.as_i64().unwrap_or(0);
        if flags & 3 != 3 {
            self.dict.set(b"SigFlags", flags | 3);
            self.changed = true;
        }
        if !self.changed {
            return Ok(false);
        }
        match self.place {
            Place::Indirect(id) => {
                update.replace(id, self.dict);
                return Ok(false);
            }
            Place::InCatalog => catalog.set(b"AcroForm", self.dict),
            Place::Absent => {
                let id = update.add(self.dict);
                catalog.set(b"AcroForm", Object::Reference(id));
            }
        }
        Ok(true)
    }
}

/// A new field, its ancestors as far as they are missing, and its widget on a page.
fn created(
    update: &mut Update<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    signature: ObjectId,
    survey: &Survey,
    form: &mut Form,
) -> Result<Placed> {
    let view = update.view();
    let name = request.field.clone().unwrap_or_else(|| survey.free_name());
    let below = match &survey.ancestor {
        Some(node) => {
            if node.kind.is_some() && !form::is_group(view, &node.dict)? {
                return Err(Error::new(ErrorKind::FieldUnusable).context("a field above it is no group"));
            }
            name.get(node.name.len() + 1..).unwrap_or_default()
        }
        None => &name,
    };
    let parts: Vec<&str> = below.split('.').collect();
    let (page, rect) = match request.placement {
        Placement::Visible { page, rect } => {
            let page = view.page(u64::from(page.saturating_sub(1)))?;
            let rect = in_user_space(rect, &page)?;
            (page, rect)
        }
        Placement::Invisible => (view.page(0)?, Rect::new(0.0, 0.0, 0.0, 0.0)),
    };
    let field_id = update.reserve();
    let mut field = Dictionary::new()
        .with(b"Type", Object::name("Annot"))
        .with(b"Subtype", Object::name("Widget"))
        .with(b"FT", Object::name("Sig"))
        .with(b"T", Object::text(parts.last().copied().unwrap_or_default()))
        .with(b"V", Object::Reference(signature))
        .with(b"F", WIDGET_FLAGS)
        .with(b"Rect", rect.to_array())
        .with(b"P", Object::Reference(page.id));
    if !rect.is_empty() {
        let normal = look::drawn(update, request, identity, &page, rect, &Constraints::default())?;
        field.set(b"AP", Dictionary::new().with(b"N", Object::Reference(normal)));
    }
    let lock = request.lock.as_ref().map(FieldLock::to_dictionary);
    if let Some(lock) = &lock {
        field.set(b"Lock", Object::Reference(update.add(lock.clone())));
    }
    // From the field upwards: each missing ancestor holds the one below it.
    let mut child = field_id;
    let mut child_dict = field;
    for part in parts.iter().rev().skip(1) {
        let id = update.reserve();
        child_dict.set(b"Parent", Object::Reference(id));
        update.replace(child, child_dict);
        // Its kind is inherited below (ISO 32000-2 table 226). Without it pyHanko counts the group as a new field that is no signature's.
        child_dict =
            Dictionary::new().with(b"FT", Object::name("Sig")).with(b"T", Object::text(part)).with(b"Kids", vec![Object::Reference(child)]);
        child = id;
    }
    match &survey.ancestor {
        Some(node) => {
            child_dict.set(b"Parent", Object::Reference(node.id));
            let mut parent = current(update, node.id)?;
            if append(update, &mut parent, b"Kids", child)? {
                update.replace(node.id, parent);
            }
        }
        None => form.changed |= append(update, &mut form.dict, b"Fields", child)?,
    }
    update.replace(child, child_dict);
    annotate(update, page, field_id)?;
    Ok(Placed { name, lock, certification: request.certification })
}

/// The page gets an array of its own: one behind a reference may be another page's too, and the widget would show there as well.
fn annotate(update: &mut Update<'_>, page: Page, widget: ObjectId) -> Result<()> {
    let mut dict = current(update, page.id)?;
    if dict.get(b"Annots").is_some_and(|annots| annots.as_reference().is_some()) {
        match update.view().get(&dict, b"Annots")? {
            Object::Null => dict.remove(b"Annots"),
            annots => dict.set(b"Annots", annots),
        }
    }
    append(update, &mut dict, b"Annots", widget)?;
    update.replace(page.id, dict);
    Ok(())
}

/// Signs in place: value and appearance are set, everything else of the field stays.
fn existing(
    update: &mut Update<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    signature: ObjectId,
    node: &Node,
) -> Result<Placed> {
    let view = update.view();
    let unusable = |what: &'static str| Err(Error::new(ErrorKind::FieldUnusable).context(what));
    if node.kind.as_deref() != Some(b"Sig") || form::is_group(view, &node.dict)? {
        return unusable("the field is no signature field");
    }
    if !view.get(&node.dict, b"V")?.is_null() {
        return unusable("the field is signed already");
    }
    // A document without pages has nothing to sign.
    view.page(0)?;
    let certification = seed::check(view, &node.dict, request, identity)?;
    let id = target(view, node.id)?;
    let mut field = current(update, id)?;
    field.set(b"V", Object::Reference(signature));
    let kids = view.get_array(&field, b"Kids")?.unwrap_or_default();
    let lock = match (view.get(&field, b"Lock")?, &request.lock) {
        (Object::Null, None) => None,
        (Object::Null, Some(lock)) => {
            let lock = lock.to_dictionary();
            field.set(b"Lock", Object::Reference(update.add(lock.clone())));
            Some(lock)
        }
        (Object::Dictionary(lock), None) => Some(lock),
        (Object::Dictionary(_), Some(_)) => return unusable("it has a lock of its own"),
        _ => return unusable("its lock cannot be read"),
    };
    match kids.as_slice() {
        [] if view.get(&field, b"Subtype")?.as_name() == Some(b"Widget") => {
            if let Some(normal) = look::shown(update, request, identity, &field, &Constraints::default())? {
                field.set(b"AP", Dictionary::new().with(b"N", Object::Reference(normal)));
            }
        }
        [] => {}
        [Object::Reference(kid)] => {
            let kid = target(view, *kid)?;
            let mut widget = current(update, kid)?;
            if let Some(normal) = look::shown(update, request, identity, &widget, &Constraints::default())? {
                widget.set(b"AP", Dictionary::new().with(b"N", Object::Reference(normal)));
                update.replace(kid, widget);
            }
        }
        _ => return unusable("the field has several widgets"),
    }
    update.replace(id, field);
    Ok(Placed { name: node.name.clone(), lock, certification })
}
