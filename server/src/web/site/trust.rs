//! The trust page: takes the authorities and what their services say just now, gives where they are, what they are known by, and whether they answer.

use super::html::Html;
use super::page::{self, Place};
use super::sessions::Visitor;
use super::{Site, health};
use crate::failure::Failure;
use crate::random;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;
use thrivosign::pki::Certificate;

const PAGE: &str = include_str!("../../../site/trust.html");
const SERVICE: &str = include_str!("../../../site/service.html");
const AUTHORITY: &str = include_str!("../../../site/authority.html");

/// The page.
pub(super) async fn trust(State(site): State<Arc<Site>>, visitor: Visitor) -> Response {
    let (known, asked) = match site.health.ask(&site.service).await {
        Ok(known) => known,
        Err(failure) => return page::refused(failure.into()),
    };
    let [issuing, root] = site.service.trust.authorities();
    let authorities = [("Root", root), ("Issuing CA", issuing)].map(|(role, der)| authority(role, der));
    let authorities: Result<Vec<Html>, Failure> = authorities.into_iter().collect();
    match authorities {
        Ok(authorities) => {
            let services = Html::all(known.iter().map(service));
            let asked = Html::text(&asked.to_string());
            let slots = [("authorities", &Html::all(authorities)), ("services", &services), ("asked", &asked)];
            page::page(&visitor, Place::Trust, &Html::ours("Trust services"), &Html::fill(PAGE, &slots))
        }
        Err(failure) => page::refused(failure.into()),
    }
}

fn authority(role: &'static str, der: &[u8]) -> Result<Html, Failure> {
    let certificate = Certificate::from_der(der).map_err(Failure::at("an authority's certificate is damaged"))?;
    let slots = [
        ("role", &Html::ours(role)),
        ("subject", &Html::text(&certificate.subject_text())),
        ("until", &Html::text(&certificate.not_after().to_string())),
        ("sha256", &Html::text(&random::hex(&certificate.sha256()))),
    ];
    Ok(Html::fill(AUTHORITY, &slots))
}

fn service(known: &health::Known) -> Html {
    let (state, words, said) = match &known.said {
        Ok(said) => ("clean", "answers", said),
        Err(fault) => ("failed", "does not answer as it should", fault),
    };
    let last = known.last.map_or_else(
        || Html::ours("not since the server began"),
        |at| Html::fill("<time>{{at}}</time>", &[("at", &Html::text(&at.to_string()))]),
    );
    let slots = [
        ("name", &Html::ours(known.name)),
        ("url", &Html::text(&known.url)),
        ("state", &Html::ours(state)),
        ("words", &Html::ours(words)),
        ("said", &Html::text(said)),
        ("last", &last),
        ("took", &Html::text(&known.took.as_millis().to_string())),
    ];
    Html::fill(SERVICE, &slots)
}
