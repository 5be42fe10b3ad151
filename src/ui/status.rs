//! The status of an invalidation as every page shows it: a mark, a word, and details.

use chrono::TimeDelta;
use ratatui::style::Style;
use ratatui::text::Span;

use super::clock;
use super::context::ViewContext;
use super::page::key;
use super::theme::{Theme, mark};
use super::widget::gauge::progress as progress_bar;
use super::widget::text::width;
use crate::app::action::Action;
use crate::domain::duration::short;
use crate::domain::failure::{Failure, TOO_MANY, says_later};
use crate::domain::quota::gauge;
use crate::domain::submission::{Difference, Meaning, State, Submission};
use crate::engine::queue::{awaits_deployment, held_back, in_progress};
use crate::engine::row::{Row, expectation, slowness, usual_of_row};
use crate::engine::unsaved::Saving;
use crate::engine::whose::explained;

/// Returns how long an accepted invalidation has been in progress.
pub(super) fn running(look: ViewContext<'_>, row: &Row<'_>) -> Option<TimeDelta> {
    let created = row.create_time?;
    // If an invalidation cannot be read or is not polled, it is unknown whether it is still in progress.
    let watched = row
        .submission
        .is_none_or(|submission| look.model.engine.is_under_way(submission));
    let running = row.meaning == Meaning::UnderWay && row.unreadable.is_none() && watched;
    running.then(|| (look.model.engine.now - created).max(TimeDelta::zero()))
}

/// Compares how long an invalidation has been in progress to its typical time, `6 of ~9 s`. Returns `None` if the
/// typical time is unknown or has passed.
pub(super) fn compared(look: ViewContext<'_>, row: &Row<'_>, span: TimeDelta) -> Option<String> {
    let usual = usual_of_row(&look.model.engine, row).filter(|usual| span < usual.median)?;
    let (said, typical) = (short(span), short(usual.median));
    // If both are in seconds, the unit is written once.
    let passed = said.strip_suffix(" s").filter(|_| typical.ends_with(" s"));
    Some(format!("{} of ~{typical}", passed.unwrap_or(&said)))
}

/// Returns the text for an invalidation if it is slow.
pub(super) fn slow(look: ViewContext<'_>, row: &Row<'_>) -> Option<&'static str> {
    let age = running(look, row)?;
    slowness(age, usual_of_row(&look.model.engine, row))
}

/// Returns the expected completion of an accepted invalidation in progress.
pub(super) fn expected(look: ViewContext<'_>, row: &Row<'_>) -> Option<String> {
    let age = running(look, row)?;
    Some(expectation(age, usual_of_row(&look.model.engine, row)))
}

/// Returns a bar of this many columns that relates the time in progress to the typical time. Once the invalidation is
/// slow, the bar has another color and is preceded by a word. Without a typical time, there is no bar.
pub(super) fn progress<'a>(look: ViewContext<'a>, row: &Row<'_>, columns: usize) -> Vec<Span<'a>> {
    let (theme, engine) = (look.theme, &look.model.engine);
    let Some(age) = running(look, row) else {
        return Vec::new();
    };
    let (usual, word) = (usual_of_row(engine, row), slow(look, row));
    let before = word.map(|word| Span::styled(format!("{word} "), theme.under_way));
    let room = columns.saturating_sub(before.as_ref().map_or(0, Span::width));
    let bar = usual
        .filter(|_| room >= 2)
        .map(|usual| progress_bar(age, usual.median, room));
    let style = if word.is_some() { theme.wrong } else { theme.under_way };
    let bar = bar
        .into_iter()
        .flat_map(|[full, rest]| [Span::styled(full, style), Span::styled(rest, theme.dim)]);
    before.into_iter().chain(bar).collect()
}

/// Returns the style of the status word. For completed invalidations, only the mark is highlighted, so that a page full
/// of them looks calm.
pub(super) fn word(theme: &Theme, row: &Row<'_>, style: Style) -> Style {
    if row.meaning == Meaning::Done {
        theme.text
    } else {
        style
    }
}

/// Returns the mark of a row and its style.
pub(super) fn marked(theme: &Theme, row: &Row<'_>, slow: bool) -> (&'static str, Style) {
    let state = row.submission.map(|submission| &submission.state);
    mark_for(theme, row.meaning, state, slow)
}

/// Returns the mark of a state and its style.
pub(super) fn mark_of(theme: &Theme, state: Option<&State>) -> (&'static str, Style) {
    let meaning = state.map_or(Meaning::Wrong, State::meaning);
    mark_for(theme, meaning, state, false)
}

fn mark_for(theme: &Theme, meaning: Meaning, state: Option<&State>, slow: bool) -> (&'static str, Style) {
    let calls = state.is_some_and(State::is_delayed);
    let waits = state.is_some_and(State::is_fresh);
    match meaning {
        Meaning::Done => (mark::DONE, theme.done),
        Meaning::Wrong if calls => (mark::WARNING, theme.wrong),
        Meaning::Wrong => (mark::WRONG, theme.wrong),
        Meaning::UnderWay if calls || slow => (mark::WARNING, theme.under_way),
        Meaning::UnderWay if waits => (mark::QUIET, theme.under_way),
        Meaning::UnderWay => (mark::UNDER_WAY, theme.under_way),
        Meaning::Quiet => (mark::QUIET, theme.dim),
    }
}

/// Returns how the scope differs if an unfinished submission belongs to other credentials.
fn others(look: ViewContext<'_>, submission: &Submission) -> Option<Difference> {
    look.model
        .engine
        .difference(submission)
        .filter(|_| !submission.state.is_final())
}

/// Returns a short detail for the status word: the owner, the reason, the remaining seconds, or what to do next.
pub(super) fn situation(look: ViewContext<'_>, submission: &Submission) -> String {
    if let Some(difference) = others(look, submission) {
        return difference.owner();
    }
    match look.model.engine.unsaved.saving(&submission.id) {
        Some(Saving::Failed(_)) => return "not saved yet".to_owned(),
        Some(Saving::Slow) => return "saving".to_owned(),
        None => {}
    }
    if look.model.engine.queue.is_left(&submission.id) {
        return "left by an earlier run".to_owned();
    }
    if look.model.engine.queue.held().contains(&submission.id) {
        return match look.model.engine.queue.pause() {
            Some(_) => "needs confirmation",
            None => "left by an earlier run",
        }
        .to_owned();
    }
    let now = look.model.engine.now;
    match &submission.state {
        State::Planned => "saving to the ledger".to_owned(),
        State::Counting { until } => format!("sends in {}", clock::until(now, *until)),
        State::Queued if awaits_deployment(&look.model.engine, submission).is_some() => {
            "waiting for deployment".to_owned()
        }
        State::Queued if held_back(&look.model.engine, submission).is_some() => "holding back (reserve)".to_owned(),
        State::Queued => "waiting in line".to_owned(),
        State::Sending => format!("attempt {}", submission.attempts),
        State::Retrying { reason, until } => format!("{reason} · {}", clock::until(now, *until)),
        State::Unknown { until: Some(until), .. } => {
            format!("no response · retry in {}", clock::until(now, *until))
        }
        State::Unknown { until: None, .. } => {
            let (again, dismiss) = (key(look, Action::RetryNow), key(look, Action::Cancel));
            format!("no response · {again} to retry, {dismiss} to dismiss")
        }
        State::Reconciling { refused: None } => "searching the target's invalidations".to_owned(),
        State::Reconciling { refused: Some(refusal) } => format!("{} · checking an earlier request", refusal.code),
        State::NeedsLogin { .. } => "log in to continue".to_owned(),
        State::InProgress { .. } | State::Completed { .. } => String::new(),
        State::Rejected { failure } => code(failure),
        State::Split { into } => format!("split into {into} requests"),
        State::Cancelled => "never sent".to_owned(),
        State::Dismissed { .. } => "no response · dismissed".to_owned(),
    }
}

/// Returns the detail that fits into this width. If the whole detail is too long, returns a shorter one, because the
/// panel shows the reason anyway.
pub(super) fn situation_in(look: ViewContext<'_>, submission: &Submission, columns: usize) -> String {
    let whole = situation(look, submission);
    if width(&whole) <= columns {
        return whole;
    }
    if let Some(difference) = others(look, submission) {
        return difference.kind().to_owned();
    }
    match &submission.state {
        State::Queued => "waits".to_owned(),
        State::Planned => "saving".to_owned(),
        State::Reconciling { .. } => "searching".to_owned(),
        State::NeedsLogin { .. } => "log in".to_owned(),
        State::Counting { until } | State::Retrying { until, .. } | State::Unknown { until: Some(until), .. } => {
            format!("in {}", clock::until(look.model.engine.now, *until))
        }
        State::Unknown { until: None, .. } => format!("{} retries", key(look, Action::RetryNow)),
        State::Split { into } => format!("into {into}"),
        State::Dismissed { .. } => "dismissed".to_owned(),
        State::Sending
        | State::InProgress { .. }
        | State::Completed { .. }
        | State::Rejected { .. }
        | State::Cancelled => whole,
    }
}

fn code(failure: &Failure) -> String {
    failure
        .refusal()
        .map_or_else(|| failure.to_string(), |refusal| refusal.code.clone())
}

/// Returns the full reason for a submission's state, if there is one: for a refusal, CloudFront's code, message and
/// request ID. Also contains the reason why the submission is not saved.
pub(super) fn reason(look: ViewContext<'_>, submission: &Submission) -> Option<String> {
    let reason = reason_of_state(look, submission);
    match look.model.engine.unsaved.saving(&submission.id) {
        Some(Saving::Failed(failure)) => {
            let before = reason.map_or_else(String::new, |reason| format!("{reason}; "));
            Some(format!("{before}not saved yet: {failure}"))
        }
        Some(Saving::Slow) | None => reason,
    }
}

/// Explains why CloudFront usually returns this error code, and what to do about it.
pub(super) fn advice(look: ViewContext<'_>, submission: &Submission) -> Option<String> {
    let State::Rejected { failure } = &submission.state else {
        return None;
    };
    let advice = failure.advice()?;
    if look.model.engine.denied_to(submission).is_none() {
        return Some(advice);
    }
    Some(format!(
        "{advice}; press {} to copy the statement",
        key(look, Action::CopyPolicy)
    ))
}

fn reason_of_state(look: ViewContext<'_>, submission: &Submission) -> Option<String> {
    if let Some(difference) = others(look, submission) {
        return Some(explained(&look.model.engine, &difference));
    }
    if submission.state == State::Queued {
        return held_back(&look.model.engine, submission);
    }
    if let State::Retrying { reason, .. } = &submission.state {
        return Some(retrying(look, submission, reason));
    }
    submission.state.reason()
}

/// Explains a retry: either CloudFront returned a code that calls for one, or something failed on this machine.
fn retrying(look: ViewContext<'_>, submission: &Submission, reason: &str) -> String {
    if !says_later(reason) {
        return format!("{reason}; retrying with the same CallerReference");
    }
    let used = (reason == TOO_MANY)
        .then(|| gauge(in_progress(&look.model.engine, &submission.target)))
        .flatten();
    let used = used.map_or(String::new(), |used| format!(" (known: {used} in progress)"));
    format!("CloudFront returned {reason}{used}; retrying with the same CallerReference")
}
