//! Notifies a user who may be looking elsewhere, with the bell, a notification, the title, the progress, and the user's
//! own command.

pub(crate) mod state;

use crate::domain::job::Job;
use crate::domain::observation::Took;
use crate::domain::options::NotifyOptions;
use crate::domain::submission::Submission;
use crate::engine::effect::{Announcement, Effect, Progress};
use crate::engine::notices::state::Level;
use crate::engine::row::key::RowKey;
use crate::engine::state::Engine;
use crate::engine::telling::state::LastNotified;

/// Announces a job once its last submission has ended, and passes each completed submission on to the edge check.
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

/// Announces a job whose last part has ended.
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

/// Rings the bell, shows a notification and runs the user's command, as the settings specify.
pub(super) fn ring(engine: &mut Engine, text: String, facts: Vec<(&'static str, String)>) {
    let NotifyOptions {
        bell,
        notification,
        on_completed,
        ..
    } = engine.preferences.notify.clone();
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

/// Returns the environment variables for the user's command; values of several parts are separated by spaces.
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

/// Returns the status word of a job: `Completed` if all parts completed, otherwise `Partial`.
fn status(job: &Job) -> &'static str {
    if job.completed() == job.len() {
        "Completed"
    } else {
        "Partial"
    }
}

/// Returns the measured duration in whole seconds, or empty text if the completion was not watched.
fn seconds(job: &Job) -> String {
    let measured = job.took().and_then(Took::measured);
    measured.map_or_else(String::new, |span| span.num_seconds().to_string())
}

/// Updates the title and the progress to match the submissions in flight.
pub(crate) fn follow(engine: &mut Engine) {
    let in_flight = engine.in_flight();
    let told = &mut engine.told;
    let ended = told.in_flight.saturating_sub(in_flight);
    told.done = if in_flight == 0 { 0 } else { told.done + ended };
    told.in_flight = in_flight;
    if engine.preferences.notify.title && engine.told.title != Some(in_flight) {
        engine.told.title = Some(in_flight);
        let title = if in_flight == 0 {
            "invalidash".to_owned()
        } else {
            format!("invalidash · {in_flight} in flight")
        };
        engine.ask(Effect::Notify(Announcement::Title(title)));
    }
    let progress = progress(engine);
    // No progress is shown at startup, so there is none to remove.
    if engine.preferences.notify.progress && engine.told.progress.unwrap_or(Progress::None) != progress {
        engine.told.progress = Some(progress);
        engine.ask(Effect::Notify(Announcement::Progress(progress)));
    }
}

/// Returns the progress to display. The progress of a single invalidation cannot be measured. For several, it is the
/// share of them that has ended.
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
