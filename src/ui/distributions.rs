//! The distributions page: the list of distributions with the last invalidation of each.

mod beside;
pub(super) mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::text::Span;

use super::context::ViewContext;
use super::memory::ViewMemory;
use super::page::{self, Areas};
use super::theme::mark;
use super::widget::pen::{spans_width, two_sided};
use super::widget::placeholder::Placeholder;
use super::widget::text::{fit, thousands, width};
use super::{activity, last};
use crate::app::action::Action;
use crate::app::screen::distributions::Distributions;
use crate::app::table::Table;
use crate::domain::distribution::{Distribution, Target};
use crate::domain::failure::{Failure, RefusalKind};
use crate::engine::session::Session;

/// Draws the page. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    screen: &Distributions,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    areas: &Areas,
) -> Option<Position> {
    let cursor = page::note(look, &screen.list, screen.list.rows().len(), buffer, areas);
    let mut sort_is_seen = true;
    if let Some(notice) = nothing(look, screen) {
        notice.draw(buffer, areas.body);
    } else {
        let comments = areas.beside.width == 0;
        sort_is_seen = table::draw(look, screen, memory, buffer, (areas.body, comments));
        let selected = screen.list.selected_key();
        let selected = selected.and_then(|id| look.model.engine.fleet.get(id));
        if areas.beside.width > 0 {
            beside::draw(look, selected, buffer, areas.beside);
        } else if let Some(d) = selected {
            panel(look, d, buffer, areas);
        }
    }
    title(look, sort_is_seen, buffer, areas);
    activity::draw(look, buffer, areas.activity);
    cursor
}

fn title(look: ViewContext<'_>, sort_is_seen: bool, buffer: &mut Buffer, areas: &Areas) {
    let theme = look.theme;
    let fleet = &look.model.engine.fleet;
    let mut left = vec![Span::styled("Distributions", theme.strong)];
    if !fleet.all().is_empty() {
        left.push(Span::styled(
            format!(" {}", thousands(fleet.all().len() as u64)),
            theme.dim,
        ));
    }
    if fleet.kept_as_of().is_some() {
        left.push(Span::styled(" from an earlier run", theme.dim));
    } else if !fleet.complete && !fleet.all().is_empty() {
        left.push(Span::styled(" so far", theme.dim));
    }
    let right = page::marked_and_sorted(look, Table::Distributions, sort_is_seen);
    page::title(buffer, areas, &left, &right);
}

fn panel(look: ViewContext<'_>, d: &Distribution, buffer: &mut Buffer, areas: &Areas) {
    let theme = look.theme;
    let [first, second] = page::panel(look, buffer, areas);
    let names = if d.is_multi_tenant() && d.aliases.is_empty() {
        "served by its tenants".to_owned()
    } else if d.aliases.is_empty() {
        d.domain_name.clone()
    } else {
        d.aliases.join(" · ")
    };
    let names = [Span::styled(names, theme.text)];
    let room = usize::from(first.width);
    let right = room.saturating_sub(spans_width(&names) + 2).max(room / 3);
    two_sided(buffer, first, &names, &origin(look, d, right));
    last::line(look, &Target::Distribution(d.id.clone()), buffer, second);
}

/// Returns the origin, truncated to this width. The origin path is the usual source of mistakes, so it stays when the
/// domain name is truncated.
fn origin<'a>(look: ViewContext<'a>, d: &Distribution, columns: usize) -> Vec<Span<'a>> {
    let theme = look.theme;
    let Some(first) = d.origins.first() else {
        return Vec::new();
    };
    let path = match first.origin_path.as_str() {
        "" => String::new(),
        path => format!(" {path}"),
    };
    let more = match d.origins.len() {
        0 | 1 => String::new(),
        many => format!(" +{}", many - 1),
    };
    let room = columns.saturating_sub(7 + width(&path) + width(&more));
    vec![
        Span::styled("origin ", theme.dim),
        Span::styled(fit(&first.domain_name, room.max(8)).into_owned(), theme.text),
        Span::styled(path, theme.strong),
        Span::styled(more, theme.dim),
    ]
}

/// Returns the placeholder for a table without rows.
fn nothing<'a>(look: ViewContext<'a>, screen: &Distributions) -> Option<Placeholder<'a>> {
    let (model, list) = (look.model, &screen.list);
    if !list.rows().is_empty() {
        return None;
    }
    if list.total() > 0 {
        return Some(page::no_match(look, list.view.filter.value(), list.total()));
    }
    let failure = match &model.engine.session {
        Session::Failed(failure) => Some(failure),
        Session::Connecting | Session::Connected(_) => model.engine.fleet.freshness.failure.as_ref(),
    };
    Some(match (failure, &model.engine.session) {
        (Some(failure), _) => failed(look, failure),
        (None, Session::Connecting) => page::connecting(look),
        (None, _) if !model.engine.fleet.complete => page::waiting(look, "Loading the distributions"),
        (None, _) => empty(look),
    })
}

fn empty(look: ViewContext<'_>) -> Placeholder<'_> {
    Placeholder {
        title: vec![Span::styled("No distributions in this account", look.theme.strong)],
        text: vec![(
            "Wrong profile? Distributions of other accounts are not listed.".to_owned(),
            look.theme.text,
        )],
        steps: vec![
            page::step(look, Action::Profiles, "use another profile"),
            page::step(look, Action::Refresh, "refresh"),
        ],
        key: look.theme.accent,
    }
}

fn failed<'a>(look: ViewContext<'a>, failure: &Failure) -> Placeholder<'a> {
    let (title, hint) = explained(look, failure);
    let mut steps = Vec::new();
    if matches!(look.model.engine.session, Session::Connected(_)) {
        steps.push(page::step(look, Action::GoTo, "open a distribution by its id"));
    }
    if failure.needs_login() {
        steps.push(page::step(look, Action::LogIn, "log in"));
    }
    steps.push(page::step(look, Action::Refresh, "try again"));
    steps.push(page::step(look, Action::Profiles, "use another profile"));
    let mut text = vec![(failure.to_string(), look.theme.text)];
    text.extend(hint.map(|hint| (hint, look.theme.dim)));
    Placeholder {
        title: vec![
            Span::styled(format!("{} ", mark::WRONG), look.theme.wrong),
            Span::styled(title, look.theme.strong),
        ],
        text,
        steps,
        key: look.theme.accent,
    }
}

/// Explains a failure: what is wrong, and what helps.
fn explained(look: ViewContext<'_>, failure: &Failure) -> (&'static str, Option<String>) {
    if failure.needs_login() {
        let profile = look
            .model
            .engine
            .preferences
            .profile
            .as_deref()
            .map_or(String::new(), |name| format!(" --profile {name}"));
        // The message of a credentials failure names its own command.
        let hint = failure.refusal().map(|_| {
            format!("Log in again, for example with aws sso login{profile}; invalidash keeps running meanwhile.")
        });
        return ("The credentials do not work", hint);
    }
    let kind = failure.refusal().map(crate::domain::failure::Refusal::kind);
    match failure {
        Failure::Refused(_) if kind == Some(RefusalKind::AccessDenied) => (
            "You are not allowed to list distributions",
            Some(
                "Missing: cloudfront:ListDistributions. You can still invalidate with \
                 cloudfront:CreateInvalidation alone: enter a distribution id."
                    .to_owned(),
            ),
        ),
        Failure::Refused(_) => ("CloudFront refused to list the distributions", None),
        Failure::Unreachable(_) => ("No connection", None),
        Failure::Unknown(_) => ("No usable response from CloudFront", None),
        Failure::Credentials(_) | Failure::CodeNeeded(_) | Failure::Setup(_) => ("Configuration problem", None),
    }
}
