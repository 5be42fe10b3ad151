//! The history from the user's perspective: found in a later session, browsed, annotated, compared, exported; and the
//! cost of browsing ten thousand submissions.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;

use chrono::TimeDelta;
use invalidash::app::message::Message;
use invalidash::app::model::Preferences;
use invalidash::app::screen::Screen;
use invalidash::app::screen::history::{HELD, History, PAGE};
use invalidash::domain::invalidation::InvalidationId;
use invalidash::domain::submission::{JobId, State, Submission};
use invalidash::engine::effect::{Effect, LedgerContents, LedgerOperation};
use invalidash::engine::timers::TimerKind;
use invalidash::runtime::ledger::Ledger;

use crate::support::dashboard::{Person, Stage};
use crate::support::journal::{at, plan, planned};
use crate::support::scene::Scene;

async fn submit(person: &mut Person, lines: &str, note: &str) {
    person.sees("www.lumen-shop.example").await;
    person.reviews(lines).await;
    person.press("n");
    person.sees("stored only on this machine").await;
    person.paste(note);
    person.press("<enter>");
    person.sees(note).await;
    person.press("<enter>");
    person.sees("InProgress").await;
}

#[tokio::test(start_paused = true)]
async fn what_was_done_is_found_in_a_later_session_with_its_reason_and_price() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html\n/en/*", "spring catalog").await;
            person.sees("Completed after").await;
            person.press("1");
            submit(&mut person, "/news/*", "typo").await;
            person.sees("Completed after").await;
        })
        .await;
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("3");
            let screen = person.sees("spring catalog").await;
            assert!(
                screen.contains("this month at least 3 of 1,000 free paths used"),
                "{screen}"
            );
            assert!(screen.contains("max. $0.02"), "{screen}");
            let newest = screen.lines().position(|line| line.contains("typo")).unwrap();
            let older = screen.lines().position(|line| line.contains("spring catalog")).unwrap();
            assert!(newest < older, "{screen}");
            person.press("/catalog INDEX");
            person.sees("1 of 1").await;
            person.press("<enter><enter>");
            let details = person.sees("CallerReference").await;
            assert!(
                details.contains("spring catalog") && details.contains("/en/*"),
                "{details}"
            );
            person.press("n<c-u>");
            person.sees("Stored only on this machine").await;
            person.paste("autumn catalog");
            person.press("<enter>");
            person.sees("Note saved").await;
            person.press("<esc>");
            person.sees("1 of 1").await;
        })
        .await;
    stage
        .play(async |mut person| {
            person.waits(1).await;
            // The filter is unchanged.
            person.press("3");
            let screen = person.sees("autumn catalog").await;
            assert!(screen.contains("catalog INDEX"), "{screen}");
            person.press("<esc>");
            person.misses("catalog INDEX").await;
            person.sees("typo").await;
            person.press("gjc");
            let composer = person.sees("Invalidate").await;
            assert!(
                composer.contains("/index.html") && composer.contains("/en/*"),
                "{composer}"
            );
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_note_outlives_a_dangerous_review_in_which_letters_are_text() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("/*");
            person.press("<c-s>");
            person.sees("to submit").await;
            person.press("E1A2<a-n>");
            person.sees("stored only on this machine").await;
            person.press("all of it<enter>");
            let review = person.sees("note  all of it").await;
            assert!(review.contains("› E1A2"), "{review}");
            person.press("WTXM7KQ4SV");
            person.sees("E1A2WTXM7KQ4SV").await;
            person.press("<enter>");
            person.sees("note all of it").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn two_are_compared_whoever_made_them() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html\n/only/ours", "mine").await;
            person.sees("Completed after").await;
            person.press("<space>=");
            let compared = person.sees("only in A 1").await;
            assert!(
                compared.contains("/only/ours") && compared.contains("in both 1"),
                "{compared}"
            );
            person.press("<left>");
            person.sees("/index.html").await;
            person.press("<left>");
            person.press("c");
            person.sees("Invalidate").await;
        })
        .await;
}

fn document(path: &Path) -> serde_json::Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn what_the_filter_shows_is_written_into_a_file_that_is_never_replaced_unasked() {
    let stage = Stage::demo();
    stage.write("home/there.json", "precious");
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html\n/en/*", "=HYPERLINK(\"http://evil\")").await;
            person.sees("Completed after").await;
            person.press("1");
            submit(&mut person, "/news/*", "plain, with a comma").await;
            person.sees("Completed after").await;
            person.press("3");
            person.sees("=HYPERLINK").await;
            person.press("/hyperlink");
            person.sees("1 of 1").await;
            person.press("<enter>e");
            person.sees("1 submission matching hyperlink").await;
            person.press("<c-u>");
            person.paste("~/there.json");
            person.press("<enter>");
            person.sees("already exists. Replace").await;
            person.press("<esc>");
            person.sees("~/there.json").await;
            assert_eq!(
                fs::read_to_string(stage.folder().join("home/there.json")).unwrap(),
                "precious"
            );
            person.press("<enter>");
            person.sees("already exists. Replace").await;
            person.press("<enter>");
            person.sees("1 row written to").await;
            person.press("<esc>e<tab>");
            person.sees("2 submissions, with all items").await;
            person.press("<enter>");
            person.sees("2 rows written to").await;
            person.press("e<c-u>");
            person.paste("missing/x.csv");
            person.press("<enter>");
            person.sees("missing/x.csv cannot be").await;
        })
        .await;
    let written = document(&stage.folder().join("home/there.json"));
    let entry = &written["submissions"][0];
    assert_eq!(written["submissions"].as_array().unwrap().len(), 1);
    assert_eq!(entry["note"], "=HYPERLINK(\"http://evil\")");
    assert_eq!(entry["items"], serde_json::json!(["/index.html", "/en/*"]));
    assert_eq!(
        (&entry["status"], &entry["at_most_usd"]),
        (&"Completed".into(), &"0.010".into())
    );
    assert!(entry["confirmed"].as_str().unwrap().ends_with('Z'), "{entry}");
    let name = format!("invalidash-{}.csv", stage.clock.now().format("%Y-%m-%d"));
    let csv = fs::read_to_string(stage.folder().join(name)).unwrap();
    let lines: Vec<&str> = csv.split("\r\n").collect();
    assert!(lines[0].starts_with("id,job,confirmed,account,"), "{csv}");
    assert!(lines[1].contains(",\"plain, with a comma\",1,0.005,/news/*,"), "{csv}");
    assert!(
        lines[2].contains(",\"'=HYPERLINK(\"\"http://evil\"\")\",2,0.010,\"/index.html\n/en/*\","),
        "{csv}"
    );
    assert_eq!(lines.len(), 4, "{csv}");
    let left = fs::read_dir(stage.folder())
        .unwrap()
        .flatten()
        .map(|entry| entry.file_name());
    assert!(
        left.into_iter().all(|name| !name.to_string_lossy().starts_with('.')),
        "a draft was left behind"
    );
}

/// So many, each completed, the last one the newest.
async fn fill(ledger: &Ledger, rows: usize) {
    for chunk in (0..rows).collect::<Vec<_>>().chunks(500) {
        let planned = chunk.iter().map(|number| {
            let submission = planned(&format!("s-{number:05}"), &[&format!("/page/{number}")]).unwrap();
            Submission {
                job: JobId::new(format!("j-{number}")),
                label: format!("www{}.example", number % 7),
                created: at(i64::try_from(*number).unwrap()),
                state: State::Completed {
                    id: InvalidationId::new(format!("I{number:05}")),
                    create_time: at(0),
                    last_in_progress: Some(at(8)),
                    seen: Some(at(9)),
                },
                attempts: 1,
                ..submission
            }
        });
        plan(ledger, planned.collect()).await.unwrap();
    }
}

/// The core with a real ledger and nothing else: what it asks of that is counted.
struct Desk {
    scene: Scene,
    ledger: Ledger,
    statements: usize,
    rows: usize,
    frames: usize,
}

impl Desk {
    async fn with(rows: usize, preferences: Preferences) -> Self {
        let ledger = Ledger::in_memory().unwrap();
        fill(&ledger, rows).await;
        let mut desk = Self {
            scene: Scene::before(preferences, at(20_000)),
            ledger,
            statements: 0,
            rows: 0,
            frames: 0,
        };
        desk.send(Message::Start).await;
        desk.reset();
        desk
    }

    fn reset(&mut self) {
        (self.statements, self.rows, self.frames) = (0, 0, 0);
    }

    async fn send(&mut self, message: Message) {
        self.scene.send(message);
        self.carry_out().await;
    }

    /// Carries out what the ledger is asked, and whatever follows from its answers.
    async fn carry_out(&mut self) {
        self.draw();
        while let Some(effect) = self.scene.effects.pop() {
            if let Effect::Ledger { request, operation } = effect {
                self.statements += usize::from(reads(&operation));
                let result = self.ledger.carry_out(operation, self.scene.now).await;
                self.rows += result
                    .as_ref()
                    .map_or(0, |told| told.as_ref().map_or(0, |told| rows(told)));
                self.scene.record(request, result);
                self.draw();
            }
        }
    }

    /// A frame is drawn once for all that came meanwhile; here nothing ever does.
    fn draw(&mut self) {
        self.frames += usize::from(std::mem::take(&mut self.scene.model.engine.dirty));
    }

    async fn press(&mut self, key: &str) {
        self.scene.keys(key);
        self.carry_out().await;
    }

    async fn fire(&mut self, due: &TimerKind) {
        assert!(self.scene.fire_those(|other| other == due) > 0);
        self.carry_out().await;
    }

    fn page(&self) -> &History {
        let found = self.scene.model.screens.iter().find_map(|screen| match screen {
            Screen::History(page) => Some(page),
            _ => None,
        });
        found.unwrap_or_else(|| panic!("the history is not open"))
    }

    fn selected(&self) -> String {
        self.page().selected().unwrap().id.to_string()
    }
}

fn reads(operation: &LedgerOperation) -> bool {
    matches!(
        operation,
        LedgerOperation::History(_) | LedgerOperation::Submission(_) | LedgerOperation::Whole(_)
    )
}

fn rows(told: &LedgerContents) -> usize {
    told.page.as_ref().map_or(0, |page| page.records.len()) + told.whole.len()
}

#[tokio::test]
async fn ten_thousand_open_at_once_and_a_key_reads_only_what_comes_into_sight() {
    let mut desk = Desk::with(10_000, Preferences::default()).await;
    desk.press("3").await;
    assert_eq!((desk.statements, desk.rows), (1, PAGE));
    assert_eq!(
        (desk.page().counts.total, desk.selected().as_str()),
        (10_000, "s-09999")
    );
    desk.reset();
    for _ in 0..9_999 {
        desk.press("j").await;
        assert!(desk.page().records().len() <= HELD);
    }
    assert_eq!(desk.selected(), "s-00000");
    // Each row was read once, a page at a time. A key drew one frame, or two if a page arrived.
    assert_eq!((desk.rows, desk.statements), (10_000 - PAGE, 10_000 / PAGE - 1));
    assert!(desk.frames <= 9_999 + 2 * desk.statements, "{} frames", desk.frames);
    desk.reset();
    for _ in 0..9_999 {
        desk.press("k").await;
        assert!(desk.page().records().len() <= HELD);
    }
    assert_eq!((desk.selected().as_str(), desk.page().above), ("s-09999", 0));
    assert_eq!(desk.rows, 10_000 - HELD);
    desk.reset();
    desk.press("G").await;
    assert_eq!(
        (desk.selected().as_str(), desk.page().above),
        ("s-00000", 10_000 - PAGE)
    );
    desk.press("g").await;
    assert_eq!((desk.selected().as_str(), desk.page().above), ("s-09999", 0));
    assert_eq!((desk.statements, desk.rows), (2, 2 * PAGE));
}

#[tokio::test]
async fn what_is_typed_or_sorted_reads_a_page_and_the_place_of_the_selection_is_known() {
    let mut desk = Desk::with(2_000, Preferences::default()).await;
    desk.press("3").await;
    desk.reset();
    for key in ["/", "w", "w", "w", "3"] {
        desk.press(key).await;
    }
    assert_eq!(desk.statements, 4);
    assert_eq!((desk.page().counts.found, desk.page().counts.total), (286, 2_000));
    desk.press("enter").await;
    desk.press("esc").await;
    desk.press("s").await;
    let page = desk.page();
    assert_eq!(page.records()[0].cursor.label, "www0.example");
    assert_eq!(page.counts.found, 2_000);
}

/// The oldest is not among those that a start reads: it is fetched for its details, its items and a comparison.
#[tokio::test]
async fn one_of_long_ago_is_read_whole_when_it_is_looked_at() {
    let mut desk = Desk::with(700, Preferences::default()).await;
    desk.press("3").await;
    desk.press("G").await;
    assert!(
        desk.scene
            .model
            .engine
            .queue
            .get(&desk.page().selected().unwrap().id)
            .is_none()
    );
    desk.reset();
    desk.fire(&TimerKind::Rest).await;
    assert_eq!((desk.statements, desk.rows), (1, 1));
    desk.press("k").await;
    desk.press("enter").await;
    assert!(matches!(desk.scene.model.screen(), Screen::Details(_)));
    desk.press("esc").await;
    desk.press("k").await;
    desk.press("space").await;
    desk.press("=").await;
    let Some(invalidash::app::overlay::Overlay::Compare(compare)) = desk.scene.model.overlays.last() else {
        panic!("nothing is compared");
    };
    let difference = compare.difference.clone().unwrap();
    assert_eq!(
        (difference.only_first, difference.only_second),
        (vec!["/page/2".to_owned()], vec!["/page/1".to_owned()])
    );
}

#[tokio::test]
async fn what_is_old_goes_a_little_at_a_time_and_only_where_somebody_said_so() {
    let keeps = Desk::with(10, Preferences::default()).await;
    assert!(
        keeps
            .scene
            .model
            .engine
            .timers
            .values()
            .all(|due| *due != TimerKind::Prune)
    );
    let preferences = Preferences {
        engine: invalidash::engine::preferences::Preferences {
            history: invalidash::domain::options::Retention { keep_days: 30 },
            ..Default::default()
        },
        ..Preferences::default()
    };
    let mut desk = Desk::with(250, preferences).await;
    desk.scene.now += TimeDelta::days(40);
    for left in [150, 50, 0] {
        desk.fire(&TimerKind::Prune).await;
        desk.press("3").await;
        assert_eq!(desk.page().counts.total, left);
    }
    assert!(
        desk.scene
            .model
            .engine
            .timers
            .values()
            .any(|due| *due == TimerKind::Prune)
    );
}

/// A note that cannot be kept stays in its field.
#[tokio::test]
async fn a_note_that_the_ledger_refuses_is_not_lost() {
    let mut desk = Desk::with(3, Preferences::default()).await;
    desk.press("3").await;
    desk.press("n").await;
    for key in ["w", "h", "y"] {
        desk.press(key).await;
    }
    // Another window has given it up meanwhile.
    desk.ledger
        .carry_out(LedgerOperation::Prune(at(90_000_000)), at(90_000_000))
        .await
        .unwrap();
    desk.press("enter").await;
    let Some(invalidash::app::overlay::Overlay::Note(noting)) = desk.scene.model.overlays.last() else {
        panic!("Note removed");
    };
    assert_eq!(noting.input.value(), "why");
    assert!(
        noting
            .mistake
            .as_ref()
            .is_some_and(|said| said.contains("no longer in the ledger"))
    );
}

/// By the palette one comes from the composer to the history: what was typed a moment ago is a draft then.
#[tokio::test(start_paused = true)]
async fn the_way_to_the_history_keeps_what_is_being_composed() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.press("/kept/here<c-p>go-history<enter>");
            person.sees("Nothing sent from this machine yet").await;
            person.press("1");
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("/kept/here").await;
        })
        .await;
}
