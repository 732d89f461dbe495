//! One small document again and again: file to file, in memory, on one thread and on all.
//!
//! Takes a path and a signer, gives documents a second.

use crate::{Fallible, ours, peers, processor_seconds};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;
use thrivosign::journey::Input;

/// File to file without fsync, and in memory.
pub(crate) struct Small {
    pub(crate) bytes: u64,
    pub(crate) sign: Rate,
    pub(crate) verify: Rate,
    pub(crate) peer: peers::PyHanko,
    pub(crate) memory: Rate,
    /// In memory on every processor at once, by the clock on the wall, as multiples of one thread in the same run.
    pub(crate) threads: usize,
    pub(crate) speedup: f64,
    /// Reading, hashing, writing and one P-256 signature in the same process: what cannot be undercut.
    pub(crate) floor: Rate,
    /// Bytes that an invisible signature adds, and certificates in it.
    pub(crate) added: usize,
    pub(crate) certificates: usize,
}

/// Documents a second: of processor time, which other people's load changes little, and by the clock on the wall.
#[derive(Clone, Copy, Default)]
pub(crate) struct Rate {
    pub(crate) processor: f64,
    pub(crate) wall: f64,
}

pub(crate) fn measure(path: &Path, signer: &Path, python: &Path, quick: bool) -> Fallible<Small> {
    let signed = path.with_extension("signed.pdf");
    let own = ours::Signer::load(signer, "p256")?;
    let rounds = if quick { 300 } else { 3_000 };
    let input = Input::memory(std::fs::read(path)?);
    let (mut sign, mut verify, mut memory, mut floor) = (Rate::default(), Rate::default(), Rate::default(), Rate::default());
    let mut speedup = 0.0_f64;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for _ in 0..3 {
        sign = sign.best(rate(rounds, || own.sign(path, &signed))?);
        verify = verify.best(rate(rounds, || own.verify(&signed))?);
        let one = rate(rounds, || own.sign_memory(&input).map(|_| ()))?;
        memory = memory.best(one);
        floor = floor.best(rate(rounds, || own.floor(&input))?);
        speedup = speedup.max(together(threads, rounds, &|| own.sign_memory(&input).map(|_| ()))? / one.wall);
    }
    let peer = peers::pyhanko(python, path, signer, if quick { 10 } else { 100 })?;
    let bytes = std::fs::metadata(path)?.len();
    let added = own.sign_memory(&input)? - usize::try_from(bytes)?;
    Ok(Small { bytes, sign, verify, peer, memory, threads, speedup, floor, added, certificates: own.certificates() })
}

/// Documents a second of that many threads together, by the clock on the wall.
pub(crate) fn together(threads: usize, rounds: u32, work: &(dyn Fn() -> Fallible<()> + Sync)) -> Fallible<f64> {
    let start = Instant::now();
    let failed: Arc<std::sync::Mutex<Option<String>>> = Arc::default();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..rounds {
                    if let Err(error) = work() {
                        *failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(error.to_string());
                        return;
                    }
                }
            });
        }
    });
    if let Some(error) = failed.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take() {
        return Err(error.into());
    }
    Ok(f64::from(rounds) * threads as f64 / start.elapsed().as_secs_f64())
}

impl Rate {
    pub(crate) fn best(self, other: Rate) -> Rate {
        Rate { processor: self.processor.max(other.processor), wall: self.wall.max(other.wall) }
    }
}

pub(crate) fn rate(rounds: u32, mut work: impl FnMut() -> Fallible<()>) -> Fallible<Rate> {
    let (processor, wall) = (processor_seconds()?, Instant::now());
    for _ in 0..rounds {
        work()?;
    }
    let rounds = f64::from(rounds);
    Ok(Rate { processor: rounds / (processor_seconds()? - processor), wall: rounds / wall.elapsed().as_secs_f64() })
}
