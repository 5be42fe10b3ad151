//! The composer's next steps: what to type into an empty list, and how to get from a list to the review.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::DIGITS;
use crate::app::action::Action;
use crate::app::key::Key;
use crate::app::pointer::Hit;
use crate::app::screen::composer::Composer;
use crate::ui::context::ViewContext;
use crate::ui::widget::pen::{Pen, columns_of, line_of, rows_from};
use crate::ui::widget::text::width;
use crate::ui::words;

/// Draws the next step below the last line: the key for the review. Enter only adds lines, because a terminal without
/// bracketed paste sends a pasted line break as Enter, and a paste must never trigger a submission.
pub(super) fn next_step(look: ViewContext<'_>, composer: &Composer, buffer: &mut Buffer, line: Rect) {
    let summary = composer.analysis.summary();
    if summary.errors == 0 && summary.billable > 0 {
        step(look, (Action::Review, "review, then submit"), buffer, line);
    }
}

/// Draws the items that can be reused with a single key. Returns the number of rows used.
fn reuse(look: ViewContext<'_>, composer: &Composer, buffer: &mut Buffer, line: Rect) -> usize {
    let (items, words) = (composer.reusable(), Action::Repeat.entry().hint);
    if items.is_empty() {
        return 0;
    }
    let room = usize::from(line.width).saturating_sub(KEY + width(words) + 4);
    let what = format!("{words}:  {}", words::listed(items, items.len(), room));
    step(look, (Action::Complete, &what), buffer, line);
    2
}

/// The width of a key and the gap behind it, in columns.
const KEY: usize = 8;

/// Draws a key and what it does; clicking the line presses the key.
fn step(look: ViewContext<'_>, (action, what): (Action, &str), buffer: &mut Buffer, line: Rect) {
    let Some(key) = key(look, action) else { return };
    let name = key.to_string();
    let gap = KEY.saturating_sub(width(&name)).max(1);
    let mut pen = Pen::new(buffer, line);
    pen.text(&name, look.theme.accent).skip(gap).text(what, look.theme.dim);
    let columns = usize::from(pen.position().0.saturating_sub(line.x));
    look.hits.put(columns_of(line, 0, columns), Hit::Hint(key));
}

/// Returns the first of an action's keys that does not type text.
fn key(look: ViewContext<'_>, action: Action) -> Option<Key> {
    let keys = look.model.keymap.keys(action.entry());
    keys.iter().find(|key| key.typed().is_none()).copied()
}

/// The column at which the text of a line begins.
const GUTTER: usize = DIGITS + 5;

/// Draws the hints for an empty list: the shortest way to fill it, what to type, and the other ways.
pub(super) fn invite(look: ViewContext<'_>, composer: &Composer, buffer: &mut Buffer, area: Rect) {
    let used = reuse(
        look,
        composer,
        buffer,
        columns_of(line_of(area, 1), GUTTER, usize::from(area.width)),
    );
    let review = key(look, Action::Review).map_or_else(String::new, |key| format!(", then {key}"));
    let opening = if used > 0 { "Or type" } else { "Type" };
    let area = rows_from(area, used);
    let examples = [
        ("/index.html", "one object"),
        ("/images/*", "everything that starts with /images/"),
        ("#product:tv", "every object with this cache tag"),
        ("https://…", "a URL (its path is used)"),
    ];
    Pen::new(buffer, line_of(area, 1))
        .skip(GUTTER)
        .text(&format!("{opening} one path or tag per line{review}:"), look.theme.dim);
    for (number, (example, meaning)) in examples.into_iter().enumerate() {
        let line = line_of(area, number + 3);
        Pen::new(buffer, line).skip(GUTTER).text(example, look.theme.text);
        Pen::new(buffer, line).skip(GUTTER + 13).text(meaning, look.theme.dim);
    }
    let steps = [
        (Action::Import, "import from a file, git, a sitemap…"),
        (Action::Lists, "load a saved list"),
    ];
    for (number, next) in steps.into_iter().enumerate() {
        let line = line_of(area, examples.len() + 4 + number);
        step(look, next, buffer, columns_of(line, GUTTER, usize::from(line.width)));
    }
}
