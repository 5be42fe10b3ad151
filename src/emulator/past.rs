//! Invalidations that were made before anybody looked, told from outside.

use chrono::{DateTime, Utc};

use super::Emulator;
use super::invalidation::Invalidation;
use super::item::Item;

/// An invalidation as it was made.
#[derive(Debug, Clone)]
pub struct Past {
    /// Its `CallerReference`.
    pub reference: String,
    /// Its items as they were sent; one that the service does not take is left out.
    pub items: Vec<String>,
    /// When it was made.
    pub created: DateTime<Utc>,
    /// When it reached every edge; that may still come.
    pub completed: DateTime<Utc>,
}

impl Emulator {
    /// Remembers an invalidation of a target. Returns the id that it has.
    pub fn remember(&self, target: &str, past: &Past, now: DateTime<Utc>) -> String {
        let (mut state, _) = self.begun(now);
        let state = &mut *state;
        let id = state.random.id("I", 13);
        let items = past.items.iter().filter_map(|text| Item::parse(text)).collect();
        let mut made = Invalidation::create(
            id.clone(),
            &past.reference,
            items,
            past.created,
            &state.settings,
            &mut state.random,
        );
        made.completed = past.completed;
        made.effective = made.effective.min(past.completed);
        state.remember(target, made);
        state.sort_history(target);
        id
    }
}
