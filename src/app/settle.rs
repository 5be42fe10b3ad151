//! What follows from a message, once, whatever rules it went through: the page on top shows what is known now, the seconds
//! are counted that it shows, and what rules want to open is opened. Rules change their own state; they never bring the
//! screen up to date themselves, and they never take the keys.

use super::keys::is_text;
use super::model::Model;
use super::overlay::import::earlier;
use super::overlay::{Overlay, compare, left_over, note, review};
use super::screen::{composer, history};
use super::{ending, opening, overview, remember, resting, screen};
use crate::domain::distribution::Target;
use crate::domain::target::TypedTarget;
use crate::domain::text;
use crate::engine::news::News;
use crate::engine::notices::Level;
use crate::engine::state::Rows;
use crate::engine::{queue, telling, watch};

/// Something to be opened that a person did not ask for at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Ask about what an earlier run or a long sleep left.
    AskAboutLeftOver,
    /// Open the target that the command line named.
    Open(TypedTarget, Target),
}

/// Ends a message.
pub(super) fn settle(model: &mut Model) {
    queue::settle(&mut model.engine);
    show_news(model);
    opening::open_named(model);
    refill(model);
    open_wanted(model);
    follow_countdown(model);
    composer::merge(model);
    review::follow(model);
    refill(model);
    screen::tenants::follow(model);
    screen::look(model);
    overview::follow(model);
    remember::follow(model);
    watch::tick(&mut model.engine);
    telling::follow(&mut model.engine);
    queue::watch_files(&mut model.engine);
    ending::follow(model);
}

/// Shows what the rules found out; that may let them find out more.
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
            composer::drafts_read(model);
            if let Some(settings) = model.engine.settings.take() {
                remember::read(model, &settings);
            }
            history::reread(model);
        }
        News::OthersWrote => history::others_wrote(model),
        News::DraftElsewhere(key) => composer::offer(model, key),
        News::NoteWritten(id, note) => note::kept(model, &id, note.as_ref(), Ok(())),
        News::WriteFailed(failure) => ending::failed(model, &failure),
        News::DraftWritten(key) => composer::draft_written(model, key),
        News::DraftDoubled(key) => composer::doubled(model, key),
        News::Stopped(targets, key) => composer::stopped(model, targets, key),
        News::Described(target) => composer::context_changed(model, &target),
        News::Named(name, target) => opening::named(model, name, target),
        News::RowsCame => resting::rest(model),
        News::ItemsCame => {
            earlier::items_came(model);
            compare::items_came(model);
            resting::rested(model);
        }
        News::PastRead(wanted) => {
            compare::items_came(model);
            if let Some((target, items)) = wanted.filter(|_| model.overlays.is_empty() && !is_text(model)) {
                composer::open(model, vec![target], Some(items));
            }
        }
        News::LeftOver(told) => ask_about_left_over(model, told),
    }
}

/// Asks at once, or as soon as nobody is typing.
fn ask_about_left_over(model: &mut Model, left: Option<usize>) {
    model.want(Want::AskAboutLeftOver);
    if let Some(count) = left.filter(|_| is_text(model)) {
        let what = text::count(count, "invalidation");
        let text = format!("an earlier run left {what} unsent; you are asked when you leave this text");
        model.engine.say(Level::Info, text);
    }
}

/// The layer of a countdown is there as long as anything is counted down to.
fn follow_countdown(model: &mut Model) {
    let is_layer = |overlay: &Overlay| matches!(overlay, Overlay::Countdown);
    let counts = !model.engine.queue.countdowns.is_empty();
    let is_open = model.overlays.iter().any(is_layer);
    if counts && !is_open {
        model.overlays.push(Overlay::Countdown);
        model.engine.touch();
    } else if !counts && is_open {
        model.overlays.retain(|overlay| !is_layer(overlay));
        model.engine.touch();
    }
}

fn refill(model: &mut Model) {
    if std::mem::take(&mut model.engine.rows) == Rows::Stale {
        screen::refill(model);
    }
}

/// Opens the next thing that is wanted, unless somebody is typing or has opened something: it waits then.
fn open_wanted(model: &mut Model) {
    if model.wants.is_empty() || is_text(model) || !model.overlays.is_empty() {
        return;
    }
    match model.wants.remove(0) {
        Want::AskAboutLeftOver => left_over::open(model),
        Want::Open(typed, target) if model.screens.len() > 1 => {
            // Whoever has gone to another page meanwhile stays there.
            let text = format!("{} is {}: the distributions page opens it", typed.name, target.id());
            model.engine.say(Level::Info, text);
        }
        Want::Open(typed, target) => opening::open_with(model, target, typed.path),
    }
}
