//! Locking of values that stay valid even if a thread panics while holding the lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a value. Nothing panics while holding the lock, and even after a panic the value would still be valid.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
