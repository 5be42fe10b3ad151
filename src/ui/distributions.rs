//! The distributions: which one is it?

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;

use super::memory::ViewMemory;
use super::page::{self, Areas, Marks};
use super::theme::mark;
use super::widget::columns::{self, Column};
use super::widget::pen::{Pen, line_of, spans_width, two_sided};
use super::widget::placeholder::Placeholder;
use super::widget::text::{count, fit, thousands, width};
use super::{ViewContext, words};
use crate::app::action::Action;
use crate::app::screen::distributions::{Distributions, SORTS, is_favourite};
use crate::domain::distribution::{Distribution, DistributionId, Target};
use crate::domain::failure::{Failure, RefusalKind};
use crate::engine::session::Session;

/// The headings, in the order of the columns.
const NAMES: [&str; 5] = ["Aliases", "Id", "Comment", "Status", ""];

/// Draws the page. Returns where the terminal's cursor belongs.
pub(super) fn draw(
    look: ViewContext<'_>,
    screen: &Distributions,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    areas: &Areas,
) -> Option<Position> {
    title(look, screen, buffer, areas);
    let cursor = page::note(look, &screen.list, screen.list.rows().len(), buffer, areas);
    if let Some(notice) = nothing(look, screen) {
        notice.draw(buffer, areas.body);
    } else {
        table(look, screen, memory, buffer, areas.body);
        panel(look, screen, buffer, areas);
    }
    cursor
}

fn title(look: ViewContext<'_>, screen: &Distributions, buffer: &mut Buffer, areas: &Areas) {
    let theme = look.theme;
    let fleet = &look.model.engine.fleet;
    let mut left = vec![Span::styled("Distributions", theme.strong)];
    if !fleet.all().is_empty() {
        left.push(Span::styled(
            format!(" {}", thousands(fleet.all().len() as u64)),
            theme.dim,
        ));
    }
    if !fleet.complete && !fleet.all().is_empty() {
        left.push(Span::styled(" so far", theme.dim));
    }
    let right = page::marked_and_sorted(look, screen.list.sort, &SORTS);
    page::title(buffer, areas, &left, &right);
}

fn table(look: ViewContext<'_>, screen: &Distributions, memory: &mut ViewMemory, buffer: &mut Buffer, body: Rect) {
    let ids = screen.list.rows();
    let rows = usize::from(body.height.saturating_sub(1));
    let seen = memory
        .distributions
        .window
        .around(screen.list.selected(), ids.len(), rows);
    let visible = ids.get(seen.clone()).unwrap_or_default();
    let wanted = memory
        .distributions
        .widen(visible.iter().filter_map(|id| contents(look, id)));
    let heading = line_of(body, 0);
    let widths = columns::share(layout(wanted), page::cells_of(heading).width);
    page::heading(look, buffer, &columns::cells(widths, page::cells_of(heading)), &NAMES);
    for (number, (place, id)) in seen.zip(visible).enumerate() {
        let line = line_of(body, number + 1);
        let marks = Marks {
            selected: place == screen.list.selected(),
            marked: look.model.marked.contains(&Target::Distribution(id.clone())),
            favourite: is_favourite(look.model, id),
        };
        let cells = columns::cells(widths, page::gutter(look, buffer, line, marks));
        if let Some(distribution) = look.model.engine.fleet.get(id) {
            draw_row(look, distribution, buffer, cells);
        }
        if marks.selected {
            page::select(look, buffer, line);
        }
    }
}

/// What the columns ask for, after what was seen in them. The id is never cut while there is room.
fn layout([aliases, id, comment, status, facts]: [u16; 5]) -> [Column; 5] {
    [
        Column::new(aliases, 20, 60, 9),
        Column::new(id, id.min(40), 40, 8),
        Column::new(comment, 9, 48, 2),
        Column::new(status, status.min(12), 12, 3),
        Column::new(facts, facts.min(12), 40, 5),
    ]
}

/// The columns that each cell of a row would fill.
fn contents(look: ViewContext<'_>, id: &DistributionId) -> Option<[usize; 5]> {
    let d = look.model.engine.fleet.get(id)?;
    let more = if d.aliases.len() > 1 { 2 + more(d).len() } else { 0 };
    let facts: Vec<_> = facts(look, d).iter().map(|(word, _)| width(word)).collect();
    let gaps = facts.len().saturating_sub(1);
    Some([
        width(name(d)) + more,
        width(d.id.as_str()),
        width(&d.comment).max(7),
        width(&d.status).max(6),
        facts.iter().sum::<usize>() + gaps,
    ])
}

/// What stands under Aliases. A multi-tenant distribution has none, and no name of its own either.
fn name(d: &Distribution) -> &str {
    if d.is_multi_tenant() && d.aliases.is_empty() {
        "–"
    } else {
        d.label()
    }
}

fn more(d: &Distribution) -> String {
    format!("+{}", d.aliases.len().saturating_sub(1))
}

fn draw_row(
    look: ViewContext<'_>,
    d: &Distribution,
    buffer: &mut Buffer,
    [aliases, id, comment, status, last]: [Rect; 5],
) {
    let theme = look.theme;
    let text = if d.enabled { theme.text } else { theme.dim };
    let extra = if d.aliases.len() > 1 { more(d) } else { String::new() };
    let style = if d.aliases.is_empty() { theme.dim } else { text };
    page::named(buffer, aliases, (name(d), style), (&extra, theme.dim));
    Pen::new(buffer, id).text(d.id.as_str(), text);
    let said = if d.comment.is_empty() { "–" } else { &d.comment };
    Pen::new(buffer, comment).text(said, theme.dim);
    let style = if d.is_deployed() { theme.dim } else { theme.under_way };
    Pen::new(buffer, status).text(&d.status, style);
    let mut pen = Pen::new(buffer, last);
    for (word, style) in facts(look, d) {
        pen.text(&word, style).skip(1);
    }
}

/// What is special about a distribution, in words.
fn facts(look: ViewContext<'_>, d: &Distribution) -> Vec<(Cow<'static, str>, Style)> {
    let theme = look.theme;
    let config = look.model.engine.fleet.configs.get(&d.id);
    let tags = config.is_some_and(|config| config.cache_tag_header.is_some());
    let all = [
        (!d.is_deployed(), "deploying".into(), theme.under_way),
        (!d.enabled, "disabled".into(), theme.dim),
        (d.staging, "staging".into(), theme.text),
        (d.is_multi_tenant(), tenants(look, d), theme.text),
        (tags, "#tags".into(), theme.dim),
    ];
    let known = all.into_iter().filter(|(is, ..)| *is);
    known.map(|(_, word, style)| (word, style)).collect()
}

/// `12 tenants ›` where they were read, else that there are some: nobody is asked for the number.
fn tenants(look: ViewContext<'_>, d: &Distribution) -> Cow<'static, str> {
    let known = look.model.engine.tenants.of(&d.id).filter(|list| list.complete);
    known.map_or("tenants ›".into(), |list| {
        format!("{} ›", count(list.all().len(), "tenant")).into()
    })
}

fn panel(look: ViewContext<'_>, screen: &Distributions, buffer: &mut Buffer, areas: &Areas) {
    let Some(d) = screen
        .list
        .selected_key()
        .and_then(|id| look.model.engine.fleet.get(id))
    else {
        return;
    };
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
    let last = words::last(look, &Target::Distribution(d.id.clone()));
    let room = usize::from(second.width).saturating_sub(spans_width(&last) + 2);
    let month = Span::styled(words::month(look.model, room), theme.dim);
    two_sided(buffer, second, &last, &[month]);
}

/// Where it fetches from, in so many columns. The path is what people get wrong: it stays when the name is cut.
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

/// What is said instead of a table without rows.
fn nothing<'a>(look: ViewContext<'a>, screen: &Distributions) -> Option<Placeholder<'a>> {
    let (model, list) = (look.model, &screen.list);
    if !list.rows().is_empty() {
        return None;
    }
    if list.total() > 0 {
        return Some(page::no_match(look, list.filter.value(), list.total()));
    }
    let failure = match &model.engine.session {
        Session::Failed(failure) => Some(failure),
        Session::Connecting | Session::Connected(_) => model.engine.fleet.freshness.failure.as_ref(),
    };
    Some(match (failure, &model.engine.session) {
        (Some(failure), _) => failed(look, failure),
        (None, Session::Connecting) => page::waiting(look, "Loading the credentials"),
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

/// What is the case, and what helps.
fn explained(look: ViewContext<'_>, failure: &Failure) -> (&'static str, Option<String>) {
    if failure.needs_login() {
        let profile = look
            .model
            .engine
            .preferences
            .profile
            .as_deref()
            .map_or(String::new(), |name| format!(" --profile {name}"));
        // The sentence of a credentials failure names its own command.
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
        Failure::Credentials(_) | Failure::Setup(_) => ("Configuration problem", None),
    }
}
