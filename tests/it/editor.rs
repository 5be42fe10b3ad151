//! While `$EDITOR` has the terminal, the program continues to send, watch and wait, but neither draws nor reads keys.

use std::time::Duration;

use invalidash::emulator::{Fault, Operation, Trouble};

use crate::support::dashboard::{Person, Stage};

/// One is kept back by throttling; meanwhile another list is edited for so long.
async fn submits_and_edits(stage: &mut Stage, minutes: u64, then: impl AsyncFnOnce(&Stage, &mut Person)) {
    stage.emulator.inject(
        Fault::new(Trouble::Throttling)
            .on(Operation::CreateInvalidation)
            .times(1),
    );
    stage.editing = Duration::from_secs(60 * minutes);
    stage.editor = |text| Ok(format!("{text}\n/from-the-editor\n"));
    let stage = &*stage;
    stage
        .play(async |mut person| {
            person.sees("Distributions 14").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("/throttled");
            person.press("<c-s>");
            person.sees("will be sent").await;
            person.press("<enter>");
            person.sees("Throttling").await;
            person.press("i");
            person.sees("Invalidate").await;
            person.paste("/typed");
            person.sees("/typed").await;
            person.press("<f4>");
            person.waits(0).await;
            then(stage, &mut person).await;
        })
        .await;
}

fn invalidations(stage: &Stage) -> usize {
    let creations = stage.emulator.received().creations;
    creations.iter().map(|creation| creation.invalidations.len()).sum()
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_sent_and_watched_while_an_editor_has_the_terminal() {
    let mut stage = Stage::demo();
    submits_and_edits(&mut stage, 1, async |stage, person| {
        person.waits(1).await;
        assert!(person.is_lent());
        let before = person.counts().0;
        person.waits(30).await;
        assert_eq!(invalidations(stage), 1, "it did not wait for the editor");
        assert_eq!(person.counts().0, before, "nothing is drawn over the editor");
        person.sees("/from-the-editor").await;
        assert!(!person.is_lent());
        person.press("<esc>!");
        person.sees("Completed after").await;
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_long_edit_is_no_sleep() {
    let mut stage = Stage::demo();
    submits_and_edits(&mut stage, 15, async |stage, person| {
        person.waits(15 * 60 + 1).await;
        let screen = person.sees("/from-the-editor").await;
        assert!(!screen.contains("slept"), "{screen}");
        assert_eq!(invalidations(stage), 1);
    })
    .await;
}
