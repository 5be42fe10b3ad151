//! Shows progress on standard error: as one redrawn line on a terminal, otherwise as a line for each change.

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write as _};

use chrono::{DateTime, Utc};

use crate::cli::Output;
use crate::domain::text::visible;

/// The status of one of the invalidations that a command waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stand {
    /// The invalidation's name, e.g. target and id.
    pub(super) name: String,
    /// The status word.
    pub(super) word: String,
    /// What holds up the invalidation, if anything.
    pub(super) reason: Option<String>,
    /// Whether the command no longer waits for the invalidation.
    pub(super) ended: bool,
}

/// The progress shown so far.
pub(super) struct Progress {
    style: Style,
    told: HashMap<String, (String, Option<String>)>,
    live: bool,
}

/// How progress is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Nothing is shown.
    Silent,
    /// A line for each change.
    Lines,
    /// One line, redrawn.
    Live,
}

impl Progress {
    /// Creates an empty progress display. It is silent for JSON output, because programs only wait for the result.
    pub(super) fn new(quiet: bool, output: Output) -> Self {
        let style = if quiet || output.is_json() {
            Style::Silent
        } else if io::stderr().is_terminal() {
            Style::Live
        } else {
            Style::Lines
        };
        Self {
            style,
            told: HashMap::new(),
            live: false,
        }
    }

    /// Returns how often to redraw the line even if nothing has changed.
    pub(super) fn beat(&self) -> Option<std::time::Duration> {
        (self.style == Style::Live).then_some(std::time::Duration::from_secs(1))
    }

    /// Shows what has changed.
    pub(super) fn tell(&mut self, stands: &[Stand], now: DateTime<Utc>) {
        match self.style {
            Style::Silent => {}
            Style::Lines => self.tell_lines(stands, now),
            Style::Live => self.draw(stands, now),
        }
    }

    fn tell_lines(&mut self, stands: &[Stand], now: DateTime<Utc>) {
        for stand in stands {
            if self.is_news(stand) {
                let line = format!("{} {}", now.format("%Y-%m-%dT%H:%M:%SZ"), sentence(stand));
                // If standard error is closed, the work continues.
                let _ = writeln!(io::stderr(), "{}", visible(&line));
            }
        }
    }

    fn is_news(&mut self, stand: &Stand) -> bool {
        let is = (stand.word.clone(), stand.reason.clone());
        self.told.insert(stand.name.clone(), is.clone()) != Some(is)
    }

    fn draw(&mut self, stands: &[Stand], now: DateTime<Utc>) {
        let ended = stands.iter().filter(|stand| stand.ended).count();
        let open = stands.iter().find(|stand| !stand.ended);
        let clock = now.format("%H:%M:%S");
        let line = match open {
            Some(open) => format!("{ended} of {} done · {} · {clock} UTC", stands.len(), sentence(open)),
            None => format!("{ended} of {} done", stands.len()),
        };
        let line: String = visible(&line).chars().take(width()).collect();
        let _ = write!(io::stderr(), "\r\u{1b}[K{line}");
        self.live = true;
    }

    /// Ends the redrawn line with a newline.
    pub(super) fn finish(&mut self) {
        if std::mem::take(&mut self.live) {
            let _ = writeln!(io::stderr());
        }
    }
}

fn sentence(stand: &Stand) -> String {
    let reason = stand
        .reason
        .as_ref()
        .map(|reason| format!(": {reason}"))
        .unwrap_or_default();
    format!("{} {}{reason}", stand.name, stand.word)
}

fn width() -> usize {
    let size = rustix::termios::tcgetwinsize(io::stderr()).ok();
    size.map_or(79, |size| usize::from(size.ws_col).saturating_sub(1).max(20))
}
