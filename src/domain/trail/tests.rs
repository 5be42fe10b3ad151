use chrono::TimeZone;
use serde_json::{Value, json};

use super::*;
use crate::domain::failure::{Failure, Refusal};

/// The event of a `CreateInvalidation` call as documented (`docs/cloudfront.md`, "CloudTrail").
const DOCUMENTED: &str = r#"{
    "eventVersion": "1.01",
    "userIdentity": {
        "type": "IAMUser", "principalId": "A1B2C3D4E5F6G7EXAMPLE", "arn": "arn:aws:iam::111122223333:user/smithj",
        "accountId": "111122223333", "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "smithj"
    },
    "eventTime": "2014-05-06T18:02:27Z",
    "eventName": "CreateInvalidation2014_01_31",
    "sourceIPAddress": "192.0.2.17",
    "userAgent": "aws-sdk-ruby/1.39.0 ruby/1.9.3 x86_64-linux",
    "requestParameters": {
        "invalidationBatch": {
            "callerReference": "2014-05-06 64947",
            "paths": {"quantity": 3, "items": ["/images/new.jpg", "/images/logo.jpg", "/images/banner.jpg"]}
        },
        "distributionId": "EDFDVBD6EXAMPLE"
    },
    "responseElements": {
        "invalidation": {
            "createTime": "May 6, 2014 6:02:27 PM",
            "invalidationBatch": {
                "callerReference": "2014-05-06 64947",
                "paths": {"quantity": 3, "items": ["/images/banner.jpg", "/images/logo.jpg", "/images/new.jpg"]}
            },
            "status": "InProgress",
            "id": "ISRZ85EXAMPLE"
        },
        "location": "https://cloudfront.amazonaws.com/2014-01-31/distribution/EDFDVBD6EXAMPLE/invalidation/ISRZ85EXAMPLE"
    },
    "requestID": "4e200613-d548-11e3-a8a9-73e33example",
    "eventID": "191ebb93-66b7-4517-a741-92b0eexample"
}"#;

/// The identity of a role session, as documented.
fn session() -> Value {
    json!({
        "type": "AssumedRole", "principalId": "AROAIDPPEZS35WEXAMPLE:AssumedRoleSessionName",
        "arn": "arn:aws:sts::123456789012:assumed-role/RoleToBeAssumed/MySessionName", "accountId": "123456789012",
        "accessKeyId": "AKIAIOSFODNN7EXAMPLE",
        "sessionContext": {
            "attributes": {"creationDate": "20131102T010628Z", "mfaAuthenticated": "false"},
            "sessionIssuer": {
                "type": "Role", "principalId": "AROAIDPPEZS35WEXAMPLE", "accountId": "123456789012",
                "arn": "arn:aws:iam::123456789012:role/RoleToBeAssumed", "userName": "RoleToBeAssumed"
            }
        }
    })
}

fn at(minute: u32) -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2014, 5, 6, 18, minute, 27)
        .single()
        .unwrap_or(DateTime::UNIX_EPOCH)
}

fn wanted(id: Option<&str>, reference: Option<&str>) -> Wanted {
    Wanted {
        target: Target::from_id("EDFDVBD6EXAMPLE"),
        id: id.map(InvalidationId::new),
        reference: reference.map(str::to_owned),
        from: at(2),
        to: at(2),
    }
}

/// Returns the documented event with some members replaced.
fn with(changes: &[(&str, Value)]) -> Option<Event> {
    let mut record: Value = serde_json::from_str(DOCUMENTED).unwrap_or_default();
    for (pointer, value) in changes {
        if let Some(place) = record.pointer_mut(pointer) {
            *place = value.clone();
        } else if let Some(record) = record.as_object_mut() {
            record.insert(pointer.trim_start_matches('/').to_owned(), value.clone());
        }
    }
    Event::read(&record.to_string(), None)
}

fn made(minute: u32, event: &str) -> Event {
    let time = json!(at(minute).to_rfc3339());
    let event = with(&[("/eventTime", time), ("/eventID", json!(event))]);
    event.unwrap_or_else(|| unreachable!("the documented event can be read"))
}

fn page(events: Vec<Event>, next: Option<&str>) -> Events {
    Events {
        events,
        unreadable: 0,
        next: next.map(str::to_owned),
    }
}

fn refused(code: &str) -> Failure {
    Failure::Refused(Refusal {
        code: code.to_owned(),
        message: String::new(),
        http_status: 400,
        request_id: None,
    })
}

#[test]
fn a_documented_event_tells_who_made_which_invalidation() {
    let event = Event::read(DOCUMENTED, None);
    let expected = Event {
        id: "191ebb93-66b7-4517-a741-92b0eexample".to_owned(),
        time: at(2),
        caller: Caller {
            kind: "IAMUser".to_owned(),
            name: Some("smithj".to_owned()),
            session: None,
            arn: Some("arn:aws:iam::111122223333:user/smithj".to_owned()),
            account: Some("111122223333".to_owned()),
        },
        address: "192.0.2.17".to_owned(),
        agent: "aws-sdk-ruby/1.39.0 ruby/1.9.3 x86_64-linux".to_owned(),
        targets: vec!["EDFDVBD6EXAMPLE".to_owned()],
        reference: Some("2014-05-06 64947".to_owned()),
        invalidation: Some("ISRZ85EXAMPLE".to_owned()),
        error: None,
    };
    assert_eq!(event, Some(expected));
}

#[test]
fn each_kind_of_identity_has_words() {
    let words = |identity: Value| with(&[("/userIdentity", identity)]).map(|event| event.caller.words());
    for (identity, expected) in [
        (session(), "MySessionName as role RoleToBeAssumed"),
        (
            json!({"type": "Root", "arn": "arn:aws:iam::1:root"}),
            "the root user of the account",
        ),
        (
            json!({"type": "AWSService", "invokedBy": "codepipeline.amazonaws.com"}),
            "AWS service codepipeline.amazonaws.com",
        ),
        (
            json!({"type": "IdentityCenterUser", "accountId": "1"}),
            "IdentityCenterUser",
        ),
        (
            json!({"arn": "arn:aws:iam::1:user/x"}),
            "identity arn:aws:iam::1:user/x",
        ),
        (json!(null), "identity"),
        (json!("text"), "identity"),
    ] {
        assert_eq!(words(identity.clone()).as_deref(), Some(expected), "{identity}");
    }
}

#[test]
fn what_is_no_record_is_none_and_what_lacks_something_is_read_all_the_same() {
    for record in [
        "",
        "not JSON",
        "[]",
        "null",
        "3",
        "{}",
        &DOCUMENTED[..DOCUMENTED.len() / 2],
    ] {
        assert_eq!(Event::read(record, None), None, "{record}");
    }
    let bare = Event::read("{}", Some(at(2)));
    assert!(bare.is_some_and(|event| event.targets.is_empty() && event.reference.is_none()));
    let hostile = with(&[
        ("/requestParameters", json!("text")),
        ("/responseElements", json!([1])),
        ("/userAgent", json!("x".repeat(100_000))),
    ]);
    assert!(hostile.is_some_and(|event| event.agent.len() == 1_024 && event.invalidation.is_none()));
}

#[test]
fn an_event_belongs_to_an_invalidation_by_its_id_or_else_by_reference_and_time() {
    let known = Some("2014-05-06 64947");
    let null = json!(null);
    let denied = [
        ("/responseElements", null.clone()),
        ("/errorCode", json!("AccessDenied")),
    ];
    let cut = [("/responseElements", null.clone())];
    let late = [
        ("/responseElements", null.clone()),
        ("/eventTime", json!("2014-05-06T18:09:00Z")),
    ];
    let elsewhere = [
        ("/responseElements", null),
        ("/requestParameters/distributionId", json!("E2")),
    ];
    for (id, reference, changes, expected) in [
        (Some("ISRZ85EXAMPLE"), None, &[][..], true),
        (Some("ISRZ85EXAMPLE"), Some("another"), &[][..], true),
        (Some("I2"), known, &[][..], false),
        (Some("ISRZ85EXAMPLE"), known, &cut[..], true),
        (Some("ISRZ85EXAMPLE"), None, &cut[..], false),
        (Some("ISRZ85EXAMPLE"), known, &late[..], false),
        (Some("ISRZ85EXAMPLE"), known, &elsewhere[..], false),
        (Some("ISRZ85EXAMPLE"), known, &denied[..], false),
        (None, known, &denied[..], true),
        (None, Some("another"), &denied[..], false),
        (None, None, &denied[..], false),
    ] {
        let event = with(changes).map(|event| wanted(id, reference).is_made_by(&event));
        assert_eq!(event, Some(expected), "{id:?} {reference:?} {changes:?}");
    }
}

#[test]
fn of_events_in_no_order_the_first_one_made_it() {
    let mut search = Search::new(wanted(Some("ISRZ85EXAMPLE"), None));
    let events = vec![made(3, "third"), made(1, "first"), made(2, "second")];
    let Next::Ended(Outcome::Found(event)) = search.answered(Ok(page(events, Some("more")))) else {
        unreachable!("it is among them")
    };
    assert_eq!(event.id, "first");
}

#[test]
fn pages_are_read_until_it_is_found_and_no_more_than_fifty() {
    let mut search = Search::new(wanted(Some("I2"), None));
    assert_eq!(
        (search.query().name, search.query().from),
        ("CreateInvalidation", at(2) - TimeDelta::minutes(5))
    );
    for number in 1..50 {
        let token = format!("token-{number}");
        assert_eq!(
            search.answered(Ok(page(vec![made(2, "x")], Some(&token)))),
            Next::Ask(TimeDelta::zero())
        );
        assert_eq!(search.query().token, Some(token));
    }
    let ended = search.answered(Ok(page(Vec::new(), Some("token-50"))));
    assert_eq!(
        ended,
        Next::Ended(Outcome::Nothing {
            unreadable: 0,
            all: false
        })
    );
    assert_eq!(search.pages(), 50);
}

#[test]
fn a_token_that_comes_again_ends_the_search() {
    let mut search = Search::new(wanted(Some("I2"), None));
    for (token, goes_on) in [("a", true), ("b", true), ("a", false)] {
        let next = search.answered(Ok(page(Vec::new(), Some(token))));
        assert_eq!(matches!(next, Next::Ask(_)), goes_on, "{token}");
    }
}

#[test]
fn a_refused_token_is_searched_from_the_beginning_once() {
    let mut search = Search::new(wanted(Some("I2"), None));
    let _ = search.answered(Ok(page(Vec::new(), Some("a"))));
    let token = || Err(refused("InvalidNextTokenException"));
    assert_eq!(search.answered(token()), Next::Ask(TimeDelta::zero()));
    assert_eq!((search.query().token, search.pages()), (None, 0));
    // After the restart, a token may appear again.
    assert!(matches!(search.answered(Ok(page(Vec::new(), Some("a")))), Next::Ask(_)));
    assert!(matches!(search.answered(token()), Next::Ended(Outcome::Failed(_))));
}

#[test]
fn what_may_pass_is_repeated_more_slowly_and_what_may_not_ends_the_search() {
    let mut search = Search::new(wanted(Some("I2"), None));
    let throttled = || Err(refused("ThrottlingException"));
    for seconds in [1, 2, 4, 8] {
        assert_eq!(search.answered(throttled()), Next::Ask(TimeDelta::seconds(seconds)));
    }
    assert!(matches!(search.answered(throttled()), Next::Ended(Outcome::Failed(_))));
    let mut search = Search::new(wanted(Some("I2"), None));
    let denied = search.answered(Err(refused("AccessDeniedException")));
    assert!(matches!(denied, Next::Ended(Outcome::Failed(failure)) if failure.is_denied()));
    let mut search = Search::new(wanted(Some("I2"), None));
    let cut = Failure::Unknown("the response (200) was cut short".to_owned());
    assert_eq!(search.answered(Err(cut)), Next::Ask(TimeDelta::seconds(1)));
}

#[test]
fn why_it_is_unknown_depends_on_its_age() {
    let nothing = |unreadable, all| Outcome::Nothing { unreadable, all };
    let why = |outcome: Outcome, minutes| {
        let now = at(2) + TimeDelta::minutes(minutes);
        outcome.why_unknown(&wanted(Some("I2"), None), now).unwrap_or_default()
    };
    assert!(why(nothing(0, true), 14).contains("takes up to 15 minutes"));
    assert!(why(nothing(0, true), 15).ends_with("has no event for this request"));
    assert!(why(nothing(2, true), 60).ends_with("2 events could not be read"));
    assert!(why(nothing(0, false), 60).contains("first 2,500"));
    assert!(why(Outcome::TooOld, 60).contains("90 days"));
    assert!(why(Outcome::Failed(refused("AccessDeniedException")), 60).ends_with("needs cloudtrail:LookupEvents"));
    let days = |days| wanted(None, None).is_too_old(at(2) + TimeDelta::days(days) + TimeDelta::seconds(1));
    assert_eq!([89, 90].map(days), [false, true]);
}

#[test]
fn a_key_is_the_id_or_else_the_reference() {
    let accepted = wanted(Some("I2"), Some("r-1")).key("CloudFront");
    assert_eq!(
        (accepted.invalidation.as_str(), accepted.reference.as_str()),
        ("I2", "")
    );
    let refused = wanted(None, Some("r-1")).key("CloudFront");
    assert_eq!((refused.invalidation.as_str(), refused.reference.as_str()), ("", "r-1"));
}
