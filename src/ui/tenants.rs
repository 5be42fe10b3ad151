//! The tenants page: the tenants of a distribution and the sites they serve.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;

use super::context::ViewContext;
use super::memory::ViewMemory;
use super::page::{self, Areas, Marks};
use super::table::{self, Cells};
use super::widget::columns::Column;
use super::widget::pen::{Pen, spans_width, two_sided};
use super::widget::placeholder::Placeholder;
use super::widget::text::{fit, thousands, width};
use super::{freshness, last};
use crate::app::action::Action;
use crate::app::screen::tenants::{Tenants, is_favorite};
use crate::app::table::{TENANTS, Table};
use crate::domain::distribution::{Target, Tenant, TenantId};
use crate::domain::failure::{Failure, RefusalKind};

/// The number of columns in the table.
const COLUMNS: usize = TENANTS.len();

/// The index of the connection group column.
const GROUP: usize = 4;
/// The index of the column that shows whether a tenant is enabled.
const ENABLED: usize = 5;

/// The minimum page width, in columns, at which the domains take precedence over some other columns.
const ROOMY: u16 = 92;

/// Draws the page. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    screen: &Tenants,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    areas: &Areas,
) -> Option<Position> {
    let cursor = page::note(look, &screen.list, screen.list.rows().len(), buffer, areas);
    let mut sort_is_seen = true;
    if let Some(notice) = nothing(look, screen) {
        notice.draw(buffer, areas.body);
    } else {
        sort_is_seen = draw_table(look, screen, memory, buffer, areas.body);
        panel(look, screen, buffer, areas);
    }
    title(look, screen, sort_is_seen, buffer, areas);
    cursor
}

fn title(look: ViewContext<'_>, screen: &Tenants, sort_is_seen: bool, buffer: &mut Buffer, areas: &Areas) {
    let (model, theme) = (look.model, look.theme);
    let mut left = vec![Span::styled("Tenants", theme.strong)];
    if let Some(list) = model
        .engine
        .tenants
        .of(&screen.distribution)
        .filter(|list| !list.all().is_empty())
    {
        left.push(Span::styled(
            format!(" {}", thousands(list.all().len() as u64)),
            theme.dim,
        ));
        if !list.complete {
            left.push(Span::styled(" so far", theme.dim));
        }
    }
    left.push(Span::styled(format!("  of {}", screen.distribution), theme.dim));
    let comment = model.engine.fleet.get(&screen.distribution).map(|d| d.comment.as_str());
    left.extend(comment.map(|comment| Span::styled(format!("  {comment}"), theme.text)));
    let right = page::marked_and_sorted(look, Table::Tenants, sort_is_seen);
    page::title(buffer, areas, &left, &right);
}

/// Draws the table; returns whether the sorted column is visible.
fn draw_table(
    look: ViewContext<'_>,
    screen: &Tenants,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    body: Rect,
) -> bool {
    let memory = memory.tenants(&screen.distribution);
    table::draw_list(look, &Rows { look }, &screen.list, memory, buffer, body)
}

/// The context for drawing rows.
struct Rows<'a> {
    look: ViewContext<'a>,
}

impl Cells<COLUMNS> for Rows<'_> {
    type Row = TenantId;

    fn table(&self) -> Table {
        Table::Tenants
    }

    fn contents(&self, id: &TenantId) -> Option<[usize; COLUMNS]> {
        let look = self.look;
        let tenant = look.model.engine.tenants.get(id)?;
        let more = more(tenant);
        let gap = if more.is_empty() { 0 } else { 2 };
        Some([
            width(first(tenant)) + gap + more.len(),
            width(&tenant.name).max(4),
            width(id.as_str()),
            width(&tenant.status).max(6),
            width(&tenant.cell(GROUP)).max(17),
            7,
            fact(look, tenant).map_or(0, |(word, _)| word.len()),
        ])
    }

    /// Returns the column layout, from the widest cells drawn so far. The id is truncated only if the terminal is too
    /// narrow. On a wider one, the domains take precedence over names and status, because users recognize a tenant by
    /// its domains.
    fn layout(&self, wanted: [u16; COLUMNS], room: u16) -> [Column; COLUMNS] {
        let [domains, name, id, status, group, enabled, facts] = wanted;
        let least = if room < ROOMY { 22 } else { 26 };
        [
            Column::new(domains, least, 9),
            Column::new(name, 11, 4),
            Column::whole(id, 8),
            Column::whole(status, 3),
            Column::new(group, 30, 2),
            Column::whole(enabled, 1),
            Column::new(facts, 9, 5),
        ]
    }

    fn marks(&self, id: &TenantId) -> Marks {
        let model = self.look.model;
        Marks {
            selected: false,
            marked: model.marked.contains(&Target::Tenant(id.clone())),
            favorite: is_favorite(&model.engine, id),
        }
    }

    fn draw(&self, id: &TenantId, buffer: &mut Buffer, cells: [Rect; COLUMNS]) {
        if let Some(tenant) = self.look.model.engine.tenants.get(id) {
            draw_row(self.look, tenant, buffer, cells);
        }
    }
}

/// Returns the first domain, which users recognize a tenant by.
fn first(tenant: &Tenant) -> &str {
    tenant.domains.first().map_or("–", |own| &own.domain)
}

fn more(tenant: &Tenant) -> String {
    match tenant.domains.len() {
        0 | 1 => String::new(),
        many => format!("+{}", many - 1),
    }
}

/// Returns the special feature of a tenant, as a word.
fn fact(look: ViewContext<'_>, tenant: &Tenant) -> Option<(&'static str, Style)> {
    let word = tenant.condition()?;
    let is_quiet = tenant.is_deployed() && !tenant.enabled;
    let style = if is_quiet { look.theme.dim } else { look.theme.under_way };
    Some((word, style))
}

fn draw_row(look: ViewContext<'_>, tenant: &Tenant, buffer: &mut Buffer, cells: [Rect; COLUMNS]) {
    let [domains, name, id, status, group, enabled, last] = cells;
    let theme = look.theme;
    let text = if tenant.enabled { theme.text } else { theme.dim };
    page::named(buffer, domains, (first(tenant), text), (&more(tenant), theme.dim));
    Pen::new(buffer, name).text(&fit(&tenant.name, usize::from(name.width)), theme.dim);
    Pen::new(buffer, id).text(tenant.id.as_str(), text);
    let style = if tenant.is_deployed() {
        theme.dim
    } else {
        theme.under_way
    };
    Pen::new(buffer, status).text(&tenant.status, style);
    let text = |place: usize, cell: Rect| fit(&tenant.cell(place), usize::from(cell.width)).into_owned();
    Pen::new(buffer, group).text(&text(GROUP, group), theme.dim);
    Pen::new(buffer, enabled).text(&text(ENABLED, enabled), theme.dim);
    if let Some((word, style)) = fact(look, tenant) {
        Pen::new(buffer, last).text(word, style);
    }
}

fn panel(look: ViewContext<'_>, screen: &Tenants, buffer: &mut Buffer, areas: &Areas) {
    let Some(tenant) = screen
        .list
        .selected_key()
        .and_then(|id| look.model.engine.tenants.get(id))
    else {
        return;
    };
    let theme = look.theme;
    let [first, second] = page::panel(look, buffer, areas);
    let mut names = Vec::new();
    for own in &tenant.domains {
        if !names.is_empty() {
            names.push(Span::styled(" · ", theme.dim));
        }
        names.push(Span::styled(own.domain.as_str(), theme.text));
        if !own.active {
            names.push(Span::styled(" inactive", theme.under_way));
        }
    }
    let room = usize::from(first.width).saturating_sub(spans_width(&names) + 2);
    let name = Span::styled(fit(&tenant.name, room.max(usize::from(first.width) / 3)), theme.dim);
    two_sided(buffer, first, &names, &[name]);
    last::line(look, &Target::Tenant(tenant.id.clone()), buffer, second);
}

/// Returns the placeholder for a table without rows.
fn nothing<'a>(look: ViewContext<'a>, screen: &Tenants) -> Option<Placeholder<'a>> {
    let list = &screen.list;
    if !list.rows().is_empty() {
        return None;
    }
    if list.total() > 0 {
        return Some(page::no_match(look, list.view.filter.value(), list.total()));
    }
    let seen = freshness::of_tenants(look.model, &screen.distribution);
    Some(match (seen.failure, seen.as_of) {
        (Some(failure), _) => failed(look, screen, failure),
        (None, None) => page::waiting(look, "Loading the tenants"),
        (None, Some(_)) => none_yet(look),
    })
}

fn none_yet(look: ViewContext<'_>) -> Placeholder<'_> {
    let about = "This distribution serves viewers only through tenants. Create them in the console, or with \
                 aws cloudfront create-distribution-tenant.";
    page::placeholder(look, "No tenants yet")
        .text([about.to_owned()], look.theme.text)
        .steps([
            page::step(look, Action::Refresh, "refresh"),
            page::step(look, Action::Back, "go back"),
        ])
}

fn failed<'a>(look: ViewContext<'a>, screen: &Tenants, failure: &Failure) -> Placeholder<'a> {
    let title = match failure.kind() {
        Some(RefusalKind::NotFound) => format!("CloudFront cannot find {}", screen.distribution),
        _ => page::failed_title(failure, "ListDistributionTenants", "The tenants could not be loaded"),
    };
    let hint = "Missing: cloudfront:ListDistributionTenants. With \
                cloudfront:CreateInvalidationForDistributionTenant, you can still invalidate by entering a tenant id.";
    let open = page::step(look, Action::GoTo, "open a tenant by its id, dt_…");
    page::failed(look, title, failure, (hint.to_owned(), Some(open)))
}
