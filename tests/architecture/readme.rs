//! The program lines of the README are lines of programs that the tests compile and run, and stand where a reader sees them.

use std::fs;
use std::path::Path;

/// Each language and the program whose lines are shown.
const PROGRAMS: [(&str, &str); 4] = [
    ("rust", "xtask/src/demo/mod.rs"),
    ("c", "samples/c/whole_job.c"),
    ("kotlin", "samples/kotlin/WholeJob.kt"),
    ("swift", "samples/swift/Sample/main.swift"),
];
/// Where the README must have shown them.
const FIRST: usize = 60;

#[test]
fn the_readme_shows_lines_of_programs_that_are_run() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let mut shown = 0;
    for (language, program) in PROGRAMS {
        let text = fs::read_to_string(root.join(program)).unwrap();
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let mut inside = readme.lines().take(FIRST).skip_while(|line| *line != format!("```{language}")).skip(1);
        let block: Vec<&str> = inside.by_ref().take_while(|line| *line != "```").map(str::trim).collect();
        assert!(!block.is_empty(), "nothing in {language} within the first {FIRST} lines");
        for line in &block {
            assert!(lines.contains(line), "not a line of {program}: {line}");
        }
        shown += block.len();
    }
    assert_eq!(shown, 12);
}
