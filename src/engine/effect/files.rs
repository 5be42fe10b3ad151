//! Reading and writing local files: saved lists and exports.

use crate::domain::export::Format;
use crate::domain::import::Import;
use crate::domain::record::Query;
use crate::domain::saved_list::{ListName, SavedList};

/// An operation on the saved lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListsOperation {
    /// Read the names of all lists.
    Read,
    /// Read a list.
    Load(ListName),
    /// Write a list, replacing any earlier one with that name.
    Save {
        /// The list's name.
        name: ListName,
        /// The lines.
        lines: Vec<String>,
    },
    /// Append the lines that a list does not contain yet.
    Merge {
        /// The list's name.
        name: ListName,
        /// The lines.
        lines: Vec<String>,
    },
    /// Delete a list.
    Delete(ListName),
}

/// The result of a [`ListsOperation`] of the same kind.
#[derive(Clone, Debug, PartialEq)]
pub enum ListsAnswer {
    /// The result of `Read`: the folder, and the lists by name.
    Lists(String, Vec<SavedList>),
    /// The result of `Load`.
    Loaded(Import),
    /// The result of `Save` and `Merge`: the list's number of lines.
    Saved(usize),
    /// The result of `Delete`.
    Deleted,
}

/// An export to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// The query whose results are written.
    pub query: Query,
    /// The format.
    pub format: Format,
    /// The file name as the user typed it.
    pub name: String,
    /// Whether an existing file may be replaced.
    pub replace: bool,
}

/// The result of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exported {
    /// The absolute path of the file.
    pub file: String,
    /// The number of rows.
    pub rows: usize,
    /// A sentence that names what is missing from the file.
    pub warning: Option<String>,
}

/// Why nothing was exported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unwritten {
    /// The file exists, and the user did not confirm replacing it.
    Exists(String),
    /// The export failed. The sentence gives the cause and the next step.
    Failed(String),
}
