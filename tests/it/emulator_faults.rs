//! Injected faults, and the call log.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use http::Method;
use invalidash::emulator::{Call, Creation, Emulator, Fault, Operation, Outcome, Received, Request, Trouble};
use serde_json::{Value, json};

use crate::emulator::{ACME, DOCS, SHOP, all, at, create, creation, get, one, plain, reply, text, verdict};

fn post(emulator: &Emulator, path: &str, value: &Value) -> (u16, Value) {
    let request = Request::post(&format!("/_emulator/{path}"), value.to_string());
    let answer = reply(emulator.handle(&request, at(0)));
    (answer.status.as_u16(), serde_json::from_slice(&answer.body).unwrap())
}

fn steer(emulator: &Emulator, method: Method, path: &str) -> Value {
    let request = Request::get(&format!("/_emulator/{path}")).with_method(method);
    serde_json::from_slice(&reply(emulator.handle(&request, at(0))).body).unwrap()
}

fn listed(emulator: &Emulator, target: &str) -> usize {
    all(
        &text(&get(emulator, &format!("distribution/{target}/invalidation"), 0)),
        "Id",
    )
    .len()
}

#[test]
fn errors_on_demand() {
    let cases = [
        (Trouble::ServiceUnavailable, 503, "ServiceUnavailable"),
        (Trouble::InternalError, 500, "InternalError"),
        (Trouble::Throttling, 400, "Throttling"),
        (Trouble::TooManyInvalidations, 400, "TooManyInvalidationsInProgress"),
        (Trouble::BatchTooLarge, 413, "BatchTooLarge"),
        (Trouble::AccessDenied, 403, "AccessDenied"),
        (Trouble::ExpiredToken, 403, "ExpiredToken"),
        (Trouble::InvalidClientTokenId, 403, "InvalidClientTokenId"),
        (Trouble::SignatureDoesNotMatch, 403, "SignatureDoesNotMatch"),
        (Trouble::ClockSkew, 403, "SignatureDoesNotMatch"),
        (Trouble::NoSuchDistribution, 404, "NoSuchDistribution"),
        (
            Trouble::ReferenceClash { documented: true },
            400,
            "InvalidationBatchAlreadyExists",
        ),
        (Trouble::ReferenceClash { documented: false }, 400, "InvalidArgument"),
    ];
    for (what, status, code) in cases {
        let emulator = plain();
        emulator.inject(Fault::new(what.clone()).on(Operation::CreateInvalidation));
        assert_eq!(
            create(&emulator, SHOP, "r", &["/a"], 0),
            (status, code.to_owned()),
            "{what:?}"
        );
        assert_eq!(listed(&emulator, SHOP), 0, "{what:?} did not let it through");
        assert_eq!(create(&emulator, SHOP, "r", &["/a"], 0).0, 201, "{what:?} is over");
    }
}

#[test]
fn whose_fault_it_is() {
    let emulator = plain();
    emulator.inject(Fault::new(Trouble::ServiceUnavailable));
    emulator.inject(Fault::new(Trouble::Throttling));
    emulator.inject(Fault::new(Trouble::InternalError));
    let kind = || one(&text(&get(&emulator, "distribution", 0)), "Type");
    assert_eq!([kind(), kind(), kind()], ["Receiver", "Sender", "Receiver"]);
}

#[test]
fn access_denied_names_action_and_resource() {
    let emulator = plain();
    emulator.inject(Fault::new(Trouble::AccessDenied).always());
    let message = |path: &str| one(&text(&get(&emulator, path, 0)), "Message");
    let denied = |action: &str, resource: &str| {
        format!(
            "User: arn:aws:iam::123456789012:user/deploy is not authorized to perform: cloudfront:{action}{resource} because \
             no identity-based policy allows the cloudfront:{action} action"
        )
    };
    let on = |resource: &str| format!(" on resource: arn:aws:cloudfront::123456789012:{resource}");
    assert_eq!(
        message("distribution"),
        denied("ListDistributions", ""),
        "a list has no resource"
    );
    assert_eq!(
        message(&format!("distribution/{SHOP}/invalidation")),
        denied("ListInvalidations", &on(&format!("distribution/{SHOP}")))
    );
    let tenant = format!("distribution-tenant/{ACME}");
    assert_eq!(message(&tenant), denied("GetDistributionTenant", &on(&tenant)));
}

#[test]
fn a_wrong_clock_is_told_by_the_server_s_own() {
    let emulator = plain();
    emulator.inject(Fault::new(Trouble::ClockSkew));
    let answer = get(&emulator, "distribution", 0);
    let message = one(&text(&answer), "Message");
    assert_eq!(
        message,
        "Signature expired: 20241004T120000Z is now earlier than 20241004T121000Z (20241004T121500Z - 5 min.)"
    );
    assert_eq!(answer.headers.get("date").unwrap(), "Fri, 04 Oct 2024 12:15:00 GMT");
}

#[test]
fn trouble_strikes_where_and_as_often_as_it_was_ordered() {
    let emulator = plain();
    emulator.inject(
        Fault::new(Trouble::ServiceUnavailable)
            .on(Operation::CreateInvalidation)
            .at(SHOP)
            .after(2)
            .times(2),
    );
    let codes: Vec<u16> = (0..6)
        .map(|n| create(&emulator, SHOP, &format!("{n}"), &["/a"], 0).0)
        .collect();
    assert_eq!(codes, [201, 201, 503, 503, 201, 201]);

    emulator.inject(
        Fault::new(Trouble::ServiceUnavailable)
            .on(Operation::CreateInvalidation)
            .at(DOCS)
            .always(),
    );
    assert_eq!(create(&emulator, SHOP, "x", &["/a"], 0).0, 201, "another distribution");
    assert_eq!(
        get(&emulator, &format!("distribution/{DOCS}"), 0).status,
        200,
        "another operation"
    );
    assert_eq!([0; 3].map(|_| create(&emulator, DOCS, "x", &["/a"], 0).0), [503; 3]);
    emulator.clear_faults();
    assert_eq!(create(&emulator, DOCS, "x", &["/a"], 0).0, 201);
}

#[test]
fn the_first_order_that_fits_is_played_first() {
    let emulator = plain();
    emulator.inject(Fault::new(Trouble::Throttling));
    emulator.inject(Fault::new(Trouble::ServiceUnavailable));
    assert_eq!(
        [0; 3].map(|_| get(&emulator, "distribution", 0).status.as_u16()),
        [400, 503, 200]
    );
}

#[test]
fn an_answer_is_lost_before_or_after_the_work_was_done() {
    for what in [
        Trouble::Drop,
        Trouble::Hang,
        Trouble::ServiceUnavailable,
        Trouble::Html { status: 502 },
        Trouble::Empty { status: 201 },
    ] {
        let emulator = plain();
        emulator.inject(Fault::new(what.clone()).on(Operation::CreateInvalidation));
        emulator.inject(Fault::new(what.clone()).on(Operation::CreateInvalidation).committed());
        emulator.handle(&creation(SHOP, "r", &["/a"]), at(0));
        assert_eq!(listed(&emulator, SHOP), 0, "{what:?} before");
        emulator.handle(&creation(SHOP, "r", &["/a"]), at(0));
        assert_eq!(listed(&emulator, SHOP), 1, "{what:?} after");
        assert_eq!(create(&emulator, SHOP, "r", &["/a"], 0).0, 201);
        assert_eq!(listed(&emulator, SHOP), 1, "{what:?} and asked again");
    }
}

#[test]
fn broken_answers_on_demand() {
    let play = |what: Trouble| {
        let emulator = plain();
        let whole = get(&emulator, &format!("distribution/{SHOP}/config"), 0);
        emulator.inject(Fault::new(what));
        (
            whole,
            emulator.handle(&Request::get(&format!("/2020-05-31/distribution/{SHOP}/config")), at(0)),
        )
    };
    assert_eq!(play(Trouble::Drop).1, Outcome::Drop);
    assert_eq!(play(Trouble::Hang).1, Outcome::Hang);
    let same_body = |outcome: Outcome, whole: &invalidash::emulator::Reply| match outcome {
        Outcome::Cut { reply, after: 100 }
        | Outcome::Slow {
            reply,
            chunk: 7,
            pause: Duration::ZERO,
        } => reply.body == whole.body,
        Outcome::Delayed { by, then } => by == Duration::from_secs(3) && reply(*then).body == whole.body,
        _ => false,
    };
    for what in [
        Trouble::CutBody { after: 100 },
        Trouble::SlowBody {
            chunk: 7,
            milliseconds: 0,
        },
        Trouble::Delay { milliseconds: 3_000 },
    ] {
        let (whole, outcome) = play(what.clone());
        assert!(same_body(outcome, &whole), "{what:?}");
    }
    let (whole, truncated) = play(Trouble::TruncatedBody { after: 100 });
    assert_eq!(reply(truncated).body, whole.body[..100]);
    let (whole, empty) = play(Trouble::EmptyBody);
    assert_eq!(
        (reply(empty.clone()).body.len(), reply(empty).headers.get("etag")),
        (0, whole.headers.get("etag"))
    );
    let (_, html) = play(Trouble::Html { status: 413 });
    let html = reply(html);
    assert_eq!(
        (
            html.status.as_u16(),
            html.headers.get("content-type").unwrap().to_str().unwrap()
        ),
        (413, "text/html")
    );
    assert!(html.body.starts_with(b"<html>"));
}

#[test]
fn a_status_that_nobody_knows() {
    let emulator = plain();
    emulator.inject(Fault::new(Trouble::Status("Brewing".to_owned())).always());
    let made = reply(emulator.handle(&creation(SHOP, "r", &["/a"]), at(0)));
    assert_eq!(one(&text(&made), "Status"), "Brewing");
    assert_eq!(
        one(
            &text(&get(&emulator, &format!("distribution/{SHOP}/invalidation"), 60)),
            "Status"
        ),
        "Brewing"
    );
}

#[test]
fn the_record_tells_what_arrived_and_what_was_made_of_it() {
    let emulator = plain();
    emulator.inject(Fault::new(Trouble::Drop).on(Operation::CreateInvalidation));
    emulator.inject(Fault::new(Trouble::Drop).on(Operation::CreateInvalidation).committed());
    for _ in 0..3 {
        emulator.handle(&creation(SHOP, "lost", &["/a", "/b"]), at(0));
    }
    create(&emulator, SHOP, "lost", &["/b", "/a"], 1);
    create(&emulator, SHOP, "bad", &["x"], 2);
    get(&emulator, "distribution", 3);
    let made = all(
        &text(&get(&emulator, &format!("distribution/{SHOP}/invalidation"), 3)),
        "Id",
    );
    let creation = |reference: &str, received, items: &[&str], items_differed, invalidations: &[String]| Creation {
        target: SHOP.to_owned(),
        caller_reference: reference.to_owned(),
        received,
        items: items.iter().map(|item| (*item).to_owned()).collect(),
        items_differed,
        invalidations: invalidations.to_vec(),
    };
    let received = emulator.received();
    assert_eq!(
        received.creations,
        [
            creation("lost", 4, &["/a", "/b"], true, &made),
            creation("bad", 1, &["x"], false, &[])
        ]
    );
    assert_eq!(made.len(), 1);
    let counts: Vec<_> = received.operations.into_iter().collect();
    assert_eq!(
        counts,
        [
            (Operation::ListDistributions, 1),
            (Operation::CreateInvalidation, 5),
            (Operation::ListInvalidations, 1)
        ]
    );

    let call = |seconds, operation, target: &str, status| Call {
        at: at(seconds),
        operation,
        target: target.to_owned(),
        status,
    };
    let lost = call(0, Operation::CreateInvalidation, SHOP, None);
    let expected = [
        lost.clone(),
        lost,
        call(0, Operation::CreateInvalidation, SHOP, Some(201)),
        call(1, Operation::CreateInvalidation, SHOP, Some(201)),
        call(2, Operation::CreateInvalidation, SHOP, Some(400)),
        call(3, Operation::ListDistributions, "", Some(200)),
        call(3, Operation::ListInvalidations, SHOP, Some(200)),
    ];
    assert_eq!(emulator.calls(), expected);
    emulator.forget_received();
    assert_eq!((emulator.received(), emulator.calls()), (Received::default(), vec![]));
}

#[test]
fn trouble_is_ordered_over_http() {
    let emulator = plain();
    let order = json!([
        {"operation": "CreateInvalidation", "times": 2, "what": "service-unavailable"},
        {"operation": "CreateInvalidation", "committed": true, "what": "drop"},
        {"what": {"cut-body": {"after": 5}}, "target": DOCS, "skip": 1, "times": null},
        {"what": {"error": {"status": 418, "code": "Teapot", "message": "short and stout"}}},
    ]);
    let (status, due) = post(&emulator, "faults", &order);
    assert_eq!((status, due.as_array().unwrap().len()), (200, 4));
    assert_eq!(create(&emulator, SHOP, "r", &["/a"], 0).0, 503);
    assert_eq!(create(&emulator, SHOP, "r", &["/a"], 0).0, 503);
    assert_eq!(emulator.handle(&creation(SHOP, "r", &["/a"]), at(0)), Outcome::Drop);
    assert_eq!(verdict(&get(&emulator, "distribution", 0)), (418, "Teapot".to_owned()));
    assert_eq!(steer(&emulator, Method::GET, "faults").as_array().unwrap().len(), 1);
    assert_eq!(steer(&emulator, Method::DELETE, "faults"), json!([]));
    assert_eq!(steer(&emulator, Method::GET, "received")["creations"][0]["received"], 3);
    assert_eq!(steer(&emulator, Method::GET, "calls").as_array().unwrap().len(), 4);
    steer(&emulator, Method::DELETE, "received");
    assert_eq!(
        steer(&emulator, Method::GET, "received"),
        json!({"operations": {}, "creations": []})
    );
}

#[test]
fn switches_are_turned_over_http_one_at_a_time() {
    let emulator = plain();
    let before = steer(&emulator, Method::GET, "settings");
    let wish = json!({"completion_delay_ms": 1, "reference_clash": "InvalidationBatchAlreadyExists", "creates_per_second": 0.5, "tenant_only": "clears-nothing"});
    let (status, after) = post(&emulator, "settings", &wish);
    let mut expected = before;
    expected
        .as_object_mut()
        .unwrap()
        .extend(wish.as_object().unwrap().clone());
    assert_eq!((status, &after), (200, &expected));
    assert_eq!(emulator.settings().creates_per_second, Some(0.5));

    for wrong in [
        json!({"completion": 1}),
        json!({"completion_delay_ms": "soon"}),
        json!([]),
        json!({"batch_limit": -1}),
    ] {
        let (status, answer) = post(&emulator, "settings", &wrong);
        assert!(status == 400 && answer["error"].is_string(), "{wrong} {answer}");
    }
    assert_eq!(steer(&emulator, Method::GET, "settings"), expected);
}

#[test]
fn distributions_and_tenants_are_added_replaced_and_deleted_over_http() {
    let emulator = plain();
    let comment = "\u{1b}[2Jred \u{202e}desrever <&>";
    post(
        &emulator,
        "distributions",
        &json!({"id": "E00000000000NEW", "comment": comment, "aliases": ["www.new.example"]}),
    );
    let xml = text(&get(&emulator, "distribution/E00000000000NEW", 0));
    assert_eq!(one(&xml, "Comment"), "&#x1b;[2Jred \u{202e}desrever &lt;&&gt;");
    post(
        &emulator,
        "distributions",
        &json!({"id": "E00000000000NEW", "comment": "calm"}),
    );
    assert_eq!(
        one(&text(&get(&emulator, "distribution/E00000000000NEW", 0)), "Comment"),
        "calm"
    );
    assert_eq!(
        steer(&emulator, Method::DELETE, "distributions/E00000000000NEW"),
        json!({"deleted": "E00000000000NEW"})
    );
    assert_eq!(get(&emulator, "distribution/E00000000000NEW", 0).status, 404);
    post(
        &emulator,
        "tenants",
        &json!({"id": "dt_new", "distribution_id": SHOP, "name": "n", "domains": ["t.example"]}),
    );
    assert_eq!(
        one(&text(&get(&emulator, "distribution-tenant?domain=t.example", 0)), "Id"),
        "dt_new"
    );
}

#[test]
fn what_cannot_be_steered_says_so() {
    let emulator = plain();
    for (path, body, status) in [
        ("nothing", "{}", 404),
        ("faults", "{}", 400),
        ("faults", "{\"what\": \"rain\"}", 400),
        ("publish", "{\"distribution\": \"E0\"}", 404),
        ("distributions", "{\"color\": 1}", 400),
    ] {
        let answer = reply(emulator.handle(&Request::post(&format!("/_emulator/{path}"), body), at(0)));
        assert_eq!(answer.status.as_u16(), status, "{path} {body}");
        assert!(text(&answer).contains("\"error\""), "{path} {body}");
    }
}

#[test]
fn latency_is_before_every_answer_but_not_before_steering() {
    let emulator = plain();
    emulator.configure(|settings| settings.latency_ms = 80);
    let Outcome::Delayed { by, then } = emulator.handle(&Request::get("/2020-05-31/distribution"), at(0)) else {
        unreachable!()
    };
    assert_eq!((by, reply(*then).status.as_u16()), (Duration::from_millis(80), 200));
    assert!(steer(&emulator, Method::GET, "settings").is_object());
}
