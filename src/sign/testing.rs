//! The sign room, tests only: small documents in every structure, identities made on the spot, outside judges.

#![allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests run the outside judges")]

use super::{Plan, Prepared, SignatureRequest, SigningIdentity, plan};
use crate::cancel::Progress;
use crate::crypto::algorithm::SignatureAlgorithm;
use crate::error::Result;
use crate::key::software::SoftwareKey;
use crate::pdf::Document;
use crate::pki::testing::{Draft, Key, at, ecdsa};
use crate::time::Time;
use std::process::Command;

/// The time of every request here.
pub(crate) fn now() -> Time {
    at("2026-11-23T12:00:00Z")
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Table,
    Stream,
}

/// A document of those objects, numbered from 1; the first is the catalog. `trailer` is added to the trailer.
pub(crate) fn build(objects: &[String], style: Style, trailer: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec();
    let mut offsets = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", i + 1).as_bytes());
    }
    let xref = out.len();
    let id = "/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]";
    match style {
        Style::Table => {
            let mut text = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
            for offset in offsets {
                text.push_str(&format!("{offset:010} 00000 n \n"));
            }
            text.push_str(&format!("trailer\n<</Size {}/Root 1 0 R{id}{trailer}>>\n", objects.len() + 1));
            out.extend_from_slice(text.as_bytes());
        }
        Style::Stream => {
            let number = objects.len() + 1;
            offsets.push(xref);
            let mut rows = vec![0, 0, 0, 0, 255];
            for offset in offsets {
                rows.push(1);
                rows.extend_from_slice(&u32::try_from(offset).unwrap().to_be_bytes()[1..]);
                rows.push(0);
            }
            let dict = format!("<</Type/XRef/Size {}/W[1 3 1]/Root 1 0 R{id}{trailer}/Length {}>>", number + 1, rows.len());
            out.extend_from_slice(format!("{number} 0 obj\n{dict}\nstream\n").as_bytes());
            out.extend_from_slice(&rows);
            out.extend_from_slice(b"\nendstream\nendobj\n");
        }
    }
    out.extend_from_slice(format!("startxref\n{xref}\n%%EOF\n").as_bytes());
    out
}

/// Two pages with a line of text each. `catalog` and `page` are added to catalog and first page; `more` are objects from 7 on.
pub(crate) fn document(style: Style, catalog: &str, page: &str, more: &[&str]) -> Vec<u8> {
    let text = "BT /F1 12 Tf 72 720 Td (The parties agree as follows.) Tj ET";
    let page_of =
        |extra: &str| format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 6 0 R>>>>/Contents 5 0 R{extra}>>");
    let mut objects = vec![
        format!("<</Type/Catalog/Pages 2 0 R{catalog}>>"),
        "<</Type/Pages/Count 2/Kids[3 0 R 4 0 R]>>".to_owned(),
        page_of(page),
        page_of(""),
        format!("<</Length {}>>\nstream\n{text}\nendstream", text.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    objects.extend(more.iter().map(|object| (*object).to_owned()));
    build(&objects, style, "")
}

pub(crate) fn plain(style: Style) -> Vec<u8> {
    document(style, "", "", &[])
}

/// Who signs in a test.
pub(crate) struct Signer {
    pub(crate) identity: SigningIdentity,
    key: Secret,
}

enum Secret {
    Fixed(Key),
    Software(Box<SoftwareKey>),
}

impl Signer {
    pub(crate) fn p256() -> Signer {
        Signer::named("Anna Example")
    }

    /// The same under another name.
    pub(crate) fn named(name: &str) -> Signer {
        let (root_key, key) = (Key::new(1), Key::new(2));
        let root = Draft::ca("Root", &root_key, "Root", None).issue(&root_key);
        let leaf = Draft::leaf(name, &key, "Root").serial(7).issue(&root_key);
        let identity = SigningIdentity::new(vec![leaf, root], ecdsa()).unwrap();
        Signer { identity, key: Secret::Fixed(key) }
    }

    /// A key of another kind, made by openssl.
    pub(crate) fn openssl(genpkey: &[&str], algorithm: SignatureAlgorithm) -> Signer {
        let made = Command::new("openssl").arg("genpkey").args(genpkey).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let key = SoftwareKey::from_file(&made.stdout, None).unwrap();
        let root_key = Key::new(1);
        let root = Draft::ca("Root", &root_key, "Root", None).issue(&root_key);
        let mut draft = Draft::leaf("Berta Example", &Key::new(2), "Root").serial(8);
        draft.key = key.public_key().clone();
        let identity = SigningIdentity::new(vec![draft.issue(&root_key), root], algorithm).unwrap();
        Signer { identity, key: Secret::Software(Box::new(key)) }
    }

    pub(crate) fn answer(&self, message: &[u8]) -> Vec<u8> {
        match &self.key {
            Secret::Fixed(key) => key.sign(message),
            Secret::Software(key) => key.sign(message, self.identity.algorithm()).unwrap(),
        }
    }

    /// The whole way through memory.
    pub(crate) fn sign(&self, file: &[u8], request: &SignatureRequest) -> Result<Vec<u8>> {
        let source = file.to_vec();
        let prepared = prepared(&source, request, &self.identity)?;
        let tbs = prepared.to_be_signed()?;
        let value = tbs.accept(&self.answer(tbs.message()))?;
        let mut out = Vec::new();
        prepared.complete(&value, &source, &mut out, &Progress::default())?;
        Ok(out)
    }
}

pub(crate) fn planned(file: &[u8], request: &SignatureRequest, identity: &SigningIdentity) -> Result<Plan> {
    plan(&Document::open(&file)?, request, identity, [0x5A; 16])
}

pub(crate) fn prepared(file: &[u8], request: &SignatureRequest, identity: &SigningIdentity) -> Result<Prepared> {
    planned(file, request, identity)?.hash(&file, &Progress::default())
}

/// What pdfsig says; `signatures` of them must be valid, and the last must cover the whole file.
pub(crate) fn judged_by_pdfsig(file: &[u8], signatures: usize) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, file).unwrap();
    let out = Command::new("pdfsig").arg("-nocert").arg(&path).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert_eq!(text.matches("Signature is Valid").count(), signatures, "{text}");
    assert_eq!(text.matches("Total document signed").count(), 1, "{text}");
    assert_eq!(text.matches("Signature #").count(), signatures, "{text}");
    text
}

/// qpdf finds nothing wrong.
pub(crate) fn judged_by_qpdf(file: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, file).unwrap();
    let out = Command::new("qpdf").arg("--check").arg(&path).output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success() && !text.contains("WARNING"), "{text}");
}
