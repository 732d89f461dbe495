//! The judges are themselves judged: they accept what pyHanko signed and refuse the same file with one byte changed.
//!
//! A judge that accepts everything would make every other test here worthless.

use crate::corpus::bench;
use crate::judges::{self, Hanko};
use std::fs;

#[test]
fn judges_accept_a_good_file_and_refuse_a_changed_one() {
    let Some(bench) = bench() else { return };
    let (signed, declined) = bench.signed_by_pyhanko();
    assert!(signed.len() >= 200 && declined <= 3, "{} files signed by pyHanko, {declined} declined", signed.len());
    let mut hanko = Hanko::start(bench);
    let root = bench.root();
    let scratch = tempfile::tempdir().unwrap();
    let some = |source: &&crate::corpus::Source| (source.encrypted || source.producer == "Cairo") && !source.name().contains("twice");
    let mut looked_at = 0;
    for source in signed.iter().filter(some) {
        looked_at += 1;
        let password = source.password.as_str();
        let verdicts = hanko.judge(&source.file, &root, password).unwrap();
        let last = verdicts.last().unwrap();
        assert!(last.bottom_line && last.coverage == "ENTIRE_FILE", "{}: {}", source.name(), last.summary);
        judges::openssl(&source.file, last, &root).unwrap();
        assert_eq!(judges::qpdf(&source.file, password).unwrap(), 0);
        let poppler = judges::pdfsig(&source.file, password).unwrap();
        assert!(poppler.iter().all(|verdict| verdict.valid && verdict.total_document), "{}: {poppler:?}", source.name());

        // The header's binary comment is content to no one, so that nothing but the digest can tell.
        let mut bytes = fs::read(&source.file).unwrap();
        bytes[12] ^= 1;
        let changed = scratch.path().join("changed.pdf");
        fs::write(&changed, bytes).unwrap();
        let verdicts = hanko.judge(&changed, &root, password).unwrap();
        let last = verdicts.last().unwrap();
        assert!(!last.intact && !last.bottom_line, "pyHanko: {}", last.summary);
        assert!(judges::openssl(&changed, last, &root).is_err(), "OpenSSL");
        assert!(judges::pdfsig(&changed, password).unwrap().iter().all(|verdict| !verdict.valid), "pdfsig");

        let foreign = bench.authority.join("foreign-root.pem");
        let verdicts = hanko.judge(&source.file, &foreign, password).unwrap();
        let last = verdicts.last().unwrap();
        assert!(last.intact && last.valid && !last.trusted && !last.bottom_line, "pyHanko trusts a foreign root: {}", last.summary);
        assert!(judges::openssl(&source.file, last, &foreign).is_err(), "OpenSSL trusts a foreign root");
    }
    assert!(looked_at >= 12, "only {looked_at} files were looked at");
}

#[test]
fn renderings_tell_ink_from_paper() {
    let Some(bench) = bench() else { return };
    let sources = bench.sources();
    let source = sources.iter().find(|source| source.name() == "lo-agreement").unwrap();
    let page = judges::render(&source.file, 1, "").unwrap();
    assert!((590..600).contains(&page.width) && (838..846).contains(&page.height), "{} x {}", page.width, page.height);
    assert!(page.ink_in([50.0, 400.0, 400.0, 400.0]) > 1000, "the text is not seen");
    assert_eq!(page.ink_in([50.0, 20.0, 500.0, 150.0]), 0, "the lower margin is not blank");
}
