//! `cargo xtask android`: the library as Gradle's project takes it, a file for each ABI in `android/lib/src/main/jniLibs`.
//!
//! Takes the NDK and cargo-ndk, and says what to install where one of them is missing.

use crate::borders::target;
use crate::place;
use crate::steps::run;
use std::env;
use std::path::{Path, PathBuf};

/// The oldest Android that is supported.
const API: &str = "24";
/// Android's name of each ABI, and Rust's.
const ABIS: [(&str, &str); 4] = [
    ("arm64-v8a", "aarch64-linux-android"),
    ("armeabi-v7a", "armv7-linux-androideabi"),
    ("x86", "i686-linux-android"),
    ("x86_64", "x86_64-linux-android"),
];
/// The first NDK that aligns to pages of 16 KiB by itself.
const FIRST_OF_16_KIB: u32 = 28;

/// Builds the four libraries as they are shipped and puts them where Gradle looks.
pub(crate) fn libraries() -> Result<(), String> {
    let missing = missing(ndk().as_deref(), place::program("cargo-ndk").is_some());
    if !missing.is_empty() {
        return Err(missing.join("\n"));
    }
    let folder = place::root().join("android/lib/src/main/jniLibs");
    let mut build = place::cargo(&["ndk", "--platform", API]);
    for (abi, _) in ABIS {
        build.args(["--target", abi]);
    }
    build.arg("--output-dir").arg(&folder).args(["build", "--profile", "dist", "--package", "thrivosign-uniffi"]);
    // Relocations in Android's packed form, which API 23 reads: a quarter of a megabyte less.
    build.env("RUSTFLAGS", "-C link-arg=-Wl,-z,max-page-size=16384 -C link-arg=-Wl,--pack-dyn-relocs=android");
    run(&mut build)?;
    for (abi, _) in ABIS {
        let file = folder.join(abi).join("libthrivosign_uniffi.so");
        let size = file.metadata().map_err(|error| format!("{}: {error}", file.display()))?.len();
        println!("{abi}: {size} bytes");
    }
    println!("{} (built in {}); now: gradle -p android :lib:assembleRelease", folder.display(), target().display());
    Ok(())
}

/// What has to be installed first, a line each.
fn missing(ndk: Option<&Path>, has_cargo_ndk: bool) -> Vec<String> {
    let mut lines = Vec::new();
    match ndk {
        None => lines.push(format!(
            "no NDK: install version {FIRST_OF_16_KIB} or later (Android Studio, SDK Manager, NDK) and set ANDROID_NDK_HOME to its folder"
        )),
        Some(folder) if !folder.join("toolchains/llvm").is_dir() => {
            lines.push(format!("{} is no NDK: it has no toolchains/llvm; set ANDROID_NDK_HOME to one", folder.display()));
        }
        Some(_) => {}
    }
    if !has_cargo_ndk {
        lines.push(format!(
            "no cargo-ndk: cargo install --locked cargo-ndk && rustup target add {}",
            ABIS.map(|(_, triple)| triple).join(" ")
        ));
    }
    lines
}

/// The NDK that the environment names, or the newest one beside the SDK.
fn ndk() -> Option<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    set("ANDROID_NDK_HOME").or_else(|| set("ANDROID_NDK_ROOT")).or_else(|| {
        let beside = set("ANDROID_HOME").or_else(|| set("ANDROID_SDK_ROOT"))?.join("ndk");
        let number = |folder: &PathBuf| folder.file_name()?.to_str()?.split('.').next()?.parse::<u32>().ok();
        beside.read_dir().ok()?.filter_map(|entry| Some(entry.ok()?.path())).max_by_key(number)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_with_the_way_to_get_it() {
        let both = missing(None, false).join("\n");
        assert!(both.contains("ANDROID_NDK_HOME") && both.contains("cargo install --locked cargo-ndk"), "{both}");
        assert!(both.contains("aarch64-linux-android") && both.contains("i686-linux-android"), "{both}");
        let wrong = missing(Some(Path::new("/nonexistent")), true);
        assert!(wrong.len() == 1 && wrong[0].contains("/nonexistent is no NDK"), "{wrong:?}");
        let folder = env::temp_dir().join(format!("thrivosign-ndk-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("toolchains/llvm")).unwrap();
        assert!(missing(Some(&folder), true).is_empty());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
