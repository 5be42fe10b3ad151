//! Nothing is sent by accident: only a key that was pressed for what the user has read confirms it.

use invalidash::domain::danger::GuardChanges;
use invalidash::domain::distribution::AccountId;
use invalidash::domain::options::AccountOptions;
use invalidash::emulator::{Creation, Options};

use crate::support::dashboard::{Person, Stage};

/// Everything that was created.
fn created(stage: &Stage) -> Vec<Creation> {
    stage.emulator.received().creations
}

fn stage() -> Stage {
    Stage::new(Options {
        lived_in: false,
        ..Options::demo()
    })
}

/// The composer with a page, of the first distribution.
async fn composes(person: &mut Person) {
    person.sees("Distributions 14").await;
    person.press("i");
    person.sees("Invalidate").await;
    person.paste("/index.html");
    person.sees("/index.html").await;
}

#[tokio::test(start_paused = true)]
async fn an_enter_that_is_held_down_confirms_nothing() {
    let stage = stage();
    stage
        .play(async |mut person| {
            composes(&mut person).await;
            // Enter runs "review" in the palette, and Enter submits in the review.
            person.press("<c-p>review");
            person.sees("Review what will be sent").await;
            person.holds("<enter>", 5_000).await;
            let seen = person.sees("Holding the key down does not confirm").await;
            assert!(seen.contains("1 item will be sent"), "{seen}");
            assert_eq!(created(&stage), []);
            person.waits(2).await;
            person.press("<enter>");
            person.sees("InProgress").await;
        })
        .await;
    assert_eq!(created(&stage).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_typed_ahead_confirm_nothing() {
    let stage = stage();
    stage
        .play(async |mut person| {
            composes(&mut person).await;
            person.types_ahead("<c-s><enter>");
            person.sees("This just opened; press the key again").await;
            person.waits(3).await;
            assert_eq!(created(&stage), []);
            person.press("<enter>");
            person.sees("Completed").await;
            // Two keys do the same again.
            person.types_ahead(".<enter>");
            person.sees("This just opened; press the key again").await;
            person.sees("will be sent").await;
            person.waits(3).await;
        })
        .await;
    assert_eq!(created(&stage).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_has_to_be_typed_cannot_be_pasted() {
    let stage = stage();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("/*");
            person.press("<c-s>");
            let review = person.sees("to submit ›").await;
            let id = review.split("type ").nth(1).and_then(|rest| rest.split(' ').next());
            let id = id.unwrap_or_default().to_owned();
            person.paste(&id);
            person.press("<enter>");
            person.sees("Type the confirmation; pasted text does not count").await;
            person.waits(3).await;
            assert_eq!(created(&stage), []);
            person.press(&id);
            person.press("<enter>");
            person.sees("InProgress").await;
        })
        .await;
    assert_eq!(created(&stage).len(), 1);
}

/// The demo's account, called production, with this changed of the guard.
fn production(changes: &GuardChanges) -> Stage {
    let mut stage = stage();
    let label = AccountOptions {
        label: "PRODUCTION".to_owned(),
        production: true,
        guard: changes.clone(),
        ..AccountOptions::default()
    };
    let accounts = &mut stage.preferences.engine.accounts;
    accounts.insert(AccountId::new("123456789012"), label);
    stage
}

#[tokio::test(start_paused = true)]
async fn production_counts_three_seconds_down_and_esc_stops_it() {
    let stage = production(&GuardChanges::default());
    stage
        .play(async |mut person| {
            person.sees("PRODUCTION").await;
            person.submits("/index.html").await;
            person.sees("sending in 2 s").await;
            person.press("<esc>");
            person.sees("Cancelled; nothing was sent").await;
            person.waits(10).await;
            assert_eq!(created(&stage), []);
            person.press("<c-s>");
            person.sees("will be sent").await;
            person.press("<enter>");
            person.sees("sending in 1 s").await;
            person.sees("InProgress").await;
        })
        .await;
    assert_eq!(created(&stage).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_account_has_a_countdown_of_its_own() {
    for (seconds, counts) in [(0, false), (7, true)] {
        let changes = GuardChanges {
            countdown: Some(seconds),
            ..GuardChanges::default()
        };
        let mut stage = production(&changes);
        stage.preferences.engine.send.countdown = 30;
        stage
            .play(async |mut person| {
                person.sees("PRODUCTION").await;
                person.submits("/index.html").await;
                let seen = person.sees(if counts { "sending in 6 s" } else { "InProgress" }).await;
                assert_eq!(seen.contains("sending in"), counts, "{seen}");
            })
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn production_may_ask_for_its_own_word() {
    let changes = GuardChanges {
        production: Some(invalidash::domain::danger::Asks::Always),
        countdown: Some(0),
        ..GuardChanges::default()
    };
    let stage = production(&changes);
    stage
        .play(async |mut person| {
            person.sees("PRODUCTION").await;
            person.reviews("/index.html").await;
            person.sees("type PRODUCTION to submit").await;
            person.press("PRODUCTION<enter>");
            person.sees("InProgress").await;
        })
        .await;
    assert_eq!(created(&stage).len(), 1);
}
