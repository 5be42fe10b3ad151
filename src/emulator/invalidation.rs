//! Invalidations, and each target's list of them.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::item::Item;
use super::random::Random;
use super::settings::Settings;

/// An invalidation. It never changes; its status depends only on the time.
#[derive(Debug, Clone)]
pub(crate) struct Invalidation {
    pub(crate) id: String,
    pub(crate) caller_reference: String,
    /// The items in the order the API returns them, which differs from the order in the request.
    pub(crate) items: Vec<Item>,
    pub(crate) created: DateTime<Utc>,
    /// When `GetInvalidation` starts to find the invalidation.
    pub(crate) visible: DateTime<Utc>,
    /// When viewers start to get new pages.
    pub(crate) effective: DateTime<Utc>,
    pub(crate) completed: DateTime<Utc>,
}

impl Invalidation {
    /// Creates an invalidation at `now`, with the delays from the settings.
    pub(crate) fn create(
        id: String,
        caller_reference: &str,
        mut items: Vec<Item>,
        now: DateTime<Utc>,
        settings: &Settings,
        random: &mut Random,
    ) -> Self {
        random.reorder(&mut items);
        let spread = random.below(settings.completion_spread_ms.saturating_add(1));
        let completed = after(now, settings.completion_delay_ms.saturating_add(spread));
        Self {
            id,
            caller_reference: caller_reference.to_owned(),
            items,
            created: now,
            visible: after(now, settings.visible_after_ms),
            effective: after(now, settings.effect_delay_ms).min(completed),
            completed,
        }
    }

    pub(crate) fn in_progress(&self, now: DateTime<Utc>) -> bool {
        now < self.completed
    }

    pub(crate) fn status(&self, now: DateTime<Utc>) -> &'static str {
        if self.in_progress(now) {
            "InProgress"
        } else {
            "Completed"
        }
    }

    /// Returns whether the invalidation has the same items, in any order.
    pub(crate) fn has_items(&self, items: &[Item]) -> bool {
        fn set(items: &[Item]) -> BTreeSet<&str> {
            items.iter().map(Item::text).collect()
        }
        set(&self.items) == set(items)
    }

    pub(crate) fn wildcards(&self) -> usize {
        self.items.iter().filter(|item| item.is_wildcard()).count()
    }
}

/// Adds milliseconds to `start`, saturating instead of overflowing.
pub(crate) fn after(start: DateTime<Utc>, milliseconds: u64) -> DateTime<Utc> {
    i64::try_from(milliseconds)
        .ok()
        .and_then(TimeDelta::try_milliseconds)
        .and_then(|delta| start.checked_add_signed(delta))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// All invalidations of one target, oldest first.
#[derive(Debug, Clone, Default)]
pub(crate) struct History {
    list: Vec<Invalidation>,
    by_id: HashMap<String, usize>,
    by_reference: HashMap<String, usize>,
}

impl History {
    pub(crate) fn push(&mut self, invalidation: Invalidation) {
        self.by_id.insert(invalidation.id.clone(), self.list.len());
        self.by_reference
            .insert(invalidation.caller_reference.clone(), self.list.len());
        self.list.push(invalidation);
    }

    /// Sorts the invalidations by creation time, after older ones have been added.
    pub(crate) fn sort(&mut self) {
        self.list.sort_by_key(|invalidation| invalidation.created);
        for (place, invalidation) in self.list.iter().enumerate() {
            self.by_id.insert(invalidation.id.clone(), place);
            self.by_reference.insert(invalidation.caller_reference.clone(), place);
        }
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Invalidation> {
        self.by_id.get(id).and_then(|index| self.list.get(*index))
    }

    pub(crate) fn by_reference(&self, reference: &str) -> Option<&Invalidation> {
        self.by_reference.get(reference).and_then(|index| self.list.get(*index))
    }

    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Invalidation> {
        self.list.iter().rev()
    }

    pub(crate) fn in_progress(&self, now: DateTime<Utc>) -> impl Iterator<Item = &Invalidation> {
        self.list
            .iter()
            .filter(move |invalidation| invalidation.in_progress(now))
    }
}
