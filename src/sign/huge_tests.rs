//! The sign room: documents far beyond what memory, 32 bits or ten digits hold. Nothing of their size is read or written here: the middle is
//! a hole that a source answers with zeros.

use super::testing::{Signer, Style, now};
use super::{Plan, SignatureRequest, plan};
use crate::cancel::Progress;
use crate::error::{ErrorKind, Result};
use crate::pdf::{Document, Source, Span};
use crate::verify::rehearse;

/// A head, zeros, a tail.
struct Hole {
    head: Vec<u8>,
    zeros: u64,
    tail: Vec<u8>,
}

impl Source for Hole {
    fn len(&self) -> u64 {
        self.head.len() as u64 + self.zeros + self.tail.len() as u64
    }

    fn read_at(&self, offset: u64, buf: &mut [u8]) -> Result<usize> {
        let wanted = usize::try_from(self.len().saturating_sub(offset)).unwrap_or(usize::MAX).min(buf.len());
        let behind = self.head.len() as u64 + self.zeros;
        for (byte, at) in buf[..wanted].iter_mut().zip(offset..) {
            *byte = match at.checked_sub(behind) {
                Some(at) => self.tail[usize::try_from(at).unwrap()],
                None => usize::try_from(at).ok().and_then(|at| self.head.get(at)).copied().unwrap_or(0),
            };
        }
        Ok(wanted)
    }
}

/// One page and a stream of zeros, so that the whole has about that length.
fn document(style: Style, total: u64) -> Hole {
    let objects =
        ["<</Type/Catalog/Pages 2 0 R>>", "<</Type/Pages/Count 1/Kids[3 0 R]>>", "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"];
    let mut head = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(head.len() as u64);
        head.extend_from_slice(format!("{number} 0 obj\n{object}\nendobj\n").as_bytes());
    }
    offsets.push(head.len() as u64);
    let zeros = total - 1000;
    head.extend_from_slice(format!("4 0 obj\n<</Length {zeros}>>\nstream\n").as_bytes());
    let mut tail = b"\nendstream\nendobj\n".to_vec();
    let xref = head.len() as u64 + zeros + tail.len() as u64;
    match style {
        Style::Table => {
            tail.extend_from_slice(b"xref\n0 5\n0000000000 65535 f \n");
            for offset in offsets {
                tail.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
            }
            tail.extend_from_slice(b"trailer\n<</Size 5/Root 1 0 R>>\n");
        }
        Style::Stream => {
            let mut rows = vec![0; 9];
            for offset in offsets.into_iter().chain([xref]) {
                rows.push(1);
                rows.extend_from_slice(&offset.to_be_bytes());
            }
            tail.extend_from_slice(
                format!("5 0 obj\n<</Type/XRef/Size 6/W[1 8 0]/Root 1 0 R/Length {}>>\nstream\n", rows.len()).as_bytes(),
            );
            tail.extend_from_slice(&rows);
            tail.extend_from_slice(b"\nendstream\nendobj\n");
        }
    }
    tail.extend_from_slice(format!("startxref\n{xref}\n%%EOF\n").as_bytes());
    Hole { head, zeros, tail }
}

fn planned(file: &Hole) -> Result<Plan> {
    plan(&Document::open(file)?, &SignatureRequest::new(now()), &Signer::p256().identity, [7; 16])
}

#[test]
fn byte_ranges_of_any_size_lead_where_they_should() {
    for style in [Style::Table, Style::Stream] {
        for total in [100_000_000, 1 << 31, (1 << 31) + 1, 1 << 32, 5_000_000_000, 9_999_900_000, 12_000_000_000, 1 << 40] {
            if style == Style::Table && total > 9_999_999_999 {
                continue;
            }
            let file = document(style, total);
            let plan = planned(&file).unwrap();
            let [zero, before, after, rest] = plan.byte_range();
            assert_eq!((zero, after + rest), (0, file.len() + plan.revision().len() as u64), "{total}");
            assert!(before > file.len() && after > before);
            let text = String::from_utf8_lossy(plan.revision()).into_owned();
            assert!(text.contains(&format!("/ByteRange[0 {before} {after} {rest}]")), "{total}");
            // The verifier finds it there.
            let mut signed = Hole { head: file.head.clone(), zeros: file.zeros, tail: file.tail.clone() };
            signed.tail.extend_from_slice(plan.revision());
            rehearse(&Document::open(&signed).unwrap(), Span { start: before, end: after }, &Progress::default()).unwrap();
        }
    }
}

#[test]
fn a_table_that_cannot_hold_the_offsets_is_refused_by_name_before_any_key_is_asked() {
    for total in [9_999_999_999, 10_000_000_000, 12_000_000_000] {
        let refused = planned(&document(Style::Table, total)).err().unwrap();
        assert_eq!(refused.kind(), ErrorKind::PdfUnsupported, "{total}");
        assert!(refused.to_string().contains("9,999,999,999"), "{refused}");
    }
}
