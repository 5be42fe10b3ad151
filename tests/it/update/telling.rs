//! Announcements outside the frame while several invalidations are in flight.

use invalidash::domain::submission::SubmissionId;
use invalidash::engine::effect::{Announcement, Progress};
use invalidash::engine::pending::LedgerRequest;

use super::*;

/// These are in flight in another window: the ledger tells it.
fn in_flight(core: &mut Scene, names: &[&str]) {
    let model = under_way().submission().clone();
    let elsewhere = names.iter().map(|name| Submission {
        id: SubmissionId::new(*name),
        ..model.clone()
    });
    let contents = LedgerContents {
        elsewhere: elsewhere.collect(),
        ..LedgerContents::default()
    };
    core.send(Message::Focus(true));
    let request = core.model.engine.pending.newest(&LedgerRequest::Changes).unwrap();
    core.effects.clear();
    core.record(request, Ok(Some(Box::new(contents))));
}

fn progress(core: &Scene) -> Option<Progress> {
    core.effects.iter().rev().find_map(|effect| match effect {
        Effect::Notify(Announcement::Progress(progress)) => Some(*progress),
        _ => None,
    })
}

#[test]
fn progress_is_what_is_done_of_all_that_came_since_there_was_nothing() {
    let mut core = Scene::ready();
    let table = [
        (&["a", "b", "c", "d"][..], Progress::Percent(0)),
        (&["c", "d"], Progress::Percent(50)),
        // With two more, two of six are done.
        (&["c", "d", "e", "f"], Progress::Percent(33)),
        (&["e", "f"], Progress::Percent(66)),
        (&[], Progress::None),
        (&["g"], Progress::Busy),
        (&["g", "h"], Progress::Percent(0)),
    ];
    for (names, expected) in table {
        in_flight(&mut core, names);
        assert_eq!(progress(&core), Some(expected), "{names:?}");
    }
}
