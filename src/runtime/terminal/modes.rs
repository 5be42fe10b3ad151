//! The modes of the terminal: what is switched on, and the one way in which all of it is undone.
//!
//! The state is static, since a panic hook and a signal can reach nothing else. Nothing here panics.

use std::{
    io,
    sync::{
        Mutex, MutexGuard, PoisonError, TryLockError,
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

use crate::runtime::notify;

/// Alternate screen (cleared, for terminals that have none), bracketed paste, focus reports, no cursor.
const ENTER: &str = "\x1b[?1049h\x1b[2J\x1b[?2004h\x1b[?1004h\x1b[?25l";

/// Reports of buttons and of the wheel, with places in decimal. Nothing is asked of the pointer's way: terminals that select
/// text with Shift held go on doing so.
const MOUSE: &str = "\x1b[?1000h\x1b[?1006h";

/// Undoes [`MOUSE`].
const NO_MOUSE: &str = "\x1b[?1006l\x1b[?1000l";

/// Undoes [`ENTER`] and everything else that can have been on, mouse reports too; harmless when it is not.
const RESTORE: &str = concat!(
    "\x1b[?2026l",
    "\x1b[?2004l",
    "\x1b[?1004l",
    "\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l",
    "\x1b[0m",
    "\x1b[?1049l",
    "\x1b[?25h",
);

/// How long [`restore`] waits for a frame that is being written, or for a terminal that takes no bytes.
const PATIENCE: Duration = Duration::from_millis(100);

/// Whether the terminal is ours. Turned off before the restoring bytes go out, so that no frame can follow them.
static HELD: AtomicBool = AtomicBool::new(false);
/// The terminal has vanished.
static GONE: AtomicBool = AtomicBool::new(false);
/// The terminal was resized since the last frame.
static RESIZED: AtomicBool = AtomicBool::new(false);
/// The mouse is wanted as long as the terminal is ours.
static MOUSE_WANTED: AtomicBool = AtomicBool::new(false);
/// Held while bytes go to the terminal: frames and the restoring bytes never mix.
static OUTPUT: Mutex<()> = Mutex::new(());
/// The line settings to go back to.
static COOKED: Mutex<Option<Termios>> = Mutex::new(None);
/// The title was pushed on the terminal's stack, and a pop is owed. Not part of [`RESTORE`]: a pop without a push may
/// take another program's title.
static TITLE_PUSHED: AtomicBool = AtomicBool::new(false);
/// Progress was shown. Not part of [`RESTORE`]: terminals that do not know it show the bytes as a message.
static PROGRESS_SHOWN: AtomicBool = AtomicBool::new(false);

/// Raw mode and [`ENTER`], remembering the line settings found.
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

/// Raw mode and [`ENTER`] once more, keeping the line settings remembered.
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

/// Asks for reports of the mouse, or for none, also when the terminal is taken again.
pub(super) fn set_mouse(on: bool) -> io::Result<()> {
    if MOUSE_WANTED.swap(on, Ordering::AcqRel) == on {
        return Ok(());
    }
    emit(if on { MOUSE } else { NO_MOUSE }.as_bytes())
}

/// Gives the terminal back as it was found: modes, cursor, title, progress, line settings.
///
/// Idempotent, callable from any thread, in a panic hook and in a signal's handler too: it makes system calls and
/// allocates nothing. Errors are ignored, since nobody could act on them.
pub fn restore() {
    // The lock comes first: a second caller must not run ahead (and exit) while the first is still writing.
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
    // Never waiting for long: in a signal's handler, this very thread may hold the lock.
    if let Some(cooked) = lock_within(&COOKED, PATIENCE).and_then(|mut cooked| cooked.take()) {
        let _ = set_line(&cooked);
    }
}

/// Writes to the terminal, or nowhere once it is given back or gone.
pub(crate) fn emit(bytes: &[u8]) -> io::Result<()> {
    let _output = lock(&OUTPUT);
    if !HELD.load(Ordering::Acquire) {
        return Ok(());
    }
    unless_gone(write_all(bytes))
}

/// That the terminal is gone is the watchdog's to tell, once, and not an error of whoever happens to draw.
pub(super) fn unless_gone(outcome: io::Result<()>) -> io::Result<()> {
    match outcome {
        Err(_) if is_gone() => Ok(()),
        outcome => outcome,
    }
}

/// The byte of the Backspace key (VERASE), as the line settings had it before raw mode.
pub(crate) fn erase() -> u8 {
    const DELETE: u8 = 0x7f;
    let cooked = lock(&COOKED);
    cooked
        .as_ref()
        .map_or(DELETE, |line| line.special_codes[SpecialCodeIndex::VERASE])
}

/// Remembers a resize: what the terminal shows is not known any more, even if its size turns out to be the same again.
pub(crate) fn mark_resized() {
    RESIZED.store(true, Ordering::Release);
}

/// Whether there was a resize since this was asked last.
pub(super) fn take_resized() -> bool {
    RESIZED.swap(false, Ordering::AcqRel)
}

/// Remembers that the terminal is gone, before its descriptors are replaced and cannot tell any more.
pub(super) fn mark_gone() {
    GONE.store(true, Ordering::Release);
}

/// Whether the terminal has vanished.
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

/// Pushes the title, once.
pub(super) fn push_title() -> io::Result<()> {
    if TITLE_PUSHED.swap(true, Ordering::AcqRel) {
        Ok(())
    } else {
        emit(notify::PUSH_TITLE)
    }
}

/// Writes the bytes of a progress, and remembers that it is to be taken away.
pub(super) fn show_progress(bytes: &[u8]) -> io::Result<()> {
    PROGRESS_SHOWN.store(true, Ordering::Release);
    emit(bytes)
}

fn set_line(settings: &Termios) -> io::Result<()> {
    // `Now`: the other actions wait for output to drain, and a stopped terminal never drains.
    Ok(tcsetattr(stdio::stdin(), OptionalActions::Now, settings)?)
}

/// Not through `std::io::stdout`, whose lock a blocked thread could hold and whose buffer splits frames at newlines.
fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        match rustix::io::write(stdio::stdout(), bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(rustix::io::Errno::INTR) => {}
            // Somebody left the terminal non-blocking (it shares its flags with other programs).
            Err(rustix::io::Errno::AGAIN) => {
                wait_writable(None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Whether the terminal takes bytes; one that was stopped (Ctrl-S) does not, and a write would block for ever.
fn writable_within(limit: Duration) -> bool {
    Timespec::try_from(limit).is_ok_and(|limit| wait_writable(Some(&limit)))
}

fn wait_writable(limit: Option<&Timespec>) -> bool {
    let stdout = stdio::stdout();
    let mut fds = [PollFd::new(&stdout, PollFlags::OUT)];
    poll(&mut fds, limit).is_ok_and(|ready| ready > 0)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The lock, or nothing when somebody keeps it longer than that: a thread stuck in a write must not stop an exit.
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
