//! The layers of the composer go where it goes: nothing lies over a page that it has nothing to do with.

use super::*;

fn drafts(core: &Core) -> Vec<&str> {
    core.model.drafts.values().map(String::as_str).collect()
}

#[test]
fn the_review_does_not_outlive_its_composer() {
    for leave in ["1", "2", "ctrl-p g o - d i s enter"] {
        let mut core = Core::ready();
        core.keys("i");
        core.types("/index.html");
        core.keys("ctrl-s");
        assert_eq!(core.model.overlays.len(), 1);
        core.keys(leave);
        assert_eq!(core.model.overlays.len(), 0, "{leave}");
        assert_ne!(core.model.screen().name(), "composer", "{leave}");
        core.keys("enter");
        assert!(core.model.queue.iter().next().is_none(), "nothing was sent by {leave}");
        assert_eq!(drafts(&core), ["/index.html"], "{leave}");
    }
}

#[test]
fn what_was_sent_is_no_draft_any_more() {
    let mut core = Core::ready();
    core.submit("/index.html");
    assert_eq!(drafts(&core), Vec::<&str>::new());
    core.keys("1 i");
    assert_eq!(core.model.screen().name(), "composer");
    core.keys("ctrl-s");
    assert_eq!(core.model.overlays.len(), 0, "there is nothing to send");
}

#[test]
fn another_profile_takes_the_layers_of_the_composer_along_and_ends_what_they_waited_for() {
    let mut core = Core::ready();
    core.tell(Message::Profiles(vec!["prod".to_owned()]));
    core.keys("i");
    core.types("/typed");
    core.keys("ctrl-o enter");
    core.types("list.txt");
    core.keys("enter");
    let import = core.find(|effect| match effect {
        Effect::Import { request, .. } => Some(*request),
        _ => None,
    });
    core.keys("ctrl-p");
    core.types("another profile");
    core.keys("enter enter");
    assert_eq!(core.model.preferences.profile.as_deref(), Some("prod"));
    assert_eq!(core.model.screen().name(), "distributions");
    assert_eq!(core.model.overlays.len(), 0);
    assert!(core.effects.contains(&Effect::CancelImport(import)));
    assert_eq!(drafts(&core), ["/typed"]);
}

#[test]
fn what_does_not_belong_to_the_composer_stays() {
    let mut core = Core::ready();
    core.keys("i");
    core.types("/typed");
    // The messages are of the whole program.
    core.keys("ctrl-s !");
    core.keys("1");
    assert_eq!(core.model.overlays.len(), 1);
    assert_eq!(core.model.screen().name(), "distributions");
}
