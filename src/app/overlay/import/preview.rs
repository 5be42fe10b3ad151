//! The import preview: the number of lines, those that were skipped and why, and the price before and after.

use super::kind::Ask;
use crate::app::screen::composer::Composer;
use crate::domain::analysis::Summary;
use crate::domain::import::{Import, LeftOut, Row, Variants};
use crate::domain::text::{agree, count};

/// The state of the preview.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The imported rows and those that were skipped.
    pub import: Import,
    /// The variants that are added.
    pub variants: Variants,
    /// The rows that would be appended.
    pub rows: Vec<Row>,
    /// The totals of the list before the import.
    pub before: Summary,
    /// The totals of the list after the import.
    pub after: Summary,
    /// The number of targets.
    pub targets: usize,
    /// The input from which the import was fetched.
    pub(in crate::app) ask: Option<Ask>,
}

impl Preview {
    pub(in crate::app) fn new(import: Import, variants: Variants, composer: &Composer, ask: Option<Ask>) -> Self {
        let context = composer.analysis.context();
        let rows = variants.expand(&import.rows, context);
        Self {
            after: after(&rows, composer),
            import,
            variants,
            rows,
            before: composer.analysis.summary(),
            targets: composer.targets.len(),
            ask,
        }
    }

    /// Returns the preview with one kind of variant added or removed.
    pub(in crate::app) fn toggled(self, endings: bool, composer: &Composer) -> Self {
        let mut variants = self.variants;
        let on = if endings {
            &mut variants.endings
        } else {
            &mut variants.folders
        };
        *on = !*on;
        Self::new(self.import, variants, composer, self.ask)
    }

    /// Returns the number of rows added as variants.
    #[must_use]
    pub fn added(&self) -> usize {
        self.rows.len().saturating_sub(self.import.rows.len())
    }

    /// Returns the notice to show after rows were appended; `undo` is the key that removes them again.
    pub(in crate::app) fn taken(&self, rows: usize, undo: &str) -> String {
        let them = agree(rows, "it", "them");
        let mut said = format!(
            "added {} from {}; press {undo} to remove {them}",
            count(rows, "line"),
            self.import.source
        );
        if !self.import.left_out.is_empty() {
            let sentences: Vec<_> = self.import.left_out.iter().map(LeftOut::sentence).collect();
            said.push_str("; skipped: ");
            said.push_str(&sentences.join("; "));
        }
        said
    }
}

/// Returns the totals of the list with these rows appended.
fn after(rows: &[Row], composer: &Composer) -> Summary {
    let mut analysis = composer.analysis.clone();
    let lines: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    analysis.splice(analysis.len()..analysis.len(), &lines);
    analysis.summary()
}
