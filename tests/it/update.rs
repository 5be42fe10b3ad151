//! The core on its own: a message in, effects out. No event loop, no time, no outside world.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

mod edge;
mod layers;
mod month;
mod not_saved;
mod profiles;
mod telling;
mod unasked;
mod whose;

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::app::keymap::Keymap;
use invalidash::app::message::Message;
use invalidash::app::model::Preferences;
use invalidash::app::screen::Screen;
use invalidash::domain::distribution::{Distribution, Target};
use invalidash::domain::draft::{DraftId, DraftVersion, KeptDraft};
use invalidash::domain::failure::{Failure, Refusal};
use invalidash::domain::invalidation::{Invalidation, InvalidationId, InvalidationSummary, Page, Status};
use invalidash::domain::submission::{Scope, State, Submission};
use invalidash::engine::effect::{Answer, Call, Created, Effect, LedgerContents, LedgerOperation, Reply, RequestId};

use invalidash::engine::timers::TimerKind;

use crate::support::journal::failing;
use crate::support::samples::{self, unknown_account as scope};
use crate::support::scene::Scene;

impl Scene {
    /// Connected, the ledger open, one distribution listed.
    fn ready() -> Self {
        Self::begun(LedgerContents::default(), Preferences::default())
    }

    fn begun(contents: LedgerContents, preferences: Preferences) -> Self {
        let (mut core, list) = Self::connected(contents, preferences);
        core.respond(list, Ok(page(&["E1SHOP"], None)));
        core.effects.clear();
        core
    }

    /// Connected and the ledger open; the distributions are being listed.
    fn connected(contents: LedgerContents, preferences: Preferences) -> (Self, RequestId) {
        let mut core = Self::before(preferences, start());
        core.send(Message::Start);
        let ledger = core.operation(|operation| *operation == LedgerOperation::Open);
        core.record(ledger, Ok(Some(Box::new(contents))));
        let connect = core.connection();
        core.connects(connect, Ok(scope()));
        let list = core.call(|call| matches!(call, Call::ListDistributions { .. }));
        (core, list)
    }

    fn creates(&self) -> usize {
        let create = |effect: &&Effect| {
            matches!(
                effect,
                Effect::CloudFront {
                    call: Call::CreateInvalidation { .. },
                    ..
                }
            )
        };
        self.effects.iter().filter(create).count()
    }

    /// Composes these items and confirms them.
    fn submits(&mut self, items: &str) {
        self.keys("i").paste(items).keys("ctrl-s enter");
    }

    /// CloudFront's answer to the submission, with these items.
    fn creation(&self, status: &str, items: &[&str]) -> Answer {
        let invalidation = Invalidation {
            id: InvalidationId::new("I1"),
            status: Status::new(status),
            create_time: start(),
            items: items.iter().map(ToString::to_string).collect(),
            caller_reference: self.submission().reference.to_string(),
        };
        Answer::Created(Created {
            invalidation,
            request_id: Some("req-1".to_owned()),
        })
    }

    /// The only submission.
    fn submission(&self) -> &Submission {
        self.model.engine.queue.iter().next_back().unwrap()
    }

    /// Lets the planned submission go as far as its request.
    fn sends(&mut self) -> RequestId {
        let plan = self.operation(is_plan);
        self.written(plan);
        let attempt = self.operation(|operation| matches!(operation, LedgerOperation::Progress(_)));
        self.written(attempt);
        self.call(|call| matches!(call, Call::CreateInvalidation { .. }))
    }
}

/// A plan comes with the end of its draft.
fn is_plan(operation: &LedgerOperation) -> bool {
    matches!(operation, LedgerOperation::Together(both) if matches!(both.as_slice(), [LedgerOperation::Plan(_), LedgerOperation::Draft(_)]))
}

fn start() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_341_600, 0).unwrap()
}

fn page(ids: &[&str], next: Option<&str>) -> Answer {
    Answer::Distributions(Page {
        items: ids.iter().map(|id| distribution(id)).collect(),
        next: next.map(str::to_owned),
    })
}

fn distribution(id: &str) -> Distribution {
    Distribution {
        aliases: vec!["www.shop.example".to_owned()],
        comment: "Shop".to_owned(),
        ..samples::bare(id, "123456789012")
    }
}

#[test]
fn the_ledger_comes_before_the_first_byte() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    assert_eq!(core.creates(), 0);
    let plan = core.operation(is_plan);
    core.written(plan);
    assert_eq!(core.creates(), 0, "the attempt is not written yet");
    let attempt = core.operation(|operation| matches!(operation, LedgerOperation::Progress(_)));
    core.written(attempt);
    assert_eq!(core.creates(), 1);
}

#[test]
fn what_the_ledger_cannot_hold_is_never_sent() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    let plan = core.operation(is_plan);
    core.record(plan, Err(failing("the disk is full; make room")));
    assert_eq!((core.creates(), core.submission().state.word()), (0, "Rejected"));
    assert_eq!(
        core.model.engine.notice.as_ref().map(|note| note.text.as_str()),
        Some("nothing was sent: the disk is full; make room")
    );
    let drafts: Vec<_> = core.model.engine.drafts.iter().map(|(_, draft)| &draft.text).collect();
    assert_eq!(drafts, ["/index.html"], "the list is a draft again");
}

#[test]
fn an_attempt_that_cannot_be_written_is_not_sent_and_tried_again() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    let plan = core.operation(is_plan);
    core.written(plan);
    let attempt = core.operation(|operation| matches!(operation, LedgerOperation::Progress(_)));
    core.record(attempt, Err(failing("EIO")));
    assert_eq!(
        (
            core.creates(),
            core.submission().state.word(),
            core.submission().attempts
        ),
        (0, "Retrying", 0)
    );
    assert!(core.pass(2) > 0, "no timer is due");
    let attempt = core.operation(|operation| matches!(operation, LedgerOperation::Progress(_)));
    core.written(attempt);
    assert_eq!(core.creates(), 1);
}

#[test]
fn a_lost_answer_is_asked_again_with_the_same_bytes() {
    let mut core = Scene::ready();
    core.submits("/index.html\n/en/*");
    let first = core.sends();
    let before = core.submission().clone();
    core.respond(first, Err(Failure::Unknown("no response within 30 s".to_owned())));
    assert_eq!(core.submission().state.word(), "Unknown");
    assert!(core.pass(1) > 0, "no timer is due");
    let attempt = core.operation(|operation| matches!(operation, LedgerOperation::Progress(s) if s.attempts == 2));
    core.written(attempt);
    let call = core.find(|effect| match effect {
        Effect::CloudFront {
            call: call @ Call::CreateInvalidation { .. },
            ..
        } => Some(call.clone()),
        _ => None,
    });
    let same = Call::CreateInvalidation {
        target: before.target,
        batch: before.batch,
        reference: before.reference,
    };
    assert_eq!(call, same);
}

#[test]
fn an_answer_that_comes_twice_or_to_nobody_changes_nothing() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    let request = core.sends();
    let answer = core.creation("InProgress", &["/index.html"]);
    core.respond(request, Ok(answer));
    core.effects.clear();
    let before = core.submission().clone();
    core.respond(request, Err(Failure::Unknown("late".to_owned())));
    let answer = core.creation("Completed", &["/x"]);
    core.respond(RequestId(9_999), Ok(answer));
    assert_eq!((core.submission(), core.effects.as_slice()), (&before, &[][..]));
}

#[test]
fn one_that_is_in_flight_is_looked_at_after_two_seconds_until_it_is_done() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    let request = core.sends();
    let answer = core.creation("InProgress", &["/index.html"]);
    core.respond(request, Ok(answer));
    assert!(core.pass(2) > 0, "no timer is due");
    let look = core.call(|call| matches!(call, Call::GetInvalidation { .. }));
    let Answer::Created(Created { invalidation, .. }) = core.creation("Completed", &["/index.html"]) else {
        unreachable!()
    };
    core.respond(look, Ok(Answer::Invalidation(invalidation)));
    let seen = Some(core.now);
    assert_eq!(
        core.submission().state,
        State::Completed {
            id: InvalidationId::new("I1"),
            create_time: start(),
            last_in_progress: core.submission().first_sent,
            seen
        }
    );
    core.effects.clear();
    assert_eq!(core.model.engine.in_flight(), 0);
}

#[test]
fn a_refusal_keeps_the_items_and_says_everything() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    let request = core.sends();
    let refusal = Refusal {
        code: "AccessDenied".to_owned(),
        message: "not authorized".to_owned(),
        http_status: 403,
        request_id: Some("req-9".to_owned()),
    };
    core.respond(request, Err(Failure::Refused(refusal)));
    assert_eq!(core.submission().state.word(), "Rejected");
    let said = core.model.engine.notice.as_ref().unwrap().text.clone();
    assert!(said.contains("AccessDenied: not authorized (request req-9)"), "{said}");
    core.keys("c");
    assert_eq!(core.model.screen().name(), "composer");
}

#[test]
fn everything_at_once_asks_for_the_id() {
    let mut core = Scene::ready();
    core.submits("/*");
    assert!(core.model.engine.queue.iter().next().is_none());
    core.type_text("E1SHOP");
    core.keys("enter");
    assert_eq!(core.submission().batch.items(), ["/*"]);
}

#[test]
fn a_line_that_is_wrong_keeps_all_from_being_sent() {
    let mut core = Scene::ready();
    core.submits("/ok\nimages/*.jpg");
    assert!(core.model.overlays.is_empty());
    assert!(core.model.engine.queue.iter().next().is_none());
}

#[test]
fn read_only_sends_nothing_and_says_so() {
    let preferences = Preferences {
        engine: invalidash::engine::preferences::Preferences {
            read_only: true,
            ..Default::default()
        },
        ..Preferences::default()
    };
    let mut core = Scene::begun(LedgerContents::default(), preferences);
    core.keys("i");
    assert_eq!(core.model.screen().name(), "distributions");
    assert!(core.model.engine.notice.as_ref().unwrap().text.starts_with("read-only"));
}

fn left_over(age: TimeDelta) -> LedgerContents {
    let mut core = Scene::ready();
    core.submits("/left.html");
    let mut submission = core.submission().clone();
    submission.created = start() - age;
    submission.state = State::Sending;
    submission.attempts = 1;
    LedgerContents {
        unfinished: vec![submission],
        ..LedgerContents::default()
    }
}

#[test]
fn what_an_earlier_run_left_goes_on_by_itself_while_it_is_young() {
    let mut core = Scene::begun(left_over(TimeDelta::minutes(9)), Preferences::default());
    let submission = core.submission().clone();
    assert_eq!(
        (submission.state.word(), submission.attempts, submission.maybe_sent),
        ("Sending", 2, true)
    );
    core.keys("2");
}

#[test]
fn what_an_earlier_run_left_is_asked_about_when_it_is_old_or_another_profile_s() {
    let old = left_over(TimeDelta::minutes(11));
    let mut other = left_over(TimeDelta::minutes(1));
    other.unfinished[0].scope.profile = "prod".to_owned();
    for contents in [old, other] {
        let core = Scene::begun(contents, Preferences::default());
        assert_eq!(
            (core.submission().state.word(), core.submission().attempts),
            ("Unknown", 1)
        );
        assert_eq!(core.model.overlays.len(), 1);
    }
}

/// Read-only is only reading: what waits is neither sent nor taken back nor asked about.
#[test]
fn read_only_leaves_what_waits_as_it_is() {
    let preferences = Preferences {
        engine: invalidash::engine::preferences::Preferences {
            read_only: true,
            ..Default::default()
        },
        ..Preferences::default()
    };
    let mut core = Scene::begun(left_over(TimeDelta::minutes(11)), preferences);
    let before = core.submission().clone();
    core.keys("2");
    core.effects.clear();
    for key in ["R", "x", "enter", "x", "R"] {
        core.keys(key);
    }
    assert_eq!((core.submission(), core.model.overlays.len()), (&before, 0));
    let writes = core.effects.iter().filter(|effect| {
        matches!(
            effect,
            Effect::Ledger {
                operation: LedgerOperation::Progress(_),
                ..
            }
        )
    });
    assert_eq!((writes.count(), core.creates()), (0, 0));
}

#[test]
fn quitting_with_something_unsent_asks_once() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    core.keys("ctrl-c");
    assert!(!core.effects.contains(&Effect::Quit(0)));
    core.keys("q");
    assert!(
        !core.effects.contains(&Effect::Quit(0)),
        "the plan is still being written"
    );
    for _ in 0..2 {
        let draft_or_plan =
            core.operation(|operation| matches!(operation, LedgerOperation::Draft(_) | LedgerOperation::Together(_)));
        core.written(draft_or_plan);
    }
    assert!(core.effects.contains(&Effect::Quit(0)));
    assert_eq!(core.creates(), 0);
}

#[test]
fn the_end_waits_for_the_ledger_and_for_nothing_else() {
    let mut core = Scene::ready();
    core.keys("i");
    core.paste("/index.html");
    core.effects.clear();
    core.send(Message::End(143));
    let draft =
        core.operation(|operation| matches!(operation, LedgerOperation::Draft(draft) if draft.text == "/index.html"));
    core.paste("/typed-after-the-end");
    core.send(Message::End(129));
    assert!(!core.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
    core.written(draft);
    assert_eq!(core.effects.last(), Some(&Effect::Quit(129)));
}

#[test]
fn whoever_does_not_want_to_wait_for_the_ledger_quits_at_once_or_stays() {
    let mut core = Scene::ready();
    core.keys("i");
    core.paste("/index.html");
    core.effects.clear();
    core.keys("ctrl-c esc a");
    assert!(!core.effects.iter().any(|effect| matches!(effect, Effect::Quit(_))));
    let Screen::Composer(composer) = core.model.screen() else {
        panic!("the composer is closed")
    };
    assert_eq!(composer.editor.text(), "/index.htmla");
    core.keys("ctrl-c ctrl-c");
    assert_eq!(core.effects.last(), Some(&Effect::Quit(0)));
}

#[test]
fn more_than_two_in_flight_share_one_page_of_the_list() {
    let mut core = Scene::ready();
    core.keys("enter");
    let page = core.call(|call| matches!(call, Call::ListInvalidations { .. }));
    let rows = ["I1", "I2", "I3"].map(|id| InvalidationSummary {
        id: InvalidationId::new(id),
        status: Status::new("InProgress"),
        create_time: start(),
    });
    core.respond(
        page,
        Ok(Answer::Invalidations(Page {
            items: rows.to_vec(),
            next: None,
        })),
    );
    core.effects.clear();
    core.now += TimeDelta::seconds(2);
    assert_eq!(core.fire_those(|due| matches!(due, TimerKind::Poll(_))), 1);
    let calls: Vec<_> = core
        .effects
        .iter()
        .filter(|effect| matches!(effect, Effect::CloudFront { .. }))
        .collect();
    let target = Target::from_id("E1SHOP");
    assert!(
        matches!(calls.as_slice(), [Effect::CloudFront { call: Call::ListInvalidations { target: asked, marker: None }, .. }] if *asked == target),
        "{calls:?}"
    );
}

fn under_way() -> Scene {
    let mut core = Scene::ready();
    core.submits("/index.html");
    let request = core.sends();
    let answer = core.creation("InProgress", &["/index.html"]);
    core.respond(request, Ok(answer));
    core
}

#[test]
fn a_row_that_changed_is_shown_once_by_one_timer() {
    let mut core = under_way();
    assert_eq!(core.model.engine.changed.len(), 1);
    let is_changed = |due: &TimerKind| *due == TimerKind::Changed;
    assert_eq!(core.fire_those(is_changed), 1);
    assert!(core.model.engine.changed.is_empty() && core.model.engine.dirty);
    assert_eq!(core.fire_those(is_changed), 0);
}

#[test]
fn after_a_sleep_what_is_in_flight_is_looked_at_at_once() {
    let looks = |core: &Scene| {
        let is_look = |effect: &&Effect| {
            matches!(
                effect,
                Effect::CloudFront {
                    call: Call::GetInvalidation { .. },
                    ..
                }
            )
        };
        core.effects.iter().filter(is_look).count()
    };
    for (message, away, expected) in [
        (Message::Resize(100, 30), 3_600, 1),
        (Message::Resize(100, 30), 1, 0),
        (Message::Resumed, 1, 1),
        (Message::Focus(true), 1, 1),
    ] {
        let mut core = under_way();
        core.now += TimeDelta::seconds(away);
        core.send(message.clone());
        assert_eq!(looks(&core), expected, "{message:?} after {away} s");
    }
}

#[test]
fn who_may_not_list_has_each_one_looked_at() {
    let mut core = Scene::ready();
    for _ in 0..3 {
        core.submits("/index.html");
        let request = core.sends();
        let mut answer = core.creation("InProgress", &["/index.html"]);
        if let Answer::Created(Created { invalidation, .. }) = &mut answer {
            invalidation.id = InvalidationId::new(format!("I{}", request.0));
        }
        core.respond(request, Ok(answer));
        core.keys("1");
        // Each submission has its own time.
        core.now += TimeDelta::seconds(1);
    }
    let page = core.call(|call| matches!(call, Call::ListInvalidations { .. }));
    let refusal = Refusal {
        code: "AccessDenied".to_owned(),
        message: "not authorized".to_owned(),
        http_status: 403,
        request_id: None,
    };
    core.respond(page, Err(Failure::Refused(refusal)));
    core.effects.clear();
    for _ in 0..4 {
        core.now += TimeDelta::seconds(5);
        core.fire_those(|due| matches!(due, TimerKind::Poll(_) | TimerKind::Reads));
    }
    let calls: Vec<_> = core
        .effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::CloudFront { call, .. } => Some(matches!(call, Call::GetInvalidation { .. })),
            _ => None,
        })
        .collect();
    assert_eq!(calls, [true; 3]);
}

/// A sentence that names a key names the one this person has, and the palette where they left none.
#[test]
fn a_sentence_names_the_keys_that_were_set() {
    let undo = |keys: &[&str]| {
        let changes = [("undo".to_owned(), keys.iter().map(ToString::to_string).collect())];
        let preferences = Preferences {
            keymap: Keymap::with_changes(&changes.into()).unwrap(),
            ..Preferences::default()
        };
        let mut core = Scene::begun(LedgerContents::default(), preferences);
        core.keys("i");
        core.paste("/a b");
        core.keys("ctrl-f");
        core.model.engine.notices.last().unwrap().text.clone()
    };
    assert_eq!(undo(&["alt-u", "ctrl-z"]), "fixed 1 line; press Alt-U to undo");
    assert_eq!(undo(&[]), "fixed 1 line; press undo in the palette to undo");
}

/// Addresses of two sites in one paste: those of the other one go to its draft, under what it holds; nothing is lost.
#[test]
fn lines_of_another_distribution_go_to_its_draft() {
    let earlier = KeptDraft {
        id: DraftId::new("d-1"),
        targets: "E2DOCS".to_owned(),
        text: "/earlier".to_owned(),
        changed: start(),
        version: DraftVersion::new("v-1"),
    };
    let contents = LedgerContents {
        drafts: vec![earlier],
        ..LedgerContents::default()
    };
    let mut core = Scene::begun(contents, Preferences::default());
    let mut docs = distribution("E2DOCS");
    docs.domain_name = "d2.cloudfront.net".to_owned();
    docs.aliases = vec!["docs.example".to_owned()];
    core.keys("r");
    let list = core.call(|call| matches!(call, Call::ListDistributions { .. }));
    let items = vec![distribution("E1SHOP"), docs];
    core.respond(list, Ok(Answer::Distributions(Page { items, next: None })));
    core.keys("i");
    core.paste("/here\nhttps://docs.example/a\n# note\nhttps://docs.example/b\n/also here");
    core.keys("alt-o");
    let newest = |core: &Scene| core.model.engine.notices.last().unwrap().text.clone();
    assert_eq!(newest(&core), "this line is not a URL of another distribution");
    core.keys("up alt-o");
    assert_eq!(
        newest(&core),
        "Moved 2 lines to this draft; 3 lines left in the draft for www.shop.example"
    );
    let Screen::Composer(composer) = core.model.screen() else {
        panic!("no composer: {}", core.model.screen().name());
    };
    assert_eq!(composer.targets_key(), "E2DOCS");
    assert_eq!(
        composer.editor.text(),
        "/earlier\nhttps://docs.example/a\nhttps://docs.example/b\n"
    );
    assert_eq!(
        core.model.engine.drafts.of("E1SHOP").next().unwrap().1.text,
        "/here\n# note\n/also here"
    );
    let written: Vec<_> = core.effects.iter().filter_map(draft_of).collect();
    assert_eq!(
        written,
        [
            ("E2DOCS", "/earlier\nhttps://docs.example/a\nhttps://docs.example/b"),
            ("E1SHOP", "/here\n# note\n/also here")
        ]
    );
}

fn draft_of(effect: &Effect) -> Option<(&str, &str)> {
    match effect {
        Effect::Ledger {
            operation: LedgerOperation::Draft(draft),
            ..
        } => Some((&draft.targets, &draft.text)),
        _ => None,
    }
}

/// What kept a list from being sent is not said any longer once it can be.
#[test]
fn a_review_that_opens_ends_what_was_said_against_it() {
    let mut core = Scene::ready();
    core.keys("i");
    core.paste("images/*.jpg");
    core.keys("ctrl-s");
    assert!(
        core.model
            .engine
            .notice
            .as_ref()
            .unwrap()
            .text
            .starts_with("1 line cannot be sent")
    );
    core.keys("alt-c alt-c alt-a");
    core.paste("/index.html");
    core.keys("ctrl-s");
    assert_eq!(
        (core.model.engine.notice.as_ref(), core.model.overlays.len()),
        (None, 1)
    );
}
