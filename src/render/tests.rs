//! The render room: what people are shown, of sound documents and of such as were written to deceive them.

use super::words::all_words;
use super::{ENGLISH, GERMAN, LANGUAGES, Table, Words, built_in, html, html_failure, text, text_diff, word};
use crate::cancel::Progress;
use crate::crypto::digest::sha256;
use crate::error::{Error, ErrorKind};
use crate::inspect::Risk;
use crate::pdf::Document;
use crate::pki::trust::TrustAnchors;
use crate::sign::SignatureRequest;
use crate::sign::testing::{Signer, Style, now, plain};
use crate::verify::{Check, Evidence, EvidenceKind, Policy, Report, RiskSearch, Risks, VerifyOptions, diff, verify};
use base64ct::{Base64, Encoding};
use std::collections::{BTreeMap, HashSet};

const EVIL: &str = "</dd></dl><script>alert(1)</script><img src=x onerror='a'>\" \u{202e}gro\u{200b}\u{1b}[2J\nClean\0";

fn judged(file: &[u8], signer: Option<&Signer>) -> Report {
    let trust: TrustAnchors = signer.iter().filter_map(|signer| signer.identity.chain().last().cloned()).collect();
    let options = VerifyOptions { trust: &trust, time: now(), policy: Policy::default(), password: None, evidence: None };
    verify(&file, &options, &Progress::default()).unwrap()
}

fn signed(signer: &Signer, reason: &str) -> Vec<u8> {
    let request = SignatureRequest { reason: Some(reason.to_owned()), ..SignatureRequest::new(now()) };
    signer.sign(&plain(Style::Table), &request).unwrap()
}

/// Elements and attributes of our own; a page has no others, whatever a document says.
const ELEMENTS: &[(&str, &[&str])] = &[
    ("html", &["lang", "dir"]),
    ("head", &[]),
    ("meta", &["charset", "http-equiv", "content", "name"]),
    ("title", &[]),
    ("style", &[]),
    ("body", &[]),
    ("header", &[]),
    ("main", &[]),
    ("footer", &[]),
    ("section", &["aria-labelledby", "class"]),
    ("h1", &[]),
    ("h2", &["id"]),
    ("p", &["class"]),
    ("div", &["class"]),
    ("span", &["class"]),
    ("bdi", &["class"]),
    ("dl", &[]),
    ("dt", &[]),
    ("dd", &[]),
    ("details", &[]),
    ("summary", &[]),
    ("svg", &["viewBox", "aria-hidden", "focusable"]),
    ("circle", &["cx", "cy", "r"]),
    ("path", &["d"]),
];

/// Walks the page: every tag is ours and closes what was opened last, every attribute is ours and quoted.
fn assert_ours(page: &str) {
    let body = page.strip_prefix("<!DOCTYPE html>\n").expect("a doctype");
    let mut open: Vec<&str> = Vec::new();
    let mut rest = body;
    while let Some(at) = rest.find('<') {
        let text = &rest[..at];
        // The style is the one text that is not escaped; it is a constant.
        assert!(open.last() == Some(&"style") || !text.contains(['>', '"', '\'', '`', '=']), "{text}");
        let end = rest[at..].find('>').map(|end| at + end).expect("every tag ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let (tag, closed) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let (name, mut attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let (_, known) = ELEMENTS.iter().find(|(known, _)| *known == name).unwrap_or_else(|| panic!("<{tag}>"));
        while !attributes.is_empty() {
            let (attribute, value) = attributes.split_once("=\"").unwrap_or_else(|| panic!("<{tag}>"));
            assert!(known.contains(&attribute), "{attribute} in <{tag}>");
            let (value, after) = value.split_once('"').unwrap_or_else(|| panic!("<{tag}>"));
            assert!(!value.contains('<') && !value.contains("://"), "{value}");
            attributes = after.trim_start();
        }
        if !closed && name != "meta" {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

/// Nothing that turns text round, moves a cursor or hides.
fn assert_visible(shown: &str) {
    let hidden = |c: char| {
        c != '\n'
            && (c.is_control() || matches!(c, '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'))
    };
    assert!(!shown.contains(hidden), "{shown:?}");
}

#[test]
fn whoever_writes_the_document_does_not_write_the_page() {
    let signer = Signer::named(&EVIL.replace('\0', "")[..60]);
    let mut file = signed(&signer, &EVIL.replace('\0', ""));
    for changed in [false, true] {
        if changed {
            file.extend_from_slice(b"<script>");
        }
        for trusted in [None, Some(&signer)] {
            let report = judged(&file, trusted);
            assert_eq!(report.clean, !changed && trusted.is_some());
            for words in [&ENGLISH as &dyn Words, &GERMAN] {
                let page = html(&report, Some(EVIL), words);
                assert_ours(&page);
                assert_visible(&page);
                assert_visible(&text(&report, words));
            }
        }
    }
    let page = html_failure(&Error::new(ErrorKind::NotPdf).context("x"), Some(EVIL), &ENGLISH);
    assert_ours(&page);
    assert_visible(&page);
    // A host's words are no markup either, nor is its language.
    let words: BTreeMap<String, String> = all_words().map(|(code, _)| (code, EVIL.to_owned())).collect();
    let page = html(&judged(&file, None), None, &Table::new("ar-EG", words).unwrap());
    assert_ours(&page);
    assert!(page.contains("<html lang=\"ar-EG\" dir=\"rtl\">"));
    for language in ["", "en\" x=\"", "en us", "überall"] {
        assert_eq!(Table::new(language, []).unwrap_err().kind(), ErrorKind::InvalidArgument, "{language}");
    }
}

/// Whoever did not look does not say that there is nothing.
#[test]
fn risks_nobody_looked_for() {
    let signer = Signer::p256();
    let file = signed(&signer, "I agree");
    let trust: TrustAnchors = signer.identity.chain().last().cloned().into_iter().collect();
    let policy = Policy { risks: RiskSearch::Leave, ..Policy::default() };
    let left =
        verify(&file, &VerifyOptions { trust: &trust, time: now(), policy, password: None, evidence: None }, &Progress::default()).unwrap();
    let looked = judged(&file, Some(&signer));
    assert!(left.clean && left.document.risks == Risks::NotLookedFor);
    let Risks::LookedFor { found, .. } = &looked.document.risks else { panic!("{:?}", looked.document.risks) };
    assert!(found.iter().any(|risk| risk.code == Risk::FontNotEmbedded));
    assert!(text(&left, &ENGLISH).contains("Findings: not checked") && !text(&looked, &ENGLISH).contains("Findings: not checked"));
    assert!(html(&looked, None, &GERMAN).contains("Eine Schrift ist nicht eingebettet"));
}

#[test]
fn no_line_of_text_is_forged() {
    let signer = Signer::p256();
    let file = signed(&signer, "x\nSignature 2: clean (Sound and trusted)\n\"\nClean");
    let report = judged(&file, None);
    let text = text(&report, &ENGLISH);
    let starting = |start: &str| text.lines().filter(|line| line.trim_start().starts_with(start)).count();
    assert_eq!((starting("Signature 1: NOT CLEAN"), starting("Signature 2"), starting("Clean")), (1, 0, 0), "{text}");
    assert!(text.contains("\"x Signature 2: clean (Sound and trusted) \\\" Clean\""), "{text}");
    assert!(text.ends_with("Not clean: cannot be confirmed"));
}

/// The style is the only thing that the page's policy lets through, and only as it stands.
#[test]
fn the_policy_forbids_everything_else() {
    let page = html(&judged(&plain(Style::Table), None), None, &ENGLISH);
    let style = page.split_once("<style>").and_then(|(_, rest)| rest.split_once("</style>")).unwrap().0;
    let hash = Base64::encode_string(&sha256(style.as_bytes()));
    let policy = format!("content=\"default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\"");
    assert!(page.contains(&policy));
    assert!(page.find("Content-Security-Policy") < page.find("<style>"), "the policy comes first");
    for outside in ["url(", "@import", "http:", "https:", "//", "\r"] {
        assert!(!style.contains(outside), "{outside}");
    }
}

#[test]
fn the_first_word_is_that_of_the_report() {
    let signer = Signer::p256();
    let clean = signed(&signer, "I agree");
    let mut appended = clean.clone();
    appended.extend_from_slice(b"more");
    let mut forged = clean.clone();
    let at = forged.windows(7).position(|w| w == b"parties").unwrap();
    forged[at] ^= 1;
    for (file, trusted, verdict, title) in [
        (&clean, true, "clean", "Clean"),
        (&clean, false, "undecided", "Not clean: cannot be confirmed"),
        (&appended, true, "changed", "Not clean: changed after signing"),
        (&appended, false, "undecided", "Not clean: cannot be confirmed"),
        (&forged, true, "failed", "Not clean: a signature is broken"),
        (&plain(Style::Table), true, "unsigned", "No signature"),
    ] {
        let report = judged(file, trusted.then_some(&signer));
        let page = html(&report, Some("a.pdf"), &ENGLISH);
        assert!(page.contains(&format!("<div class=\"verdict {verdict}\">")), "{verdict}");
        assert!(page.contains(&format!("<h1>{title}</h1>")) && page.contains(&format!("<title>{title} – a.pdf</title>")), "{title}");
        assert_eq!(page.contains("class=\"verdict clean\"") || page.contains("class=\"state clean\""), report.clean);
        assert!(text(&report, &ENGLISH).ends_with(title));
        // A name is confirmed only by mathematics and a chain.
        let confirmed = page.contains("<dt>Signed by</dt>");
        assert_eq!(confirmed, trusted && ["clean", "changed"].contains(&verdict), "{verdict}");
        assert_eq!(page.contains("(not confirmed)"), !report.signatures.is_empty());
    }
}

/// What cannot be compared is not "nothing changed".
#[test]
fn a_broken_range_has_no_changes_to_tell() {
    let signer = Signer::p256();
    let mut file = signed(&signer, "I agree");
    let at = file.windows(12).position(|w| w == b"/ByteRange[0" || w == b"/ByteRange [").unwrap();
    let zero = at + file[at..].iter().position(|c| *c == b'0').unwrap();
    file[zero] = b'1';
    let report = judged(&file, Some(&signer));
    for shown in [html(&report, None, &ENGLISH), text(&report, &ENGLISH)] {
        assert!(shown.contains("Could not be compared"), "{shown}");
        assert!(!shown.contains("Changed since</dt><dd>Nothing") && !shown.contains("Changed since: Nothing"));
    }
}

#[test]
fn text_and_page_say_the_same() {
    let signer = Signer::p256();
    let once = signed(&signer, "I agree");
    let mut twice = signer.sign(&once, &SignatureRequest::new(now())).unwrap();
    twice.extend_from_slice(b"more");
    let mut report = judged(&twice, Some(&signer));
    // What later stages will fill in has its place in both.
    report.signatures[0].time.proof_of_existence = Some(now());
    report.signatures[0].revocation.check = Check::Ok;
    let evidence = Evidence { kind: EvidenceKind::Ocsp, sha256: "ab".repeat(32), produced_at: now(), age: 77, proof_of_existence: None };
    report.signatures[0].revocation.evidence.push(evidence);
    for words in [&ENGLISH as &dyn Words, &GERMAN] {
        let (page, text) = (html(&report, None, words), text(&report, words));
        let codes = [
            "label.signed_by",
            "label.changed_since",
            "change.SIGNATURE_ADDED",
            "change.TRAILING_BYTES",
            "reason.trailing_bytes",
            "label.time_proven",
            "evidence.ocsp",
            "label.path",
        ];
        for code in codes {
            let word = word(words, code);
            assert!(page.contains(&*word) && text.contains(&*word), "{code}: {word}");
        }
        for value in ["Anna Example", "2026-11-23 12:00:00 UTC", "77 s", &"ab".repeat(32), &report.signatures[0].chain.path[1].sha256] {
            assert!(page.contains(value) && text.contains(value), "{value}");
        }
    }
    let document = Document::open(&twice).unwrap();
    let shown = text_diff(&diff(&document, 0).unwrap(), &ENGLISH);
    assert!(shown.contains("A signature was added") && shown.contains("Bytes were added behind the end"), "{shown}");
    assert!(text_diff(&diff(&Document::open(&once).unwrap(), 0).unwrap(), &ENGLISH).ends_with("Nothing"));
}

#[test]
fn languages_have_the_same_codes() {
    let all: BTreeMap<String, &str> = all_words().collect();
    assert_eq!(all.len(), all_words().count(), "a code stands twice");
    let mut seen = HashSet::new();
    for (code, english) in super::english::WORDS {
        let german = GERMAN.get(code).unwrap_or_else(|| panic!("no German for {code}"));
        assert_eq!(german.matches("{n}").count(), english.matches("{n}").count(), "{code}");
    }
    for (code, german) in super::german::WORDS {
        assert!(seen.insert(code), "{code} stands twice");
        assert!(all.contains_key(*code), "{code} is no code");
        assert!(!german.is_empty());
    }
    assert_eq!(LANGUAGES.map(|language| built_in(language).unwrap().language()), *LANGUAGES);
    assert_eq!(
        (built_in("de-AT").unwrap().language(), built_in("EN_us").unwrap().language(), built_in("xx").is_none()),
        ("de", "en", true)
    );
}

#[test]
fn what_a_table_lacks_is_said_in_english() {
    let table = Table::from_json("hi", r#"{"document.clean.title":"साफ़"}"#.as_bytes()).unwrap();
    assert_eq!(word(&table, "document.clean.title"), "साफ़");
    assert_eq!(word(&table, "document.failed.title"), ENGLISH.get("document.failed.title").unwrap());
    for (code, english) in all_words() {
        assert_eq!(word(&Table::new("hi", []).unwrap(), &code), english);
    }
    assert_eq!(word(&table, "reason.from_the_future"), "reason.from_the_future");
    assert_eq!(Table::from_json("hi", b"[1]").unwrap_err().kind(), ErrorKind::InvalidArgument);
    let signer = Signer::p256();
    let page = html(&judged(&signed(&signer, "हाँ"), Some(&signer)), None, &table);
    assert!(page.contains("<html lang=\"hi\" dir=\"ltr\">") && page.contains("<h1>साफ़</h1>") && page.contains("हाँ"));
}

/// Relative luminance of `#rrggbb` or `#rgb` (WCAG 2.2).
fn luminance(colour: &str) -> f64 {
    let digits: Vec<u32> = colour.trim_start_matches('#').chars().map(|c| c.to_digit(16).unwrap()).collect();
    let channel = |i: usize| f64::from(if digits.len() == 3 { digits[i] * 17 } else { digits[2 * i] * 16 + digits[2 * i + 1] }) / 255.0;
    let linear = |c: f64| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) };
    0.2126 * linear(channel(0)) + 0.7152 * linear(channel(1)) + 0.0722 * linear(channel(2))
}

/// Text stands out from what is behind it by at least 4.5 to 1 in light, in dark and in print (WCAG 2.2 1.4.3).
#[test]
fn colours_have_contrast() {
    let style = include_str!("page.css");
    let palettes: Vec<BTreeMap<&str, &str>> = style
        .split(":root{")
        .skip(1)
        .map(|rest| {
            rest.split('}').next().unwrap().split(';').filter_map(|entry| entry.trim().trim_start_matches("--").split_once(':')).collect()
        })
        .collect();
    assert_eq!(palettes.len(), 3);
    for palette in palettes {
        let behind = ["paper", "ground"].into_iter();
        let plain = behind.flat_map(|behind| [("ink", behind), ("soft", behind)]);
        let states = ["clean", "changed", "failed", "plain"].map(|state| (state, format!("{state}-ground")));
        let pairs = plain
            .map(|(a, b)| (a, b.to_owned()))
            .chain(states.iter().flat_map(|(state, ground)| [(*state, ground.clone()), ("ink", ground.clone())]));
        for (text, ground) in pairs {
            let (a, b) = (luminance(palette[text]), luminance(palette[ground.as_str()]));
            let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
            assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
        }
    }
}
