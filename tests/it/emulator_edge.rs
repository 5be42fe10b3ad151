//! The emulator's edge: what viewers get before, during and after an invalidation.

use http::Method;
use invalidash::emulator::{
    Behavior, CacheKey, Distribution, Emulator, Fault, Operation, Options, Outcome, Reply, Request, TenantOnly, Trouble,
};

use crate::emulator::{ACME, DOCS, SHOP, STOREFRONTS, at, create, plain, reply, with};

const SHOP_HOST: &str = "www.lumen-shop.example";
const NEWS_HOST: &str = "www.tagblatt-nord.example";

fn header(reply: &Reply, name: &str) -> String {
    reply
        .headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default()
        .to_owned()
}

fn view(emulator: &Emulator, host: &str, path: &str, seconds: i64) -> Reply {
    reply(emulator.handle(&Request::get(path).with_host(host), at(seconds)))
}

/// `Hit`, `Miss` …
fn result(emulator: &Emulator, host: &str, path: &str, seconds: i64) -> String {
    header(&view(emulator, host, path, seconds), "x-cache").replace(" from cloudfront", "")
}

#[test]
fn a_page_is_fetched_once_and_then_served_from_the_cache() {
    let emulator = plain();
    let seen: Vec<_> = [0, 1, 90]
        .map(|seconds| view(&emulator, SHOP_HOST, "/a.html", seconds))
        .to_vec();
    let told = |name: &str| seen.iter().map(|reply| header(reply, name)).collect::<Vec<_>>();
    assert_eq!(
        told("x-cache"),
        ["Miss from cloudfront", "Hit from cloudfront", "Hit from cloudfront"]
    );
    assert_eq!(told("age"), ["", "1", "90"]);
    assert_eq!(told("cache-control"), vec!["public, max-age=300, s-maxage=86400"; 3]);
    assert!(
        told("etag")
            .iter()
            .all(|etag| etag.len() == 34 && *etag == told("etag")[0])
    );
    assert!(told("via")[0].ends_with(".cloudfront.net (CloudFront)") && told("x-amz-cf-pop")[0] == "FRA56-P9");
    assert!(told("x-amz-cf-id")[0].len() == 56 && told("x-amz-cf-id")[0] != told("x-amz-cf-id")[1]);
    assert_eq!(told("date")[2], "Fri, 04 Oct 2024 12:01:30 GMT");
    assert!(!told("last-modified")[0].is_empty());
}

#[test]
fn the_whole_loop_stale_invalidate_fresh() {
    let emulator = with(|settings| (settings.completion_delay_ms, settings.effect_delay_ms) = (10_000, 4_000));
    let first = view(&emulator, SHOP_HOST, "/a.html", 0);
    emulator.publish(Some(SHOP), at(10));
    let stale = view(&emulator, SHOP_HOST, "/a.html", 20);
    assert_eq!(
        (header(&stale, "x-cache").as_str(), &stale.body),
        ("Hit from cloudfront", &first.body)
    );
    create(&emulator, SHOP, "r", &["/a.html"], 30);
    assert_eq!(
        result(&emulator, SHOP_HOST, "/a.html", 33),
        "Hit",
        "it has not arrived yet"
    );
    let fresh = view(&emulator, SHOP_HOST, "/a.html", 34);
    assert_eq!(header(&fresh, "x-cache"), "Miss from cloudfront");
    assert_ne!(
        (header(&fresh, "etag"), &fresh.body),
        (header(&stale, "etag"), &stale.body)
    );
    assert_eq!(header(&fresh, "last-modified"), "Fri, 04 Oct 2024 12:00:10 GMT");
    let after = view(&emulator, SHOP_HOST, "/a.html", 36);
    assert_eq!(
        (header(&after, "x-cache").as_str(), header(&after, "age").as_str()),
        ("Hit from cloudfront", "2")
    );
}

#[test]
fn the_edge_is_never_cleared_later_than_the_status_says() {
    let emulator = with(|settings| (settings.completion_delay_ms, settings.effect_delay_ms) = (2_000, 60_000));
    view(&emulator, SHOP_HOST, "/x", 0);
    create(&emulator, SHOP, "r", &["/x"], 0);
    assert_eq!(
        [1, 2].map(|seconds| result(&emulator, SHOP_HOST, "/x", seconds)),
        ["Hit", "Miss"]
    );
}

#[test]
fn a_request_in_absolute_form_names_its_host_in_the_address() {
    let build = |host: Option<&str>| {
        let builder = http::Request::builder().uri("http://www.lumen-shop.example/x?w=1");
        let builder = host
            .into_iter()
            .fold(builder, |builder, host| builder.header("host", host));
        builder.body(bytes::Bytes::new()).map(Request::from).unwrap_or_default()
    };
    let emulator = plain();
    let x_cache = |request: Request| header(&reply(emulator.handle(&request, at(0))), "x-cache");
    assert_eq!(x_cache(build(None)), "Miss from cloudfront");
    assert_eq!(
        x_cache(build(Some("127.0.0.1:4566"))),
        "",
        "the header stands if there is one"
    );
    assert_eq!(
        format!("{:?}", build(Some("secret"))),
        "GET /x?w=1 (0 bytes)",
        "headers are never printed"
    );
}

#[test]
fn a_page_fetched_between_creation_and_effect_is_cleared_too_and_a_later_one_is_not() {
    let emulator = with(|settings| settings.effect_delay_ms = 4_000);
    create(&emulator, SHOP, "r", &["/*"], 0);
    assert_eq!(
        [1, 2, 5, 6].map(|seconds| result(&emulator, SHOP_HOST, "/x", seconds)),
        ["Miss", "Hit", "Miss", "Hit"]
    );
}

/// What is warm, what is invalidated, and what is then missing.
#[test]
fn what_an_invalidation_clears() {
    // /img/* keeps variants by the parameters w and q; everything else by path; `index.html` is the root object.
    let warm = [
        "/",
        "/de/a",
        "/de/b",
        "/detail",
        "/img/x.jpg",
        "/img/x.jpg?w=1",
        "/img/x.jpg?w=2",
        "/page?utm=1",
        "/caf%C3%A9",
    ];
    let cases: &[(&[&str], &[&str])] = &[
        (&["/de/a"], &["/de/a"]),
        (&["/de/*"], &["/de/a", "/de/b"]),
        (&["/de*"], &["/de/a", "/de/b", "/detail"]),
        (&["/*"], &warm),
        (&["/"], &["/"]),
        (&["/index.html"], &["/"]),
        (&["/img/x.jpg"], &["/img/x.jpg"]),
        (&["/img/x.jpg?w=1"], &["/img/x.jpg?w=1"]),
        (&["/img/x.jpg?*"], &["/img/x.jpg?w=1", "/img/x.jpg?w=2"]),
        (&["/img/x.jpg*"], &["/img/x.jpg", "/img/x.jpg?w=1", "/img/x.jpg?w=2"]),
        (&["/page"], &["/page?utm=1"]),
        (&["/page?utm=1"], &[]),
        (&["/caf%C3%A9"], &["/caf%C3%A9"]),
        (&["/caf%c3%a9"], &[]),
        (&["/DE/a", "/de/a/", "/de%2A", "/nothing"], &[]),
        (&["#section:de"], &[]),
    ];
    for (items, cleared) in cases {
        let emulator = plain();
        for path in warm {
            view(&emulator, SHOP_HOST, path, 0);
        }
        assert_eq!(create(&emulator, SHOP, "r", items, 1).0, 201, "{items:?}");
        let missing: Vec<&str> = warm
            .into_iter()
            .filter(|path| result(&emulator, SHOP_HOST, path, 20) == "Miss")
            .collect();
        assert_eq!(missing, *cleared, "{items:?}");
    }
}

#[test]
fn a_tilde_cannot_be_cleared_but_by_a_wildcard_before_it() {
    let emulator = plain();
    view(&emulator, SHOP_HOST, "/a~b", 0);
    create(&emulator, SHOP, "1", &["/a%7Eb"], 1);
    assert_eq!(result(&emulator, SHOP_HOST, "/a~b", 20), "Hit");
    create(&emulator, SHOP, "2", &["/a*"], 21);
    assert_eq!(result(&emulator, SHOP_HOST, "/a~b", 40), "Miss");
}

#[test]
fn tags_clear_where_they_are_configured() {
    let emulator = plain();
    let pages = [
        "/politik/artikel-1042.html",
        "/politik/artikel-1043.html",
        "/sport/artikel-1042.html",
    ];
    let missing_after = |items: &[&str], start: i64| {
        for page in pages {
            view(&emulator, NEWS_HOST, page, start);
        }
        create(&emulator, "E4NEWS2CB9F3TG", &format!("{start}"), items, start + 1);
        pages
            .into_iter()
            .filter(|page| result(&emulator, NEWS_HOST, page, start + 20) == "Miss")
            .collect::<Vec<_>>()
    };
    let tags = header(&view(&emulator, NEWS_HOST, pages[0], 0), "cache-tag");
    assert_eq!(tags, "site, section:politik, article:1042");
    assert_eq!(missing_after(&["#article:1042"], 100), [pages[0], pages[2]]);
    assert_eq!(missing_after(&["#SECTION:Politik"], 200), [pages[0], pages[1]]);
    assert_eq!(missing_after(&["#section:*"], 300), [""; 0], "no wildcards in tags");
    assert_eq!(missing_after(&["#site", "/nothing"], 400), pages);
}

#[test]
fn smooth_streaming_is_not_cleared() {
    let emulator = plain();
    for path in ["/smooth/film.ism", "/hls/film"] {
        view(&emulator, "vod.kino-sued.example", path, 0);
    }
    create(&emulator, "E5VIDEO9MW4PLA", "r", &["/*"], 1);
    let after = ["/smooth/film.ism", "/hls/film"].map(|path| result(&emulator, "vod.kino-sued.example", path, 20));
    assert_eq!(after, ["Hit", "Miss"]);
}

#[test]
fn what_is_never_kept_and_what_is_kept_by_its_whole_query() {
    let emulator = plain();
    let api = "api.lumen.example";
    assert_eq!(
        [0, 1].map(|seconds| result(&emulator, api, "/v2/me", seconds)),
        ["Miss", "Miss"]
    );
    assert_eq!(
        header(&view(&emulator, api, "/v2/me", 2), "cache-control"),
        "private, no-store"
    );
    let kept =
        ["/v2/catalog?a=1&b=2", "/v2/catalog?b=2&a=1", "/v2/catalog"].map(|path| result(&emulator, api, path, 3));
    assert_eq!(kept, ["Miss", "Miss", "Miss"]);
    assert_eq!(result(&emulator, api, "/v2/catalog?a=1&b=2", 4), "Hit");
}

#[test]
fn only_the_parameters_of_the_key_tell_copies_apart() {
    let emulator = plain();
    let paths = [
        "/search?q=x&utm=1",
        "/search?utm=2&q=x",
        "/search?q=y",
        "/search?page=2&q=x",
    ];
    assert_eq!(
        paths.map(|path| result(&emulator, SHOP_HOST, path, 0)),
        ["Miss", "Hit", "Miss", "Miss"]
    );
}

#[test]
fn an_expired_copy_is_asked_about() {
    let emulator = plain();
    let results = |seconds: [i64; 4]| seconds.map(|seconds| result(&emulator, SHOP_HOST, "/a", seconds));
    assert_eq!(
        results([0, 86_399, 86_400, 86_401]),
        ["Miss", "Hit", "RefreshHit", "Hit"]
    );
    emulator.publish(None, at(90_000));
    assert_eq!(
        results([90_001, 172_799, 172_800, 172_801]),
        ["Hit", "Hit", "Miss", "Hit"]
    );
}

#[test]
fn errors_are_not_kept() {
    let emulator = plain();
    let missing = view(&emulator, SHOP_HOST, "/missing.html", 0);
    assert_eq!(
        (missing.status.as_u16(), header(&missing, "x-cache")),
        (404, "Error from cloudfront".to_owned())
    );
    let disabled = view(&emulator, "old.lumen-shop.example", "/", 0);
    assert_eq!(
        (disabled.status.as_u16(), header(&disabled, "x-cache")),
        (403, "Error from cloudfront".to_owned())
    );
    let post = Request::post("/", "").with_host(SHOP_HOST);
    assert_eq!(reply(emulator.handle(&post, at(0))).status, 403);
}

#[test]
fn head_is_a_get_without_the_body() {
    let emulator = plain();
    let whole = view(&emulator, SHOP_HOST, "/a", 0);
    let head = reply(emulator.handle(
        &Request::get("/a").with_host(SHOP_HOST).with_method(Method::HEAD),
        at(1),
    ));
    assert_eq!(
        (head.body.len(), header(&head, "content-length")),
        (0, whole.body.len().to_string())
    );
    assert_eq!(
        (header(&head, "etag"), header(&head, "x-cache").as_str()),
        (header(&whole, "etag"), "Hit from cloudfront")
    );
}

#[test]
fn a_host_names_its_distribution() {
    let emulator = plain();
    let twin = Distribution {
        id: "ETWIN".into(),
        aliases: vec!["special.apps.lumen.example".into()],
        ..Distribution::default()
    };
    emulator.put(twin, at(0));
    let etag = |host: &str| header(&view(&emulator, host, "/x", 0), "etag");
    let preview = etag("pr-7.apps.lumen.example");
    assert_eq!(
        [
            etag("PR-8.apps.lumen.example:8080"),
            etag("d4w8p2r6v0yn1a.cloudfront.net")
        ],
        [preview.clone(), preview.clone()]
    );
    assert_ne!(
        etag("special.apps.lumen.example"),
        preview,
        "the more specific name wins"
    );
    let nobody = view(&emulator, "nobody.example", "/x", 0);
    assert_eq!(
        (nobody.status.as_u16(), header(&nobody, "x-cache")),
        (404, String::new())
    );
}

#[test]
fn a_tenant_has_a_cache_of_its_own() {
    let hosts = ["acme-bikes.example", "bluebird-books.example"];
    let after = |target: &str, tenant_only: TenantOnly| {
        let emulator = with(|settings| settings.tenant_only = tenant_only);
        for host in hosts {
            assert_eq!(result(&emulator, host, "/x", 0), "Miss");
        }
        create(&emulator, target, "r", &["/*"], 1);
        hosts.map(|host| result(&emulator, host, "/x", 20))
    };
    assert_eq!(after(ACME, TenantOnly::ClearsAllTenants), ["Miss", "Hit"]);
    assert_eq!(after(STOREFRONTS, TenantOnly::ClearsAllTenants), ["Miss", "Miss"]);
    assert_eq!(after(STOREFRONTS, TenantOnly::ClearsNothing), ["Hit", "Hit"]);
}

#[test]
fn another_distribution_s_invalidation_clears_nothing() {
    let emulator = plain();
    view(&emulator, SHOP_HOST, "/a", 0);
    create(&emulator, DOCS, "r", &["/*"], 1);
    assert_eq!(result(&emulator, SHOP_HOST, "/a", 20), "Hit");
}

#[test]
fn tags_without_configuration_are_accepted_and_clear_nothing() {
    let emulator = plain();
    let untagged = Behavior {
        cache_key: CacheKey::Path,
        ..Behavior::default()
    };
    let site = Distribution {
        id: "EUNTAGGED".into(),
        aliases: vec!["u.example".into()],
        default_behavior: untagged,
        ..Distribution::default()
    };
    emulator.put(site, at(0));
    view(&emulator, "u.example", "/sport/x", 0);
    assert_eq!(
        create(&emulator, "EUNTAGGED", "r", &["#site", "#section:sport"], 1).0,
        201
    );
    assert_eq!(result(&emulator, "u.example", "/sport/x", 20), "Hit");
}

#[test]
fn the_demo_shows_a_stale_page_that_an_invalidation_makes_fresh() {
    let emulator = Emulator::new(Options::demo());
    let stale = view(&emulator, SHOP_HOST, "/", 0);
    let age: i64 = header(&stale, "age").parse().unwrap_or_default();
    assert!(
        header(&stale, "x-cache") == "Hit from cloudfront" && age >= 1_200,
        "{age}"
    );
    create(&emulator, SHOP, "r", &["/index.html"], 1);
    let fresh = view(&emulator, SHOP_HOST, "/", 12);
    assert_eq!(header(&fresh, "x-cache"), "Miss from cloudfront");
    assert_eq!(header(&fresh, "last-modified"), "Fri, 04 Oct 2024 11:56:00 GMT");
    assert_ne!(stale.body, fresh.body);
}

#[test]
fn trouble_at_the_edge_is_ordered_apart() {
    let emulator = plain();
    emulator.inject(Fault::new(Trouble::ServiceUnavailable));
    assert_eq!(
        result(&emulator, SHOP_HOST, "/a", 0),
        "Miss",
        "the API's trouble is not the edge's"
    );
    emulator.inject(Fault::new(Trouble::Hang).on(Operation::Edge).at(SHOP_HOST));
    assert_eq!(
        emulator.handle(&Request::get("/a").with_host(SHOP_HOST), at(0)),
        Outcome::Hang
    );
    assert_eq!(result(&emulator, SHOP_HOST, "/a", 0), "Hit");
    assert_eq!(emulator.received().operations.get(&Operation::Edge), Some(&3));
}
