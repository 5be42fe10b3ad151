//! The overlay that asks what to do with unfinished work of an earlier run that does not resume automatically.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Span;

use super::super::context::ViewContext;
use super::super::memory::Scroller;
use super::super::widget::pen::{line_of, text_lines};
use super::super::widget::text::{agree, count, wrap};
use super::kit::{columns, open};
use super::waiting::draw_one;
use crate::app::overlay::left_over::LeftOver;
use crate::domain::submission::Submission;
use crate::engine::queue::Pause;

/// The preferred width, in columns.
const WIDTH: usize = 84;

/// Draws the overlay.
pub(super) fn draw(
    look: ViewContext<'_>,
    state: &LeftOver,
    mut scroller: Scroller<'_>,
    buffer: &mut Buffer,
    room: Rect,
) {
    let theme = look.theme;
    let queue = &look.model.engine.queue;
    let of = |id| queue.get(id);
    let deciding: Vec<&Submission> = state.ids.iter().filter_map(of).collect();
    let staying: Vec<&Submission> = state.staying.iter().filter_map(of).collect();
    let columns = columns(WIDTH, room);
    let pause = queue.pause();
    let intro = wrap(&introduction(&deciding, pause), columns);
    let len = deciding.len() + staying.len();
    let title = match pause {
        Some(Pause::StoodStill) => "After a long sleep",
        Some(Pause::NoCredentials) => "After a period without credentials",
        None => "Left by an earlier run",
    };
    let opened = open(look, buffer, room, title, (columns, intro.len() + 1 + len));
    let body = opened.body;
    text_lines(buffer, body, &intro, theme.text);
    let from = intro.len() + 1;
    let seen = opened.scroll(look, buffer, &mut scroller, (from, len));
    for (number, place) in seen.enumerate() {
        let line = line_of(body, from + number);
        if let Some(submission) = deciding.get(place) {
            draw_one(look, submission, &[], buffer, line);
        } else if let Some(submission) = staying.get(place - deciding.len()) {
            let text = format!("left alone (created with {})", submission.scope.profile);
            draw_one(look, submission, &[Span::styled(text, theme.dim)], buffer, line);
        }
    }
}

fn introduction(deciding: &[&Submission], pause: Option<Pause>) -> String {
    let were = agree(deciding.len(), "was", "were");
    let them = agree(deciding.len(), "it", "them");
    let what_happened = match pause {
        Some(Pause::StoodStill) => "the machine slept or its clock was changed",
        Some(Pause::NoCredentials) => "the credentials became unavailable",
        None => "the program exited",
    };
    if deciding.is_empty() {
        return "These invalidations were confirmed in an earlier run with different credentials; switch to their \
                profile to send or cancel them."
            .to_owned();
    }
    if deciding.iter().all(|submission| submission.state.is_counting()) {
        return format!(
            "{} {were} still in the cancellation countdown when the program exited. Send {them} now?",
            count(deciding.len(), "invalidation")
        );
    }
    let text = format!(
        "{} {were} confirmed, but {what_happened} before CloudFront responded. That was a while ago. Send {them} now?",
        count(deciding.len(), "invalidation")
    );
    if deciding.iter().any(|submission| submission.maybe_sent) {
        return format!(
            "{text} Any marked Unknown may already have reached CloudFront, but with the same CallerReference it \
                cannot be created twice."
        );
    }
    text
}
