//! The render room: text that others wrote, made harmless. Takes any text, gives one line that neither a terminal nor a browser obeys, that
//! reads in the order in which it is written, and in which nothing is hidden.

use std::fmt::Write;

/// Most marks that may stand on one letter: more of them would paint over the lines above and below.
const MAX_MARKS: usize = 4;

/// One line: line ends become spaces; controls, marks of direction and what cannot be seen become U+FFFD. At most `most` characters, the
/// last of them an ellipsis if there were more.
#[must_use]
pub fn plain(text: &str, most: usize) -> String {
    let mut line = String::new();
    let (mut marks, mut length) = (0, 0);
    for c in text.chars() {
        let c = shown(c);
        marks = if is_mark(c) { marks + 1 } else { 0 };
        if marks > MAX_MARKS {
            continue;
        }
        if length == most {
            line.pop();
            line.push('…');
            break;
        }
        line.push(c);
        length += 1;
    }
    line
}

fn shown(c: char) -> char {
    match c {
        '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => ' ',
        c if c.is_control() => '\u{fffd}',
        // Marks, embeddings, overrides and isolates of direction (UAX 9).
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}' => '\u{fffd}',
        // What has no width, or is a blank that is not one. U+200C and U+200D stay: Indic scripts need them.
        '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}' | '\u{200b}' | '\u{2060}'..='\u{2065}' => {
            '\u{fffd}'
        }
        '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' => '\u{fffd}',
        c => c,
    }
}

/// Blocks of combining marks that stack without end; those of living scripts do not lie here.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// `text` after [`plain`], as the text of an HTML element or the value of a quoted attribute.
pub(super) fn escaped(text: &str, most: usize) -> String {
    let mut safe = String::new();
    for c in plain(text, most).chars() {
        match c {
            '&' | '<' | '>' | '"' | '\'' | '`' | '=' => {
                // Writing to a string does not fail.
                let _ = write!(safe, "&#{};", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_obeyed_and_nothing_is_hidden() {
        assert_eq!(plain("a\nb\r\nc\td\u{2028}e", 99), "a b  c d e");
        for hidden in
            ['\0', '\u{1b}', '\u{7f}', '\u{9b}', '\u{61c}', '\u{200b}', '\u{200e}', '\u{202e}', '\u{2066}', '\u{feff}', '\u{e0041}']
        {
            assert_eq!(plain(&format!("a{hidden}b"), 99), "a\u{fffd}b", "{hidden:?}");
        }
        // Letters of any script stay, with what joins them.
        for kept in ["Müller & Söhne", "क्\u{200d}ष नमस्ते", "王小明", "عبد الله", "é", "👩\u{200d}💼"] {
            assert_eq!(plain(kept, 99), kept);
        }
    }

    #[test]
    fn length_and_marks_are_bounded() {
        assert_eq!((plain("abcdef", 6), plain("abcdef", 5), plain("abcdef", 1)), ("abcdef".into(), "abcd…".into(), "…".into()));
        let tower = format!("a{}b", "\u{301}".repeat(500));
        assert_eq!(plain(&tower, 99).chars().count(), 2 + MAX_MARKS);
    }

    #[test]
    fn markup_is_text() {
        assert_eq!(escaped("<b a='x' c=\"`\">&amp;", 99), "&#60;b a&#61;&#39;x&#39; c&#61;&#34;&#96;&#34;&#62;&#38;amp;");
    }
}
