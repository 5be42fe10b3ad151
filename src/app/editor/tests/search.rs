//! Tests of the search.

use super::super::Query;
use super::*;

fn found(text: &str, line: &str) -> Vec<String> {
    let query = Query::new(text).unwrap();
    query
        .matches(line)
        .map(|range| format!("{}:{}", range.start, &line[range.clone()]))
        .collect()
}

#[test]
fn nothing_is_not_looked_for() {
    assert_eq!(Query::new(""), None);
}

#[test]
fn capitals_matter_once_one_is_asked_for() {
    assert_eq!(found("en", "/en/En/EN"), ["1:en", "4:En", "7:EN"]);
    assert_eq!(found("En", "/en/En/EN"), ["4:En"]);
    assert_eq!(found("é", "éÉe\u{301}"), ["0:é", "2:É"]);
    assert_eq!(found("É", "éÉ"), ["2:É"]);
}

#[test]
fn a_capital_that_folds_to_two_characters_matches_as_a_whole() {
    assert_eq!(found("i\u{307}s", "İS İs"), ["0:İS", "4:İs"]);
    assert_eq!(found("ñi", "Ñİ"), Vec::<String>::new());
}

#[test]
fn matches_do_not_overlap() {
    assert_eq!(found("aa", "aaaaa"), ["0:aa", "2:aa"]);
    assert_eq!(found("日", "x日本日"), ["1:日", "7:日"]);
    assert_eq!(found("longer", "long"), Vec::<String>::new());
}

#[test]
fn the_next_match_is_found_and_the_search_goes_round() {
    let editor = Editor::from_lines(["/a", "/b/a", "none", "/a"]);
    let query = Query::new("/a").unwrap();
    let next = |line, byte| editor.find_next(&query, Position::new(line, byte)).unwrap().start;
    assert_eq!(next(0, 0), Position::new(0, 0));
    assert_eq!(next(0, 1), Position::new(1, 2));
    assert_eq!(next(1, 3), Position::new(3, 0));
    assert_eq!(next(3, 1), Position::new(0, 0));
    assert_eq!(next(99, 99), Position::new(0, 0));
    assert_eq!(editor.find_next(&Query::new("zz").unwrap(), Position::default()), None);
}

#[test]
fn the_only_match_is_its_own_neighbor() {
    let editor = Editor::from_lines(["x", "a/b/c"]);
    let query = Query::new("/b").unwrap();
    let only = Some(Position::new(1, 1)..Position::new(1, 3));
    assert_eq!(editor.find_next(&query, Position::new(1, 3)), only);
}

#[test]
fn a_match_is_selected_by_its_ends() {
    let mut editor = picture("/x\n/a/b|");
    let found = editor
        .find_next(&Query::new("/A".to_lowercase().as_str()).unwrap(), Position::default())
        .unwrap();
    editor.apply(Command::Select {
        anchor: found.start,
        cursor: found.end,
    });
    assert_eq!(drawn(&editor), "/x\n^/a|/b");
}
