//! `history`: the ledger's contents for scripts, with the filter and the export of the dashboard's page.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use invalidash::runtime::ledger::Ledger;
use serde_json::{Value, json};

use super::Outcome;
use super::create::{DOCS, SHOP, created, served};
use crate::support::command::Home;
use crate::support::journal::{plan, planned};
use crate::support::promise;

#[test]
fn what_was_sent_is_found_in_every_form_and_exported_as_the_dashboard_does() -> Outcome {
    let (home, served) = (Home::new()?, served()?);
    let both = [
        "--distribution",
        SHOP,
        "--distribution",
        DOCS,
        "/a b",
        "/img/x.png",
        "--note",
        "release",
    ];
    created(&home, &served, &both)?;
    created(&home, &served, &["--distribution", DOCS, "/other"])?;

    let all = home.run(&["history", "--output", "json"])?;
    let document = promise::document("history", &all.out)?;
    let submissions = document["submissions"].as_array().cloned().unwrap_or_default();
    assert_eq!((all.code, all.err.as_str(), submissions.len()), (Some(0), "", 3));
    assert_eq!(submissions[0]["items"], json!(["/other"]), "the newest come first");

    let found = home.run(&["history", "RELEASE", "docs.example", "--output", "jsonl"])?;
    let lines = promise::lines("history", "submissions", &found.out)?;
    assert_eq!((lines.len(), &lines[0]["target"]), (1, &json!(DOCS)));
    let sorted = home.run(&["history", "--sort", "target", "--limit", "2", "--output", "text"])?;
    let targets: Vec<_> = sorted.out.lines().filter_map(|line| line.split('\t').nth(2)).collect();
    assert_eq!(targets, ["docs.example", "docs.example"]);
    let table = home.run(&["history"])?;
    let heading = table.out.lines().next().unwrap_or_default().to_owned();
    assert_eq!(
        heading.split("  ").filter(|cell| !cell.is_empty()).count(),
        7,
        "{heading}"
    );
    assert!(
        table.out.contains("/a%20b +1") && table.out.contains("release"),
        "{}",
        table.out
    );

    for (file, exists) in [("a.json", false), ("a.csv", false), ("a.json", true)] {
        let written = home.run(&["history", "--export", file])?;
        assert_eq!(written.code, Some(i32::from(exists)), "{file}: {}", written.err);
    }
    let replaced = home.run(&["history", "release", "--export", "a.json", "--replace"])?;
    assert_eq!(replaced.err, "invalidash: 2 submissions written to HOME/a.json\n");
    let exported = std::fs::read_to_string(home.path().join("a.json"))?;
    let exported = promise::document("history", &exported)?;
    assert_eq!(exported["submissions"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        std::fs::read_to_string(home.path().join("a.csv"))?
            .matches("\r\n")
            .count(),
        4
    );
    let neither = home.run(&["history", "--export", "a.txt", "--output", "json"])?;
    assert_eq!(neither.code, Some(2));
    Ok(())
}

#[test]
fn a_ledger_that_is_not_there_is_not_made_and_one_that_cannot_be_read_is_told() -> Outcome {
    let home = Home::new()?;
    let nothing = home.run(&["history"])?;
    assert_eq!(
        (nothing.code, nothing.err.as_str()),
        (Some(0), "invalidash: nothing sent from this machine yet\n")
    );
    let empty = home.run(&["history", "--output", "json"])?;
    assert_eq!(promise::document("history", &empty.out)?["submissions"], json!([]));
    assert!(!home.path().join("state").exists());
    home.write("state/invalidash/ledger.db/not-a-file", "")?;
    let wrong = home.run(&["history", "--output", "json"])?;
    let told = promise::document("error", &wrong.err)?;
    assert_eq!(
        (wrong.code, &told["error"]["code"]),
        (Some(1), &json!("ledger")),
        "{told}"
    );
    Ok(())
}

/// Each row stands on its own line as soon as it is read, and who has read enough goes.
#[test]
fn a_long_history_is_streamed() -> Outcome {
    let home = Home::new()?;
    let names = (0..2_500).map(|number| format!("s{number}"));
    let submissions = names.filter_map(|name| planned(&name, &["/index.html"])).collect();
    let ledger = Ledger::open(&home.path().join("state/invalidash")).map_err(String::from)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(plan(&ledger, submissions)).map_err(String::from)?;
    drop(ledger);
    let all = home.run(&["history", "--output", "jsonl"])?;
    assert_eq!(promise::lines("history", "submissions", &all.out)?.len(), 2_500);
    let ids: std::collections::BTreeSet<String> = all
        .out
        .lines()
        .filter_map(|line| {
            serde_json::from_str::<Value>(line).ok()?["id"]
                .as_str()
                .map(str::to_owned)
        })
        .collect();
    assert_eq!(ids.len(), 2_500);
    let mut child = home
        .command(&["history", "--output", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut first = String::new();
    BufReader::new(child.stdout.take().ok_or("no output")?).read_line(&mut first)?;
    let ended = child.wait_with_output()?;
    assert_eq!((ended.status.code(), ended.stderr.as_slice()), (Some(0), &b""[..]));
    assert!(first.starts_with("{\"id\":"), "{first}");
    Ok(())
}

#[test]
fn as_many_are_shown_as_were_asked_for_though_some_cannot_be_read() -> Outcome {
    let home = Home::new()?;
    let names = (0..5).map(|number| format!("s{number}"));
    let submissions = names.filter_map(|name| planned(&name, &["/index.html"])).collect();
    let folder = home.path().join("state/invalidash");
    let ledger = Ledger::open(&folder).map_err(String::from)?;
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(plan(&ledger, submissions)).map_err(String::from)?;
    drop(ledger);
    let database = rusqlite::Connection::open(folder.join("ledger.db"))?;
    database.execute("UPDATE submission SET items = '[' WHERE id IN ('s4', 's2')", [])?;
    drop(database);
    for (limit, shown) in [("3", 3), ("2", 2), ("9", 3)] {
        let some = home.run(&["history", "--limit", limit, "--output", "text"])?;
        assert_eq!((some.code, some.out.lines().count()), (Some(0), shown), "{some:?}");
    }
    Ok(())
}

#[test]
fn an_export_makes_no_ledger() -> Outcome {
    let home = Home::new()?;
    let written = home.run(&["history", "--export", "none.json"])?;
    assert_eq!(
        (written.code, written.err.as_str()),
        (Some(0), "invalidash: 0 submissions written to none.json\n")
    );
    let exported = std::fs::read_to_string(home.path().join("none.json"))?;
    assert_eq!(promise::document("history", &exported)?["submissions"], json!([]));
    assert!(!home.path().join("state").exists());
    Ok(())
}
