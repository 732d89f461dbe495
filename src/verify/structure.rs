//! The verify room: structure on which readers would disagree. Takes a signed revision, gives reasons: duplicate keys, standard keys
//! hidden behind escapes, hybrid files that show old and new viewers different objects.

use super::coverage::Fault;
use super::locate::{Candidate, walk_fields};
use super::reason::Reason;
use crate::error::Result;
use crate::limits::MAX_DEPTH;
use crate::pdf::{Dictionary, Document, Object, ObjectId, Section, SectionKind, View, XrefEntry};
use crate::switch::{Check, on};
use std::collections::{HashMap, HashSet};

/// Keys of a signature dictionary that a verifier reads (ISO 32000-2 table 255).
const SIGNATURE_KEYS: [&[u8]; 15] = [
    b"Type",
    b"Filter",
    b"SubFilter",
    b"Contents",
    b"Cert",
    b"ByteRange",
    b"Reference",
    b"Changes",
    b"Name",
    b"M",
    b"Location",
    b"Reason",
    b"ContactInfo",
    b"Prop_Build",
    b"V",
];

/// Keys of trailer, catalog, form, field and page that decide what is shown or where it is found (ISO 32000-2 tables 15, 29, 31, 224, 226).
/// Ordinary names may be written with escapes; one of these written so is meant to be read by one viewer and missed by another.
const STANDARD_KEYS: [&[u8]; 61] = [
    b"Type",
    b"Size",
    b"Prev",
    b"Root",
    b"Encrypt",
    b"Info",
    b"ID",
    b"XRefStm",
    b"Version",
    b"Extensions",
    b"Pages",
    b"PageLabels",
    b"Names",
    b"Dests",
    b"ViewerPreferences",
    b"PageLayout",
    b"PageMode",
    b"Outlines",
    b"Threads",
    b"OpenAction",
    b"AA",
    b"URI",
    b"AcroForm",
    b"Metadata",
    b"StructTreeRoot",
    b"MarkInfo",
    b"Lang",
    b"OutputIntents",
    b"OCProperties",
    b"Perms",
    b"Legal",
    b"Collection",
    b"NeedsRendering",
    b"DSS",
    b"AF",
    b"Parent",
    b"Kids",
    b"Count",
    b"Resources",
    b"MediaBox",
    b"CropBox",
    b"BleedBox",
    b"TrimBox",
    b"ArtBox",
    b"Contents",
    b"Rotate",
    b"Annots",
    b"Group",
    b"UserUnit",
    b"Fields",
    b"NeedAppearances",
    b"SigFlags",
    b"CO",
    b"DR",
    b"DA",
    b"Q",
    b"XFA",
    b"FT",
    b"T",
    b"V",
    b"AP",
];

pub(super) fn dictionary_faults(candidate: &Candidate) -> Option<Fault> {
    let at = Some(candidate.holder.start);
    if candidate.dict.is_empty() {
        return Some((Reason::DictionaryMalformed, at));
    }
    if (candidate.dict.duplicate().is_some() && on(Check::SignatureKeyTwice)) || (candidate.duplicate_key && on(Check::FieldKeyTwice)) {
        return Some((Reason::DuplicateKey, at));
    }
    if candidate.dict.entries().any(|e| e.escaped && SIGNATURE_KEYS.contains(&&*e.key)) && on(Check::SignatureKeyHidden) {
        return Some((Reason::EscapedKey, at));
    }
    None
}

/// Faults of what the signed revision is read through: the trailers of all its sections, its catalog, form and pages.
pub(super) fn revision_faults(view: View<'_>) -> Result<Option<Fault>> {
    let document = view.document();
    // Every trailer up to the signed one: an older one with two /Prev leads two readers to two documents.
    for section in (0..=view.revision()).flat_map(|index| document.sections(index)) {
        if let Some(reason) = doubtful(&section.trailer)
            && on(Check::TrailerKeys)
        {
            return Ok(Some((reason, Some(section.span.start))));
        }
    }
    let catalog = view.catalog()?;
    let form = view.get_dict(&catalog, b"AcroForm")?.unwrap_or_default();
    let of_catalog = doubtful(&catalog).filter(|_| on(Check::CatalogKeys));
    if let Some(reason) = of_catalog.or_else(|| doubtful(&form).filter(|_| on(Check::FormKeys))) {
        return Ok(Some((reason, None)));
    }
    if let Some(root) = catalog.get(b"Pages").and_then(Object::as_reference) {
        // Every page: one that is passed over is one that nobody checked. The budget ends what has no end.
        let mut open = vec![(root, 0)];
        let mut seen = HashSet::new();
        while let Some((id, depth)) = open.pop() {
            document.budget().step(1)?;
            if !seen.insert(id) {
                continue;
            }
            let found = view.object(id)?;
            let Object::Dictionary(node) = &found.object else { continue };
            if depth > MAX_DEPTH && on(Check::PageDepth) {
                return Ok(Some((Reason::SignedStructureDamaged, Some(found.span.start))));
            }
            if let Some(reason) = doubtful(node)
                && on(Check::PageKeys)
            {
                return Ok(Some((reason, Some(found.span.start))));
            }
            if let Some(kids) = view.get_array(node, b"Kids")? {
                open.extend(kids.iter().filter_map(Object::as_reference).map(|id| (id, depth + 1)));
            }
        }
    }
    // A field that cannot be read may be one that another reader shows.
    walk_fields(view, |field| field.map(drop))?;
    hybrid_conflict(document, view.revision())
}

/// Whether readers would disagree about what this dictionary says.
pub(super) fn doubtful(dict: &Dictionary) -> Option<Reason> {
    if dict.duplicate().is_some() && on(Check::KeyTwice) {
        return Some(Reason::DuplicateKey);
    }
    let hidden = dict.entries().any(|e| e.escaped && STANDARD_KEYS.contains(&&*e.key));
    (hidden && on(Check::KeyHidden)).then_some(Reason::EscapedKey)
}

/// A number in use in both the table and the stream of a hybrid, with different content (ISO 32000-2 7.5.8.4 hides objects from old
/// viewers; showing them others is an attack). Free in the table and used in the stream is the normal form.
fn hybrid_conflict(document: &Document<'_>, upto: usize) -> Result<Option<Fault>> {
    for index in 0..=upto {
        if let Some(fault) = own_conflict(document, index)? {
            return Ok(Some(fault));
        }
    }
    // What the last one says of a stream carried along, it says of all tables before it.
    let last = (0..=upto).rev().find(|index| carried(document, *index).is_some());
    last.map_or(Ok(None), |index| carried_conflict(document, index))
}

/// The same of one revision.
pub(super) fn hybrid_conflict_of(document: &Document<'_>, index: usize) -> Result<Option<Fault>> {
    match own_conflict(document, index)? {
        None => carried_conflict(document, index),
        fault => Ok(fault),
    }
}

/// What a revision's table says of `/XRefStm` where the stream is an earlier revision's: programs that update a hybrid carry the entry along.
fn carried<'d>(document: &'d Document<'_>, index: usize) -> Option<&'d Object> {
    let sections = document.sections(index);
    let named = sections.iter().find_map(|section| section.trailer.get(b"XRefStm").filter(|_| !section.is_hybrid_part()))?;
    (!sections.iter().any(Section::is_hybrid_part)).then_some(named)
}

/// Of an object that the stream shows no table between may speak, unless the revision's own does: readers that look into the stream wherever it is named take the
/// one, others the other.
fn carried_conflict(document: &Document<'_>, index: usize) -> Result<Option<Fault>> {
    let Some(named) = carried(document, index) else { return Ok(None) };
    let is_table = |section: &&Section| section.kind == SectionKind::Table;
    let mut spoken = HashSet::new();
    for own in document.sections(index).iter().filter(is_table) {
        own.for_each(document.source(), document.budget(), |number, entry| {
            if entry != XrefEntry::Free {
                spoken.insert(number);
            }
            Ok(())
        })?;
    }
    let mut tables: Vec<&Section> = Vec::new();
    for earlier in (0..index).rev() {
        let sections = document.sections(earlier);
        let home = sections.iter().any(|section| section.trailer.get(b"XRefStm") == Some(named));
        if home && let Some(stream) = sections.iter().find(|section| section.is_hybrid_part()) {
            return two_faces(document, index, &tables, stream, &spoken);
        }
        document.budget().step(1)?;
        tables.extend(sections.iter().filter(is_table));
    }
    Ok(None)
}

fn own_conflict(document: &Document<'_>, index: usize) -> Result<Option<Fault>> {
    if !document.revisions().get(index).is_some_and(|r| r.hybrid) {
        return Ok(None);
    }
    for pair in document.sections(index).windows(2) {
        let [table, stream] = pair else { continue };
        if stream.is_hybrid_part()
            && let Some(fault) = two_faces(document, index, &[table], stream, &HashSet::new())?
        {
            return Ok(Some(fault));
        }
    }
    Ok(None)
}

/// Whether the stream shows another object than one of these tables, as of that revision; but for those of which something else speaks.
fn two_faces(document: &Document<'_>, index: usize, tables: &[&Section], stream: &Section, but: &HashSet<u32>) -> Result<Option<Fault>> {
    // The tables' entries first: each takes its bytes in the file, while a small stream may list millions.
    let mut used: HashMap<u32, (u16, XrefEntry, u64)> = HashMap::new();
    for table in tables {
        table.for_each(document.source(), document.budget(), |number, entry| {
            if let XrefEntry::Offset { generation, .. } = entry {
                // The newest comes first, and is the one that counts.
                used.entry(number).or_insert((generation, entry, table.span.start));
            }
            Ok(())
        })?;
    }
    let mut conflict = None;
    let view = document.at(index);
    stream.for_each(document.source(), document.budget(), |number, other| {
        if other != XrefEntry::Free
            && let Some((generation, entry, at)) = used.get(&number)
            && other != *entry
            && !but.contains(&number)
            && conflict.is_none()
        {
            let id = ObjectId::new(number, *generation);
            let same = match (view.object_by_entry(id, *entry), view.object_by_entry(id, other)) {
                (Ok(a), Ok(b)) => a.object == b.object && a.object.as_stream().is_none(),
                _ => false,
            };
            if !same && on(Check::HybridAgrees) {
                conflict = Some((Reason::HybridConflict, Some(*at)));
            }
        }
        Ok(())
    })?;
    Ok(conflict)
}
