//! The list of distributions from an earlier run is shown immediately, with its age, and replaced by what CloudFront
//! returns.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use invalidash::emulator::{Fault, Operation, Trouble};
use rusqlite::Connection;

use crate::support::dashboard::{Person, Stage};

const OF_EARLIER: &str = "from an earlier run";

/// A run that reads the whole list.
async fn reads_the_list(stage: &Stage) {
    stage
        .play(async |mut person: Person| {
            person.sees("docs.lumen.example").await;
            person.waits(1).await;
            person.press("q");
        })
        .await;
}

fn answers_late(stage: &Stage, operation: Operation, seconds: u64) {
    let late = Trouble::Delay {
        milliseconds: seconds * 1_000,
    };
    stage.emulator.inject(Fault::new(late).on(operation).times(1));
}

#[tokio::test(start_paused = true)]
async fn it_stands_at_once_with_its_age_and_gives_way() {
    let stage = Stage::demo();
    reads_the_list(&stage).await;
    stage.emulator.remove("EDOCS5R8J2YT6K", stage.clock.now());
    answers_late(&stage, Operation::ListDistributions, 20);
    stage
        .play(async |mut person| {
            person.waits(1).await;
            let screen = person.screen();
            assert!(
                screen.contains("docs.lumen.example") && screen.contains(OF_EARLIER),
                "{screen}"
            );
            assert!(screen.contains("as of "), "{screen}");
            person.misses(OF_EARLIER).await;
            let screen = person.screen();
            assert!(
                screen.contains("Distributions 13") && !screen.contains("docs.lumen"),
                "{screen}"
            );
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_again_stays_and_says_so() {
    let stage = Stage::demo();
    reads_the_list(&stage).await;
    let denied = Fault::new(Trouble::AccessDenied).on(Operation::ListDistributions);
    stage.emulator.inject(denied.always());
    stage
        .play(async |mut person| {
            let screen = person.sees("not refreshed").await;
            assert!(
                screen.contains("docs.lumen.example") && screen.contains(OF_EARLIER),
                "{screen}"
            );
        })
        .await;
}

/// Somebody logged in to another account under the same profile: its first page tells so, and nothing of the old one stays.
#[tokio::test(start_paused = true)]
async fn of_another_account_nothing_stays() {
    let stage = Stage::demo();
    reads_the_list(&stage).await;
    let ledger = Connection::open(stage.ledger().join("ledger.db")).unwrap();
    ledger.execute("UPDATE list SET account = '999999999999'", []).unwrap();
    stage.emulator.configure(|settings| {
        settings.page_limit = 3;
        settings.latency_ms = 5_000;
    });
    stage
        .play(async |mut person| {
            person.sees(OF_EARLIER).await;
            person.misses(OF_EARLIER).await;
            let screen = person.screen();
            assert!(screen.contains("Distributions 3 so far"), "{screen}");
            person.sees("Distributions 14").await;
        })
        .await;
}

/// What is reviewed was read in this run: while it is read again nothing is sent.
#[tokio::test(start_paused = true)]
async fn nothing_is_sent_to_what_only_an_earlier_run_read() {
    let stage = Stage::demo();
    reads_the_list(&stage).await;
    answers_late(&stage, Operation::ListDistributions, 60);
    answers_late(&stage, Operation::GetDistribution, 20);
    stage
        .play(async |mut person| {
            person.sees(OF_EARLIER).await;
            person.reviews("/a").await;
            let screen = person.screen();
            assert!(screen.contains(", not updated"), "{screen}");
            person.press("<enter>");
            person.sees("is still refreshing").await;
            assert_eq!(stage.emulator.received().creations.len(), 0);
            person.misses(", not updated").await;
            person.press("<enter>");
            person.sees("InProgress").await;
            assert_eq!(stage.emulator.received().creations.len(), 1);
        })
        .await;
}
