//! The inspect room: actions (ISO 32000-2 12.6). Takes dictionaries that may start one, gives markers.

use super::{Risk, Search};
use crate::error::Result;
use crate::pdf::{Dictionary, Object, ObjectId};

/// Actions of one chain that are followed.
const MAX_CHAIN: usize = 64;

/// `/OpenAction`, `/AA` and the scripts by name.
pub(super) fn of_catalog(search: &mut Search<'_>, catalog: &Dictionary) -> Result<()> {
    if let Some(open) = catalog.get(b"OpenAction") {
        chain(search, open, None, true)?;
    }
    triggers(search, catalog, None)?;
    let names = search.view.get_dict(catalog, b"Names")?.unwrap_or_default();
    if let Some(scripts) = search.view.get_dict(&names, b"JavaScript")?
        && (scripts.get(b"Kids").is_some() || search.view.get_array(&scripts, b"Names")?.is_none_or(|names| !names.is_empty()))
    {
        search.mark(Risk::Script, names.get(b"JavaScript").and_then(Object::as_reference), None);
    }
    Ok(())
}

/// The actions of `/AA`, which run by themselves.
pub(super) fn triggers(search: &mut Search<'_>, owner: &Dictionary, page: Option<u64>) -> Result<()> {
    let Some(triggers) = search.view.get_dict(owner, b"AA")? else { return Ok(()) };
    for (_, action) in triggers.iter() {
        chain(search, action, page, true)?;
    }
    Ok(())
}

/// An action and those that `/Next` names. `automatic`: nobody has to click.
pub(super) fn chain(search: &mut Search<'_>, action: &Object, page: Option<u64>, automatic: bool) -> Result<()> {
    let mut open: Vec<(Object, Option<ObjectId>)> = vec![(action.clone(), action.as_reference())];
    let mut followed = 0;
    while let Some((action, id)) = open.pop() {
        followed += 1;
        if followed > MAX_CHAIN {
            search.skip("actions", "there is too much of it", page);
            return Ok(());
        }
        // A destination is an array, a name or a string and does no more than turn to a page.
        let Some(dict) = search.dict(&action)? else { continue };
        let kind = search.view.get(&dict, b"S")?;
        let risk = match kind.as_name().unwrap_or_default() {
            b"JavaScript" => Some(Risk::Script),
            b"Launch" => Some(Risk::Launch),
            b"GoToR" | b"GoToE" | b"ImportData" | b"SubmitForm" => Some(Risk::ExternalContent),
            b"Sound" | b"Movie" | b"Rendition" | b"RichMediaExecute" | b"GoTo3DView" => Some(Risk::Multimedia),
            b"GoTo" | b"GoToDp" | b"Named" | b"Thread" => None,
            b"URI" if !automatic => None,
            // Hiding fields or switching layers changes what is shown, at a click or without; so may an unknown action.
            _ => Some(Risk::AutomaticAction),
        };
        if let Some(risk) = risk {
            search.mark(risk, id, page);
        }
        if let Some(next) = dict.get(b"Next") {
            match search.view.resolve(next)? {
                Object::Array(items) => open.extend(items.into_iter().take(MAX_CHAIN).map(|item| (item.clone(), item.as_reference()))),
                _ => open.push((next.clone(), next.as_reference())),
            }
        }
    }
    Ok(())
}
