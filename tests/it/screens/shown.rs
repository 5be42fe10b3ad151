//! Exactly what is shown has an effect: every context with every key of the key map, generated from the tables.

use std::collections::BTreeSet;

use invalidash::app::action::{ACTIONS, Action};
use invalidash::app::availability::is_available;
use invalidash::app::key::Key;
use invalidash::app::keys::{action_of, entry, is_text, sections};
use invalidash::app::model::Model;
use invalidash::app::overlay::Overlay;

use super::scenes::{self, Named};
use crate::support::scene::Scene;

/// The overlays that no other scene has open.
pub(super) fn more() -> Vec<Named> {
    fn after(mut scene: Scene, keys: &str) -> Scene {
        scene.keys(keys);
        scene
    }
    vec![
        ("resend", || after(scenes::matrix(), "A")),
        ("find", || after(scenes::composer(), "ctrl-r")),
        ("lists", || after(scenes::composer(), "ctrl-l")),
        ("import-menu", || after(scenes::composer(), "ctrl-o")),
        ("import-ask", || after(scenes::composer(), "ctrl-o down enter")),
        ("import-earlier", || {
            after(
                scenes::composer(),
                "ctrl-o up up up down down down down down down enter",
            )
        }),
        ("dry-run", || after(scenes::review(), "D")),
        ("note-of-review", || after(scenes::review(), "n")),
        ("help-over-review", || after(scenes::review(), "?")),
    ]
}

fn keys_of(model: &Model) -> BTreeSet<Key> {
    let keymap = &model.keymap;
    ACTIONS
        .iter()
        .flat_map(|entry| keymap.keys(entry).iter().copied())
        .collect()
}

/// What the help of the place with so many overlays shows: each action with each of its keys.
fn shown(model: &Model, overlays: usize) -> BTreeSet<(String, Key)> {
    sections(model, overlays)
        .into_iter()
        .flat_map(|section| section.actions)
        .flat_map(|(entry, keys)| keys.into_iter().map(move |key| (entry.id.to_owned(), key)))
        .collect()
}

#[test]
fn nothing_acts_that_is_not_shown_and_nothing_is_shown_that_does_not_act() {
    let mut places = BTreeSet::new();
    for (name, scene) in scenes::all().into_iter().chain(more()) {
        let mut scene = scene();
        let model = &scene.model;
        places.insert(model.overlays.last().map_or("page", |overlay| overlay.title()));
        let acts: BTreeSet<_> = keys_of(model)
            .into_iter()
            .filter_map(|key| Some((action_of(model, key)?, key)))
            .filter(|(action, _)| is_available(model, *action) != Err(String::new()))
            .map(|(action, key)| (entry(model, action).id.to_owned(), key))
            .collect();
        let place = model.overlays.len();
        assert_eq!(acts, shown(model, place), "{name}");
        scene.keys("f1");
        // The same key closes a help that is open.
        if scene.model.overlays.len() > place {
            assert_eq!(acts, shown(&scene.model, place), "{name} below its help");
        }
    }
    let known = [
        "page",
        "Help",
        "Messages",
        "This month",
        "Details of a distribution",
        "Who am I",
        "Who created it",
        "Profiles",
        "Actions",
        "Themes",
        "Open",
        "All profiles",
        "Find",
        "At the edge",
        "Sending",
        "Review",
        "Dry run",
        "Send again",
        "Collapse",
        "Job",
        "Compare",
        "Export",
        "Note",
        "Import",
        "Saved lists",
        "Quit?",
        "Quit without saving?",
        "Left by an earlier run",
        "MFA code",
        "Log in",
    ];
    assert_eq!(places, BTreeSet::from(known), "each overlay was walked through");
}

#[test]
fn a_key_that_types_is_text_and_no_action() {
    for (name, scene) in scenes::all().into_iter().chain(more()) {
        let model = scene().model;
        if !is_text(&model) {
            continue;
        }
        for key in keys_of(&model).into_iter().filter(|key| key.typed().is_some()) {
            assert_eq!(action_of(&model, key), None, "{name}: {key}");
        }
    }
}

/// Only what was looked at is sent: no place but these three has a key that sends.
#[test]
fn only_the_review_a_resend_and_the_question_about_an_earlier_run_send() {
    for (name, scene) in scenes::all().into_iter().chain(more()) {
        let model = scene().model;
        let sends = [Action::Submit, Action::SendLeftOver];
        let can = keys_of(&model)
            .into_iter()
            .filter_map(|key| action_of(&model, key))
            .any(|action| sends.contains(&action));
        let place = model.overlays.last().map(Overlay::title);
        let may = matches!(place, Some("Review" | "Send again" | "Left by an earlier run"));
        // Its note is a field of the review.
        assert_eq!(can, may && name != "note-of-review", "{name}");
    }
}
