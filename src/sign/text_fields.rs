//! The sign room: text fields filled before anybody signs (ISO 32000-2 12.7.4.3, 12.7.5.3). Takes an open document and a value for each of some
//! fields, gives the revision to append: `/V` and an appearance for every widget, so that each viewer shows the same. All of them or none.

use super::acro_form::Form;
use super::conformance::Conformance;
use super::field::{catalog_id, current, damaged, target};
use super::form::{self, Node};
use super::plan::sound;
use crate::appearance::{Align, Constraints, FieldText, Flow, Font};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::MAX_DEPTH;
use crate::pdf::append::Update;
use crate::pdf::content::Content;
use crate::pdf::{Dictionary, Document, Object, Rect, View};
use std::collections::BTreeSet;

/// Most fields of one call.
const MAX_FIELDS: usize = 200;
/// Most characters of a value.
const MAX_VALUE: usize = 4_000;
/// `/Ff` (ISO 32000-2 tables 227 and 231).
const READ_ONLY: i64 = 1;
const MULTILINE: i64 = 1 << 12;
/// Password, file and rich text: what is shown there is not the value.
const NOT_PLAIN: i64 = 1 << 13 | 1 << 20 | 1 << 25;
const COMB: i64 = 1 << 24;

/// Why a field does not take a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unfit {
    /// There is no such field.
    Unknown,
    /// It is no field of plain text, or several share its name.
    NotText,
    /// Its author lets nobody change it.
    ReadOnly,
    /// It takes fewer characters.
    TooLong,
    /// It has a character that the fonts lack, or a line end where there is one line.
    Unrepresentable,
    /// Its box has no room for all of it.
    NoRoom,
}

impl Unfit {
    /// A code for programs.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Unfit::Unknown => "field_unknown",
            Unfit::NotText => "field_not_text",
            Unfit::ReadOnly => "field_read_only",
            Unfit::TooLong => "value_too_long",
            Unfit::Unrepresentable => "value_unrepresentable",
            Unfit::NoRoom => "value_has_no_room",
        }
    }
}

/// Why nothing was filled.
#[derive(Debug)]
pub enum Unfilled {
    /// A field does not take its value.
    Field {
        /// The first such field.
        name: String,
        /// Why.
        why: Unfit,
    },
    /// The document is not one to be filled.
    Document(Error),
}

impl From<Error> for Unfilled {
    fn from(error: Error) -> Unfilled {
        Unfilled::Document(error)
    }
}

/// The revision that gives each field, by its fully qualified name, that value. Line ends are `\n`, in fields of several lines alone; an empty value
/// empties the field. A value is shown in Helvetica, or in the `other` font if it has a character that WinAnsiEncoding lacks. `random` becomes the
/// second `/ID` string.
///
/// # Errors
/// [`Unfilled::Field`]; otherwise [`ErrorKind::SigningForbidden`] if the document is signed or certified: a value would be a change of what was signed;
/// [`ErrorKind::PdfUnsupported`] if it has an XFA form, which says its values once more; [`ErrorKind::InvalidArgument`] for none or more than 200 fields,
/// or one twice; [`ErrorKind::PdfDamaged`], [`ErrorKind::LimitReached`].
pub fn fill_texts(document: &Document<'_>, values: &[(String, String)], other: &Font, random: [u8; 16]) -> Result<Vec<u8>, Unfilled> {
    let distinct: BTreeSet<&str> = values.iter().map(|(name, _)| name.as_str()).collect();
    if values.is_empty() || values.len() > MAX_FIELDS || distinct.len() != values.len() {
        return Err(Error::new(ErrorKind::InvalidArgument).context("1 to 200 fields are filled at a time, each once").into());
    }
    sound(document)?;
    let mut update = Update::new(document.latest())?;
    let view = update.view();
    let id = catalog_id(view)?;
    let catalog = current(&update, id)?;
    let form = Form::of(&update, id, &catalog)?.dict;
    if !view.get(&form, b"XFA")?.is_null() {
        return Err(Error::new(ErrorKind::PdfUnsupported).context("an XFA form").into());
    }
    let constraints = Conformance::of(view)?.constraints;
    for (name, value) in values {
        let refused = |why| Unfilled::Field { name: name.clone(), why };
        let mut survey = form::survey(view, &form, Some(name)).map_err(|error| match error.kind() {
            ErrorKind::FieldUnusable => refused(Unfit::NotText),
            _ => error.into(),
        })?;
        survey.permissions.read_catalog(view, &catalog)?;
        if survey.permissions.check_first().is_err() {
            return Err(Error::new(ErrorKind::SigningForbidden).context("fields are filled before the first signature").into());
        }
        let node = survey.existing.ok_or_else(|| refused(Unfit::Unknown))?;
        let field = TextField::read(view, &form, node)?.map_err(refused)?;
        field.fill(&mut update, value, (other, &constraints))?.map_err(refused)?;
    }
    Ok(update.finish(random)?.bytes)
}

/// The other font, and what the document's claims allow.
type Means<'m> = (&'m Font, &'m Constraints);

/// A text field, and how it wants its value.
struct TextField {
    node: Node,
    flags: i64,
    most: Option<usize>,
    size: f64,
    colour: Vec<f64>,
    align: Align,
}

impl TextField {
    fn read(view: View<'_>, form: &Dictionary, node: Node) -> Result<Result<TextField, Unfit>> {
        let flags = inherited(view, &node.dict, b"Ff")?.as_i64().unwrap_or(0);
        if node.kind.as_deref() != Some(b"Tx") || form::is_group(view, &node.dict)? || flags & NOT_PLAIN != 0 {
            return Ok(Err(Unfit::NotText));
        }
        if flags & READ_ONLY != 0 {
            return Ok(Err(Unfit::ReadOnly));
        }
        let or_the_forms = |key: &[u8]| match inherited(view, &node.dict, key)? {
            Object::Null => view.get(form, key),
            own => Ok(own),
        };
        let most = inherited(view, &node.dict, b"MaxLen")?.as_i64().and_then(|most| usize::try_from(most).ok());
        let align = match or_the_forms(b"Q")?.as_i64() {
            Some(1) => Align::Centre,
            Some(2) => Align::Right,
            _ => Align::Left,
        };
        let (size, colour) = default_appearance(view, or_the_forms(b"DA")?.as_string().unwrap_or_default());
        Ok(Ok(TextField { node, flags, most, size, colour, align }))
    }

    /// After the call the update holds the field with its value, and each widget with what it shows.
    fn fill(&self, update: &mut Update<'_>, value: &str, means: Means<'_>) -> Result<Result<(), Unfit>> {
        let value = value.replace("\r\n", "\n");
        let length = value.chars().count();
        if length > self.most.unwrap_or(MAX_VALUE).min(MAX_VALUE) {
            return Ok(Err(Unfit::TooLong));
        }
        let view = update.view();
        let id = target(view, self.node.id)?;
        let mut field = current(update, id)?;
        field.set(b"V", Object::text(&value));
        let mut widgets = Vec::new();
        for kid in view.get_array(&field, b"Kids")?.unwrap_or_default() {
            let kid = kid.as_reference().ok_or_else(|| damaged("a widget is no object of its own"))?;
            widgets.push(target(view, kid)?);
        }
        if widgets.is_empty()
            && view.get(&field, b"Subtype")?.as_name() == Some(b"Widget")
            && let Err(why) = self.show(update, &mut field, &value, means)?
        {
            return Ok(Err(why));
        }
        for id in widgets {
            let mut widget = current(update, id)?;
            if let Err(why) = self.show(update, &mut widget, &value, means)? {
                return Ok(Err(why));
            }
            update.replace(id, widget);
        }
        update.replace(id, field);
        Ok(Ok(()))
    }

    fn show(
        &self,
        update: &mut Update<'_>,
        widget: &mut Dictionary,
        value: &str,
        (other, constraints): Means<'_>,
    ) -> Result<Result<(), Unfit>> {
        let view = update.view();
        let numbers = |dict: &Dictionary, key: &[u8]| -> Result<Vec<f64>> {
            let items = view.get(dict, key)?;
            Ok(items.as_array().unwrap_or_default().iter().filter_map(Object::as_f64).collect())
        };
        let items = view.get_array(widget, b"Rect")?.unwrap_or_default();
        let items = items.iter().map(|item| view.resolve(item)).collect::<Result<Vec<_>>>()?;
        let Some(rect) = Rect::from_array(&items).filter(|rect| !rect.is_empty()) else { return Ok(Ok(())) };
        let look = view.get_dict(widget, b"MK")?.unwrap_or_default();
        let style = view.get_dict(widget, b"BS")?.unwrap_or_default();
        let flow = match (self.flags & MULTILINE != 0, self.flags & COMB != 0, self.most) {
            (true, ..) => Flow::Lines,
            (false, true, Some(most)) => Flow::Cells(u32::try_from(most).unwrap_or(u32::MAX)),
            _ => Flow::Line,
        };
        let text = FieldText {
            text: value,
            size: self.size,
            align: self.align,
            flow,
            colour: self.colour.clone(),
            background: numbers(&look, b"BG")?,
            border: numbers(&look, b"BC")?,
            border_width: view.get(&style, b"W")?.as_f64().unwrap_or(1.0),
            rotate: view.get(&look, b"R")?.as_i64().unwrap_or(0),
            other: other.clone(),
        };
        match text.build(update, rect.width(), rect.height(), constraints) {
            Ok(normal) => {
                widget.set(b"AP", Dictionary::new().with(b"N", Object::Reference(normal)));
                widget.remove(b"AS");
                Ok(Ok(()))
            }
            Err(error) if error.kind() == ErrorKind::BoxUnusable => Ok(Err(Unfit::NoRoom)),
            Err(error) if error.kind() == ErrorKind::TextUnrepresentable => Ok(Err(Unfit::Unrepresentable)),
            Err(error) => Err(error),
        }
    }
}

/// The value of an inheritable entry: the field's own or that of the nearest field above (ISO 32000-2 12.7.4.1).
fn inherited(view: View<'_>, field: &Dictionary, key: &[u8]) -> Result<Object> {
    let mut node = Some(field.clone());
    for _ in 0..MAX_DEPTH {
        let Some(dict) = node else { break };
        let value = view.get(&dict, key)?;
        if !value.is_null() {
            return Ok(value);
        }
        node = view.get_dict(&dict, b"Parent")?;
    }
    Ok(Object::Null)
}

/// Font size and colour of a default appearance (ISO 32000-2 12.7.4.3). What else it says is not taken over: it is a piece of a content stream, and
/// one that cannot be read says nothing.
fn default_appearance(view: View<'_>, text: &[u8]) -> (f64, Vec<f64>) {
    let (mut size, mut colour) = (0.0, Vec::new());
    let mut content = Content::new(text, view.document().budget());
    while let Ok(Some(operation)) = content.next_operation() {
        let numbers: Vec<f64> = operation.operands.iter().filter_map(Object::as_f64).collect();
        match (operation.operator, numbers.as_slice()) {
            (b"Tf", [given]) if given.is_finite() => size = given.abs(),
            (b"g", [_]) | (b"rg", [_, _, _]) | (b"k", [_, _, _, _]) => colour = numbers,
            _ => {}
        }
    }
    (size, colour)
}
