//! Live watching: how often CloudFront is queried, and that no failure ends it.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use std::time::Duration;

use invalidash::domain::options::{NotifyOptions, Protocol};
use invalidash::emulator::{Emulator, Fault, Operation, Options, Trouble};
use invalidash::engine::effect::{Announcement, Progress};

use crate::support::dashboard::{Aside, Person, Stage};

/// An account in which no invalidation ends within the story.
fn endless(distributions: usize) -> Stage {
    let stage = Stage::new(Options {
        distributions: Some(distributions),
        ..Options::default()
    });
    stage.emulator.configure(|settings| {
        settings.completion_delay_ms = 100 * 3_600_000;
        settings.completion_spread_ms = 0;
    });
    stage
}

/// Reads of invalidations so far: one at a time, and pages.
fn reads(emulator: &Emulator) -> (u64, u64) {
    let received = emulator.received();
    let count = |operation| received.operations.get(&operation).copied().unwrap_or(0);
    (count(Operation::GetInvalidation), count(Operation::ListInvalidations))
}

/// Reads within an hour, seen from a page that is not the invalidations'.
async fn in_an_hour(stage: &Stage, person: &Person) -> (u64, u64) {
    let before = reads(&stage.emulator);
    person.waits(3_600).await;
    let after = reads(&stage.emulator);
    (after.0 - before.0, after.1 - before.1)
}

#[tokio::test(start_paused = true)]
async fn one_watched_for_an_hour() {
    let stage = endless(1);
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("InProgress").await;
            person.press("1");
            // 15 in half a minute, 18 to two minutes, 48 to ten, then one in 20 seconds; the last one when the hour ends.
            let (reads, pages) = in_an_hour(&stage, &person).await;
            assert!((230..=231).contains(&reads) && pages == 0, "{reads}, {pages}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn three_of_one_target_share_a_page() {
    let stage = endless(1);
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            for items in ["/a", "/b", "/c"] {
                person.submits(items).await;
                person.sees(items).await;
                person.waits(1).await;
            }
            person.press("1");
            let (one_by_one, pages) = in_an_hour(&stage, &person).await;
            assert!(one_by_one == 0 && (230..=231).contains(&pages), "{one_by_one}, {pages}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn fifty_targets_cost_one_read_a_second_and_none_is_forgotten() {
    let stage = endless(51);
    // A multi-tenant distribution would require more than Enter.
    stage.emulator.remove("EBTEN6FS2MK9XQ", stage.clock.now());
    stage
        .play(async |mut person| {
            person.sees("Distributions 50").await;
            person.press(&"<space>".repeat(50));
            person.submits("/a").await;
            person.waits(200).await;
            assert_eq!(stage.emulator.received().creations.len(), 50);
            person.press("1");
            let (reads, pages) = in_an_hour(&stage, &person).await;
            assert!((3_500..=3_601).contains(&reads), "{reads}");
            assert_eq!(pages, 0);
            let calls = stage.emulator.calls();
            let newest = calls.iter().map(|call| call.at).max().unwrap();
            let lately = calls
                .iter()
                .filter(|call| newest - call.at < chrono::TimeDelta::minutes(1));
            let looked_at: std::collections::BTreeSet<_> = lately.map(|call| call.target.clone()).collect();
            assert_eq!(looked_at.len(), 50, "each within a minute");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn nothing_in_flight_costs_a_page_in_twenty_seconds_where_one_looks_and_nothing_elsewhere() {
    let stage = endless(1);
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.press("<enter>");
            person.sees("No invalidations yet").await;
            let (reads, pages) = in_an_hour(&stage, &person).await;
            assert!(reads == 0 && (179..=180).contains(&pages), "{reads}, {pages}");
            person.focuses(false);
            person.waits(60).await;
            assert_eq!(in_an_hour(&stage, &person).await, (0, 0), "nobody looks");
            person.focuses(true);
            person.press("1");
            person.waits(60).await;
            assert_eq!(in_an_hour(&stage, &person).await, (0, 0), "another page");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn without_the_focus_it_looks_a_third_as_often_and_at_once_when_it_comes_back() {
    let stage = endless(1);
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("InProgress").await;
            person.press("1");
            person.focuses(false);
            let (reads_unseen, _) = in_an_hour(&stage, &person).await;
            assert!((75..=80).contains(&reads_unseen), "{reads_unseen}");
            let before = reads(&stage.emulator);
            person.focuses(true);
            tokio::time::sleep(Duration::from_millis(100)).await;
            assert_eq!(reads(&stage.emulator).0, before.0 + 1);
        })
        .await;
}

/// An hour of trouble with one that is twenty minutes old, then an hour without: how often it is looked at in each.
async fn with_and_after(trouble: Trouble) -> (u64, u64) {
    let stage = endless(1);
    let mut counts = (0, 0);
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("InProgress").await;
            person.press("1");
            person.waits(1_200).await;
            let fault = Fault::new(trouble).on(Operation::GetInvalidation);
            stage.emulator.inject(fault.always());
            counts.0 = in_an_hour(&stage, &person).await.0;
            stage.emulator.clear_faults();
            person.waits(120).await;
            counts.1 = in_an_hour(&stage, &person).await.0;
        })
        .await;
    counts
}

#[tokio::test(start_paused = true)]
async fn trouble_is_met_with_patience_and_the_pace_comes_back_when_it_is_over() {
    // One in 30 seconds; what throttles is asked up to three times by the SDK for each.
    let table = [
        (Trouble::ExpiredToken, 118..=124, 178..=181),
        (Trouble::Throttling, 200..=372, 170..=181),
        (Trouble::Drop, 118..=372, 178..=181),
    ];
    for (trouble, during, after) in table {
        let name = format!("{trouble:?}");
        let (seen_during, seen_after) = with_and_after(trouble).await;
        assert!(during.contains(&seen_during), "{name}: {seen_during} during");
        assert!(after.contains(&seen_after), "{name}: {seen_after} after");
    }
}

#[tokio::test(start_paused = true)]
async fn after_a_sleep_of_eight_hours_it_looks_at_once_and_then_as_before() {
    let stage = endless(1);
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("InProgress").await;
            person.press("1");
            person.waits(1_205).await;
            let before = reads(&stage.emulator).0;
            stage.skew.set(chrono::TimeDelta::hours(8));
            // The first thing that happens after it.
            person.press("j");
            person.waits(1).await;
            assert_eq!(reads(&stage.emulator).0, before + 1);
            let (looks, pages) = in_an_hour(&stage, &person).await;
            assert!((178..=181).contains(&looks) && pages == 0, "{looks}, {pages}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn no_trouble_ends_the_watch() {
    let troubles = [
        ("network", Trouble::Drop),
        ("login", Trouble::ExpiredToken),
        ("throttling", Trouble::Throttling),
        ("unknown at first", Trouble::NoSuchInvalidation),
    ];
    for (name, trouble) in troubles {
        let stage = Stage::demo();
        // Five minutes of it: each look is three attempts at most.
        stage
            .emulator
            .inject(Fault::new(trouble).on(Operation::GetInvalidation).times(12));
        let code = stage
            .play(async |mut person| {
                person.sees("www.").await;
                person.submits("/a").await;
                person.sees("InProgress").await;
                // Whether it was asked about often enough to be measured depends on the trouble.
                person.sees("www.lumen-shop.example: Completed").await;
                person.press("qq");
                person.waits(1).await;
            })
            .await;
        assert_eq!(code, Some(0), "{name}");
    }
}

#[tokio::test(start_paused = true)]
async fn who_looks_elsewhere_is_told() {
    let stage = Stage::demo();
    stage.emulator.configure(|settings| settings.completion_spread_ms = 0);
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("Completed after").await;
            let notices: Vec<_> = person
                .told()
                .into_iter()
                .filter_map(|aside| match aside {
                    Aside::Noticed(notice) => Some(notice),
                    Aside::Copied(_) | Aside::Suspended | Aside::Mouse(_) => None,
                })
                .collect();
            let title = |text: &str| Announcement::Title(text.to_owned());
            let done = "www.lumen-shop.example: Completed after 6 s".to_owned();
            assert_eq!(
                notices,
                [
                    title("invalidash"),
                    title("invalidash · 1 in flight"),
                    Announcement::Progress(Progress::Busy),
                    Announcement::Bell,
                    Announcement::Notification(Protocol::Osc9, done),
                    title("invalidash"),
                    Announcement::Progress(Progress::None),
                ]
            );
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_was_switched_off_is_not_told_and_a_command_finds_the_facts() {
    let mut stage = Stage::demo();
    let file = stage.state.path().join("facts");
    let script =
        "printf '%s %s %s %s' \"$INVALIDASH_STATUS\" \"$INVALIDASH_ALIAS\" \"$INVALIDASH_ITEMS\" \"$1\" > \"$0\"";
    stage.preferences.engine.notify = NotifyOptions {
        bell: false,
        notification: None,
        title: false,
        progress: false,
        on_completed: ["sh", "-c", script, &file.to_string_lossy(), "a b; $(id)"]
            .map(str::to_owned)
            .to_vec(),
    };
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("Completed after").await;
            assert_eq!(person.told(), []);
            // The command runs next to the dashboard, and the clock stands still meanwhile.
            person.waits(1).await;
        })
        .await;
    let told = std::fs::read_to_string(file).unwrap();
    assert_eq!(told, "Completed www.lumen-shop.example 1 a b; $(id)");
}

#[tokio::test(start_paused = true)]
async fn each_switch_turns_off_what_it_names_and_nothing_else() {
    let kind = |notice: &Announcement| match notice {
        Announcement::Title(_) => "title",
        Announcement::Bell => "bell",
        Announcement::Notification(..) => "notification",
        Announcement::Progress(_) => "progress",
    };
    let all = ["bell", "notification", "progress", "title"];
    for off in all {
        let mut stage = Stage::demo();
        let telling = NotifyOptions::default();
        stage.preferences.engine.notify = NotifyOptions {
            bell: off != "bell",
            notification: telling.notification.filter(|_| off != "notification"),
            title: off != "title",
            progress: off != "progress",
            on_completed: Vec::new(),
        };
        stage
            .play(async |mut person| {
                person.sees("www.").await;
                person.submits("/a").await;
                person.sees("Completed after").await;
                let told = person.told();
                let kinds = told.iter().filter_map(|aside| match aside {
                    Aside::Noticed(notice) => Some(kind(notice)),
                    Aside::Copied(_) | Aside::Suspended | Aside::Mouse(_) => None,
                });
                let kinds: std::collections::BTreeSet<_> = kinds.collect();
                let wanted = all.into_iter().filter(|kind| *kind != off).collect();
                assert_eq!(kinds, wanted, "{off} is off");
            })
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn the_usual_time_of_a_target_comes_from_its_ledger_and_says_when_it_may_be_done() {
    let stage = Stage::demo();
    stage.emulator.configure(|settings| settings.completion_spread_ms = 0);
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            for items in ["/a", "/b", "/c"] {
                person.submits(items).await;
                person.sees(items).await;
                if items == "/a" {
                    person.sees("no typical time yet (needs 3 runs)").await;
                }
                person.misses("in flight").await;
            }
        })
        .await;
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/d").await;
            person.sees("about 3 s left").await;
            person.sees("typical 6 s").await;
            stage
                .emulator
                .configure(|settings| settings.completion_delay_ms = 60_000);
            person.misses("in flight").await;
            person.submits("/e").await;
            person.press("<enter>");
            let screen = person.sees("Expected         about").await;
            assert!(screen.contains("1 in flight · live"), "{screen}");
            person.sees("Expected         past the typical").await;
            person
                .sees("Expected         slower than usual: 95% finish within 6 s")
                .await;
            person.sees("Took             60 s  typical 6 s (5 runs)").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_command_that_is_not_there_is_said() {
    let mut stage = Stage::demo();
    stage.preferences.engine.notify.on_completed = vec!["/nowhere/at-all".to_owned()];
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("on_completed: /nowhere/at-all could not be run").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn details_tell_every_attempt_with_its_time_and_answer() {
    let stage = Stage::demo();
    stage.emulator.configure(|settings| settings.completion_spread_ms = 0);
    let fault = Fault::new(Trouble::Throttling).on(Operation::CreateInvalidation);
    stage.emulator.inject(fault.times(1));
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("Completed after").await;
            person.press("<enter>");
            let screen = person.sees("Retrying: Throttling").await;
            assert!(
                screen.contains("1  10:00:00 → 10:00:00  Retrying: Throttling"),
                "{screen}"
            );
            assert!(screen.contains("InProgress: I"), "{screen}");
            person.press("u");
            person.sees("only accepted invalidations of distributions").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn times_are_local_utc_or_relative_by_one_key_and_all_targets_can_be_grouped() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/a").await;
            person.sees("Completed after").await;
            person.press("T");
            person.sees("CreateTime Z").await;
            person.press("T");
            let screen = person.sees("times: relative").await;
            assert!(!screen.contains("Nov 21"), "{screen}");
            person.press("T");
            person.sees("times: local").await;
            person.press("ssssss");
            person.sees("sorted by CreateTime, descending").await;
            person.press("2ss");
            person.sees("sorted by Target, ascending").await;
        })
        .await;
}

/// An account in which others have been at work.
fn lived_in() -> Stage {
    Stage::new(Options {
        lived_in: true,
        ..Options::default()
    })
}

#[tokio::test(start_paused = true)]
async fn an_older_page_that_is_refused_is_not_asked_for_in_a_loop() {
    let stage = lived_in();
    stage.emulator.configure(|settings| settings.page_limit = 8);
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("<down><down><down><down><enter>");
            person.sees("Completed").await;
            stage.emulator.inject(
                Fault::new(Trouble::AccessDenied)
                    .on(Operation::ListInvalidations)
                    .always(),
            );
            person.sees("older invalidations could not be loaded").await;
            person.waits(15).await;
            let (_, pages) = reads(&stage.emulator);
            assert_eq!(pages, 2, "the first page, and the older one once");
            stage.emulator.clear_faults();
            person.press("r");
            person.waits(3).await;
            person.press("G");
            person.waits(30).await;
            let (_, pages) = reads(&stage.emulator);
            assert!(pages > 4, "what one asks for anew is read on: {pages}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn items_that_could_not_be_read_for_a_moment_are_read_later() {
    let stage = lived_in();
    let unavailable = Fault::new(Trouble::ServiceUnavailable)
        .on(Operation::GetInvalidation)
        .always();
    stage.emulator.inject(unavailable);
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("<down><down><down><down><enter>");
            person.sees("ServiceUnavailable").await;
            person.waits(30).await;
            stage.emulator.clear_faults();
            person.waits(200).await;
            let screen = person.screen();
            assert!(!screen.contains("ServiceUnavailable"), "{screen}");
            person.press("<enter>");
            person.sees("CallerReference").await;
            let screen = person.misses("Unavailable").await;
            assert!(screen.contains("#section:politik"), "{screen}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn details_are_never_as_of_a_time_before_the_invalidation_was_made() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.press("<enter>");
            person.sees("Completed").await;
            person.waits(5).await;
            person.submits("/a").await;
            person.sees("Completed after").await;
            person.press("<enter>");
            let screen = person.sees("Confirmed").await;
            assert!(screen.contains("CreateTime       2026-11-22 10:00:05"), "{screen}");
            // A completed invalidation never changes, so no time of its data is shown.
            assert!(!screen.contains("as of"), "{screen}");
            stage
                .emulator
                .configure(|settings| settings.completion_delay_ms = 600_000);
            person.press("<esc>1");
            person.submits("/b").await;
            person.sees("InProgress").await;
            person.press("<enter>");
            person.sees("Confirmed").await;
            person.waits(10).await;
            person.focuses(false);
            person.waits(40).await;
            let screen = person.screen();
            let made = screen.lines().find(|line| line.contains("CreateTime")).unwrap();
            let made = made.split_whitespace().nth(2).unwrap();
            let header = screen.lines().next().unwrap();
            let as_of = header.rsplit("as of ").next().unwrap().trim();
            assert!(as_of > made, "{screen}");
        })
        .await;
}
