//! The pki room: where revocation is announced: distribution points of certificates, and the scope that a list says it has (RFC 5280 4.2.1.13,
//! 5.2.5).
//!
//! Takes DER, gives names in a form in which equal names are equal bytes, and masks of reasons. More points or names than anybody issues are
//! refused.

use crate::pki::certificate::Certificate;
use crate::pki::der::{self, DerFault, Tlv};
use crate::pki::name;
use crate::pki::oid;
use crate::switch::{Check, on};

/// Every reason of ReasonFlags but the unused bit: what a list without onlySomeReasons covers.
pub(super) const ALL_REASONS: u16 = 0x1fe;
const MAX_POINTS: usize = 32;
const MAX_NAMES: usize = 32;
const DIRECTORY: u8 = 0xa4;

/// One distribution point of a certificate.
pub(super) struct Point {
    /// Its names; `None` if it has none of its own.
    pub(super) names: Option<Vec<Vec<u8>>>,
    pub(super) reasons: u16,
    /// cRLIssuer; `None`: the certificate's issuer.
    pub(super) issuers: Option<Vec<Vec<u8>>>,
}

/// IssuingDistributionPoint: what a list is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) names: Option<Vec<Vec<u8>>>,
    pub(super) only_users: bool,
    pub(super) only_cas: bool,
    pub(super) only_attributes: bool,
    pub(super) indirect: bool,
    pub(super) reasons: u16,
}

/// A distinguished name as a general name to compare.
pub(super) fn directory(comparable: &[u8]) -> Vec<u8> {
    [&[DIRECTORY], comparable].concat()
}

/// GeneralNames to compare: directory names folded (RFC 5280 7.1), the others as they stand.
pub(super) fn general_names(list: &Tlv<'_>) -> Result<Vec<Vec<u8>>, DerFault> {
    let mut names = Vec::new();
    let mut reader = list.inside();
    while !reader.is_empty() {
        if names.len() >= MAX_NAMES {
            return Err(reader.fault("more names than anybody gives"));
        }
        let one = reader.any()?;
        names.push(if one.tag == DIRECTORY { directory(&name::comparable(one.value)?.concat()) } else { one.raw.to_vec() });
    }
    if names.is_empty() { Err(list.fault("no name")) } else { Ok(names) }
}

/// DistributionPointName: full names, or one that is relative to `issuer`, a Name.
fn point_name(outer: &Tlv<'_>, issuer: &[u8]) -> Result<Vec<Vec<u8>>, DerFault> {
    let mut reader = outer.inside();
    let choice = reader.any()?;
    reader.finish("name of a distribution point")?;
    match choice.tag {
        0xa0 => general_names(&choice),
        0xa1 => {
            let relative = der::write(der::SEQUENCE, &[&der::write(der::SET, &[choice.value])]);
            let mut all = name::comparable(issuer)?;
            all.extend(name::comparable(&relative)?);
            Ok(vec![directory(&all.concat())])
        }
        _ => Err(choice.fault("name of a distribution point")),
    }
}

/// ReasonFlags as a mask: bit n stands for reason n.
fn reasons(tlv: &Tlv<'_>) -> Result<u16, DerFault> {
    let [unused @ 0..=7, bits @ ..] = tlv.value else { return Err(tlv.fault("reasons")) };
    if bits.len() > 2 || (bits.is_empty() && *unused != 0) {
        return Err(tlv.fault("reasons"));
    }
    let bit = |n: usize| bits.get(n / 8).is_some_and(|byte| byte & (0x80 >> (n % 8)) != 0);
    Ok((1..=8).filter(|n| bit(*n)).fold(0, |mask, n| mask | (1 << n)))
}

impl Point {
    fn read(tlv: &Tlv<'_>, certificate: &Certificate) -> Result<Point, DerFault> {
        let mut reader = tlv.inside();
        let named = reader.optional(0xa0)?;
        let flags = reader.optional(0x81)?;
        let issued = reader.optional(0xa2)?;
        reader.finish("distribution point")?;
        let issuers = issued.map(|list| general_names(&list)).transpose()?;
        // RFC 5280 4.2.1.13: a relative name goes with one CRL issuer at most.
        let base = match &issued {
            None => certificate.issuer_der(),
            Some(list) => list.inside().expect(DIRECTORY, "issuer of lists")?.value,
        };
        Ok(Point {
            names: named.map(|outer| point_name(&outer, base)).transpose()?,
            reasons: flags.map_or(Ok(ALL_REASONS), |tlv| reasons(&tlv))?,
            issuers,
        })
    }

    /// The points of a certificate, and the one that every certificate has without saying so: lists of its issuer, named as the issuer is
    /// (RFC 5280 6.3.3, at the end).
    pub(super) fn all_of(certificate: &Certificate) -> Result<Vec<Point>, DerFault> {
        let own = vec![directory(certificate.comparable_issuer())];
        let mut points = vec![Point { names: Some(own), reasons: ALL_REASONS, issuers: None }];
        let Some((_, value)) = certificate.extension(&oid::CRL_DISTRIBUTION_POINTS) else { return Ok(points) };
        let mut reader = der::whole(value, der::SEQUENCE, "distribution points")?.inside();
        while !reader.is_empty() {
            if points.len() > MAX_POINTS {
                return Err(reader.fault("more distribution points than anybody gives"));
            }
            points.push(Point::read(&reader.expect(der::SEQUENCE, "distribution point")?, certificate)?);
        }
        Ok(points)
    }
}

impl Scope {
    /// From IssuingDistributionPoint; `issuer` is the Name of who issued the list.
    pub(super) fn read(value: &[u8], issuer: &[u8]) -> Result<Scope, DerFault> {
        let tlv = der::whole(value, der::SEQUENCE, "scope of the list")?;
        let mut reader = tlv.inside();
        let named = reader.optional(0xa0)?;
        let users = reader.optional(0x81)?;
        let cas = reader.optional(0x82)?;
        let flags = reader.optional(0x83)?;
        let indirect = reader.optional(0x84)?;
        let attributes = reader.optional(0x85)?;
        reader.finish("scope of the list")?;
        let flag = |tlv: Option<Tlv<'_>>| tlv.map_or(Ok(false), |tlv| tlv.boolean());
        let scope = Scope {
            names: named.map(|outer| point_name(&outer, issuer)).transpose()?,
            only_users: flag(users)?,
            only_cas: flag(cas)?,
            only_attributes: flag(attributes)?,
            indirect: flag(indirect)?,
            reasons: flags.map_or(Ok(ALL_REASONS), |tlv| reasons(&tlv))?,
        };
        if u8::from(scope.only_users) + u8::from(scope.only_cas) + u8::from(scope.only_attributes) > 1 {
            return Err(tlv.fault("scope of the list"));
        }
        Ok(scope)
    }

    /// Whether certificates of this kind are in scope at all.
    pub(super) fn holds(&self, certificate: &Certificate) -> bool {
        let attributes = self.only_attributes && on(Check::ListAttributes);
        let users = self.only_users && certificate.is_ca() && on(Check::ListUsers);
        let cas = self.only_cas && !certificate.is_ca() && on(Check::ListCas);
        !(attributes || users || cas)
    }

    /// Whether the list is one that this point names (RFC 5280 6.3.3 b 2 i).
    pub(super) fn is_at(&self, point: &Point) -> bool {
        let Some(names) = &self.names else { return true };
        let Some(wanted) = point.names.as_ref().or(point.issuers.as_ref()) else { return false };
        names.iter().any(|name| wanted.contains(name)) || !on(Check::ListPointName)
    }
}
