//! The distributions table: each distribution's name, its last invalidation, and its special features.

use std::borrow::Cow;

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::super::context::ViewContext;
use super::super::memory::ViewMemory;
use super::super::page::{self, Marks};
use super::super::table::{Cells, draw_list};
use super::super::widget::columns::Column;
use super::super::widget::pen::Pen;
use super::super::widget::text::{count, thousands, width};
use super::super::{clock, last};
use crate::app::screen::distributions::{Distributions, Feature, cache_tags, features, is_favorite, origin};
use crate::app::table::{self, Table};
use crate::domain::distribution::{Distribution, DistributionId, Target};
use crate::engine::latest::latest;
use crate::engine::row::row;

/// The usual width of the last invalidation, in columns. It is reserved from the start, so that nothing shifts.
const USUAL: usize = last::BEFORE_ITEMS + 15;

/// The number of columns in the table.
const COLUMNS: usize = table::DISTRIBUTIONS.len();

/// Draws the table; returns whether the sorted column is visible. Comments have no column if the panel next to the
/// table shows them, because names and items need the room.
pub(super) fn draw(
    look: ViewContext<'_>,
    screen: &Distributions,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    (body, comments): (Rect, bool),
) -> bool {
    let (rows, memory) = (Rows { look, comments }, &mut memory.distributions);
    draw_list(look, &rows, &screen.list, memory, buffer, body)
}

/// The context for drawing rows.
struct Rows<'a> {
    look: ViewContext<'a>,
    comments: bool,
}

impl Cells<COLUMNS> for Rows<'_> {
    type Row = DistributionId;

    fn table(&self) -> Table {
        Table::Distributions
    }

    fn contents(&self, id: &DistributionId) -> Option<[usize; COLUMNS]> {
        let look = self.look;
        let d = look.model.engine.fleet.get(id)?;
        let more = if d.aliases.len() > 1 { 2 + more(d).len() } else { 0 };
        let facts: Vec<_> = facts(look, d).iter().map(|(word, _)| width(word)).collect();
        let gaps = facts.len().saturating_sub(1);
        let key = latest(&look.model.engine, &Target::Distribution(id.clone()));
        let row = key.as_ref().and_then(|key| row(&look.model.engine, key));
        let shown = &look.model.arrangements.of(Table::Distributions);
        let mut all = [0; COLUMNS];
        for (place, all) in all.iter_mut().enumerate().filter(|(place, _)| shown.shows(*place)) {
            *all = match place {
                0 => width(name(d)) + more,
                1 => row.as_ref().map_or(USUAL, last::columns).max(USUAL),
                2 => width(d.id.as_str()),
                3 => width(&d.comment).max(7),
                11 => facts.iter().sum::<usize>() + gaps,
                _ => width(&chosen(look, d, place)).max(width(table::DISTRIBUTIONS[place].name)),
            };
        }
        Some(all)
    }

    /// Returns the column layout, from the widest cells drawn so far. The id is truncated only if the terminal is too
    /// narrow; on a wider one, nothing is truncated.
    fn layout(&self, wanted: [u16; COLUMNS], _room: u16) -> [Column; COLUMNS] {
        const WHOLE: u16 = 22;
        // The length of a domain name that CloudFront assigns.
        const DOMAIN: u16 = 29;
        let [
            aliases,
            last,
            id,
            comment,
            domain,
            origin,
            modified,
            status,
            class,
            http,
            tags,
            facts,
        ] = wanted;
        let last_min = u16::try_from(last::FEWEST_COLUMNS).unwrap_or(u16::MAX);
        let chosen = |content: u16| Column::new(content, 14, 4);
        [
            Column::new(aliases, WHOLE, 9).enough(DOMAIN),
            Column::new(last, last_min, 6).enough(u16::try_from(USUAL).unwrap_or(u16::MAX)),
            Column::new(id, 40, 8),
            Column::new(if self.comments { comment } else { 0 }, 9, 2),
            chosen(domain),
            chosen(origin),
            chosen(modified),
            chosen(status),
            chosen(class),
            chosen(http),
            chosen(tags),
            Column::new(facts, 12, 5).enough(facts.min(18)),
        ]
    }

    fn marks(&self, id: &DistributionId) -> Marks {
        let model = self.look.model;
        Marks {
            selected: false,
            marked: model.marked.contains(&Target::Distribution(id.clone())),
            favorite: is_favorite(&model.engine, id),
        }
    }

    fn draw(&self, id: &DistributionId, buffer: &mut Buffer, cells: [Rect; COLUMNS]) {
        if let Some(distribution) = self.look.model.engine.fleet.get(id) {
            draw_row(self.look, distribution, buffer, cells);
            draw_last(self.look, distribution, buffer, cells[1]);
        }
    }

    fn changed(&self, id: &DistributionId) -> Option<usize> {
        let engine = &self.look.model.engine;
        let has_changed = !engine.changed.is_empty()
            && latest(engine, &Target::Distribution(id.clone())).is_some_and(|key| engine.changed.contains(&key));
        has_changed.then_some(1)
    }
}

/// Returns the contents of a column that is only visible if the user chose it.
fn chosen<'a>(look: ViewContext<'_>, d: &'a Distribution, column: usize) -> Cow<'a, str> {
    match table::DISTRIBUTIONS.get(column).map_or("", |column| column.name) {
        "DomainName" => d.own_domain().unwrap_or_default().into(),
        "Origin" => origin(d).into(),
        "LastModified" => clock::moment(look.theme, look.model.engine.now, d.last_modified).into(),
        "Status" => d.status.as_str().into(),
        "PriceClass" => d.price_class.trim_start_matches("PriceClass_").into(),
        "HttpVersion" => d.http_version.as_str().into(),
        "Cache tags" => cache_tags(&look.model.engine, d).to_owned().into(),
        _ => "".into(),
    }
}

/// Returns the contents of the Aliases column. A multi-tenant distribution has neither aliases nor its own domain name.
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

fn draw_row(look: ViewContext<'_>, d: &Distribution, buffer: &mut Buffer, cells: [Rect; COLUMNS]) {
    let theme = look.theme;
    let [aliases, _, id, comment, others @ .., special] = cells;
    let text = if d.enabled { theme.text } else { theme.dim };
    let extra = if d.aliases.len() > 1 { more(d) } else { String::new() };
    let style = if d.aliases.is_empty() { theme.dim } else { text };
    page::named(buffer, aliases, (name(d), style), (&extra, theme.dim));
    Pen::new(buffer, id).text(d.id.as_str(), text);
    let said = if d.comment.is_empty() { "–" } else { &d.comment };
    Pen::new(buffer, comment).text(said, theme.dim);
    for (number, cell) in others.into_iter().enumerate().filter(|(_, cell)| cell.width > 0) {
        Pen::new(buffer, cell).text(&chosen(look, d, 4 + number), theme.dim);
    }
    let mut pen = Pen::new(buffer, special);
    for (word, style) in facts(look, d) {
        pen.text(&word, style).skip(1);
    }
}

/// Draws the last invalidation, or a dash if the distribution's invalidations have been loaded and there are none.
fn draw_last(look: ViewContext<'_>, d: &Distribution, buffer: &mut Buffer, cell: Rect) {
    let (engine, target) = (&look.model.engine, Target::Distribution(d.id.clone()));
    let key = latest(engine, &target);
    if let Some(row) = key.as_ref().and_then(|key| row(engine, key)) {
        last::draw(look, &row, buffer, cell);
    } else if engine.histories.get(&target).is_some_and(|history| history.complete) {
        Pen::new(buffer, cell).text("–", look.theme.dim);
    }
}

/// Returns the special features of a distribution, as words.
fn facts(look: ViewContext<'_>, d: &Distribution) -> Vec<(Cow<'static, str>, Style)> {
    let theme = look.theme;
    let worded = |feature: Feature| match feature {
        Feature::Draft(lines) => (
            format!("{} {}", feature.word(), thousands(lines as u64)).into(),
            theme.accent,
        ),
        Feature::Deploying => (feature.word().into(), theme.under_way),
        Feature::Disabled | Feature::CacheTags => (feature.word().into(), theme.dim),
        Feature::Staging => (feature.word().into(), theme.text),
        Feature::MultiTenant => (tenants(look, d), theme.text),
    };
    features(&look.model.engine, d).into_iter().map(worded).collect()
}

/// Returns `12 tenants ›` if the tenants have been loaded, and `tenants ›` otherwise, because they are not requested
/// just to be counted.
fn tenants(look: ViewContext<'_>, d: &Distribution) -> Cow<'static, str> {
    let known = look.model.engine.tenants.of(&d.id).filter(|list| list.complete);
    known.map_or("tenants ›".into(), |list| {
        format!("{} ›", count(list.all().len(), "tenant")).into()
    })
}
