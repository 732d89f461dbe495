//! Documents of pins: read back as written, refused for each thing that could make one unsafe.

use super::*;
use crate::crypto::KeyAlgorithm;
use crate::key::software::SoftwareKey;
use serde_json::{Map, json};

fn document() -> PinDocument {
    let issued = Time::from_unix(1_790_000_000);
    PinDocument { serial: 7, host: "sign.example".to_owned(), pins: vec![[1; 32], [2; 32]], issued, expires: issued.plus(LONGEST) }
}

fn signed(key: &SoftwareKey, unsigned: UnsignedJws) -> String {
    let (message, algorithm) = unsigned.message();
    let value = key.sign(message, algorithm).unwrap();
    unsigned.with_signature(&value).unwrap()
}

/// A document whose header and payload may be anything, signed all the same.
fn forged(key: &SoftwareKey, change: impl FnOnce(&mut Map<String, Value>, &mut Map<String, Value>)) -> String {
    let text = signed(key, document().unsigned(key.public_key()).unwrap());
    let mut parts = text.split('.').map(|part| serde_json::from_slice::<Map<String, Value>>(&jose::decode(part).unwrap()));
    let (mut header, mut payload) = (parts.next().unwrap().unwrap(), parts.next().unwrap().unwrap());
    change(&mut header, &mut payload);
    let input = [header, payload].map(|members| jose::encode(Value::Object(members).to_string().as_bytes())).join(".");
    let (_, algorithm) = jose::algorithm(key.public_key().algorithm()).unwrap();
    let value = jose::to_jws(key.public_key().algorithm(), &key.sign(input.as_bytes(), &algorithm).unwrap()).unwrap();
    format!("{input}.{}", jose::encode(&value))
}

fn why(text: &str, keys: &[PublicKey]) -> ErrorKind {
    PinDocument::read(text, keys).unwrap_err().kind()
}

#[test]
fn every_kind_of_key_signs_and_any_of_several_is_known() {
    let other = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    for kind in [KeyAlgorithm::P256, KeyAlgorithm::P384, KeyAlgorithm::Rsa { bits: 2048 }, KeyAlgorithm::Ed25519] {
        let key = SoftwareKey::generate(kind).unwrap();
        let text = signed(&key, document().unsigned(key.public_key()).unwrap());
        let keys = [other.public_key().clone(), key.public_key().clone()];
        assert_eq!(PinDocument::read(&format!("{text}\n"), &keys).unwrap(), document(), "{kind}");
        assert_eq!(why(&text, &keys[..1]), ErrorKind::PinUpdateRefused, "a key that is not known");
        assert_eq!(why(&text, &[]), ErrorKind::PinUpdateRefused);
    }
}

#[test]
fn what_is_changed_is_refused() {
    let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    let keys = [key.public_key().clone()];
    assert_eq!(PinDocument::read(&forged(&key, |_, _| {}), &keys).unwrap(), document(), "the forgery itself is sound");
    let good = signed(&key, document().unsigned(key.public_key()).unwrap());
    for at in 0..good.len() {
        // Any letter changed breaks it: the encoding has one form only.
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        assert_eq!(why(&String::from_utf8(bytes).unwrap(), &keys), ErrorKind::PinUpdateRefused, "byte {at}");
        assert_eq!(why(&good[..at], &keys), ErrorKind::PinUpdateRefused, "cut at {at}");
    }
    assert_eq!(why(&"a".repeat(1 << 20), &keys), ErrorKind::PinUpdateRefused);
}

#[test]
fn what_a_key_signed_in_error_is_refused() {
    type Change = fn(&mut Map<String, Value>, &mut Map<String, Value>);
    let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    let keys = [key.public_key().clone()];
    let pin = |byte: u8| Base64::encode_string(&[byte; 32]);
    let changes: &[(&str, Change)] = &[
        ("another type", |header, _| drop(header.insert("typ".into(), "dpop+jwt".into()))),
        ("no type", |header, _| drop(header.remove("typ"))),
        ("something to understand", |header, _| drop(header.insert("crit".into(), json!(["exp"])))),
        ("no algorithm", |header, _| drop(header.insert("alg".into(), "none".into()))),
        ("a MAC", |header, _| drop(header.insert("alg".into(), "HS256".into()))),
        ("no key", |header, _| drop(header.remove("kid"))),
        ("serial 0", |_, payload| drop(payload.insert("serial".into(), 0.into()))),
        ("a negative serial", |_, payload| drop(payload.insert("serial".into(), (-1).into()))),
        ("a broken serial", |_, payload| drop(payload.insert("serial".into(), json!(1.5)))),
        ("a huge serial", |_, payload| drop(payload.insert("serial".into(), u64::MAX.into()))),
        ("no host", |_, payload| drop(payload.remove("host"))),
        ("an empty host", |_, payload| drop(payload.insert("host".into(), "".into()))),
        ("a host in capitals", |_, payload| drop(payload.insert("host".into(), "Sign.example".into()))),
        ("no end", |_, payload| drop(payload.remove("exp"))),
        ("no beginning", |_, payload| drop(payload.remove("iat"))),
        ("an end before the beginning", |_, payload| drop(payload.insert("exp".into(), 1_789_999_999.into()))),
        ("401 days", |_, payload| drop(payload.insert("exp".into(), (1_790_000_000 + LONGEST + 1).into()))),
        ("no pins", |_, payload| drop(payload.remove("pins"))),
        ("pins that are no list", |_, payload| drop(payload.insert("pins".into(), "x".into()))),
        ("a pin that is none", |_, payload| drop(payload.insert("pins".into(), json!(["x", "y"])))),
    ];
    for (what, change) in changes {
        assert_eq!(why(&forged(&key, change), &keys), ErrorKind::PinUpdateRefused, "{what}");
    }
    for pins in [vec![], vec![pin(1)], vec![pin(1), pin(1)], (0..17).map(pin).collect()] {
        let count = pins.len();
        assert_eq!(
            why(&forged(&key, |_, payload| drop(payload.insert("pins".into(), json!(pins)))), &keys),
            ErrorKind::PinUpdateRefused,
            "{count}"
        );
    }
    // Nor does our own side make one.
    let wrong = PinDocument { pins: vec![[1; 32]], ..document() };
    assert_eq!(wrong.unsigned(key.public_key()).err().unwrap().kind(), ErrorKind::PinUpdateRefused);
}
