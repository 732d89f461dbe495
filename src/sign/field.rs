//! The sign room: field and widget (ISO 32000-2 12.7.4, 12.7.5.5, 12.5.6.19). Takes the form as surveyed and the request, puts into the
//! update what makes the signature dictionary the field's value: a new field under its ancestors and on a page, or the one that exists.

use super::acro_form::Form;
use super::conformance::Conformance;
use super::form::{self, Node};
use super::identity::SigningIdentity;
use super::look;
use super::new_field::{Content, NewField};
use super::request::SignatureRequest;
use super::restriction::{DocMdp, certify};
use super::seed;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId, View};

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

/// The object that is the catalog.
pub(super) fn catalog_id(view: View<'_>) -> Result<ObjectId> {
    let root = view.trailer().get(b"Root").and_then(Object::as_reference).ok_or_else(|| damaged("the trailer names no catalog"))?;
    target(view, root)
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
    let catalog_id = catalog_id(view)?;
    let mut catalog = current(update, catalog_id)?;
    let mut form = Form::of(update, catalog_id, &catalog)?;
    let mut survey = form::survey(view, &form.dict, request.field.as_deref())?;
    survey.permissions.read_catalog(view, &catalog)?;
    let name = request.field.clone().unwrap_or_else(|| survey.free_name());
    survey.permissions.check(&name)?;
    let placed = match survey.existing.take() {
        Some(node) => existing(update, request, identity, signature, &node, survey.permissions.is_signed())?,
        None => {
            let content = Content::Signature { id: signature, request, identity };
            let new = NewField { name: &name, placement: &request.placement, lock: request.lock.as_ref(), content };
            let lock = new.make(update, &survey, &mut form)?;
            Placed { name, lock, certification: request.certification }
        }
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

/// Signs in place: value and appearance are set, everything else of the field stays. A lock that is asked for stands in the field, too, unless
/// somebody has signed before: to them a field that gets a lock is a field that was changed, and the FieldMDP reference alone says the same.
fn existing(
    update: &mut Update<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    signature: ObjectId,
    node: &Node,
    signed_before: bool,
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
            if !signed_before {
                field.set(b"Lock", Object::Reference(update.add(lock.clone())));
            }
            Some(lock)
        }
        (Object::Dictionary(lock), None) => Some(lock),
        (Object::Dictionary(_), Some(_)) => return unusable("it has a lock of its own"),
        _ => return unusable("its lock cannot be read"),
    };
    let conformance = Conformance::of(view)?;
    match kids.as_slice() {
        [] if view.get(&field, b"Subtype")?.as_name() == Some(b"Widget") => {
            if let Some(normal) = look::shown(update, request, identity, &field, &conformance.constraints)? {
                field.set(b"AP", Dictionary::new().with(b"N", Object::Reference(normal)));
            }
        }
        [] => {}
        [Object::Reference(kid)] => {
            let kid = target(view, *kid)?;
            let mut widget = current(update, kid)?;
            if let Some(normal) = look::shown(update, request, identity, &widget, &conformance.constraints)? {
                widget.set(b"AP", Dictionary::new().with(b"N", Object::Reference(normal)));
                update.replace(kid, widget);
            }
        }
        _ => return unusable("the field has several widgets"),
    }
    update.replace(id, field);
    Ok(Placed { name: node.name.clone(), lock, certification })
}
