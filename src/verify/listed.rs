//! The verify room: signatures as they present themselves, for programs whose viewer hides them. Takes a document, gives what is written there.
//! Nothing is verified: the type has no verdict to be mistaken for one, and every name and time in it is claimed.

use super::locate::{self, Candidate};
use super::report::Kind;
use super::stray;
use crate::cms::{Expect, SignedData, signer};
use crate::error::{ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::text_string::text;
use crate::pdf::{Dictionary, Document, Object, ObjectId, Rect, View};
use crate::time::Time;
use serde::Serialize;
use std::collections::HashSet;

/// What somebody wrote into a document; nobody has checked it.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimedSignature {
    /// Fully qualified name of its field.
    pub field: String,
    /// Signature or document time stamp, by what it says.
    pub kind: Kind,
    /// `/SubFilter`.
    pub sub_filter: Option<String>,
    /// Who it says signed: `/Name`, else the name in the certificate that it carries along. Anybody can write any name.
    pub claimed_signer: Option<String>,
    /// `/M`: when it says that it was made.
    pub claimed_time: Option<Time>,
    /// The revision that brought it, counted from 1.
    pub revision: usize,
    /// The page of its widget, counted from 1, where one was found.
    pub page: Option<u64>,
    /// The widget's rectangle: left, bottom, right, top in the page's user space, in points; none if it has no area.
    pub rect: Option<[f64; 4]>,
}

/// Most pages that are looked at for a widget which does not say where it is.
const MAX_PAGES: usize = 2_000;

/// Every signature, in the order of the report, without any cryptography.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`], [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
pub fn signatures(document: &Document<'_>) -> Result<Vec<ClaimedSignature>> {
    let mut located = locate::locate(document)?;
    stray::add(document, &mut located)?;
    located.candidates.iter().map(|candidate| claimed(document, candidate)).collect()
}

fn claimed(document: &Document<'_>, candidate: &Candidate) -> Result<ClaimedSignature> {
    let view = document.at(candidate.revision);
    let entry = |key: &[u8]| view.get(&candidate.dict, key);
    let sub_filter = entry(b"SubFilter")?;
    let stamp = sub_filter.as_name().and_then(Expect::of_sub_filter) == Some(Expect::TimeStamp);
    let name = match entry(b"Name")?.as_string().map(text).filter(|name| !name.is_empty()) {
        Some(name) => Some(name),
        None => entry(b"Contents")?.as_string().and_then(name_in_cms),
    };
    // What cannot be read shows nothing.
    let (page, rect) = match place(view, &candidate.field_dict) {
        Ok(place) => place,
        Err(error) if matches!(error.kind(), ErrorKind::PdfDamaged | ErrorKind::LimitReached) => (None, None),
        Err(error) => return Err(error),
    };
    Ok(ClaimedSignature {
        field: candidate.field.clone(),
        kind: if stamp { Kind::DocumentTimestamp } else { Kind::Signature },
        sub_filter: sub_filter.as_name().map(|name| String::from_utf8_lossy(name).into_owned()),
        claimed_signer: name,
        claimed_time: entry(b"M")?.as_string().and_then(Time::from_pdf_date),
        revision: candidate.revision + 1,
        page,
        rect,
    })
}

/// The common name of the certificate that the first signer points to.
fn name_in_cms(contents: &[u8]) -> Option<String> {
    let data = SignedData::parse(contents).ok()?;
    let first = data.signer_infos().first()?;
    signer::candidates(&data, first).first()?.common_name()
}

/// Page and rectangle of a field's first widget.
fn place(view: View<'_>, field: &Dictionary) -> Result<(Option<u64>, Option<[f64; 4]>)> {
    let kid = match view.get_array(field, b"Kids")?.unwrap_or_default().first() {
        Some(kid) if field.get(b"Rect").is_none() => view.resolve(kid)?,
        _ => Object::Null,
    };
    let widget = kid.as_dict().unwrap_or(field);
    let corners = view.get_array(widget, b"Rect")?.unwrap_or_default();
    let corners = corners.iter().map(|n| view.resolve(n)).collect::<Result<Vec<_>>>()?;
    let rect = Rect::from_array(&corners).filter(|rect| !rect.is_empty()).map(|r| [r.x0, r.y0, r.x1, r.y1]);
    let page = match widget.get(b"P").and_then(Object::as_reference) {
        Some(page) => view.page_number(page)?,
        None => page_with(view, widget)?,
    };
    Ok((page, rect))
}

/// The page whose annotations hold this widget; `/P` is optional (ISO 32000-2 table 166).
fn page_with(view: View<'_>, widget: &Dictionary) -> Result<Option<u64>> {
    let Some(root) = view.catalog()?.get(b"Pages").and_then(Object::as_reference) else { return Ok(None) };
    let mut open = vec![(root, 0)];
    let mut seen: HashSet<ObjectId> = HashSet::new();
    let mut number = 0;
    while let Some((id, depth)) = open.pop() {
        if depth > MAX_DEPTH || seen.len() > MAX_PAGES || !seen.insert(id) {
            return Ok(None);
        }
        view.document().budget().step(1)?;
        let Object::Dictionary(node) = view.resolve(&Object::Reference(id))? else { continue };
        if let Some(kids) = view.get_array(&node, b"Kids")? {
            open.extend(kids.iter().rev().filter_map(Object::as_reference).map(|kid| (kid, depth + 1)));
            continue;
        }
        number += 1;
        for annotation in view.get_array(&node, b"Annots")?.unwrap_or_default() {
            view.document().budget().step(1)?;
            if view.resolve(&annotation)?.as_dict() == Some(widget) {
                return Ok(Some(number));
            }
        }
    }
    Ok(None)
}
