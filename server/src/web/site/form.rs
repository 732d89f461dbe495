//! A form as a browser sends it: takes a body, gives its fields. What they say is whoever's text.

use super::super::body;
use super::Site;
use crate::api::No;
use thrivosign::remote::http::percent_decode;
use thrivosign::remote::problem::ProblemType;
use zeroize::Zeroizing;

/// Most bytes of a form.
const MOST: usize = 4 << 10;

/// The fields of a form.
pub(super) struct Fields(Vec<(String, Zeroizing<String>)>);

impl Fields {
    /// The field of that name; empty if there is none.
    pub(super) fn of(&self, name: &str) -> &str {
        self.0.iter().find(|(found, _)| found == name).map_or("", |(_, value)| value.as_str())
    }
}

/// Reads a form; nothing beyond its bound.
pub(super) async fn fields(site: &Site, mut form: axum::body::Body) -> Result<Fields, No> {
    let bytes = body::whole(&mut form, MOST, site.service.limits()).await;
    body::discard(form);
    let bytes = bytes?;
    let text = std::str::from_utf8(&bytes).map_err(|_| ProblemType::MalformedRequest)?;
    let decode = |part: &str| percent_decode(&Zeroizing::new(part.replace('+', " "))).ok_or(ProblemType::MalformedRequest);
    let pairs = text.split('&').filter_map(|pair| pair.split_once('='));
    Ok(Fields(pairs.map(|(name, value)| Ok((decode(name)?, Zeroizing::new(decode(value)?)))).collect::<Result<_, ProblemType>>()?))
}
