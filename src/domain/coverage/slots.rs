//! The sorted list behind [`super::Coverage`].

use std::cmp::Ordering;

use super::{RowId, Rows};

/// The maximum number of slots that are removed one by one; more are removed in a single sweep.
const FEW: usize = 8;

/// An item in the index, in eight bytes.
///
/// The key of an item is its wire form, without the `*` if it is a wildcard. Keys are compared as bytes, ignoring case
/// for tags; if a wildcard and a path have the same key, the wildcard comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) id: RowId,
    /// The length of the key in the low twelve bits (at most 4,000), with flags above.
    len: u16,
    /// The number of leading bytes that the key shares with the previous slot.
    shared: u16,
}

impl Slot {
    const LEN: u16 = 0x0fff;
    const WILDCARD: u16 = 0x8000;
    const TAG: u16 = 0x4000;
    const KEPT: u16 = 0x2000;
    const FOLDER: u16 = 0x1000;

    pub(super) fn new(id: RowId, wire: &str, kept: bool) -> Self {
        let Key { text, wildcard } = Key::of(wire);
        let len = u16::try_from(text.len()).unwrap_or(Self::LEN).min(Self::LEN);
        let flag = |set: bool, bit: u16| if set { bit } else { 0 };
        let kind = flag(wildcard, Self::WILDCARD) | flag(text.first() == Some(&b'#'), Self::TAG);
        let folder = flag(text.last() == Some(&b'/'), Self::FOLDER);
        Self {
            id,
            len: len | kind | folder | flag(kept, Self::KEPT),
            shared: 0,
        }
    }

    pub(super) const fn key_len(self) -> u16 {
        self.len & Self::LEN
    }

    pub(super) const fn is_wildcard(self) -> bool {
        self.len & Self::WILDCARD != 0
    }

    pub(super) const fn is_tag(self) -> bool {
        self.len & Self::TAG != 0
    }

    pub(super) const fn is_kept(self) -> bool {
        self.len & Self::KEPT != 0
    }

    /// Returns whether the slot is the same item as `first`, given that all slots between them are as well.
    pub(super) const fn repeats(self, first: Self) -> bool {
        self.shared == self.key_len() && self.key_len() == first.key_len() && self.is_wildcard() == first.is_wildcard()
    }

    /// Returns whether the key starts with the key of `cover`, given that the previous slot's key does.
    pub(super) const fn is_under(self, cover: Self) -> bool {
        self.shared >= cover.key_len()
    }

    /// Returns whether the slot is the folder of the wildcard `cover`, e.g. `/dir/` for `/dir/*`. The root does not
    /// count.
    pub(super) const fn is_folder_of(self, cover: Self) -> bool {
        self.key_len() == cover.key_len() && self.len & Self::FOLDER != 0 && self.key_len() > 1 && !self.is_wildcard()
    }
}

/// The sort key of a slot.
#[derive(Clone, Copy)]
struct Key<'a> {
    text: &'a [u8],
    wildcard: bool,
}

impl<'a> Key<'a> {
    fn of(wire: &'a str) -> Self {
        match wire.as_bytes() {
            [prefix @ .., b'*'] if prefix.first() != Some(&b'#') => Self {
                text: prefix,
                wildcard: true,
            },
            text => Self { text, wildcard: false },
        }
    }

    fn is_tag(self) -> bool {
        self.text.first() == Some(&b'#')
    }

    fn cmp(self, other: Self) -> Ordering {
        let by_text = if self.is_tag() && other.is_tag() {
            lower(self.text).cmp(lower(other.text))
        } else {
            self.text.cmp(other.text)
        };
        by_text.then(other.wildcard.cmp(&self.wildcard))
    }

    fn shared(self, other: Self) -> u16 {
        let count = if self.is_tag() && other.is_tag() {
            let pairs = self.text.iter().zip(other.text);
            pairs.take_while(|(a, b)| a.eq_ignore_ascii_case(b)).count()
        } else {
            common(self.text, other.text)
        };
        u16::try_from(count).unwrap_or(Slot::LEN)
    }
}

/// Returns the number of leading bytes that two texts share, comparing eight at a time.
fn common(a: &[u8], b: &[u8]) -> usize {
    let (words, others) = (a.as_chunks::<8>().0, b.as_chunks::<8>().0);
    let mut at = 0;
    for (word, other) in words.iter().zip(others) {
        let differs = u64::from_le_bytes(*word) ^ u64::from_le_bytes(*other);
        if differs != 0 {
            return at + differs.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let tails = a.get(at..).unwrap_or_default().iter();
    at + tails
        .zip(b.get(at..).unwrap_or_default())
        .take_while(|(a, b)| a == b)
        .count()
}

fn lower(text: &[u8]) -> impl Iterator<Item = u8> {
    text.iter().map(u8::to_ascii_lowercase)
}

/// The slots, sorted by key.
#[derive(Debug, Clone, Default)]
pub(super) struct Slots(Vec<Slot>);

impl Slots {
    pub(super) fn as_slice(&self) -> &[Slot] {
        &self.0
    }

    /// Inserts any number of items: sorts them, then shifts the old slots into place from the end.
    pub(super) fn insert(&mut self, ids: &[(RowId, bool)], rows: &impl Rows) {
        let slot = |&(id, kept)| {
            let wire = rows.wire(id);
            (Key::of(wire), Slot::new(id, wire, kept))
        };
        let mut fresh: Vec<(Key<'_>, Slot)> = ids.iter().map(slot).collect();
        fresh.sort_by(|(a, _), (b, _)| a.cmp(*b));
        let mut end = self.0.len();
        self.0.extend(fresh.iter().map(|(_, slot)| slot));
        let mut places = vec![0; fresh.len()];
        for (before, ((key, slot), place)) in fresh.iter().zip(&mut places).enumerate().rev() {
            let at = self.upper_bound(*key, end, rows);
            self.0.copy_within(at..end, at + before + 1);
            *place = at + before;
            if let Some(free) = self.0.get_mut(at + before) {
                *free = *slot;
            }
            end = at;
        }
        self.share_all(&places, &fresh, rows);
    }

    /// Computes the lengths of the prefixes that the slots at `places` share with their neighbors. If slots
    /// have been inserted next to each other, as when a whole list is pasted, their keys are already available.
    fn share_all(&mut self, places: &[usize], fresh: &[(Key<'_>, Slot)], rows: &impl Rows) {
        let mut before: Option<(usize, Key<'_>)> = None;
        for (&at, &(key, _)) in places.iter().zip(fresh) {
            match before {
                Some((place, previous)) if place + 1 == at => {
                    if let Some(slot) = self.0.get_mut(at) {
                        slot.shared = previous.shared(key);
                    }
                }
                Some((place, _)) => {
                    self.share(place + 1, rows);
                    self.share(at, rows);
                }
                None => self.share(at, rows),
            }
            before = Some((at, key));
        }
        if let Some((place, _)) = before {
            self.share(place + 1, rows);
        }
    }

    /// Removes the items with these ids.
    pub(super) fn remove(&mut self, ids: &[RowId], rows: &impl Rows) {
        if ids.len() <= FEW {
            for &id in ids {
                self.remove_one(id, rows);
            }
        } else {
            self.sweep(ids);
        }
    }

    pub(super) fn set_kept(&mut self, id: RowId, kept: bool, rows: &impl Rows) {
        let slot = self.position(id, rows).and_then(|at| self.0.get_mut(at));
        if let Some(slot) = slot {
            slot.len = if kept {
                slot.len | Slot::KEPT
            } else {
                slot.len & !Slot::KEPT
            };
        }
    }

    pub(super) fn contains(&self, wire: &str, rows: &impl Rows) -> bool {
        let key = Key::of(wire);
        let at = self
            .0
            .partition_point(|slot| Key::of(rows.wire(slot.id)).cmp(key).is_lt());
        self.0
            .get(at)
            .is_some_and(|slot| Key::of(rows.wire(slot.id)).cmp(key).is_eq())
    }

    fn remove_one(&mut self, id: RowId, rows: &impl Rows) {
        let Some(at) = self.position(id, rows) else { return };
        let gone = self.0.remove(at);
        if let Some(next) = self.0.get_mut(at) {
            next.shared = next.shared.min(gone.shared);
        }
    }

    /// Removes many slots in one pass: the length of the prefix that a slot shares with its new neighbor is the minimum
    /// of the lengths in between.
    fn sweep(&mut self, ids: &[RowId]) {
        let size = ids.iter().max().map_or(0, |&id| id as usize + 1);
        let mut gone = vec![false; size];
        for &id in ids {
            if let Some(mark) = gone.get_mut(id as usize) {
                *mark = true;
            }
        }
        let mut shared = u16::MAX;
        self.0.retain_mut(|slot| {
            shared = shared.min(slot.shared);
            if gone.get(slot.id as usize) == Some(&true) {
                return false;
            }
            slot.shared = shared;
            shared = u16::MAX;
            true
        });
    }

    fn position(&self, id: RowId, rows: &impl Rows) -> Option<usize> {
        let key = Key::of(rows.wire(id));
        let start = self
            .0
            .partition_point(|slot| Key::of(rows.wire(slot.id)).cmp(key).is_lt());
        let offset = self.0.get(start..)?.iter().position(|slot| slot.id == id)?;
        Some(start + offset)
    }

    /// Returns the first position in `..end` that follows all keys up to and including `key`. The search starts at the
    /// end and takes growing steps, because slots inserted in sorted order end up near each other.
    fn upper_bound(&self, key: Key<'_>, end: usize, rows: &impl Rows) -> usize {
        let is_greater = |slot: &Slot| Key::of(rows.wire(slot.id)).cmp(key).is_gt();
        let (mut high, mut step) = (end, 1);
        loop {
            let low = high.saturating_sub(step);
            if low == high || !self.0.get(low).is_some_and(is_greater) {
                let window = self.0.get(low..high).unwrap_or_default();
                return low + window.partition_point(|slot| !is_greater(slot));
            }
            (high, step) = (low, step * 2);
        }
    }

    /// Computes the length of the prefix that the slot at `at` shares with the slot before it.
    fn share(&mut self, at: usize, rows: &impl Rows) {
        let key = |slot: &Slot| Key::of(rows.wire(slot.id));
        let before = at.checked_sub(1).and_then(|before| self.0.get(before)).map(key);
        if let Some(slot) = self.0.get_mut(at) {
            slot.shared = before.map_or(0, |before| before.shared(Key::of(rows.wire(slot.id))));
        }
    }
}
