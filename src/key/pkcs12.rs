//! The key room: a signer from a PKCS#12 file (RFC 7292).
//!
//! Takes the bytes of a file and its password, gives a [`SoftwareKey`] and its chain, the key's own certificate first.
//! Nothing in the file is used before its MAC was checked; encryption must be PBES2 with AES (RFC 8018 6.2). Sees
//! `pki::certificate` too. The file may be hostile: DER only, no nesting of safes, costs bounded over the whole file.

use super::Passphrase;
use super::software::SoftwareKey;
use crate::error::{Error, ErrorKind, Result};
use crate::pki::certificate::Certificate;
use der::asn1::{AnyRef, ObjectIdentifier, OctetStringRef};
use der::{Decode, Header, Reader, SliceReader, Tag, TagNumber};
use hmac::{Hmac, KeyInit, Mac};
use pkcs5::EncryptionScheme;
use pkcs5::pbes2::Kdf;
use zeroize::Zeroizing;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERT_BAG: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
const PBES2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.13");
const SHA1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.14.3.2.26");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const SHA384: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.2");
const SHA512: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.3");

/// Largest file that is read.
const MAX_FILE: usize = 1 << 20;
/// Most iterations of all key derivations of one file together: some seconds.
const MAX_ITERATIONS: u64 = 10_000_000;
/// Most iterations of one derivation.
const MAX_ITERATIONS_ONCE: u64 = 5_000_000;
/// Most memory and work of scrypt, in bytes: `128 * N * r * p`.
const MAX_SCRYPT: u64 = 256 << 20;
/// Most bags, most certificates in the chain.
const MAX_BAGS: usize = 100;

/// Why an encryption is not undone.
pub(super) enum SchemeFault {
    Malformed,
    /// Not PBES2 with AES.
    Old,
    /// Costs out of bounds.
    Costly,
}

/// Reads a PBES2 AlgorithmIdentifier and bounds its cost, given back in iterations of PBKDF2.
pub(super) fn bounded_scheme(algorithm: &[u8]) -> std::result::Result<(EncryptionScheme, u64), SchemeFault> {
    let identifier = pkcs8::AlgorithmIdentifierRef::from_der(algorithm).map_err(|_| SchemeFault::Malformed)?;
    if identifier.oid != PBES2 {
        return Err(SchemeFault::Old);
    }
    let scheme = EncryptionScheme::from_der(algorithm).map_err(|_| SchemeFault::Old)?;
    let EncryptionScheme::Pbes2(parameters) = &scheme else { return Err(SchemeFault::Old) };
    let cost = match &parameters.kdf {
        Kdf::Pbkdf2(kdf) => u64::from(kdf.iteration_count),
        Kdf::Scrypt(kdf) => {
            // The cost must be a power of two above 1 (RFC 7914 2); zero of anything would be an overflow further down.
            if kdf.cost_parameter < 2 || !kdf.cost_parameter.is_power_of_two() || kdf.block_size == 0 || kdf.parallelization == 0 {
                return Err(SchemeFault::Malformed);
            }
            let work = 128_u64
                .checked_mul(kdf.cost_parameter)
                .and_then(|n| n.checked_mul(kdf.block_size.into()))
                .and_then(|n| n.checked_mul(kdf.parallelization.into()));
            match work {
                Some(work) if work <= MAX_SCRYPT => work / 128,
                _ => return Err(SchemeFault::Costly),
            }
        }
        _ => return Err(SchemeFault::Old),
    };
    match cost {
        0 => Err(SchemeFault::Malformed),
        1..=MAX_ITERATIONS_ONCE => Ok((scheme, cost)),
        _ => Err(SchemeFault::Costly),
    }
}

/// Undoes the encryption, in memory that is wiped. CBC has no integrity: what comes out may be anything.
pub(super) fn decrypt(
    scheme: &EncryptionScheme,
    password: &Passphrase,
    ciphertext: &[u8],
) -> std::result::Result<Zeroizing<Vec<u8>>, pkcs5::Error> {
    let mut buffer = Zeroizing::new(ciphertext.to_vec());
    let len = scheme.decrypt_in_place(password.as_bytes(), &mut buffer)?.len();
    buffer.truncate(len);
    Ok(buffer)
}

fn malformed(what: &'static str) -> Error {
    Error::new(ErrorKind::Pkcs12Malformed).context(what)
}

impl From<SchemeFault> for Error {
    fn from(fault: SchemeFault) -> Error {
        malformed(match fault {
            SchemeFault::Malformed => "an encryption's parameters",
            SchemeFault::Old => {
                "an old encryption; export it again: openssl pkcs12 -export -keypbe AES-256-CBC -certpbe AES-256-CBC -macalg SHA256"
            }
            SchemeFault::Costly => "an encryption asks for too much work",
        })
    }
}

fn wrong(what: &'static str) -> impl Fn(der::Error) -> Error {
    move |_| malformed(what)
}

/// What was found in the safes.
struct Contents<'p> {
    password: &'p Passphrase,
    iterations_left: u64,
    bags: usize,
    keys: Vec<SoftwareKey>,
    certificates: Vec<Certificate>,
}

/// Reads the key that has a certificate, and its chain as far as the file holds it. After the call the first certificate's
/// public key is the key's, and each further certificate names the issuer of the one before.
///
/// # Errors
/// [`ErrorKind::PassphraseWrong`] if the MAC does not fit the password; [`ErrorKind::Pkcs12Malformed`], also for
/// encryptions older than PBES2 and for files without a MAC; [`ErrorKind::InvalidUtf8`] for a password that is no UTF-8;
/// [`ErrorKind::CertificateForeign`] if no certificate belongs to a key; as [`SoftwareKey::from_file`] for the key.
pub fn open(file: &[u8], password: &Passphrase) -> Result<(SoftwareKey, Vec<Certificate>)> {
    if file.len() > MAX_FILE {
        return Err(malformed("the file is too large"));
    }
    let mut contents = Contents { password, iterations_left: MAX_ITERATIONS, bags: 0, keys: Vec::new(), certificates: Vec::new() };
    let safes = checked_safes(file, &mut contents)?;
    let mut reader = sequence(safes).map_err(wrong("the list of safes"))?;
    while !reader.is_finished() {
        contents.safe(reader.tlv_bytes().map_err(wrong("a safe"))?)?;
    }
    contents.choose()
}

/// The content of a SEQUENCE that is the whole of `bytes`.
fn sequence(bytes: &[u8]) -> der::Result<SliceReader<'_>> {
    let any = AnyRef::from_der(bytes)?;
    der::Tagged::tag(&any).assert_eq(Tag::Sequence)?;
    SliceReader::new(any.value())
}

/// The content of the next element, which must be `[0] EXPLICIT`.
fn explicit<'a>(reader: &mut SliceReader<'a>) -> der::Result<&'a [u8]> {
    let mut inner = SliceReader::new(reader.tlv_bytes()?)?;
    let header = Header::decode(&mut inner)?;
    header.tag().assert_eq(Tag::ContextSpecific { constructed: true, number: TagNumber(0) })?;
    inner.read_slice(header.length())
}

/// The content of the next element, which must be `[0] IMPLICIT` over a string.
fn implicit<'a>(reader: &mut SliceReader<'a>) -> der::Result<&'a [u8]> {
    let mut inner = SliceReader::new(reader.tlv_bytes()?)?;
    let header = Header::decode(&mut inner)?;
    header.tag().assert_eq(Tag::ContextSpecific { constructed: false, number: TagNumber(0) })?;
    inner.read_slice(header.length())
}

/// ContentInfo (RFC 7292 4): its type and the element inside.
fn content_info(bytes: &[u8]) -> der::Result<(ObjectIdentifier, &[u8])> {
    let mut reader = sequence(bytes)?;
    let kind = ObjectIdentifier::decode(&mut reader)?;
    let content = explicit(&mut reader)?;
    reader.finish()?;
    Ok((kind, content))
}

/// Checks the MAC (RFC 7292 5.1) and gives what it covers.
fn checked_safes<'a>(file: &'a [u8], contents: &mut Contents<'_>) -> Result<&'a [u8]> {
    let outer = wrong("the file is no PKCS#12 in DER");
    let mut reader = sequence(file).map_err(&outer)?;
    if u8::decode(&mut reader).map_err(&outer)? != 3 {
        return Err(malformed("another version of PKCS#12"));
    }
    let (kind, content) = content_info(reader.tlv_bytes().map_err(&outer)?).map_err(&outer)?;
    if kind != DATA {
        return Err(malformed("integrity by public key"));
    }
    let covered = <&OctetStringRef>::from_der(content).map_err(&outer)?.as_bytes();
    if reader.is_finished() {
        return Err(malformed("the file has no MAC"));
    }
    let fault = wrong("the MAC");
    let mut mac = sequence(reader.tlv_bytes().map_err(&fault)?).map_err(&fault)?;
    reader.finish().map_err(&fault)?;
    let mut digest_info = sequence(mac.tlv_bytes().map_err(&fault)?).map_err(&fault)?;
    let algorithm = pkcs8::AlgorithmIdentifierRef::decode(&mut digest_info).map_err(&fault)?;
    let value = <&OctetStringRef>::decode(&mut digest_info).map_err(&fault)?.as_bytes();
    digest_info.finish().map_err(&fault)?;
    let salt = <&OctetStringRef>::decode(&mut mac).map_err(&fault)?.as_bytes();
    let iterations = if mac.is_finished() { 1 } else { u32::decode(&mut mac).map_err(&fault)? };
    mac.finish().map_err(&fault)?;
    contents.spend(iterations.into())?;

    let text = std::str::from_utf8(contents.password.as_bytes()).map_err(|_| Error::new(ErrorKind::InvalidUtf8))?;
    // BMPString with its final zero (RFC 7292 B.1).
    let mut bmp = Zeroizing::new(Vec::with_capacity(text.len().saturating_mul(2).saturating_add(2)));
    bmp.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    bmp.extend([0, 0]);
    let mut right = mac_is_right(algorithm.oid, &bmp, salt, iterations, covered, value)?;
    if !right && text.is_empty() {
        // No password and the empty password are two things in PKCS#12; people mean either.
        contents.spend(iterations.into())?;
        right = mac_is_right(algorithm.oid, &[], salt, iterations, covered, value)?;
    }
    if right { Ok(covered) } else { Err(ErrorKind::PassphraseWrong.into()) }
}

/// The MAC key by RFC 7292 B.2 (one block is all it takes, since the key is as long as the digest), then HMAC, compared in
/// constant time.
macro_rules! mac_with {
    ($digest:ty, $block:literal, $bmp:expr, $salt:expr, $iterations:expr, $covered:expr, $value:expr) => {{
        use sha2::Digest as _;
        let fill = |out: &mut Vec<u8>, text: &[u8]| {
            out.extend(text.iter().cycle().take(text.len().div_ceil($block).saturating_mul($block)));
        };
        let mut block = Zeroizing::new(Vec::with_capacity(($bmp.len() + $salt.len()).saturating_add(3 * $block)));
        // ID 3: a MAC key.
        block.extend([3_u8; $block]);
        fill(&mut block, $salt);
        fill(&mut block, $bmp);
        let mut key = <$digest>::digest(block.as_slice());
        for _ in 1..$iterations {
            key = <$digest>::digest(&key);
        }
        let mut mac = <Hmac<$digest> as KeyInit>::new_from_slice(&key).map_err(|_| Error::new(ErrorKind::Internal))?;
        zeroize::Zeroize::zeroize(key.as_mut_slice());
        mac.update($covered);
        mac.verify_slice($value).is_ok()
    }};
}

fn mac_is_right(algorithm: ObjectIdentifier, bmp: &[u8], salt: &[u8], iterations: u32, covered: &[u8], value: &[u8]) -> Result<bool> {
    Ok(match algorithm {
        SHA1 => mac_with!(sha1::Sha1, 64, bmp, salt, iterations, covered, value),
        SHA256 => mac_with!(sha2::Sha256, 64, bmp, salt, iterations, covered, value),
        SHA384 => mac_with!(sha2::Sha384, 128, bmp, salt, iterations, covered, value),
        SHA512 => mac_with!(sha2::Sha512, 128, bmp, salt, iterations, covered, value),
        _ => return Err(malformed("the MAC's algorithm; export it again: openssl pkcs12 -export -macalg SHA256")),
    })
}

impl Contents<'_> {
    fn spend(&mut self, iterations: u64) -> Result<()> {
        if iterations == 0 {
            return Err(malformed("a key derivation without iterations"));
        }
        let left = self.iterations_left.checked_sub(iterations).filter(|_| iterations <= MAX_ITERATIONS_ONCE);
        self.iterations_left = left.ok_or_else(|| Error::from(SchemeFault::Costly))?;
        Ok(())
    }

    fn decrypt(&mut self, algorithm: &[u8], ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (scheme, cost) = bounded_scheme(algorithm)?;
        self.spend(cost)?;
        decrypt(&scheme, self.password, ciphertext).map_err(|error| match error {
            pkcs5::Error::UnsupportedAlgorithm { .. } => SchemeFault::Old.into(),
            _ => malformed("an encrypted part"),
        })
    }

    fn safe(&mut self, bytes: &[u8]) -> Result<()> {
        let fault = wrong("a safe");
        let (kind, content) = content_info(bytes).map_err(&fault)?;
        if kind == DATA {
            return self.bags(<&OctetStringRef>::from_der(content).map_err(&fault)?.as_bytes());
        }
        if kind != ENCRYPTED_DATA {
            return Err(malformed("a safe that is enveloped for a public key"));
        }
        // EncryptedData (RFC 5652 8).
        let mut reader = sequence(content).map_err(&fault)?;
        u8::decode(&mut reader).map_err(&fault)?;
        let mut inner = sequence(reader.tlv_bytes().map_err(&fault)?).map_err(&fault)?;
        AnyRef::decode(&mut inner).map_err(&fault)?;
        let algorithm = inner.tlv_bytes().map_err(&fault)?;
        let ciphertext = implicit(&mut inner).map_err(&fault)?;
        let plain = self.decrypt(algorithm, ciphertext)?;
        self.bags(&plain)
    }

    /// SafeContents (RFC 7292 4.2).
    fn bags(&mut self, bytes: &[u8]) -> Result<()> {
        let fault = wrong("a bag");
        let mut reader = sequence(bytes).map_err(&fault)?;
        while !reader.is_finished() {
            self.bags = self.bags.saturating_add(1);
            if self.bags > MAX_BAGS {
                return Err(malformed("too many bags"));
            }
            let mut bag = sequence(reader.tlv_bytes().map_err(&fault)?).map_err(&fault)?;
            let kind = ObjectIdentifier::decode(&mut bag).map_err(&fault)?;
            let value = explicit(&mut bag).map_err(&fault)?;
            match kind {
                KEY_BAG => self.keys.push(SoftwareKey::from_pkcs8_der(value)?),
                SHROUDED_KEY_BAG => {
                    let mut inner = sequence(value).map_err(&fault)?;
                    let algorithm = inner.tlv_bytes().map_err(&fault)?;
                    let ciphertext = <&OctetStringRef>::decode(&mut inner).map_err(&fault)?.as_bytes();
                    inner.finish().map_err(&fault)?;
                    let plain = self.decrypt(algorithm, ciphertext)?;
                    self.keys.push(SoftwareKey::from_owned(plain)?);
                }
                CERT_BAG => {
                    let mut inner = sequence(value).map_err(&fault)?;
                    if ObjectIdentifier::decode(&mut inner).map_err(&fault)? == X509_CERTIFICATE {
                        let der = explicit(&mut inner).map_err(&fault)?;
                        self.certificates.push(Certificate::from_der(<&OctetStringRef>::from_der(der).map_err(&fault)?.as_bytes())?);
                    }
                }
                // CRLs, secrets and nested safes are not ours.
                _ => {}
            }
        }
        Ok(())
    }

    /// The first key that has a certificate, and the certificates that lead up from it.
    fn choose(self) -> Result<(SoftwareKey, Vec<Certificate>)> {
        if self.keys.is_empty() {
            return Err(malformed("the file holds no private key"));
        }
        let mut pool = self.certificates;
        for key in self.keys {
            if let Some(at) = pool.iter().position(|certificate| certificate.public_key() == key.public_key()) {
                let mut last = pool.swap_remove(at);
                let mut chain = vec![last.clone()];
                while !last.is_self_issued() {
                    let Some(at) = pool.iter().position(|issuer| last.names_issuer(issuer)) else { break };
                    last = pool.swap_remove(at);
                    chain.push(last.clone());
                }
                return Ok((key, chain));
            }
        }
        Err(Error::new(ErrorKind::CertificateForeign).context("the file holds no certificate for its key"))
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests are an edge")]
mod tests {
    use super::*;
    use crate::crypto::{SignatureAlgorithm, verify};
    use std::fs;
    use std::path::Path;
    use std::process::Command;

    fn openssl(folder: &Path, arguments: &[&str]) {
        let done = Command::new("openssl").args(arguments).current_dir(folder).output().expect("openssl is installed");
        assert!(done.status.success(), "openssl {arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
    }

    fn words(folder: &Path, arguments: &str) {
        openssl(folder, &arguments.split(' ').collect::<Vec<_>>());
    }

    /// Root, issuing and leaf certificate; the leaf's key is of the kind given to `genpkey`.
    fn make_chain(folder: &Path, leaf: &str) {
        fs::write(folder.join("ca.cnf"), "basicConstraints=critical,CA:true\nkeyUsage=critical,keyCertSign\n").unwrap();
        words(folder, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out root.key");
        words(folder, "req -new -x509 -key root.key -subj /CN=root -days 100 -out root.pem");
        words(folder, "genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out issuing.key");
        words(folder, "req -new -key issuing.key -subj /CN=issuing -out issuing.csr");
        words(folder, "x509 -req -in issuing.csr -CA root.pem -CAkey root.key -set_serial 2 -days 100 -extfile ca.cnf -out issuing.pem");
        words(folder, &format!("genpkey {leaf} -out leaf.key"));
        words(folder, "req -new -key leaf.key -subj /CN=leaf -out leaf.csr");
        words(folder, "x509 -req -in leaf.csr -CA issuing.pem -CAkey issuing.key -set_serial 3 -days 100 -out leaf.pem");
        // The wrong way round on purpose.
        let chain = [fs::read(folder.join("root.pem")).unwrap(), fs::read(folder.join("issuing.pem")).unwrap()].concat();
        fs::write(folder.join("chain.pem"), chain).unwrap();
    }

    fn export(folder: &Path, more: &str) -> Vec<u8> {
        words(folder, &format!("pkcs12 -export -inkey leaf.key -in leaf.pem -certfile chain.pem -out out.p12 {more}"));
        fs::read(folder.join("out.p12")).unwrap()
    }

    fn kind(file: &[u8], password: &str) -> ErrorKind {
        open(file, &Passphrase::new(password)).map(drop).unwrap_err().kind()
    }

    const P256: &str = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";

    #[test]
    fn files_of_openssl_give_key_and_ordered_chain() {
        for leaf in [P256, "-algorithm RSA -pkeyopt rsa_keygen_bits:3072"] {
            let dir = tempfile::tempdir().unwrap();
            make_chain(dir.path(), leaf);
            let aes = "-keypbe AES-256-CBC -certpbe AES-256-CBC";
            for more in [
                String::from("-passout pass:sécret€𝄞"),
                format!("{aes} -macalg SHA256 -passout pass:sécret€𝄞"),
                String::from("-keypbe AES-128-CBC -certpbe AES-192-CBC -macalg SHA1 -passout pass:sécret€𝄞"),
                format!("{aes} -macalg SHA512 -iter 10000 -passout pass:sécret€𝄞"),
                format!("{aes} -macalg SHA384 -nomaciter -passout pass:sécret€𝄞"),
                String::from("-keypbe AES-256-CBC -certpbe NONE -passout pass:sécret€𝄞"),
            ] {
                let file = export(dir.path(), &more);
                let (key, chain) = open(&file, &Passphrase::new("sécret€𝄞")).unwrap_or_else(|error| panic!("{more}: {error}"));
                let names: Vec<_> = chain.iter().map(|certificate| certificate.common_name().unwrap()).collect();
                assert_eq!(names, ["leaf", "issuing", "root"], "{more}");
                let algorithm = SignatureAlgorithm::preferred_for(key.public_key().algorithm()).unwrap();
                verify(chain[0].public_key(), &algorithm, b"m", &key.sign(b"m", &algorithm).unwrap()).unwrap();
                for wrong in ["", "secret", "sécret€", "sécret€𝄞 "] {
                    assert_eq!(kind(&file, wrong), ErrorKind::PassphraseWrong, "{more}");
                }
            }
        }
    }

    #[test]
    fn the_empty_password_and_none() {
        let dir = tempfile::tempdir().unwrap();
        make_chain(dir.path(), P256);
        let file = export(dir.path(), "-passout pass:");
        assert_eq!(open(&file, &Passphrase::new("")).unwrap().1.len(), 3);
        assert_eq!(kind(&file, "x"), ErrorKind::PassphraseWrong);
    }

    #[test]
    fn what_is_old_or_unprotected_is_refused_with_a_remedy() {
        let dir = tempfile::tempdir().unwrap();
        make_chain(dir.path(), P256);
        let file = export(dir.path(), "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg SHA1 -passout pass:x");
        let error = open(&file, &Passphrase::new("x")).map(drop).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Pkcs12Malformed);
        assert!(error.context_text().unwrap().contains("openssl pkcs12 -export"));
        assert_eq!(kind(&export(dir.path(), "-nomac -passout pass:x"), "x"), ErrorKind::Pkcs12Malformed);
        words(dir.path(), "pkcs12 -export -nokeys -in leaf.pem -out out.p12 -passout pass:x");
        assert_eq!(kind(&fs::read(dir.path().join("out.p12")).unwrap(), "x"), ErrorKind::Pkcs12Malformed);
        words(dir.path(), "pkcs12 -export -nocerts -inkey leaf.key -out out.p12 -passout pass:x");
        assert_eq!(kind(&fs::read(dir.path().join("out.p12")).unwrap(), "x"), ErrorKind::CertificateForeign);
        // The MAC's own iterations, changed in a file that is otherwise right: 70000 stands at the very end.
        let mut file = export(dir.path(), "-iter 70000 -passout pass:x");
        let at = file.windows(5).rposition(|window| window == [2, 3, 1, 0x11, 0x70]).unwrap();
        file[at + 2] = 0x5f;
        assert_eq!(kind(&file, "x"), ErrorKind::Pkcs12Malformed);
    }

    #[test]
    fn damaged_files_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        make_chain(dir.path(), P256);
        let file = export(dir.path(), "-iter 1 -passout pass:x");
        let (key, _) = open(&file, &Passphrase::new("x")).unwrap();
        for len in 0..file.len() {
            assert_eq!(kind(&file[..len], "x"), ErrorKind::Pkcs12Malformed, "{len}");
        }
        for at in 0..file.len() {
            for change in [1, 0x40, 0x80] {
                let mut bad = file.clone();
                bad[at] ^= change;
                // Only what the MAC does not cover can be changed unnoticed, and then nothing is different.
                if let Ok((read, chain)) = open(&bad, &Passphrase::new("x")) {
                    assert!(read.public_key() == key.public_key() && chain.len() == 3, "{at}");
                }
            }
        }
    }

    #[test]
    fn hostile_costs_are_refused_before_they_are_paid() {
        let oid = |bytes: &[u8]| [&[6, bytes.len() as u8], bytes].concat();
        let seq = |parts: &[Vec<u8>]| {
            let body = parts.concat();
            [vec![0x30, body.len() as u8], body].concat()
        };
        let int = |value: u64| {
            let mut bytes: Vec<u8> = value.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            if bytes.first().is_none_or(|first| *first >= 0x80) {
                bytes.insert(0, 0);
            }
            [vec![2, bytes.len() as u8], bytes].concat()
        };
        let octets = |bytes: &[u8]| [&[4, bytes.len() as u8], bytes].concat();
        let aes = seq(&[oid(&[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 1, 0x2a]), octets(&[0; 16])]);
        let pbes2 = |kdf: Vec<u8>| seq(&[oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0d]), seq(&[kdf, aes.clone()])]);
        let sha256 = seq(&[oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 9]), vec![5, 0]]);
        let pbkdf2 = |salt: usize, n: u64| {
            pbes2(seq(&[oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 5, 0x0c]), seq(&[octets(&vec![0; salt]), int(n), sha256.clone()])]))
        };
        let scrypt = |n: u64, r: u64, p: u64| {
            pbes2(seq(&[oid(&[0x2b, 6, 1, 4, 1, 0xda, 0x47, 4, 0x0b]), seq(&[octets(&[0; 16]), int(n), int(r), int(p)])]))
        };
        assert!(matches!(bounded_scheme(&pbkdf2(16, 2048)), Ok((_, 2048))));
        assert!(bounded_scheme(&scrypt(16384, 8, 1)).is_ok());
        for bad in [
            pbkdf2(16, 0),
            pbkdf2(16, 5_000_001),
            pbkdf2(16, u64::from(u32::MAX)),
            pbkdf2(33, 2048),
            scrypt(0, 8, 1),
            scrypt(1, 8, 1),
            scrypt(3, 8, 1),
            scrypt(16384, 0, 1),
            scrypt(16384, 8, 0),
            scrypt(1 << 40, 8, 1),
            scrypt(1 << 63, 65535, 65535),
            scrypt(16384, 65535, 65535),
        ] {
            assert!(bounded_scheme(&bad).is_err());
        }
    }
}
