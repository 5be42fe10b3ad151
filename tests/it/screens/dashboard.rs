//! A big terminal is a dashboard: the rows that a short list leaves over show what happened, and nothing moves.

use invalidash::app::layout::{activity_rows, dashboard_rows};
use invalidash::domain::behavior::CacheBehavior;

use super::{scenes, theme};
use crate::support::samples::{distribution, fleet};
use crate::support::scene::Scene;
use crate::support::screen::{frame, rows};

fn shown(scene: &Scene, size: (u16, u16)) -> Vec<String> {
    rows(&frame(&scene.model, &theme("default"), size).0)
}

fn place(shown: &[String], wanted: &str) -> usize {
    shown.iter().position(|row| row.contains(wanted)).unwrap()
}

#[test]
fn the_activity_takes_the_rows_that_a_short_list_leaves_over() {
    for size in [(120, 40), (160, 50), (200, 60)] {
        let scene = scenes::distributions();
        let shown = shown(&scene, size);
        let listed = fleet().len();
        let heading = place(&shown, "   Aliases");
        let activity = place(&shown, " Activity");
        let panel = if size.0 < 140 { 3 } else { 0 };
        // These are the list, a blank line, the panel unless it is at the side, and the rule.
        let expected = heading + listed + panel + 3;
        assert_eq!(activity, expected, "{size:?}\n{}", shown.join("\n"));
    }
}

#[test]
fn nothing_moves_while_a_filter_is_typed() {
    let mut scene = scenes::distributions();
    let before = place(&shown(&scene, (160, 50)), " Activity");
    scene.keys("/").type_text("static");
    assert_eq!(place(&shown(&scene, (160, 50)), " Activity"), before);
}

#[test]
fn a_long_list_keeps_its_rows_and_the_strip_its_least() {
    for height in 1..=120 {
        for width in [80, 139, 140, 220] {
            let size = (width, height);
            let least = activity_rows(size, 0);
            assert_eq!(activity_rows(size, 1_000), least, "{size:?}");
            assert!(dashboard_rows(size, 14) <= dashboard_rows(size, 1_000), "{size:?}");
            // A list that fits keeps a row for each distribution.
            if dashboard_rows(size, 1_000) > 14 {
                assert!(dashboard_rows(size, 14) >= 14, "{size:?}");
            }
        }
    }
    // There is no list yet, so the rows that it will leave free are unknown.
    assert_eq!(
        [(80, 24), (80, 30), (160, 50)].map(|size| activity_rows(size, 0)),
        [0, 4, 6]
    );
}

#[test]
fn the_panel_lists_the_path_patterns_and_says_that_there_are_more() {
    let behaviors = |patterns: &[String]| {
        let mut one = distribution("E2QWRUHEXAMPLE", &["www.shop.example"], "Shop front");
        one.behaviors = patterns
            .iter()
            .map(|pattern| CacheBehavior {
                path_pattern: pattern.clone(),
                ..CacheBehavior::default()
            })
            .collect();
        shown(&Scene::with(vec![one]), (160, 50)).join("\n")
    };
    let few = behaviors(&["*".to_owned(), "/api/*".to_owned(), "/img/*".to_owned()]);
    assert!(few.contains("behaviors /api/*") && few.contains("/img/*"), "{few}");
    assert!(
        !behaviors(&["*".to_owned()]).contains("behaviors"),
        "the default one says nothing"
    );
    let many: Vec<_> = (0..200).map(|number| format!("/folder-{number}/*")).collect();
    let many = behaviors(&many);
    assert!(many.contains('…') && many.contains("/folder-0/*"), "{many}");
}
