//! Reads Rust source far enough to see which paths it names.
//!
//! Takes the text of a file and the module it is, gives the absolute `crate::` paths with their lines. Knows tokens,
//! modules, `use` groups and `#[cfg(test)]`; knows no rule.

/// A token that matters here, with its line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    Word(String),
    PathSeparator,
    Mark(char),
}

/// A path from the crate root, named on a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Named {
    pub(crate) line: usize,
    pub(crate) path: Vec<String>,
}

/// The tokens of a file without comments, strings, characters and lifetimes.
pub(crate) fn tokens(text: &str) -> Vec<(usize, Token)> {
    let bytes = text.as_bytes();
    let (mut at, mut line, mut found) = (0, 1, Vec::new());
    while at < bytes.len() {
        let rest = &text[at..];
        let byte = bytes[at];
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(length) = literal(rest) {
            length
        } else if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 {
            let word = |letter: char| letter.is_alphanumeric() || letter == '_';
            let length = rest.find(|letter| !word(letter)).unwrap_or(rest.len()).max(1);
            found.push((line, Token::Word(rest[..length].to_owned())));
            length
        } else if rest.starts_with("::") {
            found.push((line, Token::PathSeparator));
            2
        } else {
            if !byte.is_ascii_whitespace() && !byte.is_ascii_digit() {
                found.push((line, Token::Mark(char::from(byte))));
            }
            1
        };
        line += text[at..at + skipped].matches('\n').count();
        at += skipped;
    }
    found
}

fn block_comment(rest: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest.as_bytes()[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest.as_bytes()[at..].starts_with(b"*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                break;
            }
        } else {
            at += 1;
        }
    }
    at
}

/// The length of a string, byte string, raw string, character or lifetime at the start of the text.
fn literal(rest: &str) -> Option<usize> {
    let unprefixed = rest.trim_start_matches(['b', 'c']);
    let prefix = rest.len() - unprefixed.len();
    if prefix > 1 {
        return None;
    }
    if let Some(raw) = unprefixed.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let close = format!("\"{}", "#".repeat(hashes));
            let body = prefix + 1 + hashes + 1;
            return Some(rest[body..].find(&close).map_or(rest.len(), |end| body + end + close.len()));
        }
        return None;
    }
    if unprefixed.starts_with('"') {
        return Some(prefix + quoted(unprefixed, '"'));
    }
    if unprefixed.starts_with('\'') {
        let mut letters = unprefixed.chars().skip(1);
        let (first, second) = (letters.next()?, letters.next());
        if first == '\\' || second == Some('\'') {
            return Some(prefix + quoted(unprefixed, '\''));
        }
        return Some(prefix + 1); // a lifetime: its name is then read as a word, which is harmless
    }
    None
}

fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, letter) in text.char_indices().skip(1) {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if letter == quote => return at + letter.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// Leaves out every item under `#[cfg(test)]` or `#[cfg(all(test, ..))]`: the walls stand in the product, tests may name what they need.
pub(crate) fn without_tests(all: &[(usize, Token)]) -> Vec<(usize, Token)> {
    let openings: [&[&str]; 2] = [&["#", "[", "cfg", "(", "test", ")"], &["#", "[", "cfg", "(", "all", "(", "test", ","]];
    let is = |token: &Token, text: &str| match token {
        Token::Word(word) => word == text,
        Token::Mark(mark) => text.len() == 1 && text.starts_with(*mark),
        Token::PathSeparator => false,
    };
    let (mut kept, mut at) = (Vec::new(), 0);
    while at < all.len() {
        let here = &all[at..];
        let starts = |opening: &&[&str]| here.len() >= opening.len() && opening.iter().zip(here).all(|(text, (_, token))| is(token, text));
        if openings.iter().any(starts) {
            at += here.iter().position(|(_, token)| *token == Token::Mark(']')).map_or(here.len(), |end| end + 1);
            // The item ends with its outermost brace, or with a semicolon before any brace opened.
            let mut depth = 0_usize;
            while at < all.len() {
                let token = &all[at].1;
                at += 1;
                match token {
                    Token::Mark('{') => depth += 1,
                    Token::Mark('}') => {
                        depth = depth.saturating_sub(1);
                        if depth == 0 {
                            break;
                        }
                    }
                    Token::Mark(';') if depth == 0 => break,
                    _ => {}
                }
            }
            continue;
        }
        kept.push(all[at].clone());
        at += 1;
    }
    kept
}

/// Every path that starts with `crate`, `self` or `super`, made absolute. `module` is where the file hangs in the crate.
pub(crate) fn paths(tokens: &[(usize, Token)], module: &[String]) -> Vec<Named> {
    let mut found = Vec::new();
    // Inline modules: their names, and the brace depth at which each opened.
    let (mut inline, mut depth): (Vec<(String, usize)>, usize) = (Vec::new(), 0);
    let mut at = 0;
    while at < tokens.len() {
        let (line, token) = &tokens[at];
        match token {
            Token::Mark('{') => depth += 1,
            Token::Mark('}') => {
                depth = depth.saturating_sub(1);
                inline.retain(|(_, opened)| *opened < depth + 1);
            }
            Token::Word(word) if word == "mod" => {
                if let (Some((_, Token::Word(name))), Some((_, Token::Mark('{')))) = (tokens.get(at + 1), tokens.get(at + 2)) {
                    inline.push((name.clone(), depth + 1));
                }
            }
            Token::Word(word) if ["crate", "self", "super"].contains(&word.as_str()) && !follows_separator(tokens, at) => {
                let mut here: Vec<String> = module.to_vec();
                here.extend(inline.iter().map(|(name, _)| name.clone()));
                if word == "crate" && matches!(tokens.get(at + 1), Some((_, Token::Word(next))) if next == "as") {
                    found.push(Named { line: *line, path: vec!["*".to_owned()] });
                }
                let start = match word.as_str() {
                    "crate" => Vec::new(),
                    "super" => parent(&here),
                    _ => here.clone(),
                };
                if matches!(tokens.get(at + 1), Some((_, Token::PathSeparator))) {
                    at = follow(tokens, at + 2, &start, &mut found);
                    continue;
                }
            }
            // `thrivosign::..` and `$crate::..` are other spellings; the first does not exist inside the library.
            _ => {}
        }
        at += 1;
    }
    found
}

fn follows_separator(tokens: &[(usize, Token)], at: usize) -> bool {
    at > 0 && tokens[at - 1].1 == Token::PathSeparator
}

fn parent(module: &[String]) -> Vec<String> {
    module[..module.len().saturating_sub(1)].to_vec()
}

/// Follows a path from just after a separator; a group branches. Gives the position after the path.
fn follow(tokens: &[(usize, Token)], mut at: usize, prefix: &[String], found: &mut Vec<Named>) -> usize {
    let mut path = prefix.to_vec();
    loop {
        let Some((line, token)) = tokens.get(at) else { return at };
        match token {
            Token::Word(word) => {
                match word.as_str() {
                    "super" => path = parent(&path),
                    "self" => {}
                    _ => path.push(word.clone()),
                }
                at += 1;
                if matches!(tokens.get(at), Some((_, Token::PathSeparator))) {
                    at += 1;
                    continue;
                }
                found.push(Named { line: *line, path });
                return at;
            }
            Token::Mark('*') => {
                path.push("*".to_owned());
                found.push(Named { line: *line, path });
                return at + 1;
            }
            Token::Mark('{') => {
                at += 1;
                while let Some((_, token)) = tokens.get(at) {
                    match token {
                        Token::Mark('}') => return at + 1,
                        Token::Word(word) if word == "as" => at += 2,
                        Token::Word(_) | Token::Mark('*' | '{') => at = follow(tokens, at, &path, found),
                        _ => at += 1,
                    }
                }
                return at;
            }
            // A turbofish or the like: the path ends here.
            _ => {
                found.push(Named { line: *line, path });
                return at;
            }
        }
    }
}
