//! The PDF room, tests only: files by hand, with every offset known.

use super::{Document, ObjectId, XrefEntry};
use crate::error::{Error, ErrorKind, Result};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// A file as it grows.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) bytes: Vec<u8>,
    /// Where the newest object of each number begins.
    pub(super) at: BTreeMap<u32, u64>,
    /// Where the newest section begins.
    pub(super) xref: u64,
}

pub(super) const CATALOG: &str = "<</Type/Catalog/Pages 2 0 R>>";
pub(super) const PAGES: &str = "<</Type/Pages/Kids[3 0 R]/Count 1>>";
pub(super) const PAGE: &str = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<<>>>>";

/// A header and objects.
pub(super) fn draft(objects: &[(u32, &str)]) -> Draft {
    let mut draft = Draft { bytes: b"%PDF-1.7\n".to_vec(), at: BTreeMap::new(), xref: 0 };
    for (number, body) in objects {
        draft.object(*number, body);
    }
    draft
}

/// Catalog, page tree and page, with more objects.
pub(super) fn one_page(more: &[(u32, &str)]) -> Draft {
    let mut draft = draft(&[(1, CATALOG), (2, PAGES), (3, PAGE)]);
    for (number, body) in more {
        draft.object(*number, body);
    }
    draft
}

impl Draft {
    pub(super) fn object(&mut self, number: u32, body: &str) {
        self.at.insert(number, self.bytes.len() as u64);
        self.bytes.extend_from_slice(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    }

    pub(super) fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// A table of these numbers, each a run of its own; `trailer` goes between its brackets.
    pub(super) fn table(mut self, numbers: &[u32], trailer: &str) -> Draft {
        self.xref = self.bytes.len() as u64;
        let mut text = "xref\n0 1\n0000000000 65535 f \n".to_owned();
        for number in numbers {
            let _ = write!(text, "{number} 1\n{:010} 00000 n \n", self.at.get(number).copied().unwrap_or(0));
        }
        let _ = write!(text, "trailer\n<<{trailer}>>\nstartxref\n{}\n%%EOF\n", self.xref);
        self.text(&text);
        self
    }

    /// A table of all objects so far.
    pub(super) fn whole(self, trailer: &str) -> Draft {
        let numbers: Vec<u32> = self.at.keys().copied().collect();
        let size = numbers.last().map_or(1, |n| n + 1);
        self.table(&numbers, &format!("/Size {size}/Root 1 0 R{trailer}"))
    }

    /// A cross-reference stream with rows of widths 1, 4, 2, without a tail.
    pub(super) fn rows(&mut self, number: u32, dict: &str, rows: &[[u64; 3]]) {
        self.xref = self.bytes.len() as u64;
        let mut data = Vec::new();
        for [kind, second, third] in rows {
            data.push(u8::try_from(*kind).unwrap());
            data.extend_from_slice(&u32::try_from(*second).unwrap().to_be_bytes());
            data.extend_from_slice(&u16::try_from(*third).unwrap().to_be_bytes());
        }
        self.text(&format!("{number} 0 obj\n<</Type/XRef/Length {}{dict}>>\nstream\n", data.len()));
        self.bytes.extend(data);
        self.text("\nendstream\nendobj\n");
    }

    pub(super) fn tail(mut self, startxref: u64) -> Draft {
        self.text(&format!("startxref\n{startxref}\n%%EOF\n"));
        self
    }

    pub(super) fn error(&self) -> Option<ErrorKind> {
        Document::open(&self.bytes).err().map(|e| e.kind())
    }
}

/// The kind of the error, if it is one.
pub(super) fn kind<T>(result: Result<T>) -> Option<ErrorKind> {
    result.err().as_ref().map(Error::kind)
}

pub(super) fn id(number: u32) -> ObjectId {
    ObjectId::new(number, 0)
}

/// Where the newest revision has that object.
pub(super) fn entry(bytes: &[u8], number: u32) -> Result<Option<XrefEntry>> {
    Document::open(&bytes)?.latest().entry(number)
}
