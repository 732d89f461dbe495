//! What speaks against signing a document, looked for before anybody is asked; and what becomes of a damaged one.

use crate::call::now;
use crate::cancel::CallOptions;
use crate::document::Document;
use crate::error::Result;
use crate::inspect::InspectionFacts;
use crate::sign::SignOptions;
use thrivosign::inspect::Risk;
use thrivosign::journey::{damage, read};
use thrivosign::{Error, ErrorKind, pdf::recover, sign as core};

/// Which findings stop a signature, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum PreflightRules {
    /// Everything is found, nothing stops but a certification that forbids the signature (`signing_forbidden`).
    Report,
    /// Every finding stops but mere size, and so does a part that could not be looked at (`not_checked`).
    Bank,
}

/// Which findings stop a signature.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PreflightPolicy {
    /// The rules.
    pub rules: PreflightRules,
    /// Codes of findings that pass all the same, such as `font_not_embedded`; `signing_forbidden` never does.
    #[uniffi(default = [])]
    pub allowing: Vec<String>,
}

impl PreflightPolicy {
    /// # Errors
    /// `InvalidArgument` for a code that no finding has.
    pub(crate) fn core(&self) -> Result<core::PreflightPolicy, Error> {
        let mut policy = match self.rules {
            PreflightRules::Report => core::PreflightPolicy::report(),
            PreflightRules::Bank => core::PreflightPolicy::bank(),
        };
        for code in &self.allowing {
            let risk = Risk::ALL.iter().copied().find(|risk| risk.code() == code);
            policy = policy.allowing(risk.ok_or_else(|| Error::new(ErrorKind::InvalidArgument).context("no finding has that code"))?);
        }
        Ok(policy)
    }
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Preflight {
    /// All facts and findings, each with its code, object, page and remedy, and the parts that were not looked at.
    pub inspection: InspectionFacts,
    /// Codes of what stops a signature under the policy, `not_checked` among them for parts that were not looked at; empty: go ahead.
    pub stops: Vec<String>,
}

impl From<&core::Preflight> for Preflight {
    fn from(found: &core::Preflight) -> Preflight {
        Preflight { inspection: found.inspection.clone().into(), stops: found.stops.iter().map(|code| (*code).to_owned()).collect() }
    }
}

/// What becomes of a damaged document. Damage is what would make readers look for the objects by themselves; a signed document is never
/// repaired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Damage {
    /// It is refused once the damage is in the way of the signature.
    Refuse,
    /// Where it is beyond doubt what the document is, the signature's update undoes the damage, and the document's bytes stay; otherwise it is
    /// refused.
    Append,
    /// As `Append`; where there is doubt, the document is written anew and that is signed. Not in place, not in two parts, not by the service.
    Rewrite {
        /// The most bytes of a document that is written anew; 64 MiB if absent.
        #[uniffi(default = None)]
        limit: Option<i64>,
    },
}

impl Damage {
    pub(crate) fn core(self) -> Result<damage::Damage, Error> {
        let wrong = |_| Error::new(ErrorKind::InvalidArgument).context("a limit is negative");
        Ok(match self {
            Damage::Refuse => damage::Damage::Refuse,
            Damage::Append => damage::Damage::Append,
            Damage::Rewrite { limit } => {
                damage::Damage::Rewrite { limit: limit.map_or(Ok(damage::Damage::LIMIT), u64::try_from).map_err(wrong)? }
            }
        })
    }
}

/// What was done about a document's damage before it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Repair {
    /// Nothing: there was none that a reader meets.
    None,
    /// The update undoes it; the bytes of the document are those that were given.
    Appended,
    /// The document was written anew; its bytes are others than those that were given.
    Rewritten,
    /// Something that this version of the bindings has no word for.
    Other,
}

impl From<recover::Repair> for Repair {
    fn from(repair: recover::Repair) -> Repair {
        match repair {
            recover::Repair::None => Repair::None,
            recover::Repair::Appended => Repair::Appended,
            recover::Repair::Rewritten => Repair::Rewritten,
            _ => Repair::Other,
        }
    }
}

/// What speaks against a signature in the field of that name, or in a new one; nothing is refused. Of the options the password, the policy
/// (`Report` if absent) and what becomes of damage count: a damaged document is looked over as it would be signed.
///
/// # Errors
/// As `inspect`; `InvalidArgument` for a policy that allows a code that no finding has.
#[uniffi::export(default(field = None, sign_options = None, options = None))]
pub fn preflight(
    document: &Document,
    field: Option<String>,
    sign_options: Option<SignOptions>,
    options: Option<CallOptions>,
) -> Result<Preflight> {
    now(options, |call| {
        let opening = sign_options.unwrap_or_default();
        let opening = opening.opening()?;
        let policy = opening.policy().cloned().unwrap_or_else(core::PreflightPolicy::report);
        Ok((&read::preflight(&document.input(call), field.as_deref(), opening.core(&None), &policy, call.limits())?).into())
    })
}
