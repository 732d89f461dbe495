//! The outbox of the demo as a page of the site: takes what would have been sent, gives a table that goes on by itself.

use super::Site;
use super::html::Html;
use super::page::{self, Place};
use super::sessions::Visitor;
use axum::extract::State;
use axum::response::Response;
use serde_json::{Value, json};
use std::sync::Arc;

const PAGE: &str = include_str!("../../../site/outbox.html");
const ROW: &str = "<tr><td data-label=\"When\">{{at}}</td><td data-label=\"By\">{{channel}}</td><td data-label=\"To\">{{to}}</td>\
                   <td data-label=\"For\">{{purpose}}</td><td data-label=\"Code\" class=\"code\">{{code}}</td></tr>\n";

/// The page.
pub(super) async fn outbox(State(site): State<Arc<Site>>, visitor: Visitor) -> Response {
    let mut rows = Vec::new();
    if let Some(outbox) = site.service.outbox() {
        outbox.each(|message| {
            let slots = [
                ("at", &Html::text(&message.at.to_string())),
                ("channel", &Html::text(message.channel)),
                ("to", &Html::text(&message.to)),
                ("purpose", &Html::text(message.purpose)),
                ("code", &Html::text(&message.code)),
            ];
            rows.push(Html::fill(ROW, &slots));
        });
    }
    page::page(&visitor, Place::Outbox, &Html::ours("Outbox of the demo"), &Html::fill(PAGE, &[("rows", &Html::all(rows))]))
}

/// The same as a value, each message as a row.
pub(super) fn messages(site: &Site) -> Value {
    let mut rows = Vec::new();
    if let Some(outbox) = site.service.outbox() {
        outbox.each(|message| rows.push(json!([message.at.to_string(), message.channel, message.to, message.purpose, *message.code])));
    }
    Value::Array(rows)
}
