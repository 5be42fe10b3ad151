//! The help runs the actions that it lists, explains why an action is unavailable, and never sends anything.

use invalidash::app::overlay::Overlay;
use invalidash::app::overlay::help::Help;
use invalidash::app::overlay::review::DryRun;
use invalidash::app::screen::Screen;
use invalidash::ui::Theme;

use crate::screens::scenes;
use crate::support::scene::Scene;
use crate::support::screen::{berlin, frame, rows};

/// Goes down to the action with this help, as a person reads it.
#[track_caller]
fn choose(scene: &mut Scene, help: &str) {
    let under = scene.model.overlays.len();
    scene.keys("f1");
    let sections = invalidash::app::keys::sections(&scene.model, under);
    let mut actions = sections.iter().flat_map(|section| &section.actions);
    let place = actions.position(|(entry, _)| entry.help == help);
    assert!(place.is_some(), "{help}");
    for _ in 0..place.unwrap_or_default() {
        scene.keys("down");
    }
    scene.keys("enter");
}

fn notice(scene: &Scene) -> &str {
    scene.model.engine.notice.as_ref().map_or("", |note| &note.text)
}

#[test]
fn enter_runs_the_selected_action() {
    let mut scene = scenes::distributions();
    choose(&mut scene, "Show everything sent from this machine");
    assert!(scene.model.overlays.is_empty());
    assert!(matches!(scene.model.screen(), Screen::History(_)));

    let mut scene = scenes::composer();
    choose(&mut scene, "Append lines from a file, the clipboard, git, a sitemap…");
    assert!(matches!(scene.model.overlays.last(), Some(Overlay::Import(_))));

    let mut scene = scenes::review();
    choose(&mut scene, "Show the request that would be sent, without sending it");
    assert_eq!(scene.model.overlays.last(), Some(&DryRun.into()));
}

#[test]
fn what_cannot_be_done_now_says_why_and_leaves_the_help_open() {
    let mut scene = scenes::distributions();
    choose(&mut scene, "Show the tenants of a multi-tenant distribution");
    assert!(notice(&scene).contains("has no tenants"), "{}", notice(&scene));
    assert_eq!(scene.model.overlays.last(), Some(&Help::default().into()));
}

#[test]
fn whoever_closes_the_help_with_enter_sends_nothing() {
    for (scene, refused) in [
        (scenes::review as fn() -> Scene, "close the help first, then press ↵"),
        (scenes::left_over, "close the help first, then press"),
    ] {
        let mut scene = scene();
        scene.keys("? enter enter");
        assert!(notice(&scene).starts_with(refused), "{}", notice(&scene));
        assert_eq!(scene.model.overlays.last(), Some(&Help::default().into()));
    }
}

#[test]
fn the_help_over_a_submission_sends_and_cancels_nothing() {
    for help in [
        "Send a waiting submission now, with the same reference",
        "Cancel an unsent submission",
        "Quit",
    ] {
        let mut scene = scenes::invalidations();
        scene.keys("down");
        choose(&mut scene, help);
        assert!(
            notice(&scene).starts_with("close the help first"),
            "{help}: {}",
            notice(&scene)
        );
    }
}

#[test]
fn a_slash_searches_the_help_by_words_keys_and_reasons() {
    let shown = |scene: &Scene| {
        let theme = invalidash::ui::Theme::named("default", crate::support::screen::berlin);
        let rows = theme.map(|theme| {
            crate::support::screen::rows(&crate::support::screen::frame(&scene.model, &theme, (100, 30)).0)
        });
        rows.unwrap_or_default().join("\n")
    };
    let mut scene = scenes::distributions();
    scene.keys("? /").type_text("not multi-tenant");
    let screen = shown(&scene);
    assert!(screen.contains("/ not multi-tenant"), "{screen}");
    assert!(
        screen.contains("has no tenants") && !screen.contains("Who am I"),
        "{screen}"
    );
    scene.keys("esc /").type_text("sent from this machine");
    assert!(!shown(&scene).contains("has no tenants"));
    scene.keys("enter");
    assert!(matches!(scene.model.screen(), Screen::History(_)), "{}", shown(&scene));

    // The help can be searched above every page. Letters are text in a field, and lines that do not match stay.
    let mut scene = scenes::composer();
    scene.keys("f1 /").type_text("zzzz").keys("enter");
    assert!(
        shown(&scene).contains("no matching keys or actions"),
        "{}",
        shown(&scene)
    );
    scene.keys("esc");
    assert!(shown(&scene).contains("Ctrl-S"), "{}", shown(&scene));
    scene.keys("esc");
    assert!(scene.model.overlays.is_empty());
}

#[test]
fn a_reason_that_applies_to_two_actions_is_given_once() {
    let mut scene = scenes::distributions();
    scene.keys("f1");
    let theme = Theme::named("default", berlin);
    let shown = theme.map(|theme| rows(&frame(&scene.model, &theme, (100, 100)).0).join(" "));
    let times = shown.as_ref().map(|shown| shown.matches("is not multi-tenant").count());
    assert_eq!(times, Some(1), "{shown:?}");
}
