//! The evidence room, tests only: stores that are sound, odd and hostile.

use super::*;
use crate::pdf::Document;
use crate::pki::Certificate;
use crate::pki::revocation::testing::{AnswerDraft, ListDraft};
use crate::pki::revocation::{Crl, OcspResponse};
use crate::pki::testing::{Draft, Key, at};
use crate::sign::testing::{Style, document};

fn hex(bytes: &[u8]) -> String {
    let mut out = Vec::new();
    write_hex(&mut out, bytes);
    String::from_utf8(out).unwrap()
}

fn stream(bytes: &[u8]) -> String {
    let digits = hex(bytes);
    format!("<</Filter/ASCIIHexDecode/Length {}>>\nstream\n{digits}>\nendstream", digits.len() + 1)
}

struct Pki {
    ca: Certificate,
    leaf: Certificate,
    answer: OcspResponse,
    list: Crl,
}

fn pki() -> Pki {
    let key = Key::new(1);
    let ca = Draft::ca("CA", &key, "CA", None).issue(&key);
    let leaf = Draft::leaf("Leaf", &Key::new(2), "CA").serial(7).issue(&key);
    let answer = AnswerDraft::new(&leaf, &ca).issue(&key);
    Pki { ca, leaf, answer, list: ListDraft::new("CA").issue(&key) }
}

fn read_of(catalog: &str, more: &[&str]) -> Option<Dss> {
    let file = document(Style::Table, catalog, "", more);
    read(Document::open(&file).unwrap().latest()).unwrap()
}

#[test]
fn a_store_is_read_with_what_belongs_to_which_signature() {
    let pki = pki();
    let (ca, leaf, list) = (stream(pki.ca.der()), stream(pki.leaf.der()), stream(pki.list.der()));
    // Some writers store the inner structure alone.
    let basic = stream(pki.answer.basic_der().unwrap());
    let contents = [0x30, 0x03, 1, 1, 0, 0, 0];
    let key = VriKey::of_contents(&contents);
    let store = "<</Type/DSS/Certs[7 0 R 8 0 R]/OCSPs 11 0 R/CRLs[10 0 R 10 0 R]/VRI 12 0 R>>";
    let entry = format!("<</{}<</Cert[8 0 R]/OCSP[9 0 R]/TU(D:20260601000000Z)/TS 10 0 R>>>>", key.as_str());
    let dss = read_of("/DSS 13 0 R", &[&ca, &leaf, &basic, &list, "[9 0 R]", &entry, store]).unwrap();
    assert_eq!((dss.faults.as_slice(), dss.faulty), (&[][..], 0));
    assert_eq!(dss.bundle.certificates, [pki.ca.clone(), pki.leaf.clone()]);
    assert_eq!(dss.bundle.revocation.ocsp, std::slice::from_ref(&pki.answer));
    assert_eq!(dss.bundle.revocation.crls, std::slice::from_ref(&pki.list));
    let vri = dss.of_contents(&contents).unwrap();
    assert_eq!((vri.bundle.certificates.as_slice(), vri.bundle.revocation.ocsp.as_slice()), (&[pki.leaf.clone()][..], &[pki.answer][..]));
    assert_eq!((vri.updated, vri.time_stamp.as_deref()), (Some(at("2026-06-01T00:00:00Z")), Some(pki.list.der())));
    assert_eq!(dss.object_of(&Item::Certificate(pki.leaf)), Some(ObjectId::new(8, 0)));
    assert!(dss.lists(&Item::Crl(pki.list)) && dss.of_contents(&contents[..6]).is_none());
}

#[test]
fn the_key_of_a_signature_is_found_however_it_was_computed() {
    let contents = [0x30, 0xAB, 0];
    // printf '30AB00' | sha1sum, and of the bytes.
    let keys = ["30AB00", "30ab00"].map(|digits| hex(&DigestAlgorithm::Sha1.digest(digits.as_bytes())));
    let all = [hex(&DigestAlgorithm::Sha1.digest(&contents)), keys[0].to_uppercase(), keys[1].clone()];
    for key in all {
        let dss = read_of(&format!("/DSS<</VRI<</{key}<<>>>>>>"), &[]).unwrap();
        assert!(dss.of_contents(&contents).is_some() && dss.of_contents(&contents[1..]).is_none(), "{key}");
    }
}

#[test]
fn no_store_is_no_store() {
    for catalog in ["", "/DSS null", "/DSS 99 0 R"] {
        assert!(read_of(catalog, &[]).is_none(), "{catalog}");
    }
    let empty = read_of("/DSS<<>>", &[]).unwrap();
    assert!(empty.bundle.is_empty() && empty.faulty == 0);
}

#[test]
fn what_cannot_be_read_is_named_and_costs_nothing_else() {
    let pki = pki();
    let leaf = stream(pki.leaf.der());
    let bomb = "<</Filter[/FlateDecode/DCTDecode]/Length 3>>\nstream\nabc\nendstream";
    let key = "00112233445566778899AABBCCDDEEFF00112233";
    let cases = [
        ("/DSS[]", vec!["/DSS"]),
        ("/DSS<</Certs 7/OCSPs[7 0 R]/CRLs<<>>/VRI[]>>", vec!["/DSS/Certs", "/DSS/OCSPs/0", "/DSS/CRLs", "/DSS/VRI"]),
        (
            "/DSS<</Certs[null (x) 8 0 R 99 0 R 2 0 R 7 0 R 8 0 R]>>",
            vec!["/DSS/Certs/0", "/DSS/Certs/1", "/DSS/Certs/2", "/DSS/Certs/3", "/DSS/Certs/4"],
        ),
        ("/DSS<</Certs[7 0 R]/VRI<</Short<<>>/zz112233445566778899AABBCCDDEEFF00112233<<>>/Type/VRI>>>>", vec!["/DSS/VRI/0", "/DSS/VRI/1"]),
        (
            &format!("/DSS<</Certs[7 0 R]/VRI<</{key}<</Cert 3/CRL[7 0 R]/TU(yesterday)/TS 1 0 R>>>>>>"),
            vec!["/DSS/VRI/0/Cert", "/DSS/VRI/0/CRL/0", "/DSS/VRI/0/TU", "/DSS/VRI/0/TS"],
        ),
    ];
    for (catalog, faults) in cases {
        let dss = read_of(catalog, &[&leaf, bomb]).unwrap();
        assert_eq!(dss.faults.iter().map(|fault| fault.path.as_str()).collect::<Vec<_>>(), faults, "{catalog}");
        assert_eq!(dss.bundle.certificates.len(), usize::from(catalog.contains("Certs[")), "{catalog}");
        assert_eq!(dss.faulty, faults.len());
    }
}

#[test]
fn a_store_without_end_is_stopped() {
    let entries = "7 0 R ".repeat(MAX_ENTRIES + 5);
    let dss = read_of(&format!("/DSS<</Certs[{entries}]/CRLs[7 0 R]>>"), &[&stream(pki().leaf.der())]).unwrap();
    assert_eq!(dss.bundle.certificates.len(), 1);
    assert_eq!(dss.faults.iter().map(|fault| fault.kind).collect::<Vec<_>>(), [ErrorKind::LimitReached; 2]);

    let entries: String = (0..MAX_VRI + 5).map(|n| format!("/{n:040X}<</Cert 1>>")).collect();
    let dss = read_of(&format!("/DSS<</VRI<<{entries}>>>>"), &[]).unwrap();
    assert_eq!((dss.vri.len(), dss.faults.len(), dss.faulty), (MAX_VRI, MAX_NAMED, MAX_VRI + 1));
}
