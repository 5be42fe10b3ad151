//! The lines above the items: the account, the targets, the amount and what it costs.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ratatui::text::Span;

use super::super::super::context::ViewContext;
use super::super::super::widget::pen::spans_width;
use super::super::super::widget::text::{count, width};
use super::super::super::{clock, words};
use super::{Line, NAMED, Priority};
use crate::app::activity::unfinished;
use crate::app::overlay::review::Review;
use crate::domain::batch::Batch;
use crate::domain::distribution::{DistributionId, Target};
use crate::domain::duration::short;
use crate::domain::quota::{gauge, is_tight};
use crate::domain::text::agree;
use crate::engine::counting;
use crate::engine::queue::{batches_in_progress, in_progress};

/// Returns the lines above the items: the targets, the account, the amount.
pub(super) fn above<'a>(look: ViewContext<'a>, review: &'a Review, columns: usize) -> Vec<Line<'a>> {
    let theme = look.theme;
    let named = review.targets.iter().take(NAMED);
    let mut lines: Vec<_> = named.map(|target| Line::of(target_line(look, target))).collect();
    if review.targets.len() > NAMED {
        let rest = review.targets.iter().skip(NAMED).map(|(target, _)| target);
        let more = format!("and {} more{}", rest.len(), words::of_them_tenants(rest));
        lines.push(Line::of(vec![Span::styled(more, theme.dim)]));
    }
    let parents = parents(look, review).into_iter();
    lines.extend(parents.map(|parent| Line::of(parent).yielding(Priority::Late)));
    lines.push(Line::of(words::scope(look, &review.scope)));
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
    let targets = review.targets.iter().take(SEARCHED);
    let same = targets.filter_map(|(target, _)| same(look, review, target)).take(1);
    lines.extend(same.map(|text| Line::of(vec![Span::styled(text, theme.under_way)]).yielding(Priority::Late)));
    // If the user must type a confirmation, it takes up the available room.
    if review.confirmation.is_some() {
        return lines;
    }
    let used = review.targets.iter().filter_map(|target| used(look, review, target));
    lines.extend(
        used.take(NAMED)
            .map(|text| Line::of(vec![Span::styled(text, theme.dim)])),
    );
    lines
}

/// The number of targets that are searched for an invalidation of the same items, because every frame does so.
const SEARCHED: usize = 16;

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
        (_, 1) => "being deployed (InProgress)".to_owned(),
        (some, _) => format!(
            "{} of them {} being deployed",
            some.len(),
            agree(some.len(), "is", "are")
        ),
    };
    let text = if review.when_deployed {
        format!("{what}; held until Deployed")
    } else {
        format!("{what}; sent immediately unless held")
    };
    Some(Line::of(vec![Span::styled(text, look.theme.under_way)]).yielding(Priority::Late))
}

/// Describes what is already in progress on a target if the quota is getting tight; with several targets, its label comes
/// first.
fn used(look: ViewContext<'_>, review: &Review, (target, label): &(Target, String)) -> Option<String> {
    let engine = &look.model.engine;
    let used = in_progress(engine, target);
    let told = match gauge(used) {
        Some(_) if !is_tight(used, review.batch.sizes()) => return None,
        Some(used) => Some(format!("already in progress: {used}")),
        None => None,
    };
    let told = told.or_else(|| {
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

pub(in crate::ui::overlay) fn target_line<'a>(
    look: ViewContext<'a>,
    (target, label): &'a (Target, String),
) -> Vec<Span<'a>> {
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

/// Says that the same items are already being invalidated on a target.
fn same(look: ViewContext<'_>, review: &Review, target: &Target) -> Option<String> {
    let engine = &look.model.engine;
    let same = |batch: &Batch| unfinished(engine, target).find(|one| one.is_of(batch.items()));
    // A long list is sent in several requests, each with its own items.
    let all: Option<Vec<_>> = review.batches.iter().map(same).collect();
    let since = all?.first()?.created.map_or_else(
        || "submitted but not accepted yet".to_owned(),
        |time| format!("in progress since {}", clock::moment(look.theme, engine.now, time)),
    );
    let place = match review.targets.len() {
        1 => String::new(),
        _ => format!(" on {}", engine.label(target)),
    };
    Some(format!("same items already {since}{place}"))
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
