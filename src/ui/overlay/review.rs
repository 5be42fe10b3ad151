//! The review overlay, the last check before sending: the account, the targets, the exact items, the price, and the
//! text to type.

use std::collections::BTreeMap;
use std::ops::Range;

use chrono::TimeDelta;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::theme::mark;
use super::super::widget::field::field;
use super::super::widget::pen::{Pen, columns_of, line_of, spans_width, two_sided};
use super::super::widget::text::{chunks, count, width, wrap};
use super::super::{clock, words};
use super::confirmation::{asked, confirm};
use super::kit::{Sheet, columns, part};
use crate::app::act::review::blocked;
use crate::app::activity::same_in_progress;
use crate::app::overlay::review::{Review, ReviewedItem};
use crate::domain::distribution::{DistributionId, Target};
use crate::domain::duration::short;
use crate::domain::quota::gauge;
use crate::domain::text::agree;
use crate::engine::counting;
use crate::engine::queue::{batches_in_progress, in_progress};
use crate::engine::row::row;

/// The preferred width, in columns.
const WIDTH: usize = 92;
/// The maximum number of targets, and of skipped lines, that are listed individually.
const NAMED: usize = 4;

/// The number of item rows that are always visible; other lines are dropped to make room for them.
const FEWEST: usize = 2;

/// A line of the review.
struct Line<'a> {
    left: Vec<Span<'a>>,
    right: Vec<Span<'a>>,
    /// How early the line is dropped if there are too few rows.
    yields: Priority,
}

/// How early a line is dropped when there is little room: lines with the last variant go first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Priority {
    Never,
    Last,
    Late,
    Early,
    First,
}

impl<'a> Line<'a> {
    fn of(left: Vec<Span<'a>>) -> Self {
        Self {
            left,
            right: Vec::new(),
            yields: Priority::Never,
        }
    }

    fn blank() -> Self {
        Self::of(Vec::new()).yielding(Priority::Early)
    }

    fn yielding(self, yields: Priority) -> Self {
        Self { yields, ..self }
    }

    fn draw(&self, buffer: &mut Buffer, line: Rect) {
        two_sided(buffer, line, &self.left, &self.right);
    }
}

/// Draws the overlay. Returns the position of the terminal's cursor.
pub(super) fn draw(
    look: ViewContext<'_>,
    review: &Review,
    scroller: Scroller<'_>,
    buffer: &mut Buffer,
    room: Rect,
) -> Option<Position> {
    let columns = columns(WIDTH, room);
    let (mut above, mut below) = (above(look, review, columns), below(look, review, columns));
    let middle = rows_of(review, columns, usize::from(room.height));
    let danger = review.confirmation.is_some() && !review.is_confirmed();
    let sheet = Sheet {
        title: "Review",
        size: (columns, above.len() + middle + below.len()),
        border: if danger { look.theme.wrong } else { look.theme.dim },
    };
    let opened = sheet.open(look, buffer, room);
    let body = opened.body;
    // Everything that the user must know or type keeps its lines. The list of items shrinks and scrolls, but is never
    // hidden.
    give_way(
        &mut above,
        &mut below,
        usize::from(body.height).saturating_sub(middle.min(FEWEST)),
    );
    let fixed = above.len() + below.len();
    if fixed + middle.min(1) > usize::from(body.height) {
        too_small(look, columns, buffer, body);
        return None;
    }
    let middle = middle.min(usize::from(body.height).saturating_sub(fixed));
    for (number, line) in above.iter().enumerate() {
        line.draw(buffer, line_of(body, number));
    }
    let seen = draw_items(look, review, scroller, buffer, part(body, above.len(), middle));
    opened.tell(look, buffer, &seen, review.items.len());
    let end = above.len() + middle;
    for (number, line) in below.iter().enumerate() {
        line.draw(buffer, line_of(body, end + number));
    }
    let at_note = note_field(look, review, buffer, line_of(body, end));
    let Some(typed) = &review.confirmation else {
        return at_note;
    };
    let rows = asked(typed, columns).len();
    let at_confirmation = confirm(look, typed, buffer, part(body, end + below.len() - rows, rows));
    at_note.or(at_confirmation)
}

fn too_small(look: ViewContext<'_>, columns: usize, buffer: &mut Buffer, body: Rect) {
    let text = format!(
        "{} too small to show what is sent: make the window larger",
        mark::WARNING
    );
    for (number, line) in sentence(&text, look.theme.wrong, columns).iter().enumerate() {
        line.draw(buffer, line_of(body, number));
    }
}

/// Drops lines until at most `most` are left or no more may be dropped.
fn give_way<'a>(above: &mut Vec<Line<'a>>, below: &mut Vec<Line<'a>>, most: usize) {
    while above.len() + below.len() > most {
        let first = above.iter().chain(below.iter()).map(|line| line.yields).max();
        let Some(yields) = first.filter(|yields| *yields != Priority::Never) else {
            return;
        };
        let lines = if below.iter().any(|line| line.yields == yields) {
            &mut *below
        } else {
            &mut *above
        };
        if let Some(place) = lines.iter().rposition(|line| line.yields == yields) {
            lines.remove(place);
        }
    }
}

/// Returns the lines above the items: the account, the targets, the amount.
fn above<'a>(look: ViewContext<'a>, review: &'a Review, columns: usize) -> Vec<Line<'a>> {
    let theme = look.theme;
    let mut lines = vec![Line::of(words::scope(look, &review.scope))];
    let named = review.targets.iter().take(NAMED);
    lines.extend(named.map(|target| Line::of(target_line(look, target))));
    if review.targets.len() > NAMED {
        let rest = review.targets.iter().skip(NAMED).map(|(target, _)| target);
        let more = format!("and {} more{}", rest.len(), words::of_them_tenants(rest));
        lines.push(Line::of(vec![Span::styled(more, theme.dim)]));
    }
    let parents = parents(look, review).into_iter();
    lines.extend(parents.map(|parent| Line::of(parent).yielding(Priority::Late)));
    lines.push(Line::blank());
    let (amount, price) = (amount(review), price(look, review));
    let fits = width(&amount) + 2 + spans_width(&price) <= columns;
    let left = vec![Span::styled(amount, theme.strong)];
    if fits {
        lines.push(Line {
            right: price,
            ..Line::of(left).yielding(Priority::Last)
        });
    } else {
        lines.push(Line::of(left).yielding(Priority::Last));
        lines.push(Line::of(price).yielding(Priority::Late));
    }
    lines.extend(pace(look, review).map(|text| Line::of(vec![Span::styled(text, theme.dim)]).yielding(Priority::Late)));
    lines.extend(
        disabled(look, review).map(|text| Line::of(vec![Span::styled(text, theme.under_way)]).yielding(Priority::Late)),
    );
    lines.extend(deployment(look, review));
    // The text to type takes up the available room.
    if review.confirmation.is_some() {
        return lines;
    }
    let same = review
        .targets
        .iter()
        .filter_map(|(target, _)| same(look, review, target));
    lines.extend(
        same.take(1)
            .map(|text| Line::of(vec![Span::styled(text, theme.under_way)])),
    );
    let used = review.targets.iter().filter_map(|target| used(look, review, target));
    lines.extend(
        used.take(NAMED)
            .map(|text| Line::of(vec![Span::styled(text, theme.dim)])),
    );
    lines
}

/// Describes how long it takes to send the requests, if that is worth mentioning.
fn pace(look: ViewContext<'_>, review: &Review) -> Option<String> {
    const WORTH_SAYING: TimeDelta = TimeDelta::seconds(20);
    let engine = &look.model.engine;
    let takes = engine.queue.takes(review.requests());
    let requests = count(review.requests(), "request");
    let per_minute = engine.preferences.send.requests_per_minute;
    (takes >= WORTH_SAYING).then(|| {
        let span = short(takes);
        format!(
            "{requests} will take about {span} to send at {per_minute} per minute, the account's limit across all \
                targets"
        )
    })
}

/// Describes how many of the targets are disabled but still billed.
fn disabled(look: ViewContext<'_>, review: &Review) -> Option<String> {
    let (fleet, tenants) = (&look.model.engine.fleet, &look.model.engine.tenants);
    let is_disabled = |target: &&Target| match target {
        Target::Tenant(id) => tenants.get(id).is_some_and(|tenant| !tenant.enabled),
        Target::Distribution(id) => fleet.get(id).is_some_and(|distribution| !distribution.enabled),
    };
    let all = review.targets.iter().map(|(target, _)| target);
    let (of_tenants, of_distributions): (Vec<_>, Vec<_>) = all
        .filter(is_disabled)
        .partition(|target| matches!(target, Target::Tenant(_)));
    let (disabled, word) = match (of_tenants.len(), of_distributions.len()) {
        (number, 0) => (number, "tenant"),
        (0, number) => (number, "distribution"),
        (some, others) => (some + others, "target"),
    };
    let are = agree(disabled, "is", "are");
    (disabled > 0).then(|| format!("{} {are} disabled but still billed", count(disabled, word)))
}

/// Describes how many targets are being deployed, and whether the submissions wait for the deployment.
fn deployment<'a>(look: ViewContext<'a>, review: &Review) -> Option<Line<'a>> {
    let deploying = review.deploying(&look.model.engine);
    let what = match (deploying.as_slice(), review.targets.len()) {
        ([], _) => return None,
        (_, 1) => "it is being deployed (InProgress)".to_owned(),
        (some, _) => format!(
            "{} of them {} being deployed",
            some.len(),
            agree(some.len(), "is", "are")
        ),
    };
    let text = if review.when_deployed {
        format!("{what}: held until Deployed")
    } else {
        format!("{what}: sent immediately unless you hold it")
    };
    Some(Line::of(vec![Span::styled(text, look.theme.under_way)]).yielding(Priority::Late))
}

/// Describes what is already in progress on a target; with several targets, its label comes first.
fn used(look: ViewContext<'_>, review: &Review, (target, label): &(Target, String)) -> Option<String> {
    let engine = &look.model.engine;
    let sizes = gauge(in_progress(engine, target)).map(|used| format!("{used} already in progress"));
    let told = sizes.or_else(|| {
        let batches = batches_in_progress(engine, target).filter(|batches| *batches > 0)?;
        Some(format!(
            "{} in progress when last checked",
            count(batches, "invalidation")
        ))
    })?;
    Some(match review.targets.len() {
        1 => told,
        _ => format!("{label}: {told}"),
    })
}

/// Says that the same items are already being invalidated on a target.
fn same(look: ViewContext<'_>, review: &Review, target: &Target) -> Option<String> {
    let engine = &look.model.engine;
    let key = same_in_progress(engine, target, review.batch.items())?;
    let since = row(engine, &key)?.create_time.map_or_else(
        || "waiting to be sent".to_owned(),
        |time| format!("in progress, created {}", clock::moment(look.theme, engine.now, time)),
    );
    let place = match review.targets.len() {
        1 => String::new(),
        _ => format!(" on {}", engine.label(target)),
    };
    Some(format!("the same items are already {since}{place}"))
}

pub(super) fn target_line<'a>(look: ViewContext<'a>, (target, label): &'a (Target, String)) -> Vec<Span<'a>> {
    let theme = look.theme;
    let mut spans = vec![Span::styled(label.as_str(), theme.strong)];
    if label != target.id() {
        spans.push(Span::styled(format!("  {}", target.id()), theme.text));
    }
    let comment = match target {
        Target::Distribution(id) => look.model.engine.fleet.get(id).map(|d| d.comment.as_str()),
        Target::Tenant(id) => look.model.engine.tenants.get(id).map(|tenant| tenant.name.as_str()),
    };
    if let Some(comment) = comment.filter(|comment| !comment.is_empty()) {
        spans.push(Span::styled(format!("  {comment}"), theme.dim));
    }
    if let (Target::Distribution(id), Some(as_of)) = (target, look.model.engine.fleet.kept_as_of())
        && look.model.engine.fleet.is_unconfirmed(id)
    {
        let time = clock::moment(theme, look.model.engine.now, as_of);
        spans.push(Span::styled(format!("  as of {time}, not updated"), theme.under_way));
    }
    spans
}

/// Returns one line for each distribution that the tenants belong to.
fn parents<'a>(look: ViewContext<'a>, review: &Review) -> Vec<Vec<Span<'a>>> {
    let (model, theme) = (look.model, look.theme);
    let mut tenants: BTreeMap<&DistributionId, usize> = BTreeMap::new();
    for (target, _) in &review.targets {
        if let Target::Tenant(id) = target
            && let Some(tenant) = model.engine.tenants.get(id)
        {
            *tenants.entry(&tenant.distribution).or_default() += 1;
        }
    }
    let line = |(id, number): (&'a DistributionId, usize)| {
        let comment = model.engine.fleet.get(id).map_or("", |d| &d.comment);
        let whose = if review.targets.len() == 1 {
            "tenant of ".to_owned()
        } else {
            format!("{} of ", count(number, "tenant"))
        };
        vec![
            Span::styled(whose, theme.dim),
            Span::styled(id.as_str(), theme.text),
            Span::styled(format!("  {comment}"), theme.dim),
        ]
    };
    tenants.into_iter().take(NAMED).map(line).collect()
}

fn amount(review: &Review) -> String {
    let items = count(review.batch.items().len(), "item");
    let requests = match review.requests() {
        requests if review.batches.len() > 1 => format!(" in {}", count(requests, "request")),
        _ => String::new(),
    };
    match review.targets.len() {
        1 => format!("{items} will be sent{requests}"),
        targets => format!("{items} will be sent to each of {}{requests}", count(targets, "target")),
    }
}

fn price<'a>(look: ViewContext<'a>, review: &Review) -> Vec<Span<'a>> {
    let billable = usize::try_from(review.billable()).unwrap_or(usize::MAX);
    let price = counting::price(&look.model.engine, billable);
    vec![
        Span::styled(price.words, look.theme.strong),
        Span::styled(format!(" · {}", price.free), look.theme.dim),
    ]
}

/// Returns the lines below the items: what is skipped, why it cannot be sent, and what to type.
fn below<'a>(look: ViewContext<'a>, review: &'a Review, columns: usize) -> Vec<Line<'a>> {
    let theme = look.theme;
    let mut lines = Vec::new();
    lines.push(note(look, review));
    for line in review.left_out.iter().take(NAMED) {
        let spans = vec![
            Span::styled("skipped (covered)  ", theme.dim),
            Span::styled(line.as_str(), theme.dim),
        ];
        lines.push(Line::of(spans).yielding(Priority::First));
    }
    if let Some(more) = review.left_out.len().checked_sub(NAMED).filter(|more| *more > 0) {
        let more = format!("skipped (covered)  {} more", count(more, "line"));
        lines.push(Line::of(vec![Span::styled(more, theme.dim)]).yielding(Priority::First));
    }
    if let Err(reason) = blocked(&look.model.engine) {
        lines.extend(sentence(&format!("{} {reason}", mark::WRONG), theme.wrong, columns));
    }
    if let Some(confirmation) = &review.confirmation {
        lines.push(Line::blank());
        let text = format!("{} {}", mark::WARNING, confirmation.reason);
        lines.extend(sentence(&text, theme.wrong, columns));
        // Empty lines reserve the space for the field.
        lines.extend(asked(confirmation, columns).iter().map(|_| Line::of(Vec::new())));
    }
    lines
}

/// The label of the note.
const NOTE: &str = "note  ";

/// Returns the line for the note, which is the first line below the items. While the user types the note, a text field
/// takes the place of its text.
fn note<'a>(look: ViewContext<'a>, review: &'a Review) -> Line<'a> {
    let theme = look.theme;
    let (text, yields) = match (&review.noting, &review.note) {
        (Some(typed), _) if typed.value().is_empty() => {
            let hint = Span::styled("reason for it, stored only on this machine", theme.dim);
            (hint, Priority::Never)
        }
        (Some(_), _) => (Span::raw(""), Priority::Never),
        (None, Some(note)) => (Span::styled(note.as_str(), theme.text), Priority::Late),
        (None, None) => (Span::styled("–", theme.dim), Priority::First),
    };
    Line::of(vec![Span::styled(NOTE, theme.dim), text]).yielding(yields)
}

/// Draws the note's text field while the user types in it. Returns the position of the terminal's cursor.
fn note_field(look: ViewContext<'_>, review: &Review, buffer: &mut Buffer, line: Rect) -> Option<Position> {
    let typed = review.noting.as_ref()?;
    let place = columns_of(line, width(NOTE), usize::from(line.width));
    field(buffer, place, typed.value(), typed.cursor(), look.theme.strong)
}

fn sentence<'a>(text: &str, style: Style, columns: usize) -> Vec<Line<'a>> {
    let lines = wrap(text, columns).into_iter();
    lines.map(|line| Line::of(vec![Span::styled(line, style)])).collect()
}

/// Returns the lines of an item and its note. The lines show in full what is sent; the note, beside or below them,
/// shows what was typed and what the item clears.
fn item_lines(item: &ReviewedItem, columns: usize) -> (Vec<String>, String) {
    let note = match (&item.typed, item.clears.is_empty()) {
        (Some(typed), true) => format!("typed: {typed}"),
        (Some(typed), false) => format!("{}; typed: {typed}", item.clears),
        (None, _) => item.clears.clone(),
    };
    (chunks(&item.wire, columns.saturating_sub(2)), note)
}

/// Returns the column of the notes, which are aligned if the items are short.
fn note_column(columns: usize) -> usize {
    columns * 2 / 5
}

fn item_height(item: &ReviewedItem, columns: usize) -> usize {
    let (lines, note) = item_lines(item, columns);
    lines.len() + usize::from(!beside(&lines, &note, columns))
}

/// Returns whether there is room for the note next to the item.
fn beside(lines: &[String], note: &str, columns: usize) -> bool {
    const GAP: usize = 2;
    note.is_empty() || matches!(lines, [line] if 2 + width(line) + GAP <= note_column(columns))
}

/// Returns the number of rows that the items would take, counted only up to the available room.
fn rows_of(review: &Review, columns: usize, most: usize) -> usize {
    let mut rows = 0;
    for item in review.items.iter().take(most) {
        rows += item_height(item, columns);
    }
    rows.min(most)
}

fn draw_items(
    look: ViewContext<'_>,
    review: &Review,
    mut scroller: Scroller<'_>,
    buffer: &mut Buffer,
    list: Rect,
) -> Range<usize> {
    let theme = look.theme;
    let columns = usize::from(list.width);
    let height = |place: usize| review.items.get(place).map_or(1, |item| item_height(item, columns));
    let seen = scroller.flowing(review.items.len(), usize::from(list.height), height);
    let mut row = 0;
    for item in review.items.get(seen.clone()).unwrap_or_default() {
        let (lines, note) = item_lines(item, columns);
        for (number, line) in lines.iter().enumerate() {
            Pen::new(buffer, line_of(list, row + number))
                .skip(2)
                .text(line, theme.text);
        }
        if beside(&lines, &note, columns) {
            Pen::new(buffer, line_of(list, row))
                .skip(note_column(columns))
                .text(&note, theme.dim);
        } else {
            Pen::new(buffer, line_of(list, row + lines.len()))
                .skip(4)
                .text(&note, theme.dim);
        }
        row += item_height(item, columns);
    }
    seen
}
