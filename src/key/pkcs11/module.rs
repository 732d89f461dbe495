//! The key room, PKCS#11: a vendor's module, loaded once.
//!
//! Takes a path, gives the module and the tokens in its slots. C_Initialize and the login are the whole process's, so that
//! modules and tokens are shared by every store and nothing is ever finalised: another user of the module in this process,
//! OpenSSL say, would lose its sessions.

use super::fault::explain;
use super::pin::Answer;
use super::token::Token;
use crate::error::{Error, ErrorKind, Result};
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error as ModuleError, RvError};
use cryptoki::slot::{Slot, TokenInfo};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};

static MODULES: Mutex<BTreeMap<PathBuf, Arc<Module>>> = Mutex::new(BTreeMap::new());

/// Which token of a module: by its label, by its serial number, or by both.
///
/// ```
/// use thrivosign::key::pkcs11::TokenChoice;
/// let office = TokenChoice::label("office");
/// let this_one = TokenChoice::label("office").and_serial("a1b2c3d4");
/// assert_ne!(office, this_one);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenChoice {
    label: Option<String>,
    serial: Option<String>,
}

impl TokenChoice {
    /// The token of that label.
    #[must_use]
    pub fn label(label: &str) -> TokenChoice {
        TokenChoice { label: Some(label.to_owned()), serial: None }
    }

    /// The token of that serial number.
    #[must_use]
    pub fn serial(serial: &str) -> TokenChoice {
        TokenChoice { label: None, serial: Some(serial.to_owned()) }
    }

    /// And of that serial number, where several have the label.
    #[must_use]
    pub fn and_serial(self, serial: &str) -> TokenChoice {
        TokenChoice { serial: Some(serial.to_owned()), ..self }
    }

    fn fits(&self, token: &TokenInfo) -> bool {
        let is = |wanted: &Option<String>, have: &str| wanted.as_ref().is_none_or(|wanted| wanted.trim_end() == have);
        token.token_initialized() && is(&self.label, token.label()) && is(&self.serial, token.serial_number())
    }
}

/// A loaded module.
pub(super) struct Module {
    context: Pkcs11,
    /// The tokens in use, by serial number and label: one login and one pool for all stores.
    pub(super) tokens: Mutex<BTreeMap<(String, String), Weak<Token>>>,
}

impl Module {
    /// The module of that path, loaded and initialised.
    ///
    /// # Errors
    /// [`ErrorKind::KeyStoreUnavailable`].
    #[allow(clippy::disallowed_methods, reason = "two spellings of one path are one module")]
    pub(super) fn load(path: &Path) -> Result<Arc<Module>> {
        // A bare name is left to the loader, which knows where modules are.
        let path = std::fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let mut modules = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(module) = modules.get(&path) {
            return Ok(module.clone());
        }
        let context = Pkcs11::new(&path).map_err(explain)?;
        let module = Arc::new(Module { context, tokens: Mutex::default() });
        module.start().map_err(explain)?;
        modules.insert(path, module.clone());
        Ok(module)
    }

    pub(super) fn context(&self) -> &Pkcs11 {
        &self.context
    }

    /// After the call the module is initialised, by us or by somebody else in this process.
    fn start(&self) -> Result<(), ModuleError> {
        match self.context.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            Err(ModuleError::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => Ok(()),
            other => other,
        }
    }

    /// Whether that answer can be given to the token in that slot. Asked anew each time, since the pad is the reader's: without one, modules make
    /// of no PIN what they like.
    ///
    /// # Errors
    /// [`ErrorKind::KeyStoreUnavailable`] if it has to be typed and there is no pad.
    pub(super) fn can_ask(&self, answer: &Answer, slot: Slot) -> Result<()> {
        if answer.is_typed() && !self.context.get_token_info(slot).map_err(explain)?.protected_authentication_path() {
            let context = "the token's reader has no pad for a PIN; open the store with the PIN";
            return Err(Error::new(ErrorKind::KeyStoreUnavailable).context(context));
        }
        Ok(())
    }

    /// The one token that is meant, and its slot now: slots are numbered anew when tokens come and go.
    ///
    /// # Errors
    /// [`ErrorKind::KeyStoreUnavailable`] if it is not there; [`ErrorKind::InvalidArgument`] if several are meant.
    pub(super) fn find(&self, choice: &TokenChoice) -> Result<(Slot, TokenInfo)> {
        let slots = match self.context.get_slots_with_token() {
            // Finalised by somebody else meanwhile.
            Err(ModuleError::Pkcs11(RvError::CryptokiNotInitialized, _)) => self.start().and_then(|()| self.context.get_slots_with_token()),
            other => other,
        };
        // A slot whose token is being pulled out says so; the others are still looked at.
        let tokens = slots.map_err(explain)?.into_iter().filter_map(|slot| Some((slot, self.context.get_token_info(slot).ok()?)));
        let mut meant = tokens.filter(|(_, token)| choice.fits(token));
        match (meant.next(), meant.next()) {
            (Some(found), None) => Ok(found),
            (Some(_), Some(_)) => {
                Err(Error::new(ErrorKind::InvalidArgument).context("several tokens are of that label; give the serial number too"))
            }
            (None, _) => {
                let context = "no token of that label or serial number is in a slot of the module; put it in, or initialise it";
                Err(Error::new(ErrorKind::KeyStoreUnavailable).context(context))
            }
        }
    }
}
