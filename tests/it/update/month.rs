//! The free paths of a month: which account they belong to, and that each month starts with its own.

use invalidash::domain::distribution::AccountId;

use super::*;

fn account(id: &str) -> AccountId {
    AccountId::new(id)
}

#[test]
fn a_new_month_begins_with_nothing_used() {
    let contents = LedgerContents {
        used_this_month: vec![(scope(), 212)],
        ..LedgerContents::default()
    };
    let mut core = Scene::begun(contents, Preferences::default());
    assert_eq!(core.model.engine.known_use(), 212);
    // It is the 22nd of November.
    core.now += TimeDelta::days(9);
    core.send(Message::Focus(true));
    assert_eq!((core.model.engine.known_use(), core.model.engine.dirty), (0, true));
    core.submits("/index.html");
    let request = core.sends();
    let answer = core.creation("InProgress", &["/index.html"]);
    core.respond(request, Ok(answer));
    assert_eq!(core.model.engine.known_use(), 1);
    // Setting the clock back loses nothing.
    core.now -= TimeDelta::days(9);
    core.send(Message::Focus(true));
    core.now += TimeDelta::days(9);
    core.send(Message::Focus(true));
    assert_eq!(core.model.engine.known_use(), 1);
}

#[test]
fn what_is_accepted_counts_for_the_account_it_was_made_for() {
    let mut core = Scene::ready();
    core.submits("/index.html");
    let request = core.sends();
    assert_eq!(core.submission().scope.account, Some(account("123456789012")));
    // Its response arrives while another profile is in use.
    core.send(samples::profiles(&["prod"]));
    core.keys("P enter");
    let connect = core.connection();
    let other = Scope {
        account: Some(account("210987654321")),
        endpoint: "CloudFront".to_owned(),
        profile: "prod".to_owned(),
    };
    core.connects(connect, Ok(other));
    let answer = core.creation("InProgress", &["/index.html"]);
    core.respond(request, Ok(answer));
    let made = core.submission().scope.clone();
    assert_eq!(made.account, Some(account("123456789012")));
    assert_eq!(core.model.engine.used_this_month, [(made, 1)]);
    assert_eq!(core.model.engine.known_use(), 0);
}
