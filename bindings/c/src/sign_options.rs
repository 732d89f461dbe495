//! The C border: how a document is opened and checked when it is signed.

use crate::caller::Caller;
use crate::enums::unknown;
use crate::extension::{Means, thrivosign_extension};
use crate::preflight::thrivosign_preflight_policy;
use crate::table::Table;
use std::ffi::c_char;
use std::mem::offset_of;
use thrivosign::journey::carried::Carried;
use thrivosign::journey::damage::Damage;
use thrivosign::journey::extend::Extending;
use thrivosign::journey::sign::SignOptions;
use thrivosign::sign::PreflightPolicy;
use thrivosign::{Error, ErrorKind, Result};
use zeroize::Zeroizing;

/// What becomes of a damaged document that is to be signed. Damage is what would make readers look for the objects by themselves; a signed
/// document is never repaired.
#[repr(C)]
pub enum thrivosign_damage {
    /// Where it is beyond doubt what the document is, the signature's update undoes the damage, and the document's bytes stay; otherwise it is
    /// refused.
    Append = 0,
    /// It is refused once the damage is in the way of the signature.
    Refuse = 1,
    /// As `Append`; where there is doubt, the document is written anew and that is signed: `thrivosign_signed_repair` says so. Not in place, not in
    /// two parts, not by the service.
    Rewrite = 2,
}

/// How a document is opened and checked when it is signed. All zeros but `struct_size` are the defaults; NULL in place of the struct means the same.
///
/// Ownership: everything stays the caller's.
/// Lifetime: needed until the function returns.
/// Threads: any.
/// NULL: `password`, `shown_sha256`, `preflight`, `extension`, `consent` and `in_place_of` may be NULL.
#[derive(Clone, Copy)]
#[repr(C)]
pub struct thrivosign_sign_options {
    /// `sizeof(thrivosign_sign_options)`.
    pub struct_size: usize,
    /// The document's user or owner password; an empty one is given by a pointer that is not NULL and size 0.
    pub password: *const u8,
    /// Bytes of the password.
    pub password_size: usize,
    /// SHA-256, 32 bytes, of what the person was shown: another document is not signed (code 212).
    pub shown_sha256: *const u8,
    /// Unless 0, the whole finished document is read again to check it, earlier signatures included, instead of the new revision alone.
    pub full_recheck: i64,
    /// Looks the document over first, and stops with code 217 where this policy does; NULL: no such look. What was found is in
    /// `thrivosign_signed_preflight`.
    pub preflight: *const thrivosign_preflight_policy,
    /// One of `thrivosign_damage`.
    pub damage: i64,
    /// The most bytes of a document that is written anew; 0: 64 MiB.
    pub rewrite_limit: u64,
    /// How far the signature is raised once it is made, and with what; NULL: it stays at B-B. A level that is not reached is no error:
    /// `thrivosign_signed_extended` tells it, and `thrivosign_document_extend` can raise it later. Where the service files what it prepared, it
    /// raises the signature itself, and `trust` of this is what the level is judged by.
    pub extension: *const thrivosign_extension,
    /// Unless 0, a record of the signing is embedded in the document before it is signed, so that the signature covers it: digest, what the preflight
    /// found, `consent`, the key. Code 211 for a document that is signed already, 221 where its standard has no room for one (PDF/A-1, PDF/A-2), 101
    /// for one that the service prepares.
    pub carry_evidence: i64,
    /// The text that the person agreed to, for that record; whoever has the document can read it.
    pub consent: *const c_char,
    /// For a signing order: the name of an order of the same id and document that was prepared for a key which is no more, and whose place this one
    /// takes. Where that key has answered, its answer counts, and no key is asked. Code 101 for what is no order.
    pub in_place_of: *const c_char,
}

// SAFETY: `repr(C)`, begins with `struct_size`; zeros are NULL and numbers.
unsafe impl Table for thrivosign_sign_options {
    const OPTIONAL: &'static [usize] = &[
        offset_of!(thrivosign_sign_options, password),
        offset_of!(thrivosign_sign_options, shown_sha256),
        offset_of!(thrivosign_sign_options, full_recheck),
        offset_of!(thrivosign_sign_options, preflight),
        offset_of!(thrivosign_sign_options, damage),
        offset_of!(thrivosign_sign_options, rewrite_limit),
        offset_of!(thrivosign_sign_options, extension),
        offset_of!(thrivosign_sign_options, carry_evidence),
        offset_of!(thrivosign_sign_options, consent),
        offset_of!(thrivosign_sign_options, in_place_of),
    ];
}

/// The options of one call.
#[derive(Default)]
pub(crate) struct Opening<'o> {
    options: SignOptions<'o>,
    policy: Option<PreflightPolicy>,
    means: Option<Means>,
    in_place_of: Option<&'o str>,
}

impl Opening<'_> {
    /// The same for longer than the call at hand.
    pub(crate) fn keep(self) -> Kept {
        let Opening { options, policy, means, in_place_of } = self;
        Kept {
            password: options.password.map(|password| Zeroizing::new(password.to_vec())),
            carry: options.carry.map(|carry| carry.consent.map(str::to_owned)),
            options: SignOptions { password: None, preflight: None, raise: None, carry: None, ..options },
            policy,
            means,
            in_place_of: in_place_of.map(str::to_owned),
        }
    }

    /// What the signature is raised with, for [`Opening::core`] to point at.
    pub(crate) fn raise(&self) -> Option<Extending<'_>> {
        self.means.as_ref().map(Means::core)
    }

    /// As the core takes them.
    pub(crate) fn core<'a>(&'a self, raise: &'a Option<Extending<'a>>) -> SignOptions<'a> {
        SignOptions { preflight: self.policy.as_ref(), raise: raise.as_ref(), ..self.options }
    }

    /// The order whose place is taken, if one was named.
    pub(crate) const fn in_place_of(&self) -> Option<&str> {
        self.in_place_of
    }

    /// The policy, if one was given.
    pub(crate) fn policy(&self) -> Option<&PreflightPolicy> {
        self.policy.as_ref()
    }
}

/// Options that are kept; what the caller's struct pointed to is a copy.
pub(crate) struct Kept {
    password: Option<Zeroizing<Vec<u8>>>,
    /// Whether a record is carried, and the consent in it.
    carry: Option<Option<String>>,
    options: SignOptions<'static>,
    policy: Option<PreflightPolicy>,
    means: Option<Means>,
    in_place_of: Option<String>,
}

impl Kept {
    /// As those of a call.
    pub(crate) fn opening(&self) -> Opening<'_> {
        let password = self.password.as_ref().map(|password| password.as_slice());
        let carry = self.carry.as_ref().map(|consent| Carried { consent: consent.as_deref(), key: None });
        let options = SignOptions { password, carry, ..self.options };
        Opening { options, policy: self.policy.clone(), means: self.means.clone(), in_place_of: self.in_place_of.as_deref() }
    }

    /// Whether there is a digest of what the person was shown.
    pub(crate) const fn says_what_was_shown(&self) -> bool {
        self.options.shown.is_some()
    }
}

fn damage(table: &thrivosign_sign_options) -> Result<Damage> {
    use thrivosign_damage as In;
    Ok(match table.damage {
        x if x == In::Append as i64 => Damage::Append,
        x if x == In::Refuse as i64 => Damage::Refuse,
        x if x == In::Rewrite as i64 => {
            Damage::Rewrite { limit: if table.rewrite_limit == 0 { Damage::LIMIT } else { table.rewrite_limit } }
        }
        _ => return Err(unknown("damage")),
    })
}

impl Caller {
    /// The options of the call at hand, which signs without a journal.
    ///
    /// # Errors
    /// As [`Caller::order_options`]; [`ErrorKind::InvalidArgument`] where the place of an order is to be taken.
    pub(crate) fn sign_options(&self, pointer: *const thrivosign_sign_options) -> Result<Opening<'_>> {
        let opening = self.order_options(pointer)?;
        match opening.in_place_of {
            Some(_) => Err(Error::new(ErrorKind::InvalidArgument).context("in_place_of is for signing orders")),
            None => Ok(opening),
        }
    }

    /// The options of an order.
    ///
    /// # Errors
    /// As [`Caller::table`]; as [`Caller::handle`] for policy and extension; [`ErrorKind::InvalidArgument`] for a wrong number.
    pub(crate) fn order_options(&self, pointer: *const thrivosign_sign_options) -> Result<Opening<'_>> {
        let Some(table) = self.table_opt(pointer)? else { return Ok(Opening::default()) };
        let shown = match table.shown_sha256.is_null() {
            true => None,
            false => Some(self.bytes(table.shown_sha256, 32)?.try_into().map_err(|_| Error::new(ErrorKind::Internal))?),
        };
        let options = SignOptions {
            password: self.bytes_opt(table.password, table.password_size)?,
            full_recheck: table.full_recheck != 0,
            shown,
            damage: damage(&table)?,
            carry: (table.carry_evidence != 0).then_some(Carried { consent: self.text_opt(table.consent)?, key: None }),
            ..SignOptions::default()
        };
        let policy = self.handle_opt(table.preflight)?.map(|policy| policy.now());
        let means = self.handle_opt(table.extension)?.map(|extension| extension.now());
        Ok(Opening { options, policy, means, in_place_of: self.text_opt(table.in_place_of)? })
    }
}
