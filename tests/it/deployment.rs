//! Submissions that wait until their target is deployed: nothing is sent before that, whatever happens in the meantime.

use invalidash::emulator::{Creation, Fault, Operation, Options, Trouble};

use crate::support::dashboard::{Person, Stage};

/// The distribution of the sample data that is being deployed for twelve minutes.
const BETA: &str = "EABETA4NW8YJ1C";

fn stage() -> Stage {
    Stage::new(Options {
        lived_in: false,
        ..Options::demo()
    })
}

fn creations(stage: &Stage) -> Vec<Creation> {
    stage.emulator.received().creations
}

fn reads(stage: &Stage) -> u64 {
    let operations = stage.emulator.received().operations;
    operations.get(&Operation::GetDistribution).copied().unwrap_or_default()
}

/// Reviews an invalidation of the only distribution with this word.
async fn review(person: &mut Person, word: &str) {
    person.sees("www.lumen-shop.exam").await;
    person.press(&format!("/{word}<enter>"));
    person.sees("1 of 14").await;
    person.reviews("/index.html").await;
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_the_target_is_deployed_and_a_restart_changes_nothing() {
    let stage = stage();
    stage
        .play(async |mut person| {
            review(&mut person, "beta").await;
            person
                .sees("being deployed (InProgress); sent immediately unless held")
                .await;
            person.press("w");
            person.sees("(InProgress); held until Deployed").await;
            person.press("<enter>");
            person.sees("waiting for deployment").await;
            person.waits(10).await;
            let before = reads(&stage);
            person.waits(240).await;
            let screen = person.sees(&format!("{BETA} is Deployed (now InProgress)")).await;
            assert!(screen.contains("Queued"), "{screen}");
            let read = reads(&stage) - before;
            assert!((14..=18).contains(&read), "one read in 15 s: {read}");
        })
        .await;
    assert_eq!(creations(&stage), []);
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("2");
            person.sees("waiting for deployment").await;
            person.waits(300).await;
            assert_eq!(creations(&stage), []);
            person.waits(240).await;
            person.sees("✓ Completed").await;
            let after = reads(&stage);
            person.waits(120).await;
            assert_eq!(reads(&stage), after, "nothing waits any more");
        })
        .await;
    let made = creations(&stage);
    assert_eq!((made.len(), made[0].received, made[0].invalidations.len()), (1, 1, 1));
}

#[tokio::test(start_paused = true)]
async fn what_is_deployed_offers_no_waiting_and_a_person_may_stop_waiting() {
    let stage = stage();
    stage
        .play(async |mut person| {
            review(&mut person, "docs.").await;
            let screen = person.screen();
            assert!(
                !screen.contains("when deployed") && !screen.contains("being deployed"),
                "{screen}"
            );
            person.press("<esc><esc><esc>");
            person.sees("Distributions 14").await;
            review(&mut person, "beta").await;
            person.press("w<enter>");
            person.sees("waiting for deployment").await;
            person.waits(20).await;
            assert_eq!(creations(&stage), []);
            person.press("R");
            person.sees("✓ Completed").await;
        })
        .await;
    assert_eq!(creations(&stage).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_status_that_may_not_be_read_is_said_and_keeps_it_waiting() {
    let stage = stage();
    stage.emulator.inject(
        Fault::new(Trouble::AccessDenied)
            .on(Operation::GetDistribution)
            .always(),
    );
    stage
        .play(async |mut person| {
            review(&mut person, "beta").await;
            person.press("w<enter>");
            person.sees("cannot read the deployment status").await;
            person.waits(900).await;
            assert_eq!(creations(&stage), [], "nobody knows whether it is deployed");
            assert!(reads(&stage) < 5, "what is denied is not asked for again and again");
            stage.emulator.clear_faults();
            person.press("r");
            person.waits(30).await;
            person.sees("✓ Completed").await;
        })
        .await;
    assert_eq!(creations(&stage).len(), 1);
}
