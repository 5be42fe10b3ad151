//! The mouse has the same effects as keys: the clickable areas, the meaning of clicks and of the wheel, and that mouse
//! reporting is off after every ending.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;

use invalidash::app::message::Message;
use invalidash::app::overlay::Overlay;
use invalidash::app::overlay::help::Help;
use invalidash::app::pointer::{Hit, Hits};
use invalidash::app::screen::Screen;
use invalidash::app::screen::composer::Composer;
use invalidash::engine::effect::{Effect, LedgerContents, LedgerOperation};
use invalidash::ui::{Theme, ViewMemory};
use rustix::process::Signal;

use crate::screens::scenes;
use crate::support::pty::Pty;
use crate::support::scene::Scene;
use crate::support::screen::{berlin, frame_after, rows};

const BINARY: &str = env!("CARGO_BIN_EXE_invalidash");

/// A scene with somebody who has a mouse.
struct Desk {
    scene: Scene,
    memory: ViewMemory,
    size: (u16, u16),
}

impl Desk {
    fn new(mut scene: Scene, size: (u16, u16)) -> Self {
        scene.model.mouse = true;
        scene.send(Message::Resize(size.0, size.1));
        let memory = ViewMemory::default();
        Self { scene, memory, size }
    }

    fn look(&mut self) -> (Vec<String>, Hits) {
        let theme = Theme::named("default", berlin).unwrap();
        let (buffer, hits, _) = frame_after(&self.scene.model, &theme, &mut self.memory, self.size);
        (rows(&buffer), hits)
    }

    fn rows(&mut self) -> Vec<String> {
        self.look().0
    }

    /// Clicks on the first cell of the first place where this is seen.
    #[track_caller]
    fn click(&mut self, text: &str) -> Vec<Effect> {
        let rows = self.rows();
        let found = rows
            .iter()
            .enumerate()
            .find_map(|(y, row)| Some((row.find(text)?, y, row)));
        let Some((at, y, row)) = found else {
            panic!("{text:?} is not on the screen:\n{}", rows.join("\n"));
        };
        let x = ratatui::text::Line::from(row.get(..at).unwrap()).width();
        self.click_at(u16::try_from(x).unwrap(), u16::try_from(y).unwrap())
    }

    /// Clicks on the heading of a table.
    #[track_caller]
    fn click_heading(&mut self, name: &str) {
        let rows = self.rows();
        let x = rows.get(3).and_then(|row| row.find(name)).unwrap();
        self.click_at(u16::try_from(x).unwrap(), 3);
    }

    fn click_at(&mut self, x: u16, y: u16) -> Vec<Effect> {
        let hit = self.look().1.at(x, y);
        self.scene.send(Message::Click(hit)).to_vec()
    }

    fn wheel(&mut self, turns: isize) -> &mut Self {
        self.look();
        self.scene.send(Message::Wheel(turns));
        self
    }

    fn selected(&self) -> Option<usize> {
        self.scene.model.screen().selected()
    }

    fn page(&self) -> &'static str {
        self.scene.model.screen().name()
    }

    fn composer(&self) -> &Composer {
        match self.scene.model.screen() {
            Screen::Composer(composer) => composer,
            other => panic!("{} instead of the composer", other.name()),
        }
    }

    fn cursor(&self) -> (usize, usize) {
        let editor = &self.composer().editor;
        (editor.cursor().line, editor.column_at(editor.cursor()))
    }
}

/// Whether anything is on its way to CloudFront.
fn sends(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| match effect {
        Effect::Ledger { operation, .. } => plans(operation),
        _ => false,
    })
}

fn plans(operation: &LedgerOperation) -> bool {
    match operation {
        LedgerOperation::Plan(_) => true,
        LedgerOperation::Together(operations) => operations.iter().any(plans),
        _ => false,
    }
}

/// What lies where, a line for each area, rows of the page in order.
fn drawn(hits: &Hits) -> String {
    let mut text = String::new();
    for (area, hit) in hits.iter() {
        let _ = writeln!(text, "{},{} {}×{} {hit:?}", area.x, area.y, area.width, area.height);
    }
    text
}

macro_rules! areas {
    ($($test:ident: $scene:ident $width:literal $height:literal;)*) => {$(
        #[test]
        fn $test() {
            let mut desk = Desk::new(scenes::$scene(), ($width, $height));
            insta::assert_snapshot!(stringify!($test), drawn(&desk.look().1));
        }
    )*};
}

areas! {
    areas_distributions: distributions 80 24;
    areas_distributions_wide: distributions 160 50;
    areas_invalidations: invalidations 80 24;
    areas_composer: composer 80 24;
    areas_review: review 100 30;
    areas_review_everything: review_everything 80 24;
    areas_palette: palette 80 24;
    areas_matrix: matrix 100 30;
    areas_collapse: collapse 80 24;
}

#[test]
fn everything_that_can_be_met_lies_on_the_screen() {
    for (name, scene) in scenes::all() {
        for size in [(80, 24), (160, 50), (40, 8), (100, 14)] {
            let mut desk = Desk::new(scene(), size);
            for (area, hit) in desk.look().1.iter() {
                let inside = area.x + area.width <= size.0 && area.y + area.height <= size.1;
                assert!(inside, "{name} {size:?}: {area:?} {hit:?}");
            }
        }
    }
}

#[test]
fn the_first_click_selects_and_the_second_one_opens() {
    let mut desk = Desk::new(scenes::distributions(), (80, 24));
    let third = desk.rows().get(6).cloned().unwrap();
    let name = third.split_whitespace().next().unwrap().to_owned();
    desk.click(&name);
    assert_eq!((desk.page(), desk.selected()), ("distributions", Some(2)));
    desk.click(&name);
    assert_eq!(desk.page(), "invalidations");
}

#[test]
fn a_click_on_the_row_that_happens_to_be_selected_does_not_open_it() {
    let mut desk = Desk::new(scenes::distributions(), (80, 24));
    assert_eq!(desk.selected(), Some(0));
    desk.click_at(10, 4);
    assert_eq!(desk.page(), "distributions");
    desk.scene.keys("down up");
    desk.click_at(10, 4);
    assert_eq!(desk.page(), "distributions");
    desk.click_at(10, 4);
    assert_eq!(desk.page(), "invalidations");
}

#[test]
fn a_key_or_another_row_in_the_same_place_begins_anew() {
    let mut desk = Desk::new(scenes::invalidations(), (100, 24));
    desk.click_at(10, 4);
    desk.scene.keys("2").pass(1);
    desk.click_at(10, 4);
    assert_eq!(desk.page(), "invalidations");
    // The order of the list changes while the pointer stays.
    let mut desk = Desk::new(scenes::distributions(), (80, 24));
    let target = |desk: &Desk| invalidash::app::selection::selected_target(&desk.scene.model);
    desk.click_at(10, 6);
    let before = target(&desk);
    let fleet: Vec<_> = crate::support::samples::fleet().into_iter().skip(1).collect();
    desk.scene.keys("r").pass(1);
    desk.click_at(10, 6);
    desk.scene.distributions(fleet);
    desk.click_at(10, 6);
    assert_eq!(desk.page(), "distributions", "{before:?} {:?}", target(&desk));
}

#[test]
fn who_turns_the_wheel_has_begun_to_work() {
    let mut scene = Scene::start(crate::support::scene::preferences());
    scene.model.mouse = true;
    scene.send(Message::Wheel(1));
    let settings = vec![("page".to_owned(), "\"history\"".to_owned())];
    scene.ledger(LedgerContents {
        settings,
        ..LedgerContents::default()
    });
    assert_eq!(scene.model.screen().name(), "distributions");
}

#[test]
fn a_click_on_a_row_leaves_the_filter_as_enter_does() {
    let mut desk = Desk::new(scenes::distributions_filter(), (80, 24));
    assert!(desk.scene.model.screen().is_filtering());
    desk.click_at(10, 4);
    assert!(!desk.scene.model.screen().is_filtering());
    desk.click_at(10, 4);
    assert_eq!(desk.page(), "invalidations");
}

#[test]
fn a_click_on_a_heading_sorts_and_another_one_turns_the_order_round() {
    let mut desk = Desk::new(scenes::distributions(), (80, 24));
    for mark in ["Id ▲", "Id ▼"] {
        desk.click_heading("Id");
        assert!(desk.rows().join("\n").contains(mark), "{}", desk.rows().join("\n"));
    }
    desk.click_heading("Last invalidation");
    assert!(desk.rows().join("\n").contains("Last invalidation ▼"));

    let mut desk = Desk::new(scenes::invalidations(), (100, 24));
    desk.click_heading("Took");
    assert!(desk.rows().join("\n").contains("Took ▼"));
}

#[test]
fn a_click_on_a_key_of_the_footer_presses_it_and_an_overlay_covers_the_page() {
    let mut desk = Desk::new(scenes::distributions(), (80, 24));
    desk.click("? help");
    assert_eq!(desk.scene.model.overlays.last(), Some(&Help::default().into()));
    // Clicks next to the overlay and on its text do nothing.
    let (width, height) = desk.size;
    let hits = desk.look().1;
    for (x, y) in (0..width).flat_map(|x| (0..height).map(move |y| (x, y))) {
        assert!(!matches!(hits.at(x, y), Some(Hit::Row(_) | Hit::Heading(_))), "{x},{y}");
    }
    desk.click_at(0, 0);
    assert_eq!(desk.scene.model.overlays.last(), Some(&Help::default().into()));
    desk.scene.pass(1);
    desk.click("Esc close");
    assert!(desk.scene.model.overlays.is_empty());
    assert_eq!(desk.page(), "distributions");
}

#[test]
fn the_wheel_scrolls_tables_overlays_and_text() {
    let mut scene = scenes::composer_empty();
    let lines: Vec<String> = (0..200).map(|n| format!("/{n:03}")).collect();
    scene.paste(lines.join("\n"));
    let mut desk = Desk::new(scene, (80, 24));
    assert!(desk.rows().join("\n").contains("/199"));
    desk.wheel(-1);
    assert_eq!(desk.cursor().0, 196);
    assert!(!desk.rows().join("\n").contains("/199"), "{}", desk.rows().join("\n"));

    let mut desk = Desk::new(scenes::invalidations_all(), (80, 12));
    let before = desk.rows();
    desk.scene.keys("down");
    desk.wheel(1);
    assert_eq!(desk.selected(), Some(4));
    let after = desk.rows();
    assert_eq!(
        before.get(7),
        after.get(4),
        "{}\n{}",
        before.join("\n"),
        after.join("\n")
    );
    desk.wheel(-1);
    assert_eq!(desk.selected(), Some(1));

    let mut desk = Desk::new(scenes::help(), (80, 14));
    let (first, _) = desk.look();
    desk.wheel(2);
    assert_ne!(desk.rows(), first);
    desk.wheel(-9);
    assert_eq!(desk.rows(), first);
}

#[test]
fn a_click_sets_the_cursor_in_the_composer() {
    let mut scene = scenes::composer_empty();
    scene.paste("/index.html\n/日本語/a\n/b");
    let mut desk = Desk::new(scene, (80, 24));
    desk.click("dex.html");
    assert_eq!(desk.cursor(), (0, 3));
    // Clicking either half of a wide character selects it.
    for x in [10, 11] {
        desk.click_at(x, 4);
        assert_eq!(desk.cursor(), (1, 1), "{x}");
    }
    // A click to the left of the text goes to its start, to the right to its end, and below it to the end of the list.
    desk.click_at(2, 4);
    assert_eq!(desk.cursor(), (1, 0));
    desk.click_at(30, 3);
    assert_eq!(desk.cursor(), (0, 11));
    desk.click_at(3, 12);
    assert_eq!(desk.cursor(), (2, 2));
}

#[test]
fn a_click_finds_its_place_in_a_text_that_is_scrolled_sideways() {
    let mut scene = scenes::composer_empty();
    scene.paste(format!("/{}z", "0123456789".repeat(30)));
    let mut desk = Desk::new(scene, (80, 24));
    desk.click("9z");
    assert_eq!(desk.cursor(), (0, 300));
}

#[test]
fn no_click_gets_past_what_has_to_be_typed() {
    let hits = |scene: fn() -> Scene| -> Vec<(u16, u16)> {
        let mut desk = Desk::new(scene(), (80, 24));
        let hits = desk.look().1;
        hits.iter().map(|(area, _)| (area.x, area.y)).collect()
    };
    for scene in [scenes::review_everything, scenes::review_everything_covered] {
        for (x, y) in hits(scene) {
            let mut desk = Desk::new(scene(), (80, 24));
            for _ in 0..3 {
                let effects = desk.click_at(x, y);
                assert!(!sends(&effects), "{x},{y}");
                desk.scene.pass(1);
            }
        }
    }
}

#[test]
fn a_double_click_presses_nothing_that_it_brought_up() {
    let click = |scene: &mut Scene, key: &str| {
        let hint = Hit::Hint(key.parse().unwrap());
        scene.send(Message::Click(Some(hint))).to_vec()
    };
    let mut desk = Desk::new(scenes::composer_empty(), (100, 30));
    desk.scene.type_text("/index.html");
    let scene = &mut desk.scene;
    click(scene, "ctrl-s");
    assert!(matches!(scene.model.overlays.last(), Some(Overlay::Review(_))));
    for _ in 0..2 {
        assert!(!sends(&click(scene, "enter")));
        assert!(matches!(scene.model.overlays.last(), Some(Overlay::Review(_))));
    }
    scene.pass(1);
    scene.look();
    assert!(sends(&click(scene, "enter")));
}

#[test]
fn the_visible_key_of_the_review_submits_when_it_is_clicked_on_its_own() {
    let mut desk = Desk::new(scenes::review(), (100, 30));
    desk.scene.look();
    assert!(sends(&desk.click("↵ submit")));
}

#[test]
fn m_gives_the_mouse_back_to_the_terminal() {
    let mut desk = Desk::new(scenes::distributions(), (80, 24));
    let effects = desk.scene.press("M".parse().unwrap());
    assert!(effects.contains(&Effect::Mouse(false)), "{effects:?}");
    // Clicks that were already on their way are ignored.
    desk.click_at(10, 6);
    desk.wheel(1);
    assert_eq!(desk.selected(), Some(0));
    let effects = desk.scene.press("M".parse().unwrap());
    assert!(effects.contains(&Effect::Mouse(true)), "{effects:?}");
    desk.click_at(10, 6);
    assert_eq!(desk.selected(), Some(2));
}

const ON: &str = "\x1b[?1000h\x1b[?1006h";
const OFF: &str = "\x1b[?1006l\x1b[?1000l";
/// How every ending releases it, whatever was on.
const RELEASED: &str = "\x1b[?1006l\x1b[?1003l\x1b[?1002l\x1b[?1000l";

fn start(args: &[&str]) -> Pty {
    let pty = Pty::spawn(BINARY, &[&["--demo"], args].concat(), &[], 24, 100);
    pty.wait_for("Last invalidation");
    pty
}

/// A press and a release of the left button on a cell, counted from 0.
fn click(column: u16, row: u16) -> String {
    let (x, y) = (column + 1, row + 1);
    format!("\x1b[<0;{x};{y}M\x1b[<0;{x};{y}m")
}

#[test]
fn the_terminal_is_asked_for_the_mouse_and_has_it_back_at_every_ending() {
    type End = fn(&Pty);
    let ended: [(&str, End); 6] = [
        ("q", |pty| pty.type_keys("q")),
        ("Ctrl-C", |pty| pty.type_keys("<c-c>")),
        ("TERM", |pty| pty.signal(Signal::TERM)),
        ("INT", |pty| pty.signal(Signal::INT)),
        ("HUP", |pty| pty.signal(Signal::HUP)),
        ("QUIT", |pty| pty.signal(Signal::QUIT)),
    ];
    for (ending, end) in ended {
        let pty = start(&[]);
        let before = pty.wait_raw(0, ON);
        end(&pty);
        assert!(pty.exit_code().is_some(), "{ending}");
        pty.wait_raw(before, RELEASED);
        let log = String::from_utf8_lossy(&pty.log()).into_owned();
        assert!(log.rfind(ON) < log.rfind(RELEASED), "{ending}");
    }
}

#[test]
fn a_stop_and_an_editor_have_the_terminal_without_the_mouse() {
    let pty = start(&[]);
    pty.signal(Signal::TSTP);
    pty.wait_stopped();
    let stopped = pty.wait_raw(0, RELEASED);
    pty.signal(Signal::CONT);
    let taken = pty.wait_raw(stopped, ON);
    pty.type_keys("i");
    pty.wait_for("Invalidate  ");
    pty.type_keys("/a<f4>");
    let lent = pty.wait_raw(taken, RELEASED);
    pty.type_keys(":q<enter>");
    pty.wait_raw(lent, ON);
}

#[test]
fn m_switches_it_and_the_configuration_leaves_it_to_the_terminal_for_ever() {
    let pty = start(&[]);
    let on = pty.wait_raw(0, ON);
    pty.type_keys("M");
    pty.wait_for("mouse off");
    let off = pty.wait_raw(on, OFF);
    pty.type_keys("M");
    pty.wait_raw(off, ON);

    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.toml");
    std::fs::write(&file, "mouse = false\n").unwrap();
    let pty = start(&["--config", file.to_str().unwrap()]);
    pty.send(click(20, 6).as_bytes());
    pty.type_keys("<down>?");
    pty.wait_for("Help");
    pty.type_keys("q");
    pty.wait_until("the page", |screen| !screen.contents().contains("Help"));
    pty.type_keys("q");
    assert_eq!(pty.exit_code(), Some(0));
    let log = String::from_utf8_lossy(&pty.log()).into_owned();
    assert!(!log.contains("\x1b[?1000h"), "{log:?}");
}

#[test]
fn reports_of_the_mouse_are_clicks_however_they_are_cut_and_never_text() {
    let pty = start(&[]);
    // Clicks with Ctrl or other buttons, and movements of the pointer, do nothing.
    pty.send(b"\x1b[<16;10;7M\x1b[<2;10;7M\x1b[<35;10;7M\x1b[<1;10;7M\x1b[<200;1;1M\x1b[<;;M");
    let report = click(10, 6);
    for cut in 1..report.len() {
        let (head, tail) = report.split_at(cut);
        pty.send(head.as_bytes());
        pty.send(tail.as_bytes());
    }
    pty.wait_until("its invalidations", |screen| {
        screen.contents().contains("Invalidations  ")
    });
    assert!(!pty.screen().contains("[<"), "{}", pty.screen());
}
