//! The inspect room: takes an inspection, gives lines for a person.

use super::Inspection;
use std::fmt::{self, Display, Formatter};

/// Text of a document for a terminal: no control, no change of direction, no end of the line.
struct Plain<'a>(&'a str);

impl Display for Plain<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            let direction = matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}');
            if c.is_control() || direction { write!(f, "{}", c.escape_unicode())? } else { write!(f, "{c}")? }
        }
        Ok(())
    }
}

/// The facts, then the markers, then what was not checked; a line each.
impl Display for Inspection {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "PDF {}, {} bytes, {} pages", self.version, self.size, self.pages)?;
        match &self.encryption {
            None => writeln!(f, "not encrypted")?,
            Some(e) => {
                let may = |allowed: bool, what: &'static str| allowed.then_some(what);
                let allowed: Vec<&str> = [
                    may(e.print, "print"),
                    may(e.modify, "modify"),
                    may(e.copy, "copy"),
                    may(e.annotate, "annotate"),
                    may(e.fill_forms, "fill forms"),
                    may(e.create_fields, "create fields"),
                ]
                .into_iter()
                .flatten()
                .collect();
                let who = if e.owner { "owner" } else { "user" };
                let allowed = if allowed.is_empty() { "nothing".to_owned() } else { allowed.join(", ") };
                writeln!(f, "encrypted: {}, revision {}, opened as {who}; users may {allowed}", e.method, e.revision)?;
            }
        }
        for (i, revision) in self.revisions.iter().enumerate() {
            let end = revision.end.map_or_else(|| "no proper end".to_owned(), |end| format!("to byte {end}"));
            writeln!(f, "revision {}: from byte {} {end}, cross-reference {}", i + 1, revision.start, revision.cross_references)?;
        }
        let ua = self.pdfua.as_ref().map(|ua| format!("PDF/UA-{}", ua.part));
        let claims: Vec<String> = self.pdfa.iter().map(ToString::to_string).chain(ua).collect();
        if !claims.is_empty() {
            writeln!(f, "claims to be {}", claims.join(" and "))?;
        }
        if self.tagged {
            writeln!(f, "tagged")?;
        }
        if let Some(level) = self.certification {
            writeln!(f, "certified, level {level}")?;
        }
        for field in &self.signature_fields {
            write!(f, "signature field {} ({}): ", Plain(&field.name), field.object)?;
            write!(f, "{}", if field.signed { "signed" } else { "empty" })?;
            if let Some(sub_filter) = &field.sub_filter {
                write!(f, ", {}", Plain(sub_filter))?;
            }
            match (field.visible, field.page) {
                (true, Some(page)) => writeln!(f, ", visible on page {page}")?,
                (true, None) => writeln!(f, ", visible")?,
                (false, _) => writeln!(f, ", invisible")?,
            }
        }
        if self.form_fields > 0 {
            writeln!(f, "{} other form fields", self.form_fields)?;
        }
        for (risk, count) in &self.counts {
            write!(f, "risk {}: {}", risk.code(), risk.text())?;
            if *count > 1 {
                write!(f, " ({count} times)")?;
            }
            let places: Vec<String> = self
                .markers
                .iter()
                .filter(|marker| marker.code == *risk)
                .filter_map(|marker| match (&marker.object, marker.page) {
                    (Some(object), Some(page)) => Some(format!("{object} on page {page}")),
                    (Some(object), None) => Some(object.clone()),
                    (None, Some(page)) => Some(format!("page {page}")),
                    (None, None) => None,
                })
                .take(3)
                .collect();
            if !places.is_empty() {
                write!(f, ": {}{}", places.join(", "), if *count > places.len() as u64 { ", .." } else { "" })?;
            }
            writeln!(f, ". {}", risk.remedy())?;
        }
        for unchecked in &self.unchecked {
            write!(f, "not checked: {}, {}", unchecked.part, unchecked.why)?;
            match unchecked.page {
                Some(page) => writeln!(f, ", from page {page} on")?,
                None => writeln!(f)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(Plain("a\n\u{202E}b").to_string(), "a\\u{a}\\u{202e}b");
    }
}
