//! Takes the terminal, and restores it to its previous state.
//!
//! [`Guard::enter`] takes the terminal, and dropping the guard restores it. A panic ([`crash`]), a signal or a vanished
//! terminal ([`crate::runtime::signals`]) also restores it, through the same [`restore`], which is idempotent and never
//! fails. Ratatui's own `init` and `restore` are not used, because they leave modes on after a panic, let other threads
//! draw over the shell, query the terminal for its cursor and abort when the terminal is gone.

pub mod crash;
mod job;
mod modes;
mod tty;
pub(crate) mod watchdog;

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};

use ratatui::{Frame, Terminal};
use rustix::{stdio, termios};

use crate::runtime::notify::{self, Progress};

pub(crate) use job::continued;
pub(crate) use modes::emit as write;
pub use modes::restore;
pub(crate) use modes::{erase, is_gone, mark_resized};
pub use tty::Tty;

/// Whether another program has the terminal, and therefore receives the keys that raise signals.
static LENT: AtomicBool = AtomicBool::new(false);

/// Returns whether the terminal is handed over to another program.
pub(crate) fn is_lent() -> bool {
    LENT.load(Ordering::Acquire)
}

/// The reason the dashboard cannot start. The message goes to standard error, and the exit code is 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Standard input is a file or a pipe.
    #[error("the dashboard needs a terminal as standard input: start it without `<` or `|` in front, or use a command")]
    InputIsNoTerminal,
    /// Standard output is a file or a pipe.
    #[error("the dashboard needs a terminal as standard output: start it without `>` or `|`, or use a command")]
    OutputIsNoTerminal,
    /// `TERM` is `dumb`, so the terminal cannot move its cursor.
    #[error("TERM is `dumb`, which cannot show the dashboard: set TERM to your terminal's type, or use a command")]
    DumbTerminal,
}

/// Checks whether a dashboard can be shown on this process's standard input and output.
///
/// # Errors
///
/// A [`Refusal`], which is a sentence for the user.
pub fn check() -> Result<(), Refusal> {
    if !termios::isatty(stdio::stdin()) {
        return Err(Refusal::InputIsNoTerminal);
    }
    if !termios::isatty(stdio::stdout()) {
        return Err(Refusal::OutputIsNoTerminal);
    }
    if std::env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return Err(Refusal::DumbTerminal);
    }
    Ok(())
}

/// A guard that holds the terminal: raw mode, alternate screen, bracketed paste, focus reports, hidden cursor.
#[derive(Debug)]
pub struct Guard {
    terminal: Terminal<Tty>,
    title: Option<String>,
    progress: Option<Progress>,
    /// Whether another program has the terminal, from [`Guard::lend`] to [`Guard::reenter`].
    handed_over: bool,
}

impl Guard {
    /// Takes the terminal.
    ///
    /// # Errors
    ///
    /// A [`Refusal`] (kind `Unsupported`), an error if the terminal is already held, or an error from the system.
    pub fn enter() -> io::Result<Self> {
        check().map_err(|refusal| io::Error::new(io::ErrorKind::Unsupported, refusal))?;
        let tty = Tty::new(!crossterm::style::Colored::ansi_color_disabled());
        modes::take()?;
        let terminal = Terminal::new(tty).inspect_err(|_| restore())?;
        Ok(Self {
            terminal,
            title: None,
            progress: None,
            handed_over: false,
        })
    }

    /// Returns the underlying ratatui terminal. Most callers only need [`Guard::draw`].
    pub fn terminal(&mut self) -> &mut Terminal<Tty> {
        &mut self.terminal
    }

    /// Draws one frame: a single synchronized write, or none if nothing changed.
    ///
    /// After a resize detected by [`crate::runtime::signals`], every cell is written, because a terminal that shrinks
    /// and grows again loses some.
    ///
    /// # Errors
    ///
    /// If the write fails. A terminal that is gone does not cause an error, because
    /// [`crate::runtime::signals::Signal::Hangup`] reports that.
    pub fn draw(&mut self, view: impl FnOnce(&mut Frame)) -> io::Result<()> {
        if modes::take_resized() {
            self.repaint()?;
        }
        self.terminal.draw(view).map(|_| ())
    }

    /// Sets whether borders, marks and bars are written in ASCII from now on.
    pub fn set_ascii(&mut self, ascii: bool) {
        self.terminal.backend_mut().set_ascii(ascii);
    }

    /// Turns mouse reporting on or off. [`restore`] always turns it off.
    ///
    /// # Errors
    ///
    /// If the write fails.
    pub fn set_mouse(&mut self, on: bool) -> io::Result<()> {
        modes::set_mouse(on)
    }

    /// Returns the size in columns and rows; never 0.
    #[must_use]
    pub fn size(&self) -> (u16, u16) {
        let size = self.terminal.size().unwrap_or(tty::ASSUMED);
        (size.width, size.height)
    }

    /// Makes the next [`Guard::draw`] write every cell, because the terminal's contents are unknown.
    ///
    /// # Errors
    ///
    /// If the system reports an error.
    pub fn repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.backend_mut().forget();
        // `clear()` is not used, because it queries the terminal for its cursor and waits for the response.
        self.terminal.resize(size.into())
    }

    /// Writes bytes that draw nothing, such as those of [`notify`], between frames.
    ///
    /// # Errors
    ///
    /// If the write fails.
    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        modes::emit(bytes)
    }

    /// Sets the window's title; [`restore`] restores the previous one.
    ///
    /// # Errors
    ///
    /// If the write fails.
    pub fn set_title(&mut self, title: &str) -> io::Result<()> {
        if self.title.as_deref() == Some(title) {
            return Ok(());
        }
        self.title = Some(title.to_owned());
        if self.handed_over {
            return Ok(());
        }
        modes::push_title()?;
        modes::emit(&notify::title(title))
    }

    /// Shows progress in the window's tab or task bar; [`restore`] removes it.
    ///
    /// # Errors
    ///
    /// If the write fails.
    pub fn set_progress(&mut self, progress: Progress) -> io::Result<()> {
        if self.progress == Some(progress) {
            return Ok(());
        }
        self.progress = Some(progress);
        if self.handed_over {
            return Ok(());
        }
        modes::show_progress(&notify::progress(progress))
    }

    /// Hands the terminal over to another program, such as an editor, until [`Guard::reenter`] takes it back. A title
    /// or progress set in the meantime is shown afterwards.
    ///
    /// The input reader ([`crate::runtime::input`]) must be dropped first; otherwise it takes keys typed for the other
    /// program.
    pub fn lend(&mut self) {
        self.handed_over = true;
        LENT.store(true, Ordering::Release);
        restore();
    }

    /// Takes the terminal back after [`Guard::lend`]. The next frame writes every cell.
    ///
    /// # Errors
    ///
    /// If the system still reports an error after several attempts.
    pub fn reenter(&mut self) -> io::Result<()> {
        self.handed_over = false;
        LENT.store(false, Ordering::Release);
        job::with_retries(modes::take)?;
        self.reannounce()?;
        self.repaint()
    }

    /// Restores the terminal, stops the process group as Ctrl-Z in a shell does, and takes the terminal again when the
    /// group is continued in the foreground. Blocks until then. Draw a frame afterwards. If the terminal is handed
    /// over, the other program stops along with this one and keeps it.
    ///
    /// # Errors
    ///
    /// If the terminal cannot be taken again after several attempts.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        job::stop()?;
        if self.handed_over { Ok(()) } else { self.reenter() }
    }

    /// Restores the modes after another process sent SIGSTOP and SIGCONT, because the shell may have changed them in
    /// between. Draw a frame afterwards.
    ///
    /// # Errors
    ///
    /// If the system still reports an error after several attempts.
    pub fn resume(&mut self) -> io::Result<()> {
        if self.handed_over {
            return Ok(());
        }
        job::with_retries(modes::retake)?;
        self.reannounce()?;
        self.repaint()
    }

    fn reannounce(&mut self) -> io::Result<()> {
        if let Some(title) = &self.title {
            modes::push_title()?;
            modes::emit(&notify::title(title))?;
        }
        if let Some(progress) = self.progress {
            modes::show_progress(&notify::progress(progress))?;
        }
        Ok(())
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}
