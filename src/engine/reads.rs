//! The budget of reads: all that this account is asked goes by one lane, in which a person's openings may burst and
//! watching costs one a second at most. Every one of them is counted.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::Target;
use crate::domain::failure::{Failure, Refusal, RefusalKind};
use crate::domain::invalidation::InvalidationId;
use crate::domain::pace::Lane;
use crate::engine::effect::{Answer, Call, Effect, RequestId};
use crate::engine::news::News;
use crate::engine::purpose::Purpose;
use crate::engine::refused::right_of;
use crate::engine::state::{Engine, Front};
use crate::engine::steps;
use crate::engine::timers::TimerKind;

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

/// A read that waits for its turn. The request is in `pending`; removing it there cancels the read.
#[derive(Clone, Debug)]
struct Waiting {
    request: RequestId,
    call: Call,
}

/// Reads that were asked for, and those that wait for their turn.
#[derive(Clone, Debug)]
pub struct Reads {
    /// What the account bears.
    lane: Lane,
    /// What watching may take of it.
    watching: Lane,
    /// Those of each class, in the order they were asked for.
    watched: VecDeque<Waiting>,
    opened: VecDeque<Waiting>,
    /// The requests that watching could make a second time, by what they look at.
    looks: HashMap<Asked, Vec<RequestId>>,
    /// When the reads of the last hour left, the newest last.
    made: VecDeque<DateTime<Utc>>,
    /// When those left that are not answered yet: an answer is no newer than its question.
    asked: BTreeMap<RequestId, DateTime<Utc>>,
    /// Whether the credentials were refused since they last worked: what nobody asked for waits.
    locked: bool,
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
            watched: VecDeque::new(),
            opened: VecDeque::new(),
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
    /// How many reads left within this time, an hour at most.
    #[must_use]
    pub fn within(&self, span: TimeDelta, now: DateTime<Utc>) -> u64 {
        self.made.iter().rev().take_while(|made| now - **made < span).count() as u64
    }

    /// When the read left that is answered now; `None` where it was none.
    pub(crate) fn take_asked(&mut self, request: RequestId) -> Option<DateTime<Utc>> {
        self.asked.remove(&request)
    }

    /// Whether what nobody asked for waits for credentials that work.
    #[must_use]
    pub fn are_locked(&self) -> bool {
        self.locked
    }

    /// Whether this has left and is not answered yet.
    pub(crate) fn has_left(&self, request: RequestId) -> bool {
        self.asked.contains_key(&request)
    }

    /// Another account: what waits belongs to the old one, and so does what was learned of its pace.
    pub(crate) fn change_account(&mut self) {
        self.watched.clear();
        self.opened.clear();
        self.looks.clear();
        self.locked = false;
        self.lane = Lane::reads();
        self.watching = Lane::watching();
    }

    fn line(&mut self, class: Class) -> &mut VecDeque<Waiting> {
        match class {
            Class::Watched => &mut self.watched,
            Class::Opened => &mut self.opened,
        }
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

    /// Whatever nobody waits for any more does not cost a read. Those behind the first of a line are looked at when it is
    /// their turn: there may be thousands.
    fn drop_cancelled(&mut self, pending: &HashMap<RequestId, Purpose>) {
        for line in [&mut self.watched, &mut self.opened] {
            while line.front().is_some_and(|first| !pending.contains_key(&first.request)) {
                steps::count();
                line.pop_front();
            }
        }
    }

    /// The class whose turn it is: the one that was asked for first, and watching only where its own lane has room.
    fn turn(&self, gated: bool) -> Option<Class> {
        let first = |line: &VecDeque<Waiting>| line.front().map(|waiting| waiting.request);
        match (first(&self.watched).filter(|_| !gated), first(&self.opened)) {
            (Some(watched), Some(opened)) if watched < opened => Some(Class::Watched),
            (_, Some(_)) => Some(Class::Opened),
            (Some(_), None) => Some(Class::Watched),
            (None, None) => None,
        }
    }

    /// The next one whose turn it is, or how long until there may be one.
    fn next(&mut self, now: DateTime<Utc>) -> Result<Option<Waiting>, TimeDelta> {
        if let Some(wait) = self.lane.wait(now) {
            return Err(wait);
        }
        let gate = self.watching.wait(now);
        let Some(class) = self.turn(self.locked || gate.is_some()) else {
            return gate
                .filter(|_| !self.locked && !self.watched.is_empty())
                .map_or(Ok(None), Err);
        };
        let next = self.line(class).pop_front();
        if let Some(next) = &next {
            // Both lanes were just seen to have a place.
            let _ = self.lane.take(now);
            if class == Class::Watched {
                let _ = self.watching.take(now);
            }
            self.count(class, now);
            self.asked.insert(next.request, now);
        }
        Ok(next)
    }
}

/// A target's newest page, or one invalidation of it.
type Asked = (Target, Option<InvalidationId>);

fn asked_for(purpose: &Purpose) -> Option<Asked> {
    match purpose {
        Purpose::FirstPage(target, _) => Some((target.clone(), None)),
        Purpose::Look(target, id) => Some((target.clone(), Some(id.clone()))),
        _ => None,
    }
}

/// Whether this is being asked for.
fn is_asked(engine: &Engine, purpose: &Purpose) -> bool {
    let asked = asked_for(purpose).and_then(|asked| engine.reads.looks.get(&asked));
    let mut asked = asked.into_iter().flatten();
    asked.any(|request| engine.pending.get(request) == Some(purpose))
}

/// Remembers that this is being asked for. What was answered meanwhile is forgotten once it is the larger part.
fn remember(engine: &mut Engine, asked: Asked, request: RequestId) {
    const FEW: usize = 64;
    let Engine { reads, pending, .. } = engine;
    if reads.looks.len() > FEW + 2 * pending.len() {
        reads.looks.retain(|_, requests| {
            steps::count();
            requests.retain(|request| pending.contains_key(request));
            !requests.is_empty()
        });
    }
    reads.looks.entry(asked).or_default().push(request);
}

/// Asks for what nobody opened, as soon as it is its turn. The same is never asked for twice at a time, nor what was denied.
pub(crate) fn watch(engine: &mut Engine, purpose: Purpose, call: Call) -> Option<RequestId> {
    let denied = right_of(&purpose).is_some_and(|right| engine.rights.denied(&right).is_some());
    (!denied && !is_asked(engine, &purpose)).then(|| enter(engine, Class::Watched, purpose, call))
}

/// The credentials were refused: what nobody asked for waits until they work, and new ones are looked for.
pub(crate) fn lock(engine: &mut Engine) {
    // A command without a screen ends with the failure, or goes on asking as long as it was told to.
    if engine.preferences.front != Front::Script && !std::mem::replace(&mut engine.reads.locked, true) {
        crate::engine::queue::await_login(engine);
        engine.touch();
    }
}

/// They work: it goes on.
pub(crate) fn unlock(engine: &mut Engine) {
    if std::mem::take(&mut engine.reads.locked) {
        engine.cancel_timer(&TimerKind::Login);
        crate::engine::queue::await_login(engine);
        ask_next(engine);
        engine.tell(News::RowsCame);
        engine.touch();
    }
}

/// Asks for what a person opened, or for what came of what they sent: at once while there is a place, else as soon as it is its turn.
pub(crate) fn open(engine: &mut Engine, purpose: Purpose, call: Call) -> RequestId {
    enter(engine, Class::Opened, purpose, call)
}

fn enter(engine: &mut Engine, class: Class, purpose: Purpose, call: Call) -> RequestId {
    let asked = asked_for(&purpose);
    let request = engine.request(purpose);
    if let Some(asked) = asked {
        remember(engine, asked, request);
    }
    engine.reads.line(class).push_back(Waiting { request, call });
    ask_next(engine);
    request
}

/// Whether something that a person opened would leave at once. What is only wanted while the selection rests on it
/// does not wait in a line.
///
/// # Errors
/// How long until there may be a place.
pub(crate) fn may_open(engine: &mut Engine) -> Result<(), Duration> {
    let now = engine.now;
    let wait = engine.reads.lane.wait(now);
    wait.map_or(Ok(()), |wait| Err(wait.to_std().unwrap_or_default()))
}

/// Asks what waits as far as the pace allows, then asks to be woken.
pub(crate) fn ask_next(engine: &mut Engine) {
    loop {
        let Engine {
            reads, pending, now, ..
        } = engine;
        reads.drop_cancelled(pending);
        if reads.watched.is_empty() && reads.opened.is_empty() {
            return;
        }
        let now = *now;
        match engine.reads.next(now) {
            Ok(Some(Waiting { request, call, .. })) => engine.ask(Effect::CloudFront { request, call }),
            Ok(None) => return,
            Err(wait) => {
                engine.restart_timer(TimerKind::Reads, wait.to_std().unwrap_or_default());
                return;
            }
        }
    }
}

/// A read was answered: CloudFront may say that reads come too fast, too.
pub(crate) fn answered(engine: &mut Engine, result: &Result<Answer, Failure>) {
    let now = engine.now;
    match result {
        Ok(_) => {
            engine.reads.lane.passed();
            engine.reads.watching.passed();
        }
        Err(failure) if failure.refusal().map(Refusal::kind) == Some(RefusalKind::Throttled) => {
            engine.reads.lane.throttled(now);
            engine.reads.watching.throttled(now);
        }
        Err(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::distribution::DistributionId;
    use crate::engine::reads::*;
    use crate::engine::state::Preferences;

    fn engine() -> Engine {
        Engine::new(
            Preferences::default(),
            crate::engine::state::Hints::default(),
            DateTime::UNIX_EPOCH,
        )
    }

    fn after(engine: &mut Engine, millis: i64) {
        engine.begin(engine.now + TimeDelta::milliseconds(millis), 1);
        ask_next(engine);
    }

    fn left(engine: &mut Engine) -> usize {
        let effects = engine.end();
        effects
            .iter()
            .filter(|effect| matches!(effect, Effect::CloudFront { .. }))
            .count()
    }

    fn look(engine: &mut Engine, number: usize) {
        let target = Target::Distribution(DistributionId::new("E1"));
        let id = InvalidationId::new(format!("I{number}"));
        let call = Call::GetInvalidation {
            target: target.clone(),
            id: id.clone(),
        };
        watch(engine, Purpose::Look(target, id), call);
    }

    fn describe(engine: &mut Engine, number: usize) -> RequestId {
        let id = DistributionId::new(format!("E{number}"));
        open(engine, Purpose::Describe(id.clone()), Call::GetDistribution(id))
    }

    #[test]
    fn what_is_opened_bursts_and_watching_does_not() {
        let mut engine = engine();
        (0..3).for_each(|number| look(&mut engine, number));
        assert_eq!(left(&mut engine), 1);
        for number in 0..30 {
            describe(&mut engine, number);
        }
        assert_eq!(left(&mut engine), 19, "one lane of twenty places");
        // From here on each second has one place, whoever takes it.
        for _ in 0..13 {
            after(&mut engine, 1_000);
            assert_eq!(left(&mut engine), 1);
        }
        after(&mut engine, 1_000);
        assert_eq!(left(&mut engine), 0);
        let reads = &engine.reads;
        assert_eq!((reads.for_watching, reads.for_opening), (3, 30));
        assert_eq!(
            [1, 10, 3_600].map(|seconds| reads.within(TimeDelta::seconds(seconds), engine.now)),
            [0, 9, 33]
        );
    }

    #[test]
    fn the_same_is_asked_for_once_and_what_nobody_waits_for_is_not() {
        let mut engine = engine();
        (0..3).for_each(|_| look(&mut engine, 1));
        assert_eq!(left(&mut engine), 1);
        let requests: Vec<_> = (0..22).map(|number| describe(&mut engine, number)).collect();
        assert_eq!(left(&mut engine), 19);
        for request in requests {
            engine.pending.remove(&request);
        }
        after(&mut engine, 60_000);
        assert_eq!((left(&mut engine), engine.reads.opened.len()), (0, 0));
    }

    #[test]
    fn a_throttled_read_slows_all_of_them() {
        let mut engine = engine();
        let throttled = Failure::Refused(Refusal {
            code: "Throttling".to_owned(),
            message: "Rate exceeded".to_owned(),
            http_status: 400,
            request_id: None,
        });
        answered(&mut engine, &Err(throttled));
        describe(&mut engine, 1);
        assert_eq!(left(&mut engine), 0);
        after(&mut engine, 1_000);
        assert_eq!(left(&mut engine), 0, "half as fast");
        after(&mut engine, 1_000);
        assert_eq!(left(&mut engine), 1);
    }
}
