//! The composer and the review from the user's perspective: a problem can be read without moving the cursor to it, and
//! no single key does anything dangerous.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use invalidash::app::screen::Screen;
use invalidash::domain::lint::Severity;
use invalidash::emulator::{Fault, Operation, Trouble};
use invalidash::ui::{Theme, ViewMemory};

use crate::screens::scenes;
use crate::support::dashboard::Stage;
use crate::support::scene::Scene;
use crate::support::screen::{berlin, frame, frame_after, rows};

/// The screen as rows, without the blanks at their ends.
fn shown(scene: &Scene, size: (u16, u16)) -> Vec<String> {
    let theme = Theme::named("default", berlin).unwrap();
    rows(&frame(&scene.model, &theme, size).0)
}

/// The text column of the composer, as one text with single blanks.
fn text_of(rows: &[String]) -> String {
    let text = rows.iter().map(|row| row.split('│').next().unwrap_or(row));
    let words: Vec<&str> = text.flat_map(str::split_whitespace).collect();
    words.join(" ")
}

#[test]
fn every_problem_is_read_without_moving_to_it() {
    let lines = [
        "images/*.jpg",
        "/index.html",
        "/a/~b",
        "s3://bucket/key",
        "https://www.shop.example/a b/*.css",
        "/en",
        "",
    ];
    for size in [(80, 40), (100, 40), (120, 40), (200, 60)] {
        let mut scene = scenes::composing(&lines);
        scene.model.size = size;
        let screen = shown(&scene, size);
        let text = text_of(&screen);
        let composer = match scene.model.screen() {
            Screen::Composer(composer) => composer,
            other => panic!("{}", other.name()),
        };
        for line in 0..lines.len() {
            let row = composer.analysis.row(line);
            for said in composer.analysis.diagnostics(line) {
                let is_shown = row.is_some_and(|row| row.ok) && said.fix.as_ref().is_some_and(|fix| fix.safe);
                if said.severity > Severity::Info && !is_shown {
                    let message = said.message.split_whitespace().collect::<Vec<_>>().join(" ");
                    assert!(text.contains(&message), "{size:?}: {message}\n{}", screen.join("\n"));
                }
            }
        }
        assert!(
            text.contains("Tab /images/* clears more: all of /images/"),
            "{}",
            screen.join("\n")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_suggestion_stands_below_its_line_and_tab_takes_it() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press("i");
            person.paste("/index.html\nimages/*.jpg\n/last.html");
            let screen = person.sees("└").await;
            let rows: Vec<&str> = screen.lines().collect();
            let line = rows
                .iter()
                .position(|row| row.contains("images/*.jpg"))
                .unwrap_or_default();
            assert!(
                rows[line + 1].contains("* works only as the last character"),
                "{screen}"
            );
            assert!(rows.iter().any(|row| row.contains("Tab  /images/*")), "{screen}");
            person.press("<up><tab>");
            let screen = person.misses("└").await;
            assert!(screen.contains("2 ✓ /images/*"), "{screen}");
        })
        .await;
}

#[test]
fn only_the_line_of_the_cursor_scrolls_sideways() {
    let long = format!("/begin/{}/end.html", "x".repeat(120));
    let mut scene = scenes::composing(&["/first.html", &long, &long]);
    scene.keys("end");
    let screen = shown(&scene, (80, 24));
    let row = |number: &str| {
        screen
            .iter()
            .find(|row| row.contains(number))
            .cloned()
            .unwrap_or_default()
    };
    assert!(row("1 ✓").contains("/first.html"), "{}", screen.join("\n"));
    assert!(
        row("2 ✓").contains("/begin/") && row("2 ✓").ends_with('›'),
        "{}",
        screen.join("\n")
    );
    let here = row("▌");
    assert!(
        here.contains("‹") && here.contains("/end.html") && !here.contains("/begin/"),
        "{here}"
    );
    scene.keys("up end");
    let here = shown(&scene, (80, 24))
        .into_iter()
        .find(|row| row.contains('▌'))
        .unwrap_or_default();
    assert!(here.contains("/end.html"), "{here}");
}

#[test]
fn a_page_key_skips_no_line_with_its_problem() {
    let lines: Vec<String> = (0..200).map(|number| format!("folder{number}/*.jpg")).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let mut scene = scenes::composing(&lines);
    scene.keys("ctrl-home");
    let theme = Theme::named("default", berlin).unwrap();
    let mut memory = ViewMemory::default();
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..200 {
        let screen = rows(&frame_after(&scene.model, &theme, &mut memory, (80, 24)).0);
        seen.extend((0..200).filter(|number| screen.iter().any(|row| row.contains(&format!(" folder{number}/*.jpg")))));
        scene.keys("pagedown");
    }
    assert_eq!(seen.len(), 200);
}

#[tokio::test(start_paused = true)]
async fn the_note_is_a_field_of_the_review_and_enter_in_it_sends_nothing() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.reviews("/a\n/b").await;
            person.press("n");
            person.sees("stored only on this machine").await;
            person.press("release 42<enter>");
            let screen = person.sees("note  release 42").await;
            assert!(screen.contains("2 items will be sent"), "{screen}");
            assert_eq!(stage.emulator.received().creations.len(), 0);
            // Esc reverts it and keeps the review open.
            person.press("n");
            person.sees("revert").await;
            person.press(" or not");
            person.sees("release 42 or not").await;
            person.press("<esc>");
            let screen = person.misses("or not").await;
            assert!(
                screen.contains("note  release 42") && screen.contains("↵ submit"),
                "{screen}"
            );
            person.press("<enter>");
            person.sees("Completed after").await;
            person.sees("note release 42").await;
            assert_eq!(stage.emulator.received().creations.len(), 1);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn clearing_everything_is_no_equal_of_the_cheap_plans() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("/a.html\n/b.html");
            person.press("<c-t>p");
            let screen = person.sees("clears everything").await;
            let rows: Vec<&str> = screen.lines().collect();
            let at = rows
                .iter()
                .position(|row| row.contains("clears everything"))
                .unwrap_or_default();
            assert!(!rows[at - 1].contains("item"), "{screen}");
            // The last plan must be confirmed by typing; pasting does not count.
            person.press("<end>");
            for _ in 0..3 {
                person.press("l");
            }
            person.press("<enter>");
            let screen = person.sees("to submit ›").await;
            let id = screen
                .split("type ")
                .nth(1)
                .and_then(|rest| rest.split(' ').next())
                .unwrap_or_default()
                .to_owned();
            person.paste(&id);
            person.sees("pasted text does not count").await;
            person.press("<enter>");
            person.sees("to use this").await;
            person.press("<esc>");
            person.misses("to use this ›").await;
            person.press("<enter>");
            person.press(&format!("{id}<enter>"));
            person.sees("1 ! /*").await;
            assert_eq!(stage.emulator.received().creations.len(), 0);
        })
        .await;
}

#[test]
fn the_price_is_what_is_likely_beside_the_most() {
    let mut scene = scenes::composing(&["/a", "/b"]);
    let screen = shown(&scene, (120, 40)).join("\n");
    assert!(screen.contains("max. $0.01, likely $0.00"), "{screen}");
    // The counted month has used up the free paths.
    scenes::counted(&mut scene, 1_000);
    let screen = shown(&scene, (120, 40)).join("\n");
    assert!(screen.contains("max. $0.01, likely $0.01"), "{screen}");
    assert!(screen.contains("1,000 of 1,000 free paths used, counted"), "{screen}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_names_the_key_for_all_fixes_only_where_it_fixes_something() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("/a/*.css\n");
            person.press("<c-s>");
            person
                .sees("1 line cannot be sent; fix it with Tab, or comment it out")
                .await;
            person.press("<c-end>");
            person.paste("images/a.jpg\n");
            person.press("<c-s>");
            person
                .sees("2 lines cannot be sent; fix them with Tab or Ctrl-F, or comment them out")
                .await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn an_empty_list_offers_the_items_of_the_last_invalidation_for_review() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press("<enter>");
            person.sees("/index.html").await;
            person.press("i");
            let screen = person.sees("Tab     review, send again:  /index.html").await;
            let footer = screen.lines().last().unwrap_or_default();
            assert!(footer.starts_with(" Tab review, send again  Ctrl-S review"), "{footer}");
            person.press("<tab>");
            let screen = person.sees("will be sent").await;
            assert!(screen.contains("↵ submit"), "{screen}");
            // The items are in the list, which can be edited or cleared.
            person.press("<esc>");
            person.sees("1 ✓ /index.html").await;
            person.press("<c-z>");
            person.sees("Tab     review, send again:").await;
            // What is typed is completed as before: the offer is only for an empty list.
            person.paste("/typed.html");
            person.misses("send again").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_review_says_that_the_same_items_are_in_progress() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.press("i");
            person.paste("/a.html\n/b.html");
            person.press("<c-s>");
            let screen = person.sees("2 items will be sent").await;
            assert!(!screen.contains("same items"), "{screen}");
            person.waits(1).await;
            person.press("<enter>");
            person.sees("InProgress").await;
            person.press("i");
            person.sees("Type one path").await;
            // The order does not matter, and a list of other items is not the same.
            person.paste("/b.html\n/a.html");
            person.press("<c-s>");
            person.sees("same items already in progress since").await;
            person.press("<esc>");
            person.paste("\n/c.html");
            person.press("<c-s>");
            let screen = person.sees("3 items will be sent").await;
            assert!(!screen.contains("same items"), "{screen}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_list_sent_in_several_requests_is_sent_again_whole() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            let lines: Vec<_> = (0..3_001).map(|number| format!("/{number}.html")).collect();
            person.press("i");
            person.paste(&lines.join("\n"));
            person.press("<c-s>");
            person.sees("3,001 items will be sent").await;
            person.waits(1).await;
            person.press("<enter>");
            person.sees("4 completed after").await;
            person.press("i<tab>");
            person.sees("3,001 items will be sent").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn page_1_takes_up_what_was_refused_and_the_page_of_the_target_offers_to_edit_it() {
    let stage = Stage::demo();
    stage
        .emulator
        .inject(Fault::new(Trouble::AccessDenied).on(Operation::CreateInvalidation));
    stage
        .play(async |mut person| {
            person.sees("docs.lumen.example").await;
            person.submits("/refused.html").await;
            let screen = person.sees("E edit and resend").await;
            assert!(!screen.contains(". review, send again"), "{screen}");
            person.press("1");
            person.sees("Distributions 14").await;
            person.press(".");
            let screen = person.sees("1 item will be sent").await;
            assert!(screen.contains("/refused.html"), "{screen}");
        })
        .await;
}

#[test]
fn the_key_for_all_fixes_is_shown_only_where_one_clears_the_same() {
    let footer = |line: &str| shown(&scenes::composing(&[line]), (120, 24)).pop().unwrap();
    assert!(!footer("/a b/*.css").contains("Ctrl-F fix"), "{}", footer("/a b/*.css"));
    assert!(
        footer("/&amp;.html").contains("Ctrl-F fix"),
        "{}",
        footer("/&amp;.html")
    );
}
