//! Job control: stopping as a shell expects it, and coming back.

use std::{
    io,
    sync::{Condvar, Mutex, PoisonError},
    thread,
    time::Duration,
};

use rustix::{
    process::{Signal, getpgrp, kill_current_process_group},
    stdio,
    termios::tcgetpgrp,
};

use super::modes;

/// How often, and how far apart, the terminal is asked for again after a stop: a shell may continue us first and
/// hand the terminal over a moment later.
const ATTEMPTS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(10);

/// The longest wait for SIGCONT once the stop was sent. The clock runs on while we are stopped, so that this only
/// bounds a stop that never came.
const STOP_LIMIT: Duration = Duration::from_secs(1);

#[derive(Debug, PartialEq, Eq)]
enum Wait {
    Nobody,
    Stopping,
    /// The stop is over, and its SIGCONT has not been told yet.
    Owed,
}

static WAIT: Mutex<Wait> = Mutex::new(Wait::Nobody);
static CHANGED: Condvar = Condvar::new();

/// Stops the process group until it is continued in the foreground.
///
/// SIGSTOP and not SIGTSTP: the latter has our own handler, and the system drops it for a group without a shell.
pub(super) fn stop() -> io::Result<()> {
    loop {
        *WAIT.lock().unwrap_or_else(PoisonError::into_inner) = Wait::Stopping;
        let sent = kill_current_process_group(Signal::STOP);
        wait_for_continue();
        sent?;
        // `bg` continues us without the terminal. Taking it would stop us anyway, in the middle of the work, with the
        // shell's own line settings remembered as ours.
        if foreground_soon() {
            return Ok(());
        }
    }
}

/// To be called on SIGCONT: whether a [`stop`] was waiting for it. If not, somebody else stopped us.
pub(crate) fn continued() -> bool {
    let mut wait = WAIT.lock().unwrap_or_else(PoisonError::into_inner);
    let ours = *wait != Wait::Nobody;
    *wait = Wait::Nobody;
    CHANGED.notify_all();
    ours
}

/// `kill` can return a moment before the stop takes effect on this thread; what follows must come after it.
fn wait_for_continue() {
    let wait = WAIT.lock().unwrap_or_else(PoisonError::into_inner);
    let outcome = CHANGED.wait_timeout_while(wait, STOP_LIMIT, |wait| *wait == Wait::Stopping);
    let (mut wait, timeout) = outcome.unwrap_or_else(PoisonError::into_inner);
    if timeout.timed_out() {
        *wait = Wait::Owed;
    }
}

fn foreground_soon() -> bool {
    (0..ATTEMPTS).any(|attempt| {
        if attempt > 0 {
            thread::sleep(PAUSE);
        }
        // A terminal that does not control us has no foreground to be in.
        tcgetpgrp(stdio::stdin()).map_or(true, |group| group == getpgrp())
    })
}

/// The first success, or the last error of several attempts. Success too when the terminal is gone, since then there is
/// nothing to take, and an end is on its way.
pub(super) fn with_retries(mut attempt: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    for _ in 1..ATTEMPTS {
        match modes::unless_gone(attempt()) {
            Ok(()) => return Ok(()),
            Err(_) => thread::sleep(PAUSE),
        }
    }
    modes::unless_gone(attempt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_end_with_the_first_success_or_the_last_error() {
        let mut calls = 0;
        let outcome = with_retries(|| {
            calls += 1;
            if calls < 3 {
                Err(io::ErrorKind::Other.into())
            } else {
                Ok(())
            }
        });
        assert!(outcome.is_ok());
        assert_eq!(calls, 3);

        let mut calls = 0;
        let outcome = with_retries(|| {
            calls += 1;
            Err(io::Error::other(calls.to_string()))
        });
        assert_eq!(outcome.err().map(|error| error.to_string()).as_deref(), Some("10"));
    }

    #[test]
    fn a_continue_that_nobody_waits_for_is_somebody_elses() {
        assert!(!continued());
    }
}
