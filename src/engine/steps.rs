//! Counts how often rules look at one of many, so that tests can hold that a job of thousands costs no more than its
//! size: a clock would tell the machine's mood, and a count tells the rule. Outside tests nothing is counted.

#[cfg(test)]
thread_local! {
    static TAKEN: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// One more was looked at.
#[inline]
pub(crate) fn count() {
    #[cfg(test)]
    TAKEN.with(|taken| taken.set(taken.get() + 1));
}

/// How many were looked at since this was asked last, by this thread.
#[cfg(test)]
pub(crate) fn taken() -> u64 {
    TAKEN.with(|taken| taken.replace(0))
}
