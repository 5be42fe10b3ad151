//! Prints rows of one kind in each format: aligned columns, one JSON document, JSON lines, or tab-separated.
//!
//! Line-based formats are printed row by row, so that even a long list needs little memory. Aligned columns and a JSON
//! document need all rows first.

use serde::Serialize;

use super::error::Error;
use super::output;
use super::report::tell;
use super::table::Table;
use crate::cli::Output;
use crate::domain::text::visible;

/// A printer for rows on standard output.
pub(super) struct Rows {
    form: Output,
    /// The key of the rows in the JSON document.
    key: &'static str,
    table: Table,
    objects: Vec<String>,
    /// The text printed in the human-readable format if there are no rows.
    nothing: &'static str,
    any: bool,
}

impl Rows {
    /// Creates a printer without rows.
    pub(super) fn new(form: Output, key: &'static str, headings: &[&str], nothing: &'static str) -> Self {
        Self {
            form,
            key,
            table: Table::new(headings),
            objects: Vec::new(),
            nothing,
            any: false,
        }
    }

    /// Right-aligns the column with this heading.
    pub(super) fn right(self, heading: &str) -> Self {
        Self {
            table: self.table.right(heading),
            ..self
        }
    }

    /// Adds a row; returns `false` if the reader of the output has gone away.
    pub(super) fn push(&mut self, entry: &impl Serialize, cells: impl FnOnce() -> Vec<String>) -> Result<bool, Error> {
        self.any = true;
        match self.form {
            Output::Jsonl => return output::print_json_line(entry),
            Output::Text => {
                let cells: Vec<String> = cells().iter().map(|cell| visible(cell).into_owned()).collect();
                return output::print_line(&cells.join("\t"));
            }
            Output::Json => self.objects.push(output::json_line(entry).map_err(Error::Output)?),
            Output::Table => self.table.push(cells()),
        }
        Ok(true)
    }

    /// Prints the collected rows.
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
