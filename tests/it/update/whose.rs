//! Credentials of another account: what was made with the old ones is left alone.

use invalidash::app::model::Due;
use invalidash::domain::distribution::AccountId;

use super::*;

/// In flight, made with another profile than the one in use, or in an account that is not the one in use.
fn in_flight_elsewhere(change: impl Fn(&mut Scope)) -> LedgerContents {
    let core = under_way();
    let mut submission = core.submission().clone();
    change(&mut submission.scope);
    LedgerContents {
        unfinished: vec![submission],
        ..LedgerContents::default()
    }
}

fn polls(core: &Core) -> usize {
    let timers = core.model.timers.values();
    timers.filter(|due| matches!(due, Due::Poll(_))).count()
}

#[test]
fn what_is_in_flight_in_another_account_is_not_asked_about_with_these_credentials() {
    let ours = in_flight_elsewhere(|_| {});
    let profile = in_flight_elsewhere(|scope| scope.profile = "prod".to_owned());
    let account = in_flight_elsewhere(|scope| scope.account = Some(AccountId::new("210987654321")));
    for (contents, expected) in [(ours, 1), (profile, 0), (account, 0)] {
        let core = Core::begun(contents, Preferences::default());
        assert_eq!(polls(&core), expected, "{:?}", core.submission().scope);
    }
}

#[test]
fn what_is_in_flight_is_left_alone_as_soon_as_the_profile_is_another() {
    let mut core = under_way();
    assert_eq!(polls(&core), 1);
    core.tell(Message::Profiles(vec!["prod".to_owned()]));
    core.keys("P enter");
    let connect = core.find(|effect| match effect {
        Effect::Connect { request, .. } => Some(*request),
        _ => None,
    });
    let mut other = scope();
    other.profile = "prod".to_owned();
    core.reply(Reply::Connected {
        request: connect,
        result: Ok(other),
    });
    core.effects.clear();
    core.now += TimeDelta::seconds(60);
    let due: Vec<_> = core.model.timers.iter().map(|(id, due)| (*id, due.clone())).collect();
    for (id, due) in due {
        if matches!(due, Due::Poll(_) | Due::Reads) {
            core.tell(Message::Timer(id));
        }
    }
    let looks = core.effects.iter().filter(|effect| {
        matches!(
            effect,
            Effect::CloudFront {
                call: Call::GetInvalidation { .. },
                ..
            }
        )
    });
    assert_eq!(looks.count(), 0);
}
