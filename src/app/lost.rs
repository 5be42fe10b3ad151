//! What the ledger does not hold although a person did it, in words: what is lost when the program ends now.

use super::model::{Model, Purpose};
use super::unsaved::Matter;
use crate::domain::distribution::Target;
use crate::domain::submission::SubmissionId;
use crate::domain::text::count;

/// Each thing that is not saved, for a list.
#[must_use]
pub fn names(model: &Model) -> Vec<String> {
    let matters = model.unsaved.matters().filter_map(|matter| name(model, matter));
    let pending = model.pending.values().filter_map(|purpose| asked(model, purpose));
    matters.chain(pending).collect()
}

/// Why it is not saved.
#[must_use]
pub fn reason(model: &Model) -> String {
    let failure = model.unsaved.failure().or(model.ledger.failure());
    failure.map_or_else(|| "the ledger has not answered yet".to_owned(), ToString::to_string)
}

fn name(model: &Model, matter: &Matter) -> Option<String> {
    match matter {
        Matter::Submission(id) => {
            let word = model.queue.get(id)?.state.word();
            Some(format!("{} is {word}", submission(model, id)))
        }
        Matter::Note(id) => Some(format!("the note of {}", submission(model, id))),
        Matter::Draft(key) => Some(match model.drafts.get(*key) {
            Some(draft) => {
                let lines = draft.text.lines().filter(|line| !line.trim().is_empty()).count();
                format!(
                    "the draft for {}, {}",
                    targets(model, &draft.targets),
                    count(lines, "line")
                )
            }
            None => "a draft is deleted".to_owned(),
        }),
        Matter::Favourite(target) if model.favourites.contains(target) => {
            Some(format!("{} is pinned", model.label(target)))
        }
        Matter::Favourite(target) => Some(format!("{} is no longer pinned", model.label(target))),
        Matter::NotPlanned(_) => Some("an invalidation that was not confirmed is not to be sent".to_owned()),
        Matter::BatchSizes(_) => Some("the batch sizes that CloudFront accepts".to_owned()),
    }
}

/// What a request that is under way writes besides.
fn asked(model: &Model, purpose: &Purpose) -> Option<String> {
    match purpose {
        Purpose::Plan(ids, _) => Some(format!("{} to be sent", count(ids.len(), "invalidation"))),
        Purpose::Note(id, _) => Some(format!("the note of {}", submission(model, id))),
        _ => None,
    }
}

fn submission(model: &Model, id: &SubmissionId) -> String {
    let Some(submission) = model.queue.get(id) else {
        return "an invalidation".to_owned();
    };
    let items = submission.batch.items();
    let first = items.first().map_or("", String::as_str);
    let more = match items.len() {
        0 | 1 => String::new(),
        several => format!(" +{}", several - 1),
    };
    format!("the invalidation {first}{more} of {}", submission.label)
}

/// The targets of a draft by their names.
pub(super) fn targets(model: &Model, key: &str) -> String {
    let ids: Vec<&str> = key.split(' ').collect();
    match ids.as_slice() {
        [id] => model.label(&Target::from_id(id)),
        several => count(several.len(), "target"),
    }
}
