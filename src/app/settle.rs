//! Completes the handling of each message, no matter which part of the program handled it: updates the top page, keeps
//! displayed times current, and opens the queued pages and overlays. The code that handles a message changes only its
//! own state. It never updates the screen itself, and it never takes the keyboard focus.

use crate::app::act::composer::{compose, context, draft};
use crate::app::act::following;
use crate::app::act::import::taking;
use crate::app::act::tenants;
use crate::app::act::{browser, code, maker};
use crate::app::act::{compare, history, left_over, navigation, note, profiles, rows};
use crate::app::keys::is_text;
use crate::app::model::Model;
use crate::app::overlay::code::CodeEntry;
use crate::app::overlay::reading::Countdown;
use crate::app::waiting::Want;
use crate::app::{ages, ending, fetching, named, opening, overview, remember, resting};
use crate::domain::failure::CodeNeeded;
use crate::domain::text;
use crate::engine::news::{Asked, News};
use crate::engine::notices::Level;
use crate::engine::state::Rows;
use crate::engine::{queue, telling, watch};

/// Completes the handling of a message.
pub(super) fn settle(model: &mut Model) {
    queue::settle(&mut model.engine);
    show_news(model);
    named::open_named(model);
    refill(model);
    open_wanted(model);
    follow_countdown(model);
    draft::merge(model);
    following::follow(model);
    refill(model);
    tenants::follow(model);
    navigation::look(model);
    overview::follow(model);
    maker::follow(model);
    remember::follow(model);
    watch::tick(&mut model.engine);
    ages::follow(model);
    telling::follow(&mut model.engine);
    let list_is_seen = profiles::is_seen(model);
    queue::watch_files(&mut model.engine, list_is_seen);
    ending::follow(model);
}

/// Acts on the engine's news, which may produce more news.
fn show_news(model: &mut Model) {
    while !model.engine.news.is_empty() {
        for news in std::mem::take(&mut model.engine.news) {
            show(model, news);
        }
    }
}

fn show(model: &mut Model, news: News) {
    match news {
        News::LedgerRead => {
            draft::drafts_read(model);
            if let Some(settings) = model.engine.settings.take() {
                remember::read(model, &settings);
            }
            history::reread(model);
        }
        News::OthersWrote => history::others_wrote(model),
        News::DraftElsewhere(key) => draft::offer(model, key),
        News::NoteWritten(id, note) => note::kept(model, &id, note.as_ref(), Ok(())),
        News::WriteFailed(failure) => ending::failed(model, &failure),
        News::DraftWritten(key) => draft::draft_written(model, key),
        News::DraftDoubled(key) => draft::doubled(model, key),
        News::Stopped(targets, key) => compose::stopped(model, targets, key),
        News::Described(target) => context::context_changed(model, &target),
        News::PolicyRead => context::policy_read(model),
        News::Named(name, target) => named::named(model, name, target),
        News::RowsCame => resting::rest(model),
        News::ItemsCame => {
            taking::items_came(model);
            compare::items_came(model);
            fetching::rested(model);
        }
        News::PastRead(wanted) => {
            compare::items_came(model);
            if let Some((target, items)) = wanted.filter(|_| model.overlays.is_empty() && !is_text(model)) {
                compose::open(model, vec![target], Some(items));
            }
        }
        News::CodeWanted(needed, asked) => code_wanted(model, needed, asked),
        News::BrowserBegins(profile) => browser::open(model, profile),
        News::LoginEnded(failed) => login_ended(model, failed),
        News::LeftOver(told) => ask_about_left_over(model, told),
    }
}

/// Prompts for an MFA code: immediately if the user has just made a request, or else as soon as the user stops typing.
fn code_wanted(model: &mut Model, needed: CodeNeeded, asked: Asked) {
    browser::ended(model, None);
    if asked == Asked::Now {
        code::wanted(model, &needed, None);
    } else if model.overlays.find::<CodeEntry>().is_none() {
        model.want(Want::AskForCode(needed));
    }
}

/// Handles the end of a login: closes its overlay, or shows there why the login failed.
fn login_ended(model: &mut Model, failed: Option<String>) {
    model.wants.retain(|want| !matches!(want, Want::AskForCode(_)));
    match &failed {
        None => model.overlays.close::<CodeEntry>(),
        Some(sentence) => code::failed(model, sentence),
    }
    browser::ended(model, failed);
}

/// Asks about unfinished work, as soon as the user is not typing.
fn ask_about_left_over(model: &mut Model, left: Option<usize>) {
    model.want(Want::AskAboutLeftOver);
    if let Some(count) = left.filter(|_| is_text(model)) {
        let what = text::count(count, "invalidation");
        let text = format!("an earlier run left {what} unsent; you will be asked what to do when you finish editing");
        model.engine.say(Level::Info, text);
    }
}

/// Keeps the countdown overlay open while a countdown is running.
fn follow_countdown(model: &mut Model) {
    let counts = !model.engine.queue.countdowns.is_empty();
    let is_open = model.overlays.find::<Countdown>().is_some();
    if counts && !is_open {
        model.open(Countdown);
    } else if !counts && is_open {
        model.overlays.close::<Countdown>();
        model.engine.touch();
    }
}

fn refill(model: &mut Model) {
    if std::mem::take(&mut model.engine.rows) == Rows::Stale {
        rows::refill(model);
    }
}

/// Opens the next queued item. If the user is typing or an overlay is open, the item waits.
fn open_wanted(model: &mut Model) {
    if model.wants.is_empty() || is_text(model) || !model.overlays.is_empty() {
        return;
    }
    match model.wants.remove(0) {
        Want::AskAboutLeftOver => left_over::open(model),
        Want::AskForCode(needed) => code::wanted(model, &needed, None),
        Want::Open(typed, target) if model.screens.len() > 1 => {
            // A user who has moved to another page in the meantime stays there.
            let text = format!("{} is {}; open it under Distributions", typed.name, target.id());
            model.engine.say(Level::Info, text);
        }
        Want::Open(typed, target) => opening::open_with(model, target, typed.path),
    }
}
