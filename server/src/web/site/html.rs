//! Markup by construction: takes templates of this source tree and other people's text, gives HTML. Text is escaped on its way in, and nothing else can
//! become markup: there is no way to make [`Html`] of a string that was put together at run time.

use thrivosign::render::plain;

/// Most characters that are shown of one piece of text.
const MOST: usize = 300;

/// Markup.
#[derive(Clone, Default)]
pub(super) struct Html(String);

impl Html {
    /// Markup of our own.
    pub(super) fn ours(markup: &'static str) -> Html {
        Html(markup.to_owned())
    }

    /// Somebody's text. What cannot be seen or would turn the direction of what follows goes as well: a file named `gpj.exe` backwards stays that.
    pub(super) fn text(text: &str) -> Html {
        let mut out = String::with_capacity(text.len());
        for c in plain(text, MOST).chars() {
            match c {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '>' => out.push_str("&gt;"),
                '"' => out.push_str("&quot;"),
                '\'' => out.push_str("&#39;"),
                c => out.push(c),
            }
        }
        Html(out)
    }

    /// The template with each `{{name}}` replaced; a slot that is not named stays empty. Attributes in templates stand in double quotes.
    pub(super) fn fill(template: &'static str, slots: &[(&str, &Html)]) -> Html {
        let mut out = String::with_capacity(template.len());
        let mut pieces = template.split("{{");
        out.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            let (name, rest) = piece.split_once("}}").unwrap_or(("", piece));
            if let Some((_, html)) = slots.iter().find(|(slot, _)| *slot == name) {
                out.push_str(&html.0);
            }
            out.push_str(rest);
        }
        Html(out)
    }

    /// Several, one after the other.
    pub(super) fn all(parts: impl IntoIterator<Item = Html>) -> Html {
        Html(parts.into_iter().map(|part| part.0).collect())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_stays_text() {
        let hostile = Html::text("\"><script>alert('x')</script>&amp;\u{202e}\n{{title}}");
        let page = Html::fill("<p title=\"{{name}}\">{{name}}{{other}}</p>", &[("name", &hostile), ("title", &Html::ours("<hr>"))]);
        let page = page.into_string();
        assert_eq!(page.matches('<').count(), 2, "{page}");
        assert_eq!(page.matches('"').count(), 2, "{page}");
        assert!(page.contains("&amp;amp;") && page.contains("{{title}}") && !page.contains('\u{202e}'), "{page}");
    }
}
