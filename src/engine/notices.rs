//! Notices to the user, shown on the notice line and in the messages overlay.

pub(crate) mod state;

pub use state::{Level, Notice};

use chrono::TimeDelta;

use crate::engine::row::key::RowKey;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;

impl Engine {
    /// Adds a notice to the messages and to the notice line.
    pub(crate) fn say(&mut self, level: Level, text: impl Into<String>) {
        self.say_of(level, text, None);
    }

    /// Adds a notice about an invalidation. A passing remark is shown for six seconds; any other notice stays until a
    /// key is pressed.
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

    /// Removes the notice when a key is pressed, if the notice has been visible long enough to be read. Keys pressed
    /// earlier do not remove it.
    pub(crate) fn key_pressed(&mut self) {
        const SEEN: TimeDelta = TimeDelta::seconds(2);
        let seen = |note: &Notice| note.level != Level::Info && (self.now - note.at).abs() >= SEEN;
        if self.notice.as_ref().is_some_and(seen) {
            self.end_notice();
        }
    }

    /// Removes the notice because its time is up, the user has read it, or its page was closed.
    pub(crate) fn end_notice(&mut self) {
        if self.notice.take().is_some() {
            self.cancel_timer(&TimerKind::Notice);
            self.touch();
        }
    }
}
