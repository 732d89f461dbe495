//! The inspect room: the interactive form (ISO 32000-2 12.7). Takes the catalog, gives the signature fields, the certification level and
//! markers.

use super::{Risk, Search, SignatureField, actions};
use crate::error::Result;
use crate::limits::MAX_DEPTH;
use crate::pdf::text_string::text;
use crate::pdf::{Dictionary, Object, ObjectId, Rect};
use std::collections::HashSet;

/// What the form says.
#[derive(Default)]
pub(super) struct Form {
    pub(super) signatures: Vec<SignatureField>,
    pub(super) others: u64,
    pub(super) certification: Option<i64>,
    pub(super) xfa: bool,
}

/// What a field inherits (ISO 32000-2 12.7.4.1).
#[derive(Clone)]
struct Inherited {
    name: String,
    kind: Option<Object>,
    value: Option<Object>,
}

pub(super) fn walk(search: &mut Search<'_>, catalog: &Dictionary) -> Form {
    let mut form = Form::default();
    search.or_unchecked("the form", None, |s| read(s, catalog, &mut form));
    search.or_unchecked("the certification", None, |s| certification(s, catalog, &mut form));
    form
}

fn read(search: &mut Search<'_>, catalog: &Dictionary, form: &mut Form) -> Result<()> {
    let view = search.view;
    let Some(dict) = view.get_dict(catalog, b"AcroForm")? else { return Ok(()) };
    let id = catalog.get(b"AcroForm").and_then(Object::as_reference);
    if dict.get(b"XFA").is_some() {
        form.xfa = true;
        search.mark(Risk::Xfa, id, None);
    }
    if view.get(&dict, b"NeedAppearances")?.as_bool() == Some(true) {
        search.mark(Risk::NeedAppearances, id, None);
    }
    let mut seen = HashSet::new();
    let top = Inherited { name: String::new(), kind: None, value: None };
    let fields = view.get_array(&dict, b"Fields")?.unwrap_or_default();
    let mut open: Vec<(Object, Inherited, u32)> = fields.into_iter().rev().map(|field| (field, top.clone(), 0)).collect();
    while let Some((object, inherited, depth)) = open.pop() {
        let id = object.as_reference();
        if depth > MAX_DEPTH || id.is_some_and(|id| !seen.insert(id)) {
            search.skip("form fields", "they are a loop or nested too deep", None);
            continue;
        }
        let Some(dict) = search.dict(&object)? else { continue };
        let own = match view.get(&dict, b"T")? {
            Object::String(part) => {
                let part = text(&part.bytes);
                let name = if inherited.name.is_empty() { part } else { format!("{}.{part}", inherited.name) };
                Inherited { name, ..inherited }
            }
            _ => inherited,
        };
        let own = Inherited { kind: dict.get(b"FT").cloned().or(own.kind), value: dict.get(b"V").cloned().or(own.value), name: own.name };
        actions::triggers(search, &dict, None)?;
        let kids = view.get_array(&dict, b"Kids")?.unwrap_or_default();
        // Kids with a name of their own are fields; kids without are this field's widgets.
        let mut widgets = Vec::new();
        let mut fields = Vec::new();
        for kid in kids {
            match search.dict(&kid)? {
                Some(dict) if dict.get(b"T").is_some() => fields.push(kid),
                Some(dict) => widgets.push((kid.as_reference(), dict)),
                None => {}
            }
        }
        if !fields.is_empty() {
            open.extend(fields.into_iter().rev().map(|kid| (kid, own.clone(), depth + 1)));
            continue;
        }
        if widgets.is_empty() {
            widgets.push((id, dict));
        }
        field(search, form, &own, id, &widgets)?;
    }
    Ok(())
}

fn field(
    search: &mut Search<'_>,
    form: &mut Form,
    field: &Inherited,
    id: Option<ObjectId>,
    widgets: &[(Option<ObjectId>, Dictionary)],
) -> Result<()> {
    let view = search.view;
    let kind = field.kind.as_ref().map_or(Ok(Object::Null), |kind| view.resolve(kind))?;
    let value = field.value.as_ref().map_or(Ok(Object::Null), |value| view.resolve(value))?;
    if kind.as_name() == Some(b"Sig") {
        let Some((_, widget)) = widgets.first() else { return Ok(()) };
        let rect = view.get_array(widget, b"Rect")?.and_then(|items| Rect::from_array(&items));
        let sub_filter = value.as_dict().map_or(Ok(Object::Null), |value| view.get(value, b"SubFilter"))?;
        form.signatures.push(SignatureField {
            name: field.name.clone(),
            object: id.map(|id| id.to_string()).unwrap_or_default(),
            page: widget.get(b"P").and_then(Object::as_reference).and_then(|page| search.page_numbers.get(&page)).copied(),
            signed: !value.is_null(),
            sub_filter: sub_filter.as_name().map(|name| String::from_utf8_lossy(name).into_owned()),
            visible: rect.is_some_and(|rect| !rect.is_empty()),
        });
        if let Some(value) = value.as_dict() {
            forbids(search, value, id)?;
        }
        return Ok(());
    }
    form.others += 1;
    // A push button has no value; an unset box shows nothing.
    let empty = match &value {
        Object::Null => true,
        Object::String(string) => string.bytes.is_empty(),
        Object::Name(name) => **name == *b"Off",
        _ => false,
    };
    for (id, widget) in widgets {
        let look = view.get_dict(widget, b"AP")?.is_some_and(|looks| looks.get(b"N").is_some());
        if !empty && !look {
            search.mark(
                Risk::ValueWithoutAppearance,
                *id,
                widget.get(b"P").and_then(Object::as_reference).and_then(|p| search.page_numbers.get(&p)).copied(),
            );
        }
    }
    Ok(())
}

/// The level that a signature's DocMDP reference sets (ISO 32000-2 12.8.2.2); 2 if it names none.
fn level(search: &mut Search<'_>, signature: &Dictionary) -> Result<Option<i64>> {
    let view = search.view;
    for reference in view.get_array(signature, b"Reference")?.unwrap_or_default().iter().take(16) {
        let Some(reference) = search.dict(reference)? else { continue };
        if view.get(&reference, b"TransformMethod")?.as_name() == Some(b"DocMDP") {
            let parameters = view.get_dict(&reference, b"TransformParams")?.unwrap_or_default();
            return Ok(Some(view.get(&parameters, b"P")?.as_i64().unwrap_or(2)));
        }
    }
    Ok(None)
}

/// A signature that locks the whole document against further ones.
fn forbids(search: &mut Search<'_>, signature: &Dictionary, id: Option<ObjectId>) -> Result<()> {
    if level(search, signature)? == Some(1) {
        search.mark(Risk::SigningForbidden, id, None);
    }
    Ok(())
}

fn certification(search: &mut Search<'_>, catalog: &Dictionary, form: &mut Form) -> Result<()> {
    let permissions = search.view.get_dict(catalog, b"Perms")?.unwrap_or_default();
    let Some(signature) = search.view.get_dict(&permissions, b"DocMDP")? else { return Ok(()) };
    form.certification = Some(level(search, &signature)?.unwrap_or(2));
    if form.certification == Some(1) && !search.counts.contains_key(&Risk::SigningForbidden) {
        search.mark(Risk::SigningForbidden, permissions.get(b"DocMDP").and_then(Object::as_reference), None);
    }
    Ok(())
}
