//! Counts how often the engine examines an element of a collection, so that tests can verify that the cost of a job
//! with thousands of submissions is proportional to its size. Unlike a measured time, the count does not depend on the
//! machine. Nothing is counted outside tests.

#[cfg(test)]
thread_local! {
    static TAKEN: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Counts one examined element.
#[inline]
pub(crate) fn count() {
    #[cfg(test)]
    TAKEN.with(|taken| taken.set(taken.get() + 1));
}

/// Returns the count since the last call on this thread, and resets it.
#[cfg(test)]
pub(crate) fn taken() -> u64 {
    TAKEN.with(|taken| taken.replace(0))
}
