//! The verify room, tests only: the policy file, both ways, and what is refused in it.

use super::*;
use crate::error::ErrorKind;
use crate::pki::revocation::testing::{AnswerDraft, ListDraft};
use crate::pki::testing::{Draft, Key};

fn authority() -> (Key, Certificate) {
    let key = Key::new(1);
    let root = Draft::ca("Root", &key, "Root", None).issue(&key);
    (key, root)
}

/// Everything set, nothing as it is by default.
fn whole() -> PolicyFile {
    let (key, root) = authority();
    let leaf = Draft::leaf("Leaf", &Key::new(2), "Root").issue(&key);
    let mut evidence = Bundle::default();
    evidence.add(Item::Certificate(leaf.clone())).unwrap();
    evidence.add(Item::Ocsp(AnswerDraft::new(&leaf, &root).issue(&key))).unwrap();
    evidence.add(Item::Crl(ListDraft::new("Root").issue(&key))).unwrap();
    let mut trust = TrustAnchors::new();
    trust.add(root);
    trust.add_for(leaf, &[Role::OcspResponder, Role::TimeStamping, Role::OcspResponder]);
    let at = |text: &str| Time::from_rfc3339(text).unwrap();
    let rows = [About::Digest("sha3-256"), About::Key("p256"), About::RsaBelow(3000)];
    let policy = Policy {
        name: Cow::Borrowed("Straße \"7\""),
        revocation: Revocation::Require,
        freshness: Freshness { ocsp_age: 60, max_age: Some(3_600) },
        clock_skew: 5,
        algorithms: Algorithms::new(rows.map(|about| AlgorithmRule::of(about, at("2030-01-01T00:00:00Z"))).to_vec()),
        risks: RiskSearch::Leave,
    };
    PolicyFile { policy, trust, time: Some(at("2026-06-01T12:00:00Z")), evidence }
}

#[test]
fn a_file_comes_back_as_it_was() {
    let default = PolicyFile { policy: Policy::default(), trust: TrustAnchors::new(), time: None, evidence: Bundle::default() };
    for file in [whole(), default] {
        let json = file.to_json();
        let again = PolicyFile::from_json(json.as_bytes()).unwrap();
        assert_eq!(again.to_json(), json);
        assert_eq!(
            (again.policy, again.time, again.trust.len(), again.evidence.len()),
            (file.policy, file.time, file.trust.len(), file.evidence.len())
        );
    }
    let json = whole().to_json();
    let trust = PolicyFile::from_json(json.as_bytes()).unwrap().trust;
    assert_eq!(
        [Role::Signer, Role::TimeStamping, Role::OcspResponder, Role::CrlIssuer].map(|role| trust.of_role(role).count()),
        [1, 2, 2, 1]
    );
}

/// Form and order do not count; what decides does, the time aside, which a report says itself.
#[test]
fn the_digest_names_what_decides() {
    let file = whole();
    let json = file.to_json();
    let shuffled: serde_json::Map<String, Value> =
        serde_json::from_str::<serde_json::Map<_, _>>(&json).unwrap().into_iter().rev().collect();
    let compact = serde_json::to_string(&shuffled).unwrap();
    assert_ne!(compact, json);
    assert_eq!(PolicyFile::from_json(compact.as_bytes()).unwrap().sha256(), file.sha256());
    assert_eq!(PolicyFile { time: None, ..file.clone() }.sha256(), file.sha256());
    let without_time: String = json.lines().filter(|line| !line.starts_with("\"time\":")).map(|line| format!("{line}\n")).collect();
    assert_eq!(crate::crypto::digest::sha256(without_time.as_bytes()), file.sha256());
    for (from, to) in [
        ("\"require\"", "\"off\""),
        ("3000", "3001"),
        ("3600", "3601"),
        ("\"clock_skew\": 5", "\"clock_skew\": 6"),
        ("\"leave\"", "\"look\""),
    ] {
        let other = json.replacen(from, to, 1);
        assert_ne!(PolicyFile::from_json(other.as_bytes()).unwrap().sha256(), file.sha256(), "{to}");
    }
}

#[test]
fn an_anchor_may_be_pem() {
    let (_, root) = authority();
    let pem = format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", Base64::encode_string(root.der()));
    let mut value: Value = serde_json::from_str(&whole().to_json()).unwrap();
    value["trust"] = json!([{ "certificate": pem }]);
    let file = PolicyFile::from_json(value.to_string().as_bytes()).unwrap();
    assert!(file.trust.contains(&root));
    value["trust"] = json!([{ "certificate": format!("{pem}{pem}") }]);
    assert!(PolicyFile::from_json(value.to_string().as_bytes()).is_err());
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let json = whole().to_json();
    for (from, to, place) in [
        ("{", "[", "the file: is no JSON at line"),
        ("\"name\"", "\"nome\"", "/nome: is not known"),
        ("\"risks\": \"leave\",", "", "/risks: is missing"),
        ("\"risks\"", "\"risks\": \"look\", \"risks\"", "/risks: stands twice"),
        ("policy-1", "policy-2", "/schema: must be one of thrivosign-policy-1"),
        ("2026-06-01T12:00:00Z", "yesterday", "/time: must be a time"),
        ("\"require\"", "\"always\"", "/revocation: must be one of require, if_available, off"),
        ("\"clock_skew\": 5", "\"clock_skew\": -5", "/times/clock_skew: must be a whole number"),
        ("\"clock_skew\": 5", "\"clock_skew\": 5.5", "/times/clock_skew: must be a whole number"),
        ("\"max_age\": 3600", "\"max_age\": null", "/times/max_age: must be a whole number"),
        ("\"sha3-256\"", "\"md4\"", "/algorithms/0/digest: must be one of sha1"),
        ("\"key\": \"p256\"", "\"digest\": \"sha1\", \"key\": \"p256\"", "/algorithms/1: must have either"),
        ("\"key\": \"p256\"", "\"key\": \"p256\", \"below_bits\": 4", "/algorithms/1: must have either"),
        ("\"below_bits\": 3000", "\"below_bits\": 0", "/algorithms/2/below_bits: must be a whole number"),
        ("\"certificate\": \"MII", "\"certificate\": \"?MII", "/trust/0/certificate: must be DER in base64"),
        ("\"certificate\": \"MII", "\"certificate\": \"AAAAMII", "/trust/0/certificate: must be one certificate"),
        ("\"time_stamp\"", "\"tsa\"", "/trust/1/for/0: must be one of signature"),
        ("[\"time_stamp\",\"ocsp\"]", "[]", "/trust/1/for: is empty"),
        ("\"crls\": [\n\"M", "\"crls\": [\n\"AAAAM", "/evidence/crls/0: cannot be read"),
        ("\"crls\"", "\"a/b~\\u001b\"", "/evidence/a~1b~0?: is not known"),
    ] {
        let wrong = json.replacen(from, to, 1);
        assert_ne!(wrong, json, "{from}");
        let error = PolicyFile::from_json(wrong.as_bytes()).unwrap_err();
        let told = error.context_text().unwrap_or_default();
        assert!(error.kind() == ErrorKind::InvalidArgument && told.starts_with(place), "{to}: {told}");
    }
}

#[test]
fn a_hostile_file_is_bounded() {
    let deep = "[".repeat(1_000_000);
    assert_eq!(PolicyFile::from_json(deep.as_bytes()).unwrap_err().kind(), ErrorKind::InvalidArgument);
    let many = format!("[{}1]", "1,".repeat(MAX_ANCHORS));
    let wrong = whole().to_json().replacen("\"trust\": [", &format!("\"trust\": {many}, \"x\": ["), 1).replacen(
        ", \"x\": [",
        ", \"evidence\": [",
        1,
    );
    assert!(PolicyFile::from_json(wrong.as_bytes()).is_err());
    assert_eq!(PolicyFile::from_json(&vec![b' '; PolicyFile::MAX_BYTES + 1]).unwrap_err().kind(), ErrorKind::LimitReached);
}
