//! Tests of the key room that cross its files: the contract against each store, keys made by OpenSSL, the folder.

use super::contract::{Abilities, run};
use super::file::FileKeyStore;
use super::software::{SoftwareKey, SoftwareKeyStore};
use super::*;
use crate::crypto::DigestAlgorithm::{self, Sha256, Sha384, Sha512};
use std::fs;
use std::path::Path;
use std::process::Command;

const RSA: KeyAlgorithm = KeyAlgorithm::Rsa { bits: 2048 };

fn ecdsa(digests: &[DigestAlgorithm]) -> Vec<SignatureAlgorithm> {
    digests.iter().map(|digest| SignatureAlgorithm::Ecdsa(*digest)).collect()
}

fn rsa_algorithms() -> Vec<SignatureAlgorithm> {
    [Sha256, Sha384, Sha512]
        .into_iter()
        .flat_map(|digest| [SignatureAlgorithm::RsaPkcs1(digest), SignatureAlgorithm::RsaPss { digest, salt_len: digest.len() as u32 }])
        .collect()
}

fn openssl(folder: &Path, arguments: &str) {
    let done = Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().expect("openssl is installed");
    assert!(done.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&done.stderr));
}

#[test]
fn the_memory_store_keeps_the_contract() {
    let abilities = Abilities::software()
        .and(KeyAlgorithm::P256, &ecdsa(&[Sha256, Sha384, Sha512]))
        .and(KeyAlgorithm::P384, &ecdsa(&[Sha256, Sha384, Sha512]))
        .and(KeyAlgorithm::P521, &ecdsa(&[Sha384, Sha512]))
        .and(RSA, &rsa_algorithms());
    #[cfg(feature = "ring")]
    let abilities = abilities.and(KeyAlgorithm::Ed25519, &[SignatureAlgorithm::Ed25519]);
    run(&SoftwareKeyStore::new(), &abilities).unwrap();
}

#[test]
fn the_file_store_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let store = FileKeyStore::open(&folder.path().join("keys")).unwrap();
    store.unlock(Passphrase::new("correct horse")).unwrap();
    run(&store, &Abilities::software()).unwrap();
}

/// A store that lies in one respect; the contract must find it out.
struct Liar(SoftwareKeyStore, &'static str);

impl DeviceKeyStore for Liar {
    fn create(&self, name: &str, spec: &KeySpec) -> Result<KeyInfo> {
        if self.1 == "overwrites" {
            let _ = self.0.delete(name);
        }
        self.0.create(name, spec)
    }
    fn info(&self, name: &str) -> Result<KeyInfo> {
        let info = self.0.info(name)?;
        Ok(if self.1 == "boasts" { KeyInfo { protection: Protection::Strongbox, ..info } } else { info })
    }
    fn sign(&self, name: &str, message: &[u8], algorithm: &SignatureAlgorithm) -> Result<Vec<u8>> {
        if self.1 == "creates" && self.0.info(name).is_err() {
            self.0.create(name, &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing))?;
        }
        let message = if self.1 == "signs something else" { b"else" } else { message };
        let mut value = self.0.sign(name, message, algorithm)?;
        if self.1 == "breaks" {
            let last = value.len() - 1;
            value[last] ^= 1;
        }
        Ok(value)
    }
    fn attest(&self, name: &str, challenge: &[u8]) -> Result<Attestation> {
        self.0.attest(name, challenge)
    }
    fn delete(&self, name: &str) -> Result<()> {
        if self.1 == "keeps" { self.0.info(name).map(drop) } else { self.0.delete(name) }
    }
    fn list(&self) -> Result<Vec<KeyInfo>> {
        let mut list = self.0.list()?;
        if self.1 == "forgets" {
            list.pop();
        }
        Ok(list)
    }
}

#[test]
fn the_contract_finds_liars_out() {
    run(&Liar(SoftwareKeyStore::new(), "honest"), &Abilities::software()).unwrap();
    for lie in ["overwrites", "boasts", "creates", "signs something else", "breaks", "keeps", "forgets"] {
        assert!(run(&Liar(SoftwareKeyStore::new(), lie), &Abilities::software()).is_err(), "{lie}");
    }
}

#[test]
fn a_wrong_signature_is_never_handed_on() {
    let algorithm = SignatureAlgorithm::Ecdsa(Sha256);
    for lie in ["signs something else", "breaks"] {
        let store = Liar(SoftwareKeyStore::new(), lie);
        store.create("a", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)).unwrap();
        assert_eq!(sign_checked(&store, "a", b"message", &algorithm).unwrap_err().kind(), ErrorKind::KeySignatureWrong);
    }
    // A store that quietly swapped the key: the signature is right, but not by the key that was meant.
    let store = SoftwareKeyStore::new();
    let info = store.create("a", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)).unwrap();
    store.delete("a").unwrap();
    store.create("a", &KeySpec::new(KeyAlgorithm::P256, KeyPurpose::Signing)).unwrap();
    assert_eq!(sign_as(&store, &info, KeyPurpose::Signing, b"message", &algorithm).unwrap_err().kind(), ErrorKind::KeySignatureWrong);
}

#[test]
fn keys_made_by_openssl_are_read_in_all_their_forms() {
    let dir = tempfile::tempdir().unwrap();
    for (name, make, public) in [
        ("p256", "ecparam -name prime256v1 -genkey -out p256.sec1.pem", "ec"),
        ("p384", "ecparam -name secp384r1 -genkey -noout -out p384.sec1.pem", "ec"),
        ("p521", "ecparam -name secp521r1 -genkey -out p521.sec1.pem", "ec"),
        ("rsa", "genrsa -traditional -out rsa.sec1.pem 3072", "rsa"),
    ] {
        openssl(dir.path(), make);
        openssl(dir.path(), &format!("pkcs8 -topk8 -nocrypt -in {name}.sec1.pem -out {name}.pem"));
        openssl(dir.path(), &format!("pkcs8 -topk8 -nocrypt -in {name}.sec1.pem -outform DER -out {name}.der"));
        openssl(dir.path(), &format!("{public} -in {name}.sec1.pem -outform DER -out {name}.sec1.der"));
        openssl(dir.path(), &format!("pkey -in {name}.pem -pubout -outform DER -out {name}.spki"));
        let spki = fs::read(dir.path().join(format!("{name}.spki"))).unwrap();
        for form in ["sec1.pem", "pem", "der", "sec1.der"] {
            let file = fs::read(dir.path().join(format!("{name}.{form}"))).unwrap();
            let key = SoftwareKey::from_file(&file, None).unwrap_or_else(|error| panic!("{name}.{form}: {error}"));
            assert_eq!(key.public_key().spki_der(), spki, "{name}.{form}");
        }
        // OpenSSL judges the signature.
        let key = SoftwareKey::from_file(&fs::read(dir.path().join(format!("{name}.pem"))).unwrap(), None).unwrap();
        let algorithm = SignatureAlgorithm::preferred_for(key.public_key().algorithm()).unwrap();
        fs::write(dir.path().join("message"), b"message").unwrap();
        fs::write(dir.path().join("value"), key.sign(b"message", &algorithm).unwrap()).unwrap();
        let digest = algorithm.digest().unwrap().name().to_lowercase().replace('-', "");
        openssl(dir.path(), &format!("pkey -in {name}.pem -pubout -out pub.pem"));
        openssl(dir.path(), &format!("dgst -{digest} -verify pub.pem -signature value message"));
        if name == "rsa" {
            let pss = SignatureAlgorithm::RsaPss { digest: Sha256, salt_len: 32 };
            fs::write(dir.path().join("value"), key.sign(b"message", &pss).unwrap()).unwrap();
            openssl(
                dir.path(),
                "dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:32 -verify pub.pem -signature value message",
            );
            let long = SignatureAlgorithm::RsaPss { digest: Sha256, salt_len: 64 };
            assert_eq!(key.sign(b"message", &long).unwrap_err().kind(), ErrorKind::KeyAlgorithmUnsupported);
        }
    }
    #[cfg(feature = "ring")]
    {
        openssl(dir.path(), "genpkey -algorithm ed25519 -out ed.pem");
        let key = SoftwareKey::from_file(&fs::read(dir.path().join("ed.pem")).unwrap(), None).unwrap();
        assert_eq!(key.public_key().algorithm(), KeyAlgorithm::Ed25519);
        verify(key.public_key(), &SignatureAlgorithm::Ed25519, b"m", &key.sign(b"m", &SignatureAlgorithm::Ed25519).unwrap()).unwrap();
    }
    // Weak, odd, and not private keys at all.
    openssl(dir.path(), "genrsa -out weak.pem 1024");
    openssl(dir.path(), "ecparam -name secp256k1 -genkey -noout -out k1.pem");
    for (file, kind) in [
        ("weak.pem", ErrorKind::KeyAlgorithmUnsupported),
        ("k1.pem", ErrorKind::KeyAlgorithmUnsupported),
        ("pub.pem", ErrorKind::PemMalformed),
    ] {
        assert_eq!(SoftwareKey::from_file(&fs::read(dir.path().join(file)).unwrap(), None).map(drop).unwrap_err().kind(), kind, "{file}");
    }
    #[cfg(feature = "pkcs12")]
    {
        openssl(dir.path(), "pkcs8 -topk8 -in p256.sec1.pem -out enc.pem -passout pass:secret");
        openssl(dir.path(), "pkcs8 -topk8 -in p256.sec1.pem -outform DER -out enc.der -passout pass:secret -scrypt");
        for file in ["enc.pem", "enc.der"] {
            let file = fs::read(dir.path().join(file)).unwrap();
            let key = SoftwareKey::from_file(&file, Some(&Passphrase::new("secret"))).unwrap();
            assert_eq!(key.public_key().spki_der(), fs::read(dir.path().join("p256.spki")).unwrap());
            for wrong in [None, Some(Passphrase::new("secre")), Some(Passphrase::new(""))] {
                assert_eq!(SoftwareKey::from_file(&file, wrong.as_ref()).map(drop).unwrap_err().kind(), ErrorKind::PassphraseWrong);
            }
        }
    }
}

#[test]
fn broken_key_files_are_errors() {
    let key = SoftwareKey::generate(KeyAlgorithm::P256).unwrap();
    let der = key.pkcs8().to_vec();
    for len in 0..der.len() {
        assert!(SoftwareKey::from_file(&der[..len], None).is_err(), "{len}");
    }
    for at in 0..der.len() {
        for bit in 0..8 {
            let mut bad = der.clone();
            bad[at] ^= 1 << bit;
            // A changed private key that is accepted would sign for another public key.
            if let Ok(read) = SoftwareKey::from_file(&bad, None) {
                let algorithm = SignatureAlgorithm::preferred_for(read.public_key().algorithm()).unwrap();
                verify(read.public_key(), &algorithm, b"m", &read.sign(b"m", &algorithm).unwrap()).unwrap();
                assert_eq!(read.public_key(), key.public_key(), "{at}.{bit}");
            }
        }
    }
    for text in [
        "",
        "0",
        "hello",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN EC PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n-----END EC PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
        "-----BEGIN -----BEGIN -----",
    ] {
        assert!(SoftwareKey::from_file(text.as_bytes(), Some(&Passphrase::new("x"))).is_err(), "{text}");
    }
}

#[cfg(not(feature = "rsa-keys"))]
#[test]
fn rsa_keys_are_refused_by_name_where_they_cannot_be_made() {
    let refused = SoftwareKey::generate(KeyAlgorithm::Rsa { bits: 2048 }).map(drop).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::KeyAlgorithmUnsupported);
}

#[cfg(feature = "rsa-keys")]
#[test]
fn generated_rsa_keys_of_each_size_work() {
    for bits in [2048, 3072] {
        let key = SoftwareKey::generate(KeyAlgorithm::Rsa { bits }).unwrap();
        assert_eq!(key.public_key().algorithm(), KeyAlgorithm::Rsa { bits });
    }
    for bits in [0, 1024, 2047, 2049, 8192, u32::MAX] {
        assert_eq!(SoftwareKey::generate(KeyAlgorithm::Rsa { bits }).map(drop).unwrap_err().kind(), ErrorKind::KeyAlgorithmUnsupported);
    }
}

fn unlocked(folder: &Path, passphrase: &str) -> FileKeyStore {
    let store = FileKeyStore::open(folder).unwrap();
    store.unlock(Passphrase::new(passphrase)).unwrap();
    store
}

const SPEC: KeySpec =
    KeySpec { algorithm: KeyAlgorithm::P256, purpose: KeyPurpose::Signing, prompt: Prompt::None, attestation_challenge: None };
const ECDSA: SignatureAlgorithm = SignatureAlgorithm::Ecdsa(Sha256);

#[test]
fn the_file_store_survives_its_process() {
    let folder = tempfile::tempdir().unwrap();
    let made = unlocked(folder.path(), "one").create("a", &SPEC).unwrap();
    let store = FileKeyStore::open(folder.path()).unwrap();
    assert_eq!(store.info("a").unwrap(), made);
    assert_eq!(store.list().unwrap(), std::slice::from_ref(&made));
    for locked in
        [store.sign("a", b"m", &ECDSA).map(drop), store.create("b", &SPEC).map(drop), store.change_passphrase(Passphrase::new("x"))]
    {
        assert_eq!(locked.unwrap_err().kind(), ErrorKind::KeyLocked);
    }
    assert_eq!(store.unlock(Passphrase::new("two")).unwrap_err().kind(), ErrorKind::PassphraseWrong);
    assert_eq!(store.unlock(Passphrase::new("")).unwrap_err().kind(), ErrorKind::InvalidArgument);
    store.unlock(Passphrase::new("one")).unwrap();
    sign_checked(&store, "a", b"m", &ECDSA).unwrap();
    store.lock();
    assert_eq!(store.sign("a", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::KeyLocked);
}

#[test]
fn a_key_deleted_or_replaced_elsewhere_is_not_used_from_memory() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = (unlocked(folder.path(), "one"), unlocked(folder.path(), "one"));
    here.create("a", &SPEC).unwrap();
    here.sign("a", b"m", &ECDSA).unwrap();
    there.delete("a").unwrap();
    assert_eq!(here.sign("a", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::KeyNotFound);
    let made = there.create("a", &SPEC).unwrap();
    verify(&made.public_key, &ECDSA, b"m", &here.sign("a", b"m", &ECDSA).unwrap()).unwrap();
}

#[test]
fn two_creators_make_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let made: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| unlocked(folder.path(), "one").create("a", &SPEC))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(made.iter().filter(|result| result.is_ok()).count(), 1);
    assert!(made.iter().filter_map(|result| result.as_ref().err()).all(|error| error.kind() == ErrorKind::KeyExists));
}

#[test]
fn the_passphrase_changes_for_all_keys_or_none() {
    let folder = tempfile::tempdir().unwrap();
    let store = unlocked(folder.path(), "one");
    let made: Vec<_> = ["a", "b"].iter().map(|name| store.create(name, &SPEC).unwrap()).collect();
    store.change_passphrase(Passphrase::new("two")).unwrap();
    sign_checked(&store, "a", b"m", &ECDSA).unwrap();
    let fresh = FileKeyStore::open(folder.path()).unwrap();
    assert_eq!(fresh.unlock(Passphrase::new("one")).unwrap_err().kind(), ErrorKind::PassphraseWrong);
    fresh.unlock(Passphrase::new("two")).unwrap();
    for info in &made {
        verify(&info.public_key, &ECDSA, b"m", &fresh.sign(&info.name, b"m", &ECDSA).unwrap()).unwrap();
    }
    // Cut off in the middle: one file is still under the old one. Calling again finishes the work.
    let half = fs::read(folder.path().join("key-a.tskey")).unwrap();
    fresh.change_passphrase(Passphrase::new("three")).unwrap();
    fs::write(folder.path().join("key-a.tskey"), half).unwrap();
    let again = unlocked(folder.path(), "two");
    again.change_passphrase(Passphrase::new("three")).unwrap();
    for info in &made {
        verify(&info.public_key, &ECDSA, b"m", &again.sign(&info.name, b"m", &ECDSA).unwrap()).unwrap();
    }
    // One damaged file: nothing is changed.
    let file = fs::read(folder.path().join("key-b.tskey")).unwrap();
    fs::write(folder.path().join("key-b.tskey"), &file[1..]).unwrap();
    let before = fs::read(folder.path().join("key-a.tskey")).unwrap();
    assert_eq!(again.change_passphrase(Passphrase::new("four")).unwrap_err().kind(), ErrorKind::KeyFileDamaged);
    assert_eq!(fs::read(folder.path().join("key-a.tskey")).unwrap(), before);
    sign_checked(&again, "a", b"m", &ECDSA).unwrap();
}

#[test]
fn files_are_private_and_leftovers_of_killed_writes_are_ignored_and_swept() {
    let folder = tempfile::tempdir().unwrap();
    let keys = folder.path().join("deep/keys");
    let store = unlocked(&keys, "one");
    store.create("a", &SPEC).unwrap();
    let whole = fs::read(keys.join("key-a.tskey")).unwrap();
    let leftover = keys.join(".thrivosign-00112233445566778899aabbccddeeff.tmp");
    fs::write(&leftover, &whole[..100]).unwrap();
    fs::write(keys.join("notes.txt"), b"mine").unwrap();
    assert_eq!(store.list().unwrap().len(), 1);
    store.create("b", &SPEC).unwrap();
    assert!(!leftover.exists() && keys.join("notes.txt").exists());
    assert_eq!(fs::read(keys.join("key-a.tskey")).unwrap(), whole);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&keys), mode(&keys.join("key-a.tskey"))), (0o700, 0o600));
        fs::set_permissions(keys.join("key-a.tskey"), fs::Permissions::from_mode(0o644)).unwrap();
        store.change_passphrase(Passphrase::new("two")).unwrap();
        assert_eq!(mode(&keys.join("key-a.tskey")), 0o600);
    }
}

#[test]
fn hostile_folders() {
    let folder = tempfile::tempdir().unwrap();
    let store = unlocked(folder.path(), "one");
    let a = store.create("a", &SPEC).unwrap();
    store.create("b", &KeySpec { purpose: KeyPurpose::Authentication, ..SPEC }).unwrap();
    let path = |name: &str| folder.path().join(format!("key-{name}.tskey"));
    let (file_a, file_b) = (fs::read(path("a")).unwrap(), fs::read(path("b")).unwrap());
    // The authentication key offered as the signing key.
    fs::write(path("a"), &file_b).unwrap();
    for result in [store.sign("a", b"m", &ECDSA).map(drop), store.info("a").map(drop)] {
        assert_eq!(result.unwrap_err().kind(), ErrorKind::KeyFileDamaged);
    }
    assert_eq!(store.damaged().unwrap(), ["a"]);
    // Damage is told from a wrong passphrase, and other keys go on working.
    for bad in [vec![], file_a[..50].to_vec(), vec![b'x'; 20_000], [&file_a[..], b"x"].concat()] {
        fs::write(path("a"), bad).unwrap();
        assert_eq!(store.sign("a", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::KeyFileDamaged);
        assert_eq!(store.list().unwrap().len(), 1);
        store.sign("b", b"m", &ECDSA).unwrap();
        unlocked(folder.path(), "one");
    }
    fs::write(path("a"), &file_a).unwrap();
    verify(&a.public_key, &ECDSA, b"m", &store.sign("a", b"m", &ECDSA).unwrap()).unwrap();
    #[cfg(unix)]
    {
        let elsewhere = tempfile::tempdir().unwrap();
        fs::rename(path("a"), elsewhere.path().join("a")).unwrap();
        std::os::unix::fs::symlink(elsewhere.path().join("a"), path("a")).unwrap();
        assert_eq!(store.sign("a", b"m", &ECDSA).unwrap_err().kind(), ErrorKind::KeyFileDamaged);
        assert_eq!(store.create("a", &SPEC).unwrap_err().kind(), ErrorKind::KeyExists);
    }
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    assert_eq!(FileKeyStore::open(&file).map(drop).unwrap_err().kind(), ErrorKind::KeyStoreUnavailable);
}
