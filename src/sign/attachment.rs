//! The sign room: a file that goes into the document by the signature's own update, and is signed along (ISO 32000-2 7.11.4, 14.13). Takes what it is
//! and its bytes; gives the embedded file, in the catalog's `/AF` and in the tree of embedded files. Only where nobody has signed before, and where
//! the document's standard has room for it.

use super::acro_form::{Form, append};
use super::conformance::Conformance;
use super::field::{catalog_id, current, damaged, target};
use super::form;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, PdfString, name_tree};
use crate::time::Time;

/// Most bytes of a file: it is held, as the update is.
const MAX_BYTES: usize = 16 << 20;
/// Most characters of its name and of what is said of it.
const MAX_TEXT: usize = 200;

/// A file to be embedded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its name, without folders. Where the document has one of that name, a number is added.
    pub name: String,
    /// Its media type, as `application/json`.
    pub media_type: String,
    /// What it is, for people.
    pub description: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl Attachment {
    /// After the call the update holds the file, related to the document as data that belong to it (`/AFRelationship /Data`).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for a name or a size that no attachment has. [`ErrorKind::SigningForbidden`] if the document is signed: a file
    /// that comes later is a change that verifiers lay at the earlier signature's door. [`ErrorKind::ConformanceForbids`] if its standard (PDF/A-1,
    /// PDF/A-2, PDF/A-4) has no room for a file that is no PDF/A itself. [`ErrorKind::PdfDamaged`].
    pub(super) fn embed(&self, update: &mut Update<'_>, time: Time) -> Result<()> {
        self.check()?;
        let view = update.view();
        let root = catalog_id(view)?;
        admitted(update)?;
        let mut catalog = current(update, root)?;
        let mut names = view.get_dict(&catalog, b"Names")?.unwrap_or_default();
        let tree = view.get_dict(&names, b"EmbeddedFiles")?.unwrap_or_default();
        let mut files = name_tree::names(view, &tree)?;
        let name = self.free_name(|name| files.contains_key(name.as_bytes()));
        let size = i64::try_from(self.bytes.len()).map_err(|_| ErrorKind::LimitReached)?;
        let parameters = Dictionary::new()
            .with(b"Size", size)
            .with(b"CreationDate", Object::text(&time.to_pdf_date()))
            .with(b"ModDate", Object::text(&time.to_pdf_date()));
        let file = Dictionary::new()
            .with(b"Type", Object::name("EmbeddedFile"))
            .with(b"Subtype", Object::name(&self.media_type))
            .with(b"Params", parameters);
        let file = update.add_stream(file, self.bytes.clone());
        let specification = Dictionary::new()
            .with(b"Type", Object::name("Filespec"))
            .with(b"F", Object::text(&name))
            .with(b"UF", Object::text(&name))
            .with(b"EF", Dictionary::new().with(b"F", Object::Reference(file)).with(b"UF", Object::Reference(file)))
            .with(b"AFRelationship", Object::name("Data"))
            .with(b"Desc", Object::text(&self.description));
        let specification = update.add(specification);
        files.insert(name.into_bytes(), Object::Reference(specification));
        let flat: Vec<Object> =
            files.into_iter().flat_map(|(name, value)| [Object::String(PdfString { bytes: name, hex: false }), value]).collect();
        names.set(b"EmbeddedFiles", Object::Reference(update.add(Dictionary::new().with(b"Names", flat))));
        match catalog.get(b"Names") {
            Some(Object::Reference(id)) => {
                let id = target(view, *id)?;
                update.replace(id, names);
            }
            None | Some(Object::Null | Object::Dictionary(_)) => catalog.set(b"Names", names),
            Some(_) => return Err(damaged("/Names is no dictionary")),
        }
        append(update, &mut catalog, b"AF", specification)?;
        update.replace(root, catalog);
        Ok(())
    }

    fn check(&self) -> Result<()> {
        let wrong = |what: &'static str| Err(Error::new(ErrorKind::InvalidArgument).context(what));
        let line = |text: &str| !text.is_empty() && text.chars().count() <= MAX_TEXT && !text.chars().any(char::is_control);
        if !line(&self.name) || self.name.contains(['/', '\\', ':']) || self.name.starts_with('.') || !self.name.is_ascii() {
            return wrong("an attachment's name is one of a file, in ASCII and without folders");
        }
        let part = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+-.".contains(&b));
        if !self.media_type.split_once('/').is_some_and(|(kind, rest)| part(kind) && part(rest)) || self.media_type.len() > MAX_TEXT {
            return wrong("an attachment's media type is none");
        }
        if !line(&self.description) {
            return wrong("an attachment's description has 1 to 200 characters");
        }
        if self.bytes.len() > MAX_BYTES {
            return wrong("an attachment of more than 16 MiB");
        }
        Ok(())
    }

    fn free_name(&self, taken: impl Fn(&str) -> bool) -> String {
        let (stem, ending) = self.name.rsplit_once('.').unwrap_or((&self.name, ""));
        let dot = if ending.is_empty() { "" } else { "." };
        let numbered = (2..).map(|n| format!("{stem}-{n}{dot}{ending}"));
        std::iter::once(self.name.clone()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }
}

/// Whether the document, as it was before the update, may be given a file.
fn admitted(update: &Update<'_>) -> Result<()> {
    let refused = |what: &'static str| Err(Error::new(ErrorKind::SigningForbidden).context(what));
    let unkept = |what: &'static str| Err(Error::new(ErrorKind::ConformanceForbids).context(what));
    let view = update.view();
    let Object::Dictionary(catalog) = &view.object(catalog_id(view)?)?.object else { return Err(damaged("the catalog is no dictionary")) };
    let form = Form::of(&Update::new(view)?, catalog_id(view)?, catalog)?;
    let mut survey = form::survey(view, &form.dict, None)?;
    survey.permissions.read_catalog(view, catalog)?;
    if survey.permissions.check_first().is_err() {
        return refused("a file is attached before the first signature");
    }
    match Conformance::of(view)?.pdfa() {
        // ISO 19005-1 6.1.11 and ISO 19005-2 6.8: none, or PDF/A alone; ISO 19005-4 6.9: others in levels F and E.
        Some((1 | 2, _)) => unkept("PDF/A-1 and PDF/A-2 have no room for the attachment"),
        Some((4, level)) if !matches!(level, Some('F' | 'E')) => unkept("PDF/A-4 has room for the attachment in its level F alone"),
        _ => Ok(()),
    }
}
