//! How large the library is, and how large a program becomes that uses a part of it.
//!
//! Takes the installed libraries, gives the bytes and what is above its bar. A part is what the linker keeps of the static library for a list of
//! functions, which is what a program that links it statically gets, without a build of its own. The ledger is docs/sizes.md.

use crate::place;
use crate::steps::run;
use std::fs;
use std::path::Path;
use std::process::Command;

/// Nouns that need the service or the network. A name of two words that begins with one of them is another noun.
const OF_THE_SERVICE: &[&str] = &[
    "activation",
    "agreement",
    "challenge",
    "client",
    "credential_list",
    "environment",
    "extended",
    "extension",
    "orders",
    "pending_request",
    "shutdown",
    "signing_order",
    "submitted",
];
/// Nouns that a verifier needs.
const OF_A_VERIFIER: &[&str] = &[
    "abi_version",
    "buffer",
    "cancel",
    "document_free",
    "document_new",
    "document_ref",
    "document_size",
    "document_verify",
    "error",
    "evidence",
    "has_feature",
    "objects_alive",
    "report",
    "trust",
    "version",
    "words",
];

/// A part, its bar in bytes, and the functions of it.
struct Part {
    name: &'static str,
    most: u64,
    has: fn(&str) -> bool,
}

const PARTS: [Part; 3] = [
    Part { name: "full", most: 4_000_000, has: |_| true },
    Part { name: "without the service", most: 2_200_000, has: |name| !begins(name, OF_THE_SERVICE) },
    Part { name: "verify only", most: 1_300_000, has: |name| begins(name, OF_A_VERIFIER) },
];

fn begins(name: &str, nouns: &[&str]) -> bool {
    nouns.iter().any(|noun| name.strip_prefix(noun).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')))
}

/// Prints a line for each part. Gives those that are above their bar.
pub(super) fn told(lib: &Path, triple: &str) -> Result<Vec<String>, String> {
    let ledger =
        fs::read_to_string(place::root().join("tests/abi/symbols.txt")).map_err(|error| format!("tests/abi/symbols.txt: {error}"))?;
    let symbols: Vec<&str> =
        ledger.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_whitespace().next()).collect();
    let mut larger = Vec::new();
    for (number, part) in PARTS.iter().enumerate() {
        let size = if number == 0 {
            size_of(&lib.join("libthrivosign.so"))?
        } else if place::program("clang-19").is_none() || place::program("ld.lld-19").is_none() {
            println!("{triple}, {}: not measured, no clang-19 or no lld-19", part.name);
            continue;
        } else {
            let chosen: Vec<&str> = symbols.iter().copied().filter(|symbol| (part.has)(symbol.trim_start_matches("thrivosign_"))).collect();
            linked(lib, triple, &chosen)?
        };
        println!("{triple}, {}: {size} bytes, at most {}", part.name, part.most);
        if size > part.most {
            larger.push(format!("{}: {} bytes too many", part.name, size - part.most));
        }
    }
    Ok(larger)
}

/// The bytes of a shared library that exports those functions and has what they need.
fn linked(lib: &Path, triple: &str, symbols: &[&str]) -> Result<u64, String> {
    let folder = std::env::temp_dir().join(format!("thrivosign-sizes-{}", std::process::id()));
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let (map, made) = (folder.join("exported"), folder.join("part.so"));
    let exported: String = symbols.iter().map(|symbol| format!("{symbol};\n")).collect();
    fs::write(&map, format!("{{ global:\n{exported}local: *; }};\n")).map_err(|error| error.to_string())?;
    let mut link = Command::new("clang-19");
    link.arg(format!("--target={triple}")).args(["-shared", "-fuse-ld=lld-19", "-Wl,--gc-sections,--icf=all,-O2,--strip-all"]);
    link.arg(format!("-Wl,--version-script={}", map.display())).args(symbols.iter().map(|symbol| format!("-Wl,-u,{symbol}")));
    link.arg(lib.join("libthrivosign.a")).args(["-lgcc_s", "-lpthread", "-lm", "-ldl", "-lc"]).arg("-o").arg(&made);
    let size = run(&mut link).and_then(|()| size_of(&made));
    let _ = fs::remove_dir_all(&folder);
    size
}

fn size_of(file: &Path) -> Result<u64, String> {
    fs::metadata(file).map(|file| file.len()).map_err(|error| format!("{}: {error}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_noun_is_told_from_a_longer_one() {
        assert!(begins("document_verify", OF_A_VERIFIER) && begins("report_signature_level", OF_A_VERIFIER));
        assert!(!begins("document_extend", OF_A_VERIFIER) && !begins("reporter_new", OF_A_VERIFIER));
        assert!(begins("client_login", OF_THE_SERVICE) && !begins("clients", OF_THE_SERVICE));
    }
}
