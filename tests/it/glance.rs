//! What a person knows at a glance, without a key: what completed last and how long it took, and what the month has
//! cost, at every size.

#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use invalidash::app::activity::Activity;
use invalidash::domain::distribution::{DistributionId, Target};
use invalidash::emulator::Request;
use invalidash::engine::preferences::Front;
use invalidash::engine::row::{Row, RowKey, row};
use invalidash::ui::Theme;

use crate::screens::scenes::{self, Named};
use crate::support::dashboard::Stage;
use crate::support::samples::{refused, summary};
use crate::support::scene::Scene;
use crate::support::screen::{berlin, frame, rows};

/// The sizes that are promised, and some between them.
const WIDTHS: [u16; 9] = [80, 84, 90, 100, 120, 139, 140, 160, 200];
const HEIGHTS: [u16; 4] = [24, 30, 40, 60];

fn screen(scene: &mut Scene, size: (u16, u16)) -> Vec<String> {
    scene.model.size = size;
    let theme = Theme::named("default", berlin).unwrap();
    rows(&frame(&scene.model, &theme, size).0)
}

/// Every size with what it shows.
fn everywhere(scene: &mut Scene, check: impl Fn(&[String], (u16, u16))) {
    for size in WIDTHS.iter().flat_map(|width| HEIGHTS.map(|height| (*width, height))) {
        check(&screen(scene, size), size);
    }
}

fn docs() -> Target {
    Target::Distribution(DistributionId::new("E3ZYXWVUTSRQPO"))
}

/// Another tool's invalidation on another distribution is newer than everything sent from here.
fn with_a_newer_one() -> Scene {
    let mut scene = scenes::distributions();
    scene.keys("down down enter");
    scene.invalidations(&docs(), vec![summary("IOTHERTOOL0001", 60, "Completed")]);
    scene.keys("1");
    scene
}

#[test]
fn pages_show_what_completed_last_and_how_long_it_took_and_the_cost_at_every_size() {
    let pages: [Named; 4] = [
        ("distributions", scenes::distributions),
        ("tenants", scenes::tenants),
        ("invalidations", scenes::invalidations),
        ("all invalidations", scenes::invalidations_all),
    ];
    for (name, scene) in pages {
        everywhere(&mut scene(), |screen, size| {
            let top = screen[..3].join("\n");
            let facts = ["11:31:01", "took 11 s", "www.shop.ex", "likely $0.00"];
            assert!(facts.iter().all(|fact| top.contains(fact)), "{name} {size:?}\n{top}");
            let free = top.contains("212 of 1,000") || top.contains("212+");
            assert!(free && !top.contains("free…"), "{name} {size:?}\n{top}");
        });
    }
}

#[test]
fn the_strip_and_the_line_below_the_title_agree_whoever_made_it() {
    everywhere(&mut with_a_newer_one(), |screen, size| {
        assert!(
            screen[2].contains("✓") && screen[2].contains("11:41:07"),
            "{size:?}\n{}",
            screen[2]
        );
        assert!(screen[2].contains("docs.example"), "{size:?}\n{}", screen[2]);
        let strip = screen.iter().position(|line| line.trim_start().starts_with("Activity"));
        let Some(strip) = strip else {
            assert!(size.1 < 30, "{size:?}");
            return;
        };
        let done = screen[strip..].iter().find(|line| line.contains('✓'));
        let done = done.map_or("", String::as_str);
        assert!(
            done.contains("docs.example") && done.contains("11:41:07"),
            "{size:?}\n{done}"
        );
        assert!(done.contains("not from here"), "{size:?}\n{done}");
    });
}

#[test]
fn the_newest_of_all_is_in_progress_first_then_ended_by_time() {
    let scene = with_a_newer_one();
    let engine = &scene.model.engine;
    let Activity {
        rows: keys,
        last_completed,
    } = Activity::of(engine, 8);
    let found: Vec<_> = keys.iter().filter_map(|key| row(engine, key)).collect();
    let moving = found
        .iter()
        .take_while(|row| row.took.is_none() && row.submission.is_some());
    assert_eq!(moving.count(), 2);
    let ended: Vec<_> = found.iter().skip(2).map(Row::made).collect();
    assert!(ended.is_sorted_by(|newer, older| newer >= older), "{ended:?}");
    let other = RowKey::Invalidation(docs(), found[2].id.cloned().unwrap());
    assert_eq!(keys.get(2), Some(&other));
    assert_eq!(last_completed, Some(other));
}

#[test]
fn one_that_was_refused_has_its_time_and_its_reason_at_its_items() {
    let mut scene = scenes::invalidations_none();
    scene
        .send_off(&scenes::front(), &["/index.html"])
        .created(refused("AccessDenied", "You may not.", 403));
    scene.invalidations(&scenes::front(), Vec::new()).quiet();
    everywhere(&mut scene, |screen, size| {
        let line = screen.iter().find(|line| line.contains("Rejected"));
        let line = line.map_or("", String::as_str);
        let heading = &screen[3];
        let at = |text: &str, of: &str| of.find(text).map(|at| of[..at].chars().count());
        assert_eq!(at("11:42:07", line), at("CreateTime", heading), "{size:?}\n{line}");
        assert_eq!(at("AccessDenied", line), at("Items", heading), "{size:?}\n{line}");
        assert!(line.contains("AccessDenied  /in"), "{size:?}\n{line}");
    });
}

#[test]
fn a_cut_text_and_one_that_is_not_loaded_have_two_marks() {
    let mut scene = scenes::invalidations();
    let screen = screen(&mut scene, (120, 40));
    let unread: Vec<_> = screen.iter().filter(|line| line.contains("IOLDER")).collect();
    assert!(!unread.is_empty());
    for line in unread {
        assert!(line.contains(" · ") && !line.contains('…'), "{line}");
    }
}

#[test]
fn a_bar_has_at_least_eight_cells_and_its_rest_is_seen() {
    for width in [100, 120, 160, 200] {
        let mut scene = scenes::invalidations();
        let screen = screen(&mut scene, (width, 40));
        let line = screen.iter().find(|line| line.contains('▰'));
        let line = line.map_or("", String::as_str);
        let cells = |of: &[char]| line.chars().filter(|cell| of.contains(cell)).count();
        assert!((8..=20).contains(&cells(&['▰', '▱'])), "{width}\n{line}");
        assert!(cells(&['▱']) >= 2, "{width}\n{line}");
    }
}

fn create_elsewhere(stage: &Stage, distribution: &str) {
    let body = "<InvalidationBatch><Paths><Quantity>1</Quantity><Items><Path>/elsewhere</Path></Items></Paths>\
        <CallerReference>aws-cli</CallerReference></InvalidationBatch>";
    let path = format!("/2020-05-31/distribution/{distribution}/invalidation");
    stage.emulator.handle(&Request::post(&path, body), stage.clock.now());
}

#[tokio::test(start_paused = true)]
async fn one_of_another_tool_that_is_watched_has_a_duration() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.press("<enter>");
            person.sees("live").await;
            create_elsewhere(&stage, "E1A2WTXM7KQ4SV");
            person.press("r");
            person.waits(60).await;
            let screen = person.sees("/elsewhere").await;
            let took = |line: &&str| line.contains("/elsewhere") && line.contains(" s  ");
            assert!(screen.lines().any(|line| took(&line)), "{screen}");
            assert!(screen.contains("last completed ✓"), "{screen}");
        })
        .await;
}

/// Times need no clock. Who chose ages pays for them with a wake-up a minute, while looking.
#[tokio::test(start_paused = true)]
async fn ages_stay_true_and_times_need_no_wake_up() {
    let mut stage = Stage::demo();
    stage.preferences.engine.front = Front::Dashboard;
    stage
        .play(async |mut person| {
            person.sees("www.").await;
            person.submits("/index.html").await;
            person.sees("Completed after").await;
            person.press("1");
            person.waits(300).await;
            let before = person.counts();
            person.waits(3_600).await;
            assert_eq!(person.counts(), before, "times are drawn once");
            // The key switches from local times to UTC and then to ages.
            person.press("T");
            person.waits(1).await;
            person.press("T");
            person.sees("66 min").await;
            person.waits(3_600).await;
            person.sees("2 h").await;
            person.focuses(false);
            person.waits(60).await;
            let before = person.counts();
            person.waits(3_600).await;
            assert_eq!(person.counts(), before, "nobody looks");
        })
        .await;
}
