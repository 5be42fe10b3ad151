//! The budget of reads: all that this account is asked goes by one lane, in which a person's openings may burst and
//! watching costs one a second at most. Every one of them is counted.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::effect::{Answer, Call, Effect, RequestId};
use super::model::{Due, Model, Purpose};
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::pace::Lane;

/// For how long a read is remembered one by one.
const REMEMBERED: TimeDelta = TimeDelta::hours(1);

/// Why a read is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Nobody asked for it: what is in flight, and the page that stays fresh.
    Watched,
    /// A person opened something, or sent something whose reference is looked for.
    Opened,
}

/// A read that waits for its turn. Its number is waited for already: whoever no longer waits for it, ends it.
#[derive(Clone, Debug)]
struct Waiting {
    request: RequestId,
    class: Class,
    call: Call,
}

/// Reads that were asked for, and those that wait for their turn.
#[derive(Clone, Debug)]
pub struct Reads {
    /// What the account bears.
    lane: Lane,
    /// What watching may take of it.
    watching: Lane,
    waiting: VecDeque<Waiting>,
    /// When the reads of the last hour left, the newest last.
    made: VecDeque<DateTime<Utc>>,
    /// When those left that are not answered yet: an answer is no newer than its question.
    asked: BTreeMap<RequestId, DateTime<Utc>>,
    /// Reads made to watch what is in flight and to keep the page fresh.
    pub for_watching: u64,
    /// Reads made because of what a person opened.
    pub for_opening: u64,
}

impl Default for Reads {
    fn default() -> Self {
        Self {
            lane: Lane::reads(),
            watching: Lane::watching(),
            waiting: VecDeque::new(),
            made: VecDeque::new(),
            asked: BTreeMap::new(),
            for_watching: 0,
            for_opening: 0,
        }
    }
}

impl Reads {
    /// How many reads left within this time, an hour at most.
    #[must_use]
    pub fn within(&self, span: TimeDelta, now: DateTime<Utc>) -> u64 {
        self.made.iter().rev().take_while(|made| now - **made < span).count() as u64
    }

    /// When the read left that is answered now; `None` where it was none.
    pub(super) fn take_asked(&mut self, request: RequestId) -> Option<DateTime<Utc>> {
        self.asked.remove(&request)
    }

    /// Another account: what waits belongs to the old one, and so does what was learned of its pace.
    pub(super) fn change_account(&mut self) {
        self.waiting.clear();
        self.lane = Lane::reads();
        self.watching = Lane::watching();
    }

    fn count(&mut self, class: Class, now: DateTime<Utc>) {
        match class {
            Class::Watched => self.for_watching += 1,
            Class::Opened => self.for_opening += 1,
        }
        while self.made.front().is_some_and(|made| now - *made >= REMEMBERED) {
            self.made.pop_front();
        }
        self.made.push_back(now);
    }

    /// The next one whose turn it is, or how long until there may be one.
    fn next(&mut self, now: DateTime<Utc>) -> Result<Option<Waiting>, TimeDelta> {
        if let Some(wait) = self.lane.wait(now) {
            return Err(wait);
        }
        let gate = self.watching.wait(now);
        let may_go = |waiting: &Waiting| waiting.class == Class::Opened || gate.is_none();
        let Some(place) = self.waiting.iter().position(may_go) else {
            return gate.filter(|_| !self.waiting.is_empty()).map_or(Ok(None), Err);
        };
        let next = self.waiting.remove(place);
        if let Some(next) = &next {
            // Both were just seen to have a place.
            let _ = self.lane.take(now);
            if next.class == Class::Watched {
                let _ = self.watching.take(now);
            }
            self.count(next.class, now);
            self.asked.insert(next.request, now);
        }
        Ok(next)
    }
}

/// Asks for what nobody opened, as soon as it is its turn. The same is never asked for twice at a time.
pub(super) fn watch(model: &mut Model, purpose: Purpose, call: Call) {
    if !model.pending.values().any(|other| *other == purpose) {
        enter(model, Class::Watched, purpose, call);
    }
}

/// Asks for what a person opened, or for what came of what they sent: at once while there is a place, else as soon as it is its turn.
pub(super) fn open(model: &mut Model, purpose: Purpose, call: Call) -> RequestId {
    enter(model, Class::Opened, purpose, call)
}

fn enter(model: &mut Model, class: Class, purpose: Purpose, call: Call) -> RequestId {
    let request = model.request(purpose);
    model.reads.waiting.push_back(Waiting { request, class, call });
    ask_next(model);
    request
}

/// Whether something that a person opened would leave at once. What is only wanted while the selection rests on it
/// does not wait in a line.
///
/// # Errors
/// How long until there may be a place.
pub(super) fn may_open(model: &mut Model) -> Result<(), Duration> {
    let now = model.now;
    let wait = model.reads.lane.wait(now);
    wait.map_or(Ok(()), |wait| Err(wait.to_std().unwrap_or_default()))
}

/// Asks what waits as far as the pace allows, then asks to be woken.
pub(super) fn ask_next(model: &mut Model) {
    // Whatever nobody waits for any more does not cost a read.
    let Model { reads, pending, .. } = model;
    reads.waiting.retain(|waiting| pending.contains_key(&waiting.request));
    while !model.reads.waiting.is_empty() {
        let now = model.now;
        match model.reads.next(now) {
            Ok(Some(Waiting { request, call, .. })) => model.ask(Effect::CloudFront { request, call }),
            Ok(None) => return,
            Err(wait) => {
                model.restart_timer(Due::Reads, wait.to_std().unwrap_or_default());
                return;
            }
        }
    }
}

/// A read was answered: CloudFront may say that reads come too fast, too.
pub(super) fn answered(model: &mut Model, result: &Result<Answer, Failure>) {
    let now = model.now;
    match result {
        Ok(_) => {
            model.reads.lane.passed();
            model.reads.watching.passed();
        }
        Err(failure) if failure.refusal().map(Refusal::kind) == Some(RefusalKind::Throttled) => {
            model.reads.lane.throttled(now);
            model.reads.watching.throttled(now);
        }
        Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::model::Preferences;
    use crate::domain::distribution::{DistributionId, Target};
    use crate::domain::invalidation::InvalidationId;

    fn model() -> Model {
        Model::new(Preferences::default(), DateTime::UNIX_EPOCH)
    }

    fn after(model: &mut Model, millis: i64) {
        model.begin(model.now + TimeDelta::milliseconds(millis), 1);
        ask_next(model);
    }

    fn left(model: &mut Model) -> usize {
        let effects = model.end();
        effects
            .iter()
            .filter(|effect| matches!(effect, Effect::CloudFront { .. }))
            .count()
    }

    fn look(model: &mut Model, number: usize) {
        let target = Target::Distribution(DistributionId::new("E1"));
        let id = InvalidationId::new(format!("I{number}"));
        let call = Call::GetInvalidation {
            target: target.clone(),
            id: id.clone(),
        };
        watch(model, Purpose::Look(target, id), call);
    }

    fn describe(model: &mut Model, number: usize) -> RequestId {
        let id = DistributionId::new(format!("E{number}"));
        open(model, Purpose::Describe(id.clone()), Call::GetDistribution(id))
    }

    #[test]
    fn what_is_opened_bursts_and_watching_does_not() {
        let mut model = model();
        (0..3).for_each(|number| look(&mut model, number));
        assert_eq!(left(&mut model), 1);
        for number in 0..30 {
            describe(&mut model, number);
        }
        assert_eq!(left(&mut model), 19, "one lane of twenty places");
        // From here on each second has one place, whoever takes it.
        for _ in 0..13 {
            after(&mut model, 1_000);
            assert_eq!(left(&mut model), 1);
        }
        after(&mut model, 1_000);
        assert_eq!(left(&mut model), 0);
        let reads = &model.reads;
        assert_eq!((reads.for_watching, reads.for_opening), (3, 30));
        assert_eq!(
            [1, 10, 3_600].map(|seconds| reads.within(TimeDelta::seconds(seconds), model.now)),
            [0, 9, 33]
        );
    }

    #[test]
    fn the_same_is_asked_for_once_and_what_nobody_waits_for_is_not() {
        let mut model = model();
        (0..3).for_each(|_| look(&mut model, 1));
        assert_eq!(left(&mut model), 1);
        let requests: Vec<_> = (0..22).map(|number| describe(&mut model, number)).collect();
        assert_eq!(left(&mut model), 19);
        for request in requests {
            model.pending.remove(&request);
        }
        after(&mut model, 60_000);
        assert_eq!((left(&mut model), model.reads.waiting.len()), (0, 0));
    }

    #[test]
    fn a_throttled_read_slows_all_of_them() {
        let mut model = model();
        let throttled = Failure::Refused(Refusal {
            code: "Throttling".to_owned(),
            message: "Rate exceeded".to_owned(),
            http_status: 400,
            request_id: None,
        });
        answered(&mut model, &Err(throttled));
        describe(&mut model, 1);
        assert_eq!(left(&mut model), 0);
        after(&mut model, 1_000);
        assert_eq!(left(&mut model), 0, "half as fast");
        after(&mut model, 1_000);
        assert_eq!(left(&mut model), 1);
    }
}
