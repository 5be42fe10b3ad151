//! Faults between program and CloudFront, one scenario each: the real loop, SDK and ledger against the emulator, under
//! virtual time.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on has failed")]

use std::collections::BTreeSet;

use chrono::TimeDelta;
use invalidash::emulator::{ApiError, Creation, Fault, Operation, Options, Settings, Trouble};
use rusqlite::Connection;

use crate::support::dashboard::{Person, Stage};

/// The first distribution of the sample data.
const SHOP: &str = "E1A2WTXM7KQ4SV";

fn on_create(what: Trouble) -> Fault {
    Fault::new(what).on(Operation::CreateInvalidation)
}

/// A stage whose emulator has this trouble and these settings.
fn stage(faults: impl IntoIterator<Item = Fault>, settings: impl FnOnce(&mut Settings)) -> Stage {
    let stage = Stage::new(Options {
        lived_in: false,
        ..Options::demo()
    });
    stage.emulator.configure(settings);
    for fault in faults {
        stage.emulator.inject(fault);
    }
    stage
}

/// Composes these lines for the selected distribution and confirms them.
async fn submit(person: &mut Person, lines: &str) {
    person.sees("www.lumen-shop.example").await;
    person.submits(lines).await;
}

fn paths(count: usize) -> String {
    let lines: Vec<_> = (0..count).map(|number| format!("/pages/{number}.html")).collect();
    lines.join("\n")
}

fn creations(stage: &Stage) -> Vec<Creation> {
    stage.emulator.received().creations
}

/// The only reference that arrived: how often, and how many invalidations came of it.
#[track_caller]
fn only_creation(stage: &Stage) -> (u64, usize) {
    let creations = creations(stage);
    assert_eq!(creations.len(), 1, "{creations:?}");
    assert!(!creations[0].items_differed, "{creations:?}");
    (creations[0].received, creations[0].invalidations.len())
}

/// What was cleared on a target, each item by exactly one invalidation.
#[track_caller]
fn cleared(stage: &Stage, target: &str) -> BTreeSet<String> {
    let mut cleared = BTreeSet::new();
    for creation in creations(stage).iter().filter(|creation| creation.target == target) {
        assert!(
            creation.invalidations.len() <= 1 && !creation.items_differed,
            "{creation:?}"
        );
        if !creation.invalidations.is_empty() {
            for item in &creation.items {
                assert!(cleared.insert(item.clone()), "{item} twice on {target}");
            }
        }
    }
    cleared
}

fn set(lines: &str) -> BTreeSet<String> {
    lines.lines().map(str::to_owned).collect()
}

/// Waits, a minute at a time, until nothing is in flight.
async fn ends(person: &mut Person, minutes: u32) {
    for _ in 0..minutes {
        person.waits(60).await;
        if !person.screen().contains("in flight") {
            return;
        }
    }
    panic!("still under way:\n{}", person.screen());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_tells_nothing_is_asked_for_again_and_nothing_is_made_twice() {
    for trouble in [
        Trouble::Drop,
        Trouble::Hang,
        Trouble::CutBody { after: 40 },
        Trouble::TruncatedBody { after: 40 },
        // The cuts are after the id, before the CallerReference, and within it.
        Trouble::TruncatedBody { after: 280 },
        Trouble::TruncatedBody { after: 330 },
        Trouble::EmptyBody,
        Trouble::Html { status: 200 },
        Trouble::Html { status: 502 },
        Trouble::Empty { status: 500 },
        Trouble::InternalError,
    ] {
        for committed in [true, false] {
            let fault = Fault {
                committed,
                ..on_create(trouble.clone())
            };
            let stage = stage([fault], |_| {});
            stage
                .play(async |mut person| {
                    submit(&mut person, "/index.html").await;
                    person.sees("Unknown").await;
                    person.sees(": Completed").await;
                })
                .await;
            assert_eq!(only_creation(&stage), (2, 1), "{trouble:?}, committed: {committed}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_throttling_is_waited_out() {
    let stage = stage([on_create(Trouble::Throttling).times(20)], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Throttling").await;
            ends(&mut person, 15).await;
            person.sees("Completed").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (21, 1));
}

#[tokio::test(start_paused = true)]
async fn a_quota_at_batch_three_of_five_is_waited_out_and_divides_nothing() {
    let stage = stage([], |settings| settings.in_progress_paths = Some(2_200));
    let lines = paths(4_500);
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste(&lines);
            person.press("<c-s>");
            person.sees("4,500 items will be sent in 5 requests").await;
            person.press("<enter>");
            person.sees("Retrying").await;
            ends(&mut person, 5).await;
        })
        .await;
    assert_eq!(creations(&stage).len(), 5);
    assert_eq!(cleared(&stage, SHOP), set(&lines));
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_no_quota_lets_pass_is_divided_until_it_does() {
    let stage = stage([], |settings| settings.paths_per_second = Some(150));
    let lines = paths(1_300);
    stage
        .play(async |mut person| {
            submit(&mut person, &lines).await;
            person.sees("Split").await;
            ends(&mut person, 20).await;
        })
        .await;
    assert_eq!(cleared(&stage, SHOP), set(&lines));
    let made = creations(&stage)
        .into_iter()
        .filter(|creation| !creation.invalidations.is_empty());
    let sizes: Vec<_> = made.map(|creation| creation.items.len()).collect();
    assert!(sizes.iter().all(|size| (50..=150).contains(size)), "{sizes:?}");
}

#[tokio::test(start_paused = true)]
async fn a_batch_that_is_too_large_goes_in_smaller_ones() {
    let stage = stage([], |settings| settings.batch_limit = Some(3));
    stage
        .play(async |mut person| {
            submit(&mut person, &paths(10)).await;
            ends(&mut person, 5).await;
        })
        .await;
    assert_eq!(cleared(&stage, SHOP), set(&paths(10)));
}

#[tokio::test(start_paused = true)]
async fn one_whose_answer_was_lost_is_never_divided() {
    let faults = [
        on_create(Trouble::Drop),
        on_create(Trouble::TooManyInvalidations).times(3),
    ];
    let stage = stage(faults, |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, &paths(400)).await;
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (5, 1));
}

#[tokio::test(start_paused = true)]
async fn what_may_have_arrived_is_asked_again_before_what_waits() {
    let stage = stage([on_create(Trouble::Drop).committed()], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, &paths(40_000)).await;
            person.waits(8).await;
        })
        .await;
    let creations = creations(&stage);
    let first = &creations[0];
    assert_eq!(
        (first.received, first.invalidations.len()),
        (2, 1),
        "of {}",
        creations.len()
    );
    assert!(creations.len() < 12, "{} were sent in eight seconds", creations.len());
}

fn refusal(code: &'static str) -> Fault {
    on_create(Trouble::Error(ApiError::new(400, code, "no")))
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_answer_stands_when_nothing_came_of_the_first_attempt() {
    let stage = stage([on_create(Trouble::Drop), refusal("InvalidArgument")], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Rejected").await;
            person.waits(1).await;
            assert_eq!(only_creation(&stage), (2, 0));
            // The user can edit its items again.
            person.press("E");
            person.sees("/index.html").await;
            person.press("<c-s>");
            person.sees("will be sent").await;
            person.press("<enter>");
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(creations(&stage).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_too_large_after_a_lost_answer_is_divided() {
    let stage = stage([on_create(Trouble::Drop)], |settings| settings.batch_limit = Some(5));
    stage
        .play(async |mut person| {
            submit(&mut person, &paths(10)).await;
            ends(&mut person, 5).await;
            assert!(!person.screen().contains("Unknown"), "{}", person.screen());
        })
        .await;
    assert_eq!(cleared(&stage, SHOP), set(&paths(10)));
    assert_eq!(creations(&stage).len(), 3, "the whole, and its two halves");
}

#[tokio::test(start_paused = true)]
async fn whatever_is_refused_after_a_lost_answer_that_was_a_yes_is_found() {
    for refused in ["BatchTooLarge", "InvalidArgument", "AccessDenied", "NoSuchDistribution"] {
        let stage = stage([on_create(Trouble::Drop).committed(), refusal(refused)], |_| {});
        stage
            .play(async |mut person| {
                submit(&mut person, &paths(4)).await;
                ends(&mut person, 2).await;
                person.sees("✓ Completed").await;
            })
            .await;
        assert_eq!(only_creation(&stage), (2, 1), "{refused}");
    }
}

/// It says nothing of the bytes: a request that is still on its way might be accepted.
#[tokio::test(start_paused = true)]
async fn a_missing_right_after_a_lost_answer_stands_when_no_request_can_arrive_any_more() {
    let stage = stage([on_create(Trouble::Drop), on_create(Trouble::AccessDenied)], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Reconciling").await;
            person.sees("AccessDenied: User:").await;
            person.waits(500).await;
            person.sees("Reconciling").await;
            person.waits(110).await;
            person.sees("Rejected").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_after_a_lost_answer_stays_unknown_where_nobody_may_look() {
    let denied = Fault::new(Trouble::AccessDenied)
        .on(Operation::ListInvalidations)
        .always();
    let stage = stage([on_create(Trouble::Drop), refusal("InvalidArgument"), denied], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Unknown").await;
            person.waits(900).await;
            person.press("!");
            for words in [
                "InvalidArgument: no (request",
                "an earlier request may have been",
                "cannot be listed: AccessDenied: User:",
            ] {
                person.sees(words).await;
            }
        })
        .await;
    assert_eq!(only_creation(&stage), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_clash_without_an_original_is_said_with_both_sides_and_left_to_a_person() {
    for documented in [true, false] {
        let stage = stage([on_create(Trouble::ReferenceClash { documented })], |_| {});
        stage
            .play(async |mut person| {
                submit(&mut person, "/index.html").await;
                person.sees("CallerReference was used before; not found among").await;
                person.waits(600).await;
                assert_eq!(only_creation(&stage), (1, 0));
                person.press("R");
                person.sees("Completed after").await;
            })
            .await;
        assert_eq!(only_creation(&stage), (2, 1));
    }
}

/// A clash whose original is there: CloudFront took the first attempt, and refuses its repeat.
fn clash_with_an_original() -> [Fault; 2] {
    [
        on_create(Trouble::Drop).committed(),
        on_create(Trouble::ReferenceClash { documented: true }),
    ]
}

#[tokio::test(start_paused = true)]
async fn a_page_of_the_history_that_was_cut_leaves_no_clash_behind() {
    // The cuts are within the empty list, within a row, and in the single invalidation.
    for (operation, after) in [
        (Operation::ListInvalidations, 96),
        (Operation::ListInvalidations, 300),
        (Operation::GetInvalidation, 330),
    ] {
        let torn = Fault::new(Trouble::TruncatedBody { after }).on(operation).times(9);
        let stage = stage(clash_with_an_original().into_iter().chain([torn]), |_| {});
        stage
            .play(async |mut person| {
                submit(&mut person, "/index.html").await;
                ends(&mut person, 5).await;
                person.sees("✓ Completed").await;
                let screen = person.screen();
                assert!(!screen.contains("Unknown"), "{operation:?} after {after}: {screen}");
            })
            .await;
        assert_eq!(only_creation(&stage).1, 1, "{operation:?} after {after}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_history_that_may_not_be_read_settles_nothing() {
    let denied = Fault::new(Trouble::AccessDenied)
        .on(Operation::ListInvalidations)
        .always();
    let stage = stage(
        [on_create(Trouble::ReferenceClash { documented: true }), denied],
        |_| {},
    );
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("used before, and the target's invalidations").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_repeat_of_one_that_is_done_already_is_done() {
    let stage = stage([on_create(Trouble::Drop).committed()], |settings| {
        settings.completion_delay_ms = 100;
        settings.completion_spread_ms = 0;
    });
    stage
        .play(async |mut person| {
            submit(&mut person, "/a.html\n/b.html\n/c.html\n/d.html\n/e/*").await;
            person.sees("Completed").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn one_that_cannot_be_seen_at_first_is_looked_at_until_it_can() {
    let stage = stage([], |settings| settings.visible_after_ms = 20_000);
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            // It ended before anyone could see it.
            person.sees("Completed within").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_role_that_may_only_create_is_told_so_and_nothing_is_called_failed() {
    let denied = |operation| Fault::new(Trouble::AccessDenied).on(operation).always();
    let faults = [denied(Operation::GetInvalidation), denied(Operation::ListInvalidations)];
    let stage = stage(faults, |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person
                .sees("you are allowed to create invalidations but not to read them")
                .await;
            let screen = person.screen();
            assert!(
                screen.contains("InProgress") && !screen.contains("Rejected"),
                "{screen}"
            );
        })
        .await;
    assert_eq!(only_creation(&stage), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_status_word_that_nobody_knows_is_shown_and_not_done() {
    let brewing = Trouble::Status("Brewing".to_owned());
    let stage = stage(
        [
            on_create(brewing.clone()),
            Fault::new(brewing).on(Operation::GetInvalidation),
        ],
        |_| {},
    );
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Brewing").await;
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn credentials_that_expire_between_two_batches_hold_the_second_alone() {
    let stage = stage([on_create(Trouble::ExpiredToken).after(1)], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, &paths(1_500)).await;
            person.sees("NeedsLogin").await;
            person.sees("✓ Completed").await;
            assert_eq!(cleared(&stage, SHOP).len(), 1_000);
            person.press("gR");
            person.misses("NeedsLogin").await;
            ends(&mut person, 3).await;
        })
        .await;
    assert_eq!(cleared(&stage, SHOP), set(&paths(1_500)));
}

#[tokio::test(start_paused = true)]
async fn a_login_in_another_window_is_noticed() {
    let stage = stage([on_create(Trouble::ExpiredToken)], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("NeedsLogin").await;
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_profile_that_is_now_in_another_account_sends_nothing_and_says_so() {
    let stage = stage([on_create(Trouble::ExpiredToken)], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("NeedsLogin").await;
            stage
                .emulator
                .configure(|settings| settings.account = "999999999999".to_owned());
            person.press("R");
            person.sees("999999999999").await;
            person.waits(600).await;
            person.press("<enter>");
            person
                .sees("created for account 123456789012, but the current credentials belong to 999999999999")
                .await;
            person.press("<esc>");
            assert_eq!(only_creation(&stage), (1, 0));
            stage
                .emulator
                .configure(|settings| settings.account = "123456789012".to_owned());
            person.press("R");
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_distribution_that_was_deleted_meanwhile_refuses_with_its_code() {
    let stage = stage([on_create(Trouble::TooManyInvalidations)], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Retrying").await;
            stage.emulator.remove(SHOP, stage.clock.now());
            person.sees("NoSuchDistribution").await;
            person.sees("Rejected").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (2, 0));
}

#[tokio::test(start_paused = true)]
async fn a_clock_that_is_set_back_holds_nothing_up() {
    let stage = stage([on_create(Trouble::TooManyInvalidations)], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Retrying").await;
            stage.skew.set(TimeDelta::hours(-3));
            person.sees("Completed").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn after_a_long_sleep_or_a_clock_set_ahead_what_waits_is_asked_about_first() {
    for hours in [3, 8] {
        let stage = stage([on_create(Trouble::TooManyInvalidations).always()], |_| {});
        stage
            .play(async |mut person| {
                submit(&mut person, "/*").await;
                person.sees("type E1A2WTXM7KQ4SV").await;
                person.press("E1A2WTXM7KQ4SV<enter>");
                person.sees("Retrying").await;
                stage.skew.set(TimeDelta::hours(hours));
                stage.emulator.clear_faults();
                person.sees("After a long sleep").await;
                let before = only_creation(&stage);
                person.waits(900).await;
                assert_eq!(only_creation(&stage), before);
                person.press("S");
                person.sees("Completed").await;
            })
            .await;
        assert_eq!(only_creation(&stage).1, 1);
    }
}

/// Takes a table of the ledger away, as a disk that fails would, or gives it back.
fn rename(stage: &Stage, from: &str, to: &str) {
    let ledger = Connection::open(stage.ledger().join("ledger.db")).unwrap();
    ledger
        .execute_batch(&format!("ALTER TABLE {from} RENAME TO {to}"))
        .unwrap();
}

#[tokio::test(start_paused = true)]
async fn without_a_ledger_for_the_intent_nothing_is_sent() {
    let stage = stage([], |_| {});
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("i/index.html");
            person.sees("draft saved").await;
            rename(&stage, "submission", "away");
            person.press("<c-s>");
            person.sees("will be sent").await;
            person.press("<enter>");
            person.sees("nothing was sent").await;
            person.waits(300).await;
        })
        .await;
    assert_eq!(creations(&stage), []);
}

#[tokio::test(start_paused = true)]
async fn without_a_ledger_for_the_answer_it_is_shown_and_resumed_at_the_next_start() {
    let stage = stage([on_create(Trouble::Delay { milliseconds: 5_000 })], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Sending").await;
            while creations(&stage).is_empty() {
                tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            }
            rename(&stage, "submission", "away");
            person.sees("InProgress").await;
            person.sees("Completed after").await;
            person.press("!");
            person.waits(1).await;
            let said = person.screen().matches("could not be used").count();
            assert!(
                said >= 2,
                "both answers are said not to be written: {}",
                person.screen()
            );
        })
        .await;
    rename(&stage, "away", "submission");
    stage
        .play(async |mut person| {
            person.sees("Resuming 1").await;
            person.press("2");
            person.sees("Completed").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_draft_that_is_edited_while_its_list_is_sent_changes_nothing_of_it() {
    let stage = stage([on_create(Trouble::Delay { milliseconds: 5_000 })], |_| {});
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Sending").await;
            person.press("i/other.html");
            person.sees("/other.html").await;
            person.press("<esc>");
            person.sees("Completed").await;
        })
        .await;
    assert_eq!(creations(&stage)[0].items, ["/index.html"]);
    assert_eq!(only_creation(&stage), (1, 1));
}

/// Presses the key of the help in the middle of everything: it is there at once, and away again.
async fn is_alive(person: &mut Person) {
    let before = tokio::time::Instant::now();
    person.press("?");
    person.sees("─ Help").await;
    person.press("<esc>");
    person.misses("─ Help").await;
    let waited = before.elapsed();
    assert!(waited.as_millis() < 50, "the screen stood still for {waited:?}");
}

/// Ten thousand paths for five distributions and three tenants, with everything switched on that CloudFront may do: it
/// ends by itself, and whoever presses a key meanwhile is answered.
#[tokio::test(start_paused = true)]
async fn ten_thousand_paths_to_five_distributions_and_three_tenants_end_by_themselves() {
    let on_tenants = |what| Fault::new(what).on(Operation::CreateInvalidationForDistributionTenant);
    let wave = |skip| on_create(Trouble::ServiceUnavailable).after(skip).times(4);
    let faults = [
        wave(7),
        wave(15).committed(),
        on_create(Trouble::Drop).after(20).times(3).committed(),
        wave(31),
        on_tenants(Trouble::ServiceUnavailable).after(3).times(4),
        on_tenants(Trouble::ServiceUnavailable).after(9).times(4).committed(),
        on_tenants(Trouble::Drop).after(15).times(3).committed(),
        on_tenants(Trouble::Throttling).after(20).times(5),
    ];
    let stage = stage(faults, |settings| {
        settings.creates_per_second = Some(0.5);
        settings.in_progress_paths = Some(3_000);
    });
    let lines = paths(10_000);
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("<space><space><space><space><space>/Hosted<enter>t");
            person.sees("Tenants 12").await;
            person.press("<space><space><space>i");
            person.sees("8 targets, 3 tenants").await;
            person.paste(&lines);
            person.press("<c-s>");
            person
                .sees("10,000 items will be sent to each of 8 targets in 80 requests")
                .await;
            person.press("<enter>");
            person.sees("Sending").await;
            let mut minutes = 0;
            while person.screen().contains("in flight") {
                is_alive(&mut person).await;
                person.waits(60).await;
                minutes += 1;
                assert!(minutes < 400, "still under way:\n{}", person.screen());
            }
            assert!(minutes > 3, "it was over before anybody could press a key");
        })
        .await;
    let targets: BTreeSet<_> = creations(&stage).into_iter().map(|creation| creation.target).collect();
    assert_eq!(targets.iter().filter(|target| target.starts_with("dt_")).count(), 3);
    assert_eq!(targets.len(), 8);
    for target in &targets {
        assert_eq!(cleared(&stage, target), set(&lines), "{target}");
    }
}

/// The word for what is still saving to the ledger is not that of what waits for quota for minutes.
#[tokio::test(start_paused = true)]
async fn what_waits_for_its_turn_is_queued_wherever_it_is_shown() {
    let stage = stage([], |settings| settings.in_progress_paths = Some(1_000));
    stage
        .play(async |mut person| {
            submit(&mut person, &paths(2_400)).await;
            person.sees("InProgress").await;
            let screen = person.sees("Queued").await;
            assert!(!screen.contains("Planned"), "{screen}");
            person.press("3");
            person.sees("this month").await;
            person.press("/planned");
            person.misses("Queued").await;
            person.press("<c-u>queued");
            let screen = person.sees("Queued").await;
            assert!(!screen.contains("Planned"), "{screen}");
        })
        .await;
}
