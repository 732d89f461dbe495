//! Documents written with every liberty that ISO 32000-2 gives a writer: where lines end, how objects are found, what stands between.

use std::collections::BTreeMap;

/// How objects are found.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Style {
    Table,
    Stream,
    /// A table, and a stream that shows the packed objects (7.5.8.4).
    Hybrid,
}

/// How the numbers are told in the cross-reference section.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Runs {
    Whole,
    /// Only what there is, in runs.
    Gaps,
    /// One run per object, the highest number first.
    Backwards,
}

/// A document to be written.
#[derive(Clone)]
pub(crate) struct Paper {
    pub(crate) head: Vec<u8>,
    pub(crate) objects: BTreeMap<u32, (u16, Vec<u8>)>,
    /// The order in the file, if it is not that of the numbers.
    pub(crate) backwards: bool,
    /// What stands in object streams: one list per stream.
    pub(crate) packed: Vec<Vec<u32>>,
    pub(crate) style: Style,
    pub(crate) runs: Runs,
    pub(crate) widths: [usize; 3],
    /// Of the cross-reference stream: `Flate`, `Predictor`, `Hex` or nothing.
    pub(crate) filter: &'static str,
    pub(crate) trailer: String,
    pub(crate) id: bool,
    /// Every line end outside of stream data.
    pub(crate) eol: &'static str,
    pub(crate) entry_end: &'static str,
    pub(crate) before_xref: &'static str,
    /// Bytes between the named offset and `xref`.
    pub(crate) named_before: usize,
    pub(crate) after_trailer: &'static str,
    pub(crate) end: &'static str,
    pub(crate) between: &'static str,
    /// Bytes before the header, and whether offsets count from the header.
    pub(crate) junk: Vec<u8>,
    pub(crate) from_header: bool,
    /// An object that the hybrid's stream finds in that object stream, whatever the table says.
    pub(crate) twofaced: Option<(u32, u32)>,
    /// Entries of numbers that are not used, by number.
    pub(crate) free: BTreeMap<u32, String>,
}

pub(crate) const CONTENT: &str = "<</Length 64>>\nstream\nBT /F1 12 Tf 72 720 Td (The borrower repays 100 rupees.) Tj ET  \nendstream";

/// One page with one line of text.
pub(crate) fn paper() -> Paper {
    let mut paper = Paper {
        head: b"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n".to_vec(),
        objects: BTreeMap::new(),
        backwards: false,
        packed: Vec::new(),
        style: Style::Table,
        runs: Runs::Whole,
        widths: [1, 4, 2],
        filter: "",
        trailer: String::new(),
        id: true,
        eol: "\n",
        entry_end: " \n",
        before_xref: "",
        named_before: 0,
        after_trailer: "\n",
        end: "\n",
        between: "",
        junk: Vec::new(),
        from_header: false,
        twofaced: None,
        free: BTreeMap::new(),
    };
    paper.put(1, "<</Type/Catalog/Pages 2 0 R>>");
    paper.put(2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
    paper.put(3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>");
    paper.put(4, CONTENT);
    paper.put(5, "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>");
    paper
}

/// [`paper`] with these objects added or replaced.
pub(crate) fn with(objects: &[(u32, &str)]) -> Paper {
    let mut paper = paper();
    for (number, body) in objects {
        paper.put(*number, body);
    }
    paper
}

/// [`paper`] with more keys in the page.
pub(crate) fn page_with(keys: &str, objects: &[(u32, &str)]) -> Paper {
    let mut paper = with(objects);
    paper.put(3, &format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>{keys}>>"));
    paper
}

/// [`paper`] with more keys in the catalog.
pub(crate) fn catalog_with(keys: &str, objects: &[(u32, &str)]) -> Paper {
    let mut paper = with(objects);
    paper.put(1, &format!("<</Type/Catalog/Pages 2 0 R{keys}>>"));
    paper
}

impl Paper {
    pub(crate) fn put(&mut self, number: u32, body: &str) {
        let generation = self.objects.get(&number).map_or(0, |(generation, _)| *generation);
        self.objects.insert(number, (generation, body.as_bytes().to_vec()));
    }

    /// Line ends as wished; what follows the word `stream` may not be a lone CR (7.3.8.1).
    fn lines(&self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        for (i, byte) in text.iter().enumerate() {
            if *byte != b'\n' {
                out.push(*byte);
            } else if text[..i].ends_with(b"stream") && !text[..i].ends_with(b"endstream") && self.eol == "\r" {
                out.extend_from_slice(b"\r\n");
            } else {
                out.extend_from_slice(self.eol.as_bytes());
            }
        }
        out
    }

    pub(crate) fn write(&self) -> Vec<u8> {
        self.write_with(&[])
    }

    /// With these entries in the cross-reference stream: type, second field, third field.
    pub(crate) fn write_with(&self, extra: &[(u32, (u8, u64, u64))]) -> Vec<u8> {
        let base = if self.from_header { self.junk.len() } else { 0 };
        let mut out = self.junk.clone();
        out.extend(self.lines(&self.head));
        let packed: Vec<u32> = self.packed.iter().flatten().copied().collect();
        let mut objects: Vec<(u32, u16, Vec<u8>)> =
            self.objects.iter().filter(|(n, _)| !packed.contains(n)).map(|(n, (g, body))| (*n, *g, body.clone())).collect();
        let mut next = self.objects.keys().max().map_or(1, |n| n + 1);
        // Number -> (kind, second field, third field).
        let mut entries: BTreeMap<u32, (u8, u64, u64)> = extra.iter().copied().collect();
        for list in &self.packed {
            let (mut index, mut bodies) = (String::new(), Vec::new());
            for (i, number) in list.iter().enumerate() {
                index.push_str(&format!("{number} {} ", bodies.len()));
                bodies.extend_from_slice(&self.objects[number].1);
                bodies.push(b'\n');
                entries.insert(*number, (2, u64::from(next), i as u64));
            }
            let mut body =
                format!("<</Type/ObjStm/N {}/First {}/Length {}>>\nstream\n{index}", list.len(), index.len(), index.len() + bodies.len())
                    .into_bytes();
            body.extend(bodies);
            body.extend_from_slice(b"\nendstream");
            objects.push((next, 0, body));
            next += 1;
        }
        if self.backwards {
            objects.reverse();
        }
        for (number, generation, body) in &objects {
            entries.insert(*number, (1, (out.len() - base) as u64, u64::from(*generation)));
            let body = if body.windows(6).any(|w| w == b"stream") && self.eol != "\r" { body.clone() } else { self.lines(body) };
            out.extend(self.lines(format!("{number} {generation} obj\n").as_bytes()));
            out.extend(body);
            out.extend(self.lines(b"\nendobj\n"));
            out.extend_from_slice(self.between.as_bytes());
        }
        let mut xref_stream = 0;
        if self.style != Style::Table {
            xref_stream = out.len() - base;
            let mut shown = entries.clone();
            if self.style == Style::Hybrid {
                shown.retain(|_, entry| entry.0 == 2);
                shown.extend(self.twofaced.map(|(number, stream)| (number, (2, u64::from(stream), 0))));
            } else {
                shown.insert(next, (1, xref_stream as u64, 0));
            }
            let body = self.stream(&shown, next);
            out.extend_from_slice(format!("{next} 0 obj\n").as_bytes());
            out.extend(body);
            out.extend_from_slice(b"\nendobj\n");
            next += 1;
        }
        out.extend_from_slice(self.before_xref.as_bytes());
        let mut xref = out.len() - base - self.named_before;
        if self.style == Style::Stream {
            xref = xref_stream;
        } else {
            entries.retain(|_, entry| entry.0 == 1);
            let extra = if self.style == Style::Hybrid { format!("/XRefStm {xref_stream}") } else { String::new() };
            out.extend(self.table(&entries, next, &extra));
        }
        out.extend(self.lines(format!("startxref\n{xref}\n%%EOF").as_bytes()));
        out.extend_from_slice(self.end.as_bytes());
        out
    }

    fn dictionary(&self, size: u32) -> String {
        let id = if self.id { "/ID[<01><02>]" } else { "" };
        let generation = self.objects.get(&1).map_or(0, |(generation, _)| *generation);
        format!("/Size {size}/Root 1 {generation} R{id}{}", self.trailer)
    }

    fn numbers(&self, entries: &BTreeMap<u32, (u8, u64, u64)>, size: u32) -> Vec<(u32, Vec<u32>)> {
        let known = |n: &u32| *n == 0 && self.widths[0] > 0 || entries.contains_key(n) || self.free.contains_key(n);
        let all: Vec<u32> = (0..size).filter(|n| self.runs == Runs::Whole || known(n)).collect();
        if self.runs == Runs::Backwards {
            return all.into_iter().rev().map(|n| (n, vec![n])).collect();
        }
        let mut runs: Vec<(u32, Vec<u32>)> = Vec::new();
        for number in all {
            match runs.last_mut() {
                Some((first, list)) if *first + list.len() as u32 == number => list.push(number),
                _ => runs.push((number, vec![number])),
            }
        }
        runs
    }

    fn table(&self, entries: &BTreeMap<u32, (u8, u64, u64)>, size: u32, extra: &str) -> Vec<u8> {
        let mut out = self.lines(b"xref\n");
        for (first, list) in self.numbers(entries, size) {
            out.extend(self.lines(format!("{first} {}\n", list.len()).as_bytes()));
            for number in list {
                let text = match (entries.get(&number), self.free.get(&number)) {
                    (Some((_, offset, generation)), _) => format!("{offset:010} {generation:05} n"),
                    (None, Some(free)) => free.clone(),
                    (None, None) if number == 0 => "0000000000 65535 f".to_owned(),
                    (None, None) => "0000000000 00000 f".to_owned(),
                };
                out.extend_from_slice(format!("{text}{}", self.entry_end).as_bytes());
            }
        }
        out.extend_from_slice(format!("trailer{}<<{}{extra}>>", self.after_trailer, self.dictionary(size)).as_bytes());
        out.extend(self.lines(b"\n"));
        out
    }

    fn stream(&self, entries: &BTreeMap<u32, (u8, u64, u64)>, number: u32) -> Vec<u8> {
        let [a, b, c] = self.widths;
        let size = number + 1;
        let (mut rows, mut index) = (Vec::new(), String::new());
        for (first, list) in self.numbers(entries, size) {
            index.push_str(&format!("{first} {} ", list.len()));
            for n in list {
                let (kind, second, third) = entries.get(&n).copied().unwrap_or((0, 0, if n == 0 { 65535 } else { 0 }));
                let mut row = Vec::new();
                row.extend_from_slice(&u64::from(kind).to_be_bytes()[8 - a..]);
                row.extend_from_slice(&second.to_be_bytes()[8 - b..]);
                row.extend_from_slice(&third.to_be_bytes()[8 - c..]);
                rows.push(row);
            }
        }
        let mut filter = String::new();
        let data = match self.filter {
            "Flate" => {
                filter.push_str("/Filter/FlateDecode");
                deflate(&rows.concat())
            }
            "Predictor" => {
                filter.push_str(&format!("/Filter[/FlateDecode]/DecodeParms[<</Predictor 12/Columns {}>>]", a + b + c));
                let mut above = vec![0_u8; a + b + c];
                let mut coded = Vec::new();
                for row in &rows {
                    coded.push(2);
                    coded.extend(row.iter().zip(&above).map(|(x, y)| x.wrapping_sub(*y)));
                    above.clone_from(row);
                }
                deflate(&coded)
            }
            "Hex" => {
                filter.push_str("/Filter/ASCIIHexDecode");
                let mut text: String = rows.concat().iter().map(|b| format!("{b:02x} ")).collect();
                text.push('>');
                text.into_bytes()
            }
            _ => rows.concat(),
        };
        let dictionary = if self.style == Style::Hybrid { format!("/Size {size}") } else { self.dictionary(size) };
        let mut out =
            format!("<</Type/XRef{dictionary}/W[{a} {b} {c}]/Index[{index}]{filter}/Length {}>>\nstream\n", data.len()).into_bytes();
        out.extend(data);
        out.extend_from_slice(b"\nendstream");
        out
    }
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("memory takes bytes");
    encoder.finish().expect("memory takes bytes")
}
