//! The only place where the model changes: a message goes in, and effects come out. The update never waits, reads no
//! clock and accesses no files.

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
use crate::engine::pending::{
    AccountRequest, CallRequest, ConnectionRequest, EdgeRequest, EditorRequest, ExportRequest, FolderRequest,
    ImportRequest, LedgerRequest, ListsRequest, LoginFilesRequest, LoginPlanRequest, ProfileRequest, Request,
    WhoRequest,
};
use crate::engine::state::Engine;
use crate::engine::timers::TimerKind;
use crate::engine::{
    counting, drafts, edge, fleet, groups, identity, ledger, login, past, policies, profile_search, queue, reads,
    refused, retention, script, tenants, trail, unsaved, watch,
};

/// The time between two messages beyond which the machine must have been asleep. It is longer than any timer that runs
/// while invalidations are in flight.
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
        // Data that is being saved before the exit must not change.
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

/// Reports that the local clock is wrong. This program now corrects for it, but other programs are still affected.
fn on_clock(model: &mut Model, behind: TimeDelta) {
    if behind.abs() >= TimeDelta::minutes(1) {
        let side = if behind > TimeDelta::zero() {
            "behind"
        } else {
            "ahead of"
        };
        let text = format!(
            "this machine's clock is {} {side} the server's; times shown are server time",
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
    // A timer that is unknown or has been cancelled is ignored.
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
        TimerKind::Trail => trail::ask(&mut model.engine),
        TimerKind::Login => queue::look_for_login(&mut model.engine),
        TimerKind::ProfileSearch => profile_search::late(&mut model.engine),
        TimerKind::KeysEnd => identity::due(&mut model.engine),
        TimerKind::LoginFiles => queue::look_at_files(&mut model.engine),
        TimerKind::Notice => model.engine.end_notice(),
        TimerKind::Tick | TimerKind::Ages => watch::ticked(&mut model.engine),
        TimerKind::Rest => fetching::rested(model),
        TimerKind::NextVisit => edge::visit_next(&mut model.engine),
        TimerKind::Draft => draft::write_draft(model),
        // The login has waited long enough to show what it is waiting for.
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
        Reply::Connected { request, result } => {
            if let Some(kind) = take(model, request) {
                on_connected(model, request, kind, result);
            }
        }
        Reply::LoginPlanned { request, result } => {
            if let Some(LoginPlanRequest(profile)) = take(model, request) {
                profiles::planned(model, profile, result);
            }
        }
        Reply::Identified { request, account } => {
            if let Some(AccountRequest) = take(model, request) {
                fleet::identified(&mut model.engine, account);
            }
        }
        Reply::Who { request, who } => {
            if let Some(WhoRequest) = take(model, request) {
                identity::told(&mut model.engine, who.map(|who| *who));
            }
        }
        Reply::LookedForLogin {
            request,
            written,
            list_is_old,
        } => {
            if let Some(LoginFilesRequest) = take(model, request) {
                profiles::files_seen(model, written, list_is_old);
            }
        }
        Reply::CloudFront { request, result } => {
            let asked = model.engine.reads.take_asked(request).unwrap_or(model.engine.now);
            if let Some(kind) = take(model, request) {
                on_answer(&mut model.engine, kind, asked, result);
            }
        }
        Reply::ProfileAnswered { request, result } => {
            if let Some(ProfileRequest) = take(model, request) {
                profile_search::answered(&mut model.engine, result);
            }
        }
        Reply::Ledger { request, mut result } => {
            if let Some(kind) = take::<LedgerRequest>(model, request) {
                if let Ok(Some(contents)) = &mut result {
                    drafts::conflicted(&mut model.engine, std::mem::take(&mut contents.conflicts));
                }
                if kind.writes() {
                    let by_itself = kind == LedgerRequest::Save;
                    unsaved::answered(&mut model.engine, request, by_itself, result.as_ref().err());
                }
                on_ledger(model, kind, result);
            }
        }
        Reply::Imported { request, result } => {
            if let Some(ImportRequest) = take(model, request) {
                import::imported(model, request, result);
            }
        }
        Reply::Folder { request, result } => {
            if let Some(FolderRequest) = take(model, request) {
                import::path::listed(model, request, result);
            }
        }
        Reply::Exported { request, result } => {
            if let Some(ExportRequest) = take(model, request) {
                export::written(model, request, result);
            }
        }
        Reply::Lists { request, result } => match take(model, request) {
            Some(ListsRequest::SaveElsewhere(key, name)) => {
                not_saved::exported(model, key, &name, result);
            }
            Some(ListsRequest::Names) => lists::found(model, result),
            Some(ListsRequest::Overlay) => lists::answered(model, request, result),
            None => {}
        },
        Reply::Visited { request, result } => {
            if let Some(EdgeRequest(address)) = take(model, request) {
                edge::visited(&mut model.engine, address, result);
            }
        }
        Reply::Edited { request, result } => {
            if let Some(EditorRequest { draft, targets }) = take(model, request) {
                external_editor::edited(model, draft, &targets, result);
            }
        }
    }
}

/// Passes the identity, or the failure to determine it, to the code that requested it.
fn on_connected(model: &mut Model, request: RequestId, kind: ConnectionRequest, result: Result<Scope, Failure>) {
    if !matches!(kind, ConnectionRequest::TryProfile(_)) {
        login::ended(&mut model.engine, request, result.as_ref().err());
    }
    match kind {
        ConnectionRequest::Connect => fleet::connected(&mut model.engine, result),
        ConnectionRequest::LogIn => fleet::logged_in(&mut model.engine, result),
        ConnectionRequest::TryProfile(name) => profiles::tried(model, &name, result),
    }
    identity::connected(&mut model.engine);
}

/// Removes a request from the pending ones. A reply to a request that is no longer pending is ignored.
fn take<R: Request>(model: &mut Model, request: RequestId) -> Option<R> {
    model.engine.pending.take(request)
}

/// Returns the contents of the expected response; a response of another kind counts as a failed call.
fn expect<T: TryFrom<Answer, Error = Failure>>(result: Result<Answer, Failure>) -> Result<T, Failure> {
    result.and_then(T::try_from)
}

/// Returns the contents of the expected response, unboxed.
fn unboxed<T>(result: Result<Answer, Failure>) -> Result<T, Failure>
where
    Box<T>: TryFrom<Answer, Error = Failure>,
{
    expect::<Box<T>>(result).map(|contents| *contents)
}

fn on_answer(engine: &mut Engine, kind: CallRequest, asked: DateTime<Utc>, result: Result<Answer, Failure>) {
    // Creates are not reads, and CloudTrail is paced separately.
    if !matches!(kind, CallRequest::Create(_) | CallRequest::Events) {
        reads::answered(engine, &result);
    }
    refused::answered(engine, &kind, &result);
    if let Err(failure) = &result {
        identity::learn(engine, failure);
    }
    match kind {
        CallRequest::Distributions => fleet::listed(engine, expect(result)),
        CallRequest::Describe(id) => fleet::described(engine, &id, unboxed(result)),
        CallRequest::CachePolicy(id) => policies::key_read(engine, id, expect(result)),
        CallRequest::DeploymentPolicy(id) => policies::deployment_read(engine, id, expect(result)),
        CallRequest::Tenants(id) => tenants::listed(engine, &id, expect(result)),
        CallRequest::DescribeTenant(id) => {
            tenants::described(engine, &id, unboxed(result));
            groups::learn(engine, &id);
        }
        CallRequest::ConnectionGroup(id) => groups::read(engine, id, expect(result)),
        CallRequest::FindTenant(name) => tenants::found(engine, &name, unboxed(result)),
        CallRequest::Deployment(target) => {
            queue::deployment_read(engine, &target, asked, result);
            queue::pump(engine);
        }
        CallRequest::FirstPage(target, watched) => {
            watch::first_page(engine, &target, &watched, asked, expect(result));
        }
        CallRequest::OlderPage(target) => watch::older_page(engine, &target, expect(result)),
        CallRequest::Poll(target, id) => watch::looked_whole(engine, &target, &id, asked, expect(result)),
        CallRequest::Items(target, id) => watch::items(engine, &target, &id, expect(result)),
        CallRequest::Events => trail::answered(engine, expect(result)),
        CallRequest::Count(call) => counting::answered(engine, &call, asked, result),
        CallRequest::Create(id) => queue::created(engine, &id, expect(result)),
        CallRequest::SearchPage(id) => queue::searched_page(engine, &id, expect(result)),
        CallRequest::SearchCandidate(id, _) => queue::searched_candidate(engine, &id, expect(result)),
    }
}

fn on_ledger(model: &mut Model, kind: LedgerRequest, result: Result<Option<Box<LedgerContents>>, LedgerFailure>) {
    let engine = &mut model.engine;
    match kind {
        LedgerRequest::Open => ledger::opened(engine, result),
        LedgerRequest::Referenced => script::referenced(engine, result),
        LedgerRequest::Changes => watch::others_wrote(engine, result),
        LedgerRequest::Plan(ids, draft) => queue::planned(engine, &ids, draft, result.map(drop)),
        LedgerRequest::Note(id, note) => note::kept(model, &id, note.as_ref(), result.map(drop)),
        LedgerRequest::Divide(id, into, refusal) => queue::divided(engine, &id, into, refusal, result.map(drop)),
        LedgerRequest::Attempt(id) => queue::attempted(engine, &id, result.map(drop).map_err(String::from)),
        LedgerRequest::Attempts(id) => {
            let told = result.ok().flatten().map(|contents| contents.attempts);
            engine.attempts.insert(id, told.unwrap_or_default());
            engine.touch();
        }
        LedgerRequest::History(query) => history::came(model, &query, result.map_err(String::from)),
        LedgerRequest::Past(id) => past::came(engine, &id, result.map_err(String::from)),
        LedgerRequest::Prune => retention::pruned(engine, result.map_err(String::from)),
        LedgerRequest::Month => counting::known(engine, result.map_err(String::from)),
        LedgerRequest::Maker => trail::read(engine, result.map_err(String::from)),
        LedgerRequest::KeptList => fleet::kept(engine, result.ok().flatten().and_then(|contents| contents.list)),
        LedgerRequest::KeptLists => {
            let lists = result.ok().flatten().map(|contents| contents.lists);
            profile_search::kept(engine, lists.unwrap_or_default());
        }
        LedgerRequest::Save => details::read_attempts(model),
        // Cached data can be loaded again, so a failure does not matter.
        LedgerRequest::Keep => {}
    }
}
