//! Reads what the borders declare: the functions, callbacks and members of the C header, and those of the Swift binding, which is generated from
//! the same metadata as the Kotlin one.
//!
//! Takes the text of a file, gives each parameter, member and result with its line and type. Knows no rule.

use super::source::{Token, tokens};

/// Which way a value goes, seen from the caller of a function; a member goes with the value that it is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    In,
    Out,
    Member,
}

/// A value that passes the border.
#[derive(Clone, Debug)]
pub(crate) struct Declared {
    pub(crate) line: usize,
    /// The function, or the type and its member.
    pub(crate) owner: String,
    /// Of the parameter or member; empty for a result.
    pub(crate) name: String,
    /// Its words and marks, with a space between any two.
    pub(crate) kind: String,
    pub(crate) way: Way,
}

type Tokens = [(usize, Token)];

fn text(token: &Token) -> String {
    match token {
        Token::Word(word) => word.clone(),
        Token::PathSeparator => "::".to_owned(),
        Token::Mark(mark) => mark.to_string(),
    }
}

fn join(all: &Tokens) -> String {
    all.iter().map(|(_, token)| text(token)).collect::<Vec<_>>().join(" ")
}

fn is(all: &Tokens, at: usize, wanted: &str) -> bool {
    all.get(at).is_some_and(|(_, token)| text(token) == wanted)
}

/// Where the bracket that opens at `at` closes.
fn closing(all: &Tokens, at: usize) -> usize {
    let mut depth = 0_usize;
    for (place, (_, token)) in all.iter().enumerate().skip(at) {
        match token {
            Token::Mark('(' | '{' | '[' | '<') => depth += 1,
            // An arrow closes nothing.
            Token::Mark('>') if place > 0 && is(all, place - 1, "-") => {}
            Token::Mark(')' | '}' | ']' | '>') => {
                depth -= 1;
                if depth == 0 {
                    return place;
                }
            }
            _ => {}
        }
    }
    panic!("line {}: a bracket that nothing closes", all[at].0)
}

/// The parts between commas that are in no bracket of their own.
fn parts(all: &Tokens) -> Vec<&Tokens> {
    let (mut found, mut start, mut at) = (Vec::new(), 0, 0);
    while at < all.len() {
        match all[at].1 {
            Token::Mark('(' | '{' | '[' | '<') => at = closing(all, at),
            Token::Mark(',') => {
                found.push(&all[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    if start < all.len() {
        found.push(&all[start..]);
    }
    found
}

/// What a C header declares.
pub(crate) fn of_header(header: &str) -> Vec<Declared> {
    // Lines stay where they are.
    let directive = |line: &str| line.trim_start().starts_with('#');
    let kept: Vec<&str> = header.lines().map(|line| if directive(line) { "" } else { line }).collect();
    let all = tokens(&kept.join("\n"));
    let (mut found, mut at) = (Vec::new(), 0);
    while at < all.len() {
        let end = (at..all.len()).find(|end| matches!(all[*end].1, Token::Mark(';' | '{'))).unwrap_or(all.len());
        let head = &all[at..end];
        if !is(&all, end, "{") {
            found.extend(of_statement("", head));
            at = end + 1;
            continue;
        }
        let close = closing_brace(&all, end);
        if head.iter().any(|(_, token)| text(token) == "struct") {
            let owner = head.last().map(|(_, token)| text(token)).unwrap_or_default();
            for member in all[end + 1..close].split(|(_, token)| *token == Token::Mark(';')) {
                found.extend(of_statement(&owner, member));
            }
        }
        // An `extern "C"` and an enumeration carry nothing of their own.
        at = if head.iter().any(|(_, token)| text(token) == "extern") { end + 1 } else { close + 1 };
    }
    found
}

/// A function, a callback or a member.
fn of_statement(owner: &str, all: &Tokens) -> Vec<Declared> {
    let Some(open) = all.iter().position(|(_, token)| *token == Token::Mark('(')) else {
        let data = !owner.is_empty() && !all.is_empty();
        return if data { vec![Declared { way: Way::Member, ..of_parameter(owner, all) }] } else { Vec::new() };
    };
    // `int32_t (*sign)(..)` or `int32_t sign(..)`.
    let callback = is(all, open + 1, "*");
    let (name, open) = if callback { (open + 2, closing(all, open) + 1) } else { (open - 1, open) };
    let (line, own) = (all[name].0, text(&all[name].1));
    let owner = if owner.is_empty() { own } else { format!("{owner}.{own}") };
    let result = if callback { &all[..name - 2] } else { &all[..name] };
    let mut found = vec![Declared { line, owner: owner.clone(), name: String::new(), kind: join(result), way: Way::Out }];
    let parameters = parts(&all[open + 1..closing(all, open)]);
    found.extend(parameters.into_iter().filter(|one| join(one) != "void").map(|one| of_parameter(&owner, one)));
    found
}

fn of_parameter(owner: &str, all: &Tokens) -> Declared {
    let at =
        all.iter().rposition(|(_, token)| matches!(token, Token::Word(_))).unwrap_or_else(|| panic!("{owner}: a parameter without a name"));
    let kind = join(&all[..at]);
    // What the callee may write to is a way out.
    let way = if kind.contains('*') && !kind.contains("const ") { Way::Out } else { Way::In };
    Declared { line: all[at].0, owner: owner.to_owned(), name: text(&all[at].1), kind, way }
}

/// What the generated Swift file shows to an app. What it needs for itself is private, or named `Ffi..`, `Uniffi..`.
pub(crate) fn of_swift(source: &str) -> Vec<Declared> {
    let all = tokens(source);
    let mut found = Vec::new();
    of_scope(&all, "", false, &mut found);
    found
}

fn word(all: &Tokens, at: usize) -> &str {
    match all.get(at) {
        Some((_, Token::Word(word))) => word,
        _ => "",
    }
}

/// The members of one type, or of the file. `open`: whatever stands there can be seen.
fn of_scope(all: &Tokens, owner: &str, open: bool, found: &mut Vec<Declared>) {
    let mut seen = open;
    let mut at = 0;
    while at < all.len() {
        match word(all, at) {
            "public" | "open" => seen = true,
            "fileprivate" | "private" => seen = false,
            // `static func`, `convenience init`, `final class` and so on keep what was said.
            kind @ ("class" | "struct" | "protocol" | "enum" | "extension")
                if !word(all, at + 1).is_empty() && word(all, at + 1) != "func" =>
            {
                let name = word(all, at + 1);
                let start = (at..all.len()).find(|start| is(all, *start, "{")).unwrap_or(all.len() - 1);
                let end = closing_brace(all, start);
                let own = ["Ffi", "Uniffi", "uniffi", "Rust"].iter().any(|prefix| name.starts_with(prefix));
                if !own && (seen || kind == "extension") {
                    let inner = &all[start + 1..end];
                    // A type, its protocol and what stands for a host's own are one.
                    let name = ["Protocol", "Impl"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
                    of_scope(inner, name, matches!(kind, "protocol" | "enum"), found);
                }
                (at, seen) = (end, open);
            }
            "func" | "init" | "case" => {
                let name = if word(all, at) == "init" { at } else { at + 1 };
                let bare = name + 1;
                let start = if is(all, bare, "<") { closing(all, bare) + 1 } else { bare };
                if is(all, start, "(") {
                    let end = closing(all, start);
                    if seen && !word(all, name).to_lowercase().starts_with("ffi") && !word(all, name).starts_with("uniffi") {
                        of_function(all, owner, name, (start, end), found);
                    }
                    at = end;
                }
                // Its body is skipped where it opens.
                seen = open;
            }
            "let" | "var" => {
                if seen && is(all, at + 2, ":") {
                    let line = all[at].0;
                    let end = (at + 3..all.len())
                        .find(|end| all[*end].0 != line || is(all, *end, "{") || is(all, *end, "="))
                        .unwrap_or(all.len());
                    let name = word(all, at + 1).to_owned();
                    found.push(Declared { line, owner: owner.to_owned(), name, kind: join(&all[at + 3..end]), way: Way::Member });
                }
                seen = open;
            }
            _ if is(all, at, "{") => at = closing_brace(all, at),
            _ => {}
        }
        at += 1;
    }
}

/// Where a body ends; in a body `<` and `>` may compare.
fn closing_brace(all: &Tokens, at: usize) -> usize {
    let mut depth = 0_usize;
    for (place, (_, token)) in all.iter().enumerate().skip(at) {
        match token {
            Token::Mark('{') => depth += 1,
            Token::Mark('}') if depth == 1 => return place,
            Token::Mark('}') => depth -= 1,
            _ => {}
        }
    }
    panic!("line {}: a body that nothing closes", all[at].0)
}

fn of_function(all: &Tokens, owner: &str, name: usize, (start, end): (usize, usize), found: &mut Vec<Declared>) {
    let own = word(all, name);
    let owner = if owner.is_empty() { own.to_owned() } else { format!("{owner}.{own}") };
    for one in parts(&all[start + 1..end]) {
        // `name: Type`, `label name: Type`, or the type alone, in a case.
        let colon = one.iter().position(|(_, token)| *token == Token::Mark(':'));
        let name = colon.map_or(String::new(), |colon| word(one, colon - 1).to_owned());
        let kind = one[colon.map_or(0, |colon| colon + 1)..].split(|(_, token)| *token == Token::Mark('=')).next().unwrap_or_default();
        found.push(Declared { line: one[0].0, owner: owner.clone(), name, kind: join(kind), way: Way::In });
    }
    let line = all[end].0;
    let stop = (end + 1..all.len()).find(|stop| all[*stop].0 != line || is(all, *stop, "{")).unwrap_or(all.len());
    let rest = &all[end + 1..stop];
    if let Some(arrow) = rest.windows(2).position(|two| is(two, 0, "-") && is(two, 1, ">")) {
        found.push(Declared { line, owner, name: String::new(), kind: join(&rest[arrow + 2..]), way: Way::Out });
    }
}
