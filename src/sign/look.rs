//! The sign room: what a visible signature shows. Takes the request, the identity and the widget's box, gives an appearance in the update.

use super::identity::SigningIdentity;
use super::request::SignatureRequest;
use crate::appearance::{self, Look};
use crate::error::{ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, ObjectId, Page, Rect, View};

/// The lines of a visible signature; `signer` stands in for a name.
pub(super) fn lines(request: &SignatureRequest, signer: Option<String>) -> Vec<String> {
    if let Some(lines) = &request.lines {
        return lines.clone();
    }
    let (year, month, day, hour, minute, second) = request.time.fields();
    let mut lines = Vec::new();
    if let Some(name) = request.name.clone().or(signer) {
        lines.push(format!("Signed by {name}"));
    }
    lines.push(format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC"));
    lines.extend(request.reason.iter().map(|reason| format!("Reason: {reason}")));
    lines.extend(request.location.iter().map(|location| format!("Location: {location}")));
    lines
}

/// The appearance for a new widget with that box on that page.
pub(super) fn drawn(
    update: &mut Update<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    page: &Page,
    rect: Rect,
) -> Result<ObjectId> {
    let look = Look::new(lines(request, identity.leaf()?.common_name()));
    appearance::build(update, &look, rect.width(), rect.height(), page.rotate)
}

/// The appearance for a widget that exists, `None` if its box is empty.
pub(super) fn shown(
    update: &mut Update<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    widget: &Dictionary,
) -> Result<Option<ObjectId>> {
    let view = update.view();
    let items = view.get_array(widget, b"Rect")?.unwrap_or_default();
    let items = items.iter().map(|item| view.resolve(item)).collect::<Result<Vec<_>>>()?;
    let Some(rect) = Rect::from_array(&items).filter(|rect| !rect.is_empty()) else { return Ok(None) };
    let rotate = page_rotation(view, widget)?;
    let lines = lines(request, identity.leaf()?.common_name());
    // The author chose the box: lines that nobody asked for by word give way when it is too small for them.
    let mut look = Look::new(lines);
    while request.lines.is_none() && !look.lines.is_empty() {
        match look.check(rect.width(), rect.height(), rotate) {
            Err(error) if matches!(error.kind(), ErrorKind::BoxUnusable | ErrorKind::TextUnrepresentable) => {
                look.lines.pop();
            }
            other => {
                other?;
                break;
            }
        }
    }
    if look.lines.is_empty() && request.lines.is_none() && look.check(rect.width(), rect.height(), rotate).is_err() {
        return Ok(None);
    }
    appearance::build(update, &look, rect.width(), rect.height(), rotate).map(Some)
}

/// `/Rotate` of the page that the widget names.
fn page_rotation(view: View<'_>, widget: &Dictionary) -> Result<i64> {
    let mut node = view.get_dict(widget, b"P")?;
    for _ in 0..MAX_DEPTH {
        let Some(dict) = node else { break };
        if let Some(angle) = view.get(&dict, b"Rotate")?.as_i64() {
            return Ok(angle.rem_euclid(360) / 90 * 90);
        }
        node = view.get_dict(&dict, b"Parent")?;
    }
    Ok(0)
}
