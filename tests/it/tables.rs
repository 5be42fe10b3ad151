//! The tables: sorted with a direction, filtered by words, columns and expressions, with columns that a person chose, and
//! all of it found again at the next run.

use invalidash::app::layout::beside_columns;
use invalidash::app::screen::Screen;
use invalidash::app::table::Table;
use invalidash::engine::effect::{Effect, LedgerContents, LedgerOperation};
use invalidash::engine::pending::LedgerRequest;
use invalidash::ui::Theme;

use crate::screens::{history, scenes};
use crate::support::dashboard::{Person, Stage};
use crate::support::samples;
use crate::support::scene::{Scene, preferences};
use crate::support::screen::{berlin, frame, rows};

/// The places of these texts on the screen, from its top.
fn places(screen: &str, texts: &[&str]) -> Vec<usize> {
    let row = |line: &&str| line.contains(" E");
    let line = |text: &&str| {
        screen
            .lines()
            .position(|line| row(&line) && line.contains(*text))
            .unwrap_or(usize::MAX)
    };
    texts.iter().map(line).collect()
}

async fn sees_all(person: &mut Person) -> String {
    person.sees("docs.lumen.example").await;
    person.waits(1).await;
    person.screen()
}

#[tokio::test(start_paused = true)]
async fn a_sort_has_a_direction_that_its_heading_shows() {
    let mut stage = Stage::demo();
    stage.size = (120, 40);
    stage
        .play(async |mut person| {
            sees_all(&mut person).await;
            person.press("s");
            let screen = person.sees("Aliases ▲").await;
            let [docs, www] = ["docs.lumen.example", "www.lumen-shop.example"];
            assert!(places(&screen, &[docs, www]).is_sorted(), "{screen}");
            person.press("S");
            let screen = person.sees("Aliases ▼").await;
            assert!(places(&screen, &[www, docs]).is_sorted(), "{screen}");
            person.press("sss");
            person.sees("Comment ▲").await;
            person.press("s");
            person.sees("unsorted (original order)").await;
            person.press("S");
            person.sees("press s to sort by a column").await;
            person.press("3");
            person.sees("History").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn rows_are_found_by_words_columns_and_expressions() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            sees_all(&mut person).await;
            for (filter, found) in [
                ("docs", "1 of 14"),
                ("!docs", "13 of 14"),
                ("alias:docs", "1 of 14"),
                ("id:docs", "1 of 14"),
                ("comment:docs !id:docs", "0 of 14"),
                ("/^docs/", "1 of 14"),
                // The filter matches what a row shows and never letters that merely occur in it, because the next key
                // acts on the row.
                ("disabled", "1 of 14"),
                ("staging", "1 of 14"),
                ("zz", "0 of 14"),
                ("/(/", "searched for as plain text"),
            ] {
                person.press("/");
                person.paste(filter);
                let screen = person.sees(found).await;
                assert!(screen.contains(filter), "{screen}");
                person.press("<esc>");
                person.misses(found).await;
            }
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn columns_are_chosen_and_all_of_it_is_found_again() {
    let mut stage = Stage::demo();
    stage.size = (130, 40);
    stage
        .play(async |mut person| {
            let screen = sees_all(&mut person).await;
            assert!(!screen.contains("PriceClass") && screen.contains("Comment"), "{screen}");
            person.press("C");
            person.sees("show or hide").await;
            person.press("<down><down><enter><esc>");
            person.misses("Comment").await;
            person.press("C<end><up><up><space><esc>");
            person.sees("PriceClass").await;
            person.press("sS/docs<enter>");
            person.sees("1 of 14").await;
            person.press("3");
            person.sees("History  ").await;
            person.waits(1).await;
            person.press("<c-c>");
        })
        .await;
    stage
        .play(async |mut person| {
            person.sees("History  ").await;
            person.press("1");
            let screen = person.sees("1 of 14").await;
            assert!(
                screen.contains("PriceClass") && screen.contains("Aliases ▼"),
                "{screen}"
            );
            person.press("<esc>");
            person.sees("www.lumen-shop.example").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_star_marks_all_that_the_filter_shows() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            sees_all(&mut person).await;
            person.press("/lumen<enter>*");
            let screen = person.sees("marked").await;
            assert!(screen.contains("targets"), "{screen}");
            person.press("*");
            person.sees("unmarked").await;
        })
        .await;
}

/// What an earlier run left of the distributions.
fn left() -> LedgerContents {
    let table = r#"{"sort":"Id","descending":true,"hidden":[],"shown":[],"filter":"shop"}"#;
    LedgerContents {
        settings: vec![("distributions".to_owned(), table.to_owned())],
        ..LedgerContents::default()
    }
}

fn filter(scene: &Scene) -> &str {
    match scene.model.screens.first() {
        Some(Screen::Distributions(page)) => page.list.view.filter.value(),
        _ => "",
    }
}

#[test]
fn a_ledger_that_opens_late_leaves_the_sort_and_the_filter_of_whoever_has_begun() {
    let mut scene = Scene::start(preferences());
    scene.connect(Ok(samples::scope())).distributions(samples::fleet());
    scene.keys("s / d o c s enter");
    let sort = scene.model.arrangements.of(Table::Distributions).sort;
    scene.ledger(left());
    assert_eq!(scene.model.arrangements.of(Table::Distributions).sort, sort);
    assert_eq!(filter(&scene), "docs");
}

#[test]
fn a_remembered_filter_is_not_lost_on_another_page() {
    let mut scene = Scene::start(preferences());
    scene.connect(Ok(samples::scope())).distributions(samples::fleet());
    scene.keys("2");
    let request = scene.awaits(&LedgerRequest::Open);
    let reply = invalidash::engine::effect::Reply::Ledger {
        request,
        result: Ok(Some(Box::new(left()))),
    };
    let effects = scene.reply(reply).to_vec();
    assert_eq!(filter(&scene), "shop");
    let lost = |effect: &Effect| match effect {
        Effect::Ledger {
            operation: LedgerOperation::Setting { name, .. },
            ..
        } => name == "distributions",
        _ => false,
    };
    assert!(!effects.iter().any(lost), "{effects:?}");
}

#[test]
fn nothing_is_marked_where_nothing_is_shown() {
    let mut scene = crate::screens::scenes::distributions();
    scene.keys("/").type_text("id:zzqq").keys("enter *");
    let said = scene.model.engine.notice.as_ref().map_or("", |note| &note.text);
    assert_eq!(said, "no rows to mark");
}

/// The columns that stay empty between and behind the cells of a table, beyond the gaps between them.
fn empty_columns(lines: &[Vec<char>], (from, to): (usize, usize)) -> usize {
    const GAP: usize = 2;
    let is_empty = |column: &usize| lines.iter().all(|line| line.get(*column).is_none_or(|c| *c == ' '));
    let (mut empty, mut run) = (0, 0);
    for column in from..to {
        if is_empty(&column) {
            run += 1;
        } else {
            empty += usize::saturating_sub(run, GAP);
            run = 0;
        }
    }
    empty + run
}

/// The heading and the rows of the table on the screen.
fn table(screen: &[String]) -> Vec<Vec<char>> {
    let lines = screen
        .iter()
        .skip(3)
        .take_while(|row| !row.trim_start().starts_with('─'));
    let lines: Vec<Vec<char>> = lines.map(|row| row.chars().collect()).collect();
    lines.into_iter().filter(|row| row.len() > 5).collect()
}

#[test]
fn no_table_cuts_a_cell_beside_empty_columns() {
    let Some(theme) = Theme::named("default", berlin) else {
        return;
    };
    let tables: [scenes::Named; 5] = [
        ("distributions", scenes::distributions),
        ("tenants", scenes::tenants),
        ("invalidations", scenes::invalidations),
        ("all invalidations", scenes::invalidations_all),
        ("history", history::history),
    ];
    let mut wrong = Vec::new();
    for (name, scene) in tables {
        let mut scene = scene();
        for width in 80..=220 {
            scene.model.size = (width, 24);
            let screen = rows(&frame(&scene.model, &theme, (width, 24)).0);
            let beside = beside_columns((width, 24));
            let right = usize::from(if name == "distributions" { width - beside } else { width }) - 1;
            let lines: Vec<Vec<char>> = table(&screen)
                .into_iter()
                .map(|line| line.into_iter().take(right).collect())
                .collect();
            // A cell that is still loading contains only an ellipsis.
            let is_cut = lines
                .iter()
                .any(|line| line.windows(2).any(|two| two[0] != ' ' && two[1] == '…'));
            let empty = empty_columns(&lines, (5, right));
            if is_cut && empty > 2 {
                wrong.push(format!(
                    "{name} at {width}: {empty} columns are empty\n{}",
                    screen.join("\n")
                ));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        5 * 141,
        wrong.first().map_or("", String::as_str)
    );
}
