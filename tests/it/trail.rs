//! Who made an invalidation, according to CloudTrail: looked up at a key press, slowly, and stored permanently.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::sync::Arc;

use aws_sdk_cloudfront::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_types::body::SdkBody;
use chrono::{DateTime, TimeDelta, Utc};
use invalidash::domain::failure::Failure;
use invalidash::domain::trail::{Events, Query};
use invalidash::emulator::{Fault, Operation, Options, Past, Trouble};
use invalidash::engine::effect::{Answer, Call};
use invalidash::runtime::cloudfront::CloudFront;
use invalidash::runtime::credentials::Connection;

use crate::support::dashboard::{Person, Stage};

const SHOP: &str = "E1A2WTXM7KQ4SV";

/// An account whose distributions have no past.
fn fresh() -> Stage {
    Stage::new(Options {
        lived_in: false,
        ..Options::demo()
    })
}

/// Another client's invalidation of the shop; its id.
fn other(stage: &Stage, reference: &str, created: DateTime<Utc>) -> String {
    let past = Past {
        reference: reference.to_owned(),
        items: vec!["/a".to_owned()],
        created,
        completed: created,
    };
    stage.emulator.remember(SHOP, &past, stage.clock.now())
}

fn asked(stage: &Stage) -> u64 {
    let received = stage.emulator.received();
    received.operations.get(&Operation::LookupEvents).copied().unwrap_or(0)
}

async fn opens_the_shop(person: &mut Person) {
    person.sees("Distributions 14").await;
    person.press(&format!("o{SHOP}<enter>"));
    person.sees("Completed").await;
}

#[tokio::test(start_paused = true)]
async fn who_made_an_invalidation_is_looked_up_once_for_good() {
    let stage = Stage::demo();
    let story = async |mut person: Person| {
        opens_the_shop(&mut person).await;
        person.press("jjw");
        let told = person.sees("Created by").await;
        for word in [
            "user anna",
            "198.51.100.17",
            "aws-cli/2.27.41",
            "by the invalidation's id",
        ] {
            assert!(told.contains(word), "{word}:\n{told}");
        }
        person.press("w");
        person.misses("Who created it").await;
        person.press("<enter>");
        person.sees("by user anna").await;
        person.press("w");
        person.sees("Created by").await;
    };
    stage.play(story).await;
    assert_eq!(asked(&stage), 1);
    stage.play(story).await;
    assert_eq!(asked(&stage), 1, "the ledger tells");
}

#[tokio::test(start_paused = true)]
async fn without_the_setting_nobody_is_asked_and_with_it_the_details_tell() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            opens_the_shop(&mut person).await;
            person.press("jj<enter>");
            person.sees("CallerReference").await;
            person.waits(10).await;
        })
        .await;
    assert_eq!(asked(&stage), 0);
    let mut stage = Stage::demo();
    stage.preferences.engine.looks_up_makers = true;
    stage
        .play(async |mut person| {
            opens_the_shop(&mut person).await;
            person.press("jj<enter>");
            person.sees("by user anna").await;
        })
        .await;
    assert_eq!(asked(&stage), 1);
}

#[tokio::test(start_paused = true)]
async fn a_search_is_left_with_esc_and_resumed_and_asks_twice_a_second_at_most() {
    let stage = fresh();
    let made = stage.clock.now() - TimeDelta::hours(2);
    let wanted = other(&stage, "wanted", made);
    for number in 0..170 {
        // CloudTrail lists the newest first.
        let later = made + TimeDelta::seconds(1 + number % 200);
        other(&stage, &format!("r-{number}"), later);
    }
    stage
        .play(async |mut person| {
            opens_the_shop(&mut person).await;
            person.press("G");
            person.waits(3).await;
            person.press("G");
            person.sees(&wanted).await;
            person.press("w");
            person.sees("Searching CloudTrail, page 2").await;
            person.press("<esc>");
            person.misses("Who created it").await;
            let so_far = asked(&stage);
            person.waits(30).await;
            assert_eq!(asked(&stage), so_far, "nobody waits for it");
            person.press("w");
            let told = person.sees("Created by").await;
            assert!(told.contains("user deploy") && told.contains(&wanted), "{told}");
        })
        .await;
    // There are four pages, and perhaps the one that was on its way.
    assert!((4..=5).contains(&asked(&stage)), "{}", asked(&stage));
    let calls = stage.emulator.calls();
    let calls = calls.iter().filter(|call| call.operation == Operation::LookupEvents);
    let times: Vec<_> = calls.map(|call| call.at).collect();
    let is_slow = times
        .windows(2)
        .all(|pair| pair[1] - pair[0] >= TimeDelta::milliseconds(499));
    assert!(is_slow, "{times:?}");
}

#[tokio::test(start_paused = true)]
async fn a_throttled_search_goes_on_more_slowly_and_a_refused_token_begins_again() {
    let stage = fresh();
    let made = stage.clock.now() - TimeDelta::hours(2);
    other(&stage, "wanted", made);
    for number in 0..60 {
        other(&stage, &format!("r-{number}"), made + TimeDelta::seconds(1 + number));
    }
    let fault = |trouble| Fault::new(trouble).on(Operation::LookupEvents);
    stage.emulator.inject(fault(Trouble::Throttling).times(2));
    let token = invalidash::emulator::ApiError::new(400, "InvalidNextTokenException", "The token is not valid.");
    stage.emulator.inject(fault(Trouble::Error(token)).after(1));
    stage
        .play(async |mut person| {
            opens_the_shop(&mut person).await;
            person.press("Gw");
            person.sees("Searching CloudTrail again, page 1").await;
            person.sees("Created by").await;
        })
        .await;
    assert_eq!(asked(&stage), 2 + 1 + 1 + 2);
}

#[tokio::test(start_paused = true)]
async fn without_the_right_the_one_action_is_named_once_and_its_statement_copied() {
    let mut stage = Stage::demo();
    stage.preferences.engine.looks_up_makers = true;
    let denied = Fault::new(Trouble::AccessDenied).on(Operation::LookupEvents);
    stage.emulator.inject(denied.always());
    stage
        .play(async |mut person| {
            opens_the_shop(&mut person).await;
            person.press("jj<enter>");
            person
                .sees("cannot look up who created an invalidation without cloudtrail:LookupEvents")
                .await;
            person.press("<esc>k<enter>");
            person.sees("CallerReference").await;
            person.waits(10).await;
            assert_eq!(asked(&stage), 1, "what is denied is not asked again by itself");
            person.press("w");
            person.sees("the identity needs").await;
            person.press("p");
            person
                .sees("Copied the policy statement that allows cloudtrail:LookupEvents")
                .await;
            let statement =
                "{\n  \"Effect\": \"Allow\",\n  \"Action\": \"cloudtrail:LookupEvents\",\n  \"Resource\": \"*\"\n}";
            assert_eq!(person.copied().as_deref(), Some(statement));
            person.press("<esc>!");
            let messages = person.sees("Messages").await;
            assert_eq!(
                messages
                    .matches("cannot look up who created an invalidation without")
                    .count(),
                1,
                "{messages}"
            );
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn what_is_young_is_not_delivered_yet_and_what_is_old_is_not_asked_for() {
    let stage = fresh();
    stage.emulator.configure(|settings| settings.trail_delay_ms = 600_000);
    let now = stage.clock.now();
    other(&stage, "young", now - TimeDelta::minutes(5));
    other(&stage, "old", now - TimeDelta::days(91));
    stage
        .play(async |mut person| {
            opens_the_shop(&mut person).await;
            person.press("w");
            person.sees("CloudTrail has not delivered the event yet").await;
            person.press("<esc>");
            person.waits(700).await;
            person.press("w");
            person.sees("Created by").await;
            let asked_for_young = asked(&stage);
            person.press("<esc>Gw");
            person.sees("keeps events for 90 days, but the request is older").await;
            assert_eq!(asked(&stage), asked_for_young);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_request_of_ours_that_was_refused_is_found_by_its_reference() {
    let stage = fresh();
    let denied = Fault::new(Trouble::AccessDenied).on(Operation::CreateInvalidation);
    stage.emulator.inject(denied.always());
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.submits("/index.html").await;
            person.sees("Rejected").await;
            person.press("w");
            let told = person.sees("Created by").await;
            for word in ["user deploy", "AccessDenied", "by CallerReference and time"] {
                assert!(told.contains(word), "{word}:\n{told}");
            }
            person.press("<esc>3");
            person.sees("/index.html").await;
            person.press("w");
            person.sees("by CallerReference and time").await;
        })
        .await;
    assert_eq!(asked(&stage), 1);
}

/// A server that says the same to everything.
#[derive(Clone, Debug)]
struct Parrot(u16, Arc<str>);

impl HttpClient for Parrot {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for Parrot {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let Self(status, body) = self.clone();
        let response = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body.as_bytes()));
        HttpConnectorFuture::ready(Ok(response))
    }
}

async fn told(status: u16, body: &str) -> Result<Events, Failure> {
    let connection = Connection::demo("http://127.0.0.1:4566").over(Parrot(status, Arc::from(body)));
    let query = Query {
        name: "CreateInvalidation",
        from: DateTime::UNIX_EPOCH,
        to: DateTime::UNIX_EPOCH,
        token: None,
    };
    match CloudFront::new(connection).call(Call::LookUpEvents(query)).await? {
        Answer::Events(events) => Ok(events),
        other => Err(other.unexpected()),
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_comes_in_place_of_events_is_told_apart() {
    let event = r#"{\"eventTime\":\"2026-11-22T10:00:00Z\",\"eventID\":\"e-1\"}"#;
    let page = format!(
        r#"{{"Events": [{{"CloudTrailEvent": "{event}", "EventTime": 1.7}}, {{"CloudTrailEvent": "not JSON"}},
            {{"EventId": "without a record"}}, {{"CloudTrailEvent": "{{}}", "EventTime": 1E300}}], "NextToken": "t"}}"#
    );
    let read = told(200, &page).await.unwrap();
    assert_eq!(
        (read.events.len(), read.unreadable, read.next.as_deref()),
        (1, 3, Some("t"))
    );
    for after in [1, 12, page.len() / 2, page.len() - 1] {
        let failure = told(200, &page[..after]).await.unwrap_err();
        assert_eq!(failure.to_string(), "the response (200) was truncated", "{after}");
    }
    for (status, body, expected) in [
        (200, "", "the response (200) was empty"),
        (
            200,
            "<html><body>Log in</body></html>",
            "got an HTML page (HTTP 200) instead of CloudTrail JSON",
        ),
        (200, "[1, 2]", "got a response (HTTP 200) that is not CloudTrail JSON"),
        (
            200,
            "{\"Items\": []}",
            "got a response (HTTP 200) that is not CloudTrail JSON",
        ),
        (
            502,
            "Bad gateway",
            "got a response (HTTP 502) that is not CloudTrail JSON",
        ),
        (403, "{}", "got a response (HTTP 403) that is not CloudTrail JSON"),
        (
            500,
            r#"{"__type": "InternalFailure", "message": "try again"}"#,
            "the response was 500 InternalFailure: try again",
        ),
        (
            400,
            r#"{"__type": "com.amazonaws.cloudtrail.v20131101#InvalidNextTokenException", "Message": "old"}"#,
            "InvalidNextTokenException: old",
        ),
        (
            400,
            r#"{"__type": "ThrottlingException", "message": "Rate exceeded"}"#,
            "ThrottlingException: Rate exceeded",
        ),
    ] {
        let failure = told(status, body).await.unwrap_err().to_string();
        assert!(failure.starts_with(expected), "{body}: {failure}");
    }
}
