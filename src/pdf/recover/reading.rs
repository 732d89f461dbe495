//! The PDF room: a damaged file as it can be read. Takes a scan, gives a document through the file's own chain where there is one that
//! agrees with what stands in the file, otherwise through a layout of everything that was found.

use super::super::blocks::Blocks;
use super::super::document::Document;
use super::super::object::{Dictionary, Object, ObjectId};
use super::super::revision::Layout;
use super::super::source::Source;
use super::super::xref::{Section, SectionKind, XrefEntry};
use super::choose::{Choice, choose, outer};
use super::scan::{Doubt, Kind, Scan};
use super::{Recovery, refused, sealed};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Budget;
use std::collections::{BTreeMap, HashSet};

pub(super) struct Reading<'s> {
    source: &'s dyn Source,
    header: u64,
    trailer: Dictionary,
    choice: Choice,
    /// About trailers and catalogs, which a chain does not explain.
    doubt: Option<Doubt>,
}

/// What a trailer passes on.
const KEYS: [&[u8]; 4] = [b"Root", b"Info", b"ID", b"Encrypt"];

impl<'s> Reading<'s> {
    /// # Errors
    /// [`ErrorKind::PdfDamaged`] if no reading is to be had; as [`Document::open_with_password`].
    pub(super) fn of(source: &'s dyn Source, header: u64, scan: &mut Scan, password: Option<&[u8]>) -> Result<Reading<'s>> {
        let (mut trailer, mut doubt) = trailer(scan);
        let named = trailer.get(b"Root").is_some();
        if trailer.get(b"Encrypt").is_none() && (scan.encryption || !named && scan.garbled) {
            return Err(refused(("it seems to be encrypted, and no trailer says how", 0)));
        }
        let open = |scan: &Scan| {
            let section = Section::found(SectionKind::Stream, trailer.clone(), source.len(), outer(scan));
            let recovery = Recovery { complete: true, lengths: lengths(scan) };
            let layout = Layout::found(source, header, section);
            Document::over(Blocks::of(source), Budget::for_len(source.len()), layout, Some(recovery), password)
        };
        let mut document = open(scan)?;
        if document.crypt().is_some() && scan.objects.iter().any(|found| found.length.is_some()) {
            if let Some(unsettled) = sealed::settle(&document, scan)? {
                doubt.get_or_insert(unsettled);
            }
            document = open(scan)?;
        }
        let choice = choose(&document, scan)?;
        if scan.signed {
            return Err(refused(("it is or was signed; a signed document is never repaired", 0)));
        }
        let catalogs: Vec<ObjectId> =
            choice.iter().filter(|(_, chosen)| chosen.kind == Kind::Catalog).map(|(n, chosen)| id(*n, chosen.entry)).collect();
        let root = match (trailer.get(b"Root").and_then(Object::as_reference), catalogs.as_slice()) {
            (Some(root), _) => root,
            (None, [only]) => *only,
            (None, _) => return Err(refused(("no trailer names the catalog, and there is not just one", 0))),
        };
        if catalogs.iter().any(|catalog| *catalog != root) {
            doubt.get_or_insert(("there are several catalogs", 0));
        }
        trailer.set(b"Root", Object::Reference(root));
        Ok(Reading { source, header, trailer, choice, doubt })
    }

    /// The document, if there is no doubt about it.
    pub(super) fn strictly(self, scan: &Scan, password: Option<&[u8]>) -> Result<Document<'s>> {
        if let Some(doubt) = self.doubt {
            return Err(refused(doubt));
        }
        if let Some(document) = self.by_chain(scan, password)? {
            return Ok(document);
        }
        if let Some(doubt) = scan.doubt {
            return Err(refused(doubt));
        }
        let document = self.by_choice(scan, password)?;
        has_pages(&document)?;
        Ok(document)
    }

    /// The document through the chain from its last section on, or from its first where that is the newest (a linearised file). Every
    /// entry must lead to what stands there, and every object must be named.
    fn by_chain(&self, scan: &Scan, password: Option<&[u8]>) -> Result<Option<Document<'s>>> {
        let ends = scan.sections.last().into_iter().chain(scan.sections.first().filter(|_| scan.sections.len() == 2));
        for mark in ends {
            for base in [0, self.header].into_iter().take(if self.header > 0 { 2 } else { 1 }) {
                match self.chained(scan, mark.offset, base, password) {
                    Ok(Some(document)) => return Ok(Some(document)),
                    Ok(None) => {}
                    Err(error) if error.kind() == ErrorKind::PdfDamaged => {}
                    Err(error) => return Err(error),
                }
            }
        }
        Ok(None)
    }

    fn chained(&self, scan: &Scan, at: u64, base: u64, password: Option<&[u8]>) -> Result<Option<Document<'s>>> {
        let budget = Budget::for_len(self.source.len());
        let layout = Layout::from_section(self.source, at, self.header, base, &budget)?;
        let recovery = Recovery { complete: false, lengths: lengths(scan) };
        let document = Document::over(Blocks::of(self.source), budget, layout, Some(recovery), password)?;
        if !agrees(&document, scan)? {
            return Ok(None);
        }
        has_pages(&document)?;
        Ok(Some(document))
    }

    /// The document of everything that counts.
    pub(super) fn by_choice(&self, scan: &Scan, password: Option<&[u8]>) -> Result<Document<'s>> {
        let used = self.choice.iter().filter(|(_, chosen)| chosen.kind != Kind::CrossReferences);
        let entries: Vec<(u32, XrefEntry)> = used.map(|(number, chosen)| (*number, chosen.entry)).collect();
        // A complete section leaves no number out; one object of a high number must not make millions of entries.
        let highest = entries.last().map_or(0, |(number, _)| *number as usize);
        if highest > entries.len().saturating_mul(10).saturating_add(1_000) {
            return Err(Error::new(ErrorKind::PdfDamaged).context("its object numbers are too far apart"));
        }
        let packed = entries.iter().any(|(_, entry)| matches!(entry, XrefEntry::Compressed { .. }));
        let last = scan.sections.last().map_or(SectionKind::Table, |mark| mark.kind);
        let kind = if packed { SectionKind::Stream } else { last };
        let section = Section::found(kind, self.trailer.clone(), self.source.len(), entries);
        let recovery = Recovery { complete: true, lengths: lengths(scan) };
        let layout = Layout::found(self.source, self.header, section);
        Document::over(Blocks::of(self.source), Budget::for_len(self.source.len()), layout, Some(recovery), password)
    }

    /// Whether it is encrypted.
    pub(super) fn is_encrypted(&self) -> bool {
        self.trailer.get(b"Encrypt").is_some()
    }
}

const fn id(number: u32, entry: XrefEntry) -> ObjectId {
    match entry {
        XrefEntry::Offset { generation, .. } => ObjectId::new(number, generation),
        _ => ObjectId::new(number, 0),
    }
}

/// What the trailers say together, the last one last.
fn trailer(scan: &Scan) -> (Dictionary, Option<Doubt>) {
    let mut merged = Dictionary::new();
    let mut doubt = None;
    let whole = scan.trailers.iter().filter(|trailer| trailer.get(b"Root").is_some());
    for (index, trailer) in whole.enumerate() {
        for key in KEYS {
            let (before, now) = (merged.get(key), trailer.get(key));
            if index > 0 && before != now && [&b"Root"[..], b"Encrypt"].contains(&key) {
                doubt = Some(("the trailers name different catalogs or encryptions", 0));
            }
            if let Some(now) = now.cloned() {
                merged.set(key, now);
            }
        }
        if trailer.duplicate().is_some() {
            doubt = Some(("a trailer has a key twice", 0));
        }
    }
    (merged, doubt)
}

/// Right lengths of streams, by where their objects stand.
fn lengths(scan: &Scan) -> BTreeMap<u64, (ObjectId, i64)> {
    let with_length = scan.objects.iter().filter_map(|found| Some((found.offset, (found.id, i64::try_from(found.length?).ok()?))));
    with_length.collect()
}

/// Whether the chain and the scan tell of the same objects.
fn agrees(document: &Document<'_>, scan: &Scan) -> Result<bool> {
    let found: HashSet<(u32, u16, u64)> = scan.objects.iter().map(|found| (found.id.number, found.id.generation, found.offset)).collect();
    let most = found.len().saturating_mul(100).saturating_add(100_000);
    let mut named: HashSet<u32> = HashSet::new();
    let mut many = false;
    for section in (0..document.revisions().len()).flat_map(|revision| document.sections(revision)) {
        section.for_each(document.source(), document.budget(), |number, _| {
            many |= named.len() > most;
            if !many {
                named.insert(number);
            }
            Ok(())
        })?;
    }
    if many {
        return Ok(false);
    }
    let view = document.latest();
    for number in &named {
        let right = match view.entry(*number)? {
            Some(XrefEntry::Offset { offset, generation }) => found.contains(&(*number, generation, offset)),
            Some(XrefEntry::Compressed { .. }) => view.object(ObjectId::new(*number, 0)).map(|_| true)?,
            Some(XrefEntry::Free) | None => true,
        };
        if !right {
            return Ok(false);
        }
    }
    Ok(scan.objects.iter().all(|found| found.kind == Kind::CrossReferences || named.contains(&found.id.number)))
}

/// The catalog leads to pages, the first and the last of which can be read.
fn has_pages(document: &Document<'_>) -> Result<()> {
    let view = document.latest();
    let count = view.page_count()?;
    view.page(0)?;
    view.page(count.saturating_sub(1))?;
    Ok(())
}
