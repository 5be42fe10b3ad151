//! The duration of an invalidation counts as measured only if its completion was watched; otherwise it is an upper
//! bound.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use std::time::Duration;

use chrono::TimeDelta;
use invalidash::emulator::{Fault, Operation, Trouble};

use crate::support::dashboard::Stage;

/// An account whose invalidations take eight seconds each.
fn eight_seconds() -> Stage {
    let stage = Stage::demo();
    stage.emulator.configure(|settings| {
        settings.completion_delay_ms = 8_000;
        settings.completion_spread_ms = 0;
    });
    stage
}

/// Submits, and ends the program a second later.
async fn submits_and_leaves(stage: &Stage, items: &str) {
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits(items).await;
            person.sees("InProgress").await;
            person.waits(1).await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_time_in_which_the_program_did_not_run_is_a_bound_and_no_measurement() {
    let stage = eight_seconds();
    for items in ["/a", "/b", "/c"] {
        submits_and_leaves(&stage, items).await;
        tokio::time::sleep(Duration::from_secs(25)).await;
        stage
            .play(async |mut person| {
                person.sees("Completed within 28 s").await;
                person.press("2");
                person.sees("≤ 28 s").await;
                // It is in the ledger.
                person.waits(1).await;
            })
            .await;
    }
    stage
        .play(async |mut person| {
            // It does not matter on which page the user quit.
            person.press("1");
            person.sees("took ≤ 28 s").await;
            person.press("<enter>");
            let screen = person.sees("/c").await;
            assert!(!screen.contains("typical"), "{screen}");
            person.press("<enter>");
            let details = person.sees("Took             ≤ 28 s").await;
            assert!(details.contains("last seen InProgress at"), "{details}");
            person.press("<esc>3");
            person.sees("took ≤ 28 s").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_night_with_the_lid_closed_is_a_bound_and_no_measurement() {
    let stage = eight_seconds();
    stage
        .emulator
        .configure(|settings| settings.completion_delay_ms = 7_500);
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("InProgress").await;
            // It completes between two polls, with the lid closed.
            tokio::time::sleep(Duration::from_millis(7_600)).await;
            stage.skew.set(TimeDelta::hours(9));
            person.sees("Completed within 9 h").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_was_set_back_measures_nothing() {
    let stage = eight_seconds();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("InProgress").await;
            person.waits(3).await;
            stage.skew.set(-TimeDelta::hours(9));
            let screen = person.sees("www.lumen-shop.example: Completed").await;
            assert!(
                !screen.contains("Completed after") && !screen.contains("Completed within"),
                "{screen}"
            );
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn without_the_focus_it_is_looked_at_too_rarely_to_be_measured() {
    let stage = eight_seconds();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("InProgress").await;
            person.focuses(false);
            person.sees("Completed within 8 s").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_another_window_watched_is_measured_in_both_and_what_it_left_is_not() {
    let stage = eight_seconds();
    let shared = &stage;
    stage
        .play(async |mut other| {
            other.sees("www.").await;
            other.press("2");
            shared
                .play(async |mut one| {
                    // It does not start on the page that the other window left.
                    one.press("1");
                    one.sees("www.").await;
                    one.submits("/one").await;
                    one.sees("Completed after 8 s").await;
                })
                .await;
            let screen = other.sees("Completed").await;
            assert!(screen.contains(" 8 s") && !screen.contains('≤'), "{screen}");
            submits_and_leaves(shared, "/two").await;
            other.sees("Completed within").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_a_list_answers_is_measured_by_the_same_rule() {
    let stage = eight_seconds();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            for items in ["/a", "/b", "/c"] {
                person.submits(items).await;
                person.sees(items).await;
                person.press("<esc>");
            }
            person.waits(9).await;
            person.press("2");
            let screen = person.misses("in flight").await;
            assert!(!screen.contains('≤'), "{screen}");
        })
        .await;
    let received = stage.emulator.received();
    let pages = received.operations.get(&Operation::ListInvalidations);
    assert!(pages.copied().unwrap() > 1, "three share a page");
}

#[tokio::test(start_paused = true)]
async fn a_command_of_ones_own_is_not_told_what_was_not_measured() {
    let mut stage = eight_seconds();
    let file = stage.state.path().join("facts");
    let script = "printf '[%s] [%s]' \"$INVALIDASH_STATUS\" \"$INVALIDASH_SECONDS\" > \"$0\"";
    stage.preferences.engine.notify.on_completed = ["sh", "-c", script, &file.to_string_lossy()]
        .map(str::to_owned)
        .to_vec();
    submits_and_leaves(&stage, "/a").await;
    tokio::time::sleep(Duration::from_secs(25)).await;
    stage
        .play(async |mut person| {
            person.sees("Completed within").await;
            person.waits(1).await;
        })
        .await;
    assert_eq!(std::fs::read_to_string(file).unwrap(), "[Completed] []");
}

#[tokio::test(start_paused = true)]
async fn a_command_of_ones_own_is_told_that_parts_were_refused() {
    let mut stage = eight_seconds();
    let file = stage.state.path().join("facts");
    let script = "printf '%s %s %s' \"$INVALIDASH_STATUS\" \"$INVALIDASH_COMPLETED\" \"$INVALIDASH_REFUSED\" > \"$0\"";
    stage.preferences.engine.notify.on_completed = ["sh", "-c", script, &file.to_string_lossy()]
        .map(str::to_owned)
        .to_vec();
    let refused = Fault::new(Trouble::AccessDenied).on(Operation::CreateInvalidation);
    stage.emulator.inject(refused.times(1));
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.press("<space><space>");
            person.submits("/a").await;
            person.sees("1 completed, 1 refused after").await;
            person.waits(1).await;
        })
        .await;
    assert_eq!(std::fs::read_to_string(file).unwrap(), "Partial 1 1");
}
