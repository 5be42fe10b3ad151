//! The view: draws a model as terminal cells. It changes nothing, waits for nothing and reads no clock.
//!
//! External text is escaped before it is measured ([`crate::domain::text::visible`], through `widget::text`), so no
//! control character can reach the terminal. Only visible rows are processed.

mod activity;
mod clock;
mod composer;
mod context;
mod details;
mod distributions;
mod farewell;
mod footer;
mod freshness;
mod glance;
mod header;
mod history;
mod hits;
mod invalidations;
mod last;
mod memory;
mod overlay;
mod page;
mod status;
mod table;
mod tenants;
mod theme;
mod widget;
mod words;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

pub use farewell::{farewell, not_saved};
pub use memory::ViewMemory;
pub use theme::{Depth, LocalTime, Theme, Themes};

use crate::app::model::{Model, Times};
use crate::app::overlay::keys::Keys;
use crate::app::pointer::Hits;
use crate::app::screen::Screen;
use context::{Recent, ViewContext};
use hits::Recorder;
use page::Areas;
use widget::pen::{Pen, line_of};

/// The minimum size for a useful page, in columns and rows.
const SMALLEST: (u16, u16) = (40, 8);

/// Draws the model and returns the clickable areas. The memory keeps the state that only the view needs between frames,
/// e.g. the first visible row.
pub fn view(model: &Model, theme: &Theme, memory: &mut ViewMemory, frame: &mut Frame) -> Hits {
    let utc;
    let theme = match model.times {
        Times::Local | Times::Relative => theme,
        Times::Utc => {
            utc = Theme {
                local: |time| time.fixed_offset(),
                ..theme.clone()
            };
            &utc
        }
    };
    let area = frame.area();
    let areas = areas(model, area);
    let (hits, recent) = (Recorder::default(), Recent::of(activity::rows(areas.activity)));
    let look = ViewContext {
        model,
        theme,
        keys: Keys::default(),
        hits: &hits,
        recent: &recent,
    };
    theme.lay(frame.buffer_mut());
    let cursor = if area.width < SMALLEST.0 || area.height < SMALLEST.1 {
        too_small(look, frame.buffer_mut(), area)
    } else {
        draw(look, memory, frame.buffer_mut(), area, &areas)
    };
    if let Some(position) = cursor {
        frame.set_cursor_position(position);
    }
    hits.into_hits()
}

fn areas(model: &Model, area: Rect) -> Areas {
    match model.screen() {
        Screen::Distributions(screen) => Areas::dashboard(area, screen.list.total()),
        _ => Areas::of(area),
    }
}

fn draw(
    look: ViewContext<'_>,
    memory: &mut ViewMemory,
    buffer: &mut Buffer,
    area: Rect,
    areas: &Areas,
) -> Option<Position> {
    header::draw(look, buffer, areas.bar);
    let cursor = match look.model.screen() {
        Screen::Distributions(screen) => distributions::draw(look, screen, memory, buffer, areas),
        Screen::Tenants(screen) => tenants::draw(look, screen, memory, buffer, areas),
        Screen::Invalidations(screen) => invalidations::draw(look, screen, memory, buffer, areas),
        Screen::Composer(screen) => composer::draw(look, screen, memory, buffer, area, areas),
        Screen::History(screen) => history::draw(look, screen, memory, buffer, areas),
        Screen::Details(screen) => {
            details::draw(look, screen, memory, buffer, areas);
            None
        }
    };
    page::ledger_closed(look, buffer, areas);
    if look.model.overlays.is_empty() {
        footer::notice(look, buffer, areas.notice);
        footer::draw(look, buffer, areas.footer);
        return cursor;
    }
    // An overlay shows its own keys, so the notice replaces the page's keys.
    footer::notice(look, buffer, areas.footer);
    overlay::draw(look, memory, buffer, area)
}

fn too_small(look: ViewContext<'_>, buffer: &mut Buffer, area: Rect) -> Option<Position> {
    let sentence = format!(
        "invalidash needs a terminal of at least {} × {}",
        SMALLEST.0, SMALLEST.1
    );
    let lines = widget::text::wrap(&sentence, usize::from(area.width).max(1));
    for (number, line) in lines.iter().enumerate() {
        Pen::new(buffer, line_of(area, number)).text(line, look.theme.text);
    }
    None
}
