//! The `thrivosign` command: translates arguments, asks for secrets, prints. Whatever is about PDF, certificates or policy is the library's.
//!
//! Exit codes: 0 done, or every signature clean; 1 some signature not clean; 2 could not run; 3 no signature.

#![allow(clippy::disallowed_methods, reason = "a command reads its environment")]

mod inspect;
mod interrupt;
mod output;
mod progress;
mod secret;
mod sign;
mod verify;

use clap::{Parser, Subcommand};
use output::Exit;
use std::process::ExitCode;

/// Signs, verifies and inspects PDF documents.
#[derive(Parser)]
#[command(
    name = "thrivosign",
    version,
    after_help = "Exit codes: 0 done, all clean; 1 some signature not clean; 2 could not run; 3 no signature."
)]
struct Arguments {
    /// Answers in JSON, one line each; errors too.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    Sign(Box<sign::Sign>),
    Verify(verify::Verify),
    Inspect(inspect::Inspect),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.task {
        Task::Sign(task) => sign::run(*task, arguments.json),
        Task::Verify(task) => Ok(verify::run(&task, arguments.json)),
        Task::Inspect(task) => Ok(inspect::run(&task, arguments.json)),
    };
    let exit = outcome.unwrap_or_else(|error| {
        output::error(&error, None, arguments.json);
        Exit::CouldNotRun
    });
    exit.into()
}
