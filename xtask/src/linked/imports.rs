//! The reviewed list of what a library may ask of a system.
//!
//! Takes the list's text and a triple, gives the names by library, and what of two sets is in one alone. Knows nothing of files and linkers.

use std::collections::{BTreeMap, BTreeSet};

/// The oldest Android that is supported; what came later is not there.
const OLDEST_ANDROID: u32 = 24;

/// The heading of names that the loader may leave open. They are told from the others by a mark, as what asks for them does without.
const WEAK: &str = "weak";
pub(super) const MARK: char = '?';

/// What the library asks of each library of the system, on one machine.
#[derive(Debug)]
pub(super) struct Imports {
    by_library: BTreeMap<String, BTreeSet<String>>,
}

impl Imports {
    /// Reads lines of `symbol`, or `symbol triple..` where it is asked for on those machines alone, below a line `[library]` or `[library level]`.
    pub(super) fn parsed(text: &str, triple: &str) -> Result<Self, String> {
        let mut by_library: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut library: Option<&str> = None;
        let mut seen = BTreeSet::new();
        for line in text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
            if let Some(heading) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                let (name, level) = heading.split_once(' ').unwrap_or((heading, "0"));
                match level.parse::<u32>() {
                    Ok(level) if level <= OLDEST_ANDROID => library = Some(name),
                    Ok(level) => return Err(format!("[{name} {level}]: the oldest system that is supported has level {OLDEST_ANDROID}")),
                    Err(_) => return Err(format!("[{heading}]: no level")),
                }
                by_library.entry(name.to_owned()).or_default();
                continue;
            }
            let mut words = line.split_whitespace();
            let (Some(symbol), Some(library)) = (words.next(), library) else { return Err(format!("{line}: below no library")) };
            if !seen.insert(symbol) {
                return Err(format!("{symbol} stands there twice"));
            }
            let machines: Vec<&str> = words.collect();
            if machines.is_empty() || machines.contains(&triple) {
                let name = if library == WEAK { format!("{symbol}{MARK}") } else { symbol.to_owned() };
                by_library.entry(library.to_owned()).or_default().insert(name);
            }
        }
        Ok(Imports { by_library })
    }

    /// The libraries with their names; those of no library are left out.
    pub(super) fn libraries(&self) -> impl Iterator<Item = (&str, &BTreeSet<String>)> {
        self.by_library.iter().filter(|(library, _)| *library != WEAK).map(|(library, names)| (library.as_str(), names))
    }

    /// What was found and is not listed, and what is listed and was not found.
    pub(super) fn compared(&self, found: &BTreeSet<String>) -> (Vec<String>, Vec<String>) {
        let listed: BTreeSet<String> = self.by_library.values().flatten().cloned().collect();
        (found.difference(&listed).cloned().collect(), listed.difference(found).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# words\n[libc.so 1]\nread\nopen64 arm x86\n\n[libc.so 24]\ngetifaddrs\n[libdl.so]\ndlsym\n[weak]\ngettid\n";

    #[test]
    fn a_name_that_is_not_listed_and_a_line_without_need_are_both_told() {
        let imports = Imports::parsed(LIST, "arm64").unwrap();
        let found = ["read", "getrandom", "dlsym", "gettid?"].map(str::to_owned).into();
        assert_eq!(imports.compared(&found), (vec!["getrandom".to_owned()], vec!["getifaddrs".to_owned()]));
        // What may be absent must not be asked for as if it were there.
        let strong = ["read", "getifaddrs", "dlsym", "gettid"].map(str::to_owned).into();
        assert_eq!(imports.compared(&strong), (vec!["gettid".to_owned()], vec!["gettid?".to_owned()]));
        assert!(Imports::parsed(LIST, "arm").unwrap().compared(&found).1.contains(&"open64".to_owned()));
        assert_eq!(imports.libraries().map(|(name, _)| name).collect::<Vec<_>>(), ["libc.so", "libdl.so"]);
    }

    #[test]
    fn what_a_supported_system_lacks_cannot_be_listed() {
        for (wrong, because) in [
            ("[libc.so 28]\ngetrandom\n", "level 24"),
            ("[libc.so soon]\n", "no level"),
            ("read\n", "no library"),
            ("[libc.so]\nread\n[libm.so]\nread\n", "twice"),
        ] {
            let told = Imports::parsed(wrong, "arm64").unwrap_err();
            assert!(told.contains(because), "{told}");
        }
    }
}
