//! The verify room: the report as text for a terminal. Says the verdict first, then what it rests on.

use super::report::{Check, Coverage, CryptoStatus, Permitted, Report, SignatureReport};
use super::reason::Indication;
use std::fmt;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.signatures.is_empty() {
            writeln!(f, "no signature")?;
        }
        for (i, signature) in self.signatures.iter().enumerate() {
            write_signature(f, i + 1, signature)?;
        }
        let document = &self.document;
        writeln!(f, "document: {} bytes, {} revision(s){}", document.size, document.revisions, if document.encrypted { ", encrypted" } else { "" })?;
        for (names, what) in [(&document.empty_fields, "empty signature fields"), (&document.emptied_fields, "signature fields that were emptied")] {
            if !names.is_empty() {
                writeln!(f, "{what}: {}", names.iter().map(|n| printable(n)).collect::<Vec<_>>().join(", "))?;
            }
        }
        for (there, what) in [
            (document.usage_rights, "a usage-rights signature is present"),
            (document.xfa, "the form carries XFA"),
            (document.portfolio, "the document is a portfolio"),
        ] {
            if there {
                writeln!(f, "note: {what}")?;
            }
        }
        write!(f, "{}", if self.clean { "clean" } else { "not clean" })
    }
}

/// Text from a file without what a terminal would obey.
fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') { '\u{fffd}' } else { c }).collect()
}

fn write_signature(f: &mut fmt::Formatter<'_>, number: usize, s: &SignatureReport) -> fmt::Result {
    let indication = match s.overall.indication {
        Indication::TotalPassed => "TOTAL_PASSED",
        Indication::Indeterminate => "INDETERMINATE",
        Indication::TotalFailed => "TOTAL_FAILED",
    };
    let sub = s.overall.sub_indication.map(|sub| format!(" ({sub:?})")).unwrap_or_default();
    writeln!(f, "signature {number}, field {}: {} - {indication}{sub}", printable(&s.field), if s.clean { "clean" } else { "NOT CLEAN" })?;
    let crypto = match s.crypto.status {
        CryptoStatus::Ok => "ok".to_owned(),
        CryptoStatus::Failed => format!("failed ({})", s.crypto.reason.unwrap_or("unknown")),
        CryptoStatus::Unsupported => format!("unsupported ({})", s.crypto.reason.unwrap_or("unknown")),
    };
    writeln!(f, "  crypto:     {crypto} {} {}", s.crypto.signature_algorithm.unwrap_or(""), s.crypto.digest_algorithm.unwrap_or(""))?;
    let coverage = match s.coverage {
        Coverage::WholeFile => "the whole file",
        Coverage::WholeRevision => "its whole revision; more follows",
        Coverage::Broken => "BROKEN",
    };
    writeln!(f, "  coverage:   {coverage}")?;
    let kinds: Vec<String> = s.changes.iter().map(ToString::to_string).collect();
    let permitted = match s.permitted {
        Permitted::Yes => "permitted",
        Permitted::No => "FORBIDDEN by the signed revision",
        Permitted::NotStated => "permission not stated",
    };
    writeln!(f, "  changes:    {} ({permitted})", kinds.join(", "))?;
    for change in &s.change_details {
        let pages = change.pages.iter().map(|p| format!(" page {p}")).collect::<String>();
        writeln!(f, "    {}: {}{pages} {}", change.kind, printable(&change.detail), printable(&change.objects.join(" ")))?;
    }
    if let Some(signer) = &s.signer {
        writeln!(f, "  signer:     {}", printable(&signer.subject))?;
        writeln!(f, "  issued by:  {}", printable(&signer.issuer))?;
    }
    if let Some(time) = s.claimed_time {
        writeln!(f, "  claimed:    {time}")?;
    }
    for (name, check) in [("chain", &s.chain.check), ("revocation", &s.revocation), ("time", &s.time)] {
        let text = match check {
            Check::Ok => "ok".to_owned(),
            Check::Failed { reason } => format!("failed ({reason})"),
            Check::NotRequiredByPolicy => "not required by policy".to_owned(),
            Check::NotChecked => "not checked".to_owned(),
        };
        writeln!(f, "  {:<11} {text}", format!("{name}:"))?;
    }
    for reason in &s.reasons {
        let at = reason.offset.map(|o| format!(" at byte {o}")).unwrap_or_default();
        writeln!(f, "  because:    {} [{}]{at}", reason.text, reason.code)?;
    }
    for deviation in &s.deviations {
        writeln!(f, "  note:       {}", printable(deviation))?;
    }
    Ok(())
}
