//! Files with certificates and lists of revoked ones: one file, or those of a folder. Takes paths, gives what is in them; judges nothing.

use crate::files::has_extension;
use crate::output;
use std::path::{Path, PathBuf};
use thrivosign::host::file;
use thrivosign::pki::revocation::{Crl, OcspResponse};
use thrivosign::pki::{Certificate, Role, TrustAnchors, certificates_from_pem, each_certificate, each_crl};
use thrivosign::{Error, ErrorKind, Result};

/// Largest file of certificates.
const MAX_FILE: usize = 64 << 20;
/// Largest file of lists of revoked certificates.
const MAX_LIST: usize = 256 << 20;
/// What a file with certificates is called in a folder of them.
const CERTIFICATES: &[&str] = &["pem", "crt", "cer", "der"];
/// What a list is called in a folder of them.
const LISTS: &[&str] = &["crl", "der", "pem"];

/// What a response is called in a folder of them.
const RESPONSES: &[&str] = &["ocsp", "ors", "der"];

/// Every certificate of the files, trusted. A damaged one is an error: whoever names trust means all of it.
pub(crate) fn anchors(sources: &[PathBuf]) -> Result<TrustAnchors> {
    Ok(trusted(sources, "--trust")?.into_iter().collect())
}

/// The same, and beside them those that are trusted for time stamps alone.
pub(crate) fn anchors_with_authorities(sources: &[PathBuf], authorities: &[PathBuf]) -> Result<TrustAnchors> {
    let mut anchors = anchors(sources)?;
    trusted(authorities, "--tsa-trust")?.into_iter().for_each(|certificate| anchors.add_for(certificate, &[Role::TimeStamping]));
    Ok(anchors)
}

fn trusted(sources: &[PathBuf], option: &'static str) -> Result<Vec<Certificate>> {
    let mut all = Vec::new();
    for source in sources {
        for path in certificate_files(source).map_err(output::about(option))? {
            let found = file::read_small(&path, MAX_FILE).and_then(|bytes| certificates_from_pem(&bytes));
            all.extend(found.map_err(output::about(option))?);
        }
    }
    Ok(all)
}

/// The certificates of one file; of those that cannot be read it is said on stderr, and they are left out. Only a file that cannot be opened is
/// an error.
pub(crate) fn readable(path: &Path, json: bool) -> Result<Vec<Certificate>> {
    let bytes = file::read_small(path, MAX_FILE)?;
    Ok(kept(each_certificate(&bytes), path, json))
}

/// The lists of a folder or of one file, as with [`readable`].
pub(crate) fn lists(source: &Path, json: bool) -> Result<Vec<Crl>> {
    let paths = if source.is_dir() { files_of(source, LISTS)? } else { vec![source.to_owned()] };
    let mut all = Vec::new();
    for path in paths {
        let bytes = file::read_small(&path, MAX_LIST)?;
        all.extend(kept(each_crl(&bytes), &path, json));
    }
    Ok(all)
}

/// The responses of a folder or of one file, each in a file of its own, as with [`readable`].
pub(crate) fn responses(source: &Path, json: bool) -> Result<Vec<OcspResponse>> {
    let paths = if source.is_dir() { files_of(source, RESPONSES)? } else { vec![source.to_owned()] };
    let mut all = Vec::new();
    for path in paths {
        let bytes = file::read_small(&path, MAX_FILE)?;
        all.extend(kept(Ok(vec![OcspResponse::from_der(&bytes)]), &path, json));
    }
    Ok(all)
}

fn kept<T>(found: Result<Vec<Result<T>>>, path: &Path, json: bool) -> Vec<T> {
    let told = |error: &Error| {
        let context = error.context_text().map(|context| format!(", {context}")).unwrap_or_default();
        let name = output::printable(&path.to_string_lossy());
        output::hint(&format!("{name}: left out: {} ({}{context})", error.kind().text(), error.kind().name()), json);
    };
    let each = found.unwrap_or_else(|error| vec![Err(error)]);
    each.into_iter().filter_map(|one| one.inspect_err(told).ok()).collect()
}

/// The file itself, or the files of a folder that are named like certificates, sorted. A folder without any is a mistake, not an empty trust.
fn certificate_files(source: &Path) -> Result<Vec<PathBuf>> {
    if !source.is_dir() {
        return Ok(vec![source.to_owned()]);
    }
    let files = files_of(source, CERTIFICATES)?;
    if files.is_empty() {
        return Err(Error::new(ErrorKind::InvalidArgument).context("the folder has no .pem, .crt, .cer or .der file"));
    }
    Ok(files)
}

/// The files of a folder with one of those endings, sorted.
fn files_of(folder: &Path, endings: &[&str]) -> Result<Vec<PathBuf>> {
    let unreadable = |cause| Error::new(ErrorKind::SourceUnreadable).caused_by(cause);
    let entries = std::fs::read_dir(folder).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>());
    let mut files: Vec<PathBuf> =
        entries.map_err(unreadable)?.into_iter().filter(|path| has_extension(path, endings) && path.is_file()).collect();
    files.sort();
    Ok(files)
}
