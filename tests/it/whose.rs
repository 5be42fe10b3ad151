//! Submissions of another endpoint, account or profile are neither counted nor shown as this session's: a ledger that
//! several sessions have written, and the screen of one of them.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use invalidash::domain::distribution::AccountId;
use invalidash::domain::failure::Failure;
use invalidash::domain::invalidation::{InvalidationId, Status};
use invalidash::domain::submission::{Scope, State, Submission};
use invalidash::engine::effect::{Announcement, LedgerOperation, Progress};
use invalidash::runtime::ledger::Ledger;

use crate::support::connector::ENDPOINT;
use crate::support::dashboard::{Aside, Person, Stage};
use crate::support::journal::{at, plan, planned};

/// Whom the stage's own credentials belong to.
fn own() -> Scope {
    Scope {
        account: Some(AccountId::new("123456789012")),
        endpoint: ENDPOINT.to_owned(),
        profile: "demo".to_owned(),
    }
}

fn endpoint() -> Scope {
    Scope {
        endpoint: "http://10.0.0.7:4566".to_owned(),
        ..own()
    }
}

fn account() -> Scope {
    Scope {
        account: Some(AccountId::new("210987654321")),
        ..own()
    }
}

fn profile() -> Scope {
    Scope {
        profile: "dev".to_owned(),
        ..own()
    }
}

fn in_progress() -> State {
    State::InProgress {
        id: InvalidationId::new("IOTHER"),
        status: Status::new("InProgress"),
        create_time: at(-9),
        last_in_progress: Some(at(-5)),
    }
}

fn completed() -> State {
    State::Completed {
        id: InvalidationId::new("IOTHER"),
        create_time: at(-60),
        last_in_progress: Some(at(-37)),
        seen: Some(at(-35)),
    }
}

/// Writes these into the stage's ledger, as a program did that has ended.
async fn written(stage: &Stage, submissions: &[(&str, Scope, State)]) {
    let ledger = Ledger::open(stage.ledger()).unwrap();
    for (name, scope, state) in submissions {
        let one = Submission {
            scope: scope.clone(),
            created: at(-20),
            ..planned(name, &[&format!("/{name}")]).unwrap()
        };
        plan(&ledger, vec![one.clone()]).await.unwrap();
        if *state != State::Planned {
            let later = Submission {
                state: state.clone(),
                attempts: u32::from(state.accepted().is_some()),
                ..one
            };
            let operation = LedgerOperation::Progress(Box::new(later));
            ledger.carry_out(operation, at(-10)).await.unwrap();
        }
    }
}

/// That the person was told of nothing in flight, on no page.
async fn nothing_in_flight(person: &mut Person) {
    for page in ["1", "2", "3"] {
        person.press(page);
        person.waits(1).await;
        let screen = person.screen();
        assert!(!screen.contains("in flight"), "{screen}");
    }
    let told = person.told();
    let loud = told.iter().filter(|aside| match aside {
        Aside::Noticed(Announcement::Title(title)) => title.contains("in flight"),
        Aside::Noticed(Announcement::Progress(progress)) => *progress != Progress::None,
        Aside::Noticed(Announcement::Bell | Announcement::Notification(..))
        | Aside::Copied(_)
        | Aside::Suspended
        | Aside::Mouse(_) => false,
    });
    assert_eq!(loud.count(), 0, "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn what_another_endpoint_account_or_profile_has_in_flight_is_not_counted() {
    for scope in [endpoint(), account(), profile()] {
        let stage = Stage::demo();
        let waiting = State::Unknown {
            reason: "no answer".to_owned(),
            until: None,
            reference_used: false,
        };
        let submissions = [
            ("moving", scope.clone(), in_progress()),
            ("planned", scope.clone(), State::Planned),
            ("queued", scope.clone(), State::Queued),
            ("unknown", scope, waiting),
        ];
        written(&stage, &submissions).await;
        let code = stage
            .play(async |mut person| {
                person.sees("www.").await;
                nothing_in_flight(&mut person).await;
                // Quitting leaves it unchanged, and nothing is asked.
                person.press("<esc>1q");
                person.waits(1).await;
            })
            .await;
        assert_eq!(code, Some(0), "{:?}", submissions[0].1);
        assert_eq!(stage.emulator.received().creations.len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn without_a_login_nothing_is_in_flight() {
    let mut stage = Stage::demo();
    stage.connect_failure = Some(Failure::Credentials("run `aws sso login`".to_owned()));
    let submissions = [("moving", own(), in_progress()), ("planned", own(), State::Planned)];
    written(&stage, &submissions).await;
    stage
        .play(async |mut person| {
            person.sees("not logged in").await;
            nothing_in_flight(&mut person).await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_another_endpoint_saw_is_not_the_last_of_this_ones_target_nor_typical_for_it() {
    let stage = Stage::demo();
    let submissions: Vec<_> = ["a", "b", "c", "d"]
        .map(|name| (name, endpoint(), completed()))
        .into_iter()
        .collect();
    written(&stage, &submissions).await;
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.waits(1).await;
            let screen = person.sees("last invalidation not loaded").await;
            assert!(!screen.contains("took 25 s"), "{screen}");
            // The month's count is that of the account at this endpoint.
            person.sees("this month no known free-path usage").await;
            person.press("<enter>");
            let screen = person.sees("Completed").await;
            assert!(!screen.contains("typical") && !screen.contains("IOTHER"), "{screen}");
            person.press("2");
            person.sees("distributions loaded").await;
            person.waits(1).await;
            assert!(!person.screen().contains("IOTHER"), "{}", person.screen());
            // The history shows all of them.
            person.press("3");
            person.sees("took 25 s").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_another_profile_left_says_whose_it_is_and_what_to_do() {
    let stage = Stage::demo();
    let submissions = [
        ("left", profile(), State::Planned),
        ("moving", profile(), in_progress()),
    ];
    written(&stage, &submissions).await;
    stage
        .play(async |mut person| {
            person.sees("1 invalidation for profile dev is not sent yet").await;
            person.press("2");
            let screen = person.sees("CreateTime").await;
            let row = screen.lines().find(|line| line.contains("/left")).unwrap();
            assert!(row.contains("Queued") && row.contains("profile dev"), "{row}");
            assert!(!screen.contains("ledger"), "{screen}");
            person.press("R");
            person
                .sees("created with profile dev, but the current profile is demo; use P to switch profiles")
                .await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_another_endpoint_left_says_which_one() {
    let stage = Stage::demo();
    written(&stage, &[("left", endpoint(), State::Queued)]).await;
    stage
        .play(async |mut person| {
            person
                .sees("1 invalidation for http://10.0.0.7:4566 is not sent yet")
                .await;
            person.press("2");
            person.sees("/left").await;
            person.sees("created for http://10.0.0.7:4566").await;
        })
        .await;
}
