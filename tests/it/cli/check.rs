//! `check`: its findings, in both output formats, and input that cannot be read.

use serde_json::{Value, json};

use super::Outcome;
use crate::support::command::{Home, Run};

/// One line of every sort: fine, covered, to be encoded, hopeless, a tag, a comment, a blank, a character that steers terminals.
const LIST: &str =
    "/index.html\n/en/*\n# a note\n\n/en/sitemap.xml\n/café menu.pdf\nimages/*.jpg\n#product:tv\n/p\u{202e}q\n";

#[test]
fn the_table_shows_each_item_with_its_wire_form_and_what_is_to_be_said() -> Outcome {
    let home = Home::new()?;
    home.write("list.txt", LIST)?;
    let run = home.run(&["check", "--paths-from", "list.txt"])?;
    assert_eq!((run.code, run.err.as_str()), (Some(2), ""));
    insta::assert_snapshot!("check_table", run.out);
    Ok(())
}

#[test]
fn the_document_is_the_promised_one() -> Outcome {
    let home = Home::new()?;
    let run = home.run(&[
        "check",
        "/en/*",
        "/en/a b.pdf",
        "/x y.pdf",
        "/a*b.pdf",
        "#Tag",
        "--output",
        "json",
    ])?;
    let expected = json!({
        "items": [
            {"line": 1, "raw": "/en/*", "wire": "/en/*", "kind": "wildcard", "ok": true, "covered_by": null, "diagnostics": [
                {"code": "directory-variants", "severity": "info", "message": "/en is cached separately and not cleared by this.",
                 "fix": "/en/*\n/en", "fix_safe": false},
            ]},
            {"line": 2, "raw": "/en/a b.pdf", "wire": "/en/a%20b.pdf", "kind": "path", "ok": true, "covered_by": 1, "diagnostics": [
                {"code": "encoded", "severity": "warning", "message": "Sent as /en/a%20b.pdf: a space as %20.",
                 "fix": "/en/a%20b.pdf", "fix_safe": true},
                {"code": "covered", "severity": "info", "message": "Already cleared by line 1; skipped and not billed.",
                 "fix": null, "fix_safe": false},
            ]},
            {"line": 3, "raw": "/x y.pdf", "wire": "/x%20y.pdf", "kind": "path", "ok": true, "covered_by": null, "diagnostics": [
                {"code": "encoded", "severity": "warning", "message": "Sent as /x%20y.pdf: a space as %20.",
                 "fix": "/x%20y.pdf", "fix_safe": true},
            ]},
            {"line": 4, "raw": "/a*b.pdf", "wire": "/a*b.pdf", "kind": "path", "ok": false, "covered_by": null, "diagnostics": [
                {"code": "inner-wildcard", "severity": "error",
                 "message": "* works only as the last character; this line would be refused.", "fix": "/a*", "fix_safe": false},
            ]},
            {"line": 5, "raw": "#Tag", "wire": "#Tag", "kind": "tag", "ok": true, "covered_by": null, "diagnostics": []},
        ],
        "summary": {"items": 5, "errors": 1, "warnings": 2, "billable": 3, "wildcards": 1, "tags": 1},
    });
    assert_eq!(serde_json::from_str::<Value>(&run.out)?, expected);
    assert_eq!((run.code, run.err.as_str()), (Some(2), ""));
    Ok(())
}

#[test]
fn arguments_come_before_the_lines_of_standard_input() -> Outcome {
    let home = Home::new()?;
    let run = home.run_with_input(
        &["check", "#a", "--paths-from", "-", "--output", "json"],
        "\u{feff}#b\r\n# note\r\n#c".as_bytes(),
    )?;
    let document: Value = serde_json::from_str(&run.out)?;
    let items = document["items"].as_array().ok_or("no items")?;
    let lines: Vec<(Option<u64>, Option<&str>)> = items
        .iter()
        .map(|item| (item["line"].as_u64(), item["raw"].as_str()))
        .collect();
    assert_eq!(
        lines,
        [(Some(1), Some("#a")), (Some(2), Some("#b")), (Some(4), Some("#c"))]
    );
    assert_eq!(run.code, Some(0));
    Ok(())
}

#[test]
fn json_steers_no_terminal_and_keeps_the_text() -> Outcome {
    let raw = "/a\u{9b}2J\u{202e}é";
    let run = Home::new()?.run(&["check", raw, "--output", "json"])?;
    assert!(
        !run.out.contains(['\u{9b}', '\u{202e}']) && run.out.contains("\\u009b2J\\u202eé"),
        "{}",
        run.out
    );
    let document: Value = serde_json::from_str(&run.out)?;
    assert_eq!(document["items"][0]["raw"], raw);
    Ok(())
}

#[test]
fn a_signature_is_an_error_and_is_not_printed() -> Outcome {
    let home = Home::new()?;
    let signed = "/a?v=2&X-Amz-Credential=CANARY1&X-Amz-Signature=CANARY2";
    for output in ["table", "json", "jsonl", "text"] {
        let run = home.run(&["check", signed, "--output", output])?;
        assert_eq!(run.code, Some(2), "{output}");
        assert!(
            run.out.contains("/a?v=2") && run.out.contains("X-Amz-Signature"),
            "{}",
            run.out
        );
        assert!(!run.out.contains("CANARY"), "{output}: {}", run.out);
    }
    Ok(())
}

#[test]
fn the_exit_code_says_whether_all_may_be_sent() -> Outcome {
    let home = Home::new()?;
    for (items, code) in [
        (&["/index.html"][..], 0),
        (&["/a b"], 0),
        (&["/x/*", "/x/y"], 0),
        (&["/*"], 0),
        (&["# a comment"], 0),
        (&["no-slash"], 2),
        (&["/fine", "/a~b"], 2),
    ] {
        let run = home.run(&[&["check", "--"], items].concat())?;
        assert_eq!((run.code, run.err.as_str()), (Some(code), ""), "{items:?}");
    }
    Ok(())
}

#[test]
fn a_file_that_is_no_list_is_told_and_nothing_of_it_is_taken() -> Outcome {
    let home = Home::new()?;
    home.write("latin1.txt", b"/a\n/caf\xe9\n")?;
    home.write("program", b"\x7fELF\x02\x01\n\0\0")?;
    home.write("folder/x", "")?;
    let large = std::fs::File::create(home.path().join("large.txt"))?;
    large.set_len(0)?;
    std::io::copy(&mut std::io::Read::take(std::io::repeat(b'/'), 65 << 20), &mut &large)?;
    for (name, sentence) in [
        (
            "latin1.txt",
            "latin1.txt line 2 is not valid UTF-8; save the file as UTF-8",
        ),
        (
            "program",
            "program is not a text file: line 2 contains a NUL byte. Use a file with one item per line",
        ),
        (
            "large.txt",
            "large.txt is larger than 64 MiB; use a file with one item per line, or split it",
        ),
        (
            "none.txt",
            "cannot read none.txt: No such file or directory (os error 2); check the name given to --paths-from",
        ),
        (
            "folder",
            "cannot read folder: Is a directory (os error 21); check the name given to --paths-from",
        ),
    ] {
        let run = home.run(&["check", "/fine", "--paths-from", name])?;
        assert_eq!(
            run,
            Run {
                code: Some(2),
                out: String::new(),
                err: format!("invalidash: {sentence}\n")
            }
        );
    }
    Ok(())
}
