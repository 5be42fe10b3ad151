//! The composer's overlays close along with its page, and only the actions that the top overlay lists are available
//! above it.

use super::*;

fn drafts(core: &Scene) -> Vec<&str> {
    core.model
        .engine
        .drafts
        .iter()
        .map(|(_, draft)| draft.text.as_str())
        .collect()
}

#[test]
fn no_other_page_is_opened_over_the_review() {
    for key in ["1", "2", "3", "ctrl-p", "P", "o", "i", "r", "x", "R"] {
        let mut core = Scene::ready();
        core.keys("i");
        core.paste("/index.html");
        core.keys("ctrl-s");
        core.keys(key);
        let (overlays, page) = (core.model.overlays.len(), core.model.screen().name());
        assert_eq!((overlays, page), (1, "composer"), "{key}");
        core.keys("esc esc");
        assert_eq!(core.model.screen().name(), "distributions", "{key}");
        assert!(
            core.model.engine.queue.iter().next().is_none(),
            "nothing was sent by {key}"
        );
        assert_eq!(drafts(&core), ["/index.html"], "{key}");
    }
}

#[test]
fn the_dry_run_has_no_key_that_sends() {
    let mut core = Scene::ready();
    core.keys("i");
    core.paste("/index.html");
    core.keys("ctrl-s D enter enter");
    assert_eq!(core.model.overlays.len(), 2);
    assert!(core.model.engine.queue.iter().next().is_none(), "nothing was sent");
    core.keys("D enter");
    assert_eq!(core.model.engine.queue.iter().count(), 1, "the review below sends");
}

#[test]
fn what_was_sent_is_no_draft_any_more() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    assert_eq!(drafts(&core), Vec::<&str>::new());
    core.keys("1 i");
    assert_eq!(core.model.screen().name(), "composer");
    core.keys("ctrl-s");
    assert_eq!(core.model.overlays.len(), 0, "there is nothing to send");
}

#[test]
fn another_profile_keeps_the_draft() {
    let mut core = Scene::ready();
    core.send(samples::profiles(&["prod"]));
    core.keys("i");
    core.paste("/typed");
    core.keys("ctrl-o enter");
    core.paste("list.txt");
    core.keys("enter");
    let import = core.find(|effect| match effect {
        Effect::Import { request, .. } => Some(*request),
        _ => None,
    });
    core.keys("ctrl-p");
    assert_eq!(core.model.overlays.len(), 1, "the import does not hear it");
    core.keys("esc esc esc");
    assert!(core.effects.contains(&Effect::CancelImport(import)));
    core.keys("ctrl-p");
    core.paste("another profile");
    core.keys("enter enter");
    let request = core.connection();
    assert_eq!(
        core.model.screen().name(),
        "composer",
        "the other profile is tried first"
    );
    core.connects(request, Ok(scope()));
    assert_eq!(core.model.engine.preferences.profile.as_deref(), Some("prod"));
    assert_eq!(core.model.screen().name(), "distributions");
    assert_eq!(core.model.overlays.len(), 0);
    assert_eq!(drafts(&core), ["/typed"]);
}

#[test]
fn what_does_not_belong_to_the_composer_stays() {
    let mut core = Scene::ready();
    core.keys("i");
    core.paste("/typed");
    // The messages belong to the whole program.
    core.keys("ctrl-s !");
    assert_eq!(core.model.overlays.len(), 2);
    core.keys("esc");
    assert_eq!(core.model.overlays.len(), 1);
    assert_eq!(core.model.screen().name(), "composer");
}
