//! Notices to the person: on a line of their own, and on the messages page.

use chrono::{DateTime, TimeDelta, Utc};

use super::row::RowKey;
use super::state::Engine;
use super::timers::TimerKind;

/// How much a message matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Said in passing.
    Info,
    /// Something a person waited for is done.
    Done,
    /// Something to look at.
    Warning,
    /// Something went wrong.
    Error,
}

/// A message to the person: the notice line, and the messages page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When.
    pub at: DateTime<Utc>,
    /// How much it matters.
    pub level: Level,
    /// A sentence.
    pub text: String,
    /// The invalidation that it is about: where that is selected, the notice names the next step.
    pub about: Option<RowKey>,
}

impl Engine {
    /// Says something: in the messages, and in the line above the keys.
    pub(crate) fn say(&mut self, level: Level, text: impl Into<String>) {
        self.say_of(level, text, None);
    }

    /// Says something of an invalidation. In passing it is said for six seconds, all else until a key is pressed.
    pub(crate) fn say_of(&mut self, level: Level, text: impl Into<String>, about: Option<RowKey>) {
        const KEPT: usize = 200;
        const PASSING: std::time::Duration = std::time::Duration::from_secs(6);
        let note = Notice {
            at: self.now,
            level,
            text: text.into(),
            about,
        };
        if self.notices.len() == KEPT {
            self.notices.remove(0);
        }
        self.notices.push(note.clone());
        self.notice = Some(note);
        if level == Level::Info {
            self.restart_timer(TimerKind::Notice, PASSING);
        } else {
            self.cancel_timer(&TimerKind::Notice);
        }
        self.touch();
    }

    /// A key was pressed: a notice that was there long enough to be seen has done its work. Whoever types on does not take
    /// it away before anybody could read it.
    pub(crate) fn key_pressed(&mut self) {
        const SEEN: TimeDelta = TimeDelta::seconds(2);
        let seen = |note: &Notice| note.level != Level::Info && (self.now - note.at).abs() >= SEEN;
        if self.notice.as_ref().is_some_and(seen) {
            self.end_notice();
        }
    }

    /// The notice goes, also because its page does.
    pub(crate) fn end_notice(&mut self) {
        if self.notice.take().is_some() {
            self.cancel_timer(&TimerKind::Notice);
            self.touch();
        }
    }
}
