//! Whose credentials are in use, and what waits for others.

use std::collections::BTreeMap;

use crate::domain::pace::Lane;
use crate::domain::submission::{Event, Ownership, Scope, State, Submission, SubmissionId};
use crate::domain::text::grouped;
use crate::engine::fleet;
use crate::engine::notices::Level;
use crate::engine::purpose::Purpose;
use crate::engine::queue::{change, pump, search};
use crate::engine::session::Session;
use crate::engine::state::{Engine, Front, Preferences};
use crate::engine::timers::TimerKind;

/// How often new credentials are looked for while something waits for them.
const LOGIN_AGAIN: std::time::Duration = std::time::Duration::from_secs(30);

/// The credentials to send with; none while they are being looked for, since then the connection may already be another.
pub(super) fn open_scope(engine: &Engine) -> Option<Scope> {
    let connecting = engine.pending.values().any(Purpose::connects);
    match &engine.session {
        Session::Connected(scope) if !connecting && !engine.preferences.read_only => Some(scope.clone()),
        Session::Connected(_) | Session::Connecting | Session::Failed(_) => None,
    }
}

/// What was made for other credentials than those in use waits for its own. However many they are, each reason is said
/// once.
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

/// Those to be sent that are not for these credentials and do not wait for theirs yet: id, label and reason.
fn newly_foreign(engine: &Engine) -> Vec<(SubmissionId, String, String)> {
    let open = engine.queue.submissions.open();
    open.filter(|s| s.due().is_some() || matches!(s.state, State::NeedsLogin { .. }))
        .filter(|s| !engine.queue.is_held(&s.id))
        .filter_map(|s| Some((s, engine.difference(s)?.to_string())))
        .filter(|(s, reason)| !matches!(&s.state, State::NeedsLogin { reason: told } if told == reason))
        .map(|(s, reason)| (s.id.clone(), s.label.clone(), reason))
        .collect()
}

/// Whether the credentials in use are those it was made with.
pub(super) fn is_ours(engine: &Engine, id: &SubmissionId) -> bool {
    match (open_scope(engine), engine.queue.get(id)) {
        (Some(scope), Some(submission)) => submission.ownership(&scope) == Ownership::Ours,
        _ => false,
    }
}

/// Those that wait for credentials and are not known to be others'.
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

/// Looks again later while something waits for credentials, or to know whose they are.
pub(crate) fn await_login(engine: &mut Engine) {
    let waits = |s: &Submission| s.state.waits_to_be_sent() && !s.state.needs_a_person();
    let may_be_ours = |s: &Submission| engine.difference(s).is_none();
    let any_waits = || engine.queue.submissions.open().any(|s| waits(s) && may_be_ours(s));
    if !engine.is_timed(&TimerKind::Login) && (asks_whose(engine) || any_waits()) {
        engine.timer(TimerKind::Login, LOGIN_AGAIN);
    }
}

/// Whether a command without a screen waits to know whose the credentials are before it takes anything up.
fn asks_whose(engine: &Engine) -> bool {
    let Preferences { front, read_only, .. } = &engine.preferences;
    *front == Front::Script && !read_only && !engine.queue.account_told
}

/// It is time to see whether somebody has logged in, or whose credentials these are.
pub(crate) fn look_for_login(engine: &mut Engine) {
    if engine.scope().is_none() {
        return;
    }
    if !waiting_for_login(engine).is_empty() {
        fleet::reconnect(engine);
        await_login(engine);
    } else if !engine.queue.account_told {
        fleet::refresh(engine);
    }
}

/// Whether anything waits for credentials, those of others included: then asking again begins with them.
pub(crate) fn needs_login(engine: &Engine) -> bool {
    let mut open = engine.queue.submissions.open();
    open.any(|s| matches!(s.state, State::NeedsLogin { .. }))
}

/// Credentials work again: what waited for them goes on.
pub(crate) fn logged_in(engine: &mut Engine) {
    for id in waiting_for_login(engine) {
        change(engine, &id, Event::LoggedIn);
    }
    pump(engine);
}

/// Another profile is chosen: what was learned of the old account is forgotten, and searches in its history end.
pub(crate) fn change_scope(engine: &mut Engine) {
    engine.queue.lane = Lane::creates();
    engine.queue.learned.retain(|(account, _), _| account.is_some());
    for id in search::abandon(engine) {
        change(
            engine,
            &id,
            Event::SearchFailed("another profile was chosen during the search".to_owned()),
        );
    }
}
