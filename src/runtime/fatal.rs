//! What ends a program at once: a fault of its own, a failed allocation, an abort. The terminal is given back, one
//! sentence tells the signal, and the exit code is 128 plus its number.
//!
//! These signals cannot wait for the event loop, as [`super::signals`] does: whoever raised them never goes on. All of it
//! happens in the signal handler, on whatever stack is left, with nothing but system calls.

use std::ptr;

use libc::c_int;

use super::terminal;

/// The signals that a program raises by its own fault.
const FATAL: &[c_int] = &[
    libc::SIGABRT,
    libc::SIGSEGV,
    libc::SIGBUS,
    libc::SIGFPE,
    libc::SIGILL,
    libc::SIGSYS,
    libc::SIGTRAP,
];

/// Every signal that ends a program unless it is handled, by its name.
const NAMES: &[(c_int, &str)] = &[
    (libc::SIGHUP, "SIGHUP"),
    (libc::SIGINT, "SIGINT"),
    (libc::SIGQUIT, "SIGQUIT"),
    (libc::SIGTERM, "SIGTERM"),
    (libc::SIGUSR1, "SIGUSR1"),
    (libc::SIGUSR2, "SIGUSR2"),
    (libc::SIGALRM, "SIGALRM"),
    (libc::SIGVTALRM, "SIGVTALRM"),
    (libc::SIGPROF, "SIGPROF"),
    (libc::SIGXCPU, "SIGXCPU"),
    (libc::SIGXFSZ, "SIGXFSZ"),
    (libc::SIGABRT, "SIGABRT"),
    (libc::SIGSEGV, "SIGSEGV"),
    (libc::SIGBUS, "SIGBUS"),
    (libc::SIGFPE, "SIGFPE"),
    (libc::SIGILL, "SIGILL"),
    (libc::SIGSYS, "SIGSYS"),
    (libc::SIGTRAP, "SIGTRAP"),
];

/// The name of a signal, if it is one that ends a program.
#[must_use]
pub fn name(signal: i32) -> Option<&'static str> {
    NAMES
        .iter()
        .find(|(number, _)| *number == signal)
        .map(|(_, name)| *name)
}

/// Installs the handlers, for as long as the program runs. A write beyond the limit on the size of files
/// (`ulimit -f`, SIGXFSZ) ends nothing any more: it fails, as on a full disk.
pub fn install() {
    for signal in FATAL {
        handle(*signal, end);
    }
    // A handler and not "ignore", which the programs that are started here would inherit.
    handle(libc::SIGXFSZ, outlive);
}

#[expect(unsafe_code, reason = "no safe interface runs a handler before the process is ended")]
fn handle(signal: c_int, handler: extern "C" fn(c_int)) {
    // SAFETY: the handlers use nothing but system calls that may be made in a handler. `ONSTACK` because a stack that
    // overflowed has no room; the standard library gives its threads a second one.
    unsafe {
        let mut action: libc::sigaction = std::mem::zeroed();
        action.sa_sigaction = handler as *const () as libc::sighandler_t;
        action.sa_flags = libc::SA_ONSTACK | libc::SA_RESTART;
        libc::sigaction(signal, &raw const action, ptr::null_mut());
    }
}

extern "C" fn outlive(_: c_int) {}

extern "C" fn end(signal: c_int) {
    terminal::restore();
    for part in ["invalidash: ended by ", name(signal).unwrap_or("a signal"), "\n"] {
        let _ = rustix::io::write(rustix::stdio::stderr(), part.as_bytes());
    }
    leave(128 + signal);
}

#[expect(
    unsafe_code,
    reason = "an exit that runs nothing else: not even what runs at exits is safe in a handler"
)]
fn leave(code: c_int) -> ! {
    // SAFETY: it has no condition.
    unsafe { libc::_exit(code) }
}
