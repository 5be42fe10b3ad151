#![expect(clippy::unwrap_used, reason = "a test may end where it fails")]

use super::*;
use crate::domain::behavior::{CacheBehavior, CacheKey, QueryKey};
use crate::domain::distribution::{ConnectionMode, DistributionId, Origin, Refused};

fn at() -> DateTime<Utc> {
    "2026-11-22T11:42:00Z".parse().unwrap()
}

/// Returns the creation time of an invalidation, measured by the local clock.
fn made() -> Made {
    Made {
        at: at(),
        by_own_clock: true,
    }
}

/// Returns a sample that arrived this many seconds after the invalidation was created.
fn look(seconds: i64, response: EdgeResponse) -> EdgeSample {
    EdgeSample {
        at: at() + TimeDelta::seconds(seconds),
        result: Ok(response),
    }
}

fn response(x_cache: &str, age: Option<i64>) -> EdgeResponse {
    EdgeResponse {
        status: 200,
        x_cache: (!x_cache.is_empty()).then(|| format!("{x_cache} from cloudfront")),
        age,
        pop: Some("FRA56-P9".to_owned()),
        ..EdgeResponse::default()
    }
}

fn with_etag(response: EdgeResponse, etag: &str) -> EdgeResponse {
    EdgeResponse {
        etag: Some(etag.to_owned()),
        ..response
    }
}

#[test]
fn a_copy_older_than_the_invalidation_is_stale_and_a_younger_one_fresh() {
    let judged = |age, since| judge(&look(since, response("Hit", Some(age))), made(), &[]).word();
    let table = [
        (20_340, 30, "stale"),
        (33, 30, "stale"),
        (32, 30, "cannot tell"),
        (30, 30, "cannot tell"),
        (29, 30, "cannot tell"),
        (28, 30, "fresh"),
        (0, 30, "fresh"),
        (0, 0, "cannot tell"),
    ];
    for (age, since, expected) in table {
        assert_eq!(judged(age, since), expected, "age {age}, {since} s after");
    }
}

#[test]
fn every_word_of_the_edge_has_its_verdict() {
    let table = [
        (response("Miss", None), "fresh"),
        (response("RefreshHit", None), "fresh"),
        (response("Miss", Some(500)), "cannot tell"),
        (response("Hit", None), "cannot tell"),
        (response("", Some(3)), "cannot tell"),
        (response("FunctionGeneratedResponse", None), "cannot tell"),
        (response("LimitExceeded", None), "cannot tell"),
        (
            EdgeResponse {
                status: 404,
                ..response("Error", None)
            },
            "cannot tell",
        ),
        (
            EdgeResponse {
                status: 301,
                location: Some("https://b/".into()),
                ..response("Miss", None)
            },
            "cannot tell",
        ),
        (
            EdgeResponse {
                status: 200,
                age: Some(9_000),
                ..EdgeResponse::default()
            },
            "cannot tell",
        ),
    ];
    for (response, expected) in table {
        let verdict = judge(&look(30, response.clone()), made(), &[]);
        assert_eq!(verdict.word(), expected, "{response:?}: {}", verdict.reason());
    }
    let silent = EdgeSample {
        at: at(),
        result: Err("no response within 10 s".to_owned()),
    };
    assert_eq!(
        judge(&silent, made(), &[]),
        Verdict::CannotTell("no response within 10 s".to_owned())
    );
}

#[test]
fn what_was_seen_before_tells_whether_the_content_changed() {
    let before = [look(-30, with_etag(response("Hit", Some(9_000)), "a"))];
    let judged = |now: EdgeResponse| judge(&look(30, now), made(), &before).reason().to_owned();
    assert_eq!(
        judged(with_etag(response("Miss", None), "b")),
        "fetched from the origin just now; the content changed"
    );
    assert_eq!(
        judged(with_etag(response("Miss", None), "a")),
        "fetched from the origin just now; the origin still serves the same content"
    );
    let ageless = with_etag(response("Hit", None), "b");
    assert_eq!(judge(&look(30, ageless), made(), &before).word(), "fresh");
}

/// Returns the verdict's word and reason as one string.
fn told(now: EdgeResponse, made: Made, earlier: &[EdgeSample]) -> String {
    let verdict = judge(&look(30, now), made, earlier);
    format!("{}: {}", verdict.word(), verdict.reason())
}

#[test]
fn an_invalidation_of_another_clock_needs_more_between_it_and_a_copy() {
    let elsewhere = Made {
        by_own_clock: false,
        ..made()
    };
    let word = |age| judge(&look(30, response("Hit", Some(age))), elsewhere, &[]).word();
    assert_eq!(
        [20, 24, 25, 28, 30, 36, 37].map(word),
        [
            "fresh",
            "fresh",
            "cannot tell",
            "cannot tell",
            "cannot tell",
            "cannot tell",
            "stale"
        ]
    );
}

#[test]
fn an_age_that_the_origin_sends_proves_nothing_about_the_edge() {
    let old = || response("Hit", Some(9_000));
    assert!(told(old(), made(), &[]).starts_with("stale"));
    let through = |via: &str| EdgeResponse {
        via: Some(via.to_owned()),
        ..old()
    };
    let own = through("1.1 a1b2.cloudfront.net (CloudFront)");
    assert!(told(own, made(), &[]).starts_with("stale"));
    let varnish = through("1.1 varnish, 1.1 a1b2.cloudfront.net (CloudFront)");
    assert!(told(varnish, made(), &[]).starts_with("cannot tell: this copy is 2 h old, but a cache between"));
    let missed = [look(-60, response("Miss", Some(8_900)))];
    assert!(told(old(), made(), &missed).starts_with("cannot tell"));
}

#[test]
fn x_cache_is_never_missing_at_cloudfront() {
    let before = [look(-30, with_etag(response("", None), "a"))];
    let sentence = "cannot tell: no X-Cache header, which CloudFront always sends; another CDN responded";
    assert_eq!(told(with_etag(response("", None), "b"), made(), &before), sentence);
}

#[test]
fn the_same_response_twice_is_that_of_another_cdn() {
    let miss = |id: &str| EdgeResponse {
        edge_id: Some(id.to_owned()),
        ..response("Miss", None)
    };
    assert!(told(miss("a"), made(), &[look(10, miss("b"))]).starts_with("fresh"));
    let after = told(miss("a"), made(), &[look(10, miss("a"))]);
    assert!(
        after.starts_with("cannot tell: X-Amz-Cf-Id is the same as before"),
        "{after}"
    );
    let before = told(miss("a"), made(), &[look(-10, miss("a"))]);
    assert!(
        before.starts_with("stale: another CDN in front of CloudFront"),
        "{before}"
    );
    // A response does not count as its own predecessor.
    assert!(told(miss("a"), made(), &[look(30, miss("a"))]).starts_with("fresh"));
}

#[test]
fn errors_and_redirects_are_as_careful_as_a_hit_as_they_are_as_a_miss() {
    let error = |word, age| EdgeResponse {
        status: 403,
        ..response(word, age)
    };
    let redirect = |word, age| EdgeResponse {
        status: 301,
        location: Some("https://b/".to_owned()),
        ..response(word, age)
    };
    for word in ["Miss", "Hit", "Error"] {
        let age = (word != "Miss").then_some(3);
        assert_eq!(
            told(error(word, age), made(), &[]),
            "cannot tell: the response status is 403",
            "{word}"
        );
        let sentence = "cannot tell: the response is a redirect, which was not followed";
        assert_eq!(told(redirect(word, age), made(), &[]), sentence, "{word}");
    }
    for word in ["Hit", "Error"] {
        let sentence = "stale: the cached 403 response is 2 h old, the invalidation only 30 s";
        assert_eq!(told(error(word, Some(9_000)), made(), &[]), sentence, "{word}");
    }
    assert!(told(redirect("Hit", Some(9_000)), made(), &[]).starts_with("stale: this copy"));
}

fn distribution() -> Distribution {
    Distribution {
        id: DistributionId::new("E1"),
        arn: String::new(),
        etag: None,
        status: "InProgress".to_owned(),
        last_modified: at(),
        domain_name: "d1.cloudfront.net".to_owned(),
        aliases: vec!["*.shop.example".to_owned(), "www.shop.example".to_owned()],
        origins: vec![Origin {
            id: "o".to_owned(),
            domain_name: "o.example".to_owned(),
            origin_path: "/web".to_owned(),
        }],
        comment: String::new(),
        enabled: true,
        staging: false,
        price_class: "PriceClass_All".to_owned(),
        http_version: "http2".to_owned(),
        connection_mode: ConnectionMode::Direct,
        behaviors: vec![CacheBehavior {
            path_pattern: "*".to_owned(),
            cache_key: Some(CacheKey {
                query: QueryKey::All,
                ..CacheKey::default()
            }),
            signed: true,
            ..CacheBehavior::default()
        }],
        refuses: Refused::default(),
    }
}

#[test]
fn all_that_may_keep_the_old_content_before_a_reader_is_said() {
    let distribution = distribution();
    let config = DistributionConfig {
        distribution: distribution.clone(),
        cache_tag_header: None,
        default_root_object: String::new(),
        in_progress_batches: 0,
        continuous_deployment: None,
    };
    let served = Context::of(&distribution, Some(&config));
    let items = ["/web/a".to_owned(), "#t".to_owned()];
    let circumstances = Circumstances {
        distribution: Some(&distribution),
        config: Some(&config),
        items: &items,
        served: &served,
    };
    let kept = EdgeResponse {
        cache_control: Some("public, max-age=300, s-maxage=86400".to_owned()),
        ..EdgeResponse::default()
    };
    assert_eq!(
        remarks(&[&kept], &circumstances),
        [
            "this check is inconclusive: it has no signature, and CloudFront requires signed URLs or signed cookies",
            "browsers may show their own copy for up to 5 min; invalidations do not reach browsers",
            "a change to the distribution is still being deployed",
            "/web is the origin path, which is not part of viewer URLs",
            "each query string has its own cached copy; a path that ends in * clears them all",
            "tags clear nothing because the distribution has no cache tag header",
        ]
    );
    let nothing = Circumstances {
        distribution: None,
        config: None,
        items: &[],
        served: &Context::default(),
    };
    let asked_each_time = EdgeResponse {
        cache_control: Some("max-age=300, no-cache".to_owned()),
        ..EdgeResponse::default()
    };
    assert_eq!(remarks(&[&asked_each_time], &nothing), Vec::<String>::new());
}

#[test]
fn the_host_is_a_name_that_can_be_asked() {
    let host = |change: fn(&mut Distribution)| {
        let mut distribution = distribution();
        change(&mut distribution);
        crate::domain::edge::host_of(&distribution).ok()
    };
    assert_eq!(host(|_| ()), Some("www.shop.example".to_owned()));
    assert_eq!(host(|d| d.aliases.truncate(1)), Some("d1.cloudfront.net".to_owned()));
    assert_eq!(host(|d| (d.domain_name, d.aliases) = ("-".to_owned(), vec![])), None);
    assert_eq!(host(|d| d.enabled = false), None);
}
