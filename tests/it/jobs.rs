//! Jobs of several batches and targets: how they are told, watched, stopped and repaired. The real loop, SDK and ledger
//! against the emulator, under virtual time.

use invalidash::app::effect::Notice;
use invalidash::domain::batch::Sizes;
use invalidash::emulator::{Creation, Fault, Operation, Options, Trouble};

use crate::support::dashboard::{Aside, Person, Stage};

/// The first two distributions of the sample data.
const SHOP: &str = "E1A2WTXM7KQ4SV";
const STATIC: &str = "E2QBN40PLC6MXR";

fn stage() -> Stage {
    let stage = Stage::new(Options {
        lived_in: false,
        ..Options::demo()
    });
    stage.emulator.configure(|settings| settings.completion_spread_ms = 0);
    stage
}

fn small_batches(stage: &mut Stage) {
    stage.preferences.sending.sizes = Sizes { exact: 2, wildcards: 1 };
}

fn refused(target: &str) -> Fault {
    Fault::new(Trouble::AccessDenied)
        .on(Operation::CreateInvalidation)
        .at(target)
}

/// Composes these lines for the first distributions and confirms them.
async fn submit(person: &mut Person, targets: usize, lines: &str) {
    person.sees("www.lumen-shop.example").await;
    if targets > 1 {
        person.press(&"<space>".repeat(targets));
    }
    person.press("i");
    person.sees("Invalidate").await;
    person.paste(lines);
    person.press("<c-s>");
    person.sees("will be sent").await;
    person.press("<enter>");
}

fn creations(stage: &Stage) -> Vec<Creation> {
    stage.emulator.received().creations
}

fn bells(person: &Person) -> usize {
    let bell = Aside::Noticed(Notice::Bell);
    person.told().iter().filter(|aside| **aside == bell).count()
}

#[tokio::test(start_paused = true)]
async fn a_job_is_told_once_when_all_its_parts_have_ended() {
    let mut stage = stage();
    small_batches(&mut stage);
    stage.emulator.inject(refused(STATIC));
    stage
        .play(async |mut person| {
            submit(&mut person, 2, "/a\n/b\n/c\n/d/*").await;
            person.sees("2 targets: 5 completed, 1 refused after").await;
            assert_eq!(bells(&person), 1);
            person.waits(60).await;
            assert_eq!(bells(&person), 1);
        })
        .await;
    let made = creations(&stage);
    assert_eq!(made.iter().filter(|made| made.target == SHOP).count(), 3);
}

#[tokio::test(start_paused = true)]
async fn what_an_account_takes_is_known_at_the_next_start() {
    let stage = stage();
    stage.emulator.configure(|settings| settings.batch_limit = Some(2));
    let sizes = |stage: &Stage| creations(stage).iter().map(|made| made.items.len()).collect::<Vec<_>>();
    stage
        .play(async |mut person| {
            submit(&mut person, 1, "/a\n/b\n/c\n/d").await;
            person.sees("2 completed after").await;
        })
        .await;
    assert_eq!(sizes(&stage), [4, 2, 2]);
    stage
        .play(async |mut person| {
            person.sees("www.lumen-shop.example").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("/e\n/f\n/g");
            // The ledger was read.
            person.sees("4 of 1,000 free").await;
            person.press("<c-s>");
            person.sees("3 items will be sent in 2 requests").await;
        })
        .await;
}
