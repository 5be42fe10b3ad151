//! Two windows on one ledger: both show the same, and only one of them sends.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use invalidash::domain::submission::{State, Submission};
use invalidash::emulator::{Fault, Operation, Trouble};
use invalidash::engine::effect::{Claim, LedgerContents, LedgerOperation};
use invalidash::runtime::ledger::Ledger;
use tempfile::TempDir;

use crate::support::dashboard::Stage;
use crate::support::journal::{accepted, at, claim, contents, plan, planned, progress};

/// The row of the table in which this stands.
fn row(screen: &str, text: &str) -> String {
    screen
        .lines()
        .skip(3)
        .find(|line| line.contains(text))
        .unwrap()
        .trim()
        .to_owned()
}

#[tokio::test(start_paused = true)]
async fn what_one_window_sends_is_seen_in_the_other_until_its_end() {
    let stage = Stage::demo();
    let shared = &stage;
    stage
        .play(async |mut other| {
            other.sees("www.").await;
            other.press("2");
            other.sees("distributions loaded").await;
            shared
                .play(async |mut one| {
                    one.sees("www.").await;
                    one.submits("/one").await;
                    one.sees("InProgress").await;
                    // A window that was alone notices within twenty seconds that it no longer is.
                    other.waits(20).await;
                    other.sees("/one").await;
                    one.press("2");
                    one.misses("in flight").await;
                    let there = other.sees("Completed").await;
                    for screen in [there, one.screen()] {
                        let row = row(&screen, "/one");
                        assert!(row.contains("Completed") && row.contains(" 8 s "), "{row}");
                    }
                    one.press("1");
                    // Now that both know each other, it takes two seconds.
                    one.submits("/two").await;
                    other.waits(3).await;
                    let seen = other.sees("/two").await;
                    assert!(seen.contains("1 in flight") && seen.contains("InProgress"), "{seen}");
                    one.sees("Completed after").await;
                    other.misses("in flight").await;
                })
                .await;
        })
        .await;
    assert_eq!(stage.emulator.received().creations.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn what_another_window_carries_on_is_not_touched_and_taken_over_when_it_dies() {
    let stage = Stage::demo();
    let throttled = Fault::new(Trouble::Throttling).on(Operation::CreateInvalidation);
    stage.emulator.inject(throttled.times(4));
    let shared = &stage;
    stage
        .play(async |mut other| {
            other.sees("www.").await;
            shared
                .play(async |mut one| {
                    one.sees("www.").await;
                    one.submits("/one").await;
                    one.sees("Retrying").await;
                    other.press("2");
                    other.sees("Retrying").await;
                    // The row stays where it is during all attempts.
                    for _ in 0..10 {
                        other.waits(1).await;
                        row(&other.screen(), "/one");
                    }
                    assert!(other.screen().contains("in another window · attempt"));
                    other.press("R");
                    other.sees("a window using profile demo is handling this").await;
                    other.press("x");
                    other.waits(3).await;
                    assert!(!other.screen().contains("Cancelled"));
                })
                .await;
            // The first window is gone, as after a kill.
            other.sees("Resuming 1 from an earlier run").await;
            other.sees("Completed after").await;
        })
        .await;
    let received = stage.emulator.received();
    assert_eq!(received.creations.len(), 1, "one reference, one invalidation");
}

#[tokio::test(start_paused = true)]
async fn the_review_says_what_another_window_is_sending() {
    let stage = Stage::demo();
    let throttled = Fault::new(Trouble::Throttling).on(Operation::CreateInvalidation);
    stage.emulator.inject(throttled.times(4));
    let shared = &stage;
    stage
        .play(async |mut other| {
            other.sees("www.").await;
            shared
                .play(async |mut one| {
                    one.sees("www.").await;
                    one.submits("/one").await;
                    one.sees("Retrying").await;
                    other.press("2");
                    other.sees("Retrying").await;
                    other.press("1i/one<c-s>");
                    other.sees("same items already submitted but not accepted yet").await;
                })
                .await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn favorites_and_drafts_are_the_same_in_both() {
    let stage = Stage::demo();
    let shared = &stage;
    stage
        .play(async |mut other| {
            other.sees("www.").await;
            shared
                .play(async |mut one| {
                    one.sees("www.").await;
                    one.press("f");
                    one.sees("★").await;
                    one.press("i");
                    one.sees("Invalidate").await;
                    one.paste("/typed/elsewhere");
                    one.sees("/typed/elsewhere").await;
                    one.press("<esc>");
                    one.waits(1).await;
                })
                .await;
            // Opening another page also reads what others wrote.
            other.press("2");
            other.sees("distributions loaded").await;
            other.press("1");
            other.sees("★").await;
            other.press("i");
            other.sees("/typed/elsewhere").await;
        })
        .await;
}

async fn changes(ledger: &Ledger) -> Option<LedgerContents> {
    let contents = ledger
        .carry_out(LedgerOperation::Changes(Some(claim())), at(0))
        .await
        .unwrap();
    contents.map(|contents| *contents)
}

#[tokio::test]
async fn the_ledger_tells_what_others_wrote_once_and_nothing_of_ones_own() {
    let folder = TempDir::new().unwrap();
    let one = Ledger::open(folder.path()).unwrap();
    contents(&one).await;
    assert_eq!(changes(&one).await, None);
    plan(&one, vec![planned("s-1", &["/mine"]).unwrap()]).await.unwrap();
    assert_eq!(changes(&one).await, None, "its own");

    let other = Ledger::open(folder.path()).unwrap();
    assert_eq!(contents(&other).await.elsewhere, [planned("s-1", &["/mine"]).unwrap()]);
    let seen = changes(&one).await.unwrap();
    assert!(seen.shared && seen.elsewhere.is_empty());

    let theirs = planned("s-2", &["/theirs"]).unwrap();
    plan(&other, vec![theirs.clone()]).await.unwrap();
    let seen = changes(&one).await.unwrap();
    assert_eq!((seen.elsewhere, seen.finished), (vec![theirs.clone()], vec![]));
    assert_eq!(changes(&one).await, None);

    let under_way = accepted(&theirs, at(1));
    progress(&other, &under_way).await.unwrap();
    assert_eq!(changes(&one).await.unwrap().elsewhere, std::slice::from_ref(&under_way));
    let (id, create_time) = under_way.state.accepted().unwrap();
    let state = State::Completed {
        id: id.clone(),
        create_time,
        last_in_progress: Some(at(7)),
        seen: Some(at(9)),
    };
    let done = Submission {
        state,
        ..under_way.clone()
    };
    progress(&other, &done).await.unwrap();
    let seen = changes(&one).await.unwrap();
    assert_eq!((seen.elsewhere, seen.finished), (vec![], vec![done]));

    // A window that dies leaves its submissions.
    let left = planned("s-3", &["/left"]).unwrap();
    plan(&other, vec![left.clone()]).await.unwrap();
    assert_eq!(changes(&one).await.unwrap().elsewhere, std::slice::from_ref(&left));
    drop(other);
    let seen = changes(&one).await.unwrap();
    assert!(!seen.shared && seen.elsewhere.is_empty());
    assert_eq!(seen.unfinished.last(), Some(&left));
    assert_eq!(changes(&one).await, None);
}

#[tokio::test]
async fn how_long_older_ones_took_is_told_without_their_items() {
    let ledger = Ledger::in_memory().unwrap();
    for number in 0..504 {
        let submission = planned(&format!("s-{number}"), &["/a"]).unwrap();
        plan(&ledger, vec![submission.clone()]).await.unwrap();
        let under_way = accepted(&submission, at(0));
        let (id, create_time) = under_way.state.accepted().unwrap();
        let state = State::Completed {
            id: id.clone(),
            create_time,
            // Two were not watched until they ended.
            last_in_progress: (number != 1).then(|| at(number + 3)),
            seen: (number != 2).then(|| at(number + 5)),
        };
        progress(&ledger, &Submission { state, ..under_way }).await.unwrap();
    }
    let read = contents(&ledger).await;
    assert_eq!(read.finished.len(), 500);
    let target = planned("s-1", &["/a"]).unwrap().target;
    let seconds: Vec<_> = read
        .taken
        .iter()
        .map(|(endpoint, of, spans)| {
            (
                endpoint.as_str(),
                of,
                spans.iter().map(chrono::TimeDelta::num_seconds).collect(),
            )
        })
        .collect();
    assert_eq!(seconds, [("CloudFront", &target, vec![8, 5])]);
}

#[tokio::test]
async fn what_was_left_for_another_profile_is_left_to_a_window_of_that_profile() {
    let folder = TempDir::new().unwrap();
    let left = planned("s-1", &["/left"]).unwrap();
    let dead = Ledger::open(folder.path()).unwrap();
    plan(&dead, vec![left.clone()]).await.unwrap();
    drop(dead);

    let other = Ledger::open(folder.path()).unwrap();
    let look = |claim| other.carry_out(LedgerOperation::Changes(claim), at(1));
    let opened = other.carry_out(LedgerOperation::Open, at(1)).await.unwrap().unwrap();
    assert_eq!((opened.unfinished.len(), &opened.elsewhere), (0, &vec![left.clone()]));
    assert_eq!(look(None).await.unwrap(), None, "read-only claims nothing");
    let pb = Claim {
        profile: "pb".to_owned(),
        ..claim()
    };
    let seen = look(Some(pb.clone())).await.unwrap().unwrap();
    assert_eq!((seen.unfinished.len(), &seen.elsewhere), (0, &vec![left.clone()]));
    assert_eq!(look(Some(pb)).await.unwrap(), None, "once");

    let right = Ledger::open(folder.path()).unwrap();
    assert_eq!(contents(&right).await.unfinished, [left]);
}
