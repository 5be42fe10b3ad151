//! The lines printed to the shell after the dashboard has closed: everything still in progress and what will happen to
//! it.

use crate::app::aws_command::options;
use crate::app::model::Model;
use crate::domain::submission::{FORGOTTEN_AFTER, State, Submission};
use crate::domain::text::visible;
use crate::engine::lost;

/// The maximum number of lines; any further ones are only counted.
const MOST: usize = 10;

/// Returns the lines, without control characters. After the demo, a single line says that its data was deleted.
#[must_use]
pub fn farewell(model: &Model) -> Vec<String> {
    if model.engine.preferences.demo {
        return vec!["Demo ended: nothing was sent to CloudFront, and the demo data was deleted".to_owned()];
    }
    let under_way: Vec<&Submission> = model
        .engine
        .queue
        .own_open()
        .filter(|s| model.engine.is_under_way(s))
        .collect();
    let mut lines: Vec<String> = under_way.iter().take(MOST).map(|s| line(model, s)).collect();
    if under_way.len() > MOST {
        lines.push(format!(
            "… and {} more; run invalidash to see them",
            under_way.len() - MOST
        ));
    }
    lines
}

/// Returns a line for each change that is not saved when the program exits, without control characters. Empty in the
/// demo.
#[must_use]
pub fn not_saved(model: &Model) -> Vec<String> {
    if model.engine.preferences.demo {
        return Vec::new();
    }
    let elsewhere = model.engine.unsaved.elsewhere().iter().cloned();
    let reason = lost::reason(&model.engine);
    let names = lost::names(&model.engine);
    let more = names.len().saturating_sub(MOST);
    let lost = names
        .iter()
        .take(MOST)
        .map(|name| format!("could not save {name}: {reason}"));
    let more = (more > 0).then(|| format!("could not save {more} more: {reason}"));
    let lines = elsewhere.chain(lost).chain(more);
    lines.map(|line| format!("invalidash: {}", visible(&line))).collect()
}

/// Formats a submission as `I3ABC E2QWR InProgress /index.html +4 – run invalidash E2QWR to see it`.
fn line(model: &Model, submission: &Submission) -> String {
    let state = &submission.state;
    let id = state.in_progress().map(|(id, _)| format!("{id} ")).unwrap_or_default();
    let items = submission.batch.items();
    let first = items.first().map_or("", String::as_str);
    let more = match items.len() {
        0 | 1 => String::new(),
        several => format!(" +{}", several - 1),
    };
    let (target, word, then) = (submission.target.id(), state.word(), what_then(model, submission));
    visible(&format!("{id}{target} {word} {first}{more} – {then}")).into_owned()
}

fn what_then(model: &Model, submission: &Submission) -> String {
    let options = options(&submission.scope);
    if submission.state.in_progress().is_some() {
        return format!("run invalidash{options} {} to see it", submission.target.id());
    }
    let asked = submission.state.is_counting() || model.engine.queue.held().contains(&submission.id);
    let start = format!("run invalidash{options}");
    match submission.state {
        State::Sending | State::Unknown { .. } | State::Reconciling { .. } if !asked => format!(
            "no response yet; {start} to retry it with the same CallerReference (after {} minutes, you will be asked first)",
            FORGOTTEN_AFTER.num_minutes()
        ),
        _ if submission.maybe_sent => format!("no response yet; {start} to retry it (you will be asked first)"),
        _ if asked => format!("not sent; {start} to send it (you will be asked first)"),
        _ => format!(
            "not sent yet; {start} to send it (after {} minutes, you will be asked first)",
            FORGOTTEN_AFTER.num_minutes()
        ),
    }
}
