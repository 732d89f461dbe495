//! The verify room: every signature's content digest from one pass over the document. Nested ranges share their prefix: up to its gap
//! a signature's digest is that of the file so far, so five signatures cost about one read, not five.

use crate::cancel::Progress;
use crate::crypto::digest::{DigestAlgorithm, Hasher};
use crate::error::Result;
use crate::pdf::{Source, Span};
use std::collections::BTreeMap;

/// One digest wanted: over `[0, gap.start)` and `[gap.end, end)`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    pub(super) algorithm: DigestAlgorithm,
    pub(super) gap: Span,
    pub(super) end: u64,
}

const CHUNK: u64 = 256 << 10;

/// The digests in the order asked for.
pub(super) fn digests(source: &dyn Source, wanted: &[Wanted], progress: &Progress<'_>) -> Result<Vec<Vec<u8>>> {
    let total = wanted.iter().map(|w| w.end).max().unwrap_or(0);
    let mut running: BTreeMap<&'static str, (Hasher, u64)> = BTreeMap::new();
    for w in wanted {
        let upto = wanted.iter().filter(|o| o.algorithm == w.algorithm).map(|o| o.gap.start).max().unwrap_or(0);
        running.entry(w.algorithm.name()).or_insert_with(|| (Hasher::new(w.algorithm), upto));
    }
    let mut own: Vec<Option<Hasher>> = wanted.iter().map(|_| None).collect();
    // Chunks never straddle the start of a gap, where a digest branches off.
    let mut borders: Vec<u64> = wanted.iter().map(|w| w.gap.start).collect();
    borders.sort_unstable();
    let mut at = 0;
    let mut buffer = Vec::new();
    while at < total {
        progress.advance(at, total)?;
        for (w, own) in wanted.iter().zip(&mut own) {
            if w.gap.start == at && own.is_none() {
                *own = running.get(w.algorithm.name()).map(|(hasher, _)| hasher.clone());
            }
        }
        let border = borders.iter().copied().find(|b| *b > at).unwrap_or(total);
        let next = border.min(at + CHUNK).min(total);
        let len = usize::try_from(next - at).unwrap_or(0);
        let chunk = match source.held(at, len).filter(|held| <[u8]>::len(held) == len) {
            Some(held) => held,
            None => {
                buffer.resize(len, 0);
                source.read_exact_at(at, &mut buffer)?;
                &buffer
            }
        };
        for (hasher, upto) in running.values_mut() {
            if at < *upto {
                hasher.update(chunk);
            }
        }
        for (w, own) in wanted.iter().zip(&mut own) {
            if let Some(hasher) = own {
                let from = w.gap.end.clamp(at, next) - at;
                let to = w.end.clamp(at, next) - at;
                if from < to {
                    hasher.update(&chunk[usize::try_from(from).unwrap_or(0)..usize::try_from(to).unwrap_or(0)]);
                }
            }
        }
        at = next;
    }
    progress.advance(total, total)?;
    Ok(own.into_iter().map(|hasher| hasher.map(Hasher::finish).unwrap_or_default()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nested_ranges_from_one_pass_are_those_from_many() {
        let bytes: Vec<u8> = (0..700_000_u32).map(|n| (n % 251) as u8).collect();
        let span = |start, end| Span { start, end };
        let wanted = [
            Wanted { algorithm: DigestAlgorithm::Sha256, gap: span(1000, 1100), end: 2000 },
            Wanted { algorithm: DigestAlgorithm::Sha512, gap: span(3000, 300_000), end: 400_000 },
            Wanted { algorithm: DigestAlgorithm::Sha256, gap: span(500_000, 500_010), end: 700_000 },
        ];
        let made = digests(&bytes, &wanted, &Progress::default()).unwrap();
        for (w, digest) in wanted.iter().zip(made) {
            let mut plain = bytes[..w.gap.start as usize].to_vec();
            plain.extend_from_slice(&bytes[w.gap.end as usize..w.end as usize]);
            assert_eq!(w.algorithm.digest(&plain), digest);
        }
    }
}
