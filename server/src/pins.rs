//! The operator's tasks on pins: publishing those of the server's key and of the one that comes next, and going over to that one. Takes the data folder;
//! the key that signs the document is not kept in it, or whoever took the server over could pin his own.

use crate::ca;
use crate::config::{system_clock, time_of};
use crate::failure::Failure;
use crate::folder::Folder;
use base64ct::{Base64, Encoding};
use std::path::Path;
use thrivosign::crypto::PublicKey;
use thrivosign::host::file;
use thrivosign::key::Passphrase;
use thrivosign::key::software::SoftwareKey;
use thrivosign::remote::pin_document::PinDocument;

/// Where the document stands in the data folder.
const FILE: &str = "pins.jws";
/// Largest file of a document or a key.
const MAX_FILE: usize = 64 << 10;

/// What is to be published.
pub struct Publication<'a> {
    /// The file of the key that signs (PEM), which apps know by its public half.
    pub key: &'a Path,
    /// Its passphrase, if it has one.
    pub passphrase: Option<&'a Passphrase>,
    /// The host that apps connect to.
    pub host: &'a str,
    /// How long the pins are enforced.
    pub days: u16,
    /// The document's number; the last one's plus 1 if absent.
    pub serial: Option<u64>,
    /// Further pins, such as that of a key in a safe.
    pub also: &'a [String],
}

/// Publishes a document of the server's pin, the next key's, and further ones. Afterwards, from the server's next start on, apps that ask have them.
///
/// # Errors
/// [`Failure`] if the folder is in use or damaged, the key cannot be read or sign, or no app would take the document.
pub fn publish(data: &Path, what: &Publication<'_>) -> Result<PinDocument, Failure> {
    let folder = Folder::open(data)?;
    let key = file::read_small(what.key, MAX_FILE).map_err(Failure::at("cannot read the key for pins"))?;
    let key = SoftwareKey::from_file(&key, what.passphrase).map_err(Failure::at("cannot read the key for pins"))?;
    let serial = match what.serial {
        Some(serial) => serial,
        None => {
            last(&folder, &key)?.map_or(Ok(1), |last| last.serial.checked_add(1).ok_or_else(|| Failure::new("the serial has run out")))?
        }
    };
    let mut pins = ca::pins(&folder)?.to_vec();
    for pin in what.also {
        let bytes = Base64::decode_vec(pin.trim().trim_start_matches("sha256/")).ok().and_then(|bytes| bytes.try_into().ok());
        pins.push(bytes.ok_or_else(|| Failure::new("a pin is not a SHA-256 in base64"))?);
    }
    let issued = time_of(system_clock()());
    let expires = issued.plus(i64::from(what.days).saturating_mul(86_400));
    let document = PinDocument { serial, host: what.host.to_ascii_lowercase(), pins, issued, expires };
    let doing = "cannot sign the pins";
    let unsigned = document.unsigned(key.public_key()).map_err(Failure::at(doing))?;
    let (message, algorithm) = unsigned.message();
    let value = key.sign(message, algorithm).map_err(Failure::at(doing))?;
    let text = unsigned.with_signature(&value).map_err(Failure::at(doing))?;
    // As an app will read it, before it goes out.
    PinDocument::read(&text, &[key.public_key().clone()]).map_err(Failure::at(doing))?;
    folder.write(FILE, text.as_bytes())?;
    Ok(document)
}

/// What the server publishes, as it stands in the folder.
pub(crate) fn published(folder: &Folder) -> Result<Option<String>, Failure> {
    let Some(bytes) = folder.read(FILE)? else { return Ok(None) };
    String::from_utf8(bytes).map(Some).map_err(Failure::at("the published pins are damaged"))
}

/// The published document, if that key signed it.
fn last(folder: &Folder, key: &SoftwareKey) -> Result<Option<PinDocument>, Failure> {
    let Some(text) = published(folder)? else { return Ok(None) };
    let doing = "the published pins are of another key; say which serial the new ones have";
    PinDocument::read(&text, &[key.public_key().clone()]).map(Some).map_err(Failure::at(doing))
}

/// Goes over to the next key. Afterwards the server starts with the key that came next; publish anew to pin the one after it. `key` is the file of the
/// public half (PEM) of the key that signs documents.
///
/// # Errors
/// [`Failure`] if the folder is in use or damaged, or the pins that are published do not name the next key: no app would know it.
pub fn rotate(data: &Path, key: &Path) -> Result<(), Failure> {
    let folder = Folder::open(data)?;
    let doing = "cannot read the key for pins";
    let public = PublicKey::from_pem(&file::read_small(key, MAX_FILE).map_err(Failure::at(doing))?).map_err(Failure::at(doing))?;
    let published = published(&folder)?.and_then(|text| PinDocument::read(&text, &[public]).ok());
    let [_, next] = ca::pins(&folder)?;
    if !published.is_some_and(|document| document.pins.contains(&next)) {
        return Err(Failure::new(
            "the pins that are published do not name the next key; publish them first, and give apps the time to ask",
        ));
    }
    ca::rotate(&folder)
}

/// The pins of the server's key and of the next one, in base64.
///
/// # Errors
/// [`Failure`] if the folder is in use or damaged.
pub fn show(data: &Path) -> Result<[String; 2], Failure> {
    Ok(ca::pins(&Folder::open(data)?)?.map(|pin| Base64::encode_string(&pin)))
}
