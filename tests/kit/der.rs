//! DER by hand, for certificates and for CMS that is wrong on purpose.

pub(crate) const SEQUENCE: u8 = 0x30;

/// Tag, shortest length, contents.
pub(crate) fn tlv(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let body = parts.concat();
    let mut out = vec![tag];
    if body.len() < 128 {
        out.push(u8::try_from(body.len()).expect("short"));
    } else {
        let len = body.len().to_be_bytes();
        let digits: Vec<u8> = len.iter().copied().skip_while(|b| *b == 0).collect();
        out.push(0x80 | u8::try_from(digits.len()).expect("few"));
        out.extend(digits);
    }
    out.extend(body);
    out
}

pub(crate) fn oid(arcs: &[u32]) -> Vec<u8> {
    let mut body = vec![u8::try_from(arcs[0] * 40 + arcs[1]).expect("small")];
    for arc in &arcs[2..] {
        let groups = (0..5).rev().map(|i| (arc >> (7 * i)) & 0x7f).skip_while(|g| *g == 0).collect::<Vec<_>>();
        let groups = if groups.is_empty() { vec![0] } else { groups };
        for (i, group) in groups.iter().enumerate() {
            let more = if i + 1 < groups.len() { 0x80 } else { 0 };
            body.push(u8::try_from(*group).expect("7 bits") | more);
        }
    }
    tlv(6, &[&body])
}
