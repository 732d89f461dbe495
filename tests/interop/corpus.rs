//! The documents, signers and tools of the interoperation tests.
//!
//! Takes the cache folder, gives paths and the manifest. The Python scripts beside this file make what is missing.

use crate::python::python;
pub(crate) use crate::python::script_path;
use serde_json::Value;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What every test here needs.
pub(crate) struct Bench {
    pub(crate) cache: PathBuf,
    pub(crate) python: PathBuf,
    pub(crate) corpus: PathBuf,
    pub(crate) authority: PathBuf,
}

/// A damaged document, and what is to come of it.
pub(crate) struct Damaged {
    pub(crate) file: String,
    pub(crate) password: String,
    pub(crate) outcome: String,
    pub(crate) reason: String,
    pub(crate) original: String,
}

/// One document of the corpus.
pub(crate) struct Source {
    pub(crate) file: PathBuf,
    pub(crate) producer: String,
    pub(crate) password: String,
    pub(crate) encrypted: bool,
    /// Two boxes without a mark on the displayed first page: x, y, width, height in points from its lower left corner.
    pub(crate) boxes: [[f64; 4]; 2],
    /// Whether there are such boxes.
    pub(crate) has_boxes: bool,
    /// An empty signature field.
    pub(crate) field: Option<String>,
}

impl Source {
    pub(crate) fn name(&self) -> String {
        self.file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default()
    }
}

/// The bench, or `None` with the reason printed where tools are missing and that may be.
pub(crate) fn bench() -> Option<&'static Bench> {
    static BENCH: OnceLock<Result<Bench, String>> = OnceLock::new();
    match BENCH.get_or_init(set_up) {
        Ok(bench) => Some(bench),
        Err(reason) => {
            assert!(!env::var("CI").is_ok_and(|ci| ci == "true"), "interoperation tests cannot run: {reason}");
            eprintln!("SKIPPED: {reason}; `cargo xtask test` installs what is missing, or says how");
            None
        }
    }
}

fn set_up() -> Result<Bench, String> {
    let (cache, python) = python()?;
    for (program, option) in [("pdfsig", "-v"), ("qpdf", "--version"), ("openssl", "version"), ("pdftoppm", "-v")] {
        Command::new(program).arg(option).output().map_err(|_| format!("{program} is not installed"))?;
    }
    let corpus = folder_from(&python, "corpus.py", &[])?;
    let authority = folder_from(&python, "make_ca.py", &[])?;
    Ok(Bench { cache, python, corpus, authority })
}

/// A script of this folder; each makes its folder once and names it in its last line.
pub(crate) fn folder_from(python: &Path, script: &str, arguments: &[&Path]) -> Result<PathBuf, String> {
    let output = Command::new(python).arg(script_path(script)).args(arguments).output().map_err(|error| format!("{script}: {error}"))?;
    if !output.status.success() {
        let told = String::from_utf8_lossy(&output.stderr);
        return Err(format!("{script}: {}", told.lines().last().unwrap_or("failed")));
    }
    let told = String::from_utf8_lossy(&output.stdout);
    told.lines().last().map(PathBuf::from).ok_or_else(|| format!("{script} named no folder"))
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

pub(crate) fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
}

impl Bench {
    /// Every document of the corpus.
    pub(crate) fn sources(&self) -> Vec<Source> {
        let manifest = json(&self.corpus.join("manifest.json"));
        let source = |entry: &Value| self.source(&self.corpus, entry);
        manifest.as_array().unwrap().iter().map(source).collect()
    }

    /// The broad corpus: what the tools at hand and `layouts.py` make of the corpus.
    pub(crate) fn broad(&self) -> Vec<Source> {
        let folder = folder_from(&self.python, "broad.py", &[&self.corpus]).unwrap();
        let manifest = json(&folder.join("manifest.json"));
        manifest.as_array().unwrap().iter().map(|entry| self.source(&folder, entry)).collect()
    }

    /// The corpus as pyHanko signs it, and how many documents pyHanko would not sign.
    pub(crate) fn signed_by_pyhanko(&self) -> (Vec<Source>, usize) {
        let folder = folder_from(&self.python, "sign_pyhanko.py", &[&self.corpus, &self.authority]).unwrap();
        let listing = json(&folder.join("listing.json"));
        let mut declined = 0;
        let mut signed = Vec::new();
        for entry in listing.as_array().unwrap() {
            if entry.get("declined").is_some() {
                declined += 1;
                continue;
            }
            signed.push(self.source(&folder, entry));
        }
        (signed, declined)
    }

    /// The folder of `sound.py` and its files with their passwords.
    pub(crate) fn sound(&self) -> (PathBuf, Vec<(String, String)>) {
        let folder = folder_from(&self.python, "sound.py", &[&self.corpus]).unwrap();
        let listing = json(&folder.join("listing.json"));
        let files = listing.as_array().unwrap().iter().map(|entry| (text(entry, "file"), text(entry, "password"))).collect();
        (folder, files)
    }

    /// The documents of `conformant.py`, each with what it claims to keep.
    pub(crate) fn conformant(&self) -> Vec<(Source, Vec<String>)> {
        let folder = folder_from(&self.python, "conformant.py", &[]).unwrap();
        let manifest = json(&folder.join("manifest.json"));
        let keeps = |entry: &Value| entry["keeps"].as_array().unwrap().iter().map(|name| name.as_str().unwrap().to_owned()).collect();
        manifest.as_array().unwrap().iter().map(|entry| (self.source(&folder, entry), keeps(entry))).collect()
    }

    /// The folder of `encrypted.py`, and its files with their user and owner passwords.
    pub(crate) fn encrypted(&self) -> (PathBuf, Vec<[String; 3]>) {
        let folder = folder_from(&self.python, "encrypted.py", &[]).unwrap();
        let listing = json(&folder.join("listing.json"));
        let case = |entry: &Value| [text(entry, "file"), text(entry, "user"), text(entry, "owner")];
        (folder, listing.as_array().unwrap().iter().map(case).collect())
    }

    /// The folder of `damaged.py`, and its files.
    pub(crate) fn damaged(&self) -> (PathBuf, Vec<Damaged>) {
        let folder = folder_from(&self.python, "damaged.py", &[&self.corpus]).unwrap();
        let listing = json(&folder.join("listing.json"));
        let case = |entry: &Value| Damaged {
            file: text(entry, "file"),
            password: text(entry, "password"),
            outcome: text(entry, "outcome"),
            reason: text(entry, "reason"),
            original: text(entry, "original"),
        };
        (folder, listing.as_array().unwrap().iter().map(case).collect())
    }

    fn source(&self, folder: &Path, entry: &Value) -> Source {
        let number = |which: usize, part: usize| entry["blank"][which][part].as_f64().unwrap_or_default();
        Source {
            file: folder.join(text(entry, "file")),
            producer: text(entry, "producer"),
            password: text(entry, "password"),
            encrypted: entry["features"].as_array().is_some_and(|list| list.iter().any(|feature| feature == "encrypted")),
            boxes: std::array::from_fn(|which| std::array::from_fn(|part| number(which, part))),
            has_boxes: entry["blank"].is_array(),
            field: entry["field"].as_str().map(ToOwned::to_owned),
        }
    }

    /// The one trust anchor of the test signers.
    pub(crate) fn root(&self) -> PathBuf {
        self.authority.join("root.pem")
    }
}
