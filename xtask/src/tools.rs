//! What the tests need beside the Rust toolchain: found, installed where that is ours to do, or named.
//!
//! Takes the table of packages below, gives the list of what is missing. Installs system packages only on Debian as
//! root; everything else goes to the cache folder. A second run looks and does nothing.

use crate::{place, steps};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// Debian package, a program it brings (to look for elsewhere), and what it is for.
const SYSTEM: &[(&str, &str, &str)] = &[
    ("gcc", "gcc", "ring and SQLite are partly C"),
    ("libc6-dev", "", "headers for the same"),
    ("poppler-utils", "pdfsig", "judge: pdfsig, pdftoppm; producer: pdftocairo"),
    ("qpdf", "qpdf", "judge: structure; producer: rewrites, encryption"),
    ("openssl", "openssl", "judge: the CMS"),
    ("python3-venv", "python3", "runs pyHanko, schemathesis and the producers written in Python"),
    ("mupdf-tools", "mutool", "producer: rewrites"),
    ("ghostscript", "gs", "producer"),
    ("libreoffice-writer-nogui", "soffice", "producer"),
    ("libreoffice-calc-nogui", "soffice", "producer"),
    ("libreoffice-impress-nogui", "soffice", "producer"),
    ("chromium", "chromium", "producer; the browser that the demo's site is driven with"),
    ("texlive-latex-base", "pdflatex", "producer: pdfTeX"),
    ("libcairo2", "", "producer: Cairo"),
    ("fonts-dejavu-core", "", "the documents' fonts"),
    ("fonts-liberation", "", "the documents' fonts"),
    ("fonts-noto-core", "", "visible signatures in Arabic"),
    ("fonts-noto-cjk", "", "visible signatures in Chinese"),
    ("zbar-tools", "zbarimg", "judge: QR codes"),
    ("g++", "g++", "C and C++ programs of other people's, with sanitizers"),
    ("clang-19", "clang-19", "judge: the header and the C++ skin"),
    ("lld-19", "ld.lld-19", "links parts of the library, to tell their size, and the library for phones"),
    ("llvm-19", "llvm-readelf-19", "judge: the library for phones"),
    ("cmake", "cmake", "consumers of the installed library"),
    ("ninja-build", "ninja", "the same"),
    ("pkg-config", "pkg-config", "the same"),
    ("libssl-dev", "", "a key store of a C program's own"),
    ("libcurl4-openssl-dev", "", "HTTP of a C program's own"),
    ("softhsm2", "softhsm2-util", "tokens for the PKCS#11 key store"),
    ("strace", "strace", "judge: a process killed between any two system calls"),
    ("valgrind", "valgrind", "judge: memory behind the C border"),
    ("binutils", "nm", "judge: exported symbols"),
    ("openjdk-17-jdk-headless", "javac", "Kotlin and Java on the JVM; runs veraPDF and EU DSS"),
    ("maven", "mvn", "the same; brings veraPDF and EU DSS"),
    ("aapt", "aapt2", "judge: resources and manifest of the sample app for Android"),
    ("debootstrap", "debootstrap", "a folder with a newer Debian, which has Swift"),
];

/// The same, where the program is not there already: Node comes from elsewhere too, as one package that Debian's do not go together with.
const NODE: &[(&str, &str, &str)] =
    &[("nodejs", "node", "drives a browser through the demo's site"), ("npm", "npm", "brings what does so, by a pinned list")];

/// Pinned packages of npm: what drives the browser, and the judge of accessibility.
const NODE_LISTS: [&str; 2] = ["tests/web/package.json", "tests/web/package-lock.json"];

/// Environment and pinned Python packages: pyHanko as judge and producer, the others as producers.
const JUDGES: (&str, &str) = ("venv", "tests/interop/requirements.txt");
/// The same for the judge of the service's contract, whose packages need not go together with those.
const CONTRACT: (&str, &str) = ("venv-contract", "server/tests/schemathesis/requirements.txt");

/// Folder of the cache, pinned list and what comes from Maven.
const VERAPDF: (&str, &str, &str) = ("verapdf", "tests/interop/verapdf/pom.xml", "veraPDF, the judge of PDF/A and PDF/UA");
const EU_DSS: (&str, &str, &str) =
    ("eu_dss", "tests/interop/eu_dss/pom.xml", "EU DSS, judge and maker of levels, with the schema of ETSI TS 119 102-2");

/// certval as a judge of certificate paths, a workspace of its own with its own list of crates.
const CERTVAL: &str = "tests/certval/Cargo.toml";

/// The licence, ban and source checker.
pub(crate) const CARGO_DENY: (&str, &str) = ("cargo-deny", "0.20.2");

/// Builds and runs the fuzz targets; installed by the command that needs it.
pub(crate) const CARGO_FUZZ: (&str, &str) = ("cargo-fuzz", "0.13.2");

/// Makes ready what can be made ready here, once Debian's packages are there. Gives the tools that are missing and how to get each; empty is ready.
pub(crate) fn make_ready() -> Vec<String> {
    let mut missing = Vec::new();
    missing.extend(virtual_environment(JUDGES).err());
    missing.extend(virtual_environment(CONTRACT).err());
    missing.extend(maven(VERAPDF).err());
    missing.extend(maven(EU_DSS).err());
    missing.extend(cargo_tool(CARGO_DENY).err());
    missing.extend(certval().err());
    missing.extend(node_packages().err());
    missing.extend(swift().err());
    missing
}

/// Swift for Linux comes with Debian 13, which is unpacked in a folder of its own: this machine's packages stay as they are.
fn swift() -> Result<(), String> {
    let folder = place::swift();
    if place::has_swift() {
        return Ok(());
    }
    if place::program("debootstrap").is_none() || !is_root() {
        return Err("Swift (as root on Debian it is unpacked into the cache folder)".to_owned());
    }
    println!("unpacking Debian 13 with Swift (3.4 GB, a few minutes, once)");
    let told = |error: String| format!("Swift ({error})");
    // What an interrupted run left is no Debian.
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| told(error.to_string()))?;
    }
    let quiet =
        |command: &mut Command| steps::run(command.env("DEBIAN_FRONTEND", "noninteractive").stdin(Stdio::null()).stdout(Stdio::null()));
    let debootstrap = ["--variant=minbase", "--include=ca-certificates", "trixie"];
    quiet(Command::new("debootstrap").args(debootstrap).arg(&folder)).map_err(told)?;
    let inside = |arguments: &[&str]| quiet(Command::new("chroot").arg(&folder).args(arguments)).map_err(told);
    inside(&["apt-get", "update", "-qq"])?;
    let packages = ["swiftlang", "libc6-dev", "libstdc++-14-dev", "g++", "git", "tzdata", "libssl-dev"];
    inside(&[&["apt-get", "install", "-y", "-qq", "--no-install-recommends"][..], &packages].concat())?;
    inside(&["apt-get", "clean"])?;
    if place::has_swift() { Ok(()) } else { Err(told("the packages brought no Swift".to_owned())) }
}

/// Debian's packages; what the compiler needs of the system is among them.
pub(crate) fn system_packages() -> Result<(), String> {
    if place::program("dpkg-query").is_none() {
        let wanted = SYSTEM.iter().chain(NODE);
        let absent: Vec<&str> =
            wanted.filter(|(_, name, _)| !name.is_empty() && place::program(name).is_none()).map(|(_, name, _)| *name).collect();
        return if absent.is_empty() {
            Ok(())
        } else {
            Err(format!("programs {}: install them with this system's package manager", absent.join(" ")))
        };
    }
    let node = NODE.iter().filter(|(_, name, _)| place::program(name).is_none());
    let absent: Vec<&str> = SYSTEM.iter().chain(node).map(|(package, _, _)| *package).filter(|package| !is_installed(package)).collect();
    if absent.is_empty() {
        return Ok(());
    }
    for (package, _, purpose) in SYSTEM.iter().chain(NODE).filter(|(package, _, _)| absent.contains(package)) {
        println!("missing: {package} ({purpose})");
    }
    install(&absent)
}

/// What a step that runs at wish needs beside the rest: packages of Debian's, each with a program it brings.
pub(crate) fn packages(wanted: &[(&str, &str)]) -> Result<(), String> {
    let absent: Vec<&str> = wanted.iter().filter(|(_, program)| place::program(program).is_none()).map(|(package, _)| *package).collect();
    if absent.is_empty() { Ok(()) } else { install(&absent) }
}

/// Rust's own libraries for other machines, which come from rustup alone.
pub(crate) fn rust_targets(triples: &[&str]) -> Result<(), String> {
    let output =
        Command::new("rustc").args(["--print", "sysroot"]).current_dir(place::root()).output().map_err(|error| error.to_string())?;
    let libraries = Path::new(String::from_utf8_lossy(&output.stdout).trim()).join("lib/rustlib");
    let absent: Vec<&str> = triples.iter().copied().filter(|triple| !libraries.join(triple).join("lib").is_dir()).collect();
    if absent.is_empty() {
        return Ok(());
    }
    let command = format!("rustup target add {}", absent.join(" "));
    steps::run(Command::new("rustup").args(["target", "add"]).args(&absent).current_dir(place::root()))
        .map_err(|error| format!("{command} ({error})"))
}

fn install(absent: &[&str]) -> Result<(), String> {
    if !is_root() || place::program("apt-get").is_none() {
        return Err(format!("sudo apt-get install --no-install-recommends {}", absent.join(" ")));
    }
    let apt = |arguments: &[&str]| {
        steps::run(Command::new("apt-get").env("DEBIAN_FRONTEND", "noninteractive").args(arguments).stdin(Stdio::null()))
    };
    apt(&["update", "-qq"])?;
    let mut arguments = vec!["install", "-y", "-qq", "--no-install-recommends"];
    arguments.extend(absent);
    apt(&arguments)
}

fn is_installed(package: &str) -> bool {
    let query = Command::new("dpkg-query").args(["-W", "-f", "${db:Status-Abbrev}", package]).stderr(Stdio::null()).output();
    query.is_ok_and(|output| output.stdout.starts_with(b"ii"))
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// The virtual environment carries a copy of the list it was made from: another list, another installation.
fn virtual_environment((name, list): (&str, &str)) -> Result<(), String> {
    let wanted = fs::read_to_string(place::root().join(list)).map_err(|error| format!("{list}: {error}"))?;
    let folder = place::cache().join(name);
    let (made_from, python) = (folder.join("requirements.txt"), folder.join("bin/python"));
    if fs::read_to_string(&made_from).is_ok_and(|have| have == wanted) && python.is_file() {
        return Ok(());
    }
    println!("making the Python environment with {list}");
    let told = |error: String| format!("Python packages of {list} ({error})");
    let create = ["-m", "venv", "--clear"];
    steps::run(Command::new("python3").args(create).arg(&folder)).map_err(told)?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "-r", list];
    steps::run(Command::new(&python).args(install).current_dir(place::root())).map_err(told)?;
    fs::write(&made_from, wanted).map_err(|error| told(error.to_string()))
}

/// What npm's list names, with no script of theirs run. As above, the folder carries the list it was made from.
pub(crate) fn node_packages() -> Result<(), String> {
    let told = |error: String| format!("packages of {} ({error})", NODE_LISTS[1]);
    let folder = place::node();
    let lists = NODE_LISTS.map(|list| (place::root().join(list), folder.join(list.rsplit('/').next().unwrap_or(list))));
    let made_from = folder.join("node_modules/.made-from");
    let wanted =
        lists.iter().map(|(from, _)| fs::read_to_string(from)).collect::<Result<String, _>>().map_err(|error| told(error.to_string()))?;
    if fs::read_to_string(&made_from).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    if place::program("npm").is_none() || place::program("node").is_none() {
        return Err(told("no Node or no npm".to_owned()));
    }
    println!("fetching what drives a browser with {}", NODE_LISTS[1]);
    fs::create_dir_all(&folder).map_err(|error| told(error.to_string()))?;
    for (from, to) in &lists {
        fs::copy(from, to).map_err(|error| told(error.to_string()))?;
    }
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
    steps::run(Command::new("npm").args(install).current_dir(&folder).stdin(Stdio::null())).map_err(told)?;
    fs::write(&made_from, wanted).map_err(|error| told(error.to_string()))
}

/// What a list of Maven's names, from Maven Central into `lib` of a folder of the cache. As above, the folder carries the list it was made from.
fn maven((name, list, what): (&str, &str, &str)) -> Result<(), String> {
    let told = |error: String| format!("{what} ({error})");
    let wanted = fs::read_to_string(place::root().join(list)).map_err(|error| told(error.to_string()))?;
    let folder = place::cache().join(name);
    let made_from = folder.join("pom.xml");
    if fs::read_to_string(&made_from).is_ok_and(|have| have == wanted) {
        return Ok(());
    }
    if place::program("mvn").is_none() || place::program("java").is_none() {
        return Err(told("no Maven or no Java".to_owned()));
    }
    println!("fetching {what} with {list}");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(|error| told(error.to_string()))?;
    }
    let mut maven = Command::new("mvn");
    maven.args(["-q", "-B", "-ntp", "-f", list, "dependency:copy-dependencies"]).current_dir(place::root());
    maven.arg(format!("-DoutputDirectory={}", folder.join("lib").display()));
    steps::run(&mut maven).map_err(told)?;
    fs::write(&made_from, wanted).map_err(|error| told(error.to_string()))
}

/// Where the judge of certificate paths is.
pub(crate) fn certval_path() -> std::path::PathBuf {
    place::cache().join("tools/certval/debug/certval-judge")
}

/// Built by its own lock file; where nothing changed, cargo does nothing.
fn certval() -> Result<(), String> {
    if !certval_path().is_file() {
        println!("building {CERTVAL}, a judge of certificate paths (a few minutes, once)");
    }
    let mut build = place::cargo(&["build", "--quiet", "--locked", "--manifest-path", CERTVAL, "--target-dir"]);
    build.arg(place::cache().join("tools/certval"));
    steps::run(&mut build).map_err(|error| format!("the judge of certificate paths, {CERTVAL} ({error})"))
}

/// Where a tool built from its published source is kept. The folder carries the version: a new pin, a new folder.
pub(crate) fn cargo_tool_path((name, version): (&str, &str)) -> std::path::PathBuf {
    place::cache().join("tools").join(format!("{name}-{version}")).join("bin").join(name)
}

pub(crate) fn cargo_tool(tool: (&str, &str)) -> Result<(), String> {
    let (name, version) = tool;
    let path = cargo_tool_path(tool);
    if path.is_file() {
        return Ok(());
    }
    println!("building {name} {version} (a few minutes, once)");
    let root = place::cache().join("tools").join(format!("{name}-{version}"));
    let mut install = place::cargo(&["install", "--quiet", "--locked", "--version", version, name, "--root"]);
    // The tool runs for seconds: half the time to build it is worth more than its speed.
    let quick = [("OPT_LEVEL", "1"), ("LTO", "off"), ("CODEGEN_UNITS", "16"), ("DEBUG", "0")];
    // Not where our own crates are built, which may be under way.
    install.env_remove("CARGO_TARGET_DIR");
    install.arg(&root).envs(quick.map(|(key, value)| (format!("CARGO_PROFILE_RELEASE_{key}"), value)));
    steps::run(&mut install).map_err(|error| format!("cargo install --locked {name}@{version} ({error})"))
}
