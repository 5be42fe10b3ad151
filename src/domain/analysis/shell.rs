//! Detects a `/*` that a shell has expanded into the folders of the file system root; this is the only rule that looks
//! at the whole list.

use crate::domain::lint::SHELL_EVIDENCE;

/// Counts the lines that name each of the root folders.
#[derive(Debug, Clone, Default)]
pub(super) struct ShellWatch {
    lines: [u32; 32],
    active: bool,
}

impl ShellWatch {
    /// Records that a line naming the folder with this bit was added or removed.
    pub(super) fn count(&mut self, folder: u32, came: bool) {
        if let Some(lines) = self.lines.get_mut(folder.trailing_zeros() as usize) {
            *lines = if came { *lines + 1 } else { lines.saturating_sub(1) };
        }
    }

    /// Returns whether the list looks as if a shell had expanded `/*`.
    pub(super) const fn is_active(&self) -> bool {
        self.active
    }

    /// Evaluates the counts again; returns whether the verdict has changed.
    pub(super) fn turn(&mut self) -> bool {
        let folders = self.lines.iter().filter(|&&lines| lines > 0).count();
        let active = folders >= SHELL_EVIDENCE as usize;
        std::mem::replace(&mut self.active, active) != active
    }
}
