//! Every algorithm a signature may have, before every judge: SHA-256, SHA-384 and SHA-512 with P-256, P-384 and RSA of 2048 to 4096 bits in both
//! paddings, and Ed25519 (RFC 8419).
//!
//! Takes keys that openssl makes; gives complaints. What a judge cannot do at all stands in `CANNOT`, with its reason.

use crate::corpus::{Source, bench};
use crate::judges::{self, Hanko};
use crate::ours;
use std::fs;
use std::path::Path;
use std::process::Command;
use thrivosign::crypto::{DigestAlgorithm, SignatureAlgorithm};
use thrivosign::host::clock;
use thrivosign::host::file::Durability;
use thrivosign::journey::sign::{SignOptions, SigningKey, sign};
use thrivosign::journey::{Input, Limits, Target};
use thrivosign::key::KeyPurpose;
use thrivosign::key::software::{SoftwareKey, SoftwareKeyStore};
use thrivosign::pki::certificate::certificates_from_pem;
use thrivosign::sign::{SignatureRequest, SigningIdentity};

/// Kind of key, judge, and why it has no say.
const CANNOT: &[(&str, &str, &str)] = &[
    ("ed25519", "pdfsig", "NSS in poppler 22.12 knows no Ed25519"),
    ("ed25519", "OpenSSL", "the cms command of 3.0 does not verify id-Ed25519"),
];

const SCRIPT: &str = r#"
set -e
openssl ecparam -name prime256v1 -genkey -noout -out root.key
openssl req -x509 -new -key root.key -days 30 -subj '/CN=Root of algorithms' -out root.pem \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
printf 'keyUsage=critical,nonRepudiation\nbasicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' > ext
signer() {
  name=$1; shift
  openssl genpkey "$@" -out $name.key
  openssl req -new -key $name.key -subj "/CN=Signer $name" -out $name.csr
  openssl x509 -req -in $name.csr -CA root.pem -CAkey root.key -CAcreateserial -extfile ext -days 29 -out $name.pem
}
signer p256 -algorithm EC -pkeyopt ec_paramgen_curve:P-256
signer p384 -algorithm EC -pkeyopt ec_paramgen_curve:P-384
signer rsa2048 -algorithm RSA -pkeyopt rsa_keygen_bits:2048
signer rsa3072 -algorithm RSA -pkeyopt rsa_keygen_bits:3072
signer rsa4096 -algorithm RSA -pkeyopt rsa_keygen_bits:4096
signer ed25519 -algorithm ED25519
"#;

fn algorithms(key: &str) -> Vec<SignatureAlgorithm> {
    let digests = [DigestAlgorithm::Sha256, DigestAlgorithm::Sha384, DigestAlgorithm::Sha512];
    let pss = |digest: DigestAlgorithm| SignatureAlgorithm::RsaPss { digest, salt_len: u32::try_from(digest.len()).unwrap() };
    match key {
        "ed25519" => vec![SignatureAlgorithm::Ed25519],
        ec if ec.starts_with('p') => digests.map(SignatureAlgorithm::Ecdsa).to_vec(),
        _ => digests.map(SignatureAlgorithm::RsaPkcs1).into_iter().chain(digests.map(pss)).collect(),
    }
}

fn signed(folder: &Path, key: &str, algorithm: &SignatureAlgorithm, source: &Source, output: &Path) {
    let read = |name: String| fs::read(folder.join(name)).unwrap();
    let secret = SoftwareKey::from_file(&read(format!("{key}.key")), None).unwrap();
    let certificates = certificates_from_pem(&[read(format!("{key}.pem")), read("root.pem".into())].concat()).unwrap();
    let identity = SigningIdentity::for_key(secret.public_key(), &certificates, Some(algorithm.clone())).unwrap();
    let store = SoftwareKeyStore::with_key(key, KeyPurpose::Signing, secret).unwrap();
    let signing = SigningKey { store: &store, name: key, identity: &identity };
    let target = Target::File { path: output, durability: Durability::None };
    let request = SignatureRequest::new(clock::now());
    sign(&Input::open(&source.file).unwrap(), target, &request, signing, SignOptions::default(), &Limits::default(), None).unwrap();
}

/// What each judge says of the file.
fn judged(root: &Path, hanko: &mut Hanko, file: &Path) -> Vec<(&'static str, Result<(), String>)> {
    let pdfsig = judges::pdfsig(file, "").and_then(|verdicts| match verdicts.as_slice() {
        [one] if one.valid && one.total_document => Ok(()),
        other => Err(format!("{other:?}")),
    });
    let report = ours::verify(file, &ours::trust(root), "");
    let own = report.and_then(|report| if report.clean { Ok(()) } else { Err(ours::reasons(&report)) });
    let verdicts = hanko.judge(file, root, "");
    let openssl = verdicts.as_ref().map_err(String::clone).and_then(|verdicts| match verdicts.as_slice() {
        [one] => judges::openssl(file, one, root),
        other => Err(format!("{} signatures", other.len())),
    });
    let hanko = verdicts.and_then(|verdicts| match verdicts.as_slice() {
        [one] if one.bottom_line && one.trusted => Ok(()),
        other => Err(format!("{other:?}")),
    });
    vec![
        ("pdfsig", pdfsig),
        ("qpdf", judges::qpdf(file, "").and_then(|s| if s == 0 { Ok(()) } else { Err(s.to_string()) })),
        ("ours", own),
        ("pyHanko", hanko),
        ("OpenSSL", openssl),
    ]
}

#[test]
fn every_algorithm_is_accepted_by_every_judge() {
    let Some(bench) = bench() else { return };
    let folder = tempfile::tempdir().unwrap();
    let made = Command::new("sh").arg("-c").arg(SCRIPT).current_dir(folder.path()).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let root = folder.path().join("root.pem");
    let source = bench.sources().into_iter().find(|source| source.password.is_empty()).unwrap();
    let mut hanko = Hanko::start(bench);
    let (mut complaints, mut count) = (Vec::new(), 0);
    for key in ["p256", "p384", "rsa2048", "rsa3072", "rsa4096", "ed25519"] {
        for algorithm in algorithms(key) {
            let output = folder.path().join("out.pdf");
            signed(folder.path(), key, &algorithm, &source, &output);
            count += 1;
            for (judge, verdict) in judged(&root, &mut hanko, &output) {
                let excused = CANNOT.iter().any(|(kind, who, _)| (*kind, *who) == (key, judge));
                match verdict {
                    Ok(()) if excused => complaints.push(format!("{judge} can do {key}: strike it from the list")),
                    Err(told) if !excused => complaints.push(format!("{key} {}: {judge}: {told}", algorithm.name())),
                    _ => {}
                }
            }
        }
    }
    assert_eq!(count, 2 * 3 + 3 * 6 + 1);
    assert!(complaints.is_empty(), "{}", complaints.join("\n"));
}
