//! The room `journey`: a document that may be damaged. Takes it and the request, gives the plan of its signature: over the document as it
//! stands, over the document with its damage undone by the update, or, where that was asked for, over the document written anew.

use super::carried::read;
use super::input::Input;
use super::sign::{SignOptions, planned};
use crate::cancel::Progress;
use crate::error::{Error, ErrorKind, Result};
use crate::inspect::Risk;
use crate::pdf::Document;
use crate::pdf::recover::{fault, recover, rewrite};
use crate::sign::{Plan, Preflight, PreflightPolicy, SignatureRequest, SigningIdentity};

/// What becomes of a damaged document. Damage is what would make readers look for the objects by themselves; a signed document is never
/// repaired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Damage {
    /// It is refused once the damage is in the way of the signature.
    Refuse,
    /// Where it is beyond doubt what the document is, the signature's update undoes the damage, and the document's bytes stay; otherwise it
    /// is refused.
    #[default]
    Append,
    /// As [`Damage::Append`]; where there is doubt, the document is written anew and that is signed.
    Rewrite {
        /// The most bytes of a document that is written anew.
        limit: u64,
    },
}

impl Damage {
    /// A limit that fits a phone: 64 MiB.
    pub const LIMIT: u64 = 64 << 20;
}

/// The most objects whose places and lengths are checked before signing; beyond that only those that the signature needs are looked at.
const MAX_CHECKED: usize = 10_000;

impl Damage {
    /// The same without writing anything anew: for whoever may only append.
    #[must_use]
    pub(super) const fn appending(self) -> Damage {
        match self {
            Damage::Rewrite { .. } => Damage::Append,
            other => other,
        }
    }
}

pub(super) struct Considered {
    pub(super) plan: Plan,
    /// What is signed instead of the document.
    pub(super) rewritten: Option<Input>,
}

/// The revision to come, of a document that nothing speaks against, damaged or not.
///
/// # Errors
/// As [`planned`]; [`ErrorKind::PdfDamaged`] says what stands against a repair.
pub(super) fn considered(
    input: &Input,
    request: &SignatureRequest,
    identity: &SigningIdentity,
    options: SignOptions<'_>,
    progress: &Progress<'_>,
) -> Result<Considered> {
    // What was shown is what is given, whatever it is made into.
    let read = read(input, options, progress)?;
    let read = read.as_ref();
    let as_it_stands = || {
        let document = Document::open_with_password(input, options.password)?;
        let sound = options.damage == Damage::Refuse || fault(&document, MAX_CHECKED)?.is_none();
        Ok::<_, Error>((planned(&document, request, identity, options, read)?, sound))
    };
    let (standing, refusal) = match as_it_stands() {
        Ok((plan, true)) => return Ok(Considered { plan, rewritten: None }),
        Ok((plan, false)) => (Some(plan), None),
        Err(error) if error.kind() == ErrorKind::PdfDamaged && options.damage != Damage::Refuse => (None, Some(error)),
        Err(error) => return Err(error),
    };
    let doubt = match recover(input, options.password).and_then(|document| planned(&document, request, identity, options, read)) {
        Ok(plan) => return Ok(Considered { plan, rewritten: None }),
        Err(error) if error.kind() == ErrorKind::PdfDamaged => error,
        Err(error) => return standing.map(|plan| Considered { plan, rewritten: None }).ok_or(error),
    };
    if let Damage::Rewrite { limit } = options.damage {
        match rewrite(input, limit) {
            Ok(bytes) => {
                // The rewrite looks sound; what it was made from is not, and a policy that minds that stops here.
                if options.preflight.is_some_and(|policy| policy.stops_at(Risk::DamagedStructure)) {
                    return Err(Error::new(ErrorKind::PreflightRefused).context(Risk::DamagedStructure.code()));
                }
                let plan = planned(&Document::open(&bytes)?, request, identity, options, read)?.of_rewritten();
                return Ok(Considered { plan, rewritten: Some(Input::memory(bytes)) });
            }
            Err(error) if standing.is_none() => return Err(error),
            Err(_) => {}
        }
    }
    match (standing, refusal) {
        // What is damaged is not on the way to the signature, and no repair is beyond doubt: it stays as it is.
        (Some(plan), _) => Ok(Considered { plan, rewritten: None }),
        (None, Some(refusal)) => Err(doubt.caused_by(refusal)),
        (None, None) => Err(doubt),
    }
}

/// What speaks against signing the document, as far as it can be read once its damage is dealt with.
///
/// # Errors
/// As `look`; [`ErrorKind::PdfDamaged`] says what stands against a repair.
pub(super) fn looked_over(
    input: &Input,
    options: SignOptions<'_>,
    policy: &PreflightPolicy,
    look: impl Fn(&Document<'_>) -> Result<Preflight>,
) -> Result<Preflight> {
    let (password, damage) = (options.password, options.damage);
    let refusal = match Document::open_with_password(input, password).and_then(|document| look(&document)) {
        Err(error) if error.kind() == ErrorKind::PdfDamaged && damage != Damage::Refuse => error,
        other => return other,
    };
    let doubt = match recover(input, password).and_then(|document| look(&document)) {
        Err(error) if error.kind() == ErrorKind::PdfDamaged => error.caused_by(refusal),
        other => return other,
    };
    let Damage::Rewrite { limit } = damage else { return Err(doubt) };
    let mut found = look(&Document::open(&rewrite(input, limit)?)?)?;
    if policy.stops_at(Risk::DamagedStructure) {
        found.stops.push(Risk::DamagedStructure.code());
    }
    Ok(found)
}
