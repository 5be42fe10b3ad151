//! A list of lines: which line covers which, what is sent, and that an edit has the same result as a new analysis.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use invalidash::domain::analysis::{Analysis, Summary};
use invalidash::domain::behavior::{CacheBehavior, FunctionKind, ViewerFunction};
use invalidash::domain::item::{Item, ItemKind};
use invalidash::domain::lint::{Code, Context, Severity, lint};
use proptest::prelude::*;

fn analysis(lines: &[&str]) -> Analysis {
    Analysis::of(lines, Context::default())
}

fn sent(analysis: &Analysis) -> Vec<&str> {
    analysis.sent().map(|(_, wire)| wire).collect()
}

fn codes(analysis: &Analysis, line: usize) -> Vec<&'static str> {
    analysis
        .diagnostics(line)
        .iter()
        .map(|diagnostic| diagnostic.code.as_str())
        .collect()
}

#[test]
fn the_composer_of_the_sketch_adds_up() {
    let list = analysis(&[
        "/index.html",
        "/en/*",
        "/en/sitemap.xml",
        "/café menu.pdf",
        "images/*.jpg",
        "#product:tv",
        "",
        "# note",
    ]);
    assert_eq!(
        list.summary(),
        Summary {
            items: 6,
            errors: 1,
            warnings: 1,
            billable: 4,
            exact: 2,
            wildcards: 1,
            tags: 1,
            covered: 1
        }
    );
    assert_eq!(
        sent(&list),
        ["/index.html", "/en/*", "/caf%C3%A9%20menu.pdf", "#product:tv"]
    );
    let covered = list.row(2).unwrap();
    assert_eq!((covered.ok, covered.sent, covered.covered_by), (true, false, Some(1)));
    let message = &list.diagnostics(2)[0].message;
    assert_eq!(message, "Already cleared by line 2; skipped and not billed.");
    assert!(!list.whole_site());
}

#[test]
fn the_widest_wildcard_is_named_and_tags_stand_apart() {
    let list = analysis(&["/a/b/c", "/a/b/*", "/a/*", "/a/b/*", "#a", "/*", "#A"]);
    let by: Vec<_> = list.rows().map(|row| row.covered_by).collect();
    assert_eq!(by, [Some(5), Some(5), Some(5), Some(5), None, None, Some(4)]);
    assert_eq!(sent(&list), ["#a", "/*"]);
    assert_eq!(codes(&list, 6), ["duplicate"]);
    assert!(list.whole_site());
}

#[test]
fn wildcards_are_plain_prefixes_and_other_cases_and_escapes_are_other_paths() {
    let list = analysis(&["/foo*", "/foobar", "/foo", "/Foo", "/x", "/x/", "/a%2fb", "/a%2Fb"]);
    let covered: Vec<_> = list.rows().map(|row| row.covered_by.is_some()).collect();
    assert_eq!(covered, [false, true, true, false, false, false, false, false]);
}

#[test]
fn what_is_the_same_on_the_wire_is_the_same() {
    let list = analysis(&[
        "/a b.html",
        "/a%20b.html",
        " /a b.html",
        "https://www.shop.example/a b.html",
    ]);
    assert_eq!(sent(&list), ["/a%20b.html"]);
    assert_eq!(
        list.diagnostics(1).last().unwrap().message,
        "Same as line 1; skipped and not billed."
    );
}

#[test]
fn the_folder_beside_its_files_is_only_suggested() {
    let list = analysis(&["/dir/", "/dir/*", "/", "/foo", "/foo*"]);
    assert_eq!(sent(&list), ["/dir/", "/dir/*", "/", "/foo*"]);
    assert_eq!(codes(&list, 0), ["directory-variants", "perhaps-covered"]);
    assert_eq!(list.diagnostics(0)[1].fix.as_ref().unwrap().replacement, "# /dir/");
    assert_eq!(list.row(0).unwrap().covered_by, None);
    let everything = analysis(&["/", "/*", "/dir/"]);
    assert_eq!(sent(&everything), ["/*"]);
}

/// Two behaviors with a function each, and a staging distribution.
fn served() -> Context {
    let behavior = |path_pattern: &str| CacheBehavior {
        path_pattern: path_pattern.to_owned(),
        viewer_function: Some(ViewerFunction::of_arn(FunctionKind::CloudFront, "a/f")),
        ..CacheBehavior::default()
    };
    Context {
        behaviors: vec![behavior("/a/*"), behavior("*")],
        staging_twin: Some("E5".to_owned()),
        ..Context::default()
    }
}

/// The lines on which a remark is made.
fn made(list: &Analysis, code: &str) -> Vec<usize> {
    (0..list.len())
        .filter(|line| codes(list, *line).contains(&code))
        .collect()
}

#[test]
fn a_remark_is_made_once_for_each_behavior_on_the_topmost_line() {
    let lines = ["# note", "/a/1.x", "/2.x", "/a/3.x", "/4.x", "#tag"];
    let mut list = Analysis::of(&lines, served());
    assert_eq!(
        (made(&list, "function-rewrite"), made(&list, "staging-twin")),
        (vec![1, 2], vec![1])
    );
    list.splice(1..2, &["/a/*b"]);
    assert_eq!(
        (made(&list, "function-rewrite"), made(&list, "staging-twin")),
        (vec![2, 3], vec![2])
    );
    list.splice(0..0, &["/0.x", "/a/0.x"]);
    assert_eq!(
        (made(&list, "function-rewrite"), made(&list, "staging-twin")),
        (vec![0, 1], vec![0])
    );
    list.splice(0..6, &[] as &[&str]);
    assert_eq!(
        (made(&list, "function-rewrite"), made(&list, "staging-twin")),
        (vec![0], vec![0])
    );
    list.set_context(Context::default());
    assert_eq!(
        (made(&list, "function-rewrite"), made(&list, "staging-twin")),
        (vec![], vec![])
    );
}

#[test]
fn a_kept_line_is_sent_although_it_is_covered_but_never_twice() {
    let mut list = analysis(&["/a/*", "/a/x", "/a/x", "/b", "/b"]);
    list.keep(2, true);
    assert_eq!(sent(&list), ["/a/*", "/a/x", "/b"]);
    assert_eq!(list.sent().map(|(line, _)| line).collect::<Vec<_>>(), [0, 2, 3]);
    assert_eq!(list.row(2).unwrap().covered_by, Some(0));
    assert_eq!(codes(&list, 2), ["directory-variants"]);
    list.keep(1, true);
    list.keep(4, true);
    assert_eq!(list.sent().map(|(line, _)| line).collect::<Vec<_>>(), [0, 1, 4]);
    assert_eq!(list.row(3).unwrap().covered_by, Some(4));
    list.keep(1, false);
    list.keep(2, false);
    assert_eq!(sent(&list), ["/a/*", "/b"]);
}

#[test]
fn a_mark_stays_with_a_line_that_is_edited_and_goes_with_one_that_is_not() {
    let mut list = analysis(&["/a/*", "/a/x"]);
    list.keep(1, true);
    list.splice(1..2, &["/a/xy"]);
    assert_eq!(sent(&list), ["/a/*", "/a/xy"]);
    list.splice(0..0, &["/new.html"]);
    assert_eq!(sent(&list), ["/new.html", "/a/*", "/a/xy"]);
    list.splice(2..3, &["/a/x", "/a/y"]);
    assert_eq!(sent(&list), ["/new.html", "/a/*"]);
}

#[test]
fn a_line_with_an_error_covers_nothing_and_is_not_sent() {
    let list = analysis(&["/a*/b*", "/a/x.html", "a/*", "/a/y.html"]);
    assert_eq!(sent(&list), ["/a/x.html", "/a/y.html"]);
    assert_eq!(list.summary().errors, 2);
}

#[test]
fn a_root_listing_is_refused_as_a_whole_and_forgiven_when_it_is_none() {
    let folders = ["/bin", "/boot", "/dev", "/etc", "/home", "/index.html"];
    let mut list = analysis(&folders);
    assert_eq!(list.summary().errors, 5);
    assert_eq!(sent(&list), ["/index.html"]);
    assert_eq!(codes(&list, 4), ["shell-expansion"]);
    list.splice(2..3, &["/developers"]);
    assert_eq!(list.summary().errors, 0);
    assert_eq!(sent(&list).len(), 6);
    list.splice(6..6, &["/usr", "/usr"]);
    assert_eq!((list.summary().errors, list.summary().items), (6, 8));
    list.splice(0..8, &[] as &[&str]);
    assert_eq!(list.summary(), Summary::default());
}

#[test]
fn suggestions_that_are_followed_are_not_repeated() {
    assert_eq!(codes(&analysis(&["/blog"]), 0), ["directory-variants"]);
    let list = analysis(&["/blog", "/blog/", "/blog/index.html", "/", "/index.html"]);
    assert!((0..list.len()).all(|line| codes(&list, line).is_empty()));
}

#[test]
fn problems_are_found_in_both_directions_and_around_the_end() {
    let list = analysis(&["/a b.html", "/a.html", "/b~", "/dir", "/c"]);
    assert_eq!(list.next_problem(0, Severity::Warning), Some(2));
    assert_eq!(list.next_problem(2, Severity::Warning), Some(0));
    assert_eq!(list.next_problem(2, Severity::Error), Some(2));
    assert_eq!(list.next_problem(usize::MAX - 1, Severity::Info), Some(0));
    assert_eq!(analysis(&["/a.html"]).next_problem(0, Severity::Info), None);
}

#[test]
fn safe_fixes_mend_the_lines_that_have_one() {
    let list = analysis(&[
        "index.html",
        "/ok.html",
        "/a b.html ",
        "/a*b",
        "\"images/my photo.png\",",
    ]);
    let fixes: Vec<_> = list.safe_fixes();
    let expected = [(0, "/index.html"), (2, "/a%20b.html"), (4, "/images/my%20photo.png")];
    assert_eq!(fixes, expected.map(|(line, text)| (line, text.to_owned())));
    assert_eq!(list.offered_fix(3).unwrap().replacement, "/a*");
}

#[test]
fn another_target_is_another_judgement() {
    let mut list = analysis(&["#product:tv", "/a.html"]);
    assert_eq!(list.summary().errors, 0);
    list.set_context(Context {
        cache_tags: Some(false),
        ..Context::default()
    });
    assert_eq!(codes(&list, 0), ["tag-unsupported"]);
    assert_eq!((list.summary().errors, list.summary().billable), (1, 1));
    list.set_context(Context::default());
    assert_eq!(list.summary().billable, 2);
}

/// Lines that meet each other often.
fn line() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => "/(a|b|ab)?(/|/a|/b|/ab)?\\*?",
        2 => "#[aAbB]{1,2}",
        1 => prop::sample::select(vec!["", "# note", "a", "/a~", "/a*b", " /a ", "/é", "/%C3%A9", "/bin", "/etc", "/usr", "/var", "/tmp", "/opt"]).prop_map(str::to_owned),
    ]
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    prop::collection::vec(line(), 0..24)
}

/// The whole list judged by going through all pairs of lines.
fn brute(lines: &[String], kept: &[bool]) -> Vec<(bool, Option<usize>)> {
    let items: Vec<Option<Item>> = lines.iter().map(|raw| lint(raw, &Context::default()).item()).collect();
    let key = |item: &Item| match item.kind() {
        ItemKind::Tag => item.wire().to_ascii_lowercase(),
        ItemKind::Path | ItemKind::Wildcard => item.wire().to_owned(),
    };
    let covers = |wide: &Item, narrow: &Item| {
        let Some(prefix) = wide.prefix() else { return false };
        let key = narrow.prefix().unwrap_or(narrow.wire());
        let is_folder = narrow.kind() == ItemKind::Path && key == prefix && key.ends_with('/') && key != "/";
        narrow.kind() != ItemKind::Tag && key.starts_with(prefix) && wide != narrow && !is_folder
    };
    let judge = |at: usize| {
        let Some(item) = &items[at] else { return (false, None) };
        let others = || {
            items
                .iter()
                .enumerate()
                .filter_map(|(at, item)| Some((at, item.as_ref()?)))
        };
        let same: Vec<usize> = others()
            .filter(|(_, other)| key(other) == key(item))
            .map(|(at, _)| at)
            .collect();
        let first_kept = same.iter().copied().find(|&at| kept[at]);
        let wide = others()
            .filter(|(_, other)| covers(other, item))
            .min_by_key(|(at, other)| (other.wire().len(), !kept[*at], *at));
        if let Some((by, _)) = wide {
            return (first_kept == Some(at), Some(by));
        }
        let stands = first_kept.unwrap_or(same[0]);
        (stands == at, (stands != at).then_some(stands))
    };
    (0..lines.len()).map(judge).collect()
}

/// Raw line, wire form, codes, whether it may be sent, whether it is, and what covers it.
type RowFacts = (String, String, Vec<Code>, bool, bool, Option<usize>);

/// Everything that can be asked, so that two lists can be compared.
fn facts(list: &Analysis) -> (Summary, Vec<RowFacts>, bool) {
    let rows = list.rows().map(|row| {
        let codes = row.codes.iter().collect();
        (
            row.raw.to_owned(),
            row.wire.to_owned(),
            codes,
            row.ok,
            row.sent,
            row.covered_by,
        )
    });
    (list.summary(), rows.collect(), list.whole_site())
}

/// Lists without the root folders of a computer: the brute force does not know that rule.
fn plain_lines() -> impl Strategy<Value = Vec<String>> {
    lines().prop_map(|mut lines| {
        lines.retain(|line| !["/bin", "/etc", "/usr", "/var", "/tmp", "/opt"].contains(&line.as_str()));
        lines
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn coverage_is_what_going_through_all_pairs_finds(lines in plain_lines(), kept in any::<u32>()) {
        let mut list = Analysis::of(&lines, Context::default());
        let kept: Vec<bool> = (0..lines.len()).map(|at| kept >> at & 1 == 1).collect();
        for (line, &kept) in kept.iter().enumerate() {
            list.keep(line, kept);
        }
        let found: Vec<_> = list.rows().map(|row| (row.sent, row.covered_by)).collect();
        prop_assert_eq!(found, brute(&lines, &kept));
    }

    #[test]
    fn what_is_left_out_is_cleared_all_the_same(lines in plain_lines(), keys in prop::collection::vec("/[ab]{0,2}(/[ab]{0,2}){0,2}", 0..30)) {
        let list = Analysis::of(&lines, Context::default());
        let all: Vec<Item> = lines.iter().filter_map(|raw| lint(raw, &Context::default()).item()).collect();
        let sent = list.items();
        for key in keys {
            let hit = |items: &[Item]| items.iter().any(|item| item.matches(&key));
            prop_assert_eq!(hit(&all), hit(&sent), "{}", key);
        }
        prop_assert_eq!(sent.len(), list.summary().billable);
    }

    #[test]
    fn no_item_is_sent_twice(lines in lines(), kept in any::<u32>()) {
        let mut list = Analysis::of(&lines, Context::default());
        for line in 0..lines.len() {
            list.keep(line, kept >> line & 1 == 1);
        }
        let mut sent: Vec<_> = list.sent().map(|(_, wire)| if wire.starts_with('#') { wire.to_lowercase() } else { wire.to_owned() }).collect();
        let count = sent.len();
        sent.sort();
        sent.dedup();
        prop_assert_eq!(sent.len(), count);
        let summary = list.summary();
        let wrong = list.rows().filter(|row| row.kind().is_some() && !row.ok).count();
        prop_assert_eq!(summary.items, summary.billable + summary.covered + wrong);
        prop_assert_eq!(summary.errors, wrong);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn an_edited_list_is_the_same_as_one_made_anew(
        start in lines(),
        edits in prop::collection::vec((0_usize..30, 0_usize..12, lines()), 1..12),
    ) {
        let mut text = start.clone();
        let mut list = Analysis::of(&start, Context::default());
        for (at, count, fresh) in edits {
            let end = (at + count).min(text.len());
            text.splice(at.min(end)..end, fresh.iter().cloned());
            list.splice(at..at + count, &fresh);
            prop_assert_eq!(facts(&list), facts(&Analysis::of(&text, Context::default())));
        }
    }
}
