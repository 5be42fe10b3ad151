//! The current credentials, and the submissions that wait for different ones.

use crate::domain::pace::Lane;
use crate::domain::submission::{Event, State, SubmissionId};
use crate::engine::effect::Effect;
use crate::engine::pending::{ConnectionRequest, LoginFilesRequest};
use crate::engine::preferences::Front;
use crate::engine::queue::change::change;
use crate::engine::queue::logins::await_login;
use crate::engine::queue::search;
use crate::engine::queue::send::pump;
use crate::engine::session::Session;
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use crate::engine::{connecting, fleet};

/// The interval at which the credential files are checked while the user is logged out.
const LOOK_AT_FILES: std::time::Duration = std::time::Duration::from_secs(3);

/// Returns the submissions that wait for credentials and may belong to the current ones.
fn waiting_for_login(engine: &Engine) -> Vec<SubmissionId> {
    engine
        .queue
        .submissions
        .open()
        .filter(|s| matches!(s.state, State::NeedsLogin { .. }) && engine.difference(s).is_none())
        .filter(|s| !engine.queue.is_held(&s.id))
        .map(|s| s.id.clone())
        .collect()
}

/// Returns whether the session or a submission shows that the user has to log in.
fn says_log_in(engine: &Engine) -> bool {
    let failed = matches!(engine.session, Session::Failed(_));
    failed || engine.reads.are_locked() || engine.is_timed(&TimerKind::Login)
}

/// Checks the credential files every few seconds while the user is logged out or the list of profiles is open. This is
/// cheap and makes no requests.
pub(crate) fn watch_files(engine: &mut Engine, list_is_seen: bool) {
    let is_person = engine.preferences.front != Front::Script && !engine.preferences.demo;
    let asks = !engine.pending.of::<ConnectionRequest>().is_empty() || is_looking(engine);
    let is_needed = says_log_in(engine) || list_is_seen;
    let wanted = is_person && !engine.ends && is_needed && !asks;
    if !wanted {
        engine.cancel_timer(&TimerKind::LoginFiles);
    } else if !engine.is_timed(&TimerKind::LoginFiles) {
        engine.timer(TimerKind::LoginFiles, LOOK_AT_FILES);
    }
}

/// Returns whether a check of the credential files is pending.
fn is_looking(engine: &Engine) -> bool {
    !engine.pending.of::<LoginFilesRequest>().is_empty()
}

/// Checks whether the credential files have been written since the credentials were loaded.
pub(crate) fn look_at_files(engine: &mut Engine) {
    if !is_looking(engine) {
        let request = engine.request(LoginFilesRequest);
        engine.ask(Effect::LookForLogin { request });
    }
}

/// Reloads the credentials if their files have been written. Working credentials are not reloaded just because the list
/// is open.
pub(crate) fn files_seen(engine: &mut Engine, written: bool, list_is_seen: bool) {
    if written && (says_log_in(engine) || !list_is_seen) {
        connecting::reconnect(engine);
    }
}

/// Reloads the credentials before the user's refresh if they are missing or their files have been written. Returns
/// whether the refresh has to wait for them.
pub(crate) fn renew(engine: &mut Engine) -> bool {
    match engine.session {
        Session::Connecting => {}
        Session::Failed(_) => {
            let profile = engine.preferences.profile.clone();
            connecting::connect(engine, profile);
        }
        Session::Connected(_) if engine.reads.are_locked() || needs_login(engine) => connecting::reconnect(engine),
        Session::Connected(_) => look_at_files(engine),
    }
    engine.scope().is_none() || engine.reads.are_locked()
}

/// Checks whether the user has logged in, or which account the credentials belong to.
pub(crate) fn look_for_login(engine: &mut Engine) {
    if engine.scope().is_none() {
        return;
    }
    if engine.reads.are_locked() || !waiting_for_login(engine).is_empty() {
        engine.queue.logins_looked_for = engine.queue.logins_looked_for.saturating_add(1);
        connecting::reconnect(engine);
        await_login(engine);
    } else if !engine.queue.account_told {
        fleet::refresh(engine);
    }
}

/// Returns whether any submission waits for credentials, even those of another account. If so, a refresh reloads the
/// credentials first.
fn needs_login(engine: &Engine) -> bool {
    let mut open = engine.queue.submissions.open();
    open.any(|s| matches!(s.state, State::NeedsLogin { .. }))
}

/// Resumes the submissions that were waiting for credentials, because the credentials work again.
pub(crate) fn logged_in(engine: &mut Engine) {
    for id in waiting_for_login(engine) {
        change(engine, &id, Event::LoggedIn);
    }
    pump(engine);
}

/// Discards what was recorded about the old account and ends its searches after a switch to a different profile.
pub(crate) fn change_scope(engine: &mut Engine) {
    engine.queue.lane = Lane::creates(engine.preferences.send.requests_per_minute);
    engine.queue.learned.retain(|(account, _), _| account.is_some());
    for id in search::abandon(engine) {
        change(
            engine,
            &id,
            Event::SearchFailed("the profile was switched during the search".to_owned()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::submission::Scope;
    use crate::engine::preferences::Hints;
    use crate::engine::preferences::Preferences;

    fn engine(session: Session) -> Engine {
        let mut engine = Engine::new(Preferences::default(), Hints::default(), chrono::DateTime::UNIX_EPOCH);
        engine.session = session;
        engine
    }

    fn connected() -> Engine {
        engine(Session::Connected(Scope {
            account: None,
            endpoint: "CloudFront".to_owned(),
            profile: "default".to_owned(),
        }))
    }

    fn connects(engine: &mut Engine) -> bool {
        let effects = engine.end();
        effects.iter().any(|effect| matches!(effect, Effect::Connect { .. }))
    }

    #[test]
    fn whoever_refreshes_has_keys_loaded_anew_where_their_files_were_written() {
        let mut engine = connected();
        assert!(!renew(&mut engine), "the page is read meanwhile");
        let looks = matches!(engine.end()[..], [Effect::LookForLogin { .. }]);
        assert!(looks);
        files_seen(&mut engine, false, false);
        assert!(!connects(&mut engine));
        files_seen(&mut engine, true, true);
        assert!(!connects(&mut engine), "they work");
        files_seen(&mut engine, true, false);
        assert!(connects(&mut engine));
    }

    #[test]
    fn where_a_login_is_missing_refresh_begins_with_it() {
        let mut failed = engine(Session::Failed(crate::domain::failure::Failure::Setup("no".to_owned())));
        assert!(renew(&mut failed) && connects(&mut failed));
        let mut locked = connected();
        crate::engine::reads::lock(&mut locked);
        locked.end();
        assert!(renew(&mut locked) && connects(&mut locked));
    }

    #[test]
    fn files_are_looked_at_while_a_login_is_missing_and_no_longer() {
        let mut engine = connected();
        watch_files(&mut engine, false);
        assert!(!engine.is_timed(&TimerKind::LoginFiles));
        crate::engine::reads::lock(&mut engine);
        watch_files(&mut engine, false);
        assert!(engine.is_timed(&TimerKind::LoginFiles));
        crate::engine::reads::unlock(&mut engine);
        watch_files(&mut engine, false);
        assert!(!engine.is_timed(&TimerKind::LoginFiles));
        watch_files(&mut engine, true);
        assert!(engine.is_timed(&TimerKind::LoginFiles), "the list is seen");
    }
}
