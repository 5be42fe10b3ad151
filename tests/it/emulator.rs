//! The local CloudFront, asked directly: the API, its refusals, its quotas.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use chrono::{DateTime, TimeDelta, Utc};
use invalidash::emulator::{
    Emulator, Options, Outcome, ReferenceClash, Reply, Request, Settings, TenantOnly, WildcardRate,
};

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

fn refused(code: &str) -> (u16, String) {
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
        // A domain name is no id, and an address of another API is none of this one.
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
    // What arrives between two pages moves nothing.
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
fn more_than_a_hundred_are_never_on_one_page() {
    let emulator = Emulator::new(Options {
        distributions: Some(250),
        ..Options::default()
    });
    let (mut ids, mut marker, mut sizes) = (Vec::new(), String::new(), Vec::new());
    loop {
        let xml = text(&get(
            &emulator,
            &format!("distribution?MaxItems=1000&Marker={marker}"),
            0,
        ));
        let page: Vec<String> = xml
            .split("<DistributionSummary><Id>")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect();
        assert_eq!(one(&xml, "MaxItems"), "100");
        sizes.push(page.len());
        ids.extend(page);
        marker = one(&xml, "NextMarker");
        if marker.is_empty() {
            break;
        }
        assert_eq!(ids.last(), Some(&marker));
    }
    let unique: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!((sizes, ids.len(), unique.len()), (vec![100, 100, 50], 250, 250));
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
    assert_eq!(whole.headers.get("etag"), config.headers.get("etag"));
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
fn a_deployment_ends_by_itself() {
    let emulator = plain();
    let status = |seconds| one(&text(&get(&emulator, "distribution/EABETA4NW8YJ1C", seconds)), "Status");
    assert_eq!([0, 719, 720].map(status), ["InProgress", "InProgress", "Deployed"]);
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

#[test]
fn the_older_quota_counts_what_is_in_progress_on_a_target_wildcards_apart() {
    let emulator = with(|settings| {
        settings.completion_delay_ms = 10_000;
        (settings.in_progress_paths, settings.in_progress_wildcards) = (Some(3), Some(1));
    });
    let over = refused("TooManyInvalidationsInProgress");
    assert_eq!(create(&emulator, SHOP, "1", &["/a", "#t", "/w*"], 0).0, 201);
    assert_eq!(create(&emulator, SHOP, "2", &["/b", "/c"], 1), over, "two more paths");
    assert_eq!(create(&emulator, SHOP, "3", &["/v*"], 1), over, "one more wildcard");
    assert_eq!(
        create(&emulator, SHOP, "1", &["/a", "#t", "/w*"], 1).0,
        201,
        "a replay makes nothing"
    );
    assert_eq!(create(&emulator, SHOP, "4", &["/b"], 1).0, 201, "the third path");
    assert_eq!(
        create(&emulator, DOCS, "5", &["/b", "/c", "/v*"], 1).0,
        201,
        "another distribution"
    );
    assert_eq!(
        create(&emulator, SHOP, "2", &["/b", "/c"], 10).0,
        201,
        "the first has completed; the same reference is still free"
    );
}

#[test]
fn the_newer_quota_is_a_rate_of_the_whole_account() {
    let emulator = with(|settings| (settings.paths_per_second, settings.wildcards_per_second) = (Some(10), Some(1)));
    let over = refused("TooManyInvalidationsInProgress");
    let paths: Vec<String> = (0..8).map(|n| format!("/{n}")).collect();
    let eight: Vec<&str> = paths.iter().map(String::as_str).collect();
    assert_eq!(create(&emulator, SHOP, "1", &eight, 0).0, 201);
    assert_eq!(create(&emulator, DOCS, "2", &eight, 0), over, "sixteen in one second");
    assert_eq!(
        create(&emulator, DOCS, "3", &["/a", "/b", "/w*"], 0).0,
        201,
        "what is left, and a wildcard"
    );
    assert_eq!(create(&emulator, SHOP, "4", &["/w*"], 0), over, "a second wildcard");
    assert_eq!(create(&emulator, DOCS, "2", &eight, 1).0, 201, "a second later");
    assert_eq!(
        create(&emulator, SHOP, "5", &["/v*", "/w*"], 9),
        over,
        "two wildcards never fit"
    );
    emulator.configure(|settings| settings.wildcard_rate = WildcardRate::Batches);
    assert_eq!(
        create(&emulator, SHOP, "5", &["/v*", "/w*"], 9).0,
        201,
        "unless batches are counted"
    );
}

#[test]
fn creating_calls_are_throttled_by_account_after_a_burst() {
    let emulator = with(|settings| (settings.creates_per_second, settings.create_burst) = (Some(0.5), 3));
    let call = |n: i64, seconds| {
        create(
            &emulator,
            if n % 2 == 0 { SHOP } else { DOCS },
            &format!("{n}"),
            &["/a"],
            seconds,
        )
        .0
    };
    assert_eq!([call(1, 0), call(2, 0), call(3, 0), call(4, 0)], [201, 201, 201, 400]);
    assert_eq!([call(5, 1), call(6, 2), call(7, 2), call(8, 4)], [400, 201, 400, 201]);
    assert_eq!(create(&emulator, SHOP, "9", &["/a"], 4), refused("Throttling"));
    assert_eq!(get(&emulator, "distribution", 4).status, 200, "reading is not creating");
}

#[test]
fn a_clock_that_jumps_back_gives_no_tokens_and_takes_none() {
    let emulator = with(|settings| (settings.creates_per_second, settings.create_burst) = (Some(0.5), 1));
    assert_eq!(create(&emulator, SHOP, "1", &["/a"], 100).0, 201);
    assert_eq!(create(&emulator, SHOP, "2", &["/a"], 0).0, 400);
    assert_eq!(create(&emulator, SHOP, "2", &["/a"], 2).0, 201);
}

#[test]
fn tenants_are_listed_in_pages_and_by_their_distribution() {
    let emulator = plain();
    let ask = |members: &str| {
        let body = format!("<ListDistributionTenantsRequest>{members}</ListDistributionTenantsRequest>");
        reply(emulator.handle(&Request::post("/2020-05-31/distribution-tenants", body), at(0)))
    };
    let whole = text(&ask(""));
    let ids = all(&whole, "Id");
    assert_eq!((ids.len(), all(&whole, "NextMarker").len()), (7, 0));
    let first = text(&ask("<MaxItems>3</MaxItems>"));
    assert_eq!(
        (all(&first, "Id"), one(&first, "NextMarker")),
        (ids[..3].to_vec(), ids[2].clone())
    );
    let rest = text(&ask(&format!("<MaxItems>100</MaxItems><Marker>{}</Marker>", ids[2])));
    assert_eq!(
        (all(&rest, "Id"), all(&rest, "NextMarker").len()),
        (ids[3..].to_vec(), 0)
    );
    let of = |id: &str| {
        ask(&format!(
            "<AssociationFilter><DistributionId>{id}</DistributionId></AssociationFilter>"
        ))
    };
    assert_eq!(all(&text(&of(STOREFRONTS)), "Id"), ids);
    assert_eq!(all(&text(&of(SHOP)), "Id"), Vec::<String>::new());
    assert_eq!(verdict(&of("E0")), (404, "EntityNotFound".to_owned()));
    assert_eq!(verdict(&ask("<Marker>dt_0</Marker>")), refused("InvalidArgument"));
}

#[test]
fn a_tenant_is_a_target_of_its_own() {
    let emulator = plain();
    let made = reply(emulator.handle(&creation(ACME, "r", &["/*"]), at(0)));
    let id = one(&text(&made), "Id");
    let location = made.headers.get("location").unwrap().to_str().unwrap();
    assert!(
        location.ends_with(&format!("/distribution-tenant/{ACME}/invalidation/{id}")),
        "{location}"
    );
    assert_eq!(id.len(), 25);
    assert_eq!(
        all(
            &text(&get(&emulator, &format!("distribution-tenant/{ACME}/invalidation"), 0)),
            "Id"
        ),
        std::slice::from_ref(&id)
    );
    assert_eq!(
        one(
            &text(&get(
                &emulator,
                &format!("distribution-tenant/{ACME}/invalidation/{id}"),
                10
            )),
            "Status"
        ),
        "Completed"
    );
    let parent = text(&get(&emulator, &format!("distribution/{STOREFRONTS}/invalidation"), 0));
    assert_eq!(
        all(&parent, "Id"),
        Vec::<String>::new(),
        "it does not show at the distribution"
    );
    assert_ne!(
        create(&emulator, STOREFRONTS, "r", &["/*"], 0).1,
        id,
        "references are remembered by target"
    );
}

#[test]
fn a_multi_tenant_distribution_has_no_domain_and_may_refuse_invalidations() {
    let emulator = plain();
    let xml = text(&get(&emulator, &format!("distribution/{STOREFRONTS}"), 0));
    assert_eq!(
        (
            one(&xml, "DomainName"),
            one(&xml, "ConnectionMode"),
            one(&xml, "Aliases")
        ),
        (
            "-".to_owned(),
            "tenant-only".to_owned(),
            "<Quantity>0</Quantity>".to_owned()
        )
    );
    assert_eq!(create(&emulator, STOREFRONTS, "r", &["/*"], 0).0, 201);
    emulator.configure(|settings| settings.tenant_only = TenantOnly::Refused);
    assert_eq!(
        create(&emulator, STOREFRONTS, "s", &["/*"], 0),
        refused("InvalidArgument")
    );
    assert_eq!(create(&emulator, SHOP, "s", &["/*"], 0).0, 201);
}

#[test]
fn the_demo_has_something_of_everything() {
    let emulator = Emulator::new(Options::demo());
    let list = text(&get(&emulator, "distribution", 0));
    let rows: Vec<&str> = list.split("<DistributionSummary>").skip(1).collect();
    let count = |wanted: &str| rows.iter().filter(|row| row.contains(wanted)).count();
    assert_eq!(rows.len(), 14);
    let marks = [
        "<Enabled>false</Enabled><ViewerCertificate>",
        "<Staging>true",
        "<Status>InProgress",
        ">tenant-only<",
        "<CNAME>*.",
        "<SmoothStreaming>true",
    ];
    assert_eq!(marks.map(count), [1; 6]);
    assert!(rows.iter().any(|row| !one(row, "Comment").is_ascii()));
    let history = |id: &str| {
        one(
            &text(&get(
                &emulator,
                &format!("distribution/{id}/invalidation?MaxItems=100"),
                0,
            )),
            "IsTruncated",
        )
    };
    assert_eq!(history(DOCS), "true");
    let docs = text(&get(&emulator, &format!("distribution/{DOCS}/invalidation"), 0));
    assert_eq!(all(&docs, "Status")[..2], ["InProgress", "Completed"]);
    let mut times = all(&docs, "CreateTime");
    times.reverse();
    assert!(
        times.is_sorted() && times.last().unwrap() < &"2024-10-04T12:00:00".to_owned(),
        "{times:?}"
    );
    let hosts = rows.iter().flat_map(|row| all(row, "CNAME")).collect::<Vec<_>>();
    assert!(hosts.iter().all(|host| host.ends_with(".example")), "{hosts:?}");
}

#[test]
fn a_demo_invalidation_takes_its_own_time() {
    let emulator = Emulator::new(Options::demo());
    let took: Vec<i64> = (0..8)
        .map(|n| {
            let (_, id) = create(&emulator, SHOP, &format!("r{n}"), &["/a"], 0);
            (0..60)
                .find(|seconds| {
                    text(&get(
                        &emulator,
                        &format!("distribution/{SHOP}/invalidation/{id}"),
                        *seconds,
                    ))
                    .contains(">Completed<")
                })
                .unwrap()
        })
        .collect();
    assert!(took.iter().all(|seconds| (5..=11).contains(seconds)), "{took:?}");
    assert!(took.iter().any(|seconds| *seconds != took[0]), "{took:?}");
}
