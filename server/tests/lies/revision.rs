//! Surgery on a prepared revision: its objects taken apart and put together again with all offsets right, so that a lie is in what the
//! revision says and never in how it is written.

/// The objects and the trailer of a revision with a cross-reference table.
pub(crate) struct Parts {
    base: usize,
    pub(crate) objects: Vec<(u32, String)>,
    pub(crate) trailer: String,
}

impl Parts {
    pub(crate) fn of(base: usize, revision: &[u8]) -> Parts {
        let text = String::from_utf8(revision.to_vec()).unwrap();
        let (bodies, tail) = text.split_at(text.find("xref\n").unwrap());
        let objects = bodies.split_inclusive("endobj\n").map(|body| (body.split(' ').next().unwrap().parse().unwrap(), body.to_owned()));
        let trailer = tail[tail.find("trailer\n").unwrap()..tail.find("startxref").unwrap()].to_owned();
        Parts { base, objects: objects.collect(), trailer }
    }

    /// The object of that number, to be changed in place.
    pub(crate) fn object(&mut self, number: u32) -> &mut String {
        &mut self.objects.iter_mut().find(|(n, _)| *n == number).unwrap().1
    }

    /// The number of the one object that holds `text`.
    pub(crate) fn holding(&self, text: &str) -> u32 {
        let found: Vec<u32> = self.objects.iter().filter(|(_, body)| body.contains(text)).map(|(n, _)| *n).collect();
        assert_eq!(found.len(), 1, "{text}");
        found[0]
    }

    /// Inserts `more` before the last `>>` of the object.
    pub(crate) fn insert(&mut self, number: u32, more: &str) {
        let body = self.object(number);
        let at = body.rfind(">>").unwrap();
        body.insert_str(at, more);
    }

    /// A new object behind the highest number; gives its number.
    pub(crate) fn add(&mut self, value: &str) -> u32 {
        let number = self.objects.iter().map(|(n, _)| *n).max().unwrap() + 1;
        self.put(number, value);
        let size = format!("/Size {number}");
        assert!(self.trailer.contains(&size));
        self.trailer = self.trailer.replace(&size, &format!("/Size {}", number + 1));
        number
    }

    /// An object of that number, new or in the place of an old one.
    pub(crate) fn put(&mut self, number: u32, value: &str) {
        self.objects.push((number, format!("{number} 0 obj\n{value}\nendobj\n")));
        self.objects.sort_by_key(|(n, _)| *n);
    }

    /// The revision, its table, `startxref` and `/ByteRange` computed anew.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut out = String::new();
        let mut offsets = Vec::new();
        for (number, body) in &self.objects {
            offsets.push((*number, self.base + out.len()));
            out.push_str(body);
        }
        let xref = self.base + out.len();
        out.push_str("xref\n");
        for run in offsets.chunk_by(|a, b| a.0 + 1 == b.0) {
            out.push_str(&format!("{} {}\n", run[0].0, run.len()));
            run.iter().for_each(|(_, offset)| out.push_str(&format!("{offset:010} 00000 n \n")));
        }
        out.push_str(&format!("{}startxref\n{xref}\n%%EOF\n", self.trailer));
        let range = gap(self.base, out.as_bytes());
        let (from, to) = (out.find("/ByteRange[").unwrap() + 10, out.find("/Contents<").unwrap());
        let text = format!("[{} {} {} {}]", range[0], range[1], range[2], range[3]);
        out.replace_range(from..to, &format!("{text:width$}", width = to - from));
        out.into_bytes()
    }
}

/// The byte range that leaves out `/Contents` and nothing else.
pub(crate) fn gap(base: usize, revision: &[u8]) -> [u64; 4] {
    let start = revision.windows(10).position(|w| w == b"/Contents<").unwrap() + 9;
    let end = start + revision[start..].iter().position(|c| *c == b'>').unwrap() + 1;
    [0, base + start, base + end, revision.len() - end].map(|n| n as u64)
}

/// The same bytes with one range replaced by another of the same length.
pub(crate) fn with(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len(), "{from} {to}");
    let at = bytes.windows(from.len()).position(|w| w == from.as_bytes()).unwrap_or_else(|| panic!("there is no {from}"));
    let mut out = bytes.to_vec();
    out[at..at + to.len()].copy_from_slice(to.as_bytes());
    out
}

/// The same bytes with the digit at `place` counted from the end of `marker` turned to another one.
pub(crate) fn other_digit(bytes: &[u8], marker: &str, place: isize) -> Vec<u8> {
    let end = bytes.windows(marker.len()).rposition(|w| w == marker.as_bytes()).unwrap() + marker.len();
    let at = end.checked_add_signed(place).unwrap();
    let mut out = bytes.to_vec();
    assert!(out[at].is_ascii_digit(), "{}", char::from(out[at]));
    out[at] = if out[at] == b'9' { b'8' } else { out[at] + 1 };
    out
}
