//! The documents that are measured, written as streams of bytes so that making them needs no memory either.
//!
//! Takes a path, gives a file: a ten-page agreement of 104 KB, a gigabyte of few big streams, a gigabyte of five million
//! small objects with a cross-reference table or stream, twelve gigabytes of which most are a hole. Deterministic: the same bytes on every
//! machine.

use flate2::Compression;
use flate2::write::ZlibEncoder;
use std::fs::File;
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::Path;

/// How a document tells where its objects are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum References {
    Table,
    /// Compressed behind a predictor, as most producers write it.
    Stream,
}

/// Writes objects one after the other and remembers where each began.
struct Writer {
    out: BufWriter<File>,
    at: u64,
    offsets: Vec<u64>,
}

impl Writer {
    fn create(path: &Path) -> io::Result<Writer> {
        let mut writer = Writer { out: BufWriter::with_capacity(1 << 20, File::create(path)?), at: 0, offsets: Vec::new() };
        writer.put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")?;
        Ok(writer)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.at += bytes.len() as u64;
        Ok(())
    }

    /// Begins the next object; numbers count from 1 in the order of writing.
    fn object(&mut self, body: &[u8]) -> io::Result<()> {
        self.offsets.push(self.at);
        self.put(format!("{} 0 obj\n", self.offsets.len()).as_bytes())?;
        self.put(body)?;
        self.put(b"\nendobj\n")
    }

    fn stream(&mut self, dictionary: &str, length: usize, mut fill: impl FnMut(&mut [u8])) -> io::Result<()> {
        self.offsets.push(self.at);
        self.put(format!("{} 0 obj\n<< {dictionary} /Length {length} >>\nstream\n", self.offsets.len()).as_bytes())?;
        let mut chunk = vec![0; 64 << 10];
        let mut left = length;
        while left > 0 {
            let part = left.min(chunk.len());
            fill(&mut chunk[..part]);
            self.put(&chunk[..part])?;
            left -= part;
        }
        self.put(b"\nendstream\nendobj\n")
    }

    /// A stream of that many zeros, which the file system need not store.
    fn hole(&mut self, length: u64) -> io::Result<()> {
        self.offsets.push(self.at);
        self.put(format!("{} 0 obj\n<< /Length {length} >>\nstream\n", self.offsets.len()).as_bytes())?;
        self.out.seek(SeekFrom::Current(i64::try_from(length).map_err(io::Error::other)?))?;
        self.at += length;
        self.put(b"\nendstream\nendobj\n")
    }

    /// Cross-references and trailer; the catalog is object 1.
    fn finish(mut self, references: References) -> io::Result<()> {
        let start = self.at;
        let id = "<00112233445566778899aabbccddeeff>";
        let offsets = std::mem::take(&mut self.offsets);
        match references {
            References::Table => {
                let size = offsets.len() + 1;
                self.put(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes())?;
                for offset in offsets {
                    self.put(format!("{offset:010} 00000 n \n").as_bytes())?;
                }
                self.put(format!("trailer\n<< /Size {size} /Root 1 0 R /ID [{id} {id}] >>\n").as_bytes())?;
            }
            References::Stream => {
                let number = offsets.len() + 1;
                let mut rows = ZlibEncoder::new(Vec::new(), Compression::default());
                let mut above = [0_u8; 8];
                let own = [start];
                for offset in [0].iter().chain(&offsets).chain(&own) {
                    // Kind, five bytes of offset, two of generation; each byte as the difference to the one above.
                    let mut row = [u8::from(*offset > 0), 0, 0, 0, 0, 0, 0, 0];
                    row[1..6].copy_from_slice(&offset.to_be_bytes()[3..]);
                    rows.write_all(&[2])?;
                    rows.write_all(&std::array::from_fn::<u8, 8, _>(|i| row[i].wrapping_sub(above[i])))?;
                    above = row;
                }
                let rows = rows.finish()?;
                let coded = format!("/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 8 >> /Length {}", rows.len());
                let dictionary = format!("<< /Type /XRef /Size {} /W [1 5 2] /Root 1 0 R /ID [{id} {id}] {coded} >>", number + 1);
                self.put(format!("{number} 0 obj\n{dictionary}\nstream\n").as_bytes())?;
                self.put(&rows)?;
                self.put(b"\nendstream\nendobj\n")?;
            }
        }
        self.put(format!("startxref\n{start}\n%%EOF\n").as_bytes())?;
        self.out.flush()
    }
}

/// Bytes that do not compress, the same each time.
fn noise(state: &mut u64, bytes: &mut [u8]) {
    for piece in bytes.chunks_mut(8) {
        *state ^= *state << 13;
        *state ^= *state >> 7;
        *state ^= *state << 17;
        piece.copy_from_slice(&state.to_le_bytes()[..piece.len()]);
    }
}

const CATALOG: &[u8] = b"<< /Type /Catalog /Pages 2 0 R >>";
const FONT: &[u8] = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";

/// Ten pages of plain text, 104 KB.
pub(crate) fn agreement(path: &Path) -> io::Result<()> {
    const PAGES: usize = 10;
    let mut writer = Writer::create(path)?;
    writer.object(CATALOG)?;
    let kids: Vec<String> = (0..PAGES).map(|page| format!("{} 0 R", 4 + 2 * page)).collect();
    writer.object(format!("<< /Type /Pages /Count {PAGES} /Kids [{}] >>", kids.join(" ")).as_bytes())?;
    writer.object(FONT)?;
    for page in 0..PAGES {
        let content = 5 + 2 * page;
        let resources = "/Resources << /Font << /F1 3 0 R >> >>";
        writer.object(format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} /Contents {content} 0 R >>").as_bytes())?;
        let mut text = format!("BT /F1 9 Tf 10 TL 57 790 Td (Loan agreement, page {} of {PAGES}) '\n", page + 1);
        let mut clause = 0;
        while text.len() < 10_300 {
            clause += 1;
            let words = "The Borrower repays each instalment on the fifth day of the month, with the interest accrued until then";
            // Past the foot of the page after some lines: size is what matters here, not looks.
            text.push_str(&format!("({}.{clause} {words}.) '\n", page + 1));
        }
        text.push_str("ET");
        let mut bytes = text.bytes();
        writer.stream("", text.len(), |part| part.fill_with(|| bytes.next().unwrap_or(b' ')))?;
    }
    writer.finish(References::Table)
}

/// Pages with a text field each. Field and look of page `n` are objects `FORM_FIRST + 4n + 2` and `+ 3`.
pub(crate) fn form(path: &Path, pages: usize) -> io::Result<()> {
    let mut writer = Writer::create(path)?;
    writer.object(b"<< /Type /Catalog /Pages 2 0 R /AcroForm 4 0 R >>")?;
    let list = |offset: usize| (0..pages).map(|n| format!("{} 0 R", FORM_FIRST + 4 * n + offset)).collect::<Vec<_>>().join(" ");
    writer.object(format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", list(0)).as_bytes())?;
    writer.object(FONT)?;
    writer.object(format!("<< /Fields [{}] /DA (/F1 0 Tf 0 g) /DR << /Font << /F1 3 0 R >> >> >>", list(2)).as_bytes())?;
    for n in 0..pages {
        let first = FORM_FIRST + 4 * n;
        let resources = "/Resources << /Font << /F1 3 0 R >> >>";
        let page = format!("/MediaBox [0 0 595 842] {resources} /Contents {} 0 R /Annots [{} 0 R]", first + 1, first + 2);
        writer.object(format!("<< /Type /Page /Parent 2 0 R {page} >>").as_bytes())?;
        let text = format!("BT /F1 9 Tf 57 790 Td (Instalment {n}) Tj ET");
        let mut bytes = text.bytes();
        writer.stream("", text.len(), |part| part.fill_with(|| bytes.next().unwrap_or(b' ')))?;
        writer.object(filled(n, "0.00").as_bytes())?;
        writer.object(look("0.00").as_bytes())?;
    }
    writer.finish(References::Table)
}

const FORM_FIRST: usize = 5;

fn filled(page: usize, value: &str) -> String {
    let first = FORM_FIRST + 4 * page;
    let place = format!("/Rect [57 700 157 720] /F 4 /P {first} 0 R /AP << /N {} 0 R >>", first + 3);
    format!("<< /Type /Annot /Subtype /Widget /FT /Tx /T (amount{page}) /V ({value}) {place} >>")
}

fn look(value: &str) -> String {
    let text = format!("BT /F1 9 Tf ({value}) Tj ET");
    let dictionary = "/Type /XObject /Subtype /Form /BBox [0 0 100 20] /Resources << /Font << /F1 3 0 R >> >>";
    format!("<< {dictionary} /Length {} >>\nstream\n{text}\nendstream", text.len())
}

/// One more revision, in which the field of that page is filled.
pub(crate) fn fill(path: &Path, page: usize) -> io::Result<()> {
    let before = std::fs::read(path)?;
    let tail = String::from_utf8_lossy(&before[before.len().saturating_sub(64)..]).into_owned();
    let previous = tail.rsplit("startxref").next().and_then(|rest| rest.split_whitespace().next()).unwrap_or("0").to_owned();
    let whole = String::from_utf8_lossy(&before);
    // The next key may follow the number without a space.
    let size: String = whole.rsplit("/Size").next().unwrap_or("").trim_start().chars().take_while(char::is_ascii_digit).collect();
    let number = FORM_FIRST + 4 * page + 2;
    let mut update = String::new();
    let mut entries = format!("xref\n{number} 2\n");
    for (number, body) in [(number, filled(page, "1071.90")), (number + 1, look("1071.90"))] {
        entries.push_str(&format!("{:010} 00000 n \n", before.len() + update.len()));
        update.push_str(&format!("{number} 0 obj\n{body}\nendobj\n"));
    }
    let start = before.len() + update.len();
    update.push_str(&format!("{entries}trailer\n<< /Size {size} /Root 1 0 R /Prev {previous} >>\nstartxref\n{start}\n%%EOF\n"));
    std::fs::OpenOptions::new().append(true).open(path)?.write_all(update.as_bytes())
}

/// A gigabyte in eight pages, each one picture.
pub(crate) fn big_streams(path: &Path, total: usize) -> io::Result<()> {
    const PAGES: usize = 8;
    let mut writer = Writer::create(path)?;
    writer.object(CATALOG)?;
    let kids: Vec<String> = (0..PAGES).map(|page| format!("{} 0 R", 3 + 3 * page)).collect();
    writer.object(format!("<< /Type /Pages /Count {PAGES} /Kids [{}] >>", kids.join(" ")).as_bytes())?;
    let mut state = 0x9E37_79B9_7F4A_7C15;
    let width = 4_000;
    let height = total / PAGES / width;
    for page in 0..PAGES {
        let (picture, content) = (4 + 3 * page, 5 + 3 * page);
        let resources = format!("/Resources << /XObject << /Im {picture} 0 R >> >>");
        writer.object(format!("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources} /Contents {content} 0 R >>").as_bytes())?;
        let kind = "/Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8";
        writer.stream(&format!("{kind} /Width {width} /Height {height}"), width * height, |part| noise(&mut state, part))?;
        let draw = b"q 480 0 0 560 57 240 cm /Im Do Q";
        let mut bytes = draw.iter().copied();
        writer.stream("", draw.len(), |part| part.fill_with(|| bytes.next().unwrap_or(b' ')))?;
    }
    writer.finish(References::Table)
}

/// Many small objects: a page tree of three levels, and records of about 180 bytes until `count` objects stand there.
pub(crate) fn small_objects(path: &Path, count: usize, references: References) -> io::Result<()> {
    const FAN: usize = 100;
    let mut writer = Writer::create(path)?;
    writer.object(CATALOG)?;
    // 2: root; 3: font; 4: content; then FAN nodes, then FAN * FAN pages.
    let node = |index: usize| 5 + index;
    let page = |index: usize| 5 + FAN + index;
    let kids = |first: usize, number: &dyn Fn(usize) -> usize| {
        (first..first + FAN).map(|index| format!("{} 0 R", number(index))).collect::<Vec<_>>().join(" ")
    };
    let all = FAN * FAN;
    let inherited = "/MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>";
    writer.object(format!("<< /Type /Pages /Count {all} /Kids [{}] {inherited} >>", kids(0, &node)).as_bytes())?;
    writer.object(FONT)?;
    let text = b"BT /F1 9 Tf 57 790 Td (Ledger of instalments) Tj ET";
    let mut bytes = text.iter().copied();
    writer.stream("", text.len(), |part| part.fill_with(|| bytes.next().unwrap_or(b' ')))?;
    for index in 0..FAN {
        writer.object(format!("<< /Type /Pages /Parent 2 0 R /Count {FAN} /Kids [{}] >>", kids(index * FAN, &page)).as_bytes())?;
    }
    for index in 0..all {
        writer.object(format!("<< /Type /Page /Parent {} 0 R /Contents 4 0 R >>", node(index / FAN)).as_bytes())?;
    }
    for number in writer.offsets.len()..count {
        let record = format!(
            "<< /Type /Instalment /Number {number} /Due (D:20260105000000Z) /Amount 1071.90 /Note (paid on the fifth day of the month by \
             standing order, entered by the desk) /Parent {} 0 R >>",
            page(number % all)
        );
        writer.object(record.as_bytes())?;
    }
    writer.finish(references)
}

/// One page, and a hole as big as is asked for.
pub(crate) fn sparse(path: &Path, total: u64) -> io::Result<()> {
    let mut writer = Writer::create(path)?;
    writer.object(CATALOG)?;
    writer.object(b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>")?;
    writer.object(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>")?;
    writer.hole(total)?;
    writer.finish(References::Stream)
}
