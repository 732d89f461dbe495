//! The generator of the Kotlin and Swift bindings: takes a built libthrivosign_uniffi, which must not be stripped, gives bindings/kotlin and
//! bindings/swift. uniffi writes them; bindings/uniffi/uniffi.toml names packages and modules.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use uniffi::{GenerateOptions, TargetLanguage};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Writes the bindings, or compares them with those that are there.
///
/// # Errors
/// What went wrong, or which file is another.
pub(crate) fn run(library: &str, check: bool) -> Result<(), String> {
    for (name, language) in [("kotlin", TargetLanguage::Kotlin), ("swift", TargetLanguage::Swift)] {
        let committed = Path::new(ROOT).join("bindings").join(name);
        if !check {
            generate(library, language, &committed)?;
            continue;
        }
        let fresh = Scratch::new(name);
        generate(library, language, &fresh.0)?;
        let ought = files(&fresh.0)?;
        // Beside what is generated stands what builds it: a pom.xml is no binding.
        let generated = |file: &Path| ought.keys().any(|other| other.components().next() == file.components().next());
        let is: BTreeMap<_, _> = files(&committed)?.into_iter().filter(|(file, _)| generated(file)).collect();
        if let Some(other) = is.keys().chain(ought.keys()).find(|file| is.get(*file) != ought.get(*file)) {
            return Err(format!("bindings/{name}/{} is not what the library says", other.display()));
        }
    }
    Ok(())
}

fn generate(library: &str, language: TargetLanguage, folder: &Path) -> Result<(), String> {
    let folder = folder.to_str().ok_or("a path is not UTF-8")?;
    let options = GenerateOptions {
        languages: vec![language.clone()],
        source: library.into(),
        out_dir: folder.into(),
        config_override: None,
        format: false,
        crate_filter: Some("thrivosign_uniffi".to_owned()),
        metadata_no_deps: true,
    };
    uniffi::generate(options).map_err(|error| format!("{library}: {error:#}"))?;
    if matches!(language, TargetLanguage::Kotlin) { for_apps(folder) } else { Ok(()) }
}

/// Changes what uniffi writes for the interfaces that an app implements. Of what an app's code throws it catches an `Exception`; an `Error`, such
/// as `TODO()` throws, would come out as success with nothing in it: a sink would seem to have written. And it does not declare what such code
/// may throw, without which Java cannot throw it. The facts of an error become a property of every error, and its message theirs.
/// The library's threads are daemons to the JVM, which would otherwise not end while a key store does not come back, and stay known to it.
fn for_apps(folder: &str) -> Result<(), String> {
    const CAUGHT: &str = "catch(e: kotlin.Exception)";
    const DAEMON: &str =
        "        init { Native.setCallbackThreadInitializer(this, com.sun.jna.CallbackThreadInitializer(true, false, \"thrivosign\")) }\n";
    const ERROR: &str = "sealed class ThrivoSignException: kotlin.Exception() {";
    let path = Path::new(folder).join("com").join("thrivosign").join("thrivosign.kt");
    let told = |error| format!("{}: {error}", path.display());
    let text = fs::read_to_string(&path).map_err(told)?;
    if text.matches(CAUGHT).count() != 2 {
        return Err("the Kotlin bindings no longer catch in two places what an app throws".to_owned());
    }
    let text = text
        .replace(CAUGHT, "catch(e: kotlin.Throwable)")
        .replace(ERROR, &format!("{ERROR}\n    /** The facts. */\n    abstract val `detail`: ErrorDetail\n"))
        .replace(
            "        val `detail`: ErrorDetail\n        ) : ThrivoSignException()",
            "        override val `detail`: ErrorDetail\n        ) : ThrivoSignException()",
        )
        .replace("get() = \"detail=${ `detail` }\"", "get() = `detail`.message");
    let (mut inside, mut changed) = (false, String::new());
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("public interface ").and_then(|rest| rest.strip_suffix(" {")) {
            // Those of the library's own objects end so.
            inside = !name.ends_with("Interface") && !name.contains('<');
        }
        inside &= line != "}";
        if inside && line.starts_with("    fun ") {
            changed.push_str("    @Throws(ThrivoSignException::class)\n");
        }
        changed.push_str(line);
        changed.push('\n');
        let callback = line.contains(": UniffiCallbackInterface") || line.contains(": UniffiRustFutureContinuationCallback");
        if callback && line.trim_start().starts_with("internal object ") {
            changed.push_str(DAEMON);
        }
    }
    fs::write(&path, changed).map_err(told)
}

/// Every file of a folder, by its path in it.
fn files(folder: &Path) -> Result<BTreeMap<PathBuf, Vec<u8>>, String> {
    let told = |path: &Path, error| format!("{}: {error}", path.display());
    let (mut files, mut folders) = (BTreeMap::new(), vec![folder.to_owned()]);
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(&next).map_err(|error| told(&next, error))? {
            let path = entry.map_err(|error| told(&next, error))?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let content = fs::read(&path).map_err(|error| told(&path, error))?;
            files.insert(path.strip_prefix(folder).unwrap_or(&path).to_owned(), content);
        }
    }
    Ok(files)
}

/// A folder for one comparison, gone afterwards.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Scratch {
        Scratch(std::env::temp_dir().join(format!("thrivosign-bindgen-{}-{name}", std::process::id())))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What cannot be removed is a copy of generated text.
        let _ = fs::remove_dir_all(&self.0);
    }
}
