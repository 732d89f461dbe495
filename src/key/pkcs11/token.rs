//! The key room, PKCS#11: a token in use. One login for the process, one bounded pool of sessions for all threads.
//!
//! Takes a piece of work, gives its result: the work gets a session that no other thread has. What was lost by a reset, a
//! removal, a logout or a finalised module is made again and the work done once more, unless it may have signed already.
//! A PIN that was refused is never tried again: tokens lock after three wrong ones.

use super::fault::{Fault, Loss, explain, loss, refuses_pin};
use super::lent::Lent;
use super::mechanism::Mechanisms;
use super::module::{Module, TokenChoice};
use super::object::Found;
use super::pin::Pin;
use crate::error::{Error, ErrorKind, Result};
use cryptoki::error::{Error as ModuleError, RvError};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::{Limit, Slot};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Most sessions of one token at a time; whoever needs another waits.
const MAX_SESSIONS: usize = 16;

/// A token in use.
pub(super) struct Token {
    module: Arc<Module>,
    /// The very token, by label and serial number: another one put in its place never gets this one's PIN.
    choice: TokenChoice,
    state: Mutex<State>,
    returned: Condvar,
    /// Held while a key is made or deleted: two threads must not make two of one name, and modules trip over what vanishes.
    pub(super) changing: Mutex<()>,
    logins: AtomicU64,
}

struct State {
    slot: Slot,
    pin: Pin,
    idle: Vec<Session>,
    /// Idle and lent ones.
    open: usize,
    bound: usize,
    /// Counts the times that all sessions were lost; what was lent before is not taken back.
    epoch: u64,
    found: BTreeMap<String, Arc<Found>>,
    mechanisms: Arc<Mechanisms>,
}

enum Once<T> {
    Done(T),
    /// What was lost is there again.
    Again(ModuleError),
}

impl Token {
    /// The token, logged in with that PIN or by its pad. A store of the same token that is open already is joined, if it is logged in the same way.
    pub(super) fn open(module: &Arc<Module>, choice: &TokenChoice, pin: Pin) -> Result<Arc<Token>> {
        let (slot, info) = module.find(choice)?;
        let names = (info.serial_number().to_owned(), info.label().to_owned());
        let mut tokens = module.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(token) = tokens.get(&names).and_then(std::sync::Weak::upgrade) {
            token.join(pin)?;
            return Ok(token);
        }
        let state = State { slot, pin, idle: Vec::new(), open: 0, bound: 0, epoch: 0, found: BTreeMap::new(), mechanisms: Arc::default() };
        let token = Arc::new(Token {
            module: module.clone(),
            choice: TokenChoice::label(info.label()).and_serial(info.serial_number()),
            state: Mutex::new(state),
            returned: Condvar::new(),
            changing: Mutex::new(()),
            logins: AtomicU64::new(0),
        });
        token.reopen(&mut token.state())?;
        tokens.insert(names, Arc::downgrade(&token));
        Ok(token)
    }

    /// Times that the token was logged in to.
    pub(super) fn logins(&self) -> u64 {
        self.logins.load(Ordering::Relaxed)
    }

    pub(super) fn mechanisms(&self) -> Arc<Mechanisms> {
        self.state().mechanisms.clone()
    }

    /// Whether the person types the PIN on the token's pad.
    pub(super) fn has_pad(&self) -> bool {
        self.state().pin.is_pad()
    }

    /// The key of that name as it was found last.
    pub(super) fn found(&self, name: &str) -> Option<Arc<Found>> {
        self.state().found.get(name).cloned()
    }

    /// Keeps what was found with that session, for as long as its handles are good.
    pub(super) fn keep(&self, name: &str, found: Found, lent: &Lent) -> Arc<Found> {
        let found = Arc::new(found);
        let mut state = self.state();
        if state.epoch == lent.epoch {
            state.found.insert(name.to_owned(), found.clone());
        }
        found
    }

    pub(super) fn forget(&self, name: &str) {
        self.state().found.remove(name);
    }

    /// Does the work with a session of its own, and once more if something was lost that could be made again.
    pub(super) fn run<T>(&self, work: &dyn Fn(&Lent) -> Result<T, Fault>) -> Result<T> {
        match self.once(work)? {
            Once::Done(value) => Ok(value),
            Once::Again(_) => match self.once(work)? {
                Once::Done(value) => Ok(value),
                Once::Again(cause) => Err(explain(cause)),
            },
        }
    }

    /// Does the work with a session that may change the token, never twice.
    pub(super) fn change<T>(&self, work: &dyn Fn(&Lent) -> Result<T, Fault>) -> Result<T> {
        let (slot, epoch) = {
            let state = self.state();
            (state.slot, state.epoch)
        };
        let session = self.module.context().open_rw_session(slot).map_err(explain)?;
        work(&Lent { session, slot, epoch }).map_err(|fault| match fault {
            Fault::Ours(error) => error,
            Fault::Module(cause) | Fault::Late(cause) => explain(cause),
        })
    }

    /// Whether [`Token::answer`] has an answer, before anything is begun that needs one.
    pub(super) fn can_answer(&self) -> Result<()> {
        self.state().pin.answer().map(drop)
    }

    /// Answers a key that wants the PIN for each use (CKA_ALWAYS_AUTHENTICATE); a signature was begun with that session.
    pub(super) fn answer(&self, session: &Session) -> Result<(), Fault> {
        // Not under the lock: somebody may be typing.
        let answer = self.state().pin.answer()?;
        Ok(answer.give(session, UserType::ContextSpecific)?)
    }

    fn once<T>(&self, work: &dyn Fn(&Lent) -> Result<T, Fault>) -> Result<Once<T>> {
        let lent = match self.lend() {
            Ok(lent) => lent,
            Err((cause, epoch)) if loss(&cause).is_some() => {
                self.reopen_since(epoch)?;
                return Ok(Once::Again(cause));
            }
            Err((cause, _)) => return Err(explain(cause)),
        };
        let fault = match work(&lent) {
            Ok(value) => {
                self.give_back(lent);
                return Ok(Once::Done(value));
            }
            Err(Fault::Ours(error)) => {
                self.give_back(lent);
                return Err(error);
            }
            Err(fault) => fault,
        };
        let (Fault::Module(cause) | Fault::Late(cause)) = &fault else { return Err(ErrorKind::Internal.into()) };
        if refuses_pin(cause) {
            self.state().pin.refuse();
        }
        let lost = match loss(cause) {
            // A session that is not logged in any more, or is somebody else's by now, sees no private key either.
            Some(Loss::Handles | Loss::Session) if !lent.sees_private() => Some(Loss::Sessions),
            lost => lost,
        };
        match (fault, lost) {
            (Fault::Module(cause), Some(lost)) => {
                self.make_again(lost, lent)?;
                Ok(Once::Again(cause))
            }
            (Fault::Module(cause) | Fault::Late(cause), _) => {
                self.replace(lent);
                Err(explain(cause))
            }
            (Fault::Ours(error), _) => Err(error),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another store of the same token. It is told a wrong PIN without asking the token, which is logged in already.
    fn join(&self, pin: Pin) -> Result<()> {
        let mut state = self.state();
        if state.pin.was_refused() {
            state.pin = pin;
            return self.reopen(&mut state);
        }
        if state.pin.is(&pin) {
            return Ok(());
        }
        Err(Error::new(ErrorKind::PassphraseWrong).context("this process is logged in with another PIN, or by the token's pad"))
    }

    fn lend(&self) -> Result<Lent, (ModuleError, u64)> {
        let mut state = self.state();
        loop {
            if let Some(session) = state.idle.pop() {
                return Ok(Lent { session, slot: state.slot, epoch: state.epoch });
            }
            if state.open < state.bound.max(1) {
                match self.module.context().open_ro_session_no_drop(state.slot) {
                    Ok(session) => {
                        state.open += 1;
                        return Ok(Lent { session, slot: state.slot, epoch: state.epoch });
                    }
                    // The token has no more for us than it has given.
                    Err(ModuleError::Pkcs11(RvError::SessionCount, _)) if state.open > 0 => state.bound = state.open,
                    Err(cause) => return Err((cause, state.epoch)),
                }
            } else {
                state = self.returned.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        }
    }

    fn give_back(&self, lent: Lent) {
        let mut state = self.state();
        if state.epoch == lent.epoch {
            state.idle.push(lent.session);
        }
        self.returned.notify_one();
    }

    /// A session in which something failed may have an operation under way. A new one is opened before it is closed: with
    /// the last session of a process its login ends.
    fn replace(&self, lent: Lent) {
        let mut state = self.state();
        if state.epoch == lent.epoch {
            match self.module.context().open_ro_session_no_drop(state.slot) {
                Ok(session) => state.idle.push(session),
                Err(_) => state.open = state.open.saturating_sub(1),
            }
            // It is closed or was closed before; there is nothing else to do about it.
            let _ = lent.session.close();
        }
        self.returned.notify_one();
    }

    fn make_again(&self, lost: Loss, lent: Lent) -> Result<()> {
        match lost {
            Loss::Sessions => return self.reopen_since(lent.epoch),
            Loss::Login => {
                let mut state = self.state();
                // The PIN is for this token alone, and not for one whose session has got the number of ours.
                let here = lent.session.get_session_info().map(|info| info.slot_id()).ok();
                if here != Some(self.module.find(&self.choice)?.0) {
                    drop(state);
                    return self.reopen_since(lent.epoch);
                }
                state.found.clear();
                if let Err(error) = self.login(&mut state, &lent.session) {
                    drop(state);
                    self.give_back(lent);
                    return Err(error);
                }
            }
            Loss::Handles => self.state().found.clear(),
            Loss::Session => {
                self.replace(lent);
                return Ok(());
            }
        }
        self.give_back(lent);
        Ok(())
    }

    fn reopen_since(&self, epoch: u64) -> Result<()> {
        let mut state = self.state();
        // Another thread was faster.
        if state.epoch != epoch {
            return Ok(());
        }
        self.reopen(&mut state)
    }

    /// Finds the token again and logs in once. Old sessions are forgotten and not closed: after a reset their numbers may
    /// be somebody else's.
    fn reopen(&self, state: &mut State) -> Result<()> {
        state.idle.clear();
        state.open = 0;
        state.found.clear();
        state.epoch += 1;
        self.returned.notify_all();
        let (slot, info) = self.module.find(&self.choice)?;
        state.slot = slot;
        state.bound = match info.max_session_count() {
            Limit::Max(most) => usize::try_from(most).unwrap_or(MAX_SESSIONS).clamp(1, MAX_SESSIONS),
            Limit::Unavailable | Limit::Infinite => MAX_SESSIONS,
        };
        let session = self.module.context().open_ro_session_no_drop(slot).map_err(explain)?;
        if let Err(error) = self.login(state, &session) {
            let _ = session.close();
            return Err(error);
        }
        state.mechanisms = Arc::new(Mechanisms::of(self.module.context(), slot).map_err(explain)?);
        state.open = 1;
        state.idle.push(session);
        Ok(())
    }

    fn login(&self, state: &mut State, session: &Session) -> Result<()> {
        let answer = state.pin.answer()?;
        self.module.can_ask(&answer, state.slot)?;
        match answer.give(session, UserType::User) {
            Ok(()) => {
                self.logins.fetch_add(1, Ordering::Relaxed);
                Ok(())
            }
            // By another thread, or another user of the module in this process.
            Err(ModuleError::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(()),
            Err(cause) => {
                let refused = refuses_pin(&cause);
                if refused {
                    state.pin.refuse();
                }
                let last = refused && self.module.context().get_token_info(state.slot).is_ok_and(|info| info.user_pin_final_try());
                let error = explain(cause);
                Err(if last { error.with_tries_left(1) } else { error })
            }
        }
    }
}

impl Drop for Token {
    /// Closes the sessions. No C_Logout: that would end the login of everybody else in this process; it ends by itself with
    /// the last session.
    fn drop(&mut self) {
        for session in self.state.get_mut().unwrap_or_else(PoisonError::into_inner).idle.drain(..) {
            let _ = session.close();
        }
    }
}
