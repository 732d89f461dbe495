//! The tables, and their place in docs/performance.md.
//!
//! Takes measurements, gives Markdown. Replaces only what stands between the two markers of the document.

use crate::Fallible;
use crate::large::{Large, Medium, Sparse};
use crate::lasting::Lasting;
use crate::small::{Rate, Small};
use crate::verifying::{FromMemory, Hashed, Revised};
use std::fmt::Write;
use std::path::Path;
use std::process::Command;

const BEGIN: &str = "<!-- figures: begin (cargo xtask bench --write) -->";
const END: &str = "<!-- figures: end -->";

fn mib(kib: u64) -> String {
    format!("{}.{} MiB", kib / 1024, kib % 1024 * 10 / 1024)
}

pub(crate) struct Tables {
    large: Vec<String>,
    beside: Vec<String>,
    small: String,
}

impl Tables {
    pub(crate) fn new() -> Tables {
        Tables { large: Vec::new(), beside: Vec::new(), small: String::new() }
    }

    pub(crate) fn large(&mut self, name: &str, found: &Large) {
        self.large.push(format!(
            "| {name}, {} MB | {:.2} s | {:.2} s | **{:.2}** | {} | {:.2} s | **{:.2}** | {} | {:.2} s | {:.2} s | {:.2} | {} |",
            found.bytes / 1_000_000,
            found.reference,
            found.sign,
            found.sign / found.reference,
            mib(found.sign_peak_kib),
            found.in_place,
            found.in_place / found.reference,
            mib(found.in_place_peak_kib),
            found.hash,
            found.verify,
            found.verify / found.hash,
            mib(found.verify_peak_kib),
        ));
    }

    pub(crate) fn sparse(&mut self, found: &Sparse) {
        self.beside.push(format!(
            "{} MB, most of them a hole, cross-reference stream: signed in place in {:.2} s (peak {}), verified in {:.2} s (peak {}).",
            found.bytes / 1_000_000,
            found.sign,
            mib(found.sign_peak_kib),
            found.verify,
            mib(found.verify_peak_kib),
        ));
    }

    pub(crate) fn medium(&mut self, name: &str, found: &Medium) {
        let ratio = found.sign / found.floor;
        self.beside.push(format!(
            "{name}: signed in {:.1} ms, **{ratio:.2}** of reading, hashing and writing it in the same process ({:.1} ms; medians of nine turns).",
            found.sign * 1e3,
            found.floor * 1e3,
        ));
    }

    pub(crate) fn in_memory(&mut self, found: &FromMemory) {
        self.beside.push(format!(
            "The small document with one signature, verified from memory by one verifier: {:.0} ({:.0}) documents a second on one thread, {:.2} times the \
             processor time of hashing it ({:.0} a second); two threads together {:.2} times one by the clock on the wall. Each by a verifier of its \
             own: {:.0} ({:.0}).",
            found.one.processor,
            found.one.wall,
            found.hash.processor / found.one.processor,
            found.hash.processor,
            found.speedup,
            found.alone.processor,
            found.alone.wall,
        ));
    }

    pub(crate) fn lasting(&mut self, found: &Lasting) {
        let both = |rate: Rate| format!("{:.0} ({:.0})", rate.processor, rate.wall);
        self.beside.push(format!(
            "B-LT ({} KB, chain of three, OCSP, time stamp), offline and by the evidence in the document alone: {} documents a second, each for the \
             first time, by a verifier that knows the signer from others; {} by one that knows nothing; {} for documents that it has seen. pyHanko with \
             the same files: {}; ratio **{:.0}**.",
            found.bytes.div_ceil(1024),
            both(found.warm),
            both(found.cold),
            both(found.again),
            both(found.peer),
            found.warm.processor / found.peer.processor,
        ));
    }

    pub(crate) fn hashed(&mut self, name: &str, found: &Hashed) {
        self.beside.push(format!(
            "{name} with {} signature(s): verified in {:.1} ms, **{:.2}** of `sha256sum` ({:.1} ms; medians of nine turns), peak {}.",
            found.signatures,
            found.verify * 1e3,
            found.verify / found.hash,
            found.hash * 1e3,
            mib(found.peak_kib),
        ));
    }

    pub(crate) fn revised(&mut self, found: &Revised) {
        self.beside.push(format!(
            "A thousand pages with a field each: fifty revisions that fill one are verified in {:.0} ms (peak {}), fifty signatures in {:.0} ms.",
            found.filled * 1e3,
            mib(found.filled_peak_kib),
            found.signed * 1e3,
        ));
    }

    pub(crate) fn beside(&self) -> &[String] {
        &self.beside
    }

    pub(crate) fn small(&mut self, found: &Small) {
        let peer = &found.peer;
        let mut text = String::new();
        let head = format!("| {} KB, ten pages, P-256 | thrivosign | pyHanko {} | ratio |", found.bytes.div_ceil(1024), peer.version);
        let _ = writeln!(text, "{head}\n| --- | --- | --- | --- |");
        for (what, own, other) in [("sign", found.sign, peer.sign), ("verify", found.verify, peer.verify)] {
            let both = |rate: Rate| format!("{:.0} ({:.0})", rate.processor, rate.wall);
            let ratio = own.processor / other.processor;
            let _ = writeln!(text, "| {what}, documents a second | {} | {} | **{ratio:.0}** |", both(own), both(other));
        }
        let floor = found.floor.processor / found.memory.processor;
        let _ = writeln!(
            text,
            "\nIn memory, one thread: {:.0} ({:.0}) documents a second, {floor:.2} times the processor time of copying, hashing and one P-256 \
             signature ({:.0} a second). On {} threads: {:.2} times one thread by the clock on the wall.\n\nAn invisible signature with {} \
             certificates adds {} bytes.",
            found.memory.processor, found.memory.wall, found.floor.processor, found.threads, found.speedup, found.certificates, found.added,
        );
        self.small = text;
    }

    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        let columns = [
            "document",
            "`sha256sum` + `cp`",
            "sign",
            "ratio",
            "peak",
            "in place",
            "ratio",
            "peak",
            "`sha256sum`",
            "verify",
            "ratio",
            "peak",
        ];
        let _ = writeln!(text, "| {} |\n|{}", columns.join(" | "), " --- |".repeat(columns.len()));
        for row in &self.large {
            let _ = writeln!(text, "{row}");
        }
        for line in &self.beside {
            let _ = writeln!(text, "\n{line}");
        }
        let _ = writeln!(text, "\n{}", self.small);
        text
    }

    /// Puts the tables, the commit and the machine between the markers.
    pub(crate) fn write(&self, target: &Path) -> Fallible<()> {
        let document = std::fs::read_to_string(target)?;
        let (before, rest) = document.split_once(BEGIN).ok_or("no begin marker")?;
        let (_, after) = rest.split_once(END).ok_or("no end marker")?;
        let said = |program: &str, arguments: &[&str]| {
            let output = Command::new(program).args(arguments).output().ok()?;
            Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
        };
        let commit = said("git", &["rev-parse", "--short=12", "HEAD"]).unwrap_or_default();
        let day = said("date", &["-u", "+%Y-%m-%d"]).unwrap_or_default();
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        // Of all that a signature costs, hashing depends most on the processor.
        #[cfg(target_arch = "x86_64")]
        let digests =
            if std::is_x86_feature_detected!("sha") { " with instructions for SHA-256" } else { " without instructions for SHA-256" };
        #[cfg(not(target_arch = "x86_64"))]
        let digests = "";
        let machine = format!("{cores} shared {} cores{digests}", std::env::consts::ARCH);
        let head = format!("Measured on {day} at commit {commit}, on {machine}.");
        std::fs::write(target, format!("{before}{BEGIN}\n\n{head}\n\n{}\n\n{END}{after}", self.text().trim_end()))?;
        Ok(())
    }
}
