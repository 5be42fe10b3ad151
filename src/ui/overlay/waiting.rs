//! Draws a line for a submission that is waiting to be sent: its state, when it was confirmed, its target and its
//! items.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::clock;
use super::super::context::ViewContext;
use super::super::widget::pen::two_sided;
use crate::domain::submission::Submission;

/// Draws the line, with additional text on its right.
pub(super) fn draw_one(
    look: ViewContext<'_>,
    submission: &Submission,
    right: &[Span<'_>],
    buffer: &mut Buffer,
    line: Rect,
) {
    let theme = look.theme;
    let when = clock::moment(theme, look.model.engine.now, submission.created);
    let mut left = vec![
        Span::styled(format!("{:11} ", submission.state.word()), theme.under_way),
        Span::styled(format!("{when:12} "), theme.dim),
    ];
    left.extend(label_and_items(look, submission));
    two_sided(buffer, line, &left, right);
}

/// Names the target, the first item and how many more there are.
pub(super) fn label_and_items<'a>(look: ViewContext<'_>, submission: &'a Submission) -> [Span<'a>; 3] {
    let theme = look.theme;
    let items = submission.batch.items();
    let first = items.first().map_or("", String::as_str);
    let more = items.len().saturating_sub(1);
    [
        Span::styled(format!("{}  ", submission.label), theme.text),
        Span::styled(first, theme.strong),
        Span::styled(if more > 0 { format!(" +{more}") } else { String::new() }, theme.dim),
    ]
}
