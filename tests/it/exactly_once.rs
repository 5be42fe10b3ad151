//! Exactly once, whatever happens: the real core against the emulator, with a ledger in memory, while messages are
//! lost, duplicated, delayed and refused and the program crashes, in any order.
//!
//! Six properties hold in every run. Each intent ends in exactly one invalidation or a refusal that was shown. No
//! request is sent without a durable intent. An unknown outcome never becomes a failure. No key typed as text sends
//! anything. An action has an effect only if the context in which it acts shows it. Whatever was shown as refused,
//! cancelled or stopped, without a note that this is not saved yet, remains so across all restarts.
//!
//! `PROPTEST_CASES=20000 cargo test --test it exactly_once` runs more cases; a failing one prints its seed and its
//! shortest form.

use chrono::TimeDelta;
use invalidash::domain::ledger_failure::LedgerFailureKind;
use invalidash::domain::submission::State;
use invalidash::emulator::{ApiError, Fault, Operation, ReferenceClash, Trouble};
use invalidash::engine::effect::{Call, RequestId};
use invalidash::engine::unsaved::Saving;
use proptest::prelude::*;

use crate::support::world::{Aim, Fate, OURS, THEIRS, World};

/// Something that happens.
#[derive(Clone, Debug)]
enum Step {
    /// A person composes so many paths and wildcards and confirms.
    Compose(usize, usize, Aim),
    /// A person types a line into the composer, as a key for each character, and leaves it.
    TypeLine(&'static str),
    /// A person presses a key on a row.
    Press(usize, &'static str),
    /// A person stops what is counted down to.
    Stop,
    /// A person wants so many seconds to stop what was confirmed.
    CountDown(u32),
    /// A person leaves so many items and wildcards of the quota for others.
    Reserve(usize, usize),
    /// The ledger carries out what it was asked, so many operations.
    Write(usize),
    /// The ledger fails; `true`: having written all the same.
    FailToWrite(bool),
    /// The ledger cannot be written for a while, or can again.
    TroubleTheLedger(Option<LedgerFailureKind>),
    /// A call is answered.
    Answer(usize),
    /// All calls are, and then the ledger answers.
    AnswerAll,
    /// A call is carried out and answered twice.
    AnswerTwice(usize),
    /// An answer is lost.
    Lose(usize, Fate),
    /// A request that the network kept arrives.
    Arrive,
    /// CloudFront has trouble.
    Trouble(Box<Fault>),
    /// Quotas are tight, or not.
    Quota(bool),
    /// How a used reference is refused, and whether a repeat is.
    Dialect(ReferenceClash, bool),
    /// Seconds pass.
    Pass(i64),
    /// The machine sleeps for eight hours.
    Sleep,
    /// Our clock is set: hours off.
    SetClock(i64),
    /// Somebody logs in, perhaps to another account, and what asks for it is connected anew.
    LogIn(bool),
    /// The program is killed and started again.
    Crash(usize, Fate),
}

fn aim() -> impl Strategy<Value = Aim> {
    prop_oneof![Just(Aim::Distribution), Just(Aim::Both), Just(Aim::Tenant)]
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![Just(Fate::Now), Just(Fate::Later), Just(Fate::Never)]
}

/// An answer that ends after any of its bytes, of any operation.
fn cut() -> impl Strategy<Value = Fault> {
    let operation = prop_oneof![
        3 => Just(Operation::CreateInvalidation),
        1 => Just(Operation::GetInvalidation),
        1 => Just(Operation::ListInvalidations),
    ];
    (operation, 0usize..500).prop_map(|(operation, after)| Fault::new(Trouble::TruncatedBody { after }).on(operation))
}

fn trouble() -> impl Strategy<Value = Fault> {
    (
        prop_oneof![3 => trouble_with_distributions(), 1 => cut()],
        any::<bool>(),
    )
        .prop_map(|(fault, tenants)| if tenants { with_tenants(fault) } else { fault })
}

/// The same trouble with the siblings of the operations.
fn with_tenants(fault: Fault) -> Fault {
    let sibling = fault.operation.map(|operation| match operation {
        Operation::CreateInvalidation => Operation::CreateInvalidationForDistributionTenant,
        Operation::GetInvalidation => Operation::GetInvalidationForDistributionTenant,
        Operation::ListInvalidations => Operation::ListInvalidationsForDistributionTenant,
        other => other,
    });
    Fault {
        operation: sibling,
        ..fault
    }
}

fn trouble_with_distributions() -> impl Strategy<Value = Fault> {
    let create = |what: Trouble| Fault::new(what).on(Operation::CreateInvalidation);
    prop_oneof![
        3 => Just(create(Trouble::ServiceUnavailable)),
        3 => Just(create(Trouble::ServiceUnavailable).committed()),
        3 => Just(create(Trouble::Throttling).times(3)),
        2 => Just(create(Trouble::TooManyInvalidations)),
        1 => Just(create(Trouble::BatchTooLarge)),
        1 => Just(create(Trouble::AccessDenied)),
        1 => Just(create(Trouble::Error(ApiError::new(400, "InvalidArgument", "A path is wrong.")))),
        1 => Just(create(Trouble::NoSuchDistribution)),
        1 => Just(create(Trouble::ExpiredToken)),
        1 => Just(create(Trouble::ReferenceClash { documented: true })),
        1 => Just(create(Trouble::ReferenceClash { documented: false }).committed()),
        1 => Just(create(Trouble::EmptyBody)),
        1 => Just(create(Trouble::Html { status: 502 }).committed()),
        1 => Just(create(Trouble::Status("Brewing".to_owned()))),
        1 => Just(Fault::new(Trouble::AccessDenied).on(Operation::ListInvalidations)),
        1 => Just(Fault::new(Trouble::AccessDenied).on(Operation::GetInvalidation)),
        2 => Just(Fault::new(Trouble::NoSuchInvalidation).on(Operation::GetInvalidation)),
        1 => Just(Fault::new(Trouble::Drop).on(Operation::GetInvalidation)),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0usize..4, 0usize..4, aim()).prop_map(|(exact, wild, aim)| Step::Compose(exact, wild, aim)),
        2 => prop_oneof![Just("/x S R"), Just("/A q"), Just("x"), Just("/1 i c")].prop_map(Step::TypeLine),
        1 => (0usize..5).prop_map(|row| Step::Press(row, "R")),
        1 => (0usize..5).prop_map(|row| Step::Press(row, "x")),
        1 => (0usize..5).prop_map(|row| Step::Press(row, "m R enter")),
        1 => (0usize..5).prop_map(|row| Step::Press(row, "m A enter")),
        1 => prop_oneof![Just((0usize, 0usize)), Just((2_996, 12))].prop_map(|(exact, wild)| Step::Reserve(exact, wild)),
        2 => Just(Step::Stop),
        1 => prop_oneof![Just(0u32), Just(5)].prop_map(Step::CountDown),
        12 => (1usize..6).prop_map(Step::Write),
        3 => any::<bool>().prop_map(Step::FailToWrite),
        3 => prop_oneof![
            3 => Just(None),
            1 => Just(Some(LedgerFailureKind::Full)),
            1 => Just(Some(LedgerFailureKind::Busy)),
            1 => Just(Some(LedgerFailureKind::Disk)),
        ].prop_map(Step::TroubleTheLedger),
        12 => (0usize..6).prop_map(Step::Answer),
        1 => (0usize..6).prop_map(Step::AnswerTwice),
        4 => (0usize..6, fate()).prop_map(|(place, fate)| Step::Lose(place, fate)),
        2 => Just(Step::Arrive),
        6 => trouble().prop_map(|fault| Step::Trouble(Box::new(fault))),
        1 => any::<bool>().prop_map(Step::Quota),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(documented, replay)| Step::Dialect(
            if documented { ReferenceClash::InvalidationBatchAlreadyExists } else { ReferenceClash::InvalidArgument },
            replay,
        )),
        8 => (1i64..70).prop_map(Step::Pass),
        1 => Just(Step::Sleep),
        1 => prop_oneof![Just(-3i64), Just(0), Just(3)].prop_map(Step::SetClock),
        1 => any::<bool>().prop_map(Step::LogIn),
        2 => (0usize..4, fate()).prop_map(|(written, fate)| Step::Crash(written, fate)),
    ]
}

fn happen(world: &mut World, step: Step) {
    match step {
        Step::Compose(exact, wildcards, aim) => world.compose(exact, wildcards, aim),
        Step::TypeLine(line) => world.type_line(line),
        Step::Press(row, key) => world.on_row(row, key),
        Step::Stop => world.keys("esc"),
        Step::CountDown(seconds) => world.count_down(seconds),
        Step::Reserve(exact, wildcards) => world.reserve(exact, wildcards),
        Step::Write(times) => (0..times).for_each(|_| world.write(true)),
        Step::FailToWrite(written) if written => world.write_and_deny(),
        Step::FailToWrite(_) => world.write(false),
        Step::TroubleTheLedger(kind) => world.trouble_the_ledger(kind),
        Step::Answer(place) => world.answer(place),
        Step::AnswerAll => all_is_answered(world),
        Step::AnswerTwice(place) => world.answer_twice(place),
        Step::Lose(place, fate) => world.lose(place, fate),
        Step::Arrive => world.arrive(),
        Step::Trouble(fault) => world.emulator.inject(*fault),
        Step::Quota(tight) => world.emulator.configure(|settings| {
            settings.in_progress_wildcards = tight.then_some(2);
            settings.batch_limit = Some(if tight { 3 } else { 3_000 });
            settings.creates_per_second = tight.then_some(0.5);
        }),
        Step::Dialect(clash, replay) => world.emulator.configure(|settings| {
            settings.reference_clash = clash;
            settings.replay_clashes = replay;
        }),
        Step::Pass(seconds) => world.pass(seconds),
        Step::Sleep => world.scene.now += TimeDelta::hours(8),
        Step::SetClock(hours) => world.set_clock(TimeDelta::hours(hours)),
        Step::LogIn(other) => {
            world.credentials = if other { THEIRS } else { OURS };
            world.keys("esc esc esc 1 r");
            world.deliver_connects();
        }
        Step::Crash(written, fate) => world.crash(written, fate),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { max_shrink_iters: 20_000, ..ProptestConfig::with_cases(cases()) })]

    #[test]
    fn each_intent_becomes_one_invalidation_or_a_shown_refusal(steps in proptest::collection::vec(step(), 1..60)) {
        let mut world = World::new();
        for step in steps {
            happen(&mut world, step);
            world.hold_to_its_word();
        }
        world.settle();
        world.hold_to_account();
    }
}

/// How many stories are told: two thousand in an ordinary run.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok())
        .unwrap_or(2_000)
}

/// Tells a story of which everything is known, with its end.
fn tell(steps: impl IntoIterator<Item = Step>) -> World {
    let mut world = World::new();
    for step in steps {
        happen(&mut world, step);
        world.hold_to_its_word();
    }
    world
}

/// Everything asked of CloudFront is answered, and then the ledger answers.
fn all_is_answered(world: &mut World) {
    while !world.calls.is_empty() {
        world.answer(0);
    }
    (0..9).for_each(|_| world.write(true));
}

/// One is confirmed, refused, and the ledger cannot be written meanwhile.
fn refused_on_a_full_disk() -> Vec<Step> {
    let denied = Fault::new(Trouble::AccessDenied).on(Operation::CreateInvalidation);
    vec![
        Step::Compose(1, 0, Aim::Distribution),
        Step::Write(9),
        Step::Trouble(Box::new(denied)),
        Step::TroubleTheLedger(Some(LedgerFailureKind::Full)),
        Step::AnswerAll,
    ]
}

#[test]
fn what_was_refused_on_a_full_disk_and_is_sent_again_is_never_sent_twice() {
    let again = [Step::TroubleTheLedger(None), Step::Press(0, "E"), Step::Press(0, "esc")];
    for key in ["E ctrl-s enter", "c ctrl-s enter"] {
        for written in 0..4 {
            let again = again
                .clone()
                .into_iter()
                .chain([Step::Press(0, key), Step::Crash(written, Fate::Now)]);
            let mut world = tell(refused_on_a_full_disk());
            assert!(
                world
                    .scene
                    .model
                    .engine
                    .queue
                    .iter()
                    .all(|s| s.state.refusal().is_some())
            );
            again.for_each(|step| happen(&mut world, step));
            world.settle();
            world.hold_to_account();
        }
    }
}

#[test]
fn what_was_cancelled_on_a_full_disk_and_is_sent_again_is_never_sent_twice() {
    for written in 0..4 {
        let mut world = tell([
            Step::Compose(1, 0, Aim::Both),
            Step::Write(3),
            Step::Press(1, "x"),
            Step::FailToWrite(false),
            Step::Press(1, "m R enter"),
            Step::Crash(written, Fate::Now),
        ]);
        world.settle();
        world.hold_to_account();
    }
}

#[test]
fn what_was_stopped_on_a_full_disk_is_asked_about_at_the_next_start() {
    let mut world = tell([
        Step::CountDown(5),
        Step::Compose(1, 0, Aim::Distribution),
        Step::Write(2),
        Step::TroubleTheLedger(Some(LedgerFailureKind::Full)),
        Step::Stop,
        Step::Write(9),
        Step::Pass(20),
        Step::Crash(9, Fate::Now),
        Step::TroubleTheLedger(None),
        Step::Pass(20),
        Step::Write(9),
    ]);
    assert_eq!(world.scene.model.engine.queue.held().len(), 1);
    let is_create = |(_, call): &(RequestId, Call)| matches!(call, Call::CreateInvalidation { .. });
    assert!(
        !world.calls.iter().any(is_create),
        "it is young, and was not to be sent"
    );
    world.keys("x");
    world.settle();
    world.hold_to_account();
    assert_eq!(world.emulator.received().creations.len(), 0);
}

#[test]
fn what_is_cancelled_while_the_ledger_is_locked_stays_cancelled() {
    let mut world = tell([
        Step::Trouble(Box::new(
            Fault::new(Trouble::Throttling)
                .on(Operation::CreateInvalidation)
                .always(),
        )),
        Step::Compose(1, 0, Aim::Distribution),
        Step::Write(9),
        Step::AnswerAll,
        Step::TroubleTheLedger(Some(LedgerFailureKind::Busy)),
        Step::Press(0, "x"),
        Step::Write(9),
    ]);
    let submission = world.scene.model.engine.queue.iter().next();
    let saving = submission.and_then(|submission| world.scene.model.engine.unsaved.saving(&submission.id));
    assert!(
        matches!(saving, Some(Saving::Failed(_))),
        "it is called cancelled, and not saved"
    );
    for step in [
        Step::TroubleTheLedger(None),
        Step::Pass(2),
        Step::Write(9),
        Step::Crash(0, Fate::Now),
    ] {
        happen(&mut world, step);
    }
    assert!(world.disk.values().all(|written| written.state == State::Cancelled));
    assert_eq!(world.disk.len(), 1);
    world.settle();
    world.hold_to_its_word();
}
