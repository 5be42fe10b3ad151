//! A user who quits while the ledger cannot be written to is asked, and nothing is discarded silently.

use invalidash::app::overlay::Overlay;
use invalidash::domain::ledger_failure::{LedgerFailure, LedgerFailureKind};
use invalidash::engine::effect::{ListsAnswer, ListsOperation};
use invalidash::engine::lost;

use super::*;

fn full() -> LedgerFailure {
    LedgerFailure::new(
        LedgerFailureKind::Full,
        "the disk is full. Free some space and try again",
    )
}

fn is_draft(operation: &LedgerOperation) -> bool {
    matches!(operation, LedgerOperation::Draft(_))
}

impl Scene {
    fn fails(&mut self, request: RequestId) {
        let result = Err(full());
        self.record(request, result);
    }

    fn has_quit(&self) -> bool {
        self.effects.iter().any(|effect| matches!(effect, Effect::Quit(_)))
    }

    fn title(&self) -> Option<&'static str> {
        self.model.overlays.last().map(Overlay::title)
    }
}

/// Quits with a draft for which the disk has no room.
fn asked() -> Scene {
    let mut core = Scene::ready();
    core.keys("i");
    core.paste("/index.html\n/a");
    core.effects.clear();
    core.keys("ctrl-c");
    let draft = core.operation(is_draft);
    core.fails(draft);
    core
}

#[test]
fn quitting_with_a_draft_that_cannot_be_saved_asks() {
    let mut core = asked();
    assert_eq!((core.title(), core.has_quit()), (Some("Quit without saving?"), false));
    assert_eq!(
        lost::names(&core.model.engine),
        ["the draft for www.shop.example, 2 lines"]
    );
    assert_eq!(
        lost::reason(&core.model.engine),
        "the disk is full. Free some space and try again"
    );
    core.keys("esc");
    assert_eq!((core.title(), core.model.screen().name()), (None, "composer"));
    core.keys("ctrl-c");
    let draft = core.operation(is_draft);
    core.fails(draft);
    core.keys("x");
    assert_eq!(core.effects.last(), Some(&Effect::Quit(0)));
}

#[test]
fn trying_again_saves_and_quits() {
    let mut core = asked();
    core.keys("r");
    assert_eq!(core.title(), None);
    let draft = core.operation(is_draft);
    core.written(draft);
    assert!(core.has_quit() && lost::names(&core.model.engine).is_empty());
}

#[test]
fn what_is_saved_while_it_is_asked_quits_by_itself() {
    let mut core = asked();
    let again = core.find(|effect| match effect {
        Effect::Timer { id, after } if *after == Duration::from_millis(250) => Some(*id),
        _ => None,
    });
    core.send(Message::Timer(again));
    let draft = core.operation(is_draft);
    core.written(draft);
    assert!(core.has_quit() && lost::names(&core.model.engine).is_empty());
}

#[test]
fn a_draft_can_be_kept_as_a_saved_list_instead() {
    let mut core = asked();
    core.keys("e");
    let (request, lines) = core.find(|effect| match effect {
        Effect::Lists {
            request,
            operation: ListsOperation::Save { lines, .. },
        } => Some((*request, lines.clone())),
        _ => None,
    });
    assert_eq!(lines, ["/index.html", "/a"]);
    let result = Err("it could not be saved either".to_owned());
    core.reply(Reply::Lists { request, result });
    assert!(!core.has_quit() && core.title().is_some());
    core.keys("e");
    let request = core.find(|effect| match effect {
        Effect::Lists { request, .. } => Some(*request),
        _ => None,
    });
    let result = Ok(ListsAnswer::Saved(2));
    core.reply(Reply::Lists { request, result });
    assert!(core.has_quit());
    let [told] = core.model.engine.unsaved.elsewhere() else {
        panic!("{:?}", core.model.engine.unsaved.elsewhere());
    };
    assert!(told.starts_with("Saved the draft for www.shop.example (2 lines) as the list \"draft E1SHOP 2026-"));
}

#[test]
fn a_slow_ledger_is_waited_for_and_then_asked_about() {
    let mut core = Scene::ready();
    core.keys("f");
    core.effects.clear();
    core.keys("q");
    assert!(core.pass(4) > 0, "no timer is due");
    assert_eq!((core.title(), core.has_quit()), (Some("Quit without saving?"), false));
    assert_eq!(lost::names(&core.model.engine), ["pinning www.shop.example"]);
    assert_eq!(lost::reason(&core.model.engine), "the ledger has not responded yet");
    core.keys("ctrl-c");
    assert!(core.has_quit());
}

#[test]
fn an_end_that_cannot_ask_waits_longer_and_names_what_is_lost() {
    let mut core = Scene::ready();
    core.keys("i");
    core.paste("/index.html");
    core.effects.clear();
    core.send(Message::End(143));
    let draft = core.operation(is_draft);
    core.fails(draft);
    assert!(!core.has_quit() && core.title().is_none());
    assert!(core.pass(7) > 0, "no timer is due");
    assert_eq!(core.effects.last(), Some(&Effect::Quit(143)));
    assert_eq!(
        invalidash::ui::not_saved(&core.model),
        [
            "invalidash: could not save the draft for www.shop.example, 1 line: the disk is full. Free some space and try again"
        ]
    );
}

#[test]
fn a_note_that_fails_at_the_end_is_asked_about_too() {
    let mut core = under_way();
    for _ in 0..2 {
        let saved =
            core.operation(|operation| is_draft(operation) || matches!(operation, LedgerOperation::Progress(_)));
        core.written(saved);
    }
    core.keys("n");
    core.paste("release 7");
    core.keys("enter ctrl-c");
    let note = core.operation(|operation| matches!(operation, LedgerOperation::Note { .. }));
    core.fails(note);
    assert!(!core.has_quit());
    let names = lost::names(&core.model.engine);
    let note = "the note on the invalidation /index.html for www.shop.example";
    assert!(names.iter().any(|name| name == note), "{names:?}");
    core.effects.clear();
    core.keys("r");
    let saved = core.operation(|operation| match operation {
        LedgerOperation::Note { note, .. } => note.as_deref() == Some("release 7"),
        LedgerOperation::Together(all) => all.iter().any(|one| matches!(one, LedgerOperation::Note { .. })),
        _ => false,
    });
    core.written(saved);
    assert!(core.has_quit(), "{:?}", lost::names(&core.model.engine));
    assert_eq!(core.submission().note.as_deref(), Some("release 7"));
}
