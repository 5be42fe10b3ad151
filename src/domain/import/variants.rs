//! Adds the other paths by which viewers may request the same page. To CloudFront these are separate objects, and each
//! path is billed.

use std::collections::HashSet;
use std::sync::Arc;

use super::basket::Row;
use super::limits::MAX_ROWS;
use super::origin::{At, Origin};
use crate::domain::item::ItemKind;
use crate::domain::lint::{Context, Shape, lint};

/// The kinds of variants to add. By default none are added, because each one is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Variants {
    /// Adds `/x/index.html`, `/x/` and `/x`; for `/`, the default root object.
    pub folders: bool,
    /// Adds `/x.html` and `/x`.
    pub endings: bool,
}

impl Variants {
    /// Returns the rows, each followed by its missing variants.
    #[must_use]
    pub fn expand(self, rows: &[Row], context: &Context) -> Vec<Row> {
        if self == Self::default() {
            return rows.to_vec();
        }
        let mut known: HashSet<String> = rows.iter().map(|row| row.text.trim().to_owned()).collect();
        let mut expanded = Vec::with_capacity(rows.len());
        for row in rows {
            expanded.push(row.clone());
            for name in self.of(row.text.trim(), context) {
                if known.insert(name.clone()) {
                    expanded.push(variant(row, name));
                }
            }
        }
        expanded.truncate(MAX_ROWS.max(rows.len()));
        expanded
    }

    /// Returns the variants of a path as typed, or nothing if it is not a plain path.
    fn of(self, path: &str, context: &Context) -> Vec<String> {
        if !is_plain(path, context) {
            return Vec::new();
        }
        let root = context.default_root_object.as_deref().unwrap_or("index.html");
        if self.folders && !root.is_empty() && (path == "/" || path.strip_prefix('/') == Some(root)) {
            return others(["/".to_owned(), format!("/{root}")], path);
        }
        match self.stem(path) {
            Some(stem) => others(self.names(stem), path),
            None => Vec::new(),
        }
    }

    /// Returns the path without the slash, `index.html` or extension in which the chosen variants differ.
    fn stem(self, path: &str) -> Option<&str> {
        let folder = path.strip_suffix("/index.html").or_else(|| path.strip_suffix('/'));
        let stem = match folder {
            Some(folder) => Some(folder).filter(|_| self.folders),
            None if !last(path).contains('.') => Some(path),
            None => path.strip_suffix(".html").filter(|_| self.endings),
        };
        stem.filter(|stem| !last(stem).is_empty())
    }

    fn names(self, stem: &str) -> Vec<String> {
        let mut names = vec![stem.to_owned()];
        if self.folders {
            names.extend([format!("{stem}/"), format!("{stem}/index.html")]);
        }
        if self.endings {
            names.push(format!("{stem}.html"));
        }
        names
    }
}

/// Returns whether the text is a single valid path without a query string.
fn is_plain(path: &str, context: &Context) -> bool {
    let line = lint(path, context);
    path.starts_with('/') && line.is_ok() && line.shape == Shape::Item(ItemKind::Path) && !path.contains('?')
}

fn others(names: impl IntoIterator<Item = String>, path: &str) -> Vec<String> {
    names.into_iter().filter(|name| name != path).collect()
}

fn last(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, last)| last)
}

fn variant(of: &Row, text: String) -> Row {
    let origin = Origin {
        source: Arc::clone(&of.origin.source),
        at: At::VariantOf(of.text.trim().into()),
    };
    Row { text, origin }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{shop, told};
    use super::super::{Import, pasted};
    use super::*;

    const FOLDERS: Variants = Variants {
        folders: true,
        endings: false,
    };
    const ENDINGS: Variants = Variants {
        folders: false,
        endings: true,
    };
    const BOTH: Variants = Variants {
        folders: true,
        endings: true,
    };

    #[test]
    fn each_name_leads_to_the_others() {
        let cases: &[(Variants, &str, &[&str])] = &[
            (FOLDERS, "/x", &["/x/", "/x/index.html"]),
            (FOLDERS, "/a/x/", &["/a/x", "/a/x/index.html"]),
            (FOLDERS, "/x/index.html", &["/x", "/x/"]),
            (FOLDERS, "/", &["/index.html"]),
            (FOLDERS, "/index.html", &["/"]),
            (FOLDERS, "/x.html", &[]),
            (FOLDERS, "/app.js", &[]),
            (ENDINGS, "/x", &["/x.html"]),
            (ENDINGS, "/x.html", &["/x"]),
            (ENDINGS, "/x/", &[]),
            (ENDINGS, "/x/index.html", &[]),
            (ENDINGS, "/", &[]),
            (BOTH, "/x", &["/x/", "/x/index.html", "/x.html"]),
            (BOTH, "/x.html", &["/x", "/x/", "/x/index.html"]),
            (BOTH, "/x/", &["/x", "/x/index.html", "/x.html"]),
            (BOTH, "/x/*", &[]),
            (BOTH, "/x?q=1", &[]),
            (BOTH, "#tag", &[]),
            (BOTH, "# comment", &[]),
            (BOTH, "x", &[]),
            (BOTH, "/a*b", &[]),
            (BOTH, "/.well-known/x.json", &[]),
            (BOTH, "//", &[]),
            (BOTH, "", &[]),
        ];
        for (variants, path, expected) in cases {
            assert_eq!(variants.of(path, &shop()), *expected, "{path}");
        }
    }

    #[test]
    fn the_default_root_object_is_that_of_the_distribution() {
        let context = Context {
            default_root_object: Some("home.htm".to_owned()),
            ..Context::default()
        };
        assert_eq!(FOLDERS.of("/", &context), ["/home.htm"]);
        assert_eq!(FOLDERS.of("/home.htm", &context), ["/"]);
        let none = Context {
            default_root_object: Some(String::new()),
            ..Context::default()
        };
        assert_eq!(BOTH.of("/", &none), Vec::<String>::new());
    }

    #[test]
    fn what_is_there_is_not_added_again() {
        let import = pasted("/x/\n # note\n/x\n/y", &shop());
        assert_eq!(Variants::default().expand(&import.rows, &shop()), import.rows);
        let rows = FOLDERS.expand(&import.rows, &shop());
        let (rows, _) = told(&Import { rows, ..import });
        assert_eq!(
            rows,
            [
                "/x/ · clipboard line 1",
                "/x/index.html · variant of /x/",
                " # note · clipboard line 2",
                "/x · clipboard line 3",
                "/y · clipboard line 4",
                "/y/ · variant of /y",
                "/y/index.html · variant of /y",
            ]
        );
    }
}
