//! Maps keys to actions: which scopes a key is looked up in, whether its action is available, and what a text field
//! does with the key.

use std::collections::HashSet;

use tui_input::{Input, InputRequest};

use crate::app::action::{ACTIONS, Action, Entry, Scope};
use crate::app::availability::is_available;
use crate::app::key::{Code, Key};
use crate::app::model::Model;
use crate::app::overlay::Overlay;
use crate::app::overlay::keys::ALWAYS;
use crate::app::screen::Screen;
use crate::app::screen::composer::Composer;
use crate::engine::session::Session;

/// Returns the scopes of the page itself, regardless of the overlays above it.
#[must_use]
pub fn page_scopes(model: &Model) -> &'static [Scope] {
    match model.screen() {
        Screen::Distributions(_) if matches!(model.engine.session, Session::Failed(_)) => &[
            Scope::Unconnected,
            Scope::Distributions,
            Scope::Tables,
            Scope::Everywhere,
        ],
        Screen::Distributions(_) => &[Scope::Distributions, Scope::Tables, Scope::Everywhere],
        Screen::Tenants(_) => &[Scope::Tenants, Scope::Tables, Scope::Everywhere],
        Screen::Invalidations(_) => &[Scope::Invalidations, Scope::Tables, Scope::Everywhere],
        Screen::Details(_) => &[Scope::Details, Scope::Tables, Scope::Everywhere],
        Screen::History(_) => &[Scope::Invalidations, Scope::History, Scope::Tables, Scope::Everywhere],
        Screen::Composer(_) => &[Scope::Composer, Scope::Everywhere],
    }
}

/// Returns the scopes in which a key of the page is looked up, in order.
fn scopes(model: &Model) -> &'static [Scope] {
    if model.screen().is_filtering() {
        &[Scope::Field, Scope::Tables, Scope::Everywhere]
    } else {
        page_scopes(model)
    }
}

/// Returns whether letters are text input now.
#[must_use]
pub fn is_text(model: &Model) -> bool {
    is_text_at(model, model.overlays.len())
}

/// Returns whether letters are text input at a level: in the uppermost of the lowest `under` overlays, or on the page
/// if `under` is 0.
fn is_text_at(model: &Model, under: usize) -> bool {
    match under.checked_sub(1).and_then(|top| model.overlays.get(top)) {
        Some(overlay) => overlay.keys().is_text(),
        None => model.screen().is_filtering() || matches!(model.screen(), Screen::Composer(_)),
    }
}

/// Returns whether a key belongs to the text itself. If so, no action gets it. Actions take precedence over the
/// composer's own editing keys, but not over those of a one-line field.
fn is_for_text(model: &Model, under: usize, key: Key) -> bool {
    let composing = under == 0 && matches!(model.screen(), Screen::Composer(_));
    is_text_at(model, under) && (key.typed().is_some() || (!composing && field_request(key).is_some()))
}

/// Returns the action bound to a key. In a text field, letters are text: only Esc, Enter, Tab and chords trigger
/// actions. While an overlay is open, only the actions that it lists are available.
#[must_use]
pub fn action_of(model: &Model, key: Key) -> Option<Action> {
    if is_for_text(model, model.overlays.len(), key) {
        return None;
    }
    let keymap = &model.keymap;
    match model.overlays.last() {
        Some(overlay) => heard_by(overlay).find(|action| keymap.keys(entry(model, *action)).contains(&key)),
        None => keymap
            .action(scopes(model), key)
            .filter(|action| is_heard_in_text(model, 0, *action)),
    }
}

/// Returns the row of an action in the current context: in the top overlay, or on the page.
#[must_use]
pub fn entry(model: &Model, action: Action) -> &'static Entry {
    entry_at(model, model.overlays.len(), action)
}

/// Returns the row of an action at a level: in the uppermost of the lowest `under` overlays, or on the page if `under`
/// is 0.
fn entry_at(model: &Model, under: usize, action: Action) -> &'static Entry {
    match under {
        0 => action.entry_in(page_scopes(model)),
        _ => action.entry_in(&[Scope::Overlay]),
    }
}

/// Returns the actions that an overlay accepts, its own first.
fn heard_by(overlay: &Overlay) -> impl Iterator<Item = Action> {
    let own = overlay.keys().rows().map(|(action, _)| action);
    let text = overlay.keys().is_text();
    own.chain(
        ALWAYS
            .into_iter()
            .filter(move |action| !(text && *action == Action::Suspend)),
    )
}

/// Returns whether an action is available during text input: Ctrl-Z does not suspend in text fields.
fn is_heard_in_text(model: &Model, under: usize, action: Action) -> bool {
    action != Action::Suspend || !is_text_at(model, under)
}

/// A section of the help: a heading with actions and their keys.
#[derive(Clone, Debug)]
pub struct Section {
    /// The heading.
    pub title: &'static str,
    /// The available actions, each with its keys in this context.
    pub actions: Vec<(&'static Entry, Vec<Key>)>,
}

/// Returns the help's sections for everything that works at a level. The help itself is one level above.
#[must_use]
pub fn sections(model: &Model, under: usize) -> Vec<Section> {
    let headings: Vec<(&'static str, Vec<Action>)> = match under.checked_sub(1).and_then(|top| model.overlays.get(top))
    {
        Some(overlay) => {
            let own = overlay.keys().rows().count();
            vec![
                (overlay.title(), heard_by(overlay).take(own).collect()),
                (Scope::Everywhere.title(), heard_by(overlay).skip(own).collect()),
            ]
        }
        None => scopes(model)
            .iter()
            .map(|scope| (scope.title(), of_scope(model, *scope)))
            .collect(),
    };
    // A key triggers the first action that it is bound to.
    let mut taken = HashSet::new();
    let sections = headings.into_iter().map(|(title, actions)| Section {
        title,
        actions: actions
            .into_iter()
            .filter_map(|action| {
                let entry = entry_at(model, under, action);
                let mut keys = keys_at(model, under, entry);
                keys.retain(|key| taken.insert(*key));
                let means = is_available(model, action) != Err(String::new());
                (means && !keys.is_empty()).then_some((entry, keys))
            })
            .collect(),
    });
    sections.filter(|section| !section.actions.is_empty()).collect()
}

/// Returns the actions of a scope that the page accepts now.
fn of_scope(model: &Model, scope: Scope) -> Vec<Action> {
    let entries = ACTIONS.iter().filter(|entry| entry.scope == scope);
    entries
        .map(|entry| entry.action)
        .filter(|action| is_heard_in_text(model, 0, *action))
        .collect()
}

/// Returns the keys that trigger an action at a level.
fn keys_at(model: &Model, under: usize, entry: &Entry) -> Vec<Key> {
    let keys = model.keymap.keys(entry).iter();
    keys.filter(|key| !is_for_text(model, under, **key)).copied().collect()
}

/// Returns the footer's hints: the available actions, the most useful first.
#[must_use]
pub fn hints(model: &Model) -> Vec<&'static Entry> {
    let scopes = scopes(model);
    let text = is_text(model);
    let mut hints: Vec<_> = ACTIONS
        .iter()
        .filter(|entry| scopes.contains(&entry.scope) && !entry.hint.is_empty())
        .filter(|entry| entry.scope != Scope::Tables || is_on_page(model, entry.action))
        .filter(|entry| entry.action != Action::Usage || shows_month(model))
        .filter(|entry| {
            matches!(
                entry.action,
                Action::RetryNow
                    | Action::Cancel
                    | Action::Mark
                    | Action::Compare
                    | Action::SwitchTarget
                    | Action::AddTwin
            ) <= is_available(model, entry.action).is_ok()
        })
        .filter(|entry| entry.action != Action::Mark || marks_choose(model))
        .filter(|entry| is_available(model, entry.action) != Err(String::new()))
        .filter(|entry| {
            model
                .keymap
                .keys(entry)
                .iter()
                .any(|key| !text || key.typed().is_none())
        })
        .collect();
    hints.retain(|entry| is_useful(model, entry.action));
    hints.sort_by_key(|entry| place(model, scopes, entry));
    hints
}

/// The rank up to which a page's own hints come before the hint for repeating the last invalidation.
const FIRST: u8 = 2;

/// Returns the sort key of a hint: by scope, the next step first. Repeating the last invalidation comes right after
/// the page's first steps, because it is the shortest way from a table to the review.
fn place(model: &Model, scopes: &[Scope], entry: &Entry) -> (usize, u8) {
    let scope = scopes
        .iter()
        .position(|scope| *scope == entry.scope)
        .unwrap_or(scopes.len());
    match entry.action {
        Action::Repeat => (0, 2),
        _ if is_next_step(model, entry) => (scope, 0),
        // The hint appears only once the staging distribution is known, and must not move the other hints when it does.
        Action::AddTwin => (scope, 4),
        _ if entry.rank <= FIRST => (scope, 1),
        _ => (scope, 3),
    }
}

/// Returns whether the footer of this page may show an action from the scope of tables. The details page has no table,
/// so its footer shows only the action that copies the missing policy statement.
fn is_on_page(model: &Model, action: Action) -> bool {
    action == Action::CopyPolicy || !matches!(model.screen(), Screen::Details(_))
}

/// Returns whether the page is about the whole account. On such a page, the user can have this month's usage counted.
fn shows_month(model: &Model) -> bool {
    match model.screen() {
        Screen::Distributions(page) => page.list.total() > 0,
        Screen::History(page) => page.counts.total > 0,
        Screen::Invalidations(_) | Screen::Tenants(_) | Screen::Details(_) | Screen::Composer(_) => false,
    }
}

/// Returns whether an action of the composer has something to act on in the text.
fn is_useful(model: &Model, action: Action) -> bool {
    let Some(composer) = model.composer() else { return true };
    let (analysis, line) = (&composer.analysis, composer.editor.cursor().line);
    let summary = analysis.summary();
    match action {
        Action::FixSafe => analysis.may_have_safe_fix(),
        Action::NextProblem => summary.errors + summary.warnings > 0,
        Action::Complete => reuses(model) || composer.completion().is_some() || analysis.offered_fix(line).is_some(),
        _ => true,
    }
}

/// Returns whether a hint is the page's next step, which is shown first and most prominently.
#[must_use]
pub fn is_next_step(model: &Model, entry: &Entry) -> bool {
    match entry.action {
        Action::Complete => reuses(model),
        Action::Review => model.composer().is_some_and(|composer| !composer.is_empty()),
        _ => entry.is_main(),
    }
}

/// Returns whether the key for suggestions fills an empty list with the items of the last invalidation.
#[must_use]
pub fn reuses(model: &Model) -> bool {
    let reusable = model.composer().map(Composer::reusable);
    reusable.is_some_and(|items| !items.is_empty())
}

/// Returns whether the marks determine which rows the next action applies to. On other pages, they only select what
/// to compare, as the help explains.
fn marks_choose(model: &Model) -> bool {
    !matches!(model.screen(), Screen::Invalidations(_) | Screen::History(_))
}

/// Applies a key to a one-line text field. Returns whether the text or the cursor changed.
pub fn edit_field(field: &mut Input, key: Key) -> bool {
    field_request(key).and_then(|request| field.handle(request)).is_some()
}

fn field_request(key: Key) -> Option<InputRequest> {
    Some(match (key.code, key.ctrl, key.alt) {
        (Code::Char(c), false, false) => InputRequest::InsertChar(c),
        // Some terminals send Ctrl-H for Backspace, which cannot be distinguished from the chord.
        (Code::Backspace, false, false) | (Code::Char('h'), true, false) => InputRequest::DeletePrevChar,
        (Code::Delete, false, false) => InputRequest::DeleteNextChar,
        (Code::Left, false, false) => InputRequest::GoToPrevChar,
        (Code::Right, false, false) => InputRequest::GoToNextChar,
        (Code::Left, ..) | (Code::Char('b'), false, true) => InputRequest::GoToPrevWord,
        (Code::Right, ..) | (Code::Char('f'), false, true) => InputRequest::GoToNextWord,
        (Code::Home, ..) | (Code::Char('a'), true, _) => InputRequest::GoToStart,
        (Code::End, ..) | (Code::Char('e'), true, _) => InputRequest::GoToEnd,
        (Code::Char('w'), true, _) | (Code::Backspace, ..) => InputRequest::DeletePrevWord,
        (Code::Char('u'), true, _) => InputRequest::DeleteLine,
        (Code::Char('k'), true, _) => InputRequest::DeleteTillEnd,
        _ => return None,
    })
}
