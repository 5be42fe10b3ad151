//! Telling a person who may be looking elsewhere: bell, notification, title, progress, and a command of their own.

use crate::domain::job::Job;
use crate::domain::observation::Took;
use crate::domain::submission::Submission;
use crate::engine::effect::{Announcement, Effect, Progress};
use crate::engine::notices::Level;
use crate::engine::row::RowKey;
use crate::engine::state::Engine;

/// The notification settings: bell, desktop notification, title, progress, command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotifyOptions {
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

impl Default for NotifyOptions {
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

/// The last notifications, so that nothing is announced twice.
#[derive(Clone, Debug, Default)]
pub(crate) struct LastNotified {
    /// How many the title says are in flight.
    title: Option<usize>,
    progress: Option<Progress>,
    /// How many were in flight the last time.
    in_flight: usize,
    /// How many ended since there was nothing in flight.
    done: usize,
}

/// A submission moved on: of a job with several, the person is told once, when the last of them has ended.
pub(crate) fn moved_on(engine: &mut Engine, submission: &Submission) {
    if !submission.state.is_final() {
        return;
    }
    if !engine.queue.is_job_open(&submission.job) {
        tell_outcome(engine, submission);
    }
    if submission.state.seen_completed().is_some() {
        crate::engine::edge::completed(engine, RowKey::Submission(submission.id.clone()));
    }
}

/// The last part of a job ended.
fn tell_outcome(engine: &mut Engine, last: &Submission) {
    let job = engine.queue.job(&last.job);
    let Some(text) = job.outcome() else { return };
    let facts = facts(&job);
    let level = if job.completed() == job.len() {
        Level::Done
    } else {
        Level::Warning
    };
    let only = (job.len() == 1).then(|| RowKey::Submission(last.id.clone()));
    engine.say_of(level, text.clone(), only);
    ring(engine, text, facts);
}

/// Rings, notifies and runs the person's command, as far as the settings say so.
pub(super) fn ring(engine: &mut Engine, text: String, facts: Vec<(&'static str, String)>) {
    let NotifyOptions {
        bell,
        notification,
        on_completed,
        ..
    } = engine.preferences.telling.clone();
    if bell {
        engine.ask(Effect::Notify(Announcement::Bell));
    }
    if let Some(protocol) = notification {
        engine.ask(Effect::Notify(Announcement::Notification(protocol, text)));
    }
    if !on_completed.is_empty() {
        engine.ask(Effect::Run {
            command: on_completed,
            facts,
        });
    }
}

/// What a command of the person's own finds in its environment; of several parts each, separated by blanks.
fn facts(job: &Job) -> Vec<(&'static str, String)> {
    let each = |tell: fn(&Submission) -> String| {
        let told: Vec<_> = job.parts().map(tell).filter(|text| !text.is_empty()).collect();
        told.join(" ")
    };
    let first = job.parts().next();
    let account = first.and_then(|part| part.scope.account.as_ref());
    let items: usize = job.parts().map(|part| part.batch.items().len()).sum();
    let targets: Vec<_> = job.targets().iter().map(ToString::to_string).collect();
    vec![
        ("INVALIDASH_STATUS", status(job).to_owned()),
        (
            "INVALIDASH_ID",
            each(|part| part.state.accepted().map_or(String::new(), |(id, _)| id.to_string())),
        ),
        ("INVALIDASH_TARGET", targets.join(" ")),
        ("INVALIDASH_ALIAS", job.name()),
        ("INVALIDASH_ITEMS", items.to_string()),
        ("INVALIDASH_SECONDS", seconds(job)),
        ("INVALIDASH_COMPLETED", job.completed().to_string()),
        ("INVALIDASH_REFUSED", job.refused().to_string()),
        ("INVALIDASH_CALLER_REFERENCE", each(|part| part.reference.to_string())),
        (
            "INVALIDASH_ACCOUNT",
            account.map(ToString::to_string).unwrap_or_default(),
        ),
        (
            "INVALIDASH_PROFILE",
            first.map_or(String::new(), |part| part.scope.profile.clone()),
        ),
    ]
}

/// That every part completed, or that only some did.
fn status(job: &Job) -> &'static str {
    if job.completed() == job.len() {
        "Completed"
    } else {
        "Partial"
    }
}

/// What was measured, in whole seconds: nothing where nobody watched the end.
fn seconds(job: &Job) -> String {
    let measured = job.took().and_then(Took::measured);
    measured.map_or_else(String::new, |span| span.num_seconds().to_string())
}

/// Title and progress follow what is in flight.
pub(crate) fn follow(engine: &mut Engine) {
    let in_flight = engine.in_flight();
    let told = &mut engine.told;
    let ended = told.in_flight.saturating_sub(in_flight);
    told.done = if in_flight == 0 { 0 } else { told.done + ended };
    told.in_flight = in_flight;
    if engine.preferences.telling.title && engine.told.title != Some(in_flight) {
        engine.told.title = Some(in_flight);
        let title = if in_flight == 0 {
            "invalidash".to_owned()
        } else {
            format!("invalidash · {in_flight} in flight")
        };
        engine.ask(Effect::Notify(Announcement::Title(title)));
    }
    let progress = progress(engine);
    // Nothing was shown at the start, so that nothing has to be taken away.
    if engine.preferences.telling.progress && engine.told.progress.unwrap_or(Progress::None) != progress {
        engine.told.progress = Some(progress);
        engine.ask(Effect::Notify(Announcement::Progress(progress)));
    }
}

/// One alone has no measure that would be honest; of several, how many are done.
fn progress(engine: &Engine) -> Progress {
    let LastNotified { in_flight, done, .. } = engine.told;
    if in_flight == 0 {
        return Progress::None;
    }
    let all = done + in_flight;
    let percent = u8::try_from(done * 100 / all).unwrap_or(100);
    let stuck = |submission: &Submission| submission.state.is_stuck() && engine.is_ours(submission);
    if engine.queue.open().any(stuck) {
        Progress::Paused(percent)
    } else if all == 1 {
        Progress::Busy
    } else {
        Progress::Percent(percent)
    }
}
