//! Short phrases that several pages share.

use ratatui::text::Span;

use super::context::ViewContext;
use super::theme::mark;
use super::widget::text::{count, thousands, width};
use crate::app::action::Action;
use crate::app::keys::entry;
use crate::app::model::Model;
use crate::domain::distribution::Target;
use crate::domain::price::{self, FREE_PATHS, at_most_words};
use crate::domain::submission::Scope;
use crate::engine::counting;
use crate::engine::row::Row;

/// Returns the first item and the number of others, as in `/en/* +3`; `·` while they are unknown, because `…` marks
/// truncated text.
pub(super) fn items(row: &Row<'_>) -> (String, String) {
    match (row.items, row.unreadable) {
        (Some([]), _) => ("none".to_owned(), String::new()),
        (Some([only]), _) => (only.clone(), String::new()),
        (Some([first, rest @ ..]), _) => (first.clone(), format!("+{}", thousands(rest.len() as u64))),
        (None, Some(why)) => (why.to_owned(), String::new()),
        (None, None) => (mark::QUIET.to_owned(), String::new()),
    }
}

/// Returns this month's known usage of free paths and its cost, from the longest form to the shortest; `None` while the
/// usage is unknown. Unless the usage is exact, every form says that it may be higher, because other tools use free
/// paths too.
pub(super) fn used_this_month(model: &Model) -> Option<[String; 4]> {
    let engine = &model.engine;
    if engine.scope().is_none() || !engine.ledger.is_open() {
        return None;
    }
    let used = counting::used(engine);
    let (paths, free, cost) = (thousands(used.paths), thousands(FREE_PATHS), likely(used.paths));
    let whole = format!("this month {} · {cost}, {}", used.words, at_most(used.paths));
    let or_more = if used.exact { "" } else { "+" };
    Some(if used.paths > FREE_PATHS {
        [
            whole,
            format!("this month {paths}{or_more} paths, {free} free · {cost}"),
            format!("{paths}{or_more} paths, {free} free · {cost}"),
            format!("{paths}{or_more} paths · {cost}"),
        ]
    } else {
        [
            whole,
            format!("this month {paths}{or_more} of {free} free paths used · {cost}"),
            format!("{paths}{or_more} of {free} free paths used · {cost}"),
            format!("{paths}{or_more}/{free} paths · {cost}"),
        ]
    })
}

/// Formats the cost of this many paths in a month if nobody else uses free paths: `likely $0.00`.
pub(super) fn likely(used: u64) -> String {
    format!(
        "likely {}",
        price::likely(usize::try_from(used).unwrap_or(usize::MAX), 0)
    )
}

/// Formats the most that this many paths can cost: `max. $0.42`.
pub(super) fn at_most(used: u64) -> String {
    at_most_words(usize::try_from(used).unwrap_or(usize::MAX))
}

/// Describes the credentials: profile, account, and the user's label for the account.
pub(super) fn scope<'a>(look: ViewContext<'a>, scope: &Scope) -> Vec<Span<'a>> {
    let theme = look.theme;
    let account = scope.account.as_ref();
    let mut words = vec![scope.profile.clone()];
    // In the demo, there is no real account.
    if account.is_some() || !look.model.engine.preferences.demo {
        words.push(account.map_or_else(|| "account unknown".to_owned(), ToString::to_string));
    }
    if scope.endpoint != "CloudFront" {
        words.push(scope.endpoint.clone());
    }
    let mut spans = vec![Span::styled(words.join(" · "), theme.text)];
    let label = look.model.engine.preferences.account(account);
    if let Some(label) = label.filter(|label| !label.label.is_empty()) {
        spans.push(Span::styled(" · ", theme.dim));
        spans.push(if label.production {
            Span::styled(format!(" {} ", label.label), theme.danger)
        } else {
            Span::styled(label.label.clone(), theme.strong)
        });
    }
    spans
}

/// Returns a target's label, followed by its id if that is different.
pub(super) fn named<'a>(look: ViewContext<'a>, target: &Target) -> Vec<Span<'a>> {
    let (label, id) = (look.model.engine.label(target), target.id().to_owned());
    if label == id {
        return vec![Span::styled(id, look.theme.text)];
    }
    vec![
        Span::styled(label, look.theme.text),
        Span::styled(format!("  {id}"), look.theme.dim),
    ]
}

/// Returns the distribution that a known tenant belongs to.
pub(super) fn tenant_of<'a>(look: ViewContext<'a>, target: &Target) -> Option<Vec<Span<'a>>> {
    let Target::Tenant(id) = target else { return None };
    let parent = &look.model.engine.tenants.get(id)?.distribution;
    let comment = look.model.engine.fleet.get(parent).map_or("", |d| &d.comment);
    Some(vec![
        Span::styled(parent.as_str(), look.theme.text),
        Span::styled(format!("  {comment}"), look.theme.dim),
    ])
}

/// Returns `, 3 tenants` if some of the targets are tenants and others are not.
pub(super) fn of_them_tenants<'a>(targets: impl Iterator<Item = &'a Target>) -> String {
    let are_tenants: Vec<bool> = targets.map(|target| matches!(target, Target::Tenant(_))).collect();
    match are_tenants.iter().filter(|is| **is).count() {
        0 => String::new(),
        tenants if tenants == are_tenants.len() => String::new(),
        tenants => format!(", {}", count(tenants, "tenant")),
    }
}

/// Lists as many items as fit into this width, and the number of others.
pub(super) fn some_items(row: &Row<'_>, room: usize) -> String {
    let Some(items) = row.items else {
        return row.unreadable.unwrap_or("loading its items…").to_owned();
    };
    listed(items, items.len(), room)
}

/// Lists items. Only the first few of them may be known.
pub(super) fn listed(items: &[String], total: usize, room: usize) -> String {
    match fitting(items, total, room) {
        (text, more) if more.is_empty() => text,
        (text, more) => format!("{text}  {more}"),
    }
}

/// Returns as many items as fit into a table's cell, and the number of others. The first item is always included.
pub(super) fn items_in(row: &Row<'_>, room: usize) -> (String, String) {
    match row.items {
        Some(all) if all.len() > 1 => fitting(all, all.len(), room),
        _ => items(row),
    }
}

/// The maximum number of items that count toward the width of a table cell. The details page lists all items.
const LISTED: usize = 8;

fn fitting(items: &[String], total: usize, room: usize) -> (String, String) {
    let more = |shown: usize| match total.saturating_sub(shown) {
        0 => String::new(),
        left => format!("+{}", thousands(left as u64)),
    };
    let mut text = items.first().cloned().unwrap_or_default();
    let mut shown = items.len().min(1);
    for item in items.iter().skip(1) {
        let more = more(shown + 1);
        let end = if more.is_empty() { 0 } else { 2 + more.len() };
        if width(&text) + 2 + width(item) + end > room {
            break;
        }
        text.push_str("  ");
        text.push_str(item);
        shown += 1;
    }
    (text, more(shown))
}

/// Returns the width that a row's items need in a table cell.
pub(super) fn items_width(row: &Row<'_>) -> usize {
    let (text, more) = match row.items {
        Some(all) if all.len() > 1 => fitting(all.get(..LISTED).unwrap_or(all), all.len(), usize::MAX),
        _ => items(row),
    };
    width(&text) + if more.is_empty() { 0 } else { 2 + more.len() }
}

/// Returns the caller reference, if known.
pub(super) fn reference(model: &Model, row: &Row<'_>) -> Option<String> {
    let ours = row.submission.map(|submission| submission.reference.to_string());
    ours.or_else(|| {
        let known = model.engine.histories.invalidation(row.target, row.id?)?;
        Some(known.caller_reference.clone())
    })
}

/// Returns all keys of an action for display.
pub(super) fn keys(look: ViewContext<'_>, action: Action) -> String {
    let keys = look.model.keymap.keys(entry(look.model, action)).iter();
    keys.map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
