//! Scenarios for one submission: sequences of events and the resulting states.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;
use crate::domain::distribution::AccountId;
use crate::domain::failure::{Failure, Refusal};
use crate::domain::invalidation::{Invalidation, InvalidationId, Status};
use crate::domain::observation::Took;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(1_800_000_000 + seconds)
}

fn planned() -> Submission {
    let batch = Batch::new(vec!["/a".to_owned(), "/b/*".to_owned()]).unwrap();
    Submission {
        id: SubmissionId::new("01JD"),
        job: JobId::new("01JC"),
        scope: Scope {
            account: None,
            endpoint: "CloudFront".to_owned(),
            profile: "default".to_owned(),
        },
        target: Target::from_id("E1"),
        label: "www.shop.example".to_owned(),
        number: 1,
        reference: CallerReference::for_batch("01JD", 1, &batch),
        batch,
        created: at(0),
        version: "0.1.0".to_owned(),
        state: State::Planned,
        maybe_sent: false,
        attempts: 0,
        first_sent: None,
        request_id: None,
        note: None,
        when_deployed: false,
    }
}

fn invalidation(status: &str, items: &[&str]) -> Invalidation {
    Invalidation {
        id: InvalidationId::new("I1"),
        status: Status::new(status),
        create_time: at(3),
        items: items.iter().map(ToString::to_string).collect(),
        caller_reference: planned().reference.to_string(),
    }
}

fn refused(code: &str, message: &str) -> Event {
    let request_id = Some("req".to_owned());
    let refusal = Refusal {
        code: code.to_owned(),
        message: message.to_owned(),
        http_status: 400,
        request_id,
    };
    Event::Failed(Failure::Refused(refusal))
}

fn lost() -> Event {
    Event::Failed(Failure::Unknown("time-out".to_owned()))
}

fn after(events: Vec<Event>) -> Submission {
    let mut submission = planned();
    for event in events {
        submission.apply(event, at(10));
    }
    submission
}

fn word_after(events: Vec<Event>) -> String {
    after(events).state.word().to_owned()
}

#[test]
fn the_straight_way() {
    let taken = || Event::Accepted(invalidation("InProgress", &["/b/*", "/a"]), None);
    assert_eq!(word_after(vec![]), "Planned");
    assert_eq!(word_after(vec![Event::Stored]), "Queued");
    assert_eq!(word_after(vec![Event::Stored, Event::Sent]), "Sending");
    assert_eq!(word_after(vec![Event::Stored, Event::Sent, taken()]), "InProgress");
    let done = after(vec![
        Event::Stored,
        Event::Sent,
        taken(),
        Event::Looked(Status::new("InProgress"), at(8)),
        Event::Looked(Status::new("COMPLETED"), at(9)),
    ]);
    assert_eq!(
        done.state,
        State::Completed {
            id: InvalidationId::new("I1"),
            create_time: at(3),
            last_in_progress: Some(at(8)),
            seen: Some(at(10))
        }
    );
}

#[test]
fn that_it_is_still_in_progress_is_kept_and_no_news() {
    let mut submission = after(vec![
        Event::Stored,
        Event::Sent,
        Event::Accepted(invalidation("InProgress", &["/a", "/b/*"]), None),
    ]);
    assert_eq!(submission.state.last_in_progress(), submission.first_sent);
    for asked in [12, 14] {
        assert!(!submission.apply(Event::Looked(Status::new("InProgress"), at(asked)), at(asked + 1)));
        assert_eq!(submission.state.last_in_progress(), Some(at(asked)));
    }
    assert!(submission.apply(Event::Looked(Status::new("Brewing"), at(16)), at(17)));
    let mut watched = submission.clone();
    assert!(watched.apply(Event::Looked(Status::new("Completed"), at(18)), at(19)));
    assert_eq!(watched.state.took(), Some(Took::Measured(TimeDelta::seconds(16))));
    assert!(submission.apply(Event::Looked(Status::new("Completed"), at(90)), at(91)));
    assert_eq!(submission.state.took(), Some(Took::AtMost(TimeDelta::seconds(88))));
}

#[test]
fn one_that_is_found_in_the_history_completed_was_not_watched() {
    let clash = refused("InvalidationBatchAlreadyExists", "it exists");
    let found = Event::Accepted(invalidation("Completed", &["/a", "/b/*"]), None);
    let found = after(vec![Event::Stored, Event::Sent, clash, found]);
    assert_eq!(found.state.took(), Some(Took::AtMost(TimeDelta::seconds(7))));
}

#[test]
fn nothing_leaves_before_the_ledger_holds_it() {
    assert_eq!(word_after(vec![Event::Sent]), "Planned");
    assert_eq!(
        word_after(vec![Event::NotStored("disk full".to_owned()), Event::Sent]),
        "Rejected"
    );
}

#[test]
fn a_lost_answer_is_unknown_and_asked_again_with_the_same_reference() {
    let submission = after(vec![Event::Stored, Event::Sent, lost()]);
    assert_eq!(
        submission.state,
        State::Unknown {
            reason: "time-out".to_owned(),
            until: Some(at(11)),
            reference_used: false
        }
    );
    assert!(submission.maybe_sent);
    let again = after(vec![Event::Stored, Event::Sent, lost(), Event::Sent]);
    assert_eq!((again.reference, again.attempts), (submission.reference, 2));
}

#[test]
fn after_an_hour_of_lost_answers_a_person_is_asked() {
    let mut submission = after(vec![Event::Stored, Event::Sent]);
    submission.apply(lost(), at(3_609));
    assert_eq!(submission.due(), Some(at(3_610)));
    submission.apply(Event::Sent, at(3_610));
    submission.apply(lost(), at(3_611));
    assert_eq!((submission.state.word(), submission.due()), ("Unknown", None));
    submission.apply(Event::RetryNow, at(9_000));
    assert!(submission.due().is_some());
}

#[test]
fn a_replay_that_is_already_completed_is_completed() {
    let events = vec![
        Event::Stored,
        Event::Sent,
        lost(),
        Event::Sent,
        Event::Accepted(invalidation("Completed", &["/a", "/b/*"]), None),
    ];
    let submission = after(events);
    assert_eq!((submission.state.word(), submission.maybe_sent), ("Completed", false));
}

#[test]
fn quota_and_throttling_wait_with_the_same_reference() {
    for code in ["TooManyInvalidationsInProgress", "Throttling"] {
        let submission = after(vec![Event::Stored, Event::Sent, refused(code, "later")]);
        assert_eq!(
            submission.state,
            State::Retrying {
                reason: code.to_owned(),
                until: at(12)
            }
        );
    }
}

#[test]
fn both_spellings_of_a_clash_lead_to_the_history() {
    let field = "Your request contains a caller reference that was used for a previous invalidation batch for the same distribution.";
    for (code, message) in [
        ("InvalidArgument", field),
        ("InvalidationBatchAlreadyExists", "it exists"),
    ] {
        assert_eq!(
            word_after(vec![Event::Stored, Event::Sent, refused(code, message)]),
            "Reconciling"
        );
    }
    assert_eq!(
        word_after(vec![Event::Stored, Event::Sent, refused("InvalidArgument", "bad path")]),
        "Rejected"
    );
}

#[test]
fn an_answer_with_other_items_is_not_taken_for_ours() {
    let submission = after(vec![
        Event::Stored,
        Event::Sent,
        Event::Accepted(invalidation("Completed", &["/x"]), None),
    ]);
    assert_eq!((submission.state.word(), submission.due()), ("Unknown", None));
}

#[test]
fn an_answer_that_ends_within_its_reference_was_cut() {
    for length in 0..planned().reference.as_str().len() {
        let mut cut = invalidation("InProgress", &["/a", "/b/*"]);
        cut.caller_reference.truncate(length);
        let submission = after(vec![Event::Stored, Event::Sent, Event::Accepted(cut, None)]);
        assert_eq!(
            submission.due(),
            Some(at(11)),
            "after {length} characters it is asked again"
        );
        assert!(submission.maybe_sent);
    }
    let mut other = invalidation("InProgress", &["/a", "/b/*"]);
    other.caller_reference.push('0');
    let submission = after(vec![Event::Stored, Event::Sent, Event::Accepted(other, None)]);
    assert_eq!((submission.state.word(), submission.due()), ("Unknown", None));
}

#[test]
fn a_refusal_after_a_lost_answer_says_nothing_of_the_first_attempt() {
    let submission = after(vec![
        Event::Stored,
        Event::Sent,
        lost(),
        Event::Sent,
        refused("AccessDenied", "no"),
    ]);
    assert_eq!((submission.state.word(), submission.maybe_sent), ("Reconciling", true));
    assert!(
        submission
            .state
            .reason()
            .is_some_and(|reason| reason.starts_with("AccessDenied: no"))
    );
}

fn refused_after_a_lost_answer(code: &str, then: Event) -> Submission {
    let events = vec![
        Event::Stored,
        Event::Sent,
        lost(),
        Event::Sent,
        refused(code, "no"),
        then,
    ];
    after(events)
}

#[test]
fn a_refusal_stands_once_the_invalidation_was_looked_for() {
    let submission = refused_after_a_lost_answer("InvalidArgument", Event::Absent);
    assert_eq!((submission.state.word(), submission.maybe_sent), ("Rejected", false));
    assert!(submission.state.did_nothing());
    // A batch that is too large is split, even if a response was lost.
    let mut large = refused_after_a_lost_answer("BatchTooLarge", Event::Absent);
    assert_eq!((&large.state, large.maybe_sent), (&State::Queued, false));
    large.apply(Event::Divided(2), at(20));
    assert_eq!(large.state, State::Split { into: 2 });
}

#[test]
fn a_refusal_does_not_stand_before_that() {
    let found = Event::Accepted(invalidation("InProgress", &["/a", "/b/*"]), None);
    for (then, word) in [
        (found, "InProgress"),
        (Event::Unsettled("may not be looked for".to_owned()), "Unknown"),
        (Event::SearchFailed("reset".to_owned()), "Unknown"),
        (Event::Cancel, "Reconciling"),
        (Event::Divided(2), "Reconciling"),
    ] {
        assert_eq!(refused_after_a_lost_answer("BatchTooLarge", then).state.word(), word);
    }
    // A clash proves that the invalidation exists, so not finding it is inconclusive.
    let clash = vec![
        Event::Stored,
        Event::Sent,
        refused("InvalidationBatchAlreadyExists", "it exists"),
        Event::Absent,
    ];
    assert_eq!(word_after(clash), "Reconciling");
}

#[test]
fn a_login_lets_it_go_on() {
    let expired = || refused("ExpiredToken", "The security token included in the request is expired");
    assert_eq!(word_after(vec![Event::Stored, Event::Sent, expired()]), "NeedsLogin");
    assert_eq!(
        word_after(vec![Event::Stored, Event::Sent, expired(), Event::LoggedIn]),
        "Queued"
    );
}

#[test]
fn an_attempt_that_could_not_be_written_down_never_left() {
    let submission = after(vec![Event::Stored, Event::Sent, Event::NotSent("disk full".to_owned())]);
    assert_eq!(
        (submission.state.word(), submission.attempts, submission.maybe_sent),
        ("Retrying", 0, false)
    );
}

#[test]
fn the_first_attempt_is_the_first_that_left() {
    let mut submission = after(vec![Event::Stored, Event::Sent, Event::NotSent("disk full".to_owned())]);
    assert_eq!(submission.first_sent, None);
    submission.apply(Event::Sent, at(3_000));
    assert_eq!(submission.first_sent, Some(at(3_000)));
    // The hour of automatic retries also starts at that time.
    submission.apply(lost(), at(4_000));
    assert!(submission.due().is_some());
    // A later attempt that was not sent changes nothing.
    submission.apply(Event::Sent, at(4_010));
    submission.apply(Event::NotSent("disk full".to_owned()), at(4_010));
    assert_eq!((submission.first_sent, submission.attempts), (Some(at(3_000)), 1));
}

#[test]
fn only_what_was_never_sent_can_be_taken_back() {
    assert_eq!(word_after(vec![Event::Stored, Event::Cancel]), "Cancelled");
    assert_eq!(word_after(vec![Event::Stored, Event::Sent, Event::Cancel]), "Sending");
    let submission = after(vec![Event::Stored, Event::Sent, lost(), Event::Cancel]);
    assert_eq!((submission.state.word(), submission.due()), ("Unknown", None));
}

#[test]
fn what_nobody_will_ever_know_can_be_left_at_that() {
    let given_up = vec![Event::Stored, Event::Sent, lost(), Event::Cancel, Event::Cancel];
    let submission = after(given_up.clone());
    assert!(submission.state.is_final() && submission.maybe_sent);
    assert_eq!(
        (submission.state.word(), submission.state.meaning()),
        ("Unknown", Meaning::Quiet)
    );
    // The state is final: no event changes it, and its data is kept.
    let later = [Event::RetryNow, Event::Cancel, Event::LoggedIn, Event::Sent];
    assert_eq!(after(given_up.into_iter().chain(later).collect()), submission);
}

#[test]
fn what_was_being_sent_at_a_crash_may_have_arrived() {
    let mut submission = after(vec![Event::Stored, Event::Sent]);
    submission.wake();
    assert_eq!((submission.state.word(), submission.maybe_sent), ("Unknown", true));
    let mut submission = planned();
    submission.wake();
    assert_eq!(submission.state, State::Queued);
}

#[test]
fn what_could_still_be_stopped_at_a_crash_never_goes_on_by_itself() {
    let mut submission = after(vec![Event::Stored, Event::CountDown(at(5))]);
    submission.wake();
    assert!(submission.state.is_counting());
    assert!(!submission.may_resume(&submission.scope, at(1)));
    assert!(submission.apply(Event::RetryNow, at(2)));
    assert_eq!(submission.state, State::Queued);
}

#[test]
fn a_forgotten_one_is_asked_about() {
    let submission = planned();
    let scope = submission.scope.clone();
    assert!(submission.may_resume(&scope, at(599)));
    assert!(!submission.may_resume(&scope, at(600)));
    assert!(!submission.may_resume(&scope, at(-1)));
    let other = Scope {
        profile: "prod".to_owned(),
        ..scope.clone()
    };
    assert!(!submission.may_resume(&other, at(1)));
    let known = Scope {
        account: Some(AccountId::new("1")),
        ..scope
    };
    assert!(submission.may_resume(&known, at(1)));
}

#[test]
fn credentials_of_another_account_are_told_from_those_not_yet_known() {
    let account = |id: &str| Some(AccountId::new(id));
    let scope = |account: Option<AccountId>| Scope {
        account,
        ..planned().scope
    };
    let mut submission = planned();
    submission.scope = scope(account("111111111111"));
    assert_eq!(submission.ownership(&scope(account("111111111111"))), Ownership::Ours);
    assert_eq!(submission.ownership(&scope(None)), Ownership::NotYetKnown);
    assert_eq!(
        submission.ownership(&scope(account("222222222222"))),
        Ownership::Foreign(Difference::Account {
            made: AccountId::new("111111111111"),
            now: account("222222222222"),
        })
    );
}

#[test]
fn only_what_surely_did_nothing_is_divided() {
    let quota = || refused("TooManyInvalidationsInProgress", "too many");
    let refused_once = vec![Event::Stored, Event::Sent, quota(), Event::Divided(2)];
    assert_eq!(after(refused_once).state, State::Split { into: 2 });
    let lost_before = vec![
        Event::Stored,
        Event::Sent,
        lost(),
        Event::Sent,
        quota(),
        Event::Divided(2),
    ];
    assert_eq!(word_after(lost_before), "Retrying");
}

#[test]
fn what_belongs_to_another_account_waits_for_a_login() {
    let guarded = || Event::Guarded("made for account 1".to_owned());
    assert_eq!(word_after(vec![Event::Stored, guarded()]), "NeedsLogin");
    assert_eq!(word_after(vec![Event::Stored, guarded(), Event::LoggedIn]), "Queued");
    assert_eq!(word_after(vec![Event::Stored, Event::Sent, guarded()]), "Sending");
}

#[test]
fn what_was_looked_for_before_a_refusal_could_be_told_still_is() {
    let old = serde_json::from_str::<State>(r#"{"word":"reconciling"}"#).unwrap();
    assert_eq!(old, State::Reconciling { refused: None });
}

fn any_event() -> impl Strategy<Value = Event> {
    prop_oneof![
        1 => Just(Event::Stored),
        1 => Just(Event::NotStored("disk full".to_owned())),
        4 => Just(Event::Sent),
        1 => Just(Event::NotSent("disk full".to_owned())),
        1 => Just(Event::Accepted(invalidation("InProgress", &["/a", "/b/*"]), None)),
        1 => Just(Event::Accepted(invalidation("Completed", &["/x"]), None)),
        3 => Just(lost()),
        1 => Just(Event::Failed(Failure::Unreachable("refused".to_owned()))),
        1 => Just(Event::Failed(Failure::Credentials("log in".to_owned()))),
        1 => Just(Event::Failed(Failure::Setup("wrong".to_owned()))),
        1 => Just(refused("Throttling", "Rate exceeded")),
        1 => Just(refused("AccessDenied", "no")),
        1 => Just(refused("InvalidationBatchAlreadyExists", "it exists")),
        1 => Just(Event::Looked(Status::new("Completed"), at(9))),
        1 => Just(Event::Looked(Status::new("Brewing"), at(9))),
        1 => Just(refused("BatchTooLarge", "too large")),
        1 => Just(Event::Unsettled("not found".to_owned())),
        2 => Just(Event::Absent),
        1 => Just(Event::Guarded("another account".to_owned())),
        1 => Just(Event::Divided(2)),
        1 => Just(Event::SearchFailed("reset".to_owned())),
        1 => Just(Event::LoggedIn),
        1 => Just(Event::RetryNow),
        1 => Just(Event::Cancel),
    ]
}

proptest! {
    /// Checks that, whatever the order of events, the reference and items never change, a final state never changes,
    /// and a submission that may have been sent is never reported as rejected or cancelled.
    #[test]
    fn unknown_never_becomes_failed(events in proptest::collection::vec(any_event(), 0..40)) {
        let mut submission = planned();
        for event in events {
            let before = submission.clone();
            let lost = before.state == State::Sending && matches!(event, Event::Failed(Failure::Unknown(_)));
            let settles = matches!(event, Event::Accepted(..) | Event::Absent);
            submission.apply(event, at(10));
            prop_assert_eq!(&submission.reference, &before.reference);
            prop_assert_eq!(&submission.batch, &before.batch);
            if before.state.is_final() {
                prop_assert_eq!(&submission.state, &before.state);
            }
            if lost {
                prop_assert!(submission.maybe_sent);
            }
            prop_assert!(!before.maybe_sent || submission.maybe_sent || settles);
            if submission.maybe_sent {
                let given_up = matches!(submission.state, State::Rejected { .. } | State::Split { .. } | State::Cancelled);
                prop_assert!(!given_up);
            }
        }
    }

    /// Checks that after a crash at any time, a submission whose request was in flight never counts as unsent when
    /// it is read from the ledger.
    #[test]
    fn waking_forgets_no_attempt(events in proptest::collection::vec(any_event(), 0..20)) {
        let mut submission = planned();
        for event in events {
            submission.apply(event, at(10));
        }
        let sending = submission.state == State::Sending;
        submission.wake();
        prop_assert!(!sending || submission.maybe_sent);
        prop_assert!(submission.state != State::Sending && submission.state != State::Planned);
    }
}
