//! The pki room: certificate policies along a path (RFC 5280 6.1, by the policy graph of RFC 9618).
//!
//! Takes a path and the caller's inputs, gives the user-constrained policy set, or says that a demanded explicit policy is not there.
//! The graph has a level for each certificate and one node for each policy of a level, however many ways lead to it: its size is bounded by
//! what the certificates list, where the tree of RFC 5280 could grow exponentially.

use crate::pki::certificate::Certificate;
use crate::pki::der::{self, DerFault};
use crate::pki::oid;
use crate::pki::path::PathInputs;
use crate::switch::{Check, on};
use const_oid::ObjectIdentifier;
use std::collections::{BTreeMap, BTreeSet};

/// What one certificate says beside its policies.
#[derive(Default)]
struct Demands {
    require_explicit: Option<u32>,
    inhibit_mapping: Option<u32>,
    inhibit_any: Option<u32>,
    mappings: Vec<(ObjectIdentifier, ObjectIdentifier)>,
}

/// The policies that are valid at one certificate, each with those of the level above that lead to it. One without any comes from anyPolicy.
#[derive(Default)]
struct Level {
    nodes: BTreeMap<ObjectIdentifier, Vec<ObjectIdentifier>>,
    /// Whether anyPolicy is valid.
    any: bool,
}

impl Level {
    fn is_empty(&self) -> bool {
        self.nodes.is_empty() && !self.any
    }
}

/// How much work the policies of a path make.
pub(crate) fn weight(path: &[&Certificate]) -> u32 {
    let of = |c: &&Certificate| {
        let mappings = c.extension(&oid::POLICY_MAPPINGS).map_or(0, |(_, value)| value.len() / 8);
        u32::try_from(c.policies().len() / 8 + mappings).unwrap_or(u32::MAX)
    };
    path.iter().map(of).fold(0, u32::saturating_add)
}

/// What the caller accepts, less what the anchor does not (RFC 5937 3.2); `None`: any policy. An anchor that lists policies narrows the caller's set to
/// them, to nothing where they have none in common.
fn accepted(user: &[ObjectIdentifier], anchor: &[ObjectIdentifier]) -> Option<Vec<ObjectIdentifier>> {
    let any = |list: &[ObjectIdentifier]| list.is_empty() || list.contains(&oid::ANY_POLICY);
    match (any(user) || !on(Check::PathUserPolicy), any(anchor) || !on(Check::PathAnchorPolicy)) {
        (true, true) => None,
        (true, false) => Some(anchor.to_vec()),
        (false, true) => Some(user.to_vec()),
        (false, false) => Some(user.iter().copied().filter(|policy| anchor.contains(policy)).collect()),
    }
}

/// Checks a path from end entity to anchor. What the anchor says of policies counts as the caller's own word does (RFC 5937). `Err` if an explicit
/// policy is demanded and none is left, or an extension cannot be read.
pub(crate) fn check(path: &[&Certificate], inputs: &PathInputs<'_>) -> Result<Vec<ObjectIdentifier>, ()> {
    let below = path.len().saturating_sub(1);
    // 6.1.2 d, e, f.
    let begin = |at_once: bool| if at_once { 0 } else { u32::try_from(below).unwrap_or(u32::MAX).saturating_add(1) };
    let (mut explicit, mut any, mut mapping) = (begin(inputs.explicit_policy), begin(inputs.inhibit_any), begin(inputs.inhibit_mapping));
    let anchor = path.last();
    if let Some(anchor) = anchor.filter(|_| on(Check::PathAnchorDemands)) {
        let demands = demands(anchor).map_err(drop)?;
        explicit = demands.require_explicit.map_or(explicit, |v| v.min(explicit));
        mapping = demands.inhibit_mapping.map_or(mapping, |v| v.min(mapping));
        any = demands.inhibit_any.map_or(any, |v| v.min(any));
    }
    let user = accepted(inputs.policies, anchor.map_or(&[], |anchor| anchor.policies()));
    let mut levels: Vec<Level> = Vec::new();
    let mut level = Level { nodes: BTreeMap::new(), any: true };
    for (position, certificate) in path.iter().take(below).enumerate().rev() {
        let last = position == 0;
        let self_issued = certificate.is_self_issued();
        assert_policies(&mut level, certificate, any > 0 || (!last && self_issued) || !on(Check::PathAnyInhibited));
        // 6.1.3 f.
        if explicit == 0 && level.is_empty() && on(Check::PathExplicitPolicy) {
            return Err(());
        }
        let demands = demands(certificate).map_err(drop)?;
        if last {
            // 6.1.5 a and b.
            explicit = if demands.require_explicit == Some(0) { 0 } else { explicit.saturating_sub(1) };
            levels.push(std::mem::take(&mut level));
            break;
        }
        let next = map(&mut level, &demands.mappings, mapping > 0 || !on(Check::PathMappingInhibited))?;
        levels.push(std::mem::replace(&mut level, next));
        // 6.1.4 h, i, j.
        if !self_issued {
            (explicit, mapping, any) = (explicit.saturating_sub(1), mapping.saturating_sub(1), any.saturating_sub(1));
        }
        explicit = demands.require_explicit.map_or(explicit, |v| v.min(explicit));
        mapping = demands.inhibit_mapping.map_or(mapping, |v| v.min(mapping));
        any = demands.inhibit_any.map_or(any, |v| v.min(any));
    }
    let policies = user_constrained(&levels, user.as_deref());
    if explicit == 0 && policies.is_empty() && on(Check::PathExplicitPolicy) { Err(()) } else { Ok(policies) }
}

/// 6.1.3 d and e: of the policies expected here those stay that the certificate asserts; anyPolicy, while it is not inhibited, keeps them all.
fn assert_policies(level: &mut Level, certificate: &Certificate, any_counts: bool) {
    let own: BTreeSet<ObjectIdentifier> = certificate.policies().iter().copied().collect();
    let any = any_counts && own.contains(&oid::ANY_POLICY);
    if !any {
        level.nodes.retain(|policy, _| own.contains(policy));
    }
    if level.any {
        for policy in own.into_iter().filter(|policy| *policy != oid::ANY_POLICY) {
            level.nodes.entry(policy).or_default();
        }
    }
    level.any &= any;
}

/// 6.1.4 a and b: gives the policies expected of the next certificate. What is mapped is replaced by what it is mapped to, or taken away where
/// mapping is inhibited.
fn map(level: &mut Level, mappings: &[(ObjectIdentifier, ObjectIdentifier)], allowed: bool) -> Result<Level, ()> {
    if mappings.iter().any(|(from, to)| *from == oid::ANY_POLICY || *to == oid::ANY_POLICY) && on(Check::PathAnyMapped) {
        return Err(());
    }
    let mapped: BTreeSet<ObjectIdentifier> = mappings.iter().map(|(from, _)| *from).collect();
    let mut next = Level { nodes: BTreeMap::new(), any: level.any };
    if allowed {
        if level.any {
            for from in &mapped {
                level.nodes.entry(*from).or_default();
            }
        }
        for (from, to) in mappings {
            if level.nodes.contains_key(from) {
                next.nodes.entry(*to).or_default().push(*from);
            }
        }
    } else {
        level.nodes.retain(|policy, _| !mapped.contains(policy));
    }
    for policy in level.nodes.keys().filter(|policy| !mapped.contains(*policy)) {
        next.nodes.entry(*policy).or_default().push(*policy);
    }
    Ok(next)
}

/// RFC 9618 5.4, g: the policies, in the terms of the anchor, that a way through the graph leads from to the end entity; of those the ones
/// that the user accepts.
fn user_constrained(levels: &[Level], user: Option<&[ObjectIdentifier]>) -> Vec<ObjectIdentifier> {
    let Some(end) = levels.last() else { return Vec::new() };
    let mut authority: BTreeSet<ObjectIdentifier> = BTreeSet::new();
    let mut reached: BTreeSet<ObjectIdentifier> = end.nodes.keys().copied().collect();
    for level in levels.iter().rev() {
        let mut above = BTreeSet::new();
        for (policy, parents) in level.nodes.iter().filter(|(policy, _)| reached.contains(*policy)) {
            if parents.is_empty() {
                authority.insert(*policy);
            }
            above.extend(parents.iter().copied());
        }
        reached = above;
    }
    let Some(user) = user else {
        authority.extend(end.any.then_some(oid::ANY_POLICY));
        return authority.into_iter().collect();
    };
    let accepted: BTreeSet<ObjectIdentifier> = user.iter().copied().filter(|policy| end.any || authority.contains(policy)).collect();
    accepted.into_iter().collect()
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
