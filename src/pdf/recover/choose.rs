//! The PDF room: which of the objects found in a damaged file count. Takes a scan, gives one place for each object number, and a doubt
//! where the file's own sections do not explain a second copy, a missing one, or one that was deleted.

use super::super::document::Document;
use super::super::object::ObjectId;
use super::super::xref::{Section, XrefEntry};
use super::scan::{Kind, Scan, has_byte_range, kind};
use crate::error::{ErrorKind, Result};
use std::collections::BTreeMap;

/// The place of an object that counts.
#[derive(Clone, Copy)]
pub(super) struct Chosen {
    pub(super) entry: XrefEntry,
    pub(super) kind: Kind,
    /// Between which sections it stands.
    segment: usize,
}

pub(super) type Choice = BTreeMap<u32, Chosen>;

/// The sections of a file whose offsets may be wrong: which numbers they list is still told.
struct Sections(Vec<Option<Section>>);

impl Sections {
    fn of(document: &Document<'_>, scan: &Scan) -> Result<Sections> {
        let read = |mark: &super::scan::Mark| match Section::read(document.source(), mark.offset, 0, document.budget()) {
            Ok(section) if section.kind == mark.kind => Ok(Some(section)),
            Err(error) if error.kind() != ErrorKind::PdfDamaged => Err(error),
            _ => Ok(None),
        };
        scan.sections.iter().map(read).collect::<Result<_>>().map(Sections)
    }

    /// Whether the section that ends `segment` names that number, in the same manner.
    fn names(&self, document: &Document<'_>, segment: usize, number: u32, entry: XrefEntry) -> Result<bool> {
        let Some(Some(section)) = self.0.get(segment) else { return Ok(false) };
        Ok(match (section.entry(document.source(), number, document.budget())?, entry) {
            (Some(XrefEntry::Offset { generation, .. }), XrefEntry::Offset { generation: found, .. }) => generation == found,
            (Some(XrefEntry::Compressed { stream, .. }), XrefEntry::Compressed { stream: found, .. }) => stream == found,
            _ => false,
        })
    }
}

/// Top-level objects alone, the last of each number: enough to unlock the document and to open its object streams.
pub(super) fn outer(scan: &Scan) -> Vec<(u32, XrefEntry)> {
    let last: BTreeMap<u32, XrefEntry> =
        scan.objects.iter().filter(|found| found.kind != Kind::Broken).map(|found| (found.id.number, place(found))).collect();
    last.into_iter().collect()
}

const fn place(found: &super::scan::Found) -> XrefEntry {
    XrefEntry::Offset { offset: found.offset, generation: found.id.generation }
}

/// `document` is read through [`outer`]. The last copy of each number counts; what speaks against that is a doubt of the scan.
///
/// # Errors
/// [`ErrorKind::LimitReached`], [`ErrorKind::SourceUnreadable`].
pub(super) fn choose(document: &Document<'_>, scan: &mut Scan) -> Result<Choice> {
    let sections = Sections::of(document, scan)?;
    let mut choice = Choice::new();
    let mut segment = 0;
    for index in 0..scan.objects.len() {
        while scan.sections.get(segment).is_some_and(|mark| mark.objects <= index) {
            segment += 1;
        }
        let Some(found) = scan.objects.get(index).copied() else { break };
        let chosen = Chosen { entry: place(&found), kind: found.kind, segment };
        add(document, scan, &sections, &mut choice, (found.id.number, found.offset), chosen)?;
        if found.kind == Kind::ObjectStream && document.latest().entry(found.id.number)? == Some(place(&found)) {
            packed(document, scan, &sections, &mut choice, &found, segment)?;
        }
    }
    told(document, scan, &sections, &choice)?;
    Ok(choice)
}

fn add(
    document: &Document<'_>,
    scan: &mut Scan,
    sections: &Sections,
    choice: &mut Choice,
    (number, at): (u32, u64),
    chosen: Chosen,
) -> Result<()> {
    if let Some(before) = choice.insert(number, chosen)
        && !(before.segment < chosen.segment && sections.names(document, chosen.segment, number, chosen.entry)?)
    {
        scan.doubt("an object is there twice", at);
    }
    Ok(())
}

/// The objects of an object stream.
fn packed(
    document: &Document<'_>,
    scan: &mut Scan,
    sections: &Sections,
    choice: &mut Choice,
    holder: &super::scan::Found,
    segment: usize,
) -> Result<()> {
    let numbers = match document.latest().packed(holder.id, holder.offset) {
        Err(error) if error.kind() == ErrorKind::PdfDamaged => {
            scan.doubt("an object stream cannot be read", holder.offset);
            return Ok(());
        }
        other => other?,
    };
    for (index, number) in (0..).zip(numbers) {
        let entry = XrefEntry::Compressed { stream: holder.id.number, index };
        let mut chosen = Chosen { entry, kind: Kind::Broken, segment };
        match document.latest().object_by_entry(ObjectId::new(number, 0), entry) {
            Ok(found) => {
                scan.signed |= has_byte_range(&found.object);
                chosen.kind = found.object.as_dict().map_or(Kind::Plain, kind);
            }
            Err(error) if error.kind() == ErrorKind::PdfDamaged => scan.doubt("a packed object cannot be read", holder.offset),
            Err(error) => return Err(error),
        }
        add(document, scan, sections, choice, (number, holder.offset), chosen)?;
    }
    Ok(())
}

/// What the sections tell of objects: in use means that it was found, free that it was not.
fn told(document: &Document<'_>, scan: &mut Scan, sections: &Sections, choice: &Choice) -> Result<()> {
    let mut newest: BTreeMap<u32, (usize, XrefEntry)> = BTreeMap::new();
    for (segment, section) in sections.0.iter().enumerate() {
        let Some(section) = section else {
            // Of a single revision it would say nothing that the objects do not.
            if sections.0.len() > 1 {
                scan.doubt(
                    "one of several cross-reference sections cannot be read",
                    scan.sections.get(segment).map_or(0, |mark| mark.offset),
                );
            }
            continue;
        };
        section.for_each(document.source(), document.budget(), |number, entry| {
            if choice.contains_key(&number) {
                newest.insert(number, (segment, entry));
            } else if entry != XrefEntry::Free {
                scan.doubt("an object that a section names is missing", section.span.start);
            }
            Ok(())
        })?;
    }
    for (number, (segment, entry)) in newest {
        if entry == XrefEntry::Free && choice.get(&number).is_some_and(|chosen| chosen.segment <= segment) {
            scan.doubt("an object that was deleted is there", scan.sections.get(segment).map_or(0, |mark| mark.offset));
        }
    }
    Ok(())
}
