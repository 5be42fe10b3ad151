//! Handles the signals that end a program immediately, after a fault in the program itself, a failed allocation or an
//! abort. The handler restores the terminal, prints one sentence that names the signal, and exits with 128 plus the
//! signal's number.
//!
//! Unlike those of [`super::signals`], these signals cannot wait for the event loop, because the code that raised them
//! never continues. Everything happens in the signal handler, on whatever stack is left, using only system calls.

use std::ptr;

use libc::c_int;
use signal_hook::low_level::signal_name;

use super::terminal;

/// The signals that a program's own faults raise.
const FATAL: &[c_int] = &[
    libc::SIGABRT,
    libc::SIGSEGV,
    libc::SIGBUS,
    libc::SIGFPE,
    libc::SIGILL,
    libc::SIGSYS,
    libc::SIGTRAP,
];

/// Installs the handlers for the rest of the program's life. From then on, a write beyond the file size limit
/// (`ulimit -f`, SIGXFSZ) fails as on a full disk instead of ending the program.
pub fn install() {
    for signal in FATAL {
        handle(*signal, end);
    }
    // A handler is used instead of "ignore", because child processes would inherit the latter.
    handle(libc::SIGXFSZ, outlive);
}

#[expect(unsafe_code, reason = "no safe interface runs a handler before the process is ended")]
fn handle(signal: c_int, handler: extern "C" fn(c_int)) {
    // SAFETY: the handlers only use system calls that are allowed in a handler. `ONSTACK` is needed because an
    // overflowed stack has no room left; the standard library gives each of its threads a second stack.
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
    for part in [
        "invalidash: stopped by ",
        signal_name(signal).unwrap_or("a signal"),
        "\n",
    ] {
        let _ = rustix::io::write(rustix::stdio::stderr(), part.as_bytes());
    }
    leave(128 + signal);
}

#[expect(
    unsafe_code,
    reason = "an exit that runs nothing else: not even what runs at exits is safe in a handler"
)]
fn leave(code: c_int) -> ! {
    // SAFETY: the call has no preconditions.
    unsafe { libc::_exit(code) }
}
