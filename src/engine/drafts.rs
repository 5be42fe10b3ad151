//! The drafts of this window. Other windows may change them in the ledger at any time, so each draft records which of
//! the ledger's versions this window has read or written, and a write replaces only those.

pub(crate) mod state;

pub use state::{Draft, DraftKey, Drafts, HeldDraft};

use std::borrow::Cow;

use crate::domain::draft::{DraftConflict, DraftVersion, KeptDraft};
use crate::domain::secret;
use crate::engine::drafts::state::Later;
use crate::engine::news::News;
use crate::engine::pending::EditorRequest;
use crate::engine::state::Engine;
use crate::engine::unsaved;
use crate::engine::unsaved::state::UnsavedChange;

/// Returns a key for a new draft.
pub(crate) fn fresh(engine: &mut Engine) -> DraftKey {
    DraftKey(engine.number())
}

/// Sets a draft's text without the credentials in signed URLs, which stay on screen but are not stored. Empty text
/// deletes the draft.
pub(crate) fn set(engine: &mut Engine, key: DraftKey, targets: &str, text: String) {
    let text = match secret::stripped(&text) {
        Cow::Borrowed(_) => text,
        Cow::Owned(stripped) => stripped,
    };
    if !engine.drafts.knows(key) && text.is_empty() {
        return;
    }
    let (version, changed) = (engine.draft_version(), engine.now);
    if let Some(draft) = engine.drafts.held.get_mut(&key) {
        (draft.text, draft.changed, draft.version) = (text, changed, version);
        return;
    }
    let kept = KeptDraft {
        id: engine.draft_id(),
        targets: targets.to_owned(),
        text,
        changed,
        version,
    };
    let draft = held(engine, kept, Vec::new());
    engine.drafts.held.insert(key, draft);
}

fn held(engine: &mut Engine, kept: KeptDraft, seen: Vec<DraftVersion>) -> HeldDraft {
    HeldDraft {
        targets: kept.targets,
        text: kept.text,
        changed: kept.changed,
        id: kept.id,
        beside: engine.draft_id(),
        version: kept.version,
        seen,
        confirmed: engine.drafts.asked,
        later: None,
    }
}

/// Adopts a draft from the ledger. A draft that this window is working on (`busy`) stays unchanged until that work is
/// finished.
pub(crate) fn take(engine: &mut Engine, kept: KeptDraft, busy: bool) -> DraftKey {
    let key = engine.drafts.key_of(&kept.id);
    let Some((key, draft)) = key.and_then(|key| Some((key, engine.drafts.held.get_mut(&key)?))) else {
        let key = fresh(engine);
        let seen = vec![kept.version.clone()];
        let draft = held(engine, kept, seen);
        engine.drafts.held.insert(key, draft);
        return key;
    };
    if !draft.seen.contains(&kept.version) {
        draft.later = Some(Later::Changed(kept));
    }
    if !busy {
        settle(engine, key);
    }
    key
}

/// Adopts the changes made by other windows; `read` contains all drafts in the ledger.
pub(crate) fn others_wrote(engine: &mut Engine, read: Vec<KeptDraft>) {
    forget_all_but(engine, &read);
    for kept in read {
        let known = engine.drafts.key_of(&kept.id);
        let busy = known.is_some_and(|key| is_busy(engine, key));
        let key = take(engine, kept, busy);
        if known.is_none() {
            engine.tell(News::DraftElsewhere(key));
        }
    }
}

/// Deletes the drafts that another window has deleted: those missing from `read`, which contains all drafts in the
/// ledger.
fn forget_all_but(engine: &mut Engine, read: &[KeptDraft]) {
    let (held, asked) = (&engine.drafts.held, engine.drafts.asked);
    let is_gone = |draft: &HeldDraft| draft.confirmed < asked && read.iter().all(|kept| kept.id != draft.id);
    let gone: Vec<_> = held.iter().filter(|(_, draft)| is_gone(draft)).collect();
    let gone: Vec<_> = gone.into_iter().map(|(key, _)| *key).collect();
    for key in gone {
        if let Some(draft) = engine.drafts.held.get_mut(&key) {
            draft.later = Some(Later::Deleted);
        }
        if !is_busy(engine, key) {
            settle(engine, key);
        }
    }
}

/// Returns whether this window is working on a draft. While it is, changes by other windows do not replace the draft.
pub(crate) fn is_busy(engine: &Engine, key: DraftKey) -> bool {
    engine.drafts.composed == Some(key)
        || engine.unsaved.holds(&UnsavedChange::Draft(key))
        || engine.pending.any(|edited: &EditorRequest| edited.draft == key)
}

/// Saves the text as the draft with this key. Empty text deletes the draft.
pub(crate) fn put(engine: &mut Engine, draft: DraftKey, targets: &str, text: String) {
    set(engine, draft, targets, text);
    unsaved::save(engine, &[UnsavedChange::Draft(draft)]);
}

/// Adopts the ledger's drafts, at startup or later. Text typed before they arrived is appended to them, so that neither
/// is lost. The composer handles the draft being composed.
pub(crate) fn read(engine: &mut Engine, read: Vec<KeptDraft>) {
    // Until now, these drafts existed only in memory.
    let typed = engine.drafts.iter().map(|(key, draft)| (key, draft.targets.clone()));
    let typed: Vec<_> = typed.collect();
    let composed = engine.drafts.composed;
    for kept in read {
        take(engine, kept, false);
    }
    for (key, targets) in typed.into_iter().filter(|(key, _)| composed != Some(*key)) {
        put_under_stored(engine, key, &targets);
    }
}

/// Appends a draft that is not in the ledger to the newest other draft for the same targets, if there is one.
fn put_under_stored(engine: &mut Engine, typed: DraftKey, targets: &str) {
    let stored = engine.drafts.of(targets).filter(|(key, _)| *key != typed);
    let stored = stored.max_by_key(|(_, draft)| draft.changed);
    let text = stored.and_then(|(key, draft)| Some((key, joined(&draft.text, &engine.drafts.get(typed)?.text))));
    let Some((stored, text)) = text else { return };
    unsaved::forget(engine, &UnsavedChange::Draft(typed));
    engine.drafts.drop(typed);
    put(engine, stored, targets, text);
}

/// Joins two texts, one above the other. Identical texts are not repeated.
fn joined(above: &str, below: &str) -> String {
    if below.is_empty() || above == below {
        return above.to_owned();
    }
    if above.is_empty() {
        return below.to_owned();
    }
    format!("{}\n{below}", above.strip_suffix('\n').unwrap_or(above))
}

/// Ends the work on a draft. If another window wrote a version in the meantime, that version now applies.
pub(crate) fn settle(engine: &mut Engine, key: DraftKey) {
    let Some(draft) = engine.drafts.held.get_mut(&key) else {
        return;
    };
    match draft.later.take() {
        None => {}
        Some(Later::Deleted) => draft.text.clear(),
        Some(Later::Changed(kept)) => {
            (draft.text, draft.changed) = (kept.text, kept.changed);
            draft.seen.push(kept.version.clone());
            draft.version = kept.version;
        }
    }
}

/// Resolves conflicts with other windows' changes by recording that this window's drafts are now stored under new ids.
pub(crate) fn conflicted(engine: &mut Engine, conflicts: Vec<DraftConflict>) {
    for DraftConflict { beside, theirs } in conflicts {
        let next = engine.draft_id();
        let ours = engine.drafts.held.iter_mut().find(|(_, draft)| draft.beside == beside);
        // A response to a second write under the old id contains nothing new.
        let Some((key, draft)) = ours else { continue };
        let key = *key;
        draft.id = std::mem::replace(&mut draft.beside, next);
        draft.later = None;
        if let Some(theirs) = theirs {
            take(engine, theirs, false);
            engine.tell(News::DraftDoubled(key));
        }
    }
}
