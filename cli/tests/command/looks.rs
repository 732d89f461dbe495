//! Every look of the appearance sheet, signed with the command and judged by others: `tests/appearance/sheet.py`.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What the script needs beside the Python environment.
const PROGRAMS: [&str; 4] = ["pdfsig", "pdftotext", "pdftoppm", "zbarimg"];
const FONTS: [&str; 2] =
    ["/usr/share/fonts/truetype/noto/NotoNaskhArabic-Regular.ttf", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"];

fn missing(python: &Path) -> Option<String> {
    let program = |name: &&&str| Command::new(name).arg("--version").output().is_err();
    let program = PROGRAMS.iter().find(program).map(ToString::to_string);
    let font = || FONTS.iter().find(|font| !Path::new(font).is_file()).map(ToString::to_string);
    program.or_else(font).or_else(|| (!python.is_file()).then(|| "the Python environment".to_owned()))
}

#[test]
fn every_look_is_accepted_by_the_judges() {
    let cache = std::env::var_os("XDG_CACHE_HOME").filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = cache.unwrap_or_else(|| PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(".cache"));
    let python = cache.join("thrivosign/venv/bin/python");
    if let Some(missing) = missing(&python) {
        assert!(!std::env::var("CI").is_ok_and(|ci| ci == "true"), "the looks cannot be judged: {missing} is missing");
        eprintln!("SKIPPED: {missing} is missing; `cargo xtask test` installs it, or says how");
        return;
    }
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests");
    let authority = Command::new(&python).arg(tests.join("interop/make_ca.py")).output().unwrap();
    let authority = String::from_utf8(authority.stdout).unwrap().lines().last().unwrap().to_owned();
    let sheet = Command::new(&python).arg(tests.join("appearance/sheet.py")).args([env!("CARGO_BIN_EXE_thrivosign"), &authority]).output();
    let sheet = sheet.unwrap();
    let told = String::from_utf8_lossy(&sheet.stdout);
    assert!(sheet.status.success(), "{told}{}", String::from_utf8_lossy(&sheet.stderr));
    assert!(told.contains("33 passed, 0 failed"), "{told}");
}
