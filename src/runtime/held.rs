//! Locks whose values stay valid whatever happened while they were held.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Locks a value. Nothing panics while holding the lock; if something did, the value would still be valid.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
