//! The committed header as the tests read it: its functions, each with what it is called on.

use std::path::{Path, PathBuf};

/// A function of the header.
#[allow(dead_code, reason = "one test reads some of it, another the rest")]
pub struct Function {
    /// Its name.
    pub name: String,
    /// What it gives, as written.
    pub gives: String,
    /// The noun that it is called on, without `thrivosign_`.
    pub called_on: Option<String>,
    /// Its parameters, as written.
    pub parameters: Vec<String>,
}

/// The root of the work tree.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The header without its comments.
pub fn text() -> String {
    let header = std::fs::read_to_string(root().join("include/thrivosign.h")).expect("include/thrivosign.h");
    let mut bare = String::new();
    let mut rest = header.as_str();
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").expect("a comment ends").1;
    }
    bare.push_str(rest);
    bare
}

/// The functions, in the header's order.
pub fn functions() -> Vec<Function> {
    let text = text();
    let declarations = text.split("extern \"C\" {").nth(1).expect("the functions stand behind the types");
    declarations.split(';').filter_map(function).collect()
}

fn function(declaration: &str) -> Option<Function> {
    let code: Vec<&str> = declaration.lines().filter(|line| !line.starts_with('#')).collect();
    let words = code.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    let (front, parameters) = words.trim_end_matches(')').split_once('(')?;
    let name = front.rsplit([' ', '*']).next()?.to_owned();
    let gives = front.trim_end_matches(&name).trim_start_matches("THRIVOSIGN_NODISCARD").trim().to_owned();
    let parameters: Vec<String> = parameters.split(',').map(|parameter| parameter.trim().to_owned()).filter(|p| p != "void").collect();
    let called_on = parameters
        .first()
        .filter(|parameter| parameter.ends_with("*self"))
        .and_then(|parameter| parameter.split("thrivosign_").nth(1))
        .map(|noun| noun.trim_end_matches(" *self").to_owned());
    Some(Function { name, gives, called_on, parameters })
}
