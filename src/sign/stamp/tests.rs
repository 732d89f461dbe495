//! The sign room, tests only: document time stamps with tokens of openssl, judged by the verifier, pdfsig and qpdf.

use super::*;
use crate::evidence::{Vri, VriKey, dss};
use crate::pki::testing::{openssl, put};
use crate::sign::dss::tests::{contents, evidence, judged};
use crate::sign::testing::{Signer, Style, judged_by_qpdf, now, plain};
use crate::sign::{DocMdp, SignatureRequest};
use crate::verify::{ChangeKind, CryptoStatus, Kind};

/// A time-stamping authority of openssl.
pub(crate) struct Authority(tempfile::TempDir);

impl Authority {
    pub(crate) fn new() -> Authority {
        let folder = tempfile::tempdir().unwrap();
        let config = "[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=Stamps\n[ext]\nkeyUsage=critical,digitalSignature\n\
            extendedKeyUsage=critical,timeStamping\n[tsa]\ndefault_tsa=one\n[one]\nserial=serial\nsigner_digest=sha256\ndefault_policy=1.2.3.4\n\
            digests=sha256,sha384,sha512\naccuracy=secs:1\nordering=no\ness_cert_id_chain=no\ness_cert_id_alg=sha256\n";
        put(folder.path(), "tsa.cnf", config.as_bytes());
        put(folder.path(), "serial", b"01\n");
        let made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650"];
        let done = openssl(folder.path(), &[&made[..], &["-keyout", "tsa.key", "-out", "tsa.pem", "-config", "tsa.cnf"]].concat());
        assert!(done.0, "{}", done.1);
        Authority(folder)
    }

    pub(crate) fn stamp(&self, digest: &str, imprint: &[u8]) -> Vec<u8> {
        let hex: String = imprint.iter().map(|b| format!("{b:02x}")).collect();
        for arguments in [
            &["ts", "-query", "-digest", &hex, digest, "-cert", "-out", "a.tsq"][..],
            &[
                "ts",
                "-reply",
                "-config",
                "tsa.cnf",
                "-queryfile",
                "a.tsq",
                "-signer",
                "tsa.pem",
                "-inkey",
                "tsa.key",
                "-token_out",
                "-out",
                "a.tst",
            ],
        ] {
            let done = openssl(self.0.path(), arguments);
            assert!(done.0, "{}", done.1);
        }
        #[expect(clippy::disallowed_methods, reason = "an outside judge writes files")]
        std::fs::read(self.0.path().join("a.tst")).unwrap()
    }
}

pub(crate) fn hashed(file: &[u8], request: &StampRequest<'_>) -> PreparedStamp {
    let source = file.to_vec();
    plan_stamp(&Document::open(&source).unwrap(), request, [9; 16]).unwrap().hash(&source, &Progress::default()).unwrap()
}

#[test]
fn a_time_stamp_with_its_evidence_is_one_revision_and_harmless() {
    let signer = Signer::p256();
    let authority = Authority::new();
    for style in [Style::Table, Style::Stream] {
        for certification in [None, Some(DocMdp::NoChanges)] {
            let signed = signer.sign(&plain(style), &SignatureRequest { certification, ..SignatureRequest::new(now()) }).unwrap();
            let vri = vec![Vri::new(VriKey::of_contents(&contents(&signed)), evidence(&signer, 1))];
            let additions = Additions { vri, ..Additions::default() };
            let request = StampRequest { additions: Some(&additions), ..StampRequest::default() };
            let prepared = hashed(&signed, &request);
            let token = authority.stamp("-sha256", prepared.imprint().1);
            let mut out = Vec::new();
            let stamped = prepared.complete(&token, &signed, &mut out, &Progress::default()).unwrap();
            assert_eq!((stamped.field(), stamped.source_len()), ("Signature2", signed.len() as u64));
            assert_eq!(out, [&signed, stamped.revision()].concat());
            judged_by_qpdf(&out);
            let source = out.clone();
            let document = Document::open(&source).unwrap();
            assert_eq!(document.revisions().len(), 3, "all rides in one update");
            assert_eq!(dss::read(document.latest()).unwrap().unwrap().bundle.len(), 4);

            let report = judged(&out, &signer);
            let [signature, stamp] = report.signatures.as_slice() else { panic!("{}", report.signatures.len()) };
            assert!(signature.intact && signature.changes.contains(&ChangeKind::Ltv), "{:?}", signature.change_details);
            assert!(
                signature.changes.iter().all(|kind| matches!(kind, ChangeKind::Ltv | ChangeKind::Metadata)),
                "{:?}",
                signature.change_details
            );
            assert_eq!((stamp.kind, stamp.crypto.status, stamp.intact), (Kind::DocumentTimestamp, CryptoStatus::Ok, true));

            // And once more over it: the evidence is there already.
            let prepared = hashed(&out, &StampRequest { digest: DigestAlgorithm::Sha512, ..request });
            let token = authority.stamp("-sha512", prepared.imprint().1);
            let again = [&out[..], prepared.seal(&token).unwrap().revision()].concat();
            judged_by_qpdf(&again);
            let report = judged(&again, &signer);
            assert!(
                report.signatures.len() == 3 && report.signatures.iter().all(|one| one.intact),
                "{:?}",
                report.signatures[0].change_details
            );
            assert!(!String::from_utf8_lossy(&again[out.len()..]).contains("/Certs"));
        }
    }
}

#[test]
fn a_document_without_signatures_or_form_is_stamped_too() {
    let authority = Authority::new();
    let prepared = hashed(&plain(Style::Table), &StampRequest::default());
    let token = authority.stamp("-sha256", prepared.imprint().1);
    let file = [&plain(Style::Table)[..], prepared.seal(&token).unwrap().revision()].concat();
    judged_by_qpdf(&file);
    let text = String::from_utf8_lossy(&file).into_owned();
    assert!(text.contains("/Type/DocTimeStamp") && text.contains("/SubFilter/ETSI.RFC3161") && text.contains("/SigFlags 3"));
    let report = judged(&file, &Signer::p256());
    assert_eq!((report.signatures.len(), report.signatures[0].kind, report.signatures[0].intact), (1, Kind::DocumentTimestamp, true));
}

#[test]
fn a_token_over_something_else_is_not_embedded() {
    let authority = Authority::new();
    let file = plain(Style::Table);
    let prepared = hashed(&file, &StampRequest::default());
    let refused = |token: &[u8]| prepared.clone().seal(token).unwrap_err().kind();
    let token = authority.stamp("-sha256", prepared.imprint().1);
    assert!(prepared.clone().seal(&token).is_ok());
    assert_eq!(refused(&authority.stamp("-sha256", &[1; 32])), ErrorKind::CmsMalformed);
    assert_eq!(refused(&authority.stamp("-sha512", &[1; 64])), ErrorKind::CmsMalformed);
    assert_eq!(refused(b""), ErrorKind::CmsMalformed);
    assert_eq!(refused(&[&token[..], &[0]].concat()), ErrorKind::CmsMalformed);
    let mut broken = token.clone();
    *broken.last_mut().unwrap() ^= 1;
    assert_eq!(refused(&broken), ErrorKind::CmsMalformed);
    assert_eq!(refused(&vec![0x30; prepared.room() + 1]), ErrorKind::SignatureRoomExceeded);

    let mut other = file.clone();
    other[12] ^= 1;
    let error = prepared.complete(&token, &other, &mut Vec::new(), &Progress::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::DocumentChanged);
}

#[test]
fn what_cannot_be_stamped_is_refused_before_anybody_is_asked() {
    let file = plain(Style::Table);
    let planned = |request| plan_stamp(&Document::open(&file).unwrap(), &request, [9; 16]).map(drop).map_err(|error| error.kind());
    assert_eq!(planned(StampRequest { digest: DigestAlgorithm::Sha1, ..StampRequest::default() }), Err(ErrorKind::InvalidArgument));
    assert_eq!(planned(StampRequest { room: 100, ..StampRequest::default() }), Err(ErrorKind::InvalidArgument));
    assert_eq!(planned(StampRequest { room: 3 << 20, ..StampRequest::default() }), Err(ErrorKind::SignatureRoomExceeded));
    assert_eq!(planned(StampRequest::default()), Ok(()));
}
