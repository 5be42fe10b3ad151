//! The budget of reads: watching costs one a second at most, what a person opens may burst; both are counted.

use std::collections::VecDeque;
use std::time::Duration;

use super::effect::{Call, Effect};
use super::model::{Due, Model, Purpose};
use crate::domain::pace::Lane;

/// Reads that were asked for, and those that wait for their turn.
#[derive(Clone, Debug)]
pub struct Reads {
    watching: Lane,
    opened: Lane,
    waiting: VecDeque<(Purpose, Call)>,
    /// Reads made to watch what is in flight and to keep the page fresh.
    pub for_watching: u64,
    /// Reads made because of what a person opened.
    pub for_opening: u64,
}

impl Default for Reads {
    fn default() -> Self {
        Self {
            watching: Lane::watching(),
            opened: Lane::opened(),
            waiting: VecDeque::new(),
            for_watching: 0,
            for_opening: 0,
        }
    }
}

impl Reads {
    /// Forgets what waits: it belongs to an account that is no longer looked at.
    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    /// CloudFront said "slower".
    pub(super) fn throttled(&mut self, now: chrono::DateTime<chrono::Utc>) {
        self.watching.throttled(now);
        self.opened.throttled(now);
    }

    /// CloudFront answered.
    pub(super) fn passed(&mut self) {
        self.watching.passed();
        self.opened.passed();
    }
}

/// Asks as soon as it is this call's turn. The same one never waits twice, nor while its answer is awaited.
pub(super) fn watch(model: &mut Model, purpose: Purpose, call: Call) {
    let waits = model.reads.waiting.iter().any(|(other, _)| *other == purpose);
    let awaited = model.pending.values().any(|other| *other == purpose);
    if !waits && !awaited {
        model.reads.waiting.push_back((purpose, call));
        ask_next(model);
    }
}

/// Asks what waits as far as the pace allows, then asks to be woken.
pub(super) fn ask_next(model: &mut Model) {
    while !model.reads.waiting.is_empty() {
        let now = model.now;
        if let Err(wait) = model.reads.watching.take(now) {
            model.restart_timer(Due::Reads, wait.to_std().unwrap_or_default());
            return;
        }
        if let Some((purpose, call)) = model.reads.waiting.pop_front() {
            model.reads.for_watching += 1;
            let request = model.request(purpose);
            model.ask(Effect::CloudFront { request, call });
        }
    }
}

/// Asks because of what a person opened: at once, or in the line of what is watched when too much was opened already.
pub(super) fn open_or_wait(model: &mut Model, purpose: Purpose, call: Call) {
    if open(model).is_err() {
        return watch(model, purpose, call);
    }
    let request = model.request(purpose);
    model.ask(Effect::CloudFront { request, call });
}

/// Takes a place for a read that a person caused.
///
/// # Errors
/// How long until there is one.
pub(super) fn open(model: &mut Model) -> Result<(), Duration> {
    let now = model.now;
    match model.reads.opened.take(now) {
        Ok(()) => {
            model.reads.for_opening += 1;
            Ok(())
        }
        Err(wait) => Err(wait.to_std().unwrap_or_default()),
    }
}
