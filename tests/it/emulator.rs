//! The local CloudFront, called directly: the API and its refusals.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::emulator::{Emulator, Options, Outcome, ReferenceClash, Reply, Request, Settings};

pub(crate) const SHOP: &str = "E1A2WTXM7KQ4SV";
pub(crate) const DOCS: &str = "EDOCS5R8J2YT6K";
pub(crate) const NEWS: &str = "E4NEWS2CB9F3TG";
pub(crate) const STOREFRONTS: &str = "EBTEN6FS2MK9XQ";
pub(crate) const ACME: &str = "dt_2yMvQgam3QkJo2z54FDl91dk1AB";

/// Noon, plus so many seconds.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::hours(12) + TimeDelta::seconds(seconds)
}

pub(crate) fn with(change: impl FnOnce(&mut Settings)) -> Emulator {
    let emulator = Emulator::new(Options::default());
    emulator.configure(change);
    emulator
}

pub(crate) fn plain() -> Emulator {
    with(|_| {})
}

pub(crate) fn reply(outcome: Outcome) -> Reply {
    match outcome {
        Outcome::Reply(reply) => reply,
        other => panic!("no plain reply: {other:?}"),
    }
}

pub(crate) fn text(reply: &Reply) -> String {
    String::from_utf8(reply.body.to_vec()).unwrap()
}

/// The text of every element of that name, in order.
pub(crate) fn all(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    xml.split(&open)
        .skip(1)
        .map(|rest| rest.split(&close).next().unwrap().replace("&amp;", "&"))
        .collect()
}

pub(crate) fn one(xml: &str, name: &str) -> String {
    all(xml, name).into_iter().next().unwrap_or_default()
}

pub(crate) fn batch(reference: &str, items: &[&str]) -> String {
    let escaped = items.iter().map(|item| item.replace('&', "&amp;").replace('<', "&lt;"));
    let paths = escaped.fold(String::new(), |paths, item| paths + "<Path>" + &item + "</Path>");
    format!(
        "<InvalidationBatch xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Paths><Quantity>{}</Quantity><Items>{paths}</Items></Paths>\
         <CallerReference>{reference}</CallerReference></InvalidationBatch>",
        items.len()
    )
}

pub(crate) fn creation(target: &str, reference: &str, items: &[&str]) -> Request {
    let kind = if target.starts_with("dt_") {
        "distribution-tenant"
    } else {
        "distribution"
    };
    Request::post(
        &format!("/2020-05-31/{kind}/{target}/invalidation"),
        batch(reference, items),
    )
}

pub(crate) fn get(emulator: &Emulator, path: &str, seconds: i64) -> Reply {
    reply(emulator.handle(&Request::get(&format!("/2020-05-31/{path}")), at(seconds)))
}

/// Creates, and gives status with id or error code.
pub(crate) fn create(
    emulator: &Emulator,
    target: &str,
    reference: &str,
    items: &[&str],
    seconds: i64,
) -> (u16, String) {
    verdict(&reply(
        emulator.handle(&creation(target, reference, items), at(seconds)),
    ))
}

pub(crate) fn verdict(reply: &Reply) -> (u16, String) {
    let xml = text(reply);
    let told = if reply.status.is_success() {
        one(&xml, "Id")
    } else {
        one(&xml, "Code")
    };
    (reply.status.as_u16(), told)
}

pub(crate) fn refused(code: &str) -> (u16, String) {
    (400, code.to_owned())
}

#[test]
fn an_invalidation_is_in_progress_until_its_time_has_come() {
    let emulator = with(|settings| settings.completion_delay_ms = 10_000);
    let (status, id) = create(&emulator, SHOP, "r", &["/a"], 0);
    assert_eq!(status, 201);
    let status = |seconds| {
        one(
            &text(&get(
                &emulator,
                &format!("distribution/{SHOP}/invalidation/{id}"),
                seconds,
            )),
            "Status",
        )
    };
    assert_eq!(
        [0, 9, 10, 3_600].map(status),
        ["InProgress", "InProgress", "Completed", "Completed"]
    );
}

#[test]
fn the_answer_to_a_create_says_what_was_made_and_where() {
    let emulator = plain();
    let made = reply(emulator.handle(
        &creation(SHOP, "r<&", &["/a?x=1&y=2", "#tag"]).with_host("127.0.0.1:4566"),
        at(0),
    ));
    assert_eq!(made.status, 400, "a reference with raw markup is no XML");
    let made = reply(emulator.handle(&creation(SHOP, "r-1", &["/a?x=1&y=2", "#tag"]), at(0)));
    let xml = text(&made);
    let id = one(&xml, "Id");
    let expected = format!(
        "<?xml version=\"1.0\"?>\n<Invalidation xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Id>{id}</Id><Status>InProgress</Status>\
         <CreateTime>2024-10-04T12:00:00.000Z</CreateTime><InvalidationBatch><Paths><Quantity>2</Quantity><Items><Path>#tag</Path>\
         <Path>/a?x=1&amp;y=2</Path></Items></Paths><CallerReference>r-1</CallerReference></InvalidationBatch></Invalidation>"
    );
    assert_eq!(xml, expected);
    let header = |name: &str| made.headers.get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(
        header("location"),
        Some(format!(
            "https://cloudfront.amazonaws.com/2020-05-31/distribution/{SHOP}/invalidation/{id}"
        ))
    );
    assert_eq!(header("date").as_deref(), Some("Fri, 04 Oct 2024 12:00:00 GMT"));
    assert_eq!(
        (header("content-type").as_deref(), header("etag")),
        (Some("text/xml"), None)
    );
    assert!(header("x-amzn-requestid").is_some_and(|id| id.len() == 36));
}

#[test]
fn the_same_seed_and_times_give_the_same_bytes() {
    let run = || {
        let emulator = Emulator::new(Options::demo());
        let requests = [
            creation(SHOP, "r", &["/a", "/b"]),
            Request::get("/2020-05-31/distribution"),
            creation(ACME, "r", &["/*"]),
        ];
        requests.map(|request| emulator.handle(&request, at(0)))
    };
    assert_eq!(run(), run());
}

#[test]
fn the_order_of_the_members_does_not_matter() {
    let body = "<InvalidationBatch><CallerReference>r</CallerReference><Paths><Items><Path>/a</Path></Items><Quantity>1</Quantity></Paths></InvalidationBatch>";
    let request = Request::post(&format!("/2020-05-31/distribution/{SHOP}/invalidation"), body);
    assert_eq!(reply(plain().handle(&request, at(0))).status, 201);
}

#[test]
fn malformed_batches_and_their_refusals() {
    let paths = "<Paths><Quantity>1</Quantity><Items><Path>/a</Path></Items></Paths>";
    let reference = "<CallerReference>r</CallerReference>";
    let whole = |inner: &str| format!("<InvalidationBatch>{inner}</InvalidationBatch>");
    let cases = [
        (String::new(), 400, "MissingBody"),
        ("<a".to_owned(), 400, "MalformedXML"),
        ("{\"json\":1}".to_owned(), 400, "MalformedXML"),
        ("<Other/>".to_owned(), 400, "MalformedXML"),
        (whole(paths), 400, "MalformedXML"),
        (whole(reference), 400, "MalformedXML"),
        (
            whole(&format!("<Paths><Items><Path>/a</Path></Items></Paths>{reference}")),
            400,
            "MalformedXML",
        ),
        (
            whole(&format!("<Paths><Quantity>one</Quantity></Paths>{reference}")),
            400,
            "MalformedXML",
        ),
        (
            whole(&format!(
                "<Paths><Quantity>2</Quantity><Items><Path>/a</Path></Items></Paths>{reference}"
            )),
            400,
            "InconsistentQuantities",
        ),
        (
            whole(&format!("<Paths><Quantity>-1</Quantity></Paths>{reference}")),
            400,
            "InconsistentQuantities",
        ),
        (
            whole(&format!("<Paths><Quantity>0</Quantity></Paths>{reference}")),
            400,
            "InvalidArgument",
        ),
        (
            whole(&format!("{paths}<CallerReference></CallerReference>")),
            400,
            "InvalidArgument",
        ),
        (
            whole(&format!(
                "<Paths><Quantity>1</Quantity><Items><Path> /a</Path></Items></Paths>{reference}"
            )),
            400,
            "InvalidArgument",
        ),
    ];
    for (body, status, code) in cases {
        let request = Request::post(&format!("/2020-05-31/distribution/{SHOP}/invalidation"), body.clone());
        let answer = reply(plain().handle(&request, at(0)));
        assert_eq!(
            (answer.status.as_u16(), one(&text(&answer), "Code").as_str()),
            (status, code),
            "{body}"
        );
    }
}

#[test]
fn an_error_comes_in_its_envelope_with_the_request_id_in_both_places() {
    let answer = get(&plain(), "distribution/E0", 0);
    let id = answer
        .headers
        .get("x-amzn-requestid")
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let expected = format!(
        "<?xml version=\"1.0\"?>\n<ErrorResponse xmlns=\"http://cloudfront.amazonaws.com/doc/2020-05-31/\"><Error><Type>Sender</Type>\
         <Code>NoSuchDistribution</Code><Message>The specified distribution does not exist.</Message></Error><RequestId>{id}</RequestId></ErrorResponse>"
    );
    assert_eq!((answer.status.as_u16(), text(&answer)), (404, expected));
}

#[test]
fn what_does_not_exist() {
    let emulator = plain();
    let cases = [
        ("distribution/E0", "NoSuchDistribution"),
        ("distribution/E0/config", "NoSuchDistribution"),
        ("distribution/E0/invalidation", "NoSuchDistribution"),
        ("distribution/E0/invalidation/I0", "NoSuchDistribution"),
        (&format!("distribution/{SHOP}/invalidation/I0"), "NoSuchInvalidation"),
        ("distribution-tenant/dt_0", "EntityNotFound"),
        ("distribution-tenant?domain=nobody.example", "EntityNotFound"),
        ("distribution-tenant/dt_0/invalidation", "EntityNotFound"),
        (
            &format!("distribution-tenant/{ACME}/invalidation/I0"),
            "NoSuchInvalidation",
        ),
        // A domain name is not an id, and an address of another API does not belong to this one.
        ("distribution/www.lumen-shop.example/invalidation", "NoSuchDistribution"),
        ("key-group", "UnknownOperationException"),
    ];
    for (path, code) in cases {
        assert_eq!(verdict(&get(&emulator, path, 0)), (404, code.to_owned()), "{path}");
    }
    assert_eq!(
        create(&emulator, "E0", "r", &["/a"], 0),
        (404, "NoSuchDistribution".to_owned())
    );
    assert_eq!(
        create(&emulator, "dt_0", "r", &["/a"], 0),
        (404, "EntityNotFound".to_owned())
    );
}

#[test]
fn one_bad_item_refuses_the_whole_batch_and_is_not_named() {
    let emulator = plain();
    for bad in ["a", "*", "/a*b", "/a b", "/é", "/a~", "/[", "/50%", "#", "#a,b"] {
        let answer = reply(emulator.handle(&creation(SHOP, "r", &["/good", bad]), at(0)));
        let message = one(&text(&answer), "Message");
        assert_eq!(
            (verdict(&answer), message.as_str()),
            (
                refused("InvalidArgument"),
                "Your request contains one or more invalid invalidation paths."
            ),
            "{bad}"
        );
    }
    assert_eq!(
        all(
            &text(&get(&emulator, &format!("distribution/{SHOP}/invalidation"), 0)),
            "Id"
        ),
        Vec::<String>::new()
    );
}

#[test]
fn a_batch_above_the_limit_is_too_large() {
    let emulator = with(|settings| settings.batch_limit = Some(2));
    assert_eq!(
        create(&emulator, SHOP, "r", &["/a", "/b", "/c"], 0),
        (413, "BatchTooLarge".to_owned())
    );
    assert_eq!(create(&emulator, SHOP, "r", &["/a", "/b"], 0).0, 201);
}

#[test]
fn a_caller_reference_used_again() {
    let emulator = plain();
    let (_, first) = create(&emulator, SHOP, "r", &["/a", "/b"], 0);
    let again = |items: &[&str], seconds| create(&emulator, SHOP, "r", items, seconds);
    assert_eq!(again(&["/a", "/b"], 1), (201, first.clone()), "the same batch");
    assert_eq!(again(&["/b", "/a"], 1), (201, first.clone()), "in another order");
    assert_eq!(
        again(&["/a", "/b"], 3_600),
        (201, first.clone()),
        "long after it completed"
    );
    assert_eq!(again(&["/a"], 1), refused("InvalidArgument"), "fewer items");
    assert_eq!(again(&["/a", "/b", "/c"], 1), refused("InvalidArgument"), "more items");
    assert_ne!(
        create(&emulator, DOCS, "r", &["/a", "/b"], 1),
        (201, first.clone()),
        "another distribution"
    );

    let message = one(
        &text(&reply(emulator.handle(&creation(SHOP, "r", &["/c"]), at(2)))),
        "Message",
    );
    assert!(
        message.contains("caller reference that was used for a previous invalidation batch"),
        "{message}"
    );
    emulator.configure(|settings| settings.reference_clash = ReferenceClash::InvalidationBatchAlreadyExists);
    assert_eq!(again(&["/c"], 2), refused("InvalidationBatchAlreadyExists"));
    assert_eq!(again(&["/a", "/b"], 2), (201, first));
    emulator.configure(|settings| settings.replay_clashes = true);
    assert_eq!(again(&["/a", "/b"], 2), refused("InvalidationBatchAlreadyExists"));
}

#[test]
fn invalidations_are_listed_newest_first_and_in_pages() {
    let emulator = plain();
    let mut made: Vec<String> = (0..5)
        .map(|n| create(&emulator, SHOP, &format!("r{n}"), &["/a"], n).1)
        .collect();
    made.reverse();
    let page = |query: &str| {
        let xml = text(&get(&emulator, &format!("distribution/{SHOP}/invalidation{query}"), 9));
        (
            all(&xml, "Id"),
            one(&xml, "IsTruncated"),
            all(&xml, "NextMarker"),
            one(&xml, "Quantity"),
        )
    };
    let expected = |range: std::ops::Range<usize>, more: bool| {
        let ids = made[range.clone()].to_vec();
        let next = if more {
            vec![made[range.end - 1].clone()]
        } else {
            vec![]
        };
        (ids.clone(), more.to_string(), next, ids.len().to_string())
    };
    assert_eq!(page(""), expected(0..5, false));
    assert_eq!(page("?MaxItems=2"), expected(0..2, true));
    assert_eq!(page(&format!("?MaxItems=2&Marker={}", made[1])), expected(2..4, true));
    assert_eq!(page(&format!("?MaxItems=2&Marker={}", made[3])), expected(4..5, false));
    assert_eq!(page(&format!("?Marker={}", made[4])), expected(0..0, false));
    // Invalidations that arrive between two pages shift nothing.
    create(&emulator, SHOP, "late", &["/a"], 9);
    assert_eq!(page(&format!("?MaxItems=2&Marker={}", made[1])), expected(2..4, true));
}

#[test]
fn bad_page_requests() {
    let emulator = plain();
    for query in ["Marker=I0", "MaxItems=0", "MaxItems=-1", "MaxItems=many"] {
        assert_eq!(
            verdict(&get(&emulator, &format!("distribution/{SHOP}/invalidation?{query}"), 0)),
            refused("InvalidArgument"),
            "{query}"
        );
        let other = query.replace("I0", "E0");
        assert_eq!(
            verdict(&get(&emulator, &format!("distribution?{other}"), 0)),
            refused("InvalidArgument"),
            "{other}"
        );
    }
}

#[test]
fn an_empty_list_has_no_items() {
    let emulator = Emulator::new(Options {
        distributions: Some(0),
        ..Options::default()
    });
    let xml = text(&get(&emulator, "distribution", 0));
    assert!(xml.contains("<Quantity>0</Quantity></DistributionList>"), "{xml}");
}

#[test]
fn cache_tags_show_in_the_configuration_only() {
    let emulator = plain();
    let config = |id: &str| {
        all(
            &text(&get(&emulator, &format!("distribution/{id}/config"), 0)),
            "CacheTagConfig",
        )
    };
    assert_eq!(
        (config(NEWS), config(SHOP)),
        (vec!["<HeaderName>Cache-Tag</HeaderName>".to_owned()], vec![])
    );
    assert!(!text(&get(&emulator, "distribution", 0)).contains("CacheTagConfig"));
    let (whole, config) = (
        get(&emulator, &format!("distribution/{NEWS}"), 0),
        get(&emulator, &format!("distribution/{NEWS}/config"), 0),
    );
    assert_eq!(
        [&whole, &config].map(|reply| reply.headers.get("etag").unwrap()),
        ["E1TAGS8V5K2R0D"; 2]
    );
    assert!(text(&whole).contains("<CacheTagConfig>"));
}

#[test]
fn a_distribution_counts_its_batches_in_progress() {
    let emulator = with(|settings| settings.completion_delay_ms = 10_000);
    let count = |seconds| {
        one(
            &text(&get(&emulator, &format!("distribution/{SHOP}"), seconds)),
            "InProgressInvalidationBatches",
        )
    };
    create(&emulator, SHOP, "a", &["/1", "/2", "/3"], 0);
    create(&emulator, SHOP, "b", &["/1"], 5);
    create(&emulator, DOCS, "c", &["/1"], 5);
    assert_eq!([5, 10, 15].map(count), ["2", "1", "0"]);
}

#[test]
fn just_after_a_create_the_invalidation_may_not_be_found() {
    let emulator = with(|settings| settings.visible_after_ms = 3_000);
    let (_, id) = create(&emulator, SHOP, "r", &["/a"], 0);
    let found = |seconds| {
        get(&emulator, &format!("distribution/{SHOP}/invalidation/{id}"), seconds)
            .status
            .as_u16()
    };
    assert_eq!([0, 2, 3].map(found), [404, 404, 200]);
}
