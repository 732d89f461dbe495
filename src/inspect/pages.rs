//! The inspect room: pages, their annotations, fonts and XObjects. Takes the page tree, gives markers. Walks it once, each node once.

use super::{Risk, Search, actions};
use crate::error::Result;
use crate::limits::MAX_DEPTH;
use crate::pdf::{Dictionary, Object, ObjectId};
use std::collections::HashSet;

/// Pages that are looked at.
const MAX_PAGES: u64 = 2_000;
/// Annotations of one page that are looked at.
const MAX_ANNOTATIONS: usize = 2_000;
/// Forms inside forms whose resources are looked at.
const MAX_FORMS: u32 = 4;

/// Every page up to the limits.
pub(super) fn walk(search: &mut Search<'_>, catalog: &Dictionary, claimed: u64) {
    let Some(root) = catalog.get(b"Pages") else { return };
    let mut number = 0;
    let mut seen = HashSet::new();
    // Node, what it inherits as /Resources, depth; the next one last.
    let mut open = vec![(root.clone(), None::<Object>, 0_u32)];
    while let Some((node, inherited, depth)) = open.pop() {
        let id = node.as_reference();
        if id.is_some_and(|id| !seen.insert(id)) || depth > MAX_DEPTH {
            search.skip("pages", "the page tree is a loop or too deep", Some(number + 1));
            continue;
        }
        if number >= MAX_PAGES {
            search.skip("pages", "there is too much of it", Some(number + 1));
            return;
        }
        let Some(Some(dict)) = search.or_unchecked("pages", Some(number + 1), |s| s.dict(&node)) else {
            if search.objects == 0 {
                return;
            }
            continue;
        };
        let resources = dict.get(b"Resources").cloned().or(inherited);
        match search.or_unchecked("pages", Some(number + 1), |s| s.view.get_array(&dict, b"Kids")) {
            Some(Some(kids)) => open.extend(kids.into_iter().rev().map(|kid| (kid, resources.clone(), depth + 1))),
            _ => {
                number += 1;
                if let Some(id) = id {
                    search.page_numbers.insert(id, number);
                }
                page(search, &dict, resources.as_ref(), number);
            }
        }
    }
    if number != claimed {
        search.mark(Risk::DamagedStructure, root.as_reference(), None);
    }
}

fn page(search: &mut Search<'_>, dict: &Dictionary, resources: Option<&Object>, number: u64) {
    let at = Some(number);
    search.or_unchecked("actions of pages", at, |s| actions::triggers(s, dict, at));
    search.or_unchecked("content of pages", at, |s| contents(s, dict, at));
    if let Some(resources) = resources {
        search.or_unchecked("fonts and XObjects", at, |s| of_resources(s, resources, at, 0));
    }
    search.or_unchecked("annotations", at, |s| annotations(s, dict, at));
}

/// A content stream whose data is in another file (ISO 32000-2 7.3.8.2).
fn contents(search: &mut Search<'_>, dict: &Dictionary, page: Option<u64>) -> Result<()> {
    let parts = match dict.get(b"Contents") {
        None => return Ok(()),
        Some(one) => match search.view.resolve(one)? {
            Object::Array(parts) => parts,
            _ => vec![one.clone()],
        },
    };
    for part in &parts {
        if search.dict(part)?.is_some_and(|stream| stream.get(b"F").is_some()) {
            search.mark(Risk::ExternalContent, part.as_reference(), page);
        }
    }
    Ok(())
}

/// Fonts and XObjects of a page, a form or an appearance.
fn of_resources(search: &mut Search<'_>, resources: &Object, page: Option<u64>, depth: u32) -> Result<()> {
    let view = search.view;
    let resolved = view.resolve(resources)?;
    let Some(resources) = resolved.as_dict() else { return Ok(()) };
    for (_, font) in view.get_dict(resources, b"Font")?.unwrap_or_default().iter() {
        let id = font.as_reference();
        if id.is_none_or(|id| search.fonts.insert(id)) {
            let Some(dict) = search.dict(font)? else { continue };
            if !embedded(search, &dict)? {
                search.mark(Risk::FontNotEmbedded, id, page);
            }
        }
    }
    for (_, object) in view.get_dict(resources, b"XObject")?.unwrap_or_default().iter() {
        let id = object.as_reference();
        if id.is_some_and(|id| !search.forms.insert(id)) {
            continue;
        }
        let Some(dict) = search.dict(object)? else { continue };
        form(search, &dict, id, page, depth)?;
    }
    Ok(())
}

fn form(search: &mut Search<'_>, dict: &Dictionary, id: Option<ObjectId>, page: Option<u64>, depth: u32) -> Result<()> {
    // Data in another file, a proxy for a page of another document (8.10.4), pictures to be chosen from (8.9.5.4).
    if dict.get(b"F").is_some() || dict.get(b"Ref").is_some() || dict.get(b"OPI").is_some() {
        search.mark(Risk::ExternalContent, id, page);
    }
    match dict.get(b"Resources") {
        Some(_) if depth >= MAX_FORMS => search.skip("fonts and XObjects", "they are nested too deep", page),
        Some(resources) => of_resources(search, &resources.clone(), page, depth + 1)?,
        None => {}
    }
    Ok(())
}

/// Whether the font's program is in the document (ISO 32000-2 9.9). Type 3 fonts have none and need none.
fn embedded(search: &mut Search<'_>, font: &Dictionary) -> Result<bool> {
    let view = search.view;
    let descriptor = match view.get(font, b"Subtype")?.as_name() {
        Some(b"Type3") => return Ok(true),
        Some(b"Type0") => {
            let descendants = view.get_array(font, b"DescendantFonts")?.unwrap_or_default();
            let Some(first) = descendants.first() else { return Ok(false) };
            let Some(descendant) = search.dict(first)? else { return Ok(false) };
            view.get_dict(&descendant, b"FontDescriptor")?
        }
        _ => view.get_dict(font, b"FontDescriptor")?,
    };
    Ok(descriptor.is_some_and(|d| ["FontFile", "FontFile2", "FontFile3"].iter().any(|key| d.get(key).is_some())))
}

fn annotations(search: &mut Search<'_>, page: &Dictionary, number: Option<u64>) -> Result<()> {
    let view = search.view;
    let annotations = view.get_array(page, b"Annots")?.unwrap_or_default();
    if annotations.len() > MAX_ANNOTATIONS {
        search.skip("annotations", "there is too much of it", number);
    }
    for annotation in annotations.iter().take(MAX_ANNOTATIONS) {
        let id = annotation.as_reference();
        let Some(dict) = search.dict(annotation)? else { continue };
        if let Some(action) = dict.get(b"A") {
            actions::chain(search, action, number, false)?;
        }
        actions::triggers(search, &dict, number)?;
        match view.get(&dict, b"Subtype")?.as_name().unwrap_or_default() {
            b"Link" | b"Widget" | b"Popup" | b"TrapNet" | b"PrinterMark" => {}
            b"FileAttachment" => search.mark(Risk::EmbeddedFiles, id, number),
            b"Sound" | b"Movie" | b"Screen" | b"3D" | b"RichMedia" => search.mark(Risk::Multimedia, id, number),
            _ => search.mark(Risk::Overlay, id, number),
        }
        let looks = view.get_dict(&dict, b"AP")?.unwrap_or_default();
        let Some(look) = looks.get(b"N") else { continue };
        let states = match view.resolve(look)? {
            Object::Dictionary(states) => states.iter().map(|(_, state)| state.clone()).collect(),
            _ => vec![look.clone()],
        };
        for look in states {
            if look.as_reference().is_none_or(|id| search.forms.insert(id))
                && let Some(dict) = search.dict(&look)?
            {
                form(search, &dict, look.as_reference(), number, 0)?;
            }
        }
    }
    Ok(())
}
