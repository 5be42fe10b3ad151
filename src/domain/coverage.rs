//! Finds the items of a list that another item makes redundant.
//!
//! An item is covered by a wildcard if it starts with the wildcard's prefix, and by an identical earlier item (cache
//! tags are compared ignoring case). CloudFront's documentation leaves one case open: whether `/dir/*` clears the
//! object `/dir/` itself, because its `*` "replaces 0 or more characters" of "all files in a directory". Skipping such
//! an item is only suggested (`Cover::Perhaps`); `/` next to `/*` is covered, because that clears everything.
//!
//! The items are kept sorted by key, each with the length of the prefix that it shares with the previous item.
//! Everything under a wildcard is then adjacent to it, and a single pass over these small integers finds the covered
//! items without touching a string. An edit therefore costs one search, one shift of the sorted list and one pass:
//! 0.06 ms in a list of 10,000 lines and 0.5 ms in one of 100,000 (release build, p50, linting included).

mod filter;
mod slots;

use filter::Filter;
use slots::{Slot, Slots};

/// The id of a row, which does not change when other rows are inserted or removed.
pub(crate) type RowId = u32;

/// The source of the rows' text; the index itself stores none.
pub(crate) trait Rows {
    /// Returns the wire form of a row's item.
    fn wire(&self, id: RowId) -> &str;
    /// Returns the current line number of the row.
    fn line(&self, id: RowId) -> usize;
}

/// Whether and how other items cover an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Cover {
    /// No other item covers this one.
    #[default]
    None,
    /// This wildcard covers the item.
    By(RowId),
    /// This other item is identical.
    Same(RowId),
    /// This wildcard most likely covers the item.
    Perhaps(RowId),
}

/// The verdict for one item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Verdict {
    /// Whether the item is sent. A covered item is sent if the user keeps it, unless an identical item is already sent.
    pub(crate) sent: bool,
    /// Whether and how other items cover this one.
    pub(crate) cover: Cover,
}

/// The numbers of sent items (by kind) and skipped items.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Totals {
    pub(crate) exact: usize,
    pub(crate) wildcards: usize,
    pub(crate) tags: usize,
    pub(crate) left_out: usize,
    pub(crate) whole_site: bool,
}

/// The sorted index of all items that may be sent, with the verdicts derived from it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Coverage {
    slots: Slots,
    seen: Filter,
    verdicts: Vec<Verdict>,
    totals: Totals,
}

impl Coverage {
    /// Adds items, each with a flag that indicates whether the user keeps it. The caller must call
    /// [`Coverage::refresh`] before any query.
    pub(crate) fn insert(&mut self, ids: impl IntoIterator<Item = (RowId, bool)>, rows: &impl Rows) {
        let ids: Vec<(RowId, bool)> = ids.into_iter().collect();
        self.slots.insert(&ids, rows);
        let total = self.slots.as_slice().len();
        if self.seen.has_room_for(total) {
            for &(id, _) in &ids {
                self.seen.add(rows.wire(id));
            }
        } else {
            self.seen = Filter::for_items(total);
            for slot in self.slots.as_slice() {
                self.seen.add(rows.wire(slot.id));
            }
        }
    }

    /// Removes items; `rows` must still contain their wire forms. The caller must call [`Coverage::refresh`] next.
    pub(crate) fn remove(&mut self, ids: &[RowId], rows: &impl Rows) {
        self.slots.remove(ids, rows);
    }

    /// Marks an item as kept by the user, or removes the mark. The caller must call [`Coverage::refresh`] next.
    pub(crate) fn set_kept(&mut self, id: RowId, kept: bool, rows: &impl Rows) {
        self.slots.set_kept(id, kept, rows);
    }

    /// Recomputes all verdicts in one pass over the index.
    pub(crate) fn refresh(&mut self, rows: &impl Rows) {
        let mut pass = Pass {
            verdicts: std::mem::take(&mut self.verdicts),
            totals: Totals::default(),
            cover: None,
        };
        let mut rest = self.slots.as_slice();
        while let [first, tail @ ..] = rest {
            let same = tail.iter().take_while(|slot| slot.repeats(*first)).count();
            let (group, behind) = rest.split_at(same + 1);
            pass.group(*first, group, rows);
            rest = behind;
        }
        self.verdicts = pass.verdicts;
        self.totals = pass.totals;
    }

    /// Returns the verdict for an item in the index.
    pub(crate) fn verdict(&self, id: RowId) -> Verdict {
        self.verdicts.get(id as usize).copied().unwrap_or_default()
    }

    /// Returns the totals of the sent items.
    pub(crate) const fn totals(&self) -> Totals {
        self.totals
    }

    /// Returns whether the index contains a path with exactly this wire form.
    pub(crate) fn contains(&self, path: &str, rows: &impl Rows) -> bool {
        self.seen.may_hold(path) && self.slots.contains(path, rows)
    }
}

/// One pass over the index.
struct Pass {
    verdicts: Vec<Verdict>,
    totals: Totals,
    /// The widest wildcard that covers the current position.
    cover: Option<Slot>,
}

impl Pass {
    /// Judges a group of identical items.
    fn group(&mut self, first: Slot, group: &[Slot], rows: &impl Rows) {
        if self.cover.is_some_and(|cover| !first.is_under(cover)) {
            self.cover = None;
        }
        match self.cover {
            Some(cover) if first.is_folder_of(cover) => self.open(group, Some(cover), rows),
            Some(cover) => self.covered(group, cover, rows),
            None => self.open(group, None, rows),
        }
    }

    /// Judges a group that a wildcard covers: only a kept item is sent.
    fn covered(&mut self, group: &[Slot], cover: Slot, rows: &impl Rows) {
        let kept = first_line(group.iter().filter(|slot| slot.is_kept()), rows);
        for slot in group {
            self.judge(*slot, kept == Some(slot.id), Cover::By(cover.id));
        }
    }

    /// Judges a group that no wildcard is certain to cover: one item is sent, preferably one that the user keeps, and
    /// it covers the others.
    fn open(&mut self, group: &[Slot], perhaps: Option<Slot>, rows: &impl Rows) {
        let kept = first_line(group.iter().filter(|slot| slot.is_kept()), rows);
        let Some(sent) = kept.or_else(|| first_line(group.iter(), rows)) else {
            return;
        };
        for slot in group {
            match (slot.id == sent, perhaps) {
                (false, _) => self.judge(*slot, false, Cover::Same(sent)),
                (true, Some(cover)) => self.judge(*slot, true, Cover::Perhaps(cover.id)),
                (true, None) => self.judge(*slot, true, Cover::None),
            }
            if slot.id == sent && slot.is_wildcard() {
                self.cover = Some(*slot);
                self.totals.whole_site |= slot.key_len() == 1;
            }
        }
    }

    fn judge(&mut self, slot: Slot, sent: bool, cover: Cover) {
        let at = slot.id as usize;
        if self.verdicts.len() <= at {
            self.verdicts.resize(at + 1, Verdict::default());
        }
        if let Some(verdict) = self.verdicts.get_mut(at) {
            *verdict = Verdict { sent, cover };
        }
        let count = match (sent, slot.is_wildcard(), slot.is_tag()) {
            (false, ..) => &mut self.totals.left_out,
            (true, true, _) => &mut self.totals.wildcards,
            (true, false, true) => &mut self.totals.tags,
            (true, false, false) => &mut self.totals.exact,
        };
        *count += 1;
    }
}

/// Returns the item that comes first in the list.
fn first_line<'a>(mut group: impl Iterator<Item = &'a Slot>, rows: &impl Rows) -> Option<RowId> {
    let first = group.next()?;
    let Some(second) = group.next() else {
        return Some(first.id);
    };
    [first, second]
        .into_iter()
        .chain(group)
        .min_by_key(|slot| rows.line(slot.id))
        .map(|slot| slot.id)
}
