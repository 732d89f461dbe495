//! `cargo xtask`: the project's own commands.
//!
//! Takes a command line, gives an exit status. Builds with the standard library alone, so that the first command of a
//! newcomer starts at once; what needs the library is built by the step that needs it.

// The project's tool box is an edge by nature: it runs programs, reads files and tells the time.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)]

mod checks;
mod place;
mod steps;
mod tools;

use std::process::ExitCode;

const USAGE: &str = "\
The project's own commands.

usage: cargo xtask <command>

  test [--long]   install what the tests need (Debian, as root; elsewhere say what is missing) and run everything
                  that a change must pass: format, lint, licences, unit and interoperation tests, documentation
                  --long adds what takes more than a minute and guards against rare breakage
  ci [--long]     the same, but a missing tool is a failure instead of a skip (CI=true does the same to `test`)
  bench [--quick] [--write]
                  measure against references in the same run (several minutes, 5 GB in the cache folder); --write puts
                  the tables into docs/performance.md
  help            this text

Tools and test documents are kept in ${XDG_CACHE_HOME:-~/.cache}/thrivosign, outside the work tree.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["test"] => checks::everything(place::in_ci(), false),
        ["test", "--long"] => checks::everything(place::in_ci(), true),
        ["ci"] => checks::everything(true, false),
        ["ci", "--long"] => checks::everything(true, true),
        ["bench", options @ ..] if options.iter().all(|word| ["--quick", "--write"].contains(word)) => checks::bench(options),
        ["help" | "--help" | "-h"] | [_, "--help" | "-h"] => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        _ => {
            eprint!("{USAGE}");
            ExitCode::from(2)
        }
    }
}
