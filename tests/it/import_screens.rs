//! The screens of imports and saved lists, at any size and with hostile text.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::path::Path;

use invalidash::domain::distribution::{DistributionId, Target};
use invalidash::domain::import::{self, Location, Walk};
use invalidash::domain::lint::Context;
use invalidash::domain::saved_list::SavedList;
use invalidash::engine::effect::{Effect, ListsAnswer, Reply};
use invalidash::engine::pending::{ImportRequest, ListsRequest};
use invalidash::ui::Theme;

use crate::support::samples::{self, HOSTILE, fleet};
use crate::support::scene::Scene;
use crate::support::screen::{ansi, berlin, frame, rows};

fn composer() -> Scene {
    let mut scene = Scene::with(fleet());
    scene.keys("i");
    scene.paste("/index.html\n/en/*");
    scene.quiet();
    scene
}

fn menu() -> Scene {
    let mut scene = composer();
    scene.keys("ctrl-o down");
    scene
}

fn ask() -> Scene {
    let mut scene = composer();
    scene
        .keys("ctrl-o down down down enter")
        .type_text("main")
        .keys("enter");
    scene
}

fn waiting() -> Scene {
    let mut scene = composer();
    scene.keys("ctrl-o enter").type_text("~/paths.txt").keys("enter");
    scene
}

fn paste() -> Scene {
    let mut scene = composer();
    scene.keys("ctrl-o down enter");
    scene
}

fn earlier() -> Scene {
    let mut scene = composer();
    let target = Target::Distribution(DistributionId::new("E2QWRUHEXAMPLE"));
    scene.keys("ctrl-o down down enter");
    scene.invalidations(&target, vec![samples::summary("I2J0I21PCUYOIK", 600, "Completed")]);
    scene
}

fn preview() -> Scene {
    let mut scene = waiting();
    let request = scene.awaits(&ImportRequest);
    let text = "# after the release\n/en/new\nhttps://www.shop.example/café menu.pdf\nimages/*.jpg\n\
                https://other.example/x\nhttps://static.shop.example/y";
    let context = Context {
        hosts: ["www.shop.example".to_owned()].into(),
        ..Context::default()
    };
    let result = import::text(text.as_bytes(), "~/paths.txt", &context).map_err(|error| error.to_string());
    scene.reply(Reply::Imported { request, result });
    scene.keys("i");
    scene
}

fn preview_long() -> Scene {
    let mut scene = waiting();
    let request = scene.awaits(&ImportRequest);
    let text: Vec<String> = (0..5_000).map(|n| format!("/product/{n}")).collect();
    let result = import::list(text.join("\n").as_bytes(), "~/paths.txt").map_err(|error| error.to_string());
    scene.reply(Reply::Imported { request, result });
    scene.keys("pagedown pagedown");
    scene
}

fn preview_hostile() -> Scene {
    let mut scene = waiting();
    let request = scene.awaits(&ImportRequest);
    let mut walk = Walk::new(Location::File(HOSTILE[0].to_owned()), None, Context::default());
    walk.next_location();
    let locations = HOSTILE.map(|text| {
        format!(
            "<url><loc>https://{}/{}</loc></url>",
            "a.example",
            text.replace('\0', "")
        )
    });
    walk.take(Ok(format!("<urlset>{}</urlset>", locations.concat()).into_bytes()));
    let result = walk.finish();
    scene.reply(Reply::Imported { request, result }).to_vec();
    scene
}

fn lists() -> Scene {
    let mut scene = composer();
    scene.keys("ctrl-l");
    let request = scene.awaits(&ListsRequest::Overlay);
    let list = |name: &str, bytes, seconds| SavedList {
        name: name.parse().unwrap(),
        bytes,
        changed: Some(samples::before(seconds)),
    };
    let found = vec![
        list("home page", 84, 600),
        list("release", 12_040, 86_400 * 2),
        list("sale 2025", 733, 86_400 * 400),
    ];
    let answer = ListsAnswer::Lists("~/.config/invalidash/lists".to_owned(), found);
    scene.reply(Reply::Lists {
        request,
        result: Ok(answer),
    });
    scene.type_text("rel");
    scene
}

fn lists_bad_name() -> Scene {
    let mut scene = lists();
    scene.type_text("/x").keys("ctrl-s");
    scene
}

fn lists_exists() -> Scene {
    let mut scene = lists();
    scene.type_text("ease").keys("ctrl-s");
    scene
}

fn lists_failed() -> Scene {
    let mut scene = composer();
    scene.keys("ctrl-l");
    let request = scene.awaits(&ListsRequest::Overlay);
    let result = Err(format!("the lists in {} cannot be read: Permission denied", HOSTILE[0]));
    scene.reply(Reply::Lists { request, result });
    scene
}

/// A name and what makes the scene.
type Named = (&'static str, fn() -> Scene);

fn scenes() -> Vec<Named> {
    vec![
        ("import-menu", menu),
        ("import-ask", ask),
        ("import-waiting", waiting),
        ("import-paste", paste),
        ("import-earlier", earlier),
        ("import-preview", preview),
        ("import-preview-long", preview_long),
        ("import-preview-hostile", preview_hostile),
        ("lists", lists),
        ("lists-bad-name", lists_bad_name),
        ("lists-exists", lists_exists),
        ("lists-failed", lists_failed),
    ]
}

/// Writes them as a terminal would be told to draw them into `target/pictures`, to be looked at.
#[test]
#[ignore = "writes files to look at"]
fn pictures() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    for theme in [
        Theme::named("default", berlin).unwrap(),
        Theme::named("mono", berlin).unwrap(),
    ] {
        for (name, scene) in scenes() {
            for size in [(60, 20), (80, 24), (100, 30), (120, 40), (160, 50)] {
                let file = format!("{name}-{}x{}-{}.ansi", size.0, size.1, theme.name);
                std::fs::write(folder.join(file), ansi(&scene().model, &theme, size)).unwrap();
            }
        }
    }
}

/// The box alone: what lies below it is another subject.
pub(crate) fn boxed(screen: &str) -> String {
    let lines: Vec<Vec<char>> = screen.lines().map(|line| line.chars().collect()).collect();
    let top = lines.iter().position(|line| line.contains(&'╭')).unwrap();
    let end = lines.iter().position(|line| line.contains(&'╰')).unwrap();
    let left = lines[top].iter().position(|c| *c == '╭').unwrap();
    let right = lines[top].iter().position(|c| *c == '╮').unwrap();
    let rows = lines[top..=end]
        .iter()
        .map(|line| line[left..=right].iter().collect::<String>());
    rows.collect::<Vec<_>>().join("\n")
}

#[test]
fn esc_while_waiting_cancels_and_a_late_answer_changes_nothing() {
    let mut scene = waiting();
    let request = scene.awaits(&ImportRequest);
    let effects = scene.press("esc".parse().unwrap());
    assert_eq!(effects, [Effect::CancelImport(request)]);
    let before = format!("{:?}", scene.model.overlays);
    let result = import::list(b"/late", "late.txt").map_err(|error| error.to_string());
    let effects = scene.reply(Reply::Imported { request, result }).to_vec();
    assert_eq!((effects, format!("{:?}", scene.model.overlays)), (Vec::new(), before));
}

#[test]
fn an_import_that_ends_under_the_help_is_there_when_the_help_is_closed() {
    let mut scene = waiting();
    let request = scene.awaits(&ImportRequest);
    scene.keys("?");
    let result = import::list(b"/x", "x.txt").map_err(|error| error.to_string());
    scene.reply(Reply::Imported { request, result });
    scene.keys("esc");
    let (buffer, _) = frame(&scene.model, &Theme::named("mono", berlin).unwrap(), (80, 24));
    assert!(rows(&buffer).concat().contains("Import: x.txt"));
}

#[test]
fn at_80_columns() {
    for name in ["import-menu", "import-ask", "import-preview", "lists", "lists-exists"] {
        let (_, scene) = scenes().into_iter().find(|(known, _)| *known == name).unwrap();
        let (buffer, _) = frame(&scene().model, &Theme::named("mono", berlin).unwrap(), (80, 24));
        insta::assert_snapshot!(name, boxed(&rows(&buffer).join("\n")));
    }
}

#[test]
fn every_size_is_drawn_and_no_control_character_comes_through() {
    for (name, scene) in scenes() {
        let scene = scene();
        for size in [(1, 1), (2, 40), (40, 8), (41, 9), (60, 12), (80, 24), (200, 60)] {
            let (buffer, cursor) = frame(&scene.model, &Theme::named("default", berlin).unwrap(), size);
            let text = rows(&buffer).concat();
            assert!(
                !text.contains(|c: char| c.is_control() || c == '\u{202e}'),
                "{name} {size:?}"
            );
            assert!(
                cursor.is_none_or(|at| at.x < size.0 && at.y < size.1),
                "{name} {size:?}"
            );
        }
    }
}
