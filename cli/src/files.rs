//! Which documents are meant: files as named, and all PDF files of a folder. Takes arguments, gives paths in an order that does not depend on
//! the file system.

use std::path::{Path, PathBuf};
use thrivosign::{Error, ErrorKind, Result};

/// A document, and where it stands below the folder that was named, or its name.
pub(crate) struct Named {
    pub(crate) path: PathBuf,
    pub(crate) below: PathBuf,
    /// Whether a folder was named, and this is what stands in it.
    pub(crate) found: bool,
}

/// Every file of the arguments, in their order; those of a folder sorted. A folder without any stands for itself, as what is no document.
pub(crate) fn named(arguments: &[PathBuf]) -> Result<Vec<Named>> {
    let mut all = Vec::new();
    for argument in arguments {
        let mut inside = Vec::new();
        if argument.is_dir() {
            let unreadable = |cause| Error::new(ErrorKind::SourceUnreadable).context("a folder").caused_by(cause);
            inside = pdf_below(argument).map_err(unreadable)?;
            inside.sort();
        }
        if inside.is_empty() {
            let below = argument.file_name().map_or_else(PathBuf::new, PathBuf::from);
            all.push(Named { path: argument.clone(), below, found: false });
        }
        let below = |path: &Path| path.strip_prefix(argument).unwrap_or(path).to_owned();
        all.extend(inside.into_iter().map(|path| Named { below: below(&path), path, found: true }));
    }
    Ok(all)
}

/// The PDF files below a folder, in no order. Links are not followed: they may lead round in a circle.
fn pdf_below(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let (mut open, mut found) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder)? {
            let entry = entry?;
            let (kind, path) = (entry.file_type()?, entry.path());
            if kind.is_dir() {
                open.push(path);
            } else if kind.is_file() && has_extension(&path, &["pdf"]) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// Whether the name ends so, whatever the case of the letters.
pub(crate) fn has_extension(path: &Path, any_of: &[&str]) -> bool {
    path.extension().is_some_and(|extension| any_of.iter().any(|known| extension.eq_ignore_ascii_case(known)))
}
