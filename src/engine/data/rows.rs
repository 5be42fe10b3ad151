//! Rows that arrive page by page.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crate::domain::distribution::{Distribution, DistributionId, Tenant, TenantId};

/// A row with a key.
pub(super) trait Keyed {
    type Key: Clone + Eq + Hash;

    fn key(&self) -> &Self::Key;
}

impl Keyed for Distribution {
    type Key = DistributionId;

    fn key(&self) -> &DistributionId {
        &self.id
    }
}

impl Keyed for Tenant {
    type Key = TenantId;

    fn key(&self) -> &TenantId {
        &self.id
    }
}

/// Rows in CloudFront's order. Each keeps its place while the pages of a reload arrive.
#[derive(Clone, Debug)]
pub(super) struct Rows<T: Keyed> {
    all: Vec<T>,
    places: HashMap<T::Key, usize>,
    /// The keys received since the last reload started. A row whose key is still missing at the end no longer exists.
    seen: HashSet<T::Key>,
}

impl<T: Keyed> Default for Rows<T> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            places: HashMap::new(),
            seen: HashSet::new(),
        }
    }
}

impl<T: Keyed> Rows<T> {
    pub(super) fn all(&self) -> &[T] {
        &self.all
    }

    pub(super) fn get(&self, key: &T::Key) -> Option<&T> {
        self.places.get(key).and_then(|place| self.all.get(*place))
    }

    /// Starts a reload.
    pub(super) fn begin(&mut self) {
        self.seen.clear();
    }

    /// Adds a page: known rows keep their place, and new ones are appended. The last page removes the rows that were
    /// not received again.
    pub(super) fn take_page(&mut self, page: Vec<T>, is_last: bool) {
        for row in page {
            self.seen.insert(row.key().clone());
            self.put(row);
        }
        if is_last {
            self.forget_unseen();
        }
    }

    /// Replaces all rows with those of an earlier run, none of which counts as received in this run.
    pub(super) fn take_kept(&mut self, rows: Vec<T>) {
        *self = Self::default();
        for row in rows {
            self.put(row);
        }
    }

    /// Replaces a row with a more recent version.
    pub(super) fn replace(&mut self, row: T) {
        self.put(row);
    }

    fn put(&mut self, row: T) {
        let known = self.places.get(row.key()).and_then(|place| self.all.get_mut(*place));
        if let Some(known) = known {
            *known = row;
        } else {
            self.places.insert(row.key().clone(), self.all.len());
            self.all.push(row);
        }
    }

    fn forget_unseen(&mut self) {
        let seen = std::mem::take(&mut self.seen);
        self.all.retain(|row| seen.contains(row.key()));
        let rows = self.all.iter().enumerate();
        self.places = rows.map(|(place, row)| (row.key().clone(), place)).collect();
    }
}
