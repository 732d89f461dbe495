//! A PDF that a page of ours sends: takes the request, gives a file with its name. The name is the sender's text.

use super::super::body::{self, Upload};
use super::super::front::{refuse, send};
use super::Site;
use super::gate;
use super::sessions::Visitor;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::Response;
use std::sync::Arc;
use thrivosign::remote::http::FILE_NAME;

/// What came in.
pub(super) struct Received {
    pub(super) visitor: Visitor,
    pub(super) upload: Upload,
    pub(super) headers: HeaderMap,
}

impl Received {
    /// A header of ours; empty if there is none.
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The file's name as it was sent: percent-encoded.
    pub(super) fn encoded_name(&self) -> &str {
        self.header(FILE_NAME)
    }
}

/// Receives at most so many bytes, from whoever is signed in and means it; nothing is read of anybody else's body.
pub(super) async fn receive(site: &Arc<Site>, request: Request, most: u64) -> Result<Received, Response> {
    let (mut parts, mut body) = request.into_parts();
    let received = async {
        let visitor = gate::meaning(site, &mut parts).await?;
        let mut limits = site.service.limits().clone();
        limits.document = limits.document.min(most);
        let upload = body::to_file(&mut body, site.service.documents(), &limits).await;
        Ok((visitor, upload.map_err(|no| send(refuse(no).into()))?))
    }
    .await;
    body::discard(body);
    let (visitor, upload) = received?;
    Ok(Received { visitor, upload, headers: parts.headers })
}
