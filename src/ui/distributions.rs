//! The distributions page: the list of distributions with the last invalidation of each.

mod beside;
pub(super) mod table;

use ratatui::buffer::Buffer;
use ratatui::layout::Position;
use ratatui::text::Span;

use super::context::ViewContext;
use super::memory::ViewMemory;
use super::page::{self, Areas};
use super::widget::pen::{spans_width, two_sided};
use super::widget::placeholder::Placeholder;
use super::widget::text::{count, fit, thousands, width};
use super::{activity, last};
use crate::app::action::Action;
use crate::app::overlay::profiles;
use crate::app::screen::distributions::Distributions;
use crate::app::table::Table;
use crate::domain::distribution::{Distribution, Target};
use crate::domain::failure::Failure;
use crate::engine::session::Session;

/// The maximum number of other profiles listed by name.
const NAMED: usize = 6;

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
    let last = last::said(look, &Target::Distribution(d.id.clone()));
    let comment = [Span::styled(d.comment.as_str(), theme.dim)];
    let left = usize::from(second.width).saturating_sub(spans_width(&last) + 2);
    let fits = spans_width(&comment) <= left;
    two_sided(buffer, second, &last, if fits { &comment } else { &[] });
}

/// Returns the origin, truncated to this width. The origin path is the usual source of mistakes, so it is kept when
/// the domain name is truncated.
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
    let about = "Wrong profile? Distributions of other accounts are not listed.";
    page::placeholder(look, "No distributions in this account")
        .text([about.to_owned()], look.theme.text)
        .steps([
            page::step(look, Action::Profiles, "switch to another profile"),
            page::step(look, Action::Refresh, "refresh"),
        ])
}

fn failed<'a>(look: ViewContext<'a>, failure: &Failure) -> Placeholder<'a> {
    let (title, hint) = explained(failure);
    let connected = matches!(look.model.engine.session, Session::Connected(_));
    page::wrong(look, title)
        .text([failure.to_string()], look.theme.text)
        .text(hint.into_iter().chain(others(look)), look.theme.dim)
        .steps(connected.then(|| page::step(look, Action::GoTo, "open a distribution by its id")))
        .steps(page::ways_out(look, failure))
        .steps([
            page::step(look, Action::Refresh, "try again"),
            page::step(look, Action::Profiles, "switch to another profile"),
        ])
        .steps(page::available(
            look,
            Action::OpenDemo,
            "open the demo (no account needed)",
        ))
}

/// Lists the profiles that may work if the current one does not.
fn others(look: ViewContext<'_>) -> Option<String> {
    let (model, used) = (look.model, profiles::in_use(&look.model.engine));
    let all = model.engine.profiles.as_ref()?;
    if !matches!(model.engine.session, Session::Failed(_)) {
        return None;
    }
    if all.is_empty() {
        return Some("There are no profiles in ~/.aws/config or ~/.aws/credentials.".to_owned());
    }
    let others = all.iter().filter(|profile| Some(profile.name.as_str()) != used);
    let (ready, other): (Vec<_>, Vec<_>) = others.partition(|profile| profile.trouble.is_none());
    let names: Vec<String> = ready.iter().map(|profile| profile.name.clone()).collect();
    let ready = match names.as_slice() {
        [] => {
            return (!other.is_empty())
                .then(|| format!("{} cannot be used as configured.", count(other.len(), "other profile")));
        }
        few if few.len() <= NAMED => few.join(", "),
        many => format!("{} and {} more", many[..NAMED].join(", "), many.len() - NAMED),
    };
    Some(format!("Other profiles: {ready}."))
}

/// Returns the title for a failure, and the remedy unless the failure's own sentence contains it.
fn explained(failure: &Failure) -> (&'static str, Option<String>) {
    if failure.is_denied() {
        let hint = "Missing: cloudfront:ListDistributions. With cloudfront:CreateInvalidation, \
                    you can still invalidate by entering a distribution id.";
        return ("You are not allowed to list distributions", Some(hint.to_owned()));
    }
    let title = match failure {
        Failure::Refused(refusal) => refusal.reason().what,
        Failure::Unreachable(_) => "No connection",
        Failure::Unknown(_) => "No usable response from CloudFront",
        Failure::Credentials(_) | Failure::CodeNeeded(_) => "The credentials do not work",
        Failure::Setup(_) => "Configuration problem",
    };
    (title, failure.advice())
}
