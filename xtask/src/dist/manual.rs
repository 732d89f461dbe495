//! The manual of the C interface: one page of HTML that says what the header says, by noun, with links from every name to where it is told.
//!
//! Takes the header, gives the page. Nothing is written twice: `dist` makes it of the header that it installs. It needs nothing of a network.

use std::collections::BTreeMap;

const STYLE: &str = include_str!("manual.css");
const PREFIX: &str = "thrivosign_";
/// What each item promises, in this order.
const PROMISES: [&str; 4] = ["Ownership: ", "Lifetime: ", "Threads: ", "NULL: "];

/// One item of the header: what is said of it, and its declaration.
struct Item<'h> {
    name: String,
    doc: Vec<&'h str>,
    code: Vec<&'h str>,
}

/// The page for that header.
pub(super) fn page(header: &str, version: &str) -> String {
    let items = items(header);
    let is_type = |item: &&Item<'_>| item.code.iter().any(|line| line.starts_with("typedef"));
    let mut nouns: Vec<&str> = items.iter().filter(is_type).map(|item| item.name.as_str()).collect();
    nouns.sort_unstable_by_key(|name| (std::cmp::Reverse(name.len()), *name));
    // A function belongs to the longest noun that its name begins with; what begins with none is the library's own.
    let noun = |name: &str| {
        let of = nouns.iter().find(|noun| name.strip_prefix(**noun).is_some_and(|rest| rest.is_empty() || rest.starts_with('_')));
        of.map_or("library", |noun| noun.strip_prefix(PREFIX).unwrap_or(noun)).to_owned()
    };
    let mut chapters: BTreeMap<String, Vec<&Item<'_>>> = BTreeMap::new();
    for item in &items {
        chapters.entry(noun(&item.name)).or_default().push(item);
    }
    let known: Vec<&str> = items.iter().map(|item| item.name.as_str()).collect();
    let mut contents = String::new();
    let mut told = String::new();
    for (noun, items) in &chapters {
        contents += &format!("<li><a href=\"#{noun}\">{noun}</a></li>\n");
        told += &format!("<h2 id=\"{noun}\">{noun}</h2>\n");
        for item in items {
            told += &entry(item, &known);
        }
    }
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>thrivosign {version}: the C interface</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n\
         <nav aria-label=\"Nouns\"><ul>\n{contents}</ul></nav>\n<main>\n<h1>thrivosign {version}</h1>\n\
         <p>The C interface by noun, {} items, made from <code>thrivosign.h</code>.</p>\n{}{told}</main>\n</body>\n</html>\n",
        items.len(),
        paragraphs(&opening(header), &known)
    )
}

/// What stands at the top of the header.
fn opening(header: &str) -> Vec<&str> {
    let comment = header.lines().skip(1).take_while(|line| !line.contains("*/"));
    comment.map(|line| line.trim_start_matches(" *").trim_start()).collect()
}

/// Every item that has a comment of its own, and every opaque type.
fn items(header: &str) -> Vec<Item<'_>> {
    let mut items = Vec::new();
    let mut lines = header.lines().peekable();
    let mut doc = Vec::new();
    while let Some(line) = lines.next() {
        if line == "/**" {
            doc = lines.by_ref().take_while(|line| *line != " */").map(|line| line.trim_start_matches(" *").trim_start()).collect();
        } else if line.starts_with("typedef")
            || line.contains(PREFIX) && !line.starts_with([' ', '#', '/'])
            || line == "THRIVOSIGN_NODISCARD"
        {
            let block = line.ends_with('{');
            let mut code = vec![line];
            let ends = |line: &str| if block { line.starts_with('}') } else { line.ends_with(';') };
            while !code.last().is_some_and(|line| ends(line)) {
                let Some(next) = lines.next() else { break };
                code.push(next);
            }
            let doc = std::mem::take(&mut doc);
            let name = name(&code);
            // The typedef that only lets C say the name without `struct` says nothing to a reader where the struct itself follows.
            if !items.iter().any(|item: &Item<'_>| item.name == name && item.doc.len() >= doc.len()) {
                items.retain(|item| item.name != name);
                items.push(Item { name, doc, code });
            }
        }
    }
    items
}

/// The name that a declaration gives: of a function what stands before the bracket, of a type the last word.
fn name(code: &[&str]) -> String {
    let word = |text: &str| {
        let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
        text.split(|c| !letters(c)).rfind(|word| word.starts_with(PREFIX)).unwrap_or_default().to_owned()
    };
    if code[0].starts_with("typedef") {
        return word(code.last().copied().unwrap_or_default());
    }
    let joined = code.join(" ");
    word(joined.split('(').next().unwrap_or_default())
}

fn entry(item: &Item<'_>, known: &[&str]) -> String {
    let code: Vec<String> = item.code.iter().filter(|line| **line != "THRIVOSIGN_NODISCARD").map(|line| linked(line, known)).collect();
    format!(
        "<h3 id=\"{0}\"><a href=\"#{0}\">{0}</a></h3>\n{1}<pre><code>{2}</code></pre>\n",
        item.name,
        paragraphs(&item.doc, known),
        code.join("\n")
    )
}

/// The comment as paragraphs; each promise is one.
fn paragraphs(doc: &[&str], known: &[&str]) -> String {
    let mut blocks: Vec<String> = vec![String::new()];
    for line in doc {
        let begins = line.is_empty() || PROMISES.iter().any(|promise| line.starts_with(promise));
        match blocks.last_mut() {
            Some(last) if !begins => {
                if !last.is_empty() {
                    last.push(' ');
                }
                last.push_str(line);
            }
            _ => blocks.push((*line).to_owned()),
        }
    }
    let paragraph = |block: &String| match PROMISES.iter().find_map(|promise| Some((*promise, block.strip_prefix(promise)?))) {
        Some((promise, rest)) => format!("<p class=\"promise\"><b>{}</b> {}</p>\n", promise.trim_end_matches(": "), marked(rest, known)),
        None => format!("<p>{}</p>\n", marked(block, known)),
    };
    blocks.iter().filter(|block| !block.is_empty()).map(paragraph).collect()
}

/// A text in which what stands between backticks is code.
fn marked(text: &str, known: &[&str]) -> String {
    let part =
        |(number, part): (usize, &str)| if number % 2 == 1 { format!("<code>{}</code>", linked(part, known)) } else { linked(part, known) };
    text.split('`').enumerate().map(part).collect()
}

/// A text in which every name that is known leads to its place.
fn linked(text: &str, known: &[&str]) -> String {
    let mut out = String::new();
    let mut word = String::new();
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() || c == '_' {
            word.push(c);
            continue;
        }
        if known.contains(&word.as_str()) {
            out += &format!("<a href=\"#{word}\">{word}</a>");
        } else {
            out += &word;
        }
        word.clear();
        match c {
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '&' => out += "&amp;",
            c => out.push(c),
        }
    }
    out.pop();
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header() -> String {
        std::fs::read_to_string(crate::place::root().join("include/thrivosign.h")).unwrap()
    }

    #[test]
    fn every_symbol_of_the_ledger_has_an_entry_with_its_four_promises() {
        let header = header();
        let items = items(&header);
        let page = page(&header, "1.2.3");
        let ledger = std::fs::read_to_string(crate::place::root().join("tests/abi/symbols.txt")).unwrap();
        let mut seen = 0;
        for symbol in ledger.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_whitespace().next()) {
            let item = items.iter().find(|item| item.name == symbol).unwrap_or_else(|| panic!("{symbol} is not in the manual"));
            for promise in PROMISES {
                assert!(item.doc.iter().any(|line| line.starts_with(promise)), "{symbol} says nothing on {promise}");
            }
            assert_eq!(page.matches(&format!("<h3 id=\"{symbol}\">")).count(), 1, "{symbol}");
            seen += 1;
        }
        assert!(seen > 400, "{seen}");
    }

    #[test]
    fn every_link_leads_somewhere_and_no_name_stands_twice() {
        let page = page(&header(), "1.2.3");
        let ids: Vec<&str> = page.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len());
        for target in page.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(once.binary_search(&target).is_ok(), "#{target} is nowhere");
        }
    }

    #[test]
    fn types_and_their_members_are_told_and_marks_of_html_are_not_taken_for_such() {
        let page = page(&header(), "1.2.3");
        for item in ["thrivosign_call", "thrivosign_error_kind", "thrivosign_document", "thrivosign_key_store_callbacks"] {
            assert!(page.contains(&format!("<h3 id=\"{item}\">")), "{item}");
        }
        assert!(page.contains("THRIVOSIGN_ERROR_KIND_OK = 0"));
        assert_eq!(linked("a <b> & thrivosign_x", &["thrivosign_x"]), "a &lt;b&gt; &amp; <a href=\"#thrivosign_x\">thrivosign_x</a>");
    }
}
