//! Facts that must hold in the snapshots, whatever else changes in them.

use invalidash::app::act::themes::shown;
use invalidash::app::message::Message;
use invalidash::app::model::Model;
use invalidash::domain::failure::{Failure, Refusal};
use invalidash::engine::effect::CopiedBy;
use invalidash::settings::ThemeName;
use invalidash::ui::{Depth, Theme, ViewMemory};
use ratatui::buffer::{Buffer, Cell, CellWidth as _};
use ratatui::style::{Color, Modifier};

use super::{scenes, theme};
use crate::support::samples::{self, distribution, fleet, hostile_fleet};
use crate::support::scene::Scene;
use crate::support::screen::{berlin, frame, frame_after, rows};

const SIZE: (u16, u16) = (80, 24);

fn text(model: &Model, size: (u16, u16)) -> Vec<String> {
    rows(&frame(model, &theme("default"), size).0)
}

fn last(model: &Model, size: (u16, u16)) -> String {
    text(model, size).pop().unwrap_or_default()
}

/// The cells of the first place where this text stands.
fn cells<'a>(buffer: &'a Buffer, wanted: &str) -> Vec<&'a Cell> {
    let width = usize::from(buffer.area.width);
    for row in buffer.content.chunks(width) {
        let symbols: Vec<_> = row.iter().map(Cell::symbol).collect();
        let wanted: Vec<_> = wanted.split("").filter(|c| !c.is_empty()).collect();
        if let Some(at) = symbols.windows(wanted.len()).position(|part| part == wanted) {
            return row[at..at + wanted.len()].iter().collect();
        }
    }
    Vec::new()
}

/// What is dangerous is seen with all that it takes to decide, or it is said that it is not; never a part of it.
#[test]
fn a_dangerous_review_is_whole_or_says_that_it_is_too_small() {
    let mut scene = scenes::review_everything_covered();
    scene.type_text("E2QWRUHEXAMPLE");
    for width in 40..=100 {
        for height in 8..=24 {
            let theme = theme("default");
            let (buffer, cursor) = frame(&scene.model, &theme, (width, height));
            let screen = rows(&buffer).join(" ");
            let words = ["/*", "clears", "everything", "E2QWRUHEXAMPLE", "to submit"];
            let whole = words.iter().all(|word| screen.contains(word)) && cursor.is_some();
            let refused = screen.contains("too small") && cursor.is_none();
            assert!(whole != refused, "{width} × {height}:\n{}", rows(&buffer).join("\n"));
            assert!(
                whole || height < 12,
                "{width} × {height}:\n{}",
                rows(&buffer).join("\n")
            );
        }
    }
}

/// Who made a submission wait is told as it is: CloudFront by its code, this machine and its network by what failed there.
#[test]
fn what_cloudfront_never_said_is_not_put_into_its_mouth() {
    let refused = |code: &str| {
        Failure::Refused(Refusal {
            code: code.to_owned(),
            message: "later".to_owned(),
            http_status: 400,
            request_id: None,
        })
    };
    let waits = |failure: Failure| {
        let mut scene = scenes::distributions();
        scene.keys("enter").send_off(&scenes::front(), &["/a"]).created(failure);
        scene.keys("2 g");
        text(&scene.model, (160, 30)).join("\n")
    };
    for code in [
        "Throttling",
        "ThrottlingException",
        "RequestLimitExceeded",
        "TooManyRequestsException",
        "TooManyInvalidationsInProgress",
    ] {
        let screen = waits(refused(code));
        assert!(screen.contains(&format!("CloudFront returned {code}")), "{screen}");
    }
    let screen = waits(Failure::Unreachable(
        "CloudFront cannot be reached: nothing listens there".to_owned(),
    ));
    assert!(
        screen.contains("CloudFront cannot be reached: nothing listens there; retrying with the same CallerReference"),
        "{screen}"
    );
    assert!(!screen.contains("CloudFront returned"), "{screen}");
}

#[test]
fn production_wears_its_color_on_every_screen_and_below_every_layer() {
    let theme = theme("default");
    for (name, scene) in scenes::all() {
        let scene = scene();
        if scene.model.engine.account_options().is_none() {
            continue;
        }
        let (buffer, _) = frame(&scene.model, &theme, SIZE);
        let first = Buffer {
            area: ratatui::layout::Rect::new(0, 0, SIZE.0, 1),
            content: buffer.content[..usize::from(SIZE.0)].to_vec(),
        };
        let label = cells(&first, "PRODUCTION");
        assert_eq!(label.len(), 10, "{name}");
        let loud = |cell: &&Cell| cell.fg == Color::Red && cell.modifier.contains(Modifier::REVERSED);
        assert!(label.iter().all(loud), "{name}");
    }
}

#[test]
fn the_selected_row_is_seen_with_and_without_color() {
    let mut scene = scenes::distributions();
    scene.keys("down down");
    for (name, mark) in [("default", "▌"), ("mono", ">")] {
        let (buffer, _) = frame(&scene.model, &theme(name), SIZE);
        let marked: Vec<_> = rows(&buffer)
            .into_iter()
            .filter(|row| row.starts_with(&format!(" {mark}")))
            .collect();
        assert_eq!(marked.len(), 1, "{name}");
        assert!(marked[0].contains("docs.example"), "{name}: {marked:?}");
        let bold = cells(&buffer, "E3ZYXWVUTSRQPO");
        assert!(bold.iter().all(|cell| cell.modifier.contains(Modifier::BOLD)), "{name}");
        let reversed = bold.iter().all(|cell| cell.modifier.contains(Modifier::REVERSED));
        assert_eq!(reversed, name == "mono");
    }
}

#[test]
fn the_mark_of_the_selected_row_has_the_color_of_the_keys_in_every_theme_and_terminal() {
    let scene = scenes::distributions();
    for name in ThemeName::ALL.into_iter().filter(|name| *name != ThemeName::Mono) {
        for depth in [Depth::Sixteen, Depth::Palette, Depth::Full] {
            let theme = Theme::of(&name.into(), depth, berlin);
            let (buffer, _) = frame(&scene.model, &theme, SIZE);
            let marks = cells(&buffer, theme.selected_mark);
            let seen: Vec<_> = marks
                .iter()
                .map(|cell| (Some(cell.fg), cell.modifier.contains(Modifier::REVERSED)))
                .collect();
            assert_eq!(seen, [(theme.accent.fg, false)], "{name:?} in {depth:?}");
        }
    }
}

/// How many rows of a frame look as the theme's selection does, from end to end but for their margins or their box.
fn painted(buffer: &Buffer, theme: &Theme) -> usize {
    let selected = |cell: &Cell| {
        let (wanted, worn) = (theme.selected, cell.style());
        let background = wanted.bg.is_none_or(|color| worn.bg == Some(color));
        background && cell.modifier.contains(wanted.add_modifier)
    };
    // The first line has production's color. A cell of the matrix is the smallest possible selection.
    let rows = buffer.content.chunks(usize::from(SIZE.0)).skip(1);
    rows.filter(|row| row.iter().filter(|cell| selected(cell)).count() > 3)
        .count()
}

#[test]
fn the_selected_row_is_painted_in_every_list() {
    let sixteen = Theme::of(&ThemeName::Default.into(), Depth::Sixteen, berlin);
    let lists: [scenes::Named; 9] = [
        ("distributions", scenes::distributions),
        ("tenants", scenes::tenants),
        ("invalidations", scenes::invalidations),
        ("history", super::history::history),
        ("palette", scenes::palette),
        ("profiles", scenes::profiles),
        ("matrix", scenes::matrix),
        ("collapse", scenes::collapse),
        ("import", || {
            let mut scene = scenes::composer();
            scene.keys("ctrl-o");
            scene
        }),
    ];
    for theme in [theme("default"), theme("mono"), sixteen] {
        for (name, scene) in &lists {
            let (buffer, _) = frame(&scene().model, &theme, SIZE);
            assert_eq!(painted(&buffer, &theme), 1, "{name}, {}", theme.name);
        }
    }
}

#[test]
fn a_theme_is_shown_while_one_moves_over_it_and_kept_by_enter_alone() {
    let mut scene = scenes::distributions();
    let choose = |scene: &mut Scene| {
        scene.keys(":").type_text("theme").keys("enter down down");
        assert_eq!(shown(&scene.model), "contrast");
    };
    choose(&mut scene);
    scene.keys("down");
    assert_eq!(shown(&scene.model), "night");
    scene.keys("esc");
    assert_eq!(shown(&scene.model), "default");
    choose(&mut scene);
    scene.keys("enter");
    assert_eq!(shown(&scene.model), "contrast");
    let screen = text(&scene.model, SIZE).join("\n");
    assert!(
        screen.contains("Theme set to contrast; to keep it, put theme = \"contrast\""),
        "{screen}"
    );
    scene.keys(":").type_text("theme").keys("enter g enter");
    assert_eq!(shown(&scene.model), "default");
    // If the environment disables colors, there is nothing to choose.
    scene.model.themes.names = vec!["mono"];
    scene.keys(":").type_text("theme").keys("enter");
    assert!(!scene.model.overlays.iter().any(|open| open.title() == "Themes"));
}

/// A theme with a background leaves no cell without it, whatever lies above the page.
#[test]
fn a_theme_with_a_background_leaves_no_hole() {
    for name in [ThemeName::Light, ThemeName::Contrast, ThemeName::Night] {
        let theme = theme(name.name());
        for (scene_name, scene) in scenes::all().into_iter().chain(super::shown::more()) {
            for size in [SIZE, (160, 50)] {
                let (buffer, _) = frame(&scene().model, &theme, size);
                // The second cell of a wide character is never drawn.
                let seen = |at: usize| at == 0 || buffer.content[at - 1].symbol().cell_width() == 1;
                let hole = |cell: &Cell| cell.bg == Color::Reset || cell.fg == Color::Reset;
                let cells = buffer.content.iter().enumerate();
                let holes = cells.filter(|(at, cell)| seen(*at) && hole(cell));
                assert_eq!(holes.count(), 0, "{scene_name}, {name:?} at {size:?}");
            }
        }
    }
}

#[test]
fn ids_are_whole_at_eighty_columns() {
    let shown = text(&scenes::distributions().model, SIZE).join("\n");
    for distribution in fleet() {
        assert!(shown.contains(distribution.id.as_str()), "{}", distribution.id);
    }
    let shown = text(&scenes::invalidations().model, SIZE).join("\n");
    for id in ["I3ABCDEFEXA090", "I2J0I21PCUY003", "IDEPLOYED00001"] {
        assert!(shown.contains(id), "{id}");
    }
}

#[test]
fn a_narrow_footer_keeps_what_matters_most() {
    let scene = scenes::distributions();
    let hints = |width| last(&scene.model, (width, 24));
    assert!(hints(160).contains("refresh"), "{}", hints(160));
    assert!(
        hints(60).contains("invalidate") && !hints(60).contains("refresh"),
        "{}",
        hints(60)
    );
    assert!(
        hints(40).contains("i invalidate") && hints(40).contains("? help"),
        "{}",
        hints(40)
    );
}

#[test]
fn a_layer_says_its_own_keys_and_the_footer_is_silent() {
    let scene = scenes::review();
    let shown = text(&scene.model, (100, 30));
    assert_eq!(shown.last().map(String::as_str), Some(""));
    assert!(
        shown
            .iter()
            .any(|row| row.contains("↵ submit  v check the edge first  D dry run"))
    );
}

#[test]
fn a_notice_has_its_own_line_above_the_keys() {
    let mut scene = scenes::distributions();
    let id = "E2QWRUHEXAMPLE".to_owned();
    scene.send(Message::Copied(id.clone(), Ok(CopiedBy::Program("pbcopy"))));
    let shown = text(&scene.model, SIZE);
    assert_eq!(shown[shown.len() - 2], " · Copied E2QWRUHEXAMPLE (pbcopy)");
    // No terminal confirms that it copied a text.
    scene.send(Message::Copied(id, Ok(CopiedBy::Terminal)));
    let shown = text(&scene.model, SIZE);
    assert_eq!(
        shown[shown.len() - 2],
        " · Sent E2QWRUHEXAMPLE to the terminal's clipboard (OSC 52)"
    );
    assert!(last(&scene.model, SIZE).contains("? help"));
    scene.keys("enter");
    let shown = text(&scene.model, SIZE);
    assert_eq!(shown[shown.len() - 2], "", "it does not follow to another page");
}

#[test]
fn letters_that_would_be_typed_are_no_hints() {
    let scene = scenes::distributions_filter();
    let footer = last(&scene.model, SIZE);
    assert!(footer.contains("↵ accept") && !footer.contains("? help"), "{footer}");
    let shown = text(&scenes::review_everything().model, SIZE).join("\n");
    assert!(!shown.contains("dry run"), "{shown}");
}

#[test]
fn the_cursor_stands_where_the_next_character_goes() {
    let mut scene = scenes::distributions_filter();
    let cursor = |scene: &Scene| frame(&scene.model, &theme("default"), SIZE).1.map(|at| (at.x, at.y));
    assert_eq!(cursor(&scene), Some((7, 2)));
    scene.keys("left left");
    assert_eq!(cursor(&scene), Some((5, 2)));
    scene.keys("enter");
    assert_eq!(cursor(&scene), None);
    scene.keys("o").type_text("日本");
    let (x, _) = cursor(&scene).unwrap();
    scene.type_text("x");
    assert_eq!(cursor(&scene).map(|(x, _)| x), Some(x + 1));
}

/// The first rows of two frames with the same memory.
fn first_ids(scene: &Scene, memory: &mut ViewMemory) -> String {
    let (buffer, ..) = frame_after(&scene.model, &theme("default"), memory, SIZE);
    rows(&buffer)[4].clone()
}

#[test]
fn a_long_list_moves_only_when_the_selection_would_leave_it() {
    let many = (0..300).map(|n| distribution(&format!("E{n:013}"), &[], "")).collect();
    let (mut scene, mut memory) = (Scene::with(many), ViewMemory::default());
    let top = first_ids(&scene, &mut memory);
    scene.keys("G");
    let bottom = first_ids(&scene, &mut memory);
    assert_ne!(top, bottom);
    scene.keys("up up up");
    assert_eq!(first_ids(&scene, &mut memory), bottom);
    scene.keys("enter esc");
    assert_eq!(first_ids(&scene, &mut memory), bottom);
}

#[test]
fn what_is_not_refreshed_says_so_and_stays() {
    let shown = text(&scenes::distributions_stale().model, (100, 24));
    assert!(shown[0].ends_with("! as of 11:42:07"), "{}", shown[0]);
    assert!(
        shown[2].contains("not refreshed") && shown[2].ends_with("r try again"),
        "{}",
        shown[2]
    );
    assert!(shown.iter().any(|row| row.contains("E1BLOG00000005")));
}

#[test]
fn reading_again_moves_nothing() {
    let mut scene = scenes::distributions();
    let before = text(&scene.model, SIZE);
    scene.keys("r");
    let during = text(&scene.model, SIZE);
    assert_eq!(before[1..], during[1..]);
    assert_eq!(before[0].replace(" · as of", " … as of"), during[0]);
}

#[test]
fn the_same_rows_again_take_the_loading_mark_away() {
    let mut scene = scenes::invalidations_none();
    scene.pass(20);
    scene.keys("r");
    assert!(text(&scene.model, SIZE)[0].contains("… live"));
    scene.model.engine.dirty = false;
    scene.invalidations(&scenes::front(), Vec::new());
    assert!(scene.model.engine.dirty);
    assert!(text(&scene.model, SIZE)[0].ends_with("live"));
    assert!(!text(&scene.model, SIZE)[0].contains('…'));
}

#[test]
fn items_that_come_late_can_be_scrolled() {
    let mut scene = scenes::invalidations_none();
    let row = samples::summary("ILATE", 50, "Completed");
    scene.pass(20);
    scene.keys("r").invalidations(&scenes::front(), vec![row.clone()]);
    scene.keys("enter");
    assert!(text(&scene.model, SIZE).join("\n").contains("loading its items"));
    let items: Vec<_> = (0..40).map(|n| format!("/item/{n}")).collect();
    let items: Vec<_> = items.iter().map(String::as_str).collect();
    scene.items(vec![samples::invalidation(&row, &items)]);
    let shown = text(&scene.model, SIZE).join("\n");
    assert!(shown.contains("by the AWS CLI, at "), "{shown}");
    scene.keys("G");
    assert!(text(&scene.model, SIZE).join("\n").contains("/item/39"));
}

#[test]
fn one_step_back_from_the_end_is_seen_however_often_the_end_was_passed() {
    let mut scrolled = Vec::new();
    for (name, scene) in scenes::all().into_iter().chain(super::shown::more()) {
        let (mut scene, mut memory) = (scene(), ViewMemory::default());
        let mut picture = |scene: &Scene| rows(&frame_after(&scene.model, &theme("default"), &mut memory, (80, 12)).0);
        let top = picture(&scene);
        for _ in 0..300 {
            scene.keys("down");
        }
        let end = picture(&scene);
        scene.keys("up");
        if end != top {
            assert_ne!(picture(&scene), end, "{name}");
            scrolled.push(name);
        }
    }
    for read in ["help", "messages-hostile", "facts", "review", "dry-run"] {
        assert!(scrolled.contains(&read), "{read} was not scrolled: {scrolled:?}");
    }
}

#[test]
fn everything_hostile_is_written_out() {
    let scene = Scene::with(hostile_fleet());
    let shown = text(&scene.model, (160, 50)).join("\n");
    for written in [r"\x1b[2J", r"\u{202e}", r"tab\there\r\n", r"\u{200b}"] {
        assert!(shown.contains(written), "{written}");
    }
}

#[test]
fn a_hundred_thousand_lines_are_as_good_as_ten() {
    let mut scene = scenes::composer_empty();
    let lines: Vec<_> = (0..100_000).map(|n| format!("/articles/{n}.html")).collect();
    scene.paste(lines.join("\n"));
    let shown = text(&scene.model, (120, 40)).join("\n");
    assert!(
        shown.contains("/articles/99999.html") && shown.contains("100000 ✓"),
        "{shown}"
    );
}

#[test]
fn the_next_steps_of_a_notice_give_way_to_what_happened() {
    let mut scene = scenes::invalidations();
    let about = invalidash::app::selection::selected_row(&scene.model).cloned();
    let text_of = |columns: u16, scene: &Scene| {
        let shown = text(&scene.model, (columns, 24));
        shown[shown.len() - 2].clone()
    };
    scene.model.engine.notice = Some(invalidash::engine::notices::Notice {
        at: samples::now(),
        level: invalidash::engine::notices::Level::Done,
        text: "www.shop.example: Completed after 12 s".to_owned(),
        about,
    });
    for columns in 50..=120 {
        let line = text_of(columns, &scene);
        assert!(line.contains("Completed after 12 s"), "{columns}: {line}");
    }
    assert!(
        text_of(120, &scene).contains("c edit a copy"),
        "{}",
        text_of(120, &scene)
    );
}
