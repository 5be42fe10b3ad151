//! Changes that the ledger has not confirmed. A change only counts once it is durable. Until then, it is shown as
//! unsaved, the write is retried, and nothing that depends on it becomes durable without it.

pub(crate) mod state;

pub(crate) use state::UnsavedChange;
pub use state::{Saving, Unsaved};

use std::time::Duration;

use crate::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use crate::domain::submission::SubmissionId;
use crate::engine::effect::{Effect, LedgerOperation, RequestId};
use crate::engine::news::News;
use crate::engine::notices::state::Level;
use crate::engine::pending::LedgerRequest;
use crate::engine::preferences::Front;
use crate::engine::queue::stored;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use crate::engine::unsaved::state::Writing;

/// Writes the current state of these parts of the model, all or nothing. While the ledger is failing, only one write is
/// in flight at a time, and it contains everything that is waiting.
pub(crate) fn save(engine: &mut Engine, changes: &[UnsavedChange]) {
    let last = engine.unsaved.last.clone();
    for change in changes {
        let writing = engine.unsaved.changes.entry(change.clone()).or_default();
        writing.changed = true;
        writing.failure = writing.failure.take().or_else(|| last.clone());
    }
    if !engine.ledger.is_open() {
        // The changes are written when the ledger opens.
    } else if engine.unsaved.failures == 0 {
        ask(engine, changes);
    } else if !engine.unsaved.is_any_written() {
        save_all(engine);
    }
}

/// Writes all changes that are waiting to be saved.
pub(crate) fn save_all(engine: &mut Engine) {
    if !engine.ledger.is_open() {
        return;
    }
    let all = waiting(engine);
    ask(engine, &all);
}

/// Returns the unsaved changes that can be saved and are not being written yet.
fn waiting(engine: &Engine) -> Vec<UnsavedChange> {
    let waits = |writing: &Writing| writing.may_pass() && (writing.request.is_none() || writing.changed);
    let waiting = engine.unsaved.changes.iter().filter(|(_, writing)| waits(writing));
    waiting.map(|(change, _)| change.clone()).collect()
}

fn ask(engine: &mut Engine, changes: &[UnsavedChange]) {
    if changes.is_empty() {
        return;
    }
    let mut operations = Vec::new();
    let request = engine.request(LedgerRequest::Save);
    for change in changes {
        operations.extend(carried(engine, change, request));
    }
    if !engine.is_timed(&TimerKind::Saving) {
        engine.timer(TimerKind::Saving, SLOW);
    }
    match operations.len() {
        0 => drop(engine.pending.take::<LedgerRequest>(request)),
        1 => operations
            .into_iter()
            .for_each(|operation| engine.ask(Effect::Ledger { request, operation })),
        _ => engine.ask(Effect::Ledger {
            request,
            operation: LedgerOperation::Together(operations),
        }),
    }
}

/// Returns the write for an unsaved change and marks the change as being written by this request. A change whose
/// subject no longer exists is dropped.
fn carried(engine: &mut Engine, change: &UnsavedChange, request: RequestId) -> Option<LedgerOperation> {
    let operation = operation(engine, change);
    if operation.is_some() {
        confirmed_by(engine, change, request);
    } else {
        engine.unsaved.changes.remove(change);
    }
    operation
}

fn operation(engine: &mut Engine, change: &UnsavedChange) -> Option<LedgerOperation> {
    match change {
        UnsavedChange::Submission(id) => stored::as_it_stands(engine, id),
        UnsavedChange::NotPlanned(id) => Some(LedgerOperation::Forget(vec![id.clone()])),
        UnsavedChange::Note(id) => engine.unsaved.notes.get(id).map(|note| LedgerOperation::Note {
            submission: id.clone(),
            note: note.clone(),
        }),
        UnsavedChange::Draft(key) => engine.drafts.write(*key).map(LedgerOperation::Draft),
        UnsavedChange::Favorite(target) => Some(LedgerOperation::Favorite {
            target: target.clone(),
            on: engine.favorites.contains(target),
        }),
        UnsavedChange::BatchSizes(owner) => stored::learned(engine, owner).map(LedgerOperation::BatchSizes),
    }
}

/// Records that this request writes a change, so that the reply to it decides whether the change is saved.
pub(crate) fn confirmed_by(engine: &mut Engine, change: &UnsavedChange, request: RequestId) {
    if let Some(writing) = engine.unsaved.changes.get_mut(change) {
        writing.request = Some(request);
        writing.changed = false;
    }
}

/// Returns the writes for unsaved changes that may be replaced, such as the final states of submissions without effect.
/// These writes must become durable together with whatever replaces the changes.
pub(crate) fn beneath(engine: &mut Engine, request: RequestId) -> Vec<LedgerOperation> {
    let is_over = |change: &UnsavedChange| match change {
        UnsavedChange::Submission(id) => engine.queue.get(id).is_some_and(|s| s.state.may_be_replaced()),
        UnsavedChange::NotPlanned(_) => true,
        UnsavedChange::Note(_)
        | UnsavedChange::Draft(_)
        | UnsavedChange::Favorite(_)
        | UnsavedChange::BatchSizes(_) => false,
    };
    let changes = engine.unsaved.changes.iter();
    let over = changes.filter(|(change, writing)| writing.may_pass() && is_over(change));
    let over: Vec<_> = over.map(|(change, _)| change.clone()).collect();
    over.iter()
        .filter_map(|change| carried(engine, change, request))
        .collect()
}

/// Removes a change that no longer has to be saved.
pub(crate) fn forget(engine: &mut Engine, change: &UnsavedChange) {
    engine.unsaved.changes.remove(change);
}

/// Records that a change was stored outside the ledger; `sentence` says where.
pub(crate) fn kept_elsewhere(engine: &mut Engine, change: &UnsavedChange, sentence: String) {
    forget(engine, change);
    engine.unsaved.elsewhere.push(sentence);
}

/// Records that a note could not be written while the program was exiting. The write is retried, as for any other
/// change.
pub(crate) fn note_failed(engine: &mut Engine, id: &SubmissionId, note: Option<String>, failure: &LedgerFailure) {
    let change = UnsavedChange::Note(id.clone());
    engine.unsaved.notes.insert(id.clone(), note);
    engine.unsaved.changes.entry(change.clone()).or_default().changed = true;
    failed(engine, &[change], true, failure);
}

/// Confirms the changes that a request wrote, or records that the write failed. `by_itself` is set if the operation
/// wrote nothing else.
pub(crate) fn answered(engine: &mut Engine, request: RequestId, by_itself: bool, failure: Option<&LedgerFailure>) {
    let of_it = engine.unsaved.of(request);
    match failure {
        None => confirmed(engine, &of_it),
        Some(failure) if !of_it.is_empty() => failed(engine, &of_it, by_itself, failure),
        Some(_) => {}
    }
    if !engine.unsaved.is_any_written() {
        engine.cancel_timer(&TimerKind::Saving);
        if std::mem::take(&mut engine.unsaved.slow) {
            engine.touch();
        }
    }
}

/// Tells the user that a write is taking a long time.
pub(crate) fn is_slow(engine: &mut Engine) {
    engine.unsaved.slow = engine.unsaved.is_any_written();
    engine.touch();
}

/// Confirms these changes and, because the ledger is working, writes the changes that are still waiting.
fn confirmed(engine: &mut Engine, changes: &[UnsavedChange]) {
    for change in changes {
        let Some(writing) = engine.unsaved.changes.get_mut(change) else {
            continue;
        };
        writing.request = None;
        if !writing.changed {
            engine.unsaved.changes.remove(change);
            match change {
                UnsavedChange::Draft(key) => {
                    engine.drafts.confirmed(*key);
                    engine.tell(News::DraftWritten(*key));
                }
                UnsavedChange::Note(id) => note_written(engine, id),
                UnsavedChange::Submission(_)
                | UnsavedChange::NotPlanned(_)
                | UnsavedChange::Favorite(_)
                | UnsavedChange::BatchSizes(_) => {}
            }
        }
    }
    engine.unsaved.failures = 0;
    if engine.unsaved.last.is_some() && engine.unsaved.waiting() == 0 {
        engine.unsaved.last = None;
        engine.cancel_timer(&TimerKind::Save);
        engine.say(Level::Done, "All earlier changes are now saved");
    }
    save_all(engine);
}

fn note_written(engine: &mut Engine, id: &SubmissionId) {
    if let Some(note) = engine.unsaved.notes.remove(id) {
        engine.tell(News::NoteWritten(id.clone(), note));
    }
}

fn failed(engine: &mut Engine, changes: &[UnsavedChange], by_itself: bool, failure: &LedgerFailure) {
    let together = (changes.len() > 1 || !by_itself) && failure.kind == LedgerFailureKind::Conflict;
    for change in changes {
        if let Some(writing) = engine.unsaved.changes.get_mut(change) {
            writing.request = None;
            writing.failure = (!together).then(|| failure.clone()).or(writing.failure.take());
        }
    }
    if together {
        // One of these changes blocks the others, so write each one separately.
        return changes
            .iter()
            .for_each(|change| ask(engine, std::slice::from_ref(change)));
    }
    if engine.unsaved.last.is_none() || !failure.may_pass() {
        tell(engine, failure);
    }
    if failure.may_pass() {
        engine.unsaved.failures += 1;
        engine.unsaved.last = Some(failure.clone());
        await_ledger(engine);
    }
    engine.tell(News::WriteFailed(failure.clone()));
    engine.touch();
}

fn tell(engine: &mut Engine, failure: &LedgerFailure) {
    let then = if failure.may_pass() {
        "Saving will be retried automatically"
    } else {
        "Restart invalidash to see what is saved"
    };
    // A headless command prints warnings; failures of its own work appear in its document.
    let level = match engine.preferences.front {
        Front::Script => Level::Warning,
        Front::Dashboard | Front::Overview => Level::Error,
    };
    engine.say(level, format!("Not saved yet: {failure}. {then}"));
}

fn await_ledger(engine: &mut Engine) {
    let after = if engine.ends {
        WHILE_ENDING
    } else {
        again_after(engine.unsaved.failures)
    };
    engine.restart_timer(TimerKind::Save, after);
}

/// The time after which a write in flight is shown as slow.
const SLOW: Duration = Duration::from_secs(1);

/// The retry interval while the program waits to exit.
const WHILE_ENDING: Duration = Duration::from_millis(250);

/// Returns the retry delay after this many failures.
fn again_after(failures: u32) -> Duration {
    const LONGEST: u64 = 15;
    Duration::from_secs((1 << failures.saturating_sub(1).min(4)).min(LONGEST))
}

#[cfg(test)]
mod tests {
    use crate::engine::unsaved::*;

    #[test]
    fn a_write_is_tried_again_soon_and_then_seldom() {
        let seconds = [1, 2, 3, 4, 5, 6, u32::MAX].map(|failures| again_after(failures).as_secs());
        assert_eq!(seconds, [1, 2, 4, 8, 15, 15, 15]);
    }
}
