//! Many documents, one login: the batch as a back office runs it, with all threads at one token.
//!
//! 200 documents, or 10,000 with `THRIVOSIGN_LONG=1` (`cargo xtask test --long`).

use crate::hsm::{Hsm, alone};
use crate::shared::{ECDSA, spec};
use thrivosign::host::clock;
use thrivosign::host::file::Durability;
use thrivosign::journey::batch::{BatchItem, BatchOptions, sign_batch};
use thrivosign::journey::retry::Limits;
use thrivosign::journey::sign::{SignOptions, SigningKey};
use thrivosign::key::DeviceKeyStore;
use thrivosign::key::KeyInfo;
use thrivosign::pki::certificate::Certificate;
use thrivosign::sign::{SignatureRequest, SigningIdentity};

/// A document of one page, each another one.
fn document(number: usize) -> Vec<u8> {
    let content = format!("BT /F1 12 Tf 72 720 Td (Agreement {number}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut table = String::from("xref\n0 6\n0000000000 65535 f \n");
    for (at, object) in objects.iter().enumerate() {
        table += &format!("{:010} 00000 n \n", out.len());
        out.extend(format!("{} 0 obj\n{object}\nendobj\n", at + 1).bytes());
    }
    let start = out.len();
    out.extend(format!("{table}trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").bytes());
    out
}

/// A certificate for a key whose private part nobody has: issued, not requested.
fn certified(hsm: &Hsm, key: &KeyInfo) -> SigningIdentity {
    hsm.write("public.der", key.public_key.spki_der());
    hsm.write("leaf.cnf", b"basicConstraints = critical, CA:FALSE\nkeyUsage = critical, nonRepudiation\n");
    hsm.openssl(&["pkey", "-pubin", "-inform", "DER", "-in", "public.der", "-out", "public.pem"]);
    let root = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=Root"];
    hsm.openssl(&[&root[..], &["-keyout", "root.key", "-out", "root.pem"]].concat());
    let leaf = ["x509", "-new", "-force_pubkey", "public.pem", "-subj", "/CN=Seal", "-CA", "root.pem", "-CAkey", "root.key", "-days", "30"];
    hsm.openssl(&[&leaf[..], &["-extfile", "leaf.cnf", "-outform", "DER", "-out", "leaf.der"]].concat());
    let leaf = Certificate::from_der(&std::fs::read(hsm.folder.join("leaf.der")).unwrap()).unwrap();
    SigningIdentity::new(vec![leaf], ECDSA).unwrap()
}

#[test]
fn thousands_of_documents_with_one_login() {
    alone("batch::thousands_of_documents_with_one_login", |hsm| {
        let long = std::env::var("THRIVOSIGN_LONG").is_ok_and(|long| long == "1");
        let number = if long { 10_000 } else { 200 };
        hsm.token("office");
        let store = hsm.open("office");
        let identity = certified(hsm, &store.create("seal", &spec()).unwrap());
        let items: Vec<_> = (0..number)
            .map(|at| BatchItem {
                input: hsm.write(&format!("{at}.pdf"), &document(at)),
                output: hsm.folder.join(format!("{at}-signed.pdf")),
            })
            .collect();
        let key = SigningKey { store: &store, name: "seal", identity: &identity };
        let options = BatchOptions { sign: SignOptions::default(), durability: Durability::None, jobs: std::num::NonZeroUsize::new(8) };
        let request = SignatureRequest::new(clock::now());
        let mut told = Vec::new();
        let summary = sign_batch(&items, &request, key, options, &Limits::default(), &mut |at, outcome| {
            told.push((at, outcome.is_ok()));
            Ok(())
        });
        let summary = summary.unwrap();
        assert_eq!((summary.signed, summary.failed, summary.left), (number, 0, 0), "{:?}", summary.stopped);
        told.sort_unstable();
        assert_eq!(told, (0..number).map(|at| (at, true)).collect::<Vec<_>>());
        assert_eq!(store.logins(), 1);
        for item in &items {
            let (before, after) = (std::fs::read(&item.input).unwrap(), std::fs::read(&item.output).unwrap());
            assert!(after.starts_with(&before) && after.len() > before.len());
        }
    });
}
