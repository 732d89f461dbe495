//! The room `remote`, tests only: proofs, by the examples that RFC 9449 prints and by each rule of its section 4.3.

use super::*;
use crate::crypto::KeyAlgorithm;
use crate::key::software::SoftwareKey;

/// The proofs that RFC 9449 prints in 4.1 and 7.1; both name the same key.
const HEADER: &str = "eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19";
const AT_LOGIN: &str = "eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg";
const AT_RESOURCE: &str = "eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA";

#[test]
fn the_examples_of_the_standard_are_read() {
    let login = Proof::from_compact(&format!("{HEADER}.{AT_LOGIN}")).ok().unwrap();
    assert!(login.is_of(Method::Post, "https://server.example.com/token"));
    assert_eq!((login.claims.id.as_str(), login.claims.at.unix(), login.claims.token_hash), ("-BwC3ESc6acc2lTc", 1_562_262_616, None));
    assert_eq!(thumbprint(&login.key).unwrap(), "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I");
    let resource = Proof::from_compact(&format!("{HEADER}.{AT_RESOURCE}")).ok().unwrap();
    assert!(resource.is_of(Method::Get, "https://resource.example.org/protectedresource?page=2"));
    assert_eq!(resource.claims.token_hash.unwrap(), token_hash("Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU"));
    // The parts of one under the signature of the other.
    let (payload, _) = AT_LOGIN.split_once('.').unwrap();
    let (_, value) = AT_RESOURCE.split_once('.').unwrap();
    assert!(Proof::from_compact(&format!("{HEADER}.{payload}.{value}")).is_err());
}

fn claims() -> Claims {
    Claims {
        id: "0123456789abcdef".to_owned(),
        method: "POST".to_owned(),
        url: "https://sign.example/rssp/agreements".to_owned(),
        at: Time::from_unix(1_790_000_000),
        token_hash: Some(token_hash("token")),
        nonce: Some("n-1".to_owned()),
    }
}

fn made(key: &SoftwareKey, claims: &Claims) -> String {
    let unsigned = claims.unsigned(key.public_key()).unwrap();
    let (message, algorithm) = unsigned.message();
    let value = key.sign(message, algorithm).unwrap();
    unsigned.with_signature(&value).unwrap()
}

#[test]
fn every_kind_of_key_proves() {
    for kind in [KeyAlgorithm::P256, KeyAlgorithm::P384, KeyAlgorithm::P521, KeyAlgorithm::Rsa { bits: 2048 }, KeyAlgorithm::Ed25519] {
        let key = SoftwareKey::generate(kind).unwrap();
        // Often enough that numbers with leading zeros come by.
        for round in 0..if kind == KeyAlgorithm::P256 { 600 } else { 3 } {
            let claims = Claims { id: format!("id-{round}"), ..claims() };
            let proof = Proof::from_compact(&made(&key, &claims)).ok().unwrap();
            assert!(proof.claims == claims && proof.key == *key.public_key(), "{kind}");
        }
        assert!(ALGORITHMS.contains(&jose::algorithm(kind).unwrap().0));
    }
}

/// A proof whose header and payload may be anything, signed all the same.
fn forged(key: &SoftwareKey, change: impl FnOnce(&mut Map<String, Value>, &mut Map<String, Value>)) -> String {
    let text = made(key, &claims());
    let mut parts = text.split('.').map(|part| serde_json::from_slice::<Map<String, Value>>(&jose::decode(part).unwrap()));
    let (mut header, mut payload) = (parts.next().unwrap().unwrap(), parts.next().unwrap().unwrap());
    change(&mut header, &mut payload);
    let input = [header, payload].map(|members| jose::encode(Value::Object(members).to_string().as_bytes())).join(".");
    let (_, algorithm) = jose::algorithm(key.public_key().algorithm()).unwrap();
    let value = jose::to_jws(key.public_key().algorithm(), &key.sign(input.as_bytes(), &algorithm).unwrap()).unwrap();
    format!("{input}.{}", jose::encode(&value))
}

#[test]
fn what_is_no_proof_is_refused() {
    let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    let other = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    assert!(Proof::from_compact(&forged(&key, |_, _| {})).is_ok());
    type Change = fn(&mut Map<String, Value>, &mut Map<String, Value>);
    let jwk = |header: &mut Map<String, Value>, name: &str, value: Value| {
        header["jwk"].as_object_mut().unwrap().insert(name.to_owned(), value);
    };
    let cases: [(&str, Change); 20] = [
        ("another type", |h, _| drop(h.insert("typ".into(), "jwt".into()))),
        ("no type", |h, _| drop(h.remove("typ"))),
        ("none", |h, _| drop(h.insert("alg".into(), "none".into()))),
        ("a MAC", |h, _| drop(h.insert("alg".into(), "HS256".into()))),
        ("another digest", |h, _| drop(h.insert("alg".into(), "ES384".into()))),
        ("no algorithm", |h, _| drop(h.remove("alg"))),
        ("no key", |h, _| drop(h.remove("jwk"))),
        ("a key elsewhere", |h, _| drop((h.remove("jwk"), h.insert("jku".into(), "https://evil.example/".into())))),
        ("what must be understood", |h, _| drop(h.insert("crit".into(), Value::from(vec!["b64"])))),
        ("no id", |_, p| drop(p.remove("jti"))),
        ("an empty id", |_, p| drop(p.insert("jti".into(), "".into()))),
        ("an endless id", |_, p| drop(p.insert("jti".into(), "x".repeat(MAX_TEXT + 1).into()))),
        ("a number as id", |_, p| drop(p.insert("jti".into(), 7.into()))),
        ("no method", |_, p| drop(p.remove("htm"))),
        ("no address", |_, p| drop(p.remove("htu"))),
        ("no time", |_, p| drop(p.remove("iat"))),
        ("a time in words", |_, p| drop(p.insert("iat".into(), "now".into()))),
        ("a fraction of a second", |_, p| drop(p.insert("iat".into(), 1.5.into()))),
        ("a number as the token's hash", |_, p| drop(p.insert("ath".into(), 7.into()))),
        ("a number as nonce", |_, p| drop(p.insert("nonce".into(), 7.into()))),
    ];
    for (what, change) in cases {
        assert!(Proof::from_compact(&forged(&key, change)).is_err(), "{what}");
    }
    for (name, value) in
        [("d", "AQ"), ("k", "AQ"), ("crv", "P-384"), ("crv", "secp256k1"), ("kty", "oct"), ("x", ""), ("x", "AQ"), ("y", "?")]
    {
        assert!(Proof::from_compact(&forged(&key, |h, _| jwk(h, name, value.into()))).is_err(), "{name} {value}");
    }
    // A key that did not sign, whole and in its parts.
    let stranger = jose::jwk(other.public_key()).unwrap();
    assert!(Proof::from_compact(&forged(&key, |h, _| drop(h.insert("jwk".into(), Value::Object(stranger.clone()))))).is_err());
    assert!(Proof::from_compact(&forged(&key, |h, _| jwk(h, "y", stranger["y"].clone()))).is_err());
    let sound = made(&key, &claims());
    for text in [
        "",
        ".",
        "..",
        "a.b",
        &sound[..sound.len() - 4],
        &format!("{sound}."),
        &format!("{sound}.AA"),
        &format!("{sound}="),
        &"a".repeat(MAX_PROOF + 1),
    ] {
        assert!(Proof::from_compact(text).is_err(), "{text}");
    }
    let (input, _) = sound.rsplit_once('.').unwrap();
    assert!(Proof::from_compact(&format!("{input}.")).is_err(), "without a signature");
}

#[test]
fn one_field_and_no_more() {
    let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    let mut headers = Headers::new();
    assert!(matches!(Proof::read(&headers), Ok(None)));
    headers.push(DPOP, made(&key, &claims()));
    assert!(matches!(Proof::read(&headers), Ok(Some(_))));
    headers.push("dpop", made(&key, &claims()));
    assert!(Proof::read(&headers).is_err());
}

#[test]
fn a_proof_is_of_one_call() {
    let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    let proof = Proof::from_compact(&made(&key, &claims())).ok().unwrap();
    for same in
        ["https://sign.example/rssp/agreements", "HTTPS://Sign.Example:443/rssp/agreements?x=1", "https://sign.example/rssp/agreements#top"]
    {
        assert!(proof.is_of(Method::Post, same), "{same}");
    }
    assert!(!proof.is_of(Method::Get, "https://sign.example/rssp/agreements"));
    for other in [
        "http://sign.example/rssp/agreements",
        "https://sign.example:444/rssp/agreements",
        "https://sign.example.evil.example/rssp/agreements",
        "https://sign.example@evil.example/rssp/agreements",
        "https://sign.example/rssp/agreements/",
        "https://sign.example/RSSP/agreements",
        "https://sign.example",
        "sign.example/rssp/agreements",
        "",
    ] {
        assert!(!proof.is_of(Method::Post, other), "{other}");
    }
}
