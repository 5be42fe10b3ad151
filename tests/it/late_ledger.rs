//! A ledger that cannot be opened at startup: opening is retried, the screen explains the consequences, and both the
//! stored data and the text typed in the meantime are kept.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use std::path::Path;

use invalidash::emulator::{Fault, Operation, Trouble};
use rusqlite::Connection;

use crate::support::dashboard::{Person, Stage};

/// Keeps the ledger from being opened, at once and without a lock that would be waited for.
fn close(stage: &Stage) {
    std::fs::rename(file(stage), stage.ledger().join("away")).unwrap();
    std::fs::create_dir(file(stage)).unwrap();
}

fn open(stage: &Stage) {
    std::fs::remove_dir(file(stage)).unwrap();
    std::fs::rename(stage.ledger().join("away"), file(stage)).unwrap();
}

fn file(stage: &Stage) -> std::path::PathBuf {
    stage.ledger().join("ledger.db")
}

/// Leaves a draft behind.
async fn a_draft_is_stored(stage: &Stage, lines: &str) {
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste(lines);
            person.sees("draft saved").await;
            person.press("<esc>");
            person.misses("Invalidate  ").await;
        })
        .await;
}

/// What the ledger holds of drafts.
fn drafts(folder: &Path) -> Vec<String> {
    let ledger = Connection::open(folder.join("ledger.db")).unwrap();
    let mut rows = ledger.prepare("SELECT text FROM draft ORDER BY text").unwrap();
    let rows = rows.query_map([], |row| row.get(0)).unwrap();
    // The composer continues below the last line.
    rows.map(|text: rusqlite::Result<String>| text.unwrap().trim_end().to_owned())
        .collect()
}

async fn composes(person: &mut Person, lines: &str) {
    person.sees("www.").await;
    person.press("i");
    person.sees("Invalidate").await;
    person.paste(lines);
    person.sees(lines).await;
}

#[tokio::test(start_paused = true)]
async fn one_that_another_program_locked_is_opened_when_the_lock_is_gone() {
    let stage = Stage::demo();
    a_draft_is_stored(&stage, "/stored").await;
    let other = Connection::open(file(&stage)).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    stage
        .play(async |mut person| {
            person.sees("ledger locked").await;
            composes(&mut person, "/typed").await;
            let screen = person.sees("the stored draft cannot be loaded yet").await;
            assert!(
                screen.contains("Nothing is sent and drafts are not saved: another program"),
                "{screen}"
            );
            person.press("<c-s>");
            person.sees("nothing can be sent without the ledger").await;
            other.execute_batch("COMMIT").unwrap();
            person.misses("ledger locked").await;
            let screen = person.sees("/stored").await;
            assert!(screen.find("/stored") < screen.find("/typed"), "{screen}");
            person.sees("1 stored line was inserted above what you typed").await;
            person.sees("draft saved").await;
        })
        .await;
    assert_eq!(drafts(stage.ledger()), ["/stored\n/typed"]);
}

#[tokio::test(start_paused = true)]
async fn r_tries_it_at_once_and_an_empty_composer_is_filled() {
    let stage = Stage::demo();
    a_draft_is_stored(&stage, "/stored").await;
    close(&stage);
    stage
        .play(async |mut person| {
            person.sees("ledger not writable").await;
            // By now the ledger is tried twice a minute.
            person.waits(120).await;
            open(&stage);
            person.waits(1).await;
            assert!(person.screen().contains("ledger not writable"));
            person.press("r");
            person.sees("the ledger is open").await;
            person.press("i");
            person.sees("/stored").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn an_empty_composer_says_that_there_may_be_more_and_is_filled_by_itself() {
    let stage = Stage::demo();
    a_draft_is_stored(&stage, "/stored").await;
    close(&stage);
    stage
        .play(async |mut person| {
            person.sees("ledger not writable").await;
            person.press("i");
            person.sees("the stored draft cannot be loaded yet").await;
            open(&stage);
            person.sees("/stored").await;
            person.press("<enter>/typed");
            person.sees("✓ /typed").await;
            person.sees("draft saved").await;
        })
        .await;
    let kept = drafts(stage.ledger()).join("|");
    assert!(kept.starts_with("/stored\n") && kept.ends_with("\n/typed"), "{kept}");
}

#[tokio::test(start_paused = true)]
async fn what_was_left_in_memory_is_put_under_what_was_stored() {
    let stage = Stage::demo();
    a_draft_is_stored(&stage, "/stored").await;
    close(&stage);
    stage
        .play(async |mut person| {
            person.sees("ledger not writable").await;
            composes(&mut person, "/typed").await;
            person.press("<esc>");
            person.misses("Invalidate  ").await;
            person.press("f");
            person.sees("★").await;
            open(&stage);
            person.sees("the ledger is open").await;
            person.press("i");
            person.sees("/typed").await;
            person.sees("/stored").await;
            person.waits(1).await;
        })
        .await;
    assert_eq!(drafts(stage.ledger()), ["/stored\n/typed"]);
    let ledger = Connection::open(file(&stage)).unwrap();
    let favorites: i64 = ledger
        .query_row("SELECT count(*) FROM favourite", [], |row| row.get(0))
        .unwrap();
    assert_eq!(favorites, 1, "a favorite that was made meanwhile is kept");
}

#[tokio::test(start_paused = true)]
async fn text_does_not_change_below_a_layer_that_was_made_from_it() {
    let stage = Stage::demo();
    a_draft_is_stored(&stage, "/stored").await;
    close(&stage);
    stage
        .play(async |mut person| {
            person.sees("ledger not writable").await;
            composes(&mut person, "/typed").await;
            person.press("<c-l>");
            person.sees("Saved lists").await;
            open(&stage);
            person.sees("the ledger is open").await;
            assert!(!person.screen().contains("/stored"));
            person.press("<esc>");
            person.sees("/stored").await;
            person.waits(1).await;
        })
        .await;
    assert_eq!(drafts(stage.ledger()), ["/stored\n/typed"]);
}

#[tokio::test(start_paused = true)]
async fn what_an_earlier_run_left_goes_on_when_the_ledger_opens_late() {
    let stage = Stage::demo();
    let throttled = Fault::new(Trouble::Throttling).on(Operation::CreateInvalidation);
    stage.emulator.inject(throttled.always());
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/left").await;
            person.sees("Retrying").await;
        })
        .await;
    stage.emulator.clear_faults();
    let before = stage.emulator.received().creations.len();
    close(&stage);
    stage
        .play(async |mut person| {
            person.sees("ledger not writable").await;
            person.waits(60).await;
            assert_eq!(
                stage.emulator.received().creations.len(),
                before,
                "nothing is sent meanwhile"
            );
            open(&stage);
            person.sees("Resuming 1 from an earlier run").await;
            person.press("2");
            person.sees("Completed").await;
        })
        .await;
    assert_eq!(stage.emulator.received().creations.len(), before.max(1));
}
