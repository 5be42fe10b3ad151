//! Checks that the cost of a job with many targets is proportional to its size: the number of elements that one
//! message examines grows linearly with the number of targets. Effects are answered immediately, and the clock is
//! simulated.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::act::navigation::open_invalidations;
use crate::app::message::Message;
use crate::app::model::{Model, Preferences};
use crate::app::update::update;
use crate::domain::batch::Batch;
use crate::domain::distribution::Target;
use crate::domain::invalidation::{Invalidation, InvalidationId, Page, Status};
use crate::domain::submission::{Scope, State};
use crate::engine::drafts::DraftKey;
use crate::engine::drafts::state::Draft;
use crate::engine::effect::{Answer, Call, Context, Created, Effect, Reply, TimerId};
use crate::engine::queue::plan;
use crate::engine::steps;

/// A simulated outside world that replies immediately: it accepts each invalidation and completes it at the first poll.
struct World {
    model: Model,
    now: DateTime<Utc>,
    timers: BTreeSet<(DateTime<Utc>, TimerId)>,
    made: BTreeMap<Target, Invalidation>,
    /// The maximum number of elements that any one message has examined.
    worst: u64,
}

impl World {
    fn new() -> Self {
        let mut world = Self {
            model: Model::new(Preferences::default(), DateTime::UNIX_EPOCH),
            now: DateTime::UNIX_EPOCH,
            timers: BTreeSet::new(),
            made: BTreeMap::new(),
            worst: 0,
        };
        world.take(vec![Message::Start]);
        world
    }

    /// Handles messages and the replies to their effects.
    fn take(&mut self, mut messages: Vec<Message>) {
        while let Some(message) = messages.pop() {
            let context = Context {
                now: self.now,
                entropy: 7,
            };
            let effects = update(&mut self.model, message, &context);
            self.count();
            messages.extend(effects.into_iter().filter_map(|effect| self.answer(effect)));
        }
    }

    fn count(&mut self) {
        self.worst = self.worst.max(steps::taken());
    }

    fn answer(&mut self, effect: Effect) -> Option<Message> {
        let reply = match effect {
            Effect::Connect { request, .. } => Reply::Connected {
                request,
                result: Ok(scope()),
            },
            Effect::Ledger { request, .. } => Reply::Ledger {
                request,
                result: Ok(None),
            },
            Effect::CloudFront { request, call } => Reply::CloudFront {
                request,
                result: Ok(self.called(call)?),
            },
            Effect::Timer { id, after } => {
                let at = self.now + TimeDelta::from_std(after).unwrap_or_default();
                self.timers.insert((at, id));
                return None;
            }
            Effect::CancelTimer(id) => {
                self.timers.retain(|(_, other)| *other != id);
                return None;
            }
            _ => return None,
        };
        Some(Message::Reply(Box::new(reply)))
    }

    fn called(&mut self, call: Call) -> Option<Answer> {
        match call {
            Call::ListDistributions { .. } => Some(Answer::Distributions(Page {
                items: Vec::new(),
                next: None,
            })),
            Call::CreateInvalidation {
                target,
                batch,
                reference,
            } => {
                let invalidation = Invalidation {
                    id: InvalidationId::new(format!("I{}", target.id())),
                    status: Status::new("InProgress"),
                    create_time: self.now,
                    items: batch.items().to_vec(),
                    caller_reference: reference.to_string(),
                };
                self.made.insert(target, invalidation.clone());
                Some(Answer::Created(Created {
                    invalidation,
                    request_id: None,
                }))
            }
            Call::GetInvalidation { target, .. } => Some(Answer::Invalidation(Invalidation {
                status: Status::new("Completed"),
                ..self.made.get(&target)?.clone()
            })),
            _ => None,
        }
    }

    /// Plans a job of one path for this many targets, and opens the page of all invalidations.
    fn confirm(&mut self, targets: usize) {
        let targets: Vec<_> = (0..targets)
            .map(|n| (Target::from_id(&format!("E{n}")), format!("site {n}")))
            .collect();
        let batches: Vec<_> = Batch::new(vec!["/index.html".to_owned()]).into_iter().collect();
        let draft = Draft {
            key: DraftKey::default(),
            targets: "all".to_owned(),
            text: "/index.html".to_owned(),
        };
        let scope = scope();
        let job = crate::engine::queue::Plan {
            scope: &scope,
            targets: &targets,
            batches: &batches,
            note: None,
            when_deployed: &[],
        };
        plan(&mut self.model.engine, &job, Some(draft));
        open_invalidations(&mut self.model, None);
        self.count();
        let effects = self.model.engine.end();
        let answers = effects.into_iter().filter_map(|effect| self.answer(effect)).collect();
        self.take(answers);
    }

    /// Fires the next timer; returns whether there was one.
    fn tick(&mut self) -> bool {
        let Some((at, id)) = self.timers.pop_first() else {
            return false;
        };
        self.now = self.now.max(at);
        self.take(vec![Message::Timer(id)]);
        true
    }

    fn are_all(&self, which: fn(&State) -> bool) -> bool {
        self.model
            .engine
            .queue
            .iter()
            .all(|submission| which(&submission.state))
    }
}

fn scope() -> Scope {
    Scope {
        account: None,
        endpoint: "CloudFront".to_owned(),
        profile: "default".to_owned(),
    }
}

/// Returns the maximum number of elements that any one message examines during the life of a job.
fn worst_of(targets: usize) -> u64 {
    const LONGEST: usize = 100_000;
    let mut world = World::new();
    world.worst = 0;
    world.confirm(targets);
    let mut fired = 0;
    while !world.are_all(State::is_final) {
        assert!(world.tick() && fired < LONGEST, "the job never ended");
        fired += 1;
    }
    assert_eq!(world.made.len(), targets);
    assert!(world.are_all(|state| state.seen_completed().is_some()));
    world.worst
}

#[test]
fn a_job_of_many_targets_looks_at_each_of_them_a_few_times_a_message() {
    let (few, many) = (worst_of(50), worst_of(200));
    assert!(many <= 5 * few, "four times the targets: {few} became {many}");
    assert!(many <= 40 * 200, "{many} for 200 targets");
}

#[test]
fn thousands_in_flight_are_woken_and_looked_at_without_looking_at_each_for_each() {
    let worst = |targets: usize| {
        let mut world = World::new();
        world.confirm(targets);
        while !world.are_all(|state| !state.is_fresh()) {
            world.tick();
        }
        world.worst = 0;
        world.take(vec![Message::Focus(false), Message::Focus(true), Message::Resumed]);
        open_invalidations(&mut world.model, None);
        world.count();
        world.worst
    };
    let (few, many) = (worst(50), worst(200));
    assert!(many <= 5 * few, "four times the targets: {few} became {many}");
}
