//! The sign room: the objects of a foreign revision, one role after the other. Takes the document before and after, gives where the
//! signature goes. What a role does not name is refused, and so is an object without a role.

use super::super::contents::{MAX_ROOM, byte_range};
use super::super::field::target;
use super::super::form::{self, Node};
use super::super::restriction::lock_parameters;
use super::{Found, Joined, look, near, refused};
use crate::error::Result;
use crate::pdf::text_string::text;
use crate::pdf::{Dictionary, Document, Object, ObjectId, Rect, View};
use crate::sign::{Plan, SignatureRequest, SigningIdentity};
use crate::time::Time;
use std::collections::BTreeSet;

/// The revision under examination.
struct Case<'c> {
    old: View<'c>,
    new: View<'c>,
    /// Objects of the revision that have no role yet.
    open: BTreeSet<ObjectId>,
}

pub(super) fn check(
    document: &Document<'_>,
    file: &Document<'_>,
    password: Option<&[u8]>,
    objects: &[ObjectId],
    request: &SignatureRequest,
    identity: &SigningIdentity,
    own: &Plan,
) -> Result<Found> {
    let mut case = Case { old: document.latest(), new: file.latest(), open: objects.iter().copied().collect() };
    let root = case.old.trailer().get(b"Root").and_then(Object::as_reference).ok_or_else(|| refused("the catalog"))?;
    let root = target(case.old, root)?;
    let (catalog, new_catalog) = (case.before(root)?, case.after(root)?);
    case.differs(&catalog, &new_catalog, &[b"AcroForm"], "the catalog changes")?;
    let name = own.field.as_str();
    let (form, new_form) = (case.old.get_dict(&catalog, b"AcroForm")?.unwrap_or_default(), case.form(&new_catalog)?);
    let survey = form::survey(case.old, &form, Some(name))?;
    let field = form::survey(case.new, &new_form, Some(name))?.existing.ok_or_else(|| refused("the field is missing"))?;
    case.differs(&form, &new_form, &[b"Fields", b"SigFlags"], "the form changes")?;
    let flags = case.old.get(&form, b"SigFlags")?.as_i64().unwrap_or(0) | 3;
    if new_form.get(b"SigFlags").and_then(Object::as_i64) != Some(flags) {
        return Err(refused("/SigFlags"));
    }
    let (signature, widget, lock) = match survey.existing {
        Some(node) => {
            case.same_array(&form, &new_form, b"Fields", None)?;
            case.in_place(&node, &field)?
        }
        None => case.created(name, survey.ancestor.as_ref(), &form, &new_form, &field, request)?,
    };
    let found = case.signature(signature, own, request, lock.as_ref(), file.source().len())?;
    case.appearance(document, password, &widget, &found, request, identity)?;
    match case.open.first() {
        Some(_) => Err(refused("it brings an object that nobody asked for")),
        None => Ok(found),
    }
}

impl Case<'_> {
    /// The dictionary as it was; empty if there was none.
    fn before(&self, id: ObjectId) -> Result<Dictionary> {
        Ok(self.old.object(id)?.object.as_dict().cloned().unwrap_or_default())
    }

    /// The dictionary as it will be; it has its role now.
    fn after(&mut self, id: ObjectId) -> Result<Dictionary> {
        self.open.remove(&id);
        match &self.new.object(id)?.object {
            Object::Dictionary(dict) => sound(dict, &self.before(id)?).map(|()| dict.clone()),
            _ => Err(refused("an object that must be a dictionary is none")),
        }
    }

    /// The new form, in an object of its own or in the catalog.
    fn form(&mut self, catalog: &Dictionary) -> Result<Dictionary> {
        match catalog.get(b"AcroForm") {
            Some(Object::Dictionary(dict)) => Ok(dict.clone()),
            Some(Object::Reference(id)) => {
                let id = target(self.new, *id)?;
                self.after(id)
            }
            _ => Err(refused("the form is missing")),
        }
    }

    /// Both have the same keys with the same values, `except` these, as they stand and not resolved.
    fn differs(&self, old: &Dictionary, new: &Dictionary, except: &[&[u8]], what: &'static str) -> Result<()> {
        let rest = |dict: &Dictionary| {
            let mut dict = dict.clone();
            except.iter().for_each(|key| dict.remove(key));
            dict
        };
        sound(new, old)?;
        let (old, new) = (rest(old), rest(new));
        // Both ways round: a key that stands twice must not stand in for one that is gone.
        if within(&old, &new) && within(&new, &old) { Ok(()) } else { Err(refused(what)) }
    }

    /// The array under `key` is the old one with `added` at its end. It may be in an object of its own, the old one if that was so.
    fn same_array(&mut self, old: &Dictionary, new: &Dictionary, key: &'static [u8], added: Option<ObjectId>) -> Result<()> {
        let mut expected = self.old.get_array(old, key)?.unwrap_or_default();
        expected.extend(added.map(Object::Reference));
        if let Some(Object::Reference(id)) = new.get(key) {
            let id = target(self.new, *id)?;
            // Only an array may have this role, and only if it was an array or nothing before.
            if !matches!(self.old.object(id)?.object, Object::Array(_) | Object::Null) {
                return Err(refused("an array takes the place of another object"));
            }
            self.open.remove(&id);
        }
        match self.new.get(new, key)? {
            Object::Array(items) if items == expected => Ok(()),
            Object::Null if expected.is_empty() => Ok(()),
            _ => Err(refused("an array of fields or annotations changes by more than the new field")),
        }
    }

    /// An empty field gets its value: nothing else of it changes but the appearance.
    fn in_place(&mut self, before: &Node, field: &Node) -> Result<(ObjectId, Dictionary, Option<Dictionary>)> {
        let id = target(self.old, before.id)?;
        if field.id != before.id {
            return Err(refused("the field is another one"));
        }
        let (old, new) = (self.before(id)?, self.after(id)?);
        let kids = self.old.get_array(&old, b"Kids")?.unwrap_or_default();
        let widget = match kids.first().and_then(Object::as_reference) {
            Some(kid) => {
                self.differs(&old, &new, &[b"V"], "the field changes")?;
                let kid = target(self.old, kid)?;
                let (old, new) = (self.before(kid)?, self.after(kid)?);
                self.differs(&old, &new, &[b"AP"], "the widget changes")?;
                new
            }
            None => {
                self.differs(&old, &new, &[b"V", b"AP"], "the field changes")?;
                new.clone()
            }
        };
        let lock = self.old.get_dict(&old, b"Lock")?;
        Ok((value_of(&new)?, widget, lock))
    }

    /// A new field under the ancestors that were there and those that were missing, with its widget on the page asked for.
    fn created(
        &mut self,
        name: &str,
        ancestor: Option<&Node>,
        form: &Dictionary,
        new_form: &Dictionary,
        field: &Node,
        request: &SignatureRequest,
    ) -> Result<(ObjectId, Dictionary, Option<Dictionary>)> {
        let own = self.new_dict(field.id, "the field is no new object")?;
        let below = ancestor.map_or(Some(name), |node| name.get(node.name.len() + 1..)).ok_or_else(|| refused("the field's name"))?;
        let parts: Vec<&str> = below.split('.').collect();
        // Upwards: the field, the ancestors that are new, the one that was there.
        let mut child = field.id;
        let mut dict = own.clone();
        for (i, part) in parts.iter().enumerate().rev() {
            if dict.get(b"T").and_then(Object::as_string).map(text).as_deref() != Some(*part) {
                return Err(refused("the field's name"));
            }
            if i == 0 {
                break;
            }
            let parent = dict.get(b"Parent").and_then(Object::as_reference).ok_or_else(|| refused("the field's parent"))?;
            let above = self.new_dict(parent, "the field's parent is no new object")?;
            only(&above, &[b"FT", b"T", b"Kids", b"Parent"], "a field above the new one has a key that is not allowed")?;
            if above.get(b"FT").is_some_and(|kind| kind.as_name() != Some(b"Sig")) {
                return Err(refused("a field above the new one is of another kind"));
            }
            if self.new.get_array(&above, b"Kids")? != Some(vec![Object::Reference(child)])
                || above.get(b"Kids").is_some_and(|k| k.as_reference().is_some())
            {
                return Err(refused("a field above the new one has other kids"));
            }
            (child, dict) = (parent, above);
        }
        match ancestor {
            Some(node) => {
                if dict.get(b"Parent") != Some(&Object::Reference(node.id)) {
                    return Err(refused("the field's parent"));
                }
                let id = target(self.old, node.id)?;
                let (old, new) = (self.before(id)?, self.after(id)?);
                self.differs(&old, &new, &[b"Kids"], "the field's parent changes")?;
                self.same_array(&old, &new, b"Kids", Some(child))?;
                self.same_array(form, new_form, b"Fields", None)?;
            }
            None => {
                if dict.get(b"Parent").is_some() {
                    return Err(refused("the field's parent"));
                }
                self.same_array(form, new_form, b"Fields", Some(child))?;
            }
        }
        self.widget(&own, field.id, request)?;
        Ok((value_of(&own)?, own, None))
    }

    fn new_dict(&mut self, id: ObjectId, what: &'static str) -> Result<Dictionary> {
        if !self.open.contains(&id) || !self.old.object(id)?.object.is_null() {
            return Err(refused(what));
        }
        self.after(id)
    }

    fn widget(&mut self, widget: &Dictionary, id: ObjectId, request: &SignatureRequest) -> Result<()> {
        let keys: [&[u8]; 10] = [b"Type", b"Subtype", b"FT", b"T", b"V", b"F", b"Rect", b"P", b"Parent", b"AP"];
        only(widget, &keys, "the field has a key that is not allowed")?;
        for (key, value) in [(&b"Type"[..], &b"Annot"[..]), (b"Subtype", b"Widget"), (b"FT", b"Sig")] {
            if widget.get(key).and_then(Object::as_name) != Some(value) {
                return Err(refused("the field is no signature widget"));
            }
        }
        // Printed, and locked or not; nothing that hides it.
        if !matches!(widget.get(b"F").and_then(Object::as_i64), Some(4 | 132)) {
            return Err(refused("the widget's flags"));
        }
        let (page, rect) = request.placement.on_page(self.old)?;
        let found = widget.get(b"Rect").and_then(Object::as_array).and_then(Rect::from_array);
        let close = |a: f64, b: f64| (a - b).abs() <= 0.01;
        if !found.is_some_and(|r| close(r.x0, rect.x0) && close(r.y0, rect.y0) && close(r.x1, rect.x1) && close(r.y1, rect.y1)) {
            return Err(refused("the widget's box"));
        }
        if widget.get(b"P") != Some(&Object::Reference(page.id)) {
            return Err(refused("the widget's page"));
        }
        let after = self.after(page.id)?;
        self.differs(&page.dict, &after, &[b"Annots"], "the page changes")?;
        self.same_array(&page.dict, &after, b"Annots", Some(id))
    }

    /// The signature dictionary: the values asked for, an empty room, and a range that leaves out nothing else.
    fn signature(&mut self, id: ObjectId, own: &Plan, request: &SignatureRequest, lock: Option<&Dictionary>, total: u64) -> Result<Found> {
        let dict = self.new_dict(id, "the signature dictionary is no new object")?;
        let holder = self.new.object(id)?.span;
        let mut keys: Vec<&[u8]> = vec![b"Type", b"Filter", b"SubFilter", b"M", b"ByteRange", b"Contents"];
        for (key, value) in [("Type", "Sig"), ("Filter", "Adobe.PPKLite"), ("SubFilter", "ETSI.CAdES.detached")] {
            if dict.get(key).and_then(Object::as_name) != Some(value.as_bytes()) {
                return Err(refused("the signature dictionary's type, filter or subfilter"));
            }
        }
        for (key, asked) in
            [("Name", &request.name), ("Reason", &request.reason), ("Location", &request.location), ("ContactInfo", &request.contact)]
        {
            keys.push(key.as_bytes());
            let found = match dict.get(key) {
                None => None,
                Some(Object::String(found)) => Some(text(&found.bytes)),
                Some(_) => return Err(refused("a text of the signature dictionary")),
            };
            if found != *asked {
                return Err(refused("a text of the signature dictionary"));
            }
        }
        if let Some(lock) = lock {
            keys.push(b"Reference");
            self.reference(&dict, lock)?;
        }
        only(&dict, &keys, "the signature dictionary has a key that is not allowed")?;
        let time = dict.get(b"M").and_then(Object::as_string).and_then(Time::from_pdf_date);
        let time = time.filter(|time| near(*time, request.time)).ok_or_else(|| refused("its time is more than ten minutes from now"))?;
        let contents = dict.entry(b"Contents").map(|entry| entry.span).filter(|span| span.start >= holder.start && span.end <= holder.end);
        let contents = contents.filter(|span| span.start >= own.hollow.source_len).ok_or_else(|| refused("/Contents"))?;
        let bytes = self
            .new
            .document()
            .source()
            .read_range(contents.start, usize::try_from(contents.len()).unwrap_or(usize::MAX).min(2 * MAX_ROOM + 2))?;
        match bytes.as_slice() {
            [b'<', zeros @ .., b'>']
                if zeros.len() as u64 + 2 == contents.len() && zeros.len() % 2 == 0 && zeros.iter().all(|c| *c == b'0') => {}
            _ => return Err(refused("/Contents is not an empty room")),
        }
        let expected = byte_range(contents, own.hollow.source_len, total.saturating_sub(own.hollow.source_len));
        let expected = expected.map(|n| i64::try_from(n).ok().map(Object::Integer));
        let found = dict.get(b"ByteRange").and_then(Object::as_array).unwrap_or_default();
        if found.len() != 4 || found.iter().zip(expected).any(|(found, expected)| Some(found) != expected.as_ref()) {
            return Err(refused("/ByteRange leaves out something"));
        }
        Ok(Found { contents, time })
    }

    /// The FieldMDP reference that the field's lock demands (ISO 32000-2 12.8.2.4).
    fn reference(&self, dict: &Dictionary, lock: &Dictionary) -> Result<()> {
        let wrong = || refused("the lock of the signature dictionary");
        let [Object::Dictionary(reference)] = dict.get(b"Reference").and_then(Object::as_array).unwrap_or_default() else {
            return Err(wrong());
        };
        only(reference, &[b"Type", b"TransformMethod", b"TransformParams", b"Data"], "the lock of the signature dictionary")?;
        let parameters = reference.get(b"TransformParams").and_then(Object::as_dict).ok_or_else(wrong)?;
        let expected = lock_parameters(self.old, lock)?;
        let root = self.old.trailer().get(b"Root");
        let named = reference.get(b"TransformMethod").and_then(Object::as_name) == Some(b"FieldMDP");
        let typed = reference.get(b"Type").is_none_or(|t| t.as_name() == Some(b"SigRef"));
        sound(parameters, &expected)?;
        let data = reference.get(b"Data").is_none_or(|data| Some(data) == root);
        if named && typed && data && within(parameters, &expected) && within(&expected, parameters) { Ok(()) } else { Err(wrong()) }
    }

    /// A visible signature looks as this device would draw it, or shows the same words in a plain font; an invisible one has no look.
    fn appearance(
        &mut self,
        document: &Document<'_>,
        password: Option<&[u8]>,
        widget: &Dictionary,
        found: &Found,
        request: &SignatureRequest,
        identity: &SigningIdentity,
    ) -> Result<()> {
        // Drawn at the revision's own time, which may be shown.
        let request = SignatureRequest { time: found.time, ..request.clone() };
        let own = super::plan(document, &request, identity, [0; 16])?;
        let joined = Joined { document: document.source(), revision: &own.hollow.update };
        let own_file = Document::open_with_password(&joined, password)?;
        let own_view = own_file.latest();
        let own_form = own_view.get_dict(&own_view.catalog()?, b"AcroForm")?.unwrap_or_default();
        let own_field = form::survey(own_view, &own_form, Some(&own.field))?.existing.ok_or_else(|| refused("the field is missing"))?.dict;
        let own_widget = match own_view.get_array(&own_field, b"Kids")?.unwrap_or_default().first() {
            Some(kid) => own_view.resolve(kid)?.as_dict().cloned().unwrap_or_default(),
            None => own_field,
        };
        let normal =
            |dict: &Dictionary| dict.get(b"AP").and_then(Object::as_dict).and_then(|ap| ap.get(b"N")).and_then(Object::as_reference);
        match (widget.get(b"AP"), normal(&own_widget)) {
            (None, None) => Ok(()),
            (Some(theirs), own) if own.is_none() && own_widget.get(b"AP") == Some(theirs) => Ok(()),
            // Words alone can be told to be the same; a picture, a code or another font would be gone and nobody would notice.
            _ if !request.appearance.is_text_alone() => Err(refused("the appearance is not the one asked for")),
            (Some(Object::Dictionary(ap)), Some(own_look)) => {
                only(ap, &[b"N"], "the appearance has other states")?;
                let theirs = normal(widget).ok_or_else(|| refused("the appearance"))?;
                let used = look::check(self.new, theirs, own_view, own_look, &super::super::look::lines(&request, identity)?)?;
                for id in used {
                    if !self.old.object(id)?.object.is_null() || !self.open.remove(&id) {
                        return Err(refused("the appearance uses an object of the document"));
                    }
                }
                Ok(())
            }
            _ => Err(refused("the appearance")),
        }
    }
}

/// Equality as [`Dictionary`] has it looks each key of `a` up in `b`.
fn within(a: &Dictionary, b: &Dictionary) -> bool {
    a == b
}

/// No key twice, none in disguise that was not so before.
fn sound(dict: &Dictionary, before: &Dictionary) -> Result<()> {
    let disguised = |dict: &Dictionary, key: &[u8]| dict.entry(key).is_some_and(|entry| entry.escaped);
    if dict.duplicate().is_some() || dict.entries().any(|entry| entry.escaped && !disguised(before, &entry.key)) {
        return Err(refused("a dictionary has a key twice or in disguise"));
    }
    Ok(())
}

/// No other keys than these, each once.
fn only(dict: &Dictionary, keys: &[&[u8]], what: &'static str) -> Result<()> {
    sound(dict, &Dictionary::new())?;
    if dict.iter().all(|(key, _)| keys.contains(&key)) { Ok(()) } else { Err(refused(what)) }
}

fn value_of(field: &Dictionary) -> Result<ObjectId> {
    field.get(b"V").and_then(Object::as_reference).ok_or_else(|| refused("the field has no value of its own"))
}
