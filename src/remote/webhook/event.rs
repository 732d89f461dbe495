//! Room `remote`: an event of a package as it is pushed: a Security Event Token (RFC 8417), that is a JWT of the type `secevent+jwt` with one member of
//! `events`, in a `POST` (RFC 8935 2). Takes what happened, gives the token to be signed; for a receiver, takes a token and the published keys, gives
//! what happened.
//!
//! ```text
//! {"iss":"..","iat":1700000000,"jti":"evt-..","aud":"https://bank.example/hook",
//!  "events":{"urn:thrivosign:event:package-signed":{"packageID":"..","state":"shared","version":7,"recipientID":".."}}}
//! ```

use super::super::jose::{self, Compact, UnsignedJws};
use super::super::json::{Malformed, wire_enum};
use super::super::package::PackageState;
use crate::crypto::PublicKey;
use crate::error::Result;
use crate::time::Time;
use serde_json::{Map, Value};

/// The media type of a push (RFC 8935 2.1).
pub const MEDIA_TYPE: &str = "application/secevent+jwt";
/// `[ours]` Who says so. Which server it is, is known by its key.
pub const ISSUER: &str = "urn:thrivosign:server-signer";
/// `[ours]` What every name of an event starts with.
pub const PREFIX: &str = "urn:thrivosign:event:";
/// The `typ` of the token (RFC 8417 2.3).
const TYPE: &str = "secevent+jwt";
/// Longest token that is read.
const MAX_TOKEN: usize = 64 << 10;

wire_enum! {
    /// What happened to a package.
    EventKind {
        /// The owner shared it.
        Shared = "package-shared",
        /// A recipient signed.
        Signed = "package-signed",
        /// Everybody has signed.
        Completed = "package-completed",
        /// A recipient said no.
        Declined = "package-declined",
        /// The owner took it back.
        Cancelled = "package-cancelled",
        /// Its time ran out.
        Expired = "package-expired",
    }
}

/// An event. It names things and says nothing of what is in them: whoever wants more asks for the package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its id: the same event may come more than once.
    pub id: String,
    /// When it happened.
    pub time: Time,
    /// What happened.
    pub kind: EventKind,
    /// To which package.
    pub package_id: String,
    /// Where the package stood then.
    pub state: PackageState,
    /// The package's version then: events of one package are put in order by it.
    pub version: u64,
    /// Who signed.
    pub recipient_id: Option<String>,
}

impl Event {
    /// The token for that address, which this key has yet to sign.
    ///
    /// # Errors
    /// [`crate::ErrorKind::KeyAlgorithmUnsupported`] for a kind of key that JOSE has no name for.
    pub fn unsigned(&self, audience: &str, key: &PublicKey) -> Result<UnsignedJws> {
        let mut about: Map<String, Value> = Map::new();
        about.insert("packageID".to_owned(), self.package_id.as_str().into());
        about.insert("state".to_owned(), self.state.as_str().into());
        about.insert("version".to_owned(), self.version.into());
        if let Some(recipient) = &self.recipient_id {
            about.insert("recipientID".to_owned(), recipient.as_str().into());
        }
        let events: Map<String, Value> = [(format!("{PREFIX}{}", self.kind.as_str()), Value::Object(about))].into_iter().collect();
        let payload = vec![
            ("iss", ISSUER.into()),
            ("iat", self.time.unix().into()),
            ("jti", self.id.as_str().into()),
            ("aud", audience.into()),
            ("events", Value::Object(events)),
        ];
        let kid = jose::thumbprint(key).unwrap_or_default();
        UnsignedJws::new(TYPE, key, ("kid", kid.into()), payload)
    }

    /// What a token says that one of these keys signed for that address.
    ///
    /// # Errors
    /// [`Malformed`] for anything else.
    pub fn open(token: &str, audience: &str, keys: &[PublicKey]) -> Result<Event, Malformed> {
        let jws = Compact::parse(token.trim(), TYPE, MAX_TOKEN)?;
        if !keys.iter().any(|key| jws.is_signed_by(key)) {
            return Err(Malformed::body("the event's signature is wrong"));
        }
        let wrong = Malformed::body("the event is malformed");
        let payload = &jws.payload;
        let text = |members: &Map<String, Value>, name: &str| members.get(name).and_then(Value::as_str).map(str::to_owned).ok_or(wrong);
        // A token for somebody else is not for us, however good its signature (RFC 8417 4).
        if text(payload, "iss")? != ISSUER || text(payload, "aud")? != audience {
            return Err(Malformed::body("the event is of another issuer or for somebody else"));
        }
        let Some(Value::Object(events)) = payload.get("events") else { return Err(wrong) };
        let mut events = events.iter();
        let (Some((name, Value::Object(about))), None) = (events.next(), events.next()) else { return Err(wrong) };
        let recipient_id = match about.contains_key("recipientID") {
            true => Some(text(about, "recipientID")?),
            false => None,
        };
        Ok(Event {
            id: text(payload, "jti")?,
            time: Time::from_unix(payload.get("iat").and_then(Value::as_i64).ok_or(wrong)?),
            kind: name.strip_prefix(PREFIX).and_then(EventKind::from_text).ok_or(wrong)?,
            package_id: text(about, "packageID")?,
            state: PackageState::from_text(&text(about, "state")?).ok_or(wrong)?,
            version: about.get("version").and_then(Value::as_u64).ok_or(wrong)?,
            recipient_id,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crypto::KeyAlgorithm;
    use crate::key::software::SoftwareKey;

    fn signed(event: &Event, key: &SoftwareKey) -> String {
        let unsigned = event.unsigned("https://a.example/hook", key.public_key()).unwrap();
        let (message, algorithm) = unsigned.message();
        let value = key.sign(message, algorithm).unwrap();
        unsigned.with_signature(&value).unwrap()
    }

    #[test]
    fn an_event_goes_there_and_back_under_its_key_to_its_address_and_no_other() {
        let event = Event {
            id: "evt-1".to_owned(),
            time: Time::from_unix(1_700_000_000),
            kind: EventKind::Signed,
            package_id: "pkg-1".to_owned(),
            state: PackageState::Shared,
            version: 7,
            recipient_id: Some("rcp-1".to_owned()),
        };
        let [key, other] = [(); 2].map(|()| SoftwareKey::generate(KeyAlgorithm::P256).unwrap());
        let token = signed(&event, &key);
        let (ours, theirs) = (key.public_key().clone(), other.public_key().clone());
        assert_eq!(Event::open(&token, "https://a.example/hook", &[theirs.clone(), ours.clone()]).unwrap(), event);
        assert!(Event::open(&token, "https://a.example/hook", &[theirs]).is_err(), "another key");
        assert!(Event::open(&token, "https://b.example/hook", std::slice::from_ref(&ours)).is_err(), "another address");
        let (head, value) = token.rsplit_once('.').unwrap();
        let (header, payload) = head.split_once('.').unwrap();
        let spoiled = String::from_utf8(jose::decode(payload).unwrap()).unwrap().replace("\"version\":7", "\"version\":8");
        let forged = format!("{header}.{}.{value}", jose::encode(spoiled.as_bytes()));
        assert!(Event::open(&forged, "https://a.example/hook", std::slice::from_ref(&ours)).is_err());
        let none = jose::encode(br#"{"typ":"secevent+jwt","alg":"none"}"#);
        assert!(Event::open(&format!("{none}.{payload}."), "https://a.example/hook", &[ours]).is_err(), "nobody chooses none");
    }
}
