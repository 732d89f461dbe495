//! The render room: the lines of a report, for every form alike. Takes a report and words, gives rows of a label and lines; what the document's
//! writers chose stays apart from our own words, so that no form can show it as ours.

use super::verdict::{Verdict, when, who};
use super::words::{Words, word};
use crate::time::Time;
use crate::verify::{
    ChangeEntry, ChangeKind, ChangeRule, Check, Coverage, CryptoStatus, Evidence, EvidenceKind, Indication, IssuedFor, Kind, Level,
    LockAction, PathCertificate, Permitted, ProtectionFacts, ReasonEntry, Report, Revocation, Risks, SignatureReport, StatedPermissions,
    TrustRole,
};

/// Most changes that stand in front; all that the report has are among the details, up to [`MAX_LISTED`].
const MAX_IN_FRONT: usize = 12;
/// Most lines of one row.
pub(super) const MAX_LISTED: usize = 500;

/// A piece of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Our word.
    Ours(String),
    /// What somebody wrote into the document or its certificates.
    Theirs(String),
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Line(pub(super) Vec<Part>);

impl Line {
    pub(super) fn ours(text: impl Into<String>) -> Line {
        Line::default().and(text)
    }

    pub(super) fn theirs(text: impl Into<String>) -> Line {
        Line::default().and_theirs(text)
    }

    fn and(mut self, text: impl Into<String>) -> Line {
        self.0.push(Part::Ours(text.into()));
        self
    }

    fn and_theirs(mut self, text: impl Into<String>) -> Line {
        self.0.push(Part::Theirs(text.into()));
        self
    }
}

/// A label and what stands behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) label: String,
    pub(super) lines: Vec<Line>,
}

/// What a clerk reads of one signature.
pub(super) struct Front {
    pub(super) verdict: Verdict,
    pub(super) rows: Vec<Row>,
}

/// Makes rows in one language.
pub(super) struct Rows<'w> {
    words: &'w dyn Words,
}

impl<'w> Rows<'w> {
    pub(super) fn new(words: &'w dyn Words) -> Rows<'w> {
        Rows { words }
    }

    pub(super) fn word(&self, code: &str) -> String {
        word(self.words, code).into_owned()
    }

    /// The word for a code, with `{n}` filled in.
    pub(super) fn with(&self, code: &str, n: impl ToString) -> String {
        self.word(code).replace("{n}", &n.to_string())
    }

    fn row(&self, label: &str, lines: Vec<Line>) -> Row {
        Row { label: self.word(label), lines }
    }

    pub(super) fn time(&self, time: Time) -> String {
        let (y, mo, d, h, mi, s) = time.fields();
        self.with("time.utc", format_args!("{y:04}-{mo:02}-{d:02} {h:02}:{mi:02}:{s:02}"))
    }

    /// Who, when, what changed, why not.
    pub(super) fn front(&self, signature: &SignatureReport) -> Front {
        let mut rows = Vec::new();
        let (label, name) = who(signature);
        rows.push(self.row(label, vec![name.map_or_else(|| Line::ours(self.word("value.unknown")), Line::theirs)]));
        if let Some(IssuedFor::Development) = signature.signer.as_ref().and_then(|signer| signer.issued_for) {
            rows.push(self.row("label.issued_for", vec![Line::ours(self.word("issued_for.development"))]));
        }
        let (label, time) = when(signature);
        rows.push(self.row(label, vec![Line::ours(time.map_or_else(|| self.word("value.unknown"), |time| self.time(time)))]));
        rows.push(self.row("label.changed_since", self.changes_in_front(signature)));
        if let Some(reason) = &signature.reason {
            rows.push(self.row("label.claimed_reason", vec![Line::theirs(reason)]));
        }
        if !signature.reasons.is_empty() {
            let mut seen: Vec<&str> = Vec::new();
            for reason in &signature.reasons {
                if !seen.contains(&reason.code) {
                    seen.push(reason.code);
                }
            }
            rows.push(self.row("label.why", seen.iter().map(|code| Line::ours(self.word(&format!("reason.{code}")))).collect()));
        }
        Front { verdict: Verdict::of(signature), rows }
    }

    fn changes_in_front(&self, signature: &SignatureReport) -> Vec<Line> {
        if signature.coverage == Coverage::Broken {
            // Nothing could be compared; silence would read as "nothing".
            return vec![Line::ours(self.word("changes.not_compared"))];
        }
        let details = &signature.change_details;
        if details.is_empty() {
            // Of a signature that does not hold nobody knows what was signed: "nothing" would say more than the report.
            let known = signature.crypto.status == CryptoStatus::Ok;
            return vec![Line::ours(self.word(if known { "change.NONE" } else { "changes.unknown" }))];
        }
        let mut lines: Vec<Line> = Vec::new();
        for change in details {
            let line = self.change(change, false);
            if !lines.contains(&line) {
                lines.push(line);
            }
            if lines.len() == MAX_IN_FRONT {
                lines.push(Line::ours(self.with("text.all_in_details", details.len())));
                break;
            }
        }
        lines
    }

    pub(super) fn change(&self, change: &ChangeEntry, whole: bool) -> Line {
        let mut line = Line::ours(self.word(&format!("change.{}", change.kind)));
        if !change.pages.is_empty() {
            let pages: Vec<String> = change.pages.iter().take(20).map(ToString::to_string).collect();
            line = line.and(", ").and(self.with("text.page", pages.join(", ")));
        }
        if whole || change.kind == ChangeKind::Other {
            line = line.and(": ").and(self.word(&format!("rule.{}", change.rule)));
        }
        // What is known beyond the rule, such as the name of the field.
        let rule = ChangeRule::ALL.iter().find(|rule| rule.code() == change.rule).map_or("", |rule| rule.text());
        let more = change.detail.strip_prefix(rule).unwrap_or(&change.detail).trim_start_matches(": ");
        if !more.is_empty() && (whole || change.kind == ChangeKind::FormFilled) {
            line = line.and(": ").and_theirs(more);
        }
        if change.old.is_some() || change.new.is_some() {
            let value = |value: &Option<String>, line: Line| match value {
                Some(value) => line.and_theirs(value),
                None => line.and(self.word("value.nothing")),
            };
            line = value(&change.new, value(&change.old, line.and(" ")).and(" → "));
        }
        let place: Vec<&str> = change.path.iter().chain(&change.objects).map(String::as_str).collect();
        if whole && !place.is_empty() {
            line = line.and(" ").and_theirs(place.join(" "));
        }
        line
    }

    fn check(&self, check: &Check) -> Line {
        match check {
            Check::Ok => Line::ours(self.word("check.ok")),
            Check::Failed { reason } => Line::ours(format!("{}: {}", self.word("check.failed"), self.word(&format!("reason.{reason}")))),
            Check::NotRequiredByPolicy => Line::ours(self.word("check.not_required_by_policy")),
            Check::NotChecked => Line::ours(self.word("check.not_checked")),
        }
    }

    fn evidence(&self, evidence: &Evidence) -> Line {
        let kind = self.word(match evidence.kind {
            EvidenceKind::Ocsp => "evidence.ocsp",
            EvidenceKind::Crl => "evidence.crl",
            EvidenceKind::TimeStamp => "evidence.time_stamp",
        });
        Line::ours(format!(
            "{kind}, {}, {}, SHA-256 {}",
            self.time(evidence.produced_at),
            self.with("text.age", evidence.age),
            evidence.sha256
        ))
    }

    fn path(&self, certificate: &PathCertificate) -> Line {
        let (from, to) = (self.time(certificate.not_before), self.time(certificate.not_after));
        Line::theirs(&certificate.subject).and(format!(" {from} – {to}, SHA-256 {}", certificate.sha256))
    }

    fn reason(&self, reason: &ReasonEntry) -> Line {
        let mut line = Line::ours(format!("{} [{}]", self.word(&format!("reason.{}", reason.code)), reason.code));
        if let Some(offset) = reason.offset {
            line = line.and(", ").and(self.with("text.at_byte", offset));
        }
        match &reason.detail {
            Some(detail) => line.and(": ").and_theirs(detail),
            None => line,
        }
    }

    fn permissions(&self, stated: &StatedPermissions) -> Vec<Line> {
        let level = stated.doc_mdp.map(|level| Line::ours(self.word(&format!("permission.level_{level}"))));
        let locks = stated.locks.iter().map(|lock| {
            let line = Line::ours(self.word(match lock.action {
                LockAction::All => "permission.locks_all",
                LockAction::Include => "permission.locks_these",
                LockAction::Exclude => "permission.locks_all_but",
            }));
            if lock.fields.is_empty() { line } else { line.and(" ").and_theirs(lock.fields.join(", ")) }
        });
        let lines: Vec<Line> = level.into_iter().chain(locks).collect();
        if lines.is_empty() { vec![Line::ours(self.word("permission.nothing"))] } else { lines }
    }

    /// Everything that the report says of one signature.
    pub(super) fn details(&self, s: &SignatureReport) -> Vec<Row> {
        let ours = |code: &str| vec![Line::ours(self.word(code))];
        let mut rows = Vec::new();
        let mut add = |label: &str, lines: Vec<Line>| {
            if !lines.is_empty() {
                rows.push(self.row(label, lines));
            }
        };
        let overall = match s.overall.indication {
            Indication::TotalPassed => "TOTAL_PASSED",
            Indication::Indeterminate => "INDETERMINATE",
            Indication::TotalFailed => "TOTAL_FAILED",
        };
        let sub =
            s.overall.sub_indication.and_then(|sub| serde_json::to_value(sub).ok()).and_then(|sub| sub.as_str().map(|s| format!(" ({s})")));
        add("label.overall", vec![Line::ours(format!("{overall}{}", sub.unwrap_or_default()))]);
        add("label.reasons", s.reasons.iter().map(|reason| self.reason(reason)).collect());
        add("label.field", vec![Line::theirs(&s.field)]);
        let kind = match s.kind {
            Kind::Signature => "kind.signature",
            Kind::DocumentTimestamp => "kind.document_timestamp",
        };
        add("label.kind", vec![s.sub_filter.iter().fold(Line::ours(self.word(kind)), |line, filter| line.and(" ").and_theirs(filter))]);
        add("label.crypto", vec![self.crypto(s)]);
        let coverage = ours(match s.coverage {
            Coverage::WholeFile => "coverage.WHOLE_FILE",
            Coverage::WholeRevision => "coverage.WHOLE_REVISION",
            Coverage::Broken => "coverage.BROKEN",
        });
        add("label.coverage", coverage);
        let range = s.byte_range.map(|[a, b, c, d]| format!(", [{a} {b} {c} {d}]")).unwrap_or_default();
        add("label.revision", vec![Line::ours(format!("{}{range}", s.revision))]);
        let compared = s.coverage != Coverage::Broken;
        let all =
            if compared { s.change_details.iter().map(|change| self.change(change, true)).collect() } else { ours("changes.not_compared") };
        add("label.changes", if all.is_empty() { ours("change.NONE") } else { all });
        add(
            "label.permitted",
            ours(match s.permitted {
                Permitted::Yes => "permitted.yes",
                Permitted::No => "permitted.no",
                Permitted::NotStated => "permitted.not_stated",
            }),
        );
        add("label.permissions", self.permissions(&s.permissions));
        add("label.intact", ours(if s.intact { "value.yes" } else { "value.no" }));
        add("label.chain", vec![self.check(&s.chain.check)]);
        add("label.path", s.chain.path.iter().map(|certificate| self.path(certificate)).collect());
        add("label.revocation", vec![self.check(&s.revocation.check)]);
        add("label.evidence", s.revocation.evidence.iter().chain(&s.time.evidence).map(|evidence| self.evidence(evidence)).collect());
        add("label.time", vec![self.check(&s.time.check)]);
        add("label.time_proven", s.time.proof_of_existence.map(|time| Line::ours(self.time(time))).into_iter().collect());
        add("label.provable_until", s.time.provable_until.map(|time| Line::ours(self.time(time))).into_iter().collect());
        let level = match s.level {
            Level::PlainCms => self.word("level.plain_cms"),
            Level::DocumentTimestamp => self.word("kind.document_timestamp"),
            named => named.name().to_owned(),
        };
        add("label.level", vec![Line::ours(level)]);
        add("label.deviations", s.deviations.iter().map(|d| Line::ours(self.word(&format!("deviation.{}", d.code())))).collect());
        self.signer(s, &mut add);
        rows
    }

    fn crypto(&self, s: &SignatureReport) -> Line {
        let status = self.word(match s.crypto.status {
            CryptoStatus::Ok => "check.ok",
            CryptoStatus::Failed => "check.failed",
            CryptoStatus::Unsupported => "check.unsupported",
        });
        let reason = s.crypto.reason.map(|reason| format!(": {}", self.word(&format!("reason.{reason}")))).unwrap_or_default();
        let algorithms = [s.crypto.signature_algorithm, s.crypto.digest_algorithm].into_iter().flatten().map(|name| format!(", {name}"));
        let line = Line::ours(format!("{status}{reason}{}", algorithms.collect::<String>()));
        match &s.crypto.what {
            Some(what) => line.and(" ").and_theirs(what),
            None => line,
        }
    }

    fn protection(&self, stated: &ProtectionFacts) -> Line {
        let line = Line::ours(self.word(&format!("protection.{}", stated.level)));
        stated.attestation.iter().fold(line, |line, digest| line.and(format!(", SHA-256 {digest}")))
    }

    fn signer(&self, s: &SignatureReport, add: &mut dyn FnMut(&str, Vec<Line>)) {
        if let Some(signer) = &s.signer {
            add("label.subject", vec![Line::theirs(&signer.subject)]);
            add("label.issuer", vec![Line::theirs(&signer.issuer)]);
            add("label.serial", vec![Line::ours(&signer.serial)]);
            add("label.validity", vec![Line::ours(format!("{} – {}", self.time(signer.not_before), self.time(signer.not_after)))]);
            add("label.sha256", vec![Line::ours(&signer.sha256)]);
            add("label.public_key", vec![Line::ours(&signer.public_key)]);
            add("label.key_protection", signer.key_protection.iter().map(|stated| self.protection(stated)).collect());
            add("label.policies", signer.policies.iter().map(Line::ours).collect());
            add("label.attribute", vec![Line::ours(self.word(&format!("attribute.{}", signer.signing_certificate_attribute)))]);
        }
        if let Some(token) = &s.token {
            let accuracy = token.accuracy.map(|seconds| format!(" ± {seconds} s")).unwrap_or_default();
            add("label.token", vec![Line::ours(format!("{}{accuracy}, {}, {}", self.time(token.time), token.policy, token.serial))]);
        }
        add("label.claimed_time", s.claimed_time.map(|time| Line::ours(self.time(time))).into_iter().collect());
        for (label, claimed) in
            [("label.claimed_name", &s.claimed_name), ("label.claimed_reason", &s.reason), ("label.claimed_location", &s.location)]
        {
            add(label, claimed.iter().map(Line::theirs).collect());
        }
    }

    /// The document as a whole.
    pub(super) fn document(&self, report: &Report) -> Vec<Row> {
        let d = &report.document;
        let mut rows = vec![
            self.row("label.size", vec![Line::ours(self.with("text.bytes", d.size))]),
            self.row("label.revisions", vec![Line::ours(d.revisions.to_string())]),
        ];
        for (label, names) in [
            ("label.signed_fields", &d.signed_fields),
            ("label.empty_fields", &d.empty_fields),
            ("label.emptied_fields", &d.emptied_fields),
        ] {
            if !names.is_empty() {
                rows.push(self.row(label, names.iter().map(Line::theirs).collect()));
            }
        }
        let notes =
            [(d.encrypted, "note.encrypted"), (d.usage_rights, "note.usage_rights"), (d.xfa, "note.xfa"), (d.portfolio, "note.portfolio")];
        let mut notes: Vec<Line> = notes.into_iter().filter(|(there, _)| *there).map(|(_, code)| Line::ours(self.word(code))).collect();
        if d.trailing_bytes > 0 {
            notes.push(Line::ours(self.with("note.trailing_bytes", d.trailing_bytes)));
        }
        if !notes.is_empty() {
            rows.push(self.row("label.notes", notes));
        }
        rows
    }

    /// What may surprise the reader.
    pub(super) fn risks(&self, report: &Report) -> Vec<Row> {
        let Risks::LookedFor { found, unchecked } = &report.document.risks else {
            return vec![self.row("label.risks", vec![Line::ours(self.word("check.not_checked"))])];
        };
        let mut rows: Vec<Row> = Vec::new();
        for risk in found {
            let code = risk.code.code();
            let mut line = Line::ours(self.word(&format!("risk.{code}")));
            if !risk.pages.is_empty() {
                let pages: Vec<String> = risk.pages.iter().take(20).map(ToString::to_string).collect();
                line = line.and(", ").and(self.with("text.page", pages.join(", ")));
            }
            line = line.and(". ").and(self.word(&format!("remedy.{code}")));
            rows.push(Row { label: code.to_owned(), lines: vec![line] });
        }
        if !unchecked.is_empty() {
            let lines = unchecked.iter().map(|u| Line::ours(format!("{}: {}", u.part, u.why))).collect();
            rows.push(self.row("label.unchecked", lines));
        }
        if rows.is_empty() {
            rows.push(self.row("label.risks", vec![Line::ours(self.word("change.NONE"))]));
        }
        rows
    }

    /// The rules.
    pub(super) fn policy(&self, report: &Report) -> Vec<Row> {
        let p = &report.policy;
        let revocation = self.word(match p.revocation {
            Revocation::Require => "revocation.require",
            Revocation::IfAvailable => "revocation.if_available",
            Revocation::Off => "revocation.off",
        });
        let role = |role: TrustRole| match role {
            TrustRole::Signature => "role.signature",
            TrustRole::TimeStamp => "role.time_stamp",
        };
        vec![
            self.row("label.policy", vec![Line::theirs(&*p.name).and(format!(", SHA-256 {}", p.sha256))]),
            self.row("label.judged_at", vec![Line::ours(self.time(p.time))]),
            self.row("label.trust", p.trust.iter().map(|t| Line::ours(self.with(role(t.role), t.anchors))).collect()),
            self.row("label.revocation", vec![Line::ours(revocation)]),
            self.row(
                "label.algorithms",
                p.algorithms
                    .iter()
                    .map(|a| Line::ours(format!("{}: {}", a.algorithm, self.with("text.until", self.time(a.until)))))
                    .collect(),
            ),
        ]
    }
}
