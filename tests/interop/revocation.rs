//! Lists and responses of others (from the Python package `cryptography_vectors`): each is read, or refused for what is wrong with it.

use crate::corpus::bench;
use crate::pkits::vectors;
use std::path::{Path, PathBuf};
use thrivosign::pki::pem::each_crl;
use thrivosign::pki::revocation::{Crl, OcspResponse, OcspStatus};

/// Lists with a fault, and which.
const BAD_LISTS: &[(&str, &str)] = &[
    ("crl_bad_version.pem", "version"),
    ("crl_dup_entry_ext.pem", "entry extension repeated"),
    ("crl_inner_outer_mismatch.der", "signature algorithms differ"),
    ("crl_inval_cert_issuer_entry_ext.pem", "certificate issuer"),
    ("crl_inval_date_fractional_seconds.der", "time"),
    ("crl_invalid_time.der", "time"),
    ("BadCRLSignatureCACRL.crl", "bit string"),
];
/// Lists that nobody may use: critical extensions that nobody knows, and entries of other issuers on a list that is not indirect.
const UNUSABLE_LISTS: &[&str] =
    &["crl_all_reasons.pem", "crl_md2_unknown_crit_entry_ext.pem", "UnknownCRLEntryExtensionCACRL.crl", "UnknownCRLExtensionCACRL.crl"];
/// Responses that are none, and why.
const BAD_RESPONSES: &[(&str, &str)] = &[
    ("resp-invalid-version.der", "version"),
    ("resp-response-type-unknown-oid.der", "response type"),
    ("resp-successful-no-response-bytes.der", "response bytes"),
    ("resp-unknown-response-status.der", "response status"),
];

/// The faults that were found, as in the tables.
fn faults(found: &[(String, thrivosign::Error)]) -> Vec<(&str, &str)> {
    found.iter().map(|(name, error)| (name.as_str(), error.context_text().unwrap_or_default())).collect()
}

fn files(folder: &Path, prefix: &str) -> Vec<(String, PathBuf)> {
    let mut found: Vec<(String, PathBuf)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.is_file())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path))
        .filter(|(name, _)| name.starts_with(prefix))
        .collect();
    found.sort();
    found
}

#[test]
fn lists_of_others_are_read() {
    let Some(bench) = bench() else { return };
    let folder = vectors(&bench.python).expect("cryptography_vectors is among the requirements");
    let mut lists = files(&folder.join("custom"), "crl_");
    lists.extend(files(&folder.join("PKITS_data/crls"), ""));
    let (mut bad, mut unusable) = (Vec::new(), Vec::new());
    for (name, path) in &lists {
        let bytes = std::fs::read(path).unwrap();
        let read: Result<Crl, _> = each_crl(&bytes).and_then(|mut all| all.remove(0));
        match read {
            Err(error) => bad.push((name.clone(), error)),
            Ok(list) if !list.is_usable() => unusable.push(name.as_str()),
            Ok(_) => {}
        }
    }
    assert_eq!(unusable, UNUSABLE_LISTS);
    assert_eq!(faults(&bad), BAD_LISTS);
    assert!(lists.len() > 190, "{}", lists.len());
}

#[test]
fn responses_of_others_are_read() {
    let Some(bench) = bench() else { return };
    let folder = vectors(&bench.python).expect("cryptography_vectors is among the requirements");
    let mut bad = Vec::new();
    let mut responses = files(&folder.join("ocsp"), "");
    responses.retain(|(name, _)| name.contains("resp") && !name.starts_with("req"));
    for (name, path) in &responses {
        match OcspResponse::from_der(&std::fs::read(path).unwrap()) {
            Err(error) => bad.push((name.clone(), error)),
            Ok(response) => assert_eq!(response.status() == OcspStatus::Unauthorized, name == "resp-unauthorized.der", "{name}"),
        }
    }
    assert_eq!(faults(&bad), BAD_RESPONSES);
    assert!(responses.len() > 16, "{}", responses.len());
}
