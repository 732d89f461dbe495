//! The verify room, tests only: the matrix of checks and forged files. Takes the table of `switch.rs` and the attack kit; with a check off,
//! at least one forged file must turn clean, else nobody would notice if the check were gone.

use super::kit::{File, Must, families, is_clean};
use crate::switch::{Check, asked, without};

/// Checks that only tell once others are off, with the reason: defence in depth behind those. With the others off no file that proves the
/// check is clean yet; with the check off too, it is.
const BEHIND: &[(Check, &[Check], &str)] = &[
    (Check::ContentsHex, &[Check::GapIsHex], "a literal string has no angle brackets"),
    (Check::GapIsContents, &[Check::GapIsHex], "of all hexadecimal strings only /Contents is not signed itself"),
    (Check::ContentsInFile, &[Check::GapIsContents], "a place in an object stream is none in the file"),
    (
        Check::DictionaryInRange,
        &[Check::RangeEndsRevision, Check::SectionsInRange],
        "a range that holds the sections holds what they close",
    ),
    (Check::SectionsInRange, &[Check::NothingBehind], "a section behind the range stands behind the last revision"),
    (Check::CmsAttributesPresent, &[Check::CmsBindingPresent], "without attributes nothing binds the certificate, either"),
    (Check::CmsTokenCertificate, &[Check::SignerSuits], "the judge looks at the certificate's purpose as well"),
    (Check::CmsAttachedDigest, &[Check::AlgorithmsAccepted], "the digest that is attached is a SHA-1"),
    (Check::LaterSectionsBehind, &[Check::RangeEndsRevision], "a range that reaches into the next revision's sections ends no revision"),
    (Check::FieldLookShared, &[Check::ObjectChanged], "what a look leads to is an object that no rule has claimed, too"),
    (
        Check::AnnotationShared,
        &[Check::ObjectAdded, Check::AnnotationAdded],
        "a note that stands elsewhere, too, is a new note and a new object",
    ),
    (
        Check::SignatureFieldShared,
        &[Check::ObjectChanged, Check::AnnotationShared, Check::AnnotationAdded],
        "a widget that is the page's content, too, changes the page and its notes",
    ),
    (
        Check::FormReplaced,
        &[Check::FieldRemoved, Check::FormEntryChanged, Check::FormResourcesChanged],
        "another form has other fields, entries and fonts",
    ),
];

/// Whether `check` is what keeps the file from being clean, once `behind` are off.
fn turns(file: &File, check: Check, behind: &[Check]) -> bool {
    let (clean, asked) = asked(|| without(behind, || is_clean(&file.bytes)));
    !clean && asked.contains(&check) && without(&[behind, &[check]].concat(), || is_clean(&file.bytes))
}

#[test]
fn with_a_check_off_a_forged_file_turns_clean() {
    let forged = || families::all().iter().flat_map(|family| &family.files).filter(|file| file.must != Must::BeClean);
    let asking: Vec<(&File, Vec<Check>)> = forged().map(|file| (file, asked(|| is_clean(&file.bytes)).1)).collect();
    let mut wrong = Vec::new();
    for check in Check::ALL {
        let alone = asking.iter().any(|(file, asked)| asked.contains(check) && turns(file, *check, &[]));
        let behind = BEHIND.iter().find(|(behind, ..)| behind == check);
        match behind {
            None if !alone => wrong.push(format!("{check:?}: off, it turns no file")),
            Some(_) if alone => wrong.push(format!("{check:?} is no defence in depth: off alone, it turns a file")),
            Some((_, others, _)) => {
                let asked_for = |asked: &[Check]| asked.contains(check) || others.iter().any(|other| asked.contains(other));
                if !asking.iter().any(|(file, asked)| asked_for(asked) && turns(file, *check, others)) {
                    wrong.push(format!("{check:?}: off behind {others:?}, it turns no file"));
                }
            }
            None => {}
        }
    }
    assert!(wrong.is_empty(), "{} checks that nobody would miss:\n{}", wrong.len(), wrong.join("\n"));
}
