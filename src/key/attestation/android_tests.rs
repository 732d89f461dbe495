//! The key room, attestations, tests only: a chain as Android makes it, and one thing wrong at a time.

use super::*;
use crate::pki::certificate::oid;
use crate::pki::der;
use crate::pki::oid::ObjectIdentifier;
use crate::pki::testing::{Draft, Key, at};
use AttestationFailure as F;

const KEY_DESCRIPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.1.17");
const ELSEWHERE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.1.30");
const CHALLENGE: &[u8] = b"challenge of this request";
const NOW: &str = "2026-06-01T00:00:00Z";
const TARGET: usize = 0;
const BATCH: usize = 1;
const INTERMEDIATE: usize = 2;

/// One authorization: the number of its tag, and the element inside.
type Tagged = (u32, Vec<u8>);

fn integer(n: u32) -> Vec<u8> {
    der::write_unsigned(&n.to_be_bytes())
}

fn set(elements: &[Vec<u8>]) -> Vec<u8> {
    der::write(der::SET, &elements.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

fn boot(locked: u8, state: u8) -> Vec<u8> {
    let octets = der::write(der::OCTET_STRING, &[&[7; 32]]);
    der::write(der::SEQUENCE, &[&octets, &[1, 1, locked], &[10, 1, state], &octets])
}

fn application(packages: &[&str], signers: &[[u8; 32]]) -> Vec<u8> {
    let package = |name: &&str| der::write(der::SEQUENCE, &[&der::write(der::OCTET_STRING, &[name.as_bytes()]), &[2, 1, 9]]);
    let packages: Vec<Vec<u8>> = packages.iter().map(package).collect();
    let signers: Vec<Vec<u8>> = signers.iter().map(|signer| der::write(der::OCTET_STRING, &[signer])).collect();
    der::write(der::OCTET_STRING, &[&der::write(der::SEQUENCE, &[&set(&packages), &set(&signers)])])
}

fn list(all: &[Tagged]) -> Vec<u8> {
    let mut out = Vec::new();
    for (number, element) in all {
        let tag: Vec<u8> = match number {
            0..31 => vec![0xa0 | *number as u8],
            _ => vec![0xbf, 0x80 | (number >> 7) as u8, (number & 0x7f) as u8],
        };
        let whole = der::write(der::SEQUENCE, &[element]);
        out.extend(tag);
        out.extend(&whole[1..]);
    }
    der::write(der::SEQUENCE, &[&out])
}

/// A device, the server's question and its policy; each free to be wrong.
struct Bench {
    version: u32,
    levels: [u8; 2],
    challenge: Vec<u8>,
    software: Vec<Tagged>,
    hardware: Vec<Tagged>,
    /// Bytes after the description's last member.
    trailing: Vec<u8>,
    /// The target first; each with the seed of the key that signs it.
    drafts: Vec<(Draft, u8)>,
    /// What an attacker does to the extension and to the finished chain.
    extension: ObjectIdentifier,
    after: fn(&mut Vec<Vec<u8>>),
    attestation: fn(&mut Attestation),
    policy: AttestationPolicy,
    asked: &'static [u8],
    key: u8,
    now: &'static str,
}

fn bench() -> Bench {
    let [root, intermediate, batch, target] = [1, 2, 3, 4].map(Key::new);
    let ca = |name: &str, key: &Key, issuer: &str| Draft::ca(name, key, issuer, None);
    let android = AndroidPolicy {
        roots: vec![ca("root", &root, "root").issue(&root)],
        apps: vec![AndroidApp { package: "com.example.bank".to_owned(), signers: vec![[5; 32], [6; 32]] }],
        least: ProtectionLevel::Tee,
        patch_level: 202_601,
        status: StatusDemand::Listed { list: Some(status(r#"{"entries":{"77":{"status":"REVOKED"}}}"#)), max_age: 86_400 },
    };
    Bench {
        version: 300,
        levels: [1, 1],
        challenge: CHALLENGE.to_vec(),
        software: vec![(701, integer(1)), (709, application(&["com.example.bank"], &[[5; 32]]))],
        hardware: vec![
            (1, set(&[integer(2)])),
            (2, integer(3)),
            (3, integer(256)),
            (5, set(&[integer(4)])),
            (10, integer(1)),
            (503, vec![5, 0]),
            (702, integer(0)),
            (704, boot(0xff, 0)),
            (705, integer(160_000)),
            (706, integer(202_605)),
            (718, integer(20_260_505)),
        ],
        trailing: Vec::new(),
        drafts: vec![
            (Draft::leaf("Android Keystore Key", &target, "batch").valid("19700101000000Z", "20480101000000Z").serial(1), 3),
            (ca("batch", &batch, "intermediate").serial(2), 2),
            (ca("intermediate", &intermediate, "root").serial(3), 1),
            (ca("root", &root, "root").serial(4), 1),
        ],
        extension: KEY_DESCRIPTION,
        after: |_| {},
        attestation: |_| {},
        policy: AttestationPolicy::strict(android, ApplePolicy::default()),
        asked: CHALLENGE,
        key: 4,
        now: NOW,
    }
}

fn status(json: &str) -> StatusList {
    StatusList::from_json(json.as_bytes(), at("2026-05-31T23:00:00Z")).unwrap()
}

impl Bench {
    fn description(&self) -> Vec<u8> {
        der::write(
            der::SEQUENCE,
            &[
                &integer(self.version),
                &[10, 1, self.levels[0]],
                &integer(self.version),
                &[10, 1, self.levels[1]],
                &der::write(der::OCTET_STRING, &[&self.challenge]),
                &[4, 0],
                &list(&self.software),
                &list(&self.hardware),
                &self.trailing,
            ],
        )
    }

    fn verdict(&mut self) -> Result<AttestedKey, F> {
        let (target, signer) = self.drafts[TARGET].clone();
        self.drafts[TARGET] = (target.with(self.extension, false, self.description()), signer);
        let mut chain: Vec<Vec<u8>> = self.drafts.iter().map(|(draft, signer)| draft.issue_der(&Key::new(*signer))).collect();
        (self.after)(&mut chain);
        let mut attestation = Attestation::new("android-key", chain, Vec::new());
        (self.attestation)(&mut attestation);
        let question = Question { challenge: self.asked, keys: &[Key::new(self.key).public()], app: None, time: at(self.now) };
        verify(&attestation, &question, &self.policy)
    }

    fn hardware(&mut self, number: u32, element: Vec<u8>) {
        self.hardware.iter_mut().find(|(tag, _)| *tag == number).unwrap().1 = element;
    }

    fn move_to_software(&mut self, number: u32) {
        let at = self.hardware.iter().position(|(tag, _)| *tag == number).unwrap();
        let moved = self.hardware.remove(at);
        self.software.push(moved);
    }

    fn application(&mut self, element: Vec<u8>) {
        self.software.iter_mut().find(|(tag, _)| *tag == 709).unwrap().1 = element;
    }

    fn draft(&mut self, which: usize, change: impl Fn(Draft) -> Draft) {
        self.drafts[which].0 = change(self.drafts[which].0.clone());
    }

    fn status(&mut self, json: &str) {
        self.policy.android.status = StatusDemand::Listed { list: Some(status(json)), max_age: 86_400 };
    }
}

type Change = fn(&mut Bench);
type Mutation = (&'static str, F, Change);

const MUTATIONS: &[Mutation] = &[
    ("no attestation", F::NotAttested, |b| b.attestation = |a| *a = Attestation::new("none", Vec::new(), Vec::new())),
    ("none with a chain", F::PartsUnexpected, |b| b.attestation = |a| "none".clone_into(&mut a.format)),
    ("an unknown format", F::FormatUnknown, |b| b.attestation = |a| "tpm".clone_into(&mut a.format)),
    ("a statement beside the chain", F::PartsUnexpected, |b| b.attestation = |a| a.statement = vec![1]),
    ("no certificate", F::ChainEmpty, |b| b.after = Vec::clear),
    ("eleven certificates", F::ChainTooLong, |b| b.after = |c| c.extend(vec![c[3].clone(); 7])),
    ("a huge certificate", F::TooLarge, |b| b.after = |c| c[1] = vec![0x30; 9000]),
    ("a certificate with a byte behind it", F::CertificateMalformed, |b| b.after = |c| c[1].push(0)),
    ("a certificate missing between", F::ChainNames, |b| b.after = |c| drop(c.remove(BATCH))),
    ("two certificates swapped", F::ChainNames, |b| b.after = |c| c.swap(BATCH, INTERMEDIATE)),
    ("a target signed by somebody else", F::ChainSignature, |b| b.drafts[TARGET].1 = 9),
    ("an intermediate signed by somebody else", F::ChainSignature, |b| b.drafts[INTERMEDIATE].1 = 9),
    ("one bit of the target's signature", F::ChainSignature, |b| b.after = |c| *c[0].last_mut().unwrap() ^= 1),
    ("an own root of the same name", F::RootUntrusted, |b| {
        b.draft(3, |d| Draft { key: Key::new(9).public(), ..d });
        b.drafts[3].1 = 9;
        b.drafts[INTERMEDIATE].1 = 9;
    }),
    ("an own root left out", F::ChainSignature, |b| {
        b.drafts[INTERMEDIATE].1 = 9;
        b.after = |c| drop(c.pop());
    }),
    ("a chain to another maker's root", F::RootUntrusted, |b| b.policy.android.roots = roots::google()),
    ("no root at all", F::RootUntrusted, |b| b.policy.android.roots.clear()),
    ("a batch certificate that is no CA", F::ChainAuthority, |b| b.draft(BATCH, |d| d.without(oid::BASIC_CONSTRAINTS))),
    ("a batch certificate that may not sign certificates", F::ChainAuthority, |b| {
        b.draft(BATCH, |d| d.with(oid::KEY_USAGE, true, vec![3, 2, 7, 0x80]));
    }),
    ("an intermediate with no room below", F::ChainAuthority, |b| {
        b.draft(INTERMEDIATE, |d| d.with(oid::BASIC_CONSTRAINTS, true, vec![0x30, 6, 1, 1, 0xff, 2, 1, 0]));
    }),
    ("a critical extension nobody knows", F::ChainCriticalExtension, |b| b.draft(BATCH, |d| d.with(ELSEWHERE, true, vec![5, 0]))),
    ("a batch certificate that has expired", F::ChainExpired, |b| b.draft(BATCH, |d| d.valid("20200101000000Z", "20260531235959Z"))),
    ("an intermediate that is not valid yet", F::ChainNotYetValid, |b| {
        b.draft(INTERMEDIATE, |d| d.valid("20260601000001Z", "20350101000000Z"));
    }),
    ("no status list", F::StatusMissing, |b| b.policy.android.status = StatusDemand::Listed { list: None, max_age: 86_400 }),
    ("a status list of the day before yesterday", F::StatusStale, |b| b.now = "2026-06-02T00:00:00Z"),
    ("a status list from the future", F::StatusStale, |b| b.now = "2026-05-31T22:59:59Z"),
    ("a revoked batch certificate", F::Revoked, |b| b.status(r#"{"entries":{"2":{"status":"REVOKED"}}}"#)),
    ("a revoked intermediate", F::Revoked, |b| b.status(r#"{"entries":{"3":{"status":"REVOKED"}}}"#)),
    ("a suspended batch certificate", F::Suspended, |b| b.status(r#"{"entries":{"02":{"status":"SUSPENDED"}}}"#)),
    ("a status of tomorrow's vocabulary", F::Revoked, |b| b.status(r#"{"entries":{"2":{"status":"DOUBTFUL"}}}"#)),
    ("a certificate issued by an attested key", F::ExtensionAboveTarget, |b| {
        // The attested key is real and may sign: it signs a certificate for the attacker's own key, and even poses as a CA.
        let real = b.description();
        b.drafts[TARGET].0 = Draft::ca("Android Keystore Key", &Key::new(4), "batch", None).with(KEY_DESCRIPTION, false, real);
        b.drafts.insert(0, (Draft::leaf("made up", &Key::new(9), "Android Keystore Key"), 4));
        b.key = 9;
    }),
    ("the extension in the batch certificate alone", F::ExtensionAboveTarget, |b| {
        let real = b.description();
        b.draft(BATCH, |d| d.with(KEY_DESCRIPTION, false, real.clone()));
        b.extension = ELSEWHERE;
    }),
    ("no extension", F::ExtensionMissing, |b| b.extension = ELSEWHERE),
    ("the certificates above the target alone", F::ExtensionMissing, |b| b.after = |c| drop(c.remove(0))),
    ("an extension with a member too many", F::ExtensionMalformed, |b| b.trailing = vec![5, 0]),
    ("an authorization twice", F::ExtensionMalformed, |b| b.hardware.push((702, integer(0)))),
    ("a boolean that is neither", F::ExtensionMalformed, |b| b.hardware(704, boot(1, 0))),
    ("a security level that is none", F::ExtensionMalformed, |b| b.levels = [3, 3]),
    ("a version that does not exist", F::VersionUnknown, |b| b.version = 5),
    ("another challenge", F::ChallengeWrong, |b| b.challenge = b"challenge of yesterday".to_vec()),
    ("the beginning of the challenge", F::ChallengeWrong, |b| b.challenge.truncate(9)),
    ("no challenge", F::ChallengeWrong, |b| b.challenge.clear()),
    ("another key than the one asked about", F::KeyWrong, |b| b.key = 9),
    ("a software key", F::LevelTooLow, |b| b.levels = [0, 0]),
    ("a software attestation of a hardware key", F::LevelTooLow, |b| b.levels = [0, 1]),
    ("a hardware attestation of a software key", F::LevelTooLow, |b| b.levels = [1, 0]),
    ("less than the StrongBox demanded", F::LevelTooLow, |b| b.policy.android.least = ProtectionLevel::Strongbox),
    ("StrongBox attested by less", F::LevelsDiffer, |b| b.levels = [1, 2]),
    ("an imported key", F::OriginNotGenerated, |b| b.hardware(702, integer(2))),
    ("a derived key", F::OriginNotGenerated, |b| b.hardware(702, integer(1))),
    ("an origin that software says", F::OriginNotGenerated, |b| b.move_to_software(702)),
    ("another algorithm", F::KeyKindWrong, |b| b.hardware(2, integer(1))),
    ("another size", F::KeyKindWrong, |b| b.hardware(3, integer(384))),
    ("another curve", F::KeyKindWrong, |b| b.hardware(10, integer(4))),
    ("a curve that software says", F::KeyKindWrong, |b| b.move_to_software(10)),
    ("for all applications", F::AllApplications, |b| b.software.push((600, vec![5, 0]))),
    ("for all applications, by hardware", F::AllApplications, |b| b.hardware.push((600, vec![5, 0]))),
    ("a boot state that software says", F::BootStateMissing, |b| b.move_to_software(704)),
    ("a system of its owner", F::BootNotVerified, |b| b.hardware(704, boot(0xff, 1))),
    ("an unverified system", F::BootNotVerified, |b| b.hardware(704, boot(0xff, 2))),
    ("a failed verification", F::BootNotVerified, |b| b.hardware(704, boot(0xff, 3))),
    ("an unlocked boot loader", F::DeviceUnlocked, |b| b.hardware(704, boot(0, 0))),
    ("a patch level that software says", F::PatchLevelMissing, |b| b.move_to_software(706)),
    ("a system without patches", F::PatchLevelOld, |b| b.hardware(706, integer(202_512))),
    ("no application", F::ApplicationMissing, |b| b.software.retain(|(tag, _)| *tag != 709)),
    ("an application that is not the system's word", F::ApplicationMissing, |b| {
        let moved = b.software.pop().unwrap();
        b.hardware.push(moved);
    }),
    ("another package", F::PackageWrong, |b| b.application(application(&["com.example.bank.evil"], &[[5; 32]]))),
    ("a package that shares the user id", F::PackageWrong, |b| {
        b.application(application(&["com.example.bank", "com.evil"], &[[5; 32]]));
    }),
    ("no package", F::PackageWrong, |b| b.application(application(&[], &[[5; 32]]))),
    ("signed by somebody else", F::SignerWrong, |b| b.application(application(&["com.example.bank"], &[[9; 32]]))),
    ("signed by somebody else too", F::SignerWrong, |b| b.application(application(&["com.example.bank"], &[[5; 32], [9; 32]]))),
    ("not signed", F::SignerWrong, |b| b.application(application(&["com.example.bank"], &[]))),
    ("no app that the policy names", F::PackageWrong, |b| b.policy.android.apps.clear()),
    ("may decrypt as well", F::PurposeWrong, |b| b.hardware(1, set(&[integer(1), integer(2)]))),
    ("may attest other keys", F::PurposeWrong, |b| b.hardware(1, set(&[integer(7)]))),
    ("a purpose that software says", F::PurposeWrong, |b| b.move_to_software(1)),
];

#[test]
fn the_good_one_is_believed() {
    let key = bench().verdict().unwrap();
    assert_eq!((key.level, key.public_key), (ProtectionLevel::Tee, Key::new(4).public()));
    let changes: [(ProtectionLevel, Change); 8] = [
        (ProtectionLevel::Strongbox, |b| b.levels = [2, 2]),
        (ProtectionLevel::Tee, |b| b.after = |c| drop(c.pop())),
        (ProtectionLevel::Tee, |b| b.version = 1),
        (ProtectionLevel::Tee, |b| b.policy.android.status = StatusDemand::Waived),
        (ProtectionLevel::Tee, |b| b.application(application(&["com.example.bank"], &[[6; 32]]))),
        (ProtectionLevel::Tee, |b| b.policy.admission = Admission::Development),
        (ProtectionLevel::Tee, |b| b.hardware(706, integer(202_601))),
        // The target's own validity was written by the device.
        (ProtectionLevel::Tee, |b| b.draft(TARGET, |d| d.valid("19700101000000Z", "19700102000000Z"))),
    ];
    for (at, (level, change)) in changes.into_iter().enumerate() {
        let mut bench = bench();
        change(&mut bench);
        assert_eq!(bench.verdict().map(|key| key.level), Ok(level), "{at}");
    }
}

#[test]
fn one_thing_wrong_is_one_reason() {
    assert!(MUTATIONS.len() >= 70, "{}", MUTATIONS.len());
    let mut wrong = Vec::new();
    for (name, reason, change) in MUTATIONS {
        let mut bench = bench();
        change(&mut bench);
        let verdict = bench.verdict().map(|key| key.level);
        if verdict != Err(*reason) {
            wrong.push((name, verdict));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn development_lets_in_what_claims_nothing_and_no_wrong_proof() {
    let mut none = bench();
    none.policy.admission = Admission::Development;
    none.attestation = |a| *a = Attestation::new("none", Vec::new(), Vec::new());
    let key = none.verdict().unwrap();
    assert_eq!((key.level, key.digest), (ProtectionLevel::Software, None));
    for (name, reason, change) in MUTATIONS.iter().filter(|(_, reason, _)| *reason != F::NotAttested).step_by(7) {
        let mut bench = bench();
        bench.policy.admission = Admission::Development;
        change(&mut bench);
        assert_eq!(bench.verdict().map(|key| key.level), Err(*reason), "{name}");
    }
}

#[test]
fn software_is_let_in_where_the_policy_says_so_and_is_called_software() {
    let mut bench = bench();
    bench.policy.android.least = ProtectionLevel::Software;
    bench.levels = [0, 0];
    let all = std::mem::take(&mut bench.hardware);
    bench.software.extend(all.into_iter().filter(|(tag, _)| *tag != 704));
    assert_eq!(bench.verdict().map(|key| key.level), Ok(ProtectionLevel::Software));
}

#[test]
fn every_shortening_and_every_byte_is_survived() {
    let description = bench().description();
    for end in 0..description.len() {
        assert!(description::KeyDescription::read(&description[..end]).is_err());
        let mut changed = description.clone();
        changed[end] ^= 0xff;
        let _ = description::KeyDescription::read(&changed);
    }
}

#[test]
fn digests_tell_attestations_apart() {
    let one = Attestation::new("android-key", vec![vec![1, 2], vec![3]], Vec::new());
    let other = Attestation::new("android-key", vec![vec![1], vec![2, 3]], Vec::new());
    assert_ne!(digest(&one), digest(&other));
    assert_eq!(bench().verdict().unwrap().digest, bench().verdict().unwrap().digest);
}
