//! The C border: how far signatures are to be raised, and with what.

use crate::caller::Caller;
use crate::connection::fetcher;
use crate::enums::unknown;
use crate::error::thrivosign_error;
use crate::evidence::thrivosign_evidence;
use crate::guard::{NO_SELF, guard, guard_or};
use crate::report_enums::thrivosign_level;
use crate::token::{self, Kind, Noun};
use crate::trust::thrivosign_trust;

use std::ffi::c_char;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use thrivosign::evidence::{Bundle, Goal};
use thrivosign::journey::extend::Extending;
use thrivosign::journey::stamp::TimeStampAuthority;
use thrivosign::pki::TrustAnchors;
use thrivosign::pki::oid::ObjectIdentifier;
use thrivosign::remote::fetch::Fetcher;
use thrivosign::{Error, ErrorKind, Result, Time};

/// How far signatures are to be raised, and with what: trust, time-stamping authorities, evidence, and what may be fetched.
pub struct thrivosign_extension(());

impl Noun for thrivosign_extension {
    type Value = Extension;
    const KIND: Kind = Kind::Extension;
}

/// Which addresses may be asked for time stamps and evidence.
#[repr(C)]
pub enum thrivosign_reach {
    /// None: nothing is fetched, and no authority is asked.
    Off = 0,
    /// Of those that certificates name, those of the public network; an authority, which the caller names, may be anywhere.
    Public = 1,
    /// Private ones and this machine as well.
    Anywhere = 2,
}

fn reach_in(value: i32) -> Result<thrivosign_reach> {
    use thrivosign_reach as In;
    Ok(match value {
        x if x == In::Off as i32 => In::Off,
        x if x == In::Public as i32 => In::Public,
        x if x == In::Anywhere as i32 => In::Anywhere,
        _ => return Err(unknown("reach")),
    })
}

fn goal_in(value: i32) -> Result<Goal> {
    use thrivosign_level as In;
    Ok(match value {
        x if x == In::BT as i32 => Goal::BT,
        x if x == In::BLT as i32 => Goal::BLT,
        x if x == In::BLTA as i32 => Goal::BLTA,
        _ => return Err(unknown("level")),
    })
}

/// What it is so far.
pub(crate) struct Extension(Mutex<Means>);

/// What signatures are raised with, as it was when the call began.
#[derive(Clone)]
pub(crate) struct Means {
    goal: Goal,
    trust: Arc<TrustAnchors>,
    authorities: Vec<TimeStampAuthority>,
    fetcher: Option<Arc<dyn Fetcher>>,
    evidence: Option<Arc<Bundle>>,
    time: Option<Time>,
}

impl Extension {
    pub(crate) fn now(&self) -> Means {
        self.means().clone()
    }

    fn means(&self) -> MutexGuard<'_, Means> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Means {
    /// As the core takes them.
    pub(crate) fn core(&self) -> Extending<'_> {
        Extending {
            goal: self.goal,
            trust: &self.trust,
            authorities: &self.authorities,
            fetcher: self.fetcher.as_deref(),
            evidence: self.evidence.as_deref(),
            time: self.time,
        }
    }
}

/// After the call `out` raises signatures to `level`, one of `thrivosign_level`: BT, BLT or BLTA. `trust` is whom to trust,
/// for signers, responders and time-stamping authorities. Nobody is asked and nothing is fetched unless
/// `thrivosign_extension_set_reach` allows it.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_extension_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extension_new(
    level: i32,
    trust: *const thrivosign_trust,
    out: *mut *mut thrivosign_extension,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(NO_SELF, || {
        let goal = goal_in(level)?;
        let trust = caller.handle(trust)?;
        let out = caller.out(out)?;
        let means = Means { goal, trust, authorities: Vec::new(), fetcher: None, evidence: None, time: None };
        out.give(Extension(Mutex::new(means)))
    })
}

/// After the call there is one time-stamping authority (RFC 3161) more, at `url`, http or https; it is asked if those before
/// it gave nothing of use. `policy` is the policy that is asked for, as dotted numbers; NULL: any. It is asked `tries`
/// times at most, where asking again may help; 0: twice. One answer may take `timeout_ms` milliseconds; 0: 10 000.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `policy` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extension_add_authority(
    self_: *mut thrivosign_extension,
    url: *const c_char,
    policy: *const c_char,
    tries: u32,
    timeout_ms: u64,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let mut authority = TimeStampAuthority::new(caller.text(url)?);
        if let Some(policy) = caller.text_opt(policy)? {
            let wrong = |cause| Error::new(ErrorKind::InvalidArgument).context("policy").caused_by(cause);
            authority.policy = Some(ObjectIdentifier::new(policy).map_err(wrong)?);
        }
        if tries > 0 {
            authority.tries = tries;
        }
        if timeout_ms > 0 {
            authority.patience = Duration::from_millis(timeout_ms);
        }
        this.means().authorities.push(authority);
        Ok(())
    })
}

/// After the call those addresses may be asked: `reach` is one of `thrivosign_reach`. Nothing is connected yet.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extension_set_reach(self_: *mut thrivosign_extension, reach: i32) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let fetcher = fetcher(&reach_in(reach)?)?;
        this.means().fetcher = fetcher;
        Ok(())
    })
}

/// After the call that evidence is used as it is now, before anything is fetched; NULL: none.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: `evidence` may be NULL; the rest may not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extension_set_evidence(
    self_: *mut thrivosign_extension,
    evidence: *const thrivosign_evidence,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let evidence = caller.handle_opt(evidence)?.map(|evidence| evidence.now());
        this.means().evidence = evidence;
        Ok(())
    })
}

/// After the call everything is judged at that time, in seconds since 1970-01-01T00:00:00Z, instead of now by the machine's
/// clock.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any; calls that change one object had better not meet, as the last one wins.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extension_set_time(self_: *mut thrivosign_extension, unix_time: i64) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        this.means().time = Some(Time::from_unix(unix_time));
        Ok(())
    })
}

/// After the call `out` is another handle for the same extension.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_extension_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extension_ref(
    self_: *const thrivosign_extension,
    out: *mut *mut thrivosign_extension,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || caller.out(out)?.set(token::share(self_)?))
}

/// After the call the handle stands for nothing; a handle that was freed already does no harm.
///
/// Ownership: takes the handle back.
/// Lifetime: calls in flight on another thread end as if nothing had happened.
/// Threads: any, also during calls on the same handle.
/// NULL: `self` may be NULL; then nothing is done.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_extension_free(self_: *mut thrivosign_extension) {
    guard_or(self_, (), || token::free(self_));
}
