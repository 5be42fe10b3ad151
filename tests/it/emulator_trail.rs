//! The emulator's CloudTrail: `LookupEvents` finds who made which invalidation.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use http::HeaderValue;
use http::header::{AUTHORIZATION, USER_AGENT};
use invalidash::emulator::{Emulator, Fault, Operation, Options, Request, Trouble};
use serde_json::{Value, json};

use crate::emulator::{ACME, SHOP, at, creation, plain, reply};

fn look_up(emulator: &Emulator, parameters: &Value, seconds: i64) -> (u16, Value) {
    let mut request = Request::post("/", parameters.to_string());
    let target = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
    request.headers.insert("x-amz-target", HeaderValue::from_static(target));
    let reply = reply(emulator.handle(&request, at(seconds)));
    (reply.status.as_u16(), serde_json::from_slice(&reply.body).unwrap())
}

fn named(name: &str) -> Value {
    json!({"LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": name}]})
}

/// The records of the events that were found, newest first.
fn records(body: &Value) -> Vec<Value> {
    let events = body["Events"].as_array().unwrap().iter();
    events
        .map(|event| serde_json::from_str(event["CloudTrailEvent"].as_str().unwrap()).unwrap())
        .collect()
}

#[test]
fn whoever_creates_is_recorded_and_so_is_a_refusal() {
    let emulator = plain();
    let mut request = creation(SHOP, "r-1", &["/a", "/b"]);
    let credential =
        HeaderValue::from_static("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/cloudfront/aws4_request");
    request.headers.insert(AUTHORIZATION, credential);
    request
        .headers
        .insert(USER_AGENT, HeaderValue::from_static("Boto3/1.43"));
    emulator.handle(&request, at(0));
    emulator.handle(&creation(ACME, "r-2", &["/*"]), at(1));
    emulator.handle(&creation(SHOP, "r-3", &["no-slash"]), at(2));
    emulator.inject(Fault::new(Trouble::AccessDenied));
    emulator.handle(&creation(SHOP, "r-4", &["/c"]), at(3));
    let (status, body) = look_up(&emulator, &named("CreateInvalidation"), 9);
    let records = records(&body);
    let told: Vec<_> = records
        .iter()
        .map(|record| {
            (
                record["requestParameters"]["invalidationBatch"]["callerReference"].as_str(),
                record["errorCode"].as_str(),
            )
        })
        .collect();
    let expected = [
        (Some("r-4"), Some("AccessDenied")),
        (Some("r-3"), Some("InvalidArgument")),
        (Some("r-1"), None),
    ];
    assert_eq!((status, told.as_slice()), (200, &expected[..]));
    let made = &records[2];
    let ids: Vec<_> = emulator.received().creations[0].invalidations.clone();
    assert_eq!(
        made["responseElements"]["invalidation"]["id"].as_str(),
        ids.first().map(String::as_str)
    );
    assert_eq!(
        [
            &made["userAgent"],
            &made["userIdentity"]["accessKeyId"],
            &made["requestParameters"]["distributionId"]
        ],
        ["Boto3/1.43", "AKIDEXAMPLE", SHOP]
    );
    assert_eq!(records[0]["responseElements"], Value::Null);
    let (_, tenants) = look_up(&emulator, &named("CreateInvalidationForDistributionTenant"), 9);
    assert_eq!(tenants["Events"].as_array().map(Vec::len), Some(1));
}

#[test]
fn events_come_in_pages_newest_first_and_within_their_time() {
    let emulator = plain();
    for second in 0..120 {
        emulator.handle(&creation(SHOP, &format!("r-{second}"), &["/a"]), at(second));
    }
    let (mut parameters, mut pages, mut times) = (named("CreateInvalidation"), Vec::new(), Vec::new());
    loop {
        let (_, body) = look_up(&emulator, &parameters, 200);
        let events = body["Events"].as_array().unwrap();
        pages.push(events.len());
        times.extend(events.iter().map(|event| event["EventTime"].as_i64().unwrap()));
        let Some(token) = body["NextToken"].as_str() else { break };
        parameters["NextToken"] = json!(token);
    }
    assert_eq!(
        (pages, times.is_sorted_by(|one, other| one > other)),
        (vec![50, 50, 20], true)
    );
    let mut window = named("CreateInvalidation");
    window["StartTime"] = json!(at(10).timestamp());
    window["EndTime"] = json!(at(12).timestamp());
    assert_eq!(
        look_up(&emulator, &window, 200).1["Events"].as_array().map(Vec::len),
        Some(3)
    );
}

#[test]
fn what_is_wrong_is_told_as_cloudtrail_tells_it() {
    let emulator = plain();
    let kind = |parameters: &Value| {
        let (status, body) = look_up(&emulator, parameters, 0);
        (status, body["__type"].as_str().unwrap_or_default().to_owned())
    };
    let of = |code: &str| (400, code.to_owned());
    let unknown = json!({"LookupAttributes": [{"AttributeKey": "Shoe", "AttributeValue": "x"}]});
    assert_eq!(kind(&unknown), of("InvalidLookupAttributesException"));
    assert_eq!(
        kind(&json!({"StartTime": 2, "EndTime": 1})),
        of("InvalidTimeRangeException")
    );
    assert_eq!(kind(&json!({"MaxResults": 51})), of("InvalidMaxResultsException"));
    assert_eq!(kind(&json!({"NextToken": "x"})), of("InvalidNextTokenException"));
    for (trouble, code, words) in [
        (
            Trouble::AccessDenied,
            "AccessDeniedException",
            "cloudtrail:LookupEvents",
        ),
        (Trouble::Throttling, "ThrottlingException", "Rate exceeded"),
        (Trouble::ExpiredToken, "ExpiredTokenException", "expired"),
    ] {
        emulator.inject(Fault::new(trouble).on(Operation::LookupEvents));
        let (status, body) = look_up(&emulator, &json!({}), 0);
        let message = body["message"].as_str().unwrap();
        assert_eq!((status, body["__type"].as_str()), (400, Some(code)));
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn a_signature_for_another_service_is_refused_and_so_is_an_operation_that_is_not_there() {
    let emulator = plain();
    let signed = |service: &str| {
        let credential =
            format!("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20261122/us-east-1/{service}/aws4_request, x");
        HeaderValue::from_str(&credential).unwrap()
    };
    let ask = |service, operation: &'static str| {
        let mut request = Request::post("/", "{}");
        request
            .headers
            .insert("x-amz-target", HeaderValue::from_static(operation));
        request.headers.insert(AUTHORIZATION, signed(service));
        let reply = reply(emulator.handle(&request, at(0)));
        let body: Value = serde_json::from_slice(&reply.body).unwrap();
        (
            reply.status.as_u16(),
            body["__type"].as_str().unwrap_or_default().to_owned(),
        )
    };
    let lookup = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
    assert_eq!(ask("cloudtrail", lookup), (200, String::new()));
    assert_eq!(ask("cloudfront", lookup), (400, "InvalidSignatureException".to_owned()));
    let other = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.DescribeTrails";
    assert_eq!(ask("cloudtrail", other), (404, "UnknownOperationException".to_owned()));
    let mut request = Request::get("/2020-05-31/distribution");
    request.headers.insert(AUTHORIZATION, signed("cloudtrail"));
    assert_eq!(reply(emulator.handle(&request, at(0))).status.as_u16(), 403);
}

#[test]
fn an_event_is_listed_when_it_is_delivered_and_a_repeated_reference_is_one_more() {
    let emulator = plain();
    emulator.configure(|settings| settings.trail_delay_ms = 60_000);
    for second in [0, 1] {
        emulator.handle(&creation(SHOP, "r-1", &["/a"]), at(second));
    }
    let seen = |second| {
        let (_, body) = look_up(&emulator, &named("CreateInvalidation"), second);
        records(&body)
            .iter()
            .map(|record| record["responseElements"]["invalidation"]["id"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(seen(59).len(), 0);
    assert_eq!(seen(60).len(), 1);
    let both = seen(61);
    assert!(both.len() == 2 && both[0] == both[1], "{both:?}");
}

#[test]
fn the_sample_history_has_its_events() {
    let emulator = Emulator::new(Options::demo());
    let (mut parameters, mut users, mut count) = (json!({}), Vec::new(), 0);
    loop {
        let (_, body) = look_up(&emulator, &parameters, 0);
        for event in body["Events"].as_array().unwrap() {
            users.push(event["Username"].as_str().unwrap().to_owned());
            count += 1;
        }
        let Some(token) = body["NextToken"].as_str() else { break };
        parameters["NextToken"] = json!(token);
    }
    users.sort();
    users.dedup();
    assert_eq!(users, ["GitHubActions", "anna", "ben@lumen.example", "release-script"]);
    assert!(count > 100, "{count}");
}
