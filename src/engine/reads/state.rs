//! The reads that were sent, and those waiting for their turn.

use std::collections::{BTreeMap, HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::Target;
use crate::domain::invalidation::InvalidationId;
use crate::domain::pace::Lane;
use crate::engine::effect::{Call, RequestId};
use crate::engine::pending::{self, CallRequest};
use crate::engine::steps;

/// How long individual reads are remembered.
pub(in crate::engine) const REMEMBERED: TimeDelta = TimeDelta::hours(1);

/// The reason for a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) enum Class {
    /// An automatic read that polls invalidations in flight or keeps the page up to date.
    Watched,
    /// A read of something that the user opened, or a search for the reference of something that the user sent.
    Opened,
    /// A read for the monthly count. Everything else takes precedence.
    Counted,
}

/// A read waiting for its turn. The request is in `pending`; removing it there cancels the read.
#[derive(Clone, Debug)]
pub(in crate::engine) struct Waiting {
    pub(in crate::engine) request: RequestId,
    pub(in crate::engine) call: Call,
}

/// Reads that were sent, and those waiting for their turn.
#[derive(Clone, Debug)]
pub struct Reads {
    /// The pace for the whole account.
    pub(in crate::engine) lane: Lane,
    /// The share for polling.
    pub(in crate::engine) watching: Lane,
    /// The waiting reads of each class, in the order requested.
    pub(in crate::engine) watched: VecDeque<Waiting>,
    pub(in crate::engine) opened: VecDeque<Waiting>,
    pub(in crate::engine) counted: VecDeque<Waiting>,
    /// The share for the monthly count.
    pub(in crate::engine) counting: Lane,
    /// The requests that polling could duplicate, by what they read.
    pub(in crate::engine) looks: HashMap<Asked, Vec<RequestId>>,
    /// When the reads of the last hour were sent, the newest last.
    pub(in crate::engine) made: VecDeque<DateTime<Utc>>,
    /// When the unanswered reads were sent. A response counts as no newer than its request.
    pub(in crate::engine) asked: BTreeMap<RequestId, DateTime<Utc>>,
    /// Whether the credentials have been refused since they last worked. While this is set, automatic reads are paused.
    pub(in crate::engine) locked: bool,
    /// The number of reads for polling and for keeping the page up to date.
    pub for_watching: u64,
    /// The number of reads for data that the user opened.
    pub for_opening: u64,
}

impl Default for Reads {
    fn default() -> Self {
        Self {
            lane: Lane::reads(),
            watching: Lane::watching(),
            watched: VecDeque::new(),
            opened: VecDeque::new(),
            counted: VecDeque::new(),
            counting: Lane::watching(),
            looks: HashMap::new(),
            made: VecDeque::new(),
            asked: BTreeMap::new(),
            locked: false,
            for_watching: 0,
            for_opening: 0,
        }
    }
}

impl Reads {
    /// Returns the number of reads sent within the given time span, which may be at most one hour.
    #[must_use]
    pub fn within(&self, span: TimeDelta, now: DateTime<Utc>) -> u64 {
        self.made.iter().rev().take_while(|made| now - **made < span).count() as u64
    }

    /// Removes the read that was just answered and returns when it was sent; `None` if the request was not a read.
    pub(crate) fn take_asked(&mut self, request: RequestId) -> Option<DateTime<Utc>> {
        self.asked.remove(&request)
    }

    /// Returns whether automatic reads are paused until the credentials work.
    #[must_use]
    pub fn are_locked(&self) -> bool {
        self.locked
    }

    /// Returns whether the request has been sent but not answered yet.
    pub(crate) fn has_left(&self, request: RequestId) -> bool {
        self.asked.contains_key(&request)
    }

    /// Resets everything for another account, because the waiting reads and the adapted pace belong to the old one.
    pub(crate) fn change_account(&mut self) {
        self.watched.clear();
        self.opened.clear();
        self.counted.clear();
        self.looks.clear();
        self.locked = false;
        self.lane = Lane::reads();
        self.watching = Lane::watching();
        self.counting = Lane::watching();
    }

    pub(in crate::engine) fn line(&mut self, class: Class) -> &mut VecDeque<Waiting> {
        match class {
            Class::Watched => &mut self.watched,
            Class::Opened => &mut self.opened,
            Class::Counted => &mut self.counted,
        }
    }

    pub(in crate::engine) fn count(&mut self, class: Class, now: DateTime<Utc>) {
        match class {
            Class::Watched | Class::Counted => self.for_watching += 1,
            Class::Opened => self.for_opening += 1,
        }
        while self.made.front().is_some_and(|made| now - *made >= REMEMBERED) {
            self.made.pop_front();
        }
        self.made.push_back(now);
    }

    /// Counts a read for the user that bypasses the lanes, because the lanes are for the current account.
    pub(in crate::engine) fn count_elsewhere(&mut self, now: DateTime<Utc>) {
        self.count(Class::Opened, now);
    }

    /// Drops cancelled reads at the front of each line. The others are checked when their turn comes, because there may
    /// be thousands.
    pub(in crate::engine) fn drop_cancelled(&mut self, pending: &pending::Asked<CallRequest>) {
        for line in [&mut self.watched, &mut self.opened, &mut self.counted] {
            while line.front().is_some_and(|first| !pending.contains_key(&first.request)) {
                steps::count();
                line.pop_front();
            }
        }
    }

    /// Returns the class whose turn it is: the class with the earliest request, except that polling must be permitted
    /// by its own lane, and counting waits until nothing else is waiting.
    pub(in crate::engine) fn turn(&self, gated: bool, may_count: bool) -> Option<Class> {
        let first = |line: &VecDeque<Waiting>| line.front().map(|waiting| waiting.request);
        match (first(&self.watched).filter(|_| !gated), first(&self.opened)) {
            (Some(watched), Some(opened)) if watched < opened => Some(Class::Watched),
            (_, Some(_)) => Some(Class::Opened),
            (Some(_), None) => Some(Class::Watched),
            (None, None) => (may_count && !self.counted.is_empty()).then_some(Class::Counted),
        }
    }

    /// Returns the next read whose turn it is, or how long until there may be one.
    pub(in crate::engine) fn next(&mut self, now: DateTime<Utc>) -> Result<Option<Waiting>, TimeDelta> {
        if let Some(wait) = self.lane.wait(now) {
            return Err(wait);
        }
        let (gate, pace) = (self.watching.wait(now), self.counting.wait(now));
        let may_count = !self.locked && pace.is_none() && self.watched.is_empty();
        let Some(class) = self.turn(self.locked || gate.is_some(), may_count) else {
            let wait = if self.watched.is_empty() {
                pace.filter(|_| !self.counted.is_empty())
            } else {
                gate
            };
            return wait.filter(|_| !self.locked).map_or(Ok(None), Err);
        };
        let next = self.line(class).pop_front();
        if let Some(next) = &next {
            // Both lanes were just found to permit a read.
            let _ = self.lane.take(now);
            if class == Class::Watched {
                let _ = self.watching.take(now);
            }
            if class == Class::Counted {
                let _ = self.counting.take(now);
            }
            self.count(class, now);
            self.asked.insert(next.request, now);
        }
        Ok(next)
    }
}

/// A read of a target's newest page (`None`) or of one of its invalidations.
pub(in crate::engine) type Asked = (Target, Option<InvalidationId>);

pub(in crate::engine) fn asked_for(kind: &CallRequest) -> Option<Asked> {
    match kind {
        CallRequest::FirstPage(target, _) => Some((target.clone(), None)),
        CallRequest::Poll(target, id) => Some((target.clone(), Some(id.clone()))),
        _ => None,
    }
}
