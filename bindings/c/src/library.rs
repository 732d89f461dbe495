//! The C border: the library itself: versions, features, how many handles are alive, and its end.

use crate::caller::Caller;
use crate::guard::{NO_SELF, guard_or};
use crate::token;
use std::ffi::c_char;
use std::ptr;

/// The version with the NUL that C wants.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");
/// As in the SONAME.
const ABI: &str = include_str!("../abi_version");

/// The version of the library, such as `0.1.0`; that of the header is `THRIVOSIGN_VERSION`.
///
/// Ownership: the text stays the library's.
/// Lifetime: good for as long as the library is loaded.
/// Threads: any, also several at once.
/// NULL: there is no pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_version() -> *const c_char {
    guard_or(NO_SELF, ptr::null(), || VERSION.as_ptr().cast())
}

/// The ABI number, which is also that of the SONAME. It is 0 until version 1.0.0, and changes only when a program built
/// for another would break; that of the header is `THRIVOSIGN_ABI_VERSION`.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is returned is a copy.
/// Threads: any, also several at once.
/// NULL: there is no pointer.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_abi_version() -> u32 {
    guard_or(NO_SELF, u32::MAX, || ABI.trim().parse().unwrap_or(u32::MAX))
}

/// 1 if the library was built with that feature (`net`, `ring`, `encrypted-pdf`, `pkcs11`, `pkcs12`, `appearance-full`), otherwise 0.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is returned is a copy.
/// Threads: any, also several at once.
/// NULL: `name` may be NULL: the answer is 0.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_has_feature(name: *const c_char) -> i32 {
    // SAFETY: the C side keeps what the header asks of its pointers.
    let caller = unsafe { Caller::new() };
    guard_or(NO_SELF, 0, || i32::from(caller.text(name).is_ok_and(|name| thrivosign::FEATURES.contains(&name))))
}

/// How many handles there are that were not freed: 0 if nothing leaks.
///
/// Ownership: nothing changes hands.
/// Lifetime: what is returned is a copy.
/// Threads: any, also several at once.
/// NULL: there is no pointer.
#[expect(clippy::redundant_closure, reason = "the guard knows a function by its closure")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_objects_alive() -> usize {
    guard_or(NO_SELF, usize::MAX, || token::alive())
}

/// After the call every exchange with a service that was under way ends with code 107, and the network thread ends with
/// the last of them; the next exchange starts a new one. For hosts that unload the library: free everything, call this,
/// and see `docs/abi.md` first.
///
/// Ownership: nothing changes hands.
/// Lifetime: handles stay good.
/// Threads: any but from within a callback.
/// NULL: there is no pointer.
#[expect(clippy::redundant_closure, reason = "the guard knows a function by its closure")]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn thrivosign_shutdown() {
    guard_or(NO_SELF, (), || crate::connection::shutdown())
}
