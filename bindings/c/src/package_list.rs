//! The C border: packages of a user at the service.

use crate::caller::Caller;
use crate::error::thrivosign_error;
use crate::guard::{guard, guard_or};
use crate::nth::nth;
use crate::package::thrivosign_package;
use crate::token::{self, Kind, Noun};
use thrivosign::journey::packages::Package;

/// Packages of a user at the service, the newest first.
pub struct thrivosign_package_list(());

impl Noun for thrivosign_package_list {
    type Value = Vec<Package>;
    const KIND: Kind = Kind::PackageList;
}

/// After the call `out` is the number of packages.
///
/// Ownership: nothing changes hands; arguments are copied.
/// Lifetime: arguments are needed only until the function returns.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_list_count(self_: *const thrivosign_package_list, out: *mut usize) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.set(this.len())
    })
}

/// After the call `out` is that package. `index` counts from 0.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_free`.
/// Lifetime: outputs stay good until they are freed, whatever becomes of the arguments.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_list_at(
    self_: *const thrivosign_package_list,
    index: usize,
    out: *mut *mut thrivosign_package,
) -> *mut thrivosign_error {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard(self_, || {
        let this = caller.handle(self_)?;
        let out = caller.out(out)?;
        out.give(nth(&this, index)?.clone())
    })
}

/// After the call `out` is another handle for the same list.
///
/// Ownership: `out` is the caller's, to be freed with `thrivosign_package_list_free`, apart from `self`.
/// Lifetime: the object lives until its last handle is freed and its last call has ended.
/// Threads: any, also several at once on one `self`.
/// NULL: no argument may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_package_list_ref(
    self_: *const thrivosign_package_list,
    out: *mut *mut thrivosign_package_list,
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
pub unsafe extern "C" fn thrivosign_package_list_free(self_: *mut thrivosign_package_list) {
    guard_or(self_, (), || token::free(self_));
}
