//! The fixes that the lint suggests for the lines.

use super::{Analysis, RowId};
use crate::domain::lint::{self, Fix};

impl Analysis {
    /// Returns whether any line may have a safe fix. Always returns `true` for a very long list, because this check
    /// runs on every frame.
    #[must_use]
    pub fn may_have_safe_fix(&self) -> bool {
        const MANY: usize = 10_000;
        self.lines.len() > MANY || self.lines.iter().any(|id| self.is_fixable(*id))
    }

    fn is_fixable(&self, id: RowId) -> bool {
        self.store.get(id).is_some_and(|row| row.codes.may_have_safe_fix())
    }

    /// Returns each line that safe fixes change, with its new text.
    #[must_use]
    pub fn safe_fixes(&self) -> Vec<(usize, String)> {
        let lines = self.lines.iter().enumerate().filter(|(_, id)| self.is_fixable(**id));
        lines
            .filter_map(|(line, &id)| Some((line, lint::apply_safe_fixes(&self.store.get(id)?.raw, &self.context)?)))
            .collect()
    }

    /// Returns the fix of the most severe diagnostic that has one, safe or not.
    #[must_use]
    pub fn offered_fix(&self, line: usize) -> Option<Fix> {
        self.diagnostics(line).into_iter().find_map(|diagnostic| diagnostic.fix)
    }
}
