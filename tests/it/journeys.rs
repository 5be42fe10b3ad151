//! Whole journeys: the real loop, core, SDK and ledger against the emulator, under virtual time.

use chrono::TimeDelta;
use invalidash::domain::failure::Failure;
use invalidash::emulator::Fault;

use crate::support::dashboard::{Aside, Stage};

#[tokio::test(start_paused = true)]
async fn the_whole_job_by_keyboard() {
    let stage = Stage::demo();
    let code = stage
        .play(async |mut person| {
            person.sees("www.shop.example").await;
            person.press("/shop front<enter>i");
            person.sees("Invalidate").await;
            person.press("/index.html<enter>/en/*");
            person.sees("/en/*").await;
            person.press("<c-s>");
            person.sees("2 items will be sent").await;
            person.press("<enter>");
            person.sees("InProgress").await;
            person.sees("Completed after").await;
            person.press("qq");
            person.waits(1).await;
        })
        .await;
    assert_eq!(code, Some(0));
    let created = stage.emulator.received();
    assert_eq!(created.creations.len(), 1, "{created:?}");
}
