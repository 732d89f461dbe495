//! The sign room: what a visible signature shows. Takes the request, the identity and the widget's box, gives an appearance in the update.

use super::identity::SigningIdentity;
use super::request::SignatureRequest;
use crate::appearance::{self, Constraints, Look, Text, Values};
use crate::error::{ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, ObjectId, Page, Rect, View};

/// The lines of a visible signature.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for a template with an unknown placeholder.
pub(super) fn lines(request: &SignatureRequest, identity: &SigningIdentity) -> Result<Vec<String>> {
    let certificate = identity.leaf()?;
    let name = || request.name.clone().or_else(|| certificate.common_name());
    let (year, month, day, hour, minute, second) = request.time.fields();
    let date = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} UTC");
    match &request.appearance.text {
        Text::Lines(lines) => Ok(lines.clone()),
        Text::Templates(templates) => {
            let values = Values {
                name: name().unwrap_or_default(),
                reason: request.reason.clone().unwrap_or_default(),
                date,
                location: request.location.clone().unwrap_or_default(),
                serial: serial(certificate.serial()),
            };
            appearance::fill(templates, &values)
        }
        Text::Usual => {
            let mut lines = Vec::new();
            lines.extend(name().map(|name| format!("Signed by {name}")));
            lines.push(date);
            lines.extend(request.reason.iter().map(|reason| format!("Reason: {reason}")));
            lines.extend(request.location.iter().map(|location| format!("Location: {location}")));
            Ok(lines)
        }
    }
}

/// The number as people compare it: hexadecimal, without the byte that keeps it positive.
fn serial(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02X}")).collect::<String>();
    if bytes.len() > 1 { digits.strip_prefix("00").map_or_else(|| digits.clone(), str::to_owned) } else { digits }
}

/// The appearance for a new widget with that box on that page.
pub(super) fn drawn(
    update: &mut Update<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    page: &Page,
    rect: Rect,
    constraints: &Constraints,
) -> Result<ObjectId> {
    let look = Look::new(&request.appearance, lines(request, identity)?, *constraints);
    look.build(update, rect.width(), rect.height(), page.rotate)
}

/// The appearance for a widget that exists, `None` if its box is empty.
pub(super) fn shown(
    update: &mut Update<'_>,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    widget: &Dictionary,
    constraints: &Constraints,
) -> Result<Option<ObjectId>> {
    let view = update.view();
    let items = view.get_array(widget, b"Rect")?.unwrap_or_default();
    let items = items.iter().map(|item| view.resolve(item)).collect::<Result<Vec<_>>>()?;
    let Some(rect) = Rect::from_array(&items).filter(|rect| !rect.is_empty()) else { return Ok(None) };
    let rotate = page_rotation(view, widget)?;
    let mut look = Look::new(&request.appearance, lines(request, identity)?, *constraints);
    // The author chose the box: lines that nobody asked for by word give way when it is too small for them.
    if request.appearance.text == Text::Usual {
        loop {
            match look.check(rect.width(), rect.height(), rotate) {
                Err(error) if matches!(error.kind(), ErrorKind::BoxUnusable | ErrorKind::TextUnrepresentable) => {
                    if look.lines.pop().is_none() {
                        return if request.appearance.is_text_alone() { Ok(None) } else { Err(error) };
                    }
                }
                other => {
                    other?;
                    break;
                }
            }
        }
    }
    look.build(update, rect.width(), rect.height(), rotate).map(Some)
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
