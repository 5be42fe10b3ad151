//! The contents of a page without rows: the situation, the reason, and which keys to press next.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;

use super::pen::{Pen, line_of};
use super::text::{width, wrap};

/// The text on a page without rows: title, explanation, next steps.
pub(crate) struct Placeholder<'a> {
    /// The mark and a short title.
    pub title: Vec<Span<'a>>,
    /// Explanatory sentences, each with its style.
    pub text: Vec<(String, Style)>,
    /// Keys and their actions.
    pub steps: Vec<(String, String)>,
    /// The style of a key.
    pub key: Style,
}

/// The maximum width of a sentence, in columns. Longer lines are hard to read.
const MEASURE: u16 = 72;

impl Placeholder<'_> {
    /// Adds sentences in one style.
    pub(crate) fn text(mut self, sentences: impl IntoIterator<Item = String>, style: Style) -> Self {
        self.text
            .extend(sentences.into_iter().map(|sentence| (sentence, style)));
        self
    }

    /// Adds next steps.
    pub(crate) fn steps(mut self, steps: impl IntoIterator<Item = (String, String)>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// Draws the placeholder horizontally centered, a third of the way down the area.
    pub(crate) fn draw(&self, buffer: &mut Buffer, area: Rect) {
        let measure = usize::from(area.width.saturating_sub(4).min(MEASURE));
        let mut text: Vec<(String, Style)> = Vec::new();
        for (sentence, style) in &self.text {
            if !text.is_empty() {
                text.push((String::new(), *style));
            }
            text.extend(wrap(sentence, measure).into_iter().map(|line| (line, *style)));
        }
        let block = self.place(area, &text);
        Pen::new(buffer, line_of(block, 0)).spans(&self.title);
        for (number, (line, style)) in text.iter().enumerate() {
            Pen::new(buffer, line_of(block, 2 + number)).text(line, *style);
        }
        let below = 2 + text.len() + usize::from(!text.is_empty());
        let keys = self.steps.iter().map(|(key, _)| width(key)).max().unwrap_or(0);
        for (number, (key, what)) in self.steps.iter().enumerate() {
            let mut pen = Pen::new(buffer, line_of(block, below + number));
            pen.text(key, self.key)
                .skip(keys - width(key) + 2)
                .text(what, Style::new());
        }
    }

    fn place(&self, area: Rect, text: &[(String, Style)]) -> Rect {
        let steps = self.steps.iter().map(|(key, what)| width(key) + 2 + width(what));
        let lines = text.iter().map(|(line, _)| width(line));
        let title = super::pen::spans_width(&self.title);
        let columns = steps.chain(lines).chain([title]).max().unwrap_or(0);
        let rows = 2 + text.len() + usize::from(!text.is_empty()) + self.steps.len();
        let columns = u16::try_from(columns).unwrap_or(u16::MAX).min(area.width);
        let rows = u16::try_from(rows).unwrap_or(u16::MAX).min(area.height);
        let x = area.x + (area.width - columns) / 2;
        let y = area.y + (area.height - rows) / 3;
        Rect::new(x, y, columns, rows)
    }
}
