//! Nothing takes the keyboard focus unasked: what arrives late waits until the user is not typing, and Enter decides
//! nothing in it.

use super::*;
use invalidash::app::overlay::Overlay;

/// Connected and the ledger open, with this target on the command line; the list of distributions is still being read.
fn before_the_list(contents: LedgerContents, target: &str) -> (Scene, RequestId) {
    let preferences = Preferences {
        target: Some(target.parse().unwrap()),
        ..Preferences::default()
    };
    Scene::connected(contents, preferences)
}

fn composed(core: &Scene) -> String {
    match core.model.screen() {
        Screen::Composer(composer) => composer.editor.text(),
        other => panic!("no composer: {}", other.name()),
    }
}

#[test]
fn what_an_earlier_run_left_is_not_asked_over_a_text() {
    let (mut core, list) = before_the_list(left_over(TimeDelta::hours(2)), "E1SHOP");
    core.keys("i / a");
    core.respond(list, Ok(page(&["E1SHOP"], None)));
    assert_eq!(core.model.overlays.len(), 0);
    core.keys_at_once("enter / x S");
    assert_eq!(composed(&core), "/a\n/xS");
    let left = core.model.engine.queue.iter().next().unwrap().clone();
    assert_eq!((left.state.word(), core.creates()), ("Unknown", 0));
    core.keys("esc");
    assert_eq!(core.model.overlays.len(), 1, "it is asked as soon as nobody is typing");
    // Keys meant for the page decide nothing, and neither does Enter.
    core.keys_at_once("x S");
    assert_eq!((core.model.overlays.len(), core.creates()), (1, 0));
    core.keys("enter");
    assert_eq!((core.model.overlays.len(), core.creates()), (0, 0));
    assert_eq!(core.model.engine.queue.iter().next().unwrap().state, left.state);
}

#[test]
fn only_what_is_listed_for_it_is_cancelled() {
    let mut contents = left_over(TimeDelta::hours(2));
    contents.unfinished[0].state = State::Queued;
    contents.unfinished[0].attempts = 0;
    let mut foreign = contents.unfinished[0].clone();
    foreign.id = invalidash::domain::submission::SubmissionId::new("01FOREIGN".to_owned());
    foreign.scope.profile = "prod".to_owned();
    contents.unfinished.push(foreign);
    let mut core = Scene::begun(contents, Preferences::default());
    core.keys("x");
    let states: Vec<_> = core
        .model
        .engine
        .queue
        .iter()
        .map(|s| (s.scope.profile.as_str(), s.state.word()))
        .collect();
    assert_eq!(states, [("prod", "Queued"), ("default", "Cancelled")]);
}

#[test]
fn a_target_that_is_found_late_takes_no_text_away() {
    let (mut core, list) = before_the_list(LedgerContents::default(), "www.late.example");
    core.respond(list, Ok(page(&["E1SHOP"], Some("2"))));
    core.keys("i / i c");
    let rest = core.call(|call| matches!(call, Call::ListDistributions { marker: Some(_) }));
    let mut late = distribution("E2LATE");
    late.aliases = vec!["www.late.example".to_owned()];
    core.respond(
        rest,
        Ok(Answer::Distributions(Page {
            items: vec![late],
            next: None,
        })),
    );
    core.keys("R x q");
    assert_eq!(composed(&core), "/icRxq");
    core.keys("esc");
    assert_eq!(core.model.screen().name(), "invalidations", "nobody is typing any more");
}

#[test]
fn what_is_counted_down_to_can_be_thrown_away_and_left() {
    let mut preferences = Preferences::default();
    preferences.engine.send.countdown = 10;
    let mut core = Scene::begun(LedgerContents::default(), preferences);
    core.submits("/index.html");
    let plan = core.operation(is_plan);
    core.written(plan);
    core.keys("ctrl-c");
    assert_eq!(core.model.overlays.last().map(Overlay::title), Some("Quit?"));
    core.keys("x");
    assert_eq!(core.submission().state, State::Cancelled);
    assert!(!core.effects.contains(&Effect::Quit(0)), "the ledger comes first");
    let cancelled = |operation: &LedgerOperation| {
        matches!(operation, LedgerOperation::Together(both)
            if matches!(&both[0], LedgerOperation::Progress(s) if s.state == State::Cancelled))
    };
    let request = core.operation(cancelled);
    core.written(request);
    while let Some(request) = core.effects.iter().find_map(|effect| match effect {
        Effect::Ledger { request, .. } => Some(*request),
        _ => None,
    }) {
        core.effects
            .retain(|effect| !matches!(effect, Effect::Ledger { request: of, .. } if *of == request));
        core.written(request);
    }
    assert!(core.effects.contains(&Effect::Quit(0)));
    assert_eq!(core.creates(), 0);
}

#[test]
fn a_draft_that_is_opened_again_is_gone_on_with_on_a_new_line_and_can_be_cleared() {
    let mut core = Scene::ready();
    core.keys("i / *");
    core.keys("esc");
    core.now += TimeDelta::hours(3);
    core.keys("i");
    let said = core.model.engine.notice.as_ref().unwrap().text.clone();
    assert_eq!(said, "Draft from 3 h ago (1 line); press F9 to clear it");
    core.keys("/ *");
    assert_eq!(composed(&core), "/*\n/*");
    core.keys("f9");
    assert_eq!(composed(&core), "");
    core.keys("ctrl-z");
    assert_eq!(composed(&core), "/*\n/*");
}

#[test]
fn a_completion_stays_until_a_key_and_does_not_follow_to_another_page() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    let create = core.sends();
    let created = core.creation("Completed", &["/index.html"]);
    core.respond(create, Ok(created));
    let said = |core: &Scene| core.model.engine.notice.as_ref().map(|note| note.text.clone());
    assert!(said(&core).unwrap().contains("Completed"), "{:?}", said(&core));
    core.effects.clear();
    core.now += TimeDelta::hours(1);
    core.send(Message::Focus(true));
    assert!(said(&core).is_some(), "no time takes it away");
    core.keys("down");
    assert_eq!(said(&core), None);
}

#[test]
fn what_was_typed_to_open_a_target_stays_until_it_is_found() {
    let mut core = Scene::ready();
    core.keys("o d o c s enter");
    assert_eq!(core.model.overlays.len(), 1);
    core.keys(". e x a m p l e enter");
    let mut scene = core.model.overlays.last().cloned().unwrap();
    assert_eq!(scene.parts_mut().field_mut().unwrap().value(), "docs.example");
}
