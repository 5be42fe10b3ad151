//! Telling a person who may be looking elsewhere: bell, notification, title, progress, and a command of their own.

use super::effect::{Effect, Notice, Progress};
use super::model::{Level, Model};
use super::screen::invalidations::RowKey;
use crate::domain::duration::short;
use crate::domain::submission::{State, Submission};

/// What a person wants to be told, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// Whether the terminal rings.
    pub bell: bool,
    /// In which form the terminal is asked to notify; `None`: not at all.
    pub notification: Option<Protocol>,
    /// Whether the terminal's title tells how much is in flight.
    pub title: bool,
    /// Whether tab or task bar show progress.
    pub progress: bool,
    /// A program and its arguments, run when an invalidation is completed; empty: none.
    pub on_completed: Vec<String>,
}

impl Default for Telling {
    fn default() -> Self {
        Self {
            bell: true,
            notification: Some(Protocol::Osc9),
            title: true,
            progress: true,
            on_completed: Vec::new(),
        }
    }
}

/// How terminals are asked to notify.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// OSC 9: iTerm2, Ghostty, kitty, Windows Terminal, `WezTerm`.
    Osc9,
    /// OSC 777: rxvt, foot, GNOME's terminal, Ghostty.
    Osc777,
}

/// What was told last, so that nothing is told twice.
#[derive(Clone, Debug, Default)]
pub(super) struct Told {
    in_flight: Option<usize>,
    progress: Option<Progress>,
    /// The most that were in flight since there was nothing.
    most: usize,
}

/// An invalidation of ours is completed.
pub(super) fn completed(model: &mut Model, submission: &Submission) {
    let State::Completed {
        create_time,
        seen: Some(seen),
        id,
    } = &submission.state
    else {
        return;
    };
    let span = (*seen - *create_time).max(chrono::TimeDelta::zero());
    let text = format!("{}: Completed after {}", submission.label, short(span));
    model.say(Level::Done, text.clone());
    let Telling { bell, notification, .. } = model.preferences.telling;
    if bell {
        model.ask(Effect::Notify(Notice::Bell));
    }
    if let Some(protocol) = notification {
        model.ask(Effect::Notify(Notice::Notification(protocol, text)));
    }
    if !model.preferences.telling.on_completed.is_empty() {
        let facts = facts(submission, id.as_str(), span.num_seconds());
        let command = model.preferences.telling.on_completed.clone();
        model.ask(Effect::Run { command, facts });
    }
    super::edge::completed(model, RowKey::Submission(submission.id.clone()));
}

/// What a command of the person's own finds in its environment.
fn facts(submission: &Submission, id: &str, seconds: i64) -> Vec<(&'static str, String)> {
    let account = submission.scope.account.as_ref().map(ToString::to_string);
    vec![
        ("INVALIDASH_STATUS", "Completed".to_owned()),
        ("INVALIDASH_ID", id.to_owned()),
        ("INVALIDASH_TARGET", submission.target.to_string()),
        ("INVALIDASH_ALIAS", submission.label.clone()),
        ("INVALIDASH_ITEMS", submission.batch.items().len().to_string()),
        ("INVALIDASH_SECONDS", seconds.to_string()),
        ("INVALIDASH_CALLER_REFERENCE", submission.reference.to_string()),
        ("INVALIDASH_ACCOUNT", account.unwrap_or_default()),
        ("INVALIDASH_PROFILE", submission.scope.profile.clone()),
    ]
}

/// Title and progress follow what is in flight.
pub(super) fn follow(model: &mut Model) {
    let in_flight = model.queue.in_flight();
    if model.preferences.telling.title && model.told.in_flight != Some(in_flight) {
        model.told.in_flight = Some(in_flight);
        let title = if in_flight == 0 {
            "invalidash".to_owned()
        } else {
            format!("invalidash · {in_flight} in flight")
        };
        model.ask(Effect::Notify(Notice::Title(title)));
    }
    model.told.most = if in_flight == 0 {
        0
    } else {
        model.told.most.max(in_flight)
    };
    let progress = progress(model, in_flight);
    // Nothing was shown at the start, so that nothing has to be taken away.
    if model.preferences.telling.progress && model.told.progress.unwrap_or(Progress::None) != progress {
        model.told.progress = Some(progress);
        model.ask(Effect::Notify(Notice::Progress(progress)));
    }
}

/// One alone has no measure that would be honest; of several, how many are done.
fn progress(model: &Model, in_flight: usize) -> Progress {
    let most = model.told.most;
    if in_flight == 0 {
        return Progress::None;
    }
    let percent = u8::try_from((most - in_flight) * 100 / most.max(1)).unwrap_or(100);
    if model.queue.iter().any(|submission| submission.state.is_stuck()) {
        Progress::Paused(percent)
    } else if most == 1 {
        Progress::Busy
    } else {
        Progress::Percent(percent)
    }
}
