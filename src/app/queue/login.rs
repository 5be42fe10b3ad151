//! Whose credentials are in use, and what waits for others.

use std::collections::BTreeMap;

use super::{change, pump, search};
use crate::app::fleet;
use crate::app::model::{Due, Level, Model, Purpose, Session};
use crate::domain::pace::Lane;
use crate::domain::submission::{Event, Ownership, Scope, State, Submission, SubmissionId};
use crate::domain::text::grouped;

/// How often new credentials are looked for while something waits for them.
const LOGIN_AGAIN: std::time::Duration = std::time::Duration::from_secs(30);

/// The credentials to send with; none while they are being looked for, since then the connection may already be another.
pub(super) fn open_scope(model: &Model) -> Option<Scope> {
    let connecting = model.pending.values().any(|purpose| *purpose == Purpose::Connect);
    match &model.session {
        Session::Connected(scope) if !connecting && !model.preferences.read_only => Some(scope.clone()),
        Session::Connected(_) | Session::Connecting | Session::Failed(_) => None,
    }
}

/// What was made for other credentials than those in use waits for its own. However many they are, each reason is said
/// once.
pub(super) fn guard(model: &mut Model) {
    let mut waiting: BTreeMap<String, (String, usize)> = BTreeMap::new();
    for (id, label, reason) in newly_foreign(model) {
        if change(model, &id, Event::Guarded(reason.clone())) {
            waiting.entry(reason).or_insert((label, 0)).1 += 1;
        }
    }
    for (reason, (label, count)) in waiting {
        let who = if count == 1 {
            format!("{label} waits")
        } else {
            format!("{} invalidations wait", grouped(count as u64))
        };
        model.say(Level::Warning, format!("{who}: {reason}"));
    }
}

/// Those to be sent that are not for these credentials and do not wait for theirs yet: id, label and reason.
fn newly_foreign(model: &Model) -> Vec<(SubmissionId, String, String)> {
    let open = model.queue.submissions.open();
    open.filter(|s| s.due().is_some() || matches!(s.state, State::NeedsLogin { .. }))
        .filter(|s| !model.queue.is_held(&s.id))
        .filter_map(|s| Some((s, model.difference(s)?.to_string())))
        .filter(|(s, reason)| !matches!(&s.state, State::NeedsLogin { reason: told } if told == reason))
        .map(|(s, reason)| (s.id.clone(), s.label.clone(), reason))
        .collect()
}

/// Whether the credentials in use are those it was made with.
pub(super) fn is_ours(model: &Model, id: &SubmissionId) -> bool {
    match (open_scope(model), model.queue.get(id)) {
        (Some(scope), Some(submission)) => submission.ownership(&scope) == Ownership::Ours,
        _ => false,
    }
}

/// Those that wait for credentials and are not known to be others'.
fn waiting_for_login(model: &Model) -> Vec<SubmissionId> {
    model
        .queue
        .submissions
        .open()
        .filter(|s| matches!(s.state, State::NeedsLogin { .. }) && model.difference(s).is_none())
        .filter(|s| !model.queue.is_held(&s.id))
        .map(|s| s.id.clone())
        .collect()
}

/// Looks again later while something waits for credentials, or to know whose they are.
pub(in crate::app) fn await_login(model: &mut Model) {
    let waits = |s: &Submission| s.state.waits_to_be_sent() && !s.state.needs_a_person();
    let may_be_ours = |s: &Submission| model.difference(s).is_none();
    if !model.is_timed(&Due::Login) && model.queue.submissions.open().any(|s| waits(s) && may_be_ours(s)) {
        model.timer(Due::Login, LOGIN_AGAIN);
    }
}

/// It is time to see whether somebody has logged in, or whose credentials these are.
pub(in crate::app) fn look_for_login(model: &mut Model) {
    if model.scope().is_none() {
        return;
    }
    if !waiting_for_login(model).is_empty() {
        fleet::reconnect(model);
        await_login(model);
    } else if !model.queue.account_told {
        fleet::refresh(model);
    }
}

/// Whether anything waits for credentials, those of others included: then asking again begins with them.
pub(in crate::app) fn needs_login(model: &Model) -> bool {
    let mut open = model.queue.submissions.open();
    open.any(|s| matches!(s.state, State::NeedsLogin { .. }))
}

/// Credentials work again: what waited for them goes on.
pub(in crate::app) fn logged_in(model: &mut Model) {
    for id in waiting_for_login(model) {
        change(model, &id, Event::LoggedIn);
    }
    pump(model);
}

/// Another profile is chosen: what was learned of the old account is forgotten, and searches in its history end.
pub(in crate::app) fn change_scope(model: &mut Model) {
    model.queue.lane = Lane::creates();
    model.queue.learned.retain(|(account, _), _| account.is_some());
    for id in search::abandon(model) {
        change(
            model,
            &id,
            Event::SearchFailed("another profile was chosen during the search".to_owned()),
        );
    }
}
