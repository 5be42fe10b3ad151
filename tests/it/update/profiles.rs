//! Switching to another profile: it is tried first, and the current one stays in use until the other one is known to
//! work.

use invalidash::app::overlay::Overlay;
use invalidash::domain::login::LoginWay;
use invalidash::engine::pending::ConnectionRequest;
use invalidash::engine::session::Session;

use super::*;

fn opened(preferences: Preferences) -> Scene {
    let mut core = Scene::begun(LedgerContents::default(), preferences);
    core.keys("P");
    assert!(
        core.effects.contains(&Effect::ListProfiles),
        "they are read whenever the list opens"
    );
    core.send(samples::profiles(&["dev", "prod", "stage"]));
    core
}

fn connect(core: &mut Scene) -> (RequestId, Option<String>) {
    core.find(|effect| match effect {
        Effect::Connect { request, profile, .. } => Some((*request, profile.clone())),
        _ => None,
    })
}

fn profile(core: &Scene) -> Option<&str> {
    match &core.model.engine.session {
        Session::Connected(scope) => Some(&scope.profile),
        Session::Connecting | Session::Failed(_) => None,
    }
}

/// The profile that is being tried, and the one that could not be used with the reason.
type Tried = (Option<String>, Option<(String, String)>);

fn state(core: &Scene) -> Option<Tried> {
    match core.model.overlays.last() {
        Some(Overlay::Profiles(state)) => Some((state.trying.clone(), state.failed.clone())),
        _ => None,
    }
}

#[test]
fn enter_is_not_lost_while_the_profiles_are_being_loaded() {
    let mut core = Scene::begun(LedgerContents::default(), Preferences::default());
    core.keys("P");
    core.paste("pro");
    core.keys("enter");
    assert!(
        !core
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Connect { .. })),
        "nothing is known to try yet"
    );
    core.send(samples::profiles(&["dev", "prod", "stage"]));
    assert_eq!(connect(&mut core).1.as_deref(), Some("prod"));
    assert_eq!(state(&core), Some((Some("prod".to_owned()), None)));
}

#[test]
fn whoever_types_on_after_enter_chooses_again() {
    let mut core = Scene::begun(LedgerContents::default(), Preferences::default());
    core.keys("P");
    core.paste("d");
    core.keys("enter");
    core.paste("e");
    core.effects.clear();
    core.send(samples::profiles(&["dev", "prod", "stage"]));
    assert_eq!(state(&core), Some((None, None)));
    assert!(
        !core
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Connect { .. }))
    );
}

#[test]
fn the_profile_in_use_stays_until_the_other_can_be_used() {
    let mut core = opened(Preferences::default());
    let before = profile(&core).map(str::to_owned);
    core.paste("pro");
    core.keys("enter");
    let (request, asked) = connect(&mut core);
    assert_eq!(asked.as_deref(), Some("prod"));
    assert_eq!(state(&core), Some((Some("prod".to_owned()), None)));
    assert_eq!(profile(&core), before.as_deref());
    let refused = Failure::Credentials("run `aws sso login`".to_owned());
    core.connects(request, Err(refused));
    let reason = ("prod".to_owned(), "run `aws sso login`".to_owned());
    assert_eq!(
        state(&core),
        Some((None, Some(reason))),
        "the list stays, with the reason"
    );
    assert_eq!(profile(&core), before.as_deref());
    assert_eq!(core.model.engine.fleet.all().len(), 1, "and so does what is known");
    core.keys("enter");
    let (request, _) = connect(&mut core);
    let mut other = scope();
    other.profile = "prod".to_owned();
    core.connects(request, Ok(other));
    assert_eq!((state(&core), profile(&core)), (None, Some("prod")));
    assert_eq!(
        core.model.engine.fleet.all().len(),
        0,
        "another account has other distributions"
    );
}

#[test]
fn a_profile_that_is_not_wanted_any_more_gives_the_connection_back() {
    let mut core = opened(Preferences::default());
    core.keys("down enter");
    let (tried, _) = connect(&mut core);
    core.keys("esc");
    let (_, asked) = connect(&mut core);
    assert_eq!(asked, None, "the profile in use is asked for again");
    let mut other = scope();
    other.profile = "prod".to_owned();
    core.connects(tried, Ok(other));
    assert_eq!(profile(&core), Some(scope().profile.as_str()));
}

#[test]
fn while_another_is_tried_nothing_is_sent_and_no_login_is_looked_for() {
    let mut core = opened(Preferences::default());
    core.keys("enter");
    connect(&mut core);
    core.keys("esc");
    let connecting = core.model.engine.pending.of::<ConnectionRequest>().len();
    assert_eq!(connecting, 1);
    assert!(core.model.engine.pending.has(&ConnectionRequest::Connect));
}

#[test]
fn all_profiles_are_there_when_the_first_one_cannot_be_used() {
    let mut core = Scene::before(Preferences::default(), start());
    core.send(Message::Start);
    let (request, _) = connect(&mut core);
    let refused = Failure::Credentials("no".to_owned());
    core.connects(request, Err(refused));
    core.keys("P");
    assert!(core.effects.contains(&Effect::ListProfiles));
    core.send(samples::profiles(&["dev", "prod"]));
    core.keys("down enter");
    let (request, asked) = connect(&mut core);
    assert_eq!(asked.as_deref(), Some("prod"));
    core.connects(request, Ok(scope()));
    assert_eq!(state(&core), None);
    assert!(profile(&core).is_some());
}

#[test]
fn a_profile_that_has_to_be_logged_in_to_can_be_from_the_list() {
    let mut core = Scene::begun(LedgerContents::default(), Preferences::default());
    core.keys("P");
    core.send(Message::Profiles(samples::many_profiles(), None));
    let offered = |core: &Scene| {
        let shown = invalidash::app::keys::sections(&core.model, core.model.overlays.len());
        let mut actions = shown.iter().flat_map(|section| &section.actions);
        actions.any(|(entry, _)| entry.action == invalidash::app::action::Action::LogIn)
    };
    core.paste("prod-admin");
    assert!(!offered(&core), "it is logged in to");
    core.keys("ctrl-u");
    core.paste("staging");
    assert!(offered(&core));
    core.keys("alt-l");
    let (request, planned) = core.find(|effect| match effect {
        Effect::PlanLogin { request, profile } => Some((*request, profile.clone())),
        _ => None,
    });
    assert_eq!(planned.as_deref(), Some("staging"));
    core.reply(Reply::LoginPlanned {
        request,
        result: Ok(LoginWay::Terminal),
    });
    let (request, asked) = core.find(|effect| match effect {
        Effect::LogIn { request, profile } => Some((*request, profile.clone())),
        _ => None,
    });
    assert_eq!(asked.as_deref(), Some("staging"));
    assert_eq!(state(&core), Some((Some("staging".to_owned()), None)));
    core.connects(request, Err(Failure::Credentials("no".to_owned())));
    let reason = ("staging".to_owned(), "no".to_owned());
    assert_eq!(
        state(&core),
        Some((None, Some(reason))),
        "the list stays, with the reason"
    );
}
