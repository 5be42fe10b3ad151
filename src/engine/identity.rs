//! Details of the AWS identity other than the account: its ARN, where the credentials come from, and when they expire.

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::distribution::account_of;
use crate::domain::failure::{Failure, Refusal};
use crate::engine::effect::Effect;
use crate::engine::notices::Level;
use crate::engine::pending::WhoRequest;
use crate::engine::preferences::Front;
use crate::engine::session::{Identity, Session, Who};
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use crate::engine::{fleet, reads};

/// How far ahead of a login's expiry the user is warned.
const SOON: TimeDelta = TimeDelta::minutes(15);

/// Discards the previous identity's details after a new connection, and determines the new ones.
pub(crate) fn connected(engine: &mut Engine) {
    engine.identity = Identity::default();
    engine.cancel_timer(&TimerKind::KeysEnd);
    engine.pending.of_mut::<WhoRequest>().clear();
    look(engine, false);
}

/// Determines the details of the identity, querying STS as well if `asks` is set. A headless command skips this because
/// it displays none of the details.
pub(crate) fn look(engine: &mut Engine, asks: bool) {
    if engine.preferences.front == Front::Script || engine.preferences.demo || engine.scope().is_none() {
        return;
    }
    let request = engine.request(WhoRequest);
    engine.ask(Effect::WhoAmI { request, asks });
}

/// Returns whether a query for the details of the identity is pending.
#[must_use]
pub fn is_asking(engine: &Engine) -> bool {
    !engine.pending.of::<WhoRequest>().is_empty()
}

/// Stores the details of the identity; `None` means that they could not be determined.
pub(crate) fn told(engine: &mut Engine, who: Option<Who>) {
    let Some(who) = who else { return };
    engine.identity.keys = Some(who.keys);
    if who.arn.is_some() {
        engine.identity.arn = who.arn;
    }
    if fleet::learn_account(engine, who.account) {
        fleet::account_told(engine);
    }
    follow_end(engine);
    engine.touch();
}

/// Learns the identity from a refusal. The refusal names the identity, so no further permission is needed.
pub(crate) fn learn(engine: &mut Engine, failure: &Failure) {
    let Some(arn) = failure.refusal().and_then(Refusal::identity) else {
        return;
    };
    let account = account_of(arn);
    engine.identity.arn.get_or_insert_with(|| arn.to_owned());
    if fleet::learn_account(engine, account) {
        fleet::account_told(engine);
        engine.redraw_rows();
    }
}

/// Returns when the login expires, if that is soon.
#[must_use]
pub fn ends_soon(engine: &Engine) -> Option<DateTime<Utc>> {
    let ends = login_ends(engine)?;
    (ends - engine.now <= SOON).then_some(ends)
}

fn login_ends(engine: &Engine) -> Option<DateTime<Utc>> {
    engine.identity.keys.as_ref()?.login_ends
}

/// Schedules the next check: first for shortly before the login expires, then for when it has expired, because the user
/// may have logged in again by then.
fn follow_end(engine: &mut Engine) {
    let Some(ends) = login_ends(engine) else { return };
    let left = ends - engine.now;
    if left <= TimeDelta::zero() {
        return say_ended(engine);
    }
    engine.identity.end_is_said = false;
    let next = if left > SOON { left - SOON } else { left };
    // Check slightly late, so that the deadline has certainly passed.
    let next = next + TimeDelta::milliseconds(100);
    engine.restart_timer(TimerKind::KeysEnd, next.to_std().unwrap_or_default());
}

/// Determines the details of the identity again when the expiry timer fires.
pub(crate) fn due(engine: &mut Engine) {
    look(engine, false);
}

/// Reports that the login has expired and pauses automatic reads, which would only be refused.
fn say_ended(engine: &mut Engine) {
    if std::mem::replace(&mut engine.identity.end_is_said, true) || !matches!(engine.session, Session::Connected(_)) {
        return;
    }
    let command = engine.identity.keys.as_ref().and_then(|keys| keys.command.clone());
    let helps = command.map_or_else(
        || "log in".to_owned(),
        |command| format!("run `{command}` or press {}", engine.hints.log_in),
    );
    reads::lock(engine);
    let text = format!("Your login has expired; nothing will be refreshed until you {helps}");
    engine.say(Level::Warning, text);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::distribution::AccountId;
    use crate::domain::submission::Scope;
    use crate::engine::preferences::Hints;
    use crate::engine::preferences::Preferences;
    use crate::engine::session::KeyFacts;

    fn engine() -> Engine {
        let mut engine = Engine::new(Preferences::default(), Hints::default(), DateTime::UNIX_EPOCH);
        engine.session = Session::Connected(Scope {
            account: None,
            endpoint: "CloudFront".to_owned(),
            profile: "default".to_owned(),
        });
        engine
    }

    fn ends_in(engine: &mut Engine, minutes: i64) {
        let login_ends = Some(engine.now + TimeDelta::minutes(minutes));
        let keys = KeyFacts {
            login_ends,
            command: Some("aws sso login".to_owned()),
            ..KeyFacts::default()
        };
        told(engine, Some(Who { keys, ..Who::default() }));
    }

    #[test]
    fn the_end_is_near_from_a_quarter_of_an_hour_on() {
        let mut engine = engine();
        for (minutes, soon) in [(60, false), (16, false), (15, true), (1, true)] {
            ends_in(&mut engine, minutes);
            assert_eq!(ends_soon(&engine).is_some(), soon, "{minutes}");
            assert!(engine.is_timed(&TimerKind::KeysEnd), "{minutes}");
        }
    }

    #[test]
    fn what_has_ended_is_said_once_and_nothing_is_read() {
        let mut engine = engine();
        ends_in(&mut engine, 0);
        assert!(engine.reads.are_locked());
        ends_in(&mut engine, -1);
        let said = engine
            .notices
            .iter()
            .filter(|notice| notice.text.contains("aws sso login"));
        assert_eq!(said.count(), 1);
    }

    #[test]
    fn a_refusal_tells_the_account() {
        let mut engine = engine();
        let failure = Failure::Refused(Refusal {
            code: "AccessDenied".to_owned(),
            message: "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: x".to_owned(),
            http_status: 403,
            request_id: None,
        });
        learn(&mut engine, &failure);
        assert_eq!(engine.account(), Some(&AccountId::new("123456789012")));
        assert_eq!(
            engine.identity.arn.as_deref(),
            Some("arn:aws:iam::123456789012:user/ci")
        );
    }
}
