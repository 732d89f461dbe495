//! The pki room: certificate policies along a path (RFC 5280 6.1, with the graph of RFC 9618 reduced to what is asked).
//!
//! Takes a path, says whether a demand for an explicit policy is met. The caller's set of policies is "any", so the tree itself is not
//! needed: the policies expected at each level are enough, and their number cannot grow beyond what the certificates list.

use crate::pki::certificate::Certificate;
use crate::pki::der::{self, DerFault};
use crate::pki::oid;
use const_oid::ObjectIdentifier;
use std::collections::HashSet;

/// What one certificate says beside its policies.
#[derive(Default)]
struct Demands {
    require_explicit: Option<u32>,
    inhibit_mapping: Option<u32>,
    inhibit_any: Option<u32>,
    mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
}

/// Checks a path from end entity to anchor. `Err` if an explicit policy is demanded and none is left, or an extension cannot be read.
pub(crate) fn check(path: &[&Certificate]) -> Result<(), ()> {
    // Without any of these extensions below the anchor nothing can be demanded.
    let asked = |c: &&&Certificate| {
        [oid::POLICY_CONSTRAINTS, oid::POLICY_MAPPINGS, oid::INHIBIT_ANY_POLICY].iter().any(|o| c.extension(o).is_some())
    };
    let below = path.len().saturating_sub(1);
    if path.iter().take(below).find(asked).is_none() {
        return Ok(());
    }
    let n = below as u32;
    let (mut explicit, mut mapping, mut any) = (n + 1, n + 1, n + 1);
    let mut expected: HashSet<ObjectIdentifier> = HashSet::from([oid::ANY_POLICY]);
    for (position, certificate) in path.iter().take(below).enumerate().rev() {
        let last = position == 0;
        let self_issued = certificate.is_self_issued();
        let own: HashSet<ObjectIdentifier> = certificate.policies().iter().copied().collect();
        // 6.1.3 d: policies both asserted and expected; anyPolicy carries the expected ones on while it is not inhibited.
        let had_any = expected.contains(&oid::ANY_POLICY);
        let mut next: HashSet<ObjectIdentifier> =
            own.iter().filter(|p| **p != oid::ANY_POLICY && (had_any || expected.contains(*p))).copied().collect();
        if own.contains(&oid::ANY_POLICY) && (any > 0 || (!last && self_issued)) {
            next.extend(expected.iter().copied());
        }
        if explicit == 0 && next.is_empty() {
            return Err(());
        }
        let demands = demands(certificate).map_err(drop)?;
        if last {
            // 6.1.5 a, b and g.
            explicit = explicit.saturating_sub(1);
            if demands.require_explicit == Some(0) {
                explicit = 0;
            }
            return if explicit == 0 && next.is_empty() { Err(()) } else { Ok(()) };
        }
        expected = map(next, &demands.mappings, mapping > 0)?;
        if !self_issued {
            (explicit, mapping, any) = (explicit.saturating_sub(1), mapping.saturating_sub(1), any.saturating_sub(1));
        }
        explicit = demands.require_explicit.map_or(explicit, |v| v.min(explicit));
        mapping = demands.inhibit_mapping.map_or(mapping, |v| v.min(mapping));
        any = demands.inhibit_any.map_or(any, |v| v.min(any));
    }
    Ok(())
}

/// 6.1.4 a and b: mapped policies are replaced by what they map to, or deleted where mapping is inhibited.
fn map(
    mut policies: HashSet<ObjectIdentifier>,
    mappings: &[(ObjectIdentifier, ObjectIdentifier)],
    allowed: bool,
) -> Result<HashSet<ObjectIdentifier>, ()> {
    if mappings.iter().any(|(from, to)| *from == oid::ANY_POLICY || *to == oid::ANY_POLICY) {
        return Err(());
    }
    let had_any = policies.contains(&oid::ANY_POLICY);
    let targets: Vec<ObjectIdentifier> =
        mappings.iter().filter(|(from, _)| allowed && (had_any || policies.contains(from))).map(|(_, to)| *to).collect();
    for (from, _) in mappings {
        policies.remove(from);
    }
    policies.extend(targets);
    Ok(policies)
}

fn demands(certificate: &Certificate) -> Result<Demands, DerFault> {
    let mut demands = Demands::default();
    if let Some((_, value)) = certificate.extension(&oid::POLICY_CONSTRAINTS) {
        let mut reader = der::whole(value, der::SEQUENCE, "policy constraints")?.inside();
        demands.require_explicit = reader.optional(0x80)?.map(|t| skip_certs(t.value)).transpose()?;
        demands.inhibit_mapping = reader.optional(0x81)?.map(|t| skip_certs(t.value)).transpose()?;
        reader.finish("policy constraints")?;
    }
    if let Some((_, value)) = certificate.extension(&oid::INHIBIT_ANY_POLICY) {
        demands.inhibit_any = Some(skip_certs(der::whole(value, der::INTEGER, "inhibit any policy")?.value)?);
    }
    if let Some((_, value)) = certificate.extension(&oid::POLICY_MAPPINGS) {
        let mut reader = der::whole(value, der::SEQUENCE, "policy mappings")?.inside();
        while !reader.is_empty() {
            let mut pair = reader.expect(der::SEQUENCE, "policy mapping")?.inside();
            let from = pair.expect(der::OID, "policy mapping")?.oid()?;
            let to = pair.expect(der::OID, "policy mapping")?.oid()?;
            pair.finish("policy mapping")?;
            demands.mappings.push((from, to));
        }
    }
    Ok(demands)
}

/// SkipCerts: a non-negative INTEGER; larger than any path counts as no demand.
fn skip_certs(value: &[u8]) -> Result<u32, DerFault> {
    match value {
        [] => Err(DerFault { at: 0, what: "skip certs" }),
        [first, ..] if *first >= 0x80 => Err(DerFault { at: 0, what: "skip certs" }),
        [one] => Ok(u32::from(*one)),
        _ => Ok(u32::MAX),
    }
}
