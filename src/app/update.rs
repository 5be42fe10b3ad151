//! The only place where the model changes: a message in, effects out. It never waits, reads no clock and touches no
//! file.

use chrono::{DateTime, TimeDelta, Utc};

use crate::app::act::composer::{draft, external_editor};
use crate::app::act::{deliberate, details, export, history, import, lists, not_saved, note, profiles};
use crate::app::action::Action;
use crate::app::keys::action_of;
use crate::app::message::Message;
use crate::app::model::Model;
use crate::app::settle::settle;
use crate::app::{act, copying, ending, fetching, input, mouse};
use crate::domain::duration::short;
use crate::domain::failure::Failure;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::submission::Scope;
use crate::engine::effect::{Answer, Context, Effect, LedgerContents, Reply, RequestId, TimerId};
use crate::engine::notices::Level;
use crate::engine::purpose::Purpose;
use crate::engine::timers::TimerKind;
use crate::engine::{
    counting, drafts, edge, fleet, identity, ledger, login, past, policies, queue, reads, refused, retention, script,
    tenants, unsaved, watch,
};

/// Longer than any timer that runs while something is in flight: after such a gap the machine must have slept.
const ASLEEP: TimeDelta = TimeDelta::minutes(2);

/// Handles a message and returns the effects to carry out.
pub fn update(model: &mut Model, message: Message, context: &Context) -> Vec<Effect> {
    let slept = context.now - model.engine.now > ASLEEP;
    model.engine.begin(context.now, context.entropy);
    if slept {
        watch::woke(&mut model.engine);
    }
    match message {
        Message::Start => start(model),
        // What is being saved is final.
        Message::Key(key) if model.ending.is_some() => {
            let quits = action_of(model, key) == Some(Action::QuitNow);
            ending::on_key(model, key, quits);
        }
        Message::Paste(_) | Message::Click(_) | Message::Wheel(_) if model.ending.is_some() => {}
        Message::Key(key) => {
            model.clicked = None;
            input::on_key(model, key);
        }
        Message::Click(hit) => mouse::on_click(model, hit),
        Message::Wheel(turns) => mouse::on_wheel(model, turns),
        Message::Paste(text) => input::on_paste(model, &text),
        Message::Seen => deliberate::seen(model),
        Message::Resize(width, height) => {
            model.size = (width, height);
            model.engine.touch();
        }
        Message::Focus(focused) => on_focus(model, focused),
        Message::End(code) => ending::told(model, code),
        Message::Resumed => watch::woke(&mut model.engine),
        Message::Ask(ask) => script::on_ask(&mut model.engine, *ask),
        Message::Timer(id) => on_timer(model, id),
        Message::Reply(reply) => on_reply(model, *reply),
        Message::Profiles(profiles, trouble) => profiles::listed(model, profiles, trouble),
        Message::Copied(name, result) => copying::copied(model, &name, result),
        Message::Waits(what) => login::waits(&mut model.engine, what),
        Message::BrowserLogin(request, waits) => login::browser_waits(&mut model.engine, request, waits),
        Message::Clock(behind) => on_clock(model, behind),
        Message::Warning(text) => model.engine.say(Level::Warning, text),
    }
    while let Some(action) = model.chosen.take() {
        act::act(model, action);
    }
    settle(model);
    model.engine.end()
}

fn start(model: &mut Model) {
    ledger::open(&mut model.engine);
    let profile = model.engine.preferences.profile.clone();
    fleet::connect(&mut model.engine, profile);
}

/// Reports a wrong clock: it no longer matters here, but it does to other programs.
fn on_clock(model: &mut Model, behind: TimeDelta) {
    if behind.abs() >= TimeDelta::minutes(1) {
        let side = if behind > TimeDelta::zero() {
            "behind"
        } else {
            "ahead of"
        };
        let text = format!(
            "the clock of this machine is {} {side} the server's; times here are the server's",
            short(behind.abs())
        );
        model.engine.say(Level::Warning, text);
    }
}

fn on_focus(model: &mut Model, focused: bool) {
    model.engine.focused = focused;
    if focused {
        watch::woke(&mut model.engine);
    } else {
        watch::ticked(&mut model.engine);
    }
}

fn on_timer(model: &mut Model, id: TimerId) {
    // A timer that was cancelled, or is not ours, changes nothing.
    let Some(due) = model.engine.timers.remove(id) else {
        return;
    };
    match due {
        TimerKind::Poll(target) => watch::poll(&mut model.engine, &target),
        TimerKind::Reread => watch::reread(&mut model.engine),
        TimerKind::Changed => watch::settled(&mut model.engine),
        TimerKind::Ledger => watch::look_at_ledger(&mut model.engine),
        TimerKind::OpenLedger => ledger::open(&mut model.engine),
        TimerKind::Reads => reads::ask_next(&mut model.engine),
        TimerKind::Pump | TimerKind::Deployment => queue::pump(&mut model.engine),
        TimerKind::Search(id) => queue::search_again(&mut model.engine, &id),
        TimerKind::Login => queue::look_for_login(&mut model.engine),
        TimerKind::KeysEnd => identity::due(&mut model.engine),
        TimerKind::LoginFiles => queue::look_at_files(&mut model.engine),
        TimerKind::Notice => model.engine.end_notice(),
        TimerKind::Tick => watch::ticked(&mut model.engine),
        TimerKind::Rest => fetching::rested(model),
        TimerKind::NextVisit => edge::visit_next(&mut model.engine),
        TimerKind::Draft => draft::write_draft(model),
        // What waits is shown now.
        TimerKind::Waits => model.engine.touch(),
        TimerKind::Prune => retention::prune(&mut model.engine),
        TimerKind::EndingTold => ending::tell(model),
        TimerKind::Ending => ending::give_up(model),
        TimerKind::Save => unsaved::save_all(&mut model.engine),
        TimerKind::Saving => unsaved::is_slow(&mut model.engine),
    }
}

fn on_reply(model: &mut Model, reply: Reply) {
    match reply {
        Reply::Connected { request, result } => on_connected(model, request, result),
        Reply::LoginPlanned { request, result } => {
            if take(model, request) == Some(Purpose::PlanLogin) {
                login::planned(&mut model.engine, result);
            }
        }
        Reply::Identified { request, account } => {
            if take(model, request) == Some(Purpose::Identify) {
                fleet::identified(&mut model.engine, account);
            }
        }
        Reply::Who { request, who } => {
            if take(model, request) == Some(Purpose::WhoAmI) {
                identity::told(&mut model.engine, who.map(|who| *who));
            }
        }
        Reply::LookedForLogin { request, written } => {
            if take(model, request) == Some(Purpose::LookForLogin) {
                queue::files_seen(&mut model.engine, written);
            }
        }
        Reply::CloudFront { request, result } => {
            let asked = model.engine.reads.take_asked(request).unwrap_or(model.engine.now);
            if let Some(purpose) = take(model, request) {
                on_answer(model, purpose, asked, result);
            }
        }
        Reply::Ledger { request, mut result } => {
            if let Some(purpose) = take(model, request) {
                if let Ok(Some(contents)) = &mut result {
                    drafts::conflicted(&mut model.engine, std::mem::take(&mut contents.conflicts));
                }
                if purpose.writes() {
                    let by_itself = purpose == Purpose::Save;
                    unsaved::answered(&mut model.engine, request, by_itself, result.as_ref().err());
                }
                on_ledger(model, purpose, result);
            }
        }
        Reply::Imported { request, result } => {
            if take(model, request) == Some(Purpose::Import) {
                import::imported(model, request, result);
            }
        }
        Reply::Folder { request, result } => {
            if take(model, request) == Some(Purpose::Folder) {
                import::path::listed(model, request, result);
            }
        }
        Reply::Exported { request, result } => {
            if take(model, request) == Some(Purpose::Export) {
                export::written(model, request, result);
            }
        }
        Reply::Lists { request, result } => match take(model, request) {
            Some(Purpose::SaveElsewhere(key, name)) => {
                not_saved::exported(model, key, &name, result);
            }
            Some(Purpose::Lists) => lists::answered(model, request, result),
            Some(_) | None => {}
        },
        Reply::Visited { request, result } => {
            if let Some(Purpose::Visit(address)) = take(model, request) {
                edge::visited(&mut model.engine, address, result);
            }
        }
        Reply::Edited { request, result } => {
            if let Some(Purpose::ExternalEditor(key, targets)) = take(model, request) {
                external_editor::edited(model, key, &targets, result);
            }
        }
    }
}

/// We know who we are, or why not.
fn on_connected(model: &mut Model, request: RequestId, result: Result<Scope, Failure>) {
    let purpose = take(model, request);
    if matches!(purpose, Some(Purpose::Connect | Purpose::LogIn)) {
        login::ended(&mut model.engine, request, result.as_ref().err());
    }
    match purpose {
        Some(Purpose::Connect) => fleet::connected(&mut model.engine, result),
        Some(Purpose::LogIn) => fleet::logged_in(&mut model.engine, result),
        Some(Purpose::TryProfile(name)) => profiles::tried(model, &name, result),
        _ => return,
    }
    identity::connected(&mut model.engine);
}

/// Removes a pending request; a reply that is no longer awaited changes nothing.
fn take(model: &mut Model, request: RequestId) -> Option<Purpose> {
    model.engine.pending.remove(&request)
}

fn on_answer(model: &mut Model, purpose: Purpose, asked: DateTime<Utc>, result: Result<Answer, Failure>) {
    /// Unwraps the response of the expected kind; one of another kind is a failure of the call.
    macro_rules! expect {
        ($kind:ident) => {
            result.and_then(|answer| match answer {
                Answer::$kind(value) => Ok(value),
                other => Err(other.unexpected()),
            })
        };
    }
    if !matches!(purpose, Purpose::Create(_)) {
        reads::answered(&mut model.engine, &result);
    }
    refused::answered(&mut model.engine, &purpose, &result);
    if let Err(failure) = &result {
        identity::learn(&mut model.engine, failure);
    }
    match purpose {
        Purpose::Distributions => fleet::listed(&mut model.engine, expect!(Distributions)),
        Purpose::Describe(id) => fleet::described(&mut model.engine, &id, expect!(Distribution).map(|config| *config)),
        Purpose::CachePolicy(id) => policies::key_read(&mut model.engine, id, expect!(CacheKey)),
        Purpose::DeploymentPolicy(id) => policies::deployment_read(&mut model.engine, id, expect!(StagingNames)),
        Purpose::Tenants(id) => tenants::listed(&mut model.engine, &id, expect!(Tenants)),
        Purpose::DescribeTenant(id) => {
            tenants::described(&mut model.engine, &id, expect!(Tenant).map(|tenant| *tenant));
        }
        Purpose::FindTenant(name) => tenants::found(&mut model.engine, &name, expect!(Tenant).map(|tenant| *tenant)),
        Purpose::Deployment(target) => {
            queue::deployment_read(&mut model.engine, &target, asked, result);
            queue::pump(&mut model.engine);
        }
        Purpose::FirstPage(target, watched) => {
            watch::first_page(&mut model.engine, &target, &watched, asked, expect!(Invalidations));
        }
        Purpose::OlderPage(target) => watch::older_page(&mut model.engine, &target, expect!(Invalidations)),
        Purpose::Look(target, id) => watch::looked_whole(&mut model.engine, &target, &id, asked, expect!(Invalidation)),
        Purpose::Items(target, id) => watch::items(&mut model.engine, &target, &id, expect!(Invalidation)),
        Purpose::Count(call) => counting::answered(&mut model.engine, &call, asked, result),
        Purpose::Create(id) => queue::created(&mut model.engine, &id, result),
        Purpose::SearchPage(id) => queue::searched_page(&mut model.engine, &id, expect!(Invalidations)),
        Purpose::SearchCandidate(id, _) => queue::searched_candidate(&mut model.engine, &id, expect!(Invalidation)),
        Purpose::Connect
        | Purpose::LogIn
        | Purpose::PlanLogin
        | Purpose::TryProfile(_)
        | Purpose::LookForLogin
        | Purpose::Identify
        | Purpose::WhoAmI
        | Purpose::OpenLedger
        | Purpose::Referenced
        | Purpose::Plan(..)
        | Purpose::Divide(..)
        | Purpose::Attempt(_)
        | Purpose::Save
        | Purpose::Attempts(_)
        | Purpose::History(_)
        | Purpose::Past(_)
        | Purpose::Note(..)
        | Purpose::Prune
        | Purpose::Changes
        | Purpose::KeptList
        | Purpose::Keep
        | Purpose::Month
        | Purpose::Visit(_)
        | Purpose::ExternalEditor(..)
        | Purpose::Export
        | Purpose::Import
        | Purpose::Folder
        | Purpose::Lists
        | Purpose::SaveElsewhere(..) => {}
    }
}

fn on_ledger(model: &mut Model, purpose: Purpose, result: Result<Option<Box<LedgerContents>>, LedgerFailure>) {
    let result = match purpose {
        Purpose::OpenLedger => return ledger::opened(&mut model.engine, result),
        Purpose::Referenced => return script::referenced(&mut model.engine, result),
        Purpose::Changes => return watch::others_wrote(&mut model.engine, result),
        Purpose::Plan(ids, draft) => return queue::planned(&mut model.engine, &ids, draft, result.map(drop)),
        Purpose::Note(id, note) => return note::kept(model, &id, note.as_ref(), result.map(drop)),
        Purpose::Divide(id, into, refusal) => {
            return queue::divided(&mut model.engine, &id, into, refusal, result.map(drop));
        }
        _ => result.map_err(String::from),
    };
    match purpose {
        Purpose::Attempt(id) => queue::attempted(&mut model.engine, &id, result.map(drop)),
        Purpose::Attempts(id) => {
            let told = result.ok().flatten().map(|contents| contents.attempts);
            model.engine.attempts.insert(id, told.unwrap_or_default());
            model.engine.touch();
        }
        Purpose::History(query) => history::came(model, &query, result),
        Purpose::Past(id) => past::came(&mut model.engine, &id, result),
        Purpose::Prune => retention::pruned(&mut model.engine, result),
        Purpose::Month => counting::known(&mut model.engine, result),
        Purpose::KeptList => fleet::kept(
            &mut model.engine,
            result.ok().flatten().and_then(|contents| contents.list),
        ),
        Purpose::Save => details::read_attempts(model),
        // What is only cached can be read again; the other kinds do not concern the ledger.
        Purpose::Keep
        | Purpose::Connect
        | Purpose::LogIn
        | Purpose::PlanLogin
        | Purpose::TryProfile(_)
        | Purpose::LookForLogin
        | Purpose::Identify
        | Purpose::WhoAmI
        | Purpose::OpenLedger
        | Purpose::Referenced
        | Purpose::Changes
        | Purpose::Plan(..)
        | Purpose::Divide(..)
        | Purpose::Note(..)
        | Purpose::Distributions
        | Purpose::Describe(_)
        | Purpose::CachePolicy(_)
        | Purpose::DeploymentPolicy(_)
        | Purpose::Tenants(_)
        | Purpose::DescribeTenant(_)
        | Purpose::FindTenant(_)
        | Purpose::Deployment(_)
        | Purpose::FirstPage(..)
        | Purpose::OlderPage(_)
        | Purpose::Look(..)
        | Purpose::Items(..)
        | Purpose::Count(_)
        | Purpose::Create(_)
        | Purpose::SearchPage(_)
        | Purpose::SearchCandidate(..)
        | Purpose::Visit(_)
        | Purpose::ExternalEditor(..)
        | Purpose::Export
        | Purpose::Import
        | Purpose::Folder
        | Purpose::Lists
        | Purpose::SaveElsewhere(..) => {}
    }
}
