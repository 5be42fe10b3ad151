//! How far something has come, on standard error: a line that is drawn anew on a terminal, else a line for each change.

use std::collections::HashMap;
use std::io::{self, IsTerminal, Write as _};

use chrono::{DateTime, Utc};

use crate::cli::Output;
use crate::domain::text::visible;

/// Where one of several stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stand {
    /// What it is, such as target and id.
    pub(super) name: String,
    /// The word of its status.
    pub(super) word: String,
    /// Why it is kept from going on, if it is.
    pub(super) reason: Option<String>,
    /// Whether nothing more is waited for.
    pub(super) ended: bool,
}

/// What was told so far.
pub(super) struct Progress {
    style: Style,
    told: HashMap<String, (String, Option<String>)>,
    live: bool,
}

/// How it is told.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// Not at all.
    Silent,
    /// A line for each change.
    Lines,
    /// One line, drawn anew.
    Live,
}

impl Progress {
    /// Nothing was told yet. A program that reads JSON waits for the end.
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

    /// How often the line is to be drawn anew though nothing changed.
    pub(super) fn beat(&self) -> Option<std::time::Duration> {
        (self.style == Style::Live).then_some(std::time::Duration::from_secs(1))
    }

    /// Tells what changed.
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
                // Nobody listens any more: the work goes on.
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

    /// Leaves the line.
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
