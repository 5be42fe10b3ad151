//! Collapsing a list: three plans, and no plan within the bound is better than the bounded one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use invalidash::domain::collapse::{Besides, Plan, plans};
use invalidash::domain::item::Item;
use proptest::prelude::*;

fn items(wires: &[&str]) -> Vec<Item> {
    wires.iter().map(|wire| Item::from_wire(wire).unwrap()).collect()
}

fn wires(plan: &Plan) -> Vec<&str> {
    plan.items.iter().map(Item::wire).collect()
}

fn besides(count: usize, examples: &[&str]) -> Besides {
    Besides::Known {
        count,
        examples: examples.iter().map(|&key| key.to_owned()).collect(),
    }
}

const KNOWN: [&str; 7] = ["/a/1", "/a/2", "/a/3", "/b/1", "/b/2", "/b/other", "/index.html"];

#[test]
fn three_plans_stand_side_by_side() {
    let list = items(&["/a/1", "/a/2", "/a/3", "/b/1", "/b/2", "#t", "#T"]);
    let found = plans(&list, Some(&KNOWN), 0);
    assert_eq!(wires(&found.exact), ["/a/1", "/a/2", "/a/3", "/b/1", "/b/2", "#t"]);
    assert_eq!(
        (found.exact.price.to_string().as_str(), found.exact.besides),
        ("$0.03", besides(0, &[]))
    );
    let bounded = found.bounded.unwrap();
    assert_eq!(wires(&bounded), ["/a/*", "/b/1", "/b/2", "#t"]);
    assert_eq!((bounded.wildcards, bounded.besides), (1, besides(0, &[])));
    let one = found.one.unwrap();
    assert_eq!(wires(&one), ["/*", "#t"]);
    assert_eq!(one.besides, besides(2, &["/b/other", "/index.html"]));
}

#[test]
fn the_bound_buys_fewer_items() {
    let list = items(&["/a/1", "/a/2", "/a/3", "/b/1", "/b/2"]);
    let bounded = |bound| plans(&list, Some(&KNOWN), bound).bounded.unwrap();
    assert_eq!(wires(&bounded(1)), ["/a/*", "/b/*"]);
    assert_eq!(bounded(1).besides, besides(1, &["/b/other"]));
    assert_eq!(
        wires(&bounded(100)),
        ["/a/*", "/b/*"],
        "the whole site is never proposed"
    );
}

#[test]
fn without_known_keys_the_reach_is_unknown() {
    let found = plans::<&str>(&items(&["/a/1", "/a/2"]), None, 10);
    assert_eq!(found.bounded, None);
    assert_eq!(
        found.one.map(|plan| (plan.items, plan.besides)),
        Some((items(&["/a/*"]), Besides::Unknown))
    );
    assert_eq!(plans::<&str>(&items(&["/a", "#t"]), None, 10).one, None);
    assert_eq!(plans::<&str>(&[], Some(&[]), 10).exact.items, []);
}

#[test]
fn a_wildcard_of_the_list_is_no_reach_besides() {
    let list = items(&["/a/*", "/b/1", "/b/2"]);
    let found = plans(&list, Some(&KNOWN), 0);
    assert_eq!(found.one.unwrap().besides, besides(2, &["/b/other", "/index.html"]));
    assert_eq!(wires(&found.bounded.unwrap()), ["/a/*", "/b/1", "/b/2"]);
}

#[test]
fn a_whole_folder_is_proposed_where_it_clears_no_more_than_a_narrower_prefix() {
    let list = items(&["/blog/2024/01", "/blog/2024/02"]);
    let bounded = |known: &[&str]| plans(&list, Some(known), 0).bounded.unwrap();
    assert_eq!(wires(&bounded(&["/blog/2024/01"])), ["/blog/2024/*"]);
    assert_eq!(wires(&bounded(&["/blog/2024/11"])), ["/blog/2024/0*"]);
}

#[test]
fn a_wildcard_cuts_no_escape() {
    let list = items(&["/caf%C3%A9", "/caf%C3%A8"]);
    let found = plans(&list, Some(&["/cafeteria"]), 0);
    assert_eq!(wires(&found.one.unwrap()), ["/caf%C3*"]);
    assert_eq!(wires(&found.bounded.unwrap()), ["/caf%C3*"]);
}

/// The fewest items, and then the fewest other keys, by trying every set of prefixes.
fn brute(paths: &[String], known: &BTreeSet<String>, bound: usize) -> (usize, usize) {
    let list: Vec<Item> = paths.iter().map(|path| Item::from_wire(path).unwrap()).collect();
    let hit = |items: &[Item], key: &str| items.iter().any(|item| item.matches(key));
    let prefixes: BTreeSet<String> = paths
        .iter()
        .flat_map(|path| (2..=path.trim_end_matches('*').len()).map(|end| format!("{}*", &path[..end])))
        .collect();
    let prefixes: Vec<String> = prefixes.into_iter().collect();
    let mut best = (usize::MAX, usize::MAX);
    for set in 0_u32..1 << prefixes.len() {
        let chosen: Vec<Item> = (0..prefixes.len())
            .filter(|at| set >> at & 1 == 1)
            .map(|at| Item::from_wire(&prefixes[at]).unwrap())
            .collect();
        let rest = list
            .iter()
            .filter(|item| !chosen.iter().any(|wide| covers(wide, item)))
            .count();
        let others = known.iter().filter(|key| hit(&chosen, key) && !hit(&list, key)).count();
        if others <= bound {
            best = best.min((chosen.len() + rest, others));
        }
    }
    best
}

fn covers(wide: &Item, narrow: &Item) -> bool {
    let key = narrow.prefix().unwrap_or(narrow.wire());
    wide.prefix().is_some_and(|prefix| key.starts_with(prefix))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_plan_within_the_bound_has_fewer_items(
        paths in prop::collection::btree_set("/[ab]/?[ab]?\\*?", 0..6),
        known in prop::collection::btree_set("/[ab]/?[abc]{0,2}", 0..12),
        bound in 0_usize..4,
    ) {
        let paths: Vec<String> = paths.into_iter().collect();
        let list: Vec<Item> = paths.iter().map(|path| Item::from_wire(path).unwrap()).collect();
        let keys: Vec<&String> = known.iter().collect();
        let found = plans(&list, Some(&keys), bound);
        let exact = found.exact;
        let bounded = found.bounded.unwrap();
        let count = if let Besides::Known { count, .. } = bounded.besides { count } else { usize::MAX };
        let minimal: Vec<String> = exact.items.iter().map(|item| item.wire().to_owned()).collect();
        prop_assert_eq!((bounded.items.len(), count), brute(&minimal, &known, bound));
        for key in &known {
            let hit = |items: &[Item]| items.iter().any(|item| item.matches(key));
            prop_assert_eq!(hit(&list), hit(&exact.items), "the exact plan clears the same");
            prop_assert!(!hit(&list) || hit(&bounded.items), "the bounded plan clears all that is asked for");
        }
    }
}
