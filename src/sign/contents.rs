//! The sign room: the signature dictionary (ISO 32000-2 12.8.1, EN 319 142-1 5 and 6.3) and the room in it. Takes what is asked, gives text whose
//! `/ByteRange` and `/Contents` have fixed places, so that both can be filled in when the file's length, and then the signature, is known.

use super::field::Placed;
use super::identity::SigningIdentity;
use super::request::SignatureRequest;
use super::restriction::references;
use crate::cms::build::estimate;
use crate::error::{Error, ErrorKind, Result};
use crate::pdf::append::Update;
use crate::pdf::write::write_dictionary;
use crate::pdf::{Dictionary, Object, ObjectId, Span};

/// The signature dictionary as text.
pub(super) struct Draft {
    pub(super) text: Vec<u8>,
    /// Where `[` of `/ByteRange` stands, and how many digits each of its numbers may have.
    byte_range: usize,
    digits: usize,
    /// From `<` to behind `>`.
    contents: (usize, usize),
}

/// Room beyond the estimate, so that a signature value one byte longer than usual is no failure.
const RESERVE: usize = 64;
/// Largest `/Contents`, in bytes of signature.
pub(super) const MAX_ROOM: usize = 2 << 20;

/// The bytes of signature that `/Contents` will have room for.
pub(super) fn room(identity: &SigningIdentity, extra: usize) -> Result<usize> {
    let needed = estimate(identity.chain(), identity.leaf()?.public_key().algorithm());
    let room = needed.saturating_add(RESERVE).saturating_add(extra).next_multiple_of(32);
    if room > MAX_ROOM { Err(Error::new(ErrorKind::SignatureRoomExceeded)) } else { Ok(room) }
}

/// Digits for each number of `/ByteRange`: one more than the length has now, so that no update can outgrow them, and ten at least.
fn digits(len: u64) -> usize {
    len.checked_ilog10().map_or(1, |n| n as usize + 1).saturating_add(1).max(10)
}

impl Draft {
    pub(super) fn new(
        update: &Update<'_>,
        id: ObjectId,
        request: &SignatureRequest,
        identity: &SigningIdentity,
        placed: &Placed,
    ) -> Result<Draft> {
        let mut dict = Dictionary::new()
            .with(b"Type", Object::name("Sig"))
            .with(b"Filter", Object::name("Adobe.PPKLite"))
            .with(b"SubFilter", Object::name("ETSI.CAdES.detached"))
            .with(b"M", Object::text(&request.time.to_pdf_date()));
        for (key, text) in
            [("Name", &request.name), ("Reason", &request.reason), ("Location", &request.location), ("ContactInfo", &request.contact)]
        {
            if let Some(text) = text {
                dict.set(key, Object::text(text));
            }
        }
        let references = references(update.view(), placed.certification, placed.lock.as_ref())?;
        if !references.is_empty() {
            dict.set(b"Reference", references);
        }
        Draft::of(update, id, dict, room(identity, request.extra_room)?)
    }

    /// A dictionary with room for a value of so many bytes.
    pub(super) fn of(update: &Update<'_>, id: ObjectId, dict: Dictionary, room: usize) -> Result<Draft> {
        let view = update.view();
        let mut object = Object::Dictionary(dict);
        // /Contents alone stays as it is in an encrypted document (ISO 32000-2 7.6.2).
        if let Some(crypt) = view.document().crypt() {
            crypt.encrypt_strings(id, &mut object)?;
        }
        let mut text = Vec::new();
        write_dictionary(&mut text, object.as_dict().ok_or(ErrorKind::Internal)?);
        text.truncate(text.len().saturating_sub(2));
        let digits = digits(view.document().source().len());
        text.extend_from_slice(b"/ByteRange");
        let byte_range = text.len();
        // Brackets, the zero, and a space before each of three numbers.
        text.resize(byte_range + 6 + 3 * digits, b' ');
        text.extend_from_slice(b"/Contents");
        let start = text.len();
        text.push(b'<');
        text.resize(start + 1 + 2 * room, b'0');
        text.push(b'>');
        let contents = (start, text.len());
        text.extend_from_slice(b">>");
        Ok(Draft { text, byte_range, digits, contents })
    }

    /// Fills in `/ByteRange` in the bytes of the whole update, which starts at `base`; the dictionary's text stands at `body` (both
    /// absolute). Gives the place of `/Contents`.
    pub(super) fn fix(&self, update: &mut [u8], base: u64, body: u64) -> Result<Span> {
        let internal = || Error::new(ErrorKind::Internal).context("the room for /ByteRange");
        let span = Span { start: body + self.contents.0 as u64, end: body + self.contents.1 as u64 };
        let [_, before, after, rest] = byte_range(span, base, update.len() as u64);
        let mut text = format!("[0 {before} {after} {rest}]");
        let width = 6 + 3 * self.digits;
        if text.len() > width {
            return Err(internal());
        }
        text.extend(std::iter::repeat_n(' ', width - text.len()));
        let at = usize::try_from(body - base).ok().and_then(|at| at.checked_add(self.byte_range));
        let place = at.and_then(|at| update.get_mut(at..at.checked_add(width)?)).ok_or_else(internal)?;
        place.copy_from_slice(text.as_bytes());
        Ok(span)
    }
}

/// `/ByteRange` of a file of `source` bytes with `update` bytes appended that leaves out `contents`.
pub(super) fn byte_range(contents: Span, source: u64, update: u64) -> [u64; 4] {
    let total = source.saturating_add(update);
    [0, contents.start, contents.end, total.saturating_sub(contents.end)]
}
