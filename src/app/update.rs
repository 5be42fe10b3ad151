//! The one place where the model changes: a message in, effects out. It never waits, reads no clock and touches no file.

use chrono::{DateTime, TimeDelta, Utc};

use super::action::Action;
use super::key::Key;
use super::keys::{action_of, edit_field, is_available, is_text};
use super::list::Step;
use super::message::Message;
use super::model::Model;
use super::overlay::{self, Overlay};
use super::screen::Screen;
use super::settle::settle;
use super::{act, copying, ending, layout, pointer, resting, screen};
use crate::domain::duration::short;
use crate::domain::failure::Failure;
use crate::domain::ledger_failure::LedgerFailure;
use crate::engine::effect::{Answer, Context, Effect, LedgerContents, Reply, RequestId, TimerId};
use crate::engine::notices::Level;
use crate::engine::purpose::Purpose;
use crate::engine::timers::TimerKind;
use crate::engine::{
    drafts, edge, fleet, ledger, past, queue, reads, refused, retention, script, tenants, unsaved, watch,
};

/// Longer than any timer that runs while something is in flight: after such a silence the machine was asleep.
const ASLEEP: TimeDelta = TimeDelta::minutes(2);

/// Takes a message; returns what the outside has to do.
pub fn update(model: &mut Model, message: Message, context: &Context) -> Vec<Effect> {
    let slept = context.now - model.engine.now > ASLEEP;
    model.engine.begin(context.now, context.entropy);
    if slept {
        watch::woke(&mut model.engine);
    }
    match message {
        Message::Start => start(model),
        // What is being saved is the last of it.
        Message::Key(key) if model.ending.is_some() => ending::on_key(model, key),
        Message::Paste(_) | Message::Click(_) | Message::Wheel(_) if model.ending.is_some() => {}
        Message::Key(key) => {
            model.clicked = None;
            on_key(model, key);
        }
        Message::Click(hit) => pointer::on_click(model, hit),
        Message::Wheel(turns) => pointer::on_wheel(model, turns),
        Message::Paste(text) => on_paste(model, &text),
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
        Message::Profiles(profiles, trouble) => overlay::profiles::listed(model, profiles, trouble),
        Message::Copied(name, result) => copying::copied(model, &name, result),
        Message::Clock(behind) => on_clock(model, behind),
        Message::Warning(text) => model.engine.say(Level::Warning, text),
    }
    settle(model);
    model.engine.end()
}

fn start(model: &mut Model) {
    ledger::open(&mut model.engine);
    let profile = model.engine.preferences.profile.clone();
    fleet::connect(&mut model.engine, profile);
}

/// A clock that is off is no trouble here any more, and it is for other programs.
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

/// A key was pressed, or the place was clicked that shows it.
pub(super) fn on_key(model: &mut Model, key: Key) {
    model.engine.key_pressed();
    model.remembered.begin();
    if overlay::import::on_key(model, key) {
        return;
    }
    match action_of(model, key) {
        Some(action) => perform(model, action),
        None if is_text(model) => on_text(model, key),
        None => {}
    }
}

/// Does it if it can be done now, else says why not.
pub(super) fn perform(model: &mut Model, action: Action) {
    match is_available(model, action) {
        Ok(()) => act::act(model, action),
        Err(reason) if reason.is_empty() => {}
        Err(reason) => model.engine.say(Level::Info, reason),
    }
}

fn on_text(model: &mut Model, key: Key) {
    if let Some(Overlay::Tools(_)) = model.overlays.last() {
        overlay::tools::on_key(model, key);
    } else if let Some(overlay) = model.overlays.last_mut() {
        if overlay.field_mut().is_some_and(|field| edit_field(field, key)) {
            overlay.edited();
            model.engine.touch();
            overlay::import::earlier::moved(model);
        }
    } else if let Some(view) = model.screen_mut().view_mut() {
        if edit_field(&mut view.filter, key) {
            filtered(model);
            resting::rest(model);
            model.engine.touch();
        }
    } else {
        screen::composer::on_key(model, key);
    }
}

fn on_paste(model: &mut Model, text: &str) {
    if overlay::import::on_paste(model, text) {
        return;
    }
    let filtering = model.screen().is_filtering();
    let field = if model.overlays.is_empty() {
        let view = model.screen_mut().view_mut().filter(|_| filtering);
        view.map(|view| &mut view.filter)
    } else {
        model.overlays.last_mut().and_then(Overlay::field_mut)
    };
    if let Some(field) = field {
        paste_into(field, text);
        if model.overlays.is_empty() {
            filtered(model);
        }
        model.engine.touch();
    } else if model.overlays.is_empty() && matches!(model.screen(), Screen::Composer(_)) {
        screen::composer::on_paste(model, text);
    } else if model.overlays.is_empty() && model.screen().table().is_some() && is_url(text) {
        overlay::go_to::pasted(model, text.trim());
    }
}

/// Whether a pasted text is one URL, which leads to a target.
fn is_url(text: &str) -> bool {
    let text = text.trim();
    let web = text.starts_with("https://") || text.starts_with("http://");
    web && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

/// The filter changed: filters the rows that are loaded, or reads the ledger again.
pub(super) fn filtered(model: &mut Model) {
    model.engine.rows_changed();
    if let Screen::History(_) = model.screen() {
        screen::history::reread(model);
    }
}

/// A field has one line: what ends a line in the pasted text is left out, and what is far too long for a name as well.
fn paste_into(field: &mut tui_input::Input, text: &str) {
    const LONGEST: usize = 500;
    for c in text.chars().filter(|c| !c.is_control()).take(LONGEST) {
        field.handle(tui_input::InputRequest::InsertChar(c));
    }
}

fn on_timer(model: &mut Model, id: TimerId) {
    // A timer that was cancelled, or that is not ours, changes nothing.
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
        TimerKind::Pump => queue::pump(&mut model.engine),
        TimerKind::Search(id) => queue::search_again(&mut model.engine, &id),
        TimerKind::Login => queue::look_for_login(&mut model.engine),
        TimerKind::LoginFiles => queue::look_at_files(&mut model.engine),
        TimerKind::Notice => model.engine.end_notice(),
        TimerKind::Tick => watch::ticked(&mut model.engine),
        TimerKind::Rest => resting::rested(model),
        TimerKind::NextVisit => edge::visit_next(&mut model.engine),
        TimerKind::Draft => screen::composer::write_draft(model),
        TimerKind::Prune => retention::prune(&mut model.engine),
        TimerKind::EndingTold => ending::tell(model),
        TimerKind::Ending => ending::give_up(model),
        TimerKind::Save => unsaved::save_all(&mut model.engine),
        TimerKind::Saving => unsaved::is_slow(&mut model.engine),
    }
}

fn on_reply(model: &mut Model, reply: Reply) {
    match reply {
        Reply::Connected { request, result } => match take(model, request) {
            Some(Purpose::Connect) => fleet::connected(&mut model.engine, result),
            Some(Purpose::LogIn) => fleet::logged_in(&mut model.engine, result),
            Some(Purpose::TryProfile(name)) => overlay::profiles::tried(model, &name, result),
            _ => {}
        },
        Reply::Identified { request, account } => {
            if take(model, request) == Some(Purpose::Identify) {
                fleet::identified(&mut model.engine, account);
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
                overlay::import::imported(model, request, result);
            }
        }
        Reply::Folder { request, result } => {
            if take(model, request) == Some(Purpose::Folder) {
                overlay::import::path::listed(model, request, result);
            }
        }
        Reply::Exported { request, result } => {
            if take(model, request) == Some(Purpose::Export) {
                overlay::export::written(model, request, result);
            }
        }
        Reply::Lists { request, result } => match take(model, request) {
            Some(Purpose::SaveElsewhere(key, name)) => {
                overlay::not_saved::exported(model, key, &name, result);
            }
            Some(Purpose::Lists) => overlay::lists::answered(model, request, result),
            Some(_) | None => {}
        },
        Reply::Visited { request, result } => {
            if let Some(Purpose::Visit(address)) = take(model, request) {
                edge::visited(&mut model.engine, address, result);
            }
        }
        Reply::Edited { request, result } => {
            if let Some(Purpose::ExternalEditor(key, targets)) = take(model, request) {
                screen::composer::edited(model, key, &targets, result);
            }
        }
    }
}

/// A reply that nobody waits for changes nothing.
fn take(model: &mut Model, request: RequestId) -> Option<Purpose> {
    model.engine.pending.remove(&request)
}

fn on_answer(model: &mut Model, purpose: Purpose, asked: DateTime<Utc>, result: Result<Answer, Failure>) {
    /// Unwraps the answer of the expected kind; one of another kind is a failure of the call.
    macro_rules! expect {
        ($kind:ident) => {
            result.and_then(|answer| match answer {
                Answer::$kind(value) => Ok(value),
                other => Err(Failure::Unknown(format!("unexpected response: {other:?}"))),
            })
        };
    }
    if !matches!(purpose, Purpose::Create(_)) {
        reads::answered(&mut model.engine, &result);
    }
    refused::answered(&mut model.engine, &purpose, &result);
    match purpose {
        Purpose::Distributions => fleet::listed(&mut model.engine, expect!(Distributions)),
        Purpose::Describe(id) => fleet::described(&mut model.engine, &id, expect!(Distribution).map(|config| *config)),
        Purpose::Tenants(id) => tenants::listed(&mut model.engine, &id, expect!(Tenants)),
        Purpose::DescribeTenant(id) => {
            tenants::described(&mut model.engine, &id, expect!(Tenant).map(|tenant| *tenant));
        }
        Purpose::FindTenant(name) => tenants::found(&mut model.engine, &name, expect!(Tenant).map(|tenant| *tenant)),
        Purpose::FirstPage(target, watched) => {
            watch::first_page(&mut model.engine, &target, &watched, asked, expect!(Invalidations));
        }
        Purpose::OlderPage(target) => watch::older_page(&mut model.engine, &target, expect!(Invalidations)),
        Purpose::Look(target, id) => watch::looked_whole(&mut model.engine, &target, &id, asked, expect!(Invalidation)),
        Purpose::Items(target, id) => watch::items(&mut model.engine, &target, &id, expect!(Invalidation)),
        Purpose::Create(id) => queue::created(&mut model.engine, &id, result),
        Purpose::SearchPage(id) => queue::searched_page(&mut model.engine, &id, expect!(Invalidations)),
        Purpose::SearchCandidate(id, _) => queue::searched_candidate(&mut model.engine, &id, expect!(Invalidation)),
        Purpose::Connect
        | Purpose::LogIn
        | Purpose::TryProfile(_)
        | Purpose::LookForLogin
        | Purpose::Identify
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
        Purpose::Note(id, note) => return overlay::note::kept(model, &id, note.as_ref(), result.map(drop)),
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
        Purpose::History(query) => screen::history::came(model, &query, result),
        Purpose::Past(id) => past::came(&mut model.engine, &id, result),
        Purpose::Prune => retention::pruned(&mut model.engine, result),
        Purpose::KeptList => fleet::kept(
            &mut model.engine,
            result.ok().flatten().and_then(|contents| contents.list),
        ),
        Purpose::Save => screen::details::read_attempts(model),
        // What is only kept can be read again; the others are not of the ledger.
        Purpose::Keep
        | Purpose::Connect
        | Purpose::LogIn
        | Purpose::TryProfile(_)
        | Purpose::LookForLogin
        | Purpose::Identify
        | Purpose::OpenLedger
        | Purpose::Referenced
        | Purpose::Changes
        | Purpose::Plan(..)
        | Purpose::Divide(..)
        | Purpose::Note(..)
        | Purpose::Distributions
        | Purpose::Describe(_)
        | Purpose::Tenants(_)
        | Purpose::DescribeTenant(_)
        | Purpose::FindTenant(_)
        | Purpose::FirstPage(..)
        | Purpose::OlderPage(_)
        | Purpose::Look(..)
        | Purpose::Items(..)
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

/// The rows that a page key moves by: a screenful less one line, so that the eye keeps its place.
pub(super) fn page(model: &Model) -> isize {
    let rows = match model.screen() {
        Screen::Distributions(_) => layout::dashboard_rows(model.size),
        _ => layout::table_rows(model.size),
    };
    isize::try_from(rows.saturating_sub(1).max(1)).unwrap_or(1)
}

/// Moves the selection of the page, or the line of the overlay.
pub(super) fn step(model: &mut Model, step: Step) {
    if model.screen_mut().step(step) {
        resting::rest(model);
        model.engine.touch();
    }
    screen::history::stepped(model, step);
}
