//! Offering an edge check costs nothing; the check itself searches the known paths, only as far as needed.

use invalidash::domain::batch::{Batch, CallerReference};
use invalidash::domain::submission::SubmissionId;

use super::*;

/// So many submissions of a thousand items that ended, ten of them wildcards with nothing known below.
fn history(submissions: usize) -> LedgerContents {
    let mut core = under_way();
    core.effects.clear();
    let model = core.submission().clone();
    let finished = (0..submissions).map(|number| {
        let paths = (0..990).map(|item| format!("/page-{number}-{item}.html"));
        let wildcards = (0..10).map(|item| format!("/images-{number}-{item}*"));
        let batch = Batch::new(paths.chain(wildcards).collect()).unwrap();
        let id = SubmissionId::new(format!("01JD{number:022}"));
        Submission {
            reference: CallerReference::for_batch(id.as_str(), 1, &batch),
            id,
            batch,
            state: State::Completed {
                id: InvalidationId::new(format!("I{number}")),
                create_time: start(),
                last_in_progress: None,
                seen: None,
            },
            ..model.clone()
        }
    });
    LedgerContents {
        finished: finished.collect(),
        ..LedgerContents::default()
    }
}

#[test]
fn a_look_at_what_is_not_known_says_so_when_it_is_asked_for() {
    let mut core = Scene::ready();
    core.submits("/nothing-known*");
    core.keys("2 v");
    assert_eq!(
        core.model.engine.notice.as_ref().map(|note| note.text.as_str()),
        Some("/nothing-known*: no known URLs match")
    );
    assert!(core.model.overlays.is_empty());
}

#[test]
fn the_newest_addresses_below_a_wildcard_are_asked_for() {
    let mut core = Scene::begun(history(4), Preferences::default());
    core.submits("/page-*");
    core.keys("2 v");
    let asked = core.find(|effect| match effect {
        Effect::VisitEdge { address, .. } => Some(address.path.clone()),
        _ => None,
    });
    assert_eq!(asked, "/page-3-0.html");
    // Paths from long ago are not searched.
    core.keys("esc");
    core.pass(1);
    core.submits("/page-0-*");
    core.keys("v");
    assert_eq!(
        core.model.engine.notice.as_ref().map(|note| note.text.as_str()),
        Some("/page-0-*: no known URLs match")
    );
}
