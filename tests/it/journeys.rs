//! Complete user journeys: the real loop, core, SDK and ledger against the emulator, under virtual time.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::time::Duration;

use invalidash::domain::danger::Asks;
use invalidash::domain::failure::Failure;
use invalidash::emulator::{Creation, Fault, Operation, ReferenceClash, Trouble};

use crate::support::dashboard::{Aside, Person, Stage};

/// The first distribution of the sample data.
const SHOP: &str = "E1A2WTXM7KQ4SV";

fn fault(operation: Operation, what: Trouble) -> Fault {
    Fault::new(what).on(operation)
}

/// Composes these lines for the selected distribution and confirms them.
async fn submit(person: &mut Person, lines: &str) {
    person.sees("www.lumen-shop.example").await;
    person.submits(lines).await;
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

#[tokio::test(start_paused = true)]
async fn the_whole_job_by_keyboard() {
    let stage = Stage::demo();
    let code = stage
        .play(async |mut person| {
            submit(&mut person, "/index.html\n/en/*\n/café.pdf").await;
            person.sees("InProgress").await;
            person.sees("Completed after").await;
            person.press("<enter>");
            person.sees("CallerReference").await;
            person.press("qqq");
            person.waits(1).await;
        })
        .await;
    assert_eq!(code, Some(0));
    let created = creations(&stage);
    assert_eq!(created[0].target, SHOP);
    assert_eq!(created[0].items, ["/index.html", "/en/*", "/caf%C3%A9.pdf"]);
    assert!(created[0].caller_reference.starts_with("invalidash-"));
    assert_eq!(only_creation(&stage), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_distribution_is_found_by_what_one_remembers_of_it() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("/e4news");
            person.sees("1 of 14").await;
            person.press("<enter><enter>");
            person.sees("Invalidations  www.tagblatt-nord.example").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_target_on_the_command_line_is_opened_at_once_even_without_the_right_to_list() {
    for (target, denied) in [(SHOP, true), ("https://www.lumen-shop.example/en/", false)] {
        let mut stage = Stage::demo();
        stage.preferences.target = Some(target.parse().unwrap());
        if denied {
            let forever = Fault {
                times: None,
                ..fault(Operation::ListDistributions, Trouble::AccessDenied)
            };
            stage.emulator.inject(forever);
        }
        stage
            .play(async |mut person| {
                if !denied {
                    // The composer contains the path of the URL.
                    let screen = person.sees("Invalidate  www.lumen-shop.example").await;
                    assert!(screen.contains("/en/"), "{screen}");
                    person.press("<esc>");
                }
                person.sees("Invalidations  ").await;
                person.sees("/index.html").await;
            })
            .await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_again_under_the_same_reference() {
    let stage = Stage::demo();
    stage.emulator.inject(Fault {
        committed: true,
        ..fault(Operation::CreateInvalidation, Trouble::Drop)
    });
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Unknown").await;
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn waves_of_503_before_and_after_the_commit_are_waited_out() {
    let stage = Stage::demo();
    let wave = fault(Operation::CreateInvalidation, Trouble::ServiceUnavailable);
    stage.emulator.inject(Fault {
        times: Some(3),
        ..wave.clone()
    });
    stage.emulator.inject(Fault {
        times: Some(2),
        committed: true,
        ..wave
    });
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees(": Completed").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (6, 1));
}

#[tokio::test(start_paused = true)]
async fn quota_and_throttling_are_waited_out() {
    let stage = Stage::demo();
    stage
        .emulator
        .inject(fault(Operation::CreateInvalidation, Trouble::TooManyInvalidations));
    stage
        .emulator
        .inject(fault(Operation::CreateInvalidation, Trouble::Throttling));
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Retrying").await;
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (3, 1));
}

#[tokio::test(start_paused = true)]
async fn a_clash_with_our_own_reference_is_found_in_the_history() {
    for dialect in [
        ReferenceClash::InvalidArgument,
        ReferenceClash::InvalidationBatchAlreadyExists,
    ] {
        let stage = Stage::demo();
        stage.emulator.configure(|settings| {
            settings.reference_clash = dialect;
            settings.replay_clashes = true;
        });
        stage.emulator.inject(Fault {
            committed: true,
            ..fault(Operation::CreateInvalidation, Trouble::Drop)
        });
        stage
            .play(async |mut person| {
                submit(&mut person, "/index.html").await;
                person.sees("Completed after").await;
            })
            .await;
        assert_eq!(only_creation(&stage), (2, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_kill_after_the_send_is_carried_on_at_the_next_start() {
    let stage = Stage::demo();
    stage.emulator.inject(Fault {
        committed: true,
        ..fault(Operation::CreateInvalidation, Trouble::Hang)
    });
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Sending").await;
            while creations(&stage).is_empty() {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        })
        .await;
    assert_eq!(only_creation(&stage), (1, 1));
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
async fn what_is_older_than_ten_minutes_is_asked_about_first() {
    let stage = Stage::demo();
    stage.emulator.inject(Fault {
        times: None,
        ..fault(Operation::CreateInvalidation, Trouble::TooManyInvalidations)
    });
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Retrying").await;
        })
        .await;
    stage.emulator.clear_faults();
    tokio::time::sleep(Duration::from_hours(1)).await;
    let before = only_creation(&stage).0;
    stage
        .play(async |mut person| {
            person.sees("earlier run").await;
            person.waits(60).await;
            // Enter decides nothing, because it may have been meant for the page.
            person.press("<enter>");
            person.misses("earlier run").await;
            person.waits(60).await;
            assert_eq!(only_creation(&stage).0, before);
            person.press("qq");
        })
        .await;
    stage
        .play(async |mut person| {
            person.sees("earlier run").await;
            person.waits(60).await;
            assert_eq!(only_creation(&stage).0, before);
            person.press("S");
            person.sees("Completed").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (before + 1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_draft_is_there_again_after_a_kill() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("i/precious.html");
            person.sees("draft saved").await;
            person.waits(1).await;
        })
        .await;
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("i");
            person.sees("/precious.html").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn everything_at_once_is_deliberate() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            submit(&mut person, "/*").await;
            person.sees("type E1A2WTXM7KQ4SV").await;
            assert_eq!(creations(&stage), []);
            person.press("E1A2WTXM7KQ4SV<enter>");
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(creations(&stage)[0].items, ["/*"]);
}

#[tokio::test(start_paused = true)]
async fn what_else_has_to_be_typed_is_a_setting() {
    let mut stage = Stage::demo();
    stage.preferences.engine.guard.first_level = Asks::Always;
    stage.preferences.engine.guard.whole_site = Asks::Scripts;
    stage
        .play(async |mut person| {
            submit(&mut person, "/*").await;
            person.sees("Completed after").await;
            person.press("1");
            submit(&mut person, "/en/*").await;
            person.sees("type E1A2WTXM7KQ4SV").await;
            assert_eq!(creations(&stage).len(), 1);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_login_that_is_missing_is_said_with_the_command_that_helps() {
    let mut stage = Stage::demo();
    stage.connect_failure = Some(Failure::Credentials(
        "the session expired: aws sso login --profile prod".to_owned(),
    ));
    stage
        .play(async |mut person| {
            person.sees("aws sso login --profile prod").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn credentials_that_expire_on_the_way_wait_for_a_login_and_go_on() {
    let stage = Stage::demo();
    stage
        .emulator
        .inject(fault(Operation::CreateInvalidation, Trouble::ExpiredToken));
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("NeedsLogin").await;
            person.press("R");
            person.sees("Completed after").await;
        })
        .await;
    assert_eq!(only_creation(&stage), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_captive_portal_is_no_empty_account() {
    let stage = Stage::demo();
    stage.emulator.inject(Fault {
        times: None,
        ..fault(Operation::ListDistributions, Trouble::Html { status: 200 })
    });
    stage
        .play(async |mut person| {
            let screen = person.sees("HTML page").await;
            assert!(!screen.contains("Distributions 0"), "{screen}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn rows_stay_while_a_refresh_fails() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            stage.emulator.inject(Fault {
                times: None,
                ..fault(Operation::ListDistributions, Trouble::ServiceUnavailable)
            });
            person.press("r");
            let screen = person.sees("not refreshed").await;
            assert!(screen.contains("www.lumen-shop.example"), "{screen}");
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn keys_answer_while_a_request_hangs() {
    let stage = Stage::demo();
    stage.emulator.inject(Fault {
        times: None,
        ..fault(Operation::ListInvalidations, Trouble::Hang)
    });
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("<enter>");
            person.sees("Invalidations").await;
            person.press("<esc>j<enter>");
            person.sees("static.lumen-shop.example").await;
            person.press("?");
            person.sees("─ Help").await;
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_asked_while_nothing_runs() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.waits(5).await;
            let before = stage.emulator.received().operations;
            person.waits(3_600).await;
            assert_eq!(stage.emulator.received().operations, before);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_page_one_looks_at_is_read_again_every_twenty_seconds() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("<enter>");
            person.sees("/index.html").await;
            let asked = || {
                stage
                    .emulator
                    .received()
                    .operations
                    .get(&Operation::ListInvalidations)
                    .copied()
                    .unwrap_or(0)
            };
            let before = asked();
            person.waits(200).await;
            assert_eq!(asked() - before, 10);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_shown_whole_and_the_items_can_be_composed_anew() {
    let stage = Stage::demo();
    stage
        .emulator
        .inject(fault(Operation::CreateInvalidation, Trouble::AccessDenied));
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("AccessDenied").await;
            person.sees("Rejected").await;
            person.press("c");
            person.sees("/index.html").await;
            person.press("<c-s>");
            person.sees("will be sent").await;
            person.press("<enter>");
            person.sees("Completed after").await;
        })
        .await;
    let created = creations(&stage);
    assert_eq!(created.len(), 2);
    assert_ne!(created[0].caller_reference, created[1].caller_reference);
}

/// `GetDistribution` alone tells whether cache tags are on.
#[tokio::test(start_paused = true)]
async fn a_tag_that_nobody_knows_to_work_is_told_as_unknown() {
    let stage = Stage::demo();
    let denied = fault(Operation::GetDistribution, Trouble::AccessDenied);
    stage.emulator.inject(denied.always());
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("#product:tv");
            person.sees("Cache tags may not be").await;
            person.press("<c-s>");
            let screen = person.sees("will be sent").await;
            assert!(screen.contains("unknown; cache tags may be turned off"), "{screen}");
            person.press("<enter>");
            person.sees("may clear nothing").await;
            person.waits(1).await;
            assert_eq!(creations(&stage), []);
            person.press(SHOP);
            person.press("<enter>");
            person.sees("Completed after").await;
        })
        .await;
}

/// A command that is called equal is equal: it has the reference of what was sent.
#[tokio::test(start_paused = true)]
async fn the_command_of_what_was_sent_sends_nothing_new() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            submit(&mut person, "/index.html").await;
            person.sees("Completed after").await;
            person.press("<enter>");
            person.sees("CallerReference").await;
            person.press("a");
            person
                .sees("Copied the aws command (with the same CallerReference")
                .await;
            let reference = creations(&stage)[0].caller_reference.clone();
            let told = person.told();
            let copied = told.iter().find_map(|aside| match aside {
                Aside::Copied(text) => Some(text.clone()),
                _ => None,
            });
            let copied = copied.unwrap();
            assert!(
                copied.contains(&format!("\"CallerReference\":\"{reference}\"")),
                "{copied}"
            );
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn ids_commands_and_references_are_copied() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("y");
            person.sees("Copied E1A2WTXM7KQ4SV (tmux)").await;
            assert!(person.told().contains(&Aside::Copied(SHOP.to_owned())));
            person.press("i");
            person.paste("/a");
            person.press("<c-s>");
            person.sees("will be sent").await;
            person.press("y");
            person.sees("Copied the aws command").await;
            let command = format!(
                "aws --profile 'demo' --endpoint-url 'http://127.0.0.1:4566' cloudfront create-invalidation --distribution-id {SHOP} --paths '/a'"
            );
            assert!(person.told().contains(&Aside::Copied(command)), "{:?}", person.told());
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn the_editor_s_failure_loses_nothing_and_its_success_is_one_step_of_undo() {
    let mut stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i/typed<f4>");
            person.sees("no editor here").await;
            assert!(person.screen().contains("/typed"));
            person.waits(1).await;
        })
        .await;
    stage.editor = |text| Ok(format!("{text}\n/from-the-editor\n"));
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("/typed").await;
            person.press("<f4>");
            person.sees("/from-the-editor").await;
            person.press("<c-z>");
            person.misses("/from-the-editor").await;
            assert!(person.screen().contains("/typed"));
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_text_is_found_and_what_is_typed_then_takes_its_place() {
    let stage = Stage::demo();
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("one path or tag").await;
            person.paste("/one.html\n/two.html\n/Three.html");
            person.sees("/two.html").await;
            person.press("<c-r>");
            person.sees("Find").await;
            person.press("three<enter>");
            person.misses("Find").await;
            person.press("3");
            person.sees("/3.html").await;
            person.press("<c-r>nowhere<enter>");
            person.sees("is not in the list").await;
        })
        .await;
}
