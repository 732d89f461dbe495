//! `cargo xtask ios`: the library as an app's Swift package takes it, `ios/ThrivoSignFFI.xcframework` (see ios/Package.swift, which
//! can name nothing outside of its folder).
//!
//! Takes a Mac with Rust's three targets and Xcode's tools; elsewhere it says what is missing. The layout of the folder is a function of its own,
//! which is tested wherever the project is: it takes archives and the generated header, gives the folder.

use crate::borders::target;
use crate::place;
use crate::steps::run;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const ARCHIVE: &str = "libthrivosign_uniffi.a";
const DEVICE: &str = "aarch64-apple-ios";
const SIMULATORS: [&str; 2] = ["aarch64-apple-ios-sim", "x86_64-apple-ios"];

/// One library of the framework: its folder, its architectures, and whether it is for the simulator.
struct Slice {
    folder: &'static str,
    architectures: &'static [&'static str],
    is_simulator: bool,
}

const SLICES: [Slice; 2] = [
    Slice { folder: "ios-arm64", architectures: &["arm64"], is_simulator: false },
    Slice { folder: "ios-arm64_x86_64-simulator", architectures: &["arm64", "x86_64"], is_simulator: true },
];

/// Builds the libraries and lays out the framework. After the call it is complete, or nothing was changed.
pub(crate) fn framework() -> Result<(), String> {
    let absent = ["lipo", "xcrun"].into_iter().filter(|name| place::program(name).is_none()).collect::<Vec<_>>();
    if std::env::consts::OS != "macos" || !absent.is_empty() {
        return Err(format!("needs macOS with Xcode's tools and `rustup target add {DEVICE} {}`", SIMULATORS.join(" ")));
    }
    let built = |name: &str| target().join(name).join("phone").join(ARCHIVE);
    for name in [&[DEVICE], &SIMULATORS[..]].concat() {
        let mut build = place::cargo(&["build", "--profile", "phone", "--package", "thrivosign-uniffi", "--target", name]);
        run(build.env("IPHONEOS_DEPLOYMENT_TARGET", "16.0"))?;
    }
    let simulator = target().join("ios-simulator.a");
    run(Command::new("lipo").arg("-create").args(SIMULATORS.map(built)).arg("-output").arg(&simulator))?;
    let made = place::root().join("ios/ThrivoSignFFI.xcframework");
    lay_out(&made, &[built(DEVICE), simulator])?;
    println!("{}", made.display());
    Ok(())
}

/// The folder of the framework, anew: for each slice the archive and what Swift imports, and the list of both.
fn lay_out(made: &Path, archives: &[PathBuf; 2]) -> Result<(), String> {
    let told = |error: std::io::Error| format!("{}: {error}", made.display());
    if made.exists() {
        fs::remove_dir_all(made).map_err(told)?;
    }
    let generated = place::root().join("bindings/swift");
    for (slice, archive) in SLICES.iter().zip(archives) {
        let folder = made.join(slice.folder);
        let headers = folder.join("Headers");
        fs::create_dir_all(&headers).map_err(told)?;
        fs::copy(archive, folder.join(ARCHIVE)).map_err(told)?;
        fs::copy(generated.join("ThrivoSignFFI.h"), headers.join("ThrivoSignFFI.h")).map_err(told)?;
        fs::copy(generated.join("ThrivoSignFFI.modulemap"), headers.join("module.modulemap")).map_err(told)?;
    }
    fs::write(made.join("Info.plist"), list()).map_err(told)
}

/// `Info.plist`.
fn list() -> String {
    let libraries: String = SLICES.iter().map(entry).collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n\
         <plist version=\"1.0\">\n<dict>\n\
         <key>AvailableLibraries</key><array>\n{libraries}</array>\n\
         <key>CFBundlePackageType</key><string>XFWK</string>\n\
         <key>XCFrameworkFormatVersion</key><string>1.0</string>\n\
         </dict>\n</plist>\n"
    )
}

fn entry(slice: &Slice) -> String {
    let architectures: String = slice.architectures.iter().map(|name| format!("<string>{name}</string>")).collect();
    let variant = if slice.is_simulator { "<key>SupportedPlatformVariant</key><string>simulator</string>\n" } else { "" };
    format!(
        "<dict>\n\
         <key>BinaryPath</key><string>{ARCHIVE}</string>\n\
         <key>HeadersPath</key><string>Headers</string>\n\
         <key>LibraryIdentifier</key><string>{}</string>\n\
         <key>LibraryPath</key><string>{ARCHIVE}</string>\n\
         <key>SupportedArchitectures</key><array>{architectures}</array>\n\
         <key>SupportedPlatform</key><string>ios</string>\n\
         {variant}</dict>\n",
        slice.folder
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads the list as a program of another maker does, and looks for each file that it names.
    const CHECK: &str = "\
import os, plistlib, sys
made = sys.argv[1]
with open(os.path.join(made, 'Info.plist'), 'rb') as file:
    plist = plistlib.load(file)
assert plist['CFBundlePackageType'] == 'XFWK' and plist['XCFrameworkFormatVersion'] == '1.0'
slices = [(l['LibraryIdentifier'], l['SupportedArchitectures'], l['SupportedPlatform'], l.get('SupportedPlatformVariant')) for l in plist['AvailableLibraries']]
assert slices == [('ios-arm64', ['arm64'], 'ios', None), ('ios-arm64_x86_64-simulator', ['arm64', 'x86_64'], 'ios', 'simulator')], slices
for number, library in enumerate(plist['AvailableLibraries']):
    folder = os.path.join(made, library['LibraryIdentifier'])
    assert open(os.path.join(folder, library['LibraryPath'])).read() == 'archive %d' % number
    headers = os.path.join(folder, library['HeadersPath'])
    assert sorted(os.listdir(headers)) == ['ThrivoSignFFI.h', 'module.modulemap']
    assert 'module ThrivoSignFFI {' in open(os.path.join(headers, 'module.modulemap')).read()
assert sorted(os.listdir(made)) == ['Info.plist', 'ios-arm64', 'ios-arm64_x86_64-simulator']
";

    #[test]
    fn the_framework_has_what_its_list_names_and_nothing_of_an_older_one() {
        let folder = std::env::temp_dir().join(format!("thrivosign-ios-{}", std::process::id()));
        let made = folder.join("ThrivoSignFFI.xcframework");
        fs::create_dir_all(made.join("ios-armv7")).unwrap();
        let archives = [0, 1].map(|number| {
            let archive = folder.join(format!("{number}.a"));
            fs::write(&archive, format!("archive {number}")).unwrap();
            archive
        });
        lay_out(&made, &archives).unwrap();
        run(Command::new("python3").args(["-c", CHECK]).arg(&made)).unwrap();
        fs::remove_dir_all(&folder).unwrap();
    }
}
