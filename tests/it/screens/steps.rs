//! The next step is the first and the loudest hint of every page, so that nobody has to look for it.

use invalidash::ui::ViewMemory;
use ratatui::buffer::Cell;
use ratatui::style::Modifier;

use super::{scenes, theme};
use crate::support::scene::Scene;
use crate::support::screen::{frame, frame_after, rows};

const SIZE: (u16, u16) = (80, 24);

/// A page: its name, its scene, its first hint.
type Page = (&'static str, fn() -> Scene, &'static str);

/// Returns the words of a row that are bold, and the whole row.
fn loud(scene: &Scene, theme_name: &str, of: impl Fn(&str) -> bool) -> (String, String) {
    let (buffer, _) = frame(&scene.model, &theme(theme_name), SIZE);
    let number = rows(&buffer).iter().rposition(|row| of(row)).unwrap();
    let width = usize::from(SIZE.0);
    let cells = &buffer.content[number * width..][..width];
    let is_bold = |cell: &&Cell| cell.modifier.contains(Modifier::BOLD) && cell.symbol() != " ";
    let bold: String = cells.iter().filter(is_bold).map(Cell::symbol).collect();
    (bold, rows(&buffer)[number].clone())
}

#[test]
fn the_next_step_is_the_first_and_loudest_hint_of_every_page() {
    let pages: [Page; 5] = [
        ("distributions", scenes::distributions, "i invalidate"),
        ("tenants", scenes::tenants, "i invalidate"),
        ("invalidations", scenes::invalidations, "i invalidate"),
        ("details", scenes::details, "i invalidate"),
        ("composer", scenes::composer, "Ctrl-S review"),
    ];
    for (name, scene, step) in pages {
        let (bold, row) = loud(&scene(), "default", |row| row.contains("help"));
        assert!(row.trim_start().starts_with(step), "{name}: {row}");
        assert_eq!(bold, step.replace(' ', ""), "{name}: only the next step is loud");
    }
    // There is nothing to review yet.
    let (bold, row) = loud(&scenes::composer_empty(), "default", |row| row.contains("help"));
    assert!(bold.is_empty() && row.contains("Ctrl-S review"), "{bold}: {row}");
    // The keys of all hints are bold without colors; of the words, only that of the next step.
    let (bold, row) = loud(&scenes::distributions(), "mono", |row| row.contains("help"));
    assert!(
        bold.contains("iinvalidate") && !bold.contains("help"),
        "{bold} of {row}"
    );
}

#[test]
fn the_key_that_submits_is_the_loudest_of_the_review_and_nothing_else_sends() {
    let (bold, row) = loud(&scenes::review(), "default", |row| row.contains("dry run"));
    assert!(row.contains("↵ submit"), "{row}");
    assert_eq!(bold, "↵submit");
    // While the text to type is missing, no key submits, so none is loud.
    let (bold, row) = loud(&scenes::review_everything(), "default", |row| row.contains("Esc back"));
    assert!(!row.contains("submit"), "{row}");
    assert_eq!(bold, "");
}

fn shown(scene: &Scene) -> String {
    rows(&frame(&scene.model, &theme("default"), SIZE).0).join("\n")
}

#[test]
fn an_empty_list_says_what_to_type_and_a_list_says_below_its_last_line_how_it_goes_on() {
    let mut scene = scenes::composer_empty();
    let empty = shown(&scene);
    assert!(empty.contains("Type one path or tag per line"), "{empty}");
    assert!(empty.contains("per line, then Ctrl-S:"), "{empty}");
    scene.type_text("/index.html");
    let rows: Vec<String> = shown(&scene).lines().map(str::to_owned).collect();
    let line = rows.iter().position(|row| row.contains("1 ✓ /index.html")).unwrap();
    assert!(
        rows[line + 1].ends_with("Ctrl-S  review, then submit"),
        "{}",
        rows[line + 1]
    );
    // Enter only adds lines: a terminal without bracketed paste sends a pasted line break as Enter.
    scene.keys("enter enter enter enter");
    assert!(
        scene.model.overlays.is_empty(),
        "the review opens with its own key alone"
    );
    let rows: Vec<String> = shown(&scene).lines().map(str::to_owned).collect();
    assert!(
        rows[line + 5].ends_with("Ctrl-S  review, then submit"),
        "{}",
        rows[line + 5]
    );
    // A line that cannot be sent comes first.
    scene.type_text("/a*b");
    assert!(!shown(&scene).contains("review, then submit"), "{}", shown(&scene));
}

#[test]
fn a_click_on_the_step_below_the_last_line_presses_its_key() {
    let mut scene = scenes::composer_empty();
    scene.type_text("/index.html");
    let (buffer, hits, _) = frame_after(&scene.model, &theme("default"), &mut ViewMemory::default(), SIZE);
    let all = rows(&buffer);
    let row = all.iter().position(|row| row.ends_with("review, then submit")).unwrap();
    let column = all[row].find("Ctrl-S").unwrap();
    let hit = hits.at(u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    let seen = format!("{hit:?}");
    assert!(seen.contains("Hint"), "{seen}");
}

#[test]
fn the_composer_hints_only_at_what_the_text_offers() {
    let mut scene = scenes::composer_empty();
    let footer = |scene: &Scene| loud(scene, "default", |row| row.contains("F1 help")).1;
    for useless in [" fix", "next problem", "suggestion"] {
        assert!(!footer(&scene).contains(useless), "{}", footer(&scene));
    }
    scene.type_text("/caf\u{e9} menu.pdf");
    assert!(footer(&scene).contains("Ctrl-F fix"), "{}", footer(&scene));
}

#[test]
fn one_key_says_that_it_goes_back() {
    let footer = |scene: Scene| loud(&scene, "default", |row| row.contains("help")).1;
    for scene in [scenes::invalidations, scenes::details, scenes::tenants] {
        let footer = footer(scene());
        assert!(footer.contains("q back") && !footer.contains("Esc"), "{footer}");
    }
    // Letters are text in the composer.
    assert!(footer(scenes::composer()).contains("Esc back"));
}

#[test]
fn a_hint_names_what_its_key_does_now() {
    assert!(shown(&scenes::month()).contains("↵ stop"), "it is counting");
    let mut scene = scenes::composer();
    scene.keys("ctrl-l");
    let none = shown(&scene);
    assert!(none.contains("Saved lists") && !none.contains("↵ load"), "{none}");
}
