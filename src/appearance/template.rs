//! The appearance room: templates of lines. Takes a template and what its placeholders stand for, gives the line. What is put in is never
//! read as a template again, so that a name with a brace in it stays that name.

use crate::error::{Error, ErrorKind, Result};

/// What the placeholders stand for; empty where there is nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Values {
    /// `{name}`
    pub name: String,
    /// `{reason}`
    pub reason: String,
    /// `{date}`
    pub date: String,
    /// `{location}`
    pub location: String,
    /// `{serial}`
    pub serial: String,
}

/// The lines with `{name}`, `{reason}`, `{date}`, `{location}` and `{serial}` replaced; `{{` gives a brace. A line whose placeholders are
/// all empty is left out: `Reason: {reason}` shows nothing where no reason is given. A line without placeholders stays.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for a placeholder of another name, or one that does not end.
pub fn fill(templates: &[String], values: &Values) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    for template in templates {
        lines.extend(line(template, values)?);
    }
    Ok(lines)
}

fn line(template: &str, values: &Values) -> Result<Option<String>> {
    let wrong = || {
        Error::new(ErrorKind::InvalidArgument).context("a placeholder is one of {name} {reason} {date} {location} {serial}; {{ is a brace")
    };
    let (mut out, mut rest) = (String::new(), template);
    let (mut placeholders, mut filled) = (0, 0);
    while let Some(at) = rest.find('{') {
        let (before, opened) = rest.split_at(at);
        out.push_str(before);
        if let Some(behind) = opened.strip_prefix("{{") {
            out.push('{');
            rest = behind;
            continue;
        }
        let (name, behind) = opened.get(1..).and_then(|inside| inside.split_once('}')).ok_or_else(wrong)?;
        let value = match name {
            "name" => &values.name,
            "reason" => &values.reason,
            "date" => &values.date,
            "location" => &values.location,
            "serial" => &values.serial,
            _ => return Err(wrong()),
        };
        placeholders += 1;
        filled += usize::from(!value.is_empty());
        out.push_str(value);
        rest = behind;
    }
    out.push_str(rest);
    Ok((placeholders == 0 || filled > 0).then_some(out))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str) -> Result<Option<String>> {
        let values = Values { name: "Z {reason} {{".into(), date: "2026-11-24".into(), serial: "0F".into(), ..Values::default() };
        line(template, &values)
    }

    #[test]
    fn placeholders_are_filled_once() {
        assert_eq!(filled("Signed by {name} on {date}").unwrap().unwrap(), "Signed by Z {reason} {{ on 2026-11-24");
        assert_eq!(filled("{{name} } {serial}").unwrap().unwrap(), "{name} } 0F");
        assert_eq!(filled("plain").unwrap().unwrap(), "plain");
        assert_eq!(filled("").unwrap().unwrap(), "");
    }

    #[test]
    fn lines_with_nothing_to_say_are_left_out() {
        assert_eq!(filled("Reason: {reason}").unwrap(), None);
        assert_eq!(filled("{reason}{location}").unwrap(), None);
        assert_eq!(filled("{date}, {location}").unwrap().unwrap(), "2026-11-24, ");
        let templates = ["a".to_owned(), "{reason}".to_owned(), "{date}".to_owned()];
        assert_eq!(fill(&templates, &Values { date: "d".into(), ..Values::default() }).unwrap(), ["a", "d"]);
    }

    #[test]
    fn unknown_placeholders_are_refused_by_name_of_the_known() {
        for wrong in ["{nmae}", "{", "{}", "{ name}", "{name", "{Name}", "x{{{"] {
            let error = filled(wrong).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument, "{wrong}");
            assert!(format!("{error:?}").contains("{serial}"));
        }
    }
}
