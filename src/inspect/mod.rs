//! The inspect room: what a document is and what about it may surprise whoever signs or reads it. Takes a document, gives facts and
//! risk markers. Knows no certificate, judges nothing, repairs nothing.
//!
//! Whatever was not looked at, because it could not be read or because there is too much of it, is listed as unchecked: a missing
//! marker otherwise means that the thing was looked for and is not there.

mod actions;
mod claims;
mod form;
mod pages;
mod risk;
mod text;
mod xmp;

pub use claims::{Claims, PdfA, PdfUa, claims, is_tagged};
pub use risk::Risk;

use crate::error::Result;
use crate::pdf::recover::fault;
use crate::pdf::{Dictionary, Document, Object, ObjectId, SectionKind, View};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Above this size a document is marked as large.
const LARGE_BYTES: u64 = 100 << 20;
/// Above this number of pages a document is marked as large.
const LARGE_PAGES: u64 = 1_000;
/// Markers of one kind that are listed one by one; all are counted.
const LISTED: u64 = 20;
/// Entries of the cross-references whose objects are looked for.
const FAULT_ENTRIES: usize = 100_000;
/// Objects that one inspection looks at.
const MAX_OBJECTS: u64 = 20_000;

/// Facts about a document, and markers.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Inspection {
    /// The PDF version: the header's, or the catalog's if that is later.
    pub version: String,
    /// Bytes.
    pub size: u64,
    /// Pages as the page tree's root counts them.
    pub pages: u64,
    /// The encryption, if there is one.
    pub encryption: Option<Encryption>,
    /// The revisions, oldest first.
    pub revisions: Vec<RevisionFacts>,
    /// The signature fields, signed and empty.
    pub signature_fields: Vec<SignatureField>,
    /// Form fields other than signatures.
    pub form_fields: u64,
    /// The level of a certification: 1 no changes, 2 forms and signatures, 3 also annotations.
    pub certification: Option<i64>,
    /// Whether there are usage rights (`/Perms` with `/UR` or `/UR3`).
    pub usage_rights: bool,
    /// Whether there is an XFA form.
    pub xfa: bool,
    /// Whether it is a portfolio (`/Collection`).
    pub portfolio: bool,
    /// The PDF/A part and level that the metadata claim.
    pub pdfa: Option<PdfA>,
    /// The PDF/UA part that they claim.
    pub pdfua: Option<PdfUa>,
    /// Whether it is marked as tagged and has a structure tree.
    pub tagged: bool,
    /// The first markers of each kind.
    pub markers: Vec<Marker>,
    /// How many there are of each kind.
    pub counts: BTreeMap<Risk, u64>,
    /// What was not looked at, or only in part.
    pub unchecked: Vec<Unchecked>,
}

/// How a document is encrypted.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Encryption {
    /// Cipher and key length.
    pub method: String,
    /// Revision of the standard security handler.
    pub revision: i64,
    /// Whether it was opened with the owner's password.
    pub owner: bool,
    /// Whether printing is allowed to users.
    pub print: bool,
    /// Whether changing content is.
    pub modify: bool,
    /// Whether copying is.
    pub copy: bool,
    /// Whether annotating is.
    pub annotate: bool,
    /// Whether filling in and signing existing fields is.
    pub fill_forms: bool,
    /// Whether making new fields, signature fields among them, is.
    pub create_fields: bool,
}

/// What a signature does to the form, on which depends what the author's permissions say of it (ISO 32000-2 table 22).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// It brings its field: bits 4 and 6.
    NewField,
    /// It goes into a field that is there: bit 6, or from revision 3 of the handler on bit 9.
    ExistingField,
}

/// One revision.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct RevisionFacts {
    /// First byte.
    pub start: u64,
    /// One past the last byte; `None` if it has no proper end.
    pub end: Option<u64>,
    /// `table`, `stream` or `hybrid`.
    pub cross_references: &'static str,
}

/// A field for a signature.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct SignatureField {
    /// The full name, its parts joined by dots.
    pub name: String,
    /// The object.
    pub object: String,
    /// The page of its widget, counted from 1, where it was found.
    pub page: Option<u64>,
    /// Whether there is a value.
    pub signed: bool,
    /// `/SubFilter` of the value.
    pub sub_filter: Option<String>,
    /// Whether its widget has an area.
    pub visible: bool,
}

/// One finding.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Marker {
    /// Its kind.
    pub code: Risk,
    /// The object it is about.
    pub object: Option<String>,
    /// The page it is on, counted from 1.
    pub page: Option<u64>,
    /// What it means, in one sentence without a full stop.
    pub text: &'static str,
    /// What to do about it.
    pub remedy: &'static str,
}

/// What was not looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Unchecked {
    /// The part of the document.
    pub part: &'static str,
    /// Why.
    pub why: &'static str,
    /// The first page concerned, counted from 1, if it is about pages.
    pub page: Option<u64>,
}

impl Inspection {
    /// Whether the author lets whoever opened the document do that: the owner may do everything, and without encryption there are no
    /// permissions. Nothing but good manners keeps a program to them.
    #[must_use]
    pub fn permits(&self, signing: Signing) -> bool {
        self.encryption.as_ref().is_none_or(|encryption| {
            encryption.owner
                || match signing {
                    Signing::NewField => encryption.create_fields,
                    Signing::ExistingField => encryption.fill_forms,
                }
        })
    }

    /// Adds a marker that only somebody who knows more than the document can find: what is to be signed, and where.
    pub(crate) fn add(&mut self, code: Risk, page: u64) {
        *self.counts.entry(code).or_insert(0) += 1;
        self.markers.push(Marker { code, object: None, page: Some(page), text: code.text(), remedy: code.remedy() });
    }

    /// Whether there is a marker of that kind.
    #[must_use]
    pub fn has(&self, risk: Risk) -> bool {
        self.counts.contains_key(&risk)
    }
}

/// Inspects the newest revision.
///
/// # Errors
/// [`PdfDamaged`](crate::ErrorKind::PdfDamaged) if there is no catalog; as [`View::object`] if it cannot be read. Anything else that
/// cannot be read is listed as unchecked.
pub fn inspect(document: &Document<'_>) -> Result<Inspection> {
    let view = document.latest();
    let catalog = view.catalog()?;
    let mut search = Search {
        view,
        markers: Vec::new(),
        counts: BTreeMap::new(),
        unchecked: Vec::new(),
        objects: MAX_OBJECTS,
        fonts: HashSet::new(),
        forms: HashSet::new(),
        page_numbers: HashMap::new(),
    };
    let pages = search.or_unchecked("the page tree", None, |s| s.view.page_count()).unwrap_or(0);
    let encryption = encryption(document, &mut search);
    let revisions = structure(document, &mut search);
    if document.source().len() > LARGE_BYTES || pages > LARGE_PAGES {
        search.mark(Risk::LargeDocument, None, None);
    }
    search.or_unchecked("actions of the document", None, |s| actions::of_catalog(s, &catalog));
    search.or_unchecked("layers", None, |s| layers(s, &catalog));
    search.or_unchecked("attachments", None, |s| attachments(s, &catalog));
    pages::walk(&mut search, &catalog, pages);
    // Too many pages must not hide the signature fields.
    search.objects = MAX_OBJECTS;
    let form = form::walk(&mut search, &catalog);
    let portfolio = catalog.get(b"Collection").is_some();
    if portfolio {
        search.mark(Risk::Portfolio, None, None);
    }
    let usage_rights = search
        .or_unchecked("usage rights", None, |s| {
            Ok(s.view.get_dict(&catalog, b"Perms")?.is_some_and(|p| p.get(b"UR").or_else(|| p.get(b"UR3")).is_some()))
        })
        .unwrap_or(false);
    if usage_rights {
        search.mark(Risk::UsageRights, None, None);
    }
    let claims = search.or_unchecked("the XMP metadata", None, |s| claims(s.view)).unwrap_or_default();
    let tagged = search.or_unchecked("the tags", None, |s| is_tagged(s.view)).unwrap_or(false);
    Ok(Inspection {
        version: version(document, &catalog),
        size: document.source().len(),
        pages,
        encryption,
        revisions,
        signature_fields: form.signatures,
        form_fields: form.others,
        certification: form.certification,
        usage_rights,
        xfa: form.xfa,
        portfolio,
        pdfa: claims.pdfa,
        pdfua: claims.pdfua,
        tagged,
        markers: search.markers,
        counts: search.counts,
        unchecked: search.unchecked,
    })
}

/// What an inspection gathers while it looks around.
struct Search<'d> {
    view: View<'d>,
    markers: Vec<Marker>,
    counts: BTreeMap<Risk, u64>,
    unchecked: Vec<Unchecked>,
    /// How many more objects are looked at.
    objects: u64,
    fonts: HashSet<ObjectId>,
    forms: HashSet<ObjectId>,
    page_numbers: HashMap<ObjectId, u64>,
}

impl Search<'_> {
    fn mark(&mut self, code: Risk, object: Option<ObjectId>, page: Option<u64>) {
        let count = self.counts.entry(code).or_insert(0);
        *count += 1;
        if *count <= LISTED {
            self.markers.push(Marker { code, object: object.map(|id| id.to_string()), page, text: code.text(), remedy: code.remedy() });
        }
    }

    /// The value, or a note that this part was not checked.
    fn or_unchecked<T>(&mut self, part: &'static str, page: Option<u64>, look: impl FnOnce(&mut Self) -> Result<T>) -> Option<T> {
        match look(self) {
            Ok(value) => Some(value),
            Err(error) => {
                let limit = error.kind() == crate::ErrorKind::LimitReached;
                self.skip(part, if limit { "there is too much of it" } else { "it cannot be read" }, page);
                None
            }
        }
    }

    fn skip(&mut self, part: &'static str, why: &'static str, page: Option<u64>) {
        if !self.unchecked.iter().any(|known| known.part == part && known.why == why) {
            self.unchecked.push(Unchecked { part, why, page });
        }
    }

    /// Takes one object off the number that is looked at.
    fn step(&mut self) -> Result<()> {
        match self.objects.checked_sub(1) {
            Some(left) => {
                self.objects = left;
                Ok(())
            }
            None => Err(crate::Error::new(crate::ErrorKind::LimitReached).context("objects of one inspection")),
        }
    }

    /// The dictionary behind an object (a stream's own included), counted.
    fn dict(&mut self, object: &Object) -> Result<Option<Dictionary>> {
        self.step()?;
        Ok(match self.view.resolve(object)? {
            Object::Dictionary(dict) => Some(dict),
            Object::Stream(stream) => Some(stream.dict),
            _ => None,
        })
    }
}

/// The later of header and catalog (ISO 32000-2 7.5.2).
fn version(document: &Document<'_>, catalog: &Dictionary) -> String {
    let head = document.source().read_range(document.header_offset() + 5, 3).unwrap_or_default();
    let plain = |bytes: &[u8]| {
        let shape = matches!(bytes, [a, b'.', b] if a.is_ascii_digit() && b.is_ascii_digit());
        shape.then(|| String::from_utf8_lossy(bytes).into_owned())
    };
    let own = catalog.get(b"Version").and_then(Object::as_name).and_then(plain);
    plain(&head).max(own).unwrap_or_else(|| "unknown".to_owned())
}

fn encryption(document: &Document<'_>, search: &mut Search<'_>) -> Option<Encryption> {
    let crypt = document.crypt()?;
    let may = crypt.permissions();
    if !may.create_fields() && !crypt.is_owner() {
        search.mark(Risk::PermissionBits, None, None);
    }
    if !may.fill_forms() && !crypt.is_owner() {
        search.mark(Risk::SigningNotPermitted, None, None);
    }
    Some(Encryption {
        method: crypt.method(),
        revision: crypt.revision(),
        owner: crypt.is_owner(),
        print: may.print(),
        modify: may.modify(),
        copy: may.copy(),
        annotate: may.annotate(),
        fill_forms: may.fill_forms(),
        create_fields: may.create_fields(),
    })
}

fn structure(document: &Document<'_>, search: &mut Search<'_>) -> Vec<RevisionFacts> {
    let revisions = document.revisions();
    if revisions.iter().any(|revision| revision.hybrid) {
        search.mark(Risk::Hybrid, None, None);
    }
    // Bytes behind the last revision; blank lines are harmless.
    let loose = match revisions.last().and_then(|revision| revision.tail) {
        Some(tail) if document.source().len() - tail.end.min(document.source().len()) <= 1024 => {
            document.source().read_range(tail.end, 1024).is_ok_and(|rest| rest.iter().any(|c| !matches!(c, b'\n' | b'\r' | b' ' | 0)))
        }
        _ => true,
    };
    if document.has_dead_tail() || document.header_offset() > 0 || loose || revisions.iter().any(|revision| revision.tail.is_none()) {
        search.mark(Risk::DamagedStructure, None, None);
    }
    // Readers would look for such an object by themselves, or do without it.
    if let Some(Some(object)) = search.or_unchecked("the places of the objects", None, |_| fault(document, FAULT_ENTRIES)) {
        search.mark(Risk::DamagedStructure, Some(object), None);
    }
    let facts = |revision: &crate::pdf::Revision| RevisionFacts {
        start: revision.start,
        end: revision.tail.map(|tail| tail.end),
        cross_references: match (revision.hybrid, revision.kind) {
            (true, _) => "hybrid",
            (false, SectionKind::Table) => "table",
            (false, SectionKind::Stream) => "stream",
        },
    };
    revisions.iter().map(facts).collect()
}

/// Optional content (ISO 32000-2 8.11.4).
fn layers(search: &mut Search<'_>, catalog: &Dictionary) -> Result<()> {
    let view = search.view;
    let Some(properties) = view.get_dict(catalog, b"OCProperties")? else { return Ok(()) };
    if view.get_array(&properties, b"OCGs")?.is_none_or(|groups| groups.is_empty()) {
        return Ok(());
    }
    let default = view.get_dict(&properties, b"D")?.unwrap_or_default();
    let filled = |key: &[u8]| -> Result<Vec<Object>> { Ok(view.get_array(&default, key)?.unwrap_or_default()) };
    let off = filled(b"OFF")?;
    let base_off = view.get(&default, b"BaseState")?.as_name().is_some_and(|state| state != b"ON");
    // /AS lets the occasion (view, print, export) decide what is shown.
    if base_off || !off.is_empty() || !filled(b"AS")?.is_empty() {
        search.mark(Risk::HiddenLayers, off.first().and_then(Object::as_reference), None);
    } else {
        search.mark(Risk::Layers, catalog.get(b"OCProperties").and_then(Object::as_reference), None);
    }
    Ok(())
}

fn attachments(search: &mut Search<'_>, catalog: &Dictionary) -> Result<()> {
    let names = search.view.get_dict(catalog, b"Names")?.unwrap_or_default();
    let tree = search.view.get_dict(&names, b"EmbeddedFiles")?;
    let filled =
        tree.is_some_and(|tree| tree.get(b"Kids").is_some() || tree.get(b"Names").and_then(Object::as_array).is_none_or(|n| !n.is_empty()));
    if filled || search.view.get_array(catalog, b"AF")?.is_some_and(|files| !files.is_empty()) {
        search.mark(Risk::EmbeddedFiles, names.get(b"EmbeddedFiles").and_then(Object::as_reference), None);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
