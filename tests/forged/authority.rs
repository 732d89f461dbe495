//! A throw-away root and two signers under it, made once by the openssl command.

use std::process::Command;
use std::sync::OnceLock;
use thrivosign::Time;
use thrivosign::key::software::SoftwareKey;
use thrivosign::pki::certificate::{Certificate, certificates_from_pem};

pub(crate) struct Authority {
    pub(crate) root: Vec<u8>,
    /// The leaf alone: a certificate that nothing uses could be changed without anybody caring.
    pub(crate) chain: Vec<Certificate>,
    pub(crate) key: SoftwareKey,
}

pub(crate) fn now() -> Time {
    // Never before the certificates begin: on a busy machine making them takes seconds.
    authority();
    thrivosign::host::clock::now()
}

pub(crate) fn authority() -> &'static Authority {
    static MADE: OnceLock<Authority> = OnceLock::new();
    MADE.get_or_init(make)
}

fn make() -> Authority {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let script = r"
set -e
openssl ecparam -name prime256v1 -genkey -noout -out root.key
openssl req -x509 -new -key root.key -days 30 -subj '/CN=Forgery Test Root' -out root.pem \
  -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign,cRLSign
openssl ecparam -name prime256v1 -genkey -noout -out leaf.sec1
openssl pkcs8 -topk8 -nocrypt -in leaf.sec1 -out leaf.key
openssl req -new -key leaf.key -subj '/CN=Forgery Test Signer' -out leaf.csr
printf 'keyUsage=critical,nonRepudiation\nbasicConstraints=CA:FALSE\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n' > ext
openssl x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 29 -extfile ext -out leaf.pem";
    let out = Command::new("sh").arg("-c").arg(script).current_dir(folder.path()).output().expect("sh runs");
    assert!(out.status.success(), "openssl: {}", String::from_utf8_lossy(&out.stderr));
    let read = |name: &str| std::fs::read(folder.path().join(name)).expect("openssl wrote it");
    Authority {
        root: read("root.pem"),
        chain: certificates_from_pem(&read("leaf.pem")).expect("certificates"),
        key: SoftwareKey::from_file(&read("leaf.key"), None).expect("a key"),
    }
}
