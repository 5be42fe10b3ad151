//! The fixes that the lint suggests for the lines.

use super::{Analysis, RowId};
use crate::domain::lint::{self, Fix};

impl Analysis {
    /// Returns whether any line has a safe fix. Because this check runs on every frame, it is exact only for short lists:
    /// a long one may have none although this returns `true`, and a very long one is not searched.
    #[must_use]
    pub fn may_have_safe_fix(&self) -> bool {
        const FEW: usize = 200;
        const MANY: usize = 10_000;
        let count = self.lines.len();
        let mut fixable = self.lines.iter().filter(|id| self.is_fixable(**id));
        count > MANY || fixable.any(|id| count > FEW || self.safe_fix(*id).is_some())
    }

    fn is_fixable(&self, id: RowId) -> bool {
        self.store.get(id).is_some_and(|row| row.codes.may_have_safe_fix())
    }

    /// Returns each line that safe fixes change, with its new text.
    #[must_use]
    pub fn safe_fixes(&self) -> Vec<(usize, String)> {
        let lines = self.lines.iter().enumerate().filter(|(_, id)| self.is_fixable(**id));
        lines
            .filter_map(|(line, &id)| Some((line, self.safe_fix(id)?)))
            .collect()
    }

    fn safe_fix(&self, id: RowId) -> Option<String> {
        lint::apply_safe_fixes(&self.store.get(id)?.raw, &self.context)
    }

    /// Returns the fix of the most severe diagnostic that has one, safe or not.
    #[must_use]
    pub fn offered_fix(&self, line: usize) -> Option<Fix> {
        self.diagnostics(line).into_iter().find_map(|diagnostic| diagnostic.fix)
    }
}
