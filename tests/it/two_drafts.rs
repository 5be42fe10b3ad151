//! Two windows compose for the same distribution: neither overwrites the other's list.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use proptest::prelude::*;
use rusqlite::Connection;

use crate::support::dashboard::{Person, Stage};

/// What the ledger holds of drafts, without the lines below the last one.
fn drafts(stage: &Stage) -> Vec<String> {
    texts(stage, "text FROM draft ORDER BY text")
}

fn texts(stage: &Stage, of: &str) -> Vec<String> {
    let ledger = Connection::open(stage.ledger().join("ledger.db")).unwrap();
    let mut rows = ledger.prepare(&format!("SELECT {of}")).unwrap();
    let rows = rows.query_map([], |row| row.get(0)).unwrap();
    rows.map(|text: rusqlite::Result<String>| text.unwrap().trim_end().to_owned())
        .collect()
}

async fn opens(person: &mut Person) {
    person.press("i");
    person.sees("Invalidate  ").await;
}

/// Types a line below what is there, and waits until it is kept.
async fn adds(person: &mut Person, line: &str) {
    person.paste(line);
    person.sees(line).await;
    person.sees("draft saved").await;
    person.press("<enter>");
    person.sees("draft saved").await;
}

async fn leaves(person: &mut Person) {
    person.press("<esc>");
    person.misses("Invalidate  ").await;
    person.waits(1).await;
}

/// Two windows on one ledger.
async fn two(stage: &Stage, story: impl AsyncFnOnce(Person, Person)) {
    stage
        .play(async |mut one| {
            one.sees("www.").await;
            stage
                .play(async |mut other| {
                    other.sees("www.").await;
                    story(one, other).await;
                })
                .await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn two_lists_begun_at_once_are_both_kept() {
    let stage = Stage::demo();
    two(&stage, async |mut one, mut other| {
        opens(&mut one).await;
        opens(&mut other).await;
        adds(&mut one, "/one").await;
        adds(&mut other, "/other").await;
        leaves(&mut one).await;
        leaves(&mut other).await;
        assert_eq!(drafts(&stage), ["/one", "/other"]);
        opens(&mut one).await;
        let screen = one.sees("(2 of 2)").await;
        assert!(screen.contains("/other") && !screen.contains("/one"), "{screen}");
        one.press("<a-n>");
        let screen = one.sees("/one").await;
        assert!(!screen.contains("/other"), "{screen}");
    })
    .await;
    assert_eq!(drafts(&stage), ["/one", "/other"]);
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_another_window_changed_stays_beside_ones_own() {
    let stage = Stage::demo();
    two(&stage, async |mut one, mut other| {
        opens(&mut one).await;
        adds(&mut one, "/stored").await;
        leaves(&mut one).await;
        other.press("2");
        other.sees("distributions loaded").await;
        other.press("1");
        opens(&mut other).await;
        other.sees("/stored").await;
        opens(&mut one).await;
        adds(&mut one, "/one").await;
        adds(&mut other, "/other").await;
        other
            .sees("Another window changed this draft; both versions are kept")
            .await;
        other.press("<a-n>");
        other.sees("/one").await;
        other.press("<a-n>");
        let screen = other.sees("/other").await;
        assert!(!screen.contains("/one"), "{screen}");
        leaves(&mut one).await;
        leaves(&mut other).await;
    })
    .await;
    assert_eq!(drafts(&stage), ["/stored\n/one", "/stored\n/other"]);
}

#[tokio::test(start_paused = true)]
async fn what_one_window_submits_leaves_the_other_ones_list() {
    let stage = Stage::demo();
    two(&stage, async |mut one, mut other| {
        opens(&mut one).await;
        opens(&mut other).await;
        adds(&mut one, "/one").await;
        adds(&mut other, "/other").await;
        one.press("<c-s>");
        one.sees("will be sent").await;
        one.press("<enter>");
        one.sees("Completed after").await;
        assert_eq!(drafts(&stage), ["/other"]);
        leaves(&mut other).await;
        // Both had this draft open, and one of them changed it.
        one.press("1");
        opens(&mut one).await;
        one.sees("/other").await;
        opens(&mut other).await;
        adds(&mut other, "/more").await;
        one.press("<c-s>");
        one.sees("will be sent").await;
        one.press("<enter>");
        one.sees("Another window changed this draft; its version is kept").await;
        leaves(&mut other).await;
    })
    .await;
    assert_eq!(drafts(&stage), ["/other\n/more"]);
    let creations = stage.emulator.received().creations;
    assert_eq!(creations.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_list_sent_while_the_ledger_was_being_opened_leaves_the_stored_draft() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            opens(&mut person).await;
            adds(&mut person, "/stored").await;
            leaves(&mut person).await;
        })
        .await;
    let lock = Connection::open(stage.ledger().join("ledger.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            opens(&mut person).await;
            person.paste("/typed");
            person.press("<c-s>");
            person.sees("will be sent").await;
            person.press("<enter>");
            lock.execute_batch("COMMIT").unwrap();
            person.sees("Completed after").await;
            person.press("1");
            opens(&mut person).await;
            let screen = person.sees("/stored").await;
            assert!(!screen.contains("/typed"), "{screen}");
        })
        .await;
    assert_eq!(drafts(&stage), ["/stored"]);
    assert_eq!(stage.emulator.received().creations.len(), 1);
}

/// What a person does in one of two windows.
#[derive(Clone, Copy, Debug)]
enum Deed {
    /// Types a line in the composer, opened for it.
    Type,
    Leave,
    NextDraft,
    Submit,
    /// Looks at another page.
    Look,
    Rest,
}

fn deeds() -> impl Strategy<Value = Vec<(bool, Deed)>> {
    let deed = prop_oneof![
        4 => Just(Deed::Type),
        2 => Just(Deed::Leave),
        1 => Just(Deed::NextDraft),
        1 => Just(Deed::Submit),
        1 => Just(Deed::Look),
        1 => Just(Deed::Rest),
    ];
    prop::collection::vec((any::<bool>(), deed), 1..24)
}

async fn does(person: &mut Person, deed: Deed, line: &str) {
    let composes = person.screen().contains("Invalidate  ");
    match deed {
        Deed::Type => {
            if !composes {
                opens(person).await;
            }
            person.paste(line);
            person.sees(line).await;
            person.press("<enter>");
        }
        Deed::Leave if composes => leaves(person).await,
        Deed::NextDraft if composes => person.press("<a-n>"),
        Deed::Submit if composes => {
            person.press("<c-s>");
            person.waits(1).await;
            if person.screen().contains("will be sent") {
                person.press("<enter>");
                person.sees("Completed").await;
                person.press("1");
                person.sees("www.").await;
            }
        }
        Deed::Look if !composes => {
            person.press("2");
            person.sees("Invalidations").await;
            person.press("1");
        }
        Deed::Leave | Deed::NextDraft | Deed::Submit | Deed::Look | Deed::Rest => person.waits(1).await,
    }
}

/// Plays it; gives the lines that were typed and are neither kept nor sent.
async fn lost(story: &[(bool, Deed)]) -> Vec<String> {
    let stage = Stage::demo();
    two(&stage, async |mut one, mut other| {
        for (number, (in_one, deed)) in story.iter().enumerate() {
            let person = if *in_one { &mut one } else { &mut other };
            does(person, *deed, &format!("/line-{number}-")).await;
        }
        for person in [&mut one, &mut other] {
            does(person, Deed::Leave, "").await;
        }
    })
    .await;
    let there = [texts(&stage, "text FROM draft"), texts(&stage, "items FROM submission")].concat();
    let there = there.join("\n");
    let typed = story
        .iter()
        .enumerate()
        .filter(|(_, (_, deed))| matches!(deed, Deed::Type));
    let lines = typed.map(|(number, _)| format!("/line-{number}-"));
    lines.filter(|line| !there.contains(line)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn no_line_is_lost_whatever_two_windows_do(story in deeds()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
        let lost = runtime.unwrap().block_on(lost(&story));
        prop_assert!(lost.is_empty(), "{lost:?}");
    }
}
