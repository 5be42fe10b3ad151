//! Past invalidations that the caller adds.

use chrono::{DateTime, Utc};

use super::Emulator;
use super::invalidation::Invalidation;
use super::item::Item;
use super::trail::Caller;

/// A past invalidation.
#[derive(Debug, Clone)]
pub struct Past {
    /// The `CallerReference`.
    pub reference: String,
    /// The items as sent. Items that CloudFront would refuse are skipped.
    pub items: Vec<String>,
    /// The creation time.
    pub created: DateTime<Utc>,
    /// The completion time, which may be in the future.
    pub completed: DateTime<Utc>,
}

impl Emulator {
    /// Adds a past invalidation to a target and returns its id.
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
        let caller = Caller::past();
        state.trail.made(&made, target, caller, past.created);
        state.remember(target, made);
        state.sort_history(target);
        id
    }
}
