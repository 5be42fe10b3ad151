//! Compares the row-by-row output with a table rendered in memory.

use proptest::prelude::*;

use unicode_width::UnicodeWidthStr as _;

use super::sheet::{COMFORTABLE, MARGIN, broken, item, mark, remark, write_text};
use super::*;
use crate::domain::lint::{Line, lint};
use crate::headless::table::Table;

fn text(analysis: &Analysis, width: Option<usize>) -> String {
    let mut out = Vec::new();
    let written = write_text(&mut out, analysis, width);
    assert!(written.is_ok(), "{written:?}");
    String::from_utf8_lossy(&out).into_owned()
}

/// Renders the same table in memory, as the reference for the row-by-row output.
fn table(analysis: &Analysis, width: Option<usize>) -> String {
    let head = ["Line", "", "Item", "Remark"];
    let widest = rows(analysis, 0..analysis.len())
        .map(|(row, _)| visible(&item(&row)).width())
        .max();
    let room = width.map(|width| width.saturating_sub(MARGIN + 2 + widest.unwrap_or_default()));
    let beside = room.is_none_or(|room| room >= COMFORTABLE);
    let room = match (width, room) {
        (Some(width), _) if !beside => width.saturating_sub(MARGIN),
        (_, room) => room.unwrap_or(usize::MAX),
    };
    let mut table = Table::new(if beside { &head } else { &head[..3] }).right("Line");
    for (row, _) in rows(analysis, 0..analysis.len()) {
        let remarks = analysis.diagnostics(row.line);
        let pieces = |remark: &str| {
            broken(remark, room)
                .into_iter()
                .map(Cow::into_owned)
                .collect::<Vec<_>>()
        };
        let remarks: Vec<String> = remarks
            .iter()
            .flat_map(|diagnostic| pieces(&remark(diagnostic, &row)))
            .collect();
        let cells = [
            (row.line + 1).to_string(),
            mark(&row).to_owned(),
            item(&row).into_owned(),
        ];
        let blank = [String::new(), String::new()];
        if beside {
            let first = remarks.first().cloned().unwrap_or_default();
            table.push(cells.into_iter().chain([first]));
            for remark in remarks.into_iter().skip(1) {
                table.push(blank.clone().into_iter().chain([String::new(), remark]));
            }
        } else {
            table.push(cells);
            for remark in remarks {
                table.push(blank.clone().into_iter().chain([remark]));
            }
        }
    }
    table.render(None)
}

fn lines() -> impl Strategy<Value = Vec<String>> {
    let line = prop_oneof![
        "/[a-c]{0,2}/?[é a*~%?#]{0,4}",
        "#[a-b*, ]{0,3}",
        "[ -~é\u{202e}\u{a0}]{0,12}",
        any::<String>(),
    ];
    proptest::collection::vec(line, 0..12)
}

proptest! {
    #[test]
    fn what_is_written_row_by_row_is_the_whole_table(lines in lines(), width in proptest::option::of(0_usize..160)) {
        let analysis = Analysis::of(&lines, Context::default());
        let written = text(&analysis, width);
        let expected = table(&analysis, width);
        prop_assert!(written.starts_with(&expected), "{written}\n---\n{expected}");
        prop_assert!(written.get(expected.len()..).is_some_and(|sum| sum.starts_with('\n')));
    }

    #[test]
    fn the_document_written_item_by_item_holds_every_item(lines in lines()) {
        let analysis = Analysis::of(&lines, Context::default());
        let mut out = Vec::new();
        prop_assert!(write_document(&mut out, &analysis).is_ok());
        let document: serde_json::Value = serde_json::from_slice(&out).unwrap_or_default();
        let entries = rows(&analysis, 0..analysis.len()).map(|(row, kind)| Entry::of(row, kind, &analysis));
        let expected = serde_json::json!({
            "items": entries.collect::<Vec<_>>(),
            "summary": Summary::from(analysis.summary()),
        });
        prop_assert_eq!(document, expected);
        let whole = Document {
            items: rows(&analysis, 0..analysis.len()).map(|(row, kind)| Entry::of(row, kind, &analysis)).collect::<Vec<_>>(),
            summary: analysis.summary().into(),
        };
        prop_assert_eq!(output::json(&whole).unwrap_or_default().into_bytes(), out);
    }
}

#[test]
fn a_list_of_many_parts_is_written_as_one_of_few() {
    let line = |at: usize| match at % 4 {
        0 => format!("/a/{at}.js"),
        1 => "# note".to_owned(),
        2 => format!("/é {at}"),
        _ => format!("images/{at}*b"),
    };
    let lines: Vec<String> = (0..40_000).map(line).collect();
    let analysis = Analysis::of(&lines, Context::default());
    assert!(text(&analysis, None).starts_with(&table(&analysis, None)));
    let one_by_one: Vec<Line> = lines.iter().map(|raw| lint(raw, analysis.context())).collect();
    assert!(
        analysis
            .rows()
            .zip(&one_by_one)
            .all(|(row, line)| (row.wire, row.codes, row.ok) == (&line.wire, line.codes, line.is_ok()))
    );
    let whole = Document {
        items: rows(&analysis, 0..analysis.len())
            .map(|(row, kind)| Entry::of(row, kind, &analysis))
            .collect::<Vec<_>>(),
        summary: analysis.summary().into(),
    };
    let mut out = Vec::new();
    assert!(write_document(&mut out, &analysis).is_ok());
    assert!(output::json(&whole).is_ok_and(|whole| whole.into_bytes() == out));
}

#[test]
fn on_a_terminal_remarks_are_broken_beside_the_items_or_below() {
    let analysis = Analysis::of(&["images/*.jpg", "/fine.png"], Context::default());
    let beside = "\
Line     Item          Remark
   1  ✗  images/*.jpg  inner-wildcard: * works only as the last
                         character; this line would be refused. →
                         /images/* (clears more: all of /images/)
   2  ✓  /fine.png

2 items: 1 to send (1 path, 0 wildcards, 0 tags), 1 cannot be sent
";
    let below = "\
Line     Item
   1  ✗  images/*.jpg
         inner-wildcard: * works only as the last character;
           this line would be refused. → /images/* (clears
           more: all of /images/)
   2  ✓  /fine.png

2 items: 1 to send (1 path, 0 wildcards, 0 tags), 1 cannot
  be sent
";
    assert_eq!(text(&analysis, Some(69)), beside);
    assert_eq!(text(&analysis, Some(60)), below);
    assert!(text(&analysis, Some(1)).contains("refused."));
}

#[test]
fn nothing_is_lost_by_breaking() {
    for width in 1..40 {
        let lines = broken("a bb  /a/rather/long/path cc", width);
        assert_eq!(
            lines
                .iter()
                .map(|line| line.trim())
                .collect::<Vec<_>>()
                .join(" ")
                .replace("  ", " "),
            "a bb /a/rather/long/path cc"
        );
    }
}
