//! `thrivosign template`: what is signed again and again by other people. A template says which role signs where; used with a person for each role, it
//! makes a package.

use crate::output::{self, Exit};
use crate::package;
use crate::place::visible;
use crate::progress::Bar;
use crate::state::{State, StateArgs};
use clap::{Args, Subcommand};
use serde_json::json;
use std::path::PathBuf;
use thrivosign::Result;
use thrivosign::journey::Input;
use thrivosign::journey::packages::Place;
use thrivosign::journey::templates::{self, RolePlace, Template};

/// What is signed again and again by other people: an agreement, and which role signs it where.
#[derive(Args)]
#[command(after_help = "Examples:
  thrivosign template create Lease lease.pdf --role tenant=1,1,72,72,200,60 --role bank=2      # tpl-..
  thrivosign template use tpl-.. tenant=ben@bank.example bank=anna@bank.example               # pkg-.., a draft
  thrivosign package share pkg-..")]
pub(crate) struct Templates {
    #[command(flatten)]
    state: StateArgs,
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Sends a document and makes a template of it.
    Create {
        /// The name, which is that of packages made of it.
        #[arg(value_name = "NAME")]
        name: String,
        /// The document.
        #[arg(value_name = "IN")]
        input: PathBuf,
        /// A signature: the role; its order, and whoever has a lower one signs before; the box as `package assign --visible` takes it, otherwise the
        /// person's choice. May be repeated.
        #[arg(long = "role", value_name = "ROLE=ORDER[,PAGE,X,Y,W,H]", required = true, value_parser = role)]
        roles: Vec<RolePlace>,
    },
    /// Lists the user's templates, the newest first.
    List,
    /// Makes a package, a draft, of a template.
    Use {
        /// The template.
        #[arg(value_name = "TEMPLATE")]
        template: String,
        /// For each role the name that the person logs in with.
        #[arg(value_name = "ROLE=USER", required = true, value_parser = cast)]
        cast: Vec<(String, String)>,
        /// After how many days the package ends by itself; otherwise after 30.
        #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u64).range(1..=366))]
        days: Option<u64>,
    },
    /// Removes a template; packages that were made of it stay.
    Delete {
        /// The template.
        #[arg(value_name = "TEMPLATE")]
        template: String,
    },
}

/// `ROLE=ORDER[,PAGE,X,Y,W,H]`.
fn role(text: &str) -> std::result::Result<RolePlace, String> {
    let wrong = || "expected ROLE=ORDER or ROLE=ORDER,PAGE,X,Y,W,H, such as tenant=1,1,72,72,200,60".to_owned();
    // The order and the box have no sign of equality: a role may.
    let (role, rest) = text.rsplit_once('=').filter(|(role, _)| !role.is_empty()).ok_or_else(wrong)?;
    let (order, place) = match rest.split_once(',') {
        Some((order, rest)) => (order, package::place(None, Some(&visible(rest)?))),
        None => (rest, Place::default()),
    };
    let order = order.trim().parse().ok().filter(|order| (1..=1000).contains(order)).ok_or_else(wrong)?;
    Ok(RolePlace { role: role.to_owned(), order, place })
}

/// `ROLE=USER`.
fn cast(text: &str) -> std::result::Result<(String, String), String> {
    let parts = text.rsplit_once('=').filter(|(role, user)| !role.is_empty() && !user.is_empty());
    parts.map(|(role, user)| (role.to_owned(), user.to_owned())).ok_or_else(|| "expected ROLE=USER".to_owned())
}

pub(crate) fn run(task: &Templates, json: bool) -> Result<Exit> {
    let state = State::open(&task.state)?;
    let (session, limits) = state.session()?;
    match &task.task {
        Task::Create { name, input, roles } => {
            let file_name = package::file_name(input);
            let bar = Bar::new("sending");
            let report = |done, total| bar.show(done, total);
            let made = templates::create_of(&session, name, (&Input::open(input)?, &file_name), roles.clone(), &limits, Some(&report));
            bar.clear();
            tell(&made?, json);
        }
        Task::List => templates::list(&session, &limits)?.iter().for_each(|template| tell(template, json)),
        Task::Use { template, cast, days } => {
            let cast: Vec<(&str, &str)> = cast.iter().map(|(role, user)| (role.as_str(), user.as_str())).collect();
            let expires_in = days.map(|days| days.saturating_mul(86_400));
            package::tell(&templates::apply(&session, template, &cast, expires_in, &limits)?, json);
        }
        Task::Delete { template } => {
            templates::remove(&session, template, &limits)?;
            let text = format!("deleted: {}", output::printable(template));
            output::line(&if json { json!({ "deleted": template }).to_string() } else { text });
        }
    }
    Ok(Exit::Clean)
}

fn tell(template: &Template, json: bool) {
    if json {
        let one = |one: &RolePlace| json!({ "role": one.role, "order": one.order, "field": one.place.field, "page": one.place.page, "rect": one.place.rect });
        let value = json!({
            "template": template.template_id,
            "name": template.name,
            "document": template.document_id,
            "roles": template.places.iter().map(one).collect::<Vec<_>>(),
        });
        return output::line(&value.to_string());
    }
    output::line(&output::printable(&format!("{}  {}  of {}", template.template_id, template.name, template.document_id)));
    for one in &template.places {
        let at = one.place.page.map(|page| format!("  on page {page}")).unwrap_or_default();
        output::line(&output::printable(&format!("  {}. {}{at}", one.order, one.role)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_read_with_its_order_and_its_box() {
        let boxed = role("tenant=1,2,72,72,200,60").unwrap();
        assert_eq!((boxed.role.as_str(), boxed.order, boxed.place.page), ("tenant", 1, Some(2)));
        assert_eq!(boxed.place.rect, Some([72.0, 72.0, 200.0, 60.0]));
        let free = role("a=b=7").unwrap();
        assert_eq!((free.role.as_str(), free.order, free.place), ("a=b", 7, Place::default()));
        for wrong in ["tenant", "=1", "tenant=", "tenant=0", "tenant=1001", "tenant=x", "tenant=1,", "tenant=1,1,2,3", "tenant=1,1,0,0,0,0"]
        {
            assert!(role(wrong).is_err(), "{wrong}");
        }
        assert_eq!(cast("a=b=c"), Ok(("a=b".to_owned(), "c".to_owned())));
        assert!(cast("tenant=").is_err() && cast("=ben").is_err() && cast("ben").is_err());
    }
}
