//! Remarks that a list shows only once, on the topmost line that they concern.

use std::collections::BTreeMap;

use crate::domain::coverage::RowId;
use crate::domain::lint::{self, Code, Codes, Context};

/// A remark, and the index of the cache behavior that it concerns.
pub(super) type Topic = (Code, usize);

/// The number of rows and the topmost row for each remark.
#[derive(Debug, Clone, Default)]
pub(super) struct Once(BTreeMap<Topic, Group>);

#[derive(Debug, Clone, Default)]
struct Group {
    rows: usize,
    /// The topmost row; `None` means unknown.
    first: Option<RowId>,
}

/// Returns the topics of a line's remarks, limited to remarks that a list shows only once.
pub(super) fn topics(raw: &str, codes: Codes, context: &Context) -> Vec<Topic> {
    let codes = codes.among(lint::ONCE);
    let topic = |code| Some((code, lint::topic(raw, code, context)?));
    codes.iter().filter_map(topic).collect()
}

impl Once {
    /// Adds a row.
    pub(super) fn enter(&mut self, id: RowId, topics: &[Topic], line: impl Fn(RowId) -> usize) {
        for topic in topics {
            let group = self.0.entry(*topic).or_default();
            let is_above = |first: RowId| line(id) < line(first);
            if group.rows == 0 || group.first.is_some_and(is_above) {
                group.first = Some(id);
            }
            group.rows += 1;
        }
    }

    /// Removes a row.
    pub(super) fn leave(&mut self, id: RowId, topics: &[Topic]) {
        for topic in topics {
            let Some(group) = self.0.get_mut(topic) else { continue };
            group.rows = group.rows.saturating_sub(1);
            group.first = group.first.filter(|first| *first != id);
            if group.rows == 0 {
                self.0.remove(topic);
            }
        }
    }

    /// Removes all rows.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Returns whether the topmost row of any remark is unknown.
    pub(super) fn is_open(&self) -> bool {
        self.0.values().any(|group| group.first.is_none())
    }

    /// Determines the unknown topmost rows by going through these rows, which are in list order.
    pub(super) fn settle(&mut self, rows: impl Iterator<Item = (RowId, Vec<Topic>)>) {
        for (id, topics) in rows {
            for topic in &topics {
                if let Some(group) = self.0.get_mut(topic).filter(|group| group.first.is_none()) {
                    group.first = Some(id);
                }
            }
            if !self.is_open() {
                return;
            }
        }
    }

    /// Returns whether the remark is shown on this row.
    pub(super) fn is_made_on(&self, id: RowId, topic: &Topic) -> bool {
        self.0.get(topic).is_some_and(|group| group.first == Some(id))
    }
}
