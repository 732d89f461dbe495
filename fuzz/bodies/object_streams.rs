//! The fuzzer's bytes as an object stream, its dictionary first and behind a NUL its data; the cross-reference stream says that eight objects
//! are in it. They are read forwards, backwards and as of every revision: the order of reading changes nothing.

use crate::frame::{framed, walk};
use thrivosign::pdf::{Document, ObjectId};

pub(crate) fn check(data: &[u8]) {
    let (dict, data) = match data.iter().position(|c| *c == 0) {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (&b"/N 2/First 8"[..], data),
    };
    let mut text = b"%packed 9 1 2 3 10 11 12 13 14\n9 0 obj\n<</Type/ObjStm".to_vec();
    text.extend_from_slice(dict);
    text.extend_from_slice(format!("/Length {}>>\nstream\n", data.len()).as_bytes());
    text.extend_from_slice(data);
    text.extend_from_slice(b"\nendstream\nendobj\n");
    let file = framed(&text);
    let Ok(forwards) = Document::open(&file) else { return };
    let Ok(backwards) = Document::open(&file) else { return };
    const NUMBERS: [u32; 8] = [1, 2, 3, 10, 11, 12, 13, 14];
    let read = |document: &Document<'_>, number: u32| {
        let object = document.latest().object(ObjectId::new(number, 0));
        object.map(|found| found.object.clone()).map_err(|error| error.kind())
    };
    let first: Vec<_> = NUMBERS.iter().map(|number| read(&forwards, *number)).collect();
    let mut second: Vec<_> = NUMBERS.iter().rev().map(|number| read(&backwards, *number)).collect();
    second.reverse();
    assert_eq!(first, second, "the order of reading makes a difference");
    walk(&forwards);
}
