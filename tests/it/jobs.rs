//! Jobs with several batches and targets: how they are reported, watched, cancelled and sent again. The real loop, SDK
//! and ledger against the emulator, under virtual time.

use invalidash::emulator::{Creation, Fault, Operation, Options, Trouble};
use invalidash::engine::effect::Announcement;

use crate::support::dashboard::{Aside, Person, Stage};

/// The first two distributions of the sample data.
const SHOP: &str = "E1A2WTXM7KQ4SV";
const STATIC: &str = "E2QBN40PLC6MXR";

fn stage() -> Stage {
    let stage = Stage::new(Options {
        lived_in: false,
        ..Options::demo()
    });
    stage.emulator.configure(|settings| settings.completion_spread_ms = 0);
    stage
}

fn small_batches(stage: &mut Stage) {
    let send = &mut stage.preferences.engine.send;
    (send.batch_items, send.batch_wildcards) = (2, 1);
}

fn refused(target: &str) -> Fault {
    Fault::new(Trouble::AccessDenied)
        .on(Operation::CreateInvalidation)
        .at(target)
}

/// Composes these lines for the first distributions and confirms them.
async fn submit(person: &mut Person, targets: usize, lines: &str) {
    person.sees("www.lumen-shop.example").await;
    if targets > 1 {
        person.press(&"<space>".repeat(targets));
    }
    person.submits(lines).await;
}

fn creations(stage: &Stage) -> Vec<Creation> {
    stage.emulator.received().creations
}

fn bells(person: &Person) -> usize {
    let bell = Aside::Noticed(Announcement::Bell);
    person.told().iter().filter(|aside| **aside == bell).count()
}

#[tokio::test(start_paused = true)]
async fn a_job_is_told_once_when_all_its_parts_have_ended() {
    let mut stage = stage();
    small_batches(&mut stage);
    stage.emulator.inject(refused(STATIC));
    stage
        .play(async |mut person| {
            submit(&mut person, 2, "/a\n/b\n/c\n/d/*").await;
            person.sees("2 targets: 5 completed, 1 refused after").await;
            assert_eq!(bells(&person), 1);
            person.waits(60).await;
            assert_eq!(bells(&person), 1);
        })
        .await;
    let made = creations(&stage);
    assert_eq!(made.iter().filter(|made| made.target == SHOP).count(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_an_account_takes_is_known_at_the_next_start() {
    let stage = stage();
    stage.emulator.configure(|settings| settings.batch_limit = Some(2));
    let sizes = |stage: &Stage| creations(stage).iter().map(|made| made.items.len()).collect::<Vec<_>>();
    stage
        .play(async |mut person| {
            submit(&mut person, 1, "/a\n/b\n/c\n/d").await;
            person.sees("2 completed after").await;
        })
        .await;
    assert_eq!(sizes(&stage), [4, 2, 2]);
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("/e\n/f\n/g");
            // By then, the ledger has been read.
            person.sees("4 of 1,000 free").await;
            person.press("<c-s>");
            person.sees("3 items will be sent in 2 requests").await;
        })
        .await;
}

/// A stage on which what was confirmed can be stopped for ten seconds.
fn with_countdown() -> Stage {
    let mut stage = stage();
    stage.preferences.engine.send.countdown = 10;
    stage
}

#[tokio::test(start_paused = true)]
async fn what_is_counted_down_to_leaves_once_and_by_itself() {
    let stage = with_countdown();
    stage
        .play(async |mut person| {
            submit(&mut person, 1, "/index.html\n/en/*").await;
            person.sees("sending in 9 s").await;
            person.press("<enter>");
            person.waits(5).await;
            assert_eq!(creations(&stage), [], "an Enter too many sends nothing sooner");
            person.misses("sending in").await;
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(creations(&stage).len(), 1);
    assert_eq!(creations(&stage)[0].received, 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_stopped_was_never_sent_and_is_a_draft_again() {
    let stage = with_countdown();
    stage
        .play(async |mut person| {
            submit(&mut person, 2, "# the spring sale\n/index.html\n/en/*").await;
            person.sees("sending in").await;
            person.press("<esc>");
            person.sees("Cancelled; nothing was sent").await;
            person.sees("# the spring sale").await;
            person.waits(60).await;
        })
        .await;
    assert_eq!(creations(&stage), []);
    stage
        .play(async |mut person| {
            person.press("1");
            person.sees("Distributions 14").await;
            person.press("<space><space>i");
            person.sees("# the spring sale").await;
            person.press("<esc>2");
            person.sees("Cancelled").await;
        })
        .await;
    assert_eq!(creations(&stage), []);
}

#[tokio::test(start_paused = true)]
async fn a_crash_while_it_is_counted_down_is_asked_about_and_not_sent_by_itself() {
    let stage = with_countdown();
    stage
        .play(async |mut person| {
            submit(&mut person, 1, "/index.html").await;
            person.sees("sending in").await;
        })
        .await;
    assert_eq!(creations(&stage), []);
    stage
        .play(async |mut person| {
            person
                .sees("1 invalidation was still in the cancellation countdown when the program exited")
                .await;
            person.waits(30).await;
            assert_eq!(creations(&stage), [], "it is young, and asked about all the same");
            person.press("S");
            person.sees("Completed").await;
        })
        .await;
    assert_eq!(creations(&stage).len(), 1);
    assert_eq!(creations(&stage)[0].received, 1);
}

#[tokio::test(start_paused = true)]
async fn quitting_while_it_is_counted_down_asks_first() {
    let stage = with_countdown();
    let code = stage
        .play(async |mut person| {
            submit(&mut person, 1, "/index.html").await;
            person.sees("sending in").await;
            person.press("<c-c>");
            person.sees("1 invalidation has not been sent yet").await;
            person.press("q");
            person.waits(30).await;
        })
        .await;
    assert_eq!((code, creations(&stage)), (Some(0), Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn the_matrix_tells_each_part_and_sends_one_again_or_all() {
    let mut stage = stage();
    small_batches(&mut stage);
    stage.emulator.inject(refused(STATIC).times(2));
    stage
        .play(async |mut person| {
            submit(&mut person, 2, "/a\n/b\n/c\n/d/*").await;
            person.sees("2 targets: 4 completed, 2 refused after").await;
            person.press("gm");
            person.sees("2 targets · 3 batches").await;
            person.sees("✗ 2 Rejected").await;
            person.press("<left><left><down>");
            person.sees("AccessDenied").await;
            person.press("R");
            person
                .sees("2 items in 1 request, each under a new CallerReference")
                .await;
            person.press("<enter>");
            person.sees("✗ 1 Rejected").await;
            person.press("A");
            person.sees("1 request, each under a new CallerReference").await;
            person.press("<enter>");
            person.sees("✓ 6 Completed").await;
            person.press("<enter>");
            person.sees("CallerReference").await;
            person.press("m");
            person.sees("2 targets · 3 batches").await;
        })
        .await;
    let made: Vec<_> = creations(&stage);
    let cleared = |target: &str| {
        let mine = made
            .iter()
            .filter(|made| made.target == target && !made.invalidations.is_empty());
        let mut items: Vec<_> = mine.flat_map(|made| made.items.clone()).collect();
        items.sort();
        items
    };
    assert_eq!(cleared(SHOP), ["/a", "/b", "/c", "/d/*"]);
    assert_eq!(cleared(STATIC), cleared(SHOP));
}

#[tokio::test(start_paused = true)]
async fn what_was_refused_everywhere_is_edited_once_and_sent_under_new_references() {
    let stage = stage();
    for target in [SHOP, STATIC] {
        stage.emulator.inject(refused(target));
    }
    stage
        .play(async |mut person| {
            submit(&mut person, 2, "/a\n/b").await;
            person.sees("✗ Rejected").await;
            person.waits(10).await;
            person.sees("E edit and resend").await;
            person.press("gE");
            person.sees("gets a new CallerReference").await;
            person.paste("\n/c");
            person.press("<c-s>");
            person.sees("3 items will be sent to each of 2 targets").await;
            person.press("<enter>");
            person.sees("2 targets: 2 completed after").await;
        })
        .await;
    let made = creations(&stage);
    let references: std::collections::BTreeSet<_> = made.iter().map(|made| made.caller_reference.as_str()).collect();
    assert_eq!((made.len(), references.len()), (4, 4));
    assert!(made.iter().skip(2).all(|made| made.items == ["/a", "/b", "/c"]));
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_would_eat_into_the_reserve_waits_and_says_why() {
    let mut stage = stage();
    small_batches(&mut stage);
    stage.preferences.engine.send.reserve_items = 2_997;
    stage
        .emulator
        .configure(|settings| settings.in_progress_paths = Some(3));
    stage
        .play(async |mut person| {
            submit(&mut person, 1, "/a\n/b\n/c\n/d").await;
            person.sees("holding back (reserve)").await;
            person.press("g");
            person
                .sees("2 of 3,000 paths in progress; 2,997 paths are reserved for other tools")
                .await;
            person.press("i/next");
            person.sees("/next").await;
            person.press("<c-s>");
            person.sees("1 item will be sent").await;
            person.press("<esc><esc>");
            person.sees("2 completed after").await;
        })
        .await;
    let made = creations(&stage);
    assert_eq!(made.len(), 2);
    assert!(
        made.iter().all(|made| made.received == 1),
        "no refused batches: {made:?}"
    );
}
