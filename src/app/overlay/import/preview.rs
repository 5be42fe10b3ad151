//! What an import would bring: so many lines, what was left out and why, and the price before and after.

use super::kind::Ask;
use crate::app::screen::composer::Composer;
use crate::domain::analysis::Summary;
use crate::domain::import::{Import, LeftOut, Row, Variants};
use crate::domain::text::{agree, count};

/// The state of the preview.
#[derive(Clone, Debug)]
pub struct Preview {
    /// What was taken and what was not.
    pub import: Import,
    /// Which other names of the pages are added.
    pub variants: Variants,
    /// What would be appended.
    pub rows: Vec<Row>,
    /// What the list adds up to now.
    pub before: Summary,
    /// What it would add up to.
    pub after: Summary,
    /// How many targets it is sent to.
    pub targets: usize,
    /// What was typed for it.
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

    /// The same with the other names added or left out.
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

    /// How many rows are added besides those of the source.
    #[must_use]
    pub fn added(&self) -> usize {
        self.rows.len().saturating_sub(self.import.rows.len())
    }

    /// The notice after rows were appended; `undo` is the key that removes them again.
    pub(in crate::app) fn taken(&self, rows: usize, undo: &str) -> String {
        let them = agree(rows, "it", "them");
        let mut said = format!(
            "{} from {}; {undo} removes {them}",
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

/// What the list would add up to with these rows below.
fn after(rows: &[Row], composer: &Composer) -> Summary {
    let mut analysis = composer.analysis.clone();
    let lines: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    analysis.splice(analysis.len()..analysis.len(), &lines);
    analysis.summary()
}
