//! What may be sent, what would be sent, and what is reported about a line: a table of cases, and properties that hold
//! for any text.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cases;

use invalidash::domain::behavior::{CacheBehavior, CacheKey, FunctionKind, QueryKey, ViewerFunction};
use invalidash::domain::distribution::Refused;
use invalidash::domain::encoding;
use invalidash::domain::item::{Item, ItemKind};
use invalidash::domain::lint::{Code, Context, Line, RULES, Severity, Shape, apply_safe_fixes, lint};
use invalidash::domain::text::visible;
use proptest::prelude::*;

use cases::{Case, Fix};

/// A distribution of which everything is known: two hosts, an origin path, video behind Smooth Streaming, query
/// strings in the cache key of `/api/*` only.
fn shop() -> Context {
    let behavior = |path_pattern: &str, smooth_streaming, query_string| CacheBehavior {
        path_pattern: path_pattern.to_owned(),
        smooth_streaming,
        cache_key: Some(CacheKey {
            query: if query_string { QueryKey::All } else { QueryKey::None },
            ..CacheKey::default()
        }),
        ..CacheBehavior::default()
    };
    Context {
        hosts: ["www.shop.example", "*.m.shop.example", "d111111abcdef8.cloudfront.net"]
            .map(str::to_owned)
            .into(),
        other_hosts: [("docs.example".to_owned(), "E3ZYXWVUTSRQPO".to_owned())].into(),
        cache_tags: Some(true),
        tags_denied: false,
        china: false,
        default_root_object: Some("home.html".to_owned()),
        origin_paths: vec!["/web".to_owned()],
        behaviors: vec![
            behavior("/video/*", true, false),
            behavior("/api/*", false, true),
            behavior("*", false, false),
        ],
        ..Context::default()
    }
}

/// A distribution of which everything is known that decides what a path clears: functions, cache policies, signed URLs and a
/// staging distribution.
fn served() -> Context {
    let behavior = |path_pattern: &str| CacheBehavior {
        path_pattern: path_pattern.to_owned(),
        cache_key: Some(CacheKey::default()),
        ..CacheBehavior::default()
    };
    let function = |kind, arn| Some(ViewerFunction::of_arn(kind, arn));
    let names = |name: &str| vec![name.to_owned()];
    Context {
        cache_tags: Some(true),
        staging_twin: Some("E5STAGINGCOPY1".to_owned()),
        behaviors: vec![
            CacheBehavior {
                viewer_function: function(FunctionKind::CloudFront, "arn:aws:cloudfront::1:function/blog"),
                ..behavior("/blog/*")
            },
            CacheBehavior {
                viewer_function: function(FunctionKind::Lambda, "arn:aws:lambda:us-east-1:1:function:app:3"),
                ..behavior("app/*")
            },
            CacheBehavior {
                cache_key: Some(CacheKey {
                    query: QueryKey::Only(names("q")),
                    headers: names("Accept-Language"),
                    cookies: true,
                }),
                ..behavior("/search*")
            },
            CacheBehavior {
                cache_key: Some(CacheKey {
                    query: QueryKey::Except(names("utm")),
                    ..CacheKey::default()
                }),
                ..behavior("/list/*")
            },
            CacheBehavior {
                signed: true,
                ..behavior("/members/*")
            },
            behavior("*"),
        ],
        ..Context::default()
    }
}

fn kind(line: &Line<'_>) -> &'static str {
    match line.shape {
        Shape::Blank => "blank",
        Shape::Comment => "comment",
        Shape::Item(kind) => kind.as_str(),
    }
}

#[track_caller]
fn holds(case: Case, context: &Context) {
    let line = lint(case.0, context);
    let diagnostics = line.diagnostics(context);
    let codes: Vec<_> = diagnostics.iter().map(|diagnostic| diagnostic.code.as_str()).collect();
    let fix = diagnostics.iter().find_map(|diagnostic| diagnostic.fix.as_ref());
    let is = match (fix, case.4) {
        (None, Fix::None) => true,
        (Some(fix), Fix::Safe(text)) => fix.safe && fix.replacement == text,
        (Some(fix), Fix::Offer(text)) => !fix.safe && fix.replacement == text,
        _ => false,
    };
    assert_eq!(
        (case.0, &*line.wire, kind(&line), &*codes.join(" ")),
        (case.0, case.1, case.2, case.3)
    );
    assert!(is, "{case:?}: the fix is {fix:?}");
}

#[test]
fn every_case_of_the_table_holds() {
    let without_tags = Context {
        cache_tags: Some(false),
        ..Context::default()
    };
    let without_a_right = Context {
        tags_denied: true,
        ..Context::default()
    };
    let china = Context {
        china: true,
        ..Context::default()
    };
    let without_root = Context {
        default_root_object: Some(String::new()),
        ..Context::default()
    };
    let strict = Context {
        refuses: Refused {
            by_country: true,
            ..Refused::default()
        },
        ..Context::default()
    };
    let tables = [
        (cases::ANYWHERE, Context::default()),
        (cases::SHOP, shop()),
        (cases::WITHOUT_TAGS, without_tags),
        (cases::WITHOUT_A_RIGHT, without_a_right),
        (cases::CHINA, china),
        (cases::WITHOUT_ROOT, without_root),
        (cases::SERVED, served()),
        (cases::STRICT, strict),
    ];
    for (table, context) in tables {
        for &case in table {
            holds(case, &context);
        }
    }
}

#[test]
fn the_longest_path_is_counted_as_it_is_sent() {
    let context = Context::default();
    let codes = |raw: &str| lint(raw, &context).codes;
    let longest = format!("/{}", "a".repeat(3_995));
    assert!(!codes(&format!("{longest}/x.a")).has_error(), "4,000 characters");
    assert!(codes(&format!("{longest}/xy.a")).contains(Code::TooLong));
    assert!(
        codes(&format!("{longest}/é")).contains(Code::TooLong),
        "é is six characters on the wire"
    );
    let line = format!("/a/{}/b%20c", "x".repeat(3_999));
    let fix = lint(&line, &context).diagnostics(&context).remove(0).fix.unwrap();
    assert_eq!((fix.replacement.as_str(), fix.safe), ("/a/*", false));
    let flat = format!("/{}%20{}", "x".repeat(3_996), "y".repeat(9));
    let fix = lint(&flat, &context).diagnostics(&context).remove(0).fix.unwrap();
    assert_eq!(
        fix.replacement,
        format!("/{}*", "x".repeat(3_996)),
        "an escape is not cut in two"
    );
}

#[test]
fn the_longest_tag_is_256_characters() {
    let context = Context::default();
    assert!(!lint(&format!("#{}", "a".repeat(256)), &context).codes.has_error());
    assert!(
        lint(&format!("#{}", "a".repeat(257)), &context)
            .codes
            .contains(Code::TagFormat)
    );
}

/// The codes that only a whole list can give.
const AMONG_OTHERS: [Code; 3] = [Code::PerhapsCovered, Code::Covered, Code::Duplicate];

#[test]
fn the_table_of_cases_meets_every_rule() {
    let tables = [
        cases::ANYWHERE,
        cases::SHOP,
        cases::WITHOUT_TAGS,
        cases::WITHOUT_A_RIGHT,
        cases::CHINA,
        cases::WITHOUT_ROOT,
        cases::SERVED,
        cases::STRICT,
    ];
    let met = |name: &str| {
        tables
            .concat()
            .iter()
            .any(|case| case.3.split(' ').any(|code| code == name))
    };
    let long = Code::TooLong;
    let missing: Vec<_> = RULES
        .iter()
        .filter(|rule| !met(rule.name) && rule.code != long && !AMONG_OTHERS.contains(&rule.code))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(tables.concat().len() >= 150);
}

/// Text as it gets into a composer: pieces that mean something, and anything else.
fn raw_line() -> impl Strategy<Value = String> {
    let marks = [
        "/",
        "*",
        "?",
        "#",
        "~",
        "%",
        "%20",
        "%2A",
        "%7e",
        "%c3%A9",
        "%2520",
        "index.html",
    ];
    let oddities = [
        " ", "\t", "\u{a0}", "\u{200b}", "\\", "\"", "'", ",", "//", "/../", "./", "é", "e\u{301}",
    ];
    let notations = [
        "\"/a\"",
        "[\"",
        "\"]",
        "\\/",
        "\t/",
        ",/",
        ";",
        "“",
        "”",
        "{id}",
        "${X}",
        "&amp;",
        "&#42;",
        "M\t",
        "upload: ",
        " to s3://b/k",
        "[x](",
        ")",
        "＊",
        "／",
        "…",
        "+",
        "undefined",
        ":p",
        "\\303\\251",
        "\"Items\": [",
        "{",
    ];
    let beginnings = [
        "https://www.shop.example",
        "//www.shop.example",
        "docs.example",
        "s3://b",
        "C:/Program Files/Git",
        "/web",
    ];
    let one_of = |texts: &[&str]| prop::sample::select(texts.iter().map(ToString::to_string).collect::<Vec<_>>());
    let pieces = prop_oneof![
        6 => "[a-c/]{1,4}",
        3 => one_of(&marks),
        2 => one_of(&oddities),
        3 => one_of(&notations),
        1 => one_of(&beginnings),
        1 => any::<char>().prop_map(String::from),
    ];
    prop_oneof![9 => prop::collection::vec(pieces, 0..7).prop_map(|pieces| pieces.concat()), 1 => any::<String>()]
}

/// What a suggestion can always mend itself: it must not be in one even where an error has hidden it.
const MENDABLE: [Code; 6] = [
    Code::ListSeparator,
    Code::HtmlEntity,
    Code::FullUrl,
    Code::Whitespace,
    Code::Encoded,
    Code::LonePercent,
];

/// The first suggestion of a line that makes it worse: one that has an error, brings a new warning, or does not look
/// like a path. What an error has hidden is not new, that a suggestion clears everything it says itself, and a wildcard that
/// clears more may meet what cannot be cleared.
fn worse(raw: &str, context: &Context) -> Option<String> {
    let line = lint(raw, context);
    let is_new = |code: &Code| {
        let hidden = line.codes.has_error() && !MENDABLE.contains(code);
        let reach = [Code::WholeSite, Code::SmoothStreaming].contains(code);
        code.severity() >= Severity::Warning && !reach && !line.codes.contains(*code) && !hidden
    };
    let is_worse = |text: &str| {
        let judged = lint(text, context);
        match judged.shape {
            Shape::Comment => text.contains('\n'),
            Shape::Blank => true,
            Shape::Item(_) => {
                let looks = |c: char| !c.is_whitespace() && !matches!(c, '"' | '{' | '}' | '“' | '”');
                let is_path = text.starts_with('#') || text.starts_with('/') && text.chars().all(looks);
                !judged.is_ok() || judged.codes.iter().any(|code| is_new(&code)) || !is_path
            }
        }
    };
    let diagnostics = line.diagnostics(context);
    let fixes = diagnostics
        .iter()
        .filter_map(|diagnostic| Some((diagnostic.code, diagnostic.fix.as_ref()?)));
    let mut worse = fixes.filter(|(_, fix)| fix.replacement.is_empty() || fix.replacement.lines().any(is_worse));
    worse
        .next()
        .map(|(code, fix)| format!("{code} of {raw:?}: {:?}", fix.replacement))
}

#[test]
fn no_suggestion_of_the_table_makes_it_worse() {
    let tables = [
        cases::ANYWHERE,
        cases::SHOP,
        cases::WITHOUT_TAGS,
        cases::WITHOUT_A_RIGHT,
        cases::CHINA,
        cases::WITHOUT_ROOT,
        cases::SERVED,
        cases::STRICT,
    ];
    for &(raw, ..) in &tables.concat() {
        for context in [Context::default(), shop(), served()] {
            assert_eq!(worse(raw, &context), None);
        }
    }
}

fn context() -> impl Strategy<Value = Context> {
    let tags = |cache_tags| Context {
        cache_tags: Some(cache_tags),
        ..shop()
    };
    prop::sample::select(vec![Context::default(), shop(), tags(false), served()])
}

/// So many cases of each property; `PROPTEST_CASES=100000` tries more.
fn count() -> u32 {
    let told = std::env::var("PROPTEST_CASES").ok();
    told.and_then(|cases| cases.parse().ok()).unwrap_or(2_000)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(count()))]

    #[test]
    fn what_may_be_sent_is_an_item_and_nothing_else_is(raw in raw_line(), context in context()) {
        let line = lint(&raw, &context);
        let item = Item::from_wire(&line.wire);
        if line.is_ok() {
            prop_assert_eq!(Shape::Item(item.unwrap().kind()), line.shape);
        } else if line.codes.contains(Code::InnerWildcard) || line.codes.contains(Code::Tilde) || line.codes.contains(Code::MissingSlash) {
            prop_assert!(item.is_err(), "{}", line.wire);
        }
    }

    #[test]
    fn the_wire_form_of_a_path_is_its_own_wire_form(raw in raw_line(), context in context()) {
        let line = lint(&raw, &context);
        if line.is_ok() && line.shape != Shape::Item(ItemKind::Tag) {
            prop_assert!(encoding::is_wire(&line.wire));
            let again = lint(&line.wire, &context);
            // Read as an address, `//host/x` would lose its host; no browser requests such a path.
            prop_assert!(again.wire == line.wire || line.wire.starts_with("//"));
        }
    }

    #[test]
    fn an_error_stands_alone(raw in raw_line(), context in context()) {
        let codes: Vec<_> = lint(&raw, &context).codes.iter().collect();
        let errors = codes.iter().filter(|code| code.severity() == Severity::Error).count();
        prop_assert!(errors == 0 || codes.len() == 1, "{codes:?}");
    }

    #[test]
    fn a_safe_fix_takes_its_diagnostic_away(raw in raw_line(), context in context()) {
        let line = lint(&raw, &context);
        for diagnostic in line.diagnostics(&context) {
            let Some(fix) = diagnostic.fix.filter(|fix| fix.safe) else { continue };
            for fixed in fix.replacement.lines() {
                let codes = lint(fixed, &context).codes;
                prop_assert!(!codes.contains(diagnostic.code), "{} of {raw:?}: {:?}", diagnostic.code, fix.replacement);
            }
        }
    }

    #[test]
    fn a_safe_fix_of_what_may_be_sent_sends_the_same(raw in raw_line(), context in context()) {
        let line = lint(&raw, &context);
        for diagnostic in line.diagnostics(&context) {
            let Some(fix) = diagnostic.fix.filter(|fix| fix.safe && line.is_ok()) else { continue };
            let sent = lint(&fix.replacement, &context).wire.into_owned();
            let expected = match diagnostic.code {
                // What counts of a query string is told by tables and by the edge.
                Code::QueryIgnored => {
                    prop_assert_eq!(sent.split('?').next(), line.wire.split('?').next());
                    continue;
                }
                // What HTML writes for a character was never asked for.
                Code::HtmlEntity => continue,
                _ => &*line.wire,
            };
            prop_assert_eq!(sent, expected, "{}", diagnostic.code);
        }
    }

    #[test]
    fn a_missing_slash_is_all_that_its_safe_fix_adds(path in "[a-z0-9]{1,5}(/[a-zé ]{0,4}){0,3}\\*?") {
        let context = Context::default();
        let line = lint(&path, &context);
        if line.codes.contains(Code::MissingSlash) && let Some(fixed) = apply_safe_fixes(&path, &context) {
            prop_assert_eq!(&*lint(&fixed, &context).wire, format!("/{}", line.wire));
        }
    }

    #[test]
    fn safe_fixes_come_to_an_end_and_never_reach_the_whole_site(raw in raw_line(), context in context()) {
        if let Some(fixed) = apply_safe_fixes(&raw, &context) {
            let whole = |raw: &str| lint(raw, &context).wire == "/*";
            for line in fixed.lines() {
                prop_assert_eq!(apply_safe_fixes(line, &context), None);
                prop_assert!(!whole(line) || whole(&raw), "{raw:?} became {fixed:?}");
            }
        }
    }

    #[test]
    fn a_suggestion_never_makes_it_worse(raw in raw_line(), context in context()) {
        if let Some(worse) = worse(&raw, &context) {
            prop_assert!(false, "{}", worse);
        }
    }

    #[test]
    fn what_is_said_is_a_whole_sentence_that_can_be_drawn(raw in raw_line(), context in context()) {
        for diagnostic in lint(&raw, &context).diagnostics(&context) {
            let message = diagnostic.message;
            prop_assert_eq!(&*visible(&message), &message);
            prop_assert!(message.len() > 20 && (!message.contains("  ") || raw.contains("  ")), "{}: {message}", diagnostic.code);
            let blank = |fix: &str| fix.lines().any(|line| line.trim().is_empty()) || fix.is_empty();
            prop_assert!(!diagnostic.fix.is_some_and(|fix| blank(&fix.replacement)), "{} of {raw:?}", diagnostic.code);
        }
    }

    #[test]
    fn any_text_is_judged_without_a_panic(raw in any::<String>(), context in context()) {
        let line = lint(&raw, &context);
        let _ = line.diagnostics(&context);
        let _ = apply_safe_fixes(&raw, &context);
        let _ = encoding::changes(&raw);
    }
}
