//! An idle program does nothing: nothing is drawn if nothing changes, nothing wakes up without a reason, and every read
//! is counted.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may end where it fails")]

use invalidash::emulator::{Emulator, Fault, Operation, Options, Request, Trouble};

use crate::support::dashboard::{Person, Stage};

/// Ten minutes, in which nothing is pressed.
const A_WHILE: u64 = 600;

fn endless() -> Stage {
    let stage = Stage::new(Options {
        distributions: Some(2),
        ..Options::default()
    });
    stage.emulator.configure(|settings| {
        settings.completion_delay_ms = 100 * 3_600_000;
        settings.completion_spread_ms = 0;
    });
    stage
}

fn reads(emulator: &Emulator) -> u64 {
    let operations = emulator.received().operations;
    let all: u64 = operations.values().sum();
    all - operations.get(&Operation::CreateInvalidation).copied().unwrap_or(0)
}

/// What happens in a while: frames, messages, reads.
async fn in_a_while(stage: &Stage, person: &Person) -> (u64, u64, u64) {
    // First everything settles: notices disappear and the selection rests.
    person.waits(30).await;
    let (before, read) = (person.counts(), reads(&stage.emulator));
    person.waits(A_WHILE).await;
    let after = person.counts();
    (after.0 - before.0, after.1 - before.1, reads(&stage.emulator) - read)
}

/// Another tool's invalidation.
fn create_elsewhere(stage: &Stage, distribution: &str) {
    let body = "<InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/elsewhere</Path></Items></Paths>\
        <CallerReference>aws-cli</CallerReference></InvalidationBatch>";
    let path = format!("/2020-05-31/distribution/{distribution}/invalidation");
    stage.emulator.handle(&Request::post(&path, body), stage.clock.now());
}

async fn submit(person: &mut Person, items: &str) {
    person.submits(items).await;
    person.sees("InProgress").await;
}

#[tokio::test(start_paused = true)]
async fn a_page_that_stays_the_same_is_read_in_twenty_seconds_and_never_drawn() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.press("<enter>");
            person.sees("live").await;
            let (drawn, woken, reads) = in_a_while(&stage, &person).await;
            assert_eq!((drawn, reads), (0, 30));
            assert!(
                woken <= 4 * reads + 2,
                "a timer and an answer each, and the ledger: {woken}"
            );
            // Invalidations by others are noticed nevertheless.
            let target = "E1A2WTXM7KQ4SV";
            create_elsewhere(&stage, target);
            person.sees("/elsewhere").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn where_nothing_is_watched_nothing_wakes_up() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            let pages = [
                ("", "Distributions"),
                ("i", "Invalidate"),
                ("<esc>?", "Help"),
                ("<esc>d", "DomainName"),
            ];
            for (keys, name) in pages {
                person.press(keys);
                person.sees(name).await;
                assert_eq!(in_a_while(&stage, &person).await, (0, 0, 0), "{name}");
            }
            // Submissions of other windows would appear here, so the ledger is read; it has none.
            person.press("<esc>2");
            person.sees("of 13 distributions loaded").await;
            assert_eq!(in_a_while(&stage, &person).await, (0, 60, 0));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn looks_that_find_nothing_new_draw_nothing_on_another_page() {
    let stage = endless();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            submit(&mut person, "/a").await;
            person.press("3");
            let (drawn, _, reads) = in_a_while(&stage, &person).await;
            assert_eq!(drawn, 0);
            assert!((60..70).contains(&reads), "{reads}");
            // Pages that show its seconds draw one frame per second.
            for page in ["1", "2"] {
                person.press(page);
                let (drawn, _, _) = in_a_while(&stage, &person).await;
                assert!((595..=605).contains(&drawn), "{page}: {drawn}");
            }
            // Without the focus, no one sees them.
            person.focuses(false);
            let (drawn, _, _) = in_a_while(&stage, &person).await;
            assert_eq!(drawn, 0);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_page_says_as_of_when_it_is_not_kept_fresh() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.press("<enter>");
            person.sees("live").await;
            person.waits(50).await;
            person.focuses(false);
            let screen = person.sees("as of 10:00:").await;
            assert!(!screen.contains("live"), "{screen}");
            person.waits(300).await;
            person.focuses(true);
            person.sees("live").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn every_read_is_counted_among_the_messages() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            submit(&mut person, "/a").await;
            person.sees("Completed after").await;
            person.press("1j<enter>");
            person.waits(110).await;
            person.press("!");
            let screen = person.sees("polling").await;
            let line = screen.lines().find(|line| line.contains("polling")).unwrap();
            let numbers: Vec<u64> = line
                .split(|c: char| !c.is_ascii_digit())
                .filter_map(|digits| digits.parse().ok())
                .collect();
            let [watching, opening, minute, hour] = numbers[..] else {
                panic!("{line}")
            };
            assert_eq!((watching + opening, minute), (reads(&stage.emulator), 3), "{line}");
            assert_eq!(hour, watching + opening);
        })
        .await;
}

/// A role that may create and not look: nobody will ever see the end of what it made.
#[tokio::test(start_paused = true)]
async fn what_nobody_may_look_at_is_not_waited_for() {
    let stage = endless();
    for operation in [Operation::GetInvalidation, Operation::ListInvalidations] {
        stage
            .emulator
            .inject(Fault::new(Trouble::AccessDenied).on(operation).always());
    }
    stage
        .play(async |mut person| {
            person.sees("Distributions 2").await;
            submit(&mut person, "/index.html").await;
            person
                .sees("you are allowed to create invalidations but not to read them")
                .await;
            let (drawn, woken, reads) = in_a_while(&stage, &person).await;
            assert!(drawn <= reads, "no second is counted: {drawn} frames");
            // Denied requests are not repeated. The ledger is read every twenty seconds.
            assert!(woken <= 62 && reads == 0, "{woken} messages, {reads} reads");
            assert!(!person.screen().contains("in flight"), "{}", person.screen());
        })
        .await;
}

/// Its answer was lost, then it was refused, and nobody may look for it: only a person can say what is to become of it.
#[tokio::test(start_paused = true)]
async fn what_waits_for_a_word_is_not_in_flight_and_can_be_dismissed() {
    let stage = endless();
    let create = |trouble| Fault::new(trouble).on(Operation::CreateInvalidation).times(1);
    stage.emulator.inject(create(Trouble::Drop));
    stage.emulator.inject(create(Trouble::AccessDenied));
    for read in [Operation::ListInvalidations, Operation::GetInvalidation] {
        stage
            .emulator
            .inject(Fault::new(Trouble::AccessDenied).on(read).always());
    }
    stage
        .play(async |mut person| {
            person.sees("Distributions 2").await;
            person.submits("/index.html").await;
            person.sees("R to retry").await;
            stage.emulator.clear_faults();
            person.waits(60).await;
            let (drawn, ..) = in_a_while(&stage, &person).await;
            assert_eq!(drawn, 0, "no second is counted: {}", person.screen());
            assert!(!person.screen().contains("in flight"), "{}", person.screen());
            person.press("x");
            person.sees("dismissed").await;
        })
        .await;
    stage
        .play(async |mut person| {
            person.sees("Distributions 2").await;
            person.press("2");
            // How much of the reason fits depends on the widest cells drawn so far.
            let screen = person.sees("no response · d").await;
            assert!(screen.contains("· Unknown"), "{screen}");
        })
        .await;
    assert!(
        stage
            .emulator
            .received()
            .creations
            .iter()
            .all(|made| made.invalidations.is_empty())
    );
}
