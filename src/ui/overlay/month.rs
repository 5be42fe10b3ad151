//! The overlay with the number of paths invalidated this month: in total, by day, by tool and by target.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::clock;
use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::text::{thousands, wrap};
use super::kit::{self, columns};
use crate::domain::month::{Count, Figures, price};
use crate::domain::text::{count as number_of, visible};

/// The width of the name before a figure, in columns.
const NAME: usize = 24;
/// The width of a figure, in columns.
const FIGURE: usize = 8;
/// The width of the longest bar, in columns.
const BAR: u64 = 30;
/// The preferred width, in columns.
const WIDTH: usize = 76;

type Lines<'a> = Vec<Vec<Span<'a>>>;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let columns = columns(WIDTH, room);
    let lines = lines(look, columns);
    kit::report((look, "This month"), &lines, (60, WIDTH), scroller, buffer, room);
}

fn lines(look: ViewContext<'_>, columns: usize) -> Lines<'_> {
    let counting = &look.model.engine.counting;
    let mut lines = Lines::new();
    let counted = counting.count.as_ref().zip(counting.figures());
    if let Some((count, figures)) = &counted {
        lines.push(vec![Span::styled(headline(look, count, figures), look.theme.strong)]);
    }
    for sentence in state(look, counted.is_some()) {
        let wrapped = wrap(&sentence, columns);
        lines.extend(
            wrapped
                .into_iter()
                .map(|line| vec![Span::styled(line, look.theme.text)]),
        );
    }
    if let Some((count, figures)) = &counted {
        lines.push(Vec::new());
        facts(look, &mut lines, count, figures);
        days(look, &mut lines, figures);
        makers(look, &mut lines, figures);
        targets(look, &mut lines, figures);
    }
    lines
}

/// Returns the headline: `412 of 1,000 · counted 11:42, 14 of 14 distributions`.
fn headline(look: ViewContext<'_>, count: &Count, figures: &Figures) -> String {
    let at = clock::moment(look.theme, look.model.engine.now, count.begun);
    format!("{} · counted {}, {}", figures.used(), at.trim_end(), figures.counted())
}

fn state(look: ViewContext<'_>, is_counted: bool) -> Vec<String> {
    let counting = &look.model.engine.counting;
    let mut said = Vec::new();
    if counting.goes_on {
        said.push("Counting at one request per second when no others are pending".to_owned());
    } else if let Some(failure) = &counting.failure {
        said.push(format!("Stopped: {failure}"));
    } else if !is_counted {
        said.push(
            "Not counted yet. Counting lists the invalidations of every distribution and tenant and reads each one, at \
                one request per second; \
             progress is saved."
                .to_owned(),
        );
    } else if counting.count.as_ref().is_some_and(|count| count.ended.is_none()) {
        said.push("Stopped; resumes where it left off".to_owned());
    }
    let lacks = counting.count.iter().flat_map(|count| &count.discovery.lacks);
    said.extend(lacks.map(|action| format!("Lower bound, because the identity lacks cloudfront:{action}")));
    said
}

fn facts<'a>(look: ViewContext<'a>, lines: &mut Lines<'a>, count: &Count, figures: &Figures) {
    let mut fact = |name: &str, value: String| {
        lines.push(vec![
            Span::styled(format!("{name:NAME$}"), look.theme.dim),
            Span::styled(value, look.theme.text),
        ]);
    };
    fact("Invalidations", number_of(figures.invalidations, "invalidation"));
    fact("Price so far", figures.price().to_string());
    if let Some(paths) = figures.at_this_pace(count, look.model.engine.now) {
        let whole = format!("{} paths, {} at list price", thousands(paths), price(paths));
        fact("At this pace", whole);
    }
}

fn head<'a>(look: ViewContext<'a>, lines: &mut Lines<'a>, words: &'static str) {
    lines.push(Vec::new());
    lines.push(vec![Span::styled(words, look.theme.dim)]);
}

fn figure<'a>(look: ViewContext<'a>, lines: &mut Lines<'a>, name: &str, figure: &str, bar: usize) {
    let name: String = name.chars().take(NAME - 1).collect();
    lines.push(vec![
        Span::styled(format!("{name:NAME$}"), look.theme.text),
        Span::styled(format!("{figure:>FIGURE$}  "), look.theme.text),
        Span::styled("▇".repeat(bar), look.theme.accent),
    ]);
}

fn days<'a>(look: ViewContext<'a>, lines: &mut Lines<'a>, figures: &Figures) {
    let most = figures.days.values().copied().max().unwrap_or(0);
    if most == 0 {
        return;
    }
    head(look, lines, "Paths by day, UTC");
    for (day, paths) in &figures.days {
        let bar = usize::try_from((paths * BAR).div_ceil(most)).unwrap_or(0);
        figure(look, lines, &day.format("%b %d").to_string(), &thousands(*paths), bar);
    }
}

fn makers<'a>(look: ViewContext<'a>, lines: &mut Lines<'a>, figures: &Figures) {
    if figures.makers.is_empty() {
        return;
    }
    head(look, lines, "Created by (guessed from the CallerReference)");
    for (maker, paths) in &figures.makers {
        lines.push(vec![
            Span::styled(format!("{:>FIGURE$}  ", thousands(*paths)), look.theme.text),
            Span::styled(*maker, look.theme.text),
        ]);
    }
}

fn targets<'a>(look: ViewContext<'a>, lines: &mut Lines<'a>, figures: &Figures) {
    if figures.targets.is_empty() {
        return;
    }
    head(look, lines, "By target");
    for one in &figures.targets {
        let at_least = if one.exact { "" } else { "≥ " };
        let paths = format!("{at_least}{}", thousands(one.paths));
        lines.push(vec![
            Span::styled(format!("{paths:>FIGURE$}  "), look.theme.text),
            Span::styled(visible(&one.label).into_owned(), look.theme.text),
        ]);
    }
}
