//! Live states as server-sent events: takes a visitor, gives a stream of what changed of his agreements and in the outbox. It ends with the session, with
//! the server, or after a while, and the browser asks anew.

use super::super::front::{refuse, send};
use super::Site;
use super::agreements;
use super::gate::answer;
use super::outbox;
use super::sessions::Visitor;
use crate::api::No;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use futures_util::stream;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use thrivosign::remote::problem::ProblemType;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, sleep};

/// How often the store is looked at.
const PACE: Duration = Duration::from_secs(1);
/// How long nothing is said: a browser that is gone is noticed by writing to it.
const SILENCE: Duration = Duration::from_secs(15);
/// How long a stream lasts.
const LONGEST: Duration = Duration::from_secs(600);

struct Live {
    site: Arc<Site>,
    visitor: Visitor,
    stop: watch::Receiver<bool>,
    /// What was said last, of either kind.
    said: [Option<Value>; 2],
    spoke: Instant,
    until: Instant,
    _place: OwnedSemaphorePermit,
}

/// The stream, where there is a place for one more.
pub(super) async fn events(State(site): State<Arc<Site>>, visitor: Visitor) -> Response {
    let Ok(place) = Arc::clone(&site.streams).try_acquire_owned() else {
        return send(refuse(ProblemType::Unavailable.into()).into());
    };
    let now = Instant::now();
    let stop = site.stop.clone();
    let live = Live { site, visitor, stop, said: [None, None], spoke: now, until: now + LONGEST, _place: place };
    let events = stream::unfold(live, |mut live| async move { live.next().await.map(|text| (Ok::<_, std::io::Error>(text), live)) });
    answer(StatusCode::OK, "text/event-stream", Body::from_stream(events))
}

impl Live {
    /// What is to be said next; `None` at the end.
    async fn next(&mut self) -> Option<String> {
        loop {
            let goes_on = self.site.sessions.goes_on(&self.visitor.key, self.site.service.now());
            if !goes_on || *self.stop.borrow() || Instant::now() >= self.until {
                return None;
            }
            let text = self.changes().await.ok()?;
            if !text.is_empty() || self.spoke.elapsed() >= SILENCE {
                self.spoke = Instant::now();
                return Some(if text.is_empty() { ":\n\n".to_owned() } else { text });
            }
            tokio::select! {
                () = sleep(PACE) => {}
                _ = self.stop.wait_for(|stop| *stop) => {}
            }
        }
    }

    async fn changes(&mut self) -> Result<String, No> {
        let (here, user) = (Arc::clone(&self.site), self.visitor.user.clone());
        let work = move || {
            let listed = agreements::of(&here, &user)?;
            let told = listed.iter().map(|listed| {
                let (code, words) = agreements::state(listed);
                let changed = listed.changed.to_string();
                json!({ "id": listed.agreement.id, "state": code, "words": words, "signatures": listed.agreement.signatures, "changed": changed })
            });
            Ok([Value::Array(told.collect()), outbox::messages(&here)])
        };
        let now = self.site.service.places().go_on(work).await?;
        let mut text = String::new();
        for ((kind, now), said) in ["agreements", "outbox"].into_iter().zip(now).zip(&mut self.said) {
            if said.as_ref() != Some(&now) {
                // JSON of serde has no line ends of its own, so that it is one line of data.
                text.push_str(&format!("event: {kind}\ndata: {now}\n\n"));
                *said = Some(now);
            }
        }
        Ok(text)
    }
}
