//! The title of the invalidations page: the target, the sort order and the typical time.

use ratatui::buffer::Buffer;
use ratatui::text::Span;

use crate::app::activity;
use crate::app::overview::{self, Loaded};
use crate::app::screen::invalidations::Invalidations;
use crate::domain::distribution::Target;
use crate::domain::duration::short;
use crate::engine::row::{slow_from, usual_of};
use crate::ui::context::ViewContext;
use crate::ui::page::{self, Areas};
use crate::ui::widget::gauge::sparkline;
use crate::ui::widget::pen::{TWO_SIDES, spans_width};
use crate::ui::widget::text::{thousands, width};
use crate::ui::{table, words};

/// Draws the title.
pub(super) fn draw(
    look: ViewContext<'_>,
    screen: &Invalidations,
    sort_is_seen: bool,
    buffer: &mut Buffer,
    areas: &Areas,
) {
    let theme = look.theme;
    let mut left = vec![Span::styled("Invalidations  ", theme.strong)];
    let mut right = Vec::new();
    if let Some(sorted) = table::sorted_by(look, screen.table(), sort_is_seen) {
        right.extend([sorted, Span::raw("  ")]);
    }
    match &screen.target {
        Some(target) => {
            left.extend(words::named(look, target));
            let room = usize::from(page::inset(areas.title).width);
            let others = spans_width(&left) + spans_width(&right) + TWO_SIDES;
            right.extend(typical(look, target, room.saturating_sub(others)));
        }
        None => left.push(Span::styled(of_all(look), theme.dim)),
    }
    page::title(buffer, areas, &left, &right);
}

/// Describes which targets' invalidations the page lists. Tenants are loaded only once they are opened.
fn of_all(look: ViewContext<'_>) -> String {
    match overview::loaded(look.model) {
        Some(Loaded { loaded, all, .. }) if loaded < all => {
            let (loaded, all) = (thousands(loaded as u64), thousands(all as u64));
            format!("{loaded} of {all} distributions loaded")
        }
        Some(Loaded { has_tenants: true, .. }) => "all distributions and opened tenants".to_owned(),
        Some(_) => "all distributions".to_owned(),
        None => "all targets loaded so far".to_owned(),
    }
}

/// Returns the typical time of a target, then the time after which an invalidation is slow, then the newest completion
/// times. A figure is shown whole or not at all.
fn typical<'a>(look: ViewContext<'a>, target: &Target, room: usize) -> Vec<Span<'a>> {
    let (theme, engine) = (look.theme, &look.model.engine);
    let Some(usual) = usual_of(engine, target) else {
        return Vec::new();
    };
    let mut spans = vec![Span::styled(format!("typical {}", short(usual.median)), theme.dim)];
    let slow = format!(" · slow after {}", short(slow_from(Some(usual))));
    if spans_width(&spans) + width(&slow) <= room {
        spans.push(Span::styled(slow, theme.dim));
    }
    let left = room.saturating_sub(spans_width(&spans) + 2);
    let times = activity::times(engine, target, left.min(TIMES));
    if spans.len() > 1 && times.len() >= FEWEST_TIMES {
        spans.insert(0, Span::styled(format!("{}  ", sparkline(&times)), theme.accent));
    }
    spans
}

/// The maximum number of completion times in the title.
const TIMES: usize = 20;
/// The minimum number of completion times needed to show a trend.
const FEWEST_TIMES: usize = 4;
