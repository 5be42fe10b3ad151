//! Detects that the terminal has vanished without a signal, as when its window is closed or the connection is lost.
//!
//! Without this check, a program that is neither reading nor drawing would not notice and would keep running.

use std::{fs::File, io, mem, thread, time::Duration};

use rustix::{
    event::{PollFd, PollFlags, poll},
    fs::{FileType, OFlags, fcntl_setfl, fstat},
    stdio,
};

use super::modes;

/// Starts a thread that sleeps until the terminal is gone, then calls `gone` once.
///
/// # Errors
///
/// If the system cannot start another thread.
pub(crate) fn spawn(gone: impl FnOnce() + Send + 'static) -> io::Result<()> {
    let watch = move || {
        if wait_for_hangup() {
            modes::mark_gone();
            let _ = detach();
            gone();
        }
    };
    thread::Builder::new()
        .name("watchdog".to_owned())
        .stack_size(128 * 1024)
        .spawn(watch)
        .map(|_| ())
}

/// Waits until the terminal is gone; returns `false` if it cannot be watched.
fn wait_for_hangup() -> bool {
    loop {
        // `poll` reports a hang-up whether or not it is requested. Requesting nothing else keeps input from waking this
        // thread on Linux; macOS, however, watches nothing unless something is requested.
        let stdin = stdio::stdin();
        let mut fds = [PollFd::new(&stdin, PollFlags::HUP)];
        match poll(&mut fds, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(_) => return false,
        }
        let told = fds.first().map_or(PollFlags::NVAL, PollFd::revents);
        if told.contains(PollFlags::NVAL) {
            return false;
        }
        if told.intersects(PollFlags::HUP | PollFlags::ERR) {
            return true;
        }
        // Some systems treat a hang-up as input, which causes spurious wake-ups. Polling again immediately would spin
        // while a key press is pending.
        thread::sleep(Duration::from_secs(1));
    }
}

/// Replaces the dead terminal, so that reads find nothing instead of failing repeatedly, and writes succeed.
fn detach() -> io::Result<()> {
    let (silence, writer) = io::pipe()?;
    fcntl_setfl(&silence, OFlags::NONBLOCK)?;
    // Dropping the writer would make every read report end of file.
    mem::forget(writer);
    stdio::dup2_stdin(&silence)?;
    let nowhere = File::options().write(true).open("/dev/null")?;
    stdio::dup2_stdout(&nowhere)?;
    // If standard error is a file, it still receives the report of what could not be saved.
    let stderr = FileType::from_raw_mode(fstat(stdio::stderr())?.st_mode);
    if stderr == FileType::CharacterDevice {
        stdio::dup2_stderr(&nowhere)?;
    }
    Ok(())
}
