//! Saved lists: find one and load it, or save the present text under a name.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::app::list::matching;
use crate::domain::saved_list::{ListName, SavedList};
use crate::engine::effect::RequestId;

/// The state of the layer.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    /// The folder that they are in, once it was read.
    pub folder: String,
    /// The lists by name; `None` while they are read.
    pub lists: Option<Vec<SavedList>>,
    /// What is typed: part of a name to find a list, or a new name.
    pub input: Input,
    /// The selected line.
    pub selected: usize,
    /// What is asked, if anything is.
    pub question: Option<Question>,
    /// What went wrong.
    pub mistake: Option<String>,
    /// What is waited for.
    pub(in crate::app) request: Option<RequestId>,
}

/// Something to be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// There is a list of that name: take its place, or put the lines below?
    Exists(ListName),
    /// Take it away?
    Delete(ListName),
}

/// A line to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Load this list.
    Load(SavedList),
    /// Save the present text under this name.
    SaveAs(ListName),
}

impl Lists {
    /// The lines to choose from: the lists that match, and what is typed as a new name.
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

    /// What is wrong with the name that is typed, if it is to be one.
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

    /// The selected list.
    pub(in crate::app) fn selected_list(&self) -> Option<ListName> {
        match self.selected_entry()? {
            Entry::Load(list) => Some(list.name),
            Entry::SaveAs(_) => None,
        }
    }
}

impl Parts for Lists {
    fn title(&self) -> &'static str {
        "Saved lists"
    }

    fn keys(&self) -> Keys {
        match (&self.question, self.selected_entry()) {
            (Some(Question::Exists(_)), _) => keys::LISTS_EXISTS,
            (Some(Question::Delete(_)), _) => keys::LISTS_DELETE,
            (None, Some(Entry::SaveAs(_))) => keys::LISTS_SAVE,
            (None, _) => keys::LISTS,
        }
    }

    fn is_field(&self) -> bool {
        self.question.is_none()
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
