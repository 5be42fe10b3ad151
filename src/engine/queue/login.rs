//! The credentials in use, and the submissions that wait for others.

use std::collections::BTreeMap;

use crate::domain::pace::Lane;
use crate::domain::submission::{Event, Ownership, Scope, State, Submission, SubmissionId};
use crate::domain::text::grouped;
use crate::engine::effect::Effect;
use crate::engine::fleet;
use crate::engine::notices::Level;
use crate::engine::purpose::Purpose;
use crate::engine::queue::{change, pump, search};
use crate::engine::session::Session;
use crate::engine::state::{Engine, Front, Preferences};
use crate::engine::timers::TimerKind;

/// The interval in which new credentials are looked for while something waits for them.
const LOGIN_AGAIN: std::time::Duration = std::time::Duration::from_secs(30);

/// The interval in which the credential files are checked while a login is missing.
const LOOK_AT_FILES: std::time::Duration = std::time::Duration::from_secs(3);

/// Returns the scope to send with; `None` while credentials are being looked for, because the connection may already
/// use others.
pub(super) fn open_scope(engine: &Engine) -> Option<Scope> {
    let connecting = engine.pending.values().any(Purpose::connects);
    match &engine.session {
        Session::Connected(scope) if !connecting && !engine.is_read_only() => Some(scope.clone()),
        Session::Connected(_) | Session::Connecting | Session::Failed(_) => None,
    }
}

/// Makes submissions for other credentials wait for those. However many there are, each reason is reported once.
pub(super) fn guard(engine: &mut Engine) {
    let mut waiting: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for (id, label, reason) in newly_foreign(engine) {
        if change(engine, &id, Event::Guarded(reason.clone())) {
            waiting.entry(reason).or_insert((label, 0)).1 += 1;
        }
    }
    for (reason, (label, count)) in waiting {
        let who = if count == 1 {
            format!("{label} waits")
        } else {
            format!("{} invalidations wait", grouped(count as u64))
        };
        engine.say(Level::Warning, format!("{who}: {reason}"));
    }
}

/// Returns the submissions due that are for other credentials and do not wait for them yet: id, label and reason.
fn newly_foreign(engine: &Engine) -> Vec<(SubmissionId, String, String)> {
    let open = engine.queue.submissions.open();
    open.filter(|s| s.due().is_some() || matches!(s.state, State::NeedsLogin { .. }))
        .filter(|s| !engine.queue.is_held(&s.id))
        .filter_map(|s| Some((s, engine.difference(s)?.to_string())))
        .filter(|(s, reason)| !matches!(&s.state, State::NeedsLogin { reason: told } if told == reason))
        .map(|(s, reason)| (s.id.clone(), s.label.clone(), reason))
        .collect()
}

/// Returns whether the current credentials are those it was made with.
pub(super) fn is_ours(engine: &Engine, id: &SubmissionId) -> bool {
    match (open_scope(engine), engine.queue.get(id)) {
        (Some(scope), Some(submission)) => submission.ownership(&scope) == Ownership::Ours,
        _ => false,
    }
}

/// Returns the submissions that wait for credentials and are not known to belong to others.
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

/// Schedules the next check while something waits for credentials, or to learn the account.
pub(crate) fn await_login(engine: &mut Engine) {
    let waits = |s: &Submission| s.state.waits_to_be_sent() && !s.state.needs_a_person();
    let may_be_ours = |s: &Submission| engine.difference(s).is_none();
    let any_waits = || engine.queue.submissions.open().any(|s| waits(s) && may_be_ours(s));
    if engine.is_timed(&TimerKind::Login) {
        return;
    }
    if asks_whose(engine) || any_waits() {
        engine.timer(TimerKind::Login, LOGIN_AGAIN);
    } else if engine.reads.are_locked() {
        // If only automatic reads wait, the source of keys is asked less often.
        let calmly = LOGIN_AGAIN * (1 << engine.queue.logins_looked_for.min(4));
        engine.timer(TimerKind::Login, calmly);
    }
}

/// Returns whether anything indicates that a login is missing.
fn says_log_in(engine: &Engine) -> bool {
    let failed = matches!(engine.session, Session::Failed(_));
    failed || engine.reads.are_locked() || engine.is_timed(&TimerKind::Login)
}

/// Checks the credential files every few seconds while a login is missing: that costs next to nothing, and sends no
/// request.
pub(crate) fn watch_files(engine: &mut Engine) {
    let is_person = engine.preferences.front != Front::Script && !engine.preferences.demo;
    let asks = |purpose: &Purpose| purpose.connects() || *purpose == Purpose::LookForLogin;
    let wanted = is_person && !engine.ends && says_log_in(engine) && !engine.pending.values().any(asks);
    if !wanted {
        engine.cancel_timer(&TimerKind::LoginFiles);
    } else if !engine.is_timed(&TimerKind::LoginFiles) {
        engine.timer(TimerKind::LoginFiles, LOOK_AT_FILES);
    }
}

/// Checks whether the files were written since the credentials were loaded.
pub(crate) fn look_at_files(engine: &mut Engine) {
    if engine.pending.values().all(|purpose| *purpose != Purpose::LookForLogin) {
        let request = engine.request(Purpose::LookForLogin);
        engine.ask(Effect::LookForLogin { request });
    }
}

/// Handles the result of that check.
pub(crate) fn files_seen(engine: &mut Engine, written: bool) {
    if written {
        fleet::reconnect(engine);
    }
}

/// Reloads the credentials before a refresh by the user, if they were missing or their files were written. Returns
/// whether the refresh has to wait for them.
pub(crate) fn renew(engine: &mut Engine) -> bool {
    match engine.session {
        Session::Connecting => {}
        Session::Failed(_) => {
            let profile = engine.preferences.profile.clone();
            fleet::connect(engine, profile);
        }
        Session::Connected(_) if engine.reads.are_locked() || needs_login(engine) => fleet::reconnect(engine),
        Session::Connected(_) => look_at_files(engine),
    }
    engine.scope().is_none() || engine.reads.are_locked()
}

/// Returns whether a headless command waits to learn the account before it resumes anything.
fn asks_whose(engine: &Engine) -> bool {
    let Preferences { front, read_only, .. } = &engine.preferences;
    *front == Front::Script && !read_only && !engine.queue.account_told
}

/// Checks whether the user has logged in, or which account the credentials belong to.
pub(crate) fn look_for_login(engine: &mut Engine) {
    if engine.scope().is_none() {
        return;
    }
    if engine.reads.are_locked() || !waiting_for_login(engine).is_empty() {
        engine.queue.logins_looked_for = engine.queue.logins_looked_for.saturating_add(1);
        fleet::reconnect(engine);
        await_login(engine);
    } else if !engine.queue.account_told {
        fleet::refresh(engine);
    }
}

/// Returns whether anything waits for credentials, including those of others: then a refresh starts with them.
fn needs_login(engine: &Engine) -> bool {
    let mut open = engine.queue.submissions.open();
    open.any(|s| matches!(s.state, State::NeedsLogin { .. }))
}

/// Continues what waited for credentials, because they work again.
pub(crate) fn logged_in(engine: &mut Engine) {
    for id in waiting_for_login(engine) {
        change(engine, &id, Event::LoggedIn);
    }
    pump(engine);
}

/// Drops what was learned of the old account, and ends its searches, because another profile was chosen.
pub(crate) fn change_scope(engine: &mut Engine) {
    engine.queue.lane = Lane::creates(engine.preferences.sending.per_minute);
    engine.queue.learned.retain(|(account, _), _| account.is_some());
    for id in search::abandon(engine) {
        change(
            engine,
            &id,
            Event::SearchFailed("another profile was chosen during the search".to_owned()),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::state::Hints;

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
        files_seen(&mut engine, false);
        assert!(!connects(&mut engine));
        files_seen(&mut engine, true);
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
        watch_files(&mut engine);
        assert!(!engine.is_timed(&TimerKind::LoginFiles));
        crate::engine::reads::lock(&mut engine);
        watch_files(&mut engine);
        assert!(engine.is_timed(&TimerKind::LoginFiles));
        crate::engine::reads::unlock(&mut engine);
        watch_files(&mut engine);
        assert!(!engine.is_timed(&TimerKind::LoginFiles));
    }
}
