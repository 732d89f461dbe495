//! The table of a batch's outcomes. Takes rows, gives a file that grows by whole lines; read again, it says what is done.

use crate::raise;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use thrivosign::journey::batch::BatchItem;
use thrivosign::sign::SignedPdf;
use thrivosign::{Error, ErrorKind, Result};

const COLUMNS: usize = 11;
const HEADER: [&str; COLUMNS] =
    ["input", "output", "status", "code", "error", "field", "size", "digest_algorithm", "digest", "repair", "level"];
const SIGNED: &str = "signed";
/// Largest table that is read again.
const MAX_TABLE: u64 = 1 << 30;

/// One document's outcome.
pub(super) struct Row([String; COLUMNS]);

impl Row {
    pub(super) fn new(item: &BatchItem, outcome: &Result<SignedPdf>) -> Row {
        let mut row: [String; COLUMNS] = Default::default();
        row[0] = named(&item.input);
        row[1] = named(&item.output);
        match outcome {
            Ok(signed) => {
                let (algorithm, digest) = signed.content_digest();
                row[2] = SIGNED.to_owned();
                row[5] = signed.field().to_owned();
                row[6] = signed.file_len().to_string();
                row[7] = algorithm.name().to_owned();
                row[8] = digest.iter().map(|byte| format!("{byte:02x}")).collect();
                row[9] = signed.repair().name().to_owned();
                row[10] = raise::level(signed.raised().and_then(|raised| raised.level)).to_owned();
            }
            Err(error) => {
                row[2] = "failed".to_owned();
                row[3] = error.code().to_string();
                row[4] = error.to_string();
            }
        }
        Row(row)
    }
}

/// A path as text. A spreadsheet takes a cell that begins with one of these for a formula; as a path it means the same behind `./`.
fn named(path: &Path) -> String {
    let text = path.to_string_lossy().into_owned();
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("./{text}") } else { text }
}

/// The table, open at its end.
pub(super) struct Results {
    file: File,
    done: HashSet<(OsString, OsString, u64)>,
}

fn unwritable(cause: io::Error) -> Error {
    Error::new(ErrorKind::OutputUnwritable).context("the table of results").caused_by(cause)
}

impl Results {
    /// Opens the table, or begins it. A last line that an interrupted process left half is cut off.
    pub(super) fn open(path: &Path) -> Result<Results> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(unwritable)?;
        let len = file.metadata().map_err(unwritable)?.len();
        if len > MAX_TABLE {
            return Err(Error::new(ErrorKind::OutputUnwritable).context("the table of results is too large"));
        }
        let mut text = Vec::new();
        file.read_to_end(&mut text).map_err(unwritable)?;
        let mut results = Results { file, done: HashSet::new() };
        if text.is_empty() {
            results.write(&HEADER.map(str::to_owned))?;
            return Ok(results);
        }
        let (rows, whole) = rows(&text);
        if rows.first().is_none_or(|header| header.as_slice() != HEADER) {
            return Err(Error::new(ErrorKind::OutputUnwritable).context("the table of results is another file's"));
        }
        if whole < text.len() {
            results.file.set_len(whole as u64).map_err(unwritable)?;
            results.file.seek(SeekFrom::End(0)).map_err(unwritable)?;
        }
        for row in rows.iter().skip(1).filter(|row| row.get(2).is_some_and(|status| status == SIGNED)) {
            if let [input, output, _, _, _, _, size, ..] = row.as_slice()
                && let Ok(size) = size.parse()
            {
                results.done.insert((PathBuf::from(input).into(), PathBuf::from(output).into(), size));
            }
        }
        Ok(results)
    }

    /// Whether the document is signed already: the table says so, and the file is there at its full length.
    pub(super) fn has(&self, item: &BatchItem) -> bool {
        let Ok(size) = fs::metadata(&item.output).map(|meta| meta.len()) else { return false };
        self.done.contains(&(named(&item.input).into(), named(&item.output).into(), size))
    }

    /// After the call the row is in the file.
    pub(super) fn add(&mut self, row: &Row) -> Result<()> {
        self.write(&row.0)
    }

    fn write(&mut self, cells: &[String; COLUMNS]) -> Result<()> {
        let cells = cells
            .iter()
            .map(|cell| if cell.contains(['"', ',', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.clone() });
        let mut line = cells.collect::<Vec<_>>().join(",");
        line.push_str("\r\n");
        // One write: a process that ends leaves the whole line or none.
        self.file.write_all(line.as_bytes()).map_err(unwritable)
    }
}

/// The whole rows (RFC 4180), and where the last of them ends.
fn rows(text: &[u8]) -> (Vec<Vec<String>>, usize) {
    let (mut rows, mut row, mut cell, mut quoted, mut end) = (Vec::new(), Vec::new(), Vec::new(), false, 0);
    let mut at = 0;
    while let Some(c) = text.get(at) {
        at += 1;
        match c {
            b'"' if quoted && text.get(at) == Some(&b'"') => {
                cell.push(b'"');
                at += 1;
            }
            b'"' => quoted = !quoted,
            b',' if !quoted => row.push(String::from_utf8_lossy(&std::mem::take(&mut cell)).into_owned()),
            b'\n' if !quoted => {
                if cell.last() == Some(&b'\r') {
                    cell.pop();
                }
                row.push(String::from_utf8_lossy(&std::mem::take(&mut cell)).into_owned());
                rows.push(std::mem::take(&mut row));
                end = at;
            }
            c => cell.push(*c),
        }
    }
    (rows, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_and_half_a_line_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let table = folder.path().join("results.csv");
        let item = |name: &str| BatchItem { input: PathBuf::from(name), output: folder.path().join("out.pdf") };
        let odd = ["plain.pdf", "with,comma.pdf", "with\"quote.pdf", "with\nline.pdf", "=cmd.pdf", "-x.pdf"];
        fs::write(folder.path().join("out.pdf"), b"12345").unwrap();
        let mut results = Results::open(&table).unwrap();
        for name in odd {
            let mut row = Row::new(&item(name), &Err(Error::new(ErrorKind::NotPdf)));
            assert_eq!(row.0[3], "201");
            row.0[2] = SIGNED.to_owned();
            row.0[6] = "5".to_owned();
            results.add(&row).unwrap();
        }
        drop(results);
        let whole = fs::read(&table).unwrap();
        assert!(!String::from_utf8_lossy(&whole).lines().any(|line| line.starts_with(['=', '-'])));
        let results = Results::open(&table).unwrap();
        assert!(odd.iter().all(|name| results.has(&item(name))));
        assert!(!results.has(&item("other.pdf")));
        fs::write(folder.path().join("out.pdf"), b"123").unwrap();
        assert!(!results.has(&item("plain.pdf")), "the file is not what was signed");
        drop(results);
        for cut in HEADER.join(",").len() + 2..whole.len() {
            fs::write(&table, &whole[..cut]).unwrap();
            drop(Results::open(&table).unwrap());
            let left = fs::read(&table).unwrap();
            assert!(whole.starts_with(&left) && left.ends_with(b"\r\n"), "{cut}");
        }
        fs::write(&table, b"my,own,table\n").unwrap();
        assert!(Results::open(&table).is_err());
        assert_eq!(fs::read(&table).unwrap(), b"my,own,table\n");
    }
}
