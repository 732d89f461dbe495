//! Every certificate the server issues, linted: a lint of our own that knows the profile of each, then `openssl x509` and, where the tests'
//! Python is at hand, pyHanko's asn1crypto and `cryptography` as readers beside ours.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests own sockets, files and time")]

mod client;

use client::phone::Phone;
use client::trust::{Bench, base, openssl, python};
use client::{Desk, trust};
use der::{Decode, Encode};
use std::collections::{BTreeMap, HashSet};
use std::process::Command;
use thrivosign::pki::certificate::Certificate;
use thrivosign::pki::{certificates_from_pem, oid};
use x509_cert::ext::Extension;

const DAY: i64 = 86_400;
const SUBJECT_ALT_NAME: &str = "2.5.29.17";
const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";

/// What a certificate has to look like: each extension with whether it is critical, and the rest.
struct Profile {
    extensions: &'static [(&'static str, bool)],
    /// DER of keyUsage.
    usage: &'static [u8],
    purpose: Option<&'static str>,
    ca: Option<Option<u32>>,
    days: i64,
    /// The path of its list, of its issuer's certificate, and whether OCSP answers for it.
    list: Option<&'static str>,
    issuer: Option<&'static str>,
    ocsp: bool,
}

const SKI: (&str, bool) = ("2.5.29.14", false);
const AKI: (&str, bool) = ("2.5.29.35", false);
const USAGE: (&str, bool) = ("2.5.29.15", true);
const CA: (&str, bool) = ("2.5.29.19", true);
const AIA: (&str, bool) = ("1.3.6.1.5.5.7.1.1", false);
const CDP: (&str, bool) = ("2.5.29.31", false);
const FRESHEST: (&str, bool) = ("2.5.29.46", false);
const POLICIES: (&str, bool) = ("2.5.29.32", false);
/// Ours: where the key lives, as far as was verified.
const KEY_PROTECTION: (&str, bool) = ("1.3.6.1.4.1.32473.2986.2", false);
const SIGN_CERTIFICATES: &[u8] = &[3, 2, 1, 0x06];
const DIGITAL_SIGNATURE: &[u8] = &[3, 2, 7, 0x80];
const CONTENT_COMMITMENT: &[u8] = &[3, 2, 6, 0x40];

fn profile(name: &str) -> Profile {
    let plain = Profile {
        extensions: &[SKI, CA, USAGE],
        usage: SIGN_CERTIFICATES,
        purpose: None,
        ca: Some(None),
        days: 20 * 365,
        list: None,
        issuer: None,
        ocsp: false,
    };
    let leaf = Profile { ca: None, usage: DIGITAL_SIGNATURE, days: 365, ..plain };
    let listed = |list, issuer| Profile { list: Some(list), issuer: Some(issuer), ..leaf };
    match name {
        "ca-root" | "tls-root" => plain,
        "ca-issuing" => Profile {
            extensions: &[SKI, AKI, CA, USAGE, POLICIES, AIA, CDP],
            usage: SIGN_CERTIFICATES,
            ca: Some(Some(0)),
            days: 10 * 365,
            ..listed("/crl/root.crl", "/ca/root.cer")
        },
        "user" => Profile {
            extensions: &[SKI, AKI, USAGE, ("2.5.29.37", false), KEY_PROTECTION, POLICIES, AIA, CDP, FRESHEST],
            usage: CONTENT_COMMITMENT,
            purpose: Some("1.3.6.1.5.5.7.3.36"),
            ocsp: true,
            ..listed("/crl/issuing.crl", "/ca/issuing.cer")
        },
        "tsa" => Profile {
            extensions: &[SKI, AKI, USAGE, ("2.5.29.37", true), AIA, CDP, FRESHEST],
            purpose: Some("1.3.6.1.5.5.7.3.8"),
            days: 5 * 365,
            ocsp: true,
            ..listed("/crl/issuing.crl", "/ca/issuing.cer")
        },
        "ocsp" => Profile {
            extensions: &[SKI, AKI, USAGE, ("2.5.29.37", false), ("1.3.6.1.5.5.7.48.1.5", false)],
            purpose: Some("1.3.6.1.5.5.7.3.9"),
            ..leaf
        },
        _ => {
            Profile { extensions: &[SKI, AKI, USAGE, ("2.5.29.37", false), (SUBJECT_ALT_NAME, false)], purpose: Some(SERVER_AUTH), ..leaf }
        }
    }
}

/// What is wrong with a certificate of that profile and issuer.
fn lint(certificate: &Certificate, issuer: &Certificate, profile: &Profile, base: &str) -> Vec<String> {
    let parsed = x509_cert::Certificate::from_der(certificate.der()).unwrap();
    let mut wrong = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            wrong.push(what.to_owned());
        }
    };
    must(parsed.to_der().unwrap() == certificate.der(), "it is DER");
    let tbs = parsed.tbs_certificate();
    must(tbs.version() == x509_cert::Version::V3, "version 3");
    let serial = certificate.serial();
    must(serial.first().is_some_and(|first| first & 0x80 == 0), "a positive serial number");
    must((14..=17).contains(&serial.len()), "128 random bits of serial number");
    must(certificate.issuer_der() == issuer.subject_der() && certificate.names_issuer(issuer), "its issuer's name and key");
    must(certificate.signature_algorithm_der() == [0x30, 0x0a, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2], "ECDSA with SHA-256");
    must(certificate.not_after().unix() - certificate.not_before().unix() == (profile.days + 2) * DAY, "its validity");
    must(!certificate.subject_der().is_empty() && certificate.common_name().is_some(), "a subject");

    let extensions: &[Extension] = tbs.extensions().map_or(&[], |list| list.as_slice());
    let found: Vec<(String, bool)> = extensions.iter().map(|one| (one.extn_id.to_string(), one.critical)).collect();
    let wanted: HashSet<(String, bool)> = profile.extensions.iter().map(|(id, critical)| ((*id).to_owned(), *critical)).collect();
    must(found.len() == wanted.len() && found.iter().cloned().collect::<HashSet<_>>() == wanted, &format!("extensions, found {found:?}"));
    let value = |id: &str| extensions.iter().find(|one| one.extn_id.to_string() == id).map(|one| one.extn_value.as_bytes().to_vec());
    must(value("2.5.29.15").as_deref() == Some(profile.usage), "keyUsage");
    must(certificate.is_ca() == profile.ca.is_some() && certificate.path_len() == profile.ca.flatten(), "basicConstraints");
    let purposes = certificate.extended_key_usage().map(|list| list.iter().map(ToString::to_string).collect::<Vec<_>>());
    must(purposes == profile.purpose.map(|one| vec![one.to_owned()]), "one purpose at most");
    // RFC 7093 2 (1).
    let hash = thrivosign::crypto::digest::sha256(certificate.public_key().key_bytes());
    must(certificate.subject_key_id() == Some(&hash[..20]), "subjectKeyIdentifier");
    if certificate.der() != issuer.der() {
        must(certificate.authority_key_id() == issuer.subject_key_id(), "authorityKeyIdentifier");
    }
    let at = |path: Option<&str>| path.map(|path| format!("{base}{path}")).into_iter().collect::<Vec<_>>();
    must(certificate.crl_urls() == at(profile.list), "cRLDistributionPoints");
    must(certificate.ca_issuer_urls() == at(profile.issuer), "caIssuers");
    must(certificate.ocsp_urls() == at(profile.ocsp.then_some("/ocsp")), "OCSP");
    must(certificate.extension(&oid::OCSP_NOCHECK).is_none_or(|(_, value)| value == [5, 0]), "nocheck is NULL");
    wrong
}

/// Every certificate of a server that issued to a user, by name.
fn issued() -> (Desk, BTreeMap<&'static str, Certificate>) {
    let desk = Desk::open();
    let (token, _) = desk.login();
    let phone = Phone::new("phone-1");
    assert_eq!(phone.register(&desk, &token).status, 201);
    let (_, chain) = phone.enrol(&desk, &token);
    let mut all = BTreeMap::from([("user", Certificate::from_der(&chain[0]).unwrap())]);
    for name in ["ca-root", "ca-issuing", "tls-root", "ocsp", "tsa"] {
        let pem = std::fs::read(desk.folder.path().join(format!("{name}.pem"))).unwrap();
        all.insert(name, certificates_from_pem(&pem).unwrap().remove(0));
    }
    let stream = {
        let mut stream = desk.connect();
        stream.conn.complete_io(&mut stream.sock).unwrap();
        stream
    };
    all.insert("tls", Certificate::from_der(&stream.conn.peer_certificates().unwrap()[0]).unwrap());
    (desk, all)
}

fn issuer_of(name: &str) -> &'static str {
    match name {
        "ca-root" | "ca-issuing" => "ca-root",
        "tls-root" | "tls" => "tls-root",
        _ => "ca-issuing",
    }
}

#[test]
fn every_certificate_keeps_to_its_profile() {
    let (desk, all) = issued();
    assert_eq!(all.len(), 7);
    let base = base(&desk);
    for (name, certificate) in &all {
        let wrong = lint(certificate, &all[issuer_of(name)], &profile(name), &base);
        assert!(wrong.is_empty(), "{name}: {wrong:?}");
    }
    // The lint sees what is wrong: no certificate passes for another's.
    for (name, certificate) in &all {
        for other in all.keys().filter(|other| *other != name && !(name.ends_with("root") && other.ends_with("root"))) {
            assert!(!lint(certificate, &all[issuer_of(name)], &profile(other), &base).is_empty(), "{name} as {other}");
        }
    }
    let serials: HashSet<&[u8]> = all.values().map(Certificate::serial).collect();
    let keys: HashSet<Vec<u8>> = all.values().map(|one| one.public_key().key_bytes().to_vec()).collect();
    assert!(serials.len() == 7 && keys.len() == 7, "a key and a number for each");
}

#[test]
fn other_readers_read_every_certificate() {
    let (_desk, all) = issued();
    let bench = Bench::new();
    let purpose = |name: &str| match name {
        "tsa" => "timestampsign",
        "ocsp" => "ocsphelper",
        "tls" => "sslserver",
        _ => "any",
    };
    for (name, certificate) in &all {
        let file = bench.put(&format!("{name}.pem"), trust::pem("CERTIFICATE", certificate.der()).as_bytes());
        let (good, said) = openssl(&["x509", "-in", &file, "-noout", "-text"]);
        assert!(good && said.contains("Version: 3"), "{said}");
    }
    for name in all.keys().filter(|name| !name.ends_with("root")) {
        let root = bench.name(if *name == "tls" { "tls-root.pem" } else { "ca-root.pem" });
        let [issuing, file] = ["ca-issuing", name].map(|name| bench.name(&format!("{name}.pem")));
        let (good, said) = openssl(&["verify", "-x509_strict", "-purpose", purpose(name), "-CAfile", &root, "-untrusted", &issuing, &file]);
        assert!(good, "{name}: {said}");
    }
    let Some(python) = python() else { return };
    let script = r#"
import sys
from asn1crypto import pem, x509
from cryptography import x509 as strict
for path in sys.argv[1:]:
    data = open(path, 'rb').read()
    certificate = x509.Certificate.load(pem.unarmor(data)[2], strict=True)
    certificate.native
    assert certificate.dump(force=True) == pem.unarmor(data)[2], path
    other = strict.load_pem_x509_certificate(data)
    assert other.serial_number == certificate.serial_number and other.serial_number > 0
    for extension in other.extensions:
        known = not isinstance(extension.value, strict.UnrecognizedExtension)
        assert known or extension.oid.dotted_string == '1.3.6.1.4.1.32473.2986.2', extension
print('read', len(sys.argv) - 1)
"#;
    let files: Vec<String> = all.keys().map(|name| bench.name(&format!("{name}.pem"))).collect();
    let output = Command::new(python).args(["-c", script]).args(&files).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "read 7", "{}", String::from_utf8_lossy(&output.stderr));
}
