//! Describes the user's unsaved changes, which would be lost if the program exited now.

use crate::domain::distribution::Target;
use crate::domain::submission::SubmissionId;
use crate::domain::text::count;
use crate::engine::pending::LedgerRequest;
use crate::engine::state::Engine;
use crate::engine::unsaved::state::UnsavedChange;

/// Returns a description of each unsaved change, for a list.
#[must_use]
pub fn names(engine: &Engine) -> Vec<String> {
    let changes = engine.unsaved.changes().filter_map(|change| name(engine, change));
    let pending = engine.pending.of().values().filter_map(|kind| asked(engine, kind));
    changes.chain(pending).collect()
}

/// Returns why the changes are not saved.
#[must_use]
pub fn reason(engine: &Engine) -> String {
    let failure = engine.unsaved.failure().or(engine.ledger.failure());
    failure.map_or_else(|| "the ledger has not responded yet".to_owned(), ToString::to_string)
}

fn name(engine: &Engine, change: &UnsavedChange) -> Option<String> {
    match change {
        UnsavedChange::Submission(id) => {
            let word = engine.queue.get(id)?.state.word();
            Some(format!("the {word} status of {}", submission(engine, id)))
        }
        UnsavedChange::Note(id) => Some(format!("the note on {}", submission(engine, id))),
        UnsavedChange::Draft(key) => Some(match engine.drafts.get(*key) {
            Some(draft) => {
                let lines = draft.text.lines().filter(|line| !line.trim().is_empty()).count();
                format!(
                    "the draft for {}, {}",
                    targets(engine, &draft.targets),
                    count(lines, "line")
                )
            }
            None => "the deletion of a draft".to_owned(),
        }),
        UnsavedChange::Favorite(target) if engine.favorites.contains(target) => {
            Some(format!("pinning {}", engine.label(target)))
        }
        UnsavedChange::Favorite(target) => Some(format!("unpinning {}", engine.label(target))),
        UnsavedChange::NotPlanned(_) => Some("the deletion of an invalidation that was never confirmed".to_owned()),
        UnsavedChange::BatchSizes(_) => Some("the batch sizes that CloudFront accepts".to_owned()),
    }
}

/// Describes what a pending request is trying to write, unless `Unsaved` already records that.
fn asked(engine: &Engine, kind: &LedgerRequest) -> Option<String> {
    match kind {
        LedgerRequest::Plan(ids, _) => Some(format!("{} to be sent", count(ids.len(), "invalidation"))),
        LedgerRequest::Note(id, _) => Some(format!("the note on {}", submission(engine, id))),
        _ => None,
    }
}

fn submission(engine: &Engine, id: &SubmissionId) -> String {
    let Some(submission) = engine.queue.get(id) else {
        return "an invalidation".to_owned();
    };
    let items = submission.batch.items();
    let first = items.first().map_or("", String::as_str);
    let more = match items.len() {
        0 | 1 => String::new(),
        several => format!(" +{}", several - 1),
    };
    format!("the invalidation {first}{more} for {}", submission.label)
}

/// Names the targets of a draft.
pub(crate) fn targets(engine: &Engine, key: &str) -> String {
    let ids: Vec<&str> = key.split(' ').collect();
    match ids.as_slice() {
        [id] => engine.label(&Target::from_id(id)),
        several => count(several.len(), "target"),
    }
}
