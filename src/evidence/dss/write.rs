//! The evidence room: additions to the document security store (ISO 32000-2 12.8.4.3, EN 319 142-1 5.4.2). Takes an update, what the document has
//! already and what is new; puts into the update the streams that are missing and the lists that name them. Whatever is there stays, under its
//! number and in its place, and nothing is stored twice.

use super::{Dss, Vri};
use crate::error::{Error, ErrorKind, Result};
use crate::evidence::bundle::{Bundle, Item, Kind};
use crate::pdf::append::Update;
use crate::pdf::{Dictionary, Object, ObjectId};
use std::collections::HashMap;

/// What a document before PDF 2.0 has to say that it uses the store: prefix and level, on top of PDF 1.7 (ISO 32000-2 7.12, ETSI TS 102 778-4 A.1).
const EXTENSIONS: [(&str, i64); 2] = [("ADBE", 5), ("ESIC", 1)];

fn damaged(what: &'static str) -> Error {
    Error::new(ErrorKind::PdfDamaged).context(what)
}

/// Adds a bundle, and evidence of single signatures, to the store under `catalog`, which `held` tells of. Gives back whether anything is new: if
/// not, neither update nor catalog changed. What belongs to a signature is listed for the document, too.
///
/// # Errors
/// [`ErrorKind::PdfDamaged`] if something else stands where the store, or a list of it, should be; [`ErrorKind::LimitReached`];
/// [`ErrorKind::InvalidArgument`] for a list that was read as a stream.
pub(crate) fn write(update: &mut Update<'_>, catalog: &mut Dictionary, held: &Dss, bundle: &Bundle, vri: &[Vri]) -> Result<bool> {
    let mut all = Bundle::default();
    all.merge(bundle)?;
    vri.iter().try_for_each(|one| all.merge(&one.bundle))?;
    let mut streams = Streams { held, new: HashMap::new() };
    let mut store = Place::of(update, catalog, "DSS")?;
    let mut changed = false;
    for kind in Kind::ALL {
        let missing: Vec<Item> = all.items().filter(|item| item.kind() == kind && !held.lists(item)).collect();
        changed |= extend(update, &mut store.dict, kind.list(), &missing, &mut streams)?;
    }
    changed |= entries(update, &mut store.dict, vri, &mut streams)?;
    if !changed {
        return Ok(false);
    }
    if store.own.is_none() && catalog.get(b"DSS").is_none_or(|there| there.as_dict().is_none()) {
        store.dict.set(b"Type", Object::name("DSS"));
        let id = update.add(store.dict);
        catalog.set(b"DSS", Object::Reference(id));
    } else {
        store.put(update, catalog, "DSS");
    }
    extensions(update, catalog)?;
    Ok(true)
}

/// The streams that hold items, of the document and of this update.
struct Streams<'h> {
    held: &'h Dss,
    new: HashMap<(Kind, [u8; 32]), ObjectId>,
}

impl Streams<'_> {
    fn of(&mut self, update: &mut Update<'_>, item: &Item) -> ObjectId {
        if let Some(id) = self.held.object_of(item) {
            return id;
        }
        *self.new.entry((item.kind(), item.sha256())).or_insert_with(|| update.add_stream(Dictionary::new(), item.der().to_vec()))
    }
}

/// A dictionary that is edited, and where it stands: in an object of its own, or in its holder.
struct Place {
    dict: Dictionary,
    own: Option<ObjectId>,
}

impl Place {
    /// An empty one if there is none.
    fn of(update: &Update<'_>, holder: &Dictionary, key: &str) -> Result<Place> {
        let view = update.view();
        let mut own = None;
        let mut object = holder.get(key).cloned().unwrap_or(Object::Null);
        for _ in 0..16 {
            let Object::Reference(id) = object else { break };
            own = Some(id);
            object = update.pending(id).cloned().map_or_else(|| view.object(id).map(|found| found.object.clone()), Ok)?;
        }
        // An attacker would let it be the catalog, so that what is written here lands there.
        if own.is_some() && own == view.trailer().get(b"Root").and_then(Object::as_reference) {
            return Err(damaged("the document security store is the catalog"));
        }
        match object {
            Object::Dictionary(dict) if dict.duplicate().is_none() => Ok(Place { dict, own }),
            Object::Null => Ok(Place { dict: Dictionary::new(), own: None }),
            _ => Err(damaged("a part of the document security store is no sound dictionary")),
        }
    }

    fn put(self, update: &mut Update<'_>, holder: &mut Dictionary, key: &str) {
        match self.own {
            Some(id) => update.replace(id, self.dict),
            None => holder.set(key, self.dict),
        }
    }
}

/// The list gets its new entries, and stands in its holder from then on: an array behind a reference may be another's too.
fn extend(update: &mut Update<'_>, holder: &mut Dictionary, key: &str, items: &[Item], streams: &mut Streams<'_>) -> Result<bool> {
    if items.is_empty() {
        return Ok(false);
    }
    let mut list = match update.view().get(holder, key)? {
        Object::Array(list) => list,
        Object::Null => Vec::new(),
        _ => return Err(damaged("a list of the document security store is none")),
    };
    list.extend(items.iter().map(|item| Object::Reference(streams.of(update, item))));
    holder.set(key, list);
    Ok(true)
}

/// What belongs to single signatures. An entry that has everything is left alone.
fn entries(update: &mut Update<'_>, store: &mut Dictionary, vri: &[Vri], streams: &mut Streams<'_>) -> Result<bool> {
    let mut all = Place::of(update, store, "VRI")?;
    let mut changed = false;
    for one in vri {
        let there = streams.held.entry(&one.key);
        let missing: Vec<Item> = one.bundle.items().filter(|item| there.is_none_or(|there| !there.bundle.contains(item))).collect();
        let stamp = one.time_stamp.as_ref().filter(|_| there.is_none_or(|there| there.time_stamp.is_none()));
        if missing.is_empty() && stamp.is_none() {
            continue;
        }
        let same = |key: &[u8]| key.eq_ignore_ascii_case(one.key.as_str().as_bytes());
        let named = all.dict.iter().map(|(key, _)| key).find(|key| same(key)).map(|key| String::from_utf8_lossy(key).into_owned());
        let key = named.unwrap_or_else(|| one.key.as_str().to_owned());
        let mut entry = Place::of(update, &all.dict, &key)?;
        for kind in Kind::ALL {
            let of_kind: Vec<Item> = missing.iter().filter(|item| item.kind() == kind).cloned().collect();
            extend(update, &mut entry.dict, kind.vri_list(), &of_kind, streams)?;
        }
        if let Some(time) = one.updated {
            entry.dict.set(b"TU", Object::text(&time.to_pdf_date()));
        }
        if let Some(token) = stamp {
            let token = update.add_stream(Dictionary::new(), token.clone());
            entry.dict.set(b"TS", Object::Reference(token));
        }
        entry.put(update, &mut all.dict, &key);
        changed = true;
    }
    if changed {
        all.put(update, store, "VRI");
    }
    Ok(changed)
}

/// Says in a document before PDF 2.0 what it uses. What says more already is left alone.
fn extensions(update: &mut Update<'_>, catalog: &mut Dictionary) -> Result<()> {
    let document = update.view().document();
    let head = document.source().read_range(document.header_offset().saturating_add(5), 1)?;
    let own = update.view().get(catalog, b"Version")?;
    if head.first().is_some_and(|major| *major >= b'2') || own.as_name().and_then(<[u8]>::first).is_some_and(|major| *major >= b'2') {
        return Ok(());
    }
    let mut place = Place::of(update, catalog, "Extensions")?;
    let mut changed = false;
    for (prefix, level) in EXTENSIONS {
        let says = match update.view().get(&place.dict, prefix)? {
            Object::Null => false,
            Object::Dictionary(dict) => update.view().get(&dict, b"ExtensionLevel")?.as_i64().is_some_and(|there| there >= level),
            // A list of several, or what nobody understands: not ours to change.
            _ => true,
        };
        if !says {
            place.dict.set(prefix, Dictionary::new().with(b"BaseVersion", Object::name("1.7")).with(b"ExtensionLevel", level));
            changed = true;
        }
    }
    if changed {
        place.put(update, catalog, "Extensions");
    }
    Ok(())
}
