//! The verify room: a policy file as JSON, read strictly: no member twice, none that is not known, and every complaint says where it is (RFC 6901) and
//! what to do. Takes bytes of bounded number; what they nest is bounded by the parser.

use crate::error::{Error, ErrorKind, Result};
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// A JSON value that keeps members which stand twice, so that they can be refused.
pub(super) enum Tree {
    Null,
    Bool,
    Number(i64),
    /// A number that is no whole one of 64 bits.
    OtherNumber,
    Text(String),
    List(Vec<Tree>),
    Object(Vec<(String, Tree)>),
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Tree, D::Error> {
        deserializer.deserialize_any(Grow)
    }
}

struct Grow;

impl<'de> Visitor<'de> for Grow {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> std::result::Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<Tree, E> {
        Ok(Tree::Bool)
    }

    fn visit_i64<E>(self, number: i64) -> std::result::Result<Tree, E> {
        Ok(Tree::Number(number))
    }

    fn visit_u64<E>(self, number: u64) -> std::result::Result<Tree, E> {
        Ok(i64::try_from(number).map_or(Tree::OtherNumber, Tree::Number))
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<Tree, E> {
        Ok(Tree::OtherNumber)
    }

    fn visit_str<E>(self, text: &str) -> std::result::Result<Tree, E> {
        Ok(Tree::Text(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> std::result::Result<Tree, E> {
        Ok(Tree::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> std::result::Result<Tree, A::Error> {
        let mut list = Vec::new();
        while let Some(one) = access.next_element()? {
            list.push(one);
        }
        Ok(Tree::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> std::result::Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = access.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(members))
    }
}

/// A value with the place where it stands.
pub(super) struct Node<'t> {
    tree: &'t Tree,
    at: String,
}

impl<'t> Node<'t> {
    pub(super) fn root(tree: &'t Tree) -> Node<'t> {
        Node { tree, at: String::new() }
    }

    /// A complaint about this value.
    pub(super) fn wrong(&self, remedy: &str) -> Error {
        let at = if self.at.is_empty() { "the file" } else { &self.at };
        Error::new(ErrorKind::InvalidArgument).context(format!("{at}: {remedy}"))
    }

    /// The members of an object that has no others than those known, and none twice.
    pub(super) fn members(&self, known: &[&str]) -> Result<Members<'t>> {
        let Tree::Object(members) = self.tree else { return Err(self.wrong("must be an object")) };
        for (at, (name, _)) in members.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                let remedy = format!("is not known: {} are; remove it", known.join(", "));
                return Err(self.below(&printable(name), self.tree).wrong(&remedy));
            }
            if members.iter().take(at).any(|(before, _)| before == name) {
                return Err(self.below(name, self.tree).wrong("stands twice: keep one"));
            }
        }
        Ok(Members { members, at: self.at.clone() })
    }

    pub(super) fn list(&self, most: usize) -> Result<Vec<Node<'t>>> {
        match self.tree {
            Tree::List(list) if list.len() <= most => {
                Ok(list.iter().enumerate().map(|(at, one)| self.below(&at.to_string(), one)).collect())
            }
            Tree::List(_) => Err(self.wrong(&format!("has more than {most} members"))),
            _ => Err(self.wrong("must be an array")),
        }
    }

    pub(super) fn text(&self) -> Result<&'t str> {
        match self.tree {
            Tree::Text(text) => Ok(text),
            _ => Err(self.wrong("must be a string")),
        }
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(&self, words: &[(&'static str, T)]) -> Result<T> {
        let found = self.text().ok().and_then(|text| words.iter().find(|(word, _)| *word == text));
        found.map(|(_, value)| *value).ok_or_else(|| {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(&format!("must be one of {}", known.join(", ")))
        })
    }

    pub(super) fn number(&self, least: i64, most: i64) -> Result<i64> {
        match self.tree {
            Tree::Number(number) if (least..=most).contains(number) => Ok(*number),
            _ => Err(self.wrong(&format!("must be a whole number from {least} to {most}"))),
        }
    }

    fn below(&self, name: &str, tree: &'t Tree) -> Node<'t> {
        below(&self.at, name, tree)
    }
}

/// The members of one object.
pub(super) struct Members<'t> {
    members: &'t [(String, Tree)],
    at: String,
}

impl<'t> Members<'t> {
    pub(super) fn maybe(&self, name: &str) -> Option<Node<'t>> {
        self.members.iter().find(|(known, _)| known == name).map(|(_, tree)| below(&self.at, name, tree))
    }

    pub(super) fn get(&self, name: &str) -> Result<Node<'t>> {
        self.maybe(name).ok_or_else(|| below(&self.at, name, &Tree::Null).wrong("is missing: add it"))
    }
}

fn below<'t>(at: &str, name: &str, tree: &'t Tree) -> Node<'t> {
    Node { tree, at: format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")) }
}

/// A name that nobody knows, for a message.
fn printable(name: &str) -> String {
    name.chars().take(40).map(|c| if c.is_ascii_graphic() { c } else { '?' }).collect()
}
