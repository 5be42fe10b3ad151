//! Job control: suspends the program the way a shell expects, and resumes it.

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
use crate::runtime::held::lock;

/// The number of attempts to retake the terminal after a stop, and the interval between them. A shell may continue the
/// program first and hand the terminal over a moment later.
const ATTEMPTS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(10);

/// The maximum wait for SIGCONT after the stop was requested. The clock keeps running while the program is stopped, so
/// this limit matters only if the stop never happens.
const STOP_LIMIT: Duration = Duration::from_secs(1);

#[derive(Debug, PartialEq, Eq)]
enum Wait {
    Nobody,
    Stopping,
    /// The stop is over, but its SIGCONT has not been reported yet.
    Owed,
}

static WAIT: Mutex<Wait> = Mutex::new(Wait::Nobody);
static CHANGED: Condvar = Condvar::new();

/// Stops the process group until it is continued in the foreground.
///
/// This uses SIGSTOP rather than SIGTSTP, because our own handler catches the latter, and the system ignores it for a
/// group without a shell.
pub(super) fn stop() -> io::Result<()> {
    loop {
        *lock(&WAIT) = Wait::Stopping;
        let sent = kill_current_process_group(Signal::STOP);
        wait_for_continue();
        sent?;
        // `bg` continues the program without the terminal. Taking the terminal would stop the program anyway, in the
        // middle of its work, with the shell's own line settings saved as ours.
        if foreground_soon() {
            return Ok(());
        }
    }
}

/// Handles SIGCONT and returns whether a [`stop`] was waiting for it. If not, another process stopped the program.
pub(crate) fn continued() -> bool {
    let mut wait = lock(&WAIT);
    let ours = *wait != Wait::Nobody;
    *wait = Wait::Nobody;
    CHANGED.notify_all();
    ours
}

/// Waits for the stop to take effect. On this thread, `kill` can return a moment earlier, but the code that follows
/// must not run before the stop.
fn wait_for_continue() {
    let wait = lock(&WAIT);
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
        // A terminal that does not control this process has no foreground group.
        tcgetpgrp(stdio::stdin()).map_or(true, |group| group == getpgrp())
    })
}

/// Returns the first success, or the last error of several attempts. If the terminal is gone, this also counts as a
/// success, because there is nothing to take and the program is about to exit.
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
