//! What waits for the visitor: packages in which it is the visitor's turn to sign. Takes a user, gives a card, or nothing where nothing waits.

use super::Site;
use super::html::Html;
use crate::api::No;
use crate::store::{packages, users};
use thrivosign::remote::package::list::Show;

const CARD: &str = include_str!("../../../site/waiting.html");
const ROW: &str = include_str!("../../../site/waiting_row.html");
/// How many are shown.
const MOST: u32 = 20;

/// The card of that user.
pub(super) fn card(site: &Site, user: &str) -> Result<Html, No> {
    let now = site.service.now();
    let rows = site.service.store.transact(|tx| {
        let waiting = packages::list(tx, user, Show::Waiting, MOST, now)?;
        let row = |package: packages::Package| {
            let (id, name) = (Html::text(&package.id), Html::text(&package.name));
            let (owner, expires) = (Html::text(&users::username_of(tx, &package.owner)?), Html::text(&package.expires.to_string()));
            Ok(Html::fill(ROW, &[("id", &id), ("name", &name), ("owner", &owner), ("expires", &expires)]))
        };
        waiting.into_iter().map(row).collect::<Result<Vec<_>, No>>()
    })?;
    Ok(if rows.is_empty() { Html::default() } else { Html::fill(CARD, &[("rows", &Html::all(rows))]) })
}
