//! The cms room, tests only: what is large, cut or flipped.

use super::*;

#[test]
fn every_flip_and_cut_is_noticed_or_harmless() {
    let good = Cms::good().der();
    for cut in 0..good.len() {
        assert!(SignedData::parse(&good[..cut]).is_err(), "{cut}");
    }
    let mut harmless = Vec::new();
    for at in 0..good.len() {
        for bit in 0..8 {
            let mut bad = good.clone();
            bad[at] ^= 1 << bit;
            if judge(&bad, Expect::CadesDetached).is_ok() {
                harmless.push((at, bit));
            }
        }
    }
    assert!(harmless.is_empty(), "bits that may be changed: {harmless:?}");
}

#[test]
fn size_and_number_are_limited() {
    assert_eq!(SignedData::parse(&vec![0x30; crate::cms::parse::MAX_CMS_BYTES + 1]).err().map(|f| f.reason), Some(CmsReason::TooLarge));
    let mut many = Cms::good();
    let foreign = Draft::leaf("Bert", &Key::new(9), "CA").serial(2).issue(&Key::new(2)).der().to_vec();
    many.certificates.extend(vec![foreign; 10_050]);
    let done = facts(&many.der(), Expect::CadesDetached).unwrap();
    assert!(done.failure.is_none());
    assert_eq!((done.pool.len(), done.skipped_certificates), (10_000, 51));
    // An error of the reader is an error, not a verdict.
    let data = SignedData::parse(&Cms::good().der()).unwrap();
    assert!(data.check(Expect::CadesDetached, &|_| Err(crate::error::ErrorKind::SourceUnreadable.into())).is_err());
}

/// What a hostile structure can ask for at most: each is looked through to the end, or refused, in the time of its bytes.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test looks at the clock")]
fn hostile_structures_end_soon() {
    let soon = |what: &str, bytes: &[u8]| {
        let started = std::time::Instant::now();
        for expect in [Expect::CadesDetached, Expect::Pkcs7Detached, Expect::Pkcs7Sha1, Expect::TimeStamp] {
            let _ = judge(bytes, expect);
        }
        let _ = super::cases::bare(bytes, &[]);
        // Four looks, unoptimised, on a machine that does other things as well; one look of a product build is a hundredth of it.
        assert!(started.elapsed() < std::time::Duration::from_secs(20), "{what} takes {:?} for {} bytes", started.elapsed(), bytes.len());
    };
    let with = |change: &dyn Fn(&mut Cms)| {
        let mut cms = Cms::good();
        change(&mut cms);
        cms.der()
    };
    // Every certificate answers the SignerIdentifier.
    let one = Draft::leaf("Anna", &Key::new(3), "CA").issue_der(&Key::new(2));
    let at = one.windows(4).rposition(|w| w == b"Anna").unwrap();
    let namesakes: Vec<Vec<u8>> = (0..10_000_u32)
        .map(|n| {
            let mut other = one.clone();
            other[at..at + 4].copy_from_slice(format!("{n:04x}").as_bytes());
            other
        })
        .collect();
    soon("namesakes", &with(&|c| c.certificates.splice(0..0, namesakes.clone()).for_each(drop)));
    soon(
        "namesakes, unbound",
        &with(&|c| {
            c.remove(id::SIGNING_CERTIFICATE_V2);
            c.certificates.extend(namesakes.clone());
        }),
    );
    soon("certificates that are none", &with(&|c| c.certificates.extend(vec![vec![0x30, 0]; 100_000])));
    soon(
        "attributes",
        &with(&|c| {
            for n in 0..120_u8 {
                c.attributes.as_mut().unwrap().push((ObjectIdentifier::new_unwrap("1.2.3.4"), vec![vec![2, 1, n]; 120]));
            }
        }),
    );
    let deep = (0..2_000).fold(Vec::new(), |inside: Vec<u8>, _| seq(&[&inside]));
    soon("a deep attribute", &with(&|c| c.set(ObjectIdentifier::new_unwrap("1.2.3.4"), vec![deep.clone()])));
    soon("a deep unsigned attribute", &with(&|c| c.unsigned = Some(der::write(0xa1, &[&deep]))));
    soon("deep", &deep);
    soon("open without end", &[0x30, 0x80].repeat(200_000));
    soon("pieces", &[&[0x24, 0x80][..], &[4, 1, 7].repeat(150_000), &[0, 0]].concat());
    soon(
        "tokens",
        &with(&|c| {
            let token = Cms::token().der();
            c.unsigned = Some(der::write(0xa1, &[&crate::cms::build::time_stamp_attribute(&token).repeat(120)]));
        }),
    );
    soon("zeros", &vec![0; 4_000_000]);
    soon("digests", &with(&|c| c.digest_list = Some(c.digest_algorithm.repeat(100_000))));
}
