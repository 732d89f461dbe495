//! The `thrivosign` command: translates arguments, asks for secrets, prints. Whatever is about PDF, certificates or policy is the library's.
//!
//! Exit codes: 0 done, or every signature clean; 1 some signature not clean; 2 could not run; 3 no signature.

#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "a command is an edge: environment, its state folder, one thread for Ctrl-C"
)]

mod appearance;
mod batch;
mod carry;
mod certificates;
mod chain;
mod credential;
mod due;
mod enrolment;
mod evidence;
mod extend;
mod fields;
mod files;
mod inspect;
mod interrupt;
mod office;
mod output;
mod package;
mod place;
mod preflight;
mod progress;
mod raise;
mod remote;
mod restrict;
mod revisions;
mod secret;
mod service;
mod sign;
mod signer;
mod state;
mod template;
mod verify;
mod webhook;

use clap::{Parser, Subcommand};
use output::Exit;
use std::process::ExitCode;
use thrivosign::{Error, ErrorKind};

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
    Signatures(revisions::Signatures),
    Diff(revisions::Differences),
    Extract(revisions::Extract),
    Inspect(inspect::Inspect),
    Chain(chain::Chain),
    Extend(extend::Extend),
    Fields(fields::Fields),
    Login(service::Login),
    Logout(service::Logout),
    Keygen(service::Keygen),
    Device(service::Register),
    Enroll(enrolment::Enroll),
    Activate(enrolment::Activate),
    Renew(enrolment::Renew),
    List(service::List),
    Revoke(service::Revoke),
    NewCredential(credential::NewCredential),
    Approvals(credential::Approvals),
    Approve(credential::Approve),
    Package(package::Packages),
    Template(template::Templates),
    Webhook(webhook::Webhooks),
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(refused) => return usage(&refused),
    };
    let outcome = match arguments.task {
        Task::Sign(task) => sign::run(&task, arguments.json),
        Task::Verify(task) => Ok(verify::run(&task, arguments.json)),
        Task::Signatures(task) => Ok(revisions::list(&task, arguments.json)),
        Task::Diff(task) => revisions::differences(&task, arguments.json),
        Task::Extract(task) => revisions::extract(&task, arguments.json),
        Task::Inspect(task) => Ok(inspect::run(&task, arguments.json)),
        Task::Chain(task) => chain::run(&task, arguments.json),
        Task::Extend(task) => extend::run(&task, arguments.json),
        Task::Fields(task) => fields::run(&task, arguments.json),
        Task::Login(task) => service::login(&task, arguments.json),
        Task::Logout(task) => service::logout(&task, arguments.json),
        Task::Keygen(task) => service::keygen(&task, arguments.json),
        Task::Device(task) => service::device(&task, arguments.json),
        Task::Enroll(task) => enrolment::enroll(&task, arguments.json),
        Task::Activate(task) => enrolment::activate(&task, arguments.json),
        Task::Renew(task) => enrolment::renew(&task, arguments.json),
        Task::List(task) => service::list(&task, arguments.json),
        Task::Revoke(task) => service::revoke(&task, arguments.json),
        Task::NewCredential(task) => credential::new(&task, arguments.json),
        Task::Approvals(task) => credential::approvals(&task, arguments.json),
        Task::Approve(task) => credential::approve(&task, arguments.json),
        Task::Package(task) => package::run(&task, arguments.json),
        Task::Template(task) => template::run(&task, arguments.json),
        Task::Webhook(task) => webhook::run(&task, arguments.json),
    };
    let exit = outcome.unwrap_or_else(|error| {
        output::error(&error, None, arguments.json);
        Exit::CouldNotRun
    });
    exit.into()
}

/// Help, or what is wrong with the arguments; whoever asked for JSON gets the latter as an error like any other.
fn usage(refused: &clap::Error) -> ExitCode {
    use clap::error::{ContextKind, ErrorKind as Wrong};
    if !refused.use_stderr() || !std::env::args_os().any(|argument| argument == "--json") {
        refused.exit()
    }
    let mut context = refused.kind().as_str().unwrap_or("the arguments cannot be used").to_owned();
    // Names of arguments of ours; of one that is unknown, the text could be anything.
    let ours = matches!(
        refused.kind(),
        Wrong::ValueValidation | Wrong::InvalidValue | Wrong::MissingRequiredArgument | Wrong::ArgumentConflict | Wrong::NoEquals
    );
    if let (true, Some(which)) = (ours, refused.get(ContextKind::InvalidArg)) {
        context = format!("{context}: {which}");
    }
    output::error(&Error::new(ErrorKind::InvalidArgument).context(context), None, true);
    Exit::CouldNotRun.into()
}
