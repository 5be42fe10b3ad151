//! The overlay with the AWS identity: account, ARN, the source of the credentials, and which actions were allowed or
//! denied.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::clock;
use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::theme::mark;
use super::super::widget::pen::hanging;
use super::super::widget::text::{chunks, wrap};
use super::kit::{self, columns};
use crate::domain::distribution::AccountId;
use crate::domain::submission::Scope;
use crate::engine::identity::is_asking;
use crate::engine::refused::Right;
use crate::engine::session::{KeyFacts, Session};

/// The width of a fact's name, in columns.
const NAME: usize = 12;
/// The minimum and maximum preferred width, in columns.
const WIDTH: (usize, usize) = (60, 104);

pub(super) type Line<'a> = Vec<Span<'a>>;

/// Draws the overlay.
pub(super) fn draw(look: ViewContext<'_>, scroller: Scroller<'_>, buffer: &mut Buffer, room: Rect) {
    let columns = columns(WIDTH.1, room);
    let lines = lines(look, columns);
    kit::report((look, "Who am I"), &lines, WIDTH, scroller, buffer, room);
}

fn lines(look: ViewContext<'_>, columns: usize) -> Vec<Line<'_>> {
    let mut lines = match &look.model.engine.session {
        Session::Connected(scope) => connected(look, scope, columns),
        Session::Connecting => fact(look, "Account", "loading the credentials…", columns),
        Session::Failed(failure) => wrap(&failure.to_string(), columns)
            .into_iter()
            .map(|line| vec![Span::styled(line, look.theme.text)])
            .collect(),
    };
    lines.extend(rights(look, columns));
    lines
}

fn connected<'a>(look: ViewContext<'a>, scope: &'a Scope, columns: usize) -> Vec<Line<'a>> {
    let engine = &look.model.engine;
    let unknown = || {
        if is_asking(engine) { "asking STS…" } else { "unknown" }
    };
    let account = scope.account.as_ref().map_or_else(unknown, AccountId::as_str);
    let mut lines = fact(look, "Account", account, columns);
    if let (Some(label), Some(first)) = (engine.account_options(), lines.first_mut()) {
        let style = if label.production {
            look.theme.danger
        } else {
            look.theme.strong
        };
        first.push(Span::raw("  "));
        first.push(Span::styled(format!(" {} ", label.label), style));
    }
    let (no_identity, no_keys) = if engine.preferences.demo {
        (
            "none (the demo has no identity)",
            "none (the demo emulator does not check credentials)",
        )
    } else {
        (unknown(), "unknown")
    };
    let arn = engine.identity.arn.as_deref().unwrap_or(no_identity);
    lines.extend(fact(look, "Identity", arn, columns));
    let keys = engine.identity.keys.as_ref();
    let source = keys.map_or(no_keys, |keys| keys.source.as_str());
    lines.extend(fact(look, "Credentials", source, columns));
    let chain = keys
        .map(|keys| keys.chain.join(" ← "))
        .filter(|chain| !chain.is_empty());
    lines.extend(fact(
        look,
        "Profile",
        chain.as_deref().unwrap_or(&scope.profile),
        columns,
    ));
    let region = keys.map(|keys| &keys.region).filter(|region| !region.is_empty());
    lines.extend(
        region
            .into_iter()
            .flat_map(|region| fact(look, "Region", region, columns)),
    );
    lines.extend(fact(look, "Endpoint", &scope.endpoint, columns));
    if let Some(keys) = keys {
        lines.extend(fact(look, "Valid", &validity(look, keys), columns));
    }
    lines
}

/// Describes how long the credentials are valid, and what happens when they expire.
fn validity(look: ViewContext<'_>, keys: &KeyFacts) -> String {
    let (theme, now) = (look.theme, look.model.engine.now);
    let command = |keys: &KeyFacts| {
        keys.command
            .clone()
            .map_or_else(String::new, |command| format!(": `{command}`"))
    };
    match (keys.expire, keys.login_ends) {
        (_, Some(ends)) => format!(
            "until {}, then log in again{}",
            clock::moment(theme, now, ends),
            command(keys)
        ),
        (Some(expire), None) => format!("until {}, renewed automatically", clock::moment(theme, now, expire)),
        (None, None) => "no known expiry".to_owned(),
    }
}

/// Returns a fact as lines of this width.
pub(super) fn fact<'a>(look: ViewContext<'a>, name: &str, value: &str, columns: usize) -> Vec<Line<'a>> {
    let theme = look.theme;
    let value = if value.is_empty() { "–" } else { value };
    let room = columns.saturating_sub(NAME);
    // A sentence wraps at spaces; an ARN may break anywhere.
    let parts = if value.contains(' ') {
        wrap(value, room)
    } else {
        chunks(value, room)
    };
    hanging(&Span::styled(format!("{name:NAME$}"), theme.dim), parts, theme.text)
}

/// Returns the denied actions, then the allowed ones.
fn rights(look: ViewContext<'_>, columns: usize) -> Vec<Line<'_>> {
    let theme = look.theme;
    let (mut denied, mut allowed) = (Vec::new(), Vec::new());
    for (right, seen) in look.model.engine.rights.seen() {
        let (list, sign, style) = match seen {
            Ok(()) => (&mut allowed, mark::DONE, theme.done),
            Err(_) => (&mut denied, mark::WRONG, theme.wrong),
        };
        list.push(vec![
            Span::styled(format!("{sign} "), style),
            Span::styled(named(look, right, columns), theme.text),
        ]);
    }
    let mut lines = Vec::new();
    for (title, rights) in [("Denied so far", denied), ("Allowed so far", allowed)] {
        if !rights.is_empty() {
            lines.push(Vec::new());
            lines.push(vec![Span::styled(title, theme.dim)]);
            lines.extend(rights);
        }
    }
    lines
}

/// Names the operation and the target. Each target is named separately, because permissions may differ.
fn named(look: ViewContext<'_>, (operation, target): &Right, columns: usize) -> String {
    let Some(target) = target else {
        return operation.clone();
    };
    let label = look.model.engine.label(target);
    let long = format!("{operation}  {label}  {target}");
    let is_same = label == target.id();
    if is_same || long.chars().count() + 2 > columns {
        return format!("{operation}  {target}");
    }
    long
}
