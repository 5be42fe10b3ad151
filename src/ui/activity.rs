//! The activity strip below the distributions: invalidations of all targets that are in progress or ended most
//! recently, whether or not they were created from here.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::context::ViewContext;
use super::last;
use super::page::inset;
use super::widget::pen::{Pen, columns_of, line_of, rule};
use super::widget::text::width;
use crate::engine::row::row;

/// The tag of an invalidation that was not created by this ledger.
const NOT_FROM_HERE: &str = "not from here";
/// The width of the strip's name, in columns.
const NAME: usize = 10;

/// Returns how many invalidations the strip shows.
pub(super) fn rows(area: Rect) -> usize {
    usize::from(area.height).saturating_sub(1)
}

/// Draws the strip and the rule above it, if there is room.
pub(super) fn draw(look: ViewContext<'_>, buffer: &mut Buffer, area: Rect) {
    if rows(area) == 0 {
        return;
    }
    let (theme, engine) = (look.theme, &look.model.engine);
    rule(buffer, inset(line_of(area, 0)), theme.dim);
    let first = inset(line_of(area, 1));
    Pen::new(buffer, first).text("Activity", theme.dim);
    let found: Vec<_> = look.activity().rows.iter().filter_map(|key| row(engine, key)).collect();
    if found.is_empty() {
        let place = columns_of(first, NAME, usize::from(first.width));
        Pen::new(buffer, place).text("no invalidations yet", theme.dim);
        return;
    }
    let labels: Vec<_> = found.iter().map(|row| engine.label(row.target)).collect();
    let widest = labels.iter().map(|label| width(label)).max().unwrap_or(0);
    let most = usize::from(area.width) / 3;
    let widest = widest.clamp(most.min(20), most);
    for (number, (row, label)) in found.iter().zip(&labels).enumerate() {
        let line = inset(line_of(area, number + 1));
        Pen::new(buffer, columns_of(line, NAME, widest)).text(label, theme.text);
        let rest = columns_of(line, NAME + widest + 2, usize::from(line.width));
        let aside = if row.submission.is_none() { NOT_FROM_HERE } else { "" };
        let room = usize::from(rest.width).saturating_sub(width(aside) + 2);
        last::draw_one_of_many(look, row, buffer, columns_of(rest, 0, room));
        Pen::new(buffer, rest).right(aside, theme.dim);
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

    use chrono::{DateTime, TimeDelta};
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    use crate::app::model::{Model, Preferences};
    use crate::domain::distribution::Target;
    use crate::domain::invalidation::{InvalidationId, InvalidationSummary, Page, Status};
    use crate::engine::steps;
    use crate::ui::{Theme, ViewMemory, view};

    const TARGETS: i64 = 30;
    const EACH: i64 = 8;

    fn model() -> Model {
        let start = DateTime::UNIX_EPOCH;
        let mut model = Model::new(Preferences::default(), start);
        for target in 0..TARGETS {
            let summary = |number| InvalidationSummary {
                id: InvalidationId::new(format!("I{target}-{number}")),
                status: Status::new("Completed"),
                create_time: start + TimeDelta::seconds(target * EACH + number),
            };
            let items = (0..EACH).map(summary).collect();
            let target = Target::from_id(&format!("E{target}"));
            let list = model.engine.histories.entry(&target);
            list.take_first_page(Page { items, next: None }, start);
        }
        model
    }

    #[test]
    fn the_strip_and_the_line_below_the_title_examine_each_invalidation_once() {
        let theme = Theme::named("default", |time| time.fixed_offset()).unwrap();
        let (model, mut memory) = (model(), ViewMemory::default());
        let mut terminal = Terminal::new(TestBackend::new(160, 50)).unwrap();
        steps::taken();
        terminal
            .draw(|frame| drop(view(&model, &theme, &mut memory, frame)))
            .unwrap();
        let examined = steps::taken();
        let shown: String = terminal
            .backend()
            .buffer()
            .content
            .iter()
            .map(ratatui::buffer::Cell::symbol)
            .collect();
        assert!(
            shown.contains("Activity") && shown.contains("last completed"),
            "{shown}"
        );
        assert_eq!(examined, u64::try_from(TARGETS * EACH).unwrap());
    }
}
