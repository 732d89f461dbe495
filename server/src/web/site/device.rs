//! This browser as a device: the page on which it becomes one, and the page on which it signs. Takes a visitor, gives the pages; what they do is done by
//! their scripts, through [`super::calls`].

use super::Site;
use super::html::Html;
use super::page::{self, Place};
use super::sessions::Visitor;
use crate::api::No;
use crate::random;
use crate::store::documents;
use crate::store::users;
use axum::extract::{Path, State};
use axum::response::Response;
use std::sync::Arc;
use thrivosign::remote::problem::ProblemType;

const THIS_BROWSER: &str = include_str!("../../../site/this_browser.html");
const PLACE: &str = include_str!("../../../site/place.html");

/// The browser as a device of the visitor's.
pub(super) async fn this_browser(State(site): State<Arc<Site>>, visitor: Visitor) -> Response {
    let (here, user) = (Arc::clone(&site), visitor.user.clone());
    let found = site
        .service
        .places()
        .enter(move || here.service.store.transact(|tx| users::by_id(tx, &user)?.ok_or_else(|| No::from(ProblemType::Forbidden))));
    match found.await {
        Ok(person) => {
            let slots = [("user", &Html::text(&person.id)), ("name", &Html::text(&person.name))];
            page::page(&visitor, Place::Device, &Html::ours("This browser as a device"), &Html::fill(THIS_BROWSER, &slots))
        }
        Err(no) => page::refused(no),
    }
}

/// One of the visitor's agreements, to be shown and signed.
pub(super) async fn place(State(site): State<Arc<Site>>, visitor: Visitor, Path(id): Path<String>) -> Response {
    let (here, user) = (Arc::clone(&site), visitor.user.clone());
    let found = site.service.places().enter(move || {
        here.service.store.transact(|tx| documents::listed(tx, &id, &user)?.ok_or_else(|| No::from(ProblemType::DocumentUnknown)))
    });
    match found.await {
        Ok(listed) => {
            let agreement = &listed.agreement;
            let slots = [
                ("id", &Html::text(&agreement.id)),
                ("user", &Html::text(&visitor.user)),
                ("sha256", &Html::text(&random::hex(&agreement.sha256))),
                ("pages", &Html::text(&agreement.pages.to_string())),
            ];
            page::page(&visitor, Place::Agreements, &Html::text(&listed.file_name), &Html::fill(PLACE, &slots))
        }
        Err(no) => page::refused(no),
    }
}
