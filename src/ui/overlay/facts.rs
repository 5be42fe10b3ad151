//! The overlay with everything known about a distribution.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::clock;
use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::pen::{Pen, hanging};
use super::super::widget::text::{chunks, wrap};
use super::kit::{self, columns, open};
use crate::domain::distribution::{Distribution, DistributionConfig, DistributionId, Origin, Target};
use crate::engine::queue::batches_in_progress;

/// The width of a fact's name, in columns.
const NAME: usize = 22;
/// The maximum width, in columns.
const WIDEST: usize = 104;

/// Draws the overlay.
pub(super) fn draw(
    look: ViewContext<'_>,
    id: &DistributionId,
    scroller: Scroller<'_>,
    buffer: &mut Buffer,
    room: Rect,
) {
    let Some(distribution) = look.model.engine.fleet.get(id) else {
        let opened = open(look, buffer, room, id.as_str(), (40, 1));
        Pen::new(buffer, opened.body).text("nothing known yet", look.theme.dim);
        return;
    };
    let columns = columns(WIDEST, room);
    let lines = lines(look, distribution, columns.saturating_sub(NAME));
    let title = distribution.label();
    kit::report((look, title), &lines, (60, WIDEST), scroller, buffer, room);
}

/// The lines of the overlay. If a fact has several values, its name is shown only next to the first one.
struct List<'a> {
    look: ViewContext<'a>,
    /// The width of a value, in columns; longer values wrap.
    columns: usize,
    lines: Vec<Vec<Span<'a>>>,
}

impl List<'_> {
    /// Adds a fact; one without a value is omitted.
    fn fact(&mut self, name: &str, value: impl Into<String>) {
        let (theme, value) = (self.look.theme, value.into());
        if value.is_empty() {
            return;
        }
        // A sentence is wrapped at spaces, an ARN or a domain name anywhere.
        let parts = if value.contains(' ') {
            wrap(&value, self.columns)
        } else {
            chunks(&value, self.columns)
        };
        let name = Span::styled(format!("{name:NAME$}"), theme.dim);
        self.lines.extend(hanging(&name, parts, theme.text));
    }

    fn facts(&mut self, name: &str, values: impl IntoIterator<Item = String>) {
        let mut name = name;
        for value in values {
            self.fact(name, value);
            name = "";
        }
    }

    fn blank(&mut self) {
        self.lines.push(Vec::new());
    }
}

fn lines<'a>(look: ViewContext<'a>, d: &'a Distribution, columns: usize) -> Vec<Vec<Span<'a>>> {
    let mut list = List {
        look,
        columns,
        lines: Vec::new(),
    };
    list.fact("Id", d.id.as_str());
    list.fact("DomainName", d.own_domain().unwrap_or_default());
    list.facts("Aliases", d.aliases.iter().cloned());
    list.fact("Comment", d.comment.as_str());
    list.facts("Origins", d.origins.iter().map(origin));
    list.blank();
    list.fact("Status", status(d));
    list.fact("LastModified", clock::full(look.theme, d.last_modified));
    list.fact("Kind", kind(d));
    list.facts(
        "Cache behaviors",
        d.behaviors.iter().map(|behavior| behavior.path_pattern.clone()),
    );
    list.fact("ARN", d.arn.as_str());
    list.blank();
    match look.model.engine.fleet.configs.get(&d.id) {
        Some(config) => {
            let target = Target::Distribution(d.id.clone());
            let batches = batches_in_progress(&look.model.engine, &target).unwrap_or_default();
            described(&mut list, config, batches);
        }
        None => list.fact("Cache tags", "loading, or not allowed (cloudfront:GetDistribution)"),
    }
    list.lines
}

fn described(list: &mut List<'_>, config: &DistributionConfig, batches: usize) {
    let tags = config.cache_tag_header.as_ref().map_or_else(
        || "off (CloudFront accepts #tags but clears nothing)".to_owned(),
        |header| format!("from the {header} header"),
    );
    list.fact("Cache tags", tags);
    let root = Some(config.default_root_object.as_str()).filter(|root| !root.is_empty());
    list.fact("Default root object", root.unwrap_or("none"));
    list.fact("Batches in progress", batches.to_string());
}

fn origin(origin: &Origin) -> String {
    if origin.origin_path.is_empty() {
        return origin.domain_name.clone();
    }
    format!("{}  path {}", origin.domain_name, origin.origin_path)
}

fn status(d: &Distribution) -> String {
    let answers = if d.enabled { "enabled" } else { "disabled" };
    format!("{}, {answers}", d.status)
}

fn kind(d: &Distribution) -> &'static str {
    match (d.is_multi_tenant(), d.staging) {
        (true, _) => "multi-tenant: viewers reach it through its tenants",
        (false, true) => "staging, for continuous deployment",
        (false, false) => "standard",
    }
}
