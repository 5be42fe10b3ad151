//! Credentials of another account: submissions made with the old ones are left unchanged.

use invalidash::domain::batch::Batch;
use invalidash::domain::distribution::AccountId;
use invalidash::domain::submission::SubmissionId;
use invalidash::engine::timers::TimerKind;

use invalidash::engine::session::Session;

use super::*;

/// In flight, made with another profile than the one in use, or in an account that is not the one in use.
fn in_flight_elsewhere(change: impl Fn(&mut Scope)) -> LedgerContents {
    let core = under_way();
    let mut submission = core.submission().clone();
    change(&mut submission.scope);
    LedgerContents {
        unfinished: vec![submission],
        ..LedgerContents::default()
    }
}

fn polls(core: &Scene) -> usize {
    let timers = core.model.engine.timers.values();
    timers.filter(|due| matches!(due, TimerKind::Poll(_))).count()
}

#[test]
fn what_is_in_flight_in_another_account_is_not_asked_about_with_these_credentials() {
    let ours = in_flight_elsewhere(|_| {});
    let profile = in_flight_elsewhere(|scope| scope.profile = "prod".to_owned());
    let account = in_flight_elsewhere(|scope| scope.account = Some(AccountId::new("210987654321")));
    for (contents, expected) in [(ours, 1), (profile, 0), (account, 0)] {
        let core = Scene::begun(contents, Preferences::default());
        assert_eq!(polls(&core), expected, "{:?}", core.submission().scope);
    }
}

#[test]
fn what_is_in_flight_is_left_alone_as_soon_as_the_profile_is_another() {
    let mut core = under_way();
    assert_eq!(polls(&core), 1);
    core.send(samples::profiles(&["prod"]));
    core.keys("P enter");
    let connect = core.connection();
    let mut other = scope();
    other.profile = "prod".to_owned();
    core.connects(connect, Ok(other));
    core.effects.clear();
    core.now += TimeDelta::seconds(60);
    core.fire_those(|due| matches!(due, TimerKind::Poll(_) | TimerKind::Reads));
    let looks = core.effects.iter().filter(|effect| {
        matches!(
            effect,
            Effect::CloudFront {
                call: Call::GetInvalidation { .. },
                ..
            }
        )
    });
    assert_eq!(looks.count(), 0);
}

/// Waiting or in flight in another window that lives, for these credentials or for others.
fn in_another_window(change: impl Fn(&mut Scope)) -> LedgerContents {
    let mut submission = under_way().submission().clone();
    change(&mut submission.scope);
    let mut queued = submission.clone();
    queued.id = SubmissionId::new("queued");
    queued.state = State::Planned;
    LedgerContents {
        elsewhere: vec![submission, queued],
        ..LedgerContents::default()
    }
}

#[test]
fn what_another_window_has_in_flight_counts_where_it_is_the_same_account_endpoint_and_profile() {
    let ours = in_another_window(|_| {});
    let profile = in_another_window(|scope| scope.profile = "prod".to_owned());
    let endpoint = in_another_window(|scope| scope.endpoint = "http://localhost:4566".to_owned());
    let account = in_another_window(|scope| scope.account = Some(AccountId::new("210987654321")));
    for (contents, expected) in [(ours, 2), (profile, 0), (endpoint, 0), (account, 0)] {
        let core = Scene::begun(contents, Preferences::default());
        assert_eq!(core.model.engine.in_flight(), expected);
        let words: Vec<_> = core.model.engine.queue.all().map(|s| s.state.word()).collect();
        assert_eq!(words, ["InProgress", "Queued"], "it is in the ledger");
    }
}

#[test]
fn what_no_window_carries_on_is_not_in_flight() {
    let mut contents = in_another_window(|_| {});
    contents.left = contents.elsewhere.iter().map(|s| s.id.clone()).collect();
    let preferences = Preferences {
        engine: invalidash::engine::preferences::Preferences {
            read_only: true,
            ..Default::default()
        },
        ..Preferences::default()
    };
    let core = Scene::begun(contents, preferences);
    assert_eq!(core.model.engine.in_flight(), 0);
}

#[test]
fn what_another_endpoint_has_in_progress_holds_nothing_back() {
    for (endpoint, sent) in [("CloudFront", 0), ("http://localhost:4566", 1)] {
        let mut busy = under_way().submission().clone();
        busy.batch = Batch::new((0..10).map(|number| format!("/{number}/*")).collect()).unwrap();
        busy.id = SubmissionId::new("busy");
        busy.scope.endpoint = endpoint.to_owned();
        let contents = LedgerContents {
            unfinished: vec![busy],
            ..LedgerContents::default()
        };
        let mut preferences = Preferences::default();
        preferences.engine.send.reserve_wildcards = 5;
        let mut core = Scene::begun(contents, preferences);
        core.submits("/more/*");
        let plan = core.operation(is_plan);
        core.written(plan);
        let attempts = core.effects.iter().filter(|effect| {
            matches!(effect, Effect::Ledger { operation: LedgerOperation::Progress(s), .. } if s.state == State::Sending)
        });
        assert_eq!(attempts.count(), sent, "{endpoint}");
    }
}

fn identities(core: &Scene) -> Vec<RequestId> {
    let asked = core.effects.iter().filter_map(|effect| match effect {
        Effect::Identify { request } => Some(*request),
        _ => None,
    });
    asked.collect()
}

/// What a list answers that tells no account.
fn untold() -> [Result<Answer, Failure>; 3] {
    let refused = |code: &str, http_status| {
        Err(Failure::Refused(Refusal {
            code: code.to_owned(),
            message: "no".to_owned(),
            http_status,
            request_id: None,
        }))
    };
    let empty = Ok(Answer::Distributions(Page {
        items: Vec::new(),
        next: None,
    }));
    [empty, refused("AccessDenied", 403), refused("ServiceUnavailable", 503)]
}

#[test]
fn the_account_is_asked_for_where_the_distributions_do_not_tell_it_and_nowhere_else() {
    let (core, _) = Scene::connected(LedgerContents::default(), Preferences::default());
    assert_eq!(identities(&core), [], "not before the list");
    assert_eq!(identities(&Scene::ready()), [], "every ARN tells it");
    for answer in untold() {
        let (mut core, list) = Scene::connected(LedgerContents::default(), Preferences::default());
        core.respond(list, answer);
        assert_eq!(identities(&core).len(), 1);
        let request = identities(&core)[0];
        let account = Some(AccountId::new("123456789012"));
        core.reply(Reply::Identified { request, account });
        assert_eq!(core.model.engine.account().map(AccountId::as_str), Some("123456789012"));
        core.effects.clear();
        core.keys("r");
        assert_eq!(identities(&core), [], "once");
    }
    let (mut core, list) = Scene::connected(LedgerContents::default(), Preferences::default());
    core.respond(list, Err(Failure::Credentials("log in".to_owned())));
    assert_eq!(identities(&core), [], "keys that are refused tell nothing");
}

#[test]
fn what_was_made_in_a_known_account_waits_for_the_answer_and_goes_on_in_the_same_one() {
    let ours = in_flight_elsewhere(|_| {});
    for (account, expected) in [(Some("123456789012"), 1), (Some("210987654321"), 0), (None, 0)] {
        let (mut core, list) = Scene::connected(ours.clone(), Preferences::default());
        let [_, denied, _] = untold();
        core.respond(list, denied);
        assert_eq!(
            (polls(&core), core.model.engine.in_flight()),
            (0, 0),
            "nobody knows yet"
        );
        let request = identities(&core)[0];
        let account = account.map(AccountId::new);
        core.reply(Reply::Identified { request, account });
        assert_eq!((polls(&core), core.model.engine.in_flight()), (expected, expected));
    }
}

#[test]
fn an_answer_for_the_profile_before_is_nobodys() {
    let (mut core, list) = Scene::connected(LedgerContents::default(), Preferences::default());
    let [_, denied, _] = untold();
    core.respond(list, denied);
    let request = identities(&core)[0];
    core.send(samples::profiles(&["prod"]));
    core.keys("P enter");
    let connect = core.connection();
    let result = Ok(scope());
    core.reply(Reply::Connected {
        request: connect,
        result,
    });
    let account = Some(AccountId::new("123456789012"));
    core.reply(Reply::Identified { request, account });
    assert_eq!(core.model.engine.account(), None);
}

/// A submission that waits to be asked again, and a session that is over.
fn logged_out() -> Scene {
    let mut core = Scene::ready();
    core.submits("/index.html");
    let request = core.sends();
    let throttled = Refusal {
        code: "Throttling".to_owned(),
        message: "Rate exceeded".to_owned(),
        http_status: 400,
        request_id: None,
    };
    core.respond(request, Err(Failure::Refused(throttled)));
    // This is the state after a start with credentials that do not work.
    core.model.engine.session = Session::Failed(Failure::Credentials("log in".to_owned()));
    core
}

/// Lets this much time pass: no timer is ever late.
fn minutes_pass(core: &mut Scene, minutes: i64) {
    for _ in 0..minutes * 2 {
        core.now += TimeDelta::seconds(30);
        core.fire_those(|_| true);
    }
}

#[test]
fn ten_minutes_without_a_session_are_no_sleep() {
    let mut core = logged_out();
    minutes_pass(&mut core, 11);
    core.send(samples::profiles(&["default"]));
    core.keys("P enter");
    let connect = core.connection();
    core.connects(connect, Ok(scope()));
    let said: Vec<_> = core.model.engine.notices.iter().map(|note| note.text.clone()).collect();
    assert!(said.iter().all(|text| !text.contains("slept")), "{said:#?}");
    let told = "there were no credentials for 11 min, so you will be asked before waiting invalidations are sent";
    assert!(said.iter().any(|text| text == told), "{said:#?}");
    assert_eq!(core.creates(), 0);
}

#[test]
fn a_login_that_fails_keeps_nothing_from_being_sent() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    let request = core.sends();
    core.respond(request, Err(Failure::Credentials("log in".to_owned())));
    core.now += TimeDelta::seconds(1);
    core.keys("1");
    core.submits("/other.html");
    let plan = core.operation(is_plan);
    // The user refreshes the credentials, and the plan is written meanwhile.
    core.keys("2 r");
    core.written(plan);
    assert_eq!(core.creates(), 0);
    let connect = core.connection();
    core.connects(connect, Err(Failure::Credentials("log in".to_owned())));
    let attempts = core.effects.iter().filter(|effect| {
        matches!(effect, Effect::Ledger { operation: LedgerOperation::Progress(s), .. } if s.state == State::Sending)
    });
    assert_eq!(attempts.count(), 1, "with the old ones, which may be good");
}
