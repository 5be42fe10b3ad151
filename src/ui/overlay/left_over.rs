//! What an earlier run left and that does not go on by itself: a person decides.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::widget::pen::{Pen, line_of, two_sided};
use super::super::widget::text::{count, wrap};
use super::super::{Look, clock};
use super::{Opened, open};
use crate::app::action::Action;
use crate::app::model::Session;
use crate::domain::submission::Submission;

/// The keys of the layer.
const KEYS: &[(Action, &str)] = &[
    (Action::Choose, "send them now"),
    (Action::Discard, "cancel them"),
    (Action::Back, "decide later"),
];
/// The columns that are asked for.
const WIDTH: usize = 84;

/// Draws it.
pub(super) fn draw(look: Look<'_>, buffer: &mut Buffer, room: Rect) {
    let theme = look.theme;
    let queue = &look.model.queue;
    let held: Vec<&Submission> = queue.held().iter().filter_map(|id| queue.get(id)).collect();
    let columns = WIDTH.min(usize::from(room.width).saturating_sub(6));
    let intro = wrap(&introduction(&held), columns);
    let Opened { body, .. } = open(
        look,
        buffer,
        room,
        "Left by an earlier run",
        (columns, intro.len() + 1 + held.len()),
        KEYS,
    );
    for (number, line) in intro.iter().enumerate() {
        Pen::new(buffer, line_of(body, number)).text(line, theme.text);
    }
    let from = intro.len() + 1;
    let rows = usize::from(body.height).saturating_sub(from);
    let shown = if held.len() > rows {
        rows.saturating_sub(1)
    } else {
        rows
    };
    for (number, submission) in held.iter().take(shown).enumerate() {
        draw_one(look, submission, buffer, line_of(body, from + number));
    }
    if held.len() > shown {
        let rest = format!("and {} more", held.len() - shown);
        Pen::new(buffer, line_of(body, from + shown)).text(&rest, theme.dim);
    }
}

fn introduction(held: &[&Submission]) -> String {
    let (were, them) = if held.len() == 1 {
        ("was", "it")
    } else {
        ("were", "them")
    };
    let maybe = held.iter().any(|submission| submission.maybe_sent);
    let text = format!(
        "{} {were} confirmed, and the program ended before CloudFront's answer. That was a while ago: send {them} now?",
        count(held.len(), "invalidation")
    );
    if maybe {
        return format!(
            "{text} What is Unknown may have arrived; it is asked for with the same CallerReference, so it cannot happen twice."
        );
    }
    text
}

fn draw_one(look: Look<'_>, submission: &Submission, buffer: &mut Buffer, line: Rect) {
    let theme = look.theme;
    let when = clock::moment(theme, look.model.now, submission.created);
    let items = submission.batch.items();
    let first = items.first().map_or("", String::as_str);
    let more = if items.len() > 1 {
        format!(" +{}", items.len() - 1)
    } else {
        String::new()
    };
    let left = [
        Span::styled(format!("{:11} ", submission.state.word()), theme.under_way),
        Span::styled(format!("{when:12} "), theme.dim),
        Span::styled(format!("{}  ", submission.label), theme.text),
        Span::styled(first, theme.strong),
        Span::styled(more, theme.dim),
    ];
    two_sided(buffer, line, &left, &foreign(look, submission));
}

/// That it belongs to another account or profile, so that it stays where it is.
fn foreign<'a>(look: Look<'a>, submission: &'a Submission) -> Vec<Span<'a>> {
    match &look.model.session {
        Session::Connected(scope) if submission.is_foreign(scope) => {
            let text = format!("stays: made with {}", submission.scope.profile);
            vec![Span::styled(text, look.theme.dim)]
        }
        Session::Connected(_) | Session::Connecting | Session::Failed(_) => Vec::new(),
    }
}
