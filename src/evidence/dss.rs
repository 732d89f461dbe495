//! The evidence room: the document security store as a revision has it (ISO 32000-2 12.8.4.3, EN 319 142-1 5.4.2). Takes a view, gives what can be
//! read and names what cannot: whoever adds to a document may put anything there, so a bad entry costs that entry and nothing else.

mod write;

use super::bundle::{Bundle, Item, Kind, MAX_BYTES, MAX_ITEM_BYTES, MAX_ITEMS};
use crate::crypto::digest::DigestAlgorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::write::write_hex;
use crate::pdf::{Dictionary, Object, ObjectId, View};
use crate::time::Time;
use std::collections::{HashMap, HashSet};
pub(crate) use write::write;

/// Most entries of one VRI dictionary.
pub const MAX_VRI: usize = 1_000;
/// Most entries of all lists of one store: an item may stand in many.
const MAX_ENTRIES: usize = 20_000;
/// Most faults that are named; the rest are counted.
const MAX_NAMED: usize = 100;

impl Kind {
    /// The key of its list in the store.
    pub(super) const fn list(self) -> &'static str {
        match self {
            Kind::Certificate => "Certs",
            Kind::Ocsp => "OCSPs",
            Kind::Crl => "CRLs",
        }
    }

    /// The key of its list in an entry of the VRI dictionary.
    pub(super) const fn vri_list(self) -> &'static str {
        match self {
            Kind::Certificate => "Cert",
            Kind::Ocsp => "OCSP",
            Kind::Crl => "CRL",
        }
    }

    pub(super) const ALL: [Kind; 3] = [Kind::Certificate, Kind::Ocsp, Kind::Crl];
}

/// What names a signature in the VRI dictionary: SHA-1 of its `/Contents`, in upper-case hexadecimal. It finds; it proves nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VriKey(String);

impl VriKey {
    /// Of the bytes of `/Contents`, with the zeros that pad them.
    #[must_use]
    pub fn of_contents(contents: &[u8]) -> VriKey {
        let mut hex = Vec::new();
        write_hex(&mut hex, &DigestAlgorithm::Sha1.digest(contents));
        VriKey(String::from_utf8_lossy(&hex).to_ascii_uppercase())
    }

    /// As it stands in the document.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The keys that writers give the same signature: of the bytes, and of the hexadecimal digits in either case.
    fn variants(contents: &[u8]) -> [VriKey; 3] {
        let mut digits = Vec::new();
        write_hex(&mut digits, contents);
        let (upper, lower) = (digits.to_ascii_uppercase(), digits.to_ascii_lowercase());
        [VriKey::of_contents(contents), VriKey::of_contents(&upper), VriKey::of_contents(&lower)]
    }
}

/// What belongs to one signature.
#[derive(Clone, Debug)]
pub struct Vri {
    /// Which signature.
    pub key: VriKey,
    /// What is held for it.
    pub bundle: Bundle,
    /// `/TU`: when somebody says that he put it there.
    pub updated: Option<Time>,
    /// `/TS`: a time-stamp token over it.
    pub time_stamp: Option<Vec<u8>>,
}

impl Vri {
    /// Evidence of one signature.
    #[must_use]
    pub const fn new(key: VriKey, bundle: Bundle) -> Vri {
        Vri { key, bundle, updated: None, time_stamp: None }
    }
}

/// What could not be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// As `/DSS/Certs/3`, or `/DSS/VRI/2/Cert/0`: keys by their place, since nobody vouches for their text.
    pub path: String,
    /// What kind of error it was.
    pub kind: ErrorKind,
}

/// The store of one revision.
#[derive(Clone, Debug, Default)]
pub struct Dss {
    /// Everything that could be read, be it for the document or for one signature.
    pub bundle: Bundle,
    /// What belongs to single signatures.
    pub vri: Vec<Vri>,
    /// What could not be read: the first hundred.
    pub faults: Vec<Fault>,
    /// How much could not be read.
    pub faulty: usize,
    /// The stream that holds an item.
    objects: HashMap<(Kind, [u8; 32]), ObjectId>,
    /// The items that the document's own lists name.
    listed: HashSet<(Kind, [u8; 32])>,
}

impl Dss {
    /// What belongs to the signature with these `/Contents`, padding included.
    #[must_use]
    pub fn of_contents(&self, contents: &[u8]) -> Option<&Vri> {
        let keys = VriKey::variants(contents);
        self.vri.iter().find(|vri| keys.contains(&vri.key))
    }

    /// The entry of that key.
    #[must_use]
    pub fn entry(&self, key: &VriKey) -> Option<&Vri> {
        self.vri.iter().find(|vri| vri.key == *key)
    }

    /// The stream that holds this item.
    #[must_use]
    pub fn object_of(&self, item: &Item) -> Option<ObjectId> {
        self.objects.get(&(item.kind(), item.sha256())).copied()
    }

    /// Whether the document's own list names it, not only the entry of a signature.
    #[must_use]
    pub fn lists(&self, item: &Item) -> bool {
        self.listed.contains(&(item.kind(), item.sha256()))
    }
}

/// The store of that revision; `None` if it has none. What cannot be read is among its faults.
///
/// # Errors
/// [`ErrorKind::SourceUnreadable`]: the document could not be read; [`ErrorKind::PdfDamaged`] without a catalog.
pub fn read(view: View<'_>) -> Result<Option<Dss>> {
    let catalog = view.catalog()?;
    match catalog.get(b"DSS") {
        None | Some(Object::Null) => return Ok(None),
        Some(_) => {}
    }
    let mut reading = Reading { view, dss: Dss::default(), known: HashMap::new(), entries: 0 };
    match view.get(&catalog, b"DSS") {
        Ok(Object::Dictionary(store)) => reading.store(&store)?,
        Ok(Object::Null) => return Ok(None),
        Ok(_) => reading.fault("/DSS", ErrorKind::PdfDamaged),
        Err(error) => reading.bad("/DSS", &error)?,
    }
    Ok(Some(reading.dss))
}

struct Reading<'d> {
    view: View<'d>,
    dss: Dss,
    /// What stands in a stream was read before; `None`: in vain.
    known: HashMap<(Kind, ObjectId), Option<Item>>,
    entries: usize,
}

impl Reading<'_> {
    fn fault(&mut self, path: &str, kind: ErrorKind) {
        self.dss.faulty = self.dss.faulty.saturating_add(1);
        if self.dss.faults.len() < MAX_NAMED {
            self.dss.faults.push(Fault { path: path.to_owned(), kind });
        }
    }

    /// Everything is a fault of the entry but a document that cannot be read at all.
    fn bad(&mut self, path: &str, error: &Error) -> Result<()> {
        if error.kind() == ErrorKind::SourceUnreadable {
            return Err(Error::new(ErrorKind::SourceUnreadable).context("validation data"));
        }
        self.fault(path, error.kind());
        Ok(())
    }

    fn store(&mut self, store: &Dictionary) -> Result<()> {
        for kind in Kind::ALL {
            for item in self.list(store, kind, kind.list(), "/DSS")? {
                self.dss.listed.insert((kind, item.sha256()));
            }
        }
        let entries = match self.view.get(store, b"VRI") {
            Ok(Object::Dictionary(entries)) => entries,
            Ok(Object::Null) => return Ok(()),
            Ok(_) => {
                self.fault("/DSS/VRI", ErrorKind::PdfDamaged);
                return Ok(());
            }
            Err(error) => return self.bad("/DSS/VRI", &error),
        };
        for (at, (key, value)) in entries.iter().filter(|(key, _)| *key != b"Type").enumerate() {
            let path = format!("/DSS/VRI/{at}");
            if at >= MAX_VRI {
                self.fault(&path, ErrorKind::LimitReached);
                break;
            }
            let digits = std::str::from_utf8(key).ok().filter(|key| key.len() == 40 && key.bytes().all(|c| c.is_ascii_hexdigit()));
            match (digits, self.view.resolve(value)) {
                (Some(digits), Ok(Object::Dictionary(entry))) => self.entry(VriKey(digits.to_ascii_uppercase()), &entry, &path)?,
                (_, Err(error)) => self.bad(&path, &error)?,
                _ => self.fault(&path, ErrorKind::PdfDamaged),
            }
        }
        Ok(())
    }

    fn entry(&mut self, key: VriKey, entry: &Dictionary, path: &str) -> Result<()> {
        let mut bundle = Bundle::default();
        for kind in Kind::ALL {
            for item in self.list(entry, kind, kind.vri_list(), path)? {
                // The bundle of all has counted it.
                bundle.add(item)?;
            }
        }
        let updated = match self.view.get(entry, b"TU") {
            Ok(Object::Null) => None,
            Ok(value) => {
                let time = value.as_string().and_then(Time::from_pdf_date);
                if time.is_none() {
                    self.fault(&format!("{path}/TU"), ErrorKind::PdfDamaged);
                }
                time
            }
            Err(error) => {
                self.bad(&format!("{path}/TU"), &error)?;
                None
            }
        };
        let time_stamp = match entry.get(b"TS").map(|value| self.stream(value)) {
            None => None,
            Some(Ok((_, bytes))) => Some(bytes),
            Some(Err(error)) => {
                self.bad(&format!("{path}/TS"), &error)?;
                None
            }
        };
        self.dss.vri.push(Vri { key, bundle, updated, time_stamp });
        Ok(())
    }

    /// What can be read of one list; the rest is among the faults.
    fn list(&mut self, holder: &Dictionary, kind: Kind, key: &str, path: &str) -> Result<Vec<Item>> {
        let path = format!("{path}/{key}");
        let entries = match self.view.get(holder, key) {
            Ok(Object::Array(entries)) => entries,
            Ok(Object::Null) => return Ok(Vec::new()),
            Ok(_) => {
                self.fault(&path, ErrorKind::PdfDamaged);
                return Ok(Vec::new());
            }
            Err(error) => return self.bad(&path, &error).map(|()| Vec::new()),
        };
        let mut items = Vec::new();
        for (at, entry) in entries.iter().enumerate() {
            self.entries += 1;
            let path = format!("{path}/{at}");
            if self.entries > MAX_ENTRIES {
                self.fault(&path, ErrorKind::LimitReached);
                break;
            }
            match self.item(kind, entry) {
                Ok(Some(item)) => items.push(item),
                // One fault for each bad stream, however often it is named.
                Ok(None) => {}
                Err(error) => self.bad(&path, &error)?,
            }
        }
        Ok(items)
    }

    fn item(&mut self, kind: Kind, entry: &Object) -> Result<Option<Item>> {
        if let Some(known) = entry.as_reference().and_then(|id| self.known.get(&(kind, id))) {
            return Ok(known.clone());
        }
        if let Some(id) = entry.as_reference() {
            self.known.insert((kind, id), None);
        }
        let (id, bytes) = self.stream(entry)?;
        let item = Item::from_der(kind, &bytes)?;
        self.dss.bundle.add(item.clone())?;
        self.dss.objects.entry((kind, item.sha256())).or_insert(id);
        if let Some(named) = entry.as_reference() {
            self.known.insert((kind, named), Some(item.clone()));
        }
        Ok(Some(item))
    }

    /// The stream behind a reference, decoded: its number and bytes.
    fn stream(&self, entry: &Object) -> Result<(ObjectId, Vec<u8>)> {
        let none = || Error::new(ErrorKind::PdfDamaged).context("validation data are no stream");
        let full = || Error::new(ErrorKind::LimitReached).context("validation data");
        let Object::Stream(stream) = self.view.resolve(entry)? else { return Err(none()) };
        let id = stream.id.ok_or_else(none)?;
        if self.dss.bundle.len() >= MAX_ITEMS || self.dss.bundle.bytes() >= MAX_BYTES {
            return Err(full());
        }
        let bytes = self.view.stream_data(&stream)?;
        if bytes.len() > MAX_ITEM_BYTES { Err(full()) } else { Ok((id, bytes)) }
    }
}

#[cfg(test)]
mod tests;
