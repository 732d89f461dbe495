//! `thrivosign webhook`: where the service sends the events of the user's packages.

use crate::output::{self, Exit};
use crate::state::{State, StateArgs};
use clap::{Args, Subcommand};
use serde_json::json;
use thrivosign::Result;
use thrivosign::journey::webhooks::{self, Webhook};

/// Where the service sends the events of the user's packages.
#[derive(Args)]
#[command(after_help = "There is one address for each user. What is sent there is a signed token (docs/howto/packages.md):
  thrivosign webhook set https://bank.example/hook
  thrivosign webhook status
  thrivosign webhook remove")]
pub(crate) struct Webhooks {
    #[command(flatten)]
    state: StateArgs,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Has events sent there, in place of where they went before.
    #[command(visible_alias = "add")]
    Set {
        /// An https address.
        #[arg(value_name = "URL")]
        url: String,
    },
    /// Says where events go, and how many wait.
    #[command(visible_alias = "list")]
    Status,
    /// Has no events sent any more.
    Remove,
}

pub(crate) fn run(task: &Webhooks, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let (session, limits) = state.session()?;
    match &task.task {
        Task::Set { url } => tell(&webhooks::set(&session, url, &limits)?, json),
        Task::Status => tell(&webhooks::status(&session, &limits)?, json),
        Task::Remove => {
            webhooks::remove(&session, &limits)?;
            output::line(if json { "{\"removed\":true}" } else { "removed" });
        }
    }
    Ok(Exit::Clean)
}

fn tell(webhook: &Webhook, json: bool) {
    let Webhook { url, pending, failed } = webhook;
    output::line(&if json {
        json!({ "url": url, "pending": pending, "failed": failed }).to_string()
    } else {
        format!("{}  {pending} events wait, {failed} tries of the first failed", output::printable(url))
    });
}
