//! What the user decides by is legible: shown whole, in the same place, and with the key for the next step.

use invalidash::app::table::Table;
use invalidash::domain::distribution::Target;
use invalidash::engine::pending::LedgerRequest;
use invalidash::engine::timers::TimerKind;
use invalidash::ui::ViewMemory;
use ratatui::buffer::Buffer;

use super::{history, scenes, theme};
use crate::support::samples::{fleet, refused};
use crate::support::scene::Scene;
use crate::support::screen::{frame, frame_after, rows};

fn text(scene: &Scene, size: (u16, u16)) -> Vec<String> {
    rows(&frame(&scene.model, &theme("default"), size).0)
}

fn footer(scene: &Scene, size: (u16, u16)) -> String {
    text(scene, size).pop().unwrap_or_default()
}

#[test]
fn a_refusal_for_a_missing_permission_shows_the_key_that_copies_the_policy() {
    let front = Target::Distribution(fleet()[0].id.clone());
    let mut scene = scenes::distributions();
    scene.keys("enter").invalidations(&front, Vec::new());
    scene.send_off(&front, &["/index.html"]).created(refused(
        "AccessDenied",
        "User: arn:aws:sts::123456789012:assumed-role/web/ci is not authorized to perform: cloudfront:CreateInvalidation",
        403,
    ));
    scene.quiet().keys("g");
    assert!(
        footer(&scene, (80, 24)).contains("p copy policy"),
        "{}",
        footer(&scene, (80, 24))
    );
    scene.keys("enter");
    let shown = footer(&scene, (80, 24));
    assert!(shown.contains("E edit and resend  p copy policy"), "{shown}");
    // Nothing was denied to the others.
    let shown = footer(&scenes::details(), (160, 50));
    assert!(!shown.contains("copy policy"), "{shown}");
}

#[test]
fn the_pages_about_the_whole_account_show_the_key_that_counts_the_month() {
    for (name, scene, width) in [
        ("distributions", scenes::distributions as fn() -> Scene, 120),
        ("history", history::history, 160),
    ] {
        let shown = footer(&scene(), (width, 40));
        assert!(shown.contains("U usage"), "{name}: {shown}");
    }
    let shown = footer(&scenes::details(), (160, 50));
    assert!(!shown.contains("U usage"), "{shown}");
}

/// Where each heading starts, without the sort mark.
fn headings(buffer: &Buffer, names: &[&str]) -> Vec<Option<usize>> {
    let shown = rows(buffer);
    let line = shown.get(3).map_or("", String::as_str);
    let column = |name: &&str| line.find(*name).map(|at| line[..at].chars().count());
    names.iter().map(column).collect()
}

#[test]
fn sorting_moves_no_column_and_hides_none() {
    for (table, scene) in [
        (Table::History, history::history as fn() -> Scene),
        (Table::Distributions, scenes::distributions),
        (Table::Invalidations, scenes::invalidations),
        (Table::Tenants, scenes::tenants),
    ] {
        for size in [(80, 24), (100, 30), (160, 50)] {
            let mut scene = scene();
            // Right-aligned headings are next to their mark.
            let names = [
                "Result",
                "Confirmed",
                "Target",
                "Items",
                "Note",
                "Aliases",
                "Id",
                "CreateTime",
                "Domains",
            ];
            let mut memory = ViewMemory::default();
            let mut seen = |scene: &Scene| {
                headings(
                    &frame_after(&scene.model, &theme("default"), &mut memory, size).0,
                    &names,
                )
            };
            let before = seen(&scene);
            for press in 0..table.columns().len() {
                scene.keys("s");
                let (sort, after) = (scene.model.arrangements.of(table).sort, seen(&scene));
                // A column without contents appears only while the rows are sorted by it.
                if before
                    .iter()
                    .zip(&after)
                    .any(|(before, after)| before.is_none() && after.is_some())
                {
                    continue;
                }
                let moved = before.iter().zip(&after).filter(|(before, after)| before != after);
                assert_eq!(
                    moved.count(),
                    0,
                    "{table:?} {size:?} {press}: {sort:?} {before:?} {after:?}"
                );
            }
        }
    }
}

#[test]
fn the_cost_has_one_name_in_the_history_and_in_the_details() {
    let shown = text(&history::history(), (80, 24)).join("\n");
    assert!(shown.contains("  Max. "), "{shown}");
    let mut scene = history::history();
    scene.keys("s s");
    let sorted = scene.model.engine.notice.as_ref().map_or("", |notice| &notice.text);
    assert_eq!(sorted, "sorted by Max. cost, descending");
    let shown = text(&scenes::details(), (80, 24)).join("\n");
    assert!(shown.contains("Max. cost"), "{shown}");
}

#[test]
fn the_details_of_a_distribution_omit_what_it_does_not_have() {
    let mut scene = scenes::distributions();
    // Multi-tenant: neither a domain name of its own nor aliases.
    scene.keys("down down down d");
    let shown = text(&scene, (80, 24));
    let page = shown.join("\n");
    assert!(page.contains("Id                    E9MULTITENANT1"), "{page}");
    assert!(page.contains("multi-tenant: viewers reach it"), "{page}");
    assert!(
        !page.contains("│  DomainName") && !page.contains("│  Aliases"),
        "{page}"
    );
    let empty = |line: &&String| {
        ["–", "-"]
            .iter()
            .any(|dash| line.trim_matches(['│', ' ']).ends_with(dash))
    };
    assert_eq!(shown.iter().find(empty), None);
}

#[test]
fn a_draft_does_not_hide_the_status_of_a_distribution() {
    let mut scene = scenes::distributions();
    // The marked one is not the target.
    scene.keys("g down space");
    for (down, status) in [(4, "disabled"), (2, "deploying"), (5, "staging")] {
        scene.keys("g");
        for _ in 0..down {
            scene.keys("down");
        }
        scene.keys("i").type_text("/a");
        scene.fire(&TimerKind::Draft);
        scene.stored(|kind| matches!(kind, LedgerRequest::Save)).keys("esc");
        let shown = text(&scene, (80, 24));
        let row = shown.iter().find(|row| row.contains('▌'));
        assert!(row.is_some_and(|row| row.contains(status)), "{status}: {shown:#?}");
    }
    let wide = text(&scene, (160, 50)).join("\n");
    assert!(wide.contains("staging draft 1"), "{wide}");
}

#[test]
fn a_request_id_is_shown_whole_or_not_at_all() {
    let mut scene = scenes::invalidations();
    scene.keys("down down");
    for width in 40..=160 {
        let shown = text(&scene, (width, 24)).join("\n");
        let Some((_, after)) = shown.split_once("· request ") else {
            continue;
        };
        assert!(
            after.starts_with("2f9c1f2e-6c3b-4f5a-9d2b-0c1d2e3f4a5b"),
            "{width}: {shown}"
        );
    }
    let wide = text(&scene, (160, 50)).join("\n");
    assert!(
        wide.contains("· request 2f9c1f2e-6c3b-4f5a-9d2b-0c1d2e3f4a5b"),
        "{wide}"
    );
}

#[test]
fn a_review_says_how_many_of_its_distributions_are_disabled() {
    let mut scene = scenes::distributions();
    // There is one besides the marked one.
    scene.keys("g down down down down space i").type_text("/a");
    scene.keys("ctrl-s");
    let shown = text(&scene, (80, 24)).join("\n");
    assert!(shown.contains("will be sent to each of 2"), "{shown}");
    assert!(shown.contains("1 distribution is disabled but still billed"), "{shown}");
}
