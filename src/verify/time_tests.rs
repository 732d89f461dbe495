//! The verify room, tests only: times, revocation and levels as a table (EN 319 102-1 5.5, 5.6). Facts are made by hand, certificates, lists and
//! everything that is judged from them are real: each row says what stands in a document and what must come out, years later.

use super::chains::Chains;
use super::changes::Changes;
use super::coverage::Covered;
use super::facts::{Facts, SignatureFacts};
use super::level::Level;
use super::locate::{Candidate, Located};
use super::permission::Permissions;
use super::report::{Coverage, DocumentFacts, Report, SignatureReport};
use super::stamps::Stamp;
use super::stated::Stated;
use super::{Policy, Revocation, VerifyOptions, judge};
use crate::cms::{CmsFacts, Expect, SigningCertificate};
use crate::crypto::digest::{DigestAlgorithm, hex};
use crate::evidence::{Bundle, Item};
use crate::pdf::{Dictionary, Span};
use crate::pki::certificate::Certificate;
use crate::pki::revocation::testing::{EntryDraft, ListDraft};
use crate::pki::role::Role;
use crate::pki::testing::{Draft, Key, at, ecdsa};
use crate::pki::timestamp::TstInfo;
use crate::pki::trust::TrustAnchors;
use crate::pki::{der, oid};
use crate::switch::{Check, without};

fn tsa(name: &str, key: u8, serial: u8, valid: (&'static str, &'static str)) -> Certificate {
    let purpose = der::write(der::SEQUENCE, &[&der::write_oid(&oid::KP_TIME_STAMPING)]);
    let draft = Draft::leaf(name, &Key::new(key), "CA").serial(serial).valid(valid.0, valid.1);
    draft.with(oid::EXTENDED_KEY_USAGE, true, purpose).issue(&Key::new(2))
}

/// Who there is: Root (anchor) and CA until 2045, Anna until 2027, one authority until 2028 and one until 2035.
struct People {
    root: Certificate,
    ca: Certificate,
    anna: Certificate,
    early: Certificate,
    late: Certificate,
    impostor: Certificate,
}

fn people() -> People {
    People {
        root: Draft::ca("Root", &Key::new(1), "Root", None).issue(&Key::new(1)),
        ca: Draft::ca("CA", &Key::new(2), "Root", None).serial(2).valid("20200101000000Z", "20450101000000Z").issue(&Key::new(1)),
        anna: Draft::leaf("Anna", &Key::new(3), "CA").serial(3).valid("20250101000000Z", "20270101000000Z").issue(&Key::new(2)),
        early: tsa("Early", 4, 4, ("20250101000000Z", "20280101000000Z")),
        late: tsa("Late", 5, 5, ("20270101000000Z", "20350101000000Z")),
        impostor: Draft::leaf("Impostor", &Key::new(6), "CA").serial(6).issue(&Key::new(2)),
    }
}

/// A list of the root or the CA that speaks for a month from that day, with entries.
fn list(issuer: &str, from: &'static str, to: &'static str, gone: &[(u8, &'static str)]) -> Item {
    let entries = gone.iter().map(|(serial, date)| EntryDraft { at: date, ..EntryDraft::new(*serial) });
    let draft = entries.fold(ListDraft::new(issuer).times(from, Some(to)), ListDraft::entry);
    Item::Crl(draft.issue(&Key::new(if issuer == "Root" { 1 } else { 2 })))
}

/// What was said in June 2026, and of the second authority in June 2027.
fn june(which: &str) -> Vec<Item> {
    match which {
        "26" => vec![list("Root", "20260601000000Z", "20260701000000Z", &[]), list("CA", "20260601000000Z", "20260701000000Z", &[])],
        _ => vec![list("Root", "20270601000000Z", "20270701000000Z", &[]), list("CA", "20270601000000Z", "20270701000000Z", &[])],
    }
}

fn cms(signer: &Certificate, people: &People) -> CmsFacts {
    let mut facts = CmsFacts::nothing_yet(vec![1]);
    (facts.signers_seen, facts.signers_verified) = (1, 1);
    facts.found(DigestAlgorithm::Sha256, ecdsa(), vec![0; 32]);
    facts.signer = Some(signer.clone());
    facts.pool = vec![signer.clone(), people.ca.clone()];
    (facts.signing_certificate, facts.has_signed_attributes) = (SigningCertificate::V2, true);
    facts
}

fn token(by: &Certificate, people: &People, when: &str) -> CmsFacts {
    let mut facts = cms(by, people);
    facts.time_stamp = Some(TstInfo {
        policy: oid::ANY_POLICY,
        imprint_algorithm: Some(DigestAlgorithm::Sha256),
        imprint: vec![0; 32],
        serial: vec![1],
        time: at(when),
        accuracy: None,
        ordering: false,
        nonce: None,
    });
    facts
}

/// A document to be: Anna's signature, its time stamps, then document time stamps, each over all before it.
struct Paper {
    people: People,
    facts: Facts,
    given: Bundle,
    policy: Policy,
    roles: Option<[Role; 2]>,
    dated: bool,
}

impl Paper {
    fn new() -> Paper {
        let people = people();
        let mut signed = SignatureFacts::of(Ok(covered(1)));
        (signed.cms, signed.expect, signed.changes) =
            (Some(cms(&people.anna, &people)), Some(Expect::CadesDetached), Some(Changes::default()));
        let facts = Facts { signatures: vec![signed], embedded: Bundle::default(), earlier: Bundle::default() };
        Paper {
            people,
            facts,
            given: Bundle::default(),
            policy: Policy { revocation: Revocation::Require, ..Policy::default() },
            roles: None,
            dated: true,
        }
    }

    fn mode(mut self, mode: Revocation) -> Paper {
        self.policy.revocation = mode;
        self
    }

    /// Other rules.
    fn by(mut self, change: impl FnOnce(&mut Policy)) -> Paper {
        change(&mut self.policy);
        self
    }

    fn stamped(self, when: &str) -> Paper {
        let token = token(&self.people.early, &self.people, when);
        self.stamp(Some(token))
    }

    fn stamp(mut self, cms: Option<CmsFacts>) -> Paper {
        let sha256 = [u8::try_from(self.facts.signatures[0].stamps.len()).unwrap() + 1; 32];
        self.facts.signatures[0].stamps.push(Stamp { sha256, cms });
        self
    }

    /// Evidence that the document carries from here on.
    fn store(mut self, items: Vec<Item>) -> Paper {
        items.into_iter().for_each(|item| assert!(self.facts.embedded.add(item).is_ok()));
        self
    }

    fn given(mut self, items: Vec<Item>) -> Paper {
        items.into_iter().for_each(|item| assert!(self.given.add(item).is_ok()));
        self
    }

    /// A document time stamp over everything so far.
    fn sealed(self, late: bool, when: &str) -> Paper {
        let by = if late { &self.people.late } else { &self.people.early };
        let token = token(by, &self.people, when);
        self.seal(token)
    }

    fn seal(mut self, cms: CmsFacts) -> Paper {
        let mut seal = SignatureFacts::of(Ok(covered(self.facts.signatures.len() + 1)));
        (seal.cms, seal.expect, seal.changes) = (Some(cms), Some(Expect::TimeStamp), Some(Changes::default()));
        seal.token_sha256 = [u8::try_from(self.facts.signatures.len()).unwrap() + 100; 32];
        seal.seals = self.facts.embedded.items().map(|item| item.sha256()).collect();
        self.facts.signatures.push(seal);
        self
    }

    /// The report, judged at that time.
    fn judge(self, now: &str) -> Report {
        let mut trust = TrustAnchors::new();
        match self.roles {
            None => trust.add(self.people.root.clone()),
            Some(roles) => trust.add_for(self.people.root.clone(), &roles),
        }
        let policy = self.policy.clone();
        let options = VerifyOptions { trust: &trust, time: at(now), policy, password: None, evidence: Some(&self.given) };
        let candidates = self.facts.signatures.iter().enumerate().map(|(n, _)| Candidate {
            field: format!("Signature{n}"),
            value_id: None,
            dict: Dictionary::new(),
            holder: Span::default(),
            compressed: false,
            revision: n,
            field_dict: Dictionary::new(),
            duplicate_key: false,
        });
        let located = Located { candidates: candidates.collect(), facts: DocumentFacts::default() };
        let stated = self.facts.signatures.iter().map(|_| Stated {
            sub_filter: None,
            date: self.dated.then(|| b"D:20260610120000Z".to_vec()),
            name: None,
            reason: None,
            location: None,
            permissions: Permissions::default(),
        });
        let stated = stated.collect();
        judge::judge(located, self.facts, stated, &options, &Chains::default(), "").unwrap()
    }

    fn of_anna(self, now: &str) -> SignatureReport {
        self.judge(now).signatures.remove(0)
    }
}

fn covered(end: usize) -> Covered {
    Covered { revision: end - 1, end: end as u64 * 100, gap: Span::default(), coverage: Coverage::WholeRevision }
}

/// Indication and sub-indication, proven time, level.
fn outcome(paper: Paper, now: &str) -> (String, Option<String>, Level) {
    let report = paper.of_anna(now);
    let sub = report.overall.sub_indication.map(|sub| format!("{sub:?}"));
    (sub.unwrap_or_else(|| "passed".to_owned()), report.time.proof_of_existence.map(|time| time.to_string()), report.level)
}

/// What was revoked, since when, and who says so: what an auditor asks for first.
#[test]
fn a_revocation_is_told_with_its_certificate() {
    let now = "2026-06-20T00:00:00Z";
    let (from, to) = ("20260615000000Z", "20260715000000Z");
    let lists = [list("CA", from, to, &[(3, "20260609000000Z")]), list("Root", from, to, &[(2, "20260601000000Z")])];
    for (gone, list, since) in [("Anna", &lists[0], "2026-06-09T00:00:00Z"), ("CA", &lists[1], "2026-06-01T00:00:00Z")] {
        let report = Paper::new().mode(Revocation::IfAvailable).given(vec![list.clone()]).of_anna(now);
        let told = report.revocation.revoked.unwrap();
        assert!(told.certificate.subject.contains(gone) && told.at == at(since), "{gone}: {told:?}");
        assert_eq!(report.revocation.evidence[0].sha256, hex(&list.sha256()));
    }
    assert!(Paper::new().given(june("26")).of_anna(now).revocation.revoked.is_none());
}

/// What is told to be provable until then is judged so: at that second, and no longer a second later.
#[test]
fn provable_until_then_and_no_longer() {
    let noon = "2026-06-10T12:00:00Z";
    let new = || Paper::new().mode(Revocation::IfAvailable);
    let stamped = || new().stamped(noon).store(june("26"));
    let archived = || stamped().sealed(false, "2026-06-11T00:00:00Z");
    let renewed = || archived().store(june("27")).sealed(true, "2027-06-10T00:00:00Z");
    let cases: [(&str, &dyn Fn() -> Paper, &str); 4] =
        [("signed", &new, noon), ("stamped", &stamped, noon), ("archived", &archived, noon), ("renewed", &renewed, "2027-06-20T00:00:00Z")];
    let mut before = None;
    for (what, paper, now) in cases {
        let until = paper().of_anna(now).time.provable_until.unwrap();
        assert_eq!(outcome(paper(), &until.to_string()).0, "passed", "{what} {until}");
        assert_eq!(outcome(paper(), &until.plus(1).to_string()).0, "OutOfBoundsNoPoe", "{what} {until}");
        assert!(Some(until) >= before, "{what}: a time stamp never shortens it");
        before = Some(until);
    }
    assert_eq!(Paper::new().of_anna(noon).time.provable_until, Some(at("2027-01-01T00:00:00Z")), "no statement is needed to say so");
    assert!(new().of_anna("2036-01-01T00:00:00Z").time.provable_until.is_none(), "what is not provable is not so for long");
}

/// The times of a policy count: one second more or less decides.
#[test]
fn the_times_of_the_policy_decide() {
    let (now, day) = ("2026-06-20T00:00:00Z", 24 * 60 * 60);
    for (age, expected) in [(19 * day, "passed"), (19 * day - 1, "TryLater")] {
        let paper = Paper::new().given(june("26")).by(|policy| policy.freshness.max_age = Some(age));
        assert_eq!(outcome(paper, now).0, expected, "{age}");
    }
    for (skew, proven) in [(60, Some(now.to_owned())), (59, None)] {
        let paper = Paper::new().mode(Revocation::Off).stamped("2026-06-20T00:01:00Z").by(|policy| policy.clock_skew = skew);
        assert_eq!(outcome(paper, now).1, proven, "{skew}");
    }
}

/// What stands in a document, when it is judged; what comes of it, since when it is proven to exist, and its level.
type Row = (&'static str, Paper, &'static str, &'static str, Option<&'static str>, Level);

fn rows() -> Vec<Row> {
    let noon = "2026-06-10T12:00:00Z";
    let (n26, n29, n33, n36) = ("2026-06-20T00:00:00Z", "2029-01-01T00:00:00Z", "2033-01-01T00:00:00Z", "2036-01-01T00:00:00Z");
    let resealed = "2027-06-10T00:00:00Z";
    let new = Paper::new;
    // Signed, stamped, evidence, sealed by an authority that lasts longer, with evidence about that one.
    let archived = || new().stamped(noon).store(june("26")).sealed(false, "2026-06-11T00:00:00Z");
    let renewed = || archived().store(june("27")).sealed(true, resealed);
    // What is said of everybody when it is judged.
    let fresh = |from: &'static str, to: &'static str| vec![list("Root", from, to, &[]), list("CA", from, to, &[])];
    let (now29, now33) = (|| fresh("20281215000000Z", "20290115000000Z"), || fresh("20321215000000Z", "20330115000000Z"));
    let may = Revocation::IfAvailable;
    let revoked = |day: &'static str| list("CA", "20260615000000Z", "20260715000000Z", &[(3, day)]);
    let ca_gone = |day: &'static str| list("Root", "20260615000000Z", "20260715000000Z", &[(2, day)]);
    let proven = Some(noon);
    vec![
        ("nothing but the signature, lists at hand", new().given(june("26")), n26, "passed", None, Level::BB),
        ("no lists", new(), n26, "TryLater", None, Level::BB),
        ("no lists, none needed", new().mode(may), n26, "passed", None, Level::BB),
        ("no lists, not asked", new().mode(Revocation::Off), n26, "passed", None, Level::BB),
        ("expired", new().mode(Revocation::Off), n29, "OutOfBoundsNoPoe", None, Level::BB),
        ("stamped, lists at hand", new().stamped(noon).given(june("26")), n26, "passed", proven, Level::BT),
        ("stamped, no lists", new().stamped(noon).mode(may), n26, "passed", proven, Level::BT),
        ("stamped, lists required for the authority, too", new().stamped(noon), n26, "TryLater", None, Level::BB),
        ("stamped, lists embedded", new().stamped(noon).store(june("26")), n26, "passed", proven, Level::BLT),
        ("stamped, embedded, archived", archived(), n26, "passed", proven, Level::BLTA),
        (
            "a signature without an own time stamp, archived",
            new().store(june("26")).sealed(false, noon),
            n26,
            "passed",
            proven,
            Level::BLTA,
        ),
        (
            "archived, and the evidence came after it",
            new().stamped(noon).sealed(false, "2026-06-11T00:00:00Z").store(june("26")),
            n26,
            "passed",
            proven,
            Level::BLT,
        ),
        (
            "the signer has expired, the authority has not",
            new().mode(may).stamped(noon).store(june("26")),
            "2027-06-01T00:00:00Z",
            "passed",
            proven,
            Level::BLT,
        ),
        (
            "the same, and nobody says that the authority is not revoked by now",
            new().stamped(noon).store(june("26")),
            "2027-06-01T00:00:00Z",
            "OutOfBoundsNoPoe",
            None,
            Level::BB,
        ),
        ("signer and authority have expired", new().stamped(noon).store(june("26")), n29, "OutOfBoundsNoPoe", None, Level::BB),
        ("the archive's authority has expired as well", archived(), n29, "OutOfBoundsNoPoe", None, Level::BB),
        ("renewed in time", renewed().given(now29()), n29, "passed", proven, Level::BLTA),
        ("renewed in time, years later", renewed().given(now33()), n33, "passed", proven, Level::BLTA),
        ("nobody renewed again", renewed(), n36, "OutOfBoundsNoPoe", None, Level::BB),
        (
            "renewed too late",
            archived().store(june("27")).sealed(true, "2028-02-01T00:00:00Z").given(now29()),
            n29,
            "OutOfBoundsNoPoe",
            Some("2028-02-01T00:00:00Z"),
            Level::BT,
        ),
        (
            "revoked after signing",
            new().stamped(noon).store(june("26")).given(vec![revoked("20260612000000Z")]),
            n26,
            "passed",
            proven,
            Level::BLT,
        ),
        (
            "revoked before signing",
            new().stamped(noon).store(june("26")).given(vec![revoked("20260609000000Z")]),
            n26,
            "RevokedNoPoe",
            proven,
            Level::BLT,
        ),
        (
            "revoked after signing, and nothing proves when",
            new().given(june("26")).given(vec![revoked("20260612000000Z")]),
            n26,
            "RevokedNoPoe",
            None,
            Level::BB,
        ),
        ("the CA revoked before signing", new().mode(may).given(vec![ca_gone("20260601000000Z")]), n26, "RevokedCaNoPoe", None, Level::BB),
        ("revoked, and nobody asks", new().mode(Revocation::Off).given(vec![revoked("20260609000000Z")]), n26, "passed", None, Level::BB),
        ("revoked, asked if available", new().mode(may).given(vec![revoked("20260609000000Z")]), n26, "RevokedNoPoe", None, Level::BB),
    ]
}

/// The rows in words, for the one table of all scenarios.
pub(super) fn told() -> Vec<(&'static str, String)> {
    let outcome = |(what, _, _, overall, since, level): Row| {
        let since = since.map(|since| format!(", proven since {since}")).unwrap_or_default();
        (what, format!("{overall}, {}{since}", level.name()))
    };
    rows().into_iter().map(outcome).collect()
}

#[test]
fn what_was_signed_in_june_2026() {
    let cases = rows();
    assert_eq!(cases.len(), 26);
    for (what, paper, now, overall, since, level) in cases {
        assert_eq!(outcome(paper, now), (overall.to_owned(), since.map(str::to_owned), level), "{what}");
    }
}

#[test]
fn a_time_stamp_that_is_wrong_proves_nothing() {
    let (noon, now) = ("2026-06-10T12:00:00Z", "2027-06-01T00:00:00Z");
    // The signer has expired by now: only a time stamp that holds saves the signature.
    let paper = || Paper::new().mode(Revocation::Off);
    let of = |spoil: &dyn Fn(&mut CmsFacts, &People)| {
        let paper = paper();
        let mut token = token(&paper.people.early, &paper.people, noon);
        spoil(&mut token, &paper.people);
        paper.stamp(Some(token))
    };
    let weak = |facts: &mut CmsFacts, _: &People| facts.content_digest_algorithm = Some(DigestAlgorithm::Sha1);
    let late = |facts: &mut CmsFacts, _: &People| facts.time_stamp.as_mut().unwrap().time = at("2027-06-01T00:05:01Z");
    let impostor = |facts: &mut CmsFacts, people: &People| facts.signer = Some(people.impostor.clone());
    let stranger = |facts: &mut CmsFacts, _: &People| {
        let own = Draft::ca("Elsewhere", &Key::new(9), "Elsewhere", None).issue(&Key::new(9));
        facts.signer = Some(own.clone());
        facts.pool = vec![own];
    };
    let broken = |facts: &mut CmsFacts, _: &People| {
        facts.failure = Some(crate::cms::CmsFailure { reason: crate::cms::CmsReason::SignatureWrong, detail: String::new(), at: None });
    };
    assert_eq!(outcome(of(&|_, _| ()), now), ("passed".to_owned(), Some(noon.to_owned()), Level::BT));
    type Spoil<'a> = &'a dyn Fn(&mut CmsFacts, &People);
    let cases: [(&str, Spoil<'_>, &[Check]); 5] = [
        ("SHA-1", &weak, &[Check::StampAlgorithms]),
        ("of tomorrow", &late, &[Check::StampInOrder]),
        ("not of an authority", &impostor, &[Check::StampRole]),
        ("of nobody we trust", &stranger, &[Check::StampChain]),
        ("broken", &broken, &[]),
    ];
    let mut proven = Vec::new();
    for (what, spoil, checks) in cases {
        let report = of(spoil).of_anna(now);
        assert_eq!(report.time.check, super::Check::Failed { reason: "time_stamp_refused" }, "{what}");
        assert_eq!((report.overall.sub_indication, report.level), (Some(super::SubIndication::OutOfBoundsNoPoe), Level::BB), "{what}");
        for check in checks {
            let (passed, ..) = without(&[*check], || outcome(of(spoil), now));
            // Of tomorrow: what it proves is now, when the certificate has expired.
            assert!(passed == "passed" || *check == Check::StampInOrder, "{what}: {check:?}");
            assert_ne!(without(&[*check], || of(spoil).of_anna(now)).time.check, report.time.check, "{what}: {check:?}");
            proven.push(*check);
        }
    }
    assert!(Check::TIME.iter().all(|check| proven.contains(check)));
    // No CMS at all.
    assert_eq!(paper().stamp(None).of_anna(now).time.check, super::Check::Failed { reason: "time_stamp_refused" });
    // A bad one beside a good one takes nothing away.
    assert_eq!(outcome(of(&broken).stamped(noon), now).0, "passed");
}

#[test]
fn a_clock_that_is_a_little_off() {
    let now = "2026-06-10T11:58:00Z";
    let paper = Paper::new().mode(Revocation::Off).stamped("2026-06-10T12:00:00Z");
    assert_eq!(outcome(paper, now), ("passed".to_owned(), Some(now.to_owned()), Level::BT));
}

#[test]
fn an_older_document_time_stamp_is_no_younger_than_the_next() {
    let now = "2029-01-01T00:00:00Z";
    let paper = |first: &str| Paper::new().mode(Revocation::Off).sealed(false, first).sealed(true, "2027-06-10T00:00:00Z");
    assert_eq!(outcome(paper("2026-06-11T00:00:00Z"), now).0, "passed");
    // It would have been made after what is over it.
    assert_eq!(outcome(paper("2027-06-11T00:00:00Z"), now).0, "OutOfBoundsNoPoe");
}

#[test]
fn anchors_count_for_their_role() {
    let noon = "2026-06-10T12:00:00Z";
    let paper = |roles| Paper { roles: Some(roles), ..Paper::new().mode(Revocation::Off).stamped(noon) };
    let signer_only = paper([Role::Signer, Role::Signer]).judge("2026-06-20T00:00:00Z");
    assert_eq!((signer_only.signatures[0].level, signer_only.policy.trust[1].anchors), (Level::BB, 0));
    assert_eq!(outcome(paper([Role::Signer, Role::TimeStamping]), "2026-06-20T00:00:00Z").2, Level::BT);
    assert_eq!(outcome(paper([Role::TimeStamping, Role::TimeStamping]), "2026-06-20T00:00:00Z").0, "NoCertificateChainFound");
}

#[test]
fn a_time_that_the_cms_claims_is_told_where_there_is_no_other() {
    let stated = "2026-06-09T08:00:00Z";
    let claimed = |dated: bool, inside: Option<crate::Time>| {
        let mut paper = Paper { dated, ..Paper::new() };
        let cms = paper.facts.signatures[0].cms.as_mut().unwrap();
        (cms.signing_time, cms.has_signing_time) = (inside, inside.is_some());
        let report = paper.of_anna("2026-06-20T00:00:00Z");
        (report.claimed_time.map(|time| time.to_string()), report.deviations)
    };
    let m = "2026-06-10T12:00:00Z".to_owned();
    assert_eq!(claimed(true, None).0, Some(m.clone()));
    assert_eq!(claimed(true, Some(at(stated))).0, Some(m));
    let (inside, deviations) = claimed(false, Some(at(stated)));
    assert_eq!(inside.as_deref(), Some(stated));
    assert_eq!(serde_json::to_value(&deviations).unwrap()["deviation_codes"], serde_json::json!(["signing_time_attribute", "no_date"]));
    assert_eq!(claimed(false, None).0, None);
}

#[test]
fn what_a_judgement_rests_on_is_told() {
    let report = Paper::new().stamped("2026-06-10T12:00:00Z").store(june("26")).of_anna("2026-06-20T00:00:00Z");
    assert_eq!((report.revocation.check, report.revocation.evidence.len()), (super::Check::Ok, 2));
    assert_eq!(report.revocation.evidence[0].age, 19 * 24 * 60 * 60);
    assert_eq!(report.chain.judged_at, at("2026-06-10T12:00:00Z"));
    assert_eq!((report.time.evidence.len(), report.time.evidence[0].produced_at), (1, at("2026-06-10T12:00:00Z")));
}
