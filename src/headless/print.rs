//! Rows of one kind in each of the forms: aligned, as one JSON document, as a JSON object a line, or between tabs.
//!
//! What is printed line by line is printed as it comes, so that a list of any length needs no memory. Columns can be aligned,
//! and a document begun, only when all rows are there.

use serde::Serialize;

use super::table::{Side, Table};
use super::{Error, output, tell};
use crate::cli::Output;
use crate::domain::text::visible;

/// Rows on their way to standard output.
pub(super) struct Rows {
    form: Output,
    /// The key of the rows in the JSON document.
    key: &'static str,
    table: Table,
    objects: Vec<String>,
    /// What people are told where there is no row.
    nothing: &'static str,
    any: bool,
}

impl Rows {
    /// No rows yet.
    pub(super) fn new(form: Output, key: &'static str, headings: &[(&str, Side)], nothing: &'static str) -> Self {
        Self {
            form,
            key,
            table: Table::new(headings),
            objects: Vec::new(),
            nothing,
            any: false,
        }
    }

    /// Takes a row; `false` when nobody reads on.
    pub(super) fn push(&mut self, entry: &impl Serialize, cells: impl FnOnce() -> Vec<String>) -> Result<bool, Error> {
        self.any = true;
        match self.form {
            Output::Jsonl => return output::print_line(&output::json_line(entry)?),
            Output::Text => {
                let cells: Vec<String> = cells().iter().map(|cell| visible(cell).into_owned()).collect();
                return output::print_line(&cells.join("\t"));
            }
            Output::Json => self.objects.push(output::json_line(entry)?),
            Output::Table => self.table.push(cells()),
        }
        Ok(true)
    }

    /// Prints what was held back.
    pub(super) fn finish(self) -> Result<(), Error> {
        match self.form {
            Output::Json => output::print(&self.document()),
            Output::Table if !self.any => {
                tell(self.nothing);
                Ok(())
            }
            Output::Table => output::print(&self.table.render(output::width())),
            Output::Jsonl | Output::Text => Ok(()),
        }
    }

    fn document(&self) -> String {
        let rows: Vec<String> = self.objects.iter().map(|object| format!("\n    {object}")).collect();
        let end = if rows.is_empty() { "" } else { "\n  " };
        format!("{{\n  \"{}\": [{}{end}]\n}}\n", self.key, rows.join(","))
    }
}
