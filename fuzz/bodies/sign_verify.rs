//! Four bytes of options, then a row of revisions: signed if that can be. Then the original is a prefix, the verifier is content, and a byte
//! changed anywhere outside of /Contents is never clean.

use crate::authority::{authority, now};
use crate::frame::framed;
use std::sync::OnceLock;
use thrivosign::pdf::{Document, Rect, Span};
use thrivosign::pki::trust::TrustAnchors;
use thrivosign::sign::{Placement, SignatureRequest, SigningIdentity, plan};
use thrivosign::verify::{Policy, Report, VerifyOptions, rehearse, verify};
use thrivosign::{Progress, Result, Time};

struct Bench {
    identity: SigningIdentity,
    trust: TrustAnchors,
    time: Time,
}

fn bench() -> &'static Bench {
    static BENCH: OnceLock<Bench> = OnceLock::new();
    BENCH.get_or_init(|| {
        let made = authority();
        let identity = SigningIdentity::for_key(made.key.public_key(), &made.chain, None).expect("an identity");
        Bench { identity, trust: TrustAnchors::from_pem(&made.root).expect("a root"), time: now() }
    })
}

fn judged(bytes: &[u8]) -> Result<Report> {
    let bench = bench();
    let options = VerifyOptions { trust: &bench.trust, time: bench.time, policy: Policy::default(), password: None, evidence: None };
    verify(&bytes, &options, &Progress::default())
}

fn request(options: [u8; 4]) -> SignatureRequest {
    let mut request = SignatureRequest::new(bench().time);
    request.field = match options[0] % 6 {
        0 | 1 => None,
        2 => Some("sig".to_owned()),
        3 => Some("a.b".to_owned()),
        4 => Some("a.b.c".to_owned()),
        _ => Some("Unterschrift des Käufers \u{1F58B}".to_owned()),
    };
    if options[1] & 1 == 1 {
        let (x, y) = (f64::from(options[1]), f64::from(options[2]));
        request.placement = Placement::Visible { page: 1, rect: Rect::new(x, y, x + 180.0, y + 60.0) };
    }
    if options[1] & 2 == 2 {
        request.reason = Some("(\\I accept) \u{20AC} \u{6F22}".to_owned());
    }
    request
}

/// The signed file, where the digits of its /Contents stand, and the name of the field.
fn signed(bytes: &[u8], request: &SignatureRequest) -> Result<(Vec<u8>, std::ops::Range<usize>, String)> {
    let plan = plan(&Document::open(&bytes)?, request, &bench().identity, [7; 16])?;
    let [_, before, after, _] = plan.byte_range().map(|n| usize::try_from(n).expect("small"));
    let mut out = Vec::new();
    let prepared = plan.copy(&bytes, &mut out, &Progress::default())?;
    // As a journey does before it asks the key: what the document itself makes unsound is refused here.
    rehearse(
        &Document::open(&[bytes, prepared.revision()].concat())?,
        Span { start: before as u64, end: after as u64 },
        &Progress::default(),
    )?;
    let field = prepared.field().to_owned();
    let to_be_signed = prepared.to_be_signed()?;
    let value = authority().key.sign(to_be_signed.message(), to_be_signed.algorithm())?;
    let value = to_be_signed.accept(&value)?;
    prepared.patch(&value, &mut out)?;
    Ok((out, before..after, field))
}

pub(crate) fn check(data: &[u8]) {
    let Some((options, text)) = data.split_first_chunk::<4>() else { return };
    let original = framed(text);
    let Ok((mut file, contents, field)) = signed(&original, &request(*options)) else { return };
    assert!(file.starts_with(&original), "the original is no prefix");
    let report = judged(&file).expect("what was signed can be judged");
    // What the fuzzer calls a signature beforehand stays what it was.
    let newest = report.signatures.iter().find(|signature| signature.field == field);
    let sound = if report.signatures.len() == 1 { report.clean } else { newest.is_some_and(|signature| signature.clean) };
    assert!(sound, "signed, and not clean:\n{report}\n{}", String::from_utf8_lossy(&file));

    let place = usize::from(options[2]) << 8 | usize::from(options[3]);
    // Half of the flips hit the new revision.
    let at = if options[1] & 4 == 4 { place % file.len() } else { original.len() + place % (file.len() - original.len()) };
    if contents.contains(&at) {
        return;
    }
    file[at] ^= 1 << (options[0] >> 5);
    if let Ok(report) = judged(&file) {
        assert!(!report.clean, "byte {at} was changed, and all is clean:\n{report}");
    }
}
