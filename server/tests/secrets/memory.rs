//! The memory of another process, and secrets in it: as they are, in UTF-16, and in base64 at any place of a longer text. What is percent-encoded keeps
//! its letters and digits, which is all that these have.

use base64ct::{Base64, Encoding};
use std::collections::HashMap;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

/// What is looked for, by its first two bytes.
pub(crate) struct Needles(HashMap<[u8; 2], Vec<(&'static str, Vec<u8>)>>);

impl Needles {
    pub(crate) fn new(secrets: &[(&str, &str)]) -> Needles {
        let mut all = HashMap::<[u8; 2], Vec<(&'static str, Vec<u8>)>>::new();
        for (name, secret) in secrets {
            let name: &'static str = Box::leak((*name).to_owned().into_boxed_str());
            let wide: Vec<u8> = secret.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let mut forms = vec![secret.as_bytes().to_vec(), wide];
            for before in 0..3 {
                let shifted = [vec![0; before], secret.as_bytes().to_vec()].concat();
                // The first and the last group hold bits of the neighbours.
                let whole = Base64::encode_string(&shifted[..shifted.len() / 3 * 3]);
                forms.push(whole.as_bytes()[if before == 0 { 0 } else { 4 }..].to_vec());
            }
            forms.into_iter().for_each(|form| all.entry([form[0], form[1]]).or_default().push((name, form)));
        }
        Needles(all)
    }

    /// The names of those that are in these bytes.
    pub(crate) fn among(&self, bytes: &[u8]) -> Vec<&'static str> {
        let mut begins = vec![false; 1 << 16];
        self.0.keys().for_each(|two| begins[usize::from(u16::from_le_bytes(*two))] = true);
        let mut found = Vec::new();
        for (at, two) in bytes.windows(2).enumerate() {
            if begins[usize::from(two[0]) | usize::from(two[1]) << 8] {
                let rest = &bytes[at..];
                let here = self.0[&[two[0], two[1]]].iter().filter(|(_, needle)| rest.starts_with(needle));
                found.extend(here.map(|(name, _)| *name));
            }
        }
        found
    }
}

/// Every secret in the memory that the process can write to, with the place's name.
pub(crate) fn search(process: u32, needles: &Needles) -> Vec<String> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap();
    let memory = File::open(format!("/proc/{process}/mem")).unwrap();
    let (mut found, mut read) = (Vec::new(), 0);
    for line in maps.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [range, rights, ..] = words[..] else { continue };
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let [from, to] = [from, to].map(|text| u64::from_str_radix(text, 16).unwrap());
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        let mut at = 0;
        while at < bytes.len() {
            match memory.read_at(&mut bytes[at..], from + at as u64) {
                Ok(count @ 1..) => at += count,
                _ => break,
            }
        }
        read += at;
        let place = words.get(5).copied().unwrap_or("heap or stack of a thread");
        found.extend(needles.among(&bytes[..at]).into_iter().map(|name| format!("{name} in {place}")));
    }
    assert!(read > 100_000, "only {read} bytes could be read");
    found
}
