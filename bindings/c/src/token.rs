//! The C border: handles. Takes values, gives tokens for them; finds the value of a token again. A token is a number in the clothes of a
//! pointer: it is never dereferenced, so that NULL, a freed handle, one of another type and garbage are errors and never crashes
//! (docs/adr/0007). May not know what the values are.

use std::any::Any;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use thrivosign::{Error, ErrorKind, Result};

macro_rules! kinds {
    ($($kind:ident)*) => {
        /// The nouns that have handles. Bits 1 to 6 of a token; bit 0 is set, which no pointer to an object in memory has.
        #[derive(Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(crate) enum Kind { $($kind,)* }

        /// A noun's tag by the name of its kind.
        #[cfg(feature = "inject")]
        pub(crate) fn tag_of(kind: &str) -> Option<usize> {
            match kind { $(stringify!($kind) => Some(tag_bits(Kind::$kind)),)* _ => None }
        }
    };
}

kinds! {
    Error Buffer Cancel Environment Client KeyStore KeyInfo KeyList Attestation Sink Challenge PendingRequest Activation
    Identity CredentialList Certificates Signer Document Output SignatureRequest Signed
    Agreement Submitted Prepared Trust Report Inspection PreflightPolicy Preflight Batch EmptyFields
    Words Diff SignatureList Evidence Extension Extended Orders SigningOrder
    HttpExchange OrderList Package PackageList Requests AuthorizationList
    FieldValues WaitingRequestList UsersDeviceList
}

/// A noun of the header: the type behind which the C side holds a value.
pub(crate) trait Noun: Sized {
    /// What a handle stands for.
    type Value: Send + Sync + 'static;
    /// Its tag.
    const KIND: Kind;
}

const TAG_BITS: u32 = 7;
const TAG_MASK: usize = (1 << TAG_BITS) - 1;
const SHARDS: usize = 16;

struct Held {
    value: Arc<dyn Any + Send + Sync>,
    /// Shared by all handles of one object: set when a call on it panicked.
    poisoned: Arc<AtomicBool>,
}

type Shard = RwLock<HashMap<usize, Held>>;

/// The next number. Never given twice where a pointer has 64 bits; with 32 bits, not while it is in use.
static NEXT: AtomicU64 = AtomicU64::new(1);

fn shards() -> &'static [Shard; SHARDS] {
    static ALL: OnceLock<[Shard; SHARDS]> = OnceLock::new();
    ALL.get_or_init(Default::default)
}

fn shard(token: usize) -> &'static Shard {
    &shards()[(token >> TAG_BITS) % SHARDS]
}

const fn tag_bits(kind: Kind) -> usize {
    (kind as usize + 1) << 1 | 1
}

fn tag<N: Noun>() -> usize {
    tag_bits(N::KIND)
}

fn insert<N: Noun>(held: Held) -> *mut N {
    std::ptr::without_provenance_mut(insert_as(tag::<N>(), held))
}

fn insert_as(tag: usize, held: Held) -> usize {
    loop {
        // Cut off at the pointer's width on purpose.
        let number = NEXT.fetch_add(1, Ordering::Relaxed) as usize;
        let token = number << TAG_BITS | tag;
        if let Entry::Vacant(free) = shard(token).write().unwrap_or_else(PoisonError::into_inner).entry(token) {
            free.insert(held);
            return token;
        }
    }
}

/// A new handle for a value.
pub(crate) fn create<N: Noun>(value: N::Value) -> *mut N {
    create_shared(Arc::new(value))
}

/// A new handle for a value that others hold too.
pub(crate) fn create_shared<N: Noun>(value: Arc<N::Value>) -> *mut N {
    insert(Held { value, poisoned: Arc::default() })
}

/// A token of a kind for nothing at all: enough to be passed, poisoned and freed.
#[cfg(feature = "inject")]
pub(crate) fn hollow(tag: usize) -> usize {
    insert_as(tag, Held { value: Arc::new(()), poisoned: Arc::default() })
}

/// The error for a token that stands for nothing.
fn unknown<N: Noun>(token: usize) -> Error {
    if token == 0 {
        return Error::new(ErrorKind::NullArgument);
    }
    if token & TAG_MASK != tag::<N>() {
        return Error::new(ErrorKind::InvalidArgument).context("a handle of another type, or none");
    }
    let given = NEXT.load(Ordering::Relaxed) as usize;
    if token >> TAG_BITS < given {
        Error::new(ErrorKind::AlreadyUsed).context("a handle that was freed")
    } else {
        Error::new(ErrorKind::InvalidArgument).context("no handle")
    }
}

/// The value behind a handle, held for as long as the caller likes: freeing the handle meanwhile takes nothing from under it.
///
/// # Errors
/// [`ErrorKind::NullArgument`]; [`ErrorKind::AlreadyUsed`] for a freed handle; [`ErrorKind::InvalidArgument`] for one of another type and for
/// garbage; [`ErrorKind::Panicked`] after a call on the object panicked.
pub(crate) fn find<N: Noun>(pointer: *const N) -> Result<Arc<N::Value>> {
    let (value, poisoned) = look(pointer)?;
    if poisoned.load(Ordering::SeqCst) {
        return Err(Error::new(ErrorKind::Panicked).context("an earlier call on this object"));
    }
    value.downcast::<N::Value>().map_err(|_| Error::new(ErrorKind::Internal))
}

fn look<N: Noun>(pointer: *const N) -> Result<(Arc<dyn Any + Send + Sync>, Arc<AtomicBool>)> {
    let token = pointer.addr();
    let shard = shard(token).read().unwrap_or_else(PoisonError::into_inner);
    match shard.get(&token) {
        Some(held) if token & TAG_MASK == tag::<N>() => Ok((held.value.clone(), held.poisoned.clone())),
        _ => Err(unknown::<N>(token)),
    }
}

/// Another handle for the same object.
///
/// # Errors
/// As [`find`].
pub(crate) fn share<N: Noun>(pointer: *const N) -> Result<*mut N> {
    find(pointer)?;
    let (value, poisoned) = look(pointer)?;
    Ok(insert(Held { value, poisoned }))
}

/// After the call the handle stands for nothing. The object goes with its last handle and its last call. NULL and unknown tokens are fine.
pub(crate) fn free<N: Noun>(pointer: *const N) {
    let token = pointer.addr();
    if token & TAG_MASK != tag::<N>() {
        return;
    }
    let held = shard(token).write().unwrap_or_else(PoisonError::into_inner).remove(&token);
    // Outside the lock: what goes may call the host's `destroy`, which may call us.
    drop(held);
}

/// After the call every use of the object but freeing it is an error.
pub(crate) fn poison<N: Noun>(pointer: *const N) {
    if let Ok((_, poisoned)) = look(pointer) {
        poisoned.store(true, Ordering::SeqCst);
    }
}

/// How many handles are not freed.
pub(crate) fn alive() -> usize {
    shards().iter().map(|shard| shard.read().unwrap_or_else(PoisonError::into_inner).len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Apple;
    struct Pear;

    impl Noun for Apple {
        type Value = String;
        const KIND: Kind = Kind::Client;
    }

    impl Noun for Pear {
        type Value = String;
        const KIND: Kind = Kind::KeyStore;
    }

    fn kind<N: Noun>(pointer: *const N) -> Option<ErrorKind> {
        find(pointer).err().map(|error| error.kind())
    }

    #[test]
    fn whatever_is_no_living_handle_of_the_type_is_an_error_with_a_name() {
        let apple = create::<Apple>("apple".to_owned());
        assert_eq!(*find(apple).unwrap(), "apple");
        assert_eq!(apple.addr() % 2, 1, "no pointer to an object is odd");
        assert_eq!(kind::<Apple>(std::ptr::null()), Some(ErrorKind::NullArgument));
        assert_eq!(kind(apple.cast::<Pear>()), Some(ErrorKind::InvalidArgument));
        let local = 5_u64;
        assert_eq!(kind((&raw const local).cast::<Apple>()), Some(ErrorKind::InvalidArgument));
        assert_eq!(kind(std::ptr::without_provenance::<Apple>(usize::MAX & !TAG_MASK | tag::<Apple>())), Some(ErrorKind::InvalidArgument));
        free(apple.cast::<Pear>());
        assert!(find(apple).is_ok(), "freed as another type");
        free(apple);
        assert_eq!(kind(apple), Some(ErrorKind::AlreadyUsed));
        free(apple);
        free::<Apple>(std::ptr::null());
        let next = create::<Apple>("next".to_owned());
        assert_ne!(apple, next, "a token is not given again");
        free(next);
    }

    #[test]
    fn a_value_outlives_its_handle_while_a_call_holds_it_and_goes_then() {
        let handle = create::<Apple>("apple".to_owned());
        let other = share(handle).unwrap();
        let held = find(handle).unwrap();
        free(handle);
        assert_eq!(*held, "apple");
        assert!(find(other).is_ok(), "the other handle is its own");
        free(other);
        assert_eq!(Arc::strong_count(&held), 1);
    }

    #[test]
    fn poison_is_the_objects_and_reaches_all_its_handles() {
        let handle = create::<Apple>("apple".to_owned());
        let other = share(handle).unwrap();
        poison(handle);
        assert_eq!(kind(other), Some(ErrorKind::Panicked));
        assert!(share(other).is_err());
        free(handle);
        free(other);
        assert_eq!(kind(other), Some(ErrorKind::AlreadyUsed));
    }
}
