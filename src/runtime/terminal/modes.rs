//! The terminal's modes: those that are turned on, and the single function that undoes all of them.
//!
//! The state is static, because a panic hook and a signal handler can access nothing else. Nothing in this file panics.

use std::{
    io,
    sync::{
        Mutex, MutexGuard, TryLockError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    stdio,
    termios::{OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr},
};

use crate::runtime::held::lock;
use crate::runtime::notify;

/// The sequence that switches to the alternate screen (and clears it, for terminals without one), turns on bracketed
/// paste and focus reports, and hides the cursor.
const ENTER: &str = "\x1b[?1049h\x1b[2J\x1b[?2004h\x1b[?1004h\x1b[?25l";

/// The sequence that turns on button and wheel reports, with positions in decimal. Pointer movement is not reported.
/// Terminals that select text while Shift is held still do so.
const MOUSE: &str = "\x1b[?1000h\x1b[?1006h";

/// The sequence that undoes [`MOUSE`].
const NO_MOUSE: &str = "\x1b[?1006l\x1b[?1000l";

/// The sequence that undoes [`ENTER`] and everything else that can be turned on, including mouse reports; harmless for
/// modes that are off.
const RESTORE: &str = concat!(
    "\x1b[?2026l",
    "\x1b[?2004l",
    "\x1b[?1004l",
    "\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l",
    "\x1b[0m",
    "\x1b[?1049l",
    "\x1b[?25h",
);

/// How long [`restore`] waits for a frame that is being written, or for a terminal that accepts no bytes.
const PATIENCE: Duration = Duration::from_millis(100);

/// Whether this program has the terminal. Cleared before the restore sequence is written, so that no frame can follow
/// it.
static HELD: AtomicBool = AtomicBool::new(false);
/// Whether the terminal is gone.
static GONE: AtomicBool = AtomicBool::new(false);
/// Whether the terminal was resized since the last frame.
static RESIZED: AtomicBool = AtomicBool::new(false);
/// Whether mouse reporting is turned on while this program has the terminal.
static MOUSE_WANTED: AtomicBool = AtomicBool::new(false);
/// Held while bytes are written to the terminal, so that frames and the restore sequence never interleave.
static OUTPUT: Mutex<()> = Mutex::new(());
/// The line settings to restore.
static COOKED: Mutex<Option<Termios>> = Mutex::new(None);
/// Whether the title was pushed on the terminal's stack and must be popped. Popping is not part of [`RESTORE`],
/// because popping without a push may remove another program's title.
static TITLE_PUSHED: AtomicBool = AtomicBool::new(false);
/// Whether progress was shown. Clearing it is not part of [`RESTORE`], because terminals that do not support it show
/// the bytes as a message.
static PROGRESS_SHOWN: AtomicBool = AtomicBool::new(false);

/// Enters raw mode and writes [`ENTER`], saving the previous line settings.
pub(super) fn take() -> io::Result<()> {
    let found = tcgetattr(stdio::stdin())?;
    let mut raw = found.clone();
    raw.make_raw();
    if HELD.swap(true, Ordering::AcqRel) {
        return Err(io::Error::new(
            io::ErrorKind::ResourceBusy,
            "the terminal is already held by a guard",
        ));
    }
    *lock(&COOKED) = Some(found);
    set_line(&raw)
        .and_then(|()| emit(ENTER.as_bytes()))
        .and_then(|()| ask_for_mouse())
        .inspect_err(|_| restore())
}

/// Enters raw mode and writes [`ENTER`] again, keeping the saved line settings.
pub(super) fn retake() -> io::Result<()> {
    if !HELD.load(Ordering::Acquire) {
        return take();
    }
    let mut raw = tcgetattr(stdio::stdin())?;
    raw.make_raw();
    set_line(&raw)?;
    emit(ENTER.as_bytes())?;
    ask_for_mouse()
}

fn ask_for_mouse() -> io::Result<()> {
    if MOUSE_WANTED.load(Ordering::Acquire) {
        emit(MOUSE.as_bytes())
    } else {
        Ok(())
    }
}

/// Turns mouse reporting on or off; this persists when the terminal is taken again.
pub(super) fn set_mouse(on: bool) -> io::Result<()> {
    if MOUSE_WANTED.swap(on, Ordering::AcqRel) == on {
        return Ok(());
    }
    emit(if on { MOUSE } else { NO_MOUSE }.as_bytes())
}

/// Restores the terminal's previous state: modes, cursor, title, progress, line settings.
///
/// This is idempotent and can be called from any thread, even in a panic hook or a signal handler, because it makes
/// system calls and allocates nothing. Errors are ignored, because nothing could handle them.
pub fn restore() {
    // The lock comes first, because a second caller must not return (and exit) while the first is still writing.
    let _output = lock_within(&OUTPUT, PATIENCE);
    if !HELD.swap(false, Ordering::AcqRel) {
        return;
    }
    if writable_within(PATIENCE) {
        if PROGRESS_SHOWN.swap(false, Ordering::AcqRel) {
            let _ = write_all(notify::NO_PROGRESS);
        }
        if TITLE_PUSHED.swap(false, Ordering::AcqRel) {
            let _ = write_all(notify::POP_TITLE);
        }
        let _ = write_all(RESTORE.as_bytes());
    }
    // The wait is short, because in a signal handler this very thread may hold the lock.
    if let Some(cooked) = lock_within(&COOKED, PATIENCE).and_then(|mut cooked| cooked.take()) {
        let _ = set_line(&cooked);
    }
}

/// Writes to the terminal; does nothing once it is restored or gone.
pub(crate) fn emit(bytes: &[u8]) -> io::Result<()> {
    let _output = lock(&OUTPUT);
    if !HELD.load(Ordering::Acquire) {
        return Ok(());
    }
    unless_gone(write_all(bytes))
}

/// Ignores errors from a terminal that is gone. The watchdog reports the loss once, so the code that happens to be
/// drawing does not report it as well.
pub(super) fn unless_gone(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(_) if is_gone() => Ok(()),
        outcome => outcome,
    }
}

/// Returns the byte of the Backspace key (VERASE) in the line settings before raw mode.
pub(crate) fn erase() -> u8 {
    const DELETE: u8 = 0x7f;
    let cooked = lock(&COOKED);
    cooked
        .as_ref()
        .map_or(DELETE, |line| line.special_codes[SpecialCodeIndex::VERASE])
}

/// Records a resize, after which the terminal's contents are unknown, even if its size turns out to be unchanged.
pub(crate) fn mark_resized() {
    RESIZED.store(true, Ordering::Release);
}

/// Returns whether there was a resize since the last call.
pub(super) fn take_resized() -> bool {
    RESIZED.swap(false, Ordering::AcqRel)
}

/// Records that the terminal is gone. Must be called before the terminal's descriptors are replaced, because the new
/// descriptors no longer show that it is gone.
pub(super) fn mark_gone() {
    GONE.store(true, Ordering::Release);
}

/// Returns whether the terminal is gone.
pub(crate) fn is_gone() -> bool {
    if GONE.load(Ordering::Acquire) {
        return true;
    }
    let stdin = stdio::stdin();
    let mut fds = [PollFd::new(&stdin, PollFlags::empty())];
    let looked = poll(&mut fds, Some(&Timespec { tv_sec: 0, tv_nsec: 0 }));
    looked.is_ok()
        && fds
            .iter()
            .any(|fd| fd.revents().intersects(PollFlags::HUP | PollFlags::ERR))
}

/// Pushes the title onto the terminal's stack, but only once.
pub(super) fn push_title() -> io::Result<()> {
    if TITLE_PUSHED.swap(true, Ordering::AcqRel) {
        Ok(())
    } else {
        emit(notify::PUSH_TITLE)
    }
}

/// Writes a progress sequence, and records that the progress must be removed.
pub(super) fn show_progress(bytes: &[u8]) -> io::Result<()> {
    PROGRESS_SHOWN.store(true, Ordering::Release);
    emit(bytes)
}

fn set_line(settings: &Termios) -> io::Result<()> {
    // `Now` is used because the other actions wait for output to drain, and a stopped terminal never drains.
    Ok(tcsetattr(stdio::stdin(), OptionalActions::Now, settings)?)
}

/// Writes all bytes. This bypasses `std::io::stdout`, whose lock a blocked thread could hold and whose buffer splits
/// frames at newlines.
fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(stdio::stdout(), bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            // Another program has made the terminal non-blocking (its flags are shared).
            Err(rustix::io::Errno::AGAIN) => {
                wait_writable(None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Returns whether the terminal accepts bytes within the time limit. A terminal stopped by Ctrl-S does not, and a
/// write to it would block forever.
fn writable_within(limit: Duration) -> bool {
    Timespec::try_from(limit).is_ok_and(|limit| wait_writable(Some(&limit)))
}

fn wait_writable(limit: Option<&Timespec>) -> bool {
    let stdout = stdio::stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    poll(&mut fds, limit).is_ok_and(|ready| ready > 0)
}

/// Takes a lock; `None` if it stays held beyond `limit`. A thread stuck in a write must not block an exit.
fn lock_within<T>(mutex: &Mutex<T>, limit: Duration) -> Option<MutexGuard<'_, T>> {
    let end = Instant::now() + limit;
    loop {
        match mutex.try_lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) if Instant::now() < end => thread::sleep(Duration::from_millis(1)),
            Err(TryLockError::WouldBlock) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn restoring_bytes_undo_every_mode_that_entering_sets() {
        for mode in [ENTER, MOUSE]
            .concat()
            .split("\x1b[?")
            .skip(1)
            .filter_map(|rest| rest.split(['h', 'l']).next())
        {
            assert!(RESTORE.contains(&format!("\x1b[?{mode}")), "mode {mode} is not undone");
        }
        assert!(
            RESTORE.ends_with("\x1b[?1049l\x1b[?25h"),
            "the cursor comes back on the shell's own screen"
        );
    }

    #[test]
    fn without_a_guard_nothing_is_written_and_restoring_does_nothing() {
        restore();
        restore();
        assert!(emit(b"never seen").is_ok());
        assert!(!HELD.load(Ordering::Acquire));
    }
}
