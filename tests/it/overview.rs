//! The distributions page shows the last invalidation of each distribution without opening it, within the budget for
//! reads.

use invalidash::domain::distribution::{DistributionId, Target};
use invalidash::domain::submission::State;
use invalidash::emulator::{Emulator, Fault, Operation, Options, Request, Trouble};
use invalidash::engine::effect::LedgerContents;
use invalidash::engine::latest::latest;
use invalidash::engine::preferences::Front;
use invalidash::engine::row::RowKey;

use crate::support::dashboard::Stage;
use crate::support::samples;
use crate::support::scene::Scene;

/// What the page may read by itself.
fn stage(options: Options) -> Stage {
    let mut stage = Stage::new(options);
    stage.preferences.engine.front = Front::Overview;
    stage
}

/// An account with a thousand distributions.
fn of_a_thousand() -> Stage {
    stage(Options {
        distributions: Some(1_000),
        ..Options::default()
    })
}

/// Other tools' invalidations on these, done long ago.
fn create_elsewhere(stage: &Stage, distributions: &[&str]) {
    for id in distributions {
        let body = format!(
            "<InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/of-{id}</Path></Items></Paths>\
             <CallerReference>aws-cli</CallerReference></InvalidationBatch>"
        );
        let path = format!("/2020-05-31/distribution/{id}/invalidation");
        stage.emulator.handle(&Request::post(&path, body), stage.clock.now());
    }
}

fn read(emulator: &Emulator, operation: Operation) -> u64 {
    emulator.received().operations.get(&operation).copied().unwrap_or(0)
}

/// Lists and invalidations that were read.
fn reads(stage: &Stage) -> (u64, u64) {
    let emulator = &stage.emulator;
    (
        read(emulator, Operation::ListInvalidations),
        read(emulator, Operation::GetInvalidation),
    )
}

#[tokio::test(start_paused = true)]
async fn it_fills_by_itself_a_read_a_second_and_then_is_idle() {
    let stage = stage(Options::demo());
    create_elsewhere(&stage, &["EDOCS5R8J2YT6K"]);
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.waits(5).await;
            let (lists, items) = reads(&stage);
            assert!(lists + items <= 6, "{lists} {items}");
            let screen = person.sees("/of-E").await;
            assert!(screen.contains("Last invalidation"), "{screen}");
            person.waits(60).await;
            // Of fourteen one is multi-tenant, and one was never invalidated; the one in flight was looked at again.
            let (lists, items) = reads(&stage);
            assert!(lists == 13 && (12..=18).contains(&items), "{lists} {items}");
            let before = person.counts();
            person.waits(3_600).await;
            assert_eq!((reads(&stage), person.counts()), ((lists, items), before));
            // After a refresh, all of it may have changed.
            person.press("r");
            person.waits(60).await;
            assert_eq!(reads(&stage), (26, items));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_was_read_is_there_at_the_next_start_without_a_read() {
    let mut stage = stage(Options::demo());
    create_elsewhere(&stage, &["EDOCS5R8J2YT6K"]);
    stage
        .play(async |mut person| {
            person.sees("/of-E").await;
            person.waits(60).await;
            person.press("q");
        })
        .await;
    stage.preferences.engine.front = Front::Dashboard;
    let before = reads(&stage);
    stage
        .play(async |mut person| {
            person.sees("/of-E").await;
            assert_eq!(reads(&stage), before);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_read_where_nobody_looks_or_it_is_off() {
    for on in [false, true] {
        let mut stage = stage(Options::demo());
        stage.preferences.engine.front = if on { Front::Overview } else { Front::Dashboard };
        stage
            .play(async |mut person| {
                person.focuses(false);
                person.sees("docs.lumen.example").await;
                person.waits(600).await;
                assert_eq!(reads(&stage), (0, 0));
                person.focuses(true);
                person.waits(60).await;
                assert_eq!(reads(&stage).0, if on { 13 } else { 0 });
            })
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_thousand_only_those_in_sight_are_read() {
    let stage = of_a_thousand();
    stage
        .play(async |mut person| {
            person.sees("Distributions 1,000").await;
            person.waits(3_600).await;
            let (lists, items) = reads(&stage);
            assert!((10..=30).contains(&lists) && items <= lists, "{lists} {items}");
        })
        .await;
}

/// The page of all targets loads the others by itself, says how far it is, and reads nothing once it is left.
#[tokio::test(start_paused = true)]
async fn the_page_of_all_targets_loads_the_others_at_the_same_pace() {
    let stage = stage(Options::demo());
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press("2");
            person.sees("of 13 distributions loaded").await;
            person.press("1");
            person.press("3");
            person.sees("History").await;
            person.waits(2).await;
            let left = reads(&stage);
            person.waits(60).await;
            assert_eq!(reads(&stage), left);
            person.press("2");
            person.waits(5).await;
            assert!(reads(&stage).0 <= left.0 + 6, "{:?} {left:?}", reads(&stage));
            person.waits(60).await;
            person.sees("all distributions and opened tenants").await;
            assert_eq!(reads(&stage).0, 13);
        })
        .await;
}

/// A refresh of all targets must not delay the polls by a read for each of them.
#[tokio::test(start_paused = true)]
async fn refreshing_the_page_of_all_targets_keeps_the_pace() {
    let stage = stage(Options::demo());
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press("2");
            person.waits(60).await;
            person.sees("all distributions and opened tenants").await;
            let before = reads(&stage).0;
            person.press("r");
            person.waits(5).await;
            assert!(
                (1..=6).contains(&(reads(&stage).0 - before)),
                "{:?} {before}",
                reads(&stage)
            );
            person.waits(60).await;
            assert_eq!(reads(&stage).0, before + 13);
        })
        .await;
}

/// Where no list may be read, the page does not claim to be loading.
#[tokio::test(start_paused = true)]
async fn the_page_of_all_targets_says_that_nothing_is_loaded_if_nothing_may_be() {
    let stage = stage(Options::demo());
    let denied = Fault::new(Trouble::AccessDenied).on(Operation::ListInvalidations);
    stage.emulator.inject(denied.always());
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            for page in ["2", "3", "2"] {
                person.press(page);
                person.waits(30).await;
            }
            let screen = person.sees("No distribution opened yet").await;
            assert!(!screen.contains("Loading"), "{screen}");
        })
        .await;
}

/// What was sent from here is watched with the same reads, so the others wait until it is done.
#[tokio::test(start_paused = true)]
async fn the_page_of_all_targets_loads_no_others_while_something_sent_from_here_is_in_flight() {
    let stage = stage(Options::demo());
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press("i/a<c-s>");
            person.sees("1 item will be sent").await;
            person.press("<enter>");
            person.sees("InProgress").await;
            person.press("2");
            person.sees("of 13 distributions loaded").await;
            let title = |screen: &str| screen.lines().nth(1).map(str::to_owned);
            let before = title(&person.screen());
            person.waits(4).await;
            assert_eq!(title(&person.screen()), before);
            person.waits(90).await;
            person.sees("all distributions and opened tenants").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn of_a_thousand_the_page_of_all_targets_loads_a_hundred_and_says_so() {
    let stage = of_a_thousand();
    stage
        .play(async |mut person| {
            person.sees("Distributions 1,000").await;
            person.press("2");
            person.waits(3_600).await;
            person.sees("100 of 999 distributions loaded").await;
            let (lists, items) = reads(&stage);
            assert!((100..=130).contains(&lists) && items <= lists, "{lists} {items}");
        })
        .await;
}

/// Whoever pages through all of them for an hour costs a read a second at most; a terminal without the focus costs none.
#[tokio::test(start_paused = true)]
async fn a_thousand_stay_within_the_budget_for_an_hour() {
    let options = Options {
        distributions: Some(1_000),
        ..Options::default()
    };
    let busy = stage(options.clone());
    busy.play(async |mut person| {
        person.sees("Distributions 1,000").await;
        let (lists, items) = reads(&busy);
        for second in 0..3_600 {
            person.press(if (second / 60) % 2 == 0 { "<pgdn>" } else { "<pgup>" });
            person.waits(1).await;
        }
        let (more_lists, more_items) = reads(&busy);
        let read = more_lists + more_items - lists - items;
        assert!((900..=3_601).contains(&read), "{read}");
    })
    .await;
    let away = stage(options);
    away.play(async |mut person| {
        person.focuses(false);
        person.sees("Distributions 1,000").await;
        person.waits(3_600).await;
        assert_eq!(reads(&away), (0, 0));
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn who_may_not_list_is_refused_once() {
    let stage = stage(Options::demo());
    let denied = Fault::new(Trouble::AccessDenied).on(Operation::ListInvalidations);
    stage.emulator.inject(denied.always());
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.waits(600).await;
            assert_eq!(reads(&stage), (1, 0));
        })
        .await;
}

/// One distribution that was deleted meanwhile says nothing of the others.
#[tokio::test(start_paused = true)]
async fn one_that_is_gone_stops_no_other() {
    let stage = stage(Options::demo());
    let gone = Fault::new(Trouble::NoSuchDistribution).on(Operation::ListInvalidations);
    stage.emulator.inject(gone.times(1));
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.waits(600).await;
            assert!(reads(&stage).0 > 10, "{:?}", reads(&stage));
        })
        .await;
}

/// Another tool's invalidation is followed to its end while its distribution is seen.
#[tokio::test(start_paused = true)]
async fn what_is_in_flight_elsewhere_is_followed_on_the_first_page() {
    let stage = stage(Options::demo());
    stage
        .emulator
        .configure(|settings| settings.completion_delay_ms = 60_000);
    create_elsewhere(&stage, &["E1A2WTXM7KQ4SV"]);
    stage
        .play(async |mut person| {
            let screen = person.sees("/of-E1A2WTX").await;
            assert!(screen.contains("▸"), "{screen}");
            let screen = person.sees("✓ 10:00:00").await;
            assert!(screen.contains("/of-E1A2WTX") && !screen.contains("▸"), "{screen}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn r_reads_all_of_it_again_however_young_it_is() {
    let stage = stage(Options::demo());
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.waits(60).await;
            assert_eq!(reads(&stage).0, 13);
            person.press("r");
            person.waits(60).await;
            assert_eq!(reads(&stage).0, 26);
        })
        .await;
}

#[test]
fn one_that_was_cancelled_long_ago_is_not_the_last_one() {
    let target = Target::Distribution(DistributionId::new("E2QWRUHEXAMPLE"));
    let cancelled = samples::submission(1, 9_000_000, &target, &["/old"], State::Cancelled);
    let contents = LedgerContents {
        finished: vec![cancelled],
        ..LedgerContents::default()
    };
    let mut scene = Scene::with_ledger(samples::fleet(), contents);
    scene
        .keys("enter")
        .invalidations(&target, vec![samples::summary("INEW", 60, "Completed")]);
    let newest = latest(&scene.model.engine, &target);
    assert!(
        matches!(&newest, Some(RowKey::Invalidation(_, id)) if id.as_str() == "INEW"),
        "{newest:?}"
    );
}

#[test]
fn a_sort_by_the_last_invalidation_asks_when_and_not_whether_cloudfront_took_it() {
    let [front, docs] = ["E2QWRUHEXAMPLE", "E3ZYXWVUTSRQPO"].map(|id| Target::Distribution(DistributionId::new(id)));
    let contents = LedgerContents {
        finished: vec![
            samples::submission(1, 9_000_000, &front, &["/old"], State::Cancelled),
            samples::completed(2, 60, 8, &docs, &["/new"]),
        ],
        ..LedgerContents::default()
    };
    let mut scene = Scene::with_ledger(samples::fleet(), contents);
    scene.keys("s s");
    let sort = scene
        .model
        .arrangements
        .of(invalidash::app::table::Table::Distributions)
        .sort;
    assert!(sort.is_some_and(|sort| sort.column == 1), "{sort:?}");
    scene.keys("g");
    assert_eq!(invalidash::app::selection::selected_target(&scene.model), Some(docs));
}

#[test]
fn what_an_earlier_run_kept_stands_beside_the_list_as_well() {
    let target = Target::Distribution(DistributionId::new("E2QWRUHEXAMPLE"));
    let kept = samples::invalidation(&samples::summary("IOLD", 9_000, "Completed"), &["/kept.html"]);
    let contents = LedgerContents {
        remembered: vec![(target.clone(), kept)],
        ..LedgerContents::default()
    };
    let scene = Scene::with_ledger(samples::fleet(), contents);
    let found = invalidash::app::activity::of_target(&scene.model.engine, &target, 5);
    assert_eq!(
        found,
        latest(&scene.model.engine, &target).into_iter().collect::<Vec<_>>()
    );
    assert_eq!(found.len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_invalidation_of_another_tool_counts_as_in_flight_while_it_is_shown() {
    let stage = stage(Options::demo());
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.waits(60).await;
            person.misses("in flight").await;
            create_elsewhere(&stage, &["EDOCS5R8J2YT6K"]);
            person.press("r");
            person.sees("1 in flight").await;
            person.misses("in flight").await;
        })
        .await;
}
