//! What README and docs show is what runs: every fence of a programming language stands in a program that the tests compile and run.
//!
//! Lines are compared without their comments and without their indentation, so that a page can say more or less beside them.

// Tests are an edge: they read files.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

use std::fs;
use std::path::{Path, PathBuf};

/// Programs that are compiled and run, by the language of the fence.
const PROGRAMS: &[(&str, &[&str])] = &[
    ("rust", &["xtask/src/demo/mod.rs", "xtask/src/demo/customer.rs", "src/journey/requests/tests.rs", "server/tests/pages.rs"]),
    ("c", &["samples/c/whole_job.c", "tests/c/documented.c", "tests/c/approvals.c", "tests/c/filling.c"]),
    ("cmake", &["samples/c/CMakeLists.txt"]),
    (
        "cpp",
        &[
            "samples/cpp/whole_job.cpp",
            "tests/c/skin_documented.cpp",
            "tests/c/skin_returning_documented.cpp",
            "tests/c/skin_approvals.cpp",
            "tests/c/skin_filling.cpp",
        ],
    ),
    (
        "kotlin",
        &[
            "samples/kotlin/WholeJob.kt",
            "android/lib/src/test/kotlin/com/thrivosign/DocumentedTest.kt",
            "android/lib/src/test/kotlin/com/thrivosign/ApprovalsTest.kt",
            "android/lib/src/test/kotlin/com/thrivosign/FillingTest.kt",
            "android/lib/src/test/kotlin/com/thrivosign/OfficerTest.kt",
            "android/sample/src/main/kotlin/com/thrivosign/sample/Account.kt",
            "android/sample/src/main/kotlin/com/thrivosign/sample/Agreement.kt",
            "android/sample/src/main/kotlin/com/thrivosign/sample/SampleApp.kt",
        ],
    ),
    ("java", &["samples/java/WholeJob.java"]),
    ("xml", &["tests/jvm/pom.xml"]),
    (
        "swift",
        &[
            "samples/swift/Sample/main.swift",
            "ios/linux/Tests/BordersTests/DocumentedTests.swift",
            "ios/linux/Tests/BordersTests/ApprovalsTests.swift",
            "ios/linux/Tests/BordersTests/FillingTests.swift",
            "ios/linux/apple/Tests/EnclaveTests/WholeJobTests.swift",
            "ios/Sample/ThrivoSignSample.swiftpm/Flow/Account.swift",
        ],
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// README and every page under docs.
fn pages() -> Vec<PathBuf> {
    let (mut pages, mut folders) = (vec![root().join("README.md")], vec![root().join("docs")]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|is| is == "md") {
                pages.push(path);
            }
        }
    }
    pages.sort();
    pages
}

/// Place, language and lines of every fence.
fn fences() -> Vec<(String, String, Vec<String>)> {
    let mut found = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(&page).unwrap();
        let mut lines = text.lines().enumerate();
        while let Some((at, line)) = lines.next() {
            let Some(language) = line.trim_start().strip_prefix("```") else { continue };
            let inside = lines.by_ref().map(|(_, line)| line.to_owned()).take_while(|line| line.trim() != "```").collect();
            let place = format!("{}:{}", page.strip_prefix(root()).unwrap().display(), at + 1);
            found.push((place, language.split(',').next().unwrap_or_default().trim().to_owned(), inside));
        }
    }
    found
}

/// The line as it counts: without comment and indentation.
fn plain(line: &str) -> &str {
    let ends = [" //", " /*", " # "].iter().filter_map(|mark| line.find(mark)).min();
    let line = line[..ends.unwrap_or(line.len())].trim();
    if line.starts_with("//") { "" } else { line }
}

fn counted(text: &str) -> Vec<&str> {
    text.lines().map(plain).filter(|line| !line.is_empty()).collect()
}

/// The first line of the fence that is none of the program. In what order it does things is the program's own: a page may show the end first.
fn missing<'f>(fence: &'f [String], program: &str) -> Option<&'f str> {
    let lines = counted(program);
    fence.iter().map(|line| plain(line)).filter(|line| !line.is_empty()).find(|line| !lines.contains(line))
}

#[test]
fn every_fence_of_a_language_stands_in_a_program_that_runs() {
    let mut seen = 0;
    for (place, language, fence) in fences() {
        if ["console", "sh", "text", "json"].contains(&language.as_str()) {
            continue;
        }
        let (_, programs) = PROGRAMS.iter().find(|(name, _)| *name == language).unwrap_or_else(|| panic!("{place}: fence of {language:?}"));
        let read = |path: &&str| fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let absent: Vec<_> = programs.iter().map(|path| (path, missing(&fence, &read(path)).map(str::to_owned))).collect();
        assert!(absent.iter().any(|(_, line)| line.is_none()), "{place}: stands in no program; the first line that does not: {absent:#?}");
        seen += 1;
    }
    assert!(seen > 30, "{seen} fences");
}

/// What the pages tell to run of the project's own is one of its commands; what they show of `thrivosign` is run by `cli/tests/command/pages.rs`.
#[test]
fn every_command_of_the_project_that_is_shown_is_one() {
    let help = fs::read_to_string(root().join("xtask/src/main.rs")).unwrap();
    let mut seen = 0;
    for (place, _, fence) in fences().into_iter().filter(|(_, language, _)| ["console", "sh"].contains(&language.as_str())) {
        for shown in fence.iter().flat_map(|line| line.split("cargo xtask ").skip(1)) {
            let command = shown.split_whitespace().next().unwrap_or_default();
            assert!(help.lines().any(|line| line.trim_start().split(' ').next() == Some(command)), "{place}: no command {command:?}");
            seen += 1;
        }
    }
    assert!(seen >= 8, "{seen} commands");
}

#[test]
fn the_readme_shows_its_programs_where_a_reader_sees_them() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for (language, program) in [("rust", 0), ("c", 0), ("kotlin", 0), ("swift", 0)] {
        let mut inside = readme.lines().take(60).skip_while(|line| *line != format!("```{language}")).skip(1);
        let block: Vec<String> = inside.by_ref().take_while(|line| *line != "```").map(str::to_owned).collect();
        assert!((2..=4).contains(&block.len()), "{language} within the first 60 lines");
        let path = PROGRAMS.iter().find(|(name, _)| *name == language).unwrap().1[program];
        assert_eq!(missing(&block, &fs::read_to_string(root().join(path)).unwrap()), None, "{path}");
    }
}

#[test]
fn a_line_that_is_not_there_is_found() {
    let fence = |lines: &[&str]| lines.iter().map(|&line| line.to_owned()).collect::<Vec<_>>();
    let program = "  a(1); // one\n\n  /* two */\n  b(2);\n";
    assert_eq!(missing(&fence(&["a(1);", "", "b(2);   // both"]), program), None);
    assert_eq!(missing(&fence(&["a(2);"]), program), Some("a(2);"));
    assert_eq!(plain("url = \"http://x/y\" // why"), "url = \"http://x/y\"");
}
