//! The drafts as this window holds them. Other windows change the ledger's at any time: each draft knows which of the
//! ledger's versions this window has read or written, and a write replaces only those.

use std::borrow::Cow;
use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::domain::draft::{DraftConflict, DraftId, DraftVersion, DraftWrite, KeptDraft};
use crate::domain::secret;
use crate::engine::news::News;
use crate::engine::purpose::Purpose;
use crate::engine::state::Engine;
use crate::engine::unsaved::{self, Matter};

/// The name of a draft in this window. It stays the same where the ledger's id becomes another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DraftKey(pub(crate) u64);

/// A draft in this window.
#[derive(Clone, Debug)]
pub struct HeldDraft {
    /// The ids of its targets, sorted, joined by blanks.
    pub targets: String,
    /// The text. An empty one is no draft; it is remembered so that a late answer of the ledger does not bring it back.
    pub text: String,
    /// When it was changed last.
    pub changed: DateTime<Utc>,
    /// Its name in the ledger, and the name it gets there where another window changed it.
    id: DraftId,
    beside: DraftId,
    version: DraftVersion,
    /// The versions that this window read or wrote.
    seen: Vec<DraftVersion>,
    /// The question to the ledger during which it was confirmed last.
    confirmed: u64,
    /// What another window made of it while it was being composed here.
    later: Option<Later>,
}

#[derive(Clone, Debug)]
enum Later {
    Changed(KeptDraft),
    Deleted,
}

/// All drafts of this window.
#[derive(Clone, Debug, Default)]
pub struct Drafts {
    held: BTreeMap<DraftKey, HeldDraft>,
    /// How often the ledger was asked for what others wrote.
    asked: u64,
    /// The one that is being composed.
    pub(crate) composed: Option<DraftKey>,
}

impl Drafts {
    /// The drafts for these targets, in an order that stays.
    pub fn of<'a>(&'a self, targets: &'a str) -> impl Iterator<Item = (DraftKey, &'a HeldDraft)> {
        self.iter().filter(move |(_, draft)| draft.targets == targets)
    }

    /// Every draft.
    pub fn iter(&self) -> impl Iterator<Item = (DraftKey, &HeldDraft)> {
        let held = self.held.iter().filter(|(_, draft)| !draft.text.is_empty());
        held.map(|(key, draft)| (*key, draft))
    }

    /// A draft, unless it is empty.
    #[must_use]
    pub fn get(&self, key: DraftKey) -> Option<&HeldDraft> {
        self.held.get(&key).filter(|draft| !draft.text.is_empty())
    }

    /// The draft for these targets that was changed last.
    pub(crate) fn newest(&self, targets: &str) -> Option<DraftKey> {
        let newest = self.of(targets).max_by_key(|(_, draft)| draft.changed);
        newest.map(|(key, _)| key)
    }

    /// Whether there is anything of it, also that it was deleted.
    pub(crate) fn knows(&self, key: DraftKey) -> bool {
        self.held.contains_key(&key)
    }

    /// The name of a draft of the ledger in this window.
    pub(crate) fn key_of(&self, id: &DraftId) -> Option<DraftKey> {
        self.held.iter().find(|(_, draft)| draft.id == *id).map(|(key, _)| *key)
    }

    /// The ledger is asked for what others wrote.
    pub(crate) fn asked(&mut self) {
        self.asked += 1;
    }

    /// The ledger holds a draft as it stands.
    pub(crate) fn confirmed(&mut self, key: DraftKey) {
        if let Some(draft) = self.held.get_mut(&key) {
            draft.confirmed = self.asked;
            draft.later = None;
        }
    }

    /// The text only ever existed in this window, and is elsewhere now.
    fn drop(&mut self, key: DraftKey) {
        self.held.remove(&key);
    }
}

/// A name for a new draft.
pub(crate) fn fresh(engine: &mut Engine) -> DraftKey {
    DraftKey(engine.number())
}

/// Gives a draft this text, without the credentials of signed URLs, which stay on the screen; an empty one deletes it.
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

/// What the ledger is to write for a draft. From then on it may hold this version.
pub(crate) fn write(engine: &mut Engine, key: DraftKey) -> Option<DraftWrite> {
    /// An answer of the ledger is never older than so many writes.
    const REMEMBERED: usize = 64;
    let draft = engine.drafts.held.get_mut(&key)?;
    let write = DraftWrite {
        id: draft.id.clone(),
        beside: draft.beside.clone(),
        targets: draft.targets.clone(),
        text: draft.text.clone(),
        replaces: draft.seen.clone(),
        version: draft.version.clone(),
    };
    if draft.seen.last() != Some(&draft.version) {
        draft.seen.push(draft.version.clone());
        let old = draft.seen.len().saturating_sub(REMEMBERED);
        draft.seen.drain(..old);
    }
    Some(write)
}

/// Takes a draft of the ledger. One that this window is working on (`busy`) stays as it is until that is over.
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

/// Other windows wrote; these are all drafts of the ledger.
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

/// These are all that the ledger held when it was asked: another window deleted the others.
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

/// Whether this window is working on a draft: what others make of it meanwhile does not take its place.
pub(crate) fn is_busy(engine: &Engine, key: DraftKey) -> bool {
    let is_edited = |purpose: &Purpose| matches!(purpose, Purpose::ExternalEditor(edited, _) if *edited == key);
    engine.drafts.composed == Some(key)
        || engine.unsaved.holds(&Matter::Draft(key))
        || engine.pending.values().any(is_edited)
}

/// Keeps this as the draft of that name; nothing is no draft.
pub(crate) fn put(engine: &mut Engine, draft: DraftKey, targets: &str, text: String) {
    set(engine, draft, targets, text);
    unsaved::save(engine, &[Matter::Draft(draft)]);
}

/// The ledger told its drafts, at the start or late: what was typed meanwhile is under them, and neither is lost. What is
/// being composed is left to the composer.
pub(crate) fn read(engine: &mut Engine, read: Vec<KeptDraft>) {
    // Only memory held these so far.
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

/// Puts a draft that no ledger holds under the stored one for the same targets, if there is one.
fn put_under_stored(engine: &mut Engine, typed: DraftKey, targets: &str) {
    let stored = engine.drafts.of(targets).filter(|(key, _)| *key != typed);
    let stored = stored.max_by_key(|(_, draft)| draft.changed);
    let text = stored.and_then(|(key, draft)| Some((key, joined(&draft.text, &engine.drafts.get(typed)?.text))));
    let Some((stored, text)) = text else { return };
    unsaved::forget(engine, &Matter::Draft(typed));
    engine.drafts.drop(typed);
    put(engine, stored, targets, text);
}

/// One text above the other; what is there already is not put there twice.
fn joined(above: &str, below: &str) -> String {
    if below.is_empty() || above == below {
        return above.to_owned();
    }
    if above.is_empty() {
        return below.to_owned();
    }
    format!("{}\n{below}", above.strip_suffix('\n').unwrap_or(above))
}

/// Nothing is done with a draft any more: what another window made of it meanwhile holds.
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

/// Another window had changed drafts that were written: ours are kept under other names from now on.
pub(crate) fn conflicted(engine: &mut Engine, conflicts: Vec<DraftConflict>) {
    for DraftConflict { beside, theirs } in conflicts {
        let next = engine.draft_id();
        let ours = engine.drafts.held.iter_mut().find(|(_, draft)| draft.beside == beside);
        // An answer to a second write under the old name tells nothing new.
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
