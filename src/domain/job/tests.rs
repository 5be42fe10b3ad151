//! Tests of jobs with several parts, and of their outcomes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use super::*;
use crate::domain::batch::{Batch, CallerReference};
use crate::domain::failure::Failure;
use crate::domain::invalidation::{InvalidationId, Status};
use crate::domain::submission::{JobId, Scope, SubmissionId};

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn part(id: &str, target: &str, number: u32, state: State) -> Submission {
    let batch = Batch::new(vec![format!("/{number}")]).unwrap();
    Submission {
        id: SubmissionId::new(id),
        job: JobId::new("J"),
        scope: Scope {
            account: None,
            endpoint: "CloudFront".to_owned(),
            profile: "default".to_owned(),
        },
        target: Target::from_id(target),
        label: format!("{target}.example"),
        number,
        reference: CallerReference::for_batch(id, number, &batch),
        batch,
        created: at(0),
        version: "0.1.0".to_owned(),
        state,
        maybe_sent: false,
        attempts: 1,
        first_sent: None,
        request_id: None,
        note: None,
        when_deployed: false,
    }
}

fn completed(from: i64, to: i64) -> State {
    State::Completed {
        id: InvalidationId::new("I1"),
        create_time: at(from),
        last_in_progress: Some(at(to - 2)),
        seen: Some(at(to)),
    }
}

fn rejected() -> State {
    State::Rejected {
        failure: Failure::Setup("no".to_owned()),
    }
}

fn outcome(parts: &[Submission]) -> Option<String> {
    Job::of(parts.iter()).outcome()
}

#[test]
fn one_alone_is_told_as_ever() {
    let told = outcome(&[part("1", "E1", 1, completed(0, 9))]);
    assert_eq!(told.as_deref(), Some("E1.example: Completed after 9 s"));
    assert_eq!(outcome(&[part("1", "E1", 1, rejected())]), None);
}

#[test]
fn several_are_told_of_when_the_last_has_ended() {
    let under_way = State::InProgress {
        id: InvalidationId::new("I2"),
        status: Status::new("InProgress"),
        create_time: at(2),
        last_in_progress: None,
    };
    let mut parts = [
        part("1", "E1", 1, completed(0, 9)),
        part("2", "E1", 2, under_way),
        part("3", "E2", 1, rejected()),
        part("4", "E2", 2, State::Cancelled),
    ];
    assert_eq!(outcome(&parts), None);
    parts[1].state = completed(2, 20);
    assert_eq!(
        outcome(&parts).as_deref(),
        Some("2 targets: 2 completed, 1 refused, 1 cancelled after 20 s")
    );
}

/// Returns the state of a part that was found completed long after the last poll.
fn unwatched(from: i64, to: i64) -> State {
    State::Completed {
        id: InvalidationId::new("I1"),
        create_time: at(from),
        last_in_progress: Some(at(from)),
        seen: Some(at(to)),
    }
}

#[test]
fn a_job_was_measured_when_its_last_end_was_watched() {
    let table = [
        (unwatched(0, 28), completed(0, 20), "2 completed within 28 s"),
        (unwatched(0, 20), completed(0, 28), "2 completed after 28 s"),
        (unwatched(0, 28), completed(0, 28), "2 completed within 28 s"),
        (rejected(), unwatched(0, 28), "1 completed, 1 refused within 28 s"),
        // The clock was set back before the second part completed.
        (completed(0, 9), completed(90, 28), "2 completed"),
    ];
    for (one, two, told) in table {
        let parts = [part("1", "E1", 1, one), part("2", "E1", 2, two)];
        assert_eq!(outcome(&parts), Some(format!("E1.example: {told}")));
    }
    let alone = [part("1", "E1", 1, unwatched(0, 28))];
    assert_eq!(outcome(&alone).as_deref(), Some("E1.example: Completed within 28 s"));
}

#[test]
fn what_did_nothing_never_hides_what_was_sent_in_its_place_whatever_the_clock_said() {
    let parts = [part("1", "E1", 1, completed(5, 8)), part("2", "E1", 1, rejected())];
    assert_eq!(outcome(&parts).as_deref(), Some("E1.example: Completed after 3 s"));
}

#[test]
fn what_was_divided_or_sent_anew_counts_once() {
    let parts = [
        part("1", "E1", 1, State::Split { into: 2 }),
        part("2", "E1", 2, completed(0, 4)),
        part("3", "E1", 3, rejected()),
        part("4", "E1", 3, completed(5, 8)),
    ];
    assert_eq!(outcome(&parts).as_deref(), Some("E1.example: 2 completed after 8 s"));
}
