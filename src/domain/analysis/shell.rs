//! The one rule that looks at the whole list: `/*` that a shell has replaced by the folders of a computer's root.

use crate::domain::lint::SHELL_EVIDENCE;

/// Counts the lines that are such folders, by folder.
#[derive(Debug, Clone, Default)]
pub(super) struct ShellWatch {
    lines: [u32; 32],
    active: bool,
}

impl ShellWatch {
    /// Notes that a line with this folder (a bit) came or went.
    pub(super) fn count(&mut self, folder: u32, came: bool) {
        if let Some(lines) = self.lines.get_mut(folder.trailing_zeros() as usize) {
            *lines = if came { *lines + 1 } else { lines.saturating_sub(1) };
        }
    }

    /// Whether the list looks as if a shell had written it.
    pub(super) const fn is_active(&self) -> bool {
        self.active
    }

    /// Looks at the counts again; whether the answer has changed.
    pub(super) fn turn(&mut self) -> bool {
        let folders = self.lines.iter().filter(|&&lines| lines > 0).count();
        let active = folders >= SHELL_EVIDENCE as usize;
        std::mem::replace(&mut self.active, active) != active
    }
}
