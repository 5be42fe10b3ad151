//! The saved-lists overlay: finds and loads a list, or saves the current text under a name.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::app::list::matching;
use crate::domain::saved_list::{ListName, SavedList};
use crate::engine::effect::RequestId;

/// The state of the saved-lists overlay.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// The folder of the lists, once it has been read.
    pub folder: String,
    /// The lists by name; `None` while they are being read.
    pub lists: Option<Vec<SavedList>>,
    /// The typed text: part of a name to find a list, or a new name.
    pub input: Input,
    /// The index of the selected line.
    pub selected: usize,
    /// The pending question, if there is one.
    pub question: Option<Question>,
    /// What went wrong.
    pub mistake: Option<String>,
    /// The pending request.
    pub(in crate::app) request: Option<RequestId>,
}

/// The saved lists as last read, so that they can be found by name.
#[derive(Clone, Debug, Default)]
pub struct KnownLists {
    lists: Vec<SavedList>,
}

impl KnownLists {
    /// Returns the lists by name.
    #[must_use]
    pub fn all(&self) -> &[SavedList] {
        &self.lists
    }

    /// Replaces the lists with those that were read.
    pub(in crate::app) fn read(&mut self, lists: &[SavedList]) {
        lists.clone_into(&mut self.lists);
    }
}

/// A question to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// A list with that name exists: should it be replaced, or should the lines be appended to it?
    Exists(ListName),
    /// Should this list be deleted?
    Delete(ListName),
}

/// A line to choose from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Load this list.
    Load(SavedList),
    /// Save the current text under this name.
    SaveAs(ListName),
}

impl Lists {
    /// Returns the lines to choose from: the matching lists, and the typed text as a new name.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let Some(lists) = &self.lists else { return Vec::new() };
        let found = matching(lists.iter().collect(), self.input.value(), |list| list.name.to_string());
        let mut entries: Vec<Entry> = found.into_iter().cloned().map(Entry::Load).collect();
        if let Some(name) = self.typed().filter(|name| !self.has(name)) {
            entries.push(Entry::SaveAs(name));
        }
        entries
    }

    /// Returns why the typed text is not a valid name for a new list.
    #[must_use]
    pub fn problem(&self) -> Option<String> {
        let text = self.input.value();
        if text.trim().is_empty() {
            return None;
        }
        text.parse::<ListName>().err().map(|problem| problem.to_string())
    }

    pub(in crate::app) fn typed(&self) -> Option<ListName> {
        self.input.value().parse().ok()
    }

    pub(in crate::app) fn has(&self, name: &ListName) -> bool {
        self.lists.iter().flatten().any(|list| list.name == *name)
    }

    pub(in crate::app) fn selected_entry(&self) -> Option<Entry> {
        self.entries().into_iter().nth(self.selected)
    }

    /// Returns the name of the selected list.
    pub(in crate::app) fn selected_list(&self) -> Option<ListName> {
        match self.selected_entry()? {
            Entry::Load(list) => Some(list.name),
            Entry::SaveAs(_) => None,
        }
    }
}

impl Parts for Lists {
    fn keys(&self) -> Keys {
        match (&self.question, self.selected_entry()) {
            (Some(Question::Exists(_)), _) => keys::LISTS_EXISTS,
            (Some(Question::Delete(_)), _) => keys::LISTS_DELETE,
            (None, Some(Entry::SaveAs(_))) => keys::LISTS_SAVE,
            (None, Some(Entry::Load(_))) => keys::LISTS,
            (None, None) => keys::LISTS_NONE,
        }
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        self.question.is_none().then_some(&mut self.input)
    }

    fn selected_mut(&mut self) -> Option<&mut usize> {
        Some(&mut self.selected)
    }

    fn edited(&mut self) {
        self.selected = 0;
        self.mistake = None;
    }

    fn is_of_composer(&self) -> bool {
        true
    }
}
