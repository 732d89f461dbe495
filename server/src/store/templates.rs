//! Templates: an agreement of the user's, and which role signs it where. While there is a template of it, an agreement is nothing else.

use super::Stored;
use super::engine::{Optional, Read, Row, Transaction, Unread, params};
use crate::failure::Failure;
use thrivosign::Time;
use thrivosign::remote::package::Place;
use thrivosign::remote::template::{RolePlace, Template};

/// A place as it is stored.
type Kept = (String, u32, Option<String>, Option<u32>, Option<[f64; 4]>);

/// Adds a template of that user.
pub(crate) fn add(tx: &Transaction<'_>, new: &Template, user: &str, now: Time) -> Stored<()> {
    let kept = |one: &RolePlace| -> Kept { (one.role.clone(), one.order, one.place.field.clone(), one.place.page, one.place.rect) };
    let places: Vec<Kept> = new.places.iter().map(kept).collect();
    let places = serde_json::to_string(&places).map_err(Failure::at("cannot store places"))?;
    tx.execute(
        "INSERT INTO templates (id, user_id, name, document_id, places, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![new.template_id, user, new.name, new.document_id, places, now.unix()],
    )?;
    Ok(())
}

fn from_row(row: &Row<'_>) -> Read<Template> {
    let places: String = row.get(3)?;
    let places: Vec<Kept> = serde_json::from_str(&places).map_err(|_| Unread::strange())?;
    let place = |(role, order, field, page, rect): Kept| RolePlace { role, order, place: Place { field, page, rect } };
    Ok(Template { template_id: row.get(0)?, name: row.get(1)?, document_id: row.get(2)?, places: places.into_iter().map(place).collect() })
}

/// The user's own template of that id.
pub(crate) fn of_user(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<Option<Template>> {
    let sql = "SELECT id, name, document_id, places FROM templates WHERE id = ?1 AND user_id = ?2";
    tx.query_row(sql, [id, user], from_row).optional()
}

/// The user's own templates, newest first, at most so many.
pub(crate) fn list(tx: &Transaction<'_>, user: &str, most: u32) -> Stored<Vec<Template>> {
    tx.query_all(
        "SELECT id, name, document_id, places FROM templates WHERE user_id = ?1 ORDER BY rowid DESC LIMIT ?2",
        params![user, most],
        from_row,
    )
}

/// Whether there is a template of that agreement.
pub(crate) fn holds(tx: &Transaction<'_>, document: &str) -> Stored<bool> {
    Ok(tx.query_row("SELECT EXISTS (SELECT 1 FROM templates WHERE document_id = ?1)", [document], |row| row.get(0))?)
}

/// Removes the user's own template; false if there is none.
pub(crate) fn remove(tx: &Transaction<'_>, id: &str, user: &str) -> Stored<bool> {
    Ok(tx.execute("DELETE FROM templates WHERE id = ?1 AND user_id = ?2", [id, user])? == 1)
}
