//! The host room: locks on files. Takes an open file, gives its lock for as long as the file is open.

use std::fs::{File, TryLockError};
use std::time::Duration;

/// How often the lock is tried, and how long apart: a quarter of a second in all.
const TRIES: u32 = 25;
const PAUSE: Duration = Duration::from_millis(10);

/// After the call the lock is this process's alone. Tried for a moment: a process that was killed lets go of it a little later, and so does a child
/// that this process is just making, which has every file of its parent until it becomes a program of its own.
///
/// # Errors
/// [`TryLockError::WouldBlock`] if another process has it; [`TryLockError::Error`] for a file system without locks, and the like.
pub fn lock(file: &File) -> Result<(), TryLockError> {
    for _ in 1..TRIES {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
            other => return other,
        }
    }
    file.try_lock()
}
